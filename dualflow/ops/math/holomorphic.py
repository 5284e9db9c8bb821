"""Complex functions in compiled graphs, with NumPy's values on branch cuts, of signed zeros, infinities and NaN.

XLA's own lose the sign of a zero beside a branch cut, and give NaN where one part is infinite or NaN. All functions
here have ``f(conj(z)) == conj(f(z))``, and some are odd or even, so that XLA is asked for one half or one quarter of
the plane only; what is not finite is looked up in a table that NumPy filled.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from dualflow.core.op import Vocable, late, namespace

COMPLEX = late("jax.lax.complex")
Kernel = Callable[[Any], Any]
ODD, EVEN = -1, 1
ALONG_REAL, ALONG_IMAG = "real", "imag"
SYMMETRIES: dict[np.ufunc, tuple[int, str]] = {
    **dict.fromkeys((np.sqrt, np.log, np.log2, np.log10, np.log1p, np.arccos, np.arccosh), (0, "")),
    **dict.fromkeys((np.arcsin, np.arctan, np.arcsinh, np.arctanh), (ODD, "")),
    **dict.fromkeys((np.sinh, np.tanh), (ODD, ALONG_IMAG)),
    **dict.fromkeys((np.sin, np.tan), (ODD, ALONG_REAL)),
    np.exp: (0, ALONG_IMAG),
    np.cosh: (EVEN, ALONG_IMAG),
    np.cos: (EVEN, ALONG_REAL),
}
"""Holomorphic ufuncs: odd, even or neither, and the axis along which they are periodic."""

MARKS = np.array([-np.inf, -1.0, -0.0, 0.0, 1.0, np.inf, np.nan])
"""What stands in the table for a part: where the other part is not finite, a finite one matters by its sign alone."""


def of_ufunc(function: np.ufunc) -> Kernel:
    """Return the kernel for JAX of a ufunc: the function of its name, mended where it takes complex numbers."""
    plain = late(f"jax.numpy.{function.__name__}")
    return plain if function not in SYMMETRIES else holomorphic(plain, function, *SYMMETRIES[function])


def of_body(card: Vocable[...], parity: int = 0, period: str = "") -> None:
    """Give a card whose body is not one function of JAX's its mended kernel."""

    def plain(x: Any) -> Any:
        return card.op.body(namespace("jax"), x)

    card.kernel("jax")(holomorphic(plain, card.op.kernel("numpy"), parity, period))


def holomorphic(plain: Kernel, numpy: Kernel, parity: int, period: str) -> Kernel:
    """Make the kernel for JAX that is ``plain``, but with the values of ``numpy`` where complex ones differ."""

    @functools.wraps(plain)
    def kernel(x: Any) -> Any:
        if x.dtype.kind != "c":
            return plain(x)
        xp = namespace("jax")
        known = xp.asarray(_values(numpy))[7 * _mark(xp, x.real) + _mark(xp, x.imag)].astype(x.dtype)
        left = xp.signbit(x.real) if parity else False
        z = xp.where(left, -x, x)
        below = xp.signbit(z.imag)
        y = plain(xp.where(below, xp.conj(z), z))
        y = xp.where(below, xp.conj(y), y)
        y = xp.where(left, -y, y) if parity == ODD else y
        beyond, on_axis = ~xp.isfinite(x), (x.real == 0) | (x.imag == 0)
        if period:  # of infinite size, or on the axis of its turns, a turn decides and not a sign
            turn, size = (x.real, x.imag) if period == ALONG_REAL else (x.imag, x.real)
            beyond, on_axis = beyond & ~(xp.isinf(size) & xp.isfinite(turn) & (turn != 0)), turn == 0
        pairs = (y.real, known.real), (y.imag, known.imag)
        parts = [xp.where(beyond | on_axis & (a == 0) & (b == 0), b, a) for a, b in pairs]
        return COMPLEX(*parts)

    return kernel


@functools.cache
def _values(function: Kernel) -> np.ndarray:
    """Return what NumPy gives for each pair of marks."""
    parts = np.meshgrid(MARKS, MARKS, indexing="ij")
    z = np.empty(parts[0].shape, np.complex128)
    z.real, z.imag = parts
    with np.errstate(all="ignore"):
        return np.asarray(function(z)).reshape(-1)


def _mark(xp: Any, part: Any) -> Any:
    """Return which of the marks a part is, or has the sign of."""
    finite = xp.where(part == 0, 3 - xp.signbit(part), xp.where(part < 0, 1, 4))
    return xp.where(xp.isnan(part), 6, xp.where(xp.isinf(part), xp.where(part < 0, 0, 5), finite))

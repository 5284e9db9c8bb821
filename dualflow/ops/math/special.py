"""Special functions of mathematics: SciPy's kernels in NumPy's world and XLA's in the other.

SciPy is there because jax needs it; it is imported when one of these is first computed. Per 10**6 elements its compiled
loops take 18 to 27 ms, where passes of NumPy over the same formulas took 70 (erf, erfc) to 280 ms (erfinv, lgamma), and
stay within 1 ulp or two of float64, 1 ulp of float32.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from dualflow.core import shapes
from dualflow.core.errors import Misfit
from dualflow.core.names import public
from dualflow.core.op import late, primitive
from dualflow.ops.math.elementwise import exp

TWO_OVER_ROOT_PI = 2 / math.sqrt(math.pi)


def scipy(name: str) -> Callable[[Any], Any]:
    """Return a function of ``scipy.special`` as a kernel that keeps the dtype; SciPy widens float16 and integers."""
    function = late(f"scipy.special.{name}")

    def kernel(x: Any) -> Any:
        if x.dtype.kind != "f":
            return function(x.astype(np.float64))
        return function(x if x.itemsize > 2 else x.astype(np.float32)).astype(x.dtype, copy=False)

    return kernel


# A ratio of polynomials in x*x for float32, from Eigen and XLA: within 4 ulp, and one pass without branches
ALPHA = (-1.60960333262415e-02, -2.95459980854025e-03, -7.34990630326855e-04, -5.69250639462346e-05,
         -2.10102402082508e-06, 2.77068142495902e-08, -2.72614225801306e-10)  # fmt: skip
BETA = (-1.42647390514189e-02, -7.37332916720468e-03, -1.68282697438203e-03, -2.13374055278905e-04,
        -1.45660718464996e-05)  # fmt: skip
BLOCK = 1 << 14  # 64 KiB of float32: twenty passes over it stay in the cache, 4 ms per 10**6 where SciPy takes 18


def _horner(z: Any, coefficients: tuple[float, ...]) -> Any:
    """Evaluate the polynomial with ``coefficients``, constant term first."""
    total = z * coefficients[-1] + coefficients[-2]
    for c in coefficients[-3::-1]:
        total *= z
        total += c
    return total


def _ratio(x: Any) -> Any:
    near = np.minimum(np.maximum(x, np.float32(-4)), np.float32(4))
    z = near * near
    near *= _horner(z, ALPHA)
    near /= _horner(z, BETA)
    return near


_double_erf = scipy("erf")


def erf_array(x: Any) -> Any:
    """Return the error function of a NumPy array, in its own floating dtype."""
    if x.dtype == np.float64 or x.dtype.kind != "f":
        return _double_erf(x)
    if x.size <= BLOCK:
        return _ratio(x).astype(x.dtype, copy=False)
    y, flat = np.empty(x.shape, x.dtype), x.reshape(-1)
    out = y.reshape(-1)
    for start in range(0, x.size, BLOCK):
        out[start : start + BLOCK] = _ratio(flat[start : start + BLOCK])
    return y


@primitive(shape=shapes.same, dtype="real float", numpy=erf_array, jax="jax.lax.erf", public="df")
def erf(xp: Any, x: Any) -> Any:
    """Compute the error function, ``2 / sqrt(pi)`` times the integral of ``exp(-t**2)`` from 0 to ``x``.

    >>> df.erf(df.tensor([0.0, 1.0]))
    tensor([0.       , 0.8427007])
    """


erf.vjp(x=lambda g, y, x: g * (TWO_OVER_ROOT_PI * exp(-(x * x))), reads="x")


@primitive(shape=shapes.same, dtype="real float", numpy=scipy("erfc"), jax="jax.lax.erfc", public="df")
def erfc(xp: Any, x: Any) -> Any:
    """Compute ``1 - erf(x)`` without losing digits where ``erf`` is near 1.

    >>> df.erfc(df.tensor([0.0, 5.0]))
    tensor([1.0000000e+00, 1.5374598e-12])
    """


erfc.vjp(x=lambda g, y, x: -(g * (TWO_OVER_ROOT_PI * exp(-(x * x)))), reads="x")


_erfinv = scipy("erfinv")


@primitive(shape=shapes.same, dtype="real float", jax="jax.lax.erf_inv", domain="unit", public="df")
def erfinv(xp: Any, x: Any) -> Any:
    """Compute the inverse of ``erf``: infinite at -1 and 1, NaN beyond.

    >>> df.erfinv(df.tensor([0.0, 0.5, 1.0]))
    tensor([0.        , 0.47693628,        inf])
    """
    return np.copysign(_erfinv(x), x)  # SciPy drops the sign of -0


erfinv.vjp(x=lambda g, y, x: g * (exp(y * y) * (1 / TWO_OVER_ROOT_PI)), reads="y")

# ----------------------------------------------------------------------------------------------- the gamma function

_gammaln = scipy("gammaln")


@primitive(shape=shapes.same, dtype="real float", jax="jax.lax.lgamma", domain="positive", public="df")
def lgamma(xp: Any, x: Any) -> Any:
    """Compute the logarithm of the absolute value of the gamma function; infinite at 0, -1, -2, … and -inf.

    >>> df.lgamma(df.tensor([1.0, 3.0, 0.0]))
    tensor([0.       , 0.6931472,       inf])
    """
    y = _gammaln(x)
    return np.where(x == -np.inf, np.inf, y).astype(y.dtype, copy=False)  # SciPy has -inf, C and PyTorch inf


lgamma.vjp(x=lambda g, y, x: g * digamma(x), reads="x")

_xla_digamma = late("jax.lax.digamma")


@primitive(shape=shapes.same, dtype="real float", numpy=scipy("psi"), domain="positive", public="df")
def digamma(xp: Any, x: Any) -> Any:
    """Compute the logarithmic derivative of the gamma function; infinite at 0, NaN at -1, -2, …

    >>> df.digamma(df.tensor([1.0]))
    tensor([-0.5772157])
    """
    return xp.where(x == 0, xp.copysign(xp.asarray(np.inf, x.dtype), -x), _xla_digamma(x))  # XLA has NaN at 0


digamma.vjp(x=lambda g, y, x: g * _polygamma(x, n=1), reads="x")


def _order(x: Any, *, n: int) -> shapes.Shape:
    if n < 1:
        raise Misfit(f"the order n is at least 1, not {n}; df.digamma is that of order 0")
    return shapes.of(x)


@primitive(shape=_order, dtype="real float", name="polygamma", domain="positive")
def _polygamma(xp: Any, x: Any, *, n: int) -> Any:
    """Compute the ``n``-th derivative of ``digamma``: the primitive behind ``polygamma``, for n > 0.

    ``n! zeta(n + 1, x)`` above 0, reflected below (Abramowitz and Stegun 6.4.7); infinite at 0, -1, -2, …

    >>> from dualflow.core.op import VOCABULARY
    >>> VOCABULARY["polygamma"].call(df.tensor([1.0]), n=1)
    tensor([1.644934])
    """
    _order(x, n=n)
    dtype, sign = x.dtype, (-1.0) ** (n + 1)
    x = x.astype(np.float64) if xp is np or dtype.kind != "f" else x.astype(xp.promote_types(dtype, np.float32))
    low = x <= 0
    z = xp.where(low, 1 - x, x)
    y = late("scipy.special.polygamma" if xp is np else "jax.lax.polygamma")(xp.full_like(z, n), z)
    y = xp.where(z == np.inf, 0.0, y)  # XLA has NaN there
    pole = low & (x == xp.round(x))
    inner = xp.where(low & ~pole, x, 0.25)
    cot = 1 / xp.tan(math.pi * (inner - xp.round(inner)))
    y = xp.where(low, -sign * y - math.pi ** (n + 1) * xp.polyval(xp.asarray(_cot_derivative(n), x.dtype), cot), y)
    y = xp.where(pole, sign * np.inf, y)
    return y.astype(dtype) if dtype.kind == "f" else y


def _cot_derivative(n: int) -> Any:
    """Return the ``n``-th derivative of cot as a polynomial in cot: that of p is -(1 + c**2) p'(c)."""
    p = np.poly1d([1.0, 0.0])
    for _ in range(n):
        p = np.polymul(np.poly1d([-1.0, 0.0, -1.0]), p.deriv())
    return p.coeffs


_polygamma.vjp(x=lambda g, y, x, *, n: g * _polygamma(x, n=n + 1), reads="x")


@public()
def polygamma(n: int, x: Any) -> Any:
    """Compute the ``n``-th derivative of ``digamma``, itself for n = 0; infinite at 0, -1, -2, … for n > 0.

    >>> df.polygamma(1, df.tensor([1.0]))
    tensor([1.644934])
    """
    return digamma(x) if n == 0 else _polygamma(x, n=n)

"""Bundle parts and remainders: rounding, division with a whole quotient, and what is left over."""

from __future__ import annotations

from typing import Any

import numpy as np

from dualflow.core import shapes
from dualflow.core.dtypes import REAL, WEAK, promote
from dualflow.core.errors import DTypeError, Misfit
from dualflow.core.names import public
from dualflow.core.op import primitive
from dualflow.ops.array.create import asarray
from dualflow.ops.math.comparison import where
from dualflow.ops.math.elementwise import divide, subtract


def _rounded(xp: Any, x: Any, function: Any) -> Any:
    """Round what is not an integer, which XLA would make a float of."""
    return xp.array(x, copy=True) if x.dtype.kind in "iu" else function(x)


@primitive(shape=shapes.same, dtype="amount", numpy=np.floor, domain="distinct", public="df")
def floor(xp: Any, x: Any) -> Any:
    """Round down elementwise; the gradient is 0.

    >>> df.floor(df.tensor([1.5, -1.5]))
    tensor([ 1., -2.])
    """
    return _rounded(xp, x, xp.floor)


@primitive(shape=shapes.same, dtype="amount", numpy=np.ceil, domain="distinct", public="df")
def ceil(xp: Any, x: Any) -> Any:
    """Round up elementwise; the gradient is 0.

    >>> df.ceil(df.tensor([1.5, -1.5]))
    tensor([ 2., -1.])
    """
    return _rounded(xp, x, xp.ceil)


@primitive(shape=shapes.same, dtype="amount", numpy=np.trunc, domain="distinct", public="df")
def trunc(xp: Any, x: Any) -> Any:
    """Round towards zero elementwise; the gradient is 0.

    >>> df.trunc(df.tensor([1.5, -1.5]))
    tensor([ 1., -1.])
    """
    return _rounded(xp, x, xp.trunc)


@primitive(shape=shapes.same, dtype="number", domain="distinct", public="df")
def round(xp: Any, x: Any, *, decimals: int = 0) -> Any:
    """Round elementwise to ``decimals`` places, halves to the even neighbour; the gradient is 0.

    Complex numbers are rounded in both parts. Raises DTypeError for decimals of integers.

    >>> df.round(df.tensor([0.5, 1.5, -1.2]))
    tensor([ 0.,  2., -1.])
    """
    if x.dtype.kind in "iu":
        if decimals:
            raise Misfit("integers have no decimals to round", DTypeError)
        return xp.array(x, copy=True)
    if decimals < 0:
        return xp.round(x / 10**-decimals) * 10**-decimals
    return xp.round(x * 10**decimals) / 10**decimals if decimals else xp.round(x)


floor.vjp(x=lambda g, y, x: g * 0, reads="")
ceil.vjp(x=lambda g, y, x: g * 0, reads="")
trunc.vjp(x=lambda g, y, x: g * 0, reads="")
round.vjp(x=lambda g, y, x, *, decimals: g * 0, reads="")


def _whole(x: Any) -> bool:
    return x.__class__ is int or (hasattr(x, "dtype") and x.dtype.kind in "iu")


def _by_zero(xp: Any, a: Any, b: Any) -> Any:
    if not (_whole(a) and _whole(b)):
        return False
    return b == 0 if b.__class__ is int else xp.any(b == 0)


NO_QUOTIENT = (DTypeError, "an integer has no quotient by zero; cast with .astype(df.float32)")


def _checked(ufunc: Any) -> Any:
    """Make a kernel that refuses what NumPy would answer with 0 and a warning, and XLA with -1."""

    def kernel(a: Any, b: Any) -> Any:
        if _by_zero(np, a, b):
            raise ValueError("division by zero")
        return ufunc(a, b)

    return kernel


@primitive(shape=shapes.elementwise, dtype="amount", broadcasts=True, domain=("real", "nonzero"), public="df")
def floor_divide(xp: Any, a: Any, b: Any) -> Any:
    """Divide and round down elementwise; operands broadcast. No gradient.

    Infinities as in the array API, where the quotient is rounded: inf // 2 is inf, which is NaN to NumPy and PyTorch.
    Raises DTypeError for an integer divided by the integer zero.

    >>> df.floor_divide(df.tensor([7, -7]), 2)
    tensor([ 3, -4])
    """
    y = xp.floor_divide(a, b)
    if y.dtype.kind != "f":
        return y
    quotient = xp.divide(a, b)
    y = xp.where(y == 0, xp.copysign(y, quotient), y)  # XLA's zero is -0 where it had to be lowered to
    return xp.where(xp.logical_or(xp.isinf(a), xp.isinf(b)), xp.floor(quotient), y)


@floor_divide.kernel("numpy")
def _floor_divide(a: Any, b: Any) -> Any:
    if _by_zero(np, a, b):
        raise ValueError("division by zero")
    y = np.floor_divide(a, b)
    if y.dtype.kind == "f" and not (np.isfinite(a).all() and np.isfinite(b).all()):
        y = np.where(np.isinf(a) | np.isinf(b), np.floor(np.divide(a, b)), y)
    return y


@primitive(
    shape=shapes.elementwise,
    dtype="amount",
    numpy=_checked(np.remainder),
    broadcasts=True,
    domain=("real", "nonzero"),
    public="df",
)
def remainder(xp: Any, a: Any, b: Any) -> Any:
    """Return what ``floor_divide`` leaves, with the sign of ``b``, as Python's ``%``; operands broadcast.

    Raises DTypeError for an integer divided by the integer zero.

    >>> df.remainder(df.tensor([7, -7]), 3)
    tensor([1, 2])
    """
    y = xp.remainder(a, b)
    return xp.where(y == 0, xp.copysign(y, b), y) if y.dtype.kind == "f" else y  # XLA's zero has the sign of a


@primitive(
    shape=shapes.elementwise,
    dtype="amount",
    numpy=_checked(np.fmod),
    broadcasts=True,
    domain=("real", "nonzero"),
    public="df",
)
def fmod(xp: Any, a: Any, b: Any) -> Any:
    """Return what division rounded towards zero leaves, with the sign of ``a``; operands broadcast.

    Raises DTypeError for an integer divided by the integer zero.

    >>> df.fmod(df.tensor([7, -7]), 3)
    tensor([ 1, -1])
    """
    return xp.fmod(a, b)


for _op in (floor_divide, remainder, fmod):
    _op.guard(_by_zero, NO_QUOTIENT)
remainder.vjp(
    a=lambda g, y, a, b: g,
    b=lambda g, y, a, b: -(g * where(y == b, -1, floor_divide(a, b))),
    reads={"a": "", "b": "y a b"},
)  # b infinite
fmod.vjp(a=lambda g, y, a, b: g, b=lambda g, y, a, b: -(g * trunc(a / b)), reads={"a": "", "b": "a b"})


@public()
def divmod(a: Any, b: Any) -> tuple[Any, Any]:
    """Return ``floor_divide(a, b)`` and ``remainder(a, b)``.

    >>> df.divmod(df.tensor([7]), 2)
    (tensor([3]), tensor([1]))
    """
    return floor_divide(a, b), remainder(a, b)


@public()
def frac(x: Any) -> Any:
    """Return what rounding towards zero takes away; the gradient passes.

    >>> df.frac(df.tensor([1.5, -1.25]))
    tensor([ 0.5 , -0.25])
    """
    return subtract(x, trunc(x))


def div(a: Any, b: Any, *, rounding_mode: str | None = None) -> Any:
    """Divide elementwise, and round the quotient if ``rounding_mode`` is "floor" or "trunc"; operands broadcast.

    >>> df.torch.div(df.tensor([7.0, -7.0]), 2), df.torch.div(df.tensor([7, -7]), 2, rounding_mode="trunc")
    (tensor([ 3.5, -3.5]), tensor([ 3, -3]))
    """
    if rounding_mode is None:
        return divide(a, b)
    if rounding_mode == "floor":
        return floor_divide(a, b)
    if rounding_mode != "trunc":
        raise ValueError(f"div: rounding_mode is None, 'floor' or 'trunc', not {rounding_mode!r}")
    a, b = asarray(a), asarray(b) if b.__class__ not in WEAK else b
    common = promote([x.dtype if hasattr(x, "dtype") else x.__class__ for x in (a, b)])
    if common.kind in REAL:
        return trunc(divide(a, b))
    return floor_divide(subtract(a, fmod(a, b)), b)  # exact, so that rounding down is no rounding

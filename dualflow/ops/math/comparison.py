"""Comparisons, logic and choice. Results are bool and carry no gradient, except through ``where``."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from dualflow.core import shapes
from dualflow.core.op import primitive
from dualflow.ops.math.ufuncs import ufunc


def _by_value(a: Any, b: Any) -> tuple[Any, Any]:
    """Put infinity for a Python integer beyond the other operand's dtype, which XLA would wrap into it."""
    for x, other in ((a, b), (b, a)):
        if x.__class__ is int and other.dtype.kind in "iu":
            limits = np.iinfo(other.dtype)
            if not limits.min <= x <= limits.max:
                beyond = math.inf if x > 0 else -math.inf
                return (beyond, b) if x is a else (a, beyond)
    return a, b


@primitive(shape=shapes.elementwise, dtype="compare", numpy=np.equal, public="df")
def equal(xp: Any, a: Any, b: Any) -> Any:
    """Return True where ``a == b``; operands broadcast.

    >>> df.equal(df.tensor([1, 2]), 2)
    tensor([False,  True])
    """
    return xp.equal(*_by_value(a, b))


@primitive(shape=shapes.elementwise, dtype="compare", numpy=np.not_equal, public="df")
def not_equal(xp: Any, a: Any, b: Any) -> Any:
    """Return True where ``a != b``; operands broadcast.

    >>> df.not_equal(df.tensor([1, 2]), 2)
    tensor([ True, False])
    """
    return xp.not_equal(*_by_value(a, b))


@primitive(shape=shapes.elementwise, dtype="order", numpy=np.less, public="df")
def less(xp: Any, a: Any, b: Any) -> Any:
    """Return True where ``a < b``; operands broadcast.

    >>> df.less(df.tensor([1, 2]), 2)
    tensor([ True, False])
    """
    return xp.less(*_by_value(a, b))


@primitive(shape=shapes.elementwise, dtype="order", numpy=np.less_equal, public="df")
def less_equal(xp: Any, a: Any, b: Any) -> Any:
    """Return True where ``a <= b``; operands broadcast.

    >>> df.less_equal(df.tensor([1, 3]), 2)
    tensor([ True, False])
    """
    return xp.less_equal(*_by_value(a, b))


@primitive(shape=shapes.elementwise, dtype="order", numpy=np.greater, public="df")
def greater(xp: Any, a: Any, b: Any) -> Any:
    """Return True where ``a > b``; operands broadcast.

    >>> df.greater(df.tensor([1, 3]), 2)
    tensor([False,  True])
    """
    return xp.greater(*_by_value(a, b))


@primitive(shape=shapes.elementwise, dtype="order", numpy=np.greater_equal, public="df")
def greater_equal(xp: Any, a: Any, b: Any) -> Any:
    """Return True where ``a >= b``; operands broadcast.

    >>> df.greater_equal(df.tensor([1, 2]), 2)
    tensor([False,  True])
    """
    return xp.greater_equal(*_by_value(a, b))


@ufunc(np.logical_and, dtype="logical", domain="bool")
def logical_and(xp: Any, a: Any, b: Any) -> Any:
    """Return True where both are true; numbers count as true unless zero.

    >>> df.logical_and(df.tensor([True, True]), df.tensor([True, False]))
    tensor([ True, False])
    """


@ufunc(np.logical_or, dtype="logical", domain="bool")
def logical_or(xp: Any, a: Any, b: Any) -> Any:
    """Return True where either is true; numbers count as true unless zero.

    >>> df.logical_or(df.tensor([True, False]), df.tensor([False, False]))
    tensor([ True, False])
    """


@ufunc(np.logical_xor, dtype="logical", domain="bool")
def logical_xor(xp: Any, a: Any, b: Any) -> Any:
    """Return True where exactly one is true; numbers count as true unless zero.

    >>> df.logical_xor(df.tensor([True, True]), df.tensor([True, False]))
    tensor([False,  True])
    """


@ufunc(np.logical_not, dtype="logical", domain="bool")
def logical_not(xp: Any, x: Any) -> Any:
    """Return True where ``x`` is false; numbers count as true unless zero.

    >>> df.logical_not(df.tensor([True, False]))
    tensor([False,  True])
    """


@ufunc(np.isnan, dtype="test")
def isnan(xp: Any, x: Any) -> Any:
    """Return True where an element is not a number.

    >>> df.isnan(df.tensor([1.0, float("nan")]))
    tensor([False,  True])
    """


@ufunc(np.isfinite, dtype="test")
def isfinite(xp: Any, x: Any) -> Any:
    """Return True where an element is neither infinite nor NaN.

    >>> df.isfinite(df.tensor([1.0, float("inf")]))
    tensor([ True, False])
    """


@primitive(shape=shapes.choice, promotes=(1, 2), broadcasts=True, domain=("bool", "real", "real"), public="df")
def where(xp: Any, condition: Any, a: Any, b: Any) -> Any:
    """Take from ``a`` where ``condition`` is true, else from ``b``; all three broadcast.

    ``condition`` must be bool. The branch not taken gets gradient 0, so an infinity there that the
    backward pass meets turns into NaN: guard the input of the branch, not its output.

    >>> x = df.tensor([1.0, -2.0])
    >>> df.where(x > 0, x, 0)
    tensor([1., 0.])
    """
    shapes.truth(condition)
    return xp.where(condition, a, b)


@primitive(shape=shapes.elementwise, promotes=(0,), dtype="first", broadcasts=True, domain=("real", "bool"))
def keep(xp: Any, x: Any, mask: Any) -> Any:
    """Keep ``x`` where ``mask``, a bool tensor, is true, and put 0 elsewhere, even where ``x`` is not finite.

    >>> from dualflow.ops.math.comparison import keep
    >>> keep(df.tensor([1.0, float("inf")]), df.tensor([True, False]))
    tensor([1., 0.])
    """
    return xp.where(mask, x, xp.zeros((), x.dtype))


BITS = {np.dtype("float32"): np.dtype("int32"), np.dtype("float64"): np.dtype("int64")}


@keep.kernel("numpy")
def _keep(x: Any, mask: Any) -> Any:
    # and-ing the bits with 0 or -1: numpy.where takes 7.7 µs for 64x100 float32 and a random mask, this 3.7
    bits = BITS.get(x.dtype)
    if bits is None or mask.__class__ is bool:
        return np.where(mask, x, x.dtype.type(0))
    return (x.view(bits) & -mask.astype(bits)).view(x.dtype)


keep.vjp(x=lambda g, y, x, mask: keep(g, mask), reads="mask")
where.vjp(
    a=lambda g, y, condition, a, b: keep(g, condition),
    b=lambda g, y, condition, a, b: keep(g, logical_not(condition)),
    reads="condition",
)

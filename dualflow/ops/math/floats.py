"""What floating-point numbers are made of: signs, infinities, neighbours, and closeness."""

from __future__ import annotations

import builtins
from typing import Any, NamedTuple

import numpy as np

from dualflow.core import dtypes, shapes
from dualflow.core.errors import SymbolicValueError
from dualflow.core.names import public
from dualflow.core.op import primitive
from dualflow.ops.array.create import asarray
from dualflow.ops.math.comparison import isfinite, isnan, keep, less_equal, logical_and, logical_or, where
from dualflow.ops.math.elementwise import abs
from dualflow.ops.math.ufuncs import ufunc
from dualflow.ops.reduce.reductions import all


@ufunc(np.isinf, dtype="test")
def isinf(xp: Any, x: Any) -> Any:
    """Return True where an element is infinite, in either part if complex.

    >>> df.isinf(df.tensor([1.0, float("-inf")]))
    tensor([False,  True])
    """


@primitive(shape=shapes.same, dtype="order", numpy=np.signbit, public="df")
def signbit(xp: Any, x: Any) -> Any:
    """Return True where the sign is set: of negative numbers and of -0.0.

    >>> df.signbit(df.tensor([1.0, -0.0]))
    tensor([False,  True])
    """
    return xp.signbit(x) if x.dtype.kind == "f" else xp.less(x, 0)


class FrexpResult(NamedTuple):
    """What ``frexp`` returns."""

    mantissa: Any
    exponent: Any


@primitive(
    shape=lambda x: (shapes.of(x),) * 2, dtype=("real float", "exponent"), results=FrexpResult, domain="nonzero",
    public="df",
)  # fmt: skip
def frexp(xp: Any, x: Any) -> Any:
    """Write each element as ``mantissa * 2**exponent``, the mantissa's size from 0.5 to less than 1; exponents int32.

    Zeros, infinities and NaN are their own mantissa. Gradients go through the mantissa.

    >>> df.frexp(df.tensor([6.0, -0.25]))
    FrexpResult(mantissa=tensor([ 0.75, -0.5 ]), exponent=tensor([ 3, -1], dtype=int32))
    """
    mantissa, exponent = xp.frexp(x)
    return mantissa, exponent.astype(np.int32)


def _frexp_rule(g: Any, y: Any, x: Any) -> Any:
    scaled = logical_and(isfinite(x), x != 0)
    return None if g[0] is None else g[0] * where(scaled, y[0] / where(scaled, x, 1), 1)


frexp.vjp(x=_frexp_rule)


@ufunc(np.copysign, dtype="real float", broadcasts=True, domain="nonzero")
def copysign(xp: Any, a: Any, b: Any) -> Any:
    """Give ``a`` the sign of ``b``, elementwise; operands broadcast. The gradient of ``a`` at 0 is 0.

    >>> df.copysign(df.tensor([1.0, 2.0]), df.tensor([-1.0, 3.0]))
    tensor([-1.,  2.])
    """


copysign.vjp(
    a=lambda g, y, a, b: g * (y / where(a == 0, 1, a)), b=lambda g, y, a, b: g * 0, reads={"a": "y a", "b": ""}
)


@ufunc(np.nextafter, dtype="real float", widens=False)
def nextafter(xp: Any, a: Any, b: Any) -> Any:
    """Return the number next to ``a`` in the direction of ``b``, elementwise; operands broadcast.

    >>> df.nextafter(df.tensor([1.0]), df.tensor([2.0])) - 1
    tensor([1.1920929e-07])
    """


@primitive(shape=shapes.same, dtype="real", widens=False, public="df")
def nan_to_num(xp: Any, x: Any, *, nan: float = 0.0, posinf: float | None = None, neginf: float | None = None) -> Any:
    """Replace NaN by ``nan`` and the infinities by numbers, by default the largest there are.

    The gradient of what was replaced is 0.

    >>> df.nan_to_num(df.tensor([float("nan"), float("inf"), 1.0]), posinf=9.0)
    tensor([0., 9., 1.])
    """
    if not dtypes.is_floating(x.dtype):
        return xp.array(x, copy=True)
    limits = dtypes.limits(x.dtype)
    high, low = limits.max if posinf is None else posinf, limits.min if neginf is None else neginf
    found = xp.where(xp.isnan(x), xp.asarray(nan, x.dtype), x)
    return xp.where(xp.isinf(x), xp.where(x > 0, xp.asarray(high, x.dtype), xp.asarray(low, x.dtype)), found)


nan_to_num.vjp(x=lambda g, y, x, *, nan, posinf, neginf: keep(g, isfinite(x)), reads="x")


@public()
def isposinf(x: Any) -> Any:
    """Return True where an element is infinite and positive.

    >>> df.isposinf(df.tensor([float("inf"), float("-inf")]))
    tensor([ True, False])
    """
    x = asarray(x)
    return logical_and(isinf(x), x > 0)


@public()
def isneginf(x: Any) -> Any:
    """Return True where an element is infinite and negative.

    >>> df.isneginf(df.tensor([float("inf"), float("-inf")]))
    tensor([False,  True])
    """
    x = asarray(x)
    return logical_and(isinf(x), x < 0)


@public()
def heaviside(x: Any, values: Any) -> Any:
    """Give 0 below zero, 1 above, and ``values`` at zero; operands broadcast. NaN gives 0, as in PyTorch.

    >>> df.heaviside(df.tensor([-2.0, 0.0, 3.0]), 0.5)
    tensor([0. , 0.5, 1. ])
    """
    x = asarray(x)
    return where(x == 0, values, (x > 0).astype(x.dtype))


@public()
def isclose(a: Any, b: Any, rtol: float = 1e-5, atol: float = 1e-8, equal_nan: bool = False) -> Any:
    """Return True where ``|a - b| <= atol + rtol * |b|``, or both are the same infinity; operands broadcast.

    ``equal_nan``: NaN is close to NaN.

    >>> df.isclose(df.tensor([1.0, 2.0]), df.tensor([1.0 + 1e-7, 2.1]))
    tensor([ True, False])
    """
    a, b = (x if dtypes.is_floating(x.dtype) else x.astype(dtypes.float64) for x in (asarray(a), asarray(b)))
    apart = abs(a - b)
    close = logical_or(a == b, logical_and(isfinite(apart), less_equal(apart, atol + rtol * abs(b))))
    return logical_or(close, logical_and(isnan(a), isnan(b))) if equal_nan else close


@public()
def allclose(a: Any, b: Any, rtol: float = 1e-5, atol: float = 1e-8, equal_nan: bool = False) -> bool:
    """Tell, in a Python bool, whether all elements are close in the sense of ``isclose``.

    Raises SymbolicValueError for symbols, which have no value to tell of yet.

    >>> df.allclose(df.tensor([1.0]), df.tensor([1.0 + 1e-7]))
    True
    """
    answer = all(isclose(a, b, rtol, atol, equal_nan))
    if hasattr(answer, "graph"):
        raise SymbolicValueError(
            "allclose: a symbol stands for a value that only a run gives it",
            operands=[("a", a), ("b", b)],
            hint="use df.isclose(a, b).all(), a symbol, and fetch that",
        )
    return builtins.bool(answer)

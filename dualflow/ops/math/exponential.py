"""Powers, logarithms and reciprocals beyond those of ``elementwise``, and linear blends."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from dualflow.core import dtypes, shapes
from dualflow.core.errors import ShapeError
from dualflow.core.names import public
from dualflow.core.op import primitive
from dualflow.ops.array.create import asarray, linspace
from dualflow.ops.math.comparison import keep, logical_and, logical_not
from dualflow.ops.math.complex import make_complex
from dualflow.ops.math.elementwise import add, clip, divide, exp, log, multiply, power, subtract
from dualflow.ops.math.holomorphic import of_body
from dualflow.ops.math.ufuncs import ufunc

LN2, LN10 = math.log(2), math.log(10)
EXP = exp.op.kernel("jax")


@primitive(shape=shapes.same, dtype="float", public="df")
def exp2(xp: Any, x: Any) -> Any:
    """Raise 2 to the power ``x`` elementwise.

    >>> df.exp2(df.tensor([3.0, -1.0]))
    tensor([8. , 0.5])
    """
    if x.dtype.kind != "c":
        return xp.exp2(x)
    scaled = make_complex.op.body(xp, x.real * LN2, x.imag * LN2)  # as LN2 + 0j, it would make NaN of an infinity
    return np.exp(scaled) if xp is np else EXP(scaled)


exp2.vjp(x=lambda g, y, x: g * y * LN2, reads="y")


@ufunc(np.log2, dtype="float", domain="positive")
def log2(xp: Any, x: Any) -> Any:
    """Take the logarithm to base 2 elementwise; -inf at zero, NaN below.

    >>> df.log2(df.tensor([8.0, 0.5]))
    tensor([ 3., -1.])
    """


log2.vjp(x=lambda g, y, x: g / (x * LN2), reads="x")


@ufunc(np.log10, dtype="float", domain="positive")
def log10(xp: Any, x: Any) -> Any:
    """Take the logarithm to base 10 elementwise; -inf at zero, NaN below.

    >>> df.log10(df.tensor([100.0, 1.0], dtype=df.float64))
    tensor([2., 0.], dtype=float64)
    """


log10.vjp(x=lambda g, y, x: g / (x * LN10), reads="x")


@primitive(shape=shapes.same, dtype="float", domain="nonzero", public="df")
def reciprocal(xp: Any, x: Any) -> Any:
    """Compute ``1 / x`` elementwise.

    >>> df.reciprocal(df.tensor([2.0, -4.0]))
    tensor([ 0.5 , -0.25])
    """
    return 1 / x


of_body(reciprocal)
reciprocal.vjp(x=lambda g, y, x: -(g * y * y), reads="y")


@primitive(shape=shapes.same, dtype="float", domain="positive", public="df")
def rsqrt(xp: Any, x: Any) -> Any:
    """Compute ``1 / sqrt(x)`` elementwise; infinite at zero, NaN below.

    >>> df.rsqrt(df.tensor([4.0]))
    tensor([0.5])
    """
    return 1 / xp.sqrt(x)


of_body(rsqrt)
rsqrt.vjp(x=lambda g, y, x: g * (-0.5 * y * y * y), reads="y")


@primitive(shape=shapes.elementwise, dtype="float", broadcasts=True, public="df")
def logaddexp(xp: Any, a: Any, b: Any) -> Any:
    """Compute ``log(exp(a) + exp(b))`` elementwise without overflow; operands broadcast.

    >>> df.logaddexp(df.tensor([1000.0]), df.tensor([0.0]))
    tensor([1000.])
    """
    if not (xp.iscomplexobj(a) or xp.iscomplexobj(b)):
        return xp.logaddexp(a, b)
    larger = a.real >= b.real
    top = xp.where(larger, a, b)
    rise = xp.where(a == b, 0, xp.where(larger, b, a) - top)  # two infinities differ by 0, not by NaN
    return top + xp.log1p(xp.exp(rise))


logaddexp.vjp(a=lambda g, y, a, b: g / (1 + exp(b - a)), b=lambda g, y, a, b: g / (1 + exp(a - b)), reads="a b")


@ufunc(np.logaddexp2, dtype="real float", broadcasts=True)
def logaddexp2(xp: Any, a: Any, b: Any) -> Any:
    """Compute ``log2(2**a + 2**b)`` elementwise without overflow; operands broadcast.

    >>> df.logaddexp2(df.tensor([1000.0]), df.tensor([1000.0]))
    tensor([1001.])
    """


logaddexp2.vjp(a=lambda g, y, a, b: g / (1 + exp2(b - a)), b=lambda g, y, a, b: g / (1 + exp2(a - b)), reads="a b")


@primitive(shape=shapes.elementwise, dtype="real float", broadcasts=True, domain=("nonzero", "positive"), public="df")
def xlogy(xp: Any, a: Any, b: Any) -> Any:
    """Compute ``a * log(b)`` elementwise, 0 where ``a`` is 0 unless ``b`` is NaN; operands broadcast.

    >>> df.xlogy(df.tensor([0.0, 2.0]), df.tensor([0.0, 1.0]))
    tensor([0., 0.])
    """
    none = xp.logical_and(xp.equal(a, 0), xp.logical_not(xp.isnan(b)))
    y = a * xp.log(xp.where(none, xp.ones((), xp.result_type(a, b)), b))
    return xp.where(none, xp.zeros((), y.dtype), y)


def _xlogy_a(g: Any, y: Any, a: Any, b: Any) -> Any:
    return xlogy(keep(g, logical_not(logical_and(a == 0, b <= 0))), b)  # 0, as in PyTorch, where log(b) has no value


xlogy.vjp(a=_xlogy_a, b=lambda g, y, a, b: g * a / b, reads="a b")


@public()
def logit(x: Any, eps: float | None = None) -> Any:
    """Compute ``log(x / (1 - x))``, the inverse of ``sigmoid``, of ``x`` forced into ``[eps, 1 - eps]`` if given.

    >>> df.logit(df.tensor([0.5]))
    tensor([0.])
    """
    x = asarray(x)
    if eps is not None:
        x = clip(x, eps, 1 - eps)
    return log(x / (1 - x))


@public()
def lerp(input: Any, end: Any, weight: Any) -> Any:
    """Go from ``input`` towards ``end`` by ``weight``, a number or a tensor; operands broadcast.

    >>> df.lerp(df.tensor([0.0]), df.tensor([10.0]), 0.25)
    tensor([2.5])
    """
    return add(input, multiply(weight, subtract(end, input)))


def addcmul(input: Any, tensor1: Any, tensor2: Any, *, value: Any = 1) -> Any:
    """Compute ``input + value * tensor1 * tensor2``; operands broadcast.

    >>> df.torch.addcmul(df.tensor([1.0]), df.tensor([2.0]), df.tensor([3.0]), value=0.5)
    tensor([4.])
    """
    product = multiply(tensor1, tensor2)
    return add(input, product if value == 1 else value * product)


def addcdiv(input: Any, tensor1: Any, tensor2: Any, *, value: Any = 1) -> Any:
    """Compute ``input + value * tensor1 / tensor2``; operands broadcast.

    >>> df.torch.addcdiv(df.tensor([1.0]), df.tensor([2.0]), df.tensor([4.0]), value=2)
    tensor([2.])
    """
    quotient = divide(tensor1, tensor2)
    return add(input, quotient if value == 1 else value * quotient)


@public()
def logspace(
    start: float,
    stop: float,
    num: int,
    base: float = 10.0,
    *,
    dtype: Any = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Any:
    """Make ``num`` numbers from ``base ** start`` to ``base ** stop``, whose logarithms are evenly spaced.

    Raises ShapeError unless both are single numbers.

    >>> df.logspace(0, 3, 4, base=2.0)
    tensor([1., 2., 4., 8.])
    """
    for name, end in (("start", start), ("stop", stop)):
        if getattr(end, "ndim", 0):
            raise ShapeError(f"logspace: {name} must be a number", operands=[(name, end)])
    kind = dtypes.asdtype(dtype or dtypes.float32)
    made = power(float(base), linspace(start, stop, num, dtype=dtypes.float64, device=device)).astype(kind)
    return made.requires_grad_() if requires_grad else made

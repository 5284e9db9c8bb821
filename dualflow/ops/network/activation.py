"""Activation functions. Those that are a few ops in a row are composites; a card is for speed, digits, or a slope."""

from __future__ import annotations

import math
from typing import Any

from dualflow.core import dtypes, shapes
from dualflow.core.errors import ShapeError
from dualflow.core.op import primitive
from dualflow.ops.array.create import asarray
from dualflow.ops.array.shape import reshape, split
from dualflow.ops.math.comparison import logical_and, where
from dualflow.ops.math.elementwise import exp, logistic, multiply, sigmoid, tanh
from dualflow.ops.math.special import erf, erf_array

ROOT_HALF = math.sqrt(0.5)
ROOT_2_OVER_PI = math.sqrt(2 / math.pi)
CUBIC = 0.044715


def _softplus(xp: Any, x: Any) -> Any:
    """Return log(1 + exp(x)) without overflow."""
    return xp.maximum(x, 0) + xp.log1p(xp.exp(-xp.abs(x)))


def _gelu_shape(x: Any, *, approximate: str) -> shapes.Shape:
    if approximate not in ("none", "tanh"):
        raise shapes.Misfit(f"approximate is 'none' or 'tanh', not {approximate!r}")
    return shapes.of(x)


@primitive(shape=_gelu_shape, dtype="real float")
def gelu(xp: Any, x: Any, *, approximate: str = "none") -> Any:
    """Compute ``x * P(X <= x)`` for a normal X, elementwise; ``approximate="tanh"`` is the older, cheaper formula.

    >>> df.nn.functional.gelu(df.tensor([0.0, 1.0]))
    tensor([0.       , 0.8413447])
    """
    _gelu_shape(x, approximate=approximate)
    if approximate == "tanh":
        return 0.5 * x * (1 + xp.tanh(ROOT_2_OVER_PI * (x + CUBIC * x * x * x)))
    return 0.5 * x * (1 + erf.op.kernel("jax")(x * ROOT_HALF))


@gelu.kernel("numpy")
def _gelu(x: Any, *, approximate: str) -> Any:
    import numpy as np

    if approximate != "none":
        return gelu.op.body(np, x, approximate=approximate)
    y = erf_array(x * x.dtype.type(ROOT_HALF)) if x.dtype.kind == "f" else erf_array(x * ROOT_HALF)
    y += 1
    y *= x
    y *= 0.5
    return y


def _gelu_x(g: Any, y: Any, x: Any, *, approximate: str) -> Any:
    if approximate == "tanh":
        inside = tanh(ROOT_2_OVER_PI * (x + CUBIC * x * x * x))
        bend = x * (1 - inside * inside) * (ROOT_2_OVER_PI * (1 + 3 * CUBIC * x * x))
        return g * (0.5 * (1 + inside + bend))
    below = 0.5 * (1 + erf(x * ROOT_HALF))
    return g * (below + x * (exp(x * x * -0.5) * (0.5 * ROOT_2_OVER_PI)))


gelu.vjp(x=_gelu_x, reads="x")


@primitive(shape=shapes.same, dtype="float")
def silu(xp: Any, x: Any) -> Any:
    """Compute ``x * sigmoid(x)`` elementwise, also called swish.

    >>> df.nn.functional.silu(df.tensor([0.0, 100.0]))
    tensor([  0., 100.])
    """
    return x * logistic(xp, x)


def _silu_x(g: Any, y: Any, x: Any) -> Any:
    s = sigmoid(x)
    return g * (s * (1 + x * (1 - s)))


silu.vjp(x=_silu_x, reads="x")


@primitive(shape=shapes.same, dtype="real float")
def mish(xp: Any, x: Any) -> Any:
    """Compute ``x * tanh(softplus(x))`` elementwise.

    >>> df.nn.functional.mish(df.tensor([0.0, 100.0]))
    tensor([  0., 100.])
    """
    return x * xp.tanh(_softplus(xp, x))


def _mish_x(g: Any, y: Any, x: Any) -> Any:
    inside = tanh(softplus(x))
    return g * (inside + x * sigmoid(x) * (1 - inside * inside))


mish.vjp(x=_mish_x, reads="x")


@primitive(shape=shapes.same, dtype="real float")
def softplus(xp: Any, x: Any, *, beta: float = 1.0, threshold: float = 20.0) -> Any:
    """Compute ``log(1 + exp(beta * x)) / beta`` elementwise; ``x`` itself where ``beta * x > threshold``.

    >>> df.nn.functional.softplus(df.tensor([0.0, 100.0]))
    tensor([  0.6931472, 100.       ])
    """
    scaled = x * beta
    return xp.where(scaled > threshold, x, _softplus(xp, scaled) / beta)


softplus.vjp(x=lambda g, y, x, *, beta, threshold: where(x * beta > threshold, g, g * sigmoid(x * beta)), reads="x")


@primitive(shape=shapes.same, dtype="real float")
def logsigmoid(xp: Any, x: Any) -> Any:
    """Compute ``log(sigmoid(x))`` elementwise without overflow.

    >>> df.nn.functional.logsigmoid(df.tensor([0.0, -100.0]))
    tensor([  -0.6931472, -100.       ])
    """
    return xp.minimum(x, 0) - xp.log1p(xp.exp(-xp.abs(x)))


logsigmoid.vjp(x=lambda g, y, x: g * sigmoid(-x), reads="x")


@primitive(shape=shapes.same, dtype="real float", domain="nonzero", name="elu")
def _elu(xp: Any, x: Any, *, alpha: float = 1.0, scale: float = 1.0, input_scale: float = 1.0) -> Any:
    """Compute ``scale * x`` above zero, else ``scale * alpha * (exp(input_scale * x) - 1)``: elu, selu and celu.

    >>> df.nn.functional.elu(df.tensor([1.0, -100.0]))
    tensor([ 1., -1.])
    """
    return xp.where(x > 0, x * scale, scale * alpha * xp.expm1(input_scale * xp.where(x > 0, 0, x)))


_elu.vjp(
    x=lambda g, y, x, *, alpha, scale, input_scale: where(x > 0, g * scale, g * (input_scale * (y + scale * alpha)))
)


def elu(x: Any, alpha: float = 1.0) -> Any:
    """Keep what is positive; else ``alpha * (exp(x) - 1)``.

    >>> df.nn.functional.elu(df.tensor([1.0, -100.0]), alpha=0.5)
    tensor([ 1. , -0.5])
    """
    return _elu(x, alpha=alpha)


def selu(x: Any) -> Any:
    """Apply ``elu`` with the scales that keep mean 0 and variance 1 (Klambauer and others, 2017).

    >>> df.nn.functional.selu(df.tensor([1.0, -100.0]))
    tensor([ 1.050701 , -1.7580993])
    """
    return _elu(x, alpha=1.6732632423543772848170429916717, scale=1.0507009873554804934193349852946)


def celu(x: Any, alpha: float = 1.0) -> Any:
    """Keep what is positive; else ``alpha * (exp(x / alpha) - 1)``, which has slope 1 at zero for every alpha.

    >>> df.nn.functional.celu(df.tensor([1.0, -100.0]), alpha=2.0)
    tensor([ 1., -2.])
    """
    if alpha == 0:
        raise ValueError("celu: alpha must not be 0: x is divided by it")
    return _elu(x, alpha=alpha, input_scale=1 / alpha)


def leaky_relu(x: Any, negative_slope: float = 0.01) -> Any:
    """Keep what is positive; multiply the rest by ``negative_slope``.

    >>> df.nn.functional.leaky_relu(df.tensor([1.0, -2.0]), 0.5)
    tensor([ 1., -1.])
    """
    x = floating(x)
    return where(x > 0, x, x * negative_slope)


def prelu(x: Any, weight: Any) -> Any:
    """Keep what is positive; multiply the rest by ``weight``, of one element or one for each channel (axis 1).

    >>> df.nn.functional.prelu(df.tensor([[1.0, -2.0]]), df.tensor([0.5, 0.25]))
    tensor([[ 1. , -0.5]])
    """
    x, weight = floating(x), asarray(weight)
    size = weight.shape[0] if weight.ndim == 1 else 1
    if weight.ndim > 1 or (size != 1 and (x.ndim < 2 or x.shape[1] not in (size, None))):
        raise ShapeError(
            "prelu: the weight has one element, or one for each channel on axis 1",
            operands=[("x", x), ("weight", weight)],
        )
    if weight.ndim and x.ndim > 1:
        weight = reshape(weight, shape=(size,) + (1,) * (x.ndim - 2))
    elif weight.ndim and not x.ndim:
        weight = reshape(weight, shape=())
    return where(x > 0, x, multiply(weight, x))


def hardtanh(x: Any, min_val: float = -1.0, max_val: float = 1.0) -> Any:
    """Force each element into ``[min_val, max_val]``; the gradient at the bounds is 0, unlike that of ``clip``.

    >>> df.nn.functional.hardtanh(df.tensor([-2.0, 0.5, 2.0]))
    tensor([-1. ,  0.5,  1. ])
    """
    if min_val > max_val:
        raise ValueError(f"hardtanh: min_val={min_val} is above max_val={max_val}")
    x = asarray(x)
    return where(x <= min_val, min_val, where(x >= max_val, max_val, x))


def relu6(x: Any) -> Any:
    """Force each element into [0, 6]; the gradient at both is 0.

    >>> df.nn.functional.relu6(df.tensor([-1.0, 3.0, 9.0]))
    tensor([0., 3., 6.])
    """
    return hardtanh(x, 0, 6)


def hardsigmoid(x: Any) -> Any:
    """Compute ``relu6(x + 3) / 6``, a sigmoid of three straight lines.

    >>> df.nn.functional.hardsigmoid(df.tensor([-5.0, 0.0, 5.0]))
    tensor([0. , 0.5, 1. ])
    """
    return relu6(floating(x) + 3) / 6


def hardswish(x: Any) -> Any:
    """Compute ``x * hardsigmoid(x)``.

    >>> df.nn.functional.hardswish(df.tensor([-5.0, 0.0, 5.0]))
    tensor([-0.,  0.,  5.])
    """
    x = floating(x)
    return x * relu6(x + 3) / 6


def softsign(x: Any) -> Any:
    """Compute ``x / (1 + |x|)``.

    >>> df.nn.functional.softsign(df.tensor([1.0, -3.0]))
    tensor([ 0.5 , -0.75])
    """
    x = asarray(x)
    return x / (abs(x) + 1)


def tanhshrink(x: Any) -> Any:
    """Compute ``x - tanh(x)``.

    >>> df.nn.functional.tanhshrink(df.tensor([0.0]))
    tensor([0.])
    """
    x = asarray(x)
    return x - tanh(x)


def softshrink(x: Any, lambd: float = 0.5) -> Any:
    """Move each element towards zero by ``lambd``, and no further.

    >>> df.nn.functional.softshrink(df.tensor([2.0, 0.25, -2.0]))
    tensor([ 1.5,  0. , -1.5])
    """
    if lambd < 0:
        raise ValueError(f"softshrink: lambd is at least 0, not {lambd}")
    x = floating(x)
    return where(x > lambd, x - lambd, where(x < -lambd, x + lambd, x * 0))


def hardshrink(x: Any, lambd: float = 0.5) -> Any:
    """Put zero in place of what lies in ``[-lambd, lambd]``.

    >>> df.nn.functional.hardshrink(df.tensor([2.0, 0.25, -2.0]))
    tensor([ 2.,  0., -2.])
    """
    x = floating(x)
    return where(logical_and(x >= -lambd, x <= lambd), 0, x)


def threshold(x: Any, threshold: float, value: float) -> Any:
    """Keep what is above ``threshold``; put ``value`` in place of the rest.

    >>> df.nn.functional.threshold(df.tensor([2.0, 0.25]), 1.0, -1.0)
    tensor([ 2., -1.])
    """
    x = asarray(x)
    return where(x <= threshold, value, x)


def glu(x: Any, axis: int = -1, *, dim: int | None = None) -> Any:
    """Multiply the first half along ``axis`` by the sigmoid of the second. Raises ShapeError for an odd size.

    >>> df.nn.functional.glu(df.tensor([2.0, 4.0, 0.0, 0.0]))
    tensor([1., 2.])
    """
    x = asarray(x)
    at = axis if dim is None else dim
    size = x.shape[at] if -x.ndim <= at < x.ndim else 1
    if size is None or size % 2:
        raise ShapeError(
            f"glu: axis {at} must be there and have an even size, to be cut into halves", operands=[("x", x)]
        )
    first, second = split(x, [size // 2] * 2, at)
    return first * sigmoid(second)


def floating(x: Any) -> Any:
    """Return ``x`` as a tensor of a floating dtype: integers become float32."""
    x = asarray(x)
    return x.astype(dtypes.to_float(x.dtype))

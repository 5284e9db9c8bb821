"""Ops of neural networks: the softmax family and losses."""

from __future__ import annotations

from typing import Any

import numpy as np

from dualflow import shapes
from dualflow.op import primitive
from dualflow.ops.elementwise import exp, square
from dualflow.ops.reduce import mean, over, sum, sum_like
from dualflow.ops.shape import expand_dims


@primitive(shape=shapes.linear, dtype="number", domain=("matrix", "matrix", "matrix"))
def linear(xp: Any, x: Any, weight: Any, bias: Any = None) -> Any:
    """Compute ``x @ weight.T + bias``. ``x``: (…, in). ``weight``: (out, in). ``bias``: (out,) or None.

    One card rather than three ops, because the gradient of the weight then comes out row by row as the
    weight is: through ``x @ weight.mT`` it is transposed, and every pass of an optimizer strided.

    >>> import dualflow as df
    >>> df.nn.functional.linear(df.ones(1, 2), df.tensor([[3.0, 4.0]]), df.tensor([0.5]))
    tensor([[7.5]])
    """
    product = y = xp.matmul(x, weight.mT)
    if bias is not None:
        y = product + bias
    if weight.ndim != 2 or y.shape != product.shape:  # what a matrix product and a sum would let pass
        shapes.linear(x, weight, bias)
    return y


def _linear_weight(g: Any, y: Any, x: Any, weight: Any, bias: Any) -> Any:
    if x.ndim == 2:
        return g.mT @ x
    if x.ndim == 1:
        return g[:, None] * x
    return sum_like(g.mT @ x, weight)


linear.vjp(
    x=lambda g, y, x, weight, bias: g @ weight,
    weight=_linear_weight,
    bias=lambda g, y, x, weight, bias: sum_like(g, bias),
    like=("bias",),
)


@primitive(shape=shapes.along, dtype="real float")
def softmax(xp: Any, x: Any, *, axis: int = -1) -> Any:
    """Turn scores into probabilities along ``axis``: ``exp(x) / sum(exp(x))``, without overflow.

    >>> import dualflow as df
    >>> df.softmax(df.tensor([0.0, 0.0]))
    tensor([0.5, 0.5])
    """
    over(x, axis)
    up = xp.exp(x - x.max(axis=axis, keepdims=True)) if x.size else x
    return up / up.sum(axis=axis, keepdims=True)


softmax.vjp(x=lambda g, y, x, *, axis: y * (g - sum(g * y, axis=axis, keepdims=True)))


@primitive(shape=shapes.along, dtype="real float")
def log_softmax(xp: Any, x: Any, *, axis: int = -1) -> Any:
    """Compute ``log(softmax(x))`` along ``axis`` without overflow.

    >>> import dualflow as df
    >>> df.log_softmax(df.tensor([0.0, -1000.0]))
    tensor([    0., -1000.])
    """
    over(x, axis)
    down = x - x.max(axis=axis, keepdims=True) if x.size else x
    return down - xp.log(xp.exp(down).sum(axis=axis, keepdims=True))


log_softmax.vjp(x=lambda g, y, x, *, axis: g - exp(y) * sum(g, axis=axis, keepdims=True))


def _class_axis(logits: Any) -> int:
    return 1 if logits.ndim > 1 else 0


@primitive(
    shape=shapes.class_targets,
    dtype="real float",
    promotes=(0,),
    name="cross_entropy",
    domain=("logits", "class"),
)
def _negative_log_softmax(xp: Any, logits: Any, target: Any) -> Any:
    """Compute ``-log_softmax(logits)[target]`` for each row: the part of cross entropy before averaging.

    ``logits``: (N, C, …) or (C,), classes on axis 1. ``target``: class indices of the shape without it.

    >>> import dualflow as df
    >>> from dualflow.op import VOCABULARY
    >>> VOCABULARY["cross_entropy"].call(df.tensor([[0.0, 1000.0]]), df.tensor([0]))
    tensor([1000.])
    """
    axis = _class_axis(logits)
    top = logits.max(axis=axis, keepdims=True)
    total = xp.log(xp.exp(logits - top).sum(axis=axis))
    return total + (top - xp.take_along_axis(logits, xp.expand_dims(target, axis), axis=axis)).squeeze(axis)


@_negative_log_softmax.guard
def _no_such_class(xp: Any, logits: Any, target: Any) -> Any:
    return xp.any((target < 0) | (target >= logits.shape[_class_axis(logits)]))


@_negative_log_softmax.kernel("numpy")
def _checked(logits: Any, target: Any) -> Any:
    if target.ndim != logits.ndim - 1 or target.shape != logits.shape[:1] + logits.shape[2:]:
        shapes.class_targets(logits, target)
    if _no_such_class(np, logits, target):
        raise IndexError(
            f"class indices run from {np.min(target)} to {np.max(target)}; there are "
            f"{logits.shape[_class_axis(logits)]} classes, from 0"
        )
    return _negative_log_softmax.op.body(np, logits, target)


@primitive(shape=shapes.class_targets_like, dtype="first", promotes=(1,), domain=("class", "logits"))
def one_hot_like(xp: Any, target: Any, logits: Any) -> Any:
    """Write class indices as ones among zeros in the shape and dtype of ``logits``, classes on axis 1.

    >>> import dualflow as df
    >>> from dualflow.ops.nn import one_hot_like
    >>> one_hot_like(df.tensor([1]), df.zeros(1, 3))
    tensor([[0., 1., 0.]])
    """
    shapes.class_targets(logits, target)
    axis = _class_axis(logits)
    classes = xp.arange(logits.shape[axis]).reshape((-1,) + (1,) * (logits.ndim - axis - 1))
    return (xp.expand_dims(target, axis) == classes).astype(logits.dtype)


def _cross_entropy_logits(g: Any, y: Any, logits: Any, target: Any) -> Any:
    axis = _class_axis(logits)
    return expand_dims(g, axis=axis) * (softmax(logits, axis=axis) - one_hot_like(target, logits))


_negative_log_softmax.vjp(logits=_cross_entropy_logits)


def _reduce(values: Any, reduction: str) -> Any:
    if reduction == "mean":
        return mean(values)
    if reduction == "sum":
        return sum(values)
    if reduction == "none":
        return values
    raise ValueError(f"reduction must be 'mean', 'sum' or 'none', not {reduction!r}")


def cross_entropy(logits: Any, target: Any, *, reduction: str = "mean") -> Any:
    """Compute the cross entropy of class scores against class indices, in nats.

    ``logits``: (N, C, …) or (C,), floating. ``target``: int of shape (N, …) or (); the class axis is 1.
    Raises ShapeError when they do not fit and OutOfRangeError for a class that does not exist.

    >>> import dualflow as df
    >>> print(f"{df.cross_entropy(df.zeros(2, 10), df.tensor([3, 7])):.3f}")  # log 10
    2.303
    """
    return _reduce(_negative_log_softmax(logits, target), reduction)


def mse(input: Any, target: Any, *, reduction: str = "mean") -> Any:
    """Compute the mean squared error.

    >>> import dualflow as df
    >>> df.mse(df.tensor([1.0, 2.0]), df.tensor([1.0, 4.0]))
    tensor(2.)
    """
    return _reduce(square(input - target), reduction)

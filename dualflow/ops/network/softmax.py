"""Ops of neural networks: the softmax family and losses."""

from __future__ import annotations

from typing import Any

import numpy as np

from dualflow.core import dtypes, shapes
from dualflow.core.errors import GraphError
from dualflow.core.op import primitive
from dualflow.ops.array.index import beyond, take
from dualflow.ops.array.shape import expand_dims, reshape
from dualflow.ops.composite import refuse
from dualflow.ops.math.comparison import keep, not_equal, where
from dualflow.ops.math.elementwise import exp
from dualflow.ops.reduce.reductions import mean, over, sum, sum_like


@primitive(shape=shapes.linear, dtype="number", domain=("matrix", "matrix", "matrix"))
def linear(xp: Any, x: Any, weight: Any, bias: Any = None) -> Any:
    """Compute ``x @ weight.T + bias``. ``x``: (…, in). ``weight``: (out, in). ``bias``: (out,) or None.

    One card rather than three ops, because the gradient of the weight then comes out row by row as the
    weight is: through ``x @ weight.mT`` it is transposed, and every pass of an optimizer strided.

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
    reads={"x": "weight", "weight": "x weight", "bias": ""},
)


@primitive(shape=shapes.along, dtype="real float", public="df")
def softmax(xp: Any, x: Any, *, axis: int = -1) -> Any:
    """Turn scores into probabilities along ``axis``: ``exp(x) / sum(exp(x))``, without overflow.

    >>> df.softmax(df.tensor([0.0, 0.0]))
    tensor([0.5, 0.5])
    """
    over(x, axis)
    up = xp.exp(x - x.max(axis=axis, keepdims=True)) if x.size else x
    return up / up.sum(axis=axis, keepdims=True)


softmax.vjp(x=lambda g, y, x, *, axis: y * (g - sum(g * y, axis=axis, keepdims=True)), reads="y")


@primitive(shape=shapes.along, dtype="real float", public="df")
def log_softmax(xp: Any, x: Any, *, axis: int = -1) -> Any:
    """Compute ``log(softmax(x))`` along ``axis`` without overflow.

    >>> df.log_softmax(df.tensor([0.0, -1000.0]))
    tensor([    0., -1000.])
    """
    over(x, axis)
    down = x - x.max(axis=axis, keepdims=True) if x.size else x
    return down - xp.log(xp.exp(down).sum(axis=axis, keepdims=True))


log_softmax.vjp(x=lambda g, y, x, *, axis: g - exp(y) * sum(g, axis=axis, keepdims=True), reads="y")


def _class_axis(logits: Any) -> int:
    return 1 if logits.ndim > 1 else 0


@primitive(
    shape=shapes.class_targets, dtype="real float", promotes=(0,), name="cross_entropy", domain=("logits", "class")
)
def _negative_log_softmax(xp: Any, logits: Any, target: Any, *, ignore_index: int = -100) -> Any:
    """Compute ``-log_softmax(logits)[target]`` for each row: the part of cross entropy before averaging.

    ``logits``: (N, C, …) or (C,), classes on axis 1. ``target``: class indices of the shape without it; 0 results
    where it is ``ignore_index``.

    >>> from dualflow.core.op import VOCABULARY
    >>> VOCABULARY["cross_entropy"].call(df.tensor([[0.0, 1000.0]]), df.tensor([0]))
    tensor([1000.])
    """
    axis = _class_axis(logits)
    top = logits.max(axis=axis, keepdims=True)
    total = xp.log(xp.exp(logits - top).sum(axis=axis))
    kept = target != ignore_index
    at = xp.expand_dims(xp.where(kept, target, 0), axis)
    rows = total + (top - xp.take_along_axis(logits, at, axis=axis)).squeeze(axis)
    return xp.where(kept, rows, xp.zeros((), rows.dtype))


@_negative_log_softmax.guard
def _no_such_class(xp: Any, logits: Any, target: Any, *, ignore_index: int = -100) -> Any:
    classes = logits.shape[_class_axis(logits)]
    if xp is np and not beyond(xp, target, classes):
        return False
    return xp.any(((target < 0) | (target >= classes)) & (target != ignore_index))


@_negative_log_softmax.kernel("numpy")
def _checked(logits: Any, target: Any, *, ignore_index: int = -100) -> Any:
    _check_classes(logits, target, ignore_index)
    return _negative_log_softmax.op.body(np, logits, target, ignore_index=ignore_index)


def _check_classes(logits: Any, target: Any, ignore_index: int) -> None:
    if target.ndim != logits.ndim - 1 or target.shape != logits.shape[:1] + logits.shape[2:]:
        shapes.class_targets(logits, target)
    if _no_such_class(np, logits, target, ignore_index=ignore_index):
        raise IndexError(
            f"class indices run from {np.min(target)} to {np.max(target)}; there are "
            f"{logits.shape[_class_axis(logits)]} classes, from 0"
        )


@primitive(shape=shapes.class_targets, dtype="real float", promotes=(0,), name="nll_loss", domain=("logits", "class"))
def _negative(xp: Any, log_probs: Any, target: Any, *, ignore_index: int = -100) -> Any:
    """Compute ``-log_probs[target]`` for each row, 0 where the target is ``ignore_index``: see ``nll_loss``.

    >>> from dualflow.core.op import VOCABULARY
    >>> VOCABULARY["nll_loss"].call(df.tensor([[-1.0, -2.0]]), df.tensor([1]))
    tensor([2.])
    """
    if xp is np:
        _check_classes(log_probs, target, ignore_index)
    axis = _class_axis(log_probs)
    kept = target != ignore_index
    at = xp.expand_dims(xp.where(kept, target, 0), axis)
    rows = -xp.take_along_axis(log_probs, at, axis=axis).squeeze(axis)
    return xp.where(kept, rows, xp.zeros((), rows.dtype))


@_negative.guard
def _no_class(xp: Any, log_probs: Any, target: Any, *, ignore_index: int = -100) -> Any:
    return _no_such_class(xp, log_probs, target, ignore_index=ignore_index)


@primitive(shape=shapes.class_targets_like, dtype="first", promotes=(1,), domain=("class", "logits"))
def one_hot_like(xp: Any, target: Any, logits: Any) -> Any:
    """Write class indices as ones among zeros in the shape and dtype of ``logits``, classes on axis 1.

    >>> from dualflow.ops.network.softmax import one_hot_like
    >>> one_hot_like(df.tensor([1]), df.zeros(1, 3))
    tensor([[0., 1., 0.]])
    """
    shapes.class_targets(logits, target)
    axis = _class_axis(logits)
    classes = xp.arange(logits.shape[axis]).reshape((-1,) + (1,) * (logits.ndim - axis - 1))
    return (xp.expand_dims(target, axis) == classes).astype(logits.dtype)


def _cross_entropy_logits(g: Any, y: Any, logits: Any, target: Any, *, ignore_index: int) -> Any:
    axis = _class_axis(logits)
    g = expand_dims(keep(g, target != ignore_index), axis=axis)
    return g * (softmax(logits, axis=axis) - one_hot_like(target, logits))


def _negative_log_probs(g: Any, y: Any, log_probs: Any, target: Any, *, ignore_index: int) -> Any:
    g = expand_dims(keep(g, target != ignore_index), axis=_class_axis(log_probs))
    return -g * one_hot_like(target, log_probs)


_negative_log_softmax.vjp(logits=_cross_entropy_logits, reads="logits target")
_negative.vjp(log_probs=_negative_log_probs, reads="target")


def _reduce(values: Any, reduction: str) -> Any:
    if reduction == "mean":
        return mean(values)
    if reduction == "sum":
        return sum(values)
    if reduction == "none":
        return values
    raise ValueError(f"reduction must be 'mean', 'sum' or 'none', not {reduction!r}")


def cross_entropy(
    logits: Any,
    target: Any,
    weight: Any = None,
    ignore_index: int = -100,
    reduction: str = "mean",
    label_smoothing: float = 0.0,
) -> Any:
    """Compute the cross entropy, in nats, of class scores against class indices or probabilities.

    ``logits``: (N, C, …) or (C,), floating, before any softmax; the class axis is 1. ``target``: int of shape (N, …) or
    (), or floating of the shape of ``logits``. ``weight``: (C,), of the classes. Targets that are ``ignore_index`` do
    not count. ``label_smoothing``: how much of the target is spread over all classes. "mean" divides by the weights
    that count. Raises ShapeError when they do not fit and OutOfRangeError for a class that does not exist.

    >>> print(f"{df.nn.functional.cross_entropy(df.zeros(2, 10), df.tensor([3, 7])):.3f}")  # log 10
    2.303
    """
    if not 0 <= label_smoothing <= 1:
        raise ValueError(f"cross_entropy: label_smoothing must lie between 0 and 1, not at {label_smoothing}")
    if target.__class__ in (list, tuple) or getattr(getattr(target, "dtype", None), "kind", "i") not in dtypes.FLOATING:
        if weight is None and not label_smoothing:
            return _reduce_kept(
                _negative_log_softmax(logits, target, ignore_index=ignore_index), target, ignore_index, reduction
            )
        return _weighted(logits, target, weight, ignore_index, reduction, label_smoothing)
    axis = 1 if len(logits.shape) > 1 else 0
    if len(target.shape) != len(logits.shape):
        raise refuse("cross_entropy", "class probabilities have the shape of the logits", logits=logits, target=target)
    if label_smoothing:
        classes = logits.shape[axis]
        if classes is None:
            raise GraphError("cross_entropy: label_smoothing needs to know how many classes there are")
        target = target * (1 - label_smoothing) + label_smoothing / classes
    terms = target * log_softmax(logits, axis=axis)
    if weight is not None:
        terms = terms * _by_class(weight, logits)
    rows = -sum(terms, axis=axis)
    return _reduce(rows, reduction)


def _by_class(weight: Any, logits: Any) -> Any:
    """Return class weights (C,) as they broadcast against ``logits``."""
    rank = len(logits.shape)
    if weight.shape is not None and weight.shape != (logits.shape[1 if rank > 1 else 0],):
        reason = f"class weights of shape {tuple(weight.shape)} do not fit logits of shape {tuple(logits.shape)}"
        raise refuse("cross_entropy", reason, logits=logits, target=weight)
    return reshape(weight, shape=(-1, *(1,) * (rank - 2))) if rank > 2 else weight


def _of_targets(weight: Any, target: Any, ignore_index: int) -> Any:
    """Return the weight of each target's class, 0 where it is ignored."""
    kept = target != ignore_index
    return keep(take(weight, where(kept, target, 0)), kept)


def _reduce_kept(rows: Any, target: Any, ignore_index: int, reduction: str) -> Any:
    if reduction != "mean":
        return _reduce(rows, reduction)
    return sum(rows) / sum(not_equal(target, ignore_index))


def nll_loss(input: Any, target: Any, weight: Any = None, ignore_index: int = -100, reduction: str = "mean") -> Any:
    """Compute the negative log-likelihood of class indices, of log-probabilities.

    As ``cross_entropy`` after ``log_softmax``. ``input``: (N, C, …) or (C,). ``target``: int of shape (N, …) or ().

    >>> df.nn.functional.nll_loss(df.tensor([[-1.0, -2.0], [-3.0, -4.0]]), df.tensor([1, 0]))
    tensor(2.5)
    """
    rows = _negative(input, target, ignore_index=ignore_index)
    if weight is None:
        return _reduce_kept(rows, target, ignore_index, reduction)
    _by_class(weight, input)
    share = _of_targets(weight, target, ignore_index)
    return sum(rows * share) / sum(share) if reduction == "mean" else _reduce(rows * share, reduction)


def _weighted(logits: Any, target: Any, weight: Any, ignore_index: int, reduction: str, smoothing: float) -> Any:
    axis = 1 if len(logits.shape) > 1 else 0
    log_probs = log_softmax(logits, axis=axis)
    sharp = nll_loss(log_probs, target, weight, ignore_index, reduction)
    if not smoothing:
        return sharp
    kept = target != ignore_index
    terms = log_probs if weight is None else log_probs * _by_class(weight, logits)
    rows = keep(-sum(terms, axis=axis), kept)
    if reduction == "mean":
        flat = sum(rows) / (sum(kept) if weight is None else sum(_of_targets(weight, target, ignore_index)))
    else:
        flat = _reduce(rows, reduction)
    classes = logits.shape[axis]
    if classes is None:
        raise GraphError("cross_entropy: label_smoothing needs to know how many classes there are")
    return sharp * (1 - smoothing) + flat * (smoothing / classes)

"""Losses by PyTorch's names: ``reduction`` is "mean", "sum" or "none"; targets need the input's shape unless told."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from dualflow.core import shapes
from dualflow.core.dtypes import WEAK
from dualflow.core.errors import OutOfRangeError, format_shape
from dualflow.core.op import primitive
from dualflow.ops.array.index import one_hot, take_along_axis
from dualflow.ops.array.shape import detach, expand_dims, reshape
from dualflow.ops.composite import refuse
from dualflow.ops.linalg.norms import pairwise_distance
from dualflow.ops.math.comparison import keep, where
from dualflow.ops.math.elementwise import abs, exp, log, maximum, minimum, relu, sigmoid, sqrt, square
from dualflow.ops.network import layer_shapes
from dualflow.ops.network.activation import logsigmoid
from dualflow.ops.network.softmax import _by_class, _negative, _of_targets, _reduce, one_hot_like
from dualflow.ops.reduce.reductions import max, mean, sum
from dualflow.ops.reduce.scan import cumprod


def _alike(name: str, x: Any, target: Any) -> None:
    """Warn when a target of another shape is broadcast: ``(n, 1)`` against ``(n,)`` gives ``(n, n)``."""
    ours, theirs = getattr(x, "shape", None), getattr(target, "shape", None)
    if ours is not None and theirs is not None and not shapes.agree(ours, theirs):
        warnings.warn(
            f"{name}: the target's shape {tuple(theirs)} differs from the input's {tuple(ours)}; they are broadcast, "
            "which is seldom meant",
            UserWarning,
            stacklevel=3,
        )


def _same(name: str, x: Any, target: Any) -> None:
    ours, theirs = getattr(x, "shape", ()), getattr(target, "shape", ())
    if ours is not None and theirs is not None and not shapes.agree(ours, theirs):
        reason = f"a target of shape {format_shape(theirs)} does not fit an input of shape {format_shape(ours)}"
        raise refuse(name, reason, input=x, target=target)


def mse_loss(input: Any, target: Any, reduction: str = "mean") -> Any:
    """Compute the mean squared error. Warns when the shapes differ and are broadcast.

    >>> df.nn.functional.mse_loss(df.tensor([1.0, 2.0]), df.tensor([1.0, 4.0]))
    tensor(2.)
    """
    _alike("mse_loss", input, target)
    return _reduce(square(input - target), reduction)


def l1_loss(input: Any, target: Any, reduction: str = "mean") -> Any:
    """Compute the mean absolute error. Warns when the shapes differ and are broadcast.

    >>> df.nn.functional.l1_loss(df.tensor([1.0, 2.0]), df.tensor([1.0, 4.0]))
    tensor(1.)
    """
    _alike("l1_loss", input, target)
    return _reduce(abs(input - target), reduction)


def smooth_l1_loss(input: Any, target: Any, reduction: str = "mean", beta: float = 1.0) -> Any:
    """Compute the error d²/(2 beta) below ``beta``, |d| - beta/2 above.

    >>> df.nn.functional.smooth_l1_loss(df.tensor([1.0, 2.0]), df.tensor([1.0, 4.0]), reduction="sum")
    tensor(1.5)
    """
    if beta < 0:
        raise ValueError(f"smooth_l1_loss: beta must be at least 0, not {beta}")
    if beta == 0:
        return l1_loss(input, target, reduction)
    _alike("smooth_l1_loss", input, target)
    off = input - target
    away = abs(off)  # not squared: at 0 it has no slope
    return _reduce(where(away < beta, square(off) * (0.5 / beta), away - 0.5 * beta), reduction)


def huber_loss(input: Any, target: Any, reduction: str = "mean", delta: float = 1.0) -> Any:
    """Compute the error d²/2 up to ``delta``, delta · (|d| - delta/2) above.

    >>> df.nn.functional.huber_loss(df.tensor([1.0]), df.tensor([4.0]), delta=2.0)
    tensor(4.)
    """
    if delta <= 0:
        raise ValueError(f"huber_loss: delta must be positive, not {delta}")
    _alike("huber_loss", input, target)
    off = input - target
    away = abs(off)
    return _reduce(where(away <= delta, square(off) * 0.5, (away - 0.5 * delta) * delta), reduction)


# ------------------------------------------------------------------------------------------------- of probabilities


@primitive(shape=layer_shapes.likelihood, dtype="real float", broadcasts=True)
def binary_entropy(xp: Any, x: Any, target: Any) -> Any:
    """Compute ``-target · log(x) - (1 - target) · log(1 - x)``, logarithms at least -100: see ``binary_cross_entropy``.

    Raises OutOfRangeError for an ``x`` outside 0 … 1.

    >>> from dualflow.ops.network.losses import binary_entropy
    >>> binary_entropy(df.tensor([1.0]), df.tensor([0.0]))
    tensor([100.])
    """
    x, target = _arrays(xp, x, target)
    yes = xp.maximum(xp.where(x == 0, -100, xp.log(xp.where(x == 0, 1, x))), -100)
    no = xp.maximum(xp.where(x == 1, -100, xp.log1p(-xp.where(x == 1, 0, x))), -100)
    return (target - 1) * no - target * yes


def _arrays(xp: Any, *operands: Any) -> tuple[Any, ...]:
    """Give Python numbers the dtype of the arrays beside them, which NumPy's own scalars would widen."""
    dtypes = [x.dtype for x in operands if x.__class__ not in WEAK]
    return tuple(xp.asarray(x, dtypes[0]) if dtypes and x.__class__ in WEAK else x for x in operands)


@binary_entropy.kernel("numpy")
def _binary_entropy(x: Any, target: Any) -> Any:
    if np.any((x < 0) | (x > 1)):
        raise ValueError(OUTSIDE[1])
    return binary_entropy.op.body(np, x, target)


OUTSIDE = (OutOfRangeError, "the input must be probabilities, between 0 and 1; for scores there is ..._with_logits")


def _outside(xp: Any, x: Any, target: Any) -> Any:
    return xp.any((x < 0) | (x > 1))


binary_entropy.guard(_outside, OUTSIDE)
binary_entropy.vjp(
    x=lambda g, y, x, target: g * (x - target) / maximum((1 - x) * x, 1e-12),
    target=lambda g, y, x, target: g * (maximum(_log(1 - x), -100.0) - maximum(_log(x), -100.0)),
    reads={"x": "x target", "target": "x"},
)


def _log(x: Any) -> Any:
    """Compute the logarithm, -100 in place of that of 0."""
    return where(x > 0, log(where(x > 0, x, 1.0)), -100.0)


def binary_cross_entropy(input: Any, target: Any, weight: Any = None, reduction: str = "mean") -> Any:
    """Compute the cross entropy of probabilities ``input`` against probabilities ``target``, in nats.

    Logarithms are at least -100, as PyTorch's. ``weight`` broadcasts. Raises OutOfRangeError outside 0 … 1.

    >>> df.nn.functional.binary_cross_entropy(df.tensor([0.5]), df.tensor([1.0]))
    tensor(0.6931472)
    """
    _same("binary_cross_entropy", input, target)
    each = binary_entropy(input, target)
    return _reduce(each if weight is None else each * weight, reduction)


@primitive(shape=layer_shapes.likelihood, dtype="real float", broadcasts=True)
def binary_entropy_of_logits(xp: Any, x: Any, target: Any, positive: Any = None) -> Any:
    """Compute ``(1 - t) · x + (1 + (positive - 1) · t) · log(1 + exp(-x))`` without overflow.

    >>> from dualflow.ops.network.losses import binary_entropy_of_logits
    >>> binary_entropy_of_logits(df.tensor([1000.0]), df.tensor([1.0]))
    tensor([0.])
    """
    x, target = _arrays(xp, x, target)
    soft = xp.log1p(xp.exp(-xp.abs(x))) + xp.maximum(-x, 0)
    if positive is None:
        return (1 - target) * x + soft
    return (1 - target) * x + (1 + (positive - 1) * target) * soft


def _of_logits_x(g: Any, y: Any, x: Any, target: Any, positive: Any) -> Any:
    if positive is None:
        return g * (sigmoid(x) - target)
    return g * ((1 - target) - (1 + (positive - 1) * target) * sigmoid(-x))


binary_entropy_of_logits.vjp(
    x=_of_logits_x,
    target=lambda g, y, x, target, positive: -g * x if positive is None else -g * ((positive - 1) * logsigmoid(x) + x),
    positive=lambda g, y, x, target, positive: -g * (target * logsigmoid(x)),
    reads={"x": "x target positive", "target": "x positive", "positive": "x target"},
)


def binary_cross_entropy_with_logits(
    input: Any, target: Any, weight: Any = None, reduction: str = "mean", pos_weight: Any = None
) -> Any:
    """Compute the binary cross entropy of scores, before any sigmoid, in nats and without overflow.

    ``weight`` broadcasts; ``pos_weight`` does too and multiplies the part of the positive class.

    >>> df.nn.functional.binary_cross_entropy_with_logits(df.tensor([0.0]), df.tensor([1.0]))
    tensor(0.6931472)
    """
    _same("binary_cross_entropy_with_logits", input, target)
    each = binary_entropy_of_logits(input, target, pos_weight)
    return _reduce(each if weight is None else each * weight, reduction)


def _self_log(t: Any) -> Any:
    """Compute t · log(t), 0 at 0."""
    return where(t > 0, t * log(where(t > 0, t, 1.0)), t * 0)


def kl_div(input: Any, target: Any, reduction: str = "mean", log_target: bool = False) -> Any:
    """Compute the divergence ``target · (log(target) - input)`` of log-probabilities ``input`` from ``target``.

    ``reduction`` may also be "batchmean": the sum over the first size. ``log_target``: the target is logarithms, too.

    >>> df.nn.functional.kl_div(df.tensor([[-1.0, -1.0]]), df.tensor([[1.0, 0.0]]), reduction="batchmean")
    tensor(1.)
    """
    each = exp(target) * (target - input) if log_target else _self_log(target) - target * input
    if reduction == "batchmean":
        return mean(sum(each, axis=tuple(range(1, len(each.shape)))))
    return _reduce(each, reduction)


def poisson_nll_loss(
    input: Any, target: Any, log_input: bool = True, full: bool = False, eps: float = 1e-8, reduction: str = "mean"
) -> Any:
    """Compute the negative log-likelihood of counts under Poisson distributions of rate exp(input), or ``input``.

    ``full``: add Stirling's approximation of log(target!), for targets above 1.

    >>> df.nn.functional.poisson_nll_loss(df.tensor([0.0]), df.tensor([3.0]))
    tensor(1.)
    """
    each = exp(input) - target * input if log_input else input - target * log(input + eps)
    if full:
        safe = where(target > 1, target, 2)
        stirling = safe * log(safe) - safe + 0.5 * log(2 * math.pi * safe)
        each = each + where(target > 1, stirling, 0.0)
    return _reduce(each, reduction)


def gaussian_nll_loss(
    input: Any, target: Any, var: Any, full: bool = False, eps: float = 1e-6, reduction: str = "mean"
) -> Any:
    """Compute ``(log(var) + (input - target)² / var) / 2``, the variance at least ``eps``.

    ``var``: of the input's shape, or without its last axis, or a number. ``full``: add log(2 pi)/2. The gradient
    passes the limit of the variance.

    >>> df.nn.functional.gaussian_nll_loss(df.tensor([1.0]), df.tensor([3.0]), df.tensor([1.0]))
    tensor(2.)
    """
    rank = len(input.shape)
    if hasattr(var, "dtype") and len(var.shape) == rank - 1 and shapes.agree(input.shape[:-1], var.shape):
        var = expand_dims(var, axis=-1)
    # what is added below the limit is a constant, so that the gradient passes it, as PyTorch's clamp without recording
    var = var + detach(maximum(var, eps) - var)
    each = 0.5 * (log(var) + square(input - target) / var)
    return _reduce(each + 0.5 * math.log(2 * math.pi) if full else each, reduction)


# -------------------------------------------------------------------------------------------------------- of margins


def hinge_embedding_loss(input: Any, target: Any, margin: float = 1.0, reduction: str = "mean") -> Any:
    """Compute ``input`` where the target is 1, max(0, margin - input) where it is -1.

    >>> df.nn.functional.hinge_embedding_loss(df.tensor([0.5, 0.25]), df.tensor([1, -1]), reduction="none")
    tensor([0.5 , 0.75])
    """
    near = where(target != 1, relu(margin - input), 0.0)
    return _reduce(near + where(target != -1, input, 0.0), reduction)


def margin_ranking_loss(input1: Any, input2: Any, target: Any, margin: float = 0.0, reduction: str = "mean") -> Any:
    """Compute max(0, -target · (input1 - input2) + margin): target 1 ranks the first higher, -1 the second.

    >>> df.nn.functional.margin_ranking_loss(df.tensor([1.0]), df.tensor([3.0]), df.tensor([1.0]))
    tensor(2.)
    """
    return _reduce(relu(-target * (input1 - input2) + margin), reduction)


def soft_margin_loss(input: Any, target: Any, reduction: str = "mean") -> Any:
    """Compute log(1 + exp(-target · input)) for targets 1 and -1.

    >>> df.nn.functional.soft_margin_loss(df.tensor([0.0]), df.tensor([1.0]))
    tensor(0.6931472)
    """
    return _reduce(binary_entropy_of_logits(target * input, 1.0), reduction)


def multilabel_soft_margin_loss(input: Any, target: Any, weight: Any = None, reduction: str = "mean") -> Any:
    """Compute the binary cross entropy of scores (…, classes), averaged over the classes.

    >>> df.nn.functional.multilabel_soft_margin_loss(df.zeros(1, 2), df.ones(1, 2))
    tensor(0.6931472)
    """
    each = binary_entropy_of_logits(input, target)
    return _reduce(mean(each if weight is None else each * weight, axis=-1), reduction)


def multi_margin_loss(
    input: Any, target: Any, p: int = 1, margin: float = 1.0, weight: Any = None, reduction: str = "mean"
) -> Any:
    """Compute the mean over classes of max(0, margin - input[target] + input[class]) ** p, but for the target itself.

    ``input``: (N, C) or (C,). ``target``: class indices (N,) or (). ``weight``: (C,), of the target's class.

    >>> df.nn.functional.multi_margin_loss(df.tensor([[0.0, 0.5]]), df.tensor([0]))
    tensor(0.75)
    """
    if p not in (1, 2):
        raise ValueError(f"multi_margin_loss: p must be 1 or 2, not {p!r}")
    single = not target.ndim
    if input.ndim < 2:
        input, target = reshape(input, shape=(1, -1)), reshape(target, shape=(1,))
    scores = expand_dims(-_negative(input, target), axis=-1)
    each = relu(margin - scores + input)
    each = each if p == 1 else square(each)
    each = each * (1 - one_hot_like(target, input))
    if weight is not None:
        _by_class(weight, input)
        each = each * expand_dims(_of_targets(weight, target, -100), axis=-1)
    rows = mean(each, axis=-1)
    return _reduce(reshape(rows, shape=()) if single else rows, reduction)


def multilabel_margin_loss(input: Any, target: Any, reduction: str = "mean") -> Any:
    """Compute the mean over classes of max(0, 1 - input[target] + input[other]), summed over targets and others.

    ``input``: (N, C) or (C,). ``target``: the same shape, class indices up to the first -1.

    >>> df.nn.functional.multilabel_margin_loss(df.tensor([[0.0, 0.5]]), df.tensor([[0, -1]]))
    tensor(0.75)
    """
    _same("multilabel_margin_loss", input, target)
    there = cumprod(target >= 0, axis=-1)
    chosen = expand_dims(keep(target, there), axis=-1)
    classes = one_hot(chosen[..., 0], num_classes=input.shape[-1], strict=True) * expand_dims(there, axis=-1)
    other = expand_dims(1 - max(classes, axis=-2), axis=-2)
    scores = take_along_axis(input, chosen[..., 0], axis=-1)
    each = relu(1 - expand_dims(scores, axis=-1) + expand_dims(input, axis=-2))
    return _reduce(sum(mean(each * other * expand_dims(there, axis=-1), axis=-1), axis=-1), reduction)


# ------------------------------------------------------------------------------------------------------ of distances


def cosine_embedding_loss(input1: Any, input2: Any, target: Any, margin: float = 0.0, reduction: str = "mean") -> Any:
    """Compute 1 - cos where the target is 1, max(0, cos - margin) where it is -1. Inputs: (N, D) or (D,).

    >>> x = df.tensor([[1.0, 0.0]])
    >>> df.nn.functional.cosine_embedding_loss(x, x, df.tensor([-1]), margin=0.25)
    tensor(0.75)
    """
    small = 1e-12  # as PyTorch's; the square root of the squares' product
    across = sum(input1 * input2, axis=-1)
    first, second = sum(square(input1), axis=-1) + small, sum(square(input2), axis=-1) + small
    cosine = across / sqrt(first * second)
    each = where(target == 1, 1 - cosine, 0.0) + where(target == -1, relu(cosine - margin), 0.0)
    return _reduce(each, reduction)


def triplet_margin_loss(
    anchor: Any,
    positive: Any,
    negative: Any,
    margin: float = 1.0,
    p: float = 2.0,
    eps: float = 1e-6,
    swap: bool = False,
    reduction: str = "mean",
) -> Any:
    """Compute max(0, distance to the positive - distance to the negative + margin).

    ``swap``: where the positive is nearer to the negative than the anchor is, take that distance.

    >>> a = df.tensor([[0.0]])
    >>> df.nn.functional.triplet_margin_loss(a, a + 2, a - 1, eps=0)
    tensor(2.)
    """
    return triplet_margin_with_distance_loss(
        anchor,
        positive,
        negative,
        distance_function=lambda a, b: pairwise_distance(a, b, p, eps),
        margin=margin,
        swap=swap,
        reduction=reduction,
    )


def triplet_margin_with_distance_loss(
    anchor: Any,
    positive: Any,
    negative: Any,
    *,
    distance_function: Callable[[Any, Any], Any] | None = None,
    margin: float = 1.0,
    swap: bool = False,
    reduction: str = "mean",
) -> Any:
    """Compute ``triplet_margin_loss`` with a distance of your own; that is ``pairwise_distance`` when left out.

    >>> a = df.tensor([[0.0]])
    >>> df.nn.functional.triplet_margin_with_distance_loss(a, a + 2, a, distance_function=df.nn.functional.l1_loss)
    tensor(3.)
    """
    if margin <= 0:
        raise ValueError(f"triplet_margin_loss: the margin must be positive, not {margin}")
    away = distance_function or pairwise_distance
    near, far = away(anchor, positive), away(anchor, negative)
    if swap:
        far = minimum(far, away(positive, negative))
    return _reduce(relu(near - far + margin), reduction)

"""Normalization: each layer standardizes over axes of its own, then scales and shifts."""

from __future__ import annotations

from typing import Any

import numpy as np

from dualflow.core import dtypes, shapes
from dualflow.core.errors import GraphError, format_shape
from dualflow.core.mode import no_grad
from dualflow.core.op import primitive
from dualflow.ops.array.shape import detach, expand_dims, reshape, reshape_like, squeeze
from dualflow.ops.composite import refuse
from dualflow.ops.math.elementwise import sqrt, square
from dualflow.ops.network import layer_shapes
from dualflow.ops.network.windows import avg_pool
from dualflow.ops.reduce.reductions import mean, over, var


@primitive(shape=layer_shapes.kept, dtype="real float")
def standardize(xp: Any, x: Any, *, axis: Any, eps: float = 1e-5) -> Any:
    """Subtract the mean over ``axis`` and divide by the root of the variance plus ``eps``.

    One card rather than six ops, because batch and layer normalization are little else: its gradient passes over ``x``
    a third as often.

    >>> from dualflow.ops.network.normalization import standardize
    >>> standardize(df.tensor([1.0, 3.0]), axis=-1, eps=0.0)
    tensor([-1.,  1.])
    """
    axis = over(x, axis)
    away = x - x.mean(axis=axis, keepdims=True)
    return away / xp.sqrt((away * away).mean(axis=axis, keepdims=True) + x.dtype.type(eps))


@standardize.kernel("numpy")
def _standardize(x: Any, *, axis: Any, eps: float = 1e-5) -> Any:
    if not x.size:
        shapes.normalize_axes(axis, x.ndim)
        return x.copy()
    axis = over(x, axis)
    away = x - x.mean(axis=axis, keepdims=True)
    spread = np.square(away).mean(axis=axis, keepdims=True)
    spread += x.dtype.type(eps)
    away /= np.sqrt(spread, out=spread)
    return away


def _standardize_x(g: Any, y: Any, x: Any, *, axis: Any, eps: float) -> Any:
    spread = sqrt(var(x, axis=axis, keepdims=True) + eps)
    along = mean(g * y, axis=axis, keepdims=True)
    return (g - mean(g, axis=axis, keepdims=True) - y * along) / spread


standardize.vjp(x=_standardize_x)


# ----------------------------------------------------------------------------------------------------- as PyTorch's


def _affine(x: Any, weight: Any, bias: Any, axes: int) -> Any:
    """Scale and shift by parameters that have ``axes`` axes of ``x`` to their right."""
    if weight is not None:
        x = x * (reshape(weight, shape=(-1, *(1,) * axes)) if axes else weight)
    if bias is not None:
        x = x + (reshape(bias, shape=(-1, *(1,) * axes)) if axes else bias)
    return x


def _rank(name: str, x: Any, least: int) -> int:
    if x.shape is None or len(x.shape) < least:
        shown = "unknown rank" if x.shape is None else f"shape {format_shape(x.shape)}"
        raise refuse(name, f"at least {least} axes are needed: (batch, channels, …), not {shown}", input=x)
    return len(x.shape)


def _channels(name: str, x: Any, **parameters: Any) -> None:
    for title, value in parameters.items():
        if value is not None and value.shape is not None and not shapes.agree(tuple(value.shape), (x.shape[1],)):
            found = format_shape(value.shape)
            reason = f"{title} of shape {found} does not fit the {x.shape[1]} channels of {format_shape(x.shape)}"
            raise refuse(name, reason, input=x, **{title: value})


def overwrite(name: str, state: Any, value: Any) -> None:
    """Give a tensor that a function changes as it goes a new value, in place. Raises GraphError for a symbol."""
    if hasattr(state, "assign"):
        state.assign(value)
    elif hasattr(state, "copy_"):
        with no_grad():
            state.copy_(value)
    else:
        reason = "a symbol is no state: what changes from run to run must be a Variable or a module's buffer"
        raise refuse(name, reason, kind=GraphError, state=state)


def _track(name: str, running: Any, momentum: Any, value: Any) -> None:
    """Move a running statistic towards ``value`` by ``momentum``."""
    old = detach(running)
    overwrite(name, running, old * (1 - momentum) + value * momentum)


def batch_norm(
    input: Any,
    running_mean: Any,
    running_var: Any,
    weight: Any = None,
    bias: Any = None,
    training: bool = False,
    momentum: Any = 0.1,
    eps: float = 1e-5,
) -> Any:
    """Standardize each channel over the batch and space; in training by their own statistics, else by the running ones.

    ``input``: (batch, channels, …). The others: (channels,), or None. In training the running statistics move by
    ``momentum`` towards the batch's mean and unbiased variance, in place. Raises ShapeError for one value a channel.

    >>> x = df.tensor([[1.0, 4.0], [3.0, 8.0]])
    >>> df.nn.functional.batch_norm(x, df.zeros(2), df.ones(2), training=True, eps=0)
    tensor([[-1., -1.],
            [ 1.,  1.]])
    """
    rank = _rank("batch_norm", input, 2)
    _channels("batch_norm", input, running_mean=running_mean, running_var=running_var, weight=weight, bias=bias)
    axes, over_axes = rank - 2, (0, *range(2, rank))
    if not training:
        if running_mean is None or running_var is None:
            raise ValueError("batch_norm: running_mean and running_var are needed when not training")
        scale = 1 / sqrt(running_var + eps) if weight is None else weight / sqrt(running_var + eps)
        shift = -running_mean * scale if bias is None else bias - running_mean * scale
        return _affine(input, scale, shift, axes)
    if layer_shapes.times(*(input.shape[i] for i in over_axes)) == 1:
        raise refuse("batch_norm", "training needs more than one value for each channel", input=input)
    if running_mean is not None or running_var is not None:
        seen = detach(input)
        if running_mean is not None:
            _track("batch_norm", running_mean, momentum, mean(seen, axis=over_axes))
        if running_var is not None:
            _track("batch_norm", running_var, momentum, var(seen, axis=over_axes, correction=1))
    return _affine(standardize(input, axis=over_axes, eps=eps), weight, bias, axes)


def instance_norm(
    input: Any,
    running_mean: Any = None,
    running_var: Any = None,
    weight: Any = None,
    bias: Any = None,
    use_input_stats: bool = True,
    momentum: Any = 0.1,
    eps: float = 1e-5,
) -> Any:
    """Standardize each channel of each sample over space; see ``batch_norm``.

    ``input``: (batch, channels, …). ``use_input_stats=False``: by the running statistics instead.

    >>> df.nn.functional.instance_norm(df.tensor([[[1.0, 3.0]]]), eps=0)
    tensor([[[-1.,  1.]]])
    """
    rank = _rank("instance_norm", input, 3)
    if not use_input_stats:
        return batch_norm(input, running_mean, running_var, weight, bias, False, momentum, eps)
    _channels("instance_norm", input, running_mean=running_mean, running_var=running_var, weight=weight, bias=bias)
    space = tuple(range(2, rank))
    if layer_shapes.times(*input.shape[2:]) == 1:
        reason = "training needs more than one value for each channel of a sample"
        raise refuse("instance_norm", reason, input=input)
    if running_mean is not None:
        _track("instance_norm", running_mean, momentum, mean(detach(input), axis=(0, *space)))
    if running_var is not None:
        _track("instance_norm", running_var, momentum, mean(var(detach(input), axis=space, correction=1), axis=0))
    return _affine(standardize(input, axis=space, eps=eps), weight, bias, rank - 2)


def _last(name: str, x: Any, normalized_shape: Any, **parameters: Any) -> tuple[int, ...]:
    """Return the last axes that are normalized, which must have the sizes given."""
    wanted = tuple(normalized_shape) if isinstance(normalized_shape, tuple | list) else (normalized_shape,)
    if not wanted:
        raise refuse(name, "normalized_shape names no axis", input=x)
    if x.shape is not None and not shapes.agree(tuple(x.shape[-len(wanted) :]), wanted):
        reason = f"normalized_shape {format_shape(wanted)} does not end {format_shape(x.shape)}"
        raise refuse(name, reason, input=x)
    for title, value in parameters.items():
        if value is not None and value.shape is not None and not shapes.agree(tuple(value.shape), wanted):
            reason = f"{title} of shape {format_shape(value.shape)} is not of normalized_shape {format_shape(wanted)}"
            raise refuse(name, reason, input=x, **{title: value})
    return tuple(range(-len(wanted), 0))


def layer_norm(input: Any, normalized_shape: Any, weight: Any = None, bias: Any = None, eps: float = 1e-5) -> Any:
    """Standardize over the last axes, whose sizes are ``normalized_shape``, as ``weight`` and ``bias`` are.

    >>> df.nn.functional.layer_norm(df.tensor([[1.0, 3.0]]), 2, eps=0)
    tensor([[-1.,  1.]])
    """
    axes = _last("layer_norm", input, normalized_shape, weight=weight, bias=bias)
    return _affine(standardize(input, axis=axes, eps=eps), weight, bias, 0)


def rms_norm(input: Any, normalized_shape: Any, weight: Any = None, eps: float | None = None) -> Any:
    """Divide by the root of the mean square over the last axes, whose sizes are ``normalized_shape``.

    ``eps``: added to the mean square; the dtype's own when left out.

    >>> df.nn.functional.rms_norm(df.tensor([[3.0, 3.0]]), 2, eps=0)
    tensor([[1., 1.]])
    """
    axes = _last("rms_norm", input, normalized_shape, weight=weight)
    small = float(dtypes.limits(input.dtype).eps) if eps is None else eps
    return _affine(input / sqrt(mean(square(input), axis=axes, keepdims=True) + small), weight, None, 0)


def group_norm(input: Any, num_groups: int, weight: Any = None, bias: Any = None, eps: float = 1e-5) -> Any:
    """Standardize each of ``num_groups`` groups of channels of each sample over its channels and space.

    ``input``: (batch, channels, …); at most one size may be unknown in a graph. ``weight``, ``bias``: (channels,).

    >>> df.nn.functional.group_norm(df.tensor([[1.0, 3.0, 2.0, 4.0]]), 2, eps=0)
    tensor([[-1.,  1., -1.,  1.]])
    """
    rank = _rank("group_norm", input, 2)
    _channels("group_norm", input, weight=weight, bias=bias)
    batch, channels, *space = input.shape
    reason = ""
    if channels is None or [batch, *space].count(None) > 1:
        reason = f"the channels and all sizes but one must be known, in {format_shape(input.shape)}"
    elif num_groups < 1 or channels % num_groups:
        reason = f"{channels} channels cannot be divided into {num_groups} groups"
    if reason:
        raise refuse("group_norm", reason, input=input)
    each = layer_shapes.times(channels // num_groups, *space)
    grouped = reshape(input, shape=(-1 if batch is None else batch, num_groups, -1 if each is None else each))
    return _affine(reshape_like(standardize(grouped, axis=-1, eps=eps), input), weight, bias, rank - 2)


def local_response_norm(input: Any, size: int, alpha: float = 1e-4, beta: float = 0.75, k: float = 1.0) -> Any:
    """Divide by (k + alpha · mean of squares over ``size`` neighbouring channels) ** beta (Krizhevsky et al. 2012).

    >>> df.nn.functional.local_response_norm(df.ones(1, 1, 1), 1, alpha=3.0, beta=0.5)
    tensor([[[0.5]]])
    """
    rank = _rank("local_response_norm", input, 3)
    if size < 1:
        raise refuse("local_response_norm", f"size must be at least 1, not {size}", input=input)
    flat = (1,) * (rank - 2)
    pads = ((size // 2, (size - 1) // 2), *((0, 0) for _ in flat))
    squares = expand_dims(square(input), axis=1)
    near = avg_pool(squares, kernel=(size, *flat), stride=(1, *flat), padding=pads)
    return input / (squeeze(near, axis=1) * alpha + k) ** beta

"""Windows that slide over the last axes: pooling, and windows as columns."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from dualflow.core import dtypes
from dualflow.core.op import late, primitive
from dualflow.ops.array.index import beyond
from dualflow.ops.composite import Speaking
from dualflow.ops.network import layer_shapes
from dualflow.ops.network.convolution_numpy import pad

PAD = late("jax.lax.pad")


def _padded(xp: Any, x: Any, kernel: Any, stride: Any, padding: Any, dilation: Any, out: Any, value: Any) -> Any:
    """Pad ``x``, also as far as the last windows reach."""
    pads = _reach(x, kernel, stride, padding, dilation, out)
    if xp is np:
        return pad(x, pads, value)
    return xp.pad(x, [(0, 0)] * (x.ndim - len(kernel)) + pads, constant_values=value)


def _reach(x: Any, kernel: Any, stride: Any, padding: Any, dilation: Any, out: Any) -> list[tuple[int, int]]:
    axes = zip(x.shape[-len(kernel) :], kernel, stride, padding, dilation, out[-len(kernel) :], strict=True)
    return [(lo, max(hi, (m - 1) * s + d * (k - 1) + 1 - n - lo)) for n, k, s, (lo, hi), d, m in axes]


def _slices(kernel: Any, stride: Any, dilation: Any, out: Any) -> Iterator[tuple[tuple[int, ...], tuple[Any, ...]]]:
    """Yield each place in a window, and the slices of the padded tensor that hold it for all windows."""
    for at in itertools.product(*map(range, kernel)):
        axes = zip(at, dilation, stride, out[-len(kernel) :], strict=True)
        yield at, (..., *(slice(i * d, i * d + s * (m - 1) + 1 if m else i * d, s) for i, d, s, m in axes))


def _lowest(dtype: Any) -> Any:
    return -np.inf if dtype.kind in dtypes.REAL else np.iinfo(dtype).min


@primitive(shape=layer_shapes.pooled_full, dtype="amount", domain="distinct")
def max_pool(xp: Any, x: Any, *, kernel: Any, stride: Any, padding: Any, dilation: Any, ceil: bool = False) -> Any:
    """Take the largest element of each window: the primitive behind ``max_pool1d``, ``max_pool2d`` and ``max_pool3d``.

    ``x``: (…, *spatial). The rest are tuples as of ``convolve``; ``ceil`` keeps a last window that is only begun.

    >>> from dualflow.ops.network.windows import max_pool
    >>> max_pool(df.tensor([1.0, 3.0, 2.0, 0.0]), kernel=(2,), stride=(2,), padding=((0, 0),), dilation=(1,))
    tensor([3., 2.])
    """
    static = {"kernel": kernel, "stride": stride, "padding": padding, "dilation": dilation}
    out = layer_shapes.pooled_full(x, ceil=ceil, **static)
    whole = _padded(xp, x, kernel, stride, padding, dilation, out, _lowest(x.dtype))
    best: Any = None
    for _, where in _slices(kernel, stride, dilation, out):
        best = whole[where] if best is None else xp.maximum(best, whole[where])
    return best.copy() if math.prod(kernel) == 1 else best


@primitive(shape=layer_shapes.pooled_full, dtype="index", domain="distinct")
def max_pool_places(
    xp: Any, x: Any, *, kernel: Any, stride: Any, padding: Any, dilation: Any, ceil: bool = False
) -> Any:
    """Find where ``max_pool`` takes its elements: flat places in the spatial axes (int64), the first of equals.

    >>> from dualflow.ops.network.windows import max_pool_places
    >>> max_pool_places(df.tensor([1.0, 3.0, 2.0, 0.0]), kernel=(2,), stride=(2,), padding=((0, 0),), dilation=(1,))
    tensor([1, 2])
    """
    static = {"kernel": kernel, "stride": stride, "padding": padding, "dilation": dilation}
    out = layer_shapes.pooled_full(x, ceil=ceil, **static)
    rank = len(kernel)
    whole = _padded(xp, x, kernel, stride, padding, dilation, out, _lowest(x.dtype))
    starts = [s * np.arange(m) - lo for s, m, (lo, _) in zip(stride, out[-rank:], padding, strict=True)]
    first = [start + -(np.minimum(start, 0) // d) * d for start, d in zip(starts, dilation, strict=True)]
    places = xp.broadcast_to(xp.asarray(flat_places(first, x.shape[-rank:])), out)
    best = xp.full(out, _lowest(x.dtype), x.dtype)
    for at, where in _slices(kernel, stride, dilation, out):
        here = flat_places([start + i * d for start, i, d in zip(starts, at, dilation, strict=True)], x.shape[-rank:])
        found = whole[where]
        better = (found > best) | (found != found)  # NaN is the largest
        places, best = xp.where(better, here, places), xp.where(better, found, best)
    return places.astype(np.int64)


def flat_places(axes: list[Any], spatial: Any) -> Any:
    """Return the flat place of each combination of positions along the axes."""
    total = np.zeros((1,) * len(axes), np.int64)
    for i, (positions, n) in enumerate(zip(axes, spatial, strict=True)):
        total = total * n + positions.reshape((-1,) + (1,) * (len(axes) - i - 1))
    return total


@primitive(shape=layer_shapes.picked, dtype="first", promotes=(0,))
def pick_places(xp: Any, x: Any, places: Any, *, rank: int) -> Any:
    """Pick elements of the last ``rank`` axes of ``x`` at flat places, as ``max_pool_places`` gives them.

    >>> from dualflow.ops.network.windows import pick_places
    >>> pick_places(df.tensor([5.0, 6.0, 7.0]), df.tensor([1, 1]), rank=1)
    tensor([6., 6.])
    """
    layer_shapes.picked(x, places, rank=rank)
    lead = x.shape[: x.ndim - rank]
    flat = x.reshape(*lead, math.prod(x.shape[len(lead) :]))
    at = places.reshape(*lead, math.prod(places.shape[len(lead) :]))
    return xp.take_along_axis(flat, at, axis=-1).reshape(places.shape)


@pick_places.guard
def _beyond(xp: Any, x: Any, places: Any, *, rank: int) -> Any:
    size = math.prod(x.shape[x.ndim - rank :])
    return beyond(xp, places, size, -size)


@primitive(shape=layer_shapes.put_back, dtype="first", promotes=(0,))
def put_places_like(xp: Any, g: Any, places: Any, x: Any, *, rank: int) -> Any:
    """Add ``g`` into zeros of the shape of ``x`` at flat places in its last ``rank`` axes.

    >>> from dualflow.ops.network.windows import put_places_like
    >>> put_places_like(df.ones(2), df.tensor([1, 1]), df.zeros(3), rank=1)
    tensor([0., 2., 0.])
    """
    return (
        xp.zeros(math.prod(x.shape), g.dtype).at[_absolute(xp, g, places, x, rank)].add(g.reshape(-1)).reshape(x.shape)
    )


@put_places_like.kernel("numpy")
def _put_places(g: Any, places: Any, x: Any, *, rank: int) -> Any:
    out = np.zeros(math.prod(x.shape), g.dtype)
    np.add.at(out, _absolute(np, g, places, x, rank), g.reshape(-1))
    return out.reshape(x.shape)


@put_places_like.guard
def _put_beyond(xp: Any, g: Any, places: Any, x: Any, *, rank: int) -> Any:
    return _beyond(xp, x, places, rank=rank)


def _absolute(xp: Any, g: Any, places: Any, x: Any, rank: int) -> Any:
    layer_shapes.put_back(g, places, x, rank=rank)
    lead, size = x.shape[: x.ndim - rank], math.prod(x.shape[x.ndim - rank :])
    if xp is np and _beyond(np, x, places, rank=rank):
        raise IndexError(f"places run from {places.min()} to {places.max()}; there are {size}")
    rows = xp.arange(math.prod(lead)).reshape(*lead, *(1,) * rank) * size
    return (rows + xp.where(places < 0, places + size, places)).reshape(-1)


pick_places.vjp(x=lambda g, y, x, places, *, rank: put_places_like(g, places, x, rank=rank), reads="places")
put_places_like.vjp(g=lambda g, y, g0, places, x, *, rank: pick_places(g, places, rank=rank), reads="places")


def _max_pool_x(g: Any, y: Any, x: Any, **static: Any) -> Any:
    return put_places_like(g, max_pool_places(x, **static), x, rank=len(static["kernel"]))


max_pool.vjp(x=_max_pool_x, reads="x")


# ------------------------------------------------------------------------------------------------------------ averages


def _share(x: Any, out: Any, kernel: Any, stride: Any, padding: Any, include_pad: bool, divisor: Any) -> Any:
    """Return by how much each window's sum is divided: a number, or an array over the spatial axes."""
    if divisor:
        return divisor
    rank, total = len(kernel), np.ones((), np.int64)
    for n, m, k, s, (lo, hi) in zip(x.shape[-rank:], out[-rank:], kernel, stride, padding, strict=True):
        start = s * np.arange(m) - lo
        end = np.minimum(start + k, n + hi)
        count = end - start if include_pad else np.minimum(end, n) - np.maximum(start, 0)
        total = total[..., None] * count
    least = int(total.min(initial=math.prod(kernel)))
    return least if total.size == 0 or least == total.max() else total


@primitive(shape=layer_shapes.pooled_full, dtype="real float")
def avg_pool(
    xp: Any,
    x: Any,
    *,
    kernel: Any,
    stride: Any,
    padding: Any,
    ceil: bool = False,
    include_pad: bool = True,
    divisor: int | None = None,
) -> Any:
    """Average each window: the primitive behind ``avg_pool1d``, ``avg_pool2d`` and ``avg_pool3d``.

    ``include_pad``: count the zeros of the padding too. ``divisor``: divide by that instead of the count.

    >>> from dualflow.ops.network.windows import avg_pool
    >>> avg_pool(df.tensor([1.0, 3.0, 2.0, 0.0]), kernel=(2,), stride=(2,), padding=((0, 0),))
    tensor([2., 1.])
    """
    out = layer_shapes.pooled_full(x, kernel=kernel, stride=stride, padding=padding, ceil=ceil)
    flat = (1,) * len(kernel)
    whole = _padded(xp, x, kernel, stride, padding, flat, out, 0)
    total: Any = None
    for _, where in _slices(kernel, stride, flat, out):
        total = whole[where] if total is None else total + whole[where]
    share = _share(x, out, kernel, stride, padding, include_pad, divisor)
    return (total / share).astype(x.dtype)


@primitive(shape=layer_shapes.unpooled, dtype="real float", promotes=(0,))
def avg_pool_like(
    xp: Any,
    g: Any,
    x: Any,
    *,
    kernel: Any,
    stride: Any,
    padding: Any,
    ceil: bool = False,
    include_pad: bool = True,
    divisor: int | None = None,
) -> Any:
    """Share each element of ``g`` among the window of ``x`` that ``avg_pool`` averaged.

    >>> from dualflow.ops.network.windows import avg_pool_like
    >>> avg_pool_like(df.tensor([2.0]), df.zeros(3), kernel=(2,), stride=(2,), padding=((0, 0),))
    tensor([1., 1., 0.])
    """
    out = layer_shapes.pooled(x, kernel=kernel, stride=stride, padding=padding, ceil=ceil)
    if g.shape != out:
        layer_shapes.unpooled(g, x, kernel=kernel, stride=stride, padding=padding, ceil=ceil)
    share = (g / _share(x, out, kernel, stride, padding, include_pad, divisor)).astype(g.dtype)
    flat = (1,) * len(kernel)
    places = [share] * math.prod(kernel)
    return _add_windows(xp, places, x.shape, kernel, stride, padding, flat, out)


def _add_windows(
    xp: Any, parts: Any, shape: Any, kernel: Any, stride: Any, padding: Any, dilation: Any, out: Any
) -> Any:
    """Add up ``parts``, one for each place in a window, where ``_slices`` would have read them."""
    rank = len(kernel)
    lead = shape[: len(shape) - rank]
    spatial = zip(shape[len(lead) :], kernel, stride, padding, dilation, out[-rank:], strict=True)
    reach = [(lo, n, max(n + lo + hi, (m - 1) * s + d * (k - 1) + 1)) for n, k, s, (lo, hi), d, m in spatial]
    whole: Any = None
    if xp is np:
        whole = np.zeros((*lead, *(size for _, _, size in reach)), parts[0].dtype)
        for (_, where), part in zip(_slices(kernel, stride, dilation, out), parts, strict=True):
            whole[where] += part
    else:  # padding between the elements fuses into one loop; adding at slices is a scatter each
        for (at, _), part in zip(_slices(kernel, stride, dilation, out), parts, strict=True):
            axes = zip(at, dilation, stride, out[-rank:], reach, strict=True)
            spread = [(i * d, size - i * d - (m - 1) * s - 1, s - 1) for i, d, s, m, (_, _, size) in axes]
            wide = PAD(part, part.dtype.type(0), [(0, 0, 0)] * len(lead) + spread)
            whole = wide if whole is None else whole + wide
    return whole[(..., *(slice(lo, lo + n) for lo, n, _ in reach))]


avg_pool.vjp(x=lambda g, y, x, **static: avg_pool_like(g, x, **static), reads="")
avg_pool_like.vjp(g=lambda g, y, g0, x, **static: avg_pool(g, **static), reads="")


# ------------------------------------------------------------------------------------------------------------- columns


@primitive(shape=layer_shapes.columns, dtype="promote")
def columns(xp: Any, x: Any, *, kernel: Any, stride: Any, padding: Any, dilation: Any) -> Any:
    """Write each window of ``x`` (batch, channels, *spatial) as a column: the primitive behind ``unfold``.

    The result is (batch, channels · elements of a window, windows).

    >>> from dualflow.ops.network.windows import columns
    >>> columns(df.tensor([[[1, 2, 3]]]), kernel=(2,), stride=(1,), padding=((0, 0),), dilation=(1,))
    tensor([[[1, 2],
             [2, 3]]])
    """
    static = {"kernel": kernel, "stride": stride, "padding": padding, "dilation": dilation}
    made = layer_shapes.columns(x, **static)
    out = layer_shapes.pooled(x, **static)
    whole = _padded(xp, x, kernel, stride, padding, dilation, out, 0)
    parts = [whole[where] for _, where in _slices(kernel, stride, dilation, out)]
    return xp.stack(parts, axis=2).reshape(made)


@primitive(shape=layer_shapes.uncolumns, dtype="first", promotes=(0,))
def uncolumns(
    xp: Any, g: Any, like: Any = None, *, kernel: Any, stride: Any, padding: Any, dilation: Any, size: Any = None
) -> Any:
    """Add columns up where ``columns`` would have read them: the primitive behind ``fold``.

    The result has the shape of ``like``, or the spatial ``size``.

    >>> from dualflow.ops.network.windows import uncolumns
    >>> static = {"kernel": (2,), "stride": (1,), "padding": ((0, 0),), "dilation": (1,)}
    >>> uncolumns(df.ones(1, 2, 2), size=(3,), **static)
    tensor([[[1., 2., 1.]]])
    """
    static = {"kernel": kernel, "stride": stride, "padding": padding, "dilation": dilation}
    shape = layer_shapes.uncolumns(g, like, size=size, **static)
    out = layer_shapes.pooled(np.broadcast_to(np.int8(0), shape), **static)
    window = math.prod(kernel)
    parts = g.reshape(*shape[:2], window, *out[2:])
    each = [parts[:, :, i] for i in range(window)]
    return _add_windows(xp, each, shape, kernel, stride, padding, dilation, out)


def _columns_x(g: Any, y: Any, x: Any, **static: Any) -> Any:
    return uncolumns(g, x, **static)


def _uncolumns_g(g: Any, y: Any, g0: Any, like: Any, *, size: Any, **static: Any) -> Any:
    return columns(g, **static)


columns.vjp(x=_columns_x, reads="")
uncolumns.vjp(g=_uncolumns_g, reads="")


def unfold(input: Any, kernel_size: Any, dilation: Any = 1, padding: Any = 0, stride: Any = 1) -> Any:
    """Write each window of (batch, channels, height, width) as a column (batch, channels · window, windows): im2col.

    >>> df.nn.functional.unfold(df.zeros(2, 3, 4, 5), (2, 3)).shape
    (2, 18, 9)
    """
    return columns(input, **_window("unfold", input, kernel_size, dilation, padding, stride))


def fold(input: Any, output_size: Any, kernel_size: Any, dilation: Any = 1, padding: Any = 0, stride: Any = 1) -> Any:
    """Add columns (batch, channels · window, windows) up where ``unfold`` would have read them: col2im.

    >>> df.nn.functional.fold(df.ones(1, 4, 1), (2, 2), (2, 2)).tolist()
    [[[[1.0, 1.0], [1.0, 1.0]]]]
    """
    static = _window("fold", input, kernel_size, dilation, padding, stride)
    with Speaking("fold", input=input):
        size = layer_shapes.spread(output_size, 2, "output_size")
    return uncolumns(input, size=size, **static)


def _window(name: str, x: Any, kernel_size: Any, dilation: Any, padding: Any, stride: Any) -> dict[str, Any]:
    with Speaking(name, input=x):
        return {
            "kernel": layer_shapes.spread(kernel_size, 2, "kernel_size"),
            "dilation": layer_shapes.spread(dilation, 2, "dilation"),
            "padding": tuple((n, n) for n in layer_shapes.spread(padding, 2, "padding", 0)),
            "stride": layer_shapes.spread(stride, 2, "stride"),
        }

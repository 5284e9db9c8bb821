"""Pooling, windows as columns and resizing by PyTorch's names, around the cards of ``pool``."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from dualflow.errors import GraphError, Misfit, compose, format_shape
from dualflow.mode import constant
from dualflow.ops import sizes
from dualflow.ops.convolution import complain
from dualflow.ops.index import take
from dualflow.ops.linalg import matmul
from dualflow.ops.pool import avg_pool, columns, max_pool, max_pool_places, uncolumns
from dualflow.ops.reduce import mean
from dualflow.ops.shape import permute_dims, reshape, transpose
from dualflow.site import user_site


def _max(
    name: str,
    rank: int,
    x: Any,
    kernel_size: Any,
    stride: Any,
    padding: Any,
    dilation: Any,
    ceil_mode: bool,
    return_indices: bool,
) -> Any:
    try:
        kernel = sizes.spread(kernel_size, rank, "kernel_size")
        static = {
            "kernel": kernel,
            "stride": kernel if stride is None else sizes.spread(stride, rank, "stride"),
            "padding": tuple((n, n) for n in sizes.spread(padding, rank, "padding", 0)),
            "dilation": sizes.spread(dilation, rank, "dilation"),
            "ceil": bool(ceil_mode),
        }
        _ranked(x, rank)
    except Misfit as misfit:
        raise complain(name, misfit, input=x) from None
    y = max_pool(x, **static)
    return (y, max_pool_places(x, **static)) if return_indices else y


def _ranked(x: Any, rank: int) -> None:
    if x.shape is not None and len(x.shape) not in (rank + 1, rank + 2):
        raise Misfit(f"(batch, channels) and {rank} spatial axes are needed, or no batch, not {format_shape(x.shape)}")


def max_pool1d(
    input: Any,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    dilation: Any = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Any:
    """Take the largest element of each window over one axis; see ``max_pool2d``.

    >>> import dualflow as df
    >>> df.nn.functional.max_pool1d(df.tensor([[1.0, 3.0, 2.0, 0.0]]), 2)
    tensor([[3., 2.]])
    """
    return _max("max_pool1d", 1, input, kernel_size, stride, padding, dilation, ceil_mode, return_indices)


def max_pool2d(
    input: Any,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    dilation: Any = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Any:
    """Take the largest element of each window over two axes; the first of equals gets the gradient.

    ``input``: (batch, channels, height, width), or without the batch. ``stride``: that of the kernel when left out.
    ``return_indices``: return (values, flat places in height × width) too. Raises ShapeError when nothing fits.

    >>> import dualflow as df
    >>> df.nn.functional.max_pool2d(df.zeros(8, 16, 32, 32), 3, stride=2, padding=1).shape
    (8, 16, 16, 16)
    """
    return _max("max_pool2d", 2, input, kernel_size, stride, padding, dilation, ceil_mode, return_indices)


def max_pool3d(
    input: Any,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    dilation: Any = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Any:
    """Take the largest element of each window over three axes; see ``max_pool2d``.

    >>> import dualflow as df
    >>> df.nn.functional.max_pool3d(df.zeros(1, 2, 4, 4, 4), 2).shape
    (1, 2, 2, 2, 2)
    """
    return _max("max_pool3d", 3, input, kernel_size, stride, padding, dilation, ceil_mode, return_indices)


def _avg(
    name: str,
    rank: int,
    x: Any,
    kernel_size: Any,
    stride: Any,
    padding: Any,
    ceil_mode: bool,
    count_include_pad: bool,
    divisor: Any,
) -> Any:
    try:
        kernel = sizes.spread(kernel_size, rank, "kernel_size")
        static = {
            "kernel": kernel,
            "stride": kernel if stride is None else sizes.spread(stride, rank, "stride"),
            "padding": tuple((n, n) for n in sizes.spread(padding, rank, "padding", 0)),
            "ceil": bool(ceil_mode),
            "include_pad": bool(count_include_pad),
            "divisor": divisor,
        }
        if divisor == 0:
            raise Misfit("divisor_override must not be zero")
        _ranked(x, rank)
    except Misfit as misfit:
        raise complain(name, misfit, input=x) from None
    return avg_pool(x, **static)


def avg_pool1d(
    input: Any,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> Any:
    """Average each window over one axis; see ``avg_pool2d``.

    >>> import dualflow as df
    >>> df.nn.functional.avg_pool1d(df.tensor([[1.0, 3.0, 2.0, 0.0]]), 2)
    tensor([[2., 1.]])
    """
    return _avg("avg_pool1d", 1, input, kernel_size, stride, padding, ceil_mode, count_include_pad, None)


def avg_pool2d(
    input: Any,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
) -> Any:
    """Average each window over two axes.

    ``input``: (batch, channels, height, width), or without the batch. ``stride``: that of the kernel when left out.
    ``count_include_pad``: whether the zeros of the padding count. Raises ShapeError when nothing fits.

    >>> import dualflow as df
    >>> df.nn.functional.avg_pool2d(df.ones(1, 1, 2, 2), 2, padding=1)
    tensor([[[[0.25, 0.25],
              [0.25, 0.25]]]])
    """
    return _avg("avg_pool2d", 2, input, kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override)


def avg_pool3d(
    input: Any,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
) -> Any:
    """Average each window over three axes; see ``avg_pool2d``.

    >>> import dualflow as df
    >>> df.nn.functional.avg_pool3d(df.zeros(1, 2, 4, 4, 4), 2).shape
    (1, 2, 2, 2, 2)
    """
    return _avg("avg_pool3d", 3, input, kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override)


# ---------------------------------------------------------------------------------------------------- adaptive pooling


def _wanted(name: str, rank: int, x: Any, output_size: Any) -> list[tuple[int, Any, int]]:
    """Return (axis, size, wanted size) for each spatial axis; None wants the size that there is."""
    try:
        if x.shape is None:
            raise Misfit("the rank of the input must be known")
        _ranked(x, rank)
        given = tuple(output_size) if isinstance(output_size, tuple | list) else (output_size,) * rank
        here = x.shape[-rank:]
        given = tuple(n if m is None else m for m, n in zip(given, here, strict=True)) if len(given) == rank else given
        wanted = sizes.spread(given, rank, "output_size", 0)
        for n, m in zip(here, wanted, strict=True):
            if n is None and m != 1:
                raise Misfit(f"a size of {m} out of one that the graph does not know; give the placeholder numbers")
            if n == 0 and m:
                raise Misfit(f"there is nothing to pool: shape {format_shape(x.shape)} is empty")
    except Misfit as misfit:
        raise complain(name, misfit, input=x) from None
    return [(i - rank, n, m) for i, (n, m) in enumerate(zip(here, wanted, strict=True))]


def _bins(size: int, wanted: int) -> list[tuple[int, int]]:
    """Return where the bins of adaptive pooling start and end: floor(i n / m) to ceil((i + 1) n / m)."""
    return [(i * size // wanted, -(-(i + 1) * size // wanted)) for i in range(wanted)]


def _even(wanted: list[tuple[int, Any, int]]) -> bool:
    return all(n is not None and m and n % m == 0 for _, n, m in wanted)


def _adaptive_avg(name: str, rank: int, x: Any, output_size: Any) -> Any:
    wanted = _wanted(name, rank, x, output_size)
    if all(m == 1 for _, _, m in wanted):
        return mean(x, axis=tuple(axis for axis, _, _ in wanted), keepdims=True)
    if _even(wanted):
        kernel = tuple(n // m for _, n, m in wanted)
        return avg_pool(x, kernel=kernel, stride=kernel, padding=((0, 0),) * rank)
    for axis, n, m in wanted:  # bins of unequal size: a matrix for each axis
        weights = np.zeros((m, n), x.dtype)
        for i, (start, end) in enumerate(_bins(n, m)):
            weights[i, start:end] = 1 / (end - start)
        x = _along(x, weights, axis)
    return x


def _along(x: Any, weights: np.ndarray, axis: int) -> Any:
    """Multiply the axis ``axis`` (negative) by a constant matrix (out, in)."""
    matrix = constant(np.ascontiguousarray(weights.T))
    if axis == -1:
        return matmul(x, matrix)
    return transpose(matmul(transpose(x, axis, -1), matrix), axis, -1)


def adaptive_avg_pool1d(input: Any, output_size: Any) -> Any:
    """Average one axis into ``output_size`` bins; see ``adaptive_avg_pool2d``.

    >>> import dualflow as df
    >>> df.nn.functional.adaptive_avg_pool1d(df.tensor([[1.0, 2.0, 6.0]]), 2)
    tensor([[1.5, 4. ]])
    """
    return _adaptive_avg("adaptive_avg_pool1d", 1, input, output_size)


def adaptive_avg_pool2d(input: Any, output_size: Any) -> Any:
    """Average two axes into bins, as many as asked for, of sizes that are as equal as they can be.

    ``output_size``: a number, or one for each axis, None for the size that there is. In a graph, sizes other than 1
    need an input whose sizes are known.

    >>> import dualflow as df
    >>> df.nn.functional.adaptive_avg_pool2d(df.zeros(2, 3, 7, 5), (1, None)).shape
    (2, 3, 1, 5)
    """
    return _adaptive_avg("adaptive_avg_pool2d", 2, input, output_size)


def adaptive_avg_pool3d(input: Any, output_size: Any) -> Any:
    """Average three axes into bins; see ``adaptive_avg_pool2d``.

    >>> import dualflow as df
    >>> df.nn.functional.adaptive_avg_pool3d(df.zeros(2, 3, 4, 4, 4), 2).shape
    (2, 3, 2, 2, 2)
    """
    return _adaptive_avg("adaptive_avg_pool3d", 3, input, output_size)


def _adaptive_max(name: str, rank: int, x: Any, output_size: Any) -> Any:
    wanted = _wanted(name, rank, x, output_size)
    kernel = []
    for axis, n, m in wanted:
        if n is None or m == 0:
            raise complain(name, Misfit("the sizes of the input must be known, and those asked for positive"), input=x)
        bins = _bins(n, m)
        kernel.append(max(end - start for start, end in bins))
        if n % m:  # write the bins one after the other, the last element again where one is shorter: the first counts
            places = [min(start + i, end - 1) for start, end in bins for i in range(kernel[-1])]
            x = take(x, constant(np.array(places)), axis=axis)
    static = {"kernel": tuple(kernel), "stride": tuple(kernel), "padding": ((0, 0),) * rank, "dilation": (1,) * rank}
    return max_pool(x, **static)


def adaptive_max_pool1d(input: Any, output_size: Any) -> Any:
    """Take the largest elements of one axis in ``output_size`` bins.

    >>> import dualflow as df
    >>> df.nn.functional.adaptive_max_pool1d(df.tensor([[1.0, 2.0, 6.0]]), 2)
    tensor([[2., 6.]])
    """
    return _adaptive_max("adaptive_max_pool1d", 1, input, output_size)


def adaptive_max_pool2d(input: Any, output_size: Any) -> Any:
    """Take the largest elements of two axes in bins, as many as asked for; sizes must be known.

    >>> import dualflow as df
    >>> df.nn.functional.adaptive_max_pool2d(df.zeros(2, 3, 7, 5), (3, 2)).shape
    (2, 3, 3, 2)
    """
    return _adaptive_max("adaptive_max_pool2d", 2, input, output_size)


def adaptive_max_pool3d(input: Any, output_size: Any) -> Any:
    """Take the largest elements of three axes in bins; see ``adaptive_max_pool2d``.

    >>> import dualflow as df
    >>> df.nn.functional.adaptive_max_pool3d(df.zeros(2, 3, 4, 5, 4), 2).shape
    (2, 3, 2, 2, 2)
    """
    return _adaptive_max("adaptive_max_pool3d", 3, input, output_size)


# --------------------------------------------------------------------------------------------------- unfold and fold


def unfold(input: Any, kernel_size: Any, dilation: Any = 1, padding: Any = 0, stride: Any = 1) -> Any:
    """Write each window of (batch, channels, height, width) as a column (batch, channels · window, windows): im2col.

    >>> import dualflow as df
    >>> df.nn.functional.unfold(df.zeros(2, 3, 4, 5), (2, 3)).shape
    (2, 18, 9)
    """
    return columns(input, **_window("unfold", input, kernel_size, dilation, padding, stride))


def fold(input: Any, output_size: Any, kernel_size: Any, dilation: Any = 1, padding: Any = 0, stride: Any = 1) -> Any:
    """Add columns (batch, channels · window, windows) up where ``unfold`` would have read them: col2im.

    >>> import dualflow as df
    >>> df.nn.functional.fold(df.ones(1, 4, 1), (2, 2), (2, 2)).tolist()
    [[[[1.0, 1.0], [1.0, 1.0]]]]
    """
    static = _window("fold", input, kernel_size, dilation, padding, stride)
    try:
        size = sizes.spread(output_size, 2, "output_size")
    except Misfit as misfit:
        raise complain("fold", misfit, input=input) from None
    return uncolumns(input, size=size, **static)


def _window(name: str, x: Any, kernel_size: Any, dilation: Any, padding: Any, stride: Any) -> dict[str, Any]:
    try:
        return {
            "kernel": sizes.spread(kernel_size, 2, "kernel_size"),
            "dilation": sizes.spread(dilation, 2, "dilation"),
            "padding": tuple((n, n) for n in sizes.spread(padding, 2, "padding", 0)),
            "stride": sizes.spread(stride, 2, "stride"),
        }
    except Misfit as misfit:
        raise complain(name, misfit, input=x) from None


# ----------------------------------------------------------------------------------------------------------- resizing


def _linear(positions: np.ndarray, size: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return which two elements each position lies between, and their weights."""
    positions = np.maximum(positions, 0)
    low = np.minimum(np.floor(positions).astype(np.int64), size - 1)
    part = np.clip(positions - low, 0, 1)
    return [(low, 1 - part), (np.minimum(low + 1, size - 1), part)]


def _cubic(positions: np.ndarray, size: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return the four elements around each position, and their weights.

    Keys 1981 (https://doi.org/10.1109/TASSP.1981.1163711) with a = -0.75, as PyTorch and OpenCV have it.
    """
    a, low = -0.75, np.floor(positions).astype(np.int64)
    found = []
    for offset in range(-1, 3):
        away = np.abs(positions - low - offset)
        near = ((a + 2) * away - (a + 3)) * away**2 + 1
        far = ((a * away - 5 * a) * away + 8 * a) * away - 4 * a
        found.append((np.clip(low + offset, 0, size - 1), np.where(away <= 1, near, far)))
    return found


MODES: dict[str, tuple[tuple[int, ...], Callable[..., Any] | None]] = {
    "nearest": ((1, 2, 3), None),
    "nearest-exact": ((1, 2, 3), None),
    "area": ((1, 2, 3), None),
    "linear": ((1,), _linear),
    "bilinear": ((2,), _linear),
    "trilinear": ((3,), _linear),
    "bicubic": ((2,), _cubic),
}
ADAPTIVE = {1: adaptive_avg_pool1d, 2: adaptive_avg_pool2d, 3: adaptive_avg_pool3d}


def interpolate(
    input: Any,
    size: Any = None,
    scale_factor: Any = None,
    mode: str = "nearest",
    align_corners: bool | None = None,
    recompute_scale_factor: bool | None = None,
) -> Any:
    """Resize the spatial axes of (batch, channels, *spatial), to ``size`` or by ``scale_factor``.

    ``mode``: "nearest", "nearest-exact", "area", "linear" (one axis), "bilinear" and "bicubic" (two),
    "trilinear" (three).
    ``align_corners``: let the corners' centres keep their places; for the linear and cubic modes only. In a graph the
    spatial sizes must be known.

    >>> import dualflow as df
    >>> df.nn.functional.interpolate(df.tensor([[[1.0, 3.0]]]), scale_factor=2, mode="linear")
    tensor([[[1. , 1.5, 2.5, 3. ]]])
    """
    try:
        if input.shape is None or None in input.shape[2:]:
            raise Misfit("the spatial sizes must be known; give the placeholder numbers")
        rank = len(input.shape) - 2
        if mode not in MODES:
            raise Misfit(f"mode must be one of {', '.join(MODES)}, not {mode!r}")
        if rank not in MODES[mode][0]:
            raise Misfit(f"mode {mode!r} is not for {rank} spatial axes, of shape {format_shape(input.shape)}")
        ways = MODES[mode][1]
        if align_corners is not None and ways is None:
            raise Misfit(f"align_corners says nothing about mode {mode!r}")
        wanted, scales = _resized(input.shape[2:], size, scale_factor, bool(recompute_scale_factor))
    except Misfit as misfit:
        raise complain("interpolate", misfit, input=input) from None
    if mode == "area":
        return ADAPTIVE[rank](input, wanted)
    x = input
    for i, (n, m, scale) in enumerate(zip(input.shape[2:], wanted, scales, strict=True)):
        axis, steps = i - rank, np.arange(m)
        if ways is None:
            exact = 0.5 if mode == "nearest-exact" else 0.0
            places = np.minimum(np.floor((steps + exact) * np.float32(scale)).astype(np.int64), n - 1)
            if m != n or not np.array_equal(places, steps):
                x = take(x, constant(places), axis=axis)
            continue
        if align_corners:
            positions = steps * ((n - 1) / (m - 1) if m > 1 else 0.0)
        else:
            positions = (steps + 0.5) * scale - 0.5
        weights = np.zeros((m, n), x.dtype)
        for places, parts in ways(positions, n):
            np.add.at(weights, (steps, places), parts)
        x = _along(x, weights, axis)
    return x


def _resized(here: tuple[int, ...], size: Any, factor: Any, recompute: bool) -> tuple[tuple[int, ...], list[float]]:
    """Return the sizes asked for, and how many old elements a new one spans along each axis."""
    rank = len(here)
    if (size is None) == (factor is None):
        raise Misfit("either size or scale_factor must be given, not both")
    if size is not None:
        wanted = sizes.spread(size, rank, "size")
        return wanted, [n / m for n, m in zip(here, wanted, strict=True)]
    factors = tuple(factor) if isinstance(factor, tuple | list) else (factor,) * rank
    if len(factors) != rank or not all(f > 0 for f in factors):
        raise Misfit(f"scale_factor is a positive number, or one for each of {rank} spatial axes, not {factor!r}")
    wanted = tuple(math.floor(n * f) for n, f in zip(here, factors, strict=True))
    if min(wanted) < 1:
        raise Misfit(f"scale_factor {factor!r} leaves nothing of {format_shape(here)}")
    if recompute:
        return wanted, [n / m for n, m in zip(here, wanted, strict=True)]
    return wanted, [1 / f for f in factors]


def _sized(name: str, x: Any, factor: int) -> tuple[int, ...]:
    """Return the last three sizes, which must be known, and be as many as ``factor`` asks."""
    shape = x.shape
    if shape is None or len(shape) < 3 or None in shape[-3:]:
        reason = "three axes of known sizes are needed: channels, height, width"
    elif factor < 1:
        reason = f"the factor must be positive, not {factor}"
    elif sum(n is None for n in shape) > 1:
        raise GraphError(f"{name}: at most one size may be unknown, in {format_shape(shape)}")
    else:
        return tuple(shape[-3:])
    raise compose(Misfit(reason).kind, f"{name}: {reason}", operands=[("input", x)], site=user_site())


def _lead(x: Any) -> tuple[int, ...]:
    return tuple(-1 if n is None else n for n in x.shape[:-3])


def pixel_shuffle(input: Any, upscale_factor: int) -> Any:
    """Move channels into space: (…, C · r², H, W) becomes (…, C, H · r, W · r).

    >>> import dualflow as df
    >>> df.nn.functional.pixel_shuffle(df.tensor([[[1]], [[2]], [[3]], [[4]]]), 2).tolist()
    [[[1, 2], [3, 4]]]
    """
    r = upscale_factor
    channels, height, width = _sized("pixel_shuffle", input, r)
    if channels % (r * r):
        raise complain("pixel_shuffle", Misfit(f"{channels} channels cannot be divided by {r}²"), input=input)
    lead = _lead(input)
    k = len(lead)
    x = reshape(input, shape=(*lead, channels // (r * r), r, r, height, width))
    x = permute_dims(x, axes=(*range(k), k, k + 3, k + 1, k + 4, k + 2))
    return reshape(x, shape=(*lead, channels // (r * r), height * r, width * r))


def pixel_unshuffle(input: Any, downscale_factor: int) -> Any:
    """Move space into channels: (…, C, H · r, W · r) becomes (…, C · r², H, W).

    >>> import dualflow as df
    >>> df.nn.functional.pixel_unshuffle(df.tensor([[[1, 2], [3, 4]]]), 2).shape
    (4, 1, 1)
    """
    r = downscale_factor
    channels, height, width = _sized("pixel_unshuffle", input, r)
    if height % r or width % r:
        reason = f"height {height} and width {width} cannot be divided by {r}"
        raise complain("pixel_unshuffle", Misfit(reason), input=input)
    lead = _lead(input)
    k = len(lead)
    x = reshape(input, shape=(*lead, channels, height // r, r, width // r, r))
    x = permute_dims(x, axes=(*range(k), k, k + 2, k + 4, k + 1, k + 3))
    return reshape(x, shape=(*lead, channels * r * r, height // r, width // r))

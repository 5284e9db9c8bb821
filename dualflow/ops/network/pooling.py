"""Pooling by PyTorch's names, around the cards of ``windows``."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from dualflow.core.errors import Misfit, format_shape
from dualflow.core.mode import constant
from dualflow.ops.array.axes import unflatten
from dualflow.ops.array.create import zeros, zeros_like
from dualflow.ops.array.index import take
from dualflow.ops.array.scatter import scatter
from dualflow.ops.array.shape import flatten, transpose
from dualflow.ops.composite import complain
from dualflow.ops.linalg.products import matmul
from dualflow.ops.math.elementwise import relu
from dualflow.ops.network import layer_shapes
from dualflow.ops.network.windows import avg_pool, flat_places, max_pool, max_pool_places
from dualflow.ops.reduce.reductions import mean


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
        kernel = layer_shapes.spread(kernel_size, rank, "kernel_size")
        static = {
            "kernel": kernel,
            "stride": _steps(stride, kernel),
            "padding": tuple((n, n) for n in layer_shapes.spread(padding, rank, "padding", 0)),
            "dilation": layer_shapes.spread(dilation, rank, "dilation"),
            "ceil": bool(ceil_mode),
        }
        _ranked(x, rank)
    except Misfit as misfit:
        raise complain(name, misfit, input=x) from None
    y = max_pool(x, **static)
    return (y, max_pool_places(x, **static)) if return_indices else y


def _steps(stride: Any, kernel: tuple[int, ...]) -> tuple[int, ...]:
    """Read a stride: that of the kernel when left out."""
    return kernel if stride is None or stride == () else layer_shapes.spread(stride, len(kernel), "stride")


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
        kernel = layer_shapes.spread(kernel_size, rank, "kernel_size")
        static = {
            "kernel": kernel,
            "stride": _steps(stride, kernel),
            "padding": tuple((n, n) for n in layer_shapes.spread(padding, rank, "padding", 0)),
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
        wanted = layer_shapes.spread(given, rank, "output_size", 0)
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
        x = multiply_along(x, weights, axis)
    return x


def multiply_along(x: Any, weights: np.ndarray, axis: int) -> Any:
    """Multiply the axis ``axis`` (negative) by a constant matrix (out, in)."""
    matrix = constant(np.ascontiguousarray(weights.T))
    if axis == -1:
        return matmul(x, matrix)
    return transpose(matmul(transpose(x, axis, -1), matrix), axis, -1)


def adaptive_avg_pool1d(input: Any, output_size: Any) -> Any:
    """Average one axis into ``output_size`` bins; see ``adaptive_avg_pool2d``.

    >>> df.nn.functional.adaptive_avg_pool1d(df.tensor([[1.0, 2.0, 6.0]]), 2)
    tensor([[1.5, 4. ]])
    """
    return _adaptive_avg("adaptive_avg_pool1d", 1, input, output_size)


def adaptive_avg_pool2d(input: Any, output_size: Any) -> Any:
    """Average two axes into bins, as many as asked for, of sizes that are as equal as they can be.

    ``output_size``: a number, or one for each axis, None for the size that there is. In a graph, sizes other than 1
    need an input whose sizes are known.

    >>> df.nn.functional.adaptive_avg_pool2d(df.zeros(2, 3, 7, 5), (1, None)).shape
    (2, 3, 1, 5)
    """
    return _adaptive_avg("adaptive_avg_pool2d", 2, input, output_size)


def adaptive_avg_pool3d(input: Any, output_size: Any) -> Any:
    """Average three axes into bins; see ``adaptive_avg_pool2d``.

    >>> df.nn.functional.adaptive_avg_pool3d(df.zeros(2, 3, 4, 4, 4), 2).shape
    (2, 3, 2, 2, 2)
    """
    return _adaptive_avg("adaptive_avg_pool3d", 3, input, output_size)


def _adaptive_max(name: str, rank: int, x: Any, output_size: Any, return_indices: bool) -> Any:
    wanted = _wanted(name, rank, x, output_size)
    kernel, origin = [], []
    for axis, n, m in wanted:
        if n is None or m == 0:
            raise complain(name, Misfit("the sizes of the input must be known, and those asked for positive"), input=x)
        bins = _bins(n, m)
        kernel.append(max(end - start for start, end in bins))
        origin.append(np.arange(n))
        if n % m:  # write the bins one after the other, the last element again where one is shorter: the first counts
            origin[-1] = np.array([min(start + i, end - 1) for start, end in bins for i in range(kernel[-1])])
            x = take(x, constant(origin[-1]), axis=axis)
    static = {"kernel": tuple(kernel), "stride": tuple(kernel), "padding": ((0, 0),) * rank, "dilation": (1,) * rank}
    y = max_pool(x, **static)
    if not return_indices:
        return y
    places = flat_places(origin, [n for _, n, _ in wanted]).reshape(-1)
    return y, take(constant(places), max_pool_places(x, **static))


def adaptive_max_pool1d(input: Any, output_size: Any, return_indices: bool = False) -> Any:
    """Take the largest elements of one axis in ``output_size`` bins; see ``adaptive_max_pool2d``.

    >>> df.nn.functional.adaptive_max_pool1d(df.tensor([[1.0, 2.0, 6.0]]), 2)
    tensor([[2., 6.]])
    """
    return _adaptive_max("adaptive_max_pool1d", 1, input, output_size, return_indices)


def adaptive_max_pool2d(input: Any, output_size: Any, return_indices: bool = False) -> Any:
    """Take the largest elements of two axes in bins, as many as asked for; sizes must be known.

    ``return_indices``: return (values, flat places in height × width) too.

    >>> df.nn.functional.adaptive_max_pool2d(df.zeros(2, 3, 7, 5), (3, 2)).shape
    (2, 3, 3, 2)
    """
    return _adaptive_max("adaptive_max_pool2d", 2, input, output_size, return_indices)


def adaptive_max_pool3d(input: Any, output_size: Any, return_indices: bool = False) -> Any:
    """Take the largest elements of three axes in bins; see ``adaptive_max_pool2d``.

    >>> df.nn.functional.adaptive_max_pool3d(df.zeros(2, 3, 4, 5, 4), 2).shape
    (2, 3, 2, 2, 2)
    """
    return _adaptive_max("adaptive_max_pool3d", 3, input, output_size, return_indices)


# ------------------------------------------------------------------------------------------------- by places and powers


def _unpool(name: str, rank: int, x: Any, indices: Any, kernel_size: Any, stride: Any, padding: Any, size: Any) -> Any:
    try:
        _ranked(x, rank)
        kernel = layer_shapes.spread(kernel_size, rank, "kernel_size")
        step = _steps(stride, kernel)
        pads = layer_shapes.spread(padding, rank, "padding", 0)
        if size is None:
            if x.shape is None or None in x.shape[-rank:]:
                raise Misfit("the spatial sizes must be known; give output_size")
            size = [(n - 1) * s - 2 * p + k for n, s, p, k in zip(x.shape[-rank:], step, pads, kernel, strict=True)]
        size = layer_shapes.spread(tuple(size)[-rank:], rank, "output_size")
        if None not in (x.shape, indices.shape) and not layer_shapes.agree_all(x.shape, indices.shape):
            raise Misfit(f"places of shape {format_shape(indices.shape)} do not fit {format_shape(x.shape)}")
    except Misfit as misfit:
        raise complain(name, misfit, input=x) from None
    flat, places = (flatten(each, -rank) for each in (x, indices))
    empty = zeros_like(flat[..., :1]) + zeros(math.prod(size), dtype=x.dtype)
    return unflatten(scatter(empty, -1, places, flat), -1, size)


def max_unpool1d(
    input: Any, indices: Any, kernel_size: Any, stride: Any = None, padding: Any = 0, output_size: Any = None
) -> Any:
    """Put elements back to where ``max_pool1d`` found them; see ``max_unpool2d``.

    >>> df.nn.functional.max_unpool1d(df.tensor([[3.0, 2.0]]), df.tensor([[1, 2]]), 2)
    tensor([[0., 3., 2., 0.]])
    """
    return _unpool("max_unpool1d", 1, input, indices, kernel_size, stride, padding, output_size)


def max_unpool2d(
    input: Any, indices: Any, kernel_size: Any, stride: Any = None, padding: Any = 0, output_size: Any = None
) -> Any:
    """Put elements back to the ``indices`` where ``max_pool2d`` found them; all else is zero.

    ``output_size``: the spatial sizes (or the whole shape), where several pool to the same.

    >>> y, places = df.nn.functional.max_pool2d(df.randn(1, 2, 4, 4), 2, return_indices=True)
    >>> df.nn.functional.max_unpool2d(y, places, 2).shape
    (1, 2, 4, 4)
    """
    return _unpool("max_unpool2d", 2, input, indices, kernel_size, stride, padding, output_size)


def max_unpool3d(
    input: Any, indices: Any, kernel_size: Any, stride: Any = None, padding: Any = 0, output_size: Any = None
) -> Any:
    """Put elements back to where ``max_pool3d`` found them; see ``max_unpool2d``.

    >>> y, places = df.nn.functional.max_pool3d(df.randn(1, 2, 4, 4, 4), 2, return_indices=True)
    >>> df.nn.functional.max_unpool3d(y, places, 2).shape
    (1, 2, 4, 4, 4)
    """
    return _unpool("max_unpool3d", 3, input, indices, kernel_size, stride, padding, output_size)


def _lp(name: str, rank: int, x: Any, norm_type: float, kernel_size: Any, stride: Any, ceil_mode: bool) -> Any:
    mean_of_powers = _avg(name, rank, x**norm_type, kernel_size, stride, 0, ceil_mode, True, None)
    total = mean_of_powers * math.prod(layer_shapes.spread(kernel_size, rank, "kernel_size"))
    return relu(total) ** (1 / norm_type)


def lp_pool1d(input: Any, norm_type: float, kernel_size: Any, stride: Any = None, ceil_mode: bool = False) -> Any:
    """Take the ``norm_type``-th root of the sum of powers of each window; see ``lp_pool2d``.

    >>> df.nn.functional.lp_pool1d(df.tensor([[3.0, 4.0]]), 2, 2)
    tensor([[5.]])
    """
    return _lp("lp_pool1d", 1, input, norm_type, kernel_size, stride, ceil_mode)


def lp_pool2d(input: Any, norm_type: float, kernel_size: Any, stride: Any = None, ceil_mode: bool = False) -> Any:
    """Take the ``norm_type``-th root of the sum of powers of each window; 0 where that sum is negative.

    >>> df.nn.functional.lp_pool2d(df.ones(1, 1, 2, 2), 1, 2)
    tensor([[[[4.]]]])
    """
    return _lp("lp_pool2d", 2, input, norm_type, kernel_size, stride, ceil_mode)


def lp_pool3d(input: Any, norm_type: float, kernel_size: Any, stride: Any = None, ceil_mode: bool = False) -> Any:
    """Take the ``norm_type``-th root of the sum of powers of each window; see ``lp_pool2d``.

    >>> df.nn.functional.lp_pool3d(df.ones(1, 1, 2, 2, 2), 1, 2)
    tensor([[[[[8.]]]]])
    """
    return _lp("lp_pool3d", 3, input, norm_type, kernel_size, stride, ceil_mode)

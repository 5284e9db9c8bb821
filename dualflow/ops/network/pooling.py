"""Pooling by PyTorch's names, around the cards of ``windows``."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from dualflow.core.errors import Misfit, format_shape
from dualflow.core.mode import constant
from dualflow.ops.array.axes import unflatten
from dualflow.ops.array.create import zeros, zeros_like
from dualflow.ops.array.index import take
from dualflow.ops.array.scatter import scatter
from dualflow.ops.array.shape import flatten, transpose
from dualflow.ops.composite import Speaking, made_by, refuse
from dualflow.ops.linalg.products import matmul
from dualflow.ops.math.elementwise import relu
from dualflow.ops.network import layer_shapes
from dualflow.ops.network.windows import avg_pool, flat_places, max_pool, max_pool_places
from dualflow.ops.reduce.reductions import mean


def _steps(stride: Any, kernel: tuple[int, ...]) -> tuple[int, ...]:
    """Read a stride: that of the kernel when left out."""
    return kernel if stride is None or stride == () else layer_shapes.spread(stride, len(kernel), "stride")


def _ranked(x: Any, rank: int) -> None:
    if x.shape is not None and len(x.shape) not in (rank + 1, rank + 2):
        raise Misfit(f"(batch, channels) and {rank} spatial axes are needed, or no batch, not {format_shape(x.shape)}")


def _windows(x: Any, rank: int, kernel_size: Any, stride: Any, padding: Any) -> dict[str, Any]:
    """Read what all windows have: their size, how far apart they are, and what is around ``x``. Raises Misfit."""
    _ranked(x, rank)
    kernel = layer_shapes.spread(kernel_size, rank, "kernel_size")
    pads = tuple((n, n) for n in layer_shapes.spread(padding, rank, "padding", 0))
    return {"kernel": kernel, "stride": _steps(stride, kernel), "padding": pads}


def _max_pool(name: str, rank: int) -> Callable[..., Any]:
    def pool(
        input: Any,
        kernel_size: Any,
        stride: Any = None,
        padding: Any = 0,
        dilation: Any = 1,
        ceil_mode: bool = False,
        return_indices: bool = False,
    ) -> Any:
        with Speaking(name, input=input):
            static = _windows(input, rank, kernel_size, stride, padding)
            static |= {"dilation": layer_shapes.spread(dilation, rank, "dilation"), "ceil": bool(ceil_mode)}
        y = max_pool(input, **static)
        return (y, max_pool_places(input, **static)) if return_indices else y

    return pool


@made_by(_max_pool, 1)
def max_pool1d() -> None:
    """Take the largest element of each window over one axis; see ``max_pool2d``.

    >>> df.nn.functional.max_pool1d(df.tensor([[1.0, 3.0, 2.0, 0.0]]), 2)
    tensor([[3., 2.]])
    """


@made_by(_max_pool, 2)
def max_pool2d() -> None:
    """Take the largest element of each window over two axes; the first of equals gets the gradient.

    ``input``: (batch, channels, height, width), or without the batch. ``stride``: that of the kernel when left out.
    ``return_indices``: return (values, flat places in height × width) too. Raises ShapeError when nothing fits.

    >>> df.nn.functional.max_pool2d(df.zeros(8, 16, 32, 32), 3, stride=2, padding=1).shape
    (8, 16, 16, 16)
    """


@made_by(_max_pool, 3)
def max_pool3d() -> None:
    """Take the largest element of each window over three axes; see ``max_pool2d``.

    >>> df.nn.functional.max_pool3d(df.zeros(1, 2, 4, 4, 4), 2).shape
    (1, 2, 2, 2, 2)
    """


def _avg_pool(name: str, rank: int) -> Callable[..., Any]:
    def pool(
        input: Any,
        kernel_size: Any,
        stride: Any = None,
        padding: Any = 0,
        ceil_mode: bool = False,
        count_include_pad: bool = True,
        divisor_override: int | None = None,
    ) -> Any:
        with Speaking(name, input=input):
            if divisor_override == 0:
                raise Misfit("divisor_override must not be zero")
            static = _windows(input, rank, kernel_size, stride, padding)
        static |= {"ceil": bool(ceil_mode), "include_pad": bool(count_include_pad), "divisor": divisor_override}
        return avg_pool(input, **static)

    return pool


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
    return _avg_pool("avg_pool1d", 1)(input, kernel_size, stride, padding, ceil_mode, count_include_pad)


@made_by(_avg_pool, 2)
def avg_pool2d() -> None:
    """Average each window over two axes.

    ``input``: (batch, channels, height, width), or without the batch. ``stride``: that of the kernel when left out.
    ``count_include_pad``: whether the zeros of the padding count. Raises ShapeError when nothing fits.

    >>> df.nn.functional.avg_pool2d(df.ones(1, 1, 2, 2), 2, padding=1)
    tensor([[[[0.25, 0.25],
              [0.25, 0.25]]]])
    """


@made_by(_avg_pool, 3)
def avg_pool3d() -> None:
    """Average each window over three axes; see ``avg_pool2d``.

    >>> df.nn.functional.avg_pool3d(df.zeros(1, 2, 4, 4, 4), 2).shape
    (1, 2, 2, 2, 2)
    """


# ---------------------------------------------------------------------------------------------------- adaptive pooling


def _wanted(name: str, rank: int, x: Any, output_size: Any) -> list[tuple[int, Any, int]]:
    """Return (axis, size, wanted size) for each spatial axis; None wants the size that there is."""
    with Speaking(name, input=x):
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
    return [(i - rank, n, m) for i, (n, m) in enumerate(zip(here, wanted, strict=True))]


def _bins(size: int, wanted: int) -> list[tuple[int, int]]:
    """Return where the bins of adaptive pooling start and end: floor(i n / m) to ceil((i + 1) n / m)."""
    return [(i * size // wanted, -(-(i + 1) * size // wanted)) for i in range(wanted)]


def _even(wanted: list[tuple[int, Any, int]]) -> bool:
    return all(n is not None and m and n % m == 0 for _, n, m in wanted)


def _adaptive_avg(name: str, rank: int) -> Callable[..., Any]:
    def pool(input: Any, output_size: Any) -> Any:
        wanted = _wanted(name, rank, input, output_size)
        if all(m == 1 for _, _, m in wanted):
            return mean(input, axis=tuple(axis for axis, _, _ in wanted), keepdims=True)
        if _even(wanted):
            kernel = tuple(n // m for _, n, m in wanted)
            return avg_pool(input, kernel=kernel, stride=kernel, padding=((0, 0),) * rank)
        for axis, n, m in wanted:  # bins of unequal size: a matrix for each axis
            weights = np.zeros((m, n), input.dtype)
            for i, (start, end) in enumerate(_bins(n, m)):
                weights[i, start:end] = 1 / (end - start)
            input = multiply_along(input, weights, axis)
        return input

    return pool


def multiply_along(x: Any, weights: np.ndarray, axis: int) -> Any:
    """Multiply the axis ``axis`` (negative) by a constant matrix (out, in)."""
    matrix = constant(np.ascontiguousarray(weights.T))
    if axis == -1:
        return matmul(x, matrix)
    return transpose(matmul(transpose(x, axis, -1), matrix), axis, -1)


@made_by(_adaptive_avg, 1)
def adaptive_avg_pool1d() -> None:
    """Average one axis into ``output_size`` bins; see ``adaptive_avg_pool2d``.

    >>> df.nn.functional.adaptive_avg_pool1d(df.tensor([[1.0, 2.0, 6.0]]), 2)
    tensor([[1.5, 4. ]])
    """


@made_by(_adaptive_avg, 2)
def adaptive_avg_pool2d() -> None:
    """Average two axes into bins, as many as asked for, of sizes that are as equal as they can be.

    ``output_size``: a number, or one for each axis, None for the size that there is. In a graph, sizes other than 1
    need an input whose sizes are known.

    >>> df.nn.functional.adaptive_avg_pool2d(df.zeros(2, 3, 7, 5), (1, None)).shape
    (2, 3, 1, 5)
    """


@made_by(_adaptive_avg, 3)
def adaptive_avg_pool3d() -> None:
    """Average three axes into bins; see ``adaptive_avg_pool2d``.

    >>> df.nn.functional.adaptive_avg_pool3d(df.zeros(2, 3, 4, 4, 4), 2).shape
    (2, 3, 2, 2, 2)
    """


def _adaptive_max(name: str, rank: int) -> Callable[..., Any]:
    def pool(input: Any, output_size: Any, return_indices: bool = False) -> Any:
        wanted = _wanted(name, rank, input, output_size)
        if any(n is None or m == 0 for _, n, m in wanted):
            reason = "the sizes of the input must be known, and those asked for positive"
            raise refuse(name, reason, input=input)
        kernel, origin = [], []
        for axis, n, m in wanted:
            bins = _bins(n, m)
            kernel.append(max(end - start for start, end in bins))
            origin.append(np.arange(n))
            if n % m:  # bins one after the other; the last element again where one is shorter: the first counts
                origin[-1] = np.array([min(start + i, end - 1) for start, end in bins for i in range(kernel[-1])])
                input = take(input, constant(origin[-1]), axis=axis)
        sizes = {"kernel": tuple(kernel), "stride": tuple(kernel)}
        static = {**sizes, "padding": ((0, 0),) * rank, "dilation": (1,) * rank}
        y = max_pool(input, **static)
        if not return_indices:
            return y
        places = flat_places(origin, [n for _, n, _ in wanted]).reshape(-1)
        return y, take(constant(places), max_pool_places(input, **static))

    return pool


@made_by(_adaptive_max, 1)
def adaptive_max_pool1d() -> None:
    """Take the largest elements of one axis in ``output_size`` bins; see ``adaptive_max_pool2d``.

    >>> df.nn.functional.adaptive_max_pool1d(df.tensor([[1.0, 2.0, 6.0]]), 2)
    tensor([[2., 6.]])
    """


@made_by(_adaptive_max, 2)
def adaptive_max_pool2d() -> None:
    """Take the largest elements of two axes in bins, as many as asked for; sizes must be known.

    ``return_indices``: return (values, flat places in height × width) too.

    >>> df.nn.functional.adaptive_max_pool2d(df.zeros(2, 3, 7, 5), (3, 2)).shape
    (2, 3, 3, 2)
    """


@made_by(_adaptive_max, 3)
def adaptive_max_pool3d() -> None:
    """Take the largest elements of three axes in bins; see ``adaptive_max_pool2d``.

    >>> df.nn.functional.adaptive_max_pool3d(df.zeros(2, 3, 4, 5, 4), 2).shape
    (2, 3, 2, 2, 2)
    """


# ------------------------------------------------------------------------------------------------- by places and powers


def _max_unpool(name: str, rank: int) -> Callable[..., Any]:
    def unpool(
        input: Any, indices: Any, kernel_size: Any, stride: Any = None, padding: Any = 0, output_size: Any = None
    ) -> Any:
        with Speaking(name, input=input):
            _ranked(input, rank)
            kernel = layer_shapes.spread(kernel_size, rank, "kernel_size")
            step, pads = _steps(stride, kernel), layer_shapes.spread(padding, rank, "padding", 0)
            here, size = input.shape, output_size
            if size is None:
                if here is None or None in here[-rank:]:
                    raise Misfit("the spatial sizes must be known; give output_size")
                size = [(n - 1) * s - 2 * p + k for n, s, p, k in zip(here[-rank:], step, pads, kernel, strict=True)]
            size = layer_shapes.spread(tuple(size)[-rank:], rank, "output_size")
            if None not in (here, indices.shape) and not layer_shapes.agree(here, indices.shape):
                raise Misfit(f"places of shape {format_shape(indices.shape)} do not fit {format_shape(here)}")
        flat, places = (flatten(each, -rank) for each in (input, indices))
        empty = zeros_like(flat[..., :1]) + zeros(math.prod(size), dtype=input.dtype)
        return unflatten(scatter(empty, -1, places, flat), -1, size)

    return unpool


@made_by(_max_unpool, 1)
def max_unpool1d() -> None:
    """Put elements back to where ``max_pool1d`` found them; see ``max_unpool2d``.

    >>> df.nn.functional.max_unpool1d(df.tensor([[3.0, 2.0]]), df.tensor([[1, 2]]), 2)
    tensor([[0., 3., 2., 0.]])
    """


@made_by(_max_unpool, 2)
def max_unpool2d() -> None:
    """Put elements back to the ``indices`` where ``max_pool2d`` found them; all else is zero.

    ``output_size``: the spatial sizes (or the whole shape), where several pool to the same.

    >>> y, places = df.nn.functional.max_pool2d(df.randn(1, 2, 4, 4), 2, return_indices=True)
    >>> df.nn.functional.max_unpool2d(y, places, 2).shape
    (1, 2, 4, 4)
    """


@made_by(_max_unpool, 3)
def max_unpool3d() -> None:
    """Put elements back to where ``max_pool3d`` found them; see ``max_unpool2d``.

    >>> y, places = df.nn.functional.max_pool3d(df.randn(1, 2, 4, 4, 4), 2, return_indices=True)
    >>> df.nn.functional.max_unpool3d(y, places, 2).shape
    (1, 2, 4, 4, 4)
    """


def _lp_pool(name: str, rank: int) -> Callable[..., Any]:
    average = _avg_pool(name, rank)

    def pool(input: Any, norm_type: float, kernel_size: Any, stride: Any = None, ceil_mode: bool = False) -> Any:
        mean_of_powers = average(input**norm_type, kernel_size, stride, 0, ceil_mode)
        total = mean_of_powers * math.prod(layer_shapes.spread(kernel_size, rank, "kernel_size"))
        return relu(total) ** (1 / norm_type)

    return pool


@made_by(_lp_pool, 1)
def lp_pool1d() -> None:
    """Take the ``norm_type``-th root of the sum of powers of each window; see ``lp_pool2d``.

    >>> df.nn.functional.lp_pool1d(df.tensor([[3.0, 4.0]]), 2, 2)
    tensor([[5.]])
    """


@made_by(_lp_pool, 2)
def lp_pool2d() -> None:
    """Take the ``norm_type``-th root of the sum of powers of each window; 0 where that sum is negative.

    >>> df.nn.functional.lp_pool2d(df.ones(1, 1, 2, 2), 1, 2)
    tensor([[[[4.]]]])
    """


@made_by(_lp_pool, 3)
def lp_pool3d() -> None:
    """Take the ``norm_type``-th root of the sum of powers of each window; see ``lp_pool2d``.

    >>> df.nn.functional.lp_pool3d(df.ones(1, 1, 2, 2, 2), 1, 2)
    tensor([[[[[8.]]]]])
    """

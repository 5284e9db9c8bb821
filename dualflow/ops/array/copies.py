"""Stretching and repeating: grids, tiles and other tensors with the same elements many times."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from typing import Any

import numpy as np

from dualflow.core import shapes
from dualflow.core.errors import Misfit, format_shape
from dualflow.core.names import public
from dualflow.ops.array.create import asarray
from dualflow.ops.array.index import take
from dualflow.ops.array.shape import broadcast_to, concat, expand_dims, reshape, reshape_like, stack
from dualflow.ops.composite import Speaking, known_values, size_along
from dualflow.ops.reduce.reductions import stretch_like


@public()
def broadcast_arrays(*arrays: Any) -> list[Any]:
    """Stretch tensors to their common shape. Read-only views in eager.

    >>> [x.shape for x in df.broadcast_arrays(df.zeros(3, 1), df.zeros(2))]
    [(3, 2), (3, 2)]
    """
    xs = [asarray(x) for x in arrays]
    with Speaking("broadcast_arrays", **{f"#{i}": x for i, x in enumerate(xs)}):
        common = shapes.broadcast(*[x.shape for x in xs])
    if shapes.known(common):
        return [broadcast_to(x, shape=common) for x in xs]
    whole = xs[0] * 0
    for x in xs[1:]:
        whole = whole + x * 0
    return [stretch_like(x, whole) for x in xs]


@public()
def meshgrid(*arrays: Any, indexing: str = "xy") -> list[Any]:
    """Make coordinate grids out of vectors, given one by one or as a list.

    ``indexing`` "ij" keeps the order of axes; "xy" (the standard's default; PyTorch's is "ij") swaps the first two.

    >>> df.meshgrid(df.tensor([1, 2]), df.tensor([3, 4]))[0]
    tensor([[1, 2],
            [1, 2]])
    """
    listed = arrays[0] if len(arrays) == 1 and isinstance(arrays[0], list | tuple) else arrays
    xs = [asarray(x) for x in listed]
    with Speaking("meshgrid", **{f"#{i}": x for i, x in enumerate(xs)}):
        if indexing not in ("xy", "ij"):
            raise Misfit(f"indexing is 'xy' or 'ij', not {indexing!r}")
        for x in xs:
            if len(x.shape) > 1:
                raise Misfit(f"takes vectors, not shape {format_shape(x.shape)}")
        sizes = [size_along(x, 0) if x.shape else 1 for x in xs]
    order = list(range(len(xs)))
    if indexing == "xy" and len(xs) > 1:
        order[:2] = [1, 0]
    grid = tuple(sizes[i] for i in order)
    return [
        broadcast_to(reshape(x, shape=tuple(n if order[j] == i else 1 for j, n in enumerate(grid))), shape=grid).clone()
        for i, x in enumerate(xs)
    ]


def expand_as(x: Any, other: Any) -> Any:
    """Stretch ``x`` to the shape of ``other``.

    >>> df.tensor([1, 2]).expand_as(df.zeros(2, 2)).shape
    (2, 2)
    """
    x, other = asarray(x), asarray(other)
    known = other.shape is not None and shapes.known(other.shape)
    return broadcast_to(x, shape=other.shape) if known else stretch_like(x, other)


def reshape_as(x: Any, other: Any) -> Any:
    """Arrange the elements of ``x`` in the shape of ``other``.

    >>> df.arange(4).reshape_as(df.zeros(2, 2)).shape
    (2, 2)
    """
    return reshape_like(x, other)


@public()
def tile(x: Any, repetitions: Sequence[int]) -> Any:
    """Lay copies of ``x`` side by side, as often as ``repetitions`` says for each axis, counted from the last.

    >>> df.tile(df.tensor([1, 2]), (2, 2))
    tensor([[1, 2, 1, 2],
            [1, 2, 1, 2]])
    """
    x = asarray(x)
    with Speaking("tile", x=x):
        counts = [_count(n) for n in repetitions]
    for _ in range(len(counts) - x.ndim):
        x = expand_dims(x, axis=0)
    counts = [1] * (x.ndim - len(counts)) + counts
    if shapes.known(x.shape):  # one copy: stretch new axes beside the old ones, then merge
        pairs = [n for pair in zip(counts, x.shape, strict=True) for n in pair]
        apart = reshape(x, shape=tuple(n for size in x.shape for n in (1, size)))
        whole = tuple(n * c for n, c in zip(x.shape, counts, strict=True))
        return reshape(broadcast_to(apart, shape=tuple(pairs)), shape=whole) if x.ndim else x.clone()
    for axis, n in enumerate(counts):
        if n != 1:
            x = concat([x] * n, axis) if n else x[(slice(None),) * axis + (slice(0, 0),)]
    return x


def _count(n: Any) -> int:
    if not hasattr(n, "__index__") or operator.index(n) < 0:
        raise Misfit(f"a number of repetitions is an integer of at least 0, not {n!r}")
    return operator.index(n)


@public()
def repeat(x: Any, repeats: Any, *, axis: int | None = None) -> Any:
    """Repeat each element along ``axis`` (None: of the flattened tensor), one after the other.

    ``repeats``: an integer, or a vector of them, one for each element, known while a graph is built.

    >>> df.repeat(df.tensor([1, 2]), 2), df.repeat(df.tensor([1, 2]), df.tensor([0, 3]))
    (tensor([1, 1, 2, 2]), tensor([2, 2, 2]))
    """
    x = asarray(x)
    if axis is None:
        x, axis = reshape(x, shape=(-1,)), 0
    if isinstance(repeats, int | np.integer):
        with Speaking("repeat", x=x):
            at, n = shapes.normalize_axis(axis, x.ndim), _count(repeats)
        if n == 0:
            return x[(slice(None),) * at + (slice(0, 0),)].clone()
        return stack([x] * n, at + 1).flatten(at, at + 1)
    instead = "give repeats as one integer or as numbers: their sum is a size"
    plain = (
        repeats if isinstance(repeats, list | tuple | np.ndarray) else known_values("repeat", repeats, instead).array
    )
    counts = np.asarray(plain)
    with Speaking("repeat", x=x, repeats=repeats):
        at = shapes.normalize_axis(axis, x.ndim)
        n = size_along(x, at)
        shapes.integral(counts)
        if counts.ndim > 1 or (counts.ndim and counts.size not in (1, n)) or (counts < 0).any():
            raise Misfit(f"repeats are at least 0, one for each of the {n} elements, or one for all")
    return take(x, asarray(np.repeat(np.arange(n), counts)), at)


def repeat_interleave(x: Any, repeats: Any, axis: int | None = None) -> Any:
    """Repeat each element along ``axis``, as ``repeat``: PyTorch's name for it.

    >>> df.torch.repeat_interleave(df.tensor([1, 2]), 2)
    tensor([1, 1, 2, 2])
    """
    return repeat(x, repeats, axis=axis)

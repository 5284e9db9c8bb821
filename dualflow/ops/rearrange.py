"""Joining, cutting, repeating, turning and padding, written on the cards: no kernel of their own."""

from __future__ import annotations

import itertools
import operator
from collections.abc import Sequence
from typing import Any

import numpy as np

from dualflow import shapes
from dualflow.errors import DTypeError, Misfit, format_shape
from dualflow.ops.arrange import MODES, _pad, diag_embed, diagonal, diagonal_like, flip, windows
from dualflow.ops.create import _full, asarray
from dualflow.ops.reduce import stretch_like
from dualflow.ops.shape import broadcast_to, concat, expand_dims, permute_dims, reshape, reshape_like, stack
from dualflow.ops.speak import Speaking, known_values, size_along


def _sequence(axes: Any) -> list[int]:
    return list(axes) if isinstance(axes, Sequence) else [axes]


# -- axes


def moveaxis(x: Any, source: Any, destination: Any) -> Any:
    """Move axes to new places; the others keep their order. Shares memory in eager.

    >>> import dualflow as df
    >>> df.moveaxis(df.zeros(2, 3, 4), 0, -1).shape
    (3, 4, 2)
    """
    x = asarray(x)
    with Speaking("moveaxis", x=x):
        start = [shapes.normalize_axis(a, x.ndim) for a in _sequence(source)]
        end = [shapes.normalize_axis(a, x.ndim) for a in _sequence(destination)]
        if len(start) != len(end) or len(set(start)) < len(start) or len(set(end)) < len(end):
            raise Misfit(f"axes {source} cannot move to {destination}: as many different ones on each side")
    order = [i for i in range(x.ndim) if i not in start]
    for place, axis in sorted(zip(end, start, strict=True)):
        order.insert(place, axis)
    return permute_dims(x, axes=tuple(order))


def movedim(x: Any, source: Any, destination: Any) -> Any:
    """Move axes to new places, as ``moveaxis``.

    >>> import dualflow as df
    >>> df.movedim(df.zeros(2, 3, 4), (0, 1), (1, 0)).shape
    (3, 2, 4)
    """
    return moveaxis(x, source, destination)


def swapaxes(x: Any, axis1: int, axis2: int) -> Any:
    """Swap two axes. Shares memory in eager.

    >>> import dualflow as df
    >>> df.swapaxes(df.zeros(2, 3, 4), 0, 2).shape
    (4, 3, 2)
    """
    x = asarray(x)
    with Speaking("swapaxes", x=x):
        first, second = (shapes.normalize_axis(a, x.ndim) for a in (axis1, axis2))
    order = list(range(x.ndim))
    order[first], order[second] = second, first
    return permute_dims(x, axes=tuple(order))


def unflatten(x: Any, axis: int, sizes: Sequence[int]) -> Any:
    """Cut one axis into several of the ``sizes``, of which one may be -1.

    >>> import dualflow as df
    >>> df.unflatten(df.zeros(2, 6), 1, (3, -1)).shape
    (2, 3, 2)
    """
    x = asarray(x)
    with Speaking("unflatten", x=x):
        at = shapes.normalize_axis(axis, x.ndim)
        cut = [operator.index(n) for n in sizes]
        if x.shape[at] is not None:
            cut = list(shapes.reshape(np.empty(x.shape[at : at + 1], bool), shape=cut))
        whole = [*x.shape[:at], *cut, *x.shape[at + 1 :]]
        if sum(n in (None, -1) for n in whole) > 1:
            raise Misfit(f"more than one size of {format_shape(tuple(whole))} is unknown")
    return reshape(x, shape=tuple(-1 if n is None else n for n in whole))


def rot90(x: Any, k: int = 1, axes: Sequence[int] = (0, 1)) -> Any:
    """Turn by 90 degrees ``k`` times in the plane of two axes, from the first towards the second.

    >>> import dualflow as df
    >>> df.rot90(df.tensor([[1, 2], [3, 4]]))
    tensor([[2, 4],
            [1, 3]])
    """
    x = asarray(x)
    with Speaking("rot90", x=x):
        if len(axes) != 2 or shapes.normalize_axis(axes[0], x.ndim) == shapes.normalize_axis(axes[1], x.ndim):
            raise Misfit(f"a plane has two different axes, not {tuple(axes)}")
    turns = k % 4
    if turns == 0:
        return x.clone()
    if turns == 2:
        return flip(x, axis=tuple(axes))
    return swapaxes(flip(x, axis=axes[1]), *axes) if turns == 1 else flip(swapaxes(x, *axes), axis=axes[1])


def fliplr(x: Any) -> Any:
    """Reverse the columns: axis 1.

    >>> import dualflow as df
    >>> df.fliplr(df.tensor([[1, 2]]))
    tensor([[2, 1]])
    """
    return flip(x, axis=1)


def flipud(x: Any) -> Any:
    """Reverse the rows: axis 0.

    >>> import dualflow as df
    >>> df.flipud(df.tensor([1, 2]))
    tensor([2, 1])
    """
    return flip(x, axis=0)


# -- stretching and repeating


def broadcast_arrays(*arrays: Any) -> list[Any]:
    """Stretch tensors to their common shape. Read-only views in eager.

    >>> import dualflow as df
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


def meshgrid(*arrays: Any, indexing: str = "xy") -> list[Any]:
    """Make coordinate grids out of vectors; ``indexing`` "ij" keeps the order of axes, "xy" swaps the first two.

    >>> import dualflow as df
    >>> df.meshgrid(df.tensor([1, 2]), df.tensor([3, 4]))[0]
    tensor([[1, 2],
            [1, 2]])
    """
    xs = [asarray(x) for x in arrays]
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

    >>> import dualflow as df
    >>> df.tensor([1, 2]).expand_as(df.zeros(2, 2)).shape
    (2, 2)
    """
    x, other = asarray(x), asarray(other)
    known = other.shape is not None and shapes.known(other.shape)
    return broadcast_to(x, shape=other.shape) if known else stretch_like(x, other)


def reshape_as(x: Any, other: Any) -> Any:
    """Arrange the elements of ``x`` in the shape of ``other``.

    >>> import dualflow as df
    >>> df.arange(4).reshape_as(df.zeros(2, 2)).shape
    (2, 2)
    """
    return reshape_like(x, other)


def tile(x: Any, repetitions: Sequence[int]) -> Any:
    """Lay copies of ``x`` side by side, as often as ``repetitions`` says for each axis, counted from the last.

    >>> import dualflow as df
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


def repeat(x: Any, repeats: Any, *, axis: int | None = None) -> Any:
    """Repeat each element along ``axis`` (None: of the flattened tensor), one after the other.

    ``repeats``: an integer, or a vector of them, one for each element, known while a graph is built.

    >>> import dualflow as df
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
    return x.take(asarray(np.repeat(np.arange(n), counts)), at)


def repeat_interleave(x: Any, repeats: Any, axis: int | None = None) -> Any:
    """Repeat each element along ``axis``, as ``repeat``: PyTorch's name for it.

    >>> import dualflow as df
    >>> df.repeat_interleave(df.tensor([1, 2]), 2)
    tensor([1, 1, 2, 2])
    """
    return repeat(x, repeats, axis=axis)


# -- cutting


def narrow(x: Any, axis: int, start: int, length: int) -> Any:
    """Cut out ``length`` elements along ``axis`` from ``start``. Shares memory in eager.

    >>> import dualflow as df
    >>> df.narrow(df.arange(5), 0, 1, 3)
    tensor([1, 2, 3])
    """
    x = asarray(x)
    with Speaking("narrow", x=x):
        at = shapes.normalize_axis(axis, x.ndim)
        n = x.shape[at]
        first = start + n if start < 0 and n is not None else start
        if length < 0 or first < 0 or (n is not None and first + length > n):
            raise Misfit(f"{length} elements from {start} do not lie in axis {at} of shape {format_shape(x.shape)}")
    return x[(slice(None),) * at + (slice(first, first + length),)]


def select(x: Any, axis: int, index: int) -> Any:
    """Cut out one slice across ``axis``, which goes. Shares memory in eager.

    >>> import dualflow as df
    >>> df.select(df.tensor([[1, 2], [3, 4]]), 1, 0)
    tensor([1, 3])
    """
    x = asarray(x)
    with Speaking("select", x=x):
        at = shapes.normalize_axis(axis, x.ndim)
    return x[(slice(None),) * at + (index,)]


def unstack(x: Any, axis: int = 0) -> tuple[Any, ...]:
    """Cut into slices across ``axis``, which goes. Shares memory in eager.

    >>> import dualflow as df
    >>> df.unstack(df.tensor([[1, 2], [3, 4]]), 1)
    (tensor([1, 3]), tensor([2, 4]))
    """
    x = asarray(x)
    with Speaking("unstack", x=x):
        at = shapes.normalize_axis(axis, x.ndim)
        n = size_along(x, at)
    return tuple(x[(slice(None),) * at + (i,)] for i in range(n))


def tensor_split(x: Any, indices_or_sections: Any, axis: int = 0) -> tuple[Any, ...]:
    """Cut along ``axis`` into as many pieces, the first ones longer by one, or before each of the indices listed.

    >>> import dualflow as df
    >>> [part.tolist() for part in df.tensor_split(df.arange(5), 2)]
    [[0, 1, 2], [3, 4]]
    """
    x = asarray(x)
    with Speaking("tensor_split", x=x):
        at = shapes.normalize_axis(axis, x.ndim)
        n = size_along(x, at)
        if isinstance(indices_or_sections, Sequence):
            cuts = [min(max(i + n if i < 0 else i, 0), n) for i in map(operator.index, indices_or_sections)]
        else:
            pieces = operator.index(indices_or_sections)
            if pieces < 1:
                raise Misfit(f"the number of pieces is at least 1, not {pieces}")
            cuts = [i * (n // pieces) + min(i, n % pieces) for i in range(1, pieces)]
    return tuple(x[(slice(None),) * at + (slice(a, max(a, b)),)] for a, b in itertools.pairwise([0, *cuts, n]))


def _split_along(name: str, x: Any, cut: Any, axis: int, least: int) -> tuple[Any, ...]:
    x = asarray(x)
    with Speaking(name, x=x):
        if x.ndim < least:
            raise Misfit(f"needs at least {least} axes; shape {format_shape(x.shape)} has {x.ndim}")
        n = size_along(x, axis)
        if not isinstance(cut, Sequence) and n % cut:
            raise Misfit(f"axis {axis} of size {n} does not fall into {cut} equal pieces")
    return tensor_split(x, cut, axis)


def hsplit(x: Any, indices_or_sections: Any) -> tuple[Any, ...]:
    """Cut into equal pieces, or before indices, along axis 1 (axis 0 of a vector).

    >>> import dualflow as df
    >>> [part.shape for part in df.hsplit(df.zeros(2, 4), 2)]
    [(2, 2), (2, 2)]
    """
    return _split_along("hsplit", x, indices_or_sections, 1 if len(x.shape) > 1 else 0, 1)


def vsplit(x: Any, indices_or_sections: Any) -> tuple[Any, ...]:
    """Cut into equal pieces, or before indices, along axis 0.

    >>> import dualflow as df
    >>> [part.shape for part in df.vsplit(df.zeros(2, 4), 2)]
    [(1, 4), (1, 4)]
    """
    return _split_along("vsplit", x, indices_or_sections, 0, 2)


def dsplit(x: Any, indices_or_sections: Any) -> tuple[Any, ...]:
    """Cut into equal pieces, or before indices, along axis 2.

    >>> import dualflow as df
    >>> [part.shape for part in df.dsplit(df.zeros(1, 2, 4), 2)]
    [(1, 2, 2), (1, 2, 2)]
    """
    return _split_along("dsplit", x, indices_or_sections, 2, 3)


# -- joining


def atleast_1d(x: Any) -> Any:
    """Return ``x`` with at least one axis.

    >>> import dualflow as df
    >>> df.atleast_1d(df.tensor(1)).shape
    (1,)
    """
    x = asarray(x)
    return x if x.ndim else expand_dims(x, axis=0)


def atleast_2d(x: Any) -> Any:
    """Return ``x`` with at least two axes; new ones come first.

    >>> import dualflow as df
    >>> df.atleast_2d(df.zeros(3)).shape
    (1, 3)
    """
    x = atleast_1d(x)
    return x if x.ndim > 1 else expand_dims(x, axis=0)


def atleast_3d(x: Any) -> Any:
    """Return ``x`` with at least three axes; the third comes last.

    >>> import dualflow as df
    >>> df.atleast_3d(df.zeros(3)).shape
    (1, 3, 1)
    """
    x = atleast_2d(x)
    return x if x.ndim > 2 else expand_dims(x, axis=2)


def hstack(arrays: Sequence[Any]) -> Any:
    """Join along axis 1, vectors along axis 0.

    >>> import dualflow as df
    >>> df.hstack([df.tensor([1]), df.tensor([2, 3])])
    tensor([1, 2, 3])
    """
    parts = [atleast_1d(x) for x in arrays]
    return concat(parts, 0 if parts and parts[0].ndim == 1 else 1)


def vstack(arrays: Sequence[Any]) -> Any:
    """Join along axis 0; vectors are rows.

    >>> import dualflow as df
    >>> df.vstack([df.tensor([1, 2]), df.tensor([3, 4])]).shape
    (2, 2)
    """
    return concat([atleast_2d(x) for x in arrays], 0)


def dstack(arrays: Sequence[Any]) -> Any:
    """Join along axis 2.

    >>> import dualflow as df
    >>> df.dstack([df.tensor([1, 2]), df.tensor([3, 4])]).shape
    (1, 2, 2)
    """
    return concat([atleast_3d(x) for x in arrays], 2)


def column_stack(arrays: Sequence[Any]) -> Any:
    """Join along axis 1; vectors are columns.

    >>> import dualflow as df
    >>> df.column_stack([df.tensor([1, 2]), df.tensor([3, 4])])
    tensor([[1, 3],
            [2, 4]])
    """
    parts = [asarray(x) for x in arrays]
    return concat([reshape(x, shape=(-1, 1)) if x.ndim < 2 else x for x in parts], 1)


def block_diag(*arrays: Any) -> Any:
    """Put matrices on the diagonal of a matrix of zeros.

    >>> import dualflow as df
    >>> df.block_diag(df.ones(1, 1), df.ones(1, 2))
    tensor([[1., 0., 0.],
            [0., 1., 1.]])
    """
    parts = [atleast_2d(x) for x in arrays]
    with Speaking("block_diag", **{f"#{i}": x for i, x in enumerate(parts)}):
        for part in parts:
            if part.ndim > 2:
                raise Misfit(f"takes matrices, not shape {format_shape(part.shape)}")
        widths = [size_along(part, 1) for part in parts]
    total, rows = sum(widths), []
    for i, part in enumerate(parts):
        before = sum(widths[:i])
        rows.append(_pad(part, widths=((0, 0), (before, total - before - widths[i]))))
    return concat(rows, 0)


def cartesian_prod(*arrays: Any) -> Any:
    """Pair every element of each vector with every one of the others, as rows, the last changing fastest.

    >>> import dualflow as df
    >>> df.cartesian_prod(df.tensor([1, 2]), df.tensor([3, 4])).tolist()
    [[1, 3], [1, 4], [2, 3], [2, 4]]
    """
    if len(arrays) == 1:
        return asarray(arrays[0])
    return stack([reshape(x, shape=(-1,)) for x in meshgrid(*arrays, indexing="ij")], 1)


# -- matrices and products


def diag(x: Any, k: int = 0) -> Any:
    """Make a matrix with a vector on its ``k``-th diagonal, or copy that diagonal out of a matrix.

    >>> import dualflow as df
    >>> df.diag(df.tensor([[1, 2], [3, 4]])), df.diag(df.tensor([1, 2])).shape
    (tensor([1, 4]), (2, 2))
    """
    x = asarray(x)
    with Speaking("diag", x=x):
        if x.ndim not in (1, 2):
            raise Misfit(f"takes a vector or a matrix, not shape {format_shape(x.shape)}; use diagonal or diag_embed")
    return diag_embed(x, offset=k) if x.ndim == 1 else diagonal(x, offset=k).clone()


def diagonal_scatter(x: Any, src: Any, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Any:
    """Put ``src`` on the diagonal of a copy of ``x``.

    >>> import dualflow as df
    >>> df.diagonal_scatter(df.zeros(2, 2), df.ones(2))
    tensor([[1., 0.],
            [0., 1.]])
    """
    x = asarray(x)
    change = asarray(src) - diagonal(x, offset=offset, axis1=axis1, axis2=axis2)
    return x + diagonal_like(change, x, offset=offset, axis1=axis1, axis2=axis2)


def _triangle(rows: int, columns: int | None, keep: Any, k: int) -> Any:
    return asarray(np.stack(np.nonzero(keep(np.ones((rows, rows if columns is None else columns), bool), k))))


def tril_indices(rows: int, columns: int | None = None, k: int = 0) -> Any:
    """Return the row and column indices of the elements on and below the ``k``-th diagonal, as two rows.

    >>> import dualflow as df
    >>> df.tril_indices(2)
    tensor([[0, 1, 1],
            [0, 0, 1]])
    """
    return _triangle(rows, columns, np.tril, k)


def triu_indices(rows: int, columns: int | None = None, k: int = 0) -> Any:
    """Return the row and column indices of the elements on and above the ``k``-th diagonal, as two rows.

    >>> import dualflow as df
    >>> df.triu_indices(2)
    tensor([[0, 0, 1],
            [0, 1, 1]])
    """
    return _triangle(rows, columns, np.triu, k)


def vander(x: Any, n: int | None = None, increasing: bool = False) -> Any:
    """Write the powers of a vector's elements as rows, from the highest unless ``increasing``.

    >>> import dualflow as df
    >>> df.vander(df.tensor([1, 2, 3]))
    tensor([[1, 1, 1],
            [4, 2, 1],
            [9, 3, 1]])
    """
    x = asarray(x)
    with Speaking("vander", x=x):
        if x.ndim != 1:
            raise Misfit(f"takes a vector, not shape {format_shape(x.shape)}")
        count = size_along(x, 0) if n is None else int(n)
    powers = range(count) if increasing else range(count - 1, -1, -1)
    if not count:
        return _full(shape=(size_along(x, 0), 0), fill_value=0, dtype=x.dtype)
    return stack([x**i for i in powers], 1)


# -- padding and windows


def pad(x: Any, padding: Sequence[int], mode: str = "constant", value: Any = 0) -> Any:
    """Widen the last axes: ``padding`` lists (before, after) for the last axis, then for the one before it, and so on.

    ``mode``: "constant" fills with ``value``; "reflect", "replicate", "circular" and "symmetric" repeat what is there.
    Negative widths cut. Raises ShapeError when there is not enough to repeat.

    >>> import dualflow as df
    >>> df.pad(df.tensor([1, 2, 3]), (2, 1), "reflect")
    tensor([3, 2, 1, 2, 3, 2])
    """
    x = asarray(x)
    with Speaking("pad", x=x):
        try:
            listed = [operator.index(n) for n in padding]
        except TypeError:
            raise Misfit(f"widths are integers, not {padding!r}", DTypeError) from None
        if len(listed) % 2 or len(listed) > 2 * x.ndim:
            raise Misfit(f"{len(listed)} widths are not one pair for each of up to {x.ndim} axes")
        if mode not in MODES:
            raise Misfit(f"there is no mode {mode!r}; there are {', '.join(MODES)}")
        pairs = [(0, 0)] * (x.ndim - len(listed) // 2) + list(zip(listed[::2], listed[1::2], strict=True))[::-1]
        for n, (low, high) in zip(x.shape, pairs, strict=True):
            if n is not None and n + low + high < 0:
                raise Misfit(f"widths {low} and {high} cut more than the {n} elements of an axis")
    if min(listed, default=0) < 0:
        x = x[tuple(slice(max(-low, 0), min(high, 0) or None) for low, high in pairs)]
        pairs = [(max(low, 0), max(high, 0)) for low, high in pairs]
    return _pad(x, widths=tuple(pairs), mode=mode, value=value if mode == "constant" else 0)


def unfold_windows(x: Any, axis: int, size: int, step: int) -> Any:
    """Cut windows along ``axis``: the method ``x.unfold(axis, size, step)``.

    >>> import dualflow as df
    >>> df.arange(4).unfold(0, 2, 2)
    tensor([[0, 1],
            [2, 3]])
    """
    return windows(asarray(x), axis=axis, size=size, step=step)

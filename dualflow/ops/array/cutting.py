"""Cutting along an axis: one piece, or all of them. Pieces share memory in eager."""

from __future__ import annotations

import itertools
import operator
from collections.abc import Sequence
from typing import Any

from dualflow.core import shapes
from dualflow.core.errors import Misfit, format_shape
from dualflow.core.names import public
from dualflow.core.op import primitive
from dualflow.core.world import is_tensor
from dualflow.ops.array.create import arange, asarray, filled
from dualflow.ops.array.index import take
from dualflow.ops.array.shape import _split, _stack
from dualflow.ops.composite import Speaking, known_values, size_along
from dualflow.ops.math.comparison import where


def narrow(x: Any, axis: int, start: Any, length: int) -> Any:
    """Cut out ``length`` elements along ``axis`` from ``start``. Shares memory in eager.

    ``start`` may be a 0-d tensor of integers, in a graph too. Raises ShapeError when they do not lie there.

    >>> df.torch.narrow(df.arange(5), 0, 1, 3)
    tensor([1, 2, 3])
    """
    x = asarray(x)
    with Speaking("narrow", x=x):
        at = shapes.normalize_axis(axis, x.ndim)
        n = x.shape[at]
        if is_tensor(start):
            shapes.integral(start)
            if start.shape:
                raise Misfit(f"start is one number, not of shape {format_shape(start.shape)}")
            if not hasattr(start, "array"):  # a symbol: where to cut only a run knows, and checks
                n = size_along(x, at)
                first = where(start < 0, where(start < -n, n, start + n), start)
                return take(x, first + arange(length), at)
        start = operator.index(start)
        first = start + n if start < 0 and n is not None else start
        if length < 0 or first < 0 or (n is not None and first + length > n):
            raise Misfit(f"{length} elements from {start} do not lie in axis {at} of shape {format_shape(x.shape)}")
    return x[(slice(None),) * at + (slice(first, first + length),)]


def select(x: Any, axis: int, index: int) -> Any:
    """Cut out one slice across ``axis``, which goes. Shares memory in eager.

    >>> df.torch.select(df.tensor([[1, 2], [3, 4]]), 1, 0)
    tensor([1, 3])
    """
    x = asarray(x)
    with Speaking("select", x=x):
        at = shapes.normalize_axis(axis, x.ndim)
    return x[(slice(None),) * at + (index,)]


def _slices(x: Any, *, axis: int) -> Any:
    """Take the slices across an axis, which goes."""
    shape, at = shapes.of(x), shapes.normalize_axis(axis, len(shapes.of(x)))
    if shape[at] is None:
        raise Misfit(f"axis {at} has an unknown size, so how many slices there are is not known")
    return ((*shape[:at], *shape[at + 1 :]),) * shape[at]


@primitive(
    shape=_slices,
    dtype="first",
    results=tuple,
    view=lambda place, *, axis: (*(slice(None),) * axis, place),
    name="unstack",
)
def _unstack(xp: Any, x: Any, *, axis: int = 0) -> Any:
    """Cut into slices across ``axis``, counted from the front: the primitive behind ``unstack``.

    >>> from dualflow.core.op import VOCABULARY
    >>> VOCABULARY["unstack"].call(df.arange(2))
    (tensor(0), tensor(1))
    """
    before = (slice(None),) * axis
    return tuple(x[(*before, i, ...)] for i in range(x.shape[axis]))  # with an ellipsis an element is a view, no copy


_unstack.vjp(x=lambda g, y, x, *, axis: _stack(*filled(g, y), axis=axis), reads="")


@public()
def unstack(x: Any, axis: int = 0) -> tuple[Any, ...]:
    """Cut into slices across ``axis``, which goes. Shares memory in eager.

    >>> df.unstack(df.tensor([[1, 2], [3, 4]]), 1)
    (tensor([1, 3]), tensor([2, 4]))
    """
    x = asarray(x)
    with Speaking("unstack", x=x):
        at = shapes.normalize_axis(axis, x.ndim)
        size_along(x, at)
    return _unstack(x, axis=at)


@public()
def tensor_split(x: Any, indices_or_sections: Any, axis: int = 0) -> tuple[Any, ...]:
    """Cut along ``axis`` into as many pieces, the first ones longer by one, or before each of the indices listed.

    Either may be a tensor of integers, in eager only: how large the pieces are depends on it.

    >>> [part.tolist() for part in df.tensor_split(df.arange(5), 2)]
    [[0, 1, 2], [3, 4]]
    """
    x = asarray(x)
    if is_tensor(indices_or_sections):
        listed = known_values("tensor_split", indices_or_sections, "give the cuts as numbers")
        with Speaking("tensor_split", x=x, indices_or_sections=listed):
            shapes.integral(listed)
            if listed.ndim > 1:
                raise Misfit(f"cuts are a number or a vector, not of shape {format_shape(listed.shape)}")
        indices_or_sections = listed.tolist()
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
    if cuts != sorted(cuts):  # pieces that overlap, or leave something out
        return tuple(x[(slice(None),) * at + (slice(a, max(a, b)),)] for a, b in itertools.pairwise([0, *cuts, n]))
    return _split(x, sizes=tuple(b - a for a, b in itertools.pairwise([0, *cuts, n])), axis=at)


def _split_along(name: str, x: Any, cut: Any, axis: int, least: int) -> tuple[Any, ...]:
    x = asarray(x)
    with Speaking(name, x=x):
        if x.ndim < least:
            raise Misfit(f"needs at least {least} axes; shape {format_shape(x.shape)} has {x.ndim}")
        n = size_along(x, axis)
        if not isinstance(cut, Sequence) and (operator.index(cut) < 1 or n % cut):
            raise Misfit(f"axis {axis} of size {n} does not fall into {cut} equal pieces")
    return tensor_split(x, cut, axis)


@public()
def hsplit(x: Any, indices_or_sections: Any) -> tuple[Any, ...]:
    """Cut into equal pieces, or before indices, along axis 1 (axis 0 of a vector).

    >>> [part.shape for part in df.hsplit(df.zeros(2, 4), 2)]
    [(2, 2), (2, 2)]
    """
    return _split_along("hsplit", x, indices_or_sections, 1 if len(x.shape) > 1 else 0, 1)


@public()
def vsplit(x: Any, indices_or_sections: Any) -> tuple[Any, ...]:
    """Cut into equal pieces, or before indices, along axis 0.

    >>> [part.shape for part in df.vsplit(df.zeros(2, 4), 2)]
    [(1, 4), (1, 4)]
    """
    return _split_along("vsplit", x, indices_or_sections, 0, 2)


@public()
def dsplit(x: Any, indices_or_sections: Any) -> tuple[Any, ...]:
    """Cut into equal pieces, or before indices, along axis 2.

    >>> [part.shape for part in df.dsplit(df.zeros(1, 2, 4), 2)]
    [(1, 2, 2), (1, 2, 2)]
    """
    return _split_along("dsplit", x, indices_or_sections, 2, 3)

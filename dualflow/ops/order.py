"""Sorting, and what is read off sorted values: ranks, medians, quantiles, the largest few, places to insert."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from dualflow import shapes
from dualflow.errors import DTypeError, Misfit, format_shape
from dualflow.op import primitive
from dualflow.ops.compare import isnan, where
from dualflow.ops.create import asarray
from dualflow.ops.index import put_along_like, take, take_along_axis
from dualflow.ops.reduce import any, sum
from dualflow.ops.scan import Ranked
from dualflow.ops.shape import expand_dims, permute_dims, reshape, squeeze
from dualflow.ops.speak import Speaking, size_along


def _ordered(x: Any, *, axis: int, descending: bool, stable: bool) -> Any:
    """Keep the shape, ordering along ``axis``."""
    shapes.normalize_axis(axis, len(shapes.of(x)))
    return shapes.of(x)


@primitive(shape=_ordered, dtype="index", domain="distinct")
def argsort(xp: Any, x: Any, *, axis: int = -1, descending: bool = False, stable: bool = True) -> Any:
    """Return the positions (int64) that order the elements along ``axis``; NaN counts as the largest.

    Equal elements keep their order, whatever ``stable`` says: both worlds then agree.

    >>> import dualflow as df
    >>> df.argsort(df.tensor([3, 1, 2]))
    tensor([1, 2, 0])
    """
    _ordered(x, axis=axis, descending=descending, stable=stable)
    return xp.argsort(x, axis=axis, stable=True, descending=descending).astype(np.int64)


@argsort.kernel("numpy")
def _argsort(x: Any, *, axis: int = -1, descending: bool = False, stable: bool = True) -> Any:
    _ordered(x, axis=axis, descending=descending, stable=stable)
    if not descending:
        return np.argsort(x, axis, kind="stable")
    turned = np.flip(np.argsort(np.flip(x, axis), axis, kind="stable"), axis)  # equals keep their order
    return x.shape[axis] - 1 - turned


@primitive(shape=_ordered, dtype="real", domain="distinct")
def sort(xp: Any, x: Any, *, axis: int = -1, descending: bool = False, stable: bool = True) -> Any:
    """Order the elements along ``axis``; NaN counts as the largest.

    Returns the values; the method ``x.sort(dim)`` returns (values, indices) as PyTorch's does.

    >>> import dualflow as df
    >>> df.sort(df.tensor([3, 1, 2]), descending=True)
    tensor([3, 2, 1])
    """
    _ordered(x, axis=axis, descending=descending, stable=stable)
    return xp.sort(x, axis=axis, descending=descending)


@sort.kernel("numpy")
def _sort(x: Any, *, axis: int = -1, descending: bool = False, stable: bool = True) -> Any:
    _ordered(x, axis=axis, descending=descending, stable=stable)
    if not descending:
        return np.sort(x, axis, kind="stable" if x.dtype.kind in "iub" else None)
    return np.flip(np.sort(x, axis), axis).copy()


sort.vjp(
    x=lambda g, y, x, *, axis, descending, stable: put_along_like(
        g, argsort(x, axis=axis, descending=descending), x, axis=axis
    )
)


def _inserted(x1: Any, x2: Any, *, side: str) -> Any:
    """Give a place in the sorted vector ``x1`` for each of ``x2``."""
    if len(shapes.of(x1)) != 1:
        raise Misfit(f"the sorted values are a vector; this has shape {format_shape(shapes.of(x1))}")
    if side not in ("left", "right"):
        raise Misfit(f"side is 'left' or 'right', not {side!r}")
    return shapes.of(x2)


@primitive(shape=_inserted, dtype="place", domain="distinct", name="searchsorted")
def _searchsorted(xp: Any, x1: Any, x2: Any, *, side: str = "left") -> Any:
    """Find where each of ``x2`` belongs in the sorted ``x1``: the primitive behind ``searchsorted``.

    >>> import dualflow as df
    >>> from dualflow.op import VOCABULARY
    >>> VOCABULARY["searchsorted"].call(df.tensor([1, 3]), df.tensor([2]))
    tensor([1])
    """
    _inserted(x1, x2, side=side)
    return xp.asarray(xp.searchsorted(x1, x2, side=side)).astype(np.int64)


def searchsorted(x1: Any, x2: Any, *, side: str = "left", sorter: Any = None) -> Any:
    """Find where each element of ``x2`` goes in the sorted vector ``x1`` so that it stays sorted (int64).

    ``side``: before ("left") or after ("right") equal elements. ``sorter``: positions that sort ``x1``.

    >>> import dualflow as df
    >>> df.searchsorted(df.tensor([1, 3, 5]), df.tensor([0, 3, 9]))
    tensor([0, 1, 3])
    """
    return _searchsorted(x1 if sorter is None else take(x1, sorter), x2, side=side)


def bucketize(x: Any, boundaries: Any, *, right: bool = False) -> Any:
    """Number the bucket of each element between sorted ``boundaries``; ``right``: a boundary belongs to the next one.

    >>> import dualflow as df
    >>> df.bucketize(df.tensor([0.5, 2.0]), df.tensor([1.0, 2.0]))
    tensor([0, 1])
    """
    return _searchsorted(boundaries, x, side="right" if right else "left")


# -- the largest few, and ranks


def topk(x: Any, k: int, axis: int = -1, *, largest: bool = True, sorted: bool = True) -> Ranked:
    """Take the ``k`` largest (or smallest) elements along ``axis``, in order: (values, indices).

    ``sorted`` is PyTorch's; they always are. Raises ShapeError when there are fewer than ``k``.

    >>> import dualflow as df
    >>> df.topk(df.tensor([1.0, 3.0, 2.0]), 2)
    Ranked(values=tensor([3., 2.]), indices=tensor([1, 2]))
    """
    x = asarray(x)
    with Speaking("topk", x=x):
        at = shapes.normalize_axis(axis, x.ndim)
        n = x.shape[at]
        if not hasattr(k, "__index__"):
            raise Misfit(f"k is an integer, not {k!r}", DTypeError)
        if k < 0 or (n is not None and k > n):
            raise Misfit(f"there are no {k} elements along axis {at} of shape {format_shape(x.shape)}")
    order = argsort(x, axis=at, descending=largest)[(slice(None),) * at + (slice(0, k),)]
    return Ranked(take_along_axis(x, order, axis=at), order)


def _ranked(x: Any, order: Any, rank: Any, at: int, keepdims: bool) -> Ranked:
    """Take the elements whose place in ``order`` is ``rank``, an int or one for each row."""
    if rank.__class__ is int:
        where_it_is = order[(slice(None),) * at + (slice(rank, rank + 1),)]
    else:
        where_it_is = take_along_axis(order, rank, axis=at)
    values = take_along_axis(x, where_it_is, axis=at)
    if keepdims:
        return Ranked(values, where_it_is)
    return Ranked(squeeze(values, axis=at), squeeze(where_it_is, axis=at))


def kthvalue(x: Any, k: int, axis: int = -1, keepdims: bool = False) -> Ranked:
    """Take the ``k``-th smallest element along ``axis``, counting from 1: (values, indices).

    >>> import dualflow as df
    >>> df.kthvalue(df.tensor([3.0, 1.0, 2.0]), 2).values
    tensor(2.)
    """
    x = asarray(x)
    with Speaking("kthvalue", x=x):
        at = shapes.normalize_axis(axis, x.ndim)
        n = size_along(x, at)
        if not 1 <= k <= n:
            raise Misfit(f"k must lie between 1 and {n}, the size of axis {at}, not {k}")
    return _ranked(x, argsort(x, axis=at), int(k) - 1, at, keepdims)


def median(x: Any, axis: int | None = None, keepdims: bool = False) -> Any:
    """Take the middle element, the lower of two, as PyTorch does: over all, or (values, indices) along ``axis``.

    NaN if there is a NaN; ``nanmedian`` leaves those out.

    >>> import dualflow as df
    >>> df.median(df.tensor([4.0, 1.0, 3.0, 2.0]))
    tensor(2.)
    """
    return _median("median", x, axis, keepdims)


def nanmedian(x: Any, axis: int | None = None, keepdims: bool = False) -> Any:
    """Take the median of what is not NaN: over all, or (values, indices) along ``axis``.

    >>> import dualflow as df
    >>> df.nanmedian(df.tensor([4.0, float("nan"), 3.0]))
    tensor(3.)
    """
    return _median("nanmedian", x, axis, keepdims)


def _median(name: str, x: Any, axis: int | None, keepdims: bool) -> Any:
    x = asarray(x)
    if axis is None:
        return _median(name, reshape(x, shape=(-1,)), 0, False).values
    with Speaking(name, x=x):
        at = shapes.normalize_axis(axis, x.ndim)
        n = size_along(x, at)
        if n == 0:
            raise Misfit(f"nothing has no median: shape {format_shape(x.shape)} is empty along axis {at}")
    order = argsort(x, axis=at)
    if x.dtype.kind != "f":
        return _ranked(x, order, (n - 1) // 2, at, keepdims)
    odd = isnan(x)
    if name == "median":
        rank = where(any(odd, axis=at, keepdims=True), n - 1, (n - 1) // 2)
    else:
        rank = _half(n - sum(odd, axis=at, keepdims=True))
    return _ranked(x, order, rank, at, keepdims)


def _half(count: Any) -> Any:
    """Return the rank of the lower middle of ``count`` elements; 0 for none."""
    return where(count > 0, ((count.astype("float64") - 1) / 2).astype("int64"), 0)


INTERPOLATIONS = ("linear", "lower", "higher", "nearest", "midpoint")


def quantile(x: Any, q: Any, axis: int | None = None, keepdims: bool = False, *, interpolation: str = "linear") -> Any:
    """Read off sorted values at the fractions ``q``, a number or a vector in [0, 1]; a vector makes a first axis.

    ``interpolation`` between two neighbours: "linear", "lower", "higher", "nearest" or "midpoint". NaN if there is one.

    >>> import dualflow as df
    >>> df.quantile(df.tensor([1.0, 2.0, 3.0, 4.0]), 0.5)
    tensor(2.5)
    """
    x = asarray(x)
    with Speaking("quantile", x=x):
        if x.dtype.kind != "f":
            raise Misfit(f"quantiles are of floating point, not {x.dtype}", DTypeError)
        if interpolation not in INTERPOLATIONS:
            raise Misfit(f"interpolation is one of {', '.join(INTERPOLATIONS)}, not {interpolation!r}")
        fractions = np.asarray(getattr(q, "array", q), np.float64)
        if fractions.ndim > 1 or not ((fractions >= 0) & (fractions <= 1)).all():
            raise Misfit(f"q is a number or a vector in [0, 1], not {q!r}")
        at = 0 if axis is None else shapes.normalize_axis(axis, x.ndim)
    rank = x.ndim
    if axis is None:
        x = reshape(x, shape=(-1,))
    with Speaking("quantile", x=x):
        n = size_along(x, at)
        if n == 0:
            raise Misfit("nothing has no quantiles")
    ordered = sort(x, axis=at)
    places = np.atleast_1d(fractions) * (n - 1)
    low, high = np.floor(places), np.ceil(places)
    if interpolation in ("lower", "higher", "nearest"):
        chosen = {"lower": low, "higher": high, "nearest": np.rint(places)}[interpolation]
        y = take(ordered, asarray(chosen.astype(np.int64)), at)
    else:
        weight = places - low if interpolation == "linear" else np.full_like(places, 0.5)
        weight = weight.astype(x.dtype).reshape((-1,) + (1,) * (x.ndim - at - 1))
        lower, upper = (take(ordered, asarray(p.astype(np.int64)), at) for p in (low, high))
        y = lower + asarray(weight) * (upper - lower)
    y = where(any(isnan(x), axis=at, keepdims=True), math.nan, y)
    # the fractions stand at `at`: put them in front, or drop them
    y = permute_dims(y, axes=(at, *(i for i in range(y.ndim) if i != at)))
    if keepdims:
        for place in range(rank) if axis is None else (at,):
            y = expand_dims(y, axis=place + 1)
    return y if fractions.ndim else y[0]

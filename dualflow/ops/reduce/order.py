"""Sorting, and what is read off sorted values: ranks, medians, quantiles, the largest few, places to insert."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from dualflow.core import dtypes, shapes
from dualflow.core.errors import DTypeError, Misfit, format_shape
from dualflow.core.names import public
from dualflow.core.op import primitive
from dualflow.core.world import is_tensor
from dualflow.ops.array.axes import moveaxis
from dualflow.ops.array.create import asarray
from dualflow.ops.array.index import put_along_like, take, take_along_axis
from dualflow.ops.array.shape import expand_dims, reshape, squeeze
from dualflow.ops.composite import Speaking, size_along
from dualflow.ops.math.comparison import isnan, where
from dualflow.ops.math.elementwise import maximum
from dualflow.ops.math.rounding import ceil, floor, round
from dualflow.ops.reduce.reductions import any, sum
from dualflow.ops.reduce.scan import Ranked


def _ordered(x: Any, *, axis: int, descending: bool, stable: bool) -> Any:
    """Keep the shape, ordering along ``axis``."""
    shapes.normalize_axis(axis, len(shapes.of(x)))
    return shapes.of(x)


@primitive(shape=_ordered, dtype="index", domain="distinct", public="df")
def argsort(xp: Any, x: Any, *, axis: int = -1, descending: bool = False, stable: bool = True) -> Any:
    """Return the positions (int64) that order the elements along ``axis``; NaN counts as the largest.

    Equal elements keep their order, whatever ``stable`` says: both worlds then agree.

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


@primitive(shape=_ordered, dtype="real", domain="distinct", public="df")
def sort(xp: Any, x: Any, *, axis: int = -1, descending: bool = False, stable: bool = True) -> Any:
    """Order the elements along ``axis``; NaN counts as the largest.

    Returns the values; the method ``x.sort(dim)`` returns (values, indices) as PyTorch's does.

    >>> df.sort(df.tensor([3, 1, 2]), descending=True)
    tensor([3, 2, 1])
    """
    _ordered(x, axis=axis, descending=descending, stable=stable)
    if not descending:
        return xp.sort(x, axis=axis)
    return xp.flip(xp.sort(xp.flip(x, axis), axis=axis), axis)  # equals keep their order, which zeros of two signs show


@sort.kernel("numpy")
def _sort(x: Any, *, axis: int = -1, descending: bool = False, stable: bool = True) -> Any:
    _ordered(x, axis=axis, descending=descending, stable=stable)
    y = np.sort(x, axis, kind="stable" if x.dtype.kind in "iub" else None)
    if descending:
        y = np.flip(y, axis).copy()
    if x.dtype.kind == "f" and (zero := x == 0).any():
        # sorting in floating point is not stable: zeros of two signs are equal, and go back in their own order
        np.moveaxis(y, axis, -1)[np.moveaxis(y == 0, axis, -1)] = np.moveaxis(x, axis, -1)[np.moveaxis(zero, axis, -1)]
    return y


sort.vjp(
    x=lambda g, y, x, *, axis, descending, stable: put_along_like(
        g, argsort(x, axis=axis, descending=descending), x, axis=axis
    ),
    reads="x",
)


def _chosen(x: Any, *, axis: int, count: int | None, descending: bool) -> Any:
    """Keep the shape but for ``count`` elements along ``axis``; twice."""
    shape = list(shapes.of(x))
    axis = shapes.normalize_axis(axis, len(shape))
    shape[axis] = shape[axis] if count is None else count
    return tuple(shape), tuple(shape)


@primitive(shape=_chosen, dtype=("real", "index"), results=Ranked, domain="distinct")
def ranked(xp: Any, x: Any, *, axis: int, count: int | None = None, descending: bool = False) -> Any:
    """Order the elements along ``axis`` and keep the first ``count``: the values, and where they stood (int64).

    >>> from dualflow.ops.reduce.order import ranked
    >>> ranked(df.tensor([3, 1, 2]), axis=0, count=2)
    Ranked(values=tensor([1, 2]), indices=tensor([1, 2]))
    """
    places = argsort.op.kernel("numpy" if xp is np else "jax")(x, axis=axis, descending=descending, stable=True)
    if count is not None:
        places = places[(slice(None),) * (axis % x.ndim) + (slice(0, count),)]
    return xp.take_along_axis(x, places, axis=axis), places


def _one(x: Any, *, axis: int, descending: bool) -> Any:
    return _chosen(x, axis=axis, count=1, descending=descending)


@primitive(shape=_one, dtype=("real", "index"), results=Ranked, domain="distinct")
def extreme(xp: Any, x: Any, *, axis: int, descending: bool = False) -> Any:
    """Find the smallest element along ``axis``, or the largest if ``descending``, and where it stands.

    >>> from dualflow.ops.reduce.order import extreme
    >>> extreme(df.tensor([3, 1, 2]), axis=0)
    Ranked(values=tensor([1]), indices=tensor([1]))
    """
    places = (xp.argmax if descending else xp.argmin)(x, axis=axis, keepdims=True).astype(np.int64)
    return xp.take_along_axis(x, places, axis=axis), places


def _to_places(g: Any, y: Any, x: Any, *, axis: int, **choice: Any) -> Any:
    """Put the gradients of the values where these stood."""
    return None if g[0] is None else put_along_like(g[0], y[1], x, axis=axis)


for _card in (ranked, extreme):
    _card.vjp(x=_to_places, reads="y")


def _inserted(x1: Any, x2: Any, *, side: str) -> Any:
    """Give a place in the sorted vector ``x1`` for each of ``x2``; of vectors stacked alike, each in its own."""
    rows, values = shapes.of(x1), shapes.of(x2)
    if side not in ("left", "right"):
        raise Misfit(f"side is 'left' or 'right', not {side!r}")
    if not rows:
        raise Misfit("the sorted values are a vector, or vectors along a last axis; this is one number")
    if len(rows) > 1 and not (values and shapes.agree(rows[:-1], values[:-1])):
        raise Misfit(
            f"sorted vectors of shape {format_shape(rows)} and values of shape {format_shape(values)} "
            "must agree in all axes but the last"
        )
    return values


@primitive(shape=_inserted, dtype="place", domain="distinct", name="searchsorted")
def _searchsorted(xp: Any, x1: Any, x2: Any, *, side: str = "left") -> Any:
    """Find where each of ``x2`` belongs in the sorted ``x1``: the primitive behind ``searchsorted``.

    >>> from dualflow.core.op import VOCABULARY
    >>> VOCABULARY["searchsorted"].call(df.tensor([1, 3]), df.tensor([2]))
    tensor([1])
    """
    _inserted(x1, x2, side=side)
    if x1.ndim == 1:
        return xp.asarray(xp.searchsorted(x1, x2, side=side)).astype(np.int64)
    # as many comparisons as pairs; jnp.searchsorted's own binary search is slower than that on short rows
    under = x1[..., None, :] < x2[..., None] if side == "left" else ~(x1[..., None, :] > x2[..., None])
    return under.sum(-1).astype(np.int64)


@_searchsorted.kernel("numpy")
def _searchsorted_numpy(x1: Any, x2: Any, *, side: Any = "left") -> Any:
    _inserted(x1, x2, side=side)
    if x1.ndim == 1:
        return np.asarray(np.searchsorted(x1, x2, side=side)).astype(np.int64, copy=False)
    out = np.empty(x2.shape, np.int64)
    for row in np.ndindex(x1.shape[:-1]):
        out[row] = np.searchsorted(x1[row], x2[row], side=side)
    return out


@public()
def searchsorted(
    x1: Any, x2: Any, *, side: str = "left", sorter: Any = None, right: bool = False, out_int32: bool = False
) -> Any:
    """Find where each element of ``x2`` goes in the sorted vector ``x1`` so that it stays sorted.

    ``side``: before ("left") or after ("right") equal elements; ``right=True`` is PyTorch's word for the latter.
    Sorted vectors along the last axis of ``x1`` each take their own row of ``x2``, whose other axes are the same.
    ``sorter``: positions that sort ``x1``. int64, or int32 with ``out_int32``.

    >>> df.searchsorted(df.tensor([1, 3, 5]), df.tensor([0, 3, 9]))
    tensor([0, 1, 3])
    >>> df.searchsorted(df.tensor([[1, 3], [5, 7]]), df.tensor([[2], [2]])).tolist()
    [[1], [0]]
    """
    if sorter is not None:
        x1 = take_along_axis(asarray(x1), asarray(sorter), axis=-1)
    found = _searchsorted(x1, x2, side="right" if right else side)
    return found.astype("int32") if out_int32 else found


@public()
def bucketize(x: Any, boundaries: Any, *, out_int32: bool = False, right: bool = False) -> Any:
    """Number the bucket of each element between sorted ``boundaries``; ``right``: a boundary belongs to the next one.

    >>> df.bucketize(df.tensor([0.5, 2.0]), df.tensor([1.0, 2.0]))
    tensor([0, 1])
    """
    boundaries = asarray(boundaries)
    with Speaking("bucketize", x=x, boundaries=boundaries):
        if len(boundaries.shape) != 1:
            raise Misfit(f"boundaries are a vector, not of shape {format_shape(boundaries.shape)}")
    return searchsorted(boundaries, x, right=right, out_int32=out_int32)


# -- the largest few, and ranks


@public()
def topk(x: Any, k: int, axis: int = -1, *, largest: bool = True, sorted: bool = True) -> Ranked:
    """Take the ``k`` largest (or smallest) elements along ``axis``, in order: (values, indices).

    ``sorted`` is PyTorch's; they always are. Raises ShapeError when there are fewer than ``k``.

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
    return ranked(x, axis=at, count=int(k), descending=largest)


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


@public()
def kthvalue(x: Any, k: int, axis: int = -1, keepdims: bool = False) -> Ranked:
    """Take the ``k``-th smallest element along ``axis``, counting from 1: (values, indices).

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


@public()
def median(x: Any, axis: int | None = None, keepdims: bool = False) -> Any:
    """Take the middle element, the lower of two, as PyTorch does: over all, or (values, indices) along ``axis``.

    NaN if there is a NaN; ``nanmedian`` leaves those out.

    >>> df.median(df.tensor([4.0, 1.0, 3.0, 2.0]))
    tensor(2.)
    """
    return _median("median", x, axis, keepdims)


@public()
def nanmedian(x: Any, axis: int | None = None, keepdims: bool = False) -> Any:
    """Take the median of what is not NaN: over all, or (values, indices) along ``axis``.

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
    if x.dtype.kind not in dtypes.REAL:
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


@public()
def quantile(x: Any, q: Any, axis: int | None = None, keepdims: bool = False, *, interpolation: str = "linear") -> Any:
    """Read off sorted values at the fractions ``q``, a number or a vector in [0, 1]; a vector makes a first axis.

    ``interpolation`` between two neighbours: "linear", "lower", "higher", "nearest" or "midpoint". NaN if there is one;
    ``nanquantile`` leaves those out. A tensor ``q`` gets a gradient too.

    >>> df.quantile(df.tensor([1.0, 2.0, 3.0, 4.0]), 0.5)
    tensor(2.5)
    """
    return _quantile("quantile", x, q, axis, keepdims, interpolation)


@public()
def nanquantile(
    x: Any, q: Any, axis: int | None = None, keepdims: bool = False, *, interpolation: str = "linear"
) -> Any:
    """Read off sorted values at the fractions ``q``, as ``quantile`` does, of what is not NaN; NaN where all is.

    >>> df.nanquantile(df.tensor([1.0, float("nan"), 3.0]), 0.5)
    tensor(2.)
    """
    return _quantile("nanquantile", x, q, axis, keepdims, interpolation)


def _quantile(name: str, x: Any, q: Any, axis: int | None, keepdims: bool, interpolation: str) -> Any:
    x = asarray(x)
    fixed = not is_tensor(q)
    fractions = asarray(np.asarray(q, np.float64)) if fixed else q
    with Speaking(name, x=x, q=fractions):
        if x.dtype.kind not in dtypes.REAL:
            raise Misfit(f"quantiles are of floating point, not {x.dtype}", DTypeError)
        if interpolation not in INTERPOLATIONS:
            raise Misfit(f"interpolation is one of {', '.join(INTERPOLATIONS)}, not {interpolation!r}")
        if fractions.dtype.kind not in dtypes.REAL or len(fractions.shape) > 1:
            raise Misfit(f"q is a number or a vector of floating point, not {fractions.dtype} {fractions.shape}")
        values = getattr(fractions, "array", None)  # a symbol's fractions only a run knows
        if values is not None and not ((values >= 0) & (values <= 1)).all():
            raise Misfit(f"q is a number or a vector in [0, 1], not {q!r}")
        rank, at = x.ndim, -1 if axis is None else shapes.normalize_axis(axis, x.ndim)
        rows = reshape(x, shape=(-1,)) if axis is None else moveaxis(x, at, -1)
        n = size_along(rows, -1)
        if n == 0:
            raise Misfit("nothing has no quantiles")
    odd = isnan(rows)
    lost = sum(odd, axis=-1, keepdims=True)
    most = maximum(n - 1 - lost, 0) if name == "nanquantile" else n - 1
    places = reshape(fractions, shape=(-1,)) * most  # one for each fraction; for each row too where NaN are left out
    low, high = floor(places), ceil(places)
    if interpolation in ("lower", "higher", "nearest"):
        chosen = {"lower": low, "higher": high, "nearest": round(places)}[interpolation]
        y = _read(sort(rows, axis=-1), chosen)
    else:
        lower, upper = (_read(sort(rows, axis=-1), place) for place in (low, high))
        weight = (places - low).astype(x.dtype) if interpolation == "linear" else 0.5
        y = lower + weight * (upper - lower)
    y = moveaxis(where(lost >= n if name == "nanquantile" else lost > 0, math.nan, y), -1, 0)
    if keepdims:
        for place in range(rank) if axis is None else (at,):
            y = expand_dims(y, axis=place + 1)
    return y if fractions.shape else y[0]


def _read(rows: Any, places: Any) -> Any:
    """Return what stands in sorted rows at ``places``, one vector for all or one for each row."""
    places = where(places < 0, rows.shape[-1], places).astype("int64")  # a fraction below 0 is out of range too
    return take(rows, places, rows.ndim - 1) if places.ndim == 1 else take_along_axis(rows, places, axis=-1)

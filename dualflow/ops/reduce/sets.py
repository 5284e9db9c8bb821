"""What has as many elements as the values decide: sets, places that are not zero, counts of values.

All of it is eager only: a graph knows shapes, not values, and says so with the way round it. Results are constants.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from dualflow.core import shapes
from dualflow.core.errors import Misfit, format_shape
from dualflow.core.names import public
from dualflow.core.op import primitive
from dualflow.ops.array.create import _full_like, asarray
from dualflow.ops.array.scatter import segment_sum
from dualflow.ops.composite import Speaking, known_values
from dualflow.ops.math.comparison import equal, logical_not
from dualflow.ops.reduce.reductions import any


class UniqueAll(NamedTuple):
    """The distinct values, where each stands first, which one each element is, and how often each occurs."""

    values: Any
    indices: Any
    inverse_indices: Any
    counts: Any


class UniqueCounts(NamedTuple):
    """The distinct values, and how often each occurs."""

    values: Any
    counts: Any


class UniqueInverse(NamedTuple):
    """The distinct values, and which one each element is."""

    values: Any
    inverse_indices: Any


SORT = "df.sort has a fixed size: neighbours that differ mark the distinct values"


def _values(name: str, x: Any, instead: str) -> np.ndarray:
    return np.asarray(known_values(name, x, instead).array)


def _index(array: Any) -> Any:
    return asarray(np.asarray(array, np.int64))


def _distinct(name: str, x: Any, axis: int | None = None, *, ordered: bool = True) -> UniqueAll:
    """Find the distinct slices across ``axis`` (None: elements), in order, or only those unlike the one before."""
    array = _values(name, x, SORT)
    with Speaking(name, x=x):
        at = None if axis is None else shapes.normalize_axis(axis, array.ndim)
        if at is not None and 0 in array.shape and array.shape[at]:
            raise Misfit(f"slices across axis {at} of shape {format_shape(array.shape)} are empty, so all are one")
    lines = array.reshape(-1, 1) if at is None else np.moveaxis(array, at, 0).reshape(array.shape[at], -1)
    n = len(lines)
    order = np.lexsort(lines.T[::-1]) if ordered and n else np.arange(n)
    lines = lines[order]
    new = np.append(True, (lines[1:] != lines[:-1]).any(1))[:n]
    first: Any = order[new]
    inverse: Any = np.empty(n, np.int64)
    inverse[order] = np.cumsum(new) - 1
    values = array.reshape(-1)[first] if at is None else array.take(first, at)
    counts = np.diff(np.append(np.flatnonzero(new), n))
    inverse = inverse.reshape(array.shape) if at is None else inverse
    return UniqueAll(asarray(values), _index(first), _index(inverse), _index(counts))


@public()
def unique_all(x: Any) -> UniqueAll:
    """Return the distinct values, sorted, with first indices, inverse indices and counts. Each NaN is distinct.

    Indices count in the flattened tensor; ``inverse_indices`` has the shape of ``x``. Eager only.

    >>> df.unique_all(df.tensor([2, 1, 2])).inverse_indices
    tensor([1, 0, 1])
    """
    return _distinct("unique_all", x)


@public()
def unique_counts(x: Any) -> UniqueCounts:
    """Return the distinct values, sorted, and how often each occurs. Each NaN is distinct. Eager only.

    >>> df.unique_counts(df.tensor([2, 1, 2]))
    UniqueCounts(values=tensor([1, 2]), counts=tensor([1, 2]))
    """
    found = _distinct("unique_counts", x)
    return UniqueCounts(found.values, found.counts)


@public()
def unique_inverse(x: Any) -> UniqueInverse:
    """Return the distinct values, sorted, and for each element which it is. Each NaN is distinct. Eager only.

    >>> df.unique_inverse(df.tensor([2, 1, 2]))
    UniqueInverse(values=tensor([1, 2]), inverse_indices=tensor([1, 0, 1]))
    """
    found = _distinct("unique_inverse", x)
    return UniqueInverse(found.values, found.inverse_indices)


@public()
def unique_values(x: Any) -> Any:
    """Return the distinct values, sorted. Each NaN is distinct. Eager only.

    >>> df.unique_values(df.tensor([2, 1, 2]))
    tensor([1, 2])
    """
    return asarray(np.unique(_values("unique_values", x, SORT), equal_nan=False))


@public()
def unique(
    x: Any, sorted: bool = True, return_inverse: bool = False, return_counts: bool = False, axis: int | None = None
) -> Any:
    """Return the distinct values, or slices across ``axis``, with inverse indices and counts if asked. Eager only.

    ``sorted`` is PyTorch's; they always are. Each NaN is distinct.

    >>> df.unique(df.tensor([2, 1, 2]), return_counts=True)
    (tensor([1, 2]), tensor([1, 2]))
    >>> df.unique(df.tensor([[2, 1], [0, 5], [2, 1]]), axis=0).tolist()
    [[0, 5], [2, 1]]
    """
    return _asked(_distinct("unique", x, axis), return_inverse, return_counts)


@public()
def unique_consecutive(
    x: Any, return_inverse: bool = False, return_counts: bool = False, axis: int | None = None
) -> Any:
    """Leave out values, or slices across ``axis``, that are the same as the one before. Eager only.

    >>> df.unique_consecutive(df.tensor([2, 2, 1, 2]), return_counts=True)
    (tensor([2, 1, 2]), tensor([2, 1, 1]))
    """
    return _asked(_distinct("unique_consecutive", x, axis, ordered=False), return_inverse, return_counts)


def _asked(found: UniqueAll, inverse: bool, counts: bool) -> Any:
    extra = [found.inverse_indices] * bool(inverse) + [found.counts] * bool(counts)
    return (found.values, *extra) if extra else found.values


WHERE = "use df.where(condition, x, other), which keeps the shape, or df.count_nonzero to count"


@public()
def nonzero(x: Any) -> tuple[Any, ...]:
    """Return where the elements are not zero: for each axis a vector of indices, in row-major order. Eager only.

    >>> df.nonzero(df.tensor([[0, 1], [2, 0]]))
    (tensor([0, 1]), tensor([1, 0]))
    """
    array = _values("nonzero", x, WHERE)
    with Speaking("nonzero", x=x):
        if not array.ndim:
            raise Misfit("a scalar has no axis to count along; compare it with 0")
    return tuple(_index(at) for at in np.nonzero(array))


@public()
def argwhere(x: Any) -> Any:
    """Return where the elements are not zero: one row of indices for each, in row-major order. Eager only.

    >>> df.argwhere(df.tensor([[0, 1], [2, 0]]))
    tensor([[0, 1],
            [1, 0]])
    """
    return _index(np.argwhere(_values("argwhere", x, WHERE)))


@public()
def masked_select(x: Any, mask: Any) -> Any:
    """Pick, as a vector, the elements where ``mask`` is true; the two broadcast. Eager only.

    >>> df.masked_select(df.tensor([1, 2, 3]), df.tensor([True, False, True]))
    tensor([1, 3])
    """
    x, mask = asarray(x), known_values("masked_select", mask, "use df.where(mask, x, other), or multiply by the mask")
    with Speaking("masked_select", x=x, mask=mask):
        shapes.truth(mask)
        common = shapes.broadcast(x.shape, mask.shape)
    return (x if x.shape == common else x.broadcast_to(common))[
        mask if mask.shape == common else mask.broadcast_to(common)
    ]


@public()
def bincount(x: Any, weights: Any = None, minlength: int = 0) -> Any:
    """Count how often each number from 0 occurs in a vector of integers, or add up their ``weights``. Eager only.

    >>> df.bincount(df.tensor([0, 2, 2]))
    tensor([1, 0, 2])
    """
    x = known_values("bincount", x, "use df.segment_sum(weights, x, num_segments), whose size is given")
    with Speaking("bincount", x=x):
        shapes.integral(x)
        if x.ndim != 1:
            raise Misfit(f"counts the numbers in a vector, not in shape {format_shape(x.shape)}")
        if x.size and int(x.array.min()) < 0:
            raise Misfit("numbers below 0 are not counted")
    length = int(x.array.max()) + 1 if x.size else 0
    data = _full_like(1, x, dtype="int64") if weights is None else asarray(weights)
    return segment_sum(data, x, length if length > minlength else int(minlength))


def _bins(x: Any, *, bins: int, low: float, high: float) -> Any:
    """Make one place for each bin."""
    if not hasattr(bins, "__index__") or bins < 1:
        raise Misfit(f"the number of bins is an integer of at least 1, not {bins!r}")
    if low > high:
        raise Misfit(f"the range from {low} to {high} is empty")
    return (int(bins),)


@primitive(shape=_bins, dtype="real")
def histc(xp: Any, x: Any, *, bins: int = 100, low: float = 0, high: float = 0) -> Any:
    """Count the elements in ``bins`` equal bins from ``low`` to ``high``, or between the extremes if these are equal.

    The counts have the dtype of ``x``; what lies outside, and NaN, is not counted.

    >>> df.torch.histc(df.tensor([1.0, 2.0, 1.0]), bins=4, low=0, high=3)
    tensor([0., 2., 1., 0.])
    """
    hits = (_placed(xp, x, bins, low, high)[:, None] == xp.arange(bins)).sum(0)
    return hits.astype(x.dtype)


@histc.kernel("numpy")
def _histc(x: Any, *, bins: int = 100, low: float = 0, high: float = 0) -> Any:
    place = _placed(np, x, bins, low, high)
    return np.bincount(place[place >= 0].astype(np.int64), minlength=bins).astype(x.dtype)


def _placed(xp: Any, x: Any, bins: int, low: float, high: float) -> Any:
    """Return the bin of each element, -1 where it lies in none."""
    _bins(x, bins=bins, low=low, high=high)
    flat = x.reshape(-1).astype(np.float64 if x.dtype == np.float64 else np.float32)
    one = xp.ones((), flat.dtype)
    start, stop = low * one, high * one
    if low == high and flat.size:
        start, stop = flat.min(), flat.max()
    same = start == stop
    start, stop = xp.where(same, start - 1, start), xp.where(same, stop + 1, stop)
    place = xp.floor((flat - start) / (stop - start) * bins)
    place = xp.where(flat == stop, bins - 1, place)
    return xp.where((flat >= start) & (flat <= stop), place, -1)


@public()
def isin(elements: Any, test_elements: Any, *, invert: bool = False) -> Any:
    """Return which ``elements`` are among ``test_elements``, of any shape; with ``invert``, which are not.

    >>> df.isin(df.tensor([1, 2, 3]), df.tensor([3, 1]))
    tensor([ True, False,  True])
    """
    found = any(equal(asarray(elements)[..., None], asarray(test_elements).reshape(-1)), axis=-1)
    return logical_not(found) if invert else found

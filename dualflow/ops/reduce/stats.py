"""Statistics written on the cards: counts, differences, extremes by PyTorch's names, NaN left out, histograms."""

from __future__ import annotations

import builtins
from typing import Any, NamedTuple

import numpy as np

from dualflow.core import dtypes, shapes
from dualflow.core.errors import DTypeError, Misfit, format_shape
from dualflow.core.names import public
from dualflow.ops.array.create import _full_like, asarray, linspace
from dualflow.ops.array.scatter import segment_sum
from dualflow.ops.array.shape import concat
from dualflow.ops.composite import Speaking, known_values, refuse
from dualflow.ops.linalg.products import adjoint
from dualflow.ops.math.comparison import isnan, not_equal, where
from dualflow.ops.math.complex import conjugate, imag, make_complex, real
from dualflow.ops.math.elementwise import clip, maximum, multiply, sqrt
from dualflow.ops.reduce.order import _searchsorted
from dualflow.ops.reduce.reductions import max, mean, min, sum


class Extremes(NamedTuple):
    """The smallest and the largest."""

    min: Any
    max: Any


class Histogram(NamedTuple):
    """Counts, and the edges between which they were counted."""

    hist: Any
    bin_edges: Any


@public()
def count_nonzero(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """Count the elements over ``axis`` that are not zero (int64).

    >>> df.count_nonzero(df.tensor([[0, 1], [2, 3]]), axis=0)
    tensor([1, 2])
    """
    return sum(not_equal(asarray(x), 0), axis=axis, keepdims=keepdims)


def amax(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """Take the largest element over ``axis``, as ``max``; ties share the gradient evenly.

    >>> df.torch.amax(df.tensor([[1.0, 2.0], [4.0, 3.0]]), 1)
    tensor([2., 4.])
    """
    return max(x, axis=axis, keepdims=keepdims)


def amin(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """Take the smallest element over ``axis``, as ``min``; ties share the gradient evenly.

    >>> df.torch.amin(df.tensor([[1.0, 2.0], [4.0, 3.0]]), 1)
    tensor([1., 3.])
    """
    return min(x, axis=axis, keepdims=keepdims)


def aminmax(x: Any, *, axis: Any = None, keepdims: bool = False) -> Extremes:
    """Take the smallest and the largest element over ``axis``.

    >>> df.torch.aminmax(df.tensor([1.0, 2.0]))
    Extremes(min=tensor(1.), max=tensor(2.))
    """
    x = asarray(x)
    return Extremes(min(x, axis=axis, keepdims=keepdims), max(x, axis=axis, keepdims=keepdims))


@public()
def nansum(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """Add up what is not NaN over ``axis``.

    >>> df.nansum(df.tensor([1.0, float("nan")]))
    tensor(1.)
    """
    x = asarray(x)
    return sum(where(isnan(x), 0, x) if dtypes.is_floating(x.dtype) else x, axis=axis, keepdims=keepdims)


@public()
def nanmean(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """Average what is not NaN over ``axis``; NaN where all is.

    >>> df.nanmean(df.tensor([1.0, float("nan"), 3.0]))
    tensor(2.)
    """
    x = asarray(x)
    if not dtypes.is_floating(x.dtype):
        return mean(x, axis=axis, keepdims=keepdims)
    count = sum(isnan(x) == False, axis=axis, keepdims=keepdims)  # noqa: E712 - elementwise
    return nansum(x, axis, keepdims) / count.astype(x.dtype)


@public()
def diff(x: Any, n: int = 1, axis: int = -1, prepend: Any = None, append: Any = None) -> Any:
    """Subtract neighbours along ``axis``, ``n`` times, after joining ``prepend`` and ``append``.

    >>> df.diff(df.tensor([1, 4, 9]))
    tensor([3, 5])
    """
    x = asarray(x)
    with Speaking("diff", x=x):
        at = shapes.normalize_axis(axis, x.ndim)
        if not hasattr(n, "__index__") or n < 0:
            raise Misfit(f"n is an integer of at least 0, not {n!r}")
    parts = [asarray(p) for p in (prepend, x, append) if p is not None]
    if len(parts) > 1:
        x = concat(parts, at)
    front = (slice(None),) * at
    for _ in range(n):
        late, early = x[(*front, slice(1, None))], x[(*front, slice(None, -1))]
        x = not_equal(late, early) if x.dtype.kind == "b" else late - early
    return x


@public()
def cov(x: Any, *, correction: float = 1, fweights: Any = None, aweights: Any = None) -> Any:
    """Compute the covariance of variables, which are rows, from observations, which are columns.

    ``fweights`` says how often each observation was made, ``aweights`` how much it counts: vectors. The divisor is
    the total weight less ``correction`` (of ``aweights``: times their mean, weighted by themselves), 0 at least.

    >>> df.cov(df.tensor([[1.0, 2.0, 3.0], [3.0, 2.0, 1.0]]))
    tensor([[ 1., -1.],
            [-1.,  1.]])
    """
    x = asarray(x)
    with Speaking("cov", x=x):
        if x.ndim > 2:
            raise Misfit(f"takes variables as rows, not shape {format_shape(x.shape)}")
        if x.ndim == 0:
            x = x.reshape(1)
        if x.ndim == 2 and x.shape[0] == 1:  # one variable has a variance, as in NumPy and PyTorch
            x = x[0]
        if x.shape[-1] is None:
            raise Misfit("needs an axis of observations of known size")
        for name, given in (("fweights", fweights), ("aweights", aweights)):
            if given is not None and shapes.of(asarray(given)) != x.shape[-1:]:
                raise Misfit(f"{name} are a vector, one for each of {x.shape[-1]} observations")
    if fweights is not None and asarray(fweights).dtype.kind not in "iu":
        raise refuse("cov", "fweights count observations: integers", x, kind=DTypeError)
    if x.dtype.kind not in "fc":
        x = x.astype(dtypes.float32)
    weights = [asarray(w).astype(dtypes.to_real(x.dtype)) for w in (fweights, aweights) if w is not None]
    if not weights:
        off = x - mean(x, axis=-1, keepdims=True)
        left = float(builtins.max(x.shape[-1] - correction, 0))
        return sum(off * conjugate(off)) / left if x.ndim == 1 else off @ adjoint(off) / left
    weight = multiply(*weights) if len(weights) == 2 else weights[0]
    total = sum(weight)
    off = x - sum(x * weight, axis=-1, keepdims=True) / total
    lost = correction if aweights is None else correction * sum(weight * weights[-1]) / total
    left = maximum(total - lost, 0)
    heavy = off * weight
    return sum(heavy * conjugate(off)) / left if x.ndim == 1 else heavy @ adjoint(off) / left


@public()
def corrcoef(x: Any) -> Any:
    """Compute the correlation of variables, which are rows, from observations, which are columns.

    >>> df.corrcoef(df.tensor([[1.0, 2.0, 3.0], [3.0, 2.0, 1.0]]))
    tensor([[ 1., -1.],
            [-1.,  1.]])
    """
    found = cov(x)
    if found.ndim == 0:
        return found / found
    spread = sqrt(real(found.diagonal()))
    found = found / spread[:, None] / spread
    if found.dtype.kind == "c":
        return make_complex(clip(real(found), -1, 1), clip(imag(found), -1, 1))
    return clip(found, -1, 1)


@public()
def histogram(x: Any, bins: Any = 10, *, range: Any = None, weight: Any = None, density: bool = False) -> Histogram:
    """Count the elements, or add up their ``weight``, between edges: (hist, bin_edges).

    ``bins``: how many of equal width, or their edges as a vector; the last one includes its end. ``range``: the ends,
    which default to the least and the largest, in eager only. ``density`` divides by the total and the widths.

    >>> df.histogram(df.tensor([1.0, 2.0, 1.0]), 2, range=(0, 4)).hist
    tensor([2., 1.])
    """
    x = asarray(x)
    with Speaking("histogram", x=x):
        if x.dtype.kind not in dtypes.REAL:
            raise Misfit(f"counts floating point, not {x.dtype}", DTypeError)
    if isinstance(bins, int | np.integer):
        if range is None:
            values = known_values("histogram", x, "give range=(low, high), or the edges themselves").array
            range = (float(values.min()), float(values.max())) if values.size else (0.0, 1.0)
        low, high = (range[0] - 0.5, range[1] + 0.5) if range[0] == range[1] else range
        edges = linspace(low, high, int(bins) + 1, dtype=x.dtype)
    else:
        edges = asarray(bins).astype(x.dtype)
    with Speaking("histogram", x=x, bin_edges=edges):
        if edges.ndim != 1 or edges.shape[0] is None or edges.shape[0] < 2:
            raise Misfit(f"edges are a vector of at least two, not of shape {format_shape(edges.shape)}")
        count = edges.shape[0] - 1
    flat = x.reshape(-1)
    place = where(flat == edges[-1], count - 1, _searchsorted(edges, flat, side="right") - 1)
    inside = (flat >= edges[0]) & (flat <= edges[-1])
    share = _full_like(1, flat, dtype=x.dtype) if weight is None else asarray(weight).reshape(-1)
    hist = segment_sum(where(inside, share, 0), where(inside, place, 0), count)
    if density:
        hist = hist / sum(hist) / diff(edges)
    return Histogram(hist, edges)

"""PyTorch's methods for arranging, picking, ordering and reducing, and which of them exist in place.

Like ``tensor.py``, which adds them to the tensors of both worlds, this file knows names and argument orders only.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from dualflow.ops import arrange, axes, copies, matrices, order, pieces, scan, scatter, sets, shape, stats


def sizes(given: tuple[Any, ...]) -> tuple[Any, ...]:
    """Read ``f(2, 3)`` and ``f((2, 3))`` alike."""
    return tuple(given[0]) if len(given) == 1 and isinstance(given[0], Sequence) else given


class Arranging:
    """Methods that are one op each, with PyTorch's argument names: ``dim`` is the op's ``axis``."""

    __slots__ = ()
    shape: Any

    # -- order, runs and counts
    def sort(self, dim: int = -1, descending: bool = False, stable: bool = True) -> Any:
        """Return (values, indices) in order along ``dim``; ``df.sort`` returns the values."""
        return order.sort_pair(self, dim, descending)

    def argsort(self, dim: int = -1, descending: bool = False, stable: bool = True) -> Any:
        """See ``df.argsort``."""
        return order.argsort(self, axis=dim, descending=descending)

    def topk(self, k: int, dim: int = -1, largest: bool = True, sorted: bool = True) -> Any:
        """See ``df.topk``."""
        return order.topk(self, k, dim, largest=largest, sorted=sorted)

    def kthvalue(self, k: int, dim: int = -1, keepdim: bool = False) -> Any:
        """See ``df.kthvalue``."""
        return order.kthvalue(self, k, dim, keepdim)

    def median(self, dim: int | None = None, keepdim: bool = False) -> Any:
        """See ``df.median``."""
        return order.median(self, dim, keepdim)

    def nanmedian(self, dim: int | None = None, keepdim: bool = False) -> Any:
        """See ``df.nanmedian``."""
        return order.nanmedian(self, dim, keepdim)

    def quantile(self, q: Any, dim: int | None = None, keepdim: bool = False, *, interpolation: str = "linear") -> Any:
        """See ``df.quantile``."""
        return order.quantile(self, q, dim, keepdim, interpolation=interpolation)

    def cumsum(self, dim: int, dtype: Any = None) -> Any:
        """See ``df.cumsum``."""
        return scan.cumsum(self, axis=dim, dtype=dtype)

    def cumprod(self, dim: int, dtype: Any = None) -> Any:
        """See ``df.cumprod``."""
        return scan.cumprod(self, axis=dim, dtype=dtype)

    def cummax(self, dim: int) -> Any:
        """See ``df.cummax``."""
        return scan.cummax(self, dim)

    def cummin(self, dim: int) -> Any:
        """See ``df.cummin``."""
        return scan.cummin(self, dim)

    def logcumsumexp(self, dim: int) -> Any:
        """See ``df.logcumsumexp``."""
        return scan.logcumsumexp(self, axis=dim)

    def logsumexp(self, dim: Any = None, keepdim: bool = False) -> Any:
        """See ``df.logsumexp``."""
        return scan.logsumexp(self, axis=dim, keepdims=keepdim)

    def prod(
        self, axis: Any = None, keepdims: bool = False, *, dim: Any = None, keepdim: bool = False, dtype: Any = None
    ) -> Any:
        """See ``df.prod``."""
        return scan.prod(self, axis=axis if dim is None else dim, keepdims=keepdims or keepdim, dtype=dtype)

    def amax(self, dim: Any = None, keepdim: bool = False) -> Any:
        """See ``df.amax``."""
        return stats.amax(self, dim, keepdim)

    def amin(self, dim: Any = None, keepdim: bool = False) -> Any:
        """See ``df.amin``."""
        return stats.amin(self, dim, keepdim)

    def aminmax(self, *, dim: Any = None, keepdim: bool = False) -> Any:
        """See ``df.aminmax``."""
        return stats.aminmax(self, axis=dim, keepdims=keepdim)

    def nansum(self, dim: Any = None, keepdim: bool = False) -> Any:
        """See ``df.nansum``."""
        return stats.nansum(self, dim, keepdim)

    def nanmean(self, dim: Any = None, keepdim: bool = False) -> Any:
        """See ``df.nanmean``."""
        return stats.nanmean(self, dim, keepdim)

    def count_nonzero(self, dim: Any = None) -> Any:
        """See ``df.count_nonzero``."""
        return stats.count_nonzero(self, axis=dim)

    def diff(self, n: int = 1, dim: int = -1, prepend: Any = None, append: Any = None) -> Any:
        """See ``df.diff``."""
        return stats.diff(self, axis=dim, n=n, prepend=prepend, append=append)

    def cov(self, *, correction: float = 1) -> Any:
        """See ``df.cov``."""
        return stats.cov(self, correction=correction)

    def corrcoef(self) -> Any:
        """See ``df.corrcoef``."""
        return stats.corrcoef(self)

    def histc(self, bins: int = 100, min: float = 0, max: float = 0) -> Any:
        """See ``df.histc``."""
        return sets.histc(self, bins=bins, low=min, high=max)

    def bincount(self, weights: Any = None, minlength: int = 0) -> Any:
        """See ``df.bincount``."""
        return sets.bincount(self, weights, minlength)

    def unique(self, *, return_inverse: bool = False, return_counts: bool = False) -> Any:
        """See ``df.unique``."""
        return sets.unique(self, return_inverse=return_inverse, return_counts=return_counts)

    def nonzero(self, *, as_tuple: bool = False) -> Any:
        """Return where the elements are not zero as rows (``df.argwhere``), or ``as_tuple`` (``df.nonzero``)."""
        return sets.nonzero(self) if as_tuple else sets.argwhere(self)

    def argwhere(self) -> Any:
        """See ``df.argwhere``."""
        return sets.argwhere(self)

    # -- picking and writing
    def gather(self, dim: int, index: Any) -> Any:
        """See ``df.gather``."""
        return scatter.gather(self, dim, index)

    def scatter(self, dim: int, index: Any, src: Any = None, *, value: Any = None, reduce: str | None = None) -> Any:
        """See ``df.scatter``."""
        return scatter.scatter(self, dim, index, value if src is None else src, reduce=reduce)

    def scatter_add(self, dim: int, index: Any, src: Any) -> Any:
        """See ``df.scatter_add``."""
        return scatter.scatter_add(self, dim, index, src)

    def scatter_reduce(self, dim: int, index: Any, src: Any, reduce: str, *, include_self: bool = True) -> Any:
        """See ``df.scatter_reduce``."""
        return scatter.scatter_reduce(self, dim, index, src, reduce, include_self=include_self)

    def index_select(self, dim: int, index: Any) -> Any:
        """See ``df.index_select``."""
        return scatter.index_select(self, dim, index)

    def index_add(self, dim: int, index: Any, source: Any, *, alpha: Any = 1) -> Any:
        """See ``df.index_add``."""
        return scatter.index_add(self, dim, index, source, alpha=alpha)

    def index_copy(self, dim: int, index: Any, source: Any) -> Any:
        """See ``df.index_copy``."""
        return scatter.index_copy(self, dim, index, source)

    def index_fill(self, dim: int, index: Any, value: Any) -> Any:
        """See ``df.index_fill``."""
        return scatter.index_fill(self, dim, index, value)

    def index_put(self, indices: Any, values: Any, accumulate: bool = False) -> Any:
        """See ``df.index_put``."""
        return scatter.index_put(self, indices, values, accumulate)

    def masked_fill(self, mask: Any, value: Any) -> Any:
        """See ``df.masked_fill``."""
        return scatter.masked_fill(self, mask, value)

    def masked_scatter(self, mask: Any, source: Any) -> Any:
        """See ``df.masked_scatter``."""
        return scatter.masked_scatter(self, mask, source)

    def masked_select(self, mask: Any) -> Any:
        """See ``df.masked_select``."""
        return sets.masked_select(self, mask)

    # -- axes, pieces and copies
    def diagonal(self, offset: int = 0, dim1: int = 0, dim2: int = 1) -> Any:
        """See ``df.diagonal``."""
        return arrange.diagonal(self, offset=offset, axis1=dim1, axis2=dim2)

    def diag(self, diagonal: int = 0) -> Any:
        """See ``df.diag``."""
        return matrices.diag(self, diagonal)

    def diag_embed(self, offset: int = 0, dim1: int = -2, dim2: int = -1) -> Any:
        """See ``df.diag_embed``."""
        return arrange.diag_embed(self, offset=offset, axis1=dim1, axis2=dim2)

    def diagonal_scatter(self, src: Any, offset: int = 0, dim1: int = 0, dim2: int = 1) -> Any:
        """See ``df.diagonal_scatter``."""
        return matrices.diagonal_scatter(self, src, offset, dim1, dim2)

    def tril(self, diagonal: int = 0) -> Any:
        """See ``df.tril``."""
        return arrange.tril(self, k=diagonal)

    def triu(self, diagonal: int = 0) -> Any:
        """See ``df.triu``."""
        return arrange.triu(self, k=diagonal)

    def flip(self, *dims: Any) -> Any:
        """See ``df.flip``; axes may be given as numbers."""
        return arrange.flip(self, axis=sizes(dims))

    def fliplr(self) -> Any:
        """See ``df.fliplr``."""
        return axes.fliplr(self)

    def flipud(self) -> Any:
        """See ``df.flipud``."""
        return axes.flipud(self)

    def rot90(self, k: int = 1, dims: Sequence[int] = (0, 1)) -> Any:
        """See ``df.rot90``."""
        return axes.rot90(self, k, dims)

    def roll(self, shifts: Any, dims: Any = None) -> Any:
        """See ``df.roll``."""
        return arrange.roll(self, shift=shifts, axis=dims)

    def moveaxis(self, source: Any, destination: Any) -> Any:
        """See ``df.moveaxis``."""
        return axes.moveaxis(self, source, destination)

    movedim = moveaxis

    def swapaxes(self, axis0: int, axis1: int) -> Any:
        """See ``df.swapaxes``."""
        return axes.swapaxes(self, axis0, axis1)

    swapdims = swapaxes

    def unflatten(self, dim: int, sizes: Sequence[int]) -> Any:
        """See ``df.unflatten``."""
        return axes.unflatten(self, dim, sizes)

    def expand_as(self, other: Any) -> Any:
        """See ``df.expand_as``."""
        return copies.expand_as(self, other)

    def reshape_as(self, other: Any) -> Any:
        """See ``df.reshape_as``."""
        return copies.reshape_as(self, other)

    def ravel(self) -> Any:
        """Flatten into one axis."""
        return shape.reshape(self, shape=(-1,))

    def repeat(self, *repeats: Any) -> Any:
        """Lay copies side by side, as ``df.tile``; unlike ``df.repeat``, as in PyTorch."""
        return copies.tile(self, sizes(repeats))

    def tile(self, *repetitions: Any) -> Any:
        """See ``df.tile``."""
        return copies.tile(self, sizes(repetitions))

    def repeat_interleave(self, repeats: Any, dim: int | None = None) -> Any:
        """See ``df.repeat_interleave``."""
        return copies.repeat_interleave(self, repeats, dim)

    def narrow(self, dim: int, start: int, length: int) -> Any:
        """See ``df.narrow``."""
        return pieces.narrow(self, dim, start, length)

    def select(self, dim: int, index: int) -> Any:
        """See ``df.select``."""
        return pieces.select(self, dim, index)

    def unbind(self, dim: int = 0) -> Any:
        """Cut into slices, as ``df.unstack``."""
        return pieces.unstack(self, dim)

    def tensor_split(self, indices_or_sections: Any, dim: int = 0) -> Any:
        """See ``df.tensor_split``."""
        return pieces.tensor_split(self, indices_or_sections, dim)

    def unfold(self, dimension: int, size: int, step: int) -> Any:
        """Cut windows of ``size`` along an axis, each ``step`` after the last; their elements come last."""
        return arrange.windows(self, axis=dimension, size=size, step=step)


IN_PLACE: dict[str, Callable[..., Any]] = {
    "cumprod_": Arranging.cumprod,
    "cumsum_": Arranging.cumsum,
    "fill_diagonal_": scatter.fill_diagonal,
    "index_add_": Arranging.index_add,
    "index_copy_": Arranging.index_copy,
    "index_fill_": Arranging.index_fill,
    "index_put_": Arranging.index_put,
    "masked_fill_": Arranging.masked_fill,
    "masked_scatter_": Arranging.masked_scatter,
    "scatter_": Arranging.scatter,
    "scatter_add_": Arranging.scatter_add,
    "scatter_reduce_": Arranging.scatter_reduce,
    "tril_": Arranging.tril,
    "triu_": Arranging.triu,
}
"""In-place methods, by the method whose result replaces the value."""

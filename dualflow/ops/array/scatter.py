"""Writing to chosen places, as new tensors: scatter and its reductions, index_add, index_put, segment sums.

In place they are methods (``x.scatter_add_``). Out-of-range indices raise in both worlds; repeated places accumulate
where an op adds, and the last one wins where it sets: it alone has a gradient.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from dualflow.core import dtypes, shapes
from dualflow.core.errors import DTypeError, Misfit, format_shape
from dualflow.core.names import public
from dualflow.core.op import primitive
from dualflow.core.world import is_tensor
from dualflow.ops.array.create import _full, _full_like, as_array, asarray
from dualflow.ops.array.index import _getitem_out_of_range, _out_of_range, getitem
from dualflow.ops.array.latest import dropped, in_order, last_writes, lasts_at, surviving
from dualflow.ops.composite import Speaking, known_values
from dualflow.ops.math.comparison import equal, keep, where
from dualflow.ops.math.elementwise import maximum

ARRAY = shapes.ARRAY


def _written(x: Any, part: Any, *indices: Any, key: tuple[Any, ...], accumulate: bool) -> Any:
    """Fit ``part``, broadcast, into what an index picks of ``x``."""
    wanted = shapes.getitem(x, *indices, key=key)
    given = shapes.of(part)
    if len(given) > len(wanted) or shapes.broadcast(given, wanted) != wanted and shapes.known((*given, *wanted)):
        raise Misfit(f"a value of shape {format_shape(given)} does not fit the {format_shape(wanted)} chosen")
    return shapes.of(x)


@primitive(shape=_written, dtype="first", promotes=(0,), broadcasts=True)
def write_at(xp: Any, x: Any, part: Any, *indices: Any, key: tuple[Any, ...], accumulate: bool = False) -> Any:
    """Return ``x`` with ``part``, broadcast, written to (or added at) an index.

    >>> from dualflow.ops.array.scatter import write_at
    >>> write_at(df.zeros(3), df.ones(2), df.tensor([0, 0]), key=("array",), accumulate=True)
    tensor([2., 0., 0.])
    """
    part = xp.asarray(part).astype(x.dtype)
    if accumulate:
        return x.at[shapes._fill(key, indices)].add(part)
    return x.at[surviving(xp, x, indices, key)].set(part, mode="drop")


@write_at.kernel("numpy")
def _write_at(x: Any, part: Any, *indices: Any, key: tuple[Any, ...], accumulate: bool = False) -> Any:
    out, at = np.array(x), shapes._fill(key, tuple(map(in_order, indices)))
    if getattr(part, "ndim", 0) > 1 and part.ndim > out[at].ndim:  # NumPy drops leading axes of size 1
        raise ValueError("too many axes")
    if not accumulate:
        out[at] = part
    elif any(i.dtype.kind != "b" for i in indices):
        np.add.at(out, at, part)
    else:
        out[at] += part
    return out


@write_at.guard
def _written_out_of_range(xp: Any, x: Any, part: Any, *indices: Any, key: tuple[Any, ...], accumulate: bool) -> Any:
    return _getitem_out_of_range(xp, x, *indices, key=key)


def _rewritten(
    position: int, g: Any, y: Any, x: Any, part: Any, *indices: Any, key: tuple[Any, ...], accumulate: bool
) -> Any:
    if position > 1:
        return None
    if position == 1:
        given = getitem(g, *indices, key=key)
        if accumulate or all(index.dtype.kind == "b" for index in indices):  # no place is named twice
            return given
        return keep(given, lasts_at(g, *indices, key=key))
    return g if accumulate else write_at(g, 0, *indices, key=key)


write_at.vjp(rest=_rewritten, reads="rest")


# -- along one axis, an index for each element


def _gathered(x: Any, index: Any, *, axis: int) -> Any:
    """Pick along ``axis``; on the other axes the index may be shorter than ``x``."""
    shapes.integral(index)
    shape, chosen = shapes.of(x), shapes.of(index)
    at = shapes.normalize_axis(axis, len(shape))
    if len(chosen) != len(shape):
        raise Misfit(f"an index of shape {format_shape(chosen)} must have as many axes as {format_shape(shape)}")
    for i, (n, m) in enumerate(zip(shape, chosen, strict=True)):
        if i != at and None not in (n, m) and m > n:
            raise Misfit(f"an index of shape {format_shape(chosen)} is longer than {format_shape(shape)} on axis {i}")
    return chosen


def _grid(xp: Any, index: Any, axis: int) -> tuple[Any, ...]:
    """Return the index arrays, one per axis, of the places that ``index`` names along ``axis``."""
    at = axis % index.ndim
    index = in_order(index) if xp is np else index
    return tuple(
        index if i == at else xp.arange(n).reshape((-1,) + (1,) * (index.ndim - i - 1))
        for i, n in enumerate(index.shape)
    )


@primitive(shape=_gathered, dtype="first", promotes=(0,), name="gather")
def _gather(xp: Any, x: Any, index: Any, *, axis: int) -> Any:
    """Pick ``x[i, index[i, j], k]`` and so on: the primitive behind ``gather``.

    >>> from dualflow.core.op import VOCABULARY
    >>> VOCABULARY["gather"].call(df.tensor([1, 2, 3]), df.tensor([2]), axis=0)
    tensor([3])
    """
    _gathered(x, index, axis=axis)
    return x[_grid(xp, index, axis)]


@_gather.guard
def _gather_out_of_range(xp: Any, x: Any, index: Any, *, axis: int) -> Any:
    return _out_of_range(xp, index, x.shape[axis])


@primitive(shape=_gathered, dtype="test", promotes=(0,))
def lasts_along(xp: Any, x: Any, index: Any, *, axis: int) -> Any:
    """Return, for each place of ``x`` that ``index`` names along ``axis``, True where no later one is the same: bool.

    >>> from dualflow.ops.array.scatter import lasts_along
    >>> lasts_along(df.zeros(3), df.tensor([0, 0, 2]), axis=0)
    tensor([False,  True,  True])
    """
    _gathered(x, index, axis=axis)
    return last_writes(xp, x.shape, _grid(xp, index, axis), index.shape)


REDUCTIONS = {
    None: ("set", None),
    "sum": ("add", np.add),
    "prod": ("multiply", np.multiply),
    "amax": ("max", np.maximum),
    "amin": ("min", np.minimum),
}


def _scattered(x: Any, index: Any, src: Any, *, axis: int, reduce: str | None) -> Any:
    """Write, along ``axis``, one element of ``src`` for each of ``index``."""
    chosen = _gathered(x, index, axis=axis)
    if reduce not in REDUCTIONS:
        raise Misfit(f"reduce is one of {', '.join(map(str, REDUCTIONS))}, not {reduce!r}")
    given = shapes.of(src)
    if not shapes.agree(given, chosen):
        raise Misfit(f"src of shape {format_shape(given)} needs the shape of the index, {format_shape(chosen)}")
    return shapes.of(x)


@primitive(shape=_scattered, dtype="first", promotes=(0,), name="scatter")
def _scatter(xp: Any, x: Any, index: Any, src: Any, *, axis: int, reduce: str | None = None) -> Any:
    """Write ``src`` to ``x[i, index[i, j], k]`` and so on, or reduce with what is there: the primitive.

    >>> from dualflow.core.op import VOCABULARY
    >>> VOCABULARY["scatter"].call(df.zeros(3), df.tensor([1, 1]), df.ones(2), axis=0, reduce="sum")
    tensor([0., 2., 0.])
    """
    _scattered(x, index, src, axis=axis, reduce=reduce)
    how = REDUCTIONS[reduce][0]
    if how == "set":
        index = dropped(xp, index, lasts_along.op.body(xp, x, index, axis=axis), x.shape[axis])
        return x.at[_grid(xp, index, axis)].set(src.astype(x.dtype), mode="drop")
    if x.dtype == bool:  # JAX has no sum or product of these
        how = {"add": "max", "multiply": "min"}.get(how, how)
    return getattr(x.at[_grid(xp, index, axis)], how)(src.astype(x.dtype))


@_scatter.kernel("numpy")
def _scatter_numpy(x: Any, index: Any, src: Any, *, axis: int, reduce: str | None = None) -> Any:
    _scattered(x, index, src, axis=axis, reduce=reduce)
    out, at = np.array(x), _grid(np, index, axis)
    ufunc = REDUCTIONS[reduce][1]
    if ufunc is None:
        out[at] = src
    else:
        ufunc.at(out, at, src)
    return out


@_scatter.guard
def _scatter_out_of_range(xp: Any, x: Any, index: Any, src: Any, *, axis: int, reduce: str | None) -> Any:
    return _out_of_range(xp, index, x.shape[axis])


def _shared(g: Any, y: Any, x: Any, index: Any, src: Any, axis: int) -> tuple[Any, Any, Any]:
    """Divide ``g`` among all that reach the extreme; return it with who does in ``x`` and in ``src``."""
    here = equal(x, y)
    there = equal(src, _gather(y, index, axis=axis))
    reached = _scatter(here.astype(g.dtype), index, there.astype(g.dtype), axis=axis, reduce="sum")
    return g / reached, here, there


def _factors(x: Any, index: Any, src: Any, axis: int) -> tuple[Any, ...]:
    """Return where factors are zero, in ``x`` and ``src``; of each product how many, their sum, the rest's product."""
    none, nil = equal(x, 0), equal(src, 0)
    total = _scatter(where(none, x, 0), index, where(nil, src, 0), axis=axis, reduce="sum")
    count = _scatter(none.astype("int64"), index, nil.astype("int64"), axis=axis, reduce="sum")
    a, b = where(none, 1, x), where(nil, 1, src)
    return none, nil, count, total, a, b, _scatter(a, index, b, axis=axis, reduce="prod")


def _without(own: Any, zero: Any, count: Any, total: Any, product: Any, factor: Any) -> Any:
    """Return the product of the other factors, ``own`` being left out.

    A zero among them is a factor by name, ``total``, so that what is nought here has its slope there.
    """
    none, one, two = equal(count, 0), equal(count, 1), equal(count, 2)
    at_zero = where(one, product, where(two, product * (total - own), 0))
    return where(zero, at_zero, where(none, product, where(one, product * total, 0)) / factor)


def _scatter_x(g: Any, y: Any, x: Any, index: Any, src: Any, *, axis: int, reduce: str | None) -> Any:
    if reduce is None:
        return _scatter(g, index, _full_like(0, index, dtype=g.dtype), axis=axis)
    if reduce == "sum":
        return g
    if reduce == "prod":
        none, _, count, total, a, _, product = _factors(x, index, src, axis)
        return g * _without(x, none, count, total, product, a)
    share, here, _ = _shared(g, y, x, index, src, axis)
    return where(here, share, 0)


def _scatter_src(g: Any, y: Any, x: Any, index: Any, src: Any, *, axis: int, reduce: str | None) -> Any:
    if reduce == "sum":
        return _gather(g, index, axis=axis)
    if reduce is None:
        return keep(_gather(g, index, axis=axis), lasts_along(g, index, axis=axis))
    if reduce == "prod":
        _, nil, *others, _, b, product = _factors(x, index, src, axis)
        count, total, product = (_gather(part, index, axis=axis) for part in (*others, product))
        return _gather(g, index, axis=axis) * _without(src, nil, count, total, product, b)
    share, _, there = _shared(g, y, x, index, src, axis)
    return where(there, _gather(share, index, axis=axis), 0)


_gather.vjp(
    x=lambda g, y, x, index, *, axis: _scatter(_full_like(0, x, dtype=g.dtype), index, g, axis=axis, reduce="sum"),
    reads="index",
)
_scatter.vjp(x=_scatter_x, src=_scatter_src)


# -- what users call


@public()
def gather(x: Any, axis: int, index: Any) -> Any:
    """Pick along ``axis`` one element for each of ``index``, which may be shorter than ``x`` on the other axes.

    Raises OutOfRangeError. ``take_along_axis`` is the same with broadcasting.

    >>> df.gather(df.tensor([[1, 2], [3, 4]]), 1, df.tensor([[1], [0]]))
    tensor([[2],
            [3]])
    """
    return _gather(x, index, axis=axis)


def fitting(name: str, x: Any, value: Any) -> Any:
    """Return a value that is to be written into ``x`` in its dtype; a Python number as it is.

    Raises DTypeError, in the name of ``name``, when the dtype would lose its kind: a fraction, an imaginary part.
    """
    number = value.__class__ in dtypes.WEAK
    given = value if number or is_tensor(value) else as_array(value, op=name)
    kind = dtypes.PYTHON[value.__class__].kind if number else given.dtype.kind
    if dtypes.KIND[kind] > dtypes.KIND[x.dtype.kind]:
        with Speaking(name, x=x, value=value):
            raise Misfit(f"a value of this dtype does not fit into a tensor of {x.dtype}", DTypeError)
    if number and kind == "i" and x.dtype.kind in "iu":
        with Speaking(name, x=x, value=value):
            dtypes.hold(value, x.dtype)
    return given if number else asarray(value, x.dtype)  # not `given`: a list of fractions there is in single precision


def _source(name: str, x: Any, index: Any, src: Any) -> Any:
    """Return ``src`` in the dtype of ``x`` and the shape of the index: a number is repeated, a longer one cut."""
    src = fitting(name, x, src)
    if src.__class__ in dtypes.WEAK:
        return _full_like(src, index, dtype=x.dtype)
    if shapes.known((*src.shape, *index.shape)) and src.shape != index.shape and len(src.shape) == len(index.shape):
        return src[tuple(slice(0, n) for n in index.shape)]
    return src


@public()
def scatter(x: Any, axis: int, index: Any, src: Any, *, reduce: str | None = None) -> Any:
    """Write ``src`` (a tensor or a number) along ``axis`` to the places that ``index`` names, in a copy of ``x``.

    ``reduce``: "add" or "multiply" with what is there. See ``scatter_reduce`` for the others.

    >>> df.scatter(df.zeros(3), 0, df.tensor([2, 0]), df.tensor([1.0, 2.0]))
    tensor([2., 0., 1.])
    """
    x, index = asarray(x), asarray(index)
    named = {"add": "sum", "multiply": "prod"}
    src = _source("scatter", x, index, src)
    return _scatter(x, index, src, axis=axis, reduce=named.get(reduce, reduce) if reduce else None)


@public()
def scatter_add(x: Any, axis: int, index: Any, src: Any) -> Any:
    """Add ``src`` along ``axis`` at the places that ``index`` names, in a copy of ``x``.

    >>> df.scatter_add(df.zeros(3), 0, df.tensor([1, 1]), df.ones(2))
    tensor([0., 2., 0.])
    """
    x, index = asarray(x), asarray(index)
    return _scatter(x, index, _source("scatter_add", x, index, src), axis=axis, reduce="sum")


@public()
def scatter_reduce(x: Any, axis: int, index: Any, src: Any, reduce: str, *, include_self: bool = True) -> Any:
    """Reduce ``src`` by "sum", "prod", "mean", "amax" or "amin" along ``axis`` into the places that ``index`` names.

    ``include_self=False`` leaves out what stood there before. Ties of amax and amin share the gradient.

    >>> df.scatter_reduce(df.zeros(2), 0, df.tensor([0, 0, 1]), df.tensor([1.0, 3.0, 2.0]), "amax")
    tensor([3., 2.])
    """
    x, index = asarray(x), asarray(index)
    src = _source("scatter_reduce", x, index, src)
    start = x
    if not include_self:
        start = _scatter(x, index, _full_like(_neutral(reduce, x.dtype), index, dtype=x.dtype), axis=axis)
    if reduce != "mean":
        return _scatter(start, index, src, axis=axis, reduce=str(reduce))
    total = _scatter(start, index, src, axis=axis, reduce="sum")
    ones = _full_like(1, index, dtype="int64")
    count = _scatter(_full_like(int(include_self), x, dtype="int64"), index, ones, axis=axis, reduce="sum")
    if not include_self:
        count = maximum(count, 1)
    if not dtypes.is_floating(x.dtype):
        with Speaking("scatter_reduce", x=x):
            raise Misfit(f"a mean is floating point, which {x.dtype} does not hold", DTypeError)
    return total / count.astype(x.dtype)


def _neutral(reduce: str, dtype: np.dtype) -> Any:
    """Return the value that a reduction starts from."""
    if reduce in ("amax", "amin"):
        if dtype.kind in dtypes.REAL:
            return -np.inf if reduce == "amax" else np.inf
        limits = np.iinfo(dtype) if dtype.kind in "iu" else None
        least, most = (False, True) if limits is None else (int(limits.min), int(limits.max))
        return least if reduce == "amax" else most
    return 1 if reduce == "prod" else 0


def _along(x: Any, axis: int, name: str) -> tuple[Any, ...]:
    with Speaking(name, x=x):
        return (slice(None),) * shapes.normalize_axis(axis, x.ndim) + (ARRAY,)


def _vector(name: str, index: Any) -> Any:
    index = asarray(index)
    with Speaking(name, index=index):
        shapes.integral(index)
        if len(index.shape) > 1:
            raise Misfit(f"the index is a vector, not of shape {format_shape(index.shape)}")
    return index.reshape(1) if index.shape == () else index


@public()
def index_select(x: Any, axis: int, index: Any) -> Any:
    """Pick the slices of ``x`` at ``index``, a vector, along ``axis``.

    >>> df.index_select(df.tensor([[1, 2], [3, 4]]), 1, df.tensor([1]))
    tensor([[2],
            [4]])
    """
    x = asarray(x)
    return getitem(x, _vector("index_select", index), key=_along(x, axis, "index_select"))


@public()
def index_add(x: Any, axis: int, index: Any, source: Any, *, alpha: Any = 1) -> Any:
    """Add the slices of ``source``, times ``alpha``, to those of ``x`` at ``index`` along ``axis``; repeats add up.

    >>> df.index_add(df.zeros(3), 0, df.tensor([0, 0]), df.ones(2))
    tensor([2., 0., 0.])
    """
    x = asarray(x)
    part = fitting("index_add", x, source)
    if not (alpha.__class__ in dtypes.WEAK and alpha == 1):
        part = part * alpha
    return write_at(x, part, _vector("index_add", index), key=_along(x, axis, "index_add"), accumulate=True)


@public()
def index_copy(x: Any, axis: int, index: Any, source: Any) -> Any:
    """Replace the slices of ``x`` at ``index`` along ``axis`` by those of ``source``.

    >>> df.index_copy(df.zeros(3), 0, df.tensor([2]), df.ones(1))
    tensor([0., 0., 1.])
    """
    x = asarray(x)
    part = fitting("index_copy", x, source)
    return write_at(x, part, _vector("index_copy", index), key=_along(x, axis, "index_copy"))


@public()
def index_fill(x: Any, axis: int, index: Any, value: Any) -> Any:
    """Replace the slices of ``x`` at ``index`` along ``axis`` by one value.

    >>> df.index_fill(df.zeros(3), 0, df.tensor([0, 2]), 5)
    tensor([5., 0., 5.])
    """
    x = asarray(x)
    return write_at(x, fitting("index_fill", x, value), _vector("index_fill", index), key=_along(x, axis, "index_fill"))


@public()
def index_put(x: Any, indices: Any, values: Any, accumulate: bool = False) -> Any:
    """Write ``values``, broadcast, to ``x[indices]`` in a copy: a tuple of integer arrays, or a mask in eager.

    >>> df.index_put(df.zeros(2, 2), (df.tensor([0, 1]), df.tensor([1, 0])), df.tensor([1.0, 2.0]))
    tensor([[0., 1.],
            [2., 0.]])
    """
    x = asarray(x)
    arrays = [asarray(i) for i in indices]
    return write_at(
        x, fitting("index_put", x, values), *arrays, key=(ARRAY,) * len(arrays), accumulate=bool(accumulate)
    )


@public()
def masked_fill(x: Any, mask: Any, value: Any) -> Any:
    """Put ``value``, one number, where ``mask``, which broadcasts, is true.

    >>> df.masked_fill(df.tensor([1.0, 2.0]), df.tensor([True, False]), 0)
    tensor([0., 2.])
    """
    x = asarray(x)
    return where(mask, fitting("masked_fill", x, value), x)


@public()
def masked_scatter(x: Any, mask: Any, source: Any) -> Any:
    """Put the elements of ``source``, one after the other, where ``mask`` is true. Eager only.

    >>> df.masked_scatter(df.zeros(3), df.tensor([True, False, True]), df.tensor([5.0, 6.0, 7.0]))
    tensor([5., 0., 6.])
    """
    x = asarray(x)
    mask = known_values("masked_scatter", mask, "use df.where(mask, other, x) with an other in the shape of x")
    mask = mask.broadcast_to(x.shape) if mask.shape != x.shape else mask
    source = fitting("masked_scatter", x, source)
    count = int(np.count_nonzero(mask.array))
    with Speaking("masked_scatter", x=x, mask=mask, source=source):
        shapes.truth(mask)
        if source.size < count:
            raise Misfit(f"the mask has {count} places, the source only {source.size} elements")
    return write_at(x, source.reshape(-1)[:count], mask, key=(ARRAY,))


@public()
def segment_sum(data: Any, segment_ids: Any, num_segments: int) -> Any:
    """Add up the slices of ``data``, along its first axis, that have the same id; 0 for ids that nothing has.

    ``segment_ids``: a vector of integers below ``num_segments``, in any order. Raises OutOfRangeError.

    >>> df.segment_sum(df.tensor([1.0, 2.0, 3.0]), df.tensor([0, 2, 0]), 3)
    tensor([4., 0., 2.])
    """
    data = asarray(data)
    with Speaking("segment_sum", data=data, segment_ids=segment_ids):
        if not data.ndim or not shapes.known(data.shape[1:]):
            raise Misfit("the sizes of the axes after the first must be known")
    zeros = _full(shape=(int(num_segments), *data.shape[1:]), fill_value=0, dtype=data.dtype)
    return write_at(zeros, data, _vector("segment_sum", segment_ids), key=(ARRAY,), accumulate=True)


@public()
def fill_diagonal(x: Any, value: Any, wrap: bool = False) -> Any:
    """Put ``value`` on the main diagonal of a copy of ``x``; ``wrap`` goes on below it in tall matrices.

    >>> df.fill_diagonal(df.zeros(2, 2), 1)
    tensor([[1., 0.],
            [0., 1.]])
    """
    x = asarray(x)
    with Speaking("fill_diagonal", x=x):
        if x.ndim < 2 or not shapes.known(x.shape) or (x.ndim > 2 and len(set(x.shape)) > 1):
            raise Misfit(f"needs a matrix of known size, or a cube; shape {format_shape(x.shape)} is neither")
    mask = np.zeros(x.shape, bool)
    np.fill_diagonal(mask, True, wrap=wrap)
    return where(mask, fitting("fill_diagonal", x, value), x)

"""Running totals, products and extremes along one axis, and the product, whose gradient needs them."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from dualflow.core import shapes
from dualflow.core.errors import Misfit, format_shape
from dualflow.core.names import public
from dualflow.core.op import late, primitive
from dualflow.ops.array.arrange import flip, roll
from dualflow.ops.array.create import _full_like, asarray
from dualflow.ops.array.index import take_along_axis
from dualflow.ops.array.padding import _pad
from dualflow.ops.composite import Speaking
from dualflow.ops.math.comparison import equal, logical_and, where
from dualflow.ops.math.elementwise import exp
from dualflow.ops.reduce.reductions import expand_like, over, sum

CUMMAX, CUMMIN, CUMLOGSUMEXP = late("jax.lax.cummax"), late("jax.lax.cummin"), late("jax.lax.cumlogsumexp")
SCAN = late("jax.lax.associative_scan")


class Ranked(NamedTuple):
    """Values, and where along the axis they stood."""

    values: Any
    indices: Any


def _scanned(x: Any, *, axis: int, **params: Any) -> Any:
    """Keep the shape, going along ``axis``."""
    shapes.normalize_axis(axis, len(shapes.of(x)))
    return shapes.of(x)


@primitive(shape=_scanned, dtype="total", public="df")
def cumsum(xp: Any, x: Any, *, axis: int, dtype: Any = None) -> Any:
    """Add up along ``axis`` so far; integers and bools in 64 bits unless ``dtype`` is given.

    >>> df.cumsum(df.tensor([1, 2, 3]), axis=0)
    tensor([1, 3, 6])
    """
    _scanned(x, axis=axis)
    return xp.cumsum(x, axis=axis, dtype=None if dtype is None else x.dtype)


@cumsum.kernel("numpy")
def _cumsum(x: Any, *, axis: int, dtype: Any = None) -> Any:
    _scanned(x, axis=axis)
    return np.add.accumulate(x, axis, None if dtype is None else x.dtype)


def backwards(g: Any, axis: int) -> Any:
    """Add up along ``axis`` from the end."""
    return flip(cumsum(flip(g, axis=axis), axis=axis), axis=axis)


cumsum.vjp(x=lambda g, y, x, *, axis, dtype: backwards(g, axis), reads="")


@primitive(shape=_scanned, dtype="total", public="df")
def cumprod(xp: Any, x: Any, *, axis: int, dtype: Any = None) -> Any:
    """Multiply along ``axis`` so far; integers and bools in 64 bits unless ``dtype`` is given.

    >>> df.cumprod(df.tensor([1, 2, 3]), axis=0)
    tensor([1, 2, 6])
    """
    _scanned(x, axis=axis)
    if xp is not np and x.dtype.kind == "c":
        return SCAN(xp.multiply, x, axis=axis)  # XLA's window begins with 1 + 0j, and infinity * 0 is NaN
    return xp.cumprod(x, axis=axis, dtype=None if dtype is None else x.dtype)


def _cumprod_x(g: Any, y: Any, x: Any, *, axis: int, dtype: Any) -> Any:
    zero = equal(x, 0)
    count = cumsum(zero, axis=axis)
    slope = where(zero, 0, backwards(g * y, axis) / where(zero, 1, x))
    # at the first zero what would follow were it a one; so too at the second, for the sake of the slope's own slope
    for nth in (1, 2):
        here = logical_and(zero, equal(count, nth))
        slope = where(here, backwards(g * cumprod(where(here, 1, x), axis=axis), axis), slope)
    return slope


cumprod.vjp(x=_cumprod_x)


def _total_axis(name: str, x: Any, axis: int | None) -> int:
    with Speaking(name, x=x):
        if axis is None and x.ndim != 1:
            raise Misfit(f"axis must be given for {x.ndim} dimensions; only one needs none")
        return 0 if axis is None else shapes.normalize_axis(axis, x.ndim)


def _cumulative(name: str, op: Any, x: Any, axis: int | None, dtype: Any, start: int | None) -> Any:
    x = asarray(x)
    at = _total_axis(name, x, axis)
    y = op(x, axis=at, dtype=dtype)
    if start is None:
        return y
    return _pad(y, widths=tuple((int(i == at), 0) for i in range(x.ndim)), value=start)


@public()
def cumulative_sum(x: Any, *, axis: int | None = None, dtype: Any = None, include_initial: bool = False) -> Any:
    """Add up along ``axis`` so far; ``include_initial`` starts with a zero.

    ``axis`` may be left out for one dimension. Integers are summed in 64 bits unless ``dtype`` is given.

    >>> df.cumulative_sum(df.tensor([1, 2, 3]), include_initial=True)
    tensor([0, 1, 3, 6])
    """
    return _cumulative("cumulative_sum", cumsum, x, axis, dtype, 0 if include_initial else None)


@public()
def cumulative_prod(x: Any, *, axis: int | None = None, dtype: Any = None, include_initial: bool = False) -> Any:
    """Multiply along ``axis`` so far; ``include_initial`` starts with a one.

    ``axis`` may be left out for one dimension. Integers are multiplied in 64 bits unless ``dtype`` is given.

    >>> df.cumulative_prod(df.tensor([1, 2, 3]), include_initial=True)
    tensor([1, 1, 2, 6])
    """
    return _cumulative("cumulative_prod", cumprod, x, axis, dtype, 1 if include_initial else None)


@primitive(shape=_scanned, dtype="index", domain="distinct")
def cumargmax(xp: Any, x: Any, *, axis: int, least: bool = False) -> Any:
    """Find where, along ``axis``, the largest element so far stands (or the ``least``); the last of equals.

    >>> from dualflow.ops.reduce.scan import cumargmax
    >>> cumargmax(df.tensor([1.0, 3.0, 2.0]), axis=0)
    tensor([0, 1, 1])
    """
    _scanned(x, axis=axis)
    held = x.astype(np.int8) if x.dtype == bool else x
    best = (CUMMIN if least else CUMMAX)(held, axis=axis % x.ndim)
    return CUMMAX(_where_new(xp, held, best, axis), axis=axis % x.ndim)


@cumargmax.kernel("numpy")
def _cumargmax(x: Any, *, axis: int, least: bool = False) -> Any:
    _scanned(x, axis=axis)
    best = (np.minimum if least else np.maximum).accumulate(x, axis)
    return np.maximum.accumulate(_where_new(np, x, best, axis), axis)


def _where_new(xp: Any, x: Any, best: Any, axis: int) -> Any:
    """Return the position along ``axis`` of each element that is the best so far, else 0. A NaN is the best."""
    steps = xp.arange(x.shape[axis]).reshape((-1,) + (1,) * (x.ndim - axis % x.ndim - 1))
    return xp.where((x == best) | (x != x), steps, xp.zeros((), np.int64))


@public()
def cummax(x: Any, axis: int) -> Ranked:
    """Take the largest element so far along ``axis``: (values, indices), the last of equals; NaN stays.

    >>> df.cummax(df.tensor([1.0, 3.0, 2.0]), 0).values
    tensor([1., 3., 3.])
    """
    x = asarray(x)
    at = cumargmax(x, axis=axis)
    return Ranked(take_along_axis(x, at, axis=axis), at)


@public()
def cummin(x: Any, axis: int) -> Ranked:
    """Take the smallest element so far along ``axis``: (values, indices), the last of equals; NaN stays.

    >>> df.cummin(df.tensor([3.0, 1.0, 2.0]), 0).indices
    tensor([0, 1, 1])
    """
    x = asarray(x)
    at = cumargmax(x, axis=axis, least=True)
    return Ranked(take_along_axis(x, at, axis=axis), at)


@primitive(shape=shapes.reduction, dtype="real float", public="df")
def logsumexp(xp: Any, x: Any, *, axis: Any = None, keepdims: bool = False) -> Any:
    """Compute ``log(sum(exp(x)))`` over ``axis`` without overflow; -inf over no elements.

    >>> df.logsumexp(df.tensor([1000.0, 1000.0]), axis=0)
    tensor(1000.6932)
    """
    axis = over(x, axis)
    top = xp.max(x, axis=axis, keepdims=True, initial=-np.inf)
    top = xp.where(xp.isfinite(top), top, xp.zeros((), x.dtype))
    total = xp.log(xp.sum(xp.exp(x - top), axis=axis, keepdims=True)) + top
    return total if keepdims else total.reshape(xp.sum(x, axis=axis).shape)


@logsumexp.kernel("numpy")
def _logsumexp(x: Any, *, axis: Any = None, keepdims: bool = False) -> Any:
    axes = over(x, axis)
    top = x.max(axis=axes, keepdims=True, initial=-np.inf)
    top = np.where(np.isfinite(top), top, x.dtype.type(0))
    off = x - top
    with np.errstate(divide="ignore"):
        total = np.log(np.add.reduce(np.exp(off), axes, None, None, True)) + top  # type: ignore[call-overload]
    return total if keepdims else total.squeeze(axes)


logsumexp.vjp(
    x=lambda g, y, x, *, axis, keepdims: (
        expand_like(g, x, axis=axis, keepdims=keepdims) * exp(x - expand_like(y, x, axis=axis, keepdims=keepdims))
    )
)


def _recurring(a: Any, b: Any, *, axis: int) -> Any:
    """Keep the shape, which both have."""
    if not shapes.agree(shapes.of(a), shapes.of(b)):
        raise Misfit(f"factors of shape {format_shape(shapes.of(a))} do not fit {format_shape(shapes.of(b))}")
    return _scanned(a, axis=axis)


@primitive(shape=_recurring, dtype="float")
def recur(xp: Any, a: Any, b: Any, *, axis: int) -> Any:
    """Compute ``y[k] = a[k] * y[k - 1] + b[k]`` along ``axis``, from ``y[0] = b[0]``.

    >>> from dualflow.ops.reduce.scan import recur
    >>> recur(df.tensor([0.5, 0.5, 0.5]), df.ones(3), axis=0)
    tensor([1.  , 1.5 , 1.75])
    """
    _recurring(a, b, axis=axis)

    def join(one: Any, other: Any) -> Any:
        return one[0] * other[0], other[0] * one[1] + other[1]

    return SCAN(join, (a, b), axis=axis % a.ndim)[1] if a.shape[axis] else b + 0


@recur.kernel("numpy")
def _recur(a: Any, b: Any, *, axis: int) -> Any:
    _recurring(a, b, axis=axis)
    out = np.array(b)
    rows, factors = np.moveaxis(out, axis, 0), np.moveaxis(a, axis, 0)
    for k in range(1, len(rows)):
        rows[k] += factors[k] * rows[k - 1]
    return out


def _recur_b(g: Any, y: Any, a: Any, b: Any, *, axis: int) -> Any:
    back = flip(roll(a, shift=-1, axis=axis), axis=axis)
    return flip(recur(back, flip(g, axis=axis), axis=axis), axis=axis)


def _recur_a(g: Any, y: Any, a: Any, b: Any, *, axis: int) -> Any:
    later = cumsum(_full_like(1, a, dtype="int64"), axis=axis) > 1  # no y comes before the first
    return where(later, _recur_b(g, y, a, b, axis=axis) * roll(y, shift=1, axis=axis), 0)


recur.vjp(a=_recur_a, b=_recur_b, reads={"a": "y a", "b": "a"})


@primitive(shape=_scanned, dtype="real float", public="df")
def logcumsumexp(xp: Any, x: Any, *, axis: int) -> Any:
    """Compute ``log(cumsum(exp(x)))`` along ``axis`` without overflow.

    >>> df.logcumsumexp(df.tensor([1000.0, 1000.0]), axis=0)
    tensor([1000.    , 1000.6932])
    """
    _scanned(x, axis=axis)
    return CUMLOGSUMEXP(x, axis=axis % x.ndim)


@logcumsumexp.kernel("numpy")
def _logcumsumexp(x: Any, *, axis: int) -> Any:
    _scanned(x, axis=axis)
    return np.logaddexp.accumulate(x, axis)


def _logcumsumexp_x(g: Any, y: Any, x: Any, *, axis: int) -> Any:
    # exp(x[k] - y[k]) * sum of g[i] * exp(y[k] - y[i]) over i >= k; y grows, so no factor of these is above 1
    after = roll(y, shift=-1, axis=axis)
    decay = exp(where(y > after, 0, y - after))  # above only at the end, where nothing comes after
    return exp(x - y) * flip(recur(flip(decay, axis=axis), flip(g, axis=axis), axis=axis), axis=axis)


logcumsumexp.vjp(x=_logcumsumexp_x)


# -- the product


@primitive(shape=shapes.reduction, dtype="total", domain="nonzero", public="df")
def prod(xp: Any, x: Any, *, axis: Any = None, keepdims: bool = False, dtype: Any = None) -> Any:
    """Multiply the elements over ``axis`` (an int, a tuple, or None for all); 1 over no elements.

    Integers and bools are multiplied in 64 bits unless ``dtype`` is given. Gradients are right at zeros too.

    >>> df.prod(df.tensor([[1.0, 2.0], [3.0, 4.0]]), axis=0)
    tensor([3., 8.])
    """
    return xp.prod(x, axis=over(x, axis), keepdims=keepdims, dtype=None if dtype is None else x.dtype)


@primitive(shape=shapes.first, dtype="first", promotes=(0,), domain="nonzero")
def prod_of_others(xp: Any, x: Any, *, axis: Any = None) -> Any:
    """Multiply, for each element, the others over ``axis``: the gradient of ``prod``, without a division.

    >>> from dualflow.ops.reduce.scan import prod_of_others
    >>> prod_of_others(df.tensor([2.0, 3.0, 0.0]))
    tensor([0., 0., 6.])
    """
    axes = shapes.normalize_axes(axis, x.ndim)
    if not axes:
        return xp.ones(x.shape, x.dtype)
    last = tuple(range(x.ndim - len(axes), x.ndim))
    moved = xp.moveaxis(x, axes, last)
    flat = moved.reshape(*moved.shape[: x.ndim - len(axes)], int(np.prod([x.shape[a] for a in axes])))
    ones = xp.ones((*flat.shape[:-1], 1), x.dtype)
    before = xp.cumprod(xp.concatenate([ones, flat[..., :-1]], -1), -1)[..., : flat.shape[-1]]
    after = xp.cumprod(xp.concatenate([ones, flat[..., :0:-1]], -1), -1)[..., : flat.shape[-1]][..., ::-1]
    return xp.moveaxis((before * after).reshape(moved.shape), last, axes)


def _prod_of_others_x(g: Any, y: Any, x: Any, *, axis: Any) -> Any:
    """Sum, over the others i of each element k, ``g[i]`` times the product of all but i and k."""

    def total(part: Any) -> Any:
        return expand_like(sum(part, axis=axis), x, axis=axis)

    zero = equal(x, 0)
    safe = where(zero, 1, x)
    product = expand_like(prod(safe, axis=axis), x, axis=axis)  # of what is not zero
    zeros = total(zero)
    across, at_zeros = where(zero, 0, g / safe), where(zero, g, 0)
    none, one, two = equal(zeros, 0), equal(zeros, 1), equal(zeros, 2)
    there = where(one, total(across), where(two, total(at_zeros) - at_zeros, 0))
    elsewhere = where(none, total(across) - across, where(one, total(at_zeros), 0)) / safe
    return product * where(zero, there, elsewhere)


prod_of_others.vjp(x=_prod_of_others_x, reads="x")
prod.vjp(
    x=lambda g, y, x, *, axis, keepdims, dtype: (
        expand_like(g, x, axis=axis, keepdims=keepdims) * prod_of_others(x, axis=axis)
    ),
    reads="x",
)

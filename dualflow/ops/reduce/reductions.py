"""Reductions over one axis, several, or all."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from dualflow.core import shapes
from dualflow.core.names import public
from dualflow.core.op import primitive
from dualflow.ops.math.complex import conjugate
from dualflow.ops.math.lengths import root


def _kept(x: Any, axis: Any) -> tuple[int, ...]:
    """Return the shape of a reduction of ``x`` over ``axis`` that keeps its axes."""
    axes = shapes.normalize_axes(axis, x.ndim)
    return tuple(1 if i in axes else n for i, n in enumerate(x.shape))


def over(x: Any, axis: Any) -> Any:
    """Return ``axis`` in the form that NumPy and JAX both take.

    Raises Misfit where only NumPy would let it pass: a scalar has no axis 0.
    """
    if axis is None:
        return None
    if not x.shape:
        shapes.normalize_axes(axis, 0)
    return tuple(axis) if axis.__class__ is list else axis


@primitive(shape=shapes.reduction, dtype="total", public="df")
def sum(xp: Any, x: Any, *, axis: Any = None, keepdims: bool = False, dtype: Any = None) -> Any:
    """Add up the elements over ``axis`` (an int, a tuple, or None for all).

    Integers and bools are summed in 64 bits, or everything in ``dtype`` when it is given.

    >>> df.sum(df.tensor([[1.0, 2.0], [3.0, 4.0]]), axis=0)
    tensor([4., 6.])
    """
    return x.sum(axis=over(x, axis), keepdims=keepdims, dtype=None if dtype is None else x.dtype)


@sum.kernel("numpy")
def _add_up(x: Any, *, axis: Any = None, keepdims: bool = False, dtype: Any = None) -> Any:
    # what ndarray.sum does after two Python frames of its own, 1 µs
    axes = None if axis is None else over(x, axis)
    return np.add.reduce(x, axes, None if dtype is None else x.dtype, None, keepdims)  # type: ignore[call-overload]


@primitive(shape=shapes.imitation, dtype="first", promotes=(0,))
def expand_like(
    xp: Any, g: Any, x: Any, *, axis: Any = None, keepdims: bool = False, average: bool = False, correction: int = 0
) -> Any:
    """Undo a reduction of ``x``: repeat ``g`` over the reduced axes, divided by their size if ``average``.

    >>> from dualflow.ops.reduce.reductions import expand_like
    >>> expand_like(df.tensor([4.0, 6.0]), df.zeros(2, 2), axis=0, average=True)
    tensor([[2., 3.],
            [2., 3.]])
    """
    if average:
        g = shared(g, max_count(x, g, correction))
    if not keepdims and axis is not None:
        g = g.reshape(_kept(x, axis))
    # numpy.broadcast_to costs 3 µs and gives a read-only view; filling costs 0.5 and gives a fresh array
    if xp is np:
        out = np.empty(x.shape, g.dtype)
        out[...] = g
        return out
    return xp.broadcast_to(g, x.shape)


def shared(total: Any, count: Any) -> Any:
    """Divide by ``count``, without a warning when it is zero: the mean of nothing is NaN."""
    if count:
        return total / count
    with np.errstate(divide="ignore", invalid="ignore"):
        return total / 0


def max_count(x: Any, g: Any, correction: int) -> int:
    """Return how many elements went into each element of ``g``, less ``correction`` and at least 0."""
    count = math.prod(x.shape) // math.prod(g.shape) if math.prod(g.shape) else 0
    return count - correction if count > correction else 0


def _fold(g: Any, y: Any, g0: Any, x: Any, *, axis: Any, keepdims: bool, average: bool, correction: int) -> Any:
    total = sum(g, axis=axis, keepdims=keepdims)
    return average_like(total, x, correction=correction) if average else total


expand_like.vjp(g=_fold, reads="")


@primitive(shape=shapes.first, dtype="first", promotes=(0,))
def average_like(xp: Any, g: Any, x: Any, *, correction: int = 0) -> Any:
    """Divide ``g`` by how many elements of ``x`` went into each of its own, less ``correction``.

    >>> from dualflow.ops.reduce.reductions import average_like
    >>> average_like(df.tensor([4.0, 6.0]), df.zeros(2, 2))
    tensor([2., 3.])
    """
    return shared(g, max_count(x, g, correction))


average_like.vjp(g=lambda g, y, g0, x, *, correction: average_like(g, x, correction=correction), reads="")

sum.vjp(x=lambda g, y, x, *, axis, keepdims, dtype: expand_like(g, x, axis=axis, keepdims=keepdims), reads="")


@primitive(shape=shapes.imitation, dtype="first", promotes=(0,))
def sum_like(xp: Any, g: Any, x: Any) -> Any:
    """Undo a broadcast of ``x``: sum ``g`` over the axes along which ``x`` was stretched.

    >>> from dualflow.ops.reduce.reductions import sum_like
    >>> sum_like(df.ones(3, 2), df.zeros(2))
    tensor([3., 3.])
    """
    extra = g.ndim - x.ndim
    axes = tuple(range(extra)) + tuple(i + extra for i, n in enumerate(x.shape) if n == 1 and g.shape[i + extra] != 1)
    return g.sum(axis=axes).reshape(x.shape) if axes else g.reshape(x.shape)


sum_like.vjp(g=lambda g, y, g0, x: stretch_like(g, g0), reads="")


@primitive(shape=shapes.imitation, dtype="first", promotes=(0,), broadcasts=True)
def stretch_like(xp: Any, x: Any, like: Any) -> Any:
    """Broadcast ``x`` to the shape of ``like``.

    >>> from dualflow.ops.reduce.reductions import stretch_like
    >>> stretch_like(df.tensor([1.0, 2.0]), df.zeros(2, 2))
    tensor([[1., 2.],
            [1., 2.]])
    """
    return xp.broadcast_to(x, like.shape)


stretch_like.vjp(x=lambda g, y, x, like: g, reads="")


@primitive(shape=shapes.reduction, dtype="float", public="df")
def mean(xp: Any, x: Any, *, axis: Any = None, keepdims: bool = False) -> Any:
    """Average over ``axis``; NaN over no elements.

    >>> df.mean(df.tensor([[1.0, 2.0], [3.0, 4.0]]))
    tensor(2.5)
    """
    return x.mean(axis=over(x, axis), keepdims=keepdims)


@mean.kernel("numpy")
def _mean(x: Any, *, axis: Any = None, keepdims: bool = False) -> Any:
    # numpy.mean warns, from a file of its own, of the mean of nothing
    axes = None if axis is None else over(x, axis)
    total = np.add.reduce(x, axes, None, None, keepdims)  # type: ignore[call-overload]
    count = x.size if axes is None else _count(x, axes)
    return shared(total, count)


def _count(x: Any, axes: Any) -> int:
    """Return how many elements a reduction over ``axes`` puts into one."""
    return math.prod(x.shape[a] for a in shapes.normalize_axes(axes, x.ndim))


mean.vjp(x=lambda g, y, x, *, axis, keepdims: expand_like(g, x, axis=axis, keepdims=keepdims, average=True), reads="")


@primitive(shape=shapes.reduction, dtype="float magnitude", public="df")
def var(xp: Any, x: Any, *, axis: Any = None, correction: float = 0, keepdims: bool = False) -> Any:
    """Compute the variance over ``axis``, dividing by the count less ``correction``.

    ``correction=0`` as in NumPy and the array API standard; PyTorch's default is 1.

    >>> df.var(df.tensor([1.0, 3.0]))
    tensor(1.)
    """
    return xp.var(x, axis=over(x, axis), ddof=correction, keepdims=keepdims)


@var.kernel("numpy")
def _var(x: Any, *, axis: Any = None, correction: float = 0, keepdims: bool = False) -> Any:
    # as numpy.var, which warns, from a file of its own, when nothing is left to divide by
    axes = shapes.normalize_axes(axis, x.ndim) if axis is None else over(x, axis)
    count = _count(x, axes)
    off = x - np.add.reduce(x, axes, None, None, True) / (count or 1)  # type: ignore[call-overload]
    squares = np.square(np.abs(off) if x.dtype.kind == "c" else off)
    total = np.add.reduce(squares, axes, None, None, keepdims)  # type: ignore[call-overload]
    return shared(total, count - correction if count > correction else 0)


var.vjp(
    x=lambda g, y, x, *, axis, correction, keepdims: (
        expand_like(g, x, axis=axis, keepdims=keepdims, average=True, correction=correction)
        * (2 * conjugate(x - mean(x, axis=axis, keepdims=True)))
    ),
    reads="x",
)


@public()
def std(x: Any, *, axis: Any = None, correction: int = 0, keepdims: bool = False) -> Any:
    """Compute the standard deviation over ``axis``: the square root of ``var``; the gradient where it is 0 is 0.

    >>> df.std(df.tensor([1.0, 3.0]))
    tensor(1.)
    """
    return root(var(x, axis=axis, correction=correction, keepdims=keepdims))


def _extreme(g: Any, y: Any, x: Any, *, axis: Any, keepdims: bool) -> Any:
    """Share the gradient evenly among all that reach the extreme, as PyTorch's amax does; NaN if that is NaN."""
    chosen = (x == expand_like(y, x, axis=axis, keepdims=keepdims)).astype(g.dtype)
    among = sum(chosen, axis=axis, keepdims=keepdims)
    return expand_like(g / among, x, axis=axis, keepdims=keepdims) * chosen


@primitive(shape=shapes.nonempty_reduction, dtype="real", domain="distinct", public="df")
def max(xp: Any, x: Any, *, axis: Any = None, keepdims: bool = False) -> Any:
    """Take the largest element over ``axis``; ties share the gradient evenly.

    >>> df.max(df.tensor([[1.0, 2.0], [4.0, 3.0]]), axis=1)
    tensor([2., 4.])
    """
    return x.max(axis=over(x, axis), keepdims=keepdims)


max.vjp(x=_extreme)


@primitive(shape=shapes.nonempty_reduction, dtype="real", domain="distinct", public="df")
def min(xp: Any, x: Any, *, axis: Any = None, keepdims: bool = False) -> Any:
    """Take the smallest element over ``axis``; ties share the gradient evenly.

    >>> df.min(df.tensor([[1.0, 2.0], [4.0, 3.0]]), axis=1)
    tensor([1., 3.])
    """
    return x.min(axis=over(x, axis), keepdims=keepdims)


min.vjp(x=_extreme)


@primitive(shape=shapes.nonempty_reduction, dtype="index", domain="distinct", public="df")
def argmax(xp: Any, x: Any, *, axis: Any = None, keepdims: bool = False) -> Any:
    """Find where the largest element over ``axis`` stands (int64; the first of equals).

    With ``axis=None`` the position counts in the flattened tensor.

    >>> df.argmax(df.tensor([[1.0, 2.0], [4.0, 3.0]]), axis=1)
    tensor([1, 0])
    """
    return xp.argmax(x, axis=over(x, axis), keepdims=keepdims).astype(np.int64)


@primitive(shape=shapes.nonempty_reduction, dtype="index", domain="distinct", public="df")
def argmin(xp: Any, x: Any, *, axis: Any = None, keepdims: bool = False) -> Any:
    """Find where the smallest element over ``axis`` stands (int64; the first of equals).

    >>> df.argmin(df.tensor([[1.0, 2.0], [4.0, 3.0]]), axis=1)
    tensor([0, 1])
    """
    return xp.argmin(x, axis=over(x, axis), keepdims=keepdims).astype(np.int64)


@primitive(shape=shapes.reduction, dtype="test", public="df")
def all(xp: Any, x: Any, *, axis: Any = None, keepdims: bool = False) -> Any:
    """Return True if every element over ``axis`` is true.

    >>> df.all(df.tensor([True, False]))
    tensor(False)
    """
    return xp.all(x, axis=over(x, axis), keepdims=keepdims)


@primitive(shape=shapes.reduction, dtype="test", public="df")
def any(xp: Any, x: Any, *, axis: Any = None, keepdims: bool = False) -> Any:
    """Return True if any element over ``axis`` is true.

    >>> df.any(df.tensor([True, False]))
    tensor(True)
    """
    return xp.any(x, axis=over(x, axis), keepdims=keepdims)

"""Turning, rolling, cutting diagonals and windows out: where elements go by position alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from dualflow.core import shapes
from dualflow.core.errors import DTypeError, Misfit, format_shape
from dualflow.core.op import primitive


def _axes(axis: Any) -> Any:
    return tuple(axis) if isinstance(axis, list) else axis


def _turned(x: Any, *, axis: Any) -> Any:
    """Keep the shape; ``axis`` is None, an int, or several."""
    shapes.normalize_axes(_axes(axis), len(shapes.of(x)))
    return shapes.of(x)


@primitive(shape=_turned, public="df")
def flip(xp: Any, x: Any, *, axis: Any = None) -> Any:
    """Reverse the order of the elements along ``axis`` (an int, several, or None for all). Copies.

    >>> df.flip(df.tensor([[1, 2], [3, 4]]), axis=1)
    tensor([[2, 1],
            [4, 3]])
    """
    return xp.flip(x, _axes(axis))


@flip.kernel("numpy")
def _flip(x: Any, *, axis: Any = None) -> Any:
    return np.flip(x, _axes(axis)).copy()


flip.vjp(x=lambda g, y, x, *, axis: flip(g, axis=axis), reads="")


def _rolled(x: Any, *, shift: Any, axis: Any) -> Any:
    """Keep the shape; as many shifts as axes."""
    for step in shift if isinstance(shift, Sequence) else (shift,):
        if not hasattr(step, "__index__"):
            raise Misfit(f"a shift is an integer, not {step!r}", DTypeError)
    if axis is not None:
        for one in axis if isinstance(axis, Sequence) else (axis,):
            shapes.normalize_axis(one, len(shapes.of(x)))
    if isinstance(shift, Sequence) and (not isinstance(axis, Sequence) or len(axis) != len(shift)):
        raise Misfit(f"{len(shift)} shifts need as many axes, not axis={axis}")
    return shapes.of(x)


@primitive(shape=_rolled, public="df")
def roll(xp: Any, x: Any, *, shift: Any, axis: Any = None) -> Any:
    """Shift elements along ``axis``; those that leave at one end enter at the other.

    ``shift`` and ``axis``: integers, or tuples of one length. ``axis=None`` rolls the flattened tensor.

    >>> df.roll(df.tensor([1, 2, 3]), 1)
    tensor([3, 1, 2])
    """
    _rolled(x, shift=shift, axis=axis)
    return xp.roll(x, _axes(shift), _axes(axis))


def _unroll(g: Any, y: Any, x: Any, *, shift: Any, axis: Any) -> Any:
    back = tuple(-n for n in shift) if isinstance(shift, Sequence) else -shift
    return roll(g, shift=back, axis=axis)


roll.vjp(x=_unroll, reads="")


def _matrices(x: Any, *, k: int) -> Any:
    """Keep the shape of one matrix or a stack of them."""
    if len(shapes.of(x)) < 2:
        raise Misfit(f"a matrix has two axes; shape {format_shape(shapes.of(x))} has {len(shapes.of(x))}")
    if not hasattr(k, "__index__"):
        raise Misfit(f"k counts diagonals: an integer, not {k!r}", DTypeError)
    return shapes.of(x)


@primitive(shape=_matrices, public="df")
def tril(xp: Any, x: Any, *, k: int = 0) -> Any:
    """Keep the elements on and below the ``k``-th diagonal of the last two axes; zeros elsewhere.

    >>> df.tril(df.ones(2, 2))
    tensor([[1., 0.],
            [1., 1.]])
    """
    _matrices(x, k=k)
    return xp.tril(x, k)


@primitive(shape=_matrices, public="df")
def triu(xp: Any, x: Any, *, k: int = 0) -> Any:
    """Keep the elements on and above the ``k``-th diagonal of the last two axes; zeros elsewhere.

    >>> df.triu(df.ones(2, 2))
    tensor([[1., 1.],
            [0., 1.]])
    """
    _matrices(x, k=k)
    return xp.triu(x, k)


tril.vjp(x=lambda g, y, x, *, k: tril(g, k=k), reads="")
triu.vjp(x=lambda g, y, x, *, k: triu(g, k=k), reads="")


# -- diagonals


def _diagonal(x: Any, *, offset: int, axis1: int, axis2: int) -> Any:
    """Drop two axes and put their diagonal last."""
    shape = shapes.of(x)
    first, second = (shapes.normalize_axis(a, len(shape)) for a in (axis1, axis2))
    if first == second:
        raise Misfit(f"a diagonal runs across two axes; {axis1} and {axis2} are one")
    if not hasattr(offset, "__index__"):
        raise Misfit(f"an offset is an integer, not {offset!r}", DTypeError)
    rows, columns = shape[first], shape[second]
    count = None if None in (rows, columns) else max(0, min(rows + min(offset, 0), columns - max(offset, 0)))
    return (*(n for i, n in enumerate(shape) if i not in (first, second)), count)


@primitive(shape=_diagonal, view=True, public="df")
def diagonal(xp: Any, x: Any, *, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Any:
    """Cut out the diagonals across two axes, as a last axis. Shares memory in eager.

    ``offset`` counts diagonals above the main one, or below when negative.

    >>> df.diagonal(df.tensor([[1, 2], [3, 4]]))
    tensor([1, 4])
    """
    return xp.diagonal(x, offset, axis1, axis2)


@diagonal.kernel("numpy")
def _cut(x: Any, *, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Any:
    cut = np.diagonal(x, offset, axis1, axis2)
    if x.flags.writeable:  # NumPy's is read-only for historic reasons; PyTorch's can be written through
        cut.flags.writeable = True
    return cut


def _diagonal_of(g: Any, x: Any, *, offset: int, axis1: int, axis2: int) -> Any:
    """Fit ``g`` onto the diagonal of ``x``."""
    wanted = _diagonal(x, offset=offset, axis1=axis1, axis2=axis2)
    if not shapes.agree(shapes.of(g), wanted):
        raise Misfit(f"a diagonal of shape {format_shape(wanted)} does not hold {format_shape(shapes.of(g))}")
    return shapes.of(x)


@primitive(shape=_diagonal_of, dtype="first", promotes=(0,))
def diagonal_like(xp: Any, g: Any, x: Any, *, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Any:
    """Put ``g`` on the diagonal, across two axes, of zeros in the shape of ``x``.

    >>> from dualflow.ops.array.arrange import diagonal_like
    >>> diagonal_like(df.tensor([1.0, 2.0]), df.zeros(2, 2))
    tensor([[1., 0.],
            [0., 2.]])
    """
    _diagonal_of(g, x, offset=offset, axis1=axis1, axis2=axis2)
    moved = xp.moveaxis(xp.zeros(x.shape, g.dtype), (axis1, axis2), (-2, -1))
    return xp.moveaxis(_on_diagonal(xp, g, moved, offset), (-2, -1), (axis1, axis2))


def _on_diagonal(xp: Any, g: Any, zeros: Any, offset: int) -> Any:
    steps = np.arange(g.shape[-1])
    at = (Ellipsis, steps + max(-offset, 0), steps + max(offset, 0))
    if xp is not np:
        return zeros.at[at].set(g)
    zeros[at] = g
    return zeros


diagonal.vjp(
    x=lambda g, y, x, *, offset, axis1, axis2: diagonal_like(g, x, offset=offset, axis1=axis1, axis2=axis2), reads=""
)
diagonal_like.vjp(
    g=lambda g, y, g0, x, *, offset, axis1, axis2: diagonal(g, offset=offset, axis1=axis1, axis2=axis2), reads=""
)


def _embedded(x: Any, *, offset: int, axis1: int, axis2: int) -> Any:
    """Replace the last axis by two of its size plus the offset."""
    shape = shapes.of(x)
    if not shape:
        raise Misfit("a scalar is no diagonal; it needs an axis")
    if not hasattr(offset, "__index__"):
        raise Misfit(f"an offset is an integer, not {offset!r}", DTypeError)
    first, second = (shapes.normalize_axis(a, len(shape) + 1) for a in (axis1, axis2))
    if first == second:
        raise Misfit(f"a diagonal runs across two axes; {axis1} and {axis2} are one")
    side = None if shape[-1] is None else shape[-1] + abs(offset)
    rest = iter(shape[:-1])
    return tuple(side if i in (first, second) else next(rest) for i in range(len(shape) + 1))


@primitive(shape=_embedded, public="df")
def diag_embed(xp: Any, x: Any, *, offset: int = 0, axis1: int = -2, axis2: int = -1) -> Any:
    """Make matrices of zeros with the last axis of ``x`` on their diagonal.

    >>> df.diag_embed(df.tensor([1, 2]))
    tensor([[1, 0],
            [0, 2]])
    """
    side = x.shape[-1] + abs(offset)
    made = _on_diagonal(xp, x, xp.zeros((*x.shape[:-1], side, side), x.dtype), offset)
    return xp.moveaxis(made, (-2, -1), (axis1, axis2))


diag_embed.vjp(
    x=lambda g, y, x, *, offset, axis1, axis2: diagonal(g, offset=offset, axis1=axis1, axis2=axis2), reads=""
)


# -- windows


def _windows(x: Any, *, axis: int, size: int, step: int) -> Any:
    """Count windows along ``axis``; their elements come last."""
    shape = shapes.of(x)
    at = shapes.normalize_axis(axis, len(shape))
    for word, number, least in (("size", size, 0), ("step", step, 1)):
        if not hasattr(number, "__index__") or number < least:
            raise Misfit(f"the {word} of a window is an integer of at least {least}, not {number!r}")
    n = shape[at]
    if n is not None and size > n:
        raise Misfit(f"a window of {size} does not fit axis {at} of shape {format_shape(shape)}")
    count = None if n is None else (n - size) // step + 1
    return (*shape[:at], count, *shape[at + 1 :], size)


@primitive(shape=_windows, view=True)
def windows(xp: Any, x: Any, *, axis: int, size: int, step: int = 1) -> Any:
    """Cut windows of ``size`` elements along ``axis``, each ``step`` after the last; their elements come last.

    PyTorch's ``Tensor.unfold``. Shares memory in eager; read-only when windows overlap.

    >>> from dualflow.ops.array.arrange import windows
    >>> windows(df.arange(4), axis=0, size=2)
    tensor([[0, 1],
            [1, 2],
            [2, 3]])
    """
    _windows(x, axis=axis, size=size, step=step)
    count = (x.shape[axis] - size) // step + 1
    places = np.arange(count)[:, None] * step + np.arange(size)
    return xp.moveaxis(xp.take(x, places, axis=axis), axis % x.ndim + 1, -1)


@windows.kernel("numpy")
def _strided(x: Any, *, axis: int, size: int, step: int = 1) -> Any:
    shape = _windows(x, axis=axis, size=size, step=step)
    owner = x
    while isinstance(owner.base, np.ndarray):
        owner = owner.base
    # numpy.lib.stride_tricks gives an array whose base is not an array: versions would not see writes to it
    whole = owner.transpose(sorted(range(owner.ndim), key=lambda i: -abs(owner.strides[i])))
    at = axis % x.ndim
    strides = (*x.strides[:at], x.strides[at] * step, *x.strides[at + 1 :], x.strides[at])
    if not whole.flags.c_contiguous or not x.size:
        return np.ascontiguousarray(np.lib.stride_tricks.sliding_window_view(x, size, axis)[_every(at, step)])
    start = x.__array_interface__["data"][0] - whole.__array_interface__["data"][0]
    cut: Any = np.ndarray(shape, x.dtype, whole, start, strides)
    if step < size or not x.flags.writeable:
        cut.flags.writeable = False
    return cut


def _every(at: int, step: int) -> tuple[Any, ...]:
    return (slice(None),) * at + (slice(None, None, step),)


def _of_windows(g: Any, x: Any, *, axis: int, size: int, step: int) -> Any:
    """Fit ``g`` to the windows of ``x``."""
    wanted = _windows(x, axis=axis, size=size, step=step)
    given = shapes.of(g)
    if not shapes.agree(given, wanted):
        raise Misfit(f"windows have shape {format_shape(wanted)}, not {format_shape(given)}")
    return shapes.of(x)


@primitive(shape=_of_windows, dtype="first", promotes=(0,))
def windows_like(xp: Any, g: Any, x: Any, *, axis: int, size: int, step: int = 1) -> Any:
    """Add windows up where they were cut out of a tensor in the shape of ``x``.

    >>> from dualflow.ops.array.arrange import windows_like
    >>> windows_like(df.ones(3, 2), df.zeros(4), axis=0, size=2)
    tensor([1., 2., 2., 1.])
    """
    _of_windows(g, x, axis=axis, size=size, step=step)
    at = axis % x.ndim
    out = xp.zeros(x.shape, g.dtype)
    span = step * (g.shape[at] - 1) + 1 if g.shape[at] else 0
    for k in range(size):
        place = (slice(None),) * at + (slice(k, k + span, step),)
        if xp is np:
            out[place] += g[..., k]
        else:
            out = out.at[place].add(g[..., k])
    return out


windows.vjp(x=lambda g, y, x, *, axis, size, step: windows_like(g, x, axis=axis, size=size, step=step), reads="")
windows_like.vjp(g=lambda g, y, g0, x, *, axis, size, step: windows(g, axis=axis, size=size, step=step), reads="")

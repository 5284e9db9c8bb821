"""Arranging elements anew: no arithmetic. Views of NumPy arrays share memory in eager."""

from __future__ import annotations

import math
import operator
from collections.abc import Sequence
from typing import Any

import numpy as np

from dualflow.core import dtypes, shapes
from dualflow.core.errors import GraphError, Misfit
from dualflow.core.names import public
from dualflow.core.op import primitive
from dualflow.ops.array.create import _full_like, filled
from dualflow.ops.array.inspection import check_device
from dualflow.ops.composite import Speaking
from dualflow.ops.math.complex import real


@primitive(shape=shapes.permute, view=True, public="df")
def permute_dims(xp: Any, x: Any, *, axes: Any = None) -> Any:
    """Reorder the axes; None reverses them all. Shares memory in eager.

    >>> df.permute_dims(df.zeros(2, 3, 4), (2, 0, 1)).shape
    (4, 2, 3)
    """
    return xp.transpose(x, axes)


def _unpermute(g: Any, y: Any, x: Any, *, axes: Any) -> Any:
    if axes is None:
        return permute_dims(g)
    rank = len(axes)
    return permute_dims(g, axes=tuple(sorted(range(rank), key=lambda i: axes[i] % rank)))


permute_dims.vjp(x=_unpermute, reads="")


@primitive(shape=shapes.matrix_transpose, view=True, public="df linalg")
def matrix_transpose(xp: Any, x: Any) -> Any:
    """Swap the last two axes. Shares memory in eager.

    >>> df.matrix_transpose(df.zeros(5, 2, 3)).shape
    (5, 3, 2)
    """
    return x.mT


matrix_transpose.vjp(x=lambda g, y, x: g.mT, reads="")


def transpose(x: Any, *axes: Any) -> Any:
    """Swap two axes, as in PyTorch; reorder all, as in NumPy; or reverse them when none are named.

    >>> x = df.zeros(2, 3, 4)
    >>> df.torch.transpose(x, 0, 1).shape, df.torch.transpose(x, (2, 0, 1)).shape, df.torch.transpose(x).shape
    ((3, 2, 4), (4, 2, 3), (4, 3, 2))
    """
    if len(axes) == 1 and isinstance(axes[0], Sequence):
        axes = tuple(axes[0])
    elif len(axes) == 2:
        rank = len(x.shape)
        order = list(range(rank))
        try:
            first, second = (shapes.normalize_axis(a, rank) for a in axes)
        except Misfit as misfit:
            raise permute_dims.op.explain(misfit, (x,), {}) from None
        order[first], order[second] = second, first
        axes = tuple(order)
    return permute_dims(x, axes=axes or None)


@primitive(shape=lambda x, *, shape, copy: shapes.reshape(x, shape=shape), view=True, public="df")
def reshape(xp: Any, x: Any, *, shape: Any, copy: bool | None = None) -> Any:
    """Arrange the same elements, in row-major order, in another shape; one -1 is worked out.

    Shares memory in eager where NumPy's reshape does; ``copy=True`` never, and ``copy=False`` raises where it cannot.

    >>> df.reshape(df.arange(6), (2, -1))
    tensor([[0, 1, 2],
            [3, 4, 5]])
    """
    if min(shape, default=0) < -1:  # NumPy takes any negative size for -1
        shapes.reshape(x, shape=shape)
    if copy is None or xp is not np:
        return xp.reshape(x, shape)
    return np.reshape(x, shape, copy=copy)


reshape.vjp(x=lambda g, y, x, *, shape, copy: reshape_like(g, x), reads="")


@primitive(shape=shapes.imitation, dtype="first", promotes=(0,), view=True)
def reshape_like(xp: Any, x: Any, like: Any) -> Any:
    """Arrange the elements of ``x`` in the shape of ``like``.

    >>> from dualflow.ops.array.shape import reshape_like
    >>> reshape_like(df.arange(4), df.zeros(2, 2)).shape
    (2, 2)
    """
    return xp.reshape(x, like.shape)


reshape_like.vjp(x=lambda g, y, x, like: reshape_like(g, x), reads="")


@public()
def flatten(x: Any, start_dim: int = 0, end_dim: int = -1) -> Any:
    """Merge the axes from ``start_dim`` to ``end_dim`` into one.

    >>> df.flatten(df.zeros(2, 3, 4), 1).shape
    (2, 12)
    """
    rank = len(x.shape)
    if rank == 0:
        return reshape(x, shape=(1,))
    try:
        start, end = shapes.normalize_axis(start_dim, rank), shapes.normalize_axis(end_dim, rank)
        if start > end:
            raise Misfit(f"start_dim {start_dim} comes after end_dim {end_dim}")
    except Misfit as misfit:
        raise reshape.op.explain(misfit, (x,), {"shape": ()}) from None
    kept = x.shape[:start] + (-1,) + x.shape[end + 1 :]
    merged = x.shape[start : end + 1]
    if shapes.known(merged):  # counted, so that an unknown batch may take the -1, and a size of 0 leaves no doubt
        kept = tuple(-1 if n is None else math.prod(merged) if n == -1 else n for n in kept)
    if sum(n is None or n == -1 for n in kept) > 1:
        raise GraphError(f"flatten: too many unknown sizes in {x.shape}; reshape with numbers instead")
    return reshape(x, shape=kept)


@primitive(shape=shapes.expand_dims, view=True, public="df")
def expand_dims(xp: Any, x: Any, *, axis: Any = 0) -> Any:
    """Insert an axis of size 1 at ``axis``. Shares memory in eager.

    >>> df.expand_dims(df.zeros(2, 3), axis=1).shape
    (2, 1, 3)
    """
    return xp.expand_dims(x, axis)


expand_dims.vjp(x=lambda g, y, x, *, axis: reshape_like(g, x), reads="")


@primitive(shape=shapes.squeeze, view=True, public="df")
def squeeze(xp: Any, x: Any, *, axis: Any = None) -> Any:
    """Drop the axes ``axis``, which must have size 1; None drops every such axis. Shares memory in eager.

    >>> df.squeeze(df.zeros(2, 1, 3), axis=1).shape
    (2, 3)
    """
    return xp.squeeze(x, axis)


squeeze.vjp(x=lambda g, y, x, *, axis: reshape_like(g, x), reads="")


@primitive(shape=shapes.broadcast_to, broadcasts=True, view=True, public="df")
def broadcast_to(xp: Any, x: Any, *, shape: Any) -> Any:
    """Stretch ``x`` to ``shape`` by NumPy's rule. A read-only view in eager.

    >>> df.broadcast_to(df.tensor([1, 2]), (2, 2))
    tensor([[1, 2],
            [1, 2]])
    """
    return xp.broadcast_to(x, shape)


broadcast_to.vjp(x=lambda g, y, x, *, shape: g, reads="")


@primitive(shape=shapes.same, dtype="asked", promotes=(0,), name="astype")
def _astype(xp: Any, x: Any, *, dtype: Any) -> Any:
    """Cast to ``dtype``: the primitive behind ``astype``.

    >>> df.tensor([1.5, 2.5]).astype(df.int64)
    tensor([1, 2])
    """
    dtype = dtypes.resolve(dtype)
    if x.dtype.kind == "c" and dtype.kind not in "bc":  # NumPy would warn, and take the real part too
        x = x.real
    return x.astype(dtype) if xp is np else _cast(xp, x, dtype)


def _cast(jnp: Any, x: Any, dtype: Any) -> Any:
    """Cast under JAX, with NumPy's values where XLA has others."""
    if x.dtype.kind == "b" and dtypes.is_floating(dtype):
        # a choice, not a conversion, whose product with y XLA makes a choice between y and 0: but 0 * NaN is NaN
        return jnp.where(x, jnp.ones((), dtype), jnp.zeros((), dtype))
    return _truncated(jnp, x, dtype) if dtypes.is_floating(x.dtype) and dtype.kind in "iu" else x.astype(dtype)


def _truncated(jnp: Any, x: Any, dtype: np.dtype) -> Any:
    """Round floats towards zero to integers, with NumPy's values for what does not fit: XLA takes the limits.

    They are the processor's: on x86 the least integer for all; of 32 bits where there are fewer, the lowest stay.
    """
    with np.errstate(invalid="ignore"):
        saturates = np.full(1, np.inf, np.float32).astype(np.int32)[0] > 0
    bits = np.dtype(f"i{max(dtype.itemsize, 4)}")
    if saturates or x.dtype.kind == "c":
        return x.astype(dtype)
    limit = float(2 ** (8 * bits.itemsize - 1))
    high = x >= limit if dtype.itemsize >= 4 and dtype.kind == "u" else np.False_
    x = jnp.where(high, x - limit, x)
    fits = (x >= -limit) & (x < limit)
    y = jnp.where(fits, x.astype(bits), np.iinfo(bits).min)
    return jnp.where(high, y ^ np.iinfo(bits).min, y).astype(dtype)


def _uncast(g: Any, y: Any, x: Any, *, dtype: Any) -> Any:
    return (real(g) if g.dtype.kind == "c" != x.dtype.kind else g).astype(x.dtype)


_astype.vjp(x=_uncast, reads="")


@public()
def astype(x: Any, dtype: Any, *, copy: bool = True, device: Any = None) -> Any:
    """Cast to ``dtype``; gradients flow between floating and complex types. Complex to real takes the real part.

    ``copy=False``: the tensor itself when it has that dtype already.

    >>> df.astype(df.tensor([1.5, 2.5]), df.int64)
    tensor([1, 2])
    """
    check_device("astype", device)
    return x if not copy and getattr(x, "dtype", None) == dtypes.asdtype(dtype) else _astype(x, dtype=dtype)


@primitive(shape=shapes.concat, name="concat")
def _concat(xp: Any, *parts: Any, axis: int = 0) -> Any:
    """Join tensors along ``axis``: the primitive behind ``concat``, which takes them as a list.

    >>> from dualflow.core.op import VOCABULARY
    >>> VOCABULARY["concat"].call(df.ones(1), df.zeros(1))
    tensor([1., 0.])
    """
    return xp.concatenate(parts, axis=axis)


@primitive(shape=shapes.part_like, dtype="first", promotes=(0,))
def part_like(xp: Any, *args: Any, index: int, axis: int) -> Any:
    """Cut out of ``g`` what ``concat`` put there of its part ``index``. Operands: ``g``, then the parts.

    >>> from dualflow.ops.array.shape import part_like
    >>> part_like(df.arange(3), df.zeros(1), df.zeros(2), index=1, axis=0)
    tensor([1, 2])
    """
    g, *parts = args
    start = sum(part.shape[axis] for part in parts[:index])
    cut = [slice(None)] * g.ndim
    cut[axis] = slice(start, start + parts[index].shape[axis])
    return g[tuple(cut)]


def _uncut(position: int, g: Any, y: Any, *args: Any, index: int, axis: int) -> Any:
    if position:
        return None
    parts = [g if i == index else _full_like(0, part, dtype=g.dtype) for i, part in enumerate(args[1:])]
    return _concat(*parts, axis=axis)


_concat.vjp(rest=lambda position, g, y, *parts, axis: part_like(g, *parts, index=position, axis=axis), reads="")
part_like.vjp(rest=_uncut, reads="")


@public()
def concat(arrays: Sequence[Any], axis: int | None = 0) -> Any:
    """Join tensors along an axis that they have; None flattens them first.

    Operands meet in one dtype. Raises ShapeError when another axis differs.

    >>> df.concat([df.tensor([1, 2]), df.tensor([3])])
    tensor([1, 2, 3])
    """
    parts = list(arrays)
    if axis is None:
        parts = [reshape(part, shape=(-1,)) for part in parts]
        axis = 0
    return _concat(*parts, axis=axis)


@primitive(shape=shapes.stack, name="stack")
def _stack(xp: Any, *parts: Any, axis: int = 0) -> Any:
    """Join tensors along a new axis: the primitive behind ``stack``, which takes them as a list.

    >>> from dualflow.core.op import VOCABULARY
    >>> VOCABULARY["stack"].call(df.ones(1), df.zeros(1)).shape
    (2, 1)
    """
    return xp.stack(parts, axis=axis)


def _slice_of(position: int, g: Any, y: Any, *parts: Any, axis: int) -> Any:
    at = axis % len(g.shape)
    return g[(slice(None),) * at + (position,)]


_stack.vjp(rest=_slice_of, reads="")


@public()
def stack(arrays: Sequence[Any], axis: int = 0) -> Any:
    """Join tensors of one shape along a new axis.

    >>> df.stack([df.tensor([1, 2]), df.tensor([3, 4])])
    tensor([[1, 2],
            [3, 4]])
    """
    return _stack(*arrays, axis=axis)


def _cut(x: Any, *, sizes: tuple[int, ...], axis: int) -> Any:
    """Cut along an axis into pieces of ``sizes``, which add up to its own."""
    shape, at = shapes.of(x), shapes.normalize_axis(axis, len(shapes.of(x)))
    if shape[at] is not None and (sum(sizes) != shape[at] or min(sizes, default=0) < 0):
        raise Misfit(f"sections {list(sizes)} add up to {sum(sizes)}; axis {at} has size {shape[at]}")
    return tuple((*shape[:at], n, *shape[at + 1 :]) for n in sizes)


def _section(place: int, *, sizes: tuple[int, ...], axis: int) -> tuple[Any, ...]:
    start = sum(sizes[:place])
    return (*(slice(None),) * axis, slice(start, start + sizes[place]))


@primitive(shape=_cut, dtype="first", results=tuple, view=_section, name="split")
def _split(xp: Any, x: Any, *, sizes: tuple[int, ...], axis: int = 0) -> Any:
    """Cut along ``axis``, counted from the front, into pieces of ``sizes``: the primitive behind ``split``.

    >>> from dualflow.core.op import VOCABULARY
    >>> VOCABULARY["split"].call(df.arange(3), sizes=(1, 2))
    (tensor([0]), tensor([1, 2]))
    """
    before, start, pieces = (slice(None),) * axis, 0, []
    for n in sizes:
        pieces.append(x[(*before, slice(start, start + n))])
        start += n
    if start != x.shape[axis] or min(sizes, default=0) < 0:  # a slice too long is no error to NumPy
        _cut(x, sizes=sizes, axis=axis)
    return tuple(pieces)


_split.vjp(x=lambda g, y, x, *, sizes, axis: _concat(*filled(g, y), axis=axis), reads="")


@public()
def split(x: Any, split_size_or_sections: Any, axis: int = 0) -> tuple[Any, ...]:
    """Cut into pieces along ``axis``: of one size (the last may be smaller), or of the sizes listed.

    Raises ShapeError when the sizes do not add up. Shares memory in eager.

    >>> [part.shape for part in df.split(df.zeros(5, 2), 2)]
    [(2, 2), (2, 2), (1, 2)]
    """
    with Speaking("split", x=x):
        at = shapes.normalize_axis(axis, len(x.shape))
        size = x.shape[at]
        if size is None:
            raise Misfit(f"axis {at} has an unknown size, so how many pieces there are is not known")
        if isinstance(split_size_or_sections, Sequence):
            sections = [operator.index(n) for n in split_size_or_sections]
        else:
            step = operator.index(split_size_or_sections)
            if step <= 0:
                raise Misfit(f"the size of a piece must be positive, not {step}")
            sections = [min(step, size - start) for start in range(0, size, step)] or [0]
    return _split(x, sizes=tuple(sections), axis=at)


def chunk(x: Any, chunks: int, axis: int = 0) -> tuple[Any, ...]:
    """Cut into ``chunks`` pieces along ``axis``, the last perhaps smaller.

    >>> [part.shape for part in df.torch.chunk(df.zeros(5, 2), 2)]
    [(3, 2), (2, 2)]
    """
    with Speaking("chunk", x=x):
        size = x.shape[shapes.normalize_axis(axis, len(x.shape))]
        if size is None:
            raise Misfit(f"axis {axis} has an unknown size, so how long the pieces are is not known")
        if chunks < 1:
            raise Misfit(f"the number of pieces is at least 1, not {chunks}")
    return split(x, max(1, -(-size // chunks)), axis)


@primitive(shape=shapes.same, name="detach", public="df")
def detach(xp: Any, x: Any) -> Any:
    """Pass ``x`` on as a constant: no gradient flows back through it.

    >>> df.detach(df.ones(2, requires_grad=True)).requires_grad
    False
    """
    return x

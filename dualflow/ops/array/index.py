"""Picking elements out and putting them back. Out-of-range indices raise in both worlds."""

from __future__ import annotations

from typing import Any

import numpy as np

from dualflow.core import shapes
from dualflow.core.dtypes import int64, resolve
from dualflow.core.names import public
from dualflow.core.op import primitive
from dualflow.ops.array.create import asarray

UNSIGNED = {np.dtype(f"i{n}"): np.dtype(f"u{n}") for n in (1, 2, 4, 8)}


def beyond(xp: Any, indices: Any, size: int, least: int = 0) -> Any:
    """Return whether an index is less than ``least`` or not less than ``size``."""
    if xp is np:  # reductions: 2 µs for 64 indices, where comparisons take 7
        if not indices.size:
            return False
        unsigned = None if least else UNSIGNED.get(indices.dtype)
        if unsigned is not None:  # without their sign, negative numbers are large
            return bool(np.maximum.reduce(indices.view(unsigned), None) >= size)
        return bool(np.minimum.reduce(indices, None) < least or np.maximum.reduce(indices, None) >= size)
    return xp.any((indices < least) | (indices >= size))


def _out_of_range(xp: Any, indices: Any, size: int) -> Any:
    return beyond(xp, indices, size, -size)


def chosen(indices: Any) -> Any:
    """Return indices given as a list: integers or bools, also where there are none."""
    found = asarray(indices)
    return found.astype(int64) if found.size == 0 and found.dtype.kind == "f" else found


@primitive(shape=shapes.getitem, dtype="first", promotes=(0,), view=True)
def getitem(xp: Any, x: Any, *indices: Any, key: tuple[Any, ...]) -> Any:
    """Index ``x`` as ``x[...]`` does; ``key`` is the index with each array replaced by ``shapes.ARRAY``.

    Basic indices share memory in eager; arrays of integers and bool masks copy. Raises OutOfRangeError.

    >>> x = df.tensor([[1, 2], [3, 4]])
    >>> x[0], x[:, 1], x[df.tensor([1, 1])][:, 0], x[x > 2]
    (tensor([1, 2]), tensor([2, 4]), tensor([3, 3]), tensor([3, 4]))
    """
    return x[shapes._fill(key, indices)]


@getitem.kernel("numpy")
def _getitem(x: Any, *indices: Any, key: tuple[Any, ...]) -> Any:
    if indices:
        return x[shapes._fill(key, indices)]
    y = x[key]
    return y if y.__class__ is np.ndarray else x[(*key, ...)]  # with an ellipsis one element is a view, not a copy


@getitem.guard
def _getitem_out_of_range(xp: Any, x: Any, *indices: Any, key: tuple[Any, ...]) -> Any:
    bad = False
    axis = 0
    rest = iter(indices)
    taken = sum(1 for k in key if k is not None and k is not Ellipsis)
    for part in key:
        if part is None:
            continue
        if part is Ellipsis:
            axis += x.ndim - taken
            continue
        if isinstance(part, str):
            bad = bad | _out_of_range(xp, next(rest), x.shape[axis])
        axis += 1
    return bad


@primitive(shape=shapes.put_like, dtype="first", promotes=(0,))
def put_like(xp: Any, g: Any, x: Any, *indices: Any, key: tuple[Any, ...]) -> Any:
    """Add ``g`` into zeros of the shape of ``x`` at an index; repeated places accumulate.

    >>> from dualflow.ops.array.index import put_like
    >>> put_like(df.tensor([1.0, 2.0]), df.zeros(3), df.tensor([0, 0]), key=("array",))
    tensor([3., 0., 0.])
    """
    return xp.zeros(x.shape, g.dtype).at[shapes._fill(key, indices)].add(g)


@put_like.kernel("numpy")
def _put_like(g: Any, x: Any, *indices: Any, key: tuple[Any, ...]) -> Any:
    out = np.zeros(x.shape, g.dtype)
    at = shapes._fill(key, indices)
    if any(i.dtype.kind != "b" for i in indices):
        np.add.at(out, at, g)
    else:  # slices, integers and masks name each place once
        out[at] = g
    return out


def _put_back(position: int, g: Any, y: Any, g0: Any, x: Any, *indices: Any, key: tuple[Any, ...]) -> Any:
    return None if position else getitem(g, *indices, key=key)


getitem.vjp(
    rest=lambda position, g, y, x, *indices, key: None if position else put_like(g, x, *indices, key=key), reads="rest"
)
put_like.vjp(rest=_put_back, reads="rest")


@public()
def take(x: Any, indices: Any, axis: int = 0) -> Any:
    """Pick the elements at ``indices`` along ``axis``; negative indices count from the end.

    >>> df.take(df.tensor([10, 20, 30]), df.tensor([2, 0]))
    tensor([30, 10])
    """
    indices = chosen(indices) if isinstance(indices, list | tuple) else indices
    try:
        at = shapes.normalize_axis(axis, x.ndim)
        shapes.integral(indices)
    except shapes.Misfit as misfit:
        raise getitem.op.explain(misfit, (x, indices), {"key": ()}) from None
    return getitem(x, indices, key=(slice(None),) * at + (shapes.ARRAY,))


@primitive(shape=shapes.take_along_axis, dtype="first", promotes=(0,), domain=("real", "index"), public="df")
def take_along_axis(xp: Any, x: Any, indices: Any, *, axis: int = -1) -> Any:
    """Pick, for each position of ``indices``, one element of ``x`` along ``axis``.

    >>> df.take_along_axis(df.tensor([[1, 2], [3, 4]]), df.tensor([[1], [0]]), axis=1)
    tensor([[2],
            [3]])
    """
    return xp.take_along_axis(x, indices, axis=axis)


@take_along_axis.guard
def _along_out_of_range(xp: Any, x: Any, indices: Any, *, axis: int) -> Any:
    return _out_of_range(xp, indices, x.shape[axis])


@primitive(shape=shapes.put_along_like, dtype="first", promotes=(0,), domain=("real", "index", "real"))
def put_along_like(xp: Any, g: Any, indices: Any, x: Any, *, axis: int = -1) -> Any:
    """Add ``g`` into zeros of the shape of ``x``, one element per position of ``indices`` along ``axis``.

    >>> from dualflow.ops.array.index import put_along_like
    >>> put_along_like(df.ones(2, 1), df.tensor([[1], [0]]), df.zeros(2, 2), axis=1)
    tensor([[0., 1.],
            [1., 0.]])
    """
    at = _places(xp, g, indices, x, axis)
    return xp.zeros(x.shape, g.dtype).at[at].add(g)


@put_along_like.kernel("numpy")
def _put_along_like(g: Any, indices: Any, x: Any, *, axis: int) -> Any:
    out = np.zeros(x.shape, g.dtype)
    np.add.at(out, _places(np, g, indices, x, axis), g)
    return out


def _places(xp: Any, g: Any, indices: Any, x: Any, axis: int) -> tuple[Any, ...]:
    """Return the index arrays, one per axis of ``x``, that say where each element of ``g`` was taken from."""
    shapes.put_along_like(g, indices, x, axis=axis)
    axis = axis % x.ndim
    return tuple(
        indices
        if i == axis
        else xp.zeros((), np.int64)
        if size == 1  # this axis was stretched
        else xp.arange(g.shape[i]).reshape((-1,) + (1,) * (x.ndim - i - 1))
        for i, size in enumerate(x.shape)
    )


take_along_axis.vjp(x=lambda g, y, x, indices, *, axis: put_along_like(g, indices, x, axis=axis), reads="indices")
put_along_like.vjp(g=lambda g, y, g0, indices, x, *, axis: take_along_axis(g, indices, axis=axis), reads="indices")


@primitive(shape=shapes.one_hot, dtype="given", domain="index", public="df")
def one_hot(xp: Any, x: Any, *, num_classes: int, dtype: Any = np.dtype("float32"), strict: bool = False) -> Any:
    """Write each class index as a row of zeros with a one at that place.

    ``x``: integers of any shape. Result: one more axis, of ``num_classes``. An index outside the classes
    gives a row of zeros; if ``strict``, it raises OutOfRangeError.

    >>> df.one_hot(df.tensor([1, 0]), num_classes=3)
    tensor([[0., 1., 0.],
            [1., 0., 0.]])
    """
    shapes.one_hot(x, num_classes=num_classes, dtype=dtype)
    if xp is np and strict and _no_class(np, x, num_classes=num_classes, dtype=dtype, strict=True):
        raise IndexError(f"classes run from {x.min()} to {x.max()}; there are {num_classes}, from 0")
    return (x[..., None] == xp.arange(num_classes)).astype(resolve(dtype))


@one_hot.guard
def _no_class(xp: Any, x: Any, *, num_classes: int, dtype: Any, strict: bool) -> Any:
    x = x.astype(np.int64)  # to JAX, int8 >= 300 is int8 >= 44
    return xp.any((x < 0) | (x >= num_classes)) if strict else xp.zeros((), bool)

"""Which of several writes to one place is the last: it alone counts there, and has a gradient, in both worlds.

Last is meant in row-major order. NumPy writes in it where index arrays are laid out so; XLA promises no order at all.
"""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import numpy as np

from dualflow.core import shapes
from dualflow.core.op import primitive


def last_writes(xp: Any, sizes: tuple[int, ...], at: tuple[Any, ...], chosen: tuple[int, ...]) -> Any:
    """Return, for each of the ``chosen`` elements that ``at`` picks of ``sizes``, whether no later one picks its place.

    >>> from dualflow.ops.array.latest import last_writes
    >>> last_writes(np, (3,), (np.array([0, 0, 2]),), (3,)).tolist()
    [False, True, True]
    """
    number = np.arange(math.prod(chosen), dtype=np.int64 if xp is np else np.int32).reshape(chosen)
    if xp is np:
        newest: Any = np.empty(sizes, np.int64)
        newest[at] = number
    else:
        newest = xp.zeros(sizes, np.int32).at[at].max(number)
    return newest[at] == number


def lasting(places: np.ndarray) -> np.ndarray:
    """Return, for each of ``places``, at least 0, whether no later one is the same.

    >>> from dualflow.ops.array.latest import lasting
    >>> lasting(np.array([[0, 0], [0, 1]])).tolist()
    [[False, False], [True, True]]
    """
    flat = places.reshape(-1)
    size = int(flat.max()) + 1 if flat.size else 0
    return np.asarray(last_writes(np, (size,), (flat,), flat.shape)).reshape(places.shape)


def in_order(index: Any) -> Any:
    """Return an index array laid out in row-major order; in one that is turned NumPy would begin elsewhere.

    >>> from dualflow.ops.array.latest import in_order
    >>> in_order(np.zeros((2, 3)).T).strides
    (16, 8)
    """
    return np.asarray(index, order="C")


def _narrowed(x: Any, indices: Any, key: tuple[Any, ...]) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    """Return the sizes of ``x``, but 1 on axes that no array indexes, and the key that picks all of those.

    What decides who is last is then as small as the index is, not as ``x``.
    """
    shape, rest = shapes.of(x), iter(indices)
    wide = {id(i): len(shapes.of(i)) for i in indices if i.dtype.kind == "b"}  # a mask stands at as many axes as it has
    taken = sum(1 for part in key if part is not None and part is not Ellipsis)
    missing = len(shape) - taken - sum(n - 1 for n in wide.values())
    sizes: list[Any] = []
    narrow: list[Any] = []
    for part in key:
        if isinstance(part, str):
            sizes += shape[len(sizes) : len(sizes) + wide.get(id(next(rest)), 1)]
            narrow.append(part)
        elif part is None:
            narrow.append(part)
        else:
            count = missing if part is Ellipsis else 1
            sizes += [1] * count
            narrow += [0 if isinstance(part, int) else slice(None)] * count
    return (*sizes, *[1] * (len(shape) - len(sizes))), tuple(narrow)


def _decided(x: Any, *indices: Any, key: tuple[Any, ...]) -> shapes.Shape:
    """Give the shape of what is picked, with 1 for the axes that are not picked by arrays."""
    shapes.getitem(x, *indices, key=key)
    sizes, narrow = _narrowed(x, indices, key)
    return shapes.getitem(SimpleNamespace(shape=sizes), *indices, key=narrow)


@primitive(shape=_decided, dtype="test", promotes=(0,))
def lasts_at(xp: Any, x: Any, *indices: Any, key: tuple[Any, ...]) -> Any:
    """Return, for what an index picks of ``x``, True where no later element has the same place: bool, to broadcast.

    >>> from dualflow.ops.array.latest import lasts_at
    >>> lasts_at(df.zeros(3), df.tensor([0, 0, 2]), key=("array",))
    tensor([False,  True,  True])
    """
    sizes, narrow = _narrowed(x, indices, key)
    chosen = _decided(x, *indices, key=key)
    return last_writes(xp, sizes, shapes._fill(narrow, tuple(map(in_order, indices)) if xp is np else indices), chosen)


def surviving(xp: Any, x: Any, indices: Any, key: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return the index with what a later element overwrites out of range, where XLA drops it.

    >>> from dualflow.ops.array.latest import surviving
    >>> surviving(np, np.zeros(3), (np.array([0, 0, 2]),), ("array",))
    (array([3, 0, 2]),)
    """
    masks = [index for index in indices if index.dtype.kind == "b"]  # which no graph takes
    picked = () if masks else np.broadcast_shapes(*(index.shape for index in indices))
    if math.prod(picked) > 1:
        narrow = _narrowed(x, indices, key)[1]
        axis = sum(1 for part in narrow[: narrow.index(shapes.ARRAY)] if part is not None)
        lasts = lasts_at.op.body(xp, x, *indices, key=key).reshape(picked)
        indices = (dropped(xp, indices[0], lasts, x.shape[axis]), *indices[1:])
    return shapes._fill(key, indices)


def dropped(xp: Any, index: Any, lasts: Any, size: int) -> Any:
    """Return an index array along an axis of ``size`` with what is not the last beyond it, where XLA writes nothing.

    >>> from dualflow.ops.array.latest import dropped
    >>> dropped(np, np.array([0, 0]), np.array([False, True]), 3)
    array([3, 0])
    """
    return xp.where(lasts, index.astype(xp.promote_types(index.dtype, np.int32)), size)

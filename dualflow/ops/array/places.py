"""Copies, and the elements at flat places: what a write into a tensor, or into a view of it, is recorded as."""

from __future__ import annotations

from typing import Any

import numpy as np

from dualflow.core import shapes
from dualflow.core.op import primitive
from dualflow.ops.array.latest import in_order, lasting
from dualflow.ops.math.comparison import keep


@primitive(shape=shapes.same)
def clone(xp: Any, x: Any) -> Any:
    """Copy: gradients flow through.

    >>> x = df.zeros(2)
    >>> x.clone().fill_(1), x
    (tensor([1., 1.]), tensor([0., 0.]))
    """
    return xp.array(x, copy=True)


clone.vjp(x=lambda g, y, x: g, reads="")


@primitive(shape=lambda x, part, *, places: x.shape, dtype="first", promotes=(0,))
def write_places(xp: Any, x: Any, part: Any, *, places: Any) -> Any:
    """Return ``x`` with the elements at the flat ``places`` replaced by those of ``part``.

    >>> from dualflow.ops.array.places import write_places
    >>> write_places(df.zeros(3), df.ones(1), places=np.array([1]))
    tensor([0., 1., 0.])
    """
    flat = xp.reshape(x, (-1,))
    if xp is np:
        flat = np.array(flat)
        flat[in_order(places)] = part
    else:
        flat = flat.at[np.where(lasting(places), places, flat.size)].set(part, mode="drop")
    return xp.reshape(flat, x.shape)


@primitive(shape=lambda x, *, places: places.shape, dtype="first")
def read_places(xp: Any, x: Any, *, places: Any) -> Any:
    """Return the elements of ``x`` at the flat ``places``, in the shape of ``places``.

    >>> from dualflow.ops.array.places import read_places
    >>> read_places(df.arange(3), places=np.array([[2, 0]]))
    tensor([[2, 0]])
    """
    return xp.reshape(x, (-1,))[places]


@primitive(shape=lambda g, x, *, places: x.shape, dtype="first", promotes=(0,))
def add_places_like(xp: Any, g: Any, x: Any, *, places: Any) -> Any:
    """Add ``g`` into zeros of the shape of ``x`` at the flat ``places``.

    >>> from dualflow.ops.array.places import add_places_like
    >>> add_places_like(df.ones(2), df.zeros(3), places=np.array([1, 1]))
    tensor([0., 2., 0.])
    """
    if xp is np:
        out = np.zeros(x.size, g.dtype)
        np.add.at(out, places, g)
        return out.reshape(x.shape)
    return xp.zeros(x.size, g.dtype).at[places].add(g).reshape(x.shape)


def _given(g: Any, y: Any, x: Any, part: Any, *, places: Any) -> Any:
    lasts, given = lasting(places), read_places(g, places=places)
    return given if lasts.all() else keep(given, lasts)


write_places.vjp(
    x=lambda g, y, x, part, *, places: write_places(g, read_places(g, places=places) * 0, places=places),
    part=_given,
    reads="",
)
read_places.vjp(x=lambda g, y, x, *, places: add_places_like(g, x, places=places), reads="")
add_places_like.vjp(g=lambda g, y, g0, x, *, places: read_places(g, places=places), reads="")

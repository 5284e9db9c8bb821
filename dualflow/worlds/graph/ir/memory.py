"""Memory in a graph: which symbols share it, and what all of them hold once one of them has been written to.

A node never changes. What a user holds is a name, a symbol that stands for the newest value of its memory: writing to
it makes a node of the new value, which the name stands for from then on. A view is a name that is worked out again from
what it is a view of; writing to it writes to that. This file knows where the elements of a view lie, by laying out an
empty array as NumPy would; what a write means for gradients and state is the graph's matter.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from dualflow.core import shapes
from dualflow.core.errors import InPlaceError
from dualflow.core.op import VOCABULARY

LARGE = 1 << 26
"""Elements up to which an array is laid out, which costs address space and no memory; beyond, a view counts as one."""


class View(NamedTuple):
    """How a symbol is seen in other memory: the symbol or cell it is a view of, and the card that shows it.

    ``grad``: whether gradients were recorded when the view was made.
    """

    parent: Any
    op: Any
    operands: tuple[Any, ...]  # after the first one
    params: dict[str, Any]
    grad: bool


def layout(x: Any) -> np.ndarray:
    """Return an array that lies in memory as the value of a symbol or a cell does in eager; its elements mean nothing.

    What was computed is taken to lie in row-major order.
    """
    view = getattr(x, "shows", None)
    if view is None:
        if getattr(x, "held", False) and x.owner.buffer is None:  # to ask for an array on the device would fetch it
            return np.asarray(x.owner.array)
        return np.empty(x.shape, x.dtype)
    return _seen(view, layout(view.parent))


def shares(view: View) -> bool:
    """Return whether eager would show the view's memory, not a copy. True where sizes are not known yet."""
    if view.op.name == "detach":
        return True
    if view.op.name == "getitem" and view.operands:
        return False  # chosen by arrays, and copied
    if not all(x.shape is not None and shapes.known(x.shape) for x in (view.parent, *view.operands)):
        return True
    if math.prod(view.parent.shape) > LARGE:
        return True
    whole = layout(view.parent)
    part = _seen(view, whole)
    if whole.size == 0:
        return True
    return isinstance(part, np.ndarray) and np.may_share_memory(part, whole)


def _seen(view: View, whole: np.ndarray) -> Any:
    if view.op.name == "detach":
        return whole
    rest = (layout(x) if hasattr(x, "shows") else x for x in view.operands)
    return view.op.kernel("numpy")(whole, *rest, **view.params)


def put(view: View, whole: Any, part: Any, name: str) -> Any:
    """Return the symbol ``whole`` with the elements that ``view`` shows replaced by ``part``.

    Raises InPlaceError, in the name of ``name``, for a view whose memory cannot be written to.
    """
    back = BACK.get(view.op.name)
    if back is not None:
        return back(part, whole, view.params)
    if view.op.name == "broadcast_to":
        raise InPlaceError(
            f"{name}: the memory is read-only (a broadcast view)", operands=[("view", part)], hint="clone() it first"
        )
    places = view.op.kernel("numpy")(np.arange(whole.size).reshape(whole.shape), *view.operands, **view.params)
    return _call("write_places", whole, part, places=np.asarray(places))


def _call(name: str, *operands: Any, **params: Any) -> Any:
    return VOCABULARY[name].call(*operands, **params)


def _shaped(part: Any, whole: Any, params: Any) -> Any:
    return _call("reshape", part, shape=tuple(whole.shape))


def _permuted(part: Any, whole: Any, params: Any) -> Any:
    axes = params.get("axes")
    axes = tuple(reversed(range(len(whole.shape)))) if axes is None else [a % len(whole.shape) for a in axes]
    return _call("permute_dims", part, axes=tuple(int(i) for i in np.argsort(axes)))


BACK: dict[str, Callable[[Any, Any, Any], Any]] = {
    "reshape": _shaped,
    "reshape_like": _shaped,
    "expand_dims": _shaped,
    "squeeze": _shaped,
    "permute_dims": _permuted,
    "matrix_transpose": lambda part, whole, params: _call("matrix_transpose", part),
    "adjoint": lambda part, whole, params: _call("adjoint", part),
    "getitem": lambda part, whole, params: _call("write_at", whole, part, key=params["key"]),
    "real": lambda part, whole, params: _call("complex", part, _call("imag", whole)),
    "imag": lambda part, whole, params: _call("complex", _call("real", whole), part),
    "view_as_real": lambda part, whole, params: _call("view_as_complex", part),
    "view_as_complex": lambda part, whole, params: _call("view_as_real", part),
}
"""Card → how what it shows is put back into what it was taken from; of the others the places are counted."""

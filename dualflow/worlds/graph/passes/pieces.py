"""The pass that puts pieces beside each other instead of adding whole arrays of zeros."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from dualflow.core import shapes
from dualflow.worlds.graph.ir.nodes import Kind
from dualflow.worlds.graph.passes.pruned import Node, Pruned, maker


class Pieces(Kind):
    """An array of zeros with pieces in places that do not overlap."""

    name = "pieces"
    structural = False

    def run(self, node: Any, args: list[Any], state: dict[int, Any], backend: Any) -> Any:
        """Put the pieces in their places."""
        if backend.xp is np:
            return assemble(*args, **node.params)
        out = backend.xp.zeros(node.params["shape"], node.params["dtype"])
        for piece, at in zip(args, node.params["places"], strict=True):
            out = out.at[at].set(piece)
        return out

    def line(self, node: Any, args: Sequence[str], writer: Any) -> str:
        """Return the call that puts the pieces in their places."""
        params = (f"{name}={writer.hold(value)}" for name, value in node.params.items())
        return f"{writer.hold(assemble)}({', '.join([*args, *params])})"


PIECES = Pieces()


def assemble(*pieces: Any, shape: Any, dtype: Any, places: Any) -> Any:
    """Put pieces into zeros; -0.0 becomes 0.0, as it does when zeros are added to it."""
    out = np.zeros(shape, dtype)
    zero = np.zeros((), dtype)
    for piece, at in zip(pieces, places, strict=True):
        out[at] = piece + zero
    return out


def pieces(graph: Pruned) -> None:
    """Make one array of a sum of arrays that are zero but for pieces, if those do not overlap.

    It is what the gradients of slices add up to.
    """
    uses = graph.uses()
    parts: dict[int, list[Node]] = {}  # of a sum that may be part of a larger one

    def gathered(node: Node) -> Node | None:
        one = node.results[0]
        if maker(one, "add") is None or one.dtype.kind not in "fiu":
            return None
        found: list[Node] = []
        for x in node.inputs:
            put = maker(x, "put_like")
            if put is not None and len(put.inputs) == 2:
                found.append(put)
            elif id(x) in parts and uses.get(id(x)) == 1:
                found += parts[id(x)]
            else:
                return None
        if any((put.results[0].shape, put.results[0].dtype) != (one.shape, one.dtype) for put in found):
            return None
        if not apart([box(put) for put in found]):
            return None
        places = tuple(tuple(put.params["key"]) for put in found)
        inputs = [put.inputs[0] for put in found]
        made = node.instead(PIECES, PIECES, inputs, shape=one.shape, dtype=one.dtype, places=places)
        parts[id(made.results[0])] = found
        uses[id(made.results[0])] = uses.get(id(one), 0)
        return made

    graph.rewrite(gathered)


def box(put: Node) -> list[range] | None:
    """Return the range of places, along each axis, that a piece has in its array; None if they are no ranges."""
    key, shape = put.params["key"], put.results[0].shape
    if shape is None or not shapes.known(shape) or not all(k is Ellipsis or k.__class__ in (int, slice) for k in key):
        return None
    if Ellipsis in key:
        i = key.index(Ellipsis)
        key = (*key[:i], *[slice(None)] * (len(shape) - len(key) + 1), *key[i + 1 :])
    key = (*key, *[slice(None)] * (len(shape) - len(key)))
    found = []
    for k, n in zip(key, shape, strict=True):
        found.append(range(n)[k] if k.__class__ is slice else range(n)[k % n : k % n + 1])
    return found


def apart(boxes: Sequence[list[range] | None]) -> bool:
    """Return whether no two boxes have a place in common: along some axis their ranges do not meet."""
    for i, a in enumerate(boxes):
        for b in boxes[:i]:
            if a is None or b is None or all(_meet(r, s) for r, s in zip(a, b, strict=True)):
                return False
    return True


def _meet(a: range, b: range) -> bool:
    """Return whether two ranges may have a number in common: whether their extents overlap."""
    if not a or not b:
        return False
    return max(min(a), min(b)) <= min(max(a), max(b))

"""Passes that compute once what is the same at every run."""

from __future__ import annotations

from typing import Any

import numpy as np

from dualflow.core import shapes
from dualflow.worlds.graph.ir.nodes import CARD, CONSTANT, Kind
from dualflow.worlds.graph.passes.pruned import Node, Pruned, Result, arrays, is_card


class Outline(Kind):
    """The size of a value that nobody needs: what a kernel that only imitates an operand is given for it."""

    name = role = "constant"

    def run(self, node: Any, args: list[Any], state: dict[int, Any], backend: Any) -> Any:
        """Return the size."""
        return node.params["value"]

    def line(self, node: Any, args: Any, writer: Any) -> str:
        """Return the name of the size."""
        return str(writer.hold(node.params["value"]))


class Size:
    """What is left of an array of which only the shape is asked."""

    __slots__ = ("ndim", "shape")

    def __init__(self, shape: tuple[int, ...]) -> None:
        self.shape, self.ndim = shape, len(shape)


OUTLINE = Outline()
IMITATING = (shapes.imitation, shapes.put_like)
"""The shape rules of cards that ask of their second operand how large it is, and nothing else."""


def outline(graph: Pruned) -> None:
    """Give cards that only imitate an operand its size alone: what computed the operand may not be needed then."""
    made: dict[tuple[int, ...], Node] = {}
    new: list[Node] = []
    for node in graph.nodes:
        if not is_card(node) or node.op.shape not in IMITATING:
            continue
        like = node.inputs[1]
        if like.__class__ is not Result or like.kind is OUTLINE or like.shape is None or not shapes.known(like.shape):
            continue
        found = made.get(like.shape)
        if found is None:
            found = made[like.shape] = node.instead(OUTLINE, OUTLINE, [], value=Size(like.shape))
            found.results[0].shape = like.shape
            new.append(found)
        node.inputs[1] = found.results[0]
    graph.nodes = [*new, *graph.nodes]
    graph.drop()


def fold(graph: Pruned) -> None:
    """Compute, once, what depends on constants alone: NumPy does it, as it would at every run.

    Not where a card may refuse its operands, or floating point has an accident, which belong to a run; and not into
    more memory than the graph's limit.
    """

    def folded(node: Node) -> Node | None:
        if node.kind is not CARD or node.place is not None or node.op.check is not None:
            return None
        one = node.results[0]
        if one.shape is None or not shapes.known(one.shape):
            return None
        if int(np.prod(one.shape, dtype=object)) * one.dtype.itemsize > graph.limit:
            return None
        given = known(node)
        if given is None:
            return None
        try:
            with np.errstate(all="raise"):
                value = node.op.kernel("numpy")(*given, **node.params)
        except Exception:
            return None  # the run will meet it, and say at which line
        return node.instead(CONSTANT, CONSTANT, [], value=np.asarray(value))

    graph.rewrite(folded)


def known(node: Node) -> list[Any] | None:
    """Return what a card's kernel is given, if all of it is known before a run."""
    if node.op.shape in IMITATING:
        like = node.inputs[1]
        if like.__class__ is Result and like.kind is OUTLINE:
            first = arrays(node.inputs[:1])
            return None if first is None else [*first, like.params["value"]]
    return arrays(node.inputs)

"""Passes that compute once what is the same at every run."""

from __future__ import annotations

import numpy as np

from dualflow.core import shapes
from dualflow.worlds.graph.ir.nodes import CARD, CONSTANT, nbytes
from dualflow.worlds.graph.passes.pruned import Node, Pruned, Result, arrays, is_card


class Size:
    """What is left of an array of which only the shape is asked."""

    __slots__ = ("ndim", "shape")

    def __init__(self, shape: tuple[int, ...]) -> None:
        self.shape, self.ndim = shape, len(shape)


IMITATING = (shapes.imitation, shapes.put_like)
"""The shape rules of cards that ask of their second operand how large it is, and nothing else."""


def outline(graph: Pruned) -> None:
    """Give cards that only imitate an operand its size alone: what computed the operand may not be needed then."""
    made: dict[tuple[int, ...], Size] = {}
    for node in graph.nodes:
        if is_card(node) and node.op.shape in IMITATING:
            like = node.inputs[1]
            if like.__class__ is Result and like.shape is not None and shapes.known(like.shape):
                node.inputs[1] = made.setdefault(like.shape, Size(like.shape))
    graph.drop()


def fold(graph: Pruned) -> None:
    """Compute, once, what depends on constants and sizes alone: NumPy does it, as it would at every run.

    Not where a card may refuse its operands, or floating point has an accident, which belong to a run; and not into
    more memory than the graph's limit.
    """

    def folded(node: Node) -> Node | None:
        if node.kind is not CARD or node.place is not None or node.op.check is not None:
            return None
        one = node.results[0]
        if one.shape is None or not shapes.known(one.shape):
            return None
        if nbytes(one) > graph.limit:
            return None
        given = arrays(node.inputs)
        if given is None:
            return None
        try:
            with np.errstate(all="raise"):
                value = node.op.kernel("numpy")(*given, **node.params)
        except Exception:
            return None  # the run will meet it, and say at which line
        return node.instead(CONSTANT, CONSTANT, [], value=np.asarray(value))

    outline(graph)
    graph.rewrite(folded)

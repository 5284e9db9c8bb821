"""The pass that computes once what the program says twice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from dualflow.worlds.graph.ir.nodes import CARD, CONSTANT
from dualflow.worlds.graph.passes.pruned import Node, Pruned, Result

SMALL = 4096
"""Bytes of a constant up to which it is compared with others by value."""


def merge(graph: Pruned) -> None:
    """Compute once what several nodes compute from the same operands with the same parameters.

    State, writes and random draws are never merged. The node that stays keeps the lines of all.
    """
    first: dict[Any, Node] = {}

    def merged(node: Node) -> Sequence[Result] | None:
        if node.kind is not CARD and node.kind is not CONSTANT:
            return None
        params = tuple([(name, spelt(value)) for name, value in node.params.items()])
        key = (id(node.op), id(node.kind), params, tuple(map(spelt, node.inputs)))
        other = first.setdefault(key, node)
        if other is node:
            return None
        other.symbols += node.symbols
        return other.results

    graph.rewrite(merged)


def spelt(value: Any) -> Any:
    """Return a key that two values have in common only if no op can tell them apart."""
    kind = value.__class__
    if value is None or kind is str or kind is Result:
        return value
    if kind is tuple or kind is list:
        return (kind, *map(spelt, value))
    if kind in (int, bool, float, complex):
        return (kind, repr(value))  # 0.0 is not -0.0, and 1 not True; NaN is itself
    if kind is slice:
        return (slice, spelt(value.start), spelt(value.stop), spelt(value.step))
    if isinstance(value, np.dtype):
        return value
    if isinstance(value, np.ndarray) and value.nbytes <= SMALL and value.dtype != object:
        return (value.shape, value.strides, value.dtype, value.tobytes())
    return id(value)

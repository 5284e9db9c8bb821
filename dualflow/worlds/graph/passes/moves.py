"""The pass that lets state have a value, where it would have a copy of what nobody else keeps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dualflow.worlds.graph.ir.nodes import ASSIGN, Assign
from dualflow.worlds.graph.passes.pruned import Node, Pruned, Result, is_ufunc


class Move(Assign):
    """An assignment of a value in memory of its own, which becomes the state's."""

    def run(self, node: Any, args: list[Any], state: dict[int, Any], backend: Any) -> Any:
        """Return the value itself."""
        return args[0]

    def line(self, node: Any, args: Sequence[str], writer: Any) -> str:
        """Return the value's name."""
        return args[0]


MOVE = Move()


def moves(graph: Pruned) -> None:
    """Store the result of a ufunc as it is, once: it is new memory, which a run may share with its own results only."""
    given: set[int] = set()

    def moved(node: Node) -> Node | None:
        value = node.inputs[0] if node.kind is ASSIGN else None
        if value.__class__ is not Result or value.node is None or not value.shape or id(value) in given:
            return None
        if not is_ufunc(value.node):
            return None
        given.add(id(value))
        return node.instead(node.op, MOVE, node.inputs, **node.params)

    graph.rewrite(moved)

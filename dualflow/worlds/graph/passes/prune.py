"""Which nodes the fetches need, and in which order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dualflow.autodiff.record import SERIAL
from dualflow.worlds.graph.ir.symbol import Symbol


def prune(fetches: Sequence[Any], given: dict[int, Any]) -> list[Symbol]:
    """Return the nodes that ``fetches`` need, in the order of their creation, stopping at what is fed."""
    seen: set[int] = set()
    found: list[Symbol] = []
    todo = [f for f in fetches if f is not None]
    while todo:
        node = todo.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        found.append(node)
        if id(node) not in given:
            todo.extend(x for x in node.inputs if isinstance(x, Symbol))
            todo.extend(node.controls)
    found = [n for n in found if id(n) not in given]
    found.sort(key=lambda n: -n.record[SERIAL])
    return found

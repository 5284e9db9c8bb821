"""The one loop over a plan's nodes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from dualflow.worlds.graph.ir.nodes import Backend
from dualflow.worlds.graph.ir.symbol import Symbol
from dualflow.worlds.graph.passes.arrange import Arrangement


class Kernels:
    """NumPy as a backend of the walk: each card's kernel, on arrays."""

    xp: Any = np

    def compute(self, node: Symbol, args: list[Any]) -> Any:
        """Compute a card's node."""
        return node.op.kernel("numpy")(*args, **node.params)


KERNELS = Kernels()


def walk(
    nodes: Arrangement,
    backend: Backend,
    given: Sequence[Any],
    state: dict[int, Any],
    watch: Callable[[Symbol, list[Any], Any], Any] | None = None,
) -> list[Any]:
    """Compute nodes with a backend and return the fetched values.

    The one loop that lowers a graph: with NumPy it runs, traced by ``jax.jit`` it is the program that XLA
    compiles. ``state`` maps cells to values and is updated by assignments. ``watch`` sees each node with its operands
    and its value, those given first, and what it returns becomes the value.
    """
    row: list[Any] = [None] * nodes.size
    row[: len(given)] = given
    if watch is not None:
        row[: len(given)] = [watch(n, [], v) for n, v in zip(nodes.given, given, strict=True)]
    for node, kind, sources, place, done in nodes.steps:
        args = [row[s] if s.__class__ is int else s[0] for s in sources]
        value = kind.run(node, args, state, backend)
        if place.__class__ is tuple:
            for one, p, v in zip(node.results, place, value, strict=True):
                if p is not None:
                    row[p] = v if watch is None else watch(one, args, v)
        else:
            row[place] = value if watch is None else watch(node, args, value)
        cell = kind.writes(node)
        if cell is not None:
            state[id(cell)] = row[place]
        for d in done:
            row[d] = None
    return [None if p is None else row[p] for p in nodes.outputs]

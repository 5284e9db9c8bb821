"""The passes, by name, in their order: what is left out of a graph, or done more simply, before it runs.

A pass is a function that changes a ``Pruned`` graph. It may not change a bit of what NumPy computes, nor merge or drop
random draws, state and effects; ``tests/worlds/graph/test_passes.py`` asks that of every card and of random programs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from dualflow.core.errors import GraphError
from dualflow.core.mode import TOOLS
from dualflow.worlds.graph.passes.constants import fold
from dualflow.worlds.graph.passes.exact import exact, names
from dualflow.worlds.graph.passes.merge import merge
from dualflow.worlds.graph.passes.moves import moves
from dualflow.worlds.graph.passes.pieces import pieces
from dualflow.worlds.graph.passes.products import products
from dualflow.worlds.graph.passes.pruned import Pruned

PASSES: dict[str, Callable[[Pruned], None]] = {
    "names": names,
    "fold": fold,
    "merge": merge,
    "exact": exact,
    "pieces": pieces,
    "products": products,
    "moves": moves,
}
LIMITS = {"numpy": 1 << 20, "xla": 1 << 12}
"""Bytes of a constant that a pass may make: a plan keeps it, and XLA compiles it into the program."""


def optimize(graph: Pruned, passes: Sequence[str]) -> Pruned:
    """Carry out passes in the table's order and return the graph."""
    for name, change in PASSES.items():
        if name in passes:
            change(graph)
    return graph


def chosen_passes(wanted: Any) -> tuple[str, ...]:
    """Read what a user says of passes: True for all, False for none, or names. Raises GraphError for another name."""
    if wanted is True or wanted is False:
        return tuple(PASSES) if wanted else ()
    names = (wanted,) if isinstance(wanted, str) else tuple(wanted)
    for name in names:
        if name not in PASSES:
            raise GraphError(f"there is no pass {name!r}", hint=f"the passes are {', '.join(PASSES)}")
    return tuple(name for name in PASSES if name in names)


TOOLS["passes"] = chosen_passes

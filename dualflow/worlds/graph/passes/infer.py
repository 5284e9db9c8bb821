"""The sizes of all nodes, now that those of the feeds are known."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dualflow.core import shapes
from dualflow.worlds.graph.ir.nodes import Sized
from dualflow.worlds.graph.ir.symbol import Symbol


def infer(nodes: Sequence[Symbol], given: dict[int, Sized]) -> dict[int, Any]:
    """Work out every node's shape from the sizes that were fed; a misfit names the node's own line."""
    specs: dict[int, Any] = dict(given)
    for n in nodes:
        # a shape known beforehand still has to be checked where an operand's was not: (2, None) @ (3, 4) is (2, 4)
        if _known(n) and all(_known(x) for x in n.inputs if isinstance(x, Symbol)):
            specs[id(n)] = n
            continue
        operands = [specs[id(x)] if isinstance(x, Symbol) else x for x in n.inputs]
        specs[id(n)] = Sized(n.kind.infer(n, operands), n.dtype, n.name)
    return specs


def _known(symbol: Symbol) -> bool:
    return symbol.shape is not None and shapes.known(symbol.shape)

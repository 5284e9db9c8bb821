"""The pass that lets a product read a matrix transposed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from dualflow.worlds.graph.ir.nodes import Card, named
from dualflow.worlds.graph.passes.pruned import Node, Pruned, is_ufunc, maker


class Product(Card):
    """A matrix product, of which operands are read transposed."""

    def run(self, node: Any, args: list[Any], state: dict[int, Any], backend: Any) -> Any:
        """Multiply; what cannot be multiplied is explained at the node's line."""
        turned = [x.mT if turn else x for x, turn in zip(args, node.params["turn"], strict=True)]
        try:
            return backend.xp.matmul(*turned)
        except Exception as error:
            raise node.op.explain(error, named(node, args), {}, node.site) from None

    def line(self, node: Any, args: Sequence[str], writer: Any) -> str:
        """Return the call of NumPy's product."""
        turned = [f"{x}.mT" if turn else x for x, turn in zip(args, node.params["turn"], strict=True)]
        return f"{writer.hold(np.matmul)}({', '.join(turned)})"


PRODUCT = Product()


def products(graph: Pruned) -> None:
    """Read operands of matrix products transposed, where nothing else reads the transpose."""
    uses = graph.uses()

    def joined(node: Node) -> Node | None:
        if node.op.name != "matmul" or not is_ufunc(node):
            return None
        turned = [maker(x, "matrix_transpose") if uses.get(id(x)) == 1 else None for x in node.inputs]
        if not any(turned):
            return None
        inputs = [x if t is None else t.inputs[0] for x, t in zip(node.inputs, turned, strict=True)]
        return node.instead(node.op, PRODUCT, inputs, turn=tuple(t is not None for t in turned))

    graph.rewrite(joined)

"""A compiled graph against NumPy: at a plan's first compiled run, do both give the same, and if not, why?

The plan is run node by node first, with the same feeds, draws and state. Where results differ beyond parity's
tolerance, each node's JAX kernel is given the very operands that NumPy had, so that rounding cannot add up and the node
that is reported is the one whose two kernels disagree.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from dualflow.arms.parity import gap
from dualflow.core.errors import DualflowError
from dualflow.core.mode import Scope
from dualflow.inspect.lint.findings import Finding
from dualflow.worlds.graph.ir.symbol import Symbol
from dualflow.worlds.graph.plan import Plan
from dualflow.worlds.graph.run.numpy import step_by_step
from dualflow.worlds.graph.run.xla import alone


class Twin:
    """What a plan gives under NumPy, node by node, without any state being written."""

    def __init__(self, plan: Plan, feeds: Sequence[Any], values: dict[Any, Any], drawn: Sequence[Any]) -> None:
        self._seen: list[tuple[Symbol, list[Any], Any]] = []
        self._expected: dict[str, Any] | None = None
        with Scope(watch=self, numerics=False, lint=None, values=False):
            try:
                row, new = step_by_step(plan, feeds, values, drawn)
            except DualflowError:  # the compiled run is going to say the same
                return
        self._expected = self._named(row, new)

    def node(self, node: Symbol, args: list[Any], value: Any) -> Any:
        """See one node; state is copied, because the compiled run is going to write over it."""
        if node.kind.reads(node) is not None:
            value = np.array(value)
        self._seen.append((node, args, value))
        return value

    def finding(self, fetched: Sequence[Any], new: Sequence[Any]) -> Finding | None:
        """Compare with what the compiled run gave; return the op whose kernels disagree, if there is one."""
        if self._expected is None or gap(self._expected, self._named(fetched, new)).ok:
            return None
        for node, args, value in self._seen:
            if value is None or node.kind.role != "op" or not args:  # a draw is given, without operands
                continue
            off = gap({node.name: np.asarray(value)}, {node.name: alone(node, args)})
            if not off.ok:
                at = f" at {list(off.index)}" if off.index else ""
                text = (
                    f"{node.op.name} gives {off.found}{at} compiled and {off.expected} under NumPy, from the same "
                    f"operands{f' ({off.reason})' if off.reason else ''}"
                )
                return Finding.at(
                    node.site, "lowering", text,
                    "this is no mistake of yours: compute it interpreted, df.mode('graph', compile=False), or eagerly; "
                    "df.bisect(step, …) has both values for a report",
                )  # fmt: skip
        return None  # rounding that the program magnifies: parity's matter, not one op's

    @staticmethod
    def _named(fetched: Sequence[Any], new: Sequence[Any]) -> dict[str, Any]:
        named = {f"fetch {i}": value for i, value in enumerate(fetched)} | {f"state {i}": v for i, v in enumerate(new)}
        return {name: np.asarray(value) for name, value in named.items() if value is not None}

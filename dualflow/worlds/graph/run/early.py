"""Checks of indices that a compiled program need not make while it runs.

A check inside the program must keep the old state until its flag is known, which costs a copy of all that a step
updates, and the flag must be read back. Labels that a run is given are checked before it begins (NumPy does 64 of them
in 5 µs), and the places that ``argmax`` and its like find are certain to be there.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from dualflow.core.policy import POLICIES
from dualflow.worlds.graph.ir.nodes import BIND, CARD, nbytes
from dualflow.worlds.graph.ir.symbol import Symbol
from dualflow.worlds.graph.passes.constants import Size
from dualflow.worlds.graph.plan import Plan
from dualflow.worlds.graph.run.script import script

LARGE = 1 << 16
"""Bytes of a given array from which its check stays in the program, where it runs on all cores."""


class Early:
    """The checks of a plan that are made before it runs, or never: ``nodes`` has the ids of the symbols."""

    def __init__(self, plan: Plan) -> None:
        self.nodes: set[int] = set()
        self._checks: list[tuple[Symbol, list[Any]]] = []
        given = {id(x): x for x in plan.fed if nbytes(plan.specs[id(x)]) < LARGE and x.dtype.kind in "iu"}
        certain: dict[int, Any] = {}  # the least and the largest index that there can be
        wanted: dict[int, Symbol] = {}
        for n in plan.nodes:
            if n.kind is BIND or n.kind is CARD and n.op.check is None and (n.op.view or n.op.name == "astype"):
                source = n.inputs[0]
                if id(source) in given and all(x is source for x in n.inputs if isinstance(x, Symbol)):
                    given.update((id(one), one) for one in n.results)
                if id(source) in certain and n.dtype.kind in "iu" and n.dtype.itemsize >= 4:
                    certain.update((id(one), certain[id(source)]) for one in n.results)
            elif n.kind is CARD and n.place is None and n.op.dtype is POLICIES["index"]:
                certain[id(n)] = np.array([0, span(plan, n) - 1])
            elif n.kind is CARD and n.op.check is not None and n.op.promotes is not None:
                places = [x for i, x in enumerate(n.inputs) if i not in n.op.promotes and isinstance(x, Symbol)]
                if self._certain(plan, n, certain):
                    self.nodes.add(id(n))
                elif any(id(x) in given for x in places) and sizes_suffice(plan, n, given):
                    self.nodes.add(id(n))
                    self._checks.append((n, [x if id(x) in given else stand_in(plan, x) for x in n.inputs]))
                    wanted.update((id(x), x) for x in n.inputs if id(x) in given)
        self._place = {key: i for i, key in enumerate(wanted)}
        self._fed = [i for x in wanted.values() for i, one in enumerate(plan.fed) if one is x]
        self._run: Any = None
        if len(self._fed) < len(wanted):  # some are views or casts
            feeds = [(x, plan.specs[id(x)].shape, plan.specs[id(x)].dtype) for x in plan.fed]
            small = Plan(list(wanted.values()), feeds)
            self._run = script(small, small.whole)

    @staticmethod
    def _certain(plan: Plan, node: Symbol, certain: dict[int, Any]) -> bool:
        """Return whether the check lets the least and the largest index pass."""
        known = [id(x) in certain and i not in node.op.promotes for i, x in enumerate(node.inputs)]
        if not any(known):
            return False
        args = [certain[id(x)] if k else stand_in(plan, x) for k, x in zip(known, node.inputs, strict=True)]
        try:
            return not node.op.check(np, *args, **node.params)
        except (AttributeError, TypeError):  # other operands are indices too
            return False

    def refused(self, feeds: Sequence[Any]) -> Symbol | None:
        """Return the first node whose operands it would refuse, or None."""
        if not self._checks:
            return None
        if self._run is None:
            values = [x if x.__class__ is np.ndarray else np.asarray(x) for x in [feeds[i] for i in self._fed]]
        else:
            values = self._run([np.asarray(x) for x in feeds], ())[0]
        for node, inputs in self._checks:
            args = [values[self._place[id(x)]] if id(x) in self._place else x for x in inputs]
            if node.op.check(np, *args, **node.params):
                return node
        return None


def span(plan: Plan, node: Symbol) -> int:
    """Return how many places there are for an op that finds some in its first operand."""
    shape = plan.specs[id(node.inputs[0])].shape
    if "kernel" in node.params:  # of all spatial axes
        return math.prod(shape[-len(node.params["kernel"]) :])
    axis = node.params.get("axis", -1)
    return math.prod(shape) if axis is None else int(shape[axis])


def stand_in(plan: Plan, x: Any) -> Any:
    """Return what a check is given for an operand of which it asks no more than the size."""
    return Size(plan.specs[id(x)].shape) if isinstance(x, Symbol) else x


def sizes_suffice(plan: Plan, node: Symbol, given: dict[int, Symbol]) -> bool:
    """Return whether a check needs no values but those that are given: it is tried on zeros and sizes."""
    tried = []
    for x in node.inputs:
        spec = plan.specs[id(x)] if id(x) in given else None
        tried.append(stand_in(plan, x) if spec is None else np.zeros(spec.shape, spec.dtype))
    try:
        node.op.check(np, *tried, **node.params)
    except (AttributeError, TypeError):  # it asked a size for more
        return False
    return True

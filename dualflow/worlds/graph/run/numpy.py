"""The NumPy backend: a plan's straight-line script, or the walk where somebody looks on or a run has failed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from dualflow.core.mode import current
from dualflow.worlds.graph.plan import Plan
from dualflow.worlds.graph.run.failure import Checker, Values
from dualflow.worlds.graph.run.script import script
from dualflow.worlds.graph.run.state import TURN, finish
from dualflow.worlds.graph.run.walk import KERNELS, walk


def run(
    plan: Plan,
    feeds: Sequence[Any],
    values: dict[Any, Any],
    drawn: Sequence[Any] | None = None,
    after: Callable[[list[Any]], None] | None = None,
) -> list[Any]:
    """Run node by node under NumPy; state is written only when every node has succeeded.

    ``after``: what else belongs to the run's effects, called with the results; it may be repeated.
    """
    if not plan.writes and after is None:
        given, before = held(plan, feeds, values, drawn)
        row, new = _straight(plan, given, before) or _step(plan, given, before)
        return _own(plan, row, given, before, new)
    with TURN:
        shared = [cell for cell in plan.tensors if cell.shared()]
        given, before = held(plan, feeds, values, drawn)
        row, new = _straight(plan, given, before) or _step(plan, given, before)
        row = _own(plan, row, given, before, new)

        def store() -> None:
            for cell, value in zip(plan.writes, new, strict=True):
                if cell in shared:
                    cell.overwrite(value)
                else:
                    cell.store(values, value)
            if after is not None:
                after(row)

        finish(store)
    return row


def _own(plan: Plan, row: list[Any], given: list[Any], before: list[Any], new: list[Any]) -> list[Any]:
    """Return results that nobody else holds: a view, a constant, a feed, state or a second result is copied."""
    for i, value in enumerate(row):
        if value.__class__ is np.ndarray and (
            value.base is not None
            or any(value is x for x in given)
            or any(value is x for x in before)
            or any(value is x for x in new)
            or any(value is x for x in plan.constants)
            or any(value is x for x in row[:i])
        ):
            row[i] = np.array(value)
    return row


def step_by_step(
    plan: Plan, feeds: Sequence[Any], values: dict[Any, Any], drawn: Sequence[Any] | None
) -> tuple[list[Any], list[Any]]:
    """Compute every node, without writing state; raise what is wrong where it is wrong."""
    return _step(plan, *held(plan, feeds, values, drawn))


def held(
    plan: Plan, feeds: Sequence[Any], values: dict[Any, Any], drawn: Sequence[Any] | None
) -> tuple[list[Any], list[Any]]:
    """Return what a run is given and the state that it reads, as arrays."""
    before = [np.asarray(v) for v in plan.load(plan.reads, values)]
    return [*map(np.asarray, feeds), *(plan.draw() if drawn is None else drawn)], before


def _straight(plan: Plan, given: list[Any], before: list[Any]) -> tuple[list[Any], list[Any]] | None:
    """Run the plan's script, unless somebody wants to see every node; None if they do, or if it failed."""
    context = current()
    if context.watch is not None or context.numerics:
        return None
    if plan.script is None:
        plan.script = script(plan, plan.lean("numpy"))
    try:
        return plan.script(given, before)
    except Exception:
        return None  # the walk meets it again, and knows at which node


def _step(plan: Plan, given: list[Any], before: list[Any]) -> tuple[list[Any], list[Any]]:
    state = dict(zip(map(id, plan.reads), before, strict=True))
    context = current()
    watch = None if context.watch is None else context.watch.node
    if context.numerics:
        watch = Checker(plan, watch)
    try:
        row = walk(plan.whole, KERNELS, given, state, watch)
    except Exception as error:
        if context.values:
            error.values = Values(plan, given, before)  # type: ignore[attr-defined]
        raise
    return row, [state[id(cell)] for cell in plan.writes]

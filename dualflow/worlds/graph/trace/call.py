"""The calls of a traced function as records of the eager world: an outside tape differentiates through them.

A ``Stage`` is a piece of the trace's graph with its sources and results; its derivative is a stage of the same graph,
whose sources have the gradient of a result in addition. So a call can be differentiated any number of times. A ``Call``
is one run: the values of the sources as they were, which a write since then makes an error, as in eager.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from dualflow.autodiff.record import SERIAL, next_serial
from dualflow.autodiff.reverse import conjugate, leading_to
from dualflow.core import dtypes
from dualflow.core.errors import InPlaceError
from dualflow.core.mode import Scope
from dualflow.core.site import Site, describe
from dualflow.core.world import WORLDS
from dualflow.tensors.operators import Operators
from dualflow.worlds.graph.ir.graph import Graph
from dualflow.worlds.graph.ir.symbol import Symbol
from dualflow.worlds.graph.plan import Plan
from dualflow.worlds.graph.run.backends import chosen


class Stage:
    """Results of a graph as a function of sources: arguments, state as it was read, and what was drawn."""

    def __init__(
        self, graph: Graph, sources: Sequence[Symbol], results: Sequence[Symbol | None], passes: Sequence[str]
    ) -> None:
        self.graph, self.sources, self.results, self.passes = graph, list(sources), list(results), passes
        self.reach = [_reached(r, self.sources) for r in results]
        self.used = [bool(reach) and _used_up(r, self.sources) for r, reach in zip(results, self.reach, strict=True)]
        self._plan: Plan | None = None
        self._derivatives: dict[int, Stage] = {}

    def derivative(self, i: int) -> Stage:
        """Return the stage of the gradients of result ``i`` for each source; its last source is what it pulls."""
        found = self._derivatives.get(i)
        if found is None:
            out = self.results[i]
            assert out is not None
            with Scope(mode="graph", graph=self.graph, grad=True):
                seed = self.graph.placeholder(out.dtype, out.shape, "output_gradient")
                gradients = self.graph.pull([out], [x.edge for x in self.sources], [seed])
            found = self._derivatives[i] = Stage(self.graph, [*self.sources, seed], gradients, self.passes)
        return found

    def plan(self) -> Plan:
        """Return the plan of the results."""
        if self._plan is None:
            feeds = [(s, s.shape, s.dtype) for s in self.sources]
            self._plan = Plan([r for r in self.results if r is not None], feeds, pure=True, passes=self.passes)
        return self._plan

    def needed(self) -> set[int]:
        """Return the places of the sources whose values some derivative needs; it is made for that."""
        found: set[int] = set()
        for i, (reach, used) in enumerate(zip(self.reach, self.used, strict=True)):
            if reach and not used:
                needs = self.derivative(i).plan().needs()
                found.update(j for j, x in enumerate(self.sources) if id(x) in needs)
        return found

    def run(self, values: Sequence[Any], compile: bool) -> list[Any]:
        """Compute the results from the values of the sources; None where a result does not depend on them."""
        feeds = values if compile else [np.asarray(v) for v in values]
        found = iter(chosen(compile)(self.plan(), feeds, {}, []))
        return [None if r is None else next(found) for r in self.results]


def _reached(result: Symbol | None, sources: Sequence[Symbol]) -> tuple[int, ...]:
    """Return the places of the sources on which a result depends."""
    if result is None or not dtypes.is_floating(result.dtype):
        return ()
    live = leading_to([result.edge], [x.edge for x in sources])
    return tuple(i for i, x in enumerate(sources) if x.edge[SERIAL] in live)


def _used_up(result: Symbol | None, sources: Sequence[Symbol]) -> bool:
    """Return whether a pass inside the function has used up records between a result and its sources, as in eager."""
    if result is None or not result.graph.used:
        return False
    return not result.graph.used.isdisjoint(leading_to([result.edge], [x.edge for x in sources]))


class Call:
    """One run of a stage: the values of its sources, and the records that lead to them."""

    def __init__(self, stage: Stage, values: Sequence[Any], edges: Sequence[Any], site: Site, compile: bool) -> None:
        self.stage, self.values, self.edges, self.site, self.compile = stage, list(values), list(edges), site, compile
        versions = WORLDS["eager"].version
        self.versions = [versions(v) for v in self.values]

    def record(self, made: Sequence[Any]) -> None:
        """Record the results, as far as they depend on something that requires a gradient."""
        for i, (out, result) in enumerate(zip(made, self.stage.results, strict=True)):
            if result is None or self.stage.used[i]:
                continue
            if any(self.edges[j] is not None for j in self.stage.reach[i]):
                nothing = [None] * len(self.edges)
                out.record = [next_serial(), _Result(self, i), None, *self.site, self.edges, nothing, {}]

    def pulled(self, i: int, g: Any) -> list[Any]:
        """Return the gradients of result ``i`` for each source: arrays for an array, recorded tensors for a tensor."""
        versions, stage = WORLDS["eager"].version, self.stage.derivative(i)
        needed = stage.plan().needs()
        for source, value, before in zip(self.stage.sources, self.values, self.versions, strict=True):
            if versions(value) != before and id(source) in needed:
                raise InPlaceError(
                    f"function: {source.name!r} is needed for the gradient of a call but was modified in place since",
                    operands=[("value", value)],
                    hint=f"the function was called at {describe(self.site)}\n  "
                    "go backward before writing, or clone() the value before the call",
                )
        if not isinstance(g, Operators):
            return stage.run([*self.values, np.asarray(conjugate(g))], self.compile)[: len(self.edges)]
        seed = conjugate(g)
        call = Call(stage, [*self.values, seed.array], [*self.edges, seed.record], self.site, self.compile)
        hold = WORLDS["eager"].hold
        made = [None if v is None else hold(np.asarray(v)) for v in stage.run(call.values, self.compile)]
        call.record(made)
        return [None if x is None else conjugate(x) for x in made[: len(self.edges)]]


class _Result:
    """The card of one result of a call, with just what the engine asks of a card."""

    broadcasts = False
    variadic = True
    name = "function"
    tensors: tuple[str, ...] = ()

    def __init__(self, call: Call, i: int) -> None:
        self._call, self._i = call, i
        self._found: tuple[Any, list[Any]] | None = None
        self.rules = self.array_rules = (self._rule,)

    def _rule(self, position: int, g: Any, y: Any, *values: Any) -> Any:
        if self._found is None or self._found[0] is not g:
            self._found = (g, self._call.pulled(self._i, g))
        part = self._found[1][position]
        return part if part is None or isinstance(part, Operators) else conjugate(np.asarray(part))

    def needs(self, position: int, place: int) -> bool:
        """Return False: what was overwritten since is asked for when it is needed."""
        return False

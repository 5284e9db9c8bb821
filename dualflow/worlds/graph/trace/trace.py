"""A trace: the graph of one call of a Python function, its plan, and how results are put together."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from dualflow.core import mode
from dualflow.core.errors import GraphError, InPlaceError
from dualflow.core.site import user_frame
from dualflow.core.world import WORLDS
from dualflow.tensors.operators import Operators
from dualflow.worlds.graph.ir.cell import TensorCell
from dualflow.worlds.graph.ir.graph import Graph
from dualflow.worlds.graph.ir.nodes import READ
from dualflow.worlds.graph.ir.symbol import Symbol
from dualflow.worlds.graph.plan import Plan
from dualflow.worlds.graph.run.backends import chosen
from dualflow.worlds.graph.run.failure import TraceValues
from dualflow.worlds.graph.trace.call import Call, Stage
from dualflow.worlds.graph.trace.guards import of_trace
from dualflow.worlds.graph.trace.signature import device_array, host_array, rebuild
from dualflow.worlds.graph.trace.surroundings import Surroundings


class TraceGraph(Graph):
    """The graph of one trace: assignments happen in program order, and all of them."""

    tracing = True


class Trace:
    """One traced signature: the graph, the plan, and how outputs are put together."""

    key: Any = None
    changed: Sequence[tuple[str, str, str]] = ()  # the arguments that made it: name, what it was, what it is

    def __init__(self, function: Any, args: Any, kwargs: Any, leaves: list[Any]) -> None:
        start = time.perf_counter()
        self.graph = graph = TraceGraph()
        self.inputs: list[Symbol] = []
        self.handed: set[int] = set()  # the places of arguments that are among the results
        self.calls = 0
        self.seconds: list[float] = []  # of each call that a linter saw
        with mode.Scope(mode="graph", graph=graph, home=None, tapes=()):
            self.names = list(function.leaf_names(args, kwargs))
            symbolic = self._arguments(leaves)
            rest = iter(symbolic)
            lint = mode.current().lint
            try:
                with Surroundings(function.python) if lint is None else lint.tracing(function) as self.surroundings:
                    result = function.python(*rebuild(args, rest), **rebuild(kwargs, rest))
            except Exception as error:
                if mode.current().values:
                    error.values = TraceValues(graph.symbols, self.inputs, [host_array(x) for x in leaves])  # type: ignore[attr-defined]
                raise
            finally:
                self._untoggle()
            graph.settle_hooks()
            self.outputs: list[Any] = []
            self._given = {id(x): i for i, x in enumerate(symbolic)}
            self.form = self._collect(result)
            self.written = [i for i, x in enumerate(self.inputs) if x.newest() is not x]
            self.outputs += [self.inputs[i].newest() for i in self.written]
            self.grown = [c for c in graph.cells.values() if isinstance(c, TensorCell) and c.current is not None
                          and c.current.requires and c.current.edge is not c.record]  # fmt: skip
            self.outputs += [c.current for c in self.grown]
            graph.settle_grads()
        writes = [n for n in graph.nodes if n.kind.writes(n) is not None]
        passes = mode.TOOLS["passes"](mode.current().passes)
        self.plan = Plan(self.outputs, [(s, s.shape, s.dtype) for s in self.inputs], writes, passes=passes)
        self.guards = of_trace(graph, self.surroundings, self.plan.shelf)
        self.plan.times["build"] = time.perf_counter() - start
        self.updates = bool(writes or self.written)
        self._state = [n for n in graph.nodes if n.op is READ]
        self._stage = Stage(graph, [*self.inputs, *self._state, *self.plan.hosts], self.outputs, passes)
        reach, used = self._stage.reach, self._stage.used
        self._traced = any(r and not u for r, u in zip(reach, used, strict=True))
        self._ended = [i for i, u in enumerate(used) if u]  # to go back through these again is an error, as in eager
        self._needed: set[int] | None = None  # the sources whose values a call must keep
        self._required = _required(leaves)
        count = len(leaves)
        asked = [[j for j in self._stage.reach[i] if j < count + len(self._state)] for i in self._ended]
        # which arguments say whether a result that was gone back through is one that required a gradient; or all do
        self._askers = [
            None if any(j >= count and self._state[j - count].requires for j in places) else places for places in asked
        ]

    def _arguments(self, leaves: list[Any]) -> list[Symbol]:
        """Add a placeholder for each argument, one for those that are the same; return what the function is given."""
        known: dict[int, Symbol] = {}
        symbolic = []
        for leaf, name in zip(leaves, self.names, strict=True):
            made = self.graph.placeholder(leaf.dtype, leaf.shape, name)
            made.requires = getattr(leaf, "record", None) is not None
            self.inputs.append(made)
            first = known.setdefault(id(device_array(leaf)), made)
            symbolic.append(first if first.requires == made.requires else first.detach())
        self.graph.given = self.inputs
        return symbolic

    def _untoggle(self) -> None:
        """Set requires_grad back to what it was before the trace; a run sets it."""
        self.toggled = [(x, x.requires_grad) for x, was in self.graph.toggled.values() if x.requires_grad != was]
        for x, now in self.toggled:
            x.requires_grad_(not now)

    def _collect(self, result: Any) -> Callable[[list[Any], list[Any]], Any]:
        """Note the symbols in a nested result and return how to put values, or the arguments, in their places."""
        if isinstance(result, list | tuple):
            parts = [self._collect(r) for r in result]
            if hasattr(result, "_fields"):
                return lambda made, leaves: type(result)(*[p(made, leaves) for p in parts])
            return lambda made, leaves: type(result)([p(made, leaves) for p in parts])
        if isinstance(result, dict):
            named = {k: self._collect(v) for k, v in result.items()}
            return lambda made, leaves: {k: p(made, leaves) for k, p in named.items()}
        if isinstance(result, Symbol):
            given = self._given.get(id(result))
            if given is not None:  # an argument is handed back, as in eager
                self.handed.add(given)
                return lambda made, leaves: leaves[given]
            place = len(self.outputs)
            self.outputs.append(self.graph.convert(result))
            return lambda made, leaves: made[place]
        return lambda made, leaves: result

    def fits(self, leaves: list[Any]) -> bool:
        """Return whether what the trace took for granted is still so."""
        return self.guards.hold() and not (self.graph.asked and _required(leaves) != self._required)

    def run(self, leaves: list[Any], compile: bool, found: list[Any] | None = None) -> Any:
        """Run the plan on concrete arguments and put the outputs together. ``found``: their arrays, where they are."""
        self.calls += 1
        plan = self.plan
        drawn = plan.draw()
        if compile and found is not None:
            arrays = found
        else:
            array = device_array if compile else host_array
            arrays = [array(x) for x in leaves]
        if self.written:
            self._check_written(leaves)
        grad = (self._traced or self._ended) and mode.is_grad_enabled()
        call = self._call(leaves, arrays, drawn, compile) if self._traced and grad else None
        made: list[Any] = []
        hold = WORLDS["eager"].hold

        def after(values: list[Any]) -> None:
            made[:] = map(hold, values)
            for cell in self.graph.cleared:
                cell.store({}, None)
            for x, wanted in self.toggled:
                if x.requires_grad != wanted:
                    x.requires_grad_(wanted)
            if call is not None:
                call.record(made)
            if grad:
                for i, places in zip(self._ended, self._askers, strict=True):
                    if places is None or any(getattr(leaves[j], "record", None) is not None for j in places):
                        made[i].record = []
            if self.written:
                self._write(made, leaves)
            for grown, value in zip(self.grown, made[len(made) - len(self.grown) :], strict=True):
                grown.owner.record = value.record

        effects = self.updates or self.graph.cleared or self.toggled
        values = chosen(compile)(plan, arrays, {}, drawn, after if effects else None)
        if not effects:
            after(values)
        return self.form(made, leaves)

    def _check_written(self, leaves: list[Any]) -> None:
        """Raise where a write to an argument could not be seen by all that share its memory, or cannot be made."""
        for i in self.written:
            mine = host_array(leaves[i])
            if not mine.flags.writeable:
                raise InPlaceError(
                    f"function: the argument {self.names[i]!r} is written to, but its memory is read-only",
                    operands=[("argument", leaves[i])],
                    hint="pass a copy",
                )
            others = [(self.names[j], host_array(x)) for j, x in enumerate(leaves) if leaves[j] is not leaves[i]]
            others += [
                (c.name, c.owner.array) for c in self.plan.reads if isinstance(c, TensorCell) and c.owner.buffer is None
            ]
            for name, other in others:
                if other is not mine and np.may_share_memory(mine, other) and np.shares_memory(mine, other):
                    raise GraphError(
                        f"function: the argument {self.names[i]!r} is written to while {name!r} shows the same memory",
                        operands=[("argument", leaves[i])],
                        hint="pass the whole and take the view inside the function, or pass a clone()",
                    )

    def _write(self, made: list[Any], leaves: list[Any]) -> None:
        """Write what the function wrote to its arguments into the caller's memory."""
        first = len(made) - len(self.grown) - len(self.written)
        for i, value in zip(self.written, made[first : first + len(self.written)], strict=True):
            x = leaves[i]
            if isinstance(x, Operators):
                WORLDS["eager"].overwrite(x, value.array)
                x.record = value.record  # type: ignore[attr-defined]
            else:
                x[...] = value.array

    # -- an eager tape outside differentiates through the compiled call
    def _call(self, leaves: list[Any], arrays: list[Any], drawn: list[Any], compile: bool) -> Call | None:
        """Hold what a derivative of this call will need, as it is now; None when nobody can ask for one."""
        state = self._state
        edges = [getattr(x, "record", None) for x in leaves]
        edges += [n.kind.reads(n).owner.record if n.requires else None for n in state]
        if all(e is None for e in edges):
            return None
        if self._needed is None:
            self._needed = self._stage.needed()
        values = [*arrays, *([None] * len(state)), *drawn]
        for i, n in enumerate(state, len(arrays)):
            if i in self._needed:
                cell = n.kind.reads(n)
                value = cell.load({})
                # a copy of what a run writes over, or gives to XLA to write over
                values[i] = value.copy() if cell in self.plan.updated else value
        frame = user_frame(3)
        assert frame is not None
        return Call(self._stage, values, edges + [None] * len(drawn), (frame.f_code, frame.f_lasti), compile)


def _required(leaves: list[Any]) -> list[bool]:
    """Return which arguments require a gradient."""
    return [getattr(x, "record", None) is not None for x in leaves]

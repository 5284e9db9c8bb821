"""A trace: the graph of one call of a Python function, its plan, and how results are put together."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Sequence
from typing import Any

import numpy as np

from dualflow.autodiff.record import next_serial
from dualflow.autodiff.reverse import conjugate
from dualflow.core import dtypes, mode
from dualflow.core.errors import GradientError
from dualflow.core.site import user_frame
from dualflow.core.world import WORLDS
from dualflow.tensors.operators import Operators
from dualflow.worlds.graph.ir.cell import TensorCell
from dualflow.worlds.graph.ir.graph import Graph
from dualflow.worlds.graph.ir.symbol import Symbol
from dualflow.worlds.graph.plan import Plan
from dualflow.worlds.graph.run.backends import chosen
from dualflow.worlds.graph.run.failure import TraceValues
from dualflow.worlds.graph.trace.signature import device_array, host_array, rebuild


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
        self.calls = 0
        self.seconds: list[float] = []  # of each call that a linter saw
        with mode.Scope(mode="graph", graph=graph, home=None, grad=True, tapes=()):
            self.names = list(function.leaf_names(args, kwargs))
            names = iter(self.names)
            symbolic = []
            for leaf in leaves:
                self.inputs.append(graph.placeholder(leaf.dtype, leaf.shape, next(names)))
                symbolic.append(self.inputs[-1])
            rest = iter(symbolic)
            lint = mode.current().lint
            try:
                with contextlib.nullcontext() if lint is None else lint.tracing(function) as self.surroundings:
                    result = function.python(*rebuild(args, rest), **rebuild(kwargs, rest))
            except Exception as error:
                if mode.current().values:
                    error.values = TraceValues(graph.nodes, self.inputs, [host_array(x) for x in leaves])  # type: ignore[attr-defined]
                raise
            self.outputs: list[Any] = []
            self.form = self._collect(result)
            graph.settle_grads()
        self.guards = _unique(graph.guards)
        writes = [n for n in graph.nodes if n.kind.writes(n) is not None]
        self.updates = bool(writes)
        self.plan = Plan(self.outputs, [(s, s.shape, s.dtype) for s in self.inputs], also=writes)
        self.plan.times["build"] = time.perf_counter() - start
        self.trained = [
            c for c in graph.cells.values() if isinstance(c, TensorCell) and c.trainable and c in self.plan.reads
        ]
        self._backward: dict[int, Any] = {}

    def _collect(self, result: Any) -> Any:
        """Note the symbols in a nested result and return how to put values in their places."""
        if isinstance(result, list | tuple):
            parts = [self._collect(r) for r in result]
            if hasattr(result, "_fields"):
                return lambda it: type(result)(*[p(it) for p in parts])
            return lambda it: type(result)([p(it) for p in parts])
        if isinstance(result, dict):
            named = {k: self._collect(v) for k, v in result.items()}
            return lambda it: {k: p(it) for k, p in named.items()}
        if isinstance(result, Operators):
            self.outputs.append(self.graph.convert(result))
            return next
        return lambda it: result

    def holds(self) -> bool:
        """Return whether what the trace took for granted is still so."""
        for owner, attribute, value in self.guards:
            if getattr(owner, attribute) != value:
                return False
        return True

    def broken_guards(self) -> list[str]:
        """Describe which of the things taken for granted have changed."""
        said = (
            f"{type(owner).__name__}.{attribute} was {value!r}, is {getattr(owner, attribute)!r}"
            for owner, attribute, value in self.guards
            if getattr(owner, attribute) != value
        )
        return list(dict.fromkeys(said))

    def run(self, leaves: list[Any], compile: bool) -> Any:
        """Run the plan on concrete arguments and put the outputs together."""
        self.calls += 1
        plan = self.plan
        drawn = plan.draw()
        array = device_array if compile else host_array
        values = chosen(compile)(plan, [array(x) for x in leaves], {}, drawn)
        for cell in self.graph.cleared:
            cell.store({}, None)
        hold = WORLDS["eager"].hold
        made = [hold(v) for v in values]
        if not self.updates and mode.is_grad_enabled():
            self._record(made, leaves, drawn, compile)
        return self.form(iter(made))

    # -- an eager tape outside differentiates through the compiled call
    def _record(self, made: list[Any], leaves: list[Any], drawn: list[Any], compile: bool) -> None:
        edges = [getattr(x, "record", None) for x in leaves] + [c.owner.record for c in self.trained]
        if all(e is None for e in edges):
            return
        frame = user_frame(2)
        assert frame is not None
        hosts = {id(n): v for n, v in zip(self.plan.hosts, drawn, strict=True)}
        for i, out in enumerate(made):
            if dtypes.is_floating(self.outputs[i].dtype):
                op = _CallOp(self, i, leaves, hosts, compile)
                out.record = [next_serial(), op, None, frame.f_code, frame.f_lasti, edges, [None] * len(edges), {}]

    def pull(self, i: int, g: Any, leaves: list[Any], hosts: dict[int, Any], compile: bool) -> list[Any]:
        """Return the gradients of output ``i`` for the arguments and the captured variables."""
        held = self._backward.get(i)
        if held is None:
            out = self.outputs[i]
            with mode.Scope(mode="graph", graph=self.graph):
                seed = self.graph.placeholder(out.dtype, out.shape, "output_gradient")
                sources = [*self.inputs, *[c.owner for c in self.trained]]
                found = self.graph.gradients([out], sources, [seed])
            wanted = [f for f in found if f is not None]
            plan = Plan(wanted, [(s, s.shape, s.dtype) for s in (*self.inputs, seed)])
            held = self._backward[i] = (plan, found)
        plan, found = held
        drawn = [hosts[id(n)] for n in plan.hosts]
        feeds = [host_array(x) for x in leaves] + [np.asarray(conjugate(g))]
        values = iter(chosen(compile)(plan, feeds, {}, drawn))
        return [None if f is None else conjugate(np.asarray(next(values))) for f in found]


class _CallOp:
    """The card of one call of a compiled function, with just what the engine asks of a card."""

    broadcasts = False
    variadic = True
    name = "function"
    tensors: tuple[str, ...] = ()

    def __init__(self, trace: Trace, i: int, leaves: list[Any], hosts: dict[int, Any], compile: bool) -> None:
        self._call = (trace, i, leaves, hosts, compile)
        self._found: tuple[Any, list[Any]] | None = None
        self.rules = self.array_rules = (self._rule,)

    def _rule(self, position: int, g: Any, y: Any, *values: Any) -> Any:
        if isinstance(g, Operators):
            raise GradientError(
                "function: a compiled call is differentiated once; take higher gradients inside the function"
            )
        if self._found is None or self._found[0] is not g:
            trace, i, leaves, hosts, compile = self._call
            self._found = (g, trace.pull(i, g, leaves, hosts, compile))
        return self._found[1][position]

    def needs(self, position: int, place: int) -> bool:
        """Return False: a call keeps no values that could be overwritten."""
        return False


def _unique(guards: list[tuple[object, str, Any]]) -> list[tuple[object, str, Any]]:
    seen: dict[tuple[int, str], tuple[object, str, Any]] = {}
    for owner, attribute, value in guards:
        seen.setdefault((id(owner), attribute), (owner, attribute, value))
    return list(seen.values())

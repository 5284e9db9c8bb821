"""``df.function``: a Python step that runs as it is in eager, and as one compiled graph in graph mode.

A trace is made for each signature of arguments. Everything the step touches from outside (parameters,
optimizer slots, gradients, random streams) is captured by reference, so both worlds work on one state.
"""

from __future__ import annotations

import contextlib
import functools
import inspect
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from dualflow.autodiff import reverse
from dualflow.core import dtypes, mode
from dualflow.core.errors import GradientError, GraphError
from dualflow.core.site import user_frame
from dualflow.tensors import operators
from dualflow.worlds.graph.ir.cell import TensorCell, load_tensor
from dualflow.worlds.graph.ir.graph import Graph
from dualflow.worlds.graph.ir.nodes import ASSIGN
from dualflow.worlds.graph.ir.symbol import Symbol
from dualflow.worlds.graph.plan import Plan


class TraceGraph(Graph):
    """The graph of one trace: assignments happen in program order, and all of them."""

    tracing = True


class Trace:
    """One traced signature: the graph, the plan, and how outputs are put together."""

    key: Any = None
    changed: Sequence[tuple[str, str, str]] = ()  # the arguments that made it: name, what it was, what it is

    def __init__(self, function: Function, args: Any, kwargs: Any, leaves: list[Any]) -> None:
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
                    result = function.python(*_rebuild(args, rest), **_rebuild(kwargs, rest))
            except Exception as error:
                if mode.current().values:
                    from dualflow.worlds.graph.run.failure import TraceValues

                    error.values = TraceValues(graph.nodes, self.inputs, [_host(x) for x in leaves])  # type: ignore[attr-defined]
                raise
            self.outputs: list[Any] = []
            self.form = self._collect(result)
            graph.settle_grads()
        self.guards = _unique(graph.guards)
        writes = [n for n in graph.nodes if n.op is ASSIGN]
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
        if isinstance(result, operators.Operators):
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
        """Say which of the things taken for granted have changed."""
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
        if compile:
            values = plan.execute([_device(x) for x in leaves], {}, drawn)
        else:
            values = plan.interpret([_host(x) for x in leaves], {}, drawn)
        for cell in self.graph.cleared:
            cell.store({}, None)
        hold = mode.WORLDS["eager"].hold
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
                out.record = [
                    reverse.next_serial(),
                    op,
                    None,
                    frame.f_code,
                    frame.f_lasti,
                    edges,
                    [None] * len(edges),
                    {},
                ]

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
        feeds = [_host(x) for x in leaves] + [np.asarray(reverse.conjugate(g))]
        values = iter(plan.execute(feeds, {}, drawn) if compile else plan.interpret(feeds, {}, drawn))
        return [None if f is None else reverse.conjugate(np.asarray(next(values))) for f in found]


class _CallOp:
    """The card of one call of a compiled function, with just what the engine asks of a card."""

    broadcasts = False
    variadic = True
    name = "function"
    tensors: tuple[str, ...] = ()
    like: tuple[str, ...] = ()

    def __init__(self, trace: Trace, i: int, leaves: list[Any], hosts: dict[int, Any], compile: bool) -> None:
        self._call = (trace, i, leaves, hosts, compile)
        self._found: tuple[Any, list[Any]] | None = None
        self.rules = self.array_rules = (self._rule,)

    def _rule(self, position: int, g: Any, y: Any, *values: Any) -> Any:
        if isinstance(g, operators.Operators):
            raise GradientError(
                "function: a compiled call is differentiated once; take higher gradients inside the function"
            )
        if self._found is None or self._found[0] is not g:
            trace, i, leaves, hosts, compile = self._call
            self._found = (g, trace.pull(i, g, leaves, hosts, compile))
        return self._found[1][position]

    def used(self, position: int) -> frozenset[int]:
        """A call keeps no values that could be overwritten."""
        return frozenset()


class Function:
    """A Python function that graph mode traces once per signature, compiles and caches.

    ``traces`` holds what has been traced, by signature, ``made`` in order, ``log`` why each trace was made. In
    eager mode, and inside another graph, a call is a plain call.
    """

    def __init__(self, python: Callable[..., Any]) -> None:
        self.python = python
        self.traces: dict[Any, list[Trace]] = {}
        self.made: list[Trace] = []
        self.log: list[str] = []
        self._held: list[Any] = []
        functools.update_wrapper(self, python)

    def __repr__(self) -> str:
        return f"<df.function {getattr(self.python, '__qualname__', self.python)}, {self.trace_count} traces>"

    @property
    def trace_count(self) -> int:
        """How many traces have been made."""
        return len(self.made)

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        if instance is None:
            return self
        bound = functools.partial(self, instance)
        return functools.update_wrapper(bound, self.python)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        context = mode.current()
        if context.mode == "eager" or context.graph is not None:
            return self.python(*args, **kwargs)
        leaves: list[Any] = []
        key = (_signature(args, leaves), _signature(kwargs, leaves) if kwargs else ())
        compile = context.compile and context.watch is None
        for trace in self.traces.get(key, ()):
            if trace.holds():
                break
        else:
            trace = self._trace(key, args, kwargs, leaves)
        return trace.run(leaves, compile) if context.lint is None else context.lint.run(self, trace, leaves, compile)

    def _trace(self, key: Any, args: Any, kwargs: Any, leaves: list[Any]) -> Trace:
        changed, reason = self._reason(key)
        trace = Trace(self, args, kwargs, leaves)
        trace.key, trace.changed = key, changed
        self._held.append((args, kwargs))  # objects in the key stay alive, so that their ids stay theirs
        self.traces.setdefault(key, []).append(trace)
        self.log.append(reason)
        self.made.append(trace)
        mode.linter().traced(self, trace)
        return trace

    def _reason(self, key: Any) -> tuple[list[tuple[str, str, str]], str]:
        """Return what differs from the trace that is most alike, and the same in words."""
        if not self.made:
            return [], "the first call"
        if key in self.traces:
            return [], "; ".join(self.traces[key][-1].broken_guards())
        changed = min((self.changes(trace.key, key) for trace in reversed(self.made[-8:])), key=len)
        return changed, "; ".join(f"{name}: was {old}, is {new}" for name, old, new in changed) or "another signature"

    def changes(self, before: Any, after: Any) -> list[tuple[str, str, str]]:
        """List what differs between two signatures: the argument, what it was, and what it is."""
        names = list(inspect.signature(self.python).parameters)
        old, new = (
            {
                **{names[i] if i < len(names) else f"argument {i}": part for i, part in enumerate(positional)},
                **{f"keyword argument {name}": part for name, part in named},
            }
            for positional, named in (before, after)
        )
        return [
            (name, _say(old[name]) if name in old else "not given", _say(new[name]) if name in new else "not given")
            for name in {**old, **new}
            if name not in old or name not in new or old[name] != new[name]
        ]

    def leaf_names(self, args: Any, kwargs: Any) -> Iterator[str]:
        """Name the tensor arguments after the parameters they belong to."""
        names = list(inspect.signature(self.python).parameters)
        for i, arg in enumerate(args):
            for _ in _leaves(arg):
                yield names[i] if i < len(names) else f"argument_{i}"
        for name, arg in kwargs.items():
            for _ in _leaves(arg):
                yield name


def function(python: Callable[..., Any] | None = None) -> Any:
    """Make a step that runs line by line in eager mode and as one compiled graph in graph mode. A decorator.

    Tensors and arrays are arguments of the graph, by shape and dtype; variables and leaves that require
    gradients are captured by reference; Python values belong to the signature, so that another value makes
    another trace; objects count by identity. Assignments, ``backward()`` and optimizers work inside.

    >>> @df.function
    ... def double(x):
    ...     return x * 2
    >>> with df.mode("graph"):
    ...     double(df.tensor([1.0, 2.0]))
    tensor([2., 4.])
    """
    if python is None:
        return Function
    if not callable(python):
        raise GraphError(f"function: takes a function, not {type(python).__name__} {python!r}")
    return Function(python)


def _is_leaf(x: Any) -> bool:
    """Tell what becomes an argument of the graph: arrays, and tensors that are no state."""
    if isinstance(x, np.ndarray | np.generic):
        return True
    if not isinstance(x, operators.Operators):
        return False
    if isinstance(x, Symbol):
        raise GraphError(
            f"function: the symbol {x.name!r} was passed to a function outside its graph",
            hint="call the function inside the same `with df.graph():` block, where it becomes part of the graph",
        )
    return not x.is_variable and (x.record is None or not x.is_leaf)  # type: ignore[attr-defined]


def _leaves(x: Any) -> Iterator[Any]:
    if isinstance(x, list | tuple):
        for part in x:
            yield from _leaves(part)
    elif isinstance(x, dict):
        for part in x.values():
            yield from _leaves(part)
    elif _is_leaf(x):
        yield x


def _signature(x: Any, leaves: list[Any]) -> Any:
    """Return the hashable signature of an argument and collect its tensors."""
    kind = x.__class__
    if kind is tuple or kind is list:
        return tuple([_signature(part, leaves) for part in x])
    if kind is dict:
        return tuple([(k, _signature(v, leaves)) for k, v in x.items()])
    if kind in (int, float, bool, str, complex, bytes) or x is None:
        return (kind, x)
    if _is_leaf(x):
        leaves.append(x)
        value = _device(x)
        return (value.shape, value.dtype)
    if isinstance(x, list | tuple):
        return (kind, tuple([_signature(part, leaves) for part in x]))
    return (kind, id(x))


def _say(part: Any) -> str:
    if isinstance(part, tuple) and len(part) == 2 and isinstance(part[1], np.dtype):
        return f"{part[1]} {part[0]}"
    if isinstance(part, tuple) and len(part) == 2 and isinstance(part[0], type):
        return (
            f"{part[0].__name__} {part[1]!r}" if part[0] in (int, float, bool, str) else f"another {part[0].__name__}"
        )
    return "another structure"


def _rebuild(x: Any, symbols: Iterator[Any]) -> Any:
    """Put symbols in the places of the tensors in nested arguments."""
    if isinstance(x, list | tuple):
        parts = [_rebuild(part, symbols) for part in x]
        return type(x)(*parts) if hasattr(x, "_fields") else type(x)(parts)
    if isinstance(x, dict):
        return {k: _rebuild(v, symbols) for k, v in x.items()}
    return next(symbols) if _is_leaf(x) else x


def _device(x: Any) -> Any:
    return load_tensor(x) if isinstance(x, operators.Operators) else x


def _host(x: Any) -> Any:
    return np.asarray(x.array) if isinstance(x, operators.Operators) else np.asarray(x)  # type: ignore[attr-defined]


def _unique(guards: list[tuple[object, str, Any]]) -> list[tuple[object, str, Any]]:
    seen: dict[tuple[int, str], tuple[object, str, Any]] = {}
    for owner, attribute, value in guards:
        seen.setdefault((id(owner), attribute), (owner, attribute, value))
    return list(seen.values())


__all__ = ["Function", "Trace", "function"]

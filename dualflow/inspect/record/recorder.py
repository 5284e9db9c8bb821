"""Making recordings: ``df.record`` runs a step once, in one arm, and keeps what every op gave.

Eager ops and interpreted nodes are seen by an observer in the context; a compiled program is made to return every node,
since nothing can look into it. A step runs on copies of its arguments and of all state it touches.
"""

from __future__ import annotations

import contextlib
import functools
import sys
from collections.abc import Callable, Iterator, Sequence
from types import FrameType
from typing import Any

import numpy as np

from dualflow.arms.arms import ARMS, choose
from dualflow.arms.bench import bare, mapped
from dualflow.arms.state import borrowed, capture, reachable, spread
from dualflow.autodiff.record import OP, OWNER, SERIAL
from dualflow.autodiff.reverse import pull
from dualflow.core.errors import GraphError
from dualflow.core.mode import Scope, current, eager
from dualflow.core.site import Site, user_site
from dualflow.core.world import is_tensor
from dualflow.inspect.record.entry import Entry
from dualflow.inspect.record.recording import Recording
from dualflow.inspect.record.source import NOWHERE, line_of, made_at, variables
from dualflow.tensors.operators import Operators
from dualflow.worlds.graph.ir.cell import GradCell
from dualflow.worlds.graph.ir.nodes import kind_of
from dualflow.worlds.graph.ir.symbol import Symbol
from dualflow.worlds.graph.plan import Plan
from dualflow.worlds.graph.run import xla
from dualflow.worlds.graph.trace.function import Function
from dualflow.worlds.graph.trace.signature import device_array, host_array, signature


def record(step: Callable[..., Any], *args: Any, arm: str = "eager") -> Recording:
    """Run ``step(*args)`` once and return what every op gave, in order, with the user's lines.

    ``arm``: "eager", "interpreted" (the graph, node by node under NumPy) or "compiled" (every node fetched from the
    compiled program, which may change what XLA fuses). Variables, optimizer slots, gradients, random streams and
    arguments are afterwards what they were. A step that fails is recorded up to there, and ``error`` says why.
    Raises ValueError for another arm and GraphError inside ``with df.graph():``.

    >>> def step(x):
    ...     h = df.square(x * 2)
    ...     return h.sum()
    >>> run = df.record(step, df.ones(3))
    >>> [entry.op for entry in run], run["h"].value.tolist()
    (['multiply', 'square', 'sum'], [4.0, 4.0, 4.0])
    """
    (chosen,) = choose([arm])
    return Subject("record", step, args).record(chosen.name)


class Recorder:
    """An observer that keeps copies of what it is shown, and decodes nothing before the run is over.

    ``names``: what the state's tensors are called, by id; ``leaves``: and their gradients' leaves.
    """

    def __init__(self, names: dict[int, str], pulled: Sequence[tuple[Any, Symbol]] = ()) -> None:
        self._names = names
        self._made: list[tuple[int, str, str, str, str, Site, Any, Any, list[Any], Any]] = []
        self._copies: dict[int, tuple[Any, np.ndarray]] = {}
        self._of: dict[int, list[Any]] = {}
        self._turns = 0
        self._back: Site | None = None
        for turn, (forward, g) in enumerate(pulled):
            # eager mode has no op between a variable and its use
            if forward[OP] is None or not kind_of(forward[OP]).structural:
                self._of.setdefault(id(g), []).append((forward, turn))

    # -- what eager mode shows
    def op(self, op: Any, args: Any, params: Any, made: Any) -> None:
        """Keep an op."""
        self._add(op.name, "op", "", "", _here(), self._back if _going_back() else None, (), args, made)

    def written(self, x: Any) -> None:
        """Keep a write."""
        self._add("assign", "write", self._names.get(id(x), ""), "", _here(), None, (), (), x)

    def gradient(self, forward: Any, g: Any) -> None:
        """Keep the gradient that reached a record."""
        name = self._names.get(id(forward[2]), "") if forward[1] is None else ""
        label = [(self._label(forward), self._turns)]
        self._turns, self._back = self._turns + 1, made_at(forward)
        self._add("gradient", "gradient", name and f"{name}.grad", "", _here(), self._back, label, (), g)

    # -- what a graph shows
    def node(self, node: Symbol, args: Sequence[Any], value: Any) -> Any:
        """Keep a node, unless it is another name of a value."""
        if node.kind.role == "name":
            return value
        kind, name = node.kind, node.name if node.kind.fed else ""
        cell = kind.cell(node)
        if cell is not None:
            name = self._names.get(id(cell.owner), "") or cell.name
            name = f"{name}.grad" if isinstance(cell, GradCell) and name != "grad" else name
        if value is not None:
            back = made_at(node.forward)
            of = [(self._label(forward), turn) for forward, turn in self._of.get(id(node), ())]
            self._add(node.op.name, kind.role, name, node.name, node.site, back, of, args, value, -node.record[SERIAL])
        return value

    # -- and what becomes of it
    def _label(self, forward: Any) -> str:
        """Name a record by its op and its line, or a leaf by its name: in either world the same."""
        site = made_at(forward)
        owner = getattr(forward[2], "owner", forward[2])
        return f"leaf {self._names.get(id(owner), '')}" if site is None else f"{forward[1].name} {line_of(site)}"

    def _add(self, op: str, kind: str, name: str, symbol: str, site: Any, back: Any, of: Any, args: Any, made: Any,
             order: int = 0) -> None:  # fmt: skip
        operands = [self._copy(x) for x in args if x is not None and not isinstance(x, str)]
        self._made.append((order, op, kind, name, symbol, site, back, of, operands, self._copy(made)))

    def _copy(self, x: Any) -> np.ndarray:
        """Copy an array, once while it stays as it is: memory is written to in place later."""
        array = np.asarray(x.array if is_tensor(x) else x)
        held = self._copies.get(id(array))
        if held is None or held[0] is not array or held[1].tobytes() != array.tobytes():
            held = self._copies[id(array)] = array, np.array(array)
        return held[1]

    def entries(self) -> list[Entry]:
        """Return what was kept, a graph's in the order in which its nodes were built."""
        made = sorted(self._made, key=lambda one: one[0])
        named = variables([(m[5], m[1]) for m in made])
        found = []
        for (_, op, kind, name, symbol, site, back, of, operands, value), variable in zip(made, named, strict=True):
            name = name or (variable if kind in ("op", "given") and back is None else "")
            at, forward = line_of(site) if site else NOWHERE, line_of(back) if back else None
            found.append(Entry(op, kind, name, symbol, at, forward, tuple(of), tuple(operands), value))
        return found


def _going_back() -> bool:
    """Return whether an op is carried out by a gradient's rule."""
    frame: FrameType | None = sys._getframe(2)
    while frame is not None and frame.f_code is not pull.__code__:
        frame = frame.f_back
    return frame is not None


def _here() -> Site:
    site = user_site()
    assert site is not None
    return site


class Subject:
    """A step with its arguments and its state, to be run any number of times from the same start."""

    def __init__(self, what: str, step: Callable[..., Any], args: tuple[Any, ...]) -> None:
        self.python, self.args = bare(step), args
        inner = self.python.func if isinstance(self.python, functools.partial) else self.python
        self.title = getattr(inner, "__name__", type(inner).__name__)
        if not callable(step) or isinstance(step, type):
            raise TypeError(f"{what}: takes a function and its arguments, not {type(step).__name__} {step!r:.60}")
        if current().graph is not None:
            raise GraphError(
                f"{what}: {self.title} cannot be run while a graph is being built",
                hint=f"call df.{what} outside `with df.graph():`; it enters each mode itself",
            )  # fmt: skip
        self.untraceable: Exception | None = None
        try:
            with eager():
                captured = capture(Function(self.python), args)
            self.state, self.trace = captured.state, captured.trace
        except Exception as error:  # eager mode may still run it, and where it fails shows there too
            self.state, self.untraceable = reachable(self.python), error
        self.names = {id(cell.owner): name for cell, name in zip(self.state.cells, self.state.names, strict=True)}
        for cell in self.state.cells:
            if cell.owner.record is not None and cell.owner.is_leaf:
                self.names[id(cell.owner.record[OWNER])] = self.names[id(cell.owner)]

    @contextlib.contextmanager
    def fresh(self, arm: str) -> Iterator[tuple[Any, ...]]:
        """Enter an arm for the length of a block, with copies of the state, and yield copies of the arguments."""
        if arm != "eager" and self.untraceable is not None:
            raise self.untraceable
        with borrowed(self.state), ARMS[arm].scope():
            yield mapped(self.args, np.array)

    def record(self, arm: str) -> Recording:
        """Run the step once in an arm and return its recording."""
        pulled = [] if self.untraceable is not None else self.trace.graph.pulled
        recorder, error = Recorder(self.names, () if arm == "eager" else pulled), ""
        results: dict[str, np.ndarray] = {}
        with self.fresh(arm) as args:
            try:
                if arm == "compiled":
                    steps = self.trace.plan.steps
                    nodes = [node for step in steps if not step.kind.valueless for node in step.made]
                    values, results = self.fetch(nodes, args)
                    for node, value in values.items():
                        recorder.node(node, [values.get(x, x) for x in node.inputs if x is not None], value)
                else:
                    with Scope(watch=recorder):
                        made = self.python(*args) if arm == "eager" else self.trace.run(leaves(args), False)
                    results = self._results(made)
            except Exception as failed:
                error = f"{type(failed).__name__}: {failed}"
        return Recording(self.title, arm, recorder.entries(), results, error)

    def fetch(self, nodes: Sequence[Symbol], args: tuple[Any, ...]) -> tuple[dict[Symbol, Any], dict[str, Any]]:
        """Run compiled with these nodes fetched; return nodes' values, fed and drawn ones too, and the results."""
        trace = self.trace
        feeds = [(s, s.shape, s.dtype) for s in trace.inputs]
        writes = [n for n in trace.graph.nodes if n.kind.writes(n) is not None]
        plan = Plan([*trace.outputs, *nodes], feeds, also=writes) if nodes else trace.plan
        given, drawn = leaves(args), plan.draw()
        fetched = xla.run(plan, [device_array(x) for x in given], {}, drawn)
        for cell in trace.graph.cleared:
            cell.store({}, None)
        values = dict(zip(plan.fed, map(host_array, given), strict=True)) | dict(zip(plan.hosts, drawn, strict=True))
        values |= dict(zip(nodes, map(np.asarray, fetched[len(trace.outputs) :]), strict=True))
        return values, self._results(trace.form(fetched[: len(trace.outputs)], given))

    def _results(self, made: Any) -> dict[str, np.ndarray]:
        """Return what the step gave and left: its results, state and gradients, by name."""
        values, grads = self.state.read()
        results = {path: x for path, x in spread("result", made) if hasattr(x, "dtype")}
        arrays = {path: np.array(x.array if isinstance(x, Operators) else x) for path, x in results.items()}  # type: ignore[attr-defined]
        return {**arrays, **values, **grads}


def leaves(args: tuple[Any, ...]) -> list[Any]:
    """Return the tensors among nested arguments, in the order of a trace's inputs."""
    found: list[Any] = []
    signature(args, found)
    return found

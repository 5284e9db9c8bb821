"""What a step reads and writes beyond its arguments, and how every arm gets a set of values of its own for it.

A trace of the step, made and not run, names the state: variables, optimizer slots, tensors and gradients it captured,
and the random generators it draws from. Each arm works on copies that stand behind those same objects while it runs;
the user's own arrays are set aside untouched, and put back. This file does not know what the step computes, nor
anything the step changes in plain Python (a counter, a list): that is beyond its reach.
"""

from __future__ import annotations

import contextlib
import functools
import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from dualflow.autodiff.record import OWNER
from dualflow.core.generator import Generator, default
from dualflow.core.mode import mode
from dualflow.tensors.operators import Operators
from dualflow.worlds.eager.memory import owner_of
from dualflow.worlds.eager.tensor import wrap
from dualflow.worlds.graph.ir.cell import TensorCell, load_tensor
from dualflow.worlds.graph.trace.function import Function
from dualflow.worlds.graph.trace.signature import signature
from dualflow.worlds.graph.trace.trace import Trace


@dataclass
class Values:
    """One set of values for a state: arrays (or device buffers), records, gradients, and places in random streams."""

    arrays: list[Any]
    records: list[Any]
    grads: list[Any]
    streams: list[dict[str, Any]]

    def copy(self) -> Values:
        """Return values that share no memory with these."""
        return Values(
            [np.array(a) for a in self.arrays],
            list(self.records),
            [None if g is None else wrap(np.array(load_tensor(g))) for g in self.grads],
            [dict(s) for s in self.streams],
        )

    def changed(self, change: Callable[[Any], Any]) -> Values:
        """Return a copy with every array replaced by ``change(array)``, and every gradient's too."""
        fresh = self.copy()
        grads = [None if g is None else wrap(change(g.array)) for g in fresh.grads]
        return replace(fresh, arrays=[change(a) for a in fresh.arrays], grads=grads)


class State:
    """The places of one step's state: their cells, their names, and the generators."""

    def __init__(self, cells: list[TensorCell], names: list[str], generators: list[Generator]) -> None:
        self.cells, self.names, self.generators = cells, names, generators

    def values(self) -> Values:
        """Return what the places hold now, by reference."""
        return Values(
            [cell.load({}) for cell in self.cells],
            [cell.owner.record for cell in self.cells],
            [_gathered(cell.owner) for cell in self.cells],
            [g.get_state() for g in self.generators],
        )

    def hold(self, values: Values) -> None:
        """Put values into the places, by reference."""
        for cell, array, record, grad in zip(self.cells, values.arrays, values.records, values.grads, strict=True):
            owner = cell.owner
            cell.store({}, array)
            owner.record = record
            if _is_leaf(owner):
                owner.record[OWNER].grad = grad
        for generator, stream in zip(self.generators, values.streams, strict=True):
            generator.set_state(stream)

    def adopt(self, values: Values) -> None:
        """Take over arrays, gradients and random streams from the same step in another arm."""
        self.hold(Values(values.arrays, [cell.owner.record for cell in self.cells], values.grads, values.streams))

    @property
    def trained(self) -> tuple[Any, ...]:
        """The captured tensors that gradients are wanted for."""
        return tuple(cell.owner for cell in self.cells if _is_leaf(cell.owner))

    def read(self) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
        """Return copies of the values and of the gathered gradients, by name."""
        values = {name: np.array(cell.load({})) for name, cell in zip(self.names, self.cells, strict=True)}
        gathered = {f"{name}.grad": _gathered(cell.owner) for name, cell in zip(self.names, self.cells, strict=True)}
        return values, {name: np.array(load_tensor(grad)) for name, grad in gathered.items() if grad is not None}

    def written(self) -> Iterator[Any]:
        """Yield the tensors that a step may have written: the captured ones and their gradients."""
        for cell in self.cells:
            yield cell.owner
            held = _gathered(cell.owner)
            if held is not None:
                yield held

    def shared(self) -> list[tuple[str, str]]:
        """Return pairs of names whose arrays share memory: eager sees one change in both, a graph does not."""
        seen: dict[int, str] = {}
        pairs = []
        for name, cell in zip(self.names, self.cells, strict=True):
            array = cell.load({})
            if isinstance(array, np.ndarray):
                other = seen.setdefault(id(owner_of(array)), name)
                if other != name:
                    pairs.append((other, name))
        return pairs


@contextlib.contextmanager
def borrowed(state: State) -> Iterator[None]:
    """Put copies into the places for the length of a block; afterwards they hold what they held before."""
    before = state.values()
    state.hold(before.copy())
    try:
        yield
    finally:
        state.hold(before)


@dataclass(frozen=True)
class Capture:
    """What tracing a step showed: its state, and the trace."""

    state: State
    trace: Trace


def capture(step: Function, args: tuple[Any, ...]) -> Capture:
    """Trace ``step(*args)`` without running it and return the state that it touches.

    An optimizer that makes its slots at its first step makes them here, as zeros.
    """
    leaves: list[Any] = []
    signature(args, leaves)
    try:
        with mode("graph"):
            trace = Trace(step, args, {}, leaves)
    except Exception as error:
        error.add_note("(raised while the step was being made into a graph, before any arm ran)")
        raise
    owners: dict[int, Any] = {id(cell.owner): cell.owner for cell in trace.graph.cells.values()}
    for owner, _, cell, _ in trace.graph.grads.values():
        if cell is not None:
            owners.setdefault(id(owner), owner)
    cells = [TensorCell(owner) for owner in owners.values()]
    drawn = [node.params.get("generator") for node in trace.plan.hosts]
    generators = {id(g): g for g in (default(), *drawn) if isinstance(g, Generator)}
    return Capture(State(cells, _names(step.python, cells), list(generators.values())), trace)


def reachable(python: Callable[..., Any]) -> State:
    """Return the state that names lead to from a step: what can be known of one that cannot be traced."""
    cells = [TensorCell(x) for _, x in _paths(python).values()]
    return State(cells, _names(python, cells), [default()])


def _is_leaf(x: Any) -> bool:
    return x.record is not None and x.is_leaf


def _gathered(x: Any) -> Any:
    return x.record[OWNER].grad if _is_leaf(x) else None


# --- names: as the user would say them ------------------------------------------------------------------------------


def _names(python: Callable[..., Any], cells: list[TensorCell]) -> list[str]:
    """Name each place by the path that leads to it from the step, such as ``model.0.weight``.

    What no path leads to is called by its own name, or by its shape; a name met before gets a number.
    """
    found = _paths(python)
    names: list[str] = []
    for cell in cells:
        size = "×".join(map(str, cell.shape)) or "one number"
        name = found.get(id(cell.owner), ("",))[0] or cell.name or f"tensor ({size})"
        taken = sum(other == name or other.startswith(f"{name} #") for other in names)
        names.append(f"{name} #{taken + 1}" if taken else name)
    return names


def _paths(python: Callable[..., Any]) -> dict[int, tuple[str, Any]]:
    """Return (path, tensor) by id for every tensor that a path leads to from the step."""
    found: dict[int, tuple[str, Any]] = {}
    later: list[tuple[str, Any]] = []
    for name, value in _reachable(python):
        if hasattr(value, "param_groups"):
            later.append((name, value))  # its slots are named after parameters, which must be known first
        else:
            for path, x in _tensors(name, value):
                found.setdefault(id(x), (path, x))
    for name, optimizer in later:
        for parameter, slots in optimizer.state.items():
            title = found.get(id(parameter), ("",))[0] or getattr(parameter, "name", "") or "parameter"
            for slot, x in slots.items():
                found.setdefault(id(x), (f"{title}.{slot}", x))
        for group in optimizer.param_groups:
            counts = getattr(group, "counts", None)
            if counts is not None:
                found.setdefault(id(counts), (f"{name}.steps", counts))
    return found


def _reachable(python: Callable[..., Any]) -> Iterator[tuple[str, Any]]:
    """Yield the variables that a function reads from outside, and, two levels deep, those of functions it calls."""
    todo = [(python, 0)]
    seen: set[int] = set()
    while todo:
        function, depth = todo.pop()
        while isinstance(function, functools.partial | Function):
            function = function.func if isinstance(function, functools.partial) else function.python
        if inspect.ismethod(function):
            yield from vars(function.__self__).items() if hasattr(function.__self__, "__dict__") else ()
            function = function.__func__
        if not inspect.isfunction(function):
            yield type(function).__name__, function  # a module, which is called as it is
            continue
        if id(function) in seen:
            continue
        seen.add(id(function))
        variables = inspect.getclosurevars(function)
        for name, value in {**variables.globals, **variables.nonlocals}.items():
            if isinstance(value, Function) or inspect.isfunction(value):
                if depth < 2:
                    todo.append((value, depth + 1))
            else:
                yield name, value


def _tensors(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    for path, part in spread(name, value):
        if isinstance(part, Operators):
            yield path, part
        elif hasattr(part, "named_parameters") and hasattr(part, "named_buffers"):
            yield from ((f"{path}.{inner}", x) for inner, x in (*part.named_parameters(), *part.named_buffers()))


def spread(path: str, value: Any) -> Iterator[tuple[str, Any]]:
    """Yield (path, part) for what nested mappings, lists and tuples hold, or the value itself."""
    if not isinstance(value, Mapping | list | tuple):
        yield path, value
        return
    for key, part in value.items() if isinstance(value, Mapping) else enumerate(value):
        yield from spread(f"{path}[{key!r}]", part)

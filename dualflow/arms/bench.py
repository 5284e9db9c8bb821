"""One arm at work: it steps, shows what came out, and is put on the clock.

Benches stand on one ``Stage``, and only one is on it at a time, with its mode entered and its own values behind the
tensors. So arms that share a user's variables take turns without seeing each other. This file knows how to run a
step and read what it did; it judges nothing.
"""

from __future__ import annotations

import contextlib
import functools
import inspect
import io
import itertools
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from dualflow.arms.arms import Arm
from dualflow.arms.passes import Optimized, optimized
from dualflow.arms.program import Run
from dualflow.arms.state import State, Values, capture, spread
from dualflow.arms.timing import LEAD_IN_S
from dualflow.core.codec import Serializable
from dualflow.tensors.operators import Operators
from dualflow.worlds.eager import grad
from dualflow.worlds.eager.tensor import wrap
from dualflow.worlds.graph.ir.cell import load_tensor
from dualflow.worlds.graph.trace.function import Function
from dualflow.worlds.graph.trace.signature import host_array, signature

StepValues = dict[str, dict[str, Any]]
"""For each kind of ``parity.KINDS``, named values."""


@dataclass(frozen=True)
class Cost(Serializable):
    """Seconds that an arm needs once: the first step, and the parts that a graph adds.

    ``later_s`` is what later steps had to trace and compile anew, because the first had changed what the trace took for
    granted or a batch has another structure; the parts count all. ``traces`` says why each trace was made.
    """

    first_s: float
    later_s: float = 0.0
    build_s: float | None = None
    optimize_s: float | None = None
    trace_s: float | None = None
    lower_s: float | None = None
    compile_s: float | None = None
    traces: tuple[str, ...] = ()


class Stage:
    """Where benches take turns."""

    def __init__(self) -> None:
        self.bench: Bench | None = None
        self.caller: Callable[[], object] | None = None
        self._scope = contextlib.ExitStack()

    def enter(self, bench: Bench) -> None:
        """Let ``bench`` have the stage: its mode, and its values in their places."""
        if self.bench is not bench:
            self.clear()
            bench.state.hold(bench.values)
            self._scope.enter_context(bench.arm.scope())
            self.bench = bench

    def clear(self) -> None:
        """Leave no bench on the stage; the last one keeps its values."""
        if self.bench is not None:
            self.bench.values = self.bench.state.values()
            self.bench = None
        self._scope.close()


class Bench:
    """One arm with its run, its own values and its own traces of the step."""

    def __init__(self, stage: Stage, arm: Arm, run: Run) -> None:
        self.stage, self.arm, self.run = stage, arm, run
        self.python = bare(run.step)
        captured = capture(Function(self.python), run.batch(0))
        self.state, self.updates = captured.state, captured.trace.updates
        self.start: Values = self.state.values().copy()
        self.values = self.start.copy()
        self.step = Function(self.python)
        loss = run.loss if run.loss is not None else None if self.updates else run.step
        self.trained = () if loss is None else tuple(x for x in run.trained or self.state.trained if x.requires_grad)
        self.slopes = Function(functools.partial(_slopes, loss or run.step, self.trained))
        self.opaque: set[str] = set()
        self._parameters = _parameters(self.python)
        self._batches: list[tuple[Any, ...]] = []
        self._coming: Iterator[tuple[Any, ...]] = iter(())
        self._fresh: Values | None = None

    def now(self) -> Values:
        """Return this arm's values, by reference, whether or not it is on the stage."""
        return self.state.values() if self.stage.bench is self else self.values

    # -- what it computes
    def observe(self, i: int, change: Callable[[Any], Any] | None = None) -> StepValues:
        """Take step ``i`` and return everything that parity compares; ``change`` is applied to each argument array."""
        self.stage.enter(self)
        args = self.run.batch(i)
        if change is not None:
            args = mapped(args, change)
        gradients = self.gradients(mapped(args, np.array))  # copies: a loss may write to its arguments
        result = dict(self._flat("result", self.step(*args)))
        values, gathered = self.state.read()
        return {"result": result, "gradient": {**gradients, **gathered}, "state": {**values, **self._arguments(args)}}

    def observe_from(self, values: Values, i: int, change: Callable[[Any], Any] | None = None) -> StepValues:
        """Take step ``i`` from other values, such as another arm's, and go back to this arm's own."""
        self.stage.enter(self)
        own = self.state.values()
        self.state.adopt(values.copy())
        try:
            return self.observe(i, change)
        finally:
            self.state.hold(own)

    def advance(self, i: int) -> float | None:
        """Take step ``i`` and return its loss, the first floating number among the results, if there is one."""
        self.stage.enter(self)
        return scalar(dict(self._flat("result", self.step(*self.run.batch(i)))))

    def gradients(self, args: tuple[Any, ...]) -> dict[str, np.ndarray]:
        """Return the gradients of the loss, by the names of what is trained, and leave no trace of having done so."""
        if not self.trained:
            return {}
        before = self.state.values()
        with contextlib.redirect_stdout(io.StringIO()):  # what the step prints, it prints when the step is taken
            made = self.slopes(*args)
        self.state.hold(before)
        names = {id(cell.owner): name for cell, name in zip(self.state.cells, self.state.names, strict=True)}
        return {
            names.get(id(x), f"trained[{i}]"): np.array(load_tensor(g))
            for i, (x, g) in enumerate(zip(self.trained, made, strict=True))
            if g is not None
        }

    def scores(self) -> Mapping[str, float]:
        """Return the program's own scores, computed in this arm."""
        self.stage.enter(self)
        return {} if self.run.evaluate is None else dict(self.run.evaluate())

    def _arguments(self, args: tuple[Any, ...]) -> dict[str, Any]:
        """Return the arguments after the step: a step that writes to one in place does so in eager mode only."""
        found: dict[str, Any] = {}
        for i, arg in enumerate(args):
            name = self._parameters[i] if i < len(self._parameters) else str(i)
            found.update(self._flat(f"argument {name}", arg))
        return found

    def _flat(self, path: str, value: Any) -> Iterator[tuple[str, Any]]:
        for name, part in spread(path, value):
            if isinstance(part, Operators | np.ndarray | np.generic):
                yield name, np.array(load_tensor(part) if isinstance(part, Operators) else part)
            elif part is None or isinstance(part, bool | int | float | complex | str | bytes):
                yield name, part
            else:
                self.opaque.add(f"{name} ({type(part).__name__})")

    # -- how long it takes
    def cold(self, batches: int) -> Cost:
        """Time the first step of a fresh trace from the initial values, and what other batches need traced anew."""
        self.stage.enter(self)
        self.state.hold(self.start.copy())
        self.step = Function(self.python)
        args = [self.run.batch(0), self.run.batch(1)]
        kinds = [signature(each, []) for each in args]
        for other in map(self.run.batch, range(2, batches)):  # the first of every other structure, if there is one
            if signature(other, []) not in kinds:
                kinds.append(signature(other, []))
                args.append(other)
        before = time.perf_counter()
        settle(self.step(*args[0]), self.state)
        first = time.perf_counter() - before
        known = self._times()
        for other in args[1:]:
            settle(self.step(*other), self.state)
        times = self._times()

        def total(part: str) -> float | None:
            found = [t[part] for t in times if part in t]
            return sum(found) if found else None

        later = sum(sum(t.values()) for t in times) - sum(sum(t.values()) for t in known)
        parts = {f"{part}_s": total(part) for part in ("build", "optimize", "trace", "lower", "compile")}
        return Cost(first, later, traces=tuple(self.step.log), **parts)

    def _times(self) -> list[dict[str, float]]:
        return [dict(trace.plan.times) for traces in self.step.traces.values() for trace in traces]

    def passes(self) -> Optimized:
        """Find out what the passes do to the trace that was made last, and what they buy on the first batch."""
        self.stage.enter(self)
        leaves: list[Any] = []
        trace = self.step.made[-1]
        signature(self.run.batch(0), leaves)
        fits = [x.shape for x in leaves] == [tuple(x.shape) for x in trace.inputs]
        return optimized(trace.plan, list(map(host_array, leaves)) if fits else None)

    def warm(self, values: Values, batches: int) -> Callable[[], object]:
        """Return the step as the clock wants it: without arguments, and done when it returns.

        Batches are made beforehand and come round again. Each time the arm has its turn, it starts from ``values``
        again, so that all arms compute with the same numbers however often each is called: a network trained ten
        thousand times on a few batches ends in denormal numbers, which NumPy takes a hundred times as long for.
        Asked twice, a bench gives two steps that take turns as those of two arms do.
        """
        self._fresh = values
        self._batches = [self.run.batch(i) for i in range(batches)]
        stage, state, step = self.stage, self.state, self.step

        def call() -> None:
            if stage.caller is not call:
                self._turn(call)
            settle(step(*next(self._coming)), state)

        self._turn(call)
        before = time.perf_counter()
        call()
        if time.perf_counter() - before > LEAD_IN_S:
            self._fresh = None  # the clock makes no untimed call first, so copying would be timed
        return call

    def _turn(self, caller: Callable[[], object]) -> None:
        self.stage.enter(self)
        self.stage.caller = caller
        if self._fresh is not None:
            self.state.adopt(self._fresh.copy())
            self._coming = itertools.cycle(self._batches)


def bare(step: Callable[..., Any]) -> Callable[..., Any]:
    """Return the Python function behind a ``df.function``, a method of one, or a plain callable."""
    if isinstance(step, Function):
        return step.python
    if isinstance(step, functools.partial) and isinstance(step.func, Function):
        return functools.partial(step.func.python, *step.args, **step.keywords)
    return step


def mapped(x: Any, change: Callable[[Any], Any]) -> Any:
    """Return nested arguments with ``change(array)`` for every array; state passed as an argument stays itself."""
    if isinstance(x, np.ndarray):
        return change(x)
    if isinstance(x, Operators):
        held: Any = x
        return x if held.record is not None or hasattr(x, "trainable") else wrap(change(np.asarray(load_tensor(held))))
    if isinstance(x, list | tuple):
        parts = [mapped(part, change) for part in x]
        return type(x)(*parts) if hasattr(x, "_fields") else type(x)(parts)
    if isinstance(x, dict):
        return {key: mapped(part, change) for key, part in x.items()}
    return x


def _slopes(loss: Callable[..., Any], trained: tuple[Any, ...], *args: Any) -> tuple[Any, ...]:
    """Return the gradients of a loss: taken inside the function, so that a loss may write, as batch norm does."""
    found = next((x for x in tensors(loss(*args)) if x.requires_grad), None)
    if found is None:
        return (None,) * len(trained)
    return grad(found if found.size == 1 else found.sum(), trained, allow_unused=True)


def _parameters(python: Callable[..., Any]) -> list[str]:
    try:
        return list(inspect.signature(python).parameters)
    except (TypeError, ValueError):
        return []  # written in C, and silent about it


def scalar(result: Mapping[str, Any]) -> float | None:
    """Return the first floating number of a flattened result, or None."""
    for value in result.values():
        if isinstance(value, float) or (isinstance(value, np.ndarray) and value.size == 1 and value.dtype.kind == "f"):
            return float(np.asarray(value).reshape(()))
    return None


def settle(result: Any, state: State) -> None:
    """Wait until compiled code has finished: JAX returns before it has.

    One array is enough, since all outputs of one call are ready together; a step that returns none is waited for at
    the state that it wrote.
    """
    first: Any = result if isinstance(result, Operators) else next(tensors(result), None)
    for x in [first] if first is not None else state.written():
        if x.buffer is not None:
            x.buffer.block_until_ready()
            return


def tensors(value: Any) -> Iterator[Any]:
    if isinstance(value, Operators):
        yield value
    elif isinstance(value, Mapping | list | tuple):
        for part in value.values() if isinstance(value, Mapping) else value:
            yield from tensors(part)

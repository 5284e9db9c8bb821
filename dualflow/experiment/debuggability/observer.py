"""Run one program in one arm and say what it gave away: ``python -m`` this file, ``< job.json``.

A process of its own for each run, so that nothing of one run can be seen in the next. The job is a JSON object with
the file, its name in the report, the arm, whether the debug tools are on, and the words by which a message names the
guilty op and tensors; the answer, a ``Record``, is the last line of standard output.
"""

from __future__ import annotations

import contextlib
import functools
import io
import json
import sys
import time
import traceback
import warnings
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from dualflow.arms.arms import ARMS
from dualflow.arms.bench import bare
from dualflow.arms.target import Unloadable, load
from dualflow.core.mode import Scope
from dualflow.experiment.debuggability.observation import Record
from dualflow.experiment.debuggability.reading import numbers, of_error, of_warning
from dualflow.inspect import debug
from dualflow.tensors.operators import Operators
from dualflow.worlds.graph.trace.function import Function

STEPS = 3
"""Calls of a user's function: enough for what shows at the second or the third."""


def main() -> None:
    """Read the job, run it, print the record."""
    job = json.load(sys.stdin)
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        record = observe(**job)
    record = replace(record, said=said.getvalue().count("\n"))
    print("\n" + json.dumps(record.to_json()))


def observe(path: str, arm: str, tools: bool, fault: str, program: str, op: str, names: list[str], call: str) -> Record:
    """Run the program in ``path`` in the arm, or ``STEPS`` calls of its function ``call``, and return what was seen."""
    space: dict[str, Any] = {}
    heard: list[tuple[warnings.WarningMessage, str]] = []
    failure: BaseException | None = None
    if arm == "compiled":
        import jax

        jax.devices()  # loading XLA is not the program's time

    def hear(message: Any, category: Any, filename: str, lineno: int, file: Any = None, line: Any = None) -> None:
        codes = [frame.f_code for frame, _ in traceback.walk_stack(sys._getframe(1))]
        heard.append(
            (warnings.WarningMessage(message, category, filename, lineno), _phase(codes, path, arm, _steps(space)))
        )

    with warnings.catch_warnings():  # the filters are those that a user has
        warnings.showwarning = hear
        start = time.perf_counter()
        try:
            _run(path, arm, tools, call, space)
        except Exception as error:
            failure = error.__cause__ or error if isinstance(error, Unloadable) else error
        took = time.perf_counter() - start
    known: dict[str, Any] = {"fault": fault, "program": program, "arm": arm, "tools": tools, "seconds": took}
    if failure is not None:
        now = functools.partial(_phase, path=path, arm=arm, steps=_steps(space))
        found = of_error(failure, heard, path, op, names, now, _inspect)
        return Record(**known, outcome="raised", **found)
    result = numbers(space.get("result"))
    if result is not None and not np.isfinite(result).all():
        known["probes"] = _probes(lambda: _again(path, arm, call), arm)
    if heard:
        return Record(**known, outcome="warned", result=result, **of_warning(heard, path, op, names))
    return Record(**known, outcome="silent", result=result)


def _run(path: str, arm: str, tools: bool, call: str, space: dict[str, Any]) -> None:
    """Run the program in ``path``, or ``STEPS`` calls of its function ``call``; what it reaches is in ``space``."""
    own = load(f"{path}:{call}") if call else None
    with open(path, encoding="utf-8") as file:
        text = file.read()
    with ARMS[arm].scope(), _tools(tools):
        if own is None:
            space |= {"__name__": "__main__", "__file__": path}
            exec(compile(text, path, "exec"), space)
            return
        space["losses"] = space["result"] = []
        step = Function(bare(own.step))
        for _ in range(STEPS):
            space["result"].append(step(*own.args))


def _again(path: str, arm: str, call: str) -> None:
    """Run the program once more, in a namespace of its own."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        _run(path, arm, False, call, {})


class _Finite:
    """Notes of each run of a graph which of its values, in order, are not finite."""

    def __init__(self) -> None:
        self.runs: list[list[bool]] = []
        self._given = False  # feeds, draws and state come first, without operands

    def node(self, node: Any, args: list[Any], value: Any) -> Any:
        if not args and not self._given:
            self.runs.append([])
        self._given = not args
        floats = getattr(value, "dtype", np.dtype(bool)).kind in "fc"
        self.runs[-1].append(floats and not np.isfinite(value).all())
        return value

    def op(self, *given: Any) -> None:
        """See an eager op outside the graph: no part of the search."""

    written = gradient = op


def _probes(again: Callable[[], None], arm: str) -> int:
    """Count the extra runs of a fixed search for the op that first makes a NaN or an infinity.

    In eager mode one run that prints every value shows it. A run of a graph shows what was fetched, so the search
    fetches half of the nodes that are left, in the order of the graph, again and again; its questions are counted on
    one recorded run.
    """
    if arm == "eager":
        return 1
    seen = _Finite()
    with Scope(watch=seen):
        again()
    bad = next((run for run in seen.runs if any(run)), [])
    low, high, runs = 0, len(bad), 0
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if any(bad[low:middle]) else (middle, high)
        runs += 1
    return runs


def _tools(on: bool) -> contextlib.AbstractContextManager[Any]:
    if not on:
        return contextlib.nullcontext()
    return debug()


def _steps(space: dict[str, Any]) -> int:
    """Return how many steps the program has taken."""
    losses = space.get("losses")
    return len(losses) if isinstance(losses, list) else 0


def _phase(codes: list[Any], path: str, arm: str, steps: int) -> str:
    """Tell when it happened from the frames that were alive."""
    if arm == "eager":
        begun = any(code.co_filename == path and code.co_name == "step" for code in codes)
    else:
        begun = any(code.co_name in ("interpret", "execute") for code in codes)
    if steps:
        return f"step {steps + 1}"
    return "first run" if begun else "definition"


def _inspect(frames: list[Any], error: BaseException) -> tuple[int, int]:
    """Count the tensors that the dead frames hold, and those of them whose value can be read there."""
    held = {id(v): v for frame in frames for v in frame.f_locals.values() if isinstance(v, Operators)}
    values = getattr(error, "values", None) or {}
    concrete = sum(1 for v in held.values() if v.__class__.__name__ not in ("Symbol", "GraphVariable") or v in values)
    return len(held), concrete


if __name__ == "__main__":
    main()

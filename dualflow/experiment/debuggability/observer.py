"""Observe one program in one of dualflow's arms: ``python -m`` this file, ``< job.json``.

A process of its own for each run, so that nothing of one run can be seen in the next. The answer, an ``Observation``,
is the last line of standard output.
"""

from __future__ import annotations

import contextlib
import json
import sys
import warnings
from dataclasses import replace
from types import CodeType, FrameType
from typing import Any

import numpy as np

from dualflow.arms.arms import ARMS
from dualflow.arms.bench import bare
from dualflow.arms.target import load
from dualflow.core.mode import Scope
from dualflow.experiment.debuggability.observation import Job
from dualflow.experiment.debuggability.observing import execute, in_step, observe
from dualflow.inspect import debug
from dualflow.tensors.operators import Operators
from dualflow.worlds.graph.trace.function import Function

STEPS = 3
"""Calls of a user's function: enough for what shows at the second or the third."""


class Dualflow:
    """dualflow as an observer knows it."""

    def run(self, job: Job, space: dict[str, Any]) -> None:
        """Run the program, or ``STEPS`` calls of a user's function in it."""
        user = load(f"{job.path}:{job.call}") if job.call else None
        with ARMS[job.arm].scope(), debug() if job.tools else contextlib.nullcontext():
            if user is None:
                execute(job.path, space)
                return
            space["losses"] = space["result"] = []
            step = Function(bare(user.step))
            for _ in range(STEPS):
                space["result"].append(step(*user.args))

    def begun(self, job: Job, codes: list[CodeType], error: BaseException | None) -> bool:
        """Return whether a step was being run: its own code in eager mode, the plan's in a graph."""
        if job.arm == "eager":
            return in_step(codes, job.path)
        return any(code.co_name in ("interpret", "execute") for code in codes)

    def held(self, frames: list[FrameType], error: BaseException) -> tuple[int, int]:
        """Count tensors, and those with a value; an error's own ``values`` give symbols theirs."""
        held = {id(v): v for frame in frames for v in frame.f_locals.values() if isinstance(v, Operators)}
        values = getattr(error, "values", None) or {}
        symbolic = ("Symbol", "GraphVariable")
        return len(held), sum(1 for v in held.values() if v.__class__.__name__ not in symbolic or v in values)

    def probes(self, job: Job, result: tuple[float, ...] | None) -> int | None:
        """Count the extra runs of a fixed search for the op that first makes a NaN or an infinity.

        In eager mode one run that prints every value shows it. A run of a graph shows what was fetched, so the search
        fetches half of the nodes that are left, in the order of the graph, again and again; its questions are counted
        on one recorded run.
        """
        if result is None or np.isfinite(result).all():
            return None
        if job.arm == "eager":
            return 1
        seen = _Finite()
        with Scope(watch=seen), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self.run(replace(job, tools=False), {})
        bad = next((run for run in seen.runs if any(run)), [])
        low, high, runs = 0, len(bad), 0
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if any(bad[low:middle]) else (middle, high)
            runs += 1
        return runs


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


def main() -> None:
    """Read the job, run it, print the observation."""
    job = Job.from_json(json.load(sys.stdin))
    if job.arm == "compiled":
        import jax

        jax.devices()  # loading XLA is not the program's time
    print("\n" + json.dumps(observe(job, Dualflow()).to_json()))


if __name__ == "__main__":
    main()

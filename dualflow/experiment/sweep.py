"""Curves: the experiment repeated while one thing grows, and where the arms' curves cross.

Each point is a comparison of its own, parity first, with its arms in the same interleaved rounds. This file knows how
the points are made. An arm whose next first step would take too long to wait for is left out from there on, by name.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from dualflow.arms.arms import Arm
from dualflow.arms.bench import bare, settle
from dualflow.arms.parity import gap
from dualflow.arms.program import GrowingProgram
from dualflow.arms.state import capture
from dualflow.arms.timing import Progress, measure, silent
from dualflow.core.errors import LintWarning
from dualflow.experiment.comparison import experiment
from dualflow.experiment.measure import machine
from dualflow.experiment.results.sweep import BY_HAND, Point, Sweep
from dualflow.experiment.results.verdict import disagreement
from dualflow.worlds.graph.trace.function import Function

PATIENCE_S = 20.0
"""Longest first step worth waiting for; compiling takes at least in proportion to the ops."""


def sweep(
    program: GrowingProgram,
    arms: Sequence[Arm],
    *,
    xs: Sequence[int] | None = None,
    seed: int = 0,
    budget_s: float = 1.0,
    progress: Progress = silent,
) -> Sweep:
    """Measure a program at each of its x, or of ``xs``, with ``budget_s`` seconds for the steady state of each point.

    Raises ValueError if the arms do not agree at some x: a wrong answer's speed is of no use.
    """
    wanted = tuple(program.xs if xs is None else xs)
    points: list[Point] = []
    left_out: list[str] = []
    here = list(arms)
    for i, x in enumerate(wanted):

        def at_x(what: str, fraction: float, x: int = x, i: int = i) -> None:
            progress(f"{x:,} {program.x}: {what}", (i + fraction) / len(wanted))

        for arm in list(here) if points else ():
            last = points[-1]
            before = last.first_s.get(arm.name, 0.0)
            if before * x / last.x > PATIENCE_S:
                here.remove(arm)
                left_out.append(
                    f"{arm.name} from {x:,} {program.x} on: its first step took {before:.3g} s at {last.x:,}"
                )
        if here:
            point = _cold if program.cold else _warm
            points.append(point(program, x, here, seed, budget_s, at_x))
    names = (*([BY_HAND] if program.by_hand else []), *(arm.name for arm in arms))
    return Sweep(
        program.name, program.title, program.x, names, tuple(points), tuple(left_out), seed, machine.inspect(quick=True)
    )


def _warm(
    program: GrowingProgram, x: int, arms: Sequence[Arm], seed: int, budget_s: float, progress: Progress
) -> Point:
    """Measure the steady state, with the plain NumPy of it in the same rounds."""
    beside: dict[str, Callable[[], Any]] = {}
    if program.by_hand is not None:
        beside[BY_HAND] = program.by_hand(x)
        run = program.build(x)
        if not gap({"result": run.step(*run.batch(0)).numpy()}, {"result": beside[BY_HAND]()}).ok:
            raise _wrong(program, x, f"eager and {BY_HAND} give different results")
    report = experiment(
        program.name, "", lambda: program.build(x), arms, steps=1, seed=seed, budget_s=budget_s, only="speed",
        progress=progress, beside=beside,
    )  # fmt: skip
    speed = report.speed
    if speed is None:
        raise _wrong(program, x, disagreement(report))
    traced = {arm: 1 + len(speed.retraces[arm]) for arm in speed.arms if arm != "eager"}
    firsts = {arm: float(np.median([cost.first_s for cost in costs])) for arm, costs in speed.costs.items()}
    return Point(x, dict(speed.samples.seconds), firsts, traced)


def _cold(
    program: GrowingProgram, x: int, arms: Sequence[Arm], seed: int, budget_s: float, progress: Progress
) -> Point:
    """Measure calls of a function just made, tracing included, divided by their number."""
    traces: dict[str, int] = {}
    results: dict[str, float] = {}

    def call(arm: Arm) -> Callable[[], object]:
        with arm.scope():
            run = program.build(x)
            python = bare(run.step)
            state = capture(Function(python), run.batch(0)).state
            start = state.values().copy()
        batches = [run.batch(i) for i in range(program.cold)]

        def calls() -> None:
            with arm.scope():
                state.hold(start.copy())
                step = Function(python)
                for args in batches:
                    result = step(*args)
                    settle(result, state)
            traces[arm.name] = step.trace_count
            results[arm.name] = float(result)

        return calls

    timed = {arm.name: call(arm) for arm in arms}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", LintWarning)  # of the retraces that are measured here
        samples = measure(timed, budget_s=budget_s, seed=seed, progress=progress)
    (first, expected), *others = results.items()
    for arm, found in others:
        if abs(expected - found) > 1e-4 * abs(expected):
            raise _wrong(program, x, f"the last loss is {expected} in {first} and {found} in {arm}")
    seconds = {arm: tuple(v / program.cold for v in values) for arm, values in samples.seconds.items()}
    firsts = {arm: warmup.first_s for arm, warmup in samples.warmup.items()}
    return Point(x, seconds, firsts, {arm: made for arm, made in traces.items() if arm != "eager"})


def _wrong(program: GrowingProgram, x: int, why: str) -> ValueError:
    return ValueError(f"sweep {program.name} at {x:,} {program.x}: {why}")

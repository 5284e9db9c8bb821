"""The measurement measured: how often does it call an arm different from itself?

One arm of one program is timed against itself, many times over, each time with samples, statistics and verdict as in
a comparison. This file counts the verdicts; what is promised is ``measure.statistics``'s matter.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from dualflow.arms.arms import Arm
from dualflow.arms.bench import Bench, Stage
from dualflow.arms.program import Program
from dualflow.arms.timing import Progress, measure, silent
from dualflow.experiment.comparison import BATCHES
from dualflow.experiment.measure import machine
from dualflow.experiment.measure.statistics import Comparison, compare
from dualflow.experiment.results.selftest import SelfTest


def selftest(
    program: Program,
    arm: Arm,
    *,
    runs: int = 100,
    budget_s: float = 0.6,
    seed: int = 0,
    progress: Progress = silent,
    timed: Callable[..., Any] = measure,
) -> SelfTest:
    """Compare an arm of a program with itself ``runs`` times, each with ``budget_s`` seconds."""
    stage = Stage()
    found: list[Comparison] = []
    try:
        with arm.scope():
            run = program.build(seed)
        bench = Bench(stage, arm, run)
        start = bench.now().copy()
        arms = {name: bench.warm(start, BATCHES) for name in "AB"}
        for i in range(runs):
            progress(f"run {i + 1} of {runs}, {sum(c.faster is not None for c in found)} alarms", i / runs)
            seconds: dict[str, Sequence[float]] = timed(arms, budget_s=budget_s, seed=seed + i).seconds
            found.append(compare(seconds["A"], seconds["B"], seed=seed + i))
    finally:
        stage.clear()
    return SelfTest(program.name, arm.name, tuple(found), machine.inspect(quick=True))

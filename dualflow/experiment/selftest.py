"""The measurement measured: how often does it call an arm different from itself?

One arm of one program is timed against itself, many times over, each time with samples, statistics and verdict as in
a comparison. This file counts the verdicts; what is promised is ``statistics``'s matter.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from dualflow.arms.arms import Arm
from dualflow.arms.bench import Bench, Stage
from dualflow.arms.program import Program
from dualflow.arms.timing import Progress, measure
from dualflow.experiment.comparison import BATCHES
from dualflow.experiment.measure import machine
from dualflow.experiment.measure.machine import Machine
from dualflow.experiment.results.statistics import Comparison, Estimate, compare, proportion
from dualflow.report.document import Document, Heading, Note, Paragraph, Table
from dualflow.report.quantity import count, interval, percent, ratio

PROMISED = 0.05
"""The rate of false alarms that a comparison promises not to exceed."""


@dataclass(frozen=True)
class SelfTest:
    """Comparisons of one arm with itself, one a run."""

    program: str
    arm: str
    runs: tuple[Comparison, ...]
    machine: Machine

    @property
    def alarms(self) -> int:
        """How many runs called the two different."""
        return sum(run.faster is not None for run in self.runs)

    @property
    def rate(self) -> Estimate:
        """The rate of false alarms, with Wilson's interval."""
        return proportion(self.alarms, len(self.runs))

    @property
    def passed(self) -> bool:
        """Whether so many alarms are compatible with the rate promised."""
        return self.rate.low <= PROMISED

    def to_json(self) -> dict[str, Any]:
        """Return plain dictionaries and lists."""
        return {
            "format": "dualflow.selftest/1", "program": self.program, "arm": self.arm, "alarms": self.alarms,
            "rate": self.rate.to_json(), "passed": self.passed, "runs": [run.to_json() for run in self.runs],
            "machine": self.machine.to_json(),
        }  # fmt: skip

    def document(self) -> Document:
        """Return what ``dualflow selftest`` prints."""
        rate, n = self.rate, len(self.runs)
        worst = max(self.runs, key=lambda run: run.speedup.low)
        found = (
            f"{count(self.alarms)} of {count(n)} runs called {self.arm} different from itself: a false-alarm rate of "
            f"{percent(rate.value)} (95 % interval {percent(rate.low)} to {percent(rate.high)}). "
            f"At most {percent(PROMISED, 0)} is promised."
        )
        width = sorted(run.ratio.high / run.ratio.low for run in self.runs)[n // 2]
        r = worst.ratio
        rows = [
            ["runs", count(n)],
            ["rounds in a run", count(sorted(run.rounds for run in self.runs)[n // 2])],
            ["median width of an interval", ratio(width)],
            ["run furthest from no difference", f"{ratio(r.value)} ({interval(r.low, r.high)})"],
        ]
        return Document(
            f"dualflow selftest: {self.program}, {self.arm} against itself",
            (
                Note(found, "good" if self.passed else "bad"),
                Table.of(["", ">"], rows),
                Paragraph("A narrow interval is worth more: a machine so busy that nothing can be shown never errs."),
                Heading("Machine"),
                *self.machine.blocks(),
            ),
        )


def selftest(
    program: Program,
    arm: Arm,
    *,
    runs: int = 100,
    budget_s: float = 0.6,
    seed: int = 0,
    progress: Progress | None = None,
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
            if progress is not None:
                progress(f"run {i + 1} of {runs}, {sum(c.faster is not None for c in found)} alarms", i / runs)
            seconds: dict[str, Sequence[float]] = timed(arms, budget_s=budget_s, seed=seed + i).seconds
            found.append(compare(seconds["A"], seconds["B"], seed=seed + i))
    finally:
        stage.clear()
    return SelfTest(program.name, arm.name, tuple(found), machine.inspect(quick=True))

"""Curves: the experiment repeated while one thing grows, and where the arms' curves cross.

Each point is a comparison of its own, parity first, with its arms in the same interleaved rounds. This file knows how
the points are made and what follows from their samples; the programs are ``programs.sweeps``'s, the words
``sweep_page``'s. An arm whose next first step would take too long to wait for is left out from there on, by name.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from dualflow.arms.arms import Arm
from dualflow.arms.bench import bare, settle
from dualflow.arms.parity import gap
from dualflow.arms.state import capture
from dualflow.arms.timing import Progress, measure
from dualflow.core.errors import LintWarning
from dualflow.experiment.comparison import experiment
from dualflow.experiment.measure import machine
from dualflow.experiment.measure.machine import Machine
from dualflow.experiment.programs.sweeps import Kind
from dualflow.experiment.results.report import AGAIN
from dualflow.experiment.results.statistics import Crossing, Estimate, compare, crossing, median
from dualflow.experiment.results.verdict import disagreement
from dualflow.report.document import Document
from dualflow.report.page import document
from dualflow.worlds.graph.trace.function import Function

FORMAT = "dualflow.sweep/1"
BY_HAND = "NumPy by hand"

PATIENCE_S = 20.0
"""Longest first step worth waiting for; compiling takes at least in proportion to the ops."""


@dataclass(frozen=True)
class Point:
    """What was measured at one x: samples in seconds by arm, round by round; the first step's median; traces made."""

    x: int
    samples: dict[str, tuple[float, ...]]
    first_s: dict[str, float]
    traces: dict[str, int]

    def to_json(self) -> dict[str, Any]:
        """Return plain dictionaries and lists."""
        return {**vars(self), "samples": {arm: list(values) for arm, values in self.samples.items()}}


@dataclass(frozen=True)
class Sweep:
    """One program at growing x: points, and what was left out and why."""

    name: str
    title: str
    x_name: str
    arms: tuple[str, ...]
    points: tuple[Point, ...]
    left_out: tuple[str, ...]
    seed: int
    machine: Machine

    @property
    def x(self) -> list[int]:
        """The places of the points."""
        return [point.x for point in self.points]

    def curve(self, arm: str) -> list[Estimate | None]:
        """Return an arm's median at each point, with its interval; None where it was left out."""
        return [
            median(p.samples[arm], seed=self.seed) if arm in p.samples else None for p in self.points
        ]  # fmt: skip

    def crossings(self) -> list[Crossing]:
        """Say for each pair of arms where their curves cross, over the points that have both."""
        found = []
        for i, a in enumerate(self.arms):
            for b in self.arms[i + 1 :]:
                both = [p for p in self.points if a in p.samples and b in p.samples]
                if len(both) > 1:
                    one, other = ([p.samples[arm] for p in both] for arm in (a, b))
                    found.append(crossing([p.x for p in both], one, other, (a, b), seed=self.seed))
        return found

    def differs_from_itself(self) -> list[int]:
        """Return the x at which the reference, timed against itself in the same rounds, came out as different."""
        found = []
        for point in self.points:
            reference = next(iter(point.first_s))
            again = point.samples.get(reference + AGAIN)
            if again and compare(point.samples[reference], again, seed=self.seed).faster:
                found.append(point.x)
        return found

    def to_json(self) -> dict[str, Any]:
        """Return everything, raw samples included, as plain dictionaries and lists."""
        return {
            "format": FORMAT,
            "name": self.name,
            "title": self.title,
            "x_name": self.x_name,
            "arms": list(self.arms),
            "points": [point.to_json() for point in self.points],
            "left_out": list(self.left_out),
            "seed": self.seed,
            "crossings": [each.to_json() for each in self.crossings()],
            "machine": self.machine.to_json(),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Sweep:
        """Rebuild the sweep from what ``to_json`` returned; what follows from the samples is worked out again."""
        if data.get("format") != FORMAT:
            raise ValueError(f"not a sweep of this version: format {data.get('format')!r}, expected {FORMAT!r}")
        points = tuple(
            Point(p["x"], {arm: tuple(v) for arm, v in p["samples"].items()}, p["first_s"], p["traces"])
            for p in data["points"]
        )
        return cls(data["name"], data["title"], data["x_name"], tuple(data["arms"]), points, tuple(data["left_out"]),
                   data["seed"], Machine.from_json(data["machine"]))  # fmt: skip

    def document(self) -> Document:
        """Return the sweep as curves and tables."""
        return document(self)


def sweep(
    kind: Kind,
    arms: Sequence[Arm],
    *,
    xs: Sequence[int] | None = None,
    seed: int = 0,
    budget_s: float = 1.0,
    progress: Progress | None = None,
) -> Sweep:
    """Measure a kind at each of its x, or of ``xs``, with ``budget_s`` seconds for the steady state of each point.

    Raises ValueError if the arms do not agree at some x: a wrong answer's speed is of no use.
    """
    wanted = tuple(kind.xs if xs is None else xs)
    points: list[Point] = []
    left_out: list[str] = []
    here = list(arms)
    for i, x in enumerate(wanted):

        def announce(what: str, fraction: float, x: int = x, i: int = i) -> None:
            if progress is not None:
                progress(f"{x:,} {kind.x}: {what}", (i + fraction) / len(wanted))

        for arm in list(here):
            before = points[-1].first_s.get(arm.name, 0.0) if points else 0.0
            expected = before * x / points[-1].x if points else 0.0
            if expected > PATIENCE_S:
                here.remove(arm)
                left_out.append(
                    f"{arm.name} from {x:,} {kind.x} on: its first step took {before:.3g} s at {points[-1].x:,}"
                )
        if here:
            point = _cold if kind.cold else _warm
            points.append(point(kind, x, here, seed, budget_s, announce))
    names = [arm.name for arm in arms]
    return Sweep(
        kind.name, kind.title, kind.x, (*([BY_HAND] if kind.by_hand else []), *names), tuple(points), tuple(left_out),
        seed, machine.inspect(quick=True),
    )  # fmt: skip


def _warm(kind: Kind, x: int, arms: Sequence[Arm], seed: int, budget_s: float, progress: Progress) -> Point:
    """Measure the steady state, with the plain NumPy of it in the same rounds."""
    beside: dict[str, Callable[[], object]] = {}
    if kind.by_hand is not None:
        beside[BY_HAND] = kind.by_hand(x)
        run = kind.build(x)
        _agree(kind, x, run.step(*run.batch(0)).numpy(), beside[BY_HAND]())
    report = experiment(
        kind.name, "", lambda: kind.build(x), arms, steps=1, seed=seed, budget_s=budget_s, only="speed",
        progress=progress, beside=beside,
    )  # fmt: skip
    if report.speed is None:
        raise ValueError(f"sweep {kind.name} at {x:,} {kind.x}: {disagreement(report)}")
    speed = report.speed
    traced = {arm: 1 + len(speed.retraces[arm]) for arm in speed.arms if arm != "eager"}
    firsts = {arm: float(np.median([cost.first_s for cost in costs])) for arm, costs in speed.costs.items()}
    return Point(x, dict(speed.samples.seconds), firsts, traced)


def _agree(kind: Kind, x: int, expected: Any, found: Any) -> None:
    off = gap({"result": expected}, {"result": found})
    if not off.ok:
        raise ValueError(f"sweep {kind.name} at {x:,} {kind.x}: eager and {BY_HAND} give different results")


def _cold(kind: Kind, x: int, arms: Sequence[Arm], seed: int, budget_s: float, progress: Progress) -> Point:
    """Measure calls of a function just made, tracing included, divided by their number."""
    traces: dict[str, int] = {}
    results: dict[str, float] = {}
    firsts: dict[str, float] = {}

    def call(arm: Arm) -> Callable[[], object]:
        with arm.scope():
            run = kind.build(x)
            python = bare(run.step)
            state = capture(Function(python), run.batch(0)).state
            start = state.values().copy()
        batches = [run.batch(i) for i in range(kind.cold)]

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
    for arm in arms:
        _agree_on(kind, x, arms[0].name, arm.name, results)
        firsts[arm.name] = samples.warmup[arm.name].first_s
    seconds = {arm: tuple(v / kind.cold for v in values) for arm, values in samples.seconds.items()}
    return Point(x, seconds, firsts, {arm: made for arm, made in traces.items() if arm != "eager"})


def _agree_on(kind: Kind, x: int, a: str, b: str, results: Mapping[str, float]) -> None:
    if abs(results[a] - results[b]) > 1e-4 * abs(results[a]):
        raise ValueError(
            f"sweep {kind.name} at {x:,} {kind.x}: the last loss is {results[a]} in {a} and {results[b]} in {b}"
        )

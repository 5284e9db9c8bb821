"""What a sweep found, as plain data: the samples of every point, and what follows from them."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from dualflow.core.codec import Serializable
from dualflow.experiment.measure.machine import Machine
from dualflow.experiment.measure.statistics import Crossing, Estimate, compare, crossing, median
from dualflow.experiment.results.findings import AGAIN

BY_HAND = "NumPy by hand"
"""What is called so in a sweep's samples: the same in plain NumPy."""


@dataclass(frozen=True)
class Point(Serializable):
    """What was measured at one x: samples in seconds by arm, round by round; the first step's median; traces made."""

    x: int
    samples: dict[str, tuple[float, ...]]
    first_s: dict[str, float]
    traces: dict[str, int]


@dataclass(frozen=True)
class Sweep(Serializable):
    """One program at growing x: points, and what was left out and why."""

    FORMAT = "dualflow.sweep/1"
    DERIVED = ("crossings",)

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
        return [median(p.samples[arm], seed=self.seed) if arm in p.samples else None for p in self.points]

    @property
    def crossings(self) -> list[Crossing]:
        """For each pair of arms, where their curves cross, over the points that have both."""
        found = []
        for pair in itertools.combinations(self.arms, 2):
            both = [p for p in self.points if p.samples.keys() >= {*pair}]
            if len(both) > 1:
                one, other = ([p.samples[arm] for p in both] for arm in pair)
                found.append(crossing([p.x for p in both], one, other, pair, seed=self.seed))
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

"""What the measurement of the measurement found: how often an arm was called different from itself."""

from __future__ import annotations

from dataclasses import dataclass

from dualflow.core.codec import Serializable
from dualflow.experiment.measure.machine import Machine
from dualflow.experiment.measure.statistics import Comparison, Estimate, proportion

PROMISED = 0.05
"""The rate of false alarms that a comparison promises not to exceed."""


@dataclass(frozen=True)
class SelfTest(Serializable):
    """Comparisons of one arm with itself, one a run."""

    FORMAT = "dualflow.selftest/1"
    DERIVED = ("alarms", "rate", "passed")

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

"""What a comparison found, as plain data: parity, training, speed.

This file holds the numbers and what follows from them by definition (a median, a ratio); what they mean is said in
``verdict``, how they were obtained is ``comparison``'s business.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from dualflow.arms.bench import Cost
from dualflow.arms.parity import Gap
from dualflow.arms.passes import Optimized
from dualflow.arms.timing import Samples
from dualflow.core.codec import Serializable
from dualflow.experiment.measure.flops import Workload
from dualflow.experiment.measure.statistics import BreakEven, Comparison, Summary, break_even, compare, summarize

AGAIN = ", again"
"""Behind the reference's name: the same arm, sampled in the same rounds as if it were another."""


@dataclass(frozen=True)
class Failure(Serializable):
    """The first disagreement: at which step (0 is before the first), in which arm, of what kind.

    ``repeats`` is False if the reference disagrees with itself too when it takes the step again from the same state.
    """

    step: int
    arm: str
    kind: str
    gap: Gap
    repeats: bool = True


@dataclass(frozen=True)
class Parity(Serializable):
    """How far each arm was from the reference at each step, by kind; the run ends at the first failure."""

    KEYS = {"opaque": "not_compared"}
    DERIVED = ("passed",)

    reference: str
    steps: tuple[dict[str, dict[str, Gap]], ...]
    failure: Failure | None = None
    opaque: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether all arms agreed at every step."""
        return self.failure is None

    @property
    def arms(self) -> tuple[str, ...]:
        """The arms that were compared with the reference."""
        return tuple(self.steps[0]) if self.steps else (self.failure.arm,) if self.failure else ()

    def gaps(self, arm: str, kind: str) -> list[Gap]:
        """Return the gaps of one arm and kind, step by step, if there was anything to compare."""
        return [step[arm][kind] for step in self.steps if arm in step and step[arm][kind].arrays]


@dataclass(frozen=True)
class Training(Serializable):
    """What each arm reached when it trained by itself: the loss of every step, and the scores at the end."""

    losses: dict[str, tuple[float | None, ...]]
    scores: dict[str, dict[str, float]]


@dataclass(frozen=True)
class Speed(Serializable):
    """Costs paid once, each measured several times, and the samples of the steady state.

    The samples may hold the reference a second time, named with ``AGAIN``: measured against itself.
    """

    KEYS = {"costs": "once", "workloads": "work"}

    costs: dict[str, tuple[Cost, ...]]
    samples: Samples
    retraces: dict[str, tuple[str, ...]]
    jax_import_s: float | None = None
    workloads: dict[str, Workload] = field(default_factory=dict)
    optimized: Optimized | None = None

    @property
    def arms(self) -> tuple[str, ...]:
        """The arms, each once, without what else was timed beside them."""
        return tuple(self.costs)

    @property
    def itself(self) -> Comparison | None:
        """The reference compared with itself, which ought to show no difference."""
        again = self.arms[0] + AGAIN
        return self.ratio(self.arms[0], again) if again in self.samples.arms else None

    @property
    def pair(self) -> tuple[str, str] | None:
        """The two arms whose ratio is the headline: eager over compiled, else the first over the last."""
        arms = self.arms
        return None if len(arms) < 2 else (arms[0], "compiled" if "compiled" in arms[1:] else arms[-1])

    def steady(self, arm: str) -> Summary:
        """Summarize an arm's steady state."""
        return summarize(self.samples.seconds[arm])

    def once(self, arm: str) -> list[float]:
        """Return what starting an arm cost beyond a steady step, once for each time it was measured."""
        median = self.steady(arm).median
        return [max(cost.first_s - median, 0.0) + cost.later_s for cost in self.costs[arm]]

    def ratio(self, a: str, b: str) -> Comparison:
        """Compare the steady states of two arms."""
        seconds = self.samples.seconds
        return compare(seconds[a], seconds[b], (a, b), seed=self.samples.seed)

    def pays_back(self, a: str, b: str) -> BreakEven:
        """Return after how many steps the dearer of two arms has paid its one-time cost back."""
        seconds = self.samples.seconds
        return break_even(self.once(a), seconds[a], self.once(b), seconds[b], (a, b), seed=self.samples.seed)

    def to_json(self) -> dict[str, Any]:
        """Return the raw samples, and what follows from them."""
        pair = self.pair
        return super().to_json() | {
            "steady": {arm: self.steady(arm).to_json() for arm in self.arms},
            "itself": self.itself and self.itself.to_json(),
            "ratio": pair and self.ratio(*pair).to_json(),
            "break_even": pair and self.pays_back(*pair).to_json(),
        }


@dataclass(frozen=True)
class Findings:
    """What a comparison found: what ran, whether the arms agree, and, if they do, how fast they are."""

    name: str
    summary: str
    arms: tuple[str, ...]
    steps: int
    seed: int
    parity: Parity
    training: Training
    speed: Speed | None

    @property
    def passed(self) -> bool:
        """Whether all arms computed the same."""
        return self.parity.passed

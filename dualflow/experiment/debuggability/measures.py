"""What observations amount to: how often, and how well, each arm led to the guilty line; by class, and weighted.

An alarm is an error or a warning. It is *right* if the first line it points at is guilty. Recall is the share of the
faults that raised a right alarm, precision the share of the alarms that were right, those on controls included, and
F3 their mean that weighs recall three times as much as precision (van Rijsbergen's F with beta = 3, the measure of
Humbatova et al., EMSE 2025). A fault that an arm cannot express counts for nothing there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from dualflow.core.codec import Serializable
from dualflow.experiment.debuggability.observation import Observation
from dualflow.experiment.faults.card import CLASSES, SHARES, Case

TOP = 3


@dataclass(frozen=True)
class Score(Serializable):
    """One class of faults, or all, in one arm: counts, and what follows from them.

    ``faults``: how many the arm can express; ``detected`` how many raised an alarm; ``first`` and ``among``: how many
    alarms pointed at a guilty line first, and among their first three; ``controls`` and ``false_alarms``: programs with
    nothing planted, and how many of them raised one.
    """

    KEYS = {"among": "among_three"}
    DERIVED = ("recall", "precision", "f3")

    faults: int
    detected: int
    first: int
    among: int
    controls: int = 0
    false_alarms: int = 0

    @property
    def recall(self) -> float | None:
        """The share of the faults whose guilty line was named first."""
        return self.first / self.faults if self.faults else None

    @property
    def precision(self) -> float | None:
        """The share of the alarms that named a guilty line first."""
        alarms = self.detected + self.false_alarms
        return self.first / alarms if alarms else None

    @property
    def f3(self) -> float | None:
        """The mean of precision and recall that weighs recall three times as much."""
        precision, recall = self.precision, self.recall
        if precision is None or recall is None:
            return None if recall is None else 0.0
        return 10 * precision * recall / (9 * precision + recall) if precision or recall else 0.0


def score(observations: Iterable[Observation], faults: Mapping[str, Case]) -> Score:
    """Count observations, of any faults and controls."""
    every = list(observations)
    planted, controls = [seen for seen in every if seen.fault], [seen for seen in every if not seen.fault]
    alarms = [(seen.pointed, {*faults[seen.fault].planted().guilty}) for seen in planted if seen.detected]
    first = sum(not guilty.isdisjoint(pointed[:1]) for pointed, guilty in alarms)
    among = sum(not guilty.isdisjoint(pointed[:TOP]) for pointed, guilty in alarms)
    return Score(len(planted), len(alarms), first, among, len(controls), sum(seen.detected for seen in controls))


def by_class(observations: Sequence[Observation], faults: Mapping[str, Case]) -> dict[str, Score]:
    """Score each class by itself; controls belong to none."""
    return {
        kind: score([o for o in observations if o.fault and faults[o.fault].kind == kind], faults)
        for kind in CLASSES
        if any(fault.kind == kind for fault in faults.values())
    }


def weighted_recall(observations: Sequence[Observation], faults: Mapping[str, Case]) -> float | None:
    """Return the mean of the classes' recalls, weighted by how often a study found bugs of each class.

    Only classes for which the study has a figure take part (``SHARES``).
    """
    found = {kind: one.recall for kind, one in by_class(observations, faults).items()}
    known = {kind: recall for kind, recall in found.items() if kind in SHARES and recall is not None}
    weight = sum(SHARES[kind] for kind in known)
    return sum(SHARES[kind] * recall for kind, recall in known.items()) / weight if known else None


def distance(seen: Observation, fault: Case) -> int | None:
    """Return how many lines lie between the line pointed at first and the nearest guilty one."""
    if not seen.detected or not seen.pointed:
        return None
    return min(abs(seen.pointed[0] - line) for line in fault.planted().guilty)


def mark(seen: Observation, fault: Case) -> str:
    """Return in a word where a run pointed: line, near, said; or how it ended: silent, timeout, crashed."""
    if not seen.detected:
        return seen.outcome
    one = score([seen], {fault.name: fault})
    return "line" if one.first else "near" if one.among else "said"

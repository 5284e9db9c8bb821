"""What records amount to: how often, and how well, each arm led to the guilty line; by class, and weighted.

An alarm is an error or a warning. It is *right* if the first line it points at is guilty. Recall is the share of the
faults that raised a right alarm, precision the share of the alarms that were right, those on controls included, and
F3 their mean that weighs recall three times as much as precision (van Rijsbergen's F with beta = 3, the measure of
Humbatova et al., EMSE 2025). A fault that an arm cannot express counts for nothing there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dualflow.experiment.debuggability.observation import Record
from dualflow.experiment.faults.card import CLASSES, SHARES, Case

TOP = 3


@dataclass(frozen=True)
class Score:
    """One class of faults, or all, in one arm: counts, and what follows from them.

    ``faults``: how many the arm can express; ``detected`` how many raised an alarm; ``first`` and ``among``: how many
    alarms pointed at a guilty line first, and among their first three; ``controls`` and ``false_alarms``: programs with
    nothing planted, and how many of them raised one.
    """

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

    def to_json(self) -> dict[str, Any]:
        """Return counts and measures as a plain dictionary."""
        return {
            "faults": self.faults, "detected": self.detected, "first": self.first, "among_three": self.among,
            "controls": self.controls, "false_alarms": self.false_alarms,
            "recall": self.recall, "precision": self.precision, "f3": self.f3,
        }  # fmt: skip


def score(records: Iterable[Record], faults: Mapping[str, Case]) -> Score:
    """Count records, of any faults and controls."""
    planted = detected = first = among = controls = false_alarms = 0
    for record in records:
        if not record.fault:
            controls += 1
            false_alarms += record.detected
            continue
        guilty = faults[record.fault].planted().guilty
        planted += 1
        detected += record.detected
        first += record.detected and bool(record.pointed) and record.pointed[0] in guilty
        among += record.detected and any(line in guilty for line in record.pointed[:TOP])
    return Score(planted, detected, first, among, controls, false_alarms)


def by_class(records: Sequence[Record], faults: Mapping[str, Case]) -> dict[str, Score]:
    """Score each class by itself; controls belong to none."""
    return {
        kind: score([r for r in records if r.fault and faults[r.fault].kind == kind], faults)
        for kind in CLASSES
        if any(fault.kind == kind for fault in faults.values())
    }


def weighted_recall(records: Sequence[Record], faults: Mapping[str, Case]) -> float | None:
    """Return the mean of the classes' recalls, weighted by how often a study found bugs of each class.

    Only classes for which the study has a figure take part (``SHARES``).
    """
    found = {kind: one.recall for kind, one in by_class(records, faults).items()}
    known = {kind: recall for kind, recall in found.items() if kind in SHARES and recall is not None}
    weight = sum(SHARES[kind] for kind in known)
    return sum(SHARES[kind] * recall for kind, recall in known.items()) / weight if known else None


def distance(record: Record, fault: Case) -> int | None:
    """Return how many lines lie between the line pointed at first and the nearest guilty one."""
    if not record.detected or not record.pointed:
        return None
    return min(abs(record.pointed[0] - line) for line in fault.planted().guilty)

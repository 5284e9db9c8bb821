"""Two runs of ``dualflow compare``, one beside the other: what is faster or slower now, and what changed.

It knows two bundles and what they have in common. A ratio of two runs is of samples not taken together: its interval
holds the noise within each run, and the page says so.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from dualflow.arms.arms import ARMS
from dualflow.core.codec import Serializable, encode
from dualflow.experiment.bundle import Bundle
from dualflow.experiment.debuggability.measures import mark
from dualflow.experiment.debuggability.study import Study
from dualflow.experiment.measure.statistics import FLOOR, Comparison, ratio_across
from dualflow.experiment.results.report import Report
from dualflow.report.quantity import percent


@dataclass(frozen=True)
class Change:
    """Something that is not what it was: of which program or fault, what, and both values."""

    of: str
    what: str
    before: str
    after: str


@dataclass(frozen=True)
class Difference(Serializable):
    """What two runs have in common, compared: ``names`` are the runs', ``speed`` the steady steps of each arm."""

    names: tuple[str, str]
    a: Bundle
    b: Bundle

    def both(self) -> list[tuple[Report, Report]]:
        """Return the programs that both runs have."""
        later = {report.name: report for report in self.b.reports}
        return [(report, later[report.name]) for report in self.a.reports if report.name in later]

    def speed(self) -> list[tuple[str, str, Comparison]]:
        """Compare the steady step of every program and arm that both runs timed, the first run over the second."""
        found = []
        for a, b in self.both():
            for arm in a.speed.arms if a.speed is not None and b.speed is not None else ():
                if arm in b.speed.arms:  # type: ignore[union-attr]
                    one, two = (report.speed.samples.seconds[arm] for report in (a, b))  # type: ignore[union-attr]
                    off = Comparison("before", "after", ratio_across(one, two), FLOOR, min(len(one), len(two)))
                    found.append((a.name, arm, off))
        return found

    def verdicts(self) -> list[Change]:
        """Return the answers that changed: whether the arms agree, which is faster, when it pays back, the scores."""
        return [Change(a.name, *change) for a, b in self.both() for change in _changed(_answers(a), _answers(b))]

    def faults(self) -> list[Change]:
        """Return the faults that show otherwise than before, in some arm, plain or with the tools."""
        changed = _changed(_marks(self.a.study), _marks(self.b.study))
        return [Change(fault, arm, before, after) for (fault, arm), before, after in changed]

    def machine(self) -> list[Change]:
        """Return what is different about the two machines."""
        one, two = (next((m.environment.to_json() for m in run.machines()), {}) for run in (self.a, self.b))
        return [Change("machine", what, *map(_said, values)) for what, *values in _changed(one, two)]

    def common_marks(self) -> int | None:
        """Return how many runs of planted faults there are in both, None where not both have a study."""
        if self.a.study is None or self.b.study is None:
            return None
        return len(_marks(self.a.study).keys() & _marks(self.b.study).keys())

    def to_json(self) -> dict[str, Any]:
        """Return what changed as plain dictionaries and lists."""
        return {
            "format": "dualflow.versus/1",
            "names": list(self.names),
            "speed": [{"program": name, "arm": arm, **off.to_json()} for name, arm, off in self.speed()],
            **{what: encode(getattr(self, what)()) for what in ("verdicts", "faults", "machine")},
        }


def _changed(before: dict[Any, Any], after: dict[Any, Any]) -> list[tuple[Any, Any, Any]]:
    """Return (key, before, after) of what both have and differs."""
    return [(key, before[key], after[key]) for key in before if key in after and before[key] != after[key]]


def _answers(report: Report) -> dict[str, str]:
    found = {"do the arms agree": "yes" if report.passed else "no"}
    if report.speed is not None:
        first, *others = report.speed.arms
        for arm in others:
            back = report.speed.pays_back(first, arm)
            found[f"{first} / {arm}"] = report.speed.ratio(first, arm).verdict
            paid = "at once" if back.arm == first or back.steps == 0 else "never" if back.steps is None else "later"
            found[f"{arm} pays back"] = paid  # the step itself moves with every run
    for arm, scores in report.training.scores.items():
        found |= {f"{name}, {arm}": percent(value) for name, value in scores.items()}
    return found


def _marks(study: Study | None) -> dict[tuple[str, str], str]:
    """Return by (fault or program, arm) where each run pointed."""
    if study is None:
        return {}
    cards = study.cards()
    return {
        (o.fault or o.program, f"{ARMS[o.arm].label}{', with tools' if o.tools else ''}"):
            mark(o, cards[o.fault]) if o.fault else o.outcome
        for o in study.observations
    }  # fmt: skip


def _said(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)

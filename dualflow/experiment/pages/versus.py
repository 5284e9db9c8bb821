"""Two runs of ``dualflow compare``, one beside the other: what is faster or slower now, and what changed.

It knows two wholes and what they have in common. A ratio of two runs is of samples not taken together: its interval
holds the noise within each run, and the document says so.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from dualflow.arms.arms import ARMS
from dualflow.experiment.bundle import Bundle
from dualflow.experiment.debuggability.study import Study
from dualflow.experiment.measure.machine import Machine
from dualflow.experiment.pages.study import mark
from dualflow.experiment.results.report import Report
from dualflow.experiment.results.statistics import FLOOR, Comparison, ratio_across
from dualflow.report.document import Block, Document, Heading, Note, Paragraph, Table
from dualflow.report.quantity import interval, percent, ratio, seconds

FORMAT = "dualflow.versus/1"


@dataclass(frozen=True)
class Change:
    """Something that is not what it was: of which program or fault, what, and both values."""

    of: str
    what: str
    before: str
    after: str


@dataclass(frozen=True)
class Versus:
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
            if a.speed is None or b.speed is None:
                continue
            for arm in a.speed.arms:
                if arm in b.speed.arms:
                    one, two = a.speed.samples.seconds[arm], b.speed.samples.seconds[arm]
                    off = Comparison("before", "after", ratio_across(one, two), FLOOR, min(len(one), len(two)))
                    found.append((a.name, arm, off))
        return found

    def verdicts(self) -> list[Change]:
        """Return the answers that changed: whether the arms agree, which is faster, when it pays back, the scores."""
        found = []
        for a, b in self.both():
            before, after = _verdicts(a), _verdicts(b)
            found += [Change(a.name, what, before[what], after[what]) for what in before
                      if what in after and before[what] != after[what]]  # fmt: skip
        return found

    def faults(self) -> list[Change]:
        """Return the faults that show otherwise than before, in some arm, plain or with the tools."""
        if self.a.study is None or self.b.study is None:
            return []
        before, after = _marks(self.a.study), _marks(self.b.study)
        return [Change(*of, before[of], after[of]) for of in before if of in after and before[of] != after[of]]

    def to_json(self) -> dict[str, Any]:
        """Return what changed as plain dictionaries and lists."""
        return {
            "format": FORMAT,
            "names": list(self.names),
            "speed": [{"program": name, "arm": arm, **off.to_json()} for name, arm, off in self.speed()],
            "verdicts": [vars(change) for change in self.verdicts()],
            "faults": [vars(change) for change in self.faults()],
            "machine": [vars(change) for change in self.machine()],
        }

    def dumps(self) -> str:
        """Return it as JSON text."""
        return json.dumps(self.to_json(), ensure_ascii=False, allow_nan=False) + "\n"

    def machine(self) -> list[Change]:
        """Return what is different about the two machines."""
        before, after = (_machine(whole) for whole in (self.a, self.b))
        if before is None or after is None:
            return []
        one, two = before.environment.to_json(), after.environment.to_json()
        return [Change("machine", what, _said(one[what]), _said(two[what])) for what in one if one[what] != two[what]]

    def document(self) -> Document:
        """Return the comparison in parts: in short, speed, verdicts, faults, machine."""
        speed, verdicts, faults, machine = self.speed(), self.verdicts(), self.faults(), self.machine()
        moved = [off for _, _, off in speed if off.faster is not None]
        common = None if self.a.study is None or self.b.study is None else len(_marks(self.a.study).keys() &
                                                                               _marks(self.b.study).keys())  # fmt: skip
        blocks: list[Block] = [
            Paragraph(f"Before: {self.names[0]}. After: {self.names[1]}."),
            Paragraph(
                f"Of {len(speed)} arms timed in both runs {sum(off.faster == 'after' for off in moved)} became faster, "
                f"{sum(off.faster == 'before' for off in moved)} slower. {len(verdicts) or 'No'} "
                f"verdict{'' if len(verdicts) == 1 else 's'} changed. "
                + ("Faults were not planted in both." if common is None else
                   f"Of {common} runs of planted faults {len(faults) or 'none'} showed otherwise.")
            ),
        ]  # fmt: skip
        if not self.both() and common is None:
            blocks.append(Note("the two runs have no program and no fault in common.", "warning"))
        if machine:
            blocks.append(Note("the machines, or their software, differ; so may their speed.", "warning"))
        if speed:
            rows = [self._row(*one) for one in speed]
            header = ["program", "arm", ">before", ">after", ">before / after", ">95 % interval", "verdict"]
            blocks += [
                Heading("Speed"),
                Table.of(header, rows, "A step once it runs"),
                Paragraph(
                    "The interval holds the noise within each of the two runs. What else changed between them, another "
                    "load or another day, it cannot know: only arms of one run are compared round by round."
                ),
            ]
        for title, changes in (("Verdicts that changed", verdicts), ("Faults that show otherwise", faults),
                               ("Machines", machine)):  # fmt: skip
            if changes:
                rows = [[c.of, c.what, c.before, c.after] for c in changes]
                blocks += [Heading(title), Table.of(["of", "what", "before", "after"], rows)]
        return Document("dualflow report: two runs", tuple(blocks))

    def _row(self, name: str, arm: str, off: Comparison) -> list[str | None]:
        times = [next(r for r in whole.reports if r.name == name).speed for whole in (self.a, self.b)]
        medians = [None if speed is None else seconds(speed.steady(arm).median) for speed in times]
        said = {"before": "slower", "after": "faster", None: off.verdict}[off.faster]
        r = off.ratio
        return [name, arm, *medians, ratio(r.value), interval(r.low, r.high), said]


def _verdicts(report: Report) -> dict[str, str]:
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


def _marks(study: Study) -> dict[tuple[str, str], str]:
    cards = study.cards()
    return {
        (r.fault or r.program, f"{ARMS[r.arm].label}{', with tools' if r.tools else ''}"):
            mark(r, cards[r.fault]) if r.fault else r.outcome
        for r in study.records
    }  # fmt: skip


def _machine(whole: Bundle) -> Machine | None:
    return next(iter(whole.machines()), None)


def _said(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)

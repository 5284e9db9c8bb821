"""A study of debuggability: which faults were planted, what every run gave away, on which machine; and its report."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TextIO

from dualflow.compare import machine
from dualflow.compare.arms import ARMS
from dualflow.compare.debug.measures import by_class, score, weighted_recall
from dualflow.compare.debug.record import Record
from dualflow.compare.debug.trial import jobs, run
from dualflow.compare.faults import CLASSES, FAULTS
from dualflow.compare.faults.card import Fault
from dualflow.compare.machine import Machine
from dualflow.compare.report.document import Document
from dualflow.compare.speed import Progress

FORMAT = "dualflow.debug/1"

SAMPLE = tuple(name for kind in CLASSES for name in [fault.name for fault in FAULTS.values() if fault.kind == kind][:2])
"""Two faults of each class, the first of its chapter: what a quick study plants."""


@dataclass(frozen=True)
class Study:
    """The records of one study. ``show()`` prints the matrix, ``document(fault)`` tells of one fault alone."""

    faults: tuple[str, ...]
    arms: tuple[str, ...]
    records: tuple[Record, ...]
    machine: Machine

    def cards(self) -> dict[str, Fault]:
        """Return the cards of the faults that were planted."""
        return {name: FAULTS[name] for name in self.faults}

    def of(self, arm: str, tools: bool) -> list[Record]:
        """Return the records of one arm, controls included."""
        return [record for record in self.records if record.arm == arm and record.tools is tools]

    def document(self, fault: str | None = None) -> Document:
        """Return the report in parts: all of it, or one fault's."""
        from dualflow.compare.debug import page

        return page.document(self) if fault is None else page.fault(self, fault)

    def show(self, fault: str | None = None, *, file: TextIO | None = None, width: int | None = None) -> None:
        """Print the report."""
        from dualflow.compare.report import show

        show(self.document(fault), file=file, width=width)

    def to_json(self) -> dict[str, Any]:
        """Return every record, and the measures that follow from them."""
        cards = self.cards()
        measures = {
            arm: {
                "tools" if tools else "plain": {
                    "all": score(self.of(arm, tools), cards).to_json(),
                    "weighted_recall": weighted_recall(self.of(arm, tools), cards),
                    "classes": {k: s.to_json() for k, s in by_class(self.of(arm, tools), cards).items()},
                }
                for tools in (False, True)
            }
            for arm in self.arms
        }
        return {
            "format": FORMAT,
            "faults": list(self.faults),
            "arms": list(self.arms),
            "measures": measures,
            "records": [record.to_json() for record in self.records],
            "machine": self.machine.to_json(),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Study:
        """Rebuild the study from what ``to_json`` returned. Raises ValueError for another format."""
        if data.get("format") != FORMAT:
            raise ValueError(f"not a study of this version: format {data.get('format')!r}, expected {FORMAT!r}")
        records = tuple(Record.from_json(record) for record in data["records"])
        return cls(tuple(data["faults"]), tuple(data["arms"]), records, Machine.from_json(data["machine"]))

    def __repr__(self) -> str:
        return f"<Study of {len(self.faults)} faults in {', '.join(self.arms)}; .show() prints it>"

    def dumps(self) -> str:
        """Return the study as JSON text."""
        return json.dumps(self.to_json(), ensure_ascii=False, indent=1) + "\n"


def study(
    faults: Iterable[Fault] = tuple(FAULTS.values()),
    arms: Sequence[str] = tuple(ARMS),
    progress: Progress | None = None,
) -> Study:
    """Plant each fault, run it and the un-faulted programs in every arm, plain and with the debug tools on."""
    chosen = list(faults)
    controls = list(dict.fromkeys(fault.program for fault in chosen))
    records = run(list(jobs(chosen, controls, arms)), progress)
    names = tuple(fault.name for fault in chosen)
    return Study(names, tuple(arms), tuple(records), machine.inspect(quick=True))

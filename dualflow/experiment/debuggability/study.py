"""A study of debuggability: which faults were planted, what every run gave away, on which machine; and its report."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TextIO

import numpy as np

from dualflow.arms import target
from dualflow.arms.arms import ARMS
from dualflow.arms.timing import Progress
from dualflow.experiment.debuggability.measures import by_class, score, weighted_recall
from dualflow.experiment.debuggability.mutants import EACH, Mutant, mutants
from dualflow.experiment.debuggability.observation import Record
from dualflow.experiment.debuggability.trials import Job, jobs, run
from dualflow.experiment.faults import CLASSES, FAULTS
from dualflow.experiment.faults.card import Case, Fault
from dualflow.experiment.measure import machine
from dualflow.experiment.measure.machine import Machine
from dualflow.report.document import Document
from dualflow.report.page import document

FORMAT = "dualflow.debug/1"

SAMPLE = tuple(
    fault.name
    for kind in CLASSES
    for fault in [f for f in FAULTS.values() if f.kind == kind and set(map(f.shows, ARMS)) != {"not expressible"}][:2]
)
"""Two faults of each class, the first of its chapter that an arm can express: what is planted if not all are asked."""

QUICK = (
    "transpose-forgotten", "rate-baked-in", "half-overflows", "mask-of-relu-forgotten", "rows-for-columns",
)  # fmt: skip
"""Faults of five classes in one small program, which a minute allows."""


@dataclass(frozen=True)
class Study:
    """The records of one study. ``show()`` prints the matrix, ``show(fault)`` tells of one fault alone.

    ``target``: the user's FILE.py:FUNCTION that mistakes were planted in; "" for the programs that faults have of
    their own. ``harmless``: planted changes that changed nothing, and are counted nowhere.
    """

    cases: tuple[Case, ...]
    arms: tuple[str, ...]
    records: tuple[Record, ...]
    machine: Machine
    target: str = ""
    harmless: tuple[str, ...] = ()

    def cards(self) -> dict[str, Case]:
        """Return what was planted, by name."""
        return {case.name: case for case in self.cases}

    def of(self, arm: str, tools: bool) -> list[Record]:
        """Return the records of one arm, controls included."""
        return [record for record in self.records if record.arm == arm and record.tools is tools]

    def document(self, fault: str | None = None) -> Document:
        """Return the report in parts: all of it, or one fault's."""
        return document(self, fault)

    def show(self, fault: str | None = None, *, file: TextIO | None = None, width: int | None = None) -> None:
        """Print the report."""
        from dualflow.report import show

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
            "target": self.target,
            "faults": [asdict(case) for case in self.cases],  # type: ignore[call-overload]
            "harmless": list(self.harmless),
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
        cases = tuple(
            Mutant(**case | {"names": tuple(case["names"]), "guilty": tuple(case["guilty"])})
            if data["target"]
            else FAULTS[case["name"]]
            for case in data["faults"]
        )
        records = tuple(Record.from_json(record) for record in data["records"])
        return cls(
            cases, tuple(data["arms"]), records, Machine.from_json(data["machine"]), data["target"],
            tuple(data["harmless"]),
        )  # fmt: skip

    def __repr__(self) -> str:
        return f"<Study of {len(self.cases)} faults in {', '.join(self.arms)}; .show() prints it>"

    def dumps(self) -> str:
        """Return the study as JSON text."""
        return json.dumps(self.to_json(), ensure_ascii=False, indent=1) + "\n"


def study(
    faults: Iterable[Fault] = tuple(FAULTS.values()),
    arms: Sequence[str] = tuple(ARMS),
    progress: Progress | None = None,
) -> Study:
    """Plant each fault, run it and the un-faulted programs in every arm, plain and with the debug tools on."""
    chosen = tuple(faults)
    controls = list(dict.fromkeys(fault.program for fault in chosen))
    records = run(list(jobs(chosen, controls, arms)), progress)
    return Study(chosen, tuple(arms), tuple(records), machine.inspect(quick=True))


def study_own(
    where: str, arms: Sequence[str] = tuple(ARMS), each: int = EACH, progress: Progress | None = None
) -> Study:
    """Plant mechanical mistakes in FILE.py:FUNCTION, ``each`` of every sort, and run them as ``study`` does.

    Raises what ``dualflow compare`` raises for the same argument, RuntimeError if the function fails as it is.
    """
    own = target.load(where)
    path, _, function = where.rpartition(":")
    file = Path(path).resolve()
    text = file.read_text(encoding="utf-8")
    cases = mutants(text, function, file.stem, each)
    place = {"text": text, "home": str(file.parent), "call": function}
    todo = [
        Job(file.stem, case, arm, tools, **place)
        for arm in arms
        for tools in (False, True)
        for case in (None, *cases)
        if case is None or case.shows(arm) != "not expressible"
    ]
    records = run(todo, progress)
    controls = {record.arm: record for record in records if not record.fault and not record.tools}
    failed = next((record for record in controls.values() if record.outcome not in ("silent", "warned")), None)
    if failed is not None:
        raise RuntimeError(f"{own.name} fails as it is, before anything is planted\n{failed.message or failed.outcome}")
    noticed = {record.fault for record in records if record.outcome != "silent"}
    differs = {r.fault for r in records if r.outcome == "silent" and not _same(r.result, controls[r.arm].result)}
    harmless = tuple(case.name for case in cases if case.name not in noticed | differs)
    counted = tuple(case for case in cases if case.name not in harmless)
    kept = tuple(record for record in records if record.fault not in harmless)
    return Study(counted, tuple(arms), kept, machine.inspect(quick=True), where, harmless)


def _same(a: Sequence[float] | None, b: Sequence[float] | None) -> bool:
    return a is not None and b is not None and len(a) == len(b) and np.allclose(a, b, 1e-6, 1e-7, equal_nan=True)

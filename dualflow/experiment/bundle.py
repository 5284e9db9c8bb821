"""Everything one run of the comparison found: reports on programs, the study of planted faults, sweeps, and
races and faults beside the peers.

It knows the parts and their files. docs/reference/report.schema.json says what is in one; ``versus`` compares two.
"""

from __future__ import annotations

import json
import lzma
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from dualflow.experiment.debuggability import study as debug
from dualflow.experiment.debuggability.study import Study
from dualflow.experiment.measure.machine import Machine
from dualflow.experiment.peers.race import Race
from dualflow.experiment.peers.study import Beside
from dualflow.experiment.results.report import FORMAT as REPORT
from dualflow.experiment.results.report import Report
from dualflow.experiment.sweep import Sweep
from dualflow.report.document import Document
from dualflow.report.page import document

FORMAT = "dualflow/1"
Part = TypeVar("Part", Report, Race, Sweep)
XZ = b"\xfd7zXZ\0"


@dataclass(frozen=True)
class Bundle:
    """Reports, a study if one was made, races of programs with the peers, sweeps, and faults beside the peers."""

    reports: tuple[Report, ...] = ()
    study: Study | None = None
    races: tuple[Race, ...] = ()
    sweeps: tuple[Sweep, ...] = ()
    beside: Beside | None = None

    @property
    def passed(self) -> bool:
        """Whether all arms, and all peers that are installed, agree."""
        return all(report.passed for report in self.reports) and all(race.passed for race in self.races)

    def __add__(self, more: Bundle) -> Bundle:
        """Put two parts of a run, or two runs, together; what both have is the second one's."""
        return Bundle(
            _latest(self.reports, more.reports), more.study or self.study, _latest(self.races, more.races),
            _latest(self.sweeps, more.sweeps), more.beside or self.beside,
        )  # fmt: skip

    def machines(self) -> list[Machine]:
        """Return the machine of every part."""
        parts = (*self.reports, self.study, *self.races, *self.sweeps, self.beside)
        return [part.machine for part in parts if part is not None]

    def document(self, fault: str | None = None) -> Document:
        """Return everything on one page, or one fault; each of several reports is a section of its own."""
        return document(self, fault)

    def to_json(self) -> dict[str, Any]:
        """Return everything, raw samples and records included, as plain dictionaries and lists."""
        return {
            "format": FORMAT,
            "reports": [report.to_json() for report in self.reports],
            "debug": None if self.study is None else self.study.to_json(),
            "peers": [race.to_json() for race in self.races],
            "sweeps": [sweep.to_json() for sweep in self.sweeps],
            "debug_peers": None if self.beside is None else self.beside.to_json(),
        }

    def dumps(self) -> str:
        """Return it as JSON text."""
        return json.dumps(self.to_json(), ensure_ascii=False, allow_nan=False) + "\n"

    def html(self) -> str:
        """Return it as one page, its data inside."""
        from dualflow.report import to_html

        return to_html(self.document(), self.dumps())

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Bundle:
        """Rebuild it from what ``to_json`` returned, here or of one report or study. Raises ValueError for others."""
        form = data.get("format") if isinstance(data, Mapping) else None
        if form == REPORT:
            return cls((Report.from_json(data),))
        if form == debug.FORMAT:
            return cls((), Study.from_json(data))
        if form != FORMAT:
            raise ValueError(f"not a report of this version: format {form!r}, expected {FORMAT!r}")
        study = None if data["debug"] is None else Study.from_json(data["debug"])
        races, sweeps = tuple(map(Race.from_json, data["peers"])), tuple(map(Sweep.from_json, data["sweeps"]))
        beside = None if data["debug_peers"] is None else Beside.from_json(data["debug_peers"])
        return cls(tuple(map(Report.from_json, data["reports"])), study, races, sweeps, beside)

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Bundle:
        """Read a JSON file, packed by xz or not. Raises ValueError for what is none."""
        held = Path(path).read_bytes()
        try:
            return cls.from_json(json.loads(lzma.decompress(held) if held[:6] == XZ else held))
        except (lzma.LZMAError, ValueError, KeyError, TypeError) as odd:
            raise ValueError(f"{os.fspath(path)!r} is no report that `--json` wrote: {odd}") from odd


def _latest(before: tuple[Part, ...], after: tuple[Part, ...]) -> tuple[Part, ...]:
    found: dict[str, Part] = {part.name: part for part in before + after}
    return tuple(found.values())

"""Everything one run of the comparison found: reports on programs, the study of planted faults, races, and sweeps.

It knows the parts and their files. docs/report.schema.json says what is in one; ``versus`` compares two.
"""

from __future__ import annotations

import functools
import gzip
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dualflow.compare.debug import study as debug
from dualflow.compare.debug.study import Study
from dualflow.compare.peers.race import Race
from dualflow.compare.report.document import Document
from dualflow.compare.results import FORMAT as REPORT
from dualflow.compare.results import Report
from dualflow.compare.sweep import Sweep

FORMAT = "dualflow/1"


@dataclass(frozen=True)
class Whole:
    """Reports, a study if one was made, races of programs with the peers, and sweeps."""

    reports: tuple[Report, ...] = ()
    study: Study | None = None
    races: tuple[Race, ...] = ()
    sweeps: tuple[Sweep, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether all arms, and all peers that are installed, agree."""
        return all(report.passed for report in self.reports) and all(race.passed for race in self.races)

    def __add__(self, more: Whole) -> Whole:
        """Put two parts of a run together."""
        study = self.study if more.study is None else more.study
        return Whole(self.reports + more.reports, study, self.races + more.races, self.sweeps + more.sweeps)

    def document(self) -> Document:
        """Return everything on one page; each of several reports is a section of its own."""
        from dualflow.compare import page, sweep_page

        if len(self.reports) == 1:
            parts = [page.document(self.reports[0], self.study, self.sweeps)]
        else:
            parts = [report.document() for report in self.reports]
            parts += [] if self.study is None else [self.study.document()]
            parts += [sweep_page.document(self.sweeps)] if self.sweeps else []
        parts += [race.document() for race in self.races]
        if len(self.reports) > 1 or not parts:
            title = "dualflow compare: " + ", ".join(report.name for report in self.reports)
            parts.insert(0, Document(title, tuple(page.overview(self.reports))))
        return functools.reduce(Document.__add__, parts)

    def to_json(self) -> dict[str, Any]:
        """Return everything, raw samples and records included, as plain dictionaries and lists."""
        return {
            "format": FORMAT,
            "reports": [report.to_json() for report in self.reports],
            "debug": None if self.study is None else self.study.to_json(),
            "peers": [race.to_json() for race in self.races],
            "sweeps": [sweep.to_json() for sweep in self.sweeps],
        }

    def dumps(self) -> str:
        """Return it as JSON text."""
        return json.dumps(self.to_json(), ensure_ascii=False, allow_nan=False) + "\n"

    def html(self) -> str:
        """Return it as one page, its data inside."""
        from dualflow.compare.report import to_html

        return to_html(self.document(), self.dumps())

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Whole:
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
        return cls(tuple(map(Report.from_json, data["reports"])), study, races, sweeps)

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Whole:
        """Read a JSON file, packed by gzip or not. Raises ValueError for what is none."""
        held = Path(path).read_bytes()
        try:
            return cls.from_json(json.loads(gzip.decompress(held) if held[:2] == b"\x1f\x8b" else held))
        except (ValueError, KeyError, TypeError) as odd:
            raise ValueError(f"{os.fspath(path)!r} is no report that `--json` wrote: {odd}") from odd

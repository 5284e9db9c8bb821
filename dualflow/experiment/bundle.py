"""Everything one run of the comparison found: reports on programs, the study of planted faults, races with the peers,
sweeps, and faults beside the peers.

It knows the parts and their files. docs/reference/report.schema.json says what is in one; ``difference`` compares two.
"""

from __future__ import annotations

import json
import lzma
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from dualflow.core.codec import Serializable
from dualflow.experiment.debuggability.study import Study
from dualflow.experiment.measure.machine import Machine
from dualflow.experiment.peers.race import Race
from dualflow.experiment.peers.study import PeerStudy
from dualflow.experiment.results.report import Report
from dualflow.experiment.results.sweep import Sweep
from dualflow.report import document, to_html

Part = TypeVar("Part", Report, Race, Sweep)
XZ = b"\xfd7zXZ\0"


@dataclass(frozen=True)
class Bundle(Serializable):
    """Reports, a study if one was made, races of programs with the peers, sweeps, and faults beside the peers."""

    FORMAT = "dualflow/1"
    KEYS = {"study": "debug", "races": "peers", "peer_study": "debug_peers"}

    reports: tuple[Report, ...] = ()
    study: Study | None = None
    races: tuple[Race, ...] = ()
    sweeps: tuple[Sweep, ...] = ()
    peer_study: PeerStudy | None = None

    @property
    def passed(self) -> bool:
        """Whether all arms, and all peers that are installed, agree."""
        return all(report.passed for report in self.reports) and all(race.passed for race in self.races)

    def __add__(self, more: Bundle) -> Bundle:
        """Put two parts of a run, or two runs, together; what both have is the second one's."""
        return Bundle(
            _latest(self.reports, more.reports), more.study or self.study, _latest(self.races, more.races),
            _latest(self.sweeps, more.sweeps), more.peer_study or self.peer_study,
        )  # fmt: skip

    def machines(self) -> list[Machine]:
        """Return the machine of every part."""
        parts = (*self.reports, self.study, *self.races, *self.sweeps, self.peer_study)
        return [part.machine for part in parts if part is not None]

    def html(self) -> str:
        """Return it as one page, its data inside."""
        return to_html(document(self), self.dumps())

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Bundle:
        """Rebuild it from what ``to_json`` returned, here or of one report or study. Raises ValueError for others."""
        form = data.get("format") if isinstance(data, Mapping) else None
        if form == Report.FORMAT:
            return cls((Report.from_json(data),))
        if form == Study.FORMAT:
            return cls((), Study.from_json(data))
        return super().from_json(data if isinstance(data, Mapping) else {})

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

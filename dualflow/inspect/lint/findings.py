"""A finding: something legal and hardly meant, with its kind, its line and its fix.

This file knows how a finding is reported, and reported once. It does not know how one is found.
"""

from __future__ import annotations

import warnings
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from dualflow.core.errors import LintWarning
from dualflow.core.site import Location, Site, decode, spell

CODES = {
    "growth": "a line adds nodes to a graph again and again between its runs",
    "retrace": "a function is traced again and again for arguments that keep changing",
    "never-run": "an assignment was built and no run needed it",
    "unused": "a placeholder, an argument or a line's results that nothing needs",
    "frozen": "a Python value, an array or random numbers that were read once, while tracing, and have changed since",
    "effect": "a Python side effect that happened once, while tracing, and not at every call",
    "broadcast": "two shapes that go together, to a result that is hardly meant",
    "stale-gradient": "a gradient that was used for an update already and is added to",
    "no-gradient": "a parameter, or all of them, for which no gradient arrives",
    "slope": "a custom Function whose backward is not the slope of its forward",
    "lowering": "an op whose compiled result is not NumPy's",
    "twice": "softmax, or its logarithm, taken of what has been through it already",
}
"""Every code and what it stands for. ``growth`` and ``retrace`` are always on."""


@dataclass(frozen=True)
class Finding:
    """One finding. ``place``: the user's line. ``text``: what is wrong, in a sentence; ``fix``: the way out.

    ``also``: a second line that has to do with it, as (what happens there, where).
    """

    code: str
    place: Location
    text: str
    fix: str
    also: tuple[str, Location] | None = None

    @classmethod
    def at(cls, site: Site, code: str, text: str, fix: str, also: tuple[str, Site] | None = None) -> Finding:
        """Make a finding at a line that is known as a site."""
        return cls(code, decode(site), text, fix, None if also is None else (also[0], decode(also[1])))

    @property
    def file(self) -> str:
        """The file of the line."""
        return self.place.file

    @property
    def line(self) -> int:
        """The number of the line, from 1."""
        return self.place.line

    def __str__(self) -> str:
        lines = [f"{self.code}: {self.text}", f"at {spell(self.place)}"]
        if self.also is not None:
            lines.append(f"{self.also[0]} at {spell(self.also[1])}")
        return "\n  ".join([*lines, self.fix])


class Notebook:
    """Tells findings as warnings: each code once a line, and not at all the codes to ignore."""

    def __init__(self, ignore: Collection[str] = ()) -> None:
        unknown = sorted(set(ignore) - set(CODES))
        if unknown:
            raise ValueError(f"lint: there is no code {unknown[0]!r} to ignore; there are {', '.join(CODES)}")
        self.ignore = frozenset(ignore)
        self.seen: set[tuple[str, str, int]] = set()

    def tell(self, findings: Iterable[Finding | None]) -> None:
        """Warn of each finding, if it is one, at its own line, unless it is ignored or has been reported."""
        for finding in filter(None, findings):
            key = (finding.code, finding.file, finding.line)
            if finding.code in self.ignore or key in self.seen:
                continue
            self.seen.add(key)
            warning = LintWarning(str(finding))
            warning.code, warning.finding = finding.code, finding
            warnings.warn_explicit(warning, None, finding.file, finding.line)

"""The report on one program: what a comparison found and on which machine; it is shown, saved and read back."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from dualflow.arms.arms import ARMS
from dualflow.arms.program import Published
from dualflow.core.codec import Serializable
from dualflow.experiment.measure.machine import Machine
from dualflow.experiment.measure.memory import Memory
from dualflow.experiment.results.findings import Findings
from dualflow.experiment.results.graphs import Graphs
from dualflow.experiment.results.verdict import verdict
from dualflow.report import document, show, to_html, to_markdown, to_text


@dataclass(frozen=True)
class Report(Findings, Serializable):
    """One comparison: what ran, whether the arms agree, and, if they do and it was asked for, how fast they are.

    ``show()`` prints it; ``save("x.html")``, ``"x.json"``, ``"x.md"`` or ``"x.txt"`` keeps it.
    """

    FORMAT = "dualflow.compare/1"
    DERIVED = ("verdict",)

    machine: Machine
    notes: tuple[str, ...] = ()
    only: str | None = None
    published: Published | None = None
    memory: dict[str, Memory] = field(default_factory=dict)
    graphs: Graphs | None = None

    @property
    def verdict(self) -> str:
        """What it means, in one paragraph."""
        return verdict(self)

    def show(self, *, file: TextIO | None = None, width: int | None = None) -> None:
        """Print the report, coloured only where the output is a terminal or a notebook."""
        show(document(self), file=file, width=width)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the report to a file; its suffix says how: ``.html``, ``.json``, ``.md`` or ``.txt``."""
        target = Path(path)
        kinds = {
            ".html": lambda: to_html(document(self), self.dumps()), ".json": lambda: self.dumps(indent=1),
            ".md": self._repr_markdown_, ".txt": lambda: to_text(document(self)),
        }  # fmt: skip
        if target.suffix.lower() not in kinds:
            raise ValueError(f"cannot save a report as {target.name!r}: the name must end in {', '.join(kinds)}")
        target.write_text(kinds[target.suffix.lower()](), encoding="utf-8")

    def _repr_markdown_(self) -> str:
        """Render the report for a notebook."""
        return to_markdown(document(self))

    def __repr__(self) -> str:
        arms = ", ".join(ARMS[arm].label if arm in ARMS else arm for arm in self.arms)
        return f"<Report on {self.name}: {arms}; parity {'passed' if self.passed else 'failed'}; .show() prints it>"

"""Everything that one run found as a page: a section for each program, and the machine once, at the end."""

from __future__ import annotations

import functools
from dataclasses import replace

from dualflow.experiment.bundle import Bundle
from dualflow.experiment.pages import comparison, machine, sweep
from dualflow.report.document import Document, Heading, document


@document.register
def _(bundle: Bundle, fault: str | None = None) -> Document:
    """Return everything on one page, or one fault; each of several reports is a section of its own."""
    studies = [part for part in (bundle.study, bundle.peer_study) if part is not None]
    if fault is not None:
        return functools.reduce(Document.__add__, [document(part, fault) for part in studies])
    races = {race.name: race for race in bundle.races}
    if len(bundle.reports) == 1:
        (report,) = bundle.reports
        race = races.pop(report.name, None)
        parts = [comparison.page(report, bundle.study, bundle.sweeps, race, bundle.peer_study)]
    else:
        parts = [
            replace(comparison.page(report, race=races.pop(report.name, None)), title=report.name)
            for report in bundle.reports
        ]
        parts += [document(part) for part in studies]
        parts += [sweep.page(bundle.sweeps)] if bundle.sweeps else []
    parts += map(document, races.values())
    if len(bundle.reports) > 1 or not parts:
        title = "dualflow compare: " + ", ".join(report.name for report in bundle.reports)
        parts.insert(0, Document(title, tuple(comparison.overview(bundle.reports))))
    return functools.reduce(Document.__add__, _on_one_machine(bundle, parts))


def _on_one_machine(bundle: Bundle, parts: list[Document]) -> list[Document]:
    """Describe the machine once, at the end, where it was the same for all parts."""
    machines = bundle.machines()
    if len(parts) < 2 or any(not one.same(machines[0]) for one in machines):
        return parts
    end = Heading("Machine")
    cut = [
        replace(part, blocks=part.blocks[: part.blocks.index(end)]) if end in part.blocks else part for part in parts
    ]
    fullest = next((one for one in machines if one.limits is not None), machines[0])
    return [*cut[:-1], cut[-1] + (end, *machine.blocks(fullest))]

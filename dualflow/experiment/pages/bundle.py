"""Everything that a run found, on one page."""

from __future__ import annotations

import functools
from dataclasses import replace

from dualflow.experiment.bundle import Bundle
from dualflow.experiment.pages import comparison, sweep
from dualflow.report.document import Document, Heading
from dualflow.report.page import document


@document.register
def page(bundle: Bundle, fault: str | None = None) -> Document:
    """Return everything on one page, or one fault; each of several reports is a section of its own."""
    if fault is not None:
        found = [part.document(fault) for part in (bundle.study, bundle.beside) if part is not None]
        return functools.reduce(Document.__add__, found)
    races = {race.name: race for race in bundle.races}
    if len(bundle.reports) == 1:
        race = races.pop(bundle.reports[0].name, None)
        parts = [comparison.page(bundle.reports[0], bundle.study, bundle.sweeps, race, bundle.beside)]
    else:
        parts = [
            replace(comparison.page(report, race=races.pop(report.name, None)), title=report.name)
            for report in bundle.reports
        ]
        parts += [part.document() for part in (bundle.study, bundle.beside) if part is not None]
        parts += [sweep.page(bundle.sweeps)] if bundle.sweeps else []
    parts += [race.document() for race in races.values()]
    if len(bundle.reports) > 1 or not parts:
        title = "dualflow compare: " + ", ".join(report.name for report in bundle.reports)
        parts.insert(0, Document(title, tuple(comparison.overview(bundle.reports))))
    return functools.reduce(Document.__add__, _on_one_machine(bundle, parts))


def _on_one_machine(bundle: Bundle, parts: list[Document]) -> list[Document]:
    """Leave the machine to the end where it was the same for all parts."""
    machines = bundle.machines()
    if len(parts) < 2 or any(not one.same(machines[0]) for one in machines):
        return parts
    end = Heading("Machine")
    kept = [
        Document(part.title, part.blocks[: part.blocks.index(end)] if end in part.blocks else part.blocks)
        for part in parts
    ]
    fullest = next((one for one in machines if one.limits is not None), machines[0])
    return [*kept[:-1], kept[-1] + (end, *fullest.blocks())]

"""Two runs side by side as a page: in short, speed, verdicts, faults, machines."""

from __future__ import annotations

from dualflow.experiment.difference import Difference
from dualflow.experiment.measure.statistics import Comparison
from dualflow.report.document import Block, Document, Heading, Note, Paragraph, Table, document
from dualflow.report.quantity import interval, ratio, seconds


@document.register
def _(runs: Difference) -> Document:
    speed, verdicts, faults, machine = runs.speed(), runs.verdicts(), runs.faults(), runs.machine()
    faster = [off.faster for _, _, off in speed]
    common = runs.common_marks()
    blocks: list[Block] = [
        Paragraph(f"Before: {runs.names[0]}. After: {runs.names[1]}."),
        Paragraph(
            f"Of {len(speed)} arms timed in both runs {faster.count('after')} became faster, "
            f"{faster.count('before')} slower. {len(verdicts) or 'No'} "
            f"verdict{'' if len(verdicts) == 1 else 's'} changed. "
            + ("Faults were not planted in both." if common is None else
               f"Of {common} runs of planted faults {len(faults) or 'none'} showed otherwise.")
        ),
    ]  # fmt: skip
    if not runs.both() and common is None:
        blocks.append(Note("the two runs have no program and no fault in common.", "warning"))
    if machine:
        blocks.append(Note("the machines, or their software, differ; so may their speed.", "warning"))
    if speed:
        header = ["program", "arm", ">before", ">after", ">before / after", ">95 % interval", "verdict"]
        blocks += [
            Heading("Speed"),
            Table.of(header, [_row(runs, *one) for one in speed], "A step once it runs"),
            Paragraph(
                "The interval holds the noise within each of the two runs. What else changed between them, another "
                "load or another day, it cannot know: only arms of one run are compared round by round."
            ),
        ]
    titles = ("Verdicts that changed", "Faults that show otherwise", "Machines")
    for title, changes in zip(titles, (verdicts, faults, machine), strict=True):
        if changes:
            rows = [[c.of, c.what, c.before, c.after] for c in changes]
            blocks += [Heading(title), Table.of(["of", "what", "before", "after"], rows)]
    return Document("dualflow report: two runs", tuple(blocks))


def _row(runs: Difference, name: str, arm: str, off: Comparison) -> list[str | None]:
    speeds = [report.speed for pair in runs.both() if pair[0].name == name for report in pair]
    times = [None if speed is None else seconds(speed.steady(arm).median) for speed in speeds]
    verdict = {"before": "slower", "after": "faster", None: off.verdict}[off.faster]
    return [name, arm, *times, ratio(off.ratio.value), interval(off.ratio.low, off.ratio.high), verdict]

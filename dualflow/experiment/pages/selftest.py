"""A self-test as a page: the rate of false alarms, and how narrow the intervals were."""

from __future__ import annotations

from dualflow.experiment.pages.machine import ended
from dualflow.experiment.results.selftest import PROMISED, SelfTest
from dualflow.report.document import Document, Note, Paragraph, Table, document
from dualflow.report.quantity import count, interval, percent, ratio


@document.register
def _(test: SelfTest) -> Document:
    rate, n = test.rate, len(test.runs)
    text = (
        f"{count(test.alarms)} of {count(n)} runs called {test.arm} different from itself: a false-alarm rate of "
        f"{percent(rate.value)} (95 % interval {percent(rate.low)} to {percent(rate.high)}). "
        f"At most {percent(PROMISED, 0)} is promised."
    )
    worst = max(test.runs, key=lambda run: run.speedup.low).ratio
    rows = [
        ["runs", count(n)],
        ["rounds in a run", count(sorted(run.rounds for run in test.runs)[n // 2])],
        ["median width of an interval", ratio(sorted(run.ratio.high / run.ratio.low for run in test.runs)[n // 2])],
        ["run furthest from no difference", f"{ratio(worst.value)} ({interval(worst.low, worst.high)})"],
    ]
    blocks = (
        Note(text, "good" if test.passed else "bad"),
        Table.of(["", ">"], rows),
        Paragraph("A narrow interval is worth more: a machine so busy that nothing can be shown never errs."),
    )
    return ended(f"dualflow selftest: {test.program}, {test.arm} against itself", blocks, test.machine)

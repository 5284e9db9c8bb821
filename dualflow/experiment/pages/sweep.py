"""Sweeps as curves: a step's time at each x, where the curves cross, what the first step cost, what others published.

It computes nothing that ``sweep`` does not, and lays nothing out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dualflow.experiment.measure.statistics import Estimate, ratio_of_medians
from dualflow.experiment.pages.machine import ended
from dualflow.experiment.results.sweep import BY_HAND, Sweep
from dualflow.report.document import Block, Curves, Document, Heading, Note, Paragraph, Series, Table, document
from dualflow.report.quantity import count, seconds

PUBLISHED = {10**4: 66.6, 10**5: 26.9, 10**6: 4.36, 10**7: 1.34, 10**8: 1.02}
"""Time of TensorFlow 2 eager over NumPy's by the elements n·m of the data, from (100, 100) to (100000, 1000): a
regression with Adam, a user's measurements of November 2019."""
PUBLISHED_AT = "https://github.com/tensorflow/tensorflow/issues/34144"


@document.register
def _(sweep: Sweep) -> Document:
    return page([sweep])


def page(sweeps: Sequence[Sweep]) -> Document:
    """Put sweeps into reading order, with the machine that they were measured on."""
    names = ", ".join(sweep.name for sweep in sweeps)
    return ended(f"dualflow sweep: {names}", sections(sweeps, 2), sweeps[0].machine)


def sections(sweeps: Sequence[Sweep], level: int) -> Iterator[Block]:
    """Yield what each sweep found, under a heading of that level."""
    for sweep in sweeps:
        yield Heading(f"By {sweep.x_name}", level)
        yield Paragraph(f"{sweep.title[:1].upper()}{sweep.title[1:]}.")
        yield from _blocks(sweep)


def _blocks(sweep: Sweep) -> list[Block]:
    cold = sweep.name == "shapes"
    found: list[Block] = [
        Curves(
            tuple(Series(arm, _points(sweep, sweep.curve(arm))) for arm in sweep.arms), sweep.x_name, "time", "", "s",
            caption=f"Median time of a {'call' if cold else 'step once it runs'}, by {sweep.x_name}",
        ),
        Table.of(
            ["curves", "where they cross", f"95 % interval, {sweep.x_name}"],
            [[f"{c.other}, {c.arm}", c.verdict, c.interval] for c in sweep.crossings],
            "Where the curves cross, interpolated on log axes",
        ),
    ]  # fmt: skip
    found += [Note(f"left out: {text}.", "warning") for text in sweep.left_out]
    if BY_HAND in sweep.arms:
        found += [
            _beside_the_published(sweep),
            Paragraph(
                f"Published: another program (a regression with Adam), {PUBLISHED_AT}. From 256 KiB on NumPy writes "
                "the next step of an expression into the memory of the last; an op that returns a tensor cannot know "
                "that nobody keeps it."
            ),
        ]
    graphs = [arm for arm in sweep.arms if any(arm in p.traces for p in sweep.points)]
    if graphs:
        rows = [
            [count(p.x), *(seconds(p.first_s.get(arm)) for arm in graphs),
             " / ".join(map(count, dict.fromkeys(p.traces.values()))) or None]
            for p in sweep.points
        ]  # fmt: skip
        what = "all calls of a fresh function" if cold else "the first step, tracing included"
        header = [f">{sweep.x_name}", *(f">{arm}" for arm in graphs), ">traces"]
        found.append(Table.of(header, rows, f"What getting there costs: {what}"))
    wrong = sweep.differs_from_itself()
    if wrong:
        text = (
            f"the reference timed against itself came out as different at {', '.join(map(count, wrong))} "
            f"{sweep.x_name}: one point in twenty may do so by chance."
        )
        found.append(Note(text, "warning"))
    return found


def _points(sweep: Sweep, curve: Sequence[Estimate | None]) -> tuple[tuple[float, ...], ...]:
    return tuple((float(x), e.value, e.low, e.high) for x, e in zip(sweep.x, curve, strict=True) if e is not None)


def _beside_the_published(sweep: Sweep) -> Curves:
    ours = [
        ratio_of_medians(point.samples["eager"], point.samples[BY_HAND], seed=sweep.seed)
        if "eager" in point.samples else None
        for point in sweep.points
    ]  # fmt: skip
    theirs = tuple((float(x), ratio) for x, ratio in PUBLISHED.items())
    return Curves(
        (Series("eager / NumPy", _points(sweep, ours)), Series("TF 2, published", theirs)),
        sweep.x_name, "times NumPy's", caption="What eager adds to NumPy, beside what was published for TensorFlow 2",
    )  # fmt: skip

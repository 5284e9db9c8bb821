"""A sweep as tables: a step's time at each x, where the curves cross, what the first step cost, what others published.

It computes nothing that ``sweep`` does not, and lays nothing out.
"""

from __future__ import annotations

from dualflow.compare.report.document import Block, Document, Note, Paragraph, Table
from dualflow.compare.report.quantity import count, interval, ratio, seconds
from dualflow.compare.statistics import ratio_of_medians
from dualflow.compare.sweep import BY_HAND, Sweep

PUBLISHED = {10**4: 66.6, 10**5: 26.9, 10**6: 4.36, 10**7: 1.34, 10**8: 1.02}
"""Time of TensorFlow 2 eager over NumPy's by the elements n·m of the data, from (100, 100) to (100000, 1000): a
regression with Adam, a user's measurements of November 2019."""
PUBLISHED_AT = "https://github.com/tensorflow/tensorflow/issues/34144"


def document(sweep: Sweep) -> Document:
    """Put a sweep into reading order."""
    return Document(f"dualflow sweep: {sweep.name}", (Paragraph(f"{sweep.title.capitalize()}."), *blocks(sweep)))


def blocks(sweep: Sweep) -> tuple[Block, ...]:
    """Return the tables alone, for a report that has a place for them."""
    curves = {arm: sweep.curve(arm) for arm in sweep.arms}
    found: list[Block] = [
        Table.of(
            [f">{sweep.x_name}", *(f">{arm}" for arm in sweep.arms)],
            [
                [count(x), *(seconds(e.value) if (e := each[i]) else None for each in curves.values())]
                for i, x in enumerate(sweep.x)
            ],
            f"Median seconds {'of a call' if sweep.name == 'shapes' else 'of a step once it runs'}, by {sweep.x_name}",
        ),
        Table.of(
            ["curves", "where they cross", f"95 % interval, {sweep.x_name}"],
            [[f"{c.other}, {c.arm}", c.verdict, c.interval] for c in sweep.crossings()],
            "Where the curves cross, interpolated on log axes",
        ),
    ]
    found += [Note(f"left out: {text}.", "warning") for text in sweep.left_out]
    if BY_HAND in sweep.arms:
        found.append(_beside_the_published(sweep))
        found.append(Paragraph(f"Published: another program (a regression with Adam), {PUBLISHED_AT}."))
    graphs = [arm for arm in sweep.arms if any(arm in p.traces for p in sweep.points)]
    if graphs:
        found.append(
            Table.of(
                [f">{sweep.x_name}", *(f">{arm}" for arm in graphs), ">traces"],
                [
                    [count(p.x), *(seconds(p.first_s.get(arm)) for arm in graphs),
                     " / ".join(map(count, dict.fromkeys(p.traces.values()))) or None]
                    for p in sweep.points
                ],
                "What getting there costs: "
                + ("all calls of a fresh function" if sweep.name == "shapes" else "the first step, tracing included"),
            )
        )  # fmt: skip
    wrong = sweep.differs_from_itself()
    if wrong:
        found.append(
            Note(
                f"the reference timed against itself came out as different at {', '.join(map(count, wrong))} "
                f"{sweep.x_name}: one point in twenty may do so by chance.",
                "warning",
            )  # fmt: skip
        )
    return tuple(found)


def _beside_the_published(sweep: Sweep) -> Table:
    rows: list[list[str | None]] = []
    for point in sweep.points:
        if "eager" not in point.samples:
            continue
        ours = ratio_of_medians(point.samples["eager"], point.samples[BY_HAND], seed=sweep.seed)
        rows.append([count(point.x), ratio(ours.value), interval(ours.low, ours.high), ratio(PUBLISHED.get(point.x))])
    return Table.of(
        [f">{sweep.x_name}", ">eager / NumPy", ">95 % interval", ">published, TF 2 eager / NumPy"],
        rows,
        "What eager adds to NumPy, beside what was published for TensorFlow 2",
    )

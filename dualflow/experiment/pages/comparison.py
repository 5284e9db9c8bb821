"""A comparison as a page: the verdict first, then what it rests on.

It knows which numbers go into which table and how a newcomer reads them. It computes nothing that ``results`` does
not, and lays nothing out: that is ``report``'s.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from statistics import median

from dualflow.arms.arms import ARMS
from dualflow.arms.parity import KINDS, NUDGE, TOLERANCES, Gap
from dualflow.experiment.debuggability.study import Study
from dualflow.experiment.measure.machine import Limits
from dualflow.experiment.measure.memory import Memory
from dualflow.experiment.measure.statistics import BreakEven
from dualflow.experiment.pages import graphs, peer_study, sweep
from dualflow.experiment.pages import race as race_page
from dualflow.experiment.pages import study as study_page
from dualflow.experiment.pages.machine import ended
from dualflow.experiment.peers.race import Race
from dualflow.experiment.peers.study import PeerStudy
from dualflow.experiment.results.findings import Speed
from dualflow.experiment.results.report import Report
from dualflow.experiment.results.sweep import Sweep
from dualflow.experiment.results.verdict import headline, verdict
from dualflow.inspect.optimized import blocks_of
from dualflow.report.document import (
    Bar,
    Bars,
    Block,
    Curves,
    Document,
    Heading,
    KeyValues,
    Note,
    Paragraph,
    Series,
    Table,
    document,
)
from dualflow.report.quantity import count, interval, percent, quantity, ratio, seconds

SHOWN = 10
"""Steps in the step-by-step table; the JSON has them all."""

SAMPLED = 18
"""Points of a drawn line, which is straight but for a bend."""

UNSTEADY = 2.0
"""A quiet machine keeps the middle half of an arm's rounds within 20 %; twice as slow is somebody else's doing."""


@document.register
def page(
    report: Report, study: Study | None = None, sweeps: Sequence[Sweep] = (), race: Race | None = None,
    peers: PeerStudy | None = None,
) -> Document:  # fmt: skip
    """Put a report, and whatever there is of a study, sweeps, a race and faults beside peers, into reading order."""
    about = f"{report.summary.rstrip('.')}. " if report.summary else ""
    steps = "1 step" if report.steps == 1 else f"{count(report.steps)} steps"
    studied = [] if study is None else [study_page.headline(study)]
    lead = " ".join([*headline(report), *studied, *peer_study.headline(race, peers)])
    parts: dict[str, Sequence[Block]] = {
        "Do the arms agree?": _parity(report) if _compared(report) else (),
        "Where does training end?": _training(report) if report.passed else (),
        "How fast are they?": _speed(report, report.speed) if report.speed is not None else (),
        "How fast are they beside the peers?": race_page.sections(race, 3) if race is not None else (),
        "How much memory do they need?": _memory(report.memory) if report.memory else (),
        "How does it grow?": list(sweep.sections(sweeps, 3)),
        "How debuggable are they?": study_page.sections(study, 3) if study is not None else (),
        "How debuggable are they beside the peers?": peer_study.sections(peers, 3) if peers is not None else (),
        "The tape and the graph": graphs.blocks(report.graphs, report.name) if report.graphs is not None else (),
        "Retraces": [_retraces(report.speed)] if report.speed is not None else (),
    }
    blocks: list[Block] = [
        *([Paragraph(lead)] if lead else []),
        Paragraph(f"{about[:1].upper()}{about[1:]}{steps} in each arm, from seed {report.seed}."),
        KeyValues.of({name: ARMS[name].meaning for name in report.arms}),
        Heading("In short"),
        Paragraph(verdict(report)),
        *(Note(text, "warning") for text in _warnings(report)),
    ]
    for title, part in parts.items():
        blocks += [Heading(title), *part] if part else []
    return ended(f"dualflow compare: {report.name}", blocks, report.machine)


def _compared(report: Report) -> bool:
    """Return whether there is something to say of parity: more arms than one, and not just their speed."""
    return len(report.arms) > 1 and report.only != "speed" or not report.passed


def overview(reports: Sequence[Report]) -> list[Block]:
    """Return one row for each of several programs: what a step takes, what compiling gains, and when it has paid."""
    rows: list[list[str | None]] = []
    pairs = []
    for report in reports:
        cells: list[str | None] = [None] * 4
        if not report.passed:
            cells[2] = "the arms differ"
        elif report.speed is not None and report.speed.pair is not None:
            speed, pair = report.speed, report.speed.pair
            pairs.append(pair)
            r, paid = speed.ratio(*pair).ratio, speed.pays_back(*pair)
            times = [seconds(speed.steady(arm).median) for arm in pair]
            cells = [*times, f"{ratio(r.value)} ({interval(r.low, r.high)})", _when(paid, pair[1])]
        rows.append([report.name, *cells, report.published.ratio if report.published else None])
    a, b = pairs[0] if pairs else ("eager", "compiled")
    return [
        Table.of(["program", f">{a}", f">{b}", f">{a} / {b}", ">pays back", "published"], rows,
                 "A step once it runs; the ratio with its 95 % interval; the steps after which the start has paid"),
        Paragraph(
            "Published: how much faster the graph of such a program was, in another framework on another machine; "
            "`dualflow programs` has the sources."
        ),
    ]  # fmt: skip


def _when(paid: BreakEven, arm: str) -> str:
    """Return when the second arm is ahead for good; the dearer one to start is nearly always that one."""
    if paid.arm == arm:
        return "never" if paid.steps is None else "at once" if paid.steps == 0 else count(paid.steps)
    return "at once" if paid.steps is None else "never" if paid.steps == 0 else f"until {count(paid.steps)}"


def _warnings(report: Report) -> Iterator[str]:
    """Yield what a reader must know before trusting the figures."""
    yield from report.notes
    if report.parity.opaque:
        things = ", ".join(report.parity.opaque)
        yield f"not compared, because dualflow cannot tell when two are equal: {things}."
    speed = report.speed
    if speed is None:
        return
    for arm, reasons in speed.retraces.items():
        if reasons:
            yield f"{arm} traced the step {len(reasons)} more times while it was timed, last because {reasons[-1]}."
    if speed.itself is not None and speed.itself.faster is not None:
        yield (
            f"{speed.arms[0]} timed against itself came out as different, by "
            f"{percent(speed.itself.speedup.value - 1)}: trust no smaller difference of this run. One run in twenty "
            "may do so by chance."
        )
    steady = {arm: speed.steady(arm) for arm in speed.arms}
    spreads = [f"{arm} {interval(s.q1, s.q3, 's')}" for arm, s in steady.items() if s.q3 > UNSTEADY * s.q1]
    if spreads:
        yield (
            f"this machine was busy: the middle half of the steps spreads over {', '.join(spreads)}. "
            "Run it again when it is quiet; OPENBLAS_NUM_THREADS=1 helps where NumPy's threads wait for a core."
        )
    for arm, warmup in speed.samples.warmup.items():
        if warmup.settled is False:
            yield (
                f"{arm} was still getting faster or slower when its time to warm up was over; give it a larger budget "
                "for a firmer figure."
            )


def _retraces(speed: Speed) -> Block:
    rows = [[arm, count(i), reason] for arm, reasons in speed.retraces.items() for i, reason in enumerate(reasons, 1)]
    if not rows:
        return Paragraph("No arm traced the step again while it was timed.")
    return Table.of(["arm", ">", "traced again because"], rows)


# --- parity ---------------------------------------------------------------------------------------------------------


def _parity(report: Report) -> list[Block]:
    parity = report.parity
    found: list[Block] = []
    if parity.passed:
        found.append(Note(f"every result, gradient and state agrees with {parity.reference} at every step.", "good"))
    else:
        assert parity.failure is not None
        step = parity.failure.step
        ended = f"stopped at step {count(step)} of {count(report.steps)}" if step else "did not start"
        found.append(Note(f"the arms differ, and the run {ended}. Which value, and by how much, is said above.", "bad"))
    rows = []
    for arm, kind in itertools.product(parity.arms, KINDS):
        gaps = parity.gaps(arm, kind)
        if gaps:
            largest = [max(getattr(g, part) for g in gaps) for part in ("absolute", "relative", "ulps")]
            distance = [_small(largest[0]), _small(largest[1]), _ulps(largest[2])]
            rows.append([arm, kind, count(gaps[-1].arrays), *distance, _agreement(gaps)])
    if rows:
        header = ["arm", "what", ">arrays", ">difference", ">relative", ">ULP", "verdict"]
        caption = f"Largest difference from {parity.reference}; every step is taken from {parity.reference}'s own state"
        found.append(Table.of(header, rows, caption))
    if parity.steps:
        found.append(_step_by_step(report))
    used = "; ".join(f"{name}: {TOLERANCES[name]}" for name in ("float32", "float64"))
    found.append(
        Paragraph(
            "Relative and ULP (units in the last place) are taken at the array's largest element. Allowed between two "
            f"arms, because XLA reorders and fuses what NumPy does op by op: {used}. Integers must be equal."
        )
    )
    if any(g.magnified and g.ok for step in parity.steps for kinds in step.values() for g in kinds.values()):
        found.append(
            Paragraph(
                "* At some steps more was allowed, because this computation magnifies rounding: moving its inputs by "
                f"{NUDGE} units in the last place moves the answer of {parity.reference} itself as far."
            )
        )
    return found


def _agreement(gaps: Sequence[Gap]) -> str:
    if not all(g.ok for g in gaps):
        return "differ"
    if all(g.absolute == 0 for g in gaps):
        return "equal, bit for bit"
    return "agree *" if any(g.magnified for g in gaps) else "agree"


def _step_by_step(report: Report) -> Table:
    parity = report.parity
    losses = report.training.losses.get(parity.reference, ())
    rows: list[list[str | None]] = []
    for number in _chosen(len(parity.steps)):
        step = parity.steps[number - 1]
        loss = losses[number - 1] if number <= len(losses) else None
        cells = []
        for arm in parity.arms:
            gaps = step[arm].values()
            cells.append("differ" if any(g.reason for g in gaps) else _small(max(g.relative for g in gaps)))
        agree = all(g.ok for kinds in step.values() for g in kinds.values())
        rows.append([count(number), _digits(loss), *cells, "agree" if agree else "differ"])
    return Table.of(
        [">step", f">loss, {parity.reference}", *(f">{arm}" for arm in parity.arms), "verdict"], rows,
        f"Step by step: largest relative difference from {parity.reference}",
    )  # fmt: skip


def _chosen(steps: int) -> list[int]:
    """Choose the steps to show: all of a few, else ever wider apart, the first and the last always."""
    if steps <= SHOWN:
        return list(range(1, steps + 1))
    spread = {round(math.exp(math.log(steps) * i / (SHOWN - 1))) for i in range(SHOWN)}
    return sorted(spread | {1, 2, steps})


def _training(report: Report) -> list[Block]:
    training = report.training
    names = list(next(iter(training.scores.values()), {}))
    first = next(iter(training.losses.values()))
    if not names and (len(first) < 2 or first[0] == first[-1]):
        return []  # nothing was learnt
    rows = []
    for arm, losses in training.losses.items():
        ends = [_digits(losses[at]) if losses else None for at in (0, -1)]
        rows.append([arm, *ends, *(percent(training.scores[arm][name]) for name in names)])
    header = ["arm", ">loss at the first step", ">at the last", *(f">{name}" for name in names)]
    return [Table.of(header, rows, "Each arm trained by itself"), *_losses(training.losses)]


def _losses(losses: Mapping[str, Sequence[float | None]]) -> list[Block]:
    found = [
        Series(arm, tuple((float(i), x) for i, x in enumerate(values, 1) if x is not None and math.isfinite(x)))
        for arm, values in losses.items()
    ]
    every = [y for one in found for _, y in one.points]
    if len(every) < 2 * len(found) or max(map(len, losses.values())) < 3:
        return []
    caption = "The loss, step by step"
    if len(found) > 1 and _coincide(found):
        caption += "; the curves lie on one another, within 1 %"
    return [Curves(tuple(found), "step", "loss", log_x=False, log_y=min(every) > 0, caption=caption)]


def _coincide(curves: Sequence[Series]) -> bool:
    """Whether all have the same points, so nearly that a drawing shows one line."""
    for same in itertools.zip_longest(*(one.points for one in curves), fillvalue=(math.inf, 0.0)):
        xs, ys = zip(*same, strict=True)
        if len(set(xs)) > 1 or max(ys) - min(ys) > 0.01 * max(map(abs, ys)):
            return False
    return True


# --- speed ----------------------------------------------------------------------------------------------------------


def _speed(report: Report, speed: Speed) -> list[Block]:
    arms = speed.arms
    rows, bars = [], []
    for arm in arms:
        costs, steady = speed.costs[arm], speed.steady(arm)
        parts = ("build_s", "optimize_s", "trace_s", "lower_s", "compile_s", "first_s")
        spent = [_median([getattr(cost, part) for cost in costs]) for part in parts]
        rows.append([arm, *map(seconds, spent), seconds(steady.median)])
        bars.append(Bar(arm, steady.median, steady.q1, steady.q3))
    starts = len(speed.costs[arms[0]])
    blocks: list[Block] = [
        Table.of(["arm", ">build", ">optimize", ">trace", ">lower", ">compile", ">first", ">steady"], rows,
                 "Seconds per arm: the parts of starting, the whole first step, and a step once it runs"),
        Paragraph(
            "Build: run the Python once to make the graph. Optimize: leave out of it what changes nothing. Trace, "
            "lower, compile: hand it to XLA (jax.jit). The first "
            f"step includes them; medians of {starts} start{'s' if starts != 1 else ''}. Steady: the median of "
            f"{speed.samples.rounds} rounds in which the arms took turns; the bars show the middle half of them too."
        ),
        Bars(tuple(bars), "s", "A step once it runs"),
    ]  # fmt: skip
    several = {arm: reasons for arm in arms if len(reasons := speed.costs[arm][-1].traces) > 1}
    if several:
        counted = ", ".join(f"{len(reasons)} in {arm}" for arm, reasons in several.items())
        last = list(several.values())[-1][-1]
        blocks.append(
            Paragraph(f"Traces: {counted}, all counted in the parts above and in what pays back; the last: {last}.")
        )
    blocks += _ratios(speed, arms)
    blocks += _shares(speed, report.machine.limits)
    if speed.optimized is not None:
        blocks += blocks_of(speed.optimized)
    if len(arms) > 1:
        blocks.append(_earned(speed, arms))
    if speed.jax_import_s is not None:
        loading = seconds(speed.jax_import_s)
        blocks.append(Paragraph(f"Loading JAX took {loading} once for the whole process; it is not counted above."))
    if report.published is not None:
        blocks.append(
            Paragraph(
                "Published for a program of this kind, how fast the graph is next to eager: "
                f"{report.published.ratio}. {report.published.source}. That is another framework on another machine: "
                "what can be compared is the direction."
            )
        )
    return blocks


def _ratios(speed: Speed, arms: Sequence[str]) -> list[Block]:
    rows: list[list[str | None]] = []
    if speed.itself is not None:
        r = speed.itself.ratio
        rows.append([f"{arms[0]} / itself", ratio(r.value), interval(r.low, r.high), speed.itself.verdict, None])
    elif len(arms) < 2:
        return []
    for arm in arms[1:]:
        compared, back = speed.ratio(arms[0], arm), speed.pays_back(arms[0], arm)
        r = compared.ratio
        paid = "never"
        if back.arm == arm and back.steps is not None:
            paid = back.verdict + (f" ({back.interval})" if back.steps else "")
        rows.append([f"{arms[0]} / {arm}", ratio(r.value), interval(r.low, r.high), compared.verdict, paid])
    return [
        Table.of(["time of", ">ratio", ">95 % interval", "verdict", "pays back"], rows,
                 "Ratios of steady steps, and when what an arm costs to start is earned back")
    ]  # fmt: skip


def _memory(memory: Mapping[str, Memory]) -> list[Block]:
    rows = [
        [arm, *(quantity(size, "B") for size in (peak.tensors, peak.process, peak.imports))]
        for arm, peak in memory.items()
    ]
    return [
        Table.of(["arm", ">tensors", ">process", ">imports"], rows, "Peak memory, each arm in a process of its own"),
        Paragraph(
            "Tensors: state, batch, and what a steady step allocates at most beside them; for the compiled arm what "
            "XLA planned. Process: the resident peak of the first three steps beyond the imports, tracing and "
            "compiling included."
        ),
    ]


def _shares(speed: Speed, limits: Limits | None) -> list[Block]:
    """Show what each arm reaches of the machine, and of what the machine was seen to reach."""
    rows = []
    for arm, work in speed.workloads.items():
        steady = speed.steady(arm).median
        library = "jax" if arm == "compiled" else "NumPy"
        row: list[str | None] = [arm]
        for amount, unit, what in ((work.flops, "FLOP/s", "matrix product"), (work.bytes, "B/s", "memory bandwidth")):
            limit = None if limits is None else limits.best(what, library)
            row += [quantity(amount / steady, unit), None if limit is None else percent(amount / steady / limit)]
        rows.append(row)
    if not rows:
        return []
    least = sorted(set().union(*(work.uncounted for work in speed.workloads.values())))
    bound = f" At least: {', '.join(least)} are not counted." if least else ""
    return [
        Table.of(["arm", ">matrix work", ">of its limit", ">memory traffic", ">of its limit"], rows,
                 "What a steady step reaches of this machine"),
        Paragraph(
            f"Matrix products and convolutions of a step are {quantity(next(iter(speed.workloads.values())).flops)} "
            f"operations, counted from its shapes.{bound} Traffic: operands and results of each op, or what XLA says "
            "that the fused program moves; over 100 % of the limit means that they stayed in a cache."
            + ("" if limits is not None else " The limits were not measured in this run.")
        ),
    ]  # fmt: skip


def _earned(speed: Speed, arms: Sequence[str]) -> Curves:
    """Draw the time spent after so many steps, to well beyond where the dearest start has paid."""
    once = {arm: median(speed.once(arm)) for arm in arms}
    steady = {arm: speed.steady(arm).median for arm in arms}
    paid = [speed.pays_back(arms[0], arm).steps or 0 for arm in arms[1:]]
    last = 10 ** math.ceil(math.log10(10 * max(*paid, 10)))
    steps = sorted({round(last ** (i / SAMPLED)) for i in range(SAMPLED + 1)})
    return Curves(
        tuple(Series(arm, tuple((float(n), once[arm] + n * steady[arm]) for n in steps)) for arm in arms),
        "steps", "time", "", "s",
        caption="All time spent after so many steps, the start included: where two lines cross, a start has paid back",
    )  # fmt: skip


def _median(values: list[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return median(known) if known else None


def _small(value: float) -> str:
    return "0" if value == 0 else f"{value:.1e}"


def _ulps(value: float) -> str:
    return "0" if value == 0 else f"{value:.1f}" if value < 100 else count(round(value))


def _digits(value: float | None) -> str | None:
    return None if value is None else f"{value:.6g}"

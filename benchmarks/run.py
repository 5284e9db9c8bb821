"""Run the benchmarks and print every target with what was reached: ``python benchmarks/run.py [--write] [--quick]``.

Arms of a case are timed in interleaved blocks, so that drift hits all of them; a ratio is of medians, with its
bootstrap 95 % interval. ``--write`` puts the table into ``benchmarks/RESULTS.md``; each ``--report RUN.json`` adds what
a run of ``dualflow compare --json RUN.json`` found of several programs, of planted mistakes (``--full``) and of peers
(``--peers all``). Nothing is a test: a missed target is printed as missed, and the exit status is 0. On a machine that
does other work too, set OMP_NUM_THREADS=1: with a core taken away, two threads that wait for each other took 77 ms for
a step of 0.5.
"""

from __future__ import annotations

import argparse
import functools
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

import dualflow as df
from dualflow.arms.arms import ARMS
from dualflow.arms.timing import Samples, measure
from dualflow.experiment.bundle import Bundle
from dualflow.experiment.measure.machine import inspect
from dualflow.experiment.measure.statistics import ratio_of_medians, summarize
from dualflow.experiment.pages.comparison import overview
from dualflow.experiment.programs import PROGRAMS
from dualflow.experiment.selftest import selftest
from dualflow.report.document import Block, Document, Heading, Note, Paragraph, Table, document
from dualflow.report.markdown import to_markdown
from dualflow.report.terminal import show

sys.path.insert(0, str(Path(__file__).parent))
import alone
import cases

HEADERS = ("case", ">median", ">against", ">ratio", ">95 % interval", ">target", "")


def micro(seconds: float) -> str:
    """Write seconds as microseconds with three digits."""
    value = seconds * 1e6
    return f"{value:.0f} µs" if value >= 100 else f"{value:.3g} µs"


def timed(case: cases.Case, budget_s: float) -> Samples:
    """Check that the arms agree and time them."""
    cases.agree(case.name, case.arms)
    return measure(case.arms, budget_s=budget_s, seed=0)


def verdict(reached: float, low: float, high: float, target: float) -> str:
    """Say whether a target is met, beyond doubt or only by the median."""
    if high <= target:
        return "met"
    if reached <= target:
        return "met (interval reaches past it)"
    return "missed" if low > target else "missed (within noise)"


def rows_of(case: cases.Case, budget_s: float) -> list[tuple[Any, ...]]:
    """Time a case and return a row for each of its targets."""
    samples = timed(case, budget_s)
    median = {arm: summarize(samples.seconds[arm]).median for arm in case.arms}
    rows: list[tuple[Any, ...]] = []
    first = next(iter(case.arms))
    for other in list(case.arms)[1:]:
        ratio = ratio_of_medians(samples.seconds[first], samples.seconds[other])
        interval = f"{ratio.low:.2f}–{ratio.high:.2f}"
        target = case.targets.get((first, other))
        extra = case.beside.get((first, other))
        if extra is not None:
            beyond = (median[first] - median[other]) * 1e6
            asked, found = f"+{extra:g} µs", f"+{beyond:.2g} µs, {'met' if beyond <= extra else 'missed'}"
        elif target is not None:
            asked, found = f"≤ {target:g}", verdict(ratio.value, ratio.low, ratio.high, target)
        else:
            asked = found = "–"
        against = f"{other}: {micro(median[other])}"
        rows.append((case.name, micro(median[first]), against, f"{ratio.value:.2f}", interval, asked, found))
    return rows


def once(work: Callable[[], Any]) -> tuple[float, Any]:
    """Return the seconds that one call takes, and what it gives."""
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


def per_op(n: int) -> tuple[Any, ...]:
    """Build, run interpreted, and differentiate a chain of ``n`` ops; return microseconds per op for each."""
    leaf = df.ones(2, requires_grad=True)

    def eager() -> Any:
        y = leaf
        for _ in range(n):
            y = y + 1.0
        return y.sum()

    def build() -> Any:
        with df.graph() as g:
            x = df.placeholder(df.float32, (2,), name="x")
            y = x
            for _ in range(n):
                y = y + 1.0
        return g, x, y

    forward, loss = once(eager)
    backward, _ = once(loss.backward)
    building, (g, x, y) = once(build)
    session, value = df.Session(g, compile=False), np.ones(2, np.float32)
    planning, _ = once(lambda: session.run(y, {x: value}))
    running = min(once(lambda: session.run(y, {x: value}))[0] for _ in range(3))
    with df.graph(g):
        deriving, _ = once(lambda: df.gradients(y, [x]))
    return (f"{n:,}", *(micro(seconds / n) for seconds in (forward, backward, building, planning, running, deriving)))


def import_time(rounds: int) -> tuple[float, float]:
    """Return the median and best seconds of ``import dualflow`` in fresh processes, NumPy's import included."""
    program = "import time; s = time.perf_counter(); import dualflow; print(time.perf_counter() - s)"
    # as installed, with bytecode: without it Python compiles the sources anew each time, 90 ms
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    found = []
    for _ in range(rounds + 1):
        command = [sys.executable, "-c", program]
        run = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
        found.append(float(run.stdout))
    found = found[1:]  # the first wrote the bytecode
    return float(np.median(found)), min(found)


def overheads(budget_s: float) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    """Time every card that takes plain float operands; return a row for each, and one for each chapter."""
    over: list[tuple[Any, ...]] = []
    families: list[tuple[Any, ...]] = []
    for chapter, names in cases.plain().items():
        print(f"  {len(names)} ops of {chapter} …", file=sys.stderr, flush=True)
        found = []
        for title in names:
            case = cases.overhead(title)
            with np.errstate(all="ignore"):
                samples = measure(case.arms, budget_s=budget_s, seed=0)
            ours, bare = (summarize(samples.seconds[arm]).median for arm in case.arms)
            beyond = (ours - bare) * 1e6
            found.append((title, micro(bare), micro(ours), f"{beyond:.2f} µs", beyond))
        worst = max(found, key=lambda row: row[-1])
        middle = float(np.median([row[-1] for row in found]))
        families.append((chapter, str(len(found)), f"{middle:.2f} µs", worst[3], worst[0]))
        over += found
    return over, families


def tools(budget_s: float) -> Table:
    """Time a chain and a training step in each arm with every debug tool on, beside the same without."""
    rows: list[tuple[Any, ...]] = []
    for program in ("chain", "digits"):
        for arm in ARMS:
            case = cases.tooled(program, arm)
            print(f"  tools on: {case.name} …", file=sys.stderr, flush=True)
            samples = timed(case, budget_s).seconds
            row = [case.name, micro(summarize(samples["off"]).median)]
            for tool in cases.TOOLS:
                ratio = ratio_of_medians(samples[tool], samples["off"])
                row.append(f"{ratio.value:.2f} ({ratio.low:.2f}–{ratio.high:.2f})")
            rows.append(tuple(row))
    return Table.of(("program, arm", ">without", *(f">{tool}" for tool in cases.TOOLS)), rows)


def false_alarms(runs: int) -> Document:
    """Time eager mode against itself: how often do the statistics used above call it different?"""
    return document(selftest(PROGRAMS["chain"], ARMS["eager"], runs=runs))


def reported(bundle: Bundle) -> list[Block]:
    """Return the tables of the comparison's runs: programs; mistakes by class; both beside the peers."""
    blocks: list[Block] = []
    if len(bundle.reports) > 1:
        blocks += [Heading("Eager and compiled, program by program"), *overview(bundle.reports)]
    for part in (bundle.study, *bundle.races, bundle.peer_study):
        if part is not None:
            page = document(part)
            tables = [block for block in page.blocks if isinstance(block, Table | Note)]
            blocks += [Heading(page.title), page.blocks[0], *(tables[:1] if part is bundle.study else tables)]
    return blocks


def results(quick: bool, bundle: Bundle) -> Document:
    """Run everything and put it into one document, with what a run of the comparison found."""
    budget = 2.0 if quick else 8.0
    rows: list[tuple[Any, ...]] = []
    main = [
        cases.chain,
        cases.two_layer,
        cases.graph_step,
        cases.session_run,
        cases.dropout_step,
        cases.conv_graph,
        cases.replayed,
        *[lambda sizes=sizes: cases.conv_eager(*sizes) for sizes in cases.CONVOLUTIONS],
        *[lambda kind=kind: cases.random_bulk(kind) for kind in ("uniform", "normal", "integers")],
    ]
    for make in main:
        case = make()
        print(f"  {case.name} …", file=sys.stderr, flush=True)
        rows += rows_of(case, budget)
    median, best = import_time(3 if quick else 9)
    rows.append(
        (
            "import dualflow",
            f"{median:.3f} s",
            f"best {best:.3f} s",
            "–",
            "–",
            "≤ 0.2 s",
            "met" if median <= 0.2 else "missed",
        )
    )
    over, families = overheads(budget / 40)
    middle = float(np.median([row[-1] for row in over]))
    print("  chains of up to 100,000 ops …", file=sys.stderr, flush=True)
    return Document(
        "Benchmarks",
        (
            Paragraph(
                "Made by `python benchmarks/run.py --write`. Ratios are of medians, side by side in one run, "
                "with the bootstrap 95 % interval; the first column of times is dualflow's. "
                f"Threads of BLAS and PyTorch: {os.environ.get('OMP_NUM_THREADS', 'as many as cores')}."
            ),
            Table.of(HEADERS, rows),
            Heading("Cost of one op as the program grows", 2),
            Paragraph("y = y + 1.0, repeated; runs of the interpreted graph. Linear cost is a flat column."),
            Table.of(
                ("ops", ">eager, recorded", ">backward", ">build", ">first run", ">further runs", ">df.gradients"),
                [per_op(n) for n in ((1_000, 10_000) if quick else (1_000, 10_000, 100_000))],
            ),
            Heading("Cost of the debug tools", 2),
            Paragraph("Seconds with a tool on over seconds without, with 95 % intervals. Off, a tool costs nothing."),
            tools(budget),
            Heading("Overhead of a recorded eager op over its NumPy kernel", 2),
            Paragraph(f"8×8 float32, recording on. The median of {len(over)} is {middle:.2f} µs; the target is 1 µs."),
            Table.of(("family", ">ops", ">median overhead", ">largest", "the largest"), families),
            Table.of(("op", ">NumPy kernel", ">dualflow eager", ">overhead"), [row[:-1] for row in over]),
            Heading("False alarms", 2),
            false_alarms(20 if quick else 100).blocks[0],
            *reported(bundle),
            Heading("Machine", 2),
            *inspect(quick=True).blocks(),
        ),
    )


def main() -> None:
    """Run the benchmarks, print them, and write them down when asked to."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write", action="store_true", help="write benchmarks/RESULTS.md")
    parser.add_argument("--overhead", action="store_true", help="only the overhead of eager ops, by family")
    parser.add_argument("--tools", action="store_true", help="only the cost of the debug tools")
    parser.add_argument("--report", metavar="RUN.json", action="append", default=[],
                        help="a run of `dualflow compare --json`, for its tables; may be repeated")  # fmt: skip
    parser.add_argument("--quick", action="store_true", help="a quarter of the time, shorter chains")
    options = parser.parse_args()
    if options.overhead:
        over, families = overheads(0.05 if options.quick else 0.2)
        middle = float(np.median([row[-1] for row in over]))
        show(
            Document(
                "Overhead of a recorded eager op over its NumPy kernel",
                (
                    Paragraph(f"8×8 float32. The median of {len(over)} ops is {middle:.2f} µs; the target is 1 µs."),
                    Table.of(("family", ">ops", ">median overhead", ">largest", "the largest"), families),
                ),
            )
        )
        return
    if options.tools:
        show(Document("Cost of the debug tools", (tools(2.0 if options.quick else 8.0),)))
        return
    made = results(options.quick, functools.reduce(Bundle.__add__, map(Bundle.load, options.report), Bundle()))
    show(made)
    if options.write:
        page = Path(__file__).with_name("RESULTS.md")
        beside = alone.section(page.read_text(encoding="utf-8")) if page.exists() else ""
        page.write_text(f"{to_markdown(made).rstrip()}\n\n{beside}\n", encoding="utf-8")


if __name__ == "__main__":
    main()

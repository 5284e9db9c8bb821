"""The experiment itself: build every arm, step them side by side, and only if they agree put them on the clock.

At each step every arm is checked twice over. Parity is local: the arm takes the step from the reference's own state,
so that a rounding difference cannot grow over the steps and any disagreement is this step's. Beside that each arm
trains on by itself, from its own state; how far those ways part is reported and not judged. This file
knows the order of things; measuring, judging and writing are other files' business.
"""

from __future__ import annotations

import contextlib
import math
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from dualflow.arms.arms import Arm
from dualflow.arms.bench import Bench, Cost, Stage, StepValues, scalar
from dualflow.arms.parity import KINDS, Gap, compare, gap
from dualflow.arms.program import Published, Run
from dualflow.arms.state import Values
from dualflow.arms.timing import Progress, measure, part, silent
from dualflow.core.generator import default, manual_seed
from dualflow.experiment.measure import machine
from dualflow.experiment.measure.flops import count, fused_bytes, latest
from dualflow.experiment.results.findings import AGAIN, Failure, Parity, Speed, Training
from dualflow.experiment.results.report import Report

COLD_STARTS = 5
"""First steps timed per arm at most: five bound an interval, and compiling is too slow to do more often."""

BATCHES = 16
"""Batches that the clock goes round: enough that none stays in a core's first cache, few enough to hold."""

PARTS = (None, "parity", "speed")


def experiment(
    name: str,
    summary: str,
    build: Callable[[], Run],
    arms: Sequence[Arm],
    *,
    steps: int,
    seed: int = 0,
    budget_s: float = 4.0,
    only: str | None = None,
    progress: Progress = silent,
    notes: Sequence[str] = (),
    beside: Mapping[str, Callable[[], object]] | None = None,
    published: Published | None = None,
) -> Report:
    """Compare one program in every arm, the first of which is the reference.

    ``build`` is called once for each arm, in its mode and with the default random stream at ``seed``. Parity is
    checked at each of ``steps`` steps, with ``only="speed"`` at the first alone; then, unless ``only="parity"``,
    the clock has ``budget_s`` seconds for the steady state. ``progress`` is called with what is being done and how
    much of all has been, 0 to 1; ``notes`` and ``published`` go into the report; what is ``beside`` the arms is timed
    in the same rounds. The default random stream is left where it was.
    """
    if only not in PARTS:
        raise ValueError(f"only must be 'parity' or 'speed', not {only!r}")
    if steps < 1:
        raise ValueError(f"steps must be at least 1, not {steps}")
    if not (math.isfinite(budget_s) and budget_s > 0):
        raise ValueError(f"budget_s must be a positive number of seconds, not {budget_s}")
    checked = 1 if only == "speed" else steps
    end_of_parity = 1.0 if only == "parity" else 0.45

    stdout = sys.stdout

    def report(what: str, fraction: float) -> None:
        with contextlib.redirect_stdout(stdout):  # it may be called where what a step prints is dropped
            progress(what, fraction)

    stream = default().get_state()
    stage = Stage()
    try:
        jax_import_s = _load_jax(report) if any(arm.name == "compiled" for arm in arms) else None
        benches = []
        for arm in arms:
            report(f"building: {arm.label}", 0.0)
            manual_seed(seed)
            with _naming(arm), arm.scope():
                run = build()
            with _quiet():
                benches.append(Bench(stage, arm, run))
        parity, training = _step_side_by_side(benches, checked, part(report, 0.0, end_of_parity))
        speed = None
        if parity.passed and only != "parity":
            with _quiet():
                speed = _time(benches, beside or {}, budget_s, seed, jax_import_s, part(report, end_of_parity, 1.0))
    finally:
        stage.clear()
        default().set_state(stream)
    report("done", 1.0)
    return Report(
        name, summary, tuple(arm.name for arm in arms), checked, seed, parity, training, speed,
        machine.inspect(quick=True), tuple(notes), only, published,
    )  # fmt: skip


def _load_jax(progress: Progress) -> float | None:
    """Import JAX and start its backend before anything is timed; return the seconds, or None if it was there."""
    if "jax" in sys.modules:
        return None
    progress("loading JAX", 0.0)
    before = time.perf_counter()
    import jax

    jax.devices()
    return time.perf_counter() - before


# --- parity ---------------------------------------------------------------------------------------------------------


def _step_side_by_side(benches: list[Bench], steps: int, progress: Progress) -> tuple[Parity, Training]:
    reference, *others = benches
    found: list[dict[str, dict[str, Gap]]] = []
    losses: dict[str, list[float | None]] = {bench.arm.name: [] for bench in benches}
    failure = _alike(reference, others)
    for i in range(0 if failure else steps):
        progress("checking that the arms agree", i / steps)
        with _naming(reference.arm, i + 1):
            reference.stage.enter(reference)
            before = reference.state.values().copy()
            expected = reference.observe(i)
        losses[reference.arm.name].append(scalar(expected["result"]))
        gaps: dict[str, dict[str, Gap]] = {}
        for bench in others:
            with _naming(bench.arm, i + 1), _quiet():
                seen = bench.observe_from(before, i)
                losses[bench.arm.name].append(bench.advance(i))
                gaps[bench.arm.name], repeats = _judged(reference, before, i, expected, seen)
            far = ((kind, off) for kind, off in gaps[bench.arm.name].items() if not off.ok)
            failure = failure or next((Failure(i + 1, bench.arm.name, *each, repeats) for each in far), None)
        found.append(gaps)
        if failure is not None:
            break
    scores: dict[str, dict[str, float]] = {}
    if failure is None:
        for bench in benches:
            with _naming(bench.arm):
                scores[bench.arm.name] = dict(bench.scores())
    opaque = sorted(set().union(*(bench.opaque for bench in benches)))
    return (
        Parity(reference.arm.name, tuple(found), failure, tuple(opaque)),
        Training({arm: tuple(values) for arm, values in losses.items()}, scores),
    )


def _judged(
    reference: Bench, before: Values, i: int, expected: StepValues, seen: StepValues
) -> tuple[dict[str, Gap], bool]:
    """Compare an arm's step with the reference's; where it is too far off, ask how far rounding alone could lead.

    The second answer is whether the reference repeats itself. If it does not, neither does its rounding.
    """
    gaps = {kind: gap(expected[kind], seen[kind]) for kind in KINDS}
    if all(off.ok for off in gaps.values()):
        return gaps, True
    again = reference.observe_from(before, i)
    if any(gap(expected[kind], again[kind]).excess for kind in KINDS):
        return gaps, False
    return compare(expected, seen, lambda change: reference.observe_from(before.changed(change), i, change)), True


def _alike(reference: Bench, others: list[Bench]) -> Failure | None:
    """Check that all arms were built with the same state."""

    first, *rest = (dict(zip(bench.state.names, bench.start.arrays, strict=True)) for bench in (reference, *others))
    far = ((bench, off) for bench, start in zip(others, rest, strict=True) if not (off := gap(first, start)).ok)
    return next((Failure(0, bench.arm.name, "state", off) for bench, off in far), None)


# --- the clock ------------------------------------------------------------------------------------------------------


def _time(
    benches: list[Bench], beside: Mapping[str, Callable[[], object]], budget_s: float, seed: int,
    jax_import_s: float | None, progress: Progress,
) -> Speed:  # fmt: skip
    labels = {name: name for name in beside} | {bench.arm.name: bench.arm.label for bench in benches}
    costs: dict[str, list[Cost]] = {bench.arm.name: [] for bench in benches}
    trained = benches[0].now().copy()
    started = time.perf_counter()
    for start in range(COLD_STARTS):
        for bench in benches:
            progress(f"timing the first step: {bench.arm.label}", 0.3 * start / COLD_STARTS)
            costs[bench.arm.name].append(bench.cold(BATCHES))
        spent = time.perf_counter() - started
        if spent + spent / (start + 1) > budget_s:
            break
    made = {bench.arm.name: len(bench.step.log) for bench in benches}
    calls = {bench.arm.name: bench.warm(trained, BATCHES) for bench in benches}
    again = benches[0].arm.name + AGAIN
    calls[again], labels[again] = benches[0].warm(trained, BATCHES), benches[0].arm.label + AGAIN
    calls.update(beside)
    timing = part(progress, 0.3, 1.0)
    samples = measure(
        calls, budget_s=budget_s, seed=seed, progress=lambda arm, fraction: timing(f"timing: {labels[arm]}", fraction)
    )
    plans = {bench.arm.name: latest(bench.step) for bench in benches if bench.step.traces}
    workloads = {}
    for bench in benches if plans else ():
        counted = count(plans.get(bench.arm.name) or next(iter(plans.values())))  # eager does what the graph's nodes do
        fused = fused_bytes(plans[bench.arm.name]) if bench.arm.name in plans else None
        workloads[bench.arm.name] = counted if fused is None else replace(counted, bytes=fused)
    retraces = {bench.arm.name: tuple(bench.step.log[made[bench.arm.name] :]) for bench in benches}
    lean = next((bench.passes() for bench in benches if bench.arm.name in plans), None)
    return Speed({arm: tuple(each) for arm, each in costs.items()}, samples, retraces, jax_import_s, workloads, lean)


@contextlib.contextmanager
def _naming(arm: Arm, step: int | None = None) -> Iterator[None]:
    """Add to an error in which arm it was raised."""
    try:
        yield
    except Exception as error:
        error.add_note(f"(raised in the arm {arm.name!r}: {arm.label}{f', at step {step}' if step else ''})")
        raise


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Drop what a step prints: once for each of the reference's steps will do, ten thousand times will not."""
    with open(os.devnull, "w", encoding="utf-8") as nowhere, contextlib.redirect_stdout(nowhere):
        yield

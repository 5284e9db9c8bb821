"""What a run consists of: stages that each find a part of the ``Bundle``, one after the other, under one bar.

A stage that fails says so and loses nothing of the others. This file knows in what order things are measured and about
how long each takes; it imports what a stage needs when that stage runs.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from dualflow.cli.console import failures, parts, progress_bar

if TYPE_CHECKING:
    from dualflow.arms.arms import Arm
    from dualflow.arms.timing import Progress
    from dualflow.experiment.bundle import Bundle
    from dualflow.experiment.faults.card import Fault
    from dualflow.experiment.peers import Peer
    from dualflow.experiment.programs.sweeps import Kind
    from dualflow.experiment.results.report import Report

QUICK_STEPS = 20


@dataclass(frozen=True)
class Stage:
    """One thing to measure: what it is called, about how many ``seconds`` it takes, how it ``could not be`` done."""

    what: str
    seconds: float
    find: Callable[[Progress | None], Bundle]
    done: str = "compared"


def run(stages: Sequence[Stage], show_traceback: bool) -> tuple[Bundle, bool]:
    """Run the stages and put together what they found; the second answer is whether all came to an end."""
    from dualflow.experiment.bundle import Bundle

    whole, complete = Bundle(), True
    with progress_bar() as progress:
        for stage, part in zip(stages, parts(progress, [stage.seconds for stage in stages]), strict=True):
            with failures(stage.what, show_traceback, stage.done) as outcome:
                whole += stage.find(part)
            complete &= not outcome
    return whole, complete


def program(
    each: str, arms: Sequence[Arm], steps: int | None, seed: int, budget_s: float, only: str | None, quick: bool
) -> Stage:
    """Compare a program of ours or a function of the user's, and set its tape and its graph side by side."""

    def find(progress: Progress | None) -> Bundle:
        from dualflow.experiment.bundle import Bundle

        found = _compared(each, arms, steps, seed, budget_s, only, quick, progress)
        if found.speed is not None and not quick:
            found = _measured_beside(found, each, arms, seed, progress)
        return Bundle((found,))

    return Stage(each, 4 * budget_s, find)


def race(each: str, peers: Sequence[Peer], seed: int, budget_s: float, only: str | None) -> Stage:
    """Run a program beside the peers."""

    def find(progress: Progress | None) -> Bundle:
        from dualflow.experiment.bundle import Bundle
        from dualflow.experiment.peers.race import race

        return Bundle(races=(race(each, peers, seed=seed, budget_s=budget_s, only=only, progress=progress),))

    return Stage(each, 4 * budget_s, find, "run beside the peers")


def faults(chosen: Sequence[Fault], arms: Sequence[Arm]) -> Stage:
    """Plant faults in every arm."""

    def find(progress: Progress | None) -> Bundle:
        from dualflow.experiment.bundle import Bundle
        from dualflow.experiment.debuggability.study import study

        return Bundle(study=study(chosen, [arm.name for arm in arms], progress))

    return Stage("the study of faults", 5.0 * len(chosen), find, "made")


def beside(peers: Sequence[Peer], chosen: Sequence[str], tools: bool, left_out: Sequence[Peer] = ()) -> Stage:
    """Plant the faults that the peers have in dualflow's arms and in them."""

    def find(progress: Progress | None) -> Bundle:
        from dualflow.experiment.bundle import Bundle
        from dualflow.experiment.peers.study import beside

        return Bundle(beside=beside(peers, chosen, tools, progress, left_out))

    return Stage("the faults beside the peers", 1.0 * len(chosen) * len(peers), find, "planted")


def sweep(kind: Kind, arms: Sequence[Arm], up_to: int | None, seed: int, budget_s: float) -> Stage:
    """Measure a curve. Raises ValueError if it has no point so far down."""
    xs = [x for x in kind.xs if up_to is None or x <= up_to]
    if not xs:
        raise ValueError(f"the sweep {kind.name} begins at {kind.xs[0]:,} {kind.x}, beyond {up_to:,}")

    def find(progress: Progress | None) -> Bundle:
        from dualflow.experiment.bundle import Bundle
        from dualflow.experiment.sweep import sweep

        return Bundle(sweeps=(sweep(kind, arms, xs=xs, seed=seed, budget_s=budget_s, progress=progress),))

    return Stage(f"the sweep {kind.name}", 10.0 * len(xs), find, "measured")


def _compared(each: str, arms: Sequence[Arm], steps: int | None, seed: int, budget_s: float, only: str | None,
              quick: bool, progress: Progress | None) -> Report:  # fmt: skip
    from dualflow.arms import target
    from dualflow.core.generator import manual_seed
    from dualflow.experiment.comparison import experiment
    from dualflow.experiment.function import compare as compare_own
    from dualflow.experiment.programs import find_program
    from dualflow.experiment.results.graphs import graphs

    def enough(own: int) -> int:
        return steps if steps is not None else min(own, QUICK_STEPS) if quick else own

    step: Callable[..., Any]
    if not target.is_file(each):
        card = find_program(each)
        found = experiment(
            card.name, card.summary, lambda: card.build(seed), arms, steps=enough(card.steps), seed=seed,
            budget_s=budget_s, only=only, progress=progress, published=card.published,
        )  # fmt: skip
        built = card.build(seed)
        step, args = built.step, built.batch(0)
    else:
        manual_seed(seed)  # the file's own random numbers: the same at every run
        own = target.load(each)
        step, args = own.step, own.args
        found = compare_own(
            step, *args, arms=[arm.name for arm in arms], steps=enough(10), seed=seed, budget_s=budget_s, only=only,
            progress=progress, name=each,
        )  # fmt: skip
    return found if only is not None or not found.passed else replace(found, graphs=graphs(step, args))


def _measured_beside(report: Report, each: str, arms: Sequence[Arm], seed: int, progress: Progress | None) -> Report:
    """Add what is measured with no arm running: the peak memory of each, and what this machine can reach."""
    from dualflow.experiment.measure.memory import peaks

    memory = peaks(each, arms, seed, progress)
    if progress is not None:
        progress("measuring the machine's limits", 1.0)
    return replace(report, memory=memory, machine=replace(report.machine, limits=_limits()))


@functools.cache
def _limits() -> Any:
    """Measure the machine's limits, once a command."""
    from dualflow.experiment.measure.machine import inspect

    return inspect().limits

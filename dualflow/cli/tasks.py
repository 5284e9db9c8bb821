"""What a run consists of: tasks that each find a part of the ``Bundle``, one after the other, under one bar.

A task that fails says so and loses nothing of the others. This file knows in what order things are measured and about
how long each takes. It is imported when a command runs, since it loads the whole experiment.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from dualflow.arms import target
from dualflow.arms.arms import Arm
from dualflow.arms.program import GrowingProgram
from dualflow.arms.timing import Progress
from dualflow.cli.output import failures, parts, progress_bar
from dualflow.core.generator import manual_seed
from dualflow.experiment import function
from dualflow.experiment.bundle import Bundle
from dualflow.experiment.comparison import experiment
from dualflow.experiment.debuggability.study import study
from dualflow.experiment.faults.card import Fault
from dualflow.experiment.measure import machine
from dualflow.experiment.measure.memory import peaks
from dualflow.experiment.peers import Peer
from dualflow.experiment.peers import race as racing
from dualflow.experiment.peers.study import peer_study
from dualflow.experiment.programs import find_program
from dualflow.experiment.results.graphs import graphs
from dualflow.experiment.results.report import Report
from dualflow.experiment.sweep import sweep as measure_sweep


@dataclass(frozen=True)
class Task:
    """One thing to measure: what it is called, about how many ``seconds`` it takes, how it ``could not be`` done."""

    what: str
    seconds: float
    find: Callable[[Progress], Bundle]
    done: str = "compared"


def run(tasks: Sequence[Task], show_traceback: bool) -> tuple[Bundle, bool]:
    """Carry out the tasks and put together what they found; the second answer is whether all came to an end."""
    bundle, complete = Bundle(), True
    with progress_bar() as progress:
        for task, progress_of_task in zip(tasks, parts(progress, [task.seconds for task in tasks]), strict=True):
            with failures(task.what, show_traceback, task.done) as outcome:
                bundle += task.find(progress_of_task)
            complete &= not outcome
    return bundle, complete


def program(
    each: str, arms: Sequence[Arm], steps: int | None, seed: int, budget_s: float, only: str | None, at_most: int | None
) -> Task:
    """Compare a program of ours or a function of the user's, and set its tape and its graph side by side.

    ``steps``, or as many as it usually takes; with ``at_most`` not more than that, and nothing is measured besides.
    """

    def find(progress: Progress) -> Bundle:
        report = _compared(each, arms, steps, seed, budget_s, only, at_most, progress)
        if report.speed is not None and at_most is None:  # what is measured with no arm running
            memory = peaks(each, arms, seed, progress)
            progress("measuring the machine's limits", 1.0)
            report = replace(report, memory=memory, machine=replace(report.machine, limits=_limits()))
        return Bundle((report,))

    return Task(each, 4 * budget_s, find)


def race(each: str, peers: Sequence[Peer], seed: int, budget_s: float, only: str | None) -> Task:
    """Run a program beside the peers."""

    def find(progress: Progress) -> Bundle:
        found = racing.race(find_program(each), peers, seed=seed, budget_s=budget_s, only=only, progress=progress)
        return Bundle(races=(found,))

    return Task(each, 4 * budget_s, find, "run beside the peers")


def faults(chosen: Sequence[Fault], arms: Sequence[Arm]) -> Task:
    """Plant faults in every arm."""
    names = [arm.name for arm in arms]
    return Task("the study of faults", 5.0 * len(chosen), lambda p: Bundle(study=study(chosen, names, p)), "made")


def peer_faults(peers: Sequence[Peer], chosen: Sequence[str], tools: bool, left_out: Sequence[Peer] = ()) -> Task:
    """Plant the faults that the peers have in dualflow's arms and in them."""

    def find(progress: Progress) -> Bundle:
        return Bundle(peer_study=peer_study(peers, chosen, tools, progress, left_out))

    return Task("the faults beside the peers", 1.0 * len(chosen) * len(peers), find, "planted")


def sweep(growing: GrowingProgram, arms: Sequence[Arm], up_to: int | None, seed: int, budget_s: float) -> Task:
    """Measure a curve. Raises ValueError if it has no point so far down."""
    xs = [x for x in growing.xs if up_to is None or x <= up_to]
    if not xs:
        raise ValueError(f"the sweep {growing.name} begins at {growing.xs[0]:,} {growing.x}, beyond {up_to:,}")

    def find(progress: Progress) -> Bundle:
        return Bundle(sweeps=(measure_sweep(growing, arms, xs=xs, seed=seed, budget_s=budget_s, progress=progress),))

    return Task(f"the sweep {growing.name}", 10.0 * len(xs), find, "measured")


def _compared(each: str, arms: Sequence[Arm], steps: int | None, seed: int, budget_s: float, only: str | None,
              at_most: int | None, progress: Progress) -> Report:  # fmt: skip
    def enough(usual: int) -> int:
        return steps or min(usual, at_most or usual)

    if not target.is_file(each):
        card = find_program(each)
        report = experiment(
            card.name, card.summary, lambda: card.build(seed), arms, steps=enough(card.steps), seed=seed,
            budget_s=budget_s, only=only, progress=progress, published=card.published,
        )  # fmt: skip
        built = card.build(seed)
        step, args = built.step, built.batch(0)
    else:
        manual_seed(seed)  # the file's own random numbers: the same at every run
        user = target.load(each)
        step, args = user.step, user.args
        report = function.compare(
            step, *args, arms=[arm.name for arm in arms], steps=enough(10), seed=seed, budget_s=budget_s, only=only,
            progress=progress, name=each,
        )  # fmt: skip
    return report if only is not None or not report.passed else replace(report, graphs=graphs(step, args))


@functools.cache
def _limits() -> machine.Limits | None:
    """Measure the machine's limits, once a command."""
    return machine.inspect().limits

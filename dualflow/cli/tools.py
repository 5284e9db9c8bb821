"""Commands around the comparison: ``step`` and ``explain`` look into a function, ``sweep`` and ``selftest`` measure on.

The same rules as for the others: what a command needs is imported when it runs, a mistake ends in a sentence.
"""

from __future__ import annotations

import bdb
import contextlib
import json
import sys
from typing import Any

import click

from dualflow.arms.arms import choose
from dualflow.arms.target import Unknown, check_file, is_file, load
from dualflow.cli.output import (
    arms_option,
    failures,
    json_option,
    outputs,
    progress_bar,
    publish,
    seed_option,
    traceback_option,
    usage_errors,
)


@click.command(short_help="Show what every op of a step gives, in two arms side by side, or stop at one.")
@click.argument("target", metavar="PROGRAM | FILE.py:FUNCTION")
@click.option("--arm", "arms", default="eager,compiled", show_default=True, help="One arm, or two to set side by side.")
@click.option("--break", "breaks", multiple=True, metavar="WHERE",
              help="A line (12 or FILE.py:12), a variable, a symbol or an op. On a terminal, stop there in pdb, with "
              "values; elsewhere, show only those ops. May be repeated.")  # fmt: skip
@seed_option
@click.option("--save", "save_to", metavar="PATH", type=click.Path(dir_okay=False, writable=True),
              help="Also save the (first) recording, for `df.bisect` to compare with another day's.")  # fmt: skip
@json_option
@traceback_option
def step(
    target: str, arms: str, breaks: tuple[str, ...], seed: int, save_to: str | None, as_json: bool, show_traceback: bool
) -> None:
    """Run a step once and show every op: the line, the variable, the value, and whether two arms agree.

    Variables are afterwards what they were. Inputs are found as for `dualflow compare`.

    Exit codes: 0 it ran, and two arms agree; 1 they part, or something failed; 2 the command was not understood.
    """
    from dualflow.experiment.programs import check, step_of
    from dualflow.inspect.record import bisect
    from dualflow.inspect.record.recorder import Subject
    from dualflow.inspect.record.replay import replay

    with usage_errors():
        chosen = [arm.name for arm in choose(arms)]
        check(target)
    if len(chosen) > 2:
        raise click.UsageError(f"--arm: one arm or two, not {len(chosen)}")
    places: list[Any] = [int(where) if where.isdigit() else where for where in breaks]
    with failures(target, show_traceback, "run") as outcome:
        function, args = step_of(target, seed)
        if places and sys.stdin.isatty() and not as_json:
            with contextlib.suppress(bdb.BdbQuit):
                click.echo(replay(function, *args, breakpoints=places))
            return
        # What the user's own code prints must not get into the JSON.
        with contextlib.redirect_stdout(sys.stderr) if as_json else contextlib.nullcontext():
            subject = Subject("step", function, args)
            runs = bisect.between(subject, *chosen) if len(chosen) == 2 else (subject.record(chosen[0]),)
        if save_to is not None:
            runs[0].save(save_to)
        if as_json:
            click.echo(json.dumps([run.to_json() for run in runs]))
        elif len(runs) == 3:
            click.echo(bisect.side_by_side(runs[0], runs[1], places))
            click.echo(f"\n{runs[2]}")
        else:
            click.echo(runs[0].table(places))
    if outcome or runs[0].error or not (len(runs) == 1 or runs[2].ok):
        sys.exit(1)


@click.command(short_help="Say why a function is traced, where its time goes, and what to change.")
@click.argument("target", metavar="FILE.py:FUNCTION")
@click.option("--calls", type=click.IntRange(min=1), default=5, show_default=True, help="How often to call it.")
@json_option
@traceback_option
def explain(target: str, calls: int, as_json: bool, show_traceback: bool) -> None:
    """Call a function of yours in graph mode and explain its traces.

    Prints what each trace was made for and why, the time by phase, its nodes, what it captured, and a short list of
    what to change; what `df.lint()` finds while it runs goes to stderr. Inputs are found as for `dualflow compare`.

    Exit codes: 0 explained, 1 the function failed, 2 the command was not understood.
    """
    from dualflow.inspect.explain import explain as why

    with usage_errors():
        if not is_file(target):
            raise Unknown(f"{target!r} is not FILE.py:FUNCTION")
        check_file(target)
    with failures(target, show_traceback, "explained") as outcome:
        with contextlib.redirect_stdout(sys.stderr):  # what the user's own code prints
            user = load(target)
            found = why(user.step, *user.args, calls=calls)
    if outcome:
        sys.exit(1)
    if as_json:
        click.echo(json.dumps(found.to_json()))
    else:
        found.show()


@click.command(short_help="Measure curves: what grows with size, depth, batch, length, shapes, variables?")
@click.argument("kinds", nargs=-1, metavar="[size|depth|batch|sequence|shapes|variables]...")
@arms_option()
@click.option("--up-to", type=click.IntRange(min=1), help="Leave out the points beyond this.")
@click.option("--budget", type=click.FloatRange(min=0, min_open=True), default=1.0, show_default=True,
              help="Seconds for the steady state of each point.")  # fmt: skip
@seed_option
@outputs
@traceback_option
def sweep(
    kinds: tuple[str, ...], arms: str, up_to: int | None, budget: float, seed: int, show_traceback: bool,
    **out: str | None,
) -> None:  # fmt: skip
    """Repeat the comparison while one thing grows, and say where the curves of the arms cross.

    All kinds without an argument: some five minutes on two cores. An arm that would need more than 20 s for its next
    first step is left out, by name.
    """
    from dualflow.cli import tasks
    from dualflow.experiment.programs.sweeps import SWEEPS

    with usage_errors():
        for name in kinds:
            if name not in SWEEPS:
                raise ValueError(f"there is no sweep {name!r}; there are {', '.join(SWEEPS)}")
        plan = [tasks.sweep(SWEEPS[name], choose(arms), up_to, seed, budget) for name in kinds or SWEEPS]
    bundle, complete = tasks.run(plan, show_traceback)
    if bundle.sweeps:
        publish(bundle, **out)
    if not complete:
        sys.exit(1)


@click.command(short_help="Time an arm against itself, 100 times: how often is it called different?")
@click.argument("program", default="chain", metavar="[PROGRAM]")
@click.option("--arm", default="eager", show_default=True, help="Which to time.")
@click.option("--runs", type=click.IntRange(min=1), default=100, show_default=True, help="How often.")
@click.option("--budget", type=click.FloatRange(min=0, min_open=True), default=0.6, show_default=True,
              help="Seconds of each run.")  # fmt: skip
@seed_option
@json_option
def selftest(program: str, arm: str, runs: int, budget: float, seed: int, as_json: bool) -> None:
    """Print the rate of false alarms of `dualflow compare`'s verdicts on this machine, with its interval.

    Exit code 1 if the rate is demonstrably above the 5 % promised.
    """
    from dualflow.experiment.programs import find_program
    from dualflow.experiment.selftest import selftest as measured

    with usage_errors():
        (chosen,) = choose([arm])
        card = find_program(program)
    with progress_bar() as progress:
        found = measured(card, chosen, runs=runs, budget_s=budget, seed=seed, progress=progress)
    publish(found, json_to="-" if as_json else None)
    if not found.passed:
        sys.exit(1)

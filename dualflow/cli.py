"""The command line: ``dualflow compare``, ``dualflow step``, ``dualflow programs``, ``dualflow doctor``.

This file knows options, exit codes and what goes to which stream: reports to stdout, progress and errors to stderr.
It imports what a command needs when that command runs, so that ``--help`` loads neither JAX nor rich. A user's mistake
ends in a sentence and exit code 2 (usage) or 1 (failure), never in a traceback, unless one is asked for.
"""

from __future__ import annotations

import contextlib
import difflib
import functools
import json
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from dualflow import __version__
from dualflow.console import failures, progress_bar

if TYPE_CHECKING:
    from dualflow.compare.debug.study import Study
    from dualflow.compare.peers import Peer
    from dualflow.compare.peers.race import Race
    from dualflow.compare.results import Report

PARTS = ("parity", "speed", "debug")
QUICK_STEPS = 20
BUDGET_S, QUICK_BUDGET_S = 6.0, 1.0


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80})
@click.version_option(__version__, prog_name="dualflow")
def main() -> None:
    """One program, two executions: eager and graph, compared side by side.

    \b
    dualflow compare                    the whole comparison, on real data
    dualflow compare my_step.py:step    the same for a function of your own
    dualflow step my_step.py:step       what every op of it gives, in two arms
    """


@main.command(short_help="Run programs in every arm: do they agree, and how fast is each?")
@click.argument("targets", nargs=-1, metavar="[PROGRAM | FILE.py:FUNCTION]...")
@click.option("--only", type=click.Choice(PARTS),
              help="Check only that the arms agree, or (after one step) time them, or plant faults.")  # fmt: skip
@click.option("--fault", metavar="NAME", help="With --only debug: one planted fault, with what every arm said of it.")
@click.option("--steps", type=click.IntRange(min=1), help="Steps to take in each arm.  [default: the program's, or 10]")
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Where random numbers start.")
@click.option("--arms", default="eager,interpreted,compiled", show_default=True,
              help="Which to run; the first is what the others are compared with.")  # fmt: skip
@click.option("--peers", metavar="NAMES", help="Also run the programs in torch, torch.compile, tensorflow, "
              "tf.function, tf1, jax, jax.jit (a list of them, or all), as far as they are installed.")  # fmt: skip
@click.option("--quick", is_flag=True, help=f"At most {QUICK_STEPS} steps and {QUICK_BUDGET_S:g} s of timing.")
@click.option("--json", "json_to", metavar="PATH", type=click.Path(dir_okay=False, writable=True, allow_dash=True),
              help="Also write everything as JSON; '-' prints only that.")  # fmt: skip
@click.option("--html", "html_to", metavar="PATH", type=click.Path(dir_okay=False, writable=True),
              help="Also write the report as one HTML file that opens offline.")  # fmt: skip
@click.option("--traceback", "show_traceback", is_flag=True, envvar="DUALFLOW_TRACEBACK",
              help="Show the whole traceback of an error (or set DUALFLOW_TRACEBACK=1).")  # fmt: skip
def compare(
    targets: tuple[str, ...], only: str | None, fault: str | None, steps: int | None, seed: int, arms: str,
    peers: str | None, quick: bool, json_to: str | None, html_to: str | None, show_traceback: bool,
) -> None:  # fmt: skip
    """Run programs in eager mode, as an interpreted graph and as a compiled graph.

    First the arms must agree on every result, gradient and state; only then are they timed. Without a PROGRAM it is
    `digits`; `dualflow programs` lists the others.

    A function of your own is named as FILE.py:FUNCTION. Write it as for eager mode. Its inputs are the top-level
    variables of the file that have the names of its parameters:

    \b
        import dualflow as df
        x = df.randn(32, 10)
        w = df.Variable(df.zeros(10, 1))
        def step(x):
            loss = ((x @ w - 1) ** 2).mean()
            df.optim.SGD([w], lr=0.1).minimize(loss)
            return loss

    Variables that the function changes are shared by all arms and start from the same values in each.
    examples/my_step.py is a longer one.

    Exit codes: 0 all arms agree, 1 they differ or something failed, 2 the command was not understood.
    """
    from dualflow.compare import arms as known_arms
    from dualflow.compare import target
    from dualflow.compare.report import show

    try:
        chosen = known_arms.choose(arms)
        for each in targets:
            target.check(each)
    except (ValueError, target.Unknown) as mistake:
        raise click.UsageError(str(mistake)) from None
    for option, path in (("--json", json_to), ("--html", html_to)):
        if path not in (None, "-") and not os.access(os.path.dirname(os.path.abspath(path)), os.W_OK):
            # said now, not after a minute of measuring
            raise click.UsageError(f"{option}: cannot write to the directory of {path!r}")

    beside = _peers(targets or ("digits",), peers, only)
    if only == "debug":
        _debuggability(targets, [arm.name for arm in chosen], fault, quick, json_to, html_to, show_traceback)
        return
    if fault is not None:
        raise click.UsageError("--fault goes with --only debug")

    budget_s = QUICK_BUDGET_S if quick else BUDGET_S
    reports: list[Report] = []
    failed = False
    for each in targets or ("digits",):
        with failures(each, show_traceback) as outcome, progress_bar() as progress:
            # What the user's own code prints must not get into the JSON.
            with contextlib.redirect_stdout(sys.stderr) if json_to == "-" else contextlib.nullcontext():
                report = _one(each, chosen, steps, seed, budget_s, only, quick, progress)
                if report.speed is not None and not quick:
                    report = _measured_beside(report, each, chosen, seed, progress)
                reports.append(report)
        if outcome:
            failed = True
            continue
        if json_to != "-":
            if len(reports) > 1:
                click.echo()
            report.show()
        failed |= not report.passed
    races: list[Race] = []
    for each in (targets or ("digits",)) if beside else ():
        with failures(each, show_traceback, "run beside the peers") as outcome, progress_bar() as progress:
            from dualflow.compare.peers.race import race

            races.append(race(each, beside, seed=seed, budget_s=budget_s, only=only, progress=progress))
        failed |= bool(outcome) or not races[-1].passed
        if not outcome and json_to != "-":
            click.echo()
            show(races[-1].document())
    if json_to is not None:
        data = {"reports": [report.to_json() for report in reports]}
        text = json.dumps(data | ({"peers": [race.to_json() for race in races]} if beside else {}), allow_nan=False)
        if json_to == "-":
            click.echo(text)
        else:
            with open(json_to, "w", encoding="utf-8") as file:
                file.write(text + "\n")
    if html_to is not None and reports:
        with open(html_to, "w", encoding="utf-8") as file:
            file.write(_html([*reports, *races]))
    if failed:
        sys.exit(1)


def _debuggability(
    targets: tuple[str, ...], arms: list[str], fault: str | None, quick: bool,
    json_to: str | None, html_to: str | None, show_traceback: bool,
) -> None:  # fmt: skip
    """Run the study of planted faults, all or one, and write it where it was asked for."""
    from dualflow.compare.debug.study import SAMPLE, study
    from dualflow.compare.faults import FAULTS

    if targets:
        raise click.UsageError("--only debug has programs of its own; `dualflow debug FILE.py:FUNCTION` takes yours")
    if fault is not None and fault not in FAULTS:
        near = difflib.get_close_matches(fault, FAULTS, 3, 0.3)
        raise click.UsageError(f"there is no fault {fault!r} among {len(FAULTS)}; the nearest are {', '.join(near)}")
    chosen = [FAULTS[fault]] if fault else [f for f in FAULTS.values() if not quick or f.name in SAMPLE]
    with failures("the study of faults", show_traceback) as outcome, progress_bar() as progress:
        found = study(chosen, arms, progress)
    if outcome:
        sys.exit(1)
    _write_study(found, fault, json_to, html_to)


def _write_study(found: Study, fault: str | None, json_to: str | None, html_to: str | None) -> None:
    if json_to == "-":
        click.echo(found.dumps(), nl=False)
        return
    found.show(fault)
    if json_to is not None:
        with open(json_to, "w", encoding="utf-8") as file:
            file.write(found.dumps())
    if html_to is not None:
        from dualflow.compare.report import to_html

        with open(html_to, "w", encoding="utf-8") as file:
            file.write(to_html(found.document(fault)))


@main.command(short_help="Plant mistakes in a function of yours: which mode would have told you?")
@click.argument("where", metavar="FILE.py:FUNCTION")
@click.option("--arms", default="eager,interpreted,compiled", show_default=True, help="Which to run.")
@click.option("--each", type=click.IntRange(min=1), default=3, show_default=True, help="Mistakes of every sort.")
@click.option("--fault", metavar="NAME", help="Show one of the mistakes, with what every arm said of it.")
@click.option("--json", "json_to", metavar="PATH", type=click.Path(dir_okay=False, writable=True, allow_dash=True),
              help="Also write every record as JSON; '-' prints only that.")  # fmt: skip
@click.option("--html", "html_to", metavar="PATH", type=click.Path(dir_okay=False, writable=True),
              help="Also write the report as one HTML file that opens offline.")  # fmt: skip
@click.option("--traceback", "show_traceback", is_flag=True, envvar="DUALFLOW_TRACEBACK",
              help="Show the whole traceback of an error (or set DUALFLOW_TRACEBACK=1).")  # fmt: skip
def debug(
    where: str, arms: str, each: int, fault: str | None, json_to: str | None, html_to: str | None, show_traceback: bool
) -> None:
    """Plant mechanical mistakes in a function of your own, one at a time, and run it in every arm.

    A row less, a transposed matrix, another dtype, a division by zero, a wrong sign, an older variable, an index too
    far, a call left out, a value read as a number: each changes one line of a copy of your file. The function is called
    three times, with the top-level variables that have the names of its parameters, as `dualflow compare` does.
    """
    from dualflow.compare import arms as known_arms
    from dualflow.compare import target
    from dualflow.compare.debug.study import study_own

    try:
        chosen = [arm.name for arm in known_arms.choose(arms)]
        target.check(where)
        if not target.is_file(where):
            raise target.Unknown("name a function of your own, as FILE.py:FUNCTION")
    except (ValueError, target.Unknown) as mistake:
        raise click.UsageError(str(mistake)) from None
    with failures(where, show_traceback) as outcome, progress_bar() as progress:
        found = study_own(where, chosen, each, progress)
    if outcome:
        sys.exit(1)
    if fault is not None and fault not in found.cards():
        raise click.UsageError(f"no mistake {fault!r} was planted; there are {', '.join(found.cards())}")
    _write_study(found, fault, json_to, html_to)


@main.command(short_help="Show what every op of a step gives, in two arms side by side, or stop at one.")
@click.argument("target", metavar="PROGRAM | FILE.py:FUNCTION")
@click.option("--arm", "arms", default="eager,compiled", show_default=True, help="One arm, or two to set side by side.")
@click.option("--break", "breaks", multiple=True, metavar="WHERE",
              help="A line (12 or FILE.py:12), a variable, a symbol or an op. On a terminal, stop there in pdb, with "
              "values; elsewhere, show only those ops. May be repeated.")  # fmt: skip
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Where random numbers start.")
@click.option("--save", "save_to", metavar="PATH", type=click.Path(dir_okay=False, writable=True),
              help="Also save the (first) recording, for `df.bisect` to compare with another day's.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--traceback", "show_traceback", is_flag=True, envvar="DUALFLOW_TRACEBACK",
              help="Show the whole traceback of an error (or set DUALFLOW_TRACEBACK=1).")  # fmt: skip
def step(
    target: str, arms: str, breaks: tuple[str, ...], seed: int, save_to: str | None, as_json: bool, show_traceback: bool
) -> None:
    """Run a step once and show every op: the line, the variable, the value, and whether two arms agree.

    Variables are afterwards what they were. Inputs are found as for `dualflow compare`.

    Exit codes: 0 it ran, and two arms agree; 1 they part, or something failed; 2 the command was not understood.
    """
    import bdb

    from dualflow.compare import arms as known_arms
    from dualflow.compare import target as named

    try:
        chosen = [arm.name for arm in known_arms.choose(arms)]
        named.check(target)
    except (ValueError, named.Unknown) as mistake:
        raise click.UsageError(str(mistake)) from None
    if len(chosen) > 2:
        raise click.UsageError(f"--arm: one arm or two, not {len(chosen)}")
    places: list[Any] = [int(where) if where.isdigit() else where for where in breaks]
    with failures(target, show_traceback, "run") as outcome:
        from dualflow.debugger import bisect, replay
        from dualflow.debugger.recorder import Subject

        function, args = step_of(target, seed)
        if places and sys.stdin.isatty() and not as_json:
            with contextlib.suppress(bdb.BdbQuit):
                click.echo(replay.replay(function, *args, breakpoints=places))
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


def step_of(target: str, seed: int) -> tuple[Callable[..., Any], tuple[Any, ...]]:
    """Return the function that a target names and arguments for it."""
    from dualflow.compare import target as named
    from dualflow.generator import manual_seed

    manual_seed(seed)
    if named.is_file(target):
        own = named.load(target)
        return own.step, own.args
    run = named.find_program(target).build(seed)
    return run.step, run.batch(0)


@main.command(short_help="List the programs that come with dualflow.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def programs(as_json: bool) -> None:
    """List the programs that `dualflow compare` knows by name."""
    from dualflow.compare.programs import PROGRAMS

    cards = PROGRAMS.values()
    if as_json:
        listed = [{**vars(c), "published": c.published and vars(c.published)} for c in cards]
        click.echo(json.dumps([{k: v for k, v in entry.items() if k != "build"} for entry in listed]))
        return
    from dualflow.compare.report import Document, KeyValues, Paragraph, Table, show

    show(
        Document(
            "dualflow programs",
            (
                Table.of(
                    ["program", "what it does", ">steps", "published"],
                    [[c.name, c.summary, str(c.steps), c.published.ratio if c.published else None] for c in cards],
                ),
                Paragraph("Published: how fast the graph of such a program was next to eager, in another framework."),
                KeyValues.of({c.name: c.published.source for c in cards if c.published}),
                Paragraph("`dualflow compare PROGRAM` runs one; `dualflow compare FILE.py:FUNCTION` one of your own."),
            ),
        )
    )


@main.command(short_help="Say why a function is traced, where its time goes, and what to change.")
@click.argument("target", metavar="FILE.py:FUNCTION")
@click.option("--calls", type=click.IntRange(min=1), default=5, show_default=True, help="How often to call it.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--traceback", "show_traceback", is_flag=True, envvar="DUALFLOW_TRACEBACK",
              help="Show the whole traceback of an error (or set DUALFLOW_TRACEBACK=1).")  # fmt: skip
def explain(target: str, calls: int, as_json: bool, show_traceback: bool) -> None:
    """Call a function of yours in graph mode and explain its traces.

    Prints what each trace was made for and why, the time by phase, its nodes, what it captured, and a short list of
    what to change; what `df.lint()` finds while it runs goes to stderr. Inputs are found as for `dualflow compare`.

    Exit codes: 0 explained, 1 the function failed, 2 the command was not understood.
    """
    from dualflow.compare import target as targets
    from dualflow.debugger import explain as why

    try:
        if not targets.is_file(target):
            raise targets.Unknown(f"{target!r} is not FILE.py:FUNCTION")
        targets.check(target)
    except targets.Unknown as mistake:
        raise click.UsageError(str(mistake)) from None
    with failures(target, show_traceback, "explained") as outcome:
        with contextlib.redirect_stdout(sys.stderr):  # what the user's own code prints
            own = targets.load(target)
            found = why(own.step, *own.args, calls=calls)
    if outcome:
        sys.exit(1)
    if as_json:
        click.echo(json.dumps(found.to_json()))
    else:
        found.show()


@main.command(short_help="Describe this machine: versions, devices, threads, and how fast it can be.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def doctor(as_json: bool) -> None:
    """Print versions, devices, threads and BLAS, and measure matrix-product rate and memory bandwidth.

    Exit code 1 if a package is missing or JAX cannot run.
    """
    from dualflow.compare.machine import inspect
    from dualflow.compare.report import show

    found = inspect()
    if as_json:
        click.echo(json.dumps(found.to_json()))
    else:
        show(found.document())
    if found.environment.missing or found.environment.jax_error is not None:
        sys.exit(1)


def _measured_beside(report: Report, each: str, arms: Any, seed: int, progress: Any) -> Report:
    """Add what is measured with no arm running: the peak memory of each, and what this machine can reach."""
    from dualflow.compare.memory import peaks

    memory = peaks(each, arms, seed, progress)
    if progress is not None:
        progress("measuring the machine's limits", 1.0)
    return replace(report, memory=memory, machine=replace(report.machine, limits=_limits()))


@functools.cache
def _limits() -> Any:
    """Measure the machine's limits, once a command."""
    from dualflow.compare.machine import inspect

    return inspect().limits


def _one(each: str, arms: Any, steps: int | None, seed: int, budget_s: float, only: str | None, quick: bool,
         progress: Callable[[str, float], None] | None) -> Report:  # fmt: skip
    """Compare one target."""
    from dualflow.compare import target
    from dualflow.compare.experiment import experiment
    from dualflow.compare.own import compare as compare_own
    from dualflow.generator import manual_seed

    def enough(own: int) -> int:
        return steps if steps is not None else min(own, QUICK_STEPS) if quick else own

    if not target.is_file(each):
        program = target.find_program(each)
        return experiment(
            program.name, program.summary, lambda: program.build(seed), arms, steps=enough(program.steps), seed=seed,
            budget_s=budget_s, only=only, progress=progress, published=program.published,
        )  # fmt: skip
    manual_seed(seed)  # the file's own random numbers: the same at every run
    own = target.load(each)
    return compare_own(
        own.step, *own.args, arms=[arm.name for arm in arms], steps=enough(10), seed=seed, budget_s=budget_s, only=only,
        progress=progress, name=each,
    )  # fmt: skip


def _html(reports: Sequence[Report | Race]) -> str:
    """Put all reports on one page, each as a section when there are several."""
    from dualflow.compare.report import Document, to_html

    first, *more = [report.document() for report in reports]
    if not more:
        return to_html(first)
    page = Document("dualflow compare: " + ", ".join(dict.fromkeys(report.name for report in reports)))
    for each in (first, *more):
        page += each
    return to_html(page)


def _peers(targets: Sequence[str], names: str | None, only: str | None) -> tuple[Peer, ...]:
    """Return the peers that were asked for. Raises UsageError for an unknown one, or a target that they do not have."""
    if names is None:
        return ()
    from dualflow.compare.peers import choose
    from dualflow.compare.peers.race import ADAPTED

    for each in targets if only != "debug" else ():
        if each not in ADAPTED:
            raise click.UsageError(f"--peers: no peer has the program {each!r}; they have {', '.join(ADAPTED)}")
    try:
        return choose(names)
    except ValueError as mistake:
        raise click.UsageError(f"--peers: {mistake}") from None


@main.command(short_help="Measure curves: what grows with size, depth, batch, length, shapes, variables?")
@click.argument("kinds", nargs=-1, metavar="[size|depth|batch|sequence|shapes|variables]...")
@click.option("--arms", default="eager,interpreted,compiled", show_default=True, help="Which to run.")
@click.option("--up-to", type=click.IntRange(min=1), help="Leave out the points beyond this.")
@click.option("--budget", type=click.FloatRange(min=0, min_open=True), default=1.0, show_default=True,
              help="Seconds for the steady state of each point.")  # fmt: skip
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Where random numbers start.")
@click.option("--json", "json_to", metavar="PATH", type=click.Path(dir_okay=False, writable=True, allow_dash=True),
              help="Also write everything as JSON; '-' prints only that.")  # fmt: skip
@click.option("--traceback", "show_traceback", is_flag=True, envvar="DUALFLOW_TRACEBACK",
              help="Show the whole traceback of an error (or set DUALFLOW_TRACEBACK=1).")  # fmt: skip
def sweep(
    kinds: tuple[str, ...], arms: str, up_to: int | None, budget: float, seed: int, json_to: str | None,
    show_traceback: bool,
) -> None:  # fmt: skip
    """Repeat the comparison while one thing grows, and say where the curves of the arms cross.

    All kinds without an argument. An arm that would need more than 20 s for its next first step is left out, by name.
    """
    from dualflow.compare import arms as known_arms
    from dualflow.compare.programs.sweeps import KINDS
    from dualflow.compare.report import show
    from dualflow.compare.sweep import sweep as measured

    try:
        chosen = known_arms.choose(arms)
    except ValueError as mistake:
        raise click.UsageError(str(mistake)) from None
    for name in kinds:
        if name not in KINDS:
            raise click.UsageError(f"there is no sweep {name!r}; there are {', '.join(KINDS)}")
    found = []
    for name in kinds or tuple(KINDS):
        with failures(f"the sweep {name}", show_traceback, "measured") as outcome, progress_bar() as progress:
            xs = [x for x in KINDS[name].xs if up_to is None or x <= up_to]
            found.append(measured(KINDS[name], chosen, xs=xs, seed=seed, budget_s=budget, progress=progress))
        if outcome:
            sys.exit(1)
        if json_to != "-":
            show(found[-1].document())
    if json_to is not None:
        with click.open_file(json_to, "w", encoding="utf-8") as file:
            file.write(json.dumps({"sweeps": [each.to_json() for each in found]}, allow_nan=False) + "\n")


@main.command(short_help="Time an arm against itself, 100 times: how often is it called different?")
@click.argument("program", default="chain", metavar="[PROGRAM]")
@click.option("--arm", default="eager", show_default=True, help="Which to time.")
@click.option("--runs", type=click.IntRange(min=1), default=100, show_default=True, help="How often.")
@click.option("--budget", type=click.FloatRange(min=0, min_open=True), default=0.6, show_default=True,
              help="Seconds of each run.")  # fmt: skip
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Where random numbers start.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def selftest(program: str, arm: str, runs: int, budget: float, seed: int, as_json: bool) -> None:
    """Print the rate of false alarms of `dualflow compare`'s verdicts on this machine, with its interval.

    Exit code 1 if the rate is demonstrably above the 5 % promised.
    """
    from dualflow.compare import arms as known_arms
    from dualflow.compare import target
    from dualflow.compare.report import show
    from dualflow.compare.selftest import selftest as measured

    try:
        (chosen,) = known_arms.choose([arm])
        card = target.find_program(program)
    except (ValueError, target.Unknown) as mistake:
        raise click.UsageError(str(mistake)) from None
    with progress_bar() as progress:
        found = measured(card, chosen, runs=runs, budget_s=budget, seed=seed, progress=progress)
    if as_json:
        click.echo(json.dumps(found.to_json(), allow_nan=False))
    else:
        show(found.document())
    if not found.passed:
        sys.exit(1)

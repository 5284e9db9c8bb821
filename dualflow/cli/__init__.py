"""The command line: ``dualflow compare``, ``dualflow step``, ``dualflow programs``, ``dualflow doctor``.

This file knows options, exit codes and what goes to which stream: reports to stdout, progress and errors to stderr.
It imports what a command needs when that command runs, so that ``--help`` loads neither JAX nor rich. A user's mistake
ends in a sentence and exit code 2 (usage) or 1 (failure), never in a traceback, unless one is asked for.
"""

from __future__ import annotations

import contextlib
import difflib
import json
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from dualflow import __version__
from dualflow.cli import stages, tools
from dualflow.cli.console import failures, outputs, progress_bar, publish
from dualflow.cli.stages import QUICK_STEPS

if TYPE_CHECKING:
    from dualflow.cli.stages import Stage
    from dualflow.experiment.peers import Peer

PARTS = ("parity", "speed", "debug")
BUDGET_S, QUICK_BUDGET_S = 6.0, 1.0


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80})
@click.version_option(__version__, prog_name="dualflow")
def main() -> None:
    """One program, two executions: eager and graph, compared side by side.

    \b
    dualflow compare                    the whole comparison, on real data
    dualflow compare my_step.py:step    parity and speed of a function of your own
    dualflow step my_step.py:step       what every op of it gives, in two arms
    """


for command in (tools.step, tools.explain, tools.sweep, tools.selftest):
    main.add_command(command)


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
              "tf.function, tf1, jax, jax.jit (a list of them, or all), and plant mistakes in them.  [default: those "
              "installed, without a PROGRAM, --only or --quick; else none]")  # fmt: skip
@click.option("--quick", is_flag=True, help=f"At most {QUICK_STEPS} steps, {QUICK_BUDGET_S:g} s of timing and a few "
              "faults.")  # fmt: skip
@click.option("--full", is_flag=True, help="Plant every fault, not a fixed sample, and measure every curve of "
              "`dualflow sweep`; with a PROGRAM too. Some 15 minutes on two cores.")  # fmt: skip
@outputs
@click.option("--traceback", "show_traceback", is_flag=True, envvar="DUALFLOW_TRACEBACK",
              help="Show the whole traceback of an error (or set DUALFLOW_TRACEBACK=1).")  # fmt: skip
def compare(
    targets: tuple[str, ...], only: str | None, fault: str | None, steps: int | None, seed: int, arms: str,
    peers: str | None, quick: bool, full: bool, show_traceback: bool, **out: str | None,
) -> None:  # fmt: skip
    """Run programs in eager mode, as an interpreted graph and as a compiled graph.

    First the arms must agree on every result, gradient and state; only then are they timed. Without a PROGRAM it is
    `digits`, and mistakes are planted as well, to see which arm leads to them. `dualflow programs` lists the others;
    `all` takes them all.

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
    from dualflow.arms import arms as known_arms
    from dualflow.arms import target
    from dualflow.experiment.bundle import Bundle
    from dualflow.experiment.programs import PROGRAMS, check
    from dualflow.experiment.programs.sweeps import KINDS

    try:
        chosen = known_arms.choose(arms)
        targets = tuple(name for each in targets for name in (PROGRAMS if each == "all" else (each,)))
        for each in targets:
            check(each)
    except (ValueError, target.Unknown) as mistake:
        raise click.UsageError(str(mistake)) from None
    if fault is not None and only != "debug":
        raise click.UsageError("--fault goes with --only debug")
    if only == "debug" and targets:
        raise click.UsageError("--only debug has programs of its own; `dualflow debug FILE.py:FUNCTION` takes yours")
    programs = () if only == "debug" else targets or ("digits",)
    planting = only == "debug" or only is None and (full or not targets)
    asked = peers if peers is not None else "none" if targets or only or quick else "installed"
    beside = _peers(programs, asked)
    alone = only == "debug" and bool(beside)  # asked for the peers, one gets the faults that they have
    faults = _faults(fault, full or only == "debug", quick) if planting and not alone else []

    budget_s = QUICK_BUDGET_S if quick else BUDGET_S
    plan = [stages.program(each, chosen, steps, seed, budget_s, only, quick) for each in programs]
    plan += [stages.race(each, beside, seed, budget_s, only) for each in programs if beside]
    plan += [stages.sweep(kind, chosen, None, seed, 1.0) for kind in KINDS.values() if full and only in (None, "speed")]
    plan += [stages.faults(faults, chosen)] if faults else []
    plan += [_beside(beside, asked, fault, full or alone, quick)] if planting and beside else []
    # What the user's own code prints must not get into the JSON.
    with contextlib.redirect_stdout(sys.stderr) if out["json_to"] == "-" else contextlib.nullcontext():
        whole, complete = stages.run(plan, show_traceback)
    if whole != Bundle():
        publish(whole.document(fault), whole.dumps(), **out)
    if not (complete and whole.passed):
        sys.exit(1)


def _faults(name: str | None, full: bool, quick: bool) -> list[Any]:
    """Return the faults to plant: one, all, or a fixed sample."""
    from dualflow.experiment.debuggability.study import QUICK, SAMPLE
    from dualflow.experiment.faults import FAULTS

    if name is None:
        return [FAULTS[each] for each in (QUICK if quick else FAULTS if full else SAMPLE)]
    if name not in FAULTS:
        near = difflib.get_close_matches(name, FAULTS, 3, 0.3)
        raise click.UsageError(f"there is no fault {name!r} among {len(FAULTS)}; the nearest are {', '.join(near)}")
    return [FAULTS[name]]


def _beside(peers: Sequence[Peer], asked: str, fault: str | None, full: bool, quick: bool) -> Stage:
    """Plant the faults that the peers have: one, all, or a fixed sample without those who take too long."""
    from dualflow.experiment.peers.faults import PAIRS
    from dualflow.experiment.peers.study import SAMPLE

    if fault is not None and fault not in PAIRS:
        raise click.UsageError(f"the peers do not have the fault {fault!r}; they have {', '.join(PAIRS)}")
    left_out = [peer for peer in peers if peer.dear] if asked == "installed" and not full else []
    chosen = [fault] if fault else PAIRS if full and not quick else SAMPLE
    return stages.beside([peer for peer in peers if peer not in left_out], list(chosen), not quick, left_out)


@main.command(short_help="Show a run again, or compare two: what is faster or slower now, which answers changed?")
@click.argument("before", metavar="A.json", type=click.Path(exists=True, dir_okay=False))
@click.argument("after", metavar="[B.json]", required=False, type=click.Path(exists=True, dir_okay=False))
@outputs
def report(before: str, after: str | None, **out: str | None) -> None:
    """Show a run that `--json` wrote, or set two of them beside each other.

    Of two: ratios of the steady steps with their intervals, verdicts that changed, planted faults that show otherwise,
    and what is different about the machines. Takes the page's own data, too (report.json.xz).
    """
    from dualflow.experiment.bundle import Bundle
    from dualflow.experiment.pages.versus import Versus

    try:
        first = Bundle.load(before)
        found = first if after is None else Versus((before, after), first, Bundle.load(after))
    except ValueError as odd:
        raise click.UsageError(str(odd)) from None
    publish(found.document(), found.dumps(), **out)


@main.command(short_help="Plant mistakes in a function of yours: which mode would have told you?")
@click.argument("where", metavar="FILE.py:FUNCTION")
@click.option("--arms", default="eager,interpreted,compiled", show_default=True, help="Which to run.")
@click.option("--each", type=click.IntRange(min=1), default=3, show_default=True, help="Mistakes of every sort.")
@click.option("--fault", metavar="NAME", help="Show one of the mistakes, with what every arm said of it.")
@outputs
@click.option("--traceback", "show_traceback", is_flag=True, envvar="DUALFLOW_TRACEBACK",
              help="Show the whole traceback of an error (or set DUALFLOW_TRACEBACK=1).")  # fmt: skip
def debug(where: str, arms: str, each: int, fault: str | None, show_traceback: bool, **out: str | None) -> None:
    """Plant mechanical mistakes in a function of your own, one at a time, and run it in every arm.

    A row less, a transposed matrix, another dtype, a division by zero, a wrong sign, an older variable, an index too
    far, a call left out, a value read as a number: each changes one line of a copy of your file. The function is called
    three times, with the top-level variables that have the names of its parameters, as `dualflow compare` does.
    """
    from dualflow.arms import arms as known_arms
    from dualflow.arms import target
    from dualflow.experiment.debuggability.study import study_own
    from dualflow.experiment.programs import check

    try:
        chosen = [arm.name for arm in known_arms.choose(arms)]
        check(where)
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
    from dualflow.experiment.bundle import Bundle

    whole = Bundle((), found)
    publish(whole.document(fault), whole.dumps(), **out)


@main.command(short_help="List the programs that come with dualflow.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def programs(as_json: bool) -> None:
    """List the programs that `dualflow compare` knows by name."""
    from dualflow.experiment.programs import PROGRAMS

    cards = PROGRAMS.values()
    if as_json:
        listed = [{**vars(c), "published": c.published and vars(c.published)} for c in cards]
        click.echo(json.dumps([{k: v for k, v in entry.items() if k != "build"} for entry in listed]))
        return
    from dualflow.report import Document, KeyValues, Paragraph, Table, show

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


@main.command(short_help="Describe this machine: versions, devices, threads, and how fast it can be.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def doctor(as_json: bool) -> None:
    """Print versions, devices, threads and BLAS, and measure matrix-product rate and memory bandwidth.

    Exit code 1 if a package is missing or JAX cannot run.
    """
    from dualflow.experiment.measure.machine import inspect
    from dualflow.report import show

    found = inspect()
    if as_json:
        click.echo(json.dumps(found.to_json()))
    else:
        show(found.document())
    if found.environment.missing or found.environment.jax_error is not None:
        sys.exit(1)


def _peers(targets: Sequence[str], names: str) -> tuple[Peer, ...]:
    """Return the peers that were asked for. Raises UsageError for an unknown one, or a target that they do not have."""
    from dualflow.experiment.peers import choose
    from dualflow.experiment.peers.race import ADAPTED

    try:
        chosen = choose(names)
    except ValueError as mistake:
        raise click.UsageError(f"--peers: {mistake}") from None
    for each in targets if chosen else ():
        if each not in ADAPTED:
            raise click.UsageError(f"--peers: no peer has the program {each!r}; they have {', '.join(ADAPTED)}")
    return chosen

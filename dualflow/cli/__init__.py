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
from typing import Any

import click

from dualflow.arms.arms import choose
from dualflow.arms.target import Unknown, check_file, is_file
from dualflow.cli import tools
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
from dualflow.core.version import __version__

PARTS = ("parity", "speed", "debug")
BUDGET_S, QUICK_BUDGET_S, QUICK_STEPS = 6.0, 1.0, 20


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
@seed_option
@arms_option("Which to run; the first is what the others are compared with.")
@click.option("--peers", metavar="NAMES", help="Also run the programs in torch, torch.compile, tensorflow, "
              "tf.function, tf1, jax, jax.jit (a list of them, or all), and plant mistakes in them.  [default: those "
              "installed, without a PROGRAM, --only or --quick; else none]")  # fmt: skip
@click.option("--quick", is_flag=True, help=f"At most {QUICK_STEPS} steps, {QUICK_BUDGET_S:g} s of timing and a few "
              "faults.")  # fmt: skip
@click.option("--full", is_flag=True, help="Plant every fault, not a fixed sample, and measure every curve of "
              "`dualflow sweep`; with a PROGRAM too. Some 15 minutes on two cores.")  # fmt: skip
@outputs
@traceback_option
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
    from dualflow.cli import tasks
    from dualflow.experiment.programs import PROGRAMS, check
    from dualflow.experiment.programs.sweeps import SWEEPS

    with usage_errors():
        chosen = choose(arms)
        targets = tuple(name for each in targets for name in (PROGRAMS if each == "all" else (each,)))
        for each in targets:
            check(each)
    if fault is not None and only != "debug":
        raise click.UsageError("--fault goes with --only debug")
    if only == "debug" and targets:
        raise click.UsageError("--only debug has programs of its own; `dualflow debug FILE.py:FUNCTION` takes yours")
    programs = () if only == "debug" else targets or ("digits",)
    planting = only == "debug" or only is None and (full or not targets)
    sweeping = full and only in (None, "speed")
    asked = peers if peers is not None else "none" if targets or only or quick else "installed"
    others = _peers(programs, asked)
    alone = only == "debug" and bool(others)  # asked for the peers, one gets the faults that they have
    faults = _faults(fault, full or only == "debug", quick) if planting and not alone else []

    budget_s = QUICK_BUDGET_S if quick else BUDGET_S
    usual = QUICK_STEPS if quick else None
    plan = [tasks.program(each, chosen, steps, seed, budget_s, only, usual) for each in programs]
    plan += [tasks.race(each, others, seed, budget_s, only) for each in programs if others]
    plan += [tasks.sweep(growing, chosen, None, seed, 1.0) for growing in SWEEPS.values() if sweeping]
    plan += [tasks.faults(faults, chosen)] if faults else []
    if planting and others:
        left_out = [peer for peer in others if peer.slow] if asked == "installed" and not (full or alone) else []
        present = [peer for peer in others if peer not in left_out]
        plan.append(tasks.peer_faults(present, _peer_faults(fault, (full or alone) and not quick), not quick, left_out))
    # What the user's own code prints must not get into the JSON.
    with contextlib.redirect_stdout(sys.stderr) if out["json_to"] == "-" else contextlib.nullcontext():
        bundle, complete = tasks.run(plan, show_traceback)
    if bundle.machines():
        publish(bundle, fault, **out)
    if not (complete and bundle.passed):
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


def _peer_faults(name: str | None, full: bool) -> list[str]:
    """Return the faults that the peers have: one, all, or a fixed sample."""
    from dualflow.experiment.peers.faults import PAIRS
    from dualflow.experiment.peers.study import SAMPLE

    if name is not None and name not in PAIRS:
        raise click.UsageError(f"the peers do not have the fault {name!r}; they have {', '.join(PAIRS)}")
    return [name] if name else list(PAIRS if full else SAMPLE)


def _peers(targets: Sequence[str], names: str) -> Sequence[Any]:
    """Return the peers that were asked for. Raises UsageError for an unknown one, or a target that they do not have."""
    from dualflow.experiment import peers
    from dualflow.experiment.peers.race import ADAPTED

    with usage_errors("--peers: "):
        chosen = peers.choose(names)
        for each in targets if chosen else ():
            if each not in ADAPTED:
                raise ValueError(f"no peer has the program {each!r}; they have {', '.join(ADAPTED)}")
    return chosen


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
    from dualflow.experiment.difference import Difference

    with usage_errors():
        first = Bundle.load(before)
        found = first if after is None else Difference((before, after), first, Bundle.load(after))
    publish(found, **out)


@main.command(short_help="Plant mistakes in a function of yours: which mode would have shown it?")
@click.argument("where", metavar="FILE.py:FUNCTION")
@arms_option()
@click.option("--each", type=click.IntRange(min=1), default=3, show_default=True, help="Mistakes of every sort.")
@click.option("--fault", metavar="NAME", help="Show one of the mistakes, with what every arm said of it.")
@outputs
@traceback_option
def debug(where: str, arms: str, each: int, fault: str | None, show_traceback: bool, **out: str | None) -> None:
    """Plant mechanical mistakes in a function of your own, one at a time, and run it in every arm.

    A row less, a transposed matrix, another dtype, a division by zero, a wrong sign, an older variable, an index too
    far, a call left out, a value read as a number: each changes one line of a copy of your file. The function is called
    three times, with the top-level variables that have the names of its parameters, as `dualflow compare` does.
    """
    from dualflow.experiment.bundle import Bundle
    from dualflow.experiment.debuggability.study import study_function

    with usage_errors():
        chosen = [arm.name for arm in choose(arms)]
        if not is_file(where):
            raise Unknown("name a function of your own, as FILE.py:FUNCTION")
        check_file(where)
    with failures(where, show_traceback) as outcome, progress_bar() as progress:
        found = study_function(where, chosen, each, progress)
    if outcome:
        sys.exit(1)
    if fault is not None and fault not in found.cards():
        raise click.UsageError(f"no mistake {fault!r} was planted; there are {', '.join(found.cards())}")
    publish(Bundle(study=found), fault, **out)


@main.command(short_help="List the programs that come with dualflow.")
@json_option
def programs(as_json: bool) -> None:
    """List the programs that `dualflow compare` knows by name."""
    from dualflow.core.codec import encode
    from dualflow.experiment.programs import PROGRAMS
    from dualflow.report import Document, KeyValues, Paragraph, Table, show

    cards = PROGRAMS.values()
    if as_json:
        listed = [{key: encode(value) for key, value in vars(card).items() if key != "build"} for card in cards]
        click.echo(json.dumps(listed))
        return
    rows = [[c.name, c.summary, str(c.steps), c.published.ratio if c.published else None] for c in cards]
    blocks = (
        Table.of(["program", "what it does", ">steps", "published"], rows),
        Paragraph("Published: how fast the graph of such a program was next to eager, in another framework."),
        KeyValues.of({c.name: c.published.source for c in cards if c.published}),
        Paragraph("`dualflow compare PROGRAM` runs one; `dualflow compare FILE.py:FUNCTION` one of your own."),
    )
    show(Document("dualflow programs", blocks))


@main.command(short_help="Describe this machine: versions, devices, threads, and how fast it can be.")
@json_option
def doctor(as_json: bool) -> None:
    """Print versions, devices, threads and BLAS, and measure matrix-product rate and memory bandwidth.

    Exit code 1 if a package is missing or JAX cannot run.
    """
    from dualflow.experiment.measure.machine import inspect

    found = inspect()
    publish(found, json_to="-" if as_json else None)
    if found.environment.missing or found.environment.jax_error is not None:
        sys.exit(1)

"""What every command does around its work: mistakes become lines on stderr, waiting gets a bar, a report its files.

This file knows whose line an error is to be shown at and what may be drawn without being timed. It knows no command.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from dualflow.arms.target import Unknown, Unloadable
from dualflow.arms.timing import Progress, part, silent
from dualflow.core.codec import Serializable
from dualflow.core.errors import DualflowError
from dualflow.core.site import is_library, short
from dualflow.report import document, show, to_html, to_markdown

Command = TypeVar("Command", bound=Callable[..., Any])


@contextlib.contextmanager
def usage_errors(prefix: str = "") -> Iterator[None]:
    """Turn what was named wrongly inside the block into click's UsageError: a sentence, and exit code 2."""
    try:
        yield
    except (ValueError, Unknown) as mistake:
        raise click.UsageError(f"{prefix}{mistake}") from None


@contextlib.contextmanager
def failures(each: str, show_traceback: bool, done: str = "compared") -> Iterator[list[Exception]]:
    """Turn an error into a few lines on stderr; the list yielded then holds it."""
    outcome: list[Exception] = []
    try:
        yield outcome
    except Exception as error:
        if isinstance(error, Unknown):
            raise click.UsageError(str(error)) from None
        if show_traceback:
            raise
        headline = f"{each} could not be {done}"
        cause: BaseException = error
        if isinstance(error, Unloadable) and error.__cause__ is not None:
            headline, cause = str(error), error.__cause__
        lines = f"Error: {headline}\n\n{_described(cause)}\n\nDUALFLOW_TRACEBACK=1 shows the whole traceback."
        click.echo(lines, err=True)
        outcome.append(error)


def _described(error: BaseException) -> str:
    """Return what went wrong and at which line of the user's."""
    if isinstance(error, SyntaxError) and error.filename:
        marked = f"\n  {(error.text or '').rstrip()}" if error.text else ""
        return f"{type(error).__name__}: {error.msg}\n  at {short(error.filename)}:{error.lineno}{marked}"
    notes = list(getattr(error, "__notes__", ()))
    if isinstance(error, SystemExit):
        text = f"the file called exit({'' if error.code is None else repr(error.code)}) while it was loaded"
    elif isinstance(error, DualflowError):
        text = str(error)
    else:
        text = "".join(traceback.format_exception_only(error)).removesuffix("\n")
        for note in notes:  # format_exception_only has them already
            text = text.replace(f"\n{note}", "")
    if "\n  at " not in text:
        frames = [frame for frame in traceback.extract_tb(error.__traceback__) if not _foreign(frame.filename)]
        if frames:
            last = frames[-1]
            text += f"\n  at {short(last.filename)}:{last.lineno}, in {last.name}: {last.line}"
    return "\n".join([text, *notes])


def _foreign(filename: str) -> bool:
    """Return whether a frame is dualflow's, another package's or Python's own, rather than the user's."""
    if is_library(filename) or filename.startswith("<"):
        return True
    return filename.startswith(os.path.dirname(os.__file__) + os.sep) or "site-packages" in filename.split(os.sep)


# --- progress -------------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def progress_bar() -> Iterator[Progress]:
    """Show a bar on stderr while the block runs, if stderr is a terminal."""
    if not sys.stderr.isatty():
        yield silent
        return
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = TextColumn("{task.description:<42}"), BarColumn(bar_width=20), TimeElapsedColumn()
    # No thread of its own: a redraw in the middle of a timed block would be timed too.
    with Bar(*columns, console=Console(stderr=True), auto_refresh=False, transient=True) as bar:
        task = bar.add_task("starting", total=1.0)
        shown = 0.0

        def progress(what: str, fraction: float) -> None:
            nonlocal shown
            bar.update(task, description=what, completed=fraction)
            now = time.monotonic()
            if now - shown > 0.1:
                shown = now
                bar.refresh()

        yield progress


def parts(progress: Progress, weights: Sequence[float]) -> list[Progress]:
    """Return progress for each of several tasks, given what they weigh."""
    ends = [end / sum(weights) for end in itertools.accumulate(weights, initial=0.0)]
    return [part(progress, start, end) for start, end in itertools.pairwise(ends)]


# --- options --------------------------------------------------------------------------------------------------------

traceback_option = click.option(
    "--traceback", "show_traceback", is_flag=True, envvar="DUALFLOW_TRACEBACK",
    help="Show the whole traceback of an error (or set DUALFLOW_TRACEBACK=1).",
)  # fmt: skip
seed_option = click.option(
    "--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Where random numbers start."
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def arms_option(text: str = "Which to run.") -> Callable[[Command], Command]:
    """Give a command the option ``--arms``."""
    return click.option("--arms", default="eager,interpreted,compiled", show_default=True, help=text)


def outputs(command: Command) -> Command:
    """Give a command the options ``--json``, ``--html`` and ``--md``, which ``publish`` takes."""
    for name, form in (
        ("md", "the report as Markdown"),
        ("html", "the report as one HTML file that opens offline"),
        ("json", "everything as JSON; '-' prints only that"),
    ):
        kind = click.Path(dir_okay=False, writable=True, allow_dash=name == "json")
        add = click.option(
            f"--{name}", f"{name}_to", metavar="PATH", type=kind, callback=_writable, help=f"Also write {form}."
        )
        command = add(command)
    return command


def _writable(context: click.Context, option: click.Parameter, path: str | None) -> str | None:
    """Refuse a file that cannot be written before minutes of measuring, not after them."""
    if path not in (None, "-") and not os.access(os.path.dirname(os.path.abspath(path)), os.W_OK):
        raise click.UsageError(f"{option.opts[0]}: cannot write to the directory of {path!r}")
    return path


def publish(
    found: Serializable, fault: str | None = None, *, json_to: str | None = None, html_to: str | None = None,
    md_to: str | None = None,
) -> None:  # fmt: skip
    """Print a report, or what is in it of one fault, and write it, with its data, to the files that were asked for."""
    page, data = document(found, fault) if fault else document(found), found.dumps()
    if json_to != "-":
        show(page)
    if json_to is not None:
        with click.open_file(json_to, "w", encoding="utf-8") as file:
            file.write(data)
    for path, render in ((html_to, lambda: to_html(page, data)), (md_to, lambda: to_markdown(page))):
        if path is not None:
            Path(path).write_text(render(), encoding="utf-8")

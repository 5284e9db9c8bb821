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
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from dualflow.report import Document

Command = TypeVar("Command", bound=Callable[..., Any])


@contextlib.contextmanager
def failures(each: str, show_traceback: bool, done: str = "compared") -> Iterator[list[Exception]]:
    """Turn an error into a few lines on stderr; the list yielded then holds it."""
    from dualflow.arms.target import Unknown, Unloadable

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
        click.echo(f"Error: {headline}\n\n{_told(cause)}\n\nDUALFLOW_TRACEBACK=1 shows the whole traceback.", err=True)
        outcome.append(error)


def _told(error: BaseException) -> str:
    """Say what went wrong and at which line of the user's."""
    from dualflow.core.errors import DualflowError
    from dualflow.core.site import is_library, short

    notes = list(getattr(error, "__notes__", ()))
    if isinstance(error, SyntaxError) and error.filename:
        marked = f"\n  {(error.text or '').rstrip()}" if error.text else ""
        return f"{type(error).__name__}: {error.msg}\n  at {short(error.filename)}:{error.lineno}{marked}"
    if isinstance(error, SystemExit):
        text = f"the file called exit({'' if error.code is None else repr(error.code)}) while it was loaded"
    elif isinstance(error, DualflowError):
        text = str(error)
    else:
        text = "".join(traceback.format_exception_only(error)).removesuffix("\n")
        for note in notes:  # format_exception_only has them already
            text = text.replace(f"\n{note}", "")
    if "\n  at " not in text:
        frames = [f for f in traceback.extract_tb(error.__traceback__) if not _foreign(f.filename, is_library)]
        if frames:
            last = frames[-1]
            text += f"\n  at {short(last.filename)}:{last.lineno}, in {last.name}: {last.line}"
    return "\n".join([text, *notes])


def _foreign(filename: str, is_library: Callable[[str], bool]) -> bool:
    """Return whether a frame is dualflow's, another package's or Python's own, rather than the user's."""
    if is_library(filename) or filename.startswith("<"):
        return True
    return filename.startswith(os.path.dirname(os.__file__) + os.sep) or "site-packages" in filename.split(os.sep)


# --- progress -------------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def progress_bar() -> Iterator[Callable[[str, float], None] | None]:
    """Show a bar on stderr while the block runs, if stderr is a terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = TextColumn("{task.description:<42}"), BarColumn(bar_width=20), TimeElapsedColumn()
    # No thread of its own: a redraw in the middle of a timed block would be timed too.
    with Progress(*columns, console=Console(stderr=True), auto_refresh=False, transient=True) as bar:
        task = bar.add_task("starting", total=1.0)
        shown = 0.0

        def announce(what: str, fraction: float) -> None:
            nonlocal shown
            bar.update(task, description=what, completed=fraction)
            now = time.monotonic()
            if now - shown > 0.1:
                shown = now
                bar.refresh()

        yield announce


def parts(
    progress: Callable[[str, float], None] | None, weights: Sequence[float]
) -> list[Callable[[str, float], None] | None]:
    """Return progress for each part of a whole, given what the parts weigh."""
    if progress is None:
        return [None] * len(weights)
    ends = [end / sum(weights) for end in itertools.accumulate(weights, initial=0.0)]

    def between(start: float, end: float) -> Callable[[str, float], None]:
        return lambda what, fraction: progress(what, start + (end - start) * fraction)

    return [between(start, end) for start, end in itertools.pairwise(ends)]


# --- what was found -------------------------------------------------------------------------------------------------


def outputs(command: Command) -> Command:
    """Give a command the options ``--json``, ``--html`` and ``--md``, which ``publish`` takes."""
    for name, form in (
        ("md", "the report as Markdown"),
        ("html", "the report as one HTML file that opens offline"),
        ("json", "everything as JSON; '-' prints only that"),
    ):
        kind = click.Path(dir_okay=False, writable=True, allow_dash=name == "json")
        add = click.option(
            f"--{name}", f"{name}_to", metavar="PATH", type=kind, callback=_open, help=f"Also write {form}."
        )
        command = add(command)
    return command


def _open(context: click.Context, option: click.Parameter, path: str | None) -> str | None:
    """Say that a file cannot be written before minutes of measuring, not after them."""
    if path not in (None, "-") and not os.access(os.path.dirname(os.path.abspath(path)), os.W_OK):
        raise click.UsageError(f"{option.opts[0]}: cannot write to the directory of {path!r}")
    return path


def publish(
    document: Document, data: str, json_to: str | None = None, html_to: str | None = None, md_to: str | None = None
) -> None:
    """Print a report and write it, with its data, to the files that were asked for."""
    from dualflow.report import show, to_html, to_markdown

    if json_to != "-":
        show(document)
    if json_to is not None:
        with click.open_file(json_to, "w", encoding="utf-8") as file:
            file.write(data)
    for path, render in ((html_to, lambda: to_html(document, data)), (md_to, lambda: to_markdown(document))):
        if path is not None:
            Path(path).write_text(render(), encoding="utf-8")

"""What an error or a warning gives away, of whatever framework: where it points, what it names, how long it is.

It knows tracebacks and texts. What a tensor is, and what was going on, the caller says.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
import traceback
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from types import CodeType, FrameType, TracebackType
from typing import Any

import numpy as np

from dualflow.core.errors import DualflowError
from dualflow.core.site import HOME, ROOT, decode
from dualflow.experiment.debuggability.observation import Job

OBSERVERS = tuple(
    os.path.join(ROOT, "experiment", *part)
    for part in (("debuggability", "observing.py"), ("debuggability", "observer.py"), ("peers", "observer.py"))
)
"""The files that run the programs: their frames belong to no traceback."""

OPERANDS = re.compile(
    r"[(\[]\d+,(?: ?\d+,?)*[)\]]|\b\d+x\d+\b|\b(?:bool|u?int\d+|float\d+|complex\d+)\b|-?\d+\.\d+|\b(?:nan|inf)\b"
    r"|\b(?:size|index)\b[^.\n]{0,16}?\d"  # PyTorch: "size of tensor a (10) must match", "index 10 is out of bounds"
)
"""A shape, a size, a dtype or a value in a message."""


STACK = re.compile("most recent call last|(?:in|from) user code|Traceback of forward call")
"""A text that has a traceback in it, whose last line is the most precise."""

CONTEXT = re.compile(r"while tracing the function \S+ at \S+")
"""After what is wrong JAX says which function was traced; the line that is wrong is in its traceback."""

_RUNNERS = "|".join(map(re.escape, ("<frozen runpy>", *OBSERVERS)))
RUNNER = re.compile(
    rf'^ *(?:\+ |File ")(?:{_RUNNERS})(?:", line | \(L)\d+.*\n(?: -> \| *\n| {{4,}}(?!File )\S.*\n)?\n*', re.MULTILINE
)
"""A frame that runs the program, where a framework writes its own stack into a text (TensorFlow, PyTorch)."""


def of_error(
    error: BaseException,
    heard: Sequence[tuple[warnings.WarningMessage, str]],
    job: Job,
    phase: Callable[[list[CodeType], BaseException], str],
    held: Callable[[list[FrameType], BaseException], tuple[int, int]],
) -> dict[str, Any]:
    """Return the fields of an observation that an error fills; ``phase`` and ``held`` know the framework.

    ``heard``: the warnings before it, which were read first. ``phase`` gets the code of the frames that were alive,
    ``held`` the dead frames of the program: it counts the tensors in them, and those that have a value.
    """
    path = job.path
    warned = of_warning(heard, job) if heard else {}
    error.__traceback__ = own(error.__traceback__)
    frames = list(traceback.walk_tb(error.__traceback__))
    mine = [i for i, (frame, _) in enumerate(frames) if frame.f_code.co_filename == path]
    if isinstance(error, SyntaxError):
        mine = []
    text = str(error) + "".join(f"\n{note}" for note in getattr(error, "__notes__", ()))
    trace = bare("".join(traceback.format_exception(error)), path).rstrip("\n")
    printed = "\n".join([*filter(None, [warned.get("trace")]), trace])
    tensors, concrete = held([frame for frame, _ in frames if _of_program(frame, path)], error)
    pointed = [*warned.get("pointed", ()), *named(text, path, error), *(frames[i][1] for i in reversed(mine))]
    return {
        "phase": phase([frame.f_code for frame, _ in frames], error),
        "error": type(error).__name__,
        "message": portable(bare(text, path)),
        "trace": portable(printed),
        "pointed": tuple(dict.fromkeys(pointed)),
        "noise": len(frames) - 1 - mine[-1] if mine else len(frames),
        "printed": printed.count("\n") + 1,
        "tensors": tensors,
        "concrete": concrete,
        **{what: found or warned.get(what, False) for what, found in mentions(text, path, job.op, job.names).items()},
    }


def _of_program(frame: FrameType, path: str) -> bool:
    """Return whether a frame runs the program; TensorFlow rewrites functions into files of its own."""
    return frame.f_code.co_filename == path or "__autograph_generated_file" in frame.f_code.co_filename


def of_warning(heard: Sequence[tuple[warnings.WarningMessage, str]], job: Job) -> dict[str, Any]:
    """Return the fields of an observation that warnings fill, each with the phase in which it was heard."""
    first, phase = heard[0]
    path, text = job.path, "\n".join(str(w.message) for w, _ in heard)
    trace = "\n".join(f"{w.filename}:{w.lineno}: {w.category.__name__}: {w.message}" for w, _ in heard)
    pointed = [
        line for w, _ in heard for line in (*([w.lineno] if w.filename == path else ()), *named(str(w.message), path))
    ]
    return {
        "phase": phase,
        "error": first.category.__name__,
        "message": portable(bare(text, path)),
        "trace": portable(bare(trace, path)),
        "pointed": tuple(dict.fromkeys(pointed)),
        "printed": text.count("\n") + 1,
        **mentions(text, path, job.op, job.names),
    }


def bare(text: str, path: str) -> str:
    """Take out of a text what no reader has: the directory of the planted file, and the frames that ran it."""
    return RUNNER.sub("", text).replace(os.path.dirname(path) + os.sep, "")


def portable(text: str) -> str:
    """Name files without the folders of this machine, so that a report can be shown to others."""
    roots = {HOME, os.getcwd(), tempfile.gettempdir(), *sys.path}
    for root in sorted(filter(os.path.isabs, roots), key=len, reverse=True):
        text = text.replace(f"{root}{os.sep}", "")
    return text


def own(trace: TracebackType | None) -> TracebackType | None:
    """Return the traceback without the frames that run the program."""
    while trace is not None and trace.tb_frame.f_code.co_filename in OBSERVERS:
        trace = trace.tb_next
    return trace


def named(text: str, path: str, error: BaseException | None = None) -> list[int]:
    """Return the program's lines that a text names, in its order; the line a dualflow error carries comes first."""
    found = []
    if isinstance(error, DualflowError) and error.site is not None:
        place = decode(error.site)
        found += [place.line] if place.file == path else []
    if isinstance(error, SyntaxError) and error.filename == path and error.lineno:
        found.append(error.lineno)
    name = re.escape(path.replace("\\", "/").rsplit("/", 1)[-1])
    lines = [int(n) for n in re.findall(rf"{name}(?::|\", line )(\d+)", CONTEXT.sub("", text))]
    return found + (lines[::-1] if STACK.search(text) else lines)


def mentions(text: str, path: str, op: str, names: Sequence[str]) -> dict[str, bool]:
    """Return what a text names in words of its own: the lines of the program that it quotes, a traceback shows too."""
    for line in Path(path).read_text(encoding="utf-8").split("\n"):
        text = text.replace(line.strip(), "") if len(line.strip()) > len("loss = x") else text
    return {
        "names_op": bool(op) and any(re.search(rf"\b{re.escape(word)}\b", text) for word in op.split("|")),
        "names_operands": OPERANDS.search(text) is not None,
        "names_tensor": any(re.search(rf"\b{re.escape(name)}\b", text) for name in names),
    }


def numbers(value: Any) -> tuple[float, ...] | None:
    """Flatten what the program left in ``result``."""
    if value is None:
        return None
    if isinstance(value, list | tuple):
        return tuple(number for part in value for number in numbers(part) or ())
    array = np.asarray(value).astype(np.float64).ravel()
    return tuple(float(f"{number:.6g}") for number in array)

"""What an error or a warning gives away, of whatever framework: where it points, what it names, how long it is.

It knows tracebacks and texts. What a tensor is, and what was going on, the caller says.
"""

from __future__ import annotations

import os
import re
import traceback
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from types import CodeType, FrameType, TracebackType
from typing import Any

import numpy as np

import dualflow
from dualflow.errors import DualflowError
from dualflow.site import decode

WITNESSES = tuple(str(Path(dualflow.__file__).parent / "compare" / part / "witness.py") for part in ("debug", "peers"))
"""Who runs the programs: their frames belong to no traceback."""

OPERANDS = re.compile(
    r"[(\[]\d+,(?: ?\d+,?)*[)\]]|\b\d+x\d+\b|\b(?:bool|u?int\d+|float\d+|complex\d+)\b|-?\d+\.\d+|\b(?:nan|inf)\b"
)
"""A shape, a dtype or a value in a message."""


STACK = re.compile("most recent call last|(?:in|from) user code")
"""A text that has a traceback in it, whose last line is the most precise."""


def of_error(
    error: BaseException,
    path: str,
    op: str,
    names: list[str],
    phase: Callable[[list[CodeType]], str],
    held: Callable[[list[FrameType], BaseException], tuple[int, int]],
) -> dict[str, Any]:
    """Return the fields of a record that an error fills; ``phase`` and ``held`` know the framework.

    ``phase`` is told the code of the frames that were alive, ``held`` the dead frames of the program: it counts the
    tensors in them, and those that have a value.
    """
    error.__traceback__ = own(error.__traceback__)
    frames = list(alive(error.__traceback__))
    mine = [i for i, (frame, _) in enumerate(frames) if frame.f_code.co_filename == path]
    if isinstance(error, SyntaxError):
        mine = []
    text = str(error) + "".join(f"\n{note}" for note in getattr(error, "__notes__", ()))
    printed = bare("".join(traceback.format_exception(error)), path).rstrip("\n").split("\n")
    tensors, concrete = held([frames[i][0] for i in mine], error)
    return {
        "phase": phase([frame.f_code for frame, _ in frames]),
        "error": type(error).__name__,
        "message": bare(text, path),
        "trace": "\n".join(printed),
        "pointed": unique([*named(text, path, error), *(frames[i][1] for i in reversed(mine))]),
        "noise": len(frames) - 1 - mine[-1] if mine else len(frames),
        "printed": len(printed),
        "tensors": tensors,
        "concrete": concrete,
        **mentions(text, op, names),
    }


def of_warning(
    heard: list[tuple[warnings.WarningMessage, str]], path: str, op: str, names: list[str]
) -> dict[str, Any]:
    """Return the fields of a record that warnings fill, each with the phase in which it was heard."""
    first, phase = heard[0]
    text = "\n".join(str(w.message) for w, _ in heard)
    pointed = [
        line for w, _ in heard for line in (*([w.lineno] if w.filename == path else ()), *named(str(w.message), path))
    ]
    return {
        "phase": phase,
        "error": first.category.__name__,
        "message": bare(text, path),
        "trace": bare(
            "\n".join(f"{w.filename}:{w.lineno}: {w.category.__name__}: {w.message}" for w, _ in heard), path
        ),
        "pointed": unique(pointed),
        "printed": text.count("\n") + 1,
        **mentions(text, op, names),
    }


def bare(text: str, path: str) -> str:
    """Take the directory of the planted file out of a text: it is gone when somebody reads it."""
    return text.replace(os.path.dirname(path) + os.sep, "")


def own(trace: TracebackType | None) -> TracebackType | None:
    """Return the traceback without the frames of whoever runs the program."""
    while trace is not None and trace.tb_frame.f_code.co_filename in WITNESSES:
        trace = trace.tb_next
    return trace


def alive(trace: TracebackType | None) -> Iterator[tuple[FrameType, int]]:
    """Yield the frames of a traceback and the line that each was at."""
    while trace is not None:
        yield trace.tb_frame, trace.tb_lineno
        trace = trace.tb_next


def named(text: str, path: str, error: BaseException | None = None) -> list[int]:
    """Return the program's lines that a text names, in its order; the line a dualflow error carries comes first."""
    found = []
    if isinstance(error, DualflowError) and error.site is not None:
        place = decode(error.site)
        found += [place.line] if place.file == path else []
    if isinstance(error, SyntaxError) and error.filename == path and error.lineno:
        found.append(error.lineno)
    name = re.escape(path.replace("\\", "/").rsplit("/", 1)[-1])
    lines = [int(n) for n in re.findall(rf"{name}(?::|\", line )(\d+)", text)]
    return found + (lines[::-1] if STACK.search(text) else lines)


def mentions(text: str, op: str, names: list[str]) -> dict[str, bool]:
    return {
        "names_op": bool(op) and any(re.search(rf"\b{re.escape(word)}\b", text) for word in op.split("|")),
        "names_operands": OPERANDS.search(text) is not None,
        "names_tensor": any(re.search(rf"\b{re.escape(name)}\b", text) for name in names),
    }


def unique(lines: list[int]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(lines))


def numbers(value: Any) -> tuple[float, ...] | None:
    """Flatten what the program left in ``result``."""
    if value is None:
        return None
    if isinstance(value, list | tuple):
        return tuple(number for part in value for number in numbers(part) or ())
    array = np.asarray(value).astype(np.float64).ravel()
    return tuple(float(f"{number:.6g}") for number in array)

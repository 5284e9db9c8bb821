"""Running one program and noting what it gives away, whatever framework it is written for.

What the frameworks differ in, each tells as a ``Framework``; how texts and tracebacks are read is ``reading``'s matter.
"""

from __future__ import annotations

import contextlib
import functools
import io
import sys
import time
import traceback
import warnings
from types import CodeType, FrameType
from typing import Any, Protocol

from dualflow.arms.target import Unloadable
from dualflow.experiment.debuggability.observation import Job, Observation
from dualflow.experiment.debuggability.reading import numbers, of_error, of_warning


class Framework(Protocol):
    """What an observer needs to know of a framework."""

    def run(self, job: Job, space: dict[str, Any]) -> None:
        """Run the program; what it reaches is in ``space``."""

    def begun(self, job: Job, codes: list[CodeType], error: BaseException | None) -> bool:
        """Return, from the code that was alive, whether a step was being run, rather than traced or not begun."""

    def held(self, frames: list[FrameType], error: BaseException) -> tuple[int, int]:
        """Count the tensors that the dead frames hold, and those of them whose value can be read there."""

    def probes(self, job: Job, result: tuple[float, ...] | None) -> int | None:
        """Return the extra runs until the op is found that first made a NaN or an infinity, None if none is there."""


def in_step(codes: list[CodeType], path: str) -> bool:
    """Return whether the program's own step was being run, by the code that was alive."""
    return any(code.co_filename == path and code.co_name == "step" for code in codes)


def execute(path: str, space: dict[str, Any]) -> None:
    """Run a script as Python does, in a namespace of its own."""
    with open(path, encoding="utf-8") as file:
        code = compile(file.read(), path, "exec")
    space |= {"__name__": "__main__", "__file__": path}
    exec(code, space)


def observe(job: Job, framework: Framework) -> Observation:
    """Run the program of a job, once, and return what was seen."""
    space: dict[str, Any] = {}
    heard: list[tuple[warnings.WarningMessage, str]] = []
    failure: BaseException | None = None
    printed = io.StringIO()

    def phase(codes: list[CodeType], error: BaseException | None = None) -> str:
        losses = space.get("losses")
        if isinstance(losses, list) and losses:
            return f"step {len(losses) + 1}"
        return "first run" if framework.begun(job, codes, error) else "definition"

    def hear(message: Any, category: Any, filename: str, lineno: int, file: Any = None, line: Any = None) -> None:
        codes = [frame.f_code for frame, _ in traceback.walk_stack(sys._getframe(1))]
        heard.append((warnings.WarningMessage(message, category, filename, lineno), phase(codes)))

    with contextlib.redirect_stdout(printed), warnings.catch_warnings():  # the filters are those that a user has
        warnings.showwarning = hear
        start = time.perf_counter()
        try:
            framework.run(job, space)
        except Exception as error:
            failure = error.__cause__ if isinstance(error, Unloadable) else error
        took = time.perf_counter() - start
    ended = functools.partial(job.ended, seconds=took, said=printed.getvalue().count("\n"))
    if failure is not None:
        return ended("raised", **of_error(failure, heard, job, phase, framework.held))
    result = numbers(space.get("result"))
    ended = functools.partial(ended, result=result, probes=framework.probes(job, result))
    return ended("warned", **of_warning(heard, job)) if heard else ended("silent")

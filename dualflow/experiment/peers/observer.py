"""Run programs in a peer and say what each gave away: ``python -m dualflow.experiment.peers.observer PACKAGE < jobs``.

The fields of the record mean what they mean for dualflow's arms (``debug.witness``), but for ``probes``, which is not
asked here. Jobs come one a line, as JSON, and so do the records, after the framework's version. Each run has a process
of its own, forked from this one, which has imported the framework and done nothing with it: importing takes 2 to 5 s, a
run a fraction of that.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import os
import signal
import sys
import time
import traceback
import warnings
from collections.abc import Callable
from dataclasses import replace
from types import CodeType, FrameType
from typing import Any

from dualflow.experiment.debuggability.observation import Record
from dualflow.experiment.debuggability.reading import numbers, of_error, of_warning, portable

LIMIT_S = 300
"""Seconds for one run; torch.compile takes 40 for a small program on two busy cores."""


def main() -> None:
    """Import the framework; for each job fork, run it, print the record."""
    framework = importlib.import_module(sys.argv[1])
    for more in sys.argv[2:]:
        importlib.import_module(more)
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what the framework itself writes there is no answer
    print(json.dumps(framework.__version__), file=answers, flush=True)
    for line in sys.stdin:
        job = json.loads(line)
        child = os.fork()
        if child == 0:
            signal.alarm(LIMIT_S)
            said = io.StringIO()
            with contextlib.redirect_stdout(said):
                record = observe(**job)
            record = replace(
                record, trace=portable(record.trace), message=portable(record.message), said=said.getvalue().count("\n")
            )
            print(json.dumps(record.to_json()), file=answers, flush=True)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if status:
            outcome = "timeout" if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGALRM else "crashed"
            record = Record(job["fault"], job["program"], job["arm"], job["tools"], outcome)
            print(json.dumps(record.to_json()), file=answers, flush=True)


def observe(path: str, arm: str, package: str, mode: str, tools: bool, fault: str, program: str, op: str,
            names: list[str]) -> Record:  # fmt: skip
    """Run the program in ``path`` and return what was seen."""
    if tools:
        TOOLS[package]()
    with open(path, encoding="utf-8") as file:
        code = compile(file.read(), path, "exec")
    space: dict[str, Any] = {"__name__": "__main__", "__file__": path}
    heard: list[tuple[warnings.WarningMessage, str]] = []
    failure: BaseException | None = None

    def phase(codes: list[CodeType], error: BaseException | None = None) -> str:
        steps = len(space.get("losses", ()))
        if steps:
            return f"step {steps + 1}"
        return "first run" if BEGUN[mode, package](codes, path, error) else "definition"

    def hear(message: Any, category: Any, filename: str, lineno: int, file: Any = None, line: Any = None) -> None:
        codes = [frame.f_code for frame, _ in traceback.walk_stack(sys._getframe(1))]
        heard.append((warnings.WarningMessage(message, category, filename, lineno), phase(codes)))

    with warnings.catch_warnings():
        warnings.showwarning = hear
        start = time.perf_counter()
        try:
            exec(code, space)
        except Exception as error:
            failure = error
        took = time.perf_counter() - start
    known: dict[str, Any] = {"fault": fault, "program": program, "arm": arm, "tools": tools, "seconds": took}
    if failure is not None:
        failed = failure
        held = HELD[package]
        found = of_error(
            failed, heard, path, op, names, lambda codes: phase(codes, failed), lambda f, _: _held(f, held)
        )
        return Record(**known, outcome="raised", **found)
    result = numbers(space.get("result"))
    if heard:
        return Record(**known, outcome="warned", result=result, **of_warning(heard, path, op, names))
    return Record(**known, outcome="silent", result=result)


# --- what the frameworks differ in ----------------------------------------------------------------------------------


def _torch_tools() -> None:
    import torch

    torch.autograd.set_detect_anomaly(True)


def _jax_tools() -> None:
    import jax

    jax.config.update("jax_debug_nans", True)
    jax.config.update("jax_debug_infs", True)


def _tensorflow_tools() -> None:
    import tensorflow as tf

    tf.debugging.enable_check_numerics()


TOOLS = {"torch": _torch_tools, "jax": _jax_tools, "tensorflow": _tensorflow_tools}
"""Each framework's own switch that looks for a NaN: PyTorch's in backward passes, the others' in all results."""


def _in_step(codes: list[CodeType], path: str, error: BaseException | None) -> bool:
    return any(code.co_filename == path and code.co_name == "step" for code in codes)


def _past_dynamo(codes: list[CodeType], path: str, error: BaseException | None) -> bool:
    return _in_step(codes, path, error) and not type(error).__module__.startswith("torch._dynamo")


def _past_jit(codes: list[CodeType], path: str, error: BaseException | None) -> bool:
    # A frame of the step is there only while it is traced, or when a NaN is looked for op by op.
    return isinstance(error, FloatingPointError)


def _past_function(codes: list[CodeType], path: str, error: BaseException | None) -> bool:
    # TensorFlow takes its own frames out of a traceback; its texts tell where it was.
    return "Graph execution error" in str(error)


def _in_session(codes: list[CodeType], path: str, error: BaseException | None) -> bool:
    return any(code.co_name == "run" and "session" in code.co_filename for code in codes)


BEGUN: dict[tuple[str, str], Callable[[list[CodeType], str, BaseException | None], bool]] = {
    ("eager", "torch"): _in_step, ("eager", "jax"): _in_step, ("eager", "tensorflow"): _in_step,
    ("compiled", "torch"): _past_dynamo, ("compiled", "jax"): _past_jit, ("compiled", "tensorflow"): _past_function,
    ("graph", "tensorflow"): _in_session,
}  # fmt: skip
"""Tell, from the code that was running, whether a step was being run rather than traced or not begun."""


def _torch_held(value: Any) -> bool | None:
    import torch
    from torch._subclasses.fake_tensor import FakeTensor

    return None if not isinstance(value, torch.Tensor) else not isinstance(value, FakeTensor)


def _jax_held(value: Any) -> bool | None:
    import jax
    from jax._src.core import is_concrete  # a tracer of `grad` alone has its value, and prints it

    return is_concrete(value) if isinstance(value, jax.Array) else None


def _tensorflow_held(value: Any) -> bool | None:
    import tensorflow as tf

    if isinstance(value, tf.Variable):
        return tf.executing_eagerly()
    return None if not isinstance(value, tf.Tensor) else not tf.is_symbolic_tensor(value)


HELD: dict[str, Callable[[Any], bool | None]] = {
    "torch": _torch_held, "jax": _jax_held, "tensorflow": _tensorflow_held,
}  # fmt: skip
"""Return whether a tensor has a value that can be read; None for what is no tensor."""


def _held(frames: list[FrameType], known: Callable[[Any], bool | None]) -> tuple[int, int]:
    held = {id(v): known(v) for frame in frames for v in frame.f_locals.values()}
    tensors = [value for value in held.values() if value is not None]
    return len(tensors), sum(tensors)


if __name__ == "__main__":
    main()

"""Observe programs in a peer: ``python -m dualflow.experiment.peers.observer PACKAGE [MODULE...] < jobs``.

The fields of an observation mean what they mean for dualflow's arms, but for ``probes``, which are not counted here.
Jobs come one a line, as JSON, and so do the observations, after the framework's version. Each run has a process of its
own, forked from this one, which has imported the framework and done nothing with it: importing takes 2 to 5 s, a run a
fraction of that.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import sys
from collections.abc import Callable
from types import CodeType, FrameType
from typing import Any

from dualflow.experiment.debuggability.observation import Job, Observation
from dualflow.experiment.debuggability.observing import execute, in_step, observe

LIMIT_S = 300
"""Seconds for one run; torch.compile takes 40 for a small program on two busy cores."""


def main() -> None:
    """Import the framework; for each job fork, run it, print the observation."""
    framework, *_ = [importlib.import_module(name) for name in sys.argv[1:]]
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what the framework itself writes there is no answer

    def answer(found: Observation) -> None:
        print(json.dumps(found.to_json()), file=answers, flush=True)

    print(json.dumps(framework.__version__), file=answers, flush=True)
    for line in sys.stdin:
        job = Job.from_json(json.loads(line))
        child = os.fork()
        if child == 0:
            signal.alarm(LIMIT_S)
            answer(observe(job, Peer(job.package)))
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if status:
            late = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGALRM
            answer(job.ended("timeout" if late else "crashed"))


class Peer:
    """A peer's framework as an observer knows it."""

    def __init__(self, package: str) -> None:
        self.package, self.known = package, HELD[package]

    def run(self, job: Job, space: dict[str, Any]) -> None:
        """Run the program, with the framework's own switches on if tools are asked for."""
        if job.tools:
            TOOLS[self.package](sys.modules[self.package])
        execute(job.path, space)

    def begun(self, job: Job, codes: list[CodeType], error: BaseException | None) -> bool:
        """Return whether a step was being run, rather than traced or not begun."""
        if job.mode == "eager":
            return in_step(codes, job.path)
        return BEGUN[job.mode, job.package](codes, job.path, error)

    def held(self, frames: list[FrameType], error: BaseException) -> tuple[int, int]:
        """Count tensors, and those with a value."""
        held = {id(v): self.known(v) for frame in frames for v in frame.f_locals.values()}
        tensors = [value for value in held.values() if value is not None]
        return len(tensors), sum(tensors)

    def probes(self, job: Job, result: tuple[float, ...] | None) -> None:
        """Return None: how a NaN is looked for in a peer is not asked here."""


# --- what the frameworks differ in ----------------------------------------------------------------------------------


TOOLS: dict[str, Callable[[Any], Any]] = {
    "torch": lambda torch: torch.autograd.set_detect_anomaly(True),
    "jax": lambda jax: [jax.config.update(f"jax_debug_{what}", True) for what in ("nans", "infs")],
    "tensorflow": lambda tf: tf.debugging.enable_check_numerics(),
}
"""Each framework's own switch that looks for a NaN: PyTorch's in backward passes, the others' in all results."""


BEGUN: dict[tuple[str, str], Callable[[list[CodeType], str, BaseException | None], bool]] = {
    ("compiled", "torch"): lambda codes, path, error: (
        in_step(codes, path) and not type(error).__module__.startswith("torch._dynamo")
    ),
    # A frame of the step is there only while it is traced, or when a NaN is looked for op by op.
    ("compiled", "jax"): lambda codes, path, error: isinstance(error, FloatingPointError),
    # TensorFlow takes its own frames out of a traceback; its texts tell where it was.
    ("compiled", "tensorflow"): lambda codes, path, error: "Graph execution error" in str(error),
    ("graph", "tensorflow"): lambda codes, path, error: any(
        code.co_name == "run" and "session" in code.co_filename for code in codes
    ),
}
"""Whether, by the code that was running, a step was being run rather than traced or not begun; in eager mode
``in_step`` knows."""


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


if __name__ == "__main__":
    main()

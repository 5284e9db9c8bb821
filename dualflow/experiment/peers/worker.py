"""One arm in a process of its own: ``python -m dualflow.experiment.peers.worker ADAPTER PACKAGE``.

It is asked over standard input and answers over standard output, one pickle each: ``(method, arguments)`` and
``(True, result)`` or ``(False, error in words)``. It knows a clock and the adapter it was given; it judges nothing.
"""

from __future__ import annotations

import importlib
import os
import pickle
import sys
import time
import traceback
from typing import Any

from dualflow.arms.timing import Timer, Warmup


class Worker:
    """What a parent may ask for."""

    def __init__(self, adapter: str, package: str) -> None:
        self.adapter, self.package = adapter, package

    def load(self) -> dict[str, Any]:
        """Import the framework; return its version and the seconds."""
        start = time.perf_counter()
        framework = importlib.import_module(self.package)
        return {"version": framework.__version__, "seconds": time.perf_counter() - start}

    def build(self, program: str, mode: str, weights: list[Any], batches: list[Any], threads: int) -> float:
        """Build the program from these weights and batches; return the seconds."""
        start = time.perf_counter()
        # An adapter of this package by its bare name, any other module by its full one.
        name = self.adapter if "." in self.adapter else f"dualflow.experiment.peers.{self.adapter}"
        self.run = importlib.import_module(name).build(program, mode, weights, batches, threads)
        self.batches, self.next = len(batches), 0
        self.timer = Timer(self.adapter, self._step, time.perf_counter)
        return time.perf_counter() - start

    def _step(self) -> list[Any]:
        found = self.run.step(self.next)
        self.next = (self.next + 1) % self.batches
        return found

    def steps(self, count: int) -> dict[str, Any]:
        """Take steps; return what each gave, the seconds each took, and the weights after them."""
        given, seconds = [], []
        for _ in range(count):
            start = time.perf_counter()
            found = self._step()
            seconds.append(time.perf_counter() - start)
            given.append(found)
        return {"given": given, "seconds": seconds, "weights": self.run.weights()}

    def warm_up(self, block_s: float, limit_s: float) -> tuple[Warmup, int, float]:
        """Settle rate and block size."""
        self.timer.warm_up(block_s, limit_s)
        return self.timer.warmup, self.timer.calls, self.timer.rate_s

    def sample(self) -> float:
        """Time one block; return its seconds per step."""
        self.timer.sample()
        return self.timer.rate_s


def main() -> None:
    """Answer until there is nothing more to answer."""
    questions = sys.stdin.buffer
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a framework or a step prints must not get between the answers
    worker = Worker(*sys.argv[1:])
    while True:
        try:
            method, args = pickle.load(questions)
        except EOFError:
            return
        try:
            answer = (True, getattr(worker, method)(*args))
        except Exception:
            answer = (False, traceback.format_exc())
        pickle.dump(answer, answers)
        answers.flush()


if __name__ == "__main__":
    main()

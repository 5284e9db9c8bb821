"""The parent's end of a worker: it starts the process, asks it, and ends it. It has the clock's side of an arm too."""

from __future__ import annotations

import os
import pickle
import subprocess
import tempfile
from typing import Any

from dualflow.arms.timing import LEAD_IN_S, Warmup
from dualflow.experiment.measure.memory import python_path
from dualflow.experiment.peers import Peer


class PeerError(RuntimeError):
    """A worker could not do what it was asked; the text is its traceback, or what it last wrote."""


def environment(threads: int) -> dict[str, str]:
    """Return the settings that all workers have alike: so many threads, nothing compiled kept from another run."""
    count = {f"{name}_NUM_THREADS": str(threads) for name in ("OMP", "OPENBLAS", "MKL", "TF_INTRAOP", "TF_INTEROP")}
    one = {"XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false"} if threads == 1 else {}
    quiet = {"TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONHASHSEED": "0"}
    return os.environ | count | one | quiet | python_path()


def installed(peer: Peer) -> bool:
    """Return whether a peer's interpreter could import it, without importing it.

    Raises PeerError if there is no such interpreter.
    """
    look = "import importlib.util, sys; sys.exit(importlib.util.find_spec(sys.argv[1]) is None)"
    try:
        found = subprocess.run([peer.python, "-c", look, peer.package], env=environment(1), check=False)
    except OSError as error:
        name = f"DUALFLOW_PYTHON_{peer.package.upper()}"
        raise PeerError(f"{peer.name}: {name} names {peer.python!r}, which cannot be run: {error}") from None
    return found.returncode == 0


class Remote:
    """One worker. As an arm on the clock it is asked for a block when its turn comes."""

    def __init__(self, peer: Peer, threads: int = 1) -> None:
        self.peer, self.threads = peer, threads
        # A cache of one's own: Inductor's would otherwise make the second run's first step cheap.
        self._folder = tempfile.TemporaryDirectory(prefix="dualflow-peer-")
        self._said = tempfile.TemporaryFile()
        self._process = subprocess.Popen(
            [peer.python, "-m", "dualflow.experiment.peers.worker", peer.adapter, peer.package],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._said, cwd=self._folder.name,
            env=environment(threads) | {"TORCHINDUCTOR_CACHE_DIR": self._folder.name},
        )  # fmt: skip
        self.first_s = self.rate_s = 0.0
        self.calls = 1
        self.samples: list[float] = []
        self.warmup = Warmup(0.0, 0.0, 0, None)

    def __enter__(self) -> Remote:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """End the process."""
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._said.close()
        self._folder.cleanup()

    def ask(self, method: str, *args: Any) -> Any:
        """Ask for one thing and wait for it. Raises PeerError if it could not be done."""
        assert self._process.stdin is not None and self._process.stdout is not None
        try:
            pickle.dump((method, args), self._process.stdin)
            self._process.stdin.flush()
            done, answer = pickle.load(self._process.stdout)
        except (EOFError, BrokenPipeError, pickle.UnpicklingError):
            raise PeerError(
                f"{self.peer.name}: its process ended with exit code {self._process.wait()}\n{self._last()}"
            ) from None
        if not done:
            raise PeerError(f"{self.peer.name}: {method} failed\n{answer}")
        return answer

    def _last(self) -> str:
        self._said.seek(0)
        return self._said.read().decode(errors="replace")[-2000:]

    # -- an arm, as ``speed.measure`` has it
    def first_call(self) -> None:
        """Do nothing: the first step was taken, and timed, when the process was fresh."""

    def warm_up(self, block_s: float, limit_s: float) -> None:
        """Let the worker settle rate and block size."""
        warmup, self.calls, self.rate_s = self.ask("warm_up", block_s, limit_s)
        self.warmup = Warmup(self.first_s, warmup.seconds, warmup.calls, warmup.settled)

    def sample(self) -> None:
        """Have one block timed, by the worker's own clock: the pipe's time is not in it."""
        self.rate_s = self.ask("sample")
        self.samples.append(self.rate_s)

    def next_s(self) -> float:
        """Expect the next block to run at the last known rate."""
        return self.rate_s * (self.calls + (self.rate_s < LEAD_IN_S))

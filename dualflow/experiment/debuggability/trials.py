"""Every fault and every control, in every arm, plain and with the tools: each run in a process, many in parallel."""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from dualflow.arms.timing import Progress, silent
from dualflow.experiment.debuggability.observation import Job, Observation
from dualflow.experiment.debuggability.reading import portable
from dualflow.experiment.faults.card import Case, source
from dualflow.experiment.measure.memory import python_path

LIMIT_S = 120.0
"""Seconds for one run; the slowest takes 15 on two busy cores."""


@dataclass(frozen=True)
class Trial:
    """One run to make: a fault, or a control when ``fault`` is None.

    For a user's file ``text`` is its source, ``home`` its directory and ``call`` the function that is to be stepped.
    """

    program: str
    fault: Case | None
    arm: str
    tools: bool
    text: str = ""
    home: str = ""
    call: str = ""

    @property
    def name(self) -> str:
        """What is run: the fault, or the program with nothing planted."""
        return self.fault.name if self.fault else self.program

    def source(self) -> str:
        """Return the text that is run."""
        return self.fault.planted().text if self.fault else self.text or source(self.program)

    def job(self, folder: Path, text: str, package: str = "", mode: str = "") -> Job:
        """Write the text to a file of the program's name, in a new folder, and return the job of running it."""
        path = Path(tempfile.mkdtemp(dir=folder)) / f"{self.program.rpartition('/')[2]}.py"
        path.write_text(text, encoding="utf-8")
        fault, op, names = (self.fault.name, self.fault.op, self.fault.names) if self.fault else ("", "", ())
        return Job(str(path), self.arm, self.tools, fault, self.program, op, names, self.call, package, mode)


def trials(
    faults: Iterable[Case], controls: Iterable[str], arms: Sequence[str], settings: Sequence[bool] = (False, True),
    **place: str,
) -> Iterator[Trial]:  # fmt: skip
    """List the runs: every control and every fault that the arm can express, plain and with the tools.

    ``place``: where a user's function is, as ``Trial`` has it.
    """
    for arm, tools in itertools.product(arms, settings):
        yield from (Trial(program, None, arm, tools, **place) for program in controls)
        yield from (Trial(f.program, f, arm, tools, **place) for f in faults if f.shows(arm) != "not expressible")


def run(todo: Sequence[Trial], progress: Progress = silent, limit_s: float = LIMIT_S) -> list[Observation]:
    """Make the runs, as many at once as there are cores, and return what was observed, in their order."""
    found: dict[int, Observation] = {}
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        waiting = {pool.submit(run_one, trial, Path(folder), limit_s): i for i, trial in enumerate(todo)}
        for done in as_completed(waiting):
            trial = todo[waiting[done]]
            found[waiting[done]] = done.result()
            progress(f"{trial.name}: {trial.arm}", len(found) / len(todo))
    return [found[i] for i in range(len(todo))]


def run_one(trial: Trial, folder: Path, limit_s: float = LIMIT_S) -> Observation:
    """Make one run in a fresh process."""
    job = trial.job(folder, trial.source())
    alone = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONHASHSEED": "0"}
    start = time.perf_counter()
    try:
        ran = subprocess.run(
            [sys.executable, "-m", "dualflow.experiment.debuggability.observer"], input=job.dumps(), text=True,
            capture_output=True, timeout=limit_s, check=False, cwd=trial.home or Path(job.path).parent,
            env=os.environ | alone | python_path(trial.home),
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return job.ended("timeout", seconds=time.perf_counter() - start)
    if ran.returncode:
        return job.ended("crashed", trace=portable(ran.stderr), seconds=time.perf_counter() - start)
    return Observation.from_json(json.loads(ran.stdout.rstrip("\n").rpartition("\n")[2]))

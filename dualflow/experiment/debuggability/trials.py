"""Send witnesses out: every fault and every control, in every arm, plain and with the tools, in parallel."""

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
from dataclasses import dataclass, replace
from pathlib import Path

from dualflow.arms.timing import Progress
from dualflow.core.site import HOME
from dualflow.experiment.debuggability.observation import Record
from dualflow.experiment.debuggability.reading import portable
from dualflow.experiment.faults.card import Case, source

LIMIT_S = 120.0
"""Seconds for one run; the slowest takes 15 on two busy cores."""


@dataclass(frozen=True)
class Job:
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


def jobs(faults: Iterable[Case], controls: Iterable[str], arms: Sequence[str]) -> Iterator[Job]:
    """List the runs: every control and every fault that the arm can express, plain and with the tools."""
    for arm, tools in itertools.product(arms, (False, True)):
        yield from (Job(program, None, arm, tools) for program in controls)
        yield from (Job(f.program, f, arm, tools) for f in faults if f.shows(arm) != "not expressible")


def run(todo: Sequence[Job], progress: Progress | None = None, limit_s: float = LIMIT_S) -> list[Record]:
    """Run the jobs, as many at once as there are cores, and return their records in the order of the jobs."""
    records: dict[int, Record] = {}
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        waiting = {pool.submit(witness, job, Path(folder), limit_s): i for i, job in enumerate(todo)}
        for done in as_completed(waiting):
            job = todo[waiting[done]]
            records[waiting[done]] = done.result()
            if progress is not None:
                progress(f"{job.fault.name if job.fault else job.program}: {job.arm}", len(records) / len(todo))
    return [records[i] for i in range(len(todo))]


def witness(job: Job, folder: Path, limit_s: float = LIMIT_S) -> Record:
    """Run one job in a fresh process."""
    name = job.fault.name if job.fault else ""
    text = job.fault.planted().text if job.fault else job.text or source(job.program)
    home = Path(tempfile.mkdtemp(dir=folder))
    path = home / f"{job.program}.py"
    path.write_text(text, encoding="utf-8")
    order = {
        "path": str(path), "arm": job.arm, "tools": job.tools, "fault": name, "program": job.program,
        "op": job.fault.op if job.fault else "", "names": list(job.fault.names) if job.fault else [], "call": job.call,
    }  # fmt: skip
    paths = [job.home, HOME, os.environ.get("PYTHONPATH")]
    alone = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONHASHSEED": "0"}
    start = time.perf_counter()
    try:
        ran = subprocess.run(
            [sys.executable, "-m", "dualflow.experiment.debuggability.observer"], input=json.dumps(order), text=True,
            capture_output=True, timeout=limit_s, check=False, cwd=job.home or home,
            env=os.environ | alone | {"PYTHONPATH": os.pathsep.join(filter(None, paths))},
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return Record(name, job.program, job.arm, job.tools, "timeout", seconds=time.perf_counter() - start)
    if ran.returncode != 0:
        took = time.perf_counter() - start
        return Record(name, job.program, job.arm, job.tools, "crashed", trace=portable(ran.stderr), seconds=took)
    record = Record.from_json(json.loads(ran.stdout.rstrip("\n").rpartition("\n")[2]))
    return replace(record, trace=portable(record.trace), message=portable(record.message))

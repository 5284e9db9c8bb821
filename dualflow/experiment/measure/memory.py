"""How much memory an arm needs at its peak, measured in a process of its own.

Two figures that answer two questions. *Process* is what the machine must have: the peak of the resident memory beyond
what it was once everything was imported. *Tensors* is what the program must hold: its state and batch and what a
steady step allocates at most beside them, by ``tracemalloc``, to which NumPy reports; for a compiled program, which
allocates out of Python's sight, the arguments, results and temporaries that XLA planned. A process of its own, because
a peak never goes down again.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from dualflow.arms.arms import Arm
from dualflow.arms.timing import Progress, silent
from dualflow.core.codec import Serializable
from dualflow.core.site import HOME

STEPS = 3
"""Steps before the peak is read: the second may trace anew what the first made, the third is a steady one."""


@dataclass(frozen=True)
class Memory(Serializable):
    """Peaks in bytes: ``process`` beyond ``imports``, which Python and the libraries need, and of the ``tensors``."""

    process: int
    tensors: int
    imports: int


def python_path(*first: str) -> dict[str, str]:
    """Return the setting with which another Python finds this dualflow, and what is in the folders named first."""
    return {"PYTHONPATH": os.pathsep.join(filter(None, (*first, HOME, os.environ.get("PYTHONPATH"))))}


def peaks(target: str, arms: Sequence[Arm], seed: int = 0, progress: Progress = silent) -> dict[str, Memory]:
    """Measure a program, or ``FILE.py:FUNCTION``, in a fresh process for each arm.

    Raises RuntimeError with the last line that the process wrote if it fails.
    """
    found = {}
    for i, arm in enumerate(arms):
        progress(f"memory: {arm.label}", i / len(arms))
        done = subprocess.run(
            [sys.executable, "-m", "dualflow.experiment.peak", target, arm.name, str(seed)],
            capture_output=True, text=True, check=False, env=os.environ | python_path(),
        )  # fmt: skip
        if done.returncode:
            last = (done.stderr.strip().splitlines() or ["no message"])[-1]
            raise RuntimeError(f"the memory of {target} in {arm.name} could not be measured: {last}")
        found[arm.name] = Memory.from_json(json.loads(done.stdout.splitlines()[-1]))
    return found

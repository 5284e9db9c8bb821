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
import tracemalloc
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from dualflow.arms.arms import Arm, choose
from dualflow.arms.timing import Progress
from dualflow.core.site import HOME

STEPS = 3
"""Steps before the peak is read: the second may trace anew what the first made, the third is a steady one."""


@dataclass(frozen=True)
class Memory:
    """Peaks in bytes: ``process`` beyond ``imports``, which Python and the libraries need, and of the ``tensors``."""

    process: int
    tensors: int
    imports: int

    def to_json(self) -> dict[str, int]:
        """Return a plain dictionary."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, int]) -> Memory:
        """Rebuild the memory from what ``to_json`` returned."""
        return cls(**data)


def peaks(target: str, arms: Sequence[Arm], seed: int = 0, progress: Progress | None = None) -> dict[str, Memory]:
    """Measure a program, or ``FILE.py:FUNCTION``, in a fresh process for each arm.

    Raises RuntimeError with the last line that the process wrote if it fails.
    """
    found = {}
    paths = [HOME, os.environ.get("PYTHONPATH", "")]
    for i, arm in enumerate(arms):
        if progress is not None:
            progress(f"memory: {arm.label}", i / len(arms))
        done = subprocess.run(
            [sys.executable, "-m", __name__, target, arm.name, str(seed)], capture_output=True, text=True, check=False,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))},
        )  # fmt: skip
        if done.returncode:
            last = (done.stderr.strip().splitlines() or ["no message"])[-1]
            raise RuntimeError(f"the memory of {target} in {arm.name} could not be measured: {last}")
        found[arm.name] = Memory.from_json(json.loads(done.stdout.splitlines()[-1]))
    return found


def resident_peak() -> int:
    """Return the largest resident memory that this process has had, in bytes.

    Linux's ``ru_maxrss`` begins with what the parent had until the child executed: under a parent of 400 MiB a bare
    Python reports 411 MiB, of which 9 are its own, and these are what ``VmHWM`` says.
    """
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
    except OSError:  # not Linux: macOS counts bytes, the BSDs KiB
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:")) * 1024


def measure(target: str, name: str, seed: int) -> Memory:
    """Measure one arm in this process, which has done nothing else."""
    import numpy as np

    from dualflow.arms.bench import bare, mapped, settle, tensors
    from dualflow.arms.state import capture
    from dualflow.cli.tools import step_of
    from dualflow.experiment.measure.flops import latest
    from dualflow.experiment.programs import PROGRAMS  # noqa: F401  step_of needs them, and they are an import too
    from dualflow.worlds.graph.ir.cell import load_tensor
    from dualflow.worlds.graph.trace.function import Function

    (arm,) = choose([name])
    if name == "compiled":
        import jax

        jax.jit(lambda x: x + 1)(np.zeros(1, np.float32)).block_until_ready()  # what every program needs, as an import
    imports = resident_peak()
    with arm.scope():
        python, args = step_of(target, seed)
        step = Function(bare(python))
        for _ in range(STEPS):
            result = step(*args)
        for x in tensors(result):
            load_tensor(x)  # compiled code may still be running
        process = resident_peak() - imports
        state = capture(Function(bare(python)), args).state
        held = [*state.values().arrays]
        mapped(args, held.append)
        if name == "compiled":
            plan = latest(step)
            planned: Any = plan.compiled.memory_analysis()  # type: ignore[union-attr]
            most = (
                planned.argument_size_in_bytes + planned.output_size_in_bytes + planned.temp_size_in_bytes
                - planned.alias_size_in_bytes
            )  # fmt: skip
        else:
            del result
            tracemalloc.start()
            settle(step(*args), state)
            most = tracemalloc.get_traced_memory()[1] + sum(array.nbytes for array in held)
    return Memory(process, int(most), imports)


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1], sys.argv[2], int(sys.argv[3])).to_json()))

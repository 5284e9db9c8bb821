"""The process that ``measure.memory`` starts for one arm: it runs a program and says how much memory that took."""

from __future__ import annotations

import json
import sys
import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np

from dualflow.arms.arms import choose
from dualflow.arms.bench import bare, mapped, settle, tensors
from dualflow.arms.state import capture
from dualflow.experiment.measure.flops import latest
from dualflow.experiment.measure.memory import STEPS, Memory
from dualflow.experiment.programs import step_of
from dualflow.worlds.graph.ir.cell import load_tensor
from dualflow.worlds.graph.trace.function import Function


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

"""dualflow's own arms as workers: the program's card itself, with the weights and batches that all the others get."""

from __future__ import annotations

from typing import Any

import numpy as np

import dualflow as df
from dualflow.arms.arms import ARMS
from dualflow.experiment.peers import Run
from dualflow.experiment.programs import PROGRAMS


def build(program: str, mode: str, weights: list[Any], batches: list[Any], threads: int) -> Run:
    """Build the program and enter the arm for good: this process has no other."""
    if mode == "compiled":
        import jax

        jax.devices()  # part of loading, as it is for the peers
    ARMS[mode].scope().__enter__()
    run = PROGRAMS[program].build(0)
    for held, given in zip(run.trained, weights, strict=True):
        with df.no_grad():
            held.assign(df.from_numpy(given.copy()))
    inputs = [tuple(df.from_numpy(part) for part in batch) for batch in batches]

    def step(i: int) -> list[Any]:
        found = run.step(*inputs[i])
        return [part.detach().numpy() for part in (found if isinstance(found, tuple) else (found,))]

    return Run(step, lambda: [np.array(held.detach().numpy()) for held in run.trained])

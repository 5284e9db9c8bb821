"""The arms of the experiment: the ways in which one program can be carried out.

This file knows their names and the mode that each one is. The middle arm tells "define, then run" apart from "XLA
compiled it": it has the graph of the third and the kernels of the first.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import partial
from typing import Any

from dualflow.core.mode import current, eager, mode


@dataclass(frozen=True)
class Arm:
    """One way to run: its name on the command line, its name in a report, what it means, and its mode."""

    name: str
    label: str
    meaning: str
    scope: Callable[[], AbstractContextManager[Any]]


def _eager() -> AbstractContextManager[Any]:
    """Enter eager mode, or nothing where it holds already.

    Inside any mode's block every eager op looks its mode up, which a user who never left eager mode does not pay for:
    30 ns an op, 2 % of the chain of 8×8 matrices.
    """
    here = current()
    return nullcontext() if here.mode == "eager" and here.graph is None else eager()


ARMS: dict[str, Arm] = {
    arm.name: arm
    for arm in (
        Arm("eager", "eager", "NumPy computes each op as its line runs", _eager),
        Arm(
            "interpreted", "graph, interpreted", "traced to a graph once, then run node by node with NumPy",
            partial(mode, "graph", compile=False),
        ),
        Arm(
            "compiled", "graph, compiled", "traced to a graph once, compiled by XLA (jax.jit), then run as one call",
            partial(mode, "graph"),
        ),
    )
}  # fmt: skip


def choose(names: str | Sequence[str]) -> tuple[Arm, ...]:
    """Return the arms named in a list or a comma-separated string; the first is what the others are compared with.

    Raises ValueError for an unknown name, a name given twice, or none.

    >>> [arm.label for arm in choose("eager,compiled")]
    ['eager', 'graph, compiled']
    """
    wanted = [name.strip() for name in names.split(",")] if isinstance(names, str) else list(names)
    known = ", ".join(ARMS)
    for name in wanted:
        if name not in ARMS:
            raise ValueError(f"there is no arm {name!r}; there are {known}")
        if wanted.count(name) > 1:
            raise ValueError(f"the arm {name!r} was given twice")
    if not wanted:
        raise ValueError(f"no arm was given; there are {known}")
    return tuple(ARMS[name] for name in wanted)

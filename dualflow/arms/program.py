"""The card of a program to be compared, and what building it gives.

This file knows what the experiment needs of a program: a step, its batches, a loss to differentiate, and perhaps a
score. It does not know any program (they are in ``programs``), nor in which world a program runs, and neither does a
program: it is written once, in the vocabulary.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Run:
    """One program, built from a seed and ready to step.

    ``step(*batch(i))`` is step ``i`` and returns its loss; the same ``i`` always gives the same batch. ``loss`` is the
    same loss without the update, for the gradients with respect to ``trained``; None where the step itself is no more
    than that. ``evaluate`` returns scores by name, each a fraction from 0 to 1.
    """

    step: Callable[..., Any]
    batch: Callable[[int], tuple[Any, ...]]
    trained: tuple[Any, ...]
    loss: Callable[..., Any] | None = None
    evaluate: Callable[[], Mapping[str, float]] | None = None


@dataclass(frozen=True)
class Published:
    """A figure from the literature: how fast the graph was there, in times as fast as eager, and where ``there`` is."""

    ratio: str
    source: str


@dataclass(frozen=True)
class Program:
    """A program that ships with dualflow; ``steps`` is how many it needs to have done its job.

    ``published``: what others measured for a program of the same kind, in their framework, if anybody did.
    """

    name: str
    summary: str
    build: Callable[[int], Run]
    steps: int
    published: Published | None = None


@dataclass(frozen=True)
class GrowingProgram:
    """A program that grows with x: what x counts, which x are tried, and how to build the program for one of them.

    ``by_hand`` makes the same in plain NumPy. One that is ``cold`` is timed with its tracing: one sample is all of
    ``cold`` calls of a function just made, divided by their number.
    """

    name: str
    x: str
    title: str
    xs: tuple[int, ...]
    build: Callable[[int], Run]
    by_hand: Callable[[int], Callable[[], Any]] | None = None
    cold: int = 0

"""Comparing a function of the user's own: ``df.compare(step, *args)``.

This file knows how to make a run of a plain function and its arguments, and that the user's variables, gradients and
random stream must be afterwards what they were before. Everything else is the experiment's.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from dualflow.arms.arms import ARMS, choose
from dualflow.arms.bench import bare, mapped
from dualflow.arms.program import Run
from dualflow.arms.state import borrowed, capture
from dualflow.arms.timing import Progress, silent
from dualflow.core.errors import GraphError
from dualflow.core.generator import default
from dualflow.core.mode import current
from dualflow.experiment.comparison import experiment
from dualflow.experiment.results.report import Report
from dualflow.worlds.graph.trace.function import Function


def compare(
    step: Callable[..., Any],
    *args: Any,
    arms: str | Sequence[str] = ("eager", "interpreted", "compiled"),
    steps: int = 10,
    seed: int = 0,
    budget_s: float = 4.0,
    only: str | None = None,
    progress: Progress | None = None,
    name: str | None = None,
) -> Report:
    """Run ``step(*args)`` in every arm, check that they agree, and measure how fast each is.

    ``step``: a plain function or a ``df.function``. Every arm starts from the state that the variables,
    optimizer slots, gradients and random streams it touches are in now, takes ``steps`` steps with the same arguments,
    and must return the same values and leave the same state; random draws come from ``seed``. Then, unless
    ``only="parity"``, first steps and the steady state are timed for about ``budget_s`` seconds each. Afterwards that
    state is what it was; what ``step`` does in plain Python (appending to a list, counting) is not undone. If the arms
    disagree, nothing is timed, ``report.passed`` is False, and the report names step, array and both values.

    Raises TypeError for what cannot be called with these arguments, ValueError for an unknown option, and whatever
    ``step`` raises, with a note that says in which arm.

    >>> w = df.Variable([1.0, 2.0])
    >>> def step(x):
    ...     loss = ((w * x) ** 2).sum()
    ...     df.optim.SGD([w], lr=0.1).minimize(loss)
    ...     return loss
    >>> report = df.compare(step, df.tensor([1.0, 1.0]), steps=3, only="parity")
    >>> report.passed, w.tolist()
    (True, [1.0, 2.0])
    """
    chosen = choose(arms)
    python = bare(step)
    if not callable(step) or isinstance(step, type):
        raise TypeError(f"compare: takes a function and its arguments, not {type(step).__name__} {step!r:.60}")
    inner = python.func if isinstance(python, functools.partial) else python
    title = name or getattr(inner, "__name__", None) or type(inner).__name__
    _check_call(title, python, args)
    if current().graph is not None:
        raise GraphError(
            f"compare: {title} cannot be compared while a graph is being built",
            hint="call df.compare outside `with df.graph():`; it enters each mode itself",
        )  # fmt: skip
    with ARMS["eager"].scope():
        state = capture(Function(python), args).state
        notes = [
            f"{a} and {b} share memory. In eager mode a change of one changes the other; a graph keeps them apart, and "
            "so did this comparison."
            for a, b in state.shared()
        ]

        def build() -> Run:
            # The arms work on copies that stand in the user's tensors meanwhile; the stream just seeded stays seeded.
            held = zip(state.generators, lent.streams, strict=True)
            state.adopt(replace(lent.copy(), streams=[g.get_state() if g is default() else s for g, s in held]))
            return Run(python, lambda i: mapped(args, np.array), ())

        summary = (python.__doc__ or "").strip().split("\n\n")[0]
        with borrowed(state):
            lent = state.values()
            return experiment(
                title, " ".join(summary.split()), build, chosen, steps=steps, seed=seed, budget_s=budget_s, only=only,
                progress=progress or silent, notes=notes,
            )  # fmt: skip


def _check_call(title: str, python: Callable[..., Any], args: tuple[Any, ...]) -> None:
    try:
        signature = inspect.signature(python)
    except (TypeError, ValueError):
        return  # a callable written in C does not say; calling it will
    try:
        signature.bind(*args)
    except TypeError as misfit:
        raise TypeError(f"compare: {title}{signature} cannot be called with {len(args)} arguments: {misfit}") from None

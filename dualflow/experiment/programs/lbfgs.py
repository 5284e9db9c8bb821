"""L-BFGS (Liu and Nocedal 1989): ten least-squares problems at once, five steps by the two-loop recursion each time."""

from __future__ import annotations

from typing import Any

import numpy as np

import dualflow as df
from dualflow.arms.program import Program, Published, Run

PROBLEMS, ROWS, SIZE, ITERATIONS = 10, 40, 20, 5


def dot(a: Any, b: Any) -> Any:
    """Return the inner product of each problem's two vectors: (problems, size, 1) to (problems, 1, 1)."""
    return (a * b).sum(axis=1, keepdims=True)


def direction(g: Any, history: list[tuple[Any, Any]]) -> Any:
    """Return -H g, where H is what the (step, change of slope) pairs know of the inverse Hessian, newest last."""
    found = -g
    taken = []
    for s, change in reversed(history):
        a = dot(s, found) / dot(s, change)
        found = found - a * change
        taken.append(a)
    if history:
        s, change = history[-1]
        found = found * (dot(s, change) / dot(change, change))
    for (s, change), a in zip(history, reversed(taken), strict=True):
        found = found + s * (a - dot(change, found) / dot(s, change))
    return found


def build(seed: int) -> Run:
    """Build the ten solutions, all zero at first, and measurements of ten truths, with new noise in every batch."""
    df.manual_seed(seed)
    x = df.Variable(df.zeros(PROBLEMS, SIZE, 1), name="x")
    truth = np.random.default_rng(seed).standard_normal((PROBLEMS, SIZE, 1))

    def squares(a: Any, b: Any, at: Any) -> Any:
        return ((a @ at - b) ** 2).sum() / ROWS

    @df.function
    def loss(a: Any, b: Any) -> Any:
        return squares(a, b, x)

    @df.function
    def step(a: Any, b: Any) -> Any:
        at = x.detach().requires_grad_()
        history: list[tuple[Any, Any]] = []
        first = squares(a, b, at)
        (g,) = df.grad(first, at)
        for _ in range(ITERATIONS):
            d = direction(g, history)
            ahead = a @ d
            length = -dot(g, d) * ROWS / (2 * dot(ahead, ahead))  # exact: along a line, squares are a parabola
            later = (at + length * d).detach().requires_grad_()
            (new,) = df.grad(squares(a, b, later), later)
            history.append((later - at, new - g))
            at, g = later, new
        x.assign(at)
        return first

    def batch(i: int) -> tuple[Any, ...]:
        random = np.random.default_rng([seed, i])
        a = random.standard_normal((PROBLEMS, ROWS, SIZE))
        b = a @ truth + 0.1 * random.standard_normal((PROBLEMS, ROWS, 1))
        return df.from_numpy(a.astype(np.float32)), df.from_numpy(b.astype(np.float32))

    return Run(step, batch, (x,), loss)


CARD = Program(
    name="lbfgs",
    summary=f"L-BFGS: {ITERATIONS} two-loop iterations on {PROBLEMS} least-squares problems of {ROWS}×{SIZE} at once",
    build=build,
    steps=10,
    published=Published(
        "almost 2×",
        "Moldovan et al., AutoGraph, SysML 2019, arXiv:1810.08061: L-BFGS with batches of 10, against TensorFlow Eager",
    ),
)

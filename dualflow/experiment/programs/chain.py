"""A hundred tiny operations in a row, forward and backward: where the cost of an op is all overhead."""

from __future__ import annotations

from typing import Any

import dualflow as df
from dualflow.arms.program import Program, Run

LINKS, SIZE = 25, 8


def build(seed: int) -> Run:
    """Build the one matrix that every link uses, and the matrix that goes in."""
    df.manual_seed(seed)
    # Entries of 1/√8 keep the product of 25 links near 1: neither all tanh saturated nor all gradients zero.
    a = df.Variable(df.randn(SIZE, SIZE) * SIZE**-0.5, name="a")
    start = df.randn(SIZE, SIZE)

    @df.function
    def loss(h: Any) -> Any:
        for _ in range(LINKS):
            h = df.tanh(h * a + a)
            h = h @ a
        return h.sum()

    @df.function
    def step(h: Any) -> Any:
        value = loss(h)
        value.backward()
        gradient, a.grad = a.grad, None
        return value, gradient

    return Run(step, lambda i: (start,), (a,), loss)


CARD = Program(
    name="chain",
    summary=f"{LINKS} times (h = tanh(h·a + a); h = h @ a) on {SIZE}×{SIZE} matrices, forward and backward",
    build=build,
    steps=20,
)

"""The two-layer network of the lecture notes: random data, a sum of squares, plain gradient descent at 1e-6."""

from __future__ import annotations

from typing import Any

import dualflow as df
from dualflow.arms.program import Program, Run


def build(seed: int) -> Run:
    """Build the two weights, the one batch, and the optimizer."""
    df.manual_seed(seed)
    x, y = df.randn(64, 1000), df.randn(64, 10)
    w1, w2 = df.Variable(df.randn(1000, 100), name="w1"), df.Variable(df.randn(100, 10), name="w2")
    optimizer = df.optim.SGD([w1, w2], lr=1e-6)

    @df.function
    def loss(x: Any, y: Any) -> Any:
        return (x.mm(w1).clamp(min=0).mm(w2) - y).pow(2).sum()

    @df.function
    def step(x: Any, y: Any) -> Any:
        value = loss(x, y)
        optimizer.minimize(value)
        return value

    return Run(step, lambda i: (x, y), (w1, w2), loss)


CARD = Program(
    name="notes",
    summary="two-layer network 64×1000→100→10 of the lecture notes, SGD at 1e-6 on a sum of squares",
    build=build,
    steps=50,
)

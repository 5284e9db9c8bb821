"""An LSTM that reads 20 steps of a sequence, unrolled, and says what comes next: one training step of it."""

from __future__ import annotations

from typing import Any

import dualflow as df
from dualflow.arms.program import Program, Run

TIME, BATCH, INPUT, HIDDEN = 20, 16, 16, 64


def build(seed: int) -> Run:
    """Build the cell, the read-out, the optimizer, and sequences of noisy sines."""
    df.manual_seed(seed)
    cell, read_out = df.nn.LSTMCell(INPUT, HIDDEN), df.nn.Linear(HIDDEN, INPUT)
    trained = (*cell.parameters(), *read_out.parameters())
    optimizer = df.optim.Adam(trained, lr=1e-3)

    @df.function
    def loss(sequence: Any, target: Any) -> Any:
        h, c = df.zeros(BATCH, HIDDEN), df.zeros(BATCH, HIDDEN)
        for t in range(TIME):
            h, c = cell(sequence[t], (h, c))
        return df.nn.functional.mse_loss(read_out(h), target)

    @df.function
    def step(sequence: Any, target: Any) -> Any:
        value = loss(sequence, target)
        optimizer.minimize(value)
        return value

    times = df.arange(TIME + 1).astype(df.float32).reshape(TIME + 1, 1, 1)
    waves = df.sin(times * 0.3 + df.rand(BATCH, INPUT) * 6.28) + df.randn(TIME + 1, BATCH, INPUT) * 0.05

    return Run(step, lambda i: (waves[:TIME].detach(), waves[TIME].detach()), trained, loss)


CARD = Program(
    name="lstm",
    summary=f"LSTM unrolled over {TIME} steps, batch {BATCH}, hidden {HIDDEN}, one training step with Adam",
    build=build,
    steps=20,
)

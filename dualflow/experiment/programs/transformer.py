"""A transformer block that reads each digit row by row: eight rows, which attend to each other."""

from __future__ import annotations

from typing import Any

import dualflow as df
from dualflow.arms.program import Program, Run
from dualflow.experiment.programs.digits import reading

ROWS, WIDTH, HEADS = 8, 32, 4


class Reader(df.nn.Module):
    """Rows of pixels to vectors, their places added, one encoder layer, and a vote of all rows."""

    def __init__(self) -> None:
        super().__init__()
        self.embed = df.nn.Linear(ROWS, WIDTH)
        self.places = df.nn.Parameter(df.randn(ROWS, WIDTH) * 0.02)
        self.block = df.nn.TransformerEncoderLayer(WIDTH, HEADS, 2 * WIDTH, batch_first=True, norm_first=True)
        self.norm = df.nn.LayerNorm(WIDTH)
        self.head = df.nn.Linear(WIDTH, 10)

    def forward(self, x: Any) -> Any:
        """Return the logits for images of shape (n, 64)."""
        rows = self.embed(x.reshape(-1, ROWS, ROWS)) + self.places
        return self.head(self.norm(self.block(rows)).mean(axis=1))


def build(seed: int) -> Run:
    """Build the reader and Adam; the dropout of the block draws its masks from the seed too."""
    df.manual_seed(seed)
    network = Reader()
    return reading(seed, network, df.optim.Adam(network.parameters(), lr=3e-3))


CARD = Program(
    name="transformer",
    summary=f"one transformer block (width {WIDTH}, {HEADS} heads, dropout 0.1) on the digits, a row of pixels a place",
    build=build,
    steps=10 * 22,
)

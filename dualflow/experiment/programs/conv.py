"""A small convolutional network that reads the digits as the pictures they are."""

from __future__ import annotations

import dualflow as df
from dualflow.arms.program import Program, Run
from dualflow.experiment.programs.digits import reading


def build(seed: int) -> Run:
    """Build two convolutions, each followed by a pool that halves the picture, and the layer that names the digit."""
    df.manual_seed(seed)
    network = df.nn.Sequential(
        df.nn.Conv2d(1, 8, 3, padding=1), df.nn.ReLU(), df.nn.MaxPool2d(2),
        df.nn.Conv2d(8, 16, 3, padding=1), df.nn.ReLU(), df.nn.MaxPool2d(2),
        df.nn.Flatten(), df.nn.Linear(16 * 2 * 2, 10),
    )  # fmt: skip
    return reading(seed, network, df.optim.Adam(network.parameters(), lr=1e-2), flatten=False)


CARD = Program(
    name="conv",
    summary="convolutional network (two of 3×3, each with ReLU and pool, one linear layer) with Adam on the digits",
    build=build,
    steps=5 * 22,
)

"""A residual network (He et al. 2016) for pictures of 8×8: three basic blocks, batch norm, momentum."""

from __future__ import annotations

from typing import Any

import dualflow as df
from dualflow.arms.program import Program, Published, Run
from dualflow.experiment.programs.digits import reading

BATCH = 16
"""Small, because the published gain is one of small batches."""


class Block(df.nn.Module):
    """Two convolutions, normalized, added to what went in; where the size changes, a 1×1 convolution fits it."""

    def __init__(self, channels: int, out: int, stride: int) -> None:
        super().__init__()
        self.conv1 = df.nn.Conv2d(channels, out, 3, stride=stride, padding=1, bias=False)
        self.norm1 = df.nn.BatchNorm2d(out)
        self.conv2 = df.nn.Conv2d(out, out, 3, padding=1, bias=False)
        self.norm2 = df.nn.BatchNorm2d(out)
        self.shortcut: df.nn.Module = df.nn.Identity()
        if stride != 1 or channels != out:
            self.shortcut = df.nn.Sequential(
                df.nn.Conv2d(channels, out, 1, stride=stride, bias=False), df.nn.BatchNorm2d(out)
            )

    def forward(self, x: Any) -> Any:
        """Return the block's output for ``x`` of shape (n, channels, height, width)."""
        h = df.relu(self.norm1(self.conv1(x)))
        return df.relu(self.norm2(self.conv2(h)) + self.shortcut(x))


def build(seed: int) -> Run:
    """Build stem, blocks of 8, 8 and 16 channels, mean over the picture, and read-out."""
    df.manual_seed(seed)
    network = df.nn.Sequential(
        df.nn.Conv2d(1, 8, 3, padding=1, bias=False), df.nn.BatchNorm2d(8), df.nn.ReLU(),
        Block(8, 8, 1), Block(8, 8, 1), Block(8, 16, 2),
        df.nn.AdaptiveAvgPool2d(1), df.nn.Flatten(), df.nn.Linear(16, 10),
    )  # fmt: skip
    optimizer = df.optim.SGD(network.parameters(), lr=0.02, momentum=0.9, weight_decay=1e-4)
    return reading(seed, network, optimizer, flatten=False, batch=BATCH)


CARD = Program(
    name="resnet",
    summary=f"residual network of three basic blocks, batch norm, momentum, batches of {BATCH}, on the digits",
    build=build,
    steps=3 * 89,  # 3 epochs
    published=Published(
        "faster at small batches",
        "Agrawal et al., TensorFlow Eager, MLSys 2019, arXiv:1903.01855, figure 3: ResNet-50 on one GPU; "
        "the gain vanishes as batches grow",
    ),
)

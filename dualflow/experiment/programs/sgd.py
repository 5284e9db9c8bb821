"""The smallest training loop there is: one linear layer, softmax, plain gradient descent, 200 images at a time."""

from __future__ import annotations

import dualflow as df
from dualflow.arms.program import Program, Published, Run
from dualflow.experiment.programs.digits import reading


def build(seed: int) -> Run:
    """Build the layer; the loop over steps is Python's in every arm, as in the middle row of AutoGraph's table."""
    df.manual_seed(seed)
    layer = df.nn.Linear(64, 10)
    return reading(seed, layer, df.optim.SGD(layer.parameters(), lr=0.5), batch=200)


CARD = Program(
    name="sgd",
    summary="one linear layer 64→10 with plain SGD, batches of 200 as in the loop on MNIST, on the digits",
    build=build,
    steps=140,
    published=Published(
        "1.75×",
        "Moldovan et al., AutoGraph, SysML 2019, arXiv:1810.08061: a linear layer on MNIST, batch 200; a graph of one "
        "step in a Python loop was 75 % faster than TensorFlow Eager",
    ),
)

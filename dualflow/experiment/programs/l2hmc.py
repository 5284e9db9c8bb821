"""L2HMC (Levy et al. 2018): a sampler whose moves are learnt. Ten leapfrog steps, each bent by two small networks."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

import dualflow as df
from dualflow.arms.program import Program, Published, Run

CHAINS, LEAPS, HIDDEN, SIZE = 64, 10, 10, 2
STEP, SCALE = 0.1, 0.1
"""Length of a leapfrog step, and the square of the distance that a move should reach."""

VARIANCE = np.array([[50.05, -49.95], [-49.95, 50.05]], np.float32)
"""The target of the paper and of TensorFlow Eager's example: a Gaussian ten long and 0.3 wide, lying askew."""


class Bend(df.nn.Module):
    """Return how a half step and its force are scaled, and what is added: S, Q and T of the paper, each (chains, 2)."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.second = df.nn.Linear(2 * SIZE + 2, HIDDEN), df.nn.Linear(HIDDEN, HIDDEN)
        self.heads = df.nn.Linear(HIDDEN, 3 * SIZE)
        with df.no_grad():
            self.heads.weight.mul_(0.01)  # so that it starts as plain HMC, nearly

    def forward(self, a: Any, b: Any, time: Any) -> Any:
        """Return S, Q and T for two vectors and the time of each chain."""
        h = df.relu(self.first(df.concat([a, b, time], axis=1)))
        s, q, t = df.torch.chunk(self.heads(df.relu(self.second(h))), 3, axis=1)
        return df.tanh(s), df.tanh(q), t


def build(seed: int) -> Run:
    """Build the two networks, Adam, the chains, and which coordinate moves first at each leap."""
    df.manual_seed(seed)
    speed_bend, place_bend = Bend(), Bend()
    trained = (*speed_bend.parameters(), *place_bend.parameters())
    optimizer = df.optim.Adam(trained, lr=1e-2)
    precision = df.from_numpy(np.linalg.inv(VARIANCE).astype(np.float32))
    chains = df.Variable(df.randn(CHAINS, SIZE), trainable=False, name="chains")
    first = np.eye(SIZE, dtype=np.float32)[np.random.default_rng(seed).integers(SIZE, size=LEAPS)]
    clock = [[math.cos(2 * math.pi * t / LEAPS), math.sin(2 * math.pi * t / LEAPS)] for t in range(LEAPS)]
    plan = np.concatenate([first, np.array(clock, np.float32)], axis=1)

    def energy(x: Any) -> Any:
        return 0.5 * ((x @ precision) * x).sum(axis=1)

    def force(x: Any) -> Any:
        (g,) = df.grad(energy(x).sum(), x, create_graph=True)
        return g

    def move(x: Any, v: Any, ahead: Any) -> tuple[Any, Any, Any]:
        """Take ten leaps, or undo ten in chains that run backward; return place, speed, and the log of the stretch."""
        sign = 2 * ahead - 1
        stretch: Any = 0.0

        def half(value: Any, push: Any, part: Any, bend: Any) -> Any:
            nonlocal stretch
            s, q, t = bend
            s, shift = sign * part * s, push * df.exp(part * q) + t
            stretch = stretch + s
            return (value - (1 - ahead) * part * shift) * df.exp(s) + ahead * part * shift

        push = -force(x)
        for leap in range(LEAPS):
            now = ahead * df.from_numpy(plan[leap]) + (1 - ahead) * df.from_numpy(plan[-1 - leap])
            first, time = now[:, :SIZE], now[:, SIZE:]
            first = ahead * first + (1 - ahead) * (1 - first)  # backward, what moved last is undone first
            v = half(v, push, STEP / 2, speed_bend(x, push, time))
            x = half(x, v, STEP * first, place_bend((1 - first) * x, v, time))
            x = half(x, v, STEP * (1 - first), place_bend(first * x, v, time))
            push = -force(x)
            v = half(v, push, STEP / 2, speed_bend(x, push, time))
        return x, v, stretch.sum(axis=1)

    def propose() -> tuple[Any, ...]:
        x = chains.detach().requires_grad_()
        v, ahead = df.randn(CHAINS, SIZE), (df.rand(CHAINS, 1) < 0.5).astype(df.float32)
        new, speed, stretch = move(x, v, ahead)
        gain = energy(x) - energy(new) + 0.5 * ((v * v).sum(axis=1) - (speed * speed).sum(axis=1)) + stretch
        accepted = df.exp(df.minimum(gain, 0.0))
        far = ((new - x) ** 2).sum(axis=1) * accepted + 1e-4
        return (SCALE / far - far / SCALE).mean(), new, accepted

    @df.function
    def loss() -> Any:
        return propose()[0]

    @df.function
    def step() -> Any:
        value, new, accepted = propose()
        optimizer.minimize(value)
        chains.assign(df.where((df.rand(CHAINS) < accepted).reshape(-1, 1), new, chains).detach())
        return value, accepted.mean()

    def evaluate() -> Mapping[str, float]:
        return {"accepted": float(propose()[2].mean())}

    return Run(step, lambda i: (), trained, loss, evaluate)


CARD = Program(
    name="l2hmc",
    summary=f"L2HMC: {CHAINS} chains in a Gaussian on the plane, {LEAPS} leapfrog steps bent by two networks, Adam",
    build=build,
    steps=20,
    published=Published(
        "at least 10×",
        "Agrawal et al., TensorFlow Eager, MLSys 2019, arXiv:1903.01855, figure 4: L2HMC with a target on the plane "
        "and ten leapfrog steps, on a CPU",
    ),
)

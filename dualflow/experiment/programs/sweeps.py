"""The programs of the sweeps: each made for one x, on which its cost depends.

Written in the vocabulary, as every program is; the chain of ``size`` runs on NumPy's own arrays as well.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

import dualflow as df
from dualflow.arms.program import GrowingProgram, Run

# --- size -----------------------------------------------------------------------------------------------------------

PAIRS = 4
"""Times that h = h * a + b is done, so a step is 8 ops whatever the size."""


def _numbers(n: int) -> tuple[np.ndarray[Any, Any], ...]:
    random = np.random.default_rng(0)
    return tuple(random.random(n, np.float32) for _ in range(3))  # below 1, so that nothing grows out of range


def _chain(h: Any, a: Any, b: Any) -> Any:
    for _ in range(PAIRS):
        h = h * a + b
    return h


def size(n: int) -> Run:
    """Build a chain of multiplications and additions on ``n`` numbers."""
    given = tuple(df.from_numpy(part) for part in _numbers(n))
    return Run(df.function(_chain), lambda i: given, ())


def size_by_hand(n: int) -> Callable[[], Any]:
    """Take the same chain on NumPy's arrays: what it does with them is NumPy's alone."""
    return functools.partial(_chain, *_numbers(n))


# --- depth ----------------------------------------------------------------------------------------------------------


def depth(ops: int) -> Run:
    """Build a chain of ``ops`` small ops, every second one a tanh, on 8×8 matrices."""
    df.manual_seed(0)
    start, a = df.randn(8, 8), df.randn(8, 8)

    @df.function
    def step(h: Any, a: Any) -> Any:
        for _ in range(ops // 2):
            h = df.tanh(h) * a
        return h

    return Run(step, lambda i: (start, a), ())


# --- batch, sequence, shapes, variables -----------------------------------------------------------------------------


def _network() -> tuple[Any, Any]:
    df.manual_seed(0)
    network = df.nn.Sequential(df.nn.Linear(64, 128), df.nn.ReLU(), df.nn.Linear(128, 10))
    optimizer = df.optim.SGD(network.parameters(), lr=1e-3)

    @df.function
    def step(x: Any, y: Any) -> Any:
        loss = df.nn.functional.cross_entropy(network(x), y)
        optimizer.minimize(loss)
        return loss

    return network, step


def _labelled(rows: int) -> tuple[Any, Any]:
    random = np.random.default_rng(rows)
    x = random.standard_normal((rows, 64), np.float32)
    return df.from_numpy(x), df.from_numpy(random.integers(10, size=rows))


def batch(rows: int) -> Run:
    """Build one training step of a two-layer network on ``rows`` rows."""
    network, step = _network()
    given = _labelled(rows)
    return Run(step, lambda i: given, tuple(network.parameters()))


def shapes(kinds: int) -> Run:
    """Build the same step, called with batches of so many different sizes in turn."""
    network, step = _network()
    given = [_labelled(16 + i) for i in range(kinds)]
    return Run(step, lambda i: given[i % kinds], tuple(network.parameters()))


def sequence(time: int) -> Run:
    """Build one training step of an LSTM unrolled over ``time`` steps."""
    df.manual_seed(0)
    cell, read_out = df.nn.LSTMCell(16, 32), df.nn.Linear(32, 16)
    trained = (*cell.parameters(), *read_out.parameters())
    optimizer = df.optim.SGD(trained, lr=1e-3)
    given = df.randn(time, 8, 16), df.randn(8, 16)

    @df.function
    def step(x: Any, target: Any) -> Any:
        h, c = df.zeros(8, 32), df.zeros(8, 32)
        for t in range(time):
            h, c = cell(x[t], (h, c))
        loss = df.nn.functional.mse_loss(read_out(h), target)
        optimizer.minimize(loss)
        return loss

    return Run(step, lambda i: given, trained)


def variables(count: int) -> Run:
    """Build one training step of ``count`` variables of 8 numbers each."""
    df.manual_seed(0)
    trained = tuple(df.Variable(df.randn(8), name=f"w{i}") for i in range(count))
    optimizer = df.optim.SGD(trained, lr=1e-3)
    x = df.randn(8)

    @df.function
    def step(x: Any) -> Any:
        loss = sum((w * x).sum() for w in trained)
        optimizer.minimize(loss)
        return loss

    return Run(step, lambda i: (x,), trained)


SHAPE_CALLS = 32

SWEEPS: dict[str, GrowingProgram] = {
    program.name: program
    for program in (
        GrowingProgram("size", "elements", f"{2 * PAIRS} elementwise ops on arrays of growing size",
                       (10**2, 10**3, 10**4, 10**5, 10**6, 10**7), size, size_by_hand),
        GrowingProgram("depth", "ops", "chains of ever more ops on 8×8 matrices",
             (10, 10**2, 10**3, 10**4, 10**5), depth),
        GrowingProgram("batch", "rows", "a training step of a network 64→128→10, by batch size",
                       (1, 4, 16, 64, 256, 1024), batch),
        GrowingProgram("sequence", "time steps", "a training step of an LSTM, by the length unrolled",
                       (4, 8, 16, 32, 64), sequence),
        GrowingProgram("shapes", "shapes", f"{SHAPE_CALLS} calls that change between so many shapes, tracing included",
                       (1, 2, 4, 8, 16), shapes, cold=SHAPE_CALLS),
        GrowingProgram("variables", "variables", "a training step of ever more variables of 8 numbers",
                       (1, 10, 10**2, 10**3), variables),
    )
}  # fmt: skip

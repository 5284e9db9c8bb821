"""The programs in JAX's idiom: pure functions of parameters, ``value_and_grad``, the step in ``jax.jit`` or op by op.

Adam is the one of ``jax.example_libraries.optimizers``, which JAX's own examples train with.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax.example_libraries import optimizers

from dualflow.experiment.peers import Run


def build(program: str, mode: str, weights: list[Any], batches: list[Any], threads: int) -> Run:
    """Build a program from the weights; threads are what the environment says."""
    loss, optimizer = PROGRAMS[program]
    inputs = [tuple(jnp.asarray(part) for part in batch) for batch in batches]
    init, update, parameters = optimizer or (lambda given: given, None, lambda state: state)
    state = init([jnp.asarray(weight) for weight in weights])

    def whole_step(i: Any, state: Any, *batch: Any) -> Any:
        value, gradients = jax.value_and_grad(loss)(parameters(state), *batch)
        if update is None:
            return [value, *gradients], state
        return [value], update(i, gradients, state)

    if mode == "compiled":
        whole_step = jax.jit(whole_step, donate_argnums=1 if update else ())
    taken = 0

    def step(i: int) -> list[Any]:
        nonlocal state, taken
        given, state = whole_step(taken, state, *inputs[i])
        taken += 1
        jax.block_until_ready(state)
        return [np.asarray(part) for part in given]

    return Run(step, lambda: [np.array(weight) for weight in parameters(state)])


def notes(parameters: Any, x: Any, y: Any) -> Any:
    w1, w2 = parameters
    return jnp.sum((jnp.maximum(x @ w1, 0) @ w2 - y) ** 2)


def digits(parameters: Any, x: Any, y: Any) -> Any:
    w1, b1, w2, b2 = parameters
    logits = jax.nn.relu(x @ w1.T + b1) @ w2.T + b2
    return -jnp.mean(jnp.take_along_axis(jax.nn.log_softmax(logits), y[:, None], axis=1))


def chain(parameters: Any, h: Any) -> Any:
    (a,) = parameters
    for _ in range(25):
        h = jnp.tanh(h * a + a)
        h = h @ a
    return h.sum()


def lstm(parameters: Any, sequence: Any, target: Any) -> Any:
    w_in, w_hidden, b_in, b_hidden, w_out, b_out = parameters
    h = c = jnp.zeros((sequence.shape[1], w_hidden.shape[1]))
    for x in sequence:
        i, f, g, o = jnp.split(x @ w_in.T + b_in + h @ w_hidden.T + b_hidden, 4, axis=1)
        c = jax.nn.sigmoid(f) * c + jax.nn.sigmoid(i) * jnp.tanh(g)
        h = jax.nn.sigmoid(o) * jnp.tanh(c)
    return jnp.mean((h @ w_out.T + b_out - target) ** 2)


PROGRAMS: dict[str, tuple[Callable[..., Any], Any]] = {
    "notes": (notes, optimizers.sgd(1e-6)),
    "digits": (digits, optimizers.adam(3e-3)),
    "chain": (chain, None),
    "lstm": (lstm, optimizers.adam(1e-3)),
}
"""Each is the loss as a function of parameters and batch, and the optimizer, if it has one."""

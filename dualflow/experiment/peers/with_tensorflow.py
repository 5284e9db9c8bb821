"""The programs in TensorFlow 2's idiom: variables, a ``GradientTape``, the step in ``tf.function`` or op by op.

TensorFlow adds Adam's epsilon outside the bias correction (Kingma and Ba's "epsilon hat"), PyTorch, JAX and dualflow
inside; where gradients are near 1e-8 that leads elsewhere. ``epsilon`` moves it, so that all train alike.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import tensorflow as tf

from dualflow.experiment.peers import Run


def build(program: str, mode: str, weights: list[Any], batches: list[Any], threads: int) -> Run:
    """Build a program from the weights."""
    tf.config.threading.set_intra_op_parallelism_threads(threads)
    tf.config.threading.set_inter_op_parallelism_threads(threads)
    loss, (kind, rate) = PROGRAMS[program]
    variables = [tf.Variable(weight) for weight in weights]
    inputs = [tuple(tf.constant(part) for part in batch) for batch in batches]
    optimizer = {"sgd": tf.keras.optimizers.SGD, "adam": tf.keras.optimizers.Adam}[kind](rate) if kind else None
    if optimizer is not None:
        optimizer.build(variables)

    def whole_step(*batch: Any) -> Any:
        with tf.GradientTape() as tape:
            value = loss(variables, *batch)
        gradients = tape.gradient(value, variables)
        if optimizer is None:
            return [value, *gradients]
        if kind == "adam":
            optimizer.epsilon = epsilon(optimizer.iterations)
        optimizer.apply_gradients(zip(gradients, variables, strict=True))
        return [value]

    if mode == "compiled":
        whole_step = tf.function(whole_step)
    return Run(
        lambda i: [part.numpy() for part in whole_step(*inputs[i])],
        lambda: [variable.numpy() for variable in variables],
    )


def epsilon(steps: Any) -> Any:
    """Return the "epsilon hat" that is 1e-8 inside the bias correction, at the step after so many."""
    return 1e-8 * tf.sqrt(1 - 0.999 ** tf.cast(steps + 1, tf.float32))


def notes(weights: Any, x: Any, y: Any) -> Any:
    w1, w2 = weights
    return tf.reduce_sum((tf.maximum(x @ w1, 0.0) @ w2 - y) ** 2)


def digits(weights: Any, x: Any, y: Any) -> Any:
    w1, b1, w2, b2 = weights
    h = tf.nn.relu(tf.matmul(x, w1, transpose_b=True) + b1)
    logits = tf.matmul(h, w2, transpose_b=True) + b2
    return tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=logits))


def chain(weights: Any, h: Any) -> Any:
    (a,) = weights
    for _ in range(25):
        h = tf.tanh(h * a + a)
        h = h @ a
    return tf.reduce_sum(h)


def lstm(weights: Any, sequence: Any, target: Any) -> Any:
    w_in, w_hidden, b_in, b_hidden, w_out, b_out = weights
    h = c = tf.zeros((sequence.shape[1], w_hidden.shape[1]))
    for x in tf.unstack(sequence):
        gates = tf.matmul(x, w_in, transpose_b=True) + b_in + tf.matmul(h, w_hidden, transpose_b=True) + b_hidden
        i, f, g, o = tf.split(gates, 4, axis=1)
        c = tf.sigmoid(f) * c + tf.sigmoid(i) * tf.tanh(g)
        h = tf.sigmoid(o) * tf.tanh(c)
    return tf.reduce_mean((tf.matmul(h, w_out, transpose_b=True) + b_out - target) ** 2)


PROGRAMS: dict[str, tuple[Callable[..., Any], tuple[str, float]]] = {
    "notes": (notes, ("sgd", 1e-6)),
    "digits": (digits, ("adam", 3e-3)),
    "chain": (chain, ("", 0.0)),
    "lstm": (lstm, ("adam", 1e-3)),
}
"""Each is the loss as a function of weights and batch, and the optimizer with its rate, if it has one."""

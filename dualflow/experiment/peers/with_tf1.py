"""The programs in TensorFlow 1's idiom: placeholders, a graph, a ``Session`` that is fed (``tf.compat.v1``)."""

from __future__ import annotations

from typing import Any

import tensorflow as tf

from dualflow.experiment.peers import Run
from dualflow.experiment.peers.with_tensorflow import PROGRAMS, epsilon

v1 = tf.compat.v1


def build(program: str, mode: str, weights: list[Any], batches: list[Any], threads: int) -> Run:
    """Build the graph and start its session."""
    v1.disable_eager_execution()
    loss, (kind, rate) = PROGRAMS[program]  # the same functions of tensors: only what stands around them differs
    variables = [v1.Variable(weight, use_resource=True) for weight in weights]
    places = [v1.placeholder(part.dtype, part.shape) for part in batches[0]]
    value = loss(variables, *places)
    fetches = [value]
    if kind:
        steps = v1.train.get_or_create_global_step()
        if kind == "adam":
            optimizer = v1.train.AdamOptimizer(rate, epsilon=epsilon(steps))
        else:
            optimizer = v1.train.GradientDescentOptimizer(rate)
        fetches.append(optimizer.minimize(value, global_step=steps))
    else:
        fetches += v1.gradients(value, variables)
    session = v1.Session(
        config=v1.ConfigProto(intra_op_parallelism_threads=threads, inter_op_parallelism_threads=threads)
    )
    session.run(v1.global_variables_initializer())

    def step(i: int) -> list[Any]:
        given = session.run(fetches, feed_dict=dict(zip(places, batches[i], strict=True)))
        return [part for part in given if part is not None]

    return Run(step, lambda: session.run(variables))

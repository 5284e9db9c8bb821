"""JAX: an LSTM cell, written out, that reads each digit row by row and names it at the end."""

import jax
import jax.numpy as jnp

from dualflow.data import load_digits

keys = jax.random.split(jax.random.key(0), 3)
images, labels = load_digits(flatten=False, split="train")
x = jnp.asarray(images[:32])
y = jnp.asarray(labels[:32])
units = 16

w_in = 0.2 * jax.random.normal(keys[0], (8, 4 * units))
w_hidden = 0.2 * jax.random.normal(keys[1], (units, 4 * units))
bias = jnp.zeros(4 * units)
w_out = 0.2 * jax.random.normal(keys[2], (units, 10))
weights = [w_in, w_hidden, bias, w_out]


def loss_of(weights, x, y):
    w_in, w_hidden, bias, w_out = weights
    h = jnp.zeros((len(x), units))
    c = jnp.zeros((len(x), units))
    for t in range(8):
        gates = x[:, t] @ w_in + h @ w_hidden + bias
        i, f, o, g = jnp.split(gates, 4, axis=1)
        c = jax.nn.sigmoid(f) * c + jax.nn.sigmoid(i) * jnp.tanh(g)
        h = jax.nn.sigmoid(o) * jnp.tanh(c)
    logits = h @ w_out
    return -jnp.take_along_axis(jax.nn.log_softmax(logits), y[:, None], axis=1).mean()


@jax.jit
def step(weights, x, y):
    loss, gradients = jax.value_and_grad(loss_of)(weights, x, y)
    weights = [w - 0.1 * g for w, g in zip(weights, gradients)]
    return loss, weights


losses = []
for _ in range(3):
    loss, weights = step(weights, x, y)
    losses.append(float(loss))
result = [losses, weights[-1]]

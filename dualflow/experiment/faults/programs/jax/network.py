"""JAX: a two-layer network on handwritten digits, weights updated by hand."""

import jax
import jax.numpy as jnp

from dualflow.data import load_digits

key1, key2 = jax.random.split(jax.random.key(0))
images, labels = load_digits(split="train")
x = jnp.asarray(images[:64])
y = jax.nn.one_hot(labels[:64], 10)

w1 = 0.1 * jax.random.normal(key1, (64, 32))
b1 = jnp.zeros(32)
w2 = 0.1 * jax.random.normal(key2, (32, 10))
weights = [w1, b1, w2]
learning_rate = 0.01


def loss_of(weights, x, y):
    w1, b1, w2 = weights
    h = x @ w1 + b1
    h_relu = jnp.maximum(h, 0)
    y_pred = h_relu @ w2
    error = y_pred - y
    return jnp.sum(error**2) / 64


@jax.jit
def step(weights, x, y):
    loss, gradients = jax.value_and_grad(loss_of)(weights, x, y)
    weights = [w - learning_rate * g for w, g in zip(weights, gradients)]
    return loss, weights


losses = []
for _ in range(4):
    loss, weights = step(weights, x, y)
    losses.append(float(loss))
result = [losses, *weights]

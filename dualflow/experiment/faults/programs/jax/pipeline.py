"""JAX: digits are standardised, given noise, encoded and batched for a softmax regression."""

import jax
import jax.numpy as jnp
import numpy as np

from dualflow.data import load_digits

key = jax.random.key(0)
counts, labels = load_digits(normalize=False, split="train")
counts, labels = counts[:192], labels[:192]

features = (counts - counts.mean(axis=0)) / (counts.std(axis=0) + 1e-3)
order = np.random.default_rng(0).permutation(len(features))
features, labels = features[order], labels[order]
class_names = jnp.eye(10)

weights = jnp.zeros((64, 10)), jnp.zeros(10)


def loss_of(weights, key, x, y):
    w, b = weights
    noisy = x + 0.1 * jax.random.normal(key, x.shape)
    target = class_names[y]
    scores = noisy @ w + b
    log_p = scores - jax.nn.logsumexp(scores, axis=1, keepdims=True)
    return -(target * log_p).sum(axis=1).mean()


@jax.jit
def step(weights, key, x, y):
    loss, gradients = jax.value_and_grad(loss_of)(weights, key, x, y)
    weights = jax.tree.map(lambda w, g: w - 0.1 * g, weights, gradients)
    return loss, weights


losses = []
for start in range(0, len(features), 48):
    x = jnp.asarray(features[start : start + 48])
    y = jnp.asarray(labels[start : start + 48])
    key, now = jax.random.split(key)
    loss, weights = step(weights, now, x, y)
    losses.append(float(loss))
result = [losses, *weights]

"""TensorFlow 2: digits are standardised, given noise, encoded and batched for a softmax regression."""

import numpy as np
import tensorflow as tf

from dualflow.data import load_digits

tf.random.set_seed(0)
counts, labels = load_digits(normalize=False, split="train")
counts, labels = counts[:192], labels[:192]

features = (counts - counts.mean(axis=0)) / (counts.std(axis=0) + 1e-3)
order = np.random.default_rng(0).permutation(len(features))
features, labels = features[order], labels[order]
class_names = tf.eye(10)

w = tf.Variable(tf.zeros((64, 10)), name="w")
b = tf.Variable(tf.zeros(10), name="b")


@tf.function
def step(x, y):
    with tf.GradientTape() as tape:
        noisy = x + 0.1 * tf.random.normal(x.shape)
        target = tf.gather(class_names, y)
        scores = noisy @ w + b
        log_p = scores - tf.reduce_logsumexp(scores, axis=1, keepdims=True)
        loss = tf.reduce_mean(-tf.reduce_sum(target * log_p, axis=1))
    for variable, gradient in zip([w, b], tape.gradient(loss, [w, b])):
        variable.assign_sub(0.1 * gradient)
    return loss


losses = []
for start in range(0, len(features), 48):
    x = tf.constant(features[start : start + 48])
    y = tf.constant(labels[start : start + 48])
    losses.append(float(step(x, y)))
result = [losses, w.numpy(), b.numpy()]

"""TensorFlow 2: a two-layer network on handwritten digits, weights updated by hand."""

import tensorflow as tf

from dualflow.data import load_digits

tf.random.set_seed(0)
images, labels = load_digits(split="train")
x = tf.constant(images[:64])
y = tf.one_hot(labels[:64], 10)

w1 = tf.Variable(0.1 * tf.random.normal((64, 32)), name="w1")
b1 = tf.Variable(tf.zeros(32), name="b1")
w2 = tf.Variable(0.1 * tf.random.normal((32, 10)), name="w2")
weights = [w1, b1, w2]
learning_rate = 0.01


@tf.function
def step(x, y):
    with tf.GradientTape() as tape:
        h = x @ w1 + b1
        h_relu = tf.maximum(h, 0.0)
        y_pred = h_relu @ w2
        error = y_pred - y
        loss = tf.reduce_sum(error**2) / 64
    for w, gradient in zip(weights, tape.gradient(loss, weights)):
        w.assign_sub(learning_rate * gradient)
    return loss


losses = []
for _ in range(4):
    losses.append(float(step(x, y)))
result = [losses, *(w.numpy() for w in weights)]

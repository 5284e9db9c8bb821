"""TensorFlow 2: an LSTM cell, written out, that reads each digit row by row and names it at the end."""

import tensorflow as tf

from dualflow.data import load_digits

tf.random.set_seed(0)
images, labels = load_digits(flatten=False, split="train")
x = tf.constant(images[:32])
y = tf.constant(labels[:32])
units = 16

w_in = tf.Variable(0.2 * tf.random.normal((8, 4 * units)), name="w_in")
w_hidden = tf.Variable(0.2 * tf.random.normal((units, 4 * units)), name="w_hidden")
bias = tf.Variable(tf.zeros(4 * units), name="bias")
w_out = tf.Variable(0.2 * tf.random.normal((units, 10)), name="w_out")
weights = [w_in, w_hidden, bias, w_out]


@tf.function
def step(x, y):
    with tf.GradientTape() as tape:
        h = tf.zeros((len(x), units))
        c = tf.zeros((len(x), units))
        for t in range(8):
            gates = x[:, t] @ w_in + h @ w_hidden + bias
            i, f, o, g = tf.split(gates, 4, axis=1)
            c = tf.sigmoid(f) * c + tf.sigmoid(i) * tf.tanh(g)
            h = tf.sigmoid(o) * tf.tanh(c)
        logits = h @ w_out
        loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(y, logits))
    for w, gradient in zip(weights, tape.gradient(loss, weights)):
        w.assign_sub(0.1 * gradient)
    return loss


losses = []
for _ in range(3):
    losses.append(float(step(x, y)))
result = [losses, w_out.numpy()]

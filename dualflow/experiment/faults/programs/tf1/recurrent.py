"""TensorFlow 1: an LSTM cell, written out, that reads each digit row by row and names it at the end."""

import tensorflow.compat.v1 as tf

from dualflow.data import load_digits

tf.disable_v2_behavior()
tf.enable_resource_variables()
tf.set_random_seed(0)
images, labels = load_digits(flatten=False, split="train")
units = 16

x = tf.placeholder(tf.float32, (32, 8, 8), name="x")
y = tf.placeholder(tf.int32, (32,), name="y")
w_in = tf.Variable(0.2 * tf.random.normal((8, 4 * units)), name="w_in")
w_hidden = tf.Variable(0.2 * tf.random.normal((units, 4 * units)), name="w_hidden")
bias = tf.Variable(tf.zeros(4 * units), name="bias")
w_out = tf.Variable(0.2 * tf.random.normal((units, 10)), name="w_out")
h = tf.zeros((32, units))
c = tf.zeros((32, units))
for t in range(8):
    gates = x[:, t] @ w_in + h @ w_hidden + bias
    i, f, o, g = tf.split(gates, 4, axis=1)
    c = tf.sigmoid(f) * c + tf.sigmoid(i) * tf.tanh(g)
    h = tf.sigmoid(o) * tf.tanh(c)
logits = h @ w_out
loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=logits))
train = tf.train.GradientDescentOptimizer(0.1).minimize(loss)

losses = []
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for _ in range(3):
        loss_value, _ = sess.run([loss, train], feed_dict={x: images[:32], y: labels[:32]})
        losses.append(float(loss_value))
    result = [losses, sess.run(w_out)]

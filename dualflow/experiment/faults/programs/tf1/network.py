"""TensorFlow 1: a two-layer network on handwritten digits."""

import tensorflow.compat.v1 as tf

from dualflow.data import load_digits

tf.disable_v2_behavior()
tf.enable_resource_variables()
tf.set_random_seed(0)
images, labels = load_digits(split="train")

x = tf.placeholder(tf.float32, (64, 64), name="x")
y = tf.placeholder(tf.float32, (64, 10), name="y")
w1 = tf.Variable(0.1 * tf.random.normal((64, 32)), name="w1")
b1 = tf.Variable(tf.zeros(32), name="b1")
w2 = tf.Variable(0.1 * tf.random.normal((32, 10)), name="w2")
h = x @ w1 + b1
h_relu = tf.maximum(h, 0.0)
y_pred = h_relu @ w2
error = y_pred - y
loss = tf.reduce_sum(error**2) / 64
train = tf.train.GradientDescentOptimizer(0.01).minimize(loss)

losses = []
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    targets = sess.run(tf.one_hot(labels[:64], 10))
    for _ in range(4):
        loss_value, _ = sess.run([loss, train], feed_dict={x: images[:64], y: targets})
        losses.append(float(loss_value))
    result = [losses, *sess.run([w1, b1, w2])]

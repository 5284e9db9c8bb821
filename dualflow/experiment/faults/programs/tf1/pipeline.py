"""TensorFlow 1: digits are standardised, given noise, encoded and batched for a softmax regression."""

import numpy as np
import tensorflow.compat.v1 as tf

from dualflow.data import load_digits

tf.disable_v2_behavior()
tf.enable_resource_variables()
tf.set_random_seed(0)
counts, labels = load_digits(normalize=False, split="train")
counts, labels = counts[:192], labels[:192]

features = (counts - counts.mean(axis=0)) / (counts.std(axis=0) + 1e-3)
order = np.random.default_rng(0).permutation(len(features))
features, labels = features[order], labels[order]

x = tf.placeholder(tf.float32, (None, 64), name="x")
y = tf.placeholder(tf.int32, (None,), name="y")
w = tf.Variable(tf.zeros((64, 10)), name="w")
b = tf.Variable(tf.zeros(10), name="b")
class_names = tf.eye(10)
noisy = x + 0.1 * tf.random.normal(tf.shape(x))
target = tf.gather(class_names, y)
scores = noisy @ w + b
log_p = scores - tf.reduce_logsumexp(scores, axis=1, keepdims=True)
loss = tf.reduce_mean(-tf.reduce_sum(target * log_p, axis=1))
train = tf.train.GradientDescentOptimizer(0.1).minimize(loss)

losses = []
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for start in range(0, len(features), 48):
        feeds = {
            x: features[start : start + 48],
            y: labels[start : start + 48],
        }
        loss_value, _ = sess.run([loss, train], feed_dict=feeds)
        losses.append(float(loss_value))
    result = [losses, *sess.run([w, b])]

"""The lecture notes' graph program: placeholders, a graph built once, and a Session that runs it many times."""

import numpy as np

import dualflow as df

n, d, hidden = 16, 20, 12
draw = np.random.default_rng(0)

with df.graph() as g:
    x = df.placeholder(df.float32, (n, d), name="x")
    y = df.placeholder(df.float32, (n, d), name="y")
    w1 = df.Variable(draw.normal(size=(d, hidden)).astype(np.float32), name="w1")
    w2 = df.Variable(draw.normal(size=(hidden, d)).astype(np.float32), name="w2")

    h = df.maximum(df.matmul(x, w1), 0)
    y_pred = df.matmul(h, w2)
    diff = y_pred - y
    loss = df.mean(df.sum(diff**2, axis=1))
    grad_w1, grad_w2 = df.gradients(loss, [w1, w2])
    train = df.group([w1.assign(w1 - 1e-3 * grad_w1), w2.assign(w2 - 1e-3 * grad_w2)])
    initialize = df.global_variables_initializer()

losses = []
with df.Session(g) as sess:
    sess.run(initialize)
    for _ in range(4):
        values = {
            x: draw.normal(size=(n, d)),
            y: draw.normal(size=(n, d)),
        }
        loss_value, _ = sess.run([loss, train], feed_dict=values)
        losses.append(float(loss_value))
    result = [losses, sess.run(w1), sess.run(w2)]

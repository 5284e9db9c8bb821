"""TensorFlow 1: first define the graph, then run it as often as you like."""

import numpy as np

import dualflow as df


def define_and_run():
    """Define a loss and its gradients, run them once; return the values fed and fetched."""
    N, D, H = 64, 1000, 100
    with df.graph():
        x = df.placeholder(df.float32, shape=(N, D), name="x")
        y = df.placeholder(df.float32, shape=(N, D), name="y")
        w1 = df.placeholder(df.float32, shape=(D, H), name="w1")
        w2 = df.placeholder(df.float32, shape=(H, D), name="w2")

        h = df.maximum(df.matmul(x, w1), 0)
        y_pred = df.matmul(h, w2)
        diff = y_pred - y
        loss = df.mean(df.sum(diff**2, axis=1))
        grad_w1, grad_w2 = df.gradients(loss, [w1, w2])

        with df.Session() as sess:
            numbers = np.random.default_rng(0)
            values = {
                x: numbers.standard_normal((N, D)),
                w1: numbers.standard_normal((D, H)),
                w2: numbers.standard_normal((H, D)),
                y: numbers.standard_normal((N, D)),
            }
            out = sess.run([loss, grad_w1, grad_w2], feed_dict=values)
    return {symbol.name: value for symbol, value in values.items()}, out


def train(steps=20):
    """Keep the weights outside the graph: fetch gradients, change the arrays, feed them again."""
    N, D, H = 64, 1000, 100
    with df.graph():
        x = df.placeholder(df.float32, shape=(N, D), name="x")
        y = df.placeholder(df.float32, shape=(N, D), name="y")
        w1 = df.placeholder(df.float32, shape=(D, H), name="w1")
        w2 = df.placeholder(df.float32, shape=(H, D), name="w2")
        h = df.maximum(df.matmul(x, w1), 0)
        loss = df.mean(df.sum((df.matmul(h, w2) - y) ** 2, axis=1))
        gradients = df.gradients(loss, [w1, w2])
        numbers = np.random.default_rng(0)
        data = {x: numbers.standard_normal((N, D)), y: numbers.standard_normal((N, D))}
        weights = [numbers.standard_normal(w.shape).astype(np.float32) for w in (w1, w2)]
        learning_rate = 1e-6
        losses = []
        with df.Session() as sess:
            for _ in range(steps):
                value, found = sess.run([loss, gradients], feed_dict={**data, w1: weights[0], w2: weights[1]})
                weights = [w - learning_rate * g for w, g in zip(weights, found, strict=True)]
                losses.append(float(value))
    return losses


if __name__ == "__main__":
    _, (loss_val, grad_w1_val, grad_w2_val) = define_and_run()
    print(f"loss {loss_val:.4g}, gradients of shape {grad_w1_val.shape} and {grad_w2_val.shape}")
    losses = train()
    print(f"train: loss {losses[0]:.4g} → {losses[-1]:.4g}")

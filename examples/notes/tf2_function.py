"""TensorFlow 2, static graphs: the same step under ``@df.function``, traced once and compiled."""

import dualflow as df

learning_rate = 1e-6


@df.function
def step(x, y, w1, w2):
    """Take one gradient step and return the loss before it."""
    with df.GradientTape() as tape:
        h = df.maximum(df.matmul(x, w1), 0)
        y_pred = df.matmul(h, w2)
        diff = y_pred - y
        loss = df.mean(df.sum(diff**2, axis=1))
    grad_w1, grad_w2 = tape.gradient(loss, [w1, w2])
    w1.assign(w1 - learning_rate * grad_w1)
    w2.assign(w2 - learning_rate * grad_w2)
    return loss


def train(steps=20, mode="graph"):
    """Train two layers; in mode "eager" the very same step runs line by line."""
    N, Din, H, Dout = 16, 1000, 100, 10
    df.manual_seed(0)
    x = df.random.normal((N, Din))
    y = df.random.normal((N, Dout))
    w1 = df.Variable(df.random.normal((Din, H)))
    w2 = df.Variable(df.random.normal((H, Dout)))
    with df.mode(mode):
        return [float(step(x, y, w1, w2)) for _ in range(steps)]


if __name__ == "__main__":
    for mode in ("graph", "eager"):
        losses = train(mode=mode)
        print(f"{mode}: loss {losses[0]:.4g} → {losses[-1]:.4g}")

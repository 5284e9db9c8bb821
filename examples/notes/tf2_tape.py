"""TensorFlow 2: lines run at once, a GradientTape remembers them, Variables hold the weights."""

import dualflow as df


def train(steps=20):
    """Train two layers with a tape; return the losses."""
    N, Din, H, Dout = 16, 1000, 100, 10
    df.manual_seed(0)
    x = df.random.normal((N, Din))
    y = df.random.normal((N, Dout))
    w1 = df.Variable(df.random.normal((Din, H)))
    w2 = df.Variable(df.random.normal((H, Dout)))
    learning_rate = 1e-6
    losses = []
    for _ in range(steps):
        # the forward pass under a tape: dualflow writes the ops down
        with df.GradientTape() as tape:
            h = df.maximum(df.matmul(x, w1), 0)
            y_pred = df.matmul(h, w2)
            diff = y_pred - y
            loss = df.mean(df.sum(diff**2, axis=1))
        # ask the tape for the gradients
        grad_w1, grad_w2 = tape.gradient(loss, [w1, w2])
        # gradient descent: update the weights
        w1.assign(w1 - learning_rate * grad_w1)
        w2.assign(w2 - learning_rate * grad_w2)
        losses.append(float(loss))
    return losses


if __name__ == "__main__":
    losses = train()
    print(f"loss {losses[0]:.4g} → {losses[-1]:.4g}")

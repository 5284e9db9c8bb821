"""Dynamic graphs: Python decides at each step which weights take part. The model makes no sense."""

import dualflow as df


def choose_weights(steps=20, prev_loss=1.0):
    """Use ``w2a`` after a small loss, ``w2b`` after a large one; return the choices and the losses."""
    N, D_in, H, D_out = 64, 1000, 100, 10
    df.manual_seed(0)
    x = df.randn(N, D_in)
    y = df.randn(N, D_out)
    w1 = df.randn(D_in, H, requires_grad=True)
    w2a = df.randn(H, D_out, requires_grad=True)
    w2b = df.randn(H, D_out, requires_grad=True)
    learning_rate = 1e-6
    choices, losses = [], []
    for _ in range(steps):
        # decide which one to use based on the loss at the previous step
        w2 = w2a if prev_loss < 5.0 else w2b
        choices.append("w2a" if w2 is w2a else "w2b")
        y_pred = x.mm(w1).clamp(min=0).mm(w2)
        loss = (y_pred - y).pow(2).sum()
        loss.backward()
        prev_loss = loss.item()
        losses.append(prev_loss)
        with df.no_grad():
            for w in (w1, w2):
                w -= learning_rate * w.grad
                w.grad.zero_()
    return choices, losses


if __name__ == "__main__":
    choices, losses = choose_weights()
    print(f"choices {choices[:3]} …: loss {losses[0]:.4g} → {losses[-1]:.4g}")

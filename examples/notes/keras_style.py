"""Keras, the high-level way: a model made layer by layer, then ``minimize``. ``df.nn`` stands for Keras's ``Dense``."""

import dualflow as df


def train(steps=20, learning_rate=1e-6):
    """Let the optimizer minimize a function without arguments; return the losses."""
    N, Din, H, Dout = 16, 1000, 100, 10
    df.manual_seed(0)

    model = df.nn.Sequential()
    model.append(df.nn.Linear(Din, H))
    model.append(df.nn.ReLU())
    model.append(df.nn.Linear(H, Dout))

    params = list(model.parameters())
    loss_fn = df.nn.MSELoss()
    opt = df.optim.SGD(params, lr=learning_rate)
    x = df.random.normal((N, Din))
    y = df.random.normal((N, Dout))
    losses = []

    def step():
        y_pred = model(x)
        loss = loss_fn(y_pred, y)
        losses.append(float(loss))
        return loss

    for _ in range(steps):
        opt.minimize(step, params)
    return losses


if __name__ == "__main__":
    for rate in (1e-6, 1e-1):
        losses = train(learning_rate=rate)
        print(f"learning rate {rate:g}: loss {losses[0]:.6g} → {losses[-1]:.6g}")

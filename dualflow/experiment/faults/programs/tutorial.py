"""The first program of the lecture notes: a two-layer network whose gradients are worked out by hand."""

import dualflow as df

df.manual_seed(0)
n, d_in, hidden, d_out = 16, 20, 12, 5
x = df.randn(n, d_in)
y = df.randn(n, d_out)
w1 = df.Variable(df.randn(d_in, hidden), name="w1")
w2 = df.Variable(df.randn(hidden, d_out), name="w2")
learning_rate = 1e-3


@df.function
def step(x, y):
    h = x.mm(w1)
    h_relu = h.clamp(min=0)
    y_pred = h_relu.mm(w2)
    loss = (y_pred - y).pow(2).sum()

    grad_y_pred = 2.0 * (y_pred - y)
    grad_w2 = h_relu.t().mm(grad_y_pred)
    grad_h_relu = grad_y_pred.mm(w2.t())
    grad_h = grad_h_relu.clone()
    grad_h[h < 0] = 0
    grad_w1 = x.t().mm(grad_h)

    w1.assign(w1 - learning_rate * grad_w1)
    w2.assign(w2 - learning_rate * grad_w2)
    return loss


losses = []
for _ in range(4):
    losses.append(float(step(x, y)))
result = [losses, w1, w2]

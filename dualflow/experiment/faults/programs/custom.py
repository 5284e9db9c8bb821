"""The lecture notes' sigmoid as an op of one's own, with its gradient by hand, in a network."""

import dualflow as df

df.manual_seed(0)
n, d_in, hidden, d_out = 16, 20, 12, 5
x = df.randn(n, d_in)
y = df.randn(n, d_out)
w1 = df.Variable(df.randn(d_in, hidden), name="w1")
w2 = df.Variable(df.randn(hidden, d_out), name="w2")
learning_rate = 0.01


class Sigmoid(df.Function):
    @staticmethod
    def forward(ctx, x):
        y = 1.0 / (1.0 + (-x).exp())
        ctx.save_for_backward(y)
        return y

    @staticmethod
    def backward(ctx, grad_y):
        (y,) = ctx.saved_tensors
        grad_x = grad_y * y * (1.0 - y)
        return grad_x


@df.function
def step(x, y):
    h = Sigmoid.apply(x.mm(w1))
    y_pred = h.mm(w2)
    loss = (y_pred - y).pow(2).mean()
    loss.backward()
    with df.no_grad():
        for w in (w1, w2):
            w -= learning_rate * w.grad
            w.grad = None
    return loss


losses = []
for _ in range(4):
    losses.append(float(step(x, y)))
result = [losses, w1, w2]

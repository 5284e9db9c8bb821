"""A two-layer network on handwritten digits: gradients by autograd, weights updated by hand."""

import dualflow as df
from dualflow.data import load_digits

df.manual_seed(0)
images, labels = load_digits(split="train")
x = df.from_numpy(images[:64])
y = df.nn.functional.one_hot(df.from_numpy(labels[:64]), 10).astype(df.float32)

w1 = (0.1 * df.randn(64, 32)).requires_grad_()
b1 = df.zeros(32, requires_grad=True)
w2 = (0.1 * df.randn(32, 10)).requires_grad_()
weights = [w1, b1, w2]
learning_rate = 0.01


@df.function
def step(x, y):
    h = x.mm(w1) + b1
    h_relu = h.clamp(min=0)
    y_pred = h_relu.mm(w2)
    error = y_pred - y
    loss = error.pow(2).sum() / 64
    loss.backward()
    with df.no_grad():
        for w in weights:
            w -= learning_rate * w.grad
            w.grad.zero_()
    return loss


losses = []
for _ in range(4):
    losses.append(float(step(x, y)))
result = [losses, w1, b1, w2]

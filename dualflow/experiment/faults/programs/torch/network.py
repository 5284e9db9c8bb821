"""PyTorch: a two-layer network on handwritten digits, weights updated by hand."""

import torch

from dualflow.data import load_digits

torch.manual_seed(0)
images, labels = load_digits(split="train")
x = torch.from_numpy(images[:64])
y = torch.nn.functional.one_hot(torch.from_numpy(labels[:64]).long(), 10).float()

w1 = (0.1 * torch.randn(64, 32)).requires_grad_()
b1 = torch.zeros(32, requires_grad=True)
w2 = (0.1 * torch.randn(32, 10)).requires_grad_()
weights = [w1, b1, w2]
learning_rate = 0.01


@torch.compile
def loss_of(x, y):
    h = x.mm(w1) + b1
    h_relu = h.clamp(min=0)
    y_pred = h_relu.mm(w2)
    error = y_pred - y
    return error.pow(2).sum() / 64


def step(x, y):
    loss = loss_of(x, y)
    loss.backward()
    with torch.no_grad():
        for w in weights:
            w -= learning_rate * w.grad
            w.grad.zero_()
    return loss


losses = []
for _ in range(4):
    losses.append(step(x, y).item())
result = [losses, *(w.detach().numpy() for w in weights)]

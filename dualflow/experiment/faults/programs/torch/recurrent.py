"""PyTorch: an LSTM cell, written out, that reads each digit row by row and names it at the end."""

import torch

from dualflow.data import load_digits

torch.manual_seed(0)
images, labels = load_digits(flatten=False, split="train")
x = torch.from_numpy(images[:32])
y = torch.from_numpy(labels[:32]).long()
units = 16

w_in = (0.2 * torch.randn(8, 4 * units)).requires_grad_()
w_hidden = (0.2 * torch.randn(units, 4 * units)).requires_grad_()
bias = torch.zeros(4 * units, requires_grad=True)
w_out = (0.2 * torch.randn(units, 10)).requires_grad_()
optimizer = torch.optim.Adam([w_in, w_hidden, bias, w_out], lr=0.01)


@torch.compile
def loss_of(x, y):
    h = torch.zeros(len(x), units)
    c = torch.zeros(len(x), units)
    for t in range(8):
        gates = x[:, t] @ w_in + h @ w_hidden + bias
        i, f, o, g = gates.split(units, dim=1)
        c = f.sigmoid() * c + i.sigmoid() * g.tanh()
        h = o.sigmoid() * c.tanh()
    logits = h @ w_out
    return torch.nn.functional.cross_entropy(logits, y)


def step(x, y):
    loss = loss_of(x, y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss


losses = []
for _ in range(3):
    losses.append(step(x, y).item())
result = [losses, w_out.detach().numpy()]

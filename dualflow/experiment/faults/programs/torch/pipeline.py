"""PyTorch: digits are standardised, given noise, encoded and batched for a softmax regression."""

import numpy as np
import torch

from dualflow.data import load_digits

torch.manual_seed(0)
counts, labels = load_digits(normalize=False, split="train")
counts, labels = counts[:192], labels[:192]

features = (counts - counts.mean(axis=0)) / (counts.std(axis=0) + 1e-3)
order = np.random.default_rng(0).permutation(len(features))
features, labels = features[order], labels[order].astype(np.int64)
class_names = torch.eye(10)

w = torch.zeros(64, 10, requires_grad=True)
b = torch.zeros(10, requires_grad=True)
optimizer = torch.optim.SGD([w, b], lr=0.1)


@torch.compile
def loss_of(x, y):
    noisy = x + 0.1 * torch.randn_like(x)
    target = class_names[y]
    scores = noisy @ w + b
    log_p = scores - torch.logsumexp(scores, dim=1, keepdim=True)
    return -(target * log_p).sum(dim=1).mean()


def step(x, y):
    loss = loss_of(x, y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss


losses = []
for start in range(0, len(features), 48):
    x = torch.from_numpy(features[start : start + 48])
    y = torch.from_numpy(labels[start : start + 48])
    losses.append(step(x, y).item())
result = [losses, w.detach().numpy(), b.detach().numpy()]

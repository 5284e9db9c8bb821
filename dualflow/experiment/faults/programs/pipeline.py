"""Data on its way into a model: standardise, augment with noise, encode, batch, and a softmax regression to use it."""

import numpy as np

import dualflow as df
from dualflow.data import load_digits

df.manual_seed(0)
counts, labels = load_digits(normalize=False, split="train")
counts, labels = counts[:192], labels[:192]

mean = counts.mean(axis=0)
deviation = counts.std(axis=0)
features = (counts - mean) / (deviation + 1e-3)
order = np.random.default_rng(0).permutation(len(features))
features, labels = features[order], labels[order]
class_names = df.eye(10)

w = df.Variable(df.zeros(64, 10), name="w")
b = df.Variable(df.zeros(10), name="b")
optimizer = df.optim.SGD([w, b], lr=0.1)


@df.function
def step(x, y):
    noisy = x + 0.1 * df.randn_like(x)
    target = class_names[y]
    scores = noisy @ w + b
    log_p = scores - df.logsumexp(scores, axis=1, keepdims=True)
    loss = -(target * log_p).sum(dim=1).mean()
    optimizer.minimize(loss)
    return loss


losses = []
for start in range(0, len(features), 48):
    x = df.from_numpy(features[start : start + 48])
    y = df.from_numpy(labels[start : start + 48])
    losses.append(float(step(x, y)))
result = [losses, w, b]

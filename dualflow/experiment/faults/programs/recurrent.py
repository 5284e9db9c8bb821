"""An LSTM cell, written out, that reads each digit row by row and names it at the end."""

import dualflow as df
from dualflow.data import load_digits

df.manual_seed(0)
images, labels = load_digits(flatten=False, split="train")
x = df.from_numpy(images[:32])
y = df.from_numpy(labels[:32])
units = 16

w_in = df.Variable(0.2 * df.randn(8, 4 * units), name="w_in")
w_hidden = df.Variable(0.2 * df.randn(units, 4 * units), name="w_hidden")
bias = df.Variable(df.zeros(4 * units), name="bias")
w_out = df.Variable(0.2 * df.randn(units, 10), name="w_out")
optimizer = df.optim.Adam([w_in, w_hidden, bias, w_out], lr=0.01)


@df.function
def step(x, y):
    h = df.zeros(len(x), units)
    c = df.zeros(len(x), units)
    for t in range(8):
        gates = x[:, t] @ w_in + h @ w_hidden + bias
        i, f, o, g = gates.split(units, dim=1)
        c = f.sigmoid() * c + i.sigmoid() * g.tanh()
        h = o.sigmoid() * c.tanh()
    logits = h @ w_out
    loss = df.nn.functional.cross_entropy(logits, y)
    optimizer.minimize(loss)
    return loss


losses = []
for _ in range(3):
    losses.append(float(step(x, y)))
result = [losses, w_out]

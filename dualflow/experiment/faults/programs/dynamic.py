"""A network whose second layer depends on how the last step went, and whose depth depends on its input's length."""

import dualflow as df

df.manual_seed(0)
n, width, d_out = 8, 12, 5
w1 = df.Variable(0.3 * df.randn(width, width), name="w1")
w2a = df.Variable(0.3 * df.randn(width, d_out), name="w2a")
w2b = df.Variable(0.3 * df.randn(width, d_out), name="w2b")
y = df.randn(n, d_out)
sentences = [df.randn(length, n, width) for length in (2, 3, 2, 3)]
optimizer = df.optim.SGD([w1, w2a, w2b], lr=0.05)


@df.function
def step(words, y, previous):
    h = df.zeros(n, width)
    for t in range(len(words)):
        h = (words[t] + h @ w1).tanh()
    w2 = df.where(previous < 1.0, w2a, w2b)
    y_pred = h @ w2
    loss = (y_pred - y).pow(2).mean()
    optimizer.minimize(loss)
    return loss


losses = []
previous = df.tensor(2.0)
for words in sentences:
    previous = step(words, y, previous)
    losses.append(float(previous))
result = [losses, w1, w2a, w2b]

"""The lecture notes' network with a GradientTape: the gradients are the tape's, the update is by hand."""

import dualflow as df

df.manual_seed(0)
n, d_in, hidden, d_out = 16, 20, 12, 5
x = df.random.normal((n, d_in))
y = df.random.normal((n, d_out))
w1 = df.Variable(df.random.normal((d_in, hidden)), name="w1")
w2 = df.Variable(df.random.normal((hidden, d_out)), name="w2")
learning_rate = 1e-2


@df.function
def step(x, y):
    with df.GradientTape() as tape:
        h = df.maximum(df.matmul(x, w1), 0)
        y_pred = df.matmul(h, w2)
        diff = y_pred - y
        loss = df.mean(df.sum(diff**2, axis=1))
    grad_w1, grad_w2 = tape.gradient(loss, [w1, w2])
    w1.assign(w1 - learning_rate * grad_w1)
    w2.assign(w2 - learning_rate * grad_w2)
    return loss


losses = []
for _ in range(4):
    losses.append(float(step(x, y)))
result = [losses, w1, w2]

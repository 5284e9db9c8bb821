"""A causal attention block that learns to predict the next symbol of a repeating text."""

import numpy as np

import dualflow as df

df.manual_seed(0)
text = np.array([3, 1, 4, 1, 5, 2, 6, 5] * 6)
context, width, symbols = 8, 16, 8
starts = np.arange(0, 16)
x = df.from_numpy(np.stack([text[s : s + context] for s in starts]))
y = df.from_numpy(np.stack([text[s + 1 : s + 1 + context] for s in starts]))
mask = df.triu(df.ones(context, context), 1).astype(df.bool)

embedding = df.Variable(0.3 * df.randn(symbols, width), name="embedding")
position = df.Variable(0.3 * df.randn(context, width), name="position")
w_query = df.Variable(0.3 * df.randn(width, width), name="w_query")
w_key = df.Variable(0.3 * df.randn(width, width), name="w_key")
w_value = df.Variable(0.3 * df.randn(width, width), name="w_value")
w_out = df.Variable(0.3 * df.randn(width, symbols), name="w_out")
optimizer = df.optim.Adam([embedding, position, w_query, w_key, w_value, w_out], lr=0.01)


@df.function
def step(x, y):
    h = embedding[x] + position
    query, key, value = h @ w_query, h @ w_key, h @ w_value
    scores = query @ key.transpose(-2, -1) / width**0.5
    scores = scores.masked_fill(mask, float("-inf"))
    weights = scores.softmax(dim=-1)
    h = h + weights @ value
    logits = h @ w_out
    loss = df.nn.functional.cross_entropy(logits.reshape(-1, symbols), y.reshape(-1))
    optimizer.minimize(loss)
    return loss


losses = []
for _ in range(4):
    losses.append(float(step(x, y)))
result = [losses, w_out]

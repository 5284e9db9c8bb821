"""A variational autoencoder on the digits: a Gaussian code, a Bernoulli picture, two losses with logarithms in them."""

import dualflow as df
from dualflow.data import load_digits

df.manual_seed(0)
images, labels = load_digits(split="train")
x = df.from_numpy(images[:64])

encoder = df.nn.Linear(64, 24)
to_mean = df.nn.Linear(24, 4)
to_log_variance = df.nn.Linear(24, 4)
decoder = df.nn.Linear(4, 64)
parameters = [p for part in (encoder, to_mean, to_log_variance, decoder) for p in part.parameters()]
optimizer = df.optim.Adam(parameters, lr=0.01)


@df.function
def step(x):
    h = encoder(x).tanh()
    mean, log_variance = to_mean(h), to_log_variance(h)
    deviation = (0.5 * log_variance).exp()
    code = mean + deviation * df.randn_like(mean)
    p = decoder(code).sigmoid().clamp(1e-6, 1 - 1e-6)
    picture = -(x * p.log() + (1 - x) * (1 - p).log()).sum(dim=1)
    divergence = 0.5 * (mean**2 + log_variance.exp() - 1 - log_variance).sum(dim=1)
    loss = (picture + divergence).mean()
    optimizer.minimize(loss)
    return loss


losses = []
for _ in range(4):
    losses.append(float(step(x)))
result = [losses, decoder.weight]

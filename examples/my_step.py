"""A step of your own, ready to be compared:  dualflow compare examples/my_step.py:step

The function is written as for eager mode. dualflow gives each of its parameters the variable of the same name below:
``x`` and ``y``. What it finds outside (``model``, ``optimizer``) it uses as it is; every arm starts from the same
values, and they are put back afterwards.
"""

import dualflow as df

df.manual_seed(0)
x = df.randn(64, 20)
y = df.sin(x).sum(axis=1, keepdims=True)

model = df.nn.Sequential(df.nn.Linear(20, 50), df.nn.Tanh(), df.nn.Linear(50, 1))
optimizer = df.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)


def step(x, y):
    """Fit a small network to a sum of sines."""
    loss = df.nn.functional.mse_loss(model(x), y)
    loss.backward()
    optimizer.step()
    optimizer.zero_grad()
    return loss


if __name__ == "__main__":  # `python examples/my_step.py` does the same from Python
    df.compare(step, x, y).show()

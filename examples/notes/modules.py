"""Modules: layers in a row, an optimizer for the update, and modules of our own."""

import dualflow as df

N, D_in, H, D_out = 64, 1000, 100, 10


def data():
    """Make random inputs and targets."""
    df.manual_seed(0)
    return df.randn(N, D_in), df.randn(N, D_out)


def update_by_hand(steps=20):
    """Train layers in a row, and change each parameter ourselves."""
    x, y = data()
    model = df.nn.Sequential(df.nn.Linear(D_in, H), df.nn.ReLU(), df.nn.Linear(H, D_out))
    learning_rate = 1e-4
    losses = []
    for _ in range(steps):
        y_pred = model(x)
        loss = df.nn.functional.mse_loss(y_pred, y)
        loss.backward()
        losses.append(loss.item())
        with df.no_grad():
            for param in model.parameters():
                param -= learning_rate * param.grad
        model.zero_grad()
    return losses


def train(model, optimizer, x, y, steps):
    """Let the optimizer change the parameters."""
    losses = []
    for _ in range(steps):
        y_pred = model(x)
        loss = df.nn.functional.mse_loss(y_pred, y)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        losses.append(loss.item())
    return losses


def with_optimizer(steps=20):
    """Train the same layers with Adam."""
    x, y = data()
    model = df.nn.Sequential(df.nn.Linear(D_in, H), df.nn.ReLU(), df.nn.Linear(H, D_out))
    optimizer = df.optim.Adam(model.parameters(), lr=1e-4)
    return train(model, optimizer, x, y, steps)


class TwoLayerNet(df.nn.Module):
    """Two layers with a rectifier between them: a module made of modules."""

    def __init__(self, D_in, H, D_out):
        super().__init__()
        self.linear1 = df.nn.Linear(D_in, H)
        self.linear2 = df.nn.Linear(H, D_out)

    def forward(self, x):
        """Predict from a batch of inputs."""
        h_relu = self.linear1(x).clamp(min=0)
        y_pred = self.linear2(h_relu)
        return y_pred


def own_module(steps=20):
    """Train a module of our own."""
    x, y = data()
    model = TwoLayerNet(D_in, H, D_out)
    optimizer = df.optim.SGD(model.parameters(), lr=1e-4)
    return train(model, optimizer, x, y, steps)


class ParallelBlock(df.nn.Module):
    """Two layers side by side, whose results are multiplied."""

    def __init__(self, D_in, D_out):
        super().__init__()
        self.linear1 = df.nn.Linear(D_in, D_out)
        self.linear2 = df.nn.Linear(D_in, D_out)

    def forward(self, x):
        """Multiply what the two layers say, and rectify it."""
        h1 = self.linear1(x)
        h2 = self.linear2(x)
        return (h1 * h2).clamp(min=0)


def mixed(steps=20):
    """Put modules of our own into a row with ready-made ones."""
    x, y = data()
    model = df.nn.Sequential(ParallelBlock(D_in, H), ParallelBlock(H, H), df.nn.Linear(H, D_out))
    optimizer = df.optim.Adam(model.parameters(), lr=1e-4)
    return train(model, optimizer, x, y, steps)


if __name__ == "__main__":
    for program in (update_by_hand, with_optimizer, own_module, mixed):
        losses = program()
        print(f"{program.__name__}: loss {losses[0]:.4g} → {losses[-1]:.4g}")

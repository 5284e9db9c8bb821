"""Data loaders: go through a dataset in small batches, epoch after epoch."""

import dualflow as df
from dualflow.data import DataLoader, TensorDataset


class TwoLayerNet(df.nn.Module):
    """Two layers with a rectifier between them."""

    def __init__(self, D_in, H, D_out):
        super().__init__()
        self.linear1 = df.nn.Linear(D_in, H)
        self.linear2 = df.nn.Linear(H, D_out)

    def forward(self, x):
        """Predict from a batch of inputs."""
        return self.linear2(self.linear1(x).clamp(min=0))


def minibatches(epochs=5):
    """Train on batches of 8; return the shapes of a batch and the loss of each epoch."""
    N, D_in, H, D_out = 64, 1000, 100, 10
    df.manual_seed(0)
    x = df.randn(N, D_in)
    y = df.randn(N, D_out)
    loader = DataLoader(TensorDataset(x, y), batch_size=8)
    model = TwoLayerNet(D_in, H, D_out)
    optimizer = df.optim.SGD(model.parameters(), lr=1e-2)
    losses = []
    for _ in range(epochs):
        total = 0.0
        for x_batch, y_batch in loader:  # iterate over the loader to form minibatches
            y_pred = model(x_batch)
            loss = df.nn.functional.mse_loss(y_pred, y_batch)
            loss.backward()
            optimizer.step()
            optimizer.zero_grad()
            total += loss.item()
        losses.append(total / len(loader))
    return (x_batch.shape, y_batch.shape), losses


if __name__ == "__main__":
    shapes, losses = minibatches()
    print(f"batches of {shapes[0]} and {shapes[1]}: loss {losses[0]:.4g} → {losses[-1]:.4g}")

"""Pretrained models: start from weights trained before. In df's way: our own, saved and loaded, not torchvision's."""

import tempfile
from pathlib import Path

import numpy as np

import dualflow as df


def make_model():
    """Make the net with its first, random weights."""
    return df.nn.Sequential(df.nn.Linear(64, 32), df.nn.ReLU(), df.nn.Linear(32, 10))


def accuracy(model):
    """Return the share of test digits that the model reads correctly."""
    images, labels = df.data.load_digits(split="test")
    with df.no_grad():
        return float((model(df.tensor(images)).argmax(dim=1) == df.tensor(labels)).float().mean())


def train_and_save(path, epochs=5):
    """Train on the digits and write the weights to a file; return the accuracy."""
    df.manual_seed(0)
    model = make_model()
    optimizer = df.optim.Adam(model.parameters(), lr=1e-2)
    loader = df.data.DataLoader(df.data.TensorDataset(*df.data.load_digits(split="train")), batch_size=64, shuffle=True)
    for _ in range(epochs):
        for x, y in loader:
            df.nn.functional.cross_entropy(model(x), y).backward()
            optimizer.step()
            optimizer.zero_grad()
    np.savez(path, **{name: np.asarray(weight) for name, weight in model.state_dict().items()})
    return accuracy(model)


def load(path):
    """Make a new model with the weights of the file; return its accuracy before and after."""
    df.manual_seed(1)
    model = make_model()
    before = accuracy(model)
    with np.load(path) as weights:
        model.load_state_dict(dict(weights))
    return before, accuracy(model)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "digits.npz"
        print(f"trained: {train_and_save(path):.1%} correct")
        before, after = load(path)
        print(f"a new model: {before:.1%} correct; with the saved weights: {after:.1%}")

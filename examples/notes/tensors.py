"""Tensors: making them, filling others like them, and training a net with gradients written by hand."""

import numpy as np

import dualflow as df


def create():
    """Make tensors of nothing in particular, of zeros, of ones, and of random numbers from a seed."""
    x = df.empty(3, 4)
    print(type(x))
    print(x)
    zeros = df.zeros(2, 3)
    ones = df.ones(2, 3)
    df.manual_seed(1729)
    random = df.rand(2, 3)
    print(zeros, ones, random, sep="\n")
    return x, zeros, ones, random


def like():
    """Make tensors with the shape of another."""
    x = df.empty(2, 2, 3)
    print(x.shape)
    made = df.empty_like(x), df.zeros_like(x), df.ones_like(x), df.rand_like(x)
    for tensor in made:
        print(tensor.shape)
        print(tensor)
    return made


def train_by_hand(steps=20):
    """Train two layers with gradients that we worked out ourselves."""
    device = "cpu"
    N, D_in, H, D_out = 64, 1000, 100, 10
    df.manual_seed(0)
    x = df.randn(N, D_in).to(device)
    y = df.randn(N, D_out).to(device)
    w1 = df.randn(D_in, H).to(device)
    w2 = df.randn(H, D_out).to(device)
    learning_rate = 1e-6
    losses = []
    for _ in range(steps):
        h = x.mm(w1)
        h_relu = h.clamp(min=0)
        y_pred = h_relu.mm(w2)
        loss = (y_pred - y).pow(2).sum()
        losses.append(loss.item())

        grad_y_pred = 2.0 * (y_pred - y)
        grad_w2 = h_relu.t().mm(grad_y_pred)
        grad_h_relu = grad_y_pred.mm(w2.t())
        grad_h = grad_h_relu.clone()
        grad_h[h < 0] = 0
        grad_w1 = x.t().mm(grad_h)

        w1 -= learning_rate * grad_w1
        w2 -= learning_rate * grad_w2
    return losses


def dtypes():
    """Ask for an element type."""
    a = df.ones((2, 3), dtype=df.int16)
    print(a)
    return a


def broadcasting():
    """Multiply both rows of a matrix by one row."""
    df.manual_seed(0)
    rand = df.rand(2, 4)
    doubled = rand * (df.ones(1, 4) * 2)
    print(rand)
    print(doubled)
    return rand, doubled


def devices():
    """Put a model and its data on a device. dualflow's eager world has one, "cpu"."""
    device = "cpu"
    model = df.nn.Linear(64, 10).to(device)
    images, _ = df.data.load_digits(split="test")
    data = df.tensor(images).to(device)
    scores = model(data)
    print(scores.shape, scores.device)
    return scores


def dimensions():
    """Add an axis of size 1 in front: a batch of one image."""
    a = df.rand(3, 226, 226)
    b = a.unsqueeze(0)
    print(a.shape)
    print(b.shape)
    return a, b


def from_numpy():
    """Turn a NumPy array into a tensor. Both share one memory."""
    numpy_array = np.ones((2, 3))
    tensor = df.from_numpy(numpy_array)
    numpy_array[0, 0] = 5
    print(numpy_array)
    print(tensor)
    return numpy_array, tensor


if __name__ == "__main__":
    create()
    like()
    dtypes()
    broadcasting()
    devices()
    dimensions()
    from_numpy()
    losses = train_by_hand()
    print(f"trained by hand: loss {losses[0]:.4g} → {losses[-1]:.4g}")

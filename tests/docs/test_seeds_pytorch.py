"""The PyTorch programs of the lecture notes run as they stand with dualflow in PyTorch's place, to the same numbers.

Each program is a function of the framework, called ``torch`` in it: its body is the notes' text with the typos
corrected, fewer steps, and initial numbers from NumPy so that both frameworks start alike. PyTorch runs it too where it
is installed; elsewhere the loss must fall.
"""

import numpy as np
import pytest

import dualflow as df
from dualflow.data import DataLoader, TensorDataset

N, D_in, H, D_out = 64, 1000, 100, 10


def numbers(*shape, seed=0):
    return np.random.default_rng((seed, *shape)).standard_normal(shape).astype(np.float32)


def start(torch, model):
    """Give the model's parameters values that do not depend on the framework."""
    with torch.no_grad():
        for i, p in enumerate(model.parameters()):
            p.copy_(torch.tensor(numbers(*p.shape, seed=i) * np.float32(1 / np.sqrt(p.shape[-1]))))
    return model


def data(torch):
    return torch.tensor(numbers(N, D_in)), torch.tensor(numbers(N, D_out))


def weights(torch, *, requires_grad=False):
    w1 = torch.tensor(numbers(D_in, H, seed=1), requires_grad=requires_grad)
    w2 = torch.tensor(numbers(H, D_out, seed=2), requires_grad=requires_grad)
    return w1, w2


# ------------------------------------------------------------------------------------------------------------- tensors


def gradients_by_hand(torch, steps=20):
    x, y = data(torch)
    w1, w2 = weights(torch)
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


def autograd(torch, steps=20):
    x, y = data(torch)
    w1, w2 = weights(torch, requires_grad=True)
    learning_rate = 1e-6
    losses = []
    for _ in range(steps):
        y_pred = x.mm(w1).clamp(min=0).mm(w2)
        loss = (y_pred - y).pow(2).sum()
        loss.backward()
        losses.append(loss.item())
        with torch.no_grad():
            w1 -= learning_rate * w1.grad
            w2 -= learning_rate * w2.grad
            w1.grad.zero_()
            w2.grad.zero_()
    return losses


def new_function(torch, steps=20):
    def sigmoid(x):
        return 1.0 / (1.0 + (-x).exp())

    x, y = data(torch)
    x = x * 0.01  # the notes' sigmoid overflows for the notes' inputs
    w1, w2 = weights(torch, requires_grad=True)
    learning_rate = 1e-4
    losses = []
    for _ in range(steps):
        y_pred = sigmoid(x.mm(w1)).mm(w2)
        loss = (y_pred - y).pow(2).sum()
        loss.backward()
        losses.append(loss.item())
        with torch.no_grad():
            w1 -= learning_rate * w1.grad
            w2 -= learning_rate * w2.grad
            w1.grad.zero_()
            w2.grad.zero_()
    return losses


def dynamic_graph(torch, steps=20):
    x, y = data(torch)
    w1, w2a = weights(torch, requires_grad=True)
    w2b = torch.tensor(numbers(H, D_out, seed=3), requires_grad=True)
    learning_rate = 1e-6
    prev_loss = 5.0
    losses = []
    for _ in range(steps):
        # Decide which one to use at each layer based on loss at previous iteration
        w2 = w2a if prev_loss < 200_000.0 else w2b
        y_pred = x.mm(w1).clamp(min=0).mm(w2)
        loss = (y_pred - y).pow(2).sum()
        loss.backward()
        prev_loss = loss.item()
        losses.append(prev_loss)
        with torch.no_grad():
            for w in (w1, w2):
                w -= learning_rate * w.grad
                w.grad = None
    return losses


# -------------------------------------------------------------------------------------------------------------- modules


def module_updated_by_hand(torch, steps=20):
    x, y = data(torch)
    model = torch.nn.Sequential(torch.nn.Linear(D_in, H), torch.nn.ReLU(), torch.nn.Linear(H, D_out))
    start(torch, model)
    learning_rate = 1e-2
    losses = []
    for _ in range(steps):
        y_pred = model(x)
        loss = torch.nn.functional.mse_loss(y_pred, y)
        loss.backward()
        losses.append(loss.item())
        with torch.no_grad():
            for param in model.parameters():
                param -= learning_rate * param.grad
        model.zero_grad()
    return losses


def module_and_optimizer(torch, steps=20):
    x, y = data(torch)
    model = torch.nn.Sequential(torch.nn.Linear(D_in, H), torch.nn.ReLU(), torch.nn.Linear(H, D_out))
    start(torch, model)
    learning_rate = 1e-4
    optimizer = torch.optim.Adam(model.parameters(), lr=learning_rate)
    losses = []
    for _ in range(steps):
        y_pred = model(x)
        loss = torch.nn.functional.mse_loss(y_pred, y)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        losses.append(loss.item())
    return losses


def two_layer_net(torch):
    class TwoLayerNet(torch.nn.Module):
        def __init__(self, D_in, H, D_out):
            super(TwoLayerNet, self).__init__()  # noqa: UP008 - as the notes have it
            self.linear1 = torch.nn.Linear(D_in, H)
            self.linear2 = torch.nn.Linear(H, D_out)

        def forward(self, x):
            h_relu = self.linear1(x).clamp(min=0)
            y_pred = self.linear2(h_relu)
            return y_pred

    return start(torch, TwoLayerNet(D_in, H, D_out))


def defined_module(torch, steps=20):
    x, y = data(torch)
    model = two_layer_net(torch)
    optimizer = torch.optim.SGD(model.parameters(), lr=1e-4)
    losses = []
    for _ in range(steps):
        y_pred = model(x)
        loss = torch.nn.functional.mse_loss(y_pred, y)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        losses.append(loss.item())
    return losses


def parallel_blocks(torch, steps=20):
    class ParallelBlock(torch.nn.Module):
        def __init__(self, D_in, D_out):
            super(ParallelBlock, self).__init__()  # noqa: UP008 - as the notes have it
            self.linear1 = torch.nn.Linear(D_in, D_out)
            self.linear2 = torch.nn.Linear(D_in, D_out)

        def forward(self, x):
            h1 = self.linear1(x)
            h2 = self.linear2(x)
            return (h1 * h2).clamp(min=0)

    x, y = data(torch)
    model = torch.nn.Sequential(ParallelBlock(D_in, H), ParallelBlock(H, H), torch.nn.Linear(H, D_out))
    start(torch, model)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-4)
    losses = []
    for _ in range(steps):
        y_pred = model(x)
        loss = torch.nn.functional.mse_loss(y_pred, y)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        losses.append(loss.item())
    return losses


def minibatches(torch, epochs=3):
    if torch is df:
        loaders = DataLoader, TensorDataset
    else:
        loaders = torch.utils.data.DataLoader, torch.utils.data.TensorDataset
    Loader, Pairs = loaders
    x, y = data(torch)
    loader = Loader(Pairs(x, y), batch_size=8)
    model = two_layer_net(torch)
    optimizer = torch.optim.SGD(model.parameters(), lr=1e-2)
    losses = []
    for _ in range(epochs):
        # Iterate over loader to form minibatches
        for x_batch, y_batch in loader:
            y_pred = model(x_batch)
            loss = torch.nn.functional.mse_loss(y_pred, y_batch)
            loss.backward()
            optimizer.step()
            optimizer.zero_grad()
        losses.append(loss.item())
    return losses


PROGRAMS = [
    gradients_by_hand,
    autograd,
    new_function,
    dynamic_graph,
    module_updated_by_hand,
    module_and_optimizer,
    defined_module,
    parallel_blocks,
    minibatches,
]


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda p: p.__name__)
def test_the_program_learns(program):
    losses = program(df)
    assert np.isfinite(losses).all() and losses[-1] < losses[0]


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda p: p.__name__)
def test_the_program_gives_pytorchs_losses(program):
    torch = pytest.importorskip("torch", reason="PyTorch is the oracle here: pip install torch==2.13.0")
    np.testing.assert_allclose(program(df), program(torch), rtol=2e-4)


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda p: p.__name__)
def test_the_program_runs_line_by_line_in_graph_mode_too(program):
    expected = program(df)
    with df.mode("graph"):  # outside a df.function, each line still runs at once
        assert program(df) == expected


def test_a_custom_function_with_its_own_gradient():
    """The notes' ``Sigmoid``, whose base class dualflow calls ``df.Function``."""

    def losses(torch, base, steps=20):
        class Sigmoid(base):
            @staticmethod
            def forward(ctx, x):
                y = 1.0 / (1.0 + (-x).exp())
                ctx.save_for_backward(y)
                return y

            @staticmethod
            def backward(ctx, grad_y):
                (y,) = ctx.saved_tensors
                grad_x = grad_y * y * (1.0 - y)
                return grad_x

        x, y = data(torch)
        x = x * 0.01
        w1, w2 = weights(torch, requires_grad=True)
        found = []
        for _ in range(steps):
            loss = (Sigmoid.apply(x.mm(w1)).mm(w2) - y).pow(2).sum()
            loss.backward()
            found.append(loss.item())
            with torch.no_grad():
                for w in (w1, w2):
                    w -= 1e-4 * w.grad
                    w.grad.zero_()
        return found

    ours = losses(df, df.Function)
    np.testing.assert_allclose(ours, new_function(df), rtol=1e-4)
    torch = pytest.importorskip("torch", reason="PyTorch is the oracle here: pip install torch==2.13.0")
    np.testing.assert_allclose(ours, losses(torch, torch.autograd.Function), rtol=2e-4)


@pytest.mark.parametrize("compile", [False, True])
def test_the_step_of_the_two_layer_net_compiled_gives_the_eager_losses(compile):
    """The notes' "static graph" idea on the notes' net: the same lines, traced once."""
    x, y = data(df)
    model = two_layer_net(df)
    optimizer = df.optim.SGD(model.parameters(), lr=1e-4)

    @df.function
    def step(x, y):
        y_pred = model(x)
        loss = df.nn.functional.mse_loss(y_pred, y)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        return loss

    with df.mode("graph", compile=compile):
        losses = [step(x, y).item() for _ in range(20)]
    np.testing.assert_allclose(losses, defined_module(df), rtol=1e-5)
    assert step.trace_count == 1

"""Autograd: the tape finds the gradients; a function of ours becomes an op; a Function brings its own gradient."""

import numpy as np

import dualflow as df


def data():
    """Make inputs, targets and two weights that require gradients."""
    N, D_in, H, D_out = 64, 1000, 100, 10
    df.manual_seed(0)
    x = df.randn(N, D_in)
    y = df.randn(N, D_out)
    w1 = df.randn(D_in, H, requires_grad=True)
    w2 = df.randn(H, D_out, requires_grad=True)
    return x, y, w1, w2


def train(predict, steps):
    """Take gradient steps on the squared error of ``predict(x, w1, w2)``."""
    x, y, w1, w2 = data()
    learning_rate = 1e-6
    losses = []
    for _ in range(steps):
        y_pred = predict(x, w1, w2)
        loss = (y_pred - y).pow(2).sum()
        loss.backward()
        losses.append(loss.item())
        with df.no_grad():  # the update itself is not to be differentiated
            w1 -= learning_rate * w1.grad
            w2 -= learning_rate * w2.grad
            w1.grad.zero_()  # backward adds to .grad: forgetting this is a common bug
            w2.grad.zero_()
    return losses


def relu_net(steps=20):
    """Train two layers with a rectifier between them."""
    return train(lambda x, w1, w2: x.mm(w1).clamp(min=0).mm(w2), steps)


def sigmoid(x):
    """Compute the sigmoid as a Python function; the tape records each of its four ops."""
    return 1.0 / (1.0 + (-x).exp())


def sigmoid_net(steps=20):
    """Train with a new function that is made of known ops. The loss turns into NaN at the second step.

    Where ``x`` is below -88, ``exp(-x)`` is infinite in float32. The value, 1/∞, is right: 0. The gradient is
    multiplied by ``exp(-x)`` on its way back, and 0 · ∞ is not a number. PyTorch does the same.
    """
    return train(lambda x, w1, w2: sigmoid(x.mm(w1)).mm(w2), steps)


class Sigmoid(df.Function):
    """The sigmoid as one op with a gradient of its own, which needs ``y`` alone: no ``exp`` on the way back, no NaN."""

    @staticmethod
    def forward(ctx, x):
        """Compute the sigmoid, and keep it for the way back."""
        y = 1.0 / (1.0 + (-x).exp())
        ctx.save_for_backward(y)
        return y

    @staticmethod
    def backward(ctx, grad_y):
        """Turn the gradient of the result into that of the input."""
        (y,) = ctx.saved_tensors
        return grad_y * y * (1.0 - y)


def function_net(steps=20):
    """Train with the op that brings its own gradient: the improvement."""
    return train(lambda x, w1, w2: Sigmoid.apply(x.mm(w1)).mm(w2), steps)


if __name__ == "__main__":
    with np.errstate(over="ignore", invalid="ignore"):  # NumPy would warn of the overflow that sigmoid_net shows
        for program in (relu_net, sigmoid_net, function_net):
            losses = program()
            print(f"{program.__name__}: loss {losses[0]:.4g} → {losses[-1]:.4g}")

"""What type checkers see of a user's script: every line is right, and has a real type."""

import numpy as np

import dualflow as df
import dualflow.torch as torch

a = df.randn(3, 4)
reveal_type(a)  # Tensor
reveal_type(a.sum())  # Tensor
reveal_type(a + 1)  # Tensor
reveal_type(1 - a)  # Tensor
reveal_type(a @ a.T)  # Tensor
reveal_type(df.matmul(a, np.ones((4, 2))))  # Tensor
reveal_type(df.sum(a, axis=0, keepdims=True))  # Tensor
reveal_type(a.sum(dim=1, keepdim=True))  # Tensor
reveal_type(df.nn.Linear(4, 2)(a))  # Tensor
reveal_type(df.linalg.qr(a).Q)  # Tensor
reveal_type(torch.cat([a, a], dim=1))  # Tensor
reveal_type(df.allclose(a, a))  # bool
reveal_type(a.max())  # Tensor
reveal_type(a.max(dim=1).values)  # Tensor
reveal_type(torch.max(a, dim=1).indices)  # Tensor
reveal_type(torch.linalg.vector_norm(a, ord=1, dim=0))  # Tensor
reveal_type(df.unique(a))  # Tensor
reveal_type(a.abs_())  # Tensor
reveal_type(df.arange(0, 1, 0.25))  # Tensor
reveal_type(df.can_cast(df.float32, df.float64))  # bool
w = df.Variable(df.zeros(4, 2), name="w")
reveal_type(a @ w)  # Tensor
reveal_type(df.nn.functional.cross_entropy(a, df.tensor([0, 1, 2])))  # Tensor


@df.function
def step(x: df.Tensor, times: int = 1) -> df.Tensor:
    return x * times


reveal_type(step(a, times=2))  # Tensor
with df.no_grad():
    w.assign(w - 0.1)
report = df.compare(step, a, only="parity")
reveal_type(report)  # Report


@df.no_grad()
def evaluate(x: df.Tensor) -> df.Tensor:
    return x.mean()


reveal_type(evaluate(a))  # Tensor


class Double(df.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.factor = 2
        return x * ctx.factor

    @staticmethod
    def backward(ctx, grad_y):
        return grad_y * ctx.factor

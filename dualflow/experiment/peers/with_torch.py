"""The programs in PyTorch's idiom, eagerly or with the loss in ``torch.compile``.

Compiled is the forward pass and, through AOTAutograd, the backward pass; the optimizer stays a call of its own, as
PyTorch's users write it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from dualflow.experiment.peers import Run

Tensors = list[Any]


def build(program: str, mode: str, weights: list[Any], batches: list[Any], threads: int) -> Run:
    """Build a program from the weights, in dualflow's order."""
    torch.set_num_threads(threads)
    inputs = [tuple(torch.tensor(part) for part in batch) for batch in batches]
    loss, trained, optimizer = PROGRAMS[program]([torch.tensor(weight) for weight in weights])
    if mode == "compiled":
        loss = torch.compile(loss)

    def step(i: int) -> list[Any]:
        value = loss(*inputs[i])
        if optimizer is None:
            (gradient,) = torch.autograd.grad(value, trained)
            return [value.detach().numpy(), gradient.numpy()]
        optimizer.zero_grad()
        value.backward()
        optimizer.step()
        return [value.detach().numpy()]

    return Run(step, lambda: [weight.detach().numpy().copy() for weight in trained])


def notes(weights: Tensors) -> tuple[Any, ...]:
    w1, w2 = (weight.requires_grad_() for weight in weights)

    def loss(x: Any, y: Any) -> Any:
        return (x.mm(w1).clamp(min=0).mm(w2) - y).pow(2).sum()

    return loss, [w1, w2], torch.optim.SGD([w1, w2], lr=1e-6)


def digits(weights: Tensors) -> tuple[Any, ...]:
    network = torch.nn.Sequential(torch.nn.Linear(64, 128), torch.nn.ReLU(), torch.nn.Linear(128, 10))
    network.load_state_dict(dict(zip(network.state_dict(), weights, strict=True)))

    def loss(x: Any, y: Any) -> Any:
        return torch.nn.functional.cross_entropy(network(x), y)

    return loss, list(network.parameters()), torch.optim.Adam(network.parameters(), lr=3e-3)


def chain(weights: Tensors) -> tuple[Any, ...]:
    a = weights[0].requires_grad_()

    def loss(h: Any) -> Any:
        for _ in range(25):
            h = torch.tanh(h * a + a)
            h = h @ a
        return h.sum()

    return loss, [a], None


def lstm(weights: Tensors) -> tuple[Any, ...]:
    cell = torch.nn.LSTMCell(weights[0].shape[1], weights[1].shape[1])
    read_out = torch.nn.Linear(weights[1].shape[1], len(weights[-1]))
    cell.load_state_dict(dict(zip(cell.state_dict(), weights[:4], strict=True)))
    read_out.load_state_dict(dict(zip(read_out.state_dict(), weights[4:], strict=True)))

    def loss(sequence: Any, target: Any) -> Any:
        h = c = sequence.new_zeros(sequence.shape[1], cell.hidden_size)
        for x in sequence:
            h, c = cell(x, (h, c))
        return torch.nn.functional.mse_loss(read_out(h), target)

    trained = [*cell.parameters(), *read_out.parameters()]
    return loss, trained, torch.optim.Adam(trained, lr=1e-3)


PROGRAMS: dict[str, Callable[[Tensors], tuple[Any, ...]]] = {
    "notes": notes, "digits": digits, "chain": chain, "lstm": lstm,
}  # fmt: skip
"""Each returns the loss as a function of a batch, what is trained, and the optimizer, if it has one."""

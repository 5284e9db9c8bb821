"""Recurrent cells: one step of a sequence; the loop over time is the user's."""

from __future__ import annotations

import math
from typing import Any

from dualflow.nn import init
from dualflow.nn.functional import linear
from dualflow.nn.layers import parameter
from dualflow.nn.module import Module
from dualflow.ops.create import zeros_like
from dualflow.ops.elementwise import sigmoid, tanh
from dualflow.ops.shape import chunk


class LSTMCell(Module):
    """One step of a long short-term memory (Hochreiter & Schmidhuber 1997), with PyTorch's parameters.

    With ``(i, f, g, o)`` the four quarters of ``x @ weight_ih.T + bias_ih + h @ weight_hh.T + bias_hh``::

        c' = sigmoid(f) * c + sigmoid(i) * tanh(g)        h' = sigmoid(o) * tanh(c')

    ``x``: (…, input_size). ``state``: (h, c), each (…, hidden_size), zeros when left out. Returns (h', c').

    >>> import dualflow as df
    >>> cell = df.nn.LSTMCell(10, 20)
    >>> h, c = cell(df.zeros(3, 10))
    >>> h.shape, cell.weight_ih.shape
    ((3, 20), (80, 10))
    """

    def __init__(self, input_size: int, hidden_size: int, bias: bool = True) -> None:
        super().__init__()
        if input_size < 0 or hidden_size <= 0:
            raise ValueError(f"LSTMCell: impossible sizes: input_size={input_size}, hidden_size={hidden_size}")
        self.input_size, self.hidden_size = input_size, hidden_size
        self.weight_ih = parameter(4 * hidden_size, input_size)
        self.weight_hh = parameter(4 * hidden_size, hidden_size)
        self.bias_ih = parameter(4 * hidden_size) if bias else None
        self.bias_hh = parameter(4 * hidden_size) if bias else None
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw the parameters anew, uniformly in ±1/√hidden_size."""
        bound = 1 / math.sqrt(self.hidden_size)
        for each in self.parameters():
            init.uniform_(each, -bound, bound)

    def forward(self, x: Any, state: tuple[Any, Any] | None = None) -> tuple[Any, Any]:
        """Take one step."""
        gates = linear(x, self.weight_ih, self.bias_ih)
        if state is None:  # in the shape of the gates, because a graph may not know the batch's
            state = (zeros_like(gates[..., : self.hidden_size]),) * 2
        h, c = state
        i, f, g, o = chunk(gates + linear(h, self.weight_hh, self.bias_hh), 4, axis=-1)
        c = sigmoid(f) * c + sigmoid(i) * tanh(g)
        return sigmoid(o) * tanh(c), c

    def extra_repr(self) -> str:
        """Return the sizes."""
        return f"{self.input_size}, {self.hidden_size}" + ("" if self.bias_ih is not None else ", bias=False")

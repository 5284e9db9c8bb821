"""Recurrent cells: one step of a sequence; the loop over time is the user's, or that of ``sequence``."""

from __future__ import annotations

import math
from typing import Any

from dualflow.nn import init
from dualflow.nn.functional import linear, relu
from dualflow.nn.layers import parameter
from dualflow.nn.module import Module
from dualflow.ops.array.create import zeros_like
from dualflow.ops.array.shape import chunk
from dualflow.ops.math.elementwise import sigmoid, tanh


class LSTMCell(Module):
    """One step of a long short-term memory (Hochreiter & Schmidhuber 1997), with PyTorch's parameters.

    With ``(i, f, g, o)`` the four quarters of ``x @ weight_ih.T + bias_ih + h @ weight_hh.T + bias_hh``::

        c' = sigmoid(f) * c + sigmoid(i) * tanh(g)        h' = sigmoid(o) * tanh(c')

    ``x``: (…, input_size). ``state``: (h, c), each (…, hidden_size), zeros when left out. Returns (h', c').

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


def _lstm(x: Any, h: Any, c: Any, w_ih: Any, w_hh: Any, b_ih: Any, b_hh: Any) -> tuple[Any, Any]:
    i, f, g, o = chunk(linear(x, w_ih, b_ih) + linear(h, w_hh, b_hh), 4, axis=-1)
    c = sigmoid(f) * c + sigmoid(i) * tanh(g)
    return sigmoid(o) * tanh(c), c


def _gru(x: Any, h: Any, w_ih: Any, w_hh: Any, b_ih: Any, b_hh: Any) -> Any:
    reset_x, update_x, new_x = chunk(linear(x, w_ih, b_ih), 3, axis=-1)
    reset_h, update_h, new_h = chunk(linear(h, w_hh, b_hh), 3, axis=-1)
    update = sigmoid(update_x + update_h)
    new = tanh(new_x + sigmoid(reset_x + reset_h) * new_h)
    return (1 - update) * new + update * h


class _Cell(Module):
    """What the cells share: four parameters, of ``gates`` times the hidden size, uniform in ±1/√hidden_size."""

    gates: int

    def __init__(self, input_size: int, hidden_size: int, bias: bool = True) -> None:
        super().__init__()
        if input_size < 0 or hidden_size <= 0:
            sizes = f"input_size={input_size}, hidden_size={hidden_size}"
            raise ValueError(f"{type(self).__name__}: impossible sizes: {sizes}")
        self.input_size, self.hidden_size = input_size, hidden_size
        self.weight_ih = parameter(self.gates * hidden_size, input_size)
        self.weight_hh = parameter(self.gates * hidden_size, hidden_size)
        self.bias_ih = parameter(self.gates * hidden_size) if bias else None
        self.bias_hh = parameter(self.gates * hidden_size) if bias else None
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw the parameters anew, uniformly in ±1/√hidden_size."""
        bound = 1 / math.sqrt(self.hidden_size)
        for each in self.parameters():
            init.uniform_(each, -bound, bound)

    def _start(self, x: Any) -> Any:
        gates = linear(x, self.weight_ih)  # in the shape of the gates, because a graph may not know the batch's
        return zeros_like(gates[..., : self.hidden_size])

    def extra_repr(self) -> str:
        """Return the sizes."""
        return f"{self.input_size}, {self.hidden_size}" + ("" if self.bias_ih is not None else ", bias=False")


class RNNCell(_Cell):
    """One step of an Elman network: ``h' = tanh(x @ weight_ih.T + bias_ih + h @ weight_hh.T + bias_hh)``.

    ``nonlinearity``: "tanh" or "relu". ``x``: (…, input_size). ``h``: (…, hidden_size), zeros when left out.

    >>> df.nn.RNNCell(10, 20)(df.zeros(3, 10)).shape
    (3, 20)
    """

    gates = 1

    def __init__(self, input_size: int, hidden_size: int, bias: bool = True, nonlinearity: str = "tanh") -> None:
        super().__init__(input_size, hidden_size, bias)
        self.nonlinearity = nonlinearity
        _function(nonlinearity)

    def forward(self, x: Any, h: Any = None) -> Any:
        """Take one step."""
        h = self._start(x) if h is None else h
        total = linear(x, self.weight_ih, self.bias_ih) + linear(h, self.weight_hh, self.bias_hh)
        return _function(self.nonlinearity)(total)


def _function(nonlinearity: str) -> Any:
    if nonlinearity not in ("tanh", "relu"):
        raise ValueError(f"nonlinearity must be 'tanh' or 'relu', not {nonlinearity!r}")
    return tanh if nonlinearity == "tanh" else relu


class GRUCell(_Cell):
    """One step of a gated recurrent unit (Cho et al. 2014), in PyTorch's variant: the reset gate after the product.

    With ``(r, z, n)`` the thirds of ``x @ weight_ih.T + bias_ih`` and, primed, of ``h @ weight_hh.T + bias_hh``::

        r = sigmoid(r + r')    z = sigmoid(z + z')    n = tanh(n + r * n')    h' = (1 - z) * n + z * h

    >>> df.nn.GRUCell(10, 20)(df.zeros(3, 10)).shape
    (3, 20)
    """

    gates = 3

    def forward(self, x: Any, h: Any = None) -> Any:
        """Take one step."""
        h = self._start(x) if h is None else h
        return _gru(x, h, self.weight_ih, self.weight_hh, self.bias_ih, self.bias_hh)

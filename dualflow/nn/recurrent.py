"""Recurrent cells: one step of a sequence; the loop over time is the user's, or that of ``sequence``."""

from __future__ import annotations

from typing import Any

from dualflow.nn.functional import linear, relu
from dualflow.nn.layers import Uniform, parameter
from dualflow.ops.array.create import zeros_like
from dualflow.ops.math.elementwise import tanh
from dualflow.ops.network.recurrent import gru_cell, lstm_cell


def lstm_step(x: Any, state: tuple[Any, ...], w_hh: Any, b_hh: Any) -> tuple[Any, Any]:
    """Return (h', c') of ``LSTMCell``; ``x``: what the input adds to the gates."""
    h, c = state
    made = lstm_cell(x + linear(h, w_hh, b_hh), c)
    return made.h, made.c


def gru_step(x: Any, h: Any, w_hh: Any, b_hh: Any) -> Any:
    """Return h' of ``GRUCell``; ``x``: what the input adds to the gates."""
    return gru_cell(x, linear(h, w_hh, b_hh), h).h


class Gated(Uniform, fan="hidden_size", reads_as="input_size hidden_size"):
    """What recurrent layers share: parameters of ``gates`` times the hidden size."""

    gates: int

    def __init__(self, **sizes: int) -> None:
        super().__init__()
        if any(size < (name != "input_size") for name, size in sizes.items()):
            listed = ", ".join(f"{name}={size}" for name, size in sizes.items())
            raise ValueError(f"{type(self).__name__}: impossible sizes: {listed}")
        for name, size in sizes.items():
            setattr(self, name, size)

    def _make(self, width: int, bias: bool, end: str = "") -> None:
        """Make the parameters for an input of a width; ``end``: of their names."""
        rows = self.gates * self.hidden_size
        setattr(self, f"weight_ih{end}", parameter(rows, width))
        setattr(self, f"weight_hh{end}", parameter(rows, self.hidden_size))
        if bias:
            setattr(self, f"bias_ih{end}", parameter(rows))
            setattr(self, f"bias_hh{end}", parameter(rows))


class _Cell(Gated):
    """What the cells share: four parameters, or two."""

    bias_ih = bias_hh = None

    def __init__(self, input_size: int, hidden_size: int, bias: bool = True) -> None:
        super().__init__(input_size=input_size, hidden_size=hidden_size)
        self._make(input_size, bias)
        self.reset_parameters()

    def _start(self, gates: Any) -> Any:
        """Return zeros in the shape of the gates, because a graph may not know the batch's."""
        return zeros_like(gates[..., : self.hidden_size])

    def extra_repr(self) -> str:
        """Return the sizes."""
        return super().extra_repr() + ("" if self.bias_ih is not None else ", bias=False")


class LSTMCell(_Cell, gates=4):
    """One step of a long short-term memory (Hochreiter & Schmidhuber 1997), with PyTorch's parameters.

    With ``(i, f, g, o)`` the four quarters of ``x @ weight_ih.T + bias_ih + h @ weight_hh.T + bias_hh``::

        c' = sigmoid(f) * c + sigmoid(i) * tanh(g)        h' = sigmoid(o) * tanh(c')

    ``x``: (…, input_size). ``state``: (h, c), each (…, hidden_size), zeros when left out. Returns (h', c').

    >>> cell = df.nn.LSTMCell(10, 20)
    >>> h, c = cell(df.zeros(3, 10))
    >>> h.shape, cell.weight_ih.shape
    ((3, 20), (80, 10))
    """

    def forward(self, x: Any, state: tuple[Any, Any] | None = None) -> tuple[Any, Any]:
        """Take one step."""
        gates = linear(x, self.weight_ih, self.bias_ih)
        state = (self._start(gates),) * 2 if state is None else state
        return lstm_step(gates, state, self.weight_hh, self.bias_hh)


class RNNCell(_Cell, gates=1):
    """One step of an Elman network: ``h' = tanh(x @ weight_ih.T + bias_ih + h @ weight_hh.T + bias_hh)``.

    ``nonlinearity``: "tanh" or "relu". ``x``: (…, input_size). ``h``: (…, hidden_size), zeros when left out.

    >>> df.nn.RNNCell(10, 20)(df.zeros(3, 10)).shape
    (3, 20)
    """

    def __init__(self, input_size: int, hidden_size: int, bias: bool = True, nonlinearity: str = "tanh") -> None:
        super().__init__(input_size, hidden_size, bias)
        self.nonlinearity = nonlinearity
        nonlinear(nonlinearity)

    def forward(self, x: Any, h: Any = None) -> Any:
        """Take one step."""
        gate = linear(x, self.weight_ih, self.bias_ih)
        h = self._start(gate) if h is None else h
        return nonlinear(self.nonlinearity)(gate + linear(h, self.weight_hh, self.bias_hh))


def nonlinear(nonlinearity: str) -> Any:
    """Return the function of a name. Raises ValueError for another than "tanh" and "relu"."""
    if nonlinearity not in ("tanh", "relu"):
        raise ValueError(f"nonlinearity must be 'tanh' or 'relu', not {nonlinearity!r}")
    return tanh if nonlinearity == "tanh" else relu


class GRUCell(_Cell, gates=3):
    """One step of a gated recurrent unit (Cho et al. 2014), in PyTorch's variant: the reset gate after the product.

    With ``(r, z, n)`` the thirds of ``x @ weight_ih.T + bias_ih`` and, primed, of ``h @ weight_hh.T + bias_hh``::

        r = sigmoid(r + r')    z = sigmoid(z + z')    n = tanh(n + r * n')    h' = (1 - z) * n + z * h

    >>> df.nn.GRUCell(10, 20)(df.zeros(3, 10)).shape
    (3, 20)
    """

    def forward(self, x: Any, h: Any = None) -> Any:
        """Take one step."""
        gates = linear(x, self.weight_ih, self.bias_ih)
        return gru_step(gates, self._start(gates) if h is None else h, self.weight_hh, self.bias_hh)

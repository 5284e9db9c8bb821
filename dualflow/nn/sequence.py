"""Recurrent layers: loops over time, layers and directions, unrolled in a graph."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dualflow.core.errors import ShapeError
from dualflow.core.mode import guard
from dualflow.nn.functional import dropout, linear
from dualflow.nn.recurrent import Gated, gru_step, lstm_step, nonlinear
from dualflow.ops.array.create import zeros_like
from dualflow.ops.array.shape import concat, stack

PARTS = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")


class _Recurrent(Gated):
    """What the layers share: parameters by PyTorch's names, and the loops over layers, directions and time.

    A layer says by ``_step(x, state, w_hh, b_hh)`` what state follows, of which the first part is the result; ``x`` is
    what the input adds to the gates.
    """

    states = 1
    unlike: Mapping[str, Any] = {
        "num_layers": 1, "bias": True, "batch_first": False, "dropout": 0.0, "bidirectional": False,
    }  # fmt: skip

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
    ) -> None:
        super().__init__(input_size=input_size, hidden_size=hidden_size, num_layers=num_layers)
        self.bias, self.batch_first, self.dropout, self.bidirectional = bias, batch_first, dropout, bidirectional
        self._ends = ("", "_reverse") if bidirectional else ("",)
        for layer in range(num_layers):
            width = input_size if layer == 0 else hidden_size * len(self._ends)
            for end in self._ends:
                self._make(width, bias, f"_l{layer}{end}")
        self.reset_parameters()

    def forward(self, x: Any, state: Any = None) -> tuple[Any, Any]:
        """Pass a sequence through; return (results of the last layer, state after the last step)."""
        guard(self, "training")
        name = type(self).__name__
        if x.shape is None or len(x.shape) not in (2, 3):
            raise ShapeError(f"{name}: an input of 2 or 3 axes is needed, not of shape {x.shape}")
        whole = len(x.shape) == 3
        time = 1 if whole and self.batch_first else 0
        steps = x.shape[time]
        if not steps:
            raise ValueError(f"{name}: how many steps there are, at least one, must be known; the shape is {x.shape}")
        if x.shape[-1] not in (None, self.input_size):
            raise ValueError(f"{name}: the shape is {tuple(x.shape)}; the input has {self.input_size} features")
        at = (slice(None),) * time
        inputs = [x[(*at, i)] for i in range(steps)]
        given = None if state is None else state if isinstance(state, tuple) else (state,)
        finals: list[tuple[Any, ...]] = []
        for layer in range(self.num_layers):
            if layer and self.dropout:
                guard(self, "dropout")
                if self.training:  # elements of the whole sequence at once: one mask drawn, in one order
                    dropped = dropout(stack(inputs, axis=0), self.dropout, True)
                    inputs = [dropped[i] for i in range(steps)]
            ends = []
            for k, end in enumerate(self._ends):
                w_ih, w_hh, b_ih, b_hh = (getattr(self, f"{part}_l{layer}{end}", None) for part in PARTS)
                if given is None:
                    first = linear(inputs[0], w_ih)[..., : self.hidden_size]
                    now: tuple[Any, ...] = (zeros_like(first),) * self.states
                else:
                    now = tuple(part[layer * len(self._ends) + k] for part in given)
                results = []
                for step in inputs[::-1] if end else inputs:
                    now = self._step(linear(step, w_ih, b_ih), now, w_hh, b_hh)
                    results.append(now[0])
                ends.append(results[::-1] if end else results)
                finals.append(now)
            inputs = ends[0] if len(ends) == 1 else [concat(pair, axis=-1) for pair in zip(*ends, strict=True)]
        last = tuple(stack([final[i] for final in finals], axis=0) for i in range(self.states))
        return stack(inputs, axis=time), last if self.states > 1 else last[0]


class RNN(_Recurrent, gates=1):
    """An Elman network over a sequence: see ``RNNCell`` and, for the arguments and shapes, ``LSTM``.

    ``nonlinearity``: "tanh" or "relu". Returns (results, h).

    >>> y, h = df.nn.RNN(10, 20)(df.zeros(5, 3, 10))
    >>> y.shape, h.shape
    ((5, 3, 20), (1, 3, 20))
    """

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        nonlinearity: str = "tanh",
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
    ) -> None:
        super().__init__(input_size, hidden_size, num_layers, bias, batch_first, dropout, bidirectional)
        self.nonlinearity = nonlinearity
        nonlinear(nonlinearity)

    def _step(self, x: Any, state: tuple[Any, ...], w_hh: Any, b_hh: Any) -> tuple[Any, ...]:
        return (nonlinear(self.nonlinearity)(x + linear(state[0], w_hh, b_hh)),)


class GRU(_Recurrent, gates=3):
    """Gated recurrent units over a sequence: see ``GRUCell`` and, for the arguments and shapes, ``LSTM``.

    Returns (results, h).

    >>> y, h = df.nn.GRU(10, 20, num_layers=2, batch_first=True)(df.zeros(3, 5, 10))
    >>> y.shape, h.shape
    ((3, 5, 20), (2, 3, 20))
    """

    def _step(self, x: Any, state: tuple[Any, ...], w_hh: Any, b_hh: Any) -> tuple[Any, ...]:
        return (gru_step(x, state[0], w_hh, b_hh),)


class LSTM(_Recurrent, gates=4, states=2):
    """A long short-term memory over a sequence, with PyTorch's parameters: ``weight_ih_l0``, …, ``bias_hh_l0_reverse``.

    ``x``: (time, batch, input_size), or (batch, time, input_size) if ``batch_first``, or without the batch; in a graph
    the time must be known, because the loop is unrolled. ``state``: (h, c), each (layers · directions, batch,
    hidden_size), zeros when left out. ``dropout``: between layers, in training.
    Returns (results of the last layer, (h, c)).

    >>> y, (h, c) = df.nn.LSTM(10, 20, bidirectional=True)(df.zeros(5, 3, 10))
    >>> y.shape, h.shape
    ((5, 3, 40), (2, 3, 20))
    """

    def _step(self, x: Any, state: tuple[Any, ...], w_hh: Any, b_hh: Any) -> tuple[Any, ...]:
        return lstm_step(x, state, w_hh, b_hh)

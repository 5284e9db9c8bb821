"""The transformer's encoder (Vaswani et al. 2017), with PyTorch's parameters."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from dualflow.nn import functional
from dualflow.nn.attention import MultiheadAttention
from dualflow.nn.containers import ModuleList
from dualflow.nn.layers import Dropout, Linear
from dualflow.nn.module import Module
from dualflow.nn.normalization import LayerNorm


class TransformerEncoderLayer(Module):
    """Attention of a sequence to itself, then two linear layers; each is added to its input and normalized.

    ``src``: (places, batch, d_model), or (batch, places, d_model) if ``batch_first``, or without the batch.
    ``norm_first``: normalize the input of each part rather than the sum. ``activation``: "relu", "gelu" or a function.

    >>> df.nn.TransformerEncoderLayer(8, 2, 16, batch_first=True)(df.zeros(3, 5, 8)).shape
    (3, 5, 8)
    """

    def __init__(
        self,
        d_model: int,
        nhead: int,
        dim_feedforward: int = 2048,
        dropout: float = 0.1,
        activation: str | Callable[[Any], Any] = "relu",
        layer_norm_eps: float = 1e-5,
        batch_first: bool = False,
        norm_first: bool = False,
        bias: bool = True,
    ) -> None:
        super().__init__()
        if isinstance(activation, str) and activation not in ("relu", "gelu"):
            raise ValueError(f"TransformerEncoderLayer: activation is 'relu', 'gelu' or a function, not {activation!r}")
        self.self_attn = MultiheadAttention(d_model, nhead, dropout, bias, batch_first=batch_first)
        self.linear1 = Linear(d_model, dim_feedforward, bias)
        self.dropout = Dropout(dropout)
        self.linear2 = Linear(dim_feedforward, d_model, bias)
        self.norm_first = norm_first
        self.norm1 = LayerNorm(d_model, layer_norm_eps, bias=bias)
        self.norm2 = LayerNorm(d_model, layer_norm_eps, bias=bias)
        self.dropout1, self.dropout2 = Dropout(dropout), Dropout(dropout)
        self.activation = getattr(functional, activation) if isinstance(activation, str) else activation

    def forward(self, src: Any, src_mask: Any = None, src_key_padding_mask: Any = None, is_causal: bool = False) -> Any:
        """Encode a sequence; the masks are those of ``MultiheadAttention``."""

        def attend(x: Any) -> Any:
            found, _ = self.self_attn(x, x, x, src_key_padding_mask, False, src_mask, is_causal=is_causal)
            return self.dropout1(found)

        def widen(x: Any) -> Any:
            return self.dropout2(self.linear2(self.dropout(self.activation(self.linear1(x)))))

        if self.norm_first:
            src = src + attend(self.norm1(src))
            return src + widen(self.norm2(src))
        src = self.norm1(src + attend(src))
        return self.norm2(src + widen(src))


class TransformerEncoder(Module):
    """``num_layers`` copies of an encoder layer, one after the other, and a normalization if one is given.

    >>> layer = df.nn.TransformerEncoderLayer(8, 2, 16, batch_first=True)
    >>> df.nn.TransformerEncoder(layer, 2)(df.zeros(3, 5, 8)).shape
    (3, 5, 8)
    """

    def __init__(self, encoder_layer: Module, num_layers: int, norm: Module | None = None) -> None:
        super().__init__()
        self.layers = ModuleList([copy.deepcopy(encoder_layer) for _ in range(num_layers)])
        self.norm = norm

    def forward(self, src: Any, mask: Any = None, src_key_padding_mask: Any = None, is_causal: bool = False) -> Any:
        """Encode a sequence."""
        for layer in self.layers:
            src = layer(src, mask, src_key_padding_mask, is_causal)
        return src if self.norm is None else self.norm(src)

"""Attention with several heads, with PyTorch's parameters."""

from __future__ import annotations

from typing import Any

from dualflow.core.mode import guard
from dualflow.nn import init
from dualflow.nn.functional import linear
from dualflow.nn.layers import Family, Linear, parameter
from dualflow.ops.array.shape import chunk, concat, expand_dims, squeeze, stack, transpose
from dualflow.ops.math.comparison import logical_not
from dualflow.ops.network.attention import attend, both
from dualflow.ops.reduce.reductions import mean


class MultiheadAttention(Family, reads_as="embed_dim num_heads", unlike={"batch_first": False}):
    """Attention by ``num_heads`` heads, each on its part of the features (Vaswani et al. 2017).

    ``query``, ``key``, ``value``: (places, batch, embed_dim), or (batch, places, embed_dim) if ``batch_first``, or
    without the batch. ``key_padding_mask``: (batch, places of the key), True or -inf where not to look.
    ``attn_mask``: (L, S) or (batch · num_heads, L, S), likewise. Returns (result, weights or None),
    the weights averaged over the heads.

    >>> x = df.zeros(2, 5, 8)
    >>> y, weights = df.nn.MultiheadAttention(8, 4, batch_first=True)(x, x, x)
    >>> y.shape, weights.shape
    ((2, 5, 8), (2, 5, 5))
    """

    def __init__(
        self,
        embed_dim: int,
        num_heads: int,
        dropout: float = 0.0,
        bias: bool = True,
        kdim: int | None = None,
        vdim: int | None = None,
        batch_first: bool = False,
    ) -> None:
        super().__init__()
        if embed_dim < 1 or num_heads < 1 or embed_dim % num_heads:
            raise ValueError(f"MultiheadAttention: embed_dim={embed_dim} is no multiple of num_heads={num_heads}")
        self.embed_dim, self.num_heads, self.dropout, self.batch_first = embed_dim, num_heads, dropout, batch_first
        kdim, vdim = kdim or embed_dim, vdim or embed_dim
        one = kdim == vdim == embed_dim
        self.in_proj_weight = parameter(3 * embed_dim, embed_dim) if one else None
        self.q_proj_weight = None if one else parameter(embed_dim, embed_dim)
        self.k_proj_weight = None if one else parameter(embed_dim, kdim)
        self.v_proj_weight = None if one else parameter(embed_dim, vdim)
        self.in_proj_bias = parameter(3 * embed_dim) if bias else None
        self.out_proj = Linear(embed_dim, embed_dim, bias)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw the weights anew by ``xavier_uniform_``; biases are zeros."""
        for weight in (self.in_proj_weight, self.q_proj_weight, self.k_proj_weight, self.v_proj_weight):
            if weight is not None:
                init.xavier_uniform_(weight)
        if self.in_proj_bias is not None:
            init.zeros_(self.in_proj_bias)
            init.zeros_(self.out_proj.bias)

    def forward(
        self,
        query: Any,
        key: Any,
        value: Any,
        key_padding_mask: Any = None,
        need_weights: bool = True,
        attn_mask: Any = None,
        average_attn_weights: bool = True,
        is_causal: bool = False,
    ) -> tuple[Any, Any]:
        """Attend; ``is_causal`` is a hint about ``attn_mask``, as in PyTorch, and needs one."""
        guard(self, "training")
        if is_causal and attn_mask is None:
            raise ValueError("MultiheadAttention: is_causal describes attn_mask, which must be given")
        inputs = [query, key, value]
        if any(x.shape is None or len(x.shape) not in (2, 3) for x in inputs):
            raise ValueError("MultiheadAttention: query, key and value have two or three axes")
        whole = len(query.shape) == 3
        if not whole:
            inputs = [expand_dims(x, axis=0) for x in inputs]
            if key_padding_mask is not None:
                key_padding_mask = expand_dims(key_padding_mask, axis=0)
        elif not self.batch_first:
            inputs = [transpose(x, 0, 1) for x in inputs]
        if self.in_proj_weight is not None:
            weights = chunk(self.in_proj_weight, 3, axis=0)
        else:
            weights = (self.q_proj_weight, self.k_proj_weight, self.v_proj_weight)
        biases = (None,) * 3 if self.in_proj_bias is None else chunk(self.in_proj_bias, 3, axis=0)
        # (batch, heads, places, features of a head); cut and stacked, since a graph may not know batch and places
        q, k, v = (
            stack(chunk(linear(x, weight, bias), self.num_heads, axis=-1), axis=1)
            for x, weight, bias in zip(inputs, weights, biases, strict=True)
        )
        mask = None if attn_mask is None else _looked(attn_mask)
        if mask is not None and len(mask.shape) == 3:  # (batch · heads, L, S)
            mask = mask.reshape((-1, self.num_heads, *mask.shape[1:]))
        if key_padding_mask is not None:
            mask = both(mask, _looked(key_padding_mask)[:, None, None, :])
        rate = self.dropout if self.training else 0.0
        result, found = attend(q, k, v, mask, rate, False, None, None)
        result = concat([result[:, i] for i in range(self.num_heads)], axis=-1)
        result = self.out_proj(result)
        if not whole:
            result, found = squeeze(result, axis=0), squeeze(found, axis=0)
        elif not self.batch_first:
            result = transpose(result, 0, 1)
        if not need_weights:
            return result, None
        return result, mean(found, axis=-3) if average_attn_weights else found


def _looked(mask: Any) -> Any:
    """Turn "True: do not look", PyTorch's convention for this module, into that of the function; floats stay."""
    return logical_not(mask) if mask.dtype.kind == "b" else mask

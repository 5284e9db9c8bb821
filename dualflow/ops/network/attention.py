"""Attention, composed of matrix products and softmax."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from dualflow.core import dtypes
from dualflow.core.mode import constant
from dualflow.ops.array.shape import matrix_transpose
from dualflow.ops.composite import refuse
from dualflow.ops.linalg.products import matmul
from dualflow.ops.math.comparison import keep, logical_and, logical_not, where
from dualflow.ops.network.dropout import dropout
from dualflow.ops.network.softmax import softmax


def scaled_dot_product_attention(
    query: Any,
    key: Any,
    value: Any,
    attn_mask: Any = None,
    dropout_p: float = 0.0,
    is_causal: bool = False,
    scale: float | None = None,
    *,
    generator: Any = None,
) -> Any:
    """Compute ``softmax(query @ key.mT · scale + mask) @ value`` (Vaswani et al. 2017).

    ``query``: (…, L, E). ``key``: (…, S, E). ``value``: (…, S, V). Result: (…, L, V). ``attn_mask``: broadcasts to
    (…, L, S); bool, True where to look, or floating, added to the scores. A query that may look nowhere gets zeros.
    ``is_causal``: look at no later place; L and S must be known. ``scale``: 1/√E when left out.

    >>> x = df.tensor([[1.0], [3.0]])
    >>> df.nn.functional.scaled_dot_product_attention(x * 0, x * 0, x, is_causal=True)
    tensor([[1.],
            [2.]])
    """
    return attend(query, key, value, attn_mask, dropout_p, is_causal, scale, generator)[0]


def attend(
    query: Any, key: Any, value: Any, mask: Any, dropout_p: float, is_causal: bool, scale: float | None, generator: Any
) -> tuple[Any, Any]:
    """Return what ``scaled_dot_product_attention`` does, and the weights."""
    name = "scaled_dot_product_attention"
    shapes = [x.shape for x in (query, key, value)]
    if any(shape is not None and len(shape) < 2 for shape in shapes):
        reason = "query, key and value have at least two axes: (…, places, features)"
        raise refuse(name, reason, query=query, key=key, value=value)
    if scale is None:
        width = query.shape[-1] if query.shape else None
        if width is None:
            raise refuse(name, "scale must be given when the query's last size is not known", query=query)
        scale = 1 / math.sqrt(width) if width else 1.0
    scores = matmul(query * scale, matrix_transpose(key))
    seen = None
    if is_causal:
        if mask is not None:
            raise refuse(name, "is_causal and attn_mask exclude each other", attn_mask=mask)
        rows, columns = scores.shape[-2:] if scores.shape else (None, None)
        if rows is None or columns is None:
            reason = "is_causal needs to know how many places there are; give a bool attn_mask instead"
            raise refuse(name, reason, query=query, key=key)
        seen = constant(np.tri(rows, columns, dtype=bool))
    elif mask is not None:
        mask = mask if hasattr(mask, "dtype") else constant(np.asarray(mask))
        if mask.dtype.kind == "b":
            seen = mask
        else:
            scores = scores + mask
            if dtypes.is_floating(mask.dtype):  # -inf says "do not look", too
                seen = mask != -math.inf
    if seen is None:
        weights = softmax(scores, axis=-1)
    else:  # finite in place of -inf, so that a row without a place to look at is 0 rather than NaN
        weights = keep(softmax(where(seen, scores, float(dtypes.limits(scores.dtype).min)), axis=-1), seen)
    if dropout_p:
        weights = dropout(weights, dropout_p, True, generator=generator)
    return matmul(weights, value), weights


def both(a: Any, b: Any) -> Any:
    """Join two masks of which either may be None: bool by "and", floating by adding; a bool one becomes 0 and -inf."""
    if a is None or b is None:
        return b if a is None else a
    if a.dtype.kind == "b" == b.dtype.kind:
        return logical_and(a, b)
    return sum_of(a) + sum_of(b)


def sum_of(mask: Any) -> Any:
    """Return a mask as what is added to the scores."""
    return where(logical_not(mask), -math.inf, 0.0) if mask.dtype.kind == "b" else mask

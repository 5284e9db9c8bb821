"""Matrix products."""

from __future__ import annotations

from typing import Any

import numpy as np

from dualflow import shapes
from dualflow.op import primitive
from dualflow.ops.reduce import sum_like


@primitive(shape=shapes.matmul, dtype="number", numpy=np.matmul, domain=("matrix", "matrix"))
def matmul(xp: Any, a: Any, b: Any) -> Any:
    """Multiply matrices over the last two axes; leading axes broadcast; a 1-D operand is a vector.

    ``(…, n, k) @ (…, k, m)`` gives ``(…, n, m)``. Raises ShapeError when the inner sizes differ.

    >>> import dualflow as df
    >>> df.matmul(df.tensor([[1.0, 2.0]]), df.tensor([[3.0], [4.0]]))
    tensor([[11.]])
    """
    return xp.matmul(a, b)


def _matmul_a(g: Any, y: Any, a: Any, b: Any) -> Any:
    if a.ndim == 2 == b.ndim:
        return g @ b.mT
    if b.ndim == 1:  # y[..., n] = sum_k a[..., n, k] b[k]
        return g * b if a.ndim == 1 else g[..., None] * b
    if a.ndim == 1:  # y[..., m] = sum_k a[k] b[..., k, m]
        return sum_like((b @ g[..., None])[..., 0], a)
    return sum_like(g @ b.mT, a)


def _matmul_b(g: Any, y: Any, a: Any, b: Any) -> Any:
    if a.ndim == 2 == b.ndim:
        return a.mT @ g
    if a.ndim == 1:
        return g * a if b.ndim == 1 else a[..., None] * g[..., None, :]
    if b.ndim == 1:
        return sum_like((a.mT @ g[..., None])[..., 0], b)
    return sum_like(a.mT @ g, b)


matmul.vjp(a=_matmul_a, b=_matmul_b)

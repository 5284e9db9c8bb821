"""Powers of matrices: products, and inverses for negative ones."""

from __future__ import annotations

import operator
from typing import Any

from dualflow.core.errors import DTypeError
from dualflow.core.names import public
from dualflow.ops.array.create import asarray, eye
from dualflow.ops.composite import refuse
from dualflow.ops.linalg.products import matmul, order, square_shape
from dualflow.ops.linalg.solve import inv
from dualflow.ops.reduce.reductions import sum_like


@public("linalg")
def matrix_power(x: Any, n: int) -> Any:
    """Multiply a square matrix with itself ``n`` times by repeated squaring; a negative ``n`` inverts it first.

    >>> df.linalg.matrix_power(df.tensor([[1.0, 1.0], [0.0, 1.0]]), 5)
    tensor([[1., 5.],
            [0., 1.]])
    """
    x = asarray(x)
    try:
        n = operator.index(n)
    except TypeError:
        raise refuse("matrix_power", f"the power must be an integer, not {n!r}", x, kind=DTypeError) from None
    if len(square_shape("matrix_power", x)) and n == 0:
        return sum_like(x * 0, x) + eye(order("matrix_power", x), dtype=x.dtype)
    if n < 0:
        x, n = inv(x), -n
    result = None
    while n:
        if n & 1:
            result = x if result is None else matmul(result, x)
        n >>= 1
        x = matmul(x, x) if n else x
    return result

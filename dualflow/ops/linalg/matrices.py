"""Diagonals, triangles and powers: matrices made of vectors, and back."""

from __future__ import annotations

from typing import Any

import numpy as np

from dualflow.core import dtypes
from dualflow.core.errors import Misfit, format_shape
from dualflow.core.names import public
from dualflow.ops.array.arrange import diag_embed, diagonal, diagonal_like
from dualflow.ops.array.create import _full, asarray, ones_like
from dualflow.ops.array.inspection import check_device
from dualflow.ops.array.shape import stack
from dualflow.ops.composite import Speaking, size_along
from dualflow.ops.math.comparison import where


@public()
def diag(x: Any, k: int = 0) -> Any:
    """Make a matrix with a vector on its ``k``-th diagonal, or copy that diagonal out of a matrix.

    >>> df.diag(df.tensor([[1, 2], [3, 4]])), df.diag(df.tensor([1, 2])).shape
    (tensor([1, 4]), (2, 2))
    """
    x = asarray(x)
    with Speaking("diag", x=x):
        if x.ndim not in (1, 2):
            raise Misfit(f"takes a vector or a matrix, not shape {format_shape(x.shape)}; use diagonal or diag_embed")
    return diag_embed(x, offset=k) if x.ndim == 1 else diagonal(x, offset=k).clone()


@public()
def diagonal_scatter(x: Any, src: Any, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Any:
    """Put ``src`` on the diagonal of a copy of ``x``.

    >>> df.diagonal_scatter(df.zeros(2, 2), df.ones(2))
    tensor([[1., 0.],
            [0., 1.]])
    """
    x = asarray(x)
    ones = ones_like(diagonal(x, offset=offset, axis1=axis1, axis2=axis2))
    on, put = (diagonal_like(d, x, offset=offset, axis1=axis1, axis2=axis2) for d in (ones, ones * asarray(src)))
    return where(on != 0, put, x)  # not x + (src - diagonal), which keeps a NaN


def _triangle(name: str, rows: int, columns: int | None, keep: Any, offset: int, dtype: Any, device: Any) -> Any:
    check_device(name, device)
    with Speaking(name):
        if rows < 0 or (columns is not None and columns < 0):
            raise Misfit(f"a matrix has at least 0 rows and columns, not {rows} and {columns}")
    inside = keep(np.ones((rows, rows if columns is None else columns), bool), offset)
    return asarray(np.stack(np.nonzero(inside)).astype(dtypes.asdtype(dtype or dtypes.int64), copy=False))


@public()
def tril_indices(row: int, col: int | None = None, offset: int = 0, *, dtype: Any = None, device: Any = None) -> Any:
    """Return the row and column indices of the elements on and below the diagonal ``offset``, as two rows.

    int64 unless ``dtype`` is given; as many columns as rows unless ``col`` is.

    >>> df.tril_indices(2)
    tensor([[0, 1, 1],
            [0, 0, 1]])
    """
    return _triangle("tril_indices", row, col, np.tril, offset, dtype, device)


@public()
def triu_indices(row: int, col: int | None = None, offset: int = 0, *, dtype: Any = None, device: Any = None) -> Any:
    """Return the row and column indices of the elements on and above the diagonal ``offset``, as two rows.

    int64 unless ``dtype`` is given; as many columns as rows unless ``col`` is.

    >>> df.triu_indices(2)
    tensor([[0, 0, 1],
            [0, 1, 1]])
    """
    return _triangle("triu_indices", row, col, np.triu, offset, dtype, device)


@public()
def vander(x: Any, n: int | None = None, increasing: bool = False) -> Any:
    """Write the powers of a vector's elements as rows, from the highest unless ``increasing``.

    >>> df.vander(df.tensor([1, 2, 3]))
    tensor([[1, 1, 1],
            [4, 2, 1],
            [9, 3, 1]])
    """
    x = asarray(x)
    with Speaking("vander", x=x):
        if x.ndim != 1:
            raise Misfit(f"takes a vector, not shape {format_shape(x.shape)}")
        count = size_along(x, 0) if n is None else int(n)
    powers = range(count) if increasing else range(count - 1, -1, -1)
    if not count:
        return _full(shape=(size_along(x, 0), 0), fill_value=0, dtype=x.dtype)
    return stack([x**i for i in powers], 1)

"""Rows and columns of matrices, as many as another has.

How many is said by a tensor to imitate, not by a number, so that sizes may be unknown until a graph runs.
"""

from __future__ import annotations

from typing import Any

from dualflow.core import shapes
from dualflow.core.errors import Misfit, format_shape
from dualflow.core.op import primitive


def _rows(x: Any, like: Any, **params: Any) -> shapes.Shape:
    shape, wanted = shapes.of(x), shapes.of(like)
    if len(shape) < 2 or len(wanted) < 2:
        raise Misfit(f"takes matrices, not shapes {format_shape(shape)} and {format_shape(wanted)}")
    if None not in (shape[-2], wanted[-2]) and wanted[-2] > shape[-2]:
        raise Misfit(f"there are no {wanted[-2]} rows in shape {format_shape(shape)}")
    return (*shape[:-2], wanted[-2], shape[-1])


def _padded(x: Any, like: Any, **params: Any) -> shapes.Shape:
    shape, wanted = shapes.of(x), shapes.of(like)
    if len(shape) < 2 or len(wanted) < 2:
        raise Misfit(f"takes matrices, not shapes {format_shape(shape)} and {format_shape(wanted)}")
    if None not in (shape[-2], wanted[-2]) and wanted[-2] < shape[-2]:
        raise Misfit(f"{shape[-2]} rows do not fit {wanted[-2]}")
    return (*shape[:-2], wanted[-2], shape[-1])


@primitive(shape=_rows, dtype="first", promotes=(0,), domain="matrix")
def rows_like(xp: Any, x: Any, like: Any, *, last: bool = False) -> Any:
    """Take as many of the first rows as ``like`` has, or of the last.

    >>> from dualflow.ops.linalg.matrix_rows import rows_like
    >>> rows_like(df.tensor([[1], [2], [3]]), df.zeros(1, 5), last=True)
    tensor([[3]])
    """
    _rows(x, like)  # a slice too long is no error to NumPy
    n, rows = like.shape[-2], x.shape[-2]
    return (x[..., rows - n :, :] if last else x[..., :n, :]) + xp.zeros((), x.dtype)


@primitive(shape=_padded, dtype="first", promotes=(0,), domain="matrix")
def padded_like(xp: Any, x: Any, like: Any, *, last: bool = False) -> Any:
    """Undo ``rows_like``: add rows of zeros below ``x``, or above, to make as many as ``like`` has.

    >>> from dualflow.ops.linalg.matrix_rows import padded_like
    >>> padded_like(df.tensor([[3]]), df.zeros(2, 5), last=True)
    tensor([[0],
            [3]])
    """
    missing = like.shape[-2] - x.shape[-2]
    return xp.pad(x, [(0, 0)] * (x.ndim - 2) + [(missing, 0) if last else (0, missing), (0, 0)])


rows_like.vjp(x=lambda g, y, x, like, *, last: padded_like(g, x, last=last), reads="")
padded_like.vjp(x=lambda g, y, x, like, *, last: rows_like(g, x, last=last), reads="")


def columns_like(x: Any, like: Any, *, last: bool = False) -> Any:
    """Take as many of the first columns as ``like`` has, or of the last.

    >>> from dualflow.ops.linalg.matrix_rows import columns_like
    >>> columns_like(df.tensor([[1, 2, 3]]), df.zeros(5, 2))
    tensor([[1, 2]])
    """
    return rows_like(x.mT, like.mT, last=last).mT

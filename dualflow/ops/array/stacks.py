"""Joining tensors whose ranks are brought together first, and blocks of a matrix."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dualflow.core.errors import Misfit, format_shape
from dualflow.core.names import public
from dualflow.ops.array.copies import meshgrid
from dualflow.ops.array.create import asarray
from dualflow.ops.array.padding import _pad
from dualflow.ops.array.shape import concat, expand_dims, reshape, stack
from dualflow.ops.composite import Speaking, size_along


@public()
def atleast_1d(x: Any) -> Any:
    """Return ``x`` with at least one axis.

    >>> df.atleast_1d(df.tensor(1)).shape
    (1,)
    """
    x = asarray(x)
    return x if x.ndim else expand_dims(x, axis=0)


@public()
def atleast_2d(x: Any) -> Any:
    """Return ``x`` with at least two axes; new ones come first.

    >>> df.atleast_2d(df.zeros(3)).shape
    (1, 3)
    """
    x = atleast_1d(x)
    return x if x.ndim > 1 else expand_dims(x, axis=0)


@public()
def atleast_3d(x: Any) -> Any:
    """Return ``x`` with at least three axes; the third comes last.

    >>> df.atleast_3d(df.zeros(3)).shape
    (1, 3, 1)
    """
    x = atleast_2d(x)
    return x if x.ndim > 2 else expand_dims(x, axis=2)


@public()
def hstack(arrays: Sequence[Any]) -> Any:
    """Join along axis 1, vectors along axis 0.

    >>> df.hstack([df.tensor([1]), df.tensor([2, 3])])
    tensor([1, 2, 3])
    """
    parts = [atleast_1d(x) for x in arrays]
    return concat(parts, 0 if parts and parts[0].ndim == 1 else 1)


@public()
def vstack(arrays: Sequence[Any]) -> Any:
    """Join along axis 0; vectors are rows.

    >>> df.vstack([df.tensor([1, 2]), df.tensor([3, 4])]).shape
    (2, 2)
    """
    return concat([atleast_2d(x) for x in arrays], 0)


@public()
def dstack(arrays: Sequence[Any]) -> Any:
    """Join along axis 2.

    >>> df.dstack([df.tensor([1, 2]), df.tensor([3, 4])]).shape
    (1, 2, 2)
    """
    return concat([atleast_3d(x) for x in arrays], 2)


@public()
def column_stack(arrays: Sequence[Any]) -> Any:
    """Join along axis 1; vectors are columns.

    >>> df.column_stack([df.tensor([1, 2]), df.tensor([3, 4])])
    tensor([[1, 3],
            [2, 4]])
    """
    parts = [asarray(x) for x in arrays]
    return concat([reshape(x, shape=(-1, 1)) if x.ndim < 2 else x for x in parts], 1)


@public()
def block_diag(*arrays: Any) -> Any:
    """Put matrices on the diagonal of a matrix of zeros.

    >>> df.block_diag(df.ones(1, 1), df.ones(1, 2))
    tensor([[1., 0., 0.],
            [0., 1., 1.]])
    """
    parts = [atleast_2d(x) for x in arrays]
    with Speaking("block_diag", **{f"#{i}": x for i, x in enumerate(parts)}):
        for part in parts:
            if part.ndim > 2:
                raise Misfit(f"takes matrices, not shape {format_shape(part.shape)}")
        widths = [size_along(part, 1) for part in parts]
    total, rows = sum(widths), []
    for i, part in enumerate(parts):
        before = sum(widths[:i])
        rows.append(_pad(part, widths=((0, 0), (before, total - before - widths[i]))))
    return concat(rows, 0)


@public()
def cartesian_prod(*arrays: Any) -> Any:
    """Pair every element of each vector with every one of the others, as rows, the last changing fastest.

    >>> df.cartesian_prod(df.tensor([1, 2]), df.tensor([3, 4])).tolist()
    [[1, 3], [1, 4], [2, 3], [2, 4]]
    """
    if len(arrays) == 1:
        return asarray(arrays[0])
    return stack([reshape(x, shape=(-1,)) for x in meshgrid(*arrays, indexing="ij")], 1)

"""Embeddings: rows of a table, picked by index; the gradient adds rows up."""

from __future__ import annotations

from typing import Any

import numpy as np

from dualflow.core import dtypes
from dualflow.core.op import primitive
from dualflow.ops.array.create import ones_like
from dualflow.ops.array.index import beyond
from dualflow.ops.array.shape import detach, expand_dims
from dualflow.ops.composite import refuse
from dualflow.ops.linalg.norms import vector_norm
from dualflow.ops.math.comparison import keep, logical_and, where
from dualflow.ops.math.elementwise import maximum
from dualflow.ops.network import layer_shapes
from dualflow.ops.network.normalization import overwrite
from dualflow.ops.reduce.reductions import max, sum
from dualflow.ops.reduce.scan import cumsum


@primitive(shape=layer_shapes.looked_up, dtype="first", promotes=(1,), domain=("index", "matrix"), name="embedding")
def rows(xp: Any, indices: Any, weight: Any) -> Any:
    """Pick rows of ``weight`` (rows, width): the primitive behind ``embedding``.

    ``indices``: integers of any shape, at least 0. Raises OutOfRangeError.

    >>> from dualflow.ops.network.embedding import rows
    >>> rows(df.tensor([1, 0]), df.tensor([[1.0, 2.0], [3.0, 4.0]]))
    tensor([[3., 4.],
            [1., 2.]])
    """
    return weight[indices]


@rows.guard
def _no_such_row(xp: Any, indices: Any, weight: Any) -> Any:
    return beyond(xp, indices, weight.shape[0])


@rows.kernel("numpy")
def _rows(indices: Any, weight: Any) -> Any:
    _check(indices, weight)
    return np.take(weight, indices, axis=0)


def _check(indices: Any, weight: Any) -> None:
    layer_shapes.looked_up(indices, weight)
    if _no_such_row(np, indices, weight):
        raise IndexError(
            f"indices run from {indices.min()} to {indices.max()}; there are {weight.shape[0]} rows, from 0"
        )


@primitive(shape=layer_shapes.looked_up_like, dtype="first", promotes=(0,), domain=("matrix", "index", "matrix"))
def add_rows_like(xp: Any, g: Any, indices: Any, weight: Any) -> Any:
    """Add the rows of ``g`` up in zeros of the shape of ``weight``, at ``indices``.

    >>> from dualflow.ops.network.embedding import add_rows_like
    >>> add_rows_like(df.ones(2, 1), df.tensor([1, 1]), df.zeros(3, 1))
    tensor([[0.],
            [2.],
            [0.]])
    """
    return xp.zeros(weight.shape, g.dtype).at[indices].add(g)


@add_rows_like.guard
def _no_row(xp: Any, g: Any, indices: Any, weight: Any) -> Any:
    return _no_such_row(xp, indices, weight)


@add_rows_like.kernel("numpy")
def _add_rows(g: Any, indices: Any, weight: Any) -> Any:
    # sorted and added up run by run: numpy.add.at on rows takes 4 to 20 times as long
    layer_shapes.looked_up_like(g, indices, weight)
    _check(indices, weight)
    out = np.zeros(weight.shape, g.dtype)
    flat = indices.reshape(-1)
    if flat.size and weight.shape[1]:
        order = np.argsort(flat, kind="stable")
        ordered = flat[order]
        starts = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1])))
        out[ordered[starts]] = np.add.reduceat(g.reshape(flat.size, -1)[order], starts, axis=0)
    return out


rows.vjp(weight=lambda g, y, indices, weight: add_rows_like(g, indices, weight), reads="indices")
add_rows_like.vjp(g=lambda g, y, g0, indices, weight: rows(indices, g), reads="indices")


def embedding(
    input: Any,
    weight: Any,
    padding_idx: int | None = None,
    max_norm: float | None = None,
    norm_type: float = 2.0,
    scale_grad_by_freq: bool = False,
    sparse: bool = False,
) -> Any:
    """Pick rows of a table by index.

    ``input``: integers of any shape. ``weight``: (rows, width). Result: (…, width). The row ``padding_idx`` gets no
    gradient. ``max_norm``: first scale each row that is picked down to that ``norm_type``-norm, in place.
    ``scale_grad_by_freq``: divide gradients by how often a row is picked. ``sparse`` says nothing here: gradients are
    dense. Raises OutOfRangeError for an index that is not one of 0 … rows - 1.

    >>> df.nn.functional.embedding(df.tensor([[0, 2]]), df.eye(3)).shape
    (1, 2, 3)
    """
    _limit("embedding", input, weight, max_norm, norm_type)
    return _picked(input, weight, _padding("embedding", weight, padding_idx), scale_grad_by_freq)


def _limit(name: str, indices: Any, weight: Any, most: float | None, order: float) -> None:
    """Scale rows that are picked and longer than ``most`` down to it, in the table itself."""
    if most is None:
        return
    table = detach(weight)
    lengths = vector_norm(table, axis=-1, keepdims=True, ord=order)
    chosen = add_rows_like(ones_like(indices, dtype=table.dtype)[..., None], indices, table[:, :1]) > 0
    scaled = table * (most / (lengths + 1e-7))  # 1e-7, as PyTorch's
    overwrite(name, weight, where(logical_and(chosen, lengths > most), scaled, table))


def _picked(indices: Any, weight: Any, padding_idx: int | None, by_frequency: bool = False) -> Any:
    y = rows(indices, weight)
    if by_frequency:
        column = detach(weight)[:, :1]
        count = rows(indices, add_rows_like(rows(indices, ones_like(column)), indices, column))
        y = detach(y) + (y - detach(y)) / count
    return y if padding_idx is None else where(expand_dims(indices == padding_idx, axis=-1), detach(y), y)


def _padding(name: str, weight: Any, padding_idx: int | None) -> int | None:
    count = weight.shape[0] if weight.shape else None
    if padding_idx is None or count is None:
        return padding_idx
    if not -count <= padding_idx < count:
        raise refuse(name, f"padding_idx {padding_idx} is not one of {count} rows", weight=weight)
    return padding_idx % count


def embedding_bag(
    input: Any,
    weight: Any,
    offsets: Any = None,
    max_norm: float | None = None,
    norm_type: float = 2.0,
    scale_grad_by_freq: bool = False,
    mode: str = "mean",
    sparse: bool = False,
    per_sample_weights: Any = None,
    include_last_offset: bool = False,
    padding_idx: int | None = None,
) -> Any:
    """Pick rows of a table and reduce each bag of them.

    ``input``: integers (bags, of a bag), or a vector with the bags one after the other, which start at ``offsets``;
    with ``include_last_offset`` the last of these is where the last bag ends. ``mode``: "sum", "mean" or "max".
    ``per_sample_weights``: of the shape of ``input``, for "sum". Rows ``padding_idx`` do not count; an empty bag gives
    zeros. ``max_norm``, ``norm_type``, ``scale_grad_by_freq``, ``sparse``: see ``embedding``.

    >>> df.nn.functional.embedding_bag(df.tensor([[0, 1], [1, 1]]), df.eye(2), mode="sum")
    tensor([[1., 1.],
            [0., 2.]])
    >>> df.nn.functional.embedding_bag(df.tensor([0, 1, 1]), df.eye(2), df.tensor([0, 1]), mode="sum")
    tensor([[1., 0.],
            [0., 2.]])
    """
    if mode not in ("sum", "mean", "max"):
        raise ValueError(f"embedding_bag: mode must be 'sum', 'mean' or 'max', not {mode!r}")
    if per_sample_weights is not None and mode != "sum":
        raise ValueError(f"embedding_bag: per_sample_weights go with mode 'sum', not {mode!r}")
    several = input.shape is not None and len(input.shape) == 2
    if input.shape is None or len(input.shape) not in (1, 2) or several == (offsets is not None):
        raise refuse("embedding_bag", "the input is (bags, of a bag), or a vector with offsets", input=input)
    padding_idx = _padding("embedding_bag", weight, padding_idx)
    _limit("embedding_bag", input, weight, max_norm, norm_type)
    picked = _picked(input, weight, padding_idx, scale_grad_by_freq)
    if per_sample_weights is not None:
        picked = picked * expand_dims(per_sample_weights, axis=-1)
    there = ones_like(input) > 0 if padding_idx is None else input != padding_idx
    there = expand_dims(there, axis=-1)
    if several:
        grouped, counted, axis = picked, there, 1
    else:  # (elements, bags): which element is in which bag
        if include_last_offset:
            offsets = offsets[:-1]
        bag = sum(expand_dims(offsets, axis=0) <= expand_dims(_numbered(input), axis=1), axis=1, keepdims=True) - 1
        inside = bag == expand_dims(_numbered(offsets), axis=0)
        counted = logical_and(there, inside)[..., None]
        grouped, axis = expand_dims(picked, axis=1), 0
    count = sum(counted, axis=axis)
    if mode == "max":
        masked = where(counted, grouped, float(dtypes.limits(picked.dtype).min))
        return keep(max(masked, axis=axis), count > 0)
    total = sum(keep(grouped, counted), axis=axis)
    return total if mode == "sum" else total / maximum(count, 1).astype(total.dtype)


def _numbered(x: Any) -> Any:
    """Count the elements of a vector from 0, also one whose size is not known."""
    return cumsum(ones_like(x), axis=0) - 1

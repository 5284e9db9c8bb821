"""PyTorch's functions where it means something else than the standard, or has a name of its own.

Tensors' methods and ``dualflow.torch`` are made of these: ``df.max(x, axis=0)`` gives values, ``x.max(0)`` values and
indices, whatever the word for the axis.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dualflow.core import shapes
from dualflow.core.world import is_tensor
from dualflow.ops.array.index import one_hot as rows_of_one
from dualflow.ops.array.index import take as take_slices
from dualflow.ops.array.shape import astype, permute_dims, reshape, squeeze
from dualflow.ops.array.shape import transpose as swapped
from dualflow.ops.composite import known_values
from dualflow.ops.linalg import products
from dualflow.ops.linalg.norms import p_norm
from dualflow.ops.math.comparison import equal as same
from dualflow.ops.math.comparison import isnan, where
from dualflow.ops.math.elementwise import clip, maximum, minimum, subtract
from dualflow.ops.math.lengths import root
from dualflow.ops.network import softmax as scores
from dualflow.ops.reduce import order, reductions, sets
from dualflow.ops.reduce.scan import Ranked


def max(input: Any, dim: Any = None, keepdim: bool = False, *, other: Any = None) -> Any:
    """Take the largest element; with ``dim``, (values, indices) along it, and the index has the gradient.

    With another tensor, ``x.max(y)``, take the larger of each pair. The standard's ``df.max(x, axis=0)`` gives values.

    >>> df.tensor([[1.0, 2.0], [4.0, 3.0]]).max(1)
    Ranked(values=tensor([2., 4.]), indices=tensor([1, 0]))
    """
    if dim is None and other is None:
        return reductions.max(input, keepdims=keepdim)
    return _extreme(maximum, input, dim, keepdim, other)


def min(input: Any, dim: Any = None, keepdim: bool = False, *, other: Any = None) -> Any:
    """Take the smallest element; with ``dim``, (values, indices) along it, and the index has the gradient.

    With another tensor, ``x.min(y)``, take the smaller of each pair. The standard's ``df.min(x, axis=0)`` gives values.

    >>> df.tensor([[1.0, 2.0], [4.0, 3.0]]).min(1)
    Ranked(values=tensor([1., 3.]), indices=tensor([0, 1]))
    """
    if dim is None and other is None:
        return reductions.min(input, keepdims=keepdim)
    return _extreme(minimum, input, dim, keepdim, other)


def _extreme(of_two: Any, x: Any, dim: Any, keepdim: bool, other: Any) -> Any:
    if other is not None or is_tensor(dim):
        return of_two(x, dim if other is None else other)
    found = order.extreme(x, axis=dim, descending=of_two is maximum)
    return found if keepdim else Ranked(*(squeeze(part, axis=dim) for part in found))


def var(input: Any, dim: Any = None, unbiased: bool = True, keepdim: bool = False, *, correction: Any = None) -> Any:
    """Compute the variance, dividing by the count less ``correction``: 1, unless ``unbiased=False``.

    The standard's ``df.var(x)`` divides by the count.

    >>> df.tensor([1.0, 3.0]).var(), df.tensor([1.0, 3.0]).var(unbiased=False)
    (tensor(2.), tensor(1.))
    """
    if isinstance(dim, bool):  # PyTorch's var(unbiased)
        dim, unbiased = None, dim
    return reductions.var(
        input, axis=dim, correction=int(unbiased) if correction is None else correction, keepdims=keepdim
    )


def std(input: Any, dim: Any = None, unbiased: bool = True, keepdim: bool = False, *, correction: Any = None) -> Any:
    """Compute the standard deviation: the square root of ``var``, here with ``correction=1``.

    >>> df.tensor([1.0, 3.0]).std(correction=0)
    tensor(1.)
    """
    return root(var(input, dim, unbiased, keepdim, correction=correction))


def sort(input: Any, dim: int = -1, descending: bool = False, stable: bool = True) -> Ranked:
    """Order the elements along ``dim``: (values, indices). The standard's ``df.sort(x)`` gives the values alone.

    >>> df.tensor([3, 1, 2]).sort()
    Ranked(values=tensor([1, 2, 3]), indices=tensor([1, 2, 0]))
    """
    return order.ranked(input, axis=dim, descending=descending)


def take(input: Any, index: Any) -> Any:
    """Pick elements of the flattened tensor. The standard's ``df.take(x, indices, axis=0)`` picks slices.

    >>> df.tensor([[1, 2], [3, 4]]).take(df.tensor([0, 3]))
    tensor([1, 4])
    """
    return take_slices(reshape(input, shape=(-1,)), index)


def nonzero(input: Any, *, as_tuple: bool = False) -> Any:
    """Return where the elements are not zero, a row each; ``as_tuple`` as the standard's ``df.nonzero(x)``.

    >>> df.tensor([0, 7, 8]).nonzero()
    tensor([[1],
            [2]])
    """
    return sets.nonzero(input) if as_tuple else sets.argwhere(input)


def softmax(input: Any, dim: int = -1, dtype: Any = None) -> Any:
    """Turn scores into probabilities along ``dim``, computed in ``dtype`` when it is given.

    >>> df.tensor([0, 0]).softmax(dim=0, dtype=df.float64)
    tensor([0.5, 0.5], dtype=float64)
    """
    return scores.softmax(input if dtype is None else astype(input, dtype), axis=dim)


def log_softmax(input: Any, dim: int = -1, dtype: Any = None) -> Any:
    """Compute the logarithm of ``softmax`` along ``dim`` without overflow, in ``dtype`` when it is given.

    >>> df.tensor([0.0]).log_softmax(0)
    tensor([0.])
    """
    return scores.log_softmax(input if dtype is None else astype(input, dtype), axis=dim)


def equal(input: Any, other: Any) -> Any:
    """Return whether two tensors have one shape and the same elements.

    >>> df.torch.equal(df.tensor([1, 2]), df.tensor([1, 2]))
    True
    """
    return input.shape == other.shape and reductions.all(same(input, other)).item()


def clamp_min(input: Any, min: Any) -> Any:
    """Force each element to be at least ``min``.

    >>> df.torch.clamp_min(df.tensor([-1.0, 2.0]), 0)
    tensor([0., 2.])
    """
    return clip(input, min, None)


def clamp_max(input: Any, max: Any) -> Any:
    """Force each element to be at most ``max``.

    >>> df.torch.clamp_max(df.tensor([-1.0, 2.0]), 0)
    tensor([-1.,  0.])
    """
    return clip(input, None, max)


def dist(input: Any, other: Any, p: Any = 2) -> Any:
    """Compute the norm of order ``p`` of the difference.

    >>> df.torch.dist(df.tensor([3.0, 0.0]), df.tensor([0.0, 4.0]))
    tensor(5.)
    """
    return p_norm(subtract(input, other), p)


def fmax(input: Any, other: Any) -> Any:
    """Take the larger of each pair, and of a NaN and a number the number.

    >>> df.torch.fmax(df.tensor([1.0, float("nan")]), df.tensor([2.0, 3.0]))
    tensor([2., 3.])
    """
    return where(isnan(input), other, where(isnan(other), input, maximum(input, other)))


def fmin(input: Any, other: Any) -> Any:
    """Take the smaller of each pair, and of a NaN and a number the number.

    >>> df.torch.fmin(df.tensor([1.0, float("nan")]), df.tensor([2.0, 3.0]))
    tensor([1., 3.])
    """
    return where(isnan(input), other, where(isnan(other), input, minimum(input, other)))


def rsub(input: Any, other: Any, *, alpha: Any = 1) -> Any:
    """Subtract ``alpha * input`` from ``other``.

    >>> df.torch.rsub(df.tensor([1.0, 2.0]), 3)
    tensor([2., 1.])
    """
    return subtract(other, input if alpha == 1 else alpha * input)


def t(input: Any) -> Any:
    """Transpose a matrix; a vector or a scalar stays as it is. Raises ShapeError for more axes.

    >>> df.torch.t(df.zeros(2, 3)).shape
    (3, 2)
    """
    if input.ndim > 2:
        raise permute_dims.op.explain(
            shapes.Misfit(f"t() is for at most 2 axes, this has {input.ndim}; use .mT or .permute(...)"), (input,), {}
        )
    return permute_dims(input)


def permute(input: Any, *axes: Any, dims: Any = None) -> Any:
    """Reorder the axes, as ``df.permute_dims``; they may be given one by one.

    >>> df.torch.permute(df.zeros(2, 3, 4), 2, 0, 1).shape
    (4, 2, 3)
    """
    if dims is None:
        dims = axes[0] if len(axes) == 1 and isinstance(axes[0], Sequence) else axes
    return permute_dims(input, axes=tuple(dims))


def mm(input: Any, mat2: Any) -> Any:
    """Multiply two matrices; unlike ``matmul``, both must have exactly two axes.

    >>> df.torch.mm(input=df.ones(1, 3), mat2=df.ones(3, 1))
    tensor([[3.]])
    """
    return products.mm(input, mat2)


def transpose(input: Any, dim0: Any = None, dim1: Any = None, *more: Any) -> Any:
    """Swap two axes; reorder all, as in NumPy; or reverse them when none are named.

    >>> df.torch.transpose(df.zeros(2, 3, 4), dim0=0, dim1=2).shape
    (4, 3, 2)
    """
    return swapped(input, *(dim for dim in (dim0, dim1, *more) if dim is not None))


def ravel(input: Any) -> Any:
    """Flatten into one axis.

    >>> df.torch.ravel(df.zeros(2, 3)).shape
    (6,)
    """
    return reshape(input, shape=(-1,))


def var_mean(
    input: Any, dim: Any = None, unbiased: bool = True, keepdim: bool = False, *, correction: Any = None
) -> tuple[Any, Any]:
    """Compute variance and mean over ``dim``; ``unbiased`` and ``correction`` as in ``x.var()``.

    >>> df.torch.var_mean(df.tensor([1.0, 3.0]))
    (tensor(2.), tensor(2.))
    """
    axis = None if isinstance(dim, bool) else dim
    return var(input, dim, unbiased, keepdim, correction=correction), reductions.mean(
        input, axis=axis, keepdims=keepdim
    )


def std_mean(
    input: Any, dim: Any = None, unbiased: bool = True, keepdim: bool = False, *, correction: Any = None
) -> tuple[Any, Any]:
    """Compute standard deviation and mean over ``dim``; ``unbiased`` and ``correction`` as in ``x.std()``.

    >>> df.torch.std_mean(df.tensor([1.0, 3.0]), correction=0)
    (tensor(1.), tensor(2.))
    """
    axis = None if isinstance(dim, bool) else dim
    return std(input, dim, unbiased, keepdim, correction=correction), reductions.mean(
        input, axis=axis, keepdims=keepdim
    )


def one_hot(tensor: Any, num_classes: int = -1) -> Any:
    """Write each class index as a row of zeros with a one at that place, all int64.

    ``num_classes=-1``: one more than the largest index, which a graph does not know. Raises OutOfRangeError for an
    index that is no class; ``df.one_hot`` gives a row of zeros instead, in any dtype.

    >>> df.nn.functional.one_hot(df.tensor([1, 0]))
    tensor([[0, 1],
            [1, 0]])
    """
    if num_classes == -1:
        num_classes = int(reductions.max(known_values("one_hot", tensor, "give num_classes"))) + 1
    return rows_of_one(tensor, num_classes=num_classes, dtype="int64", strict=True)

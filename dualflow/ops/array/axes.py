"""Moving, swapping, cutting up and turning axes, written on the cards."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from typing import Any

import numpy as np

from dualflow.core import shapes
from dualflow.core.errors import Misfit, format_shape
from dualflow.core.names import public
from dualflow.ops.array.arrange import flip
from dualflow.ops.array.create import asarray
from dualflow.ops.array.shape import permute_dims, reshape
from dualflow.ops.composite import Speaking


def _sequence(axes: Any) -> list[int]:
    return list(axes) if isinstance(axes, Sequence) else [axes]


@public()
def moveaxis(x: Any, source: Any, destination: Any) -> Any:
    """Move axes to new places; the others keep their order. Shares memory in eager.

    >>> df.moveaxis(df.zeros(2, 3, 4), 0, -1).shape
    (3, 4, 2)
    """
    x = asarray(x)
    with Speaking("moveaxis", x=x):
        start = [shapes.normalize_axis(a, x.ndim) for a in _sequence(source)]
        end = [shapes.normalize_axis(a, x.ndim) for a in _sequence(destination)]
        if len(start) != len(end) or len(set(start)) < len(start) or len(set(end)) < len(end):
            raise Misfit(f"axes {source} cannot move to {destination}: as many different ones on each side")
    order = [i for i in range(x.ndim) if i not in start]
    for place, axis in sorted(zip(end, start, strict=True)):
        order.insert(place, axis)
    return permute_dims(x, axes=tuple(order))


def movedim(x: Any, source: Any, destination: Any) -> Any:
    """Move axes to new places, as ``moveaxis``.

    >>> df.torch.movedim(df.zeros(2, 3, 4), (0, 1), (1, 0)).shape
    (3, 2, 4)
    """
    return moveaxis(x, source, destination)


@public()
def swapaxes(x: Any, axis1: int, axis2: int) -> Any:
    """Swap two axes. Shares memory in eager.

    >>> df.swapaxes(df.zeros(2, 3, 4), 0, 2).shape
    (4, 3, 2)
    """
    x = asarray(x)
    with Speaking("swapaxes", x=x):
        first, second = (shapes.normalize_axis(a, x.ndim) for a in (axis1, axis2))
    order = list(range(x.ndim))
    order[first], order[second] = second, first
    return permute_dims(x, axes=tuple(order))


@public()
def unflatten(x: Any, axis: int, sizes: Sequence[int]) -> Any:
    """Cut one axis into several of the ``sizes``, of which one may be -1.

    >>> df.unflatten(df.zeros(2, 6), 1, (3, -1)).shape
    (2, 3, 2)
    """
    x = asarray(x)
    with Speaking("unflatten", x=x):
        at = shapes.normalize_axis(axis, x.ndim)
        cut = [operator.index(n) for n in sizes]
        if x.shape[at] is not None:
            cut = list(shapes.reshape(np.empty(x.shape[at : at + 1], bool), shape=cut))
        whole = [*x.shape[:at], *cut, *x.shape[at + 1 :]]
        if sum(n in (None, -1) for n in whole) > 1:
            raise Misfit(f"more than one size of {format_shape(tuple(whole))} is unknown")
    return reshape(x, shape=tuple(-1 if n is None else n for n in whole))


@public()
def rot90(x: Any, k: int = 1, axes: Sequence[int] = (0, 1)) -> Any:
    """Turn by 90 degrees ``k`` times in the plane of two axes, from the first towards the second.

    >>> df.rot90(df.tensor([[1, 2], [3, 4]]))
    tensor([[2, 4],
            [1, 3]])
    """
    x = asarray(x)
    with Speaking("rot90", x=x):
        if len(axes) != 2 or shapes.normalize_axis(axes[0], x.ndim) == shapes.normalize_axis(axes[1], x.ndim):
            raise Misfit(f"a plane has two different axes, not {tuple(axes)}")
    turns = k % 4
    if turns == 0:
        return x.clone()
    if turns == 2:
        return flip(x, axis=tuple(axes))
    return swapaxes(flip(x, axis=axes[1]), *axes) if turns == 1 else flip(swapaxes(x, *axes), axis=axes[1])


@public()
def fliplr(x: Any) -> Any:
    """Reverse the columns: axis 1.

    >>> df.fliplr(df.tensor([[1, 2]]))
    tensor([[2, 1]])
    """
    return flip(x, axis=1)


@public()
def flipud(x: Any) -> Any:
    """Reverse the rows: axis 0.

    >>> df.flipud(df.tensor([1, 2]))
    tensor([2, 1])
    """
    return flip(x, axis=0)

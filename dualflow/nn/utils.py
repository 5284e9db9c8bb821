"""What PyTorch keeps in ``nn.utils``: gradients clipped, parameters as one vector."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import numpy as np

from dualflow.core.mode import eager, no_grad
from dualflow.ops.array.create import zeros
from dualflow.ops.array.shape import concat, reshape, stack
from dualflow.ops.math import elementwise
from dualflow.ops.math.elementwise import clip, minimum, sqrt, square
from dualflow.ops.reduce import reductions


def _trained(parameters: Any) -> list[Any]:
    listed = [parameters] if hasattr(parameters, "grad") else list(parameters)
    return [parameter for parameter in listed if parameter.grad is not None]


def clip_grad_norm_(
    parameters: Iterable[Any], max_norm: float, norm_type: float = 2.0, error_if_nonfinite: bool = False
) -> Any:
    """Scale all gradients so that their common norm is at most ``max_norm``; return the norm they had.

    ``norm_type``: 1, 2, … or infinity. ``error_if_nonfinite``: raise RuntimeError for an infinite or NaN norm, in eager
    mode. Works in compiled steps too.

    >>> w = df.nn.Parameter([3.0, 4.0])
    >>> (w * w).sum().backward()
    >>> print(df.nn.utils.clip_grad_norm_([w], 1.0).item(), w.grad.numpy().round(3))
    10.0 [0.6 0.8]
    """
    held = _trained(parameters)
    if not held:
        return zeros(())
    with no_grad():
        if norm_type == 2:
            total = sqrt(reductions.sum(stack([reductions.sum(square(each.grad)) for each in held])))
        elif norm_type == math.inf:
            total = reductions.max(stack([reductions.max(elementwise.abs(each.grad)) for each in held]))
        else:
            total = reductions.sum(
                stack([reductions.sum(elementwise.abs(each.grad) ** norm_type) for each in held])
            ) ** (1 / norm_type)
        if error_if_nonfinite and not hasattr(total, "graph") and not np.isfinite(total.numpy()):
            raise RuntimeError(f"clip_grad_norm_: the norm of the gradients is {total.item()}")
        factor = minimum(max_norm / (total + 1e-6), 1.0)
        for each in held:
            each.grad = each.grad * factor
    return total


def clip_grad_value_(parameters: Iterable[Any], clip_value: float) -> None:
    """Limit each element of all gradients to ±``clip_value``.

    >>> w = df.nn.Parameter([3.0, 0.25])
    >>> (w * w).sum().backward()
    >>> df.nn.utils.clip_grad_value_([w], 1.0)
    >>> w.grad
    tensor([1. , 0.5])
    """
    with no_grad():
        for each in _trained(parameters):
            each.grad = clip(each.grad, -clip_value, clip_value)


def parameters_to_vector(parameters: Iterable[Any]) -> Any:
    """Write parameters one after the other into one vector.

    >>> df.nn.utils.parameters_to_vector(df.nn.Linear(3, 2).parameters()).shape
    (8,)
    """
    return concat([reshape(each, shape=(-1,)) for each in parameters])


def vector_to_parameters(vector: Any, parameters: Iterable[Any]) -> None:
    """Read parameters from one vector, as ``parameters_to_vector`` wrote them.

    >>> layer = df.nn.Linear(1, 1)
    >>> df.nn.utils.vector_to_parameters(df.tensor([2.0, 3.0]), layer.parameters())
    >>> layer(df.ones(1)).item()
    5.0
    """
    held, start = list(parameters), 0
    counts = [math.prod(each.shape) for each in held]
    wanted = sum(counts)
    if vector.shape != (wanted,):
        raise ValueError(f"vector_to_parameters: a vector of {wanted} elements is needed, not shape {vector.shape}")
    with eager(), no_grad():
        for each, count in zip(held, counts, strict=True):
            each.assign(reshape(vector[start : start + count], shape=tuple(each.shape)))
            start += count

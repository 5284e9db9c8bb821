"""Initial values, drawn into a tensor in place, at once, whatever the mode.

``generator``: where to draw from; by default the stream that ``manual_seed`` seeds.
"""

from __future__ import annotations

import math
from typing import Any

from dualflow.mode import eager, no_grad
from dualflow.ops import random

GAINS = {"linear": 1.0, "sigmoid": 1.0, "tanh": 5 / 3, "relu": math.sqrt(2), "selu": 3 / 4}


def calculate_gain(nonlinearity: str, param: float | None = None) -> float:
    """Return by how much initial weights must grow to keep the variance through a nonlinearity.

    ``param``: the slope below zero of "leaky_relu", 0.01 by default.

    >>> round(calculate_gain("leaky_relu", math.sqrt(5)), 4)
    0.5774
    """
    if nonlinearity == "leaky_relu":
        slope = 0.01 if param is None else param
        return math.sqrt(2 / (1 + slope**2))
    if nonlinearity not in GAINS:
        raise ValueError(f"nonlinearity must be one of {', '.join([*GAINS, 'leaky_relu'])}, not {nonlinearity!r}")
    return GAINS[nonlinearity]


def fans(tensor: Any) -> tuple[int, int]:
    """Return how many inputs and outputs each unit of a weight (out, in, …) has.

    >>> import dualflow as df
    >>> fans(df.zeros(8, 3, 5, 5))
    (75, 200)
    """
    if len(tensor.shape) < 2:
        raise ValueError(f"a weight has at least two axes (out, in, …); this has shape {tuple(tensor.shape)}")
    field = math.prod(tensor.shape[2:])
    return tensor.shape[1] * field, tensor.shape[0] * field


def uniform_(tensor: Any, a: float = 0.0, b: float = 1.0, generator: Any = None) -> Any:
    """Draw from the uniform distribution on [a, b).

    >>> import dualflow as df
    >>> bool((df.nn.init.uniform_(df.zeros(9), 2, 3) >= 2).all())
    True
    """
    with eager(), no_grad():
        return tensor.copy_(random.uniform(tensor.shape, low=a, high=b, dtype=tensor.dtype, generator=generator))


def normal_(tensor: Any, mean: float = 0.0, std: float = 1.0, generator: Any = None) -> Any:
    """Draw from the normal distribution.

    >>> import dualflow as df
    >>> df.nn.init.normal_(df.zeros(2), mean=3.0, std=0.0)
    tensor([3., 3.])
    """
    with eager(), no_grad():
        return tensor.copy_(random.normal(tensor.shape, mean=mean, std=std, dtype=tensor.dtype, generator=generator))


def constant_(tensor: Any, value: float) -> Any:
    """Fill with one value.

    >>> import dualflow as df
    >>> df.nn.init.constant_(df.zeros(2), 7)
    tensor([7., 7.])
    """
    with eager(), no_grad():
        return tensor.fill_(value)


def zeros_(tensor: Any) -> Any:
    """Fill with zeros."""
    return constant_(tensor, 0)


def ones_(tensor: Any) -> Any:
    """Fill with ones."""
    return constant_(tensor, 1)


def kaiming_uniform_(
    tensor: Any, a: float = 0, mode: str = "fan_in", nonlinearity: str = "leaky_relu", generator: Any = None
) -> Any:
    """Draw from ±gain·√(3/fan): the variance survives a rectifier (He et al. 2015, https://arxiv.org/abs/1502.01852).

    ``a``: the slope below zero of a leaky rectifier. ``mode``: "fan_in" or "fan_out".

    >>> import dualflow as df
    >>> w = df.nn.init.kaiming_uniform_(df.zeros(4, 6))
    >>> bool((w.abs() <= 1.0).all())
    True
    """
    if mode not in ("fan_in", "fan_out"):
        raise ValueError(f"mode must be 'fan_in' or 'fan_out', not {mode!r}")
    bound = calculate_gain(nonlinearity, a) * math.sqrt(3 / (fans(tensor)[mode == "fan_out"] or 1))
    return uniform_(tensor, -bound, bound, generator)


def xavier_uniform_(tensor: Any, gain: float = 1.0, generator: Any = None) -> Any:
    """Draw from ±gain·√(6/(fan_in+fan_out)) (Glorot & Bengio 2010, https://proceedings.mlr.press/v9/glorot10a.html).

    >>> import dualflow as df
    >>> w = df.nn.init.xavier_uniform_(df.zeros(2, 4))
    >>> bool((w.abs() <= 1.0).all())
    True
    """
    bound = gain * math.sqrt(6 / (sum(fans(tensor)) or 1))
    return uniform_(tensor, -bound, bound, generator)

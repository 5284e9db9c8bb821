"""Initial values, drawn into a tensor in place, at once, whatever the mode.

``generator``: where to draw from; by default the stream that ``manual_seed`` seeds.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from dualflow.core.mode import eager, no_grad
from dualflow.ops.array.create import from_numpy
from dualflow.ops.random import draws

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

    >>> fans(df.zeros(8, 3, 5, 5))
    (75, 200)
    """
    if len(tensor.shape) < 2:
        raise ValueError(f"a weight has at least two axes (out, in, …); this has shape {tuple(tensor.shape)}")
    field = math.prod(tensor.shape[2:])
    return tensor.shape[1] * field, tensor.shape[0] * field


def uniform_(tensor: Any, a: float = 0.0, b: float = 1.0, generator: Any = None) -> Any:
    """Draw from the uniform distribution on [a, b).

    >>> bool((df.nn.init.uniform_(df.zeros(9), 2, 3) >= 2).all())
    True
    """
    with eager(), no_grad():
        return tensor.copy_(draws.uniform(tensor.shape, low=a, high=b, dtype=tensor.dtype, generator=generator))


def normal_(tensor: Any, mean: float = 0.0, std: float = 1.0, generator: Any = None) -> Any:
    """Draw from the normal distribution.

    >>> df.nn.init.normal_(df.zeros(2), mean=3.0, std=0.0)
    tensor([3., 3.])
    """
    with eager(), no_grad():
        return tensor.copy_(draws.normal(tensor.shape, mean=mean, std=std, dtype=tensor.dtype, generator=generator))


def constant_(tensor: Any, value: float) -> Any:
    """Fill with one value.

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

    >>> w = df.nn.init.kaiming_uniform_(df.zeros(4, 6))
    >>> bool((w.abs() <= 1.0).all())
    True
    """
    bound = calculate_gain(nonlinearity, a) * math.sqrt(3 / _fan(tensor, mode))
    return uniform_(tensor, -bound, bound, generator)


def xavier_uniform_(tensor: Any, gain: float = 1.0, generator: Any = None) -> Any:
    """Draw from ±gain·√(6/(fan_in+fan_out)) (Glorot & Bengio 2010, https://proceedings.mlr.press/v9/glorot10a.html).

    >>> w = df.nn.init.xavier_uniform_(df.zeros(2, 4))
    >>> bool((w.abs() <= 1.0).all())
    True
    """
    bound = gain * math.sqrt(6 / (sum(fans(tensor)) or 1))
    return uniform_(tensor, -bound, bound, generator)


def kaiming_normal_(
    tensor: Any, a: float = 0, mode: str = "fan_in", nonlinearity: str = "leaky_relu", generator: Any = None
) -> Any:
    """Draw normally with deviation gain/√fan: see ``kaiming_uniform_``.

    >>> df.nn.init.kaiming_normal_(df.zeros(4, 6)).shape
    (4, 6)
    """
    return normal_(tensor, 0.0, calculate_gain(nonlinearity, a) / math.sqrt(_fan(tensor, mode)), generator)


def xavier_normal_(tensor: Any, gain: float = 1.0, generator: Any = None) -> Any:
    """Draw normally with deviation gain·√(2/(fan_in+fan_out)): see ``xavier_uniform_``.

    >>> df.nn.init.xavier_normal_(df.zeros(2, 4)).shape
    (2, 4)
    """
    return normal_(tensor, 0.0, gain * math.sqrt(2 / (sum(fans(tensor)) or 1)), generator)


def trunc_normal_(
    tensor: Any, mean: float = 0.0, std: float = 1.0, a: float = -2.0, b: float = 2.0, generator: Any = None
) -> Any:
    """Draw from the normal distribution cut off at ``a`` and ``b``: what falls outside is drawn again.

    >>> bool((df.nn.init.trunc_normal_(df.zeros(1000)).abs() <= 2).all())
    True
    """
    if not a < b or not (a - mean) < 8 * std or not (b - mean) > -8 * std:
        raise ValueError(f"trunc_normal_: next to nothing of a normal distribution lies between {a} and {b}")
    with eager(), no_grad():
        normal_(tensor, mean, std, generator)
        values = np.array(tensor.detach().numpy())
        while (outside := (values < a) | (values > b)).any():
            drawn = draws.normal(int(outside.sum()), mean=mean, std=std, dtype=tensor.dtype, generator=generator)
            values[outside] = drawn.numpy()
    return _filled(tensor, values)


def orthogonal_(tensor: Any, gain: float = 1.0, generator: Any = None) -> Any:
    """Draw a matrix (out, in · …) with orthonormal rows or columns, times ``gain`` (Saxe et al. 2013).

    >>> w = df.nn.init.orthogonal_(df.zeros(2, 3))
    >>> bool(((w @ w.T - df.eye(2)).abs() < 1e-6).all())
    True
    """
    fans(tensor)
    rows = tensor.shape[0]
    columns = math.prod(tensor.shape[1:])
    with eager(), no_grad():
        drawn = draws.normal(rows, columns, dtype=tensor.dtype, generator=generator).numpy()
        q, r = np.linalg.qr(drawn.T if rows < columns else drawn)
        q = q * np.where(np.diag(r) < 0, -1, 1).astype(q.dtype)  # makes the distribution uniform
        made = np.ascontiguousarray(q.T if rows < columns else q).reshape(tensor.shape) * q.dtype.type(gain)
    return _filled(tensor, made.astype(tensor.dtype))


def eye_(tensor: Any) -> Any:
    """Fill a matrix with the identity.

    >>> df.nn.init.eye_(df.zeros(2, 2)).tolist()
    [[1.0, 0.0], [0.0, 1.0]]
    """
    if len(tensor.shape) != 2:
        raise ValueError(f"eye_: a matrix is needed, not shape {tuple(tensor.shape)}")
    return _filled(tensor, np.eye(*tensor.shape, dtype=tensor.dtype))


def dirac_(tensor: Any, groups: int = 1) -> Any:
    """Fill a convolution's weight (out, in / groups, …) so that it passes channels on unchanged, as far as they go.

    >>> df.nn.init.dirac_(df.zeros(1, 1, 3)).tolist()
    [[[0.0, 1.0, 0.0]]]
    """
    if len(tensor.shape) < 3 or tensor.shape[0] % groups:
        raise ValueError(f"dirac_: shape {tuple(tensor.shape)} is no weight of a convolution in {groups} groups")
    made = np.zeros(tensor.shape, tensor.dtype)
    each = tensor.shape[0] // groups
    middle = tuple(n // 2 for n in tensor.shape[2:])
    for group in range(groups):
        for i in range(min(each, tensor.shape[1])):
            made[(group * each + i, i, *middle)] = 1
    return _filled(tensor, made)


def _fan(tensor: Any, mode: str) -> int:
    if mode not in ("fan_in", "fan_out"):
        raise ValueError(f"mode must be 'fan_in' or 'fan_out', not {mode!r}")
    return fans(tensor)[mode == "fan_out"] or 1


def _filled(tensor: Any, values: np.ndarray) -> Any:
    with eager(), no_grad():
        return tensor.copy_(from_numpy(values))

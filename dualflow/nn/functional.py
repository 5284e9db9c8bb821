"""The functions that layers are made of, with PyTorch's names and argument orders."""

from __future__ import annotations

import warnings
from typing import Any

from dualflow.ops import nn
from dualflow.ops.activation import (
    celu,
    elu,
    gelu,
    glu,
    hardshrink,
    hardsigmoid,
    hardswish,
    hardtanh,
    leaky_relu,
    logsigmoid,
    mish,
    prelu,
    relu6,
    selu,
    silu,
    softplus,
    softshrink,
    softsign,
    tanhshrink,
    threshold,
)
from dualflow.ops.convolution import (
    conv1d,
    conv2d,
    conv3d,
    conv_transpose1d,
    conv_transpose2d,
    conv_transpose3d,
)
from dualflow.ops.elementwise import relu, sigmoid, tanh
from dualflow.ops.nn import cross_entropy as _cross_entropy
from dualflow.ops.nn import linear, mse
from dualflow.ops.pooling import (
    adaptive_avg_pool1d,
    adaptive_avg_pool2d,
    adaptive_avg_pool3d,
    adaptive_max_pool1d,
    adaptive_max_pool2d,
    adaptive_max_pool3d,
    avg_pool1d,
    avg_pool2d,
    avg_pool3d,
    fold,
    interpolate,
    max_pool1d,
    max_pool2d,
    max_pool3d,
    pixel_shuffle,
    pixel_unshuffle,
    unfold,
)
from dualflow.ops.random import bernoulli_like


def softmax(x: Any, axis: int = -1, *, dim: int | None = None) -> Any:
    """Turn scores into probabilities along ``axis``, for which ``dim`` is PyTorch's name.

    >>> import dualflow as df
    >>> df.nn.functional.softmax(df.zeros(1, 4), dim=1)
    tensor([[0.25, 0.25, 0.25, 0.25]])
    """
    return nn.softmax(x, axis=axis if dim is None else dim)


def log_softmax(x: Any, axis: int = -1, *, dim: int | None = None) -> Any:
    """Compute the logarithm of ``softmax`` along ``axis`` without overflow.

    >>> import dualflow as df
    >>> df.nn.functional.log_softmax(df.zeros(1, 2), dim=1)
    tensor([[-0.6931472, -0.6931472]])
    """
    return nn.log_softmax(x, axis=axis if dim is None else dim)


def dropout(x: Any, p: float = 0.5, training: bool = True, *, generator: Any = None) -> Any:
    """Set each element to zero with probability ``p`` and divide the others by ``1 - p``; pass on if not training.

    Raises ValueError unless ``0 <= p <= 1``.

    >>> import dualflow as df
    >>> df.nn.functional.dropout(df.ones(3), p=0.5, training=False)
    tensor([1., 1., 1.])
    """
    if not 0 <= p <= 1:
        raise ValueError(f"dropout: the probability p must lie between 0 and 1, not at {p}")
    if not training or p == 0:
        return x
    kept = bernoulli_like(x, 1 - p, generator=generator)
    return x * kept if p == 1 else x * (kept * (1 / (1 - p)))


def mse_loss(input: Any, target: Any, reduction: str = "mean") -> Any:
    """Compute the mean squared error; ``reduction`` is "mean", "sum" or "none".

    Warns when the shapes differ: ``(n, 1)`` against ``(n,)`` broadcasts to ``(n, n)``.

    >>> import dualflow as df
    >>> df.nn.functional.mse_loss(df.tensor([1.0, 2.0]), df.tensor([1.0, 4.0]))
    tensor(2.)
    """
    ours, theirs = getattr(input, "shape", None), getattr(target, "shape", None)
    if ours is not None and theirs is not None and _differ(ours, theirs):
        warnings.warn(
            f"mse_loss: the target's shape {tuple(theirs)} differs from the input's {tuple(ours)}; they are broadcast, "
            "which is seldom meant",
            UserWarning,
            stacklevel=2,
        )
    return mse(input, target, reduction=reduction)


def _differ(a: Any, b: Any) -> bool:
    """Tell whether two shapes surely differ; a size of None may be any."""
    return len(a) != len(b) or any(m != n and m is not None and n is not None for m, n in zip(a, b, strict=True))


def cross_entropy(input: Any, target: Any, reduction: str = "mean") -> Any:
    """Compute the cross entropy, in nats, of class scores against class indices.

    ``input``: (N, C, …) or (C,), floating, before any softmax. ``target``: int of shape (N, …) or ().
    ``reduction`` is "mean", "sum" or "none". Raises OutOfRangeError for a class that does not exist.

    >>> import dualflow as df
    >>> df.nn.functional.cross_entropy(df.zeros(2, 10), df.tensor([3, 7]))
    tensor(2.3025851)
    """
    return _cross_entropy(input, target, reduction=reduction)


__all__ = [
    "adaptive_avg_pool1d",
    "adaptive_avg_pool2d",
    "adaptive_avg_pool3d",
    "adaptive_max_pool1d",
    "adaptive_max_pool2d",
    "adaptive_max_pool3d",
    "avg_pool1d",
    "avg_pool2d",
    "avg_pool3d",
    "celu",
    "conv1d",
    "conv2d",
    "conv3d",
    "conv_transpose1d",
    "conv_transpose2d",
    "conv_transpose3d",
    "cross_entropy",
    "dropout",
    "elu",
    "fold",
    "gelu",
    "glu",
    "hardshrink",
    "hardsigmoid",
    "hardswish",
    "hardtanh",
    "interpolate",
    "leaky_relu",
    "linear",
    "log_softmax",
    "logsigmoid",
    "max_pool1d",
    "max_pool2d",
    "max_pool3d",
    "mish",
    "mse_loss",
    "pixel_shuffle",
    "pixel_unshuffle",
    "prelu",
    "relu",
    "relu6",
    "selu",
    "sigmoid",
    "silu",
    "softmax",
    "softplus",
    "softshrink",
    "softsign",
    "tanh",
    "tanhshrink",
    "threshold",
    "unfold",
]

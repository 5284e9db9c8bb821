"""Dropout: zeros at random. The mask is drawn on the host, so both worlds draw the same."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from dualflow.ops.composite import made_by, refuse
from dualflow.ops.random.draws import bernoulli_like


def _probability(name: str, p: float) -> None:
    if not 0 <= p <= 1:
        raise ValueError(f"{name}: the probability p must lie between 0 and 1, not at {p}")


def dropout(x: Any, p: float = 0.5, training: bool = True, *, generator: Any = None) -> Any:
    """Set each element to zero with probability ``p`` and divide the others by ``1 - p``; pass on if not training.

    Raises ValueError unless ``0 <= p <= 1``.

    >>> df.nn.functional.dropout(df.ones(3), p=0.5, training=False)
    tensor([1., 1., 1.])
    """
    _probability("dropout", p)
    if not training or p == 0:
        return x
    kept = bernoulli_like(x, 1 - p, generator=generator)
    return x * kept if p == 1 else x * (kept * (1 / (1 - p)))


def _dropout(name: str, rank: int) -> Callable[..., Any]:
    def drop(input: Any, p: float = 0.5, training: bool = True, *, generator: Any = None) -> Any:
        _probability(name, p)
        if not training or p == 0:
            return input
        shape = input.shape
        if shape is None or len(shape) not in (rank + 1, rank + 2):
            shown = "unknown rank" if shape is None else f"{len(shape)} axes"
            reason = f"{rank + 1} to {rank + 2} axes are needed, (batch, channels, …), not {shown}"
            raise refuse(name, reason, input=input)
        one_a_channel = input[(..., *(slice(0, 1),) * rank)]
        kept = bernoulli_like(one_a_channel, 1 - p, generator=generator)
        return input * kept if p == 1 else input * (kept * (1 / (1 - p)))

    return drop


@made_by(_dropout, 1)
def dropout1d() -> None:
    """Drop whole channels of (batch, channels, length), or without the batch; see ``dropout``.

    >>> df.nn.functional.dropout1d(df.ones(1, 2, 3), p=1.0).sum()
    tensor(0.)
    """


@made_by(_dropout, 2)
def dropout2d() -> None:
    """Drop whole channels of (batch, channels, height, width), or without the batch; see ``dropout``.

    >>> y = df.nn.functional.dropout2d(df.ones(8, 4, 3, 3))
    >>> bool((y == y[:, :, :1, :1]).all())
    True
    """


@made_by(_dropout, 3)
def dropout3d() -> None:
    """Drop whole channels of (batch, channels, depth, height, width), or without the batch; see ``dropout``.

    >>> df.nn.functional.dropout3d(df.ones(1, 2, 2, 2, 2), training=False).sum()
    tensor(16.)
    """


ALPHA = -1.7580993408473766  # the limit of selu at minus infinity, - scale · alpha


def alpha_dropout(input: Any, p: float = 0.5, training: bool = False, *, generator: Any = None) -> Any:
    """Set elements to selu's lower limit with probability ``p``, then scale and shift.

    So mean 0 and variance 1 stay: Klambauer et al. 2017, https://arxiv.org/abs/1706.02515.

    >>> df.nn.functional.alpha_dropout(df.ones(3))
    tensor([1., 1., 1.])
    """
    _probability("alpha_dropout", p)
    if not training or p == 0:
        return input
    kept = bernoulli_like(input, 1 - p, generator=generator)
    if p == 1:
        return input * kept
    scale = 1 / math.sqrt((ALPHA**2 * p + 1) * (1 - p))
    return input * (kept * scale) + ((1 - kept) * (scale * ALPHA) - scale * ALPHA * p)

"""What tensors' in-place methods draw: ``x.normal_()`` and its like, in the shape and dtype of ``x``."""

from __future__ import annotations

from typing import Any

import numpy as np

from dualflow.core import dtypes
from dualflow.ops.array.create import asarray
from dualflow.ops.random.distributions import _bad, _draw, _number
from dualflow.ops.random.draws import _integers, _normal, _real, _source, _uniform, _whole, bernoulli_like, rand_like
from dualflow.ops.random.sampling import _chance


def normal_like(x: Any, mean: float = 0.0, std: float = 1.0, *, generator: Any = None) -> Any:
    """Draw from the normal distribution in the shape and dtype of ``x``: what ``x.normal_()`` writes.

    >>> df.zeros(3).normal_(5.0, 0.0)
    tensor([5., 5., 5.])
    """
    if not std >= 0:
        raise _bad("normal_", f"a standard deviation is at least 0, not {std}")
    kind = _real("normal_", x.dtype)
    return _normal(x, mean=float(mean), std=float(std), dtype=kind, generator=_source("normal_", generator))


def uniform_like(x: Any, low: float = 0.0, high: float = 1.0, *, generator: Any = None) -> Any:
    """Draw uniformly from [low, high) in the shape and dtype of ``x``: what ``x.uniform_()`` writes.

    >>> bool((df.zeros(3).uniform_(2.0, 3.0) >= 2).all())
    True
    """
    if not low <= high:
        raise _bad("uniform_", f"low is at most high; there is nothing from {low} to {high}")
    kind = _real("uniform_", x.dtype)
    return _uniform(x, low=float(low), high=float(high), dtype=kind, generator=_source("uniform_", generator))


def bernoulli_into(x: Any, p: Any = 0.5, *, generator: Any = None) -> Any:
    """Draw 1 with probability ``p``, a number or a tensor, in the shape and dtype of ``x``: for ``x.bernoulli_()``.

    >>> df.zeros(2).bernoulli_(1.0)
    tensor([1., 1.])
    """
    if p.__class__ in (int, float):
        return bernoulli_like(x, p, generator=_source("bernoulli_", generator))
    chances = asarray(p)
    noise = rand_like(x, dtype=_real("bernoulli_", chances.dtype), generator=_source("bernoulli_", generator))
    return _chance(noise, chances).astype(x.dtype)


def exponential_like(x: Any, rate: float = 1.0, *, generator: Any = None) -> Any:
    """Draw waiting times in the shape and dtype of ``x``: what ``x.exponential_()`` writes.

    >>> bool((df.zeros(3).exponential_(2.0) >= 0).all())
    True
    """
    return _like(
        "exponential_", x, "exponential", (1 / _number("exponential_", "the rate", rate, positive=True),), generator
    )


def log_normal_like(x: Any, mean: float = 1.0, std: float = 2.0, *, generator: Any = None) -> Any:
    """Draw numbers whose logarithm is normal in the shape and dtype of ``x``: what ``x.log_normal_()`` writes.

    >>> bool((df.zeros(3).log_normal_() > 0).all())
    True
    """
    args = (_number("log_normal_", "the mean", mean), _number("log_normal_", "the deviation", std, positive=True))
    return _like("log_normal_", x, "lognormal", args, generator)


def cauchy_like(x: Any, loc: float = 0.0, scale: float = 1.0, *, generator: Any = None) -> Any:
    """Draw from the Cauchy distribution in the shape and dtype of ``x``: what ``x.cauchy_()`` writes.

    >>> df.zeros(3).cauchy_().shape
    (3,)
    """
    args = (_number("cauchy_", "loc", loc), _number("cauchy_", "the scale", scale, positive=True))
    return _like("cauchy_", x, "cauchy", args, generator)


def _like(op: str, x: Any, method: str, args: tuple[Any, ...], generator: Any) -> Any:
    return _draw(x, method=method, args=args, dtype=_real(op, x.dtype), generator=_source(op, generator))


def random_like(x: Any, low: Any = None, high: Any = None, *, generator: Any = None) -> Any:
    """Draw integers in the shape and dtype of ``x``: what ``x.random_(low, high)`` writes.

    From [0, low) with one bound; with none, from all that the dtype holds from 0 (for floats: exactly).

    >>> df.zeros(3).random_(4, 5)
    tensor([4., 4., 4.])
    """
    if high is None:
        low, high = 0, low
    if high is None:
        high = (
            np.iinfo(x.dtype).max
            if x.dtype.kind in "iu"
            else 2
            if x.dtype.kind == "b"
            else 1 << dtypes.limits(x.dtype).nmant + 1
        )
    low, high = _whole("random_", "low", low), _whole("random_", "high", high)
    kind = x.dtype if x.dtype.kind in "iub" else dtypes.int64
    drawn = _integers(x, low=low, high=high, dtype=kind, generator=_source("random_", generator))
    return drawn.astype(x.dtype)


IN_PLACE: dict[str, Any] = {
    "bernoulli_": bernoulli_into,
    "cauchy_": cauchy_like,
    "exponential_": exponential_like,
    "log_normal_": log_normal_like,
    "normal_": normal_like,
    "random_": random_like,
    "uniform_": uniform_like,
}
"""The methods of tensors that draw, by name, and what they write."""

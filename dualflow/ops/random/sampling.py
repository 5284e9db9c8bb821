"""Coins, weighted picks and shuffles: what is drawn from the elements of tensors.

Standard numbers are drawn on the host in both worlds, and ops that round alike in both decide.
"""

from __future__ import annotations

import operator
from collections.abc import Sequence
from typing import Any

import numpy as np

from dualflow.core import shapes
from dualflow.core.errors import DTypeError, DualflowError, Misfit, ShapeError, format_shape
from dualflow.core.names import public
from dualflow.core.op import primitive
from dualflow.ops.array.create import _sizes, asarray, ones
from dualflow.ops.array.index import take
from dualflow.ops.network.softmax import softmax
from dualflow.ops.random.distributions import _bad, _draw
from dualflow.ops.random.draws import _real, _source, permutation, rand_like, randint


def _coins(x: Any, p: Any) -> shapes.Shape:
    return shapes.elementwise(x, p)


@primitive(shape=_coins, dtype="compare", name="bernoulli_tensor", domain="positive")
def _chance(xp: Any, x: Any, p: Any) -> Any:
    """Return True where ``x`` is below the probability ``p``: the primitive behind ``bernoulli`` of a tensor.

    >>> from dualflow.core.op import VOCABULARY
    >>> VOCABULARY["bernoulli_tensor"].call(df.tensor([0.5, 0.5]), df.tensor([0.2, 0.8]))
    tensor([False,  True])
    """
    if xp is np and _no_chance(np, x, p):
        raise ValueError("bad")
    return xp.less(x, p)


def _no_chance(xp: Any, x: Any, p: Any) -> Any:
    return xp.logical_not(xp.all((p >= 0) & (p <= 1)))


_chance.guard(_no_chance, (DualflowError, "a probability lies between 0 and 1"))


def _arrived(noise: Any, weights: Any, *, count: int) -> shapes.Shape:
    shape = shapes.broadcast(shapes.of(noise), shapes.of(weights))
    if not shape:
        raise Misfit("weights lie along an axis; this is a scalar")
    if count < 1:
        raise Misfit(f"draw one at least, not {count}")
    if shape[-1] is not None and count > shape[-1]:
        raise Misfit(f"{count} cannot be drawn from {shape[-1]} without replacement")
    return (*shape[:-1], count)


@primitive(shape=_arrived, dtype="index", domain="positive", name="multinomial")
def first_arrivals(xp: Any, noise: Any, weights: Any, *, count: int) -> Any:
    """Find which ``count`` of ``noise / weights`` are smallest along the last axis.

    With exponential noise this draws without replacement in proportion to the weights: P. S. Efraimidis and
    P. G. Spirakis, "Weighted random sampling with a reservoir" (2006). A division rounds alike in both worlds.

    >>> from dualflow.ops.random.sampling import first_arrivals
    >>> first_arrivals(df.tensor([1.0, 1.0, 1.0]), df.tensor([1.0, 4.0, 2.0]), count=2)
    tensor([1, 2])
    """
    _arrived(noise, weights, count=count)
    if xp is np and _no_weights(np, noise, weights, count=count):
        raise ValueError("bad")
    times = xp.where(weights > 0, noise / xp.where(weights > 0, weights, 1), np.inf)
    return xp.argsort(times, axis=-1, stable=True)[..., :count].astype(np.int64)


def _no_weights(xp: Any, noise: Any, weights: Any, *, count: int) -> Any:
    few = xp.any((weights > 0).sum(axis=-1) < count)
    return few | xp.logical_not(xp.all((weights >= 0) & xp.isfinite(weights)))


first_arrivals.guard(
    _no_weights, (DualflowError, "weights are finite and at least 0, and enough of them positive for what is drawn")
)


def bernoulli(p: Any, *, generator: Any = None) -> Any:
    """Draw 1 with the probability that each element of ``p`` says, else 0, in its shape and dtype.

    >>> df.torch.bernoulli(df.tensor([0.0, 1.0]))
    tensor([0., 1.])
    """
    p = asarray(p)
    kind = _real("bernoulli", p.dtype)
    return _chance(rand_like(p, dtype=kind, generator=_source("bernoulli", generator)), p).astype(kind)


@public("random")
def multinomial(weights: Any, num_samples: int, replacement: bool = False, *, generator: Any = None) -> Any:
    """Draw ``num_samples`` indices (int64) in proportion to ``weights``, which lie along the last axis.

    (…, k) gives (…, num_samples). Without replacement at least so many weights must be positive.

    >>> df.random.multinomial(df.tensor([0.0, 1.0, 0.0]), 2, replacement=True)
    tensor([1, 1])
    """
    weights, source = asarray(weights), _source("multinomial", generator)
    kind = _real("multinomial", weights.dtype)
    try:
        count = operator.index(num_samples)
    except TypeError:
        raise _bad("multinomial", f"num_samples must be an integer, not {num_samples!r}", DTypeError) from None
    if count < 1 or not weights.ndim:
        reason = "weights lie along an axis" if count > 0 else f"draw one at least, not {count}"
        raise _bad("multinomial", reason, ShapeError)
    if not replacement:
        noise = _draw(weights, method="standard_exponential", dtype=kind, generator=source)
        return first_arrivals(noise, weights, count=count)
    wide = weights[..., None, :] * ones(count, 1, dtype=kind)
    noise = _draw(wide, method="standard_exponential", dtype=kind, generator=source)
    return first_arrivals(noise, wide, count=1)[..., 0]


@public("random")
def categorical(logits: Any, num_samples: int | None = None, *, generator: Any = None) -> Any:
    """Draw an index (int64) along the last axis in proportion to ``exp(logits)``; several with ``num_samples``.

    >>> df.random.categorical(df.tensor([[0.0, 1000.0], [1000.0, 0.0]]))
    tensor([1, 0])
    """
    logits = asarray(logits)
    if not logits.ndim:
        raise _bad("categorical", "logits lie along an axis; this is a scalar", ShapeError)
    drawn = multinomial(softmax(logits, axis=-1), num_samples or 1, True, generator=generator)
    return drawn if num_samples is not None else drawn[..., 0]


@public("random")
def shuffle(x: Any, *, axis: int = 0, generator: Any = None) -> Any:
    """Return ``x`` with its parts along ``axis`` in a random order, the others as they are.

    >>> sorted(df.random.shuffle(df.tensor([3, 1, 2])).tolist())
    [1, 2, 3]
    """
    x = asarray(x)
    size = x.shape[shapes.normalize_axis(axis, x.ndim)] if x.ndim else None
    if size is None:
        raise _bad("shuffle", f"axis {axis} of shape {format_shape(x.shape)} has no known size", ShapeError)
    return take(x, permutation(size, generator=_source("shuffle", generator)), axis=axis)


@public("random:permutation")
def permutation_of(x: Any, *, generator: Any = None) -> Any:
    """Shuffle 0 … x-1 (int64) for a number, or a tensor along its first axis.

    >>> sorted(df.random.permutation(3).tolist()), df.random.permutation(df.zeros(3, 2)).shape
    ([0, 1, 2], (3, 2))
    """
    if isinstance(x, int | np.integer) or not hasattr(x, "shape"):
        return permutation(x, generator=generator)
    return shuffle(x, generator=generator)


@public("random")
def choice(
    x: Any, size: Sequence[int] | int = (), *, replace: bool = True, p: Any = None, axis: int = 0, generator: Any = None
) -> Any:
    """Pick at random from 0 … x-1, or from the parts of a tensor along ``axis``, with weights ``p`` if given.

    >>> df.random.choice(df.tensor([7, 7]), 3), df.random.choice(2, 2, p=df.tensor([0.0, 1.0]))
    (tensor([7, 7, 7]), tensor([1, 1]))
    """
    source, sizes = _source("choice", generator), _sizes("choice", (size,))
    whole = isinstance(x, int | np.integer)
    x = x if whole else asarray(x)
    n = int(x) if whole else x.shape[shapes.normalize_axis(axis, x.ndim)] if x.ndim else None
    if n is None:
        raise _bad("choice", "the number of parts to pick from must be known", ShapeError)
    count = int(np.prod(sizes, dtype=np.int64))
    if not replace and count > n:
        raise _bad("choice", f"{count} cannot be picked from {n} without replacement", ShapeError)
    if p is not None:
        at = multinomial(p, count, replace, generator=source)
    elif replace:
        at = randint(0, n, (count,), generator=source)
    else:
        at = permutation(n, generator=source)[:count]
    at = at.reshape(sizes)
    return at if whole else take(x, at, axis=axis)

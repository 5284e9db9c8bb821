"""Distributions beyond the uniform and the normal, drawn on the host in both worlds: see ``dualflow.generator``.

What is drawn has numbers for parameters. Where a parameter is a tensor, standard numbers are drawn and transformed by
ops that round alike in both worlds; the counts of ``poisson`` and ``binomial`` cannot be had so, and take values only.
"""

from __future__ import annotations

import operator
from collections.abc import Sequence
from typing import Any

import numpy as np

from dualflow import dtypes, shapes
from dualflow.errors import DTypeError, DualflowError, Misfit, ShapeError, SymbolicValueError, compose, format_shape
from dualflow.op import primitive
from dualflow.ops.create import _finish, _sizes, asarray, ones
from dualflow.ops.index import take
from dualflow.ops.random import (
    _integers,
    _normal,
    _real,
    _source,
    _stream,
    _uniform,
    _whole,
    bernoulli_like,
    permutation,
    rand_like,
    randint,
)
from dualflow.site import user_site


@primitive(shape=shapes.drawn, dtype="given", host=True, name="draw")
def _draw(
    xp: Any,
    like: Any = None,
    *,
    shape: Any = (),
    method: str = "standard_exponential",
    args: tuple[Any, ...] = (),
    dtype: Any = dtypes.float32,
    generator: Any = None,
) -> Any:
    """Draw by a method of NumPy's generator: the primitive behind ``exponential``, ``gamma`` and the like.

    >>> import dualflow as df
    >>> from dualflow.op import VOCABULARY
    >>> VOCABULARY["draw"].call(df.zeros(3)).shape
    (3,)
    """
    sizes = shape if like is None else like.shape
    return _stream(generator).draw(method, args, sizes, dtypes.resolve(dtype))


def _coins(x: Any, p: Any) -> shapes.Shape:
    return shapes.elementwise(x, p)


@primitive(shape=_coins, dtype="compare", name="chance", domain="positive")
def _chance(xp: Any, x: Any, p: Any) -> Any:
    """Tell where ``x`` is below the probability ``p``: the primitive behind ``bernoulli`` of a tensor.

    >>> import dualflow as df
    >>> from dualflow.op import VOCABULARY
    >>> VOCABULARY["chance"].call(df.tensor([0.5, 0.5]), df.tensor([0.2, 0.8]))
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


@primitive(shape=_arrived, dtype="index", domain="positive")
def first_arrivals(xp: Any, noise: Any, weights: Any, *, count: int) -> Any:
    """Find which ``count`` of ``noise / weights`` are smallest along the last axis.

    With exponential noise this draws without replacement in proportion to the weights: P. S. Efraimidis and
    P. G. Spirakis, "Weighted random sampling with a reservoir" (2006). A division rounds alike in both worlds.

    >>> import dualflow as df
    >>> from dualflow.ops.distributions import first_arrivals
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
    _no_weights,
    (DualflowError, "weights are finite and at least 0, and enough of them positive for what is drawn"),
)


def _bad(op: str, reason: str, kind: type[DualflowError] = DualflowError, hint: str = "") -> DualflowError:
    return compose(kind, f"{op}: {reason}", site=user_site(), hint=hint)


def _number(op: str, name: str, value: Any, *, positive: bool = False) -> float:
    """Return a parameter as a number; positive, if it must be."""
    if isinstance(value, bool) or not isinstance(value, int | float | np.number):
        raise _bad(op, f"{name} must be a number, not {type(value).__name__}", DTypeError)
    if not np.isfinite(value) or (positive and value <= 0):
        raise _bad(op, f"{name} must be {'positive' if positive else 'finite'}, not {value}")
    return float(value)


def _drawn(
    op: str, shape: tuple[Any, ...], method: str, args: tuple[Any, ...], dtype: Any, generator: Any, grad: bool
) -> Any:
    made = _draw(
        shape=_sizes(op, shape), method=method, args=args, dtype=_real(op, dtype), generator=_source(op, generator)
    )
    return _finish(made, grad)


def exponential(
    *shape: Any, rate: float = 1.0, dtype: Any = dtypes.float32, generator: Any = None, requires_grad: bool = False
) -> Any:
    """Draw waiting times: density ``rate * exp(-rate x)``.

    >>> import dualflow as df
    >>> df.random.exponential(2, 3).shape
    (2, 3)
    """
    rate = _number("exponential", "the rate", rate, positive=True)
    return _drawn("exponential", shape, "exponential", (1 / rate,), dtype, generator, requires_grad)


def gamma(
    *shape: Any,
    concentration: float,
    rate: float = 1.0,
    dtype: Any = dtypes.float32,
    generator: Any = None,
    requires_grad: bool = False,
) -> Any:
    """Draw from the gamma distribution: density proportional to ``x ** (concentration - 1) * exp(-rate x)``.

    >>> import dualflow as df
    >>> df.random.gamma(2, 3, concentration=2.0).shape
    (2, 3)
    """
    args = (
        _number("gamma", "the concentration", concentration, positive=True),
        1 / _number("gamma", "the rate", rate, positive=True),
    )
    return _drawn("gamma", shape, "gamma", args, dtype, generator, requires_grad)


def beta(
    *shape: Any, a: float, b: float, dtype: Any = dtypes.float32, generator: Any = None, requires_grad: bool = False
) -> Any:
    """Draw from the beta distribution on (0, 1): density proportional to ``x ** (a - 1) * (1 - x) ** (b - 1)``.

    >>> import dualflow as df
    >>> df.random.beta(2, a=1.0, b=2.0).shape
    (2,)
    """
    args = (_number("beta", "a", a, positive=True), _number("beta", "b", b, positive=True))
    return _drawn("beta", shape, "beta", args, dtype, generator, requires_grad)


def laplace(
    *shape: Any,
    loc: float = 0.0,
    scale: float = 1.0,
    dtype: Any = dtypes.float32,
    generator: Any = None,
    requires_grad: bool = False,
) -> Any:
    """Draw from the Laplace distribution: density proportional to ``exp(-abs(x - loc) / scale)``.

    >>> import dualflow as df
    >>> df.random.laplace(3).shape
    (3,)
    """
    args = (_number("laplace", "loc", loc), _number("laplace", "the scale", scale, positive=True))
    return _drawn("laplace", shape, "laplace", args, dtype, generator, requires_grad)


def cauchy(
    *shape: Any,
    loc: float = 0.0,
    scale: float = 1.0,
    dtype: Any = dtypes.float32,
    generator: Any = None,
    requires_grad: bool = False,
) -> Any:
    """Draw from the Cauchy distribution around ``loc``.

    >>> import dualflow as df
    >>> df.random.cauchy(3).shape
    (3,)
    """
    args = (_number("cauchy", "loc", loc), _number("cauchy", "the scale", scale, positive=True))
    return _drawn("cauchy", shape, "cauchy", args, dtype, generator, requires_grad)


def log_normal(
    *shape: Any,
    mean: float = 0.0,
    std: float = 1.0,
    dtype: Any = dtypes.float32,
    generator: Any = None,
    requires_grad: bool = False,
) -> Any:
    """Draw numbers whose logarithm is normal with ``mean`` and ``std``.

    >>> import dualflow as df
    >>> df.random.log_normal(3).shape
    (3,)
    """
    args = (_number("log_normal", "the mean", mean), _number("log_normal", "the deviation", std, positive=True))
    return _drawn("log_normal", shape, "lognormal", args, dtype, generator, requires_grad)


def truncated_normal(
    *shape: Any,
    mean: float = 0.0,
    std: float = 1.0,
    low: float = -2.0,
    high: float = 2.0,
    dtype: Any = dtypes.float32,
    generator: Any = None,
    requires_grad: bool = False,
) -> Any:
    """Draw from the normal distribution, only what lies in [low, high].

    >>> import dualflow as df
    >>> bool((df.abs(df.random.truncated_normal(100, low=-1.0, high=1.0)) <= 1).all())
    True
    """
    op = "truncated_normal"
    args = (_number(op, "the mean", mean), _number(op, "the deviation", std, positive=True), float(low), float(high))
    if not low < high:
        raise _bad(op, f"low is less than high; there is nothing from {low} to {high}")
    return _drawn(op, shape, "truncated_normal", args, dtype, generator, requires_grad)


def _values(op: str, name: str, x: Any) -> np.ndarray:
    """Return the values of a parameter; a symbol has none yet."""
    made = asarray(x)
    if not hasattr(made, "array"):
        symbol = not hasattr(x, "__array_interface__") and hasattr(x, "graph")
        if symbol:
            raise compose(
                SymbolicValueError,
                f"{op}: {name} must be values, which are drawn from on the host; a symbol has none yet",
                operands=[(name, x)],
                site=user_site(),
                hint="draw outside the graph and feed the numbers, or draw in eager mode",
            )
        return np.asarray(x)
    return np.asarray(made.detach().numpy())


def poisson(rates: Any, *, dtype: Any = None, generator: Any = None) -> Any:
    """Draw a count from the Poisson distribution for each of ``rates``, in their shape and dtype.

    The rates are values: a tensor, an array or a number, but no symbol.

    >>> import dualflow as df
    >>> df.poisson(df.zeros(2))
    tensor([0., 0.])
    """
    values = _values("poisson", "the rates", rates)
    if not (values >= 0).all():
        raise _bad("poisson", "rates are at least 0")
    kind = dtypes.asdtype(dtype or dtypes.to_float(asarray(rates).dtype))
    source = _source("poisson", generator)
    return _draw(shape=values.shape, method="poisson", args=(values.astype(np.float64),), dtype=kind, generator=source)


def binomial(count: Any, prob: Any, *, dtype: Any = None, generator: Any = None) -> Any:
    """Draw how many of ``count`` trials succeed, each with probability ``prob``; the two broadcast, and are values.

    >>> import dualflow as df
    >>> df.binomial(df.tensor([3.0, 5.0]), df.tensor([1.0, 0.0]))
    tensor([3., 0.])
    """
    trials, chances = _values("binomial", "the count", count), _values("binomial", "prob", prob)
    if not ((trials >= 0) & (trials == np.floor(trials))).all():
        raise _bad("binomial", "counts are whole numbers of at least 0")
    if not ((chances >= 0) & (chances <= 1)).all():
        raise _bad("binomial", "a probability lies between 0 and 1")
    try:
        shape = shapes.broadcast(trials.shape, chances.shape)
    except Misfit as misfit:
        raise _bad("binomial", misfit.reason, ShapeError) from None
    kind = dtypes.asdtype(dtype or dtypes.to_float(asarray(count).dtype))
    args = (trials.astype(np.int64), chances.astype(np.float64))
    return _draw(shape=shape, method="binomial", args=args, dtype=kind, generator=_source("binomial", generator))


def bernoulli(p: Any, *, generator: Any = None) -> Any:
    """Draw 1 with the probability that each element of ``p`` says, else 0, in its shape and dtype.

    >>> import dualflow as df
    >>> df.bernoulli(df.tensor([0.0, 1.0]))
    tensor([0., 1.])
    """
    p = asarray(p)
    kind = _real("bernoulli", p.dtype)
    return _chance(rand_like(p, dtype=kind, generator=_source("bernoulli", generator)), p).astype(kind)


def normal(mean: Any, std: Any = 1.0, size: Any = None, *, dtype: Any = None, generator: Any = None) -> Any:
    """Draw from the normal distribution; ``mean`` and ``std`` are tensors that broadcast, or numbers with a ``size``.

    Gradients flow into ``mean`` and ``std``.

    >>> import dualflow as df
    >>> df.normal(df.zeros(3), 2.0).shape, df.normal(0.0, 1.0, (2, 2)).shape
    ((3,), (2, 2))
    """
    from dualflow.ops import random

    numbers = all(x.__class__ in (int, float) for x in (mean, std))
    if numbers or size is not None:
        if not numbers or size is None:
            raise _bad("normal", "a size goes with numbers for mean and std, and only with them", DTypeError)
        if not std >= 0:
            raise _bad("normal", f"a standard deviation is at least 0, not {std}")
        kind = dtype or dtypes.float32
        return random.normal(*_sizes("normal", (size,)), mean=mean, std=std, dtype=kind, generator=generator)
    both = asarray(mean) * 0 + asarray(std) * 0
    return mean + std * random.randn_like(both, dtype=dtype or dtypes.to_float(both.dtype), generator=generator)


def multinomial(weights: Any, num_samples: int, replacement: bool = False, *, generator: Any = None) -> Any:
    """Draw ``num_samples`` indices (int64) in proportion to ``weights``, which lie along the last axis.

    (…, k) gives (…, num_samples). Without replacement at least so many weights must be positive.

    >>> import dualflow as df
    >>> df.multinomial(df.tensor([0.0, 1.0, 0.0]), 2, replacement=True)
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


def categorical(logits: Any, num_samples: int | None = None, *, generator: Any = None) -> Any:
    """Draw an index (int64) along the last axis in proportion to ``exp(logits)``; several with ``num_samples``.

    >>> import dualflow as df
    >>> df.random.categorical(df.tensor([[0.0, 1000.0], [1000.0, 0.0]]))
    tensor([1, 0])
    """
    from dualflow.ops.nn import softmax

    drawn = multinomial(softmax(asarray(logits), axis=-1), num_samples or 1, True, generator=generator)
    return drawn if num_samples is not None else drawn[..., 0]


def shuffle(x: Any, *, axis: int = 0, generator: Any = None) -> Any:
    """Return ``x`` with its parts along ``axis`` in a random order, the others as they are.

    >>> import dualflow as df
    >>> sorted(df.random.shuffle(df.tensor([3, 1, 2])).tolist())
    [1, 2, 3]
    """
    x = asarray(x)
    size = x.shape[shapes.normalize_axis(axis, x.ndim)] if x.ndim else None
    if size is None:
        raise _bad("shuffle", f"axis {axis} of shape {format_shape(x.shape)} has no known size", ShapeError)
    return take(x, permutation(size, generator=_source("shuffle", generator)), axis=axis)


def permutation_of(x: Any, *, generator: Any = None) -> Any:
    """Shuffle 0 … x-1 (int64) for a number, or a tensor along its first axis.

    >>> import dualflow as df
    >>> sorted(df.random.permutation(3).tolist()), df.random.permutation(df.zeros(3, 2)).shape
    ([0, 1, 2], (3, 2))
    """
    if isinstance(x, int | np.integer) or not hasattr(x, "shape"):
        return permutation(x, generator=generator)
    return shuffle(x, generator=generator)


def choice(
    x: Any,
    size: Sequence[int] | int = (),
    *,
    replace: bool = True,
    p: Any = None,
    axis: int = 0,
    generator: Any = None,
) -> Any:
    """Pick at random from 0 … x-1, or from the parts of a tensor along ``axis``, with weights ``p`` if given.

    >>> import dualflow as df
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


# ------------------------------------------------------------------------------- what tensors' in-place methods draw


def normal_like(x: Any, mean: float = 0.0, std: float = 1.0, *, generator: Any = None) -> Any:
    """Draw from the normal distribution in the shape and dtype of ``x``: what ``x.normal_()`` writes.

    >>> import dualflow as df
    >>> df.zeros(3).normal_(5.0, 0.0)
    tensor([5., 5., 5.])
    """
    if not std >= 0:
        raise _bad("normal_", f"a standard deviation is at least 0, not {std}")
    kind = _real("normal_", x.dtype)
    return _normal(x, mean=float(mean), std=float(std), dtype=kind, generator=_source("normal_", generator))


def uniform_like(x: Any, low: float = 0.0, high: float = 1.0, *, generator: Any = None) -> Any:
    """Draw uniformly from [low, high) in the shape and dtype of ``x``: what ``x.uniform_()`` writes.

    >>> import dualflow as df
    >>> bool((df.zeros(3).uniform_(2.0, 3.0) >= 2).all())
    True
    """
    if not low <= high:
        raise _bad("uniform_", f"low is at most high; there is nothing from {low} to {high}")
    kind = _real("uniform_", x.dtype)
    return _uniform(x, low=float(low), high=float(high), dtype=kind, generator=_source("uniform_", generator))


def bernoulli_into(x: Any, p: Any = 0.5, *, generator: Any = None) -> Any:
    """Draw 1 with probability ``p``, a number or a tensor, in the shape and dtype of ``x``: for ``x.bernoulli_()``.

    >>> import dualflow as df
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

    >>> import dualflow as df
    >>> bool((df.zeros(3).exponential_(2.0) >= 0).all())
    True
    """
    return _like(
        "exponential_", x, "exponential", (1 / _number("exponential_", "the rate", rate, positive=True),), generator
    )


def log_normal_like(x: Any, mean: float = 1.0, std: float = 2.0, *, generator: Any = None) -> Any:
    """Draw numbers whose logarithm is normal in the shape and dtype of ``x``: what ``x.log_normal_()`` writes.

    >>> import dualflow as df
    >>> bool((df.zeros(3).log_normal_() > 0).all())
    True
    """
    args = (_number("log_normal_", "the mean", mean), _number("log_normal_", "the deviation", std, positive=True))
    return _like("log_normal_", x, "lognormal", args, generator)


def cauchy_like(x: Any, loc: float = 0.0, scale: float = 1.0, *, generator: Any = None) -> Any:
    """Draw from the Cauchy distribution in the shape and dtype of ``x``: what ``x.cauchy_()`` writes.

    >>> import dualflow as df
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

    >>> import dualflow as df
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

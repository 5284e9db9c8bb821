"""Distributions beyond the uniform and the normal, drawn on the host in both worlds: see ``dualflow.core.generator``.

What is drawn has numbers for parameters. Where a parameter is a tensor, standard numbers are drawn and transformed by
ops that round alike in both worlds; the counts of ``poisson`` and ``binomial`` cannot be had so, and take values only.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from dualflow.core import dtypes, shapes
from dualflow.core.errors import DTypeError, DualflowError, Misfit, ShapeError, SymbolicValueError
from dualflow.core.names import public
from dualflow.core.op import primitive
from dualflow.ops.array.create import _finish, _sizes, asarray
from dualflow.ops.random import draws
from dualflow.ops.random.draws import _real, _source, _stream


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

    >>> from dualflow.core.op import VOCABULARY
    >>> VOCABULARY["draw"].call(df.zeros(3)).shape
    (3,)
    """
    sizes = shape if like is None else like.shape
    return _stream(generator).draw(method, args, sizes, dtypes.resolve(dtype))


def _bad(op: str, reason: str, kind: type[DualflowError] = DualflowError, hint: str = "") -> DualflowError:
    return kind(f"{op}: {reason}", hint=hint)


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


@public("random")
def exponential(
    *shape: Any, rate: float = 1.0, dtype: Any = dtypes.float32, generator: Any = None, requires_grad: bool = False
) -> Any:
    """Draw waiting times: density ``rate * exp(-rate x)``.

    >>> df.random.exponential(2, 3).shape
    (2, 3)
    """
    rate = _number("exponential", "the rate", rate, positive=True)
    return _drawn("exponential", shape, "exponential", (1 / rate,), dtype, generator, requires_grad)


@public("random")
def gamma(
    *shape: Any,
    concentration: float,
    rate: float = 1.0,
    dtype: Any = dtypes.float32,
    generator: Any = None,
    requires_grad: bool = False,
) -> Any:
    """Draw from the gamma distribution: density proportional to ``x ** (concentration - 1) * exp(-rate x)``.

    >>> df.random.gamma(2, 3, concentration=2.0).shape
    (2, 3)
    """
    args = (
        _number("gamma", "the concentration", concentration, positive=True),
        1 / _number("gamma", "the rate", rate, positive=True),
    )
    return _drawn("gamma", shape, "gamma", args, dtype, generator, requires_grad)


@public("random")
def beta(
    *shape: Any, a: float, b: float, dtype: Any = dtypes.float32, generator: Any = None, requires_grad: bool = False
) -> Any:
    """Draw from the beta distribution on (0, 1): density proportional to ``x ** (a - 1) * (1 - x) ** (b - 1)``.

    >>> df.random.beta(2, a=1.0, b=2.0).shape
    (2,)
    """
    args = (_number("beta", "a", a, positive=True), _number("beta", "b", b, positive=True))
    return _drawn("beta", shape, "beta", args, dtype, generator, requires_grad)


@public("random")
def laplace(
    *shape: Any,
    loc: float = 0.0,
    scale: float = 1.0,
    dtype: Any = dtypes.float32,
    generator: Any = None,
    requires_grad: bool = False,
) -> Any:
    """Draw from the Laplace distribution: density proportional to ``exp(-abs(x - loc) / scale)``.

    >>> df.random.laplace(3).shape
    (3,)
    """
    args = (_number("laplace", "loc", loc), _number("laplace", "the scale", scale, positive=True))
    return _drawn("laplace", shape, "laplace", args, dtype, generator, requires_grad)


@public("random")
def cauchy(
    *shape: Any,
    loc: float = 0.0,
    scale: float = 1.0,
    dtype: Any = dtypes.float32,
    generator: Any = None,
    requires_grad: bool = False,
) -> Any:
    """Draw from the Cauchy distribution around ``loc``.

    >>> df.random.cauchy(3).shape
    (3,)
    """
    args = (_number("cauchy", "loc", loc), _number("cauchy", "the scale", scale, positive=True))
    return _drawn("cauchy", shape, "cauchy", args, dtype, generator, requires_grad)


@public("random")
def log_normal(
    *shape: Any,
    mean: float = 0.0,
    std: float = 1.0,
    dtype: Any = dtypes.float32,
    generator: Any = None,
    requires_grad: bool = False,
) -> Any:
    """Draw numbers whose logarithm is normal with ``mean`` and ``std``.

    >>> df.random.log_normal(3).shape
    (3,)
    """
    args = (_number("log_normal", "the mean", mean), _number("log_normal", "the deviation", std, positive=True))
    return _drawn("log_normal", shape, "lognormal", args, dtype, generator, requires_grad)


@public("random")
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
            raise SymbolicValueError(
                f"{op}: {name} must be values, which are drawn from on the host; a symbol has none yet",
                operands=[(name, x)],
                hint="draw outside the graph and feed the numbers, or draw in eager mode",
            )
        return np.asarray(x)
    return np.asarray(made.detach().numpy())


@public("random")
def poisson(rates: Any, *, dtype: Any = None, generator: Any = None) -> Any:
    """Draw a count from the Poisson distribution for each of ``rates``, in their shape and dtype.

    The rates are values: a tensor, an array or a number, but no symbol.

    >>> df.random.poisson(df.zeros(2))
    tensor([0., 0.])
    """
    values = _values("poisson", "the rates", rates)
    if not (values >= 0).all():
        raise _bad("poisson", "rates are at least 0")
    kind = dtypes.asdtype(dtype or dtypes.to_float(asarray(rates).dtype))
    source = _source("poisson", generator)
    return _draw(shape=values.shape, method="poisson", args=(values.astype(np.float64),), dtype=kind, generator=source)


@public("random")
def binomial(count: Any, prob: Any, *, dtype: Any = None, generator: Any = None) -> Any:
    """Draw how many of ``count`` trials succeed, each with probability ``prob``; the two broadcast, and are values.

    >>> df.random.binomial(df.tensor([3.0, 5.0]), df.tensor([1.0, 0.0]))
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


def normal(mean: Any, std: Any = 1.0, size: Any = None, *, dtype: Any = None, generator: Any = None) -> Any:
    """Draw from the normal distribution; ``mean`` and ``std`` are tensors that broadcast, or numbers with a ``size``.

    Gradients flow into ``mean`` and ``std``.

    >>> df.torch.normal(df.zeros(3), 2.0).shape, df.torch.normal(0.0, 1.0, (2, 2)).shape
    ((3,), (2, 2))
    """
    numbers = all(x.__class__ in (int, float) for x in (mean, std))
    if numbers or size is not None:
        if not numbers or size is None:
            raise _bad("normal", "a size goes with numbers for mean and std, and only with them", DTypeError)
        if not std >= 0:
            raise _bad("normal", f"a standard deviation is at least 0, not {std}")
        kind = dtype or dtypes.float32
        return draws.normal(*_sizes("normal", (size,)), mean=mean, std=std, dtype=kind, generator=generator)
    both = asarray(mean) * 0 + asarray(std) * 0
    return mean + std * draws.randn_like(both, dtype=dtype or dtypes.to_float(both.dtype), generator=generator)

"""Random tensors. Drawn on the host in both worlds: see ``dualflow.core.generator``."""

from __future__ import annotations

import operator
from typing import Any

from dualflow.core import dtypes, shapes
from dualflow.core.errors import DTypeError
from dualflow.core.generator import Generator, default
from dualflow.core.names import public
from dualflow.core.op import primitive
from dualflow.ops.array.create import _finish, _sizes


def _stream(generator: Any) -> Generator:
    return default() if generator is None else generator


@primitive(shape=shapes.drawn, dtype="given", host=True, name="uniform")
def _uniform(
    xp: Any,
    like: Any = None,
    *,
    shape: Any = (),
    low: float = 0.0,
    high: float = 1.0,
    dtype: Any = dtypes.float32,
    generator: Any = None,
) -> Any:
    """Draw uniformly from [low, high): the primitive behind ``uniform`` and ``rand``.

    >>> from dualflow.core.op import VOCABULARY
    >>> VOCABULARY["uniform"].call(df.zeros(3)).shape
    (3,)
    """
    return _stream(generator).uniform(shape if like is None else like.shape, low, high, dtypes.resolve(dtype))


@primitive(shape=shapes.drawn, dtype="given", host=True, name="normal")
def _normal(
    xp: Any,
    like: Any = None,
    *,
    shape: Any = (),
    mean: float = 0.0,
    std: float = 1.0,
    dtype: Any = dtypes.float32,
    generator: Any = None,
) -> Any:
    """Draw from the normal distribution: the primitive behind ``normal`` and ``randn``.

    >>> from dualflow.core.op import VOCABULARY
    >>> VOCABULARY["normal"].call(df.zeros(3)).shape
    (3,)
    """
    return _stream(generator).normal(shape if like is None else like.shape, mean, std, dtypes.resolve(dtype))


@primitive(shape=shapes.drawn_whole, dtype="given", host=True, name="randint")
def _integers(
    xp: Any,
    like: Any = None,
    *,
    shape: Any = (),
    low: int = 0,
    high: int = 2,
    dtype: Any = dtypes.int64,
    generator: Any = None,
) -> Any:
    """Draw integers from [low, high): the primitive behind ``randint``.

    >>> from dualflow.core.op import VOCABULARY
    >>> VOCABULARY["randint"].call(df.zeros(3)).dtype
    dtype('int64')
    """
    shapes.drawn_whole(like, shape=shape, low=low, high=high, dtype=dtype)  # NumPy minds only if there are elements
    return _stream(generator).integers(shape if like is None else like.shape, low, high, dtypes.resolve(dtype))


@primitive(shape=shapes.drawn, dtype="given", host=True, name="bernoulli")
def _bernoulli(
    xp: Any, like: Any = None, *, shape: Any = (), p: float = 0.5, dtype: Any = dtypes.float32, generator: Any = None
) -> Any:
    """Draw 1 with probability ``p``: the primitive behind ``bernoulli`` and dropout.

    >>> from dualflow.core.op import VOCABULARY
    >>> VOCABULARY["bernoulli"].call(df.zeros(3), p=1.0)
    tensor([1., 1., 1.])
    """
    return _stream(generator).bernoulli(shape if like is None else like.shape, p, dtypes.resolve(dtype))


@primitive(shape=shapes.sized, dtype="given", host=True, name="permutation")
def _permutation(xp: Any, *, n: int, dtype: Any = dtypes.int64, generator: Any = None) -> Any:
    """Shuffle 0 … n-1: the primitive behind ``permutation``.

    >>> from dualflow.core.op import VOCABULARY
    >>> VOCABULARY["permutation"].call(n=3).shape
    (3,)
    """
    shapes.created(shape=(n,))  # NumPy takes a negative number for 0
    return _stream(generator).permutation(n).astype(dtypes.resolve(dtype), copy=False)


def _source(op: str, generator: Any) -> Any:
    """Refuse what is no generator now: a graph would only find out when it runs."""
    if generator is not None and not isinstance(generator, Generator):
        raise DTypeError(
            f"{op}: the generator must be a df.Generator, not {type(generator).__name__} {generator!r:.60}",
            hint="write generator=df.Generator(seed)",
        )
    return generator


def _real(op: str, dtype: Any) -> Any:
    """Refuse a dtype that cannot hold what is drawn: cast to integers, [0, 1) is all zeros."""
    dtype = dtypes.asdtype(dtype)
    if dtype.kind not in dtypes.REAL:
        raise DTypeError(
            f"{op}: draws floating numbers, not {dtype}", hint="give a floating dtype=…, or use df.randint"
        )
    return dtype


def _whole(op: str, name: str, value: Any) -> int:
    try:
        return operator.index(value)
    except TypeError:
        raise DTypeError(f"{op}: {name} must be an integer, not {value!r}") from None


def _unit(name: str, p: float) -> float:
    if not 0 <= p <= 1:
        raise ValueError(f"{name}: a probability lies between 0 and 1, not at {p}")
    return float(p)


@public("random")
def uniform(
    shape: Any = (),
    *sizes: Any,
    low: float = 0.0,
    high: float = 1.0,
    dtype: Any = dtypes.float32,
    generator: Any = None,
    requires_grad: bool = False,
) -> Any:
    """Draw uniformly from [low, high).

    >>> df.random.uniform((2, 3)).shape
    (2, 3)
    """
    if not low <= high:
        raise ValueError(f"uniform: low is at most high; there is nothing from {low} to {high}")
    shape, source = _sizes("uniform", (shape, *sizes)), _source("uniform", generator)
    made = _uniform(shape=shape, low=low, high=high, dtype=_real("uniform", dtype), generator=source)
    return _finish(made, requires_grad)


@public("random")
def normal(
    shape: Any = (),
    *sizes: Any,
    mean: float = 0.0,
    std: float = 1.0,
    dtype: Any = dtypes.float32,
    generator: Any = None,
    requires_grad: bool = False,
) -> Any:
    """Draw from the normal distribution with ``mean`` and standard deviation ``std``.

    >>> df.random.normal((2, 3)).shape
    (2, 3)
    """
    if not std >= 0:
        raise ValueError(f"normal: a standard deviation is at least 0, not {std}")
    shape, source = _sizes("normal", (shape, *sizes)), _source("normal", generator)
    made = _normal(shape=shape, mean=mean, std=std, dtype=_real("normal", dtype), generator=source)
    return _finish(made, requires_grad)


@public("random")
def bernoulli(shape: Any = (), *sizes: Any, p: float = 0.5, dtype: Any = dtypes.float32, generator: Any = None) -> Any:
    """Draw 1 with probability ``p``, else 0.

    >>> df.random.bernoulli(4, p=0.0)
    tensor([0., 0., 0., 0.])
    """
    shape, source = _sizes("bernoulli", (shape, *sizes)), _source("bernoulli", generator)
    return _bernoulli(shape=shape, p=_unit("bernoulli", p), dtype=dtypes.asdtype(dtype), generator=source)


@public("random")
def bernoulli_like(x: Any, p: float = 0.5, *, dtype: Any = None, generator: Any = None) -> Any:
    """Draw 1 with probability ``p``, else 0, in the shape of ``x``.

    >>> df.random.bernoulli_like(df.zeros(2), 1.0)
    tensor([1., 1.])
    """
    source = _source("bernoulli_like", generator)
    return _bernoulli(x, p=_unit("bernoulli_like", p), dtype=dtypes.asdtype(dtype or x.dtype), generator=source)


def permutation(n: int, *, generator: Any = None) -> Any:
    """Shuffle 0 … n-1 (int64).

    >>> sorted(df.random.permutation(3).tolist())
    [0, 1, 2]
    """
    return _permutation(n=_whole("permutation", "n", n), generator=_source("permutation", generator))


@public("df random")
def rand(
    shape: Any = (), *sizes: Any, dtype: Any = dtypes.float32, generator: Any = None, requires_grad: bool = False
) -> Any:
    """Draw uniformly from [0, 1), as PyTorch's ``rand``.

    >>> df.rand(2, 3).shape
    (2, 3)
    """
    return uniform(shape, *sizes, dtype=dtype, generator=generator, requires_grad=requires_grad)


@public("df random")
def randn(
    shape: Any = (), *sizes: Any, dtype: Any = dtypes.float32, generator: Any = None, requires_grad: bool = False
) -> Any:
    """Draw from the standard normal distribution, as PyTorch's ``randn``.

    >>> df.randn(2, 3).shape
    (2, 3)
    """
    return normal(shape, *sizes, dtype=dtype, generator=generator, requires_grad=requires_grad)


@public("df random:integers random")
def randint(
    low: int, high: int | None = None, size: Any = (), *, dtype: Any = dtypes.int64, generator: Any = None
) -> Any:
    """Draw integers from [low, high), or from [0, low) when ``high`` is left out.

    >>> df.randint(5, 6, (3,))
    tensor([5, 5, 5])
    """
    if high is None:
        low, high = 0, low
    sizes, source = _sizes("randint", (size,)), _source("randint", generator)
    low, high = _whole("randint", "low", low), _whole("randint", "high", high)
    return _integers(shape=sizes, low=low, high=high, dtype=dtypes.asdtype(dtype), generator=source)


@public("df random")
def randperm(n: int, *, generator: Any = None) -> Any:
    """Shuffle 0 … n-1 (int64), as PyTorch's ``randperm``.

    >>> df.randperm(4).shape
    (4,)
    """
    return permutation(n, generator=generator)


@public("df random")
def rand_like(x: Any, *, dtype: Any = None, generator: Any = None) -> Any:
    """Draw uniformly from [0, 1) in the shape of ``x``.

    >>> df.rand_like(df.zeros(2, 2)).shape
    (2, 2)
    """
    return _uniform(x, dtype=_real("rand_like", dtype or x.dtype), generator=_source("rand_like", generator))


@public("df random")
def randn_like(x: Any, *, dtype: Any = None, generator: Any = None) -> Any:
    """Draw from the standard normal distribution in the shape of ``x``.

    >>> df.randn_like(df.zeros(2, 2)).shape
    (2, 2)
    """
    return _normal(x, dtype=_real("randn_like", dtype or x.dtype), generator=_source("randn_like", generator))


__all__ = [
    "bernoulli",
    "bernoulli_like",
    "normal",
    "permutation",
    "rand",
    "rand_like",
    "randint",
    "randn",
    "randn_like",
    "randperm",
    "uniform",
]

"""Random numbers: one seed, the same numbers in both worlds.

Everything is drawn on the host by NumPy from a counter-based Philox stream, in eager at once, in a graph
at each run and then fed to the compiled step. Tried instead: Philox written in jax.numpy gives the same bits
but takes 126 ms for 2**20 words where NumPy takes 6; feeding costs neither equality nor speed. So
integers, uniforms and normals are equal to the bit in both worlds.
"""

from __future__ import annotations

import contextlib
import functools
import math
import os
import threading
from collections.abc import Iterator
from typing import Any

import numpy as np

from dualflow.core.errors import GraphError
from dualflow.core.mode import current


class Generator:
    """A stream of random numbers with a seed, of its own or shared; safe to use from several threads.

    >>> a, b = df.Generator(7), df.Generator(7)
    >>> bool((a.permutation(5) == b.permutation(5)).all())
    True
    """

    def __init__(self, seed: int | None = None) -> None:
        self._lock = threading.Lock()
        self.manual_seed(int.from_bytes(os.urandom(8)) >> 1 if seed is None else seed)

    def manual_seed(self, seed: int) -> Generator:
        """Start the stream again from ``seed`` (an integer of at least 0) and return the generator."""
        if isinstance(seed, bool) or not isinstance(seed, int | np.integer) or seed < 0:
            raise ValueError(f"a seed is an integer of at least 0, not {seed!r}")
        graph = current().graph
        if graph is not None and graph.tracing:
            raise GraphError(
                "manual_seed: a generator is made or seeded inside a traced function: once, when it is traced, and not "
                "in each call as in eager",
                hint="make generators, and seed them, outside the function",
            )
        self._seed = int(seed)
        self._children = 0
        self.__dict__.pop("_numpy", None)
        return self

    @functools.cached_property
    def _numpy(self) -> np.random.Generator:
        # made at the first draw: importing numpy.random takes 20 ms of `import dualflow`
        return np.random.Generator(np.random.Philox(self._seed))

    @property
    def initial_seed(self) -> int:
        """The seed that the stream started from."""
        return self._seed

    def __getstate__(self) -> dict[str, Any]:
        return {
            "seed": self._seed,
            "state": self.get_state(),
            "children": self._children,
        }  # the lock is each generator's own

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__init__(state["seed"])  # type: ignore[misc]
        self.set_state(state["state"])
        self._children = state.get("children", 0)

    def get_state(self) -> dict[str, Any]:
        """Return the place in the stream, to come back to with ``set_state``."""
        with self._lock:
            return dict(self._numpy.bit_generator.state)

    def set_state(self, state: dict[str, Any]) -> None:
        """Go back to a place that ``get_state`` gave."""
        with self._lock:
            self._numpy.bit_generator.state = state

    def spawn(self, n: int) -> list[Generator]:
        """Make ``n`` generators whose streams are independent of this one and of each other; others at the next call.

        >>> a, b = df.Generator(7).spawn(2)
        >>> a.initial_seed != b.initial_seed
        True
        """
        with self._lock:
            first, self._children = self._children, self._children + n
        seeds = [np.random.SeedSequence(self._seed, spawn_key=(i,)) for i in range(first, first + n)]
        return [Generator(int.from_bytes(seed.generate_state(4).tobytes(), "little")) for seed in seeds]

    def draw(self, method: str, args: tuple[Any, ...], shape: tuple[int, ...], dtype: np.dtype) -> np.ndarray:
        """Draw by a method of NumPy's generator, or a truncated normal, as a NumPy array of ``dtype``."""
        with self._lock:
            if method == "cauchy":
                loc, scale = args
                drawn = loc + scale * self._numpy.standard_cauchy(shape)
            elif method == "truncated_normal":
                drawn = self._truncated(shape, *args)
            else:
                drawn = getattr(self._numpy, method)(*args, size=shape)
        found = np.asarray(drawn).astype(dtype, copy=False)
        if method == "truncated_normal":  # rounding must not leave the interval
            found = np.clip(found, *(np.asarray(args[2:]).astype(dtype)))
        return found

    def _truncated(self, shape: tuple[int, ...], mean: float, std: float, low: float, high: float) -> np.ndarray:
        """Draw again whatever lies outside; in a narrow or far interval, from a uniform with rejection."""
        a, b = (low - mean) / std, (high - mean) / std
        out = np.empty(math.prod(shape))
        todo = np.arange(out.size)
        wide = a < 0 < b and b - a > 2.5
        peak = 0.0 if a <= 0 <= b else min(abs(a), abs(b))
        if not wide:  # the density falls by e from the peak in about 1 / peak
            reach = min(b - a, 40.0 / max(peak, 1.0))
            a, b = (a, a + reach) if a > 0 else (b - reach, b) if b < 0 else (max(a, -9.0), min(b, 9.0))
        while todo.size:
            if wide:
                tried = self._numpy.standard_normal(todo.size)
                good = (tried >= a) & (tried <= b)
            else:
                tried = a + (b - a) * self._numpy.random(todo.size)
                good = self._numpy.random(todo.size) <= np.exp((peak * peak - tried * tried) / 2)
            out[todo[good]] = tried[good]
            todo = todo[~good]
        return np.asarray(mean + std * out.reshape(shape))

    def uniform(self, shape: tuple[int, ...], low: float, high: float, dtype: np.dtype) -> np.ndarray:
        """Draw from [low, high) as a NumPy array."""
        with self._lock:
            drawn = self._numpy.random(shape, dtype=_drawable(dtype))
        if (low, high) != (0.0, 1.0):
            drawn *= drawn.dtype.type(high - low)
            drawn += drawn.dtype.type(low)
        elif drawn.dtype == dtype:
            return drawn
        drawn = drawn.astype(dtype, copy=False)
        last = np.nextafter(drawn.dtype.type(high), drawn.dtype.type(low))  # rounding must not reach `high`
        return np.asarray(np.minimum(drawn, last))

    def normal(self, shape: tuple[int, ...], mean: float, std: float, dtype: np.dtype) -> np.ndarray:
        """Draw from the normal distribution as a NumPy array."""
        with self._lock:
            drawn = self._numpy.standard_normal(shape, dtype=_drawable(dtype))
        if std != 1.0:
            drawn *= drawn.dtype.type(std)
        if mean != 0.0:
            drawn += drawn.dtype.type(mean)
        return drawn.astype(dtype, copy=False)

    def integers(self, shape: tuple[int, ...], low: int, high: int, dtype: np.dtype) -> np.ndarray:
        """Draw integers from [low, high) as a NumPy array."""
        with self._lock:
            return self._numpy.integers(low, high, shape, dtype=dtype)

    def bernoulli(self, shape: tuple[int, ...], p: float, dtype: np.dtype) -> np.ndarray:
        """Draw 1 with probability ``p``, else 0, as a NumPy array.

        16 bits of the stream decide an element, unless they are the first 16 of ``p`` itself: then a uniform
        number decides by the rest of ``p``. A mask of 64×100 takes 10 µs rather than the 22 of 32 bits each.
        """
        found = np.empty(shape, np.bool_)
        flat = found.reshape(-1)
        rest, first = math.modf(float(p) * 65536)
        with self._lock:
            words = self._numpy.bit_generator.random_raw(-(-flat.size // 4)).astype("<u8", copy=False)
            bits = words.view("<u2")[: flat.size]
            np.less(bits, int(first), out=flat)
            if rest:
                ties = bits == int(first)
                flat[ties] = self._numpy.random(np.count_nonzero(ties)) < rest
        return found.astype(dtype)

    def permutation(self, n: int) -> np.ndarray:
        """Shuffle 0 … n-1 into an int64 NumPy array."""
        with self._lock:
            return self._numpy.permutation(n)


def _drawable(dtype: np.dtype) -> Any:
    return np.float64 if dtype == np.float64 else np.float32


default_generator = Generator()


def manual_seed(seed: int) -> Generator:
    """Seed the stream that everything without a generator of its own draws from.

    >>> _ = df.manual_seed(0)
    >>> a = df.rand(3)
    >>> _ = df.manual_seed(0)
    >>> bool((a == df.rand(3)).all())
    True
    """
    return default_generator.manual_seed(seed)


def initial_seed() -> int:
    """Return the seed that the default stream started from.

    >>> _ = df.manual_seed(3)
    >>> df.random.initial_seed()
    3
    """
    return default_generator.initial_seed


def get_rng_state() -> dict[str, Any]:
    """Return the place in the default stream, to come back to with ``set_rng_state``.

    >>> place = df.get_rng_state()
    >>> a = df.rand(3)
    >>> df.set_rng_state(place)
    >>> bool((a == df.rand(3)).all())
    True
    """
    return default_generator.get_state()


def set_rng_state(state: dict[str, Any]) -> None:
    """Go back to a place in the default stream that ``get_rng_state`` gave.

    >>> df.set_rng_state(df.get_rng_state())
    """
    default_generator.set_state(state)


@contextlib.contextmanager
def fork_rng() -> Iterator[None]:
    """Put the default stream back, at the end of a ``with`` block, to where it was at the start.

    >>> with df.random.fork_rng():
    ...     a = df.rand(3)
    >>> bool((a == df.rand(3)).all())
    True
    """
    seed, state, children = default_generator._seed, default_generator.get_state(), default_generator._children
    try:
        yield
    finally:
        default_generator._seed, default_generator._children = seed, children
        default_generator.set_state(state)


def default() -> Generator:
    """Return the generator that is used when none is given."""
    return default_generator

"""Random numbers: one seed, the same numbers in both worlds.

Everything is drawn on the host by NumPy from a counter-based Philox stream, in eager at once, in a graph
at each run and then fed to the compiled step. Tried instead: Philox written in jax.numpy gives the same bits
but takes 126 ms for 2**20 words where NumPy takes 6; feeding costs neither equality nor speed. So
integers, uniforms and normals are equal to the bit in both worlds.
"""

from __future__ import annotations

import functools
import math
import os
import threading
from typing import Any

import numpy as np


class Generator:
    """A stream of random numbers with a seed, of its own or shared; safe to use from several threads.

    >>> a, b = Generator(7), Generator(7)
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
        self._seed = int(seed)
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
        return {"seed": self._seed, "state": self.get_state()}  # the lock is each generator's own

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__init__(state["seed"])  # type: ignore[misc]
        self.set_state(state["state"])

    def get_state(self) -> dict[str, Any]:
        """Return the place in the stream, to come back to with ``set_state``."""
        with self._lock:
            return dict(self._numpy.bit_generator.state)

    def set_state(self, state: dict[str, Any]) -> None:
        """Go back to a place that ``get_state`` gave."""
        with self._lock:
            self._numpy.bit_generator.state = state

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

    >>> import dualflow as df
    >>> _ = df.manual_seed(0)
    >>> a = df.rand(3)
    >>> _ = df.manual_seed(0)
    >>> bool((a == df.rand(3)).all())
    True
    """
    return default_generator.manual_seed(seed)


def default() -> Generator:
    """Return the generator that is used when none is given."""
    return default_generator

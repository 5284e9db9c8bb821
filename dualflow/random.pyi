# Made by docs/tools/make_stubs.py from the cards; do not edit.
import builtins
from collections.abc import Callable, Iterator, Sequence
from typing import Any, ParamSpec, TypeVar, overload

import numpy as np

from dualflow.tensors.typing import DTypeLike as DTypeLike, Tensor as Tensor, TensorLike as TensorLike
from dualflow.core.generator import Generator as Generator
from dualflow.core.generator import default_generator as default_generator
from dualflow.core.generator import fork_rng as fork_rng
from dualflow.core.generator import get_rng_state as get_rng_state
from dualflow.core.generator import initial_seed as initial_seed
from dualflow.core.generator import manual_seed as manual_seed
from dualflow.core.generator import set_rng_state as set_rng_state

def bernoulli(shape: builtins.int | Sequence[builtins.int] = ..., *sizes: builtins.int | Sequence[builtins.int], p: TensorLike | None = ..., dtype: DTypeLike | None = ..., generator: Generator | None = ...) -> Tensor:
    """Draw 1 with probability ``p``, else 0."""
def bernoulli_like(x: TensorLike, p: TensorLike | None = ..., *, dtype: DTypeLike | None = ..., generator: Generator | None = ...) -> Tensor:
    """Draw 1 with probability ``p``, else 0, in the shape of ``x``."""
def beta(*shape: builtins.int | Sequence[builtins.int], a: Any, b: Any, dtype: DTypeLike | None = ..., generator: Generator | None = ..., requires_grad: builtins.bool = ...) -> Tensor:
    """Draw from the beta distribution on (0, 1): density proportional to ``x ** (a - 1) * (1 - x) ** (b - 1)``."""
def binomial(count: TensorLike, prob: TensorLike, *, dtype: DTypeLike | None = ..., generator: Generator | None = ...) -> Tensor:
    """Draw how many of ``count`` trials succeed, each with probability ``prob``; the two broadcast, and are values."""
def categorical(logits: TensorLike, num_samples: builtins.int | None = ..., *, generator: Generator | None = ...) -> Tensor:
    """Draw an index (int64) along the last axis in proportion to ``exp(logits)``; several with ``num_samples``."""
def cauchy(*shape: builtins.int | Sequence[builtins.int], loc: TensorLike = ..., scale: TensorLike = ..., dtype: DTypeLike | None = ..., generator: Generator | None = ..., requires_grad: builtins.bool = ...) -> Tensor:
    """Draw from the Cauchy distribution around ``loc``."""
def choice(x: TensorLike, size: builtins.int | Sequence[builtins.int] = ..., *, replace: builtins.bool = ..., p: TensorLike | None = ..., axis: builtins.int | Sequence[builtins.int] | None = ..., generator: Generator | None = ...) -> Tensor:
    """Pick at random from 0 … x-1, or from the parts of a tensor along ``axis``, with weights ``p`` if given."""
def exponential(*shape: builtins.int | Sequence[builtins.int], rate: TensorLike = ..., dtype: DTypeLike | None = ..., generator: Generator | None = ..., requires_grad: builtins.bool = ...) -> Tensor:
    """Draw waiting times: density ``rate * exp(-rate x)``."""
def gamma(*shape: builtins.int | Sequence[builtins.int], concentration: Any, rate: TensorLike = ..., dtype: DTypeLike | None = ..., generator: Generator | None = ..., requires_grad: builtins.bool = ...) -> Tensor:
    """Draw from the gamma distribution: density proportional to ``x ** (concentration - 1) * exp(-rate x)``."""
def integers(low: TensorLike, high: TensorLike = ..., size: builtins.int | Sequence[builtins.int] = ..., *, dtype: DTypeLike | None = ..., generator: Generator | None = ...) -> Tensor:
    """Draw integers from [low, high), or from [0, low) when ``high`` is left out."""
def laplace(*shape: builtins.int | Sequence[builtins.int], loc: TensorLike = ..., scale: TensorLike = ..., dtype: DTypeLike | None = ..., generator: Generator | None = ..., requires_grad: builtins.bool = ...) -> Tensor:
    """Draw from the Laplace distribution: density proportional to ``exp(-abs(x - loc) / scale)``."""
def log_normal(*shape: builtins.int | Sequence[builtins.int], mean: TensorLike = ..., std: TensorLike = ..., dtype: DTypeLike | None = ..., generator: Generator | None = ..., requires_grad: builtins.bool = ...) -> Tensor:
    """Draw numbers whose logarithm is normal with ``mean`` and ``std``."""
def multinomial(weights: TensorLike, num_samples: builtins.int, replacement: builtins.bool = ..., *, generator: Generator | None = ...) -> Tensor:
    """Draw ``num_samples`` indices (int64) in proportion to ``weights``, which lie along the last axis."""
def normal(shape: builtins.int | Sequence[builtins.int] = ..., *sizes: builtins.int | Sequence[builtins.int], mean: TensorLike = ..., std: TensorLike = ..., dtype: DTypeLike | None = ..., generator: Generator | None = ..., requires_grad: builtins.bool = ...) -> Tensor:
    """Draw from the normal distribution with ``mean`` and standard deviation ``std``."""
def permutation(x: TensorLike, *, generator: Generator | None = ...) -> Tensor:
    """Shuffle 0 … x-1 (int64) for a number, or a tensor along its first axis."""
def poisson(rates: TensorLike, *, dtype: DTypeLike | None = ..., generator: Generator | None = ...) -> Tensor:
    """Draw a count from the Poisson distribution for each of ``rates``, in their shape and dtype."""
def rand(shape: builtins.int | Sequence[builtins.int] = ..., *sizes: builtins.int | Sequence[builtins.int], dtype: DTypeLike | None = ..., generator: Generator | None = ..., requires_grad: builtins.bool = ...) -> Tensor:
    """Draw uniformly from [0, 1), as PyTorch's ``rand``."""
def rand_like(x: TensorLike, *, dtype: DTypeLike | None = ..., generator: Generator | None = ...) -> Tensor:
    """Draw uniformly from [0, 1) in the shape of ``x``."""
def randint(low: TensorLike, high: TensorLike = ..., size: builtins.int | Sequence[builtins.int] = ..., *, dtype: DTypeLike | None = ..., generator: Generator | None = ...) -> Tensor:
    """Draw integers from [low, high), or from [0, low) when ``high`` is left out."""
def randn(shape: builtins.int | Sequence[builtins.int] = ..., *sizes: builtins.int | Sequence[builtins.int], dtype: DTypeLike | None = ..., generator: Generator | None = ..., requires_grad: builtins.bool = ...) -> Tensor:
    """Draw from the standard normal distribution, as PyTorch's ``randn``."""
def randn_like(x: TensorLike, *, dtype: DTypeLike | None = ..., generator: Generator | None = ...) -> Tensor:
    """Draw from the standard normal distribution in the shape of ``x``."""
def randperm(n: builtins.int, *, generator: Generator | None = ...) -> Tensor:
    """Shuffle 0 … n-1 (int64), as PyTorch's ``randperm``."""
def shuffle(x: TensorLike, *, axis: builtins.int | Sequence[builtins.int] | None = ..., generator: Generator | None = ...) -> Tensor:
    """Return ``x`` with its parts along ``axis`` in a random order, the others as they are."""
def truncated_normal(*shape: builtins.int | Sequence[builtins.int], mean: TensorLike = ..., std: TensorLike = ..., low: TensorLike = ..., high: TensorLike = ..., dtype: DTypeLike | None = ..., generator: Generator | None = ..., requires_grad: builtins.bool = ...) -> Tensor:
    """Draw from the normal distribution, only what lies in [low, high]."""
def uniform(shape: builtins.int | Sequence[builtins.int] = ..., *sizes: builtins.int | Sequence[builtins.int], low: TensorLike = ..., high: TensorLike = ..., dtype: DTypeLike | None = ..., generator: Generator | None = ..., requires_grad: builtins.bool = ...) -> Tensor:
    """Draw uniformly from [low, high)."""

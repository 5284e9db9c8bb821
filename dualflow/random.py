"""``df.random``: the generators and the functions that draw, under one name."""

from dualflow.generator import Generator, default_generator, manual_seed
from dualflow.ops.random import (
    bernoulli,
    bernoulli_like,
    normal,
    permutation,
    rand,
    rand_like,
    randint,
    randn,
    randn_like,
    randperm,
    uniform,
)

__all__ = [
    "Generator",
    "bernoulli",
    "bernoulli_like",
    "default_generator",
    "manual_seed",
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

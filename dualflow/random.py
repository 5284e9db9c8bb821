"""``df.random``: the generators and the functions that draw, under one name."""

from dualflow.core.generator import (
    Generator,
    default_generator,
    fork_rng,
    get_rng_state,
    initial_seed,
    manual_seed,
    set_rng_state,
)
from dualflow.core.names import SPACES

globals().update(SPACES["random"])
__all__ = [
    "Generator",
    "default_generator",
    "fork_rng",
    "get_rng_state",
    "initial_seed",
    "manual_seed",
    "set_rng_state",
    *SPACES["random"],
]

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
from dualflow.ops.random.distributions import (
    beta,
    binomial,
    cauchy,
    exponential,
    gamma,
    laplace,
    log_normal,
    poisson,
    truncated_normal,
)
from dualflow.ops.random.draws import (
    bernoulli,
    bernoulli_like,
    normal,
    rand,
    rand_like,
    randint,
    randn,
    randn_like,
    randperm,
    uniform,
)
from dualflow.ops.random.sampling import categorical, choice, multinomial, shuffle
from dualflow.ops.random.sampling import permutation_of as permutation

integers = randint

__all__ = [
    "Generator",
    "bernoulli",
    "bernoulli_like",
    "beta",
    "binomial",
    "categorical",
    "cauchy",
    "choice",
    "default_generator",
    "exponential",
    "fork_rng",
    "gamma",
    "get_rng_state",
    "initial_seed",
    "integers",
    "laplace",
    "log_normal",
    "manual_seed",
    "multinomial",
    "normal",
    "permutation",
    "poisson",
    "rand",
    "rand_like",
    "randint",
    "randn",
    "randn_like",
    "randperm",
    "set_rng_state",
    "shuffle",
    "truncated_normal",
    "uniform",
]

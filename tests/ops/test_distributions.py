"""What is drawn beyond uniform and normal numbers: moments, equality of the worlds, refusals, streams."""

import copy
import pickle

import numpy as np
import pytest

import dualflow as df
from dualflow.core.errors import DTypeError, DualflowError, GraphError, ShapeError, SymbolicValueError

N = 40_000
MOMENTS = {
    "exponential": ({"rate": 2.0}, 0.5, 0.25),
    "gamma": ({"concentration": 3.0, "rate": 2.0}, 1.5, 0.75),
    "beta": ({"a": 2.0, "b": 3.0}, 0.4, 0.04),
    "laplace": ({"loc": 1.0, "scale": 2.0}, 1.0, 8.0),
    "log_normal": ({"mean": 0.0, "std": 0.5}, np.exp(0.125), (np.exp(0.25) - 1) * np.exp(0.25)),
    "truncated_normal": ({"low": -1.0, "high": 1.0}, 0.0, 0.291125),
}


@pytest.mark.parametrize("name", MOMENTS)
def test_moments_are_those_of_the_distribution(name):
    """Within six standard errors, of the variance by a bound on the fourth moment that all of these keep."""
    params, mean, variance = MOMENTS[name]
    drawn = getattr(df.random, name)(N, dtype=df.float64, generator=df.Generator(1), **params).numpy()
    assert abs(drawn.mean() - mean) < 6 * np.sqrt(variance / N)
    assert abs(drawn.var() / variance - 1) < 6 * np.sqrt(40 / N)


@pytest.mark.parametrize("low, high", [(-1, 1), (-0.1, 0.2), (3, 4), (6, np.inf), (-9, -6), (-np.inf, 0), (0, 30)])
def test_truncated_normals_stay_inside_and_have_the_right_mean(low, high):
    drawn = df.random.truncated_normal(N, low=low, high=high, dtype=df.float64, generator=df.Generator(2)).numpy()
    assert low <= drawn.min() and drawn.max() <= high
    a, b = max(low, -40), min(high, 40)
    grid = np.linspace(a, b, 2_000_001)
    density = np.exp(-(grid**2 - min(grid**2)) / 2)
    mean = (grid * density).sum() / density.sum()
    assert abs(drawn.mean() - mean) < 6 * drawn.std() / np.sqrt(N) + 1e-4


def test_counts_and_coins():
    g = df.Generator(3)
    rates = df.tensor([0.5, 4.0, 30.0])
    drawn = df.random.poisson(rates * df.ones(N, 1), generator=g).numpy()
    np.testing.assert_allclose(drawn.mean(axis=0), rates.numpy(), rtol=0.05)
    assert drawn.dtype == np.float32
    drawn = df.random.binomial(df.full((N,), 10.0), 0.3, generator=g).numpy()
    assert abs(drawn.mean() - 3) < 0.1
    drawn = df.torch.bernoulli(df.full((N,), 0.3), generator=g).numpy()
    assert abs(drawn.mean() - 0.3) < 0.02


def test_multinomial_follows_its_weights():
    weights = df.tensor([[1.0, 2.0, 0.0, 5.0], [1.0, 0.0, 0.0, 1.0]])
    drawn = df.random.multinomial(weights, N, True, generator=df.Generator(4)).numpy()
    shares = np.stack([(drawn == k).mean(axis=1) for k in range(4)], 1)
    np.testing.assert_allclose(shares, weights.numpy() / weights.numpy().sum(1, keepdims=True), atol=0.02)
    for seed in range(20):
        drawn = df.random.multinomial(weights, 2, generator=df.Generator(seed)).numpy()
        assert sorted(drawn[1]) == [0, 3] and drawn[0, 0] != drawn[0, 1] and 2 not in drawn
    picked = df.random.categorical(df.tensor([0.0, np.log(3.0)]), N, generator=df.Generator(5)).numpy()
    assert abs(picked.mean() - 0.75) < 0.02


STEPS = {
    "exponential": lambda x, g: df.random.exponential(3, generator=g),
    "truncated_normal": lambda x, g: df.random.truncated_normal(3, generator=g),
    "gamma": lambda x, g: df.random.gamma(3, concentration=0.5, generator=g),
    "bernoulli": lambda x, g: df.torch.bernoulli(x, generator=g),
    "multinomial": lambda x, g: df.random.multinomial(x, 2, generator=g),
    "multinomial with replacement": lambda x, g: df.random.multinomial(x, 5, True, generator=g),
    "choice": lambda x, g: df.random.choice(x, 4, generator=g),
    "choice weighted": lambda x, g: df.random.choice(x, 2, p=x, replace=False, generator=g),
    "shuffle": lambda x, g: df.random.shuffle(x, generator=g),
    "permutation": lambda x, g: df.random.permutation(x, generator=g),
    "poisson": lambda x, g: df.random.poisson(3.0 * np.ones(3), generator=g),
}


@pytest.mark.parametrize("name", STEPS)
def test_both_worlds_draw_the_same_bits_afresh_at_each_run(name):
    x = df.tensor([0.2, 0.3, 0.5])
    ours, theirs = df.Generator(9), df.Generator(9)
    eager = [STEPS[name](x, ours).numpy() for _ in range(3)]
    assert not all(np.array_equal(eager[0], e) for e in eager) or eager[0].size < 3
    with df.mode("graph"):
        step = df.function(lambda x: STEPS[name](x, theirs))
        for expected in eager:
            np.testing.assert_array_equal(step(x).numpy(), expected, strict=True)


def test_normal_takes_tensors_and_gives_them_gradients():
    mean, std = df.zeros(3, requires_grad=True), df.ones(2, 1, requires_grad=True)
    drawn = df.torch.normal(mean, std, generator=df.Generator(1))
    assert drawn.shape == (2, 3)
    drawn.sum().backward()
    assert mean.grad.tolist() == [2, 2, 2]
    np.testing.assert_allclose(std.grad.numpy(), drawn.detach().numpy().sum(1, keepdims=True), rtol=1e-6)


def test_in_place_methods_draw():
    for name, args in (
        ("normal_", ()),
        ("uniform_", (2.0, 3.0)),
        ("bernoulli_", (0.5,)),
        ("exponential_", ()),
        ("random_", (5,)),
        ("log_normal_", ()),
        ("cauchy_", ()),
    ):
        x = df.zeros(50)
        assert getattr(x, name)(*args, generator=df.Generator(1)) is x
        assert np.unique(x.numpy()).size > 1, name
        y = df.zeros(50)

        twin = df.Generator(1)

        def step(x, name=name, args=args, generator=twin):
            return getattr(x, name)(*args, generator=generator)

        if name != "random_":
            with df.mode("graph"):
                variable = df.Variable(y, trainable=False)
                df.function(lambda variable=variable: step(variable))()
            np.testing.assert_array_equal(variable.numpy(), x.numpy(), err_msg=name)
    assert df.zeros(9, dtype=df.int64).random_(3).numpy().max() < 3
    with pytest.raises(df.errors.InPlaceError, match="normal_"):
        df.zeros(2, requires_grad=True).normal_()


@pytest.mark.parametrize(
    "call, kind, words",
    [
        (lambda: df.random.exponential(2, rate=0.0), DualflowError, "exponential: the rate must be positive"),
        (lambda: df.random.gamma(2, concentration="x"), DTypeError, "gamma: the concentration must be a number"),
        (lambda: df.random.beta(2, a=1.0, b=-1.0), DualflowError, "beta: b must be positive"),
        (lambda: df.random.exponential(2, dtype=df.int64), DTypeError, "exponential: draws floating"),
        (lambda: df.random.truncated_normal(2, low=1.0, high=1.0), DualflowError, "truncated_normal: low is less"),
        (lambda: df.random.poisson(df.tensor([-1.0])), DualflowError, "poisson: rates are at least 0"),
        (lambda: df.random.binomial(1.5, 0.5), DualflowError, "binomial: counts are whole"),
        (lambda: df.torch.bernoulli(df.tensor([2.0])), DualflowError, "bernoulli_tensor: a probability lies"),
        (lambda: df.random.multinomial(df.tensor([1.0, 0.0]), 2), DualflowError, "multinomial: weights are finite"),
        (lambda: df.random.multinomial(df.tensor([1.0, -1.0]), 1), DualflowError, "weights are finite"),
        (lambda: df.random.multinomial(df.tensor([1.0, 1.0]), 0), ShapeError, "multinomial: draw one at least"),
        (lambda: df.random.choice(3, 4, replace=False), ShapeError, "choice: 4 cannot be picked from 3"),
        (lambda: df.random.shuffle(df.tensor(1.0)), ShapeError, "shuffle: axis 0"),
        (lambda: df.random.categorical(df.tensor(1.0)), ShapeError, "categorical: logits lie along"),
        (lambda: df.zeros(2).normal_(std=-1.0), DualflowError, "normal_: a standard deviation"),
    ],
)
def test_bad_parameters_are_refused(call, kind, words):
    with pytest.raises(kind, match=words) as caught:
        call()
    assert "test_distributions.py" in str(caught.value)


def test_a_symbol_has_no_rate_yet():
    with df.graph(), pytest.raises(SymbolicValueError, match="poisson: the rates must be values"):
        df.random.poisson(df.placeholder("float32", (2,)))


def test_weights_are_checked_in_compiled_code():
    with df.mode("graph"):
        step = df.function(lambda w: df.random.multinomial(w, 1))
        step(df.tensor([1.0, 1.0]))
        with pytest.raises(DualflowError, match="weights are finite"):
            step(df.tensor([1.0, -1.0]))


@pytest.mark.parametrize("make", [lambda: df.manual_seed(0), lambda: df.Generator(0)])
def test_a_generator_is_not_made_or_seeded_in_a_trace(make):
    def step(x):
        make()
        return x + df.rand(2)

    step(df.zeros(2))
    with df.mode("graph"), pytest.raises(GraphError, match="once, when it is traced"):
        df.function(step)(df.zeros(2))


def test_spawned_generators_go_their_own_ways():
    parent = df.Generator(7)
    a, b = parent.spawn(2)
    (c,) = parent.spawn(1)
    again = df.Generator(7).spawn(3)
    draws = [df.rand(4, generator=g).tolist() for g in (a, b, c, parent)]
    assert len({tuple(d) for d in draws}) == 4
    assert draws[:3] == [df.rand(4, generator=g).tolist() for g in again]
    assert draws[3] == df.rand(4, generator=df.Generator(7)).tolist()
    for twin in (copy.deepcopy(parent), pickle.loads(pickle.dumps(parent))):
        assert twin.spawn(1)[0].initial_seed == df.Generator(7).spawn(4)[3].initial_seed


def test_the_default_stream_can_be_put_back():
    df.manual_seed(5)
    place = df.get_rng_state()
    a = df.rand(3).tolist()
    with df.random.fork_rng():
        df.manual_seed(1)
        df.rand(3)
    b = df.rand(3).tolist()
    df.set_rng_state(place)
    assert [df.rand(3).tolist(), df.rand(3).tolist()] == [a, b]
    assert df.random.initial_seed() == 5

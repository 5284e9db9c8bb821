"""Random numbers: one seed, the same numbers in both worlds, and a stream that can be stated and put back."""

import contextlib
import copy
import pickle
import threading

import numpy as np
import pytest

import dualflow as df
from dualflow.core.errors import DTypeError, FeedError, ShapeError, UninitializedError
from dualflow.random import Generator

# ------------------------------------------------------------------------------------------------- one seed, two worlds

DRAWS = {
    "normal": lambda g: df.random.normal((3, 5), mean=2.0, std=0.5, generator=g),
    "normal float64": lambda g: df.random.normal((3, 5), dtype=df.float64, generator=g),
    "normal float16": lambda g: df.randn(7, dtype=df.float16, generator=g),
    "uniform": lambda g: df.random.uniform((3, 5), low=-1.0, high=3.0, generator=g),
    "uniform float64": lambda g: df.rand(4, dtype=df.float64, generator=g),
    "integers": lambda g: df.randint(-5, 1000, (4, 2), generator=g),
    "integers uint8": lambda g: df.randint(0, 256, (9,), dtype=df.uint8, generator=g),
    "bernoulli": lambda g: df.random.bernoulli((50,), p=0.3, generator=g),
    "bernoulli bool": lambda g: df.random.bernoulli((50,), dtype=df.bool, generator=g),
    "permutation": lambda g: df.randperm(20, generator=g),
    "like": lambda g: df.randn_like(df.zeros(2, 3), generator=g) + df.rand_like(df.ones(2, 3), generator=g),
    "no axes": lambda g: df.randn((), generator=g),
    "no elements": lambda g: df.rand(0, 3, generator=g),
    "dropout": lambda g: df.nn.functional.dropout(df.ones(40), 0.25, generator=g),
}


def eagerly(draw, times):
    """Call ``draw`` eagerly."""
    return [draw().numpy() for _ in range(times)]


def by_session(compile):
    """Return a world that builds ``draw`` into a graph once and runs it."""

    def world(draw, times):
        with df.graph() as graph:
            node = draw()
        with df.Session(graph, compile=compile) as session:
            return [session.run(node) for _ in range(times)]

    return world


def by_function(compile):
    """Return a world that traces ``draw`` once and calls it."""

    def world(draw, times):
        traced = df.function(draw)
        with df.mode("graph", compile=compile):
            return [traced().numpy() for _ in range(times)]

    return world


WORLDS = {
    "session compiled": by_session(True),
    "session interpreted": by_session(False),
    "function compiled": by_function(True),
    "function interpreted": by_function(False),
}


@pytest.mark.parametrize("world", WORLDS)
@pytest.mark.parametrize("draw", DRAWS)
@pytest.mark.parametrize("own", [True, False], ids=["own generator", "default generator"])
def test_every_world_draws_the_eager_bits_run_after_run(draw, world, own):
    """Compiled too: nothing is drawn by XLA. Three runs in a row go through the stream as three eager calls do."""

    def numbers(world):
        generator = Generator(11) if own else None
        df.manual_seed(11)
        return world(lambda: DRAWS[draw](generator), 3)

    expected, found = numbers(eagerly), numbers(WORLDS[world])
    for a, b in zip(found, expected, strict=True):
        if draw in ("like", "dropout") and "compiled" in world:  # arithmetic after the draw, where XLA may fuse
            np.testing.assert_array_max_ulp(np.asarray(a), b, 1)
        else:
            np.testing.assert_array_equal(a, b, strict=True)
    if expected[0].size > 8:
        assert not np.array_equal(found[0], found[1]) and not np.array_equal(found[1], found[2])


@pytest.mark.parametrize("world", WORLDS)
def test_the_worlds_share_one_stream(world):
    """What a run draws, an eager call does not draw again."""
    df.manual_seed(5)
    expected = df.randn(9).numpy()
    df.manual_seed(5)
    first = df.randn(3).numpy()
    (second,) = WORLDS[world](lambda: df.randn(3), 1)
    np.testing.assert_array_equal(np.concatenate([first, second, df.randn(3).numpy()]), expected)


@pytest.mark.parametrize("world", WORLDS)
def test_draws_keep_the_order_in_which_they_were_written(world):
    """The order of the result does not matter, nor that draws of different kinds alternate."""

    def draw():
        a, b, c = df.randn(3), df.random.permutation(3), df.rand(3)
        return df.stack([c, b.astype(df.float32), a])

    df.manual_seed(1)
    (expected,) = eagerly(draw, 1)
    df.manual_seed(1)
    np.testing.assert_array_equal(WORLDS[world](draw, 1)[0], expected)


@pytest.mark.parametrize("compile", [True, False], ids=["compiled", "interpreted"])
def test_a_seed_set_between_runs_is_heard(compile):
    """A graph holds the generator, not numbers from it."""
    with df.graph() as graph:
        node = df.randn(4)
    with df.Session(graph, compile=compile) as session:
        df.manual_seed(3)
        first = session.run(node)
        df.manual_seed(3)
        np.testing.assert_array_equal(session.run(node), first)


@pytest.mark.parametrize("compile", [True, False], ids=["compiled", "interpreted"])
def test_a_draw_that_nobody_fetches_is_not_made(compile):
    """Pruning leaves the stream alone: a run draws what its fetches need."""
    generator = Generator(2)
    with df.graph() as graph:
        df.randn(100, generator=generator)
        node = df.randn(4, generator=generator)
    with df.Session(graph, compile=compile) as session:
        np.testing.assert_array_equal(session.run(node), df.randn(4, generator=Generator(2)).numpy())


@pytest.mark.parametrize("compile", [True, False], ids=["compiled", "interpreted"])
def test_a_run_refused_before_it_starts_draws_nothing(compile):
    """No feed, a wrong feed, a variable without a value: the stream stands where it stood."""
    generator = Generator(2)
    with df.graph() as graph:
        x = df.placeholder(df.float32, (4,), name="x")
        w = df.Variable(df.zeros(4), name="w")
        node = df.randn(4, generator=generator) + x + w
        init = df.global_variables_initializer()
    with df.Session(graph, compile=compile) as session:
        for feed, error in (({}, FeedError), ({x: [1.0]}, FeedError), ({x: np.zeros(4)}, UninitializedError)):
            with pytest.raises(error):
                session.run(node, feed)
        session.run(init)
        np.testing.assert_array_equal(session.run(node, {x: np.zeros(4)}), df.randn(4, generator=Generator(2)).numpy())


@pytest.mark.parametrize("compile", [True, False], ids=["compiled", "interpreted"])
def test_a_gradient_sees_the_mask_that_the_value_saw(compile):
    """One draw a run, however many nodes read it."""
    with df.graph() as graph:
        x = df.placeholder(df.float32, (100,), name="x")
        y = df.nn.functional.dropout(x, 0.5)
        (slope,) = df.gradients(df.sum(y), [x])
    with df.Session(graph, compile=compile) as session:
        for _ in range(2):
            value, gradient = session.run([y, slope], {x: np.ones(100)})
            np.testing.assert_array_equal(value, gradient)


# ----------------------------------------------------------------------------------------------------------- the stream


def philox(seed):
    return np.random.Generator(np.random.Philox(seed))


@pytest.mark.parametrize("seed", [0, 7, 2**64 + 1])
def test_the_stream_is_numpys_philox(seed):
    """So that anyone can draw the same numbers without dualflow."""
    g, n = Generator(seed), philox(seed)
    np.testing.assert_array_equal(df.randn(5, generator=g).numpy(), n.standard_normal(5, np.float32))
    np.testing.assert_array_equal(df.rand(5, dtype=df.float64, generator=g).numpy(), n.random(5))
    np.testing.assert_array_equal(df.randint(3, 900, (5,), generator=g).numpy(), n.integers(3, 900, 5))
    np.testing.assert_array_equal(df.randperm(6, generator=g).numpy(), n.permutation(6))
    bits = n.bit_generator.random_raw(3).astype("<u8").view("<u2")[:9]
    np.testing.assert_array_equal(df.random.bernoulli(9, p=0.25, generator=g).numpy(), bits < 0.25 * 2**16)


@pytest.mark.parametrize("p", [0.0, 1 / 3 / 2**16, 0.1, 0.7, 1 - 1 / 3 / 2**16, 1.0])
def test_bernoulli_is_exact_beyond_the_16_bits_that_decide_most(p):
    n = 4_000_000
    ones = np.count_nonzero(Generator(5).bernoulli((n,), p, np.dtype(bool)))
    assert abs(ones - n * p) <= 4 * np.sqrt(n * p * (1 - p))


def test_mean_and_scale_are_applied_to_the_standard_draw():
    """Normals of any mean and scale, and uniforms of any bounds, come from the same place in the stream."""
    drawn = df.random.normal(6, mean=3.0, std=2.0, generator=Generator(1)).numpy()
    np.testing.assert_array_equal(drawn, philox(1).standard_normal(6, np.float32) * np.float32(2) + np.float32(3))
    drawn = df.random.uniform(6, low=-2.0, high=2.0, generator=Generator(1)).numpy()
    np.testing.assert_array_equal(drawn, philox(1).random(6, np.float32) * np.float32(4) - np.float32(2))


def test_manual_seed_starts_a_generator_again():
    g = Generator(1)
    first = df.rand(3, generator=g).numpy()
    assert g.manual_seed(1) is g and g.initial_seed == 1
    np.testing.assert_array_equal(df.rand(3, generator=g).numpy(), first)
    assert df.manual_seed(9) is df.random.default_generator and df.random.default_generator.initial_seed == 9


@pytest.mark.parametrize("seed", [-1, 1.0, True, "7", None])
def test_what_is_no_seed_is_refused_and_changes_nothing(seed):
    df.manual_seed(4)
    before = df.random.default_generator.get_state()
    with pytest.raises(ValueError, match="a seed is an integer of at least 0, not"):
        df.manual_seed(seed)
    assert df.random.default_generator.initial_seed == 4
    np.testing.assert_equal(df.random.default_generator.get_state(), before)


def test_generators_without_a_seed_differ():
    assert Generator().initial_seed != Generator().initial_seed


def test_a_state_brings_the_stream_back_to_its_place():
    """In the middle of a word too: a float32 takes half of what the stream gives at a time."""
    g = Generator(3)
    df.rand(3, generator=g)
    state = g.get_state()
    expected = [df.rand(5, generator=g).numpy(), df.randn(5, generator=g).numpy()]
    other = Generator(99)
    for source in (g, other):
        source.set_state(state)
        for array, draw in zip(expected, (df.rand, df.randn), strict=True):
            np.testing.assert_array_equal(draw(5, generator=source).numpy(), array)


@pytest.mark.parametrize("state", [{}, 3, np.random.MT19937(0).state], ids=["empty", "number", "another kind"])
def test_what_is_no_state_is_refused_and_changes_nothing(state):
    g = Generator(3)
    with pytest.raises((TypeError, ValueError), match="state"):
        g.set_state(state)
    np.testing.assert_array_equal(df.rand(5, generator=g).numpy(), df.rand(5, generator=Generator(3)).numpy())


@pytest.mark.parametrize("again", [copy.deepcopy, lambda g: pickle.loads(pickle.dumps(g))], ids=["copied", "pickled"])
def test_a_copy_goes_on_from_the_same_place_by_itself(again):
    g = Generator(3)
    df.rand(3, generator=g)
    other = again(g)
    assert other.initial_seed == 3
    np.testing.assert_array_equal(df.rand(5, generator=g).numpy(), df.rand(5, generator=other).numpy())


def test_streams_of_two_generators_do_not_disturb_each_other():
    """Nor the default one; and neighbouring seeds give numbers that have nothing to do with each other."""
    a, b = Generator(1), Generator(2)
    mixed = [(df.randn(500, generator=a).numpy(), df.randn(9), df.randn(500, generator=b).numpy()) for _ in range(20)]
    one, two = (np.concatenate([draws[i] for draws in mixed]) for i in (0, 2))
    np.testing.assert_array_equal(one, np.concatenate([df.randn(500, generator=g) for g in [Generator(1)] * 20]))
    assert abs(np.corrcoef(one, two)[0, 1]) < 0.03  # three standard errors of 10,000 pairs


def test_threads_share_a_generator_without_drawing_anything_twice():
    g, found = Generator(8), []

    def work():
        for _ in range(50):
            found.append(tuple(df.randint(0, 2**62, (8,), generator=g).tolist()))

    threads = [threading.Thread(target=work) for _ in range(4)]
    with contextlib.ExitStack() as stack:
        for thread in threads:
            thread.start()
            stack.callback(thread.join)
    alone = Generator(8)
    assert sorted(found) == sorted(tuple(df.randint(0, 2**62, (8,), generator=alone).tolist()) for _ in range(200))


# ------------------------------------------------------------------------------------------------------ what is drawn

N = 40_000  # the bounds below are five standard errors


@pytest.mark.parametrize("dtype", ["float32", "float64", "float16"])
def test_normals_have_the_moments_of_the_normal_distribution(dtype):
    x = df.random.normal(N, mean=1.0, std=2.0, dtype=dtype, generator=Generator(6)).numpy().astype(np.float64)
    z = (x - 1) / 2
    for power, moment, error in ((1, 0, 1), (2, 1, 2**0.5), (3, 0, 15**0.5), (4, 3, 96**0.5)):
        assert abs((z**power).mean() - moment) < 5 * error / N**0.5, power


@pytest.mark.parametrize("dtype", ["float32", "float64", "float16"])
def test_uniforms_are_even_and_keep_their_bounds(dtype):
    x = df.random.uniform(N, low=-1.0, high=3.0, dtype=dtype, generator=Generator(6)).numpy().astype(np.float64)
    assert x.min() >= -1 and x.max() < 3
    share = np.histogram(x, bins=10, range=(-1, 3))[0] / N
    assert np.abs(share - 0.1).max() < 5 * (0.09 / N) ** 0.5


def test_a_uniform_never_is_its_upper_bound():
    """Not even where the nearest number of the dtype would be: of float16, one draw in 4,096."""
    assert df.rand(N, dtype=df.float16, generator=Generator(6)).numpy().max() < 1
    wide = df.random.uniform(N, low=2.0**24, high=2.0**24 + 8, generator=Generator(6)).numpy()
    assert wide.max() < 2.0**24 + 8 and wide.min() == 2.0**24


def test_integers_come_evenly_from_all_of_the_range():
    x = df.randint(-2, 5, (N,), generator=Generator(6)).numpy()
    values, counts = np.unique(x, return_counts=True)
    np.testing.assert_array_equal(values, range(-2, 5))
    assert np.abs(counts / N - 1 / 7).max() < 5 * (6 / 49 / N) ** 0.5


@pytest.mark.parametrize("p", [0.0, 0.1, 1.0])
def test_bernoulli_is_one_as_often_as_asked(p):
    x = df.random.bernoulli(N, p=p, generator=Generator(6)).numpy()
    assert set(np.unique(x)) <= {0.0, 1.0} and abs(x.mean() - p) <= 5 * (p * (1 - p) / N) ** 0.5


def test_permutations_are_equally_likely():
    g = Generator(6)
    _, counts = np.unique([df.randperm(3, generator=g).numpy() for _ in range(3000)], axis=0, return_counts=True)
    assert len(counts) == 6 and np.abs(counts / 3000 - 1 / 6).max() < 5 * (5 / 36 / 3000) ** 0.5


# -------------------------------------------------------------------------------------------- shapes, dtypes, mistakes

MADE = {
    "rand": (lambda: df.rand(2, 3), (2, 3), "float32"),
    "rand tuple": (lambda: df.rand((2, 3), dtype="float64"), (2, 3), "float64"),
    "randn none": (lambda: df.randn(), (), "float32"),
    "randn numpy": (lambda: df.randn(*np.array([2, 3])), (2, 3), "float32"),
    "randint": (lambda: df.randint(3), (), "int64"),
    "randint int": (lambda: df.randint(3, size=4, dtype=df.int8), (4,), "int8"),
    "randint numpy": (lambda: df.randint(np.int64(1), np.int32(3), (0, 2)), (0, 2), "int64"),
    "randperm": (lambda: df.randperm(0), (0,), "int64"),
    "bernoulli": (lambda: df.random.bernoulli(2, dtype=df.bool), (2,), "bool"),
    "bernoulli_like": (lambda: df.random.bernoulli_like(df.zeros(2, dtype=df.int32)), (2,), "int32"),
    "rand_like": (lambda: df.rand_like(df.zeros(2, 0, dtype=df.float64)), (2, 0), "float64"),
    "randn_like": (lambda: df.randn_like(df.zeros(2, dtype=df.int64), dtype=df.float16), (2,), "float16"),
}


@pytest.mark.parametrize("name", MADE)
def test_shapes_and_dtypes_are_known_before_anything_is_drawn(name):
    make, shape, dtype = MADE[name]
    made = make()
    assert (made.shape, made.dtype) == (shape, dtype) == (made.numpy().shape, made.numpy().dtype)
    with df.graph():
        node = make()
    assert (node.shape, node.dtype) == (shape, dtype)


def test_draws_are_leaves_when_they_are_to_be_trained():
    w = df.randn(3, requires_grad=True)
    (w * w).sum().backward()
    np.testing.assert_array_equal(w.grad.numpy(), 2 * w.detach().numpy())
    assert not df.rand(3).requires_grad


WRONG = {
    "negative size": (lambda: df.rand(2, -1), ShapeError, "negative size"),
    "fraction of a size": (lambda: df.randn(2.5), DTypeError, "made of integers"),
    "shape of text": (lambda: df.randint(3, size="ab"), DTypeError, "made of integers"),
    "no integer between": (lambda: df.randint(5, 5, (0,)), ShapeError, "no integer from 5 to before 5"),
    "too large for the dtype": (lambda: df.randint(0, 300, (2,), dtype=df.uint8), ShapeError, "uint8 does not hold"),
    "fraction for an integer": (lambda: df.randint(0.5, 3), DTypeError, "low must be an integer, not 0.5"),
    "integers as floats": (lambda: df.randint(0, 3, (2,), dtype=df.float32), DTypeError, "not float32"),
    "fraction of a permutation": (lambda: df.randperm(2.5), DTypeError, "n must be an integer, not 2.5"),
    "negative permutation": (lambda: df.randperm(-1), ShapeError, "negative size"),
    "normal of integers": (lambda: df.random.normal(2, dtype=df.int64), DTypeError, "floating numbers, not int64"),
    "uniform of bools": (lambda: df.rand_like(df.tensor([True])), DTypeError, "floating numbers, not bool"),
    "no dtype": (lambda: df.rand(2, dtype="float31"), DTypeError, "not a dtype of dualflow"),
    "a seed for a generator": (lambda: df.rand(2, generator=7), DTypeError, "must be a df.Generator, not int 7"),
    "another library's generator": (lambda: df.randperm(2, generator=philox(1)), DTypeError, "must be a df.Generator"),
}


@pytest.mark.parametrize("world", ["eager", "graph"])
@pytest.mark.parametrize(("call", "kind", "says"), WRONG.values(), ids=WRONG)
def test_a_wrong_argument_is_refused_where_it_is_written(call, kind, says, world):
    """In a graph as the node is built, in the same words, and nothing is drawn."""
    before = df.random.default_generator.get_state()
    with df.graph() if world == "graph" else df.eager(), pytest.raises(kind, match=says) as caught:
        call()
    assert "at tests/ops/test_random.py:" in str(caught.value)
    np.testing.assert_equal(df.random.default_generator.get_state(), before)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: df.random.normal(2, std=-1.0), "standard deviation is at least 0, not -1.0"),
        (lambda: df.random.normal(2, std=float("nan")), "standard deviation is at least 0, not nan"),
        (lambda: df.random.uniform(2, low=3.0, high=1.0), "low is at most high"),
        (lambda: df.random.bernoulli(2, p=1.5), "between 0 and 1, not at 1.5"),
        (lambda: df.random.bernoulli_like(df.ones(2), -0.5), "bernoulli_like: .* not at -0.5"),
    ],
    ids=["std", "nan", "bounds", "p", "p like"],
)
def test_a_number_that_makes_no_distribution_is_a_value_error(call, says):
    with pytest.raises(ValueError, match=says):
        call()

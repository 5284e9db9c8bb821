"""Places that one op writes twice: the last write wins and alone has a gradient, in eager and in both graph arms."""

import numpy as np
import pytest

import dualflow as df


def expected(x, at, part, g):
    """Write element by element, and pull ``g`` back: what was written over has no gradient."""
    y, writer = x.copy(), np.full(x.shape, -1)
    places = np.arange(x.size).reshape(x.shape)[at]
    for i, (place, value) in enumerate(zip(places.ravel(), np.broadcast_to(part, places.shape).ravel(), strict=True)):
        y.flat[place], writer.flat[place] = value, i
    wins = (writer.reshape(-1)[places.ravel()] == np.arange(places.size)).reshape(places.shape)
    return y, g * (writer < 0), g[at] * wins


def written_twice(write, *operands):
    """Return, of a function that writes, its value and the gradients, by ``g``, of the operands."""

    @df.function
    def step(g, *xs):
        y = write(*xs)
        return y, *df.grad((y * g).sum(), xs)

    x = operands[0]
    g = np.arange(1.0, x.size + 1).reshape(x.shape)
    leaves = [df.tensor(part, requires_grad=True) for part in operands]
    return g, [np.array(r.detach().numpy()) for r in step(df.tensor(g), *leaves)]


def put(x, part, *at):
    """Write by item assignment, into a copy."""
    y = x * 1
    y[at] = part
    return y


I = df.tensor([2, 0, 2, 2, -1])  # noqa: E741 - -1 is 2 too
A = np.array([2, 0, 2, 2, -1])
PART = np.arange(10.0, 15.0)
ALONG = {
    "setitem": lambda x, v: put(x, v, I),
    "index_copy": lambda x, v: df.index_copy(x, 0, I, v),
    "index_put": lambda x, v: df.index_put(x, (I,), v),
    "scatter": lambda x, v: df.scatter(x, 0, I, v),
    "index_copy_": lambda x, v: (x * 1).index_copy_(0, I, v),
    "index_put_": lambda x, v: (x * 1).index_put_((I,), v),
    "scatter_": lambda x, v: (x * 1).scatter_(0, I, v),
    "setitem of an op": lambda x, v: put(x, v, I + 0 * x.sum().astype(df.int64)),
}


@pytest.mark.parametrize("name", ALONG)
def test_the_last_of_several_writes_wins_and_alone_has_a_gradient(name, arm):
    """Every op that sets elements."""
    x = np.array([1.0, 2.0, 3.0])
    g, found = written_twice(ALONG[name], x, PART)
    for one, other in zip(found, expected(x, (A,), PART, g), strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize(
    "fill", [lambda x, v: df.index_fill(x, 0, I, v), lambda x, v: put(x, v, I)], ids=["index_fill", "setitem"]
)
def test_a_number_written_twice_counts_once(fill, arm):
    """The gradient of a value that is broadcast sums over the places, not over the writes: PyTorch's answer, too."""
    g, (y, of_x, of_value) = written_twice(fill, np.zeros(3), np.array(5.0))
    assert (y.tolist(), of_x.tolist(), of_value.item()) == ([5.0, 0.0, 5.0], [0.0, 2.0, 0.0], 1.0 + 3.0)


KEYS = {
    "rows": (I,),
    "columns": (slice(None), I),
    "rows of a part": (I, slice(1, 3)),
    "elements": (I, df.tensor([0, 1, 0, 0, 0])),
    "a table of elements": (df.tensor([[0, 1], [0, 0]]), df.tensor([[1], [1]])),
    "with an integer": (I, 1),
    "an integer before": (1, slice(None), df.tensor([0, 0])),
    "apart": (df.tensor([0, 0, 1]), slice(None), df.tensor([1, 1, 0])),
    "a new axis": (None, I),
    "the last axis": (..., df.tensor([0, 1, 1])),
    "backwards": (slice(None, None, -1), df.tensor([0, 1, 1])),
    "turned": (df.tensor([[0, 1, 2], [2, 1, 0]]).T, df.tensor([[0, 0, 0], [0, 0, 0]]).T),
    "from the end": (df.tensor([0, 1, 2, 2, 0]).flip(0),),
}


@pytest.mark.parametrize("key", KEYS)
def test_keys_of_every_kind(key, arm):
    """Arrays beside slices, integers, new axes; laid out in any order in memory."""
    x = np.arange(27.0).reshape(3, 3, 3)
    at = tuple(k.numpy() if isinstance(k, df.Tensor) else k for k in KEYS[key])
    part = 100 + np.arange(float(x[at].size)).reshape(x[at].shape[::-1]).T
    g, found = written_twice(lambda x, v: put(x, v, *KEYS[key]), x, part)
    for one, other in zip(found, expected(x, at, part, g), strict=True):
        np.testing.assert_array_equal(one, other)
    arrays = [k for k in KEYS[key] if isinstance(k, df.Tensor)]

    def given(x, v, *arrays):  # arrays that a graph does not know when it is built
        rest = iter(arrays)
        return put(x, v, *(next(rest) if isinstance(k, df.Tensor) else k for k in KEYS[key]))

    y = df.function(given)(df.tensor(x), df.tensor(part), *arrays)
    np.testing.assert_array_equal(y.numpy(), found[0])


def test_scatter_of_many_elements_in_two_dimensions(arm):
    """Hundreds of collisions: the arms have one winner, in values and gradients."""
    random = np.random.default_rng(7)
    x, src = random.normal(size=(40, 5)), random.normal(size=(300, 4))
    index = random.integers(0, 40, (300, 4))
    at = df.tensor(index)
    g, found = written_twice(lambda x, v: df.scatter(x, 0, at, v), x, src)
    places = (index, np.broadcast_to(np.arange(4), index.shape))
    for one, other in zip(found, expected(x, places, src, g), strict=True):
        np.testing.assert_array_equal(one, other)


def test_the_gradient_of_the_gradient_knows_the_winner(arm):
    """d²/dv² of the sum of squares of what was written: 2 for the winner, 0 for the others."""

    @df.function
    def hessian_rows(v):
        y = df.index_copy(df.zeros(2, dtype=df.float64), 0, df.tensor([0, 0, 1]), v)
        (g,) = df.grad((y * y).sum(), v, create_graph=True)
        return df.grad((g * df.tensor([1.0, 10.0, 100.0], df.float64)).sum(), v)[0]

    v = df.tensor([1.0, 2.0, 3.0], df.float64, requires_grad=True)
    assert hessian_rows(v).tolist() == [0.0, 20.0, 200.0]


@pytest.mark.parametrize("dtype", ["int8", "uint8", "int16"])
def test_narrow_indices_of_a_long_axis(dtype, arm):
    """An index of eight bits, whose dtype does not hold the size that what is written over is moved to."""
    at = df.tensor([3, 3, 120], dtype=getattr(df, dtype))
    step = df.function(lambda i, v: (df.index_copy(df.zeros(300), 0, i, v), df.scatter(df.zeros(300), 0, i, v)))
    for y in step(at, df.tensor([1.0, 2.0, 3.0])):
        assert (y[3].item(), y[120].item(), y.sum().item()) == (2.0, 3.0, 5.0)

"""Composites and operators of the elementwise chapter: what no law over cards sees."""

import numpy as np
import pytest
from oracle import torch

import dualflow as df
from dualflow.core.errors import DTypeError, DualflowError, ShapeError, SymbolicValueError

F = df.nn.functional
X = np.array([-60.0, -3.0, -2.5, -1.0, -0.5, -0.0, 0.0, 0.25, 0.5, 1.0, 2.0, 3.0, 6.0, 60.0, np.inf, np.nan])
FINITE = X[:-2]

ACTIVATIONS = {
    "elu": [(), (0.5,)],
    "selu": [()],
    "celu": [(), (2.0,)],
    "leaky_relu": [(), (0.3,)],
    "relu6": [()],
    "hardtanh": [(), (-2.0, 0.5)],
    "hardsigmoid": [()],
    "hardswish": [()],
    "softsign": [()],
    "tanhshrink": [()],
    "softshrink": [(), (0.25,)],
    "hardshrink": [(), (1.0,)],
    "threshold": [(0.5, -1.0)],
    "softplus": [()],
    "silu": [()],
    "mish": [()],
    "gelu": [()],
    "logsigmoid": [()],
}


def worlds(function, *arrays):
    """Return what a function gives eagerly, interpreted and compiled."""
    with df.graph() as g:
        feeds = {df.placeholder(a.dtype, a.shape): a for a in arrays}
        node = function(*feeds)
    found = [function(*map(df.from_numpy, arrays)).numpy()]
    for compiled in (False, True):
        with df.Session(g, compile=compiled) as session:
            found.append(np.asarray(session.run(node, feeds)))
    return found


def agree(function, theirs, *arrays):
    """Compare values in all worlds, and gradients, with PyTorch's."""
    t = torch()
    with np.errstate(all="ignore"):
        tensors = [t.tensor(a, requires_grad=a.dtype.kind == "f") for a in arrays]
        y = theirs(*tensors)
        for found in worlds(function, *arrays):
            assert found.dtype == y.detach().numpy().dtype
            np.testing.assert_allclose(found, y.detach().numpy(), rtol=1e-6 if found.dtype == "float32" else 1e-12)
        if not y.requires_grad:
            return
        seed = np.linspace(1, 2, y.numel()).reshape(y.shape).astype(arrays[0].dtype)
        expected = t.autograd.grad(y, [x for x in tensors if x.requires_grad], t.tensor(seed))
        ours = [df.tensor(a, requires_grad=a.dtype.kind == "f") for a in arrays]
        got = df.grad(function(*ours), [x for x in ours if x.requires_grad], df.tensor(seed))
        for a, b in zip(got, expected, strict=True):
            np.testing.assert_allclose(a.numpy(), b.numpy(), rtol=1e-7, atol=1e-12)  # hardsigmoid: 1/6 is a float


@pytest.mark.parametrize("name, settings", [(n, s) for n, many in ACTIVATIONS.items() for s in many])
def test_activations_are_pytorchs(name, settings):
    """At kinks, bounds and far out too; in all worlds, with gradients."""
    agree(
        lambda x: getattr(F, name)(x, *settings), lambda x: getattr(torch().nn.functional, name)(x, *settings), FINITE
    )


@pytest.mark.parametrize("name", ["relu6", "hardtanh", "leaky_relu", "softshrink", "hardshrink", "elu", "softsign"])
def test_activations_of_infinity_and_nan(name):
    function = torch().nn.functional
    with np.errstate(all="ignore"):
        found = getattr(F, name)(df.tensor(X[-2:])).numpy()
    np.testing.assert_array_equal(found, getattr(function, name)(torch().tensor(X[-2:])).numpy())


@pytest.mark.parametrize("shape, channels", [((2, 3), 3), ((2, 3, 4), 3), ((4,), 1), ((2, 3), 1), ((), 1)])
def test_prelu(shape, channels):
    random = np.random.default_rng(0)
    agree(F.prelu, torch().nn.functional.prelu, random.normal(size=shape), random.normal(size=channels))


@pytest.mark.parametrize("axis", [0, 1, -1])
def test_glu(axis):
    x = np.random.default_rng(0).normal(size=(4, 6))
    agree(lambda x: F.glu(x, axis), lambda x: torch().nn.functional.glu(x, axis), x)


@pytest.mark.parametrize(
    "call",
    [
        lambda: F.glu(df.zeros(2, 3)),
        lambda: F.glu(df.zeros(2), dim=1),
        lambda: F.prelu(df.zeros(2, 3), df.zeros(2)),
        lambda: df.view_as_complex(df.zeros(3)),
    ],
)
def test_shapes_that_do_not_fit(call):
    with pytest.raises(ShapeError):
        call()


LAYERS = {
    "CELU": (2.0,), "ELU": (0.5,), "GELU": ("tanh",), "GLU": (0,), "Hardshrink": (0.25,), "Hardsigmoid": (),
    "Hardswish": (), "Hardtanh": (-2.0, 1.0), "LeakyReLU": (0.2,), "LogSigmoid": (), "Mish": (), "PReLU": (),
    "ReLU6": (), "SELU": (), "SiLU": (), "Softplus": (2.0, 1.0), "Softshrink": (0.25,), "Softsign": (),
    "Tanhshrink": (), "Threshold": (0.5, 2.0),
}  # fmt: skip


@pytest.mark.parametrize("name", LAYERS)
def test_layers_are_pytorchs(name):
    settings, x = LAYERS[name], FINITE.astype(np.float32)
    made = getattr(torch().nn, "GELU" if name == "GELU" else name)
    theirs = made(approximate="tanh") if name == "GELU" else made(*settings)
    ours = getattr(df.nn, name)(*settings)
    expected = theirs(torch().tensor(x)).detach().numpy()
    np.testing.assert_allclose(ours(df.tensor(x)).detach().numpy(), expected, rtol=1e-6, atol=1e-7)
    with df.mode("graph"):
        compiled = df.function(ours)
        np.testing.assert_allclose(compiled(df.tensor(x)).detach().numpy(), expected, rtol=1e-6, atol=1e-7)
    for setting in settings:
        assert repr(setting) in repr(ours)


COMPOSITES = {
    "deg2rad": (lambda x: df.deg2rad(x), 1),
    "rad2deg": (lambda x: df.rad2deg(x), 1),
    "frac": (lambda x: df.frac(x), 1),
    "logit": (lambda x: df.logit(x, 0.1), 1),
    "heaviside": (lambda x, y: df.heaviside(x, y), 2),
    "lerp": (lambda x, y: df.lerp(x, y, 0.25), 2),
    "polar": (lambda x, y: df.real(df.polar(x, y)), 2),
    "isclose": (lambda x, y: df.isclose(x, y), 2),
    "addcmul": (lambda x, y, z: df.torch.addcmul(x, y, z, value=0.5), 3),
    "addcdiv": (lambda x, y, z: df.torch.addcdiv(x, y, z, value=0.5), 3),
}


@pytest.mark.parametrize("name", COMPOSITES)
def test_composites_are_pytorchs(name):
    function, count = COMPOSITES[name]
    random = np.random.default_rng(1)
    arrays = [random.uniform(0.5, 3.0, (2, 3)), random.uniform(0.5, 3.0, (3,)), random.uniform(0.5, 3.0, (2, 1))]
    special = {
        "logit": lambda x: torch().logit(x, 0.1),
        "lerp": lambda x, y: torch().lerp(x, y.expand(2, 3), 0.25),
        "polar": lambda x, y: torch().polar(x, y.expand(2, 3)).real,
        "addcmul": lambda x, y, z: torch().addcmul(x, y, z, value=0.5),
        "addcdiv": lambda x, y, z: torch().addcdiv(x, y, z, value=0.5),
    }
    if name == "heaviside":
        for found in worlds(function, np.array([-1.0, 0.0, 2.0, np.nan]), np.array(0.5)):
            np.testing.assert_array_equal(found, [0, 0.5, 1, 0])
        return
    agree(function, special.get(name, getattr(torch(), name)), *arrays[:count])


def test_isclose_of_odd_numbers():
    a = df.tensor([np.inf, np.inf, np.nan, 1.0, 0.0])
    b = df.tensor([np.inf, -np.inf, np.nan, np.inf, -0.0])
    with np.errstate(invalid="ignore"):
        assert df.isclose(a, b).tolist() == [True, False, False, False, True]
        assert df.isclose(a, b, equal_nan=True).tolist() == [True, False, True, False, True]
    assert df.isclose(df.tensor([2], df.uint8), df.tensor([3], df.uint8)).tolist() == [False]
    assert df.allclose(df.tensor([True]), 1) is True


def test_allclose_of_symbols_names_the_alternative():
    with df.graph(), pytest.raises(SymbolicValueError, match="isclose"):
        df.allclose(df.placeholder("float32", (2,)), 1.0)


def test_nan_to_num_puts_the_largest_numbers():
    x = np.array([np.nan, np.inf, -np.inf, 1.0], np.float32)
    limits = np.finfo(np.float32)
    np.testing.assert_array_equal(df.nan_to_num(x).numpy(), np.array([0, limits.max, limits.min, 1], np.float32))


# -------------------------------------------------------------------------------------------------------- operators

OPERATORS = {
    "//": lambda a, b: a // b,
    "%": lambda a, b: a % b,
    "&": lambda a, b: a & b,
    "|": lambda a, b: a | b,
    "^": lambda a, b: a ^ b,
    "<<": lambda a, b: a << b,
    ">>": lambda a, b: a >> b,
    "divmod": lambda a, b: divmod(a, b)[0] + divmod(a, b)[1],
    "~": lambda a, b: ~a + b,
}


@pytest.mark.parametrize("name", OPERATORS)
def test_integer_operators_are_numpys(name):
    """Tensor with tensor, with a number on either side, and with an array on either side."""
    a, b = np.array([7, -7, 12, 0]), np.array([3, 2, 5, 1])
    operate = OPERATORS[name]
    for found in worlds(operate, a, b):
        np.testing.assert_array_equal(found, operate(a, b))
    for left, right in ((df.tensor(a), 3), (100, df.tensor(b)), (df.tensor(a), b), (a, df.tensor(b))):
        if name == "~" and not isinstance(left, df.Tensor):
            continue
        expected = operate(*[np.asarray(x) if isinstance(x, df.Tensor) else x for x in (left, right)])
        np.testing.assert_array_equal(operate(left, right).numpy(), expected)


@pytest.mark.parametrize("name", ["&", "|", "^", "~"])
def test_bools_have_logic(name):
    a, b = np.array([True, True, False, False]), np.array([True, False, True, False])
    operate = OPERATORS[name] if name != "~" else lambda a, b: ~a
    for found in worlds(operate, a, b):
        np.testing.assert_array_equal(found, operate(a, b), strict=True)


@pytest.mark.parametrize("name", ["&", "|", "^", "<<", ">>", "~"])
def test_floats_have_no_bits(name):
    with pytest.raises(DTypeError, match="integers"):
        OPERATORS[name](df.ones(2), df.ones(2))


def test_operators_in_place():
    x = df.tensor([7, -7, 12])
    same = x
    x //= 2
    x %= 5
    x <<= 3
    x |= 1
    x &= 15
    x ^= 2
    x >>= 1
    expected = ((((((np.array([7, -7, 12]) // 2) % 5) << 3) | 1) & 15) ^ 2) >> 1
    assert x is same
    np.testing.assert_array_equal(x.numpy(), expected)
    y = df.tensor([7.0, -7.5])
    y //= 2.0
    y %= 3.0
    np.testing.assert_array_equal(y.numpy(), [0, 2])


def test_in_place_methods_compute_and_record():
    x = df.tensor([0.5, 0.25], requires_grad=True)
    y = x.clone()
    y.add_(df.ones(2), alpha=2).lerp_(df.zeros(2), 0.5).atan_().erf_().clamp_(0, 1)
    y.sum().backward()
    z = df.tensor([0.5, 0.25], requires_grad=True)
    df.erf(df.atan((z + 2) * 0.5)).sum().backward()
    np.testing.assert_allclose(x.grad.numpy(), z.grad.numpy(), rtol=1e-6)


def test_in_place_methods_of_a_compiled_function():
    def body(x):
        y = x.clone()
        y.floor_().add_(x, alpha=3)
        y.addcmul_(x, x, value=2)
        return y

    x = df.tensor([0.5, 1.75])
    with df.mode("graph"):
        np.testing.assert_allclose(df.function(body)(x).numpy(), body(x).numpy())


@pytest.mark.parametrize("mode", ["floor", "trunc", None])
def test_div_rounds(mode):
    for dtype in (np.int64, np.float64):
        a, b = np.array([7, -7, 8, -8], dtype), np.array([2, 2, -3, -4], dtype)
        expected = torch().div(torch().tensor(a), torch().tensor(b), rounding_mode=mode)
        for found in worlds(lambda a, b: a.div(b, rounding_mode=mode), a, b):
            np.testing.assert_array_equal(found, expected.numpy())
    with pytest.raises(ValueError, match="ceil"):
        df.torch.div(1.0, df.ones(1), rounding_mode="ceil")


def test_an_integer_has_no_quotient_by_zero_in_either_world():
    for operate in (OPERATORS["//"], OPERATORS["%"]):
        with pytest.raises(DualflowError, match="zero"):
            operate(df.tensor([1]), df.tensor([0]))
        with df.graph() as g:
            a = df.placeholder("int64", (1,))
            node = operate(a, a)
        for compiled in (False, True):
            with df.Session(g, compile=compiled) as session, pytest.raises(DualflowError, match="zero"):
                session.run(node, {a: np.array([0])})


def test_methods_of_complex_tensors():
    z = df.tensor([3 + 4j])
    assert z.abs().tolist() == [5.0] and z.abs().dtype == df.float32
    assert z.real.tolist() == [3.0] and z.imag.tolist() == [4.0] and z.conj().tolist() == [3 - 4j]
    assert z.is_complex() and not z.is_floating_point() and z.real.is_floating_point()
    x = df.ones(2)
    assert x.real is x and x.conj().tolist() == [1.0, 1.0]

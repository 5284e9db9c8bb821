"""What XLA computes of its own accord is what NumPy computes: masks times NaN, casts, zeros of two signs."""

import numpy as np
import pytest

import dualflow as df


def both(function, *arrays):
    """Return what a function of tensors gives in eager and compiled."""
    found = []
    for scope in (df.mode("eager"), df.mode("graph")):
        with scope, np.errstate(all="ignore"):
            found.append(np.asarray(df.function(function)(*map(df.tensor, arrays))))
    return found


def test_a_mask_times_nan_is_nan():
    x = np.array([np.nan, np.inf, -1.0, 2.0], np.float32)
    for function in (
        lambda x: (x > 0) * x,
        lambda x: (x > 0).astype(df.float32) * x,
        lambda x: x * (x == x).float(),
        lambda x: (x > 5) * df.nn.functional.relu(x),
    ):
        eager, compiled = both(function, x)
        np.testing.assert_array_equal(compiled, eager)
    assert np.isnan(eager[0])


@pytest.mark.parametrize("dtype", ["int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"])
@pytest.mark.parametrize("given", [np.float32, np.float64])
def test_floats_that_no_integer_holds(dtype, given):
    x = np.array([np.nan, np.inf, -np.inf, 1e30, -1e30, 3e9, -3e9, 300.7, -300.7, -0.5, 2.0**31, 2.0**63], given)
    eager, compiled = both(lambda x: x.astype(dtype), x)
    np.testing.assert_array_equal(compiled, eager)


@pytest.mark.parametrize("descending", [False, True])
def test_zeros_of_two_signs_keep_their_order_in_a_sort(descending):
    x = np.array([0.0, -0.0, 1.0, -0.0, 0.0, -1.0, np.nan], np.float32)
    eager, compiled = both(lambda x: df.sort(x, descending=descending), x)
    np.testing.assert_array_equal(np.signbit(compiled), np.signbit(eager))
    zeros = np.signbit(eager[eager == 0]).tolist()
    assert zeros == [False, True, True, False]


PARTS = (-np.inf, -1.5, -0.5, -0.0, 0.0, 0.5, 1.5, 3.0, np.inf, np.nan)
PLANE = np.array([complex(a, b) for a in PARTS for b in PARTS])
COMPLEX = "sqrt exp expm1 log log2 log10 log1p sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh"


def bits(x):
    """Write numbers so that the signs of zeros and all NaN compare as they should; other digits to single precision."""
    parts = np.stack([x.real, x.imag]) if x.dtype.kind == "c" else np.asarray(x)
    return np.where(np.isnan(parts), "nan", np.char.mod("%.5g", parts)).tolist()


@pytest.mark.parametrize("dtype", ["complex64", "complex128"])
@pytest.mark.parametrize("name", [*COMPLEX.split(), "exp2", "rsqrt", "sigmoid", "reciprocal", "sign", "abs"])
def test_complex_functions_on_branch_cuts_and_beyond_what_is_finite(name, dtype):
    x = PLANE.astype(dtype)
    if name == "reciprocal":
        x = x[x != 0]  # the sign of 1 / 0 is nobody's
    if name in ("sigmoid", "tanh", "sinh", "cosh"):  # the sign of a zero by how often the angle has turned
        x = x[~(np.isinf(x.real) & np.isfinite(x.imag)) & (x.imag != 3)]
    eager, compiled = both(getattr(df, name), x)
    assert bits(compiled) == bits(eager)


@pytest.mark.parametrize("zero, root", [(-0.0, -1.5), (0.0, 1.5)])
def test_the_branch_cut_of_a_root_by_c99(zero, root):
    for y in both(df.sqrt, np.array([complex(-2.25, zero)], np.complex64)):
        assert y.imag.tolist() == [root]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", ["floor_divide", "remainder", "power", "fmod", "divide", "multiply", "atan2"])
def test_signs_of_zeros_and_infinities_of_two_operands(name, dtype):
    a, b = (x.reshape(-1) for x in np.meshgrid(np.array(PARTS, dtype), np.array(PARTS, dtype)))
    eager, compiled = both(getattr(df, name), a, b)
    assert bits(compiled) == bits(eager)


@pytest.mark.parametrize("single", [True, False])
@pytest.mark.parametrize("exponent, last", [(0.5, [np.inf, 0.0, 0.0, 2.0]), (-0.5, [0.0, np.inf, np.inf, 0.5])])
def test_a_half_as_exponent(exponent, last, single):
    x = np.array([-np.inf, -0.0, 0.0, 4.0], np.float32)
    powers = np.array(exponent if single else [exponent] * 4, np.float32)
    eager, compiled = both(lambda x, b: x**b, x, powers)
    assert bits(eager) == bits(compiled)
    if single:
        assert bits(both(lambda x: x**exponent, x)[1]) == bits(eager)
    else:
        assert bits(eager) == bits(np.array(last))


def test_zeros_of_signs_and_exponential_units():
    x = np.array([-0.0, 0.0, -1.0, np.nan], np.float32)
    for function, first in ((df.sign, "0"), (df.nn.functional.elu, "-0")):
        eager, compiled = both(function, x)
        assert bits(eager) == bits(compiled)
        assert bits(compiled)[0] == first


def test_the_running_product_of_complex_infinities():
    x = np.array([np.inf, 1, 2], np.complex64)
    eager, compiled = both(lambda x: df.cumulative_prod(x), x)
    assert bits(compiled) == bits(eager)

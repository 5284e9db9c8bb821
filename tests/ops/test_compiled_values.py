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

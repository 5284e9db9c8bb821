"""The test session is stricter than users are.

Warnings from our own lines are errors (pyproject.toml). A floating-point accident in NumPy is an error too, unless a
test says with ``np.errstate`` that it wants one; underflow to zero is no accident. Every test starts from one seed, and
fails when it leaves a context open behind it.
"""

import numpy as np
import pytest

import dualflow as df
from dualflow.core.mode import UNUSUAL, current


@pytest.fixture(autouse=True)
def one_seed():
    """Start every test from the same random numbers."""
    df.manual_seed(20240229)


@pytest.fixture(params=["eager", "interpreted", "compiled"])
def arm(request):
    """Run the test in each arm."""
    with df.mode("eager") if request.param == "eager" else df.mode("graph", compile=request.param == "compiled"):
        yield request.param


@pytest.fixture(autouse=True)
def strict_floats():
    """Raise on division by zero, overflow and invalid operations."""
    with np.errstate(divide="raise", over="raise", invalid="raise", under="ignore"):
        yield


@pytest.fixture(autouse=True)
def nothing_left_open():
    """Fail a test that leaves a mode or a no_grad block open."""
    before = current(), len(UNUSUAL)
    yield
    assert (current(), len(UNUSUAL)) == before

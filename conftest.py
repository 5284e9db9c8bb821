"""What every doctest knows without importing it: ``df`` and ``np``."""

import numpy as np
import pytest

import dualflow as df


@pytest.fixture(autouse=True)
def names(doctest_namespace):
    """Give the examples their two names."""
    doctest_namespace.update(df=df, np=np)

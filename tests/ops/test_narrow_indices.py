"""Indices of eight and sixteen bits mean in a compiled graph what they mean to NumPy."""

import numpy as np
import pytest

import dualflow as df
from dualflow.core.errors import OutOfRangeError

F = df.nn.functional
X = np.arange(300, dtype=np.float32)
USES = {
    "getitem": lambda i: df.from_numpy(X)[i],
    "take": lambda i: df.take(df.from_numpy(X), i, axis=0),
    "take_along_axis": lambda i: df.take_along_axis(df.from_numpy(X), i, axis=0),
    "gather": lambda i: df.gather(df.from_numpy(X), 0, i),
    "embedding": lambda i: F.embedding(i, df.from_numpy(X.reshape(300, 1))),
    "one_hot": lambda i: df.one_hot(i, num_classes=300),
    "F.one_hot": lambda i: F.one_hot(i, 300),
    "cross_entropy": lambda i: F.cross_entropy(df.from_numpy(np.tile(X / 300, (len(i), 1))), i),
}


@pytest.mark.parametrize("dtype", ["int8", "uint8", "int16", "uint16"])
@pytest.mark.parametrize("use", USES)
def test_narrow_indices(use, dtype):
    index = df.tensor([3, 0, 120], dtype=getattr(df, dtype))
    expected = USES[use](index)
    with df.mode("graph"):
        found = df.function(USES[use])(index)
    np.testing.assert_allclose(found.numpy(), expected.numpy(), rtol=1e-6)


@pytest.mark.parametrize("compile", [False, True])
def test_an_index_out_of_a_short_axis(compile):
    step = df.function(lambda x, i: x[i])
    with df.mode("graph", compile=compile), pytest.raises(OutOfRangeError):
        step(df.ones(100), df.tensor([100], dtype=df.uint8))
    with df.mode("graph", compile=compile):
        assert step(df.ones(100), df.tensor([-100], dtype=df.int8)).item() == 1

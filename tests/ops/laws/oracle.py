"""PyTorch as an oracle: how its functions are asked what a card of the vocabulary means."""

import functools

import numpy as np
import pytest

import dualflow as df


@functools.cache
def torch():
    return pytest.importorskip("torch", reason="PyTorch is the oracle: pip install torch==2.13.0, the extra 'peers'")


def axes(x, axis):
    """Return ``axis`` as PyTorch reads it everywhere: some of its reductions take no None."""
    return tuple(range(x.ndim)) if axis is None else tuple(axis) if isinstance(axis, list) else axis


def dtype(name):
    return getattr(torch(), str(df.dtypes.asdtype(name)))


def real(x):
    """Cast what PyTorch takes in floating point only, as it casts integers for ``exp``: to float32."""
    return x if x.is_floating_point() or x.is_complex() else x.float()


def meet(*xs):
    """Cast operands to their common dtype where PyTorch asks the caller to."""
    common = functools.reduce(torch().promote_types, [x.dtype for x in xs if x is not None])
    return [None if x is None else x.to(common) for x in xs]


def alike(*xs):
    """Broadcast the operands first: PyTorch 2.13 fails in the gradient of a clamp that broadcasts its input."""
    shape = np.broadcast_shapes(*[x.shape for x in xs if x is not None])
    return [None if x is None else x.expand(shape) for x in xs]

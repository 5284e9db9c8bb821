"""NumPy's functions on tensors and symbols: the op of that name, or refused where a gradient would be lost."""

import numpy as np
import pytest

import dualflow as df
from dualflow.core.errors import GradientError, SymbolicValueError

X = np.array([[0.5, 0.25], [0.125, 0.75]], np.float32)
A = np.array([[1.0, 2.0], [3.0, 4.0]], np.float32)
CALLS = {
    "exp": np.exp,
    "arctan2": lambda x: np.arctan2(A, x),
    "add": lambda x: np.add(x, A),
    "array first": lambda x: A * x - A @ x,
    "scalar first": lambda x: np.float32(2) / x,
    "sum": lambda x: np.sum(x, axis=0, keepdims=True),
    "var": lambda x: np.var(x, axis=1, ddof=1),
    "max": lambda x: np.max(x, axis=1),
    "concatenate": lambda x: np.concatenate([x, A, x], axis=1),
    "where": lambda x: np.where(A > 2, x, A),
    "linalg": lambda x: np.linalg.inv(x),
    "norm": lambda x: np.linalg.norm(x),
    "fft": lambda x: np.fft.rfft(x, axis=0),
    "transpose": lambda x: np.transpose(np.reshape(x, (1, 4))),
}


@pytest.mark.parametrize("name", CALLS)
def test_numpys_functions_are_carried_out_by_the_op(name):
    call, expected = CALLS[name], CALLS[name](X)
    w = df.tensor(X, requires_grad=True)
    y = call(w)
    assert isinstance(y, df.Tensor) and y.requires_grad
    df.sum(df.abs(y)).backward()
    assert w.grad.shape == X.shape
    with df.graph() as graph:
        p = df.placeholder(df.float32, (2, 2))
        found = df.Session(graph, compile=False).run(call(p), {p: X})
    for value in (y.detach(), found):
        np.testing.assert_allclose(value.numpy() if isinstance(value, df.Tensor) else value, expected, rtol=1e-5)


@pytest.mark.parametrize(
    "call", [np.median, np.cbrt, np.add.reduce, lambda w: np.add(A, w, out=A.copy()), lambda w: np.split(w, 2)]
)
def test_what_has_no_op_computes_on_numbers_and_loses_no_gradient(call):
    plain = call(df.tensor(X))
    assert not isinstance(plain, df.Tensor)
    np.testing.assert_array_equal(plain, call(X))
    with pytest.raises(GradientError, match="the gradient would be lost"):
        call(df.tensor(X, requires_grad=True))
    with df.no_grad():
        np.testing.assert_array_equal(call(df.tensor(X, requires_grad=True)), plain)
    with df.graph(), pytest.raises(SymbolicValueError):
        call(df.placeholder(df.float32, (2, 2)))


def test_asking_what_needs_no_gradient_is_free():
    w = df.tensor(X, requires_grad=True)
    assert np.shape(w) == (2, 2) and np.ndim(w) == 2 and np.allclose(w, X)


def test_an_array_takes_a_constant_in():
    total = A.copy()
    total += df.tensor(X)
    assert type(total) is np.ndarray
    np.testing.assert_array_equal(total, A + X)

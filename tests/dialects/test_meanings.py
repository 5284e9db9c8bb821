"""One argument, two libraries' words for it: which function they lead to, for cards and for functions over cards."""

import inspect

import numpy as np
import pytest

import dualflow as df
from dualflow.core.errors import GraphError, InPlaceError, SymbolicValueError
from dualflow.tensors import methods
from dualflow.tensors.operators import DIRECT

X = np.arange(6, dtype=np.float32).reshape(2, 3)


def both(call):
    """Return what ``call`` gives eagerly, and interpreted in a graph."""
    eager = call(df.from_numpy(X))
    with df.graph() as graph:
        x = df.placeholder(df.float32, (2, 3))
        found = df.Session(graph, compile=False).run(call(x), {x: X})
    return eager, found


@pytest.mark.parametrize(
    ("torch_way", "standard_way"),
    [
        (lambda x: df.torch.sum(x, dim=0, keepdim=True), lambda x: df.sum(x, axis=0, keepdims=True)),
        (
            lambda x: df.torch.sum(input=x, dim=0, keepdim=False, dtype=df.float64),
            lambda x: df.sum(x, axis=0, dtype="float64"),
        ),
        (lambda x: df.torch.softmax(x, dim=0), lambda x: df.softmax(x, axis=0)),
        (lambda x: df.torch.mean(x, dim=(0, 1)), lambda x: df.mean(x)),
        (lambda x: df.torch.amax(x, dim=1, keepdim=True), lambda x: df.torch.amax(x, axis=1, keepdims=True)),
        (lambda x: df.torch.cat([x, x], dim=1), lambda x: df.concat([x, x], axis=1)),
        (lambda x: df.torch.linalg.vector_norm(x, dim=1), lambda x: df.linalg.vector_norm(x, axis=1)),
        (lambda x: df.torch.fft.fftshift(x, dim=1), lambda x: df.fft.fftshift(x, axes=1)),
        (lambda x: df.torch.roll(x, shifts=1, dims=1), lambda x: df.roll(x, shift=1, axis=1)),
        (lambda x: df.torch.tril(x, diagonal=-1), lambda x: df.tril(x, k=-1)),
        (lambda x: df.torch.max(x, keepdim=True), lambda x: df.max(x, keepdims=True)),
        (lambda x: df.torch.var(x, dim=1), lambda x: df.var(x, axis=1, correction=1)),
        (lambda x: x.var(), lambda x: df.var(x, correction=1)),
        (lambda x: x.std(1), lambda x: x.std(axis=1, correction=1)),
        (lambda x: x.var(unbiased=False), lambda x: df.var(x)),
        (lambda x: x.var(dim=0, correction=0), lambda x: df.var(x, axis=0)),
        (lambda x: x.var(dim=0), lambda x: x.var(axis=0)),
        (lambda x: df.torch.max(x, dim=1)[0], lambda x: df.max(x, axis=1)),
        (lambda x: x.min(1, True)[0], lambda x: df.min(x, axis=1, keepdims=True)),
        (lambda x: x.max(x * 2), lambda x: df.maximum(x, x * 2)),
        (lambda x: df.torch.sort(x, dim=1, descending=True)[0], lambda x: df.sort(x, axis=1, descending=True)),
        (lambda x: x.softmax(1, df.float64), lambda x: df.softmax(x.astype("float64"), axis=1)),
        (lambda x: df.nn.functional.log_softmax(x, dim=1), lambda x: df.log_softmax(x)),
        (lambda x: x.take(df.tensor([4, 0])), lambda x: df.take(df.reshape(x, (-1,)), df.tensor([4, 0]))),
    ],
)
def test_pytorchs_words_have_pytorchs_meaning(torch_way, standard_way):
    for theirs, mine in zip(both(torch_way), both(standard_way), strict=True):
        assert theirs.dtype == mine.dtype
        np.testing.assert_array_equal(theirs, mine)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda x: df.torch.sum(x, dim=0, axis=0), "two values for 'axis'"),
        (lambda x: df.torch.amax(x, dim=0, axis=0), "two values for 'axis'"),
        (lambda x: df.torch.max(x, dim=0, axis=0), "two values for 'dim'"),
        (lambda x: df.sum(x, dimension=0), "no argument 'dimension'"),
        (lambda x: df.softmax(x, dimension=0), "no argument 'dimension'"),
        (lambda x: df.torch.amax(x, dimension=0), "'dimension'"),
        (lambda x: x.mul_(2, alpha=3), "alpha"),
    ],
)
def test_what_nobody_says_is_refused(call, message):
    with pytest.raises(TypeError, match=message):
        call(df.from_numpy(X))


def test_words_carry_gradients():
    x = df.tensor(X, requires_grad=True)
    values, indices = x.max(dim=1)
    (values.sum() + df.torch.var(x, dim=0).sum()).backward()
    assert indices.tolist() == [2, 2]
    np.testing.assert_allclose(x.grad, [[-3, -3, -2], [3, 3, 4]])  # 2 (x - mean) / 1, and 1 at the largest


@pytest.mark.parametrize("name", sorted(set(dir(methods.Methods)) | set(DIRECT)))
def test_methods_explain_themselves(name):
    for kind in (df.Tensor, df.Symbol):
        method = getattr(kind, name)
        if callable(method) and not name.startswith("__"):
            assert method.__doc__, name
            assert str(inspect.signature(method)) not in ("(*args, **params)", "(self, *others)"), name


def test_pytorchs_small_methods():
    x = df.tensor(X)
    assert (
        x.stride() == (3, 1) and x.T.stride(0) == 1 and not x.T.is_contiguous() and x.T.contiguous().stride() == (2, 1)
    )
    assert x.contiguous() is x and x.nelement() == 6 and x.element_size() == 4 and x.data_ptr() == x.T.data_ptr()
    assert x.new_zeros(2, 3).dtype == x.new_full((1,), 2).dtype == x.new_tensor([1]).dtype == df.float32
    assert df.tensor(1).type_as(x).dtype == df.float32 and x.byte().dtype == df.uint8
    np.testing.assert_array_equal(df.torch.fmax(df.tensor([1.0, np.nan]), df.tensor([2.0, 3.0])), [2, 3])
    np.testing.assert_array_equal(x.clone().ge_(2.0), X >= 2)
    for found, wanted in zip(df.torch.var_mean(x, dim=0), (X.var(0, ddof=1), X.mean(0)), strict=True):
        np.testing.assert_allclose(found, wanted)
    with df.graph():
        symbol = df.placeholder(df.float32, (2, 3))
        assert symbol.contiguous() is symbol
        for use in (lambda: symbol.stride(), lambda: symbol.data_ptr(), lambda: symbol.is_contiguous()):
            with pytest.raises(SymbolicValueError, match="lies in memory"):
                use()


def test_a_tensor_takes_another_shape_in_place():
    w = df.tensor(X, requires_grad=True)
    y = w * 2
    view = y[0]
    assert y.t_() is y and y.shape == (3, 2)
    y.unsqueeze_(0).transpose_(0, 1).squeeze_(1)
    y[1, 0] = 7.0  # where view[1] is
    np.testing.assert_array_equal(view.detach(), [0, 7, 4])
    (y * df.tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])).sum().backward()
    np.testing.assert_array_equal(w.grad, [[2, 0, 10], [4, 8, 12]])
    with pytest.raises(InPlaceError, match="t_: a leaf"):
        w.t_()
    with df.graph(), pytest.raises(GraphError):
        df.placeholder(df.float32, (2, 3)).t_()


def test_isin_and_logspace_are_pytorchs():
    torch = pytest.importorskip("torch", reason="PyTorch is the oracle")
    for found in both(lambda x: df.isin(x, df.tensor([5.0, 1.0]))):
        np.testing.assert_array_equal(found, torch.isin(torch.from_numpy(X), torch.tensor([5.0, 1.0])))
    for found in both(lambda x: x[0] * 0 + df.logspace(-1, 1, 3)):
        np.testing.assert_allclose(found, torch.logspace(-1, 1, 3), rtol=1e-6)


def test_diagonal_scatter_forgets_what_stood_there():
    for found in both(lambda x: df.diagonal_scatter(x * float("nan"), df.ones(2))):
        np.testing.assert_array_equal(np.diagonal(found), [1, 1])
        assert np.isnan(found).sum() == 4

"""Eager tensors as a user of PyTorch expects them: making them, operators, values out of them, text, copies, leaves."""

from __future__ import annotations

import copy
import math
import pickle
import subprocess
import sys
import warnings

import numpy as np
import pytest

import dualflow as df
from dualflow.core.errors import DTypeError, DualflowError, GradientError, ShapeError
from dualflow.core.site import decode

NAN, INF = float("nan"), float("inf")


def same(x, values, dtype):
    """Check type, dtype, shape and every value of a tensor; NaN equals NaN."""
    assert type(x) is df.Tensor
    np.testing.assert_array_equal(x.detach().numpy(), np.array(values, dtype), strict=True)


# ----------------------------------------------------------------------------------------------------------- creation


@pytest.mark.parametrize("make", [df.tensor, df.asarray])
@pytest.mark.parametrize(
    "data, dtype",
    [
        (1.5, "float32"),
        (3, "int64"),
        (True, "bool"),
        (1j, "complex64"),
        ([1, 2.5], "float32"),
        ([True, 2], "int64"),
        ([], "float32"),
        (range(3), "int64"),
        (np.float64(1.5), "float64"),
        (np.arange(3, dtype=np.int16), "int16"),
        ([np.ones(2), np.zeros(2)], "float64"),
        ([np.float64(1), 2.0], "float64"),
        ([1.0, np.float32(2)], "float32"),
    ],
)
def test_python_values_get_the_default_dtype_and_arrays_keep_theirs(make, data, dtype):
    same(make(data), data, dtype)


def test_tensors_in_a_list_make_one_tensor():
    same(df.tensor([df.tensor([1.0, 2.0]), df.tensor([3.0, 4.0])]), [[1, 2], [3, 4]], "float32")
    same(df.tensor([df.tensor(0.1, df.float64)]), [0.1], "float64")


@pytest.mark.parametrize("dtype", [df.float64, "float64", np.float64, np.dtype(np.float64)], ids=repr)
def test_a_dtype_can_be_named_in_every_way(dtype):
    same(df.tensor([1, 2], dtype), [1, 2], "float64")
    same(df.zeros(2, dtype=dtype), [0, 0], "float64")


def test_python_types_name_the_default_dtypes():
    assert [df.ones(1, dtype=t).dtype for t in (float, int, bool, complex)] == ["float32", "int64", "bool", "complex64"]


MADE = {
    "zeros": (lambda: df.zeros(2, 1), [[0], [0]], "float32"),
    "zeros of a tuple": (lambda: df.zeros((2,), dtype=df.int8), [0, 0], "int8"),
    "zeros of tensors": (lambda: df.zeros(df.tensor(1), df.tensor(2)), [[0, 0]], "float32"),
    "ones of nothing": (lambda: df.ones(), 1, "float32"),
    "empty": (lambda: df.empty(2), [0, 0], "float32"),
    "full, int": (lambda: df.full((2,), 7), [7, 7], "int64"),
    "full, float": (lambda: df.full(2, 0.5), [0.5, 0.5], "float32"),
    "full, bool": (lambda: df.full((1,), True), [True], "bool"),
    "full, NumPy": (lambda: df.full((1,), np.float64(2)), [2], "float64"),
    "eye": (lambda: df.eye(2), [[1, 0], [0, 1]], "float32"),
    "eye off the diagonal": (lambda: df.eye(2, 3, k=1, dtype=int), [[0, 1, 0], [0, 0, 1]], "int64"),
    "arange": (lambda: df.arange(3), [0, 1, 2], "int64"),
    "arange down": (lambda: df.arange(3, 0, -2), [3, 1], "int64"),
    "arange of nothing": (lambda: df.arange(3, 0), [], "int64"),
    "arange by halves": (lambda: df.arange(0, 1, 0.5), [0, 0.5], "float32"),
    "arange, NumPy float": (lambda: df.arange(np.float32(2)), [0, 1], "float32"),
    "arange, tensor": (lambda: df.arange(df.tensor(1.5)), [0, 1], "float32"),
    "linspace": (lambda: df.linspace(0, 1, 5), [0, 0.25, 0.5, 0.75, 1], "float32"),
    "linspace, open": (lambda: df.linspace(0, 1, 2, endpoint=False), [0, 0.5], "float32"),
    "zeros_like": (lambda: df.zeros_like(df.ones(2, dtype=df.int8)), [0, 0], "int8"),
    "ones_like": (lambda: df.ones_like(df.zeros(1, 2), dtype=df.float64), [[1, 1]], "float64"),
    "full_like": (lambda: df.full_like(np.zeros(2), 3), [3, 3], "float64"),
    "full_like of a list": (lambda: df.full_like([[1, 2]], 3), [[3, 3]], "int64"),
    "empty_like": (lambda: df.empty_like(df.ones(2)), [0, 0], "float32"),
}


@pytest.mark.parametrize("make, values, dtype", MADE.values(), ids=MADE.keys())
def test_made_out_of_nothing(make, values, dtype):
    same(make(), values, dtype)


@pytest.mark.parametrize(
    "make",
    [
        lambda **how: df.tensor([1.0], **how),
        lambda **how: df.zeros(2, **how),
        lambda **how: df.ones(2, **how),
        lambda **how: df.full(2, 1.0, **how),
        lambda **how: df.eye(2, **how),
        lambda **how: df.arange(3.0, **how),
        lambda **how: df.linspace(0, 1, 3, **how),
        lambda **how: df.zeros_like(df.ones(2), **how),
        lambda **how: df.randn(2, **how),
    ],
)
def test_what_is_made_is_a_leaf_that_may_require_gradients(make):
    assert make(requires_grad=True).requires_grad and make(requires_grad=True).is_leaf
    assert not make().requires_grad


def test_imitating_a_recorded_tensor_gives_a_constant():
    assert not df.zeros_like(df.ones(2, requires_grad=True)).requires_grad


REFUSED = {
    "text": (lambda: df.tensor("a"), DTypeError, "tensor: cannot hold str"),
    "None": (lambda: df.asarray(None), DTypeError, "asarray: cannot hold NoneType"),
    "objects": (lambda: df.from_numpy(np.array([None])), DTypeError, "from_numpy: cannot hold ndarray of dtype object"),
    "a list": (lambda: df.from_numpy([1.0]), DTypeError, "from_numpy: expected a NumPy array, not list"),
    "ragged": (lambda: df.tensor([[1], [1, 2]]), DTypeError, "tensor: the lists do not make a full block"),
    "too big": (lambda: df.tensor(2**70), DTypeError, "tensor: cannot hold int"),
    "a float size": (lambda: df.zeros(2.0), DTypeError, "zeros: a shape is made of integers"),
    "dtype as a size": (lambda: df.zeros(2, df.int64), DTypeError, "dtype="),
    "no dtype": (lambda: df.ones(2, dtype="float31"), DTypeError, "'float31' is not a dtype of dualflow"),
    "step of 0": (lambda: df.arange(0, 3, 0), ShapeError, "the step must not be zero"),
    "integer leaf": (lambda: df.tensor([1], requires_grad=True), DTypeError, "only floating dtypes have gradients"),
}


@pytest.mark.parametrize("make, kind, says", REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_be_a_tensor_is_told_at_the_users_line(make, kind, says):
    with pytest.raises(kind) as caught:
        make()
    assert says in str(caught.value)
    assert decode(caught.value.site).file == __file__


# ------------------------------------------------------------------------------------------------------ shared memory


def test_tensor_copies_and_from_numpy_and_asarray_share():
    source = np.zeros(2, np.float32)
    copied, wrapped, shared = df.tensor(source), df.from_numpy(source), df.asarray(source)
    source[0] = 7
    assert copied.tolist() == [0, 0]
    assert wrapped.tolist() == shared.tolist() == [7, 0]


def test_asarray_returns_a_tensor_as_it_is_unless_told_to_copy():
    x = df.ones(2)
    assert df.asarray(x) is x
    copied = df.asarray(x, copy=True)
    x.zero_()
    assert copied.tolist() == [1, 1]


def test_asarray_copies_an_array_when_told():
    source = np.zeros(2)
    copied = df.asarray(source, copy=True)
    source[0] = 7
    assert copied.tolist() == [0, 0]


@pytest.mark.parametrize("make", [lambda: df.ones(3), lambda: df.ones(3) + 1, lambda: df.tensor(2.0) * 3])
def test_numpy_and_array_share_memory(make):
    """A 0-d result too, for which NumPy's ufuncs return a scalar."""
    x = make()
    np.asarray(x)[...] = 5
    assert x.numpy() is x.numpy() and (x.numpy() == 5).all()


def test_array_follows_the_protocol_of_numpy():
    x = df.tensor([1.0, 2.0])
    assert np.asarray(x, np.float64).dtype == np.float64
    assert not np.shares_memory(np.array(x), x.numpy())
    assert np.shares_memory(np.array(x, copy=False), x.numpy())
    with pytest.raises(ValueError):
        np.asarray(x, np.float64, copy=False)


def test_strides_survive_from_numpy():
    backwards = np.arange(6.0)[::-2]
    assert df.from_numpy(backwards).tolist() == [5, 3, 1]
    assert df.from_numpy(backwards).numpy().strides == backwards.strides


def test_numpy_reads_dlpack_without_a_copy():
    x = df.tensor([1.0, 2.0])
    assert np.shares_memory(np.from_dlpack(x), x.numpy())


def test_torch_reads_dlpack_without_a_copy():
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    x = df.tensor([[1.0, 2.0], [3.0, 4.0]])
    theirs = torch.from_dlpack(x.T)
    theirs[0, 1] = 30
    assert theirs.dtype == torch.float32 and x.tolist() == [[1, 2], [30, 4]]


def test_tensors_of_torch_are_taken_as_arrays():
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    same(df.tensor(torch.tensor([1.0, 2.0], dtype=torch.float64)), [1, 2], "float64")


@pytest.mark.parametrize("out", [lambda x: x.numpy(), np.from_dlpack], ids=["numpy", "dlpack"])
@pytest.mark.parametrize("recorded", [lambda x: x, lambda x: x * 2], ids=["leaf", "computed"])
def test_what_requires_a_gradient_must_be_detached_first(out, recorded):
    x = recorded(df.ones(2, requires_grad=True))
    with pytest.raises(GradientError, match=r"\.detach\(\)\.numpy\(\)"):
        out(x)
    assert np.shares_memory(out(x.detach()), np.asarray(x))


# ---------------------------------------------------------------------------------------------------------- operators

T = [1.0, 2.0, 4.0]
OPERATORS = {
    "t + 1": (lambda t: t + 1, [2, 3, 5]),
    "1 + t": (lambda t: 1 + t, [2, 3, 5]),
    "t - 1": (lambda t: t - 1, [0, 1, 3]),
    "1 - t": (lambda t: 1 - t, [0, -1, -3]),
    "t * 2.5": (lambda t: t * 2.5, [2.5, 5, 10]),
    "2.5 * t": (lambda t: 2.5 * t, [2.5, 5, 10]),
    "t / 2": (lambda t: t / 2, [0.5, 1, 2]),
    "8 / t": (lambda t: 8 / t, [8, 4, 2]),
    "t ** 2": (lambda t: t**2, [1, 4, 16]),
    "t ** 3": (lambda t: t**3, [1, 8, 64]),
    "2 ** t": (lambda t: 2**t, [2, 4, 16]),
    "-t": (lambda t: -t, [-1, -2, -4]),
    "+t": (lambda t: +t, [1, 2, 4]),
    "abs": (lambda t: abs(-t), [1, 2, 4]),
    "True * t": (lambda t: True * t, [1, 2, 4]),
    "t @ t": (lambda t: t @ t, 21),
}


@pytest.mark.parametrize("of, values", OPERATORS.values(), ids=OPERATORS.keys())
def test_operators_with_python_numbers_keep_the_dtype(of, values):
    for dtype in ("float16", "float32", "float64"):
        same(of(df.tensor(T, dtype)), values, dtype)


LEFT = {
    "+": (lambda a, t: a + t, [3, 4, 6]),
    "-": (lambda a, t: a - t, [1, 0, -2]),
    "*": (lambda a, t: a * t, [2, 4, 8]),
    "/": (lambda a, t: a / t, [2, 1, 0.5]),
    "**": (lambda a, t: a**t, [2, 4, 16]),
}


@pytest.mark.parametrize("left", [np.full(3, 2.0), np.float64(2), np.array(2.0)], ids=["array", "scalar", "0-d"])
@pytest.mark.parametrize("of, values", LEFT.values(), ids=LEFT.keys())
def test_numpy_on_the_left_gives_a_tensor(left, of, values):
    """NumPy must not take the tensor for an element: that would be an array of objects. Its dtype counts."""
    same(of(left, df.tensor(T)), values, "float64")
    same(of(left.astype(np.float32), df.tensor(T)), values, "float32")


def test_a_matrix_of_numpy_times_a_tensor():
    same(np.ones((2, 3), np.float32) @ df.tensor(T), [7, 7], "float32")


@pytest.mark.parametrize("left", [np.full(3, 2.0, np.float32), np.float32(2), 2, 2.0], ids=repr)
def test_comparisons_give_bool_tensors_either_way_round(left):
    t = df.tensor(T)
    same(left < t, [False, False, True], "bool")
    same(left <= t, [False, True, True], "bool")
    same(left > t, [True, False, False], "bool")
    same(left >= t, [True, True, False], "bool")
    same(left == t, [False, True, False], "bool")
    same(left != t, [True, False, True], "bool")


@pytest.mark.parametrize("left", [np.array([True, True, False, False]), True], ids=["array", "bool"])
def test_logic_either_way_round(left):
    b = df.tensor([True, False, True, False])
    a = np.broadcast_to(left, 4)
    for x, y in ((left, b), (b, left)):
        same(x & y, a & b.numpy(), "bool")
        same(x | y, a | b.numpy(), "bool")
        same(x ^ y, a ^ b.numpy(), "bool")
    same(~b, [False, True, False, True], "bool")


def test_gradients_flow_through_operators_with_numpy_on_the_left():
    t = df.tensor([1.0, 2.0], requires_grad=True)
    (np.array([3.0, 5.0], np.float32) * t).sum().backward()
    assert t.grad.tolist() == [3, 5]


PROMOTED = [
    ("int64", 1.5, "float32"),
    ("int8", 1, "int8"),
    ("uint8", 1.5, "float32"),
    ("bool", 1, "int64"),
    ("bool", 1.5, "float32"),
    ("float16", 1, "float16"),
    ("float64", 1.5, "float64"),
    ("float32", 1j, "complex64"),
    ("float64", 1j, "complex128"),
    ("int32", np.float64(1), "float64"),
    ("float32", np.int64(1), "float32"),
    ("int32", np.int64(1), "int64"),
]


@pytest.mark.parametrize("dtype, other, result", PROMOTED)
def test_python_numbers_are_weak_and_those_of_numpy_are_not(dtype, other, result):
    """A Python number changes the kind of dtype at most; between kinds the floating dtype wins, as in PyTorch."""
    one = df.ones(1, dtype=dtype)
    same(one + other, [1 + other], result)
    same(other + one, [1 + other], result)


def test_division_of_integers_is_true_division():
    same(df.tensor([1, 2]) / 2, [0.5, 1], "float32")
    same(df.tensor([1, 2]) / df.tensor([2, 2]), [0.5, 1], "float32")
    same(1 / df.tensor([1, 2], df.int8), [1, 0.5], "float32")


def test_integers_are_summed_in_64_bits_and_averaged_as_floats():
    x = df.full((2,), 100, dtype=df.int8)
    same(x.sum(), 200, "int64")
    same(x.mean(), 100, "float32")
    same(df.tensor([True, True]).sum(), 2, "int64")


@pytest.mark.parametrize("other", [None, "a", [1.0], {}, object()], ids=["None", "text", "list", "dict", "object"])
def test_operators_leave_strange_operands_to_python(other):
    t = df.ones(1)
    with pytest.raises(TypeError, match="unsupported operand"):
        t + other
    with pytest.raises(TypeError):
        other - t
    assert (t == other) is False and (t != other) is True


def test_functions_refuse_none_where_an_operand_is_needed():
    for call in (lambda: df.add(df.ones(1), None), lambda: df.where(df.tensor([True]), None, 1.0)):
        with pytest.raises(DTypeError, match="not NoneType None"):
            call()


# ------------------------------------------------------------------------------------------------------------ methods

M = [[1.0, -2.0], [3.0, 4.0]]
METHODS = {
    "mm": (lambda m: m.mm(m), [[-5, -10], [15, 10]]),
    "matmul": (lambda m: m.matmul(df.tensor([1.0, 1.0])), [-1, 7]),
    "t": (lambda m: m.t(), [[1, 3], [-2, 4]]),
    "t of a vector": (lambda m: m[0].t(), [1, -2]),
    "clamp": (lambda m: m.clamp(min=0, max=3), [[1, 0], [3, 3]]),
    "clamp, one side": (lambda m: m.clamp(max=1.5), [[1, -2], [1.5, 1.5]]),
    "pow": (lambda m: m.pow(2), [[1, 4], [9, 16]]),
    "relu": (lambda m: m.relu(), [[1, 0], [3, 4]]),
    "sum, dim": (lambda m: m.sum(dim=1), [-1, 7]),
    "sum, keepdim": (lambda m: m.sum(dim=0, keepdim=True), [[4, 2]]),
    "mean": (lambda m: m.mean(0), [2, 1]),
    "var": (lambda m: m.var(1), [4.5, 0.5]),
    "var, of all there is": (lambda m: m.var(1, correction=0), [2.25, 0.25]),
    "max": (lambda m: m.max(dim=1).values, [1, 4]),
    "min": (lambda m: m.min(), -2),
    "unsqueeze": (lambda m: m.unsqueeze(1), [[[1, -2]], [[3, 4]]]),
    "squeeze": (lambda m: m[:1].squeeze(0), [1, -2]),
    "view": (lambda m: m.view(-1), [1, -2, 3, 4]),
    "reshape of a list": (lambda m: m.reshape([1, 4]), [[1, -2, 3, 4]]),
    "flatten": (lambda m: m.flatten(), [1, -2, 3, 4]),
    "permute": (lambda m: m.permute(1, 0), [[1, 3], [-2, 4]]),
    "transpose": (lambda m: m.transpose(0, 1), [[1, 3], [-2, 4]]),
    "expand": (lambda m: m[:, :1].expand(-1, 2), [[1, 1], [3, 3]]),
    "where": (lambda m: m.where(m > 0, 0.0), [[1, 0], [3, 4]]),
    "take": (lambda m: m.take(df.tensor([1, 1])), [-2, -2]),
    "chunk": (lambda m: m.chunk(2)[1], [[3, 4]]),
    "split": (lambda m: m.split(1, dim=1)[0], [[1], [3]]),
    "clone": (lambda m: m.clone(), M),
    "chain": (lambda m: (m.mm(m).clamp(min=0) - 1).pow(2).sum(), 1 + 1 + 196 + 81),
}


@pytest.mark.parametrize("of, values", METHODS.values(), ids=METHODS.keys())
def test_methods_by_the_names_of_pytorch(of, values):
    same(of(df.tensor(M)), values, "float32")


def test_positions_are_int64_and_questions_bool():
    m = df.tensor(M)
    same(m.argmax(dim=1), [0, 1], "int64")
    same(m.argmin(), 1, "int64")
    same((m > 0).all(dim=1), [False, True], "bool")
    same((m > 3).any(), True, "bool")


def test_casts_by_name():
    x = df.tensor([0.0, 1.5])
    for cast, values, dtype in (
        (x.long(), [0, 1], "int64"),
        (x.int(), [0, 1], "int32"),
        (x.bool(), [False, True], "bool"),
        (x.double(), [0, 1.5], "float64"),
        (x.to(df.float16), [0, 1.5], "float16"),
        (x.long().float(), [0, 1], "float32"),
    ):
        same(cast, values, dtype)
    assert x.float() is x and x.to("cpu") is x


def test_there_is_one_device():
    assert df.ones(1).device == "cpu"
    with pytest.raises(ValueError, match="'cuda'"):
        df.ones(1).to("cuda")


def test_properties():
    x = df.zeros(2, 3, 4, dtype=df.int8)
    assert (x.shape, x.dtype, x.ndim, x.dim(), x.size, x.numel()) == ((2, 3, 4), df.int8, 3, 3, 24, 24)
    assert x.T.shape == (4, 3, 2) and x.mT.shape == (2, 4, 3)
    scalar = df.tensor(1.0)
    assert (scalar.shape, scalar.ndim, scalar.size) == ((), 0, 1)


@pytest.mark.parametrize("name", ["shape", "dtype", "ndim", "T", "is_leaf", "grad_fn", "nonsense"])
def test_what_a_tensor_is_cannot_be_assigned(name):
    with pytest.raises(AttributeError):
        setattr(df.ones(1), name, 1)


def test_a_missing_attribute_is_named():
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        df.ones(1).nonsense


# ------------------------------------------------------------------------------------------------------ Python values


@pytest.mark.parametrize("data", [2.5, 3, True, 1 + 2j])
def test_item_and_tolist_give_python_numbers(data):
    for x in (df.tensor(data), df.tensor([[data]])):
        assert x.item() == data and type(x.item()) is type(data)
    assert df.tensor(data).tolist() == data and df.tensor([[data]]).tolist() == [[data]]


def test_conversions_to_python_numbers():
    assert float(df.tensor([[2.5]])) == 2.5 and int(df.tensor(2.9)) == 2 and complex(df.tensor(1 + 2j)) == 1 + 2j
    assert math.sqrt(df.tensor(4)) == 2.0
    assert float(df.tensor(2.5, requires_grad=True) * 2) == 5.0


@pytest.mark.parametrize("convert", [lambda x: x.item(), float, int, complex])
@pytest.mark.parametrize("size", [0, 2])
def test_only_one_element_makes_a_number(convert, size):
    with pytest.raises(ShapeError, match=f"this has {size}") as caught:
        convert(df.zeros(size))
    assert decode(caught.value.site).file == __file__


@pytest.mark.parametrize("value, truth", [(0.0, False), (-1, True), (NAN, True), ([[True]], True), ([0], False)])
def test_the_truth_of_one_element(value, truth):
    assert bool(df.tensor(value)) is truth


@pytest.mark.parametrize("size", [0, 3])
def test_many_elements_have_no_truth(size):
    with pytest.raises(ShapeError, match=rf"the truth of {size} elements .*\n(.*\n)*.*\.any\(\) or \.all\(\)"):
        bool(df.zeros(size))


def test_integer_tensors_are_indices_and_no_others_are():
    i = df.tensor(2)
    assert "abc"[i] == "c" and list(range(i)) == [0, 1]
    for x in (df.tensor(2.0), df.tensor(True)):
        with pytest.raises(TypeError, match="only integer tensors"):
            "abc"[x]


def test_length_iteration_and_unpacking_go_along_the_first_axis():
    m = df.tensor(M)
    assert len(m) == 2 and [row.tolist() for row in m] == M
    first, second = m
    same(second, M[1], "float32")
    assert list(df.zeros(0, 3)) == []


@pytest.mark.parametrize("use", [len, list, lambda x: x[0]])
def test_a_scalar_has_no_first_axis(use):
    with pytest.raises((TypeError, IndexError)):
        use(df.tensor(1.0))


def test_iteration_is_recorded():
    x = df.tensor([1.0, 2.0], requires_grad=True)
    a, b = x
    (a * b).backward()
    assert x.grad.tolist() == [2, 1]


def test_membership_is_of_values():
    x = df.tensor([1.0, NAN])
    assert 1 in x and 2 not in x and NAN not in x


def test_equality_is_by_element_and_hashing_by_identity():
    a, b = df.ones(2), df.ones(2)
    assert {a: "a", b: "b"}[a] == "a" and len({a, b, a}) == 2
    assert any(x is b for x in [a, b])
    same(a == b, [True, True], "bool")
    with pytest.raises(ShapeError):
        bool(a == b)


# --------------------------------------------------------------------------------------------------------------- text

TEXTS = {
    "vector": (lambda: df.tensor([1.0, 2.5]), "tensor([1. , 2.5])"),
    "matrix": (lambda: df.tensor([[1.0], [2.0]]), "tensor([[1.],\n        [2.]])"),
    "scalar": (lambda: df.tensor(2.5), "tensor(2.5)"),
    "computed scalar": (lambda: df.tensor(2.5) * 2, "tensor(5.)"),
    "int64": (lambda: df.tensor([1]), "tensor([1])"),
    "bool": (lambda: df.tensor([True]), "tensor([ True])"),
    "special": (lambda: df.tensor([NAN, INF, -INF]), "tensor([ nan,  inf, -inf])"),
    "float64": (lambda: df.tensor([1.0], df.float64), "tensor([1.], dtype=float64)"),
    "empty": (lambda: df.zeros(2, 0), "tensor([], shape=(2, 0))"),
    "large": (lambda: df.zeros(2000), "tensor([0., 0., 0., ..., 0., 0., 0.], shape=(2000,))"),
    "leaf": (lambda: df.ones(1, requires_grad=True), "tensor([1.], requires_grad=True)"),
    "all": (
        lambda: df.zeros(0, dtype=df.float16, requires_grad=True),
        "tensor([], dtype=float16, shape=(0,), requires_grad=True)",
    ),
    "computed": (lambda: df.ones(1, requires_grad=True) * 2, "tensor([2.], grad_fn=<multiply>)"),
    "variable": (lambda: df.Variable([1.0], name="w"), "Variable(tensor([1.], requires_grad=True), name='w')"),
    "parameter": (lambda: df.nn.Parameter([1.0]), "Parameter(tensor([1.], requires_grad=True))"),
}


@pytest.mark.parametrize("make, text", TEXTS.values(), ids=TEXTS.keys())
def test_text(make, text):
    assert repr(make()) == str(make()) == f"{make()}" == text


def test_text_of_a_tensor_whose_record_is_used_up():
    loss = df.ones(2, requires_grad=True).sum()
    loss.backward()
    assert repr(loss) == "tensor(2., grad_fn=<used up>)" and not loss.is_leaf


def test_formats():
    assert f"{df.tensor(2.5):.2f}" == "2.50" and f"{df.tensor(3):04d}" == "0003"
    assert f"{df.tensor(2.5, requires_grad=True):.1f}" == "2.5"
    assert f"{df.tensor([1.0]):>14}" == "  tensor([1.])"


# ------------------------------------------------------------------------------------------------------------- copies


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))], ids=["deepcopy", "pickle"])
@pytest.mark.parametrize("requires_grad", [False, True])
@pytest.mark.parametrize("make", [df.tensor, df.Variable, df.nn.Parameter], ids=lambda make: make.__name__)
def test_leaves_are_copied_with_all_they_are(copied, requires_grad, make):
    x = make([1.0, 2.0], requires_grad=requires_grad)
    y = copied(x)
    assert type(y) is type(x) and y.requires_grad is requires_grad and y.is_leaf
    assert getattr(y, "name", None) == getattr(x, "name", None)
    with df.no_grad():
        y.zero_()
    assert x.tolist() == [1, 2] and y.tolist() == [0, 0]


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))], ids=["deepcopy", "pickle"])
def test_what_was_one_tensor_stays_one(copied):
    x = df.ones(2)
    a, b = copied([x, x])
    assert a is b


@pytest.mark.parametrize("copied", [copy.deepcopy, copy.copy, pickle.dumps])
def test_computed_tensors_are_not_copied_with_their_history(copied):
    with pytest.raises(GradientError, match="only leaves .*detach"):
        copied(df.ones(1, requires_grad=True) * 2)


# ------------------------------------------------------------------------------------------------------------- leaves


def test_leaves_and_computed_tensors():
    constant, leaf = df.ones(1), df.ones(1, requires_grad=True)
    computed = leaf * 2
    assert [x.is_leaf for x in (constant, leaf, computed)] == [True, True, False]
    assert [x.requires_grad for x in (constant, leaf, computed)] == [False, True, True]
    assert [x.grad_fn for x in (constant, leaf, computed)] == [None, None, "multiply"]
    assert (constant * 2).is_leaf


def test_requires_grad_is_switched_in_place():
    x = df.ones(1)
    assert x.requires_grad_() is x and x.requires_grad
    x.requires_grad = False
    assert not x.requires_grad and (x * 2).is_leaf


def test_a_computed_tensor_cannot_be_switched_off():
    y = df.ones(1, requires_grad=True) * 2
    with pytest.raises(GradientError, match=r"\.detach\(\)"):
        y.requires_grad_(False)
    assert y.requires_grad


def test_detach_is_a_constant_on_the_same_memory():
    x = df.tensor([1.0, 2.0], requires_grad=True)
    y = (x * 3).detach()
    assert y.is_leaf and not y.requires_grad
    (x * y).sum().backward()
    assert x.grad.tolist() == [3, 6]
    assert np.shares_memory(x.detach().numpy(), np.asarray(x))


def test_data_replaces_the_value_and_leaves_the_leaf():
    x = df.tensor([1.0, 2.0], requires_grad=True)
    x.data = df.tensor([3.0, 4.0])
    (x * x).sum().backward()
    assert x.grad.tolist() == [6, 8] and not x.data.requires_grad


@pytest.mark.parametrize(
    "value, says", [(df.ones(3), "the shape of its tensor"), (1.0, "not float"), (np.ones(2), "not ndarray")]
)
def test_a_gradient_that_does_not_fit_is_refused_and_the_old_one_stays(value, says):
    x = df.ones(2, requires_grad=True)
    x.grad = df.full((2,), 5.0)
    with pytest.raises(DualflowError, match=says):
        x.grad = value
    assert x.grad.tolist() == [5, 5]


# ----------------------------------------------------------------------------------------- special values, odd shapes


@pytest.mark.parametrize(
    "of, values",
    [
        (lambda x: x.max(), NAN),
        (lambda x: x.min(), NAN),
        (lambda x: x.argmax(), 2),
        (lambda x: x.sum(), NAN),
        (lambda x: df.maximum(x, 0.0), [1, 0, NAN, INF]),
        (lambda x: x.clamp(0, 2), [1, 0, NAN, 2]),
        (lambda x: x.relu(), [1, 0, NAN, INF]),
        (lambda x: x.sign(), [1, -1, NAN, 1]),
        (lambda x: x.sigmoid(), [1 / (1 + np.exp(np.float32(-1))), 0, NAN, 1]),
        (lambda x: x.tanh()[1:], [-1, NAN, 1]),
        (lambda x: x.exp()[1:], [0, NAN, INF]),
    ],
)
def test_nan_spreads_and_infinity_saturates(of, values):
    found = of(df.tensor([1.0, -INF, NAN, INF]))
    np.testing.assert_array_equal(found.numpy(), np.array(values, found.dtype))


def test_questions_about_special_values():
    x = df.tensor([1.0, NAN, INF])
    same(df.isnan(x), [False, True, False], "bool")
    same(df.isfinite(x), [True, False, False], "bool")
    same(x == x, [True, False, True], "bool")
    same(x < INF, [True, False, False], "bool")


def test_negative_zero_keeps_its_sign():
    assert math.copysign(1, -df.tensor(0.0)) == -1


@pytest.mark.parametrize(
    "of, values",
    [
        (lambda e: e + 1, np.zeros((0, 3))),
        (lambda e: e.sum(), 0),
        (lambda e: e.sum(0), [0, 0, 0]),
        (lambda e: e.T @ e, np.zeros((3, 3))),
        (lambda e: df.concat([e, df.ones(1, 3)]), [[1, 1, 1]]),
        (lambda e: e[:, 0], []),
        (lambda e: e.reshape(3, 0), np.zeros((3, 0))),
        (lambda e: e + df.ones(1, 3), np.zeros((0, 3))),
    ],
)
def test_no_elements_at_all(of, values):
    same(of(df.zeros(0, 3)), values, "float32")


def test_gradients_through_no_elements():
    x = df.zeros(0, 3, requires_grad=True)
    ((x * 2).sum() + 1).backward()
    same(x.grad, np.zeros((0, 3)), "float32")


def test_questions_about_no_elements():
    assert df.ones(0).bool().all().item() is True and df.ones(0).bool().any().item() is False


@pytest.mark.parametrize(
    "of, values",
    [
        (lambda s: s * s, 4),
        (lambda s: s[None], [2]),
        (lambda s: s[...], 2),
        (lambda s: s.reshape(1, 1), [[2]]),
        (lambda s: s.sum(), 2),
        (lambda s: s.T, 2),
        (lambda s: s.flatten(), [2]),
        (lambda s: s + df.ones(2), [3, 3]),
    ],
)
def test_scalars_are_tensors(of, values):
    same(of(df.tensor(2.0)), values, "float32")


def test_overflow_is_infinite_and_silent_as_in_pytorch():
    """In a process of its own: pytest turns warnings of dualflow into errors."""
    code = (
        "import dualflow as df\nx = df.tensor([1000.0, 0.0], requires_grad=True)\n"
        "y = df.log(x) / 0 + df.exp(x)\n(y * 0).sum().backward()\nprint(y.tolist(), x.grad.tolist())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[inf, -inf] [nan, nan]\n"
    assert done.stderr == ""


def test_warnings_made_errors_name_the_users_line():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(DualflowError, match=r"exp: overflow(?s:.*)test_eager.py"):
            df.exp(df.tensor([1000.0]))
    with np.errstate(all="raise"), pytest.raises(DualflowError, match=r"divide: divide by zero(?s:.*)test_eager.py"):
        df.tensor([1.0]) / 0


def test_an_unpickled_array_shares_its_memory_and_gets_the_dtype_that_eager_ops_look_for():
    """NumPy gives it a dtype object of its own, and all that is computed from it: ops took 2.4 times as long."""
    array = pickle.loads(pickle.dumps(np.ones(3, np.float32)))
    for tensor in (df.from_numpy(array), df.asarray(array), df.asarray(array, copy=False)):
        assert tensor.array.dtype is np.dtype("float32") and np.shares_memory(tensor.array, array)
    assert not np.shares_memory(df.asarray(array, copy=True).array, array)
    with pytest.raises(DTypeError, match="not possible without a copy"):
        df.asarray([1.0], copy=False)

"""Element types: what meets in what, what may be asked about a dtype, and how tensors of each print."""

import itertools

import numpy as np
import pytest
from oracle import torch

import dualflow as df
from dualflow.errors import DTypeError

STANDARD = [d for name, d in df.dtypes.DTYPES.items() if name != "float16"]


@pytest.mark.parametrize("a, b", list(itertools.combinations_with_replacement(STANDARD, 2)))
def test_promotion_within_a_kind_is_the_standards(a, b):
    """The standard's tables are NumPy's within a kind, and from floating to complex."""
    kinds = df.dtypes.KIND
    if {str(a), str(b)} & {"uint64"} and "i" in a.kind + b.kind:
        return  # no integer holds both; the standard leaves it open
    if kinds[a.kind] == kinds[b.kind] or {a.kind, b.kind} == {"f", "c"}:
        assert df.result_type(a, b) == df.result_type(b, a) == np.promote_types(a, b)
    else:
        higher = a if kinds[a.kind] > kinds[b.kind] else b
        assert df.result_type(a, b) == higher


def test_promotion_is_pytorchs():
    t = torch()
    names = (
        "bool",
        "uint8",
        "int8",
        "int16",
        "int32",
        "int64",
        "float16",
        "float32",
        "float64",
        "complex64",
        "complex128",
    )
    for a, b in itertools.product(names, repeat=2):
        if "float16" in (a, b) and "complex64" in (a, b):
            continue  # PyTorch has a complex32
        assert str(df.promote_types(a, b)) == str(t.promote_types(getattr(t, a), getattr(t, b))).split(".")[1], (a, b)


def test_result_type_takes_tensors_arrays_dtypes_and_numbers():
    assert df.result_type(df.zeros(2), 1, 2.5) == df.float32
    assert df.result_type(df.arange(2), 1.5) == df.float32
    assert df.result_type(df.int8, 1) == df.int8
    assert df.result_type(np.zeros(2), df.float32) == df.float64
    assert df.result_type(df.float64, 1j) == df.complex128
    assert df.result_type(1, True) == df.int64
    for wrong in ((), ("int7",), (object(),)):
        with pytest.raises(DTypeError):
            df.result_type(*wrong)


def test_can_cast_is_what_promotion_does():
    for a, b in itertools.product(STANDARD, repeat=2):
        assert df.can_cast(a, b) == (df.result_type(a, b) == b)
    assert df.can_cast(df.zeros(1), df.float64) and not df.can_cast(df.zeros(1), df.int64)


def test_isdtype():
    assert df.isdtype(df.bool, "bool") and not df.isdtype(df.bool, "numeric")
    assert df.isdtype(df.uint8, "unsigned integer") and not df.isdtype(df.uint8, "signed integer")
    assert df.isdtype(df.float64, "real floating") and df.isdtype(df.complex64, "numeric")
    assert df.isdtype(df.float32, df.float32) and not df.isdtype(df.float32, df.float64)
    assert df.isdtype(df.float32, ("integral", df.float32))
    with pytest.raises(ValueError, match="floaty"):
        df.isdtype(df.float32, "floaty")


def test_limits():
    for name in ("float16", "float32", "float64"):
        found, expected = df.finfo(name), torch().finfo(getattr(torch(), name))
        for word in ("bits", "eps", "max", "min", "smallest_normal", "tiny", "resolution"):
            assert getattr(found, word) == pytest.approx(getattr(expected, word), rel=1e-6)
    assert df.finfo(df.complex64) == df.finfo(df.float32) == df.finfo(df.zeros(1))
    assert (df.iinfo(df.int16).min, df.iinfo(df.arange(2)).max) == (-(2**15), 2**63 - 1)
    with pytest.raises(DTypeError, match="iinfo"):
        df.finfo(df.int8)
    with pytest.raises(DTypeError, match="finfo"):
        df.iinfo(df.float32)


def test_astype_copies_unless_told():
    x = df.ones(2)
    assert df.astype(x, df.float32, copy=False) is x
    y = df.astype(x, df.float32)
    y.fill_(3)
    assert x.tolist() == [1, 1]
    assert df.astype(df.tensor([1.5 + 2j]), df.float64).tolist() == [1.5]
    assert df.astype(df.tensor([0j, 2j]), df.bool).tolist() == [False, True]


@pytest.mark.parametrize(
    "make, text",
    [
        (lambda: df.tensor(True), "tensor(True)"),
        (lambda: df.tensor([[True, False]]), "tensor([[ True, False]])"),
        (lambda: df.tensor(1 - 2j), "tensor(1.-2.j, dtype=complex64)"),
        (lambda: df.tensor([1j], requires_grad=True), "tensor([0.+1.j], dtype=complex64, requires_grad=True)"),
        (lambda: df.tensor([float("nan"), -0.0]), "tensor([nan, -0.])"),
        (lambda: df.zeros(0), "tensor([], shape=(0,))"),
        (lambda: df.zeros(0, 3, dtype=df.int64), "tensor([], dtype=int64, shape=(0, 3))"),
        (lambda: df.zeros(0, dtype=df.bool), "tensor([], dtype=bool, shape=(0,))"),
        (lambda: df.ones(2, dtype=df.float64), "tensor([1., 1.], dtype=float64)"),
        (lambda: df.zeros(2000), "tensor([0., 0., 0., ..., 0., 0., 0.], shape=(2000,))"),
        (lambda: df.tensor(2.0, requires_grad=True) * 2, "tensor(4., grad_fn=<multiply>)"),
        (lambda: df.abs(df.tensor([3 + 4j], requires_grad=True)), "tensor([5.], grad_fn=<abs>)"),
    ],
)
def test_tensors_print_like_numpys_arrays(make, text):
    assert repr(make()) == text


def test_symbols_print_name_op_dtype_shape_and_line():
    with df.graph():
        x = df.placeholder("complex64", (None, 3), name="x")
        y = df.abs(x)  # the line
    assert repr(x).startswith("<symbol 'x': placeholder, complex64 (None, 3), at ")
    assert repr(y).startswith("<symbol 'abs': abs, float32 (None, 3), at ") and "test_dtypes.py" in repr(y)

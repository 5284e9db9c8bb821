"""Element types: what meets in what, what may be asked about a dtype, and how tensors of each print."""

import itertools
import math

import numpy as np
import pytest
from oracle import torch

import dualflow as df
from dualflow.core.errors import DTypeError

STANDARD = [d for name, d in df.dtypes.DTYPES.items() if d not in df.dtypes.HALF]


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
        "bfloat16",
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
    for name in ("bfloat16", "float16", "float32", "float64"):
        found, expected = df.finfo(name), torch().finfo(getattr(torch(), name))
        for word in ("bits", "eps", "max", "min", "smallest_normal", "tiny", "resolution"):
            assert getattr(found, word) == pytest.approx(getattr(expected, word), rel=1e-6)
    assert df.finfo(df.complex64) == df.finfo(df.float32) == df.finfo(df.zeros(1))
    assert (df.iinfo(df.int16).min, df.iinfo(df.arange(2)).max) == (-(2**15), 2**63 - 1)
    with pytest.raises(DTypeError, match="iinfo"):
        df.finfo(df.int8)
    with pytest.raises(DTypeError, match="finfo"):
        df.iinfo(df.float32)


HALF = ("bfloat16", "float16")


@pytest.mark.parametrize("name", HALF)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_half_types_are_added_up_in_float32(name):
    """Added up in themselves, 60,000 ones are 2,048 of float16 and 256 of bfloat16."""
    t, wide = torch(), np.random.default_rng(0).normal(size=(60, 1000)).astype(np.float32)
    x, theirs = df.tensor(wide).astype(name), t.tensor(wide).to(getattr(t, name))
    ones = df.ones(60_000, dtype=name)
    assert ones.sum().item() == t.ones(60_000, dtype=getattr(t, name)).sum().item() and ones.mean().item() == 1
    ulp = df.finfo(name).eps
    for ours, wanted in (
        (x.mean(1), theirs.mean(1)),
        (x.var(1), theirs.var(1, correction=0)),
        (x.softmax(1), theirs.softmax(1)),
        (x @ x.mT, theirs @ theirs.mT),
        (x.cumsum(1), theirs.cumsum(1)),
    ):
        assert ours.dtype == df.dtypes.asdtype(name)
        expected = wanted.float().numpy()
        scale = np.abs(expected).max()
        np.testing.assert_allclose(ours.astype(df.float32).numpy(), expected, rtol=ulp, atol=ulp * scale)


@pytest.mark.parametrize("name", HALF)
def test_half_types_train_alike_in_both_worlds(name):
    """A convolution, a layer, a loss and an optimizer: eager, interpreted and compiled."""
    losses = {}
    for arm in ("eager", "interpreted", "compiled"):
        df.manual_seed(0)
        model = df.nn.Sequential(df.nn.Conv2d(1, 2, 3), df.nn.GELU(), df.nn.Flatten(), df.nn.Linear(8, 3)).to(name)
        optimizer = df.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
        x, y = df.randn(5, 1, 4, 4, dtype=name), df.tensor([0, 1, 2, 0, 1])

        @df.function
        def step(x, y, model=model, optimizer=optimizer):
            loss = df.nn.functional.cross_entropy(model(x), y)
            loss.backward()
            optimizer.step()
            optimizer.zero_grad()
            return loss

        with df.mode("eager" if arm == "eager" else "graph", compile=arm == "compiled"):
            found = [step(x, y) for _ in range(5)]
        assert {p.dtype for p in model.parameters()} == {found[0].dtype} == {df.dtypes.asdtype(name)}
        losses[arm] = [float(loss) for loss in found]
    assert losses["interpreted"] == losses["eager"]
    np.testing.assert_allclose(losses["compiled"], losses["eager"], rtol=4 * df.finfo(name).eps)
    assert losses["eager"][-1] < losses["eager"][0]


def test_bfloat16_goes_in_and_out():
    x = df.tensor([0.1, -2.5], dtype=df.bfloat16)
    assert repr(x) == "tensor([ 0.1001, -2.5   ], dtype=bfloat16)"
    assert x.tolist() == [0.10009765625, -2.5] and x.numpy().dtype == df.bfloat16
    assert df.from_numpy(x.numpy()).dtype == df.bfloat16 == x.float().bfloat16().dtype
    assert (x * 2).dtype == (x + df.arange(2)).dtype == df.bfloat16
    assert (x + x.half()).dtype == (x + x.float()).dtype == df.float32
    assert df.isdtype(df.bfloat16, "real floating") and not df.can_cast(df.bfloat16, df.float16)
    assert df.nan_to_num(x * math.inf).tolist() == [df.finfo(x).max, df.finfo(x).min]


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

"""``df.fft`` is ``torch.fft``: values, dtypes and gradients, in every scaling and size."""

import numpy as np
import pytest
from oracle import torch
from test_linalg import compiled, matrix

import dualflow as df
from dualflow.core.errors import DTypeError, ShapeError

CASES = [
    (name, shape, ours, theirs, kind)
    for name, shape, ours, theirs, kind in [
        ("fft", (2, 5), {"n": n, "axis": a}, {"n": n, "dim": a}, "complex128")
        for n, a in ((None, -1), (3, 1), (7, 1), (4, 0))
    ]
    + [("ifft", (2, 5), {"n": n}, {"n": n}, "complex128") for n in (None, 4, 6)]
    + [("fft", (2, 5), {}, {}, "float64"), ("ifft", (5,), {}, {}, "float64"), ("ifftn", (2, 3), {}, {}, "float64")]
    + [("rfft", (2, 5), {"n": n, "axis": 0}, {"n": n, "dim": 0}, "float64") for n in (None, 3, 4)]
    + [("irfft", (2, 5), {"n": n}, {"n": n}, "complex128") for n in (None, 4, 5, 11)]
    + [("hfft", (2, 5), {"n": n}, {"n": n}, "complex128") for n in (None, 5)]
    + [("ihfft", (2, 5), {"n": n}, {"n": n}, "float64") for n in (None, 4, 6)]
    + [
        (name, (2, 3, 4), {"s": s, "axes": a}, {"s": s, "dim": a}, kind)
        for name, kind in (
            ("fftn", "complex128"),
            ("ifftn", "complex128"),
            ("rfftn", "float64"),
            ("irfftn", "complex128"),
        )
        for s, a in ((None, None), (None, (0, 2)), ((3, 5), None), ((3, 5), (2, 0)))
    ]
    + [("fft2", (2, 3, 4), {}, {}, "complex128"), ("ifft2", (2, 3, 4), {}, {}, "complex128")]
]


@pytest.mark.parametrize("norm", ["backward", "ortho", "forward"])
@pytest.mark.parametrize("name, shape, ours, theirs, kind", CASES)
def test_transforms_are_pytorchs(name, shape, ours, theirs, kind, norm):
    t, array = torch(), matrix(*shape, kind=kind)
    x, z = df.tensor(array, requires_grad=True), t.tensor(array, requires_grad=True)
    call = getattr(df.fft, name)
    y, w = call(x, norm=norm, **ours), getattr(t.fft, name)(z, norm=norm, **theirs)
    np.testing.assert_allclose(y.detach().numpy(), w.detach().resolve_conj().numpy(), atol=1e-12)
    assert str(y.dtype) == str(w.dtype).removeprefix("torch.")
    weights = matrix(*y.shape, kind=str(y.dtype), seed=3)
    (a,) = df.grad(df.abs(y * weights + y * y).sum(), [x])
    (b,) = t.autograd.grad((w * t.tensor(weights) + w * w).abs().sum(), [z])
    np.testing.assert_allclose(a.numpy(), b.resolve_conj().numpy(), atol=1e-9)
    if norm == "ortho":
        np.testing.assert_allclose(
            compiled(lambda v: call(v, norm=norm, **ours), array).numpy(), y.detach().numpy(), atol=1e-12
        )


@pytest.mark.parametrize("n", [1, 2, 5, 8])
def test_frequencies_and_shifts_are_numpys(n):
    np.testing.assert_allclose(df.fft.fftfreq(n, d=0.5, dtype="float64").numpy(), np.fft.fftfreq(n, 0.5))
    np.testing.assert_allclose(df.fft.rfftfreq(n, d=0.5, dtype="float64").numpy(), np.fft.rfftfreq(n, 0.5))
    x = matrix(n, 3)
    for axes in (None, 0, (1,), (0, 1)):
        np.testing.assert_array_equal(df.fft.fftshift(df.tensor(x), axes=axes).numpy(), np.fft.fftshift(x, axes))
        np.testing.assert_array_equal(df.fft.ifftshift(df.tensor(x), axes=axes).numpy(), np.fft.ifftshift(x, axes))


def test_single_precision_stays_single():
    x = df.ones(4)
    assert df.fft.fft(x).dtype == df.fft.rfft(x).dtype == df.complex64
    assert df.fft.irfft(df.fft.rfft(x)).dtype == df.float32


def test_a_transform_with_an_unknown_batch():
    with df.graph() as g:
        x = df.placeholder("float64", (None, 3))
        y = df.fft.rfft(x, n=4)
        with df.Session(g) as session:
            np.testing.assert_allclose(session.run(y, {x: np.ones((5, 3))}), np.fft.rfft(np.ones((5, 3)), 4))


@pytest.mark.parametrize(
    "call, kind, words",
    [
        (lambda: df.fft.fft(df.ones(2), norm="both"), ShapeError, "fft: the norm is"),
        (lambda: df.fft.fft(df.ones(2), n=0), ShapeError, "fft: sizes are at least 1"),
        (lambda: df.fft.fft(df.ones(2), n=1.5), DTypeError, "fft: sizes and axes are integers"),
        (lambda: df.fft.fftn(df.ones(2, 2), axes=(0, 0)), ShapeError, "fftn: axes .0, 0. name one axis twice"),
        (lambda: df.fft.fftn(df.ones(2, 2), s=(2,), axes=(0, 1)), ShapeError, "fftn: 1 sizes are given for 2"),
        (lambda: df.fft.irfft(df.ones(1)), ShapeError, "irfft: 1 frequencies make 0"),
        (lambda: df.fft.rfft(df.tensor([1j])), DTypeError, "rfft: "),
        (lambda: df.fft.fftfreq(0), ShapeError, "fftfreq: the number of elements"),
    ],
)
def test_mistakes_are_told(call, kind, words):
    with pytest.raises(kind, match=words) as caught:
        call()
    assert "test_fft.py" in str(caught.value)

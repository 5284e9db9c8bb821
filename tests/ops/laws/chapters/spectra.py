"""Fourier transforms."""

from __future__ import annotations

from collections.abc import Iterator

from oracle import real
from samples import DOUBLE, FLOAT, Draw, Sample, call, special, zeros


@special("fft")
def _fft(draw: Draw) -> Iterator[Sample]:
    for shape, axes in (
        ((3,), (-1,)),
        ((4, 3), (0, 1)),
        ((2, 3, 4), (-2,)),
        ((1,), (0,)),
        ((0, 3), (1,)),
        ((2, 3), ()),
    ):
        for norm in ("backward", "ortho", "forward"):
            for inverse in (True, False):
                yield Sample((draw("real", shape, "complex128"),), {"axes": axes, "norm": norm, "inverse": inverse})
    for dtype in (FLOAT, DOUBLE, "complex64", "int64", "float16"):
        yield Sample((draw("real", (2, 3), dtype),), {"axes": (1,)})


@special("rfft")
def _rfft(draw: Draw) -> Iterator[Sample]:
    for shape, axis in (((3,), -1), ((4, 3), 0), ((2, 5, 2), 1), ((1,), 0), ((2,), 0), ((0, 3), 1)):
        for norm in ("backward", "ortho", "forward"):
            yield Sample((draw("real", shape),), {"axis": axis, "norm": norm})
    for dtype in (FLOAT, DOUBLE, "int64"):
        yield Sample((draw("real", (2, 3), dtype),), {})


@special("irfft")
def _irfft(draw: Draw) -> Iterator[Sample]:
    for shape, n, axis in (((2,), 3, -1), ((2,), 2, -1), ((3, 2), 5, 0), ((3, 2), 4, 0), ((1,), 1, 0), ((0, 2), 3, 1)):
        for norm in ("backward", "ortho", "forward"):
            yield Sample((draw("real", shape, "complex128"),), {"n": n, "axis": axis, "norm": norm})
    yield Sample((draw("real", (2, 3), "complex128"), draw("real", (2, 4))), {})
    for dtype in (FLOAT, DOUBLE, "complex64"):
        yield Sample((draw("real", (2, 3), dtype),), {"n": 5})


@special("inner_frequencies")
def _inner(draw: Draw) -> Iterator[Sample]:
    for shape, like, axis in (((3,), (4,), -1), ((3,), (5,), -1), ((2, 3), (3, 3), 0), ((1,), (1,), 0)):
        yield Sample((draw("real", shape, "complex128"), draw("real", like)), {"axis": axis})
        yield Sample((draw("real", shape), draw("real", like)), {"axis": axis, "factor": 0.5})


BAD = {
    "fft": [call(zeros(2), axes=(1,)), call(zeros(2, 0), axes=(1,))],
    "rfft": [call(zeros(2), axis=1), call(zeros(0)), call(zeros(2, dtype="complex64"))],
    "irfft": [call(zeros(2), n=4), call(zeros(2), n=0), call(zeros(2))],
    "inner_frequencies": [call(zeros(2), zeros(4))],
}

TORCH = {
    "fft": lambda t, x, axes, inverse, norm: (t.fft.ifftn if inverse else t.fft.fftn)(real(x), dim=axes, norm=norm),
    "rfft": lambda t, x, axis, norm: t.fft.rfft(real(x), dim=axis, norm=norm),
    "irfft": lambda t, x, like, n, axis, norm: t.fft.irfft(
        x, n if like is None else like.shape[axis], dim=axis, norm=norm
    ),
}

REFUSED = {"fft": "float16, and no axes", "irfft": "an empty batch", "rfft": "an empty batch"}

ABSENT = {"inner_frequencies": "a part of the gradient of rfft"}

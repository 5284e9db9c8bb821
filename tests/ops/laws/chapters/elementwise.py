"""Elementwise functions, activations and complex numbers."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from oracle import meet, real
from samples import DOUBLE, FLOAT, Draw, Sample, call, elementwise, frozen, special, zeros

from dualflow.core.op import VOCABULARY


@special("view_as_real")
def _view_as_real(draw: Draw) -> Iterator[Sample]:
    for shape in ((2, 3), ()):  # over no elements PyTorch's own gradient fails
        for dtype in ("complex64", "complex128"):
            yield Sample((draw("real", shape, dtype),), {})


@special("view_as_complex")
def _view_as_complex(draw: Draw) -> Iterator[Sample]:
    for shape in ((3, 2), (2,), (0, 2)):
        for dtype in (FLOAT, DOUBLE):
            yield Sample((draw("real", shape, dtype),), {})
    yield Sample((frozen(np.ascontiguousarray(draw("real", (3, 2)).T).T),), {})


@special("frexp")
def _frexp(draw: Draw) -> Iterator[Sample]:
    for shape in ((2, 3), (), (0, 2)):
        yield Sample((frozen(np.asarray(draw("nonzero", shape) * 9.7)),), {})
    for dtype in ("float32", "float16", "bfloat16", "int64", "bool"):
        yield Sample((draw("nonzero", (3,), dtype),), {})
    yield Sample((frozen(np.array([0.75, -1.5, 700.0, -0.6])),), {}, "ends")


BAD = {
    "frexp": [call(zeros(2, dtype=complex))],
    "complex": [call(zeros(2, dtype=complex), zeros(2)), call(zeros(2), zeros(3))],
    "view_as_real": [call(zeros(2))],
    "view_as_complex": [call(zeros(2, 3)), call(zeros()), call(zeros(2, dtype="int64")), call(zeros(2, dtype=complex))],
    "floor_divide": [call(zeros(2, dtype=int), zeros(2, dtype=int))],
    "remainder": [call(zeros(2, dtype=int), 0)],
    "fmod": [call(zeros(2, dtype=int), zeros(2, dtype=int))],
    "round": [call(zeros(2, dtype=int), decimals=1)],
    "gelu": [call(zeros(2), approximate="erf")],
    "polygamma": [call(zeros(2), n=0)],
    "sinc_derivative": [call(zeros(2), n=0)],
    "per_length": [call(zeros(2), zeros(3)), call(zeros(2, dtype=complex), zeros(2))],
    "bitwise_and": [call(zeros(2), zeros(2))],
    "bitwise_left_shift": [call(zeros(2, dtype=bool), zeros(2, dtype=bool))],
}


@special("gelu")
def _gelu(draw: Draw) -> Iterator[Sample]:
    for sample in elementwise(VOCABULARY["gelu"]):
        for approximate in ("none", "tanh"):
            yield Sample(sample.operands, {"approximate": approximate}, sample.note)


@special("elu")
def _elu(draw: Draw) -> Iterator[Sample]:
    yield from elementwise(VOCABULARY["elu"])
    yield Sample((draw("nonzero", (2, 3)),), {"alpha": 0.5, "scale": 2.0, "input_scale": 3.0})


@special("softplus")
def _softplus(draw: Draw) -> Iterator[Sample]:
    yield from elementwise(VOCABULARY["softplus"])
    yield Sample((draw("real", (2, 3)),), {"beta": 2.0, "threshold": 1.0})


@special("polygamma")
def _polygamma(draw: Draw) -> Iterator[Sample]:
    for sample in elementwise(VOCABULARY["polygamma"]):
        yield Sample(sample.operands, {"n": 1}, sample.note)
    for n in (2, 3):
        yield Sample((draw("positive", (2, 3)),), {"n": n})


@special("sinc_derivative")
def _sinc_derivative(draw: Draw) -> Iterator[Sample]:
    for sample in elementwise(VOCABULARY["sinc_derivative"]):
        yield Sample(sample.operands, {"n": 1}, sample.note)
    for n in (2, 3, 6):
        yield Sample((draw("real", (2, 3)),), {"n": n})


@special("per_length")
def _per_length(draw: Draw) -> Iterator[Sample]:
    for shape in ((2, 3), (), (0, 2)):
        yield Sample((draw("real", shape), draw("positive", shape)), {})
    for dtype in (FLOAT, "float16", "bfloat16"):
        yield Sample((draw("real", (3,), dtype), draw("positive", (3,), dtype)), {})


@special("round")
def _round(draw: Draw) -> Iterator[Sample]:
    yield from elementwise(VOCABULARY["round"])
    for decimals in (1, -1):
        yield Sample((draw("real", (2, 3)),), {"decimals": decimals})


@special("nan_to_num")
def _nan_to_num(draw: Draw) -> Iterator[Sample]:
    yield from elementwise(VOCABULARY["nan_to_num"])
    odd = frozen(np.array([np.nan, np.inf, -np.inf, 1.0]))
    for params in ({"posinf": 2.0, "neginf": -2.0}, {"nan": 7.0, "posinf": 5.0, "neginf": -5.0}):
        yield Sample((odd,), params, "odd")


def in_float(function):
    """Ask PyTorch after casting integers to float32."""
    return lambda t, x: function(t)(real(x))


def digamma(t, x):
    """Ask for digamma with a slope of full precision: PyTorch's own is right to 5e-10 only."""

    class Digamma(t.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x)
            return t.digamma(x)

        @staticmethod
        def backward(ctx, g):
            (x,) = ctx.saved_tensors
            (x, dtype) = (x.float() if x.dtype == t.float16 else x), x.dtype
            mirrored = (np.pi / t.sin(np.pi * x)) ** 2 - t.special.zeta(2, 1 - x)
            return g * t.where(x == t.inf, 0, t.where(x > 0, t.special.zeta(2, x), mirrored)).to(dtype)

    return Digamma.apply(real(x))


def polygamma(t, x, n):
    """Ask for polygamma by way of zeta: for n = 1 PyTorch's own is right to 5e-10 only."""
    wide = x.float() if x.dtype == t.float16 else real(x)
    found = (-1.0) ** (n + 1) * math.factorial(n) * t.special.zeta(n + 1.0, wide)
    return found.to(x.dtype) if x.is_floating_point() else found


def length(t, none, function, x, *others):
    """Ask for a length whose gradient is 0 where it is: PyTorch has that of norms, but not of hypot and sqrt."""
    away = function(t.where(none, t.ones_like(x), x), *others)
    return t.where(none, function(x, *others).detach(), away)


FUNCTIONAL = "silu mish logsigmoid".split()

TORCH = {
    "frexp#0": lambda t, x: t.frexp(real(x))[0],
    "frexp#1": lambda t, x: t.frexp(real(x))[1],
    **{n: n for n in ("real", "angle", "isinf", "signbit")},
    **{n: n for n in "tan asin acos atan sinh cosh asinh acosh atanh sinc exp2 log2 log10 rsqrt".split()},
    **{n: n for n in "reciprocal floor ceil trunc floor_divide remainder fmod erf erfc erfinv lgamma".split()},
    **{n: n for n in "bitwise_and bitwise_or bitwise_xor bitwise_left_shift bitwise_right_shift".split()},
    "bitwise_invert": "bitwise_not",
    "conj": lambda t, x: t.conj(x).resolve_conj(),
    "imag": lambda t, x: t.imag(x),
    "view_as_real": lambda t, x: t.view_as_real(x),
    "view_as_complex": lambda t, x: t.view_as_complex(x.contiguous()),
    "complex": lambda t, a, b: t.complex(*(p.to(complex_part(t, a, b)) for p in (a, b))),
    "round": lambda t, x, decimals: t.round(x, decimals=decimals) if decimals else t.round(x),
    "nan_to_num": lambda t, x, nan, posinf, neginf: t.nan_to_num(x, nan, posinf, neginf),
    "digamma": digamma,
    **{
        n: lambda t, a, b, n=n: getattr(t, n)(*map(real, meet(a, b)))
        for n in "atan2 copysign logaddexp logaddexp2 xlogy nextafter".split()
    },
    "polygamma": polygamma,
    "hypot": lambda t, a, b: length(t, (a == 0) & (b == 0), t.hypot, *map(real, meet(a, b))),
    "root": lambda t, x: length(t, x == 0, t.sqrt, real(x)),
    "gelu": lambda t, x, approximate: t.nn.functional.gelu(real(x), approximate=approximate),
    "softplus": lambda t, x, beta, threshold: t.nn.functional.softplus(real(x), beta, threshold),
    "elu": lambda t, x, alpha, scale, input_scale: t.ops.aten.elu(real(x), alpha, scale, input_scale),
    **{n: lambda t, x, n=n: getattr(t.nn.functional, n)(real(x)) for n in FUNCTIONAL},
}


def complex_part(t, a, b):
    """Return the dtype in which two parts meet."""
    found = t.promote_types(a.dtype, b.dtype)
    return found if found in (t.float32, t.float64) else t.float32


ABSENT = {
    "sinc_derivative": "what PyTorch's own gradient of sinc has no digits of near 0",
    "per_length": "a quotient in the gradients of lengths",
    "off_zero": "what stands for 0 in such a quotient",
}

REFUSED = {
    "round": "complex numbers",
    "imag": "real numbers, whose imaginary part is 0",
    "view_as_complex": "no elements",
}

UNLIKE = {
    "floor_divide": (
        lambda s: s.note == "edge" and s.operands[0].dtype.kind == "f",
        "infinities are divided as the array API has it: inf // 2 is inf, not NaN",
    )
}

EITHER_ZERO = {"floor_divide", "remainder", "fmod"}  # XLA's quotients and remainders of zero have no sign

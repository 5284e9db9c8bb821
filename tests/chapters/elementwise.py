"""Elementwise functions, activations and complex numbers."""

from __future__ import annotations

from samples import call, zeros


def real_only(x):
    """Tell whether an operand is not complex."""
    return x.dtype.kind != "c"


BAD = {
    "complex": [call(zeros(2, dtype=complex), zeros(2)), call(zeros(2), zeros(3))],
}

TORCH = {
    **{n: n for n in ("real", "angle")},
    "conj": lambda t, x: t.conj(x).resolve_conj(),
    "imag": lambda t, x: t.imag(x),
    "complex": lambda t, a, b: t.complex(*(p.to(complex_part(t, a, b)) for p in (a, b))),
}


def complex_part(t, a, b):
    """Return the dtype in which two parts meet."""
    found = t.promote_types(a.dtype, b.dtype)
    return found if found in (t.float32, t.float64) else t.float32


ABSENT = {}

REFUSED = {
    "imag": "real numbers, whose imaginary part is 0",
}

UNLIKE = {}

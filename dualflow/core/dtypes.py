"""Element types and how they promote; what a family of ops does with them is a policy (``core.policy``).

A dtype is a NumPy dtype, bfloat16 one of ml_dtypes'. Promotion is the array API standard's; between kinds, which the
standard leaves open, the floating type wins (float32 + int64 is float32), as in PyTorch and JAX and unlike NumPy.
Python scalars are weak: they never change an array's dtype unless their kind is higher.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ml_dtypes
import numpy as np

from dualflow.core.errors import DTypeError, Misfit

bool_ = np.dtype("bool")
int8, int16, int32, int64 = (np.dtype(f"int{n}") for n in (8, 16, 32, 64))
uint8, uint16, uint32, uint64 = (np.dtype(f"uint{n}") for n in (8, 16, 32, 64))
float16, float32, float64 = (np.dtype(f"float{n}") for n in (16, 32, 64))
complex64, complex128 = (np.dtype(f"complex{n}") for n in (64, 128))
bfloat16 = np.dtype(ml_dtypes.bfloat16)  # JAX's; its import takes 5 ms
HALF = frozenset((float16, bfloat16))

DTYPES = {
    str(d): d
    for d in (bool_, int8, int16, int32, int64, uint8, uint16, uint32, uint64)
    + (bfloat16, float16, float32, float64, complex64, complex128)
}
KNOWN = frozenset(DTYPES.values())
PYTHON = {bool: bool_, int: int64, float: float32, complex: complex64}
WEAK = (bool, int, float, complex)  # exact classes; numpy.float64 is a float but not weak
KIND = {"b": 0, "i": 1, "u": 1, "V": 2, "f": 2, "c": 3}
REAL, FLOATING = "fV", "fVc"  # kinds of floating dtypes; V, NumPy's word for what it does not know, is bfloat16
KINDS = {
    "bool": "b",
    "signed integer": "i",
    "unsigned integer": "u",
    "integral": "iu",
    "real floating": REAL,
    "complex floating": "c",
    "numeric": "iu" + FLOATING,
}
"""The array API standard's names for groups of dtypes, by NumPy's letters."""

limits = ml_dtypes.finfo  # NumPy's, which knows bfloat16 too


def asdtype(dtype: Any) -> np.dtype:
    """Return the dtype that ``dtype`` names: a NumPy dtype, a name, or a Python type.

    Raises DTypeError for anything dualflow does not compute with.

    >>> asdtype("float32"), asdtype(float), asdtype(bool)
    (dtype('float32'), dtype('float32'), dtype('bool'))
    """
    try:
        return resolve(dtype)
    except Misfit as misfit:
        raise DTypeError(f"dtype: {misfit.reason}") from None


def resolve(dtype: Any) -> np.dtype:
    """Do what ``asdtype`` does inside a card, which adds its name to the reason: raises Misfit."""
    if dtype.__class__ is type and dtype in PYTHON:
        return PYTHON[dtype]
    if isinstance(dtype, np.dtype) and dtype in KNOWN:  # the way below takes 6 µs, most of it to write the name
        return dtype.newbyteorder("=") if not dtype.isnative else dtype
    try:
        found = None if dtype is None else DTYPES.get(str(np.dtype(dtype)))
    except TypeError:
        found = None
    if found is None:
        raise Misfit(f"{dtype!r} is not a dtype of dualflow; use one of {', '.join(DTYPES)}", DTypeError)
    return found


def is_floating(dtype: np.dtype) -> bool:
    """Return whether a gradient can flow through this dtype."""
    return dtype.kind in FLOATING


def promote(operands: Sequence[Any]) -> np.dtype:
    """Return the common dtype of dtypes and weak Python types.

    >>> promote([float32, int64]), promote([int32, float]), promote([float64, int])
    (dtype('float32'), dtype('float32'), dtype('float64'))
    """
    strong = [d for d in operands if d.__class__ is not type]
    result: np.dtype | None = None
    for dtype in strong:
        if result is None or result is dtype:
            result = dtype
        elif KIND[result.kind] == KIND[dtype.kind] or KIND[result.kind] + KIND[dtype.kind] == 5:
            # bfloat16 meets others as float32 does: it has another range than float16
            pair = (result, dtype) if result == dtype else (float32 if d == bfloat16 else d for d in (result, dtype))
            result = np.promote_types(*pair)
        elif KIND[dtype.kind] > KIND[result.kind]:
            result = dtype
    for weak in operands:
        if weak.__class__ is type:
            default = PYTHON[weak]
            if result is None or KIND[default.kind] > KIND[result.kind]:
                if default.kind == "c" and result is not None and result == float64:
                    default = complex128
                result = default
    if result is None:
        raise Misfit("nothing was given; at least one tensor is needed")
    return result


def hold(value: int, dtype: np.dtype) -> None:
    """Raise Misfit unless an integer dtype can hold ``value``."""
    bits = 8 * dtype.itemsize - (dtype.kind == "i")
    if not (-(1 << bits) if dtype.kind == "i" else 0) <= value < 1 << bits:
        raise Misfit(f"the number {value} does not fit {dtype}", DTypeError)


def to_float(dtype: np.dtype) -> np.dtype:
    """Return the dtype itself when it is floating, else the default float32."""
    return dtype if dtype.kind in FLOATING else float32


def to_real(dtype: np.dtype) -> np.dtype:
    """Return the dtype of the real part, which is the dtype itself unless it is complex."""
    return dtype if dtype.kind != "c" else float64 if dtype == complex128 else float32


def complex_of(dtype: np.dtype) -> np.dtype:
    """Return the complex dtype whose parts hold ``dtype``: complex128 for 64-bit floats, else complex64."""
    return dtype if dtype.kind == "c" else complex128 if dtype == float64 else complex64

"""Dtype policies: to which dtype the operands of an op are cast, and which one its result has.

A policy is a value: what it refuses, how operands meet, what the result is; and flags that say what the eager closures
may take for granted. The flags' defaults promise nothing, so that a policy without any is carried out by the checked
path, and one that promises too much fails a test. The name of a policy decides nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from dualflow.core.dtypes import (
    HALF,
    bfloat16,
    bool_,
    complex64,
    complex_of,
    float32,
    float64,
    hold,
    int32,
    int64,
    promote,
    resolve,
    to_float,
    to_real,
    uint64,
)
from dualflow.core.errors import DTypeError, Misfit

Change = Callable[[np.dtype], np.dtype]
Refusal = tuple[Callable[[np.dtype], bool], str]
"""Which common dtypes are refused, and the reason, in which ``{}`` stands for the dtype."""


def same(dtype: np.dtype) -> np.dtype:
    """Return the dtype itself."""
    return dtype


@dataclass(frozen=True)
class Policy:
    """What a family of ops does with dtypes. Called with dtypes and weak Python types, and the static parameters, it
    returns (the dtype to cast every operand to, or None; the dtype of the result). Raises Misfit.

    ``meet``: the dtype in which operands meet, from the one that they promote to. ``result``: the result's dtype, from
    the one in which they met. ``cast``: False where operands stay what they are. ``first``: only the first operand
    decides. ``parameter``: a static parameter that, if given, is the dtype in which they meet.

    What the eager closures may rely on: ``keeps``: the result has the dtype of operands of one dtype, so that NumPy has
    chosen right if it kept it. ``native``: the same of NumPy's own choice, whatever it is (bool of a comparison).
    ``casts``: even real floats of one dtype may have to be cast. ``floats``: integers have to be cast to floats, which
    some of NumPy's kernels would not do.
    """

    name: str
    meet: Change = same
    result: Change = same
    refuses: tuple[Refusal, ...] = ()
    cast: bool = True
    first: bool = False
    parameter: str = ""
    keeps: bool = False
    native: bool = False
    casts: bool = True
    floats: bool = False

    @cached_property
    def casting(self) -> str:
        """The static parameter by which operands of any dtype may have to be cast, or nothing."""
        return self.parameter if self.cast else ""

    @cached_property
    def kinds(self) -> str:
        """The kinds of dtypes (NumPy's letters) that NumPy's kernel may be given as they are."""
        examples = {d.kind: d for d in (bool_, int64, uint64, bfloat16, float32, complex64)}
        refused = {k for k, d in examples.items() for refuses, _ in self.refuses if refuses(d)}
        return "".join(k for k in examples if k not in refused and not (self.floats and k in "biu"))

    def __call__(self, operands: Sequence[Any], params: dict[str, Any]) -> tuple[np.dtype | None, np.dtype]:
        if self.parameter and params.get(self.parameter) is not None:
            common = _asked(params, self.parameter)
        else:
            common = promote(operands[:1] if self.first else operands)
            for refused, reason in self.refuses:
                if refused(common):
                    raise Misfit(reason.format(common), DTypeError)
            common = self.meet(common)
        return common if self.cast else None, self.result(common)


def _asked(params: dict[str, Any], name: str) -> np.dtype:
    """Return the dtype that a static parameter names. Raises Misfit where a number to fill with does not fit it."""
    dtype = resolve(params[name])
    value = params.get("fill_value")
    if value.__class__ is int and dtype.kind in "iu":
        hold(value, dtype)
    return dtype


def _kinds(kinds: str) -> Callable[[np.dtype], bool]:
    return lambda dtype: dtype.kind in kinds


def _but(kinds: str) -> Callable[[np.dtype], bool]:
    return lambda dtype: dtype.kind not in kinds


def _single(dtype: np.dtype) -> np.dtype:
    return float32 if dtype in HALF else to_float(dtype)


def _wide(dtype: np.dtype) -> np.dtype:
    return int64 if dtype.kind in "bi" else uint64 if dtype.kind == "u" else dtype


def _always(dtype: np.dtype) -> Change:
    return lambda _: dtype


BOOL = (_kinds("b"), "bool has no arithmetic of this kind; cast with .astype(df.int64) first")
COMPLEX = (_kinds("c"), "complex numbers have no order")
COARSE = (lambda d: d in HALF, "{} is too coarse for linear algebra; cast with .astype(df.float32) first")
NO_BITS = (_but("biu"), "only integers and bools have bits to work on, not {}")
NO_INTEGER = (_but("iu"), "only integers can be shifted, not {}")
NO_COMPLEX = (_but("c"), "only complex numbers have two parts, not {}")
NO_PART = (lambda d: d not in (float32, float64), "only float32 and float64 are parts of complex numbers, not {}")

POLICIES = {
    policy.name: policy
    for policy in (
        # operands meet in one dtype, and the result has it
        Policy("promote", keeps=True, casts=False),
        Policy("number", refuses=(BOOL,), keeps=True, casts=False),
        Policy("real", refuses=(COMPLEX,), keeps=True, casts=False),
        Policy("amount", refuses=(BOOL, COMPLEX), keeps=True, casts=False),
        Policy("bits", refuses=(NO_BITS,), keeps=True, casts=True),
        Policy("integer", refuses=(NO_INTEGER,), keeps=True, casts=True),
        Policy("total", meet=_wide, parameter="dtype", casts=False),  # integers and bool are summed in 64 bits
        # the same, after integers became float32
        Policy("float", meet=to_float, keeps=True, casts=False, floats=True),
        Policy("real float", meet=to_float, refuses=(COMPLEX,), keeps=True, casts=False, floats=True),
        Policy("lapack", meet=to_float, refuses=(COARSE,), keeps=True, casts=False, floats=True),
        # operands meet, and the result has another dtype
        Policy("magnitude", result=to_real, native=True, casts=False),
        Policy("float magnitude", meet=to_float, result=to_real, native=True, casts=False, floats=True),
        Policy("compare", result=_always(bool_), native=True, casts=False),
        Policy("order", result=_always(bool_), refuses=(COMPLEX,), native=True, casts=False),
        Policy("place", result=_always(int64), refuses=(COMPLEX,), casts=False),
        Policy("parts", result=to_real, refuses=(NO_COMPLEX,)),
        Policy("pairs", result=complex_of, refuses=(NO_PART,)),
        Policy("complex", meet=_single, result=complex_of, refuses=(COMPLEX,)),
        Policy("spectrum", meet=to_float, result=to_real, refuses=(COARSE,), casts=False, floats=True),
        Policy("pivots", meet=to_float, result=_always(int32), refuses=(COARSE,), casts=False, floats=True),
        Policy("exponent", meet=to_float, result=_always(int32), refuses=(COMPLEX,), casts=False, floats=True),
        Policy("eigen", meet=to_float, result=complex_of, refuses=(COARSE,), casts=False, floats=True),
        Policy("transform", meet=complex_of),
        Policy("synthesis", meet=complex_of, result=to_real),
        Policy("logical", meet=_always(bool_), native=True),
        # operands stay what they are
        Policy("test", result=_always(bool_), cast=False, native=True, casts=False),
        Policy("index", result=_always(int64), refuses=(COMPLEX,), cast=False, first=True, casts=False),
        Policy("first", cast=False, first=True, casts=False),
        Policy("given", cast=False, parameter="dtype"),
        Policy("asked", cast=False, parameter="dtype", casts=False),  # the same, with no number to fill with to check
    )
}

"""Questions about element types: what promotes to what, of which kind a dtype is, and its limits."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from dualflow.core.dtypes import FLOATING, KINDS, WEAK, asdtype, limits, promote, to_real
from dualflow.core.errors import DTypeError
from dualflow.core.names import public
from dualflow.core.world import is_tensor
from dualflow.ops.array.create import as_array


class FloatInfo(NamedTuple):
    """The limits of a floating dtype; of a complex one, those of its parts."""

    bits: int
    eps: float
    max: float
    min: float
    smallest_normal: float
    tiny: float
    resolution: float
    dtype: np.dtype


class IntInfo(NamedTuple):
    """The limits of an integer dtype."""

    bits: int
    max: int
    min: int
    dtype: np.dtype


@public()
def result_type(*arrays_and_dtypes: Any) -> np.dtype:
    """Return the dtype in which tensors, arrays, dtypes and Python numbers meet.

    Between kinds the higher one wins (int64 with float32 is float32); Python numbers are weak. Raises DTypeError
    for nothing, and for what has no dtype.

    >>> df.result_type(df.int64, df.float32), df.result_type(df.zeros(2), 1)
    (dtype('float32'), dtype('float32'))
    """
    if not arrays_and_dtypes:
        raise DTypeError("result_type: nothing was given; at least one is needed")
    return promote([_kind(x) for x in arrays_and_dtypes])


def _kind(x: Any) -> Any:
    """Return what promotion reads: a dtype, or the class of a Python number."""
    if x.__class__ in WEAK:
        return x.__class__
    if isinstance(x, np.dtype | type | str):
        return asdtype(x)
    return x.dtype if is_tensor(x) else as_array(x, op="result_type").dtype


@public()
def can_cast(from_: Any, to: Any) -> bool:
    """Return whether a tensor or dtype ``from_`` promotes to the dtype ``to``, so that arithmetic would cast it so.

    >>> df.can_cast(df.int32, df.float32), df.can_cast(df.float64, df.float32)
    (True, False)
    """
    to = asdtype(to)
    return promote([_kind(from_), to]) == to


@public()
def isdtype(dtype: Any, kind: Any) -> bool:
    """Return whether a dtype is another one, or of a kind, or any of a tuple of both.

    Kinds: "bool", "signed integer", "unsigned integer", "integral", "real floating", "complex floating" and
    "numeric". Raises ValueError for another word.

    >>> df.isdtype(df.int8, "integral"), df.isdtype(df.int8, (df.int16, "bool"))
    (True, False)
    """
    dtype = asdtype(dtype)
    if isinstance(kind, tuple):
        return any(isdtype(dtype, each) for each in kind)
    if isinstance(kind, str):
        if kind not in KINDS:
            raise ValueError(f"isdtype: there is no kind {kind!r}; use one of {', '.join(map(repr, KINDS))}")
        return dtype.kind in KINDS[kind]
    return dtype == asdtype(kind)


@public()
def finfo(type: Any) -> FloatInfo:
    """Return the limits of a floating or complex dtype, or of a tensor's. Raises DTypeError for another.

    >>> df.finfo(df.float32).eps, df.finfo(df.complex128).bits
    (1.1920928955078125e-07, 64)
    """
    dtype = promote([_kind(type)])
    if dtype.kind not in FLOATING:
        raise DTypeError(f"finfo: {dtype} is no floating dtype; use df.iinfo for integers")
    real = to_real(dtype)
    found = limits(real)
    return FloatInfo(
        bits=found.bits,
        eps=float(found.eps),
        max=float(found.max),
        min=float(found.min),
        smallest_normal=float(found.smallest_normal),
        tiny=float(found.tiny),
        resolution=10.0**-found.precision,
        dtype=real,
    )


@public()
def iinfo(type: Any) -> IntInfo:
    """Return the limits of an integer dtype, or of a tensor's. Raises DTypeError for another.

    >>> df.iinfo(df.int8).max, df.iinfo(df.uint16).bits
    (127, 16)
    """
    dtype = promote([_kind(type)])
    if dtype.kind not in "iu":
        raise DTypeError(f"iinfo: {dtype} is no integer dtype; use df.finfo for floats")
    found = np.iinfo(dtype)
    return IntInfo(bits=found.bits, max=int(found.max), min=int(found.min), dtype=dtype)


@public()
def promote_types(type1: Any, type2: Any) -> np.dtype:
    """Return the dtype in which two dtypes meet; PyTorch's name for ``result_type`` of two dtypes.

    >>> df.promote_types(df.uint8, df.int8)
    dtype('int16')
    """
    return promote([asdtype(type1), asdtype(type2)])

"""What the array API standard lets a library ask: devices, dtypes, capabilities; and the standard's constants."""

from __future__ import annotations

import math
from typing import Any

from dualflow.core import dtypes
from dualflow.core.errors import DTypeError, OutOfRangeError

e, inf, nan, pi, newaxis = math.e, math.inf, math.nan, math.pi, None

CPU = "cpu"
STANDARD = [name for name in dtypes.DTYPES if name not in ("float16", "bfloat16")]
"""The dtypes that the standard knows."""


def check_device(op: str, device: Any) -> None:
    """Raise OutOfRangeError unless ``device`` is None, ``"cpu"``, or what a symbol answers."""
    if device is not None and device not in (CPU, "graph"):
        raise OutOfRangeError(
            f"{op}: there is no device {device!r}",
            hint='tensors are made on "cpu"; compiled code puts what it needs where it runs',
        )


class Inspection:
    """The answers of ``__array_namespace_info__``: plain values, made afresh at each question."""

    def capabilities(self) -> dict[str, Any]:
        """Return what the library can do: eagerly, shapes may depend on data."""
        return {"boolean indexing": True, "data-dependent shapes": True, "max dimensions": 64}

    def default_device(self) -> str:
        """Return the device of a new tensor."""
        return CPU

    def devices(self) -> list[str]:
        """Return every device that a creation function takes."""
        return [CPU]

    def default_dtypes(self, *, device: Any = None) -> dict[str, Any]:
        """Return the dtype of Python numbers, by kind, and that of indices."""
        check_device("default_dtypes", device)
        return {
            "real floating": dtypes.float32,
            "complex floating": dtypes.complex64,
            "integral": dtypes.int64,
            "indexing": dtypes.int64,
        }

    def dtypes(self, *, device: Any = None, kind: Any = None) -> dict[str, Any]:
        """Return the standard's dtypes by name; ``kind`` is one of its names for a group of them, or a tuple.

        >>> df.__array_namespace_info__().dtypes(kind="real floating")
        {'float32': dtype('float32'), 'float64': dtype('float64')}
        """
        check_device("dtypes", device)
        if kind is None:
            kind = ("bool", "numeric")
        names: list[str] = []
        for one in kind if isinstance(kind, tuple) else (kind,):
            if one not in dtypes.KINDS:
                raise DTypeError(
                    f"dtypes: there is no kind {one!r} of dtypes",
                    hint=f"use {', '.join(dtypes.KINDS)}, or a tuple of them",
                )
            names += [name for name in STANDARD if dtypes.DTYPES[name].kind in dtypes.KINDS[one] and name not in names]
        return {name: dtypes.DTYPES[name] for name in names}


def __array_namespace_info__() -> Inspection:
    """Return what can be asked of the library itself, as the array API standard has it.

    >>> df.__array_namespace_info__().default_dtypes()["real floating"]
    dtype('float32')
    """
    return Inspection()

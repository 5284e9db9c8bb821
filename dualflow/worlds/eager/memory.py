"""Versions of memory: which array was written to in place, when, and where.

Recording an op costs nothing here. A write stamps the memory (the array that owns it, so that views
share their base's version) with a serial from the same count as the records; a saved value has been
overwritten when its memory's stamp is later than its record.
"""

from __future__ import annotations

import weakref
from typing import Any

import numpy as np

from dualflow.autodiff.record import OP, RESULTS, SERIAL, next_serial, operands_of, site_of
from dualflow.autodiff.several import all_of
from dualflow.core.errors import InPlaceError
from dualflow.core.explain import operand_name
from dualflow.core.site import Site, describe


class Stamp:
    """The last write to a piece of memory: when, where, by what, and how many there have been."""

    __slots__ = ("count", "owner", "serial", "site", "what")
    serial: int
    site: Site | None
    what: str

    def __init__(self, owner: Any) -> None:
        self.owner = owner
        self.count = 0


STAMPS: dict[int, Stamp] = {}
_last: float = 0.0


def owner_of(array: Any) -> Any:
    """Return the array that owns the memory of ``array``."""
    while isinstance(array.base, np.ndarray):
        array = array.base
    return array


def stamp(array: np.ndarray, site: Site | None, what: str = "an in-place op") -> int:
    """Note that ``array`` has been written to and return the new version of its memory."""
    global _last
    owner = owner_of(array)
    key = id(owner)
    found = STAMPS.get(key)
    if found is None:
        found = STAMPS[key] = Stamp(weakref.ref(owner, lambda _: STAMPS.pop(key, None)))
    found.count += 1
    found.serial = _last = next_serial()
    found.site, found.what = site, what
    return found.count


def last_write() -> float:
    """Return the serial of the latest write."""
    return _last


def version(array: Any) -> int:
    """Return how often the memory of ``array`` has been written to in place."""
    found = STAMPS.get(id(owner_of(array))) if isinstance(array, np.ndarray) else None
    return 0 if found is None else found.count


def check(record: list[Any], g: Any) -> Any:
    """Raise InPlaceError when a value that the record's rules read was overwritten after it; else return ``g``."""
    serial, op = record[SERIAL], record[OP]
    if serial < _last or not STAMPS:
        return g
    operands = operands_of(record)
    wanted = [i for i, (edge, _) in enumerate(operands) if edge is not None]
    values = [(-1, "y", y) for y in all_of(record[RESULTS])]
    values += [(i, operand_name(op, i), v) for i, (_, v) in enumerate(operands)]
    for place, name, value in values:
        if isinstance(value, np.ndarray):
            found = STAMPS.get(id(owner_of(value)))
            if found is not None and found.serial < serial and any(op.needs(i, place) for i in wanted):
                what = "its result" if place < 0 else f"its operand {name}"
                raise InPlaceError(
                    f"{op.name}: {what} is needed for the gradient but was modified in place by {found.what}",
                    operands=[(what.removeprefix("its "), value)],
                    site=found.site or site_of(record),  # the write is what has to change
                    hint=f"{op.name} was computed at {describe(site_of(record))}\n  "
                    "compute a new tensor instead of writing, or clone() the value before",
                )
    return g

"""The record: how a value was made, and of what. Both worlds keep this one form, and one derivative reads it.

A record is a list (a list, because it is emptied when it has been used):

    leaf      [serial, None, owner]
    unary     [serial, op, y, code, offset, edge, x]
    binary    [serial, op, y, code, offset, edge, a, edge, b]
    any       [serial, op, y, code, offset, edges, values, params]

Its places have names. Bare numbers and whole lists stand in the two hot loops only, where a record is put together (the
eager closures) and taken apart (``reverse.pull``) at once. ``operands_of`` reads all forms. Serials count down from -1.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count
from typing import Any

from dualflow.core.errors import GradientError
from dualflow.core.site import Site

next_serial = count(-1, -1).__next__

Record = list[Any]
LEAF, UNARY, BINARY, ANY = 3, 7, 9, 8
"""The forms, which differ in length."""
SERIAL, OP, RESULTS, CODE, OFFSET, EDGES, VALUES, PARAMS = range(8)
"""The places; edges, values and params so only in the form for any number of operands."""
OWNER = RESULTS
"""Where a leaf, which has no op, keeps its owner."""


def leaf(owner: Any) -> Record:
    """Make the record of a value that gradients are wanted for; ``owner`` is for the world's own use."""
    return [next_serial(), None, owner]


def site_of(record: Record) -> Site:
    """Return the user's line that made a recorded value."""
    return record[CODE], record[OFFSET]


def params_of(record: Record) -> dict[str, Any]:
    """Return the static parameters of a recorded op."""
    return record[PARAMS] if len(record) == ANY else {}


def edges_of(record: Record) -> Iterable[Record]:
    """Return the records that a record was computed from."""
    size = len(record)
    if size == UNARY:
        return (record[EDGES],) if record[EDGES] is not None else ()
    if size == BINARY:
        return [e for e in (record[EDGES], record[7]) if e is not None]
    if size == ANY:
        return [e for e in record[EDGES] if e is not None]
    if size == LEAF:
        return ()
    raise used_up()


def operands_of(record: Record) -> list[tuple[Record | None, Any]]:
    """Return (edge, value) for each operand of a record."""
    size = len(record)
    if size == UNARY:
        return [(record[EDGES], record[VALUES])]
    if size == BINARY:
        return [(record[EDGES], record[VALUES]), (record[7], record[8])]
    return list(zip(record[EDGES], record[VALUES], strict=True)) if size == ANY else []


def values_of(record: Record) -> list[Any]:
    """Return the operands of a record, without their edges."""
    return [value for _, value in operands_of(record)]


def used_up() -> Exception:
    """Make the error for a record that an earlier backward pass has emptied."""
    return GradientError(
        "backward: trying to go backward through the graph a second time: the first pass freed its saved values",
        hint="give the first one retain_graph=True (or make the tape persistent), or compute the loss again",
    )

"""Ops with several results: one record, and for each result a port, through which its gradient comes in.

A tensor that is one result of several has a port where others have their record. A port has the form of a record of one
operand, whose edge is the op's record and whose value is the place of the result::

    port   [serial, Port, y, code, offset, record, place]

Its rule hands the gradient on as ``Parts``; the engine adds those of all ports and gives the op's rules one tuple. The
serial of a port lies between that of its record and the next, so that a heap pops all ports first, and so that a port
made anew, when a derivative is differentiated again, counts as the one that it stands for.
"""

from __future__ import annotations

from typing import Any

from dualflow.autodiff.record import CODE, OFFSET, OP, SERIAL, Record


def all_of(results: Any) -> tuple[Any, ...]:
    """Return what an op gave, or its gradients, as a tuple: the one of most ops alone in it."""
    return results if isinstance(results, tuple) else (results,)


class Parts:
    """The gradients of some results of an op, by place."""

    __slots__ = ("parts",)

    def __init__(self, parts: dict[int, Any]) -> None:
        self.parts = parts

    def __add__(self, other: Parts) -> Parts:
        both = self.parts | other.parts
        for place in self.parts.keys() & other.parts.keys():
            both[place] = self.parts[place] + other.parts[place]
        return Parts(both)

    def tuple(self, op: Any, count: int) -> Any:
        """Return the gradients as the card's own tuple, with None where none has come in."""
        return op.pack(self.parts.get(i) for i in range(count))


class Port:
    """What a port has for a card: it carries the name of the op whose results go through it."""

    broadcasts = view = variadic = False
    tensors = ("record", "place")
    rules = (lambda g, y, place: Parts({place: g}),)
    array_rules = rules
    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def needs(self, position: int, place: int) -> bool:
        """Return False: gradients pass as they are."""
        return False


def port(record: Record, place: int, count: int, y: Any) -> Record:
    """Return the port of the result ``y``, which is the one at ``place`` among ``count`` of a record."""
    serial = record[SERIAL] - (place + 1) / (count + 1)
    return [serial, Port(record[OP].name), y, record[CODE], record[OFFSET], record, place]

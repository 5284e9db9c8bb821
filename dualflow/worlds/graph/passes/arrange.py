"""Where every value of a run stands: an order of nodes, a place for each result in one row, and its last use."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from dualflow.worlds.graph.ir.nodes import Kind


class Step(NamedTuple):
    """One node to compute: where its operands and its result stand in the row of values."""

    node: Any  # a Symbol, or a Node of a graph that was optimized
    kind: Kind
    sources: tuple[Any, ...]  # a place, or (value,) for what is no symbol
    place: Any  # of several results a tuple, with None for one that nothing needs
    done: tuple[int, ...]  # places that nothing reads after this step

    @property
    def made(self) -> list[Any]:
        """The results that the step gives values to."""
        if self.place.__class__ is int:
            return [self.node]
        return [one for one, place in zip(self.node.results, self.place, strict=True) if place is not None]


class Arrangement:
    """Nodes in the order in which they are computed; ``given`` are the values that a run starts with.

    ``size`` is the length of the row, ``outputs`` the places of the fetched values, ``constants`` the arrays in it.
    """

    def __init__(self, nodes: Sequence[Any], given: Sequence[Any], fetches: Sequence[Any]) -> None:
        self.given = given
        place = {id(x): i for i, x in enumerate(given)}
        started = set(place)
        read = {id(x) for n in nodes for x in n.inputs}
        read.update(map(id, fetches))
        each: list[tuple[Any, tuple[Any, ...], Any]] = []
        for n in nodes:
            sources = tuple([place.get(id(x), (x,)) for x in n.inputs])
            at: list[Any] = []
            for one in n.results:
                wanted = n.place is None or id(one) in read and id(one) not in started
                at.append(place.setdefault(id(one), len(place)) if wanted else None)
            each.append((n, sources, at[0] if n.place is None else tuple(at)))
        self.constants = [value for n in nodes if (value := n.kind.constant(n)) is not None]
        self.size = len(place)
        self.outputs = [None if f is None or f.kind.valueless else place[id(f)] for f in fetches]
        kept = {p for p in self.outputs if p is not None}
        last: dict[int, int] = {}
        for i, (_, sources, at) in enumerate(each):
            for p in (*sources, *(at if isinstance(at, tuple) else (at,))):
                if p.__class__ is int:
                    last[p] = i
        ends: dict[int, list[int]] = {}
        for p, i in last.items():
            if p not in kept:
                ends.setdefault(i, []).append(p)
        self.steps = [Step(n, n.kind, sources, at, tuple(ends.get(i, ()))) for i, (n, sources, at) in enumerate(each)]

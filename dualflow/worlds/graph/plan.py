"""A plan: which nodes one combination of fetches and feeds needs, in which order, and where their values stand.

It knows the nodes' order (that of their creation, which also orders reads and assignments), their sizes now that the
feeds' are known, which random numbers must be drawn, and which state is read and written. It carries nothing out.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from dualflow.core.errors import FeedError, UninitializedError
from dualflow.core.site import describe
from dualflow.worlds.graph.ir.cell import Cell, TensorCell
from dualflow.worlds.graph.ir.nodes import Kind, Sized
from dualflow.worlds.graph.ir.symbol import Symbol
from dualflow.worlds.graph.passes.infer import infer
from dualflow.worlds.graph.passes.prune import prune


class Step(NamedTuple):
    """One node to compute: where its operands and its result stand in the row of values."""

    node: Symbol
    kind: Kind
    sources: tuple[Any, ...]  # a place, or (value,) for what is no symbol
    place: Any  # of several results a tuple, with None for one that nothing needs
    done: tuple[int, ...]  # places that nothing reads after this step

    @property
    def made(self) -> list[Symbol]:
        """The symbols that the step gives values to."""
        if self.place.__class__ is int:
            return [self.node]
        return [one for one, place in zip(self.node.results, self.place, strict=True) if place is not None]


class Plan:
    """What one combination of fetches and feeds needs, ready for a backend to run.

    ``also`` are nodes to run and not to fetch. ``pure``: what the nodes write to state is not kept. ``times`` holds
    seconds: "build" (pruning and sizes), and
    after the first compiled run "trace", "lower" and "compile". ``script``, ``compiled``, ``flags`` and ``checks`` are
    what backends keep here of what they made of the plan.
    """

    def __init__(
        self,
        fetches: Sequence[Any],
        feeds: Sequence[tuple[Symbol, tuple[int, ...], Any]],
        also: Sequence[Symbol] = (),
        pure: bool = False,
    ) -> None:
        start = time.perf_counter()
        self.fetches = list(fetches)
        self.fed = [symbol for symbol, _, _ in feeds]
        given = {id(symbol): Sized(shape, dtype, symbol.name) for symbol, shape, dtype in feeds}
        nodes = prune([*self.fetches, *also], given)
        missing = [n for n in nodes if n.kind.fed]
        if missing:
            raise unfed(missing)
        self.specs = infer(nodes, given)
        self.hosts = [n for n in nodes if n.kind.drawn(n)]
        self.reads: list[Cell] = []
        self.writes: list[Cell] = []
        assigned: set[int] = set()
        for n in nodes:
            read, written = n.kind.reads(n), n.kind.writes(n)
            if read is not None and id(read) not in assigned:
                _once(self.reads, read)
            if written is not None and not pure:
                _once(self.writes, written)
                assigned.add(id(written))
        self.kept = [c for c in self.reads if c not in self.writes]
        self.updated = [c for c in self.reads if c in self.writes]
        self.rewritten = [c in self.updated for c in self.writes]
        self.tensors = [c for c in self.writes if isinstance(c, TensorCell)]
        self._arrange(nodes)
        types = [*(d for _, _, d in feeds), *(n.dtype for n in self.hosts), *(c.dtype for c in self.reads)]
        self.wide = any(t.itemsize > 4 and t.kind in "iuf" or t.itemsize > 8 for t in types)
        self.script: Callable[..., Any] | None = None
        self.compiled: Callable[..., Any] | None = None
        self.call: Callable[..., Any] | None = None  # what of it is called
        self.kinds: set[tuple[type, ...]] = set()  # of arguments that it has been called with
        self.flags: Any = None  # of NaN and infinity, with a program of their own
        self.checks: list[Symbol] = []
        self.times = {"build": time.perf_counter() - start}

    def _arrange(self, nodes: list[Symbol]) -> None:
        """Give every value a place in one row, and find the last step that reads it."""
        place = {id(symbol): i for i, symbol in enumerate(self.fed)}
        for n in self.hosts:
            place[id(n)] = len(place)
        steps: list[tuple[Symbol, tuple[Any, ...], Any]] = []
        wanted = {id(n) for n in nodes if n.place is not None}
        for n in nodes:
            if id(n) in place:
                continue
            sources = tuple(place[id(x)] if isinstance(x, Symbol) else (x,) for x in n.inputs)
            for one in n.results:
                if one is n or id(one) in wanted:
                    place[id(one)] = len(place)
            each = tuple(place[id(one)] if id(one) in wanted else None for one in n.results)
            steps.append((n, sources, place[id(n)] if n.place is None else each))
        self.constants = [value for n in nodes if (value := n.kind.constant(n)) is not None]
        self.size = len(place)
        self.outputs = [None if f is None or f.kind.valueless else place[id(f)] for f in self.fetches]
        kept = {p for p in self.outputs if p is not None}
        last: dict[int, int] = {}
        for i, (_, sources, p) in enumerate(steps):
            for made in (p,) if p.__class__ is int else p:
                if made is not None:
                    last[made] = i
            for s in sources:
                if s.__class__ is int:
                    last[s] = i
        ends: dict[int, list[int]] = {}
        for p, i in last.items():
            if p not in kept:
                ends.setdefault(i, []).append(p)
        self.steps = [Step(n, n.kind, sources, p, tuple(ends.get(i, ()))) for i, (n, sources, p) in enumerate(steps)]

    def needs(self) -> set[int]:
        """Return the ids of the nodes that the plan computes, and of what it feeds that is not in vain."""
        nodes = [*(one for step in self.steps for one in step.made), *self.hosts]
        used = [x for n in nodes for x in (*n.inputs, *n.controls) if isinstance(x, Symbol)]
        return {id(n) for n in (*nodes, *used, *self.fetches)}

    def draw(self) -> list[Any]:
        """Draw what the plan needs from the host: random numbers and host scalars, in the nodes' order."""
        return [n.kind.draw(n, self.specs[id(n)].shape) for n in self.hosts]

    def load(self, cells: Sequence[Cell], values: dict[Any, Any]) -> list[Any]:
        """Read state; raise UninitializedError for a variable whose initializer has not run."""
        found = [cell.load(values) for cell in cells]
        if any(value is None for value in found):
            cell = next(c for c, value in zip(cells, found, strict=True) if value is None)
            raise UninitializedError(
                f"variable {cell.name!r} is read before it has a value",
                site=cell.owner.site if isinstance(cell.owner, Symbol) else None,
                hint="run sess.run(df.global_variables_initializer()) first, or its own .initializer",
            )
        return found


def unfed(missing: Sequence[Symbol]) -> Exception:
    """Make the error for placeholders that a run needs and was not given."""
    first = missing[0]
    others = f" (and {len(missing) - 1} more)" if len(missing) > 1 else ""
    names = ", ".join(f"{n.name!r} made at {describe(n.site)}" for n in missing[1:4])
    return FeedError(
        f"placeholder {first.name!r} must be fed{others}: {first.dtype} of shape {first.shape}",
        site=first.site,
        hint=f"pass feed_dict={{{first.name}: …}}" + (f"; also {names}" if names else ""),
    )


def _once(cells: list[Cell], cell: Cell) -> None:
    if all(c is not cell for c in cells):
        cells.append(cell)

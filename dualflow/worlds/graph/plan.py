"""A plan: which nodes one combination of fetches and feeds needs, in which order, and where their values stand.

It knows the nodes' order (that of their creation, which also orders reads and assignments), their sizes now that the
feeds' are known, which random numbers must be drawn, and which state is read and written. It carries nothing out.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

from dualflow.core.errors import FeedError, UninitializedError
from dualflow.core.site import describe
from dualflow.worlds.graph.ir.cell import Cell, Shelf, TensorCell
from dualflow.worlds.graph.ir.nodes import Sized
from dualflow.worlds.graph.ir.symbol import Symbol
from dualflow.worlds.graph.passes.arrange import Arrangement, Step
from dualflow.worlds.graph.passes.infer import infer
from dualflow.worlds.graph.passes.optimize import LIMITS, optimize
from dualflow.worlds.graph.passes.prune import prune
from dualflow.worlds.graph.passes.pruned import Pruned


class Plan:
    """What one combination of fetches and feeds needs, ready for a backend to run.

    ``also`` are nodes to run and not to fetch. ``pure``: what the nodes write to state is not kept. ``passes``: those
    that optimize what is run (``passes/optimize.py``). ``whole`` is the arrangement of the nodes as the user wrote
    them. ``times`` holds seconds: "build" (pruning and sizes), after the first run "optimize", and after the first
    compiled one "trace", "lower" and "compile". ``script``, ``compiled``, ``flags``, ``early`` and ``checks`` are
    what backends keep here of what they made of the plan.
    """

    def __init__(
        self,
        fetches: Sequence[Any],
        feeds: Sequence[tuple[Symbol, tuple[int, ...], Any]],
        also: Sequence[Symbol] = (),
        pure: bool = False,
        passes: Sequence[str] = (),
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
        self.writes = [*self.updated, *(c for c in self.writes if c not in self.updated)]
        self.tensors = [c for c in self.writes if isinstance(c, TensorCell)]
        self.only = [c for c in self.tensors if c not in self.updated]
        self.held = [c for c in self.kept if isinstance(c, TensorCell)]
        shelved = [c for c in self.updated if isinstance(c, TensorCell)]
        self.shelf = Shelf(shelved) if shelved and len(shelved) == len(self.updated) else None
        self.given: list[Any] = [*self.fed, *self.hosts]
        self.passes = passes
        drawn = set(map(id, self.hosts))
        self.nodes = list({id(n.results[0]): n.results[0] for n in nodes if id(n) not in drawn}.values())
        self.whole = Arrangement(self.nodes, self.given, self.fetches)
        self._lean: dict[str, Arrangement] = {}
        self.constants = list(self.whole.constants)  # arrays that are nobody else's to write to, folded ones too
        types = [*(d for _, _, d in feeds), *(n.dtype for n in self.hosts), *(c.dtype for c in self.reads)]
        self.wide = any(t.itemsize > 4 and t.kind in "iuf" or t.itemsize > 8 for t in types)
        self.script: Callable[..., Any] | None = None
        self.compiled: Callable[..., Any] | None = None
        self.call: Callable[..., Any] | None = None  # what of it is called
        self.kinds: set[tuple[type, ...]] = set()  # of arguments that it has been called with
        self.sent: dict[int, Any] = {}  # by place among what is drawn: a number's bytes, and it on the device
        self.flags: Any = None  # of NaN and infinity, with a program of their own
        self.early: Any = None  # the checks that are made before a compiled run
        self.checks: list[Any] = []
        self.times = {"build": time.perf_counter() - start}

    @property
    def steps(self) -> list[Step]:
        """The nodes as the user wrote them, in the order in which they are computed."""
        return self.whole.steps

    def lean(self, backend: str) -> Arrangement:
        """Return the nodes as the passes leave them for a backend; worked out when it is first asked for."""
        found = self._lean.get(backend)
        if found is None:
            if not self.passes:
                return self.whole
            start = time.perf_counter()
            made = optimize(self.pruned(backend), self.passes)
            found = self._lean[backend] = Arrangement(made.nodes, made.given, made.outputs)
            self.constants += found.constants
            self.times["optimize"] = time.perf_counter() - start
        return found

    def pruned(self, backend: str) -> Pruned:
        """Return the nodes as a graph that passes may change."""
        return Pruned(self.nodes, self.given, self.fetches, self.specs, LIMITS[backend])

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

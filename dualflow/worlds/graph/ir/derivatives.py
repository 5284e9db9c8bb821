"""The gradients of a graph: more nodes, and what is gathered of them as ``.grad`` while the graph is being built.

The pass itself is ``autodiff``'s.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from dualflow.autodiff import reverse
from dualflow.autodiff.record import SERIAL, used_up
from dualflow.core import dtypes
from dualflow.core.errors import GradientError, GraphError
from dualflow.core.mode import Scope, current
from dualflow.core.op import VOCABULARY
from dualflow.tensors.operators import Operators
from dualflow.worlds.graph.ir.cell import GradCell, TensorCell
from dualflow.worlds.graph.ir.symbol import Symbol
from dualflow.worlds.graph.ir.variable import GraphVariable


class Derivatives:
    """What a graph knows of gradients; ``Graph`` is one of these."""

    tracing: bool
    variables: list[Any]
    cells: dict[int, Any]
    grads: dict[int, tuple[Any, Any, Any, Any]]
    cleared: list[GradCell]
    spent: set[int]
    pulled: list[tuple[list[Any], Symbol]]
    forward: list[Any] | None
    convert: Callable[..., Symbol]
    foreign: Callable[..., Exception]
    guard: Callable[..., None]
    read: Callable[..., Symbol]
    write: Callable[..., Symbol]

    def gradients(
        self,
        ys: Sequence[Any],
        xs: Sequence[Any],
        seeds: Sequence[Any] | None = None,
        within: Callable[[int], bool] | None = None,
    ) -> list[Any]:
        """Add nodes for the gradients of ``sum(ys)`` with respect to each x; None where there is no path."""
        targets = [self.convert(y) for y in ys]
        sources = [_source(self, x) for x in xs]
        wanted = {record[SERIAL] for record in sources}
        live = reverse.leading_to([t.record for t in targets], sources, within)
        caught: dict[int, Symbol] = {}

        def catch(record: Any, g: Any) -> Any:
            self.forward = record
            self.pulled.append((record, g))
            if record[SERIAL] in wanted:
                caught[record[SERIAL]] = g
            return g

        roots = []
        for i, y in enumerate(targets):
            if not dtypes.is_floating(y.dtype):
                raise GradientError(f"gradients: {y.dtype} has no gradient", operands=[("y", y)])
            seed = None if seeds is None else seeds[i]
            self.forward = y.record
            roots.append((y.record, _ones_like(y) if seed is None else self.convert(seed)))
            self.forward = None
        with Scope(mode="graph", graph=self):
            try:
                reached = reverse.pull(
                    roots, lift=lambda value, record: value, keep=True, live=live, within=within, watch=catch
                )
            finally:
                self.forward = None
        self.pulled += reached.values()
        for serial, (_, g) in reached.items():
            caught[serial] = g
        return [caught.get(record[SERIAL]) for record in sources]

    def spend(self, y: Symbol, keep: bool) -> None:
        """Note that ``y`` was differentiated, or raise if it was before and not kept.

        A graph could do it twice, but eager mode cannot, and the same lines mean the same in both.
        """
        if id(y) in self.spent:
            raise used_up()
        if not keep:
            self.spent.add(id(y))

    def backward(self, y: Symbol, gradient: Any = None, keep: bool = False) -> None:
        """Gather gradients for every trainable variable that ``y`` was computed from; again only if ``keep``."""
        if current().graph is not self:
            raise GraphError(
                "backward: .grad of a symbol's variables exists while its graph is being built, which is not now",
                operands=[("tensor", y)],
                hint="write the step as a @df.function, or use df.gradients(loss, variables) or minimize(loss)",
            )
        if gradient is None and (y.shape is None or any(n != 1 for n in y.shape)):
            raise GradientError(
                f"backward: a gradient is implied only for a scalar; this has shape {y.shape}",
                operands=[("tensor", y)],
                hint="reduce it first (loss.sum().backward()) or pass gradient=df.ones_like(y)",
            )
        self.spend(y, keep)
        owners = [v for v in self.variables if v.trainable]
        owners += [c.owner for c in self.cells.values() if c.trainable and isinstance(c, TensorCell)]
        found = self.gradients([y], owners, None if gradient is None else [gradient])
        if all(g is None for g in found):
            raise GradientError(
                "backward: the tensor does not require a gradient and was not computed from one that does",
                operands=[("tensor", y)],
                hint="set requires_grad=True on the inputs, and mind no_grad() and detach()",
            )
        for owner, g in zip(owners, found, strict=True):
            if g is not None:
                old = self.get_grad(owner)
                self.set_grad(owner, g if old is None else old + g)

    def get_grad(self, x: Any) -> Any:
        """Return the gradient symbol gathered for ``x`` in this graph, or None."""
        held = self.grads.get(id(x))
        if held is not None:
            return None if held[1] is None else held[1].newest()
        if not self.tracing or isinstance(x, GraphVariable) or x.record is None:
            return None
        cell = GradCell(x)
        self.guard(cell, "present")
        found = self.read(cell) if cell.present else None
        self.grads[id(x)] = (x, found, cell, found)
        return found

    def set_grad(self, x: Any, value: Any) -> None:
        """Make ``value`` (or None) the gradient gathered for ``x``."""
        self.get_grad(x)  # in a trace this notes whether there was one before
        _, _, cell, before = self.grads.get(id(x), (x, None, None, None))
        self.grads[id(x)] = (x, None if value is None else self.convert(value), cell, before)

    def settle_grads(self) -> None:
        """At the end of a trace, have the gradients that are left written to their leaves."""
        for _, found, cell, before in list(self.grads.values()):
            new = None if found is None else found.newest()
            if cell is None or new is before:
                continue
            if new is None:
                self.cleared.append(cell)
            else:
                self.write(cell, new if new.dtype == cell.dtype else new.astype(cell.dtype), "grad/assign")


def _source(graph: Any, x: Any) -> Any:
    if isinstance(x, GraphVariable):
        if x.graph is not graph:
            raise graph.foreign(x)
        return x.cell.record
    if isinstance(x, Symbol):
        if x.graph is not graph:
            raise graph.foreign(x)
        return x.newest().record
    if isinstance(x, Operators):
        return graph.cell(x).record
    raise GraphError(f"gradients: with respect to symbols and variables, not {type(x).__name__}")


def _ones_like(x: Symbol) -> Symbol:
    return x.graph.apply(VOCABULARY["full_alike"], (1, x), {"dtype": x.dtype})

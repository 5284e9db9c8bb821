"""The gradients of a graph: more nodes, and what is gathered of them as ``.grad`` while the graph is being built.

These functions are methods of ``Graph``, which keeps what they note. The pass itself is ``autodiff``'s.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from dualflow.autodiff import reverse
from dualflow.core import dtypes
from dualflow.core.errors import GradientError, GraphError
from dualflow.core.mode import Scope, current
from dualflow.core.op import VOCABULARY
from dualflow.tensors.operators import Operators
from dualflow.worlds.graph.ir.cell import GradCell, TensorCell
from dualflow.worlds.graph.ir.nodes import GraphVariable
from dualflow.worlds.graph.ir.symbol import Symbol

if TYPE_CHECKING:
    from dualflow.worlds.graph.ir.graph import Graph


def gradients(
    graph: Graph,
    ys: Sequence[Any],
    xs: Sequence[Any],
    seeds: Sequence[Any] | None = None,
    within: Callable[[int], bool] | None = None,
) -> list[Any]:
    """Add nodes for the gradients of ``sum(ys)`` with respect to each x; None where there is no path."""
    targets = [graph.convert(y) for y in ys]
    sources = [_source(graph, x) for x in xs]
    wanted = {record[0] for record in sources}
    live = reverse.leading_to([t.record for t in targets], sources, within)
    caught: dict[int, Symbol] = {}

    def catch(record: Any, g: Any) -> Any:
        graph.forward = record
        graph.pulled.append((record, g))
        if record[0] in wanted:
            caught[record[0]] = g
        return g

    roots = []
    for i, y in enumerate(targets):
        if not dtypes.is_floating(y.dtype):
            raise GradientError(f"gradients: {y.dtype} has no gradient", operands=[("y", y)])
        seed = None if seeds is None else seeds[i]
        graph.forward = y.record
        roots.append((y.record, _ones_like(y) if seed is None else graph.convert(seed)))
        graph.forward = None
    with Scope(mode="graph", graph=graph):
        try:
            reached = reverse.pull(
                roots, lift=lambda value, record: value, keep=True, live=live, within=within, watch=catch
            )
        finally:
            graph.forward = None
    graph.pulled += reached.values()
    for serial, (_, g) in reached.items():
        caught[serial] = g
    return [caught.get(record[0]) for record in sources]


def _source(graph: Graph, x: Any) -> Any:
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


def spend(graph: Graph, y: Symbol, keep: bool) -> None:
    """Note that ``y`` was differentiated, or raise if it was before and not kept.

    A graph could do it twice, but eager mode cannot, and the same lines mean the same in both.
    """
    if id(y) in graph.spent:
        raise reverse.used_up()
    if not keep:
        graph.spent.add(id(y))


def backward(graph: Graph, y: Symbol, gradient: Any = None, keep: bool = False) -> None:
    """Gather gradients for every trainable variable that ``y`` was computed from; again only if ``keep``."""
    if current().graph is not graph:
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
    graph.spend(y, keep)
    owners = [v for v in graph.variables if v.trainable]
    owners += [c.owner for c in graph.cells.values() if c.trainable and isinstance(c, TensorCell)]
    found = graph.gradients([y], owners, None if gradient is None else [gradient])
    if all(g is None for g in found):
        raise GradientError(
            "backward: the tensor does not require a gradient and was not computed from one that does",
            operands=[("tensor", y)],
            hint="set requires_grad=True on the inputs, and mind no_grad() and detach()",
        )
    for owner, g in zip(owners, found, strict=True):
        if g is not None:
            old = graph.get_grad(owner)
            graph.set_grad(owner, g if old is None else old + g)


def get_grad(graph: Graph, x: Any) -> Any:
    """Return the gradient symbol gathered for ``x`` in this graph, or None."""
    held = graph.grads.get(id(x))
    if held is not None:
        return None if held[1] is None else held[1].newest()
    if not graph.tracing or isinstance(x, GraphVariable) or x.record is None:
        return None
    cell = GradCell(x)
    graph.guard(cell, "present")
    found = graph.read(cell) if cell.present else None
    graph.grads[id(x)] = (x, found, cell, found)
    return found


def set_grad(graph: Graph, x: Any, value: Any) -> None:
    """Make ``value`` (or None) the gradient gathered for ``x``."""
    graph.get_grad(x)  # in a trace this notes whether there was one before
    _, _, cell, before = graph.grads.get(id(x), (x, None, None, None))
    graph.grads[id(x)] = (x, None if value is None else graph.convert(value), cell, before)


def settle_grads(graph: Graph) -> None:
    """At the end of a trace, have the gradients that are left written to their leaves."""
    for _, found, cell, before in list(graph.grads.values()):
        new = None if found is None else found.newest()
        if cell is None or new is before:
            continue
        if new is None:
            graph.cleared.append(cell)
        else:
            graph.write(cell, new if new.dtype == cell.dtype else new.astype(cell.dtype), "grad/assign")


def _ones_like(x: Symbol) -> Symbol:
    return x.graph.apply(VOCABULARY["full_alike"], (1, x), {"dtype": x.dtype})

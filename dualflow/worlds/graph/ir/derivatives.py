"""The gradients of a graph: more nodes, and what is gathered of them as ``.grad`` while the graph is being built.

The pass itself is ``autodiff``'s.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from dualflow.autodiff import reverse
from dualflow.autodiff.record import OP, OWNER, SERIAL, used_up
from dualflow.autodiff.several import Parts
from dualflow.core import dtypes
from dualflow.core.errors import GradientError, GraphError
from dualflow.core.hooks import Handle
from dualflow.core.mode import Scope, current
from dualflow.core.op import VOCABULARY
from dualflow.core.site import user_site
from dualflow.tensors.operators import Operators
from dualflow.worlds.graph.ir.cell import Cell, GradCell, TensorCell
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
    used: set[int]
    pulled: list[tuple[list[Any], Symbol]]
    hooks: dict[int, dict[int, Any]]
    hooked: list[tuple[Handle, Any]]
    leaves: list[Symbol]
    retained: list[Symbol]
    given: list[Symbol]
    asked: bool
    forward: list[Any] | None
    _pulling: bool
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
        create: bool = True,
        keep: bool = True,
    ) -> list[Any]:
        """Add nodes for the gradients of ``sum(ys)`` with respect to each x; None where there is no path.

        ``create``: the gradients can be differentiated again. ``keep``: so can the ys; a graph can do it anyway, but
        eager mode could not, outside of the function whose trace this is.
        """
        return self.pull(ys, [_source(self, x) for x in xs], seeds, within, create, keep)

    def pull(
        self,
        ys: Sequence[Any],
        sources: Sequence[list[Any]],
        seeds: Sequence[Any] | None = None,
        within: Callable[[int], bool] | None = None,
        create: bool = True,
        keep: bool = True,
    ) -> list[Any]:
        """Add nodes for the gradients that reach the records ``sources``."""
        targets = [self.convert(y) for y in ys]
        wanted = {record[SERIAL] for record in sources}
        live = reverse.leading_to([t.edge for t in targets], sources, within)
        caught: dict[int, Symbol] = {}

        def catch(record: Any, g: Any) -> Any:
            if g.__class__ is Parts:
                self.forward = record
                return g
            g = self._shown(record, g)
            if not keep:
                self.used.add(record[SERIAL])
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
            roots.append((y.edge, _ones_like(y) if seed is None else self.convert(seed)))
            self.forward = None
        pulling, self._pulling = self._pulling, True
        with Scope(mode="graph", graph=self, grad=create and current().grad):
            try:
                reached = reverse.pull(
                    roots, lift=lambda value, record: value, keep=True, live=live, within=within, watch=catch
                )
            finally:
                self.forward, self._pulling = None, pulling
        for serial, (record, g) in reached.items():
            caught[serial] = shown = self._shown(record, g)
            self.pulled.append((record, shown))
        return [caught.get(record[SERIAL]) for record in sources]

    def _shown(self, record: list[Any], g: Any) -> Any:
        """Show a gradient to the hooks of what it is the gradient of, in order; what one returns replaces it."""
        hooks = self.hooks.get(record[SERIAL])
        owner = record[OWNER] if record[OP] is None else None
        if isinstance(owner, TensorCell) and owner.hooks:
            hooks = {**owner.hooks, **(hooks or {})}
        if not hooks:
            return g
        pulling, self._pulling = self._pulling, False
        for hook in tuple(hooks.values()):
            answer = hook(g)
            g = g if answer is None else self.convert(answer)
        self._pulling = pulling
        return g

    def hook(self, record: list[Any], hook: Callable[[Any], Any]) -> Any:
        """Have the gradients of a record shown to ``hook``; return what takes it away again."""
        handle = Handle.add(self.hooks.setdefault(record[SERIAL], {}), hook)
        owner = record[OWNER] if record[OP] is None else None
        if isinstance(owner, Cell) or any(owner is x for x in self.given):
            self.hook_outside(handle)
        return handle

    def hook_outside(self, handle: Handle) -> None:
        """Note that a hook was registered on what belongs outside of the graph."""
        self.hooked.append((handle, user_site()))

    def settle_hooks(self) -> None:
        """Raise GraphError where a trace leaves a hook behind on what belongs outside: each call would add one more."""
        left = [(handle, site) for handle, site in self.hooked if handle.placed]
        for handle, _ in left:
            handle.remove()
        if left:
            raise GraphError(
                "register_hook: a hook is left on a tensor that lives outside of this function, where eager mode "
                "would add one more at each call",
                site=left[0][1],
                hint="register it outside, once, or take it away in the function: handle.remove()",
            )

    def spend(self, y: Symbol, keep: bool) -> None:
        """Note that ``y`` was differentiated, or raise if it was before and not kept.

        A graph could do it twice, but eager mode cannot, and the same lines mean the same in both.
        """
        if id(y) in self.spent:
            raise used_up()
        if not keep:
            self.spent.add(id(y))

    def backward(
        self, y: Symbol, gradient: Any = None, keep: bool = False, create: bool = False, inputs: Any = None
    ) -> None:
        """Gather gradients for every trainable variable that ``y`` was computed from; again only if ``keep``.

        ``create``: the gradients can be differentiated again. ``inputs``: only for these, leaves or not.
        """
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
        if not y.requires_grad:
            raise _unconnected(y)
        self.spend(y, keep)
        owners = self._trained() if inputs is None else [*inputs]
        owners += [x for x in self.retained if all(x is not o for o in owners)]
        given: list[Any] = [x for x in self.given if x.requires]
        given += [c for c in self.cells.values() if isinstance(c, TensorCell) and c.trainable and not c.leaf]
        records = [*(_source(self, x) for x in owners), *(x.record for x in given)]
        found = self.pull([y], records, None if gradient is None else [gradient], create=create, keep=keep or create)
        for x, g in zip(given, found[len(owners) :], strict=True):
            if g is not None and inputs is None:
                raise GradientError(
                    f"backward: it reaches {x.name!r}, which was computed outside of this function and "
                    "requires a gradient; a graph stops there",
                    operands=[("tensor", x)],
                    hint="return the loss and call backward() on it outside, or detach() the tensor",
                )
        if all(g is None for g in found):
            raise _unconnected(y)
        for owner, g in zip(owners, found, strict=False):
            if g is not None:
                old = self.get_grad(owner)
                self.set_grad(owner, g if old is None else old + g)

    def _trained(self) -> list[Any]:
        owners = [v for v in self.variables if v.trainable] + self.leaves
        return owners + [c.owner for c in self.cells.values() if c.trainable and c.leaf and isinstance(c, TensorCell)]

    def retain(self, x: Symbol) -> None:
        """Have backward passes keep the gradient of a symbol that is not a leaf."""
        if not x.requires_grad:
            raise GradientError("retain_grad: the tensor does not require a gradient", operands=[("tensor", x)])
        if not x.is_leaf and all(x is not held for held in self.retained):
            self.retained.append(x)

    def get_grad(self, x: Any) -> Any:
        """Return the gradient symbol gathered for ``x`` in this graph, or None."""
        held = self.grads.get(id(x))
        if held is not None:
            return held[1]
        if not self.tracing or isinstance(x, Symbol) or x.gathered is None:
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
        value = value if value is None or isinstance(value, Symbol) else self.convert(value)
        self.grads[id(x)] = (x, value, cell, before)

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
        return x.newest().edge
    if isinstance(x, Operators):
        return graph.cell(x).record
    raise GraphError(f"gradients: with respect to symbols and variables, not {type(x).__name__}")


def _unconnected(y: Symbol) -> Exception:
    return GradientError(
        "backward: the tensor does not require a gradient and was not computed from one that does",
        operands=[("tensor", y)],
        hint="set requires_grad=True on the inputs, and mind no_grad() and detach()",
    )


def _ones_like(x: Symbol) -> Symbol:
    return x.graph.apply(VOCABULARY["full_alike"], (1, x), {"dtype": x.dtype})

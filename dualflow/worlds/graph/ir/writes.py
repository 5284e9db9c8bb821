"""What a graph reads and writes: the state behind its cells, and the memory that symbols share.

Where the elements of a view lie, ``memory`` knows. Here is what a write means: a node of the new value, which every
name of that memory stands for from then on, and where the gradients of that node go.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from dualflow.autodiff.record import OP, PARAMS, leaf
from dualflow.core import dtypes, mode, shapes
from dualflow.core.errors import DTypeError, GradientError, GraphError, InPlaceError, ShapeError
from dualflow.core.op import VOCABULARY
from dualflow.ops.array.create import as_array, asarray
from dualflow.ops.array.scatter import fitting
from dualflow.tensors import operators
from dualflow.worlds.graph.ir.cell import Cell, TensorCell, VariableCell
from dualflow.worlds.graph.ir.memory import View, put
from dualflow.worlds.graph.ir.naming import visible
from dualflow.worlds.graph.ir.nodes import ASSIGN, BIND, READ
from dualflow.worlds.graph.ir.symbol import Symbol
from dualflow.worlds.graph.ir.variable import GraphVariable


class Writes:
    """What a graph knows of state and of memory; ``Graph`` is one of these."""

    tracing: bool
    variables: list[GraphVariable]
    cells: dict[int, Cell]
    quiet: dict[int, Symbol | None]
    leaves: list[Symbol]
    asked: bool
    _visible: dict[int, str]
    _pulling: bool
    add: Callable[..., Symbol]
    apply: Callable[..., Symbol]
    constant: Callable[..., Symbol]
    convert: Callable[..., Symbol]
    foreign: Callable[..., Exception]

    # -- state
    def variable(self, initial: Any, *, trainable: bool, name: str, dtype: Any, kind: Any = None) -> GraphVariable:
        """Add a variable whose value starts, in each Session, as ``initial`` when its initializer runs."""
        value = initial() if callable(initial) and not isinstance(initial, operators.Operators) else initial
        if isinstance(value, operators.Operators) and not isinstance(value, Symbol):
            value = np.array(value)
        if isinstance(value, Symbol) and value.graph is not self:
            raise self.foreign(value)
        start = value if isinstance(value, Symbol) else self.constant(np.array(as_array(value, dtype)))
        if dtype is not None and start.dtype != dtypes.asdtype(dtype):
            start = start.astype(dtype)
        if start.shape is None or None in start.shape:
            raise ShapeError("Variable: the initial value must have a known shape", operands=[("initial value", start)])
        made = self.add(READ, (None,), {}, start.shape, start.dtype, name or "Variable", (None,), GraphVariable)
        assert isinstance(made, GraphVariable)
        made.trainable = trainable and dtypes.is_floating(start.dtype)
        made.cell = VariableCell(made)
        made.record[PARAMS] = {"cell": made.cell}
        self._led(made, made.cell)
        made.initial_value = start
        made.initializer = self.write(made.cell, start, made.name + "/initializer", initial=True)
        self.variables.append(made)
        return made

    def cell(self, x: Any) -> Cell:
        """Return the cell through which this graph reads and writes an eager tensor, by reference."""
        found = self.cells.get(id(x))
        if found is None:
            found = self.cells[id(x)] = TensorCell(x)
            found.name = found.name or self._called(x)
        return found

    def _called(self, x: Any) -> str:
        """Return what the user calls an eager tensor; a trace looks once, for all that it will capture."""
        if id(x) not in self._visible and not (self.tracing and self._visible):
            self._visible = visible()
        return self._visible.get(id(x), "")

    def _cell_of(self, x: Any) -> Cell:
        if isinstance(x, GraphVariable):
            if x.graph is not self:
                raise self.foreign(x)
            return x.cell
        return self.cell(x)

    def read(self, cell: Cell) -> Symbol:
        """Return what a cell holds here: one node for all uses until the next assignment to it."""
        if cell.current is None or cell.reader is not self:
            made = self.add(
                READ, (None,), {"cell": cell}, cell.shape, cell.dtype, (cell.name or "tensor") + "/read", (None,)
            )
            cell.current, cell.reader = self._led(made, cell), self
        elif cell.toggles and cell.led != cell.trainable:  # requires_grad was set since
            cell.current = self._led(self.bind(cell.current), cell)
        return cell.current

    @staticmethod
    def _led(node: Symbol, cell: Cell) -> Symbol:
        """Lead the gradients of a node that is a cell's value to the cell, if it is trained."""
        cell.led = cell.trainable
        if cell.led:
            node.edge, node.requires = cell.record, True
        return node

    def bind(self, value: Symbol, before: Symbol | None = None) -> Symbol:
        """Return ``value`` under a name of its own, whose gradients go where those of ``before`` go, or nowhere."""
        made = self.add(BIND, (value,), {}, value.shape, value.dtype, edges=(None,))
        if before is not None:
            made.edge, made.requires = before.edge, before.requires
        return made

    def assign(self, x: Any, value: Any, name: str, follow: bool = False) -> Symbol:
        """Add a node that writes ``value`` to a variable or an eager tensor when it runs, and gives the value.

        ``follow``: as an in-place method does, which a leaf refuses while gradients are recorded, and whose history the
        tensor takes over.
        """
        cell = self._cell_of(x)
        new = self.convert(value)
        if follow and self.tracing and cell.trainable and cell.leaf and mode.current().grad:
            raise self._is_leaf(name, x)
        fits = new.shape is None or (
            len(new.shape) == len(cell.shape)
            and all(m is None or m == n for m, n in zip(new.shape, cell.shape, strict=True))
        )
        if not fits:
            raise ShapeError(
                f"{name}: a value of shape {new.shape} does not fit a variable of shape {cell.shape}",
                operands=[("variable", x), ("value", new)],
            )
        if new.dtype != cell.dtype:
            if dtypes.KIND[new.dtype.kind] > dtypes.KIND[cell.dtype.kind]:
                raise DTypeError(
                    f"{name}: {new.dtype} does not fit a variable of {cell.dtype}",
                    operands=[("variable", x), ("value", new)],
                )
            new = new.astype(cell.dtype)
        if follow and self.tracing and mode.current().grad:
            new = self._over(self.read(cell), new)
        made = self.write(cell, new, (cell.name or "tensor") + "/assign", follow=follow)
        return x if self.tracing else made

    def write(
        self,
        cell: Cell,
        new: Symbol,
        name: str,
        initial: bool = False,
        follow: bool = False,
        recorded: bool | None = None,
    ) -> Symbol:
        """Add a node that writes ``new``, of the cell's own shape and dtype.

        ``recorded``: whether gradients know of the write; as gradients are recorded here, if it is not said.
        """
        made = self.add(ASSIGN, (new,), {"cell": cell, "initial": initial}, cell.shape, cell.dtype, name, (None,))
        before = cell.current if cell.reader is self else None
        cell.current = None
        if self.tracing:  # in program order: what is read from here on is what was written
            recorded = mode.current().grad if recorded is None else recorded
            if follow and recorded and not (cell.trainable and cell.leaf):
                cell.current = self.bind(made, new)
            elif follow and not recorded and before is not None and before.edge is not cell.record:
                cell.current = self.bind(made, before)  # the history that a recorded write gave it stays
            else:
                cell.current = self._led(self.bind(made), cell)
            cell.reader = self
            if not recorded:
                self.quiet[id(cell.current)] = before
        return made

    # -- memory that symbols share
    def now(self, x: Any) -> Symbol:
        """Return the node of what a symbol or a cell holds here."""
        return self.read(x) if isinstance(x, Cell) else x.newest()

    def shown(self, x: Symbol) -> Symbol:
        """Return the node of what a view shows here: worked out again if its memory was written to."""
        assert x.shows is not None
        return self._shown_at(x, self.now(x.shows.parent))

    def _shown_at(self, x: Symbol, base: Symbol) -> Symbol:
        """Return the node of what a view shows when its memory is ``base``.

        A write that was not recorded changes the value, and leaves the view's gradients and hooks what they were.
        """
        if base is x.base:
            return x if x.later is None else x.later
        quiet, before = id(base) in self.quiet, self.quiet.get(id(base))
        before = None if before is None else self._shown_at(x, before)
        assert x.shows is not None
        with mode.Scope(mode="graph", graph=self, grad=not quiet or (before is None and x.shows.grad)):
            pulling, self._pulling = self._pulling, True  # of nodes, and no view that could be written to
            try:
                x.later = self.apply(x.shows.op, (base, *x.shows.operands), x.shows.params)
            finally:
                self._pulling = pulling
            if before is not None:
                x.later = self.bind(x.later, before)
                self.quiet[id(x.later)] = before
        x.base = base
        return x.later

    def put(self, x: Symbol, value: Any, name: str) -> Any:
        """Make ``value`` what the symbol's memory holds from here on, for all that share it; return the symbol."""
        if isinstance(x, GraphVariable):
            return self.assign(x, value, name)
        new = self._fitted(x, self.convert(value), name)
        views: list[tuple[View, Symbol]] = []
        root: Any = x
        while isinstance(root, Symbol) and root.shows is not None:
            views.append((root.shows, self.now(root.shows.parent)))
            root = root.shows.parent
        if views and not (self.tracing or isinstance(root, Symbol)):
            raise GraphError(
                f"{name}: writing to a view of a variable is not followed in a graph: nothing would run the write",
                operands=[("symbol", x)],
                hint="assign the whole: variable.assign(…)",
            )
        if views and any(whole.shape is None or not shapes.known(whole.shape) for _, whole in views):
            raise GraphError(
                f"{name}: writing to a view is not followed while sizes are unknown",
                operands=[("symbol", x)],
                hint="compute a new tensor instead, or clone() before taking the view",
            )
        recorded = mode.current().grad
        cut = recorded and any(view.op.name == "detach" for view, _ in views)
        recorded = recorded and not cut
        before = self.now(root)
        self.asked = True
        if recorded and before.requires and (root.leaf if isinstance(root, Cell) else before.edge[OP] is None):
            raise self._is_leaf(name, x)
        if cut and new.requires:
            raise GraphError(
                f"{name}: a value that requires a gradient is written through a detached tensor",
                operands=[("tensor", x), ("value", new)],
                hint="detach the value, or write to the tensor itself",
            )
        with mode.Scope(mode="graph", graph=self, grad=recorded):
            for view, whole in views:
                new = new if view.op.name == "detach" else self.convert(put(view, whole, new, name))
        if recorded:
            new = self._over(before, new)
        if isinstance(root, Cell):
            self.write(root, new, (root.name or "tensor") + "/assign", follow=True, recorded=recorded)
        else:
            before.later = self.bind(new, new if recorded else before)
            if not recorded:
                self.quiet[id(before.later)] = before
        return x

    def _is_leaf(self, name: str, x: Any) -> Exception:
        return InPlaceError(
            f"{name}: a leaf that requires a gradient is being changed in place",
            operands=[("tensor", x)],
            hint="do it under `with df.no_grad():`, or on a clone()",
        )

    def _over(self, before: Symbol, new: Symbol) -> Symbol:
        """Return a constant written over what requires a gradient: that of what was there is zeros, as in eager."""
        if new.requires or not before.requires or not shapes.known(before.shape):
            return new
        places = np.arange(before.size).reshape(before.shape)
        return self.apply(VOCABULARY["write_places"], (before, new), {"places": places})

    def _fitted(self, x: Symbol, made: Symbol, name: str) -> Symbol:
        """Return a value in the dtype of the symbol whose place it takes. Raises ShapeError and DTypeError."""
        if made.shape != x.shape:
            raise ShapeError(
                f"{name}: the result does not fit into the symbol", operands=[("symbol", x), ("result", made)]
            )
        if not np.can_cast(made.dtype, x.dtype, "same_kind"):
            raise DTypeError(
                f"{name}: a result of {made.dtype} cannot be kept in a tensor of {x.dtype}",
                operands=[("symbol", x), ("result", made)],
                hint=f"compute a new tensor, or cast with .astype(df.{made.dtype})",
            )
        return made if made.dtype == x.dtype else made.astype(x.dtype)

    def require(self, x: Symbol, wanted: bool) -> None:
        """Make a symbol a leaf, to which gradients go, or a constant."""
        now, self.asked = x.newest(), True
        if now.requires == wanted:
            return
        if not wanted and now.edge[OP] is not None:
            raise GradientError(
                "requires_grad: only a leaf can be switched off; this was computed",
                hint="use .detach() for a tensor that does not require gradients",
            )
        if not dtypes.is_floating(x.dtype):
            raise DTypeError(
                f"requires_grad: only floating dtypes have gradients, not {x.dtype}",
                hint="cast with .astype(df.float32) first",
            )
        made = self.bind(now)
        if wanted:
            made.edge, made.requires = leaf(x), True
            self.leaves.append(x)
        x.shows, now.later = None, made

    def with_item(self, x: Any, key: Any, value: Any) -> Symbol:
        """Return ``x`` with ``x[key]`` replaced by ``value``, as a new symbol."""
        x = self.convert(x)
        value = fitting("x[…] = …", x, value)
        marked, arrays = operators.index_key(key)
        if len(marked) == 1 and arrays and arrays[0].dtype == dtypes.bool_:
            mask = self.convert(arrays[0])
            for _ in range(len(x.shape) - len(mask.shape)):
                mask = mask.unsqueeze(-1)
            return self.apply(VOCABULARY["where"], (mask, value, x), {})
        if any(isinstance(a, Symbol) for a in arrays) or not shapes.known(x.shape):
            return self.apply(VOCABULARY["write_at"], (x, value, *arrays), {"key": marked})
        try:
            places = np.arange(x.size).reshape(x.shape)[shapes._fill(marked, [a.numpy() for a in arrays])]
        except IndexError as error:
            raise VOCABULARY["getitem"].explain(error, (x, *arrays), {"key": marked}) from None
        part = self.convert(asarray(value, x.dtype))
        return self.apply(VOCABULARY["write_places"], (x, part.broadcast_to(places.shape)), {"places": places})

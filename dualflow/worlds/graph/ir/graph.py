"""The graph: nodes, constants, state and its order; ``derivatives`` adds gradients as more nodes."""

from __future__ import annotations

import difflib
import operator
from collections.abc import Callable, Sequence
from typing import Any, cast

import numpy as np

from dualflow.autodiff.record import OP, PARAMS, RESULTS, leaf, next_serial
from dualflow.core import dtypes, mode, shapes
from dualflow.core.dtypes import WEAK
from dualflow.core.errors import DTypeError, GradientError, GraphError, InPlaceError, Misfit, ShapeError
from dualflow.core.hooks import Handle
from dualflow.core.op import VOCABULARY, Op
from dualflow.core.site import Site, describe, user_frame, user_site
from dualflow.ops.array.create import as_array, asarray
from dualflow.ops.array.scatter import fitting
from dualflow.tensors import operators
from dualflow.worlds.graph.ir.cell import Cell, GradCell, TensorCell, VariableCell
from dualflow.worlds.graph.ir.derivatives import Derivatives
from dualflow.worlds.graph.ir.memory import View, put, shares
from dualflow.worlds.graph.ir.naming import visible
from dualflow.worlds.graph.ir.nodes import ASSIGN, BIND, CONSTANT, GROUP, PLACEHOLDER, READ, SCALAR, Custom
from dualflow.worlds.graph.ir.symbol import Symbol
from dualflow.worlds.graph.ir.variable import GraphVariable


class Graph(Derivatives):
    """A graph of symbols. Enter it with ``with df.graph() as g:``; run it with ``df.Session``."""

    tracing = False

    def __init__(self) -> None:
        self.nodes: list[Symbol] = []
        self.variables: list[GraphVariable] = []
        self.cells: dict[int, Cell] = {}
        self.grads: dict[int, tuple[Any, Any, Any, Any]] = {}  # of (tensor, now, its cell, at the start)
        self.cleared: list[GradCell] = []
        self.spent: set[int] = set()  # symbols that were differentiated by ``backward`` or ``grad``
        self.used: set[int] = set()  # serials of the records that a pass has used up
        self.pulled: list[tuple[list[Any], Symbol]] = []  # the gradient that reached each record, in that order
        self.hooks: dict[int, dict[int, Any]] = {}  # serial of a record → what its gradients are shown to
        self.hooked: list[tuple[Handle, Any]] = []  # hooks of leaves, and the lines that registered them
        self.given: list[Symbol] = []  # the arguments of a trace
        self.quiet: dict[int, Symbol | None] = {}  # id of what was written with recording off → what it replaced
        self.asked = False  # whether it was decided by which of them require a gradient
        self.leaves: list[Symbol] = []  # the symbols that were made leaves
        self.retained: list[Symbol] = []  # those whose gradient is kept
        self.toggled: dict[int, tuple[Any, bool]] = {}  # eager tensors whose requires_grad was set, and what it was
        self._pulling = False  # while rules run, a symbol is the node that it was, not what its name stands for
        self.guards: list[tuple[object, str, Any]] = []
        self.watched: dict[int, object] = {}  # the modules that ran, and those below them
        self.taken: list[Any] = []  # eager tensors whose values were read by Python
        self.needed: set[int] = set()  # ids of the nodes that some run has needed
        self.linter = mode.current().lint  # in whose block the graph was begun
        self._names: dict[str, int] = {}
        self._by_name: dict[str, Symbol] = {}
        self._visible: dict[int, str] = {}
        self._scope = ""
        self._controls: tuple[Symbol, ...] = ()
        self.forward: list[Any] | None = None  # the record whose rule makes the nodes that come next
        self._finalized: Site | None = None
        self._is_final = False

    def __repr__(self) -> str:
        return f"<graph of {len(self.nodes)} nodes, {len(self.variables)} variables>"

    # -- nodes
    def apply(self, op: Op, args: tuple[Any, ...], params: dict[str, Any]) -> Symbol:
        """Add a node that carries ``op`` out. A mistake in shapes or dtypes raises here, at the user's line."""
        args, params = op.bind(args, params)
        operands = [x if x.__class__ in WEAK or (x is None and op.optional) else self.convert(x, op) for x in args]
        try:
            common, dtype = op.meet(operands, params)
            if common is not None:
                for i in range(len(operands)) if op.promotes is None else op.promotes:
                    x = operands[i]
                    if x.__class__ is Symbol:
                        if x.dtype != common:
                            operands[i] = self.apply(VOCABULARY["astype"], (x,), {"dtype": common})
                    elif x is not None and not any(o.__class__ is Symbol for o in operands):
                        operands[i] = self.constant(np.asarray(x, common))
            shape = op.infer(operands, params)
        except Misfit as misfit:
            raise op.explain(misfit, operands, params) from None
        made = self.add(op.suited(operands), operands, params, shape, dtype)
        if (op.view or op.name == "detach") and isinstance(args[0], operators.Operators) and not self._pulling:
            view = View(
                args[0] if args[0].__class__ is Symbol else self._cell_of(args[0]),
                op,
                tuple(operands[1:]),
                params,
                mode.current().grad,
            )
            if shares(view):
                made.shows, made.base = view, cast(Symbol, operands[0])
        return made

    def operator(self, op: Op, a: Any, b: Any) -> Any:
        """Carry a Python operator out; NotImplemented for what is no operand."""
        for x in (a, b):
            if not (x.__class__ in WEAK or isinstance(x, operators.Operators | np.ndarray | np.generic)):
                return NotImplemented
        return self.apply(op, (a, b), {})

    def add(
        self,
        op: Any,
        values: Sequence[Any],
        params: dict[str, Any],
        shape: Any,
        dtype: Any,
        name: str = "",
        edges: Sequence[Any] | None = None,
        kind: type[Symbol] = Symbol,
    ) -> Symbol:
        """Add a node of ``op`` with operands ``values``; ``edges`` default to the floating operands' records."""
        if self._is_final:
            at = f", finalized at {describe(self._finalized)}" if self._finalized else ""
            raise GraphError(f"{op.name}: the graph is finalized{at}; nothing can be added")
        if edges is None:
            live = dtypes.is_floating(dtype) and any(rule is not None for rule in op.rules) and mode.current().grad
            edges = [x.edge if live and isinstance(x, Symbol) and dtypes.is_floating(x.dtype) else None for x in values]
        frame = user_frame(2)
        assert frame is not None
        record = [next_serial(), op, None, frame.f_code, frame.f_lasti, edges, values, params]
        made = kind(self, record, shape, dtype, self.unique(name or op.name), self._controls)
        record[RESULTS] = made
        made.requires = any(
            edge is not None and (not isinstance(x, Symbol) or x.requires)
            for edge, x in zip(edges, values, strict=True)
        )
        made.forward = self.forward
        self.nodes.append(made)
        self._by_name[made.name] = made
        return made

    def convert(self, x: Any, op: Any = None) -> Symbol:
        """Return ``x`` as a node of this graph: a symbol, a variable read here, or a constant."""
        if x.__class__ is Symbol:
            if x.graph is not self:
                raise self.foreign(x, op)
            return x if (x.later is None and x.shows is None) or self._pulling else x.newest()
        if isinstance(x, GraphVariable):
            if x.graph is not self:
                raise self.foreign(x, op)
            return self.read(x.cell)
        if isinstance(x, operators.Operators):
            return self.read(self.cell(x))
        if isinstance(x, str | bytes | dict | set) or not (
            hasattr(x, "__array__") or isinstance(x, list | tuple | np.generic) or x.__class__ in WEAK
        ):
            name = op.name if op is not None else "graph"
            raise DTypeError(f"{name}: takes tensors, arrays and numbers, not {type(x).__name__} {x!r:.60}")
        return self.constant(np.array(as_array(x, op=op.name if op is not None else "graph")))

    def foreign(self, x: Symbol, op: Any = None) -> Exception:
        """Make the error for a symbol of another graph."""
        return GraphError(
            f"{op.name if op is not None else 'graph'}: the symbol {x.name!r} belongs to another graph",
            operands=[("symbol", x)],
            hint=f"it was made at {describe(x.site)}\n  build both in one `with df.graph():` block, or feed its value",
        )

    def unique(self, name: str) -> str:
        """Return ``name`` in the current scope, with a number when it is taken."""
        full = self._scope + name
        count = self._names.get(full)
        if count is None:
            self._names[full] = 0
            return full
        while True:
            count += 1
            candidate = f"{full}_{count}"
            if candidate not in self._names:
                break
        self._names[full] = count
        self._names[candidate] = 0
        return candidate

    def constant(self, array: Any) -> Symbol:
        """Add a node that holds ``array``."""
        array = np.asarray(array)
        return self.add(CONSTANT, (), {"value": array}, array.shape, array.dtype)

    def placeholder(self, dtype: Any, shape: Any, name: str) -> Symbol:
        """Add a node that every run must feed."""
        if shape is not None:
            try:
                shape = tuple(None if n is None or n == -1 else operator.index(n) for n in shape)
            except TypeError:
                raise DTypeError(
                    f"placeholder: a shape is a tuple of sizes and None, not {shape!r}",
                    hint="write df.placeholder(df.float32, (None, 10))",
                ) from None
        return self.add(PLACEHOLDER, (), {}, shape, dtypes.asdtype(dtype), name)

    def get_tensor_by_name(self, name: str) -> Symbol:
        """Return the symbol called ``name`` (TensorFlow's ``name:0`` is understood)."""
        found = self._by_name.get(name.removesuffix(":0"))
        if found is None:
            near = difflib.get_close_matches(name, self._by_name, 3)
            raise GraphError(
                f"get_tensor_by_name: the graph has no symbol {name!r} among its {len(self.nodes)}",
                hint=f"did you mean {' or '.join(map(repr, near))}?" if near else "",
            )
        return found

    def finalize(self) -> None:
        """Allow no more nodes: a graph that grows inside a loop is a mistake that this finds."""
        self._is_final, self._finalized = True, user_site()

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

    def write(self, cell: Cell, new: Symbol, name: str, initial: bool = False, follow: bool = False) -> Symbol:
        """Add a node that writes ``new``, of the cell's own shape and dtype."""
        made = self.add(ASSIGN, (new,), {"cell": cell, "initial": initial}, cell.shape, cell.dtype, name, (None,))
        before = cell.current if cell.reader is self else None
        cell.current = None
        if self.tracing:  # in program order: what is read from here on is what was written
            if follow and mode.current().grad and not (cell.trainable and cell.leaf):
                cell.current = self.bind(made, new)
            elif follow and not mode.current().grad and before is not None and before.edge is not cell.record:
                cell.current = self.bind(made, before)  # the history that a recorded write gave it stays
            else:
                cell.current = self._led(self.bind(made), cell)
            cell.reader = self
            if not mode.current().grad:
                self.quiet[id(cell.current)] = before
        return made

    def _is_leaf(self, name: str, x: Any) -> Exception:
        return InPlaceError(
            f"{name}: a leaf that requires a gradient is being changed in place",
            operands=[("tensor", x)],
            hint="do it under `with df.no_grad():`, or on a clone()",
        )

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
        grad = mode.current().grad
        cut = any(view.op.name == "detach" for view, _ in views)
        before = self.now(root)
        self.asked = True
        if grad and not cut and before.requires and (root.leaf if isinstance(root, Cell) else before.edge[OP] is None):
            raise self._is_leaf(name, x)
        if grad and cut and new.requires:
            raise GraphError(
                f"{name}: a value that requires a gradient is written through a detached tensor",
                operands=[("tensor", x), ("value", new)],
                hint="detach the value, or write to the tensor itself",
            )
        with mode.Scope(mode="graph", graph=self, grad=grad and not cut):
            for view, whole in views:
                new = new if view.op.name == "detach" else self.convert(put(view, whole, new, name))
        if grad and not cut:
            new = self._over(before, new)
        if isinstance(root, Cell):
            self.write(root, new, (root.name or "tensor") + "/assign", follow=grad and not cut)
            if cut or not grad:
                root.current = self.bind(root.current, before)
        else:
            before.later = self.bind(new, new if grad and not cut else before)
        if cut or not grad:
            self.quiet[id(self.now(root))] = before
        return x

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

    def toggle(self, x: Any) -> None:
        """Note that the requires_grad of an eager tensor is about to be set."""
        self.toggled.setdefault(id(x), (x, x.requires_grad))

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

    def detach(self, x: Any) -> Symbol:
        """Return the value that ``x`` has here as a constant to gradients."""
        return self.apply(VOCABULARY["detach"], (x,), {})

    def host_scalar(self, read: Callable[[], float], dtype: Any) -> Symbol:
        """Add a scalar that is read by calling ``read`` at the start of every run."""
        return self.add(SCALAR, (), {"read": read}, (), dtypes.asdtype(dtype))

    def guard(self, owner: Any, attribute: str) -> None:
        """Note that this graph holds only while ``owner.attribute``, or a dict's entry, is what it is now."""
        now = owner[attribute] if isinstance(owner, dict) else getattr(owner, attribute)
        self.guards.append((owner, attribute, now))

    def watch(self, owner: Any) -> bool:
        """Note that this graph holds only while ``owner`` consists of what it does at the end; return if it is new."""
        known = id(owner) in self.watched
        self.watched[id(owner)] = owner
        return not known

    def took(self, x: Any) -> None:
        """Note that the value of an eager tensor was read as a Python value."""
        if self.tracing:
            self.taken.append(x)

    def group(self, nodes: Any) -> Symbol:
        """Add a node that stands for several: running it runs them all, and gives None."""
        listed = [n for n in (self._node(n) for n in flatten(nodes)) if n is not None]
        return self.add(GROUP, listed, {}, (), dtypes.bool_, edges=[None] * len(listed))

    def _node(self, x: Any) -> Symbol | None:
        if x is None or (isinstance(x, operators.Operators) and not isinstance(x, Symbol)):
            return None  # in a trace an assignment hands the variable itself on; its node runs anyway
        if isinstance(x, Symbol) and x.graph is not self:
            raise self.foreign(x)
        return x.newest() if x.__class__ is Symbol else x

    # -- custom functions
    def custom(self, function: Any, context: Any, op: Any, args: tuple[Any, ...]) -> Symbol:
        """Build ``function.forward`` as nodes, with ``function.backward`` for its gradient."""
        values: list[Any] = [x if x is None or x.__class__ in WEAK else self.convert(x) for x in args]
        context.needs_input_grad = tuple(
            isinstance(v, Symbol) and dtypes.is_floating(v.dtype) and mode.current().grad for v in values
        )
        lint = mode.current().lint
        if lint is not None and all(
            shapes.known(v.shape) for v in values if isinstance(v, Symbol) and v.shape is not None
        ):
            # values there are none yet: numbers between the extremes that most forwards take
            lint.custom(function, [_some(v) if isinstance(v, Symbol) else v for v in values])
        with mode.Scope(mode="graph", graph=self):
            result = function.forward(context, *values)
            inner = self.convert(result)
            context.saved_tensors = tuple(  # as they are now, whatever is written to them later
                s if s is result else self.convert(s) if isinstance(s, operators.Operators) else s
                for s in context.saved_tensors
            )
        # an identity whose operands are (result, inputs…): gradients go to the inputs by the user's rule
        made = self.add(
            Custom(op),
            [inner, *values],
            {},
            inner.shape,
            inner.dtype,
            op.name,
            [None, *[v.edge if needed else None for v, needed in zip(values, context.needs_input_grad, strict=True)]],
        )
        return made


def flatten(nested: Any) -> list[Any]:
    """Return the leaves of nested lists and tuples."""
    if isinstance(nested, list | tuple):
        return [x for part in nested for x in flatten(part)]
    return [nested]


def _some(x: Symbol) -> Any:
    """Return an array of a symbol's shape and dtype, for a trial: floats from 0.1 to 0.9, other numbers 0 and 1."""
    draw = np.random.default_rng(0)
    size = x.shape or ()
    return (draw.uniform(0.1, 0.9, size) if x.dtype.kind in "fc" else draw.integers(0, 2, size)).astype(x.dtype)

"""The graph: its nodes and their names; ``writes`` adds state and memory, ``derivatives`` gradients as more nodes."""

from __future__ import annotations

import difflib
import operator
from collections.abc import Callable, Sequence
from typing import Any, cast

import numpy as np

from dualflow.autodiff.record import RESULTS, leaf, next_serial
from dualflow.autodiff.several import all_of, port
from dualflow.core import dtypes, mode, shapes
from dualflow.core.dtypes import WEAK
from dualflow.core.errors import DTypeError, GraphError, Misfit
from dualflow.core.hooks import Handle
from dualflow.core.op import VOCABULARY, Op
from dualflow.core.site import Site, describe, user_frame, user_site
from dualflow.ops.array.create import as_array
from dualflow.tensors import operators
from dualflow.worlds.graph.ir.cell import Cell, GradCell
from dualflow.worlds.graph.ir.derivatives import Derivatives
from dualflow.worlds.graph.ir.memory import View, shares
from dualflow.worlds.graph.ir.nodes import CONSTANT, GROUP, PLACEHOLDER, SCALAR, Custom
from dualflow.worlds.graph.ir.symbol import Symbol
from dualflow.worlds.graph.ir.variable import GraphVariable
from dualflow.worlds.graph.ir.writes import Writes


class Graph(Derivatives, Writes):
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
        if op.results is not None:
            if shape is None and op.results is not tuple:
                shape = (None,) * len(op.results._fields)
            if shape is None:
                raise op.explain(Misfit("how many results there are is known only with the shape"), operands, params)
            each = op.each(operands, params, len(shape))
            several = self._several(op.suited(operands), operands, params, shape, each)
            for i, one in enumerate(several if op.view else ()):
                self._show(one, args[0], VOCABULARY["getitem"], operands[:1], {"key": op.view(i, **params)})
            return several
        made = self.add(op.suited(operands), operands, params, shape, dtype)
        if op.view or op.name == "detach":
            self._show(made, args[0], op, operands, params)
        return made

    def _show(self, made: Symbol, source: Any, op: Op, operands: list[Any], params: dict[str, Any]) -> None:
        """Note that ``made`` shows the memory of ``source``, as ``op`` of the operands would, if it does."""
        if isinstance(source, operators.Operators) and not self._pulling:
            parent = source if source.__class__ is Symbol else self._cell_of(source)
            view = View(parent, op, tuple(operands[1:]), params, mode.current().grad)
            if shares(view):
                made.shows, made.base = view, cast(Symbol, operands[0])

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
        record, requires = self._record(op, values, params, dtypes.is_floating(dtype), edges)
        made = kind(self, record, shape, dtype, self.unique(name or op.name), self._controls)
        record[RESULTS], made.requires, made.forward = made, requires, self.forward
        self.nodes.append(made)
        self._by_name[made.name] = made
        return made

    def _several(
        self, op: Any, values: Sequence[Any], params: dict[str, Any], sizes: Any, kinds: Any, edges: Any = None
    ) -> Any:
        """Add a node with several results; return their symbols, which are called ``name:0``, ``name:1`` and so on."""
        record, requires = self._record(op, values, params, True, edges)
        name, made = self.unique(op.name), []
        for i, (shape, dtype) in enumerate(zip(sizes, kinds, strict=True)):
            edge = port(record, i, len(sizes), None)
            one = edge[RESULTS] = Symbol(self, edge, shape, dtype, f"{name}:{i}", self._controls, record, i)
            one.requires, one.forward = requires and dtypes.is_floating(dtype), self.forward
            self._by_name[one.name] = one
            made.append(one)
        self.nodes += made[:1]  # one node, which the first stands for
        record[RESULTS] = op.pack(made)
        return record[RESULTS]

    def _record(
        self, op: Any, values: Sequence[Any], params: dict[str, Any], floating: bool, edges: Sequence[Any] | None
    ) -> tuple[list[Any], bool]:
        """Return the record of a node at the user's line, and whether gradients are wanted of it."""
        if self._is_final:
            at = f", finalized at {describe(self._finalized)}" if self._finalized else ""
            raise GraphError(f"{op.name}: the graph is finalized{at}; nothing can be added")
        if edges is None:
            live = floating and any(rule is not None for rule in op.rules) and mode.current().grad
            edges = [x.edge if live and isinstance(x, Symbol) and dtypes.is_floating(x.dtype) else None for x in values]
        frame = user_frame(3)
        assert frame is not None
        record = [next_serial(), op, None, frame.f_code, frame.f_lasti, edges, values, params]
        return record, any(
            edge is not None and (not isinstance(x, Symbol) or x.requires)
            for edge, x in zip(edges, values, strict=True)
        )

    @property
    def symbols(self) -> list[Symbol]:
        """The symbols of all nodes: of a node with several results, all of them."""
        return [one for node in self.nodes for one in node.results]

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
        found = self._by_name.get(name, self._by_name.get(name.removesuffix(":0")))
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

    # -- what else a trace notes
    def toggle(self, x: Any) -> None:
        """Note that the requires_grad of an eager tensor is about to be set."""
        self.toggled.setdefault(id(x), (x, x.requires_grad))

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
    def custom(self, function: Any, context: Any, card: Any, args: tuple[Any, ...]) -> Any:
        """Build ``function.forward`` as nodes, with ``function.backward`` for its gradient; ``card`` makes its card."""
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
            result = function.carried(context, values)
            made = all_of(result)
            inner = [self.convert(one) for one in made]
            context.saved_tensors = tuple(  # as they are now, whatever is written to them later
                s if any(s is one for one in made) else self.convert(s) if isinstance(s, operators.Operators) else s
                for s in context.saved_tensors
            )
        if context.dirty:
            raise GraphError(
                f"{function.__name__}: mark_dirty is not followed in a graph",
                hint="let forward compute a new tensor, and write x.copy_(…) outside",
            )
        op = card(function, context, result)
        # an identity whose operands are (results…, inputs…): gradients go to the inputs by the user's rule
        edges = [v.edge if needed else None for v, needed in zip(values, context.needs_input_grad, strict=True)]
        kind, operands, edges = Custom(op, len(made)), [*inner, *values], [None] * len(made) + edges
        if not isinstance(result, tuple):
            return self._fixed(context, result, self.add(
                kind, operands, {}, inner[0].shape, inner[0].dtype, op.name, edges
            ))  # fmt: skip
        several = self._several(kind, operands, {}, [x.shape for x in inner], [x.dtype for x in inner], edges)
        return tuple(self._fixed(context, one, symbol) for one, symbol in zip(made, several, strict=True))

    @staticmethod
    def _fixed(context: Any, one: Any, symbol: Symbol) -> Symbol:
        """Return a result of a custom function, which passes no gradient if the function says so."""
        if any(one is x for x in context.fixed):
            symbol.edge, symbol.requires = leaf(symbol), False
        return symbol


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

"""The symbol: a node of a graph, which stands for a value that a run will give it."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from dualflow.autodiff.record import OP, PARAMS, RESULTS, VALUES, site_of
from dualflow.core.errors import GraphError, SymbolicValueError, format_shape
from dualflow.core.mode import no_grad
from dualflow.core.op import VOCABULARY
from dualflow.core.site import Site, describe
from dualflow.tensors import methods, operators
from dualflow.worlds.graph.ir.memory import View
from dualflow.worlds.graph.ir.nodes import Kind, kind_of
from dualflow.worlds.graph.ir.running import current_session


class Symbol(operators.Operators):
    """The result of an op in a graph: a shape, a dtype, a name, and the user's line; no value.

    ``record`` is what ``autodiff.record`` describes, in the form for any number of operands, with the symbol itself for
    ``y``; ``kind`` is what a graph asks of it. The results of an op with several are symbols with a port each
    (``autodiff/several.py``) and their ``place`` among them; the op's own record, their ``main``, is one.
    ``edge`` is the record that gradients of the symbol go to, its own or that of what it stands for, and ``requires``
    whether any are wanted. ``controls`` are nodes that must run before.
    ``forward`` is the record whose gradient rule made this node, if any. A symbol is a name too (``ir/memory.py``):
    ``later`` is the symbol that a write put in its place, ``shows`` how it shows the memory of another, and ``base``
    the node of that from which it was worked out.
    """

    __slots__ = (
        "__weakref__",
        "base",
        "controls",
        "dtype",
        "edge",
        "forward",
        "graph",
        "kind",
        "later",
        "main",
        "name",
        "place",
        "record",
        "requires",
        "shape",
        "shows",
    )

    def __init__(
        self,
        graph: Any,
        record: list[Any],
        shape: Any,
        dtype: Any,
        name: str,
        controls: tuple[Any, ...],
        main: list[Any] | None = None,
        place: int | None = None,
    ) -> None:
        self.graph = graph
        self.record = record
        self.main = record if main is None else main
        self.place = place
        self.shape = shape
        self.dtype = dtype
        self.name = name
        self.controls = controls
        self.kind: Kind = kind_of(self.main[OP])
        self.edge = record
        self.requires = False
        self.later: Symbol | None = None
        self.shows: View | None = None
        self.base: Symbol | None = None
        self.forward: list[Any] | None = None

    @property
    def op(self) -> Any:
        """The card of the op that makes the value."""
        return self.main[OP]

    @property
    def inputs(self) -> list[Any]:
        """The operands: symbols, Python scalars and None."""
        return self.main[VALUES]

    @property
    def params(self) -> dict[str, Any]:
        """The static parameters of the op."""
        return self.main[PARAMS]

    @property
    def results(self) -> tuple[Symbol, ...]:
        """The results of the op, in order: of most only the symbol itself."""
        return (self,) if self.place is None else self.main[RESULTS]

    @property
    def site(self) -> Site:
        """The user's line that made the node."""
        return site_of(self.record)

    @property
    def requires_grad(self) -> bool:
        """Whether it was computed, while gradients were recorded, from something that requires a gradient."""
        self.graph.asked = True
        return self.newest().requires

    @requires_grad.setter
    def requires_grad(self, wanted: bool) -> None:
        self.requires_grad_(wanted)

    @property
    def is_leaf(self) -> bool:
        """Whether gradients stop here."""
        return not self.requires_grad or self.newest().edge[OP] is None

    @property
    def grad_fn(self) -> str | None:
        """The name of the op that made the value, or None for a leaf."""
        return None if self.is_leaf else self.newest().edge[OP].name

    @property
    def device(self) -> str:
        """Where a run will compute it; known only then."""
        return "graph"

    @property
    def size(self) -> Any:
        """The number of elements, or None while it is unknown."""
        if self.shape is None or None in self.shape:
            return None
        return int(np.prod(self.shape, dtype=int))

    def numel(self) -> Any:
        """Return the number of elements, or None while it is unknown."""
        return self.size

    nelement = numel

    def __repr__(self) -> str:
        shape = "unknown shape" if self.shape is None else format_shape(self.shape)
        return f"<symbol {self.name!r}: {self.op.name}, {self.dtype} {shape}, at {describe(self.site)}>"

    @property
    def ndim(self) -> int:
        """The number of axes. Raises SymbolicValueError while it is unknown."""
        if self.shape is None:
            raise self._no_value("ndim", "its number of axes is not known until a run")
        return len(self.shape)

    def dim(self) -> int:
        """Return the number of axes."""
        return self.ndim

    def __format__(self, spec: str) -> str:
        try:
            return format(str(self), spec)
        except ValueError:  # a format for numbers
            raise self._no_value(f"format {spec!r}", "fetch it with Session.run, or print the symbol itself") from None

    def __len__(self) -> int:
        if self.shape == ():
            raise TypeError("len() of a 0-d tensor")
        if not self.shape or self.shape[0] is None:
            raise self._no_value("len()", "its first size is not known until a run")
        return int(self.shape[0])

    # -- what needs a value
    def _no_value(self, what: str, instead: str) -> Exception:
        shape = "unknown shape" if self.shape is None else f"shape {format_shape(self.shape)}"
        return SymbolicValueError(
            f"{what}: the symbol {self.name!r} stands for a value that only a run gives it",
            hint=f"it is {self.op.name}, {self.dtype} of {shape}, made at {describe(self.site)}\n  {instead}",
        )

    def __bool__(self) -> bool:
        raise self._no_value(
            "if", "choose with df.where(condition, a, b), or fetch it with Session.run and decide in Python"
        )

    def __float__(self) -> float:
        raise self._no_value("float()", "fetch it with Session.run, or return it from the function")

    def __int__(self) -> int:
        raise self._no_value("int()", "fetch it with Session.run, or return it from the function")

    def __index__(self) -> int:
        raise self._no_value("index", "use df.take(x, i) to pick at a place that is computed")

    def item(self) -> Any:
        """Raise: a symbol has no value yet."""
        raise self._no_value("item()", "fetch it with Session.run, or return it from the function")

    def tolist(self) -> Any:
        """Raise: a symbol has no value yet."""
        raise self._no_value("tolist()", "fetch it with Session.run, or return it from the function")

    def numpy(self) -> Any:
        """Raise: a symbol has no value yet."""
        raise self._no_value("numpy()", "fetch it with Session.run, or return it from the function")

    def stride(self, dim: Any = None) -> Any:
        """Raise: a symbol has no memory."""
        raise self._no_value("stride()", "how a value lies in memory is the run's own business")

    is_contiguous = data_ptr = stride

    def contiguous(self) -> Symbol:
        """Return the symbol: it has no memory to lie in."""
        return self

    def __array__(self, *args: Any, **kwargs: Any) -> Any:
        raise self._no_value("numpy array", "use dualflow's ops on it, or fetch it with Session.run")

    def __iter__(self) -> Any:
        if self.shape and self.shape[0] is not None:
            return (self[i] for i in range(self.shape[0]))
        raise self._no_value("iteration", "index it (x[0], x[1], …) or cut it with df.split")

    def __contains__(self, value: Any) -> bool:
        raise self._no_value("in", "compare and reduce: (x == value).any()")

    # -- gradients
    def backward(
        self,
        gradient: Any = None,
        retain_graph: bool | None = None,
        create_graph: bool = False,
        inputs: Any = None,
    ) -> None:
        """Add gradient nodes for every trainable variable this was computed from, into their ``.grad``."""
        keep = create_graph if retain_graph is None else retain_graph
        self.graph.backward(self, gradient, keep, create_graph, inputs)

    @property
    def grad(self) -> Any:
        """The gradient that backward passes have gathered for a leaf, or after ``retain_grad``; else None."""
        return self.graph.get_grad(self)

    @grad.setter
    def grad(self, value: Any) -> None:
        self.graph.set_grad(self, value)

    def retain_grad(self) -> None:
        """Keep the gradient that backward passes find in ``.grad``."""
        self.graph.retain(self)

    def register_hook(self, hook: Callable[[Any], Any]) -> Any:
        """Call ``hook`` with each gradient that reaches the symbol; what it returns replaces the gradient."""
        return self.graph.hook(self.newest().edge, hook)

    def detach(self) -> Symbol:
        """Return the same value, in the same memory, as a constant to gradients."""
        return self.graph.apply(VOCABULARY["detach"], (self,), {})

    @property
    def data(self) -> Symbol:
        """The same value, in the same memory, as a constant; assigning replaces the value."""
        return self.detach()

    @data.setter
    def data(self, value: Any) -> None:
        with no_grad():
            self.graph.put(self, value, "data")

    def requires_grad_(self, requires_grad: bool = True) -> Symbol:
        """Make the symbol a leaf to which gradients go, or, if it is one, no longer."""
        self.graph.require(self, requires_grad)
        return self

    def clone(self) -> Symbol:
        """Return the same value; symbols share nothing that could be overwritten."""
        return self.graph.apply(VOCABULARY["clone"], (self,), {})

    def eval(self, feed_dict: Any = None, session: Any = None) -> Any:
        """Run the symbol in ``session`` (or in the one whose ``with`` block this is) and return its value."""
        return (session or current_session()).run(self, feed_dict)

    # -- in place: the name moves on to a new symbol
    def newest(self) -> Symbol:
        """Return the symbol that this name stands for now, after writes to its memory."""
        if self.shows is not None:
            return self.graph.shown(self)
        found = self
        while found.later is not None:
            found = found.later
        return found

    def __setitem__(self, key: Any, value: Any) -> None:
        self.graph.put(self, self.graph.with_item(self, key, value), "x[…] = …")


def _in_place(function: Any, name: str) -> Any:
    def method(self: Symbol, *args: Any, **params: Any) -> Symbol:
        return self.graph.put(self, function(self, *args, **params), name)

    method.__name__ = name
    method.__doc__ = f"``{function.__name__}``, put in this symbol's place."
    return method


def _direct(title: str, swap: bool, operator: bool = True) -> Any:
    op = VOCABULARY[title]
    if not operator:
        if len(op.tensors) == 2:
            return lambda self, other: self.graph.apply(op, (self, other), {})
        return lambda self, *others: self.graph.apply(op, (self, *others), {})
    if len(op.tensors) == 1:
        return lambda self: self.graph.apply(op, (self,), {})
    if swap:
        return lambda self, other: self.graph.operator(op, other, self)
    return lambda self, other: self.graph.operator(op, self, other)


for _name, _title in operators.DIRECT.items():
    _method = _direct(_title, _name in ("__radd__", "__rmul__"), _name.startswith("__"))
    setattr(Symbol, _name, functools.update_wrapper(_method, VOCABULARY[_title].call))
for _name, _title in operators.REFLECTED.items():
    setattr(Symbol, _name, _direct(_title, True))


def _reshaped(function: Any, name: str) -> Any:
    def method(self: Symbol, *args: Any, **params: Any) -> Symbol:
        made = function(self, *args, **params)
        if made.shape != self.shape:
            raise GraphError(f"{name}: a symbol keeps its shape", operands=[("symbol", self), ("result", made)],
                             hint=f"write x = x.{name.removesuffix('_')}(…)")  # fmt: skip
        return self.graph.put(self, made, name)

    method.__name__ = name
    method.__doc__ = f"``{function.__name__}``, put in this symbol's place."
    return method


for _name, _function in methods.IN_PLACE.items():
    setattr(Symbol, _name, _in_place(_function, _name))
for _name, _function in methods.RESHAPED.items():
    setattr(Symbol, _name, _reshaped(_function, _name))
for _sign, (_name, _function) in methods.OPERATORS.items():
    setattr(Symbol, _name, _in_place(_function, _sign))


def _fill(self: Symbol, value: Any) -> Symbol:
    """Put a constant of the same shape in this symbol's place."""
    return self.graph.put(self, VOCABULARY["full_alike"].call(value, self, dtype=self.dtype), "fill_")


def _zero(self: Symbol) -> Symbol:
    """Put zeros in this symbol's place."""
    return _fill(self, 0)


def _copy(self: Symbol, other: Any, non_blocking: bool = False) -> Symbol:
    """Put the values of ``other``, broadcast, in this symbol's place. ``non_blocking`` does nothing."""
    value = self.graph.convert(other)
    value = value if value.dtype == self.dtype else value.astype(self.dtype)
    return self.graph.put(self, value if value.shape == self.shape else value.broadcast_to(self.shape), "copy_")


for _name, _method in (("fill_", _fill), ("zero_", _zero), ("copy_", _copy)):
    setattr(Symbol, _name, _method)

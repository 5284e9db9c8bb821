"""A pruned graph that passes may change: what a plan computes, apart from the graph that the user built.

Its nodes answer what a kind asks of a symbol (``ir/nodes.py``), so both are arranged and run by the same code. They are
made anew for every plan and backend; a pass changes them in place. What runs for a debugger, for a check of NaN or to
explain a failure is the user's own graph.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from dualflow.core.site import Site
from dualflow.worlds.graph.ir.nodes import CARD, CONSTANT, PLACEHOLDER, Kind
from dualflow.worlds.graph.ir.symbol import Symbol


class Result:
    """A value: one of a node's, or, of no node, what a run is given."""

    __slots__ = ("dtype", "name", "node", "shape")

    def __init__(self, node: Node | None, shape: Any, dtype: Any, name: str) -> None:
        self.node, self.shape, self.dtype, self.name = node, shape, dtype, name

    def __repr__(self) -> str:
        return f"<{self.name}: {self.dtype} {self.shape}>"

    @property
    def kind(self) -> Kind:
        """The kind of node that makes it."""
        return PLACEHOLDER if self.node is None else self.node.kind

    @property
    def params(self) -> dict[str, Any]:
        """The static parameters of the node that makes it."""
        return {} if self.node is None else self.node.params


class Node:
    """What is computed at once. ``symbols`` are those that it stands for: of merged nodes all, the first to begin with.

    ``inputs`` are results, Python scalars and None; ``results`` is one, unless the card has several.
    """

    __slots__ = ("inputs", "kind", "op", "params", "place", "results", "symbols")

    def __init__(
        self, kind: Kind, op: Any, inputs: Sequence[Any], params: dict[str, Any], symbols: Sequence[Symbol]
    ) -> None:
        self.kind, self.op, self.inputs, self.params, self.symbols = kind, op, list(inputs), params, list(symbols)
        self.place = None if symbols[0].place is None else 0
        self.results: tuple[Result, ...] = ()

    def __repr__(self) -> str:
        return f"<node {self.op.name} of {self.symbols[0].name!r}>"

    @property
    def site(self) -> Site:
        """The user's line that made the first of the symbols."""
        return self.symbols[0].site

    @property
    def sites(self) -> list[Site]:
        """The lines of all symbols, each once."""
        return list(dict.fromkeys(symbol.site for symbol in self.symbols))

    def instead(self, op: Any, kind: Kind, inputs: Sequence[Any], **params: Any) -> Node:
        """Return another node with this one's lines, whose one result has this one's size and dtype."""
        made = Node(kind, op, inputs, params, self.symbols)
        made.place = None
        one = self.results[0]
        made.results = (Result(made, one.shape, one.dtype, one.name),)
        return made


class Pruned:
    """The nodes that a plan computes, in order, the values that it is given, and those that it gives.

    ``limit`` is the largest array, in bytes, that a pass may make and keep: XLA writes a constant into its program.
    """

    def __init__(
        self, symbols: Sequence[Symbol], given: Sequence[Symbol], fetches: Sequence[Any], specs: Any, limit: int
    ) -> None:
        self.limit = limit
        self.nodes: list[Node] = []
        known: dict[int, Result] = {}
        for symbol in given:
            spec = specs[id(symbol)]
            known[id(symbol)] = Result(None, spec.shape, spec.dtype, symbol.name)
        for symbol in symbols:
            inputs = [known[id(x)] if isinstance(x, Symbol) else x for x in symbol.inputs]
            node = Node(symbol.kind, symbol.op, inputs, symbol.params, [symbol])
            results = []
            for one in symbol.results:
                spec = specs.get(id(one), one)  # what nothing needs was not sized
                made = Result(node, spec.shape, spec.dtype, one.name)
                known.setdefault(id(one), made)
                results.append(made)
            node.results = tuple(results)
            self.nodes.append(node)
        self.given = [known[id(symbol)] for symbol in given]
        self.outputs = [None if f is None else known[id(f)] for f in fetches]

    def __len__(self) -> int:
        return len(self.nodes)

    def rewrite(self, change: Callable[[Node], Node | Sequence[Result] | None]) -> None:
        """Ask ``change`` for each node, in order, what stands for it: another node, results that there are, or None.

        Its operands have been rewritten before; what nothing needs any more is dropped after.
        """
        stand: dict[Any, Any] = {}
        kept = []
        for node in self.nodes:
            if stand:
                node.inputs = [stand.get(x, x) if x.__class__ is Result else x for x in node.inputs]
            found = change(node)
            if found is None:
                kept.append(node)
                continue
            if isinstance(found, Node):
                kept.append(found)
                found = found.results
            stand.update(zip(node.results, found, strict=True))
        if stand:
            self.nodes = kept
            self.outputs = [stand.get(x, x) for x in self.outputs]
            self.drop()

    def drop(self) -> None:
        """Drop nodes that no output and no effect needs. One that may refuse its operands is an effect."""
        needed = {id(x) for x in self.outputs}
        kept = []
        for node in reversed(self.nodes):
            if effect(node) or any(id(one) in needed for one in node.results):
                kept.append(node)
                needed.update(map(id, node.inputs))
        self.nodes = kept[::-1]

    def uses(self) -> dict[int, int]:
        """Count the readers of every result, by id; to be an output counts."""
        count: dict[int, int] = {}
        for x in self.outputs:
            count[id(x)] = count.get(id(x), 0) + 1
        for node in self.nodes:
            for x in node.inputs:
                count[id(x)] = count.get(id(x), 0) + 1
        return count


def effect(node: Node) -> bool:
    """Return whether a node must be carried out though nobody reads what it gives."""
    kind = node.kind
    return kind.valueless or kind.writes(node) is not None or not kind.structural and node.op.check is not None


def maker(x: Any, *names: str) -> Node | None:
    """Return the node that makes a value, if that is a card of one of these names; a half type's twin is none."""
    node = x.node if x.__class__ is Result else None
    return node if node is not None and is_card(node) and node.op.name in names else None


def is_card(node: Node) -> bool:
    """Return whether a node is a card's, and not its twin's for half types, which rounds what it computes."""
    return node.kind is CARD and node.op.twin is not node.op


def is_ufunc(node: Node) -> bool:
    """Return whether NumPy carries a node out by a ufunc, which makes new memory."""
    return node.kind is CARD and isinstance(node.op.kernels.get("numpy"), np.ufunc)


def dense(x: Any) -> bool:
    """Return whether NumPy is certain to hold a value in new memory, without gaps: a copy of it would lie as it does.

    A pass that leaves a copy out must not change how later sums run through memory, and with it their last bits.
    """
    return x.__class__ is Result and x.node is not None and (is_ufunc(x.node) or plain(x))


def plain(x: Any) -> bool:
    """Return whether NumPy is certain to hold a value without gaps and in the order of C."""
    if x.__class__ is not Result:
        return True
    node = x.node
    if node is None or x.shape is None:
        return False
    if node.kind is CONSTANT:
        return bool(np.asarray(node.params["value"]).flags.c_contiguous)
    if node.kind is not CARD:
        return False
    if node.op.name in ("matmul", "linear"):
        return len(x.shape) == 2
    if is_ufunc(node):
        return len(x.shape) < 2 or all(map(ordered, node.inputs))
    return node.op.name in FILLED


def ordered(x: Any) -> bool:
    """Return whether NumPy is certain to hold a value in the order of C, with or without gaps."""
    cut = maker(x, "getitem")
    if cut is None or len(cut.inputs) > 1:
        return plain(x)
    steps = [part.step for part in cut.params["key"] if part.__class__ is slice]
    return all(step is None or step > 0 for step in steps) and ordered(cut.inputs[0])


FILLED = frozenset({"full", "full_alike", "arange", "linspace", "expand_like"})
"""Cards whose kernels fill new memory."""


def arrays(values: Iterable[Any]) -> list[Any] | None:
    """Return operands that are known as arrays and scalars, or None if one is not."""
    found = []
    for x in values:
        if x.__class__ is Result:
            if x.node is None or x.node.kind is not CONSTANT:
                return None
            found.append(x.node.params["value"])
        else:
            found.append(x)
    return found

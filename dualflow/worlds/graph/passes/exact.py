"""Passes that leave out what changes nothing: other names, and steps that are exact in floating point."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from dualflow.worlds.graph.ir.nodes import BIND, CARD, CONSTANT, Custom
from dualflow.worlds.graph.passes.pruned import Node, Pruned, Result, dense, is_card, is_ufunc, maker, plain


def names(graph: Pruned) -> None:
    """Leave out nodes that only give a value another name, or say what gradients of it go to."""

    def renamed(node: Node) -> Sequence[Result] | None:
        if node.kind is BIND or is_card(node) and node.op.name == "detach":
            return [node.inputs[0]]
        if isinstance(node.kind, Custom):
            return node.inputs[: len(node.results)]
        return None

    graph.rewrite(renamed)


def exact(graph: Pruned) -> None:
    """Leave out steps that give back their operand, bit by bit: x·1, x − 0, − −x, a transpose of a transpose, …"""

    def found(node: Node) -> Node | Sequence[Result] | None:
        if not is_card(node) or node.op.name not in IDENTITIES:
            return None
        one = node.results[0]
        made = IDENTITIES[node.op.name](node)
        if made is None or made.__class__ is Node:
            return made
        return [made] if made.shape == one.shape and made.dtype == one.dtype else None

    graph.rewrite(found)


def is_all(x: Any, value: float) -> bool:
    """Return whether an operand is a number, or a constant, that is ``value`` everywhere; 0.0 is not -0.0."""
    if x.__class__ is Result:
        if x.node is None or x.node.kind is not CONSTANT:
            return False
        x = np.asarray(x.node.params["value"])
        if x.dtype.kind not in "iuf" or x.size == 0:
            return False
        return bool((x == value).all() and (x.dtype.kind != "f" or (np.signbit(x) == np.signbit(value)).all()))
    return x.__class__ in (int, float) and x == value and np.signbit(x) == np.signbit(value)


def _neutral(value: float, left: bool = True) -> Callable[[Node], Any]:
    """Make the rule of an op that gives back one operand if the other is ``value``: in new memory, as it was."""

    def rule(node: Node) -> Any:
        if node.results[0].dtype.kind == "c":  # of complex infinities a product with 1 makes NaN
            return None
        a, b = node.inputs
        if is_all(b, value) and lies_alike(a, b):
            return a
        return b if left and is_all(a, value) and lies_alike(b, a) else None

    return rule


def lies_alike(x: Any, other: Any) -> bool:
    """Return whether what a ufunc makes of ``x`` and ``other`` lies in memory as ``x`` does."""
    return dense(x) if other.__class__ is not Result or other.shape == () else x.__class__ is Result and plain(x)


def _add(node: Node) -> Any:
    return _neutral(-0.0 if node.results[0].dtype.kind == "f" else 0)(node)  # to add 0.0 makes 0.0 of -0.0


def _twice(node: Node) -> Any:
    x = node.inputs[0]
    other = maker(x, node.op.name)
    inner = None if other is None else other.inputs[0]
    return inner if inner.__class__ is Result and is_ufunc(node) and dense(inner) else None


def _transpose(node: Node) -> Any:
    other = maker(node.inputs[0], "matrix_transpose")
    return None if other is None else other.inputs[0]


def _permute(node: Node) -> Any:
    x, axes = node.inputs[0], node.params["axes"]
    if x.__class__ is not Result or axes is None or x.shape is None:
        return None
    axes = [a % len(x.shape) for a in axes]
    if axes == sorted(axes):
        return x
    other = maker(x, "permute_dims")
    if other is None or other.params["axes"] is None:
        return None
    before = [a % len(axes) for a in other.params["axes"]]
    both = tuple(before[a] for a in axes)
    inner = other.inputs[0]
    return inner if both == tuple(sorted(both)) else node.instead(node.op, CARD, [inner], axes=both)


def _reshape(node: Node) -> Any:
    x, one = node.inputs[0], node.results[0]
    other = maker(x, "reshape", "reshape_like")
    inner = x if other is None else other.inputs[0]
    if inner.__class__ is not Result or not plain(inner):
        return None
    if x.shape == one.shape:
        return x
    if other is None:
        return None
    if inner.shape == one.shape:
        return inner
    return node.instead(node.op, CARD, [inner, *node.inputs[1:]], **node.params)


def _astype(node: Node) -> Any:
    x, one = node.inputs[0], node.results[0]
    if x.__class__ is not Result:
        return None
    if x.dtype == one.dtype:
        return x if dense(x) else None
    other = maker(x, "astype")
    inner = None if other is None else other.inputs[0]
    if inner.__class__ is not Result or not dense(inner) or not lossless(inner.dtype, x.dtype):
        return None
    if one.dtype == inner.dtype:
        return inner
    if one.dtype.kind in "fcb" or (x.dtype.kind in "iub" and one.dtype.kind in "iu"):
        return node.instead(node.op, CARD, [inner], **node.params)
    return None


def lossless(a: np.dtype, b: np.dtype) -> bool:
    """Return whether every value of dtype ``a`` has one of its own in ``b``."""
    if a.kind in "iu" and b.kind in "fc":
        digits = np.finfo(b).nmant + 1
        return a.itemsize * 8 - (a.kind == "i") <= digits
    return bool(np.can_cast(a, b, "safe"))


IDENTITIES: dict[str, Callable[[Node], Any]] = {
    "multiply": _neutral(1.0),
    "divide": _neutral(1.0, left=False),
    "subtract": _neutral(0.0, left=False),
    "add": _add,
    "negative": _twice,
    "logical_not": _twice,
    "bitwise_invert": _twice,
    "matrix_transpose": _transpose,
    "permute_dims": _permute,
    "reshape": _reshape,
    "reshape_like": _reshape,
    "astype": _astype,
}
"""By card: what stands for a node, or None. NaN keeps its bits in all of them."""

"""Reverse mode, written once.

The engine reads records (``autodiff.record``) and applies the rules of their cards; it never asks for the mode.

Serials count down, so a heap pops the newest record first: every consumer of a value was made after it,
so it has been popped before. No walk, no recursion, no sort: one pass, linear in the records reached.

Without ``lift`` the values are bare arrays and rules run on them: the common path makes no tensors. With it
each value becomes a recorded tensor or a symbol first, and the derivative can be differentiated again.

Complex numbers: users see PyTorch's convention, the gradient as the direction of steepest ascent, which for a
holomorphic f is g * conj(f'(x)). Rules are written in JAX's, g * f'(x), its conjugate, so that the rule of a
holomorphic op reads as it does for real numbers and those pay nothing: ``pull`` conjugates where gradients come
in, go out and are shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from heapq import heapify, heappop, heappush
from typing import Any

from numpy import generic, ndarray
from numpy.linalg import LinAlgError

from dualflow.autodiff.record import (
    ANY,
    BINARY,
    EDGES,
    OP,
    RESULTS,
    SERIAL,
    UNARY,
    Record,
    edges_of,
    operands_of,
    used_up,
)
from dualflow.autodiff.several import Parts, port
from dualflow.core.dtypes import WEAK, is_floating
from dualflow.core.errors import SingularError
from dualflow.core.site import is_library, user_site
from dualflow.ops.math.complex import conj
from dualflow.ops.math.lengths import LENGTHS, SQUARES, off_zero
from dualflow.ops.reduce.reductions import sum_like


def pull(
    roots: Iterable[tuple[Record, Any]],
    *,
    lift: Callable[[Any, Record | None], Any] | None = None,
    keep: bool = False,
    live: set[int] | None = None,
    within: Callable[[int], bool] | None = None,
    watch: Callable[[Record, Any], Any] | None = None,
    since: float = float("-inf"),
) -> dict[int, tuple[Record, Any]]:
    """Carry gradients from ``roots`` (record, gradient) back to the leaves.

    ``lift``: see above. ``keep``: leave the records whole, for another pass. ``live``: serials of the
    records that lead to what is wanted; others are not followed. ``within``: serials for which it is
    False count as leaves. ``watch``: called with each record whose serial exceeds ``since`` and its
    gradient, before the rules are; what it returns replaces the gradient. Returns {serial: (record,
    gradient)} for the leaves reached. Raises GradientError when a record has been used up.
    """
    grads: dict[int, Any] = {}
    leaves: dict[int, Record] = {}
    owned: set[int] = set()  # gradients this pass made by adding, so that it may add to them in place
    heap: list[Record] = []
    get, pop, own = grads.get, grads.pop, owned.add

    def give(edge: Record, g: Any) -> None:
        serial = edge[0]
        if live is not None and serial not in live:
            return
        old = get(serial)
        if old is not None:
            if serial in owned:
                old += g
            else:
                grads[serial] = total = old + g
                if lift is None and total.__class__ is ndarray:  # a NumPy scalar cannot be added to in place
                    own(serial)
        elif edge[1] is not None and (within is None or within(serial)):
            grads[serial] = g
            heappush(heap, edge)
        else:
            grads[serial] = g
            leaves[serial] = edge

    if watch is not None:
        watch = _showing(watch)
    for record, g in roots:
        give(record, conjugate(g))
    heapify(heap)
    to_shape = sum_like if lift else _sum_to
    try:
        while heap:
            record = heappop(heap)
            size = len(record)
            # the two short forms are spelt out: a loop over operands costs a quarter of the whole pass
            if size == BINARY:
                serial, op, y, code, offset, edge_a, a, edge_b, b = record
                g = pop(serial)
                if watch is not None and serial > since:
                    g = watch(record, g)
                if lift is not None:
                    y, a, b = lift(y, record), lift(a, edge_a), lift(b, edge_b)
                    if op.name in SQUARES:
                        a, b = _squared((a, b), (edge_a, edge_b))
                if not keep:
                    record.clear()
                rule_a, rule_b = op.rules if lift else op.array_rules or op.on_arrays()
                if edge_a is not None and rule_a is not None and (live is None or edge_a[0] in live):
                    part = rule_a(g, y, a, b)
                    if op.broadcasts and (unlike(part, a) if lift else part.shape != a.shape):
                        part = to_shape(part, a)
                    if live is None and within is None:
                        serial = edge_a[0]
                        old = get(serial)
                        if old is None:
                            grads[serial] = part
                            if edge_a[1] is None:
                                leaves[serial] = edge_a
                            else:
                                heappush(heap, edge_a)
                        elif serial in owned:
                            old += part
                        else:
                            give(edge_a, part)
                    else:
                        give(edge_a, part)
                if edge_b is not None and rule_b is not None and (live is None or edge_b[0] in live):
                    part = rule_b(g, y, a, b)
                    if op.broadcasts and (unlike(part, b) if lift else part.shape != b.shape):
                        part = to_shape(part, b)
                    if live is None and within is None:
                        serial = edge_b[0]
                        old = get(serial)
                        if old is None:
                            grads[serial] = part
                            if edge_b[1] is None:
                                leaves[serial] = edge_b
                            else:
                                heappush(heap, edge_b)
                        elif serial in owned:
                            old += part
                        else:
                            give(edge_b, part)
                    else:
                        give(edge_b, part)
            elif size == UNARY:
                serial, op, y, code, offset, edge_a, a = record
                g = pop(serial)
                if watch is not None and serial > since:
                    g = watch(record, g)
                if lift is not None:
                    y, a = lift(y, record), lift(a, edge_a)
                    if op.name in SQUARES:
                        (a,) = _squared((a,), (edge_a,))
                if not keep:
                    record.clear()
                rule = (op.rules if lift else op.array_rules or op.on_arrays())[0]
                if rule is not None:
                    give(edge_a, rule(g, y, a))
            elif size == ANY:
                serial, op, y, code, offset, edges, values, params = record
                g = pop(serial)
                if watch is not None and serial > since:
                    g = watch(record, g)
                together = g.__class__ is Parts
                if together:
                    g, y = _several(record, g, lift)
                elif lift is not None:
                    y = lift(y, record)
                if lift is not None:
                    values = [lift(v, e) for v, e in zip(values, edges, strict=True)]
                    if op.name in SQUARES:
                        values = _squared(values, edges)
                if not keep:
                    record.clear()
                rules = op.rules if lift else op.array_rules or op.on_arrays()
                joint = _joint(op, lift) if together else None
                parts = () if joint is None else joint(g, y, *values, **params)
                for i, edge in enumerate(edges):
                    if edge is None or (live is not None and edge[0] not in live):
                        continue
                    if joint is not None:
                        part = parts[i]
                    elif op.variadic:
                        part = rules[0](i, g, y, *values, **params)
                    else:
                        rule = rules[i]
                        part = None if rule is None else rule(g, y, *values, **params)
                    if part is None:
                        continue
                    if op.broadcasts and (unlike(part, values[i]) if lift else part.shape != values[i].shape):
                        part = to_shape(part, values[i])
                    give(edge, part)
            else:
                raise used_up()
    except IndexError:  # an emptied record has no serial; to look before each use would cost 1 % of the pass
        met: list[Any] = edges if size == ANY else [edge_a, edge_b] if size == BINARY else [edge_a]
        if any(edge == [] for edge in met):
            raise used_up() from None
        raise
    except LinAlgError as error:  # NumPy's, of a rule on bare arrays
        raise SingularError(
            f"{op.name}: there is no gradient where the matrix is singular",
            operands=[("result", y)],
            site=user_site() if is_library(code.co_filename) else (code, offset),
        ) from error
    return {serial: (edge, conjugate(grads[serial])) for serial, edge in leaves.items()}


def _joint(op: Any, lift: Any) -> Any:
    """Return the rule that gives the gradients of all operands at once, if the card has one."""
    return getattr(op, "joint" if lift else "array_joint", None)


def _several(record: Record, g: Parts, lift: Any) -> tuple[Any, Any]:
    """Return the gradients and the results of an op with several, as its rules take them."""
    op, ys = record[OP], record[RESULTS]
    if lift is not None:
        edges = [port(record, i, len(ys), y) if is_floating(y.dtype) else None for i, y in enumerate(ys)]
        ys = op.pack(lift(y, edge) for y, edge in zip(ys, edges, strict=True))
    return g.tuple(op, len(ys)), ys


def _squared(values: Sequence[Any], edges: Sequence[Record | None]) -> list[Any]:
    """Return the operands of what may be a square; a length, the only one with a record, a step off 0: see there."""
    made = [edge for edge in edges if edge]
    if not made or any(edge is not made[0] for edge in made) or not _is_length(made[0]):
        return list(values)
    return [off_zero(x) if edge else x for x, edge in zip(values, edges, strict=True)]


def _is_length(record: Record) -> bool:
    """Return whether a record, or that of which it made a view, made a length."""
    op = record[OP]
    if op is None:
        return False
    if op.name in LENGTHS:
        return op.name != "abs" or operands_of(record)[0][1].dtype.kind == "c"
    return getattr(op, "view", False) and any(_is_length(edge) for edge in edges_of(record) if edge)


def _sum_to(g: Any, x: Any) -> Any:
    """Sum an array to the shape of another, a half type in float32."""
    return sum_like.op.suited((g,)).kernel("numpy")(g, x)


def conjugate(g: Any) -> Any:
    """Turn a gradient, array or tensor, from PyTorch's convention for complex numbers into JAX's, or back."""
    if g.dtype.kind != "c":
        return g
    return g.conj() if isinstance(g, ndarray | generic) else conj(g)


def _showing(watch: Callable[[Record, Any], Any]) -> Callable[[Record, Any], Any]:
    """Let ``watch`` see gradients as users do."""

    def shown(record: Record, g: Any) -> Any:
        if g.__class__ is Parts:  # each was shown at its port
            return watch(record, g)
        return watch(record, g) if g.dtype.kind != "c" else conjugate(watch(record, conjugate(g)))

    return shown


def unlike(part: Any, x: Any) -> bool:
    """Return whether a gradient must be summed to the shape of ``x``; an unknown size may have been stretched."""
    if x.__class__ in WEAK:
        return False
    shape = x.shape
    if shape is None or part.shape is None:
        return True
    return part.shape != shape or None in shape


def leading_to(
    roots: Iterable[Record], targets: Iterable[Record], within: Callable[[int], bool] | None = None
) -> set[int]:
    """Return the serials of the records on a path from ``roots`` back to ``targets``, ends included."""
    wanted = {t[SERIAL] for t in targets}
    return _leading(_reached(roots, within), wanted, within)


def leading_to_leaves(roots: Iterable[Record], leaves: Iterable[Record]) -> set[int] | None:
    """Return what ``leading_to`` does, or None if ``roots`` lead to no other leaves: then all records do."""
    wanted = {t[SERIAL] for t in leaves}
    reached = _reached(roots, None)
    if all(serial in wanted for serial, record in reached.items() if record[OP] is None):
        return None
    return _leading(reached, wanted, None)


def _reached(roots: Iterable[Record], within: Callable[[int], bool] | None) -> dict[int, Record]:
    """Return the records that ``roots`` were computed from, and they themselves, by serial."""
    reached: dict[int, Record] = {}
    todo = list(roots)
    pop, push = todo.pop, todo.append
    while todo:
        record = pop()
        if not record:
            raise used_up()
        serial = record[SERIAL]
        if serial in reached:
            continue
        reached[serial] = record
        if within is None or within(serial):
            size = len(record)  # spelt out: `edges_of` takes as long as all the rest
            if size == BINARY:
                if record[EDGES] is not None:
                    push(record[EDGES])
                if record[7] is not None:
                    push(record[7])
            elif size == UNARY:
                if record[EDGES] is not None:
                    push(record[EDGES])
            elif size == ANY:
                todo += [edge for edge in record[EDGES] if edge is not None]
    return reached


def _leading(reached: dict[int, Record], wanted: set[int], within: Callable[[int], bool] | None) -> set[int]:
    """Return the serials of the records that lead to those that are wanted."""
    live: set[int] = set()
    for serial in sorted(reached, reverse=True):  # oldest first: an operand before what was made of it
        record = reached[serial]
        if serial in wanted:
            live.add(serial)
        elif (within is None or within(serial)) and any(e[SERIAL] in live for e in edges_of(record)):
            live.add(serial)
    return live

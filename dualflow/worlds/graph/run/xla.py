"""The XLA backend: a plan as one pure function, compiled by ``jax.jit``, with its state donated."""

from __future__ import annotations

import time
import types
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from dualflow.core.errors import DualflowError
from dualflow.core.explain import operand_name
from dualflow.core.mode import current
from dualflow.worlds.graph.ir.cell import HOST
from dualflow.worlds.graph.ir.symbol import Symbol
from dualflow.worlds.graph.plan import Plan
from dualflow.worlds.graph.run import numpy
from dualflow.worlds.graph.run.early import Early
from dualflow.worlds.graph.run.failure import Flags, broken
from dualflow.worlds.graph.run.state import TURN, finish, here
from dualflow.worlds.graph.run.walk import walk


class Tracing:
    """JAX as a backend of the walk, for one trace: each card's kernel, and the checks that XLA would leave out."""

    def __init__(self, early: Early | None = None) -> None:
        import jax.numpy

        self.xp = jax.numpy
        self.checks: list[tuple[Any, Any]] = []
        self._early: Any = () if early is None else early.nodes

    def compute(self, node: Any, args: list[Any]) -> Any:
        """Compute a card's node, and note the flag of its guard."""
        op = node.op
        if op.promotes is not None:
            args = _widened(op, args)
        value = op.kernel("jax")(*args, **node.params)
        if op.check is None or self._early and id(origin(node)) in self._early:
            return value
        flag = op.check(self.xp, *args, **node.params)
        if flag is not False:
            self.checks.append((node, flag))
        return value


def run(
    plan: Plan,
    feeds: Sequence[Any],
    values: dict[Any, Any],
    drawn: Sequence[Any] | None = None,
    after: Callable[[list[Any]], None] | None = None,
) -> list[Any]:
    """Run compiled: old state is donated, so that an update happens in its own memory.

    ``after``: what else belongs to the run's effects, called with the results; it may be repeated.
    """
    if plan.writes or after is not None:
        with TURN:
            return _run(plan, feeds, values, drawn, after)
    for _ in range(3):  # a step in another thread may give away what has just been read
        try:
            return _run(plan, feeds, values, drawn, None)
        except RuntimeError as error:
            if "deleted" not in str(error):
                raise
    with TURN:
        return _run(plan, feeds, values, drawn, None)


def _run(
    plan: Plan,
    feeds: Sequence[Any],
    values: dict[Any, Any],
    drawn: Sequence[Any] | None,
    after: Callable[[list[Any]], None] | None,
) -> list[Any]:
    shelf = plan.shelf
    taken = None if shelf is None else shelf.load()
    rest = plan.tensors if taken is None else plan.only
    shared = [cell for cell in rest if cell.owner.buffer is None and cell.shared()]
    context = current()
    flags = _flags(plan) if context.numerics else None
    lint = context.lint
    twin = None
    if lint is not None and (plan if flags is None else flags).compiled is None:
        drawn = plan.draw() if drawn is None else drawn
        twin = lint.twin(plan, feeds, values, drawn)
    got: list[Any] = []  # (fetched, new state, whether a check failed, marks), as soon as the old state is gone
    hosts: list[Any] = []  # what was drawn, once it is known that the run can begin
    failed = False

    def store() -> None:
        nonlocal failed
        new, fetched, bad, marks = got[0]
        early = flags is None and not shared
        if early:  # while XLA works: should a check fail, what it gives for state that it read is what was read
            if taken is not None:
                shelf.store(new[: len(taken)])  # type: ignore[union-attr]
            else:
                for cell, value in zip(plan.updated, new, strict=False):
                    cell.store(values, value)
        failed = bool(plan.checks) and bool(np.asarray(bad).any())
        if flags is not None and not failed and (suspect := flags.first(marks)) is not None:
            # nothing was donated: the state is where it was
            numpy.step_by_step(plan, feeds, values, hosts)
            raise flags.alone(suspect)
        read = len(plan.updated)  # of what is written, these come first
        for i in range(read if early else 0, len(new)):
            cell, value = plan.writes[i], new[i]
            if shared and cell in shared:
                if not failed:
                    cell.overwrite(value)
            elif i < read or not failed:  # what was only written has its old value where it was
                cell.store(values, value)
        if shelf is not None and taken is None:
            shelf.settle()
        if after is not None and not failed:
            after(fetched)

    try:
        if plan.wide:
            import jax

            with jax.enable_x64(True):  # 1.5 µs a call, which 32-bit plans need not pay
                _call(plan, feeds, values, drawn, hosts, flags, got, taken)
        else:
            _call(plan, feeds, values, drawn, hosts, flags, got, taken)
        store()
    except BaseException as error:
        if got and not isinstance(error, DualflowError):
            finish(store)
        raise
    new, fetched, bad, _ = got[0]
    if failed:
        numpy.step_by_step(plan, feeds, values, hosts)
        raise _refused(plan.checks[int(np.asarray(bad).argmax())])
    if twin is not None:
        lint.compiled(twin, fetched, new)
    return fetched


def lowered(plan: Plan, flags: Any = None) -> Callable[..., Any]:
    """Return the plan as one pure function of (updated state, kept state, feeds, drawn)."""
    nodes = plan.lean("xla") if flags is None else plan.whole

    def program(updated: Any, kept: Any, feeds: Any, hosts: Any) -> Any:
        state = dict(zip(map(id, plan.updated), updated, strict=True))
        state.update(zip(map(id, plan.kept), kept, strict=True))
        old = dict(state)
        backend = Tracing(plan.early if flags is None else None)
        xp = backend.xp
        row = walk(nodes, backend, [*feeds, *hosts], state, flags)
        given = {id(x) for x in (*updated, *kept, *feeds, *hosts)}
        row = [xp.array(x, copy=True) if id(x) in given else x for x in row]  # a result is nobody else's
        new = [state[id(c)] for c in plan.writes]
        bad: Any = ()
        if backend.checks:
            plan.checks = [node for node, _ in backend.checks]
            bad = xp.stack([xp.asarray(flag) for _, flag in backend.checks])
            any_bad = bad.any()
            new = [
                xp.where(any_bad, old[id(c)], v) if id(c) in old else v for c, v in zip(plan.writes, new, strict=True)
            ]
        # JAX donates to outputs in turn, by shape: with new state first, in the order of the old, each has its own
        # memory (an LSTM with Adam had 17 copies more, and took 1.2 times as long)
        return new, row, bad, () if flags is None else flags.stack()

    return program


def alone(node: Symbol, args: Sequence[Any]) -> np.ndarray:
    """Compute one node under JAX, from these operands."""
    import jax

    with jax.enable_x64(True):
        value = node.kind.run(node, list(args), {}, Tracing())
        return np.asarray(value if node.place is None else value[node.place])


def _flags(plan: Plan) -> Any:
    if plan.flags is None or plan.flags.compiled is None:  # a trace that failed may have left marks
        plan.flags = Flags(plan)
    return plan.flags


def _call(
    plan: Plan,
    feeds: Sequence[Any],
    values: dict[Any, Any],
    drawn: Sequence[Any] | None,
    hosts: list[Any],
    flags: Any,
    got: list[Any],
    taken: list[Any] | None,
) -> None:
    """Put what is drawn into ``hosts`` and what the program returns into ``got``, by one call into C.

    ``taken``: the state that will be donated, if it is known to be on the device.
    """
    here()
    updated: list[Any] = taken or (_on_device(plan, values) if plan.updated else [])
    if plan.held:
        _move(plan)
    kept = plan.load(plan.kept, values) if plan.kept else []
    hosts += (plan.draw() if plan.hosts else []) if drawn is None else drawn
    if flags is None:
        if plan.early is None:
            plan.early = Early(plan)
        refused = plan.early.refused(feeds)
        if refused is not None:
            numpy.step_by_step(plan, feeds, values, hosts)
            raise _refused(refused)
    large = False
    if feeds or kept:
        feeds, kept = list(feeds), list(kept)
        large = _lend(feeds) | _lend(kept)
    sent = hosts if plan.call is None else [x if x.ndim else _sent(plan, i, x) for i, x in enumerate(hosts)]
    call = plan.call if flags is None else flags.call
    try:
        if call is not None:
            if updated and not _in_c(plan, kept, feeds):
                updated = [x.copy() for x in updated]
            got.extend(map(call, (updated,), (kept,), (feeds,), (sent,)))
            if large:
                import jax

                finish(lambda: jax.block_until_ready(got[0]) and None)
            return
        import jax

        # a program that needs more memory than there is fails at its first run, and late, when a result is read:
        # so that run is waited for, and donates copies
        compiled = _compile(plan, (updated, kept, feeds, hosts), flags)
        copies = jax.tree.map(lambda x: x.copy(), updated)
        result = jax.block_until_ready(compiled(copies, kept, feeds, hosts))
        _keep(plan, compiled, flags)
        _in_c(plan, kept, feeds)  # of this kind one call has been made
        got.append(result)
    except Exception as error:
        import jax

        if not isinstance(error, jax.errors.JaxRuntimeError):
            raise
        raise broken(plan, error, updated) from error


def _move(plan: Plan) -> None:
    """Leave on the device what the plan only reads, and find what stays in NumPy's memory because others have it."""
    if any(cell.owner.buffer is None and cell.moves for cell in plan.held):
        with TURN:
            for cell in plan.held:
                cell.move()


def _sent(plan: Plan, place: int, number: Any) -> Any:
    """Return a number on the device, the same array as before if it is the same: a learning rate is sent once."""
    found = plan.sent.get(place)
    if found is None or found[0] != number.tobytes():
        import jax.numpy as jnp

        found = plan.sent[place] = (number.tobytes(), jnp.asarray(number))
    return found[1]


def _in_c(plan: Plan, kept: list[Any], feeds: Any) -> bool:
    """Return whether JAX will carry the call out in C: for kinds of arguments it has seen, and while it checks nothing.

    What it does in Python can be interrupted, or raise, when the old state has been given away.
    """
    import jax

    kinds = tuple([x.__class__ for x in (*kept, *feeds)])
    known = kinds in plan.kinds
    plan.kinds.add(kinds)
    return known and not (jax.config.jax_debug_nans or jax.config.jax_debug_infs)


LENT = 1 << 16
"""Bytes of an array from which a run is waited for: XLA reads NumPy's memory while it works, unless it is a copy (5 µs
for 64 KiB), and whoever gave it may write to it as soon as the call returns."""


def _lend(arrays: list[Any]) -> bool:
    """Copy small arrays of NumPy's in place; return whether there are large ones."""
    large = False
    for i, x in enumerate(arrays):
        if isinstance(x, np.ndarray):
            if x.nbytes < LENT:
                arrays[i] = x.copy()
            else:
                large = True
    return large


def _on_device(plan: Plan, values: dict[Any, Any]) -> list[Any]:
    """Load the state that will be donated: as device arrays of our own, never the user's memory."""
    loaded = plan.load(plan.updated, values)
    for i, value in enumerate(loaded):
        if isinstance(value, HOST):
            import jax.numpy as jnp

            loaded[i] = jnp.array(value, copy=True)
    return loaded


def _compile(plan: Plan, args: Any, flags: Any) -> Callable[..., Any]:
    import jax

    program = lowered(plan, flags)
    start = time.perf_counter()
    with jax.enable_x64(True):
        traced = jax.jit(program, donate_argnums=() if flags else (0,)).trace(*args)
        at_trace = time.perf_counter()
        lower = traced.lower()
        at_lower = time.perf_counter()
        compiled = lower.compile()
    end = time.perf_counter()
    plan.times |= {"trace": at_trace - start, "lower": at_lower - at_trace, "compile": end - at_lower}
    return compiled


def _keep(plan: Plan, compiled: Callable[..., Any], flags: Any) -> None:
    """Keep a program that has run once: JAX's callable in C, if it has one, which no signal's handler can interrupt."""
    direct = getattr(compiled, "_call", None)
    made = plan if flags is None else flags
    made.compiled = compiled
    made.call = compiled if direct is None or isinstance(direct, types.FunctionType) else direct


def origin(node: Any) -> Symbol:
    """Return the symbol that a node stands for: of several that were merged, the first."""
    return node if isinstance(node, Symbol) else node.symbols[0]


def _refused(found: Any) -> Exception:
    node = origin(found)
    kind, reason = node.op.complaint
    return kind(
        f"{node.op.name}: {reason}",
        operands=[(operand_name(node.op, j), x) for j, x in enumerate(node.inputs) if isinstance(x, Symbol)],
        site=node.site,
        hint="the variables are as they were before the run",
    )


def _widened(op: Any, args: list[Any]) -> list[Any]:
    """Cast operands that take no part in promotion, which are indices, to 32 bits where they have less.

    To JAX a Python number has its neighbour's dtype: ``uint8 < -3`` means ``uint8 < 253``, and 300 is no int8.
    """
    return [
        x.astype(np.int32) if i not in op.promotes and hasattr(x, "dtype") and x.dtype.kind in "iu"
        and x.dtype.itemsize < 4 else x
        for i, x in enumerate(args)
    ]  # fmt: skip

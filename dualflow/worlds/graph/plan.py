"""Lowering: one walk over a pruned graph, run node by node under NumPy or once under ``jax.jit``.

A ``Plan`` is made for one set of fetches and one signature of feeds. It knows which nodes are needed, in
which order (that of their creation, which also orders reads and assignments), their sizes now that the
feeds' are known, which random numbers must be drawn, and which state is read and written.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from dualflow.core import shapes
from dualflow.core.errors import DualflowError, FeedError, Misfit, UninitializedError
from dualflow.core.mode import current
from dualflow.core.op import operand_name
from dualflow.core.site import describe
from dualflow.worlds.graph.ir.cell import HOST, Cell, TensorCell
from dualflow.worlds.graph.ir.nodes import ASSIGN, CONSTANT, GROUP, PLACEHOLDER, READ, SCALAR
from dualflow.worlds.graph.ir.symbol import Symbol
from dualflow.worlds.graph.run.script import script


class Step(NamedTuple):
    """One node to compute: where its operands and its result stand in the row of values."""

    node: Symbol
    op: Any
    sources: tuple[Any, ...]  # a place, or (value,) for what is no symbol
    place: int
    done: tuple[int, ...]  # places that nothing reads after this step


class Spec:
    """The shape and dtype that a node has in this plan."""

    __slots__ = ("dtype", "name", "shape")

    def __init__(self, shape: Any, dtype: Any, name: str) -> None:
        self.shape, self.dtype, self.name = shape, dtype, name

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return len(self.shape)


class Operand(Spec):
    """An array by the name that its symbol has, for messages."""

    __slots__ = ("array",)

    def __init__(self, array: Any, name: str) -> None:
        super().__init__(array.shape, array.dtype, name)
        self.array = array

    def __array__(self, *args: Any, **options: Any) -> Any:
        return np.asarray(self.array, *args, **options)


class Plan:
    """What one combination of fetches and feeds needs, lowered and ready to run.

    ``also`` are nodes to run and not to fetch. ``times`` holds seconds: "build" (pruning and sizes), and
    after the first compiled run "trace", "lower" and "compile".
    """

    def __init__(
        self,
        fetches: Sequence[Any],
        feeds: Sequence[tuple[Symbol, tuple[int, ...], Any]],
        also: Sequence[Symbol] = (),
    ) -> None:
        start = time.perf_counter()
        self.fetches = list(fetches)
        self.fed = [symbol for symbol, _, _ in feeds]
        given = {id(symbol): Spec(shape, dtype, symbol.name) for symbol, shape, dtype in feeds}
        nodes = prune([*self.fetches, *also], given)
        missing = [n for n in nodes if n.op is PLACEHOLDER]
        if missing:
            raise unfed(missing)
        self.specs = infer(nodes, given)
        self.hosts = [n for n in nodes if n.op is SCALAR or n.op.host]
        self.reads: list[Cell] = []
        self.writes: list[Cell] = []
        assigned: set[int] = set()
        for n in nodes:
            if n.op is READ and id(n.params["cell"]) not in assigned:
                _once(self.reads, n.params["cell"])
            elif n.op is ASSIGN:
                _once(self.writes, n.params["cell"])
                assigned.add(id(n.params["cell"]))
        self.kept = [c for c in self.reads if c not in self.writes]
        self.updated = [c for c in self.reads if c in self.writes]
        self.rewritten = [c in self.updated for c in self.writes]
        self.tensors = [c for c in self.writes if isinstance(c, TensorCell)]
        self._arrange(nodes)
        types = [*(d for _, _, d in feeds), *(n.dtype for n in self.hosts), *(c.dtype for c in self.reads)]
        self.wide = any(t.itemsize > 4 and t.kind in "iuf" or t.itemsize > 8 for t in types)
        self.script: Callable[..., Any] | None = None
        self.compiled: Callable[..., Any] | None = None
        self.flags: Any = None  # of NaN and infinity, with a program of their own
        self.checks: list[Symbol] = []
        self.times = {"build": time.perf_counter() - start}

    def _arrange(self, nodes: list[Symbol]) -> None:
        """Give every value a place in one row, and find the last step that reads it."""
        place = {id(symbol): i for i, symbol in enumerate(self.fed)}
        for n in self.hosts:
            place[id(n)] = len(place)
        steps = []
        for n in nodes:
            if id(n) in place:
                continue
            sources = tuple(place[id(x)] if isinstance(x, Symbol) else (x,) for x in n.inputs)
            place[id(n)] = len(place)
            steps.append((n, sources, place[id(n)]))
        self.size = len(place)
        self.outputs = [None if f is None or f.op is GROUP else place[id(f)] for f in self.fetches]
        kept = {p for p in self.outputs if p is not None}
        last: dict[int, int] = {}
        for i, (_, sources, p) in enumerate(steps):
            last[p] = i
            for s in sources:
                if s.__class__ is int:
                    last[s] = i
        ends: dict[int, list[int]] = {}
        for p, i in last.items():
            if p not in kept:
                ends.setdefault(i, []).append(p)
        self.steps = [Step(n, n.op, sources, p, tuple(ends.get(i, ()))) for i, (n, sources, p) in enumerate(steps)]

    def needs(self) -> set[int]:
        """Return the ids of the nodes that the plan computes, and of what it feeds that is not in vain."""
        nodes = [*(step.node for step in self.steps), *self.hosts]
        used = [x for n in nodes for x in (*n.inputs, *n.controls) if isinstance(x, Symbol)]
        return {id(n) for n in (*nodes, *used, *self.fetches)}

    # -- running
    def draw(self) -> list[Any]:
        """Draw what the plan needs from the host: random numbers and host scalars, in the nodes' order."""
        drawn = []
        for n in self.hosts:
            if n.op is SCALAR:
                drawn.append(np.asarray(n.params["read"](), n.dtype))
                continue
            spec = self.specs[id(n)]
            like = [np.broadcast_to(_NOTHING, spec.shape) if isinstance(x, Symbol) else x for x in n.inputs]
            drawn.append(n.op.kernel("numpy")(*like, **n.params))
        return drawn

    def load(self, cells: Sequence[Cell], values: dict[Any, Any]) -> list[Any]:
        """Read state; raise UninitializedError for a variable whose initializer has not run."""
        found = [cell.load(values) for cell in cells]
        if any(value is None for value in found):
            cell = next(c for c, value in zip(cells, found, strict=True) if value is None)
            raise UninitializedError(
                f"variable {cell.name!r} is read before it has a value",
                site=cell.owner.site if isinstance(cell.owner, Symbol) else None,
                hint="run sess.run(df.global_variables_initializer()) first, or its own .initializer",
            )
        return found

    def interpret(self, feeds: Sequence[Any], values: dict[Any, Any], drawn: Sequence[Any] | None = None) -> list[Any]:
        """Run node by node under NumPy; state is written only when every node has succeeded."""
        shared = [cell for cell in self.tensors if cell.shared()]
        held = self._held(feeds, values, drawn)
        row, new = self._straight(*held) or self._loop(*held)
        if shared:  # what was fetched must not change with the memory it came from
            row = [np.array(v) if isinstance(v, np.ndarray) else v for v in row]
        for cell, value in zip(self.writes, new, strict=True):
            if cell in shared:
                cell.overwrite(value)
            else:
                cell.store(values, value)
        return row

    def step_by_step(
        self, feeds: Sequence[Any], values: dict[Any, Any], drawn: Sequence[Any] | None
    ) -> tuple[list[Any], list[Any]]:
        """Compute every node under NumPy, without writing state; raise what is wrong where it is wrong."""
        return self._loop(*self._held(feeds, values, drawn))

    def _held(
        self, feeds: Sequence[Any], values: dict[Any, Any], drawn: Sequence[Any] | None
    ) -> tuple[list[Any], list[Any]]:
        """Return what a run is given and the state that it reads, as arrays."""
        before = [np.asarray(v) for v in self.load(self.reads, values)]
        return [*map(np.asarray, feeds), *(self.draw() if drawn is None else drawn)], before

    def _straight(self, given: list[Any], before: list[Any]) -> tuple[list[Any], list[Any]] | None:
        """Run the plan's script, unless somebody wants to see every node; None if they do, or if it failed."""
        context = current()
        if context.watch is not None or context.numerics:
            return None
        if self.script is None:
            self.script = script(self)
        try:
            return self.script(given, before)
        except Exception:
            return None  # the loop meets it again, and knows at which node

    def _loop(self, given: list[Any], before: list[Any]) -> tuple[list[Any], list[Any]]:
        state = dict(zip(map(id, self.reads), before, strict=True))
        context = current()
        watch = None if context.watch is None else context.watch.node
        if context.numerics:
            from dualflow.worlds.graph.run.failure import Checker

            watch = Checker(self, watch)
        try:
            row, _ = walk(self, "numpy", given, state, np, watch)
        except Exception as error:
            if context.values:
                from dualflow.worlds.graph.run.failure import Values

                error.values = Values(self, given, before)  # type: ignore[attr-defined]
            raise
        return row, [state[id(cell)] for cell in self.writes]

    def execute(self, feeds: Sequence[Any], values: dict[Any, Any], drawn: Sequence[Any] | None = None) -> list[Any]:
        """Run compiled: old state is donated, so that an update happens in its own memory."""
        shared = [cell for cell in self.tensors if cell.owner.buffer is None and cell.shared()]
        flags = self._flags() if current().numerics else None
        lint = current().lint
        twin = None
        if lint is not None and (self if flags is None else flags).compiled is None:
            drawn = self.draw() if drawn is None else drawn
            twin = lint.twin(self, feeds, values, drawn)
        if self.wide:
            import jax

            with jax.enable_x64(True):  # 1.5 µs a call, which 32-bit plans need not pay
                fetched, new, bad, marks, drawn = self._call(feeds, values, drawn, flags)
        else:
            fetched, new, bad, marks, drawn = self._call(feeds, values, drawn, flags)
        early = flags is None and not shared
        if early:  # while XLA works: should a check fail, what it gives for state that it read is what was read
            for cell, value, read in zip(self.writes, new, self.rewritten, strict=True):
                if read:
                    cell.store(values, value)
        failed = bool(self.checks) and bool(np.asarray(bad).any())
        if flags is not None and not failed and (suspect := flags.first(marks)) is not None:
            # nothing was donated: the state is where it was
            self.step_by_step(feeds, values, drawn)
            raise flags.alone(suspect)
        for cell, value, read in zip(self.writes, new, self.rewritten, strict=True):
            if shared and cell in shared:
                if not failed:
                    cell.overwrite(value)
            elif not (early if read else failed):  # what was only written has its old value where it was
                cell.store(values, value)
        if failed:
            self.step_by_step(feeds, values, drawn)
            raise self._refused(int(np.asarray(bad).argmax()))
        if twin is not None:
            lint.compiled(twin, fetched, new)
        return fetched

    def _flags(self) -> Any:
        from dualflow.worlds.graph.run.failure import Flags

        if self.flags is None or self.flags.compiled is None:  # a trace that failed may have left marks
            self.flags = Flags(self)
        return self.flags

    def _call(
        self, feeds: Sequence[Any], values: dict[Any, Any], drawn: Sequence[Any] | None, flags: Any
    ) -> tuple[Any, ...]:
        updated = self._on_device(values) if self.updated else []
        kept = self.load(self.kept, values) if self.kept else []
        hosts = (self.draw() if self.hosts else []) if drawn is None else drawn
        compiled = self.compiled if flags is None else flags.compiled
        try:
            if compiled is not None:
                return (*compiled(updated, kept, feeds, hosts), hosts)
            import jax

            # a program that needs more memory than there is fails at its first run, and late, when a result is read:
            # so that run is waited for, and donates copies
            compiled = self._compile((updated, kept, feeds, hosts), flags)
            copies = jax.tree.map(lambda x: x.copy(), updated)
            return (*jax.block_until_ready(compiled(copies, kept, feeds, hosts)), hosts)
        except Exception as error:
            import jax

            if not isinstance(error, jax.errors.JaxRuntimeError):
                raise
            from dualflow.worlds.graph.run.failure import broken

            raise broken(self, error, updated) from error

    def _on_device(self, values: dict[Any, Any]) -> list[Any]:
        """Load the state that will be donated: as device arrays of our own, never the user's memory."""
        loaded = self.load(self.updated, values)
        for i, value in enumerate(loaded):
            if isinstance(value, HOST):
                import jax.numpy as jnp

                loaded[i] = jnp.array(value, copy=True)
        return loaded

    def lowered(self, flags: Any = None) -> Callable[..., Any]:
        """Return the plan as one pure function of (updated state, kept state, feeds, drawn)."""
        import jax.numpy as jnp

        def program(updated: Any, kept: Any, feeds: Any, hosts: Any) -> Any:
            state = dict(zip(map(id, self.updated), updated, strict=True))
            state.update(zip(map(id, self.kept), kept, strict=True))
            old = dict(state)
            row, checks = walk(self, "jax", [*feeds, *hosts], state, jnp, flags)
            new = [state[id(c)] for c in self.writes]
            bad: Any = ()
            if checks:
                self.checks = [node for node, _ in checks]
                bad = jnp.stack([jnp.asarray(flag) for _, flag in checks])
                any_bad = bad.any()
                new = [
                    jnp.where(any_bad, old[id(c)], v) if id(c) in old else v
                    for c, v in zip(self.writes, new, strict=True)
                ]
            return row, new, bad, () if flags is None else flags.stack()

        return program

    def _compile(self, args: Any, flags: Any) -> Callable[..., Any]:
        import jax

        start = time.perf_counter()
        with jax.enable_x64(True):
            traced = jax.jit(self.lowered(flags), donate_argnums=() if flags else (0,)).trace(*args)
            at_trace = time.perf_counter()
            lowered = traced.lower()
            at_lower = time.perf_counter()
            compiled = lowered.compile()
        end = time.perf_counter()
        self.times |= {"trace": at_trace - start, "lower": at_lower - at_trace, "compile": end - at_lower}
        if flags is None:
            self.compiled = compiled
        else:
            flags.compiled = compiled
        return compiled

    def _refused(self, i: int) -> Exception:
        node = self.checks[i]
        kind, reason = node.op.complaint
        return kind(
            f"{node.op.name}: {reason}",
            operands=[(operand_name(node.op, j), x) for j, x in enumerate(node.inputs) if isinstance(x, Symbol)],
            site=node.site,
            hint="the variables are as they were before the run",
        )


_NOTHING = np.empty((), np.bool_)


def walk(
    plan: Plan,
    world: str,
    given: Sequence[Any],
    state: dict[int, Any],
    xp: Any,
    watch: Callable[[Symbol, list[Any], Any], Any] | None = None,
) -> tuple[list[Any], list[Any]]:
    """Compute the plan's nodes with the kernels of ``world`` and return the fetched values and the checks.

    The one loop that lowers a graph: with NumPy it runs, traced by ``jax.jit`` it is the program that XLA
    compiles. ``state`` maps cells to values and is updated by assignments. ``watch`` sees each node with its operands
    and its value, those given first, and what it returns becomes the value.
    """
    row: list[Any] = [None] * plan.size
    row[: len(given)] = given
    if watch is not None:
        row[: len(given)] = [watch(n, [], v) for n, v in zip([*plan.fed, *plan.hosts], given, strict=True)]
    checks: list[tuple[Symbol, Any]] = []
    for node, op, sources, place, done in plan.steps:
        args = [row[s] if s.__class__ is int else s[0] for s in sources]
        if op is READ:
            value = state[id(node.params["cell"])]
        elif op is ASSIGN:
            value = xp.array(args[0], copy=True)
        elif op is CONSTANT:
            value = xp.asarray(node.params["value"])
        elif op is GROUP:
            value = None
        else:
            if world == "jax" and getattr(op, "promotes", None) is not None:
                args = widened(op, args)
            try:
                value = op.kernel(world)(*args, **node.params)
                if world == "jax" and op.check is not None:
                    checks.append((node, op.check(xp, *args, **node.params)))
            except DualflowError:
                raise
            except Exception as error:
                raise op.explain(error, named(node, args), node.params, node.site) from None
        row[place] = value if watch is None else watch(node, args, value)
        if op is ASSIGN:
            state[id(node.params["cell"])] = row[place]
        for d in done:
            row[d] = None
    return [None if p is None else row[p] for p in plan.outputs], [c for c in checks if c[1] is not False]


def widened(op: Any, args: list[Any]) -> list[Any]:
    """Cast operands that take no part in promotion, which are indices, to 32 bits where they have less.

    To JAX a Python number has its neighbour's dtype: ``uint8 < -3`` means ``uint8 < 253``, and 300 is no int8.
    """
    return [
        x.astype(np.int32) if i not in op.promotes and hasattr(x, "dtype") and x.dtype.kind in "iu"
        and x.dtype.itemsize < 4 else x
        for i, x in enumerate(args)
    ]  # fmt: skip


def named(node: Symbol, args: Sequence[Any]) -> list[Any]:
    """Give the operands of a node the names of its inputs."""
    return [
        Operand(value, called(x)) if isinstance(x, Symbol) and value is not None else value
        for x, value in zip(node.inputs, args, strict=True)
    ]


def called(symbol: Symbol) -> str:
    """Return the name that a symbol has in messages: where a variable is read, the variable's."""
    return symbol.params["cell"].name or symbol.name if symbol.op is READ else symbol.name


def prune(fetches: Sequence[Any], given: dict[int, Any]) -> list[Symbol]:
    """Return the nodes that ``fetches`` need, in the order of their creation, stopping at what is fed."""
    seen: set[int] = set()
    found: list[Symbol] = []
    todo = [f for f in fetches if f is not None]
    while todo:
        node = todo.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        found.append(node)
        if id(node) not in given:
            todo.extend(x for x in node.record[6] if isinstance(x, Symbol))
            todo.extend(node.controls)
    found = [n for n in found if id(n) not in given]
    found.sort(key=lambda n: -n.record[0])
    return found


def infer(nodes: Sequence[Symbol], given: dict[int, Spec]) -> dict[int, Any]:
    """Work out every node's shape from the sizes that were fed; a misfit names the node's own line."""
    specs: dict[int, Any] = dict(given)
    for n in nodes:
        # a shape known beforehand still has to be checked where an operand's was not: (2, None) @ (3, 4) is (2, 4)
        if _sized(n) and all(_sized(x) for x in n.inputs if isinstance(x, Symbol)):
            specs[id(n)] = n
            continue
        operands = [specs[id(x)] if isinstance(x, Symbol) else x for x in n.inputs]
        if n.op.__class__.__name__ in ("Op", "Custom"):
            try:
                specs[id(n)] = Spec(n.op.infer(operands, n.params), n.dtype, n.name)
            except Misfit as misfit:
                raise n.op.explain(misfit, operands, n.params, n.site) from None
        else:
            shape = operands[0].shape if operands and operands[0] is not None else n.shape
            specs[id(n)] = Spec(shape, n.dtype, n.name)
    return specs


def _sized(symbol: Symbol) -> bool:
    return symbol.shape is not None and shapes.known(symbol.shape)


def unfed(missing: Sequence[Symbol]) -> Exception:
    """Make the error for placeholders that a run needs and was not given."""
    first = missing[0]
    others = f" (and {len(missing) - 1} more)" if len(missing) > 1 else ""
    names = ", ".join(f"{n.name!r} made at {describe(n.site)}" for n in missing[1:4])
    return FeedError(
        f"placeholder {first.name!r} must be fed{others}: {first.dtype} of shape {first.shape}",
        site=first.site,
        hint=f"pass feed_dict={{{first.name}: …}}" + (f"; also {names}" if names else ""),
    )


def _once(cells: list[Cell], cell: Cell) -> None:
    if all(c is not cell for c in cells):
        cells.append(cell)


__all__ = ["Plan", "Spec", "Step", "called", "infer", "prune", "unfed", "walk"]

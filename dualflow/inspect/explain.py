"""Why a function was traced as often as it was, what its graphs hold, where the time went, and what to change.

Everything is read off the traces and plans that there are. This file runs a function only when it is given arguments,
and then puts its state back.
"""

from __future__ import annotations

import functools
import statistics
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import numpy as np

from dualflow.arms.bench import bare
from dualflow.arms.passes import Optimized, optimized
from dualflow.arms.state import borrowed, capture
from dualflow.core import mode
from dualflow.core.errors import format_shape, sketch
from dualflow.core.site import describe
from dualflow.inspect.lint.linter import lint
from dualflow.inspect.lint.structure import of_function, of_graph, way_out
from dualflow.inspect.optimized import blocks_of
from dualflow.report.document import Document, Heading, KeyValues, Paragraph, Table
from dualflow.report.quantity import seconds
from dualflow.worlds.graph.ir.cell import Cell
from dualflow.worlds.graph.ir.graph import Graph
from dualflow.worlds.graph.ir.symbol import Symbol
from dualflow.worlds.graph.plan import Plan
from dualflow.worlds.graph.session import Session
from dualflow.worlds.graph.trace.function import Function
from dualflow.worlds.graph.trace.reading import show
from dualflow.worlds.graph.trace.signature import host_array, signature
from dualflow.worlds.graph.trace.trace import Trace

PHASES = ("build", "optimize", "trace", "lower", "compile", "first", "steady")
LARGE = 1 << 20
"""Bytes from which a constant in a graph is worth a word."""


@dataclass(frozen=True)
class Program:
    """One trace of a function, or one plan of a session.

    ``signature``: arguments or feeds, by name. ``reason``: why it was made. ``guards``: what it takes for granted.
    ``seconds``: by phase; "first" and "steady", a whole call, are known for calls made inside ``df.lint()``.
    ``ops``: how many nodes of each op. ``captured``: state from outside. ``constants``: arrays that are part of it.
    ``optimized``: what each pass does before it runs.
    """

    signature: dict[str, str]
    reason: str
    guards: tuple[str, ...]
    calls: int | None
    seconds: dict[str, float]
    nodes: int
    ops: dict[str, int]
    captured: tuple[str, ...] = ()
    constants: tuple[str, ...] = ()
    optimized: Optimized = Optimized(())


@dataclass(frozen=True)
class Explanation:
    """What ``df.explain`` returns: prints as a few tables, 80 columns wide; ``to_json`` has everything."""

    name: str
    kind: str
    programs: tuple[Program, ...]
    facts: dict[str, str] = field(default_factory=dict)
    advice: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return plain dictionaries and lists."""
        return asdict(self)

    def document(self) -> Any:
        """Return the report in parts, for ``dualflow.report``."""
        blocks: list[Any] = [KeyValues.of(self.facts)] if self.facts else []
        if self.programs:
            made = "Traces" if self.kind == "function" else "Plans"
            rows, times = [], []
            ops: Counter[str] = Counter()
            for i, p in enumerate(self.programs, 1):
                signature = ", ".join(f"{name}: {text}" for name, text in p.signature.items()) or "no arguments"
                rows.append([str(i), signature, p.reason, "–" if p.calls is None else str(p.calls), str(p.nodes)])
                times.append([str(i), *(seconds(p.seconds[k]) if k in p.seconds else None for k in PHASES)])
                ops.update(p.ops)
            blocks += [Heading(made), Table.of([">#", "signature", "why it was made", ">calls", ">nodes"], rows)]
            blocks += [Heading("Time by phase"), Table.of([">#", *(f">{phase}" for phase in PHASES)], times)]
            most = ", ".join(f"{name} {count}" for name, count in ops.most_common(12))
            more = f", and {len(ops) - 12} more ops" if len(ops) > 12 else ""
            blocks += [Heading("Nodes by op"), Paragraph(f"{most}{more}.")]
            last = self.programs[-1].optimized
            blocks += [Heading("Before it runs"), *blocks_of(last)]
            for title, name in (("Captured", "captured"), ("Taken for granted", "guards"), ("Constants", "constants")):
                parts = dict.fromkeys(part for p in self.programs for part in getattr(p, name))
                if parts:
                    shown = list(parts)[:8] + ([f"and {len(parts) - 8} more"] if len(parts) > 8 else [])
                    blocks += [Heading(title), Table.of(["what"], [[part] for part in shown])]
        advice = [[str(i), text] for i, text in enumerate(self.advice, 1)]
        nothing = Paragraph("Nothing can be seen from here.")
        blocks += [Heading("What to change"), Table.of([">#", "advice"], advice) if advice else nothing]
        return Document(f"explain {self.name}", tuple(blocks))

    def show(self) -> None:
        """Print it."""
        from dualflow.report import show

        show(self.document())

    def __str__(self) -> str:
        from dualflow.report import to_text

        return to_text(self.document(), width=80)

    __repr__ = __str__


def explain(target: Any, *args: Any, calls: int | None = None) -> Explanation:
    """Describe why a function was traced, what its graphs hold, where the time went, and what to change.

    ``target``: a ``df.function`` (its traces so far), a ``Session`` (its plans), or a ``Graph``. With ``args`` or
    ``calls``, a function is traced afresh, called with the arguments in graph mode (5 times by default), and its
    state is put back. Raises TypeError for anything else.

    >>> @df.function
    ... def scale(x, factor):
    ...     return x * factor
    >>> with df.mode("graph"):
    ...     for factor in (2.0, 3.0):
    ...         _ = scale(df.ones(2), factor)
    >>> why = df.explain(scale)
    >>> [program.reason for program in why.programs]
    ['the first call', 'factor: was float 2.0, is float 3.0']
    >>> print(why.advice[0])
    factor made 1 of the 2 traces: pass it as a tensor, df.tensor(factor), which counts by shape and dtype, not by
    value
    """
    if args or calls is not None:
        return _called(target, args, calls or 5)
    if isinstance(target, functools.partial) and isinstance(target.func, Function):  # a method, bound
        target = target.func
    if isinstance(target, Function):
        return _function(target)
    if isinstance(target, Session):
        return _session(target)
    if isinstance(target, Graph):
        return _graph(target)
    raise TypeError(f"explain: takes a df.function, a session or a graph, not {type(target).__name__} {target!r:.60}")


def _called(target: Any, args: tuple[Any, ...], calls: int) -> Explanation:
    if not callable(target):
        raise TypeError(f"explain: arguments are for a function, not for {type(target).__name__} {target!r:.60}")
    python = bare(target)
    fresh = Function(python)
    passes = mode.current().passes
    with (
        mode.eager(), borrowed(capture(Function(python), args).state), mode.mode("graph", passes=passes or ()), lint(),
    ):  # fmt: skip
        for _ in range(calls):
            fresh(*args)
        leaves: list[Any] = []
        signature(args, leaves)
        trace = fresh.made[-1]
        bought = optimized(trace.plan, list(map(host_array, leaves)))
    found = _function(fresh, by_hand=False)
    last = replace(found.programs[-1], optimized=bought)
    return replace(found, programs=(*found.programs[:-1], last))


# ----------------------------------------------------------------------------------------------------- functions
def _function(function: Function, by_hand: bool = True) -> Explanation:
    programs = [_trace(function, trace, why) for trace, why in zip(function.made, function.log, strict=True)]
    code = getattr(function.python, "__code__", None)
    facts = {"function": getattr(function.python, "__qualname__", repr(function.python))}
    if code is not None:
        facts["at"] = describe((code, 0)).partition(":")[0] + f":{code.co_firstlineno}"
    facts["traces"] = str(len(programs))
    if not programs:
        facts["traces"] = 'none yet: it has not been called inside df.mode("graph")'
    name = getattr(function.python, "__name__", "function")
    return Explanation(name, "function", tuple(programs), facts, tuple(_advice(function, programs, by_hand)))


def _trace(function: Function, trace: Trace, reason: str) -> Program:
    seconds = {}
    if trace.seconds:
        seconds["first"] = trace.seconds[0]
    if len(trace.seconds) > 1:
        seconds["steady"] = statistics.median(trace.seconds[1:])
    guards = [f"{guard.name} is {show(guard.was)}" for guard in trace.guards.all if not guard.quiet]
    signature = {name: new for name, _, new in function.changes(((), ()), trace.key)}
    made = _program(trace.plan, trace.graph.cells.values(), signature, reason)
    return replace(made, guards=tuple(dict.fromkeys(guards)), calls=trace.calls, seconds=made.seconds | seconds)


def _advice(function: Function, programs: list[Program], by_hand: bool) -> Iterable[str]:
    changes: Counter[str] = Counter()
    latest: dict[str, str] = {}
    for trace in function.made:
        for name, old, new in trace.changed:
            changes[name] += 1
            latest[name] = way_out(name, old, new)
    for name, count in changes.most_common():
        yield f"{name} made {count} of the {len(programs)} traces: {latest[name]}"
    for finding in of_function(function):
        yield f"{finding.text}: {finding.fix}"
    yield from _of_programs(programs)
    for i, (trace, program) in enumerate(zip(function.made, programs, strict=True), 1):
        steady, made = program.seconds.get("steady"), sum(trace.plan.times.values())
        if by_hand and steady and made > 10 * steady * trace.calls:
            yield (
                f"trace {i} took {made / steady:.0f} times as long to make as one call takes, and was called "
                f"{trace.calls} times: call it oftener, or run it in eager mode"
            )


# ----------------------------------------------------------------------------------------------------- sessions, graphs
def _session(session: Session) -> Explanation:
    programs = []
    before: dict[str, str] | None = None
    for (compiled, *_), plan in session.plans.items():
        fed = {s.name: f"{s.dtype} {format_shape(plan.specs[id(s)].shape)}" for s in plan.fed}
        fetched = ", ".join(f.name for f in plan.fetches if f is not None) or "variables"
        signature = {"fetch": fetched, **fed}
        changed = [k for k in {**(before or {}), **signature} if (before or {}).get(k) != signature.get(k)]
        reason = "the first run" if before is None else "another " + ", ".join(changed)
        reason += "" if compiled else "; interpreted"
        programs.append(_program(plan, [*plan.reads, *plan.writes], signature, reason))
        before = signature
    found = _graph(session.graph)
    return Explanation(
        "session", "session", tuple(programs), {**found.facts, "plans": str(len(programs))},
        (*_of_programs(programs), *found.advice),
    )  # fmt: skip


def _graph(graph: Graph) -> Explanation:
    ops = _ops(graph.nodes)
    facts = {
        "nodes": str(len(graph.nodes)),
        "most frequent": ", ".join(f"{name} {count}" for name, count in Counter(ops).most_common(6)) or "none",
        "placeholders": ", ".join(n.name for n in graph.nodes if n.kind.fed) or "none",
        "variables": ", ".join(v.name for v in graph.variables) or "none",
    }
    advice = [f"{f.text}, at {f.place.text or f.line}: {f.fix}" for f in of_graph(graph)] if graph.needed else []
    return Explanation("graph", "graph", (), facts, tuple(advice))


# ----------------------------------------------------------------------------------------------------- parts
def _of_programs(programs: list[Program]) -> Iterable[str]:
    constants = dict.fromkeys(c for p in programs for c in p.constants if c.startswith("large"))
    for constant in constants:
        yield f"{constant}: pass it as an argument, or keep it in a df.Variable, or every program has its own copy"


def _ops(nodes: Iterable[Symbol]) -> dict[str, int]:
    return dict(Counter(n.op.name for n in nodes).most_common())


def _program(plan: Plan, cells: Iterable[Cell], signature: dict[str, str], reason: str) -> Program:
    """Describe what one plan is made of."""
    nodes = [*(step.node for step in plan.steps), *plan.hosts]
    written = {id(c) for c in plan.writes}
    captured = [
        f"{c.name or 'a tensor'}: {c.dtype} {format_shape(c.shape)}, {'updated' if id(c) in written else 'read'}"
        for c in dict.fromkeys(cells)
    ]
    constants = []
    for n in nodes:
        value = n.kind.constant(n)
        if np.ndim(value):
            size = "large, " if value.nbytes >= LARGE else ""
            constants.append(f"{size}{sketch(value)}, at {describe(n.site)}")
    return Program(signature, reason, (), None, dict(plan.times), len(nodes), _ops(nodes), tuple(captured),
        tuple(dict.fromkeys(constants)), optimized(plan))  # fmt: skip

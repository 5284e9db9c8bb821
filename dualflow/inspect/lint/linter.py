"""The linter: what the worlds tell it, and when it speaks.

``df.lint()`` puts a linter into the context; the worlds call its methods with what happens. Outside of any block they
call ``CERTAIN``, which knows only what is never false and costs nothing to see: a graph that grows in a loop, and a
function that is traced at every call. This file decides when findings are reported; it finds little itself.
"""

from __future__ import annotations

import functools
import inspect
import time
from collections import Counter
from collections.abc import Collection, Sequence
from typing import Any

from dualflow.autodiff.record import ANY, EDGES, LEAF, OP, OWNER, VALUES, site_of
from dualflow.core import mode
from dualflow.core.site import Site, user_site
from dualflow.inspect.lint.findings import Finding, Notebook
from dualflow.inspect.lint.slope import wrong_rule
from dualflow.inspect.lint.structure import (
    carried,
    crossed,
    is_distance,
    of_function,
    of_graph,
    of_plan,
    twice,
    unlike,
    way_out,
)
from dualflow.inspect.lint.surroundings import Surroundings
from dualflow.inspect.lint.updates import Updates, stale
from dualflow.worlds.eager.tensor import Tensor
from dualflow.worlds.graph.ir.graph import Graph, flatten
from dualflow.worlds.graph.plan import Plan
from dualflow.worlds.graph.session import Session
from dualflow.worlds.graph.trace.function import Function
from dualflow.worlds.graph.trace.trace import Trace

PATIENCE = 5
"""Runs that grow, or traces used once, in a row before the linter outside of any block speaks, as in TensorFlow."""
SCOPED_PATIENCE = 3


class Certain(Notebook):
    """Sees what costs nothing to see and is never false."""

    def __init__(self, ignore: Collection[str] = (), patience: int = PATIENCE) -> None:
        super().__init__(ignore)
        self._patience = patience

    def grew(self, session: Session) -> None:
        """See that a session's graph has more nodes than at the last run."""
        here = user_site()
        added = session.graph.nodes[session.size :]
        counts = Counter(site_of(n.record) for n in added)
        for site, count in counts.items():
            known = session.growth.setdefault((site, here), [])
            known.append(count)
            if len(known) == self._patience:
                nodes = f"{sum(known)} nodes" if sum(known) > 1 else "a node"
                self.tell([Finding.at(
                    site, "growth",
                    f"this line has added {nodes} to the graph before each of {len(known)} runs, "
                    f"which all are planned and compiled anew; the graph has {len(session.graph.nodes)} by now",
                    "build the graph before the loop and feed what changes; graph.finalize() makes growth an error",
                )])  # fmt: skip
                return  # the first line of a loop is enough

    def traced(self, function: Function, trace: Trace) -> None:
        """See that a function has been traced."""
        latest = function.made[-self._patience :]
        if len(latest) < self._patience or any(t.calls > 1 for t in latest):
            return
        site = user_site()
        if site is not None:
            self.tell([_storm(function, latest, site)])


def _storm(function: Function, latest: list[Trace], site: Site) -> Finding:
    """Describe which argument makes every call a new trace, and what to do about it."""
    changes: dict[str, list[tuple[str, str]]] = {}
    for trace in latest[1:]:
        for name, old, new in trace.changed:
            changes.setdefault(name, []).append((old, new))
    name = getattr(function.python, "__name__", "the function")
    if not changes:
        reasons = "; ".join(dict.fromkeys(function.log[-len(latest) + 1 :]))
        return Finding.at(site, "retrace", f"{name} has been traced at each of its last {len(latest)} calls: {reasons}",
            "leave what the trace depends on as it is between calls")  # fmt: skip
    worst = max(changes, key=lambda n: len(changes[n]))
    old, new = changes[worst][-1]
    text = (
        f"{name} has been traced at each of its last {len(latest)} calls, because {worst} changes: was {old}, is {new}"
    )
    return Finding.at(site, "retrace", text, way_out(worst, old, new))


class Linter(Certain):
    """Sees everything, while a ``df.lint()`` block is open."""

    def __init__(self, ignore: Collection[str] = ()) -> None:
        super().__init__(ignore, SCOPED_PATIENCE)
        self._graphs: dict[int, Graph] = {}
        self._functions: dict[int, Function] = {}
        self._carried: dict[Trace, list[tuple[Any, Site, Site]]] = {}
        self._updates = Updates()
        self._tried: dict[int, Any] = {}

    # -- functions
    def tracing(self, function: Function) -> Surroundings:
        """Watch a function being traced."""
        return Surroundings(function.python)

    def traced(self, function: Function, trace: Trace) -> None:
        """See a trace that is complete."""
        if isinstance(trace.surroundings, Surroundings):
            self.tell(trace.surroundings.heard())
        self.tell(of_plan(trace.plan))
        self._functions[id(function)] = function
        super().traced(function, trace)

    def run(self, function: Function, trace: Trace, leaves: list[Any], compiled: bool) -> Any:
        """Call a trace: ask first whether it still holds what it took for granted, and time it."""
        if trace.calls and isinstance(trace.surroundings, Surroundings):
            self.tell(trace.surroundings.stale())
        if trace not in self._carried:
            self._carried[trace] = carried(trace)
        for x, used, added in self._carried[trace]:
            held = x.record[OWNER].grad
            if held is not None and held.numpy().any():
                self.tell([stale(used, added, x)])
        start = time.perf_counter()
        result = trace.run(leaves, compiled)
        for x in flatten(list(result.values()) if isinstance(result, dict) else result):
            buffer = getattr(x, "buffer", None)
            if buffer is not None:
                buffer.block_until_ready()  # a compiled call comes back before it is done
        trace.seconds.append(time.perf_counter() - start)
        return result

    # -- sessions
    def planned(self, graph: Graph, plan: Plan) -> None:
        """See a plan that a session made."""
        if graph.linter is self:
            self._graphs[id(graph)] = graph
        self.tell(of_plan(plan))

    def closed(self, graph: Graph) -> None:
        """See a session closed: what its graph was for has been run, even if the graph is older than the block."""
        if graph.needed:
            self._graphs[id(graph)] = graph

    # -- eager
    def computed(self, op: Any, operands: tuple[Any, ...], made: Any) -> None:
        """See an op that has been carried out."""
        if op.broadcasts and len(operands) == 2:
            shapes = [x.shape if isinstance(x, Tensor) else () for x in operands]
            if shapes[0] != shapes[1]:
                self.tell([crossed(op, shapes, user_site())])
        record = operands[0].record if operands and isinstance(operands[0], Tensor) else None
        if not record or len(record) == LEAF:
            return
        before = record[OP]
        if is_distance(op, operands) and before.name == "subtract" and len(record) == ANY:
            shapes = [getattr(value, "shape", ()) for value in record[VALUES]]
            edges = [edge is not None for edge in record[EDGES]]
            self.tell([unlike(op.name, edges, shapes, site_of(record))])
        elif before.name == "softmax":
            self.tell([twice(op, before, site_of(record), user_site())])

    def custom(self, function: Any, args: Sequence[Any]) -> None:
        """See a custom Function being used, with arrays to try it on."""
        if id(function) not in self._tried:
            self._tried[id(function)] = function
            self.tell([wrong_rule(function, args)])

    # -- compiled runs
    def twin(self, plan: Plan, feeds: Sequence[Any], values: dict[Any, Any], drawn: Sequence[Any]) -> Any:
        """See a plan about to be compiled."""
        if "lowering" in self.ignore:
            return None
        from dualflow.inspect.lint.lowering import Twin  # its parity's tolerances are not for `import dualflow`

        return Twin(plan, feeds, values, drawn)

    def compiled(self, twin: Any, fetched: Sequence[Any], new: Sequence[Any]) -> None:
        """See what its first compiled run gave."""
        self.tell([twin.finding(fetched, new)])

    def read_grad(self, x: Tensor) -> None:
        """See that ``.grad`` is read."""
        self._updates.read(x)

    def accumulating(self, leaf: Any) -> None:
        """See that a gradient is about to be added to a leaf's."""
        self.tell(self._updates.accumulating(leaf))

    def detached(self, x: Tensor) -> None:
        """See that a tensor is detached."""
        self._updates.detached(x)

    def stepping(self, optimizer: Any, given: list[tuple[Any, Any]]) -> None:
        """See an optimizer about to update."""
        self.tell(self._updates.stepping(optimizer, given, mode.current().graph))

    def finish(self) -> None:
        """Report what can only be known at the end."""
        for graph in self._graphs.values():
            self.tell(of_graph(graph))
        for function in self._functions.values():
            self.tell(of_function(function))
        self._graphs.clear()
        self._functions.clear()
        self.tell(self._updates.left())


class lint(mode.Scope):
    """Warn, inside a ``with`` block, of what is legal and hardly meant. Also a decorator.

    Each finding is a ``LintWarning`` at the user's line, reported once a line: its first word is its code, and it ends
    with the fix. ``ignore``: codes to leave out (``dualflow.inspect.CODES`` has them all); Python's own filters work
    too. What can be known only at the end is reported when the block ends, unless by an exception: an update that no
    run needed, if its graph was begun or its session closed in the block. Raises ValueError for an unknown code.

    >>> import dualflow as df, warnings
    >>> with warnings.catch_warnings(record=True) as heard, df.lint():
    ...     error = df.ones(3, 1) - df.ones(3)
    >>> print(str(heard[0].message).splitlines()[0])
    broadcast: subtract of shapes (3, 1) and (3,) gives (3, 3), every element with every other
    """

    def __init__(self, ignore: Collection[str] = (), **changes: Any) -> None:
        self._ignore = (ignore,) if isinstance(ignore, str) else tuple(ignore)
        self._others = changes
        self.linter = Linter(self._ignore)
        super().__init__(lint=self.linter, **changes)

    def __exit__(self, kind: Any = None, *exception: object) -> None:
        super().__exit__(kind, *exception)
        if kind is None:
            self.linter.finish()

    def __call__(self, function: Any) -> Any:
        if inspect.isgeneratorfunction(function) or inspect.iscoroutinefunction(function):
            raise TypeError("lint cannot decorate a generator or coroutine; use `with` inside it")

        @functools.wraps(function)
        def wrapped(*args: Any, **kwargs: Any) -> Any:
            with lint(self._ignore, **self._others):
                return function(*args, **kwargs)

        return wrapped

    @staticmethod
    def check(target: Any) -> list[Finding]:
        """Return the findings that a graph, a session or a traced function gives without being run.

        For a graph, what no run so far has needed counts as unused. Raises TypeError for anything else.

        >>> with df.graph() as g:
        ...     x, y = df.placeholder(df.float32, (3,), name="x"), df.placeholder(df.float32, (3,), name="y")
        ...     loss = df.sum(x * x)
        >>> with df.Session(g) as sess:
        ...     _ = sess.run(loss, {x: [1.0, 2.0, 3.0]})
        >>> [(finding.code, finding.line) for finding in df.lint.check(g)]
        [('unused', 2)]
        """
        if isinstance(target, Session):
            target = target.graph
        if isinstance(target, Graph):
            return list(of_graph(target))
        if isinstance(target, Function):
            return [*(finding for trace in target.made for finding in of_plan(trace.plan)), *of_function(target)]
        raise TypeError(f"lint.check: takes a graph, a session or a df.function, not {type(target).__name__}")


def debug() -> lint:
    """Switch all debug tools on: ``check_numerics``, ``lint``, and values in the errors of a graph's runs.

    >>> try:
    ...     with df.debug():
    ...         df.ones(1) + df.tensor([float("nan")])
    ... except df.errors.NumericsError as error:
    ...     print("caught", type(error).__name__)
    caught NumericsError
    """
    return lint(numerics=True, values=True)


CERTAIN = Certain()

"""The Session: runs parts of a graph, many times, and keeps the values of its variables."""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import Token
from typing import Any

import numpy as np

from dualflow.core import dtypes
from dualflow.core.errors import FeedError, GraphError, SessionError, format_shape
from dualflow.core.mode import TOOLS, asked, current, linter
from dualflow.core.site import Site, describe, user_site
from dualflow.tensors.operators import Operators
from dualflow.worlds.graph.build import current_graph
from dualflow.worlds.graph.ir.graph import Graph
from dualflow.worlds.graph.ir.running import SESSIONS
from dualflow.worlds.graph.ir.symbol import Symbol
from dualflow.worlds.graph.ir.variable import GraphVariable
from dualflow.worlds.graph.plan import Plan
from dualflow.worlds.graph.run.backends import chosen


class Session:
    """Run a graph as TensorFlow 1 does: fetch any symbols, feed any symbols, as often as you like.

    ``graph``: the graph to run; inside ``with df.graph():`` that one. ``compile``: lower to ``jax.jit`` (the
    default), or run node by node under NumPy. ``optimize``: change what runs, not what it gives, by the passes that are
    named, or all (``df.mode`` says the default). A plan is kept for every combination of fetches and feed
    shapes. A run that fails leaves every variable as it was.

    >>> with df.graph() as g:
    ...     x = df.placeholder(df.float32, (None,), name="x")
    ...     total = df.sum(x)
    >>> with df.Session(g) as sess:
    ...     float(sess.run(total, {x: [1.0, 2.0, 3.0]}))
    6.0
    """

    def __init__(
        self,
        graph: Graph | None = None,
        *,
        compile: bool | None = None,
        optimize: bool | None = None,
        passes: Any = None,
    ) -> None:
        if graph is not None and not isinstance(graph, Graph):
            raise GraphError(
                f"Session: runs a graph, not {type(graph).__name__} {graph!r:.60}",
                hint="write df.Session(g), with the g of `with df.graph() as g:`",
            )
        self.graph = current_graph("Session") if graph is None else graph
        self.compile = current().compile if compile is None else compile
        self.passes = TOOLS["passes"](asked(optimize, passes, current().passes))
        self.plans: dict[Any, Plan] = {}
        self._values: dict[Any, Any] = {}
        self._shapes: dict[int, _Fetch] = {}
        self._closed: Site | None = None
        self._is_closed = False
        self._tokens: list[Token[tuple[Session, ...]]] = []
        self.size = 0  # the nodes that the graph had at the last run
        self.growth: dict[Any, list[int]] = {}  # how many nodes each line added before each run: the linter's

    def __enter__(self) -> Session:
        self._tokens.append(SESSIONS.set((*SESSIONS.get(), self)))
        return self

    def __exit__(self, *exception: object) -> None:
        SESSIONS.reset(self._tokens.pop())
        self.close()

    def close(self) -> None:
        """Free the variables and the plans; the session cannot run any more."""
        if not self._is_closed:
            self._closed, self._is_closed = user_site(), True
            lint = current().lint
            if lint is not None:
                lint.closed(self.graph)
        self._values.clear()
        self.plans.clear()

    def run(self, fetches: Any, feed_dict: dict[Any, Any] | None = None, *, debug: Any = None) -> Any:
        """Compute ``fetches`` and return NumPy values in the same nested structure.

        ``fetches``: symbols, variables, names, or lists, tuples and dicts of them; a group gives None, a
        variable its value at the end of the run. ``feed_dict``: values for placeholders, or for any other
        symbol, which replaces its computation. ``debug``: run node by node and stop, as ``df.replay`` does: True
        for every node, a list of breakpoints, or a function to be called at each. Raises FeedError, GraphError,
        UninitializedError or SessionError, each naming the symbol and its line.
        """
        if self._is_closed:
            at = f" at {describe(self._closed)}" if self._closed else ""
            raise SessionError(f"run: the session was closed{at}", hint="make a new df.Session(graph)")
        if debug:
            with TOOLS["replay"]().stopping(debug):
                return self.run(fetches, feed_dict)
        flat: list[Any] = []
        build = _plain if fetches.__class__ is Symbol else self._flatten(fetches, flat)
        if build is _plain:
            flat.append(self._own(fetches))
        symbols: list[Symbol] = []
        feeds: list[Any] = []
        key: list[Any] = [id(f) for f in flat]
        if feed_dict is not None and feed_dict.__class__ is not dict and not isinstance(feed_dict, Mapping):
            raise FeedError(
                f"feed: feed_dict is a dict of symbols and their values, not {type(feed_dict).__name__}",
                hint="write sess.run(fetches, {x: value})",
            )
        if feed_dict:
            for target, value in feed_dict.items():
                symbol = target if target.__class__ is Symbol and target.graph is self.graph else self._target(target)
                array = self._feed(symbol, value)
                symbols.append(symbol)
                feeds.append(array)
                key.append((id(symbol), array.shape))
        if len(self.graph.nodes) != self.size:
            linter().grew(self)
            self.size = len(self.graph.nodes)
        context = current()
        compile = self.compile and context.watch is None
        signature = (compile, *key)
        plan = self.plans.get(signature)
        if plan is None:
            plan = self.plans[signature] = Plan(
                [f if f.__class__ is Symbol else None for f in flat],
                [(s, a.shape, a.dtype) for s, a in zip(symbols, feeds, strict=True)],
                passes=self.passes,
            )
            plan.keep = flat  # type: ignore[attr-defined]  # the ids in the key stay theirs
            self.graph.needed |= plan.needs()
            if context.lint is not None:
                context.lint.planned(self.graph, plan)
        values = chosen(compile)(plan, feeds, self._values)
        if build is _plain:
            return None if values[0] is None else _host(values[0])
        results = [
            self._value_of(f) if f.__class__ is not Symbol else None if v is None else _host(v)
            for f, v in zip(flat, values, strict=True)
        ]
        return build(iter(results))

    # -- fetches
    def _own(self, symbol: Symbol, role: str = "fetch") -> Symbol:
        if symbol.graph is not self.graph:
            raise GraphError(
                f"run: the symbol {symbol.name!r} is not in this session's graph",
                operands=[(role, symbol)],
                hint=f"it was made at {describe(symbol.site)}\n  use a Session of its graph: df.Session(symbol.graph)",
            )
        return symbol if symbol.later is None and symbol.shows is None else symbol.newest()

    def _flatten(self, fetches: Any, flat: list[Any]) -> _Fetch:
        """Collect the leaves of a nested fetch and return what puts results back into its form."""
        if isinstance(fetches, list | tuple):
            parts = [self._flatten(f, flat) for f in fetches]
            if hasattr(fetches, "_fields"):
                return _Fetch(lambda it: type(fetches)(*[p(it) for p in parts]))
            return _Fetch(lambda it: type(fetches)([p(it) for p in parts]))
        if isinstance(fetches, dict):
            named = {k: self._flatten(f, flat) for k, f in fetches.items()}
            return _Fetch(lambda it: {k: p(it) for k, p in named.items()})
        if isinstance(fetches, str):
            fetches = self.graph.get_tensor_by_name(fetches)
        if isinstance(fetches, GraphVariable):
            flat.append(self._own(fetches))
        elif isinstance(fetches, Symbol):
            flat.append(self._own(fetches))
        elif isinstance(fetches, Operators):
            flat.append(fetches)
        elif fetches is None:
            raise GraphError(
                "run: None cannot be fetched", hint="df.gradients gives None where a target does not depend on a source"
            )
        else:
            raise GraphError(
                f"run: cannot fetch {type(fetches).__name__} {fetches!r:.60}",
                hint="fetch symbols, variables, their names, or lists, tuples and dicts of them",
            )
        return _Fetch(next)

    def _value_of(self, fetched: Any) -> Any:
        """Return the value of a variable or an eager tensor now that the run is over."""
        cell = fetched.cell if isinstance(fetched, GraphVariable) else self.graph.cell(fetched)
        value = Plan([], []).load([cell], self._values)[0]
        return np.array(value)[()]

    # -- feeds
    def _target(self, target: Any) -> Symbol:
        if isinstance(target, str):
            return self.graph.get_tensor_by_name(target)
        if isinstance(target, GraphVariable):
            raise FeedError(
                f"feed: the variable {target.name!r} cannot be fed; assign to it, or feed what it is read into"
            )
        if isinstance(target, Symbol):
            return self._own(target, "feed")
        raise FeedError(
            f"feed: the keys of feed_dict are symbols or their names, not {type(target).__name__} {target!r:.60}"
        )

    def _feed(self, symbol: Symbol, value: Any) -> Any:
        """Read a fed value as an array of the symbol's dtype and check its shape."""
        if value.__class__ is not np.ndarray:
            if isinstance(value, Symbol):
                raise FeedError(
                    f"feed: {symbol.name!r} was fed the symbol {value.name!r}, which has no value",
                    hint="feed a NumPy array, a number, a list or an eager tensor",
                )
            if isinstance(value, Operators):
                value = np.asarray(value)
            else:
                try:
                    value = np.asarray(value)
                except ValueError as ragged:
                    raise self._unfit(symbol, f"cannot be read as an array: {ragged}") from None
        if value.dtype is not symbol.dtype and value.dtype != symbol.dtype:
            kinds = dtypes.KIND
            if value.dtype.kind not in kinds or kinds[value.dtype.kind] > kinds[symbol.dtype.kind]:
                raise self._unfit(symbol, f"has dtype {value.dtype}")
            value = value.astype(symbol.dtype)
        shape = symbol.shape
        if (
            shape is not None
            and value.shape != shape
            and (
                len(shape) != value.ndim
                or any(m is not None and m != n for m, n in zip(shape, value.shape, strict=True))
            )
        ):
            raise self._unfit(symbol, f"has shape {format_shape(value.shape)}")
        return value

    def _unfit(self, symbol: Symbol, problem: str) -> Exception:
        shape = "any shape" if symbol.shape is None else f"shape {format_shape(symbol.shape)}"
        return FeedError(
            f"feed: the value for {symbol.name!r} {problem}; it takes {symbol.dtype} of {shape}",
            hint=f"{symbol.name!r} was made at {describe(symbol.site)}",
        )


class _Fetch:
    """How results go back into the form of the fetches."""

    def __init__(self, build: Any) -> None:
        self.build = build

    def __call__(self, results: Any) -> Any:
        return self.build(results)


_plain = _Fetch(next)


def _host(value: Any) -> Any:
    """Return a fetched value as NumPy, in memory of its own, or a scalar."""
    return (np.asarray if isinstance(value, np.ndarray | np.generic) else np.array)(value)[()]

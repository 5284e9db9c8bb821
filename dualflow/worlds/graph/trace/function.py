"""``df.function``: a Python step that runs as it is in eager, and as one compiled graph in graph mode.

A trace is made for each signature of arguments. Everything the step touches from outside (parameters,
optimizer slots, gradients, random streams) is captured by reference, so both worlds work on one state.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterator
from typing import Any

from dualflow.core import mode
from dualflow.core.errors import GraphError
from dualflow.worlds.graph.trace.signature import arguments, device_array, shared, signature, spelled
from dualflow.worlds.graph.trace.trace import Trace

CONTEXT = ("recording gradients", "arguments that are one memory", "passes")
"""What a signature has after the arguments."""


class Function:
    """A Python function that graph mode traces once per signature, compiles and caches.

    ``traces`` holds what has been traced, by signature, ``made`` in order, ``log`` why each trace was made. In
    eager mode, and inside another graph, a call is a plain call.
    """

    def __init__(self, python: Callable[..., Any]) -> None:
        self.python = python
        self.traces: dict[Any, list[Trace]] = {}
        self.made: list[Trace] = []
        self.log: list[str] = []
        self._held: list[Any] = []
        functools.update_wrapper(self, python)

    def __repr__(self) -> str:
        return f"<df.function {getattr(self.python, '__qualname__', self.python)}, {self.trace_count} traces>"

    @property
    def trace_count(self) -> int:
        """How many traces have been made."""
        return len(self.made)

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        if instance is None:
            return self
        bound = functools.partial(self, instance)
        return functools.update_wrapper(bound, self.python)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        context = mode.current()
        if context.mode == "eager" or context.graph is not None:
            return self.python(*args, **kwargs)
        leaves: list[Any] = []
        held: list[Any] = []
        try:
            key = (
                tuple([signature(x, leaves, held) for x in args]),
                tuple([(name, signature(x, leaves, held)) for name, x in kwargs.items()]) if kwargs else (),
                context.grad,
                shared(arrays := [*map(device_array, leaves)]),
                context.passes,
            )
        except RecursionError:
            raise GraphError(
                f"function: an argument of {getattr(self.python, '__name__', 'the function')} is nested too deeply",
                hint="pass its tensors in a flat list, or as a dict",
            ) from None
        compile = context.compile and context.watch is None
        for trace in self.traces.get(key, ()):
            if trace.fits(leaves):
                break
        else:
            trace = self._trace(key, args, kwargs, leaves)
            self._held += held  # objects in the key stay alive, so that their ids stay theirs
        return (
            trace.run(leaves, compile, arrays)
            if context.lint is None
            else context.lint.run(self, trace, leaves, compile)
        )

    def _trace(self, key: Any, args: Any, kwargs: Any, leaves: list[Any]) -> Trace:
        changed, reason = self._reason(key)
        context, inside = mode.current(), mode.depth()
        try:
            trace = Trace(self, args, kwargs, leaves)
        except BaseException:
            mode.restore(context, inside)  # a signal may have come between two lines of a scope's end
            raise
        trace.key, trace.changed = key, changed
        self.traces.setdefault(key, []).append(trace)
        self.log.append(reason)
        self.made.append(trace)
        mode.linter().traced(self, trace)
        return trace

    def _reason(self, key: Any) -> tuple[list[tuple[str, str, str]], str]:
        """Return what differs from the trace that is most alike, and the same in words."""
        if not self.made:
            return [], "the first call"
        if key in self.traces:
            return [], "; ".join(self.traces[key][-1].guards.broken())
        changed = min((self.changes(trace.key, key) for trace in reversed(self.made[-8:])), key=len)
        return changed, "; ".join(f"{name}: was {old}, is {new}" for name, old, new in changed) or "another signature"

    def changes(self, before: Any, after: Any) -> list[tuple[str, str, str]]:
        """List what differs between two signatures: the argument, what it was, and what it is."""
        names = list(inspect.signature(self.python).parameters)
        old, new = (
            {
                **{names[i] if i < len(names) else f"argument {i}": part for i, part in enumerate(positional)},
                **{f"keyword argument {name}": part for name, part in named},
            }
            for positional, named, *_ in (before, after)
        )
        kinds = [
            (name, str(was), str(now))
            for name, was, now in zip(CONTEXT, before[2:], after[2:], strict=False)
            if was != now
        ]
        return kinds + [
            (
                name,
                spelled(old[name]) if name in old else "not given",
                spelled(new[name]) if name in new else "not given",
            )
            for name in {**old, **new}
            if name not in old or name not in new or old[name] != new[name]
        ]

    def leaf_names(self, args: Any, kwargs: Any) -> Iterator[str]:
        """Name the tensor arguments after the parameters they belong to."""
        names = list(inspect.signature(self.python).parameters)
        for i, arg in enumerate(args):
            for _ in arguments(arg):
                yield names[i] if i < len(names) else f"argument_{i}"
        for name, arg in kwargs.items():
            for _ in arguments(arg):
                yield name


def function(python: Callable[..., Any] | None = None) -> Any:
    """Make a step that runs line by line in eager mode and as one compiled graph in graph mode. A decorator.

    Tensors and arrays are arguments of the graph, by shape and dtype; variables and leaves that require
    gradients are captured by reference; Python values belong to the signature, so that another value makes
    another trace; objects count by identity. Assignments, ``backward()`` and optimizers work inside.

    >>> @df.function
    ... def double(x):
    ...     return x * 2
    >>> with df.mode("graph"):
    ...     double(df.tensor([1.0, 2.0]))
    tensor([2., 4.])
    """
    if python is None:
        return Function
    if not callable(python):
        raise GraphError(f"function: takes a function, not {type(python).__name__} {python!r}")
    if inspect.isgeneratorfunction(python) or inspect.iscoroutinefunction(python):
        raise GraphError(
            f"function: {python.__name__} is a generator or a coroutine, which runs in pieces; a graph runs as a whole",
            hint="decorate the function that makes one step, and loop outside",
        )
    return Function(python)

"""Who carries an op out right now.

One context variable holds the answer, so modes are local to a thread and to an asyncio task. This
file knows the contexts and how to enter them; it does not know either world: a world registers
itself in ``WORLDS`` and the graph being built is an object that this file only passes on.

Eager ops must not pay for a look-up they do not need. ``UNUSUAL`` is non-empty exactly while some
thread is inside a context that changes how an op is carried out (building a graph, recording
off); testing a list for emptiness costs 10 ns where a context variable costs 30, and only when it is
non-empty does an op ask the context.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from contextvars import ContextVar, Token
from threading import get_ident
from typing import Any, NamedTuple, TypeVar

from dualflow.core.world import WORLDS

F = TypeVar("F", bound=Callable[..., Any])


class Context(NamedTuple):
    """What the current thread or task is doing.

    ``mode``: "eager" or "graph". ``graph``: the graph that ops are added to, or None when ops run at
    once. ``home``: where ``df.mode("graph")`` keeps the graph that placeholders go to. ``compile``: whether
    functions and sessions compile their graphs. ``grad``: whether eager ops are recorded. ``tapes``: the open
    GradientTapes. The debug tools that are on: ``numerics`` (stop at the first NaN or infinity), ``lint`` (the linter
    that is shown what happens, or None), ``values`` (a failed run is replayed, so that its error holds values).
    ``watch``: an observer that is shown every op, or None. Eager ops call ``watch.op(op, args, params, made)``, writes
    ``watch.written(x)``, backward passes ``watch.gradient(record, g)`` before a record's rules run. A graph is
    interpreted while somebody watches, and a node's value is what ``watch.node(node, args, value)`` returns.
    ``passes``: the names of the passes that optimize a graph before it runs; True for all, False for none.
    """

    mode: str = "eager"
    graph: Any = None
    home: Any = None
    compile: bool = True
    grad: bool = True
    tapes: tuple[Any, ...] = ()
    numerics: bool = False
    lint: Any = None
    values: bool = False
    watch: Any = None
    passes: Any = True


USUAL = Context()
_current: ContextVar[Context] = ContextVar("dualflow", default=USUAL)
UNUSUAL: list[int] = []
"""The thread of each such context that is open."""
TOOLS: dict[str, Any] = {}
"""Makers of what the worlds call by name, without knowing it; ``dualflow.inspect`` is loaded when one is asked for."""

current: Callable[[], Context] = _current.get


class Scope:
    """A context manager, re-entrant and usable as a decorator, that changes the context inside it."""

    def __init__(self, unusual: bool = True, memo: list[Context] | None = None, **changes: Any) -> None:
        self._changes = changes
        self._unusual = unusual
        self._memo = [] if memo is None else memo  # the last (context, context changed): `_replace` costs 1.5 µs
        self._tokens: list[Token[Context]] = []

    def __enter__(self) -> Any:
        before = _current.get()
        memo = self._memo
        if not memo or memo[0] is not before:
            memo = self._memo[:] = [before, before._replace(**self._changes)]
        self._tokens.append(_current.set(memo[1]))
        if self._unusual:
            UNUSUAL.append(get_ident())
        return self._changes.get("graph")

    def __exit__(self, *exception: object) -> None:
        if self._unusual:
            UNUSUAL.remove(get_ident())
        _current.reset(self._tokens.pop())

    def __call__(self, function: F) -> F:
        if inspect.isgeneratorfunction(function) or inspect.iscoroutinefunction(function):
            raise TypeError(f"{type(self).__name__} cannot decorate a generator or coroutine; use `with` inside it")

        @functools.wraps(function)
        def wrapped(*args: Any, **kwargs: Any) -> Any:
            with Scope(self._unusual, self._memo, **self._changes):
                return function(*args, **kwargs)

        return wrapped  # type: ignore[return-value]


def depth() -> int:
    """Return how many unusual contexts this thread is inside."""
    return UNUSUAL.count(get_ident())


def restore(context: Context, inside: int) -> None:
    """Put a context and its ``depth()`` back, whatever scopes were left without being closed."""
    if _current.get() is not context:
        _current.set(context)
    for _ in range(depth() - inside):
        UNUSUAL.remove(get_ident())


def current_mode() -> str:
    """Return ``"eager"`` or ``"graph"``, whichever holds in this thread or task.

    >>> df.current_mode()
    'eager'
    >>> with df.mode("graph"):
    ...     df.current_mode()
    'graph'
    """
    return _current.get().mode


def asked(optimize: bool | None, passes: Any, default: Any) -> Any:
    """Return which passes ``optimize`` and ``passes`` ask for; both None: the ``default``."""
    if passes is None:
        return default if optimize is None else optimize
    return optimize is not False and (passes is True or TOOLS["passes"](passes))


def mode(name: str, *, compile: bool = True, optimize: bool = True, passes: Any = None) -> Scope:
    """Enter ``"eager"`` or ``"graph"`` for the length of a ``with`` block.

    In mode "graph" every ``df.function`` is traced and cached, and compiled unless ``compile=False``, which
    runs its nodes one by one under NumPy. Code outside a function runs line by line on concrete tensors;
    ``df.graph()`` is the mode in which every op becomes a node. Before a graph runs, passes leave out of it what does
    not change its results (``df.explain`` shows which): not with ``optimize=False``, and with ``passes=("fold", …)``
    only those. Raises ValueError for another name, GraphError for a pass that there is not.

    >>> with df.mode("graph"), df.mode("eager"):
    ...     df.current_mode()
    'eager'
    """
    if name == "eager":
        return eager()
    if name == "graph":
        return Scope(mode="graph", graph=None, home=[], compile=compile, passes=asked(optimize, passes, True))
    raise ValueError(f"mode must be 'eager' or 'graph', not {name!r}")


def eager() -> Scope:
    """Enter eager mode: each op is computed as its line runs.

    >>> with df.graph(), df.eager():
    ...     df.add(df.ones(2), 1).numpy()
    array([2., 2.], dtype=float32)
    """
    return Scope(mode="eager", graph=None)


_no_grad: list[Context] = []


def no_grad() -> Scope:
    """Switch recording off: results inside do not require gradients. Also a decorator.

    >>> w = df.ones(2, requires_grad=True)
    >>> with df.no_grad():
    ...     (w * 2).requires_grad
    False
    """
    return Scope(memo=_no_grad, grad=False)


def enable_grad() -> Scope:
    """Switch recording on again inside ``no_grad``. Also a decorator.

    >>> x = df.tensor([1.0], requires_grad=True)
    >>> with df.no_grad(), df.enable_grad():
    ...     print(x * 2)
    tensor([2.], grad_fn=<multiply>)
    """
    return Scope(grad=True)


def set_grad_enabled(enabled: bool) -> Scope:
    """Switch recording on or off by a condition, as a context manager.

    >>> x = df.tensor([1.0], requires_grad=True)
    >>> with df.set_grad_enabled(False):
    ...     print(x * 2)
    tensor([2.])
    """
    return Scope(grad=bool(enabled))


def check_numerics() -> Scope:
    """Stop at the op that first makes a NaN or an infinity, forward or backward, in either mode. Also a decorator.

    Raises NumericsError: a result holds a NaN, or an infinity though all operands are finite; what stands inside the
    arguments of ``where`` is excused. docs/guide/debugging.md says more.

    >>> try:
    ...     with df.check_numerics():
    ...         df.ones(2) + df.tensor([float("nan"), 0.0])
    ... except df.errors.NumericsError as error:
    ...     print(str(error).splitlines()[0])
    add: passes on what came in with b: 1 NaN among 2 elements, the first at [0]
    """
    return Scope(numerics=True)


def linter() -> Any:
    """Return the linter of this ``df.lint()`` block; outside of any, the one that knows what is free and certain."""
    return _current.get().lint or TOOLS["lint"]()


def is_grad_enabled() -> bool:
    """Return whether eager ops are recorded now.

    >>> df.is_grad_enabled()
    True
    """
    return _current.get().grad


def guard(owner: object, attribute: str) -> None:
    """Note for a trace in progress that it depends on ``owner.attribute``, so that a change retraces."""
    graph = _current.get().graph
    if graph is not None:
        graph.guard(owner, attribute)


def watch(owner: object) -> bool:
    """Note for a trace in progress that it depends on all that ``owner`` consists of; return whether that is news."""
    graph = _current.get().graph
    return graph is not None and graph.watch(owner)


def took(x: Any) -> None:
    """Note for a trace in progress that the value of an eager tensor became a Python value in it."""
    graph = _current.get().graph
    if graph is not None:
        graph.took(x)


def host_scalar(read: Callable[[], float], dtype: Any) -> Any:
    """Return ``read()`` in eager; in a graph, a scalar that is read afresh at every run.

    So a learning rate can change between two runs of one compiled step.
    """
    graph = _current.get().graph
    return read() if graph is None else graph.host_scalar(read, dtype)


def constant(array: Any) -> Any:
    """Give a NumPy array to the world that is carrying ops out: a tensor, or a node of the graph being built."""
    graph = _current.get().graph
    return WORLDS["eager"].constant(array) if graph is None else graph.constant(array)


def variable(value: Any, *, trainable: bool = True, name: str = "", parameter: bool = False) -> Any:
    """Make a Variable (or a Parameter) of the world that is carrying ops out."""
    return WORLDS["eager"].variable(value, trainable=trainable, name=name, parameter=parameter)


def gradients(y: Any, xs: Any) -> list[Any]:
    """Return d y / d x for each variable, or None where y does not depend on it; ``.grad`` stays as it is."""
    graph = _current.get().graph or getattr(y, "graph", None)
    if graph is None:
        return WORLDS["eager"].gradients(y, xs)
    found: list[Any] = graph.gradients([y], list(xs), create=False, keep=False)
    return found


def group(results: Any) -> Any:
    """Return one node that stands for several assignments while a graph is being built, else None."""
    graph = _current.get().graph
    return None if graph is None else graph.group(results)

"""The functions with which users build a graph; each works on the graph of the block it is called in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dualflow.core import dtypes, mode
from dualflow.core.errors import GraphError
from dualflow.worlds.graph.ir.graph import Graph, flatten
from dualflow.worlds.graph.ir.symbol import Symbol


def current_graph(what: str) -> Graph:
    """Return the graph being built, or the one that ``df.mode("graph")`` keeps; raise when there is none."""
    context = mode.current()
    if context.graph is not None:
        return context.graph
    if context.home is not None:
        if not context.home:
            context.home.append(Graph())
        return context.home[0]
    raise GraphError(
        f"{what}: there is no graph to add to; the mode is eager", hint="write it inside `with df.graph() as g:`"
    )


class graph(mode.Scope):
    """Enter graph mode: every op in the block becomes a node of one graph, run later by ``df.Session``.

    ``df.graph()`` starts a new graph; ``df.graph(g)`` goes on building ``g``.

    >>> with df.graph() as g:
    ...     x = df.placeholder(df.float32, (None,), name="x")
    ...     y = df.sum(x * 2)
    >>> with df.Session(g) as sess:
    ...     float(sess.run(y, feed_dict={x: [1.0, 2.0]}))
    6.0
    """

    def __init__(self, g: Graph | None = None) -> None:
        super().__init__(mode="graph", graph=Graph() if g is None else g)


def placeholder(dtype: Any = dtypes.float32, shape: Any = None, name: str = "") -> Symbol:
    """Add a value that every run must feed. A size of None is any size; no shape is any shape.

    >>> with df.graph():
    ...     df.placeholder(df.float32, (None, 3), name="x").shape
    (None, 3)
    """
    return current_graph("placeholder").placeholder(dtype, shape, name)


def gradients(ys: Any, xs: Any, grad_ys: Any = None) -> list[Any]:
    """Add nodes for d sum(ys) / d x and return one symbol, or None, for each x.

    ``xs``: symbols or variables. ``grad_ys``: what to start from, instead of ones.

    >>> with df.graph() as g:
    ...     x = df.placeholder(df.float32, (), name="x")
    ...     dy, = df.gradients(x * x, [x])
    >>> float(df.Session(g).run(dy, {x: 3.0}))
    6.0
    """
    targets, sources = flatten(ys), flatten(xs)
    owner = next((y.graph for y in targets if isinstance(y, Symbol)), None)
    if owner is None:
        context = mode.current().graph
        if context is None:
            raise GraphError(
                "gradients: the ys are not symbols of a graph",
                hint="in eager, use df.grad(outputs, inputs) or loss.backward()",
            )
        owner = context
    return owner.gradients(targets, sources, None if grad_ys is None else flatten(grad_ys))


def group(*nodes: Any) -> Any:
    """Return a node that runs all of ``nodes`` and gives None. In eager, where they have run, None.

    >>> df.group(df.ones(1)) is None
    True
    """
    flat = flatten(nodes)
    owner = mode.current().graph or next((n.graph for n in flat if isinstance(n, Symbol)), None)
    return None if owner is None else owner.group(flat)


def global_variables_initializer() -> Symbol:
    """Return a node that runs the initializers of all variables of the graph being built.

    >>> with df.graph() as g:
    ...     v = df.Variable(3.0)
    ...     init = df.global_variables_initializer()
    >>> with df.Session(g) as sess:
    ...     sess.run(init)
    ...     float(sess.run(v))
    3.0
    """
    owner = current_graph("global_variables_initializer")
    return owner.group([v.initializer for v in owner.variables])


class _Attribute:
    """A context manager that changes one attribute of the graph being built, if there is one."""

    def __init__(self, attribute: str, change: Callable[[Graph, Any], Any]) -> None:
        self._attribute, self._change = attribute, change
        self._held: list[tuple[Any, Any]] = []

    def __enter__(self) -> None:
        context = mode.current()
        owner = context.graph or (context.home[0] if context.home else None)
        if owner is not None:
            before = getattr(owner, self._attribute)
            setattr(owner, self._attribute, self._change(owner, before))
            self._held.append((owner, before))

    def __exit__(self, *exception: object) -> None:
        if self._held:
            owner, before = self._held.pop()
            setattr(owner, self._attribute, before)


def name_scope(name: str) -> _Attribute:
    """Prefix the names of nodes made in the block with ``name/``. Does nothing in eager.

    >>> with df.graph(), df.name_scope("layer"):
    ...     df.placeholder(df.float32, (), name="x").name
    'layer/x'
    """
    return _Attribute("_scope", lambda owner, before: f"{before}{name}/")


def control_dependencies(nodes: Any) -> _Attribute:
    """Make nodes built in the block run only after ``nodes`` have. Does nothing in eager, where they have.

    >>> with df.graph() as g:
    ...     v = df.Variable(1.0)
    ...     with df.control_dependencies([v.assign_add(1.0)]):
    ...         y = v * 10
    ...     init = df.global_variables_initializer()
    >>> with df.Session(g) as sess:
    ...     sess.run(init)
    ...     float(sess.run(y))
    20.0
    """
    listed = tuple(n for n in flatten(nodes) if isinstance(n, Symbol))

    def add(owner: Graph, before: tuple[Symbol, ...]) -> tuple[Symbol, ...]:
        for node in listed:
            if node.graph is not owner:
                raise owner.foreign(node)
        return before + listed

    return _Attribute("_controls", add)

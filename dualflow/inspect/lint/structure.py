"""What can be seen in a graph, or from a plan with its sizes, without running it.

Each function yields findings; ``linter`` decides when they are reported. This file never runs anything and
keeps nothing.
"""

from __future__ import annotations

import linecache
from collections.abc import Iterator, Sequence
from typing import Any

from dualflow.core.dtypes import WEAK
from dualflow.core.errors import format_shape
from dualflow.core.site import Location, Site, decode
from dualflow.inspect.lint.findings import Finding
from dualflow.worlds.graph.ir.cell import Cell
from dualflow.worlds.graph.ir.graph import Graph
from dualflow.worlds.graph.ir.symbol import Symbol
from dualflow.worlds.graph.plan import Plan
from dualflow.worlds.graph.trace.function import Function
from dualflow.worlds.graph.trace.trace import Trace

ASKED = ("None", "newaxis", "unsqueeze", "expand_dims", "reshape", "view(")
"""Words by which a line says that it wants every pair: then (n,) with (n, 1) is meant."""


# ----------------------------------------------------------------------------------------------------- one op
def crossed(op: Any, shapes: list[Any], site: Site | None) -> Finding | None:
    """Find (n,) with (n, 1), which broadcast to (n, n), on a line that does not ask for pairs."""
    if not op.broadcasts or len(shapes) != 2 or None in shapes:
        return None
    a, b = shapes
    flat, column = (a, b) if len(a) == 1 else (b, a)
    if len(flat) != 1 or len(column) != 2 or column != (*flat, 1) or not flat[0] or flat[0] == 1:
        return None
    if site is None or any(word in decode(site).text for word in ASKED):
        return None
    n = flat[0]
    return Finding.at(
        site, "broadcast",
        f"{op.name} of shapes {format_shape(a)} and {format_shape(b)} gives ({n}, {n}), every element with every other",
        f"give both one shape: squeeze(1) the column to ({n},), or unsqueeze(1) the other to ({n}, 1); write the "
        "unsqueeze on this very line if every pair is meant",
    )  # fmt: skip


def unlike(kind: str, difference: Any, shapes: list[Any], site: Site | None) -> Finding | None:
    """Find the squared or absolute difference of a prediction and a target of another shape.

    ``difference``: what is known of the subtraction's operands, True for those computed from what is trained.
    """
    if site is None or len(shapes) != 2 or None in shapes or sorted(difference) != [False, True]:
        return None
    target, prediction = shapes if difference[1] else shapes[::-1]
    if len(target) != len(prediction) or len(target) < 2 or target == prediction or target[0] != prediction[0]:
        return None
    if any(m != n and 1 not in (m, n) for m, n in zip(target, prediction, strict=True)):
        return None
    return Finding.at(
        site, "broadcast",
        f"a prediction of shape {format_shape(prediction)} is compared with a target of shape {format_shape(target)}, "
        f"they are broadcast, and the difference goes into {kind}",
        "give both one shape; write target.expand_as(prediction) if one column is meant for all",
    )  # fmt: skip


def is_distance(op: Any, operands: Sequence[Any]) -> bool:
    """Return whether an op turns a difference into an error: a square or an absolute value."""
    if op.name == "power":
        return operands[1].__class__ in WEAK and operands[1] == 2
    return op.name in ("square", "abs")


# ----------------------------------------------------------------------------------------------------- a plan
def of_plan(plan: Plan) -> Iterator[Finding]:
    """Yield what the ops of a plan give away, now that sizes are known."""
    specs = plan.specs
    trained: dict[int, bool] = {}

    def shapes(node: Symbol) -> list[Any]:
        return [specs[id(x)].shape if isinstance(x, Symbol) and id(x) in specs else () for x in node.inputs]

    for step in plan.steps:
        node = step.node
        inputs = [x for x in node.inputs if isinstance(x, Symbol)]
        trained[id(node)] = any(trained.get(id(x), False) for x in inputs) or (
            (cell := node.kind.reads(node)) is not None and cell.trainable
        )
        if node.kind.structural or node.forward is not None:
            continue
        found = crossed(node.op, shapes(node), node.site)
        if found is None and is_distance(node.op, node.inputs):
            difference = inputs[0]
            if difference.op.name == "subtract":
                learnt = [isinstance(x, Symbol) and trained.get(id(x), False) for x in difference.inputs]
                found = unlike(node.op.name, learnt, shapes(difference), difference.site)
        if found is None and inputs:
            found = twice(node.op, inputs[0].op, inputs[0].site, node.site)
        if found is not None:
            yield found


def twice(op: Any, before: Any, made: Site, site: Site | None) -> Finding | None:
    """Find softmax of a softmax: a loss of logits that is given probabilities. ``made``: where those were made."""
    if site is None or op.name not in ("cross_entropy", "log_softmax", "softmax") or before.name != "softmax":
        return None
    return Finding.at(
        made, "twice", f"what softmax makes here goes into {op.name}, which takes the softmax itself",
        "leave the softmax away, and give the logits", (op.name, site),
    )  # fmt: skip


# ----------------------------------------------------------------------------------------------------- a graph
def of_graph(graph: Graph) -> Iterator[Finding]:
    """Yield what no run has needed. To be asked when the graph has been run, for the last time."""
    needed = graph.needed
    yield from _never_run(graph, needed)
    for node in graph.nodes:
        if node.kind.fed and id(node) not in needed:
            yield Finding.at(
                node.site, "unused", f"no run needed the placeholder {node.name!r}; what is fed to it goes nowhere",
                "compute with it, or take it away",
            )  # fmt: skip
    yield from _dead(graph, needed)


def _never_run(graph: Graph, needed: set[int]) -> Iterator[Finding]:
    lines: dict[Any, list[Symbol]] = {}
    for node in graph.nodes:
        if node.kind.writes(node) is not None and not node.kind.initial(node) and id(node) not in needed:
            lines.setdefault(decode(node.site)[:2], []).append(node)
    for nodes in lines.values():
        names = list(dict.fromkeys(repr(n.params["cell"].name or "a tensor") for n in nodes))
        listed = ", ".join(names[:4]) + (" …" if len(names) > 4 else "")
        yield Finding.at(
            nodes[0].site, "never-run", f"the update of {listed} was built here and never run",
            "fetch what this line returns: sess.run([loss, train], feed_dict=…)",
        )  # fmt: skip


def _dead(graph: Graph, needed: set[int]) -> Iterator[Finding]:
    """Yield lines that computed from inputs or state, and nothing of which was needed."""
    used = needed | {id(x) for n in graph.nodes for x in (*n.inputs, *n.controls) if isinstance(x, Symbol)}
    settled = {decode(n.site)[:2] for n in graph.nodes if id(n) in needed}  # lines that are alive, or reported
    for node in graph.nodes:
        if node.kind.structural or node.forward is not None or any(id(one) in used for one in node.results):
            continue
        line = decode(node.site)[:2]
        if line in settled:
            continue
        settled.add(line)
        yield Finding.at(
            node.site, "unused", f"no run needed the result of {node.op.name}, named {node.name!r}",
            "fetch it, or take the line away",
        )  # fmt: skip


# ----------------------------------------------------------------------------------------------------- a function
def of_function(function: Function) -> Iterator[Finding]:
    """Yield the arguments of which no trace needed anything."""
    code = getattr(function.python, "__code__", None)
    if code is None:
        return
    unused: set[str] = set()
    needed: set[str] = set()
    for trace in function.made:
        needs = trace.plan.needs()
        for i, (name, symbol) in enumerate(zip(trace.names, trace.inputs, strict=True)):
            (needed if id(symbol) in needs or i in trace.handed else unused).add(name)
    for name in sorted(unused - needed):
        if not name.startswith("_"):
            yield Finding(
                "unused", _head(code),
                f"nothing that {code.co_name} returns or updates depends on its argument {name!r}",
                "compute with it, or take it away",
            )  # fmt: skip


def _head(code: Any) -> Location:
    """Return the line with ``def``, which stands below the decorators."""
    line = code.co_firstlineno
    lines = linecache.getlines(code.co_filename)
    while line < len(lines) and lines[line - 1].lstrip().startswith("@"):
        line += 1
    text = lines[line - 1].strip() if line <= len(lines) else ""
    return Location(code.co_filename, line, 0, 0, code.co_qualname, text)


def way_out(name: str, old: str, new: str) -> str:
    """Describe what to do about an argument that makes a new trace at every change."""
    if new.split(" ")[0] in ("int", "float", "bool", "complex"):
        return f"pass it as a tensor, df.tensor({name}), which counts by shape and dtype, not by value"
    if "(" in old and "(" in new:
        return f"pad {name} to a few sizes: a trace, and its compiled program, is for exact sizes"
    return f"make {name} once, outside the loop: objects count by identity"


def carried(trace: Trace) -> list[tuple[Any, Site, Site]]:
    """Return the tensors whose old ``.grad`` a trace uses for an update and adds to, and the lines that do so."""
    graph = trace.graph
    found = []
    for x, now, cell, before in graph.grads.values():
        if before is None or cell is None or now is None or not reaches(now.newest(), before):
            continue
        home = graph.cells.get(id(x))
        updates = [n for n in graph.nodes if n.kind.writes(n) is home and reaches(n, before)]
        if updates:
            adds = [n for n in graph.nodes if n.op.name == "add" and any(x is before for x in n.inputs)]
            found.append((x, updates[0].site, (adds[0] if adds else now).site))
    return found


def reaches(node: Symbol, source: Symbol) -> bool:
    """Return whether the value of ``source`` arrives in ``node``: not only its shape."""
    seen: set[int] = set()
    todo = [node]
    while todo:
        n = todo.pop()
        if n is source:
            return True
        if id(n) in seen or n.op.name == "full_alike":
            continue
        seen.add(id(n))
        todo += [x for x in n.inputs if isinstance(x, Symbol)]
    return False


def detached(graph: Graph, cell: Cell) -> Symbol | None:
    """Return the node that detaches what was computed from a cell, if there is one."""
    from_cell: set[int] = set()
    for node in graph.nodes:
        if node.kind.reads(node) is cell or any(id(x) in from_cell for x in node.inputs):
            from_cell.add(id(node))
            if node.op.name == "detach":
                return node
    return None

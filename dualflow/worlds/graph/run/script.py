"""A plan as straight-line Python, one line a node: what an interpreted graph runs.

The loop in ``lower.walk`` spends 1 µs a node on finding out what is the same at every run: which kernel, on which
values, and which of them nobody needs any more. A line that says so costs 0.1 µs (0.55 with the tanh or product of 8×8,
where the loop takes 1.6 and eager 0.9), and 15 to 30 µs once, to be compiled. Nothing is checked, shown or explained:
whoever watches a run gets the loop, and so does a run that fails, to be told why.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from dualflow.worlds.graph.ir.nodes import ASSIGN, CONSTANT, GROUP, READ

if TYPE_CHECKING:
    from dualflow.worlds.graph.plan import Plan


def script(plan: Plan) -> Callable[[Sequence[Any], Sequence[Any]], tuple[list[Any], list[Any]]]:
    """Compile a function of what is given and of the state read, which returns the fetched values and the new state."""
    names = [f"v{i}" for i in range(len(plan.fed) + len(plan.hosts))]
    cells = {id(cell): f"s{i}" for i, cell in enumerate([*plan.reads, *plan.writes])}
    held: dict[str, Any] = {"__name__": __name__, "copy": np.array}  # NumPy's warnings are silent in this package
    free: list[str] = []
    where: dict[int, str] = dict(enumerate(names))
    made = len(names)

    def hold(value: Any) -> str:
        name = f"c{len(held)}"
        held[name] = value
        return name

    def spell(source: Any) -> str:
        return where[source] if source.__class__ is int else hold(source[0])

    reads = [cells[id(cell)] for cell in plan.reads]
    lines = ["def run(given, state):", f" [{', '.join(names)}] = given", f" [{', '.join(reads)}] = state"]
    for node, op, sources, place, done in plan.steps:
        if op is READ:
            value = cells[id(node.params["cell"])]
        elif op is ASSIGN:
            value = f"copy({spell(sources[0])}, copy=True)"
        elif op is CONSTANT:
            value = hold(np.asarray(node.params["value"]))
        elif op is GROUP:
            value = "None"
        else:
            params = (f"{name}={hold(value)}" for name, value in node.params.items())
            value = f"{hold(op.kernel('numpy'))}({', '.join([*map(spell, sources), *params])})"
        freed = [where[d] for d in done if d != place]
        free += freed
        if place in done:
            name = "_"
        elif free:
            name = free.pop()
        else:
            name, made = f"v{made}", made + 1
        where[place] = name
        lines.append(f" {name} = {value}")
        if op is ASSIGN:
            lines.append(f" {cells[id(node.params['cell'])]} = {name}")
        lines += [f" {other} = None" for other in freed if other != name]  # a large array is not kept to the end
    outputs = ", ".join("None" if p is None else where[p] for p in plan.outputs)
    writes = ", ".join(cells[id(cell)] for cell in plan.writes)
    lines.append(f" return [{outputs}], [{writes}]")
    exec(compile("\n".join(lines), f"{__file__}: a plan", "exec"), held)
    return held["run"]

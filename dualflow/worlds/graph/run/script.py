"""A plan as straight-line Python, one line a node: what an interpreted graph runs.

The loop in ``walk`` spends 1 µs a node on finding out what is the same at every run: which kernel, on which
values, and which of them nobody needs any more. A line that says so costs 0.1 µs (0.55 with the tanh or product of 8×8,
where the loop takes 1.6 and eager 0.9), and 15 to 30 µs once, to be compiled. Nothing is checked, shown or explained:
whoever watches a run gets the loop, and so does a run that fails, to learn why.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from dualflow.worlds.graph.passes.arrange import Arrangement
from dualflow.worlds.graph.plan import Plan


class Writer:
    """The names in a script: of what it holds, of the state, and of the values at their places."""

    def __init__(self, plan: Plan) -> None:
        self.held: dict[str, Any] = {"__name__": __name__}  # NumPy's warnings are silent in this package
        self._cells = {id(cell): f"s{i}" for i, cell in enumerate([*plan.reads, *plan.writes])}

    def hold(self, value: Any) -> str:
        """Keep an object for the script and return its name there."""
        name = f"c{len(self.held)}"
        self.held[name] = value
        return name

    def cell(self, cell: Any) -> str:
        """Return the name of a state in the script."""
        return self._cells[id(cell)]


def script(plan: Plan, nodes: Arrangement) -> Callable[[Sequence[Any], Sequence[Any]], tuple[list[Any], list[Any]]]:
    """Compile a function of what is given and of the state read, which returns the fetched values and the new state.

    ``nodes``: an arrangement of what the plan computes.
    """
    writer = Writer(plan)
    names = [f"v{i}" for i in range(len(nodes.given))]
    where: dict[Any, str] = dict(enumerate(names))
    free: list[str] = []
    made = len(names)
    reads = [writer.cell(cell) for cell in plan.reads]
    lines = ["def run(given, state):", f" [{', '.join(names)}] = given", f" [{', '.join(reads)}] = state"]
    for node, kind, sources, place, done in nodes.steps:
        args = [where[s] if s.__class__ is int else writer.hold(s[0]) for s in sources]
        value = kind.line(node, args, writer)
        places = (place,) if place.__class__ is int else place
        freed = [where[d] for d in done if d not in places]
        free += freed
        taken = []
        for p in places:
            if p is None or p in done:
                name = "_"
            elif free:
                name = free.pop()
            else:
                name, made = f"v{made}", made + 1
            where[p] = name
            taken.append(name)
        lines.append(f" {name} = {value}" if place.__class__ is int else f" [{', '.join(taken)}] = {value}")
        written = kind.writes(node)
        if written is not None and written in plan.writes:
            lines.append(f" {writer.cell(written)} = {name}")
        lines += [f" {other} = None" for other in freed if other not in taken]  # a large array is not kept to the end
    outputs = ", ".join("None" if p is None else where[p] for p in nodes.outputs)
    writes = ", ".join(writer.cell(cell) for cell in plan.writes)
    lines.append(f" return [{outputs}], [{writes}]")
    exec(compile("\n".join(lines), f"{__file__}: a plan", "exec"), writer.held)
    return writer.held["run"]

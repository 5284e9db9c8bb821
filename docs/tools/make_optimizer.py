"""Write docs/guide/optimizer.md, one graph before and after its passes: ``python docs/tools/make_optimizer.py``."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any

import dualflow as df
from dualflow.worlds.graph.passes.optimize import PASSES
from dualflow.worlds.graph.passes.pruned import Node, Result

PAGE = Path(__file__).resolve().parents[1] / "guide" / "optimizer.md"

HEAD = """\
# What a graph loses before it runs

<!-- Made by `python docs/tools/make_optimizer.py`. -->

A graph is known whole before it runs, so it can be made smaller. dualflow does that by passes: each is a function of a
graph, in `worlds/graph/passes/`, and none may change a bit of what NumPy computes, nor merge or drop random draws,
state and effects (`tests/worlds/graph/test_passes.py` asks that of every op, of its first and second gradient, and of
random programs). An error, `df.check_numerics()` and the debugger see the graph as you wrote it.

`df.explain(step, *args)` and `dualflow explain FILE.py:FUNCTION` show what each pass did to a step of yours and what it
bought; so does the report of `dualflow compare`. `df.mode("graph", optimize=False)` and `df.Session(g, optimize=False)`
switch them off, `passes=("fold", "merge")` chooses.

| pass | what it does |
|:--|:--|
{passes}

## One graph, before and after

```python
{source}```

It and its gradient are {before} nodes; {after} are run. In the picture the nodes that went, or were made otherwise,
are dashed.

```mermaid
{picture}
```

| pass | nodes left | went, or made otherwise |
|:--|--:|:--|
{steps}

What is run:

```
{listing}
```
"""


def step(x: Any, w: Any) -> Any:
    """Two gates that share what they are computed from, and the gradient for the weights."""
    h = df.tanh(x @ w.mT)
    left, right = h[:, :2], h[:, 2:]
    mask = df.tril(df.ones(4, 2))
    y = df.exp(left) * mask + df.exp(left) * right * 1.0
    return df.grad(y.sum(), w)


def spelt(node: Node, names: dict[int, str]) -> str:
    """Write a node as a line of Python."""
    if node.op.name == "constant":
        return f"{names[id(node.results[0])]} = constant of {node.results[0].shape}"
    args = [names.get(id(x), str(x)) if isinstance(x, Result) else shape(x) for x in node.inputs]
    params = [
        f"{name}={value!r}"
        for name, value in node.params.items()
        if name in ("key", "places", "turn") or (name == "axis" and value is not None)
    ]
    return f"{names[id(node.results[0])]} = {node.op.name}({', '.join([*args, *params])})"


def shape(x: Any) -> str:
    """Write an operand that is no node."""
    return f"size {x.shape}" if hasattr(x, "shape") else repr(x)


def main() -> None:
    """Trace the step, carry out the passes, write the page."""
    x, w = df.ones(4, 3), df.ones(4, 3).requires_grad_()
    function = df.function(step)
    with df.mode("graph", compile=False):
        function(x, w * 1)
    plan = function.made[-1].plan
    graph = plan.pruned("numpy")
    names = {id(r): r.name for r in graph.given} | {id(r): r.name for n in graph.nodes for r in n.results}
    first = list(graph.nodes)
    edges = [(node, [x for x in node.inputs if isinstance(x, Result)]) for node in first]
    rows = []
    for name in plan.passes:
        before = list(graph.nodes)
        PASSES[name](graph)
        after = set(map(id, graph.nodes))
        gone = [names[id(n.results[0])] for n in before if id(n) not in after]
        names |= {id(r): r.name for n in graph.nodes for r in n.results}
        rows.append(f"| {name} | {len(graph.nodes)} | {', '.join(gone) or '–'} |")
    left = set(map(id, graph.nodes))
    lines = ["flowchart LR", "  classDef gone stroke-dasharray:4 4,opacity:0.55"]
    for r in graph.given:
        lines.append(f"  {r.name}([{r.name}])")
    for node, inputs in edges:
        title = names[id(node.results[0])]
        lines.append(f"  {title}[{node.op.name}]" + ("" if id(node) in left else ":::gone"))
        lines += [f"  {names[id(x)]} --> {title}" for x in dict.fromkeys(inputs)]
    does = "\n".join(
        f"| `{name}` | {(inspect.getdoc(change) or '').splitlines()[0]} |" for name, change in PASSES.items()
    )
    page = HEAD.format(
        passes=does,
        source=inspect.getsource(step).replace(": Any", "").replace(" -> Any", ""),
        before=len(first),
        after=len(graph),
        picture="\n".join(lines),
        steps="\n".join(rows),
        listing="\n".join(spelt(node, names) for node in graph.nodes),
    )
    PAGE.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()

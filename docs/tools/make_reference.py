"""Write docs/reference/ from the vocabulary: ``python docs/tools/make_reference.py``; ``--check`` finds stale pages."""

from __future__ import annotations

import inspect
import re
import sys
from itertools import groupby
from operator import attrgetter
from pathlib import Path

import dualflow as df
from dualflow.ops.reference import Row
from dualflow.tensors.methods import Methods

FOLDER = Path(__file__).resolve().parents[1] / "reference"
MADE = "Made by `python docs/tools/make_reference.py`; do not edit."
INDEX = """# Reference

{made} `df.ops.table()` prints the ops as a table.

{ops} public ops, {kept} of them differentiable. An op means the same in both worlds: its NumPy kernel computes it
eagerly, its JAX kernel in compiled graphs. `df` has the words of the array API standard; tensors' methods and
`dualflow.torch` have PyTorch's: `df.max(x, axis=0)` gives values, `x.max(0)` values and indices; `df.var(x)` divides
by the count, `x.var()` by one less.

{index}

Cards that gradient rules and composites are written with: {inner}.
"""


def example(function: object) -> list[str]:
    """Return the first lines of a docstring's example, as they are written there."""
    lines = (inspect.getdoc(function) or "").splitlines()
    start = next((i for i, line in enumerate(lines) if line.startswith(">>>")), len(lines))
    return [line for line in lines[start:] if line.strip()]


def words(function: object) -> str:
    """Return what a docstring says before its example, as one paragraph."""
    lines = (inspect.getdoc(function) or "").splitlines()
    start = next((i for i, line in enumerate(lines) if line.startswith(">>>")), len(lines))
    return " ".join(line.strip() for line in lines[:start] if line.strip()).replace("``", "`")


def plain(signature: str) -> str:
    """Return a signature as one would write it: no quotes around hints, none that says nothing."""
    text = re.sub(r"(: |-> )'([^']*)'", r"\1\2", signature)
    text = re.sub(r": Any = ", "=", text).replace(": Any", "")
    return re.sub(r" -> (Any|None)$", "", text)


def entry(row: Row) -> list[str]:
    """Write one op."""
    made = f"composed of {', '.join(row.cards)}" if row.cards else f"NumPy: {row.numpy} · JAX: {row.jax}"
    gradient = "differentiable" if row.differentiable else "no gradient"
    heading = f"### `df.{row.op}{plain(row.signature)}`"
    return [heading, "", words(row.function), "", f"*{made} · {gradient}*", *block(row.function), ""]


def block(thing: object) -> list[str]:
    """Return a docstring's example as a block of Markdown, with the empty line before it."""
    code = example(thing)
    return ["", "```python", *code, "```"] if code else []


def layer(thing: object) -> bool:
    """Return True for a module's class: what `df.nn` holds beside them is functions and an error."""
    return inspect.isclass(thing) and issubclass(thing, df.nn.Module)


TOOLS = {
    "worlds": (
        "Worlds: tapes, graphs, functions and state",
        "mode eager graph current_mode Tensor Variable Parameter no_grad enable_grad set_grad_enabled is_grad_enabled "
        "grad Function GradientTape placeholder Session Graph Symbol gradients function control_dependencies group "
        "name_scope global_variables_initializer Generator manual_seed get_rng_state set_rng_state",
    ),
    "layers": ("Layers", " ".join(f"nn.{name}" for name in df.nn.__all__ if layer(getattr(df.nn, name)))),
    "training": (
        "Training: optimizers and data",
        " ".join([*(f"optim.{name}" for name in df.optim.__all__), *(f"data.{name}" for name in df.data.__all__)]),
    ),
    "tools": (
        "Tools: compare, look into, find",
        "compare lint debug check_numerics explain record Recording replay bisect",
    ),
}
"""What is no op: page → (title, names)."""

SHOWN = {"Tensor": "", "Symbol": "eval", "Graph": "get_tensor_by_name finalize", "Parameter": ""}
"""Class → its methods that a user calls, where that is not all: a graph's others are how worlds add nodes."""


def methods(name: str, kind: type) -> list[str]:
    """Return a line for each public method that a class adds to those of its bases."""
    wanted = SHOWN[name].split() if name in SHOWN else [n for n in vars(kind) if n[0] != "_" and n != "forward"]
    found = {n: inspect.getattr_static(kind, n) for n in wanted}
    return [
        f"- `{n}`: {(inspect.getdoc(m) or '').partition(chr(10))[0].replace('``', '`')}"
        for n, m in found.items()
        if (callable(m) or isinstance(m, property | staticmethod)) and inspect.getdoc(m)
    ]


def described(name: str) -> list[str]:
    """Write one class or function of the facade, and a class's own methods by their first lines."""
    thing = attrgetter(name)(df)
    made = name not in ("Tensor", "Symbol")  # nobody calls these two
    lines = [f"## `df.{name}{plain(str(inspect.signature(thing))) if made else ''}`", "", words(thing), ""]
    if inspect.isclass(thing) and (listed := methods(name, thing)):
        lines += [*listed, ""]
    if name == "Tensor":
        names = [n for n in vars(Methods) if n[0] != "_" and n[-1] != "_" and callable(getattr(Methods, n))]
        lines += [f"Methods are PyTorch's: {', '.join(f'`{n}`' for n in sorted(names))}.", ""]
        lines += ["Many have a form that writes in place, with an underscore: `x.add_(1)`.", ""]
    return [*lines[:-1], *block(thing), ""]


def pages() -> dict[str, str]:
    """Return every page by its file's name: one for each package of chapters, the worlds, the tools, and the index."""
    rows = sorted(df.ops.table(), key=lambda row: row.chapter)
    kept = sum(row.differentiable for row in rows)
    made, index = {}, []
    for package, group in groupby(rows, key=lambda row: row.chapter.split(".")[0]):
        members = list(group)
        lines = [f"# {package}", "", MADE, ""]
        for chapter, part in groupby(members, key=lambda row: row.chapter):
            listed = list(part)
            index.append(f"- [{chapter}]({package}.md): " + ", ".join(f"`{row.op}`" for row in listed))
            lines += ["", f"## {chapter}", ""]
            for row in listed:
                lines += entry(row)
        made[f"{package}.md"] = "\n".join(lines).rstrip() + "\n"
    for name, (title, members) in TOOLS.items():
        lines = [f"# {title}", "", MADE, ""]
        for member in members.split():
            lines += described(member)
        made[f"{name}.md"] = "\n".join(lines).rstrip() + "\n"
        index.append(f"- [{title}]({name}.md): " + ", ".join(f"`{member}`" for member in members.split()))
    made["README.md"] = INDEX.format(
        made=MADE,
        ops=len(rows),
        kept=kept,
        index="\n".join(index),
        inner=", ".join(f"`{name}`" for name in df.ops.inner()),
    )
    return made


def main() -> int:
    """Write the pages, or say which are stale."""
    made = pages()
    stale = [n for n, text in made.items() if not (FOLDER / n).exists() or (FOLDER / n).read_text("utf-8") != text]
    if "--check" in sys.argv[1:]:
        print(
            f"stale: {', '.join(stale)}; run docs/tools/make_reference.py" if stale else "docs/reference is up to date"
        )
        return int(bool(stale))
    for name, text in made.items():
        (FOLDER / name).write_text(text, encoding="utf-8")
    print(f"wrote {len(made)} pages into {FOLDER}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

"""Write docs/reference/ from the vocabulary: ``python docs/tools/make_reference.py``; ``--check`` finds stale pages."""

from __future__ import annotations

import inspect
import sys
from itertools import groupby
from pathlib import Path

import dualflow as df
from dualflow.ops.reference import Row

FOLDER = Path(__file__).resolve().parents[1] / "reference"
MADE = "Made by `python docs/tools/make_reference.py`; do not edit."


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


def entry(row: Row) -> list[str]:
    """Write one op."""
    made = f"composed of {', '.join(row.cards)}" if row.cards else f"NumPy: {row.numpy} · JAX: {row.jax}"
    gradient = "differentiable" if row.differentiable else "no gradient"
    code = example(row.function)
    signature = row.signature.replace(": Any", "").replace(" -> Any", "").replace("= None", "=None")
    block = ["", "```python", *code, "```"] if code else []
    return [f"### `df.{row.op}{signature}`", "", words(row.function), "", f"*{made} · {gradient}*", *block, ""]


TOOLS = {
    "worlds": (
        "Worlds: tapes, graphs, functions and state",
        "mode eager graph current_mode Tensor Variable Parameter no_grad enable_grad set_grad_enabled is_grad_enabled "
        "grad Function GradientTape placeholder Session Graph Symbol gradients function control_dependencies group "
        "name_scope global_variables_initializer Generator manual_seed get_rng_state set_rng_state",
    ),
    "tools": (
        "Tools: compare, look into, find",
        "compare lint debug check_numerics explain record Recording replay bisect",
    ),
}
"""What is no op: page → (title, names)."""


def described(name: str) -> list[str]:
    """Write one class or function of the facade, and a class's public methods by their first lines."""
    thing = getattr(df, name)
    try:
        signature = str(inspect.signature(thing)).replace(": Any", "").replace(" -> Any", "").replace("= None", "=None")
    except (TypeError, ValueError):
        signature = "(...)"
    code = example(thing)
    lines = [f"## `df.{name}{signature}`", "", words(thing), ""]
    if inspect.isclass(thing) and name not in ("Tensor", "Symbol", "Parameter"):
        methods = {
            n: m
            for n, m in vars(thing).items()
            if n[0] != "_" and (callable(m) or isinstance(m, property | staticmethod))
        }
        lines += [f"- `{n}`: {(inspect.getdoc(m) or '').partition(chr(10))[0]}" for n, m in methods.items()] + [""]
    return lines + (["```python", *code, "```", ""] if code else [])


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
    inner = ", ".join(f"`{name}`" for name in df.ops.inner())
    made["README.md"] = "\n".join([
        "# Reference", "", f"{MADE} `df.ops.table()` prints the ops as a table.", "",
        f"{len(rows)} public ops, {kept} of them differentiable. An op means the same in both worlds: its NumPy",
        "kernel computes it eagerly, its JAX kernel in compiled graphs. `df` has the words of the array API standard;",
        "tensors' methods and `dualflow.torch` have PyTorch's: `df.max(x, axis=0)` gives values, `x.max(0)` values and",
        "indices; `df.var(x)` divides by the count, `x.var()` by one less.", "", *index, "",
        f"Cards that gradient rules and composites are written with: {inner}.", "",
    ])  # fmt: skip
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

"""Write docs/reference.md from the vocabulary: ``python docs/make_reference.py``; ``--check`` tells if it is stale."""

from __future__ import annotations

import inspect
import sys
from itertools import groupby
from pathlib import Path

import dualflow as df
from dualflow.ops.reference import Row

PAGE = Path(__file__).with_name("reference.md")


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


def page() -> str:
    """Write the whole page."""
    rows = sorted(df.ops.table(), key=lambda row: row.chapter)
    kept = sum(row.differentiable for row in rows)
    lines = [
        "# Reference",
        "",
        "Made by `python docs/make_reference.py`; do not edit. `df.ops.table()` prints the same as a table.",
        "",
        f"{len(rows)} public ops, {kept} of them differentiable. An op means the same in both worlds: its NumPy kernel",
        "computes it eagerly, its JAX kernel in compiled graphs.",
        "",
        "Functions mean what the array API standard says and a tensor's methods what PyTorch's do; in either, a word",
        "of the other library (`axis`, `keepdims`; `dim`, `keepdim`, `unbiased`) calls for that library's meaning:",
        "`df.max(x, axis=0)` gives values, `df.max(x, dim=0)` and `x.max(0)` give values and indices; `df.var(x)`",
        "divides by the count, `x.var()` by one less.",
        "",
    ]
    for chapter, group in groupby(rows, key=lambda row: row.chapter):
        members = list(group)
        lines += [f"- **{chapter}**: " + ", ".join(f"`{row.op}`" for row in members)]
    for chapter, group in groupby(rows, key=lambda row: row.chapter):
        lines += ["", f"## {chapter}", ""]
        for row in group:
            lines += entry(row)
    inner = ", ".join(f"`{name}`" for name in df.ops.inner())
    lines += ["## Inside", "", f"Cards that gradient rules and composites are written with: {inner}.", ""]
    return "\n".join(lines)


def main() -> int:
    """Write the page, or tell whether it is up to date."""
    text = page()
    if "--check" in sys.argv[1:]:
        fresh = PAGE.exists() and PAGE.read_text(encoding="utf-8") == text
        print("docs/reference.md is up to date" if fresh else "docs/reference.md is stale: run docs/make_reference.py")
        return 0 if fresh else 1
    PAGE.write_text(text, encoding="utf-8")
    print(f"wrote {PAGE} ({len(text.splitlines()):,} lines)")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

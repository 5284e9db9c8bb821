"""What the user calls a value: the variable that its line assigns it to, read off the source with ``ast``.

Python's instructions carry the columns of the expression that they belong to, so an op and an assignment are matched
by their place in the text, and not by guessing from the line.
"""

from __future__ import annotations

import ast
import functools
import linecache
from collections.abc import Sequence
from typing import Any, NamedTuple

from dualflow.autodiff.record import OP, site_of
from dualflow.core.site import Site, decode, short


class Line(NamedTuple):
    """A line of the user's: file, number, the function it is in, and its text."""

    file: str
    number: int
    function: str
    text: str

    def __str__(self) -> str:
        return f"{short(self.file)}:{self.number}"


NOWHERE = Line("", 0, "", "")
Span = tuple[int | None, int | None, int | None, int | None]


@functools.lru_cache(4096)
def line_of(site: Site) -> Line:
    """Decode a site; a training loop has few, however often it runs."""
    place = decode(site)
    return Line(place.file, place.line, place.function, place.text)


def made_at(record: Any) -> Site | None:
    """Return the site of a record; a leaf was made by no op."""
    return None if record is None or record[OP] is None else site_of(record)


def variables(made: Sequence[tuple[Site, str]]) -> list[str]:
    """Return, for each (site, op) of a run in order, the variable that its line binds the value to, or "".

    Of several ops behind one expression, such as the layers in ``h = model(x)``, the last gave the value.
    """
    found = []
    for i, (site, op) in enumerate(made):
        target, called = _assignment(site)
        last = i + 1 == len(made) or made[i + 1][0] != site
        found.append(target if target and (called in ("", op) or last) else "")
    return found


@functools.lru_cache(4096)
def _assignment(site: Site) -> tuple[str, str]:
    """Return the target that a site's expression is assigned to, and the name of the function it calls ("": none)."""
    code, offset = site
    spans = list(code.co_positions())
    if not 0 <= offset // 2 < len(spans):
        return "", ""
    return _targets("".join(linecache.getlines(code.co_filename))).get(spans[offset // 2], ("", ""))


@functools.lru_cache(64)
def _targets(source: str) -> dict[Span, tuple[str, str]]:
    try:
        tree = ast.parse(source)
    except SyntaxError:  # a notebook's cell with magics, or a file changed since it was imported
        return {}
    found = {}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Assign | ast.AnnAssign | ast.NamedExpr | ast.AugAssign):
            continue
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        value: Any = node if isinstance(node, ast.AugAssign) else node.value  # the instruction of `h += 1` spans it all
        if value is not None and len(targets) == 1 and isinstance(targets[0], ast.Name | ast.Attribute):
            span = value.lineno, value.end_lineno, value.col_offset, value.end_col_offset
            found[span] = ast.unparse(targets[0]), _called(value)
    return found


def _called(value: ast.AST) -> str:
    if not isinstance(value, ast.Call):
        return ""
    return value.func.attr if isinstance(value.func, ast.Attribute) else getattr(value.func, "id", "?")

"""What the user calls a value: the variable that its line assigns it to, read off the source with ``ast``.

Python's instructions carry the columns of the expression that they belong to, so an op and an assignment are matched
by their place in the text, and not by guessing from the line.
"""

from __future__ import annotations

import ast
import functools
import linecache
from collections.abc import Iterator, Sequence
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
    return {_span(value): (ast.unparse(target), _called(value)) for target, value in _assignments(tree)}


def _assignments(tree: ast.AST) -> Iterator[tuple[ast.expr, ast.AST]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and len(node.targets) == 1:
            target, value = node.targets[0], node.value
        elif isinstance(node, ast.AnnAssign | ast.NamedExpr) and node.value is not None:
            target, value = node.target, node.value
        elif isinstance(node, ast.AugAssign):
            target, value = node.target, node  # type: ignore[assignment]  # the instruction of `h += 1` spans the statement
        else:
            continue
        if isinstance(target, ast.Name | ast.Attribute):
            yield target, value


def _called(value: ast.AST) -> str:
    if not isinstance(value, ast.Call):
        return ""
    return value.func.attr if isinstance(value.func, ast.Attribute) else getattr(value.func, "id", "?")


def _span(place: Any) -> Span:
    return place.lineno, place.end_lineno, place.col_offset, place.end_col_offset

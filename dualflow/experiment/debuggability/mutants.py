"""Mechanical mistakes for a function of the user's own: one small change of one line each, at its exact place.

Line numbers stay what they are. This file knows which changes it makes and where they fit; it knows neither what the
function computes nor how a change will show: that is what the study finds out.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from dualflow.arms.target import Unknown
from dualflow.core.codec import Serializable
from dualflow.experiment.faults.card import Case, Planted

EACH = 3
"""Mutants of each sort that are made, spread over the function; with all of them a long function has hundreds."""


@dataclass(frozen=True, kw_only=True)
class Mutant(Case, Serializable):
    """The user's file with one change; ``mistake`` says which, ``guilty`` on which line.

    For a call that is left out the lines before and after it are guilty too: it is missing between them.
    """

    guilty: tuple[int, ...]
    text: str

    def planted(self) -> Planted:
        return Planted(self.text, self.guilty)

    def shows(self, arm: str) -> str:
        return "not expressible" if self.kind == "C" and arm == "eager" else ""


@dataclass(frozen=True)
class Change:
    """One possible change: its sort, its class, what it is called, the node it replaces and by what."""

    sort: str
    kind: str
    mistake: str
    node: ast.expr | ast.stmt
    new: str
    names: tuple[str, ...] = ()
    beside: tuple[int, ...] = ()


def mutants(source: str, function: str, program: str, each: int = EACH) -> list[Mutant]:
    """Make up to ``each`` mutants of every sort for the function of that name. Raises Unknown if there is none."""
    tree = ast.parse(source)
    found = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name == function]
    if not found:
        raise Unknown(f"{program} has no function {function!r} in its text")
    alias = next(
        (a.asname or a.name for n in tree.body if isinstance(n, ast.Import) for a in n.names if a.name == "dualflow"),
        '__import__("dualflow")',
    )
    sorts: dict[str, list[Change]] = {}
    for change in changes(found[-1], alias):
        sorts.setdefault(change.sort, []).append(change)
    chosen = [
        listed[round(i * (len(listed) - 1) / max(1, min(each, len(listed)) - 1))]
        for listed in sorts.values()
        for i in range(min(each, len(listed)))
    ]
    return [
        Mutant(program, change.mistake, f"{change.sort}-{change.node.lineno}-{number}", change.kind, names=change.names,
               guilty=(change.node.lineno, *change.beside), text=_replaced(source, change.node, change.new))
        for number, change in enumerate(chosen)
    ]  # fmt: skip


def changes(function: ast.FunctionDef, alias: str) -> Iterator[Change]:
    """List every change that fits the function, in the order of its lines."""
    assigned: list[str] = []
    arguments = {a.arg for a in function.args.args}
    statements = list(_statements(function.body))
    for place, statement in enumerate(statements):
        for node in _expressions(statement):
            text = ast.unparse(node)
            if isinstance(node, ast.BinOp):
                yield from _of_operator(node)
            if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
                inside = ast.unparse(node.slice)
                if not isinstance(node.slice, ast.Slice) and ":" not in inside and isinstance(node.value, ast.Name):
                    new = f"{node.value.id}[{inside} + 1000]"
                    yield Change("index", "G", f"`{text}` is read 1,000 further on", node, new, (node.value.id,))
            if isinstance(node, ast.Call):
                for given in node.args:
                    if isinstance(given, ast.Name) and given.id in arguments:
                        mistake = f"`{given.id}` loses a row in `{ast.unparse(node.func)}`"
                        yield Change("rows", "A", mistake, given, f"{given.id}[1:]", (given.id,))
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in assigned[1:]:
                before = assigned[assigned.index(node.id) - 1]
                yield Change("stale", "E", f"`{before}` is used for `{node.id}`", node, before, (before, node.id))
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
            yield from _of_value(statement, alias)
            name = statement.targets[0].id
            if name not in assigned:
                assigned.append(name)
        call = statement.value if isinstance(statement, ast.Expr) else None
        if isinstance(call, ast.Call):
            text = ast.unparse(call)
            beside = tuple(
                other.lineno for other in statements[max(0, place - 1) : place + 2] if other is not statement
            )
            yield Change("omitted", "F", f"`{text}` is left out", statement, "pass", (), beside)


def _statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    for statement in body:
        yield statement
        for field in ("body", "orelse", "finalbody"):
            if not isinstance(statement, ast.FunctionDef | ast.ClassDef):
                yield from _statements(getattr(statement, field, []))


def _expressions(statement: ast.stmt) -> Iterator[ast.expr]:
    """Return the expressions of one statement, without those of statements inside it."""
    for child in ast.iter_child_nodes(statement):
        if isinstance(child, ast.expr):
            yield from (node for node in ast.walk(child) if isinstance(node, ast.expr))


def _of_operator(node: ast.BinOp) -> Iterator[Change]:
    left, right = (ast.unparse(side) for side in (node.left, node.right))
    if isinstance(node.op, ast.MatMult):
        yield Change("shape", "A", f"`{right}` is transposed", node, f"{left} @ ({right}).mT", (right,))
    for sort, other, sign in ((ast.Add, "-", "+"), (ast.Sub, "+", "-")):
        if isinstance(node.op, sort):
            yield Change("sign", "E", f"`{sign} {right}` has the other sign", node, f"{left} {other} {right}")
            if isinstance(node.left, ast.Name) and isinstance(node.right, ast.Name):
                yield Change("broadcast", "A", f"`{right}` gets an axis too much", node,
                             f"{left} {sign} {right}.unsqueeze(-1)", (right,))  # fmt: skip


def _of_value(statement: ast.Assign, alias: str) -> Iterator[Change]:
    """Spoil what is assigned to a name: fewer rows, whole numbers, 0/0, a Python number."""
    value, name = statement.value, ast.unparse(statement.targets[0])
    text = ast.unparse(value)
    if isinstance(value, ast.Constant | ast.Tuple | ast.List | ast.Dict):
        return
    yield Change("rows", "A", f"`{name}` loses a row", value, f"({text})[1:]", (name,))
    yield Change("dtype", "A", f"`{name}` is cut to whole numbers", value, f"({text}).astype({alias}.int64)", (name,))
    yield Change("nan", "D", f"`{name}` is divided by zero", value, f"({text}) / (0 * ({text}))", (name,))
    yield Change(
        "number", "C", f"`{name}` is read as a Python number", value, f"({text}) + 0 * float(({text}).sum())", (name,)
    )


def _replaced(source: str, node: ast.expr | ast.stmt, new: str) -> str:
    """Put ``new``, one line, in the place of a node; columns count bytes of UTF-8, and the number of lines stays."""
    lines = source.encode().split(b"\n")
    last = node.end_lineno or node.lineno
    head, tail = lines[node.lineno - 1][: node.col_offset], lines[last - 1][node.end_col_offset :]
    padding = [b""] * (last - node.lineno)
    return b"\n".join([*lines[: node.lineno - 1], head + new.encode() + tail, *padding, *lines[last:]]).decode()

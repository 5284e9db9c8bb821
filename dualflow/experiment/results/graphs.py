"""A step as eager mode runs it and as a graph has it, op by op, side by side, with the user's lines.

It knows pairs of ops and the source they come from. Recording a step and pairing the ops of two recordings is the
debugger's business.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from dualflow.core.errors import format_shape
from dualflow.core.site import short
from dualflow.inspect.record.bisect import align
from dualflow.inspect.record.recorder import Subject
from dualflow.inspect.record.recording import Entry
from dualflow.report.document import Block, Code, Fold, Paragraph, Table
from dualflow.report.quantity import count

MOST = 2000
"""Ops of a step beyond which its two sides are not aligned: that is quadratic where many are alike, 3 s at 2,000."""

AROUND = 2
"""Lines of source shown before the first and after the last that has an op."""


@dataclass(frozen=True)
class Op:
    """One op of a run: its name, the variable or state it gave a value to, the value's shape and dtype, the line."""

    op: str
    name: str
    shape: tuple[int, ...]
    dtype: str
    file: str
    line: int

    @property
    def label(self) -> str:
        """The op and what it made."""
        return f"{self.op} {self.name}".rstrip()


@dataclass(frozen=True)
class Graphs:
    """Pairs (eager, graph) in order, None where the other side has the op alone.

    ``rules``: nodes of the graph that are steps of gradient rules and take part in no pair: eager mode records one
    gradient for each op. ``sources``: the text of each file that has a line here. ``note``: why there are no pairs.
    """

    pairs: tuple[tuple[Op | None, Op | None], ...]
    rules: int
    sources: dict[str, str]
    note: str = ""

    @property
    def alone(self) -> int:
        """How many ops one side has alone."""
        return sum(None in pair for pair in self.pairs)

    def to_json(self) -> dict[str, Any]:
        """Return plain dictionaries and lists."""

        def fields(op: Op | None) -> dict[str, Any] | None:
            return None if op is None else asdict(op) | {"shape": list(op.shape)}

        pairs = [{"eager": fields(a), "graph": fields(b)} for a, b in self.pairs]
        return {"pairs": pairs, "rules": self.rules, "sources": dict(self.sources), "note": self.note}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Graphs:
        """Rebuild them from what ``to_json`` returned."""

        def op(fields: Mapping[str, Any] | None) -> Op | None:
            return None if fields is None else Op(**{**fields, "shape": tuple(fields["shape"])})

        pairs = tuple((op(pair["eager"]), op(pair["graph"])) for pair in data["pairs"])
        return cls(pairs, data["rules"], dict(data["sources"]), data["note"])

    def blocks(self, name: str) -> list[Block]:
        """Put both sides into a table whose lines lead to the source; ``name`` keeps several reports' anchors apart."""
        if self.note:
            return [Paragraph(self.note)]
        one = sum(a is not None for a, _ in self.pairs), sum(b is not None for _, b in self.pairs)
        rows: list[list[str | None]] = []
        links: list[list[str | None]] = []
        for a, b in self.pairs:
            op = b or a
            assert op is not None
            only = "eager alone" if b is None else "graph alone" if a is None else ""
            sides = [None if side is None else side.label for side in (a, b)]
            rows.append([*sides, format_shape(op.shape), op.dtype, f"{op.file}:{op.line}" if op.line else None, only])
            place = f"{name}-{op.file}-{op.line}" if op.file in self.sources else None
            links.append([None, None, None, None, place, None])
        table = Table.of(["eager tape", "graph", "shape", "dtype", "line", "only"], rows, links=links)
        blocks: list[Block] = [
            Paragraph(
                f"The tape of one eager step has {count(one[0])} ops and gradients, the graph {count(one[1])} that can "
                f"be set beside them; on one side alone: {count(self.alone) if self.alone else 'none'}. Further nodes "
                f"of the graph, the steps inside gradient rules: {count(self.rules)}. The compiled program is made of "
                "these same nodes, which XLA fuses."
            ),
            Fold(f"Both sides, op by op: {count(len(self.pairs))} rows", (table,)),
        ]
        for file, text in self.sources.items():
            used = sorted({op.line for pair in self.pairs for op in pair if op is not None and op.file == file})
            lines = text.removesuffix("\n").split("\n")
            first, last = max(used[0] - AROUND, 1), min(used[-1] + AROUND, len(lines))
            code = Code("\n".join(lines[first - 1 : last]), first_line=first, anchor=f"{name}-{file}")
            blocks.append(Fold(f"The source: {file}", (code,)))
        return blocks


def graphs(step: Callable[..., Any], args: tuple[Any, ...]) -> Graphs:
    """Run ``step(*args)`` once in eager mode and once as a graph, and pair their ops.

    Afterwards variables, arguments and random streams are what they were.
    """
    subject = Subject("compare", step, args)
    eager, graph = subject.record("eager"), subject.record("interpreted")
    if max(len(eager), len(graph)) > MOST:
        return Graphs((), 0, {}, f"A step has {count(max(len(eager), len(graph)))} ops, too many to set side by side.")
    pairs = align(eager, graph)
    files: dict[str, str] = {}
    for pair in pairs:
        for entry in pair:
            if entry is not None and os.path.isfile(entry.at.file):
                files.setdefault(_file(entry), entry.at.file)
    sources = {}
    for name, path in files.items():
        with open(path, encoding="utf-8") as file:
            sources[name] = file.read()
    paired = {id(b) for _, b in pairs}
    rules = sum(entry.forward is not None and id(entry) not in paired for entry in graph)
    return Graphs(tuple((_op(a), _op(b)) for a, b in pairs), rules, sources)


def _op(entry: Entry | None) -> Op | None:
    if entry is None:
        return None
    name = entry.name or (entry.of[0][0].split(" ")[0] if entry.of else "")
    op = "gradient" if entry.kind == "gradient" or entry.of else entry.op
    return Op(op, name, entry.shape, str(entry.dtype), _file(entry), entry.at.number)


def _file(entry: Entry) -> str:
    return os.path.basename(short(entry.at.file))

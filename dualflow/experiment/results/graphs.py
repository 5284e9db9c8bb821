"""A step as eager mode runs it and as a graph has it: the ops of both in pairs, with the user's lines.

Recording a step and pairing the ops of two recordings is the debugger's business.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from dualflow.core.codec import Serializable
from dualflow.core.site import short
from dualflow.inspect.record.bisect import align
from dualflow.inspect.record.entry import Entry
from dualflow.inspect.record.recorder import Subject

MOST = 2000
"""Ops of a step beyond which its two sides are not aligned: that is quadratic where many are alike, 3 s at 2,000."""


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


class Pair(NamedTuple):
    """An op of the tape and the one of the graph that it is set beside; None where the other side has the op alone."""

    eager: Op | None
    graph: Op | None


@dataclass(frozen=True)
class Graphs(Serializable):
    """The pairs in order.

    ``rules``: nodes of the graph that are steps of gradient rules and take part in no pair: eager mode records one
    gradient for each op. ``sources``: the text of each file that has a line here. ``note``: why there are no pairs.
    """

    pairs: tuple[Pair, ...]
    rules: int
    sources: dict[str, str]
    note: str = ""

    @property
    def alone(self) -> int:
        """How many ops one side has alone."""
        return sum(None in pair for pair in self.pairs)


def graphs(step: Callable[..., Any], args: tuple[Any, ...]) -> Graphs:
    """Run ``step(*args)`` once in eager mode and once as a graph, and pair their ops.

    Afterwards variables, arguments and random streams are what they were.
    """
    subject = Subject("compare", step, args)
    eager, graph = subject.record("eager"), subject.record("interpreted")
    if max(len(eager), len(graph)) > MOST:
        return Graphs((), 0, {}, f"A step has {max(len(eager), len(graph)):,} ops, too many to set side by side.")
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
    return Graphs(tuple(Pair(_op(a), _op(b)) for a, b in pairs), rules, sources)


def _op(entry: Entry | None) -> Op | None:
    if entry is None:
        return None
    name = entry.name or (entry.of[0][0].split(" ")[0] if entry.of else "")
    op = "gradient" if entry.kind == "gradient" or entry.of else entry.op
    return Op(op, name, entry.shape, str(entry.dtype), _file(entry), entry.at.number)


def _file(entry: Entry) -> str:
    return os.path.basename(short(entry.at.file))

"""One op of a recorded run: what it was, at which of the user's lines, and what it gave; and entries as text."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from dualflow.core.errors import format_shape
from dualflow.core.site import short
from dualflow.inspect.record.source import Line

WIDTH = 80


@dataclass(frozen=True)
class Entry:
    """One op of a run.

    ``kind``: "op"; "write" into a variable; "gradient", the gradient that reached an op's result in an eager backward
    pass; or what only a graph has: "read", "given" (fed or drawn) and "constant". ``name`` is the variable it was
    assigned to, or the state's name; ``symbol`` the node's. ``at`` is the user's line. Gradients have ``forward``: in
    eager the line whose result it is the gradient of, in a graph the line whose rule made the node; ``of`` names the
    ops, as "op file:line", whose whole gradient this is, each with its turn in the backward passes. ``operands`` are
    the inputs as they were, in the op's order.
    """

    op: str
    kind: str
    name: str
    symbol: str
    at: Line
    forward: Line | None
    of: tuple[tuple[str, int], ...]
    operands: tuple[np.ndarray, ...] = field(repr=False)
    value: np.ndarray = field(repr=False)

    @property
    def shape(self) -> tuple[int, ...]:
        """The value's shape."""
        return self.value.shape

    @property
    def dtype(self) -> np.dtype:
        """The value's dtype."""
        return self.value.dtype

    def __str__(self) -> str:
        name = f" {self.name or self.symbol!r}" if self.name or self.symbol else ""
        back = f", back from {self.forward}: {self.forward.text}" if self.forward else ""
        return f"{self.op}{name}, at {self.at}: {self.at.text}{back}"

    def matches(self, where: str | int) -> bool:
        """Return whether ``where`` means this entry: see ``meant``."""
        return meant(where, self)


def meant(where: str | int, node: Any) -> bool:
    """Return whether a line, "FILE.py:LINE", an op, a variable, a symbol or a name scope means a node or entry."""
    lines = [line for line in (node.at, node.forward) if line is not None]
    if isinstance(where, int):
        return any(line.number == where for line in lines)
    if where in (node.op, node.name, node.symbol) or node.symbol.startswith(f"{where}/"):
        return True
    file, _, number = where.rpartition(":")
    end = os.sep + os.path.normpath(file)
    return number.isdigit() and any(
        line.number == int(number) and (os.sep + os.path.normpath(line.file)).endswith(end) for line in lines
    )


def wanted(entry: Entry, only: Sequence[str | int]) -> bool:
    """Return whether an entry is at one of some places; without any, every one is."""
    return not only or any(entry.matches(where) for where in only)


# --- as text --------------------------------------------------------------------------------------------------------


def summary(value: np.ndarray, digits: int = 4) -> str:
    """Describe what is in an array: its number, or smallest … largest and how many are not finite.

    >>> summary(np.float32([1.0, 2.5, np.nan]))
    '1 … 2.5, 1 NaN'
    """
    if value.size == 0:
        return "empty"
    if value.size == 1:
        return _number(value.reshape(-1)[0], digits)
    if value.dtype.kind == "b":
        return f"{np.count_nonzero(value)} of {value.size} true"
    if value.dtype.kind == "c":
        return f"|{_number(abs(value).min(), digits)}| … |{_number(abs(value).max(), digits)}|"
    parts, finite = [], value
    if value.dtype.kind == "f":
        finite = value[np.isfinite(value)]
        counts = {"NaN": np.isnan(value).sum(), "inf": np.isinf(value).sum()}
        parts = [f"{n} {what}" for what, n in counts.items() if n]
    if finite.size:
        parts.insert(0, f"{_number(finite.min(), digits)} … {_number(finite.max(), digits)}")
    return ", ".join(parts)


def _number(x: Any, digits: int) -> str:
    return f"{x:.{digits}g}" if x.dtype.kind in "fc" else str(x.item())


def size(value: np.ndarray) -> str:
    return f"{value.dtype} {format_shape(value.shape)}"


def cells(entry: Entry, more: Sequence[str], widths: Sequence[int]) -> str:
    """Lay one row of a table out: the op, its name, and further columns."""
    back = "↩ " if entry.kind == "gradient" or entry.forward is not None else ""
    op = entry.of[0][0].split(" ")[0] if entry.kind == "gradient" else entry.op
    name = entry.name or (f"of line {entry.forward.number}" if entry.forward else entry.symbol)
    name = name if len(name) <= 16 else "…" + name[-15:]  # a path's end says more than its beginning
    columns = [(f"{back}{op}", 13), (name, 16), *zip(more, widths, strict=True)]
    return "  " + " ".join(cut(text, width).ljust(width) for text, width in columns).rstrip()


def cut(text: str, width: int) -> str:
    """Shorten a text to a width."""
    return text if len(text) <= width else text[: width - 1] + "…"


def grouped(rows: Any) -> Iterator[str]:
    """Put (line, text) rows under the user's lines, each line once where ops of it follow one another."""
    shown: Line | None = None
    for at, text in rows:
        if at[:2] != (shown and shown[:2]):
            shown = at
            yield cut(f"{os.path.basename(short(at.file))}:{at.number}  {at.text}", WIDTH)
        yield text

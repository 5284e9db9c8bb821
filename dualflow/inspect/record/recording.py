"""A recording: what every op of one run gave, in order, with the user's lines; to read, index, save and step through.

This file knows nothing of how a run is made (``recorder`` does). A file is NumPy's ``.npz`` with the arrays and a JSON
text, and holds no pickled objects, so that reading a stranger's runs nothing.
"""

from __future__ import annotations

import difflib
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, overload

import numpy as np

from dualflow.core.errors import format_shape
from dualflow.core.mode import TOOLS
from dualflow.core.site import short
from dualflow.inspect.record.source import Line

FORMAT = 1
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


class Recording(Sequence[Entry]):
    """Every op of one run, in order; made by ``df.record``.

    An index is a place or a slice, or a variable's, symbol's or op's name or "FILE.py:LINE", which give the last entry
    that they mean; ``find`` gives all. ``results`` holds what the step returned and the state it left, by name, and
    ``error`` what ended the run, or "". Printed, it is a table.
    """

    def __init__(
        self, title: str, arm: str, entries: Sequence[Entry], results: dict[str, np.ndarray], error: str = ""
    ) -> None:
        self.title, self.arm, self.entries, self.results, self.error = title, arm, list(entries), results, error

    def __len__(self) -> int:
        return len(self.entries)

    @overload
    def __getitem__(self, where: int | str) -> Entry: ...
    @overload
    def __getitem__(self, where: slice) -> list[Entry]: ...
    def __getitem__(self, where: int | str | slice) -> Any:
        if not isinstance(where, str):
            return self.entries[where]
        found = self.find(where)
        if not found:
            known = {k for e in self for k in (e.name, e.symbol, e.op) if k}
            near = difflib.get_close_matches(where, known, 3)
            hint = f"; did you mean {' or '.join(map(repr, near))}?" if near else ""
            raise KeyError(f"nothing of {len(self)} recorded ops is called, or stands at, {where!r}{hint}")
        return found[-1]

    def find(self, where: str | int) -> list[Entry]:
        """Return all entries of a name, an op, a line number or "FILE.py:LINE", in order."""
        return [entry for entry in self if entry.matches(where)]

    def __repr__(self) -> str:
        return f"<{self.arm} recording of {self.title}: {len(self)} ops{', ended by an error' if self.error else ''}>"

    def __str__(self) -> str:
        return self.table()

    def table(self, only: Sequence[str | int] = ()) -> str:
        """Write the ops as a table, 80 columns wide, those of some places only if they are given."""
        rows = ((e.at, cells(e, (_size(e.value), summary(e.value)), (20, 26))) for e in self if wanted(e, only))
        lines = [f"{self.title}, {self.arm}: {len(self)} ops", *grouped(rows)]
        return "\n".join([*lines, *(f"ended by {line}" for line in self.error.splitlines()[:1])])

    def to_json(self) -> dict[str, Any]:
        """Return everything but the values, of which shape, dtype and a summary are told."""
        rows = [{**_facts(e), "shape": list(e.shape), "dtype": str(e.dtype), "summary": summary(e.value)} for e in self]
        return {"title": self.title, "arm": self.arm, "error": self.error, "entries": rows}

    # -- files
    def save(self, path: Any) -> None:
        """Write the recording to a file, NumPy's ``.npz`` with JSON inside, whatever the path ends in."""
        pool: dict[int, int] = {}
        arrays: dict[str, np.ndarray] = {}

        def place(array: np.ndarray) -> int:
            if id(array) not in pool:
                pool[id(array)] = len(pool)
                arrays[f"a{len(arrays)}"] = array
            return pool[id(array)]

        entries = [
            {**_facts(e), "value": place(e.value), "operands": [place(x) for x in e.operands]} for e in self.entries
        ]
        results = {name: place(value) for name, value in self.results.items()}
        fields = {"format": FORMAT, "title": self.title, "arm": self.arm, "error": self.error}
        text = json.dumps({**fields, "entries": entries, "results": results}).encode()
        with open(path, "wb") as file:
            np.savez_compressed(file, recording=np.frombuffer(text, np.uint8), **arrays)  # type: ignore[arg-type]

    @classmethod
    def load(cls, path: Any) -> Recording:
        """Read a recording that ``save`` wrote. Raises ValueError for another file."""
        try:
            with np.load(path, allow_pickle=False) as held:
                fields = json.loads(bytes(held["recording"]))
                arrays = [held[f"a{i}"] for i in range(len(held.files) - 1)]
        except (KeyError, ValueError, EOFError, AttributeError) as odd:
            raise ValueError(f"{os.fspath(path)!r} is no recording; df.record(...).save(path) writes one") from odd
        if fields["format"] != FORMAT:
            raise ValueError(f"{os.fspath(path)!r} has format {fields['format']}; this version reads {FORMAT}")
        entries = []
        for fact in fields["entries"]:
            fact |= {"value": arrays[fact["value"]], "operands": tuple(arrays[i] for i in fact["operands"])}
            fact |= {"at": Line(*fact["at"]), "forward": fact["forward"] and Line(*fact["forward"])}
            entries.append(Entry(**{**fact, "of": tuple((label, turn) for label, turn in fact["of"])}))
        results = {name: arrays[i] for name, i in fields["results"].items()}
        return cls(fields["title"], fields["arm"], entries, results, fields["error"])

    def step(self, breakpoints: Any = ()) -> None:
        """Step through what was recorded in pdb, at the user's lines: ``n`` goes forward, ``back`` backward."""
        TOOLS["replay"]().through(self.entries, breakpoints)


def _facts(entry: Entry) -> dict[str, Any]:
    fields = {k: getattr(entry, k) for k in ("op", "kind", "name", "symbol")}
    return {**fields, "at": list(entry.at), "forward": entry.forward and list(entry.forward), "of": list(entry.of)}


def wanted(entry: Entry, only: Sequence[str | int]) -> bool:
    """Return whether an entry is at one of some places; without any, every one is."""
    return not only or any(entry.matches(where) for where in only)


# --- as text --------------------------------------------------------------------------------------------------------


def summary(value: np.ndarray, digits: int = 4) -> str:
    """Say what is in an array: its number, or smallest … largest and how many are not finite.

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


def _size(value: np.ndarray) -> str:
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

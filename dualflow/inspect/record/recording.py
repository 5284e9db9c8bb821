"""A recording: what every op of one run gave, in order, with the user's lines; to read, index, save and step through.

This file knows nothing of how a run is made (``recorder`` does). A file is NumPy's ``.npz`` with the arrays and a JSON
text, and holds no pickled objects, so that reading a stranger's runs nothing.
"""

from __future__ import annotations

import difflib
import json
import os
from collections.abc import Sequence
from typing import Any, overload

import numpy as np

from dualflow.inspect.record.entry import Entry, cells, grouped, size, summary, wanted
from dualflow.inspect.record.source import Line
from dualflow.inspect.record.stopping import through

FORMAT = 1


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
        rows = ((e.at, cells(e, (size(e.value), summary(e.value)), (20, 26))) for e in self if wanted(e, only))
        lines = [f"{self.title}, {self.arm}: {len(self)} ops", *grouped(rows)]
        return "\n".join([*lines, *(f"ended by {line}" for line in self.error.splitlines()[:1])])

    def to_json(self) -> dict[str, Any]:
        """Return everything but the values, of which shape, dtype and a summary stand for them."""
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
        through(self.entries, breakpoints)


def _facts(entry: Entry) -> dict[str, Any]:
    named = {k: getattr(entry, k) for k in ("op", "kind", "name", "symbol")}
    return {**named, "at": list(entry.at), "forward": entry.forward and list(entry.forward), "of": list(entry.of)}

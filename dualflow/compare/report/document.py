"""What a report can hold: headings, paragraphs, tables, bars, code, key-value lists and notes.

Plain frozen data that turns into JSON and back. It knows nothing of terminals, colours or markup, and refuses at
construction what no renderer could show honestly: a row that does not fit its columns, a bar below zero, a marked
line that is not in the code. Text is plain text in every field; no renderer interprets it as markup.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal, TypeAlias, get_args

__all__ = [
    "Bar",
    "Bars",
    "Block",
    "Code",
    "Column",
    "Document",
    "Heading",
    "KeyValues",
    "Note",
    "Paragraph",
    "Table",
]

Align = Literal["left", "right", "center"]
Tone = Literal["note", "good", "warning", "bad"]


@dataclass(frozen=True)
class Heading:
    """The title of what follows; level 1 is the report's own, 2 a section, 3 a part of one."""

    text: str
    level: int = 2

    def __post_init__(self) -> None:
        if self.level not in (1, 2, 3):
            raise ValueError(f"a heading's level must be 1, 2 or 3, got {self.level}")


@dataclass(frozen=True)
class Paragraph:
    """Prose, without line breaks of its own."""

    text: str


@dataclass(frozen=True)
class Note:
    """One remark that must not be overlooked; the tone also decides the word it begins with."""

    text: str
    tone: Tone = "note"

    def __post_init__(self) -> None:
        if self.tone not in get_args(Tone):
            raise ValueError(f"a note's tone must be one of {', '.join(get_args(Tone))}, got {self.tone!r}")

    @property
    def label(self) -> str:
        """The word that carries the tone where there is no colour."""
        return {"note": "Note", "good": "Passed", "warning": "Warning", "bad": "Failed"}[self.tone]


@dataclass(frozen=True)
class Column:
    """A table's column: its header and how its cells are aligned (numbers to the right)."""

    header: str
    align: Align = "left"

    def __post_init__(self) -> None:
        if self.align not in get_args(Align):
            raise ValueError(f"a column's align must be one of {', '.join(get_args(Align))}, got {self.align!r}")


@dataclass(frozen=True)
class Table:
    """Rows of text under columns; None is a cell that has no value, which is not the same as an empty one.

    >>> Table.of(["arm", ">steady"], [["eager", "1.2 ms"], ["graph", None]]).columns[1]
    Column(header='steady', align='right')
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[str | None, ...], ...]
    caption: str | None = None

    def __post_init__(self) -> None:
        if not self.columns:
            raise ValueError("a table needs at least one column")
        for number, row in enumerate(self.rows, 1):
            if len(row) != len(self.columns):
                raise ValueError(f"row {number} of the table has {len(row)} cells for {len(self.columns)} columns")

    @classmethod
    def of(cls, headers: Sequence[str], rows: Sequence[Sequence[str | None]], caption: str | None = None) -> Table:
        """Build a table from plain lists; a header beginning with ``>`` or ``^`` is right-aligned or centred."""
        aligns: dict[str, Align] = {">": "right", "^": "center"}
        columns = tuple(Column(h[1:], aligns[h[0]]) if h[:1] in aligns else Column(h) for h in headers)
        return cls(columns, tuple(tuple(row) for row in rows), caption)


@dataclass(frozen=True)
class Bar:
    """One quantity with its interval; a value of None is one that could not be had."""

    label: str
    value: float | None
    low: float | None = None
    high: float | None = None

    def __post_init__(self) -> None:
        for number in (self.value, self.low, self.high):
            if number is not None and not (math.isfinite(number) and number >= 0):
                raise ValueError(f"the bar {self.label!r} must be finite and at least 0, got {number}")
        if (self.low is None) != (self.high is None):
            raise ValueError(f"the bar {self.label!r} needs both ends of its interval or neither")
        if self.low is not None and self.high is not None:
            if self.value is None or not self.low <= self.value <= self.high:
                raise ValueError(f"the bar {self.label!r} has {self.value} outside {self.low} to {self.high}")


@dataclass(frozen=True)
class Bars:
    """Quantities of one unit, to be drawn from zero on one linear scale."""

    bars: tuple[Bar, ...]
    unit: str = ""
    caption: str | None = None


@dataclass(frozen=True)
class Code:
    """Source text; ``marked`` are line numbers as the reader counts them, from ``first_line`` on."""

    text: str
    language: str = "python"
    first_line: int = 1
    marked: tuple[int, ...] = ()
    caption: str | None = None

    def __post_init__(self) -> None:
        last = self.first_line + len(self.lines) - 1
        for line in self.marked:
            if not self.first_line <= line <= last:
                raise ValueError(f"marked line {line} is not among the lines {self.first_line} to {last}")

    @property
    def lines(self) -> list[str]:
        """The lines, without their ends."""
        return self.text.removesuffix("\n").split("\n")  # not splitlines(): a form feed ends no line of Python


@dataclass(frozen=True)
class KeyValues:
    """Short facts, each a key and a value."""

    pairs: tuple[tuple[str, str], ...]
    caption: str | None = None

    @classmethod
    def of(cls, pairs: Mapping[str, str], caption: str | None = None) -> KeyValues:
        """Build the list from a mapping, in its order."""
        return cls(tuple(pairs.items()), caption)


Block: TypeAlias = Heading | Paragraph | Note | Table | Bars | Code | KeyValues
"""Anything a document can hold."""

_KINDS: dict[str, type[Block]] = {
    "heading": Heading,
    "paragraph": Paragraph,
    "note": Note,
    "table": Table,
    "bars": Bars,
    "code": Code,
    "key_values": KeyValues,
}
_NAMES = {kind: name for name, kind in _KINDS.items()}
_PARTS: dict[str, type[Column] | type[Bar]] = {"columns": Column, "bars": Bar}


@dataclass(frozen=True)
class Document:
    """A title and what stands under it, in reading order.

    >>> document = Document("Report", (Paragraph("All arms agree."),))
    >>> document.to_json()["blocks"]
    [{'kind': 'paragraph', 'text': 'All arms agree.'}]
    >>> Document.from_json(document.to_json()) == document
    True
    """

    title: str
    blocks: tuple[Block, ...] = ()

    def __add__(self, more: Document | Sequence[Block]) -> Document:
        """Append blocks; another document comes under its title, as a section."""
        if isinstance(more, Document):
            return Document(self.title, (*self.blocks, Heading(more.title), *more.blocks))
        return Document(self.title, (*self.blocks, *more))

    def to_json(self) -> dict[str, Any]:
        """Return plain dictionaries and lists; each block carries its ``kind``."""
        blocks = [{"kind": _NAMES[type(block)], **_listed(asdict(block))} for block in self.blocks]
        return {"title": self.title, "blocks": blocks}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Document:
        """Rebuild the document from what ``to_json`` returned."""
        return cls(data["title"], tuple(_block(block) for block in data["blocks"]))


def _listed(value: Any) -> Any:
    """Turn tuples into lists, as JSON will, so that a dictionary equals its own round trip."""
    if isinstance(value, dict):
        return {key: _listed(item) for key, item in value.items()}
    return [_listed(item) for item in value] if isinstance(value, list | tuple) else value


def _block(data: Mapping[str, Any]) -> Block:
    fields = dict(data)
    kind = fields.pop("kind")
    if kind not in _KINDS:
        raise ValueError(f"a report has no block of kind {kind!r}; there are {', '.join(_KINDS)}")
    for name, value in fields.items():
        if isinstance(value, list):
            part = _PARTS.get(name)
            fields[name] = tuple(part(**v) if part else tuple(v) if isinstance(v, list) else v for v in value)
    return _KINDS[kind](**fields)

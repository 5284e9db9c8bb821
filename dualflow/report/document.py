"""What a report can hold: headings, paragraphs, tables, bars, curves, code, key-value lists, notes, and folds of these.

Plain frozen data that turns into JSON and back. It knows nothing of terminals, colours or markup, and refuses at
construction what no renderer could show honestly: a row that does not fit its columns, a bar below zero, a marked
line that is not in the code. Text is plain text in every field, no renderer interprets it as markup, except that what
stands between `backticks` is code.
"""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias, get_args

from dualflow.core.codec import Serializable

Align = Literal["left", "right", "center"]
Tone = Literal["note", "good", "warning", "bad"]


@dataclass(frozen=True)
class Heading(Serializable):
    """The title of what follows; level 1 is the report's own, 2 a section, 3 a part of one."""

    KIND = "heading"

    text: str
    level: int = 2

    def __post_init__(self) -> None:
        if self.level not in (1, 2, 3):
            raise ValueError(f"a heading's level must be 1, 2 or 3, got {self.level}")


@dataclass(frozen=True)
class Paragraph(Serializable):
    """Prose, without line breaks of its own."""

    KIND = "paragraph"

    text: str


@dataclass(frozen=True)
class Note(Serializable):
    """One remark that must not be overlooked; the tone also decides the word it begins with."""

    KIND = "note"

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
class Table(Serializable):
    """Rows of text under columns; None is a cell that has no value, which is not the same as an empty one.

    ``links``: for every row and cell the anchor of the ``Fold`` or ``Code`` it leads to, or None; () for no links. With
    "ANCHOR?KEY=VALUE&…", only those are shown among the folds there that have these tags.

    >>> Table.of(["arm", ">steady"], [["eager", "1.2 ms"], ["graph", None]]).columns[1]
    Column(header='steady', align='right')
    """

    KIND = "table"

    columns: tuple[Column, ...]
    rows: tuple[tuple[str | None, ...], ...]
    caption: str | None = None
    links: tuple[tuple[str | None, ...], ...] = ()

    def __post_init__(self) -> None:
        if self.links and [len(row) for row in self.links] != [len(row) for row in self.rows]:
            raise ValueError("a table's links must be one for each cell, or none at all")
        if not self.columns:
            raise ValueError("a table needs at least one column")
        for number, row in enumerate(self.rows, 1):
            if len(row) != len(self.columns):
                raise ValueError(f"row {number} of the table has {len(row)} cells for {len(self.columns)} columns")

    @classmethod
    def of(
        cls, headers: Sequence[str], rows: Sequence[Sequence[str | None]], caption: str | None = None,
        links: Sequence[Sequence[str | None]] = (),
    ) -> Table:  # fmt: skip
        """Build a table from plain lists; a header beginning with ``>`` or ``^`` is right-aligned or centred."""
        aligns: dict[str, Align] = {">": "right", "^": "center"}
        columns = tuple(Column(h[1:], aligns[h[0]]) if h[:1] in aligns else Column(h) for h in headers)
        return cls(columns, tuple(tuple(row) for row in rows), caption, tuple(tuple(row) for row in links))


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
class Bars(Serializable):
    """Quantities of one unit, to be drawn from zero on one linear scale."""

    KIND = "bars"

    bars: tuple[Bar, ...]
    unit: str = ""
    caption: str | None = None


@dataclass(frozen=True)
class Series:
    """One curve: its points (x, y), or (x, y, low, high) where y has an interval, in the order of x."""

    label: str
    points: tuple[tuple[float, ...], ...]

    def __post_init__(self) -> None:
        for point in self.points:
            if len(point) not in (2, 4) or not all(math.isfinite(number) for number in point):
                raise ValueError(f"a point of {self.label!r} must be 2 or 4 finite numbers, got {point}")
        if any(a[0] >= b[0] for a, b in itertools.pairwise(self.points)):
            raise ValueError(f"the points of {self.label!r} must come in the order of x, each once")


@dataclass(frozen=True)
class Curves(Serializable):
    """Series over one x; ``log_x`` and ``log_y`` make an axis logarithmic, on which all numbers must be positive."""

    KIND = "curves"

    series: tuple[Series, ...]
    x: str
    y: str
    x_unit: str = ""
    y_unit: str = ""
    log_x: bool = True
    log_y: bool = True
    caption: str | None = None

    def __post_init__(self) -> None:
        for one in self.series:
            for point in one.points:
                if self.log_x and point[0] <= 0 or self.log_y and min(point[1:]) <= 0:
                    raise ValueError(f"{one.label!r} has the point {point}, which no logarithmic axis can show")


@dataclass(frozen=True)
class Code(Serializable):
    """Source text; ``marked`` are line numbers as the reader counts them, from ``first_line`` on.

    With an ``anchor``, line 7 can be linked to as "ANCHOR-7".
    """

    KIND = "code"

    text: str
    language: str = "python"
    first_line: int = 1
    marked: tuple[int, ...] = ()
    caption: str | None = None
    anchor: str = ""

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
class KeyValues(Serializable):
    """Short facts, each a key and a value."""

    KIND = "key_values"

    pairs: tuple[tuple[str, str], ...]
    caption: str | None = None

    @classmethod
    def of(cls, pairs: Mapping[str, str], caption: str | None = None) -> KeyValues:
        """Build the list from a mapping, in its order."""
        return cls(tuple(pairs.items()), caption)


@dataclass(frozen=True)
class Fold(Serializable):
    """Blocks behind a line that says what they are, for what few readers want to see at once.

    HTML opens it; a terminal and Markdown show the line alone. ``tags`` are what the fold can be chosen by, each a key
    and a value; ``filters`` names keys, and a page offers a choice of their values among the folds inside.
    """

    KIND = "fold"

    summary: str
    blocks: tuple[Block, ...]
    anchor: str = ""
    tags: tuple[tuple[str, str], ...] = ()
    filters: tuple[str, ...] = ()
    opened: bool = False


Block: TypeAlias = Heading | Paragraph | Note | Table | Bars | Curves | Code | KeyValues | Fold
"""Anything a document can hold."""


@dataclass(frozen=True)
class Document(Serializable):
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
        """Append blocks; another document comes under its title, as a section, its sections as parts of that one."""
        if isinstance(more, Document):
            inside = (replace(b, level=3) if isinstance(b, Heading) else b for b in more.blocks)
            return Document(self.title, (*self.blocks, Heading(more.title), *inside))
        return Document(self.title, (*self.blocks, *more))


@functools.singledispatch
def document(result: Any, fault: str | None = None) -> Document:
    """Return what is shown of a result, or of one ``fault`` in it: its page, which ``experiment.pages`` registers.

    Raises TypeError for what has no page.
    """
    raise TypeError(f"{type(result).__name__} has no page; the pages are in dualflow.experiment.pages")

"""The report as lines of text, for a terminal of any width or for a pipe.

This file decides every line break itself and hands rich finished lines to colour, so the words a reader sees do not
depend on rich's version, and are the same in a terminal, a pipe and a test. Rules: no word is broken that would fit
on a line of its own, no number is parted from its unit, a table too wide for the page is shown row by row instead
of squeezed, bars start at zero on a linear scale, and a character the output cannot encode is spelled with ones it
can. rich is imported when something is rendered, not before.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TextIO, TypeAlias

from dualflow.report.curves import points, position
from dualflow.report.document import (
    Bars,
    Block,
    Code,
    Curves,
    Document,
    Fold,
    Heading,
    KeyValues,
    Note,
    Paragraph,
    Table,
)
from dualflow.report.quantity import GLUE, MISSING, bounded, glued

Span: TypeAlias = tuple[str, str]
"""Text and the name of its rich style; the style may only repeat what the text already says."""

Line: TypeAlias = tuple[Span, ...]

PROSE = 100
"""Widest paragraph: beyond about 100 columns the eye loses the next line."""

LONGEST_BAR = 60
"""Widest bar, in columns; an eighth of a column, 0.2 % of it, is the finest step drawn."""

SHOWN = 8
"""Points of a curve that its table has; the picture above it, HTML and JSON have all."""

GAP = "  "
"""Between two columns of a table."""


def show(document: Document, *, file: TextIO | None = None, width: int | None = None) -> None:
    """Print a document, coloured only where the output is a terminal (or a notebook).

    Without a width the terminal's own is taken, 80 columns where there is none.
    """
    from rich.console import Console
    from rich.text import Text

    console = Console(file=file, width=width, highlight=False, markup=False, emoji=False)
    lines = _lines(document, console.width, console.encoding)
    if console.is_terminal or console.is_jupyter:
        text = Text("\n").join([Text.assemble(*line) for line in lines])
        console.print(text, soft_wrap=True)  # soft_wrap: rich neither wraps nor crops
    else:
        console.file.write(_plain(lines))


def to_text(document: Document, width: int = 80, encoding: str = "utf-8") -> str:
    r"""Render a document as plain text, no line longer than ``width`` where its longest word allows.

    >>> table = Table.of(["arm", ">first step", ">steady"], [["eager", "2.10 ms", "1.20 ms"], ["graph", "0.4 s", None]])
    >>> print(to_text(Document("Speed", (table, ))), end="")
    Speed
    ═════
    <BLANKLINE>
    arm    first step   steady
    ─────  ──────────  ───────
    eager     2.10 ms  1.20 ms
    graph       0.4 s        –
    """
    return _plain(_lines(document, width, encoding))


def _plain(lines: Iterable[Line]) -> str:
    return "".join("".join(text for text, _ in line).rstrip() + "\n" for line in lines)


def _lines(document: Document, width: int, encoding: str) -> list[Line]:
    page = _Page(max(width, 1), _speller(encoding))
    lines = page.block(Heading(document.title, level=1))
    for block in document.blocks:
        lines += [(), *page.block(block)]
    return lines


class _Page:
    """A page so many columns wide, and the characters it can show."""

    def __init__(self, width: int, spell: Callable[[str], str]) -> None:
        self.width = width
        self.spell = spell
        fits = all(spell(mark) == mark for mark in "█▓░▏")
        # Solid up to the interval's low end, then denser below the value than above it.
        self.bar_marks = ("█", "▓", "░") if fits else ("#", "=", "-")
        self.eighths = ("", *"▏▎▍▌▋▊▉") if fits else ("", "", "", "", "#", "#", "#", "#")
        self.thinnest = "▏" if fits else "|"
        self.levels = "▁▂▃▄▅▆▇█" if spell("▁") == "▁" else ".:-=+*#@"

    def block(self, block: Block) -> list[Line]:
        """Lay out any block, below its caption if it has one."""
        lay_out: dict[type[Block], Callable[[Any], list[Line]]] = {
            Heading: self.heading, Note: self.note, Table: self.table, Bars: self.bars, Curves: self.curves,
            Code: self.code, KeyValues: self.key_values,
            Paragraph: lambda paragraph: [((line, ""),) for line in self.prose(paragraph.text)],
            Fold: lambda fold: [((line, "dim"),) for line in self.prose(f"▸ {fold.summary}")],
        }  # fmt: skip
        return self.caption(getattr(block, "caption", None)) + lay_out[type(block)](block)

    # --- words ---------------------------------------------------------------------------------------------------

    def prose(self, text: str) -> list[str]:
        """Break running text into lines."""
        return _wrapped(self.spell(text), min(self.width, PROSE))

    def caption(self, text: str | None) -> list[Line]:
        """Lay out what stands above a table, bars or code."""
        return [((line, "italic"),) for line in self.prose(text)] if text else []

    def heading(self, heading: Heading) -> list[Line]:
        """Underline a heading, so that it is one without colour too."""
        lines = self.prose(heading.text)
        rule = {1: "═", 2: "─"}.get(heading.level)
        styled: list[Line] = [((line, "bold"),) for line in lines]
        if rule:
            styled.append(((self.spell(rule) * max(_columns(line) for line in lines), "dim"),))
        return styled

    def note(self, note: Note) -> list[Line]:
        """Lay out a note behind the word that names its tone."""
        style = {"note": "bold", "good": "bold green", "warning": "bold yellow", "bad": "bold red"}[note.tone]
        label = f"{note.label}:"
        first, *rest = self.prose(f"{label} {note.text}")
        if not first.startswith(label):  # a page narrower than the label
            return [((line, style),) for line in (first, *rest)]
        return [((label, style), (first.removeprefix(label), "")), *(((line, ""),) for line in rest)]

    # --- columns -------------------------------------------------------------------------------------------------

    def table(self, table: Table) -> list[Line]:
        """Lay out a table, row by row below each other where it does not fit side by side."""
        headers = [self.spell(column.header) for column in table.columns]
        rows = [[self.spell(MISSING if cell is None else cell) for cell in row] for row in table.rows]
        aligns = [column.align for column in table.columns]
        natural, least = [], []
        for i, header in enumerate(headers):
            cells = [row[i] for row in rows]
            natural.append(max(_columns(cell) for cell in [header, *cells]))
            # Numbers stay on one line; words may be wrapped, but not broken.
            kept = cells if aligns[i] != "left" else [word for cell in cells for word in _words(cell)]
            least.append(max((_columns(word) for word in [*_words(header), *kept]), default=0))
        widths = _shrunk(natural, least, self.width - len(GAP) * (len(headers) - 1))
        if widths is None:
            return self.records(headers, rows)
        lines = self.row(headers, widths, aligns, "bold")
        lines.append(((GAP.join(self.spell("─") * width for width in widths), "dim"),))
        for row in rows:
            lines += self.row(row, widths, aligns, "")
        return lines

    def row(self, cells: Sequence[str], widths: Sequence[int], aligns: Sequence[str], style: str) -> list[Line]:
        """Lay out one row, as high as its highest cell."""
        wrapped = [_wrapped(cell, width) for cell, width in zip(cells, widths, strict=True)]
        lines = itertools.zip_longest(*wrapped, fillvalue="")
        return [((GAP.join(map(_padded, line, widths, aligns)), style),) for line in lines]

    def records(self, headers: Sequence[str], rows: Sequence[Sequence[str]]) -> list[Line]:
        """Lay out each row as a list of its own, headed by its first cell."""
        lines: list[Line] = []
        for row in rows:
            if lines:
                lines.append(())
            lines += [((line, "bold"),) for line in _wrapped(row[0], self.width)]
            lines += self.pairs(list(zip(headers[1:], row[1:], strict=True)), indent=2 if self.width >= 20 else 0)
        return lines

    def key_values(self, block: KeyValues) -> list[Line]:
        """Lay out facts, values aligned behind their keys."""
        return self.pairs([(self.spell(key), self.spell(value)) for key, value in block.pairs])

    def pairs(self, pairs: Sequence[tuple[str, str]], indent: int = 0) -> list[Line]:
        """Lay out keys and values, a value below its key where the two do not fit side by side."""
        key_width = max((_columns(key) for key, _ in pairs), default=0)
        margin = " " * indent
        space = self.width - indent - key_width - len(GAP)
        longest_word = max((_columns(word) for _, value in pairs for word in _words(value)), default=0)
        lines: list[Line] = []
        below = self.width - indent - 2
        if space >= longest_word or (space >= 24 and below < longest_word):  # below, the word would be broken too
            for key, value in pairs:
                first, *rest = _wrapped(value, space)
                lines.append(((f"{margin}{_padded(key, key_width)}{GAP}", "dim"), (first, "")))
                hanging = " " * (indent + key_width + len(GAP))
                lines += [((f"{hanging}{line}", ""),) for line in rest]
            return lines
        for key, value in pairs:
            lines += [((f"{margin}{line}", "dim"),) for line in _wrapped(key, self.width - indent)]
            inner = indent + 2 if self.width >= 20 else 0
            lines += [((f"{' ' * inner}{line}", ""),) for line in _wrapped(value, self.width - inner)]
        return lines

    # --- pictures ------------------------------------------------------------------------------------------------

    def bars(self, block: Bars) -> list[Line]:
        """Draw bars from zero on one linear scale, with the interval as shade around the bar's end."""
        labels = [self.spell(bar.label) for bar in block.bars]
        texts = [self.spell(bounded(bar.value, bar.low, bar.high, block.unit)) for bar in block.bars]
        label_width = max((_columns(label) for label in labels), default=0)
        text_width = max((_columns(text) for text in texts), default=0)
        space = self.width - label_width - text_width - 2 * len(GAP)
        beside = space >= 16  # fewer columns cannot tell 2 from 2.2; then the words get a line of their own
        columns = max(min(space if beside else self.width, LONGEST_BAR), 1)
        top = max((bar.high or bar.value or 0.0 for bar in block.bars), default=0.0)
        lines: list[Line] = []
        for bar, label, text in zip(block.bars, labels, texts, strict=True):
            drawn = self.bar(bar.value, bar.low, bar.high, top, columns)
            if beside:
                padding = " " * (columns - sum(_columns(part) for part, _ in drawn))
                lines.append(((f"{_padded(label, label_width)}{GAP}", ""), *drawn, (f"{padding}{GAP}{text}", "")))
            else:
                lines += [((line, ""),) for line in _wrapped(f"{label} {text}", self.width)]
                lines.append(tuple(drawn))
        _, below, above = self.bar_marks
        if any(mark and mark[0] in below + above for line in lines for mark, style in line if "cyan" in style):
            lines += [((line, "dim"),) for line in self.prose(f"{below}{above} interval, below and above the value")]
        return lines

    def bar(self, value: float | None, low: float | None, high: float | None, top: float, columns: int) -> list[Span]:
        """Draw one bar; what is not zero shows at least the thinnest mark."""
        if not value or not top:
            return []
        solid, below, above = self.bar_marks

        def eighths(quantity_: float) -> int:
            return round(8 * columns * quantity_ / top)

        end = eighths(value)
        if low is None or high is None or eighths(high) - eighths(low) < 8:  # narrower than a column: not drawable
            return [(solid * (end // 8) + self.eighths[end % 8] or self.thinnest, "cyan")]
        start, middle, stop = (round(eighths(x) / 8) for x in (low, value, high))
        return [(solid * start, "cyan"), (below * (middle - start), "cyan"), (above * (stop - middle), "dim cyan")]

    def curves(self, block: Curves) -> list[Line]:
        """Draw each series as one line of heights on a common scale, above a table of some of its points."""
        heights = [point[1] for one in block.series for point in one.points]
        every = sorted({point[0] for one in block.series for point in one.points})
        labels = [self.spell(one.label) for one in block.series]
        label_width = max((_columns(label) for label in labels), default=0)
        space = max(self.width - label_width - len(GAP), 1)
        if len(every) > space:
            every = [every[round(i * (len(every) - 1) / (space - 1 or 1))] for i in range(space)]
        lines: list[Line] = []
        for one, label in zip(block.series, labels, strict=True):
            known = {point[0]: round(7 * position(point[1], min(heights), max(heights), block.log_y))
                     for point in one.points}  # fmt: skip
            marks = [self.levels[known[x]] if x in known else " " for x in every]
            if label_width + len(GAP) < self.width:
                lines.append(((f"{_padded(label, label_width)}{GAP}", ""), ("".join(marks).rstrip(), "cyan")))
        table = points(block, SHOWN)
        widths = (
            max(_columns(self.spell(cell or MISSING)) for cell in column) for column in zip(*table.rows, strict=True)
        )
        if sum(widths) + len(GAP) * len(labels) > self.width:
            table = points(block, SHOWN, intervals=False)
        return [*lines, (), *self.table(table)]

    def code(self, block: Code) -> list[Line]:
        """Lay out source with line numbers; marked lines carry an arrow."""
        numbers = range(block.first_line, block.first_line + len(block.lines))
        digits = len(str(numbers[-1]))
        arrow = self.spell("→")
        lines: list[Line] = []
        for number, source in zip(numbers, block.lines, strict=True):
            marked = number in block.marked
            gutter = f"{arrow if marked else ' ' * len(arrow)} {number:>{digits}} "
            source = self.spell(source.expandtabs(4).rstrip())
            space = max(self.width - len(gutter) - 1, 1)
            pieces = _chopped(source, space) or [""]
            style = "bold red" if marked else ""
            lines.append(((gutter, style or "dim"), (f" {pieces[0]}" if pieces[0] else "", style)))
            lines += [((" " * (len(gutter) + 1), ""), (piece, style)) for piece in pieces[1:]]
        return lines


# --- text ----------------------------------------------------------------------------------------------------------

_SPELLINGS = {
    "×": "x", "–": "-", "—": "-", "−": "-", "µ": "u", "∞": "inf", "±": "+/-", "≤": "<=", "≥": ">=", "≈": "~",
    "→": "->", "▸": ">", "·": "*", "…": "...", "═": "=", "─": "-", "“": '"', "”": '"', "‘": "'", "’": "'", GLUE: " ",
}  # fmt: skip


def _speller(encoding: str) -> Callable[[str], str]:
    """Return a function that makes a line of text safe for an output.

    Signs the encoding lacks get their ASCII form, or ``?``; control characters become visible, because an escape code
    in somebody's error message must not reach a terminal.
    """

    def known(char: str) -> str:
        try:
            char.encode(encoding)
        except UnicodeEncodeError:
            return _SPELLINGS.get(char, "?")
        return char

    def spell(text: str) -> str:
        text = re.sub(r"[\t\n]", " ", text)
        text = re.sub(r"[\x00-\x1f\x7f-\x9f]", "\N{REPLACEMENT CHARACTER}", text)
        return text if text.isascii() else "".join(known(char) for char in text)

    return spell


def _columns(text: str) -> int:
    """Count terminal columns: a wide character (Chinese, Japanese, emoji) takes two."""
    from rich.cells import cell_len

    return cell_len(text)


def _padded(text: str, width: int, align: str = "left") -> str:
    missing = max(width - _columns(text), 0)
    before = {"left": 0, "right": missing, "center": missing // 2}[align]
    return " " * before + text + " " * (missing - before)


def _words(text: str) -> list[str]:
    """Split at spaces, but not between a number and its unit."""
    return [word.replace(GLUE, " ") for word in re.split(r"[ \t\n]+", glued(text)) if word]


def _wrapped(text: str, width: int) -> list[str]:
    """Break text into lines of at most ``width`` columns; only a word longer than that is broken itself."""
    lines: list[str] = [""]
    for word in _words(text):
        joined = f"{lines[-1]} {word}" if lines[-1] else word
        if _columns(joined) <= width:
            lines[-1] = joined
            continue
        first, *rest = _chopped(word, width)
        lines[-1:] = [first, *rest] if not lines[-1] else [lines[-1], first, *rest]
    return lines


def _chopped(text: str, width: int) -> list[str]:
    """Cut text into pieces of at most ``width`` columns."""
    pieces: list[str] = []
    piece = ""
    for char in text:
        if piece and _columns(piece + char) > width:
            pieces.append(piece)
            piece = ""
        piece += char
    return [*pieces, piece] if piece else pieces


def _shrunk(natural: Sequence[int], least: Sequence[int], space: int) -> list[int] | None:
    """Take columns from the widest until all fit; None where that would break a word."""
    if sum(least) > space:
        return None
    widths = list(natural)
    while sum(widths) > space:
        widest = max((i for i in range(len(widths)) if widths[i] > least[i]), key=lambda i: widths[i])
        widths[widest] -= 1
    return widths

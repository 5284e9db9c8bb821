"""The report as GitHub-flavoured Markdown, for an issue, a README or a wiki.

It knows Markdown's marks and how to keep plain text from being read as one. It draws no bars and no curves: a table of
the same numbers says as much where nobody guarantees a fixed-width font.
"""

from __future__ import annotations

import re

from dualflow.report.curves import points
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
from dualflow.report.quantity import MISSING, interval, quantity


def to_markdown(document: Document) -> str:
    """Render a document as Markdown text.

    >>> print(to_markdown(Document("Speed", (Table.of(["arm", ">steady"], [["eager", "1.2 ms"]]),))), end="")
    # Speed
    <BLANKLINE>
    | arm | steady |
    | :-- | --: |
    | eager | 1.2 ms |
    """
    parts = [f"# {_plain(document.title)}", *(_block(block) for block in document.blocks)]
    return "\n\n".join(parts) + "\n"


def _block(block: Block) -> str:
    if isinstance(block, Heading):
        return f"{'#' * block.level} {_plain(block.text)}"
    if isinstance(block, Paragraph):
        return _plain(block.text)
    if isinstance(block, Note):
        return f"> **{block.label}:** {_plain(block.text)}"
    if isinstance(block, Code):
        return _code(block)
    if isinstance(block, Fold):
        return f"▸ {_plain(block.summary)}"
    return _table(_as_table(block))


def _as_table(block: Table | Bars | Curves | KeyValues) -> Table:
    if isinstance(block, Curves):
        return points(block)
    if isinstance(block, Bars):
        rows = [
            (bar.label, quantity(bar.value, block.unit), interval(bar.low, bar.high, block.unit)) for bar in block.bars
        ]
        return Table.of(["", ">value", ">interval"], rows, block.caption)
    if isinstance(block, KeyValues):
        return Table.of(["", ""], block.pairs, block.caption)
    return block


def _table(table: Table) -> str:
    rules = {"left": ":--", "right": "--:", "center": ":-:"}
    lines = [
        _row([_plain(column.header) for column in table.columns]),
        _row([rules[column.align] for column in table.columns]),
        *(_row([MISSING if cell is None else _plain(cell) for cell in row]) for row in table.rows),
    ]
    return "\n".join(([f"*{_plain(table.caption)}*", ""] if table.caption else []) + lines)


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _code(block: Code) -> str:
    fence = "```"
    while fence in block.text:
        fence += "`"
    caption = block.caption or ""
    if block.marked:
        lines = ", ".join(str(line) for line in block.marked)
        caption = f"{caption} (line{'s' if len(block.marked) > 1 else ''} {lines})".strip()
    body = "\n".join([f"{fence}{block.language}", *block.lines, fence])
    return f"*{_plain(caption)}*\n\n{body}" if caption else body


def _plain(text: str) -> str:
    """Escape what Markdown would read as a mark, and nothing more; what stands between backticks is code there too."""
    text = re.sub(r"\s+", " ", text)
    text = re.sub(r"(`[^`|\\]+`)|([\\`*_\[\]<>|])", lambda found: found[1] or f"\\{found[2]}", text)
    return re.sub(r"^([#+\-]|\d+[.)])(?=\s)", r"\\\1", text)

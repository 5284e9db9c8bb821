"""The report as one HTML file that opens offline: no request, light and dark, printable, whole without its script.

It knows HTML; ``report.css`` and ``report.js`` beside it are written into the page. Every block becomes the element
that means it (tables with header cells and captions, bars as a table whose cells hold both the number and the drawing),
so a screen reader and a text browser lose nothing.
"""

from __future__ import annotations

import base64
import hashlib
import lzma
import re
from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any

from dualflow.report.curves import points, svg
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
from dualflow.report.quantity import MISSING, bounded, glued

FEW = 3
"""Sections that need no table of contents."""

HERE = Path(__file__).parent
STYLE = (HERE / "report.css").read_text(encoding="utf-8")
SCRIPT = (HERE / "report.js").read_text(encoding="utf-8")


def to_html(document: Document, data: str | None = None) -> str:
    """Render a document as one self-contained HTML page, with ``data`` (JSON text) in it to be saved.

    Its Content-Security-Policy forbids every request, and every script and style but the page's own.

    >>> print(to_html(Document("Speed", (Paragraph("2 < 3"),))).split("<body>")[1], end="")
    <BLANKLINE>
    <main>
    <h1>Speed</h1>
    <p>2 &lt; 3</p>
    </main>
    </body>
    </html>
    """
    title = escape(document.title)
    blocks = [*document.blocks, *([] if data is None else [Heading("Raw data")])]
    sections = [block.text for block in blocks if isinstance(block, Heading) and block.level == 2]
    parts, number = [f"<h1>{title}</h1>"], 0
    for block in blocks:
        if not isinstance(block, Heading) or block.level != 2:
            parts.append(_block(block))
            continue
        number += 1
        if number == 1 and len(sections) > FEW:
            parts.append(_contents(sections))
        parts.append(f'<h2 id="section-{number}">{_text(block.text)}</h2>')
    if data is not None:
        parts.append(_data(data))
    body = "\n".join(parts)
    script = f"<script>{SCRIPT}</script>\n" if "<details" in body or "tabindex" in body else ""
    policy = f"default-src 'none'; style-src {_hash(STYLE)}; script-src {_hash(SCRIPT)}; img-src data:"
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<title>{title}</title>\n<link rel="icon" href="data:,">\n<style>{STYLE}</style>\n</head>\n'
        f"<body>\n<main>\n{body}\n</main>\n{script}</body>\n</html>\n"
    )


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _data(text: str) -> str:
    """Put a file into the page, packed to a tenth of its size; a link saves it, without a script.

    By xz: of 6 MB of tracebacks it leaves 0.4, gzip, which forgets after 32 KiB, 1.7.
    """
    packed = base64.b64encode(lzma.compress(text.encode())).decode()
    return (
        '<p>Every sample, record and error, as JSON: <a download="report.json.xz" '
        f'href="data:application/x-xz;base64,{packed}">report.json.xz</a>. <code>dualflow report</code> reads it, and '
        "docs/reference/report.schema.json says what is in it.</p>"
    )


def _contents(sections: list[str]) -> str:
    links = (f'<li><a href="#section-{number}">{_text(name)}</a></li>' for number, name in enumerate(sections, 1))
    return f'<nav aria-label="contents"><ul>{"".join(links)}</ul></nav>'


def _block(block: Block) -> str:
    if isinstance(block, Heading):
        return f"<h{block.level}>{_text(block.text)}</h{block.level}>"
    if isinstance(block, Paragraph):
        return f"<p>{_text(block.text)}</p>"
    if isinstance(block, Note):
        return f'<p class="note {block.tone}"><strong>{block.label}:</strong> {_text(block.text)}</p>'
    write: dict[type[Block], Callable[[Any], str]] = {
        Code: _code, Bars: _bars, Curves: _curves, Fold: _fold, KeyValues: _facts, Table: _table,
    }  # fmt: skip
    return write[type(block)](block)


def _facts(block: KeyValues) -> str:
    rows = "".join(f'<tr><th scope="row">{_text(k)}</th><td>{_text(v)}</td></tr>\n' for k, v in block.pairs)
    return _framed(block.caption, f"<tbody>\n{rows}</tbody>", ' class="facts"')


def _text(text: str) -> str:
    """Write prose; what stands between backticks is code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(glued(text)))


def _framed(caption: str | None, rows: str, kind: str = "") -> str:
    """Write a table under its caption; what is wider than the page scrolls by itself, with the arrow keys too."""
    label = f' aria-label="{escape(caption)}"' if caption else ""
    above = f"<caption><span>{_text(caption)}</span></caption>" if caption else ""
    table = f"<table{kind}>{above}\n{rows}\n</table>"
    return f'<div class="scroll" role="group"{label} tabindex="0">{table}</div>'


def _table(table: Table) -> str:
    sides = ["" if column.align == "left" else f' class="{column.align}"' for column in table.columns]
    head = "".join(
        f'<th scope="col"{side}>{_text(column.header)}</th>' for column, side in zip(table.columns, sides, strict=True)
    )
    rows = []
    for row, links in zip(table.rows, table.links or [(None,) * len(sides)] * len(table.rows), strict=True):
        cells = [_link(MISSING if cell is None else _text(cell), to) for cell, to in zip(row, links, strict=True)]
        first, *rest = zip(cells, sides, strict=True)
        rows.append(
            f'<tr><th scope="row"{first[1]}>{first[0]}</th>'
            + "".join(f"<td{side}>{cell}</td>" for cell, side in rest)
            + "</tr>\n"
        )
    return _framed(table.caption, f"<thead><tr>{head}</tr></thead>\n<tbody>\n{''.join(rows)}</tbody>")


def _link(cell: str, to: str | None) -> str:
    if to is None:
        return cell
    anchor, _, choice = to.partition("?")
    choose = f' data-choose="{escape(choice)}"' if choice else ""
    return f'<a href="#{escape(anchor)}"{choose}>{cell}</a>'


def _bars(block: Bars) -> str:
    """Draw from zero on one linear scale; the shade is the interval, which the text beside it says too."""
    top = max((bar.high or bar.value or 0.0 for bar in block.bars), default=0.0) or 1.0
    rows = []
    for bar in block.bars:
        drawn = ""
        if bar.value is not None:
            drawn = f'<rect class="value" width="{100 * bar.value / top:.2f}%" height="70%" y="15%"/>'
        if bar.low is not None and bar.high is not None:
            left, width = 100 * bar.low / top, 100 * (bar.high - bar.low) / top
            drawn += f'<rect class="interval" x="{left:.2f}%" width="{width:.2f}%" height="100%"/>'
        text = _text(bounded(bar.value, bar.low, bar.high, block.unit))
        rows.append(
            f'<tr><th scope="row">{_text(bar.label)}</th><td><svg aria-hidden="true">{drawn}</svg></td>'
            f'<td class="right">{text}</td></tr>\n'
        )
    return _framed(block.caption, f"<tbody>\n{''.join(rows)}</tbody>", ' class="bars"')


def _curves(block: Curves) -> str:
    caption = f"<figcaption>{_text(block.caption)}</figcaption>\n" if block.caption else ""
    numbers = f"<details><summary>The same as a table</summary>\n{_table(points(block))}\n</details>"
    return f"<figure>\n{caption}{svg(block)}{svg(block, narrow=True)}\n{numbers}\n</figure>"


def _fold(block: Fold) -> str:
    """Write a fold; where there is a choice among those inside, a script adds it.

    The anchor is what is inside: a browser opens all folds around what a link leads to, and not that itself.
    """
    tags = "".join(f' data-{escape(key)}="{escape(value)}"' for key, value in block.tags)
    anchor = f' id="{escape(block.anchor)}"' if block.anchor else ""
    choice = f' data-filters="{escape(" ".join(block.filters))}"' if block.filters else ""
    inside = "\n".join(_block(one) for one in block.blocks)
    state = " open" if block.opened else ""
    return (
        f"<details{tags}{state}><summary>{_text(block.summary)}</summary>\n"
        f"<div{anchor}{choice}>\n{inside}\n</div>\n</details>"
    )


def _code(block: Code) -> str:
    caption = f"<p><em>{_text(block.caption)}</em></p>\n" if block.caption else ""
    if block.language == "text":  # a traceback: its own lines have no numbers that anybody asks for
        return f'{caption}<pre class="text" role="group" aria-label="traceback" tabindex="0">{escape(block.text)}</pre>'
    lines = []
    for number, line in enumerate(block.lines, block.first_line):
        anchor = f' id="{escape(block.anchor)}-{number}"' if block.anchor else ""
        text = f'<span{anchor} data-line="{number}">{escape(line) or " "}</span>'
        lines.append(f"<mark>{text}</mark>" if number in block.marked else text)
    name = escape(block.caption or "source")
    code = f'<code class="language-{escape(block.language)}">{"".join(lines)}</code>'
    return f'{caption}<pre role="group" aria-label="{name}" tabindex="0">{code}</pre>'

"""The report as one HTML file that opens offline: no script, no request, light and dark, printable.

It knows HTML and CSS. Every block becomes the element that means it (tables with header cells and captions, bars as a
table whose cells hold both the number and the drawing), so a screen reader and a text browser lose nothing.
"""

from __future__ import annotations

from html import escape

from dualflow.compare.report.document import (
    Bars,
    Block,
    Code,
    Document,
    Heading,
    KeyValues,
    Note,
    Paragraph,
    Table,
)
from dualflow.compare.report.quantity import MISSING, interval, quantity

__all__ = ["to_html"]

STYLE = """
:root { color-scheme: light dark; --ink: light-dark(#1b1f24, #e6e8eb); --paper: light-dark(#fff, #16191d);
  --soft: light-dark(#5b6470, #9aa4b0); --rule: light-dark(#d9dee4, #343b44); --bar: light-dark(#2f6fb3, #6aa9ec);
  --shade: light-dark(#2f6fb340, #6aa9ec50); --good: light-dark(#1a7f37, #4ac26b); --bad: light-dark(#c0392b, #ff7b72);
  --warning: light-dark(#9a6700, #d9a62e); --mark: light-dark(#fff3bf, #4d3f10); }
body { font: 16px/1.55 system-ui, sans-serif; color: var(--ink); background: var(--paper); margin: 2rem auto;
  max-width: 60rem; padding: 0 1rem; }
h1 { font-size: 1.7rem; line-height: 1.2; } h2 { font-size: 1.25rem; margin-top: 2.2rem;
  border-bottom: 1px solid var(--rule); padding-bottom: .25rem; } h3 { font-size: 1.05rem; }
p { max-width: 46rem; } .scroll { overflow-x: auto; }
table { border-collapse: collapse; margin: 1rem 0; font-variant-numeric: tabular-nums; }
caption { text-align: left; color: var(--soft); font-style: italic; padding-bottom: .4rem; }
th, td { padding: .25rem .9rem .25rem 0; text-align: left; vertical-align: top; font-weight: normal; }
thead th { border-bottom: 1px solid var(--soft); color: var(--soft); }
tbody tr + tr > * { border-top: 1px solid var(--rule); }
.right { text-align: right; white-space: nowrap; } .center { text-align: center; }
.note { border-left: 4px solid var(--soft);
  padding: .1rem 0 .1rem .8rem; } .note strong { color: var(--soft); }
.good { border-color: var(--good); } .good strong { color: var(--good); } .bad { border-color: var(--bad); }
.bad strong { color: var(--bad); } .warning { border-color: var(--warning); } .warning strong { color: var(--warning); }
.bars { width: 100%; } .bars td:nth-child(2) { width: 60%; } .bars th, .bars td { white-space: nowrap; }
svg { display: block; width: 100%; height: 1.1rem; } .value { fill: var(--bar); } .interval { fill: var(--shade); }
pre { overflow-x: auto; padding: .6rem 0; border: 1px solid var(--rule); border-radius: 4px; }
pre span { display: block; padding: 0 .8rem; } pre span::before { content: attr(data-line); display: inline-block;
  width: 3.2ch; margin-right: 1.5ch; text-align: right; color: var(--soft); } pre mark { all: unset; display: block;
  background: var(--mark); } pre mark span { border-left: 4px solid var(--warning); padding-left: calc(.8rem - 4px); }
@media print { body { max-width: none; margin: 0; } h2 { break-after: avoid; } tr, pre { break-inside: avoid; } }
"""


def to_html(document: Document) -> str:
    """Render a document as one self-contained HTML page.

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
    body = "\n".join([f"<h1>{title}</h1>", *(_block(block) for block in document.blocks)])
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<title>{title}</title>\n<link rel="icon" href="data:,">\n<style>{STYLE}</style>\n</head>\n'
        f"<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def _block(block: Block) -> str:
    if isinstance(block, Heading):
        return f"<h{block.level}>{escape(block.text)}</h{block.level}>"
    if isinstance(block, Paragraph):
        return f"<p>{escape(block.text)}</p>"
    if isinstance(block, Note):
        return f'<p class="note {block.tone}"><strong>{block.label}:</strong> {escape(block.text)}</p>'
    if isinstance(block, Code):
        return _code(block)
    if isinstance(block, Bars):
        return _bars(block)
    if isinstance(block, KeyValues):
        rows = "".join(f'<tr><th scope="row">{escape(k)}</th><td>{escape(v)}</td></tr>\n' for k, v in block.pairs)
        return f"<table>{_caption(block.caption)}\n<tbody>\n{rows}</tbody>\n</table>"
    return _table(block)


def _caption(text: str | None) -> str:
    return f"<caption>{escape(text)}</caption>" if text else ""


def _table(table: Table) -> str:
    sides = ["" if column.align == "left" else f' class="{column.align}"' for column in table.columns]
    head = "".join(
        f'<th scope="col"{side}>{escape(column.header)}</th>' for column, side in zip(table.columns, sides, strict=True)
    )
    rows = []
    for row in table.rows:
        cells = [MISSING if cell is None else escape(cell) for cell in row]
        first, *rest = zip(cells, sides, strict=True)
        rows.append(
            f'<tr><th scope="row"{first[1]}>{first[0]}</th>'
            + "".join(f"<td{side}>{cell}</td>" for cell, side in rest)
            + "</tr>\n"
        )
    return (
        f'<div class="scroll"><table>{_caption(table.caption)}\n<thead><tr>{head}</tr></thead>\n'
        f"<tbody>\n{''.join(rows)}</tbody>\n</table></div>"
    )


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
        reach = interval(bar.low, bar.high, block.unit)
        text = quantity(bar.value, block.unit) + (f" ({reach})" if bar.low is not None else "")
        rows.append(
            f'<tr><th scope="row">{escape(bar.label)}</th><td><svg aria-hidden="true">{drawn}</svg></td>'
            f'<td class="right">{escape(text)}</td></tr>\n'
        )
    return f'<table class="bars">{_caption(block.caption)}\n<tbody>\n{"".join(rows)}</tbody>\n</table>'


def _code(block: Code) -> str:
    lines = []
    for number, line in enumerate(block.lines, block.first_line):
        text = f'<span data-line="{number}">{escape(line) or " "}</span>'
        lines.append(f"<mark>{text}</mark>" if number in block.marked else text)
    caption = f"<p><em>{escape(block.caption)}</em></p>\n" if block.caption else ""
    return f'{caption}<pre tabindex="0"><code class="language-{escape(block.language)}">{"".join(lines)}</code></pre>'

"""The tape and the graph of a step as a page: op by op, side by side, and the source that they come from."""

from __future__ import annotations

from dualflow.core.errors import format_shape
from dualflow.experiment.results.graphs import Graphs
from dualflow.report.document import Block, Code, Fold, Paragraph, Table
from dualflow.report.quantity import count

AROUND = 2
"""Lines of source shown before the first and after the last that has an op."""


def blocks(graphs: Graphs, name: str) -> list[Block]:
    """Put both sides into a table whose lines lead to the source; ``name`` keeps several reports' anchors apart."""
    if graphs.note:
        return [Paragraph(graphs.note)]
    one = sum(a is not None for a, _ in graphs.pairs), sum(b is not None for _, b in graphs.pairs)
    rows: list[list[str | None]] = []
    links: list[list[str | None]] = []
    for a, b in graphs.pairs:
        op = b or a
        assert op is not None
        only = "eager alone" if b is None else "graph alone" if a is None else ""
        sides = [None if side is None else side.label for side in (a, b)]
        rows.append([*sides, format_shape(op.shape), op.dtype, f"{op.file}:{op.line}" if op.line else None, only])
        place = f"{name}-{op.file}-{op.line}" if op.file in graphs.sources else None
        links.append([None, None, None, None, place, None])
    table = Table.of(["eager tape", "graph", "shape", "dtype", "line", "only"], rows, links=links)
    blocks: list[Block] = [
        Paragraph(
            f"The tape of one eager step has {count(one[0])} ops and gradients, the graph {count(one[1])} that can "
            f"be set beside them; on one side alone: {count(graphs.alone) if graphs.alone else 'none'}. Further nodes "
            f"of the graph, the steps inside gradient rules: {count(graphs.rules)}. The compiled program is made of "
            "these same nodes, which XLA fuses."
        ),
        Fold(f"Both sides, op by op: {count(len(graphs.pairs))} rows", (table,)),
    ]
    for file, text in graphs.sources.items():
        used = sorted({op.line for pair in graphs.pairs for op in pair if op is not None and op.file == file})
        lines = text.removesuffix("\n").split("\n")
        first, last = max(used[0] - AROUND, 1), min(used[-1] + AROUND, len(lines))
        code = Code("\n".join(lines[first - 1 : last]), first_line=first, anchor=f"{name}-{file}")
        blocks.append(Fold(f"The source: {file}", (code,)))
    return blocks

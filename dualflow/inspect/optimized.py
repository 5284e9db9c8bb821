"""What passes did to a graph before it ran, as part of a report."""

from __future__ import annotations

from dualflow.arms.passes import Effect, Optimized
from dualflow.report.document import Block, Paragraph, Table
from dualflow.report.quantity import seconds


def gained(effect: Effect) -> str | None:
    """Spell what a pass bought, or that nothing was seen."""
    if effect.bought_s is None or effect.interval_s is None:
        return None
    if effect.interval_s[0] <= 0 <= effect.interval_s[1]:
        return "≈ 0"
    return ("−" if effect.bought_s < 0 else "") + seconds(abs(effect.bought_s))


def blocks_of(found: Optimized) -> list[Block]:
    """Show, pass by pass, how many nodes went, whose lines they were, and what an interpreted run gained."""
    if not found.passes:
        return [Paragraph("Passes are switched off.")]
    text = f"{found.before} nodes are computed as they were written; {found.after} are run."
    if found.plain_s is not None:
        text += (
            f" Interpreted, a run takes {seconds(found.plain_s)} without passes and {seconds(found.lean_s)} with them;"
            " each row says what its pass bought after those above it (≈ 0: the 95 % interval holds 0). XLA merges and"
            " folds again what it compiles."
        )
    rows, idle = [], []
    for each in found.passes:
        if not each.changed and each.after == each.before:
            idle.append(each.name)
            continue
        more = f"; and {len(each.lines) - 2} more" if len(each.lines) > 2 else ""
        rows.append([each.name, str(each.after), str(each.changed), gained(each), "; ".join(each.lines[:2]) + more])
    blocks: list[Block] = [Paragraph(text)]
    if rows:
        blocks.append(Table.of(["pass", ">nodes left", ">changed", ">bought", "lines"], rows))
    if idle:
        blocks.append(Paragraph(f"Nothing for {', '.join(idle)}."))
    return blocks

"""Debuggability beside the peers as a document: how often each column names the guilty line, and what else it says."""

from __future__ import annotations

from statistics import median

from dualflow.compare.debug.measures import score
from dualflow.compare.debug.record import Record
from dualflow.compare.faults.card import Fault
from dualflow.compare.peers.debug import Beside
from dualflow.compare.peers.page import missing
from dualflow.compare.report.document import Block, Document, Heading, Paragraph, Table
from dualflow.compare.report.quantity import percent

SHORT = {
    "compiled": "compl.", "torch.compile": "t.comp", "tensorflow": "tf", "tf.function": "tf.fn", "jax.jit": "jit",
}  # fmt: skip


def document(found: Beside) -> Document:
    """Put the records into reading order."""
    blocks: list[Block] = [
        Paragraph(
            f"{len(found.faults)} of the planted mistakes, each made in dualflow's program and, in the same place, in "
            "the same program in each peer's idiom; every run in a process of its own. Does the error or warning "
            "point first at a line where the mistake can be mended?"
        ),
        *missing(list(found.missing)),
        Heading("How often, and how well"),
        _counts(found),
        _quality(found),
        Paragraph(
            "Tools: df.debug(), PyTorch's anomaly detection, jax_debug_nans, TensorFlow's enable_check_numerics. Not "
            "counted for a column: mistakes that it cannot express. Op: under any of the names that the framework has "
            "for it. Of what was said without tools: medians and shares."
        ),
        Heading("Each fault"),
        _each(found),
        Heading("Machine"),
        *found.machine.blocks(),
    ]
    return Document("dualflow compare --only debug: beside the peers", tuple(blocks))


def _counts(found: Beside) -> Table:
    rows: list[list[str | None]] = []
    for column in found.records:
        cells: list[str | None] = []
        for tools in (False, True):
            records = found.of(column, tools)
            one = score(records, found.cards(column))
            silent = sum(r.outcome == "silent" for r in records if r.fault)
            alarms = f"{one.false_alarms}/{one.controls}"
            cells += [f"{one.first}/{one.faults}", str(silent), alarms] if records else [None] * 3
        rows.append([column, found.versions[column] or None, *cells])
    return Table.of(
        ["column", "version", ">first", ">silent", ">false", ">+tools", ">silent", ">false"], rows,
        "Guilty line named first / faults the column can express; faults passed in silence; false alarms / programs "
        "with nothing planted; then the same with tools",
    )  # fmt: skip


def _quality(found: Beside) -> Table:
    rows: list[list[str | None]] = []
    for column in found.records:
        cards = found.cards(column)
        said = [r for r in found.of(column, False) if r.fault and r.detected]
        raised = [r for r in said if r.outcome == "raised"]
        held = sum(r.tensors for r in said)
        rows.append([
            column,
            _share([r.names_op for r in said if cards[r.fault].op]),
            _share([r.names_operands for r in said]),
            _share([r.names_tensor for r in said if cards[r.fault].names]),
            f"{median(r.noise for r in raised):g}" if raised else None,
            f"{median(r.printed for r in raised):g}" if raised else None,
            percent(sum(r.concrete for r in said) / held, 0) if held else None,
        ])  # fmt: skip
    return Table.of(
        ["column", ">op", ">shapes, values", ">variable", ">frames", ">lines", ">with a value"], rows,
        "Names the op, the operands, the variable; framework frames below the user's; lines of traceback; tensors in "
        "the dead frames that have a value",
    )  # fmt: skip


def _share(picked: list[bool]) -> str | None:
    return percent(sum(picked) / len(picked), 0) if picked else None


def _each(found: Beside) -> Table:
    columns = list(found.records)
    marks = {
        (column, r.fault): _mark(r, found.cards(column)[r.fault])
        for column in columns
        for r in found.of(column, False)
        if r.fault
    }
    rows = [[name, *(marks.get((column, name)) for column in columns)] for name in found.faults]
    legend = ", ".join(f"{short}: {column}" for column, short in SHORT.items() if column in columns)
    return Table.of(
        ["fault", *("^" + SHORT.get(column, column) for column in columns)], rows,
        "Without tools. line: the guilty line is named first; near: among the first three; said: something else is; "
        f"·: silence; –: cannot be expressed. {legend}",
    )  # fmt: skip


def _mark(record: Record, card: Fault) -> str:
    one = score([record], {card.name: card})
    if not record.detected:
        return "·" if record.outcome == "silent" else record.outcome
    return "line" if one.first else "near" if one.among else "said"

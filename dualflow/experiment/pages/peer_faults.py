"""Debuggability beside the peers as a document: how often each column names the guilty line, and all that each said."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

from dualflow.arms.arms import ARMS
from dualflow.experiment.debuggability.measures import score
from dualflow.experiment.debuggability.observation import Record
from dualflow.experiment.faults import CLASSES, FAULTS
from dualflow.experiment.faults.card import Fault
from dualflow.experiment.pages.race import fastest, missing
from dualflow.experiment.pages.study import OUTCOMES, mark, remark
from dualflow.experiment.peers import OURS, PEERS
from dualflow.experiment.peers.faults import DECORATORS, PAIRS
from dualflow.experiment.peers.race import Race
from dualflow.experiment.peers.study import Beside
from dualflow.report.document import Block, Code, Document, Fold, Heading, Note, Paragraph, Table
from dualflow.report.page import document
from dualflow.report.quantity import percent

SHORT = {"compiled": "comp", "torch.compile": "t.c", "tensorflow": "tf", "tf.function": "fn", "jax.jit": "jit"}
"""Nine columns of four letters and the longest name of a fault are just 80 columns wide."""

IDIOMS = {"": "dualflow", "torch": "PyTorch", "tensorflow": "TensorFlow 2", "tf1": "TensorFlow 1", "jax": "JAX"}


@document.register
def page(found: Beside, fault: str | None = None) -> Document:
    """Put the records, or those of one fault, into reading order."""
    if fault is not None:
        return of_fault(found, fault)
    lead = [Paragraph(text) for text in headline(None, found)]
    blocks = (*lead, *sections(found), Heading("Machine"), *found.machine.blocks())
    return Document("Debuggability beside the peers", blocks)


def headline(race: Race | None, found: Beside | None) -> list[str]:
    """Say in a sentence how fast the fastest peer is, and how often each column names the guilty line."""
    clauses = [] if race is None else [fastest(race)]
    if found is not None:
        scores = {column: score(found.of(column, False), found.cards(column)) for column in found.records}
        counts = ", ".join(f"{column} {one.first} of {one.faults}" for column, one in scores.items() if one.faults)
        clauses.append(f"planted mistakes are told at their own line, without tools, in {counts}")
    text = "; ".join(filter(None, clauses))
    return [f"Beside the peers: {text}."] if text else []


def sections(found: Beside, level: int = 2) -> list[Block]:
    """Return what was found, under headings of a level."""
    sample = f" A sample of the {len(PAIRS)} that the peers have: `--full` plants all." if _sampled(found) else ""
    return [
        Paragraph(
            f"{len(found.faults)} of the planted mistakes, each made in dualflow's program and, in the same place, in "
            "the same program in each peer's idiom; every run in a process of its own. Does the error or warning "
            f"point first at a line where the mistake can be mended?{sample}"
        ),
        *missing(found.missing),
        *[
            Note(f"{name} takes no part here: compiling takes it minutes. `--full`, or naming it, plants its mistakes.")
            for name in found.left_out
        ],
        Heading("How often, and how well", level),
        _counts(found),
        _quality(found),
        Paragraph(
            "Tools: df.debug(), PyTorch's anomaly detection, jax_debug_nans and jax_debug_infs, TensorFlow's "
            "enable_check_numerics. Not counted for a column: mistakes that it cannot express. Op: under any of the "
            "names that the framework has for it. Shapes, values: sizes, shapes, dtypes or numbers. Of what was said "
            "without tools: medians and shares; a line of the program that a message quotes names nothing."
        ),
        Heading("Each fault", level),
        _each(found, False),
        *_changed(found),
        _folds(found),
    ]


def of_fault(found: Beside, name: str) -> Document:
    """Return one fault: the program in each idiom, its guilty lines marked, and what every column said."""
    card = FAULTS[name]
    blocks: list[Block] = [Paragraph(f"{card.mistake[:1].upper()}{card.mistake[1:]}."), *missing(found.missing)]
    for idiom in _idioms(found):
        code, *folds = _planted(found, name, idiom)
        blocks += [Heading(IDIOMS[idiom]), code]
        for fold in folds:
            if isinstance(fold, Fold):
                blocks += [Heading(fold.summary, 3), *fold.blocks]
    return Document(f"dualflow fault: {name}, beside the peers", tuple(blocks))


def _sampled(found: Beside) -> bool:
    return 1 < len(found.faults) < len(PAIRS)


def _settings(found: Beside) -> list[bool]:
    """Return without and, if there were such runs, with tools."""
    return sorted({record.tools for records in found.records.values() for record in records})


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


def _marks(found: Beside, tools: bool) -> dict[tuple[str, str], str]:
    cards = {column: found.cards(column) for column in found.records}
    planted = [(column, r) for column in cards for r in found.of(column, tools) if r.fault]
    marks = {(column, r.fault): mark(r, cards[column][r.fault]) for column, r in planted}
    return {of: "·" if said == "silent" else said for of, said in marks.items()}  # nine columns: no room for the word


def _each(found: Beside, tools: bool, only: tuple[str, ...] | None = None) -> Table:
    columns, marks = list(found.records), _marks(found, tools)
    names = found.faults if only is None else only
    rows = [[name, *(marks.get((column, name)) for column in columns)] for name in names]
    links = [
        [f"beside-{name}", *(_run(name, c, tools) if cell else None for c, cell in zip(columns, row[1:], strict=True))]
        for name, row in zip(names, rows, strict=True)
    ]
    legend = ", ".join(f"{short}: {column}" for column, short in SHORT.items() if column in columns)
    caption = "With tools, where they change anything" if tools else (
        "Without tools. line: the guilty line is named first; near: among the first three; said: something else is; "
        f"·: silence; –: cannot be expressed. {legend}"
    )  # fmt: skip
    return Table.of(["fault", *("^" + SHORT.get(column, column) for column in columns)], rows, caption, links)


def _changed(found: Beside) -> Iterator[Block]:
    """Yield the table of the faults that some column's tools show otherwise."""
    plain, tools = _marks(found, False), _marks(found, True)
    names = {fault for (column, fault), said in tools.items() if plain[column, fault] != said}
    if names:
        yield _each(found, True, tuple(name for name in found.faults if name in names))
    elif True in _settings(found):
        yield Paragraph("The tools change none of this.")


def _run(fault: str, column: str, tools: bool) -> str:
    """Name the anchor of one run."""
    return f"beside-{fault}-{column.replace('.', '-')}{'-tools' if tools else ''}"


# --- all that was said ----------------------------------------------------------------------------------------------


def _folds(found: Beside) -> Fold:
    """Return each fault: the program in each idiom, once, and what the columns of that idiom said."""
    inside = []
    for name in found.faults:
        card = FAULTS[name]
        blocks: list[Block] = []
        for idiom in _idioms(found):
            blocks += _planted(found, name, idiom)
        summary = f"{name}: {card.mistake} ({card.kind} {CLASSES[card.kind]})"
        inside.append(Fold(summary, tuple(blocks), f"beside-{name}"))
    return Fold(
        f"The {len(found.faults)} faults beside the peers: the program in each idiom, and what every column said",
        tuple(inside), "beside", filters=("column", "outcome"), opened=True,
    )  # fmt: skip


def _idioms(found: Beside) -> list[str]:
    return list(dict.fromkeys("" if column in OURS else PEERS[column].scripts for column in found.records))


def _planted(found: Beside, name: str, idiom: str) -> list[Block]:
    """Return a program with the mistake in it, its guilty lines marked, and a fold for each run of it."""
    columns = [c for c in found.records if ("" if c in OURS else PEERS[c].scripts) == idiom]
    cards = {column: card for column in columns if (card := found.cards(column).get(name)) is not None}
    if not cards:
        return [Paragraph(f"{IDIOMS[idiom]}: cannot be expressed, or the same line is right there.")]
    card = next(iter(cards.values()))
    planted = card.planted()
    plain = [c for c in cards if c in PEERS and PEERS[c].mode == "eager"]
    line = next((d.strip() for d in DECORATORS if d in planted.text), "")
    without = f"; {plain[0]} runs it without the line {line}" if plain and line else ""
    caption = f"{IDIOMS[idiom]}: {card.program.rpartition('/')[2]}.py, the guilty line marked{without}"
    blocks: list[Block] = [Code(planted.text, marked=planted.guilty, caption=caption)]
    for column in cards:
        before = ""
        for record in (r for r in found.records[column] if r.fault == name):
            blocks.append(_said(record, card, before))
            before = record.trace
    return blocks


def _said(record: Record, card: Fault, before: str) -> Fold:
    """Return one run; what was printed with tools is not printed again where it is what was printed without."""
    pointed = mark(record, card)
    who = ARMS[record.arm].label if record.arm in OURS else record.arm
    label, outcome = f"{who}{', with tools' if record.tools else ''}", OUTCOMES.get(pointed, pointed)
    trace: tuple[Block, ...] = (Code(record.trace, language="text"),) if record.trace else ()
    if trace and record.trace == before:
        trace = (Paragraph("The same text as without tools."),)
    tags = (("column", label), ("outcome", outcome))
    return Fold(
        f"{label}: {outcome}", (remark(record, card), *trace), _run(record.fault, record.arm, record.tools), tags
    )

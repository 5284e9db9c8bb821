"""Debuggability beside the peers as a page: how often each column names the guilty line, and all that each said."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import median

from dualflow.experiment.debuggability.measures import mark, score
from dualflow.experiment.faults import CLASSES, FAULTS
from dualflow.experiment.pages.machine import ended
from dualflow.experiment.pages.race import fastest, missing
from dualflow.experiment.pages.study import held, run, share, traced
from dualflow.experiment.peers import OURS, PEERS
from dualflow.experiment.peers.faults import DECORATORS, PAIRS
from dualflow.experiment.peers.race import Race
from dualflow.experiment.peers.study import PeerStudy
from dualflow.report.document import Block, Code, Document, Fold, Heading, Note, Paragraph, Table, document

SHORT = {"compiled": "comp", "torch.compile": "t.c", "tensorflow": "tf", "tf.function": "fn", "jax.jit": "jit"}
"""Nine columns of four letters and the longest name of a fault are just 80 columns wide."""

IDIOMS = {"": "dualflow", "torch": "PyTorch", "tensorflow": "TensorFlow 2", "tf1": "TensorFlow 1", "jax": "JAX"}


@document.register
def page(study: PeerStudy, fault: str | None = None) -> Document:
    """Put what every column gave away into reading order, or what it did of one fault."""
    if fault is not None:
        return _one_fault(study, fault)
    lead = [Paragraph(text) for text in headline(None, study)]
    return ended("Debuggability beside the peers", [*lead, *sections(study)], study.machine)


def headline(race: Race | None, study: PeerStudy | None) -> list[str]:
    """Return in a sentence how fast the fastest peer is, and how often each column names the guilty line."""
    clauses = [] if race is None else [fastest(race)]
    if study is not None:
        scores = {column: score(study.of(column, False), study.cards(column)) for column in study.observations}
        counts = ", ".join(f"{column} {one.first} of {one.faults}" for column, one in scores.items() if one.faults)
        clauses.append(f"planted mistakes are reported at their own line, without tools, in {counts}")
    text = "; ".join(filter(None, clauses))
    return [f"Beside the peers: {text}."] if text else []


def sections(study: PeerStudy, level: int = 2) -> list[Block]:
    """Return what was found, under headings of a level."""
    sampled = 1 < len(study.faults) < len(PAIRS)
    sample = f" A sample of the {len(PAIRS)} that the peers have: `--full` plants all." if sampled else ""
    return [
        Paragraph(
            f"{len(study.faults)} of the planted mistakes, each made in dualflow's program and, in the same place, in "
            "the same program in each peer's idiom; every run in a process of its own. Does the error or warning "
            f"point first at a line where the mistake can be mended?{sample}"
        ),
        *missing(study.missing),
        *[
            Note(f"{name} takes no part here: compiling takes it minutes. `--full`, or naming it, plants its mistakes.")
            for name in study.left_out
        ],
        Heading("How often, and how well", level),
        _counts(study),
        _quality(study),
        Paragraph(
            "Tools: df.debug(), PyTorch's anomaly detection, jax_debug_nans and jax_debug_infs, TensorFlow's "
            "enable_check_numerics. Not counted for a column: mistakes that it cannot express. Op: under any of the "
            "names that the framework has for it. Shapes, values: sizes, shapes, dtypes or numbers. Of what was said "
            "without tools: medians and shares; a line of the program that a message quotes names nothing."
        ),
        Heading("Each fault", level),
        _each(study, False, study.faults),
        *_changed(study),
        _folds(study),
    ]


def _one_fault(study: PeerStudy, name: str) -> Document:
    """Return one fault: the program in each idiom, its guilty lines marked, and what every column said."""
    card = FAULTS[name]
    blocks: list[Block] = [Paragraph(f"{card.mistake[:1].upper()}{card.mistake[1:]}."), *missing(study.missing)]
    for idiom in _idioms(study):
        code, *folds = _planted(study, name, idiom)
        blocks += [Heading(IDIOMS[idiom]), code]
        for fold in folds:
            if isinstance(fold, Fold):
                blocks += [Heading(fold.summary, 3), *fold.blocks]
    return Document(f"dualflow fault: {name}, beside the peers", tuple(blocks))


def _counts(study: PeerStudy) -> Table:
    rows: list[list[str | None]] = []
    for column in study.observations:
        cells: list[str | None] = []
        for tools in (False, True):
            seen = study.of(column, tools)
            one = score(seen, study.cards(column))
            silent = sum(o.outcome == "silent" for o in seen if o.fault)
            alarms = f"{one.false_alarms}/{one.controls}"
            cells += [f"{one.first}/{one.faults}", str(silent), alarms] if seen else [None] * 3
        rows.append([column, study.versions[column] or None, *cells])
    return Table.of(
        ["column", "version", ">first", ">silent", ">false", ">+tools", ">silent", ">false"], rows,
        "Guilty line named first / faults the column can express; faults passed in silence; false alarms / programs "
        "with nothing planted; then the same with tools",
    )  # fmt: skip


def _quality(study: PeerStudy) -> Table:
    rows: list[list[str | None]] = []
    for column in study.observations:
        cards = study.cards(column)
        said = [o for o in study.of(column, False) if o.fault and o.detected]
        raised = [o for o in said if o.outcome == "raised"]
        rows.append([
            column,
            share([o.names_op for o in said if cards[o.fault].op]),
            share([o.names_operands for o in said]),
            share([o.names_tensor for o in said if cards[o.fault].names]),
            f"{median(o.noise for o in raised):g}" if raised else None,
            f"{median(o.printed for o in raised):g}" if raised else None,
            held(said),
        ])  # fmt: skip
    return Table.of(
        ["column", ">op", ">shapes, values", ">variable", ">frames", ">lines", ">with a value"], rows,
        "Names the op, the operands, the variable; framework frames below the user's; lines of traceback; tensors in "
        "the dead frames that have a value",
    )  # fmt: skip


def _marks(study: PeerStudy, tools: bool) -> dict[tuple[str, str], str]:
    """Return by (column, fault) where each run pointed; "·" for silence: in nine columns there is no room for more."""
    marks: dict[tuple[str, str], str] = {}
    for column in study.observations:
        cards = study.cards(column)
        marks |= {(column, o.fault): mark(o, cards[o.fault]) for o in study.of(column, tools) if o.fault}
    return {of: "·" if said == "silent" else said for of, said in marks.items()}


def _each(study: PeerStudy, tools: bool, names: Sequence[str]) -> Table:
    columns, marks = list(study.observations), _marks(study, tools)
    rows = [[name, *(marks.get((column, name)) for column in columns)] for name in names]
    links = [
        [f"beside-{name}", *(_anchor(name, column, tools) if (column, name) in marks else None for column in columns)]
        for name in names
    ]
    legend = ", ".join(f"{short}: {column}" for column, short in SHORT.items() if column in columns)
    caption = "With tools, where they change anything" if tools else (
        "Without tools. line: the guilty line is named first; near: among the first three; said: something else is; "
        f"·: silence; –: cannot be expressed. {legend}"
    )  # fmt: skip
    return Table.of(["fault", *("^" + SHORT.get(column, column) for column in columns)], rows, caption, links)


def _changed(study: PeerStudy) -> Iterator[Block]:
    """Yield the table of the faults that some column's tools show otherwise."""
    plain, tools = _marks(study, False), _marks(study, True)
    names = {fault for (column, fault), said in tools.items() if plain[column, fault] != said}
    if names:
        yield _each(study, True, [name for name in study.faults if name in names])
    elif True in study.settings():
        yield Paragraph("The tools change none of this.")


def _anchor(fault: str, column: str, tools: bool) -> str:
    """Return the anchor of one run."""
    return f"beside-{fault}-{column.replace('.', '-')}{'-tools' if tools else ''}"


# --- all that was said ----------------------------------------------------------------------------------------------


def _folds(study: PeerStudy) -> Fold:
    """Return each fault: the program in each idiom, once, and what the columns of that idiom said."""
    inside = []
    for name in study.faults:
        card = FAULTS[name]
        blocks = [block for idiom in _idioms(study) for block in _planted(study, name, idiom)]
        summary = f"{name}: {card.mistake} ({card.kind} {CLASSES[card.kind]})"
        inside.append(Fold(summary, tuple(blocks), f"beside-{name}"))
    return Fold(
        f"The {len(study.faults)} faults beside the peers: the program in each idiom, and what every column said",
        tuple(inside), "beside", filters=("column", "outcome"), opened=True,
    )  # fmt: skip


def _idiom(column: str) -> str:
    return "" if column in OURS else PEERS[column].scripts


def _idioms(study: PeerStudy) -> list[str]:
    return list(dict.fromkeys(map(_idiom, study.observations)))


def _planted(study: PeerStudy, name: str, idiom: str) -> list[Block]:
    """Return a program with the mistake in it, its guilty lines marked, and a fold for each run of it."""
    columns = [column for column in study.observations if _idiom(column) == idiom]
    cards = {column: card for column in columns if (card := study.cards(column).get(name)) is not None}
    if not cards:
        return [Paragraph(f"{IDIOMS[idiom]}: cannot be expressed, or the same line is right there.")]
    card = next(iter(cards.values()))
    planted = card.planted()
    plain = [column for column in cards if column in PEERS and PEERS[column].mode == "eager"]
    line = next((d.strip() for d in DECORATORS if d in planted.text), "")
    without = f"; {plain[0]} runs it without the line {line}" if plain and line else ""
    caption = f"{IDIOMS[idiom]}: {card.program.rpartition('/')[2]}.py, the guilty line marked{without}"
    blocks: list[Block] = [Code(planted.text, marked=planted.guilty, caption=caption)]
    for column in cards:
        before = ""
        for seen in (o for o in study.observations[column] if o.fault == name):
            again = seen.trace and seen.trace == before  # with tools, where they change nothing
            trace = [Paragraph("The same text as without tools.")] if again else traced(seen)
            blocks.append(run(seen, card, _anchor(name, column, seen.tools), {}, "column", trace))
            before = seen.trace
    return blocks

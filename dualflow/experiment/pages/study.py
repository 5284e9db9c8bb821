"""A study as a document: the matrix of classes and arms, what it means in words, and one fault at a time.

It computes nothing that ``measures`` does not, and lays nothing out.
"""

from __future__ import annotations

from collections.abc import Sequence

from dualflow.arms.arms import ARMS
from dualflow.experiment.debuggability.measures import Score, by_class, distance, score, weighted_recall
from dualflow.experiment.debuggability.observation import Record
from dualflow.experiment.debuggability.study import Study
from dualflow.experiment.faults.card import CLASSES, Case, Fault
from dualflow.experiment.results.verdict import CALLED
from dualflow.report.document import Block, Code, Document, Fold, Heading, KeyValues, Note, Paragraph, Table
from dualflow.report.page import document
from dualflow.report.quantity import MISSING, count, percent, seconds

SHORT = {"eager": "eager", "interpreted": "interp.", "compiled": "compiled"}


@document.register
def page(study: Study, fault: str | None = None) -> Document:
    """Put a study into reading order: the answer, the matrix, what else was measured, each fault; or one fault."""
    if fault is not None:
        return of_fault(study, fault)
    how = "dualflow debug" if study.target else "dualflow compare --only debug"
    blocks = [*sections(study), Heading("Machine"), *study.machine.blocks()]
    return Document(f"{how}: {study.target or 'debuggability'}", tuple(blocks))


def sections(study: Study, level: int = 2) -> list[Block]:
    """Return what a study found, under headings of a level."""
    programs = len({case.program for case in study.cases})
    where = f"in {study.target}" if study.target else f"in {programs} program{'s' if programs != 1 else ''}"
    how = f"debug {study.target}" if study.target else "compare --only debug"
    more = f"`dualflow {how} --fault NAME` shows one with the tracebacks of all arms."
    blocks: list[Block] = [
        Paragraph(
            f"{len(study.cases)} mistakes were planted, one at a time, {where}; each ran in a process of its own "
            "in every arm, plain and with the debug tools on (df.debug()). Does the error or warning point first at a "
            "line where the mistake can be mended?"
        ),
        Heading("In short", level),
        *[Paragraph(sentence) for sentence in _in_short(study)],
        Heading("By class", level),
        *_matrix(study),
        Heading("How well it was said", level),
        *_quality(study),
        Heading("Each fault", level),
        *([_planted(study)] if study.target else []),
        _each(study),
        Paragraph(more),
        _faults(study),
    ]
    if study.harmless:
        harmless = f"{len(study.harmless)} changes changed nothing and are not counted: {', '.join(study.harmless)}."
        blocks.insert(1, Note(harmless))
    return blocks


def headline(study: Study) -> str:
    """Say in a sentence how often each arm names the guilty line, as it is and with the tools."""
    cards = study.cards()
    named: list[str] = []
    for arm in study.arms:
        plain, tools = (score(study.of(arm, on), cards) for on in (False, True))
        named.append(f"{plain.first} of {plain.faults} in {CALLED[arm]} ({tools.first} with the debug tools)")
    return f"Planted mistakes that are told at their own line: {', '.join(named)}."


def _columns(study: Study) -> list[tuple[str, bool]]:
    return [(arm, tools) for arm in study.arms for tools in (False, True)]


def _called(arm: str, tools: bool) -> str:
    return f"{ARMS[arm].label}{', with tools' if tools else ''}"


def _headers(study: Study) -> list[str]:
    return [">+tools" if tools else f">{SHORT[arm]}" for arm, tools in _columns(study)]


def _in_short(study: Study) -> list[str]:
    cards = study.cards()
    sentences = []
    for arm in study.arms:
        plain, tools = (score(study.of(arm, on), cards) for on in (False, True))
        alarms = (
            "no false alarm" if not tools.false_alarms else f"{tools.false_alarms} false alarms"
        ) + f" on {tools.controls} programs with nothing planted"
        sentences.append(
            f"{CALLED[arm].capitalize()} names the line first in {plain.first} of {plain.faults} faults, with the "
            f"tools in {tools.first}; {plain.faults - plain.detected} pass in silence, with the tools "
            f"{tools.faults - tools.detected}. {alarms.capitalize()}."
        )
    return sentences


def _matrix(study: Study) -> list[Block]:
    cards = study.cards()
    columns = [(study.of(arm, tools), by_class(study.of(arm, tools), cards)) for arm, tools in _columns(study)]
    rows: list[list[str | None]] = []
    links: list[list[str | None]] = []
    for kind, title in CLASSES.items():
        if any(kind in scores for _, scores in columns):
            cells = [_cell(scores.get(kind)) for _, scores in columns]
            rows.append([f"{kind} {title}", *cells])
            picks = [f"class-{kind}?class={kind} {title}&arm={_called(*column)}" for column in _columns(study)]
            links.append([f"class-{kind}", *(cell and pick for cell, pick in zip(cells, picks, strict=True))])
    everything = [score(records, cards) for records, _ in columns]
    rows.append(["all", *(_cell(one) for one in everything)])
    rows.append(["recall", *(percent(one.recall, 0) for one in everything)])
    rows.append(["recall, weighted", *(percent(weighted_recall(records, cards), 0) for records, _ in columns)])
    rows.append(["precision", *(percent(one.precision, 0) for one in everything)])
    rows.append(["F3", *(MISSING if one.f3 is None else f"{one.f3:.2f}" for one in everything)])
    rows.append(["false alarms", *(f"{one.false_alarms}/{one.controls}" for one in everything)])
    return [
        Table.of(
            ["class", *_headers(study)],
            rows,
            "guilty line named first / faults the arm can express",
            [*links, *[[None] * len(row) for row in rows[len(links) :]]],
        ),
        Paragraph(
            "Recall: the share of faults whose guilty line was named first. Precision: the share of all errors and "
            "warnings, those on programs without a fault included, that named one first. F3 weighs recall three times "
            "as much. Weighted: each class by the share of bugs that Zhang et al. (ISSTA 2018) found of it; classes "
            "without a published share take no part. A fault that an arm cannot express does not count for it. "
            "None of this is developer time: nobody was watched."
        ),
    ]


def _cell(one: Score | None) -> str | None:
    return None if one is None or not one.faults else f"{one.first}/{one.faults}"


def _quality(study: Study) -> list[Block]:
    cards = study.cards()
    rows: list[list[str | None]] = []

    def share(name: str, picked: list[list[bool]]) -> None:
        rows.append([name, *(percent(sum(p) / len(p), 0) if p else None for p in picked)])

    columns = [[r for r in study.of(arm, tools) if r.fault and r.detected] for arm, tools in _columns(study)]
    share("names the op", [[r.names_op for r in c if cards[r.fault].op] for c in columns])
    share("names shapes, dtypes or values", [[r.names_operands for r in c] for c in columns])
    share("names the variable", [[r.names_tensor for r in c if cards[r.fault].names] for c in columns])
    share("at definition or first run", [[r.phase in ("definition", "first run") for r in c] for c in columns])
    rows.append(["lines off, median", *(_median([distance(r, cards[r.fault]) for r in c]) for c in columns)])
    rows.append(
        ["framework frames, median", *(_median([r.noise for r in c if r.outcome == "raised"]) for c in columns)]
    )
    rows.append(["traceback lines, median", *(_median([r.printed for r in c]) for c in columns)])
    held = [(sum(r.concrete for r in c), sum(r.tensors for r in c)) for c in columns]
    rows.append(["tensors with a value", *(percent(a / b, 0) if b else None for a, b in held)])
    searched = [[r.probes for r in study.of(arm, tools) if r.probes is not None] for arm, tools in _columns(study)]
    rows.append(["extra runs to find a NaN, median", *(_median(found) for found in searched)])
    controls = {(r.program, r.arm): r.seconds for r in study.records if not r.fault and not r.tools}
    ratios = [
        [r.seconds / controls[r.program, r.arm] for r in study.of(arm, tools) if not r.fault and r.seconds]
        for arm, tools in _columns(study)
    ]
    rows.append(["time of a whole run, median", *(_median(r, "{:.2g}×") for r in ratios)])
    return [
        Table.of(["of what was said", *_headers(study)], rows),
        Paragraph(
            "Extra runs to find a NaN, where a run ended with one and nothing was said: in eager mode one that prints "
            "every value; in a graph a search that fetches half of the nodes that are left, again and again. A dash: "
            "the tools had named it. Time: of programs with nothing planted, over the same arm without tools."
        ),
    ]


def _median(values: Sequence[float | None], form: str = "{:g}") -> str | None:
    known = sorted(v for v in values if v is not None)
    return form.format(known[len(known) // 2]) if known else None


def _planted(study: Study) -> Table:
    rows = [[name, str(case.planted().guilty[0]), case.mistake] for name, case in study.cards().items()]
    return Table.of(["fault", ">line", "what was changed"], rows)


def _each(study: Study) -> Table:
    marks = {(r.fault, r.arm, r.tools): mark(r, study.cards()[r.fault]) for r in study.records if r.fault}
    rows = [
        [f"{case.kind} {name}", *(marks.get((name, arm, tools)) for arm, tools in _columns(study))]
        for name, case in study.cards().items()
    ]
    links = [
        [f"fault-{name}", *(_run(name, *column) if mark else None
                                  for column, mark in zip(_columns(study), row[1:], strict=True))]
        for name, row in zip(study.cards(), rows, strict=True)
    ]  # fmt: skip
    return Table.of(
        ["fault", *("^" + header[1:] for header in _headers(study))],
        rows,
        "line: the guilty line is named first; near: among the first three; said: something else is; "
        "silent: nothing is said; –: the arm cannot express it",
        links,
    )


def _run(fault: str, arm: str, tools: bool) -> str:
    """Name the anchor of one run."""
    return f"run-{fault}-{arm}{'-tools' if tools else ''}"


OUTCOMES = {"line": "the guilty line first", "near": "among the first three", "said": "another line",
            "silent": "silence"}  # fmt: skip


def _faults(study: Study) -> Fold:
    """Return each fault, by class: the program with its guilty lines, and what every arm said."""
    classes = []
    for kind, title in CLASSES.items():
        cases = [case for case in study.cases if case.kind == kind]
        if cases:
            inside = tuple(_fault(study, case) for case in cases)
            classes.append(Fold(f"{kind} {title}: {len(cases)}", inside, f"class-{kind}", opened=True))
    return Fold(
        f"The {len(study.cases)} faults: the program, the guilty line, and what every arm said",
        tuple(classes), "faults", filters=("class", "arm", "outcome"), opened=True,
    )  # fmt: skip


def _fault(study: Study, case: Case) -> Fold:
    planted = case.planted()
    code = Code(planted.text, marked=planted.guilty, caption=f"{case.program}.py, the guilty line marked")
    runs: list[Block] = []
    for record in (r for r in study.records if r.fault == case.name):
        pointed = mark(record, case)
        arm = _called(record.arm, record.tools)
        outcome = OUTCOMES.get(pointed, pointed)
        tags = (("class", f"{case.kind} {CLASSES[case.kind]}"), ("arm", arm), ("outcome", outcome))
        trace = (Code(record.trace, language="text"),) if record.trace else ()
        runs.append(
            Fold(f"{arm}: {outcome}", (remark(record, case), *trace), _run(case.name, record.arm, record.tools), tags)
        )
    nobody = Paragraph("Not run: no arm can express it.")
    return Fold(f"{case.name}: {case.mistake}", (code, *(runs or [nobody])), f"fault-{case.name}")


def mark(record: Record, fault: Case) -> str:
    """Say in a word where a run pointed: line, near, said; or how it ended: silent, timeout, crashed."""
    one = score([record], {fault.name: fault})
    if not record.detected:
        return record.outcome
    return "line" if one.first else "near" if one.among else "said"


def of_fault(study: Study, name: str) -> Document:
    """Return one fault: the program with its guilty lines marked, and what every arm said."""
    card = study.cards()[name]
    planted = card.planted()
    facts = {"class": f"{card.kind} {CLASSES[card.kind]}"}
    if isinstance(card, Fault):
        facts |= {"source": card.source, "eager": card.eager, "graph": card.graph}
    blocks: list[Block] = [
        Paragraph(f"{card.mistake[:1].upper()}{card.mistake[1:]}."),
        KeyValues.of(facts),
        Code(planted.text, marked=planted.guilty, caption=f"{card.program}.py"),
    ]
    for record in (r for r in study.records if r.fault == name):
        blocks.append(Heading(_called(record.arm, record.tools)))
        blocks.append(remark(record, card))
        if record.trace:
            blocks.append(Code(record.trace, language="text"))
    return Document(f"dualflow fault: {name}", tuple(blocks))


def remark(record: Record, card: Case) -> Note:
    """Say in a sentence what a run said, and where it pointed."""
    if not record.detected:
        return Note(f"nothing was said ({record.outcome}, {seconds(record.seconds)}).", "bad")
    pointed = mark(record, card)
    lines = f"line {record.pointed[0]}" if record.pointed else "no line of the program"
    off = distance(record, card)
    which = "a guilty one" if off == 0 else f"{count(off)} lines away from the guilty one" if off else ""
    where = f"at {record.phase}" if record.phase == "definition" else f"in the {record.phase}"
    text = f"{record.error} {where}, which points first at {lines}{which and ', '}{which}."
    return Note(text, "good" if pointed == "line" else "warning")

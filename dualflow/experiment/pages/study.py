"""A study as a page: the matrix of classes and arms, what it means in words, and one fault at a time.

It computes nothing that ``measures`` does not, and lays nothing out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dualflow.arms.arms import ARMS
from dualflow.experiment.debuggability.measures import Score, by_class, distance, mark, score, weighted_recall
from dualflow.experiment.debuggability.observation import Observation
from dualflow.experiment.debuggability.study import Study
from dualflow.experiment.faults.card import CLASSES, Case, Fault
from dualflow.experiment.pages.machine import ended
from dualflow.experiment.results.verdict import CALLED
from dualflow.report.document import Block, Code, Document, Fold, Heading, KeyValues, Note, Paragraph, Table, document
from dualflow.report.quantity import MISSING, count, percent, seconds

SHORT = {"eager": "eager", "interpreted": "interp.", "compiled": "compiled"}


@document.register
def page(study: Study, fault: str | None = None) -> Document:
    """Put a study into reading order: the answer, the matrix, what else was measured, each fault; or one fault."""
    if fault is not None:
        return _one_fault(study, fault)
    how = "dualflow debug" if study.target else "dualflow compare --only debug"
    return ended(f"{how}: {study.target or 'debuggability'}", sections(study), study.machine)


def sections(study: Study, level: int = 2) -> list[Block]:
    """Return what a study found, under headings of a level."""
    programs = len({case.program for case in study.cases})
    where = f"in {study.target}" if study.target else f"in {programs} program{'s' if programs != 1 else ''}"
    how = f"debug {study.target}" if study.target else "compare --only debug"
    harmless = f"{len(study.harmless)} changes changed nothing and are not counted: {', '.join(study.harmless)}."
    return [
        Paragraph(
            f"{len(study.cases)} mistakes were planted, one at a time, {where}; each ran in a process of its own "
            "in every arm, plain and with the debug tools on (df.debug()). Does the error or warning point first at a "
            "line where the mistake can be mended?"
        ),
        *([Note(harmless)] if study.harmless else []),
        Heading("In short", level),
        *_in_short(study),
        Heading("By class", level),
        *_matrix(study),
        Heading("How well it was said", level),
        *_quality(study),
        Heading("Each fault", level),
        *([_planted(study)] if study.target else []),
        _each(study),
        Paragraph(f"`dualflow {how} --fault NAME` shows one with the tracebacks of all arms."),
        _faults(study),
    ]


def headline(study: Study) -> str:
    """Return in a sentence how often each arm names the guilty line, as it is and with the tools."""
    counts = (
        f"{plain.first} of {plain.faults} in {CALLED[arm]} ({tools.first} with the debug tools)"
        for arm, plain, tools in _scores(study)
    )
    return f"Planted mistakes that are reported at their own line: {', '.join(counts)}."


def _scores(study: Study) -> Iterator[tuple[str, Score, Score]]:
    """Yield each arm with its score as it is, and with the tools."""
    cards = study.cards()
    for arm in study.arms:
        yield arm, score(study.of(arm, False), cards), score(study.of(arm, True), cards)


def _columns(study: Study) -> list[tuple[str, bool]]:
    return [(arm, tools) for arm in study.arms for tools in (False, True)]


def called(arm: str, tools: bool) -> str:
    """Return what a column is called: an arm by its label, a peer by its name."""
    return f"{ARMS[arm].label if arm in ARMS else arm}{', with tools' if tools else ''}"


def _headers(study: Study) -> list[str]:
    return [">+tools" if tools else f">{SHORT[arm]}" for arm, tools in _columns(study)]


def _in_short(study: Study) -> Iterator[Paragraph]:
    for arm, plain, tools in _scores(study):
        alarms = "No false alarm" if not tools.false_alarms else f"{tools.false_alarms} false alarms"
        yield Paragraph(
            f"{CALLED[arm].capitalize()} names the line first in {plain.first} of {plain.faults} faults, with the "
            f"tools in {tools.first}; {plain.faults - plain.detected} pass in silence, with the tools "
            f"{tools.faults - tools.detected}. {alarms} on {tools.controls} programs with nothing planted."
        )


def _matrix(study: Study) -> list[Block]:
    cards, columns = study.cards(), _columns(study)
    seen = [study.of(*column) for column in columns]
    classes, everything = [by_class(each, cards) for each in seen], [score(each, cards) for each in seen]
    rows: list[list[str | None]] = []
    links: list[list[str | None]] = []
    for kind, title in CLASSES.items():
        if any(kind in scores for scores in classes):
            cells = [_cell(scores.get(kind)) for scores in classes]
            rows.append([f"{kind} {title}", *cells])
            picks = [f"class-{kind}?class={kind} {title}&arm={called(*column)}" for column in columns]
            links.append([f"class-{kind}", *(cell and pick for cell, pick in zip(cells, picks, strict=True))])
    totals: list[list[str | None]] = [
        ["all", *map(_cell, everything)],
        ["recall", *(percent(one.recall, 0) for one in everything)],
        ["recall, weighted", *(percent(weighted_recall(each, cards), 0) for each in seen)],
        ["precision", *(percent(one.precision, 0) for one in everything)],
        ["F3", *(MISSING if one.f3 is None else f"{one.f3:.2f}" for one in everything)],
        ["false alarms", *(f"{one.false_alarms}/{one.controls}" for one in everything)],
    ]
    return [
        Table.of(["class", *_headers(study)], [*rows, *totals], "guilty line named first / faults the arm can express",
                 [*links, *[[None] * len(row) for row in totals]]),
        Paragraph(
            "Recall: the share of faults whose guilty line was named first. Precision: the share of all errors and "
            "warnings, those on programs without a fault included, that named one first. F3 weighs recall three times "
            "as much. Weighted: each class by the share of bugs that Zhang et al. (ISSTA 2018) found of it; classes "
            "without a published share take no part. A fault that an arm cannot express does not count for it. "
            "None of this is developer time: nobody was watched."
        ),
    ]  # fmt: skip


def _cell(one: Score | None) -> str | None:
    return None if one is None or not one.faults else f"{one.first}/{one.faults}"


def _quality(study: Study) -> list[Block]:
    cards, columns = study.cards(), _columns(study)
    every = [study.of(*column) for column in columns]
    said = [[seen for seen in each if seen.fault and seen.detected] for each in every]
    controls = {(o.program, o.arm): o.seconds for o in study.observations if not o.fault and not o.tools}
    early = ("definition", "first run")
    rows = [
        ["names the op", *(share([seen.names_op for seen in each if cards[seen.fault].op]) for each in said)],
        ["names shapes, dtypes or values", *(share([seen.names_operands for seen in each]) for each in said)],
        ["names the variable", *(share([o.names_tensor for o in each if cards[o.fault].names]) for each in said)],
        ["at definition or first run", *(share([seen.phase in early for seen in each]) for each in said)],
        ["lines off, median", *(_median([distance(seen, cards[seen.fault]) for seen in each]) for each in said)],
        ["framework frames, median", *(_median([o.noise for o in each if o.outcome == "raised"]) for each in said)],
        ["traceback lines, median", *(_median([seen.printed for seen in each]) for each in said)],
        ["tensors with a value", *map(held, said)],
        ["extra runs to find a NaN, median", *(_median([seen.probes for seen in each]) for each in every)],
        ["time of a whole run, median", *(
            _median([o.seconds / controls[o.program, o.arm] for o in each if not o.fault and o.seconds], "{:.2g}×")
            for each in every
        )],
    ]  # fmt: skip
    return [
        Table.of(["of what was said", *_headers(study)], rows),
        Paragraph(
            "Extra runs to find a NaN, where a run ended with one and nothing was said: in eager mode one that prints "
            "every value; in a graph a search that fetches half of the nodes that are left, again and again. A dash: "
            "the tools had named it. Time: of programs with nothing planted, over the same arm without tools."
        ),
    ]


def share(picked: Sequence[bool]) -> str | None:
    """Return the share that is true, None of nothing."""
    return percent(sum(picked) / len(picked), 0) if picked else None


def held(seen: Sequence[Observation]) -> str | None:
    """Return the share of the tensors in dead frames that have a value, None where there is no tensor."""
    tensors = sum(one.tensors for one in seen)
    return percent(sum(one.concrete for one in seen) / tensors, 0) if tensors else None


def _median(values: Sequence[float | None], form: str = "{:g}") -> str | None:
    known = sorted(v for v in values if v is not None)
    return form.format(known[len(known) // 2]) if known else None


def _planted(study: Study) -> Table:
    rows = [[name, str(case.planted().guilty[0]), case.mistake] for name, case in study.cards().items()]
    return Table.of(["fault", ">line", "what was changed"], rows)


def _each(study: Study) -> Table:
    cards, columns = study.cards(), _columns(study)
    marks = {(o.fault, o.arm, o.tools): mark(o, cards[o.fault]) for o in study.observations if o.fault}
    rows = [[f"{card.kind} {name}", *(marks.get((name, *c)) for c in columns)] for name, card in cards.items()]
    links = [
        [f"fault-{name}", *(_run(name, *column) if (name, *column) in marks else None for column in columns)]
        for name in cards
    ]
    legend = (
        "line: the guilty line is named first; near: among the first three; said: something else is; "
        "silent: nothing is said; –: the arm cannot express it"
    )
    return Table.of(["fault", *("^" + header[1:] for header in _headers(study))], rows, legend, links)


def _run(fault: str, arm: str, tools: bool) -> str:
    """Return the anchor of one run."""
    return f"run-{fault}-{arm}{'-tools' if tools else ''}"


OUTCOMES = {"line": "the guilty line first", "near": "among the first three", "said": "another line",
            "silent": "silence"}  # fmt: skip


def _faults(study: Study) -> Fold:
    """Return each fault, by class: the program with its guilty lines, and what every arm said."""
    classes = []
    for kind, title in CLASSES.items():
        inside = tuple(_fault(study, case) for case in study.cases if case.kind == kind)
        if inside:
            classes.append(Fold(f"{kind} {title}: {len(inside)}", inside, f"class-{kind}", opened=True))
    return Fold(
        f"The {len(study.cases)} faults: the program, the guilty line, and what every arm said",
        tuple(classes), "faults", filters=("class", "arm", "outcome"), opened=True,
    )  # fmt: skip


def _fault(study: Study, case: Case) -> Fold:
    planted = case.planted()
    code = Code(planted.text, marked=planted.guilty, caption=f"{case.program}.py, the guilty line marked")
    tags = {"class": f"{case.kind} {CLASSES[case.kind]}"}
    runs: list[Block] = [
        run(seen, case, _run(case.name, seen.arm, seen.tools), tags, "arm", traced(seen))
        for seen in study.observations if seen.fault == case.name
    ]  # fmt: skip
    nobody = Paragraph("Not run: no arm can express it.")
    return Fold(f"{case.name}: {case.mistake}", (code, *(runs or [nobody])), f"fault-{case.name}")


def run(
    seen: Observation, case: Case, anchor: str, tags: dict[str, str], column: str, trace: Sequence[Block]
) -> Fold:  # fmt: skip
    """Return one run as a fold, which can be chosen by its ``column`` and its outcome."""
    pointed, name = mark(seen, case), called(seen.arm, seen.tools)
    outcome = OUTCOMES.get(pointed, pointed)
    tags = {**tags, column: name, "outcome": outcome}
    return Fold(f"{name}: {outcome}", (summary(seen, case), *trace), anchor, tuple(tags.items()))


def traced(seen: Observation) -> list[Block]:
    """Return the traceback that a run printed, if it did."""
    return [Code(seen.trace, language="text")] if seen.trace else []


def _one_fault(study: Study, name: str) -> Document:
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
    for seen in study.observations:
        if seen.fault == name:
            blocks += [Heading(called(seen.arm, seen.tools)), summary(seen, card), *traced(seen)]
    return Document(f"dualflow fault: {name}", tuple(blocks))


def summary(seen: Observation, card: Case) -> Note:
    """Return in a sentence what a run said, and where it pointed."""
    if not seen.detected:
        return Note(f"nothing was said ({seen.outcome}, {seconds(seen.seconds)}).", "bad")
    lines = f"line {seen.pointed[0]}" if seen.pointed else "no line of the program"
    off = distance(seen, card)
    which = ", a guilty one" if off == 0 else f", {count(off)} lines away from the guilty one" if off else ""
    where = f"at {seen.phase}" if seen.phase == "definition" else f"in the {seen.phase}"
    text = f"{seen.error} {where}, which points first at {lines}{which}."
    return Note(text, "good" if mark(seen, card) == "line" else "warning")

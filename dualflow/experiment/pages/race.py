"""A race as a document: who agrees, how fast each is, and what exactly was measured."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from dualflow.experiment.pages.machine import ended
from dualflow.experiment.peers import OURS, PEERS
from dualflow.experiment.peers.race import STEPS, Entry, Race
from dualflow.report.document import Block, Document, Heading, Note, Paragraph, Table, document
from dualflow.report.quantity import interval, quantity, ratio, seconds


@document.register
def _(race: Race) -> Document:
    return ended(f"{race.name} beside the peers", sections(race), race.machine)


def sections(race: Race, level: int = 2) -> list[Block]:
    """Return what a race found, under headings of a level."""
    blocks: list[Block] = [
        Paragraph(
            f"{race.summary[:1].upper()}{race.summary[1:]}. The same weights and batches for all, from seed "
            f"{race.seed}; {race.threads} thread{'' if race.threads == 1 else 's'} each; every column in a process of "
            "its own."
        ),
        *missing([entry.name for entry in race.entries if entry.version is None]),
        Heading("Do the peers agree?", level),
        _parity(race),
        *[Note(_why(entry), "bad") for entry in race.entries if entry.version is not None and not entry.agrees],
    ]
    if race.samples is not None:
        blocks += [Heading("How fast are the peers?", level), _speed(race), Paragraph(_measured(race))]
    return blocks


def fastest(race: Race) -> str | None:
    """Return which peer is the fastest, and how fast it is next to the compiled graph."""
    medians = {} if race.samples is None else {name: median(held) for name, held in race.samples.seconds.items()}
    peers = [name for name in medians if name not in OURS]
    if not peers or "compiled" not in medians:
        return None
    best = min(peers, key=lambda name: medians[name])
    found = race.ratio(best, "compiled")
    if found.faster is None:
        speed = "shows no difference in speed from"
    elif found.faster == best:
        speed = f"is {quantity(found.speedup.value)} times as fast as"
    else:
        speed = f"takes {quantity(found.speedup.value)} times as long as"
    return f"the fastest on {race.name}, {best}, {speed} the compiled graph"


def missing(names: Sequence[str]) -> list[Block]:
    """Name the peers that are not installed, and what would install them, in one line."""
    extras: dict[str, list[str]] = {}
    for name in names:
        extras.setdefault(PEERS[name].extra, []).append(name)
    listed = "; ".join(
        f"{', '.join(group)} (`pip install dualflow{f'[{extra}]' if extra else ''}`)" for extra, group in extras.items()
    )
    return [Note(f"not installed, so not run: {listed}.")] if listed else []


def _parity(race: Race) -> Table:
    rows: list[list[str | None]] = []
    for entry in race.entries:
        if entry.version is None:
            continue
        gaps = entry.gaps or {}
        far = [f"{gaps[kind].relative:.1e}" if kind in gaps else None for kind in ("result", "weights")]
        verdict = "failed" if entry.error else "differs" if not entry.agrees else "agrees"
        verdict = "the reference" if entry is race.entries[0] else verdict
        if entry.agrees and any(each.magnified for each in gaps.values()):
            verdict += " *"
        rows.append([entry.name, entry.version or None, *far, verdict])
    return Table.of(
        ["column", "version", ">results", ">weights", "verdict"], rows,
        f"Largest relative difference from eager over the first {STEPS} steps, each column training by itself "
        "(*: within what rounding of the inputs does to eager itself)",
    )  # fmt: skip


def _why(entry: Entry) -> str:
    if entry.error:
        return entry.error.strip()
    worst = max((entry.gaps or {}).values(), key=lambda each: (bool(each.reason), each.excess))
    return (
        f"{entry.name} differs from eager, and was not timed: {worst.name} at {list(worst.index)} is {worst.found} "
        f"instead of {worst.expected}. {worst.reason}"
    ).strip()


def _speed(race: Race) -> Table:
    samples = race.samples
    assert samples is not None
    rows: list[list[str | None]] = []
    for entry in race.entries:
        if entry.name not in samples.arms:
            continue
        values = sorted(samples.seconds[entry.name])
        times = map(seconds, (entry.import_s + entry.build_s, entry.steps_s[0], values[len(values) // 2]))
        compared: list[str | None] = [None, None]
        if entry.name != "eager":
            found = race.ratio(entry.name)
            shown = f"{ratio(found.ratio.value)} ({interval(found.ratio.low, found.ratio.high)})"
            compared = [shown, found.faster or "no difference"]
        rows.append([entry.name, *times, *compared])
    return Table.of(
        ["column", ">load", ">first step", ">steady", ">eager / it (95 %)", "faster"], rows,
        "Above 1: it is faster than eager",
    )  # fmt: skip


def _measured(race: Race) -> str:
    samples = race.samples
    assert samples is not None
    return (
        "A step is the whole training step on a batch that is there already, up to when the loss is a NumPy array and "
        f"the new weights are ready. Steady: the median of {samples.rounds} rounds; in each, every process in turn, in "
        f"an order drawn anew, times one block of at least {seconds(samples.block_s)} with its own clock while the "
        "others wait. Load (importing the framework and building the program; dualflow itself was there) and first "
        "step (tracing and compiling included): once, in a fresh process, with no compiler's cache from before. The "
        "peers' step has what their users write: PyTorch's optimizer is a call of its own, TF1 is fed NumPy arrays."
    )

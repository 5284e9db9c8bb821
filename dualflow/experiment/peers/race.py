"""One program in dualflow's arms and in the peers, each in a process of its own: first parity, then speed.

All get the same weights and batches as NumPy arrays and the same number of threads. Whoever disagrees with eager on
the first steps' losses or on the weights after them is not timed. Then the parent asks one worker after the other, in
an order drawn anew each round, for one block, which the worker times with its own clock: drift hits all alike, and at
any time one process computes while the others wait. This file knows the order of things; ``page`` tells of them.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from dualflow.arms.parity import NUDGES, Gap, gap, nudge, reach
from dualflow.arms.timing import Progress, Samples, measure
from dualflow.experiment.measure import machine
from dualflow.experiment.measure.machine import Machine
from dualflow.experiment.peers import OURS, PEERS, Peer
from dualflow.experiment.peers.remote import PeerError, Remote, installed
from dualflow.experiment.programs import PROGRAMS
from dualflow.experiment.results.statistics import Comparison, compare
from dualflow.report.document import Document
from dualflow.report.page import document

FORMAT = "dualflow.peers/1"

STEPS = 16
"""Steps that are checked, each on a batch of its own; the clock then goes round the same batches."""


@dataclass(frozen=True)
class Entry:
    """What one column showed before the clock: its version (None: not installed), or why it failed.

    ``import_s``, ``build_s``: loading the framework and building the program; ``steps_s`` the seconds of each checked
    step, the first of which traces and compiles; ``gaps``: how far what the steps returned ("result") and the weights
    after them ("weights") are from eager's.
    """

    name: str
    version: str | None = None
    error: str = ""
    import_s: float = 0.0
    build_s: float = 0.0
    steps_s: tuple[float, ...] = ()
    gaps: dict[str, Gap] | None = None

    @property
    def agrees(self) -> bool:
        """Whether it ran and computed what eager computed."""
        return bool(self.steps_s) and all(each.ok for each in (self.gaps or {}).values())

    def to_json(self) -> dict[str, Any]:
        """Return a plain dictionary."""
        gaps = None if self.gaps is None else {kind: each.to_json() for kind, each in self.gaps.items()}
        return {**asdict(self), "steps_s": list(self.steps_s), "gaps": gaps, "agrees": self.agrees}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Entry:
        """Rebuild the entry from what ``to_json`` returned."""
        fields = {k: v for k, v in data.items() if k != "agrees"}
        gaps = data["gaps"] and {kind: Gap.from_json(each) for kind, each in data["gaps"].items()}
        return cls(**{**fields, "steps_s": tuple(data["steps_s"]), "gaps": gaps})


@dataclass(frozen=True)
class Race:
    """One program in all columns, eager first. ``samples`` has those that agree."""

    name: str
    summary: str
    seed: int
    threads: int
    entries: tuple[Entry, ...]
    samples: Samples | None
    machine: Machine

    @property
    def passed(self) -> bool:
        """Whether all that are installed ran and agree."""
        return all(entry.agrees for entry in self.entries if entry.version is not None)

    def ratio(self, name: str, base: str = "eager") -> Comparison:
        """Compare a column's steady step, eager's if none is named, with another's."""
        assert self.samples is not None
        seconds = self.samples.seconds
        return compare(seconds[base], seconds[name], (base, name), seed=self.samples.seed)

    def document(self) -> Document:
        """Return the report in parts."""
        return document(self)

    def to_json(self) -> dict[str, Any]:
        """Return everything, raw samples included."""
        timed = [] if self.samples is None else [arm for arm in self.samples.arms if arm != "eager"]
        return {
            "format": FORMAT, "program": self.name, "summary": self.summary, "seed": self.seed,
            "threads": self.threads, "columns": [entry.to_json() for entry in self.entries],
            "samples": None if self.samples is None else self.samples.to_json(),
            "eager_over": {name: self.ratio(name).to_json() for name in timed}, "machine": self.machine.to_json(),
        }  # fmt: skip

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Race:
        """Rebuild the race from what ``to_json`` returned. Raises ValueError for another format."""
        if data.get("format") != FORMAT:
            raise ValueError(f"not a race of this version: format {data.get('format')!r}, expected {FORMAT!r}")
        samples = None if data["samples"] is None else Samples.from_json(data["samples"])
        return cls(
            data["program"], data["summary"], data["seed"], data["threads"],
            tuple(map(Entry.from_json, data["columns"])), samples, Machine.from_json(data["machine"]),
        )  # fmt: skip


def race(
    program: str,
    peers: Sequence[Peer] = tuple(PEERS.values()),
    *,
    seed: int = 0,
    threads: int = 1,
    budget_s: float = 6.0,
    only: str | None = None,
    progress: Progress | None = None,
) -> Race:
    """Run the program in dualflow's two arms and in the peers that are installed; ``only="parity"`` leaves the clock.

    Raises ValueError for a program that the adapters do not have.
    """
    if program not in ADAPTED:
        raise ValueError(f"no peer has the program {program!r}; they have {', '.join(ADAPTED)}")
    card = PROGRAMS[program]
    run = card.build(seed)
    weights = [np.array(held.detach().numpy()) for held in run.trained]
    batches = [tuple(np.array(part.numpy()) for part in run.batch(i)) for i in range(STEPS)]
    columns = [*OURS.values(), *peers]
    entries: list[Entry] = []
    racers: dict[str, Remote] = {}
    expected: dict[str, dict[str, Any]] = {}

    def announce(what: str, fraction: float) -> None:
        if progress is not None:
            progress(what, fraction)

    with contextlib.ExitStack() as stack:
        for number, peer in enumerate(columns):
            announce(f"{program}: first steps, {peer.name}", 0.6 * number / len(columns))
            if not installed(peer):
                entries.append(Entry(peer.name))
                continue
            worker = stack.enter_context(Remote(peer, threads))
            entry, found = _start(worker, program, weights, batches)
            if entry.error and not expected:
                raise PeerError(entry.error)  # without the reference there is nothing to compare with
            if found:
                expected = expected or found
                reached = partial(_reach, program, weights, batches, threads)
                entry = replace(entry, gaps=_gaps(expected, found, reached))
            entries.append(entry)
            if entry.agrees and only != "parity":
                racers[peer.name] = worker
            else:
                worker.close()
        samples = None
        if racers:
            samples = measure(
                racers, budget_s=budget_s, seed=seed,
                progress=lambda name, fraction: announce(f"{program}: timing, {name}", 0.6 + 0.4 * fraction),
            )  # fmt: skip
    return Race(program, card.summary, seed, threads, tuple(entries), samples, machine.inspect(quick=True))


ADAPTED = ("notes", "digits", "chain", "lstm")
"""Programs that every adapter has."""


def _start(
    worker: Remote, program: str, weights: list[Any], batches: list[Any]
) -> tuple[Entry, dict[str, dict[str, Any]]]:
    """Let a worker load, build and take the first steps; return what there is to tell and what it computed."""
    name = worker.peer.name
    try:
        loaded = worker.ask("load")
        build_s = worker.ask("build", program, worker.peer.mode, weights, batches, worker.threads)
        taken = worker.ask("steps", STEPS)
    except PeerError as error:
        return Entry(name, "", str(error)), {}
    worker.first_s = taken["seconds"][0]
    entry = Entry(name, loaded["version"], "", loaded["seconds"], build_s, tuple(taken["seconds"]))
    return entry, _named(taken)


def _named(taken: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    given = {f"step {i + 1}[{k}]": part for i, parts in enumerate(taken["given"]) for k, part in enumerate(parts)}
    return {"result": given, "weights": {f"weight {k}": array for k, array in enumerate(taken["weights"])}}


def _gaps(expected: dict[str, dict[str, Any]], found: dict[str, dict[str, Any]], reached: Any) -> dict[str, Gap]:
    """Compare what two columns computed; where it is too far apart, ask how far rounding alone could lead."""
    gaps = {kind: gap(expected[kind], found[kind]) for kind in expected}
    if all(each.ok for each in gaps.values()):
        return gaps
    far = reached(expected)
    return {kind: each if each.ok else gap(expected[kind], found[kind], far[kind]) for kind, each in gaps.items()}


def _reach(program: str, weights: list[Any], batches: list[Any], threads: int,
           expected: dict[str, dict[str, Any]]) -> dict[str, dict[str, float]]:  # fmt: skip
    """Move weights and batches by a few units in the last place and see how far eager's answers move."""
    far: dict[str, dict[str, float]] = {kind: {} for kind in expected}
    with Remote(OURS["eager"], threads) as worker:
        for seed in range(NUDGES):
            change = partial(nudge, random=np.random.default_rng(seed))
            moved = [tuple(map(change, batch)) for batch in batches]
            worker.ask("build", program, "eager", list(map(change, weights)), moved, threads)
            found = _named(worker.ask("steps", STEPS))
            for kind, arrays in expected.items():
                for name, distance in reach(arrays, found[kind]).items():
                    far[kind][name] = max(distance, far[kind].get(name, 0.0))
    return far

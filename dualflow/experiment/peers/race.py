"""One program in dualflow's arms and in the peers, each in a process of its own: first parity, then speed.

All get the same weights and batches as NumPy arrays and the same number of threads. Whoever disagrees with eager on
the first steps' losses or on the weights after them is not timed. Then the parent asks one worker after the other, in
an order drawn anew each round, for one block, which the worker times with its own clock: drift hits all alike, and at
any time one process computes while the others wait. This file knows the order of things.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from dualflow.arms import parity
from dualflow.arms.parity import Gap
from dualflow.arms.program import Program
from dualflow.arms.timing import Progress, Samples, measure, part, silent
from dualflow.core.codec import Serializable
from dualflow.experiment.measure import machine
from dualflow.experiment.measure.machine import Machine
from dualflow.experiment.measure.statistics import Comparison, compare
from dualflow.experiment.peers import OURS, PEERS, Peer
from dualflow.experiment.peers.remote import PeerError, Remote, installed

STEPS = 16
"""Steps that are checked, each on a batch of its own; the clock then goes round the same batches."""


@dataclass(frozen=True)
class Entry(Serializable):
    """What one column showed before the clock: its version (None: not installed), or why it failed.

    ``import_s``, ``build_s``: loading the framework and building the program; ``steps_s`` the seconds of each checked
    step, the first of which traces and compiles; ``gaps``: how far what the steps returned ("result") and the weights
    after them ("weights") are from eager's.
    """

    DERIVED = ("agrees",)

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


@dataclass(frozen=True)
class Race(Serializable):
    """One program in all columns, eager first. ``samples`` has those that agree."""

    FORMAT = "dualflow.peers/1"
    KEYS = {"name": "program", "entries": "columns"}
    DERIVED = ("eager_over",)

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

    @property
    def eager_over(self) -> dict[str, Comparison]:
        """How much faster than eager each column is that was timed."""
        return {name: self.ratio(name) for name in (self.samples.arms if self.samples else ()) if name != "eager"}


def race(
    program: Program,
    peers: Sequence[Peer] = tuple(PEERS.values()),
    *,
    seed: int = 0,
    threads: int = 1,
    budget_s: float = 6.0,
    only: str | None = None,
    progress: Progress = silent,
) -> Race:
    """Run the program in dualflow's two arms and in the peers that are installed; ``only="parity"`` leaves the clock.

    Raises ValueError for a program that the adapters do not have.
    """
    name = program.name
    if name not in ADAPTED:
        raise ValueError(f"no peer has the program {name!r}; they have {', '.join(ADAPTED)}")
    run = program.build(seed)
    weights = [np.array(held.detach().numpy()) for held in run.trained]
    batches = [tuple(np.array(part.numpy()) for part in run.batch(i)) for i in range(STEPS)]
    columns = [*OURS.values(), *peers]
    entries: list[Entry] = []
    racers: dict[str, Remote] = {}
    expected: dict[str, dict[str, Any]] = {}

    with contextlib.ExitStack() as stack:
        for number, peer in enumerate(columns):
            progress(f"{name}: first steps, {peer.name}", 0.6 * number / len(columns))
            if not installed(peer):
                entries.append(Entry(peer.name))
                continue
            worker = stack.enter_context(Remote(peer, threads))
            entry, found = _start(worker, name, weights, batches)
            if entry.error and not expected:
                raise PeerError(entry.error)  # without the reference there is nothing to compare with
            if found:
                expected = expected or found
                moved = partial(_moved, name, weights, batches, threads)
                entry = replace(entry, gaps=parity.compare(expected, found, moved))
            entries.append(entry)
            if entry.agrees and only != "parity":
                racers[peer.name] = worker
            else:
                worker.close()
        samples = None
        if racers:
            timing = part(progress, 0.6, 1.0)
            samples = measure(
                racers, budget_s=budget_s, seed=seed,
                progress=lambda column, fraction: timing(f"{name}: timing, {column}", fraction),
            )  # fmt: skip
    return Race(name, program.summary, seed, threads, tuple(entries), samples, machine.inspect(quick=True))


ADAPTED = ("notes", "digits", "chain", "lstm")
"""Programs that every adapter has."""


def _start(
    worker: Remote, program: str, weights: list[Any], batches: list[Any]
) -> tuple[Entry, dict[str, dict[str, Any]]]:
    """Let a worker load, build and take the first steps; return its entry and what it computed."""
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


def _moved(program: str, weights: list[Any], batches: list[Any], threads: int,
           change: Callable[[Any], Any]) -> dict[str, dict[str, Any]]:  # fmt: skip
    """Return what eager computes from weights and batches that are moved a little."""
    with Remote(OURS["eager"], threads) as worker:
        moved = [tuple(map(change, batch)) for batch in batches]
        worker.ask("build", program, "eager", list(map(change, weights)), moved, threads)
        return _named(worker.ask("steps", STEPS))

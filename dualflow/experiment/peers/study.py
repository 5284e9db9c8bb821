"""The same mistakes in dualflow and in the peers: every fault, every column, each run in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dualflow.arms.timing import Progress, silent
from dualflow.core.codec import Serializable
from dualflow.core.version import __version__
from dualflow.experiment.debuggability.measures import score
from dualflow.experiment.debuggability.observation import Observation
from dualflow.experiment.debuggability.trials import Trial, run_one, trials
from dualflow.experiment.faults import FAULTS
from dualflow.experiment.faults.card import Fault
from dualflow.experiment.measure import machine
from dualflow.experiment.measure.machine import Machine
from dualflow.experiment.peers import OURS, PEERS, Peer
from dualflow.experiment.peers.faults import PAIRS, compiles, fault, without
from dualflow.experiment.peers.remote import PeerError, environment, installed

SAMPLE = (
    "weights-transposed", "name-misspelt", "value-inside-the-step", "where-hides-nan", "weights-all-zero",
    "zero-grad-forgotten", "labels-from-one",
)  # fmt: skip
"""One mistake of each class that the peers have, of the smallest program that shows it."""


@dataclass(frozen=True)
class PeerStudy(Serializable):
    """What every column gave away: ``observations`` by column, dualflow's arms first.

    ``missing``: peers that are not installed; ``left_out``: too slow for a run that did not ask for them by name.
    """

    FORMAT = "dualflow.peers.debug/1"
    KEYS = {"observations": "columns"}

    faults: tuple[str, ...]
    observations: dict[str, tuple[Observation, ...]]
    versions: dict[str, str]
    missing: tuple[str, ...]
    machine: Machine
    left_out: tuple[str, ...] = ()

    def cards(self, column: str) -> dict[str, Fault]:
        """Return the faults that the column can express, in its idiom."""
        if column in OURS:
            return {n: FAULTS[n] for n in self.faults if FAULTS[n].shows(column) != "not expressible"}
        found = {name: fault(name, PEERS[column]) for name in self.faults}
        return {name: card for name, card in found.items() if card is not None}

    def of(self, column: str, tools: bool) -> list[Observation]:
        """Return a column's observations, controls included."""
        return [seen for seen in self.observations[column] if seen.tools is tools]

    def settings(self) -> list[bool]:
        """Return without and, if there were such runs, with tools."""
        return sorted({seen.tools for column in self.observations.values() for seen in column})

    def to_json(self) -> dict[str, Any]:
        """Return every observation, and what they amount to."""
        data = super().to_json()
        versions = data.pop("versions")
        for column, records in data["columns"].items():
            cards = self.cards(column)
            data["columns"][column] = {
                "version": versions[column],
                "measures": {
                    "tools" if tools else "plain": score(self.of(column, tools), cards).to_json()
                    for tools in sorted({seen.tools for seen in self.observations[column]})
                },
                "guilty": {name: list(card.planted().guilty) for name, card in cards.items()},
                "records": records,
            }
        return data

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> PeerStudy:
        """Rebuild it from what ``to_json`` returned. Raises ValueError for another format."""
        columns = data.get("columns", {})
        parts = {key: {name: column[part] for name, column in columns.items()}
                 for key, part in (("columns", "records"), ("versions", "version"))}  # fmt: skip
        return super().from_json({**data, **parts})


def peer_study(
    peers: Sequence[Peer] = tuple(PEERS.values()),
    faults: Sequence[str] = tuple(PAIRS),
    tools: bool = True,
    progress: Progress = silent,
    left_out: Sequence[Peer] = (),
) -> PeerStudy:
    """Plant the faults in dualflow's arms and in the peers that are installed, and run them and the controls.

    With ``tools`` each runs a second time with the framework's own switches on (``df.debug()``, PyTorch's anomaly
    detection, ``jax_debug_nans`` and ``jax_debug_infs``, TensorFlow's ``enable_check_numerics``). ``left_out`` are not
    run, and named.
    """
    present = [peer for peer in peers if installed(peer)]
    settings = (False, True) if tools else (False,)
    ours = [FAULTS[name] for name in faults]
    todo = list(trials(ours, dict.fromkeys(card.program for card in ours), tuple(OURS), settings))
    theirs = {peer: _trials(peer, faults, settings) for peer in present}
    total = len(todo) + sum(map(len, theirs.values()))
    found: dict[str, list[Observation]] = {name: [] for name in (*OURS, *(peer.name for peer in present))}

    def add(seen: Observation) -> None:
        found[seen.arm].append(seen)
        progress(f"{seen.fault or seen.program}: {seen.arm}", sum(map(len, found.values())) / total)

    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        home = Path(folder)
        versions = {peer.name: pool.submit(_run_in, peer, each, home, add) for peer, each in theirs.items()}
        mine = [pool.submit(lambda trial: add(run_one(trial, home)), trial) for trial in todo]
        waiting: list[Future[Any]] = [*versions.values(), *mine]
        for done in as_completed(waiting):
            done.result()
    order = {name: i for i, name in enumerate(("", *faults))}
    return PeerStudy(
        tuple(faults),
        {
            name: tuple(sorted(each, key=lambda seen: (seen.tools, order[seen.fault], seen.program)))
            for name, each in found.items()
        },
        dict.fromkeys(OURS, __version__) | {name: version.result() for name, version in versions.items()},
        tuple(peer.name for peer in peers if peer not in present),
        machine.inspect(quick=True),
        tuple(peer.name for peer in left_out if installed(peer)),
    )


def _trials(peer: Peer, faults: Sequence[str], settings: Sequence[bool]) -> list[Trial]:
    """List a peer's runs, each fault in its idiom."""
    cards = [card for card in (fault(name, peer) for name in faults) if card is not None]
    programs = dict.fromkeys(card.program for card in cards)
    made = [(program, None) for program in programs] + [(card.program, card) for card in cards]
    return [Trial(program, card, peer.name, tools) for tools in settings for program, card in made]


def _run_in(peer: Peer, todo: list[Trial], folder: Path, add: Callable[[Observation], None]) -> str:
    """Run a peer's programs, each in a process of its own, and return its version.

    Raises PeerError if they do not all come to an end.
    """
    texts = [trial.source() if compiles(peer) else without(trial.source()) for trial in todo]
    jobs = [trial.job(folder, text, peer.package, peer.mode) for trial, text in zip(todo, texts, strict=True)]
    cache = {"TORCHINDUCTOR_CACHE_DIR": str(folder / "inductor"), "TORCHINDUCTOR_COMPILE_THREADS": "1"}
    # JAX compiles each op of each process: 3 s a run. What it compiled for the controls is most of what faults need.
    cache |= {"JAX_COMPILATION_CACHE_DIR": str(folder / "xla"), "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0"}
    cache |= {"JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES": "-1"}
    with tempfile.TemporaryFile("w+") as given, tempfile.TemporaryFile("w+") as said:
        given.writelines(job.dumps() for job in jobs)
        given.seek(0)
        process = subprocess.Popen(
            [peer.python, "-m", "dualflow.experiment.peers.observer", peer.package, *filter(None, [peer.late])],
            stdin=given, stdout=subprocess.PIPE, stderr=said, text=True, cwd=folder, env=environment(1) | cache,
        )  # fmt: skip
        assert process.stdout is not None
        with process:
            count, version = 0, process.stdout.readline()
            for line in process.stdout:
                add(Observation.from_json(json.loads(line)))
                count += 1
        if process.returncode or count < len(todo):
            said.seek(0)
            raise PeerError(f"{peer.name}: {count} of {len(todo)} programs ran\n{said.read()[-2000:]}")
    found: str = json.loads(version)
    return found

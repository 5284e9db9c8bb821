"""The same mistakes in dualflow and in the peers: every fault, every column, each run in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dualflow
from dualflow.arms.timing import Progress
from dualflow.experiment.debuggability import trials
from dualflow.experiment.debuggability.measures import score
from dualflow.experiment.debuggability.observation import Record
from dualflow.experiment.faults import FAULTS
from dualflow.experiment.faults.card import Fault, source
from dualflow.experiment.measure import machine
from dualflow.experiment.measure.machine import Machine
from dualflow.experiment.peers import OURS, PEERS, Peer
from dualflow.experiment.peers.faults import PAIRS, compiles, fault, without
from dualflow.experiment.peers.remote import PeerError, environment, installed
from dualflow.report.document import Document
from dualflow.report.page import document

FORMAT = "dualflow.peers.debug/1"

SAMPLE = (
    "weights-transposed", "name-misspelt", "value-inside-the-step", "where-hides-nan", "weights-all-zero",
    "zero-grad-forgotten", "labels-from-one",
)  # fmt: skip
"""One mistake of each class that the peers have, of the smallest program that shows it."""


@dataclass(frozen=True)
class Beside:
    """What every column gave away: ``records`` by column, dualflow's arms first.

    ``missing``: peers that are not installed; ``left_out``: too dear for a run that did not ask for them by name.
    """

    faults: tuple[str, ...]
    records: dict[str, tuple[Record, ...]]
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

    def of(self, column: str, tools: bool) -> list[Record]:
        """Return a column's records, controls included."""
        return [record for record in self.records[column] if record.tools is tools]

    def document(self, fault: str | None = None) -> Document:
        """Return the report in parts: all of it, or one fault's."""
        return document(self, fault)

    def to_json(self) -> dict[str, Any]:
        """Return every record, and what they amount to."""
        columns = {
            column: {
                "version": self.versions[column],
                "measures": {
                    "tools" if tools else "plain": score(self.of(column, tools), self.cards(column)).to_json()
                    for tools in sorted({record.tools for record in records})
                },
                "guilty": {name: list(card.planted().guilty) for name, card in self.cards(column).items()},
                "records": [record.to_json() for record in records],
            }
            for column, records in self.records.items()
        }
        return {
            "format": FORMAT, "faults": list(self.faults), "columns": columns, "missing": list(self.missing),
            "left_out": list(self.left_out), "machine": self.machine.to_json(),
        }  # fmt: skip

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Beside:
        """Rebuild it from what ``to_json`` returned. Raises ValueError for another format."""
        if data.get("format") != FORMAT:
            raise ValueError(f"no faults beside the peers: format {data.get('format')!r}, expected {FORMAT!r}")
        columns = data["columns"]
        return cls(
            tuple(data["faults"]),
            {name: tuple(map(Record.from_json, column["records"])) for name, column in columns.items()},
            {name: column["version"] for name, column in columns.items()},
            tuple(data["missing"]), Machine.from_json(data["machine"]), tuple(data["left_out"]),
        )  # fmt: skip


def beside(
    peers: Sequence[Peer] = tuple(PEERS.values()),
    faults: Sequence[str] = tuple(PAIRS),
    tools: bool = True,
    progress: Progress | None = None,
    left_out: Sequence[Peer] = (),
) -> Beside:
    """Plant the faults in dualflow's arms and in the peers that are installed, and run them and the controls.

    With ``tools`` each runs a second time with the framework's own switches on (``df.debug()``, PyTorch's anomaly
    detection, ``jax_debug_nans`` and ``jax_debug_infs``, TensorFlow's ``enable_check_numerics``). ``left_out`` are not
    run, and named.
    """
    present = [peer for peer in peers if installed(peer)]
    settings = (False, True) if tools else (False,)
    chosen = [FAULTS[name] for name in faults]
    controls = list(dict.fromkeys(card.program for card in chosen))
    own = [job for job in trials.jobs(chosen, controls, tuple(OURS)) if job.tools in settings]
    jobs = {peer: list(_jobs(peer, faults, settings)) for peer in present}
    total = len(own) + sum(map(len, jobs.values()))
    records: dict[str, list[Record]] = {name: [] for name in (*OURS, *(peer.name for peer in present))}

    def came(column: str, record: Record) -> None:
        records[column].append(record)
        if progress is not None:
            progress(f"{record.fault or record.program}: {column}", sum(map(len, records.values())) / total)

    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        home = Path(folder)
        versions = {peer.name: pool.submit(_witness, peer, each, home, came) for peer, each in jobs.items()}
        mine = [pool.submit(lambda job: came(job.arm, trials.witness(job, home)), job) for job in own]
        waiting: list[Future[Any]] = [*versions.values(), *mine]
        for done in as_completed(waiting):
            done.result()
    order = {name: i for i, name in enumerate(("", *faults))}
    return Beside(
        tuple(faults),
        {
            name: tuple(sorted(each, key=lambda r: (r.tools, order[r.fault], r.program)))
            for name, each in records.items()
        },
        dict.fromkeys(OURS, dualflow.__version__) | {name: found.result() for name, found in versions.items()},
        tuple(peer.name for peer in peers if peer not in present),
        machine.inspect(quick=True),
        tuple(peer.name for peer in left_out if installed(peer)),
    )


def _jobs(peer: Peer, faults: Sequence[str], settings: Sequence[bool]) -> Iterator[tuple[Fault | None, str, bool]]:
    """List a peer's runs: fault or control, program, tools."""
    cards = [card for card in (fault(name, peer) for name in faults) if card is not None]
    for on in settings:
        yield from ((None, program, on) for program in dict.fromkeys(card.program for card in cards))
        yield from ((card, card.program, on) for card in cards)


def _witness(
    peer: Peer, jobs: list[tuple[Fault | None, str, bool]], folder: Path, came: Callable[[str, Record], None]
) -> str:
    """Run a peer's programs, each in a process of its own, and return its version.

    Raises PeerError if they do not all come to an end.
    """
    lines = []
    for card, program, tools in jobs:
        text = card.planted().text if card else source(program)
        path = Path(tempfile.mkdtemp(dir=folder)) / f"{program.rpartition('/')[2]}.py"
        path.write_text(text if compiles(peer) else without(text), encoding="utf-8")
        lines.append(json.dumps({
            "path": str(path), "arm": peer.name, "package": peer.package, "mode": peer.mode, "tools": tools,
            "fault": card.name if card else "", "program": program, "op": card.op if card else "",
            "names": list(card.names) if card else [],
        }))  # fmt: skip
    cache = {"TORCHINDUCTOR_CACHE_DIR": str(folder / "inductor"), "TORCHINDUCTOR_COMPILE_THREADS": "1"}
    # JAX compiles each op of each process: 3 s a run. What it compiled for the controls is most of what faults need.
    cache |= {"JAX_COMPILATION_CACHE_DIR": str(folder / "xla"), "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0"}
    cache |= {"JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES": "-1"}
    with tempfile.TemporaryFile("w+") as given, tempfile.TemporaryFile("w+") as said:
        given.write("\n".join(lines) + "\n")
        given.seek(0)
        process = subprocess.Popen(
            [peer.python, "-m", "dualflow.experiment.peers.observer", peer.package, *filter(None, [peer.late])],
            stdin=given, stdout=subprocess.PIPE, stderr=said, text=True, cwd=folder, env=environment(1) | cache,
        )  # fmt: skip
        assert process.stdout is not None
        with process:
            count, version = 0, process.stdout.readline()
            for line in process.stdout:
                came(peer.name, Record.from_json(json.loads(line)))
                count += 1
        if process.returncode or count < len(jobs):
            said.seek(0)
            raise PeerError(f"{peer.name}: {count} of {len(jobs)} programs ran\n{said.read()[-2000:]}")
    found: str = json.loads(version)
    return found

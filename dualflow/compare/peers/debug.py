"""The same mistakes in dualflow and in the peers: every fault, every column, each run in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dualflow.compare import machine
from dualflow.compare.debug import trial
from dualflow.compare.debug.measures import score
from dualflow.compare.debug.record import Record
from dualflow.compare.faults import FAULTS
from dualflow.compare.faults.card import Fault, source
from dualflow.compare.machine import Machine
from dualflow.compare.peers import OURS, PEERS, Peer
from dualflow.compare.peers.faults import PAIRS, compiles, fault, without
from dualflow.compare.peers.remote import PeerError, Remote, environment
from dualflow.compare.report.document import Document
from dualflow.compare.speed import Progress

FORMAT = "dualflow.peers.debug/1"


@dataclass(frozen=True)
class Beside:
    """What every column gave away: ``records`` by column, dualflow's arms first; ``missing``: not installed."""

    faults: tuple[str, ...]
    records: dict[str, tuple[Record, ...]]
    versions: dict[str, str]
    missing: tuple[str, ...]
    machine: Machine

    def cards(self, column: str) -> dict[str, Fault]:
        """Return the faults that the column can express, in its idiom."""
        if column in OURS:
            return {n: FAULTS[n] for n in self.faults if FAULTS[n].shows(column) != "not expressible"}
        found = {name: fault(name, PEERS[column]) for name in self.faults}
        return {name: card for name, card in found.items() if card is not None}

    def of(self, column: str, tools: bool) -> list[Record]:
        """Return a column's records, controls included."""
        return [record for record in self.records[column] if record.tools is tools]

    def document(self) -> Document:
        """Return the report in parts."""
        from dualflow.compare.peers.debug_page import document

        return document(self)

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
            "machine": self.machine.to_json(),
        }  # fmt: skip


def beside(
    peers: Sequence[Peer] = tuple(PEERS.values()),
    faults: Sequence[str] = tuple(PAIRS),
    tools: bool = True,
    progress: Progress | None = None,
) -> Beside:
    """Plant the faults in dualflow's arms and in the peers that are installed, and run them and the controls.

    With ``tools`` each runs a second time with the framework's own switches on (``df.debug()``, PyTorch's anomaly
    detection, ``jax_debug_nans``, TensorFlow's ``enable_check_numerics``).
    """
    versions = dict.fromkeys(OURS, "")
    for peer in peers:
        with Remote(peer) as worker:
            versions[peer.name] = worker.ask("load")["version"] or ""
    present = [peer for peer in peers if versions[peer.name]]
    settings = (False, True) if tools else (False,)
    chosen = [FAULTS[name] for name in faults]
    controls = list(dict.fromkeys(card.program for card in chosen))
    own = [job for job in trial.jobs(chosen, controls, tuple(OURS)) if job.tools in settings]
    records: dict[str, list[Record]] = {name: [] for name in (*OURS, *(peer.name for peer in present))}
    jobs = {peer: list(_jobs(peer, faults, settings)) for peer in present}
    total = len(own) + sum(map(len, jobs.values()))

    def came(column: str, record: Record) -> None:
        records[column].append(record)
        if progress is not None:
            progress(f"{record.fault or record.program}: {column}", sum(map(len, records.values())) / total)

    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        home = Path(folder)
        working = [pool.submit(lambda job: came(job.arm, trial.witness(job, home)), job) for job in own]
        working += [pool.submit(_witness, peer, each, home, came) for peer, each in jobs.items()]
        for each in as_completed(working):
            each.result()
    order = {name: i for i, name in enumerate(("", *faults))}
    return Beside(
        tuple(faults),
        {
            name: tuple(sorted(each, key=lambda r: (r.tools, order[r.fault], r.program)))
            for name, each in records.items()
        },
        versions,
        tuple(peer.name for peer in peers if not versions[peer.name]),
        machine.inspect(quick=True),
    )


def _jobs(peer: Peer, faults: Sequence[str], settings: Sequence[bool]) -> Iterator[tuple[Fault | None, str, bool]]:
    """List a peer's runs: fault or control, program, tools."""
    cards = [card for card in (fault(name, peer) for name in faults) if card is not None]
    for on in settings:
        yield from ((None, program, on) for program in dict.fromkeys(card.program for card in cards))
        yield from ((card, card.program, on) for card in cards)


def _witness(
    peer: Peer, jobs: list[tuple[Fault | None, str, bool]], folder: Path, came: Callable[[str, Record], None]
) -> None:
    """Run a peer's programs, each in a process of its own. Raises PeerError if they do not all come to an end."""
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
    with tempfile.TemporaryFile("w+") as given, tempfile.TemporaryFile("w+") as said:
        given.write("\n".join(lines) + "\n")
        given.seek(0)
        process = subprocess.Popen(
            [peer.python, "-m", "dualflow.compare.peers.witness", peer.package], stdin=given, stdout=subprocess.PIPE,
            stderr=said, text=True, cwd=folder, env=environment(1) | cache,
        )  # fmt: skip
        assert process.stdout is not None
        with process:
            count = 0
            for line in process.stdout:
                came(peer.name, Record.from_json(json.loads(line)))
                count += 1
        if process.returncode or count < len(jobs):
            said.seek(0)
            raise PeerError(f"{peer.name}: {count} of {len(jobs)} programs ran\n{said.read()[-2000:]}")

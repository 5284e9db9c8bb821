"""A study of debuggability: which faults were planted, what every run gave away, on which machine."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from dualflow.arms import target
from dualflow.arms.arms import ARMS
from dualflow.arms.timing import Progress, silent
from dualflow.core.codec import Serializable
from dualflow.experiment.debuggability.measures import by_class, score, weighted_recall
from dualflow.experiment.debuggability.mutants import EACH, Mutant, mutants
from dualflow.experiment.debuggability.observation import Observation
from dualflow.experiment.debuggability.trials import run, trials
from dualflow.experiment.faults import CLASSES, FAULTS
from dualflow.experiment.faults.card import Case, Fault
from dualflow.experiment.measure import machine
from dualflow.experiment.measure.machine import Machine

SAMPLE = tuple(
    fault.name
    for kind in CLASSES
    for fault in [f for f in FAULTS.values() if f.kind == kind and set(map(f.shows, ARMS)) != {"not expressible"}][:2]
)
"""Two faults of each class, the first of its chapter that an arm can express: what is planted if not all are asked."""

QUICK = (
    "transpose-forgotten", "rate-baked-in", "half-overflows", "mask-of-relu-forgotten", "rows-for-columns",
)  # fmt: skip
"""Faults of five classes in one small program, which a minute allows."""


@dataclass(frozen=True)
class Study(Serializable):
    """The observations of one study.

    ``target``: the user's FILE.py:FUNCTION that mistakes were planted in; "" for the programs that come with dualflow.
    ``harmless``: planted changes that changed nothing, and are counted nowhere.
    """

    FORMAT = "dualflow.debug/1"
    KEYS = {"cases": "faults", "observations": "records"}
    DERIVED = ("measures",)

    cases: tuple[Case, ...]
    arms: tuple[str, ...]
    observations: tuple[Observation, ...]
    machine: Machine
    target: str = ""
    harmless: tuple[str, ...] = ()

    def cards(self) -> dict[str, Case]:
        """Return what was planted, by name."""
        return {case.name: case for case in self.cases}

    def of(self, arm: str, tools: bool) -> list[Observation]:
        """Return the observations of one arm, controls included."""
        return [seen for seen in self.observations if seen.arm == arm and seen.tools is tools]

    @property
    def measures(self) -> dict[str, Any]:
        """What follows from the observations, by arm, plain and with the tools."""
        cards = self.cards()

        def amount(seen: list[Observation]) -> dict[str, Any]:
            weighted = weighted_recall(seen, cards)
            return {"all": score(seen, cards), "weighted_recall": weighted, "classes": by_class(seen, cards)}

        return {arm: {"plain": amount(self.of(arm, False)), "tools": amount(self.of(arm, True))} for arm in self.arms}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Study:
        """Rebuild the study from what ``to_json`` returned. Raises ValueError for another format.

        Of dualflow's own faults the names are enough; a user's changes are in the file.
        """
        found = super().from_json({**data, "faults": []})
        cases = (Mutant.from_json(case) if data["target"] else FAULTS[case["name"]] for case in data["faults"])
        return replace(found, cases=tuple(cases))

    def __repr__(self) -> str:
        return f"<Study of {len(self.cases)} faults in {', '.join(self.arms)}>"


def study(
    faults: Iterable[Fault] = tuple(FAULTS.values()), arms: Sequence[str] = tuple(ARMS), progress: Progress = silent
) -> Study:
    """Plant each fault, run it and the un-faulted programs in every arm, plain and with the debug tools on."""
    chosen = tuple(faults)
    controls = list(dict.fromkeys(fault.program for fault in chosen))
    found = run(list(trials(chosen, controls, arms)), progress)
    return Study(chosen, tuple(arms), tuple(found), machine.inspect(quick=True))


def study_function(
    where: str, arms: Sequence[str] = tuple(ARMS), each: int = EACH, progress: Progress = silent
) -> Study:
    """Plant mechanical mistakes in FILE.py:FUNCTION, ``each`` of every sort, and run them as ``study`` does.

    Raises what ``dualflow compare`` raises for the same argument, RuntimeError if the function fails as it is.
    """
    target.load(where)
    path, _, function = where.rpartition(":")
    file = Path(path).resolve()
    text = file.read_text(encoding="utf-8")
    cases = mutants(text, function, file.stem, each)
    todo = trials(cases, [file.stem], arms, text=text, home=str(file.parent), call=function)
    found = run(list(todo), progress)
    controls = {seen.arm: seen for seen in found if not seen.fault and not seen.tools}
    failed = next((seen for seen in controls.values() if seen.outcome not in ("silent", "warned")), None)
    if failed is not None:
        raise RuntimeError(f"{where} fails as it is, before anything is planted\n{failed.message or failed.outcome}")
    shown = {
        seen.fault for seen in found
        if seen.outcome != "silent" or not _same(seen.result, controls[seen.arm].result)
    }  # fmt: skip
    harmless = tuple(case.name for case in cases if case.name not in shown)
    counted = tuple(case for case in cases if case.name in shown)
    kept = tuple(seen for seen in found if seen.fault not in harmless)
    return Study(counted, tuple(arms), kept, machine.inspect(quick=True), where, harmless)


def _same(a: Sequence[float] | None, b: Sequence[float] | None) -> bool:
    return a is not None and b is not None and len(a) == len(b) and np.allclose(a, b, 1e-6, 1e-7, equal_nan=True)

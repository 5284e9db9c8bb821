"""What a comparison found, as plain data: parity, training, speed. It turns into JSON and back, and into a document.

This file holds the numbers and what follows from them by definition (a median, a ratio, a verdict); how they were
obtained is ``experiment``'s business, how they are put to a reader ``page``'s.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, TextIO

from dualflow.arms.arms import ARMS
from dualflow.arms.bench import Cost
from dualflow.arms.parity import Gap
from dualflow.arms.program import Published
from dualflow.arms.timing import Samples
from dualflow.experiment.measure.flops import Work
from dualflow.experiment.measure.machine import Machine
from dualflow.experiment.measure.memory import Memory
from dualflow.experiment.results.graphs import Graphs
from dualflow.experiment.results.statistics import BreakEven, Comparison, Summary, break_even, compare, summarize
from dualflow.experiment.results.verdict import verdict
from dualflow.report.document import Document
from dualflow.report.page import document

FORMAT = "dualflow.compare/1"

AGAIN = ", again"
"""Behind the reference's name: the same arm, sampled in the same rounds as if it were another."""


@dataclass(frozen=True)
class Failure:
    """The first disagreement: at which step (0 is before the first), in which arm, of what kind.

    ``repeats`` is False if the reference disagrees with itself too when it takes the step again from the same state.
    """

    step: int
    arm: str
    kind: str
    gap: Gap
    repeats: bool = True


@dataclass(frozen=True)
class Parity:
    """How far each arm was from the reference at each step, by kind; the run ends at the first failure."""

    reference: str
    steps: tuple[dict[str, dict[str, Gap]], ...]
    failure: Failure | None = None
    opaque: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether all arms agreed at every step."""
        return self.failure is None

    @property
    def arms(self) -> tuple[str, ...]:
        """The arms that were compared with the reference."""
        return tuple(self.steps[0]) if self.steps else (self.failure.arm,) if self.failure else ()

    def gaps(self, arm: str, kind: str) -> list[Gap]:
        """Return the gaps of one arm and kind, step by step, if there was anything to compare."""
        return [step[arm][kind] for step in self.steps if arm in step and step[arm][kind].arrays]

    def to_json(self) -> dict[str, Any]:
        """Return plain dictionaries and lists; step ``i`` is number ``i + 1``."""
        steps = [
            {arm: {kind: gap.to_json() for kind, gap in kinds.items()} for arm, kinds in step.items()}
            for step in self.steps
        ]
        failure = None
        if self.failure is not None:
            f = self.failure
            failure = {"step": f.step, "arm": f.arm, "kind": f.kind, "repeats": f.repeats, "gap": f.gap.to_json()}
        return {
            "passed": self.passed, "reference": self.reference, "failure": failure, "steps": steps,
            "not_compared": list(self.opaque),
        }  # fmt: skip

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Parity:
        """Rebuild the parity from what ``to_json`` returned."""
        steps = tuple(
            {a: {k: Gap.from_json(gap) for k, gap in kinds.items()} for a, kinds in step.items()}
            for step in data["steps"]
        )
        failure = None
        if data["failure"] is not None:
            fields = data["failure"]
            failure = Failure(**{**fields, "gap": Gap.from_json(fields["gap"])})
        return cls(data["reference"], steps, failure, tuple(data["not_compared"]))


@dataclass(frozen=True)
class Training:
    """What each arm reached when it trained by itself: the loss of every step, and the scores at the end."""

    losses: dict[str, tuple[float | None, ...]]
    scores: dict[str, dict[str, float]]

    def to_json(self) -> dict[str, Any]:
        """Return a plain dictionary."""
        return {"losses": {arm: list(values) for arm, values in self.losses.items()}, "scores": self.scores}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Training:
        """Rebuild the training from what ``to_json`` returned."""
        return cls({arm: tuple(values) for arm, values in data["losses"].items()}, dict(data["scores"]))


@dataclass(frozen=True)
class Speed:
    """Costs paid once, each measured several times, and the samples of the steady state.

    The samples may hold the reference a second time, named with ``AGAIN``: measured against itself.
    """

    costs: dict[str, tuple[Cost, ...]]
    samples: Samples
    retraces: dict[str, tuple[str, ...]]
    jax_import_s: float | None = None
    work: dict[str, Work] = field(default_factory=dict)

    @property
    def arms(self) -> tuple[str, ...]:
        """The arms, each once, without what else was timed beside them."""
        return tuple(self.costs)

    @property
    def itself(self) -> Comparison | None:
        """The reference compared with itself, which ought to show no difference."""
        again = self.arms[0] + AGAIN
        return self.ratio(self.arms[0], again) if again in self.samples.arms else None

    @property
    def pair(self) -> tuple[str, str] | None:
        """The two arms whose ratio is the headline: eager over compiled, else the first over the last."""
        arms = self.arms
        return None if len(arms) < 2 else (arms[0], "compiled" if "compiled" in arms[1:] else arms[-1])

    def steady(self, arm: str) -> Summary:
        """Summarize an arm's steady state."""
        return summarize(self.samples.seconds[arm])

    def once(self, arm: str) -> list[float]:
        """Return what starting an arm cost beyond a steady step, once for each time it was measured."""
        median = self.steady(arm).median
        return [max(cost.first_s - median, 0.0) + cost.later_s for cost in self.costs[arm]]

    def ratio(self, a: str, b: str) -> Comparison:
        """Compare the steady states of two arms."""
        seconds = self.samples.seconds
        return compare(seconds[a], seconds[b], (a, b), seed=self.samples.seed)

    def pays_back(self, a: str, b: str) -> BreakEven:
        """Say after how many steps the dearer of two arms has paid its one-time cost back."""
        seconds = self.samples.seconds
        return break_even(self.once(a), seconds[a], self.once(b), seconds[b], (a, b), seed=self.samples.seed)

    def to_json(self) -> dict[str, Any]:
        """Return the raw samples, and what follows from them."""
        pair = self.pair
        return {
            "once": {arm: [cost.to_json() for cost in costs] for arm, costs in self.costs.items()},
            "samples": self.samples.to_json(),
            "retraces": {arm: list(reasons) for arm, reasons in self.retraces.items()},
            "jax_import_s": self.jax_import_s,
            "work": {arm: work.to_json() for arm, work in self.work.items()},
            "steady": {arm: self.steady(arm).to_json() for arm in self.arms},
            "itself": None if self.itself is None else self.itself.to_json(),
            "ratio": None if pair is None else self.ratio(*pair).to_json(),
            "break_even": None if pair is None else self.pays_back(*pair).to_json(),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Speed:
        """Rebuild the speed from what ``to_json`` returned; what follows from the samples is worked out again."""
        return cls(
            {arm: tuple(map(Cost.from_json, costs)) for arm, costs in data["once"].items()},
            Samples.from_json(data["samples"]),
            {arm: tuple(reasons) for arm, reasons in data["retraces"].items()},
            data["jax_import_s"],
            {arm: Work.from_json(work) for arm, work in data.get("work", {}).items()},
        )


@dataclass(frozen=True)
class Report:
    """One comparison: what ran, whether the arms agree, and, if they do and it was asked for, how fast they are.

    ``show()`` prints it; ``save("x.json")``, ``"x.md"`` or ``"x.txt"`` keeps it; ``document()`` gives it in parts.
    """

    name: str
    summary: str
    arms: tuple[str, ...]
    steps: int
    seed: int
    parity: Parity
    training: Training
    speed: Speed | None
    machine: Machine
    notes: tuple[str, ...] = ()
    only: str | None = None
    published: Published | None = None
    memory: dict[str, Memory] = field(default_factory=dict)
    graphs: Graphs | None = None

    @property
    def passed(self) -> bool:
        """Whether all arms computed the same."""
        return self.parity.passed

    def document(self) -> Document:
        """Return the report as headings, paragraphs, tables and bars."""
        return document(self)

    def show(self, *, file: TextIO | None = None, width: int | None = None) -> None:
        """Print the report, coloured only where the output is a terminal or a notebook."""
        from dualflow.report import show

        show(self.document(), file=file, width=width)

    def to_json(self) -> dict[str, Any]:
        """Return everything, raw samples included, as plain dictionaries and lists."""
        return {
            "format": FORMAT,
            "name": self.name,
            "summary": self.summary,
            "verdict": verdict(self),
            "arms": list(self.arms),
            "steps": self.steps,
            "seed": self.seed,
            "only": self.only,
            "parity": self.parity.to_json(),
            "training": self.training.to_json(),
            "speed": None if self.speed is None else self.speed.to_json(),
            "published": None if self.published is None else asdict(self.published),
            "memory": {arm: peak.to_json() for arm, peak in self.memory.items()},
            "notes": list(self.notes),
            "graphs": None if self.graphs is None else self.graphs.to_json(),
            "machine": self.machine.to_json(),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Report:
        """Rebuild the report from what ``to_json`` returned. Raises ValueError for another format."""
        if data.get("format") != FORMAT:
            raise ValueError(f"not a report of this version: format {data.get('format')!r}, expected {FORMAT!r}")
        return cls(
            data["name"], data["summary"], tuple(data["arms"]), data["steps"], data["seed"],
            Parity.from_json(data["parity"]), Training.from_json(data["training"]),
            None if data["speed"] is None else Speed.from_json(data["speed"]),
            Machine.from_json(data["machine"]), tuple(data["notes"]), data["only"],
            None if data["published"] is None else Published(**data["published"]),
            {arm: Memory.from_json(peak) for arm, peak in data.get("memory", {}).items()},
            None if data["graphs"] is None else Graphs.from_json(data["graphs"]),
        )  # fmt: skip

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the report to a file; its suffix says how: ``.html``, ``.json``, ``.md`` or ``.txt``."""
        target = Path(path)
        kinds = {".html": self._html, ".json": self._json, ".md": self._repr_markdown_, ".txt": self._text}
        if target.suffix.lower() not in kinds:
            raise ValueError(f"cannot save a report as {target.name!r}: the name must end in {', '.join(kinds)}")
        target.write_text(kinds[target.suffix.lower()](), encoding="utf-8")

    def _json(self) -> str:
        return json.dumps(self.to_json(), ensure_ascii=False, allow_nan=False, indent=1) + "\n"

    def _html(self) -> str:
        from dualflow.report import to_html

        return to_html(self.document(), self._json())

    def _text(self) -> str:
        from dualflow.report import to_text

        return to_text(self.document())

    def _repr_markdown_(self) -> str:
        """Render the report for a notebook."""
        from dualflow.report import to_markdown

        return to_markdown(self.document())

    def __repr__(self) -> str:
        arms = ", ".join(ARMS[arm].label if arm in ARMS else arm for arm in self.arms)
        return f"<Report on {self.name}: {arms}; parity {'passed' if self.passed else 'failed'}; .show() prints it>"

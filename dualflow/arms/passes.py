"""What each pass does to a plan, and what it buys: the interpreted graph timed with and without it."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import sqrt
from random import Random
from statistics import median
from typing import Any

from dualflow.core.codec import Serializable
from dualflow.core.generator import fork_rng
from dualflow.core.site import describe
from dualflow.worlds.graph.passes.arrange import Arrangement
from dualflow.worlds.graph.passes.optimize import PASSES
from dualflow.worlds.graph.plan import Plan
from dualflow.worlds.graph.run.numpy import held
from dualflow.worlds.graph.run.script import script


@dataclass(frozen=True)
class Effect(Serializable):
    """What one pass did: how many nodes there were before and after, and how many it took away or made otherwise.

    ``lines``: whose they were, the most frequent first. ``bought_s``: by how much an interpreted run is shorter for
    it, in seconds, after the passes before it, and the 95 % interval of that; None where it was not measured.
    """

    name: str
    before: int
    after: int
    changed: int
    lines: tuple[str, ...] = ()
    bought_s: float | None = None
    interval_s: tuple[float, float] | None = None


@dataclass(frozen=True)
class Optimized(Serializable):
    """What all passes did to a plan, in their order. ``plain_s``, ``lean_s``: an interpreted run without and with."""

    passes: tuple[Effect, ...]
    plain_s: float | None = None
    lean_s: float | None = None

    @property
    def before(self) -> int:
        """How many nodes there were."""
        return self.passes[0].before if self.passes else 0

    @property
    def after(self) -> int:
        """How many nodes are run."""
        return self.passes[-1].after if self.passes else 0


def optimized(plan: Plan, feeds: Sequence[Any] | None = None, budget_s: float = 1.0) -> Optimized:
    """Find out what the plan's passes do; given what to feed it, also what they buy. State is read and not written.

    >>> from dualflow.arms.passes import optimized
    >>> step = df.function(lambda x: (df.exp(x) * 1.0 + df.exp(x)).sum())
    >>> with df.mode("graph", compile=False):
    ...     _ = step(df.ones(2))
    >>> [(each.name, each.before, each.after) for each in optimized(step.made[-1].plan).passes if each.changed]
    [('merge', 5, 4), ('exact', 4, 3)]
    """
    graph = plan.pruned("numpy")
    stages = [Arrangement(graph.nodes, graph.given, graph.outputs)]
    found = []
    for name in plan.passes:
        before = list(graph.nodes)
        PASSES[name](graph)
        after = set(map(id, graph.nodes))
        gone = [node for node in before if id(node) not in after]
        lines = Counter(describe(node.site) for node in gone).most_common()
        found.append(Effect(name, len(before), len(graph.nodes), len(gone), tuple(line for line, _ in lines)))
        stages.append(Arrangement(graph.nodes, graph.given, graph.outputs))
    if feeds is None:
        return Optimized(tuple(found))
    taken = _timed(plan, stages, feeds, budget_s)
    effects = []
    for effect, a, b in zip(found, taken, taken[1:], strict=False):
        gained = sorted(x - y for x, y in zip(a, b, strict=True))
        reach = min(int(1.96 * sqrt(len(gained)) / 2) + 1, (len(gained) - 1) // 2)  # ranks around that of the median
        middle = len(gained) // 2
        effects.append(
            replace(effect, bought_s=median(gained), interval_s=(gained[middle - reach], gained[middle + reach]))
        )
    return Optimized(tuple(effects), median(taken[0]), median(taken[-1]))


def _timed(plan: Plan, stages: Sequence[Arrangement], feeds: Sequence[Any], budget_s: float) -> list[list[float]]:
    """Return the seconds of runs of each stage, one a round, in an order drawn anew."""
    with fork_rng():
        given, before = held(plan, feeds, {}, None)
    runs = [script(plan, stage) for stage in stages]
    seconds: list[list[float]] = [[] for _ in runs]
    start, order = time.perf_counter(), list(zip(runs, seconds, strict=True))
    shuffle = Random(0).shuffle
    while time.perf_counter() - start < budget_s or len(seconds[0]) < 9:
        shuffle(order)
        for run, own in order:
            run(given, before)
            since = time.perf_counter()
            run(given, before)
            own.append(time.perf_counter() - since)
    return seconds

"""What a set of timings allows one to say: medians, the interval of a ratio, a verdict, a break-even step.

This file knows numbers and nothing else: not what was timed, not by which clock, not how it will be shown. Every
random draw is seeded, so the same samples always give the same words. The assumption it leans on is that the samples
of two arms are *paired*: sample ``i`` of both was taken in the same interleaved round, so that whatever slowed the
machine in that round slowed both.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from dualflow.core.codec import Serializable
from dualflow.experiment.measure.resampling import (
    Floats,
    positive,
    resampled_medians,
    resampled_ratios,
    resampled_rounds,
    run_length,
    tails,
)

MIN_ROUNDS = 6
"""Fewer rounds carry no verdict: even [min, max] of five values misses the median in 2 of 2**5 cases, 6.3 %."""

FLOOR = 0.01
"""Smallest relative difference worth a verdict; code placement alone moves a loop by about this much."""

NO_DIFFERENCE = "no demonstrable difference"
NEVER = "never"
FROM_THE_FIRST_STEP = "from the first step"


# --- one arm -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Summary(Serializable):
    """Order statistics of one arm's samples, in the samples' own unit."""

    DERIVED = ("iqr",)

    n: int
    median: float
    q1: float
    q3: float
    minimum: float

    @property
    def iqr(self) -> float:
        """Interquartile range: the spread of the middle half."""
        return self.q3 - self.q1


def summarize(samples: ArrayLike) -> Summary:
    """Describe samples by their median, quartiles and minimum.

    No mean and no standard deviation: one other process waking up makes both describe that process.

    >>> summarize([3.0, 1.0, 2.0, 100.0, 2.0])
    Summary(n=5, median=2.0, q1=2.0, q3=3.0, minimum=1.0)
    """
    values = positive(samples, "samples")
    q1, median, q3 = np.quantile(values, [0.25, 0.5, 0.75])
    return Summary(len(values), float(median), float(q1), float(q3), float(values.min()))


# --- two arms ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Estimate(Serializable):
    """A value with the interval that covers the truth in ``confidence`` of repetitions."""

    value: float
    low: float
    high: float
    confidence: float = 0.95


@dataclass(frozen=True)
class Comparison(Serializable):
    """Whether arm ``a`` and arm ``b`` differ in speed; ``ratio`` is the time of ``a`` over the time of ``b``."""

    DERIVED = ("faster", "verdict")

    a: str
    b: str
    ratio: Estimate
    floor: float
    rounds: int

    @property
    def faster(self) -> str | None:
        """The arm that is demonstrably faster, by at least the floor; None when there is none.

        The *whole* interval must lie beyond the floor. In 12,000 simulated A/A comparisons with drift, slow phases
        and interruptions that called at most 3 % different at any number of rounds; asking only that the interval
        leave out 1 came to 5 %, and to 7 % where an arm's own slow phases outlasted several rounds.
        """
        if self.rounds < MIN_ROUNDS:
            return None
        if self.ratio.high < 1 / (1 + self.floor):
            return self.a
        if self.ratio.low > 1 + self.floor:
            return self.b
        return None

    @property
    def speedup(self) -> Estimate:
        """How many times faster the arm with the smaller median is (at least 1)."""
        r = self.ratio
        if r.value >= 1:
            return r
        return Estimate(1 / r.value, 1 / r.high, 1 / r.low, r.confidence)

    @property
    def verdict(self) -> str:
        """``"<name> faster"`` or ``"no demonstrable difference"``."""
        return NO_DIFFERENCE if self.faster is None else f"{self.faster} faster"


def compare(
    a: ArrayLike,
    b: ArrayLike,
    names: tuple[str, str] = ("A", "B"),
    *,
    floor: float = FLOOR,
    confidence: float = 0.95,
    resamples: int = 2000,
    seed: int = 0,
) -> Comparison:
    """Decide which of two arms is faster, or that no difference can be shown.

    ``a`` and ``b`` hold one sample per round, in the order of the rounds. One comparison errs in at most
    ``1 - confidence`` of A/A runs; of ``k`` comparisons read together some errs more often, so pass
    ``confidence=1 - 0.05 / k`` (Bonferroni) if a report promises that *all* its verdicts hold.

    >>> fast = [1.00, 1.02, 0.99, 1.01, 1.00, 1.03, 0.98, 1.01]
    >>> slow = [2.00, 2.10, 1.99, 2.01, 2.05, 2.03, 1.97, 2.02]
    >>> compare(fast, slow, ("eager", "graph")).verdict
    'eager faster'
    >>> compare(fast, fast[::-1]).verdict
    'no demonstrable difference'
    >>> compare(fast[:5], slow[:5]).verdict                        # five rounds carry no verdict
    'no demonstrable difference'
    """
    if not 0 <= floor < 1:
        raise ValueError(f"floor must be a fraction in [0, 1), such as 0.01 for 1 %, got {floor}")
    ratio = ratio_of_medians(a, b, confidence=confidence, resamples=resamples, seed=seed)
    return Comparison(names[0], names[1], ratio, floor, len(positive(a, "a")))


def ratio_of_medians(
    a: ArrayLike, b: ArrayLike, *, confidence: float = 0.95, resamples: int = 2000, seed: int = 0
) -> Estimate:
    """Estimate median(a) / median(b) with a bootstrap interval that resamples whole rounds.

    Both arms are resampled by the same rounds, so drift that hit both cancels. Rounds are drawn in runs (circular
    block bootstrap, Politis and Romano 1992) because a slow phase outlasts a round. The percentile interval is
    widened for few rounds by Student's t (Hesterberg 2015, "What Teachers Should Know About the Bootstrap",
    section 4.3), the number of independent runs counting as the sample size.

    >>> ratio_of_medians([2.0, 4.0, 2.2, 2.1, 1.9, 2.0], [1.0, 2.0, 1.1, 1.05, 0.95, 1.0]).value
    2.0
    """
    value, drawn, independent = resampled_ratios(a, b, resamples, np.random.default_rng(seed))
    low, high = np.quantile(drawn, tails(confidence, independent))
    return Estimate(value, float(low), float(high), confidence)


def median(samples: ArrayLike, *, confidence: float = 0.95, resamples: int = 500, seed: int = 0) -> Estimate:
    """Estimate the median of one arm's rounds, with the same bootstrap interval as a ratio's.

    >>> median([2.0, 2.0, 2.0, 2.0, 2.0, 2.0])
    Estimate(value=2.0, low=2.0, high=2.0, confidence=0.95)
    """
    values = positive(samples, "samples")
    return ratio_of_medians(values, np.ones_like(values), confidence=confidence, resamples=resamples, seed=seed)


def proportion(hits: int, n: int, *, confidence: float = 0.95) -> Estimate:
    """Estimate a proportion from ``hits`` of ``n`` with Wilson's interval (1927), which holds for small ones too.

    >>> rate = proportion(3, 100)
    >>> rate.value, round(rate.low, 3), round(rate.high, 3)
    (0.03, 0.01, 0.085)
    """
    if not 0 <= hits <= n or n < 1:
        raise ValueError(f"{hits} of {n} is no proportion")
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    share, scale = hits / n, 1 + z * z / n
    middle = (share + z * z / (2 * n)) / scale
    half = z / scale * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return Estimate(share, max(middle - half, 0.0), min(middle + half, 1.0), confidence)


def ratio_across(
    a: ArrayLike, b: ArrayLike, *, confidence: float = 0.95, resamples: int = 2000, seed: int = 0
) -> Estimate:
    """Estimate median(a) / median(b) where the samples were not taken in the same rounds, as in two runs.

    Each is resampled by itself, in runs as in ``ratio_of_medians``. The interval holds the noise within the two runs;
    what changed between them (another machine, another day) it cannot know.

    >>> ratio_across([2.0, 2.1, 1.9, 2.0, 2.0, 2.1], [1.0, 1.1, 0.9, 1.0, 1.0, 1.0, 1.0]).value
    2.0
    """
    rng, medians, independent = np.random.default_rng(seed), [], []
    for values in (positive(a, "a"), positive(b, "b")):
        run = run_length(np.log(values))
        medians.append(resampled_medians(values, run, resamples, rng))
        independent.append(len(values) / run)
    low, high = np.quantile(medians[0] / medians[1], tails(confidence, min(independent)))
    value = np.median(positive(a, "a")) / np.median(positive(b, "b"))
    return Estimate(float(value), float(low), float(high), confidence)


# --- break-even ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class BreakEven(Serializable):
    """From which step on ``arm`` has cost no more than ``other``, everything counted, for good.

    ``steps`` is None for never and 0 for "from the first step"; ``low`` and ``high`` bound it alike, so an interval
    ``(300, None)`` reads "300 steps at the earliest, perhaps never". ``certainty`` is the share of resamples in
    which the arm paid back at all.
    """

    DERIVED = ("verdict",)

    arm: str
    other: str
    steps: int | None
    low: int | None
    high: int | None
    certainty: float
    confidence: float = 0.95

    @property
    def verdict(self) -> str:
        """``"never"``, ``"from the first step"`` or ``"after N steps"``."""
        if self.steps is None:
            return NEVER
        if self.steps == 0:
            return FROM_THE_FIRST_STEP
        return f"after {self.steps:,} step{'s' if self.steps != 1 else ''}"

    @property
    def interval(self) -> str:
        """The interval in words, such as ``"35 to 52"`` or ``"300 to never"``."""
        low, high = (
            NEVER if bound is None else "the first step" if bound == 0 else f"{bound:,}"
            for bound in (self.low, self.high)
        )
        return low if low == high else f"{low} to {high}"


def break_even(
    one_time_cost_a: float | Sequence[float],
    steady_samples_a: ArrayLike,
    one_time_cost_b: float | Sequence[float],
    steady_samples_b: ArrayLike,
    names: tuple[str, str] = ("A", "B"),
    *,
    confidence: float = 0.95,
    resamples: int = 2000,
    seed: int = 0,
) -> BreakEven:
    """Return after how many steps the arm with the higher one-time cost has paid it back.

    With cost ``C`` and seconds per step ``s``, the dearer arm pays back at the first whole ``n`` from which on
    ``C_dear + n * s_dear <= C_cheap + n * s_cheap``. Where that question is empty the answer is about ``a``:
    "from the first step" if it is cheaper at both, "never" if it is dearer at both. A one-time cost is one number or
    several measurements of it, which are then resampled too. Same unit throughout.

    >>> eager, graph = [5.0, 5.1, 4.7, 5.0, 5.4, 5.2], [1.0, 1.0, 1.1, 1.0, 0.9, 1.0]
    >>> answer = break_even(0.0, eager, 100.0, graph, ("eager", "graph"))
    >>> answer.arm, answer.verdict, answer.interval
    ('graph', 'after 25 steps', '23 to 28')
    >>> break_even(0.0, graph, 100.0, eager).verdict
    'from the first step'
    >>> break_even(100.0, eager, 0.0, graph).verdict
    'never'
    """
    steady_a = positive(steady_samples_a, "steady_samples_a")
    steady_b = positive(steady_samples_b, "steady_samples_b")
    cost_a, cost_b = _costs(one_time_cost_a, "one_time_cost_a"), _costs(one_time_cost_b, "one_time_cost_b")
    rng = np.random.default_rng(seed)
    if len(steady_a) == len(steady_b):
        run = run_length(np.log(steady_a / steady_b))
        rows = resampled_rounds(len(steady_a), run, resamples, rng)
        drawn_a, drawn_b = (np.median(steady[rows], axis=1) for steady in (steady_a, steady_b))
    else:  # not from one interleaved run, so nothing pairs them
        run = max(run_length(np.log(steady_a)), run_length(np.log(steady_b)))
        drawn_a, drawn_b = (resampled_medians(steady, run, resamples, rng) for steady in (steady_a, steady_b))

    median_cost_a, median_cost_b = float(np.median(cost_a)), float(np.median(cost_b))
    a_is_asked = median_cost_a > median_cost_b or np.median(steady_a) <= np.median(steady_b)
    arm, other = names if a_is_asked else names[::-1]
    sign = 1.0 if a_is_asked else -1.0

    extra_cost = sign * (resampled_medians(cost_a, 1, resamples, rng) - resampled_medians(cost_b, 1, resamples, rng))
    drawn = _steps_to_pay_back(extra_cost, sign * (drawn_b - drawn_a))
    # Order statistics, not interpolated quantiles: halfway between 300 and never there is nothing.
    below, above = tails(confidence, min(len(steady_a), len(steady_b)) / run)
    low = float(np.quantile(drawn, below, method="lower"))
    high = float(np.quantile(drawn, above, method="higher"))

    value = _steps_to_pay_back(
        np.array([sign * (median_cost_a - median_cost_b)]),
        np.array([sign * float(np.median(steady_b) - np.median(steady_a))]),
    )[0]
    return BreakEven(arm, other, _steps(value), _steps(low), _steps(high), float(np.isfinite(drawn).mean()), confidence)


def _steps_to_pay_back(extra_cost: Floats, saved_per_step: Floats) -> Floats:
    """Return the first whole step from which on the savings cover the extra cost; inf where they never do.

    An arm that starts cheaper but saves less is ahead for a while only: inf, because it will be overtaken.
    """
    steps = np.full(extra_cost.shape, np.inf)
    saves = saved_per_step > 0
    steps[saves] = np.maximum(np.ceil(extra_cost[saves] / saved_per_step[saves] - 1e-9), 0.0)
    steps[~saves & (extra_cost <= 0) & (saved_per_step == 0)] = 0.0  # no dearer to start, equal afterwards
    return steps


def _steps(value: float) -> int | None:
    return int(value) if math.isfinite(value) else None


def _costs(cost: float | Sequence[float], name: str) -> Floats:
    values = np.atleast_1d(np.asarray(cost, dtype=np.float64))
    if values.ndim != 1 or values.size == 0 or not np.isfinite(values).all() or (values < 0).any():
        raise ValueError(f"{name} must be one or more finite durations of at least 0, got {cost!r}")
    return values


# --- two curves ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Crossing(Serializable):
    """Where two curves cross for the last time: beyond ``at``, ``arm`` is the faster one up to the end of the range.

    -inf stands for "before the range began" (``arm`` is ahead throughout), inf for "not before it ended".
    """

    DERIVED = ("verdict", "interval")

    arm: str
    other: str
    at: float
    low: float
    high: float
    start: float
    end: float
    confidence: float = 0.95

    @property
    def verdict(self) -> str:
        """Who is faster where, in words; nothing is claimed where the lead at the end of the range is not certain."""
        if self.high == math.inf:
            return "no demonstrable crossing"
        if math.isfinite(self.at):
            return f"{self.arm} is faster from {_round(self.at)} on"
        return f"no crossing in this range: {self.arm} is faster"

    @property
    def interval(self) -> str:
        """The interval in words, such as ``"3,000 to 5,200"``, ``"below 100 to 400"``, or ``"none"``."""
        if self.high == -math.inf:
            return "none"
        low = f"below {_round(self.start)}" if self.low == -math.inf else _round(self.low)
        high = f"beyond {_round(self.end)}" if self.high == math.inf else _round(self.high)
        return f"{low} to {high}"

    def to_json(self) -> dict[str, Any]:
        """Return a plain dictionary; None is a crossing outside the range; ``interval`` says on which side."""
        data = super().to_json()
        return data | {key: None for key in ("at", "low", "high") if not math.isfinite(data[key])}


def crossing(
    x: Sequence[float],
    a: Sequence[ArrayLike],
    b: Sequence[ArrayLike],
    names: tuple[str, str] = ("A", "B"),
    *,
    confidence: float = 0.95,
    resamples: int = 1000,
    seed: int = 0,
) -> Crossing:
    """Find where the arm that is faster at the largest ``x`` took the lead, interpolating between points on log axes.

    ``a[i]`` and ``b[i]`` are the paired samples of the two arms at ``x[i]``. The interval resamples the rounds of
    every point; a draw in which the arm is not ahead at the end counts as beyond the range.

    >>> rising, flat = [[v] * 6 for v in (1.0, 10.0, 100.0)], [[5.0] * 6] * 3
    >>> found = crossing([10, 100, 1000], rising, flat, ("eager", "graph"))
    >>> found.verdict
    'graph is faster from 50 on'
    """
    if not len(x) == len(a) == len(b) or len(x) < 2 or any(p >= q for p, q in zip(x, x[1:], strict=False)) or x[0] <= 0:
        raise ValueError(f"x must rise and be positive, with samples of both arms at each point, got {list(x)}")
    rng = np.random.default_rng(seed)
    points, draws, independent = [], [], math.inf
    for at_a, at_b in zip(a, b, strict=True):
        ratio, drawn, rounds = resampled_ratios(at_a, at_b, resamples, rng)
        independent = min(independent, rounds)
        points.append(math.log(ratio))
        draws.append(np.log(drawn))
    # positive is behind: a gap says how far the arm that wins at the end is behind at each point
    sign = 1.0 if points[-1] < 0 else -1.0
    arm, other = names if sign > 0 else names[::-1]
    logs = np.log(np.asarray(x, dtype=np.float64))
    gaps = sign * np.stack(draws, axis=1)
    found = np.array([_last_crossing(logs, row) for row in gaps])
    low, high = tails(confidence, independent)
    return Crossing(
        arm, other, _last_crossing(logs, sign * np.array(points)),
        float(np.quantile(found, low, method="lower")), float(np.quantile(found, high, method="higher")),
        float(x[0]), float(x[-1]), confidence,
    )  # fmt: skip


def _round(x: float) -> str:
    return f"{float(f'{x:.3g}'):,.0f}" if x >= 100 else f"{x:.3g}"


def _last_crossing(log_x: Floats, gap: Floats) -> float:
    """Return the x after which ``gap`` stays below zero; inf if it ends above, -inf if it is never above."""
    behind = np.flatnonzero(gap > 0)
    if not behind.size:
        return -math.inf
    i = int(behind[-1])
    if i == len(gap) - 1:
        return math.inf
    return float(np.exp(log_x[i] + (log_x[i + 1] - log_x[i]) * gap[i] / (gap[i] - gap[i + 1])))

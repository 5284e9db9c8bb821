"""How long each arm takes, measured so that the machine's moods hit all arms alike.

This file knows a clock and callables without arguments that block until their result is ready. It knows nothing of
tensors, modes or compilers, and draws no conclusions: it hands on the raw samples, one per arm and round, and
``statistics`` says what they allow one to say. What it does about noise:

* arms are timed in **blocks** of so many calls that the clock's resolution is below 1 % of a block;
* every **round** holds one block of every arm, in an order drawn anew, so that drift hits all arms and none is always
  measured behind the same neighbour;
* **warm-up** ends when an arm's rate has stopped changing, not after a fixed count; if it never does within its share
  of the budget, the samples say so;
* the collector of cyclic garbage stays on, because an arm that makes cycles should pay for them.

Loop and call cost about 50 ns a call and are not subtracted: they are the same in every arm.
"""

from __future__ import annotations

import gc
import math
import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import repeat
from statistics import median
from typing import Any, Protocol, runtime_checkable

from dualflow.core.codec import Serializable

Arm = Callable[[], object]
"""One step: takes nothing, returns when its result is ready."""

Progress = Callable[[str, float], None]
"""Called with what is about to be done and the fraction that has been done, from 0 to 1."""


def silent(what: str, fraction: float) -> None:
    """Report no progress."""


def part(progress: Progress, start: float, end: float) -> Progress:
    """Return progress for a part of the work, which is done from ``start`` to ``end`` of all of it."""
    return lambda what, fraction: progress(what, start + (end - start) * fraction)


BLOCK_S = 0.005
"""Shortest block. Below some 5 ms one context switch (a few ms on a shared core) is more than the whole block."""

LEAD_IN_S = 0.05
"""Arms whose call is shorter get one untimed call before each block, to refill the caches the previous arm emptied:
32 MB at 10 GB/s is 3 ms, more than half of a 5 ms block but under 7 % of a call of this length."""

WINDOWS = 10
"""Warm-up windows looked at together, so a rate counts as stable after 10 blocks, 50 ms, at the earliest."""

STABLE = 0.03
"""Relative change between the older and the newer half of those windows that still counts as stable."""

WARMUP_SHARE = 0.3
"""Share of the budget that all arms together may spend warming up."""

MOST_CALLS = 10_000_000
"""Calls in a block beyond which an arm is taken to do nothing: 5 ms / 10**7 is 0.5 ns, less than a Python call."""


@dataclass(frozen=True)
class Warmup:
    """What an arm did before it was sampled: its first call, then blocks until the rate was stable.

    ``settled`` is False if the rate was still changing when the arm's share of the budget ran out, and None if that
    share held too few blocks to tell.
    """

    first_s: float
    seconds: float
    calls: int
    settled: bool | None


@runtime_checkable
class OnTheClock(Protocol):
    """An arm that takes its own time, in another process say; ``Timer`` does it for a callable in this one."""

    calls: int
    samples: list[float]
    warmup: Warmup

    def first_call(self) -> None: ...
    def warm_up(self, block_s: float, limit_s: float) -> None: ...
    def sample(self) -> None: ...
    def next_s(self) -> float: ...


@dataclass(frozen=True)
class Samples(Serializable):
    """The raw result of one measurement.

    ``seconds[arm][i]`` is the mean seconds per call of that arm's block in round ``i``, so equal positions are
    paired. ``calls`` is the number of calls per block, ``order`` the arms of each round as they were run.
    """

    DERIVED = ("arms", "unit")
    unit = "s"

    seconds: dict[str, tuple[float, ...]]
    calls: dict[str, int]
    warmup: dict[str, Warmup]
    order: tuple[tuple[str, ...], ...] = field(repr=False)
    seed: int
    budget_s: float
    elapsed_s: float
    resolution_s: float
    block_s: float

    @property
    def arms(self) -> tuple[str, ...]:
        """The names of the arms, as they were given."""
        return tuple(self.seconds)

    @property
    def rounds(self) -> int:
        """The number of samples each arm has."""
        return len(self.order)

    def to_json(self) -> dict[str, Any]:
        """Return plain dictionaries and lists; the order of a round is given by positions in ``arms``."""
        position = {arm: i for i, arm in enumerate(self.arms)}
        return super().to_json() | {"order": [[position[arm] for arm in round_] for round_ in self.order]}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Samples:
        """Rebuild samples from what ``to_json`` returned."""
        return super().from_json({**data, "order": [[data["arms"][i] for i in round_] for round_ in data["order"]]})


def measure(
    arms: Mapping[str, Arm | OnTheClock],
    *,
    budget_s: float = 5.0,
    seed: int = 0,
    clock: Callable[[], float] = time.perf_counter,
    progress: Progress | None = None,
    block_s: float = BLOCK_S,
    min_rounds: int = 6,
    max_rounds: int = 1000,
    resolution_s: float | None = None,
) -> Samples:
    """Time several arms against each other and return the raw samples.

    Every arm is called once, whatever that takes, for it may compile. Then ``budget_s`` covers the rest of the
    warm-up and the rounds of all arms; it is exceeded only to reach ``min_rounds``, without which there is no verdict.
    When to stop depends on the time spent alone, never on the samples seen. ``resolution_s`` is measured
    if not given. ``progress`` is called between blocks, never inside one; a live display should not redraw from a
    thread of its own (rich: ``auto_refresh=False``), or it will be timed too. An error in an arm is raised as it
    is, with a note that names the arm.

    >>> ticks = iter(range(10**9))                     # a clock that moves 1 s each time somebody looks at it
    >>> def now():
    ...     return float(next(ticks))
    >>> samples = measure({"a": lambda: None, "b": lambda: None}, clock=now, block_s=1.0, resolution_s=0.0)
    >>> samples.rounds, samples.seconds["a"], samples.calls
    (6, (1.0, 1.0, 1.0, 1.0, 1.0, 1.0), {'a': 1, 'b': 1})
    """
    if not arms:
        raise ValueError("measure needs at least one arm")
    if not budget_s > 0:
        raise ValueError(f"budget_s must be positive, got {budget_s}")
    if not 1 <= min_rounds <= max_rounds:
        raise ValueError(f"rounds must satisfy 1 <= min_rounds <= max_rounds, got {min_rounds} and {max_rounds}")
    resolution = clock_resolution(clock) if resolution_s is None else resolution_s
    block = max(block_s, 100 * resolution)
    timers = {name: arm if isinstance(arm, OnTheClock) else Timer(name, arm, clock) for name, arm in arms.items()}
    for name, timer in timers.items():
        if progress is not None:
            progress(name, 0.0)
        timer.first_call()

    started = clock()

    def report(name: str) -> None:
        if progress is not None:
            progress(name, min((clock() - started) / budget_s, 1.0))

    for name, timer in timers.items():
        report(name)
        timer.warm_up(block, WARMUP_SHARE * budget_s / len(timers))

    gc.collect()  # so that no arm pays for what the building of another left behind
    shuffle = random.Random(seed).shuffle
    order: list[tuple[str, ...]] = []
    names = list(timers)
    while len(order) < max_rounds:
        spent = clock() - started
        next_round = sum(timer.next_s() for timer in timers.values())
        if len(order) >= min_rounds and spent + next_round > budget_s:
            break
        shuffle(names)
        order.append(tuple(names))
        for name in names:
            report(name)
            timers[name].sample()
    if progress is not None:
        progress(names[-1], 1.0)

    return Samples(
        seconds={name: tuple(timer.samples) for name, timer in timers.items()},
        calls={name: timer.calls for name, timer in timers.items()},
        warmup={name: timer.warmup for name, timer in timers.items()},
        order=tuple(order),
        seed=seed,
        budget_s=budget_s,
        elapsed_s=clock() - started,
        resolution_s=resolution,
        block_s=block,
    )


def clock_resolution(clock: Callable[[], float] = time.perf_counter) -> float:
    """Return the smallest step, in seconds, that successive readings of the clock can show.

    It includes the cost of a reading, because a block's two ends carry that too.
    """
    smallest = float("inf")
    steps = 0
    last = clock()
    for _ in range(1_000_000):  # 50 ms of readings: enough to see the 15.6 ms tick of the coarsest system clocks
        now = clock()
        if now > last:
            smallest = min(smallest, now - last)
            steps += 1
            if steps == 1000:
                break
        last = now
    if not steps:
        raise ValueError("the clock stands still: 1,000,000 readings gave the same time")
    return smallest


class Timer:
    """One arm on the bench: its block size, its warm-up, its samples."""

    def __init__(self, name: str, arm: Arm, clock: Callable[[], float]) -> None:
        self.name = name
        self.arm = arm
        self.clock = clock
        self.calls = 1
        self.samples: list[float] = []
        self.first_s = self.rate_s = 0.0
        self.warmup = Warmup(0.0, 0.0, 0, None)

    def first_call(self) -> None:
        """Time the one call that may trace, compile or allocate."""
        self.first_s = self._block(1)

    def warm_up(self, block_s: float, limit_s: float) -> None:
        """Run the arm until its rate is stable or the limit is spent; settle the block size on the way."""
        started = self.clock()
        calls_made = 0
        per_call: list[float] = []
        # One window is taken however small the limit: without it there is no rate to size the blocks by.
        while not (settled := _is_stable(per_call)) and (not per_call or self.clock() - started < limit_s):
            spent = self._block(self.calls)
            calls_made += self.calls
            if spent < block_s:
                # Doubling at least: a rate read off a block of a few clock ticks may be wrong by its own size.
                wanted = max(2 * self.calls, _calls_to_fill(block_s, spent / self.calls))
                if spent < block_s / 2:  # too short to count as a window of the rate
                    self.calls = self._checked(min(wanted, 100 * self.calls))
                    continue
            per_call.append(spent / self.calls)
        # An arm that got faster while warming up would otherwise keep the small blocks of its slow start.
        self.rate_s = median(per_call[-WINDOWS // 2 :])
        self.calls = self._checked(_calls_to_fill(block_s, self.rate_s))
        enough = len(per_call) >= WINDOWS
        self.warmup = Warmup(self.first_s, self.clock() - started, calls_made, settled if enough else None)

    def sample(self) -> None:
        """Time one block and keep its seconds per call."""
        if self.rate_s < LEAD_IN_S:
            self._block(1)
        self.rate_s = self._block(self.calls) / self.calls
        self.samples.append(self.rate_s)

    def next_s(self) -> float:
        """Expect the next block, and the call before it, to run at the last known rate."""
        return self.rate_s * (self.calls + (self.rate_s < LEAD_IN_S))

    def _block(self, calls: int) -> float:
        arm, clock = self.arm, self.clock
        calls_left = repeat(None, calls)
        try:
            start = clock()
            for _ in calls_left:
                arm()
            return clock() - start
        except Exception as error:
            error.add_note(f"raised while timing the arm {self.name!r}")
            raise

    def _checked(self, calls: int) -> int:
        if calls > MOST_CALLS:
            raise ValueError(f"the arm {self.name!r} takes no measurable time: {MOST_CALLS:,} calls fill no block")
        return calls


def _calls_to_fill(block_s: float, per_call_s: float) -> int:
    return max(1, math.ceil(block_s / per_call_s - 1e-6)) if per_call_s > 0 else MOST_CALLS + 1


def _is_stable(per_call: Sequence[float]) -> bool:
    """Return whether the newer half of the last windows is as fast as the older half, within their noise.

    Noise is measured by the newer half's median absolute deviation. For normal values the standard error of a median
    of five is 1.25 * 1.48 / sqrt(5) = 0.83 of it, so twice it is 1.7 standard errors of the difference of two.
    """
    if len(per_call) < WINDOWS:
        return False
    older, newer = per_call[-WINDOWS : -WINDOWS // 2], per_call[-WINDOWS // 2 :]
    before, now = median(older), median(newer)
    noise = median(abs(value - now) for value in newer)
    return abs(before - now) <= max(STABLE * now, 2 * noise)

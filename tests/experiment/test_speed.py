"""Timing does what it says, on a clock that only moves when an arm works; nothing here depends on real time."""

import json
from collections import Counter
from itertools import pairwise

import pytest

from dualflow.arms.timing import LEAD_IN_S, WINDOWS, Samples, clock_resolution, measure


class Clock:
    """A clock that stands still but for what arms add to it."""

    def __init__(self):
        self.now = 1000.0
        self.log = []

    def __call__(self):
        return self.now

    def arm(self, name, seconds):
        """An arm whose call number n takes seconds, or seconds(n)."""
        calls = Counter()

        def call():
            calls[name] += 1
            self.log.append(name)
            self.now += seconds(calls[name]) if callable(seconds) else seconds

        return call


@pytest.fixture
def clock():
    return Clock()


def timed(clock, arms, **options):
    return measure(arms, clock=clock, **{"resolution_s": 1e-7, "budget_s": 2.0, **options})


def runs_of(log):
    """Collapse a log of calls into (name, calls in a row)."""
    runs = []
    for name in log:
        if runs and runs[-1][0] == name:
            runs[-1][1] += 1
        else:
            runs.append([name, 1])
    return runs


def test_samples_are_seconds_per_call_of_each_arm(clock):
    samples = timed(clock, {"fast": clock.arm("fast", 1e-4), "slow": clock.arm("slow", 2e-2)})
    assert samples.arms == ("fast", "slow")
    assert samples.seconds["fast"] == pytest.approx([1e-4] * samples.rounds)
    assert samples.seconds["slow"] == pytest.approx([2e-2] * samples.rounds)


def test_blocks_are_filled_with_calls_until_they_are_long_enough(clock):
    samples = timed(clock, {"fast": clock.arm("fast", 1e-4), "slow": clock.arm("slow", 2e-2)}, block_s=0.005)
    assert samples.calls == {"fast": 50, "slow": 1}


def test_a_coarse_clock_gets_blocks_a_hundred_times_its_resolution(clock):
    samples = timed(clock, {"arm": clock.arm("arm", 1e-3)}, resolution_s=1e-3, budget_s=5.0)
    assert samples.block_s == pytest.approx(0.1)
    assert samples.calls["arm"] == 100


def test_every_round_times_every_arm_once_in_an_order_drawn_anew(clock):
    names = ["a", "b", "c"]
    samples = timed(clock, {name: clock.arm(name, 1e-3) for name in names})
    assert samples.rounds == len(samples.order) > 20
    assert all(sorted(round_) == names for round_ in samples.order)
    # All six orders occur, and no arm is always first.
    assert len(set(samples.order)) == 6
    assert max(Counter(round_[0] for round_ in samples.order).values()) < 0.6 * samples.rounds


def test_the_order_recorded_is_the_order_run(clock):
    samples = timed(clock, {"a": clock.arm("a", 0.2), "b": clock.arm("b", 0.2)}, min_rounds=8, max_rounds=8)
    assert clock.log[-16:] == [name for round_ in samples.order for name in round_]  # long calls have no lead-in


def test_the_seed_fixes_the_order():
    def order(seed):
        clock = Clock()
        return timed(clock, {"a": clock.arm("a", 1e-3), "b": clock.arm("b", 1e-3)}, seed=seed).order

    assert order(1) == order(1) != order(2)


def test_drift_hits_all_arms_alike():
    clock = Clock()

    def slowing(_):
        return 1e-3 * (1 + (clock.now - 1000.0))  # twice as slow after a second, thrice after two

    samples = timed(clock, {"a": clock.arm("a", slowing), "b": clock.arm("b", slowing)}, budget_s=3.0)
    a, b = (samples.seconds[name] for name in "ab")
    assert a[-1] > 1.5 * a[0]
    assert all(x == pytest.approx(y, rel=0.05) for x, y in zip(a, b, strict=True))


def test_short_calls_get_an_untimed_call_first_and_long_ones_do_not(clock):
    short, long = LEAD_IN_S / 5, LEAD_IN_S * 2
    samples = timed(clock, {"short": clock.arm("short", short), "long": clock.arm("long", long)}, max_rounds=10)
    assert samples.calls == {"short": 1, "long": 1}
    assert Counter(clock.log[-30:]) == {"short": 20, "long": 10}


def test_the_first_call_is_kept_apart(clock):
    compiling = clock.arm("graph", lambda n: 3.0 if n == 1 else 1e-3)
    samples = timed(clock, {"graph": compiling})
    assert samples.warmup["graph"].first_s == pytest.approx(3.0)
    assert max(samples.seconds["graph"]) == pytest.approx(1e-3)
    assert samples.rounds > 50  # the budget of 2 s was not spent by the 3 s of compiling


def test_warm_up_lasts_until_the_rate_is_stable(clock):
    cooling = clock.arm("arm", lambda n: 5e-3 + 5e-2 * 0.9**n)
    samples = timed(clock, {"arm": cooling}, budget_s=20.0)
    assert samples.warmup["arm"].settled is True
    assert samples.warmup["arm"].calls > 30
    assert samples.seconds["arm"][0] < 5e-3 * 1.1


def test_a_steady_arm_is_warm_after_as_many_windows_as_are_compared(clock):
    samples = timed(clock, {"arm": clock.arm("arm", 5e-3)})
    assert samples.warmup["arm"].calls == WINDOWS
    assert samples.warmup["arm"].settled is True


def test_noise_around_a_steady_rate_does_not_look_like_warming_up(clock):
    noisy = clock.arm("arm", lambda n: 5e-3 * (1 + 0.2 * ((n * 7919) % 11) / 11))
    samples = timed(clock, {"arm": noisy}, budget_s=10.0)
    assert samples.warmup["arm"].settled is True
    assert samples.warmup["arm"].calls < 5 * WINDOWS


def test_an_arm_that_never_settles_is_measured_all_the_same_and_marked(clock):
    restless = clock.arm("arm", lambda n: 5e-3 * 1.02**n)
    samples = timed(clock, {"arm": restless}, budget_s=1.0)
    assert samples.warmup["arm"].settled is False
    assert samples.warmup["arm"].seconds < 0.5
    assert samples.rounds >= 6


def test_an_arm_too_slow_to_judge_is_not_called_unsettled(clock):
    samples = timed(clock, {"arm": clock.arm("arm", 1.0)})
    assert samples.warmup["arm"].settled is None


def test_calls_sped_up_while_warming_fill_their_blocks_again(clock):
    samples = timed(clock, {"arm": clock.arm("arm", lambda n: max(1e-3 * 0.97**n, 1e-5))}, budget_s=5.0)
    assert samples.calls["arm"] == pytest.approx(500, abs=1)  # a sum of many small floats


def test_the_budget_is_kept_by_fast_arms(clock):
    started = clock.now
    samples = timed(clock, {"a": clock.arm("a", 1e-3), "b": clock.arm("b", 3e-3)}, budget_s=2.0)
    assert clock.now - started < 2.0 * 1.05
    assert samples.elapsed_s == pytest.approx(2.0, rel=0.05)
    assert samples.budget_s == 2.0


def test_slow_arms_still_get_enough_rounds_for_a_verdict(clock):
    samples = timed(clock, {"slow": clock.arm("slow", 4.0)}, budget_s=2.0)
    assert samples.rounds == 6


def test_rounds_are_limited(clock):
    assert timed(clock, {"a": clock.arm("a", 1e-3)}, budget_s=50.0, max_rounds=7).rounds == 7


def test_progress_names_the_arm_and_never_goes_back(clock):
    told = []
    samples = timed(
        clock,
        {"a": clock.arm("a", 1e-3), "b": clock.arm("b", 1e-3)},
        progress=lambda arm, fraction: told.append((arm, fraction)),
    )
    fractions = [fraction for _, fraction in told]
    assert {arm for arm, _ in told} == {"a", "b"}
    assert fractions[0] == 0.0 and fractions[-1] == 1.0
    assert all(earlier <= later for earlier, later in pairwise(fractions))
    assert len(told) >= 2 * samples.rounds


def test_progress_is_never_timed(clock):
    def slow_display(arm, fraction):
        clock.now += 0.01

    samples = timed(clock, {"a": clock.arm("a", 1e-3)}, progress=slow_display)
    assert samples.seconds["a"] == pytest.approx([1e-3] * samples.rounds)


def test_an_error_in_an_arm_is_raised_as_it_is_and_names_the_arm(clock):
    def broken():
        raise ZeroDivisionError("no step today")

    with pytest.raises(ZeroDivisionError, match="no step today") as caught:
        timed(clock, {"fine": clock.arm("fine", 1e-3), "graph": broken})
    assert caught.value.__notes__ == ["raised while timing the arm 'graph'"]


def test_an_arm_that_takes_no_time_is_refused_by_name(clock, monkeypatch):
    monkeypatch.setattr("dualflow.arms.timing.MOST_CALLS", 10_000)
    with pytest.raises(ValueError, match="the arm 'nothing' takes no measurable time"):
        timed(clock, {"nothing": clock.arm("nothing", 0.0)})


@pytest.mark.parametrize(
    ("arms", "options", "message"),
    [
        ([], {}, "at least one arm"),
        (["a"], {"budget_s": 0.0}, "budget_s must be positive"),
        (["a"], {"min_rounds": 9, "max_rounds": 8}, "min_rounds <= max_rounds"),
        (["a"], {"min_rounds": 0}, "min_rounds <= max_rounds"),
    ],
)
def test_what_cannot_be_measured_is_refused_before_any_call(clock, arms, options, message):
    with pytest.raises(ValueError, match=message):
        timed(clock, {name: clock.arm(name, 1e-3) for name in arms}, **options)
    assert clock.log == []


def test_samples_survive_json(clock):
    samples = timed(clock, {"b": clock.arm("b", 1e-3), "a": clock.arm("a", 2e-3)}, max_rounds=9)
    assert Samples.from_json(json.loads(json.dumps(samples.to_json(), allow_nan=False))) == samples


def test_the_resolution_is_the_smallest_step_seen():
    readings = iter([0.0, 0.0, 0.25, 0.25, 1.0, 1.125, *(1.125 + 0.5 * i for i in range(1, 2000))])
    assert clock_resolution(lambda: next(readings)) == 0.125


def test_a_clock_that_stands_still_is_refused():
    with pytest.raises(ValueError, match="the clock stands still"):
        clock_resolution(lambda: 0.0)


def test_the_real_clock_and_a_real_arm_go_through():
    samples = measure({"a": lambda: sum(range(100)), "b": lambda: sum(range(100))}, budget_s=0.05)
    assert samples.rounds >= 6
    assert all(value > 0 for values in samples.seconds.values() for value in values)
    assert 0 < samples.resolution_s < 0.1
    assert samples.block_s >= 100 * samples.resolution_s

"""The verdicts keep their promise under noise made to break them: drift, persistence, heavy tails, few rounds."""

import json

import numpy as np
import pytest

from dualflow.experiment.measure.resampling import student_quantile, tails
from dualflow.experiment.measure.statistics import (
    MIN_ROUNDS,
    Comparison,
    Estimate,
    break_even,
    compare,
    ratio_of_medians,
    summarize,
)

QUIET = {"drift": 0.0, "mood": 0.0, "persistence": 0.0, "own": 0.0, "tail": 0.0}
MOODY = {"drift": 0.5, "mood": 0.1, "persistence": 0.95, "own": 0.0, "tail": 0.1}
MOODY_ARMS = {"drift": 0.5, "mood": 0.1, "persistence": 0.95, "own": 0.02, "tail": 0.1}


def persistent(rng, sigma, rho, shape):
    """A stationary AR(1) along the last axis."""
    steps = rng.standard_normal(shape) * sigma
    steps[..., 1:] *= np.sqrt(1 - rho**2)
    for i in range(1, shape[-1]):
        steps[..., i] += rho * steps[..., i - 1]
    return steps


def two_arms(rng, runs, rounds, *, drift, mood, persistence, own, tail, ratio=1.0):
    """Simulate block times of two arms, (runs, rounds) each, measured alternately in random order.

    ``drift``: growth of the log over the run. ``mood``: the machine's slow phases, from block to block. ``own``: slow
    phases of each arm by itself, persistence 0.5. ``tail``: share of blocks that something else interrupted.
    """
    blocks = 2 * rounds
    log_time = drift * np.linspace(0, 1, blocks) + persistent(rng, mood, persistence, (runs, blocks))
    log_time += 0.02 * np.abs(rng.standard_t(2, (runs, blocks)))
    log_time += (rng.random((runs, blocks)) < tail) * rng.exponential(0.5, (runs, blocks))
    paired = rng.permuted(log_time.reshape(runs, rounds, 2), axis=2)
    paired = paired + np.moveaxis(persistent(rng, own, 0.5, (runs, 2, rounds)), 1, 2)
    times = np.exp(paired)
    return times[:, :, 0] * ratio, times[:, :, 1]


@pytest.mark.parametrize("noise", [QUIET, MOODY, MOODY_ARMS], ids=["quiet", "moody", "moody arms"])
@pytest.mark.parametrize("rounds", [MIN_ROUNDS, 12, 40, 150])
def test_an_arm_against_itself_is_no_different_in_95_percent_of_runs(noise, rounds):
    runs = 200
    a, b = two_arms(np.random.default_rng(7), runs, rounds, **noise)
    alarms = sum(compare(a[i], b[i], resamples=500, seed=i).faster is not None for i in range(runs))
    assert alarms <= 0.05 * runs


def test_the_interval_covers_the_true_ratio_in_95_percent_of_runs():
    runs, ratio = 200, 1.37
    a, b = two_arms(np.random.default_rng(8), runs, 40, **MOODY, ratio=ratio)
    intervals = [ratio_of_medians(a[i], b[i], resamples=500, seed=i) for i in range(runs)]
    assert sum(e.low <= ratio <= e.high for e in intervals) >= 0.95 * runs
    # ... and not by being uselessly wide
    assert np.median([e.high / e.low for e in intervals]) < 1.2


def test_a_difference_of_a_fifth_is_found_in_bad_noise_and_its_direction_is_right():
    runs = 100
    a, b = two_arms(np.random.default_rng(9), runs, 100, **MOODY, ratio=0.8)
    verdicts = [compare(a[i], b[i], ("x", "y"), resamples=500, seed=i).verdict for i in range(runs)]
    assert verdicts.count("x faster") >= 95
    assert verdicts.count("y faster") == 0


def test_pairing_cancels_drift_that_both_arms_share():
    drift = np.exp(np.linspace(0, 1, 50))  # the machine slows down by a factor of 2.7
    rng = np.random.default_rng(0)
    a, b = 1.1 * drift * np.exp(0.005 * rng.standard_normal(50)), drift * np.exp(0.005 * rng.standard_normal(50))
    paired = ratio_of_medians(a, b)
    unpaired = ratio_of_medians(a, rng.permutation(b))
    assert paired.high / paired.low - 1 < 0.1 * (unpaired.high / unpaired.low - 1)
    assert compare(a, b).faster == "B"


def test_persistent_noise_widens_the_interval():
    rng = np.random.default_rng(3)
    rough = np.exp(persistent(rng, 0.1, 0.9, (200,)))
    shuffled = rng.permutation(rough)
    ones = np.ones(200)
    slow, white = ratio_of_medians(rough, ones), ratio_of_medians(shuffled, ones)
    assert slow.high - slow.low > 1.5 * (white.high - white.low)


@pytest.mark.parametrize(
    ("low", "high", "faster"),
    [
        (0.80, 0.90, "A"),
        (0.80, 0.995, None),  # below 1, but not beyond the floor
        (0.99, 1.02, None),
        (1.005, 1.20, None),
        (1.02, 1.20, "B"),
    ],
)
def test_a_verdict_needs_the_whole_interval_beyond_the_floor(low, high, faster):
    comparison = Comparison("A", "B", Estimate((low + high) / 2, low, high), 0.01, 20)
    assert comparison.faster == faster
    assert comparison.verdict == (f"{faster} faster" if faster else "no demonstrable difference")


def test_too_few_rounds_carry_no_verdict_however_clear_they_look():
    rng = np.random.default_rng(0)
    a = 1 + 0.001 * rng.random(MIN_ROUNDS)
    assert compare(a[1:], 5 * a[1:]).faster is None
    assert compare(a, 5 * a).faster == "A"


def test_the_speedup_is_at_least_one_whichever_arm_comes_first():
    a, b = np.full(10, 2.0), np.full(10, 8.0)
    assert compare(a, b).speedup == compare(b, a).speedup == Estimate(4.0, 4.0, 4.0)
    assert compare(a, b).ratio.value == 0.25


def test_swapping_the_arms_inverts_the_ratio():
    rng = np.random.default_rng(5)
    a, b = rng.lognormal(0, 0.1, 31), rng.lognormal(0.05, 0.1, 31)
    there, back = ratio_of_medians(a, b), ratio_of_medians(b, a)
    assert there.value == pytest.approx(1 / back.value)
    assert there.low == pytest.approx(1 / back.high, rel=2e-3)  # the quantiles interpolate in different scales
    assert there.high == pytest.approx(1 / back.low, rel=2e-3)


def test_the_same_samples_and_seed_give_the_same_interval_and_another_seed_nearly():
    rng = np.random.default_rng(6)
    a, b = rng.lognormal(0, 0.1, 60), rng.lognormal(0, 0.1, 60)
    assert ratio_of_medians(a, b, seed=1) == ratio_of_medians(a, b, seed=1)
    assert ratio_of_medians(a, b, seed=1).low == pytest.approx(ratio_of_medians(a, b, seed=2).low, rel=0.01)


def test_higher_confidence_means_a_wider_interval():
    rng = np.random.default_rng(6)
    a, b = rng.lognormal(0, 0.1, 60), rng.lognormal(0, 0.1, 60)
    widths = [(e.high - e.low) for e in (ratio_of_medians(a, b, confidence=c) for c in (0.8, 0.95, 0.99))]
    assert widths == sorted(widths) and widths[0] < widths[2]


@pytest.mark.parametrize(("degrees", "quantile"), [(5, -2.571), (10, -2.228), (30, -2.042), (1e6, -1.960)])
def test_students_quantile_is_the_tables(degrees, quantile):
    assert student_quantile(0.025, degrees) == pytest.approx(quantile, abs=4e-3)


def test_few_rounds_reach_further_into_the_tails():
    few, many = tails(0.95, 6), tails(0.95, 1e6)
    assert many == pytest.approx((0.025, 0.975), abs=1e-5)
    assert few[0] < many[0] / 5 and few[1] == 1 - few[0]


def test_identical_arms_have_the_ratio_one_exactly():
    a = np.random.default_rng(0).random(30) + 1
    assert ratio_of_medians(a, a) == Estimate(1.0, 1.0, 1.0)


def test_the_summary_is_that_of_numpy():
    samples = np.random.default_rng(0).lognormal(size=101)
    summary = summarize(samples)
    assert summary.n == 101
    assert summary.median == np.median(samples)
    assert summary.minimum == samples.min()
    assert summary.iqr == pytest.approx(np.subtract(*np.quantile(samples, [0.75, 0.25])))
    assert summary.to_json()["iqr"] == summary.iqr


# --- break-even ----------------------------------------------------------------------------------------------------


def steady(seconds, noise=0.0, n=40, seed=0):
    return seconds * np.exp(noise * np.random.default_rng(seed).standard_normal(n))


def test_the_dearer_arm_pays_back_after_cost_over_saving():
    answer = break_even(0.1, steady(3e-3), 0.5, steady(1e-3), ("eager", "graph"))
    assert (answer.arm, answer.other, answer.steps) == ("graph", "eager", 200)
    assert (answer.low, answer.high, answer.certainty) == (200, 200, 1.0)
    assert answer.verdict == "after 200 steps"


def test_it_is_the_first_whole_step_at_which_the_totals_cross():
    costs, speeds = (0.0, 1.0), (0.3, 0.1)
    answer = break_even(costs[0], steady(speeds[0]), costs[1], steady(speeds[1]))
    totals = [[cost + n * speed for n in range(10)] for cost, speed in zip(costs, speeds, strict=True)]
    crossed = [n for n in range(10) if totals[1][n] <= totals[0][n] + 1e-12]
    assert answer.steps == crossed[0] == 5


def test_the_order_of_the_arms_does_not_change_who_pays_back_when():
    one = break_even(0.1, steady(3e-3), 0.5, steady(1e-3), ("eager", "graph"))
    two = break_even(0.5, steady(1e-3), 0.1, steady(3e-3), ("graph", "eager"))
    assert (one.arm, one.steps) == (two.arm, two.steps) == ("graph", 200)


def test_the_interval_covers_the_true_step():
    covered = 0
    for seed in range(100):
        a, b = steady(3e-3, 0.1, seed=2 * seed), steady(1e-3, 0.1, seed=2 * seed + 1)
        answer = break_even(0.0, a, 0.4, b, resamples=500, seed=seed)
        covered += answer.low <= 200 <= answer.high
    assert covered >= 95


def test_several_measurements_of_the_one_time_cost_widen_the_interval():
    fast, slow = steady(1e-3), steady(3e-3)
    answer = break_even(0.0, slow, [0.3, 0.35, 0.4, 0.45, 0.5], fast)
    assert answer.steps == 200
    assert answer.low < 200 < answer.high


def test_an_arm_that_is_dearer_and_slower_never_pays_back():
    answer = break_even(0.5, steady(3e-3), 0.1, steady(1e-3), ("graph", "eager"))
    assert (answer.arm, answer.steps, answer.certainty) == ("graph", None, 0.0)
    assert (answer.verdict, answer.interval) == ("never", "never")


def test_an_arm_that_is_dearer_and_equally_fast_never_pays_back():
    assert break_even(0.5, steady(1e-3), 0.1, steady(1e-3)).verdict == "never"


def test_an_arm_that_is_cheaper_at_both_pays_from_the_first_step():
    answer = break_even(0.1, steady(1e-3), 0.5, steady(3e-3), ("eager", "graph"))
    assert (answer.arm, answer.steps) == ("eager", 0)
    assert (answer.verdict, answer.interval) == ("from the first step", "the first step")


def test_an_arm_that_is_cheaper_and_equally_fast_pays_from_the_first_step():
    answer = break_even(0.1, steady(1e-3), 0.5, steady(1e-3), ("eager", "graph"))
    assert (answer.arm, answer.verdict) == ("eager", "from the first step")


def test_equal_one_time_costs_leave_the_faster_arm_ahead_from_the_first_step():
    answer = break_even(0.1, steady(3e-3), 0.1, steady(1e-3), ("eager", "graph"))
    assert (answer.arm, answer.verdict) == ("graph", "from the first step")


def test_an_arm_hardly_faster_may_never_pay_back_and_the_interval_says_so():
    answer = break_even(0.0, steady(1.005e-3, 0.1, seed=1), 0.4, steady(0.995e-3, 0.1, seed=2))
    assert answer.high is None
    assert 0.0 < answer.certainty < 1.0
    assert answer.interval.endswith("to never")


def test_samples_of_separate_runs_may_differ_in_number():
    answer = break_even(0.0, steady(3e-3, 0.05, n=30), 0.4, steady(1e-3, 0.05, n=50, seed=1))
    assert answer.low <= 200 <= answer.high


def test_results_are_json_without_infinities():
    never = break_even(0.5, steady(3e-3), 0.1, steady(1e-3))
    comparison = compare(steady(1.0, 0.1), steady(2.0, 0.1))
    text = json.dumps([never.to_json(), comparison.to_json()], allow_nan=False)
    assert json.loads(text)[0]["steps"] is None
    assert json.loads(text)[1]["verdict"] == "A faster"


# --- what is refused -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("bad", [[], [[1.0, 2.0]], [1.0, 0.0], [1.0, -1.0], [1.0, np.nan], [1.0, np.inf]])
def test_what_is_not_a_list_of_durations_is_refused(bad):
    with pytest.raises(ValueError, match="samples"):
        summarize(bad)


def test_unpaired_samples_are_refused():
    with pytest.raises(ValueError, match="one sample per round each, got 3 and 4"):
        compare([1.0] * 3, [1.0] * 4)


@pytest.mark.parametrize("confidence", [0.0, 1.0, 95])
def test_confidence_is_a_fraction(confidence):
    with pytest.raises(ValueError, match="confidence must lie between 0 and 1"):
        compare([1.0] * 8, [1.0] * 8, confidence=confidence)


def test_a_floor_in_percent_is_refused():
    with pytest.raises(ValueError, match="floor must be a fraction"):
        compare([1.0] * 8, [1.0] * 8, floor=2)


@pytest.mark.parametrize("cost", [-1.0, float("nan"), []])
def test_a_one_time_cost_is_a_duration(cost):
    with pytest.raises(ValueError, match="one_time_cost_b"):
        break_even(0.0, steady(1.0), cost, steady(1.0))

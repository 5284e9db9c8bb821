"""Sweeps: where synthetic curves cross, what a sweep keeps, and that its programs agree in every arm."""

import dataclasses
import json

import numpy as np
import pytest
from click.testing import CliRunner

from dualflow.arms.arms import choose
from dualflow.cli import main
from dualflow.experiment.bundle import Bundle
from dualflow.experiment.measure.machine import inspect
from dualflow.experiment.measure.statistics import crossing, median, proportion
from dualflow.experiment.programs.sweeps import SWEEPS
from dualflow.experiment.results.findings import AGAIN
from dualflow.experiment.results.sweep import BY_HAND, Point, Sweep
from dualflow.experiment.sweep import sweep
from dualflow.report import Curves, document, to_text

X = (10, 100, 1000, 10000)


def noisy(values, sigma=0.05, rounds=20, seed=0):
    """Samples about each of the values."""
    rng = np.random.default_rng(seed)
    return [tuple(v * np.exp(sigma * rng.standard_normal(rounds))) for v in values]


def test_a_crossing_is_interpolated_on_log_axes_and_its_interval_covers_it():
    grows = noisy([x**0.5 for x in X], seed=1)
    flat = noisy([300**0.5] * 4, seed=2)
    found = crossing(X, grows, flat, ("eager", "compiled"))
    assert (found.arm, found.other) == ("compiled", "eager")
    assert found.low < 300 < found.high and found.at == pytest.approx(300, rel=0.1)
    assert found.verdict.startswith("compiled is faster from ")
    mirrored = crossing(X, flat, grows, ("compiled", "eager"))
    assert mirrored.arm == "compiled" and mirrored.at == pytest.approx(found.at)


def test_the_interval_of_a_crossing_covers_it_in_most_repetitions():
    runs = 60
    found = [
        crossing(X, noisy([x**0.5 for x in X], seed=i), noisy([300**0.5] * 4, seed=1000 + i), resamples=300)
        for i in range(runs)
    ]
    assert sum(each.low <= 300 <= each.high for each in found) >= 0.9 * runs


def test_curves_that_do_not_cross_say_so():
    found = crossing(X, noisy([1, 2, 3, 4]), noisy([2, 4, 6, 8], seed=1), ("a", "b"))
    assert found.at == found.high == -np.inf and found.interval == "none"
    assert found.verdict == "no crossing in this range: a is faster"
    assert json.loads(json.dumps(found.to_json(), allow_nan=False))["at"] is None


def test_a_lead_that_is_not_certain_at_the_end_may_lie_beyond_the_range():
    found = crossing(X, noisy([1, 1, 1, 1], 0.3, 6), noisy([0.5, 0.5, 0.5, 1.0], 0.3, 6, seed=5), ("a", "b"))
    assert found.interval.endswith("beyond 10,000") and found.verdict == "no demonstrable crossing"


def test_curves_that_cross_twice_are_told_by_their_last_crossing():
    found = crossing(X, noisy([1, 4, 1, 4], 0.01), noisy([2, 2, 2, 2], 0.01, seed=1), ("a", "b"))
    assert found.arm == "b" and 1000 < found.at < 10000


@pytest.mark.parametrize("x", [(1,), (2, 1), (0, 1), (1, 1)])
def test_places_that_do_not_rise_are_refused(x):
    with pytest.raises(ValueError, match="x must rise and be positive"):
        crossing(x, [[1.0] * 6] * len(x), [[1.0] * 6] * len(x))


def test_the_interval_of_a_median_holds_it_and_the_interval_of_a_proportion_stays_within_0_and_1():
    (samples,) = noisy([3.0], rounds=50)
    found = median(samples)
    assert found.low < found.value < found.high and found.value == pytest.approx(np.median(samples))
    none, all_ = proportion(0, 100), proportion(100, 100)
    assert none.low == 0 and none.high == pytest.approx(0.037, abs=1e-3)
    assert all_.high == pytest.approx(1) and all_.low == pytest.approx(1 - none.high)
    with pytest.raises(ValueError, match="3 of 2"):
        proportion(3, 2)


@pytest.fixture
def made():
    """A sweep of synthetic samples, with one arm left out at the end."""
    points = []
    for i, x in enumerate((10**4, 10**5, 10**6)):
        names = {BY_HAND: x * 1e-9, "eager": x * 1e-9 + 1e-5, "eager" + AGAIN: x * 1e-9 + 1e-5, "compiled": 5e-5}
        samples = {name: noisy([v], 0.01, 10, seed=k)[0] for k, (name, v) in enumerate(names.items())}
        traces = {"compiled": 1}
        firsts = {"eager": 0.001, "compiled": 0.1}
        if i == 2:
            del samples["compiled"], traces["compiled"], firsts["compiled"]
        points.append(Point(x, samples, firsts, traces))
    arms = (BY_HAND, "eager", "compiled")
    return Sweep(
        "size", "ops", "elements", arms, tuple(points), ("compiled from 1,000,000 on",), 0, inspect(quick=True)
    )


def test_a_sweep_turns_into_json_and_back(made):
    assert Sweep.from_json(json.loads(json.dumps(made.to_json(), allow_nan=False))) == made
    with pytest.raises(ValueError, match="not a sweep"):
        Sweep.from_json({"format": "x"})


def test_a_sweep_is_drawn_with_intervals_and_without_what_was_left_out(made):
    times, ratios = (block for block in document(made).blocks if isinstance(block, Curves))
    by_hand, eager, compiled = times.series
    assert (by_hand.label, eager.label, compiled.label) == made.arms
    assert [p[0] for p in eager.points] == [10**4, 10**5, 10**6] and len(compiled.points) == 2
    assert all(low < y < high for _, y, low, high in eager.points)
    assert ratios.series[0].points[0][1] == pytest.approx(2.0, rel=0.05)  # 10 + 10 µs over 10 µs
    assert dict(ratios.series[1].points)[10**5] == 26.9


def test_the_page_of_a_sweep_has_its_curves_its_crossings_and_the_published_ratio(made):
    text = to_text(document(made), width=80)
    assert max(map(len, text.splitlines())) <= 80
    for words in ("10,000", "26.9", "left out: compiled from 1,000,000 on", "tensorflow/issues/34144"):
        assert words in text
    assert made.differs_from_itself() == []
    slower = dict(made.points[0].samples)
    slower["eager" + AGAIN] = tuple(2 * v for v in slower["eager"])
    odd = dataclasses.replace(made, points=(dataclasses.replace(made.points[0], samples=slower), *made.points[1:]))
    assert odd.differs_from_itself() == [10**4]
    assert "timed against itself" in to_text(document(odd), width=80)


@pytest.mark.parametrize("kind", SWEEPS.values(), ids=lambda kind: kind.name)
def test_every_kind_runs_in_every_arm_and_agrees(kind):
    small = kind.xs[:2]
    found = sweep(kind, choose("eager,interpreted,compiled"), xs=small, budget_s=0.01)
    assert found.x == list(small) and not found.left_out
    for point in found.points:
        assert all(len(point.samples[arm]) >= 6 for arm in found.arms)
        assert point.traces == dict.fromkeys(("interpreted", "compiled"), point.x if kind.cold else 1)


def test_an_arm_whose_first_step_would_take_too_long_is_left_out_by_name(monkeypatch):
    monkeypatch.setattr("dualflow.experiment.sweep.PATIENCE_S", 0.0)
    found = sweep(SWEEPS["variables"], choose("eager"), xs=(1, 2), budget_s=0.01)
    assert found.x == [1] and found.left_out[0].startswith("eager from 2 variables on")


def test_numpy_by_hand_must_agree_before_it_is_timed():
    wrong = dataclasses.replace(SWEEPS["size"], by_hand=lambda n: lambda: np.zeros(n, np.float32))
    with pytest.raises(ValueError, match="NumPy by hand give different results"):
        sweep(wrong, choose("eager"), xs=(100,), budget_s=0.01)


def test_the_command_prints_tables_and_json_and_refuses_an_unknown_kind():
    done = CliRunner().invoke(main, ["sweep", "size", "--up-to", "100", "--budget", "0.01", "--arms", "eager"])
    assert done.exit_code == 0 and "NumPy by hand" in done.stdout
    done = CliRunner().invoke(main, ["sweep", "variables", "--up-to", "1", "--budget", "0.01", "--arms", "eager",
                                     "--json", "-"])  # fmt: skip
    assert Bundle.from_json(json.loads(done.stdout)).sweeps[0].x == [1]
    for wrong, said in ((["width"], "there is no sweep 'width'"), (["size", "--up-to", "9"], "begins at 100 elements")):
        done = CliRunner().invoke(main, ["sweep", *wrong])
        assert done.exit_code == 2 and said in done.stderr

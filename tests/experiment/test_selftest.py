"""The self-test counts what the statistics say of an arm timed against itself."""

import json
from types import SimpleNamespace

import numpy as np
import pytest
from click.testing import CliRunner

from dualflow.arms import bench as bench_module
from dualflow.arms.arms import choose
from dualflow.arms.bench import Bench, Stage
from dualflow.cli import main
from dualflow.experiment.programs import PROGRAMS
from dualflow.experiment.selftest import selftest
from dualflow.report import document, to_text

(EAGER,) = choose("eager")


def clock(ratio, sigma=0.05, rounds=20):
    """Stand in for the measurement: samples of two arms whose true ratio is known."""

    def timed(arms, *, budget_s, seed):
        for call in arms.values():
            call()
        rng = np.random.default_rng(seed)
        a, b = np.exp(sigma * rng.standard_normal((2, rounds)))
        return SimpleNamespace(seconds={"A": tuple(a * ratio), "B": tuple(b)})

    return timed


def test_an_honest_measurement_passes():
    found = selftest(PROGRAMS["chain"], EAGER, runs=60, timed=clock(1.0))
    assert found.passed and found.alarms <= 3 and len(found.runs) == 60
    text = to_text(document(found), width=80)
    assert f"{found.alarms} of 60 runs called eager different from itself" in " ".join(text.split())


def test_a_measurement_that_favours_one_side_fails():
    found = selftest(PROGRAMS["chain"], EAGER, runs=20, timed=clock(1.3))
    assert not found.passed and found.alarms == 20
    assert found.rate.low > 0.8
    assert json.loads(json.dumps(found.to_json(), allow_nan=False))["passed"] is False


def test_the_command_runs_and_refuses_what_it_does_not_know():
    done = CliRunner().invoke(main, ["selftest", "--runs", "2", "--budget", "0.01", "--json"])
    assert len(json.loads(done.stdout)["runs"]) == 2
    assert CliRunner().invoke(main, ["selftest", "nothing"]).exit_code == 2
    assert CliRunner().invoke(main, ["selftest", "--arm", "fast"]).exit_code == 2


@pytest.mark.parametrize("arm", choose("eager,interpreted,compiled"), ids=lambda arm: arm.name)
def test_two_steps_of_one_bench_start_each_turn_from_the_same_values(arm, monkeypatch):
    monkeypatch.setattr(bench_module, "LEAD_IN_S", float("inf"))  # or a slow first call would end the fresh starts
    stage = Stage()
    with arm.scope():
        run = PROGRAMS["notes"].build(0)
    bench = Bench(stage, arm, run)
    one, other = (bench.warm(bench.start, 2) for _ in "AB")

    def after(call, times):
        for _ in range(times):
            call()
        return np.array(bench.now().arrays[0])

    first = after(one, 3)
    assert np.array_equal(after(other, 3), first)
    assert np.array_equal(after(one, 3), first)
    assert not np.array_equal(after(one, 1), first)
    stage.clear()

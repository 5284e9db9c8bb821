"""Where two runs part: planted differences are found at their op, and told with line, values and ULPs."""

import json

import jax.numpy
import numpy as np
import pytest
from click.testing import CliRunner
from test_replay import line, network

import dualflow as df
from dualflow.cli import main
from dualflow.core.op import VOCABULARY
from dualflow.inspect.record.bisect import side_by_side, ulps


@pytest.mark.parametrize("arms", ["eager,compiled", "interpreted,compiled", "eager,interpreted"])
def test_a_step_that_is_right_agrees_with_no_op_left_over(arms):
    _, step, args = network()
    found = df.bisect(step, *args, arms=arms)
    assert found.ok and not found.only and found.compared > 30
    assert found.runs == (3 if "compiled" in arms else 2)


@pytest.mark.parametrize("arms", ["eager,compiled", "interpreted,compiled"])
def test_a_wrong_kernel_is_found_at_its_line(monkeypatch, arms):
    _, step, args = network()
    monkeypatch.setitem(VOCABULARY["tanh"].kernels, "jax", lambda x: x * 0.5)
    found = df.bisect(step, *args, arms=arms)
    assert not found.ok and found.a.op == "tanh" and found.a.at.number == line(step, "h = model")
    assert found.inputs == "equal to the bit" or found.inputs.startswith("input 0 differs by up to")
    expected, got = (float(x) for x in (found.gap.expected, found.gap.found))
    assert np.tanh(got * 2) == pytest.approx(expected, rel=1e-5)
    assert found.ulps == ulps(found.a.value, found.b.value)[0] > 1000
    text = str(found)
    assert (
        "tanh, at" in text.replace(" 'tanh'", "") and found.gap.expected in text and "units in the last place" in text
    )


def test_a_wrong_gradient_is_found_at_the_forward_line(monkeypatch):
    _, step, args = network()
    monkeypatch.setattr(VOCABULARY["tanh"], "array_rules", (lambda g, y, x: g,))
    found = df.bisect(step, *args)
    assert not found.ok and found.a.kind == "gradient"
    assert found.a.of[0][0].startswith("linear ") and found.a.forward.number == line(step, "h = model")


def test_saved_runs_of_two_days_are_compared(tmp_path):
    def step(x, scale):
        h = x * scale
        return h.sum()

    for name, scale in (("a", 2.0), ("b", 2.5)):
        df.record(step, df.ones(2), df.tensor(scale)).save(tmp_path / name)
    found = df.bisect(tmp_path / "a", str(tmp_path / "b"))
    assert (found.a.name, found.gap.expected, found.gap.found) == ("h", "2.0", "2.5")
    assert found.inputs.startswith("input 1 differs by up to")
    assert found.runs == 0 and found.to_json()["op"]["name"] == "h"


def test_an_op_that_one_run_has_alone_is_told():
    def plain(x, more):
        h = x * 2
        if more:
            h = h.abs()
        return h.sum()

    found = df.bisect(df.record(plain, df.ones(2), False), df.record(plain, df.ones(2), True))
    assert found.ok and [(label, entry.op) for label, entry in found.only] == [("the second eager run", "abs")]
    assert "only the second eager run has abs" in str(found)


def test_a_run_that_ended_early_parts():
    def step(x, m):
        return (x * 2) @ m

    found = df.bisect(df.record(step, df.ones(2, 2), df.ones(2, 2)), df.record(step, df.ones(2, 2), df.ones(3, 3)))
    assert not found.ok and "the second eager run ended by ShapeError: matmul" in str(found)


def test_a_difference_that_vanishes_when_it_is_looked_at():
    """XLA contracts a * b - c into one rounding, unless the product is an output too; then NumPy and it agree."""
    rng = np.random.default_rng(0)
    a, b = (df.tensor((1000 * rng.standard_normal(1000)).astype(np.float32)) for _ in range(2))
    c = a * b

    def step(a, b, c):
        p = a * b
        rest = p - c
        twice = rest * 2
        return twice.sum()

    recorded = df.bisect(df.record(step, a, b, c), df.record(step, a, b, c, arm="compiled"))
    assert recorded.ok  # all nodes fetched: nothing to see
    found = df.bisect(step, a, b, c)
    if found.ok:
        pytest.skip("this XLA does not contract products and sums")
    assert found.a.name == "rest" and found.gap.expected == "0.0"
    assert 3 < found.runs <= 6 and "makes the difference vanish" in found.note


@pytest.mark.parametrize("arms", ["eager,compiled", "interpreted,compiled"])
def test_an_op_that_magnifies_rounding_is_not_blamed(monkeypatch, arms):
    """Two exps that differ by rounding: the difference of two nearly equal numbers shows nothing else."""
    monkeypatch.setitem(VOCABULARY["exp"].kernels, "jax", lambda x: jax.numpy.exp(x) * np.float32(1 + 2e-7))
    w = df.Variable([0.0] * 64)

    def step(x):
        rest = (df.exp(x) - 1.0) - x
        w.assign(rest * 1e6)
        return rest * 1e6

    found = df.bisect(step, df.tensor(np.linspace(1e-4, 1e-3, 64, dtype=np.float32)), arms=arms)
    assert found.ok and "magnify rounding" in found.note


def test_a_custom_function_that_passes_magnified_rounding_on_is_not_blamed(monkeypatch):
    monkeypatch.setitem(VOCABULARY["exp"].kernels, "jax", lambda x: jax.numpy.exp(x) * np.float32(1 + 2e-7))

    class Million(df.Function):
        @staticmethod
        def forward(ctx, x):
            return x * 1e6

        @staticmethod
        def backward(ctx, g):
            return g * 1e6

    def step(x):
        return Million.apply((df.exp(x) - 1.0) - x)

    found = df.bisect(step, df.tensor(np.linspace(1e-4, 1e-3, 64, dtype=np.float32)), arms="interpreted,compiled")
    assert found.ok and "magnify rounding" in found.note


def test_units_in_the_last_place_are_counted_exactly():
    one = np.float64([1.0, -1.0])
    assert ulps(one, np.nextafter(one, 2.0)) == (1.0, (0,))
    assert ulps(np.float32(-0.0), np.float32(0.0)) == (0.0, ())
    tiny = np.float32(1e-45)
    assert ulps(-tiny, tiny)[0] == 3.0  # the two zeros lie between them
    assert ulps(np.float32([1.0, np.nan]), np.float32([1.0, 2.0])) == (np.inf, (1,))
    assert ulps(np.float32([np.nan]), np.float32([np.nan])) == (0.0, (0,))
    assert ulps(np.complex64([1 + 1j]), np.complex64([1 + 1j])) == (0.0, (0,))


def test_other_than_two_arms_or_two_runs_are_refused():
    with pytest.raises(ValueError, match="compares two arms, not 3"):
        df.bisect(lambda x: x, df.ones(1), arms="eager,interpreted,compiled")
    with pytest.raises(TypeError, match="two recordings"):
        df.bisect(df.record(lambda x: x * 1, df.ones(1)))


def test_side_by_side_is_80_columns_wide():
    _, step, args = network()
    text = side_by_side(df.record(step, *args), df.record(step, *args, arm="compiled"))
    assert max(map(len, text.split("\n"))) <= 80
    assert "equal" in text and "alone" not in text


# --- the command ----------------------------------------------------------------------------------------------------

FILE = """
import dualflow as df
x = df.ones(3)
w = df.Variable([1.0, 2.0, 3.0])
def step(x):
    h = x * w
    print("out of the way")
    return h.sum()
"""


@pytest.fixture
def command(tmp_path):
    (tmp_path / "mine.py").write_text(FILE)
    return lambda *options: CliRunner().invoke(main, ["step", f"{tmp_path}/mine.py:step", *options])


def test_the_command_sets_two_arms_side_by_side(command):
    ran = command()
    assert ran.exit_code == 0 and "h = x * w" in ran.output and "eager and compiled agree (3 runs" in ran.output


def test_the_command_exits_with_1_when_arms_part(command, monkeypatch):
    monkeypatch.setitem(VOCABULARY["multiply"].kernels, "jax", lambda a, b: a + b)
    ran = command("--break", "h")
    assert ran.exit_code == 1 and "DIFFER" in ran.output and "sum" not in ran.output.partition("\n\n")[0]


def test_the_command_prints_json_and_saves(command, tmp_path):
    ran = command("--arm", "interpreted", "--json", "--save", str(tmp_path / "run"))
    (told,) = json.loads(ran.stdout)
    assert told["arm"] == "interpreted" and [e["name"] for e in told["entries"] if e["op"] == "multiply"] == ["h"]
    assert df.Recording.load(tmp_path / "run")["h"].value.tolist() == [1.0, 2.0, 3.0]


def test_the_command_knows_its_mistakes(command):
    assert command("--arm", "eager,interpreted,compiled").exit_code == 2
    assert command("--arm", "fast").exit_code == 2

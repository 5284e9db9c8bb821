"""df.compare, as its users use it: do the arms agree, is the verdict the numbers', is my state still mine?"""

import dataclasses
import json
import os
import subprocess
import sys

import numpy as np
import pytest

import dualflow as df
from dualflow.arms.arms import choose
from dualflow.arms.bench import Cost
from dualflow.arms.parity import Gap, gap, nudge, reach
from dualflow.arms.program import Run
from dualflow.arms.timing import Samples, Warmup
from dualflow.experiment.comparison import experiment
from dualflow.experiment.measure.machine import inspect
from dualflow.experiment.results.findings import Failure, Parity, Speed, Training
from dualflow.experiment.results.report import Report
from dualflow.experiment.results.verdict import verdict
from dualflow.report import document, to_text

BUDGET = 0.05


def in_a_fresh_python(code):
    """Run code in a new process and return what it prints."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def model():
    """A small regression: its inputs, its network, its optimizer and its step."""

    class Made:
        x, y = df.randn(16, 5), df.randn(16, 1)
        net = df.nn.Sequential(df.nn.Linear(5, 8), df.nn.Tanh(), df.nn.Linear(8, 1))
        optimizer = df.optim.Adam(net.parameters(), lr=0.01)

        @staticmethod
        def step(x, y):
            """Fit a small network.

            With Adam.
            """
            loss = df.nn.functional.mse_loss(net(x), y)
            optimizer.minimize(loss)
            return loss

    net, optimizer = Made.net, Made.optimizer
    return Made


# --- a comparison that goes well ----------------------------------------------------------------------------------


def test_a_plain_function_is_compared_in_three_arms(model):
    report = df.compare(model.step, model.x, model.y, steps=4, budget_s=BUDGET)
    assert report.passed and report.arms == ("eager", "interpreted", "compiled")
    assert len(report.parity.steps) == 4
    assert all(g.absolute == 0 for g in report.parity.gaps("interpreted", "state"))
    assert report.speed.samples.arms == (*report.arms, "eager, again") and report.speed.arms == report.arms
    assert report.speed.samples.rounds >= 6
    eager, interpreted, compiled = (report.speed.costs[arm][0] for arm in report.arms)
    assert (eager.build_s, eager.trace_s, eager.compile_s) == (None, None, None)
    assert interpreted.build_s > 0 and interpreted.lower_s is None and interpreted.compile_s is None
    assert min(compiled.build_s, compiled.trace_s, compiled.lower_s, compiled.compile_s) > 0
    assert compiled.first_s > compiled.build_s + compiled.trace_s + compiled.compile_s
    losses = report.training.losses
    assert losses["eager"][0] > losses["eager"][-1]
    assert losses["eager"] == losses["interpreted"]
    assert losses["compiled"] == pytest.approx(losses["eager"], rel=1e-5)


def test_a_df_function_is_compared_without_touching_its_traces(model):
    step = df.function(model.step)
    with df.mode("graph"):
        step(model.x, model.y)
    traces, log = step.trace_count, list(step.log)
    assert df.compare(step, model.x, model.y, steps=2, only="parity").passed
    assert (step.trace_count, step.log) == (traces, log)


def test_a_method_and_a_partial_and_a_module_are_compared():
    import functools

    class Trainer:
        def __init__(self):
            self.w = df.Variable([1.0, 2.0])

        @df.function
        def step(self, x):
            loss = (self.w * x).sum() ** 2
            df.optim.SGD([self.w], lr=0.01).minimize(loss)
            return loss

        def plain(self, x, scale):
            return (self.w * x).sum() * scale

    trainer, x = Trainer(), df.ones(2)
    assert df.compare(trainer.step, x, steps=2, only="parity").name == "step"
    assert df.compare(trainer.plain, x, 3.0, steps=2, only="parity").passed
    assert df.compare(functools.partial(trainer.plain, scale=2.0), x, steps=2, only="parity").name == "plain"
    assert df.compare(df.nn.Linear(2, 3), x, steps=2, only="parity").name == "Linear"


def test_the_same_seed_gives_the_same_numbers(model):
    net = df.nn.Sequential(df.nn.Linear(5, 8), df.nn.Dropout(0.5), df.nn.Linear(8, 1))

    def step(x):
        return net(x).sum()

    def losses(seed):
        report = df.compare(step, model.x, steps=3, seed=seed, only="parity")
        assert report.passed  # the masks are drawn alike in every arm
        return report.training.losses

    first = losses(1)
    df.rand(7)  # wherever the user's own stream is by now
    assert losses(1) == first != losses(2)
    assert len(set(first["eager"])) == 3  # and anew at each step


def test_gradients_are_compared_where_the_step_does_not_update(model):
    def loss(x, y):
        return df.nn.functional.mse_loss(model.net(x), y)

    report = df.compare(loss, model.x, model.y, steps=1, only="parity")
    (off,) = report.parity.gaps("compiled", "gradient")
    assert off.arrays == 4 and off.ok


def test_gradients_left_in_grad_are_compared(model):
    def accumulate(x, y):
        df.nn.functional.mse_loss(model.net(x), y).backward()

    report = df.compare(accumulate, model.x, model.y, steps=3, budget_s=BUDGET)
    assert report.passed and all(p.grad is None for p in model.net.parameters())
    assert [off.arrays for off in report.parity.gaps("compiled", "gradient")] == [4, 4, 4]
    # From the second step on there is a gradient to add to, which is another trace: its cost counts as starting too.
    assert all(cost.later_s > 0 for cost in report.speed.costs["compiled"])
    assert report.speed.once("compiled")[0] > report.speed.costs["compiled"][0].later_s


# --- the user's state is the user's -------------------------------------------------------------------------------


def test_the_users_state_is_left_as_it_was(model):
    for _ in range(3):
        model.step(model.x, model.y)
    parameters = list(model.net.parameters())
    loss = df.nn.functional.mse_loss(model.net(model.x), model.y)
    loss.backward()
    arrays = [p.numpy() for p in parameters]
    grads = [p.grad for p in parameters]
    slots = [model.optimizer.slot(p, name) for p in parameters for name in ("exp_avg", "exp_avg_sq")]
    held = [a.copy() for a in (*arrays, *(g.numpy() for g in grads), *(s.numpy() for s in slots))]
    stream = df.random.default_generator.get_state()
    batch = model.x.numpy().copy()

    assert df.compare(model.step, model.x, model.y, steps=3, budget_s=BUDGET).passed

    assert all(p.numpy() is array for p, array in zip(parameters, arrays, strict=True))
    assert all(p.grad is grad for p, grad in zip(parameters, grads, strict=True))
    now = [*arrays, *(g.numpy() for g in grads), *(s.numpy() for s in slots)]
    assert all(np.array_equal(a, b) for a, b in zip(held, now, strict=True))
    assert np.array_equal(model.x.numpy(), batch)
    assert repr(df.random.default_generator.get_state()) == repr(stream)
    assert float(model.optimizer.param_groups[0].counts.numpy()[0]) == 3


def test_training_goes_on_after_a_comparison_as_if_there_had_been_none(model):
    import copy

    other = copy.deepcopy(model.net)
    optimizer = df.optim.Adam(other.parameters(), lr=0.01)
    for i in range(6):
        model.step(model.x, model.y)
        loss = df.nn.functional.mse_loss(other(model.x), model.y)
        optimizer.minimize(loss)
        if i == 2:
            df.compare(model.step, model.x, model.y, steps=2, only="parity")
    for a, b in zip(model.net.parameters(), other.parameters(), strict=True):
        assert np.array_equal(a.numpy(), b.numpy())


def test_state_that_lies_on_the_device_comes_back(model):
    step = df.function(model.step)
    with df.mode("graph"):
        step(model.x, model.y)
        weight = model.net.state_dict()["0.weight"]
        expected = np.array(weight)
        step_before = model.optimizer.param_groups[0].counts.numpy().copy()
        assert df.compare(step, model.x, model.y, steps=2, only="parity").passed
    assert np.array_equal(model.net.state_dict()["0.weight"].numpy(), expected)
    assert np.array_equal(model.optimizer.param_groups[0].counts.numpy(), step_before)


def test_a_backward_that_was_pending_still_works():
    w = df.Variable([1.0, 2.0])
    loss = (w * w).sum()

    def step():
        w.assign_sub(w * 0.1)
        return w.sum()

    assert df.compare(step, steps=2, only="parity").passed
    loss.backward()  # it needs w as it was: an in-place write would be an error here
    assert w.grad.tolist() == [2.0, 4.0]


def test_the_state_is_put_back_when_the_step_raises():
    w = df.Variable([1.0])
    calls = []

    def step():
        calls.append(None)
        w.assign_add(df.ones(1))
        if len(calls) > 2 and df.current_mode() == "eager":
            raise RuntimeError("tired")
        return w.sum()

    with pytest.raises(RuntimeError, match="tired") as caught:
        df.compare(step, steps=3)
    assert caught.value.__notes__ == ["(raised in the arm 'eager': eager, at step 1)"] or "step" in str(
        caught.value.__notes__
    )
    assert w.tolist() == [1.0] and df.current_mode() == "eager"


def test_a_generator_of_the_users_own_is_put_back():
    generator = df.Generator(5)
    before = generator.get_state()

    def step(x):
        return (x * df.rand(4, generator=generator)).sum()

    report = df.compare(step, df.ones(4), steps=3, only="parity")
    assert report.passed and len(set(report.training.losses["eager"])) == 3
    assert repr(generator.get_state()) == repr(before)


def test_a_step_prints_once_for_each_step_and_not_ten_thousand_times(capsys):
    def step(x):
        print("stepping")
        return x.sum()

    df.compare(step, df.ones(3), steps=3, budget_s=BUDGET)
    assert 3 <= capsys.readouterr().out.count("stepping") <= 4  # once more where it became a graph


# --- arms that differ ---------------------------------------------------------------------------------------------


def test_a_difference_between_the_arms_is_found_and_named(model):
    w = df.Variable([[1.0, 2.0], [3.0, 4.0]])

    def step(x):
        rate = 0.1 if df.current_mode() == "eager" else 0.2
        loss = (w * x).sum()
        (g,) = df.gradients(loss, [w]) if df.current_mode() == "graph" else df.grad(loss, [w])
        w.assign_sub(g * rate)
        return loss

    report = df.compare(step, df.ones(2, 2), steps=5, budget_s=BUDGET)
    failure = report.parity.failure
    assert not report.passed and report.speed is None
    assert (failure.step, failure.arm, failure.kind, failure.gap.name) == (1, "interpreted", "state", "w")
    assert failure.repeats
    text = verdict(report)
    assert "at step 1" in text and "0.9 in eager" in text and "0.8 in the interpreted graph" in text
    assert "Failed: the arms differ" in to_text(document(report))
    assert w.tolist() == [[1.0, 2.0], [3.0, 4.0]]


def test_a_python_counter_is_found_and_said_not_to_repeat_itself():
    calls = []

    def step(x):
        calls.append(1)
        return x.sum() * len(calls)

    report = df.compare(step, df.ones(3), steps=4, only="parity")
    assert not report.passed and not report.parity.failure.repeats
    assert "does not repeat itself" in verdict(report)


def test_an_argument_changed_in_place_is_so_in_every_arm_and_the_users_is_not_changed():
    x = df.ones(3)

    def step(x):
        total = x.sum()
        x.mul_(2)
        return total

    report = df.compare(step, x, steps=3, only="parity")
    assert report.passed
    assert x.tolist() == [1.0, 1.0, 1.0]


@pytest.mark.parametrize(
    ("eager", "graph", "reason"),
    [
        (lambda x: x.sum(), lambda x: (x.sum(), x.sum()), "only"),
        (lambda x: x.sum(), lambda x: x.sum(axis=0), "shapes differ"),
        (lambda x: x, lambda x: x.astype(df.float64), "dtypes differ"),
        (lambda x: "a", lambda x: "b", "values differ"),
        (lambda x: x.argmax(), lambda x: x.argmin(), "must be equal"),
        (lambda x: x / 0, lambda x: x, "finite"),
    ],
)
def test_every_kind_of_difference_has_its_reason(eager, graph, reason):
    def step(x):
        return (eager if df.current_mode() == "eager" else graph)(x)

    with np.errstate(divide="ignore"):
        report = df.compare(step, df.tensor([[1.0, 2.0], [3.0, 5.0]]), steps=2, only="parity")
    assert reason in report.parity.failure.gap.reason
    assert reason in verdict(report)


def test_a_program_built_differently_fails_before_the_first_step():
    def build():
        w = df.Variable([1.0 if df.current_mode() == "eager" else 1.5], name="w")
        return Run(lambda x: (w * x).sum(), lambda i: (df.ones(1),), (w,))

    report = experiment("planted", "", build, choose("eager,compiled"), steps=2)
    assert (report.parity.failure.step, report.parity.failure.kind) == (0, "state")
    assert "before the first step" in verdict(report)
    assert "1.0 in eager and 1.5 in the compiled graph" in verdict(report)
    assert "did not start" in to_text(document(report))


def test_values_that_cannot_be_compared_are_said():
    report = df.compare(lambda x: {"loss": x.sum(), "extra": object()}, df.ones(2), steps=1, only="parity")
    assert report.passed and report.parity.opaque == ("result['extra'] (object)",)
    assert "result['extra']" in to_text(document(report))


def test_variables_that_share_memory_are_said():
    array = np.ones(4, np.float32)
    a, b = df.from_numpy(array), df.from_numpy(array[:2])
    report = df.compare(lambda x: (a * x).sum() + b.sum(), df.ones(4), steps=1, only="parity")
    assert report.notes[0].startswith("a and b share memory")


# --- how far is far -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_a_rounding_error_passes_and_a_hundred_thousand_do_not(dtype):
    a = np.linspace(1, 2, 50, dtype=dtype)
    assert gap({"a": a}, {"a": np.nextafter(a, dtype(9))}).ok
    off = gap({"a": a}, {"a": a * dtype(1.05 if dtype == np.float16 else 1 + 1e5 * np.finfo(dtype).eps)})
    assert not off.ok and off.excess > 1


def test_equal_is_zero_and_nan_agrees_with_nan():
    a = np.array([0.0, np.nan, np.inf, -np.inf], np.float32)
    whole, empty = np.arange(3), np.zeros(0)
    off = gap({"a": a, "n": whole, "empty": empty}, {"a": a.copy(), "n": whole.copy(), "empty": empty.copy()})
    assert off.ok and (off.absolute, off.relative, off.ulps, off.arrays) == (0, 0, 0, 3)
    assert not gap({"a": a}, {"a": -a}).ok
    assert not gap({"a": a}, {"a": np.nan_to_num(a)}).ok


def test_the_unit_in_the_last_place_is_the_largest_elements():
    a = np.array([1e-6, 1.0], np.float32)
    off = gap({"a": a}, {"a": np.array([1e-6, np.nextafter(np.float32(1), np.float32(2))], np.float32)})
    assert off.ulps == pytest.approx(1.0) and off.relative == pytest.approx(1.2e-7, rel=0.01)


def test_rounding_that_the_computation_magnifies_is_allowed_and_a_mistake_of_the_same_kind_is_not():
    x = np.linspace(1, 2, 1000).astype(np.float32)

    def difference(x):  # of two large sums that nearly cancel: exact to 1e-3 at best
        return {"d": np.asarray(x.sum() - np.float32(1500), np.float32)}

    expected = {"d": np.float32(1e-6)}
    found = {"d": np.float32(2e-4)}
    assert not gap(expected, found).ok
    far = reach(difference(x), difference(nudge(x, np.random.default_rng(0))))
    assert far["d"] > 1e-4
    allowed = gap(expected, found, far)
    assert allowed.ok and allowed.magnified
    assert not gap(expected, {"d": np.float32(1.0)}, far).ok


def test_nudging_moves_floats_a_little_and_nothing_else():
    random = np.random.default_rng(0)
    x = np.array([1.0, -1e10, 0.0, 1e-30], np.float32)
    moved = nudge(x, random)
    assert moved.dtype == x.dtype and 0 < np.abs(moved[:2] / x[:2] - 1).max() <= 17 * np.finfo(np.float32).eps
    assert moved[2] == 0
    whole = np.arange(3)
    assert nudge(whole, random) is whole and nudge("text", random) == "text"


# --- bad input ----------------------------------------------------------------------------------------------------


def double(x):
    """Double it."""
    return x * 2


@pytest.mark.parametrize(
    ("call", "kind", "says"),
    [
        (lambda: df.compare(3), TypeError, "takes a function"),
        (lambda: df.compare(dict), TypeError, "takes a function"),
        (lambda: df.compare(double), TypeError, r"double\(x\) cannot be called with 0 arguments.*'x'"),
        (lambda: df.compare(double, df.ones(1), arms="eager,xla"), ValueError, "no arm 'xla'; there are eager"),
        (lambda: df.compare(double, df.ones(1), arms=["eager", "eager"]), ValueError, "given twice"),
        (lambda: df.compare(double, df.ones(1), arms=[]), ValueError, "no arm was given"),
        (lambda: df.compare(double, df.ones(1), steps=0), ValueError, "steps must be at least 1"),
        (lambda: df.compare(double, df.ones(1), only="debug"), ValueError, "'parity' or 'speed'"),
        (lambda: df.compare(double, df.ones(1), budget_s=-1), ValueError, "budget_s must be a positive"),
        (lambda: df.compare(double, df.ones(1), seed=-1), ValueError, "seed"),
    ],
)
def test_a_mistake_in_the_call_is_explained(call, kind, says):
    with pytest.raises(kind, match=says):
        call()


def test_it_cannot_be_called_while_a_graph_is_built():
    with df.graph(), pytest.raises(df.errors.GraphError, match="while a graph is being built"):
        df.compare(double, df.ones(1))


def test_a_step_that_cannot_become_a_graph_says_which_line():
    def step(x):
        if x.sum() > 0:
            return x
        return -x

    with pytest.raises(df.errors.SymbolicValueError, match="if x.sum") as caught:
        df.compare(step, df.ones(2))
    assert "made into a graph" in caught.value.__notes__[0]


def test_saving_by_a_name_it_does_not_know_is_refused(tmp_path):
    report = df.compare(double, df.ones(1), steps=1, only="parity")
    with pytest.raises(ValueError, match=r"must end in \.html, \.json, \.md, \.txt"):
        report.save(tmp_path / "report.pdf")
    assert not list(tmp_path.iterdir())


# --- what comes out -----------------------------------------------------------------------------------------------


def test_a_report_survives_json_and_is_saved_in_three_forms(model, tmp_path):
    report = df.compare(model.step, model.x, model.y, steps=3, budget_s=BUDGET)
    for name in ("r.json", "r.md", "r.txt"):
        report.save(tmp_path / name)
    data = json.loads((tmp_path / "r.json").read_text("utf-8"))
    assert data["summary"] == "Fit a small network." and data["speed"]["ratio"]["a"] == "eager"
    again = Report.from_json(data)
    assert again.to_json() == report.to_json() == data
    assert document(again) == document(report)
    assert (tmp_path / "r.txt").read_text("utf-8") == to_text(document(report))
    markdown = (tmp_path / "r.md").read_text("utf-8")
    assert markdown == report._repr_markdown_() and "| arm |" in markdown
    with pytest.raises(ValueError, match="not a report of this version"):
        Report.from_json({**data, "format": "else"})


def test_a_failed_report_survives_json_too():
    report = df.compare(lambda x: x * (1 if df.current_mode() == "eager" else 2), df.ones(2), steps=2)
    assert not report.passed
    data = json.loads(json.dumps(report.to_json(), allow_nan=False))
    assert Report.from_json(data).to_json() == data
    assert data["parity"]["failure"]["gap"]["expected"] == "1.0"


def test_a_report_shows_itself_in_one_line_where_it_is_not_asked_for_more():
    report = df.compare(double, df.ones(1), arms="eager,compiled", steps=1, only="parity")
    assert repr(report) == "<Report on double: eager, graph, compiled; parity passed; .show() prints it>"


def test_progress_is_told_and_may_print(capsys):
    told = []

    def progress(what, fraction):
        print(f"{what}")
        told.append(fraction)

    df.compare(double, df.ones(1), steps=2, budget_s=BUDGET, progress=progress)
    assert told == sorted(told) and told[-1] == 1.0
    assert "timing: eager" in capsys.readouterr().out


def test_one_arm_alone_has_nothing_to_agree_with():
    report = df.compare(double, df.ones(1), arms="compiled", steps=2, budget_s=BUDGET)
    assert report.passed and report.speed.pair is None
    assert verdict(report).startswith("Only one arm ran, the compiled graph")


def test_speed_alone_is_still_checked_first():
    report = df.compare(double, df.ones(1), steps=9, only="speed", budget_s=BUDGET)
    assert report.steps == len(report.parity.steps) == 1 and report.speed is not None
    wrong = df.compare(lambda x: x * (1 if df.current_mode() == "eager" else 2), df.ones(2), only="speed")
    assert not wrong.passed and wrong.speed is None


def test_importing_dualflow_loads_nothing_of_the_experiment():
    loaded = in_a_fresh_python(
        "import dualflow, sys\n"
        "w = dualflow.Variable([1.0]); (w * w).sum().backward()\n"
        "heavy = 'jax', 'rich', 'click'\n"
        "print([m for m in sys.modules if m.split('.')[0] in heavy or m.startswith('dualflow.experiment.')])"
    )
    assert loaded.strip() == "[]"


def test_the_name_stays_callable_whatever_is_imported_first():
    said = in_a_fresh_python(
        "from dualflow.arms.timing import measure\n"
        "import dualflow as df, dualflow.experiment.measure.statistics\n"
        "print(callable(df.compare), df.compare is dualflow.compare, callable(measure))\n"
        "print(df.compare(lambda x: x + 1, df.ones(2), steps=1, only='parity').passed)"
    )
    assert said.split() == ["True"] * 4


# --- words, from numbers made up ----------------------------------------------------------------------------------


def made_up(eager, interpreted, compiled, *, first=1.0, parity=None, spread=0.0):
    """Return a report of three arms whose steps took so many seconds."""
    rounds = 20
    wave = 1 + spread * np.sin(np.arange(rounds))
    seconds = {
        arm: tuple((value * (wave if spread else 1 + 1e-4 * np.arange(rounds) % 3e-4)).tolist())
        for arm, value in (("eager", eager), ("interpreted", interpreted), ("compiled", compiled))
    }
    samples = Samples(
        seconds, dict.fromkeys(seconds, 1), dict.fromkeys(seconds, Warmup(0.1, 0.1, 3, True)),
        (tuple(seconds),) * rounds, 0, 1.0, 1.0, 1e-7, 0.005,
    )  # fmt: skip
    costs = {
        "eager": (Cost(eager),),
        "interpreted": (Cost(interpreted + 0.01, build_s=0.01),),
        "compiled": (Cost(compiled + first, 0.0, 0.01, 0.02, first - 0.03),),
    }
    agree = {kind: Gap(arrays=1, name="w") for kind in ("result", "gradient", "state")}
    parity = parity or Parity("eager", ({"interpreted": agree, "compiled": agree},))
    training = Training(dict.fromkeys(seconds, (2.0, 1.0)), {arm: {"test accuracy": 0.975} for arm in seconds})
    speed = Speed(costs, samples, {})
    return Report("made up", "a program.", tuple(seconds), 440, 0, parity, training, speed, inspect(quick=True))


def test_the_words_for_a_compiled_graph_that_pays_back():
    text = verdict(made_up(0.003, 0.004, 0.001, first=2.0))
    assert text.startswith(
        "All 3 arms compute the same: at each of 440 steps they agreed to within rounding; test accuracy is 97.5 % in "
        "every arm. Once it runs, a step takes 3.00 ms in eager and 1.00 ms in the compiled graph: the compiled graph "
        "is 3.00 times as fast (95 % interval 3.00 to 3.00). Getting the compiled graph to run costs 2.00 s once, and "
        "every step earns some of it back: it has paid after"
    )
    assert "For fewer steps than that eager is done sooner." in text
    assert text.endswith("takes 4.00 ms, 1.33 times as long as eager: the gain is the compiler's, not the graph's.")


def test_the_words_for_eager_being_faster():
    text = verdict(made_up(0.001, 0.0005, 0.003, first=2.0))
    assert "eager is 3.00 times as fast" in text
    assert "Eager costs no more to start either, so it is ahead from the first step on." in text
    assert text.endswith("takes 500 µs, 2.00 times as fast as eager.")


def test_the_words_for_no_difference():
    report = made_up(0.001, 0.001, 0.001, spread=0.3)
    text = verdict(report)
    assert "no demonstrable difference (ratio 1.00, 95 % interval" in text
    assert "faster" not in text and "times as fast" not in text
    assert "not certain" in text or "no difference to earn it back by" in text or "from the first step" in text


def test_the_words_for_scores_that_differ():
    report = made_up(0.003, 0.004, 0.001)
    scores = {**report.training.scores, "compiled": {"test accuracy": 0.972}}
    report = dataclasses.replace(report, training=dataclasses.replace(report.training, scores=scores))
    assert "97.5 % in eager, 97.5 % in the interpreted graph, 97.2 % in the compiled graph" in verdict(report)


@pytest.mark.parametrize("width", [60, 80, 120])
@pytest.mark.parametrize("spread", [0.0, 0.9])
def test_a_report_fits_the_page(width, spread):
    report = made_up(0.0123, 1.5, 1.2e-5, first=12.3, spread=spread)
    text = to_text(document(report), width)
    assert max(map(len, text.splitlines())) <= width
    assert ("busy" in text) == (spread > 0.5)


def test_a_failure_fits_the_page_and_gives_both_values():
    off = Gap(0.5, 0.25, 1e6, 1e4, 3, "network.0.weight", (3, 17), "0.123456", "-0.376544", 3e-6)
    agree = Gap(arrays=1)
    steps = ({"interpreted": {"result": agree, "gradient": off, "state": agree}},)
    parity = Parity("eager", steps, Failure(1, "interpreted", "gradient", off))
    report = dataclasses.replace(made_up(1.0, 1.0, 1.0, parity=parity), speed=None)
    text = to_text(document(report), 80)
    assert max(map(len, text.splitlines())) <= 80
    flat = " ".join(text.split())
    assert "network.0.weight[3, 17] is 0.123456 in eager and -0.376544 in the interpreted graph" in flat


def test_a_retrace_while_timed_is_said():
    report = made_up(1.0, 1.0, 1.0)
    speed = dataclasses.replace(report.speed, retraces={"compiled": ("training was True, is False",)})
    text = " ".join(to_text(document(dataclasses.replace(report, speed=speed))).split())
    assert "compiled traced the step 1 more times while it was timed, last because training was True, is False." in text


def test_the_interpreter_stays_where_it_was_found():
    folder, path = os.getcwd(), list(sys.path)
    df.compare(double, df.ones(1), steps=1, only="parity")
    assert (os.getcwd(), sys.path) == (folder, path)

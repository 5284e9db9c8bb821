"""The linter: each kind of finding at its line, and silence for programs that are right."""

import random
import runpy
import time
import warnings
from pathlib import Path

import numpy as np
import pytest

import dualflow as df
from dualflow.core.errors import LintWarning

ROOT = Path(__file__).parents[2]


def findings(run, **options):
    """Run a program under the linter; return (code, the words of the line) for each warning."""
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        with df.lint(**options):
            run()
    lint = [w for w in heard if issubclass(w.category, LintWarning)]
    assert all(w.filename == __file__ for w in lint), [w.filename for w in lint]
    return [(w.message.code, w.lineno - run.__code__.co_firstlineno) for w in lint]


def outside(run):
    """Run a program without the linter; return the codes of the warnings."""
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        run()
    return [w.message.code for w in heard if issubclass(w.category, LintWarning)]


def calls(step, *args, times=3):
    """Call a function in graph mode a few times."""
    with df.mode("graph", compile=False):
        return [step(*args) for _ in range(times)]


# ---------------------------------------------------------------------------------------------- growth and retracing
def growing(runs):
    with df.graph() as g:
        x = df.placeholder(df.float32, (2,), name="x")
        with df.Session(g, compile=False) as sess:
            for _ in range(runs):
                y = df.sum(x * 2)  # the graph grows here
                sess.run(y, {x: [1.0, 2.0]})


def test_a_graph_that_grows_in_a_loop_is_named_by_its_line():
    assert findings(lambda: growing(2)) == []
    with pytest.warns(LintWarning) as heard, df.lint():
        growing(3)
    assert len(heard) == 1
    text = str(heard[0].message)
    assert text.startswith("growth: this line has added")
    assert "the graph grows here" in text and "finalize()" in text


def test_growth_is_told_without_the_linter_after_five_runs():
    assert outside(lambda: growing(4)) == []
    assert outside(lambda: growing(6)) == ["growth"]


def test_a_graph_built_in_stages_does_not_grow():
    def run():
        with df.graph() as g:
            x = df.placeholder(df.float32, (2,), name="x")
            h = x
            with df.Session(g, compile=False) as sess:
                for _ in range(2):
                    h = df.tanh(h)
                    for _ in range(5):
                        sess.run(h, {x: [1.0, 2.0]})

    assert findings(run) == []


def test_a_function_traced_at_every_call_is_told_with_the_argument():
    @df.function
    def step(x, i):
        return x * i

    def run():
        with df.mode("graph", compile=False):
            for i in range(7):
                step(df.ones(2), i)  # here

    with pytest.warns(LintWarning) as heard:
        run()
    assert len(heard) == 1
    assert "because i changes: was int 3, is int 4" in str(heard[0].message)
    assert "df.tensor(i)" in str(heard[0].message)
    assert heard[0].lineno == run.__code__.co_firstlineno + 3


def test_a_function_of_a_few_shapes_is_no_storm():
    @df.function
    def step(x):
        return x.sum()

    def run():
        with df.mode("graph", compile=False):
            for _ in range(3):
                for n in (1, 2, 3, 4):
                    step(df.ones(n))
                    step(df.ones(n))

    assert outside(run) == [] and findings(run) == []


# ---------------------------------------------------------------------------------------------- frozen values
def test_a_number_from_outside_that_changes_makes_another_trace():
    rate = 0.1

    @df.function
    def step(x):
        return x * rate

    with df.mode("graph", compile=False):
        first = step(df.ones(2)).tolist()
        rate = 0.2
        second = step(df.ones(2)).tolist()
    np.testing.assert_allclose([first, second], [[0.1, 0.1], [0.2, 0.2]], rtol=1e-6)
    assert step.log == ["the first call", "rate was 0.1, is 0.2"]


class Settings:
    """Plain Python state."""

    def __init__(self):
        self.rate = 0.5
        self.seen = 0
        self.hidden = None


def test_an_attribute_that_changes_makes_another_trace():
    settings = Settings()

    @df.function
    def step(x):
        return x if settings.rate < 1 else -x

    with df.mode("graph", compile=False):
        assert step(df.ones(2)).tolist() == [1, 1]
        settings.rate = 2.0
        assert step(df.ones(2)).tolist() == [-1, -1]
    assert step.log[1] == "settings.rate was 0.5, is 2"


def test_a_tensor_or_a_small_array_that_is_replaced_makes_another_trace():
    for first, second in ((df.ones(2), df.zeros(2)), (np.ones(2, np.float32), np.zeros(2, np.float32))):
        held = first

        @df.function
        def step(x):
            return x + held  # noqa: B023 - that is the question

        with df.mode("graph", compile=False):
            assert step(df.ones(2)).tolist() == [2, 2]
            held = second
            assert step(df.ones(2)).tolist() == [1, 1]


def test_a_large_array_that_changes_is_frozen():
    """To look at it would take longer than a step: there is a warning instead."""
    table = np.ones(5000, np.float32)

    @df.function
    def step(x):
        return x + table[:2]

    def run():
        calls(step, df.ones(2))
        table[0] = 5
        calls(step, df.ones(2))

    assert [code for code, _ in findings(run)] == ["frozen"]


def test_a_tensors_value_read_while_tracing_makes_another_trace_once_it_changes():
    last = df.tensor(1.0)

    @df.function
    def step(x):
        return x if float(last) < 5 else -x

    with df.mode("graph", compile=False):
        assert step(df.ones(2)).tolist() == [1, 1]
        last.fill_(9.0)
        assert step(df.ones(2)).tolist() == [-1, -1]
    assert step.log[1].startswith("the value of a tensor that was read while tracing")


def test_what_the_graph_follows_is_not_frozen():
    """Variables, tensors written in place, learning rates, training flags, arguments."""
    w, buffer = df.Variable([1.0, 2.0]), df.ones(2)
    model = df.nn.Sequential(df.nn.Linear(2, 2), df.nn.Dropout(0.5))
    optimizer = df.optim.SGD([w, *model.parameters()], lr=0.1)

    @df.function
    def step(x):
        loss = (model(x) * w + buffer).sum()
        optimizer.minimize(loss)
        return loss

    def run():
        for i in range(4):
            calls(step, df.ones(2))
            buffer.fill_(float(i))
            w.assign([0.0, float(i)])
            optimizer.param_groups[0]["lr"] = 0.1 / (i + 1)
            model.train(i % 2 == 0)

    assert findings(run) == []


# ---------------------------------------------------------------------------------------------- frozen random numbers
GENERATOR = np.random.default_rng(0)


@pytest.mark.parametrize(
    "draw",
    [
        lambda x: x + np.random.normal(size=2).astype(np.float32),  # noqa: NPY002
        lambda x: x + GENERATOR.normal(size=2).astype(np.float32),
        lambda x: x * random.random(),
        lambda x: x * random.randint(1, 6),
        lambda x: x * time.time(),
        lambda x: x * time.perf_counter(),
    ],
    ids=["np.random", "Generator", "random", "randint", "time", "perf_counter"],
)
def test_numbers_drawn_while_tracing_are_frozen(draw):
    assert [code for code, _ in findings(lambda: calls(df.function(draw), df.ones(2)))] == ["frozen"]


def test_dualflows_own_random_numbers_are_not_frozen():
    @df.function
    def step(x):
        return x + df.randn(2) + df.rand(2)

    assert findings(lambda: calls(step, df.ones(2))) == []


# ---------------------------------------------------------------------------------------------- side effects
def test_side_effects_while_tracing():
    seen, counts, settings = [], {"steps": 0}, Settings()
    total = 0

    def log(values, value):
        values.append(value)

    @df.function
    def step(x):
        nonlocal total
        total += 1
        counts["steps"] += 1
        settings.seen += 1
        settings.hidden = x * 2
        log(seen, 1)
        print("step")
        return x

    with pytest.warns(LintWarning) as heard, df.lint():
        calls(step, df.ones(2))
    texts = sorted(str(w.message).splitlines()[0] for w in heard)
    assert len(texts) == 6 and all(text.startswith("effect: ") for text in texts)
    for word in ("total", "counts['steps']", "settings.seen", "settings.hidden", "values grew", "print"):
        assert any(word in text for text in texts), word


def test_objects_made_inside_are_the_traces_own():
    class Point:
        def __init__(self, x):
            self.x = x
            self.moves = 0

        def move(self, by):
            self.x = self.x + by
            self.moves += 1
            return self

    @df.function
    def step(x):
        parts = []
        for i in range(3):
            parts.append(Point(x).move(i).x)
        named = {"all": df.stack(parts)}
        named["sum"] = named["all"].sum()
        return named

    assert findings(lambda: calls(step, df.ones(2))) == []


def test_eager_functions_may_do_as_they_like():
    seen = []

    @df.function
    def step(x):
        seen.append(float(x.sum()))
        return x * random.random()

    assert findings(lambda: [step(df.ones(2)) for _ in range(3)]) == []


# ---------------------------------------------------------------------------------------------- unused
def session(train, feed_y=True, use_y=True):
    with df.graph() as g:
        x = df.placeholder(df.float32, (2,), name="x")
        y = df.placeholder(df.float32, (2,), name="y")
        w = df.Variable([1.0, 2.0], name="w")
        loss = df.sum((w * x - (y if use_y else x)) ** 2)
        update = df.optim.SGD([w], lr=0.1).minimize(loss)
        initialize = df.global_variables_initializer()
    with df.Session(g, compile=False) as sess:
        sess.run(initialize)
        for _ in range(3):
            sess.run([loss, update] if train else loss, {x: [1.0, 2.0], **({y: [1.0, 2.0]} if feed_y else {})})


def test_an_update_that_is_never_run():
    assert findings(lambda: session(train=True)) == []
    with pytest.warns(LintWarning, match="never-run: the update of 'w' was built here and never run"), df.lint():
        session(train=False)


def test_a_graph_that_is_only_looked_at_may_be_trained_later():
    with df.graph() as g:
        w = df.Variable([1.0, 2.0], name="w")
        loss = df.sum(w * w)
        df.optim.SGD([w], lr=0.1).minimize(loss)
        initialize = df.global_variables_initializer()
    sess = df.Session(g, compile=False)
    sess.run(initialize)
    assert findings(lambda: sess.run(loss)) == []
    assert [code for code, _ in findings(lambda: sess.close())] == ["never-run"]


def test_a_placeholder_that_nothing_needs():
    with pytest.warns(LintWarning, match="unused: no run needed the placeholder 'y'"), df.lint():
        session(train=True, use_y=False)


def test_a_line_whose_result_nothing_needs():
    def run():
        with df.graph() as g:
            x = df.placeholder(df.float32, (2,), name="x")
            df.exp(x)
            y = df.sum(x)
        with df.Session(g, compile=False) as sess:
            sess.run(y, {x: [1.0, 2.0]})

    assert findings(run) == [("unused", 3)]


def test_an_argument_that_nothing_depends_on():
    @df.function
    def step(x, y, _z):
        return x * 2

    with (
        pytest.warns(LintWarning, match="unused: nothing that step returns or updates depends on its argument 'y'"),
        df.lint(),
    ):
        calls(step, df.ones(2), df.ones(2), df.ones(2))


# ---------------------------------------------------------------------------------------------- broadcasts
def both(function, *args):
    """Run a function line by line and as a graph; return the findings' codes of each."""
    return [
        [code for code, _ in findings(lambda: function(*args))],
        [code for code, _ in findings(lambda: calls(df.function(function), *args))],
    ]


@pytest.mark.parametrize("n", [1, 2, 64])
def test_a_column_against_a_row(n):
    expected = [[], []] if n == 1 else [["broadcast"]] * 2
    assert both(lambda a, b: a - b, df.ones(n, 1), df.ones(n)) == expected
    assert both(lambda a, b: a * b, df.ones(n), df.ones(n, 1)) == expected


def test_broadcasts_that_are_meant():
    a, b, square = df.ones(4), df.ones(4, 1), df.ones(4, 4)
    assert both(lambda x: x[:, None] - x, a) == [[], []]
    assert both(lambda x: x.unsqueeze(1) - x, a) == [[], []]
    assert both(lambda x, y: x - y, square, b) == [[], []]
    assert both(lambda x, y: x + y, square, a) == [[], []]
    assert both(lambda x, y: x * y, df.ones(5, 1), a) == [[], []]
    assert both(lambda x: (x - x.mean(dim=1, keepdim=True)).pow(2).mean(), square) == [[], []]


def test_a_prediction_and_a_target_of_unlike_shapes():
    w, x, y = df.Variable(df.ones(3, 5)), df.ones(4, 3), df.ones(4, 1)
    assert both(lambda x, y: (x @ w - y).pow(2).mean(), x, y) == [["broadcast"]] * 2
    assert both(lambda x, y: (x @ w - y.expand(4, 5)).pow(2).mean(), x, y) == [[], []]


def test_softmax_twice():
    w, x, y = df.Variable(df.ones(3, 5)), df.ones(4, 3), df.tensor([0, 1, 2, 3])
    loss = df.nn.functional.cross_entropy
    assert both(lambda x, y: loss((x @ w).softmax(dim=1), y), x, y) == [["twice"]] * 2
    assert both(lambda x, y: loss(x @ w, y), x, y) == [[], []]


# ---------------------------------------------------------------------------------------------- gradients
def train(clear, mode, steps=4, manual=False):
    """Take steps with an optimizer or by hand; ``clear`` says when gradients are cleared."""
    w = df.Variable([1.0, 2.0])
    optimizer = df.optim.SGD([w], lr=0.1)

    @df.function
    def step(x):
        if clear == "first":
            optimizer.zero_grad()
        loss = (w * x).pow(2).sum()
        loss.backward()
        if clear == "between":
            optimizer.zero_grad()
        if manual:
            with df.no_grad():
                w.assign(w - 0.1 * w.grad)
        else:
            optimizer.step()
        if clear == "last":
            optimizer.zero_grad(set_to_none=False)
        return loss

    with mode():
        for _ in range(steps):
            step(df.ones(2))


MODES = {"eager": df.eager, "graph": lambda: df.mode("graph", compile=False)}


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("manual", [False, True], ids=["optimizer", "by hand"])
def test_gradients_that_are_never_cleared(mode, manual):
    with pytest.warns(LintWarning, match="stale-gradient: the gradient of shape") as heard, df.lint():
        train("never", MODES[mode], manual=manual)
    assert len(heard) == 1
    for clear in ("first", "last"):
        assert findings(lambda clear=clear: train(clear, MODES[mode], manual=manual)) == []


@pytest.mark.parametrize("mode", MODES)
def test_gradients_that_are_cleared_before_the_step(mode):
    with (
        pytest.warns(LintWarning, match="no-gradient: SGD.step found no gradient in any of its 1 parameters"),
        df.lint(),
    ):
        train("between", MODES[mode])


def test_gradients_gathered_over_several_batches_are_meant():
    def run():
        w = df.Variable([1.0, 2.0])
        optimizer = df.optim.SGD([w], lr=0.1)
        for _ in range(3):
            for _ in range(4):
                (w * 2).sum().backward()
                assert w.grad is not None  # looking is no update
            optimizer.step()
            optimizer.zero_grad()

    assert findings(run) == []


def test_adversarial_training_clears_what_the_other_loss_has_added():
    def run(set_to_none):
        d, g = df.Variable([1.0]), df.Variable([2.0])
        train_d, train_g = df.optim.SGD([d], lr=0.1), df.optim.SGD([g], lr=0.1)
        for _ in range(4):
            train_d.zero_grad(set_to_none)
            (d * g.detach()).sum().backward()
            train_d.step()
            train_g.zero_grad(set_to_none)
            (d * g).sum().backward()
            train_g.step()

    for set_to_none in (True, False):
        assert findings(lambda: run(set_to_none)) == []  # noqa: B023


@pytest.mark.parametrize("mode", MODES)
def test_a_parameter_that_a_detach_cuts_off(mode):
    w1, w2 = df.Variable([1.0, 2.0], name="w1"), df.Variable([1.0, 2.0], name="w2")
    optimizer = df.optim.SGD([w1, w2], lr=0.1)

    @df.function
    def step(x):
        loss = ((w1 * x).detach() * w2).sum()
        optimizer.minimize(loss)
        return loss

    def run():
        with MODES[mode]():
            for _ in range(3):
                step(df.ones(2))

    with (
        pytest.warns(LintWarning, match="no-gradient: the parameter 'w1' of shape .2,. never had a gradient: detach()"),
        df.lint(),
    ):
        run()


def test_a_frozen_parameter_needs_no_gradient():
    w1, w2 = df.nn.Parameter([1.0]), df.nn.Parameter([1.0])
    w1.requires_grad_(False)
    optimizer = df.optim.SGD([w1, w2], lr=0.1)

    def run():
        for _ in range(3):
            optimizer.zero_grad()
            (w1 * w2).sum().backward()
            optimizer.step()

    assert findings(run) == []


# ---------------------------------------------------------------------------------------------- switches
def test_codes_can_be_ignored_and_pythons_filters_work():
    def run():
        return df.ones(3, 1) - df.ones(3)

    assert findings(run, ignore=("broadcast",)) == []
    assert findings(run, ignore="broadcast") == []
    with warnings.catch_warnings():
        warnings.filterwarnings("error", "broadcast", LintWarning)
        with pytest.raises(LintWarning, match="broadcast"), df.lint():
            run()
        warnings.filterwarnings("ignore", "broadcast", LintWarning)
        with df.lint():
            run()


def test_an_unknown_code_is_refused():
    with pytest.raises(ValueError, match="no code 'brodcast' to ignore; there are growth"):
        df.lint(ignore="brodcast")


def test_each_line_is_told_once():
    def run():
        for _ in range(3):
            df.ones(3, 1) - df.ones(3)

    assert findings(run) == [("broadcast", 2)]
    assert findings(run) == [("broadcast", 2)]  # by each block


def test_nothing_is_told_outside_and_nothing_at_the_end_of_a_failure():
    assert outside(lambda: df.ones(3, 1) - df.ones(3)) == []

    def fail():
        session(train=False)
        raise KeyError("stop")

    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        with pytest.raises(KeyError), df.lint():
            fail()
    assert heard == []


def test_debug_lints_too_and_lint_decorates():
    def run():
        return df.ones(3, 1) - df.ones(3)

    for scoped in (df.lint()(run), df.debug()(run)):
        with pytest.warns(LintWarning, match="broadcast"):
            scoped()


def test_check_asks_a_graph_a_session_or_a_function():
    @df.function
    def step(x, y):
        return x.reshape(2, 1) * 1 - x + y * 0 if False else x

    calls(step, df.ones(2), df.ones(2))
    assert [f.code for f in df.lint.check(step)] == ["unused"]
    with df.graph() as g:
        x = df.placeholder(df.float32, (2,), name="x")
    assert [f.code for f in df.lint.check(df.Session(g))] == [f.code for f in df.lint.check(g)] == ["unused"]
    assert "x" in str(df.lint.check(g)[0])
    with pytest.raises(TypeError, match="takes a graph, a session or a df.function, not Symbol"):
        df.lint.check(x)


# ---------------------------------------------------------------------------------------------- no false alarm
EXAMPLES = [
    *sorted((ROOT / "examples").rglob("*.py")),
    *sorted((ROOT / "dualflow/experiment/faults/programs").glob("[!_]*.py")),
]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_right_programs_are_left_alone(path, mode, capsys):
    with warnings.catch_warnings(), np.errstate(all="ignore"), df.lint(), MODES[mode]():
        warnings.simplefilter("error", LintWarning)
        runpy.run_path(str(path), run_name="__main__" if "faults" in path.parts or "notes" in path.parts else "example")


@pytest.mark.parametrize("mode", MODES)
def test_the_measured_programs_are_left_alone(mode):
    from dualflow.experiment.programs import PROGRAMS

    for program in PROGRAMS.values():
        with warnings.catch_warnings(), df.lint(), MODES[mode]():
            warnings.simplefilter("error", LintWarning)
            run = program.build(0)
            for i in range(3):
                run.step(*run.batch(i))

"""``df.explain``: traces and their reasons, what graphs hold, where time goes, and what to change."""

import json
import textwrap
import warnings

import numpy as np
import pytest
from click.testing import CliRunner

import dualflow as df
from dualflow.cli import main


@df.function
def scale(x, y, factor=1.0):
    """Multiply; ``y`` is not used."""
    return x * factor


def scaled():
    """Trace ``scale`` afresh for two shapes, two numbers and a keyword."""
    step = df.function(scale.python)
    with df.mode("graph", compile=False), df.lint(ignore=("unused", "retrace")):
        for _ in range(3):
            step(df.ones(2), df.ones(2), 2.0)
        step(df.ones(3), df.ones(2), 2.0)
        step(df.ones(2), df.ones(2), 3.0)
        step(df.ones(2), df.ones(2))
    return step


def test_each_trace_has_its_signature_reason_calls_nodes_and_times():
    why = df.explain(scaled())
    assert [p.reason for p in why.programs] == [
        "the first call",
        "x: was float32 (2,), is float32 (3,)",
        "factor: was float 2.0, is float 3.0",
        "factor: was float 3.0, is not given",
    ]
    first = why.programs[0]
    assert first.signature == {"x": "float32 (2,)", "y": "float32 (2,)", "factor": "float 2.0"}
    assert first.calls == 3 and first.ops == {"multiply": 1} and first.nodes == 1
    assert {"build", "first", "steady"} <= first.seconds.keys()
    assert "steady" not in why.programs[1].seconds


def test_the_advice_names_arguments_and_what_to_do():
    advice = df.explain(scaled()).advice
    assert advice[0].startswith("factor made 2 of the 4 traces")
    assert "x made 1 of the 4 traces: pad x to a few sizes" in advice[1]
    assert any("nothing that scale returns or updates depends on its argument 'y'" in text for text in advice)


def test_guards_captured_state_and_constants():
    model = df.nn.Sequential(df.nn.Linear(2, 3), df.nn.Dropout(0.5))
    table = np.ones((600, 600), np.float32)
    w = df.Variable(df.ones(2), name="w")

    @df.function
    def step(x):
        w.assign_add(x)
        return model(w).sum() + (df.ones(600) @ table).sum()

    with df.mode("graph", compile=False):
        step(df.ones(2))
        model.eval()
        step(df.ones(2))
    why = df.explain(step)
    assert "Dropout.training was True, is False" in why.programs[1].reason
    assert "Dropout.training is True" in why.programs[0].guards
    assert "w: float32 (2,), updated" in why.programs[0].captured
    assert any(text.startswith("0.weight: float32 (3, 2), read") for text in why.programs[0].captured)
    (constant,) = [c for c in why.programs[0].constants if "600" in c]
    assert constant.startswith("large, float32 of shape (600, 600), at ") and "(df.ones(600) @ table)" in constant
    assert any(text.startswith("large, ") and "df.Variable" in text for text in why.advice)


def test_a_compiled_trace_has_every_phase():
    step = df.function(lambda x: x * 2)
    with df.mode("graph"), df.lint():
        for _ in range(3):
            step(df.ones(2))
    (program,) = df.explain(step).programs
    assert list(program.seconds) == ["build", "optimize", "trace", "lower", "compile", "first", "steady"]
    assert all(s > 0 for s in program.seconds.values())


def test_it_prints_in_eighty_columns_and_turns_into_json():
    why = df.explain(scaled())
    text = str(why)
    assert repr(why) == text
    assert max(map(len, text.splitlines())) <= 80
    for words in ("Traces", "Time by phase", "Nodes by op", "What to change", "multiply 4"):
        assert words in text
    data = json.loads(json.dumps(why.to_json()))
    assert data["programs"][0]["calls"] == 3 and data["kind"] == "function" and data["advice"]


def test_a_function_that_has_not_been_traced_says_so():
    why = df.explain(df.function(scale.python))
    assert why.programs == () and "none yet" in why.facts["traces"]
    assert "none yet" in str(why)


def test_with_arguments_it_calls_the_function_and_puts_its_state_back():
    w = df.Variable([1.0, 2.0])

    def step(x):
        w.assign_sub(0.1 * x)
        return w.sum()

    why = df.explain(step, df.ones(2), calls=3)
    assert why.programs[0].calls == 3 and {"first", "steady"} <= why.programs[0].seconds.keys()
    np.testing.assert_array_equal(w.numpy(), np.array([1.0, 2.0], np.float32))
    assert df.explain(lambda: df.ones(2) * 2, calls=1).programs[0].calls == 1


def test_a_session_has_plans_and_a_graph_has_nodes():
    with df.graph() as g:
        x = df.placeholder(df.float32, (None,), name="x")
        df.placeholder(df.float32, (), name="spare")
        w = df.Variable(2.0, name="w")
        y = df.sum(x * w)
        initialize = df.global_variables_initializer()
    with df.Session(g, compile=False) as sess:
        sess.run(initialize)
        for n in (1, 1, 2):
            sess.run(y, {x: [1.0] * n})
        why = df.explain(sess)
    assert [p.reason.partition(";")[0] for p in why.programs] == ["the first run", "another fetch, x", "another x"]
    assert why.programs[2].signature == {"fetch": "sum", "x": "float32 (2,)"}
    assert any("placeholder 'spare'" in text for text in why.advice)
    told = df.explain(g)
    assert told.facts["placeholders"] == "x, spare" and told.facts["variables"] == "w"
    assert "sum 1" in told.facts["most frequent"]


def test_methods_can_be_explained():
    class Model:
        @df.function
        def step(self, x):
            return x * 2

    model = Model()
    with df.mode("graph", compile=False):
        model.step(df.ones(2))
    assert df.explain(model.step).programs[0].signature["x"] == "float32 (2,)"


def test_anything_else_is_refused():
    with pytest.raises(TypeError, match="takes a df.function, a session or a graph, not int 3"):
        df.explain(3)
    with pytest.raises(TypeError, match="arguments are for a function, not for int 3"):
        df.explain(3, 4)


# ---------------------------------------------------------------------------------------------- the command line
def command(tmp_path, source, *options):
    """Run ``dualflow explain`` on a file's function."""
    path = tmp_path / "mine.py"
    path.write_text(textwrap.dedent(source), encoding="utf-8")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return CliRunner().invoke(main, ["explain", f"{path}:step", *options])


STEP = """
    import dualflow as df
    x = df.ones(3)
    w = df.Variable(df.ones(3), name="w")
    @df.function
    def step(x):
        print("from the step")
        w.assign_sub(0.1 * x)
        return w.sum()
"""


def test_the_command_explains_a_function(tmp_path):
    done = command(tmp_path, STEP)
    assert done.exit_code == 0, done.output
    assert "the first call" in done.stdout and "w: float32 (3,), updated" in done.stdout
    assert "from the step" not in done.stdout
    data = json.loads(command(tmp_path, STEP, "--json", "--calls", "2").stdout)
    assert data["programs"][0]["calls"] == 2


def test_the_command_tells_mistakes_in_a_sentence(tmp_path):
    assert command(tmp_path, "step = 3").exit_code == 2
    failed = command(tmp_path, "def step():\n    raise KeyError('lost')")
    assert failed.exit_code == 1 and "could not be explained" in failed.output and "lost" in failed.output
    unknown = CliRunner().invoke(main, ["explain", "digits"])
    assert unknown.exit_code == 2 and "is not FILE.py:FUNCTION" in unknown.output


def test_it_shows_what_passes_do_and_what_they_buy():
    """Called with arguments it times an interpreted run with and without each; of traces that there are it counts."""

    def step(x):
        return df.exp(x) + df.exp(x)

    why = df.explain(step, df.ones(3))
    found = why.programs[-1].optimized
    merged = next(each for each in found.passes if each.name == "merge")
    assert (found.before, found.after, merged.changed) == (3, 2, 1)
    assert "exp(x) + df.exp(x)" in merged.lines[0] and merged.bought_s is not None
    assert found.plain_s > 0 and found.lean_s > 0
    assert "3 nodes are computed as they were written; 2 are run" in " ".join(str(why).split())
    counted = df.function(step)
    with df.mode("graph", compile=False):
        counted(df.ones(3))
    assert df.explain(counted).programs[0].optimized.plain_s is None
    with df.mode("graph", optimize=False):
        assert "Passes are switched off" in str(df.explain(step, df.ones(3)))
    assert why.to_json()["programs"][-1]["optimized"]["passes"][0]["name"] == "names"

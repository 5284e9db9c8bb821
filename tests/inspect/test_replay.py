"""Recordings of a run, in every arm, and stopping in a graph's run with pdb or a function."""

import bdb
import inspect
import io
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import dualflow as df

ARMS = ("eager", "interpreted", "compiled")
HERE = Path(__file__)


def network():
    df.manual_seed(3)
    model = df.nn.Sequential(df.nn.Linear(4, 5), df.nn.Tanh(), df.nn.Linear(5, 1))
    optimizer = df.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)

    def step(x, y):
        h = model(x)
        noise = df.rand(2, 1)
        loss = df.nn.functional.mse_loss(h + noise, y)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        return loss

    return model, step, (df.ones(2, 4), df.zeros(2, 1))


def line(function, text):
    """Return the number of the line of a function's source that holds a text."""
    lines, first = inspect.getsourcelines(function)
    return first + next(i for i, each in enumerate(lines) if text in each)


# --- recordings -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("arm", ARMS)
def test_a_recording_has_every_op_with_its_variable_its_line_and_its_value(arm):
    w = df.Variable([[1.0], [-1.0]], name="w")

    def step(x):
        h = df.tanh(x @ w)
        total = (h * h).sum()
        return total

    run = df.record(step, df.tensor([[1.0, 3.0]]), arm=arm)
    ops = [(e.op, e.name, e.at.number) for e in run if e.kind == "op"]
    first, second = line(step, "h = "), line(step, "total = ")
    assert ops == [("matmul", "", first), ("tanh", "h", first), ("multiply", "", second), ("sum", "total", second)]
    h = run["h"]
    np.testing.assert_allclose(h.value, np.tanh([[-2.0]]), rtol=1e-6)
    assert (h.shape, h.dtype, h.at.text) == ((1, 1), np.float32, "h = df.tanh(x @ w)")
    np.testing.assert_array_equal(h.operands[0], run["matmul"].value)
    assert run[f"{HERE.name}:{first}"] is h
    assert [e for e in run.find(first) if e.kind == "op"] == [run["matmul"], h]
    assert run.results["result"] == run["total"].value and not run.error


def test_what_is_not_recorded_is_refused_with_what_is_near():
    run = df.record(lambda x: x * 2, df.ones(1))
    with pytest.raises(KeyError, match="did you mean 'multiply'"):
        run["multiplied"]


@pytest.mark.parametrize("arm", ARMS)
def test_recording_leaves_state_streams_and_arguments_as_they_were(arm):
    model, step, args = network()
    step(*args)
    args[0].requires_grad  # an argument that is no leaf
    before = [p.numpy().copy() for p in model.parameters()], df.get_rng_state()["state"], args[0].numpy().copy()
    run = df.record(step, *args, arm=arm)
    assert not run.error and any(e.kind == "write" for e in run)
    for p, old in zip(model.parameters(), before[0], strict=True):
        np.testing.assert_array_equal(p.numpy(), old)
        assert p.grad is None
    np.testing.assert_equal(df.get_rng_state()["state"], before[1])
    np.testing.assert_array_equal(args[0].numpy(), before[2])
    assert run.results["model.0.weight"].tolist() != before[0][0].tolist()  # it did step, on copies


@pytest.mark.parametrize("arm", ARMS)
def test_a_recording_of_a_step_is_the_same_step(arm):
    model, step, args = network()
    run = df.record(step, *args, arm=arm)
    loss = step(*args)
    np.testing.assert_allclose(run.results["result"], loss.detach().numpy(), rtol=1e-5)
    np.testing.assert_allclose(run.results["model.0.weight"], model[0].weight.numpy(), rtol=1e-5)


def test_gradients_are_recorded_with_the_forward_line():
    _, step, args = network()
    forward, back = line(step, "h = model"), line(step, "backward()")
    eager = df.record(step, *args)
    (tanh,) = [e for e in eager if e.kind == "gradient" and e.of[0][0].startswith("tanh ")]
    assert (tanh.at.number, tanh.forward.number) == (back, forward)
    assert eager["model.0.bias.grad"].value.shape == (5,)
    graph = df.record(step, *args, arm="interpreted")
    (same,) = [e for e in graph if any(of.startswith("tanh ") for of, _ in e.of)]
    assert same.at.number == back
    np.testing.assert_allclose(same.value, tanh.value, rtol=1e-5)
    assert {e.forward.number for e in graph if e.forward} == {forward, line(step, "mse_loss")}


def test_what_is_written_in_place_later_is_kept_as_it_was():
    def step(x):
        y = x * 2
        z = y + 1
        y.zero_()
        return z

    run = df.record(step, df.ones(2))
    assert run["multiply"].value.tolist() == [2.0, 2.0]
    assert run["z"].operands[0].tolist() == [2.0, 2.0]


def test_a_step_that_fails_is_recorded_up_to_there():
    def step(x):
        h = x * 2
        return h @ df.ones(3, 3)

    run = df.record(step, df.ones(2, 2))
    assert run["h"].value.tolist() == [[2.0, 2.0], [2.0, 2.0]]
    assert "ShapeError: matmul" in run.error and "ended by ShapeError: matmul" in str(run)
    with pytest.raises(df.errors.ShapeError):
        df.record(step, df.ones(2, 2), arm="compiled")


def test_what_cannot_be_traced_is_recorded_in_eager_mode_and_put_back():
    w = df.Variable([1.0])

    def step(x):
        if (w * x).item() > 0:
            w.assign(w - x)
        return w

    run = df.record(step, df.ones(1))
    assert not run.error and run.find("assign")
    assert w.tolist() == [1.0]


@pytest.mark.parametrize("arm", ARMS)
def test_a_saved_recording_comes_back_the_same(arm, tmp_path):
    _, step, args = network()
    run = df.record(step, *args, arm=arm)
    run.save(tmp_path / "run")
    back = df.Recording.load(tmp_path / "run")
    assert (str(back), back.to_json()) == (str(run), run.to_json())
    for one, other in zip(run, back, strict=True):
        np.testing.assert_array_equal(one.value, other.value)
        assert [x.tolist() for x in one.operands] == [x.tolist() for x in other.operands]
    assert back.results.keys() == run.results.keys()


def test_another_file_is_no_recording(tmp_path):
    np.savez(tmp_path / "other.npz", a=np.zeros(2))
    with pytest.raises(ValueError, match="is no recording"):
        df.Recording.load(tmp_path / "other.npz")


def test_the_table_is_80_columns_wide_and_names_lines_once():
    _, step, args = network()
    text = str(df.record(step, *args))
    assert max(map(len, text.split("\n"))) <= 80
    assert text.count("h = model(x)") == 1 and "↩ tanh" in text


def test_recording_is_refused_while_a_graph_is_built():
    with df.graph(), pytest.raises(df.errors.GraphError, match="record: step cannot be run while a graph"):
        df.record(network()[1])


# --- stopping, by a function ----------------------------------------------------------------------------------------


def stops(function, *args, **options):
    found = []
    df.replay(function, *args, callback=lambda stop: found.append((stop.name or stop.op, stop.at.number)), **options)
    return found


@pytest.mark.parametrize("where", ["h", "tanh", "line", "file", "predicate"])
def test_breakpoints_by_name_op_line_and_predicate(where):
    def step(x):
        h = df.tanh(x * 2)
        return h.sum()

    number = line(step, "h = ")
    known = {"line": number, "file": f"{HERE.name}:{number}", "predicate": lambda node, value: np.ndim(value) == 0}
    found = stops(step, df.ones(3), breakpoints=[known.get(where, where)])
    expected = {"predicate": [("sum", number + 1)], "line": [("multiply", number), ("h", number)]}
    expected["file"] = expected["line"]
    assert found == expected.get(where, [("h", number)])


def test_without_breakpoints_every_node_is_shown_arguments_first():
    def step(x):
        h = df.tanh(x * 2)
        return h.sum()

    assert [name for name, _ in stops(step, df.ones(3))] == ["x", "multiply", "h", "sum"]


def test_locals_are_the_users_variables_of_that_function():
    w = df.Variable([2.0])

    def inner(a):
        b = a * w
        return b

    def step(x):
        h = inner(x)
        total = h.sum()
        return total

    seen = {}
    df.replay(step, df.ones(1), callback=lambda stop: seen.setdefault(stop.op, stop))
    assert seen["sum"].locals.keys() == {"x", "total"}
    assert seen["multiply"].locals.keys() == {"w", "b"}
    assert seen["multiply"].locals["b"].tolist() == [2.0]


def test_a_value_put_in_a_nodes_place_flows_downstream_and_state_stays():
    w = df.Variable([1.0])

    def step(x):
        h = x * w
        w.assign(w + h)
        return h + 1, w * 1

    def change(stop):
        stop.value = np.float32([10.0])

    made, new = df.replay(step, df.ones(1), breakpoints=["h"], callback=change)
    assert (made.tolist(), new.tolist(), w.tolist()) == ([11.0], [11.0], [1.0])


def test_a_value_of_another_shape_is_refused():
    def change(stop):
        stop.value = np.zeros(7)

    with pytest.raises(df.errors.DualflowError, match=r"float64 \(7,\) cannot stand for 'x', which is float32 \(3,\)"):
        df.replay(lambda x: x * 2, df.ones(3), callback=change)


def test_a_session_runs_stop_and_change_its_variables_as_ever():
    with df.graph() as g:
        x = df.placeholder(df.float32, (None,), name="x")
        w = df.Variable([1.0], name="weight")
        h = w * x
        train = w.assign_add(h)
        init = df.global_variables_initializer()
    with df.Session(g) as session:
        session.run(init)
        seen = []
        assert session.run(train, {x: [3.0]}, debug=lambda stop: seen.append((stop.op, stop.name))).tolist() == [4.0]
        assert session.run(w).tolist() == [4.0]
    assert [one for one in seen if one[0] == "multiply"] == [("multiply", "h")]
    assert ("assign", "w") in seen


# --- stopping, in pdb -----------------------------------------------------------------------------------------------


@pytest.fixture
def pdb_says(monkeypatch, capsys):
    """Return a function that runs something under pdb with these commands typed, and gives what pdb printed."""

    def run(work, *commands):
        monkeypatch.setattr(sys, "stdin", io.StringIO("\n".join(commands) + "\n"))
        result = work()
        return result, capsys.readouterr().out

    return run


def step(x):
    h = df.tanh(x * 2)
    total = h.sum()
    return total


def test_pdb_stands_at_the_users_line_with_values(pdb_says):
    result, said = pdb_says(
        lambda: df.replay(step, df.ones(2), breakpoints=["h"]), "p h.tolist(), x.tolist()", "p node.op", "w", "l", "c"
    )
    at = line(step, "h = ")
    assert f"> {HERE}({at})step()" in said and "-> h = df.tanh(x * 2)" in said
    assert f"([{np.tanh(np.float32(2))}, {np.tanh(np.float32(2))}], [1.0, 1.0])" in said
    assert "<op tanh>" in said
    assert f"{at}  ->\t    h = df.tanh(x * 2)" in said or f"{at} ->\t    h = df.tanh(x * 2)" in said  # l
    assert "debugger" not in said  # w shows the user's frames alone
    assert result.item() == pytest.approx(2 * np.tanh(2), rel=1e-6)


def test_pdb_steps_forward_and_back_continues_and_sets_breakpoints(pdb_says):
    _, said = pdb_says(lambda: df.replay(step, df.ones(2)), "n", "s", "back", "b total", "c", "c")
    shown = [part.split(" ")[1] for part in said.split("-- ")[1:] for part in [f"- {part}"]]
    assert shown == ["placeholder", "multiply", "tanh", "multiply", "sum"]
    assert "breakpoints: total" in said


@pytest.mark.parametrize("edit", ["!h = h * 0 + 7", "!h[:] = 7", "!value[...] = 7", "value = value * 0 + 7"])
def test_what_is_assigned_in_pdb_flows_downstream(pdb_says, edit):
    result, _ = pdb_says(lambda: df.replay(step, df.ones(2), breakpoints=["h"]), edit, "c")
    assert result.item() == 14.0


def test_editing_in_pdb_does_not_reach_the_users_variables(pdb_says):
    w = df.Variable([1.0, 2.0])

    def use(x):
        return (w * x).sum()

    result, _ = pdb_says(lambda: df.replay(use, df.ones(2), breakpoints=["read"]), "!w[:] = 5", "c")
    assert (result.item(), w.tolist()) == (10.0, [1.0, 2.0])


def test_quitting_ends_the_run_and_leaves_variables(pdb_says):
    with df.graph() as g:
        w = df.Variable([1.0], name="w")
        train = w.assign_add(w)
        init = df.global_variables_initializer()
    session = df.Session(g)
    session.run(init)

    def work():
        with pytest.raises(bdb.BdbQuit):
            session.run(train, debug=["assign"])

    pdb_says(work, "q")
    assert session.run(w).tolist() == [1.0]


def test_what_is_computed_at_a_stop_is_no_part_of_the_run(pdb_says):
    result, said = pdb_says(lambda: df.replay(step, df.ones(2), breakpoints=["h"]), "p df.ones(2).sum().item()", "c")
    assert "2.0" in said and result.item() == pytest.approx(2 * np.tanh(2), rel=1e-6)


def test_a_recording_is_walked_in_both_directions(pdb_says):
    run = df.record(step, df.ones(2))
    _, said = pdb_says(run.step, "n", "n", "back", "back", "p value", "!h = 3", "q")
    shown = [part.split(" ")[0] for part in said.split("-- ")[1:]]
    assert shown[:5] == ["multiply", "tanh", "sum", "tanh", "multiply"]


def test_a_script_under_a_real_pdb(tmp_path):
    """A process of its own: pdb reads what is typed from its standard input."""
    script = tmp_path / "mine.py"
    script.write_text(
        "import dualflow as df\n"
        "with df.graph() as g:\n"
        "    x = df.placeholder(df.float32, (None,), name='x')\n"
        "    h = df.tanh(x)\n"
        "    total = h.sum()\n"
        "print(df.Session(g).run(total, {x: [0.0, 0.0]}, debug=['mine.py:4']))\n"
    )
    typed = "p h, x\n!h = h + 21\nn\np total\nc\n"
    ran = subprocess.run([sys.executable, script], input=typed, capture_output=True, text=True, check=True,
                         cwd=HERE.parents[2], env={"PYTHONPATH": str(HERE.parents[2])})  # fmt: skip
    assert f"> {script}(4)<module>()" in ran.stdout
    assert "(array([0., 0.], dtype=float32), array([0., 0.], dtype=float32))" in ran.stdout
    assert f"> {script}(5)<module>()" in ran.stdout and ran.stdout.endswith("42.0\n")

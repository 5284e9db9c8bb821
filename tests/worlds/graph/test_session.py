"""Sessions: fetches, feeds, pruning, variables and their order, plans, randomness, failures that change nothing."""

from __future__ import annotations

import tracemalloc
from collections import namedtuple
from types import SimpleNamespace

import numpy as np
import pytest

import dualflow as df
from dualflow.core.errors import DualflowError, FeedError, GraphError, OutOfRangeError, SessionError, UninitializedError
from dualflow.core.mode import Scope
from dualflow.worlds.graph.run import numpy as numpy_run
from dualflow.worlds.graph.run.walk import walk

BOTH = pytest.mark.parametrize("compile", [True, False], ids=["compiled", "interpreted"])


@pytest.fixture
def line():
    """A graph y = x @ w + b with its placeholders and variables."""
    with df.graph() as g:
        x = df.placeholder(df.float32, (None, 2), name="x")
        w = df.Variable([[1.0], [2.0]], name="w")
        b = df.Variable(0.5, name="b")
        y = x @ w + b
        init = df.global_variables_initializer()
    return namedtuple("Line", "g x w b y init")(g, x, w, b, y, init)


@BOTH
def test_fetches_keep_their_structure(line, compile):
    Pair = namedtuple("Pair", "first second")
    with df.Session(line.g, compile=compile) as sess:
        assert sess.run(line.init) is None
        found = sess.run({"a": [line.y, (line.b,)], "b": Pair(line.x, "w")}, {line.x: [[1.0, 1.0]]})
    np.testing.assert_array_equal(found["a"][0], [[3.5]])
    assert found["a"][1] == (0.5,) and isinstance(found["b"], Pair)
    np.testing.assert_array_equal(found["b"].second, [[1.0], [2.0]])


@BOTH
def test_any_symbol_can_be_fed_and_what_is_behind_it_is_pruned(line, compile):
    with df.graph(line.g):
        z = line.y * 10
    with df.Session(line.g, compile=compile) as sess:
        np.testing.assert_array_equal(sess.run(z, {line.y: [[2.0]]}), [[20.0]])  # nothing initialized, x not fed


@BOTH
def test_variables_live_in_their_session(line, compile):
    with df.graph(line.g):
        up = line.b.assign_add(1.0)
    one, two = df.Session(line.g, compile=compile), df.Session(line.g, compile=compile)
    one.run(line.init)
    two.run(line.init)
    for _ in range(3):
        one.run(up)
    assert one.run(line.b) == 3.5 and two.run(line.b) == 0.5


@BOTH
def test_an_uninitialized_variable_is_named_with_its_line_and_the_way_out(line, compile):
    with df.Session(line.g, compile=compile) as sess, pytest.raises(UninitializedError) as caught:
        sess.run(line.y, {line.x: [[1.0, 1.0]]})
    text = str(caught.value)
    assert "'w'" in text and "test_session.py" in text and "global_variables_initializer" in text


@BOTH
def test_reads_and_assignments_happen_in_the_order_they_were_built(compile):
    with df.graph() as g:
        v = df.Variable(1.0, name="v")
        before = v * 10
        up = v.assign_add(1.0)
        after = v * 10
        init = df.global_variables_initializer()
    with df.Session(g, compile=compile) as sess:
        sess.run(init)
        assert sess.run([before, up, after]) == [10.0, 2.0, 20.0]
        assert sess.run([before, after]) == [20.0, 20.0]  # nobody asked for the assignment
        assert sess.run(v) == 2.0


@BOTH
def test_control_dependencies_run_what_nobody_fetches(compile):
    with df.graph() as g:
        v = df.Variable(1.0)
        with df.control_dependencies([v.assign_add(1.0)]):
            y = v * 10
        init = df.global_variables_initializer()
    with df.Session(g, compile=compile) as sess:
        sess.run(init)
        assert [float(sess.run(y)) for _ in range(3)] == [20.0, 30.0, 40.0]


@BOTH
def test_group_runs_its_members_and_gives_none(compile):
    with df.graph() as g:
        a, b = df.Variable(1.0), df.Variable(2.0)
        both = df.group(a.assign_add(1.0), [b.assign_sub(1.0)])
        init = df.global_variables_initializer()
    with df.Session(g, compile=compile) as sess:
        sess.run(init)
        assert sess.run(both) is None
        assert sess.run([a, b]) == [2.0, 1.0]


@BOTH
def test_random_numbers_are_fresh_at_every_run_and_follow_the_seed(compile):
    with df.graph() as g:
        r = df.random.normal((4,))
        u = df.rand_like(r)
    with df.Session(g, compile=compile) as sess:
        df.manual_seed(3)
        first, second = sess.run([r, u]), sess.run([r, u])
    df.manual_seed(3)
    np.testing.assert_array_equal(first[0], df.random.normal((4,)).numpy())
    np.testing.assert_array_equal(first[1], df.rand(4).numpy())
    assert not np.array_equal(first[0], second[0])


@BOTH
def test_random_sizes_follow_the_feed(compile):
    with df.graph() as g:
        x = df.placeholder(df.float32, (None, 2), name="x")
        mask = df.random.bernoulli_like(x, 0.5)
    with df.Session(g, compile=compile) as sess:
        assert sess.run(mask, {x: np.zeros((3, 2))}).shape == (3, 2)
        assert sess.run(mask, {x: np.zeros((5, 2))}).shape == (5, 2)


def test_a_plan_is_kept_per_fetches_and_feed_shapes(line):
    with df.Session(line.g) as sess:
        sess.run(line.init)
        for n in (1, 2, 1, 2):
            sess.run(line.y, {line.x: np.zeros((n, 2))})
        sess.run([line.y], {line.x: np.zeros((1, 2))})
        assert len(sess.plans) == 1 + 2  # the initializer; one plan for each of two shapes


def test_a_compiled_plan_says_how_long_each_phase_took(line):
    with df.Session(line.g) as sess:
        sess.run(line.init)
        sess.run(line.y, {line.x: np.zeros((1, 2))})
        plan = list(sess.plans.values())[-1]
    assert set(plan.times) == {"build", "optimize", "trace", "lower", "compile"} and all(
        t >= 0 for t in plan.times.values()
    )


WRONG = {
    "missing": (lambda n: {}, "must be fed"),
    "rank": (lambda n: {n.x: [1.0, 2.0]}, r"shape \(2,\)"),
    "size": (lambda n: {n.x: np.zeros((1, 3))}, r"shape \(1, 3\)"),
    "text": (lambda n: {n.x: [["a", "b"]]}, "dtype"),
    "ragged": (lambda n: {n.x: [[1.0], [1.0, 2.0]]}, "cannot be read"),
    "symbol": (lambda n: {n.x: n.y}, "has no value"),
    "complex": (lambda n: {n.x: np.zeros((1, 2), complex)}, "complex128"),
    "key": (lambda n: {7: 1.0}, "keys of feed_dict"),
    "variable": (lambda n: {n.w: np.zeros((2, 1))}, "cannot be fed"),
}


@BOTH
@pytest.mark.parametrize(("feed", "says"), WRONG.values(), ids=WRONG.keys())
def test_a_wrong_feed_is_named_and_changes_nothing(line, compile, feed, says):
    with df.graph(line.g):
        train = df.group(line.b.assign_add(1.0), line.w.assign(line.w * 2))
    with df.Session(line.g, compile=compile) as sess:
        sess.run(line.init)
        with pytest.raises(FeedError, match=says) as caught:
            sess.run([line.y, train], feed(line))
        assert "test_session.py" in str(caught.value)
        assert sess.run(line.b) == 0.5
        np.testing.assert_array_equal(sess.run(line.w), [[1.0], [2.0]])


@BOTH
def test_integers_feed_floats_and_float64_feeds_float32_but_floats_do_not_feed_integers(line, compile):
    with df.graph() as g:
        k = df.placeholder(df.int64, (), name="k")
        f = df.placeholder(df.float32, (), name="f")
        total = k + f
    with df.Session(g, compile=compile) as sess:
        assert sess.run(total, {k: 1, f: 2}) == 3.0
        assert sess.run(f, {f: np.float64(0.5)}).dtype == np.float32
        with pytest.raises(FeedError, match="float64"):
            sess.run(total, {k: 1.5, f: 2})


def test_what_cannot_be_fetched_is_said(line):
    with df.graph():
        other = df.placeholder(df.float32, (), name="other")
    sess = df.Session(line.g)
    for fetch, says in (
        (other, "not in this session's graph"),
        (None, "None cannot be fetched"),
        (3, "cannot fetch int"),
        ("nothing", "no symbol 'nothing'"),
    ):
        with pytest.raises(GraphError, match=says):
            sess.run(fetch)


def test_a_closed_session_says_where_it_was_closed(line):
    with df.Session(line.g) as sess:
        pass
    with pytest.raises(SessionError, match=r"closed at .*test_session.py"):
        sess.run(line.init)


@BOTH
def test_an_index_out_of_range_raises_in_compiled_code_too_and_leaves_the_variables(compile):
    with df.graph() as g:
        i = df.placeholder(df.int64, (None,), name="i")
        table = df.Variable(np.arange(6, dtype=np.float32).reshape(3, 2), name="table")
        rows = df.take(table, i)
        train = table.assign(table + df.sum(rows))
        init = df.global_variables_initializer()
    with df.Session(g, compile=compile) as sess:
        sess.run(init)
        np.testing.assert_array_equal(sess.run(rows, {i: [2, -3]}), [[4, 5], [0, 1]])
        with pytest.raises(OutOfRangeError) as caught:
            sess.run(train, {i: [0, 3]})
        assert "rows = df.take(table, i)" in str(caught.value)
        np.testing.assert_array_equal(sess.run(table), np.arange(6).reshape(3, 2))
        sess.run(train, {i: [0]})
        np.testing.assert_array_equal(sess.run(table), np.arange(6).reshape(3, 2) + 1)


@BOTH
def test_a_class_that_does_not_exist_raises_in_both(compile):
    with df.graph() as g:
        logits = df.placeholder(df.float32, (None, 3), name="logits")
        target = df.placeholder(df.int64, (None,), name="target")
        loss = df.nn.functional.cross_entropy(logits, target)
    with df.Session(g, compile=compile) as sess:
        assert np.isclose(sess.run(loss, {logits: np.zeros((2, 3)), target: [0, 2]}), np.log(3))
        with pytest.raises(OutOfRangeError):
            sess.run(loss, {logits: np.zeros((2, 3)), target: [0, 3]})


@BOTH
def test_an_eager_tensor_in_a_graph_is_read_at_every_run_and_written_by_assignments(compile):
    w = df.Variable([1.0, 2.0], name="shared")
    with df.graph() as g:
        y = w * 10
        up = w.assign_add(1.0)
    with df.Session(g, compile=compile) as sess:
        np.testing.assert_array_equal(sess.run(y), [10, 20])
        w.assign([5.0, 6.0])
        np.testing.assert_array_equal(sess.run(y), [50, 60])
        sess.run(up)
        sess.run(up)
    np.testing.assert_array_equal(w.numpy(), [7.0, 8.0])
    w.sub_(1.0) if not w.requires_grad else w.assign_sub(1.0)
    np.testing.assert_array_equal(w.numpy(), [6.0, 7.0])


def test_fetched_values_do_not_change_when_the_variable_does(line):
    with df.graph(line.g):
        up = line.w.assign_add(df.ones(2, 1))
    with df.Session(line.g) as sess:
        sess.run(line.init)
        held, read = sess.run([line.w, up])
        held, read = held.copy() * 0 + held, read
        first = (held.copy(), np.array(read))
        for _ in range(3):
            sess.run(up)
        np.testing.assert_array_equal(held, first[0])
        np.testing.assert_array_equal(read, first[1])


def test_64_bits_work_and_leave_the_settings_of_jax_alone():
    import jax
    import jax.numpy as jnp

    with df.graph() as g:
        x = df.placeholder(df.float64, (), name="x")
        k = df.placeholder(df.int64, (), name="k")
        y, m = df.exp(x), k + 1
    found = df.Session(g).run([y, m], {x: 1.0, k: 2**40})
    assert found[0] == pytest.approx(np.e, abs=1e-15) and found[0].dtype == np.float64
    assert found[1] == 2**40 + 1 and found[1].dtype == np.int64
    assert jnp.ones(()).dtype == jnp.float32 and not jax.config.jax_enable_x64


def test_eval_uses_the_session_of_its_block(line):
    with df.Session(line.g) as sess:
        sess.run(line.init)
        np.testing.assert_array_equal(line.y.eval({line.x: [[0.0, 0.0]]}), [[0.5]])
    with pytest.raises(SessionError):
        line.y.eval({line.x: [[0.0, 0.0]]})


def test_errors_of_a_session_are_all_of_one_family():
    assert all(issubclass(kind, DualflowError) for kind in (FeedError, GraphError, SessionError, UninitializedError))


def test_a_compiled_update_happens_in_the_memory_of_the_old_value():
    """The old value is donated: its array is gone and the new one lies where it lay. What was fetched stays."""
    with df.graph() as g:
        w = df.Variable(df.ones(5000), name="w")
        up = w.assign_add(1.0)
        update, doubled, init = df.group(up), w * 2, df.global_variables_initializer()
    with df.Session(g, compile=True) as sess:
        sess.run(init)
        held = [*sess.run([up, w, doubled]), sess.run("w")]
        sess.run(update)
        old = sess._values[w.cell]
        place = old.unsafe_buffer_pointer()
        sess.run(update)
        assert old.is_deleted() and sess._values[w.cell].unsafe_buffer_pointer() == place
        for array, value in zip(held, (2, 2, 4, 2), strict=True):
            np.testing.assert_array_equal(array, np.full(5000, value))
        assert sess.run(w)[0] == 4


def test_an_interpreted_run_lets_go_of_what_no_further_node_reads():
    with df.graph() as g:
        x = df.placeholder(df.float32, (1000, 250), name="x")
        total = df.zeros(())
        for i in range(20):  # 1 MB each, and three alive at most
            total = total + (df.tanh(x * float(i)) + x).sum()
    value = np.ones((1000, 250), np.float32)
    session = df.Session(g, compile=False)
    session.run(total, {x: value})
    tracemalloc.start()
    session.run(total, {x: value})
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 4.5 * value.nbytes


def test_an_interpreted_run_computes_each_node_once_and_only_a_failing_one_again(monkeypatch):
    with df.graph() as g:
        x = df.placeholder(df.int64, (None,), name="x")
        rows = df.take(df.arange(4.0), x)
    loops = []
    monkeypatch.setattr(numpy_run, "walk", lambda plan, *held, walk=walk: loops.append(plan) or walk(plan, *held))
    session = df.Session(g, compile=False)
    np.testing.assert_array_equal(session.run(rows, {x: [3, 0]}), [3.0, 0.0])
    assert not loops
    with pytest.raises(OutOfRangeError):
        session.run(rows, {x: [3, 4]})
    assert len(loops) == 1
    seen = []
    with Scope(watch=SimpleNamespace(node=lambda node, args, value: seen.append(node.op.name) or value)):
        session.run(rows, {x: [3, 0]})
    assert seen == ["placeholder", "arange", "getitem"] and len(loops) == 2

"""Building a graph: nodes, names, scopes, unknown sizes, gradients as nodes, and mistakes told when they are built."""

from __future__ import annotations

import numpy as np
import pytest

import dualflow as df
from dualflow.core.errors import DTypeError, GradientError, GraphError, ShapeError, SymbolicValueError


def here() -> str:
    """Return this file's name as error texts show it."""
    return "test_graph.py"


def test_ops_in_a_graph_are_nodes_with_shape_dtype_and_line():
    with df.graph() as g:
        x = df.placeholder(df.float32, (None, 3), name="x")
        y = df.tanh(x @ df.zeros(3, 2))
    assert y.shape == (None, 2) and y.dtype == df.float32 and y.op.name == "tanh"
    assert here() in repr(y) and "df.tanh(x @ df.zeros(3, 2))" in repr(y)
    assert [n.op.name for n in g.nodes if n.op.name == "tanh"] == ["tanh"]


def test_names_are_unique_and_scoped():
    with df.graph() as g:
        a = df.placeholder(df.float32, (), name="x")
        b = df.placeholder(df.float32, (), name="x")
        with df.name_scope("layer"):
            c = df.placeholder(df.float32, (), name="x")
            d = c + 1
    assert [a.name, b.name, c.name, d.name] == ["x", "x_1", "layer/x", "layer/add"]
    assert g.get_tensor_by_name("layer/add:0") is d


def test_a_misspelt_name_is_told_with_names_near_it():
    with df.graph() as g:
        df.placeholder(df.float32, (), name="images")
    with pytest.raises(GraphError, match="did you mean 'images'"):
        g.get_tensor_by_name("imags")


def test_unknown_rank_defers_to_the_run():
    with df.graph() as g:
        x = df.placeholder(df.float32, name="x")
        y = df.sum(df.exp(x))
    assert x.shape is None
    for shape in ((), (2,), (2, 3)):
        value = np.ones(shape, np.float32)
        np.testing.assert_allclose(df.Session(g).run(y, {x: value}), np.exp(value).sum(), rtol=1e-6)


def test_a_misfit_is_told_at_the_line_that_builds_it():
    with df.graph():
        x = df.placeholder(df.float32, (None, 3), name="x")
        with pytest.raises(ShapeError) as caught:
            x @ df.zeros(4, 4)
    text = str(caught.value)
    assert text.startswith("matmul: shapes (None, 3) and (4, 4) do not align")
    assert here() in text and "x @ df.zeros(4, 4)" in text and "named 'x'" in text


def test_a_misfit_that_only_a_run_can_know_names_the_line_that_built_it():
    with df.graph() as g:
        x = df.placeholder(df.float32, (None,), name="x")
        y = df.placeholder(df.float32, (None,), name="y")
        total = x + y
    for compile in (True, False):
        with pytest.raises(ShapeError, match="do not broadcast") as caught, df.Session(g, compile=compile) as sess:
            sess.run(total, {x: [1.0, 2.0], y: [1.0, 2.0, 3.0]})
        assert "total = x + y" in str(caught.value)


USES = {
    "if": bool,
    "float": float,
    "int": int,
    "iteration": list,
    "numpy": lambda s: s.numpy(),
    "item": lambda s: s.item(),
    "tolist": lambda s: s.tolist(),
    "array": np.asarray,
    "index": lambda s: [1, 2][s],
    "in": lambda s: 1 in s,
    "len": len,
}


@pytest.mark.parametrize("use", USES.values(), ids=USES.keys())
def test_a_symbol_used_as_a_value_says_what_it_is_and_what_to_write(use):
    with df.graph():
        s = df.placeholder(df.float32, (None,), name="s")
        with pytest.raises(SymbolicValueError) as caught:
            use(s)
    text = str(caught.value)
    assert "'s'" in text and 'df.placeholder(df.float32, (None,), name="s")' in text and here() in text


def test_a_symbol_of_another_graph_is_refused_and_named():
    with df.graph():
        x = df.placeholder(df.float32, (2,), name="stranger")
    with df.graph(), pytest.raises(GraphError, match="'stranger' belongs to another graph"):
        df.ones(2) + x


def test_gradients_are_nodes_that_can_be_fetched_fed_and_differentiated_again():
    with df.graph() as g:
        x = df.placeholder(df.float32, (), name="x")
        (first,) = df.gradients(x**3, [x])
        (second,) = df.gradients(first, [x])
    assert isinstance(first, df.Symbol)
    assert df.Session(g).run([first, second], {x: 2.0}) == [12.0, 12.0]


def test_gradients_follow_a_size_that_is_not_known():
    with df.graph() as g:
        x = df.placeholder(df.float32, (None, 3), name="x")
        b = df.placeholder(df.float32, (None, 3), name="b")
        (db,) = df.gradients(df.sum(x * b), [b])
    values = np.arange(6, dtype=np.float32).reshape(2, 3)
    found = df.Session(g).run(db, {x: values, b: np.ones((1, 3), np.float32)})
    np.testing.assert_allclose(found, values.sum(0, keepdims=True))


def test_gradients_give_none_where_there_is_no_path_and_sum_over_targets():
    with df.graph() as g:
        x, y = df.placeholder(df.float32, (), name="x"), df.placeholder(df.float32, (), name="y")
        found = df.gradients([x * 2, x * 3], [x, y])
    assert found[1] is None and df.Session(g).run(found[0], {x: 1.0}) == 5.0


def test_gradients_start_from_grad_ys():
    with df.graph() as g:
        x = df.placeholder(df.float32, (2,), name="x")
        (dx,) = df.gradients(x * 3, [x], grad_ys=[df.tensor([1.0, 10.0])])
    np.testing.assert_array_equal(df.Session(g).run(dx, {x: [0.0, 0.0]}), [3.0, 30.0])


def test_gradients_outside_a_graph_point_to_the_eager_way():
    with pytest.raises(GraphError, match=r"df\.grad"):
        df.gradients(df.ones(1), [df.ones(1)])


def test_gradients_of_integers_are_refused():
    with df.graph():
        k = df.placeholder(df.int64, (), name="k")
        with pytest.raises(GradientError, match="int64 has no gradient"):
            df.gradients(k, [k])


def test_backward_on_symbols_needs_a_scalar():
    with df.graph():
        w = df.Variable([1.0, 2.0])
        with pytest.raises(GradientError, match="implied only for a scalar"):
            (w * 2).backward()
        (w * 2).sum().backward()
        assert isinstance(w.grad, df.Symbol)


def test_finalize_stops_a_graph_from_growing():
    with df.graph() as g:
        x = df.placeholder(df.float32, (), name="x")
    g.finalize()
    with pytest.raises(GraphError, match="finalized"):
        x + 1
    assert len(g.nodes) == 1


def test_in_place_methods_move_a_name_on():
    with df.graph() as g:
        x = df.placeholder(df.float32, (3,), name="x")
        h = x * 1
        before = h + 0
        h[h < 0] = 0.0
        h.mul_(10.0)
        after = h + 0
    found = df.Session(g).run([before, after], {x: [-1.0, 2.0, 3.0]})
    np.testing.assert_array_equal(found[0], [-1, 2, 3])
    np.testing.assert_array_equal(found[1], [0, 20, 30])


def test_writing_to_a_view_writes_to_what_it_is_a_view_of():
    with df.graph() as g:
        x = df.placeholder(df.float32, (3,), name="x")
        h = x * 1
        h[1] = 9.0
        view = h[0:2]
        view.add_(1.0)
        h.mul_(2.0)
        unknown = df.placeholder(df.float32, (None,), name="u") * 1
        with pytest.raises(GraphError, match="writing to a view is not followed while sizes are unknown"):
            unknown[0:2].add_(1.0)
    np.testing.assert_array_equal(df.Session(g).run(h, {x: [1.0, 2.0, 3.0]}), [4, 20, 6])
    np.testing.assert_array_equal(df.Session(g).run(view, {x: [1.0, 2.0, 3.0]}), [4, 20])


def test_placeholder_needs_a_graph_and_a_shape_that_is_one():
    with pytest.raises(GraphError, match=r"with df\.graph\(\)"):
        df.placeholder(df.float32, (2,))
    with df.graph(), pytest.raises(DTypeError, match="tuple of sizes"):
        df.placeholder(df.float32, "ab")


def test_mode_graph_keeps_a_graph_for_placeholders():
    with df.mode("graph"):
        p = df.placeholder(df.float32, (2,), name="p")
        q = p * df.tensor([1.0, 2.0])
        np.testing.assert_array_equal(df.Session().run(q, {p: [3.0, 4.0]}), [3.0, 8.0])


@pytest.mark.parametrize("n", [100_000])
def test_a_hundred_thousand_nodes_build_differentiate_and_run_without_recursion(n):
    with df.graph() as g:
        x = df.placeholder(df.float32, (2,), name="x")
        y = x
        for _ in range(n):
            y = y + 1.0
        (dx,) = df.gradients(df.sum(y), [x])
    value, slope = df.Session(g, compile=False).run([y, dx], {x: [0.0, 1.0]})
    np.testing.assert_array_equal(value, [n, n + 1])
    np.testing.assert_array_equal(slope, [1.0, 1.0])


def test_backward_on_a_symbol_whose_graph_is_not_being_built():
    """A step() after it would find no .grad and do nothing, silently."""
    model = df.nn.Linear(3, 1)
    with df.mode("graph"):
        x = df.placeholder(df.float32, (None, 3))
        loss = model(x).mean()
        with pytest.raises(GraphError, match="which is not now") as caught:
            loss.backward()
        assert "@df.function" in str(caught.value) and "test_graph.py" in str(caught.value)
        train = df.optim.SGD(model.parameters(), lr=0.5).minimize(loss)
        with df.Session() as sess:
            before = model.bias.numpy().copy()
            sess.run(train, {x: np.ones((2, 3))})
    np.testing.assert_allclose(model.bias.numpy(), before - 0.5, rtol=1e-6)

"""What an observer in the context is shown: every op, write and gradient of eager mode, every node of a graph."""

import numpy as np
import pytest

import dualflow as df
from dualflow.autodiff.record import OP, RESULTS
from dualflow.core.mode import Scope


class Log:
    """An observer that writes down what it is shown; ``change`` maps a node's op to another value."""

    def __init__(self, change=None):
        self.seen, self.change = [], change or {}

    def op(self, op, args, params, made):
        self.seen.append((op.name, made.tolist()))

    def written(self, x):
        self.seen.append(("written", x.tolist()))

    def gradient(self, record, g):
        self.seen.append(("gradient of " + (record[OP].name if record[OP] else "leaf"), np.asarray(g).tolist()))

    def node(self, node, args, value):
        self.seen.append((node.op.name, np.asarray(value).tolist()))
        return self.change.get(node.op.name, value)


def test_eager_shows_ops_gradients_and_writes_in_order():
    w = df.Variable([2.0], name="w")
    log = Log()
    with Scope(watch=log):
        loss = (w * df.tensor([3.0])).sum()
        loss.backward()
        with df.no_grad():
            w -= 0.5 * w.grad
        w.assign([7.0])
    assert log.seen == [
        ("multiply", [6.0]),
        ("sum", 6.0),
        ("gradient of sum", 1.0),
        ("gradient of multiply", [1.0]),
        ("gradient of leaf", [3.0]),
        ("multiply", [1.5]),
        ("subtract", [0.5]),
        ("written", [0.5]),
        ("written", [7.0]),
    ]


def test_nothing_is_seen_outside_the_scope():
    log, x = Log(), df.ones(1)
    with Scope(watch=log):
        df.add(x, 1)
    df.add(x, 1)
    assert log.seen == [("add", [2.0])]


def test_a_custom_function_is_seen_after_what_it_is_made_of():
    class Double(df.Function):
        @staticmethod
        def forward(ctx, x):
            return x * 2

        @staticmethod
        def backward(ctx, grad):
            return grad * 2

    log, x = Log(), df.ones(1)
    with Scope(watch=log):
        Double.apply(x)
    assert log.seen == [("multiply", [2.0]), ("Double", [2.0])]


@pytest.mark.parametrize("compiled", [False, True])
def test_a_watched_graph_is_interpreted_and_takes_other_values(compiled):
    """Feeds come first; a value that the observer puts in a node's place is what later nodes get."""
    with df.graph() as g:
        x = df.placeholder(df.float32, (1,), name="x")
        y = df.tanh(x) * 2
    session = df.Session(g, compile=compiled)
    log = Log({"tanh": np.float32([10.0])})
    with Scope(watch=log):
        assert session.run(y, {x: [0.0]}).tolist() == [20.0]
    assert log.seen == [("placeholder", [0.0]), ("tanh", [0.0]), ("multiply", [20.0])]
    assert session.run(y, {x: [0.0]}).tolist() == [0.0]


def test_a_changed_assignment_is_what_the_variable_gets():
    w = df.Variable([1.0])

    @df.function
    def step():
        w.assign(w + 1)
        return w * 1

    log = Log({"assign": np.float32([5.0])})
    with df.mode("graph"), Scope(watch=log):
        assert step().tolist() == [5.0]
    assert w.tolist() == [5.0]


def test_nodes_of_a_gradient_know_the_forward_node_they_belong_to():
    with df.graph() as g:
        x = df.placeholder(df.float32, (2,), name="x")
        h = df.tanh(x)
        loss = (h * h).sum()
        before = len(g.nodes)
        df.gradients(loss, [x])
    made = g.nodes[before:]
    assert {n.forward[2].name for n in made} == {"tanh", "multiply", "sum"}
    assert all(n.forward is None for n in g.nodes[:before])
    assert [record[RESULTS].name for record, _ in g.pulled] == ["sum", "multiply", "tanh", "x"]
    assert g.pulled[0][1].forward[2].name == "sum"  # the ones that it starts from

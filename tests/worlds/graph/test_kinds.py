"""A kind of node is one class: whoever runs, shows or counts nodes asks it, and knows no kind by name."""

import ast
import inspect

import numpy as np
import pytest

import dualflow as df
from dualflow.core.errors import NumericsError, UninitializedError
from dualflow.experiment.measure import flops
from dualflow.inspect import explain
from dualflow.inspect.lint import lowering, structure
from dualflow.inspect.record import bisect, recorder, replay
from dualflow.worlds.graph import plan, session
from dualflow.worlds.graph.ir import nodes
from dualflow.worlds.graph.ir.nodes import Kind
from dualflow.worlds.graph.ir.symbol import Symbol
from dualflow.worlds.graph.passes import infer, prune
from dualflow.worlds.graph.run import failure, numpy, script, walk, xla
from dualflow.worlds.graph.run.backends import BACKENDS, chosen


class Twice(Kind):
    """A kind that only this file knows: its value is twice its operand."""

    name = "twice"
    structural = False
    rules = (lambda g, y, x: g * 2,)

    def run(self, node, args, state, backend):
        """Return twice the operand."""
        return backend.xp.multiply(args[0], 2)

    def line(self, node, args, writer):
        """Return the product."""
        return f"{args[0]} * {writer.hold(2)}"


class Add(Kind):
    """A kind with state: it adds its operand to a cell, whose new value it is."""

    name = "add_to"
    role = "write"

    def run(self, node, args, state, backend):
        """Return the sum."""
        return backend.xp.add(state[id(node.params["cell"])], args[0])

    def line(self, node, args, writer):
        """Return the sum."""
        return f"{writer.cell(node.params['cell'])} + {args[0]}"

    def reads(self, node):
        """Return the cell."""
        return node.params["cell"]

    writes = reads


class Ticket(Kind):
    """A kind that is made on the host: a number that goes up at every run."""

    name = "ticket"
    role = "given"
    taken = 0

    def drawn(self, node):
        """Return True: it is fed."""
        return True

    def draw(self, node, shape):
        """Take the next number."""
        self.taken += 1
        return np.full(shape, self.taken, node.dtype)


def twice(x):
    """Double a tensor, in a graph with the kind."""
    return x.graph.add(Twice(), [x], {}, x.shape, x.dtype) if isinstance(x, Symbol) else x * 2


def add_to(v, x):
    """Add to a variable, in a graph with the kind."""
    if isinstance(x, Symbol):
        cell = x.graph.cell(v)
        x.graph.add(Add(), [x], {"cell": cell}, cell.shape, cell.dtype, "", [None])
        cell.current = None
    else:
        v.assign_add(x)


both = pytest.mark.parametrize("compile", [False, True], ids=["interpreted", "compiled"])


@both
def test_a_new_kind_runs_in_both_arms_with_sizes_and_a_gradient(compile):
    with df.graph() as g:
        x = df.placeholder(df.float32, (None,), name="x")
        y = g.add(Twice(), [x], {}, x.shape, x.dtype)
        (dx,) = df.gradients(df.sum(y * y), [x])
    assert repr(y.op) == "<op twice>" and y.kind is y.op and y.name == "twice"
    with df.Session(g, compile=compile) as sess:
        value, slope = sess.run([y, dx], {x: [1.0, 2.0]})
        np.testing.assert_array_equal(value, [2.0, 4.0])
        np.testing.assert_array_equal(slope, [8.0, 16.0])
        assert next(iter(sess.plans.values())).specs[id(y)].shape == (2,)


@both
def test_a_new_kind_reads_and_writes_state(compile):
    with df.graph() as g:
        v = df.Variable([1.0, 2.0])
        more = g.add(Add(), [g.convert(np.float32([10, 20]))], {"cell": v.cell}, v.shape, v.dtype, "", [None])
        init = df.global_variables_initializer()
    with df.Session(g, compile=compile) as sess:
        with pytest.raises(UninitializedError, match="'Variable' is read before it has a value"):
            sess.run(more)
        sess.run(init)
        np.testing.assert_array_equal(sess.run(more), [11.0, 22.0])
        np.testing.assert_array_equal(sess.run(more), [21.0, 42.0])
        np.testing.assert_array_equal(sess.run(v), [21.0, 42.0])


@both
def test_a_new_kind_is_made_on_the_host(compile):
    with df.graph() as g:
        ticket = g.add(Ticket(), [], {}, (2,), np.dtype(np.float32))
        y = ticket * 10
    with df.Session(g, compile=compile) as sess:
        assert [sess.run(y).tolist() for _ in range(3)] == [[10.0, 10.0], [20.0, 20.0], [30.0, 30.0]]


@both
def test_a_new_kind_is_shown_to_those_who_watch(compile):
    with df.graph() as g:
        x = df.placeholder(df.float32, (2,), name="x")
        y = g.add(Twice(), [x], {}, x.shape, x.dtype)
    with df.check_numerics(), df.Session(g, compile=compile) as sess:
        np.testing.assert_array_equal(sess.run(y, {x: [1.0, 2.0]}), [2.0, 4.0])
        with np.errstate(over="ignore"), pytest.raises(NumericsError, match="^twice: "):
            sess.run(y, {x: [1.0, 3e38]})


def test_a_new_kind_is_recorded_compared_and_counted_in_all_arms():
    w = df.Variable([10.0, 20.0])

    @df.function
    def step(x):
        add_to(w, x)
        return twice(df.square(x)).sum()

    x = df.tensor([1.0, 2.0])
    runs = {arm: df.record(step, x, arm=arm) for arm in ("eager", "interpreted", "compiled")}
    for arm, run in runs.items():
        (entry,) = [e for e in run if e.op == ("multiply" if arm == "eager" else "twice")]
        assert entry.kind == "op" and entry.value.tolist() == [2.0, 8.0] and run.results["result"] == 10.0
        (write,) = [e for e in run if e.kind == "write"]
        assert write.name == "w" and write.value.tolist() == run.results["w"].tolist() == [11.0, 22.0]
    assert df.bisect(step, x, arms=("interpreted", "compiled")).ok
    with df.mode("graph"):
        assert float(step(x)) == 10.0
    assert flops.count(flops.latest(step)).ops["twice"] == (1, 0, 16)
    assert df.explain(step).programs[0].ops["twice"] == 1


def test_no_one_who_runs_or_shows_graphs_names_a_kind():
    """No ``op is READ``, no ``isinstance(op, Structural)``: those who run a plan or look at nodes ask ``kind``."""
    kinds = {name for name, value in vars(nodes).items() if isinstance(value, Kind)}
    kinds |= {name for name, value in vars(nodes).items() if inspect.isclass(value) and issubclass(value, Kind)} - {
        "Kind"
    }
    assert {"READ", "ASSIGN", "CARD", "Custom"} <= kinds
    running = (plan, session, infer, prune, walk, script, numpy, xla, failure)
    for module in (*running, recorder, replay, bisect, lowering, structure, explain, flops):
        tree = ast.parse(inspect.getsource(module))
        named = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)} | {
            n.attr for n in ast.walk(tree) if isinstance(n, ast.Attribute)
        }
        assert not named & kinds, module.__name__


def test_backends_are_a_table():
    assert set(BACKENDS) == {"numpy", "xla"}
    assert chosen(True) is BACKENDS["xla"] and chosen(False) is BACKENDS["numpy"]

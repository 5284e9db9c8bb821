"""A kind of node is one class: the walk, the script, the plan and the passes ask it, and know no kind by name."""

import ast
import inspect

import numpy as np
import pytest

import dualflow as df
from dualflow.worlds.graph import plan, session
from dualflow.worlds.graph.ir import nodes
from dualflow.worlds.graph.ir.nodes import Kind
from dualflow.worlds.graph.passes import infer, prune
from dualflow.worlds.graph.run import failure, numpy, script, walk, xla
from dualflow.worlds.graph.run.backends import BACKENDS, chosen


class Twice(Kind):
    """A kind that only this file knows: its value is twice its operand."""

    name = "twice"
    rules = (lambda g, y, x: g * 2,)

    def run(self, node, args, state, backend):
        """Return twice the operand."""
        return backend.xp.multiply(args[0], 2)

    def line(self, node, args, writer):
        """Return the product."""
        return f"{args[0]} * {writer.hold(2)}"


@pytest.mark.parametrize("compile", [False, True], ids=["interpreted", "compiled"])
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


def test_a_new_kind_is_shown_to_those_who_watch():
    with df.graph() as g:
        x = df.placeholder(df.float32, (2,), name="x")
        y = g.add(Twice(), [x], {}, x.shape, x.dtype)
    with df.check_numerics(), df.Session(g, compile=False) as sess:
        np.testing.assert_array_equal(sess.run(y, {x: [1.0, 2.0]}), [2.0, 4.0])


def test_no_one_who_runs_graphs_names_a_kind():
    """No ``op is READ``, no ``isinstance(op, Structural)``: those who run a plan ask ``kind``."""
    kinds = {name for name, value in vars(nodes).items() if isinstance(value, Kind)}
    kinds |= {name for name, value in vars(nodes).items() if inspect.isclass(value) and issubclass(value, Kind)} - {
        "Kind"
    }
    assert {"READ", "ASSIGN", "CARD", "Custom"} <= kinds
    for module in (plan, session, infer, prune, walk, script, numpy, xla, failure):
        tree = ast.parse(inspect.getsource(module))
        named = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)} | {
            n.attr for n in ast.walk(tree) if isinstance(n, ast.Attribute)
        }
        assert not named & kinds, module.__name__


def test_backends_are_a_table():
    assert set(BACKENDS) == {"numpy", "xla"}
    assert chosen(True) is BACKENDS["xla"] and chosen(False) is BACKENDS["numpy"]

"""Bad input: the error names the thing, the user's own line and the way out, and everything is as it was before.

What single ops refuse is in refusals.py; what a shape or dtype rule says in both worlds is in test_worlds.py.
"""

from __future__ import annotations

import math
from collections import namedtuple

import numpy as np
import pytest

import dualflow as df
from dualflow.core.errors import (
    DTypeError,
    DualflowError,
    FeedError,
    GradientError,
    GraphError,
    InPlaceError,
    OutOfRangeError,
    SessionError,
    ShapeError,
    SymbolicValueError,
    UninitializedError,
)
from dualflow.core.site import decode

BOTH = pytest.mark.parametrize("compile", [True, False], ids=["compiled", "interpreted"])


def mistake(do, *args):
    """Make a mistake; return the error, whose line must be the one in ``do``."""
    with pytest.raises(DualflowError) as caught:
        do(*args)
    assert caught.value.site[0] is do.__code__, caught.value
    assert f"test_errors.py:{decode(caught.value.site).line}" in str(caught.value)
    return caught.value


# -------------------------------------------------------------------------------------------- the same in both worlds

ALIKE = {
    "mm of three axes": (lambda: df.ones(2, 3, 4).mm(df.ones(4, 2)), "mm: takes two matrices"),
    "t of three axes": (lambda: df.ones(2, 3, 4).t(), "t() is for at most 2 axes"),
    "operator": (lambda: df.ones(2, 3) + df.ones(2), "do not broadcast"),
    "array on the left": (lambda: np.ones((2, 3)) @ df.ones(2, 3), "do not align"),
    "view": (lambda: df.ones(2, 3).view(4), "reshape"),
    "index with text": (lambda: df.ones(3)["a"], "cannot index with str 'a'"),
    "index with a float": (lambda: df.ones(3)[1.0], "cannot index with float 1.0"),
    "index beyond the end": (lambda: df.ones(3)[3], "out of bounds"),
    "take with floats": (lambda: df.ones(3).take([0.5]), "must be integers"),
    "no operand": (lambda: df.add(df.ones(2), None), "not NoneType None"),
    "text for an operand": (lambda: df.ones(2).add("a"), "not str 'a'"),
    "float size": (lambda: df.zeros(2, 1.5), "a shape is made of integers"),
    "negative size": (lambda: df.ones(-1), "negative size"),
    "dtype": (lambda: df.ones(2).astype("float31"), "'float31' is not a dtype"),
    "text for data": (lambda: df.tensor(["a"]), "cannot hold"),
    "bool arithmetic": (lambda: -df.tensor([True]), "bool has no arithmetic"),
    "number out of range": (lambda: df.tensor([1], df.int8) + 300, "the number 300 does not fit int8"),
    "negative number": (lambda: df.maximum(-1, df.tensor([1], df.uint8)), "the number -1 does not fit uint8"),
    "huge number": (lambda: df.tensor([1]) * 2**70, "does not fit int64"),
    "order of complex numbers": (lambda: df.tensor([1j]) < 1, "no order"),
    "targets of another size": (lambda: df.nn.functional.cross_entropy(df.ones(2, 3), df.arange(3)), "(3,)"),
    "linear": (lambda: df.nn.Linear(3, 2)(df.ones(2, 4)), "the weight takes 3"),
    "assigned shape": (lambda: df.Variable([1.0, 2.0]).assign(df.ones(3)), "does not fit a variable of shape (2,)"),
    "assigned dtype": (lambda: df.Variable([1, 2]).assign(df.ones(2)), "float32 does not fit a variable of int64"),
    "backward of many": (lambda: (df.Variable([1.0, 2.0]) * 2).backward(), "implied only for a scalar"),
}


@pytest.mark.parametrize("do, says", ALIKE.values(), ids=ALIKE.keys())
def test_functions_and_methods_refuse_alike_in_both_worlds(do, says):
    """The same class and first line, as the line runs in eager and as it builds in a graph."""
    ours = mistake(do)
    with df.graph():
        theirs = mistake(do)
    assert type(ours) is type(theirs)
    assert str(ours).splitlines()[0] == str(theirs).splitlines()[0]
    assert says in str(ours).splitlines()[0]


# ------------------------------------------------------------------------------------------------ graphs and sessions

Lab = namedtuple("Lab", "graph session x k w y noise train fresh stranger foreign init")


@pytest.fixture(params=[True, False], ids=["compiled", "interpreted"])
def lab(request):
    """A session that works, a fresh one where nothing is initialized, and things of another graph."""
    with df.graph():
        stranger = df.placeholder(df.float32, (2,), name="stranger")
        foreign = df.Variable([1.0, 2.0], name="foreign")
        init = df.global_variables_initializer()
    with df.graph() as g:
        x = df.placeholder(df.float32, (None, 2), name="x")
        k = df.placeholder(df.int64, (), name="k")
        w = df.Variable([1.0, 2.0], name="w")
        y = x * w + df.take(w, k)
        noise = df.random.normal((2,))
        train = w.assign_add(noise + k)
        start = df.global_variables_initializer()
    session = df.Session(g, compile=request.param)
    session.run(start)
    fresh = df.Session(g, compile=request.param)
    return Lab(g, session, x, k, w, y, noise, train, fresh, stranger, foreign, init)


ROW = [[1.0, 2.0]]
RUNS = {
    # what is fetched
    "fetch of another graph": (lambda n: n.session.run(n.stranger), GraphError, "'stranger' is not in this session"),
    "nested": (lambda n: n.session.run({"a": [n.w, (n.stranger,)]}), GraphError, "'stranger'"),
    "variable of another graph": (lambda n: n.session.run(n.foreign), GraphError, "'foreign'"),
    "initializer of another graph": (lambda n: n.session.run(n.init), GraphError, "use a Session of its graph"),
    "set": (lambda n: n.session.run({n.w}), GraphError, "cannot fetch set"),
    "function": (lambda n: n.session.run(len), GraphError, "fetch symbols, variables, their names"),
    "misspelt name": (lambda n: n.session.run("noize"), GraphError, "no symbol 'noize'"),
    # what is fed
    "feed of another graph": (lambda n: n.session.run(n.w, {n.stranger: [1, 2]}), GraphError, "'stranger'"),
    "fed variable of another graph": (lambda n: n.session.run(n.w, {n.foreign: [1, 2]}), FeedError, "'foreign'"),
    "misspelt key": (lambda n: n.session.run(n.w, {"xx": ROW}), GraphError, "no symbol 'xx'"),
    "no dict": (lambda n: n.session.run(n.w, [ROW]), FeedError, "feed_dict is a dict"),
    "only the value": (lambda n: n.session.run(n.y, np.ones((1, 2))), FeedError, "sess.run(fetches, {x: value})"),
    "None": (lambda n: n.session.run(n.y, {n.x: None, n.k: 0}), FeedError, "'x' has dtype object"),
    "dict": (lambda n: n.session.run(n.y, {n.x: {"a": 1}, n.k: 0}), FeedError, "'x'"),
    "wrong shape": (lambda n: n.session.run(n.y, {n.x: [1, 2, 3], n.k: 0}), FeedError, "'x' has shape (3,)"),
    "wrong dtype": (lambda n: n.session.run(n.y, {n.x: ROW, n.k: 0.5}), FeedError, "it takes int64 of shape ()"),
    "second value wrong": (lambda n: n.session.run(n.train, {n.k: "a"}), FeedError, "'k'"),
    "symbol of another graph": (lambda n: n.session.run(n.y, {n.x: n.stranger}), FeedError, "'stranger'"),
    # what runs
    "no graph": (lambda n: df.Session(3), GraphError, "not int 3"),
    "no session": (lambda n: n.w.eval(), SessionError, "with df.Session(g)"),
}


@pytest.mark.parametrize("do, kind, says", RUNS.values(), ids=RUNS.keys())
def test_a_wrong_run_is_told_at_its_line_and_changes_nothing(lab, do, kind, says):
    """After the mistake the same session holds the same values and goes on with the same random numbers."""
    df.manual_seed(7)
    before = lab.session.run(lab.w)
    error = mistake(do, lab)
    assert type(error) is kind and says in str(error)
    np.testing.assert_array_equal(lab.session.run(lab.w), before)
    drawn = lab.session.run(lab.noise)
    df.manual_seed(7)
    np.testing.assert_array_equal(drawn, df.randn(2).numpy())
    feeds = {lab.x: ROW, lab.k: 1}
    np.testing.assert_array_equal(lab.session.run(lab.y, feeds), [[3.0, 6.0]])


def test_a_missing_feed_names_each_placeholder_and_its_line(lab):
    with pytest.raises(FeedError) as caught:
        lab.session.run(lab.y)
    text = str(caught.value)
    assert "'x' must be fed (and 1 more)" in text and "'k' made at" in text and "feed_dict={x: …}" in text
    assert decode(caught.value.site).text.startswith("x = df.placeholder(")


@pytest.mark.parametrize("fetch", ["w", "y", "train"])
def test_an_uninitialized_variable_is_told_however_it_is_read(lab, fetch):
    """And no random number is drawn for a run that cannot be."""
    df.manual_seed(7)
    with pytest.raises(UninitializedError, match=r"'w'(.*\n)*.*global_variables_initializer") as caught:
        lab.fresh.run(getattr(lab, fetch), {lab.x: ROW, lab.k: 0})
    assert decode(caught.value.site).text.startswith("w = df.Variable(")
    drawn = lab.fresh.run(lab.noise)
    df.manual_seed(7)
    np.testing.assert_array_equal(drawn, df.randn(2).numpy())
    lab.fresh.run(lab.w.initializer)
    np.testing.assert_array_equal(lab.fresh.run(lab.w), [1, 2])


def test_a_session_is_closed_for_every_use_and_its_neighbour_is_not(lab):
    lab.fresh.close()
    lab.fresh.close()
    for do in (lambda n: n.fresh.run(n.w), lambda n: n.fresh.run([]), lambda n: n.w.eval(session=n.fresh)):
        error = mistake(do, lab)
        assert type(error) is SessionError and "make a new df.Session(graph)" in str(error)
        assert "lab.fresh.close()" in str(error)  # where it was closed
    np.testing.assert_array_equal(lab.session.run(lab.w), [1, 2])


BUILDS = {
    "left operand": lambda n: n.stranger + n.w,
    "right operand": lambda n: n.w + n.stranger,
    "variable": lambda n: n.w * n.foreign,
    "function": lambda n: df.exp(n.stranger),
    "one of many": lambda n: df.concat([n.w, n.stranger]),
    "condition": lambda n: df.where(n.stranger, n.w, 0.0),
    "index": lambda n: n.w[n.stranger],
    "target": lambda n: df.gradients(n.y, [n.stranger]),
    "variable for a target": lambda n: df.gradients(n.y, [n.foreign]),
    "start of gradients": lambda n: df.gradients(n.w, [n.w], grad_ys=[n.stranger]),
    "one of two sources": lambda n: df.gradients([n.y, n.stranger], [n.w]),
    "assigned value": lambda n: n.w.assign(n.stranger),
    "member of a group": lambda n: df.group(n.train, n.stranger),
    "control dependency": lambda n: df.control_dependencies([n.stranger]).__enter__(),
    "initial value": lambda n: df.Variable(n.stranger),
    "imitated": lambda n: df.zeros_like(n.stranger),
    "drawn like": lambda n: df.randn_like(n.stranger),
}


@pytest.mark.parametrize("do", BUILDS.values(), ids=BUILDS.keys())
def test_a_symbol_of_another_graph_is_refused_wherever_it_is_used(lab, do):
    """Named with the line that made it and the way out; both graphs go on."""
    with df.graph(lab.graph):
        error = mistake(do, lab)
        after = lab.w * 10
    text = str(error)
    assert type(error) is GraphError and "belongs to another graph" in text.splitlines()[0]
    assert "test_errors.py" in text.split("it was made at")[1] and "or feed its value" in text
    np.testing.assert_array_equal(lab.session.run(after), [10, 20])
    assert len(lab.graph.variables) == 1


@BOTH
def test_a_run_that_fails_halfway_leaves_variables_and_says_where(compile):
    """Only values show this mistake, after the first of two assignments."""
    with df.graph() as g:
        i = df.placeholder(df.int64, (), name="i")
        a, b = df.Variable([1.0, 2.0], name="a"), df.Variable(0.0, name="b")
        both = df.group(a.assign(a * 2), b.assign(df.take(a, i)))
        init = df.global_variables_initializer()
    session = df.Session(g, compile=compile)
    session.run(init)
    with pytest.raises(OutOfRangeError) as caught:
        session.run(both, {i: 2})
    assert "df.take(a, i)" in decode(caught.value.site).text
    np.testing.assert_array_equal(session.run(a), [1, 2])
    assert session.run(b) == 0
    session.run(both, {i: 1})
    assert session.run(b) == 4


# -------------------------------------------------------------------------------------------- symbols used as values


def loop(s):
    """Go round while a symbol says so."""
    while s > 0:
        s = s - 1


USES = {
    "while": (loop, "df.where"),
    "not": (lambda s: not s, "df.where"),
    "and": (lambda s: s and 1, "df.where"),
    "chained comparison": (lambda s: 0 < s < 1, "df.where"),
    "max of Python": (lambda s: max(s, 0), "df.where"),
    "sorted": (lambda s: sorted([s, s * 2]), "df.where"),
    "complex": (lambda s: complex(s), "Session.run"),
    "math": (lambda s: math.sqrt(s), "Session.run"),
    "number format": (lambda s: f"{s:.2f}", "Session.run"),
    "function of NumPy that no op is": (lambda s: np.cbrt(s), "dualflow's ops"),
    "data": (lambda s: df.tensor([s, 1.0]), "dualflow's ops"),
    "range": (lambda s: range(s), "df.take"),
    "bound of a slice": (lambda s: df.ones(3)[:s], "df.take"),
    "unpacking": (lambda s: dict([*s]), "df.split"),
}


@pytest.mark.parametrize("use, way_out", USES.values(), ids=USES.keys())
@pytest.mark.parametrize("kind", ["placeholder", "variable"])
def test_a_symbol_is_no_value(use, way_out, kind):
    """The error tells the line of the use, the line that made the symbol, and what to write instead."""
    with df.graph():
        s = df.placeholder(df.float32, (), name="s") if kind == "placeholder" else df.Variable(1.0, name="s")
        error = mistake(use, s)
    assert type(error) is SymbolicValueError
    assert way_out in str(error) and "made at" in str(error)


def test_the_number_of_axes_may_be_unknown():
    with df.graph():
        s = df.placeholder(df.float32, name="s")
        for use in (lambda s: s.ndim, lambda s: s.dim(), lambda s: df.take(s, 0)):
            with pytest.raises(SymbolicValueError, match="ndim: the symbol 's'"):
                use(s)
        with pytest.raises(TypeError, match="0-d"):
            len(df.ones(()))


def test_a_symbol_has_a_text():
    """Printing is how one looks at a graph: it must not need a value."""
    with df.graph():
        s = df.placeholder(df.float32, (None, 2), name="s")
    assert repr(s).startswith("<symbol 's': placeholder, float32 (None, 2), at ")
    assert f"{s}" == str(s) == repr(s) and f"{s!r:>400}".strip() == f"{s:>400}".strip() == repr(s)


def test_a_symbol_is_hashed_and_found_by_identity():
    with df.graph():
        s, t = df.placeholder(name="s"), df.placeholder(name="t")
    assert {s: 1, t: 2}[t] == 2 and s in [s, t] and len({s, t, s}) == 2


EAGER_MEETS_SYMBOL = {
    "df.grad": (lambda w, s: df.grad(s, w), GradientError, "df.gradients"),
    "start of backward": (lambda w, s: (w * 2).backward(s), SymbolicValueError, "Session.run"),
    "assign": (lambda w, s: w.assign(s), SymbolicValueError, "Session.run"),
    "in place": (lambda w, s: w.detach().add_(s), GraphError, "inside the symbol's graph"),
    "item assignment": (lambda w, s: w.detach().__setitem__(0, s[0]), SymbolicValueError, "Session.run"),
    "gradient": (lambda w, s: setattr(w, "grad", s), DTypeError, "grad"),
}


@pytest.mark.parametrize("do, kind, way_out", EAGER_MEETS_SYMBOL.values(), ids=EAGER_MEETS_SYMBOL.keys())
def test_a_symbol_cannot_become_an_eager_value(do, kind, way_out):
    w = df.Variable([1.0, 2.0])
    (w * w).sum().backward()
    with df.graph():
        s = df.placeholder(df.float32, (2,), name="s")
    error = mistake(do, w, s)
    assert type(error) is kind and way_out in str(error)
    assert w.tolist() == [1, 2] and w.grad.tolist() == [2, 4]


# --------------------------------------------------------------------------------------------------------- eager state

EAGER = {
    "backward of many": (lambda w: (w * 2).backward(), GradientError, "loss.sum().backward()"),
    "gradient of another shape": (lambda w: (w * 2).backward(df.ones(3)), ShapeError, "(3,)"),
    "backward of a constant": (lambda w: df.ones(()).backward(), GradientError, "requires_grad=True"),
    "misfit on the way": (lambda w: ((w * 2) @ df.ones(3)).backward(), ShapeError, "do not align"),
    "written leaf": (lambda w: w.add_(1.0), InPlaceError, "no_grad"),
    "assigned shape": (lambda w: w.assign(df.ones(3)), ShapeError, "does not fit"),
    "assigned text": (lambda w: w.assign("ab"), DTypeError, "cannot hold"),
    "written shape": (lambda w: w.detach().add_(df.ones(2, 2)), ShapeError, "(2, 2)"),
    "bad size of random numbers": (lambda w: w + df.randn(-1), ShapeError, "negative size"),
    "bad bounds of random numbers": (lambda w: w + df.randint(3, 3, (2,)), DualflowError, "randint"),
}


@pytest.mark.parametrize("do, kind, says", EAGER.values(), ids=EAGER.keys())
def test_an_eager_mistake_leaves_values_gradients_and_the_random_stream(do, kind, says):
    w = df.Variable([1.0, 2.0], name="w")
    (w * w).sum().backward()
    df.manual_seed(7)
    error = mistake(do, w)
    assert isinstance(error, kind) and says in str(error)
    assert w.tolist() == [1, 2] and w.grad.tolist() == [2, 4]
    drawn = df.randn(2).numpy()
    df.manual_seed(7)
    np.testing.assert_array_equal(drawn, df.randn(2).numpy())


# ------------------------------------------------------------------------------------------- floating-point accidents

ACCIDENTS = {
    "overflow": (lambda x: df.exp(x * 1000), "exp: overflow"),
    "division by zero": (lambda x: 1 / (x - x), "divide: divide by zero"),
    "logarithm": (lambda x: df.log(-x), "log: invalid value"),
}


@pytest.mark.parametrize("do, says", ACCIDENTS.values(), ids=ACCIDENTS.keys())
def test_numpy_can_be_told_to_stop_at_an_accident(do, says):
    """Under ``np.errstate(all="raise")`` the op and the user's line are named, in eager and interpreted."""
    with np.errstate(all="raise"):
        assert str(mistake(do, df.ones(2))).startswith(says)
        with df.graph() as g:
            y = do(df.ones(2))
        with pytest.raises(DualflowError) as caught:
            df.Session(g, compile=False).run(y)
    assert str(caught.value).startswith(says) and caught.value.site[0] is do.__code__


@pytest.mark.parametrize("do", [do for do, _ in ACCIDENTS.values()], ids=ACCIDENTS.keys())
def test_told_to_ignore_it_all_three_ways_give_the_same_special_values(do):
    with np.errstate(all="ignore"):
        value = do(df.ones(2)).numpy()
        with df.graph() as g:
            y = do(df.ones(2))
        for compile in (True, False):
            np.testing.assert_array_equal(df.Session(g, compile=compile).run(y), value)
    assert not np.isfinite(value).any()

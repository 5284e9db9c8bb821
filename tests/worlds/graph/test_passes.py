"""Passes: each leaves out what it says, keeps every bit of the interpreted graph, every effect and every line."""

import numpy as np
import pytest
from hypothesis import given
from programs import programs
from samples import CARDS, fresh
from test_laws import DIFFERENTIABLE, NAMES
from test_programs_random import fixed
from test_worlds import FEW, cases, placed

import dualflow as df
from dualflow.core.errors import GraphError, OutOfRangeError
from dualflow.worlds.graph.passes import exact
from dualflow.worlds.graph.passes.optimize import PASSES
from dualflow.worlds.graph.plan import Plan

FOUR = np.arange(4.0, dtype=np.float32)
SIX = np.arange(6.0, dtype=np.float32).reshape(2, 3)


def left(name, build, *arrays):
    """Return the names of the ops that one pass leaves of a graph, after the names that stand for nothing are gone."""
    with df.graph():
        xs = [df.placeholder(x.dtype, x.shape) for x in arrays]
        made = build(*xs)
        fetches = list(made) if isinstance(made, list | tuple) else [made]
        plan = Plan(fetches, [(x, x.shape, x.dtype) for x in xs])
    pruned = plan.pruned("numpy")
    for each in name.split():
        PASSES[each](pruned)
    return [node.op.name for node in pruned.nodes]


def bits(value):
    """Return what two values must have in common."""
    value = np.asarray(value)
    return value.dtype, value.shape, value.tobytes()


def both(g, fetches, feeds, chosen=()):
    """Return the bits of fetches, interpreted without passes and with all of them."""
    found = []
    for optimize in (False, True):
        for sample in chosen:
            fresh(sample)
        with df.Session(g, compile=False, optimize=optimize) as session, np.errstate(all="ignore"):
            found.append([bits(v) for v in session.run(fetches, feeds)])
    return found


# ------------------------------------------------------------------------------------------------------------ the law
@pytest.mark.parametrize("name", NAMES)
def test_passes_do_not_change_a_bit_of_any_card_and_its_gradients(name):
    """Of the value, of the gradient, and of the gradient of that."""
    chosen, feeds, fetches = cases(name, "known")[:FEW], {}, []
    with df.graph() as g:
        for sample in chosen:
            operands = placed(sample, "known", feeds)
            y = CARDS[name].call(*operands, **sample.params)
            fetches.append(y)
            xs = [x for x in operands if isinstance(x, df.Symbol) and x.dtype.kind in "fc"]
            if name in DIFFERENTIABLE and xs and y.dtype.kind in "fc":
                slopes = [s for s in df.gradients(y, xs) if s is not None]
                fetches += [*slopes, *(s for slope in slopes for s in df.gradients(slope, xs) if s is not None)]
    plain, lean = both(g, fetches, feeds, chosen)
    assert plain == lean


@pytest.mark.parametrize("name", NAMES)
def test_a_card_of_constants_has_the_bits_that_a_run_would_give_it(name):
    """Folded, where it may be."""
    chosen = cases(name, "known")[:FEW]
    with df.graph() as g:
        nodes = [CARDS[name].call(*[df.asarray(x) if isinstance(x, np.ndarray) else x for x in s.operands],
                                  **s.params) for s in chosen]  # fmt: skip
    nodes = [node for node in nodes if isinstance(node, df.Symbol)]
    plain, lean = both(g, nodes, {}, chosen)
    assert plain == lean


@fixed(150)
@given(programs())
def test_passes_do_not_change_a_bit_of_a_random_program(program):
    """Nor of its gradients."""
    with df.graph() as g:
        xs = [df.placeholder(x.dtype, x.shape) for x in program.leaves]
        y = program(*xs)
        slopes = [s for s in df.gradients(y, xs) if s is not None]
    plain, lean = both(g, [y, *slopes], dict(zip(xs, program.leaves, strict=True)))
    assert plain == lean


# ------------------------------------------------------------------------------------------------------------ each pass
def test_names_leaves_out_what_only_gives_a_value_another_name():
    """A detached value is the value, and so is what a custom function's rule hangs on."""

    class Double(df.Function):
        @staticmethod
        def forward(ctx, x):
            return x * 2

        @staticmethod
        def backward(ctx, g):
            return g * 2

    assert left("names", lambda x: (x * 2).detach() + 1, FOUR) == ["multiply", "add"]
    assert left("names", lambda x: Double.apply(x) + 1, FOUR) == ["multiply", "add"]


def test_fold_lets_go_of_values_whose_size_alone_is_asked():
    """The gradient of a sum needs the shape of what was summed, not its values."""

    def slope(x):
        return df.gradients(df.sum(df.exp(x)), [x])[0] * 0 + df.gradients(df.sum(x * 2), [x])[0]

    before, after = left("names", slope, FOUR), left("names fold", slope, FOUR)
    assert after.count("multiply") < before.count("multiply") or after.count("sum") < before.count("sum")


def test_fold_computes_constants_once_and_keeps_what_may_refuse():
    """A mask of constants is one constant; an index that is out of range is refused when it runs."""
    mask = np.tri(3, dtype=np.float32)
    assert left("fold", lambda x: x + (1 - df.asarray(mask)) * -1e9, SIX[:, :3].repeat(3, 0)[:3]) == ["constant", "add"]
    with df.graph() as g:
        x = df.placeholder(df.float32, (2,))
        y = x + df.take(df.asarray(FOUR), df.asarray([1, 9]))
    with df.Session(g, compile=False) as session, pytest.raises(OutOfRangeError, match="9"):
        session.run(y, {x: FOUR[:2]})


def test_fold_makes_no_constant_beyond_the_limit():
    """XLA writes constants into its program."""
    with df.graph():
        x = df.placeholder(df.float32, (2000,))
        plan = Plan([x + df.ones(2000) * 2], [(x, x.shape, x.dtype)])
    for backend, ops in (("numpy", ["constant", "add"]), ("xla", ["full", "multiply", "add"])):
        pruned = plan.pruned(backend)
        PASSES["fold"](pruned)
        assert [node.op.name for node in pruned.nodes] == ops


def test_merge_computes_once_what_is_said_twice():
    """With the same operands and parameters; -0.0 is not 0.0, nor 1 True."""
    assert left("merge", lambda x: df.tanh(x) + df.tanh(x), FOUR) == ["tanh", "add"]
    assert left("merge", lambda x: [df.sum(x, axis=0), df.sum(x, axis=1), df.sum(x, axis=0)], SIX) == ["sum", "sum"]
    assert left("merge", lambda x: [x * 0.0, x * -0.0, x * 0.0], FOUR) == ["multiply", "multiply"]
    assert left("merge", lambda x: [df.full_like(x, True), df.full_like(x, 1)], FOUR) == ["full_alike", "full_alike"]


def test_merge_draws_as_often_as_the_program_does():
    """Two draws are two draws, and what follows has the numbers that eager gives it."""
    found = []
    for arm in ({"name": "eager"}, {"name": "graph", "compile": False}, {"name": "graph"}):
        df.manual_seed(3)
        with df.mode(**arm):
            step = df.function(lambda x: (df.rand_like(x), df.rand_like(x) * 0, df.rand_like(x) - df.rand_like(x)))
            found.append([value.numpy() for value in step(df.ones(4))])
    for arm in found[1:]:
        for a, b in zip(found[0], arm, strict=True):
            np.testing.assert_array_equal(a, b)
    assert (found[0][2] != 0).all()


def test_merge_keeps_all_lines_and_an_error_names_the_first():
    """What went wrong is looked for in the program as it was written."""
    with df.graph() as g:
        x, i = df.placeholder(df.float32, (4,)), df.placeholder(df.int64, (2,))
        a = df.take(x, i)
        b = df.take(x, i)
        total = a + b
    plan = Plan([total], [(s, s.shape, s.dtype) for s in (x, i)])
    pruned = plan.pruned("numpy")
    PASSES["merge"](pruned)
    assert pruned.nodes[0].sites == [a.site, b.site] and a.site != b.site
    for compiled in (False, True):
        with df.Session(g, compile=compiled) as session, pytest.raises(OutOfRangeError) as caught:
            session.run(total, {x: FOUR, i: [1, 7]})
        assert "a = df.take(x, i)" in str(caught.value)


@pytest.mark.parametrize(
    ("build", "ops"),
    {
        "x·1": (lambda x: df.exp(x) * 1.0, ["exp"]),
        "1·x": (lambda x: 1 * df.exp(x), ["exp"]),
        "x/1": (lambda x: df.exp(x) / 1, ["exp"]),
        "x − 0": (lambda x: df.exp(x) - 0.0, ["exp"]),
        "x − (−0)": (lambda x: df.exp(x) - -0.0, ["exp", "subtract"]),
        "x + (−0)": (lambda x: df.exp(x) + -0.0, ["exp"]),
        "x + 0": (lambda x: df.exp(x) + 0.0, ["exp", "add"]),
        "− −x": (lambda x: df.negative(-df.exp(x)), ["exp"]),
        "xᵀᵀ": (lambda x: df.exp(x.mT.mT), ["exp"]),
        "permuted twice": (
            lambda x: df.permute_dims(df.permute_dims(x[None], axes=(1, 2, 0)), axes=(2, 0, 1)),
            ["getitem"],
        ),
        "reshaped twice": (lambda x: (x @ x.mT).reshape(4).reshape(1, 4), ["matrix_transpose", "matmul", "reshape"]),
        "reshaped back": (lambda x: (x @ x.mT).reshape(4).reshape(2, 2), ["matrix_transpose", "matmul"]),
        "to and fro": (lambda x: df.exp(x).astype(df.float64).astype(df.float32), ["exp"]),
        "to half and back": (lambda x: df.exp(x).astype(df.float16).astype(df.float32), ["exp", "astype", "astype"]),
        "reshaped, of unknown order": (lambda x: df.exp(x).reshape(6).reshape(2, 3), ["exp", "reshape", "reshape"]),
        "stretched by 1": (lambda x: df.exp(x[:1]) * df.ones(2, 3), ["getitem", "exp", "constant", "multiply"]),
        "an argument, whose order is its owner's": (lambda x: x * 1.0, ["multiply"]),
    }.values(),
)
def test_exact_leaves_out_what_gives_back_its_operand_bit_by_bit(build, ops):
    """In floating point, with signed zeros, and in the order in which it lies in memory."""
    found = left("fold exact", build, SIX)
    assert [op for op in found if op != "constant" or "constant" in ops] == ops


def test_exact_names_cards_that_there_are():
    """A card that is called otherwise would never be found."""
    from dualflow.core.op import VOCABULARY

    assert set(exact.IDENTITIES) <= VOCABULARY.keys()


def test_pieces_puts_gradients_of_slices_beside_each_other():
    """Where they do not overlap; else they are added as before."""

    def slope(cut):
        def build(x):
            a, b, c = cut(x)
            return df.gradients((a * a).sum() + b.sum() * 3 + (c * c * c).sum(), [x])[0]

        return build

    apart = left("pieces", slope(lambda x: (x[:, :1], x[:, 1:2], x[0, 2])), SIX)
    assert "put_like" not in apart and apart.count("pieces") == 1
    assert left("pieces", slope(lambda x: (x[:, :2], x[:, 1:], x[0, 1:])), SIX).count("put_like") == 3


def test_pieces_gives_the_zero_that_a_sum_gives():
    """0 + −0 is 0."""
    with df.graph() as g:
        x = df.placeholder(df.float32, (4,))
        slope = df.gradients((x[:2] * -0.0).sum() + x[2:].sum(), [x])[0]
    plain, lean = both(g, [slope], {x: FOUR})
    assert plain == lean and not np.signbit(np.frombuffer(lean[0][2], np.float32)).any()


def test_products_reads_a_matrix_transposed():
    """A transpose that something else reads too is made as before."""
    assert left("products", lambda x: x.mT @ x, SIX) == ["matmul"]
    assert left("merge products", lambda x: [x.mT @ x, x.mT + 1], SIX) == ["matrix_transpose", "matmul", "add"]


@pytest.mark.parametrize("compiled", [False, True], ids=["interpreted", "compiled"])
def test_moves_shares_no_memory_with_anybody(compiled):
    """State that got a value as it is may be written to, and so may the result of the run."""
    w, v = df.Variable(FOUR.copy()), df.Variable(FOUR.copy())

    @df.function
    def step(x):
        new = x + 1.0
        w.assign(new)
        v.assign(new)
        return new, new.reshape(2, 2)

    x = df.tensor(FOUR)
    with df.mode("graph", compile=compiled):
        new, square = step(x)
    with df.no_grad():
        for target in (w, v, new, square):
            target.fill_(9.0) if not isinstance(target, df.Variable) else target.assign(target * 0 + 9)
            others = [np.asarray(o) for o in (w, v, new, square, x) if o is not target]
            assert not any(np.shares_memory(np.asarray(target), o) for o in others)


# ------------------------------------------------------------------------------------------------------------ switches
def test_passes_are_chosen_by_session_and_mode():
    """None, all, or some."""
    with df.graph() as g:
        x = df.placeholder(df.float32, (4,))
        y = df.exp(x) * 1.0 + df.exp(x)

    def steps(session):
        with session:
            session.run(y, {x: FOUR})
            return [step.node.op.name for step in next(iter(session.plans.values())).lean("numpy").steps]

    assert len(steps(df.Session(g, compile=False))) == 2
    assert len(steps(df.Session(g, compile=False, optimize=False))) == 4
    assert len(steps(df.Session(g, compile=False, passes=("merge",)))) == 3
    with df.mode("graph", optimize=False):
        assert len(steps(df.Session(g, compile=False))) == 4
        assert len(steps(df.Session(g, compile=False, optimize=True))) == 2
    with df.mode("graph", passes="merge"):
        assert len(steps(df.Session(g, compile=False))) == 3


def test_a_function_is_traced_anew_for_other_passes():
    """Each choice has a trace of its own, and the reason says so."""
    step = df.function(lambda x: df.exp(x) * 1.0)
    for options in ({}, {"optimize": False}, {}):
        with df.mode("graph", compile=False, **options):
            step(df.tensor(FOUR))
    assert step.trace_count == 2 and "passes: was True, is False" in step.log[1]


@pytest.mark.parametrize(
    "make", [lambda: df.mode("graph", passes=("fold", "fuse")), lambda: df.Session(df.Graph(), passes="fuse")]
)
def test_a_pass_that_there_is_not_is_refused(make):
    """With the names of those that there are."""
    with pytest.raises(GraphError, match="there is no pass 'fuse'") as caught:
        make()
    assert all(name in str(caught.value) for name in PASSES)


def test_a_constant_that_was_merged_is_nobody_elses_to_write_to():
    """Whoever looks on gets the whole graph, whose constants are as much the graph's own."""
    with df.graph() as g:
        a, b = df.asarray(FOUR.copy()), df.asarray(FOUR.copy())
    with df.Session(g, compile=False) as session:
        session.run([a, b])
        with df.check_numerics():
            for value in session.run([a, b]):
                value[:] = 9.0
            for value in session.run([a, b]):
                np.testing.assert_array_equal(value, FOUR)

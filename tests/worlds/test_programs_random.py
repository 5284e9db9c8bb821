"""Random programs: eager, the graph interpreted and the graph compiled give the same, and so do their gradients."""

import numpy as np
from hypothesis import HealthCheck, assume, given, settings
from programs import ALONG, BINARY, FAMILY, REDUCE, UNARY, Program, Step, programs

import dualflow as df
from dualflow.autodiff.record import OP
from dualflow.core.op import VOCABULARY

QUIET = [
    HealthCheck.too_slow,
    HealthCheck.data_too_large,
    HealthCheck.filter_too_much,
    HealthCheck.function_scoped_fixture,
]


def fixed(examples):
    """The same programs in every run."""
    return settings(
        max_examples=examples,
        derandomize=True,
        deadline=None,
        suppress_health_check=QUIET,
        print_blob=False,
        database=None,
    )


def eager(program, leaves):
    """Return the value of a program and its gradients, with errors of floating point left to the comparison."""
    xs = [df.from_numpy(np.array(x)).requires_grad_() for x in leaves]
    with np.errstate(all="ignore"):
        y = program(*xs)
        seed = df.from_numpy(np.ones(y.shape, y.dtype))
        if not y.requires_grad:
            return y, [np.zeros(x.shape) for x in leaves]
        found = df.grad(y, xs, seed, allow_unused=True)
    return y, [np.zeros(x.shape) if g is None else np.asarray(g.detach()) for g, x in zip(found, leaves, strict=True)]


def graph(program, compiled, gradients=True):
    """Return what ``eager`` does, from a graph."""
    with df.graph() as g:
        xs = [df.placeholder(x.dtype, x.shape) for x in program.leaves]
        y = program(*xs)
        slopes = df.gradients(y, xs) if gradients else []
    known = [s for s in slopes if s is not None]
    with np.errstate(all="ignore"):
        value, *found = df.Session(g, compile=compiled).run([y, *known], dict(zip(xs, program.leaves, strict=True)))
    rest = iter(found)
    return value, [
        np.zeros(x.shape) if s is None else next(rest) for s, x in zip(slopes, program.leaves, strict=bool(gradients))
    ]


def steady(program):
    """Tell whether nudged leaves give nearly the same: at a kink or a pole two correct worlds may differ."""
    y, slopes = eager(program, program.leaves)
    y, finite = np.asarray(y.detach()), all(np.isfinite(g).all() and (np.abs(g) < 1e5).all() for g in slopes)
    if not finite or not np.isfinite(y).all():
        return False
    for sign in (1, -1):
        z, others = eager(program, [x * (1 + sign * 3e-7) + sign * 1e-7 for x in program.leaves])
        pairs = [(y, np.asarray(z.detach())), *zip(slopes, others, strict=True)]
        if not all(np.allclose(a, b, rtol=1e-3, atol=1e-3) for a, b in pairs):
            return False
    return True


def tolerance(program):
    """Single precision anywhere costs digits everywhere after it."""
    return 5e-3 if any(s.name == "single" for s in program.steps) else 1e-7


def test_the_programs_are_drawn_over_the_vocabulary():
    assert len(UNARY) >= 12 and len(BINARY) >= 5 and len(REDUCE) >= 4 and len(ALONG) >= 2
    program = Program([np.ones(3)], [Step("unary", "exp", (0,), 0), Step("reduce", "sum", (1,), 0)])
    assert np.isclose(program(df.ones(3)).item(), 3 * np.e + 1 + np.e)  # the mean of each value before the last


def test_most_of_the_vocabulary_is_drawn():
    """200 programs hold at least nine of ten of the cards and moves, and half of all cards that have gradients."""
    drawn, called = set(), set()

    @fixed(200)
    @given(programs())
    def gather(program):
        drawn.update((s.family, s.name) for s in program.steps)
        with df.graph() as g:
            program(*[df.placeholder(x.dtype, x.shape) for x in program.leaves])
        called.update(node.record[OP].name for node in g.nodes)

    gather()
    whole = {(family, name) for family, names in FAMILY.items() for name in names}
    assert len(drawn) >= 0.9 * len(whole), sorted(whole - drawn)
    slopes = {name for name, op in VOCABULARY.items() if op.differentiable and not op.host}
    assert len(called & slopes) >= 0.5 * len(slopes), sorted(slopes - called)


@fixed(120)
@given(programs())
def test_interpreted_is_eager_to_the_bit(program):
    y, slopes = eager(program, program.leaves)
    value, found = graph(program, compiled=False)
    np.testing.assert_array_equal(value, y.detach().numpy(), strict=True)
    for a, b in zip(found, slopes, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-9 if tolerance(program) < 1e-6 else 1e-4, atol=1e-9)


@fixed(20)
@given(programs())
def test_compiled_is_eager_within_tolerance(program):
    assume(steady(program))
    y, slopes = eager(program, program.leaves)
    value, found = graph(program, compiled=True)
    y = y.detach().numpy()
    assert (value.shape, value.dtype) == (y.shape, y.dtype)
    limit = tolerance(program)
    for a, b in ((value, y), *zip(found, slopes, strict=True)):
        np.testing.assert_allclose(a, b, rtol=limit, atol=limit * max(1.0, float(np.abs(b).max(initial=0))))


@fixed(80)
@given(programs(most=20, smooth=True))
def test_gradients_are_the_slopes(program):
    """Central differences along a direction, for programs that are smooth where they stand."""
    assume(steady(program))
    _, slopes = eager(program, program.leaves)
    draw = np.random.default_rng(0)
    ways = [draw.normal(size=x.shape) for x in program.leaves]
    step = 1e-6

    def along(t):
        return float(
            np.asarray(eager(program, [x + t * d for x, d in zip(program.leaves, ways, strict=True)])[0].detach()).sum()
        )

    expected = (along(step) - along(-step)) / (2 * step)
    found = sum(float((g * d).sum()) for g, d in zip(slopes, ways, strict=True))
    scale = max(1.0, abs(expected), sum(float(np.abs(g * d).sum()) for g, d in zip(slopes, ways, strict=True)))
    assert abs(found - expected) <= 1e-4 * scale, program

"""``df.check_numerics()``: the op that first makes a NaN or an infinity, in every arm, forward and backward.

And what else a failed run tells: values, and state as it was.
"""

import inspect
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import dualflow as df
from dualflow.autodiff import nonfinite
from dualflow.core.errors import NumericsError, OutOfRangeError, SingularError
from dualflow.core.op import VOCABULARY
from dualflow.core.site import decode
from dualflow.worlds.eager import carry
from dualflow.worlds.graph.plan import Plan
from dualflow.worlds.graph.run import xla

ARMS = {
    "eager": lambda: df.mode("eager"),
    "interpreted": lambda: df.mode("graph", compile=False),
    "compiled": lambda: df.mode("graph"),
}


@pytest.fixture(params=ARMS)
def arm(request):
    """The name of each arm, in its scope; NumPy's own alarms are off, because ours are what is tried."""
    with np.errstate(all="ignore"), ARMS[request.param]():
        yield request.param


# ------------------------------------------------------------------------------------------ what must be found

X = np.array([4.0, 0.0, 1.0], np.float32)


def log_of_zero(x, w):
    return df.log(x).sum()  # guilty: log


def zero_by_zero(x, w):
    y = x * 0
    return (y / y).sum()  # guilty: divide


def exp_overflows(x, w):
    h = x * 100
    h = df.exp(h)  # guilty: exp
    return df.log(h).sum()


def root_of_negative(x, w):
    return df.sqrt(x - 1).sum()  # guilty: sqrt


def half_precision_overflows(x, w):
    h = x.astype(df.float16) * 200
    return df.square(h).sum()  # guilty: square


def in_a_loop(x, w):
    h = x + 1
    for _ in range(6):
        h = h * h  # guilty: multiply
        h = h * 1000
    return h.sum()


def infinity_minus_infinity(x, w):
    h = x + float("inf")
    return (h - h).sum()  # guilty: subtract


def what_came_in(x, w):
    h = x * 2
    return (h + df.tensor([1.0, float("nan"), 2.0])).sum()  # guilty: add


def slope_of_root(x, w):
    h = w * 1
    loss = df.sqrt(h).sum()  # guilty: sqrt
    loss.backward()
    return loss


def slope_behind_where(x, w):
    safe = df.where(w > 0, df.log(w), 0.0)  # guilty: log
    loss = safe.sum()
    loss.backward()
    return loss


def slope_of_a_power(x, w):
    loss = (w**0.5).sum()  # guilty: power
    loss.backward()
    return loss


def slope_of_a_norm(x, w):
    loss = df.sqrt(df.square(w * 0).sum())  # guilty: sqrt
    loss.backward()
    return loss


FOUND = [
    value
    for value in list(globals().values())
    if "# guilty" in (inspect.getsource(value) if inspect.isfunction(value) else "")
]


def guilty(function):
    """Return the line marked guilty, and the op it names."""
    lines, start = inspect.getsourcelines(function)
    at = next(i for i, line in enumerate(lines) if "# guilty: " in line)
    return start + at, lines[at].split("# guilty: ")[1].strip()


def run(function, tools=True):
    """Run a function of (x, w) in the arm whose scope this is."""
    w = df.tensor(X.copy(), requires_grad=True)
    if not tools:
        return df.function(function)(df.tensor(X), w)
    with df.check_numerics():
        return df.function(function)(df.tensor(X), w)


@pytest.mark.parametrize("function", FOUND, ids=lambda f: f.__name__)
def test_the_first_maker_is_named_with_its_line(arm, function):
    line, op = guilty(function)
    with pytest.raises(NumericsError) as caught:
        run(function)
    error = caught.value
    place = decode(error.site)
    assert (place.file, place.line) == (__file__, line), str(error)
    head = str(error).split("\n")[0]
    assert op in head.replace(":", " ").split(), head
    assert "elements, the first at [" in head or "1 element" in head


@pytest.mark.parametrize("function", FOUND, ids=lambda f: f.__name__)
def test_without_the_scope_nothing_is_said(arm, function):
    run(function, tools=False)


def test_the_text_is_the_same_in_every_arm():
    """But for the names that only a graph knows."""
    told = {}
    for name, scope in ARMS.items():
        with np.errstate(all="ignore"), scope(), pytest.raises(NumericsError) as caught:
            run(slope_behind_where)
        told[name] = str(caught.value)
    assert told["interpreted"] == told["compiled"] == told["eager"]
    assert told["eager"].split("\n")[:5] == [
        "backward: the gradient of log for x makes 1 NaN among 3 elements, the first at [1]",
        "  gradient: float32 of shape (3,), from 0.0 to 1.0",
        "  result: float32 of shape (3,), from 0.0 to 1.3862944, and 1 not finite",
        "  x: float32 of shape (3,), from 0.0 to 4.0",
        "  there: gradient = 0.0, x = 0.0",
    ]
    assert "in the backward pass at" in told["eager"] and "loss.backward()" in told["eager"]
    assert told["eager"].endswith("choose before it instead, as in log(where(ok, x, 1))")


# --------------------------------------------------------------------------------------- what must not be found


def integers_wrap(x, w):
    return (x.astype(df.int8) * 100).sum()


def masked_softmax(x, w):
    mask = df.where(df.tensor([False, True, False]), float("-inf"), 0.0)
    loss = df.softmax(w + mask, axis=-1).square().sum()
    loss.backward()
    return loss


def attention_with_a_mask_of_infinities(x, w):
    q = df.reshape(w, (1, 1, 3, 1))
    mask = df.tensor(np.triu(np.full((3, 3), -np.inf, np.float32), 1))
    loss = df.nn.functional.scaled_dot_product_attention(q, q, q, attn_mask=mask).sum()
    loss.backward()
    return loss


def masked_fill(x, w):
    scores = w.masked_fill(df.tensor([True, False, True]), float("-inf"))
    loss = df.logsumexp(scores, axis=0)
    loss.backward()
    return loss


def guarded_log(x, w):
    return df.where(x > 0, df.log(x), 0.0).sum()


def guarded_entropy(x, w):
    return df.where(x > 0, x * df.log(x), 0.0).sum()


def guarded_on_both_sides(x, w):
    loss = df.where(w > 0, df.log(df.where(w > 0, w, 1.0)), 0.0).sum()
    loss.backward()
    return loss


def large_scores(x, w):
    loss = df.nn.functional.cross_entropy((w * 1e4).reshape((1, 3)), df.tensor([1]))
    loss = loss + df.nn.functional.binary_cross_entropy_with_logits(w * 1e4, df.tensor(X) * 0)
    loss = loss + df.logsumexp(w * 1e4, axis=0) + df.nn.functional.softplus(w * 1e4).sum() + df.sigmoid(w * -1e4).sum()
    loss.backward()
    return loss


def a_power_at_zero(x, w):
    loss = (w**2).sum() + df.power(w, df.tensor([2.0, 2.0, 0.0])).sum()
    loss.backward()
    return loss


def repaired(x, w):
    return df.nan_to_num(x + df.tensor([0.0, float("inf"), 0.0])).sum()


QUIET = [integers_wrap, masked_softmax, attention_with_a_mask_of_infinities, masked_fill, guarded_log, guarded_entropy,
         guarded_on_both_sides, large_scores, a_power_at_zero, repaired]  # fmt: skip


@pytest.mark.parametrize("function", QUIET, ids=lambda f: f.__name__)
def test_what_is_meant_is_no_alarm(arm, function):
    checked, plain = run(function), run(function, tools=False)
    # compiled, the checked program is the user's whole graph and the plain one what passes leave: XLA fuses otherwise
    tolerance = 1e-6 if arm == "compiled" else 0
    np.testing.assert_allclose(np.asarray(checked.detach()), np.asarray(plain.detach()), rtol=tolerance)


# ------------------------------------------------------------------------------------------------------- the scope


def test_the_scope_is_a_decorator_and_nests(arm):
    @df.check_numerics()
    def checked():
        with df.check_numerics():
            run(zero_by_zero, tools=False)

    with pytest.raises(NumericsError, match="divide"):
        checked()
    run(zero_by_zero, tools=False)


def test_switching_it_on_never_reuses_a_plan_without_flags(arm):
    step = df.function(log_of_zero)
    w = df.tensor(X, requires_grad=True)
    for _ in range(2):
        assert float(step(df.tensor(X), w)) == -np.inf
        with df.check_numerics(), pytest.raises(NumericsError, match="log: makes 1 -inf"):
            step(df.tensor(X), w)
    with df.check_numerics():
        assert np.isfinite(float(step(df.tensor(X) + 1, w)))


@pytest.mark.parametrize("compile", [False, True])
def test_sessions_are_checked_too(compile):
    with df.graph() as g:
        x = df.placeholder(df.float32, (None,), name="x")
        v = df.Variable([1.0, 2.0], name="v")
        y = df.log(x) * v
        step = v.assign(v + y)
        init = df.global_variables_initializer()
    with np.errstate(all="ignore"), df.Session(g, compile=compile) as sess:
        sess.run(init)
        with df.check_numerics():
            sess.run(step, {x: [1.0, 1.0]})
            with pytest.raises(NumericsError, match="log: makes 1 -inf") as caught:
                sess.run(step, {x: [1.0, 0.0]})
        assert "x: float32 of shape (2,), from 0.0 to 1.0, named 'x'" in str(caught.value)
        np.testing.assert_array_equal(sess.run(v), [1, 2])
        sess.run(step, {x: [1.0, 0.0]})
        assert np.isneginf(sess.run(v)[1])


def test_a_failed_step_leaves_weights_and_optimizer_as_they_were(arm):
    model = df.nn.Linear(3, 1)
    optimizer = df.optim.Adam(model.parameters())

    def step(x):
        loss = df.log(model(x).abs()).sum()
        optimizer.minimize(loss)
        return loss

    step = df.function(step)
    with df.check_numerics():
        step(df.tensor(X))
        kept = [p.detach().numpy().copy() for p in model.parameters()]
        model.bias.assign(-(model.weight @ df.tensor(X)).detach())
        before = [p.detach().numpy().copy() for p in model.parameters()]
        with pytest.raises(NumericsError, match="log"):
            step(df.tensor(X))
    assert not np.array_equal(kept[1], before[1])
    for p, old in zip(model.parameters(), before, strict=True):
        np.testing.assert_array_equal(p.detach().numpy(), old)


def test_writing_in_place_is_checked():
    w = df.tensor([3e38], requires_grad=True)
    with np.errstate(all="ignore"), df.check_numerics(), df.no_grad(), pytest.raises(NumericsError, match="add: makes"):
        w += w


def test_a_pass_that_is_differentiated_again_is_checked():
    x = df.tensor([0.0, 4.0], requires_grad=True)
    with np.errstate(all="ignore"), df.check_numerics():
        (g,) = df.grad((x**1.5).sum(), x, create_graph=True)
        with pytest.raises(NumericsError, match="the gradient of power for a makes 1 inf"):
            g.sum().backward()


def test_what_only_the_compiler_makes_is_told_as_such(monkeypatch):
    """A kernel that differs: XLA's makes a NaN where NumPy's does not."""
    op = VOCABULARY["square"]
    monkeypatch.setitem(op.kernels, "jax", lambda x: x * np.nan)
    with df.mode("graph"), df.check_numerics(), pytest.raises(NumericsError) as caught:
        df.function(lambda x: df.square(x * 2))(df.ones(2))
    assert str(caught.value).startswith("square: the compiled program makes a NaN or an infinity here; NumPy")
    assert decode(caught.value.site).function.endswith("<lambda>")


# ------------------------------------------------------------------------------------------------- nothing when off


def test_off_an_eager_op_runs_the_same_bytecode_up_to_unusual(monkeypatch):
    """No op, no backward pass and no run looks at values unless the scope is on."""

    def never(*args, **kwargs):
        raise AssertionError("looked at while off")

    for name in ("check", "check_gradient", "bad"):
        monkeypatch.setattr(nonfinite, name, never)
    monkeypatch.setattr(carry, "aside", never)
    x, w = df.tensor(X + 1), df.tensor(X + 1, requires_grad=True)
    loss = (df.log(x) * w).sum()
    loss.backward()
    with df.no_grad():
        w -= 0.1 * w.grad


def test_off_the_compiled_plan_is_what_it_was():
    """The program that a normal run compiles has no flags, before and after the scope has been on."""
    import jax

    def text(plan):
        given = [np.ones(3, np.float32)]
        return jax.jit(xla.lowered(plan)).lower([], [], given, []).as_text()

    def plan():
        with df.graph():
            x = df.placeholder(df.float32, (3,), name="x")
            y = df.log(x) + 1
        return Plan([y], [(x, (3,), np.dtype(np.float32))])

    fresh, used = plan(), plan()
    with df.check_numerics():
        xla.run(used, [np.ones(3, np.float32)], {})
    assert "is_finite" not in text(fresh) and text(fresh) == text(used)
    assert used.compiled is None and used.flags.compiled is not None


# ------------------------------------------------------------------------------------------- failed runs, always


@pytest.mark.parametrize(
    "function, kind, says",
    [
        (lambda x: x[df.tensor([0, 7])], OutOfRangeError, "index 7 is out of bounds for axis 0 with size 3"),
        (lambda x: df.linalg.inv(x.reshape((3, 1)) @ x.reshape((1, 3)) * 0), SingularError, "the matrix is singular"),
        (lambda x: x.astype(df.int32) ** df.tensor([-1, 1, 1], dtype=df.int32), df.errors.DTypeError, "negative"),
    ],
)  # fmt: skip
def test_a_refusal_reads_the_same_in_every_arm(function, kind, says):
    heads = set()
    for scope in ARMS.values():
        with np.errstate(all="ignore"), scope(), pytest.raises(kind, match=says) as caught:
            df.function(function)(df.tensor(X))
        heads.add(str(caught.value).split("\n")[0])
        assert decode(caught.value.site).file == __file__
    assert len(heads) == 1


def test_a_bad_index_says_where_it_stands(arm):
    with pytest.raises(OutOfRangeError) as caught:
        df.function(lambda x, i: x[i])(df.tensor(X), df.tensor([[0, 1], [5, 2]]))
    assert str(caught.value).endswith("#1[1, 0] is 5")


GREEDY = """
import resource
import dualflow as df
from dualflow.core.errors import ExecutionError

w = df.ones(3, requires_grad=True)

@df.function
def step(a):
    h = a[:, None] * a
    first = df.sort(h, axis=0)[0, :3]
    with df.no_grad():
        w.add_(first)
    return first

with df.mode("graph"):
    step(df.ones(4))  # jax is loaded and its threads run
    resource.setrlimit(resource.RLIMIT_AS, (40 << 30, 40 << 30))
    for tools in (False, True):
        try:
            with df.check_numerics() if tools else df.enable_grad():
                step(df.ones(10**6))
        except ExecutionError as error:
            print(type(error.__cause__).__name__, error, sep="\\n")
print(w.tolist())
"""


def test_a_program_that_wants_too_much_memory_is_named_and_leaves_the_state(tmp_path):
    """4 TB where a process is given 40 GB; XLA tells it late, when a result is read."""
    pytest.importorskip("resource", reason="only Unix limits a process's memory")
    (tmp_path / "greedy.py").write_text(GREEDY)
    ran = subprocess.run([sys.executable, "greedy.py"], cwd=tmp_path, capture_output=True, text=True,
                         env=os.environ | {"PYTHONPATH": str(Path(df.__file__).parent.parent)}, check=True)  # fmt: skip
    lines = ran.stdout.splitlines()
    assert lines[0] == lines[5] == "JaxRuntimeError", ran.stdout
    for head, place in (lines[1], lines[3]), (lines[6], lines[8]):
        assert "the compiled program ran out of memory; its largest value, 4e+03 GB, is made here" in head
        assert place == "  at greedy.py:10, in step: h = a[:, None] * a"
    assert lines[-1] == "[2.0, 2.0, 2.0]"


# ------------------------------------------------------------------------------------------------ values and names


def test_an_error_of_a_run_holds_the_values_computed_before_it():
    with df.graph() as g:
        x = df.placeholder(df.float32, (3,), name="x")
        i = df.placeholder(df.int64, (), name="i")
        v = df.Variable([1.0, 2.0, 3.0], name="v")
        h = x * v
        picked = df.take(h, i)
        after = picked + 1
        init = df.global_variables_initializer()
    for compile in (False, True):
        with df.Session(g, compile=compile) as sess:
            sess.run(init)
            with df.debug(), pytest.raises(OutOfRangeError) as caught:
                sess.run(after, {x: X, i: 9})
            values = caught.value.values
            np.testing.assert_array_equal(values[h], X * [1, 2, 3])
            assert values[i] == 9 and x in values and v in values
            assert picked not in values and after not in values and "h" not in values
            with pytest.raises(OutOfRangeError) as caught:
                sess.run(after, {x: X, i: 9})
            assert caught.value.values is None


def test_an_error_of_a_trace_holds_values_from_the_actual_arguments():
    kept = []

    def step(x):
        h = x * 2
        noise = df.rand(3)
        kept.extend((h, noise, h + noise))
        return h @ df.ones(4)

    with df.mode("graph"), df.debug(), pytest.raises(df.errors.ShapeError) as caught:
        df.function(step)(df.tensor(X))
    values, state = caught.value.values, df.get_rng_state()
    np.testing.assert_array_equal(values[kept[0]], X * 2)
    np.testing.assert_array_equal(values[kept[2]], X * 2 + values[kept[1]])
    assert repr(df.get_rng_state()) == repr(state)


def test_captured_tensors_bear_the_names_of_variables():
    weights = [df.ones(3, requires_grad=True)]
    scale = df.ones(3)
    model = df.nn.Linear(3, 1)

    @df.function
    def step(x):
        return model(x * weights[0] * scale)

    with df.mode("graph"):
        step(df.tensor(X))
    graph = next(iter(step.traces.values()))[0].graph
    assert [c.name for c in graph.cells.values()] == ["weights[0]", "scale", "weight", "bias"]

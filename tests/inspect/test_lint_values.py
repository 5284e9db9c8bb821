"""The findings that compare values: a custom gradient with its forward's slope, a compiled graph with NumPy."""

import warnings

import numpy as np
import pytest

import dualflow as df
from dualflow.core.errors import LintWarning
from dualflow.core.op import VOCABULARY

MODES = [df.eager, lambda: df.mode("graph", compile=False), lambda: df.mode("graph")]
IDS = ["eager", "interpreted", "compiled"]


def heard(code, run):
    """Return the lint warnings of one code that running gives."""
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        run()
    return [w for w in found if issubclass(w.category, LintWarning) and w.message.code == code]


def square(rule, slow=False):
    """Make a custom Function of x² with a gradient rule of (grad, x)."""

    class Square(df.Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x)
            return x * x

        @staticmethod
        def backward(ctx, grad):
            (x,) = ctx.saved_tensors
            return rule(grad, x)  # the rule

    return Square


RULES = {
    "right": (lambda g, x: 2 * g * x, False),
    "sign": (lambda g, x: -2 * g * x, True),
    "factor": (lambda g, x: g * x, True),
    "from above": (lambda g, x: 2 * x, True),
}


@pytest.mark.parametrize("scope", MODES, ids=IDS)
@pytest.mark.parametrize("rule", RULES)
def test_a_custom_rule_is_tried_against_its_slope(rule, scope):
    function, wrong = square(RULES[rule][0]), RULES[rule][1]
    w = df.Variable(df.randn(4, 3))

    @df.function
    def step():
        loss = function.apply(w).sum()
        loss.backward()
        w.grad = None
        return loss

    def run():
        with scope(), df.lint():
            step()
            step()

    found = heard("slope", run)
    assert len(found) == wrong
    if wrong:
        assert "Square.backward" in str(found[0].message)
        assert "test_lint_values.py" in found[0].filename


@pytest.mark.parametrize("dtype", [df.float32, df.float64, df.float16])
def test_right_rules_are_left_alone(dtype):
    """Kinks, saturation, constants in single precision, several inputs, some without a gradient."""

    class Clip(df.Function):
        @staticmethod
        def forward(ctx, x, y, limit):
            ctx.save_for_backward(x, y)
            ctx.limit = limit
            return x.clamp(-limit, limit) * y + df.tensor(0.1)

        @staticmethod
        def backward(ctx, g):
            x, y = ctx.saved_tensors
            inside = ((x >= -ctx.limit) & (x <= ctx.limit)).astype(g.dtype)
            return g * y * inside, g * x.clamp(-ctx.limit, ctx.limit), None

    def run():
        with df.lint():
            Clip.apply(df.randn(30, dtype=df.float32).astype(dtype), df.randn(30).astype(dtype), 0.7)

    assert not heard("slope", run)


def test_a_forward_that_cannot_be_moved_is_left_alone():
    class Log(df.Function):
        @staticmethod
        def forward(ctx, x):
            return x.log()

        @staticmethod
        def backward(ctx, g):
            return g

    def run():
        with df.lint(), np.errstate(invalid="ignore"):
            Log.apply(df.tensor([-1.0, 2.0], requires_grad=True))

    assert not heard("slope", run)


# --- compiled against NumPy -----------------------------------------------------------------------------------------


@pytest.fixture
def wrong_tanh(monkeypatch):
    """Give tanh a kernel for XLA that is a little off."""
    kernels = VOCABULARY["tanh"].kernels
    monkeypatch.setitem(kernels, "jax", lambda x: x * (27 + x * x) / (27 + 9 * x * x))


def train(steps=3):
    """Return a step with state in memory of the user's, whose second op is tanh."""
    w = df.from_numpy(np.linspace(-1, 1, 12, dtype=np.float32).reshape(4, 3)).requires_grad_()
    x = df.randn(5, 4)

    @df.function
    def step(x):
        h = (x @ w).tanh()
        loss = (h * h).sum()
        loss.backward()
        with df.no_grad():
            w.sub_(0.1 * w.grad)
        w.grad = None
        return loss

    return [float(step(x)) for _ in range(steps)]


def test_an_op_lowered_wrongly_is_named(wrong_tanh):
    def run():
        with df.mode("graph"), df.lint():
            train()

    (found,) = heard("lowering", run)
    assert str(found.message).startswith("lowering: tanh gives ")
    assert "h = (x @ w).tanh()" in str(found.message)


def test_interpreted_runs_and_right_kernels_are_left_alone(wrong_tanh):
    def interpreted():
        with df.mode("graph", compile=False), df.lint():
            train()

    assert not heard("lowering", interpreted)


def test_a_right_program_gives_no_finding_and_the_same_numbers():
    def compiled():
        with df.mode("graph"), df.lint():
            kept.append(train())

    kept = []
    df.manual_seed(1)
    assert not heard("lowering", compiled)
    df.manual_seed(1)
    with df.mode("graph"):
        assert train() == kept[0]


def test_draws_are_those_of_a_run_without_the_linter():
    def noisy():
        @df.function
        def draw():
            return df.randn(3)

        return draw().numpy()

    df.manual_seed(3)
    with df.mode("graph"):
        expected = noisy()
    df.manual_seed(3)
    with df.mode("graph"), df.lint():
        np.testing.assert_array_equal(noisy(), expected)


def test_a_session_is_compared_too(wrong_tanh):
    def run():
        with df.lint(), df.graph() as g:
            x = df.placeholder(df.float32, (3,), name="x")
            y = df.tanh(x)
            with df.Session(g) as sess:
                sess.run(y, {x: [0.5, 1.0, 2.0]})

    assert len(heard("lowering", run)) == 1


def test_codes_can_be_left_out(wrong_tanh):
    def run():
        with df.mode("graph"), df.lint(ignore=("lowering",)):
            train()

    assert not heard("lowering", run)

"""``df.function``: one step, either world, one state, no visible seam."""

from __future__ import annotations

import numpy as np
import pytest

import dualflow as df
from dualflow.core.errors import GradientError, GraphError, InPlaceError, SymbolicValueError

X = np.random.default_rng(0).standard_normal((30, 16, 8)).astype(np.float32)
Y = np.random.default_rng(1).integers(0, 4, (30, 16))


def run(modes, style, optimizer=lambda p: df.optim.Adam(p, lr=1e-2)):
    """Train a small network with dropout, each step in the mode it is given; return losses and parameters."""
    df.manual_seed(0)
    model = df.nn.Sequential(df.nn.Linear(8, 16), df.nn.ReLU(), df.nn.Dropout(0.2), df.nn.Linear(16, 4))
    opt = optimizer(model.parameters())

    @df.function
    def step(x, y):
        loss = df.nn.functional.cross_entropy(model(x), y)
        if style == "minimize":
            opt.minimize(loss)
        else:
            loss.backward()
            opt.step()
            opt.zero_grad()
        return loss

    losses = []
    for i, (mode, compile) in enumerate(modes):
        with df.mode(mode) if mode == "eager" else df.mode(mode, compile=compile):
            losses.append(float(step(df.tensor(X[i]), df.tensor(Y[i]))))
    return np.array(losses), [p.detach().numpy().copy() for p in model.parameters()], step


@pytest.mark.parametrize("style", ["minimize", "backward"])
@pytest.mark.parametrize("compile", [True, False], ids=["compiled", "interpreted"])
def test_ten_eager_ten_graph_ten_eager_steps_are_thirty_eager_steps(style, compile):
    eager, parameters, _ = run([("eager", True)] * 30, style)
    mixed = [("eager", True)] * 10 + [("graph", compile)] * 10 + [("eager", True)] * 10
    losses, found, step = run(mixed, style)
    np.testing.assert_allclose(losses, eager, rtol=2e-5)
    for a, b in zip(found, parameters, strict=True):
        np.testing.assert_allclose(a, b, rtol=2e-4, atol=2e-6)
    assert step.trace_count == 1


@pytest.mark.parametrize(
    "make",
    [
        lambda p: df.optim.SGD(p, lr=0.1, momentum=0.9, nesterov=True, weight_decay=1e-3),
        lambda p: df.optim.AdamW(p, lr=1e-2),
    ],
    ids=["SGD", "AdamW"],
)
def test_other_optimizers_switch_without_a_seam_too(make):
    eager, _, _ = run([("eager", True)] * 20, "minimize", make)
    mixed, _, _ = run([("graph", True)] * 7 + [("eager", True)] * 6 + [("graph", True)] * 7, "minimize", make)
    np.testing.assert_allclose(mixed, eager, rtol=2e-5)


def test_gradients_that_are_not_cleared_accumulate_in_both_worlds():
    def forget(mode):
        w = df.Variable([1.0, 2.0])

        @df.function
        def step(x):
            loss = (w * x).sum()
            loss.backward()
            return loss

        with df.mode(mode):
            for _ in range(3):
                step(df.tensor([1.0, 10.0]))
        return w.grad.numpy()

    np.testing.assert_array_equal(forget("graph"), forget("eager"))
    np.testing.assert_array_equal(forget("graph"), [3.0, 30.0])


def test_a_gradient_cleared_inside_is_cleared_outside():
    w = df.Variable([1.0])

    @df.function
    def step():
        (w * 2).sum().backward()
        w.grad = None
        return w * 1

    w.grad = df.tensor([5.0])
    with df.mode("graph"):
        step()
    assert w.grad is None


def test_python_values_make_their_own_trace_and_the_log_says_why():
    @df.function
    def scale(x, factor, shift=0):
        return x * factor + shift

    with df.mode("graph"):
        for factor in (2, 2, 3):
            assert scale(df.tensor([1.0]), factor).item() == factor
        scale(df.tensor([1.0, 2.0]), 3)
        scale(df.tensor([1.0, 2.0]), 3, shift=1)
    assert scale.trace_count == 4
    assert scale.log[0] == "the first call"
    assert "factor: was int 2, is int 3" in scale.log[1]
    assert "x: was float32 (1,), is float32 (2,)" in scale.log[2]
    assert "keyword" in scale.log[3]


def test_structures_go_in_and_come_out():
    @df.function
    def swap(pair, named):
        return {"sum": pair[0] + pair[1], "rest": [named["a"] * 2, 7, None]}

    with df.mode("graph"):
        found = swap((df.tensor(1.0), np.float32(2.0)), {"a": df.tensor([3.0])})
    assert found["sum"].item() == 3.0 and found["rest"][0].item() == 6.0 and found["rest"][1:] == [7, None]


def test_training_mode_is_noticed():
    layer = df.nn.Dropout(0.5)

    @df.function
    def f(x):
        return layer(x)

    x = df.ones(1000)
    with df.mode("graph"):
        assert (f(x) == 0).any()
        layer.eval()
        assert not (f(x) == 0).any()
    assert f.trace_count == 2 and "training" in f.log[1]


def test_a_learning_rate_changes_without_a_new_trace():
    w = df.Variable([0.0])
    opt = df.optim.SGD([w], lr=1.0)

    @df.function
    def step():
        opt.minimize(w.sum())

    with df.mode("graph"):
        step()
        opt.param_groups[0]["lr"] = 10.0
        step()
    assert w.numpy()[0] == -11.0 and step.trace_count == 1


def test_methods_and_nested_functions():
    class Net:
        def __init__(self):
            self.w = df.Variable([2.0])

        @df.function
        def forward(self, x):
            return inner(x) * self.w

    @df.function
    def inner(x):
        return x + 1

    one, two = Net(), Net()
    two.w.assign([5.0])
    with df.mode("graph"):
        assert one.forward(df.tensor([1.0])).item() == 4.0
        assert two.forward(df.tensor([1.0])).item() == 10.0
    assert inner.trace_count == 0  # it became part of the outer graphs


def test_variables_as_arguments_are_state():
    @df.function
    def step(w, x):
        with df.GradientTape() as tape:
            loss = df.sum((w * x) ** 2)
        (g,) = tape.gradient(loss, [w])
        w.assign(w - 0.1 * g)
        return loss

    found = {}
    for mode in ("eager", "graph"):
        w = df.Variable([1.0, 2.0])
        with df.mode(mode):
            losses = [float(step(w, df.tensor([1.0, 1.0]))) for _ in range(3)]
        found[mode] = (losses, w.numpy().tolist())
    assert found["graph"][0] == pytest.approx(found["eager"][0]) and found["graph"][1] == pytest.approx(
        found["eager"][1]
    )


def test_leaves_that_require_gradients_are_state_as_in_pytorch():
    w = df.tensor([1.0, 2.0], requires_grad=True)

    @df.function
    def step(x):
        loss = (w * x).sum()
        loss.backward()
        with df.no_grad():
            w.sub_(0.1 * w.grad)
            w.grad.zero_()
        return loss

    with df.mode("graph"):
        step(df.tensor([1.0, 1.0]))
        step(df.tensor([1.0, 1.0]))
    np.testing.assert_allclose(w.detach().numpy(), [0.8, 1.8], rtol=1e-6)
    np.testing.assert_array_equal(w.grad.numpy(), [0.0, 0.0])


def test_an_eager_backward_goes_through_a_compiled_call():
    w = df.Variable([[1.0, 2.0], [3.0, 4.0]])

    @df.function
    def forward(x):
        return df.tanh(x @ w), df.sum(x)

    def gradients(mode):
        x = df.tensor([[0.1, 0.2]], requires_grad=True)
        w.grad = None
        with df.mode(mode):
            h, s = forward(x * 1.0)
        ((h * 3).sum() + s).backward()
        return x.grad.numpy(), w.grad.numpy()

    for a, b in zip(gradients("graph"), gradients("eager"), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-5)


def test_a_symbol_used_as_a_value_inside_a_function_names_the_line():
    @df.function
    def choose(x):
        if x.sum() > 0:
            return x
        return -x

    assert choose(df.tensor([1.0])).item() == 1.0
    with df.mode("graph"), pytest.raises(SymbolicValueError) as caught:
        choose(df.tensor([1.0]))
    assert "if x.sum() > 0:" in str(caught.value) and "df.where" in str(caught.value)


def test_a_failed_trace_leaves_everything_as_it_was():
    w = df.Variable([1.0])

    @df.function
    def step(x):
        w.assign(w + 1)
        return w + df.zeros(2) @ x

    with df.mode("graph"), pytest.raises(df.errors.ShapeError):
        step(df.zeros(3, 3))
    assert w.numpy()[0] == 1.0 and step.trace_count == 0 and df.current_mode() == "eager"


def test_what_is_no_function_is_refused():
    with pytest.raises(GraphError, match="takes a function"):
        df.function(3)


def test_a_symbol_outside_its_graph_is_refused():
    with df.graph():
        x = df.placeholder(df.float32, (), name="x")
    f = df.function(lambda v: v)
    with df.mode("graph"), pytest.raises(GraphError, match="outside its graph"):
        f(x)


def test_a_custom_function_has_its_own_gradient_in_both_worlds():
    class Clipped(df.Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x)
            return df.exp(x)

        @staticmethod
        def backward(ctx, grad):
            (x,) = ctx.saved_tensors
            return grad * df.minimum(df.exp(x), 2.0)

    w = df.Variable([0.0, 5.0])

    @df.function
    def step():
        Clipped.apply(w).sum().backward()

    found = []
    for mode in ("eager", "graph"):
        w.grad = None
        with df.mode(mode):
            step()
        found.append(w.grad.numpy())
    np.testing.assert_allclose(found[0], [1.0, 2.0])
    np.testing.assert_allclose(found[1], found[0])


def test_a_compiled_step_updates_a_variable_in_its_own_memory():
    """The old value is donated; what the step returned stays."""
    w = df.Variable(df.ones(5000))

    @df.function
    def step():
        before = w * 1.0
        w.assign(w + 1)
        return before, w

    @df.function
    def update():
        w.assign(w + 1)

    with df.mode("graph", compile=True):
        returned = step()
        update()
        update()
        old = w.buffer
        place = old.unsafe_buffer_pointer()
        update()
        assert old.is_deleted() and w.buffer.unsafe_buffer_pointer() == place
    assert returned[1] is w
    for found, value in ((returned[0].detach().numpy(), 1), (w.numpy(), 5)):
        np.testing.assert_array_equal(found, np.full(5000, value))


@pytest.mark.parametrize("compile", [True, False], ids=["compiled", "interpreted"])
@pytest.mark.parametrize(
    "share", [lambda w: w.numpy(), lambda w: w.detach(), lambda w: w[1:3], lambda w: w.numpy()[::2].reshape(2, 1)]
)
def test_who_shares_memory_with_a_variable_sees_what_a_graph_assigns(share, compile):
    """As in eager: an array from numpy(), a detached twin, a view. Results of the step keep their values."""

    def step():
        before = w * 1
        w.assign_add(2 * w)
        return before

    seen = {}
    for mode in ("eager", "graph"):
        w = df.Variable(np.arange(4.0))
        other = share(w)
        traced = df.function(step)
        with df.mode(mode, compile=compile):
            results = [traced() for _ in range(3)]
        seen[mode] = [np.asarray(x) for x in (w, other, *results)]
        assert np.shares_memory(w.numpy(), np.asarray(other))
    for eager, graph in zip(*seen.values(), strict=True):
        np.testing.assert_array_equal(eager, graph)


def test_a_saved_value_that_a_graph_overwrites_is_noticed():
    w = df.Variable([1.0, 2.0])
    kept, loss = w.detach(), (w * w).sum()

    @df.function
    def step():
        w.assign(w + 1)

    with df.mode("graph"):
        step()
    np.testing.assert_array_equal(kept, [2.0, 3.0])
    with pytest.raises(InPlaceError, match="assignment in a graph"):
        loss.backward()


ARMS = {"eager": df.eager, "interpreted": lambda: df.mode("graph", compile=False), "compiled": lambda: df.mode("graph")}


def in_every_arm(python, *args):
    """Run a function in each arm and return its results as arrays, arm by arm."""
    found = []
    for arm in ARMS.values():
        with arm():
            found.append([np.asarray(y) for y in df.function(python)(*args)])
    return found


def test_grad_is_taken_inside_a_function_in_either_world():
    w = df.Variable([2.0, 3.0])

    def step(x):
        x = x.detach().requires_grad_()
        first = df.grad((w**3 * x).sum(), [w, x], create_graph=True)
        return *first, *df.grad((first[0] ** 2).sum(), [w, x], retain_graph=True)

    for arm in in_every_arm(step, df.tensor([1.0, 2.0])):
        expected = [12, 54], [8, 27], [288, 3888], [288, 2916]  # 3w²x, w³, 36w³x², 18w⁴x
        np.testing.assert_allclose(arm, expected, rtol=1e-5)


def test_without_create_graph_a_gradient_is_a_constant_in_either_world():
    w = df.Variable([2.0])

    def step(x):
        (g,) = df.grad((w * w).sum(), w)
        (second,) = df.grad((w * g * x).sum(), w)
        return (second,)

    assert [arm[0].tolist() for arm in in_every_arm(step, df.ones(1))] == [[4.0]] * 3


@pytest.mark.parametrize("arm", ARMS)
def test_what_grad_refuses_it_refuses_in_either_world(arm):
    w, other = df.Variable([2.0]), df.Variable([1.0])

    def unused(x):
        return df.grad((w * x).sum(), other)

    def allowed(x):
        return df.grad((w * x).sum(), [w, other], allow_unused=True)[0]

    def twice(x):
        loss = (w * w * x).sum()
        return df.grad(loss, w) + df.grad(loss, w)

    with ARMS[arm]():
        with pytest.raises(GradientError, match="do not depend on an input"):
            df.function(unused)(df.ones(1))
        with pytest.raises(GradientError, match="retain_graph"):
            df.function(twice)(df.ones(1))
        assert df.function(allowed)(df.ones(1)).tolist() == [1.0]

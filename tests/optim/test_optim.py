"""Optimizers follow PyTorch's formulas step by step, keep their state in Variables, and see no mode."""

import copy
import math

import numpy as np
import pytest

import dualflow as df
import dualflow.nn as nn
import dualflow.optim as optim
from dualflow.core.errors import GradientError, ShapeError

OPTIONS = [
    ("SGD", {"lr": 0.1}),
    ("SGD", {"lr": 0.1, "weight_decay": 0.2}),
    ("SGD", {"lr": 0.1, "momentum": 0.9}),
    ("SGD", {"lr": 0.1, "momentum": 0.9, "dampening": 0.3, "weight_decay": 0.1}),
    ("SGD", {"lr": 0.1, "momentum": 0.8, "nesterov": True, "weight_decay": 0.1}),
    ("Adam", {}),
    ("Adam", {"lr": 0.1, "betas": (0.5, 0.9), "eps": 1e-3}),
    ("Adam", {"lr": 0.1, "betas": (0.0, 0.0)}),
    ("Adam", {"lr": 0.1, "weight_decay": 0.1, "amsgrad": True}),
    ("AdamW", {"lr": 0.1}),
    ("AdamW", {"lr": 0.1, "weight_decay": 0.3, "betas": (0.7, 0.99), "amsgrad": True}),
]
WORLDS = {
    "eager": lambda: df.mode("eager"),
    "interpreted": lambda: df.mode("graph", compile=False),
    "compiled": lambda: df.mode("graph"),
}
each_option = pytest.mark.parametrize(("name", "options"), OPTIONS, ids=lambda x: x if isinstance(x, str) else None)


def torch():
    return pytest.importorskip("torch", reason="PyTorch is the oracle here: pip install torch==2.13.0")


def array(*shape, seed=0, dtype="float32"):
    return np.random.default_rng(seed).standard_normal(shape).astype(dtype)


def gradients(steps, shape, dtype):
    """Gradients that change sign and size from step to step."""
    return [array(*shape, seed=10 + k, dtype=dtype) * (1 + k % 3) for k in range(steps)]


def values(params):
    return [p.detach().numpy() for p in params]


def given(params, grads):
    """Put gradients in place and hand the parameters back."""
    for p, g in zip(params, grads, strict=True):
        p.grad = g
    return params


# ----------------------------------------------------------------------------------------------------- against PyTorch


@each_option
@pytest.mark.parametrize(("dtype", "rtol", "atol"), [("float32", 1e-5, 2e-6), ("float64", 1e-12, 1e-14)])
def test_steps_are_pytorchs(name, options, dtype, rtol, atol):
    t = torch()
    shapes = ((3, 4), (5,), ())
    ours = [nn.Parameter(np.array(array(*s, dtype=dtype))) for s in shapes]
    theirs = [t.tensor(np.array(p.detach().numpy()), requires_grad=True) for p in ours]
    a, b = getattr(optim, name)(ours, **options), getattr(t.optim, name)(theirs, **options)
    for k in range(8):
        for i, shape in enumerate(shapes):
            # the second parameter has no gradient in some steps: its own steps count, not the optimizer's
            g = None if i == 1 and k in (0, 1, 5) else np.array(gradients(8, shape, dtype)[k])
            ours[i].grad = None if g is None else df.from_numpy(g)
            theirs[i].grad = None if g is None else t.tensor(g)
        a.step()
        b.step()
        for p, q in zip(values(ours), values(theirs), strict=True):
            assert p.dtype == dtype
            np.testing.assert_allclose(p, q, rtol=rtol, atol=atol, err_msg=f"step {k}")


@each_option
def test_state_goes_to_pytorch_and_comes_back(name, options):
    t = torch()
    ours = [nn.Parameter(array(3, 2)), nn.Parameter(array(4))]
    theirs = [t.tensor(v.copy(), requires_grad=True) for v in values(ours)]
    a, b = getattr(optim, name)(ours, **options), getattr(t.optim, name)(theirs, **options)

    def steps(start, stop, who):
        for k in range(start, stop):
            grads = [array(3, 2, seed=k), array(4, seed=50 + k)]
            if who is a:
                given(ours, map(df.from_numpy, grads))
            else:
                given(theirs, map(t.from_numpy, grads))
            who.step()

    steps(0, 3, b)
    a.load_state_dict(b.state_dict())
    for p, q in zip(ours, theirs, strict=True):
        p.assign(q.detach().numpy())
    steps(3, 6, a)
    fresh = getattr(t.optim, name)(theirs, **options)
    saved = a.state_dict()
    saved["state"] = {
        at: {k: t.tensor(v.numpy()) for k, v in entry.items() if name != "SGD" or k != "step"}
        for at, entry in saved["state"].items()
    }
    [group] = fresh.state_dict()["param_groups"]
    saved["param_groups"] = [{**group, **saved["param_groups"][0]}]
    steps(3, 6, b)
    for p, q in zip(values(ours), values(theirs), strict=True):
        np.testing.assert_allclose(p, q, rtol=1e-5, atol=2e-6)
    fresh.load_state_dict(saved)
    steps(6, 8, a)
    steps(6, 8, fresh)
    for p, q in zip(values(ours), values(theirs), strict=True):
        np.testing.assert_allclose(p, q, rtol=1e-5, atol=4e-6)


# --------------------------------------------------------------------------------------------- laws that need no oracle


def one_step(make, start, gradient):
    w = nn.Parameter(np.array(start))
    optimizer = make([w])
    w.grad = df.tensor(np.array(gradient))
    optimizer.step()
    return w.detach().numpy()


@pytest.mark.parametrize("scale", [1e-3, 1.0, 1e4])
@pytest.mark.parametrize("amsgrad", [False, True])
def test_adams_first_step_has_the_length_of_the_rate(scale, amsgrad):
    g = array(50) * np.float32(scale)
    moved = one_step(lambda ps: optim.Adam(ps, lr=0.01, amsgrad=amsgrad), np.zeros(50, np.float32), g)
    np.testing.assert_allclose(moved, -0.01 * np.sign(g), rtol=1e-2)


def test_adam_does_not_see_the_scale_of_the_gradient():
    def run(scale):
        w = nn.Parameter(df.zeros(4))
        optimizer = optim.Adam([w], lr=0.1, eps=0.0)
        for k in range(5):
            w.grad = df.tensor(array(4, seed=k) * np.float32(scale))
            optimizer.step()
        return w.detach().numpy()

    np.testing.assert_allclose(run(1.0), run(1024.0), rtol=1e-5)


def test_a_long_constant_gradient_moves_sgd_by_the_geometric_sum():
    w = nn.Parameter(df.zeros(1))
    optimizer = optim.SGD([w], lr=1.0, momentum=0.5)
    velocities = []
    for _ in range(4):
        before = w.item()
        w.grad = df.ones(1)
        optimizer.step()
        velocities.append(before - w.item())
    assert velocities == [1, 1.5, 1.75, 1.875]


def test_dampening_spares_the_first_step_of_each_parameter():
    a, b = nn.Parameter(df.zeros(1)), nn.Parameter(df.zeros(1))
    optimizer = optim.SGD([a, b], lr=1.0, momentum=0.5, dampening=0.75)
    given([a, b], [df.ones(1), None])
    optimizer.step()
    given([a, b], [df.ones(1), df.ones(1)])
    optimizer.step()
    assert (a.item(), b.item()) == (-1 - (0.5 + 0.25), -1)


def test_nesterov_looks_ahead():
    first = one_step(lambda ps: optim.SGD(ps, lr=1.0, momentum=0.5, nesterov=True), np.zeros(1, np.float32), [1.0])
    assert first.tolist() == [-1.5]


def test_weight_decay_pulls_to_zero_and_decoupled_decay_ignores_the_gradient():
    start, nothing = np.array([2.0, -4.0], np.float32), np.zeros(2, np.float32)
    sgd = one_step(lambda ps: optim.SGD(ps, lr=0.5, weight_decay=0.5), start, nothing)
    np.testing.assert_array_equal(sgd, start * 0.75)
    decoupled = one_step(lambda ps: optim.AdamW(ps, lr=0.5, weight_decay=0.5), start, nothing)
    np.testing.assert_array_equal(decoupled, start * 0.75)
    coupled = one_step(lambda ps: optim.Adam(ps, lr=0.5, weight_decay=0.5), start, nothing)
    np.testing.assert_allclose(coupled, start - 0.5 * np.sign(start), rtol=1e-6)


def test_amsgrad_remembers_the_largest_gradient():
    def last_move(amsgrad):
        w = nn.Parameter(df.zeros(1, dtype=df.float64))
        optimizer = optim.Adam([w], lr=0.1, betas=(0.0, 0.5), amsgrad=amsgrad)
        for g in [100.0] + [1.0] * 30:
            before = w.item()
            w.grad = df.tensor([g], dtype=df.float64)
            optimizer.step()
        return before - w.item()

    assert last_move(False) == pytest.approx(0.1, rel=1e-3) and last_move(True) < 0.01


def test_a_zero_rate_changes_nothing_but_the_moments():
    for name in ("SGD", "Adam", "AdamW"):
        moved = one_step(lambda ps, name=name: getattr(optim, name)(ps, lr=0.0), np.ones(2, np.float32), [1.0, 2.0])
        assert moved.tolist() == [1, 1]


@each_option
def test_every_optimizer_finds_the_bottom_of_a_bowl(name, options):
    w = df.Variable([3.0, -2.0])
    optimizer = getattr(optim, name)([w], **{**options, "lr": 0.05, "weight_decay": 0.0})
    for _ in range(400):
        optimizer.minimize(((w - 1) * (w - 1)).sum())
    np.testing.assert_allclose(w.numpy(), 1, atol=0.05)


# ------------------------------------------------------------------------------------------------- PyTorch's interface


def test_step_leaves_parameters_without_gradient_alone_and_gradients_as_they_are():
    a, b = nn.Parameter(df.ones(2)), nn.Parameter(df.ones(2))
    optimizer = optim.AdamW([a, b], lr=0.1)
    a.grad = df.ones(2)
    assert optimizer.step() is None
    assert b.tolist() == [1, 1] and a.tolist() != [1, 1] and a.grad.tolist() == [1, 1]
    optimizer.zero_grad(set_to_none=False)
    assert a.grad.tolist() == [0, 0] and b.grad is None
    optimizer.zero_grad()
    assert a.grad is None


def test_step_calls_a_closure_and_returns_its_loss():
    w = df.Variable([1.0])
    optimizer = optim.SGD([w], lr=0.25)

    def closure():
        optimizer.zero_grad()
        loss = (w * w).sum()
        loss.backward()
        return loss

    assert [optimizer.step(closure).item() for _ in range(3)] == [1, 0.25, 0.0625]


def test_parameters_change_in_place_and_stay_leaves():
    w = nn.Parameter(df.ones(3))
    memory = w.numpy() if not w.requires_grad else w.detach().numpy()
    one = optim.Adam([w])
    w.grad = df.ones(3)
    one.step()
    assert w.is_leaf and w.requires_grad and np.shares_memory(memory, w.detach().numpy()) and memory[0] != 1


def test_an_update_between_forward_and_backward_is_an_error():
    w = nn.Parameter(df.ones(2))
    optimizer = optim.SGD([w], lr=0.1)
    loss = (w * w).sum()
    w.grad = df.ones(2)
    optimizer.step()
    with pytest.raises(GradientError, match="modified in place by"):
        loss.backward()


def test_groups_have_options_of_their_own():
    a, b = nn.Parameter(df.zeros(1)), nn.Parameter(df.zeros(1))
    optimizer = optim.SGD([{"params": [a]}, {"params": b, "lr": 0.5}], lr=0.1)
    optimizer.add_param_group({"params": (c := nn.Parameter(df.zeros(1))), "momentum": 0.9})
    for _ in range(2):
        given([a, b, c], [df.ones(1)] * 3)
        optimizer.step()
    np.testing.assert_allclose([a.item(), b.item(), c.item()], [-0.2, -1.0, -0.29], rtol=1e-6)
    assert [g["lr"] for g in optimizer.param_groups] == [0.1, 0.5, 0.1]
    assert "Parameter Group 2\n    dampening: 0.0\n    lr: 0.1\n    momentum: 0.9" in repr(optimizer)


def test_named_parameters_and_plain_leaves_are_taken():
    net = nn.Linear(2, 1)
    w = df.ones(2, requires_grad=True)
    optimizer = optim.SGD([*net.named_parameters(), ("w", w)], lr=1.0)
    (net(w).sum()).backward()
    optimizer.step()
    assert w.tolist() != [1, 1] and len(optimizer.param_groups[0]["params"]) == 3


def test_rates_may_come_from_numpy_and_keep_the_dtype():
    w = nn.Parameter(df.ones(2))
    for make in (optim.SGD, optim.Adam, optim.AdamW):
        optimizer = make([w], lr=np.float64(0.1), weight_decay=np.float32(0.1))
        optimizer.param_groups[0]["lr"] = np.float64(0.05)
        w.grad = df.ones(2)
        optimizer.step()
        assert w.dtype == df.float32 and all(
            s.dtype == df.float32 for slots in optimizer.state.values() for s in slots.values()
        )


def test_options_that_come_later_find_their_state():
    w = nn.Parameter(df.zeros(1))
    optimizer = optim.SGD([w], lr=1.0)
    w.grad = df.ones(1)
    optimizer.step()
    optimizer.param_groups[0]["momentum"] = 0.5
    optimizer.step()
    optimizer.step()
    assert w.item() == -1 - 1 - 1.5


def test_all_state_is_variables_that_are_not_trained():
    w = nn.Parameter(df.zeros(2), requires_grad=True)
    w.name = "w"
    optimizer = optim.Adam([w], amsgrad=True)
    slots = optimizer.state[w]
    assert sorted(slots) == ["exp_avg", "exp_avg_sq", "max_exp_avg_sq"]
    assert all(isinstance(s, df.Variable) and not s.trainable and not s.requires_grad for s in slots.values())
    assert slots["exp_avg"].name == "w.exp_avg"


# ------------------------------------------------------------------------------------------------------ saving, loading


@each_option
def test_training_goes_on_after_a_round_trip(name, options):
    def make():
        w = df.Variable(array(3))
        return w, getattr(optim, name)([w], **options)

    def train(w, optimizer, start, stop):
        for k in range(start, stop):
            optimizer.minimize((w * df.tensor(array(3, seed=k))).sum())

    w, optimizer = make()
    train(w, optimizer, 0, 3)
    saved, value = copy.deepcopy(optimizer.state_dict()), w.numpy().copy()
    train(w, optimizer, 3, 6)
    other, again = make()
    again.param_groups[0]["lr"] = 7.0
    again.load_state_dict(saved)
    other.assign(value)
    train(other, again, 3, 6)
    assert np.array_equal(other.numpy(), w.numpy()) and again.param_groups[0]["lr"] == optimizer.param_groups[0]["lr"]


def test_loading_what_does_not_fit_changes_nothing():
    a, b = df.Variable(array(3)), df.Variable(array(2))
    optimizer = optim.Adam([a, b], lr=0.1)
    optimizer.minimize(a.sum() + b.sum())
    before = copy.deepcopy(optimizer.state_dict())
    other = optim.Adam([df.Variable(array(3)), df.Variable(array(4))], lr=0.2).state_dict()
    with pytest.raises(ShapeError, match=r"exp_avg has shape \(4,\) in the state dict; the parameter has \(2,\)"):
        optimizer.load_state_dict(other)
    with pytest.raises(ValueError, match=r"groups of \[1\] parameters, the optimizer of \[2\]"):
        optimizer.load_state_dict(optim.Adam([a]).state_dict())
    bad = optimizer.state_dict()
    bad["param_groups"] = [{**bad["param_groups"][0], "lr": -1}]
    with pytest.raises(ValueError, match="lr must be"):
        optimizer.load_state_dict(bad)
    after = optimizer.state_dict()
    assert after["param_groups"] == before["param_groups"]
    for at, entry in before["state"].items():
        for key, value in entry.items():
            assert np.array_equal(after["state"][at][key].numpy(), value.numpy())


# ------------------------------------------------------------------------------------------------------------ minimize


def test_minimize_is_backward_and_step_without_touching_grad():
    def make():
        w = df.Variable(array(4))
        return w, optim.Adam([w], lr=0.1)

    (a, first), (b, second) = make(), make()
    a.grad = df.ones(4)
    for k in range(4):
        x = df.tensor(array(4, seed=k))
        assert first.minimize((a * x).tanh().sum()) is None
        second.zero_grad()
        (b * x).tanh().sum().backward()
        second.step()
    assert np.array_equal(a.numpy(), b.numpy()) and a.grad.tolist() == [1, 1, 1, 1]


def test_minimize_takes_a_function_and_some_of_the_variables():
    a, b = df.Variable([1.0]), df.Variable([1.0])
    optimizer = optim.SGD([a, b], lr=0.1)
    optimizer.minimize(lambda: (a * b).sum(), [b])
    np.testing.assert_allclose([a.item(), b.item()], [1, 0.9], rtol=1e-6)
    optimizer.minimize(lambda: (a * 2).sum())  # b has no part in it
    np.testing.assert_allclose([a.item(), b.item()], [0.8, 0.9], rtol=1e-6)


def test_minimize_says_when_there_is_nothing_to_do():
    w, other = df.Variable([1.0]), df.Variable([1.0])
    optimizer = optim.SGD([w], lr=0.1)
    with pytest.raises(GradientError, match="SGD.minimize: the loss depends on none of the parameters"):
        optimizer.minimize((other * 2).sum())
    with pytest.raises(GradientError, match="does not require a gradient"):
        optimizer.minimize(w.detach().sum())
    with pytest.raises(ValueError, match="var_list has a variable that this optimizer was not given"):
        optimizer.minimize((w * other).sum(), [other])
    assert w.item() == 1


# ------------------------------------------------------------------------------------------------------------ mistakes


@pytest.mark.parametrize(
    ("name", "options", "says"),
    [
        ("SGD", {"lr": -0.1}, "SGD: lr must be a number of at least 0, not -0.1"),
        ("SGD", {"lr": float("nan")}, "lr must be"),
        ("SGD", {"lr": "0.1"}, "lr must be a number of at least 0, not '0.1'"),
        ("SGD", {"lr": True}, "lr must be"),
        ("SGD", {"momentum": -1}, "momentum must be"),
        ("SGD", {"weight_decay": -1}, "weight_decay must be"),
        ("SGD", {"nesterov": True}, "nesterov needs a momentum above 0"),
        ("SGD", {"nesterov": True, "momentum": 0.9, "dampening": 0.1}, "dampening of 0, not momentum=0.9"),
        ("Adam", {"lr": -1}, "Adam: lr must be"),
        ("Adam", {"eps": -1e-8}, "eps must be"),
        ("Adam", {"betas": (0.9, 1.0)}, r"betas\[1\] must be a number of at least 0 and less than 1, not 1.0"),
        ("Adam", {"betas": (-0.1, 0.9)}, r"betas\[0\] must be"),
        ("Adam", {"betas": 0.9}, "betas must be two numbers, not 0.9"),
        ("AdamW", {"weight_decay": -1}, "AdamW: weight_decay must be"),
    ],
)
def test_impossible_options_raise_and_are_named(name, options, says):
    w = df.Variable([1.0])
    with pytest.raises(ValueError, match=says):
        getattr(optim, name)([w], **options)
    group = {"params": [w], **options}
    with pytest.raises(ValueError, match=says):
        getattr(optim, name)([group])


def test_impossible_parameters_raise():
    w = df.Variable([1.0])
    with pytest.raises(ValueError, match="SGD: the list of parameters is empty"):
        optim.SGD([])
    net = nn.Linear(1, 1)
    used = net.parameters()
    optim.SGD(used)
    with pytest.raises(ValueError, match="a generator can be used only once"):
        optim.SGD(used)
    with pytest.raises(ValueError, match="the list of parameters is empty"):
        optim.Adam([{"params": []}])
    with pytest.raises(TypeError, match="as an iterable, such as model.parameters"):
        optim.SGD(w)
    with pytest.raises(TypeError, match="only tensors and variables can be optimized, not float"):
        optim.SGD([1.0])
    with pytest.raises(TypeError, match="a set has no order"):
        optim.SGD([{"params": {w}}])
    with pytest.raises(TypeError, match="the key 'params'"):
        optim.SGD([w]).add_param_group({"lr": 0.1})
    with pytest.raises(ValueError, match=r"a parameter of shape \(1,\) was given twice"):
        optim.SGD([w, w])
    with pytest.raises(ValueError, match="was given twice"):
        optim.SGD([{"params": [w]}, {"params": [w]}])
    with pytest.raises(ValueError, match="a parameter was computed by multiply; only leaves"):
        optim.SGD([w * 2])
    with pytest.raises(ValueError, match="SGD has no option betas; it has lr, momentum"):
        optim.SGD([{"params": [w], "betas": (0.9, 0.99)}])


# ------------------------------------------------------------------------------------------------------ in both worlds


def training(name, options, style, worlds):
    """Train a net for one step in each of ``worlds``; return losses, parameters and the function."""
    df.manual_seed(4)
    net = nn.Sequential(nn.Linear(6, 5), nn.Tanh(), nn.Dropout(0.2), nn.Linear(5, 3))
    optimizer = getattr(optim, name)(net.parameters(), **options)

    @df.function
    def step(x, y):
        loss = nn.functional.cross_entropy(net(x), y)
        if style == "minimize":
            optimizer.minimize(loss)
        else:
            loss.backward()
            optimizer.step()
            optimizer.zero_grad()
        return loss

    losses = []
    for k, world in enumerate(worlds):
        optimizer.param_groups[0]["lr"] = 0.1 / (k + 1)
        with WORLDS[world]():
            losses.append(step(df.tensor(array(8, 6, seed=k)), df.tensor(np.arange(8) % 3)).item())
    return losses, values(net.parameters()), step, optimizer


@each_option
@pytest.mark.parametrize("style", ["minimize", "backward"])
def test_every_world_trains_alike(name, options, style):
    steps = 6
    expected = training(name, options, style, ["eager"] * steps)
    interpreted = training(name, options, style, ["interpreted"] * steps)
    assert interpreted[0] == expected[0]
    for a, b in zip(interpreted[1], expected[1], strict=True):
        np.testing.assert_array_equal(a, b)
    compiled = training(name, options, style, ["compiled"] * steps)
    mixed = training(name, options, style, ["eager", "compiled", "eager", "interpreted", "compiled", "eager"])
    for found in (compiled, mixed):
        np.testing.assert_allclose(found[0], expected[0], rtol=1e-5, atol=1e-6)
        for a, b in zip(found[1], expected[1], strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-5)
    assert compiled[2].trace_count == 1  # although the rate changed at every step


def test_ten_steps_here_ten_there_ten_here_are_thirty_here():
    seamless = training("Adam", {}, "minimize", ["eager"] * 30)
    switched = training("Adam", {}, "minimize", ["eager"] * 10 + ["compiled"] * 10 + ["eager"] * 10)
    np.testing.assert_allclose(switched[0], seamless[0], rtol=1e-4)
    for ours, theirs in zip(switched[3].state.values(), seamless[3].state.values(), strict=True):
        for key, slot in ours.items():
            np.testing.assert_allclose(slot.numpy(), theirs[key].numpy(), rtol=1e-3, atol=1e-7)
    steps = [entry["step"].item() for entry in switched[3].state_dict()["state"].values()]
    assert steps == [30] * 4


def test_another_option_has_the_step_traced_again():
    w = df.Variable([1.0])
    optimizer = optim.SGD([w], lr=1.0, momentum=0.5)
    step = df.function(lambda x: optimizer.minimize((w * x).sum()))
    with df.mode("graph"):
        found = []
        for momentum in (0.5, 0.0, 0.5):
            optimizer.param_groups[0]["momentum"] = momentum
            step(df.ones(1))
            found.append(w.item())
    assert found == [0, -1, -2.5] and step.trace_count >= 2


@each_option
@pytest.mark.parametrize("compile", [False, True])
def test_an_explicit_graph_trains_by_its_train_op(name, options, compile):
    def make():
        df.manual_seed(6)
        net = nn.Linear(3, 2)
        return net, getattr(optim, name)(net.parameters(), **options)

    net, optimizer = make()
    data = [array(4, 3, seed=k) for k in range(5)]
    expected = []
    for x in data:
        loss = (net(df.tensor(x)) ** 2).mean()
        optimizer.minimize(loss)
        expected.append(loss.item())
    for by_step in (False, True):
        other, optimizer = make()
        with df.graph() as g:
            x = df.placeholder(df.float32, (None, 3), name="x")
            loss = (other(x) ** 2).mean()
            if by_step:
                loss.backward()
                train = optimizer.step()
            else:
                train = optimizer.minimize(loss)
        with df.Session(g, compile=compile) as session:
            found = [session.run([loss, train], {x: batch})[0] for batch in data]
        np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-6)
        for a, b in zip(values(other.parameters()), values(net.parameters()), strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-5)


def test_a_graphs_own_variables_are_trained_and_the_rate_is_read_at_each_run():
    with df.graph() as g:
        w = df.Variable([1.0, 2.0], name="w")
        optimizer = optim.SGD([w], lr=0.1)
        train = optimizer.minimize(w.sum())
        init = df.global_variables_initializer()
    with df.Session(g) as session:
        session.run(init)
        session.run(train)
        optimizer.param_groups[0]["lr"] = 1.0
        session.run(train)
        np.testing.assert_allclose(session.run(w), [-0.1, 0.9], rtol=1e-6)


def test_a_symbol_is_minimized_in_its_own_graph_outside_the_block():
    w = df.Variable([1.0])
    optimizer = optim.Adam([w], lr=0.5)
    with df.graph() as g:
        loss = (w * w).sum()
    train = optimizer.minimize(loss)
    assert w.item() == 1 and train.graph is g
    with df.Session(g) as session:
        session.run(train)
    assert w.item() == pytest.approx(0.5)


def test_bias_correction_is_done_in_double_precision():
    # In single precision 1 - 0.999**1 keeps four digits, and the first step would be off by 1e-5 of itself.
    for world, enter in WORLDS.items():
        w = df.Variable([0.0])
        optimizer = optim.Adam([w], lr=1.0, eps=0.0)
        with enter():
            df.function(lambda x, w=w, o=optimizer: o.minimize((w * x).sum()))(df.ones(1))
        assert abs(w.item() + 1) < 2e-7, world
    assert math.isclose(float(np.float32(1) - np.float32(0.999)), 1e-3, rel_tol=1e-4)

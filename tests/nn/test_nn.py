"""Modules are trees that PyTorch's users know, and layers are their equations, in both worlds."""

import copy
import math
import pickle

import numpy as np
import pytest

import dualflow as df
import dualflow.nn as nn
from dualflow.core.errors import DTypeError, OutOfRangeError, ShapeError
from dualflow.core.generator import Generator

functional = nn.functional
WORLDS = {
    "eager": lambda: df.mode("eager"),
    "interpreted": lambda: df.mode("graph", compile=False),
    "compiled": lambda: df.mode("graph"),
}


def torch():
    return pytest.importorskip("torch", reason="PyTorch is the oracle here: pip install torch==2.13.0")


def array(*shape, seed=0):
    return np.random.default_rng(seed).standard_normal(shape).astype(np.float32)


class Net(nn.Module):
    """A module with everything: parameters of its own, children, a buffer, a shared layer."""

    def __init__(self):
        super().__init__()
        self.first = nn.Linear(3, 4)
        self.scale = nn.Parameter(df.ones(4))
        self.register_buffer("seen", df.zeros(()))
        self.block = nn.Sequential(nn.ReLU(), nn.Linear(4, 4, bias=False))
        self.again = self.first

    def forward(self, x):
        return self.block(self.first(x) * self.scale)


# ------------------------------------------------------------------------------------------------------------ the tree


def test_parameters_come_in_the_order_of_registration_and_shared_ones_once():
    net = Net()
    names = [name for name, _ in net.named_parameters()]
    assert names == ["scale", "first.weight", "first.bias", "block.1.weight"]  # own ones first, as in PyTorch
    assert len({id(p) for p in net.parameters()}) == len(list(net.parameters())) == 4
    assert [name for name, _ in net.named_parameters(recurse=False)] == ["scale"]
    assert [name for name, _ in net.named_parameters(prefix="net")][0] == "net.scale"
    assert [name for name, _ in net.named_buffers()] == ["seen"] and list(net.buffers()) == [net.seen]
    assert [name for name, _ in net.named_children()] == ["first", "block"]
    assert [name for name, _ in net.named_modules()] == ["", "first", "block", "block.0", "block.1"]
    assert list(net.modules())[0] is net and list(net.children())[1] is net.block


def test_the_tree_is_what_pytorch_makes_of_the_same_class():
    t = torch()

    class Same(t.nn.Module):
        def __init__(self):
            super().__init__()
            self.first = t.nn.Linear(3, 4)
            self.scale = t.nn.Parameter(t.ones(4))
            self.register_buffer("seen", t.zeros(()))
            self.block = t.nn.Sequential(t.nn.ReLU(), t.nn.Linear(4, 4, bias=False))
            self.again = self.first

    Same.__name__ = "Net"
    ours, theirs = Net(), Same()
    assert [n for n, _ in ours.named_parameters()] == [n for n, _ in theirs.named_parameters()]
    assert [n for n, _ in ours.named_modules()] == [n for n, _ in theirs.named_modules()]
    assert list(ours.state_dict()) == list(theirs.state_dict())
    assert repr(ours) == repr(theirs)


def test_repr_of_lists_is_pytorchs():
    t = torch()

    def make(F):
        layers = [F.nn.Linear(2, 2), F.nn.Linear(2, 2), F.nn.Flatten(), F.nn.Linear(2, 3, bias=False)]
        blocks = F.nn.ModuleList([F.nn.Sequential(F.nn.Tanh(), F.nn.Sigmoid())] * 2)
        return F.nn.ModuleList(layers), blocks, F.nn.MSELoss(), F.nn.ModuleList(), F.nn.LSTMCell(2, 3)

    assert [repr(m) for m in make(df)] == [repr(m) for m in make(t)]
    assert repr(nn.Dropout(0.25)) == "Dropout(p=0.25)"


def test_any_attribute_can_be_set_and_a_plain_list_is_not_searched():
    net = nn.Module()
    net.layers, net.size, net.name = [nn.Linear(1, 1)], 3, "x"
    assert list(net.parameters()) == [] and net.size == 3
    net.layers = nn.ModuleList(net.layers)
    assert len(list(net.parameters())) == 2
    del net.layers
    assert list(net.parameters()) == []


def test_a_frozen_parameter_is_still_a_parameter_and_a_trainable_variable_is_one():
    net = nn.Module()
    net.frozen = nn.Parameter(df.ones(2), requires_grad=False)
    net.variable = df.Variable([1.0])
    net.state = df.Variable([1.0], trainable=False)
    assert [n for n, _ in net.named_parameters()] == ["frozen", "variable"]
    assert [n for n, _ in net.named_buffers()] == ["state"]
    assert not net.frozen.requires_grad


def test_parameter_is_the_same_class_everywhere():
    assert nn.Parameter is df.Parameter and isinstance(nn.Linear(1, 1).weight, nn.Parameter)
    with pytest.raises(AttributeError, match="no attribute 'Linera'"):
        _ = nn.Linera


def test_state_is_named_after_its_path_so_that_errors_can_say_it():
    net = Net()
    assert [p.name for p in net.parameters()] == ["scale", "first.weight", "first.bias", "block.1.weight"]
    assert net.seen.name == "seen"
    named = nn.Module()
    named.w = df.Variable([1.0], name="mine")
    assert named.w.name == "mine"
    with pytest.raises(ShapeError, match="named 'first.weight'"):
        net.first.weight.assign(df.zeros(2))


# ------------------------------------------------------------------------------------------------------------ mistakes


def test_forgetting_super_init_says_so():
    class WithLayer(nn.Module):
        def __init__(self):
            self.linear = nn.Linear(1, 1)

    class WithParameter(nn.Module):
        def __init__(self):
            self.w = nn.Parameter(df.zeros(1))

    class Empty(nn.Module):
        def __init__(self):
            self.size = 3

        def forward(self, x):
            return x

    with pytest.raises(AttributeError, match=r"WithLayer: call super\(\).__init__\(\).* before assigning 'linear'"):
        WithLayer()
    with pytest.raises(AttributeError, match=r"WithParameter: call super\(\).__init__\(\)"):
        WithParameter()
    with pytest.raises(AttributeError, match=r"Empty.__init__ must call super\(\).__init__\(\)"):
        _ = Empty().training


def test_a_module_without_forward_or_attribute_says_so():
    class Half(nn.Module):
        pass

    with pytest.raises(TypeError, match="Half has no forward"):
        Half()(1)
    with pytest.raises(AttributeError, match="'Half' object has no attribute 'wieght'"):
        _ = Half().wieght


def test_a_tensor_cannot_take_the_place_of_a_parameter():
    layer = nn.Linear(2, 2)
    with pytest.raises(TypeError, match="Linear.weight is a parameter"):
        layer.weight = layer.weight - 0.1
    layer.weight = nn.Parameter(df.zeros(2, 2))
    layer.bias = None
    assert [n for n, _ in layer.named_parameters()] == ["weight"]
    with pytest.raises(TypeError, match="'w' must be a Parameter or None"):
        layer.register_parameter("w", df.zeros(1))


def test_containers_refuse_what_is_no_module():
    with pytest.raises(TypeError, match=r"Sequential is made of modules, not of ReLU; did you mean ReLU\(...\)"):
        nn.Sequential(nn.Linear(1, 1), nn.ReLU)
    with pytest.raises(TypeError, match="ModuleList is made of modules, not of int"):
        nn.ModuleList([1])


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: nn.Linear(-1, 2), "in_features=-1"),
        (lambda: nn.Dropout(1.5), "p must lie between 0 and 1, not at 1.5"),
        (lambda: functional.dropout(df.ones(1), -0.1), "p must lie between 0 and 1, not at -0.1"),
        (lambda: nn.LSTMCell(2, 0), "hidden_size=0"),
        (lambda: nn.MSELoss("avg")(df.ones(1), df.ones(1)), "reduction must be 'mean', 'sum' or 'none', not 'avg'"),
        (lambda: nn.init.kaiming_uniform_(df.zeros(3)), r"at least two axes .* shape \(3,\)"),
        (lambda: nn.init.kaiming_uniform_(df.zeros(3, 3), mode="fan"), "'fan_in' or 'fan_out', not 'fan'"),
        (lambda: nn.init.calculate_gain("gelu"), "not 'gelu'"),
    ],
)
def test_impossible_settings_raise(make, says):
    with pytest.raises(ValueError, match=says):
        make()


# ------------------------------------------------------------------------------------------------- acting on the tree


def test_train_and_eval_reach_every_module():
    net = Net()
    assert net.eval() is net and not any(m.training for m in net.modules())
    assert net.train() is net and all(m.training for m in net.modules())
    net.block.eval()
    assert net.training and not net.block[0].training


@pytest.mark.parametrize("world", WORLDS)
def test_zero_grad_forgets_or_zeroes(world):
    net = nn.Linear(2, 1)

    def backward(x):
        net(x).sum().backward()
        return x

    def forget(x):
        net.zero_grad()
        return x

    def zero(x):
        net.zero_grad(set_to_none=False)
        return x

    x = df.ones(3, 2)
    with WORLDS[world]():
        df.function(backward)(x)
        assert net.weight.grad.tolist() == [[3.0, 3.0]]
        df.function(zero)(x)
        assert net.weight.grad.tolist() == [[0.0, 0.0]] and net.bias.grad.tolist() == [0.0]
        df.function(forget)(x)
        assert net.weight.grad is None and net.bias.grad is None
        df.function(zero)(x)
        assert net.weight.grad is None


def test_requires_grad_freezes():
    net = Net().requires_grad_(False)
    assert not any(p.requires_grad for p in net.parameters()) and len(list(net.parameters())) == 4
    net.first.requires_grad_()
    net(df.ones(1, 3)).sum().backward()
    assert net.first.weight.grad is not None and net.scale.grad is None


def test_apply_goes_from_the_leaves_up():
    order = []
    net = Net()
    assert net.apply(lambda m: order.append(type(m).__name__)) is net
    assert order == ["Linear", "ReLU", "Linear", "Sequential", "Net"]


def test_to_casts_what_is_floating():
    net = Net()
    net.register_buffer("count", df.tensor(3))
    net(df.ones(1, 3)).sum().backward()
    assert net.double() is net
    assert {p.dtype for p in net.parameters()} == {np.dtype("float64")} == {net.seen.dtype}
    assert net.count.dtype == df.int64 and net.scale.grad.dtype == df.float64
    assert net(df.ones(1, 3, dtype=df.float64)).dtype == df.float64
    assert net.float().scale.dtype == df.float32 and net.to("cpu").scale.dtype == df.float32
    with pytest.raises(DTypeError, match="int64 is not"):
        net.to(df.int64)


def test_a_module_can_be_copied_and_pickled_with_its_sharing():
    net = Net()
    x = df.tensor(array(2, 3))
    for other in (copy.deepcopy(net), pickle.loads(pickle.dumps(net))):
        assert np.array_equal(other(x).detach().numpy(), net(x).detach().numpy())
        assert other.again is other.first and other.first.weight is not net.first.weight
        assert [p.requires_grad for p in other.parameters()] == [True] * 4
        assert [p.name for p in other.parameters()] == [p.name for p in net.parameters()]


# ---------------------------------------------------------------------------------------------------------- containers


def test_sequential_is_read_like_a_list():
    a, b, c = nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 1)
    net = nn.Sequential(a, b)
    assert net.append(c) is net and len(net) == 3 and list(net) == [a, b, c]
    assert net[0] is a and net[-1] is c and list(net[1:]) == [b, c]
    net.insert(1, nn.Tanh())
    assert [type(m).__name__ for m in net] == ["Linear", "Tanh", "ReLU", "Linear"] and net[3] is c
    net[1] = b
    assert net[1] is b and [n for n, _ in net.named_parameters()][-1] == "3.bias"
    with pytest.raises(IndexError):
        _ = net[4]


def test_a_module_used_twice_runs_twice():
    half = nn.Linear(1, 1, bias=False)
    half.weight.assign([[0.5]])
    assert nn.Sequential(half, half)(df.ones(1, 1)).item() == 0.25


def test_sequential_takes_names():
    net = nn.Sequential({"down": nn.Linear(2, 1), "squash": nn.Tanh()})
    assert [n for n, _ in net.named_parameters()] == ["down.weight", "down.bias"] and net.squash is net[1]
    assert list(dict(net[:1].named_children())) == ["down"]


def test_a_module_list_has_no_forward():
    layers = nn.ModuleList([nn.Tanh()])
    layers.extend([nn.ReLU(), nn.Sigmoid()])
    assert [type(m).__name__ for m in layers[1:]] == ["ReLU", "Sigmoid"]
    with pytest.raises(TypeError, match="ModuleList has no forward"):
        layers(df.ones(1))


# -------------------------------------------------------------------------------------------------- saving and loading


def test_state_dict_round_trip_and_sharing():
    net, other = Net(), Net()
    state = net.state_dict()
    assert list(state) == [
        "scale", "seen", "first.weight", "first.bias", "block.1.weight", "again.weight", "again.bias",
    ]  # fmt: skip
    assert not any(t.requires_grad for t in state.values())
    assert repr(other.load_state_dict(state)) == "<All keys matched successfully>"
    x = df.tensor(array(2, 3))
    assert np.array_equal(net(x).detach().numpy(), other(x).detach().numpy())
    with df.no_grad():
        net.scale.mul_(2)
    assert state["scale"].tolist() == [2, 2, 2, 2] and other.scale.tolist() == [1, 1, 1, 1]


def test_loading_what_does_not_fit_names_everything_and_changes_nothing():
    net = nn.Sequential(nn.Linear(2, 3), nn.Linear(3, 1))
    before = copy.deepcopy(net.state_dict())
    bad = {"0.weight": array(3, 3), "0.bias": array(3), "1.weight": array(1, 3), "extra": array(1)}
    with pytest.raises(nn.StateDictError) as caught:
        net.load_state_dict(bad)
    text = str(caught.value)
    assert "error(s) in loading Sequential" in text and isinstance(caught.value, RuntimeError)
    assert "Missing key(s): '1.bias'" in text and "Unexpected key(s): 'extra'" in text
    assert "size mismatch for 0.weight: the state dict has shape (3, 3), the module (3, 2)" in text
    assert all(np.array_equal(t.numpy(), before[k].numpy()) for k, t in net.state_dict().items())
    del bad["0.weight"]
    found = net.load_state_dict(bad, strict=False)
    assert (found.missing_keys, found.unexpected_keys) == (["0.weight", "1.bias"], ["extra"])
    assert np.array_equal(net[0].bias.detach().numpy(), bad["0.bias"])
    with pytest.raises(nn.StateDictError, match="dtype mismatch for 0.bias: complex64 does not fit into float32"):
        net.load_state_dict({"0.bias": np.zeros(3, np.complex64)}, strict=False)


def test_state_goes_to_pytorch_and_comes_back():
    t = torch()

    def make(F):
        return F.nn.Sequential(F.nn.Linear(3, 4), F.nn.Tanh(), F.nn.Linear(4, 2))

    ours, theirs = make(df), make(t)
    x = array(5, 3)
    ours.load_state_dict(theirs.state_dict())
    np.testing.assert_allclose(
        ours(df.tensor(x)).detach().numpy(), theirs(t.tensor(x)).detach().numpy(), rtol=1e-5, atol=1e-6
    )
    fresh = make(df)
    theirs.load_state_dict({k: t.from_numpy(v.numpy()) for k, v in fresh.state_dict().items()})
    np.testing.assert_allclose(
        fresh(df.tensor(x)).detach().numpy(), theirs(t.tensor(x)).detach().numpy(), rtol=1e-5, atol=1e-6
    )


def test_buffers_keep_their_object_and_transient_ones_are_not_saved():
    net = nn.Module()
    net.register_buffer("mean", df.zeros(2))
    net.register_buffer("cache", df.zeros(1), persistent=False)
    net.register_buffer("none", None)
    held = net.mean
    net.mean = net.mean * 0.9 + df.ones(2)
    assert net.mean is held and held.tolist() == [1, 1] and not held.requires_grad
    assert list(net.state_dict()) == ["mean"] and [n for n, _ in net.named_buffers()] == ["mean", "cache"]
    with pytest.raises(ShapeError):
        net.mean = df.zeros(3)


@pytest.mark.parametrize("world", WORLDS)
def test_a_buffer_counts_in_every_world(world):
    class Counter(nn.Module):
        def __init__(self):
            super().__init__()
            self.register_buffer("calls", df.zeros(()))

        def forward(self, x):
            self.calls = self.calls + 1
            return x * self.calls

    net = Counter()
    with WORLDS[world]():
        step = df.function(lambda x: net(x))
        assert [step(df.ones(1)).item() for _ in range(3)] == [1, 2, 3]
    assert net.calls.item() == 3


# -------------------------------------------------------------------------------------------------------------- layers


def test_linear_is_its_equation_over_any_leading_axes():
    layer = nn.Linear(3, 2)
    w, b = layer.weight.detach().numpy(), layer.bias.detach().numpy()
    for shape in ((3,), (5, 3), (2, 4, 3), (0, 3)):
        x = array(*shape)
        np.testing.assert_allclose(layer(df.tensor(x)).detach().numpy(), x @ w.T + b, rtol=1e-5, atol=1e-6)
    with pytest.raises(ShapeError, match="linear: x of shape"):
        layer(df.ones(5, 4))


def test_linear_starts_as_pytorchs_does():
    layer = nn.Linear(100, 200)
    bound = 1 / math.sqrt(100)
    for p in layer.parameters():
        values = p.detach().numpy()
        assert np.abs(values).max() <= bound and p.requires_grad
        assert abs(values.std() / (bound / math.sqrt(3)) - 1) < 0.15  # uniform: half-width over √3
    t = torch()
    theirs = t.nn.Linear(100, 200)
    assert abs(layer.weight.detach().numpy().std() / theirs.weight.detach().numpy().std() - 1) < 0.02
    assert nn.Linear(0, 2).bias.tolist() == [0, 0]  # no input: nothing to scale by


def test_initial_values_follow_the_seed_in_any_mode():
    def draw():
        df.manual_seed(5)
        return nn.Linear(3, 2).weight.numpy().copy()

    first = draw()
    with df.graph():
        inside = draw()
    assert np.array_equal(first, inside)


@pytest.mark.parametrize("name", ["ReLU", "Tanh", "Sigmoid"])
def test_activations_are_the_ops(name):
    x = df.tensor([-2.0, 0.0, 3.0])
    assert getattr(nn, name)()(x).tolist() == getattr(df, name.lower())(x).tolist()


def test_flatten_merges_axes():
    x = df.zeros(2, 3, 4, 5)
    assert nn.Flatten()(x).shape == (2, 60) and nn.Flatten(0, 1)(x).shape == (6, 4, 5)


def test_dropout_keeps_the_mean_and_the_scale():
    x = df.ones(100, 100)
    out = nn.Dropout(0.2)(x).numpy()
    assert set(np.unique(out)) == {np.float32(0), np.float32(1.25)}
    assert abs((out == 0).mean() - 0.2) < 0.02 and abs(out.mean() - 1) < 0.02
    assert nn.Dropout(0.2).eval()(x) is x and nn.Dropout(0)(x) is x
    assert not nn.Dropout(1.0)(x).any()


def test_dropout_passes_gradients_through_what_it_kept():
    x = df.ones(50, requires_grad=True)
    y = functional.dropout(x, 0.5, generator=Generator(1))
    y.sum().backward()
    assert np.array_equal(x.grad.numpy(), y.detach().numpy())
    again = functional.dropout(x, 0.5, generator=Generator(1))
    assert np.array_equal(again.detach().numpy(), y.detach().numpy())


def test_dropout_draws_the_same_masks_in_every_world_and_notices_eval():
    net = nn.Sequential(nn.Dropout(0.5), nn.Dropout(0.1))
    x = df.ones(20)
    found = {}
    for world, enter in WORLDS.items():
        df.manual_seed(3)
        step = df.function(lambda x: net(x))
        with enter():
            drawn = [step(x).numpy() for _ in range(3)]
            kept = net.eval() and step(x).numpy()
            net[0].p = 0.9
            drawn.append((net.train() and step(x)).numpy())
            net[0].p = 0.5
        assert not np.array_equal(drawn[0], drawn[1]) and np.array_equal(kept, np.ones(20, np.float32))
        assert (drawn[-1] == 0).sum() > 10
        found[world] = drawn
    for world in found:
        np.testing.assert_array_equal(found[world], found["eager"])


# -------------------------------------------------------------------------------------------------------------- losses


@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
def test_losses_are_pytorchs(reduction):
    t = torch()
    x, y, labels = array(6, 4), array(6, 4, seed=1), np.array([0, 3, 1, 2, 2, 0])
    for ours, theirs, target in (
        (functional.mse_loss, t.nn.functional.mse_loss, y),
        (nn.MSELoss(reduction), t.nn.MSELoss(reduction=reduction), y),
        (functional.cross_entropy, t.nn.functional.cross_entropy, labels),
        (nn.CrossEntropyLoss(reduction=reduction), t.nn.CrossEntropyLoss(reduction=reduction), labels),
    ):
        options = {} if isinstance(ours, nn.Module) else {"reduction": reduction}
        a, b = df.tensor(x, requires_grad=True), t.tensor(x, requires_grad=True)
        loss, expected = ours(a, df.tensor(target), **options), theirs(b, t.tensor(target), **options)
        np.testing.assert_allclose(loss.detach().numpy(), expected.detach().numpy(), rtol=1e-5)
        loss.sum().backward()
        expected.sum().backward()
        np.testing.assert_allclose(a.grad.numpy(), b.grad.numpy(), rtol=1e-4, atol=1e-6)


def test_cross_entropy_of_even_scores_is_the_logarithm_of_the_classes():
    assert nn.CrossEntropyLoss()(df.zeros(3, 8), df.tensor([0, 5, 7])).item() == pytest.approx(math.log(8))
    with pytest.raises(OutOfRangeError, match="there are 8 classes"):
        functional.cross_entropy(df.zeros(1, 8), df.tensor([8]))


def test_softmax_takes_axis_or_dim():
    x = df.tensor(array(2, 3))
    for f in (functional.softmax, functional.log_softmax):
        assert f(x, 0).tolist() == f(x, dim=0).tolist() == f(x, axis=0).tolist() != f(x).tolist()
    np.testing.assert_allclose(functional.softmax(x).sum(axis=1).numpy(), 1, rtol=1e-6)


def test_mse_loss_warns_of_a_silent_broadcast_in_both_worlds():
    with pytest.warns(UserWarning, match=r"target's shape \(4,\) differs from the input's \(4, 1\)"):
        functional.mse_loss(df.zeros(4, 1), df.zeros(4))
    with df.graph():
        x, y, z = (df.placeholder(df.float32, shape) for shape in ((None, 1), (None,), (4, 1)))
        with pytest.warns(UserWarning, match="broadcast"):
            functional.mse_loss(x, y)
        functional.mse_loss(x, z)  # may well be equal


# ------------------------------------------------------------------------------------------------------ initial values


def test_initial_values_lie_where_they_should():
    w = nn.Parameter(df.zeros(60, 40))
    assert nn.init.uniform_(w, -2, 3) is w and w.requires_grad and w.is_leaf
    values = w.detach().numpy()
    assert -2 <= values.min() < -1.9 and 2.9 < values.max() < 3
    nn.init.normal_(w, 1.0, 0.5)
    assert abs(values.mean() - 1) < 0.05 and abs(values.std() - 0.5) < 0.05
    nn.init.xavier_uniform_(w, gain=2.0)
    assert np.abs(values).max() == pytest.approx(2 * math.sqrt(6 / 100), rel=0.02)
    nn.init.kaiming_uniform_(w, nonlinearity="relu")
    assert np.abs(values).max() == pytest.approx(math.sqrt(6 / 40), rel=0.02)
    nn.init.kaiming_uniform_(w, mode="fan_out", nonlinearity="relu")
    assert np.abs(values).max() == pytest.approx(math.sqrt(6 / 60), rel=0.02)
    assert nn.init.ones_(w).detach().numpy().all() and not nn.init.zeros_(w).detach().numpy().any()


def test_gains_are_pytorchs():
    t = torch()
    for name in ("linear", "sigmoid", "tanh", "relu", "leaky_relu", "selu"):
        assert nn.init.calculate_gain(name) == pytest.approx(t.nn.init.calculate_gain(name))
    assert nn.init.calculate_gain("leaky_relu", 3.0) == pytest.approx(t.nn.init.calculate_gain("leaky_relu", 3.0))


# ----------------------------------------------------------------------------------------------------------- recurrent


def test_lstm_cell_is_pytorchs_with_its_gradients():
    t = torch()
    theirs, ours = t.nn.LSTMCell(5, 7), nn.LSTMCell(5, 7)
    ours.load_state_dict(theirs.state_dict())
    xs = array(4, 3, 5)

    def unroll(F, cell):
        state = None
        for x in xs:
            state = cell(F.tensor(x), state)
        (state[0].sum() + (state[1] * state[1]).sum()).backward()
        return state

    for a, b in zip(unroll(df, ours), unroll(t, theirs), strict=True):
        np.testing.assert_allclose(a.detach().numpy(), b.detach().numpy(), rtol=1e-5, atol=1e-6)
    for p, q in zip(ours.parameters(), theirs.parameters(), strict=True):
        np.testing.assert_allclose(p.grad.numpy(), q.grad.numpy(), rtol=1e-4, atol=1e-5)


def test_lstm_cell_by_hand():
    cell = nn.LSTMCell(1, 1, bias=False)
    for p in cell.parameters():
        p.assign(df.ones(4, 1))
    h, c = cell(df.tensor([[1.0]]), (df.tensor([[1.0]]), df.tensor([[2.0]])))
    s, g = 1 / (1 + math.exp(-2)), math.tanh(2)
    assert c.item() == pytest.approx(2 * s + s * g) and h.item() == pytest.approx(s * math.tanh(2 * s + s * g))
    assert repr(cell) == "LSTMCell(1, 1, bias=False)"


# ------------------------------------------------------------------------------------------------------ in both worlds


def models():
    return {
        "mlp": nn.Sequential(nn.Flatten(), nn.Linear(6, 5), nn.ReLU(), nn.Linear(5, 3)),
        "squashed": nn.Sequential(nn.Flatten(), nn.Linear(6, 4), nn.Tanh(), nn.Linear(4, 3), nn.Sigmoid()),
        "lstm": Unrolled(),
    }


class Unrolled(nn.Module):
    def __init__(self):
        super().__init__()
        self.cell, self.head = nn.LSTMCell(3, 4), nn.Linear(4, 3)

    def forward(self, x):
        state = None
        for t in range(2):
            state = self.cell(x[:, t], state)
        return self.head(state[0])


@pytest.mark.parametrize("name", ["mlp", "squashed", "lstm"])
def test_a_model_gives_the_same_values_and_gradients_in_every_world(name):
    model = models()[name]
    x, labels = df.tensor(array(8, 2, 3)), df.tensor(np.arange(8) % 3)
    found = {}
    for world, enter in WORLDS.items():
        with enter():

            @df.function
            def run(x, y):
                loss = functional.cross_entropy(model(x), y)
                loss.backward()
                return loss

            loss = run(x, labels).item()
        found[world] = [loss, *(p.grad.numpy() for p in model.parameters())]
        model.zero_grad()
    for world in ("interpreted", "compiled"):
        for a, b in zip(found[world], found["eager"], strict=True):
            if world == "interpreted":
                np.testing.assert_array_equal(a, b)
            else:
                np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("name", ["mlp", "squashed", "lstm"])
def test_a_model_is_a_graph_for_any_batch(name):
    model = models()[name]
    with df.graph() as g:
        x = df.placeholder(df.float32, (None, 2, 3), name="x")
        y = model(x)
        gradients = df.gradients(y.sum(), list(model.parameters()))
    assert y.shape == (None, 3) and None not in gradients
    with df.Session(g) as session:
        for batch in (1, 4):
            data = array(batch, 2, 3, seed=batch)
            np.testing.assert_allclose(
                session.run(y, {x: data}), model(df.tensor(data)).detach().numpy(), rtol=1e-5, atol=1e-6
            )


def test_training_is_noticed_by_a_trace_although_only_the_users_forward_reads_it():
    class Doubling(nn.Module):
        def forward(self, x):
            return x * 2 if self.training else x

    net = Doubling()
    with df.mode("graph"):
        step = df.function(lambda x: net(x))
        assert step(df.ones(1)).item() == 2
        net.eval()
        assert step(df.ones(1)).item() == 1
        net.train()
        assert step(df.ones(1)).item() == 2


def test_parameters_written_inside_a_graph_belong_to_it():
    with df.graph() as g:
        net = nn.Module()
        net.w = nn.Parameter([2.0, 3.0])
        x = df.placeholder(df.float32, (2,))
        y = x * net.w
        init = df.global_variables_initializer()
    assert [n for n, _ in net.named_parameters()] == ["w"]
    with df.Session(g) as session:
        session.run(init)
        assert session.run(y, {x: [1.0, 1.0]}).tolist() == [2, 3]


IN_PLACE = ["celu", "elu", "hardswish", "hardtanh", "leaky_relu", "mish", "relu", "relu6", "selu", "silu"]


@pytest.mark.parametrize("name", IN_PLACE)
def test_an_activation_in_place_overwrites_and_has_the_gradient(name):
    """The result is the operand; a graph, where values do not change, computes the same."""
    function = getattr(functional, name)
    leaf = df.tensor([-1.5, 0.25, 2.0], requires_grad=True)
    expected = function(leaf * 2)
    (slope,) = df.grad(expected.sum(), [leaf])
    x = leaf * 2
    y = function(x, inplace=True)
    assert y is x
    np.testing.assert_array_equal(x.detach().numpy(), expected.detach().numpy())
    np.testing.assert_array_equal(df.grad(y.sum(), [leaf])[0].numpy(), slope.numpy())
    with df.mode("graph"):
        found = df.function(lambda x: function(x * 2, inplace=True))(leaf)
    np.testing.assert_allclose(found.detach().numpy(), expected.detach().numpy(), rtol=1e-6)


def test_layers_in_place_read_like_pytorchs():
    """The word is the last argument, and is shown only where it says something."""
    assert repr(nn.ReLU(True)) == "ReLU(inplace=True)" and repr(nn.ReLU()) == "ReLU()"
    assert repr(nn.Dropout(0.5, inplace=True)) == "Dropout(p=0.5, inplace=True)"
    assert repr(nn.LeakyReLU(0.2, True)) == "LeakyReLU(negative_slope=0.2, inplace=True)"
    with pytest.raises(TypeError, match="LeakyReLU"):
        nn.LeakyReLU(slope=0.2)

"""Layers with state, sequences, attention and whole networks: beside PyTorch with the same weights, in both worlds."""

import numpy as np
import pytest
from oracle import torch

import dualflow as df
from dualflow import nn

RNG = np.random.default_rng(23)


def draw(*shape):
    return RNG.normal(size=shape).astype(np.float32)


def pair(name, *args, **params):
    """Return the layer of both libraries with one state."""
    theirs, ours = getattr(torch().nn, name)(*args, **params), getattr(nn, name)(*args, **params)
    ours.load_state_dict({key: value.numpy() for key, value in theirs.state_dict().items()})
    return ours, theirs


def flat(result):
    return [each for part in result for each in flat(part)] if isinstance(result, tuple) else [result]


def near(ours, theirs, tolerance=1e-4):
    for a, b in zip(flat(ours), flat(theirs), strict=True):
        if b is not None:
            np.testing.assert_allclose(a.detach().numpy(), b.detach().numpy(), rtol=tolerance, atol=1e-5)


NORMS = [
    ("BatchNorm1d", (3,), {}, (6, 3)),
    ("BatchNorm1d", (3,), {"momentum": None}, (6, 3, 4)),
    ("BatchNorm2d", (3,), {"affine": False, "momentum": 0.3}, (4, 3, 5, 5)),
    ("BatchNorm2d", (3,), {"track_running_stats": False}, (4, 3, 5, 5)),
    ("BatchNorm3d", (3,), {}, (2, 3, 2, 3, 2)),
    ("InstanceNorm1d", (3,), {"affine": True, "track_running_stats": True}, (2, 3, 5)),
    ("InstanceNorm2d", (3,), {}, (2, 3, 4, 5)),
    ("LayerNorm", ((3, 4),), {}, (2, 3, 4)),
    ("GroupNorm", (2, 6), {}, (2, 6, 4)),
    ("RMSNorm", (4,), {}, (2, 3, 4)),
    ("LocalResponseNorm", (3,), {}, (2, 6, 4)),
    ("Embedding", (7, 3), {"padding_idx": 1}, None),
    ("Embedding", (7, 3), {"max_norm": 1.0, "norm_type": 1.0, "scale_grad_by_freq": True}, None),
]


@pytest.mark.parametrize("name, args, params, shape", NORMS, ids=[f"{n[0]}-{i}" for i, n in enumerate(NORMS)])
def test_layers_and_their_buffers_are_pytorchs_in_both_worlds(name, args, params, shape):
    ours, theirs = pair(name, *args, **params)
    graphed = getattr(nn, name)(*args, **params)
    graphed.load_state_dict(ours.state_dict())
    step = df.function(graphed)
    for training in (True, True, False):
        for module in (ours, theirs, graphed):
            module.train(training)
        x = RNG.integers(0, 7, (2, 3)) if shape is None else draw(*shape)
        expected = theirs(torch().tensor(x))
        near(ours(df.tensor(x)), expected)
        with df.mode("graph"):
            near(step(df.tensor(x)), expected)
    state = theirs.state_dict()
    for module in (ours, graphed):
        assert list(module.state_dict()) == list(state)
        for key, value in module.state_dict().items():
            np.testing.assert_allclose(value.numpy(), state[key].numpy(), rtol=1e-4, atol=1e-5)


SEQUENCES = [
    ("RNN", (3, 4), {"nonlinearity": "relu"}),
    ("RNN", (3, 4), {"num_layers": 2, "bidirectional": True, "bias": False}),
    ("GRU", (3, 4), {"num_layers": 2, "batch_first": True}),
    ("GRU", (3, 4), {"bidirectional": True}),
    ("LSTM", (3, 4), {"num_layers": 2, "bidirectional": True, "batch_first": True}),
    ("LSTM", (3, 4), {"dropout": 0.5, "num_layers": 2}),
]


@pytest.mark.filterwarnings("ignore:RNN module weights")
@pytest.mark.parametrize("name, args, params", SEQUENCES, ids=[f"{s[0]}-{i}" for i, s in enumerate(SEQUENCES)])
def test_sequences_are_pytorchs(name, args, params):
    t = torch()
    ours, theirs = pair(name, *args, **params)
    ours.eval(), theirs.eval()
    x = draw(5, 2, 3)
    near(ours(df.tensor(x)), theirs(t.tensor(x)))
    near(ours(df.tensor(x[0])), theirs(t.tensor(x[0])))
    depth = ours.num_layers * (2 if ours.bidirectional else 1)
    batch = 5 if ours.batch_first else 2
    state = [draw(depth, batch, 4) for _ in range(2 if name == "LSTM" else 1)]
    given = [tuple(map(make, state)) if len(state) > 1 else make(state[0]) for make in (df.tensor, t.tensor)]
    a, b = ours(df.tensor(x), given[0]), theirs(t.tensor(x), given[1])
    near(a, b)
    a[0].sum().backward(), b[0].sum().backward()
    for (key, p), q in zip(ours.named_parameters(), theirs.parameters(), strict=True):
        np.testing.assert_allclose(p.grad.numpy(), q.grad.numpy(), rtol=1e-3, atol=1e-5, err_msg=key)
    with df.mode("graph"):
        near(df.function(ours)(df.tensor(x)), ours(df.tensor(x)))


@pytest.mark.parametrize("name", ["RNNCell", "GRUCell", "LSTMCell"])
def test_cells_are_pytorchs(name):
    ours, theirs = pair(name, 3, 4)
    x = draw(2, 3)
    near(ours(df.tensor(x)), theirs(torch().tensor(x)))


HEADS = [
    ({}, {}),
    ({"batch_first": True, "bias": False}, {"average_attn_weights": False}),
    ({"kdim": 5, "vdim": 6}, {"need_weights": False}),
    ({"batch_first": True}, {"attn_mask": np.triu(np.ones((4, 4), bool), 1)}),
    ({"batch_first": True}, {"attn_mask": draw(4, 4)}),
    ({"batch_first": True}, {"key_padding_mask": np.array([[False, False, True, True], [False] * 4])}),
]


@pytest.mark.parametrize("made, called", HEADS, ids=range(len(HEADS)))
def test_attention_with_heads_is_pytorchs(made, called):
    t = torch()
    ours, theirs = pair("MultiheadAttention", 8, 2, **made)
    shape = (2, 4) if made.get("batch_first") else (4, 2)
    xs = [draw(*shape, width) for width in (8, made.get("kdim", 8), made.get("vdim", 8))]
    arrays = {key: value for key, value in called.items() if isinstance(value, np.ndarray)}
    a = ours(*map(df.tensor, xs), **{**called, **{k: df.tensor(v) for k, v in arrays.items()}})
    b = theirs(*map(t.tensor, xs), **{**called, **{k: t.tensor(v) for k, v in arrays.items()}})
    near(a, b)


def network(library):
    """Two convolutions with batch normalization, pooled to ten classes."""
    return library.Sequential(
        library.Conv2d(1, 4, 3, padding=1, bias=False),
        library.BatchNorm2d(4),
        library.ReLU(),
        library.MaxPool2d(2),
        library.Conv2d(4, 6, 3, stride=2),
        library.BatchNorm2d(6),
        library.ReLU(),
        library.AdaptiveAvgPool2d(1),
        library.Flatten(),
        library.Linear(6, 10),
    )


@pytest.mark.parametrize("world", ["eager", "graph"])
def test_ten_steps_of_a_convolutional_network_are_pytorchs(world):
    t = torch()
    theirs, ours = network(t.nn), network(nn)
    ours.load_state_dict({key: value.numpy() for key, value in theirs.state_dict().items()})
    mine, reference = df.optim.SGD(ours.parameters(), 0.1, momentum=0.9), t.optim.SGD(theirs.parameters(), 0.1, 0.9)

    @df.function
    def step(x, y):
        loss = nn.functional.cross_entropy(ours(x), y)
        mine.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(ours.parameters(), 1.0)
        mine.step()
        return loss

    for _ in range(10):
        x, y = draw(8, 1, 12, 12), RNG.integers(0, 10, 8)
        with df.mode(world):
            loss = step(df.tensor(x), df.tensor(y)).item()
        expected = t.nn.functional.cross_entropy(theirs(t.tensor(x)), t.tensor(y))
        reference.zero_grad()
        expected.backward()
        t.nn.utils.clip_grad_norm_(theirs.parameters(), 1.0)
        reference.step()
        np.testing.assert_allclose(loss, expected.item(), rtol=1e-3)
    for key, value in theirs.state_dict().items():
        np.testing.assert_allclose(ours.state_dict()[key].numpy(), value.numpy(), rtol=1e-2, atol=1e-3, err_msg=key)


def test_vectors_of_parameters_and_containers():
    layer = nn.Linear(3, 2)
    vector = nn.utils.parameters_to_vector(layer.parameters()).detach()
    nn.utils.vector_to_parameters(vector * 2, layer.parameters())
    np.testing.assert_allclose(nn.utils.parameters_to_vector(layer.parameters()).detach().numpy(), vector.numpy() * 2)
    with pytest.raises(ValueError, match="8 elements"):
        nn.utils.vector_to_parameters(df.zeros(7), layer.parameters())
    both = nn.ModuleDict({"a": layer})
    both["b"] = nn.ReLU()
    assert list(both.keys()) == ["a", "b"] and both.pop("b") is not None and len(both) == 1
    with pytest.raises(KeyError):
        del both["b"]
    with pytest.raises(KeyError, match="attribute"):
        both["train"] = nn.ReLU()
    weights = nn.ParameterList([df.ones(2), df.zeros(3)])
    weights[0] = df.ones(4)
    assert [p.shape for p in weights.parameters()] == [(4,), (3,)] and len(weights[1:]) == 1


def test_initial_values_have_the_moments_they_promise():
    w = df.zeros(200, 300)
    assert abs(nn.init.kaiming_normal_(w).numpy().std() - (2 / 300) ** 0.5) < 2e-3
    assert abs(nn.init.xavier_normal_(w).numpy().std() - (2 / 500) ** 0.5) < 2e-3
    made = nn.init.trunc_normal_(w, std=1.0, a=-0.5, b=1.0).numpy()
    assert made.min() >= -0.5 and made.max() <= 1.0
    made = nn.init.orthogonal_(w, 2.0).numpy()
    np.testing.assert_allclose(made @ made.T, 4 * np.eye(200), atol=1e-4)
    with pytest.raises(ValueError, match="next to nothing"):
        nn.init.trunc_normal_(w, a=20, b=30)


@pytest.mark.parametrize("params", [{}, {"norm_first": True, "activation": "gelu"}, {"batch_first": True}])
def test_an_encoder_is_pytorchs(params):
    """Its state loads, and its values and gradients are the same, masked and in training without dropout."""
    t = torch()
    ours, theirs = pair("TransformerEncoderLayer", 8, 2, 16, dropout=0.0, **params)
    x, mask = draw(5, 3, 8), np.triu(np.ones((5, 5), bool), 1)
    mask = mask[:3, :3] if "batch_first" in params else mask
    a, b = df.tensor(x, requires_grad=True), t.tensor(x, requires_grad=True)
    near(y := ours(a, src_mask=df.tensor(mask)), z := theirs(b, src_mask=t.tensor(mask)))
    (y * y * y).sum().backward()
    (z * z * z).sum().backward()
    near((a.grad, ours.linear1.weight.grad), (b.grad, theirs.linear1.weight.grad), 1e-3)
    whole = nn.TransformerEncoder(ours, 2, nn.LayerNorm(8))
    deep = t.nn.TransformerEncoder(theirs, 2, t.nn.LayerNorm(8), enable_nested_tensor=False)
    assert list(whole.state_dict()) == list(deep.state_dict())
    near(whole(df.tensor(x)), deep(t.tensor(x)))


@pytest.mark.parametrize("mode", ["sum", "mean", "max"])
def test_bags_by_offsets_are_pytorchs(mode):
    t = torch()
    ours, theirs = pair("EmbeddingBag", 7, 3, mode=mode, max_norm=1.0, padding_idx=2)
    indices, offsets = np.array([1, 2, 4, 1, 6, 6]), np.array([0, 2, 2, 5])
    y = ours(df.tensor(indices), df.tensor(offsets))
    z = theirs(t.tensor(indices), t.tensor(offsets))
    (y * y).sum().backward()
    (z * z).sum().backward()
    near((y, ours.weight, ours.weight.grad), (z, theirs.weight, theirs.weight.grad))


def test_layers_of_two_inputs_are_pytorchs():
    t = torch()
    for name, args in (("Bilinear", (4, 4, 5)), ("CosineSimilarity", (-1,)), ("PairwiseDistance", (3.0,))):
        ours, theirs = pair(name, *args)
        x, y = draw(2, 3, 4), draw(2, 3, 4)
        near(ours(df.tensor(x), df.tensor(y)), theirs(t.tensor(x), t.tensor(y)))
        assert repr(ours) == repr(theirs) or name != "Bilinear"

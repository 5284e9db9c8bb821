"""Convolution, pooling and resizing by PyTorch's names: beside PyTorch, in both worlds, and their mistakes."""

import numpy as np
import pytest
from oracle import torch

import dualflow as df
from dualflow.core.errors import DualflowError
from dualflow.nn import functional as F

RNG = np.random.default_rng(5)


def draw(*shape):
    return RNG.normal(size=shape)


# a name, positional operands (arrays get gradients), and keyword arguments
CALLS = [
    ("conv1d", (draw(2, 4, 9), draw(6, 2, 3), draw(6)), {"stride": 2, "padding": 1, "groups": 2}),
    ("conv1d", (draw(2, 4, 9), draw(6, 4, 4)), {"padding": "same", "dilation": 2}),
    ("conv2d", (draw(2, 3, 7, 8), draw(4, 3, 3, 2), draw(4)), {"stride": (2, 1), "padding": (1, 0)}),
    ("conv2d", (draw(3, 7, 8), draw(4, 3, 3, 3)), {"padding": "valid"}),
    ("conv2d", (draw(2, 4, 6, 6), draw(4, 1, 3, 3)), {"padding": "same", "groups": 4}),
    ("conv3d", (draw(1, 2, 4, 5, 4), draw(3, 2, 2, 3, 2), draw(3)), {"padding": 1, "stride": (1, 2, 2)}),
    ("conv_transpose1d", (draw(2, 4, 5), draw(4, 3, 3), draw(3)), {"stride": 3, "output_padding": 2, "padding": 1}),
    ("conv_transpose2d", (draw(2, 4, 5, 4), draw(4, 3, 3, 2), draw(6)), {"stride": 2, "padding": 1, "groups": 2}),
    ("conv_transpose2d", (draw(4, 5, 4), draw(4, 3, 3, 3)), {"dilation": 2, "output_padding": 1}),
    ("conv_transpose3d", (draw(1, 2, 3, 3, 3), draw(2, 1, 2, 2, 2)), {"stride": (1, 2, 1)}),
    ("max_pool1d", (draw(2, 3, 9), 3), {"stride": 2, "padding": 1, "ceil_mode": True}),
    ("max_pool2d", (draw(2, 3, 9, 8), (3, 2)), {"dilation": (1, 2)}),
    ("max_pool2d", (np.maximum(draw(1, 2, 8, 8), 0), 3), {"stride": 2, "padding": 1}),
    ("max_pool3d", (draw(1, 3, 4, 5, 6), 2), {"stride": (1, 2, 2)}),
    ("avg_pool1d", (draw(2, 3, 9), 3), {"stride": 2, "padding": 1, "count_include_pad": False}),
    ("avg_pool2d", (draw(2, 3, 9, 8), 3), {"stride": 2, "padding": 1, "ceil_mode": True}),
    ("avg_pool2d", (draw(2, 3, 9, 8), 3), {"divisor_override": 4}),
    ("avg_pool3d", (draw(1, 3, 4, 5, 6), 2), {}),
    ("adaptive_avg_pool1d", (draw(2, 3, 9), 4), {}),
    ("adaptive_avg_pool2d", (draw(2, 3, 9, 8), (3, 4)), {}),
    ("adaptive_avg_pool2d", (draw(2, 3, 9, 8), (5, None)), {}),
    ("adaptive_avg_pool2d", (draw(2, 3, 9, 8), 1), {}),
    ("adaptive_avg_pool3d", (draw(1, 2, 4, 5, 4), (3, 2, 4)), {}),
    ("adaptive_max_pool1d", (draw(2, 3, 9), 4), {}),
    ("adaptive_max_pool2d", (np.maximum(draw(2, 3, 9, 8), 0), (4, 3)), {}),
    ("adaptive_max_pool3d", (draw(1, 2, 4, 5, 4), 2), {}),
    ("lp_pool1d", (np.abs(draw(2, 3, 9)), 3, 2), {"stride": 2}),
    ("lp_pool2d", (np.abs(draw(2, 3, 6, 7)), 2, (2, 3)), {"ceil_mode": True}),
    ("lp_pool3d", (np.abs(draw(1, 2, 4, 4, 4)), 2, 2), {}),
    ("unfold", (draw(2, 3, 6, 7), (2, 3)), {"dilation": 2, "padding": 1, "stride": (1, 2)}),
    ("fold", (draw(2, 12, 12), (4, 5), (2, 2)), {}),
    ("fold", (draw(2, 12, 6), (4, 5), (2, 2)), {"stride": 2, "padding": (0, 1)}),
    ("interpolate", (draw(2, 3, 5),), {"scale_factor": 2.5, "mode": "nearest"}),
    ("interpolate", (draw(2, 3, 5, 4),), {"size": (3, 9), "mode": "nearest-exact"}),
    ("interpolate", (draw(2, 3, 5),), {"size": 7, "mode": "linear", "align_corners": True}),
    ("interpolate", (draw(2, 3, 5, 4),), {"scale_factor": (2, 1.5), "mode": "bilinear"}),
    ("interpolate", (draw(2, 3, 5, 4),), {"size": 2, "mode": "bilinear", "align_corners": True}),
    ("interpolate", (draw(2, 3, 5, 4),), {"scale_factor": 1.7, "mode": "bicubic"}),
    ("interpolate", (draw(2, 3, 5, 4),), {"size": (9, 3), "mode": "bicubic", "align_corners": True}),
    ("interpolate", (draw(1, 2, 3, 3, 3),), {"scale_factor": 2, "mode": "trilinear"}),
    ("interpolate", (draw(1, 2, 6, 5),), {"size": (4, 2), "mode": "area"}),
    ("pixel_shuffle", (draw(2, 8, 3, 4), 2), {}),
    ("pixel_unshuffle", (draw(2, 2, 6, 9), 3), {}),
]
IDS = [f"{name}-{i}" for i, (name, _, _) in enumerate(CALLS)]


def ours(name, operands, params):
    """Return the value, and the gradients of its sum of squares of orders one and two."""
    xs = [df.tensor(x, requires_grad=True) if isinstance(x, np.ndarray) else x for x in operands]
    leaves = [x for x in xs if isinstance(x, df.Tensor)]
    y = getattr(F, name)(*xs, **params)
    first = df.grad((y * y * y).sum(), leaves, create_graph=True)
    second = df.grad(sum((g * g).sum() for g in first), leaves)
    return [each.detach().numpy() for each in (y, *first, *second)]


@pytest.mark.parametrize("name, operands, params", CALLS, ids=IDS)
def test_values_and_two_orders_of_gradients_are_pytorchs(name, operands, params):
    t = torch()
    xs = [t.tensor(x, requires_grad=True) if isinstance(x, np.ndarray) else x for x in operands]
    leaves = [x for x in xs if isinstance(x, t.Tensor)]
    y = getattr(t.nn.functional, name)(*xs, **params)
    first = t.autograd.grad((y * y * y).sum(), leaves, create_graph=True)
    second = t.autograd.grad(sum((g * g).sum() for g in first), leaves)
    for found, expected in zip(ours(name, operands, params), (y, *first, *second), strict=True):
        np.testing.assert_allclose(found, expected.detach().numpy(), rtol=1e-9, atol=1e-9)
        assert found.shape == tuple(expected.shape)


@pytest.mark.parametrize("name, operands, params", CALLS, ids=IDS)
def test_both_worlds_agree(name, operands, params):
    """A compiled function gives the eager value and gradients."""

    @df.function
    def call(*arrays):
        y = getattr(F, name)(*arrays, *[x for x in operands if not isinstance(x, np.ndarray)], **params)
        return y, *df.gradients((y * y).sum(), list(arrays))

    def eager(*arrays):
        y = getattr(F, name)(*arrays, *[x for x in operands if not isinstance(x, np.ndarray)], **params)
        return y, *df.grad((y * y).sum(), list(arrays))

    arrays = [df.tensor(x, requires_grad=True) for x in operands if isinstance(x, np.ndarray)]
    with df.mode("graph"):
        found = call(*arrays)
    for a, b in zip(found, eager(*arrays), strict=True):
        np.testing.assert_allclose(a.detach().numpy(), b.detach().numpy(), rtol=1e-9, atol=1e-9)


def test_places_of_a_pool_are_pytorchs():
    t, x = torch(), draw(2, 3, 7, 8)
    found = F.max_pool2d(df.tensor(x), 3, 2, 1, return_indices=True)
    expected = t.nn.functional.max_pool2d(t.tensor(x), 3, 2, 1, return_indices=True)
    for a, b in zip(found, expected, strict=True):
        np.testing.assert_array_equal(a.numpy(), b.numpy())


@pytest.mark.parametrize("size", [(4, 3), (5, 4), (3, None)])
def test_places_of_adaptive_pools_are_pytorchs_and_unpooling_puts_back(size):
    t, x = torch(), draw(2, 3, 9, 8)
    values, places = F.adaptive_max_pool2d(df.tensor(x), size, return_indices=True)
    expected = t.nn.functional.adaptive_max_pool2d(t.tensor(x), size, return_indices=True)
    np.testing.assert_array_equal(values.numpy(), expected[0].numpy())
    np.testing.assert_array_equal(places.numpy(), expected[1].numpy())
    back = F.max_unpool2d(values, places, 2, output_size=x.shape)
    np.testing.assert_array_equal(back.numpy(), np.where(np.isin(x, values.numpy()), x, 0))


def test_a_graph_with_an_unknown_batch():
    """The batch may be unknown; what needs a spatial size says so."""
    with df.graph() as g:
        x = df.placeholder(df.float32, (None, 4, 8, 8), name="x")
        wide = df.placeholder(df.float32, (None, 4, None, None), name="wide")
        y = F.max_pool2d(F.conv2d(x, df.ones(2, 4, 3, 3), padding="same"), 2)
        small, places = F.max_pool2d(x, 2, return_indices=True)
        nodes = [y, F.adaptive_avg_pool2d(y, 2), F.interpolate(y, scale_factor=2), F.pixel_shuffle(x, 2)]
        nodes.append(F.max_unpool2d(small, places, 2))
        nodes.append(F.adaptive_avg_pool2d(F.conv2d(wide, df.ones(2, 4, 3, 3)), 1))
        with pytest.raises(DualflowError, match="know"):
            F.adaptive_avg_pool2d(wide, 2)
        with pytest.raises(DualflowError, match="known"):
            F.interpolate(wide, scale_factor=2)
    assert [node.shape for node in nodes] == [
        (None, 2, 4, 4),
        (None, 2, 2, 2),
        (None, 2, 8, 8),
        (None, 1, 16, 16),
        (None, 4, 8, 8),
        (None, 2, 1, 1),
    ]
    fed = np.ones((3, 4, 8, 8), np.float32)
    with df.Session(g) as session:
        values = session.run(nodes, {x: fed, wide: fed})
    assert [value.shape[0] for value in values] == [3] * 6


MISTAKES = [
    (lambda: F.conv2d(df.zeros(1, 3, 8, 8), df.zeros(4, 3, 3)), "conv2d: the weight"),
    (lambda: F.conv2d(df.zeros(1, 3, 8, 8), df.zeros(4, 2, 3, 3)), "has 3 channels; the weight"),
    (lambda: F.conv2d(df.zeros(1, 3, 8, 8), df.zeros(4, 3, 3, 3), df.zeros(3)), "a bias of shape"),
    (lambda: F.conv2d(df.zeros(1, 3, 8, 8), df.zeros(4, 3, 3, 3), stride=2, padding="same"), "needs a stride of 1"),
    (lambda: F.conv2d(df.zeros(1, 3, 8, 8), df.zeros(4, 3, 3, 3), padding="full"), "'same' or 'valid'"),
    (lambda: F.conv2d(df.zeros(1, 3, 2, 8), df.zeros(4, 3, 3, 3)), "does not fit spatial axis 0"),
    (lambda: F.conv2d(df.zeros(1, 3, 8, 8), df.zeros(4, 3, 3, 3), stride=(1, 2, 3)), "3 numbers for 2 spatial axes"),
    (lambda: F.conv_transpose2d(df.zeros(1, 3, 8, 8), df.zeros(3, 4, 3, 3), output_padding=1), "output_padding"),
    (lambda: F.conv_transpose2d(df.zeros(1, 3, 8, 8), df.zeros(4, 4, 3, 3)), "the weight takes 4"),
    (lambda: F.max_pool2d(df.zeros(8, 8), 2), "max_pool2d: "),
    (lambda: F.max_pool2d(df.zeros(1, 8, 8), 2, padding=2), "at most half"),
    (lambda: F.avg_pool2d(df.zeros(1, 8, 8), 0), "at least 1"),
    (lambda: F.avg_pool2d(df.zeros(1, 8, 8), 2, divisor_override=0), "divisor_override"),
    (lambda: F.adaptive_avg_pool2d(df.zeros(1, 8, 8), (1, 2, 3)), "output_size"),
    (lambda: F.max_unpool2d(df.zeros(1, 2, 2), df.zeros(1, 2, 1, dtype="int64"), 2), "places of shape"),
    (lambda: F.fold(df.zeros(1, 4, 3), (2, 2), (2, 2)), "has 1 windows"),
    (lambda: F.interpolate(df.zeros(1, 1, 4), size=2, scale_factor=2), "not both"),
    (lambda: F.interpolate(df.zeros(1, 1, 4), size=2, mode="bilinear"), "is not for 1 spatial axes"),
    (lambda: F.interpolate(df.zeros(1, 1, 4), size=2, mode="cubic"), "mode must be one of"),
    (lambda: F.interpolate(df.zeros(1, 1, 4), size=2, align_corners=True), "align_corners"),
    (lambda: F.pixel_shuffle(df.zeros(1, 3, 4, 4), 2), "3 channels"),
    (lambda: F.pixel_unshuffle(df.zeros(1, 3, 4, 3), 2), "cannot be divided"),
]


@pytest.mark.parametrize("call, words", MISTAKES, ids=[words for _, words in MISTAKES])
def test_mistakes_are_explained_in_both_worlds(call, words):
    for world in (df.eager(), df.graph()):
        with world, pytest.raises(DualflowError) as caught:
            call()
        assert words in str(caught.value)
        assert "test_windows.py" in str(caught.value)


LAYERS = [
    ("Conv1d", (4, 6, 3), {"padding": 1, "groups": 2}, (2, 4, 9)),
    ("Conv2d", (3, 4, (3, 2)), {"stride": 2, "bias": False}, (2, 3, 9, 8)),
    ("Conv3d", (1, 2, 2), {}, (1, 1, 4, 4, 4)),
    ("Conv1d", (2, 4, 4), {"padding": "same", "padding_mode": "circular"}, (2, 2, 9)),
    ("Conv2d", (2, 4, (3, 2)), {"padding": (2, 1), "padding_mode": "reflect"}, (2, 2, 6, 7)),
    ("Conv3d", (1, 2, 3), {"padding": 1, "padding_mode": "replicate"}, (1, 1, 4, 4, 4)),
    ("ConvTranspose1d", (4, 6, 3), {"stride": 2}, (2, 4, 5)),
    ("ConvTranspose2d", (4, 6, 3), {"stride": 2, "output_padding": 1, "groups": 2}, (2, 4, 5, 5)),
    ("ConvTranspose3d", (2, 1, 2), {"dilation": 2}, (1, 2, 3, 3, 3)),
    ("MaxPool2d", (3,), {"stride": 2, "padding": 1}, (2, 4, 9, 9)),
    ("AvgPool2d", (2,), {}, (2, 4, 8, 8)),
    ("AdaptiveAvgPool2d", ((2, None),), {}, (2, 4, 8, 7)),
    ("AdaptiveMaxPool1d", (3,), {}, (2, 4, 8)),
    ("LPPool2d", (2, 2), {}, (2, 4, 8, 8)),
    ("ZeroPad2d", ((1, 0, -1, 2),), {}, (2, 3, 4, 5)),
    ("ConstantPad1d", (2, 0.5), {}, (2, 3, 4)),
    ("ReflectionPad2d", (2,), {}, (2, 3, 4, 5)),
    ("ReplicationPad3d", (1,), {}, (1, 2, 3, 3, 3)),
    ("CircularPad2d", ((1, 2, 0, 1),), {}, (2, 3, 4, 5)),
    ("Softmax2d", (), {}, (2, 3, 4, 5)),
    ("LogSoftmax", (1,), {}, (2, 3, 4)),
    ("Upsample", (), {"scale_factor": 2, "mode": "bilinear"}, (1, 2, 3, 4)),
    ("PixelShuffle", (2,), {}, (1, 8, 3, 4)),
    ("PixelUnshuffle", (2,), {}, (1, 8, 4, 4)),
    ("Unfold", (2,), {"stride": 2}, (1, 2, 4, 4)),
    ("Fold", ((4, 4), 2), {"stride": 2}, (1, 8, 4)),
    ("Unflatten", (1, (2, -1)), {}, (3, 8, 2)),
]


@pytest.mark.parametrize("name, args, params, shape", LAYERS, ids=[f"{layer[0]}-{i}" for i, layer in enumerate(LAYERS)])
def test_layers_load_pytorchs_state_and_give_its_result(name, args, params, shape):
    t = torch()
    theirs, mine = getattr(t.nn, name)(*args, **params), getattr(df.nn, name)(*args, **params)
    mine.load_state_dict({key: value.numpy() for key, value in theirs.state_dict().items()})
    assert "Pad" not in name or repr(mine) == repr(theirs)
    x = draw(*shape).astype(np.float32)
    np.testing.assert_allclose(
        mine(df.tensor(x)).detach().numpy(), theirs(t.tensor(x)).detach().numpy(), rtol=1e-4, atol=1e-5
    )


def test_a_convolution_of_impossible_sizes_is_refused():
    for arguments in ({"groups": 2}, {"kernel_size": 0}, {"padding": -1}, {"in_channels": 0}):
        with pytest.raises(ValueError, match="Conv2d"):
            df.nn.Conv2d(**{"in_channels": 3, "out_channels": 4, "kernel_size": 3, **arguments})

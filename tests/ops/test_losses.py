"""Normalization, attention, embeddings and losses: beside PyTorch, in both worlds, and their mistakes."""

import numpy as np
import pytest
from oracle import torch

import dualflow as df
from dualflow.core.errors import DualflowError
from dualflow.nn import functional as F

RNG = np.random.default_rng(11)


def draw(*shape):
    return RNG.normal(size=shape)


def unit(*shape):
    return RNG.uniform(0.05, 0.95, shape)


def whole(high, *shape):
    return RNG.integers(0, high, shape)


def signs(*shape):
    return RNG.choice([-1.0, 1.0], shape)


IGNORED = np.array([[0, -100, 2], [3, 3, -100]])
MASK = np.array([[True, False, True], [True, True, True], [False, False, False], [True, False, False]])
ADDED = np.where(MASK, draw(4, 3), -np.inf)
ENDS = np.array([0.0, 1.0, 0.25, 1.0])
SHARES = unit(2, 4, 3)
STATISTICS = {"running_mean": draw(3), "running_var": unit(3)}
VARIANCE = RNG.uniform(0.5, 2, (3, 4))

# a name, positional operands (floating arrays get gradients), and keyword arguments, in which arrays get none
CALLS = [
    ("layer_norm", (draw(2, 3, 4), (3, 4), draw(3, 4), draw(3, 4)), {}),
    ("layer_norm", (draw(2, 3, 4), (4,)), {"eps": 1e-3}),
    ("rms_norm", (draw(2, 3, 4), (4,), draw(4)), {}),
    ("rms_norm", (draw(2, 3, 4), (3, 4)), {"eps": 1e-3}),
    ("group_norm", (draw(2, 6, 3, 2), 3, draw(6), draw(6)), {}),
    ("group_norm", (draw(2, 6), 2), {}),
    ("instance_norm", (draw(2, 3, 4, 2),), {}),
    ("instance_norm", (draw(2, 3, 5), None, None, draw(3), draw(3)), {}),
    ("batch_norm", (draw(4, 3, 2, 2), None, None, draw(3), draw(3)), {"training": True}),
    ("batch_norm", (draw(4, 3), None, None), {"training": True}),
    ("batch_norm", (draw(4, 3, 2),), {**STATISTICS, "weight": draw(3), "bias": draw(3)}),
    ("batch_norm", (draw(4, 3, 2),), STATISTICS),
    ("local_response_norm", (draw(2, 6, 3), 3), {"alpha": 0.5}),
    ("local_response_norm", (draw(2, 6, 3, 2), 4), {"alpha": 0.5, "k": 2.0}),
    ("normalize", (draw(2, 3, 4),), {}),
    ("normalize", (draw(2, 3, 4),), {"p": 3.0, "dim": -1}),
    ("normalize", (draw(2, 3),), {"p": 1}),
    ("scaled_dot_product_attention", (draw(2, 3, 4, 5), draw(2, 3, 6, 5), draw(2, 3, 6, 2)), {}),
    ("scaled_dot_product_attention", (draw(2, 4, 5), draw(2, 4, 5), draw(2, 4, 2)), {"is_causal": True}),
    ("scaled_dot_product_attention", (draw(2, 4, 5), draw(2, 3, 5), draw(2, 3, 2)), {"attn_mask": MASK, "scale": 0.5}),
    ("scaled_dot_product_attention", (draw(2, 4, 5), draw(2, 3, 5), draw(2, 3, 2)), {"attn_mask": ADDED}),
    ("embedding", (whole(5, 2, 3), draw(5, 4)), {}),
    ("embedding", (whole(5, 6), draw(5, 4)), {"padding_idx": -2}),
    ("embedding_bag", (whole(5, 3, 4), draw(5, 4)), {"mode": "sum"}),
    ("embedding_bag", (whole(5, 3, 4), draw(5, 4)), {"mode": "mean", "padding_idx": 1}),
    ("embedding_bag", (whole(5, 3, 4), draw(5, 4)), {"mode": "max"}),
    ("softmin", (draw(2, 3),), {"dim": 1}),
    ("cosine_similarity", (draw(3, 4), draw(3, 4)), {}),
    ("pairwise_distance", (draw(3, 4), draw(3, 4)), {}),
    ("pairwise_distance", (draw(3, 4), draw(3, 4)), {"p": 1, "keepdim": True}),
    ("pairwise_distance", (draw(3, 4), draw(3, 4)), {"p": 3.0}),
    *[
        (name, (draw(3, 4) * 2, draw(3, 4)), {"reduction": reduction, **extra})
        for name, extra in (
            ("mse_loss", {}),
            ("l1_loss", {}),
            ("smooth_l1_loss", {"beta": 0.7}),
            ("smooth_l1_loss", {"beta": 0}),
            ("huber_loss", {"delta": 1.3}),
            ("poisson_nll_loss", {}),
            ("kl_div", {"log_target": True}),
        )
        for reduction in ("mean", "sum", "none")
    ],
    ("poisson_nll_loss", (draw(3), np.array([0.5, 1.5, 4.0])), {"full": True}),
    ("poisson_nll_loss", (unit(3), draw(3)), {"log_input": False}),
    ("kl_div", (draw(3, 4), unit(3, 4)), {"reduction": "batchmean"}),
    ("binary_cross_entropy", (unit(3, 4), unit(3, 4)), {}),
    ("binary_cross_entropy", (unit(3, 4), unit(3, 4)), {"weight": unit(4), "reduction": "sum"}),
    ("binary_cross_entropy_with_logits", (draw(3, 4), unit(3, 4)), {"reduction": "none"}),
    ("binary_cross_entropy_with_logits", (draw(3, 4), unit(3, 4)), {"pos_weight": unit(4), "weight": unit(3, 1)}),
    ("cross_entropy", (draw(2, 4, 3), IGNORED), {}),
    ("cross_entropy", (draw(2, 4, 3), np.abs(IGNORED) % 4), {"ignore_index": 3, "reduction": "sum"}),
    ("cross_entropy", (draw(2, 4, 3), IGNORED), {"weight": unit(4)}),
    ("cross_entropy", (draw(2, 4, 3), IGNORED), {"weight": unit(4), "label_smoothing": 0.2}),
    ("cross_entropy", (draw(2, 4, 3), IGNORED), {"label_smoothing": 0.2}),
    ("cross_entropy", (draw(2, 4, 3), IGNORED), {"label_smoothing": 0.2, "reduction": "none", "weight": unit(4)}),
    ("cross_entropy", (draw(2, 4, 3), SHARES), {}),
    ("cross_entropy", (draw(2, 4, 3), SHARES), {"weight": unit(4), "label_smoothing": 0.1}),
    ("cross_entropy", (draw(4), np.array(2)), {"weight": unit(4)}),
    ("nll_loss", (draw(2, 4, 3), IGNORED), {}),
    ("nll_loss", (draw(2, 4, 3), IGNORED), {"weight": unit(4)}),
    ("nll_loss", (draw(2, 4, 3), IGNORED), {"weight": unit(4), "reduction": "none"}),
    ("gaussian_nll_loss", (draw(3, 4), draw(3, 4), VARIANCE), {}),
    ("gaussian_nll_loss", (draw(3, 4), draw(3, 4), VARIANCE[:, 0]), {"full": True, "reduction": "sum"}),
    ("hinge_embedding_loss", (draw(3, 4),), {"target": signs(3, 4), "margin": 0.5}),
    ("margin_ranking_loss", (draw(3), draw(3)), {"target": signs(3), "margin": 0.5}),
    ("soft_margin_loss", (draw(3, 4),), {"target": signs(3, 4)}),
    ("multilabel_soft_margin_loss", (draw(3, 4), unit(3, 4)), {}),
    ("multi_margin_loss", (draw(3, 4), whole(4, 3)), {}),
    ("multi_margin_loss", (draw(3, 4), whole(4, 3)), {"p": 2, "weight": unit(4), "reduction": "none"}),
    ("cosine_embedding_loss", (draw(5, 4), draw(5, 4)), {"target": signs(5), "margin": 0.1}),
    ("triplet_margin_loss", (draw(5, 4), draw(5, 4), draw(5, 4)), {"swap": True}),
    ("triplet_margin_loss", (draw(5, 4), draw(5, 4), draw(5, 4)), {"p": 1, "margin": 2.0}),
]
IDS = [f"{name}-{i}" for i, (name, _, _) in enumerate(CALLS)]


def grown(library, operands, params):
    """Return operands as tensors of a library, floating ones with gradients, and parameters as tensors without."""
    xs = [library.tensor(x) if isinstance(x, np.ndarray) else x for x in operands]
    leaves = []
    for i, x in enumerate(operands):
        if isinstance(x, np.ndarray) and x.dtype.kind == "f":
            xs[i] = xs[i].requires_grad_()
            leaves.append(xs[i])
    return xs, leaves, {k: library.tensor(v) if isinstance(v, np.ndarray) else v for k, v in params.items()}


def found(library, function, grad, operands, params):
    """Return the value and gradients of orders one and two."""
    xs, leaves, params = grown(library, operands, params)
    y = function(*xs, **params)
    first = grad((y * y).sum(), leaves, create_graph=True)
    try:
        second = grad(sum((g * g).sum() for g in first), leaves, allow_unused=True)
    except RuntimeError as lacking:  # PyTorch has no second derivative of some fused losses
        assert "not implemented" in str(lacking)
        second = []
    second = [library.zeros(()) if g is None else g for g in second]
    return [np.asarray(each.detach().numpy()) for each in (y, *first, *second)]


@pytest.mark.filterwarnings("ignore:reduction.*mean:UserWarning")  # of PyTorch's kl_div
@pytest.mark.parametrize("name, operands, params", CALLS, ids=IDS)
def test_values_and_two_orders_of_gradients_are_pytorchs(name, operands, params):
    t = torch()
    expected = found(t, getattr(t.nn.functional, name), t.autograd.grad, operands, params)
    for i, (a, b) in enumerate(zip(found(df, getattr(F, name), df.grad, operands, params), expected, strict=False)):
        if a.shape == b.shape or i == 0:
            np.testing.assert_allclose(a, b, rtol=1e-8, atol=1e-8, err_msg=f"result {i}")
        else:  # a gradient that one of the two knows to be zero
            assert not np.any(a) and not np.any(b)


@pytest.mark.parametrize("name, operands, params", CALLS, ids=IDS)
def test_both_worlds_agree(name, operands, params):
    fixed = {k: df.tensor(v) if isinstance(v, np.ndarray) else v for k, v in params.items()}
    places = [i for i, x in enumerate(operands) if isinstance(x, np.ndarray)]
    floating = [k for k, i in enumerate(places) if operands[i].dtype.kind == "f"]

    def whole_call(arrays):
        full = list(operands)
        for i, x in zip(places, arrays, strict=True):
            full[i] = x
        return getattr(F, name)(*full, **fixed)

    @df.function
    def call(*arrays):
        y = whole_call(arrays)
        return y, *df.gradients((y * y).sum(), [arrays[k] for k in floating])

    arrays = [df.tensor(operands[i]) for i in places]
    for k in floating:
        arrays[k].requires_grad_()
    y = whole_call(arrays)
    eager = [y, *df.grad((y * y).sum(), [arrays[k] for k in floating])]
    with df.mode("graph"):
        compiled = call(*arrays)
    for a, b in zip(compiled, eager, strict=True):
        np.testing.assert_allclose(a.detach().numpy(), b.detach().numpy(), rtol=1e-9, atol=1e-9)


def test_binary_cross_entropy_at_the_ends_is_pytorchs():
    t, target = torch(), np.array([1.0, 1.0, 0.5, 0.0])
    x, theirs = df.tensor(ENDS, requires_grad=True), t.tensor(ENDS, requires_grad=True)
    y = F.binary_cross_entropy(x, df.tensor(target), reduction="none")
    expected = t.nn.functional.binary_cross_entropy(theirs, t.tensor(target), reduction="none")
    np.testing.assert_allclose(y.detach().numpy(), expected.detach().numpy(), rtol=1e-8)
    y.sum().backward()
    expected.sum().backward()
    np.testing.assert_allclose(x.grad.numpy(), theirs.grad.numpy(), rtol=1e-7)


def test_running_statistics_move_as_pytorchs():
    t, x = torch(), draw(4, 3, 5)
    for name in ("batch_norm", "instance_norm"):
        flag = {"training": True} if name == "batch_norm" else {"use_input_stats": True}
        start = draw(3), unit(3)
        ours, theirs = [df.tensor(s) for s in start], [t.tensor(s) for s in start]
        getattr(F, name)(df.tensor(x), *ours, momentum=0.3, **flag)
        getattr(t.nn.functional, name)(t.tensor(x), *theirs, momentum=0.3, **flag)
        for a, b in zip(ours, theirs, strict=True):
            np.testing.assert_allclose(a.numpy(), b.numpy(), rtol=1e-12)


@pytest.mark.parametrize("name", ["dropout", "dropout1d", "dropout2d", "dropout3d", "alpha_dropout"])
def test_dropout_draws_the_same_mask_in_both_worlds(name):
    rank = {"dropout1d": 1, "dropout2d": 2, "dropout3d": 3}.get(name, 1)
    x = df.tensor(draw(6, 5, *(2,) * rank))
    call = getattr(F, name)
    eager = call(x, 0.4, True, generator=df.Generator(3))

    @df.function
    def step(x):
        return call(x, 0.4, True, generator=generator)

    generator = df.Generator(3)
    with df.mode("graph"):
        found = step(x)
    np.testing.assert_allclose(found.numpy(), eager.numpy(), rtol=1e-12)
    assert call(x, 0.4, False) is x
    if rank > 1 or name == "dropout1d":
        kept = eager.numpy().reshape(6, 5, -1) != 0
        assert (kept == kept[..., :1]).all() and 0 < kept.mean() < 1
    with pytest.raises(ValueError, match=name):
        call(x, 1.5, True)


def test_alpha_dropout_keeps_mean_and_variance():
    y = F.alpha_dropout(df.randn(200_000), 0.3, True).numpy()
    assert abs(y.mean()) < 0.02 and abs(y.var() - 1) < 0.02


def test_gumbel_softmax_draws_one_hot_rows_with_the_gradient_of_soft_ones():
    logits = df.tensor(draw(50, 4), requires_grad=True)
    hard = F.gumbel_softmax(logits, 0.7, hard=True, generator=df.Generator(1))
    soft = F.gumbel_softmax(logits, 0.7, generator=df.Generator(1))
    np.testing.assert_allclose(hard.detach().numpy().max(1), 1)
    np.testing.assert_allclose(hard.detach().numpy().argmax(1), soft.detach().numpy().argmax(1))
    weights = df.tensor(draw(50, 4))
    a, b = (df.grad((y * weights).sum(), [logits])[0].numpy() for y in (hard, soft))
    np.testing.assert_allclose(a, b, rtol=1e-9)


MISTAKES = [
    (lambda: F.layer_norm(df.zeros(2, 3), 4), "layer_norm: normalized_shape (4,)"),
    (lambda: F.layer_norm(df.zeros(2, 3), 3, df.zeros(2)), "weight of shape (2,)"),
    (lambda: F.group_norm(df.zeros(2, 6, 3), 4), "6 channels cannot be divided into 4 groups"),
    (lambda: F.batch_norm(df.zeros(2, 3), df.zeros(4), df.ones(3)), "running_mean of shape (4,)"),
    (lambda: F.batch_norm(df.zeros(1, 3), None, None, training=True), "more than one value"),
    (lambda: F.batch_norm(df.zeros(3), None, None, training=True), "at least 2 axes"),
    (lambda: F.embedding(df.tensor([5]), df.zeros(3, 2)), "embedding: "),
    (lambda: F.embedding(df.tensor([0]), df.zeros(3, 2), padding_idx=3), "padding_idx 3"),
    (lambda: F.embedding(df.tensor([-1]), df.zeros(3, 2)), "embedding: "),
    (lambda: F.scaled_dot_product_attention(df.zeros(3), df.zeros(3), df.zeros(3)), "at least two axes"),
    (lambda: F.binary_cross_entropy(df.ones(2), df.ones(3)), "a target of shape (3,)"),
    (lambda: F.cross_entropy(df.zeros(2, 3), df.zeros(2)), "the shape of the logits"),
    (lambda: F.cross_entropy(df.zeros(2, 3), df.tensor([0, 1]), df.ones(4)), "class weights of shape (4,)"),
    (lambda: F.dropout2d(df.zeros(3)), "dropout2d: 3 to 4 axes"),
]


@pytest.mark.parametrize("call, words", MISTAKES, ids=[words for _, words in MISTAKES])
def test_mistakes_are_explained_in_both_worlds(call, words):
    for world in (df.eager(), df.graph()):
        with world, pytest.raises(DualflowError) as caught:
            node = call()
            df.Session(node.graph).run(node)  # an index is known only when the graph runs
        assert words in str(caught.value)
        assert "test_losses.py" in str(caught.value)

"""Arranging, picking, ordering and reducing by functions over cards: PyTorch's answers, and shared memory."""

import warnings

import numpy as np
import pytest
from oracle import torch

import dualflow as df
from dualflow.core.errors import DualflowError, GraphError, InPlaceError, OutOfRangeError, ShapeError

RANDOM = np.random.default_rng(3)
V = RANDOM.normal(size=5)
M = RANDOM.normal(size=(3, 4))
S = RANDOM.normal(size=(4, 4))
C = RANDOM.normal(size=(2, 3, 4))
ODD = np.array([[1.0, np.nan, 3.0, 2.0], [np.nan, np.nan, np.nan, np.nan], [4.0, 0.0, 2.0, 1.0]])
ZEROS = np.array([[2.0, 0.0, 3.0], [0.0, 0.0, 4.0], [1.0, 2.0, 3.0]])
I = np.array([2, 0, 2])  # noqa: E741
AT = np.array([[0, 1, 2, 0], [2, 2, 0, 0]])
MASK = M > 0

# ours and PyTorch's, from the same arrays; floating ones get gradients in both
SAME = {
    "moveaxis": (lambda x: df.moveaxis(x, (0, 1), (-1, 0)), lambda t, x: x.movedim((0, 1), (-1, 0)), C),
    "movedim": (lambda x: x.movedim(0, 2), lambda t, x: x.movedim(0, 2), C),
    "swapaxes": (lambda x: x.swapaxes(0, -1), lambda t, x: x.swapaxes(0, -1), C),
    "unflatten": (lambda x: x.unflatten(1, (2, -1)), lambda t, x: x.unflatten(1, (2, -1)), M),
    **{
        f"rot90 {k}": (lambda x, k=k: x.rot90(k, (1, 0)), lambda t, x, k=k: x.rot90(k, (1, 0)), M) for k in range(-1, 4)
    },
    "fliplr": (lambda x: x.fliplr(), lambda t, x: x.fliplr(), M),
    "flipud": (lambda x: x.flipud(), lambda t, x: x.flipud(), M),
    "expand_as": (lambda x, y: x.expand_as(y), lambda t, x, y: x.expand_as(y), V[:4], M),
    "reshape_as": (lambda x, y: x.reshape_as(y), lambda t, x, y: x.reshape_as(y), M, M.T),
    "tile": (lambda x: x.tile(2, 1, 2), lambda t, x: x.tile(2, 1, 2), M),
    "tile none": (lambda x: x.tile(0, 2), lambda t, x: x.tile(0, 2), M),
    "repeat": (lambda x: x.repeat(2, 3), lambda t, x: x.repeat(2, 3), V),
    "repeat_interleave": (lambda x: x.repeat_interleave(2, 1), lambda t, x: x.repeat_interleave(2, 1), M),
    "repeat_interleave flat": (lambda x: x.repeat_interleave(2), lambda t, x: x.repeat_interleave(2), M),
    "repeats": (
        lambda x: df.repeat(x, df.tensor([2, 0, 1]), axis=0),
        lambda t, x: x.repeat_interleave(t.tensor([2, 0, 1]), 0),
        M,
    ),
    "narrow": (lambda x: x.narrow(1, -3, 2), lambda t, x: x.narrow(1, -3, 2), M),
    "select": (lambda x: x.select(-1, -2), lambda t, x: x.select(-1, -2), M),
    "unbind": (lambda x: x.unbind(1), lambda t, x: x.unbind(1), M),
    "tensor_split": (lambda x: x.tensor_split(3), lambda t, x: x.tensor_split(3), V),
    "tensor_split at": (lambda x: x.tensor_split((1, 9, -2), 1), lambda t, x: x.tensor_split((1, 9, -2), 1), M),
    "hsplit": (lambda x: df.hsplit(x, 2), lambda t, x: t.hsplit(x, 2), M),
    "vsplit": (lambda x: df.vsplit(x, (1,)), lambda t, x: t.vsplit(x, (1,)), M),
    "dsplit": (lambda x: df.dsplit(x, 2), lambda t, x: t.dsplit(x, 2), C),
    "chunk": (lambda x: x.chunk(3), lambda t, x: x.chunk(3), V),
    "atleast_3d": (df.atleast_3d, lambda t, x: t.atleast_3d(x), V),
    "hstack": (lambda x, y: df.hstack([x, y]), lambda t, x, y: t.hstack([x, y]), M, M),
    "vstack": (lambda x, y: df.vstack([x, y]), lambda t, x, y: t.vstack([x, y]), V[:4], M),
    "dstack": (lambda x, y: df.dstack([x, y]), lambda t, x, y: t.dstack([x, y]), M, M),
    "column_stack": (lambda x, y: df.column_stack([x, y]), lambda t, x, y: t.column_stack([x, y]), V[:3], M),
    "block_diag": (df.block_diag, lambda t, *xs: t.block_diag(*xs), M, V, np.array(2.0)),
    "cartesian_prod": (df.cartesian_prod, lambda t, *xs: t.cartesian_prod(*xs), V, V[:2]),
    "meshgrid": (df.meshgrid, lambda t, *xs: t.meshgrid(*xs, indexing="xy"), V, V[:2], V[:3]),
    "diag": (lambda x: df.diag(x, 1), lambda t, x: t.diag(x, 1), V),
    "diag of": (lambda x: df.diag(x, -1), lambda t, x: t.diag(x, -1), M),
    "diagonal_scatter": (lambda x, y: x.diagonal_scatter(y, 1), lambda t, x, y: x.diagonal_scatter(y, 1), M, V[:3]),
    "vander": (df.vander, lambda t, x: t.stack([x**i for i in range(4, -1, -1)], 1), V),
    **{
        f"pad {mode}": (
            lambda x, mode=mode: df.nn.functional.pad(x, (2, 1), mode),
            lambda t, x, mode=mode: t.nn.functional.pad(x, (2, 1), mode),
            M,
        )
        for mode in ("constant", "reflect", "replicate", "circular")
    },
    "pad cut": (
        lambda x: df.nn.functional.pad(x, (-1, 2, 0, -1), value=2),
        lambda t, x: t.nn.functional.pad(x, (-1, 2, 0, -1), value=2),
        M,
    ),
    "unfold": (lambda x: x.unfold(1, 2, 1), lambda t, x: x.unfold(1, 2, 1), M),
    # runs and order
    "cummax": (lambda x: x.cummax(1), lambda t, x: x.cummax(1), M),
    "cummin": (lambda x: x.cummin(0), lambda t, x: x.cummin(0), M),
    "cumprod zeros": (lambda x: x.cumprod(1), lambda t, x: x.cumprod(1), ZEROS),
    "prod zeros": (lambda x: x.prod(1), lambda t, x: x.prod(1), ZEROS),
    "prod all": (lambda x: x.prod(), lambda t, x: x.prod(), ZEROS),
    "sort": (lambda x: x.sort(0, True), lambda t, x: x.sort(0, True), M),
    "topk": (lambda x: x.topk(2), lambda t, x: x.topk(2), M),
    "topk least": (lambda x: x.topk(2, 0, largest=False), lambda t, x: x.topk(2, 0, largest=False), M),
    "kthvalue": (lambda x: x.kthvalue(2, 0, True), lambda t, x: x.kthvalue(2, 0, True), M),
    "median": (lambda x: x.median(), lambda t, x: x.median(), M),
    "median along": (lambda x: x.median(1), lambda t, x: x.median(1), M),
    "nanmedian": (lambda x: x.nanmedian(1).values, lambda t, x: x.nanmedian(1).values, ODD[[0, 2]]),
    "median of NaN": (lambda x: x.median(1).values, lambda t, x: x.median(1).values, ODD[[0, 2]]),
    **{
        f"quantile {how}": (
            lambda x, how=how: x.quantile([0.1, 0.5, 1.0], 1, True, interpolation=how),
            lambda t, x, how=how: x.quantile(t.tensor([0.1, 0.5, 1.0], dtype=x.dtype), 1, True, interpolation=how),
            M,
        )
        for how in ("linear", "lower", "higher", "nearest", "midpoint")
    },
    "quantile all": (lambda x: x.quantile(0.3), lambda t, x: x.quantile(0.3), M),
    "quantile NaN": (lambda x: x.detach().quantile(0.3, 1), lambda t, x: x.detach().quantile(0.3, 1), ODD),
    **{
        f"{name} at a tensor, {how}": (
            lambda x, q, name=name, how=how: getattr(x, name)(q, 1, interpolation=how),
            lambda t, x, q, name=name, how=how: getattr(x, name)(q, 1, interpolation=how),
            M,
            np.array([0.1, 0.7, 1.0]),
        )
        for how in ("linear", "lower", "midpoint")
        for name in ("quantile", "nanquantile")
    },
    "nanquantile": (
        lambda x: x.detach().nanquantile([0.3, 1.0], 1, True),
        lambda t, x: x.detach().nanquantile(t.tensor([0.3, 1.0], dtype=x.dtype), 1, True),
        ODD,
    ),
    "quantile kept": (
        lambda x: x.quantile([0.3], None, True),
        lambda t, x: x.quantile(t.tensor([0.3], dtype=x.dtype), None, True),
        M,
    ),
    "max": (lambda x: x.max(dim=1), lambda t, x: x.max(dim=1), M),
    "min": (lambda x: x.min(dim=0, keepdim=True), lambda t, x: x.min(dim=0, keepdim=True), M),
    "aminmax": (lambda x: x.aminmax(dim=0), lambda t, x: x.aminmax(dim=0), M),
    "amax ties": (lambda x: x.amax(0), lambda t, x: x.amax(0), ZEROS),
    "bucketize": (
        lambda x, y: df.bucketize(x, y.sort().values, right=True),
        lambda t, x, y: t.bucketize(x, y.sort().values, right=True),
        M,
        V,
    ),
    # statistics
    "count_nonzero": (lambda x: x.count_nonzero(0), lambda t, x: x.count_nonzero(0), ZEROS),
    "nansum": (lambda x: x.nansum(1), lambda t, x: x.nansum(1), ODD),
    "nanmean": (lambda x: x.nanmean(1), lambda t, x: x.nanmean(1), ODD[[0, 2]]),
    "diff": (lambda x: x.diff(2, 0), lambda t, x: x.diff(2, 0), M),
    "searchsorted stacked": (
        lambda x, y: df.searchsorted(df.sort(x.detach()), y.detach(), right=True, out_int32=True),
        lambda t, x, y: t.searchsorted(x.sort().values, y.detach(), right=True, out_int32=True),
        M,
        M[:, 1:],
    ),
    "searchsorted by a sorter": (
        lambda x, y: df.searchsorted(x.detach(), y.detach(), sorter=x.argsort(), side="right"),
        lambda t, x, y: t.searchsorted(x.detach(), y.detach(), sorter=x.argsort(), side="right"),
        M,
        M + 0.1,
    ),
    "histogram weighted": (
        lambda x, w: df.histogram(x.detach(), 3, range=(-1.0, 1.0), weight=w.detach(), density=True).hist,
        lambda t, x, w: t.histogram(x.detach(), 3, range=(-1.0, 1.0), weight=w.detach(), density=True).hist,
        M,
        M * M,
    ),
    "meshgrid of a list": (
        lambda x, y: df.meshgrid([x, y], indexing="ij"),
        lambda t, x, y: t.meshgrid([x, y], indexing="ij"),
        V,
        V[:2],
    ),
    "narrow from a tensor": (
        lambda x, i: df.torch.narrow(x, 1, i, 2),
        lambda t, x, i: t.narrow(x, 1, i, 2),
        M,
        np.array(-3),
    ),
    "tensor_split at a tensor": (
        lambda x, i: df.tensor_split(x, i, 1),
        lambda t, x, i: t.tensor_split(x, i, 1),
        M,
        np.array([1, 3]),
    ),
    "diff joined": (
        lambda x, y: df.diff(x, prepend=y, append=y),
        lambda t, x, y: x.diff(prepend=y, append=y),
        M,
        M[:, :1],
    ),
    "cov": (df.cov, lambda t, x: x.cov(), M),
    "cov one": (lambda x: x.cov(correction=0), lambda t, x: x.cov(correction=0), V),
    "corrcoef": (df.corrcoef, lambda t, x: x.corrcoef(), M),
    "histogram": (
        lambda x: df.histogram(x, 4, range=(-1, 1)).hist,
        lambda t, x: t.histogram(x.detach(), 4, range=(-1.0, 1.0)).hist,
        M,
    ),
    "histogram density": (
        lambda x: tuple(df.histogram(x.detach(), df.tensor([-2.0, 0.0, 0.5]), density=True)),
        lambda t, x: tuple(t.histogram(x.detach(), t.tensor([-2.0, 0.0, 0.5]).double(), density=True)),
        M,
    ),
    # picking and writing
    "gather": (lambda x, i: x.gather(0, i), lambda t, x, i: x.gather(0, i), M, AT),
    "scatter": (
        lambda x, s: x.scatter(0, df.tensor([[2, 0]]), s),
        lambda t, x, s: x.scatter(0, t.tensor([[2, 0]]), s),
        M,
        M[:1, :2],
    ),
    "scatter cut": (
        lambda x, s: x.scatter(0, df.tensor([[2, 0]]), s.detach()),
        lambda t, x, s: x.scatter(0, t.tensor([[2, 0]]), s.detach()),
        M,
        M,
    ),
    "scatter value": (lambda x, i: x.scatter(0, i, 5), lambda t, x, i: x.scatter(0, i, 5), M, AT),
    "scatter_add": (lambda x, i, s: x.scatter_add(0, i, s), lambda t, x, i, s: x.scatter_add(0, i, s), M, AT, M[:2]),
    **{
        f"scatter_reduce {how} {own}": (
            lambda x, i, s, how=how, own=own: x.scatter_reduce(0, i, s, how, include_self=own),
            lambda t, x, i, s, how=how, own=own: x.scatter_reduce(0, i, s, how, include_self=own),
            M,
            AT,
            M[1:] + 0.1,
        )
        for how in ("sum", "prod", "mean", "amax", "amin")
        for own in (True, False)
    },  # without its own, PyTorch still shares the gradient with an element of self that equals the extreme
    "scatter_reduce ties": (
        lambda x, s: x.scatter_reduce(0, df.tensor([0, 0, 1]), s, "amax"),
        lambda t, x, s: x.scatter_reduce(0, t.tensor([0, 0, 1]), s, "amax"),
        np.array([2.0, 1.0, 5.0]),
        np.array([2.0, 2.0, 0.0]),
    ),
    "scatter_reduce zeros": (
        lambda x, s: x.scatter_reduce(0, df.tensor([0, 0, 1]), s, "prod"),
        lambda t, x, s: x.scatter_reduce(0, t.tensor([0, 0, 1]), s, "prod"),
        np.array([2.0, 0.0, 5.0]),
        np.array([0.0, 3.0, 4.0]),
    ),
    "index_select": (lambda x, i: x.index_select(1, i), lambda t, x, i: x.index_select(1, i), M, I),
    "index_add": (
        lambda x, i, s: x.index_add(0, i, s, alpha=2),
        lambda t, x, i, s: x.index_add(0, i, s, alpha=2),
        M,
        I,
        M,
    ),
    "index_copy": (
        lambda x, s: x.index_copy(1, df.tensor([2, 0]), s),
        lambda t, x, s: x.index_copy(1, t.tensor([2, 0]), s),
        M,
        M[:, :2],
    ),
    "index_fill": (lambda x, i: x.index_fill(0, i, 7), lambda t, x, i: x.index_fill(0, i, 7), M, I),
    "index_put": (
        lambda x, i, s: x.index_put((i, i), s, accumulate=True),
        lambda t, x, i, s: x.index_put((i, i), s, accumulate=True),
        S,
        I,
        V[:3],
    ),
    "masked_fill": (lambda x, m: x.masked_fill(m, 3), lambda t, x, m: x.masked_fill(m, 3), M, MASK),
    "masked_scatter": (lambda x, m, s: x.masked_scatter(m, s), lambda t, x, m, s: x.masked_scatter(m, s), M, MASK, C),
    "masked_select": (lambda x, m: x.masked_select(m), lambda t, x, m: x.masked_select(m), M, MASK),
    "bincount": (lambda i: df.bincount(i, minlength=5), lambda t, i: t.bincount(i, minlength=5), I),
    "bincount weighted": (lambda i, w: i.bincount(w), lambda t, i, w: i.bincount(w.detach()), I, V[:3]),
    "segment_sum": (
        lambda x, i: df.segment_sum(x, i, 4),
        lambda t, x, i: t.zeros(4, 4, dtype=x.dtype).index_add(0, i, x),
        M,
        I,
    ),
    "argwhere": (lambda x: x.nonzero(), lambda t, x: x.nonzero(), ZEROS),
    "nonzero": (lambda x: df.nonzero(x), lambda t, x: x.nonzero(as_tuple=True), ZEROS),
    "unique": (
        lambda x: x.unique(return_inverse=True, return_counts=True),
        lambda t, x: x.unique(return_inverse=True, return_counts=True),
        AT,
    ),
    **{
        f"unique across {dim}": (
            lambda x, dim=dim: x.unique(return_inverse=True, return_counts=True, dim=dim),
            lambda t, x, dim=dim: x.unique(return_inverse=True, return_counts=True, dim=dim),
            np.array([[1, 0, 1], [2, 2, 2], [1, 0, 1], [0, 5, 0]]),
        )
        for dim in (0, 1)
    },
    **{
        f"unique_consecutive {dim}": (
            lambda x, dim=dim: x.unique_consecutive(return_inverse=True, return_counts=True, dim=dim),
            lambda t, x, dim=dim: x.unique_consecutive(return_inverse=True, return_counts=True, dim=dim),
            np.array([[1, 1, 1], [1, 1, 1], [2, 2, 2], [1, 1, 1]]),
        )
        for dim in (None, 0, 1)
    },
    "tril_indices": (lambda: df.tril_indices(3, 4, 1), lambda t: t.tril_indices(3, 4, 1)),
    "tril_indices in 32 bits": (
        lambda: df.tril_indices(3, 2, offset=-1, dtype=df.int32),
        lambda t: t.tril_indices(3, 2, offset=-1, dtype=t.int32),
    ),
    "triu_indices": (lambda: df.triu_indices(3, 2), lambda t: t.triu_indices(3, 2)),
}


def parts(result):
    return list(result) if isinstance(result, tuple | list) else [result]


@pytest.mark.parametrize("name", SAME)
def test_values_and_gradients_are_pytorchs(name):
    ours, theirs, *arrays = SAME[name]
    t = torch()
    xs = [df.tensor(a, requires_grad=a.dtype.kind == "f") for a in arrays]
    ts = [t.tensor(np.array(a), requires_grad=a.dtype.kind == "f") for a in arrays]
    found, expected = parts(ours(*xs)), parts(theirs(t, *ts))
    assert len(found) == len(expected)
    for a, b in zip(found, expected, strict=True):
        assert a.shape == tuple(b.shape)
        np.testing.assert_allclose(a.detach().numpy(), b.detach().numpy(), rtol=1e-10, atol=1e-12)
        assert a.dtype == b.detach().numpy().dtype
    live = [(a, b) for a, b in zip(found, expected, strict=True) if b.requires_grad]
    if not live:
        return
    seeds = [np.cos(np.arange(b.numel())).reshape(b.shape) for _, b in live]
    sources = [i for i, a in enumerate(arrays) if a.dtype.kind == "f"]
    total = sum((a * df.tensor(s)).sum() for (a, _), s in zip(live, seeds, strict=True))
    wanted = t.autograd.grad(
        [b for _, b in live], [ts[i] for i in sources], [t.tensor(s) for s in seeds], allow_unused=True
    )
    got = df.grad(total, [xs[i] for i in sources], allow_unused=True)
    for a, b in zip(got, wanted, strict=True):
        if b is not None and a is not None:
            np.testing.assert_allclose(a.numpy(), b.numpy(), rtol=1e-8, atol=1e-10)
        else:
            assert a is None or not a.numpy().any(), name
            assert b is None or not b.any(), name


EAGER_ONLY = {
    "repeats",
    "masked_scatter",
    "masked_select",
    "bincount",
    "bincount weighted",
    "argwhere",
    "nonzero",
    "tensor_split at a tensor",
    *(name for name in SAME if name.startswith("unique")),
}


@pytest.mark.parametrize("name", [n for n in SAME if len(SAME[n]) > 2])
def test_a_graph_gives_the_eager_numbers_or_says_why_not(name):
    ours, _, *arrays = SAME[name]
    with df.graph() as g:
        places = [df.placeholder(a.dtype, a.shape) for a in arrays]
        feeds = dict(zip(places, arrays, strict=True))
        if name in EAGER_ONLY:
            with pytest.raises(DualflowError, match="depends on values|mask|cannot know") as caught:
                ours(*places)
            assert "df." in str(caught.value) or "numbers" in str(caught.value)
            return
        nodes = parts(ours(*places))
    with df.Session(g) as session:
        values = session.run(nodes, feeds)
    for value, expected in zip(values, parts(ours(*map(df.tensor, arrays))), strict=True):
        np.testing.assert_allclose(value, expected.numpy(), rtol=1e-10, atol=1e-12)


# ------------------------------------------------------------------------------------------------- views and in place


VIEWS = {
    "expand": lambda x: x.expand(2, 4, 4)[0],
    "narrow": lambda x: x.narrow(0, 1, 2),
    "chunk": lambda x: x.chunk(2)[1],
    "split": lambda x: x.split(3)[0],
    "select": lambda x: x.select(1, 2),
    "diagonal": lambda x: x.diagonal(1),
    "unfold": lambda x: x.unfold(0, 2, 2),
    "swapaxes": lambda x: x.swapaxes(0, 1),
    "movedim": lambda x: x.movedim(0, 1),
    "view": lambda x: x.view(2, 8),
    "unbind": lambda x: x.unbind()[3],
    "tensor_split": lambda x: x.tensor_split(3)[1],
    "unflatten": lambda x: x.unflatten(0, (2, 2)),
}


@pytest.mark.parametrize("name", VIEWS)
def test_views_share_memory(name):
    x = df.tensor(S)
    y = VIEWS[name](x)
    assert np.shares_memory(y.numpy(), x.numpy())
    before = x._version
    if name == "expand":
        with pytest.raises(InPlaceError, match="read-only"):
            y.fill_(7)
        return
    y.fill_(7)
    assert (x.numpy() == 7).sum() == y.size
    assert x._version == before + 1 == y._version


@pytest.mark.parametrize("name", sorted(set(VIEWS) - {"expand", "chunk", "split", "unbind", "tensor_split"}))
def test_what_is_written_through_a_view_has_its_gradient(name):
    """As in PyTorch: the base depends on what was written, and no longer on what was there."""
    t = torch()
    w, tw = df.tensor(2.0, requires_grad=True), t.tensor(2.0, requires_grad=True)
    x, tx = df.tensor(S, requires_grad=True), t.tensor(S, requires_grad=True)
    base, tbase = x * 3, tx * 3
    VIEWS[name](base).mul_(w.astype(df.float64))
    VIEWS[name](tbase).mul_(tw)
    (base * base).sum().backward()
    (tbase * tbase).sum().backward()
    np.testing.assert_allclose(x.grad.numpy(), tx.grad.numpy())
    np.testing.assert_allclose(w.grad.numpy(), tw.grad.numpy(), rtol=1e-6)


def test_overlapping_windows_are_read_only():
    with pytest.raises(InPlaceError, match="read-only"):
        df.arange(4).unfold(0, 2, 1).fill_(0)


@pytest.mark.parametrize("turn", [lambda x: x.T, lambda x: x[:, ::2], lambda x: x[::-1]])
def test_windows_of_any_layout_are_views(turn):
    x = df.tensor(S)
    y = turn(x)
    cut = y.unfold(1, 2, 2)
    np.testing.assert_array_equal(cut.numpy(), torch().tensor(y.numpy().copy()).unfold(1, 2, 2).numpy())
    assert np.shares_memory(cut.numpy(), x.numpy())


def test_view_refuses_to_copy():
    x = df.tensor(M)
    with pytest.raises(ShapeError, match="use reshape"):
        x.T.view(12)
    with pytest.raises(ShapeError):
        df.reshape(x.T, (12,), copy=False)
    assert df.reshape(x.T, (12,)).shape == (12,)
    assert not np.shares_memory(df.reshape(x, (12,), copy=True).numpy(), x.numpy())
    assert x.view_as(df.zeros(4, 3)).shape == (4, 3)


IN_PLACE = {
    "masked_fill_": lambda x, t: x.masked_fill_(t(MASK), 2),
    "masked_scatter_": lambda x, t: x.masked_scatter_(t(MASK), t(C)),
    "scatter_": lambda x, t: x.scatter_(0, t(AT), 1.5),
    "scatter_add_": lambda x, t: x.scatter_add_(0, t(AT), t(M)),
    "scatter_reduce_": lambda x, t: x.scatter_reduce_(0, t(AT), t(M[:2]), "amax"),
    "index_add_": lambda x, t: x.index_add_(0, t(I), t(M)),
    "index_copy_": lambda x, t: x.index_copy_(1, t(I[:2]), t(M[:, 2:])),
    "index_fill_": lambda x, t: x.index_fill_(1, t(I), 3),
    "index_put_": lambda x, t: x.index_put_((t(I), t(I)), t(V[:3]), accumulate=True),
    "fill_diagonal_": lambda x, t: x.fill_diagonal_(5),
    "tril_": lambda x, t: x.tril_(),
    "triu_": lambda x, t: x.triu_(1),
    "cumsum_": lambda x, t: x.cumsum_(1),
    "cumprod_": lambda x, t: x.cumprod_(0),
}


@pytest.mark.parametrize("name", IN_PLACE)
def test_in_place_methods_are_pytorchs(name):
    """The value, the memory, the version, and the gradient; the same in a graph."""
    t = torch()
    x, tx = df.tensor(M, requires_grad=True), t.tensor(M, requires_grad=True)
    y, ty = x * 2, tx * 2
    memory, before = y.detach().numpy(), y._version
    assert IN_PLACE[name](y, df.tensor) is y
    IN_PLACE[name](ty, lambda a: t.tensor(np.array(a)))
    np.testing.assert_allclose(memory, ty.detach().numpy())
    assert y._version == before + 1
    y.sum().backward()
    ty.sum().backward()
    np.testing.assert_allclose(x.grad.numpy(), tx.grad.numpy())
    if name == "masked_scatter_":
        return
    with df.graph() as g:
        z = df.placeholder(df.float64, M.shape) * 2
        place = z.inputs[0]
        IN_PLACE[name](z, df.asarray)
    np.testing.assert_allclose(df.Session(g).run(z, {place: M}), memory)


def test_a_graph_assigns_at_places_that_it_computes():
    with df.graph() as g:
        x, i = df.placeholder(df.float32, (None, 3)), df.placeholder(df.int64, (2,))
        y = x * 1
        y[i, 1:] = 5
    session = df.Session(g)
    expected = np.zeros((4, 3), np.float32)
    expected[[0, 3], 1:] = 5
    np.testing.assert_array_equal(session.run(y, {x: np.zeros((4, 3), np.float32), i: np.array([0, 3])}), expected)
    with pytest.raises(OutOfRangeError):
        session.run(y, {x: np.zeros((4, 3), np.float32), i: np.array([0, 4])})


@pytest.mark.parametrize(
    "call", [df.nonzero, df.argwhere, df.unique_all, df.unique_counts, df.unique_inverse, df.unique_values]
)
def test_what_depends_on_values_is_refused_in_a_graph(call):
    with df.graph():
        x = df.placeholder(df.float32, (3,))
        with pytest.raises(GraphError, match="depends on values, which a graph does not know") as caught:
            call(x)
    assert "df." in str(caught.value) and "test_arranging.py" in str(caught.value)


def test_every_nan_is_a_value_of_its_own():
    x = df.tensor([np.nan, 1.0, np.nan, -0.0, 0.0])
    assert len(df.unique_values(x)) == 4
    assert df.unique_all(x).counts.tolist() == [2, 1, 1, 1]


# ------------------------------------------------------------------------------------------------ the standard's words


def test_totals_in_a_dtype():
    x = df.tensor([1, 2, 3], dtype=df.int8)
    assert df.sum(x, dtype=df.float64).dtype == df.float64
    assert df.prod(x, dtype=df.int8).dtype == df.int8
    assert df.cumulative_sum(x, dtype=df.float32, include_initial=True).tolist() == [0, 1, 3, 6]
    assert df.cumulative_prod(df.ones(2, 0), axis=1, include_initial=True).tolist() == [[1], [1]]
    with pytest.raises(ShapeError, match="axis must be given"):
        df.cumulative_sum(df.ones(2, 2))


def test_nothing_has_no_mean_and_no_variance_and_no_warning():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for found in (df.zeros(0).mean(), df.zeros(0).var(), df.zeros(1).var(correction=1), df.zeros(0).std()):
            assert np.isnan(found.item())
        assert df.isnan(df.zeros(2, 0).mean(axis=1)).all()


@pytest.mark.parametrize(
    "call",
    [
        lambda: df.moveaxis(df.zeros(2, 3), (0, 0), (0, 1)),
        lambda: df.swapaxes(df.zeros(2, 3), 0, 2),
        lambda: df.unflatten(df.zeros(5), 0, (2, 2)),
        lambda: df.rot90(df.zeros(2, 3), 1, (0, 0)),
        lambda: df.broadcast_arrays(df.zeros(2), df.zeros(3)),
        lambda: df.meshgrid(df.zeros(2, 2)),
        lambda: df.tile(df.zeros(2), (-1,)),
        lambda: df.repeat(df.zeros(2), df.tensor([1, 2, 3])),
        lambda: df.torch.narrow(df.zeros(3), 0, 2, 2),
        lambda: df.torch.select(df.zeros(3), 0, 3),
        lambda: df.tensor_split(df.zeros(3), 0),
        lambda: df.hsplit(df.zeros(3), 2),
        lambda: df.vsplit(df.zeros(3), 3),
        lambda: df.hsplit(df.zeros(3), 0),
        lambda: df.vsplit(df.zeros(3, 3), 0),
        lambda: df.dsplit(df.zeros(3, 3, 3), 0),
        lambda: df.tensor_split(df.zeros(3), df.zeros(1)),
        lambda: df.torch.narrow(df.zeros(3), 0, df.tensor(4), 1),
        lambda: df.torch.narrow(df.zeros(3), 0, df.tensor([0]), 1),
        lambda: df.unique(df.zeros(2, 0), axis=0),
        lambda: df.bucketize(df.zeros(2), df.zeros(2, 2)),
        lambda: df.searchsorted(df.zeros(2, 2), df.zeros(3, 2)),
        lambda: df.tril_indices(-1),
        lambda: df.torch.chunk(df.zeros(3), 0),
        lambda: df.diag(df.zeros(1, 1, 1)),
        lambda: df.nn.functional.pad(df.zeros(3), (1,)),
        lambda: df.nn.functional.pad(df.zeros(3), (3, 0), "reflect"),
        lambda: df.nn.functional.pad(df.zeros(3), (-2, -2)),
        lambda: df.topk(df.zeros(3), 4),
        lambda: df.kthvalue(df.zeros(3), 0),
        lambda: df.median(df.zeros(0)),
        lambda: df.quantile(df.zeros(3), 1.5),
        lambda: df.quantile(df.arange(3), 0.5),
        lambda: df.quantile(df.zeros(3), df.tensor([0.5, -0.1])),
        lambda: df.quantile(df.zeros(3), df.tensor(1)),
        lambda: df.scatter_reduce(df.zeros(2), 0, df.tensor([0]), df.ones(1), "median"),
        lambda: df.index_add(df.arange(3), 0, df.tensor([0]), df.ones(1)),
        lambda: df.index_select(df.zeros(3), 0, df.zeros(2)),
        lambda: df.index_select(df.zeros(3), 0, df.tensor([3])),
        lambda: df.masked_scatter(df.zeros(2), df.tensor([True, True]), df.zeros(1)),
        lambda: df.segment_sum(df.zeros(2), df.tensor([0, 2]), 2),
        lambda: df.bincount(df.tensor([-1])),
        lambda: df.nonzero(df.tensor(1)),
        lambda: df.fill_diagonal(df.zeros(3), 1),
        lambda: df.diff(df.zeros(3), n=-1),
        lambda: df.histogram(df.arange(3), 2),
    ],
)
def test_mistakes_name_the_op_and_the_line(call):
    with pytest.raises(DualflowError) as caught:
        call()
    assert "test_arranging.py" in str(caught.value), caught.value
    assert ": " in str(caught.value).splitlines()[0]


@pytest.mark.parametrize("compiled", [False, True])
def test_where_to_cut_and_which_fraction_is_checked_when_a_run_knows(compiled):
    with df.graph() as g:
        start, q = df.placeholder(df.int64, ()), df.placeholder(df.float64, (1,))
        cut, read = df.torch.narrow(df.arange(5), 0, start, 2), df.quantile(df.arange(5.0, dtype=df.float64), q)
    session = df.Session(g, compile=compiled)
    assert session.run(cut, {start: np.int64(-2)}).tolist() == [3, 4]
    assert session.run(read, {q: np.array([0.5])}).tolist() == [2.0]
    for node, feed in ((cut, {start: np.int64(4)}), (cut, {start: np.int64(-7)}), (read, {q: np.array([-0.5])})):
        with pytest.raises(df.errors.OutOfRangeError):
            session.run(node, feed)


def slopes(t, f, arrays, order):
    """Return the gradients, of order one or two, of a weighted sum of ``f``'s result, in dualflow or in PyTorch."""
    xs = [t.tensor(a, requires_grad=True) for a in arrays]
    grad = df.grad if t is df else t.autograd.grad
    y = f(t, *xs)
    found = grad((y * t.tensor(np.cos(np.arange(12)).reshape(3, 4))).sum(), xs, create_graph=order == 2)
    if order == 2:
        total = sum((g * t.tensor(np.sin(np.arange(12) + 1).reshape(3, 4))).sum() for g in found)
        found = grad(total, xs, allow_unused=True)
    return [np.zeros((3, 4)) if g is None else g.detach().numpy() for g in found]


PRODUCTS = {
    "cumprod": lambda t, x, s: x.cumprod(1) + s,
    "prod": lambda t, x, s: x.prod(1, True) + s,
    **{
        f"scatter prod {own}": (
            lambda t, x, s, own=own: x.scatter_reduce(
                0, t.tensor([[0, 0, 1, 0], [1, 0, 0, 2], [0, 1, 1, 0]]), s, "prod", include_self=own
            )
        )
        for own in (True, False)
    },
}


@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize("zeros", [(), (1,), (1, 3), (0, 1, 3, 5)], ids=len)
@pytest.mark.parametrize("name", PRODUCTS)
def test_slopes_of_products_are_pytorchs_at_zeros(name, zeros, order):
    x = np.random.default_rng(0).normal(size=(3, 4))
    x.reshape(-1)[list(zeros)] = 0
    for s in (x[::-1].copy(), x + 2):  # PyTorch has no second slope for a product of two zeros of the source
        ours, theirs = (slopes(t, PRODUCTS[name], [x, s], order) for t in (df, torch()))
        for a, b in zip(ours, theirs, strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("spread", [1, 30, 100, 1000])
def test_logcumsumexp_has_slopes_in_single_precision_however_far_apart_the_elements(spread):
    x = (np.random.default_rng(1).normal(size=(3, 4)) * spread).astype(np.float32)
    w = df.tensor(np.cos(np.arange(12)).reshape(3, 4))
    found = []
    for dtype in (df.float32, df.float64):
        leaf = df.tensor(x, dtype, requires_grad=True)
        with np.errstate(under="ignore"):
            found += df.grad((leaf.logcumsumexp(1) * w.astype(dtype)).sum(), [leaf])
    np.testing.assert_allclose(*[g.numpy() for g in found], atol=5e-6 * max(1, spread / 30))

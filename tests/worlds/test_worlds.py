"""One program, two worlds: what an op gives eagerly, its node gives in a graph, interpreted and compiled.

Every op is tried on the samples of samples.py with three kinds of placeholders: of known sizes, of unknown sizes,
and of unknown rank. Interpreted, a graph gives the same bits; compiled, the same numbers within the dtype's tolerance.
"""

import numpy as np
import pytest
from refusals import refusals
from samples import CARDS, floating, fresh, samples
from test_laws import DIFFERENTIABLE, NAMES, PICKS, close, differentiable, gradients, seed_of

import dualflow as df
from dualflow.core.errors import DualflowError
from dualflow.core.op import VOCABULARY
from dualflow.core.site import decode

SIZES = {"known": lambda shape: shape, "unknown": lambda shape: (None,) * len(shape), "unranked": lambda shape: None}
FEW = 16  # samples whose gradients are compiled; their values are compared on all samples


def picks_by_mask(name, sample):
    """Tell whether the result's shape depends on a mask's values, which no graph knows."""
    return name in PICKS and any(getattr(x, "dtype", None) == bool for x in sample.operands[1:])


def needs_sizes(name, sample, sizes="unknown"):
    """Tell whether the result's rank depends on sizes (squeeze drops all that are 1), or how many results there are."""
    if name.startswith("split#"):
        return sizes == "unranked"
    return name.startswith("unstack#") or (name == "squeeze" and sample.params["axis"] is None)


def cases(name, sizes):
    """Return the samples that can be built with placeholders of these sizes."""
    found = [s for s in samples(name) if not picks_by_mask(name, s)]
    return found if sizes == "known" else [s for s in found if not needs_sizes(name, s, sizes)]


def eager(op, sample):
    """Return the op's value in the eager world."""
    return op.call(*sample.operands, **fresh(sample)).numpy()


def placed(sample, sizes, feeds):
    """Return the operands with a placeholder for every array, and note in ``feeds`` what each is fed."""
    operands = list(sample.operands)
    for i, x in enumerate(operands):
        if isinstance(x, np.ndarray):
            operands[i] = df.placeholder(x.dtype, SIZES[sizes](x.shape))
            feeds[operands[i]] = x
    return operands


def built(name, sizes, chosen):
    """Build one graph with a node for each sample; return the graph, the nodes and the feeds."""
    op, feeds = CARDS[name], {}
    with df.graph() as g:
        nodes = [op.call(*placed(s, sizes, feeds), **s.params) for s in chosen]
    return g, nodes, feeds


def run(g, fetches, feeds, chosen, *, compiled):
    """Run fetches in a new session, every generator at the start of its stream."""
    for sample in chosen:
        fresh(sample)
    with df.Session(g, compile=compiled) as session:
        return session.run(fetches, feeds)


@pytest.mark.parametrize("sizes", SIZES)
@pytest.mark.parametrize("name", NAMES)
def test_the_interpreted_graph_gives_the_eager_bits(name, sizes):
    """Node by node under NumPy, a graph computes exactly what the eager world does."""
    chosen = cases(name, sizes)
    g, nodes, feeds = built(name, sizes, chosen)
    for sample, value in zip(chosen, run(g, nodes, feeds, chosen, compiled=False), strict=True):
        np.testing.assert_array_equal(value, eager(CARDS[name], sample), err_msg=repr(sample), strict=True)


@pytest.mark.parametrize("name", NAMES)
def test_nodes_know_the_shape_and_dtype_they_will_have(name):
    """A node's dtype is the value's; its shape says nothing that the value contradicts."""
    for sizes in SIZES:
        chosen = cases(name, sizes)
        _, nodes, _ = built(name, sizes, chosen)
        for sample, node in zip(chosen, nodes, strict=True):
            y = eager(CARDS[name], sample)
            assert node.dtype == y.dtype, sample
            if sizes == "known":
                assert node.shape == y.shape, sample
            elif node.shape is not None:
                assert len(node.shape) == y.ndim, sample
                assert all(n in (None, m) for n, m in zip(node.shape, y.shape, strict=True)), sample


# ---------------------------------------------------------------------------------------------------------- gradients


def gradient_cases(name, sizes):
    """Return the samples a gradient can be asked of, and their results."""
    buildable = cases(name, sizes)
    return [(s, y) for s, y in differentiable(name) if any(s is b for b in buildable)]


def gradient_graph(name, sizes, chosen):
    """Build nodes for the gradients of every sample; return the graph, lists of symbols or None, and the feeds."""
    op, feeds = CARDS[name], {}
    with df.graph() as g:
        found = []
        for sample, y in chosen:
            operands = placed(sample, sizes, feeds)
            node = op.call(*operands, **sample.params)
            found.append(df.gradients(node, [operands[i] for i in floating(sample)], [df.asarray(seed_of(y))]))
    return g, found, feeds


def filled(found, values, chosen):
    """Put fetched values, and zeros, in the places of symbols and of None."""
    values = iter(values)
    return [
        [np.zeros_like(s.operands[i]) if x is None else next(values) for i, x in zip(floating(s), xs, strict=True)]
        for (s, _), xs in zip(chosen, found, strict=True)
    ]


def agree(name, chosen, found, check):
    """Check gradients found in a graph against the eager gradients, sample by sample."""
    for (sample, _), ours in zip(chosen, found, strict=True):
        wanted = gradients(CARDS[name], sample)
        for i, a, b in zip(floating(sample), ours, wanted, strict=True):
            check(a, np.zeros_like(sample.operands[i]) if b is None else b.numpy(), sample)


@pytest.mark.parametrize("sizes", ["known", "unknown"])
@pytest.mark.parametrize("name", DIFFERENTIABLE)
def test_graph_gradients_interpreted_are_the_eager_gradients(name, sizes):
    """df.gradients adds the nodes of the very rules that the eager pass runs: the same bits."""

    def same(found, expected, sample):
        np.testing.assert_array_equal(found, expected, err_msg=repr(sample), strict=True)

    chosen = gradient_cases(name, sizes)
    g, found, feeds = gradient_graph(name, sizes, chosen)
    values = run(g, [x for xs in found for x in xs if x is not None], feeds, [], compiled=False)
    agree(name, chosen, filled(found, values, chosen), same)


@pytest.mark.parametrize("name", NAMES)
def test_the_compiled_graph_gives_the_eager_numbers_and_gradients(name):
    """Compiled by XLA, built with sizes unknown, every sample's value and its gradients agree within tolerance.

    This is also where JAX kernels meet NumPy kernels. One program a card: XLA takes 15 ms of CPU for each kernel it has
    not met in the same program, and two programs would share none.
    """
    op, feeds = CARDS[name], {}
    chosen = [s for s in samples(name) if not picks_by_mask(name, s)]
    asked = [(s, y) for s, y in differentiable(name) if any(s is c for c in chosen)][:FEW] if any(op.rules) else []
    nodes, slopes = [], []
    with df.graph() as g:
        for sample in chosen:
            operands = placed(sample, "known" if needs_sizes(name, sample) else "unknown", feeds)
            nodes.append(op.call(*operands, **sample.params))
            for y in (y for s, y in asked if s is sample):
                xs = [operands[i] for i in floating(sample)]
                slopes.append(df.gradients(nodes[-1], xs, [df.asarray(seed_of(y))]))
    fetches = [nodes, [x for xs in slopes for x in xs if x is not None]]
    values, found = run(g, fetches, feeds, chosen, compiled=True)
    for sample, value in zip(chosen, values, strict=True):
        close(value, eager(op, sample), sample)
    agree(name, asked, filled(slopes, found, asked), close)


@pytest.mark.parametrize("name", DIFFERENTIABLE)
def test_second_gradients_agree_in_both_worlds(name):
    """Gradient nodes can be differentiated again, and give what create_graph gives in eager."""
    op = CARDS[name]
    chosen = gradient_cases(name, "unknown")
    feeds = {}
    with df.graph() as g:
        nodes = []
        for sample, y in chosen:
            operands = placed(sample, "unknown", feeds)
            xs = [operands[i] for i in floating(sample)]
            first = df.gradients(op.call(*operands, **sample.params), xs, [df.asarray(seed_of(y))])
            total = [(f * f).sum().astype(df.float64) for f in first if f is not None]
            nodes.append(df.gradients(total, xs) if total else [None] * len(xs))
    values = run(g, [x for xs in nodes for x in xs if x is not None], feeds, [], compiled=False)
    for (sample, y), ours in zip(chosen, filled(nodes, values, chosen), strict=True):
        xs = [df.from_numpy(sample.operands[i]).requires_grad_() for i in floating(sample)]
        operands = list(sample.operands)
        for i, x in zip(floating(sample), xs, strict=True):
            operands[i] = x
        result = op.call(*operands, **sample.params)
        seed = df.from_numpy(seed_of(y))
        first = df.grad(result, xs, seed, create_graph=True, allow_unused=True) if result.requires_grad else []
        total = [(f * f).sum().astype(df.float64) for f in first if f is not None]
        total = [t for t in total if t.requires_grad]
        second = df.grad(total, xs, allow_unused=True) if total else [None] * len(xs)
        for i, a, b in zip(floating(sample), ours, second, strict=True):
            close(a, np.zeros_like(sample.operands[i]) if b is None else b.numpy(), sample)


# ----------------------------------------------------------------------------------------------------------- mistakes


def refusal(name, case, world):
    """Return the error that a bad call raises in one world, where its operands are constants."""
    args, params = refusals(name)[case]
    call = VOCABULARY[name.partition("#")[0]].call
    with world, pytest.raises(DualflowError) as caught:
        node = call(*args, **params)  # the line to name
        if hasattr(node, "graph"):
            df.Session(node.graph, compile=False).run(node)
    return caught.value


@pytest.mark.parametrize("name, case", [(name, i) for name in NAMES for i in range(len(refusals(name)))])
def test_a_mistake_reads_the_same_in_both_worlds(name, case):
    """The same class and first line, at the user's line, whether eager or when the node is built or first run."""
    ours, theirs = refusal(name, case, df.eager()), refusal(name, case, df.graph())
    assert type(ours) is type(theirs), (ours, theirs)
    assert str(ours).splitlines()[0] == str(theirs).splitlines()[0]
    assert decode(theirs.site) == decode(ours.site)
    assert "# the line to name" in decode(ours.site).text


@pytest.mark.parametrize("name", sorted(PICKS))
def test_a_mask_is_refused_when_the_graph_is_built(name):
    """How many elements a mask picks depends on its values: the error says what to write instead."""
    masks = [s for s in samples(name) if picks_by_mask(name, s)]
    assert masks
    for sample in masks:
        with df.graph(), pytest.raises(DualflowError, match="mask"):
            CARDS[name].call(*placed(sample, "known", {}), **sample.params)

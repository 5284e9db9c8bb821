"""What must hold for every op of the vocabulary. A law is one short function; the samples are in samples.py.

The laws read the vocabulary itself, so a new card is tried the moment it exists, and an op without samples fails.
"""

import functools
from types import SimpleNamespace

import numpy as np
import pytest
from refusals import refusals
from samples import CARDS, HALF, Sample, floating, fresh, samples

import dualflow as df
from dualflow.core.dtypes import WEAK
from dualflow.core.errors import DualflowError, Misfit
from dualflow.core.op import VOCABULARY
from dualflow.core.site import decode, short

NAMES = sorted(CARDS)
DIFFERENTIABLE = [name for name in NAMES if CARDS[name].differentiable]

# Called by gradient rules, whose results nobody writes to.
CUT_FROM_GRADIENTS = {"part_like", "stretch_like", "sum_like"}
# Which axes are 1, and what a mask picks, may depend on what is not known.
PICKS = {"getitem", "put_like", "write_at", "lasts_at"}
MAY_REFUSE_UNKNOWN = {"squeeze", "unstack#0", "unstack#1", *PICKS}
# What JAX has no gradient for, which is compared with PyTorch's in files of their own.
NOT_BY_JAX = {"eig#0", "eig#1"}
TOLERANCE = {"bfloat16": 4e-2, "float16": 1e-2, "float32": 2e-5, "complex64": 2e-5} | dict.fromkeys(
    ("float64", "complex128"), 1e-11
)


def close(found, expected, note):
    """Assert equal shape and dtype, and equality within the dtype's tolerance."""
    found, expected = np.asarray(found), np.asarray(expected)
    assert (found.shape, found.dtype) == (expected.shape, expected.dtype), note
    limit = TOLERANCE.get(str(found.dtype), 0)
    if found.dtype == df.bfloat16:
        found, expected = found.astype(np.float32), expected.astype(np.float32)
    np.testing.assert_allclose(found, expected, rtol=limit, atol=limit, err_msg=repr(note))


# ------------------------------------------------------------------------------------- from operands to kernel results


def met(op, operands, params, cast):
    """Return what the kernel is given: the operands cast to the dtype in which they meet."""
    common, _ = op.meet(operands, params)
    chosen = range(len(operands)) if op.promotes is None else op.promotes
    if common is None:
        return list(operands)
    alone = not any(hasattr(operands[i], "dtype") for i in chosen)
    return [
        cast(x, common) if i in chosen and x is not None and (alone or x.__class__ not in WEAK) else x
        for i, x in enumerate(operands)
    ]


def numpy_value(op, sample):
    """Return the NumPy kernel's result."""
    operands = met(op, sample.operands, sample.params, lambda x, dtype: np.asarray(x).astype(dtype))
    return op.suited(operands).kernel("numpy")(*operands, **fresh(sample))


@functools.cache
def numpy_values(name):
    """Return the NumPy kernel's result for every sample."""
    return [numpy_value(CARDS[name], s) for s in samples(name)]


def traced(op, sample):
    """Tell which operands jax.jit traces: arrays, but not a bool mask, whose values decide the result's shape."""
    return [
        i
        for i, x in enumerate(sample.operands)
        if isinstance(x, np.ndarray) and not (i and x.dtype == bool and op.name in PICKS)
    ]


def jax_kernel(op, sample):
    """Return the op's JAX kernel as a function of the traced operands of one sample."""
    import jax.numpy as jnp

    def call(arrays):
        operands = list(sample.operands)
        for i, x in zip(traced(op, sample), arrays, strict=True):
            operands[i] = x
        operands = met(op, operands, sample.params, lambda x, dtype: jnp.asarray(x).astype(dtype))
        return op.suited(operands).kernel("jax")(*operands, **sample.params)

    return call


# ------------------------------------------------------------------------------------------------------------- values


@pytest.mark.parametrize("name", NAMES)
def test_every_op_has_samples(name):
    """An op without samples is an op without tests."""
    assert samples(name), f"add samples of {name} to tests/samples.py"


@pytest.mark.parametrize("name", NAMES)
def test_rules_say_what_the_numpy_kernel_gives(name):
    """The shape rule and the dtype policy foretell the NumPy kernel's result."""
    op = CARDS[name]
    for sample, y in zip(samples(name), numpy_values(name), strict=True):
        assert op.infer(sample.operands, sample.params) == y.shape, sample
        assert op.meet(sample.operands, sample.params)[1] == y.dtype, sample


@pytest.mark.parametrize("name", sorted(PICKS))
def test_the_jax_kernel_agrees_where_no_graph_takes_the_call(name):
    """Masks, which decide the shape, are refused by graphs; all other samples are compiled in test_worlds.py."""
    import jax

    op = CARDS[name]
    masked = [s for s in samples(name) if any(getattr(x, "dtype", None) == bool for x in s.operands[1:])]
    assert masked
    for sample in masked:
        with jax.enable_x64(True):
            found = jax.jit(jax_kernel(op, sample))([sample.operands[i] for i in traced(op, sample)])
        close(found, numpy_value(op, sample), sample)


@pytest.mark.parametrize("name", NAMES)
def test_the_public_function_gives_what_the_kernel_gives(name):
    """Casting, binding and wrapping add nothing to the kernel's numbers."""
    for sample, expected in zip(samples(name), numpy_values(name), strict=True):
        y = CARDS[name].call(*sample.operands, **fresh(sample))
        np.testing.assert_array_equal(y.numpy(), expected, err_msg=repr(sample), strict=True)


def hidden(sample):
    """Yield the operands of a sample with sizes hidden: all of them, then each one alone."""
    arrays = [i for i, x in enumerate(sample.operands) if isinstance(x, np.ndarray) and x.ndim]
    axes = [(i, axis) for i in arrays for axis in range(sample.operands[i].ndim)]
    for hide in [set(axes), *({place} for place in axes)]:
        yield [
            SimpleNamespace(
                shape=tuple(None if (i, axis) in hide else n for axis, n in enumerate(x.shape)),
                dtype=x.dtype,
                ndim=x.ndim,
            )
            if i in arrays
            else x
            for i, x in enumerate(sample.operands)
        ]


@pytest.mark.parametrize("name", NAMES)
def test_unknown_sizes_never_make_a_wrong_number(name):
    """With sizes hidden a rule may say None, and a few may refuse, but no number that it gives is wrong."""
    op = CARDS[name]
    for sample, y in zip(samples(name), numpy_values(name), strict=True):
        for operands in hidden(sample):
            try:
                shape = op.infer(operands, sample.params)
            except Misfit as misfit:
                assert name in MAY_REFUSE_UNKNOWN and "know" in misfit.reason, (sample, operands, misfit)
                continue
            assert len(shape) == y.ndim, (sample, operands, shape)
            assert all(n is None or n == m for n, m in zip(shape, y.shape, strict=True)), (sample, operands, shape)


# ---------------------------------------------------------------------------------------------------------- gradients


def seed_of(y, k=0):
    """Return a gradient to start from: fixed numbers in the shape and dtype of ``y``, read-only."""
    random = np.random.default_rng(k)
    g = random.normal(size=np.shape(y))
    if y.dtype.kind == "c":
        g = g + 1j * random.normal(size=np.shape(y))
    g = np.asarray(g).astype(y.dtype)
    g.setflags(write=False)
    return g


def differentiable(name):
    """Return the samples whose result a gradient can be asked of, and their results."""
    return [
        (s, y)
        for s, y in zip(samples(name), numpy_values(name), strict=True)
        if floating(s) and df.dtypes.is_floating(y.dtype)
    ]


def record(op, sample):
    """Call the op on tensors that share the sample's read-only memory; floating ones require gradients."""
    operands = [df.from_numpy(x) if isinstance(x, np.ndarray) else x for x in sample.operands]
    xs = [operands[i].requires_grad_() for i in floating(sample)]
    return xs, op.call(*operands, **sample.params)


def gradients(op, sample, create=False):
    """Return the gradient, or None, for each floating operand."""
    xs, y = record(op, sample)
    if not y.requires_grad:
        return [None] * len(xs)
    return list(df.grad(y, xs, df.from_numpy(seed_of(y)), create_graph=create, allow_unused=True))


def array_of(g, x):
    """Return a gradient as an array, zeros for one that is None."""
    return np.zeros_like(x) if g is None else g.detach().numpy()


@functools.cache
def jax_gradients(name):
    """Return jax.vjp of the JAX kernel for every differentiable sample, compiled by one jax.jit."""
    import jax

    op = CARDS[name]
    cases = [(s, seed_of(y)) for s, y in jax_can(name)]

    def one(sample, seed, arrays):
        places = floating(sample)
        fixed = dict(zip(traced(op, sample), arrays, strict=True))

        def call(*xs):
            return jax_kernel(op, sample)(list((fixed | dict(zip(places, xs, strict=True))).values()))

        # JAX's gradients are the conjugates of PyTorch's and ours
        return [g.conj() for g in jax.vjp(call, *[fixed[i] for i in places])[1](seed.conj())]

    with jax.enable_x64(True):
        return jax.jit(lambda everything: [one(s, g, a) for (s, g), a in zip(cases, everything, strict=True)])(
            [[s.operands[i] for i in traced(op, s)] for s, _ in cases]
        )


def jax_can(name):
    """Return the samples that JAX is asked to differentiate, and their results: not products at places named twice.

    Nor half types: their rules are those of float32, rounded, and what rounding does is tried in both worlds.
    """
    return [
        (s, y)
        for s, y in differentiable(name)
        if s.params.get("reduce") != "prod" and not any(getattr(x, "dtype", None) in HALF for x in s.operands)
    ]


@pytest.mark.parametrize("name", DIFFERENTIABLE)
def test_gradients_have_the_shape_and_dtype_of_their_inputs(name):
    """However operands were broadcast or cast, a gradient looks like its input."""
    assert differentiable(name), f"no sample of {name} has a floating operand and a floating result"
    for sample, _ in differentiable(name):
        for i, g in zip(floating(sample), gradients(CARDS[name], sample), strict=True):
            if g is not None:
                assert (g.shape, g.dtype) == (sample.operands[i].shape, sample.operands[i].dtype), sample


@pytest.mark.parametrize("name", [name for name in DIFFERENTIABLE if name not in NOT_BY_JAX])
def test_gradients_agree_with_jax(name):
    """Our gradient rules give what jax.vjp makes of the JAX kernel."""
    for (sample, _), theirs in zip(jax_can(name), jax_gradients(name), strict=True):
        for i, g, t in zip(floating(sample), gradients(CARDS[name], sample), theirs, strict=True):
            close(array_of(g, sample.operands[i]), t, sample)


@pytest.mark.parametrize("name", DIFFERENTIABLE)
def test_the_bare_pass_and_the_recorded_pass_agree(name):
    """Rules give the same numbers on bare arrays as on recorded tensors."""
    for sample, _ in differentiable(name):
        bare = gradients(CARDS[name], sample)
        recorded = gradients(CARDS[name], sample, create=True)
        for i, a, b in zip(floating(sample), bare, recorded, strict=True):
            assert (a is None) == (b is None), sample
            close(array_of(b, sample.operands[i]), array_of(a, sample.operands[i]), sample)


def slope(function, arrays, step=1e-6):
    """Return the central differences of a function from arrays to a number, element by element."""
    found = []
    for array in arrays:
        slopes = np.zeros_like(array)
        flat, out = array.reshape(-1), slopes.reshape(-1)
        for i in range(array.size):
            kept = flat[i]
            flat[i] = kept + step
            high = function()
            flat[i] = kept - step
            out[i] = (high - function()) / (2 * step)
            flat[i] = kept
        found.append(slopes)
    return found


def doubles(name):
    """Yield the samples in float64, each with copies of its floating operands that may be written to."""
    for sample, y in differentiable(name):
        places = floating(sample)
        if y.dtype == np.float64 and all(sample.operands[i].dtype == np.float64 for i in places):
            xs = [np.array(sample.operands[i], order="C") for i in places]
            operands = list(sample.operands)
            for i, x in zip(places, xs, strict=True):
                operands[i] = x
            yield Sample(tuple(operands), sample.params, sample.note), xs, y


@pytest.mark.parametrize("name", DIFFERENTIABLE)
def test_gradients_agree_with_central_differences(name):
    """Order 1: the slope of the NumPy kernel itself."""
    op = CARDS[name]
    for sample, xs, y in doubles(name):
        g = seed_of(y)
        expected = slope(lambda s=sample, g=g: np.sum(g * numpy_value(op, s)), xs)
        for x, found, wanted in zip(xs, gradients(op, sample), expected, strict=True):
            np.testing.assert_allclose(array_of(found, x), wanted, rtol=1e-6, atol=1e-7, err_msg=repr(sample))


@pytest.mark.parametrize("name", DIFFERENTIABLE)
def test_second_gradients_agree_with_central_differences(name):
    """Order 2: the slope of the recorded first gradient, in the operands and in the gradient it started from."""
    op = CARDS[name]
    for sample, arrays, y in doubles(name):
        seed = np.array(seed_of(y))
        weights = [seed_of(x, k) for k, x in enumerate(arrays, 1)]

        def weighted(sample=sample, seed=seed, weights=weights):
            """Sum the first gradients, weighted; return the tensors and that sum, recorded."""
            xs, result = record(op, sample)
            g = df.from_numpy(seed).requires_grad_()
            found = df.grad(result, xs, g, create_graph=True, allow_unused=True) if result.requires_grad else ()
            terms = [(w * f).sum() for w, f in zip(weights, found, strict=False) if f is not None]
            return [*xs, g], functools.reduce(lambda a, b: a + b, terms, df.tensor(0.0, df.float64))

        xs, total = weighted()
        expected = slope(lambda weighted=weighted: weighted()[1].item(), [*arrays, seed])
        found = df.grad(total, xs, allow_unused=True) if total.requires_grad else [None] * len(xs)
        for x, g, wanted in zip([*arrays, seed], found, expected, strict=True):
            np.testing.assert_allclose(array_of(g, x), wanted, rtol=1e-5, atol=1e-6, err_msg=repr(sample))


# ------------------------------------------------------------------------------------------------ inputs and mistakes


@pytest.mark.parametrize("name", NAMES)
def test_inputs_are_never_written_to(name):
    """Neither the op nor its gradient rules change an operand or the gradient they start from.

    All samples and seeds are read-only, so writing raises; a changed flag or a written base shows in the bytes.
    """
    op = CARDS[name]
    for sample in samples(name):
        before = [x.tobytes() for x in sample.operands if isinstance(x, np.ndarray)]
        fresh(sample)
        xs, y = record(op, sample)
        if y.requires_grad and df.dtypes.is_floating(y.dtype):
            seed = seed_of(y)
            copy = seed.copy()
            (y + y).backward(df.from_numpy(seed))
            np.testing.assert_array_equal(seed, copy)
        assert [x.tobytes() for x in sample.operands if isinstance(x, np.ndarray)] == before, sample
        assert not any(x.flags.writeable for x in sample.operands if isinstance(x, np.ndarray)), sample


@pytest.mark.parametrize("name", NAMES)
def test_results_have_memory_of_their_own(name):
    """Only a card that says so (``view``) shares memory between its result and an operand."""
    op = CARDS[name]
    for sample, y in zip(samples(name), numpy_values(name), strict=True):
        if not op.view and name not in CUT_FROM_GRADIENTS:
            arrays = [x for x in sample.operands if isinstance(x, np.ndarray)]
            assert not any(np.may_share_memory(x, y) for x in arrays), sample


@pytest.mark.parametrize("name, case", [(name, i) for name in NAMES for i in range(len(refusals(name)))])
def test_bad_calls_are_explained(name, case):
    """A call that cannot be carried out raises our error, which starts with the op and names the user's line."""
    args, params = refusals(name)[case]
    call = VOCABULARY[name.partition("#")[0]].call
    with pytest.raises(DualflowError) as caught:
        call(*args, **params)  # the user's line
    place = decode(caught.value.site)
    text = str(caught.value)
    assert text.startswith(f"{CARDS[name].name}: "), text
    assert (place.file, place.text) == (__file__, "call(*args, **params)  # the user's line"), text
    assert f"{short(__file__)}:{place.line}" in text


@pytest.mark.parametrize("name", NAMES)
def test_every_op_has_a_bad_call(name):
    """An op whose refusals are untested refuses nothing."""
    assert refusals(name), f"add a call of {name} that must fail to tests/refusals.py"


def test_the_laws_cover_the_vocabulary():
    """Nothing is left out by the way the laws are parametrised."""
    rules = {n for n in NAMES if any(CARDS[n].rules)}
    assert rules == set(DIFFERENTIABLE)
    assert {name.partition("#")[0] for name in NAMES} == set(VOCABULARY)

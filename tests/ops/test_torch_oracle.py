"""PyTorch as an oracle over the whole vocabulary: values, result dtypes and first gradients.

The samples are those of samples.py, and for ops that work element by element or reduce also a grid of NaN, zeros of
both signs, infinities, ties, and the ends of the integer types. Eager is compared in everything, a compiled graph in
its values. PyTorch is optional; that no card is forgotten is tried without it.
"""

import itertools

import numpy as np
import pytest
from oracle import alike, axes, dtype, meet, real, torch
from samples import CARDS, CHAPTERS, Sample, floating, fresh, legal, samples
from test_laws import seed_of
from test_worlds import built, picks_by_mask, run

import dualflow as df
from dualflow.core import shapes

# ---------------------------------------------------------------------------------------------------------- the table


def put(t, g, x, pick):
    """Add ``g`` into zeros like ``x``, at the places that ``pick`` picks from it."""
    places = pick(t.arange(x.numel()).reshape(x.shape))
    return t.zeros(x.shape, dtype=g.dtype).put(places, g, accumulate=True)


def hot(t, classes, x):
    axis = min(1, x.ndim - 1)
    return t.nn.functional.one_hot(classes.long(), x.shape[axis]).movedim(-1, axis).to(x.dtype)


# What PyTorch says for each card: the name of its function, or an expression in torch, the operands and the statics.
TORCH = {
    # one element at a time
    **{n: n for n in "abs add square sqrt exp expm1 log log1p sin cos tanh sigmoid relu maximum minimum".split()},
    **{"subtract": "sub", "multiply": "mul", "divide": "div", "power": "pow", "negative": "neg", "sign": "sgn"},
    "clip": lambda t, x, a, b: x.clone() if a is b is None else t.clamp(*alike(x, a, b)),
    # comparisons, logic and choice
    **{"equal": "eq", "not_equal": "ne", "less": "lt", "less_equal": "le", "greater": "gt", "greater_equal": "ge"},
    **{n: n for n in "logical_and logical_or logical_xor logical_not isnan isfinite where".split()},
    "keep": lambda t, x, mask: t.where(mask, x, t.zeros_like(x)),
    # reductions
    "sum": lambda t, x, axis, keepdims, dtype: t.sum(x, axes(x, axis), keepdims, dtype=dtype),
    "mean": lambda t, x, axis, keepdims: t.mean(real(x), axes(x, axis), keepdims),
    "var": lambda t, x, axis, correction, keepdims: t.var(
        real(x), axes(x, axis), correction=correction, keepdim=keepdims
    ),
    "max": lambda t, x, axis, keepdims: t.amax(x, axes(x, axis), keepdims),
    "min": lambda t, x, axis, keepdims: t.amin(x, axes(x, axis), keepdims),
    "argmax": lambda t, x, axis, keepdims: t.argmax(x, axis, keepdims),
    "argmin": lambda t, x, axis, keepdims: t.argmin(x, axis, keepdims),
    "all": lambda t, x, axis, keepdims: t.all(x, axes(x, axis), keepdims),
    "any": lambda t, x, axis, keepdims: t.any(x, axes(x, axis), keepdims),
    "sum_like": lambda t, g, x: g.sum_to_size(x.shape),
    "stretch_like": lambda t, x, like: x.expand_as(like),
    # networks and matrices
    "softmax": lambda t, x, axis: t.softmax(real(x), axis),
    "log_softmax": lambda t, x, axis: t.log_softmax(real(x), axis),
    "cross_entropy": lambda t, x, target, ignore_index: t.nn.functional.cross_entropy(
        real(x), target.long(), ignore_index=ignore_index, reduction="none"
    ),
    "one_hot": lambda t, x, num_classes, dtype, strict: t.nn.functional.one_hot(x.long(), num_classes).to(dtype),
    "one_hot_like": hot,
    "matmul": lambda t, a, b: t.matmul(*meet(a, b)),
    "linear": lambda t, x, weight, bias: t.nn.functional.linear(*meet(x, weight, bias)),
    # arranging
    **{n: n for n in "clone detach".split()},
    "permute_dims": lambda t, x, axes: x.permute(tuple(range(x.ndim))[::-1] if axes is None else axes),
    "matrix_transpose": lambda t, x: x.mT,
    "reshape": lambda t, x, shape, copy: x.reshape(shape),
    "reshape_like": lambda t, x, like: x.reshape(like.shape),
    "expand_dims": lambda t, x, axis: x.reshape(np.expand_dims(np.empty(x.shape), axis).shape),
    "squeeze": lambda t, x, axis: x.squeeze() if axis is None else x.squeeze(axis),
    "broadcast_to": lambda t, x, shape: x.expand(shape),
    "astype": lambda t, x, dtype: x.to(dtype),
    "concat": lambda t, *parts, axis: t.cat(parts, axis),
    "stack": lambda t, *parts, axis: t.stack(parts, axis),
    "part_like": lambda t, g, *parts, index, axis: g.split([p.shape[axis] for p in parts], axis)[index],
    # picking
    "getitem": lambda t, x, *at, key: x[shapes._fill(key, at)],
    "put_like": lambda t, g, x, *at, key: put(t, g, x, lambda places: places[shapes._fill(key, at)]),
    "take_along_axis": lambda t, x, at, axis: t.take_along_dim(x, at.long(), axis),
    "put_along_like": lambda t, g, at, x, axis: put(t, g, x, lambda places: t.take_along_dim(places, at, axis)),
    "read_places": lambda t, x, places: x.take(t.tensor(places)),
    "write_places": lambda t, x, part, places: x.put(t.tensor(places), part),
    "add_places_like": lambda t, g, x, places: put(t, g, x, lambda all: all.take(t.tensor(places))),
    # making
}

# What PyTorch does not have, and why.
ABSENT = {"average_like": "a part of the gradient of mean", "expand_like": "the gradient of sum"}

# Samples that PyTorch refuses, in its own exceptions.
REFUSED = {
    "silu": "complex",
    "abs": "bool",
    "arange": "a step that leads away, empty in the array API",
    "argmax": "bool",
    "argmin": "bool",
    "clip": "bool",
    "getitem": "negative steps, and uint8 indices, which it reads as masks",
    "one_hot": "classes that do not exist, a row of zeros here",
    "put_like": "negative steps",
    "subtract": "bool beside a number",
}

NONE, SPLIT = "axis=() is no axis, as in the array API, not all", "x[1, :, array]: NumPy puts the array's axes first"


def wider(a, b):
    kinds = df.dtypes.KIND
    return kinds[a.dtype.kind] == kinds[b.dtype.kind] and np.promote_types(a.dtype, b.dtype) != b.dtype


def no_axis(sample):
    return sample.params["axis"] == ()


def split(sample):
    key = sample.params["key"]
    return key in ((1, slice(None), shapes.ARRAY), (Ellipsis, 1, None, shapes.ARRAY))


# Samples that PyTorch answers otherwise, and whom dualflow follows; these must differ, so that the table stays true.
UNLIKE = {
    **dict.fromkeys(("mean", "var", "max", "min"), (no_axis, NONE)),
    "sum": (lambda s: no_axis(s) or s.operands[0].dtype == "uint8", f"{NONE}; unsigned sums are uint64, not int64"),
    "all": (lambda s: s.operands[0].dtype == "uint8", "the result is bool, as in the array API, not uint8"),
    "any": (lambda s: s.operands[0].dtype == "uint8", "the result is bool, as in the array API, not uint8"),
    "where": (
        lambda s: isinstance(s.operands[2], np.ndarray) and not s.operands[2].ndim and wider(*s.operands[:0:-1]),
        "arrays without axes promote as any other, as in the array API; to PyTorch they are as weak as Python's",
    ),
    "getitem": (split, SPLIT),
    "put_like": (split, SPLIT),
    "sign": (lambda s: np.isnan(s.operands[0]).any(), "the sign of NaN is NaN, as in the array API, not 0"),
}

for chapter in CHAPTERS:
    TORCH |= getattr(chapter, "TORCH", {})
    ABSENT |= getattr(chapter, "ABSENT", {})
    REFUSED |= getattr(chapter, "REFUSED", {})
    UNLIKE |= getattr(chapter, "UNLIKE", {})

# The sign of a zero is compared, but for these: which of two equal zeros is picked differs by machine in PyTorch too.
EITHER_ZERO = {"maximum", "minimum", "clip", "max", "min", "relu", "sign", "cross_entropy"}
EITHER_ZERO |= set().union(*[getattr(chapter, "EITHER_ZERO", ()) for chapter in CHAPTERS])

COMPARED = sorted(set(TORCH) & set(CARDS))
TOLERANCE = {"float16": 2e-3, "float32": 2e-5, "float64": 1e-11, "complex64": 2e-5, "complex128": 1e-11}


# ---------------------------------------------------------------------------------------------------------- the edges

ODD = [np.nan, 0.0, -0.0, np.inf, -np.inf, 1.0, -1.0, 2.0, -2.5, 0.5, 3.0, 1e-3, 60.0, -60.0]
WHOLE = {
    "int8": [-128, 127, -1, 0, 1, 5],
    "uint8": [0, 255, 1, 7],
    "int32": [-(2**31), 2**31 - 1, 0, 1, -3],
    "int64": [-(2**63), 2**63 - 1, 0, -1, 7],
}
SMALL = {"power", "bitwise_left_shift", "bitwise_right_shift"}
NOT_ZERO = {"floor_divide", "remainder", "fmod"}
ROWS = list(itertools.product(ODD[:6], repeat=3))  # every tie, and every odd number beside every other


def edges(name):
    """Yield calls with odd values in every combination, for the families of ops that meet them one by one."""
    op = CARDS[name]
    reduces = op.shape in (shapes.reduction, shapes.nonempty_reduction, shapes.along)
    for kind in ("float32", "float64"):
        odd, rows = np.array(ODD, kind), np.array(ROWS, kind)
        if op.shape is shapes.same and not op.defaults:
            yield (odd,), {}
        elif name == "keep":
            yield (np.repeat(odd, 2), np.tile([True, False], len(odd))), {}
        elif name == "where":
            yield tuple(np.meshgrid([True, False], odd, odd)), {}
        elif name == "clip":
            x, low, high = np.meshgrid(odd[:8], odd[:8], odd[:8])
            yield from (((x, low, high), {}), ((x, low, None), {}), ((x, None, high), {}))
        elif op.shape is shapes.elementwise:
            yield tuple(np.meshgrid(odd, odd)), {}
        elif reduces:
            yield (rows,), {"axis": 1}
            yield (rows.T,), {"axis": 0}
        elif name == "cross_entropy":
            yield (rows, np.arange(len(rows)) % 3), {}
        elif name == "matmul":
            yield (rows, rows.T), {}
    for kind, values in WHOLE.items():
        whole = np.array(values, kind)
        if op.shape is shapes.same and not op.defaults:
            yield (whole,), {}
        elif op.shape is shapes.elementwise and len(op.tensors) == 2 and name != "keep":
            small = whole[(whole >= 0) & (whole < 8)]  # no negative powers, no shifts by more bits than there are
            if name in NOT_ZERO:
                whole = np.repeat(whole[whole != 0], 2)
            yield tuple(np.meshgrid(whole, small if name in SMALL else whole)), {}
        elif op.shape is not shapes.along and reduces and name not in ("mean", "var"):  # the ends drown the rest
            yield (whole,), {"axis": 0}


def calls(name):
    """Return all samples of an op, the edges last."""
    op = CARDS[name]
    found = [Sample(*op.bind(operands, params), "edge") for operands, params in edges(name)]
    # half types are compared in test_dtypes.py: PyTorch rounds at other places, and NumPy gives it no bfloat16
    full = [s for s in samples(name) if not any(getattr(x, "dtype", None) in HALVES for x in s.operands)]
    return full + [sample for sample in found if legal(op, sample)]


# --------------------------------------------------------------------------------------------------------- comparing


HALVES = (df.float16, df.bfloat16)


def tensors(sample):
    """Return the operands for PyTorch: arrays copied, Python scalars weak beside the last array."""
    t = torch()
    arrays = [x for x in sample.operands if isinstance(x, np.ndarray)]
    last = t.tensor(arrays[-1].copy()) if arrays else None
    made = []
    for x in sample.operands:
        if isinstance(x, np.ndarray):
            x = t.tensor(x.copy())
            x.requires_grad_(x.is_floating_point() or x.is_complex())
        elif x is not None:
            x = t.tensor(x, dtype=t.bool if isinstance(x, bool) else t.result_type(last, x))
        made.append(x)
    return made


def theirs(name, sample):
    """Return PyTorch's operands and its result, or None for a result that it refuses to compute."""
    say, xs = TORCH[name], tensors(sample)
    params = {k: dtype(v) if k == "dtype" and v is not None else v for k, v in sample.params.items()}
    try:
        return xs, getattr(torch(), say)(*xs) if isinstance(say, str) else say(torch(), *xs, **params)
    except (RuntimeError, ValueError, IndexError):  # NotImplementedError is a RuntimeError
        return xs, None


def same(found, expected, note, *, signs):
    """Assert one shape, one dtype, and one value within the dtype's tolerance; ``signs`` of zeros too."""
    assert (found.shape, found.dtype) == (expected.shape, expected.dtype), note
    limit = TOLERANCE.get(str(expected.dtype), 0)
    np.testing.assert_allclose(found, expected, rtol=limit, atol=limit, err_msg=repr(note))
    if signs and found.dtype.kind == "f":
        zero = (expected == 0) & (found == 0)
        np.testing.assert_array_equal(np.signbit(found[zero]), np.signbit(expected[zero]), repr(note))


def agree(name, sample, found, expected, *, signs=True):
    """Compare, or make sure of a difference that the table tells of."""
    unlike = name in UNLIKE and UNLIKE[name][0](sample)
    note = (name, sample, UNLIKE[name][1] if unlike else "")
    if unlike:
        with pytest.raises(AssertionError):
            same(found, expected, note, signs=False)
    else:
        same(found, expected, note, signs=signs and name not in EITHER_ZERO)


def test_every_card_is_compared_or_listed_as_absent():
    """A new card needs an expression in PyTorch here, or a word why PyTorch has none."""
    assert not set(TORCH) & set(ABSENT)
    assert set(TORCH) | set(ABSENT) == set(CARDS)
    assert set(TORCH) >= set(REFUSED) | set(UNLIKE) | EITHER_ZERO


@pytest.mark.filterwarnings("ignore:var.*degrees of freedom")
@pytest.mark.parametrize("name", COMPARED)
def test_values_and_dtypes_are_pytorchs(name):
    """Eager and compiled, on every sample that PyTorch takes."""
    op, taken = CARDS[name], []
    with np.errstate(all="ignore"):
        for sample in calls(name):
            _, y = theirs(name, sample)
            if y is None:
                assert name in REFUSED, f"PyTorch refuses {name}{sample}"
                continue
            taken.append((sample, y.detach().numpy()))
            agree(name, sample, op.call(*sample.operands, **fresh(sample)).numpy(), taken[-1][1])
        assert (len(taken) < len(calls(name))) == (name in REFUSED)
        taken = [(s, y) for s, y in taken if not picks_by_mask(name, s)]
        chosen = [s for s, _ in taken]
        g, nodes, feeds = built(name, "known", chosen)
        found = run(g, nodes, feeds, chosen, compiled=True)
    for (sample, y), value in zip(taken, found, strict=True):
        # XLA turns a division of a cast bool into a choice, whose zero has no sign
        agree(name, sample, np.asarray(value), y, signs=sample.note == "edge")


@pytest.mark.filterwarnings("ignore:var.*degrees of freedom")
@pytest.mark.parametrize("name", [n for n in COMPARED if CARDS[n].differentiable])
def test_gradients_are_pytorchs(name):
    """At ties and kinks too; not where an element's own value is NaN: there PyTorch's rules have no common line."""
    for sample in calls(name):
        xs, y = theirs(name, sample)
        places = floating(sample)
        if y is None or not places or not y.requires_grad or (name in UNLIKE and UNLIKE[name][0](sample)):
            continue
        if name == "power" and len({x.dtype for x in xs if x is not None}) > 1:
            continue  # PyTorch takes 1 off the exponent in the exponent's own dtype: 2e-8 off in float64, ours 0
        operands = [df.from_numpy(x) if isinstance(x, np.ndarray) else x for x in sample.operands]
        ours = [operands[i].requires_grad_() for i in places]
        with np.errstate(all="ignore"):
            result = CARDS[name].call(*operands, **sample.params)
            seed = np.where(np.isnan(result.detach().numpy()), 0, seed_of(y.detach().numpy()))
            found = df.grad(result, ours, df.from_numpy(seed), allow_unused=True)
        try:
            expected = torch().autograd.grad(y, [xs[i] for i in places], torch().tensor(seed), allow_unused=True)
        except RuntimeError as refused:
            assert name in ("power", "logaddexp", "logaddexp2") and "bool" in str(
                refused
            )  # its rule subtracts 1 from a bool exponent
            continue
        for i, a, b in zip(places, found, expected, strict=True):
            assert (a is None) == (b is None), (name, sample)
            if a is not None:
                a, b = a.numpy(), b.resolve_conj().resolve_neg().numpy(force=True)
                if a.shape == result.shape:
                    nan = np.isnan(result.detach().numpy())
                    a, b = np.where(nan, 0, a), np.where(nan, 0, b)
                same(a, b, (name, sample, f"operand {i}"), signs=False)

"""The laws on operands that hypothesis draws: shapes of up to four axes, zero sizes, 0-d, dtypes, strides of all kinds.

For cards of the elementwise, reduction and along families. samples.py has the cases that someone thought of; these are
the others. Each card sees the same draws in every run. Of the other cards, whose shapes and values must fit each other,
the strides alone are drawn.
"""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, mutually_broadcastable_shapes
from samples import CARDS, FAMILIES, HALF, SPECIAL, Draw, domains, samples
from test_laws import TOLERANCE, close, numpy_value

import dualflow as df
from dualflow.core import shapes
from dualflow.core.errors import Misfit
from dualflow.core.op import VOCABULARY

DTYPES = [*["float64", "float32"] * 3, *HALF, "int64", "int8", "uint8", "bool", "complex64", "complex128"]
REDUCTIONS = (shapes.reduction, shapes.nonempty_reduction)
NAMES = sorted(
    name
    for name, op in VOCABULARY.items()
    if op.shape in FAMILIES and not op.variadic and not op.host and op.shape is not shapes.choice
)
NAMES = [
    name for name in NAMES if set(VOCABULARY[name].required) <= {"axis"} and "index" not in domains(VOCABULARY[name])
]
NAMES = [name for name in NAMES if name not in SPECIAL or VOCABULARY[name].shape in REDUCTIONS]


def laid_out(array, how):
    """Return the same values behind other strides."""
    if not array.ndim:
        return array
    if how == "column-major":
        return np.asfortranarray(array)
    if how == "reversed":
        return np.ascontiguousarray(array[(slice(None, None, -1),) * array.ndim])[(slice(None, None, -1),) * array.ndim]
    if how == "every other":
        wide = np.zeros([2 * n for n in array.shape], array.dtype)
        wide[(slice(None, None, 2),) * array.ndim] = array
        return wide[(slice(None, None, 2),) * array.ndim]
    if how == "stretched" and array.shape[0]:
        return np.broadcast_to(array[:1], array.shape)
    return array


@st.composite
def calls(draw, name):
    """Draw operands and parameters that the card's policy takes."""
    op, kinds = VOCABULARY[name], domains(VOCABULARY[name])
    if len(kinds) > 1:
        sizes = draw(
            mutually_broadcastable_shapes(num_shapes=len(kinds), max_dims=4, max_side=3, min_side=0)
        ).input_shapes
    else:
        sizes = [draw(array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=3))]
    values = Draw(f"{name}{draw(st.integers(0, 99))}")
    operands = []
    for place, (kind, size) in enumerate(zip(kinds, sizes, strict=True)):
        dtype = "bool" if kind == "bool" else draw(st.sampled_from(DTYPES))
        how = draw(st.sampled_from(["row-major", "column-major", "reversed", "every other", "stretched"]))
        array = laid_out(values(kind, size, dtype, place), how)
        array.setflags(write=False)
        operands.append(array)
    params, rank = {}, len(sizes[0])
    if op.shape in REDUCTIONS:
        axes = (
            st.lists(st.sampled_from(range(-rank, rank)), unique_by=lambda a: a % rank).map(tuple)
            if rank
            else st.just(())
        )
        one = st.sampled_from(range(-rank, rank)) if rank else st.none()
        params = {
            "axis": draw(one if op.dtype.name == "index" else st.none() | one | axes),
            "keepdims": draw(st.booleans()),
        }
    elif op.shape is shapes.along:
        params = {"axis": draw(st.sampled_from(range(-rank, rank))) if rank else -1}
    return operands, params


def foretold(op, operands, params):
    """Return the shape and dtype that the card's rules foretell, or None where they refuse the call."""
    try:
        return op.infer(operands, params), op.meet(operands, params)[1]
    except Misfit:
        return None


def drawn(examples):
    return settings(
        max_examples=examples,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        print_blob=False,
    )


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("name", NAMES)
def test_rules_foretell_and_both_worlds_give(name):
    """What the rules foretell is what the eager call and the interpreted graph give; what they refuse, both refuse."""
    op = VOCABULARY[name]

    @drawn(25)
    @given(calls(name))
    def law(call):
        operands, params = call
        told = foretold(op, operands, params)
        with np.errstate(all="ignore"):
            if told is None:
                with pytest.raises(df.DualflowError):
                    op.call(*operands, **params)
                return
            y = op.call(*[df.from_numpy(x) for x in operands], **params)
            assert (y.shape, y.dtype) == told, (operands, params)
            with df.graph() as g:
                feeds = [df.placeholder(x.dtype, x.shape) for x in operands]
                node = op.call(*feeds, **params)
            assert (node.shape, node.dtype) == told
            again = df.Session(g, compile=False).run(node, dict(zip(feeds, operands, strict=True)))
        np.testing.assert_array_equal(again, y.numpy(), strict=True)

    law()


LAYOUTS = ["column-major", "reversed", "every other", "stretched"]


def outcome(op, sample):
    """Return the NumPy kernel's result, or the class of what it raises: stretched matrices may be singular."""
    try:
        with np.errstate(all="ignore"):
            return numpy_value(op, sample)
    except (ArithmeticError, LookupError, ValueError, df.DualflowError, Misfit, np.linalg.LinAlgError) as error:
        return type(error)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("name", [name for name, op in sorted(CARDS.items()) if not op.host])
def test_strides_change_nothing_and_operands_are_never_written(name):
    """Each sample of every card behind two kinds of strides, read-only, gives what it gives row by row."""
    op = CARDS[name]
    for place, sample in enumerate(samples(name)):
        for how in (LAYOUTS[place % 4], LAYOUTS[(place + 1 + place // 4) % 4]):
            turned = [laid_out(x, how) if isinstance(x, np.ndarray) and x.ndim else x for x in sample.operands]
            plain = [np.array(x, order="C") if isinstance(x, np.ndarray) else x for x in turned]
            for x in turned:
                if isinstance(x, np.ndarray):
                    x.setflags(write=False)
            found, expected = (outcome(op, sample._replace(operands=tuple(xs))) for xs in (turned, plain))
            note = f"{name} {how} {sample}"
            if isinstance(expected, type):
                assert found is expected, note
            else:
                close(found, expected, note)
                assert not any(np.shares_memory(found, x) and found.flags.writeable for x in turned), note


def listed(name):
    """Return six drawn calls of a card."""
    taken = []

    @drawn(6)
    @given(calls(name))
    def gather(call):
        taken.append(call)

    gather()
    return taken


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_the_jax_kernels_agree_on_drawn_calls():
    """A few drawn calls of every card, compiled together: one program, one wait for XLA."""
    import jax
    import jax.numpy as jnp
    from test_laws import met

    cases = []
    for name in NAMES:
        taken = [(VOCABULARY[name], *call) for call in listed(name)]
        cases += [case for case in taken if foretold(*case) is not None][-3:]
    assert len({op.name for op, *_ in cases}) > 0.8 * len(NAMES)

    def everything(arrays):
        results = []
        for (op, _, params), xs in zip(cases, arrays, strict=True):
            xs = met(op, list(xs), params, lambda x, dtype: jnp.asarray(x).astype(dtype))
            results.append(op.suited(xs).kernel("jax")(*xs, **{s: op.defaults[s] for s in op.defaults} | params))
        return results

    with jax.enable_x64(True):
        found = jax.jit(everything)([operands for _, operands, _ in cases])
    for (op, operands, params), y in zip(cases, found, strict=True):
        with np.errstate(all="ignore"):
            expected = numpy_value(op, _Call(operands, {s: op.defaults[s] for s in op.defaults} | params))
        y = np.asarray(y)
        note = f"{op.name} {[(x.dtype, x.shape, x.strides) for x in operands]} {params}"
        assert (y.shape, y.dtype) == (expected.shape, expected.dtype), note
        limit = TOLERANCE.get(str(y.dtype), 1e-11 if y.dtype == np.complex128 else 0)
        np.testing.assert_allclose(y, expected, rtol=limit, atol=limit, err_msg=note)


class _Call:
    """What ``numpy_value`` reads of a sample."""

    def __init__(self, operands, params):
        self.operands, self.params, self.note = tuple(operands), params, ""

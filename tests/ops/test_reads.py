"""What a gradient rule reads is declared on its card, and a declaration that is too narrow fails here.

A value that a rule does not read may be overwritten before the backward pass. So every value that a rule mentions in
its bytecode and that is not declared is replaced by nonsense of the same shape: the gradient must not notice.
"""

import dis
import functools

import numpy as np
import pytest
from samples import CARDS, fresh, samples
from test_laws import DIFFERENTIABLE, differentiable, seed_of

import dualflow as df
from dualflow.core.errors import InPlaceError
from dualflow.core.op import VOCABULARY, primitive

MOST = 12


def mentioned(rule, variadic):
    """Return the places of the values that a rule's code loads: -1 for the result, i for operand i."""
    start = 3 if variadic else 2
    code = rule.__code__
    names = code.co_varnames[: code.co_argcount]
    loaded = set()
    for step in dis.get_instructions(rule):
        if any(word in step.opname for word in ("FAST", "DEREF", "CLOSURE")):
            loaded.update(step.argval if isinstance(step.argval, tuple) else (step.argval,))
    found = {i - start for i, name in enumerate(names) if i >= start - 1 and name in loaded}
    star = code.co_varnames[code.co_argcount + code.co_kwonlyargcount] if code.co_flags & 4 else None
    return found | (set(range(code.co_argcount - start, 80)) if star in loaded else set())


def nonsense(value):
    """Return an array of the same shape and dtype with nothing of the value in it, or a tuple of them."""
    if isinstance(value, tuple):
        return type(value)(*map(nonsense, value)) if hasattr(value, "_fields") else tuple(map(nonsense, value))
    if value.dtype.kind in "fcV":
        return np.full_like(value, np.nan)
    return ~value if value.dtype.kind == "b" else np.full_like(value, 97)


@pytest.mark.parametrize("name", DIFFERENTIABLE)
def test_a_rule_reads_what_is_declared(name):
    op = CARDS[name]
    tried = 0
    for sample, y in differentiable(name)[:MOST]:
        operands = [np.array(x) if isinstance(x, np.ndarray) else x for x in sample.operands]
        g, y = seed_of(np.asarray(y)), np.asarray(y)
        if "#" in name:  # its rule takes the gradients of all results, and all results
            y = op.pack(op.op.kernel("numpy")(*operands, **fresh(sample)))
            g = op.pack(g if i == op.place else None for i in range(len(y)))
        values = {-1: y, **dict(enumerate(operands))}
        for position in range(len(operands)):
            rule = op.rules[0 if op.variadic else position]
            if rule is None or not isinstance(operands[position], np.ndarray):
                continue
            bound = op.on_arrays()[0 if op.variadic else position]
            call = functools.partial(bound, position) if op.variadic else bound
            replaced = [
                place
                for place in mentioned(rule, op.variadic)
                if isinstance(values.get(place), np.ndarray | tuple) and not op.needs(position, place)
            ]
            others = {place: nonsense(value) if place in replaced else value for place, value in values.items()}
            with np.errstate(all="ignore"):
                expected = call(g, *[values[i] for i in range(-1, len(operands))], **fresh(sample))
                found = call(g, *[others[i] for i in range(-1, len(operands))], **fresh(sample))
            np.testing.assert_array_equal(found, expected, err_msg=f"{sample}: rule {position} reads {replaced}")
            tried += 1
    assert tried or not samples(name)


def test_a_declaration_names_what_there_is():
    square = VOCABULARY["square"]
    before = square.rules, square.declared
    with pytest.raises(TypeError, match="square has no value 'z' that a rule could read; it has y, x"):
        square.call.vjp(x=before[0][0], reads="z")
    assert (square.rules, square.declared) == before


@pytest.fixture
def card():
    """Make cards that are gone after the test."""
    known = set(VOCABULARY)
    yield primitive
    for name in set(VOCABULARY) - known:
        del VOCABULARY[name]


def test_a_card_with_71_operands_notices_a_write_to_the_last(card):
    """A declaration by bytecode once ended at the 64th operand: this gave the gradient of the new value."""

    @card(shape=lambda *parts: parts[0].shape)
    def product_of_many(xp, *parts):
        return functools.reduce(xp.multiply, parts)

    product_of_many.vjp(
        rest=lambda position, g, y, *parts: functools.reduce(
            lambda a, b: a * b, [g, *(x for i, x in enumerate(parts) if i != position)]
        )
    )
    parts = [df.tensor([1.5], requires_grad=True) + 0 for _ in range(71)]
    y = product_of_many(*parts)
    (whole,) = df.grad(product_of_many(*parts), [parts[0]])
    assert whole.item() == pytest.approx(1.5**70)
    parts[70].add_(1)
    with pytest.raises(InPlaceError, match="#70"):
        y.backward()


@pytest.mark.parametrize("create", [False, True], ids=["arrays", "tensors"])
def test_a_rule_may_be_a_partial(card, create):
    @card(shape=lambda x: x.shape)
    def tripled(xp, x):
        return x * 3

    def scaled(factor, g, y, x):
        return df.multiply(g, factor)

    tripled.vjp(x=functools.partial(scaled, 3.0))
    x = df.tensor([1.0, 2.0], requires_grad=True)
    h = x * 2
    y = tripled(h)
    (g,) = df.grad(y.sum(), [x], create_graph=create)
    assert g.tolist() == [6.0, 6.0]
    with df.mode("graph"):
        assert df.function(lambda v: df.grad(tripled(v).sum(), [v])[0])(x).tolist() == [3.0, 3.0]
    y = tripled(h)
    h.add_(1)  # nothing is declared, so everything counts as read
    with pytest.raises(InPlaceError):
        y.sum().backward()


def test_a_rule_may_be_any_callable(card):
    @card(shape=lambda x: x.shape)
    def doubled(xp, x):
        return x * 2

    class Rule:
        def __call__(self, g, y, x):
            return df.multiply(g, 2)

    doubled.vjp(x=Rule())
    x = df.tensor([1.0], requires_grad=True)
    doubled(x).backward()
    assert x.grad.tolist() == [2.0]

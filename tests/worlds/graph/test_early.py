"""Checks of indices are made before a compiled run where they can be, and refuse what they refused inside it."""

import numpy as np
import pytest

import dualflow as df
from dualflow.core.errors import OutOfRangeError


def compiled(step, *args):
    """Run a step once, compiled; return its plan."""
    step = df.function(step)
    with df.mode("graph"):
        step(*args)
    return step.made[-1].plan


@pytest.mark.parametrize(
    ("step", "args"),
    {
        "labels": (lambda x, y: df.nn.functional.cross_entropy(x * 2, y), (df.ones(4, 3), df.tensor([0, 1, 2, 0]))),
        "labels reshaped": (
            lambda x, y: df.nn.functional.cross_entropy(x * 2, y.reshape(-1)),
            (df.ones(4, 3), df.tensor([[0, 1], [2, 0]])),
        ),
        "rows": (lambda w, i: df.nn.functional.embedding(i, w * 2), (df.ones(4, 3), df.tensor([0, 1]))),
        "elements": (lambda x, i: (x * 2)[i], (df.ones(4), df.tensor([0, -1]))),
    }.values(),
    ids=["labels", "labels reshaped", "rows", "elements"],
)
def test_what_is_given_is_checked_before_the_run(step, args):
    """With the error of before, the user's line, and the state as it was."""
    w = df.Variable(df.ones(1))

    def whole(a, b):
        w.assign(w * 2)
        return step(a * w, b) if a.dtype.kind == "f" else step(a, b)

    plan = compiled(whole, *args)
    assert not plan.checks and plan.early.nodes
    function = df.function(whole)
    wrong = df.tensor(np.full(args[1].shape, 9))
    with df.mode("graph"):
        function(*args)
        before = float(w)
        with pytest.raises(OutOfRangeError, match="9"):
            function(args[0], wrong)
        assert float(w) == before
        function(*args)
        assert float(w) == 2 * before


def test_what_is_computed_is_checked_inside():
    """An index that comes out of a computation can be known only there."""
    plan = compiled(lambda x, i: (x * 2)[i + 1], df.ones(4), df.tensor([0, 1]))
    assert len(plan.checks) == 1 and not plan.early.nodes


def test_many_given_indices_are_checked_inside():
    """On all cores."""
    plan = compiled(lambda x, i: (x * 2)[i], df.ones(4), df.zeros(1 << 14).astype(df.int64))
    assert len(plan.checks) == 1


def test_places_that_are_found_need_no_check():
    """The largest element stands where there is one; of another array that may be too far."""
    pooled = compiled(
        lambda x: df.grad(df.nn.functional.max_pool2d(x, 2).sum(), [x])[0], df.ones(1, 1, 4, 4).requires_grad_() * 1
    )
    assert not pooled.checks and pooled.early.nodes
    assert not compiled(lambda x: df.take_along_axis(x, df.argsort(x), axis=-1), df.ones(4)).checks
    assert len(compiled(lambda x: x[:2][df.argsort(x) // 2 * 0 + df.argmax(x)], df.ones(4)).checks) == 1
    step = df.function(lambda x: x[:2][df.argmax(x)])
    with df.mode("graph"):
        assert float(step(df.tensor([1.0, 3.0, 2.0]))) == 3.0
        with pytest.raises(OutOfRangeError):
            step(df.tensor([1.0, 2.0, 3.0]))

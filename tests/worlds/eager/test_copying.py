"""Copies of tensors and modules, by deepcopy and by pickle; elements are views of what they are taken from."""

import copy
import pickle

import numpy as np
import pytest

import dualflow as df
from dualflow.core.errors import GradientError

COPY = {"deepcopy": copy.deepcopy, "pickle": lambda x: pickle.loads(pickle.dumps(x))}


@pytest.fixture(params=COPY)
def copied(request):
    return COPY[request.param]


def test_a_frozen_layer_stays_frozen(copied):
    layer = df.nn.Linear(2, 2)
    layer.weight.requires_grad_(False)
    again = copied(layer)
    assert not again.weight.requires_grad and again.bias.requires_grad
    again(df.ones(1, 2)).sum().backward()
    assert again.weight.grad is None and again.bias.grad.tolist() == [1, 1] and layer.bias.grad is None


def test_flags_names_and_gradients_come_along(copied):
    w = df.Variable([1.0, 2.0], name="w", trainable=False).requires_grad_()
    (w * w).sum().backward()
    again = copied(w)
    assert (again.name, again.trainable, again.requires_grad) == ("w", False, True)
    assert again.grad.tolist() == [2, 4] and again.grad is not w.grad
    w.requires_grad_(False)
    frozen = copied(w)
    assert not frozen.requires_grad and frozen.grad.tolist() == [2, 4]


def test_what_shares_memory_shares_it_in_the_copy(copied):
    x = df.tensor([[1.0, 2.0], [3.0, 4.0]])
    base, view, column = copied([x, x[0], x.T[1]])
    base[0, 1] = 9.0
    assert view.tolist() == [1, 9] and column.tolist() == [9, 4] and x.tolist() == [[1, 2], [3, 4]]


def test_hooks_are_copied_where_they_can_be():
    w = df.ones(2, requires_grad=True)
    w.register_hook(lambda g: g * 3)
    again = copy.deepcopy(w)
    again.sum().backward()
    assert again.grad.tolist() == [3, 3]
    with pytest.warns(UserWarning, match="hooks of a tensor are not pickled"):
        pickle.dumps(w)


def test_what_was_computed_is_not_copied(copied):
    with pytest.raises(GradientError, match="only leaves can be copied"):
        copied(df.ones(2, requires_grad=True) * 2)


# ------------------------------------------------------------------------------------- elements
def test_an_element_is_a_view():
    x = df.tensor([1.0, 2.0, 3.0])
    x[0].add_(10.0)
    for element in x[1:]:
        element.mul_(2.0)
    x[-1:][0].detach().sub_(1.0)
    assert x.tolist() == [11, 4, 5]
    total = x.sum()
    total.view(1).zero_()
    assert total.item() == 0


def test_an_element_that_is_written_to_has_its_gradient():
    w = df.tensor([1.0, 2.0], requires_grad=True)
    y = w * 2
    y[0].mul_(3.0)
    (y * y).sum().backward()
    np.testing.assert_allclose(w.grad, [2 * 6 * 6, 2 * 4 * 2])


def test_nothing_is_chosen_by_an_empty_list():
    x = df.ones(2, 3)
    assert x[[]].shape == (0, 3) and x[:, []].shape == (2, 0) and df.take(x, [], axis=1).shape == (2, 0)
    x[[]] = 5.0
    assert x.sum().item() == 6
    with pytest.raises(df.errors.DualflowError):
        x[[0.5]]


@pytest.mark.parametrize("mode", ["nearest", "nearest-exact"])
def test_resizing_picks_the_nearest(mode):
    """Of 100 × 100 sizes none differs from PyTorch 2.13; these are some at which rounding decides."""
    right = {"nearest": {(49, 99): 48, (3, 100): 2}, "nearest-exact": {(41, 82): 40, (3, 9): 2}}[mode]
    for (n, m), last in right.items():
        x = df.arange(n, dtype=df.float32).reshape(1, 1, n)
        found = df.nn.functional.interpolate(x, size=m, mode=mode)[0, 0]
        assert found.shape == (m,) and found[-1].item() == last and found[0].item() == 0
        assert bool((found[1:] >= found[:-1]).all())


def test_a_bool_stays_one_when_an_item_is_written():
    for scope in (df.mode("eager"), df.mode("graph", compile=False), df.mode("graph")):

        @df.function
        def step(x):
            m = x > 1
            m[0] = True
            return ~m

        with scope:
            found = step(df.tensor([1.0, 2.0, 0.0]))
        assert found.dtype == df.bool and found.tolist() == [False, False, True]

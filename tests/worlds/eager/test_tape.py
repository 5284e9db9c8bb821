"""GradientTape: the eager pass as TensorFlow 2's users know it."""

import numpy as np
import pytest

import dualflow as df
from dualflow.core.errors import GradientError


def test_variables_are_watched_by_themselves():
    """A variable needs no ``watch``; a source keeps its structure."""
    w, b = df.Variable([1.0, 2.0]), df.Variable(0.5)
    with df.GradientTape() as tape:
        loss = ((w * 3 + b) ** 2).sum()
    grads = tape.gradient(loss, {"w": w, "rest": [b]})
    assert grads["w"].tolist() == [21.0, 39.0]
    assert grads["rest"][0].item() == 20.0


def test_constants_are_watched_when_asked():
    """And are constants again when the block is over."""
    x, other = df.tensor(3.0), df.tensor(2.0)
    with df.GradientTape() as tape:
        tape.watch(x)
        y = x * x * other
    assert tape.gradient(y, [x, other])[0].item() == 12.0
    assert not x.requires_grad


def test_an_unwatched_source_gets_none():
    """As in TensorFlow: None, or zeros when asked for."""
    x, other = df.tensor(3.0), df.Variable([1.0, 2.0])
    with df.GradientTape(persistent=True) as tape:
        tape.watch(x)
        y = x * 2
    assert tape.gradient(y, other) is None
    assert tape.gradient(y, df.tensor(1.0)) is None
    assert tape.gradient(y, other, unconnected_gradients="zero").tolist() == [0.0, 0.0]
    with pytest.raises(ValueError, match="unconnected_gradients"):
        tape.gradient(y, other, unconnected_gradients="nothing")


def test_watch_only_what_is_asked():
    """``watch_accessed_variables=False`` leaves variables alone."""
    a, b = df.Variable(2.0), df.Variable(3.0)
    with df.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(a)
        y = a * b
    ga, gb = tape.gradient(y, [a, b])
    assert (ga.item(), gb) == (3.0, None)
    assert tape.watched_variables() == (a,)


def test_a_tape_gives_one_gradient_unless_persistent():
    """The second call says how to have more."""
    x = df.Variable(3.0)
    with df.GradientTape() as tape:
        y = x * x
    tape.gradient(y, x)
    with pytest.raises(GradientError, match="persistent=True"):
        tape.gradient(y, x)
    with df.GradientTape(persistent=True) as tape:
        y = x * x
        z = y * y
    assert [tape.gradient(z, x).item(), tape.gradient(y, x).item(), tape.gradient(z, y).item()] == [108.0, 6.0, 18.0]


def test_what_happens_outside_the_block_is_a_constant():
    """An op before the block is not differentiated through; one after it is not recorded by the tape."""
    x = df.Variable(3.0)
    before = x * x
    with df.GradientTape(persistent=True) as tape:
        y = before * x
    after = y * 2
    assert tape.gradient(y, x).item() == 9.0
    assert tape.gradient(after, x) is None
    assert tape.gradient(y, before).item() == 3.0


def test_a_pause_is_outside_the_block():
    """``stop_recording`` makes what runs in it constant, and leaves a stopped tape stopped."""
    x = df.Variable(3.0)
    with df.GradientTape(persistent=True) as tape:
        y = x * x
        with tape.stop_recording():
            factor = x * 10
        z = y * factor
    assert tape.gradient(z, x).item() == 6.0 * 30.0
    with tape.stop_recording():
        pass
    after = y * x
    assert tape.gradient(after, x) is None


def test_reset_forgets():
    """What was recorded before ``reset`` is constant."""
    x = df.Variable(3.0)
    with df.GradientTape(persistent=True) as tape:
        y = x * x
        tape.reset()
        z = y * x
    assert tape.gradient(z, x).item() == 9.0


def test_no_grad_inside_a_tape():
    """What is not recorded at all is not recorded by the tape."""
    x = df.Variable(3.0)
    with df.GradientTape() as tape:
        with df.no_grad():
            y = x * x
        z = y * x
    assert tape.gradient(z, x).item() == 9.0


def test_nested_tapes_give_second_gradients():
    """The inner gradient is taken inside the outer block."""
    x = df.Variable(3.0, dtype=df.float64)
    with df.GradientTape() as outer:
        with df.GradientTape() as inner:
            y = x * x * x
        g = inner.gradient(y, x)
    assert (g.item(), outer.gradient(g, x).item()) == (27.0, 18.0)


def test_three_nested_tapes_on_a_watched_constant():
    """Third derivative of x**4, and of a constant that each tape watches."""
    x = df.tensor(2.0, df.float64)
    with df.GradientTape() as first:
        first.watch(x)
        with df.GradientTape() as second:
            second.watch(x)
            with df.GradientTape() as third:
                third.watch(x)
                y = x * x * x * x
            a = third.gradient(y, x)
        b = second.gradient(a, x)
    assert (a.item(), b.item(), first.gradient(b, x).item()) == (32.0, 48.0, 48.0)
    assert not x.requires_grad


def test_a_gradient_taken_after_the_outer_block_is_not_differentiable():
    """The inner gradient is then a constant to the outer tape."""
    x = df.Variable(3.0)
    with df.GradientTape() as outer, df.GradientTape() as inner:
        y = x * x
    g = inner.gradient(y, x)
    assert not g.requires_grad
    assert outer.gradient(g, x) is None


def test_targets_add_up_with_their_output_gradients():
    """Several targets are summed; ``output_gradients`` weighs them."""
    x = df.Variable([1.0, 2.0])
    with df.GradientTape(persistent=True) as tape:
        y, z = x * x, x * 3
    assert tape.gradient([y, z], x).tolist() == [5.0, 7.0]
    seeds = [df.tensor([1.0, 0.0]), df.tensor([10.0, 10.0])]
    assert tape.gradient([y, z], x, output_gradients=seeds).tolist() == [32.0, 30.0]


def test_a_target_that_is_not_a_scalar_is_summed():
    """As in TensorFlow, without asking."""
    x = df.Variable([1.0, 2.0])
    with df.GradientTape() as tape:
        y = x * x
    assert tape.gradient(y, x).tolist() == [2.0, 4.0]


def test_the_jacobian_has_both_shapes():
    """d target / d source, target's axes first."""
    x = df.Variable([1.0, 2.0, 3.0], dtype=df.float64)
    m = df.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], df.float64)
    with df.GradientTape(persistent=True) as tape:
        y = m @ (x * x)
    expected = m.numpy() * 2 * np.array([1.0, 2.0, 3.0])
    np.testing.assert_allclose(tape.jacobian(y, x).numpy(), expected)
    with df.GradientTape() as tape:
        y = x * x
    with pytest.raises(GradientError, match="persistent"):
        tape.jacobian(y, x)


def test_the_jacobian_of_an_unconnected_source_is_zero():
    """Zeros of both shapes."""
    x, other = df.Variable([1.0, 2.0]), df.Variable([1.0, 2.0, 3.0])
    with df.GradientTape(persistent=True) as tape:
        y = x * 2
    assert tape.jacobian(y, other).tolist() == [[0.0] * 3] * 2


def test_integers_have_no_gradient():
    """A source or a target of integers gives None."""
    i, x = df.Variable([1, 2]), df.Variable([1.0, 2.0])
    with df.GradientTape(persistent=True) as tape:
        y = (i * x).sum()
        z = i * 2
    assert tape.gradient(y, i) is None
    assert tape.gradient(z, [i, x]) == [None, None]


def test_a_variable_changed_by_assign_during_the_block():
    """The gradient is that of the values when the ops ran; a change after them does no harm where none is read."""
    x = df.Variable(3.0)
    with df.GradientTape() as tape:
        y = x * 2
        x.assign(5.0)
        z = y + x
    assert (tape.gradient(z, x).item(), z.item()) == (3.0, 11.0)


def test_a_training_step_as_in_tensorflow():
    """Gradient, then assign_sub: the loss falls to its minimum."""
    w = df.Variable([5.0, -3.0])
    for _ in range(60):
        with df.GradientTape() as tape:
            loss = ((w - df.tensor([1.0, 2.0])) ** 2).sum()
        w.assign_sub(0.2 * tape.gradient(loss, w))
    np.testing.assert_allclose(w.numpy(), [1.0, 2.0], atol=1e-5)


def test_watch_takes_tensors_only():
    """A NumPy array cannot be watched: the error says so."""
    with df.GradientTape() as tape, pytest.raises(GradientError, match="watches tensors, not ndarray"):
        tape.watch(np.ones(2))


def test_one_tape_cannot_be_opened_twice_at_once():
    """But it can record in two stretches, one after the other."""
    x = df.Variable(3.0)
    tape = df.GradientTape()
    with tape:
        y = x * x
        with pytest.raises(GradientError, match="recording already"), tape:
            pass
    with tape:
        z = y * x
    assert tape.gradient(z, x).item() == 27.0

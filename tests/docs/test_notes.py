"""The programs of the lecture notes, in examples/notes, do what they say."""

import importlib.util
import runpy
from pathlib import Path

import numpy as np
import pytest

import dualflow as df

NOTES = Path(__file__).parents[2] / "examples" / "notes"
FILES = sorted(NOTES.glob("*.py"))


def load(name):
    """Import one file of the notes under a name of its own."""
    spec = importlib.util.spec_from_file_location(f"notes_{name}", NOTES / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def falls(losses):
    """Tell whether a loss is finite throughout and ends below where it began."""
    return np.isfinite(losses).all() and losses[-1] < losses[0]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_file_runs_and_prints_and_is_listed(path, capsys):
    runpy.run_path(str(path), run_name="__main__")
    assert capsys.readouterr().out
    assert f"`{path.name}`" in (NOTES / "README.md").read_text(encoding="utf-8")


def test_tensors_have_the_shapes_and_types_that_the_notes_print(capsys):
    tensors = load("tensors")
    x, zeros, ones, random = tensors.create()
    assert x.shape == (3, 4) and "tensor([[0., 0., 0., 0.]," in capsys.readouterr().out
    assert zeros.shape == ones.shape == random.shape == (2, 3)
    assert not zeros.any() and ones.all() and bool(((random >= 0) & (random < 1)).all())
    empty, zeros, ones, random = tensors.like()
    assert empty.shape == zeros.shape == ones.shape == random.shape == (2, 2, 3)
    assert tensors.dtypes().dtype == df.int16
    rand, doubled = tensors.broadcasting()
    assert np.array_equal(doubled.numpy(), 2 * rand.numpy())
    scores = tensors.devices()
    assert scores.shape == (359, 10) and scores.device == "cpu"
    a, b = tensors.dimensions()
    assert a.shape == (3, 226, 226) and b.shape == (1, 3, 226, 226)


def test_the_same_seed_gives_the_same_random_tensor(capsys):
    tensors = load("tensors")
    assert np.array_equal(tensors.create()[3].numpy(), tensors.create()[3].numpy())


def test_from_numpy_shares_memory(capsys):
    array, tensor = load("tensors").from_numpy()
    assert tensor[0, 0] == 5 and np.shares_memory(array, tensor.numpy()) and tensor.dtype == df.float64


def test_gradients_by_hand_are_those_of_autograd():
    by_hand, by_tape = load("tensors").train_by_hand(), load("autograd").relu_net()
    assert falls(by_hand)
    np.testing.assert_allclose(by_hand, by_tape, rtol=1e-4)


def test_the_function_with_its_own_gradient_survives_where_the_python_function_overflows():
    autograd = load("autograd")
    with np.errstate(over="ignore", invalid="ignore"):
        of_known_ops, of_its_own = autograd.sigmoid_net(), autograd.function_net()
    assert of_known_ops[0] == of_its_own[0] and np.isnan(of_known_ops[1:]).all()
    assert falls(of_its_own)


def test_both_sigmoids_have_the_same_gradient_where_nothing_overflows():
    autograd = load("autograd")
    grads = []
    for sigmoid in (autograd.sigmoid, autograd.Sigmoid.apply):
        x = df.linspace(-5, 5, 11, requires_grad=True)
        sigmoid(x).sum().backward()
        grads.append(x.grad.numpy())
    np.testing.assert_allclose(*grads, rtol=1e-5)


@pytest.mark.parametrize("program", ["update_by_hand", "with_optimizer", "own_module", "mixed"])
def test_modules_learn(program):
    assert falls(getattr(load("modules"), program)())


def test_the_loader_forms_minibatches():
    shapes, losses = load("loaders").minibatches()
    assert shapes == ((8, 1000), (8, 10)) and falls(losses)


def test_saved_weights_make_a_new_model_as_good_as_the_old(tmp_path):
    pretrained = load("pretrained")
    trained = pretrained.train_and_save(tmp_path / "weights.npz")
    before, after = pretrained.load(tmp_path / "weights.npz")
    assert before < 0.5 < 0.9 < after == trained


def test_python_chooses_the_weights_step_by_step():
    choices, losses = load("dynamic").choose_weights()
    assert choices[:2] == ["w2a", "w2b"] and falls(losses)


@pytest.mark.parametrize("program", ["by_call", "by_annotation"])
def test_one_graph_makes_the_same_choices_as_python(program):
    losses, traces = getattr(load("static"), program)()
    assert traces == 1
    np.testing.assert_allclose(losses, load("dynamic").choose_weights()[1], rtol=1e-3)


def test_the_static_graph_gives_the_gradients_of_the_formula():
    fed, (loss, grad_w1, grad_w2) = load("tf1_static").define_and_run()
    x, y, w1, w2 = (fed[name] for name in ("x", "y", "w1", "w2"))
    h = x @ w1
    relu = np.maximum(h, 0)
    diff = relu @ w2 - y
    np.testing.assert_allclose(loss, (diff**2).sum(axis=1).mean(), rtol=1e-4)
    g = 2 * diff / len(x)
    np.testing.assert_allclose(grad_w2, relu.T @ g, rtol=1e-3, atol=1e-3 * np.abs(relu.T @ g).max())
    expected = x.T @ (g @ w2.T * (h > 0))
    np.testing.assert_allclose(grad_w1, expected, rtol=1e-3, atol=1e-3 * np.abs(expected).max())


def test_the_static_graph_trains():
    assert falls(load("tf1_static").train())


def test_the_function_does_what_the_tape_does_in_both_modes():
    by_tape = load("tf2_tape").train()
    assert falls(by_tape)
    tf2_function = load("tf2_function")
    np.testing.assert_allclose(tf2_function.train(mode="eager"), by_tape, rtol=1e-6)
    np.testing.assert_allclose(tf2_function.train(mode="graph"), by_tape, rtol=1e-4)
    assert tf2_function.step.trace_count == 1


def test_keras_style_minimize_learns():
    assert falls(load("keras_style").train())

"""The programs that ship: each is one text for every arm, and computes what it says it does."""

import inspect
import re
from pathlib import Path

import numpy as np
import pytest

import dualflow as df
from dualflow.compare.arms import choose
from dualflow.compare.experiment import experiment
from dualflow.compare.programs import PROGRAMS, chain, digits, lstm, notes
from dualflow.errors import ShapeError
from dualflow.site import decode, is_library

FILES = {"digits": digits, "notes": notes, "chain": chain, "lstm": lstm}


def run(name, steps, arms="eager,interpreted,compiled", seed=0):
    """Compare a program without timing it."""
    card = PROGRAMS[name]
    return experiment(name, card.summary, lambda: card.build(seed), choose(arms), steps=steps, seed=seed, only="parity")


def test_the_table_has_every_file_of_the_folder():
    folder = Path(inspect.getfile(digits)).parent
    assert {path.stem for path in folder.glob("*.py")} - {"__init__"} == set(PROGRAMS) == set(FILES)


@pytest.mark.parametrize("name", sorted(PROGRAMS))
def test_every_program_computes_the_same_in_every_arm(name):
    report = run(name, 3)
    assert report.passed
    assert report.parity.arms == ("interpreted", "compiled")
    assert len(report.parity.steps) == 3
    for kind in ("result", "gradient", "state"):
        assert [gap.absolute for gap in report.parity.gaps("interpreted", kind)] == [0, 0, 0]
        assert all(gap.arrays for gap in report.parity.gaps("compiled", kind))


@pytest.mark.parametrize("name", sorted(PROGRAMS))
def test_a_program_is_blind_to_the_mode(name):
    source = inspect.getsource(FILES[name])
    assert not re.search(r"current_mode|df\.(mode|eager|graph|Session|placeholder)\b|jax|compile", source)


@pytest.mark.parametrize("name", sorted(PROGRAMS))
def test_the_seed_decides_everything(name):
    def first(seed):
        program = PROGRAMS[name].build(seed)
        return [*(np.array(x) for x in program.batch(1)), *(p.numpy().copy() for p in program.trained)]

    one, same, other = first(3), first(3), first(4)
    assert all(np.array_equal(a, b) for a, b in zip(one, same, strict=True))
    assert not any(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


@pytest.mark.parametrize("name", sorted(PROGRAMS))
def test_an_error_in_a_program_names_the_programs_own_line(name):
    assert not is_library(inspect.getfile(FILES[name]))
    program = PROGRAMS[name].build(0)
    wrong = [df.zeros(3, 5, 7) for _ in program.batch(0)]
    with pytest.raises(ShapeError) as caught:
        program.step(*wrong)
    assert decode(caught.value.site).file == inspect.getfile(FILES[name])


def test_the_network_reads_at_least_95_percent_of_the_digits_in_every_arm():
    report = run("digits", PROGRAMS["digits"].steps)
    assert report.passed
    scores = report.training.scores
    assert set(scores) == {"eager", "interpreted", "compiled"}
    assert scores["eager"] == scores["interpreted"] == scores["compiled"]
    assert scores["eager"]["test accuracy"] >= 0.95
    for losses in report.training.losses.values():
        assert losses[0] > 2.2 and losses[-1] < 0.2  # ln 10 = 2.3 is what guessing costs


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_other_seeds_read_the_digits_too(seed):
    program = PROGRAMS["digits"].build(seed)
    for i in range(PROGRAMS["digits"].steps):
        program.step(*program.batch(i))
    assert program.evaluate()["test accuracy"] >= 0.95


def test_every_epoch_of_the_digits_shows_each_image_at_most_once():
    program = PROGRAMS["digits"].build(0)
    for epoch in range(2):
        seen = np.concatenate([program.batch(22 * epoch + i)[0].numpy() for i in range(22)])
        assert len(np.unique(seen, axis=0)) == len(seen) == 22 * 64
    assert not np.array_equal(program.batch(0)[1].numpy(), program.batch(22)[1].numpy())


def test_the_notes_network_is_the_one_written_by_hand_in_numpy():
    program = PROGRAMS["notes"].build(0)
    x, y = (part.numpy().astype(np.float64) for part in program.batch(0))
    w1, w2 = (w.numpy().astype(np.float64) for w in program.trained)
    for _ in range(5):
        hidden = np.maximum(x @ w1, 0)
        off = hidden @ w2 - y
        assert float(program.step(*program.batch(0))) == pytest.approx((off**2).sum(), rel=1e-4)
        grad_w2 = hidden.T @ (2 * off)
        grad_w1 = x.T @ ((2 * off @ w2.T) * (hidden > 0))
        w1 -= 1e-6 * grad_w1
        w2 -= 1e-6 * grad_w2
    for mine, theirs in zip(program.trained, (w1, w2), strict=True):
        np.testing.assert_allclose(mine.numpy(), theirs, rtol=1e-3, atol=1e-4)


def test_the_chain_is_25_links_and_its_gradient_is_the_slope():
    program = PROGRAMS["chain"].build(0)
    (start,) = program.batch(0)
    (a,) = program.trained

    def forward(matrix):
        h = start.numpy().astype(np.float64)
        for _ in range(25):
            h = np.tanh(h * matrix + matrix) @ matrix
        return h.sum()

    matrix = a.numpy().astype(np.float64)
    loss, gradient = program.step(start)
    assert float(loss) == pytest.approx(forward(matrix), rel=1e-4)
    nudge = np.zeros_like(matrix)
    nudge[2, 5] = 1e-5
    slope = (forward(matrix + nudge) - forward(matrix - nudge)) / 2e-5
    assert float(gradient[2, 5]) == pytest.approx(slope, rel=1e-3)
    assert a.grad is None  # the step leaves nothing behind that the next one would add to


def test_the_lstm_learns_what_comes_next():
    program = PROGRAMS["lstm"].build(0)
    losses = [float(program.step(*program.batch(i))) for i in range(60)]
    assert losses[-1] < losses[0] / 2

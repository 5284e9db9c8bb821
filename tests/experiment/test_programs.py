"""The programs that ship: each is one text for every arm, and computes what it says it does."""

import dataclasses
import importlib
import inspect
import re
from pathlib import Path

import numpy as np
import pytest

import dualflow as df
from dualflow.arms.arms import choose
from dualflow.core.errors import ShapeError
from dualflow.core.site import decode, is_library
from dualflow.experiment.comparison import experiment
from dualflow.experiment.programs import PROGRAMS
from dualflow.experiment.results.report import Report
from dualflow.report import document, to_text

FILES = {name: importlib.import_module(f"dualflow.experiment.programs.{name}") for name in PROGRAMS}
FOLDER = Path(inspect.getfile(FILES["digits"])).parent


def run(name, steps, arms="eager,interpreted,compiled", seed=0):
    """Compare a program without timing it."""
    card = PROGRAMS[name]
    return experiment(name, card.summary, lambda: card.build(seed), choose(arms), steps=steps, seed=seed, only="parity")


def test_the_table_has_every_file_of_the_folder():
    assert {path.stem for path in FOLDER.glob("*.py")} - {"__init__", "sweeps"} == set(PROGRAMS)
    assert len(PROGRAMS) >= 12


@pytest.mark.parametrize("name", sorted(PROGRAMS))
def test_every_program_computes_the_same_in_every_arm(name):
    report = run(name, 3)
    assert report.passed, report.parity.failure
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
        return [
            *(np.array(x) for x in program.batch(1) if not isinstance(x, tuple)),
            *(p.numpy().copy() for p in program.trained),
        ]

    one, same, other = first(3), first(3), first(4)
    assert all(np.array_equal(a, b) for a, b in zip(one, same, strict=True))
    drawn = [(a, b) for a, b in zip(one, other, strict=True) if a.dtype.kind == "f" and np.ptp(a)]
    assert drawn and not any(np.array_equal(a, b) for a, b in drawn)  # what is filled with one number may be the same


@pytest.mark.parametrize("name", sorted(PROGRAMS))
def test_a_program_learns(name):
    card = PROGRAMS[name]
    program = card.build(0)
    losses = []
    for i in range(min(card.steps, 60)):
        result = program.step(*program.batch(i))
        losses.append(float(result[0] if isinstance(result, tuple) else result))
    tenth = max(len(losses) // 10, 1)
    if name == "chain":
        assert len(set(losses)) == 1  # it only differentiates
    else:
        assert np.mean(losses[-tenth:]) < np.mean(losses[:tenth])


@pytest.mark.parametrize("name", sorted(set(PROGRAMS) - {"l2hmc"}))  # which is given nothing that could be wrong
def test_an_error_in_a_program_names_the_programs_own_line(name):
    assert not is_library(inspect.getfile(FILES[name]))
    program = PROGRAMS[name].build(0)
    wrong = [x if isinstance(x, tuple) else df.zeros(3, 5, 7, dtype=x.dtype) for x in program.batch(0)]
    with pytest.raises(ShapeError) as caught:
        program.step(*wrong)
    assert Path(decode(caught.value.site).file).parent == FOLDER


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


def test_what_is_published_is_a_figure_with_its_source():
    cards = [card for card in PROGRAMS.values() if card.published]
    assert {card.name for card in cards} == {"sgd", "resnet", "gru", "tree", "maml", "lbfgs", "l2hmc"}
    assert all(re.search(r"20\d\d", card.published.source) for card in cards)
    report = dataclasses.replace(run("sgd", 1, "eager"), published=PROGRAMS["sgd"].published)
    assert Report.from_json(report.to_json()).published == PROGRAMS["sgd"].published


def test_a_graph_is_traced_once_for_each_structure():
    """Four trees, one after the other: four traces, all made before the clock runs, all told."""
    card = PROGRAMS["tree"]
    report = experiment("tree", "", lambda: card.build(0), choose("eager,interpreted"), steps=1, budget_s=0.05)
    assert [len(report.speed.costs[arm][-1].traces) for arm in report.arms] == [0, 4]
    assert report.speed.retraces == {"eager": (), "interpreted": ()}
    assert "Traces: 4 in interpreted" in to_text(document(report))
    assert Report.from_json(report.to_json()).speed.costs == report.speed.costs


def test_the_tree_finds_the_truth_of_every_formula():
    program = PROGRAMS["tree"].build(0)
    for i in range(PROGRAMS["tree"].steps):
        tree, bits, true = program.batch(i)
        program.step(tree, bits, true)
    assert program.evaluate() == {"formulas right": 1.0}

    def nand(part, row):
        return bool(row[part]) if isinstance(part, int) else not (nand(part[0], row) and nand(part[1], row))

    assert [nand(tree, row) for row in bits.numpy()] == true.numpy().astype(bool).tolist()


def test_lbfgs_reaches_what_the_normal_equations_give():
    program = PROGRAMS["lbfgs"].build(0)
    (x,) = program.trained
    a, b = program.batch(0)
    for _ in range(8):
        program.step(a, b)
    best = [np.linalg.lstsq(one, other, rcond=None)[0] for one, other in zip(a.numpy(), b.numpy(), strict=True)]
    np.testing.assert_allclose(x.numpy(), best, rtol=1e-3, atol=1e-4)


def test_lbfgs_finds_newtons_direction_once_it_knows_the_curvature():
    """With as many conjugate steps as there are dimensions, H is the inverse of the Hessian (Nocedal, theorem 7.5)."""
    hessian = np.diag([1.0, 4.0]).astype(np.float32)
    steps = [np.array([[[1.0], [0.0]]], np.float32), np.array([[[0.0], [0.5]]], np.float32)]
    history = [(df.from_numpy(s), df.from_numpy(hessian @ s)) for s in steps]
    g = df.tensor([[[3.0], [2.0]]])
    np.testing.assert_allclose(FILES["lbfgs"].direction(g, history).numpy()[0, :, 0], [-3.0, -0.5], rtol=1e-5)


def test_maml_is_differentiated_through_the_inner_step():
    program = PROGRAMS["maml"].build(0)
    batch = program.batch(0)
    w = program.trained[-1]  # the last bias: the loss is smooth in it
    (slope,) = df.grad(program.loss(*batch), w)
    ends = []
    for nudge in (1e-2, -1e-2):
        w.assign_add(df.tensor([nudge]))
        ends.append(float(program.loss(*batch)))
        w.assign_sub(df.tensor([nudge]))
    assert slope.item() == pytest.approx((ends[0] - ends[1]) / 2e-2, rel=1e-2)


def test_the_moves_of_l2hmc_can_be_taken_back():
    """A chain that runs backward undoes one that ran forward: place, speed, and the stretch cancels."""
    df.manual_seed(0)
    move = inspect.getclosurevars(inspect.getclosurevars(PROGRAMS["l2hmc"].build(0).step.python).nonlocals["propose"])
    move = move.nonlocals["move"]
    x, v, ones = df.randn(5, 2, requires_grad=True), df.randn(5, 2), df.ones(5, 1)
    there, speed, stretch = move(x, v, ones)
    assert float(df.abs(there - x).max()) > 0.1
    back, first, shrink = move(there, speed, 0 * ones)
    np.testing.assert_allclose(back.detach().numpy(), x.detach().numpy(), atol=1e-3)
    np.testing.assert_allclose(first.detach().numpy(), v.numpy(), atol=1e-3)
    np.testing.assert_allclose(shrink.detach().numpy(), -stretch.detach().numpy(), atol=1e-4)

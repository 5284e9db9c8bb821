"""Planted faults: every card fits its program, shows itself as it says, and changes something."""

import numpy as np
import pytest

from dualflow.experiment.debuggability.measures import Score, by_class, score, weighted_recall
from dualflow.experiment.debuggability.observation import Observation
from dualflow.experiment.debuggability.trials import Trial, run, run_one
from dualflow.experiment.faults import CLASSES, FAULTS, plant, programs, source

ARMS = ("eager", "interpreted")
COST_ONLY = {
    "graph-grows": "every run makes a new plan",
    "retrace-storm": "every step is traced",
    "print-inside-the-step": "what is printed, not what is computed",
}
SAYS = {"raised": "raises", "warned": "warns", "silent": "silent"}


@pytest.fixture(scope="module")
def controls():
    """The un-faulted programs' records by (program, arm)."""
    todo = [Trial(p, None, arm, False) for p in programs() for arm in ARMS if (p, arm) != ("session", "eager")]
    return {(record.program, record.arm): record for record in run(todo)}


def test_there_are_enough():
    kinds = [fault.kind for fault in FAULTS.values()]
    assert len(FAULTS) >= 60
    assert len({fault.program for fault in FAULTS.values()}) >= 8
    assert all(kinds.count(kind) >= 5 for kind in CLASSES)


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_card_plants_one_mistake(fault):
    planted = plant(fault)
    assert planted.text != source(fault.program)
    lines = planted.text.split("\n")
    assert planted.guilty
    assert all(lines[n - 1].strip() for n in planted.guilty)
    compile(planted.text, f"{fault.program}.py", "exec")
    assert fault.source
    assert not fault.mistake[0].isupper()


def test_controls_are_silent_and_train(controls):
    for record in controls.values():
        assert record.outcome == "silent", (record.program, record.arm, record.trace)
        assert record.result is not None
        assert np.isfinite(record.result).all()
    for program in {program for program, _ in controls} - {"session"}:
        eager, graph = controls[program, "eager"].result, controls[program, "interpreted"].result
        np.testing.assert_allclose(eager, graph, rtol=1e-4, atol=1e-5, err_msg=program)


@pytest.mark.parametrize("kind", CLASSES)
def test_faults_show_as_their_cards_say(kind, controls):
    faults = [fault for fault in FAULTS.values() if fault.kind == kind]
    todo = [Trial(f.program, f, arm, False) for f in faults for arm in ARMS if f.program != "session" or arm != "eager"]
    found = {(record.fault, record.arm): record for record in run(todo)}
    wrong = []
    for fault in faults:
        for arm in ARMS:
            record = found.get((fault.name, arm))
            if record is None or fault.shows(arm) == "not expressible":
                continue
            if SAYS.get(record.outcome, record.outcome) != fault.shows(arm):
                wrong.append(
                    f"{fault.name}: {fault.shows(arm)} in {arm}, says the card; {record.outcome} {record.error}"
                )
            meant = [controls[fault.program, arm].result]
            if fault.shows("eager") == "not expressible" and fault.program != "session":
                meant = [found[fault.name, "eager"].result]  # the same lines, each run at each step
            if (
                record.outcome == "silent"
                and fault.name not in COST_ONLY
                and any(_same(record.result, m) for m in meant)
            ):
                wrong.append(f"{fault.name}: changes nothing in {arm}")
    assert not wrong, "\n".join(wrong)


def _same(a, b):
    return a is not None and b is not None and len(a) == len(b) and np.allclose(a, b, rtol=1e-6, atol=1e-7)


# --- measures, on records made by hand ------------------------------------------------------------------------------


def record(fault, pointed=(), outcome="raised"):
    card = FAULTS[fault] if fault else None
    return Observation(fault, card.program if card else "network", "eager", False, outcome, pointed=pointed)


def test_a_right_alarm_points_at_a_guilty_line_first():
    guilty = plant(FAULTS["labels-flat"]).guilty[0]
    right, near, far = (
        record("labels-flat", (guilty, 1)),
        record("labels-flat", (1, guilty)),
        record("labels-flat", (1,)),
    )
    silent = record("labels-flat", outcome="silent")
    quiet, false = record("", outcome="silent"), record("", (3,), "warned")
    counted = score([right, near, far, silent, quiet, false], FAULTS)
    assert counted == Score(faults=4, detected=3, first=1, among=2, controls=2, false_alarms=1)
    assert counted.recall == 0.25
    assert counted.precision == 0.25
    assert counted.f3 == pytest.approx(0.25)


def test_measures_without_anything_to_measure():
    nothing = score([], FAULTS)
    assert nothing.recall is None
    assert nothing.precision is None
    assert nothing.f3 is None
    silent = score([record("labels-flat", outcome="silent")], FAULTS)
    assert (silent.recall, silent.precision, silent.f3) == (0.0, None, 0.0)


def test_weights_are_the_studies():
    guilty = plant(FAULTS["labels-flat"]).guilty
    records = [record("labels-flat", guilty), record("rate-baked-in", outcome="silent")]
    assert weighted_recall(records, FAULTS) == pytest.approx(24 / (24 + 17))
    assert by_class(records, FAULTS)["A"].recall == 1.0


def test_a_time_limit_ends_a_run(tmp_path):
    assert run_one(Trial("network", None, "eager", False), tmp_path, limit_s=0.01).outcome == "timeout"


def test_records_survive_json():
    one = record("labels-flat", (3, 4))
    assert Observation.from_json(one.to_json()) == one

"""Peak memory: what a known program must hold, in a process of its own, and how it is reported."""

import dataclasses
import json
import subprocess
import sys

import pytest

import dualflow as df
from dualflow.arms.arms import choose
from dualflow.experiment.measure.memory import Memory, peaks
from dualflow.experiment.peak import resident_peak
from dualflow.experiment.results.report import Report
from dualflow.report import document, to_text

MIB = 2**20

PROGRAM = """
import dualflow as df
w = df.Variable(df.zeros(1024, 1024), name="w")
x = df.ones(1024, 1024)
def step(x):
    w.assign(w + (x * 2.0) * 3.0)
    return w.sum()
"""


@pytest.mark.parametrize("arm", choose("eager,interpreted,compiled"), ids=lambda arm: arm.name)
def test_the_peak_of_a_known_step(arm, tmp_path):
    path = tmp_path / "own.py"
    path.write_text(PROGRAM)
    found = peaks(f"{path}:step", [arm])[arm.name]
    # w and x are 4 MiB each; beside them NumPy holds two or three results at a time, and XLA fuses them all away
    least, most = (8, 12) if arm.name == "compiled" else (16, 21)
    assert least * MIB <= found.tensors <= most * MIB
    assert found.process > 8 * MIB and found.imports > 10 * MIB


def test_a_program_that_fails_says_why(tmp_path):
    path = tmp_path / "own.py"
    path.write_text("def step():\n    raise ValueError('too many cooks')\n")
    with pytest.raises(RuntimeError, match="memory of .*own.py:step in eager could not be measured: .*too many cooks"):
        peaks(f"{path}:step", choose("eager"))


def test_a_childs_peak_is_its_own_and_not_its_parents():
    held = bytearray(resident_peak() + 64 * MIB)
    code = "from dualflow.experiment.peak import resident_peak; print(resident_peak())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(done.stdout) < len(held) < resident_peak() + 64 * MIB


def test_a_report_keeps_and_shows_memory():
    report = df.compare(lambda x: x.sum(), df.ones(3), steps=1, only="parity")
    report = dataclasses.replace(report, memory={"eager": Memory(30 * MIB, 2 * MIB, 40 * MIB)})
    assert Report.from_json(json.loads(json.dumps(report.to_json()))).memory == report.memory
    text = to_text(document(report), width=80)
    assert "How much memory do they need?" in text and "2.10 MB" in text

"""Mechanical mistakes in a user's function: each changes its own line, and ``dualflow debug`` tells how it shows."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from dualflow.arms.target import Unknown
from dualflow.experiment.debuggability.mutants import mutants
from dualflow.experiment.debuggability.study import Study, study_function
from dualflow.report import document

ROOT = Path(__file__).resolve().parents[2]
SOURCE = """\
import dualflow as dn

df = 3
x = dn.ones(4, 3)
w = dn.ones(3, 3, requires_grad=True)


def step(x):
    h = (x @
         w)  # two lines, and an é
    g = h - h
    for i in range(2):
        g = g + h[i]
    loss = g.sum()
    loss.backward()
    return loss
"""


def test_each_changes_its_own_line_only():
    made = mutants(SOURCE, "step", "own", each=100)
    assert {m.name.partition("-")[0] for m in made} == {
        "shape", "rows", "dtype", "nan", "number", "sign", "broadcast", "index", "stale", "omitted",
    }  # fmt: skip
    old = SOURCE.split("\n")
    for mutant in made:
        compile(mutant.text, "own.py", "exec")
        new = mutant.text.split("\n")
        assert len(new) == len(old)
        changed = [n for n, (a, b) in enumerate(zip(old, new, strict=True), 1) if a != b]
        assert changed, mutant
        assert changed[0] == mutant.guilty[0] or mutant.guilty[0] == 10, mutant
    assert any("dn.int64" in m.text for m in made)  # the file's own name for dualflow


def test_names_and_kinds():
    by_sort = {m.name.partition("-")[0]: m for m in mutants(SOURCE, "step", "own", each=1)}
    assert by_sort["shape"].kind == "A"
    assert "(w).mT" in by_sort["shape"].text
    assert by_sort["index"].text.count("h[i + 1000]") == 1
    assert by_sort["omitted"].guilty == (15, 14, 16)
    assert by_sort["number"].shows("eager") == "not expressible"
    with pytest.raises(Unknown, match="no function 'stop'"):
        mutants(SOURCE, "stop", "own")


def test_a_study_of_a_users_function(tmp_path):
    """Mistakes are found in both modes, and what changes nothing is not counted."""
    file = tmp_path / "own.py"
    file.write_text(SOURCE)
    found = study_function(f"{file}:step", ("eager", "interpreted"), each=1)
    records = {(r.fault.partition("-")[0], r.arm, r.tools): r for r in found.observations if r.fault}
    assert records["index", "eager", False].pointed[0] == 13
    assert records["nan", "eager", False].outcome == "silent"
    assert records["nan", "interpreted", True].error == "NumericsError"
    assert ("number", "eager", False) not in records
    assert records["number", "interpreted", False].error == "SymbolicValueError"
    assert all(not r.detected for r in found.observations if not r.fault)
    again = Study.from_json(json.loads(found.dumps()))
    assert again.dumps() == found.dumps()
    assert "own.py" in str(document(found))
    name = next(iter(found.cards()))
    assert name in document(found, name).title


def test_the_command_line(tmp_path):
    (tmp_path / "broken.py").write_text(
        "import dualflow as df\nx = df.ones(2)\n\ndef step(x):\n    return x @ df.ones(3)\n"
    )
    for where, code, said in (
        ("digits", 2, "FILE.py:FUNCTION"),
        ("broken.py:stop", 2, "no function 'stop'"),
        ("broken.py:step", 1, "fails as it is"),
    ):
        ran = subprocess.run(
            [sys.executable, "-m", "dualflow", "debug", where, "--arms", "eager", "--each", "1"],
            capture_output=True, text=True, cwd=tmp_path, check=False,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
        )  # fmt: skip
        assert ran.returncode == code, ran.stderr
        assert said in ran.stderr
        assert "Traceback" not in ran.stderr

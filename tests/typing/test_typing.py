"""Editors see real types: mypy and pyright on a script as users write it, with the stubs that come with the package."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import dualflow as df

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
CHECKERS = {"mypy": ["mypy", "--no-incremental", "--show-error-codes"], "pyright": ["pyright"]}


@pytest.fixture(params=CHECKERS)
def check(request, tmp_path):
    """Return what a checker says of a script, by line; the script lies in a folder of its own."""
    command = CHECKERS[request.param]
    pytest.importorskip(command[0], reason=f"{command[0]} comes with the extra dev")
    if request.param == "pyright" and shutil.which("node") is None:
        pytest.skip("pyright needs node, which is not installed")

    def run(name):
        script = tmp_path / name
        script.write_text((HERE / name).read_text("utf-8"), "utf-8")
        (tmp_path / "pyrightconfig.json").write_text(f'{{"extraPaths": ["{ROOT}"], "reportPrivateUsage": "error"}}')
        done = subprocess.run(
            [sys.executable, "-m", *command, str(script)], cwd=tmp_path, capture_output=True, text=True, check=False,
            env={**__import__("os").environ, "MYPYPATH": str(ROOT), "PYTHONPATH": str(ROOT)},
        )  # fmt: skip
        said = {}
        for line, text in re.findall(rf"{name}:(\d+)(?::\d+)?(?: -|:) (.*)", done.stdout):
            said.setdefault(int(line), []).append(text)
        assert said, done.stdout + done.stderr
        return said

    return run


def marked(name):
    """Return {line: comment} of a script."""
    lines = (HERE / name).read_text("utf-8").splitlines()
    return {i: line.partition("  # ")[2] for i, line in enumerate(lines, 1) if "  # " in line}


def test_a_right_script_has_real_types(check):
    said = check("good.py")
    for line, wanted in marked("good.py").items():
        assert any(re.search(rf"[\".]{wanted}\"", text) for text in said[line]), (line, said[line])
    assert not [text for texts in said.values() for text in texts if "error" in text]


def test_mistakes_are_caught_at_their_lines(check):
    said = check("bad.py")
    errors = {line for line, texts in said.items() if any("error" in text for text in texts)}
    assert errors == set(marked("bad.py"))


def test_the_stubs_are_what_the_cards_say():
    done = subprocess.run(
        [sys.executable, ROOT / "docs" / "tools" / "make_stubs.py", "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_only_public_names_are_listed():
    assert set(dir(df)) == set(df.__all__)
    assert not [n for n in df.__all__ if n.startswith("_") and not n.endswith("__")]
    assert not {"Any", "importlib", "TYPE_CHECKING"} & set(df.__all__)
    assert {"compare", "sum", "Tensor", "Session", "record"} <= set(df.__all__)
    space = {}
    exec("from dualflow import *", space)
    assert set(df.__all__) <= set(space)


def test_help_shows_the_parameters_of_compare(capsys):
    help(df.compare)
    said = capsys.readouterr().out
    assert "compare(" in said and "budget_s" in said and "Run ``step(*args)`` in every arm" in said

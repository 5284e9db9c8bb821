"""Editors see real types: mypy and pyright on a script as users write it, with the stubs that come with the package."""

import ast
import doctest
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

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

    def run(name, text=None):
        script = tmp_path / name
        script.write_text(text or (HERE / name).read_text("utf-8"), "utf-8")
        (tmp_path / "pyrightconfig.json").write_text(f'{{"extraPaths": ["{ROOT}"], "reportPrivateUsage": "error"}}')
        done = subprocess.run(
            [sys.executable, "-m", *command, str(script)], cwd=tmp_path, capture_output=True, text=True, check=False,
            env={**os.environ, "MYPYPATH": str(ROOT), "PYTHONPATH": str(ROOT)},
        )  # fmt: skip
        said = {}
        for line, text in re.findall(rf"{name}:(\d+)(?::\d+)?(?: -|:) (.*)", done.stdout):
            said.setdefault(int(line), []).append(text)
        assert re.search(r"no issues found|Found \d+ error|\d+ errors?,", done.stdout), done.stdout + done.stderr
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


def examples():
    """Return the examples of every public name as one script, a function each; what shows an error is left out."""
    finder, lines = doctest.DocTestFinder(), ["import numpy as np", "import dualflow as df", "import dualflow.torch"]
    spaces = [df, df.linalg, df.fft, df.random, df.nn, df.nn.functional, df.optim, df.data, df.torch]
    public = {f"{m.__name__}.{name}": getattr(m, name) for m in spaces for name in m.__all__}
    found = {t.docstring: t for n, v in public.items() if not isinstance(v, ModuleType) for t in finder.find(v, n)}
    for i, test in enumerate(t for t in found.values() if t.examples):
        lines.append(f"def example_{i}() -> None:  # {test.name}")
        shown = [e.source for e in test.examples if e.exc_msg is None]
        lines += [f"    {line}" for source in [*shown, "pass"] for line in source.splitlines()]
    return "\n".join(lines) + "\n"


def test_every_example_has_right_types(check):
    text = examples()
    assert text.count("\ndef ") > 300
    lines = text.splitlines()
    wrong = [
        (lines[i - 1], said) for i, texts in check("examples.py", text).items() for said in texts if "error" in said
    ]
    assert not wrong


@pytest.mark.parametrize(
    "module", [df, df.linalg, df.fft, df.random, df.nn.functional, df.torch, df.torch.linalg, df.torch.fft]
)
def test_a_stub_has_every_public_name(module):
    stub = ast.parse(Path(module.__file__).with_suffix(".pyi").read_text("utf-8"))
    names = {node.name for node in stub.body if hasattr(node, "name")}
    names |= {alias.asname for node in stub.body if isinstance(node, ast.ImportFrom) for alias in node.names}
    names |= {node.targets[0].id for node in stub.body if isinstance(node, ast.Assign)}
    names |= {node.target.id for node in stub.body if isinstance(node, ast.AnnAssign)}
    assert set(module.__all__) <= names


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
    assert set(df.__all__) == set(space) - {"__builtins__"}


def test_help_shows_the_parameters_of_compare(capsys):
    help(df.compare)
    said = capsys.readouterr().out
    assert "compare(" in said and "budget_s" in said and "Run ``step(*args)`` in every arm" in said

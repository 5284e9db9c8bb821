"""The notebooks kept in the repository are what their sources say. `notebooks/run.py` executes them, in .ci/run."""

import importlib.util
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from dualflow.core import site

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
SOURCES = sorted(NOTEBOOKS.glob("[0-9]*.py"))

each = pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)


@pytest.fixture
def run():
    """Import notebooks/run.py."""
    spec = importlib.util.spec_from_file_location("notebooks_run", NOTEBOOKS / "run.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def cells_of(source):
    """Read a py:percent file as pairs of (kind, text); a Markdown cell without its comment signs."""
    parts = re.split(r"^# %%(.*)$", source.read_text(encoding="utf-8"), flags=re.MULTILINE)
    cells = []
    for mark, text in zip(parts[1::2], parts[2::2], strict=True):
        kind = "markdown" if "[markdown]" in mark else "code"
        text = text.strip("\n")
        cells.append((kind, re.sub(r"^# ?", "", text, flags=re.MULTILINE) if kind == "markdown" else text))
    return cells


def written(source):
    """Read the executed notebook beside a source."""
    return json.loads(source.with_suffix(".ipynb").read_text(encoding="utf-8"))


def test_there_are_notebooks():
    assert [path.stem for path in SOURCES] == ["01_one_op_two_lives", "02_the_verdict"]


@each
def test_the_written_notebook_has_the_cells_of_its_source(source):
    cells = [(cell["cell_type"], "".join(cell["source"])) for cell in written(source)["cells"]]
    assert cells == cells_of(source), f"run `python notebooks/run.py {source.name[:2]} --write`"


@each
def test_the_written_notebook_was_executed_from_top_to_bottom_without_an_error(source):
    code = [cell for cell in written(source)["cells"] if cell["cell_type"] == "code"]
    assert [cell["execution_count"] for cell in code] == list(range(1, len(code) + 1))
    outputs = [output for cell in code for output in cell["outputs"]]
    assert outputs
    assert not [output for output in outputs if output["output_type"] == "error" or output.get("name") == "stderr"]


@each
def test_the_written_notebook_says_nothing_of_the_machine_it_ran_on_but_its_hardware(source):
    notebook = written(source)
    text = json.dumps([cell.get("outputs", []) for cell in notebook["cells"]])
    assert not re.findall(r"/(?:home|root|tmp|work|Users|usr|var)/\S*|ipykernel_\d+", text)
    assert all("execution" not in cell["metadata"] for cell in notebook["cells"])


@each
def test_every_part_predicts_and_then_asserts(source):
    cells = cells_of(source)
    assert sum("**Predict.**" in text for kind, text in cells if kind == "markdown") >= 10
    assert sum("assert " in text for kind, text in cells if kind == "code") >= 10
    predictions = [i for i, (_, text) in enumerate(cells) if "> **Predict.**" in text]
    assert all(cells[i + 1][0] == "code" for i in predictions)


@each
def test_no_assertion_looks_at_a_clock(source):
    asserted = [line for _, text in cells_of(source) for line in text.splitlines() if line.startswith("assert ")]
    assert not [line for line in asserted if re.search(r"perf_counter|median|faster|taken|readings|\bsaved\b", line)]


def test_a_cell_that_fails_fails_the_run(tmp_path):
    for package in ("jupytext", "nbclient", "ipykernel"):
        pytest.importorskip(package, reason="executing a notebook needs: pip install 'dualflow[notebooks]'")
    shutil.copy(NOTEBOOKS / "run.py", tmp_path)
    (tmp_path / "01_good.py").write_text("# %%\nprint(6 * 7)\n")
    (tmp_path / "02_bad.py").write_text("# %%\nx = 1\n\n# %%\nassert x == 2, 'one is not two'\n")
    done = subprocess.run([sys.executable, "run.py", "--write"], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 1
    assert re.fullmatch(r"01_good\.py: \d+\.\d s\n", done.stdout)
    assert "02_bad.py: FAILED" in done.stderr and "one is not two" in done.stderr
    assert "42" in (tmp_path / "01_good.ipynb").read_text() and not (tmp_path / "02_bad.ipynb").exists()


def test_a_missing_package_is_named_with_the_extra_that_brings_it(run, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "jupytext", None)
    with pytest.raises(SystemExit, match=r'pip install "dualflow\[notebooks\]"'):
        run.execute(SOURCES[0], str(tmp_path))


def test_a_notebook_that_does_not_exist_is_refused_with_those_that_do(run):
    with pytest.raises(SystemExit, match=r"there is no notebook '99'; there are 01_one_op_two_lives, 02_the_verdict"):
        run.sources(["99"])


def test_an_error_in_a_notebook_names_the_cell_and_not_its_temporary_file(monkeypatch):
    names = {"/tmp/ipykernel_1/2.py": ("Cell", "In[3]")}
    shell = SimpleNamespace(compile=SimpleNamespace(format_code_name=names.get))
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell))
    assert site.short("/tmp/ipykernel_1/2.py") == "In[3]"
    assert site.short(__file__).endswith("test_notebooks.py")

"""Addresses that documents mention exist, and the small dualflow in ARCHITECTURE.md runs."""

import doctest
import importlib
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "dualflow"
DOCS = ROOT / "docs"
PLACES = (
    ROOT,
    DOCS,
    PACKAGE,
    PACKAGE / "worlds" / "graph",
    PACKAGE / "experiment",
    PACKAGE / "experiment" / "faults" / "programs",
)
"""Where a path may start: sentences about the graph or the experiment leave out what they are about."""

PAGES = [
    *(ROOT / name for name in ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "dualflow/ops/README.md")),
    *sorted(page for page in DOCS.rglob("*.md") if page.parent != DOCS / "reference"),
    *sorted((ROOT / "notebooks").glob("*.md")),
    DOCS / "reference" / "README.md",
]
ROOMS = {path.stem for path in PACKAGE.iterdir() if path.is_dir() or path.suffix == ".py"} - {"__pycache__", "torch"}
"""What a dotted name may start with; `torch.x` alone is PyTorch itself."""


def paths(text):
    """Return the files and folders that text names in backticks; NAME stands for a name to be filled in."""
    code = re.findall(r"`([\w./-]+/(?:[\w.-]*\.(?:py|pyi|md|json|html|svg))?)`", text)
    return {path for path in code if "NAME" not in path}


def names(text):
    """Return the modules and attributes that text names in backticks: `dualflow.x.y`, `df.x`, `core.mode.x`."""
    dotted = re.findall(r"`((?:[A-Za-z_]\w*\.)+[A-Za-z_]\w*)(?=[`(])", text)
    dotted = [name for name in dotted if not re.search(r"\.(py|pyi|md|json|html|svg|npz|yml)$", name)]
    return {name for name in dotted if name.split(".")[0] in {"df", "dualflow", *ROOMS}}


def exists(name):
    """Return True where a dotted name leads to a module or to an attribute of one."""
    first, *rest = name.split(".")
    found = importlib.import_module("dualflow")
    for part in rest if first in ("df", "dualflow") else (first, *rest):
        if not hasattr(found, part):
            try:
                found = importlib.import_module(f"{getattr(found, '__name__', '')}.{part}")
            except ModuleNotFoundError:
                return False
        else:
            found = getattr(found, part)
    return True


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_paths_links_and_names_lead_somewhere(page):
    text = re.sub(r"^```.*?^```", "", page.read_text("utf-8"), flags=re.M | re.S)
    missing = [path for path in paths(text) if not any((place / path).exists() for place in (*PLACES, page.parent))]
    links = {found for found in re.findall(r"\]\(([^)#\s]+)[^)\s]*\)", text) if "://" not in found}
    missing += [link for link in links if not (page.parent / link).exists()]
    missing += [name for name in names(text) if not exists(name)]
    assert not missing


def test_what_does_not_exist_is_noticed():
    text = "`worlds/graph/lower.py` `compare/` `dualflow.debugger` `df.matmull(a, b)` `core.mode.Nothing` `digits.py`"
    assert paths(text) == {"worlds/graph/lower.py", "compare/"}
    assert not any((place / path).exists() for place in PLACES for path in paths(text))
    assert names(text) == {"dualflow.debugger", "df.matmull", "core.mode.Nothing"}
    assert not any(exists(name) for name in names(text))
    assert exists("df.nn.Linear") and exists("worlds.graph.plan.Plan") and exists("core.mode.Context.watch")


def test_every_decision_is_listed_once():
    folder = DOCS / "decisions"
    listed = re.findall(r"^- \[(.*)\]\((\d{4}-[\w-]+\.md)\)$", (folder / "README.md").read_text("utf-8"), re.M)
    titles = {page.name: page.read_text("utf-8").splitlines()[0] for page in folder.glob("0*.md")}
    assert sorted(name for _, name in listed) == sorted(titles)
    assert all(titles[name] == f"# {title}" for title, name in listed)
    numbers = sorted(int(name[:4]) for name in titles)
    assert numbers == list(range(1, len(numbers) + 1))


def test_dualflow_in_small_runs():
    found = doctest.testfile(
        str(ROOT / "ARCHITECTURE.md"), module_relative=False, optionflags=doctest.NORMALIZE_WHITESPACE
    )
    assert found.attempted > 10 and not found.failed


def test_architecture_is_one_page():
    assert len((ROOT / "ARCHITECTURE.md").read_text("utf-8").splitlines()) <= 120

"""Addresses that documents mention exist, and the small dualflow in ARCHITECTURE.md runs."""

import doctest
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [
    *(ROOT / name for name in ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "dualflow/ops/README.md")),
    *sorted((ROOT / "docs" / "guide").glob("*.md")),
    *sorted((ROOT / "docs" / "decisions").glob("*.md")),
]
PACKAGE = ROOT / "dualflow"
PLACES = (ROOT, PACKAGE, PACKAGE / "worlds" / "graph", PACKAGE / "experiment", ROOT / "docs")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_paths_and_links_lead_somewhere(page):
    text = re.sub(r"^```.*?^```", "", page.read_text("utf-8"), flags=re.M | re.S)
    paths = {
        found for found in re.findall(r"`([\w./-]+/[\w.-]*\.(?:py|md|json|html|svg))`", text) if "NAME" not in found
    }
    missing = [path for path in paths if not any((place / path).exists() for place in (*PLACES, page.parent))]
    links = {found for found in re.findall(r"\]\(([^)#\s]+)\)", text) if "://" not in found}
    missing += [link for link in links if not (page.parent / link).exists()]
    assert not missing


def test_dualflow_in_small_runs():
    found = doctest.testfile(
        str(ROOT / "ARCHITECTURE.md"), module_relative=False, optionflags=doctest.NORMALIZE_WHITESPACE
    )
    assert found.attempted > 10 and not found.failed


def test_architecture_is_one_page():
    assert len((ROOT / "ARCHITECTURE.md").read_text("utf-8").splitlines()) <= 120

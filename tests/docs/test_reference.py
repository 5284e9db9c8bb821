"""The table of the vocabulary, the page made from it, and an example for each public op."""

import doctest
import importlib.util
import inspect
from pathlib import Path

import numpy as np
import pytest

import dualflow as df
from dualflow.core.op import VOCABULARY

TABLE = df.ops.table()
DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.op)
def test_a_public_op_has_words_and_an_example_that_runs(row):
    """One imperative line, and an example; those of cards run in test_doctests.py, those of composites here."""
    assert row.summary.endswith((".", ";", ",", ":")) or len(row.summary) > 60, row.summary
    names = {"df": df, "np": np}
    test = doctest.DocTestParser().get_doctest(inspect.getdoc(row.function) or "", names, row.op, None, None)
    assert test.examples, f"the docstring of df.{row.op} has no example"
    report: list[str] = []
    if not hasattr(row.function, "op"):
        flags = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
        assert doctest.DocTestRunner(optionflags=flags).run(test, out=report.append).failed == 0, "".join(report)


def test_the_table_says_what_the_cards_say():
    rows = {row.op: row for row in TABLE}
    assert rows["add"].numpy == "np.add" and rows["add"].differentiable
    assert "sum_like" in df.ops.inner() and "add" not in df.ops.inner()
    assert "composed" in (rows["zeros"].numpy, rows["zeros"].jax) and not rows["zeros"].differentiable
    assert str(TABLE).splitlines()[0].startswith("op ") and len(str(TABLE).splitlines()) == len(TABLE) + 1
    known = {row.function.op.name for row in TABLE if hasattr(row.function, "op")} | set(df.ops.inner())
    assert known == set(VOCABULARY)


def test_the_reference_page_is_up_to_date():
    spec = importlib.util.spec_from_file_location("make_reference", DOCS / "tools" / "make_reference.py")
    make = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(make)
    made = make.pages()
    assert {"README.md", "math.md", "worlds.md", "tools.md"} <= set(made)
    for name, text in made.items():
        assert (DOCS / "reference" / name).read_text("utf-8") == text, "run python docs/tools/make_reference.py"


def test_the_page_about_passes_is_what_its_command_writes(tmp_path, monkeypatch):
    spec = importlib.util.spec_from_file_location("make_optimizer", DOCS / "tools" / "make_optimizer.py")
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    before = made.PAGE.read_text(encoding="utf-8")
    monkeypatch.setattr(made, "PAGE", tmp_path / "optimizer.md")
    made.main()
    assert made.PAGE.read_text(encoding="utf-8") == before, "run python docs/tools/make_optimizer.py"

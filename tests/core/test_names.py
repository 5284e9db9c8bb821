"""Where a function is public is said once, where it is written."""

import ast
from operator import attrgetter
from pathlib import Path

import pytest

import dualflow as df
from dualflow.core.names import SPACES, place, public

SOURCES = Path(df.__file__).parent


@pytest.mark.parametrize("space", SPACES)
def test_a_namespace_has_what_was_declared_for_it(space):
    module = df if space == "df" else attrgetter(space)(df)
    assert SPACES[space]
    for name, function in SPACES[space].items():
        assert getattr(module, name) is function and name in module.__all__ and name[0] != "_"


def test_a_name_declared_twice_is_refused():
    def tanh(x):
        """Take another one's name."""

    before = SPACES["df"]["tanh"]
    with pytest.raises(ValueError, match=r"^df\.tanh is declared twice$"):
        public()(tanh)
    assert SPACES["df"]["tanh"] is before


def test_a_namespace_that_is_none_is_refused():
    with pytest.raises(ValueError, match="there is no namespace 'linear'; there are df, linalg, fft, random"):
        place(df.tanh, "linear")


def test_no_other_file_repeats_the_names():
    for name in ("__init__", "linalg", "fft", "random"):
        tree = ast.parse((SOURCES / f"{name}.py").read_text("utf-8"))
        declared = {f.__name__ for space in SPACES.values() for f in space.values()}
        imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names}
        assert not imported & declared - {"random", "fft"}  # modules of the same name

"""Every card has an example in its docstring, and it runs.

``pytest --doctest-modules dualflow`` runs the examples it finds; going through the vocabulary notices a card with none.
"""

import doctest

import pytest

import dualflow  # noqa: F401 - an op is carried out only once the worlds are loaded
from dualflow.op import VOCABULARY


@pytest.mark.parametrize("name", sorted(VOCABULARY))
def test_the_example_of_a_card_runs(name):
    flags = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
    test = doctest.DocTestParser().get_doctest(VOCABULARY[name].doc, {}, name, None, None)
    assert test.examples, f"the docstring of {name} has no example"
    report: list[str] = []
    outcome = doctest.DocTestRunner(optionflags=flags).run(test, out=report.append)
    assert outcome.failed == 0, "".join(report)

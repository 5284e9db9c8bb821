"""Every card and every public function has an example in its docstring, and it runs.

``pytest --doctest-modules dualflow`` runs the examples it finds; going through all names notices one that has none.
"""

import doctest
import inspect

import numpy as np
import pytest

import dualflow as df
from dualflow.core.op import VOCABULARY


@pytest.mark.parametrize("name", sorted(VOCABULARY))
def test_the_example_of_a_card_runs(name):
    flags = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
    test = doctest.DocTestParser().get_doctest(VOCABULARY[name].doc, {"df": df, "np": np}, name, None, None)
    assert test.examples, f"the docstring of {name} has no example"
    report: list[str] = []
    outcome = doctest.DocTestRunner(optionflags=flags).run(test, out=report.append)
    assert outcome.failed == 0, "".join(report)


@pytest.mark.parametrize("space", [df, df.nn.functional, df.linalg, df.fft, df.random], ids=lambda m: m.__name__)
def test_every_public_function_has_an_example(space):
    functions = {
        name: found
        for name, found in vars(space).items()
        if not name.startswith("_") and inspect.isfunction(found) and found.__module__.startswith("dualflow")
    }
    assert len(functions) > 10
    assert [name for name, found in functions.items() if ">>>" not in (found.__doc__ or "")] == []

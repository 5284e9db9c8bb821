"""A quick cut of the op database (opdb.py): a sample of each op and dtype, interpreted, too, and its error inputs."""

import pytest

pytest.importorskip("torch", reason="PyTorch is the oracle: pip install torch==2.13.0, the extra 'peers'")
pytest.importorskip("expecttest", reason="PyTorch's op database needs expecttest, the extra 'peers'")

import opdb

MAPPED = 150
"""So many ops at least are found under PyTorch's name."""


def test_samples_of_pytorchs_op_database_agree():
    tallies = list(opdb.run(lambda op: True, cap=1, graph=1, compiled=0))
    agree, total = sum(t.agree for t in tallies), sum(t.total for t in tallies)
    wrong = [f"{t.name} {line}" for t in tallies for line in t.failures]
    assert len(tallies) >= MAPPED
    assert agree >= 0.99 * total, f"{agree} of {total} samples agree; not\n" + "\n".join(wrong)
    accepted = [f"{t.name} {line}" for t in tallies for line in t.accepted]
    assert not accepted, "PyTorch refuses\n" + "\n".join(accepted)

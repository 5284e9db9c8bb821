"""Dtype policies promise what they do, and their names decide nothing."""

import copy
import dataclasses

import numpy as np
import pytest

import dualflow as df
from dualflow.core.dtypes import FLOATING, HALF, KNOWN
from dualflow.core.errors import Misfit
from dualflow.core.op import VOCABULARY
from dualflow.core.policy import POLICIES, Policy
from dualflow.worlds.eager.carry import specialise

DTYPES = sorted(KNOWN, key=str)
PROMISES = {field.name: field.default for field in dataclasses.fields(Policy) if field.type == "bool"}
NOTHING = {name: PROMISES[name] for name in ("keeps", "native", "casts", "floats")}


def met(policy, *dtypes):
    """Return what a policy answers for operands of these dtypes; None when it refuses them."""
    try:
        return policy(dtypes, {"dtype": None})
    except Misfit:
        return None


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
@pytest.mark.parametrize("policy", POLICIES.values(), ids=POLICIES)
def test_a_flag_promises_what_the_policy_does(policy, dtype):
    answers = [answer for answer in (met(policy, dtype), met(policy, dtype, dtype)) if answer is not None]
    for common, result in answers:
        if policy.keeps:
            assert common == result and (result == dtype or dtype.kind not in FLOATING)
        if not policy.casts and dtype.kind == "f" and dtype not in HALF:
            assert common in (None, dtype)
        if policy.floats:
            assert common.kind in FLOATING
    if dtype.kind in policy.kinds and dtype not in HALF and not policy.first:
        assert answers or policy.name == "pairs", "NumPy would be given a dtype that is refused"


def test_a_policy_that_promises_nothing_is_safe():
    assert NOTHING == {"keeps": False, "native": False, "casts": True, "floats": False}


UNARY = [
    name
    for name, op in sorted(VOCABULARY.items())
    if len(op.tensors) == 1 and not (op.variadic or op.required or op.host)
]
BINARY = [
    name
    for name, op in sorted(VOCABULARY.items())
    if len(op.tensors) == 2 and op.broadcasts and not (op.variadic or op.required or op.host or op.optional)
]


@pytest.mark.parametrize("changes", [{"name": "renamed"}, NOTHING], ids=["another name", "no flags"])
@pytest.mark.parametrize("name", UNARY + BINARY)
def test_neither_the_name_nor_the_flags_change_a_result(name, changes):
    """The closure of a card whose policy is renamed, or promises nothing, gives the same dtype, values or error."""
    op = VOCABULARY[name]
    other = copy.copy(op)
    other.dtype = dataclasses.replace(op.dtype, **changes)
    other.twin = None
    closures = [specialise(op, 1), specialise(other, 1)]
    tried = 0
    for dtype in DTYPES:
        for value in (np.ones(3), np.eye(2) + 1):
            operands = [df.tensor(value, dtype=dtype) for _ in op.tensors]
            found = []
            for carry in closures:
                try:
                    with np.errstate(all="ignore"):
                        made = carry(*operands)
                    parts = made if isinstance(made, tuple) else (made,)
                    found.append([(part.dtype, part.shape, part.numpy().tobytes()) for part in parts])
                except (df.DualflowError, TypeError) as error:
                    found.append(isinstance(error, TypeError | ValueError))  # of two mistakes either may be met first
            assert found[0] == found[1], (dtype, value)
            tried += found[0] is not True
    assert tried, "every dtype was refused"


def test_integers_of_a_renamed_policy_become_float32():
    """``df.sin(df.tensor([1, 2, 3]))`` was float64 once the policy's function had another name."""
    sin = copy.copy(VOCABULARY["sin"])
    sin.dtype = dataclasses.replace(sin.dtype, name="floating")
    assert specialise(sin, 1)(df.tensor([1, 2, 3])).dtype == df.float32

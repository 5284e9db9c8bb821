"""The programs that ship with dualflow, each written once and blind to the mode.

To add one: write a file like its neighbours and name its card here. Files in this folder count as the user's own
code, so an error inside them names their line.
"""

from collections.abc import Callable
from typing import Any

from dualflow.arms.program import Program
from dualflow.arms.target import Unknown, check_file, is_file, load, near
from dualflow.core.generator import manual_seed
from dualflow.experiment.programs import (
    chain,
    conv,
    digits,
    gru,
    l2hmc,
    lbfgs,
    lstm,
    maml,
    notes,
    resnet,
    sgd,
    transformer,
    tree,
)

PROGRAMS: dict[str, Program] = {
    program.CARD.name: program.CARD
    for program in (
        digits, notes, chain, sgd, conv, resnet, lstm, gru, transformer, tree, maml, lbfgs, l2hmc
    )
}  # fmt: skip
"""Every program, by name, in the order in which they are listed."""


def find_program(name: str) -> Program:
    """Return the program of that name. Raises Unknown, suggesting a name that is close."""
    if name in PROGRAMS:
        return PROGRAMS[name]
    raise Unknown(
        f"there is no program {name!r}.{near(name, PROGRAMS)} There are {', '.join(PROGRAMS)}; `dualflow programs` "
        "says what they do. A function of your own is named as FILE.py:FUNCTION."
    )


def step_of(target: str, seed: int) -> tuple[Callable[..., Any], tuple[Any, ...]]:
    """Return the function that a target names and arguments for it."""
    manual_seed(seed)
    if is_file(target):
        user = load(target)
        return user.step, user.args
    run = find_program(target).build(seed)
    return run.step, run.batch(0)


def check(target: str) -> None:
    """Raise Unknown if there is no such program or file, without running anything."""
    if is_file(target):
        check_file(target)
    else:
        find_program(target)

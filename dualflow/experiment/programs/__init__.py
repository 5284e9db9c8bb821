"""The programs that ship with dualflow, each written once and blind to the mode.

To add one: write a file like its neighbours and name its card here. Files in this folder count as the user's own
code, so an error inside them names their line.
"""

from dualflow.arms.program import Program
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

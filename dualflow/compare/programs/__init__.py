"""The programs that ship with dualflow, each written once and blind to the mode.

To add one: write a file like its neighbours and name its card here. Files in this folder count as the user's own
code, so an error inside them names their line.
"""

from dualflow.compare.program import Program
from dualflow.compare.programs import chain, digits, lstm, notes

PROGRAMS: dict[str, Program] = {card.name: card for card in (digits.CARD, notes.CARD, chain.CARD, lstm.CARD)}
"""Every program, by name, in the order in which they are listed."""

"""Every fault, by name: one chapter for each class, A to H. Adding a fault is one card in its chapter."""

from dualflow.compare.faults import alignment
from dualflow.compare.faults.card import CLASSES, SHARES, Fault, Planted, plant, programs, source

FAULTS: dict[str, Fault] = {fault.name: fault for chapter in (alignment,) for fault in chapter.FAULTS}
"""In the order of the classes."""

__all__ = ["CLASSES", "FAULTS", "SHARES", "Fault", "Planted", "plant", "programs", "source"]

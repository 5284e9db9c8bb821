"""Every fault, by name: one chapter for each class, A to H. Adding a fault is one card in its chapter."""

from dataclasses import replace

from dualflow.experiment.faults import alignment, gradients, indexing, interface, lowering, numerics, staging, training
from dualflow.experiment.faults.card import CLASSES, SHARES, Fault, Planted, plant, programs, source

CHAPTERS = (alignment, interface, staging, numerics, training, gradients, indexing, lowering)
FAULTS: dict[str, Fault] = {
    name: replace(card, name=name, kind=kind)
    for kind, chapter in zip(CLASSES, CHAPTERS, strict=True)
    for name, card in chapter.FAULTS.items()
}
"""In the order of the classes."""

__all__ = ["CLASSES", "FAULTS", "SHARES", "Fault", "Planted", "plant", "programs", "source"]

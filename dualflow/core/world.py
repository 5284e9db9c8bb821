"""What the contract asks of a world that keeps values, and how a tensor of either world is recognised."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np


class World(Protocol):
    """A world that carries ops out at once; a graph being built is asked by the same names (``constant``, …).

    It registers itself in ``WORLDS`` when it is imported. Today there is one, "eager".
    """

    def install(self, op: Any) -> None:
        """Put this world's closure behind the public function of a card."""

    def constant(self, array: Any) -> Any:
        """Wrap an array, sharing memory."""

    def variable(self, value: Any, *, trainable: bool, name: str, parameter: bool) -> Any:
        """Make a Variable or a Parameter."""

    def gradients(self, y: Any, xs: Sequence[Any]) -> list[Any]:
        """Return the gradient of ``y`` for each of ``xs``, or None where there is none."""

    def hold(self, value: Any) -> Any:
        """Make a tensor of an array that compiled code left on the device."""

    def overwrite(self, x: Any, value: np.ndarray) -> None:
        """Write into the memory of a tensor what a graph assigned."""

    def version(self, array: Any) -> int:
        """Return how often the memory of an array has been written to in place."""


WORLDS: dict[str, World] = {}


def is_tensor(x: Any) -> bool:
    """Return whether ``x`` is a tensor of either world: an eager tensor, a variable or a symbol.

    >>> from dualflow.core.world import is_tensor
    >>> is_tensor(df.ones(2)), is_tensor(np.ones(2))
    (True, False)
    """
    return hasattr(x, "record")

"""Where users find a function: it says so once, where it is written; the facade and its namespaces are made from that.

A place is a namespace, ``df``, ``linalg``, ``fft`` or ``random``, and a name if it is another than the function's own:
``"df"``, ``"df linalg"``, ``"df df:pow"``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dualflow.core.words import explained

SPACES: dict[str, dict[str, Callable[..., Any]]] = {
    space: {} for space in ("df", "linalg", "fft", "random", "nn.functional")
}
"""Namespace → name → function, filled as the vocabulary, and what layers are made of, is imported."""


def place(function: Callable[..., Any], places: str) -> None:
    """Put a function under its names. Raises ValueError for a name that is taken, or a namespace that is none."""
    for each in places.split():
        space, _, name = each.partition(":")
        name = name or function.__name__
        if space not in SPACES:
            raise ValueError(f"{function.__name__}: there is no namespace {space!r}; there are {', '.join(SPACES)}")
        if name in SPACES[space]:
            raise ValueError(f"{space}.{name} is declared twice")
        SPACES[space][name] = function


def public(places: str = "df") -> Callable[[Callable[..., Any]], Any]:
    """Make a function over cards public. Cards say the same with ``primitive(public=...)``."""

    def declare(function: Callable[..., Any]) -> Any:
        made = explained(function)
        place(made, places)
        return made

    return declare

"""The backends, by name: each runs a plan on feeds and state, and returns the fetched values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from dualflow.worlds.graph.plan import Plan
from dualflow.worlds.graph.run import numpy, xla


class Run(Protocol):
    """How a backend is called: ``values`` is the state of a session, ``drawn`` what was drawn on the host already.

    ``after`` belongs to the run's effects: it is called with the results once state is stored, and may be repeated.
    """

    def __call__(
        self,
        plan: Plan,
        feeds: Sequence[Any],
        values: dict[Any, Any],
        drawn: Sequence[Any] | None = None,
        after: Callable[[list[Any]], None] | None = None,
    ) -> list[Any]: ...


BACKENDS: dict[str, Run] = {"numpy": numpy.run, "xla": xla.run}


def chosen(compile: bool) -> Run:
    """Return the backend of a compiled or of an interpreted graph."""
    return BACKENDS["xla" if compile else "numpy"]

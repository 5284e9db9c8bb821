"""How a run's new state is put back: all of it or none, by one thread at a time, whatever interrupts.

A signal's handler runs between two bytecodes of the main thread, and may raise. So a result whose old state has been
given away is received by one call into C (``list.extend`` of a ``map``), and what is stored is stored again from the
beginning when it was interrupted: 0.2 µs for the ``try`` and the lock, of a step of 40 at least.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable

from dualflow.core.errors import ExecutionError

TURN = threading.RLock()
"""Held by a run that writes state, from reading the old to storing the new: two steps of one model take turns."""
TRIES = 8
"""How often a store that is interrupted begins again; an error of its own comes out after as many."""
_ran: list[None] = []
_orphaned: list[None] = []


def finish(store: Callable[[], None]) -> None:
    """Carry out ``store``, which may be repeated, to its end; raise what interrupted it only then."""
    late: BaseException | None = None
    for left in reversed(range(TRIES)):
        try:
            store()
            break
        except BaseException as error:
            late = error
            if not left:
                raise
    if late is not None:
        raise late


def here() -> None:
    """Note that XLA runs in this process. Raises ExecutionError in a child that was forked from one where it ran."""
    if _orphaned:
        raise ExecutionError(
            "a compiled graph cannot run here: this process was forked from one in which XLA had run, and its threads "
            "are missing",
            hint='start processes with the method "spawn" or "forkserver", fork before the first compiled run, or use '
            'df.mode("graph", compile=False)',
        )
    if not _ran:
        _ran.append(None)


def _forked() -> None:
    """Begin anew in a child: nobody holds its lock, and XLA's threads are not there."""
    TURN._at_fork_reinit()  # type: ignore[attr-defined]
    if _ran:
        _orphaned.append(None)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forked)

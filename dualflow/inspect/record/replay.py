"""Running a function as a graph that stops: ``df.replay``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from dualflow.core.mode import Scope
from dualflow.inspect.record.recorder import Subject, leaves
from dualflow.inspect.record.stopping import Breakpoint, Stop, Stopper, listed


def replay(
    function: Callable[..., Any],
    *args: Any,
    breakpoints: Breakpoint | Sequence[Breakpoint] = (),
    callback: Callable[[Stop], None] | None = None,
) -> Any:
    """Run ``function(*args)`` as a graph, node by node, stop in pdb with real values, and return its result.

    ``breakpoints``: names of variables, symbols or ops, lines (12 or "file.py:12"), or predicates ``f(node, value)``;
    without any it stops at the first node. A node has run when it is stopped at. In pdb ``n`` or ``s`` goes to the
    next node, ``c`` to the next breakpoint, ``back`` to the node before, ``b WHERE`` adds a breakpoint, ``q`` ends the
    run with ``bdb.BdbQuit``. ``node``, ``inputs``, ``value`` and the function's variables can be read, and what is
    assigned to the variable of the line, or to ``value``, is what later nodes get. ``callback``: called with each
    ``Stop`` in place of pdb; it may set ``stop.value``. State and arguments are afterwards what they were.

    ``breakpoint()`` in a function stops while the function is traced, when there are no values yet.

    >>> def step(x):
    ...     h = x * 2
    ...     return h.sum()
    >>> def double(stop):
    ...     if stop.op == "multiply":
    ...         stop.value = stop.value * 10
    >>> df.replay(step, df.ones(3), callback=double)
    tensor(60.)
    """
    subject = Subject("replay", function, args)
    stopper = Stopper(listed(breakpoints), callback, subject.names, subject.python)
    with subject.fresh("interpreted") as given, Scope(watch=stopper):
        return subject.trace.run(leaves(given), False)

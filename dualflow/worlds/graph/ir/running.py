"""Which sessions are open in this thread or task, for ``symbol.eval()``."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any

from dualflow.core.errors import SessionError

SESSIONS: ContextVar[tuple[Any, ...]] = ContextVar("sessions", default=())


def current_session() -> Any:
    """Return the session whose ``with`` block this is. Raises SessionError outside of any."""
    held = SESSIONS.get()
    if not held:
        raise SessionError("eval: there is no session here", hint="write it inside `with df.Session(g):`")
    return held[-1]

"""Hooks: functions of the user's that are called at a certain place, until they are taken away."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class Handle:
    """What registering a hook returns; ``remove()`` takes the hook away."""

    def __init__(self, hooks: dict[int, Any], key: int) -> None:
        self._hooks, self._key = hooks, key

    @classmethod
    def add(cls, hooks: dict[int, Any], hook: Callable[..., Any]) -> Handle:
        """Put a hook behind those there are and return its handle."""
        key = max(hooks, default=0) + 1
        hooks[key] = hook
        return cls(hooks, key)

    @property
    def placed(self) -> bool:
        """Whether the hook is still where it was put."""
        return self._key in self._hooks

    def remove(self) -> None:
        """Take the hook away; a second call does nothing."""
        self._hooks.pop(self._key, None)

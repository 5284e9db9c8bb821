"""Which of the user's functions a trace runs, and what they find around them.

While the user's function is traced, a profile function sees which of the user's functions run; their sources
(``reading``) say what they read. What that was becomes guards of the trace. A profiler of the user's is left alone;
then nothing is known.
"""

from __future__ import annotations

import gc
import sys
import types
from collections.abc import Callable
from typing import Any

import numpy as np

from dualflow.tensors.operators import Operators
from dualflow.worlds.graph.trace.reading import MISSING, Scope, is_users, token

SIMPLE = (bool, int, float, complex, str, bytes, type(None), Operators, np.ndarray, np.generic)


class Surroundings:
    """The user's functions that ran in a trace, each with where its names are found. A context manager around it."""

    def __init__(self, python: Callable[..., Any]) -> None:
        self._python = python
        self.scopes: dict[tuple[types.CodeType, int], tuple[types.CodeType, Scope]] = {}
        self.made: dict[int, Any] = {}  # objects whose __init__ ran inside: theirs is not the outside
        self._users: dict[types.CodeType, bool] = {}
        self.on = False

    def __enter__(self) -> Surroundings:
        if sys.getprofile() is None:
            self.on = True
            sys.setprofile(self.event)
        return self

    def __exit__(self, kind: Any, *rest: object) -> None:
        if self.on:
            sys.setprofile(None)

    def event(self, frame: types.FrameType, event: str, arg: Any) -> None:
        """See a function begin: the user's, or one that makes an object."""
        if event == "call":
            code = frame.f_code
            if code.co_name == "__init__":
                self.create(frame)
            else:
                mine = self._users.get(code)
                if mine is None:
                    mine = self._users[code] = is_users(code.co_filename)
                if mine:
                    self.enter(frame)

    def create(self, frame: types.FrameType) -> None:
        """Note an object that is made inside."""
        code = frame.f_code
        if code.co_argcount:
            made = frame.f_locals.get(code.co_varnames[0])
            self.made[id(made)] = made

    def enter(self, frame: types.FrameType) -> Any:
        """Note where the names of a function that begins are found; return its key if that is news."""
        code = frame.f_code
        names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
        found = {name: frame.f_locals.get(name, MISSING) for name in names}
        arguments = {
            name: value
            for name, value in found.items()
            if id(value) not in self.made and token(value, 0) is not None and not isinstance(value, SIMPLE)
        }
        key = (code, id(next(iter(arguments.values()), None)))
        if key in self.scopes:
            return None
        self.scopes[key] = code, Scope(frame.f_globals, self._cells(code), arguments)
        return key

    def _cells(self, code: types.CodeType) -> dict[str, types.CellType]:
        if not code.co_freevars:
            return {}
        python = self._python
        if getattr(python, "__code__", None) is not code:
            owners = [f for f in gc.get_referrers(code) if isinstance(f, types.FunctionType) and f.__code__ is code]
            if len(owners) != 1:
                return {}
            python = owners[0]
        return dict(zip(code.co_freevars, python.__closure__ or (), strict=True))

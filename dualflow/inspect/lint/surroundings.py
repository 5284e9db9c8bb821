"""What a trace took from outside and did to it, so that a call can be asked whether that still holds.

While the user's function is traced, a profile function sees which of the user's functions run; their sources say
what they read and write. Tokens of those values, before the trace, after it and at each later call, give the findings:
what the trace changed is an effect that happens once; what has changed since is frozen in the graph.
"""

from __future__ import annotations

import random
import types
from collections.abc import Callable, Container, Iterator
from typing import Any

import numpy as np

from dualflow.core.site import Location, decode
from dualflow.inspect.lint.findings import Finding
from dualflow.worlds.eager.tensor import Tensor
from dualflow.worlds.graph.ir.symbol import Symbol
from dualflow.worlds.graph.trace.reading import MISSING, Chain, Scope, Use, found_by, is_users, show, token, uses
from dualflow.worlds.graph.trace.surroundings import Surroundings as Base

CLOCKS = frozenset(
    "time time_ns perf_counter perf_counter_ns monotonic monotonic_ns process_time now today utcnow".split()
)
DRAWS = frozenset("random getrandbits randbytes".split())
READERS = {
    getattr(Tensor, name).__code__: name
    for name in ("item", "tolist", "numpy", "__float__", "__int__", "__bool__", "__index__", "__array__")
}
ONCE = "a traced function runs once for each signature, not at every call"
FIX_VALUE = "pass it as an argument, as a tensor if it changes often; or keep it in a df.Variable and assign to that"
FIX_OUTSIDE = "return the value and use it outside; or write in eager mode, where every line runs every time"
FIX_RANDOM = "draw with df.randn, df.rand or df.random, anew at every run; or pass the numbers as an argument"


class Surroundings(Base):
    """What one trace used from outside. A context manager around the traced function's run."""

    def __init__(self, python: Callable[..., Any]) -> None:
        super().__init__(python)
        self._before: dict[tuple[types.CodeType, int], dict[Chain, tuple[Any, str]]] = {}
        self._held: list[tuple[types.CodeType, Scope, dict[Chain, tuple[Any, str]]]] = []
        self._values: list[tuple[Any, Any, Location]] = []
        self._heard: list[Finding] = []

    # -- while tracing
    def __enter__(self) -> Surroundings:
        self._dice = _global_dice()
        super().__enter__()
        return self

    def __exit__(self, kind: Any, *rest: object) -> None:
        super().__exit__(kind, *rest)
        if self.on and kind is None:
            self._compare()
        self._before.clear()

    def event(self, frame: types.FrameType, event: str, arg: Any) -> None:
        """See what the user's functions call too."""
        code = frame.f_code
        if event == "call":
            if code.co_name != "__init__" and not is_users(code.co_filename):
                self._enter_library(frame)
            else:
                super().event(frame, event, arg)
        elif event == "c_call" and is_users(code.co_filename):
            self._call(frame, arg)

    def enter(self, frame: types.FrameType) -> Any:
        """Note what a function of the user's finds as it begins."""
        key = super().enter(frame)
        if key is not None:
            code, scope = self.scopes[key]
            self._before[key] = {chain: (token(value), show(value)) for chain, value in found_by(code, scope)}
        return key

    def _enter_library(self, frame: types.FrameType) -> None:
        """See functions of Python and dualflow that the user's code calls itself."""
        caller, code = frame.f_back, frame.f_code
        if caller is None or not is_users(caller.f_code.co_filename):
            return
        if code in READERS:
            x = frame.f_locals.get(code.co_varnames[0])
            if isinstance(x, Tensor):
                self._values.append((x, token(np.asarray(x.array)), _place(caller)))
        elif code.co_filename == random.__file__:
            self._frozen(_place(caller), f"{code.co_name}() of the module random was called", FIX_RANDOM)
        elif code.co_filename.endswith(("logging/__init__.py", "logging\\__init__.py")):
            self._effect(_place(caller), "a message was logged", FIX_OUTSIDE)

    def _call(self, frame: types.FrameType, function: Any) -> None:
        """See a function written in C that the user's code calls."""
        name, owner = getattr(function, "__name__", ""), getattr(function, "__self__", None)
        if function is print:
            self._effect(_place(frame), "print was called", FIX_OUTSIDE)
        elif function is input:
            self._frozen(_place(frame), "input() was called", FIX_VALUE)
        elif isinstance(owner, random.Random) and name in DRAWS:
            self._frozen(_place(frame), f"{name}() of the module random was called", FIX_RANDOM)
        elif name == "urandom":
            self._frozen(_place(frame), "os.urandom() was called", FIX_RANDOM)
        elif name in CLOCKS and getattr(owner, "__name__", "") in ("time", "datetime", "date"):
            fix = "ask outside, around the call of the function"
            self._frozen(_place(frame), f"{name}() was asked for the time", fix)

    def _effect(self, place: Location, text: str, fix: str, also: str = "") -> None:
        self._heard.append(Finding("effect", place, f"{text} while tracing; {ONCE}{also}", fix))

    def _frozen(self, place: Location, text: str, fix: str, what: str = "its answer is") -> None:
        self._heard.append(Finding("frozen", place, f"{text} while tracing, and {what} in the graph", fix))

    # -- after tracing
    def _compare(self) -> None:
        """Find what the trace changed outside, and keep what it read."""
        drew = _global_dice() != self._dice
        for key, (code, scope) in self.scopes.items():
            before = self._before[key]
            now = {chain: (token(value), value) for chain, value in found_by(code, scope)}
            for use in uses(code):
                old, new = before.get(use.chain, (None, ""))[0], now.get(use.chain, (None, None))
                if drew and _is_numpys(use.chain, scope):
                    self._frozen(use.place, f"{use.chain} was used", FIX_RANDOM, "its numbers are")
                    drew = False
                elif old is not None and new[0] is not None and old != new[0]:
                    self._changed(use, old, new[1], scope)
            self._held.append((code, scope, {c: (t, show(value)) for c, (t, value) in now.items() if t is not None}))

    def _changed(self, use: Use, old: Any, value: Any, scope: Scope) -> None:
        if isinstance(value, np.random.Generator):
            self._frozen(use.place, f"the generator {use.chain} was drawn from", FIX_RANDOM, "its numbers are")
            return
        if use.role != "write" or id(scope.root(use.chain)) in self.made:
            return
        if _holds_symbol(value):
            fix = "return the value from the function, and keep it outside"
            self._effect(use.place, f"a symbol was put into {use.chain}", fix, ", and a symbol has no value")
        elif isinstance(value, int | float | complex | str) and not isinstance(value, bool):
            fix = "change it outside, or keep it in a df.Variable and assign to that"
            self._effect(use.place, f"{use.chain} was changed to {show(value)}", fix)
        elif isinstance(value, list | set | dict) and old[0] == type(value).__name__ and old[1] != len(value):
            fix = "return the value from the function, and collect outside"
            self._effect(use.place, f"{use.chain} grew to {len(value)}", fix)

    def heard(self) -> Iterator[Finding]:
        """Yield what was found while tracing, once."""
        while self._heard:
            yield self._heard.pop(0)

    # -- at a later call
    def stale(self) -> Iterator[Finding]:
        """Yield what the trace read and what has changed since."""
        for code, scope, held in self._held:
            changed: dict[Chain, Any] = {}
            for chain, (was, _) in held.items():
                value = scope.value(chain)
                if value is not MISSING and token(value) != was and not isinstance(value, np.random.Generator):
                    changed[chain] = value
            for use in uses(code) if changed else ():
                if use.role != "write" and use.chain in changed and not _below(use.chain, changed):
                    yield Finding("frozen", use.place, _say(use, held[use.chain][1], changed[use.chain]), FIX_VALUE)
        for x, was, place in self._values:
            if token(np.asarray(x.array))[2] != was[2]:
                yield Finding("frozen", place, "the value of a tensor was read as a Python value while tracing; the "
                    "tensor has changed since, and the graph still has the old value", FIX_TENSOR)  # fmt: skip


FIX_TENSOR = "compute with the tensor itself: it is read afresh at every run; choose with df.where rather than `if`"


def _say(use: Use, was: str, value: Any) -> str:
    now = show(value)
    change = f"{use.chain} was {was} while tracing and is {now} now" if now != was else f"{use.chain} has been replaced"
    consequence = "the branch taken then is in the graph" if use.role == "branch" else "the graph still has the old one"
    return f"{change}; {consequence}"


def _below(chain: Chain, changed: Container[Chain]) -> bool:
    """Return whether a beginning of the chain has been reported: one word is enough for `cfg` and `cfg.rate`."""
    return any(chain._replace(keys=chain.keys[:n]) in changed for n in range(len(chain.keys)))


def _place(frame: types.FrameType) -> Location:
    return decode((frame.f_code, frame.f_lasti))


def _holds_symbol(value: Any) -> bool:
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple | set) else [value]
    return any(isinstance(part, Symbol) for part in parts)


def _is_numpys(chain: Chain, scope: Scope) -> bool:
    return scope.root(chain) is np and chain.keys[:1] == ((True, "random"),) or scope.root(chain) is np.random


def _global_dice() -> Any:
    """Describe the state of NumPy's global generator, which programs still use."""
    state = np.random.get_state(legacy=False)  # noqa: NPY002 - it is the user's
    return state["state"]["pos"], state["state"]["key"].tobytes(), state["gauss"]

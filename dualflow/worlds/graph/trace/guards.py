"""What a trace takes for granted, and the question whether it is still so: one Python expression, asked at every call.

Guarded are attributes that layers and optimizers read, the modules and groups of parameters that they are made of, what
the user's functions read of globals, closures and objects, and of each captured tensor its shape, dtype and whether it
requires a gradient. A guard is an expression for what there is now, and what there was; the expressions of a trace are
compiled into one function, because a call of Python for each would cost more than the step (0.03 µs instead of 0.3).
"""

from __future__ import annotations

import math
import types
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from dualflow.autodiff.record import OWNER
from dualflow.worlds.graph.ir.cell import Shelf, TensorCell, load_tensor
from dualflow.worlds.graph.trace.reading import MISSING, Scope, found_by, show, token, uses

CONTENT = 1 << 12
"""Bytes of an array up to which a change of its content is looked for: 2 µs."""
GONE = (AttributeError, LookupError, TypeError, ValueError)
"""What an expression raises when a part of it is there no more."""
PLAIN = (bool, int, float, complex, str, bytes, type(None))


class Guard(NamedTuple):
    """One thing taken for granted: its name for people, the expression for it, what it was, and if it goes unsaid."""

    name: str
    expression: str
    was: Any
    quiet: bool


class Guards:
    """All that one trace takes for granted."""

    def __init__(self, shelf: Shelf | None = None) -> None:
        self.all: list[Guard] = []
        self._held: dict[str, Any] = {
            "GONE": GONE,
            "same": same, "M": MISSING, "fits": fits, "token": token, "content": content,
        }  # fmt: skip
        self._names: dict[int, str] = {}
        self._seen: set[str] = set()
        self.hold: Callable[[], bool] = lambda: True
        self._shelf = shelf
        self._shelved: list[str] = []

    def name(self, x: Any) -> str:
        """Keep an object for the expressions and return its name there."""
        found = self._names.get(id(x))
        if found is None:
            found = self._names[id(x)] = f"c{len(self._held)}"
            self._held[found] = x
        return found

    def add(self, name: str, expression: str, was: Any, quiet: bool = True) -> None:
        """Take for granted that an expression is what it was."""
        if expression not in self._seen:
            self._seen.add(expression)
            self.all.append(Guard(name, expression, snapshot(was), quiet))

    def attribute(self, owner: Any, attribute: str, was: Any) -> None:
        """Take for granted that an object's attribute, or a group's entry, is what it was."""
        title = f"{type(owner).__name__}.{attribute}"
        if isinstance(owner, dict):
            self.add(title, f"{self.name(owner)}[{attribute!r}]", was, attribute == "params")
        else:
            self.add(title, f"{self.name(owner)}.{attribute}", was, attribute == "param_groups")

    def parts(self, owner: Any) -> None:
        """Take for granted what an object consists of: plain values, modules, tensors, and lists and dicts of them."""
        for key, value in vars(owner).items():
            expression = f"{self.name(vars(owner))}.get({key!r}, M)"
            self.add(f"{type(owner).__name__}.{key}", expression, value, key != "training")
        title = f"the number of attributes of {type(owner).__name__}"
        self.add(title, f"len({self.name(vars(owner))})", len(vars(owner)))

    def cell(self, cell: TensorCell, required: bool) -> None:
        """Take for granted the shape and dtype of a captured tensor, and whether it requires a gradient."""
        owner, held = self.name(cell.owner), f"fits({self.name(cell)})"
        title = repr(cell.name) if cell.name else "a captured tensor"
        self.add(f"the shape and dtype of {title}", held, True)
        if self._shelf is not None and cell in self._shelf.cells:
            self._shelved.append(held)
        alike = f"requires_grad of {title}"
        if required and cell.leaf and not cell.hooks:
            self.add(alike, f"({owner}.record is not None and not {owner}.record[{OWNER}].hooks)", True)
        else:
            self.add(alike, f"({owner}.record is not None)", required)
            if required and cell.leaf:
                self.add(f"the hooks of {title}", f"{owner}.record[{OWNER}].hooks", cell.hooks)

    def scope(self, code: types.CodeType, scope: Scope) -> None:
        """Take for granted what a function of the user's reads: plain values by value, objects by identity."""
        read = {use.chain for use in uses(code) if use.role != "write"}
        for chain, value in found_by(code, scope):
            if chain not in read or token(value, 0) is None or isinstance(value, np.random.Generator):
                continue
            if chain.kind == "argument" and not chain.keys:
                continue  # in the signature
            if isinstance(value, np.ndarray):
                if value.nbytes <= CONTENT:
                    expression = self._expression(chain, scope)
                    self.add(f"the array {chain}", f"token({expression})", token(value))
                continue
            self.add(str(chain), self._expression(chain, scope), value, not isinstance(value, PLAIN))

    def _expression(self, chain: Any, scope: Scope) -> str:
        if chain.kind == "global":
            text = f"{self.name(scope.globals)}.get({chain.root!r}, M)"
        elif chain.kind == "free":
            text = f"{self.name(scope.cells[chain.root])}.cell_contents"
        else:
            text = self.name(scope.arguments[chain.root])
        if not chain.keys:
            return text
        parent = chain._replace(keys=chain.keys[:-1])
        owner, (attribute, key) = scope.value(parent), chain.keys[-1]
        if not attribute:
            return f"{self.name(owner)}[{key!r}]"
        held = getattr(owner, "__dict__", {})
        if key in held and isinstance(held, dict):
            return f"{self.name(held)}.get({key!r}, M)"
        return f"{self.name(_Attribute(scope, chain))}.value()"

    def values(self, x: Any) -> None:
        """Take for granted the content of a tensor that was read as a Python value."""
        if load_tensor(x).nbytes <= CONTENT:
            self.add("the value of a tensor that was read while tracing", f"content({self.name(x)})", content(x))

    def compile(self) -> None:
        """Make ``hold``, the function that says whether all is as it was."""
        tests = [self._test(g.expression, g.was) for g in self.all if g.expression not in self._shelved]
        if self._shelved:  # what a compiled run stored fits; a device array takes 0.1 µs to say its shape
            tests.append(f"({self.name(self._shelf)}.load() is not None or {' and '.join(self._shelved)})")
        body = "\n  and ".join(tests) or "True"
        lines = f"def hold():\n try:\n  return ({body})\n except GONE:\n  return False"
        exec(compile(lines, f"{__file__}: guards", "exec"), self._held)
        self.hold = self._held["hold"]

    def _test(self, expression: str, was: Any, depth: int = 3) -> str:
        """Return the expression that says whether another is what it was; ``same``, spelt out for what is nested."""
        kind = was.__class__
        if kind in (bool, type(None)):
            return f"{expression} is {was}"
        if kind in (list, tuple, dict) and depth:
            v = f"v{depth}"
            parts = [f"({v} := {expression}).__class__ is {kind.__name__}", f"len({v}) == {len(was)}"]
            for key, part in was.items() if kind is dict else enumerate(was):
                parts.append(self._test(f"{v}[{self._key(key)}]", part, depth - 1))
            return f"({' and '.join(parts)})"
        if kind in PLAIN or kind in (list, tuple, dict) or isinstance(was, np.dtype):
            return f"((v := {expression}) is {self.name(was)} or same(v, {self.name(was)}))"
        return f"{expression} is {self.name(was)}"

    def _key(self, key: Any) -> str:
        return repr(key) if key.__class__ in (int, str) else self.name(key)

    def broken(self) -> list[str]:
        """Describe which of the things taken for granted have changed."""
        found = []
        for name, expression, was, _ in self.all:
            try:
                now = eval(expression, self._held)
            except GONE:
                now = MISSING
            if not same(now, was):
                old, new = show(was), show(now)
                found.append(f"{name} was {old}, is {new if new != old else 'another'}")
        return list(dict.fromkeys(found))


class _Attribute:
    """An attribute that an object has from its class."""

    def __init__(self, scope: Scope, chain: Any) -> None:
        self._scope, self._chain = scope, chain

    def value(self) -> Any:
        """Return what it is now."""
        return self._scope.value(self._chain)


def fits(cell: TensorCell) -> bool:
    """Return whether a captured tensor has the shape and dtype that it had."""
    array = load_tensor(cell.owner)
    return bool(array.shape == cell.shape and array.dtype == cell.dtype)


def snapshot(value: Any, depth: int = 3) -> Any:
    """Return a value as it is now: lists and dicts copied, objects themselves."""
    kind = value.__class__
    if depth and kind in (list, tuple):
        return kind([snapshot(part, depth - 1) for part in value])
    if depth and kind is dict:
        return {key: snapshot(part, depth - 1) for key, part in value.items()}
    return value


def same(a: Any, b: Any) -> bool:
    """Return whether two values mean the same to a trace: equal numbers of one type and sign, the same objects.

    >>> from dualflow.worlds.graph.trace.guards import same
    >>> same([1, float("nan")], [1, float("nan")]), same(0.0, -0.0), same(True, 1)
    (True, False, False)
    """
    if a is b:
        return True
    kind = a.__class__
    if kind is not b.__class__:
        return False
    if kind is float:
        return a == b and (a != 0 or math.copysign(1, a) == math.copysign(1, b)) or (a != a and b != b)
    if kind in (list, tuple):
        return len(a) == len(b) and all(map(same, a, b))
    if kind is dict:
        return a.keys() == b.keys() and all(same(value, b[key]) for key, value in a.items())
    return kind in PLAIN and a == b or isinstance(a, np.dtype) and a == b


def content(x: Any) -> Any:
    """Return what a tensor holds, as bytes."""
    return np.asarray(load_tensor(x)).tobytes()


def of_trace(graph: Any, surroundings: Any, shelf: Shelf | None) -> Guards:
    """Return the guards of a trace, compiled."""
    guards = Guards(shelf)
    for owner, attribute, was in graph.guards:
        guards.attribute(owner, attribute, was)
    for owner in graph.watched.values():
        guards.parts(owner)
    for cell in graph.cells.values():
        if isinstance(cell, TensorCell):
            guards.cell(cell, cell.owner.record is not None)
    for x in graph.taken:
        guards.values(x)
    for code, scope in surroundings.scopes.values():
        guards.scope(code, scope)
    guards.compile()
    return guards

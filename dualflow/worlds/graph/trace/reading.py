"""What a function's source reads and writes from outside: chains such as ``rate``, ``self.count``, ``seen["loss"]``.

Read from the source by ``ast``, since bytecode changes with every Python. This file evaluates chains without running
code of the user's (no property is called) and describes a value by a token that changes when it does. It knows nothing
of graphs.
"""

from __future__ import annotations

import ast
import functools
import linecache
import os
import sys
import sysconfig
import types
import zlib
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np

from dualflow.core.site import Location, is_library
from dualflow.tensors.operators import Operators

MISSING = object()
MUTATORS = frozenset("append extend insert add update pop popleft appendleft remove discard clear setdefault".split())
KINDS = ("stdlib", "platstdlib", "purelib", "platlib")
LIBRARIES = tuple({os.path.join(sysconfig.get_path(kind), "") for kind in KINDS})
CODE = (types.ModuleType, types.FunctionType, types.MethodType, types.BuiltinFunctionType, functools.partial, type)
CONTENT_LIMIT = 1 << 20
"""Bytes of an array up to which a change in its content is looked for: 0.3 ms a MiB."""


def is_users(filename: str) -> bool:
    """Return whether a file is the user's: neither dualflow's nor Python's nor an installed package's."""
    if filename.startswith(("<frozen", "<string>", "<__array")) or is_library(filename):
        return False
    return not filename.startswith(LIBRARIES) and "site-packages" not in filename


class Chain(NamedTuple):
    """A name from outside and what is taken of it. ``keys``: (is an attribute, name or key) one after the other."""

    kind: str  # "global", "free" or "argument"
    root: str
    keys: tuple[tuple[bool, Any], ...]

    def __str__(self) -> str:
        return self.root + "".join(f".{key}" if attribute else f"[{key!r}]" for attribute, key in self.keys)


class Use(NamedTuple):
    """One place where a chain is used: ``role`` is "read", "branch" (a read that decides) or "write"."""

    chain: Chain
    role: str
    place: Location


class Scope(NamedTuple):
    """Where the roots of one running function are found."""

    globals: dict[str, Any]
    cells: Mapping[str, types.CellType]
    arguments: Mapping[str, Any]

    def root(self, chain: Chain) -> Any:
        """Return the value of the chain's first name, or MISSING."""
        if chain.kind == "global":
            return self.globals.get(chain.root, MISSING)
        if chain.kind == "argument":
            return self.arguments.get(chain.root, MISSING)
        try:
            return self.cells[chain.root].cell_contents
        except (KeyError, ValueError):  # not found, or not assigned yet
            return MISSING

    def value(self, chain: Chain) -> Any:
        """Follow a chain as far as that runs no code of anybody's; MISSING where it ends."""
        found = self.root(chain)
        for attribute, key in chain.keys:
            if found is MISSING:
                return MISSING
            if attribute:
                found = _attribute(found, key)
            else:
                try:
                    found = found[key] if found.__class__ in (dict, list, tuple) else MISSING
                except (KeyError, IndexError, TypeError):
                    return MISSING
        return found


def _attribute(owner: Any, name: str) -> Any:
    """Return a plain attribute: in the object's own dict, or a plain value of its class. Library objects have none."""
    if isinstance(owner, types.ModuleType):
        if not is_users(getattr(owner, "__file__", None) or "<frozen>"):
            return MISSING
        return vars(owner).get(name, MISSING)
    kind = owner if isinstance(owner, type) else type(owner)
    if not is_users_class(kind):
        return MISSING
    held = getattr(owner, "__dict__", {})
    if name in held:
        return held[name]
    value = next((vars(base)[name] for base in kind.__mro__ if name in vars(base)), MISSING)
    return value if isinstance(value, bool | int | float | complex | str | Operators) else MISSING


@functools.cache
def is_users_class(kind: type) -> bool:
    """Return whether a class is defined in the user's code."""
    if kind.__module__ == "__main__":
        return True
    module = sys.modules.get(kind.__module__)
    return module is not None and is_users(getattr(module, "__file__", None) or "<frozen>")


def token(value: Any, depth: int = 2) -> Any:
    """Describe a value so that two tokens differ when it has changed; None for what cannot be described."""
    kind = value.__class__
    if value is MISSING:
        return MISSING
    if value is None or kind in (bool, int, float, complex, str, bytes):
        return (kind.__name__, value if value == value else "nan")
    if isinstance(value, np.generic):
        return ("number", value.item())
    if isinstance(value, np.ndarray):
        content = None
        if value.nbytes <= CONTENT_LIMIT and value.dtype.kind in "biufc":
            content = zlib.crc32(np.ascontiguousarray(value).view(np.uint8).data)
        return ("array", id(value), content)
    if isinstance(value, np.random.Generator):
        return ("generator", repr(value.bit_generator.state))
    if isinstance(value, list | tuple | set | frozenset | dict):
        parts: Any = None
        if depth and len(value) <= 64 and not isinstance(value, set | frozenset):
            listed = value.items() if isinstance(value, dict) else enumerate(value)
            parts = tuple([(key, token(part, depth - 1)) for key, part in listed])
        return (kind.__name__, len(value), parts)
    if isinstance(value, CODE):  # another function in a name's place is seldom; a bound method is new at every look
        return None
    return ("object", id(value))


def show(value: Any) -> str:
    """Write a value in a few words."""
    if isinstance(value, Operators):
        return f"a {'variable' if value.is_variable else 'tensor'} of shape {tuple(value.shape)}"
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape}"
    if isinstance(value, list | tuple | set | dict):
        return f"a {type(value).__name__} of {len(value)}"
    if value is None or isinstance(value, bool | int | float | complex | str | bytes | np.generic):
        text = f"{value:.6g}" if isinstance(value, float) else repr(value)
        return text if len(text) <= 40 else text[:37] + "..."
    return f"a {type(value).__name__}"


@functools.lru_cache(64)
def _functions(filename: str, source: tuple[str, ...]) -> dict[tuple[str, int], list[ast.AST]]:
    """Index the functions of a file by (name, first line), as code objects know them."""
    try:
        tree = ast.parse("".join(source))
    except SyntaxError:
        return {}
    found: dict[tuple[str, int], list[ast.AST]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
            found.setdefault((node.name, first), []).append(node)
        elif isinstance(node, ast.Lambda):
            found.setdefault(("<lambda>", node.lineno), []).append(node)
    return found


@functools.lru_cache(256)
def uses(code: types.CodeType) -> tuple[Use, ...]:
    """List what a function's source uses from outside; nothing when its source is not to be had."""
    lines = tuple(linecache.getlines(code.co_filename))
    nodes = _functions(code.co_filename, lines).get((code.co_name, code.co_firstlineno), [])
    if len(nodes) != 1:  # two lambdas on one line look alike
        return ()
    body: Any = nodes[0].body  # type: ignore[attr-defined]
    reader = _Reader(code, lines)
    for statement in body if isinstance(body, list) else [body]:
        reader.visit(statement)
    return tuple(reader.found)


class _Reader(ast.NodeVisitor):
    """Walk one function's body and note the longest chains."""

    def __init__(self, code: types.CodeType, lines: tuple[str, ...]) -> None:
        self.found: list[Use] = []
        self._code, self._lines = code, lines
        count = code.co_argcount + code.co_kwonlyargcount
        self._arguments = frozenset(code.co_varnames[:count])
        self._local = set(code.co_varnames[count:]) | set(code.co_cellvars)
        self._deciding = False

    def _chain(self, node: ast.AST) -> Chain | None:
        keys: list[tuple[bool, Any]] = []
        while not isinstance(node, ast.Name):
            if isinstance(node, ast.Attribute):
                keys.append((True, node.attr))
            elif isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
                keys.append((False, node.slice.value))
            else:
                return None
            node = node.value
        name = node.id
        if name in self._local and name not in self._arguments:
            return None
        kind = "argument" if name in self._arguments else "free" if name in self._code.co_freevars else "global"
        return Chain(kind, name, tuple(reversed(keys)))

    def _note(self, node: Any, role: str, chain: Chain | None) -> bool:
        if chain is None:
            return False
        text = self._lines[node.lineno - 1].strip() if node.lineno <= len(self._lines) else ""
        place = Location(self._code.co_filename, node.lineno, node.col_offset, node.end_col_offset or 0,
                         self._code.co_qualname, text)  # fmt: skip
        # a chain's beginnings count as well: `model.scale` changes when `model` is another object
        for n in range(len(chain.keys) + 1):
            last = n == len(chain.keys)
            self.found.append(Use(chain._replace(keys=chain.keys[:n]), role if last else "read", place))
        return True

    def _visit_chain(self, node: Any) -> None:
        role = "write" if not isinstance(node.ctx, ast.Load) else "branch" if self._deciding else "read"
        if not self._note(node, role, self._chain(node)):
            self.generic_visit(node)

    visit_Name = visit_Attribute = _visit_chain

    def visit_Subscript(self, node: ast.Subscript) -> None:
        """Note a chain with a constant key; for another key, its list or dict and what the key reads."""
        chain = self._chain(node)
        if chain is None and not isinstance(node.ctx, ast.Load):
            self._note(node, "write", self._chain(node.value))
            self.visit(node.value)  # which object it is that is written to
            self.visit(node.slice)
        else:
            self._visit_chain(node)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        """Note both the read and the write of ``x += …``."""
        self._note(node.target, "read", self._chain(node.target))
        self.visit(node.target)
        self.visit(node.value)

    def visit_Call(self, node: ast.Call) -> None:
        """Note a method that changes its object as a write of the object."""
        if isinstance(node.func, ast.Attribute) and node.func.attr in MUTATORS:
            self._note(node.func, "write", self._chain(node.func.value))
        self.generic_visit(node)

    def _visit_test(self, node: Any) -> None:
        for name, part in ast.iter_fields(node):
            before, self._deciding = self._deciding, self._deciding or name == "test"
            for child in part if isinstance(part, list) else [part]:
                if isinstance(child, ast.AST):
                    self.visit(child)
            self._deciding = before

    visit_If = visit_IfExp = visit_While = _visit_test

    def _visit_inner(self, node: Any) -> None:
        """Names that an inner function or comprehension binds are not ours."""
        bound = {n.arg for n in ast.walk(node) if isinstance(n, ast.arg)}
        bound |= {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
        before = self._local, self._arguments
        self._local, self._arguments = self._local | bound, self._arguments - bound
        self.generic_visit(node)
        self._local, self._arguments = before

    visit_Lambda = visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = _visit_inner

    def visit_FunctionDef(self, node: Any) -> None:
        """Leave an inner function to its own code, which is read when it runs."""

    visit_AsyncFunctionDef = visit_ClassDef = visit_Import = visit_ImportFrom = visit_FunctionDef


def found_by(code: types.CodeType, scope: Scope) -> Iterator[tuple[Chain, Any]]:
    """Yield each chain that a function uses, with the value that it has in its scope."""
    for chain in dict.fromkeys(use.chain for use in uses(code)):
        value = scope.value(chain)
        if value is not MISSING:
            yield chain, value

"""What to compare, as it is named on the command line: a program's name, or ``FILE.py:FUNCTION``.

This file knows how to find a function in a user's file and the inputs that go with it: each parameter without a
default is given the file's own top-level variable of the same name. It runs the file once, as ``python FILE.py`` would
except that ``__name__`` is not ``"__main__"``, and it does not run the function.
"""

from __future__ import annotations

import ast
import difflib
import functools
import inspect
import os
import re
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib.machinery import SourceFileLoader
from types import ModuleType
from typing import Any

from dualflow.worlds.graph.trace.function import Function

VARIADIC = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)


class Unknown(Exception):
    """The command line names something that is not there; the text says what there is instead."""


class Unloadable(Exception):
    """A user's file that cannot be run; the error that stopped it is the cause."""


@dataclass(frozen=True)
class UserFunction:
    """A function of the user's and the inputs found for it."""

    step: Callable[..., Any]
    args: tuple[Any, ...]


def is_file(target: str) -> bool:
    """Return whether a target names a file rather than a program."""
    return bool(re.search(r"\.py(:|$)", target)) or os.sep in target


def check_file(target: str) -> None:
    """Raise Unknown if there is no such file, without running anything."""
    path, function = _split(target)
    if not os.path.exists(path):
        raise Unknown(f"there is no file {path!r}")
    if os.path.isdir(path) or not path.endswith(".py"):
        raise Unknown(f"{path!r} is not a Python file; name a function as FILE.py:FUNCTION")
    if not function:
        raise Unknown(f"say which function of {path} to compare, as {path}:{_first_function(path)}")


def load(target: str) -> UserFunction:
    """Run the file of ``FILE.py:FUNCTION`` and return the function with its inputs.

    Raises Unloadable if running the file fails, Unknown if it has no such function or lacks an input.
    """
    check_file(target)
    path, function = _split(target)
    module = _run(path)
    step = getattr(module, function, None)
    if not hasattr(module, function):
        there = [name for name, value in vars(module).items() if _is_step(value, module)]
        listed = f"It has {', '.join(there)}." if there else "It defines no function at its top level."
        raise Unknown(f"{path} has no function {function!r}.{near(function, there)} {listed}")
    if not callable(step) or isinstance(step, type):
        kind = "a class" if isinstance(step, type) else f"of type {type(step).__name__}"
        raise Unknown(f"{function!r} in {path} is {kind}, not a function")
    args, keywords = _inputs(path, function, step, module)
    return UserFunction(functools.partial(step, **keywords) if keywords else step, tuple(args))


def near(name: str, there: Iterable[str]) -> str:
    close = difflib.get_close_matches(name, there, 1)
    return f" Did you mean {close[0]!r}?" if close else ""


def _first_function(path: str) -> str:
    """Return the first function in a file, without running it, or a word that stands for one."""
    try:
        with open(path, "rb") as file:
            parts = ast.parse(file.read()).body
    except (SyntaxError, ValueError):
        parts = []
    return next((part.name for part in parts if isinstance(part, ast.FunctionDef)), "FUNCTION")


def _split(target: str) -> tuple[str, str]:
    path, colon, function = target.rpartition(":")
    # A colon may also be Windows' own, as in C:\step.py.
    return (path, function) if colon and path.endswith(".py") else (target, "")


def _run(path: str) -> ModuleType:
    absolute = os.path.abspath(path)
    name = f"_compared_{os.path.splitext(os.path.basename(path))[0]}"
    # Not import_module: that would leave a __pycache__ beside the user's file.
    loader = SourceFileLoader(name, absolute)
    module = ModuleType(name)
    module.__file__ = absolute
    sys.modules[name] = module  # dataclasses look their module up
    if os.path.dirname(absolute) not in sys.path:
        sys.path.insert(0, os.path.dirname(absolute))  # the file may import its neighbours, as a script does
    try:
        exec(loader.source_to_code(loader.get_data(absolute), absolute), module.__dict__)
    except (Exception, SystemExit) as error:
        raise Unloadable(f"{path} cannot be run") from error
    return module


def _is_step(value: Any, module: ModuleType) -> bool:
    if isinstance(value, Function):
        return True
    return inspect.isfunction(value) and value.__module__ == module.__name__


def _inputs(path: str, name: str, step: Any, module: ModuleType) -> tuple[list[Any], dict[str, Any]]:
    """Find a value for each parameter that has no default among the file's top-level variables."""
    parameters = [p for p in inspect.signature(step).parameters.values() if p.kind not in VARIADIC]
    wanted = {p.name: p.kind for p in parameters if p.default is p.empty}
    missing = [each for each in wanted if not hasattr(module, each)]
    if missing:
        listed = " and ".join(missing)
        raise Unknown(
            f"{name}{inspect.signature(step)} needs {listed}, and {path} has no top-level variable of that name. "
            f"Write `{missing[0]} = …` in the file, outside any function, or give the parameter a default."
        )
    found = {each: getattr(module, each) for each in wanted}
    keywords = {each: found.pop(each) for each, kind in wanted.items() if kind is inspect.Parameter.KEYWORD_ONLY}
    return list(found.values()), keywords

"""Gradient rules for bare arrays: the same code, its ops bound to NumPy kernels; or the ops themselves, on constants.

It knows functions and the names that they use. What a rule means, and which card has it, it need not know.
"""

from __future__ import annotations

import functools
import types
from collections.abc import Callable
from typing import Any

import numpy as np

from dualflow.core.mode import Scope
from dualflow.core.world import WORLDS

Rule = Callable[..., Any]


def on_arrays(rule: Rule | None, memo: dict[int, Any]) -> Rule | None:
    """Return a rule that computes on bare arrays what ``rule`` does on tensors.

    The code of a function is kept, with kernels for its ops; any other callable, whose code is not in sight, is given
    constant tensors.
    """
    if isinstance(rule, functools.partial):
        bound: Any = on_arrays(rule.func, memo)
        return functools.partial(bound, *rule.args, **rule.keywords)
    return bind_kernels(rule, memo) if rule is None or isinstance(rule, types.FunctionType) else on_constants(rule)


def bind_kernels(value: Any, memo: dict[int, Any]) -> Any:
    """Return ``value`` with every op it reaches by name replaced by that op's NumPy kernel."""
    if isinstance(value, types.ModuleType) and value.__name__.partition(".")[0] == "dualflow":
        return _Kernels(value)
    if isinstance(value, functools.partial):
        return on_arrays(value, memo)
    if not isinstance(value, types.FunctionType):
        return value
    if hasattr(value, "op"):
        return value.op.kernel("numpy")
    if hasattr(value, "__wrapped__"):  # what only explains its refusals
        return bind_kernels(value.__wrapped__, memo)
    if id(value) in memo:
        return memo[id(value)]
    names: dict[str, Any] = {"__builtins__": value.__globals__["__builtins__"], "__name__": value.__module__}
    bound = memo[id(value)] = types.FunctionType(
        value.__code__,
        names,
        value.__name__,
        value.__defaults__,
        None
        if (value.__closure__ is None)
        else tuple(types.CellType(bind_kernels(cell.cell_contents, memo)) for cell in value.__closure__),
    )
    bound.__kwdefaults__ = value.__kwdefaults__
    for name in _global_names(value.__code__):
        if name in value.__globals__:
            names[name] = bind_kernels(value.__globals__[name], memo)
    return bound


class _Kernels:
    """A module of dualflow as a rule on bare arrays sees it: ops are their NumPy kernels."""

    def __init__(self, module: types.ModuleType) -> None:
        self._module = module

    def __getattr__(self, name: str) -> Any:
        return bind_kernels(getattr(self._module, name), {})


def _global_names(code: types.CodeType) -> set[str]:
    inner = [_global_names(const) for const in code.co_consts if isinstance(const, types.CodeType)]
    return set(code.co_names).union(*inner)


def on_constants(rule: Rule | None) -> Rule | None:
    """Let a rule on arrays of half types call the ops: to NumPy, 2.0 times bfloat16 is float32."""
    if rule is None:
        return None

    def bare(*given: Any, **params: Any) -> Any:
        constant = WORLDS["eager"].constant
        with Scope(mode="eager", graph=None, grad=False, numerics=False, watch=None):
            part = rule(*(constant(x) if isinstance(x, np.ndarray | np.generic) else x for x in given), **params)
        return getattr(part, "array", part)

    return bare

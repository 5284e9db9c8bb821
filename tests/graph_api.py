"""``dualflow`` with every function of the array API, and every operator of a tensor, inside a compiled ``df.function``.

What ``array_api.py --world graph`` gives the standard's suite for a namespace. Importing it changes the operators of
``df.Tensor``.
"""

from __future__ import annotations

import functools
import operator
import sys
from collections.abc import Callable
from typing import Any

import dualflow as df
from dualflow.core import mode
from dualflow.tensors.methods import OPERATORS

UNTRACED = frozenset("__array_namespace_info__ asarray can_cast finfo from_dlpack iinfo isdtype result_type".split())
"""What computes nothing, and what makes arrays of Python numbers."""
SIGNS = "abs add and eq floordiv ge gt invert le lshift lt matmul mod mul ne neg or pos pow rshift sub truediv xor"
REFLECTED = "add and floordiv lshift matmul mod mul or pow rshift sub truediv xor"


def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """Call ``function`` inside a traced and compiled function of its arguments; plainly where it is being traced."""

    @functools.wraps(function)
    def call(*args: Any, **params: Any) -> Any:
        if mode.current().graph is not None:
            return function(*args, **params)
        with df.mode("graph"):
            return df.function(lambda *args, **params: function(*args, **params))(*args, **params)

    return call


def reflected(sign: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    """Take the operands in the other order."""
    return lambda a, b: sign(b, a)


class Namespace:
    """A module whose functions are compiled when they are called."""

    def __init__(self, module: Any) -> None:
        self.module = module

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.module, name)
        traced = callable(found) and not isinstance(found, type) and name not in UNTRACED
        return compiled(found) if traced else found


linalg, fft = Namespace(df.linalg), Namespace(df.fft)


def __getattr__(name: str) -> Any:
    return getattr(Namespace(df), name)


for _name in (*SIGNS.split(), *(name.strip("_") for name, _ in OPERATORS.values())):
    setattr(df.Tensor, f"__{_name}__", compiled(getattr(operator, f"__{_name}__")))
for _name in REFLECTED.split():
    setattr(df.Tensor, f"__r{_name}__", compiled(reflected(getattr(operator, f"__{_name}__"))))
df.Tensor.__getitem__ = compiled(operator.getitem)  # type: ignore[method-assign]


def _namespace(self: Any, *, api_version: str | None = None) -> Any:
    return sys.modules[__name__]


df.Tensor.__array_namespace__ = _namespace  # type: ignore[method-assign]

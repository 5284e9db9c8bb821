"""The arguments of a traced function: which become inputs of the graph, and the signature that all of them make."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from dualflow.core.errors import GraphError
from dualflow.tensors.operators import Operators
from dualflow.worlds.graph.ir.cell import load_tensor
from dualflow.worlds.graph.ir.symbol import Symbol

ARRAYS = (np.ndarray, np.generic)
_TENSORS: set[type] = set()
"""The classes of eager tensors, no variables, that have been arguments."""


def is_argument(x: Any) -> bool:
    """Return whether ``x`` becomes an argument of the graph: an array, or a tensor that is no state."""
    if isinstance(x, ARRAYS):
        return True
    if not isinstance(x, Operators):
        return False
    if isinstance(x, Symbol):
        raise GraphError(
            f"function: the symbol {x.name!r} was passed to a function outside its graph",
            hint="call the function inside the same `with df.graph():` block, where it becomes part of the graph",
        )
    return not x.is_variable and (x.record is None or not x.is_leaf)  # type: ignore[attr-defined]


def arguments(x: Any) -> Iterator[Any]:
    if isinstance(x, list | tuple):
        for part in x:
            yield from arguments(part)
    elif isinstance(x, dict):
        for part in x.values():
            yield from arguments(part)
    elif is_argument(x):
        yield x


def signature(x: Any, leaves: list[Any], held: list[Any] | None = None) -> Any:
    """Return the hashable signature of an argument; collect its tensors, and the objects that it knows by identity."""
    kind = x.__class__
    if kind in _TENSORS and (x.record is None or not x.is_leaf):  # the usual argument first: 4 µs less for two
        value = x.array if x.buffer is None else x.buffer
        leaves.append(x)
        return (value.shape, value.dtype)
    if kind is tuple or kind is list:
        return (kind, *[signature(part, leaves, held) for part in x])
    if kind is np.ndarray:
        leaves.append(x)
        return (x.shape, x.dtype)
    if kind is dict:
        return (kind, *[(k, signature(v, leaves, held)) for k, v in x.items()])
    if kind in (int, float, bool, str, complex, bytes) or x is None:
        return (kind, x) if x == x and x else (kind, repr(x))  # NaN is itself, and 0.0 is not -0.0
    if is_argument(x):
        leaves.append(x)
        if isinstance(x, Operators):
            _TENSORS.add(kind)
        value = device_array(x)
        return (value.shape, value.dtype)
    if isinstance(x, list | tuple):
        return (kind, *[signature(part, leaves, held) for part in x])
    if held is not None:
        held.append(x)
    return (kind, id(x))


def shared(arrays: list[Any]) -> tuple[int, ...]:
    """Return, for arguments some of which are one memory, the first of them that each is the same as; else ()."""
    if len(arrays) < 2:
        return ()
    each = [*map(id, arrays)]
    return () if len(set(each)) == len(each) else tuple([each.index(one) for one in each])


def spelled(part: Any) -> str:
    if isinstance(part, tuple) and len(part) == 2 and isinstance(part[1], np.dtype):
        return f"{part[1]} {part[0]}"
    if isinstance(part, tuple) and len(part) == 2 and isinstance(part[0], type):
        return spelt(part) if part[0] in (int, float, bool, str) else f"another {part[0].__name__}"
    return "another structure"


def spelt(part: tuple[type, Any]) -> str:
    """Write a Python value of a signature, which has some of them as text."""
    kind, value = part
    return f"{kind.__name__} {value if isinstance(value, str) and kind is not str else repr(value)}"


def rebuild(x: Any, symbols: Iterator[Any]) -> Any:
    """Put symbols in the places of the tensors in nested arguments."""
    if isinstance(x, list | tuple):
        parts = [rebuild(part, symbols) for part in x]
        return type(x)(*parts) if hasattr(x, "_fields") else type(x)(parts)
    if isinstance(x, dict):
        return {k: rebuild(v, symbols) for k, v in x.items()}
    return next(symbols) if is_argument(x) else x


def device_array(x: Any) -> Any:
    return load_tensor(x) if isinstance(x, Operators) else x


def host_array(x: Any) -> Any:
    return np.asarray(x.array) if isinstance(x, Operators) else np.asarray(x)  # type: ignore[attr-defined]

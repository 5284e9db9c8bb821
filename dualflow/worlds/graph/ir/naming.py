"""What the user calls the eager tensors that a graph reads: found in the variables of the frames that are running.

Looked up while a graph is being built, once for each tensor that it captures; no message could find it later.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from dualflow.core.site import is_library, user_frame
from dualflow.tensors.operators import Operators


def visible() -> dict[int, str]:
    """Return {id: name} for the tensors that the user's frames can name; outer frames and plain variables win."""
    found: dict[int, str] = {}
    frame = user_frame()
    while frame is not None:
        if not is_library(frame.f_code.co_filename):
            here: dict[int, str] = {}
            for space in (frame.f_locals, frame.f_globals):
                for depth in (0, 1):
                    for name, value in list(space.items()):
                        for path, x in _tensors(name, value, depth):
                            here.setdefault(id(x), path)
            found |= here
        frame = frame.f_back
    return found


def _tensors(name: str, value: Any, depth: int) -> Iterator[tuple[str, Any]]:
    """Yield (path, tensor): the value itself at depth 0, what a container, a module or an object holds at depth 1."""
    if depth == 0:
        if isinstance(value, Operators):
            yield name, value
    elif isinstance(value, list | tuple):
        yield from ((f"{name}[{i}]", x) for i, x in enumerate(value) if isinstance(x, Operators))
    elif isinstance(value, Mapping):
        yield from ((f"{name}[{key!r}]", x) for key, x in list(value.items()) if isinstance(x, Operators))
    elif hasattr(type(value), "named_parameters"):
        yield from ((f"{name}.{path}", x) for path, x in value.named_parameters())
    elif not isinstance(value, type) and hasattr(value, "__dict__"):
        yield from ((f"{name}.{key}", x) for key, x in list(vars(value).items()) if isinstance(x, Operators))

"""What ops that are written on other ops need in order to complain in their own name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dualflow.core import mode
from dualflow.core.errors import GraphError, Misfit
from dualflow.ops.array.create import asarray


class Speaking:
    """A context in which a Misfit becomes the error of the op ``name``, at the user's line."""

    def __init__(self, name: str, **operands: Any) -> None:
        self.name = name
        self.operands = operands

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        if isinstance(error, Misfit):
            raise complain(self.name, error, **self.operands) from None


def complain(name: str, misfit: Misfit, **operands: Any) -> Exception:
    """Return the error that a composite raises for a misfit, naming its operands and the user's line."""
    listed = [(title, x) for title, x in operands.items() if x is not None]
    return misfit.kind(f"{name}: {misfit.reason}", operands=listed)


def size_along(x: Any, axis: int) -> int:
    """Return a size that must be known while a graph is built. Raises Misfit."""
    size = x.shape[axis]
    if size is None:
        raise Misfit(f"axis {axis} has an unknown size, which decides how many ops are needed; give it a number")
    return int(size)


def known_values(name: str, x: Any, instead: str) -> Any:
    """Return an operand whose values decide the shape of the result. Raises GraphError while a graph is built."""
    x = asarray(x)
    if mode.current().graph is not None or not hasattr(x, "array"):
        raise GraphError(
            f"{name}: the shape of the result depends on values, which a graph does not know",
            operands=[("x", x)],
            hint=instead,
        )
    return x


def made_by(factory: Callable[..., Any], *given: Any) -> Callable[[Callable[[], None]], Any]:
    """Make one of several functions that differ in ``given``, such as the number of spatial axes.

    What is decorated says the name and the docstring; ``factory(name, *given)`` returns the function, whose body and
    parameters are so written once.
    """

    def make(described: Callable[[], None]) -> Any:
        function = factory(described.__name__, *given)
        for name in ("__name__", "__qualname__", "__doc__", "__module__"):
            setattr(function, name, getattr(described, name))
        return function

    return make

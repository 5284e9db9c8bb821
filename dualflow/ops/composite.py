"""What ops that are written on other ops need in order to complain in their own name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dualflow.core import mode
from dualflow.core.errors import DualflowError, GraphError, Misfit, ShapeError
from dualflow.ops.array.create import asarray


class Speaking:
    """A context in which a Misfit becomes the error of the function ``op``, at the user's line."""

    def __init__(self, op: str, *operands: Any, **named: Any) -> None:
        self.op, self.operands, self.named = op, operands, named

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        if isinstance(error, Misfit):
            raise refuse(self.op, error.reason, *self.operands, kind=error.kind, **self.named) from None


def refuse(
    op: str, reason: str, *operands: Any, kind: type[DualflowError] = ShapeError, hint: str = "", **named: Any
) -> DualflowError:
    """Make the error of a function that is no card: it names the function, its operands and the user's line.

    Operands without a name are ``x``, or counted where there are several; a named one that is None is left out.
    """
    listed = [(f"#{i}" if len(operands) > 1 else "x", x) for i, x in enumerate(operands)]
    listed += [(name, x) for name, x in named.items() if x is not None]
    return kind(f"{op}: {reason}", operands=listed, hint=hint)


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
        reason = "the shape of the result depends on values, which a graph does not know"
        raise refuse(name, reason, x, kind=GraphError, hint=instead)
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

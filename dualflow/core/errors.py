"""Every error dualflow raises on purpose, and the one form of its text.

First line: the op and what is wrong with its shapes or dtypes; it is the same in both worlds.
Then one line per operand, then the user's own line, then the way out. This file knows how a
mistake is reported; it does not know how one is found.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dualflow.core.site import Site, describe, user_site


class _Here:
    """The user's line that is running now."""


HERE = _Here()


class DualflowError(Exception):
    """Any mistake that dualflow explains, in one form: what is wrong, the operands, the user's line, the way out.

    ``operands``: (name, value) pairs, a line each. ``site``: the user's line, by default the one that is running; None
    where no line is to blame. ``values``: under ``df.debug()``, a mapping from the symbols that a run or a trace had
    computed to NumPy values.

    >>> df.errors.ShapeError("stack: the shapes differ", operands=[("a", df.ones(2))], site=None, hint="reshape first")
    ShapeError('stack: the shapes differ\\n  a: float32 of shape (2,)\\n  reshape first')
    """

    site: Site | None = None
    values: Mapping[Any, Any] | None = None

    def __init__(
        self,
        headline: str = "",
        *,
        operands: Sequence[tuple[str, Any]] = (),
        site: Site | _Here | None = HERE,
        hint: str = "",
    ) -> None:
        self.site = user_site() if isinstance(site, _Here) else site
        lines = [headline, *(f"  {name}: {sketch(value)}" for name, value in operands)]
        if self.site is not None:
            lines.append(f"  at {describe(self.site)}")
        if hint:
            lines.append(f"  {hint}")
        super().__init__("\n".join(lines))

    def __reduce__(self) -> tuple[Any, ...]:
        return _whole, (type(self), str(self))  # the text as it is; a line of code does not travel


def _whole(kind: type[DualflowError], text: str) -> DualflowError:
    return kind(text, site=None)


class ShapeError(DualflowError, ValueError):
    """Shapes that do not fit together."""


class DTypeError(DualflowError, TypeError):
    """An element type that the op does not take."""


class OutOfRangeError(DualflowError, IndexError):
    """An index beyond the end of its axis."""


class SingularError(DualflowError, ArithmeticError):
    """A matrix that the op cannot invert or factor."""


class NumericsError(DualflowError, ArithmeticError):
    """A NaN or an infinity, at the op that made it; raised only under ``df.check_numerics()``."""


class ExecutionError(DualflowError, RuntimeError):
    """A compiled program that could not be run; the compiler's own error is the cause."""


class SymbolicValueError(DualflowError, TypeError):
    """A symbol was used where only a value will do."""


class GraphError(DualflowError, ValueError):
    """A graph was put together or asked for wrongly."""


class FeedError(GraphError):
    """A placeholder was fed wrongly, or not at all."""


class UninitializedError(DualflowError, RuntimeError):
    """A variable was read before it had a value."""


class SessionError(DualflowError, RuntimeError):
    """A session was used after it was closed."""


class GradientError(DualflowError, RuntimeError):
    """A gradient was asked for that cannot be given."""


class InPlaceError(GradientError):
    """A value that the backward pass needs was changed in place."""


class LintWarning(UserWarning):
    """Something legal and hardly meant. ``code``: its kind, the first word; ``finding``: it as data, with its line."""

    code: str = ""
    finding: Any = None


class Misfit(Exception):
    """What a shape or dtype rule raises: the bare reason, before op and operands are known."""

    def __init__(self, reason: str, kind: type[DualflowError] = ShapeError) -> None:
        super().__init__(reason)
        self.reason = reason
        self.kind = kind


def sketch(value: Any) -> str:
    """Describe an operand in a few words: dtype, shape and name, or the Python value."""
    shape = getattr(value, "shape", None)
    dtype = getattr(value, "dtype", None)
    if dtype is None:
        text = repr(value)
        return f"{type(value).__name__} {text if len(text) <= 60 else text[:57] + '...'}"
    name = getattr(value, "name", None)
    size = "unknown shape" if shape is None else f"shape {format_shape(shape)}"
    return f"{dtype} of {size}" + (f", named {name!r}" if isinstance(name, str) and name else "")


def format_shape(shape: Sequence[int | None]) -> str:
    """Write a shape as Python writes tuples, with ``None`` for a dimension not yet known."""
    return "(" + ", ".join(str(n) for n in shape) + ("," if len(shape) == 1 else "") + ")"

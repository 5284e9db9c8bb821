"""The vocabulary as a table: every public op with its signature, its kernels and whether a gradient flows through it.

Read off the cards and the facade at the time of asking; nothing is written down twice. Of a plain function over cards
it tells which cards it is composed of.
"""

from __future__ import annotations

import dis
import functools
import inspect
import types
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from dualflow.core.names import SPACES
from dualflow.core.op import VOCABULARY, Op


class Row(NamedTuple):
    """One public op. ``numpy`` and ``jax`` say what computes it in each world; ``cards`` what it is composed of."""

    op: str
    signature: str
    chapter: str
    numpy: str
    jax: str
    differentiable: bool
    summary: str
    cards: tuple[str, ...]
    function: Callable[..., Any]


class Rows(list[Row]):
    """The rows of the table; ``str`` lays them out in columns."""

    def __repr__(self) -> str:
        heads = ("op", "chapter", "NumPy kernel", "JAX kernel", "gradient", "what it does")
        cells = [(r.op, r.chapter, r.numpy, r.jax, "yes" if r.differentiable else "–", r.summary) for r in self]
        widths = [min(40, max(len(row[i]) for row in [heads, *cells])) for i in range(5)]
        lines = ["  ".join(f"{cell:<{width}.{width}}" for cell, width in zip(heads, [*widths, 40], strict=True))]
        lines += ["  ".join([*(f"{c:<{w}.{w}}" for c, w in zip(row, widths, strict=False)), row[5]]) for row in cells]
        return "\n".join(line.rstrip() for line in lines)

    __str__ = __repr__


def public() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Yield the public ops as they are called (``linalg.inv``), each function under its first name."""
    seen: set[int] = set()
    for space, functions in SPACES.items():
        for name, function in sorted(functions.items()):
            if id(function) not in seen:
                seen.add(id(function))
                yield name if space == "df" else f"{space}.{name}", function


def cards_of(function: Callable[..., Any], seen: set[int] | None = None) -> list[Op]:
    """Return the cards that a function reaches by name: itself, or those that it is composed of, in order."""
    outermost, seen = seen is None, set() if seen is None else seen
    own = getattr(function, "op", None)
    if isinstance(own, Op):
        return [own]
    code = getattr(function, "__code__", None)
    if code is None or id(function) in seen or not function.__module__.startswith("dualflow."):
        return []
    seen.add(id(function))
    found: dict[str, Op] = {}
    reached: list[Any] = [cell.cell_contents for cell in function.__closure__ or ()]
    for names in _codes(code):
        modules: list[types.ModuleType] = []
        for name in names:
            value = function.__globals__.get(name)
            if isinstance(value, types.ModuleType) and value.__name__.startswith("dualflow.ops"):
                modules.append(value)
            elif value is None:  # an attribute: of a module named before it, or a method named as an op
                value = next((vars(m)[name] for m in modules if name in vars(m)), None) or VOCABULARY.get(name)
            reached.append(getattr(value, "call", value))
    for value in reached:
        if isinstance(value, types.FunctionType):
            for card in cards_of(value, seen):
                found[card.name] = card
    if outermost and not found and any(step.opname == "BINARY_SUBSCR" for step in dis.get_instructions(code)):
        found["getitem"] = VOCABULARY["getitem"]
    return list(found.values())


def _codes(code: types.CodeType) -> Iterator[tuple[str, ...]]:
    yield code.co_names
    for const in code.co_consts:
        if isinstance(const, types.CodeType):
            yield from _codes(const)


def kernel_name(op: Op, world: str) -> str:
    """Return what computes a card in a world: a function of NumPy or JAX by name, or the card's own body."""
    kernel = op.kernels.get(world)
    if kernel is None or isinstance(kernel, functools.partial):
        names = op.body.__code__.co_names
        return f"{'np' if world == 'numpy' else 'jnp'}.{names[0]}" if len(names) == 1 else "one body for both"
    module = (getattr(kernel, "__module__", None) or "numpy").partition(".")[0]
    if module == "dualflow":
        return "a kernel of its own"
    name = getattr(kernel, "__name__", type(kernel).__name__)
    return f"np.{name}" if module == "numpy" else name.replace("jax.numpy.", "jnp.")


def table() -> Rows:
    """List every public op: signature, chapter, what computes it in each world, gradient or not, first line.

    >>> row = next(row for row in df.ops.table() if row.op == "tanh")
    >>> row.chapter, row.numpy, row.jax, row.differentiable
    ('math.elementwise', 'np.tanh', 'jnp.tanh', True)
    """
    rows = Rows()
    for name, function in public():
        cards = cards_of(function)
        own = getattr(function, "op", None)
        composed = "composed" if cards else "Python"
        summary = (inspect.getdoc(function) or "").partition("\n")[0]
        rows.append(
            Row(
                name,
                str(inspect.signature(function)),
                function.__module__.removeprefix("dualflow.").removeprefix("ops."),
                kernel_name(own, "numpy") if own else composed,
                "drawn by NumPy" if own and own.host else kernel_name(own, "jax") if own else composed,
                any(card.differentiable for card in cards),
                summary,
                () if own else tuple(card.name for card in cards),
                function,
            )
        )
    return rows


def inner() -> list[str]:
    """Return the cards without a public function: what gradient rules and composites are written with.

    >>> "sum_like" in df.ops.inner()
    True
    """
    shown = {row.function.op.name for row in table() if hasattr(row.function, "op")}
    return sorted(set(VOCABULARY) - shown)

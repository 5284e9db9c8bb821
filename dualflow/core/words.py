"""What the array API standard and PyTorch call one argument, and which functions mean something else in each.

One rule: functions mean what the standard says and methods what PyTorch's do, and a word of the other library
(``axis``, ``keepdims``; ``dim``, ``keepdim``) calls for that library's meaning. Nothing here runs unless a call
uses a word that its function does not have.
"""

from __future__ import annotations

import functools
import types
from collections.abc import Callable, Iterable, Mapping
from typing import Any

SYNONYMS: dict[str, tuple[str, ...]] = {
    "dim": ("axis", "axes"),
    "dims": ("axis", "axes", "repetitions"),
    "axis": ("dim", "axes", "dims"),
    "axes": ("dims", "axis"),
    "dim0": ("axis0", "axis1"),
    "dim1": ("axis1", "axis2"),
    "dim2": ("axis2",),
    "ddof": ("correction",),
    "keepdim": ("keepdims",),
    "keepdims": ("keepdim",),
    "input": ("x", "a", "logits", "data", "p", "rates", "weights"),
    "x": ("input",),
    "A": ("x", "a"),
    "B": ("b",),
    "tensors": ("arrays",),
    "other": ("b",),
    "vec2": ("b",),
    "mat2": ("b",),
    "end": ("stop",),
    "steps": ("num",),
    "size": ("shape",),
    "shifts": ("shift",),
    "diagonal": ("k",),
    "k": ("diagonal",),
    "index": ("indices",),
    "indices": ("indices_or_sections",),
    "sections": ("indices_or_sections",),
    "split_size": ("split_size_or_sections",),
    "repeats": ("repetitions",),
    "reps": ("repetitions",),
    "value": ("src",),
    "min": ("low",),
    "max": ("high",),
    "exponent": ("b",),
    "N": ("n",),
    "row": ("rows",),
    "col": ("columns",),
    "offset": ("k",),
    "sorted_sequence": ("x1",),
    "values": ("x2",),
}
"""For a word that a function does not have: what it may be called there, in the order in which they are tried."""

_SPOKEN = {mine for names in SYNONYMS.values() for mine in names}


def translate(name: str, params: Mapping[str, Any], known: Iterable[str]) -> dict[str, Any]:
    """Rename the keyword arguments that ``known`` lacks. Raises TypeError when two mean one argument."""
    known = tuple(known)
    found: dict[str, Any] = {}
    for word, value in params.items():
        mine = word if word in known else _meant(word, known)
        if mine in found:
            raise TypeError(f"{name}() got two values for {mine!r}, under two of its names")
        found[mine] = value
    return found


@functools.lru_cache(maxsize=1 << 12)  # x.sum(dim=1) takes 1 µs less
def _meant(word: str, known: tuple[str, ...]) -> str:
    return next((mine for mine in SYNONYMS.get(word, ()) if mine in known), word)


def words(function: Callable[..., Any]) -> tuple[str, ...]:
    """Return what a function calls its arguments."""
    op = getattr(function, "op", None)
    if op is not None:
        return (*op.tensors, *op.defaults)
    code = function.__code__
    return code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]


def bilingual(function: Callable[..., Any], other: Callable[..., Any] | None = None) -> Callable[..., Any]:
    """Have ``function`` understand both libraries' words; ``other`` is what the other library means by the name.

    Asking costs nothing while ``function`` knows every keyword: only its refusal is looked into.
    """
    known = frozenset(words(function))
    theirs = frozenset() if other is None else frozenset(words(other))
    alone = theirs - known

    @functools.wraps(function)
    def call(*args: Any, **params: Any) -> Any:
        if params and other is not None and not alone.isdisjoint(params):
            params = params if params.keys() <= theirs else translate(function.__name__, params, theirs)
            return other(*args, **params)
        try:
            return function(*args, **params)
        except TypeError:
            if params.keys() <= known:
                raise
        return function(*args, **translate(function.__name__, params, known))  # the refused call had not begun

    return call


def pair(chapter: types.ModuleType, theirs: Callable[..., Any]) -> Callable[..., Any]:
    """Lead from the chapter's function of that name to PyTorch's meaning of it, and back: return the way back."""
    mine = getattr(chapter, theirs.__name__)
    setattr(chapter, theirs.__name__, bilingual(mine, theirs))
    return bilingual(theirs, mine)


def teach(chapter: types.ModuleType) -> None:
    """Make every public function over cards in ``chapter`` bilingual; the cards are so themselves."""
    for name, function in list(vars(chapter).items()):
        if (
            isinstance(function, types.FunctionType)
            and function.__module__ == chapter.__name__
            and not (name.startswith("_") or hasattr(function, "op") or _SPOKEN.isdisjoint(words(function)))
        ):
            setattr(chapter, name, bilingual(function))

"""What libraries call one argument: a function has one word for it, and says which when it is given another.

``df`` has the words of the array API standard. PyTorch's are understood by tensors' methods and by ``dualflow.torch``,
in which they are renamed before the function is called.
"""

from __future__ import annotations

import functools
import inspect
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
    "input": ("self", "x", "a", "logits", "data", "p", "rates", "weights"),
    "input1": ("a",),
    "input2": ("b",),
    "x": ("input",),
    "x1": ("a",),
    "x2": ("b",),
    "obj": ("data",),
    "A": ("x", "a"),
    "B": ("b",),
    "tensors": ("arrays",),
    "tensor": ("b",),
    "other": ("b",),
    "vec": ("b",),
    "vec1": ("a",),
    "vec2": ("b",),
    "mat": ("a",),
    "mat1": ("a",),
    "mat2": ("b",),
    "batch1": ("a",),
    "batch2": ("b",),
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
"""A word for an argument → what a function may call the same here, in the order in which they are tried."""

STANDARD = frozenset({"axis", "axes", "keepdims", "ddof", "reps", "repeats", "x", "x1", "x2"})
"""The words above that are not PyTorch's own."""

_RENAMED: dict[Callable[..., Any], tuple[Callable[..., Any], dict[str, str]]] = {}


def parameters(function: Callable[..., Any]) -> tuple[str, ...]:
    """Return what a function calls its arguments."""
    function = inspect.unwrap(function)
    op = getattr(function, "op", None)
    if op is not None:
        return (*op.tensors, *op.defaults)
    code = function.__code__
    return code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]


def unknown(name: str, given: Iterable[str], known: Iterable[str]) -> TypeError | None:
    """Make the error for the first argument that ``known`` lacks and another library has; None if there is none."""
    known = tuple(known)
    for word in given:
        if word not in known:
            mine = synonyms(known).get(word)
            if mine is None:
                return None
            theirs = "" if word in STANDARD else f" (in dualflow.torch, {word!r})"
            return TypeError(f"{name}() has no argument {word!r}; here it is {mine!r}{theirs}")
    return None


@functools.cache
def synonyms(known: tuple[str, ...]) -> Mapping[str, str]:
    """Return {word: ours} for the words of ``SYNONYMS`` that stand for one of ``known``, and are none of them.

    ``import dualflow`` asks for 280 functions, of which 132 have the parameters of another: they share the answer.
    """
    found: dict[str, str] = {}
    for word, names in SYNONYMS.items():
        if word not in known:
            for name in names:
                if name in known:
                    found[word] = name
                    break
    return found


def understood(function: Callable[..., Any]) -> Mapping[str, str]:
    """Return {word: ours} for what a function under PyTorch's words takes beyond its own."""
    return _RENAMED[function][1] if function in _RENAMED else synonyms(parameters(function))


def explained(function: Callable[..., Any]) -> Callable[..., Any]:
    """Have a function over cards say what it calls an argument that it was given by another library's word.

    Asking costs 0.14 µs a call, 0.23 with a keyword, while it knows every word: only its refusal is looked into.
    """
    known, name = parameters(function), function.__name__
    if not any(mine in known for names in SYNONYMS.values() for mine in names):
        return function

    @functools.wraps(function)
    def call(*args: Any, **params: Any) -> Any:
        try:
            return function(*args, **params)
        except TypeError:
            error = unknown(name, params, known)
            if error is None:
                raise
        raise error

    return call


def renamed(
    function: Callable[..., Any], words: Mapping[str, str] | None = None, defaults: Mapping[str, Any] | None = None
) -> Callable[..., Any]:
    """Return ``function`` under PyTorch's words: {their word: ours}, by default those of ``SYNONYMS``, and defaults.

    The function itself where it has them already. A card's is called without its door between: ``x.sum()`` costs no
    more than ``df.sum(x)``, and what is recorded finds the user's line as many frames up.
    """
    if function in _RENAMED:  # one frame, not two
        function, before = _RENAMED[function]
        words = {**before, **(words or {})}
    names = {**synonyms(parameters(function)), **(words or {})}
    if not names and not defaults:
        return function
    given, name = dict(defaults or {}), function.__name__
    op = getattr(function, "op", None)
    if op is not None and function is not op.call:  # what wraps a card does more than it
        op = None

    def ours(params: dict[str, Any]) -> dict[str, Any]:
        found = given.copy()
        for word, value in params.items():
            mine = names.get(word, word)
            if mine in found and mine not in given:
                raise TypeError(f"{name}() got two values for {mine!r}, under two of its names")
            found[mine] = value
        return found

    call: Any
    if op is None:

        def call(*args: Any, **params: Any) -> Any:
            return function(*args, **(ours(params) if params or given else params))

    elif op.defaults or op.variadic or op.optional:

        def call(*args: Any, **params: Any) -> Any:
            return op.carry(*args, **(ours(params) if params or given else params))

    else:

        def call(*args: Any, **params: Any) -> Any:
            if params:
                args, _ = op.bind(args, ours(params))
            return op.carry(*args)

    functools.update_wrapper(call, function, updated=())
    _RENAMED[call] = function, names
    return call

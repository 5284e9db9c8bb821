"""NaN and infinity: which op made one first, and how that is reported.

The rule: an op is the first to go wrong when its result holds a NaN, or an infinity though all its operands are finite;
infinities that the user put in (masks of -inf, initial values of a maximum) pass on as infinities. What stands inside
the arguments of a ``where`` may go wrong, because that is where it is chosen away; its gradient may not.

This file knows arrays and cards. It knows no world: each shows it what it has computed, while ``df.check_numerics()``
is on.
"""

from __future__ import annotations

import ast
import functools
import linecache
import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from dualflow.autodiff.several import all_of
from dualflow.core.errors import NumericsError, sketch
from dualflow.core.explain import operand_name
from dualflow.core.site import Site, describe, user_site


def check(op: Any, values: Sequence[Any], params: dict[str, Any], y: Any, site: Site | None, names: Any = ()) -> None:
    """Raise NumericsError if ``op`` made ``y``, an array, go wrong; ``site`` is the user's line, by default now."""
    if bad(y) and not excused(values, params, y) and not chosen_away(site := site or user_site()):
        raise forward(op, values, y, site, names)


def check_gradient(
    op: Any,
    g: Any,
    y: Any,
    values: Sequence[Any],
    params: dict[str, Any],
    edges: Sequence[Any],
    site: Site | None,
    here: Site | None = None,
) -> None:
    """Raise NumericsError if a gradient rule of ``op``, run here on arrays, makes a gradient go wrong.

    ``edges`` is not None where an operand's gradient is wanted; ``site`` is the line of the op itself, ``here`` that of
    the backward pass; both are now by default.
    """
    gs, ys = [one for one in all_of(g) if one is not None], all_of(y)
    for one in gs:
        if bad(one) and not excused((*ys, *values), params, one):
            raise backward(op, None, one, ys[0], values, one, (site, here))
    rules = op.array_rules or op.on_arrays()
    for i, edge in enumerate(edges):
        rule = rules[0 if op.variadic else i]
        if edge is None or rule is None:
            continue
        part = rule(i, g, y, *values, **params) if op.variadic else rule(g, y, *values, **params)
        if part is not None and bad(part) and not excused((*gs, *ys, *values), params, part):
            raise backward(op, i, gs[0], ys[0], values, part, (site, here))


def bad(x: Any) -> bool:
    """Return whether an array holds a NaN or an infinity."""
    return x.dtype.kind in "fc" and not np.isfinite(x).all()


def excused(values: Sequence[Any], params: dict[str, Any], y: Any) -> bool:
    """Return whether a result has infinities only, and an operand, a number or a static parameter has one too."""
    return not np.isnan(y).any() and any(map(infinite, (*values, *params.values())))


def infinite(x: Any) -> bool:
    """Return whether an operand or a parameter holds an infinity."""
    if isinstance(x, float):
        return math.isinf(x)
    return getattr(getattr(x, "dtype", None), "kind", "") in ("f", "c") and bool(np.isinf(x).any())


def chosen_away(site: Site | None) -> bool:
    """Return whether the call at ``site`` stands inside the arguments of a call of ``where``, in the source."""
    if site is None:
        return False
    code, offset = site
    first, last, column, end = list(code.co_positions())[offset // 2]
    if first is None or last is None or column is None or end is None:
        return False
    return any(a <= (first, column) and (last, end) <= b and (a, b) != ((first, column), (last, end))
               for a, b in _choices(code.co_filename))  # fmt: skip


@functools.lru_cache(maxsize=64)
def _choices(file: str) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Return where the calls of ``where`` in a source file start and end: (line, column in bytes)."""
    try:
        tree = ast.parse("".join(linecache.getlines(file)))
    except SyntaxError:  # a notebook's magic, or a file that has changed since
        return []
    return [
        ((call.lineno, call.col_offset), (call.end_lineno or 0, call.end_col_offset or 0))
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and getattr(call.func, "attr", getattr(call.func, "id", "")) == "where"
    ]


# ------------------------------------------------------------------------------------------------ what is reported


def forward(op: Any, values: Sequence[Any], y: Any, site: Site | None, names: Sequence[str] = ()) -> Exception:
    """Make the error for an op whose result went wrong."""
    came = [operand_name(op, i) for i, x in enumerate(values) if _nan(x)]
    verb = f"passes on what came in with {' and '.join(came)}:" if came else "makes"
    lines = [f"{op.name}: {verb} {census(y)}", *_listed(op, values, names), *_there(op, values, y)]
    hint = f"look at where {came[0]} comes from" if came else HINTS.get(op.name) or _overflow(y)
    return NumericsError("\n".join(lines), site=site, hint=hint)


def backward(op: Any, i: int | None, g: Any, y: Any, values: Sequence[Any], part: Any, sites: Any) -> Exception:
    """Make the error for a gradient that went wrong at ``op``: that of operand ``i``, or None, what reached it.

    ``sites``: the lines of the op and of the backward pass.
    """
    given = [("gradient", g), ("result", y)]
    if i is None:
        head = f"backward: the gradient that reaches {op.name} holds {census(part)}"
        hint = "it was given so, or gradients overflow where several are added"
    else:
        head = f"backward: the gradient of {op.name} for {operand_name(op, i)} makes {census(part)}"
        hint = _slope(op, g, values, part)
    lines = [head, *(f"  {name}: {span(x)}" for name, x in given), *_listed(op, values)]
    lines += _there(op, [g, *values], part, ["gradient", *(operand_name(op, j) for j in range(len(values)))])
    here = sites[1] or user_site()
    site = sites[0] or here
    if here is not None and here != site:
        hint = f"in the backward pass at {describe(here)}\n  {hint}"
    return NumericsError("\n".join(lines), site=site, hint=hint)


def census(y: Any) -> str:
    """Count what is wrong with an array, and say where it is first.

    >>> census(np.array([1.0, np.nan, np.inf]))
    '1 NaN and 1 inf among 3 elements, the first at [1]'
    """
    counts = {"NaN": np.isnan(y).sum(), "inf": np.isposinf(y.real).sum(), "-inf": np.isneginf(y.real).sum()}
    if y.dtype.kind == "c":
        counts = {"NaN": np.isnan(y).sum(), "infinite": np.isinf(y).sum()}
    found = " and ".join(f"{n} {name}" for name, n in counts.items() if n)
    where = f", the first at {list(_first(y))}" if np.ndim(y) else ""
    return f"{found} among {np.size(y)} element{'s' * (np.size(y) != 1)}{where}"


def span(x: Any) -> str:
    """Describe an operand: dtype, shape, and between which numbers its finite values lie.

    >>> span(np.array([0.5, 2.0, -np.inf], np.float32))
    'float32 of shape (3,), from 0.5 to 2.0, and 1 not finite'
    """
    text = sketch(x)
    if getattr(x, "dtype", None) is None or x.dtype.kind not in "fiu" or not np.size(x):
        return text
    kept = x[np.isfinite(x)] if np.ndim(x) else np.atleast_1d(x)[np.isfinite(np.atleast_1d(x))]
    text += f", from {kept.min()!s} to {kept.max()!s}" if kept.size else ""
    wrong = np.size(x) - kept.size
    return text + (f", and {wrong} not finite" if wrong else "")


def _nan(x: Any) -> bool:
    return (isinstance(x, float) or getattr(getattr(x, "dtype", None), "kind", "") in ("f", "c")) and bool(
        np.isnan(x).any()
    )


def _first(y: Any) -> tuple[int, ...]:
    return tuple(int(n) for n in np.argwhere(~np.isfinite(y))[0])


def _listed(op: Any, values: Sequence[Any], names: Sequence[str] = ()) -> list[str]:
    called = [*names, *[""] * (len(values) - len(names))]
    return [
        f"  {operand_name(op, i)}: {span(x)}" + (f", named {name!r}" if name else "")
        for i, (x, name) in enumerate(zip(values, called, strict=True))
        if x is not None
    ]


def _there(op: Any, values: Sequence[Any], y: Any, names: Sequence[str] = ()) -> list[str]:
    """Quote the operands at the first bad place, for an op that goes element by element."""
    place, shape = _first(y), np.shape(y)
    quoted = []
    for i, x in enumerate(values):
        if not hasattr(x, "dtype") or not shape:
            continue
        try:
            value = np.broadcast_to(x, shape)[place]
        except ValueError:
            return []
        quoted.append(f"{names[i] if names else operand_name(op, i)} = {value!s}")
    return [f"  there: {', '.join(quoted)}"] if quoted else []


def _overflow(y: Any) -> str:
    if np.isnan(y).any():
        return "it is made of finite operands: look at their values above"
    return f"{y.dtype} ends at {np.finfo(y.dtype).max:.3g}: make the operands smaller, or use a wider dtype"


def _slope(op: Any, g: Any, values: Sequence[Any], part: Any) -> str:
    try:
        off = np.broadcast_to(g, np.shape(part))[_first(part)] == 0
    except ValueError:
        off = False
    if off:
        return (
            "0 · inf: a `where` after the op stops the value but not the slope; choose before it instead, "
            f"as in {op.name}(where(ok, x, 1))"
        )
    return SLOPES.get(op.name) or HINTS.get(op.name) or _overflow(part)


_LOG = "log of 0 is -inf, of a negative number NaN: clip the operand, as in log(maximum(x, 1e-12))"
_DIVIDE = "x/0 is infinite and 0/0 NaN: add a small number to the divisor, or choose it with where(b != 0, b, 1)"
_EXP = "exp overflows above 11.1 in float16, 88.7 in float32, 709.8 in float64: subtract the maximum first, as \
softmax and logsumexp do, or clip"
_ROOT = "the root of a negative number is NaN: clip the operand at 0"
_UNIT = "it is defined from -1 to 1: clip the operand"
_SUM = "a sum of large numbers overflows: take the mean, scale down, or use a wider dtype"
_INF = "inf - inf and 0 · inf are NaN: look at which operand is infinite"

HINTS = {
    **dict.fromkeys(("log", "log2", "log10", "log1p", "xlogy"), _LOG),
    **dict.fromkeys(("divide", "reciprocal", "remainder", "floor_divide"), _DIVIDE),
    **dict.fromkeys(("exp", "exp2", "expm1", "sinh", "cosh"), _EXP),
    "sqrt": _ROOT,
    "rsqrt": f"{_ROOT}, and above it: 1/sqrt(0) is infinite",
    "power": "a negative number to a fraction is NaN, 0 to a negative power infinite: clip the base",
    **dict.fromkeys(("acos", "asin", "atanh", "erfinv"), _UNIT),
    "acosh": "it is defined from 1 on: clip the operand",
    **dict.fromkeys(("sum", "matmul", "square", "cumsum", "prod", "cumprod"), _SUM),
    **dict.fromkeys(("add", "subtract", "multiply"), f"{_INF}; of finite ones, the result overflows"),
    "mean": "the mean of no elements is NaN; a sum of large numbers overflows",
    "var": "the variance of no elements is NaN",
}
"""What to do about an op that went wrong, by its name."""

SLOPES = {
    "sqrt": "sqrt has an infinite slope at 0: add a small number inside, as in sqrt(x + 1e-12)",
    "power": "a power below 1 has an infinite slope at 0: add a small number to the base",
    "vector_norm": "add a small number inside: the norm has no slope at 0",
    "abs": "look at the gradient that comes in",
}
"""The same for gradient rules, where it is something else."""

"""Widening the axes of a tensor: with a value, or with what stands at their ends."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from typing import Any

import numpy as np

from dualflow.core import shapes
from dualflow.core.errors import DTypeError, Misfit, format_shape
from dualflow.core.op import primitive
from dualflow.ops.array.create import asarray
from dualflow.ops.composite import Speaking

MODES = {
    "constant": "constant",
    "reflect": "reflect",
    "replicate": "edge",
    "circular": "wrap",
    "symmetric": "symmetric",
}


def _padded(x: Any, *, widths: Any, mode: str, value: Any = 0) -> Any:
    """Widen each axis by a pair of ``widths``."""
    shape = shapes.of(x)
    if mode not in MODES:
        raise Misfit(f"there is no mode {mode!r}; there are {', '.join(MODES)}")
    if len(widths) != len(shape):
        raise Misfit(f"{len(widths)} pairs of widths for the {len(shape)} axes of shape {format_shape(shape)}")
    for axis, (n, pair) in enumerate(zip(shape, widths, strict=True)):
        if len(pair) != 2 or any(not hasattr(w, "__index__") or w < 0 for w in pair):
            raise Misfit(f"the widths of axis {axis} are two integers of at least 0, not {pair!r}")
        if n is None or mode == "constant" or not any(pair):
            continue
        limit = n - 1 if mode == "reflect" else n
        if max(pair) > limit and mode != "replicate" or n == 0:
            raise Misfit(f"axis {axis} of size {n} can be padded by at most {max(limit, 0)} with mode {mode!r}")
    return tuple(None if n is None else low + n + high for n, (low, high) in zip(shape, widths, strict=True))


@primitive(shape=_padded, name="pad")
def _pad(xp: Any, x: Any, *, widths: Any, mode: str = "constant", value: Any = 0) -> Any:
    """Widen each axis by ``widths``, a pair (before, after) for each: the primitive behind ``pad``.

    >>> from dualflow.core.op import VOCABULARY
    >>> VOCABULARY["pad"].call(df.tensor([1, 2]), widths=((1, 0),))
    tensor([0, 1, 2])
    """
    _padded(x, widths=widths, mode=mode)
    if mode != "constant":
        return xp.pad(x, widths, MODES[mode])
    out = xp.full(tuple(low + n + high for n, (low, high) in zip(x.shape, widths, strict=True)), value, x.dtype)
    core = tuple(slice(low, low + n) for n, (low, high) in zip(x.shape, widths, strict=True))
    if xp is np:
        out[core] = x
        return out
    return out.at[core].set(x)


def _unpadded(g: Any, x: Any, *, widths: Any, mode: str) -> Any:
    """Fit ``g`` to ``x`` padded."""
    wanted, given = _padded(x, widths=widths, mode=mode), shapes.of(g)
    if not shapes.agree(given, wanted):
        raise Misfit(f"what was padded has shape {format_shape(wanted)}, not {format_shape(given)}")
    return shapes.of(x)


@primitive(shape=_unpadded, dtype="first", promotes=(0,))
def unpad_like(xp: Any, g: Any, x: Any, *, widths: Any, mode: str = "constant") -> Any:
    """Undo a padding of ``x``: each element gets the sum over the places it was copied to.

    >>> from dualflow.ops.array.padding import unpad_like
    >>> unpad_like(df.ones(4), df.zeros(2), widths=((1, 1),), mode="replicate")
    tensor([2., 2.])
    """
    _unpadded(g, x, widths=widths, mode=mode)
    for axis, (low, high) in enumerate(widths):
        n = x.shape[axis]
        rows = xp.moveaxis(g, axis, 0)
        core = rows[low : low + n]
        if mode != "constant" and low + high:
            core = core + 0
            for at in (*range(-low, 0), *range(n, n + high)):
                if xp is np:
                    core[source(at, n, mode)] += rows[at + low]
                else:
                    core = core.at[source(at, n, mode)].add(rows[at + low])
        g = xp.moveaxis(core, 0, axis)
    return g + 0


def source(at: int, n: int, mode: str) -> int:
    """Return which of ``n`` elements stands at the place ``at`` outside them."""
    if mode == "replicate":
        return 0 if at < 0 else n - 1
    if mode == "circular":
        return at % n
    edge = 0 if mode == "reflect" else 1
    return -at - edge if at < 0 else 2 * n - 2 + edge - at


_pad.vjp(x=lambda g, y, x, *, widths, mode, value: unpad_like(g, x, widths=widths, mode=mode), reads="")
unpad_like.vjp(g=lambda g, y, g0, x, *, widths, mode: _pad(g, widths=widths, mode=mode), reads="")


def pad(x: Any, padding: Sequence[int], mode: str = "constant", value: Any = 0) -> Any:
    """Widen the last axes: ``padding`` lists (before, after) for the last axis, then for the one before it, and so on.

    ``mode``: "constant" fills with ``value``; "reflect", "replicate", "circular" and "symmetric" repeat what is there.
    Negative widths cut. Raises ShapeError when there is not enough to repeat.

    >>> df.nn.functional.pad(df.tensor([1, 2, 3]), (2, 1), "reflect")
    tensor([3, 2, 1, 2, 3, 2])
    """
    x = asarray(x)
    with Speaking("pad", x=x):
        try:
            listed = [operator.index(n) for n in padding]
        except TypeError:
            raise Misfit(f"widths are integers, not {padding!r}", DTypeError) from None
        if len(listed) % 2 or len(listed) > 2 * x.ndim:
            raise Misfit(f"{len(listed)} widths are not one pair for each of up to {x.ndim} axes")
        if mode not in MODES:
            raise Misfit(f"there is no mode {mode!r}; there are {', '.join(MODES)}")
        pairs = [(0, 0)] * (x.ndim - len(listed) // 2) + list(zip(listed[::2], listed[1::2], strict=True))[::-1]
        for n, (low, high) in zip(x.shape, pairs, strict=True):
            if n is not None and n + low + high < 0:
                raise Misfit(f"widths {low} and {high} cut more than the {n} elements of an axis")
    wide = tuple((max(low, 0), max(high, 0)) for low, high in pairs)
    value = value if mode == "constant" else 0
    if min(listed, default=0) >= 0:
        return _pad(x, widths=wide, mode=mode, value=value)
    cut = tuple(slice(max(-low, 0), min(high, 0) or None) for low, high in pairs)
    # what goes round is cut before, the rest after, as in PyTorch
    return (
        _pad(x[cut], widths=wide, mode=mode)
        if mode == "circular"
        else _pad(x, widths=wide, mode=mode, value=value)[cut]
    )

"""Shape rules of windows, convolutions and other layers, beside ``dualflow.core.shapes`` and by its conventions.

Channels come first, as in PyTorch: (batch, channels, *spatial). A spatial parameter is a tuple with a number for each
spatial axis, ``padding`` one of pairs (before, after).
"""

from __future__ import annotations

import operator
from collections.abc import Sequence
from typing import Any

from dualflow.core.errors import DTypeError, Misfit, format_shape
from dualflow.core.shapes import Shape, agree, elementwise, integral, normalize_axes, of


def spread(value: Any, rank: int, name: str, least: int = 1) -> tuple[int, ...]:
    """Return one integer for each of ``rank`` axes, out of one for all or of a sequence; raises Misfit."""
    given = tuple(value) if isinstance(value, Sequence) else (value,) * rank
    if len(given) == 1:
        given = given * rank
    try:
        sizes = tuple(operator.index(n) for n in given)
    except TypeError:
        raise Misfit(f"{name} is made of integers, not {value!r}", DTypeError) from None
    if len(sizes) != rank:
        raise Misfit(f"{name} {value!r} has {len(sizes)} numbers for {rank} spatial axes")
    if min(sizes, default=least) < least:
        raise Misfit(f"{name} must be at least {least}, not {value!r}")
    return sizes


def slid(
    size: Any, kernel: Any, stride: int, pad: tuple[int, int], dilation: int, axis: int = 0, ceil: bool = False
) -> Any:
    """Return how many windows of ``kernel`` fit along one axis."""
    if size is None or kernel is None:
        return None
    reach, room = dilation * (kernel - 1) + 1, size + pad[0] + pad[1]
    if room < reach:
        padded = f"{size} padded to {room}" if any(pad) else f"{size}"
        raise Misfit(f"a window that reaches over {reach} does not fit spatial axis {axis} of size {padded}")
    count = (room - reach + (stride - 1 if ceil else 0)) // stride + 1
    if ceil and (count - 1) * stride >= size + pad[0]:  # a window may not start in the padding after
        count -= 1
    return count


def _channels(x: Shape, weight: Shape, groups: int) -> None:
    """Raise unless the channels of ``x`` are those that ``weight`` (out, in / groups, …) takes."""
    if len(weight) < 3 or len(x) != len(weight):
        shown = f"{format_shape(x)} and {format_shape(weight)}"
        raise Misfit(f"x is (batch, channels, *spatial) and the weight (out, in / groups, *kernel), not {shown}")
    if groups < 1:
        raise Misfit(f"there is at least 1 group, not {groups}")
    if weight[0] is not None and weight[0] % groups:
        raise Misfit(f"{weight[0]} output channels cannot be divided into {groups} groups")
    if x[1] is not None and weight[1] is not None and x[1] != weight[1] * groups:
        of_groups = f" in each of {groups} groups" if groups > 1 else ""
        raise Misfit(
            f"x of shape {format_shape(x)} has {x[1]} channels; the weight of shape {format_shape(weight)} takes "
            f"{weight[1]}{of_groups}"
        )
    if 0 in weight[2:]:
        raise Misfit(f"a kernel of shape {format_shape(weight[2:])} is empty")


def convolve(x: Any, weight: Any, *, stride: Any, padding: Any, dilation: Any, groups: int) -> Shape:
    """Slide a weight (out, in / groups, *kernel) over ``x`` (batch, in, *spatial)."""
    shape, kernel = of(x), of(weight)
    _channels(shape, kernel, groups)
    rank = len(shape) - 2
    stride, dilation = spread(stride, rank, "stride"), spread(dilation, rank, "dilation")
    moved = zip(shape[2:], kernel[2:], stride, padding, dilation, range(rank), strict=True)
    return (shape[0], kernel[0], *(slid(*each) for each in moved))


def deconvolve(
    g: Any, weight: Any, like: Any = None, *, stride: Any, padding: Any, dilation: Any, groups: int
) -> Shape:
    """Undo ``convolve``: the shape of ``like``, or that of the smallest input that gives ``g``."""
    small, kernel = of(g), of(weight)
    if like is not None:
        made = convolve(like, weight, stride=stride, padding=padding, dilation=dilation, groups=groups)
        if not agree(made, small):
            raise Misfit(f"a gradient of shape {format_shape(small)} does not fit what is made, {format_shape(made)}")
        return of(like)
    if len(small) == len(kernel) > 2 and not agree(small[1:2], kernel[:1]):
        raise Misfit(f"x of shape {format_shape(small)} has {small[1]} channels; the weight takes {kernel[0]}")
    _channels((small[0], None, *small[2:]), kernel, groups)
    rank = len(small) - 2
    stride, dilation = spread(stride, rank, "stride"), spread(dilation, rank, "dilation")
    sizes = [
        None if n is None or k is None else (n - 1) * s - before - after + d * (k - 1) + 1
        for n, k, s, (before, after), d in zip(small[2:], kernel[2:], stride, padding, dilation, strict=True)
    ]
    if any(n is not None and n < 1 for n in sizes):
        raise Misfit(f"the result would be of size {format_shape(sizes)}; there is too much padding")
    return (small[0], None if kernel[1] is None else kernel[1] * groups, *sizes)


def weigh(g: Any, x: Any, weight: Any, *, stride: Any, padding: Any, dilation: Any, groups: int) -> Shape:
    """Correlate the gradient of a convolution with its input: the shape of ``weight``."""
    made = convolve(x, weight, stride=stride, padding=padding, dilation=dilation, groups=groups)
    if not agree(made, of(g)):
        raise Misfit(f"a gradient of shape {format_shape(of(g))} does not fit what is made, {format_shape(made)}")
    return of(weight)


# ----------------------------------------------------------------------------------------------------------- windows


def pooled(
    x: Any, *, kernel: Any, stride: Any, padding: Any, dilation: Any = 1, ceil: bool = False, **params: Any
) -> Shape:
    """Reduce the windows of ``x`` (…, *spatial)."""
    shape, rank = of(x), len(kernel)
    if len(shape) < rank:
        raise Misfit(f"windows over {rank} axes do not fit shape {format_shape(shape)}")
    kernel, stride = spread(kernel, rank, "the kernel's size"), spread(stride, rank, "stride")
    dilation = spread(dilation, rank, "dilation")
    at = len(shape) - rank
    moved = zip(shape[at:], kernel, stride, padding, dilation, range(rank), strict=True)
    return (*shape[:at], *(slid(n, k, s, pads, d, i, ceil) for n, k, s, pads, d, i in moved))


def pooled_full(x: Any, *, kernel: Any, padding: Any, **params: Any) -> Shape:
    """Reduce windows by an op that has no value for nothing: none may lie in the padding."""
    for k, pads in zip(kernel, padding, strict=True):
        if 2 * max(pads) > k:
            raise Misfit(f"padding {pads} must be at most half of the kernel's size, {k}")
    return pooled(x, kernel=kernel, padding=padding, **params)


def unpooled(g: Any, x: Any, **params: Any) -> Shape:
    """Undo ``pooled``: the shape of ``x``."""
    made = pooled(x, **params)
    if not agree(made, of(g)):
        raise Misfit(f"a gradient of shape {format_shape(of(g))} does not fit the windows, {format_shape(made)}")
    return of(x)


def picked(x: Any, places: Any, *, rank: int) -> Shape:
    """Pick elements at flat places within the last ``rank`` axes."""
    integral(places)
    shape, chosen = of(x), of(places)
    if len(shape) != len(chosen) or not agree(shape[: len(shape) - rank], chosen[: len(shape) - rank]):
        raise Misfit(f"places of shape {format_shape(chosen)} do not fit {format_shape(shape)}")
    return (*merge(shape[:-rank], chosen[:-rank]), *chosen[len(chosen) - rank :])


def merge(a: Shape, b: Shape) -> Shape:
    """Return what two shapes that agree tell together."""
    return tuple(n if m is None else m for m, n in zip(a, b, strict=True))


def put_back(g: Any, places: Any, x: Any, *, rank: int) -> Shape:
    """Undo ``picked``: the shape of ``x``."""
    if not agree(picked(x, places, rank=rank), of(g)):
        raise Misfit(f"a gradient of shape {format_shape(of(g))} does not fit places {format_shape(of(places))}")
    return of(x)


def columns(x: Any, *, kernel: Any, stride: Any, padding: Any, dilation: Any) -> Shape:
    """Write the windows of ``x`` (batch, channels, *spatial) as columns (batch, channels · window, windows)."""
    shape = of(x)
    if len(shape) != len(kernel) + 2:
        raise Misfit(f"x of shape {format_shape(shape)} is not (batch, channels) and {len(kernel)} spatial axes")
    made = pooled(x, kernel=kernel, stride=stride, padding=padding, dilation=dilation)
    return (made[0], times(made[1], *kernel), times(*made[2:]))


def times(*sizes: Any) -> Any:
    """Multiply sizes; None if one is not known."""
    result = 1
    for n in sizes:
        if n is None:
            return None
        result *= n
    return result


def uncolumns(g: Any, like: Any = None, *, size: Any, kernel: Any, stride: Any, padding: Any, dilation: Any) -> Shape:
    """Undo ``columns``: the shape of ``like``, or (batch, channels, *size)."""
    small = of(g)
    if like is not None:
        made = columns(like, kernel=kernel, stride=stride, padding=padding, dilation=dilation)
        if not agree(made, small):
            raise Misfit(f"columns of shape {format_shape(small)} do not fit the windows, {format_shape(made)}")
        return of(like)
    if len(small) != 3:
        raise Misfit(f"columns are (batch, channels · window, windows), not of shape {format_shape(small)}")
    window = times(*spread(kernel, len(kernel), "the kernel's size"))
    if small[1] is not None and small[1] % window:
        raise Misfit(f"{small[1]} rows of columns cannot be divided into windows of {window} elements")
    moved = zip(size, kernel, stride, padding, dilation, range(len(kernel)), strict=True)
    count = times(*(slid(*each) for each in moved))
    if not agree((count,), small[2:3]):
        raise Misfit(f"size {tuple(size)} has {count} windows; columns of shape {format_shape(small)} hold {small[2]}")
    return (small[0], None if small[1] is None else small[1] // window, *size)


# ------------------------------------------------------------------------------------------------ rows and classes


def looked_up(indices: Any, weight: Any) -> Shape:
    """Look rows of ``weight`` (rows, width) up."""
    integral(indices)
    if len(of(weight)) != 2:
        raise Misfit(f"a table to look up has two axes, not shape {format_shape(of(weight))}")
    return (*of(indices), of(weight)[1])


def looked_up_like(g: Any, indices: Any, weight: Any) -> Shape:
    """Undo ``looked_up``: the shape of ``weight``."""
    if not agree(looked_up(indices, weight), of(g)):
        raise Misfit(
            f"a gradient of shape {format_shape(of(g))} does not fit {format_shape(looked_up(indices, weight))}"
        )
    return of(weight)


def kept(x: Any, *, axis: Any, **params: Any) -> Shape:
    """Keep the shape, working over ``axis``: one or several."""
    normalize_axes(axis, len(of(x)))
    return of(x)


def likelihood(x: Any, target: Any, *rest: Any) -> Shape:
    """Compare predictions with targets, element by element; all broadcast."""
    return elementwise(x, target, *rest)

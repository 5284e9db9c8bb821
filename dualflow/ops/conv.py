"""Convolutions: three cards that are each other's gradients, whatever the number of spatial axes."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from dualflow.op import late, primitive
from dualflow.ops import sizes

XLA = late("jax.lax.conv_general_dilated")


@primitive(shape=sizes.convolve, dtype="amount", domain=("matrix", "matrix"))
def convolve(xp: Any, x: Any, weight: Any, *, stride: Any, padding: Any, dilation: Any, groups: int = 1) -> Any:
    """Slide ``weight`` over ``x``: the primitive behind ``conv1d``, ``conv2d`` and ``conv3d``.

    ``x``: (batch, in, *spatial). ``weight``: (out, in / groups, *kernel). The rest are tuples with an entry for each
    spatial axis; ``padding`` holds pairs (before, after), and a negative one cuts off.

    >>> import dualflow as df
    >>> from dualflow.ops.conv import convolve
    >>> convolve(df.ones(1, 1, 3), df.ones(1, 1, 2), stride=(1,), padding=((0, 1),), dilation=(1,))
    tensor([[[2., 2., 1.]]])
    """
    return XLA(x, weight, stride, padding, rhs_dilation=dilation, feature_group_count=groups)


@primitive(shape=sizes.deconvolve, dtype="amount", promotes=(0, 1), domain=("matrix", "matrix", "matrix"))
def deconvolve(
    xp: Any, g: Any, weight: Any, like: Any = None, *, stride: Any, padding: Any, dilation: Any, groups: int = 1
) -> Any:
    """Undo ``convolve``: spread each element of ``g`` by the weight; the primitive behind ``conv_transpose2d``.

    ``like``: what was convolved, for its shape; left out, the result has the smallest shape that gives that of ``g``.

    >>> import dualflow as df
    >>> from dualflow.ops.conv import deconvolve
    >>> deconvolve(df.ones(1, 1, 2), df.ones(1, 1, 2), stride=(1,), padding=((0, 0),), dilation=(1,))
    tensor([[[1., 2., 1.]]])
    """
    wanted = sizes.deconvolve(g, weight, like, stride=stride, padding=padding, dilation=dilation, groups=groups)
    turned, dims = weight, ("NCHW", "IOHW", "NCHW")
    rank = weight.ndim - 2
    if groups > 1:
        turned, dims = _swap_groups(weight, groups), ("NCHW", "OIHW", "NCHW")
    turned = xp.flip(turned, tuple(range(2, weight.ndim)))
    return XLA(
        g,
        turned,
        (1,) * rank,
        _undo_padding(g, weight, wanted, stride, padding, dilation),
        lhs_dilation=stride,
        rhs_dilation=dilation,
        dimension_numbers=tuple(_letters(d, rank) for d in dims),
        feature_group_count=groups,
    )


@primitive(shape=sizes.weigh, dtype="amount", promotes=(0, 1), domain=("matrix", "matrix", "matrix"))
def convolve_weight_like(
    xp: Any, g: Any, x: Any, weight: Any, *, stride: Any, padding: Any, dilation: Any, groups: int = 1
) -> Any:
    """Correlate ``g``, which has the shape that ``convolve`` gives, with ``x``: what the weight's gradient is.

    >>> import dualflow as df
    >>> from dualflow.ops.conv import convolve_weight_like
    >>> static = {"stride": (1,), "padding": ((0, 0),), "dilation": (1,)}
    >>> convolve_weight_like(df.ones(1, 1, 2), df.ones(1, 1, 3), df.zeros(1, 1, 2), **static)
    tensor([[[2., 2.]]])
    """
    rank = weight.ndim - 2
    reach = zip(weight.shape[2:], g.shape[2:], x.shape[2:], stride, padding, dilation, strict=True)
    return XLA(
        x,
        g,
        dilation,
        [(lo, (k - 1) * d + (m - 1) * s + 1 - n - lo) for k, m, n, s, (lo, _), d in reach],
        rhs_dilation=stride,
        dimension_numbers=tuple(_letters(d, rank) for d in ("CNHW", "IOHW", "CNHW")),
        batch_group_count=groups,
    )


def _letters(layout: str, rank: int) -> str:
    return layout[:2] + "DHW"[3 - rank :] if rank < 4 else layout[:2] + "0123456789"[:rank]


def _undo_padding(g: Any, weight: Any, wanted: Any, stride: Any, padding: Any, dilation: Any) -> list[tuple[int, int]]:
    """Return how to pad ``g``, its elements ``stride`` apart, so that convolving gives the shape ``wanted``."""
    reach = zip(weight.shape[2:], g.shape[2:], wanted[2:], stride, padding, dilation, strict=True)
    return [(d * (k - 1) - lo, n - (m - 1) * s - 1 + lo) for k, m, n, s, (lo, _), d in reach]


def _swap_groups(weight: Any, groups: int) -> Any:
    """Turn a weight (out, in / groups, …) into (in, out / groups, …), group by group."""
    out, part, *kernel = weight.shape
    split = weight.reshape(groups, out // groups, part, *kernel).swapaxes(1, 2)
    return split.reshape(groups * part, out // groups, *kernel)


# ----------------------------------------------------------------------------------------------------------- gradients

convolve.vjp(
    x=lambda g, y, x, weight, **static: deconvolve(g, weight, x, **static),
    weight=lambda g, y, x, weight, **static: convolve_weight_like(g, x, weight, **static),
)
deconvolve.vjp(
    g=lambda g, y, g0, weight, like, **static: convolve(g, weight, **static),
    weight=lambda g, y, g0, weight, like, **static: convolve_weight_like(g0, g, weight, **static),
    like=("like",),
)
convolve_weight_like.vjp(
    g=lambda g, y, g0, x, weight, **static: convolve(x, g, **static),
    x=lambda g, y, g0, x, weight, **static: deconvolve(g0, g, x, **static),
    like=("weight",),
)


# -------------------------------------------------------------------------------------------------------- NumPy kernels


def pad(x: Any, padding: Any, value: Any = 0) -> Any:
    """Pad the last axes of an array with ``value``; negative padding cuts off."""
    if not any(before or after for before, after in padding):
        return x
    lead = x.ndim - len(padding)
    cut = [slice(max(-lo, 0), n - max(-hi, 0)) for n, (lo, hi) in zip(x.shape[lead:], padding, strict=True)]
    at: Any = (..., *cut)
    x = x[at]
    spans = [(max(lo, 0), max(hi, 0), n) for n, (lo, hi) in zip(x.shape[lead:], padding, strict=True)]
    out = np.full((*x.shape[:lead], *(lo + n + hi for lo, hi, n in spans)), value, x.dtype)
    at = (..., *(slice(lo, lo + n) for lo, _, n in spans))
    out[at] = x
    return out


def _columns(x: Any, kernel: Any, out: Any, stride: Any, padding: Any, dilation: Any, groups: int) -> Any:
    """Copy out the windows of ``x`` along all spatial axes but the first: (batch, group, row of a column, phase, …).

    Along the first spatial axis nothing is copied: there a window's next element is a whole row of results away, so
    that the columns for kernel row i are a slice, the rows from i on, which BLAS takes as it is. For a 3×3 kernel that
    is a third of what im2col copies. Rows are sorted by phase, their number modulo the stride: so slices stay dense.
    """
    x = pad(x, padding)
    batch, channels, first, *rest = x.shape
    inner, step = math.prod(kernel[1:]), stride[0]
    rows = -(-first // step)
    made: Any
    if inner == 1 and step == 1 and all(s == 1 for s in stride) and tuple(rest) == tuple(out[1:]):
        made = x
    else:
        made = np.empty((batch, channels, *kernel[1:], step, rows, *out[1:]), x.dtype)
        for phase in range(step):
            source = x[:, :, phase::step]
            for at, window in _windows(kernel, out, stride, dilation):
                made[(slice(None), slice(None), *at, phase, slice(0, source.shape[2]))] = source[window]
    return made.reshape(batch, groups, channels // groups * inner, step, rows * math.prod(out[1:]))


def _windows(kernel: Any, out: Any, stride: Any, dilation: Any) -> Iterator[tuple[Any, Any]]:
    """Yield each place along the kernel's inner axes, and the index that picks it for all windows."""
    for at in itertools.product(*map(range, kernel[1:])):
        axes = zip(at, dilation[1:], stride[1:], out[1:], strict=True)
        yield at, (..., *(slice(i * d, i * d + s * (n - 1) + 1, s) for i, d, s, n in axes))


def _rows(kernel: Any, out: Any, stride: Any, dilation: Any) -> list[tuple[int, slice]]:
    """Return for each kernel row the phase and the slice of ``_columns`` that hold its columns."""
    row = math.prod(out[1:])
    starts = [divmod(i * dilation[0], stride[0]) for i in range(kernel[0])]
    return [(phase, slice(start * row, (start + out[0]) * row)) for start, phase in starts]


def _weight_rows(weight: Any, groups: int) -> Any:
    """Return the weight as (kernel row, group, out / groups, row of a column)."""
    out, _, first, *_ = weight.shape
    return np.ascontiguousarray(np.moveaxis(weight, 2, 0)).reshape(first, groups, out // groups, -1)


BLOCK = 1 << 19
"""Elements of columns to work on at a time: more than the caches hold is slower, less is more calls.

Forward and backward, batch 16, 32×32, 3×3, two shared cores, milliseconds, PyTorch 2.13's eager in brackets: 16→16
channels 3.7 (1.7), 16→32 stride 2 4.0 (1.2), 32→32 14 (14), 32→64 stride 2 9.0 (8.1), 64→64 31 (53). On one thread
54 (38) for 64→64, where blocks of 2²³ take 65. Forward alone on one thread, im2col by sliding_window_view takes 2.3
where this takes 1.05 (16→16), and 42 where this takes 34 (64→64).
"""


def _blocks(batch: int, each: int) -> list[slice]:
    size = max(1, BLOCK // max(each, 1))
    return [slice(start, start + size) for start in range(0, batch, size)]


@convolve.kernel("numpy")
def _convolve(x: Any, weight: Any, *, stride: Any, padding: Any, dilation: Any, groups: int) -> Any:
    wanted = sizes.convolve(x, weight, stride=stride, padding=padding, dilation=dilation, groups=groups)
    kernel, out = weight.shape[2:], wanted[2:]
    y = np.empty((wanted[0], groups, wanted[1] // groups, math.prod(out)), np.result_type(x, weight))
    weights, rows = _weight_rows(weight, groups), _rows(kernel, out, stride, dilation)
    for some in _blocks(wanted[0], x[:1].size * math.prod(kernel[1:])):
        columns = _columns(x[some], kernel, out, stride, padding, dilation, groups)
        result = y[some]
        for i, (phase, span) in enumerate(rows):
            if i == 0:
                np.matmul(weights[0], columns[:, :, :, phase, span], out=result)
            else:
                result += np.matmul(weights[i], columns[:, :, :, phase, span])
    return y.reshape(wanted)


@deconvolve.kernel("numpy")
def _deconvolve(g: Any, weight: Any, like: Any = None, *, stride: Any, padding: Any, dilation: Any, groups: int) -> Any:
    static = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}
    wanted = sizes.deconvolve(g, weight, like, **static)
    if all(s == 1 for s in stride):
        turned = np.flip(_swap_groups(weight, groups), tuple(range(2, weight.ndim)))
        pads = tuple(_undo_padding(g, weight, wanted, stride, padding, dilation))
        return _convolve(g, turned, stride=stride, padding=pads, dilation=dilation, groups=groups)
    kernel, out = weight.shape[2:], g.shape[2:]
    padded = [n + lo + hi for n, (lo, hi) in zip(wanted[2:], padding, strict=True)]
    first = -(-padded[0] // stride[0])
    part, inner = weight.shape[1], math.prod(kernel[1:])
    total = np.zeros((*wanted[:2], *padded), np.result_type(g, weight))
    weights, rows = _weight_rows(weight, groups).mT, _rows(kernel, out, stride, dilation)
    for some in _blocks(g.shape[0], wanted[1] * inner * padded[0] * math.prod(out[1:])):
        gs = np.ascontiguousarray(g[some]).reshape(-1, groups, g.shape[1] // groups, math.prod(out))
        columns = np.zeros((len(gs), groups, part * inner, stride[0], first * math.prod(out[1:])), total.dtype)
        for (phase, span), w in zip(rows, weights, strict=True):
            columns[:, :, :, phase, span] += np.matmul(w, gs)
        shaped: Any = columns.reshape(len(gs), wanted[1], *kernel[1:], stride[0], first, *out[1:])
        for phase in range(stride[0]):
            target: Any = total[some, :, phase :: stride[0]]
            for at, window in _windows(kernel, out, stride, dilation):
                target[window] += shaped[(slice(None), slice(None), *at, phase, slice(0, target.shape[2]))]
    return pad(total, [(-lo, -hi) for lo, hi in padding])


@convolve_weight_like.kernel("numpy")
def _convolve_weight(g: Any, x: Any, weight: Any, *, stride: Any, padding: Any, dilation: Any, groups: int) -> Any:
    static = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}
    out, part, *kernel = sizes.weigh(g, x, weight, **static)
    inner = math.prod(kernel[1:])
    total = np.zeros((kernel[0], groups, out // groups, part * inner), np.result_type(g, x))
    rows = _rows(kernel, g.shape[2:], stride, dilation)
    for some in _blocks(x.shape[0], x[:1].size * inner):
        gs = np.ascontiguousarray(g[some]).reshape(-1, groups, out // groups, math.prod(g.shape[2:]))
        columns = _columns(x[some], kernel, g.shape[2:], stride, padding, dilation, groups)
        for i, (phase, span) in enumerate(rows):
            total[i] += np.matmul(gs, columns[:, :, :, phase, span].mT).sum(0)
    return np.ascontiguousarray(np.moveaxis(total.reshape(kernel[0], out, part, *kernel[1:]), 0, 2))

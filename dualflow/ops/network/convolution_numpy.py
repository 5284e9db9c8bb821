"""NumPy's kernels of convolutions: columns of windows, and products of matrices."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from dualflow.ops.network import layer_shapes


def pad(x: Any, padding: Any, value: Any = 0) -> Any:
    """Pad the last axes of an array with ``value``; negative padding cuts off."""
    if not any(before or after for before, after in padding):
        return x
    lead = x.ndim - len(padding)
    cut = [slice(max(-lo, 0), n - max(-hi, 0)) for n, (lo, hi) in zip(x.shape[lead:], padding, strict=True)]
    at: Any = (..., *cut)
    x = x[at]
    if all(before <= 0 and after <= 0 for before, after in padding):
        return np.ascontiguousarray(x)
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
where this takes 1.05 (16→16), and 42 where this takes 34 (64→64). Of those 1.05, products are 0.70: the peak of one
core, 106 Gflop/s. OpenBLAS takes products of up to 10⁶ on one thread only, so that PyTorch's second core is its lead
where channels are few; one product for the whole batch is no way out, at 1.7 on one thread and 0.83 on two. Strided
gradients as one convolution for each phase, without scattering: 1.3 times as long for 16→32, 0.9 for 32→64.
"""


def _blocks(batch: int, each: int) -> list[slice]:
    size = max(1, BLOCK // max(each, 1))
    return [slice(start, start + size) for start in range(0, batch, size)]


def convolve(x: Any, weight: Any, *, stride: Any, padding: Any, dilation: Any, groups: int) -> Any:
    wanted = layer_shapes.convolve(x, weight, stride=stride, padding=padding, dilation=dilation, groups=groups)
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


def deconvolve(g: Any, weight: Any, like: Any = None, *, stride: Any, padding: Any, dilation: Any, groups: int) -> Any:
    static = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}
    wanted = layer_shapes.deconvolve(g, weight, like, **static)
    if all(s == 1 for s in stride):
        turned = np.flip(swap_groups(weight, groups), tuple(range(2, weight.ndim)))
        pads = tuple(undo_padding(g, weight, wanted, stride, padding, dilation))
        return convolve(g, turned, stride=stride, padding=pads, dilation=dilation, groups=groups)
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


def convolve_weight_like(g: Any, x: Any, weight: Any, *, stride: Any, padding: Any, dilation: Any, groups: int) -> Any:
    static = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}
    out, part, *kernel = layer_shapes.weigh(g, x, weight, **static)
    inner = math.prod(kernel[1:])
    total = np.zeros((kernel[0], groups, part * inner, out // groups), np.result_type(g, x))
    rows = _rows(kernel, g.shape[2:], stride, dilation)
    for some in _blocks(x.shape[0], x[:1].size * inner):
        gs = np.ascontiguousarray(g[some]).reshape(-1, groups, out // groups, math.prod(g.shape[2:]))
        columns = _columns(x[some], kernel, g.shape[2:], stride, padding, dilation, groups)
        for i, (phase, span) in enumerate(rows):
            # columns · gᵀ, not g · columnsᵀ: BLAS takes 0.59 ms rather than 0.68 (16→32, stride 2), 5.5 for 6.8 (32→32)
            total[i] += np.matmul(columns[:, :, :, phase, span], gs.mT).sum(0)
    return np.ascontiguousarray(np.moveaxis(total.mT.reshape(kernel[0], out, part, *kernel[1:]), 0, 2))


def undo_padding(g: Any, weight: Any, wanted: Any, stride: Any, padding: Any, dilation: Any) -> list[tuple[int, int]]:
    """Return how to pad ``g``, its elements ``stride`` apart, so that convolving gives the shape ``wanted``."""
    reach = zip(weight.shape[2:], g.shape[2:], wanted[2:], stride, padding, dilation, strict=True)
    return [(d * (k - 1) - lo, n - (m - 1) * s - 1 + lo) for k, m, n, s, (lo, _), d in reach]


def swap_groups(weight: Any, groups: int) -> Any:
    """Turn a weight (out, in / groups, …) into (in, out / groups, …), group by group."""
    out, part, *kernel = weight.shape
    split = weight.reshape(groups, out // groups, part, *kernel).swapaxes(1, 2)
    return split.reshape(groups * part, out // groups, *kernel)

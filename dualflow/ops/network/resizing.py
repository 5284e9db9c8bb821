"""Resizing what lies in space: interpolation, and moving channels into space and back."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from dualflow.core.errors import GraphError, Misfit, format_shape
from dualflow.core.mode import constant
from dualflow.ops.array.index import take
from dualflow.ops.array.shape import permute_dims, reshape
from dualflow.ops.composite import Speaking, refuse
from dualflow.ops.network import layer_shapes
from dualflow.ops.network.pooling import adaptive_avg_pool1d, adaptive_avg_pool2d, adaptive_avg_pool3d, multiply_along


def _linear(positions: np.ndarray, size: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return which two elements each position lies between, and their weights."""
    positions = np.maximum(positions, 0)
    low = np.minimum(np.floor(positions).astype(np.int64), size - 1)
    part = np.clip(positions - low, 0, 1)
    return [(low, 1 - part), (np.minimum(low + 1, size - 1), part)]


def _cubic(positions: np.ndarray, size: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return the four elements around each position, and their weights.

    Keys 1981 (https://doi.org/10.1109/TASSP.1981.1163711) with a = -0.75, as PyTorch and OpenCV have it.
    """
    a, low = -0.75, np.floor(positions).astype(np.int64)
    found = []
    for offset in range(-1, 3):
        away = np.abs(positions - low - offset)
        near = ((a + 2) * away - (a + 3)) * away**2 + 1
        far = ((a * away - 5 * a) * away + 8 * a) * away - 4 * a
        found.append((np.clip(low + offset, 0, size - 1), np.where(away <= 1, near, far)))
    return found


MODES: dict[str, tuple[tuple[int, ...], Callable[..., Any] | None]] = {
    "nearest": ((1, 2, 3), None),
    "nearest-exact": ((1, 2, 3), None),
    "area": ((1, 2, 3), None),
    "linear": ((1,), _linear),
    "bilinear": ((2,), _linear),
    "trilinear": ((3,), _linear),
    "bicubic": ((2,), _cubic),
}
ADAPTIVE = {1: adaptive_avg_pool1d, 2: adaptive_avg_pool2d, 3: adaptive_avg_pool3d}


def interpolate(
    input: Any,
    size: Any = None,
    scale_factor: Any = None,
    mode: str = "nearest",
    align_corners: bool | None = None,
    recompute_scale_factor: bool | None = None,
) -> Any:
    """Resize the spatial axes of (batch, channels, *spatial), to ``size`` or by ``scale_factor``.

    ``mode``: "nearest", "nearest-exact", "area", "linear" (one axis), "bilinear" and "bicubic" (two),
    "trilinear" (three).
    ``align_corners``: let the corners' centres keep their places; for the linear and cubic modes only. In a graph the
    spatial sizes must be known.

    >>> df.nn.functional.interpolate(df.tensor([[[1.0, 3.0]]]), scale_factor=2, mode="linear")
    tensor([[[1. , 1.5, 2.5, 3. ]]])
    """
    with Speaking("interpolate", input=input):
        if input.shape is None or None in input.shape[2:]:
            raise Misfit("the spatial sizes must be known; give the placeholder numbers")
        rank = len(input.shape) - 2
        if mode not in MODES:
            raise Misfit(f"mode must be one of {', '.join(MODES)}, not {mode!r}")
        if rank not in MODES[mode][0]:
            raise Misfit(f"mode {mode!r} is not for {rank} spatial axes, of shape {format_shape(input.shape)}")
        ways = MODES[mode][1]
        if align_corners is not None and ways is None:
            raise Misfit(f"align_corners says nothing about mode {mode!r}")
        wanted, scales = _resized(input.shape[2:], size, scale_factor, bool(recompute_scale_factor))
    if mode == "area":
        return ADAPTIVE[rank](input, wanted)
    x = input
    for i, (n, m, scale) in enumerate(zip(input.shape[2:], wanted, scales, strict=True)):
        axis, steps = i - rank, np.arange(m)
        if ways is None:
            # rounded where PyTorch rounds to single precision, because that decides between neighbours
            half, ratio = 0.5 if mode == "nearest-exact" else 0.0, float(np.float32(scale))
            centres = np.maximum(((steps + half) * ratio - half).astype(np.float32), 0)
            places = np.minimum(np.floor(centres + np.float32(half)).astype(np.int64), n - 1)
            if m != n or not np.array_equal(places, steps):
                x = take(x, constant(places), axis=axis)
            continue
        if align_corners:
            positions = steps * ((n - 1) / (m - 1) if m > 1 else 0.0)
        else:
            positions = (steps + 0.5) * scale - 0.5
        weights = np.zeros((m, n), x.dtype)
        for places, parts in ways(positions, n):
            np.add.at(weights, (steps, places), parts)
        x = multiply_along(x, weights, axis)
    return x


def _resized(here: tuple[int, ...], size: Any, factor: Any, recompute: bool) -> tuple[tuple[int, ...], list[float]]:
    """Return the sizes asked for, and how many old elements a new one spans along each axis."""
    rank = len(here)
    if (size is None) == (factor is None):
        raise Misfit("either size or scale_factor must be given, not both")
    if size is not None:
        wanted = layer_shapes.spread(size, rank, "size")
        return wanted, [n / m for n, m in zip(here, wanted, strict=True)]
    factors = tuple(factor) if isinstance(factor, tuple | list) else (factor,) * rank
    if len(factors) != rank or not all(f > 0 for f in factors):
        raise Misfit(f"scale_factor is a positive number, or one for each of {rank} spatial axes, not {factor!r}")
    wanted = tuple(math.floor(n * f) for n, f in zip(here, factors, strict=True))
    if min(wanted) < 1:
        raise Misfit(f"scale_factor {factor!r} leaves nothing of {format_shape(here)}")
    if recompute:
        return wanted, [n / m for n, m in zip(here, wanted, strict=True)]
    return wanted, [1 / f for f in factors]


def _sized(name: str, x: Any, factor: int) -> tuple[int, ...]:
    """Return the last three sizes, which must be known, and be as many as ``factor`` asks."""
    shape = x.shape
    if shape is None or len(shape) < 3 or None in shape[-3:]:
        reason = "three axes of known sizes are needed: channels, height, width"
    elif factor < 1:
        reason = f"the factor must be positive, not {factor}"
    elif sum(n is None for n in shape) > 1:
        raise GraphError(f"{name}: at most one size may be unknown, in {format_shape(shape)}")
    else:
        return tuple(shape[-3:])
    raise refuse(name, reason, input=x)


def _lead(x: Any) -> tuple[int, ...]:
    return tuple(-1 if n is None else n for n in x.shape[:-3])


def pixel_shuffle(input: Any, upscale_factor: int) -> Any:
    """Move channels into space: (…, C · r², H, W) becomes (…, C, H · r, W · r).

    >>> df.nn.functional.pixel_shuffle(df.tensor([[[1]], [[2]], [[3]], [[4]]]), 2).tolist()
    [[[1, 2], [3, 4]]]
    """
    r = upscale_factor
    channels, height, width = _sized("pixel_shuffle", input, r)
    if channels % (r * r):
        raise refuse("pixel_shuffle", f"{channels} channels cannot be divided by {r}²", input=input)
    lead = _lead(input)
    k = len(lead)
    x = reshape(input, shape=(*lead, channels // (r * r), r, r, height, width))
    x = permute_dims(x, axes=(*range(k), k, k + 3, k + 1, k + 4, k + 2))
    return reshape(x, shape=(*lead, channels // (r * r), height * r, width * r))


def pixel_unshuffle(input: Any, downscale_factor: int) -> Any:
    """Move space into channels: (…, C, H · r, W · r) becomes (…, C · r², H, W).

    >>> df.nn.functional.pixel_unshuffle(df.tensor([[[1, 2], [3, 4]]]), 2).shape
    (4, 1, 1)
    """
    r = downscale_factor
    channels, height, width = _sized("pixel_unshuffle", input, r)
    if height % r or width % r:
        reason = f"height {height} and width {width} cannot be divided by {r}"
        raise refuse("pixel_unshuffle", reason, input=input)
    lead = _lead(input)
    k = len(lead)
    x = reshape(input, shape=(*lead, channels, height // r, r, width // r, r))
    x = permute_dims(x, axes=(*range(k), k, k + 2, k + 4, k + 1, k + 3))
    return reshape(x, shape=(*lead, channels * r * r, height // r, width // r))

"""Pooling, resizing and rearranging layers."""

from __future__ import annotations

import math
from typing import Any

from dualflow.nn import functional
from dualflow.nn.layers import Applied, Family
from dualflow.ops.array import shape


class _Windows(Applied):
    """A pool of windows, which lie side by side unless there is a stride."""

    stride: Any

    def __init__(self, *args: Any, **params: Any) -> None:
        super().__init__(*args, **params)
        self.stride = self.kernel_size if self.stride is None else self.stride


class _MaxPool(_Windows, names=("kernel_size", "stride", "padding", "dilation", "return_indices", "ceil_mode")):
    """A pool of windows with PyTorch's order of a layer's arguments, which is not that of its function."""


class _MaxUnpool(_Windows, names=("kernel_size", "stride", "padding")):
    """What undoes a pool; its result's size is said with each call."""

    def forward(self, *tensors: Any, output_size: Any = None) -> Any:
        """Apply the layer."""
        return getattr(functional, self.function)(*tensors, self.kernel_size, self.stride, self.padding, output_size)


class MaxPool1d(_MaxPool, function="max_pool1d"):
    """Take the largest element of each window over one axis: ``max_pool1d``.

    >>> df.nn.MaxPool1d(2)(df.zeros(1, 2, 8)).shape
    (1, 2, 4)
    """


class MaxPool2d(_MaxPool, function="max_pool2d"):
    """Take the largest element of each window over two axes: ``max_pool2d``.

    >>> df.nn.MaxPool2d(2)(df.zeros(1, 2, 8, 8)).shape
    (1, 2, 4, 4)
    """


class MaxPool3d(_MaxPool, function="max_pool3d"):
    """Take the largest element of each window over three axes: ``max_pool3d``.

    >>> df.nn.MaxPool3d(2)(df.zeros(1, 2, 8, 8, 8)).shape
    (1, 2, 4, 4, 4)
    """


class AvgPool1d(_Windows, function="avg_pool1d"):
    """Average each window over one axis: ``avg_pool1d``.

    >>> df.nn.AvgPool1d(2)(df.zeros(1, 2, 8)).shape
    (1, 2, 4)
    """


class AvgPool2d(_Windows, function="avg_pool2d"):
    """Average each window over two axes: ``avg_pool2d``.

    >>> df.nn.AvgPool2d(2)(df.zeros(1, 2, 8, 8)).shape
    (1, 2, 4, 4)
    """


class AvgPool3d(_Windows, function="avg_pool3d"):
    """Average each window over three axes: ``avg_pool3d``.

    >>> df.nn.AvgPool3d(2)(df.zeros(1, 2, 8, 8, 8)).shape
    (1, 2, 4, 4, 4)
    """


class AdaptiveAvgPool1d(Applied, function="adaptive_avg_pool1d"):
    """Average one axis in as many bins as asked for: ``adaptive_avg_pool1d``.

    >>> df.nn.AdaptiveAvgPool1d(3)(df.zeros(1, 2, 8)).shape
    (1, 2, 3)
    """


class AdaptiveAvgPool2d(Applied, function="adaptive_avg_pool2d"):
    """Average two axes in as many bins as asked for: ``adaptive_avg_pool2d``.

    >>> df.nn.AdaptiveAvgPool2d(3)(df.zeros(1, 2, 8, 8)).shape
    (1, 2, 3, 3)
    """


class AdaptiveAvgPool3d(Applied, function="adaptive_avg_pool3d"):
    """Average three axes in as many bins as asked for: ``adaptive_avg_pool3d``.

    >>> df.nn.AdaptiveAvgPool3d(3)(df.zeros(1, 2, 8, 8, 8)).shape
    (1, 2, 3, 3, 3)
    """


class AdaptiveMaxPool1d(Applied, function="adaptive_max_pool1d"):
    """Take the largest elements of one axis in as many bins as asked for: ``adaptive_max_pool1d``.

    >>> df.nn.AdaptiveMaxPool1d(3)(df.zeros(1, 2, 8)).shape
    (1, 2, 3)
    """


class AdaptiveMaxPool2d(Applied, function="adaptive_max_pool2d"):
    """Take the largest elements of two axes in as many bins as asked for: ``adaptive_max_pool2d``.

    >>> df.nn.AdaptiveMaxPool2d(3)(df.zeros(1, 2, 8, 8)).shape
    (1, 2, 3, 3)
    """


class AdaptiveMaxPool3d(Applied, function="adaptive_max_pool3d"):
    """Take the largest elements of three axes in as many bins as asked for: ``adaptive_max_pool3d``.

    >>> df.nn.AdaptiveMaxPool3d(3)(df.zeros(1, 2, 8, 8, 8)).shape
    (1, 2, 3, 3, 3)
    """


class LPPool1d(_Windows, function="lp_pool1d"):
    """Take the root of the sum of powers of each window: ``lp_pool1d``.

    >>> df.nn.LPPool1d(2, 2)(df.zeros(1, 2, 8)).shape
    (1, 2, 4)
    """


class MaxUnpool1d(_MaxUnpool, function="max_unpool1d"):
    """Put elements back to where ``MaxPool1d`` found them: ``max_unpool1d``, which also takes ``output_size``.

    >>> y, places = df.nn.MaxPool1d(2, return_indices=True)(df.randn(1, 2, 8))
    >>> df.nn.MaxUnpool1d(2)(y, places).shape
    (1, 2, 8)
    """


class LPPool2d(_Windows, function="lp_pool2d"):
    """Take the root of the sum of powers of each window: ``lp_pool2d``.

    >>> df.nn.LPPool2d(2, 2)(df.zeros(1, 2, 8, 8)).shape
    (1, 2, 4, 4)
    """


class MaxUnpool2d(_MaxUnpool, function="max_unpool2d"):
    """Put elements back to where ``MaxPool2d`` found them: ``max_unpool2d``, which also takes ``output_size``.

    >>> y, places = df.nn.MaxPool2d(2, return_indices=True)(df.randn(1, 2, 8, 8))
    >>> df.nn.MaxUnpool2d(2)(y, places).shape
    (1, 2, 8, 8)
    """


class LPPool3d(_Windows, function="lp_pool3d"):
    """Take the root of the sum of powers of each window: ``lp_pool3d``.

    >>> df.nn.LPPool3d(2, 2)(df.zeros(1, 2, 8, 8, 8)).shape
    (1, 2, 4, 4, 4)
    """


class MaxUnpool3d(_MaxUnpool, function="max_unpool3d"):
    """Put elements back to where ``MaxPool3d`` found them: ``max_unpool3d``, which also takes ``output_size``.

    >>> y, places = df.nn.MaxPool3d(2, return_indices=True)(df.randn(1, 2, 8, 8, 8))
    >>> df.nn.MaxUnpool3d(2)(y, places).shape
    (1, 2, 8, 8, 8)
    """


class Upsample(Applied, function="interpolate"):
    """Resize the spatial axes: ``interpolate``.

    >>> df.nn.Upsample(scale_factor=2, mode="bilinear")(df.zeros(1, 2, 3, 4)).shape
    (1, 2, 6, 8)
    """

    def extra_repr(self) -> str:
        """Return the size, or by how much, and the mode."""
        size = f"size={self.size}" if self.size is not None else f"scale_factor={self.scale_factor}"
        return f"{size}, mode={self.mode!r}"


class PixelShuffle(Applied, function="pixel_shuffle"):
    """Move channels into space: ``pixel_shuffle``.

    >>> df.nn.PixelShuffle(2)(df.zeros(1, 8, 3, 4)).shape
    (1, 2, 6, 8)
    """


class PixelUnshuffle(Applied, function="pixel_unshuffle"):
    """Move space into channels: ``pixel_unshuffle``.

    >>> df.nn.PixelUnshuffle(2)(df.zeros(1, 2, 6, 8)).shape
    (1, 8, 3, 4)
    """


class Unfold(Applied, function="unfold"):
    """Write each window as a column: ``unfold``.

    >>> df.nn.Unfold((2, 3))(df.zeros(2, 3, 4, 5)).shape
    (2, 18, 9)
    """


class Fold(Applied, function="fold"):
    """Add columns up where ``Unfold`` would have read them: ``fold``.

    >>> df.nn.Fold((4, 5), (2, 3))(df.zeros(2, 18, 9)).shape
    (2, 3, 4, 5)
    """


class Unflatten(Family, reads_as="dim= unflattened_size="):
    """Split axis ``dim`` into ``unflattened_size``, one of which may be -1.

    >>> df.nn.Unflatten(1, (2, -1))(df.zeros(4, 6)).shape
    (4, 2, 3)
    """

    def __init__(self, dim: int, unflattened_size: Any) -> None:
        super().__init__()
        self.dim, self.unflattened_size = dim, tuple(unflattened_size)

    def forward(self, x: Any) -> Any:
        """Apply the layer."""
        at = self.dim % len(x.shape) if x.shape else 0
        sizes = (*x.shape[:at], *self.unflattened_size, *x.shape[at + 1 :])
        if None in sizes and -1 in self.unflattened_size and x.shape[at] is not None:
            known = math.prod(n for n in self.unflattened_size if n != -1)
            sizes = tuple(x.shape[at] // known if n == -1 else n for n in sizes)
        return shape.reshape(x, shape=tuple(-1 if n is None else n for n in sizes))

"""Pooling, resizing and rearranging layers."""

from __future__ import annotations

from typing import Any

from dualflow.nn import functional
from dualflow.nn.module import Module
from dualflow.ops import shape


class _Pool(Module):
    """What pooling layers share: a function of ``functional`` and its arguments by name."""

    function: str

    def forward(self, x: Any) -> Any:
        """Apply the layer."""
        return getattr(functional, self.function)(x, **self._static())

    def _static(self) -> dict[str, Any]:
        return {name: value for name, value in self.__dict__.items() if name != "training"}

    def extra_repr(self) -> str:
        """Return the arguments."""
        return ", ".join(f"{name}={value}" for name, value in self._static().items())


class _MaxPool(_Pool):
    def __init__(
        self,
        kernel_size: Any,
        stride: Any = None,
        padding: Any = 0,
        dilation: Any = 1,
        return_indices: bool = False,
        ceil_mode: bool = False,
    ) -> None:
        super().__init__()
        self.kernel_size, self.stride = kernel_size, kernel_size if stride is None else stride
        self.padding, self.dilation, self.ceil_mode = padding, dilation, ceil_mode
        self.return_indices = return_indices


class _AvgPool(_Pool):
    def __init__(
        self,
        kernel_size: Any,
        stride: Any = None,
        padding: Any = 0,
        ceil_mode: bool = False,
        count_include_pad: bool = True,
    ) -> None:
        super().__init__()
        self.kernel_size, self.stride = kernel_size, kernel_size if stride is None else stride
        self.padding, self.ceil_mode, self.count_include_pad = padding, ceil_mode, count_include_pad


class _AvgPoolBy(_AvgPool):
    def __init__(
        self,
        kernel_size: Any,
        stride: Any = None,
        padding: Any = 0,
        ceil_mode: bool = False,
        count_include_pad: bool = True,
        divisor_override: int | None = None,
    ) -> None:
        super().__init__(kernel_size, stride, padding, ceil_mode, count_include_pad)
        self.divisor_override = divisor_override


class _Adaptive(_Pool):
    def __init__(self, output_size: Any) -> None:
        super().__init__()
        self.output_size = output_size


class MaxPool1d(_MaxPool):
    """Take the largest element of each window over one axis: ``max_pool1d``.

    >>> import dualflow as df
    >>> df.nn.MaxPool1d(2)(df.zeros(1, 2, 8)).shape
    (1, 2, 4)
    """

    function = "max_pool1d"


class MaxPool2d(_MaxPool):
    """Take the largest element of each window over two axes: ``max_pool2d``.

    >>> import dualflow as df
    >>> df.nn.MaxPool2d(2)(df.zeros(1, 2, 8, 8)).shape
    (1, 2, 4, 4)
    """

    function = "max_pool2d"


class MaxPool3d(_MaxPool):
    """Take the largest element of each window over three axes: ``max_pool3d``.

    >>> import dualflow as df
    >>> df.nn.MaxPool3d(2)(df.zeros(1, 2, 8, 8, 8)).shape
    (1, 2, 4, 4, 4)
    """

    function = "max_pool3d"


class AvgPool1d(_AvgPool):
    """Average each window over one axis: ``avg_pool1d``.

    >>> import dualflow as df
    >>> df.nn.AvgPool1d(2)(df.zeros(1, 2, 8)).shape
    (1, 2, 4)
    """

    function = "avg_pool1d"


class AvgPool2d(_AvgPoolBy):
    """Average each window over two axes: ``avg_pool2d``.

    >>> import dualflow as df
    >>> df.nn.AvgPool2d(2)(df.zeros(1, 2, 8, 8)).shape
    (1, 2, 4, 4)
    """

    function = "avg_pool2d"


class AvgPool3d(_AvgPoolBy):
    """Average each window over three axes: ``avg_pool3d``.

    >>> import dualflow as df
    >>> df.nn.AvgPool3d(2)(df.zeros(1, 2, 8, 8, 8)).shape
    (1, 2, 4, 4, 4)
    """

    function = "avg_pool3d"


class AdaptiveAvgPool1d(_Adaptive):
    """Average one axis in as many bins as asked for: ``adaptive_avg_pool1d``.

    >>> import dualflow as df
    >>> df.nn.AdaptiveAvgPool1d(3)(df.zeros(1, 2, 8)).shape
    (1, 2, 3)
    """

    function = "adaptive_avg_pool1d"


class AdaptiveAvgPool2d(_Adaptive):
    """Average two axes in as many bins as asked for: ``adaptive_avg_pool2d``.

    >>> import dualflow as df
    >>> df.nn.AdaptiveAvgPool2d(3)(df.zeros(1, 2, 8, 8)).shape
    (1, 2, 3, 3)
    """

    function = "adaptive_avg_pool2d"


class AdaptiveAvgPool3d(_Adaptive):
    """Average three axes in as many bins as asked for: ``adaptive_avg_pool3d``.

    >>> import dualflow as df
    >>> df.nn.AdaptiveAvgPool3d(3)(df.zeros(1, 2, 8, 8, 8)).shape
    (1, 2, 3, 3, 3)
    """

    function = "adaptive_avg_pool3d"


class AdaptiveMaxPool1d(_Adaptive):
    """Take the largest elements of one axis in as many bins as asked for: ``adaptive_max_pool1d``.

    >>> import dualflow as df
    >>> df.nn.AdaptiveMaxPool1d(3)(df.zeros(1, 2, 8)).shape
    (1, 2, 3)
    """

    function = "adaptive_max_pool1d"


class AdaptiveMaxPool2d(_Adaptive):
    """Take the largest elements of two axes in as many bins as asked for: ``adaptive_max_pool2d``.

    >>> import dualflow as df
    >>> df.nn.AdaptiveMaxPool2d(3)(df.zeros(1, 2, 8, 8)).shape
    (1, 2, 3, 3)
    """

    function = "adaptive_max_pool2d"


class AdaptiveMaxPool3d(_Adaptive):
    """Take the largest elements of three axes in as many bins as asked for: ``adaptive_max_pool3d``.

    >>> import dualflow as df
    >>> df.nn.AdaptiveMaxPool3d(3)(df.zeros(1, 2, 8, 8, 8)).shape
    (1, 2, 3, 3, 3)
    """

    function = "adaptive_max_pool3d"


class Upsample(_Pool):
    """Resize the spatial axes: ``interpolate``.

    >>> import dualflow as df
    >>> df.nn.Upsample(scale_factor=2, mode="bilinear")(df.zeros(1, 2, 3, 4)).shape
    (1, 2, 6, 8)
    """

    function = "interpolate"

    def __init__(
        self,
        size: Any = None,
        scale_factor: Any = None,
        mode: str = "nearest",
        align_corners: bool | None = None,
        recompute_scale_factor: bool | None = None,
    ) -> None:
        super().__init__()
        self.size, self.scale_factor, self.mode = size, scale_factor, mode
        self.align_corners, self.recompute_scale_factor = align_corners, recompute_scale_factor

    def extra_repr(self) -> str:
        """Return the size, or by how much, and the mode."""
        size = f"size={self.size}" if self.size is not None else f"scale_factor={self.scale_factor}"
        return f"{size}, mode={self.mode!r}"


class PixelShuffle(_Pool):
    """Move channels into space: ``pixel_shuffle``.

    >>> import dualflow as df
    >>> df.nn.PixelShuffle(2)(df.zeros(1, 8, 3, 4)).shape
    (1, 2, 6, 8)
    """

    function = "pixel_shuffle"

    def __init__(self, upscale_factor: int) -> None:
        super().__init__()
        self.upscale_factor = upscale_factor


class PixelUnshuffle(_Pool):
    """Move space into channels: ``pixel_unshuffle``.

    >>> import dualflow as df
    >>> df.nn.PixelUnshuffle(2)(df.zeros(1, 2, 6, 8)).shape
    (1, 8, 3, 4)
    """

    function = "pixel_unshuffle"

    def __init__(self, downscale_factor: int) -> None:
        super().__init__()
        self.downscale_factor = downscale_factor


class Unfold(_Pool):
    """Write each window as a column: ``unfold``.

    >>> import dualflow as df
    >>> df.nn.Unfold((2, 3))(df.zeros(2, 3, 4, 5)).shape
    (2, 18, 9)
    """

    function = "unfold"

    def __init__(self, kernel_size: Any, dilation: Any = 1, padding: Any = 0, stride: Any = 1) -> None:
        super().__init__()
        self.kernel_size, self.dilation, self.padding, self.stride = kernel_size, dilation, padding, stride


class Fold(Unfold):
    """Add columns up where ``Unfold`` would have read them: ``fold``.

    >>> import dualflow as df
    >>> df.nn.Fold((4, 5), (2, 3))(df.zeros(2, 18, 9)).shape
    (2, 3, 4, 5)
    """

    function = "fold"

    def __init__(
        self, output_size: Any, kernel_size: Any, dilation: Any = 1, padding: Any = 0, stride: Any = 1
    ) -> None:
        super().__init__(kernel_size, dilation, padding, stride)
        self.output_size = output_size


class Unflatten(Module):
    """Split axis ``dim`` into ``unflattened_size``, one of which may be -1.

    >>> import dualflow as df
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
            known = 1
            for n in self.unflattened_size:
                known *= n if n != -1 else 1
            sizes = tuple(x.shape[at] // known if n == -1 else n for n in sizes)
        return shape.reshape(x, shape=tuple(-1 if n is None else n for n in sizes))

    def extra_repr(self) -> str:
        """Return the axis and its parts."""
        return f"dim={self.dim}, unflattened_size={self.unflattened_size}"

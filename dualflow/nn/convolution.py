"""Convolution layers, with PyTorch's parameters and initial values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dualflow.nn import functional
from dualflow.nn.layers import Affine, parameter
from dualflow.ops.network import layer_shapes
from dualflow.ops.network.convolution import paddings


class _Conv(Affine, reads_as="in_channels out_channels kernel_size= stride="):
    """What all convolutions share: the parameters, and how they read."""

    unlike: Mapping[str, Any] = {"padding": 0, "dilation": 1, "groups": 1, "bias": True}
    rank: int
    transposed = False

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Any,
        stride: Any = 1,
        padding: Any = 0,
        dilation: Any = 1,
        groups: int = 1,
        bias: bool = True,
        padding_mode: str = "zeros",
    ) -> None:
        super().__init__()
        name = type(self).__name__
        modes = ("zeros",) if self.transposed else ("zeros", "reflect", "replicate", "circular")
        if padding_mode not in modes:
            raise ValueError(f"{name}: padding_mode must be one of {', '.join(modes)}, not {padding_mode!r}")
        self.padding_mode = padding_mode
        if groups < 1 or in_channels < 1 or out_channels < 1 or in_channels % groups or out_channels % groups:
            raise ValueError(
                f"{name}: in_channels={in_channels} and out_channels={out_channels} must be positive, and multiples "
                f"of groups={groups}"
            )
        self.in_channels, self.out_channels, self.groups = in_channels, out_channels, groups
        self.kernel_size = self._spread(kernel_size, "kernel_size")
        self.stride = self._spread(stride, "stride")
        self.dilation = self._spread(dilation, "dilation")
        self.padding = padding if isinstance(padding, str) else self._spread(padding, "padding", 0)
        first, second = (in_channels, out_channels) if self.transposed else (out_channels, in_channels)
        self.weight = parameter(first, second // groups, *self.kernel_size)
        self.bias = parameter(out_channels) if bias else None
        self.reset_parameters()

    def _spread(self, value: Any, name: str, least: int = 1) -> Any:
        """Return a size for each axis."""
        try:
            return layer_shapes.spread(value, self.rank, name, least)
        except layer_shapes.Misfit as misfit:
            raise ValueError(f"{type(self).__name__}: {misfit.reason}") from None

    def forward(self, x: Any) -> Any:
        """Apply the layer."""
        function, padding = getattr(functional, f"conv{self.rank}d"), self.padding
        if self.padding_mode != "zeros":
            pads = paddings(padding, self.kernel_size, self.stride, self.dilation)
            x = functional.pad(x, [n for pair in pads[::-1] for n in pair], self.padding_mode)
            padding = 0
        return function(x, self.weight, self.bias, self.stride, padding, self.dilation, self.groups)

    def extra_repr(self) -> str:
        """Return the sizes, and what is not the default."""
        return super().extra_repr() + (f", padding_mode={self.padding_mode}" if self.padding_mode != "zeros" else "")


class Conv1d(_Conv, rank=1):
    """Convolution over one axis; ``x``: (batch, in_channels, length). See ``conv1d`` and ``Conv2d``.

    >>> df.nn.Conv1d(3, 8, 5, padding="same")(df.zeros(2, 3, 20)).shape
    (2, 8, 20)
    """


class Conv2d(_Conv, rank=2):
    """Convolution over two axes; ``x``: (batch, in_channels, height, width), or without the batch.

    ``weight`` (out, in / groups, *kernel) and ``bias`` (out,) start uniform in ±1/√(in / groups · kernel elements).
    ``padding``: a number, one for each axis, "valid" or "same"; ``padding_mode``: what is there, "zeros", "reflect",
    "replicate" or "circular". Raises ValueError for impossible sizes.

    >>> df.nn.Conv2d(3, 16, 3, stride=2, padding=1)
    Conv2d(3, 16, kernel_size=(3, 3), stride=(2, 2), padding=(1, 1))
    >>> df.nn.Conv2d(3, 16, 3, stride=2, padding=1)(df.zeros(8, 3, 32, 32)).shape
    (8, 16, 16, 16)
    """


class Conv3d(_Conv, rank=3):
    """Convolution over three axes; ``x``: (batch, in_channels, depth, height, width). See ``Conv2d``.

    >>> df.nn.Conv3d(1, 2, 2)(df.zeros(1, 1, 4, 4, 4)).shape
    (1, 2, 3, 3, 3)
    """


class _ConvTranspose(_Conv):
    """What the transposed convolutions share: the weight is (in, out / groups, *kernel)."""

    transposed = True

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Any,
        stride: Any = 1,
        padding: Any = 0,
        output_padding: Any = 0,
        groups: int = 1,
        bias: bool = True,
        dilation: Any = 1,
        padding_mode: str = "zeros",
    ) -> None:
        super().__init__(in_channels, out_channels, kernel_size, stride, padding, dilation, groups, bias, padding_mode)
        self.output_padding = self._spread(output_padding, "output_padding", 0)

    def forward(self, x: Any) -> Any:
        """Apply the layer."""
        function = getattr(functional, f"conv_transpose{self.rank}d")
        rest = (self.stride, self.padding, self.output_padding, self.groups, self.dilation)
        return function(x, self.weight, self.bias, *rest)

    def extra_repr(self) -> str:
        """Return the sizes, and what is not the default."""
        more = f", output_padding={self.output_padding}" if any(self.output_padding) else ""
        return super().extra_repr() + more


class ConvTranspose1d(_ConvTranspose, rank=1):
    """Transposed convolution over one axis; ``x``: (batch, in_channels, length). See ``conv_transpose2d``.

    >>> df.nn.ConvTranspose1d(3, 2, 4, stride=2, padding=1)(df.zeros(1, 3, 8)).shape
    (1, 2, 16)
    """


class ConvTranspose2d(_ConvTranspose, rank=2):
    """Transposed convolution over two axes; ``x``: (batch, in_channels, height, width). See ``conv_transpose2d``.

    >>> df.nn.ConvTranspose2d(3, 2, 3, stride=2, padding=1, output_padding=1)(df.zeros(1, 3, 8, 8)).shape
    (1, 2, 16, 16)
    """


class ConvTranspose3d(_ConvTranspose, rank=3):
    """Transposed convolution over three axes; ``x``: (batch, in_channels, depth, height, width).

    >>> df.nn.ConvTranspose3d(3, 2, 2, stride=2)(df.zeros(1, 3, 2, 2, 2)).shape
    (1, 2, 4, 4, 4)
    """

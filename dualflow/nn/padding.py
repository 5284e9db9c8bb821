"""Padding layers: each widens the spatial axes of (batch, channels, *spatial) by ``pad``, one mode a class."""

from __future__ import annotations

from typing import Any

from dualflow.nn import functional
from dualflow.nn.layers import Family
from dualflow.ops.network.layer_shapes import spread


class _Pad(Family, reads_as="padding"):
    """What the padding layers share: widths for a number of axes, and what is there.

    ``padding``: (before, after) for the last axis, then for the one before it, and so on.
    """

    rank: int
    mode: str
    value: Any = 0

    def __init__(self, padding: Any) -> None:
        super().__init__()
        several = isinstance(padding, tuple | list)
        self.padding = tuple(padding) if several else spread(padding, 2 * self.rank, "padding", -1 << 31)

    def forward(self, x: Any) -> Any:
        """Apply the layer."""
        return functional.pad(x, self.padding, self.mode, self.value)


class _ConstantPad(_Pad, mode="constant", reads_as="padding= value="):
    def __init__(self, padding: Any, value: Any) -> None:
        super().__init__(padding)
        self.value = value


class CircularPad1d(_Pad, rank=1, mode="circular"):
    """Widen one axis by what stands at the other end.

    >>> df.nn.CircularPad1d(1)(df.zeros(1, 2, 3)).shape
    (1, 2, 5)
    """


class CircularPad2d(_Pad, rank=2, mode="circular"):
    """Widen two axes by what stands at the other end.

    >>> df.nn.CircularPad2d(1)(df.zeros(1, 2, 3, 3)).shape
    (1, 2, 5, 5)
    """


class CircularPad3d(_Pad, rank=3, mode="circular"):
    """Widen three axes by what stands at the other end.

    >>> df.nn.CircularPad3d(1)(df.zeros(1, 2, 3, 3, 3)).shape
    (1, 2, 5, 5, 5)
    """


class ConstantPad1d(_ConstantPad, rank=1):
    """Widen one axis by a value.

    >>> df.nn.ConstantPad1d(1, 0.5)(df.zeros(1, 2, 3)).shape
    (1, 2, 5)
    """


class ConstantPad2d(_ConstantPad, rank=2):
    """Widen two axes by a value.

    >>> df.nn.ConstantPad2d(1, 0.5)(df.zeros(1, 2, 3, 3)).shape
    (1, 2, 5, 5)
    """


class ConstantPad3d(_ConstantPad, rank=3):
    """Widen three axes by a value.

    >>> df.nn.ConstantPad3d(1, 0.5)(df.zeros(1, 2, 3, 3, 3)).shape
    (1, 2, 5, 5, 5)
    """


class ReflectionPad1d(_Pad, rank=1, mode="reflect"):
    """Widen one axis by what stands before the edge, mirrored.

    >>> df.nn.ReflectionPad1d(1)(df.zeros(1, 2, 3)).shape
    (1, 2, 5)
    """


class ReflectionPad2d(_Pad, rank=2, mode="reflect"):
    """Widen two axes by what stands before the edge, mirrored.

    >>> df.nn.ReflectionPad2d(1)(df.zeros(1, 2, 3, 3)).shape
    (1, 2, 5, 5)
    """


class ReflectionPad3d(_Pad, rank=3, mode="reflect"):
    """Widen three axes by what stands before the edge, mirrored.

    >>> df.nn.ReflectionPad3d(1)(df.zeros(1, 2, 3, 3, 3)).shape
    (1, 2, 5, 5, 5)
    """


class ReplicationPad1d(_Pad, rank=1, mode="replicate"):
    """Widen one axis by the edge.

    >>> df.nn.ReplicationPad1d(1)(df.zeros(1, 2, 3)).shape
    (1, 2, 5)
    """


class ReplicationPad2d(_Pad, rank=2, mode="replicate"):
    """Widen two axes by the edge.

    >>> df.nn.ReplicationPad2d(1)(df.zeros(1, 2, 3, 3)).shape
    (1, 2, 5, 5)
    """


class ReplicationPad3d(_Pad, rank=3, mode="replicate"):
    """Widen three axes by the edge.

    >>> df.nn.ReplicationPad3d(1)(df.zeros(1, 2, 3, 3, 3)).shape
    (1, 2, 5, 5, 5)
    """


class ZeroPad1d(_Pad, rank=1, mode="constant"):
    """Widen one axis by zeros.

    >>> df.nn.ZeroPad1d(1)(df.zeros(1, 2, 3)).shape
    (1, 2, 5)
    """


class ZeroPad2d(_Pad, rank=2, mode="constant"):
    """Widen two axes by zeros.

    >>> df.nn.ZeroPad2d(1)(df.zeros(1, 2, 3, 3)).shape
    (1, 2, 5, 5)
    """


class ZeroPad3d(_Pad, rank=3, mode="constant"):
    """Widen three axes by zeros.

    >>> df.nn.ZeroPad3d(1)(df.zeros(1, 2, 3, 3, 3)).shape
    (1, 2, 5, 5, 5)
    """

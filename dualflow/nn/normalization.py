"""Normalization layers: PyTorch's parameters and buffers, by the same names."""

from __future__ import annotations

from typing import Any

from dualflow.core.mode import eager, guard
from dualflow.nn import functional, init
from dualflow.nn.layers import Applied, Family, parameter
from dualflow.ops.array.create import ones, zeros
from dualflow.ops.array.shape import astype


class _Scaled(Family):
    """What the layers share that scale and shift what they have normalized, if they have these parameters."""

    def _scale(self, *sizes: int, weight: bool, bias: bool) -> None:
        """Make the parameters that are wanted."""
        self.weight = parameter(*sizes) if weight else None
        self.bias = parameter(*sizes) if bias else None
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Set the scale to one and the shift to zero."""
        if self.weight is not None:
            init.ones_(self.weight)
        if self.bias is not None:
            init.zeros_(self.bias)


class _Normalization(_Scaled, reads_as="num_features eps= momentum= affine= track_running_stats="):
    """What batch and instance normalization share: running statistics, and a scale and shift for each channel."""

    ranks: tuple[int, ...]
    function: str
    num_batches_tracked: Any

    def __init__(
        self,
        num_features: int,
        eps: float = 1e-5,
        momentum: float | None = 0.1,
        affine: bool = True,
        track_running_stats: bool = True,
    ) -> None:
        super().__init__()
        if num_features < 1:
            raise ValueError(f"{type(self).__name__}: num_features must be positive, not {num_features}")
        self.num_features, self.eps, self.momentum = num_features, eps, momentum
        self.affine, self.track_running_stats = affine, track_running_stats
        with eager():
            self.register_buffer("running_mean", zeros(num_features) if track_running_stats else None)
            self.register_buffer("running_var", ones(num_features) if track_running_stats else None)
            self.register_buffer("num_batches_tracked", zeros((), dtype="int64") if track_running_stats else None)
        self._scale(num_features, weight=affine, bias=affine)

    def reset_running_stats(self) -> None:
        """Forget the running statistics."""
        if self.track_running_stats:
            init.zeros_(self.running_mean)
            init.ones_(self.running_var)
            init.zeros_(self.num_batches_tracked)

    def reset_parameters(self) -> None:
        """Set the scale to one, the shift to zero, and forget the running statistics."""
        self.reset_running_stats()
        super().reset_parameters()

    def forward(self, x: Any) -> Any:
        """Apply the layer; in training, move the running statistics if there are any."""
        guard(self, "training")
        if x.shape is not None and len(x.shape) not in self.ranks:
            wanted = " or ".join(map(str, self.ranks))
            raise ValueError(
                f"{type(self).__name__}: an input of {wanted} axes is needed, not of shape {tuple(x.shape)}"
            )
        own = self.training or not self.track_running_stats
        parameters = (self.running_mean, self.running_var, self.weight, self.bias)
        return getattr(functional, self.function)(x, *parameters, own, self._momentum(), self.eps)

    def _momentum(self) -> Any:
        """Return by how much the running statistics move; PyTorch counts batches for batch normalization only."""
        return self.momentum or 0.0


class _BatchNorm(_Normalization, function="batch_norm"):
    def _momentum(self) -> Any:
        """Count a batch, and return by how much the running statistics move: without a momentum, to the mean of all."""
        if not (self.training and self.track_running_stats):
            return 0.0
        self.num_batches_tracked = self.num_batches_tracked + 1
        if self.momentum is not None:
            return self.momentum
        return 1 / astype(self.num_batches_tracked, self.running_mean.dtype)


class BatchNorm1d(_BatchNorm, ranks=(2, 3)):
    """Batch normalization of (batch, channels) or (batch, channels, length); see ``BatchNorm2d``.

    >>> df.nn.BatchNorm1d(3)(df.randn(8, 3)).shape
    (8, 3)
    """


class BatchNorm2d(_BatchNorm, ranks=(4,)):
    """Batch normalization of (batch, channels, height, width) (Ioffe & Szegedy 2015).

    In training each channel is standardized by the batch's statistics, and the buffers ``running_mean`` and
    ``running_var`` move by ``momentum`` towards them, or to the mean of all batches if it is None; in evaluation the
    buffers are used. ``weight`` and ``bias`` (channels,) start as ones and zeros.

    >>> layer = df.nn.BatchNorm2d(3)
    >>> layer(df.randn(8, 3, 4, 4)).shape, layer.num_batches_tracked.item()
    ((8, 3, 4, 4), 1)
    """


class BatchNorm3d(_BatchNorm, ranks=(5,)):
    """Batch normalization of (batch, channels, depth, height, width); see ``BatchNorm2d``.

    >>> df.nn.BatchNorm3d(3)(df.randn(2, 3, 2, 2, 2)).shape
    (2, 3, 2, 2, 2)
    """


class _InstanceNorm(_Normalization, function="instance_norm"):
    def __init__(
        self,
        num_features: int,
        eps: float = 1e-5,
        momentum: float | None = 0.1,
        affine: bool = False,
        track_running_stats: bool = False,
    ) -> None:
        super().__init__(num_features, eps, momentum, affine, track_running_stats)


class InstanceNorm1d(_InstanceNorm, ranks=(3,)):
    """Instance normalization of (batch, channels, length): each channel of each sample for itself.

    >>> df.nn.InstanceNorm1d(3)(df.randn(2, 3, 8)).shape
    (2, 3, 8)
    """


class InstanceNorm2d(_InstanceNorm, ranks=(4,)):
    """Instance normalization of (batch, channels, height, width): each channel of each sample for itself.

    >>> df.nn.InstanceNorm2d(3)(df.randn(2, 3, 4, 4)).shape
    (2, 3, 4, 4)
    """


class InstanceNorm3d(_InstanceNorm, ranks=(5,)):
    """Instance normalization of (batch, channels, depth, height, width): each channel of each sample for itself.

    >>> df.nn.InstanceNorm3d(3)(df.randn(2, 3, 2, 2, 2)).shape
    (2, 3, 2, 2, 2)
    """


class _LastAxes(_Scaled, reads_as="normalized_shape eps= elementwise_affine="):
    """What normalizations over the last axes share: their arguments."""

    def __init__(self, normalized_shape: Any, eps: Any, elementwise_affine: bool, bias: bool) -> None:
        super().__init__()
        several = isinstance(normalized_shape, tuple | list)
        self.normalized_shape = tuple(normalized_shape) if several else (normalized_shape,)
        self.eps, self.elementwise_affine = eps, elementwise_affine
        self._scale(*self.normalized_shape, weight=elementwise_affine, bias=elementwise_affine and bias)


class LayerNorm(_LastAxes):
    """Layer normalization over the last axes (Ba et al. 2016): ``layer_norm``.

    >>> df.nn.LayerNorm(4)(df.randn(2, 3, 4)).shape
    (2, 3, 4)
    """

    def __init__(
        self, normalized_shape: Any, eps: float = 1e-5, elementwise_affine: bool = True, bias: bool = True
    ) -> None:
        super().__init__(normalized_shape, eps, elementwise_affine, bias)

    def forward(self, x: Any) -> Any:
        """Apply the layer."""
        return functional.layer_norm(x, self.normalized_shape, self.weight, self.bias, self.eps)


class RMSNorm(_LastAxes):
    """Division by the root mean square over the last axes (Zhang & Sennrich 2019): ``rms_norm``.

    >>> df.nn.RMSNorm(4)(df.randn(2, 4)).shape
    (2, 4)
    """

    def __init__(self, normalized_shape: Any, eps: float | None = None, elementwise_affine: bool = True) -> None:
        super().__init__(normalized_shape, eps, elementwise_affine, False)

    def forward(self, x: Any) -> Any:
        """Apply the layer."""
        return functional.rms_norm(x, self.normalized_shape, self.weight, self.eps)


class GroupNorm(_Scaled, reads_as="num_groups num_channels eps= affine="):
    """Group normalization (Wu & He 2018): ``group_norm``.

    >>> df.nn.GroupNorm(2, 6)(df.randn(2, 6, 4)).shape
    (2, 6, 4)
    """

    def __init__(self, num_groups: int, num_channels: int, eps: float = 1e-5, affine: bool = True) -> None:
        super().__init__()
        if num_groups < 1 or num_channels % num_groups:
            raise ValueError(f"GroupNorm: num_channels={num_channels} is no multiple of num_groups={num_groups}")
        self.num_groups, self.num_channels, self.eps, self.affine = num_groups, num_channels, eps, affine
        self._scale(num_channels, weight=affine, bias=affine)

    def forward(self, x: Any) -> Any:
        """Apply the layer."""
        return functional.group_norm(x, self.num_groups, self.weight, self.bias, self.eps)


class LocalResponseNorm(Applied, function="local_response_norm"):
    """Division by the activity of neighbouring channels: ``local_response_norm``.

    >>> df.nn.LocalResponseNorm(3)(df.ones(1, 4, 2)).shape
    (1, 4, 2)
    """

    def extra_repr(self) -> str:
        """Return the arguments."""
        return f"{self.size}, alpha={self.alpha}, beta={self.beta}, k={self.k}"

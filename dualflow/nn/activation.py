"""Activation functions as layers, with PyTorch's names and parameters; ReLU, Sigmoid and Tanh are in ``layers``."""

from __future__ import annotations

from typing import Any

from dualflow.core.mode import eager, variable
from dualflow.nn import functional
from dualflow.nn.layers import Applied
from dualflow.nn.module import Module
from dualflow.ops.array import create


class CELU(Applied):
    """See ``df.nn.functional.celu``."""

    function = "celu"


class ELU(Applied):
    """See ``df.nn.functional.elu``."""

    function = "elu"


class GELU(Applied):
    """See ``df.nn.functional.gelu``."""

    function = "gelu"


class GLU(Applied):
    """See ``df.nn.functional.glu``."""

    function = "glu"
    names = ("dim",)


class Hardshrink(Applied):
    """See ``df.nn.functional.hardshrink``."""

    function = "hardshrink"


class Hardsigmoid(Applied):
    """See ``df.nn.functional.hardsigmoid``."""

    function = "hardsigmoid"


class Hardswish(Applied):
    """See ``df.nn.functional.hardswish``."""

    function = "hardswish"


class Hardtanh(Applied):
    """See ``df.nn.functional.hardtanh``."""

    function = "hardtanh"


class LeakyReLU(Applied):
    """See ``df.nn.functional.leaky_relu``."""

    function = "leaky_relu"


class LogSigmoid(Applied):
    """See ``df.nn.functional.logsigmoid``."""

    function = "logsigmoid"


class LogSoftmax(Applied):
    """See ``df.nn.functional.log_softmax``."""

    function = "log_softmax"
    names = ("dim",)


class Mish(Applied):
    """See ``df.nn.functional.mish``."""

    function = "mish"


class ReLU6(Applied):
    """See ``df.nn.functional.relu6``."""

    function = "relu6"


class SELU(Applied):
    """See ``df.nn.functional.selu``."""

    function = "selu"


class SiLU(Applied):
    """See ``df.nn.functional.silu``."""

    function = "silu"


class Softmax(Applied):
    """See ``df.nn.functional.softmax``."""

    function = "softmax"
    names = ("dim",)


class Softmin(Applied):
    """See ``df.nn.functional.softmin``."""

    function = "softmin"
    names = ("dim",)


class Softplus(Applied):
    """See ``df.nn.functional.softplus``."""

    function = "softplus"


class Softshrink(Applied):
    """See ``df.nn.functional.softshrink``."""

    function = "softshrink"


class Softsign(Applied):
    """See ``df.nn.functional.softsign``."""

    function = "softsign"


class Tanhshrink(Applied):
    """See ``df.nn.functional.tanhshrink``."""

    function = "tanhshrink"


class Threshold(Applied):
    """See ``df.nn.functional.threshold``."""

    function = "threshold"


class Softmax2d(Module):
    """The softmax over the channels of (batch, channels, height, width), or without the batch.

    >>> df.nn.Softmax2d()(df.zeros(1, 2, 1, 1)).flatten()
    tensor([0.5, 0.5])
    """

    def forward(self, x: Any) -> Any:
        """Apply the layer."""
        return functional.softmax(x, dim=-3)


class PReLU(Module):
    """``x`` above zero, else ``weight * x``, with a learned ``weight`` of one element or one for each channel.

    >>> df.nn.PReLU()(df.tensor([1.0, -2.0])).detach()
    tensor([ 1. , -0.5])
    """

    def __init__(self, num_parameters: int = 1, init: float = 0.25) -> None:
        super().__init__()
        self.num_parameters = num_parameters
        with eager():
            self.weight = variable(create.full((num_parameters,), init), parameter=True)

    def forward(self, x: Any) -> Any:
        """Apply the layer."""
        return functional.prelu(x, self.weight)

    def extra_repr(self) -> str:
        """Return the number of parameters."""
        return f"num_parameters={self.num_parameters}"

"""Activation functions as layers, with PyTorch's names and parameters; ReLU, Sigmoid and Tanh are in ``layers``."""

from __future__ import annotations

from typing import Any

from dualflow.core.mode import eager, variable
from dualflow.nn import functional
from dualflow.nn.layers import Applied, Family
from dualflow.nn.module import Module
from dualflow.ops.array import create


class CELU(Applied, function="celu"):
    """See ``df.nn.functional.celu``."""


class ELU(Applied, function="elu"):
    """See ``df.nn.functional.elu``."""


class GELU(Applied, function="gelu"):
    """See ``df.nn.functional.gelu``."""


class GLU(Applied, function="glu", names=("dim",)):
    """See ``df.nn.functional.glu``."""


class Hardshrink(Applied, function="hardshrink"):
    """See ``df.nn.functional.hardshrink``."""


class Hardsigmoid(Applied, function="hardsigmoid"):
    """See ``df.nn.functional.hardsigmoid``."""


class Hardswish(Applied, function="hardswish"):
    """See ``df.nn.functional.hardswish``."""


class Hardtanh(Applied, function="hardtanh"):
    """See ``df.nn.functional.hardtanh``."""


class LeakyReLU(Applied, function="leaky_relu"):
    """See ``df.nn.functional.leaky_relu``."""


class LogSigmoid(Applied, function="logsigmoid"):
    """See ``df.nn.functional.logsigmoid``."""


class LogSoftmax(Applied, function="log_softmax", names=("dim",)):
    """See ``df.nn.functional.log_softmax``."""


class Mish(Applied, function="mish"):
    """See ``df.nn.functional.mish``."""


class ReLU6(Applied, function="relu6"):
    """See ``df.nn.functional.relu6``."""


class SELU(Applied, function="selu"):
    """See ``df.nn.functional.selu``."""


class SiLU(Applied, function="silu"):
    """See ``df.nn.functional.silu``."""


class Softmax(Applied, function="softmax", names=("dim",)):
    """See ``df.nn.functional.softmax``."""


class Softmin(Applied, function="softmin", names=("dim",)):
    """See ``df.nn.functional.softmin``."""


class Softplus(Applied, function="softplus"):
    """See ``df.nn.functional.softplus``."""


class Softshrink(Applied, function="softshrink"):
    """See ``df.nn.functional.softshrink``."""


class Softsign(Applied, function="softsign"):
    """See ``df.nn.functional.softsign``."""


class Tanhshrink(Applied, function="tanhshrink"):
    """See ``df.nn.functional.tanhshrink``."""


class Threshold(Applied, function="threshold"):
    """See ``df.nn.functional.threshold``."""


class Softmax2d(Module):
    """The softmax over the channels of (batch, channels, height, width), or without the batch.

    >>> df.nn.Softmax2d()(df.zeros(1, 2, 1, 1)).flatten()
    tensor([0.5, 0.5])
    """

    def forward(self, x: Any) -> Any:
        """Apply the layer."""
        return functional.softmax(x, dim=-3)


class PReLU(Family, reads_as="num_parameters="):
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

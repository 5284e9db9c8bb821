"""Activation functions as layers, with PyTorch's names and parameters; ReLU, Sigmoid and Tanh are in ``layers``."""

from __future__ import annotations

from typing import Any

from dualflow.mode import eager, guard, variable
from dualflow.nn import functional
from dualflow.nn.module import Module
from dualflow.ops import create


class Activation(Module):
    """An elementwise layer without parameters: the function of the same name, with the settings it was made with."""

    settings: tuple[str, ...] = ()

    def extra_repr(self) -> str:
        """Return the settings."""
        return ", ".join(f"{name}={getattr(self, name)!r}" for name in self.settings)

    def read(self) -> list[Any]:
        """Return the settings, noting for compiled functions that they were read."""
        for name in self.settings:
            guard(self, name)
        return [getattr(self, name) for name in self.settings]


class CELU(Activation):
    """See ``df.nn.functional.celu``."""

    settings = ("alpha",)

    def __init__(self, alpha: float = 1.0) -> None:
        super().__init__()
        self.alpha = alpha

    def forward(self, x: Any) -> Any:
        """Apply the layer."""
        return functional.celu(x, *self.read())


class ELU(Activation):
    """See ``df.nn.functional.elu``."""

    settings = ("alpha",)

    def __init__(self, alpha: float = 1.0) -> None:
        super().__init__()
        self.alpha = alpha

    def forward(self, x: Any) -> Any:
        """Apply the layer."""
        return functional.elu(x, *self.read())


class GELU(Activation):
    """See ``df.nn.functional.gelu``."""

    settings = ("approximate",)

    def __init__(self, approximate: str = "none") -> None:
        super().__init__()
        self.approximate = approximate

    def forward(self, x: Any) -> Any:
        """Apply the layer."""
        return functional.gelu(x, approximate=self.read()[0])


class GLU(Activation):
    """See ``df.nn.functional.glu``."""

    settings = ("dim",)

    def __init__(self, dim: int = -1) -> None:
        super().__init__()
        self.dim = dim

    def forward(self, x: Any) -> Any:
        """Apply the layer."""
        return functional.glu(x, *self.read())


class Hardshrink(Activation):
    """See ``df.nn.functional.hardshrink``."""

    settings = ("lambd",)

    def __init__(self, lambd: float = 0.5) -> None:
        super().__init__()
        self.lambd = lambd

    def forward(self, x: Any) -> Any:
        """Apply the layer."""
        return functional.hardshrink(x, *self.read())


class Hardsigmoid(Activation):
    """See ``df.nn.functional.hardsigmoid``."""

    def forward(self, x: Any) -> Any:
        """Apply the layer."""
        return functional.hardsigmoid(x)


class Hardswish(Activation):
    """See ``df.nn.functional.hardswish``."""

    def forward(self, x: Any) -> Any:
        """Apply the layer."""
        return functional.hardswish(x)


class Hardtanh(Activation):
    """See ``df.nn.functional.hardtanh``."""

    settings = (
        "min_val",
        "max_val",
    )

    def __init__(self, min_val: float = -1.0, max_val: float = 1.0) -> None:
        super().__init__()
        self.min_val, self.max_val = min_val, max_val

    def forward(self, x: Any) -> Any:
        """Apply the layer."""
        return functional.hardtanh(x, *self.read())


class LeakyReLU(Activation):
    """See ``df.nn.functional.leaky_relu``."""

    settings = ("negative_slope",)

    def __init__(self, negative_slope: float = 0.01) -> None:
        super().__init__()
        self.negative_slope = negative_slope

    def forward(self, x: Any) -> Any:
        """Apply the layer."""
        return functional.leaky_relu(x, *self.read())


class LogSigmoid(Activation):
    """See ``df.nn.functional.logsigmoid``."""

    def forward(self, x: Any) -> Any:
        """Apply the layer."""
        return functional.logsigmoid(x)


class Mish(Activation):
    """See ``df.nn.functional.mish``."""

    def forward(self, x: Any) -> Any:
        """Apply the layer."""
        return functional.mish(x)


class ReLU6(Activation):
    """See ``df.nn.functional.relu6``."""

    def forward(self, x: Any) -> Any:
        """Apply the layer."""
        return functional.relu6(x)


class SELU(Activation):
    """See ``df.nn.functional.selu``."""

    def forward(self, x: Any) -> Any:
        """Apply the layer."""
        return functional.selu(x)


class SiLU(Activation):
    """See ``df.nn.functional.silu``."""

    def forward(self, x: Any) -> Any:
        """Apply the layer."""
        return functional.silu(x)


class Softplus(Activation):
    """See ``df.nn.functional.softplus``."""

    settings = (
        "beta",
        "threshold",
    )

    def __init__(self, beta: float = 1.0, threshold: float = 20.0) -> None:
        super().__init__()
        self.beta, self.threshold = beta, threshold

    def forward(self, x: Any) -> Any:
        """Apply the layer."""
        beta, threshold = self.read()
        return functional.softplus(x, beta=beta, threshold=threshold)


class Softshrink(Activation):
    """See ``df.nn.functional.softshrink``."""

    settings = ("lambd",)

    def __init__(self, lambd: float = 0.5) -> None:
        super().__init__()
        self.lambd = lambd

    def forward(self, x: Any) -> Any:
        """Apply the layer."""
        return functional.softshrink(x, *self.read())


class Softsign(Activation):
    """See ``df.nn.functional.softsign``."""

    def forward(self, x: Any) -> Any:
        """Apply the layer."""
        return functional.softsign(x)


class Tanhshrink(Activation):
    """See ``df.nn.functional.tanhshrink``."""

    def forward(self, x: Any) -> Any:
        """Apply the layer."""
        return functional.tanhshrink(x)


class Threshold(Activation):
    """See ``df.nn.functional.threshold``."""

    settings = (
        "threshold",
        "value",
    )

    def __init__(self, threshold: float, value: float) -> None:
        super().__init__()
        self.threshold, self.value = threshold, value

    def forward(self, x: Any) -> Any:
        """Apply the layer."""
        return functional.threshold(x, *self.read())


class PReLU(Module):
    """``x`` above zero, else ``weight * x``, with a learned ``weight`` of one element or one for each channel.

    >>> import dualflow as df
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

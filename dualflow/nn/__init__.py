"""Neural networks: modules, layers, losses and initial values, written on the vocabulary for both worlds."""

from typing import Any

from dualflow.nn import functional, init
from dualflow.nn.containers import ModuleList, Sequential
from dualflow.nn.layers import CrossEntropyLoss, Dropout, Flatten, Linear, MSELoss, ReLU, Sigmoid, Tanh
from dualflow.nn.module import Module, StateDictError, parameter_class
from dualflow.nn.recurrent import LSTMCell

Parameter: Any  # df.Parameter, once there is a world that makes it


def __getattr__(name: str) -> Any:
    if name == "Parameter":
        return parameter_class()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


__all__ = [
    "CrossEntropyLoss",
    "Dropout",
    "Flatten",
    "LSTMCell",
    "Linear",
    "MSELoss",
    "Module",
    "ModuleList",
    "Parameter",
    "ReLU",
    "Sequential",
    "Sigmoid",
    "StateDictError",
    "Tanh",
    "functional",
    "init",
]

"""Neural networks: modules, layers, losses and initial values, written on the vocabulary for both worlds."""

from dualflow.nn import functional, init
from dualflow.nn.containers import ModuleList, Sequential
from dualflow.nn.layers import CrossEntropyLoss, Dropout, Flatten, Linear, MSELoss, ReLU, Sigmoid, Tanh
from dualflow.nn.module import Module, Parameter, StateDictError
from dualflow.nn.recurrent import LSTMCell

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

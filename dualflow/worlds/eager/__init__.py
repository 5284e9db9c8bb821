"""World one: define by run. NumPy computes each op as its line runs, and a record remembers it."""

from dualflow.worlds.eager import copying, inplace, world
from dualflow.worlds.eager.backward import grad
from dualflow.worlds.eager.function import Function, once_differentiable
from dualflow.worlds.eager.tape import GradientTape
from dualflow.worlds.eager.tensor import Tensor
from dualflow.worlds.eager.variable import Parameter, Variable

__all__ = [
    "Function",
    "GradientTape",
    "Parameter",
    "Tensor",
    "Variable",
    "copying",
    "grad",
    "inplace",
    "once_differentiable",
    "world",
]

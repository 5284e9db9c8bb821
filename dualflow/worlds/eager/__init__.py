"""World one: define by run. NumPy computes each op as its line runs, and a record remembers it."""

from dualflow.eager import carry, inplace
from dualflow.eager.backward import grad
from dualflow.eager.function import Function
from dualflow.eager.tape import GradientTape
from dualflow.eager.tensor import Tensor
from dualflow.eager.variable import Parameter, Variable

__all__ = ["Function", "GradientTape", "Parameter", "Tensor", "Variable", "carry", "grad", "inplace"]

"""Variables: named tensors that hold state, which both worlds read and write."""

from __future__ import annotations

from typing import Any

import numpy as np

from dualflow.autodiff.record import leaf
from dualflow.core import dtypes, mode
from dualflow.core.errors import DTypeError, ShapeError
from dualflow.core.site import user_site
from dualflow.ops.array.create import as_array, asarray
from dualflow.worlds.eager import memory
from dualflow.worlds.eager.tensor import Leaf, Tensor


class Variable(Tensor):
    """State: a tensor with a name, changed by ``assign``, watched by tapes and captured by functions.

    ``trainable=False`` for state that has no gradient. Inside ``with df.graph():`` a Variable belongs
    to that graph instead: its value lives in each Session, after its initializer has run.

    >>> w = df.Variable([1.0, 2.0])
    >>> w.assign(w * 2).numpy()
    array([2., 4.], dtype=float32)
    """

    __slots__ = ("name", "trainable")
    is_variable = True
    name: str
    trainable: bool

    def __new__(
        cls,
        initial_value: Any = None,
        trainable: bool = True,
        name: str = "",
        dtype: Any = None,
        requires_grad: bool | None = None,
    ) -> Any:
        graph = mode.current().graph
        trainable = trainable if requires_grad is None else requires_grad
        if graph is not None:
            return graph.variable(initial_value, trainable=trainable, name=name, dtype=dtype, kind=cls)
        made = object.__new__(cls)
        made.array = np.array(as_array(initial_value, dtype))
        made.links = None
        made.buffer = None
        made.name = name
        made.trainable = trainable and dtypes.is_floating(made.array.dtype)
        made.record = leaf(Leaf()) if made.trainable else None
        return made

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Everything is done by ``__new__``, which may answer with a graph's variable."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}({super().__repr__()}{f', name={self.name!r}' if self.name else ''})"

    def numpy(self) -> np.ndarray:
        """Return the value as a NumPy array that shares memory with the variable."""
        if self.array.__class__ is not np.ndarray:
            self.array = np.asarray(self.array)
        return self.array

    def value(self) -> Tensor:
        """Return the current value, detached from the variable."""
        return self.detach()

    read_value = value

    def assign(self, value: Any) -> Any:
        """Replace the value; shape must agree and the dtype must fit. Returns the variable."""
        context = mode.current() if mode.UNUSUAL else mode.USUAL
        if context.graph is not None:
            return context.graph.assign(self, value, "assign")
        new = value.array if isinstance(value, Tensor) else as_array(value)
        if new.shape != self.array.shape:
            raise ShapeError(
                f"assign: a value of shape {new.shape} does not fit a variable of shape {self.array.shape}",
                operands=[("variable", self), ("value", value)],
            )
        if new.dtype != self.array.dtype and dtypes.KIND[new.dtype.kind] > dtypes.KIND[self.array.dtype.kind]:
            raise DTypeError(
                f"assign: {new.dtype} does not fit a variable of {self.array.dtype}",
                operands=[("variable", self), ("value", value)],
            )
        array = self.numpy()
        array[...] = new
        memory.stamp(array, user_site(), "assign")
        if context.watch is not None:
            context.watch.written(self)
        return self

    def assign_add(self, value: Any) -> Any:
        """Add ``value`` to the variable."""
        return self.assign(_bare(self) + _operand(value))

    def assign_sub(self, value: Any) -> Any:
        """Subtract ``value`` from the variable."""
        return self.assign(_bare(self) - _operand(value))


class Parameter(Variable):
    """A variable that a module trains: ``requires_grad`` unless told otherwise.

    >>> df.nn.Parameter(df.zeros(2)).requires_grad
    True
    """

    __slots__ = ()


def _operand(value: Any) -> Any:
    return asarray(value) if isinstance(value, list | tuple) else value


def _bare(x: Variable) -> Any:
    return x if mode.UNUSUAL and mode.current().graph is not None else x.detach()

"""The eager world as the contract knows it; its closures, put behind functions, operators and methods."""

from __future__ import annotations

import functools
import warnings
from typing import Any

import numpy as np
from numpy import ndarray

from dualflow.core.op import VOCABULARY, Op
from dualflow.core.site import user_site
from dualflow.core.world import WORLDS
from dualflow.tensors import operators
from dualflow.worlds.eager import memory
from dualflow.worlds.eager.backward import gradients
from dualflow.worlds.eager.carry import reflect, specialise
from dualflow.worlds.eager.tensor import Tensor, new, wrap
from dualflow.worlds.eager.variable import Parameter, Variable


class World:
    """The eager world as ``dualflow.mode`` knows it."""

    @staticmethod
    def install(op: Op) -> None:
        """Put this world's closure behind the public function of ``op``."""
        op.carry = specialise(op, 2)

    @staticmethod
    def constant(array: ndarray) -> Tensor:
        """Wrap an array, sharing memory."""
        return wrap(array)

    @staticmethod
    def hold(value: Any) -> Tensor:
        """Make a tensor of an array that compiled code left on the device, fetched when first used."""
        if isinstance(value, ndarray | np.generic):
            return wrap(value)
        made = new(Tensor)
        made.buffer = value
        made.links = None
        made.record = None
        return made

    @staticmethod
    def overwrite(x: Tensor, value: ndarray) -> None:
        """Write into the tensor's memory what a graph assigned, for all who share it."""
        x.array[...] = value
        memory.stamp(x.array, user_site(), "an assignment in a graph")

    @staticmethod
    def version(array: Any) -> int:
        """Return how often the memory of an array has been written to in place."""
        return memory.version(array)

    @staticmethod
    def variable(value: Any, *, trainable: bool, name: str, parameter: bool) -> Any:
        """Make a Variable or a Parameter."""
        return (Parameter if parameter else Variable)(value, trainable=trainable, name=name)

    @staticmethod
    def gradients(y: Tensor, xs: Any) -> list[Any]:
        """Return the gradient of ``y`` for each of ``xs``, freeing the records."""
        return gradients([y], list(xs), [None], keep=False, create=False, what="gradients")


def _shortcuts() -> None:
    """Install the methods whose arguments decide the op: one frame more than a closure, not four."""
    matmul, square, power = (specialise(VOCABULARY[title], 2) for title in ("matmul", "square", "power"))

    def mm(a: Any, mat2: Any) -> Any:
        """Multiply two matrices; unlike ``matmul``, both must have exactly two axes."""
        if isinstance(mat2, Tensor) and a.array.ndim == 2 == mat2.array.ndim:
            return matmul(a, mat2)
        return operators.Operators.mm(a, mat2)

    def raised(a: Any, exponent: Any) -> Any:
        """See ``df.power``; numpy.power(x, 2) takes ten times as long as numpy.square(x)."""
        return square(a) if exponent.__class__ in (int, float) and exponent == 2 else power(a, exponent)

    for name, method in (("mm", mm), ("pow", raised), ("__pow__", raised)):
        setattr(Tensor, name, method)


def install() -> None:
    """Make this world carry out the whole vocabulary."""
    # 1/0 and exp(1000) are inf and no complaint, as in PyTorch, TensorFlow and compiled code: NumPy would name
    # this file. Last in the list, so that -W error or np.errstate(all="raise") make them errors that name the user's
    # line. np.errstate around each kernel would cost 1.1 µs.
    warnings.filterwarnings("ignore", category=RuntimeWarning, module=r"dualflow\.", append=True)
    WORLDS["eager"] = World()
    for op in VOCABULARY.values():
        op.carry = specialise(op, 2)
    for name, title in operators.DIRECT.items():
        op = VOCABULARY[title]
        closure = specialise(op, 1, operator=name.startswith("__"))
        if closure.__code__.co_argcount == 2:  # PyTorch's words, as in ``x.mul(other=y)``
            code = closure.__code__
            closure.__code__ = code.replace(co_varnames=("input", "other", *code.co_varnames[2:]))
        setattr(Tensor, name, functools.update_wrapper(closure, op.call))
    for name, title in operators.REFLECTED.items():
        setattr(Tensor, name, reflect(VOCABULARY[title]))
    _shortcuts()


install()

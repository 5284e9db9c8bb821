"""Copies of tensors, by ``copy.deepcopy`` and by pickle: value, gradient, flags, and which of them share memory."""

from __future__ import annotations

import copy
import warnings
from typing import Any

import numpy as np

from dualflow.autodiff.record import leaf
from dualflow.core.errors import GradientError
from dualflow.worlds.eager import memory
from dualflow.worlds.eager.tensor import Leaf, Links, Tensor, new
from dualflow.worlds.eager.variable import Variable


def parts(x: Tensor, what: str) -> tuple[Any, ...]:
    """Return what a tensor consists of: the memory, where in it the elements lie, and what else there is to it.

    The memory is the array that owns it, which copying and pickling keep one for all that share it.
    """
    if not x.is_leaf:
        raise GradientError(f"{what}: only leaves can be copied; detach() the tensor first", operands=[("tensor", x)])
    array = np.asarray(x.array)
    owner = memory.owner_of(array)
    where = None
    if owner is not array:
        offset = array.__array_interface__["data"][0] - owner.__array_interface__["data"][0]
        where = array.shape, array.dtype, offset, array.strides
    held = x.gathered
    facts = {"requires": x.record is not None, "grad": None if held is None else held.grad}
    if isinstance(x, Variable):
        facts |= {"name": x.name, "trainable": x.trainable}
    return owner, where, facts, None if held is None or not held.hooks else held.hooks


def rebuild(kind: type[Tensor], owner: np.ndarray, where: Any, facts: dict[str, Any], hooks: Any = None) -> Tensor:
    """Make a tensor of its parts."""
    made = object.__new__(kind) if issubclass(kind, Variable) else new(kind)
    if where is None:
        made.array = owner
    else:
        shape, dtype, offset, strides = where
        made.array = np.ndarray(shape, dtype, owner.ravel(order="K"), offset, strides)
    made.links = made.buffer = made.record = None
    if isinstance(made, Variable):
        made.name, made.trainable = facts["name"], facts["trainable"]
    if facts["requires"] or facts["grad"] is not None:
        held = Leaf()
        held.grad, held.hooks, held.frozen = facts["grad"], hooks, not facts["requires"]
        if facts["requires"]:
            made.record = leaf(held)
        else:
            made.links = Links()
            made.links.frozen = held
    return made


def deepcopy(x: Tensor, memo: dict[int, Any]) -> Tensor:
    """Copy a leaf with its gradient, its flags and its hooks; what shares memory shares that of the copy."""
    made = memo[id(x)] = rebuild(type(x), *copy.deepcopy(parts(x, "deepcopy"), memo))
    return made


def reduce(x: Tensor) -> Any:
    """Pickle a leaf; hooks, which are functions, stay behind, with a warning."""
    *rest, hooks = parts(x, "pickle")
    if hooks:
        warnings.warn("pickle: the hooks of a tensor are not pickled", UserWarning, stacklevel=2)
    return rebuild, (type(x), *rest)


Tensor.__deepcopy__ = deepcopy  # type: ignore[attr-defined]
Tensor.__reduce__ = reduce  # type: ignore[assignment, method-assign]

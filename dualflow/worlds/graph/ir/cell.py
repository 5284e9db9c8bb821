"""Cells: what a graph reads and writes that outlives a run.

A cell says where a piece of state lives and how a run gets it and puts it back. A graph's own
variable lives in the session; an eager tensor lives in itself, in NumPy's memory or on the device,
wherever it was last used; a gradient lives in the leaf it belongs to.
"""

from __future__ import annotations

import operator
import sys
import types
from collections.abc import Sequence
from typing import Any

import numpy as np

from dualflow.autodiff.record import OP, OWNER, leaf
from dualflow.core import dtypes
from dualflow.core.world import WORLDS

HOST = (np.ndarray, np.generic)
"""What lies in NumPy's memory; as ``ndarray | generic`` it would be put together at every store, 0.15 µs."""


class Cell:
    """A place of state, as a graph sees it: shape, dtype, name, and a leaf record for gradients."""

    owner: Any
    shape: tuple[int, ...]
    dtype: np.dtype
    name: str
    trainable: bool
    toggles = False
    """Whether ``trainable`` may change while a graph is being built."""
    led = False
    """Whether it was so when the node of its value was made."""
    leaf = True
    """Whether gradients end here: a captured tensor may have been computed."""

    def __init__(self, owner: Any) -> None:
        self.owner = owner
        self.record = leaf(self)
        self.current: Any = None  # the symbol that reads the cell here, until it is assigned to
        self.reader: Any = None

    def __repr__(self) -> str:
        return f"<cell {self.name or type(self).__name__}>"

    def load(self, values: dict[Any, Any]) -> Any:
        """Return the current value, a NumPy or a device array; None when there is none."""
        raise AttributeError(f"{type(self).__name__} has no load")

    def store(self, values: dict[Any, Any], value: Any) -> None:
        """Put a new value back."""
        raise AttributeError(f"{type(self).__name__} has no store")


class VariableCell(Cell):
    """A graph's own variable: its value is the session's."""

    def __init__(self, owner: Any) -> None:
        super().__init__(owner)
        self.shape, self.dtype, self.name, self.trainable = owner.shape, owner.dtype, owner.name, owner.trainable

    def load(self, values: dict[Any, Any]) -> Any:
        """Return the session's value, or None before the initializer has run."""
        return values.get(self)

    def store(self, values: dict[Any, Any], value: Any) -> None:
        """Keep the value in the session."""
        values[self] = value


class TensorCell(Cell):
    """An eager tensor, by reference: read afresh at every run, written back after it."""

    def __init__(self, owner: Any) -> None:
        super().__init__(owner)
        self.shape, self.dtype = owner.shape, owner.dtype
        self.name = getattr(owner, "name", "")

    toggles = held = True
    moves = 2
    """How often a tensor that a compiled run only reads may yet be moved to the device: eager code fetches it back."""

    @property
    def trainable(self) -> bool:  # type: ignore[override]
        """Whether gradients go to the tensor."""
        return self.owner.record is not None and dtypes.is_floating(self.dtype)

    @property
    def leaf(self) -> bool:  # type: ignore[override]
        """Whether gradients end here."""
        return bool(self.owner.is_leaf)

    @property
    def hooks(self) -> dict[int, Any] | None:
        """What the gradients of the tensor, a leaf, are shown to."""
        record = self.owner.record
        return None if record is None or record[OP] is not None else record[OWNER].hooks

    def load(self, values: dict[Any, Any]) -> Any:
        """Return the device's array if that was last written, else NumPy's."""
        owner = self.owner  # load_tensor spelt out: one frame less for each variable and step
        return owner.array if owner.buffer is None else owner.buffer

    def shared(self) -> bool:
        """Return whether a view, an array from ``numpy()`` or a detached twin shares the tensor's memory.

        As NumPy does in ``ndarray.resize``: by counting references. A device array is the tensor's alone.
        """
        owner = self.owner
        if owner.buffer is not None or not isinstance(owner.array, np.ndarray):
            return False
        return sys.getrefcount(owner.array) > ALONE or (
            owner.array.base is not None and sys.getrefcount(owner.array.base) > ALONE
        )

    def overwrite(self, value: Any) -> None:
        """Write a new value into the memory itself."""
        WORLDS["eager"].overwrite(self.owner, np.asarray(value))

    def store(self, values: dict[Any, Any], value: Any) -> None:
        """Leave a device array on the device: the tensor fetches it when it is next used eagerly."""
        owner = self.owner
        if isinstance(value, HOST):
            owner.array, owner.buffer = value, None
        else:
            if owner.buffer is None:
                del owner.array
            owner.buffer = value

    def move(self) -> None:
        """Leave the value on the device, where compiled runs read it again: sending it took 30 µs, for 64 numbers."""
        import jax.numpy as jnp

        owner = self.owner
        if self.moves and owner.buffer is None and not self.shared():
            self.moves -= 1
            owner.buffer = jnp.array(owner.array, copy=True)
            del owner.array


class GradCell(Cell):
    """The gradient gathered in a leaf's ``.grad``."""

    def __init__(self, owner: Any) -> None:
        super().__init__(owner)
        self.shape, self.dtype, self.name, self.trainable = owner.shape, owner.dtype, "grad", False

    @property
    def present(self) -> bool:
        """Whether the leaf holds a gradient now."""
        held = self.owner.gathered
        return held is not None and held.grad is not None

    def load(self, values: dict[Any, Any]) -> Any:
        """Return the gradient's array."""
        held = self.owner.gathered.grad
        return None if held is None else load_tensor(held)

    def store(self, values: dict[Any, Any], value: Any) -> None:
        """Put a gradient into the leaf."""
        self.owner.gathered.grad = None if value is None else WORLDS["eager"].hold(value)


class Shelf:
    """The state of tensors that a compiled run left on the device, loaded and stored at once: 1 µs for 13, not 10."""

    def __init__(self, cells: Sequence[TensorCell]) -> None:
        self.cells = list(cells)
        self._owners = [cell.owner for cell in cells]
        self._arrays: list[Any] = []

    def load(self) -> list[Any] | None:
        """Return the arrays, if each tensor still has the one that was stored last."""
        arrays = self._arrays
        if arrays and all(map(operator.is_, [owner.buffer for owner in self._owners], arrays)):
            return arrays
        return None

    def store(self, arrays: list[Any]) -> None:
        """Leave arrays in tensors whose values are on the device already."""
        for owner, array in zip(self._owners, arrays, strict=True):
            owner.buffer = array
        self._arrays = arrays

    def settle(self) -> None:
        """Note what the tensors have after they were stored one by one."""
        arrays = [owner.buffer for owner in self._owners]
        self._arrays = [] if any(array is None for array in arrays) else arrays


_LONE = types.SimpleNamespace(array=np.empty(0))
ALONE = sys.getrefcount(_LONE.array)
"""References to an array that one attribute holds, as ``getrefcount(owner.array)`` counts them."""


def load_tensor(x: Any) -> Any:
    """Return an eager tensor's array where it was last written: on the device, or in NumPy's memory."""
    return x.array if x.buffer is None else x.buffer

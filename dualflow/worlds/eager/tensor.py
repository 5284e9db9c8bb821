"""The eager tensor: a NumPy array and the record of how it was made."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from dualflow.autodiff.record import LEAF, OP, OWNER, leaf
from dualflow.core import dtypes, mode
from dualflow.core.errors import DTypeError, GradientError, ShapeError
from dualflow.tensors import operators

new = object.__new__


class Leaf:
    """What a leaf's record belongs to: the place where its gradient gathers."""

    __slots__ = ("frozen", "grad", "hooks")

    def __init__(self) -> None:
        self.frozen = False  # requires_grad is off: what was recorded before gives it no gradient
        self.grad: Any = None
        self.hooks: dict[int, Any] | None = None


class Links:
    """What few tensors have: the tensor they are a view of, their own views, a gradient to retain, their old leaf."""

    __slots__ = ("base", "frozen", "grad", "limit", "retain", "views")

    def __init__(self, base: Any = None) -> None:
        self.base = base
        self.views: list[Any] = []
        self.limit = 32  # how many before those that are gone are dropped
        self.retain = False
        self.grad: Any = None
        self.frozen: Leaf | None = None  # where the gradient of a leaf has gathered, while requires_grad is off


class Tensor(operators.Operators):
    """An n-dimensional array that remembers how it was computed.

    Made by ``df.tensor``, ``df.zeros`` and the like. ``array`` is the NumPy array; ``record`` is None for a
    constant and otherwise what ``dualflow.autodiff.record`` describes. When compiled code last wrote the value,
    ``array`` is unset and ``buffer``, otherwise None, holds it on the device: the first eager use fetches it,
    at no cost to tensors that were never there.
    """

    __slots__ = ("__weakref__", "array", "buffer", "links", "record")

    array: Any
    buffer: Any
    links: Links | None
    record: list[Any] | None

    def __getattr__(self, name: str) -> Any:
        if name == "array":  # unset: the value lies on the device
            value = self.array = np.array(self.buffer)
            self.buffer = None
            return value
        raise AttributeError(f"a tensor has no attribute {name!r}")

    # -- what it is
    @property
    def shape(self) -> tuple[int, ...]:
        """The size of each axis."""
        return (self.array if self.buffer is None else self.buffer).shape

    @property
    def dtype(self) -> np.dtype:
        """The element type, a NumPy dtype."""
        return (self.array if self.buffer is None else self.buffer).dtype

    @property
    def device(self) -> str:
        """Always "cpu": the eager world computes with NumPy."""
        return "cpu"

    @property
    def size(self) -> Any:
        """The number of elements."""
        return self.array.size

    def numel(self) -> int:
        """Return the number of elements."""
        return self.array.size

    nelement = numel

    def stride(self, dim: int | None = None) -> Any:
        """Return how many elements lie between neighbours along each axis, or along ``dim``."""
        steps = tuple(n // self.array.itemsize for n in self.array.strides)
        return steps if dim is None else steps[dim]

    def is_contiguous(self) -> bool:
        """Return whether the elements lie in memory in row-major order, without gaps."""
        return np.asarray(self.array).flags.c_contiguous

    def contiguous(self) -> Any:
        """Return the tensor itself if it is contiguous, else a copy that is."""
        return self if self.is_contiguous() else self.ravel().reshape(self.shape)

    def data_ptr(self) -> int:
        """Return the address of the first element."""
        return int(np.asarray(self.array).__array_interface__["data"][0])

    def __len__(self) -> int:
        if not self.array.shape:
            raise TypeError("len() of a 0-d tensor")
        return self.array.shape[0]

    def __repr__(self) -> str:
        array, digits = self.array, None
        if array.dtype == dtypes.bfloat16:  # NumPy does not line it up; no more of float32's digits than it has
            array, digits = array.astype(np.float32), min(4, np.get_printoptions()["precision"])
        text = np.array2string(array, precision=digits, separator=", ", prefix="tensor(")
        extra = ""
        # what shows no numbers does not show of which kind they are
        if self.array.dtype not in (dtypes.float32, dtypes.int64, dtypes.bool_)[: 3 if self.array.size else 1]:
            extra += f", dtype={self.array.dtype}"
        if self.array.size == 0 or self.array.size > np.get_printoptions()["threshold"]:
            extra += f", shape={self.array.shape}"
        if self.record is not None:
            extra += ", requires_grad=True" if self.is_leaf else f", grad_fn=<{self.grad_fn}>"
        return f"tensor({text}{extra})"

    def __format__(self, spec: str) -> str:
        return format(self.item(), spec) if spec and not self.array.shape else format(str(self), spec)

    # -- its value
    def numpy(self) -> np.ndarray:
        """Return the NumPy array, sharing memory. Raises GradientError while a gradient is required."""
        if self.record is not None:
            raise GradientError(
                "numpy: the tensor requires a gradient, which a NumPy array cannot carry", hint="use .detach().numpy()"
            )
        if mode.UNUSUAL:
            mode.took(self)
        if self.array.__class__ is not np.ndarray:  # NumPy answers 0-d ufuncs with scalars
            self.array = np.asarray(self.array)
        return self.array

    def __array__(self, dtype: Any = None, copy: Any = None) -> np.ndarray:
        if mode.UNUSUAL:
            mode.took(self)
        if self.array.__class__ is not np.ndarray:
            self.array = np.asarray(self.array)
        return np.array(self.array, dtype, copy=copy)

    def __dlpack__(
        self, *, stream: Any = None, max_version: Any = None, dl_device: Any = None, copy: bool | None = None
    ) -> Any:
        return self.numpy().__dlpack__(stream=stream, max_version=max_version, dl_device=dl_device, copy=copy)

    def __dlpack_device__(self) -> Any:
        return np.asarray(self.array).__dlpack_device__()

    def item(self) -> Any:
        """Return the only element as a Python number. Raises ShapeError when there is not exactly one."""
        value = self.array if self.buffer is None else self.buffer
        if value.size != 1:
            raise ShapeError(
                f"item: only one element makes a Python number; this has {value.size}",
                operands=[("tensor", self)],
                hint="use .tolist() for all of them",
            )
        if mode.UNUSUAL:
            mode.took(self)
        return value.item()

    def tolist(self) -> Any:
        """Return the elements as nested lists of Python numbers."""
        if mode.UNUSUAL:
            mode.took(self)
        return self.array.tolist()

    def __float__(self) -> float:
        return float(self.item())

    def __int__(self) -> int:
        return int(self.item())

    def __complex__(self) -> complex:
        return complex(self.item())

    def __index__(self) -> int:
        if self.array.dtype.kind not in "iu":
            raise TypeError(f"only integer tensors can be used as an index; this is {self.array.dtype}")
        return int(self.item())

    def __bool__(self) -> bool:
        if self.array.size != 1:
            raise ShapeError(
                f"bool: the truth of {self.array.size} elements is not one truth",
                operands=[("tensor", self)],
                hint="use .any() or .all()",
            )
        return bool(self.item())

    def __iter__(self) -> Any:
        if not self.array.shape:
            raise TypeError("a 0-d tensor cannot be iterated; use .item()")
        return (self[i] for i in range(len(self)))

    def __contains__(self, value: Any) -> bool:
        return bool((self == value).any())

    # -- gradients
    @property
    def requires_grad(self) -> bool:
        """Whether operations on the tensor are recorded."""
        return self.record is not None

    @requires_grad.setter
    def requires_grad(self, wanted: bool) -> None:
        self.requires_grad_(wanted)

    def requires_grad_(self, requires_grad: bool = True) -> Tensor:
        """Start (or stop) recording what is done with this leaf, of a floating or complex dtype."""
        graph = mode.current().graph if mode.UNUSUAL else None
        if graph is not None:
            graph.toggle(self)
        if not requires_grad:
            if not self.is_leaf:
                raise GradientError(
                    "requires_grad: only a leaf can be switched off; this was computed",
                    hint="use .detach() for a tensor that does not require gradients",
                )
            if self.record is not None:
                self.links = self.links or Links()
                self.links.frozen = self.record[OWNER]
                self.links.frozen.frozen = True
            self.record = None
        elif self.record is None:
            if not dtypes.is_floating(self.array.dtype):
                raise DTypeError(
                    f"requires_grad: only floating dtypes have gradients, not {self.array.dtype}",
                    hint="cast with .astype(df.float32) first",
                )
            held = self.gathered or Leaf()
            held.frozen = False
            self.record = leaf(held)
        return self

    @property
    def is_leaf(self) -> bool:
        """Whether gradients stop here: made by the user, or not recorded."""
        return self.record is None or len(self.record) == LEAF

    @property
    def gathered(self) -> Leaf | None:
        """Where the gradient of a leaf gathers, also while requires_grad is off; None where there is none."""
        record = self.record
        if record is None:
            return None if self.links is None else self.links.frozen
        return record[OWNER] if len(record) == LEAF else None

    @property
    def grad_fn(self) -> str | None:
        """The name of the op that made the tensor, or None for a leaf."""
        return None if self.is_leaf else self.record[OP].name if self.record else "used up"

    @property
    def grad(self) -> Any:
        """The gradient that backward passes have gathered here, or None."""
        record = self.record
        if mode.UNUSUAL:
            context = mode.current()
            if context.graph is not None and self.is_leaf:
                return context.graph.get_grad(self)
            if context.lint is not None:
                context.lint.read_grad(self)
        if record is not None and len(record) == LEAF:
            return record[OWNER].grad
        if self.links is not None:
            if self.links.retain or self.links.grad is not None:
                return self.links.grad
            if record is None and self.links.frozen is not None:
                return self.links.frozen.grad
        if self.record is not None:
            warnings.warn(
                "the .grad of a tensor that is not a leaf stays None; call .retain_grad() before backward()",
                UserWarning,
                stacklevel=2,
            )
        return None

    @grad.setter
    def grad(self, value: Any) -> None:
        graph = mode.current().graph if mode.UNUSUAL else None
        if graph is not None and self.is_leaf:
            graph.set_grad(self, value)
            return
        if value is not None and not isinstance(value, Tensor):
            raise DTypeError(
                f"grad: a gradient is a tensor or None, not {type(value).__name__}",
                operands=[("tensor", self), ("grad", value)],
            )
        if value is not None and value.shape != self.shape:
            raise ShapeError(
                "grad: a gradient has the shape of its tensor", operands=[("tensor", self), ("grad", value)]
            )
        held = self.gathered
        if held is not None:
            held.grad = value
        elif self.record is not None:
            if self.links is None:
                self.links = Links()
            self.links.grad = value
        elif value is not None:
            raise GradientError(
                "grad: only a tensor that requires a gradient has a .grad to set", hint="call .requires_grad_() first"
            )

    def detach(self) -> Tensor:
        """Return the same value, sharing memory, as a constant; while a graph is built, a symbol of it."""
        if mode.UNUSUAL:
            context = mode.current()
            if context.graph is not None:
                return context.graph.detach(self)
            if context.lint is not None:
                context.lint.detached(self)
        if self.array.__class__ is not np.ndarray:  # a scalar has no memory to share
            self.array = np.asarray(self.array)
        return wrap(self.array)

    @property
    def data(self) -> Tensor:
        """The same value, sharing memory, as a constant: assigning replaces the value."""
        return self.detach()

    @data.setter
    def data(self, value: Any) -> None:
        graph = mode.current().graph if mode.UNUSUAL else None
        if graph is not None:
            graph.assign(self, value, "data")
            return
        self.array = value.array if isinstance(value, Tensor) else np.asarray(value, self.dtype)


def wrap(array: Any, record: list[Any] | None = None) -> Tensor:
    """Make a tensor of an array (shared) and, perhaps, a record."""
    made = new(Tensor)
    made.array = array
    made.record = record
    made.links = None
    made.buffer = None
    return made

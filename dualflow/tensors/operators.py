"""The operators and methods that tensors of both worlds share.

Each is the op of the same name, or PyTorch's name for it. This file knows names and argument orders; what
an op does, and in which world, it does not know.
"""

from __future__ import annotations

import sys
from typing import Any

from dualflow.core import shapes
from dualflow.core.world import is_tensor
from dualflow.ops.array import create, index, inspection, shape
from dualflow.ops.linalg import products
from dualflow.ops.math import bitwise, comparison, elementwise, rounding
from dualflow.ops.math import complex as complex_
from dualflow.tensors import methods, numpy_protocol


def index_key(key: Any) -> tuple[tuple[Any, ...], list[Any]]:
    """Take an index apart: a key with each array replaced by a mark, and the arrays."""
    parts = key if isinstance(key, tuple) else (key,)
    marked: list[Any] = []
    arrays: list[Any] = []
    for part in parts:
        if part is None or part is Ellipsis or isinstance(part, slice):
            marked.append(part)
        elif part.__class__ is int:
            marked.append(part)
        elif isinstance(part, bool) or is_tensor(part) or isinstance(part, list | tuple):
            marked.append(shapes.ARRAY)
            arrays.append(index.chosen(part) if isinstance(part, list | tuple) else create.asarray(part))
        elif hasattr(part, "dtype") and getattr(part, "ndim", False):
            marked.append(shapes.ARRAY)
            arrays.append(create.asarray(part))
        else:
            try:
                marked.append(part.__index__())
            except (AttributeError, TypeError):
                raise index.getitem.op.explain(
                    shapes.Misfit(
                        f"cannot index with {type(part).__name__} {part!r}; use integers, slices, None, … or arrays",
                        shapes.DTypeError,
                    ),
                    (),
                    {"key": ()},
                ) from None
    return tuple(marked), arrays


def _swapped(function: Any) -> Any:
    """Make the reflected operator: the tensor is the right operand."""

    def method(self: Any, other: Any) -> Any:
        return function(other, self)

    method.swaps = function  # type: ignore[attr-defined]
    return method


class Operators(methods.Methods):
    """What can be done with a tensor, in either world."""

    __slots__ = ()
    __array_ufunc__ = numpy_protocol.array_ufunc
    __array_function__ = numpy_protocol.array_function

    shape: Any
    dtype: Any
    is_variable = False
    """Whether it is state with a name (a Variable or Parameter) rather than a value."""

    # -- operators; the eager world replaces the arithmetic ones by closures of its own
    __add__ = elementwise.add
    __sub__ = elementwise.subtract
    __mul__ = elementwise.multiply
    __truediv__ = elementwise.divide
    __matmul__ = products.matmul
    __floordiv__ = rounding.floor_divide
    __mod__ = rounding.remainder
    __divmod__ = rounding.divmod
    __and__ = bitwise.bitwise_and
    __or__ = bitwise.bitwise_or
    __xor__ = bitwise.bitwise_xor
    __lshift__ = bitwise.bitwise_left_shift
    __rshift__ = bitwise.bitwise_right_shift
    __invert__ = bitwise.bitwise_invert
    __neg__ = elementwise.negative
    __abs__ = elementwise.abs
    __lt__ = comparison.less
    __le__ = comparison.less_equal
    __gt__ = comparison.greater
    __ge__ = comparison.greater_equal
    __eq__ = comparison.equal
    __ne__ = comparison.not_equal
    __hash__ = object.__hash__
    __radd__ = _swapped(elementwise.add)
    __rsub__ = _swapped(elementwise.subtract)
    __rmul__ = _swapped(elementwise.multiply)
    __rtruediv__ = _swapped(elementwise.divide)
    __rmatmul__ = _swapped(products.matmul)
    __rpow__ = _swapped(elementwise.power)
    __rfloordiv__ = _swapped(rounding.floor_divide)
    __rmod__ = _swapped(rounding.remainder)
    __rdivmod__ = _swapped(rounding.divmod)
    __rand__ = _swapped(bitwise.bitwise_and)
    __ror__ = _swapped(bitwise.bitwise_or)
    __rxor__ = _swapped(bitwise.bitwise_xor)
    __rlshift__ = _swapped(bitwise.bitwise_left_shift)
    __rrshift__ = _swapped(bitwise.bitwise_right_shift)

    def __pow__(self, other: Any) -> Any:
        # numpy.power(x, 2) takes ten times as long as numpy.square(x)
        if other.__class__ in (int, float) and other == 2:
            return elementwise.square(self)
        return elementwise.power(self, other)

    def __pos__(self) -> Any:
        return self

    def __getitem__(self, key: Any) -> Any:
        marked, arrays = index_key(key)
        return index.getitem(self, *arrays, key=marked)

    # -- what a tensor is
    def __array_namespace__(self, *, api_version: str | None = None) -> Any:
        """Return ``dualflow``, the namespace of the array API standard that the tensor belongs to."""
        if api_version is not None and api_version not in ("2021.12", "2022.12", "2023.12", "2024.12"):
            raise ValueError(f"dualflow follows the array API standard up to 2024.12, not {api_version!r}")
        return sys.modules["dualflow"]

    def to_device(self, device: Any, /, *, stream: Any = None) -> Any:
        """Return the tensor itself: the only device is "cpu". Raises OutOfRangeError for another."""
        inspection.check_device("to_device", device)
        if stream is not None:
            raise ValueError(f"to_device: the cpu has no streams; stream must be None, not {stream!r}")
        return self

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return len(self.shape)

    def dim(self) -> int:
        """Return the number of axes."""
        return len(self.shape)

    @property
    def T(self) -> Any:
        """The tensor with its axes reversed."""
        return shape.permute_dims(self)

    @property
    def mT(self) -> Any:
        """The tensor with its last two axes swapped."""
        return shape.matrix_transpose(self)

    @property
    def mH(self) -> Any:
        """The tensor with its last two axes swapped, conjugated."""
        return products.adjoint(self)

    @property
    def H(self) -> Any:
        """A matrix transposed and conjugated."""
        return products.adjoint(*products.ranked("H", (2,), self))

    @property
    def real(self) -> Any:
        """The real part, which shares memory in eager; the tensor itself when it is real."""
        return complex_.real(self) if self.dtype.kind == "c" else self

    @property
    def imag(self) -> Any:
        """The imaginary part, which shares memory in eager."""
        return complex_.imag(self)


DIRECT = {
    name: method.op.name
    for name, method in (vars(methods.Methods) | vars(Operators)).items()
    if hasattr(method, "op") and methods.plain(method)
} | {"__radd__": "add", "__rmul__": "multiply"}
"""Operator or method → the op that it is and nothing else: worlds install closures of their own in its place."""
REFLECTED = {
    name: method.swaps.op.name
    for name, method in vars(Operators).items()
    if hasattr(getattr(method, "swaps", None), "op") and name not in DIRECT
}
"""Operator whose op takes the operands the other way round → that op."""

# Made by docs/tools/make_stubs.py from the cards; do not edit.
import builtins
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Generic, NamedTuple, ParamSpec, Self, TypeAlias, TypeVar, overload

import numpy as np
from numpy.typing import ArrayLike

from dualflow.core.generator import Generator

TensorLike: TypeAlias = Tensor | ArrayLike | Sequence[Any]
DTypeLike: TypeAlias = Any

class Tensor:
    """A tensor of either world, with PyTorch's methods."""

    shape: tuple[builtins.int, ...]
    dtype: np.dtype[Any]
    device: builtins.str
    @property
    def grad(self) -> Tensor: ...
    @grad.setter
    def grad(self, value: Tensor | None) -> None: ...
    requires_grad: builtins.bool
    is_leaf: builtins.bool
    name: builtins.str
    size: builtins.int
    ndim: builtins.int
    T: Tensor
    mT: Tensor
    H: Tensor
    mH: Tensor
    real: Tensor
    imag: Tensor
    data: Tensor
    grad_fn: Any
    def __divmod__(self, other: TensorLike, /) -> tuple[Tensor, Tensor]: ...
    def __eq__(self, other: object, /) -> Tensor: ...  # type: ignore[override]
    def __ne__(self, other: object, /) -> Tensor: ...  # type: ignore[override]
    def __hash__(self) -> builtins.int: ...
    def __getitem__(self, key: Any, /) -> Tensor: ...
    def __setitem__(self, key: Any, value: TensorLike, /) -> None: ...
    def __len__(self) -> builtins.int: ...
    def __iter__(self) -> Iterator[Tensor]: ...
    def __contains__(self, value: object, /) -> builtins.bool: ...
    def __bool__(self) -> builtins.bool: ...
    def __float__(self) -> builtins.float: ...
    def __int__(self) -> builtins.int: ...
    def __index__(self) -> builtins.int: ...
    def __complex__(self) -> builtins.complex: ...
    def __array__(self, dtype: Any = ..., copy: builtins.bool | None = ...) -> np.ndarray[Any, Any]: ...
    def __array_namespace__(self, *, api_version: builtins.str | None = ...) -> Any: ...
    def __dlpack__(self, **options: Any) -> Any: ...
    def __dlpack_device__(self) -> tuple[builtins.int, builtins.int]: ...
    def item(self) -> Any: ...
    def tolist(self) -> Any: ...
    def numpy(self) -> np.ndarray[Any, Any]: ...
    def backward(
        self,
        gradient: TensorLike | None = ...,
        retain_graph: builtins.bool | None = ...,
        create_graph: builtins.bool = ...,
    ) -> None: ...
    def register_hook(self, hook: Callable[[Tensor], Tensor | None]) -> Any: ...
    def __add__(self, other: TensorLike, /) -> Tensor: ...
    def __sub__(self, other: TensorLike, /) -> Tensor: ...
    def __mul__(self, other: TensorLike, /) -> Tensor: ...
    def __truediv__(self, other: TensorLike, /) -> Tensor: ...
    def __floordiv__(self, other: TensorLike, /) -> Tensor: ...
    def __mod__(self, other: TensorLike, /) -> Tensor: ...
    def __pow__(self, other: TensorLike, /) -> Tensor: ...
    def __matmul__(self, other: TensorLike, /) -> Tensor: ...
    def __and__(self, other: TensorLike, /) -> Tensor: ...
    def __or__(self, other: TensorLike, /) -> Tensor: ...
    def __xor__(self, other: TensorLike, /) -> Tensor: ...
    def __lshift__(self, other: TensorLike, /) -> Tensor: ...
    def __rshift__(self, other: TensorLike, /) -> Tensor: ...
    def __lt__(self, other: TensorLike, /) -> Tensor: ...
    def __le__(self, other: TensorLike, /) -> Tensor: ...
    def __gt__(self, other: TensorLike, /) -> Tensor: ...
    def __ge__(self, other: TensorLike, /) -> Tensor: ...
    def __radd__(self, other: TensorLike, /) -> Tensor: ...
    def __rsub__(self, other: TensorLike, /) -> Tensor: ...
    def __rmul__(self, other: TensorLike, /) -> Tensor: ...
    def __rtruediv__(self, other: TensorLike, /) -> Tensor: ...
    def __rfloordiv__(self, other: TensorLike, /) -> Tensor: ...
    def __rmod__(self, other: TensorLike, /) -> Tensor: ...
    def __rpow__(self, other: TensorLike, /) -> Tensor: ...
    def __rmatmul__(self, other: TensorLike, /) -> Tensor: ...
    def __rand__(self, other: TensorLike, /) -> Tensor: ...
    def __ror__(self, other: TensorLike, /) -> Tensor: ...
    def __rxor__(self, other: TensorLike, /) -> Tensor: ...
    def __rlshift__(self, other: TensorLike, /) -> Tensor: ...
    def __rrshift__(self, other: TensorLike, /) -> Tensor: ...
    def __iadd__(self, other: TensorLike, /) -> Self: ...
    def __isub__(self, other: TensorLike, /) -> Self: ...
    def __imul__(self, other: TensorLike, /) -> Self: ...
    def __itruediv__(self, other: TensorLike, /) -> Self: ...
    def __ifloordiv__(self, other: TensorLike, /) -> Self: ...
    def __imod__(self, other: TensorLike, /) -> Self: ...
    def __ipow__(self, other: TensorLike, /) -> Self: ...
    def __imatmul__(self, other: TensorLike, /) -> Self: ...
    def __iand__(self, other: TensorLike, /) -> Self: ...
    def __ior__(self, other: TensorLike, /) -> Self: ...
    def __ixor__(self, other: TensorLike, /) -> Self: ...
    def __ilshift__(self, other: TensorLike, /) -> Self: ...
    def __irshift__(self, other: TensorLike, /) -> Self: ...
    def __neg__(self) -> Tensor: ...
    def __pos__(self) -> Tensor: ...
    def __abs__(self) -> Tensor: ...
    def __invert__(self) -> Tensor: ...
    def abs(self) -> Tensor:
        """Take the absolute value elementwise, real for complex numbers; the gradient at zero is 0."""
    def abs_(self) -> Tensor:
        """Take the absolute value elementwise, real for complex numbers; the gradient at zero is 0."""
    def absolute(self) -> Tensor:
        """Take the absolute value elementwise, real for complex numbers; the gradient at zero is 0."""
    def absolute_(self) -> Tensor:
        """Take the absolute value elementwise, real for complex numbers; the gradient at zero is 0."""
    def acos(self) -> Tensor:
        """Take the arc cosine elementwise, in radians; NaN outside [-1, 1] unless complex."""
    def acos_(self) -> Tensor:
        """Take the arc cosine elementwise, in radians; NaN outside [-1, 1] unless complex."""
    def acosh(self) -> Tensor:
        """Take the inverse hyperbolic cosine elementwise; NaN below 1 unless complex."""
    def acosh_(self) -> Tensor:
        """Take the inverse hyperbolic cosine elementwise; NaN below 1 unless complex."""
    def add(self, other: TensorLike, *, alpha: builtins.float = ...) -> Tensor:
        """Add ``alpha * other``."""
    def add_(self, other: TensorLike, *, alpha: builtins.float = ...) -> Tensor:
        """Add ``alpha * other``."""
    def addbmm(self, a: TensorLike = ..., b: TensorLike = ..., *, beta: builtins.float = ..., alpha: builtins.float = ..., input1: TensorLike = ..., vec1: TensorLike = ..., mat: TensorLike = ..., mat1: TensorLike = ..., batch1: TensorLike = ..., input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
        """Compute ``beta x + alpha (a @ b summed over the batch)``."""
    def addbmm_(self, a: TensorLike = ..., b: TensorLike = ..., *, beta: builtins.float = ..., alpha: builtins.float = ..., input1: TensorLike = ..., vec1: TensorLike = ..., mat: TensorLike = ..., mat1: TensorLike = ..., batch1: TensorLike = ..., input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
        """Compute ``beta x + alpha (a @ b summed over the batch)``."""
    def addcdiv(self, tensor1: TensorLike, tensor2: TensorLike, *, value: builtins.float = ...) -> Tensor:
        """Compute ``input + value * tensor1 / tensor2``; operands broadcast."""
    def addcdiv_(self, tensor1: TensorLike, tensor2: TensorLike, *, value: builtins.float = ...) -> Tensor:
        """Compute ``input + value * tensor1 / tensor2``; operands broadcast."""
    def addcmul(self, tensor1: TensorLike, tensor2: TensorLike, *, value: builtins.float = ...) -> Tensor:
        """Compute ``input + value * tensor1 * tensor2``; operands broadcast."""
    def addcmul_(self, tensor1: TensorLike, tensor2: TensorLike, *, value: builtins.float = ...) -> Tensor:
        """Compute ``input + value * tensor1 * tensor2``; operands broadcast."""
    def addmm(self, a: TensorLike = ..., b: TensorLike = ..., *, beta: builtins.float = ..., alpha: builtins.float = ..., input1: TensorLike = ..., vec1: TensorLike = ..., mat: TensorLike = ..., mat1: TensorLike = ..., batch1: TensorLike = ..., input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
        """Compute ``beta x + alpha a @ b`` of matrices."""
    def addmm_(self, a: TensorLike = ..., b: TensorLike = ..., *, beta: builtins.float = ..., alpha: builtins.float = ..., input1: TensorLike = ..., vec1: TensorLike = ..., mat: TensorLike = ..., mat1: TensorLike = ..., batch1: TensorLike = ..., input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
        """Compute ``beta x + alpha a @ b`` of matrices."""
    def addmv(self, a: TensorLike = ..., b: TensorLike = ..., *, beta: builtins.float = ..., alpha: builtins.float = ..., input1: TensorLike = ..., vec1: TensorLike = ..., mat: TensorLike = ..., mat1: TensorLike = ..., batch1: TensorLike = ..., input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
        """Compute ``beta x + alpha a @ b`` of a matrix and a vector."""
    def addmv_(self, a: TensorLike = ..., b: TensorLike = ..., *, beta: builtins.float = ..., alpha: builtins.float = ..., input1: TensorLike = ..., vec1: TensorLike = ..., mat: TensorLike = ..., mat1: TensorLike = ..., batch1: TensorLike = ..., input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
        """Compute ``beta x + alpha a @ b`` of a matrix and a vector."""
    def addr(self, a: TensorLike = ..., b: TensorLike = ..., *, beta: builtins.float = ..., alpha: builtins.float = ..., input1: TensorLike = ..., vec1: TensorLike = ..., mat: TensorLike = ..., mat1: TensorLike = ..., batch1: TensorLike = ..., input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
        """Compute ``beta x + alpha outer(a, b)``."""
    def addr_(self, a: TensorLike = ..., b: TensorLike = ..., *, beta: builtins.float = ..., alpha: builtins.float = ..., input1: TensorLike = ..., vec1: TensorLike = ..., mat: TensorLike = ..., mat1: TensorLike = ..., batch1: TensorLike = ..., input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
        """Compute ``beta x + alpha outer(a, b)``."""
    def adjoint(self) -> Tensor:
        """Swap the last two axes and conjugate. Shares memory in eager when ``x`` is real."""
    def all(self, axis: builtins.int | Sequence[builtins.int] | None = ..., keepdims: builtins.bool = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ..., keepdim: builtins.bool = ...) -> Tensor:
        """Return True if every element over ``axis`` is true."""
    def allclose(self, b: TensorLike = ..., rtol: builtins.float = ..., atol: builtins.float = ..., equal_nan: builtins.bool = ..., *, input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> builtins.bool:
        """Tell, in a Python bool, whether all elements are close in the sense of ``isclose``."""
    def amax(self, axis: builtins.int | Sequence[builtins.int] | None = ..., keepdims: builtins.bool = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ..., keepdim: builtins.bool = ...) -> Tensor:
        """Take the largest element over ``axis``, as ``max``; ties share the gradient evenly."""
    def amin(self, axis: builtins.int | Sequence[builtins.int] | None = ..., keepdims: builtins.bool = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ..., keepdim: builtins.bool = ...) -> Tensor:
        """Take the smallest element over ``axis``, as ``min``; ties share the gradient evenly."""
    def aminmax(self, *, axis: builtins.int | Sequence[builtins.int] | None = ..., keepdims: builtins.bool = ..., dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ..., keepdim: builtins.bool = ...) -> Extremes:
        """Take the smallest and the largest element over ``axis``."""
    def angle(self) -> Tensor:
        """Return the angle of complex numbers in the plane, in radians: 0 or pi for real numbers."""
    def any(self, axis: builtins.int | Sequence[builtins.int] | None = ..., keepdims: builtins.bool = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ..., keepdim: builtins.bool = ...) -> Tensor:
        """Return True if any element over ``axis`` is true."""
    def arccos(self) -> Tensor:
        """Take the arc cosine elementwise, in radians; NaN outside [-1, 1] unless complex."""
    def arccos_(self) -> Tensor:
        """Take the arc cosine elementwise, in radians; NaN outside [-1, 1] unless complex."""
    def arccosh(self) -> Tensor:
        """Take the inverse hyperbolic cosine elementwise; NaN below 1 unless complex."""
    def arccosh_(self) -> Tensor:
        """Take the inverse hyperbolic cosine elementwise; NaN below 1 unless complex."""
    def arcsin(self) -> Tensor:
        """Take the arc sine elementwise, in radians; NaN outside [-1, 1] unless complex."""
    def arcsin_(self) -> Tensor:
        """Take the arc sine elementwise, in radians; NaN outside [-1, 1] unless complex."""
    def arcsinh(self) -> Tensor:
        """Take the inverse hyperbolic sine elementwise."""
    def arcsinh_(self) -> Tensor:
        """Take the inverse hyperbolic sine elementwise."""
    def arctan(self) -> Tensor:
        """Take the arc tangent elementwise, in radians."""
    def arctan2(self, b: TensorLike = ..., *, input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
        """Return the angle of the point (x=b, y=a), in radians from -pi to pi; operands broadcast."""
    def arctan2_(self, b: TensorLike = ..., *, input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
        """Return the angle of the point (x=b, y=a), in radians from -pi to pi; operands broadcast."""
    def arctan_(self) -> Tensor:
        """Take the arc tangent elementwise, in radians."""
    def arctanh(self) -> Tensor:
        """Take the inverse hyperbolic tangent elementwise; infinite at -1 and 1, NaN beyond unless complex."""
    def arctanh_(self) -> Tensor:
        """Take the inverse hyperbolic tangent elementwise; infinite at -1 and 1, NaN beyond unless complex."""
    def argmax(self, axis: builtins.int | Sequence[builtins.int] | None = ..., keepdims: builtins.bool = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ..., keepdim: builtins.bool = ...) -> Tensor:
        """Find where the largest element over ``axis`` stands (int64; the first of equals)."""
    def argmin(self, axis: builtins.int | Sequence[builtins.int] | None = ..., keepdims: builtins.bool = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ..., keepdim: builtins.bool = ...) -> Tensor:
        """Find where the smallest element over ``axis`` stands (int64; the first of equals)."""
    def argsort(self, axis: builtins.int | Sequence[builtins.int] | None = ..., descending: builtins.bool = ..., stable: builtins.bool = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ...) -> Tensor:
        """Return the positions (int64) that order the elements along ``axis``; NaN counts as the largest."""
    def argwhere(self) -> Tensor:
        """Return where the elements are not zero: one row of indices for each, in row-major order. Eager only."""
    def asin(self) -> Tensor:
        """Take the arc sine elementwise, in radians; NaN outside [-1, 1] unless complex."""
    def asin_(self) -> Tensor:
        """Take the arc sine elementwise, in radians; NaN outside [-1, 1] unless complex."""
    def asinh(self) -> Tensor:
        """Take the inverse hyperbolic sine elementwise."""
    def asinh_(self) -> Tensor:
        """Take the inverse hyperbolic sine elementwise."""
    def astype(self, dtype: DTypeLike | None) -> Tensor:
        """Cast to ``dtype``; the tensor itself when it has that dtype already."""
    def atan(self) -> Tensor:
        """Take the arc tangent elementwise, in radians."""
    def atan2(self, b: TensorLike = ..., *, input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
        """Return the angle of the point (x=b, y=a), in radians from -pi to pi; operands broadcast."""
    def atan2_(self, b: TensorLike = ..., *, input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
        """Return the angle of the point (x=b, y=a), in radians from -pi to pi; operands broadcast."""
    def atan_(self) -> Tensor:
        """Take the arc tangent elementwise, in radians."""
    def atanh(self) -> Tensor:
        """Take the inverse hyperbolic tangent elementwise; infinite at -1 and 1, NaN beyond unless complex."""
    def atanh_(self) -> Tensor:
        """Take the inverse hyperbolic tangent elementwise; infinite at -1 and 1, NaN beyond unless complex."""
    def baddbmm(self, a: TensorLike = ..., b: TensorLike = ..., *, beta: builtins.float = ..., alpha: builtins.float = ..., input1: TensorLike = ..., vec1: TensorLike = ..., mat: TensorLike = ..., mat1: TensorLike = ..., batch1: TensorLike = ..., input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
        """Compute ``beta x + alpha a @ b`` of batches of matrices."""
    def baddbmm_(self, a: TensorLike = ..., b: TensorLike = ..., *, beta: builtins.float = ..., alpha: builtins.float = ..., input1: TensorLike = ..., vec1: TensorLike = ..., mat: TensorLike = ..., mat1: TensorLike = ..., batch1: TensorLike = ..., input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
        """Compute ``beta x + alpha a @ b`` of batches of matrices."""
    def bernoulli_(self, p: TensorLike | None = ..., *, generator: Generator | None = ...) -> Tensor:
        """Draw 1 with probability ``p``, a number or a tensor, in the shape and dtype of ``x``: for ``x.bernoulli_()``."""
    def bfloat16(self) -> Tensor:
        """Cast to bfloat16; the tensor itself when it has that dtype already."""
    def bincount(self, weights: Any = ..., minlength: builtins.int = ...) -> Tensor:
        """Count how often each number from 0 occurs in a vector of integers, or add up their ``weights``. Eager only."""
    def bitwise_and(self, b: TensorLike = ..., *, input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
        """Set the bits that are set in both; operands broadcast. Of bools: whether both are true."""
    def bitwise_and_(self, b: TensorLike = ..., *, input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
        """Set the bits that are set in both; operands broadcast. Of bools: whether both are true."""
    def bitwise_left_shift(self, b: TensorLike = ..., *, input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
        """Shift the bits of ``a`` up by ``b`` places, from 0 to less than it has bits; operands broadcast."""
    def bitwise_left_shift_(self, b: TensorLike = ..., *, input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
        """Shift the bits of ``a`` up by ``b`` places, from 0 to less than it has bits; operands broadcast."""
    def bitwise_not(self) -> Tensor:
        """Flip every bit, so that x becomes ``-x - 1`` if signed. Of bools: whether false."""
    def bitwise_not_(self) -> Tensor:
        """Flip every bit, so that x becomes ``-x - 1`` if signed. Of bools: whether false."""
    def bitwise_or(self, b: TensorLike = ..., *, input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
        """Set the bits that are set in either; operands broadcast. Of bools: whether either is true."""
    def bitwise_or_(self, b: TensorLike = ..., *, input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
        """Set the bits that are set in either; operands broadcast. Of bools: whether either is true."""
    def bitwise_right_shift(self, b: TensorLike = ..., *, input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
        """Shift the bits of ``a`` down by ``b`` places, keeping the sign; operands broadcast."""
    def bitwise_right_shift_(self, b: TensorLike = ..., *, input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
        """Shift the bits of ``a`` down by ``b`` places, keeping the sign; operands broadcast."""
    def bitwise_xor(self, b: TensorLike = ..., *, input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
        """Set the bits that are set in exactly one; operands broadcast. Of bools: whether they differ."""
    def bitwise_xor_(self, b: TensorLike = ..., *, input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
        """Set the bits that are set in exactly one; operands broadcast. Of bools: whether they differ."""
    def bmm(self, b: TensorLike = ..., *, input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
        """Multiply two batches of matrices: (b, n, k), (b, k, m) to (b, n, m); nothing broadcasts."""
    def bool(self) -> Tensor:
        """Cast to bool; the tensor itself when it has that dtype already."""
    def broadcast_to(self, shape: builtins.int | Sequence[builtins.int] = ..., *, size: builtins.int | Sequence[builtins.int] = ...) -> Tensor:
        """Stretch ``x`` to ``shape`` by NumPy's rule. A read-only view in eager."""
    def byte(self) -> Tensor:
        """Cast to uint8; the tensor itself when it has that dtype already."""
    def cauchy_(self, loc: TensorLike = ..., scale: TensorLike = ..., *, generator: Generator | None = ..., median: TensorLike = ..., sigma: TensorLike = ...) -> Tensor:
        """Draw from the Cauchy distribution in the shape and dtype of ``x``: what ``x.cauchy_()`` writes."""
    def cdouble(self) -> Tensor:
        """Cast to complex128; the tensor itself when it has that dtype already."""
    def ceil(self) -> Tensor:
        """Round up elementwise; the gradient is 0."""
    def ceil_(self) -> Tensor:
        """Round up elementwise; the gradient is 0."""
    def cfloat(self) -> Tensor:
        """Cast to complex64; the tensor itself when it has that dtype already."""
    def char(self) -> Tensor:
        """Cast to int8; the tensor itself when it has that dtype already."""
    def cholesky(self, upper: builtins.bool = ...) -> Tensor:
        """Factor Hermitian positive definite matrices as ``L @ L^H`` with L lower triangular, or as ``U^H @ U``."""
    def cholesky_inverse(self, upper: builtins.bool = ...) -> Tensor:
        """Invert ``a``, given its Cholesky factor, (…, n, n)."""
    def cholesky_solve(self, factor: TensorLike, upper: builtins.bool = ...) -> Tensor:
        """Solve ``a @ x = b`` given the Cholesky factor of ``a``: b (…, n, k), factor (…, n, n)."""
    def chunk(self, chunks: Any, axis: builtins.int | Sequence[builtins.int] | None = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ...) -> tuple[Tensor, ...]:
        """Cut into ``chunks`` pieces along ``axis``, the last perhaps smaller."""
    def clamp(self, min: Any = ..., max: Any = ...) -> Tensor:
        """Force each element into ``[min, max]``; either bound may be None."""
    def clamp_(self, min: Any = ..., max: Any = ...) -> Tensor:
        """Force each element into ``[min, max]``; either bound may be None."""
    def clamp_max(self, max: TensorLike) -> Tensor:
        """Force each element to be at most ``max``."""
    def clamp_max_(self, max: TensorLike) -> Tensor:
        """Force each element to be at most ``max``."""
    def clamp_min(self, min: TensorLike) -> Tensor:
        """Force each element to be at least ``min``."""
    def clamp_min_(self, min: TensorLike) -> Tensor:
        """Force each element to be at least ``min``."""
    def clip(self, min: Any = ..., max: Any = ...) -> Tensor:
        """Force each element into ``[min, max]``; either bound may be None."""
    def clip_(self, min: Any = ..., max: Any = ...) -> Tensor:
        """Force each element into ``[min, max]``; either bound may be None."""
    def clone(self) -> Tensor:
        """Copy: gradients flow through."""
    def conj(self) -> Tensor:
        """Conjugate complex numbers elementwise; real ones stay what they are."""
    def conj_physical(self) -> Tensor:
        """Conjugate complex numbers elementwise; real ones stay what they are."""
    def conj_physical_(self) -> Tensor:
        """Conjugate complex numbers elementwise; real ones stay what they are."""
    def contiguous(self) -> Tensor:
        """Return the tensor itself if it is contiguous, else a copy that is."""
    def copy_(self, other: TensorLike, non_blocking: builtins.bool = ...) -> Tensor:
        """Copy the values of ``other``, broadcast, into this tensor. ``non_blocking`` does nothing."""
    def copysign(self, b: TensorLike = ..., *, input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
        """Give ``a`` the sign of ``b``, elementwise; operands broadcast. The gradient of ``a`` at 0 is 0."""
    def copysign_(self, b: TensorLike = ..., *, input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
        """Give ``a`` the sign of ``b``, elementwise; operands broadcast. The gradient of ``a`` at 0 is 0."""
    def corrcoef(self) -> Tensor:
        """Compute the correlation of variables, which are rows, from observations, which are columns."""
    def cos(self) -> Tensor:
        """Take the cosine elementwise, in radians."""
    def cos_(self) -> Tensor:
        """Take the cosine elementwise, in radians."""
    def cosh(self) -> Tensor:
        """Take the hyperbolic cosine elementwise."""
    def cosh_(self) -> Tensor:
        """Take the hyperbolic cosine elementwise."""
    def count_nonzero(self, axis: builtins.int | Sequence[builtins.int] | None = ..., keepdims: builtins.bool = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ..., keepdim: builtins.bool = ...) -> Tensor:
        """Count the elements over ``axis`` that are not zero (int64)."""
    def cov(self, *, correction: builtins.float = ..., fweights: Any = ..., aweights: Any = ..., ddof: builtins.float = ...) -> Tensor:
        """Compute the covariance of variables, which are rows, from observations, which are columns."""
    def cpu(self) -> Tensor:
        """Return the tensor itself: there is no other device."""
    def cross(self, b: TensorLike = ..., axis: builtins.int | Sequence[builtins.int] | None = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ..., input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
        """Compute the cross product of vectors of three elements along ``axis``; the other axes broadcast."""
    def cummax(self, axis: builtins.int | Sequence[builtins.int] | None = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ...) -> Ranked:
        """Take the largest element so far along ``axis``: (values, indices), the last of equals; NaN stays."""
    def cummin(self, axis: builtins.int | Sequence[builtins.int] | None = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ...) -> Ranked:
        """Take the smallest element so far along ``axis``: (values, indices), the last of equals; NaN stays."""
    def cumprod(self, axis: builtins.int | Sequence[builtins.int] | None = ..., dtype: DTypeLike | None = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ...) -> Tensor:
        """Multiply along ``axis`` so far; integers and bools in 64 bits unless ``dtype`` is given."""
    def cumprod_(self, axis: builtins.int | Sequence[builtins.int] | None = ..., dtype: DTypeLike | None = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ...) -> Tensor:
        """Multiply along ``axis`` so far; integers and bools in 64 bits unless ``dtype`` is given."""
    def cumsum(self, axis: builtins.int | Sequence[builtins.int] | None = ..., dtype: DTypeLike | None = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ...) -> Tensor:
        """Add up along ``axis`` so far; integers and bools in 64 bits unless ``dtype`` is given."""
    def cumsum_(self, axis: builtins.int | Sequence[builtins.int] | None = ..., dtype: DTypeLike | None = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ...) -> Tensor:
        """Add up along ``axis`` so far; integers and bools in 64 bits unless ``dtype`` is given."""
    def data_ptr(self, dim: builtins.int | None = ...) -> Any: ...
    def deg2rad(self) -> Tensor:
        """Turn degrees into radians."""
    def deg2rad_(self) -> Tensor:
        """Turn degrees into radians."""
    def det(self) -> Tensor:
        """Compute the determinant of square matrices, (…, n, n) to (…)."""
    def detach(self) -> Tensor:
        """Return the same value, sharing memory, as a constant; while a graph is built, a symbol of it."""
    def diag(self, k: builtins.int = ..., *, diagonal: builtins.int = ..., offset: builtins.int = ...) -> Tensor:
        """Make a matrix with a vector on its ``k``-th diagonal, or copy that diagonal out of a matrix."""
    def diag_embed(self, offset: builtins.int = ..., axis1: builtins.int = ..., axis2: builtins.int = ..., *, dim0: builtins.int = ..., dim1: builtins.int = ..., dim2: builtins.int = ...) -> Tensor:
        """Make matrices of zeros with the last axis of ``x`` on their diagonal."""
    def diagonal(self, offset: builtins.int = ..., axis1: builtins.int = ..., axis2: builtins.int = ..., *, dim0: builtins.int = ..., dim1: builtins.int = ..., dim2: builtins.int = ...) -> Tensor:
        """Cut out the diagonals across two axes, as a last axis. Shares memory in eager."""
    def diagonal_scatter(self, src: TensorLike = ..., offset: builtins.int = ..., axis1: builtins.int = ..., axis2: builtins.int = ..., *, dim0: builtins.int = ..., dim1: builtins.int = ..., dim2: builtins.int = ..., value: TensorLike = ...) -> Tensor:
        """Put ``src`` on the diagonal of a copy of ``x``."""
    def diff(self, n: builtins.int = ..., axis: builtins.int | Sequence[builtins.int] | None = ..., prepend: Any = ..., append: Any = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ..., N: builtins.int = ...) -> Tensor:
        """Subtract neighbours along ``axis``, ``n`` times, after joining ``prepend`` and ``append``."""
    def digamma(self) -> Tensor:
        """Compute the logarithmic derivative of the gamma function; infinite at 0, NaN at -1, -2, …"""
    def digamma_(self) -> Tensor:
        """Compute the logarithmic derivative of the gamma function; infinite at 0, NaN at -1, -2, …"""
    def dim(self) -> builtins.int: ...
    def dist(self, other: TensorLike, p: TensorLike | None = ...) -> Tensor:
        """Compute the norm of order ``p`` of the difference."""
    def div(self, b: TensorLike = ..., *, rounding_mode: Any = ..., input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
        """Divide elementwise, and round the quotient if ``rounding_mode`` is 'floor' or 'trunc'; operands broadcast."""
    def div_(self, b: TensorLike = ..., *, rounding_mode: Any = ..., input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
        """Divide elementwise, and round the quotient if ``rounding_mode`` is 'floor' or 'trunc'; operands broadcast."""
    def divide(self, b: TensorLike = ..., *, rounding_mode: Any = ..., input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
        """Divide elementwise, and round the quotient if ``rounding_mode`` is 'floor' or 'trunc'; operands broadcast."""
    def divide_(self, b: TensorLike = ..., *, rounding_mode: Any = ..., input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
        """Divide elementwise, and round the quotient if ``rounding_mode`` is 'floor' or 'trunc'; operands broadcast."""
    def dot(self, b: TensorLike = ..., *, input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
        """Multiply two vectors and add up; nothing is conjugated: see ``vdot``."""
    def double(self) -> Tensor:
        """Cast to float64; the tensor itself when it has that dtype already."""
    def dsplit(self, indices_or_sections: TensorLike = ..., *, indices: TensorLike = ..., sections: TensorLike = ...) -> tuple[Tensor, ...]:
        """Cut into equal pieces, or before indices, along axis 2."""
    def element_size(self) -> builtins.int: ...
    def eq(self, b: TensorLike = ..., *, input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
        """Return True where ``a == b``; operands broadcast."""
    def eq_(self, b: TensorLike = ..., *, input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
        """Return True where ``a == b``; operands broadcast."""
    def erf(self) -> Tensor:
        """Compute the error function, ``2 / sqrt(pi)`` times the integral of ``exp(-t**2)`` from 0 to ``x``."""
    def erf_(self) -> Tensor:
        """Compute the error function, ``2 / sqrt(pi)`` times the integral of ``exp(-t**2)`` from 0 to ``x``."""
    def erfc(self) -> Tensor:
        """Compute ``1 - erf(x)`` without losing digits where ``erf`` is near 1."""
    def erfc_(self) -> Tensor:
        """Compute ``1 - erf(x)`` without losing digits where ``erf`` is near 1."""
    def erfinv(self) -> Tensor:
        """Compute the inverse of ``erf``: infinite at -1 and 1, NaN beyond."""
    def erfinv_(self) -> Tensor:
        """Compute the inverse of ``erf``: infinite at -1 and 1, NaN beyond."""
    def exp(self) -> Tensor:
        """Raise e to the power ``x`` elementwise."""
    def exp2(self) -> Tensor:
        """Raise 2 to the power ``x`` elementwise."""
    def exp2_(self) -> Tensor:
        """Raise 2 to the power ``x`` elementwise."""
    def exp_(self) -> Tensor:
        """Raise e to the power ``x`` elementwise."""
    def expand(self, *shape: builtins.int | Sequence[builtins.int], size: builtins.int | Sequence[builtins.int] = ...) -> Tensor:
        """Stretch axes of size 1; -1 keeps an axis, as in PyTorch."""
    def expand_as(self, other: TensorLike) -> Tensor:
        """Stretch ``x`` to the shape of ``other``."""
    def expm1(self) -> Tensor:
        """Compute ``exp(x) - 1`` without losing digits near zero."""
    def expm1_(self) -> Tensor:
        """Compute ``exp(x) - 1`` without losing digits near zero."""
    def exponential_(self, rate: TensorLike = ..., *, generator: Generator | None = ..., lambd: TensorLike = ...) -> Tensor:
        """Draw waiting times in the shape and dtype of ``x``: what ``x.exponential_()`` writes."""
    def fill_(self, value: TensorLike) -> Tensor:
        """Set every element to ``value``, in place."""
    def fill_diagonal_(self, value: TensorLike = ..., wrap: builtins.bool = ..., *, fill_value: TensorLike = ...) -> Tensor:
        """Put ``value`` on the main diagonal of a copy of ``x``; ``wrap`` goes on below it in tall matrices."""
    def fix(self) -> Tensor:
        """Round towards zero elementwise; the gradient is 0."""
    def fix_(self) -> Tensor:
        """Round towards zero elementwise; the gradient is 0."""
    def flatten(self, start_dim: builtins.int = ..., end_dim: builtins.int = ...) -> Tensor:
        """Merge the axes from ``start_dim`` to ``end_dim`` into one."""
    def flip(self, *axes: builtins.int | Sequence[Any] | None, dims: builtins.int | Sequence[builtins.int] | None = ..., axis: builtins.int | Sequence[builtins.int] | None = ...) -> Tensor:
        """See ``df.flip``; axes may be given as numbers."""
    def fliplr(self) -> Tensor:
        """Reverse the columns: axis 1."""
    def flipud(self) -> Tensor:
        """Reverse the rows: axis 0."""
    def float(self) -> Tensor:
        """Cast to float32; the tensor itself when it has that dtype already."""
    def floor(self) -> Tensor:
        """Round down elementwise; the gradient is 0."""
    def floor_(self) -> Tensor:
        """Round down elementwise; the gradient is 0."""
    def floor_divide(self, b: TensorLike = ..., *, input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
        """Divide and round down elementwise; operands broadcast. No gradient."""
    def floor_divide_(self, b: TensorLike = ..., *, input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
        """Divide and round down elementwise; operands broadcast. No gradient."""
    def fmax(self, other: TensorLike) -> Tensor:
        """Take the larger of each pair, and of a NaN and a number the number."""
    def fmin(self, other: TensorLike) -> Tensor:
        """Take the smaller of each pair, and of a NaN and a number the number."""
    def fmod(self, b: TensorLike = ..., *, input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
        """Return what division rounded towards zero leaves, with the sign of ``a``; operands broadcast."""
    def fmod_(self, b: TensorLike = ..., *, input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
        """Return what division rounded towards zero leaves, with the sign of ``a``; operands broadcast."""
    def frac(self) -> Tensor:
        """Return what rounding towards zero takes away; the gradient passes."""
    def frac_(self) -> Tensor:
        """Return what rounding towards zero takes away; the gradient passes."""
    def frexp(self) -> FrexpResult:
        """Write each element as ``mantissa * 2**exponent``, the mantissa's size from 0.5 to less than 1; exponents int32."""
    def gather(self, axis: builtins.int | Sequence[builtins.int] | None = ..., index: TensorLike = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ...) -> Tensor:
        """Pick along ``axis`` one element for each of ``index``, which may be shorter than ``x`` on the other axes."""
    def ge(self, b: TensorLike = ..., *, input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
        """Return True where ``a >= b``; operands broadcast."""
    def ge_(self, b: TensorLike = ..., *, input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
        """Return True where ``a >= b``; operands broadcast."""
    def ger(self, b: TensorLike = ..., *, input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
        """Multiply each element of the vector ``a`` with each of the vector ``b``: (n,), (m,) to (n, m)."""
    def greater(self, b: TensorLike = ..., *, input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
        """Return True where ``a > b``; operands broadcast."""
    def greater_(self, b: TensorLike = ..., *, input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
        """Return True where ``a > b``; operands broadcast."""
    def greater_equal(self, b: TensorLike = ..., *, input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
        """Return True where ``a >= b``; operands broadcast."""
    def greater_equal_(self, b: TensorLike = ..., *, input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
        """Return True where ``a >= b``; operands broadcast."""
    def gt(self, b: TensorLike = ..., *, input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
        """Return True where ``a > b``; operands broadcast."""
    def gt_(self, b: TensorLike = ..., *, input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
        """Return True where ``a > b``; operands broadcast."""
    def half(self) -> Tensor:
        """Cast to float16; the tensor itself when it has that dtype already."""
    def heaviside(self, values: TensorLike) -> Tensor:
        """Give 0 below zero, 1 above, and ``values`` at zero; operands broadcast. NaN gives 0, as in PyTorch."""
    def heaviside_(self, values: TensorLike) -> Tensor:
        """Give 0 below zero, 1 above, and ``values`` at zero; operands broadcast. NaN gives 0, as in PyTorch."""
    def histc(self, bins: TensorLike = ..., low: TensorLike = ..., high: TensorLike = ..., *, min: TensorLike = ..., max: TensorLike = ...) -> Tensor:
        """Count the elements in ``bins`` equal bins from ``low`` to ``high``, or between the extremes if these are equal."""
    def hsplit(self, indices_or_sections: TensorLike = ..., *, indices: TensorLike = ..., sections: TensorLike = ...) -> tuple[Tensor, ...]:
        """Cut into equal pieces, or before indices, along axis 1 (axis 0 of a vector)."""
    def hypot(self, b: TensorLike = ..., *, input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
        """Compute ``sqrt(a**2 + b**2)`` elementwise without overflow; operands broadcast. The gradient where it is 0 is 0."""
    def hypot_(self, b: TensorLike = ..., *, input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
        """Compute ``sqrt(a**2 + b**2)`` elementwise without overflow; operands broadcast. The gradient where it is 0 is 0."""
    def index_add(self, axis: builtins.int | Sequence[builtins.int] | None = ..., index: TensorLike = ..., source: Any = ..., *, alpha: builtins.float = ..., dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ...) -> Tensor:
        """Add the slices of ``source``, times ``alpha``, to those of ``x`` at ``index`` along ``axis``; repeats add up."""
    def index_add_(self, axis: builtins.int | Sequence[builtins.int] | None = ..., index: TensorLike = ..., source: Any = ..., *, alpha: builtins.float = ..., dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ...) -> Tensor:
        """Add the slices of ``source``, times ``alpha``, to those of ``x`` at ``index`` along ``axis``; repeats add up."""
    def index_copy(self, axis: builtins.int | Sequence[builtins.int] | None = ..., index: TensorLike = ..., source: Any = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ...) -> Tensor:
        """Replace the slices of ``x`` at ``index`` along ``axis`` by those of ``source``."""
    def index_copy_(self, axis: builtins.int | Sequence[builtins.int] | None = ..., index: TensorLike = ..., source: Any = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ...) -> Tensor:
        """Replace the slices of ``x`` at ``index`` along ``axis`` by those of ``source``."""
    def index_fill(self, axis: builtins.int | Sequence[builtins.int] | None = ..., index: TensorLike = ..., value: TensorLike = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ...) -> Tensor:
        """Replace the slices of ``x`` at ``index`` along ``axis`` by one value."""
    def index_fill_(self, axis: builtins.int | Sequence[builtins.int] | None = ..., index: TensorLike = ..., value: TensorLike = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ...) -> Tensor:
        """Replace the slices of ``x`` at ``index`` along ``axis`` by one value."""
    def index_put(self, indices: TensorLike = ..., values: TensorLike = ..., accumulate: builtins.bool = ..., *, index: TensorLike = ...) -> Tensor:
        """Write ``values``, broadcast, to ``x[indices]`` in a copy: a tuple of integer arrays, or a mask in eager."""
    def index_put_(self, indices: TensorLike = ..., values: TensorLike = ..., accumulate: builtins.bool = ..., *, index: TensorLike = ...) -> Tensor:
        """Write ``values``, broadcast, to ``x[indices]`` in a copy: a tuple of integer arrays, or a mask in eager."""
    def index_select(self, axis: builtins.int | Sequence[builtins.int] | None = ..., index: TensorLike = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ...) -> Tensor:
        """Pick the slices of ``x`` at ``index``, a vector, along ``axis``."""
    def inner(self, b: TensorLike = ..., *, input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
        """Sum products over the last axis of both; a scalar multiplies."""
    def int(self) -> Tensor:
        """Cast to int32; the tensor itself when it has that dtype already."""
    def inverse(self) -> Tensor:
        """Invert square matrices, (…, n, n). Raises SingularError; ``pinv`` inverts what can be inverted."""
    def is_complex(self, *others: Any) -> builtins.bool: ...
    def is_contiguous(self, *others: Any) -> builtins.bool: ...
    def is_floating_point(self, *others: Any) -> builtins.bool: ...
    def is_same_size(self, *others: Any) -> builtins.bool: ...
    def is_signed(self, *others: Any) -> builtins.bool: ...
    def isclose(self, b: TensorLike = ..., rtol: builtins.float = ..., atol: builtins.float = ..., equal_nan: builtins.bool = ..., *, input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
        """Return True where ``|a - b| <= atol + rtol * |b|``, or both are the same infinity; operands broadcast."""
    def isfinite(self) -> Tensor:
        """Return True where an element is neither infinite nor NaN."""
    def isinf(self) -> Tensor:
        """Return True where an element is infinite, in either part if complex."""
    def isnan(self) -> Tensor:
        """Return True where an element is not a number."""
    def isneginf(self) -> Tensor:
        """Return True where an element is infinite and negative."""
    def isposinf(self) -> Tensor:
        """Return True where an element is infinite and positive."""
    def kron(self, b: TensorLike = ..., *, input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
        """Compute the Kronecker product: every element of ``a`` times the whole of ``b``, side by side."""
    def kthvalue(self, k: builtins.int = ..., axis: builtins.int | Sequence[builtins.int] | None = ..., keepdims: builtins.bool = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ..., keepdim: builtins.bool = ..., diagonal: builtins.int = ..., offset: builtins.int = ...) -> Ranked:
        """Take the ``k``-th smallest element along ``axis``, counting from 1: (values, indices)."""
    def le(self, b: TensorLike = ..., *, input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
        """Return True where ``a <= b``; operands broadcast."""
    def le_(self, b: TensorLike = ..., *, input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
        """Return True where ``a <= b``; operands broadcast."""
    def lerp(self, end: TensorLike, weight: TensorLike | None) -> Tensor:
        """Go from ``input`` towards ``end`` by ``weight``, a number or a tensor; operands broadcast."""
    def lerp_(self, end: TensorLike, weight: TensorLike | None) -> Tensor:
        """Go from ``input`` towards ``end`` by ``weight``, a number or a tensor; operands broadcast."""
    def less(self, b: TensorLike = ..., *, input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
        """Return True where ``a < b``; operands broadcast."""
    def less_(self, b: TensorLike = ..., *, input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
        """Return True where ``a < b``; operands broadcast."""
    def less_equal(self, b: TensorLike = ..., *, input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
        """Return True where ``a <= b``; operands broadcast."""
    def less_equal_(self, b: TensorLike = ..., *, input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
        """Return True where ``a <= b``; operands broadcast."""
    def lgamma(self) -> Tensor:
        """Compute the logarithm of the absolute value of the gamma function; infinite at 0, -1, -2, … and -inf."""
    def lgamma_(self) -> Tensor:
        """Compute the logarithm of the absolute value of the gamma function; infinite at 0, -1, -2, … and -inf."""
    def log(self) -> Tensor:
        """Take the natural logarithm elementwise; -inf at zero, NaN below."""
    def log10(self) -> Tensor:
        """Take the logarithm to base 10 elementwise; -inf at zero, NaN below."""
    def log10_(self) -> Tensor:
        """Take the logarithm to base 10 elementwise; -inf at zero, NaN below."""
    def log1p(self) -> Tensor:
        """Compute ``log(1 + x)`` without losing digits near zero."""
    def log1p_(self) -> Tensor:
        """Compute ``log(1 + x)`` without losing digits near zero."""
    def log2(self) -> Tensor:
        """Take the logarithm to base 2 elementwise; -inf at zero, NaN below."""
    def log2_(self) -> Tensor:
        """Take the logarithm to base 2 elementwise; -inf at zero, NaN below."""
    def log_(self) -> Tensor:
        """Take the natural logarithm elementwise; -inf at zero, NaN below."""
    def log_normal_(self, mean: TensorLike = ..., std: TensorLike = ..., *, generator: Generator | None = ...) -> Tensor:
        """Draw numbers whose logarithm is normal in the shape and dtype of ``x``: what ``x.log_normal_()`` writes."""
    def log_softmax(self, dim: builtins.int | Sequence[builtins.int] | None = ..., dtype: DTypeLike | None = ..., *, axis: builtins.int | Sequence[builtins.int] | None = ...) -> Tensor:
        """Compute the logarithm of ``softmax`` along ``dim`` without overflow, in ``dtype`` when it is given."""
    def logaddexp(self, b: TensorLike = ..., *, input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
        """Compute ``log(exp(a) + exp(b))`` elementwise without overflow; operands broadcast."""
    def logaddexp2(self, b: TensorLike = ..., *, input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
        """Compute ``log2(2**a + 2**b)`` elementwise without overflow; operands broadcast."""
    def logcumsumexp(self, axis: builtins.int | Sequence[builtins.int] | None = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ...) -> Tensor:
        """Compute ``log(cumsum(exp(x)))`` along ``axis`` without overflow."""
    def logdet(self) -> Tensor:
        """Compute the logarithm of the determinant; NaN where it is negative."""
    def logical_and(self, b: TensorLike = ..., *, input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
        """Return True where both are true; numbers count as true unless zero."""
    def logical_and_(self, b: TensorLike = ..., *, input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
        """Return True where both are true; numbers count as true unless zero."""
    def logical_not(self) -> Tensor:
        """Return True where ``x`` is false; numbers count as true unless zero."""
    def logical_not_(self) -> Tensor:
        """Return True where ``x`` is false; numbers count as true unless zero."""
    def logical_or(self, b: TensorLike = ..., *, input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
        """Return True where either is true; numbers count as true unless zero."""
    def logical_or_(self, b: TensorLike = ..., *, input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
        """Return True where either is true; numbers count as true unless zero."""
    def logical_xor(self, b: TensorLike = ..., *, input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
        """Return True where exactly one is true; numbers count as true unless zero."""
    def logical_xor_(self, b: TensorLike = ..., *, input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
        """Return True where exactly one is true; numbers count as true unless zero."""
    def logit(self, eps: Any = ...) -> Tensor:
        """Compute ``log(x / (1 - x))``, the inverse of ``sigmoid``, of ``x`` forced into ``[eps, 1 - eps]`` if given."""
    def logit_(self, eps: Any = ...) -> Tensor:
        """Compute ``log(x / (1 - x))``, the inverse of ``sigmoid``, of ``x`` forced into ``[eps, 1 - eps]`` if given."""
    def logsumexp(self, axis: builtins.int | Sequence[builtins.int] | None = ..., keepdims: builtins.bool = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ..., keepdim: builtins.bool = ...) -> Tensor:
        """Compute ``log(sum(exp(x)))`` over ``axis`` without overflow; -inf over no elements."""
    def long(self) -> Tensor:
        """Cast to int64; the tensor itself when it has that dtype already."""
    def lt(self, b: TensorLike = ..., *, input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
        """Return True where ``a < b``; operands broadcast."""
    def lt_(self, b: TensorLike = ..., *, input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
        """Return True where ``a < b``; operands broadcast."""
    def masked_fill(self, mask: TensorLike, value: TensorLike) -> Tensor:
        """Put ``value``, one number, where ``mask``, which broadcasts, is true."""
    def masked_fill_(self, mask: TensorLike, value: TensorLike) -> Tensor:
        """Put ``value``, one number, where ``mask``, which broadcasts, is true."""
    def masked_scatter(self, mask: TensorLike, source: Any) -> Tensor:
        """Put the elements of ``source``, one after the other, where ``mask`` is true. Eager only."""
    def masked_scatter_(self, mask: TensorLike, source: Any) -> Tensor:
        """Put the elements of ``source``, one after the other, where ``mask`` is true. Eager only."""
    def masked_select(self, mask: TensorLike) -> Tensor:
        """Pick, as a vector, the elements where ``mask`` is true; the two broadcast. Eager only."""
    def matmul(self, b: TensorLike = ..., *, input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
        """Multiply matrices over the last two axes; leading axes broadcast; a 1-D operand is a vector."""
    def matrix_exp(self) -> Tensor:
        """Compute the exponential of square matrices, 1 + x + x @ x / 2 + …"""
    def matrix_power(self, n: builtins.int = ..., *, N: builtins.int = ...) -> Tensor:
        """Multiply a square matrix with itself ``n`` times by repeated squaring; a negative ``n`` inverts it first."""
    @overload
    def max(self, *, other: Any = ...) -> Tensor:
        """Take the largest element; with ``dim``, (values, indices) along it, and the index has the gradient."""
    @overload
    def max(self, dim: builtins.int | Sequence[builtins.int] | None = ..., keepdim: builtins.bool = ..., *, other: Any = ..., axis: builtins.int | Sequence[builtins.int] | None = ..., keepdims: builtins.bool = ...) -> Ranked:
        """Take the largest element; with ``dim``, (values, indices) along it, and the index has the gradient."""
    @overload
    def max(self, other: TensorLike) -> Tensor:
        """Take the largest element; with ``dim``, (values, indices) along it, and the index has the gradient."""
    def maximum(self, b: TensorLike = ..., *, input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
        """Take the larger of two elementwise; a tie shares the gradient evenly."""
    def mean(self, axis: builtins.int | Sequence[builtins.int] | None = ..., keepdims: builtins.bool = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ..., keepdim: builtins.bool = ...) -> Tensor:
        """Average over ``axis``; NaN over no elements."""
    @overload
    def median(self) -> Tensor:
        """Take the middle element, the lower of two, as PyTorch does: over all, or (values, indices) along ``axis``."""
    @overload
    def median(self, axis: builtins.int | Sequence[builtins.int] | None = ..., keepdims: builtins.bool = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ..., keepdim: builtins.bool = ...) -> Ranked:
        """Take the middle element, the lower of two, as PyTorch does: over all, or (values, indices) along ``axis``."""
    @overload
    def min(self, *, other: Any = ...) -> Tensor:
        """Take the smallest element; with ``dim``, (values, indices) along it, and the index has the gradient."""
    @overload
    def min(self, dim: builtins.int | Sequence[builtins.int] | None = ..., keepdim: builtins.bool = ..., *, other: Any = ..., axis: builtins.int | Sequence[builtins.int] | None = ..., keepdims: builtins.bool = ...) -> Ranked:
        """Take the smallest element; with ``dim``, (values, indices) along it, and the index has the gradient."""
    @overload
    def min(self, other: TensorLike) -> Tensor:
        """Take the smallest element; with ``dim``, (values, indices) along it, and the index has the gradient."""
    def minimum(self, b: TensorLike = ..., *, input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
        """Take the smaller of two elementwise; a tie shares the gradient evenly."""
    def mm(self, mat2: TensorLike) -> Tensor:
        """Multiply two matrices; unlike ``matmul``, both must have exactly two axes."""
    def moveaxis(self, source: Any, destination: builtins.int | Sequence[builtins.int] | None) -> Tensor:
        """Move axes to new places; the others keep their order. Shares memory in eager."""
    def movedim(self, source: Any, destination: builtins.int | Sequence[builtins.int] | None) -> Tensor:
        """Move axes to new places; the others keep their order. Shares memory in eager."""
    def mul(self, b: TensorLike = ..., *, input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
        """Multiply elementwise; operands broadcast. Bools multiply as ``and``."""
    def mul_(self, b: TensorLike = ..., *, input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
        """Multiply elementwise; operands broadcast. Bools multiply as ``and``."""
    def multiply(self, b: TensorLike = ..., *, input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
        """Multiply elementwise; operands broadcast. Bools multiply as ``and``."""
    def multiply_(self, b: TensorLike = ..., *, input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
        """Multiply elementwise; operands broadcast. Bools multiply as ``and``."""
    def mv(self, b: TensorLike = ..., *, input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
        """Multiply a matrix with a vector: (n, k), (k,) to (n,)."""
    def nan_to_num(self, nan: builtins.float = ..., posinf: Any = ..., neginf: Any = ...) -> Tensor:
        """Replace NaN by ``nan`` and the infinities by numbers, by default the largest there are."""
    def nan_to_num_(self, nan: builtins.float = ..., posinf: Any = ..., neginf: Any = ...) -> Tensor:
        """Replace NaN by ``nan`` and the infinities by numbers, by default the largest there are."""
    def nanmean(self, axis: builtins.int | Sequence[builtins.int] | None = ..., keepdims: builtins.bool = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ..., keepdim: builtins.bool = ...) -> Tensor:
        """Average what is not NaN over ``axis``; NaN where all is."""
    @overload
    def nanmedian(self) -> Tensor:
        """Take the median of what is not NaN: over all, or (values, indices) along ``axis``."""
    @overload
    def nanmedian(self, axis: builtins.int | Sequence[builtins.int] | None = ..., keepdims: builtins.bool = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ..., keepdim: builtins.bool = ...) -> Ranked:
        """Take the median of what is not NaN: over all, or (values, indices) along ``axis``."""
    def nanquantile(self, q: TensorLike, axis: builtins.int | Sequence[builtins.int] | None = ..., keepdims: builtins.bool = ..., *, interpolation: builtins.str = ..., dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ..., keepdim: builtins.bool = ...) -> Tensor:
        """Read off sorted values at the fractions ``q``, as ``quantile`` does, of what is not NaN; NaN where all is."""
    def nansum(self, axis: builtins.int | Sequence[builtins.int] | None = ..., keepdims: builtins.bool = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ..., keepdim: builtins.bool = ...) -> Tensor:
        """Add up what is not NaN over ``axis``."""
    def narrow(self, axis: builtins.int | Sequence[builtins.int] | None = ..., start: TensorLike = ..., length: Any = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ...) -> Tensor:
        """Cut out ``length`` elements along ``axis`` from ``start``. Shares memory in eager."""
    def ne(self, b: TensorLike = ..., *, input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
        """Return True where ``a != b``; operands broadcast."""
    def ne_(self, b: TensorLike = ..., *, input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
        """Return True where ``a != b``; operands broadcast."""
    def neg(self) -> Tensor:
        """Negate elementwise."""
    def neg_(self) -> Tensor:
        """Negate elementwise."""
    def negative(self) -> Tensor:
        """Negate elementwise."""
    def negative_(self) -> Tensor:
        """Negate elementwise."""
    def nelement(self) -> builtins.int: ...
    def new_full(self, size: builtins.int | Sequence[builtins.int], fill_value: TensorLike, *, dtype: DTypeLike | None = ..., device: builtins.str | None = ..., requires_grad: builtins.bool = ...) -> Tensor:
        """Make a tensor full of ``fill_value``, of this one's dtype unless another is given."""
    def new_ones(self, *shape: builtins.int | Sequence[builtins.int], size: builtins.int | Sequence[builtins.int] = ..., dtype: DTypeLike | None = ..., device: builtins.str | None = ..., requires_grad: builtins.bool = ...) -> Tensor:
        """Make ones, of this tensor's dtype unless another is given."""
    def new_tensor(self, data: TensorLike = ..., *, dtype: DTypeLike | None = ..., requires_grad: builtins.bool = ..., obj: TensorLike = ...) -> Tensor:
        """Make a tensor of ``data``, of this one's dtype unless another is given."""
    def new_zeros(self, *shape: builtins.int | Sequence[builtins.int], size: builtins.int | Sequence[builtins.int] = ..., dtype: DTypeLike | None = ..., device: builtins.str | None = ..., requires_grad: builtins.bool = ...) -> Tensor:
        """Make zeros, of this tensor's dtype unless another is given."""
    def nextafter(self, b: TensorLike = ..., *, input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
        """Return the number next to ``a`` in the direction of ``b``, elementwise; operands broadcast."""
    def nextafter_(self, b: TensorLike = ..., *, input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
        """Return the number next to ``a`` in the direction of ``b``, elementwise; operands broadcast."""
    @overload
    def nonzero(self) -> Tensor:
        """Return where the elements are not zero, a row each; ``as_tuple`` as the standard's ``df.nonzero(x)``."""
    @overload
    def nonzero(self, *, as_tuple: builtins.bool = ...) -> tuple[Tensor, ...]:
        """Return where the elements are not zero, a row each; ``as_tuple`` as the standard's ``df.nonzero(x)``."""
    def norm(self, p: TensorLike | None = ..., axis: builtins.int | Sequence[builtins.int] | None = ..., keepdims: builtins.bool = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ..., keepdim: builtins.bool = ...) -> Tensor:
        """Compute the norm of order ``p`` of all elements, or over ``axis``, as ``torch.norm`` does."""
    def normal_(self, mean: TensorLike = ..., std: TensorLike = ..., *, generator: Generator | None = ...) -> Tensor:
        """Draw from the normal distribution in the shape and dtype of ``x``: what ``x.normal_()`` writes."""
    def not_equal(self, b: TensorLike = ..., *, input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
        """Return True where ``a != b``; operands broadcast."""
    def not_equal_(self, b: TensorLike = ..., *, input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
        """Return True where ``a != b``; operands broadcast."""
    def numel(self) -> builtins.int: ...
    def outer(self, b: TensorLike = ..., *, input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
        """Multiply each element of the vector ``a`` with each of the vector ``b``: (n,), (m,) to (n, m)."""
    def permute(self, *axes: builtins.int | Sequence[Any] | None, dims: builtins.int | Sequence[builtins.int] | None = ..., axis: builtins.int | Sequence[builtins.int] | None = ...) -> Tensor:
        """Reorder the axes, as ``df.permute_dims``; they may be given one by one."""
    def pinverse(self, *, rtol: Any = ..., atol: Any = ..., hermitian: builtins.bool = ..., rcond: Any = ...) -> Tensor:
        """Compute the Moore-Penrose pseudo-inverse: (…, m, n) to (…, n, m)."""
    def positive(self) -> Tensor:
        """Return ``x`` itself, a number."""
    def pow(self, exponent: TensorLike) -> Tensor:
        """See ``df.power``; numpy.power(x, 2) takes ten times as long as numpy.square(x)."""
    def pow_(self, exponent: TensorLike) -> Tensor:
        """See ``df.power``."""
    def prod(self, axis: builtins.int | Sequence[builtins.int] | None = ..., keepdims: builtins.bool = ..., dtype: DTypeLike | None = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ..., keepdim: builtins.bool = ...) -> Tensor:
        """Multiply the elements over ``axis`` (an int, a tuple, or None for all); 1 over no elements."""
    def qr(self, *, mode: builtins.str = ...) -> QRResult:
        """Decompose matrices as ``Q @ R``: Q with orthonormal columns, R upper triangular."""
    def quantile(self, q: TensorLike, axis: builtins.int | Sequence[builtins.int] | None = ..., keepdims: builtins.bool = ..., *, interpolation: builtins.str = ..., dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ..., keepdim: builtins.bool = ...) -> Tensor:
        """Read off sorted values at the fractions ``q``, a number or a vector in [0, 1]; a vector makes a first axis."""
    def rad2deg(self) -> Tensor:
        """Turn radians into degrees."""
    def rad2deg_(self) -> Tensor:
        """Turn radians into degrees."""
    def random_(self, low: TensorLike = ..., high: TensorLike = ..., *, generator: Generator | None = ..., min: TensorLike = ..., max: TensorLike = ..., to: TensorLike = ...) -> Tensor:
        """Draw integers in the shape and dtype of ``x``: what ``x.random_(low, high)`` writes."""
    def ravel(self) -> Tensor:
        """Flatten into one axis."""
    def reciprocal(self) -> Tensor:
        """Compute ``1 / x`` elementwise."""
    def reciprocal_(self) -> Tensor:
        """Compute ``1 / x`` elementwise."""
    def relu(self) -> Tensor:
        """Keep what is positive, elementwise; the gradient at zero is 0."""
    def relu_(self) -> Tensor:
        """Keep what is positive, elementwise; the gradient at zero is 0."""
    def remainder(self, b: TensorLike = ..., *, input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
        """Return what ``floor_divide`` leaves, with the sign of ``b``, as Python's ``%``; operands broadcast."""
    def remainder_(self, b: TensorLike = ..., *, input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
        """Return what ``floor_divide`` leaves, with the sign of ``b``, as Python's ``%``; operands broadcast."""
    def repeat(self, *repetitions: builtins.int | Sequence[builtins.int] | None, repeats: TensorLike = ...) -> Tensor:
        """See ``df.tile``, PyTorch's ``repeat``: the standard's ``df.repeat`` is ``repeat_interleave``."""
    def repeat_interleave(self, repeats: TensorLike, axis: builtins.int | Sequence[builtins.int] | None = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ...) -> Tensor:
        """Repeat each element along ``axis``, as ``repeat``: PyTorch's name for it."""
    def requires_grad_(self, requires_grad: builtins.bool = ...) -> Tensor:
        """Start (or stop) recording what is done with this leaf, of a floating or complex dtype."""
    def reshape(self, *size: builtins.int | Sequence[builtins.int], shape: builtins.int | Sequence[builtins.int] = ...) -> Tensor:
        """See ``df.reshape``; sizes may be given as numbers."""
    def reshape_as(self, other: TensorLike) -> Tensor:
        """Arrange the elements of ``x`` in the shape of ``other``."""
    def retain_grad(self) -> None:
        """Keep the gradient of a tensor that is not a leaf in its ``.grad``: that of the value which it has by then."""
    def roll(self, shift: builtins.int | Sequence[builtins.int] | None = ..., axis: builtins.int | Sequence[builtins.int] | None = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ..., shifts: builtins.int | Sequence[builtins.int] | None = ...) -> Tensor:
        """Shift elements along ``axis``; those that leave at one end enter at the other."""
    def rot90(self, k: builtins.int = ..., axes: builtins.int | Sequence[Any] | None = ..., *, dim: builtins.int | Sequence[Any] | None = ..., dims: builtins.int | Sequence[Any] | None = ..., diagonal: builtins.int = ..., offset: builtins.int = ...) -> Tensor:
        """Turn by 90 degrees ``k`` times in the plane of two axes, from the first towards the second."""
    def round(self, decimals: builtins.int = ...) -> Tensor:
        """Round elementwise to ``decimals`` places, halves to the even neighbour; the gradient is 0."""
    def round_(self, decimals: builtins.int = ...) -> Tensor:
        """Round elementwise to ``decimals`` places, halves to the even neighbour; the gradient is 0."""
    def rsqrt(self) -> Tensor:
        """Compute ``1 / sqrt(x)`` elementwise; infinite at zero, NaN below."""
    def rsqrt_(self) -> Tensor:
        """Compute ``1 / sqrt(x)`` elementwise; infinite at zero, NaN below."""
    def scatter(self, axis: builtins.int | Sequence[builtins.int] | None = ..., index: TensorLike = ..., src: TensorLike = ..., *, reduce: Any = ..., dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ..., value: TensorLike = ...) -> Tensor:
        """Write ``src`` (a tensor or a number) along ``axis`` to the places that ``index`` names, in a copy of ``x``."""
    def scatter_(self, axis: builtins.int | Sequence[builtins.int] | None = ..., index: TensorLike = ..., src: TensorLike = ..., *, reduce: Any = ..., dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ..., value: TensorLike = ...) -> Tensor:
        """Write ``src`` (a tensor or a number) along ``axis`` to the places that ``index`` names, in a copy of ``x``."""
    def scatter_add(self, axis: builtins.int | Sequence[builtins.int] | None = ..., index: TensorLike = ..., src: TensorLike = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ..., value: TensorLike = ...) -> Tensor:
        """Add ``src`` along ``axis`` at the places that ``index`` names, in a copy of ``x``."""
    def scatter_add_(self, axis: builtins.int | Sequence[builtins.int] | None = ..., index: TensorLike = ..., src: TensorLike = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ..., value: TensorLike = ...) -> Tensor:
        """Add ``src`` along ``axis`` at the places that ``index`` names, in a copy of ``x``."""
    def scatter_reduce(self, axis: builtins.int | Sequence[builtins.int] | None = ..., index: TensorLike = ..., src: TensorLike = ..., reduce: Any = ..., *, include_self: builtins.bool = ..., dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ..., value: TensorLike = ...) -> Tensor:
        """Reduce ``src`` by 'sum', 'prod', 'mean', 'amax' or 'amin' along ``axis`` into the places that ``index`` names."""
    def scatter_reduce_(self, axis: builtins.int | Sequence[builtins.int] | None = ..., index: TensorLike = ..., src: TensorLike = ..., reduce: Any = ..., *, include_self: builtins.bool = ..., dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ..., value: TensorLike = ...) -> Tensor:
        """Reduce ``src`` by 'sum', 'prod', 'mean', 'amax' or 'amin' along ``axis`` into the places that ``index`` names."""
    def select(self, axis: builtins.int | Sequence[builtins.int] | None = ..., index: Any = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ...) -> Tensor:
        """Cut out one slice across ``axis``, which goes. Shares memory in eager."""
    def sgn(self) -> Tensor:
        """Give -1, 0 or 1 by the sign of each element; of a complex number, x / abs(x), which is 0 at 0."""
    def sgn_(self) -> Tensor:
        """Give -1, 0 or 1 by the sign of each element; of a complex number, x / abs(x), which is 0 at 0."""
    def short(self) -> Tensor:
        """Cast to int16; the tensor itself when it has that dtype already."""
    def sigmoid(self) -> Tensor:
        """Compute ``1 / (1 + exp(-x))`` elementwise, without overflow on either side."""
    def sigmoid_(self) -> Tensor:
        """Compute ``1 / (1 + exp(-x))`` elementwise, without overflow on either side."""
    def sign(self) -> Tensor:
        """Give -1, 0 or 1 by the sign of each element; of a complex number, x / abs(x), which is 0 at 0."""
    def sign_(self) -> Tensor:
        """Give -1, 0 or 1 by the sign of each element; of a complex number, x / abs(x), which is 0 at 0."""
    def signbit(self) -> Tensor:
        """Return True where the sign is set: of negative numbers and of -0.0."""
    def sin(self) -> Tensor:
        """Take the sine elementwise, in radians."""
    def sin_(self) -> Tensor:
        """Take the sine elementwise, in radians."""
    def sinc(self) -> Tensor:
        """Compute ``sin(pi x) / (pi x)`` elementwise, 1 at 0."""
    def sinc_(self) -> Tensor:
        """Compute ``sin(pi x) / (pi x)`` elementwise, 1 at 0."""
    def sinh(self) -> Tensor:
        """Take the hyperbolic sine elementwise."""
    def sinh_(self) -> Tensor:
        """Take the hyperbolic sine elementwise."""
    def slogdet(self) -> SlogdetResult:
        """Compute the sign (or phase) of the determinant and the logarithm of its absolute value: named results."""
    def softmax(self, dim: builtins.int | Sequence[builtins.int] | None = ..., dtype: DTypeLike | None = ..., *, axis: builtins.int | Sequence[builtins.int] | None = ...) -> Tensor:
        """Turn scores into probabilities along ``dim``, computed in ``dtype`` when it is given."""
    def sort(self, dim: builtins.int | Sequence[builtins.int] | None = ..., descending: builtins.bool = ..., stable: builtins.bool = ..., *, axis: builtins.int | Sequence[builtins.int] | None = ...) -> Ranked:
        """Order the elements along ``dim``: (values, indices). The standard's ``df.sort(x)`` gives the values alone."""
    def split(self, split_size_or_sections: TensorLike = ..., axis: builtins.int | Sequence[builtins.int] | None = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ..., split_size: TensorLike = ...) -> tuple[Tensor, ...]:
        """Cut into pieces along ``axis``: of one size (the last may be smaller), or of the sizes listed."""
    def split_with_sizes(self, split_size_or_sections: TensorLike = ..., axis: builtins.int | Sequence[builtins.int] | None = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ..., split_size: TensorLike = ..., split_sizes: TensorLike = ...) -> tuple[Tensor, ...]:
        """Cut into pieces along ``axis``: of one size (the last may be smaller), or of the sizes listed."""
    def sqrt(self) -> Tensor:
        """Take the square root elementwise; NaN below zero, and an infinite gradient at zero."""
    def sqrt_(self) -> Tensor:
        """Take the square root elementwise; NaN below zero, and an infinite gradient at zero."""
    def square(self) -> Tensor:
        """Square elementwise."""
    def square_(self) -> Tensor:
        """Square elementwise."""
    def squeeze(self, axis: builtins.int | Sequence[builtins.int] | None = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ...) -> Tensor:
        """Drop the axes ``axis``, which must have size 1; None drops every such axis. Shares memory in eager."""
    def squeeze_(self, axis: builtins.int | Sequence[builtins.int] | None = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ...) -> Tensor:
        """Drop the axes ``axis``, which must have size 1; None drops every such axis. Shares memory in eager."""
    def std(self, dim: builtins.int | Sequence[builtins.int] | None = ..., unbiased: builtins.bool = ..., keepdim: builtins.bool = ..., *, correction: builtins.float = ..., axis: builtins.int | Sequence[builtins.int] | None = ..., ddof: builtins.float = ..., keepdims: builtins.bool = ...) -> Tensor:
        """Compute the standard deviation: the square root of ``var``, here with ``correction=1``."""
    def stride(self, dim: builtins.int | None = ...) -> Any: ...
    def sub(self, other: TensorLike, *, alpha: builtins.float = ...) -> Tensor:
        """Subtract ``alpha * other``."""
    def sub_(self, other: TensorLike, *, alpha: builtins.float = ...) -> Tensor:
        """Subtract ``alpha * other``."""
    def subtract(self, other: TensorLike, *, alpha: builtins.float = ...) -> Tensor:
        """Subtract ``alpha * other``."""
    def subtract_(self, other: TensorLike, *, alpha: builtins.float = ...) -> Tensor:
        """Subtract ``alpha * other``."""
    def sum(self, axis: builtins.int | Sequence[builtins.int] | None = ..., keepdims: builtins.bool = ..., dtype: DTypeLike | None = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ..., keepdim: builtins.bool = ...) -> Tensor:
        """Add up the elements over ``axis`` (an int, a tuple, or None for all)."""
    def svd(self, *, full_matrices: builtins.bool = ...) -> SVDResult:
        """Decompose matrices as ``U @ diag(S) @ Vh``: singular values in descending order, U and Vh unitary."""
    def swapaxes(self, axis1: builtins.int = ..., axis2: builtins.int = ..., *, dim0: builtins.int = ..., axis0: builtins.int = ..., dim1: builtins.int = ..., dim2: builtins.int = ...) -> Tensor:
        """Swap two axes. Shares memory in eager."""
    def swapaxes_(self, axis1: builtins.int = ..., axis2: builtins.int = ..., *, dim0: builtins.int = ..., axis0: builtins.int = ..., dim1: builtins.int = ..., dim2: builtins.int = ...) -> Tensor:
        """Swap two axes. Shares memory in eager."""
    def swapdims(self, axis1: builtins.int = ..., axis2: builtins.int = ..., *, dim0: builtins.int = ..., axis0: builtins.int = ..., dim1: builtins.int = ..., dim2: builtins.int = ...) -> Tensor:
        """Swap two axes. Shares memory in eager."""
    def swapdims_(self, axis1: builtins.int = ..., axis2: builtins.int = ..., *, dim0: builtins.int = ..., axis0: builtins.int = ..., dim1: builtins.int = ..., dim2: builtins.int = ...) -> Tensor:
        """Swap two axes. Shares memory in eager."""
    def t(self) -> Tensor:
        """Transpose a matrix; a vector or a scalar stays as it is. Raises ShapeError for more axes."""
    def t_(self) -> Tensor:
        """Transpose a matrix; a vector or a scalar stays as it is. Raises ShapeError for more axes."""
    def take(self, index: TensorLike) -> Tensor:
        """Pick elements of the flattened tensor. The standard's ``df.take(x, indices, axis=0)`` picks slices."""
    def take_along_dim(self, indices: TensorLike = ..., axis: builtins.int | Sequence[builtins.int] | None = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ..., index: TensorLike = ...) -> Tensor:
        """Pick, for each position of ``indices``, one element of ``x`` along ``axis``."""
    def tan(self) -> Tensor:
        """Take the tangent elementwise, in radians."""
    def tan_(self) -> Tensor:
        """Take the tangent elementwise, in radians."""
    def tanh(self) -> Tensor:
        """Take the hyperbolic tangent elementwise."""
    def tanh_(self) -> Tensor:
        """Take the hyperbolic tangent elementwise."""
    def tensor_split(self, indices_or_sections: TensorLike = ..., axis: builtins.int | Sequence[builtins.int] | None = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ..., indices: TensorLike = ..., sections: TensorLike = ...) -> tuple[Tensor, ...]:
        """Cut along ``axis`` into as many pieces, the first ones longer by one, or before each of the indices listed."""
    def tile(self, *repetitions: builtins.int | Sequence[builtins.int] | None, dims: builtins.int | Sequence[builtins.int] | None = ..., axis: builtins.int | Sequence[builtins.int] | None = ...) -> Tensor:
        """See ``df.tile``; numbers may be given one by one."""
    def to(self, dtype_or_device: DTypeLike = ..., dtype: DTypeLike | None = ..., *, device: builtins.str | None = ..., copy: builtins.bool | None = ..., non_blocking: builtins.bool = ...) -> Tensor:
        """Cast to a dtype, or to that of another tensor; the device 'cpu' is accepted and changes nothing."""
    def to_device(self, device: builtins.str | None, *, stream: Any = ...) -> Tensor:
        """Return the tensor itself: the only device is 'cpu'. Raises OutOfRangeError for another."""
    def topk(self, k: builtins.int = ..., axis: builtins.int | Sequence[builtins.int] | None = ..., *, largest: builtins.bool = ..., sorted: builtins.bool = ..., dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ..., diagonal: builtins.int = ..., offset: builtins.int = ...) -> Ranked:
        """Take the ``k`` largest (or smallest) elements along ``axis``, in order: (values, indices)."""
    def trace(self) -> Tensor:
        """Add up the diagonal of a matrix."""
    def transpose(self, dim0: Any = ..., dim1: Any = ..., *more: TensorLike) -> Tensor:
        """Swap two axes; reorder all, as in NumPy; or reverse them when none are named."""
    def transpose_(self, dim0: Any = ..., dim1: Any = ..., *more: TensorLike) -> Tensor:
        """Swap two axes; reorder all, as in NumPy; or reverse them when none are named."""
    def tril(self, k: builtins.int = ..., *, diagonal: builtins.int = ..., offset: builtins.int = ...) -> Tensor:
        """Keep the elements on and below the ``k``-th diagonal of the last two axes; zeros elsewhere."""
    def tril_(self, k: builtins.int = ..., *, diagonal: builtins.int = ..., offset: builtins.int = ...) -> Tensor:
        """Keep the elements on and below the ``k``-th diagonal of the last two axes; zeros elsewhere."""
    def triu(self, k: builtins.int = ..., *, diagonal: builtins.int = ..., offset: builtins.int = ...) -> Tensor:
        """Keep the elements on and above the ``k``-th diagonal of the last two axes; zeros elsewhere."""
    def triu_(self, k: builtins.int = ..., *, diagonal: builtins.int = ..., offset: builtins.int = ...) -> Tensor:
        """Keep the elements on and above the ``k``-th diagonal of the last two axes; zeros elsewhere."""
    def true_divide(self, b: TensorLike = ..., *, rounding_mode: Any = ..., input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
        """Divide elementwise, and round the quotient if ``rounding_mode`` is 'floor' or 'trunc'; operands broadcast."""
    def true_divide_(self, b: TensorLike = ..., *, rounding_mode: Any = ..., input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
        """Divide elementwise, and round the quotient if ``rounding_mode`` is 'floor' or 'trunc'; operands broadcast."""
    def trunc(self) -> Tensor:
        """Round towards zero elementwise; the gradient is 0."""
    def trunc_(self) -> Tensor:
        """Round towards zero elementwise; the gradient is 0."""
    def type_as(self, other: TensorLike) -> Tensor:
        """Cast to the dtype of ``other``."""
    def unbind(self, axis: builtins.int | Sequence[builtins.int] | None = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ...) -> tuple[Tensor, ...]:
        """Cut into slices across ``axis``, which goes. Shares memory in eager."""
    def unflatten(self, axis: builtins.int | Sequence[builtins.int] | None = ..., sizes: builtins.int | Sequence[builtins.int] = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ...) -> Tensor:
        """Cut one axis into several of the ``sizes``, of which one may be -1."""
    def unfold(self, axis: builtins.int | Sequence[builtins.int] | None = ..., size: builtins.int | Sequence[builtins.int] = ..., step: builtins.float = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ..., dimension: builtins.int | Sequence[builtins.int] | None = ...) -> Tensor:
        """Cut windows of ``size`` elements along ``axis``, each ``step`` after the last; their elements come last."""
    def uniform_(self, low: TensorLike = ..., high: TensorLike = ..., *, generator: Generator | None = ..., min: TensorLike = ..., max: TensorLike = ..., to: TensorLike = ...) -> Tensor:
        """Draw uniformly from [low, high) in the shape and dtype of ``x``: what ``x.uniform_()`` writes."""
    @overload
    def unique(self, sorted: builtins.bool = ..., axis: builtins.int | Sequence[builtins.int] | None = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ...) -> Tensor:
        """Return the distinct values, or slices across ``axis``, with inverse indices and counts if asked. Eager only."""
    @overload
    def unique(self, sorted: builtins.bool = ..., return_inverse: builtins.bool = ..., return_counts: builtins.bool = ..., axis: builtins.int | Sequence[builtins.int] | None = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ...) -> tuple[Tensor, ...]:
        """Return the distinct values, or slices across ``axis``, with inverse indices and counts if asked. Eager only."""
    @overload
    def unique_consecutive(self, axis: builtins.int | Sequence[builtins.int] | None = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ...) -> Tensor:
        """Leave out values, or slices across ``axis``, that are the same as the one before. Eager only."""
    @overload
    def unique_consecutive(self, return_inverse: builtins.bool = ..., return_counts: builtins.bool = ..., axis: builtins.int | Sequence[builtins.int] | None = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ...) -> tuple[Tensor, ...]:
        """Leave out values, or slices across ``axis``, that are the same as the one before. Eager only."""
    def unsqueeze(self, axis: builtins.int | Sequence[builtins.int] | None = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ...) -> Tensor:
        """Insert an axis of size 1 at ``axis``. Shares memory in eager."""
    def unsqueeze_(self, axis: builtins.int | Sequence[builtins.int] | None = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ...) -> Tensor:
        """Insert an axis of size 1 at ``axis``. Shares memory in eager."""
    def var(self, dim: builtins.int | Sequence[builtins.int] | None = ..., unbiased: builtins.bool = ..., keepdim: builtins.bool = ..., *, correction: builtins.float = ..., axis: builtins.int | Sequence[builtins.int] | None = ..., ddof: builtins.float = ..., keepdims: builtins.bool = ...) -> Tensor:
        """Compute the variance, dividing by the count less ``correction``: 1, unless ``unbiased=False``."""
    def vdot(self, b: TensorLike = ..., *, input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
        """Multiply two vectors, the first conjugated, and add up."""
    def view(self, *shape: builtins.int | Sequence[builtins.int], size: builtins.int | Sequence[builtins.int] = ...) -> Tensor:
        """Arrange the same memory in another shape. Raises ShapeError where only a copy could, which is ``reshape``."""
    def view_as(self, other: TensorLike) -> Tensor:
        """Arrange the same memory in the shape of ``other``."""
    def vsplit(self, indices_or_sections: TensorLike = ..., *, indices: TensorLike = ..., sections: TensorLike = ...) -> tuple[Tensor, ...]:
        """Cut into equal pieces, or before indices, along axis 0."""
    def where(self, condition: TensorLike, other: TensorLike) -> Tensor:
        """Keep the elements where ``condition`` holds, else take ``other``."""
    def xlogy(self, b: TensorLike = ..., *, input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
        """Compute ``a * log(b)`` elementwise, 0 where ``a`` is 0 unless ``b`` is NaN; operands broadcast."""
    def xlogy_(self, b: TensorLike = ..., *, input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
        """Compute ``a * log(b)`` elementwise, 0 where ``a`` is 0 unless ``b`` is NaN; operands broadcast."""
    def zero_(self) -> Tensor:
        """Set every element to zero, in place."""

class Variable(Tensor):
    """State: a tensor with a name, changed by ``assign``, watched by tapes and captured by functions."""

    trainable: builtins.bool
    def __init__(self, initial_value: Any = ..., trainable: builtins.bool = ..., name: builtins.str = ..., dtype: DTypeLike | None = ..., requires_grad: builtins.bool = ...) -> None: ...
    def numpy(self) -> np.ndarray:
        """Return the value as a NumPy array that shares memory with the variable."""
    def value(self) -> Tensor:
        """Return the current value, detached from the variable."""
    def read_value(self) -> Tensor:
        """Return the current value, detached from the variable."""
    def assign(self, value: TensorLike) -> Tensor:
        """Replace the value; shape must agree and the dtype must fit. Returns the variable."""
    def assign_add(self, value: TensorLike) -> Tensor:
        """Add ``value`` to the variable."""
    def assign_sub(self, value: TensorLike) -> Tensor:
        """Subtract ``value`` from the variable."""

class Parameter(Variable):
    """A variable that a module trains: ``requires_grad`` unless told otherwise."""

    trainable: builtins.bool
    def __init__(self, initial_value: Any = ..., trainable: builtins.bool = ..., name: builtins.str = ..., dtype: DTypeLike | None = ..., requires_grad: builtins.bool = ...) -> None: ...


_P = ParamSpec("_P")
_R = TypeVar("_R", covariant=True)

class Traced(Generic[_P, _R]):
    """A function that graph mode traces once for each signature; it is called as the function that it was made of."""

    python: Callable[_P, _R]
    log: builtins.list[builtins.str]
    traces: builtins.dict[Any, Any]
    @property
    def trace_count(self) -> builtins.int: ...
    def __call__(self, *args: _P.args, **kwargs: _P.kwargs) -> _R: ...
    def __get__(self, instance: Any, owner: Any = ...) -> Any: ...

class EigResult(NamedTuple):
    eigenvalues: Tensor
    eigenvectors: Tensor

class EighResult(NamedTuple):
    eigenvalues: Tensor
    eigenvectors: Tensor

class Extremes(NamedTuple):
    min: Tensor
    max: Tensor

class FloatInfo(NamedTuple):
    bits: Tensor
    eps: Tensor
    max: Tensor
    min: Tensor
    smallest_normal: Tensor
    tiny: Tensor
    resolution: Tensor
    dtype: Tensor

class FrexpResult(NamedTuple):
    mantissa: Tensor
    exponent: Tensor

class Histogram(NamedTuple):
    hist: Tensor
    bin_edges: Tensor

class IntInfo(NamedTuple):
    bits: Tensor
    max: Tensor
    min: Tensor
    dtype: Tensor

class LUFactorResult(NamedTuple):
    LU: Tensor
    pivots: Tensor

class LUResult(NamedTuple):
    P: Tensor
    L: Tensor
    U: Tensor

class LstsqResult(NamedTuple):
    solution: Tensor
    residuals: Tensor
    rank: Tensor
    singular_values: Tensor

class QRResult(NamedTuple):
    Q: Tensor
    R: Tensor

class Ranked(NamedTuple):
    values: Tensor
    indices: Tensor

class SVDResult(NamedTuple):
    U: Tensor
    S: Tensor
    Vh: Tensor

class SlogdetResult(NamedTuple):
    sign: Tensor
    logabsdet: Tensor

class UniqueAll(NamedTuple):
    values: Tensor
    indices: Tensor
    inverse_indices: Tensor
    counts: Tensor

class UniqueCounts(NamedTuple):
    values: Tensor
    counts: Tensor

class UniqueInverse(NamedTuple):
    values: Tensor
    inverse_indices: Tensor


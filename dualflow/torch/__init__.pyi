# Made by docs/tools/make_stubs.py from the cards; do not edit.
import builtins
from collections.abc import Callable, Iterator, Sequence
from typing import Any, ParamSpec, TypeVar, overload

import numpy as np

from dualflow.tensors.typing import DTypeLike as DTypeLike, Tensor as Tensor, TensorLike as TensorLike, Extremes as Extremes, FrexpResult as FrexpResult, Histogram as Histogram, LUResult as LUResult, QRResult as QRResult, Ranked as Ranked, SVDResult as SVDResult, SlogdetResult as SlogdetResult
from dualflow import nn as nn
from dualflow import optim as optim
from dualflow.core.dtypes import bfloat16 as bfloat16
from dualflow.core.dtypes import complex64 as complex64
from dualflow.core.dtypes import complex128 as complex128
from dualflow.core.dtypes import float16 as float16
from dualflow.core.dtypes import float32 as float32
from dualflow.core.dtypes import float64 as float64
from dualflow.core.dtypes import int8 as int8
from dualflow.core.dtypes import int16 as int16
from dualflow.core.dtypes import int32 as int32
from dualflow.core.dtypes import int64 as int64
from dualflow.core.dtypes import uint8 as uint8
from dualflow.core.dtypes import uint16 as uint16
from dualflow.core.dtypes import uint32 as uint32
from dualflow.core.dtypes import uint64 as uint64
from dualflow.core.dtypes import complex64 as complex64
cfloat = complex64
from dualflow.core.dtypes import complex128 as complex128
cdouble = complex128
from dualflow.core.dtypes import float16 as float16
half = float16
from dualflow.core.dtypes import float32 as float32
float = float32
from dualflow.core.dtypes import float64 as float64
double = float64
from dualflow.core.dtypes import int16 as int16
short = int16
from dualflow.core.dtypes import int32 as int32
int = int32
from dualflow.core.dtypes import int64 as int64
long = int64
from dualflow.core.generator import Generator as Generator
from dualflow.core.generator import get_rng_state as get_rng_state
from dualflow.core.generator import manual_seed as manual_seed
from dualflow.core.generator import set_rng_state as set_rng_state
from dualflow.core.mode import enable_grad as enable_grad
from dualflow.core.mode import is_grad_enabled as is_grad_enabled
from dualflow.core.mode import no_grad as no_grad
from dualflow.core.mode import set_grad_enabled as set_grad_enabled
from dualflow.ops.array.inspection import e as e
from dualflow.ops.array.inspection import inf as inf
from dualflow.ops.array.inspection import nan as nan
from dualflow.ops.array.inspection import pi as pi
from dualflow.torch import fft as fft
from dualflow.torch import linalg as linalg
from dualflow.core.dtypes import bool_ as bool_
bool = bool_

def abs(x: TensorLike = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Take the absolute value elementwise, real for complex numbers; the gradient at zero is 0."""
def absolute(x: TensorLike = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Take the absolute value elementwise, real for complex numbers; the gradient at zero is 0."""
def acos(x: TensorLike = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Take the arc cosine elementwise, in radians; NaN outside [-1, 1] unless complex."""
def acosh(x: TensorLike = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Take the inverse hyperbolic cosine elementwise; NaN below 1 unless complex."""
def add(self: TensorLike = ..., other: TensorLike = ..., *, alpha: builtins.float = ..., input: TensorLike = ...) -> Tensor:
    """Add ``alpha * other``."""
def addbmm(x: TensorLike = ..., a: TensorLike = ..., b: TensorLike = ..., *, beta: builtins.float = ..., alpha: builtins.float = ..., input: TensorLike = ..., A: TensorLike = ..., input1: TensorLike = ..., vec1: TensorLike = ..., mat: TensorLike = ..., mat1: TensorLike = ..., batch1: TensorLike = ..., input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
    """Compute ``beta x + alpha (a @ b summed over the batch)``."""
def addcdiv(input: TensorLike = ..., tensor1: TensorLike = ..., tensor2: TensorLike = ..., *, value: builtins.float = ..., x: TensorLike = ...) -> Tensor:
    """Compute ``input + value * tensor1 / tensor2``; operands broadcast."""
def addcmul(input: TensorLike = ..., tensor1: TensorLike = ..., tensor2: TensorLike = ..., *, value: builtins.float = ..., x: TensorLike = ...) -> Tensor:
    """Compute ``input + value * tensor1 * tensor2``; operands broadcast."""
def addmm(x: TensorLike = ..., a: TensorLike = ..., b: TensorLike = ..., *, beta: builtins.float = ..., alpha: builtins.float = ..., input: TensorLike = ..., A: TensorLike = ..., input1: TensorLike = ..., vec1: TensorLike = ..., mat: TensorLike = ..., mat1: TensorLike = ..., batch1: TensorLike = ..., input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
    """Compute ``beta x + alpha a @ b`` of matrices."""
def addmv(x: TensorLike = ..., a: TensorLike = ..., b: TensorLike = ..., *, beta: builtins.float = ..., alpha: builtins.float = ..., input: TensorLike = ..., A: TensorLike = ..., input1: TensorLike = ..., vec1: TensorLike = ..., mat: TensorLike = ..., mat1: TensorLike = ..., batch1: TensorLike = ..., input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
    """Compute ``beta x + alpha a @ b`` of a matrix and a vector."""
def addr(x: TensorLike = ..., a: TensorLike = ..., b: TensorLike = ..., *, beta: builtins.float = ..., alpha: builtins.float = ..., input: TensorLike = ..., A: TensorLike = ..., input1: TensorLike = ..., vec1: TensorLike = ..., mat: TensorLike = ..., mat1: TensorLike = ..., batch1: TensorLike = ..., input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
    """Compute ``beta x + alpha outer(a, b)``."""
def adjoint(x: TensorLike = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Swap the last two axes and conjugate. Shares memory in eager when ``x`` is real."""
def all(x: TensorLike = ..., axis: builtins.int | Sequence[builtins.int] | None = ..., keepdims: builtins.bool = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ..., keepdim: builtins.bool = ..., input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Return True if every element over ``axis`` is true."""
def allclose(a: TensorLike = ..., b: TensorLike = ..., rtol: builtins.float = ..., atol: builtins.float = ..., equal_nan: builtins.bool = ..., *, input: TensorLike = ..., input1: TensorLike = ..., A: TensorLike = ..., vec1: TensorLike = ..., mat: TensorLike = ..., mat1: TensorLike = ..., batch1: TensorLike = ..., input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> builtins.bool:
    """Tell, in a Python bool, whether all elements are close in the sense of ``isclose``."""
def amax(x: TensorLike = ..., axis: builtins.int | Sequence[builtins.int] | None = ..., keepdims: builtins.bool = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ..., keepdim: builtins.bool = ..., input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Take the largest element over ``axis``, as ``max``; ties share the gradient evenly."""
def amin(x: TensorLike = ..., axis: builtins.int | Sequence[builtins.int] | None = ..., keepdims: builtins.bool = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ..., keepdim: builtins.bool = ..., input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Take the smallest element over ``axis``, as ``min``; ties share the gradient evenly."""
def aminmax(x: TensorLike = ..., *, axis: builtins.int | Sequence[builtins.int] | None = ..., keepdims: builtins.bool = ..., dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ..., keepdim: builtins.bool = ..., input: TensorLike = ..., A: TensorLike = ...) -> Extremes:
    """Take the smallest and the largest element over ``axis``."""
def angle(x: TensorLike = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Return the angle of complex numbers in the plane, in radians: 0 or pi for real numbers."""
def any(x: TensorLike = ..., axis: builtins.int | Sequence[builtins.int] | None = ..., keepdims: builtins.bool = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ..., keepdim: builtins.bool = ..., input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Return True if any element over ``axis`` is true."""
def arange(start: TensorLike, stop: Any = ..., step: builtins.float = ..., *, dtype: DTypeLike | None = ..., device: builtins.str | None = ..., requires_grad: builtins.bool = ..., end: Any = ...) -> Tensor:
    """Count from ``start`` (default 0) to before ``stop`` by ``step``; int64 for integers, else float32."""
def arccos(x: TensorLike = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Take the arc cosine elementwise, in radians; NaN outside [-1, 1] unless complex."""
def arccosh(x: TensorLike = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Take the inverse hyperbolic cosine elementwise; NaN below 1 unless complex."""
def arcsin(x: TensorLike = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Take the arc sine elementwise, in radians; NaN outside [-1, 1] unless complex."""
def arcsinh(x: TensorLike = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Take the inverse hyperbolic sine elementwise."""
def arctan(x: TensorLike = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Take the arc tangent elementwise, in radians."""
def arctan2(a: TensorLike = ..., b: TensorLike = ..., *, input: TensorLike = ..., input1: TensorLike = ..., A: TensorLike = ..., vec1: TensorLike = ..., mat: TensorLike = ..., mat1: TensorLike = ..., batch1: TensorLike = ..., input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
    """Return the angle of the point (x=b, y=a), in radians from -pi to pi; operands broadcast."""
def arctanh(x: TensorLike = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Take the inverse hyperbolic tangent elementwise; infinite at -1 and 1, NaN beyond unless complex."""
def argmax(x: TensorLike = ..., axis: builtins.int | Sequence[builtins.int] | None = ..., keepdims: builtins.bool = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ..., keepdim: builtins.bool = ..., input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Find where the largest element over ``axis`` stands (int64; the first of equals)."""
def argmin(x: TensorLike = ..., axis: builtins.int | Sequence[builtins.int] | None = ..., keepdims: builtins.bool = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ..., keepdim: builtins.bool = ..., input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Find where the smallest element over ``axis`` stands (int64; the first of equals)."""
def argsort(x: TensorLike = ..., axis: builtins.int | Sequence[builtins.int] | None = ..., descending: builtins.bool = ..., stable: builtins.bool = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ..., input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Return the positions (int64) that order the elements along ``axis``; NaN counts as the largest."""
def argwhere(x: TensorLike = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Return where the elements are not zero: one row of indices for each, in row-major order. Eager only."""
def as_tensor(data: TensorLike = ..., dtype: DTypeLike | None = ..., *, device: builtins.str | None = ..., copy: builtins.bool | None = ..., input: TensorLike = ..., obj: TensorLike = ...) -> Tensor:
    """Return ``data`` as a tensor, sharing memory with a NumPy array where it can."""
def asarray(data: TensorLike = ..., dtype: DTypeLike | None = ..., *, device: builtins.str | None = ..., copy: builtins.bool | None = ..., input: TensorLike = ..., obj: TensorLike = ...) -> Tensor:
    """Return ``data`` as a tensor, sharing memory with a NumPy array where it can."""
def asin(x: TensorLike = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Take the arc sine elementwise, in radians; NaN outside [-1, 1] unless complex."""
def asinh(x: TensorLike = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Take the inverse hyperbolic sine elementwise."""
def atan(x: TensorLike = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Take the arc tangent elementwise, in radians."""
def atan2(a: TensorLike = ..., b: TensorLike = ..., *, input: TensorLike = ..., input1: TensorLike = ..., A: TensorLike = ..., vec1: TensorLike = ..., mat: TensorLike = ..., mat1: TensorLike = ..., batch1: TensorLike = ..., input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
    """Return the angle of the point (x=b, y=a), in radians from -pi to pi; operands broadcast."""
def atanh(x: TensorLike = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Take the inverse hyperbolic tangent elementwise; infinite at -1 and 1, NaN beyond unless complex."""
def atleast_1d(x: TensorLike = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Return ``x`` with at least one axis."""
def atleast_2d(x: TensorLike = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Return ``x`` with at least two axes; new ones come first."""
def atleast_3d(x: TensorLike = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Return ``x`` with at least three axes; the third comes last."""
def baddbmm(x: TensorLike = ..., a: TensorLike = ..., b: TensorLike = ..., *, beta: builtins.float = ..., alpha: builtins.float = ..., input: TensorLike = ..., A: TensorLike = ..., input1: TensorLike = ..., vec1: TensorLike = ..., mat: TensorLike = ..., mat1: TensorLike = ..., batch1: TensorLike = ..., input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
    """Compute ``beta x + alpha a @ b`` of batches of matrices."""
def bernoulli(p: TensorLike | None = ..., *, generator: Generator | None = ..., input: TensorLike | None = ...) -> Tensor:
    """Draw 1 with the probability that each element of ``p`` says, else 0, in its shape and dtype."""
def bilinear(a: TensorLike = ..., b: TensorLike = ..., weight: TensorLike | None = ..., bias: Any = ..., *, input: TensorLike = ..., input1: TensorLike = ..., A: TensorLike = ..., vec1: TensorLike = ..., mat: TensorLike = ..., mat1: TensorLike = ..., batch1: TensorLike = ..., input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
    """Compute ``a @ weight[k] @ b`` for each k, and add a bias: (…, n), (…, m), (k, n, m) to (…, k)."""
def bincount(x: TensorLike = ..., weights: Any = ..., minlength: builtins.int = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Count how often each number from 0 occurs in a vector of integers, or add up their ``weights``. Eager only."""
def binomial(count: TensorLike, prob: TensorLike, *, dtype: DTypeLike | None = ..., generator: Generator | None = ...) -> Tensor:
    """Draw how many of ``count`` trials succeed, each with probability ``prob``; the two broadcast, and are values."""
def bitwise_and(a: TensorLike = ..., b: TensorLike = ..., *, input: TensorLike = ..., input1: TensorLike = ..., A: TensorLike = ..., vec1: TensorLike = ..., mat: TensorLike = ..., mat1: TensorLike = ..., batch1: TensorLike = ..., input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
    """Set the bits that are set in both; operands broadcast. Of bools: whether both are true."""
def bitwise_left_shift(a: TensorLike = ..., b: TensorLike = ..., *, input: TensorLike = ..., input1: TensorLike = ..., A: TensorLike = ..., vec1: TensorLike = ..., mat: TensorLike = ..., mat1: TensorLike = ..., batch1: TensorLike = ..., input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
    """Shift the bits of ``a`` up by ``b`` places, from 0 to less than it has bits; operands broadcast."""
def bitwise_not(x: TensorLike = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Flip every bit, so that x becomes ``-x - 1`` if signed. Of bools: whether false."""
def bitwise_or(a: TensorLike = ..., b: TensorLike = ..., *, input: TensorLike = ..., input1: TensorLike = ..., A: TensorLike = ..., vec1: TensorLike = ..., mat: TensorLike = ..., mat1: TensorLike = ..., batch1: TensorLike = ..., input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
    """Set the bits that are set in either; operands broadcast. Of bools: whether either is true."""
def bitwise_right_shift(a: TensorLike = ..., b: TensorLike = ..., *, input: TensorLike = ..., input1: TensorLike = ..., A: TensorLike = ..., vec1: TensorLike = ..., mat: TensorLike = ..., mat1: TensorLike = ..., batch1: TensorLike = ..., input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
    """Shift the bits of ``a`` down by ``b`` places, keeping the sign; operands broadcast."""
def bitwise_xor(a: TensorLike = ..., b: TensorLike = ..., *, input: TensorLike = ..., input1: TensorLike = ..., A: TensorLike = ..., vec1: TensorLike = ..., mat: TensorLike = ..., mat1: TensorLike = ..., batch1: TensorLike = ..., input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
    """Set the bits that are set in exactly one; operands broadcast. Of bools: whether they differ."""
def block_diag(*arrays: TensorLike) -> Tensor:
    """Put matrices on the diagonal of a matrix of zeros."""
def bmm(a: TensorLike = ..., b: TensorLike = ..., *, input: TensorLike = ..., input1: TensorLike = ..., A: TensorLike = ..., vec1: TensorLike = ..., mat: TensorLike = ..., mat1: TensorLike = ..., batch1: TensorLike = ..., input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
    """Multiply two batches of matrices: (b, n, k), (b, k, m) to (b, n, m); nothing broadcasts."""
def broadcast_tensors(*arrays: TensorLike) -> list[Tensor]:
    """Stretch tensors to their common shape. Read-only views in eager."""
def broadcast_to(x: TensorLike = ..., shape: builtins.int | Sequence[builtins.int] = ..., *, input: TensorLike = ..., A: TensorLike = ..., size: builtins.int | Sequence[builtins.int] = ...) -> Tensor:
    """Stretch ``x`` to ``shape`` by NumPy's rule. A read-only view in eager."""
def bucketize(x: TensorLike = ..., boundaries: TensorLike = ..., *, out_int32: builtins.bool = ..., right: builtins.bool = ..., input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Number the bucket of each element between sorted ``boundaries``; ``right``: a boundary belongs to the next one."""
def can_cast(from_: DTypeLike, to: DTypeLike) -> builtins.bool:
    """Return whether a tensor or dtype ``from_`` promotes to the dtype ``to``, so that arithmetic would cast it so."""
def cartesian_prod(*arrays: TensorLike) -> Tensor:
    """Pair every element of each vector with every one of the others, as rows, the last changing fastest."""
def cat(arrays: Sequence[TensorLike] = ..., axis: builtins.int | Sequence[builtins.int] | None = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ..., tensors: Sequence[TensorLike] = ...) -> Tensor:
    """Join tensors along an axis that they have; None flattens them first."""
def cdist(a: TensorLike = ..., b: TensorLike = ..., p: TensorLike | None = ..., *, input: TensorLike = ..., input1: TensorLike = ..., A: TensorLike = ..., vec1: TensorLike = ..., mat: TensorLike = ..., mat1: TensorLike = ..., batch1: TensorLike = ..., input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
    """Compute the distance of order ``p`` between every row of ``a`` and every row of ``b``."""
def ceil(x: TensorLike = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Round up elementwise; the gradient is 0."""
def cholesky(x: TensorLike = ..., upper: builtins.bool = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Factor Hermitian positive definite matrices as ``L @ L^H`` with L lower triangular, or as ``U^H @ U``."""
def cholesky_inverse(factor: TensorLike = ..., upper: builtins.bool = ..., *, input: TensorLike = ...) -> Tensor:
    """Invert ``a``, given its Cholesky factor, (…, n, n)."""
def cholesky_solve(b: TensorLike = ..., factor: TensorLike = ..., upper: builtins.bool = ..., *, input2: TensorLike = ..., x2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ..., input: TensorLike = ...) -> Tensor:
    """Solve ``a @ x = b`` given the Cholesky factor of ``a``: b (…, n, k), factor (…, n, n)."""
def chunk(x: TensorLike = ..., chunks: Any = ..., axis: builtins.int | Sequence[builtins.int] | None = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ..., input: TensorLike = ..., A: TensorLike = ...) -> tuple[Tensor, ...]:
    """Cut into ``chunks`` pieces along ``axis``, the last perhaps smaller."""
def clamp(x: TensorLike = ..., min: Any = ..., max: Any = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Force each element into ``[min, max]``; either bound may be None."""
def clamp_max(input: TensorLike = ..., max: TensorLike = ..., *, x: TensorLike = ...) -> Tensor:
    """Force each element to be at most ``max``."""
def clamp_min(input: TensorLike = ..., min: TensorLike = ..., *, x: TensorLike = ...) -> Tensor:
    """Force each element to be at least ``min``."""
def clip(x: TensorLike = ..., min: Any = ..., max: Any = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Force each element into ``[min, max]``; either bound may be None."""
def column_stack(arrays: Sequence[TensorLike] = ..., *, tensors: Sequence[TensorLike] = ...) -> Tensor:
    """Join along axis 1; vectors are columns."""
def complex(real: TensorLike, imag: TensorLike) -> Tensor:
    """Make complex numbers of real and imaginary parts, which broadcast."""
def concat(arrays: Sequence[TensorLike] = ..., axis: builtins.int | Sequence[builtins.int] | None = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ..., tensors: Sequence[TensorLike] = ...) -> Tensor:
    """Join tensors along an axis that they have; None flattens them first."""
def concatenate(arrays: Sequence[TensorLike] = ..., axis: builtins.int | Sequence[builtins.int] | None = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ..., tensors: Sequence[TensorLike] = ...) -> Tensor:
    """Join tensors along an axis that they have; None flattens them first."""
def conj(x: TensorLike = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Conjugate complex numbers elementwise; real ones stay what they are."""
def conj_physical(x: TensorLike = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Conjugate complex numbers elementwise; real ones stay what they are."""
def copysign(a: TensorLike = ..., b: TensorLike = ..., *, input: TensorLike = ..., input1: TensorLike = ..., A: TensorLike = ..., vec1: TensorLike = ..., mat: TensorLike = ..., mat1: TensorLike = ..., batch1: TensorLike = ..., input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
    """Give ``a`` the sign of ``b``, elementwise; operands broadcast. The gradient of ``a`` at 0 is 0."""
def corrcoef(x: TensorLike = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Compute the correlation of variables, which are rows, from observations, which are columns."""
def cos(x: TensorLike = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Take the cosine elementwise, in radians."""
def cosh(x: TensorLike = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Take the hyperbolic cosine elementwise."""
def cosine_similarity(x1: TensorLike = ..., x2: TensorLike = ..., dim: builtins.int | Sequence[builtins.int] | None = ..., eps: builtins.float = ..., *, axis: builtins.int | Sequence[builtins.int] | None = ..., sorted_sequence: TensorLike = ..., values: TensorLike = ...) -> Tensor:
    """Compute the cosine of the angle between vectors along ``dim``; a norm below ``eps`` counts as ``eps``."""
def count_nonzero(x: TensorLike = ..., axis: builtins.int | Sequence[builtins.int] | None = ..., keepdims: builtins.bool = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ..., keepdim: builtins.bool = ..., input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Count the elements over ``axis`` that are not zero (int64)."""
def cov(x: TensorLike = ..., *, correction: builtins.float = ..., fweights: Any = ..., aweights: Any = ..., ddof: builtins.float = ..., input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Compute the covariance of variables, which are rows, from observations, which are columns."""
def cross(a: TensorLike = ..., b: TensorLike = ..., axis: builtins.int | Sequence[builtins.int] | None = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ..., input: TensorLike = ..., input1: TensorLike = ..., A: TensorLike = ..., vec1: TensorLike = ..., mat: TensorLike = ..., mat1: TensorLike = ..., batch1: TensorLike = ..., input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
    """Compute the cross product of vectors of three elements along ``axis``; the other axes broadcast."""
def cummax(x: TensorLike = ..., axis: builtins.int | Sequence[builtins.int] | None = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ..., input: TensorLike = ..., A: TensorLike = ...) -> Ranked:
    """Take the largest element so far along ``axis``: (values, indices), the last of equals; NaN stays."""
def cummin(x: TensorLike = ..., axis: builtins.int | Sequence[builtins.int] | None = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ..., input: TensorLike = ..., A: TensorLike = ...) -> Ranked:
    """Take the smallest element so far along ``axis``: (values, indices), the last of equals; NaN stays."""
def cumprod(x: TensorLike = ..., axis: builtins.int | Sequence[builtins.int] | None = ..., dtype: DTypeLike | None = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ..., input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Multiply along ``axis`` so far; integers and bools in 64 bits unless ``dtype`` is given."""
def cumsum(x: TensorLike = ..., axis: builtins.int | Sequence[builtins.int] | None = ..., dtype: DTypeLike | None = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ..., input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Add up along ``axis`` so far; integers and bools in 64 bits unless ``dtype`` is given."""
def deg2rad(x: TensorLike = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Turn degrees into radians."""
def det(x: TensorLike = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Compute the determinant of square matrices, (…, n, n) to (…)."""
def detach(x: TensorLike = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Pass ``x`` on as a constant: no gradient flows back through it."""
def diag(x: TensorLike = ..., k: builtins.int = ..., *, input: TensorLike = ..., A: TensorLike = ..., diagonal: builtins.int = ..., offset: builtins.int = ...) -> Tensor:
    """Make a matrix with a vector on its ``k``-th diagonal, or copy that diagonal out of a matrix."""
def diag_embed(x: TensorLike = ..., offset: builtins.int = ..., axis1: builtins.int = ..., axis2: builtins.int = ..., *, dim0: builtins.int = ..., dim1: builtins.int = ..., dim2: builtins.int = ..., input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Make matrices of zeros with the last axis of ``x`` on their diagonal."""
def diagonal(x: TensorLike = ..., offset: builtins.int = ..., axis1: builtins.int = ..., axis2: builtins.int = ..., *, dim0: builtins.int = ..., dim1: builtins.int = ..., dim2: builtins.int = ..., input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Cut out the diagonals across two axes, as a last axis. Shares memory in eager."""
def diagonal_scatter(x: TensorLike = ..., src: TensorLike = ..., offset: builtins.int = ..., axis1: builtins.int = ..., axis2: builtins.int = ..., *, dim0: builtins.int = ..., dim1: builtins.int = ..., dim2: builtins.int = ..., input: TensorLike = ..., A: TensorLike = ..., value: TensorLike = ...) -> Tensor:
    """Put ``src`` on the diagonal of a copy of ``x``."""
def diff(x: TensorLike = ..., n: builtins.int = ..., axis: builtins.int | Sequence[builtins.int] | None = ..., prepend: Any = ..., append: Any = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ..., input: TensorLike = ..., A: TensorLike = ..., N: builtins.int = ...) -> Tensor:
    """Subtract neighbours along ``axis``, ``n`` times, after joining ``prepend`` and ``append``."""
def digamma(x: TensorLike = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Compute the logarithmic derivative of the gamma function; infinite at 0, NaN at -1, -2, …"""
def dist(input: TensorLike = ..., other: TensorLike = ..., p: TensorLike | None = ..., *, x: TensorLike = ...) -> Tensor:
    """Compute the norm of order ``p`` of the difference."""
def div(a: TensorLike = ..., b: TensorLike = ..., *, rounding_mode: Any = ..., input: TensorLike = ..., input1: TensorLike = ..., A: TensorLike = ..., vec1: TensorLike = ..., mat: TensorLike = ..., mat1: TensorLike = ..., batch1: TensorLike = ..., input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
    """Divide elementwise, and round the quotient if ``rounding_mode`` is 'floor' or 'trunc'; operands broadcast."""
def divide(a: TensorLike = ..., b: TensorLike = ..., *, rounding_mode: Any = ..., input: TensorLike = ..., input1: TensorLike = ..., A: TensorLike = ..., vec1: TensorLike = ..., mat: TensorLike = ..., mat1: TensorLike = ..., batch1: TensorLike = ..., input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
    """Divide elementwise, and round the quotient if ``rounding_mode`` is 'floor' or 'trunc'; operands broadcast."""
def dot(a: TensorLike = ..., b: TensorLike = ..., *, input: TensorLike = ..., input1: TensorLike = ..., A: TensorLike = ..., vec1: TensorLike = ..., mat: TensorLike = ..., mat1: TensorLike = ..., batch1: TensorLike = ..., input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
    """Multiply two vectors and add up; nothing is conjugated: see ``vdot``."""
def dsplit(x: TensorLike = ..., indices_or_sections: TensorLike = ..., *, input: TensorLike = ..., A: TensorLike = ..., indices: TensorLike = ..., sections: TensorLike = ...) -> tuple[Tensor, ...]:
    """Cut into equal pieces, or before indices, along axis 2."""
def dstack(arrays: Sequence[TensorLike] = ..., *, tensors: Sequence[TensorLike] = ...) -> Tensor:
    """Join along axis 2."""
def einsum(*args: TensorLike) -> Tensor:
    """Sum products of elements as an equation in letters says; a letter that the result lacks is summed over."""
def empty(shape: builtins.int | Sequence[builtins.int] = ..., *sizes: builtins.int | Sequence[builtins.int], dtype: DTypeLike | None = ..., device: builtins.str | None = ..., requires_grad: builtins.bool = ..., size: builtins.int | Sequence[builtins.int] = ...) -> Tensor:
    """Make a tensor whose values do not matter. They are zeros, in both worlds."""
def empty_like(x: TensorLike = ..., *, dtype: DTypeLike | None = ..., device: builtins.str | None = ..., requires_grad: builtins.bool = ..., input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Make a tensor with the shape and dtype of ``x`` whose values do not matter. They are zeros."""
def eq(a: TensorLike = ..., b: TensorLike = ..., *, input: TensorLike = ..., input1: TensorLike = ..., A: TensorLike = ..., vec1: TensorLike = ..., mat: TensorLike = ..., mat1: TensorLike = ..., batch1: TensorLike = ..., input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
    """Return True where ``a == b``; operands broadcast."""
def equal(input: TensorLike = ..., other: TensorLike = ..., *, x: TensorLike = ...) -> Tensor:
    """Return whether two tensors have one shape and the same elements."""
def erf(x: TensorLike = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Compute the error function, ``2 / sqrt(pi)`` times the integral of ``exp(-t**2)`` from 0 to ``x``."""
def erfc(x: TensorLike = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Compute ``1 - erf(x)`` without losing digits where ``erf`` is near 1."""
def erfinv(x: TensorLike = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Compute the inverse of ``erf``: infinite at -1 and 1, NaN beyond."""
def exp(x: TensorLike = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Raise e to the power ``x`` elementwise."""
def exp2(x: TensorLike = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Raise 2 to the power ``x`` elementwise."""
def expm1(x: TensorLike = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Compute ``exp(x) - 1`` without losing digits near zero."""
def eye(n_rows: builtins.int = ..., n_cols: builtins.int | None = ..., *, k: builtins.int = ..., dtype: DTypeLike | None = ..., device: builtins.str | None = ..., requires_grad: builtins.bool = ..., diagonal: builtins.int = ..., offset: builtins.int = ..., n: builtins.int = ..., m: builtins.int | None = ...) -> Tensor:
    """Make a matrix with ones on its ``k``-th diagonal and zeros elsewhere."""
def finfo(type: DTypeLike) -> Any:
    """Return the limits of a floating or complex dtype, or of a tensor's. Raises DTypeError for another."""
def fix(x: TensorLike = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Round towards zero elementwise; the gradient is 0."""
def flatten(x: TensorLike = ..., start_dim: builtins.int = ..., end_dim: builtins.int = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Merge the axes from ``start_dim`` to ``end_dim`` into one."""
def flip(self: TensorLike = ..., *axes: builtins.int | Sequence[Any] | None, dims: builtins.int | Sequence[builtins.int] | None = ..., axis: builtins.int | Sequence[builtins.int] | None = ..., input: TensorLike = ...) -> Tensor:
    """See ``df.flip``; axes may be given as numbers."""
def fliplr(x: TensorLike = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Reverse the columns: axis 1."""
def flipud(x: TensorLike = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Reverse the rows: axis 0."""
def floor(x: TensorLike = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Round down elementwise; the gradient is 0."""
def floor_divide(a: TensorLike = ..., b: TensorLike = ..., *, input: TensorLike = ..., input1: TensorLike = ..., A: TensorLike = ..., vec1: TensorLike = ..., mat: TensorLike = ..., mat1: TensorLike = ..., batch1: TensorLike = ..., input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
    """Divide and round down elementwise; operands broadcast. No gradient."""
def fmax(input: TensorLike = ..., other: TensorLike = ..., *, x: TensorLike = ...) -> Tensor:
    """Take the larger of each pair, and of a NaN and a number the number."""
def fmin(input: TensorLike = ..., other: TensorLike = ..., *, x: TensorLike = ...) -> Tensor:
    """Take the smaller of each pair, and of a NaN and a number the number."""
def fmod(a: TensorLike = ..., b: TensorLike = ..., *, input: TensorLike = ..., input1: TensorLike = ..., A: TensorLike = ..., vec1: TensorLike = ..., mat: TensorLike = ..., mat1: TensorLike = ..., batch1: TensorLike = ..., input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
    """Return what division rounded towards zero leaves, with the sign of ``a``; operands broadcast."""
def frac(x: TensorLike = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Return what rounding towards zero takes away; the gradient passes."""
def frexp(x: TensorLike = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> FrexpResult:
    """Write each element as ``mantissa * 2**exponent``, the mantissa's size from 0.5 to less than 1; exponents int32."""
def from_dlpack(x: TensorLike = ..., *, device: builtins.str | None = ..., copy: builtins.bool | None = ..., input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Wrap what another library's array holds, by the DLPack protocol, sharing memory unless ``copy=True``."""
def from_numpy(array: Any = ..., *, ndarray: Any = ...) -> Tensor:
    """Wrap a NumPy array as an eager tensor that shares its memory, in whatever mode."""
def full(shape: builtins.int | Sequence[builtins.int] = ..., fill_value: TensorLike = ..., *, dtype: DTypeLike | None = ..., device: builtins.str | None = ..., requires_grad: builtins.bool = ..., size: builtins.int | Sequence[builtins.int] = ...) -> Tensor:
    """Make a tensor of ``shape`` filled with ``fill_value``."""
def full_like(x: TensorLike = ..., fill_value: TensorLike = ..., *, dtype: DTypeLike | None = ..., device: builtins.str | None = ..., requires_grad: builtins.bool = ..., input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Make a tensor like ``x`` filled with ``fill_value``; the shape may be unknown until the graph runs."""
def gather(x: TensorLike = ..., axis: builtins.int | Sequence[builtins.int] | None = ..., index: TensorLike = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ..., input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Pick along ``axis`` one element for each of ``index``, which may be shorter than ``x`` on the other axes."""
def ge(a: TensorLike = ..., b: TensorLike = ..., *, input: TensorLike = ..., input1: TensorLike = ..., A: TensorLike = ..., vec1: TensorLike = ..., mat: TensorLike = ..., mat1: TensorLike = ..., batch1: TensorLike = ..., input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
    """Return True where ``a >= b``; operands broadcast."""
def ger(a: TensorLike = ..., b: TensorLike = ..., *, input: TensorLike = ..., input1: TensorLike = ..., A: TensorLike = ..., vec1: TensorLike = ..., mat: TensorLike = ..., mat1: TensorLike = ..., batch1: TensorLike = ..., input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
    """Multiply each element of the vector ``a`` with each of the vector ``b``: (n,), (m,) to (n, m)."""
def greater(a: TensorLike = ..., b: TensorLike = ..., *, input: TensorLike = ..., input1: TensorLike = ..., A: TensorLike = ..., vec1: TensorLike = ..., mat: TensorLike = ..., mat1: TensorLike = ..., batch1: TensorLike = ..., input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
    """Return True where ``a > b``; operands broadcast."""
def greater_equal(a: TensorLike = ..., b: TensorLike = ..., *, input: TensorLike = ..., input1: TensorLike = ..., A: TensorLike = ..., vec1: TensorLike = ..., mat: TensorLike = ..., mat1: TensorLike = ..., batch1: TensorLike = ..., input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
    """Return True where ``a >= b``; operands broadcast."""
def gt(a: TensorLike = ..., b: TensorLike = ..., *, input: TensorLike = ..., input1: TensorLike = ..., A: TensorLike = ..., vec1: TensorLike = ..., mat: TensorLike = ..., mat1: TensorLike = ..., batch1: TensorLike = ..., input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
    """Return True where ``a > b``; operands broadcast."""
def heaviside(x: TensorLike = ..., values: TensorLike = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Give 0 below zero, 1 above, and ``values`` at zero; operands broadcast. NaN gives 0, as in PyTorch."""
def histc(x: TensorLike = ..., bins: TensorLike = ..., low: TensorLike = ..., high: TensorLike = ..., *, input: TensorLike = ..., A: TensorLike = ..., min: TensorLike = ..., max: TensorLike = ...) -> Tensor:
    """Count the elements in ``bins`` equal bins from ``low`` to ``high``, or between the extremes if these are equal."""
def histogram(x: TensorLike = ..., bins: TensorLike = ..., *, range: Any = ..., weight: Any = ..., density: builtins.bool = ..., input: TensorLike = ..., A: TensorLike = ...) -> Histogram:
    """Count the elements, or add up their ``weight``, between edges: (hist, bin_edges)."""
def hsplit(x: TensorLike = ..., indices_or_sections: TensorLike = ..., *, input: TensorLike = ..., A: TensorLike = ..., indices: TensorLike = ..., sections: TensorLike = ...) -> tuple[Tensor, ...]:
    """Cut into equal pieces, or before indices, along axis 1 (axis 0 of a vector)."""
def hstack(arrays: Sequence[TensorLike] = ..., *, tensors: Sequence[TensorLike] = ...) -> Tensor:
    """Join along axis 1, vectors along axis 0."""
def hypot(a: TensorLike = ..., b: TensorLike = ..., *, input: TensorLike = ..., input1: TensorLike = ..., A: TensorLike = ..., vec1: TensorLike = ..., mat: TensorLike = ..., mat1: TensorLike = ..., batch1: TensorLike = ..., input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
    """Compute ``sqrt(a**2 + b**2)`` elementwise without overflow; operands broadcast. The gradient where it is 0 is 0."""
def iinfo(type: DTypeLike) -> Any:
    """Return the limits of an integer dtype, or of a tensor's. Raises DTypeError for another."""
def imag(x: TensorLike = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Take the imaginary part elementwise. Shares memory in eager, but for a real number, where it is 0."""
def index_add(x: TensorLike = ..., axis: builtins.int | Sequence[builtins.int] | None = ..., index: TensorLike = ..., source: Any = ..., *, alpha: builtins.float = ..., dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ..., input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Add the slices of ``source``, times ``alpha``, to those of ``x`` at ``index`` along ``axis``; repeats add up."""
def index_copy(x: TensorLike = ..., axis: builtins.int | Sequence[builtins.int] | None = ..., index: TensorLike = ..., source: Any = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ..., input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Replace the slices of ``x`` at ``index`` along ``axis`` by those of ``source``."""
def index_fill(x: TensorLike = ..., axis: builtins.int | Sequence[builtins.int] | None = ..., index: TensorLike = ..., value: TensorLike = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ..., input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Replace the slices of ``x`` at ``index`` along ``axis`` by one value."""
def index_put(x: TensorLike = ..., indices: TensorLike = ..., values: TensorLike = ..., accumulate: builtins.bool = ..., *, input: TensorLike = ..., A: TensorLike = ..., index: TensorLike = ...) -> Tensor:
    """Write ``values``, broadcast, to ``x[indices]`` in a copy: a tuple of integer arrays, or a mask in eager."""
def index_select(x: TensorLike = ..., axis: builtins.int | Sequence[builtins.int] | None = ..., index: TensorLike = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ..., input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Pick the slices of ``x`` at ``index``, a vector, along ``axis``."""
def inner(a: TensorLike = ..., b: TensorLike = ..., *, input: TensorLike = ..., input1: TensorLike = ..., A: TensorLike = ..., vec1: TensorLike = ..., mat: TensorLike = ..., mat1: TensorLike = ..., batch1: TensorLike = ..., input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
    """Sum products over the last axis of both; a scalar multiplies."""
def inverse(x: TensorLike = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Invert square matrices, (…, n, n). Raises SingularError; ``pinv`` inverts what can be inverted."""
def is_complex(self: TensorLike = ..., *, input: TensorLike = ...) -> Tensor:
    """Return whether the dtype is complex."""
def is_floating_point(self: TensorLike = ..., *, input: TensorLike = ...) -> Tensor:
    """Return whether the dtype is floating and real."""
def is_same_size(self: TensorLike = ..., other: TensorLike = ..., *, input: TensorLike = ...) -> Tensor:
    """Return whether ``other`` has the same shape."""
def is_signed(self: TensorLike = ..., *, input: TensorLike = ...) -> Tensor:
    """Return whether the dtype has negative numbers."""
def isclose(a: TensorLike = ..., b: TensorLike = ..., rtol: builtins.float = ..., atol: builtins.float = ..., equal_nan: builtins.bool = ..., *, input: TensorLike = ..., input1: TensorLike = ..., A: TensorLike = ..., vec1: TensorLike = ..., mat: TensorLike = ..., mat1: TensorLike = ..., batch1: TensorLike = ..., input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
    """Return True where ``|a - b| <= atol + rtol * |b|``, or both are the same infinity; operands broadcast."""
def isfinite(x: TensorLike = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Return True where an element is neither infinite nor NaN."""
def isin(elements: TensorLike = ..., test_elements: TensorLike = ..., *, invert: builtins.bool = ..., element: TensorLike = ..., test_element: TensorLike = ...) -> Tensor:
    """Return which ``elements`` are among ``test_elements``, of any shape; with ``invert``, which are not."""
def isinf(x: TensorLike = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Return True where an element is infinite, in either part if complex."""
def isnan(x: TensorLike = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Return True where an element is not a number."""
def isneginf(x: TensorLike = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Return True where an element is infinite and negative."""
def isposinf(x: TensorLike = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Return True where an element is infinite and positive."""
def kron(a: TensorLike = ..., b: TensorLike = ..., *, input: TensorLike = ..., input1: TensorLike = ..., A: TensorLike = ..., vec1: TensorLike = ..., mat: TensorLike = ..., mat1: TensorLike = ..., batch1: TensorLike = ..., input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
    """Compute the Kronecker product: every element of ``a`` times the whole of ``b``, side by side."""
def kthvalue(x: TensorLike = ..., k: builtins.int = ..., axis: builtins.int | Sequence[builtins.int] | None = ..., keepdims: builtins.bool = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ..., keepdim: builtins.bool = ..., input: TensorLike = ..., A: TensorLike = ..., diagonal: builtins.int = ..., offset: builtins.int = ...) -> Ranked:
    """Take the ``k``-th smallest element along ``axis``, counting from 1: (values, indices)."""
def le(a: TensorLike = ..., b: TensorLike = ..., *, input: TensorLike = ..., input1: TensorLike = ..., A: TensorLike = ..., vec1: TensorLike = ..., mat: TensorLike = ..., mat1: TensorLike = ..., batch1: TensorLike = ..., input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
    """Return True where ``a <= b``; operands broadcast."""
def lerp(input: TensorLike = ..., end: TensorLike = ..., weight: TensorLike | None = ..., *, x: TensorLike = ...) -> Tensor:
    """Go from ``input`` towards ``end`` by ``weight``, a number or a tensor; operands broadcast."""
def less(a: TensorLike = ..., b: TensorLike = ..., *, input: TensorLike = ..., input1: TensorLike = ..., A: TensorLike = ..., vec1: TensorLike = ..., mat: TensorLike = ..., mat1: TensorLike = ..., batch1: TensorLike = ..., input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
    """Return True where ``a < b``; operands broadcast."""
def less_equal(a: TensorLike = ..., b: TensorLike = ..., *, input: TensorLike = ..., input1: TensorLike = ..., A: TensorLike = ..., vec1: TensorLike = ..., mat: TensorLike = ..., mat1: TensorLike = ..., batch1: TensorLike = ..., input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
    """Return True where ``a <= b``; operands broadcast."""
def lgamma(x: TensorLike = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Compute the logarithm of the absolute value of the gamma function; infinite at 0, -1, -2, … and -inf."""
def linspace(start: Any, stop: Any = ..., num: builtins.int = ..., *, dtype: DTypeLike | None = ..., device: builtins.str | None = ..., endpoint: builtins.bool = ..., requires_grad: builtins.bool = ..., end: Any = ..., steps: builtins.int = ...) -> Tensor:
    """Space ``num`` values evenly from ``start`` to ``stop``."""
def log(x: TensorLike = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Take the natural logarithm elementwise; -inf at zero, NaN below."""
def log10(x: TensorLike = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Take the logarithm to base 10 elementwise; -inf at zero, NaN below."""
def log1p(x: TensorLike = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Compute ``log(1 + x)`` without losing digits near zero."""
def log2(x: TensorLike = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Take the logarithm to base 2 elementwise; -inf at zero, NaN below."""
def log_softmax(input: TensorLike = ..., dim: builtins.int | Sequence[builtins.int] | None = ..., dtype: DTypeLike | None = ..., *, axis: builtins.int | Sequence[builtins.int] | None = ..., x: TensorLike = ...) -> Tensor:
    """Compute the logarithm of ``softmax`` along ``dim`` without overflow, in ``dtype`` when it is given."""
def logaddexp(a: TensorLike = ..., b: TensorLike = ..., *, input: TensorLike = ..., input1: TensorLike = ..., A: TensorLike = ..., vec1: TensorLike = ..., mat: TensorLike = ..., mat1: TensorLike = ..., batch1: TensorLike = ..., input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
    """Compute ``log(exp(a) + exp(b))`` elementwise without overflow; operands broadcast."""
def logaddexp2(a: TensorLike = ..., b: TensorLike = ..., *, input: TensorLike = ..., input1: TensorLike = ..., A: TensorLike = ..., vec1: TensorLike = ..., mat: TensorLike = ..., mat1: TensorLike = ..., batch1: TensorLike = ..., input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
    """Compute ``log2(2**a + 2**b)`` elementwise without overflow; operands broadcast."""
def logcumsumexp(x: TensorLike = ..., axis: builtins.int | Sequence[builtins.int] | None = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ..., input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Compute ``log(cumsum(exp(x)))`` along ``axis`` without overflow."""
def logdet(x: TensorLike = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Compute the logarithm of the determinant; NaN where it is negative."""
def logical_and(a: TensorLike = ..., b: TensorLike = ..., *, input: TensorLike = ..., input1: TensorLike = ..., A: TensorLike = ..., vec1: TensorLike = ..., mat: TensorLike = ..., mat1: TensorLike = ..., batch1: TensorLike = ..., input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
    """Return True where both are true; numbers count as true unless zero."""
def logical_not(x: TensorLike = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Return True where ``x`` is false; numbers count as true unless zero."""
def logical_or(a: TensorLike = ..., b: TensorLike = ..., *, input: TensorLike = ..., input1: TensorLike = ..., A: TensorLike = ..., vec1: TensorLike = ..., mat: TensorLike = ..., mat1: TensorLike = ..., batch1: TensorLike = ..., input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
    """Return True where either is true; numbers count as true unless zero."""
def logical_xor(a: TensorLike = ..., b: TensorLike = ..., *, input: TensorLike = ..., input1: TensorLike = ..., A: TensorLike = ..., vec1: TensorLike = ..., mat: TensorLike = ..., mat1: TensorLike = ..., batch1: TensorLike = ..., input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
    """Return True where exactly one is true; numbers count as true unless zero."""
def logit(x: TensorLike = ..., eps: Any = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Compute ``log(x / (1 - x))``, the inverse of ``sigmoid``, of ``x`` forced into ``[eps, 1 - eps]`` if given."""
def logspace(start: Any, stop: Any = ..., num: builtins.int = ..., base: builtins.float = ..., *, dtype: DTypeLike | None = ..., device: builtins.str | None = ..., requires_grad: builtins.bool = ..., end: Any = ..., steps: builtins.int = ...) -> Tensor:
    """Make ``num`` numbers from ``base ** start`` to ``base ** stop``, whose logarithms are evenly spaced."""
def logsumexp(x: TensorLike = ..., axis: builtins.int | Sequence[builtins.int] | None = ..., keepdims: builtins.bool = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ..., keepdim: builtins.bool = ..., input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Compute ``log(sum(exp(x)))`` over ``axis`` without overflow; -inf over no elements."""
def lt(a: TensorLike = ..., b: TensorLike = ..., *, input: TensorLike = ..., input1: TensorLike = ..., A: TensorLike = ..., vec1: TensorLike = ..., mat: TensorLike = ..., mat1: TensorLike = ..., batch1: TensorLike = ..., input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
    """Return True where ``a < b``; operands broadcast."""
def lu_unpack(lu: TensorLike = ..., pivots: TensorLike = ..., *, LU_data: TensorLike = ..., LU_pivots: TensorLike = ...) -> LUResult:
    """Take what ``lu_factor`` returns apart: P, L and U."""
def masked_fill(x: TensorLike = ..., mask: TensorLike = ..., value: TensorLike = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Put ``value``, one number, where ``mask``, which broadcasts, is true."""
def masked_scatter(x: TensorLike = ..., mask: TensorLike = ..., source: Any = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Put the elements of ``source``, one after the other, where ``mask`` is true. Eager only."""
def masked_select(x: TensorLike = ..., mask: TensorLike = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Pick, as a vector, the elements where ``mask`` is true; the two broadcast. Eager only."""
def matmul(a: TensorLike = ..., b: TensorLike = ..., *, input: TensorLike = ..., input1: TensorLike = ..., A: TensorLike = ..., vec1: TensorLike = ..., mat: TensorLike = ..., mat1: TensorLike = ..., batch1: TensorLike = ..., input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
    """Multiply matrices over the last two axes; leading axes broadcast; a 1-D operand is a vector."""
def matrix_exp(x: TensorLike = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Compute the exponential of square matrices, 1 + x + x @ x / 2 + …"""
def matrix_power(x: TensorLike = ..., n: builtins.int = ..., *, input: TensorLike = ..., A: TensorLike = ..., N: builtins.int = ...) -> Tensor:
    """Multiply a square matrix with itself ``n`` times by repeated squaring; a negative ``n`` inverts it first."""
@overload
def max(input: TensorLike = ..., *, other: Any = ..., x: TensorLike = ...) -> Tensor:
    """Take the largest element; with ``dim``, (values, indices) along it, and the index has the gradient."""
@overload
def max(input: TensorLike = ..., dim: builtins.int | Sequence[builtins.int] | None = ..., keepdim: builtins.bool = ..., *, other: Any = ..., axis: builtins.int | Sequence[builtins.int] | None = ..., keepdims: builtins.bool = ..., x: TensorLike = ...) -> Ranked:
    """Take the largest element; with ``dim``, (values, indices) along it, and the index has the gradient."""
@overload
def max(input: TensorLike, other: TensorLike) -> Tensor:
    """Take the largest element; with ``dim``, (values, indices) along it, and the index has the gradient."""
def maximum(a: TensorLike = ..., b: TensorLike = ..., *, input: TensorLike = ..., input1: TensorLike = ..., A: TensorLike = ..., vec1: TensorLike = ..., mat: TensorLike = ..., mat1: TensorLike = ..., batch1: TensorLike = ..., input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
    """Take the larger of two elementwise; a tie shares the gradient evenly."""
def mean(x: TensorLike = ..., axis: builtins.int | Sequence[builtins.int] | None = ..., keepdims: builtins.bool = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ..., keepdim: builtins.bool = ..., input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Average over ``axis``; NaN over no elements."""
@overload
def median(x: TensorLike = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Take the middle element, the lower of two, as PyTorch does: over all, or (values, indices) along ``axis``."""
@overload
def median(x: TensorLike = ..., axis: builtins.int | Sequence[builtins.int] | None = ..., keepdims: builtins.bool = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ..., keepdim: builtins.bool = ..., input: TensorLike = ..., A: TensorLike = ...) -> Ranked:
    """Take the middle element, the lower of two, as PyTorch does: over all, or (values, indices) along ``axis``."""
def meshgrid(*arrays: TensorLike, indexing: builtins.str = ...) -> list[Tensor]:
    """Make coordinate grids out of vectors, given one by one or as a list."""
@overload
def min(input: TensorLike = ..., *, other: Any = ..., x: TensorLike = ...) -> Tensor:
    """Take the smallest element; with ``dim``, (values, indices) along it, and the index has the gradient."""
@overload
def min(input: TensorLike = ..., dim: builtins.int | Sequence[builtins.int] | None = ..., keepdim: builtins.bool = ..., *, other: Any = ..., axis: builtins.int | Sequence[builtins.int] | None = ..., keepdims: builtins.bool = ..., x: TensorLike = ...) -> Ranked:
    """Take the smallest element; with ``dim``, (values, indices) along it, and the index has the gradient."""
@overload
def min(input: TensorLike, other: TensorLike) -> Tensor:
    """Take the smallest element; with ``dim``, (values, indices) along it, and the index has the gradient."""
def minimum(a: TensorLike = ..., b: TensorLike = ..., *, input: TensorLike = ..., input1: TensorLike = ..., A: TensorLike = ..., vec1: TensorLike = ..., mat: TensorLike = ..., mat1: TensorLike = ..., batch1: TensorLike = ..., input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
    """Take the smaller of two elementwise; a tie shares the gradient evenly."""
def mm(input: TensorLike = ..., mat2: TensorLike = ..., *, x: TensorLike = ...) -> Tensor:
    """Multiply two matrices; unlike ``matmul``, both must have exactly two axes."""
def moveaxis(x: TensorLike = ..., source: Any = ..., destination: builtins.int | Sequence[builtins.int] | None = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Move axes to new places; the others keep their order. Shares memory in eager."""
def movedim(x: TensorLike = ..., source: Any = ..., destination: builtins.int | Sequence[builtins.int] | None = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Move axes to new places; the others keep their order. Shares memory in eager."""
def mul(a: TensorLike = ..., b: TensorLike = ..., *, input: TensorLike = ..., input1: TensorLike = ..., A: TensorLike = ..., vec1: TensorLike = ..., mat: TensorLike = ..., mat1: TensorLike = ..., batch1: TensorLike = ..., input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
    """Multiply elementwise; operands broadcast. Bools multiply as ``and``."""
def multinomial(weights: TensorLike = ..., num_samples: builtins.int = ..., replacement: builtins.bool = ..., *, generator: Generator | None = ..., input: TensorLike = ...) -> Tensor:
    """Draw ``num_samples`` indices (int64) in proportion to ``weights``, which lie along the last axis."""
def multiply(a: TensorLike = ..., b: TensorLike = ..., *, input: TensorLike = ..., input1: TensorLike = ..., A: TensorLike = ..., vec1: TensorLike = ..., mat: TensorLike = ..., mat1: TensorLike = ..., batch1: TensorLike = ..., input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
    """Multiply elementwise; operands broadcast. Bools multiply as ``and``."""
def mv(a: TensorLike = ..., b: TensorLike = ..., *, input: TensorLike = ..., input1: TensorLike = ..., A: TensorLike = ..., vec1: TensorLike = ..., mat: TensorLike = ..., mat1: TensorLike = ..., batch1: TensorLike = ..., input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
    """Multiply a matrix with a vector: (n, k), (k,) to (n,)."""
def nan_to_num(x: TensorLike = ..., nan: builtins.float = ..., posinf: Any = ..., neginf: Any = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Replace NaN by ``nan`` and the infinities by numbers, by default the largest there are."""
def nanmean(x: TensorLike = ..., axis: builtins.int | Sequence[builtins.int] | None = ..., keepdims: builtins.bool = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ..., keepdim: builtins.bool = ..., input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Average what is not NaN over ``axis``; NaN where all is."""
@overload
def nanmedian(x: TensorLike = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Take the median of what is not NaN: over all, or (values, indices) along ``axis``."""
@overload
def nanmedian(x: TensorLike = ..., axis: builtins.int | Sequence[builtins.int] | None = ..., keepdims: builtins.bool = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ..., keepdim: builtins.bool = ..., input: TensorLike = ..., A: TensorLike = ...) -> Ranked:
    """Take the median of what is not NaN: over all, or (values, indices) along ``axis``."""
def nanquantile(x: TensorLike = ..., q: TensorLike = ..., axis: builtins.int | Sequence[builtins.int] | None = ..., keepdims: builtins.bool = ..., *, interpolation: builtins.str = ..., dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ..., keepdim: builtins.bool = ..., input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Read off sorted values at the fractions ``q``, as ``quantile`` does, of what is not NaN; NaN where all is."""
def nansum(x: TensorLike = ..., axis: builtins.int | Sequence[builtins.int] | None = ..., keepdims: builtins.bool = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ..., keepdim: builtins.bool = ..., input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Add up what is not NaN over ``axis``."""
def narrow(x: TensorLike = ..., axis: builtins.int | Sequence[builtins.int] | None = ..., start: TensorLike = ..., length: Any = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ..., input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Cut out ``length`` elements along ``axis`` from ``start``. Shares memory in eager."""
def ne(a: TensorLike = ..., b: TensorLike = ..., *, input: TensorLike = ..., input1: TensorLike = ..., A: TensorLike = ..., vec1: TensorLike = ..., mat: TensorLike = ..., mat1: TensorLike = ..., batch1: TensorLike = ..., input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
    """Return True where ``a != b``; operands broadcast."""
def neg(x: TensorLike = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Negate elementwise."""
def negative(x: TensorLike = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Negate elementwise."""
def nextafter(a: TensorLike = ..., b: TensorLike = ..., *, input: TensorLike = ..., input1: TensorLike = ..., A: TensorLike = ..., vec1: TensorLike = ..., mat: TensorLike = ..., mat1: TensorLike = ..., batch1: TensorLike = ..., input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
    """Return the number next to ``a`` in the direction of ``b``, elementwise; operands broadcast."""
@overload
def nonzero(input: TensorLike = ..., *, x: TensorLike = ...) -> Tensor:
    """Return where the elements are not zero, a row each; ``as_tuple`` as the standard's ``df.nonzero(x)``."""
@overload
def nonzero(input: TensorLike = ..., *, as_tuple: builtins.bool = ..., x: TensorLike = ...) -> tuple[Tensor, ...]:
    """Return where the elements are not zero, a row each; ``as_tuple`` as the standard's ``df.nonzero(x)``."""
def norm(x: TensorLike = ..., p: TensorLike | None = ..., axis: builtins.int | Sequence[builtins.int] | None = ..., keepdims: builtins.bool = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ..., keepdim: builtins.bool = ..., input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Compute the norm of order ``p`` of all elements, or over ``axis``, as ``torch.norm`` does."""
def normal(mean: TensorLike, std: TensorLike = ..., size: builtins.int | Sequence[builtins.int] = ..., *, dtype: DTypeLike | None = ..., generator: Generator | None = ...) -> Tensor:
    """Draw from the normal distribution; ``mean`` and ``std`` are tensors that broadcast, or numbers with a ``size``."""
def not_equal(a: TensorLike = ..., b: TensorLike = ..., *, input: TensorLike = ..., input1: TensorLike = ..., A: TensorLike = ..., vec1: TensorLike = ..., mat: TensorLike = ..., mat1: TensorLike = ..., batch1: TensorLike = ..., input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
    """Return True where ``a != b``; operands broadcast."""
def ones(shape: builtins.int | Sequence[builtins.int] = ..., *sizes: builtins.int | Sequence[builtins.int], dtype: DTypeLike | None = ..., device: builtins.str | None = ..., requires_grad: builtins.bool = ..., size: builtins.int | Sequence[builtins.int] = ...) -> Tensor:
    """Make a tensor of ones. The shape is given as numbers or as one tuple."""
def ones_like(x: TensorLike = ..., *, dtype: DTypeLike | None = ..., device: builtins.str | None = ..., requires_grad: builtins.bool = ..., input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Make a tensor of ones with the shape and dtype of ``x``."""
def outer(a: TensorLike = ..., b: TensorLike = ..., *, input: TensorLike = ..., input1: TensorLike = ..., A: TensorLike = ..., vec1: TensorLike = ..., mat: TensorLike = ..., mat1: TensorLike = ..., batch1: TensorLike = ..., input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
    """Multiply each element of the vector ``a`` with each of the vector ``b``: (n,), (m,) to (n, m)."""
def pairwise_distance(x1: TensorLike = ..., x2: TensorLike = ..., p: TensorLike | None = ..., eps: builtins.float = ..., keepdim: builtins.bool = ..., *, keepdims: builtins.bool = ..., input: TensorLike | None = ..., sorted_sequence: TensorLike = ..., values: TensorLike = ...) -> Tensor:
    """Compute the norm of order ``p`` of ``x1 - x2 + eps`` over the last axis."""
def permute(input: TensorLike = ..., *axes: builtins.int | Sequence[Any] | None, dims: builtins.int | Sequence[builtins.int] | None = ..., axis: builtins.int | Sequence[builtins.int] | None = ..., x: TensorLike = ...) -> Tensor:
    """Reorder the axes, as ``df.permute_dims``; they may be given one by one."""
def pinverse(x: TensorLike = ..., *, rtol: Any = ..., atol: Any = ..., hermitian: builtins.bool = ..., input: TensorLike = ..., A: TensorLike = ..., rcond: Any = ...) -> Tensor:
    """Compute the Moore-Penrose pseudo-inverse: (…, m, n) to (…, n, m)."""
def poisson(rates: TensorLike = ..., *, dtype: DTypeLike | None = ..., generator: Generator | None = ..., input: TensorLike = ...) -> Tensor:
    """Draw a count from the Poisson distribution for each of ``rates``, in their shape and dtype."""
def polar(abs: TensorLike, angle: TensorLike) -> Tensor:
    """Make complex numbers of absolute values and angles in radians, which broadcast."""
def polygamma(n: builtins.int = ..., x: TensorLike = ..., *, input: TensorLike = ..., A: TensorLike = ..., N: builtins.int = ...) -> Tensor:
    """Compute the ``n``-th derivative of ``digamma``, itself for n = 0; infinite at 0, -1, -2, … for n > 0."""
def positive(x: TensorLike = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Return ``x`` itself, a number."""
def pow(self: TensorLike = ..., exponent: TensorLike = ..., *, input: TensorLike = ...) -> Tensor:
    """See ``df.power``."""
def prod(x: TensorLike = ..., axis: builtins.int | Sequence[builtins.int] | None = ..., keepdims: builtins.bool = ..., dtype: DTypeLike | None = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ..., keepdim: builtins.bool = ..., input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Multiply the elements over ``axis`` (an int, a tuple, or None for all); 1 over no elements."""
def promote_types(type1: DTypeLike, type2: DTypeLike) -> np.dtype[Any]:
    """Return the dtype in which two dtypes meet; PyTorch's name for ``result_type`` of two dtypes."""
def qr(x: TensorLike = ..., *, mode: builtins.str = ..., input: TensorLike = ..., A: TensorLike = ...) -> QRResult:
    """Decompose matrices as ``Q @ R``: Q with orthonormal columns, R upper triangular."""
def quantile(x: TensorLike = ..., q: TensorLike = ..., axis: builtins.int | Sequence[builtins.int] | None = ..., keepdims: builtins.bool = ..., *, interpolation: builtins.str = ..., dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ..., keepdim: builtins.bool = ..., input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Read off sorted values at the fractions ``q``, a number or a vector in [0, 1]; a vector makes a first axis."""
def rad2deg(x: TensorLike = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Turn radians into degrees."""
def rand(shape: builtins.int | Sequence[builtins.int] = ..., *sizes: builtins.int | Sequence[builtins.int], dtype: DTypeLike | None = ..., generator: Generator | None = ..., requires_grad: builtins.bool = ..., size: builtins.int | Sequence[builtins.int] = ...) -> Tensor:
    """Draw uniformly from [0, 1), as PyTorch's ``rand``."""
def rand_like(x: TensorLike = ..., *, dtype: DTypeLike | None = ..., generator: Generator | None = ..., input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Draw uniformly from [0, 1) in the shape of ``x``."""
def randint(low: TensorLike = ..., high: TensorLike = ..., size: builtins.int | Sequence[builtins.int] = ..., *, dtype: DTypeLike | None = ..., generator: Generator | None = ..., min: TensorLike = ..., max: TensorLike = ...) -> Tensor:
    """Draw integers from [low, high), or from [0, low) when ``high`` is left out."""
def randn(shape: builtins.int | Sequence[builtins.int] = ..., *sizes: builtins.int | Sequence[builtins.int], dtype: DTypeLike | None = ..., generator: Generator | None = ..., requires_grad: builtins.bool = ..., size: builtins.int | Sequence[builtins.int] = ...) -> Tensor:
    """Draw from the standard normal distribution, as PyTorch's ``randn``."""
def randn_like(x: TensorLike = ..., *, dtype: DTypeLike | None = ..., generator: Generator | None = ..., input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Draw from the standard normal distribution in the shape of ``x``."""
def randperm(n: builtins.int = ..., *, generator: Generator | None = ..., N: builtins.int = ...) -> Tensor:
    """Shuffle 0 … n-1 (int64), as PyTorch's ``randperm``."""
def ravel(input: TensorLike = ..., *, x: TensorLike = ...) -> Tensor:
    """Flatten into one axis."""
def real(x: TensorLike = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Take the real part elementwise; real numbers stay what they are. Shares memory in eager."""
def reciprocal(x: TensorLike = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Compute ``1 / x`` elementwise."""
def relu(x: TensorLike = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Keep what is positive, elementwise; the gradient at zero is 0."""
def remainder(a: TensorLike = ..., b: TensorLike = ..., *, input: TensorLike = ..., input1: TensorLike = ..., A: TensorLike = ..., vec1: TensorLike = ..., mat: TensorLike = ..., mat1: TensorLike = ..., batch1: TensorLike = ..., input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
    """Return what ``floor_divide`` leaves, with the sign of ``b``, as Python's ``%``; operands broadcast."""
def repeat_interleave(x: TensorLike = ..., repeats: TensorLike = ..., axis: builtins.int | Sequence[builtins.int] | None = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ..., input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Repeat each element along ``axis``, as ``repeat``: PyTorch's name for it."""
def reshape(self: TensorLike = ..., *size: builtins.int | Sequence[builtins.int], shape: builtins.int | Sequence[builtins.int] = ..., input: TensorLike = ...) -> Tensor:
    """See ``df.reshape``; sizes may be given as numbers."""
def result_type(*arrays_and_dtypes: Any) -> np.dtype[Any]:
    """Return the dtype in which tensors, arrays, dtypes and Python numbers meet."""
def roll(x: TensorLike = ..., shift: builtins.int | Sequence[builtins.int] | None = ..., axis: builtins.int | Sequence[builtins.int] | None = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ..., input: TensorLike = ..., A: TensorLike = ..., shifts: builtins.int | Sequence[builtins.int] | None = ...) -> Tensor:
    """Shift elements along ``axis``; those that leave at one end enter at the other."""
def rot90(x: TensorLike = ..., k: builtins.int = ..., axes: builtins.int | Sequence[Any] | None = ..., *, dim: builtins.int | Sequence[Any] | None = ..., dims: builtins.int | Sequence[Any] | None = ..., input: TensorLike = ..., A: TensorLike = ..., diagonal: builtins.int = ..., offset: builtins.int = ...) -> Tensor:
    """Turn by 90 degrees ``k`` times in the plane of two axes, from the first towards the second."""
def round(x: TensorLike = ..., decimals: builtins.int = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Round elementwise to ``decimals`` places, halves to the even neighbour; the gradient is 0."""
def rsqrt(x: TensorLike = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Compute ``1 / sqrt(x)`` elementwise; infinite at zero, NaN below."""
def rsub(input: TensorLike = ..., other: TensorLike = ..., *, alpha: builtins.float = ..., x: TensorLike = ...) -> Tensor:
    """Subtract ``alpha * input`` from ``other``."""
def scatter(x: TensorLike = ..., axis: builtins.int | Sequence[builtins.int] | None = ..., index: TensorLike = ..., src: TensorLike = ..., *, reduce: Any = ..., dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ..., input: TensorLike = ..., A: TensorLike = ..., value: TensorLike = ...) -> Tensor:
    """Write ``src`` (a tensor or a number) along ``axis`` to the places that ``index`` names, in a copy of ``x``."""
def scatter_add(x: TensorLike = ..., axis: builtins.int | Sequence[builtins.int] | None = ..., index: TensorLike = ..., src: TensorLike = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ..., input: TensorLike = ..., A: TensorLike = ..., value: TensorLike = ...) -> Tensor:
    """Add ``src`` along ``axis`` at the places that ``index`` names, in a copy of ``x``."""
def scatter_reduce(x: TensorLike = ..., axis: builtins.int | Sequence[builtins.int] | None = ..., index: TensorLike = ..., src: TensorLike = ..., reduce: Any = ..., *, include_self: builtins.bool = ..., dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ..., input: TensorLike = ..., A: TensorLike = ..., value: TensorLike = ...) -> Tensor:
    """Reduce ``src`` by 'sum', 'prod', 'mean', 'amax' or 'amin' along ``axis`` into the places that ``index`` names."""
def searchsorted(x1: TensorLike = ..., x2: TensorLike = ..., *, side: builtins.str = ..., sorter: Any = ..., right: builtins.bool = ..., out_int32: builtins.bool = ..., sorted_sequence: TensorLike = ..., values: TensorLike = ..., input: TensorLike = ...) -> Tensor:
    """Find where each element of ``x2`` goes in the sorted vector ``x1`` so that it stays sorted."""
def select(x: TensorLike = ..., axis: builtins.int | Sequence[builtins.int] | None = ..., index: Any = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ..., input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Cut out one slice across ``axis``, which goes. Shares memory in eager."""
def sgn(x: TensorLike = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Give -1, 0 or 1 by the sign of each element; of a complex number, x / abs(x), which is 0 at 0."""
def sigmoid(x: TensorLike = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Compute ``1 / (1 + exp(-x))`` elementwise, without overflow on either side."""
def sign(x: TensorLike = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Give -1, 0 or 1 by the sign of each element; of a complex number, x / abs(x), which is 0 at 0."""
def signbit(x: TensorLike = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Return True where the sign is set: of negative numbers and of -0.0."""
def sin(x: TensorLike = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Take the sine elementwise, in radians."""
def sinc(x: TensorLike = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Compute ``sin(pi x) / (pi x)`` elementwise, 1 at 0."""
def sinh(x: TensorLike = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Take the hyperbolic sine elementwise."""
def slogdet(x: TensorLike = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> SlogdetResult:
    """Compute the sign (or phase) of the determinant and the logarithm of its absolute value: named results."""
def softmax(input: TensorLike = ..., dim: builtins.int | Sequence[builtins.int] | None = ..., dtype: DTypeLike | None = ..., *, axis: builtins.int | Sequence[builtins.int] | None = ..., x: TensorLike = ...) -> Tensor:
    """Turn scores into probabilities along ``dim``, computed in ``dtype`` when it is given."""
def sort(input: TensorLike = ..., dim: builtins.int | Sequence[builtins.int] | None = ..., descending: builtins.bool = ..., stable: builtins.bool = ..., *, axis: builtins.int | Sequence[builtins.int] | None = ..., x: TensorLike = ...) -> Ranked:
    """Order the elements along ``dim``: (values, indices). The standard's ``df.sort(x)`` gives the values alone."""
def split(x: TensorLike = ..., split_size_or_sections: TensorLike = ..., axis: builtins.int | Sequence[builtins.int] | None = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ..., input: TensorLike = ..., A: TensorLike = ..., tensor: TensorLike = ..., split_size: TensorLike = ...) -> tuple[Tensor, ...]:
    """Cut into pieces along ``axis``: of one size (the last may be smaller), or of the sizes listed."""
def split_with_sizes(x: TensorLike = ..., split_size_or_sections: TensorLike = ..., axis: builtins.int | Sequence[builtins.int] | None = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ..., input: TensorLike = ..., A: TensorLike = ..., split_size: TensorLike = ..., split_sizes: TensorLike = ...) -> tuple[Tensor, ...]:
    """Cut into pieces along ``axis``: of one size (the last may be smaller), or of the sizes listed."""
def sqrt(x: TensorLike = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Take the square root elementwise; NaN below zero, and an infinite gradient at zero."""
def square(x: TensorLike = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Square elementwise."""
def squeeze(x: TensorLike = ..., axis: builtins.int | Sequence[builtins.int] | None = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ..., input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Drop the axes ``axis``, which must have size 1; None drops every such axis. Shares memory in eager."""
def stack(arrays: Sequence[TensorLike] = ..., axis: builtins.int | Sequence[builtins.int] | None = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ..., tensors: Sequence[TensorLike] = ...) -> Tensor:
    """Join tensors of one shape along a new axis."""
def std(input: TensorLike = ..., dim: builtins.int | Sequence[builtins.int] | None = ..., unbiased: builtins.bool = ..., keepdim: builtins.bool = ..., *, correction: builtins.float = ..., axis: builtins.int | Sequence[builtins.int] | None = ..., ddof: builtins.float = ..., keepdims: builtins.bool = ..., x: TensorLike = ...) -> Tensor:
    """Compute the standard deviation: the square root of ``var``, here with ``correction=1``."""
def std_mean(input: TensorLike = ..., dim: builtins.int | Sequence[builtins.int] | None = ..., unbiased: builtins.bool = ..., keepdim: builtins.bool = ..., *, correction: builtins.float = ..., axis: builtins.int | Sequence[builtins.int] | None = ..., ddof: builtins.float = ..., keepdims: builtins.bool = ..., x: TensorLike = ...) -> tuple[Tensor, Tensor]:
    """Compute standard deviation and mean over ``dim``; ``unbiased`` and ``correction`` as in ``x.std()``."""
def sub(self: TensorLike = ..., other: TensorLike = ..., *, alpha: builtins.float = ..., input: TensorLike = ...) -> Tensor:
    """Subtract ``alpha * other``."""
def subtract(self: TensorLike = ..., other: TensorLike = ..., *, alpha: builtins.float = ..., input: TensorLike = ...) -> Tensor:
    """Subtract ``alpha * other``."""
def sum(x: TensorLike = ..., axis: builtins.int | Sequence[builtins.int] | None = ..., keepdims: builtins.bool = ..., dtype: DTypeLike | None = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ..., keepdim: builtins.bool = ..., input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Add up the elements over ``axis`` (an int, a tuple, or None for all)."""
def svd(x: TensorLike = ..., *, full_matrices: builtins.bool = ..., input: TensorLike = ..., A: TensorLike = ...) -> SVDResult:
    """Decompose matrices as ``U @ diag(S) @ Vh``: singular values in descending order, U and Vh unitary."""
def swapaxes(x: TensorLike = ..., axis1: builtins.int = ..., axis2: builtins.int = ..., *, dim0: builtins.int = ..., axis0: builtins.int = ..., dim1: builtins.int = ..., dim2: builtins.int = ..., input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Swap two axes. Shares memory in eager."""
def swapdims(x: TensorLike = ..., axis1: builtins.int = ..., axis2: builtins.int = ..., *, dim0: builtins.int = ..., axis0: builtins.int = ..., dim1: builtins.int = ..., dim2: builtins.int = ..., input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Swap two axes. Shares memory in eager."""
def t(input: TensorLike = ..., *, x: TensorLike = ...) -> Tensor:
    """Transpose a matrix; a vector or a scalar stays as it is. Raises ShapeError for more axes."""
def take(input: TensorLike = ..., index: TensorLike = ..., *, x: TensorLike = ...) -> Tensor:
    """Pick elements of the flattened tensor. The standard's ``df.take(x, indices, axis=0)`` picks slices."""
def take_along_dim(x: TensorLike = ..., indices: TensorLike = ..., axis: builtins.int | Sequence[builtins.int] | None = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ..., input: TensorLike = ..., A: TensorLike = ..., index: TensorLike = ...) -> Tensor:
    """Pick, for each position of ``indices``, one element of ``x`` along ``axis``."""
def tan(x: TensorLike = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Take the tangent elementwise, in radians."""
def tanh(x: TensorLike = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Take the hyperbolic tangent elementwise."""
def tensor(data: TensorLike = ..., dtype: DTypeLike | None = ..., *, requires_grad: builtins.bool = ..., input: TensorLike = ..., obj: TensorLike = ...) -> Tensor:
    """Copy ``data`` (numbers, nested lists, an array, another tensor) into a new tensor."""
def tensor_split(x: TensorLike = ..., indices_or_sections: TensorLike = ..., axis: builtins.int | Sequence[builtins.int] | None = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ..., input: TensorLike = ..., A: TensorLike = ..., indices: TensorLike = ..., sections: TensorLike = ...) -> tuple[Tensor, ...]:
    """Cut along ``axis`` into as many pieces, the first ones longer by one, or before each of the indices listed."""
def tensordot(a: TensorLike = ..., b: TensorLike = ..., *, axes: builtins.int | Sequence[Any] | None = ..., dim: builtins.int | Sequence[Any] | None = ..., dims: builtins.int | Sequence[Any] | None = ..., input: TensorLike = ..., input1: TensorLike = ..., A: TensorLike = ..., vec1: TensorLike = ..., mat: TensorLike = ..., mat1: TensorLike = ..., batch1: TensorLike = ..., input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
    """Sum products over several axes: the last ``axes`` of ``a`` with the first of ``b``, or those of two lists."""
def tile(self: TensorLike = ..., *repetitions: builtins.int | Sequence[builtins.int] | None, dims: builtins.int | Sequence[builtins.int] | None = ..., axis: builtins.int | Sequence[builtins.int] | None = ..., input: TensorLike = ...) -> Tensor:
    """See ``df.tile``; numbers may be given one by one."""
def topk(x: TensorLike = ..., k: builtins.int = ..., axis: builtins.int | Sequence[builtins.int] | None = ..., *, largest: builtins.bool = ..., sorted: builtins.bool = ..., dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ..., input: TensorLike = ..., A: TensorLike = ..., diagonal: builtins.int = ..., offset: builtins.int = ...) -> Ranked:
    """Take the ``k`` largest (or smallest) elements along ``axis``, in order: (values, indices)."""
def trace(self: TensorLike = ..., *, input: TensorLike = ...) -> Tensor:
    """Add up the diagonal of a matrix."""
def transpose(input: TensorLike = ..., dim0: Any = ..., dim1: Any = ..., *more: TensorLike, x: TensorLike = ...) -> Tensor:
    """Swap two axes; reorder all, as in NumPy; or reverse them when none are named."""
def tril(x: TensorLike = ..., k: builtins.int = ..., *, input: TensorLike = ..., A: TensorLike = ..., diagonal: builtins.int = ..., offset: builtins.int = ...) -> Tensor:
    """Keep the elements on and below the ``k``-th diagonal of the last two axes; zeros elsewhere."""
def tril_indices(row: builtins.int, col: builtins.int | None = ..., offset: builtins.int = ..., *, dtype: DTypeLike | None = ..., device: builtins.str | None = ...) -> Tensor:
    """Return the row and column indices of the elements on and below the diagonal ``offset``, as two rows."""
def triu(x: TensorLike = ..., k: builtins.int = ..., *, input: TensorLike = ..., A: TensorLike = ..., diagonal: builtins.int = ..., offset: builtins.int = ...) -> Tensor:
    """Keep the elements on and above the ``k``-th diagonal of the last two axes; zeros elsewhere."""
def triu_indices(row: builtins.int, col: builtins.int | None = ..., offset: builtins.int = ..., *, dtype: DTypeLike | None = ..., device: builtins.str | None = ...) -> Tensor:
    """Return the row and column indices of the elements on and above the diagonal ``offset``, as two rows."""
def true_divide(a: TensorLike = ..., b: TensorLike = ..., *, rounding_mode: Any = ..., input: TensorLike = ..., input1: TensorLike = ..., A: TensorLike = ..., vec1: TensorLike = ..., mat: TensorLike = ..., mat1: TensorLike = ..., batch1: TensorLike = ..., input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
    """Divide elementwise, and round the quotient if ``rounding_mode`` is 'floor' or 'trunc'; operands broadcast."""
def trunc(x: TensorLike = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Round towards zero elementwise; the gradient is 0."""
def unbind(x: TensorLike = ..., axis: builtins.int | Sequence[builtins.int] | None = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ..., input: TensorLike = ..., A: TensorLike = ...) -> tuple[Tensor, ...]:
    """Cut into slices across ``axis``, which goes. Shares memory in eager."""
def unflatten(x: TensorLike = ..., axis: builtins.int | Sequence[builtins.int] | None = ..., sizes: builtins.int | Sequence[builtins.int] = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ..., input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Cut one axis into several of the ``sizes``, of which one may be -1."""
@overload
def unique(x: TensorLike = ..., sorted: builtins.bool = ..., axis: builtins.int | Sequence[builtins.int] | None = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ..., input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Return the distinct values, or slices across ``axis``, with inverse indices and counts if asked. Eager only."""
@overload
def unique(x: TensorLike = ..., sorted: builtins.bool = ..., return_inverse: builtins.bool = ..., return_counts: builtins.bool = ..., axis: builtins.int | Sequence[builtins.int] | None = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ..., input: TensorLike = ..., A: TensorLike = ...) -> tuple[Tensor, ...]:
    """Return the distinct values, or slices across ``axis``, with inverse indices and counts if asked. Eager only."""
@overload
def unique_consecutive(x: TensorLike = ..., axis: builtins.int | Sequence[builtins.int] | None = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ..., input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Leave out values, or slices across ``axis``, that are the same as the one before. Eager only."""
@overload
def unique_consecutive(x: TensorLike = ..., return_inverse: builtins.bool = ..., return_counts: builtins.bool = ..., axis: builtins.int | Sequence[builtins.int] | None = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ..., input: TensorLike = ..., A: TensorLike = ...) -> tuple[Tensor, ...]:
    """Leave out values, or slices across ``axis``, that are the same as the one before. Eager only."""
def unsqueeze(x: TensorLike = ..., axis: builtins.int | Sequence[builtins.int] | None = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ..., input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Insert an axis of size 1 at ``axis``. Shares memory in eager."""
def vander(x: TensorLike = ..., n: builtins.int | None = ..., increasing: builtins.bool = ..., *, input: TensorLike = ..., A: TensorLike = ..., N: builtins.int | None = ...) -> Tensor:
    """Write the powers of a vector's elements as rows, from the highest unless ``increasing``."""
def var(input: TensorLike = ..., dim: builtins.int | Sequence[builtins.int] | None = ..., unbiased: builtins.bool = ..., keepdim: builtins.bool = ..., *, correction: builtins.float = ..., axis: builtins.int | Sequence[builtins.int] | None = ..., ddof: builtins.float = ..., keepdims: builtins.bool = ..., x: TensorLike = ...) -> Tensor:
    """Compute the variance, dividing by the count less ``correction``: 1, unless ``unbiased=False``."""
def var_mean(input: TensorLike = ..., dim: builtins.int | Sequence[builtins.int] | None = ..., unbiased: builtins.bool = ..., keepdim: builtins.bool = ..., *, correction: builtins.float = ..., axis: builtins.int | Sequence[builtins.int] | None = ..., ddof: builtins.float = ..., keepdims: builtins.bool = ..., x: TensorLike = ...) -> tuple[Tensor, Tensor]:
    """Compute variance and mean over ``dim``; ``unbiased`` and ``correction`` as in ``x.var()``."""
def vdot(a: TensorLike = ..., b: TensorLike = ..., *, input: TensorLike = ..., input1: TensorLike = ..., A: TensorLike = ..., vec1: TensorLike = ..., mat: TensorLike = ..., mat1: TensorLike = ..., batch1: TensorLike = ..., input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
    """Multiply two vectors, the first conjugated, and add up."""
def view_as_complex(x: TensorLike = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Return pairs of real numbers along the last axis, of size 2, as complex ones."""
def view_as_real(x: TensorLike = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Return complex numbers as pairs of real ones along a new last axis. Shares memory in eager."""
def vsplit(x: TensorLike = ..., indices_or_sections: TensorLike = ..., *, input: TensorLike = ..., A: TensorLike = ..., indices: TensorLike = ..., sections: TensorLike = ...) -> tuple[Tensor, ...]:
    """Cut into equal pieces, or before indices, along axis 0."""
def vstack(arrays: Sequence[TensorLike] = ..., *, tensors: Sequence[TensorLike] = ...) -> Tensor:
    """Join along axis 0; vectors are rows."""
def where(condition: TensorLike, a: TensorLike = ..., b: TensorLike = ..., *, input: TensorLike = ..., input1: TensorLike = ..., A: TensorLike = ..., vec1: TensorLike = ..., mat: TensorLike = ..., mat1: TensorLike = ..., batch1: TensorLike = ..., input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
    """Take from ``a`` where ``condition`` is true, else from ``b``; all three broadcast."""
def xlogy(a: TensorLike = ..., b: TensorLike = ..., *, input: TensorLike = ..., input1: TensorLike = ..., A: TensorLike = ..., vec1: TensorLike = ..., mat: TensorLike = ..., mat1: TensorLike = ..., batch1: TensorLike = ..., input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
    """Compute ``a * log(b)`` elementwise, 0 where ``a`` is 0 unless ``b`` is NaN; operands broadcast."""
def zeros(shape: builtins.int | Sequence[builtins.int] = ..., *sizes: builtins.int | Sequence[builtins.int], dtype: DTypeLike | None = ..., device: builtins.str | None = ..., requires_grad: builtins.bool = ..., size: builtins.int | Sequence[builtins.int] = ...) -> Tensor:
    """Make a tensor of zeros. The shape is given as numbers or as one tuple."""
def zeros_like(x: TensorLike = ..., *, dtype: DTypeLike | None = ..., device: builtins.str | None = ..., requires_grad: builtins.bool = ..., input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Make a tensor of zeros with the shape and dtype of ``x``."""

# Made by docs/tools/make_stubs.py from the cards; do not edit.
import builtins
from collections.abc import Callable, Iterator, Sequence
from typing import Any, ParamSpec, TypeVar, overload

import numpy as np

from dualflow.tensors.typing import DTypeLike as DTypeLike, Tensor as Tensor, TensorLike as TensorLike, FrexpResult as FrexpResult, Histogram as Histogram, Ranked as Ranked, UniqueAll as UniqueAll, UniqueCounts as UniqueCounts, UniqueInverse as UniqueInverse
from dualflow import data as data
from dualflow import fft as fft
from dualflow import linalg as linalg
from dualflow import nn as nn
from dualflow import ops as ops
from dualflow import optim as optim
from dualflow import random as random
from dualflow.core import dtypes as dtypes
from dualflow.core import errors as errors
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
from dualflow.core.dtypes import bool_ as bool_
bool = bool_
from dualflow.core.errors import DualflowError as DualflowError
from dualflow.core.generator import Generator as Generator
from dualflow.core.generator import get_rng_state as get_rng_state
from dualflow.core.generator import manual_seed as manual_seed
from dualflow.core.generator import set_rng_state as set_rng_state
from dualflow.core.mode import check_numerics as check_numerics
from dualflow.core.mode import current_mode as current_mode
from dualflow.core.mode import eager as eager
from dualflow.core.mode import enable_grad as enable_grad
from dualflow.core.mode import is_grad_enabled as is_grad_enabled
from dualflow.core.mode import mode as mode
from dualflow.core.mode import no_grad as no_grad
from dualflow.core.mode import set_grad_enabled as set_grad_enabled
from dualflow.core.version import __version__ as __version__
from dualflow.ops.array.inspection import __array_namespace_info__ as __array_namespace_info__
from dualflow.ops.array.inspection import e as e
from dualflow.ops.array.inspection import inf as inf
from dualflow.ops.array.inspection import nan as nan
from dualflow.ops.array.inspection import newaxis as newaxis
from dualflow.ops.array.inspection import pi as pi
from dualflow.worlds.eager import Function as Function
from dualflow.worlds.eager import GradientTape as GradientTape
from dualflow.worlds.eager import grad as grad
from dualflow.worlds.eager import once_differentiable as once_differentiable
from dualflow.worlds.graph import Graph as Graph
from dualflow.worlds.graph import Session as Session
from dualflow.worlds.graph import Symbol as Symbol
from dualflow.worlds.graph import control_dependencies as control_dependencies
from dualflow.worlds.graph import global_variables_initializer as global_variables_initializer
from dualflow.worlds.graph import gradients as gradients
from dualflow.worlds.graph import graph as graph
from dualflow.worlds.graph import group as group
from dualflow.worlds.graph import name_scope as name_scope
from dualflow.worlds.graph import placeholder as placeholder
from dualflow.inspect.record.recording import Recording as Recording
from dualflow.inspect.record.bisect import bisect as bisect
from dualflow.experiment.function import compare as compare
from dualflow.inspect.lint.linter import debug as debug
from dualflow.inspect.explain import explain as explain
from dualflow.inspect.lint.linter import lint as lint
from dualflow.inspect.record.recorder import record as record
from dualflow.inspect.record.replay import replay as replay
from dualflow import torch as torch
from dualflow.tensors.typing import Parameter as Parameter
from dualflow.tensors.typing import Traced as Traced
from dualflow.tensors.typing import Variable as Variable

__array_api_version__: str
__all__: list[str]

_P = ParamSpec("_P")
_R = TypeVar("_R")
@overload
def function(python: Callable[_P, _R]) -> Traced[_P, _R]: ...
@overload
def function() -> Callable[[Callable[_P, _R]], Traced[_P, _R]]: ...

def abs(x: TensorLike) -> Tensor:
    """Take the absolute value elementwise, real for complex numbers; the gradient at zero is 0."""
def acos(x: TensorLike) -> Tensor:
    """Take the arc cosine elementwise, in radians; NaN outside [-1, 1] unless complex."""
def acosh(x: TensorLike) -> Tensor:
    """Take the inverse hyperbolic cosine elementwise; NaN below 1 unless complex."""
def add(a: TensorLike, b: TensorLike) -> Tensor:
    """Add elementwise; operands broadcast. Bools add as ``or``."""
def all(x: TensorLike, axis: builtins.int | Sequence[builtins.int] | None = ..., keepdims: builtins.bool = ...) -> Tensor:
    """Return True if every element over ``axis`` is true."""
def allclose(a: TensorLike, b: TensorLike, rtol: builtins.float = ..., atol: builtins.float = ..., equal_nan: builtins.bool = ...) -> builtins.bool:
    """Tell, in a Python bool, whether all elements are close in the sense of ``isclose``."""
def angle(x: TensorLike) -> Tensor:
    """Return the angle of complex numbers in the plane, in radians: 0 or pi for real numbers."""
def any(x: TensorLike, axis: builtins.int | Sequence[builtins.int] | None = ..., keepdims: builtins.bool = ...) -> Tensor:
    """Return True if any element over ``axis`` is true."""
def arange(start: TensorLike, stop: Any = ..., step: builtins.float = ..., *, dtype: DTypeLike | None = ..., device: builtins.str | None = ..., requires_grad: builtins.bool = ...) -> Tensor:
    """Count from ``start`` (default 0) to before ``stop`` by ``step``; int64 for integers, else float32."""
def argmax(x: TensorLike, axis: builtins.int | Sequence[builtins.int] | None = ..., keepdims: builtins.bool = ...) -> Tensor:
    """Find where the largest element over ``axis`` stands (int64; the first of equals)."""
def argmin(x: TensorLike, axis: builtins.int | Sequence[builtins.int] | None = ..., keepdims: builtins.bool = ...) -> Tensor:
    """Find where the smallest element over ``axis`` stands (int64; the first of equals)."""
def argsort(x: TensorLike, axis: builtins.int | Sequence[builtins.int] | None = ..., descending: builtins.bool = ..., stable: builtins.bool = ...) -> Tensor:
    """Return the positions (int64) that order the elements along ``axis``; NaN counts as the largest."""
def argwhere(x: TensorLike) -> Tensor:
    """Return where the elements are not zero: one row of indices for each, in row-major order. Eager only."""
def asarray(data: TensorLike, dtype: DTypeLike | None = ..., *, device: builtins.str | None = ..., copy: builtins.bool | None = ...) -> Tensor:
    """Return ``data`` as a tensor, sharing memory with a NumPy array where it can."""
def asin(x: TensorLike) -> Tensor:
    """Take the arc sine elementwise, in radians; NaN outside [-1, 1] unless complex."""
def asinh(x: TensorLike) -> Tensor:
    """Take the inverse hyperbolic sine elementwise."""
def astype(x: TensorLike, dtype: DTypeLike | None, *, copy: builtins.bool | None = ..., device: builtins.str | None = ...) -> Tensor:
    """Cast to ``dtype``; gradients flow between floating and complex types. Complex to real takes the real part."""
def atan(x: TensorLike) -> Tensor:
    """Take the arc tangent elementwise, in radians."""
def atan2(a: TensorLike, b: TensorLike) -> Tensor:
    """Return the angle of the point (x=b, y=a), in radians from -pi to pi; operands broadcast."""
def atanh(x: TensorLike) -> Tensor:
    """Take the inverse hyperbolic tangent elementwise; infinite at -1 and 1, NaN beyond unless complex."""
def atleast_1d(x: TensorLike) -> Tensor:
    """Return ``x`` with at least one axis."""
def atleast_2d(x: TensorLike) -> Tensor:
    """Return ``x`` with at least two axes; new ones come first."""
def atleast_3d(x: TensorLike) -> Tensor:
    """Return ``x`` with at least three axes; the third comes last."""
def bincount(x: TensorLike, weights: Any = ..., minlength: builtins.int = ...) -> Tensor:
    """Count how often each number from 0 occurs in a vector of integers, or add up their ``weights``. Eager only."""
def bitwise_and(a: TensorLike, b: TensorLike) -> Tensor:
    """Set the bits that are set in both; operands broadcast. Of bools: whether both are true."""
def bitwise_invert(x: TensorLike) -> Tensor:
    """Flip every bit, so that x becomes ``-x - 1`` if signed. Of bools: whether false."""
def bitwise_left_shift(a: TensorLike, b: TensorLike) -> Tensor:
    """Shift the bits of ``a`` up by ``b`` places, from 0 to less than it has bits; operands broadcast."""
def bitwise_or(a: TensorLike, b: TensorLike) -> Tensor:
    """Set the bits that are set in either; operands broadcast. Of bools: whether either is true."""
def bitwise_right_shift(a: TensorLike, b: TensorLike) -> Tensor:
    """Shift the bits of ``a`` down by ``b`` places, keeping the sign; operands broadcast."""
def bitwise_xor(a: TensorLike, b: TensorLike) -> Tensor:
    """Set the bits that are set in exactly one; operands broadcast. Of bools: whether they differ."""
def block_diag(*arrays: TensorLike) -> Tensor:
    """Put matrices on the diagonal of a matrix of zeros."""
def broadcast_arrays(*arrays: TensorLike) -> list[Tensor]:
    """Stretch tensors to their common shape. Read-only views in eager."""
def broadcast_to(x: TensorLike, shape: builtins.int | Sequence[builtins.int]) -> Tensor:
    """Stretch ``x`` to ``shape`` by NumPy's rule. A read-only view in eager."""
def bucketize(x: TensorLike, boundaries: TensorLike, *, out_int32: builtins.bool = ..., right: builtins.bool = ...) -> Tensor:
    """Number the bucket of each element between sorted ``boundaries``; ``right``: a boundary belongs to the next one."""
def can_cast(from_: DTypeLike, to: DTypeLike) -> builtins.bool:
    """Return whether a tensor or dtype ``from_`` promotes to the dtype ``to``, so that arithmetic would cast it so."""
def cartesian_prod(*arrays: TensorLike) -> Tensor:
    """Pair every element of each vector with every one of the others, as rows, the last changing fastest."""
def ceil(x: TensorLike) -> Tensor:
    """Round up elementwise; the gradient is 0."""
def clip(x: TensorLike, min: TensorLike | None = ..., max: TensorLike | None = ...) -> Tensor:
    """Force each element into ``[min, max]``; either bound may be None."""
def column_stack(arrays: Sequence[TensorLike]) -> Tensor:
    """Join along axis 1; vectors are columns."""
def complex(real: TensorLike, imag: TensorLike) -> Tensor:
    """Make complex numbers of real and imaginary parts, which broadcast."""
def concat(arrays: Sequence[TensorLike], axis: builtins.int | Sequence[builtins.int] | None = ...) -> Tensor:
    """Join tensors along an axis that they have; None flattens them first."""
def conj(x: TensorLike) -> Tensor:
    """Conjugate complex numbers elementwise; real ones stay what they are."""
def copysign(a: TensorLike, b: TensorLike) -> Tensor:
    """Give ``a`` the sign of ``b``, elementwise; operands broadcast. The gradient of ``a`` at 0 is 0."""
def corrcoef(x: TensorLike) -> Tensor:
    """Compute the correlation of variables, which are rows, from observations, which are columns."""
def cos(x: TensorLike) -> Tensor:
    """Take the cosine elementwise, in radians."""
def cosh(x: TensorLike) -> Tensor:
    """Take the hyperbolic cosine elementwise."""
def count_nonzero(x: TensorLike, axis: builtins.int | Sequence[builtins.int] | None = ..., keepdims: builtins.bool = ...) -> Tensor:
    """Count the elements over ``axis`` that are not zero (int64)."""
def cov(x: TensorLike, *, correction: builtins.float = ..., fweights: Any = ..., aweights: Any = ...) -> Tensor:
    """Compute the covariance of variables, which are rows, from observations, which are columns."""
def cross(a: TensorLike, b: TensorLike, axis: builtins.int | Sequence[builtins.int] | None = ...) -> Tensor:
    """Compute the cross product of vectors of three elements along ``axis``; the other axes broadcast."""
def cummax(x: TensorLike, axis: builtins.int | Sequence[builtins.int] | None) -> Ranked:
    """Take the largest element so far along ``axis``: (values, indices), the last of equals; NaN stays."""
def cummin(x: TensorLike, axis: builtins.int | Sequence[builtins.int] | None) -> Ranked:
    """Take the smallest element so far along ``axis``: (values, indices), the last of equals; NaN stays."""
def cumprod(x: TensorLike, axis: builtins.int | Sequence[builtins.int] | None, dtype: DTypeLike | None = ...) -> Tensor:
    """Multiply along ``axis`` so far; integers and bools in 64 bits unless ``dtype`` is given."""
def cumsum(x: TensorLike, axis: builtins.int | Sequence[builtins.int] | None, dtype: DTypeLike | None = ...) -> Tensor:
    """Add up along ``axis`` so far; integers and bools in 64 bits unless ``dtype`` is given."""
def cumulative_prod(x: TensorLike, *, axis: builtins.int | Sequence[builtins.int] | None = ..., dtype: DTypeLike | None = ..., include_initial: builtins.bool = ...) -> Tensor:
    """Multiply along ``axis`` so far; ``include_initial`` starts with a one."""
def cumulative_sum(x: TensorLike, *, axis: builtins.int | Sequence[builtins.int] | None = ..., dtype: DTypeLike | None = ..., include_initial: builtins.bool = ...) -> Tensor:
    """Add up along ``axis`` so far; ``include_initial`` starts with a zero."""
def deg2rad(x: TensorLike) -> Tensor:
    """Turn degrees into radians."""
def detach(x: TensorLike) -> Tensor:
    """Pass ``x`` on as a constant: no gradient flows back through it."""
def diag(x: TensorLike, k: builtins.int = ...) -> Tensor:
    """Make a matrix with a vector on its ``k``-th diagonal, or copy that diagonal out of a matrix."""
def diag_embed(x: TensorLike, offset: builtins.int = ..., axis1: builtins.int = ..., axis2: builtins.int = ...) -> Tensor:
    """Make matrices of zeros with the last axis of ``x`` on their diagonal."""
def diagonal(x: TensorLike, offset: builtins.int = ..., axis1: builtins.int = ..., axis2: builtins.int = ...) -> Tensor:
    """Cut out the diagonals across two axes, as a last axis. Shares memory in eager."""
def diagonal_scatter(x: TensorLike, src: TensorLike, offset: builtins.int = ..., axis1: builtins.int = ..., axis2: builtins.int = ...) -> Tensor:
    """Put ``src`` on the diagonal of a copy of ``x``."""
def diff(x: TensorLike, n: builtins.int = ..., axis: builtins.int | Sequence[builtins.int] | None = ..., prepend: Any = ..., append: Any = ...) -> Tensor:
    """Subtract neighbours along ``axis``, ``n`` times, after joining ``prepend`` and ``append``."""
def digamma(x: TensorLike) -> Tensor:
    """Compute the logarithmic derivative of the gamma function; infinite at 0, NaN at -1, -2, …"""
def divide(a: TensorLike, b: TensorLike) -> Tensor:
    """Divide elementwise, always in floating point; operands broadcast."""
def divmod(a: TensorLike, b: TensorLike) -> tuple[Tensor, Tensor]:
    """Return ``floor_divide(a, b)`` and ``remainder(a, b)``."""
def dsplit(x: TensorLike, indices_or_sections: TensorLike) -> tuple[Tensor, ...]:
    """Cut into equal pieces, or before indices, along axis 2."""
def dstack(arrays: Sequence[TensorLike]) -> Tensor:
    """Join along axis 2."""
def einsum(*args: TensorLike) -> Tensor:
    """Sum products of elements as an equation in letters says; a letter that the result lacks is summed over."""
def empty(shape: builtins.int | Sequence[builtins.int] = ..., *sizes: builtins.int | Sequence[builtins.int], dtype: DTypeLike | None = ..., device: builtins.str | None = ..., requires_grad: builtins.bool = ...) -> Tensor:
    """Make a tensor whose values do not matter. They are zeros, in both worlds."""
def empty_like(x: TensorLike, *, dtype: DTypeLike | None = ..., device: builtins.str | None = ..., requires_grad: builtins.bool = ...) -> Tensor:
    """Make a tensor with the shape and dtype of ``x`` whose values do not matter. They are zeros."""
def equal(a: TensorLike, b: TensorLike) -> Tensor:
    """Return True where ``a == b``; operands broadcast."""
def erf(x: TensorLike) -> Tensor:
    """Compute the error function, ``2 / sqrt(pi)`` times the integral of ``exp(-t**2)`` from 0 to ``x``."""
def erfc(x: TensorLike) -> Tensor:
    """Compute ``1 - erf(x)`` without losing digits where ``erf`` is near 1."""
def erfinv(x: TensorLike) -> Tensor:
    """Compute the inverse of ``erf``: infinite at -1 and 1, NaN beyond."""
def exp(x: TensorLike) -> Tensor:
    """Raise e to the power ``x`` elementwise."""
def exp2(x: TensorLike) -> Tensor:
    """Raise 2 to the power ``x`` elementwise."""
def expand_dims(x: TensorLike, axis: builtins.int | Sequence[builtins.int] | None = ...) -> Tensor:
    """Insert an axis of size 1 at ``axis``. Shares memory in eager."""
def expm1(x: TensorLike) -> Tensor:
    """Compute ``exp(x) - 1`` without losing digits near zero."""
def eye(n_rows: builtins.int, n_cols: builtins.int | None = ..., *, k: builtins.int = ..., dtype: DTypeLike | None = ..., device: builtins.str | None = ..., requires_grad: builtins.bool = ...) -> Tensor:
    """Make a matrix with ones on its ``k``-th diagonal and zeros elsewhere."""
def fill_diagonal(x: TensorLike, value: TensorLike, wrap: builtins.bool = ...) -> Tensor:
    """Put ``value`` on the main diagonal of a copy of ``x``; ``wrap`` goes on below it in tall matrices."""
def finfo(type: DTypeLike) -> Any:
    """Return the limits of a floating or complex dtype, or of a tensor's. Raises DTypeError for another."""
def flatten(x: TensorLike, start_dim: builtins.int = ..., end_dim: builtins.int = ...) -> Tensor:
    """Merge the axes from ``start_dim`` to ``end_dim`` into one."""
def flip(x: TensorLike, axis: builtins.int | Sequence[builtins.int] | None = ...) -> Tensor:
    """Reverse the order of the elements along ``axis`` (an int, several, or None for all). Copies."""
def fliplr(x: TensorLike) -> Tensor:
    """Reverse the columns: axis 1."""
def flipud(x: TensorLike) -> Tensor:
    """Reverse the rows: axis 0."""
def floor(x: TensorLike) -> Tensor:
    """Round down elementwise; the gradient is 0."""
def floor_divide(a: TensorLike, b: TensorLike) -> Tensor:
    """Divide and round down elementwise; operands broadcast. No gradient."""
def fmod(a: TensorLike, b: TensorLike) -> Tensor:
    """Return what division rounded towards zero leaves, with the sign of ``a``; operands broadcast."""
def frac(x: TensorLike) -> Tensor:
    """Return what rounding towards zero takes away; the gradient passes."""
def frexp(x: TensorLike) -> FrexpResult:
    """Write each element as ``mantissa * 2**exponent``, the mantissa's size from 0.5 to less than 1; exponents int32."""
def from_dlpack(x: TensorLike, *, device: builtins.str | None = ..., copy: builtins.bool | None = ...) -> Tensor:
    """Wrap what another library's array holds, by the DLPack protocol, sharing memory unless ``copy=True``."""
def from_numpy(array: Any) -> Tensor:
    """Wrap a NumPy array as an eager tensor that shares its memory, in whatever mode."""
def full(shape: builtins.int | Sequence[builtins.int], fill_value: TensorLike, *, dtype: DTypeLike | None = ..., device: builtins.str | None = ..., requires_grad: builtins.bool = ...) -> Tensor:
    """Make a tensor of ``shape`` filled with ``fill_value``."""
def full_like(x: TensorLike, fill_value: TensorLike, *, dtype: DTypeLike | None = ..., device: builtins.str | None = ..., requires_grad: builtins.bool = ...) -> Tensor:
    """Make a tensor like ``x`` filled with ``fill_value``; the shape may be unknown until the graph runs."""
def gather(x: TensorLike, axis: builtins.int | Sequence[builtins.int] | None, index: TensorLike) -> Tensor:
    """Pick along ``axis`` one element for each of ``index``, which may be shorter than ``x`` on the other axes."""
def greater(a: TensorLike, b: TensorLike) -> Tensor:
    """Return True where ``a > b``; operands broadcast."""
def greater_equal(a: TensorLike, b: TensorLike) -> Tensor:
    """Return True where ``a >= b``; operands broadcast."""
def heaviside(x: TensorLike, values: TensorLike) -> Tensor:
    """Give 0 below zero, 1 above, and ``values`` at zero; operands broadcast. NaN gives 0, as in PyTorch."""
def histogram(x: TensorLike, bins: TensorLike = ..., *, range: Any = ..., weight: Any = ..., density: builtins.bool = ...) -> Histogram:
    """Count the elements, or add up their ``weight``, between edges: (hist, bin_edges)."""
def hsplit(x: TensorLike, indices_or_sections: TensorLike) -> tuple[Tensor, ...]:
    """Cut into equal pieces, or before indices, along axis 1 (axis 0 of a vector)."""
def hstack(arrays: Sequence[TensorLike]) -> Tensor:
    """Join along axis 1, vectors along axis 0."""
def hypot(a: TensorLike, b: TensorLike) -> Tensor:
    """Compute ``sqrt(a**2 + b**2)`` elementwise without overflow; operands broadcast. The gradient where it is 0 is 0."""
def iinfo(type: DTypeLike) -> Any:
    """Return the limits of an integer dtype, or of a tensor's. Raises DTypeError for another."""
def imag(x: TensorLike) -> Tensor:
    """Take the imaginary part elementwise. Shares memory in eager, but for a real number, where it is 0."""
def index_add(x: TensorLike, axis: builtins.int | Sequence[builtins.int] | None, index: TensorLike, source: Any, *, alpha: builtins.float = ...) -> Tensor:
    """Add the slices of ``source``, times ``alpha``, to those of ``x`` at ``index`` along ``axis``; repeats add up."""
def index_copy(x: TensorLike, axis: builtins.int | Sequence[builtins.int] | None, index: TensorLike, source: Any) -> Tensor:
    """Replace the slices of ``x`` at ``index`` along ``axis`` by those of ``source``."""
def index_fill(x: TensorLike, axis: builtins.int | Sequence[builtins.int] | None, index: TensorLike, value: TensorLike) -> Tensor:
    """Replace the slices of ``x`` at ``index`` along ``axis`` by one value."""
def index_put(x: TensorLike, indices: TensorLike, values: TensorLike, accumulate: builtins.bool = ...) -> Tensor:
    """Write ``values``, broadcast, to ``x[indices]`` in a copy: a tuple of integer arrays, or a mask in eager."""
def index_select(x: TensorLike, axis: builtins.int | Sequence[builtins.int] | None, index: TensorLike) -> Tensor:
    """Pick the slices of ``x`` at ``index``, a vector, along ``axis``."""
def inner(a: TensorLike, b: TensorLike) -> Tensor:
    """Sum products over the last axis of both; a scalar multiplies."""
def isclose(a: TensorLike, b: TensorLike, rtol: builtins.float = ..., atol: builtins.float = ..., equal_nan: builtins.bool = ...) -> Tensor:
    """Return True where ``|a - b| <= atol + rtol * |b|``, or both are the same infinity; operands broadcast."""
def isdtype(dtype: DTypeLike | None, kind: TensorLike) -> builtins.bool:
    """Return whether a dtype is another one, or of a kind, or any of a tuple of both."""
def isfinite(x: TensorLike) -> Tensor:
    """Return True where an element is neither infinite nor NaN."""
def isin(elements: TensorLike, test_elements: TensorLike, *, invert: builtins.bool = ...) -> Tensor:
    """Return which ``elements`` are among ``test_elements``, of any shape; with ``invert``, which are not."""
def isinf(x: TensorLike) -> Tensor:
    """Return True where an element is infinite, in either part if complex."""
def isnan(x: TensorLike) -> Tensor:
    """Return True where an element is not a number."""
def isneginf(x: TensorLike) -> Tensor:
    """Return True where an element is infinite and negative."""
def isposinf(x: TensorLike) -> Tensor:
    """Return True where an element is infinite and positive."""
def kron(a: TensorLike, b: TensorLike) -> Tensor:
    """Compute the Kronecker product: every element of ``a`` times the whole of ``b``, side by side."""
def kthvalue(x: TensorLike, k: builtins.int, axis: builtins.int | Sequence[builtins.int] | None = ..., keepdims: builtins.bool = ...) -> Ranked:
    """Take the ``k``-th smallest element along ``axis``, counting from 1: (values, indices)."""
def lerp(input: TensorLike, end: TensorLike, weight: TensorLike | None) -> Tensor:
    """Go from ``input`` towards ``end`` by ``weight``, a number or a tensor; operands broadcast."""
def less(a: TensorLike, b: TensorLike) -> Tensor:
    """Return True where ``a < b``; operands broadcast."""
def less_equal(a: TensorLike, b: TensorLike) -> Tensor:
    """Return True where ``a <= b``; operands broadcast."""
def lgamma(x: TensorLike) -> Tensor:
    """Compute the logarithm of the absolute value of the gamma function; infinite at 0, -1, -2, … and -inf."""
def linspace(start: Any, stop: Any, num: builtins.int, *, dtype: DTypeLike | None = ..., device: builtins.str | None = ..., endpoint: builtins.bool = ..., requires_grad: builtins.bool = ...) -> Tensor:
    """Space ``num`` values evenly from ``start`` to ``stop``."""
def log(x: TensorLike) -> Tensor:
    """Take the natural logarithm elementwise; -inf at zero, NaN below."""
def log10(x: TensorLike) -> Tensor:
    """Take the logarithm to base 10 elementwise; -inf at zero, NaN below."""
def log1p(x: TensorLike) -> Tensor:
    """Compute ``log(1 + x)`` without losing digits near zero."""
def log2(x: TensorLike) -> Tensor:
    """Take the logarithm to base 2 elementwise; -inf at zero, NaN below."""
def log_softmax(x: TensorLike, axis: builtins.int | Sequence[builtins.int] | None = ...) -> Tensor:
    """Compute ``log(softmax(x))`` along ``axis`` without overflow."""
def logaddexp(a: TensorLike, b: TensorLike) -> Tensor:
    """Compute ``log(exp(a) + exp(b))`` elementwise without overflow; operands broadcast."""
def logaddexp2(a: TensorLike, b: TensorLike) -> Tensor:
    """Compute ``log2(2**a + 2**b)`` elementwise without overflow; operands broadcast."""
def logcumsumexp(x: TensorLike, axis: builtins.int | Sequence[builtins.int] | None) -> Tensor:
    """Compute ``log(cumsum(exp(x)))`` along ``axis`` without overflow."""
def logical_and(a: TensorLike, b: TensorLike) -> Tensor:
    """Return True where both are true; numbers count as true unless zero."""
def logical_not(x: TensorLike) -> Tensor:
    """Return True where ``x`` is false; numbers count as true unless zero."""
def logical_or(a: TensorLike, b: TensorLike) -> Tensor:
    """Return True where either is true; numbers count as true unless zero."""
def logical_xor(a: TensorLike, b: TensorLike) -> Tensor:
    """Return True where exactly one is true; numbers count as true unless zero."""
def logit(x: TensorLike, eps: Any = ...) -> Tensor:
    """Compute ``log(x / (1 - x))``, the inverse of ``sigmoid``, of ``x`` forced into ``[eps, 1 - eps]`` if given."""
def logspace(start: Any, stop: Any, num: builtins.int, base: builtins.float = ..., *, dtype: DTypeLike | None = ..., device: builtins.str | None = ..., requires_grad: builtins.bool = ...) -> Tensor:
    """Make ``num`` numbers from ``base ** start`` to ``base ** stop``, whose logarithms are evenly spaced."""
def logsumexp(x: TensorLike, axis: builtins.int | Sequence[builtins.int] | None = ..., keepdims: builtins.bool = ...) -> Tensor:
    """Compute ``log(sum(exp(x)))`` over ``axis`` without overflow; -inf over no elements."""
def masked_fill(x: TensorLike, mask: TensorLike, value: TensorLike) -> Tensor:
    """Put ``value``, one number, where ``mask``, which broadcasts, is true."""
def masked_scatter(x: TensorLike, mask: TensorLike, source: Any) -> Tensor:
    """Put the elements of ``source``, one after the other, where ``mask`` is true. Eager only."""
def masked_select(x: TensorLike, mask: TensorLike) -> Tensor:
    """Pick, as a vector, the elements where ``mask`` is true; the two broadcast. Eager only."""
def matmul(a: TensorLike, b: TensorLike) -> Tensor:
    """Multiply matrices over the last two axes; leading axes broadcast; a 1-D operand is a vector."""
def matrix_transpose(x: TensorLike) -> Tensor:
    """Swap the last two axes. Shares memory in eager."""
def max(x: TensorLike, axis: builtins.int | Sequence[builtins.int] | None = ..., keepdims: builtins.bool = ...) -> Tensor:
    """Take the largest element over ``axis``; ties share the gradient evenly."""
def maximum(a: TensorLike, b: TensorLike) -> Tensor:
    """Take the larger of two elementwise; a tie shares the gradient evenly."""
def mean(x: TensorLike, axis: builtins.int | Sequence[builtins.int] | None = ..., keepdims: builtins.bool = ...) -> Tensor:
    """Average over ``axis``; NaN over no elements."""
@overload
def median(x: TensorLike) -> Tensor:
    """Take the middle element, the lower of two, as PyTorch does: over all, or (values, indices) along ``axis``."""
@overload
def median(x: TensorLike, axis: builtins.int | Sequence[builtins.int] | None = ..., keepdims: builtins.bool = ...) -> Ranked:
    """Take the middle element, the lower of two, as PyTorch does: over all, or (values, indices) along ``axis``."""
def meshgrid(*arrays: TensorLike, indexing: builtins.str = ...) -> list[Tensor]:
    """Make coordinate grids out of vectors, given one by one or as a list."""
def min(x: TensorLike, axis: builtins.int | Sequence[builtins.int] | None = ..., keepdims: builtins.bool = ...) -> Tensor:
    """Take the smallest element over ``axis``; ties share the gradient evenly."""
def minimum(a: TensorLike, b: TensorLike) -> Tensor:
    """Take the smaller of two elementwise; a tie shares the gradient evenly."""
def moveaxis(x: TensorLike, source: Any, destination: builtins.int | Sequence[builtins.int] | None) -> Tensor:
    """Move axes to new places; the others keep their order. Shares memory in eager."""
def multiply(a: TensorLike, b: TensorLike) -> Tensor:
    """Multiply elementwise; operands broadcast. Bools multiply as ``and``."""
def nan_to_num(x: TensorLike, nan: builtins.float = ..., posinf: Any = ..., neginf: Any = ...) -> Tensor:
    """Replace NaN by ``nan`` and the infinities by numbers, by default the largest there are."""
def nanmean(x: TensorLike, axis: builtins.int | Sequence[builtins.int] | None = ..., keepdims: builtins.bool = ...) -> Tensor:
    """Average what is not NaN over ``axis``; NaN where all is."""
@overload
def nanmedian(x: TensorLike) -> Tensor:
    """Take the median of what is not NaN: over all, or (values, indices) along ``axis``."""
@overload
def nanmedian(x: TensorLike, axis: builtins.int | Sequence[builtins.int] | None = ..., keepdims: builtins.bool = ...) -> Ranked:
    """Take the median of what is not NaN: over all, or (values, indices) along ``axis``."""
def nanquantile(x: TensorLike, q: TensorLike, axis: builtins.int | Sequence[builtins.int] | None = ..., keepdims: builtins.bool = ..., *, interpolation: builtins.str = ...) -> Tensor:
    """Read off sorted values at the fractions ``q``, as ``quantile`` does, of what is not NaN; NaN where all is."""
def nansum(x: TensorLike, axis: builtins.int | Sequence[builtins.int] | None = ..., keepdims: builtins.bool = ...) -> Tensor:
    """Add up what is not NaN over ``axis``."""
def negative(x: TensorLike) -> Tensor:
    """Negate elementwise."""
def nextafter(a: TensorLike, b: TensorLike) -> Tensor:
    """Return the number next to ``a`` in the direction of ``b``, elementwise; operands broadcast."""
def nonzero(x: TensorLike) -> tuple[Tensor, ...]:
    """Return where the elements are not zero: for each axis a vector of indices, in row-major order. Eager only."""
def not_equal(a: TensorLike, b: TensorLike) -> Tensor:
    """Return True where ``a != b``; operands broadcast."""
def one_hot(x: TensorLike, num_classes: builtins.int, dtype: DTypeLike | None = ..., strict: builtins.bool = ...) -> Tensor:
    """Write each class index as a row of zeros with a one at that place."""
def ones(shape: builtins.int | Sequence[builtins.int] = ..., *sizes: builtins.int | Sequence[builtins.int], dtype: DTypeLike | None = ..., device: builtins.str | None = ..., requires_grad: builtins.bool = ...) -> Tensor:
    """Make a tensor of ones. The shape is given as numbers or as one tuple."""
def ones_like(x: TensorLike, *, dtype: DTypeLike | None = ..., device: builtins.str | None = ..., requires_grad: builtins.bool = ...) -> Tensor:
    """Make a tensor of ones with the shape and dtype of ``x``."""
def outer(a: TensorLike, b: TensorLike) -> Tensor:
    """Multiply each element of the vector ``a`` with each of the vector ``b``: (n,), (m,) to (n, m)."""
def permute_dims(x: TensorLike, axes: builtins.int | Sequence[Any] | None = ...) -> Tensor:
    """Reorder the axes; None reverses them all. Shares memory in eager."""
def polar(abs: TensorLike, angle: TensorLike) -> Tensor:
    """Make complex numbers of absolute values and angles in radians, which broadcast."""
def polygamma(n: builtins.int, x: TensorLike) -> Tensor:
    """Compute the ``n``-th derivative of ``digamma``, itself for n = 0; infinite at 0, -1, -2, … for n > 0."""
def positive(x: TensorLike) -> Tensor:
    """Return ``x`` itself, a number."""
def pow(a: TensorLike, b: TensorLike) -> Tensor:
    """Raise ``a`` to the power ``b`` elementwise; operands broadcast."""
def power(a: TensorLike, b: TensorLike) -> Tensor:
    """Raise ``a`` to the power ``b`` elementwise; operands broadcast."""
def prod(x: TensorLike, axis: builtins.int | Sequence[builtins.int] | None = ..., keepdims: builtins.bool = ..., dtype: DTypeLike | None = ...) -> Tensor:
    """Multiply the elements over ``axis`` (an int, a tuple, or None for all); 1 over no elements."""
def promote_types(type1: DTypeLike, type2: DTypeLike) -> np.dtype[Any]:
    """Return the dtype in which two dtypes meet; PyTorch's name for ``result_type`` of two dtypes."""
def quantile(x: TensorLike, q: TensorLike, axis: builtins.int | Sequence[builtins.int] | None = ..., keepdims: builtins.bool = ..., *, interpolation: builtins.str = ...) -> Tensor:
    """Read off sorted values at the fractions ``q``, a number or a vector in [0, 1]; a vector makes a first axis."""
def rad2deg(x: TensorLike) -> Tensor:
    """Turn radians into degrees."""
def rand(shape: builtins.int | Sequence[builtins.int] = ..., *sizes: builtins.int | Sequence[builtins.int], dtype: DTypeLike | None = ..., generator: Generator | None = ..., requires_grad: builtins.bool = ...) -> Tensor:
    """Draw uniformly from [0, 1), as PyTorch's ``rand``."""
def rand_like(x: TensorLike, *, dtype: DTypeLike | None = ..., generator: Generator | None = ...) -> Tensor:
    """Draw uniformly from [0, 1) in the shape of ``x``."""
def randint(low: TensorLike, high: TensorLike = ..., size: builtins.int | Sequence[builtins.int] = ..., *, dtype: DTypeLike | None = ..., generator: Generator | None = ...) -> Tensor:
    """Draw integers from [low, high), or from [0, low) when ``high`` is left out."""
def randn(shape: builtins.int | Sequence[builtins.int] = ..., *sizes: builtins.int | Sequence[builtins.int], dtype: DTypeLike | None = ..., generator: Generator | None = ..., requires_grad: builtins.bool = ...) -> Tensor:
    """Draw from the standard normal distribution, as PyTorch's ``randn``."""
def randn_like(x: TensorLike, *, dtype: DTypeLike | None = ..., generator: Generator | None = ...) -> Tensor:
    """Draw from the standard normal distribution in the shape of ``x``."""
def randperm(n: builtins.int, *, generator: Generator | None = ...) -> Tensor:
    """Shuffle 0 … n-1 (int64), as PyTorch's ``randperm``."""
def real(x: TensorLike) -> Tensor:
    """Take the real part elementwise; real numbers stay what they are. Shares memory in eager."""
def reciprocal(x: TensorLike) -> Tensor:
    """Compute ``1 / x`` elementwise."""
def relu(x: TensorLike) -> Tensor:
    """Keep what is positive, elementwise; the gradient at zero is 0."""
def remainder(a: TensorLike, b: TensorLike) -> Tensor:
    """Return what ``floor_divide`` leaves, with the sign of ``b``, as Python's ``%``; operands broadcast."""
def repeat(x: TensorLike, repeats: TensorLike, *, axis: builtins.int | Sequence[builtins.int] | None = ...) -> Tensor:
    """Repeat each element along ``axis`` (None: of the flattened tensor), one after the other."""
def reshape(x: TensorLike, shape: builtins.int | Sequence[builtins.int], copy: builtins.bool | None = ...) -> Tensor:
    """Arrange the same elements, in row-major order, in another shape; one -1 is worked out."""
def result_type(*arrays_and_dtypes: Any) -> np.dtype[Any]:
    """Return the dtype in which tensors, arrays, dtypes and Python numbers meet."""
def roll(x: TensorLike, shift: builtins.int | Sequence[builtins.int] | None, axis: builtins.int | Sequence[builtins.int] | None = ...) -> Tensor:
    """Shift elements along ``axis``; those that leave at one end enter at the other."""
def rot90(x: TensorLike, k: builtins.int = ..., axes: builtins.int | Sequence[Any] | None = ...) -> Tensor:
    """Turn by 90 degrees ``k`` times in the plane of two axes, from the first towards the second."""
def round(x: TensorLike, decimals: builtins.int = ...) -> Tensor:
    """Round elementwise to ``decimals`` places, halves to the even neighbour; the gradient is 0."""
def rsqrt(x: TensorLike) -> Tensor:
    """Compute ``1 / sqrt(x)`` elementwise; infinite at zero, NaN below."""
def scatter(x: TensorLike, axis: builtins.int | Sequence[builtins.int] | None, index: TensorLike, src: TensorLike, *, reduce: Any = ...) -> Tensor:
    """Write ``src`` (a tensor or a number) along ``axis`` to the places that ``index`` names, in a copy of ``x``."""
def scatter_add(x: TensorLike, axis: builtins.int | Sequence[builtins.int] | None, index: TensorLike, src: TensorLike) -> Tensor:
    """Add ``src`` along ``axis`` at the places that ``index`` names, in a copy of ``x``."""
def scatter_reduce(x: TensorLike, axis: builtins.int | Sequence[builtins.int] | None, index: TensorLike, src: TensorLike, reduce: Any, *, include_self: builtins.bool = ...) -> Tensor:
    """Reduce ``src`` by 'sum', 'prod', 'mean', 'amax' or 'amin' along ``axis`` into the places that ``index`` names."""
def searchsorted(x1: TensorLike, x2: TensorLike, *, side: builtins.str = ..., sorter: Any = ..., right: builtins.bool = ..., out_int32: builtins.bool = ...) -> Tensor:
    """Find where each element of ``x2`` goes in the sorted vector ``x1`` so that it stays sorted."""
def segment_sum(data: TensorLike, segment_ids: TensorLike, num_segments: builtins.int) -> Tensor:
    """Add up the slices of ``data``, along its first axis, that have the same id; 0 for ids that nothing has."""
def sigmoid(x: TensorLike) -> Tensor:
    """Compute ``1 / (1 + exp(-x))`` elementwise, without overflow on either side."""
def sign(x: TensorLike) -> Tensor:
    """Give -1, 0 or 1 by the sign of each element; of a complex number, x / abs(x), which is 0 at 0."""
def signbit(x: TensorLike) -> Tensor:
    """Return True where the sign is set: of negative numbers and of -0.0."""
def sin(x: TensorLike) -> Tensor:
    """Take the sine elementwise, in radians."""
def sinc(x: TensorLike) -> Tensor:
    """Compute ``sin(pi x) / (pi x)`` elementwise, 1 at 0."""
def sinh(x: TensorLike) -> Tensor:
    """Take the hyperbolic sine elementwise."""
def softmax(x: TensorLike, axis: builtins.int | Sequence[builtins.int] | None = ...) -> Tensor:
    """Turn scores into probabilities along ``axis``: ``exp(x) / sum(exp(x))``, without overflow."""
def sort(x: TensorLike, axis: builtins.int | Sequence[builtins.int] | None = ..., descending: builtins.bool = ..., stable: builtins.bool = ...) -> Tensor:
    """Order the elements along ``axis``; NaN counts as the largest."""
def split(x: TensorLike, split_size_or_sections: TensorLike, axis: builtins.int | Sequence[builtins.int] | None = ...) -> tuple[Tensor, ...]:
    """Cut into pieces along ``axis``: of one size (the last may be smaller), or of the sizes listed."""
def sqrt(x: TensorLike) -> Tensor:
    """Take the square root elementwise; NaN below zero, and an infinite gradient at zero."""
def square(x: TensorLike) -> Tensor:
    """Square elementwise."""
def squeeze(x: TensorLike, axis: builtins.int | Sequence[builtins.int] | None = ...) -> Tensor:
    """Drop the axes ``axis``, which must have size 1; None drops every such axis. Shares memory in eager."""
def stack(arrays: Sequence[TensorLike], axis: builtins.int | Sequence[builtins.int] | None = ...) -> Tensor:
    """Join tensors of one shape along a new axis."""
def std(x: TensorLike, *, axis: builtins.int | Sequence[builtins.int] | None = ..., correction: builtins.float = ..., keepdims: builtins.bool = ...) -> Tensor:
    """Compute the standard deviation over ``axis``: the square root of ``var``; the gradient where it is 0 is 0."""
def subtract(a: TensorLike, b: TensorLike) -> Tensor:
    """Subtract elementwise; operands broadcast."""
def sum(x: TensorLike, axis: builtins.int | Sequence[builtins.int] | None = ..., keepdims: builtins.bool = ..., dtype: DTypeLike | None = ...) -> Tensor:
    """Add up the elements over ``axis`` (an int, a tuple, or None for all)."""
def swapaxes(x: TensorLike, axis1: builtins.int, axis2: builtins.int) -> Tensor:
    """Swap two axes. Shares memory in eager."""
def take(x: TensorLike, indices: TensorLike, axis: builtins.int | Sequence[builtins.int] | None = ...) -> Tensor:
    """Pick the elements at ``indices`` along ``axis``; negative indices count from the end."""
def take_along_axis(x: TensorLike, indices: TensorLike, axis: builtins.int | Sequence[builtins.int] | None = ...) -> Tensor:
    """Pick, for each position of ``indices``, one element of ``x`` along ``axis``."""
def tan(x: TensorLike) -> Tensor:
    """Take the tangent elementwise, in radians."""
def tanh(x: TensorLike) -> Tensor:
    """Take the hyperbolic tangent elementwise."""
def tensor(data: TensorLike, dtype: DTypeLike | None = ..., *, requires_grad: builtins.bool = ...) -> Tensor:
    """Copy ``data`` (numbers, nested lists, an array, another tensor) into a new tensor."""
def tensor_split(x: TensorLike, indices_or_sections: TensorLike, axis: builtins.int | Sequence[builtins.int] | None = ...) -> tuple[Tensor, ...]:
    """Cut along ``axis`` into as many pieces, the first ones longer by one, or before each of the indices listed."""
def tensordot(a: TensorLike, b: TensorLike, *, axes: builtins.int | Sequence[Any] | None = ...) -> Tensor:
    """Sum products over several axes: the last ``axes`` of ``a`` with the first of ``b``, or those of two lists."""
def tile(x: TensorLike, repetitions: builtins.int | Sequence[builtins.int] | None) -> Tensor:
    """Lay copies of ``x`` side by side, as often as ``repetitions`` says for each axis, counted from the last."""
def topk(x: TensorLike, k: builtins.int, axis: builtins.int | Sequence[builtins.int] | None = ..., *, largest: builtins.bool = ..., sorted: builtins.bool = ...) -> Ranked:
    """Take the ``k`` largest (or smallest) elements along ``axis``, in order: (values, indices)."""
def trace(x: TensorLike, *, offset: builtins.int = ..., dtype: DTypeLike | None = ...) -> Tensor:
    """Add up a diagonal of the last two axes; integers in 64 bits, or in ``dtype``."""
def tril(x: TensorLike, k: builtins.int = ...) -> Tensor:
    """Keep the elements on and below the ``k``-th diagonal of the last two axes; zeros elsewhere."""
def tril_indices(row: builtins.int, col: builtins.int | None = ..., offset: builtins.int = ..., *, dtype: DTypeLike | None = ..., device: builtins.str | None = ...) -> Tensor:
    """Return the row and column indices of the elements on and below the diagonal ``offset``, as two rows."""
def triu(x: TensorLike, k: builtins.int = ...) -> Tensor:
    """Keep the elements on and above the ``k``-th diagonal of the last two axes; zeros elsewhere."""
def triu_indices(row: builtins.int, col: builtins.int | None = ..., offset: builtins.int = ..., *, dtype: DTypeLike | None = ..., device: builtins.str | None = ...) -> Tensor:
    """Return the row and column indices of the elements on and above the diagonal ``offset``, as two rows."""
def trunc(x: TensorLike) -> Tensor:
    """Round towards zero elementwise; the gradient is 0."""
def unflatten(x: TensorLike, axis: builtins.int | Sequence[builtins.int] | None, sizes: builtins.int | Sequence[builtins.int]) -> Tensor:
    """Cut one axis into several of the ``sizes``, of which one may be -1."""
@overload
def unique(x: TensorLike, sorted: builtins.bool = ..., axis: builtins.int | Sequence[builtins.int] | None = ...) -> Tensor:
    """Return the distinct values, or slices across ``axis``, with inverse indices and counts if asked. Eager only."""
@overload
def unique(x: TensorLike, sorted: builtins.bool = ..., return_inverse: builtins.bool = ..., return_counts: builtins.bool = ..., axis: builtins.int | Sequence[builtins.int] | None = ...) -> tuple[Tensor, ...]:
    """Return the distinct values, or slices across ``axis``, with inverse indices and counts if asked. Eager only."""
def unique_all(x: TensorLike) -> UniqueAll:
    """Return the distinct values, sorted, with first indices, inverse indices and counts. Each NaN is distinct."""
@overload
def unique_consecutive(x: TensorLike, axis: builtins.int | Sequence[builtins.int] | None = ...) -> Tensor:
    """Leave out values, or slices across ``axis``, that are the same as the one before. Eager only."""
@overload
def unique_consecutive(x: TensorLike, return_inverse: builtins.bool = ..., return_counts: builtins.bool = ..., axis: builtins.int | Sequence[builtins.int] | None = ...) -> tuple[Tensor, ...]:
    """Leave out values, or slices across ``axis``, that are the same as the one before. Eager only."""
def unique_counts(x: TensorLike) -> UniqueCounts:
    """Return the distinct values, sorted, and how often each occurs. Each NaN is distinct. Eager only."""
def unique_inverse(x: TensorLike) -> UniqueInverse:
    """Return the distinct values, sorted, and for each element which it is. Each NaN is distinct. Eager only."""
def unique_values(x: TensorLike) -> Tensor:
    """Return the distinct values, sorted. Each NaN is distinct. Eager only."""
def unstack(x: TensorLike, axis: builtins.int | Sequence[builtins.int] | None = ...) -> tuple[Tensor, ...]:
    """Cut into slices across ``axis``, which goes. Shares memory in eager."""
def vander(x: TensorLike, n: builtins.int | None = ..., increasing: builtins.bool = ...) -> Tensor:
    """Write the powers of a vector's elements as rows, from the highest unless ``increasing``."""
def var(x: TensorLike, axis: builtins.int | Sequence[builtins.int] | None = ..., correction: builtins.float = ..., keepdims: builtins.bool = ...) -> Tensor:
    """Compute the variance over ``axis``, dividing by the count less ``correction``."""
def vecdot(a: TensorLike, b: TensorLike, *, axis: builtins.int | Sequence[builtins.int] | None = ...) -> Tensor:
    """Sum ``conj(a) * b`` over ``axis``; the other axes broadcast."""
def view_as_complex(x: TensorLike) -> Tensor:
    """Return pairs of real numbers along the last axis, of size 2, as complex ones."""
def view_as_real(x: TensorLike) -> Tensor:
    """Return complex numbers as pairs of real ones along a new last axis. Shares memory in eager."""
def vsplit(x: TensorLike, indices_or_sections: TensorLike) -> tuple[Tensor, ...]:
    """Cut into equal pieces, or before indices, along axis 0."""
def vstack(arrays: Sequence[TensorLike]) -> Tensor:
    """Join along axis 0; vectors are rows."""
def where(condition: TensorLike, a: TensorLike, b: TensorLike) -> Tensor:
    """Take from ``a`` where ``condition`` is true, else from ``b``; all three broadcast."""
def xlogy(a: TensorLike, b: TensorLike) -> Tensor:
    """Compute ``a * log(b)`` elementwise, 0 where ``a`` is 0 unless ``b`` is NaN; operands broadcast."""
def zeros(shape: builtins.int | Sequence[builtins.int] = ..., *sizes: builtins.int | Sequence[builtins.int], dtype: DTypeLike | None = ..., device: builtins.str | None = ..., requires_grad: builtins.bool = ...) -> Tensor:
    """Make a tensor of zeros. The shape is given as numbers or as one tuple."""
def zeros_like(x: TensorLike, *, dtype: DTypeLike | None = ..., device: builtins.str | None = ..., requires_grad: builtins.bool = ...) -> Tensor:
    """Make a tensor of zeros with the shape and dtype of ``x``."""

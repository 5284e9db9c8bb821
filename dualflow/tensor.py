"""The operators and methods that tensors of both worlds share.

Each is the op of the same name, or PyTorch's name for it. This file knows names and argument orders; what
an op does, and in which world, it does not know.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import numpy as np

from dualflow import dtypes, methods, shapes
from dualflow.op import VOCABULARY
from dualflow.ops import (
    bitwise,
    compare,
    create,
    decompose,
    distributions,
    einsum,
    elementwise,
    exponential,
    floats,
    index,
    inspection,
    linalg,
    nn,
    norms,
    order,
    reduce,
    rounding,
    shape,
    solve,
    special,
    trigonometry,
)
from dualflow.ops import complex as complex_


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
        elif isinstance(part, bool) or hasattr(part, "record") or isinstance(part, list | tuple):
            marked.append(shapes.ARRAY)
            arrays.append(create.asarray(part))
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


class Operators(methods.Arranging):
    """What can be done with a tensor, in either world."""

    __slots__ = ()
    __array_priority__ = 1000  # so that ndarray + tensor asks the tensor

    shape: Any
    dtype: Any
    is_variable = False
    """Whether it is state with a name (a Variable or Parameter) rather than a value."""

    # -- operators; the eager world replaces the arithmetic ones by closures of its own
    def __add__(self, other: Any) -> Any:
        return elementwise.add(self, other)

    def __radd__(self, other: Any) -> Any:
        return elementwise.add(other, self)

    def __sub__(self, other: Any) -> Any:
        return elementwise.subtract(self, other)

    def __rsub__(self, other: Any) -> Any:
        return elementwise.subtract(other, self)

    def __mul__(self, other: Any) -> Any:
        return elementwise.multiply(self, other)

    def __rmul__(self, other: Any) -> Any:
        return elementwise.multiply(other, self)

    def __truediv__(self, other: Any) -> Any:
        return elementwise.divide(self, other)

    def __rtruediv__(self, other: Any) -> Any:
        return elementwise.divide(other, self)

    def __matmul__(self, other: Any) -> Any:
        return linalg.matmul(self, other)

    def __rmatmul__(self, other: Any) -> Any:
        return linalg.matmul(other, self)

    def __pow__(self, other: Any) -> Any:
        # numpy.power(x, 2) takes ten times as long as numpy.square(x)
        if other.__class__ in (int, float) and other == 2:
            return elementwise.square(self)
        return elementwise.power(self, other)

    def __rpow__(self, other: Any) -> Any:
        return elementwise.power(other, self)

    def __neg__(self) -> Any:
        return elementwise.negative(self)

    def __pos__(self) -> Any:
        return self

    def __abs__(self) -> Any:
        return elementwise.abs(self)

    def __lt__(self, other: Any) -> Any:
        return compare.less(self, other)

    def __le__(self, other: Any) -> Any:
        return compare.less_equal(self, other)

    def __gt__(self, other: Any) -> Any:
        return compare.greater(self, other)

    def __ge__(self, other: Any) -> Any:
        return compare.greater_equal(self, other)

    def __eq__(self, other: Any) -> Any:
        return compare.equal(self, other)

    def __ne__(self, other: Any) -> Any:
        return compare.not_equal(self, other)

    __hash__ = object.__hash__

    def __floordiv__(self, other: Any) -> Any:
        return rounding.floor_divide(self, other)

    def __rfloordiv__(self, other: Any) -> Any:
        return rounding.floor_divide(other, self)

    def __mod__(self, other: Any) -> Any:
        return rounding.remainder(self, other)

    def __rmod__(self, other: Any) -> Any:
        return rounding.remainder(other, self)

    def __divmod__(self, other: Any) -> Any:
        return rounding.divmod(self, other)

    def __rdivmod__(self, other: Any) -> Any:
        return rounding.divmod(other, self)

    def __and__(self, other: Any) -> Any:
        return bitwise.bitwise_and(self, other)

    def __rand__(self, other: Any) -> Any:
        return bitwise.bitwise_and(other, self)

    def __or__(self, other: Any) -> Any:
        return bitwise.bitwise_or(self, other)

    def __ror__(self, other: Any) -> Any:
        return bitwise.bitwise_or(other, self)

    def __xor__(self, other: Any) -> Any:
        return bitwise.bitwise_xor(self, other)

    def __rxor__(self, other: Any) -> Any:
        return bitwise.bitwise_xor(other, self)

    def __lshift__(self, other: Any) -> Any:
        return bitwise.bitwise_left_shift(self, other)

    def __rlshift__(self, other: Any) -> Any:
        return bitwise.bitwise_left_shift(other, self)

    def __rshift__(self, other: Any) -> Any:
        return bitwise.bitwise_right_shift(self, other)

    def __rrshift__(self, other: Any) -> Any:
        return bitwise.bitwise_right_shift(other, self)

    def __invert__(self) -> Any:
        return bitwise.bitwise_invert(self)

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

    # -- arithmetic by name
    def add(self, other: Any, *, alpha: Any = 1) -> Any:
        """Add ``alpha * other``."""
        return elementwise.add(self, other if alpha == 1 else alpha * other)

    def sub(self, other: Any, *, alpha: Any = 1) -> Any:
        """Subtract ``alpha * other``."""
        return elementwise.subtract(self, other if alpha == 1 else alpha * other)

    subtract = sub

    def pow(self, exponent: Any) -> Any:
        """See ``df.power``."""
        return self**exponent

    mul = multiply = elementwise.multiply
    div = divide = true_divide = rounding.div
    neg = negative = elementwise.negative
    positive = elementwise.positive
    abs = absolute = elementwise.abs
    sign = sgn = elementwise.sign
    square = elementwise.square
    sqrt = elementwise.sqrt
    exp = elementwise.exp
    expm1 = elementwise.expm1
    log = elementwise.log
    log1p = elementwise.log1p
    sin = elementwise.sin
    cos = elementwise.cos
    tanh = elementwise.tanh
    sigmoid = elementwise.sigmoid
    relu = elementwise.relu
    maximum = elementwise.maximum
    minimum = elementwise.minimum
    tan = trigonometry.tan
    asin = arcsin = trigonometry.asin
    acos = arccos = trigonometry.acos
    atan = arctan = trigonometry.atan
    atan2 = arctan2 = trigonometry.atan2
    sinh = trigonometry.sinh
    cosh = trigonometry.cosh
    asinh = arcsinh = trigonometry.asinh
    acosh = arccosh = trigonometry.acosh
    atanh = arctanh = trigonometry.atanh
    hypot = trigonometry.hypot
    sinc = trigonometry.sinc
    deg2rad = trigonometry.deg2rad
    rad2deg = trigonometry.rad2deg
    exp2 = exponential.exp2
    log2 = exponential.log2
    log10 = exponential.log10
    reciprocal = exponential.reciprocal
    rsqrt = exponential.rsqrt
    logaddexp = exponential.logaddexp
    logaddexp2 = exponential.logaddexp2
    xlogy = exponential.xlogy
    logit = exponential.logit
    lerp = exponential.lerp
    addcmul = exponential.addcmul
    addcdiv = exponential.addcdiv
    floor = rounding.floor
    ceil = rounding.ceil
    trunc = fix = rounding.trunc
    round = rounding.round
    frac = rounding.frac
    floor_divide = rounding.floor_divide
    remainder = rounding.remainder
    fmod = rounding.fmod
    erf = special.erf
    erfc = special.erfc
    erfinv = special.erfinv
    lgamma = special.lgamma
    digamma = special.digamma
    copysign = floats.copysign
    nextafter = floats.nextafter
    signbit = floats.signbit
    heaviside = floats.heaviside
    nan_to_num = floats.nan_to_num
    isclose = floats.isclose
    allclose = floats.allclose
    isinf = floats.isinf
    isposinf = floats.isposinf
    isneginf = floats.isneginf
    isnan = compare.isnan
    isfinite = compare.isfinite
    eq = compare.equal
    ne = not_equal = compare.not_equal
    lt = less = compare.less
    le = less_equal = compare.less_equal
    gt = greater = compare.greater
    ge = greater_equal = compare.greater_equal
    logical_and = compare.logical_and
    logical_or = compare.logical_or
    logical_xor = compare.logical_xor
    logical_not = compare.logical_not
    bitwise_and = bitwise.bitwise_and
    bitwise_or = bitwise.bitwise_or
    bitwise_xor = bitwise.bitwise_xor
    bitwise_not = bitwise.bitwise_invert
    bitwise_left_shift = bitwise.bitwise_left_shift
    bitwise_right_shift = bitwise.bitwise_right_shift

    # -- complex numbers
    conj = complex_.conj
    angle = complex_.angle

    @property
    def real(self) -> Any:
        """The real part: a copy, or the tensor itself when it is real."""
        return complex_.real(self) if self.dtype.kind == "c" else self

    @property
    def imag(self) -> Any:
        """The imaginary part, a copy."""
        return complex_.imag(self)

    def is_complex(self) -> Any:
        """Tell whether the dtype is complex."""
        return self.dtype.kind == "c"

    def is_floating_point(self) -> Any:
        """Tell whether the dtype is floating and real."""
        return self.dtype.kind == "f"

    def clamp(self, min: Any = None, max: Any = None) -> Any:
        """Force each element into ``[min, max]``, as ``df.clip``."""
        return elementwise.clip(self, min, max)

    clip = clamp

    def clamp_min(self, min: Any) -> Any:
        """Force each element to be at least ``min``."""
        return elementwise.clip(self, min, None)

    def clamp_max(self, max: Any) -> Any:
        """Force each element to be at most ``max``."""
        return elementwise.clip(self, None, max)

    def where(self, condition: Any, other: Any) -> Any:
        """Keep the elements where ``condition`` holds, else take ``other``."""
        return compare.where(condition, self, other)

    # -- matrix products
    def matmul(self, other: Any) -> Any:
        """See ``df.matmul``."""
        return linalg.matmul(self, other)

    def mm(self, other: Any) -> Any:
        """See ``df.mm``."""
        return linalg.mm(self, other)

    def mv(self, other: Any) -> Any:
        """See ``df.mv``."""
        return linalg.mv(self, other)

    def bmm(self, other: Any) -> Any:
        """See ``df.bmm``."""
        return linalg.bmm(self, other)

    def dot(self, other: Any) -> Any:
        """See ``df.dot``."""
        return linalg.dot(self, other)

    def vdot(self, other: Any) -> Any:
        """See ``df.vdot``."""
        return linalg.vdot(self, other)

    def inner(self, other: Any) -> Any:
        """See ``df.inner``."""
        return einsum.inner(self, other)

    def outer(self, other: Any) -> Any:
        """See ``df.outer``."""
        return linalg.outer(self, other)

    def ger(self, other: Any) -> Any:
        """See ``df.outer``."""
        return linalg.outer(self, other)

    def kron(self, other: Any) -> Any:
        """See ``df.kron``."""
        return linalg.kron(self, other)

    def addmm(self, a: Any, b: Any, *, beta: Any = 1, alpha: Any = 1) -> Any:
        """See ``df.addmm``."""
        return linalg.addmm(self, a, b, beta=beta, alpha=alpha)

    def addmv(self, a: Any, b: Any, *, beta: Any = 1, alpha: Any = 1) -> Any:
        """See ``df.addmv``."""
        return linalg.addmv(self, a, b, beta=beta, alpha=alpha)

    def addr(self, a: Any, b: Any, *, beta: Any = 1, alpha: Any = 1) -> Any:
        """See ``df.addr``."""
        return linalg.addr(self, a, b, beta=beta, alpha=alpha)

    def baddbmm(self, a: Any, b: Any, *, beta: Any = 1, alpha: Any = 1) -> Any:
        """See ``df.baddbmm``."""
        return linalg.baddbmm(self, a, b, beta=beta, alpha=alpha)

    def addbmm(self, a: Any, b: Any, *, beta: Any = 1, alpha: Any = 1) -> Any:
        """See ``df.addbmm``."""
        return linalg.addbmm(self, a, b, beta=beta, alpha=alpha)

    def cross(self, other: Any, axis: Any = -1, *, dim: Any = None) -> Any:
        """See ``df.linalg.cross``."""
        return linalg.cross(self, other, axis=axis if dim is None else dim)

    def matrix_power(self, n: Any) -> Any:
        """See ``df.linalg.matrix_power``."""
        return linalg.matrix_power(self, n)

    def adjoint(self) -> Any:
        """See ``df.adjoint``."""
        return linalg.adjoint(self)

    @property
    def mH(self) -> Any:
        """The tensor with its last two axes swapped, conjugated."""
        return linalg.adjoint(self)

    @property
    def H(self) -> Any:
        """A matrix transposed and conjugated."""
        return linalg.adjoint(*linalg.ranked("H", (2,), self))

    def trace(self) -> Any:
        """Add up the diagonal of a matrix."""
        return linalg.trace(*linalg.ranked("trace", (2,), self))

    def norm(
        self, p: Any = "fro", axis: Any = None, keepdims: Any = False, *, dim: Any = None, keepdim: Any = False
    ) -> Any:
        """See ``df.norm``."""
        return norms.p_norm(self, p, axis if dim is None else dim, keepdims or keepdim)

    # -- square matrices
    def inverse(self) -> Any:
        """See ``df.linalg.inv``."""
        return solve.inv(self)

    def pinverse(self) -> Any:
        """See ``df.linalg.pinv``."""
        return decompose.pinv(self)

    def det(self) -> Any:
        """See ``df.linalg.det``."""
        return solve.det(self)

    def logdet(self) -> Any:
        """See ``df.logdet``."""
        return solve.logdet(self)

    def slogdet(self) -> Any:
        """See ``df.linalg.slogdet``."""
        return solve.slogdet(self)

    def matrix_exp(self) -> Any:
        """See ``df.linalg.matrix_exp``."""
        return solve.matrix_exp(self)

    def cholesky(self, upper: Any = False) -> Any:
        """See ``df.linalg.cholesky``."""
        return solve.cholesky(self, upper=upper)

    def qr(self) -> Any:
        """See ``df.linalg.qr``."""
        return decompose.qr(self)

    def svd(self, full_matrices: Any = True) -> Any:
        """See ``df.linalg.svd``; unlike PyTorch's method, the same as that."""
        return decompose.svd(self, full_matrices=full_matrices)

    # -- reductions; ``dim``/``keepdim`` are PyTorch's names for ``axis``/``keepdims``
    def sum(
        self, axis: Any = None, keepdims: bool = False, *, dim: Any = None, keepdim: bool = False, dtype: Any = None
    ) -> Any:
        """See ``df.sum``."""
        return reduce.sum(self, axis=axis if dim is None else dim, keepdims=keepdims or keepdim, dtype=dtype)

    def mean(self, axis: Any = None, keepdims: bool = False, *, dim: Any = None, keepdim: bool = False) -> Any:
        """See ``df.mean``."""
        return reduce.mean(self, axis=axis if dim is None else dim, keepdims=keepdims or keepdim)

    def var(
        self, axis: Any = None, correction: int = 0, keepdims: bool = False, *, dim: Any = None, keepdim: bool = False
    ) -> Any:
        """See ``df.var``; note ``correction=0``."""
        return reduce.var(self, axis=axis if dim is None else dim, correction=correction, keepdims=keepdims or keepdim)

    def std(
        self, axis: Any = None, correction: int = 0, keepdims: bool = False, *, dim: Any = None, keepdim: bool = False
    ) -> Any:
        """See ``df.std``; note ``correction=0``."""
        return reduce.std(self, axis=axis if dim is None else dim, correction=correction, keepdims=keepdims or keepdim)

    def max(self, axis: Any = None, keepdims: bool = False, *, dim: Any = None, keepdim: bool = False) -> Any:
        """See ``df.max``. With ``dim``, PyTorch's word, returns (values, indices), and the index has the gradient."""
        if dim is not None:
            at = reduce.argmax(self, axis=dim, keepdims=True)
            return order.extreme_pair(self, at, dim, keepdims or keepdim)
        return reduce.max(self, axis=axis, keepdims=keepdims or keepdim)

    def min(self, axis: Any = None, keepdims: bool = False, *, dim: Any = None, keepdim: bool = False) -> Any:
        """See ``df.min``. With ``dim``, PyTorch's word, returns (values, indices), and the index has the gradient."""
        if dim is not None:
            at = reduce.argmin(self, axis=dim, keepdims=True)
            return order.extreme_pair(self, at, dim, keepdims or keepdim)
        return reduce.min(self, axis=axis, keepdims=keepdims or keepdim)

    def argmax(self, axis: Any = None, keepdims: bool = False, *, dim: Any = None, keepdim: bool = False) -> Any:
        """See ``df.argmax``."""
        return reduce.argmax(self, axis=axis if dim is None else dim, keepdims=keepdims or keepdim)

    def argmin(self, axis: Any = None, keepdims: bool = False, *, dim: Any = None, keepdim: bool = False) -> Any:
        """See ``df.argmin``."""
        return reduce.argmin(self, axis=axis if dim is None else dim, keepdims=keepdims or keepdim)

    def all(self, axis: Any = None, keepdims: bool = False, *, dim: Any = None, keepdim: bool = False) -> Any:
        """See ``df.all``."""
        return reduce.all(self, axis=axis if dim is None else dim, keepdims=keepdims or keepdim)

    def any(self, axis: Any = None, keepdims: bool = False, *, dim: Any = None, keepdim: bool = False) -> Any:
        """See ``df.any``."""
        return reduce.any(self, axis=axis if dim is None else dim, keepdims=keepdims or keepdim)

    def softmax(self, axis: Any = -1, *, dim: Any = None) -> Any:
        """See ``df.softmax``."""
        return nn.softmax(self, axis=axis if dim is None else dim)

    def log_softmax(self, axis: Any = -1, *, dim: Any = None) -> Any:
        """See ``df.log_softmax``."""
        return nn.log_softmax(self, axis=axis if dim is None else dim)

    # -- shape
    def reshape(self, *sizes: Any) -> Any:
        """See ``df.reshape``; sizes may be given as numbers."""
        wanted = sizes[0] if len(sizes) == 1 and isinstance(sizes[0], Sequence) else sizes
        return shape.reshape(self, shape=tuple(wanted))

    def view(self, *sizes: Any) -> Any:
        """Arrange the same memory in another shape. Raises ShapeError where only a copy could, which is ``reshape``."""
        made = self.reshape(*sizes)
        array = getattr(self, "array", None)
        if array is not None and array.size:
            if not np.may_share_memory(getattr(made, "array", array), array):
                raise shape.reshape.op.explain(
                    shapes.Misfit("the elements do not lie in memory in this order; use reshape, which copies"),
                    (self,),
                    {},
                )
        return made

    def view_as(self, other: Any) -> Any:
        """Arrange the same memory in the shape of ``other``."""
        return self.view(other.shape)

    def t(self) -> Any:
        """Transpose a matrix; a vector or a scalar stays as it is."""
        if self.ndim > 2:
            raise shape.permute_dims.op.explain(
                shapes.Misfit(f"t() is for at most 2 axes, this has {self.ndim}; use .mT or .permute(...)"), (self,), {}
            )
        return shape.permute_dims(self)

    def transpose(self, *axes: Any) -> Any:
        """See ``df.transpose``."""
        return shape.transpose(self, *axes)

    def permute(self, *axes: Any) -> Any:
        """Reorder the axes, as ``df.permute_dims``."""
        return shape.permute_dims(
            self, axes=tuple(axes[0]) if len(axes) == 1 and isinstance(axes[0], Sequence) else axes
        )

    def flatten(self, start_dim: int = 0, end_dim: int = -1) -> Any:
        """See ``df.flatten``."""
        return shape.flatten(self, start_dim, end_dim)

    def unsqueeze(self, dim: int) -> Any:
        """Insert an axis of size 1, as ``df.expand_dims``."""
        return shape.expand_dims(self, axis=dim)

    def squeeze(self, axis: Any = None, *, dim: Any = None) -> Any:
        """See ``df.squeeze``."""
        return shape.squeeze(self, axis=axis if dim is None else dim)

    def expand(self, *sizes: Any) -> Any:
        """Stretch axes of size 1; -1 keeps an axis, as in PyTorch."""
        wanted = list(sizes[0] if len(sizes) == 1 and isinstance(sizes[0], Sequence) else sizes)
        extra = len(wanted) - self.ndim
        wanted = [self.shape[i - extra] if n == -1 and i >= extra else n for i, n in enumerate(wanted)]
        return shape.broadcast_to(self, shape=tuple(wanted))

    def broadcast_to(self, sizes: Sequence[int]) -> Any:
        """See ``df.broadcast_to``."""
        return shape.broadcast_to(self, shape=tuple(sizes))

    def split(self, split_size_or_sections: Any, axis: int = 0, *, dim: Any = None) -> Any:
        """See ``df.split``."""
        return shape.split(self, split_size_or_sections, axis if dim is None else dim)

    def chunk(self, chunks: int, axis: int = 0, *, dim: Any = None) -> Any:
        """See ``df.chunk``."""
        return shape.chunk(self, chunks, axis if dim is None else dim)

    def take(self, indices: Any, axis: int = 0) -> Any:
        """See ``df.take``."""
        return index.take(self, indices, axis)

    # -- dtype
    def astype(self, dtype: Any) -> Any:
        """Cast to ``dtype``; the tensor itself when it has that dtype already."""
        return self if self.dtype == dtypes.asdtype(dtype) else shape.astype(self, dtype=dtype)

    def to(self, dtype_or_device: Any) -> Any:
        """Cast to a dtype; the device "cpu" is accepted and changes nothing."""
        if isinstance(dtype_or_device, str) and dtype_or_device.split(":")[0] in ("cpu", "cuda", "mps", "gpu", "tpu"):
            if dtype_or_device != "cpu":
                raise ValueError(
                    f"eager tensors live on the cpu; there is no device {dtype_or_device!r} to move them to"
                )
            return self
        return self.astype(dtype_or_device)

    def float(self) -> Any:
        """Cast to float32."""
        return self.astype(dtypes.float32)

    def double(self) -> Any:
        """Cast to float64."""
        return self.astype(dtypes.float64)

    def half(self) -> Any:
        """Cast to float16."""
        return self.astype(dtypes.float16)

    def cfloat(self) -> Any:
        """Cast to complex64."""
        return self.astype(dtypes.complex64)

    def cdouble(self) -> Any:
        """Cast to complex128."""
        return self.astype(dtypes.complex128)

    def short(self) -> Any:
        """Cast to int16."""
        return self.astype(dtypes.int16)

    def long(self) -> Any:
        """Cast to int64."""
        return self.astype(dtypes.int64)

    def int(self) -> Any:
        """Cast to int32."""
        return self.astype(dtypes.int32)

    def bool(self) -> Any:
        """Cast to bool."""
        return self.astype(dtypes.bool_)


# operator or method of a tensor → op, for worlds that install closures of their own in its place
DIRECT = {
    "__add__": "add",
    "__radd__": "add",
    "__sub__": "subtract",
    "__mul__": "multiply",
    "__rmul__": "multiply",
    "__truediv__": "divide",
    "__matmul__": "matmul",
    "__neg__": "negative",
    "__lt__": "less",
    "__le__": "less_equal",
    "__gt__": "greater",
    "__ge__": "greater_equal",
    "__eq__": "equal",
    "__ne__": "not_equal",
    "__floordiv__": "floor_divide",
    "__mod__": "remainder",
    "__and__": "bitwise_and",
    "__or__": "bitwise_or",
    "__xor__": "bitwise_xor",
    "__lshift__": "bitwise_left_shift",
    "__rshift__": "bitwise_right_shift",
    "__invert__": "bitwise_invert",
    "mul": "multiply",
    "matmul": "matmul",
    "maximum": "maximum",
    "minimum": "minimum",
    "neg": "negative",
    **{
        name: name
        for name in ("abs", "sign", "square", "sqrt", "exp", "log", "log1p", "sin", "cos", "tanh", "sigmoid", "relu")
    },
}
REFLECTED = {
    "__rsub__": "subtract",
    "__rtruediv__": "divide",
    "__rmatmul__": "matmul",
    "__rpow__": "power",
    "__rfloordiv__": "floor_divide",
    "__rmod__": "remainder",
    "__rand__": "bitwise_and",
    "__ror__": "bitwise_or",
    "__rxor__": "bitwise_xor",
    "__rlshift__": "bitwise_left_shift",
    "__rrshift__": "bitwise_right_shift",
}
IN_PLACE = {
    **dict.fromkeys(("add_", "__iadd__"), "add"),
    **dict.fromkeys(("sub_", "subtract_", "__isub__"), "subtract"),
    **dict.fromkeys(("mul_", "multiply_", "__imul__"), "multiply"),
    **dict.fromkeys(("div_", "divide_", "true_divide_", "__itruediv__"), "divide"),
    **dict.fromkeys(("pow_", "__ipow__"), "power"),
    **dict.fromkeys(("floor_divide_", "__ifloordiv__"), "floor_divide"),
    **dict.fromkeys(("remainder_", "__imod__"), "remainder"),
    **dict.fromkeys(("bitwise_and_", "__iand__"), "bitwise_and"),
    **dict.fromkeys(("bitwise_or_", "__ior__"), "bitwise_or"),
    **dict.fromkeys(("bitwise_xor_", "__ixor__"), "bitwise_xor"),
    **dict.fromkeys(("bitwise_left_shift_", "__ilshift__"), "bitwise_left_shift"),
    **dict.fromkeys(("bitwise_right_shift_", "__irshift__"), "bitwise_right_shift"),
    "neg_": "negative",
    "negative_": "negative",
    "bitwise_not_": "bitwise_invert",
    **dict.fromkeys(("clamp_", "clip_"), "clip"),
    **{
        f"{name}_": name
        for name in (
            "abs acos acosh asin asinh atan atan2 atanh ceil copysign cos cosh digamma erf erfc erfinv exp exp2 expm1 "
            "floor fmod hypot lgamma log log10 log1p log2 nan_to_num nextafter reciprocal relu round rsqrt sigmoid "
            "sin sinc sinh sqrt square tan tanh trunc xlogy"
        ).split()
    },
}
"""In-place method → op: both worlds make their own of each."""
SHOWN = {
    **{"__iadd__": "+=", "__isub__": "-=", "__imul__": "*=", "__itruediv__": "/=", "__ipow__": "**="},
    **{"__ifloordiv__": "//=", "__imod__": "%=", "__iand__": "&=", "__ior__": "|=", "__ixor__": "^="},
    **{"__ilshift__": "<<=", "__irshift__": ">>="},
}
"""What messages call an in-place operator."""
IN_PLACE_COMPOSITES: dict[str, Any] = {
    f"{function.__name__}_": function
    for function in (
        exponential.addcdiv,
        exponential.addcmul,
        exponential.lerp,
        exponential.logit,
        floats.heaviside,
        rounding.frac,
        trigonometry.deg2rad,
        trigonometry.rad2deg,
    )
} | distributions.IN_PLACE
assert all(name in VOCABULARY for name in (*DIRECT.values(), *REFLECTED.values(), *IN_PLACE.values()))

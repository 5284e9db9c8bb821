"""The operators and methods that tensors of both worlds share.

Each is the op of the same name, or PyTorch's name for it. This file knows names and argument orders; what
an op does, and in which world, it does not know.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

from dualflow import dtypes, shapes
from dualflow.op import VOCABULARY
from dualflow.ops import (
    compare,
    create,
    decompose,
    einsum,
    elementwise,
    index,
    inspection,
    linalg,
    nn,
    norms,
    reduce,
    shape,
    solve,
)


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


class Operators:
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

    def __and__(self, other: Any) -> Any:
        return compare.logical_and(self, other)

    def __or__(self, other: Any) -> Any:
        return compare.logical_or(self, other)

    def __xor__(self, other: Any) -> Any:
        return compare.logical_xor(self, other)

    def __rand__(self, other: Any) -> Any:
        return compare.logical_and(other, self)

    def __ror__(self, other: Any) -> Any:
        return compare.logical_or(other, self)

    def __rxor__(self, other: Any) -> Any:
        return compare.logical_xor(other, self)

    def __invert__(self) -> Any:
        return compare.logical_not(self)

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
    def add(self, other: Any) -> Any:
        """See ``df.add``."""
        return elementwise.add(self, other)

    def sub(self, other: Any) -> Any:
        """See ``df.subtract``."""
        return elementwise.subtract(self, other)

    def mul(self, other: Any) -> Any:
        """See ``df.multiply``."""
        return elementwise.multiply(self, other)

    def div(self, other: Any) -> Any:
        """See ``df.divide``."""
        return elementwise.divide(self, other)

    def pow(self, exponent: Any) -> Any:
        """See ``df.power``."""
        return self**exponent

    def neg(self) -> Any:
        """See ``df.negative``."""
        return elementwise.negative(self)

    def abs(self) -> Any:
        """See ``df.abs``."""
        return elementwise.abs(self)

    def sign(self) -> Any:
        """See ``df.sign``."""
        return elementwise.sign(self)

    def square(self) -> Any:
        """See ``df.square``."""
        return elementwise.square(self)

    def sqrt(self) -> Any:
        """See ``df.sqrt``."""
        return elementwise.sqrt(self)

    def exp(self) -> Any:
        """See ``df.exp``."""
        return elementwise.exp(self)

    def log(self) -> Any:
        """See ``df.log``."""
        return elementwise.log(self)

    def log1p(self) -> Any:
        """See ``df.log1p``."""
        return elementwise.log1p(self)

    def sin(self) -> Any:
        """See ``df.sin``."""
        return elementwise.sin(self)

    def cos(self) -> Any:
        """See ``df.cos``."""
        return elementwise.cos(self)

    def tanh(self) -> Any:
        """See ``df.tanh``."""
        return elementwise.tanh(self)

    def sigmoid(self) -> Any:
        """See ``df.sigmoid``."""
        return elementwise.sigmoid(self)

    def relu(self) -> Any:
        """See ``df.relu``."""
        return elementwise.relu(self)

    def maximum(self, other: Any) -> Any:
        """See ``df.maximum``."""
        return elementwise.maximum(self, other)

    def minimum(self, other: Any) -> Any:
        """See ``df.minimum``."""
        return elementwise.minimum(self, other)

    def clamp(self, min: Any = None, max: Any = None) -> Any:
        """Force each element into ``[min, max]``, as ``df.clip``."""
        return elementwise.clip(self, min, max)

    clip = clamp

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
    def sum(self, axis: Any = None, keepdims: bool = False, *, dim: Any = None, keepdim: bool = False) -> Any:
        """See ``df.sum``."""
        return reduce.sum(self, axis=axis if dim is None else dim, keepdims=keepdims or keepdim)

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
        """See ``df.max``."""
        return reduce.max(self, axis=axis if dim is None else dim, keepdims=keepdims or keepdim)

    def min(self, axis: Any = None, keepdims: bool = False, *, dim: Any = None, keepdim: bool = False) -> Any:
        """See ``df.min``."""
        return reduce.min(self, axis=axis if dim is None else dim, keepdims=keepdims or keepdim)

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

    view = reshape

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
    "add": "add",
    "sub": "subtract",
    "mul": "multiply",
    "div": "divide",
    "matmul": "matmul",
    "maximum": "maximum",
    "minimum": "minimum",
    "neg": "negative",
    **{
        name: name
        for name in ("abs", "sign", "square", "sqrt", "exp", "log", "log1p", "sin", "cos", "tanh", "sigmoid", "relu")
    },
}
REFLECTED = {"__rsub__": "subtract", "__rtruediv__": "divide", "__rmatmul__": "matmul", "__rpow__": "power"}
assert all(name in VOCABULARY for name in (*DIRECT.values(), *REFLECTED.values()))

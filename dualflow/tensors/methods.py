"""The methods that tensors of both worlds have: the vocabulary's functions themselves, under PyTorch's names.

A method is written out only where PyTorch takes its arguments another way, or means something else than the standard
does (``dualflow.tensors.pytorch``). This file knows names; what an op does, and in which world, it does not know.
"""

from __future__ import annotations

import inspect
import types
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from dualflow.core import dtypes, shapes
from dualflow.core.words import parameters, renamed
from dualflow.core.world import is_tensor
from dualflow.ops.array import arrange, axes, copies, create, cutting, index
from dualflow.ops.array import scatter as scatter_
from dualflow.ops.array import shape as shape_
from dualflow.ops.array.places import clone
from dualflow.ops.linalg import decompose, einsum, factor, matrices, norms, powers, products, pseudoinverse, solve
from dualflow.ops.math import bitwise, comparison, elementwise, exponential, floats, rounding, special, trigonometry
from dualflow.ops.math import complex as complex_
from dualflow.ops.random import redraw
from dualflow.ops.reduce import order, reductions, scan, sets, stats
from dualflow.tensors import pytorch

DEVICES = ("cpu", "cuda", "mps", "gpu", "tpu")
"""What names a device, wherever it may be, rather than a dtype."""


def sizes(given: tuple[Any, ...]) -> tuple[Any, ...]:
    """Read ``f(2, 3)`` and ``f((2, 3))`` alike."""
    return tuple(given[0]) if len(given) == 1 and isinstance(given[0], Sequence) else given


def plain(method: Callable[..., Any]) -> bool:
    """Return whether a method is a card with operands only, which a world replaces by a closure of its own."""
    op = getattr(method, "op", None)
    return op is not None and not (op.variadic or op.defaults or op.optional)


def _cast(name: str, dtype: Any) -> Callable[..., Any]:
    """Make the method that casts to one dtype."""

    def method(self: Any) -> Any:
        return self.astype(dtype)

    method.__name__ = method.__qualname__ = name
    method.__doc__ = f"Cast to {dtypes.asdtype(dtype).name}; the tensor itself when it has that dtype already."
    return method


class Methods:
    """What PyTorch's tensors can be asked to do, in either world."""

    __slots__ = ()
    shape: Any
    dtype: Any
    ndim: Any

    # -- arithmetic
    def add(self, other: Any, *, alpha: Any = 1) -> Any:
        """Add ``alpha * other``."""
        return elementwise.add(self, other if alpha == 1 else alpha * other)

    def subtract(self, other: Any, *, alpha: Any = 1) -> Any:
        """Subtract ``alpha * other``."""
        return elementwise.subtract(self, other if alpha == 1 else alpha * other)

    def pow(self, exponent: Any) -> Any:
        """See ``df.power``."""
        return self**exponent

    sub = subtract
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
    clamp = clip = elementwise.clip
    clamp_min = pytorch.clamp_min
    clamp_max = pytorch.clamp_max
    fmax = pytorch.fmax
    fmin = pytorch.fmin
    dist = pytorch.dist
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
    frexp = floats.frexp
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
    conj = conj_physical = complex_.conj
    angle = complex_.angle

    # -- comparison and bits
    def where(self, condition: Any, other: Any) -> Any:
        """Keep the elements where ``condition`` holds, else take ``other``."""
        return comparison.where(condition, self, other)

    isclose = floats.isclose
    allclose = floats.allclose
    isinf = floats.isinf
    isposinf = floats.isposinf
    isneginf = floats.isneginf
    isnan = comparison.isnan
    isfinite = comparison.isfinite
    eq = comparison.equal
    ne = not_equal = comparison.not_equal
    lt = less = comparison.less
    le = less_equal = comparison.less_equal
    gt = greater = comparison.greater
    ge = greater_equal = comparison.greater_equal
    logical_and = comparison.logical_and
    logical_or = comparison.logical_or
    logical_xor = comparison.logical_xor
    logical_not = comparison.logical_not
    bitwise_and = bitwise.bitwise_and
    bitwise_or = bitwise.bitwise_or
    bitwise_xor = bitwise.bitwise_xor
    bitwise_not = bitwise.bitwise_invert
    bitwise_left_shift = bitwise.bitwise_left_shift
    bitwise_right_shift = bitwise.bitwise_right_shift

    # -- matrices
    def trace(self) -> Any:
        """Add up the diagonal of a matrix."""
        return products.trace(*products.ranked("trace", (2,), self))

    matmul = products.matmul
    mm = pytorch.mm
    mv = products.mv
    bmm = products.bmm
    dot = products.dot
    vdot = products.vdot
    inner = einsum.inner
    outer = ger = products.outer
    kron = products.kron
    addmm = products.addmm
    addmv = products.addmv
    addr = products.addr
    baddbmm = products.baddbmm
    addbmm = products.addbmm
    cross = products.cross
    cholesky_solve = factor.cholesky_solve
    cholesky_inverse = factor.cholesky_inverse
    matrix_power = powers.matrix_power
    adjoint = products.adjoint
    norm = norms.p_norm
    inverse = solve.inv
    pinverse = renamed(pseudoinverse.pinv, {"rcond": "rtol"})
    det = solve.det
    logdet = solve.logdet
    slogdet = solve.slogdet
    matrix_exp = solve.matrix_exp
    cholesky = factor.cholesky
    qr = decompose.qr
    svd = decompose.svd

    # -- reductions, order and counts
    sum = reductions.sum
    mean = reductions.mean
    prod = scan.prod
    var = pytorch.var
    std = pytorch.std
    max = pytorch.max
    min = pytorch.min
    amax = stats.amax
    amin = stats.amin
    aminmax = stats.aminmax
    argmax = reductions.argmax
    argmin = reductions.argmin
    all = reductions.all
    any = reductions.any
    nansum = stats.nansum
    nanmean = stats.nanmean
    count_nonzero = stats.count_nonzero
    logsumexp = scan.logsumexp
    softmax = pytorch.softmax
    log_softmax = pytorch.log_softmax
    cumsum = scan.cumsum
    cumprod = scan.cumprod
    cummax = scan.cummax
    cummin = scan.cummin
    logcumsumexp = scan.logcumsumexp
    sort = pytorch.sort
    argsort = order.argsort
    topk = order.topk
    kthvalue = order.kthvalue
    median = order.median
    nanmedian = order.nanmedian
    quantile = order.quantile
    nanquantile = order.nanquantile
    diff = stats.diff
    cov = stats.cov
    corrcoef = stats.corrcoef
    histc = sets.histc
    bincount = sets.bincount
    unique = sets.unique
    unique_consecutive = sets.unique_consecutive
    nonzero = pytorch.nonzero
    argwhere = sets.argwhere

    # -- picking and writing
    take = pytorch.take
    take_along_dim = index.take_along_axis
    gather = scatter_.gather
    scatter = scatter_.scatter
    scatter_add = scatter_.scatter_add
    scatter_reduce = scatter_.scatter_reduce
    index_select = scatter_.index_select
    index_add = scatter_.index_add
    index_copy = scatter_.index_copy
    index_fill = scatter_.index_fill
    index_put = scatter_.index_put
    masked_fill = scatter_.masked_fill
    masked_scatter = scatter_.masked_scatter
    masked_select = sets.masked_select
    diagonal = arrange.diagonal
    diag = matrices.diag
    diag_embed = arrange.diag_embed
    diagonal_scatter = matrices.diagonal_scatter
    tril = arrange.tril
    triu = arrange.triu

    # -- shape
    def reshape(self, *size: Any, shape: Any = None) -> Any:
        """See ``df.reshape``; sizes may be given as numbers."""
        return shape_.reshape(self, shape=sizes(size) if shape is None else shape)

    def view(self, *shape: Any, size: Any = None) -> Any:
        """Arrange the same memory in another shape. Raises ShapeError where only a copy could, which is ``reshape``."""
        made = self.reshape(*shape, shape=size)
        array = getattr(self, "array", None)
        if array is not None and array.size:
            if not np.may_share_memory(getattr(made, "array", array), array):
                raise shape_.reshape.op.explain(
                    shapes.Misfit("the elements do not lie in memory in this order; use reshape, which copies"),
                    (self,),
                    {},
                )
        return made

    def view_as(self, other: Any) -> Any:
        """Arrange the same memory in the shape of ``other``."""
        return self.view(other.shape)

    def expand(self, *shape: Any, size: Any = None) -> Any:
        """Stretch axes of size 1; -1 keeps an axis, as in PyTorch."""
        wanted = list(sizes(shape) if size is None else size)
        extra = len(wanted) - self.ndim
        wanted = [self.shape[i - extra] if n == -1 and i >= extra else n for i, n in enumerate(wanted)]
        return shape_.broadcast_to(self, shape=tuple(wanted))

    def flip(self, *axes: Any, dims: Any = None) -> Any:
        """See ``df.flip``; axes may be given as numbers."""
        return arrange.flip(self, axis=sizes(axes) if dims is None else dims)

    def tile(self, *repetitions: Any, dims: Any = None) -> Any:
        """See ``df.tile``; numbers may be given one by one."""
        return copies.tile(self, sizes(repetitions) if dims is None else dims)

    def repeat(self, *repetitions: Any, repeats: Any = None) -> Any:
        """See ``df.tile``, PyTorch's ``repeat``: the standard's ``df.repeat`` is ``repeat_interleave``."""
        return copies.tile(self, sizes(repetitions) if repeats is None else repeats)

    t = pytorch.t
    ravel = pytorch.ravel
    permute = pytorch.permute
    transpose = pytorch.transpose
    flatten = shape_.flatten
    unflatten = axes.unflatten
    unsqueeze = shape_.expand_dims
    squeeze = shape_.squeeze
    broadcast_to = shape_.broadcast_to
    expand_as = copies.expand_as
    reshape_as = copies.reshape_as
    moveaxis = movedim = axes.moveaxis
    swapaxes = swapdims = renamed(axes.swapaxes, {"axis0": "axis1", "axis1": "axis2", "dim0": "axis1", "dim1": "axis2"})
    fliplr = axes.fliplr
    flipud = axes.flipud
    rot90 = axes.rot90
    roll = arrange.roll
    repeat_interleave = copies.repeat_interleave
    split = shape_.split
    chunk = shape_.chunk
    tensor_split = cutting.tensor_split
    hsplit = cutting.hsplit
    vsplit = cutting.vsplit
    dsplit = cutting.dsplit
    narrow = cutting.narrow
    split_with_sizes = renamed(shape_.split, {"split_sizes": "split_size_or_sections"})
    select = cutting.select
    unbind = cutting.unstack
    unfold = renamed(arrange.windows, {"dimension": "axis"})

    # -- dtype
    def astype(self, dtype: Any) -> Any:
        """Cast to ``dtype``; the tensor itself when it has that dtype already."""
        return self if self.dtype == dtypes.asdtype(dtype) else shape_.astype(self, dtype=dtype)

    def to(
        self, dtype_or_device: Any = None, dtype: Any = None, *, device: Any = None, copy: Any = False,
        non_blocking: Any = False,
    ) -> Any:  # fmt: skip
        """Cast to a dtype, or to that of another tensor; the device "cpu" is accepted and changes nothing.

        The tensor itself when it has that dtype already, unless ``copy``. ``non_blocking`` does nothing.
        """
        if isinstance(dtype_or_device, str) and dtype_or_device.split(":")[0] in DEVICES:
            device = dtype_or_device
        elif dtype_or_device is not None:
            dtype = dtype_or_device.dtype if is_tensor(dtype_or_device) else dtype_or_device
        if device not in (None, "cpu"):
            raise ValueError(f"eager tensors live on the cpu; there is no device {device!r} to move them to")
        made = self if dtype is None else self.astype(dtype)
        return clone(made) if copy and made is self else made

    def is_complex(self) -> Any:
        """Return whether the dtype is complex."""
        return self.dtype.kind == "c"

    def is_floating_point(self) -> Any:
        """Return whether the dtype is floating and real."""
        return self.dtype.kind in dtypes.REAL

    def type_as(self, other: Any) -> Any:
        """Cast to the dtype of ``other``."""
        return self.astype(other.dtype)

    def cpu(self) -> Any:
        """Return the tensor itself: there is no other device."""
        return self

    def element_size(self) -> Any:
        """Return how many bytes an element takes."""
        return self.dtype.itemsize

    def is_signed(self) -> Any:
        """Return whether the dtype has negative numbers."""
        return self.dtype.kind in "ifc"

    def is_same_size(self, other: Any) -> Any:
        """Return whether ``other`` has the same shape."""
        return self.shape == other.shape

    # -- new tensors of this dtype
    def new_tensor(self, data: Any, *, dtype: Any = None, requires_grad: Any = False) -> Any:
        """Make a tensor of ``data``, of this one's dtype unless another is given."""
        return create.tensor(data, self.dtype if dtype is None else dtype, requires_grad=requires_grad)

    def new_zeros(
        self, *shape: Any, size: Any = (), dtype: Any = None, device: Any = None, requires_grad: Any = False
    ) -> Any:
        """Make zeros, of this tensor's dtype unless another is given."""
        wanted = self.dtype if dtype is None else dtype
        return create.zeros(*(shape or (size,)), dtype=wanted, device=device, requires_grad=requires_grad)

    def new_ones(
        self, *shape: Any, size: Any = (), dtype: Any = None, device: Any = None, requires_grad: Any = False
    ) -> Any:
        """Make ones, of this tensor's dtype unless another is given."""
        wanted = self.dtype if dtype is None else dtype
        return create.ones(*(shape or (size,)), dtype=wanted, device=device, requires_grad=requires_grad)

    def new_full(
        self, size: Any, fill_value: Any, *, dtype: Any = None, device: Any = None, requires_grad: Any = False
    ) -> Any:
        """Make a tensor full of ``fill_value``, of this one's dtype unless another is given."""
        wanted = self.dtype if dtype is None else dtype
        return create.full(size, fill_value, dtype=wanted, device=device, requires_grad=requires_grad)

    byte = _cast("byte", dtypes.uint8)
    char = _cast("char", dtypes.int8)
    float = _cast("float", dtypes.float32)
    double = _cast("double", dtypes.float64)
    half = _cast("half", dtypes.float16)
    bfloat16 = _cast("bfloat16", dtypes.bfloat16)
    cfloat = _cast("cfloat", dtypes.complex64)
    cdouble = _cast("cdouble", dtypes.complex128)
    short = _cast("short", dtypes.int16)
    long = _cast("long", dtypes.int64)
    int = _cast("int", dtypes.int32)
    bool = _cast("bool", dtypes.bool_)


for _name, _method in list(vars(Methods).items()):
    if isinstance(_method, types.FunctionType) and not (_name.startswith("_") or plain(_method)):
        setattr(Methods, _name, renamed(_method))  # a method understands PyTorch's words, and the standard's

IN_PLACE: dict[str, Callable[..., Any]] = {
    f"{name}_": getattr(Methods, name)
    for name in (
        "abs absolute acos acosh add addbmm addcdiv addcmul addmm addmv addr arccos arccosh arcsin arcsinh arctan "
        "arctan2 arctanh asin asinh atan atan2 atanh baddbmm bitwise_and bitwise_left_shift bitwise_not bitwise_or "
        "bitwise_right_shift bitwise_xor ceil clamp clamp_max clamp_min clip conj_physical copysign cos cosh "
        "cumprod cumsum deg2rad digamma div divide eq erf erfc erfinv exp exp2 expm1 fix floor floor_divide fmod "
        "frac ge greater greater_equal gt heaviside hypot index_add index_copy index_fill index_put le lerp less "
        "less_equal lgamma log log10 log1p log2 logical_and logical_not logical_or logical_xor logit lt "
        "masked_fill masked_scatter mul multiply nan_to_num ne neg negative nextafter not_equal pow rad2deg "
        "reciprocal relu remainder round rsqrt scatter scatter_add scatter_reduce sgn sigmoid sign sin sinc sinh "
        "sqrt square sub subtract tan tanh tril triu true_divide trunc xlogy"
    ).split()
}
"""In-place method → the method whose result replaces the value."""
IN_PLACE |= {"fill_diagonal_": scatter_.fill_diagonal, **redraw.IN_PLACE}
WORDS = {
    "cauchy_": {"median": "loc", "sigma": "scale"},
    "exponential_": {"lambd": "rate"},
    "fill_diagonal_": {"fill_value": "value"},
    "random_": {"from": "low", "to": "high"},
    "uniform_": {"from": "low", "to": "high"},
}
"""In-place method → {PyTorch's word: ours}, beyond the common ones."""
IN_PLACE |= {name: renamed(IN_PLACE[name], words) for name, words in WORDS.items()}
IN_PLACE |= {
    name: renamed(method) for name, method in IN_PLACE.items() if plain(method) and len(parameters(method)) > 1
}
PLAIN = {
    inspect.unwrap(Methods.add): elementwise.add,
    inspect.unwrap(Methods.subtract): elementwise.subtract,
    inspect.unwrap(Methods.pow): elementwise.power,
    inspect.unwrap(Methods.div): elementwise.divide,
}
"""Method, without the words put around it → the op that it is when it is given one operand and nothing else."""
OPERATORS = {
    "+=": ("__iadd__", elementwise.add),
    "-=": ("__isub__", elementwise.subtract),
    "*=": ("__imul__", elementwise.multiply),
    "/=": ("__itruediv__", elementwise.divide),
    "**=": ("__ipow__", elementwise.power),
    "//=": ("__ifloordiv__", rounding.floor_divide),
    "%=": ("__imod__", rounding.remainder),
    "&=": ("__iand__", bitwise.bitwise_and),
    "|=": ("__ior__", bitwise.bitwise_or),
    "^=": ("__ixor__", bitwise.bitwise_xor),
    "<<=": ("__ilshift__", bitwise.bitwise_left_shift),
    ">>=": ("__irshift__", bitwise.bitwise_right_shift),
}
"""In-place operator, as messages show it → its name, and the op whose result replaces the value."""
RESHAPED = {f"{name}_": getattr(Methods, name) for name in "squeeze swapaxes swapdims t transpose unsqueeze".split()}
"""In-place method that gives the same memory another shape → the method that does it to a view."""

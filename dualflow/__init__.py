"""dualflow: one vocabulary of tensor operations, carried out eagerly or as a graph, and compared."""

import importlib
from typing import TYPE_CHECKING, Any

from dualflow import data, dtypes, errors, fft, linalg, nn, ops, optim, random
from dualflow.debugger import debug, explain, lint
from dualflow.dtypes import (
    bfloat16,
    complex64,
    complex128,
    float16,
    float32,
    float64,
    int8,
    int16,
    int32,
    int64,
    uint8,
    uint16,
    uint32,
    uint64,
)
from dualflow.dtypes import (
    bool_ as bool,
)
from dualflow.eager import Function, GradientTape, Parameter, Tensor, Variable, grad
from dualflow.errors import DualflowError
from dualflow.generator import Generator, get_rng_state, manual_seed, set_rng_state
from dualflow.graph import (
    Graph,
    Session,
    Symbol,
    control_dependencies,
    function,
    global_variables_initializer,
    gradients,
    graph,
    group,
    name_scope,
    placeholder,
)
from dualflow.mode import (
    check_numerics,
    current_mode,
    eager,
    enable_grad,
    is_grad_enabled,
    mode,
    no_grad,
    set_grad_enabled,
)
from dualflow.ops.arrange import diag_embed, diagonal, flip, roll, tril, triu
from dualflow.ops.axes import fliplr, flipud, moveaxis, movedim, rot90, swapaxes, unflatten
from dualflow.ops.axes import swapaxes as swapdims
from dualflow.ops.bitwise import (
    bitwise_and,
    bitwise_invert,
    bitwise_left_shift,
    bitwise_or,
    bitwise_right_shift,
    bitwise_xor,
)
from dualflow.ops.bitwise import bitwise_invert as bitwise_not
from dualflow.ops.compare import (
    equal,
    greater,
    greater_equal,
    isfinite,
    isnan,
    less,
    less_equal,
    logical_and,
    logical_not,
    logical_or,
    logical_xor,
    not_equal,
    where,
)
from dualflow.ops.compare import equal as eq
from dualflow.ops.compare import greater as gt
from dualflow.ops.compare import greater_equal as ge
from dualflow.ops.compare import less as lt
from dualflow.ops.compare import less_equal as le
from dualflow.ops.compare import not_equal as ne
from dualflow.ops.complex import angle, conj, imag, is_complex, polar, real, view_as_complex, view_as_real
from dualflow.ops.complex import make_complex as complex
from dualflow.ops.copies import broadcast_arrays, expand_as, meshgrid, repeat, repeat_interleave, reshape_as, tile
from dualflow.ops.create import (
    arange,
    asarray,
    empty,
    empty_like,
    eye,
    from_dlpack,
    from_numpy,
    full,
    full_like,
    linspace,
    ones,
    ones_like,
    tensor,
    zeros,
    zeros_like,
)
from dualflow.ops.create import asarray as as_tensor
from dualflow.ops.distributions import binomial, normal, poisson
from dualflow.ops.einsum import bilinear, einsum, inner, tensordot
from dualflow.ops.elementwise import (
    abs,
    add,
    clip,
    cos,
    divide,
    exp,
    expm1,
    log,
    log1p,
    maximum,
    minimum,
    multiply,
    negative,
    positive,
    power,
    relu,
    sigmoid,
    sign,
    sin,
    sqrt,
    square,
    subtract,
    tanh,
)
from dualflow.ops.elementwise import abs as absolute
from dualflow.ops.elementwise import clip as clamp
from dualflow.ops.elementwise import divide as true_divide
from dualflow.ops.elementwise import multiply as mul
from dualflow.ops.elementwise import negative as neg
from dualflow.ops.elementwise import power as pow
from dualflow.ops.elementwise import sign as sgn
from dualflow.ops.elementwise import subtract as sub
from dualflow.ops.exponential import (
    addcdiv,
    addcmul,
    exp2,
    lerp,
    log2,
    log10,
    logaddexp,
    logaddexp2,
    logit,
    logspace,
    reciprocal,
    rsqrt,
    xlogy,
)
from dualflow.ops.factor import cholesky_inverse, cholesky_solve, lu_unpack
from dualflow.ops.floats import (
    allclose,
    copysign,
    heaviside,
    isclose,
    isinf,
    isneginf,
    isposinf,
    nan_to_num,
    nextafter,
    signbit,
)
from dualflow.ops.index import one_hot, take, take_along_axis
from dualflow.ops.index import take_along_axis as take_along_dim
from dualflow.ops.inspection import __array_namespace_info__, e, inf, nan, newaxis, pi
from dualflow.ops.linalg import (
    addbmm,
    addmm,
    addmv,
    addr,
    adjoint,
    baddbmm,
    bmm,
    cross,
    dot,
    ger,
    kron,
    matmul,
    matrix_power,
    mm,
    mv,
    outer,
    trace,
    vdot,
    vecdot,
)
from dualflow.ops.matrices import diag, diagonal_scatter, tril_indices, triu_indices, vander
from dualflow.ops.nn import cross_entropy, log_softmax, mse, softmax
from dualflow.ops.norms import cdist, cosine_similarity, normalize, pairwise_distance
from dualflow.ops.norms import p_norm as norm
from dualflow.ops.order import (
    argsort,
    bucketize,
    kthvalue,
    median,
    nanmedian,
    nanquantile,
    quantile,
    searchsorted,
    sort,
    topk,
)
from dualflow.ops.padding import pad
from dualflow.ops.pieces import dsplit, hsplit, narrow, select, tensor_split, unstack, vsplit
from dualflow.ops.pieces import unstack as unbind
from dualflow.ops.pseudoinverse import pinv as pinverse
from dualflow.ops.pytorch import (
    clamp_max,
    clamp_min,
    dist,
    fmax,
    fmin,
    permute,
    ravel,
    rsub,
    std_mean,
    t,
    var_mean,
)
from dualflow.ops.random import rand, rand_like, randint, randn, randn_like, randperm
from dualflow.ops.reduce import all, any, argmax, argmin, max, mean, min, std, sum, var
from dualflow.ops.rounding import ceil, div, divmod, floor, floor_divide, fmod, frac, remainder, round, trunc
from dualflow.ops.rounding import trunc as fix
from dualflow.ops.sampling import bernoulli, multinomial
from dualflow.ops.scan import (
    cummax,
    cummin,
    cumprod,
    cumsum,
    cumulative_prod,
    cumulative_sum,
    logcumsumexp,
    logsumexp,
    prod,
)
from dualflow.ops.scatter import (
    fill_diagonal,
    gather,
    index_add,
    index_copy,
    index_fill,
    index_put,
    index_select,
    masked_fill,
    masked_scatter,
    scatter,
    scatter_add,
    scatter_reduce,
    segment_sum,
)
from dualflow.ops.sets import (
    argwhere,
    bincount,
    histc,
    isin,
    masked_select,
    nonzero,
    unique,
    unique_all,
    unique_consecutive,
    unique_counts,
    unique_inverse,
    unique_values,
)
from dualflow.ops.shape import (
    astype,
    broadcast_to,
    chunk,
    concat,
    detach,
    expand_dims,
    flatten,
    matrix_transpose,
    permute_dims,
    reshape,
    split,
    squeeze,
    stack,
    transpose,
)
from dualflow.ops.shape import concat as cat
from dualflow.ops.shape import concat as concatenate
from dualflow.ops.shape import expand_dims as unsqueeze
from dualflow.ops.solve import det, logdet, matrix_exp, slogdet
from dualflow.ops.solve import inv as inverse
from dualflow.ops.special import digamma, erf, erfc, erfinv, lgamma, polygamma
from dualflow.ops.stacks import (
    atleast_1d,
    atleast_2d,
    atleast_3d,
    block_diag,
    cartesian_prod,
    column_stack,
    dstack,
    hstack,
    vstack,
)
from dualflow.ops.stats import amax, amin, aminmax, corrcoef, count_nonzero, cov, diff, histogram, nanmean, nansum
from dualflow.ops.trigonometry import (
    acos,
    acosh,
    asin,
    asinh,
    atan,
    atan2,
    atanh,
    cosh,
    deg2rad,
    hypot,
    rad2deg,
    sinc,
    sinh,
    tan,
)
from dualflow.ops.trigonometry import acos as arccos
from dualflow.ops.trigonometry import acosh as arccosh
from dualflow.ops.trigonometry import asin as arcsin
from dualflow.ops.trigonometry import asinh as arcsinh
from dualflow.ops.trigonometry import atan as arctan
from dualflow.ops.trigonometry import atan2 as arctan2
from dualflow.ops.trigonometry import atanh as arctanh
from dualflow.ops.types import can_cast, finfo, iinfo, isdtype, promote_types, result_type

if TYPE_CHECKING:
    from dualflow.compare.own import compare
    from dualflow.debugger.bisect import bisect
    from dualflow.debugger.recorder import record
    from dualflow.debugger.recording import Recording
    from dualflow.debugger.replay import replay
else:
    from dualflow import compare  # the module itself, which can be called: see there

__array_api_version__ = "2024.12"
__version__ = "0.1.0"

_LATE = {"Recording": "recording", "bisect": "bisect", "record": "recorder", "replay": "replay"}


def __getattr__(name: str) -> Any:
    """Load a tool of the debugger when it is first named: together they take a tenth of the time that dualflow does."""
    if name not in _LATE:
        raise AttributeError(f"module 'dualflow' has no attribute {name!r}")
    found = globals()[name] = getattr(importlib.import_module(f"dualflow.debugger.{_LATE[name]}"), name)
    return found

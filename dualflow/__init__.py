"""dualflow: one vocabulary of tensor operations, carried out eagerly or as a graph, and compared."""

from typing import TYPE_CHECKING

from dualflow import data, dtypes, errors, linalg, nn, ops, optim, random
from dualflow.dtypes import (
    bool_ as bool,
)
from dualflow.dtypes import (
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
from dualflow.eager import Function, GradientTape, Parameter, Tensor, Variable, grad
from dualflow.errors import DualflowError
from dualflow.generator import Generator, manual_seed
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
from dualflow.mode import current_mode, eager, enable_grad, is_grad_enabled, mode, no_grad, set_grad_enabled
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
from dualflow.ops.complex import angle, conj, imag, is_complex, polar, real, view_as_complex, view_as_real
from dualflow.ops.complex import make_complex as complex
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
from dualflow.ops.index import one_hot, take, take_along_axis
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
from dualflow.ops.nn import cross_entropy, log_softmax, mse, softmax
from dualflow.ops.norms import cdist, cosine_similarity, normalize, pairwise_distance
from dualflow.ops.norms import p_norm as norm
from dualflow.ops.random import rand, rand_like, randint, randn, randn_like, randperm
from dualflow.ops.reduce import all, any, argmax, argmin, max, mean, min, std, sum, var
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
from dualflow.ops.solve import cholesky_solve, det, logdet, matrix_exp

if TYPE_CHECKING:
    from dualflow.compare.own import compare
else:
    from dualflow import compare  # the module itself, which can be called: see there

__array_api_version__ = "2024.12"
__version__ = "0.1.0"

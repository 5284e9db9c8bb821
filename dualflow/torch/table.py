"""PyTorch's functions by name: the function that each is, its words where they are not the common ones, its defaults.

A row holds names and nothing else. Where ``torch.f(x, ...)`` is ``x.f(...)``, the method is the function; the words
that many functions share (``input``, ``dim``, ``keepdim``, ``other``, …) are those of ``core.words``.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from dualflow.core.names import SPACES
from dualflow.core.words import renamed
from dualflow.ops.array import copies, create, shape
from dualflow.ops.linalg import einsum, factor, norms
from dualflow.ops.random import distributions, sampling
from dualflow.ops.reduce import order, sets
from dualflow.tensors import pytorch
from dualflow.tensors.methods import Methods

METHODS = """
    abs absolute acos acosh add addbmm addcdiv addcmul addmm addmv addr adjoint all allclose amax amin aminmax angle
    any arccos arccosh arcsin arcsinh arctan arctan2 arctanh argmax argmin argsort argwhere asin asinh atan atan2
    atanh baddbmm bincount bitwise_and bitwise_left_shift bitwise_not bitwise_or bitwise_right_shift bitwise_xor bmm
    broadcast_to ceil cholesky cholesky_inverse cholesky_solve chunk clamp clamp_max clamp_min clip conj
    conj_physical copysign corrcoef cos cosh count_nonzero cov cross cummax cummin cumprod cumsum deg2rad det diag
    diag_embed diagonal diagonal_scatter diff digamma dist div divide dot dsplit eq erf erfc erfinv exp exp2 expm1
    fix flatten flip fliplr flipud floor floor_divide fmax fmin fmod frac frexp gather ge ger greater greater_equal gt
    heaviside histc hsplit hypot index_add index_copy index_fill index_put index_select inner inverse is_complex
    is_floating_point is_same_size is_signed isclose isfinite isinf isnan isneginf isposinf kron kthvalue le lerp
    less less_equal lgamma log log10 log1p log2 log_softmax logaddexp logaddexp2 logcumsumexp logdet logical_and
    logical_not logical_or logical_xor logit logsumexp lt masked_fill masked_scatter masked_select matmul matrix_exp
    matrix_power max maximum mean median min minimum mm moveaxis movedim mul multiply mv nan_to_num nanmean
    nanmedian nanquantile nansum narrow ne neg negative nextafter nonzero norm not_equal outer permute pinverse
    positive pow prod qr quantile rad2deg ravel reciprocal relu remainder repeat_interleave reshape roll rot90 round
    rsqrt scatter scatter_add scatter_reduce select sgn sigmoid sign signbit sin sinc sinh slogdet softmax sort
    split split_with_sizes sqrt square squeeze std sub subtract sum svd swapaxes swapdims t take take_along_dim tan
    tanh tensor_split tile topk trace transpose tril triu true_divide trunc unbind unflatten unique
    unique_consecutive unsqueeze var vdot vsplit xlogy
""".split()
"""``torch.f(x, ...)`` that are ``x.f(...)``."""

OURS = """
    arange asarray atleast_1d atleast_2d atleast_3d block_diag bucketize can_cast cartesian_prod column_stack
    complex concat detach dstack einsum empty empty_like eye finfo from_dlpack from_numpy full full_like histogram
    hstack iinfo imag isin linspace logspace meshgrid ones ones_like polar polygamma promote_types rand rand_like
    randint randn randn_like randperm real result_type searchsorted stack tensor tensordot tril_indices triu_indices
    vander view_as_complex view_as_real vstack where zeros zeros_like
""".split()
"""Those that are ``df.f``, under PyTorch's words."""


class Row(NamedTuple):
    """A name of PyTorch's: the function, {PyTorch's word: ours} beyond the common ones, and PyTorch's defaults."""

    function: Callable[..., Any]
    words: dict[str, str] = {}
    defaults: dict[str, Any] = {}


FUNCTIONS: dict[str, Row] = {
    **{name: Row(getattr(Methods, name)) for name in METHODS},
    **{name: Row(SPACES["df"][name]) for name in OURS},
    "eye": Row(create.eye, {"n": "n_rows", "m": "n_cols"}),
    "meshgrid": Row(copies.meshgrid, {}, {"indexing": "ij"}),
    "searchsorted": Row(order.searchsorted, {"input": "x2"}),
    "cholesky_inverse": Row(factor.cholesky_inverse, {"input": "factor"}),
    "cholesky_solve": Row(factor.cholesky_solve, {"input": "b", "input2": "factor"}),
    "split": Row(shape.split, {"tensor": "x"}),
    "as_tensor": Row(create.asarray),
    "bernoulli": Row(sampling.bernoulli),
    "bilinear": Row(einsum.bilinear),
    "binomial": Row(distributions.binomial),
    "broadcast_tensors": Row(copies.broadcast_arrays),
    "cat": Row(SPACES["df"]["concat"]),
    "cdist": Row(norms.cdist),
    "concatenate": Row(SPACES["df"]["concat"]),
    "cosine_similarity": Row(norms.cosine_similarity),
    "equal": Row(pytorch.equal),
    "from_numpy": Row(create.from_numpy, {"ndarray": "array"}),
    "isin": Row(sets.isin, {"element": "elements", "test_element": "test_elements"}),
    "lu_unpack": Row(factor.lu_unpack, {"LU_data": "lu", "LU_pivots": "pivots"}),
    "multinomial": Row(sampling.multinomial),
    "normal": Row(distributions.normal),
    "pairwise_distance": Row(norms.pairwise_distance),
    "poisson": Row(distributions.poisson),
    "rsub": Row(pytorch.rsub),
    "std_mean": Row(pytorch.std_mean),
    "var_mean": Row(pytorch.var_mean),
}


def functions() -> dict[str, Callable[..., Any]]:
    """Make the functions of the table."""
    return {name: renamed(row.function, row.words, row.defaults) for name, row in FUNCTIONS.items()}


def unknown(name: str, public: Iterable[str], layers: Iterable[str]) -> str:
    """Return what to say of a name that ``dualflow`` has not: where it is, or what is close."""
    says = f"module 'dualflow' has no attribute {name!r}"
    if name in layers:
        return f"{says}; it is dualflow.nn.functional.{name}"
    for space in ("linalg", "random", "fft"):
        if name in SPACES[space]:
            return f"{says}; it is dualflow.{space}.{name}"
    if name in FUNCTIONS:
        ours = FUNCTIONS[name].function.__name__
        places = [
            ours if space == "df" else f"{space}.{ours}" for space in SPACES if ours in SPACES[space] and ours != name
        ]
        if places:
            return f"{says}; here it is {places[0]!r} (in dualflow.torch, {name!r})"
        return f"{says}; it is dualflow.torch.{name}"
    if f"{name}_loss" in layers:
        return f"{says}; it is dualflow.nn.functional.{name}_loss"
    if hasattr(Methods, name):
        return f"{says}; it is a tensor's method: x.{name}(...)"
    near = difflib.get_close_matches(name, public, 1)
    return f"{says}; did you mean {near[0]!r}?" if near else says

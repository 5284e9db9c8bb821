"""How PyTorch's op database maps to dualflow: adapters, what has no counterpart, and the differences that are meant."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import dualflow as df


def _tensors(function: Callable[..., Any]) -> Callable[..., Any]:
    """Spread a list of tensors that PyTorch gives as the first argument."""
    return lambda xs, *args, **params: function(*xs, *args, **params)


ADAPT: dict[str, Callable[..., Any]] = {
    "amax": lambda x, dim=None, keepdim=False: df.max(x, axis=dim if dim != () else None, keepdims=keepdim),
    "amin": lambda x, dim=None, keepdim=False: df.min(x, axis=dim if dim != () else None, keepdims=keepdim),
    "zero_": lambda x: x.clone().zero_(),
    "__rdiv__": lambda a, b: b / a,
    "nn.functional.triplet_margin_with_distance_loss": lambda a, b, c, distance_function=None, **params: (
        df.nn.functional.triplet_margin_with_distance_loss(a, b, c, **params)
    ),
    "nn.functional.embedding": lambda weight, indices, **params: df.nn.functional.embedding(indices, weight, **params),
    "nn.functional.embedding_bag": lambda weight, indices, **params: df.nn.functional.embedding_bag(
        indices, weight, **params
    ),
    "einsum": lambda xs, equation: df.einsum(equation, *xs),
    "lu_solve": lambda b, lu, pivots: df.linalg.lu_solve(lu, pivots, b),
    "linalg.pinv.singular": lambda a, b: df.linalg.pinv(a @ b.mT),
    "svd": lambda x, some=True, compute_uv=True: df.linalg.svd(x, full_matrices=not some),
    "cdist": lambda a, b, p=2.0, compute_mode=None: df.torch.cdist(a, b, p),
    "polygamma": lambda x, n: df.polygamma(n, x),
}


RANDOM = "another stream of random numbers"
ELSEWHERE: dict[str, str] = {
    **dict.fromkeys(
        "bernoulli cauchy exponential geometric log_normal multinomial normal normal.in_place normal.number_mean "
        "rand_like randint randint_like randn randn_like uniform "
        "nn.functional.dropout nn.functional.dropout2d nn.functional.dropout3d "
        "nn.functional.alpha_dropout nn.functional.feature_alpha_dropout nn.functional.rrelu svd_lowrank pca_lowrank "
        "nn.functional.fractional_max_pool2d nn.functional.fractional_max_pool3d".split(),
        RANDOM,
    ),
    "lu": "PyTorch's own advice: linalg.lu_factor",
    "allclose": "one Python bool, which a graph has no value for",
    "linspace.tensor_overload": "the ends are numbers",
    "unfold": "df.unfold is PyTorch's nn.functional.unfold",
    "mode": "df.mode is the switch between the worlds",
    "equal": "PyTorch's equal is one bool for all; df.equal is the standard's, PyTorch's eq",
    **dict.fromkeys(
        "to bfloat16 chalf contiguous resize_ resize_as_ as_strided item tolist to_sparse "
        "new_empty new_empty_strided empty_strided empty_permuted".split(),
        "memory layout, or not a computation",
    ),
}

SHAPES_ONLY = {"empty", "empty_like", "new_empty"}

LOOSE: dict[str, float] = {"matrix_exp": 20.0, "cov": 100.0}  # PyTorch keeps float32 weights of float64 data in float32
"""How many times the usual tolerance an op is given."""


def _sorted(leaves: list[np.ndarray]) -> list[np.ndarray]:
    """Keep the eigenvalues, in one order."""
    return [np.take_along_axis(leaves[0], np.lexsort((leaves[0].imag.round(3), leaves[0].real.round(3))), -1)]


def _hermitian_first(op: Any, x: Any, *args: Any, **params: Any) -> Any:
    return op(x + x.mH, *args, **params)


def _triangular_first(place: int) -> Callable[..., Any]:
    def call(op: Any, *args: Any, upper: bool = False, **params: Any) -> Any:
        triangle = args[place].triu() if upper else args[place].tril()
        return op(*args[:place], triangle, *args[place + 1 :], upper=upper, **params)

    return call


FIRST: dict[str, Callable[..., Any]] = {
    **dict.fromkeys(
        "cholesky linalg.cholesky linalg.eigh linalg.eigvalsh "
        "linalg.pinv.hermitian linalg.matrix_rank.hermitian".split(),
        _hermitian_first,
    ),
    "cholesky_inverse": _triangular_first(0),
    "cholesky_solve": _triangular_first(1),
}
"""What PyTorch's own gradient checks make of an argument first: Hermitian, or a triangle, whose rest nobody reads."""

CANON: dict[str, Callable[[list[np.ndarray]], list[np.ndarray]]] = {
    "linalg.eig": _sorted,
    "linalg.eigvals": _sorted,
    "linalg.eigh": lambda leaves: leaves[:1],
    "linalg.svd": lambda leaves: leaves[1:2],
    "svd": lambda leaves: leaves[1:2],
    "linalg.qr": lambda leaves: [np.abs(leaves[-1])],
    "linalg.lstsq": lambda leaves: leaves[:1],
    "linalg.lstsq.grad_oriented": lambda leaves: leaves[:1],
}
"""What is compared where a result has an order, a sign or a phase of its own in each library; without gradients."""

SQUEEZE = (
    lambda s: any(
        s.input.ndim and s.input.shape[d] != 1 for a in s.args for d in (a if isinstance(a, tuple) else (a,))
    ),
    "the standard: only axes of size 1 can be squeezed; PyTorch leaves others alone",
)
WHOLE = (lambda s: "int" in str(s.input.dtype), "an average of integers is floating")
CUT = (lambda s: "int" in str(s.input.dtype), "PyTorch cuts the factors to integers")
KNOWN: dict[str, tuple[Callable[[Any], bool], str]] = {
    "squeeze": SQUEEZE,
    "squeeze.multiple": SQUEEZE,
    **dict.fromkeys([f"nn.functional.avg_pool{n}d" for n in (1, 2, 3)], WHOLE),
    **dict.fromkeys(("addmm", "addmm.decomposed", "addmv", "addr", "addbmm", "baddbmm"), CUT),
    "nn.functional.batch_norm": (lambda s: s.input.ndim < 2, "an empty vector has no channels"),
    "nn.functional.scaled_dot_product_attention": (lambda s: s.kwargs.get("dropout_p", 0) > 0, RANDOM),
    "zero_": (lambda s: s.input.requires_grad, "a filled tensor has no gradient to give"),
    "nn.functional.hardtanh": (lambda s: "int" in str(s.input.dtype), "an activation of integers is floating"),
    "cdist": (lambda s: any(a.__class__ is float and a == 0 for a in s.args), "counting what differs has no gradient"),
    "kthvalue": (lambda s: "int" in str(s.input.dtype), "which of equal numbers comes first is left open"),
    "topk": (lambda s: "int" in str(s.input.dtype), "which of equal numbers comes first is left open"),
    "nextafter": (lambda s: s.input.requires_grad, "a step between neighbours has no gradient"),
    "div.floor_rounding": (lambda s: s.input.requires_grad, "what jumps has no gradient; PyTorch gives zeros"),
    "linalg.solve": (
        lambda s: s.args and s.args[0].ndim > 1 and s.args[0].shape == s.input.shape[:-1],
        "the standard: only one axis is a vector; (2, 5, 5) against (2, 5) is a matrix of 2 rows",
    ),
    "logcumsumexp": (
        lambda s: "float32" in str(s.input.dtype) and s.input.numel() and s.input.abs().max() > 1e3,
        "numbers of 10⁴: PyTorch's gradient in float32 is off by 3e-3 from that in float64, ours by 4e-7",
    ),
    "arange": (lambda s: s.input == 0.1, "PyTorch cuts the ends to integers before it counts"),
}
"""By op: which samples differ on purpose, and why."""

ONE_DTYPE = "operands meet in one dtype"
ERRORS_KNOWN: dict[str, str] = {
    **dict.fromkeys([f"nn.functional.conv{n}d" for n in (1, 2, 3)], ONE_DTYPE),
    "complex": ONE_DTYPE,
    "masked_fill": "the value broadcasts",
    "index_add": "the source broadcasts",
    "scatter": ONE_DTYPE,
    "scatter_add": ONE_DTYPE,
    "isclose": "a negative tolerance is never met",
    "nn.functional.max_pool1d": "nothing in, nothing out",
    "nn.functional.max_pool3d": "nothing in, nothing out",
    "linspace": "the ends broadcast",
    "arange": "nothing lies between, says the standard",
    "mean": "the mean of integers is floating",
    "linalg.cross": "operands broadcast",
    "cov": "weights below 0 are found in values, which a graph has not",
}
"""By op: what PyTorch refuses and we take on purpose, and why."""

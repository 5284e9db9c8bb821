"""How PyTorch's op database maps to dualflow: adapters, what has no counterpart, and the differences that are meant."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import dualflow as df

RENAMES = {"dim": "axis", "end": "stop", "keepdim": "keepdims", "input": "x", "unbiased": "correction", "dims": "axis"}
"""PyTorch's words for arguments that some of our functions name as the array API does."""


def _tensors(function: Callable[..., Any]) -> Callable[..., Any]:
    """Spread a list of tensors that PyTorch gives as the first argument."""
    return lambda xs, *args, **params: function(*xs, *args, **params)


def _variance(name: str) -> Callable[..., Any]:
    """``dim`` may be a bool that means ``unbiased``; one is subtracted from the count unless told otherwise."""

    def call(x: Any, dim: Any = None, unbiased: Any = None, keepdim: bool = False, *, correction: Any = None) -> Any:
        if isinstance(dim, bool):
            dim, unbiased = None, dim
        if correction is None:
            correction = 1 if unbiased is None else int(unbiased)
        return getattr(df, name)(x, axis=dim or None, correction=correction, keepdims=keepdim)

    return call


def _extreme(name: str) -> Callable[..., Any]:
    """PyTorch gives values and places when ``dim`` is named."""

    def call(x: Any, *args: Any, **params: Any) -> Any:
        if args or "dim" in params:
            axis = params.pop("dim", args[0] if args else None)
            keep = params.pop("keepdim", args[1] if len(args) > 1 else False)
            return getattr(df, name)(x, axis=axis, keepdims=keep), getattr(df, f"arg{name}")(
                x, axis=axis, keepdims=keep
            )
        return getattr(df, name)(x)

    return call


ADAPT: dict[str, Callable[..., Any]] = {
    "var": _variance("var"),
    "std": _variance("std"),
    "max.reduction_with_dim": _extreme("max"),
    "max.reduction_no_dim": _extreme("max"),
    "min.reduction_with_dim": _extreme("min"),
    "min.reduction_no_dim": _extreme("min"),
    "max.binary": lambda a, b: df.maximum(a, b),
    "min.binary": lambda a, b: df.minimum(a, b),
    "amax": lambda x, dim=None, keepdim=False: df.max(x, axis=dim if dim != () else None, keepdims=keepdim),
    "amin": lambda x, dim=None, keepdim=False: df.min(x, axis=dim if dim != () else None, keepdims=keepdim),
    "add": lambda a, b, alpha=1: a + (b if alpha == 1 else b * alpha),
    "sub": lambda a, b, alpha=1: a - (b if alpha == 1 else b * alpha),
    "zero_": lambda x: x.clone().zero_(),
    "clamp_max": lambda x, most: df.clip(x, None, most),
    "clamp_min": lambda x, least: df.clip(x, least, None),
    "cat": lambda xs, dim=0: df.concat(xs, axis=dim),
    "stack": lambda xs, dim=0: df.stack(xs, axis=dim),
    "true_divide": lambda a, b: df.divide(a, b),
    "eq": lambda a, b: df.equal(a, b),
    "ne": lambda a, b: df.not_equal(a, b),
    "mm": lambda a, b: a.mm(b),
    "__radd__": lambda a, b: b + a,
    "__rmul__": lambda a, b: b * a,
    "__rsub__": lambda a, b: b - a,
    "__rdiv__": lambda a, b: b / a,
    "__rpow__": lambda a, b: b**a,
    "__rmatmul__": lambda a, b: b @ a,
    "__rand__": lambda a, b: b & a,
    "__ror__": lambda a, b: b | a,
    "__rxor__": lambda a, b: b ^ a,
    "__rmod__": lambda a, b: b % a,
    "fft.fftshift": lambda x, dim=None: df.fft.fftshift(x, axes=dim),
    "fft.ifftshift": lambda x, dim=None: df.fft.ifftshift(x, axes=dim),
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
    "mode": "df.mode is the switch between the worlds",
    "equal": "PyTorch's equal is one bool for all; df.equal is the standard's, PyTorch's eq",
    **dict.fromkeys(
        "to bfloat16 chalf contiguous resize_ resize_as_ as_strided item tolist to_sparse "
        "new_empty new_empty_strided empty_strided empty_permuted".split(),
        "memory layout, or not a computation",
    ),
}

SHAPES_ONLY = {"empty", "empty_like", "new_empty"}

LOOSE: dict[str, float] = {}
"""How many times the usual tolerance an op is given."""

SQUEEZE = (
    lambda s: any(
        s.input.ndim and s.input.shape[d] != 1 for a in s.args for d in (a if isinstance(a, tuple) else (a,))
    ),
    "the standard: only axes of size 1 can be squeezed; PyTorch leaves others alone",
)
KNOWN: dict[str, tuple[Callable[[Any], bool], str]] = {
    "squeeze": SQUEEZE,
    "squeeze.multiple": SQUEEZE,
}
"""By op: which samples differ on purpose, and why."""

ERRORS_KNOWN: dict[str, str] = {}
"""By op: what PyTorch refuses and we take on purpose, and why."""

"""NumPy's functions on tensors: ``np.exp(w)`` and ``np.sum(w, axis=0)`` are carried out by the op of that name.

So they are recorded, or become nodes. What has no op of the same meaning is computed by NumPy on the plain values,
unless a gradient would be lost on the way: that is an error. This file knows NumPy's names, not what a tensor is.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dualflow.core import mode
from dualflow.core.errors import GradientError
from dualflow.core.names import SPACES
from dualflow.core.world import is_tensor
from dualflow.ops.array import shape
from dualflow.ops.linalg import products
from dualflow.ops.reduce import reductions
from dualflow.tensors import pytorch

UFUNCS = {
    "arccos": "acos",
    "arccosh": "acosh",
    "arcsin": "asin",
    "arcsinh": "asinh",
    "arctan": "atan",
    "arctan2": "atan2",
    "arctanh": "atanh",
    "conjugate": "conj",
    "degrees": "rad2deg",
    "fabs": "abs",
    "invert": "bitwise_invert",
    "left_shift": "bitwise_left_shift",
    "radians": "deg2rad",
    "right_shift": "bitwise_right_shift",
    "rint": "round",
}
"""NumPy's ufuncs that have another name here."""
SAME = frozenset(
    "all angle any argmax argmin argsort argwhere atleast_1d atleast_2d atleast_3d "
    "broadcast_arrays broadcast_to clip column_stack corrcoef cov cross cumulative_prod "
    "cumulative_sum diag diagonal diff dstack einsum expand_dims flip fliplr flipud hstack imag inner "
    "isclose kron matrix_transpose max mean meshgrid min moveaxis nan_to_num nanmean nansum nonzero "
    "ones_like outer permute_dims prod real repeat reshape roll rot90 round searchsorted sort "
    "squeeze stack std sum swapaxes take_along_axis tensordot tile trace tril triu unstack var "
    "vstack where zeros_like det eigh eigvalsh inv matrix_norm matrix_power norm pinv qr slogdet "
    "solve svd svdvals vector_norm fft ifft rfft irfft fft2 ifft2 fftn ifftn rfftn irfftn hfft ihfft "
    "fftshift ifftshift cholesky".split()
)
"""NumPy's other functions that mean what ours of the same name do."""
OTHERS: dict[str, Callable[..., Any]] = {
    "amax": reductions.max,
    "amin": reductions.min,
    "concatenate": shape.concat,
    "ravel": pytorch.ravel,
    "transpose": shape.permute_dims,
    "vdot": products.vdot,
}
"""NumPy's other functions that have another name here."""
WORDS = {"ddof": "correction"}
"""NumPy's words for arguments that have another name here."""
BLIND = frozenset(
    "allclose array2string array_equal array_equiv array_repr array_str can_cast common_type iscomplexobj isrealobj "
    "may_share_memory ndim result_type save savez shape shares_memory size".split()
)
"""NumPy's functions that no gradient could flow through."""


def array_ufunc(self: Any, ufunc: Any, method: str, *inputs: Any, **params: Any) -> Any:
    """Carry out ``np.exp(tensor)`` and its like: NumPy's ``__array_ufunc__``."""
    name = UFUNCS.get(ufunc.__name__, ufunc.__name__)
    found = None if params or method != "__call__" else SPACES["df"].get(name)
    if found is not None:
        return found(*inputs)
    return _plain(ufunc.__name__, getattr(ufunc, method), inputs, params)


def array_function(self: Any, function: Any, types: Any, args: tuple[Any, ...], params: dict[str, Any]) -> Any:
    """Carry out ``np.sum(tensor)`` and its like: NumPy's ``__array_function__``."""
    name = function.__name__
    if (name in SAME or name in OTHERS) and params.get("out") is None:
        space = (function.__module__ or "").removeprefix("numpy").strip(".")
        found = SPACES.get(space, {}).get(name) or OTHERS.get(name) or SPACES["df"].get(name)
        if found is not None:
            return found(*args, **{WORDS.get(word, word): value for word, value in params.items() if word != "out"})
    return _plain(name, function, args, params)


def _plain(name: str, function: Any, args: Any, params: dict[str, Any]) -> Any:
    """Compute on arrays. Raises GradientError where a gradient would be lost, a symbol's error where no value is."""
    arrays, options = _arrays(args), _arrays(params)
    if name not in BLIND and mode.is_grad_enabled() and _recorded((args, params)):
        raise GradientError(
            f"numpy.{name}: NumPy would compute on the plain numbers, and the gradient would be lost",
            operands=[("tensor", x) for x in args if is_tensor(x)],
            hint="use dualflow's own functions, or .detach() what needs no gradient",
        )
    return function(*arrays, **options)


def _recorded(value: Any) -> bool:
    """Return whether a gradient would flow to a tensor in nested arguments."""
    if isinstance(value, list | tuple):
        return any(_recorded(v) for v in value)
    if isinstance(value, dict):
        return any(_recorded(v) for v in value.values())
    return is_tensor(value) and bool(value.requires_grad)


def _arrays(value: Any) -> Any:
    """Replace each tensor in nested arguments by its array, sharing memory."""
    if type(value) in (list, tuple):
        return type(value)(_arrays(v) for v in value)
    if isinstance(value, dict):
        return {word: _arrays(v) for word, v in value.items()}
    return value.__array__() if is_tensor(value) else value

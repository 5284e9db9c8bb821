"""Lengths of vectors and matrices, and distances. Where a length is 0 its gradient is 0, as in PyTorch."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from dualflow.core import shapes
from dualflow.core.errors import Misfit
from dualflow.core.mode import constant
from dualflow.core.names import public
from dualflow.core.op import primitive
from dualflow.ops.array.axes import moveaxis
from dualflow.ops.array.copies import broadcast_arrays
from dualflow.ops.array.create import asarray
from dualflow.ops.array.index import take
from dualflow.ops.composite import refuse
from dualflow.ops.linalg.decompose import svdvals
from dualflow.ops.linalg.solve import inv
from dualflow.ops.math.comparison import keep, where
from dualflow.ops.math.complex import conjugate
from dualflow.ops.math.elementwise import abs, maximum, multiply
from dualflow.ops.math.lengths import per_length
from dualflow.ops.reduce.reductions import expand_like, max, min, over, sum


@primitive(shape=shapes.reduction, dtype="float magnitude", domain="distinct", name="vector_norm")
def _vector_norm(xp: Any, x: Any, *, axis: Any = None, keepdims: bool = False, ord: float = 2.0) -> Any:
    """Compute ``sum(abs(x) ** ord) ** (1 / ord)`` over ``axis``: the primitive behind ``vector_norm``.

    >>> df.linalg.vector_norm(df.tensor([3.0, 4.0]))
    tensor(5.)
    """
    kind = x.real.dtype
    size = xp.abs(x)
    axis = over(x, axis)
    if ord == math.inf:
        return size.max(axis=axis, keepdims=keepdims, initial=0)
    if ord == -math.inf:
        return size.min(axis=axis, keepdims=keepdims)
    if ord == 0:
        return (size != 0).astype(kind).sum(axis=axis, keepdims=keepdims)
    if ord == 1:
        return size.sum(axis=axis, keepdims=keepdims)
    if ord == 2:
        return xp.sqrt((size * size).sum(axis=axis, keepdims=keepdims))
    return ((size**ord).sum(axis=axis, keepdims=keepdims) ** (1 / ord)).astype(kind)


def _vector_norm_rule(g: Any, y: Any, x: Any, *, axis: Any, keepdims: bool, ord: float) -> Any:
    """Follow ``norm_backward`` of PyTorch's FunctionsManual.cpp: 0 wherever a division would be by 0."""
    if ord == 0:
        return None
    if ord == 2:
        return conjugate(x) * expand_like(per_length(g, y), x, axis=axis, keepdims=keepdims)
    wide = expand_like(y, x, axis=axis, keepdims=keepdims)
    g = expand_like(g, x, axis=axis, keepdims=keepdims)
    size = abs(x)
    nonzero = size != 0
    unit = conjugate(x) / where(nonzero, size, 1)
    if ord == 1:
        return unit * g
    if ord in (math.inf, -math.inf):
        chosen = (size == wide).astype(g.dtype)
        count = sum(chosen, axis=axis, keepdims=keepdims)
        return unit * (g * chosen / expand_like(count, x, axis=axis, keepdims=keepdims))
    ratio = where(nonzero, size, 1) / where(wide == 0, 1, wide)
    return unit * keep(g * ratio ** (ord - 1), nonzero)


_vector_norm.vjp(x=_vector_norm_rule)


def _order(op: str, ord: Any, x: Any) -> float:
    if isinstance(ord, int | float | np.number) and not isinstance(ord, bool) and ord == ord:
        return float(ord)
    raise refuse(op, f"the order must be a number, not {ord!r}", x)


def _cast(x: Any, dtype: Any) -> Any:
    return x if dtype is None else asarray(x).astype(dtype)


@public("linalg")
def vector_norm(x: Any, ord: float = 2, axis: Any = None, keepdims: bool = False, *, dtype: Any = None) -> Any:
    """Compute the norm of order ``ord`` (2, 1, inf, -inf, 0, or any number) over ``axis``, None for all.

    The result is real; ``dtype`` is cast to first. The gradient where the norm is 0 is 0.

    >>> df.linalg.vector_norm(df.tensor([[3.0, 4.0], [0.0, 0.0]]), axis=-1)
    tensor([5., 0.])
    """
    return _vector_norm(_cast(x, dtype), axis=axis, keepdims=keepdims, ord=_order("vector_norm", ord, x))


@public("linalg")
def matrix_norm(x: Any, ord: Any = "fro", axis: Any = (-2, -1), keepdims: bool = False, *, dtype: Any = None) -> Any:
    """Compute the norm of matrices, which lie on the two axes ``axis``.

    ``ord``: "fro" (Frobenius), "nuc" (the sum of singular values), 2 and -2 (the largest and least singular value),
    1 and -1 (the largest and least sum of a column), inf and -inf (of a row). ``dtype`` is cast to first.

    >>> df.linalg.matrix_norm(df.tensor([[3.0, 0.0], [0.0, 4.0]]), ord="nuc")
    tensor(7.)
    """
    x = asarray(_cast(x, dtype))
    try:
        at = tuple(shapes.normalize_axis(a, x.ndim) for a in axis)
        if len(at) != 2 or at[0] == at[1]:
            raise Misfit(f"a matrix lies on two axes, not {axis!r}")
    except (Misfit, TypeError) as misfit:
        reason = misfit.reason if isinstance(misfit, Misfit) else f"a matrix lies on two axes, not {axis!r}"
        raise refuse("matrix_norm", reason, x) from None
    if ord == "fro":
        return vector_norm(x, axis=at, keepdims=keepdims)
    if ord in (1, -1, math.inf, -math.inf):
        first, second = at if ord in (1, -1) else at[::-1]
        sums = sum(abs(x), axis=first, keepdims=True)
        found = (max if ord > 0 else min)(sums, axis=second, keepdims=True)
    elif ord in (2, -2, "nuc"):
        values = svdvals(moveaxis(x, at, (-2, -1)))
        kept = sum(values, axis=-1) if ord == "nuc" else (max if ord == 2 else min)(values, axis=-1)
        if not keepdims:
            return kept
        for a in sorted(at):
            kept = kept[(slice(None),) * a + (None,)]
        return kept
    else:
        raise refuse("matrix_norm", f"the order is 'fro', 'nuc', 1, -1, 2, -2, inf or -inf, not {ord!r}", x)
    return found if keepdims else found[tuple(0 if i in at else slice(None) for i in range(x.ndim))]


@public("linalg")
def norm(x: Any, ord: Any = None, axis: Any = None, keepdims: bool = False, *, dtype: Any = None) -> Any:
    """Compute a norm of vectors, or of matrices, as PyTorch's and NumPy's ``linalg.norm`` do.

    Without ``ord`` the norm of order 2 of all elements (over ``axis``). With ``ord``: of the vector or the matrix
    that ``x`` is, or of vectors when ``axis`` is a number, of matrices when it is two.

    >>> x = df.tensor([[3.0, 0.0], [0.0, 4.0]])
    >>> df.linalg.norm(x), df.linalg.norm(x, 2), df.linalg.norm(x, 1, axis=0)
    (tensor(5.), tensor(4.), tensor([3., 4.]))
    """
    x = asarray(_cast(x, dtype))
    if ord is None:
        return vector_norm(x, axis=axis, keepdims=keepdims)
    pair = isinstance(axis, tuple | list) and len(axis) == 2
    if pair or (axis is None and (x.ndim == 2 or isinstance(ord, str))):
        if not pair and x.ndim != 2:
            raise refuse("norm", f"order {ord!r} is for matrices; give the two axes that they lie on", x)
        return matrix_norm(x, axis=tuple(axis) if pair else (0, 1), keepdims=keepdims, ord=ord)
    if axis is None and x.ndim != 1:
        raise refuse("norm", f"order {ord!r} is for a vector or a matrix; give the axis, or two, of {x.ndim}", x)
    return vector_norm(x, axis=axis, keepdims=keepdims, ord=ord)


def p_norm(x: Any, p: Any = "fro", axis: Any = None, keepdims: bool = False) -> Any:
    """Compute the norm of order ``p`` of all elements, or over ``axis``, as ``torch.norm`` does.

    "fro" is order 2, and a number is the order for vectors, whatever the number of axes.

    >>> df.torch.norm(df.tensor([[3.0, 0.0], [0.0, 4.0]])), df.torch.norm(df.tensor([3.0, -4.0]), 1)
    (tensor(5.), tensor(7.))
    """
    if p == "nuc":
        return matrix_norm(x, axis=(-2, -1) if axis is None else axis, keepdims=keepdims, ord="nuc")
    return vector_norm(x, axis=axis, keepdims=keepdims, ord=2 if p in ("fro", None) else p)


@public("linalg")
def cond(x: Any, p: Any = None) -> Any:
    """Compute the condition number: the largest singular value over the least, or ``norm(x) * norm(inv(x))``.

    ``p``: None and 2 (or -2, the inverse of it) by singular values, else an order of ``matrix_norm``.

    >>> df.linalg.cond(df.tensor([[2.0, 0.0], [0.0, 4.0]]))
    tensor(2.)
    """
    if p in (None, 2, -2):
        values = svdvals(x)
        most, least = max(values, axis=-1), min(values, axis=-1)
        return least / most if p == -2 else most / least
    return matrix_norm(x, ord=p) * matrix_norm(inv(x), ord=p)


def normalize(input: Any, p: float = 2.0, dim: Any = 1, eps: float = 1e-12) -> Any:
    """Divide by the norm of order ``p`` over ``dim``, or by ``eps`` where that is larger.

    >>> df.nn.functional.normalize(df.tensor([[3.0, 4.0]]))
    tensor([[0.6, 0.8]])
    """
    return input / maximum(vector_norm(input, axis=dim, keepdims=True, ord=p), eps)


def cosine_similarity(x1: Any, x2: Any, dim: int = 1, eps: float = 1e-8) -> Any:
    """Compute the cosine of the angle between vectors along ``dim``; a norm below ``eps`` counts as ``eps``.

    >>> df.nn.functional.cosine_similarity(df.tensor([[2.0, 0.0]]), df.tensor([[3.0, 4.0]]))
    tensor([0.6])
    """
    a, b = asarray(x1), asarray(x2)
    if a.shape != b.shape and shapes.known(a.shape) and shapes.known(b.shape):  # ``dim`` counts in what they make
        a, b = broadcast_arrays(a, b)
    norms = [maximum(vector_norm(x, axis=dim, keepdims=True), eps) for x in (a, b)]
    return sum(multiply(a / norms[0], conjugate(b / norms[1])), axis=dim)


def pairwise_distance(x1: Any, x2: Any, p: float = 2.0, eps: float = 1e-6, keepdim: bool = False) -> Any:
    """Compute the norm of order ``p`` of ``x1 - x2 + eps`` over the last axis.

    >>> df.nn.functional.pairwise_distance(df.tensor([0.0, 0.0]), df.tensor([3.0, 4.0]), eps=0.0)
    tensor(5.)
    """
    return vector_norm(asarray(x1) - x2 + eps, axis=-1, keepdims=keepdim, ord=p)


def pdist(input: Any, p: float = 2.0) -> Any:
    """Compute the distance of order ``p`` between every two rows: (n, d) gives n (n - 1) / 2, in the order of pairs.

    >>> df.nn.functional.pdist(df.tensor([[0.0], [3.0], [7.0]]))
    tensor([3., 7., 4.])
    """
    if input.ndim != 2 or input.shape[0] is None:
        raise refuse("pdist", "takes a matrix whose number of rows is known", input)
    first, second = np.triu_indices(input.shape[0], 1)
    return vector_norm(take(input, constant(first)) - take(input, constant(second)), axis=-1, ord=p)


def cdist(a: Any, b: Any, p: float = 2.0) -> Any:
    """Compute the distance of order ``p`` between every row of ``a`` and every row of ``b``.

    (…, n, d) and (…, m, d) give (…, n, m). Differences are formed, not expanded into products, so that near points
    lose no digits and equal points have gradient 0; the memory is that of (…, n, m, d).

    >>> df.torch.cdist(df.tensor([[0.0, 0.0]]), df.tensor([[3.0, 4.0], [0.0, 1.0]]))
    tensor([[5., 1.]])
    """
    a, b = asarray(a), asarray(b)
    if a.ndim < 2 or b.ndim < 2 or (None not in (a.shape[-1], b.shape[-1]) and a.shape[-1] != b.shape[-1]):
        raise refuse("cdist", "takes rows of one length: (…, n, d) and (…, m, d)", a, b)
    return vector_norm(a[..., :, None, :] - b[..., None, :, :], axis=-1, ord=p)

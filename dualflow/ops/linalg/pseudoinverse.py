"""What singular values decide: the rank, the pseudo-inverse, least squares."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from dualflow.core import shapes
from dualflow.core.errors import Misfit, format_shape
from dualflow.core.names import public
from dualflow.core.op import primitive
from dualflow.ops.array.create import asarray
from dualflow.ops.array.shape import expand_dims
from dualflow.ops.linalg.decompose import least, matrices, svdvals
from dualflow.ops.linalg.products import adjoint, matmul
from dualflow.ops.math.complex import conjugate
from dualflow.ops.math.elementwise import abs, square
from dualflow.ops.reduce.reductions import sum


class LstsqResult(NamedTuple):
    """What ``lstsq`` returns."""

    solution: Any
    residuals: Any
    rank: Any
    singular_values: Any


def _tolerances(x: Any, rtol: Any = None, atol: Any = None) -> shapes.Shape:
    """Return the batch of matrices; tolerances are numbers, or one for each matrix."""
    batch = matrices(x)[:-2]
    for name, given in (("rtol", rtol), ("atol", atol)):
        if given is not None and shapes.broadcast(batch, shapes.of(given)) != batch:
            raise Misfit(
                f"{name} of shape {format_shape(shapes.of(given))} is not one for each of {format_shape(batch)}"
            )
    return batch


def _kept(xp: Any, s: Any, x: Any, rtol: Any, atol: Any) -> Any:
    """Return which singular values count: those above both ``atol`` and ``rtol`` times the largest."""
    usual = max(x.shape[-2:]) * float(np.finfo(s.dtype).eps)
    if rtol is None:
        rtol = usual if atol is None else xp.where(xp.asarray(atol) > 0, 0.0, usual)
    low = xp.asarray(rtol)[..., None] * s[..., :1]
    return s > (low if atol is None else xp.maximum(xp.asarray(atol)[..., None], low))


@primitive(
    shape=lambda x, rtol=None, atol=None: (*_tolerances(x, rtol, atol), least(*x.shape[-2:])),
    dtype="test",
    promotes=(0,),
    domain="matrix",
)
def significant(xp: Any, x: Any, rtol: Any = None, atol: Any = None) -> Any:
    """Return which singular values of matrices, in descending order, are not small: see ``matrix_rank``.

    >>> from dualflow.ops.linalg.pseudoinverse import significant
    >>> significant(df.tensor([[1.0, 1.0], [1.0, 1.0]]))
    tensor([ True, False])
    """
    _tolerances(x, rtol, atol)
    return _kept(xp, xp.linalg.svd(x, compute_uv=False), x, rtol, atol)


@public("linalg")
def matrix_rank(x: Any, *, rtol: Any = None, atol: Any = None, hermitian: bool = False) -> Any:
    """Count the singular values above ``atol`` and above ``rtol`` times the largest (int64).

    Tolerances are numbers or tensors, one for each matrix; ``rtol`` is the larger size times the machine epsilon, or 0
    with a positive ``atol``. ``hermitian`` promises that matrices are; the count is the same.

    >>> df.linalg.matrix_rank(df.tensor([[3.0, 0.0], [0.0, 0.1]]), atol=0.5)
    tensor(1)
    """
    return sum(significant(x, rtol, atol), axis=-1)


@primitive(
    shape=lambda x, rtol=None, atol=None: (*_tolerances(x, rtol, atol), x.shape[-1], x.shape[-2]),
    dtype="lapack",
    promotes=(0,),
    domain="matrix",
    name="pinv",
)
def _pinv(xp: Any, x: Any, rtol: Any = None, atol: Any = None) -> Any:
    """Invert on the span of the singular values that are not small: the primitive behind ``pinv``.

    >>> df.linalg.pinv(df.tensor([[2.0], [0.0]]))
    tensor([[0.5, 0. ]])
    """
    _tolerances(x, rtol, atol)
    if not x.size:
        return xp.zeros((*x.shape[:-2], x.shape[-1], x.shape[-2]), x.dtype)
    u, s, vh = xp.linalg.svd(x, full_matrices=False)
    kept = _kept(xp, s, x, rtol, atol)
    inverse = xp.where(kept, 1 / xp.where(kept, s, 1), 0).astype(s.dtype)
    return (vh.mT.conj() * inverse[..., None, :]) @ u.mT.conj()


def _pinv_rule(g: Any, y: Any, x: Any, rtol: Any, atol: Any) -> Any:
    """Follow G. H. Golub and V. Pereyra, "The differentiation of pseudo-inverses" (1973), eq. 4.12, transposed."""
    g = conjugate(g)
    back, turned = adjoint(y), adjoint(g)
    lost = turned - x @ (y @ turned)
    other = turned - (turned @ y) @ x
    return conjugate(lost @ y @ back + back @ y @ other - back @ g @ back)


_pinv.vjp(x=_pinv_rule, reads="y x")


@public("linalg")
def pinv(x: Any, *, rtol: Any = None, atol: Any = None, hermitian: bool = False) -> Any:
    """Compute the Moore-Penrose pseudo-inverse: (…, m, n) to (…, n, m).

    Singular values up to ``atol``, or up to ``rtol`` times the largest, count as zero: see ``matrix_rank``. The
    gradient holds where the rank does not change.

    >>> df.linalg.pinv(df.tensor([[2.0], [0.0]]))
    tensor([[0.5, 0. ]])
    """
    return _pinv(x, rtol, atol)


@public("linalg")
def lstsq(a: Any, b: Any, rcond: Any = None, *, driver: str | None = None) -> LstsqResult:
    """Find the x of least norm that minimises the norm of ``a @ x - b``: named results.

    a (…, m, n), b (…, m, k) or (m,): solution (…, n, k), residuals (the sums of squares, (…, k)), rank and singular
    values of a. Gradients are those of ``pinv(a) @ b``. ``rcond`` is the ``rtol`` of ``pinv``; ``driver`` names one of
    LAPACK's routines in PyTorch, of which singular values, "gelsd", serve for all.

    >>> df.linalg.lstsq(df.tensor([[2.0], [0.0]]), df.tensor([[1.0], [3.0]])).solution
    tensor([[0.5]])
    """
    a, b = asarray(a), asarray(b)
    vector = b.ndim == 1
    right = expand_dims(b, axis=-1) if vector else b
    solution = matmul(pinv(a, rtol=rcond), right)
    residuals = sum(square(abs(matmul(a, solution) - right)), axis=-2)
    if vector:
        solution, residuals = solution[..., 0], residuals[..., 0]
    return LstsqResult(solution, residuals, matrix_rank(a, rtol=rcond), svdvals(a))

"""Triangular factors, of Cholesky and of Gauss (LU), and the systems that they solve. Rules: see ``solve.py``."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from dualflow.core import shapes
from dualflow.core.errors import Misfit, SingularError, format_shape
from dualflow.core.names import public
from dualflow.core.op import late, primitive
from dualflow.ops.array.arrange import diag_embed, tril, triu
from dualflow.ops.array.create import asarray, eye
from dualflow.ops.array.shape import concat, matrix_transpose
from dualflow.ops.composite import refuse
from dualflow.ops.linalg import products
from dualflow.ops.linalg.matrix_rows import padded_like, rows_like
from dualflow.ops.linalg.products import adjoint, diagonal, sized
from dualflow.ops.linalg.solve import _solve_triangular, solve_triangular, square
from dualflow.ops.math.complex import conjugate


@primitive(shape=square, dtype="lapack", domain="definite", name="cholesky")
def _cholesky(xp: Any, x: Any) -> Any:
    """Factor as ``L @ L^H`` with L lower triangular: the primitive behind ``cholesky``.

    >>> from dualflow.core.op import VOCABULARY
    >>> VOCABULARY["cholesky"].call(df.tensor([[4.0]]))
    tensor([[2.]])
    """
    return xp.linalg.cholesky((x + x.mT.conj()) / 2)


def _cholesky_rule(g: Any, y: Any, x: Any) -> Any:
    """Follow I. Murray, "Differentiation of the Cholesky decomposition" (2016), eq. 10."""
    g = conjugate(g)
    inner = tril(adjoint(y) @ tril(g))
    inner = inner - diag_embed(diagonal(inner)) * 0.5
    left = _solve_triangular(adjoint(y), inner, upper=True, unitriangular=False)
    both = adjoint(_solve_triangular(adjoint(y), adjoint(left), upper=True, unitriangular=False))
    return conjugate((both + adjoint(both)) * 0.5)


_cholesky.vjp(x=_cholesky_rule, reads="y")
_cholesky.guard(
    lambda xp, x: xp.any(xp.isnan(xp.linalg.cholesky((x + x.mT.conj()) / 2))),
    (SingularError, "the matrix is not positive definite"),
)


@public("linalg")
def cholesky(x: Any, upper: bool = False) -> Any:
    """Factor Hermitian positive definite matrices as ``L @ L^H`` with L lower triangular, or as ``U^H @ U``.

    The Hermitian part of ``x`` is factored, so that both triangles count, and have gradients. Raises SingularError
    when it is not positive definite.

    >>> df.linalg.cholesky(df.tensor([[4.0, 2.0], [2.0, 5.0]]))
    tensor([[2., 0.],
            [1., 2.]])
    """
    found = _cholesky(x)
    return adjoint(found) if upper else found


def cholesky_solve(b: Any, factor: Any, upper: bool = False) -> Any:
    """Solve ``a @ x = b`` given the Cholesky factor of ``a``: b (…, n, k), factor (…, n, n).

    >>> df.torch.cholesky_solve(df.tensor([[4.0]]), df.tensor([[2.0]]))
    tensor([[1.]])
    """
    low = adjoint(factor) if upper else factor
    inner = solve_triangular(low, b, upper=False)
    return solve_triangular(adjoint(low), inner, upper=True)


def cholesky_inverse(factor: Any, upper: bool = False) -> Any:
    """Invert ``a``, given its Cholesky factor, (…, n, n).

    >>> df.torch.cholesky_inverse(df.tensor([[2.0]]))
    tensor([[0.25]])
    """
    factor, rows, _ = sized("cholesky_inverse", factor)
    return cholesky_solve(eye(rows, dtype=factor.dtype), factor, upper)


# --------------------------------------------------------------------------------------------------------------- LU


class LUResult(NamedTuple):
    """What ``lu`` returns."""

    P: Any
    L: Any
    U: Any


class LUFactorResult(NamedTuple):
    """What ``lu_factor`` returns."""

    LU: Any
    pivots: Any


def _exchanged(pivots: Any, like: Any) -> shapes.Shape:
    rows = shapes.of(like)[-2]
    if not shapes.of(pivots):
        raise Misfit("pivots lie along an axis; this is a scalar")
    return (*shapes.of(pivots)[:-1], rows, rows)


@primitive(shape=_exchanged, dtype="first", promotes=(1,))
def pivot_matrix(xp: Any, pivots: Any, like: Any) -> Any:
    """Make the permutation P of ``x = P L U`` of LAPACK's pivots: row i changes places with row pivots[i], from 1 on.

    It has as many rows as ``like``, and its dtype.

    >>> from dualflow.ops.linalg.factor import pivot_matrix
    >>> pivot_matrix(df.tensor([2, 2]), df.ones(2, 2))
    tensor([[0., 1.],
            [1., 0.]])
    """
    _exchanged(pivots, like)
    places, rows = xp.real(pivots).astype(np.int32) - 1, like.shape[-2]
    if xp is not np:
        order = late("jax.lax.linalg.lu_pivots_to_permutation")(places, rows)
    else:
        order = np.broadcast_to(np.arange(rows), (*places.shape[:-1], rows)).copy()
        for i in range(places.shape[-1]):
            there = places[..., i : i + 1]
            moved = np.take_along_axis(order, there, -1)
            np.put_along_axis(order, there, order[..., i : i + 1], -1)
            order[..., i : i + 1] = moved
    return xp.eye(rows, dtype=like.dtype)[order].mT


def _tall(x: Any) -> LUFactorResult:
    shape = shapes.of(x)
    if len(shape) < 2 or (None not in shape[-2:] and shape[-2] < shape[-1]):
        raise Misfit(f"takes matrices with as many rows as columns at least, not shape {format_shape(shape)}")
    return LUFactorResult(shape, (*shape[:-2], shape[-1]))


@primitive(shape=_tall, dtype=("lapack", "pivots"), results=LUFactorResult, domain="tall", name="lu")
def _lu(xp: Any, x: Any) -> Any:
    """Eliminate by rows: L below U in one matrix, and the pivots, from 1 on: behind ``lu_factor``.

    >>> from dualflow.core.op import VOCABULARY
    >>> VOCABULARY["lu"].call(df.tensor([[1.0, 1.0], [2.0, 4.0]])).pivots
    tensor([2, 2], dtype=int32)
    """
    both, pivots = late("jax.lax.linalg.lu")(x)[:2]
    return both, pivots + 1


@_lu.kernel("numpy")
def _eliminate(x: Any) -> Any:
    _tall(x)
    both = np.array(x, order="C")
    pivots = np.zeros((math.prod(x.shape[:-2]), x.shape[-1]), np.int32)
    if x.size:
        (getrf,) = late("scipy.linalg.lapack.get_lapack_funcs")(("getrf",), (both,))
        for matrix, places in zip(both.reshape(-1, *x.shape[-2:]), pivots, strict=True):
            matrix[...], places[...], _ = getrf(matrix)
    return both, pivots.reshape(*x.shape[:-2], x.shape[-1]) + 1


def _lu_rule(g: Any, y: Any, x: Any) -> Any:
    """P L^-T (tril(L^T g, -1) + triu(g U^T - L_2^T g_2)) U^-T, and below g_2 U^-T.

    L_2 are the rows that U has not: L_2 = B_2 U^-1. As ``lu_factor_ex_backward`` in PyTorch's FunctionsManual.cpp.
    """
    wide, factors, g = matrix_transpose(x), y.LU, g.LU  # wide has as many rows as U
    both, first = rows_like(factors, wide), rows_like(g, wide)
    below = g - padded_like(first, g)
    inner = tril(matrix_transpose(tril(both, k=-1)) @ first + first, k=-1)
    inner = inner + triu(first @ matrix_transpose(triu(both, k=0)) - matrix_transpose(factors) @ below, k=0)
    found = matrix_transpose(
        _solve_triangular(both, matrix_transpose(padded_like(inner, g) + below), upper=True, unitriangular=False)
    )
    above = rows_like(found, wide)
    top = _solve_triangular(matrix_transpose(both), above, upper=True, unitriangular=True)
    below = found - padded_like(above, g)
    return pivot_matrix(y.pivots, x) @ (padded_like(top, g) + below)


_lu.vjp(x=_lu_rule, reads="y")


@public("linalg")
def lu_factor(x: Any, *, pivot: bool = True) -> LUFactorResult:
    """Eliminate by rows: L below U in one matrix (the ones on L's diagonal left out), and LAPACK's pivots (int32).

    (…, m, n) gives LU (…, m, n) and pivots (…, min(m, n)), counted from 1: see ``lu`` and ``lu_solve``.

    >>> df.linalg.lu_factor(df.tensor([[1.0, 1.0], [2.0, 4.0]]))
    LUFactorResult(LU=tensor([[ 2. ,  4. ],
            [ 0.5, -1. ]]), pivots=tensor([2, 2], dtype=int32))
    """
    x, rows, columns = sized("lu_factor", x)
    if not pivot:
        raise refuse("lu_factor", "rows are always exchanged: pivot=False is not there", x)
    least = min(rows, columns)
    both, pivots = _lu(x[..., :least])
    if columns > rows:
        right = matrix_transpose(pivot_matrix(pivots, x)) @ x[..., rows:]
        both = concat([both, solve_triangular(both, right, upper=False, unitriangular=True)], axis=-1)
    return LUFactorResult(both, pivots)


def lu_unpack(lu: Any, pivots: Any) -> LUResult:
    """Take what ``lu_factor`` returns apart: P, L and U.

    >>> df.torch.lu_unpack(*df.linalg.lu_factor(df.tensor([[1.0, 1.0], [2.0, 4.0]]))).L
    tensor([[1. , 0. ],
            [0.5, 1. ]])
    """
    lu, rows, columns = sized("lu_unpack", lu)
    least = min(rows, columns)
    low = tril(lu[..., :least], k=-1) + eye(rows, least, dtype=lu.dtype)
    return LUResult(pivot_matrix(pivots, lu), low, triu(lu[..., :least, :]))


@public("linalg")
def lu(x: Any, *, pivot: bool = True) -> LUResult:
    """Decompose matrices as ``P @ L @ U``: a permutation, a lower triangle with ones on its diagonal, an upper one.

    (…, m, n) gives P (…, m, m), L (…, m, k) and U (…, k, n), k the smaller of m and n.

    >>> p, l, u = df.linalg.lu(df.tensor([[1.0, 1.0], [2.0, 4.0]]))
    >>> u
    tensor([[ 2.,  4.],
            [ 0., -1.]])
    """
    return lu_unpack(*lu_factor(x, pivot=pivot))


@public("linalg")
def lu_solve(lu: Any, pivots: Any, b: Any, *, left: bool = True, adjoint: bool = False) -> Any:
    """Solve ``a @ x = b`` given ``lu_factor(a)``; ``x @ a = b`` unless ``left``; ``a^H`` for a with ``adjoint``.

    >>> df.linalg.lu_solve(*df.linalg.lu_factor(df.tensor([[2.0, 0.0], [0.0, 4.0]])), df.ones(2, 1))
    tensor([[0.5 ],
            [0.25]])
    """
    turned = products.adjoint
    if not left:
        return turned(lu_solve(lu, pivots, turned(asarray(b)), adjoint=not adjoint))
    order = pivot_matrix(pivots, lu)
    if adjoint:
        inner = solve_triangular(turned(lu), b, upper=False)
        return order @ solve_triangular(turned(lu), inner, upper=True, unitriangular=True)
    inner = solve_triangular(lu, matrix_transpose(order) @ b, upper=False, unitriangular=True)
    return solve_triangular(lu, inner, upper=True)

"""Square matrices: inverses, determinants, linear systems and the exponential.

A singular matrix is refused, in compiled code too, where XLA's LAPACK would answer with NaN. Gradient rules follow
M. B. Giles, "An extended collection of matrix derivative results for forward and reverse mode algorithmic
differentiation" (2008), called Giles below. Rules are in JAX's convention for complex numbers (see ``complex.py``), in
which holomorphic ops keep Giles' transposes; the others conjugate the gradient, follow PyTorch, and conjugate back.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from dualflow.core import shapes
from dualflow.core.errors import Misfit, SingularError, format_shape
from dualflow.core.names import public
from dualflow.core.op import late, primitive
from dualflow.ops.array.arrange import diagonal, tril, triu
from dualflow.ops.array.create import asarray, filled
from dualflow.ops.array.shape import concat, matrix_transpose, permute_dims, reshape
from dualflow.ops.composite import refuse
from dualflow.ops.linalg.matrix_rows import columns_like, rows_like
from dualflow.ops.math.complex import conjugate
from dualflow.ops.math.elementwise import log
from dualflow.ops.reduce.reductions import sum

SINGULAR = (SingularError, "the matrix is singular")


def square(x: Any, **params: Any) -> shapes.Shape:
    """Shape rule: square matrices, kept."""
    shape = shapes.of(x)
    if len(shape) < 2 or (None not in shape[-2:] and shape[-1] != shape[-2]):
        raise Misfit(f"takes square matrices, not shape {format_shape(shape)}")
    return shape


def of_square(x: Any, **params: Any) -> shapes.Shape:
    """Shape rule: one number for each square matrix."""
    return square(x)[:-2]


def _singular(xp: Any, x: Any, **params: Any) -> Any:
    """Return whether LAPACK's elimination meets a pivot that is exactly zero, which NumPy takes for singular."""
    if not x.size:
        return False
    return xp.any(xp.diagonal(late("jax.lax.linalg.lu")(x)[0], 0, -2, -1) == 0)


# --------------------------------------------------------------------------------------------------------- inverses


@primitive(shape=square, dtype="lapack", numpy=np.linalg.inv, domain="invertible", public="linalg")
def inv(xp: Any, x: Any) -> Any:
    """Invert square matrices, (…, n, n). Raises SingularError; ``pinv`` inverts what can be inverted.

    >>> df.linalg.inv(df.tensor([[2.0, 0.0], [0.0, 4.0]]))
    tensor([[0.5 , 0.  ],
            [0.  , 0.25]])
    """
    return xp.linalg.inv(x)


def _inverse_rule(g: Any, y: Any, x: Any) -> Any:
    back = matrix_transpose(y)
    return -(back @ g @ back)  # Giles 2.2.3


inv.vjp(x=_inverse_rule, reads="y")
inv.guard(_singular, SINGULAR)


def _system(a: Any, b: Any) -> shapes.Shape:
    left, right = square(a), shapes.of(b)
    if not right:
        raise Misfit("the right-hand side is a vector or matrices; this is a scalar")
    size, rows = left[-1] if left[-1] is not None else left[-2], right[-1] if len(right) == 1 else right[-2]
    if None not in (size, rows) and size != rows:
        raise Misfit(f"{format_shape(left)} and {format_shape(right)}: {size} unknowns against {rows} rows in b")
    if len(right) == 1:
        return (*left[:-2], right[0] if right[0] is not None else size)
    return (*shapes.broadcast(left[:-2], right[:-2]), rows if rows is not None else size, right[-1])


@primitive(shape=_system, dtype="lapack", domain=("invertible", "matrix"), broadcasts=True, public="linalg")
def solve(xp: Any, a: Any, b: Any) -> Any:
    """Solve ``a @ x = b`` for x: (…, n, n) and (…, n, k), or a vector (n,). Raises SingularError.

    >>> df.linalg.solve(df.tensor([[2.0, 0.0], [0.0, 4.0]]), df.tensor([1.0, 1.0]))
    tensor([0.5 , 0.25])
    """
    return xp.linalg.solve(a, b)


def _solve_a(g: Any, y: Any, a: Any, b: Any) -> Any:
    back = _turned_solve(a, g, b)
    if b.ndim == 1:
        return -(back[..., None] * y[..., None, :])
    return -(back @ matrix_transpose(y))  # Giles 2.3.1


def _turned_solve(a: Any, g: Any, b: Any) -> Any:
    """Solve with the transposed matrix; one vector in each batch is not what ``solve`` takes a matrix for."""
    a = matrix_transpose(a)
    return solve(a, g) if b.ndim > 1 else solve(a, g[..., None])[..., 0]


solve.vjp(a=_solve_a, b=lambda g, y, a, b: _turned_solve(a, g, b), reads={"a": "y a", "b": "a"})
solve.guard(lambda xp, a, b: _singular(xp, a), SINGULAR)


def _triangular(a: Any, b: Any, **params: Any) -> shapes.Shape:
    if len(shapes.of(b)) < 2:
        raise Misfit("the right-hand side must have two axes at least; write b[:, None] for one column")
    return _system(a, b)


def _half(a: Any, b: Any, upper: bool) -> Any:
    """Solve by halves, so that most of the work is one matmul; small blocks go to NumPy's solver."""
    n = a.shape[-1]
    if n <= 48:
        return np.linalg.solve(a, b)
    m = n // 2
    if upper:
        low = _half(a[..., m:, m:], b[..., m:, :], upper)
        high = _half(a[..., :m, :m], b[..., :m, :] - a[..., :m, m:] @ low, upper)
    else:
        high = _half(a[..., :m, :m], b[..., :m, :], upper)
        low = _half(a[..., m:, m:], b[..., m:, :] - a[..., m:, :m] @ high, upper)
    return np.concatenate([high, low], axis=-2)


@primitive(shape=_triangular, dtype="lapack", domain=("invertible", "matrix"), broadcasts=True, name="solve_triangular")
def _solve_triangular(xp: Any, a: Any, b: Any, *, upper: bool = False, unitriangular: bool = False) -> Any:
    """Solve ``a @ x = b`` reading one triangle of ``a`` only: the primitive behind ``solve_triangular``.

    >>> df.linalg.solve_triangular(df.tensor([[2.0, 9.0], [1.0, 1.0]]), df.ones(2, 1), upper=False)
    tensor([[0.5],
            [0.5]])
    """
    batch = np.broadcast_shapes(a.shape[:-2], b.shape[:-2])
    a, b = xp.broadcast_to(a, (*batch, *a.shape[-2:])), xp.broadcast_to(b, (*batch, *b.shape[-2:]))
    found = late("jax.lax.linalg.triangular_solve")
    return found(a, b, left_side=True, lower=not upper, unit_diagonal=unitriangular)


@_solve_triangular.kernel("numpy")
def _by_halves(a: Any, b: Any, *, upper: bool, unitriangular: bool) -> Any:
    _triangular(a, b)
    a = np.triu(a) if upper else np.tril(a)
    if unitriangular:
        rows = np.arange(a.shape[-1])
        a[..., rows, rows] = 1
    batch = np.broadcast_shapes(a.shape[:-2], b.shape[:-2])
    return _half(np.broadcast_to(a, (*batch, *a.shape[-2:])), np.broadcast_to(b, (*batch, *b.shape[-2:])), upper)


def _turned(a: Any, g: Any, upper: bool, unitriangular: bool) -> Any:
    return _solve_triangular(matrix_transpose(a), g, upper=not upper, unitriangular=unitriangular)


def _triangular_a(g: Any, y: Any, a: Any, b: Any, *, upper: bool, unitriangular: bool) -> Any:
    full = -(_turned(a, g, upper, unitriangular) @ matrix_transpose(y))
    return triu(full, k=int(unitriangular)) if upper else tril(full, k=-int(unitriangular))


_solve_triangular.vjp(
    a=_triangular_a,
    b=lambda g, y, a, b, *, upper, unitriangular: _turned(a, g, upper, unitriangular),
    reads={"a": "y a", "b": "a"},
)
_solve_triangular.guard(
    lambda xp, a, b, *, upper, unitriangular: (
        False if unitriangular else xp.any(xp.diagonal(a, 0, -2, -1) == 0) & bool(b.shape[-1])
    ),
    (SingularError, "the matrix has a zero on its diagonal"),
)


@public("linalg")
def solve_triangular(a: Any, b: Any, *, upper: bool, left: bool = True, unitriangular: bool = False) -> Any:
    """Solve ``a @ x = b``, or ``x @ a = b`` unless ``left``, for triangular ``a``: the other triangle is not read.

    ``unitriangular``: take the diagonal for ones. Raises SingularError for a zero on the diagonal.

    >>> df.linalg.solve_triangular(df.tensor([[2.0, 0.0], [1.0, 1.0]]), df.ones(2, 1), upper=False)
    tensor([[0.5],
            [0.5]])
    """
    if left:
        return _solve_triangular(a, b, upper=upper, unitriangular=unitriangular)
    a, b = matrix_transpose(a), matrix_transpose(b)
    return matrix_transpose(_solve_triangular(a, b, upper=not upper, unitriangular=unitriangular))


@public("linalg")
def tensorsolve(a: Any, b: Any, dims: Any = None) -> Any:
    """Solve ``tensordot(a, x, x.ndim) = b`` for x, whose shape is that of ``a`` after the axes of ``b``.

    ``dims``: axes of ``a`` that are moved to its end first. Raises ShapeError unless both ends have one size.

    >>> df.linalg.tensorsolve(df.eye(4).reshape(2, 2, 4), df.ones(2, 2)).shape
    (4,)
    """
    a, b = asarray(a), asarray(b)
    if dims is not None:
        last = [shapes.normalize_axis(d, a.ndim) for d in dims]
        a = permute_dims(a, axes=(*(i for i in range(a.ndim) if i not in last), *last))
    rest, size = tuple(a.shape[b.ndim :]), math.prod(b.shape)
    if math.prod(rest) != size or math.prod(a.shape) != size * size:
        raise refuse("tensorsolve", f"{math.prod(rest)} unknowns against {size} equations, the elements of b", a, b)
    return reshape(solve(reshape(a, shape=(size, size)), reshape(b, shape=(size,))), shape=rest)


@public("linalg")
def tensorinv(a: Any, ind: int = 2) -> Any:
    """Invert ``x -> tensordot(a, x, a.ndim - ind)``: the axes from ``ind`` on come first in the result.

    >>> df.linalg.tensorinv(df.eye(4).reshape(2, 2, 4)).shape
    (4, 2, 2)
    """
    a = asarray(a)
    front, rest = tuple(a.shape[:ind]), tuple(a.shape[ind:])
    size = math.prod(front)
    if ind < 1 or math.prod(rest) != size:
        raise refuse("tensorinv", f"{math.prod(rest)} unknowns against {size} equations before axis {ind}", a)
    return reshape(inv(reshape(a, shape=(size, size))), shape=(*rest, *front))


# ----------------------------------------------------------------------------------------------------- determinants


@primitive(shape=of_square, dtype="lapack", numpy=np.linalg.det, domain="invertible", public="linalg")
def det(xp: Any, x: Any) -> Any:
    """Compute the determinant of square matrices, (…, n, n) to (…).

    The first gradient and the second hold at singular matrices too.

    >>> df.linalg.det(df.tensor([[2.0, 1.0], [0.0, 4.0]]))
    tensor(8.)
    """
    return xp.linalg.det(x)


@primitive(shape=square, dtype="lapack", domain="invertible")
def cofactors(xp: Any, x: Any) -> Any:
    """Compute the matrix of cofactors: ``det(x)`` times the transposed inverse, and finite where there is none.

    From x = U S V^H: conj(U) C conj(V)^H, where C has on its diagonal the products of all singular values but
    one, times det(U) det(V^H).

    >>> from dualflow.ops.linalg.solve import cofactors
    >>> df.abs(cofactors(df.tensor([[2.0, 0.0], [0.0, 0.0]])) - df.tensor([[0.0, 0.0], [0.0, 2.0]])) < 1e-6
    tensor([[ True,  True],
            [ True,  True]])
    """
    n = x.shape[-1]
    if n == 0:
        return x + 0
    u, s, vh = xp.linalg.svd(x)
    others = xp.where(xp.eye(n, dtype=bool), xp.ones_like(s[..., None, :]), s[..., None, :]).prod(-1)
    phase = xp.linalg.det(u) * xp.linalg.det(vh)
    return ((u.conj() * (phase[..., None] * others)[..., None, :]) @ vh.conj()).astype(x.dtype)


def _paired(g: Any, x: Any) -> shapes.Shape:
    if not shapes.agree(shapes.of(g), square(x)):
        raise Misfit(f"a gradient of shape {format_shape(shapes.of(g))} does not fit {format_shape(shapes.of(x))}")
    return shapes.of(x)


@primitive(shape=_paired, dtype="lapack", domain=("matrix", "invertible"))
def cofactors_slope(xp: Any, g: Any, x: Any) -> Any:
    """Differentiate ``sum(g * cofactors(x))`` by x, which a singular matrix, and 0 too, has as any other.

    That is the second derivative of the determinant, a sum over its minors of order two. Between the singular vectors
    of x = U S V^H only those of the diagonal are there: with G = U^H g V, and P_ij the product of all singular values
    but i and j, sum_j P_ij G_jj at (i, i) and -P_ij G_ji at (i, j), times det(U) det(V^H), taken back as cofactors are.

    >>> from dualflow.ops.linalg.solve import cofactors_slope
    >>> cofactors_slope(df.tensor([[1.0, 0.0], [0.0, 0.0]]), df.zeros(2, 2))
    tensor([[0., 0.],
            [0., 1.]])
    """
    _paired(g, x)
    n = x.shape[-1]
    if n < 2:
        return g * 0
    u, s, vh = xp.linalg.svd(x)
    others = _all_but_two(xp, s) * (xp.linalg.det(u) * xp.linalg.det(vh))[..., None, None]
    inner = u.mT.conj() @ g @ vh.mT.conj()
    own = (others * xp.diagonal(inner, 0, -2, -1)[..., None, :]).sum(-1)
    found = own[..., None] * xp.eye(n, dtype=own.dtype) - others * inner.mT
    return (u.conj() @ found @ vh.conj()).astype(x.dtype)


def _all_but_two(xp: Any, s: Any) -> Any:
    """Return the product of all elements but two, for every two, without a division; 0 on the diagonal."""
    n = s.shape[-1]
    after = np.triu(np.ones((n, n), bool), 1)
    ones = xp.ones_like(s[..., :1])
    before = xp.cumprod(xp.concatenate([ones, s[..., :-1]], -1), -1)
    behind = xp.cumprod(xp.concatenate([ones, s[..., :0:-1]], -1), -1)[..., ::-1]
    # (i, j): those from i + 1 to j - 1
    between = xp.cumprod(xp.where(after, s[..., None, :], 1), -1)
    between = xp.concatenate([xp.ones_like(between[..., :1]), between[..., :-1]], -1)
    pairs = xp.where(after, before[..., :, None] * between * behind[..., None, :], 0)
    return pairs + pairs.mT


def _third_slope(g: Any, y: Any, g0: Any, x: Any) -> Any:
    """Differentiate det(x) (tr(G B) tr(H B) - tr(G B H B)), where B is the inverse, which x must have."""
    back = inv(x)
    one, other = back @ g0, back @ g
    traces = [sum(diagonal(part, axis1=-2, axis2=-1), axis=-1)[..., None, None] for part in (one, other, one @ other)]
    both = one @ other + other @ one - one * traces[1] - other * traces[0]
    whole = traces[0] * traces[1] - traces[2]
    return det(x)[..., None, None] * matrix_transpose(both @ back + whole * back)


cofactors_slope.vjp(g=lambda g, y, g0, x: cofactors_slope(g, x), x=_third_slope, reads={"g": "x", "x": "g x"})
cofactors.vjp(x=lambda g, y, x: cofactors_slope(g, x), reads="x")
det.vjp(x=lambda g, y, x: g[..., None, None] * cofactors(x), reads="x")  # Giles 2.2.4, without dividing


class SlogdetResult(NamedTuple):
    """What ``slogdet`` returns."""

    sign: Any
    logabsdet: Any


@primitive(
    shape=lambda x: (of_square(x),) * 2, dtype=("lapack", "spectrum"), results=SlogdetResult, domain="invertible",
    public="linalg",
)  # fmt: skip
def slogdet(xp: Any, x: Any) -> Any:
    """Compute the sign (or phase) of the determinant and the logarithm of its absolute value: named results.

    A singular matrix gives 0 and -inf.

    >>> df.linalg.slogdet(df.tensor([[-1.0]]))
    SlogdetResult(sign=tensor(-1.), logabsdet=tensor(0.))
    """
    sign, size = xp.linalg.slogdet(x)
    return sign, size


def _slogdet_rule(g: Any, y: Any, x: Any) -> Any:
    """Pull back log|det x|, and the phase of a complex determinant: (g_log - i Im(conj(g_sign) sign)) x^-H.

    As ``slogdet_backward`` in PyTorch's FunctionsManual.cpp.
    """
    if g[1] is None and x.dtype.kind != "c":  # a real sign is constant
        return None
    to_sign, along = filled(g, y)
    if x.dtype.kind == "c":
        turn = to_sign * y[0]
        along = along + (turn - conjugate(turn)) * 0.5
    return along[..., None, None] * matrix_transpose(inv(x))


slogdet.vjp(x=_slogdet_rule)


def logdet(x: Any) -> Any:
    """Compute the logarithm of the determinant; NaN where it is negative.

    >>> df.torch.logdet(df.tensor([[1.0]]))
    tensor(0.)
    """
    sign, size = slogdet(x)
    return size + log(sign)


# ------------------------------------------------------------------------------------------------------ exponential

# Padé coefficients of order 13 and its radius: N. J. Higham, "The scaling and squaring method for the matrix
# exponential revisited" (2005), tables 2.3 and 2.1 (double precision; good for single precision too).
_PADE = (
    64764752532480000, 32382376266240000, 7771770303897600, 1187353796428800, 129060195264000, 10559470521600,
    670442572800, 33522128640, 1323241920, 40840800, 960960, 16380, 182, 1,
)  # fmt: skip
_RADIUS = 5.371920351148152


@primitive(shape=square, dtype="lapack", domain="matrix", jax="jax.scipy.linalg.expm", public="linalg")
def matrix_exp(xp: Any, x: Any) -> Any:
    """Compute the exponential of square matrices, 1 + x + x @ x / 2 + …

    >>> df.linalg.matrix_exp(df.tensor([[0.0, 1.0], [0.0, 0.0]]))
    tensor([[1., 1.],
            [0., 1.]])
    """
    if not x.size:
        return x + 0
    largest = xp.abs(x).sum(-2).max()
    with np.errstate(divide="ignore", invalid="ignore"):
        times = xp.maximum(0, xp.ceil(xp.log2(largest / _RADIUS)))
    times = xp.where(xp.isfinite(times), times, 0)
    x = (x / 2.0 ** times.astype(x.real.dtype)).astype(x.dtype)
    b = [float(c) / _PADE[0] for c in _PADE]
    one = xp.eye(x.shape[-1], dtype=x.dtype)
    x2 = x @ x
    x4 = x2 @ x2
    x6 = x4 @ x2
    odd = x @ (x6 @ (b[13] * x6 + b[11] * x4 + b[9] * x2) + b[7] * x6 + b[5] * x4 + b[3] * x2 + b[1] * one)
    even = x6 @ (b[12] * x6 + b[10] * x4 + b[8] * x2) + b[6] * x6 + b[4] * x4 + b[2] * x2 + one
    y = xp.linalg.solve(even - odd, even + odd)
    for _ in range(int(times)):
        y = y @ y
    return y


def _exponential_rule(g: Any, y: Any, x: Any) -> Any:
    """Read the Fréchet derivative off a block: exp [[x^T, g], [0, x^T]] has it in its upper right.

    R. Mathias, "A chain rule for matrix functions and applications" (1996); PyTorch does the same.
    """
    back = matrix_transpose(x)
    blocks = concat([concat([back, g], axis=-1), concat([g * 0, back], axis=-1)], axis=-2)
    upper = rows_like(matrix_exp(blocks), x, last=False)
    return columns_like(upper, x, last=True)


matrix_exp.vjp(x=_exponential_rule, reads="x")

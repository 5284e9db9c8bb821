"""Decompositions: eigenvalues, singular values, QR.

Factors are unique up to a sign (a phase, when complex) for each vector. Eigenvectors and singular vectors are turned
so that their largest element is positive, which makes eager and compiled code agree; gradients are those of functions
that do not depend on the choice. Where eigenvalues or singular values coincide, those of vectors are not finite,
as in PyTorch. Sources of the rules: M. B. Giles, "An extended collection of matrix derivative results" (2008), and for
complex matrices PyTorch's FunctionsManual.cpp.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from dualflow.core import dtypes, shapes
from dualflow.core.errors import Misfit, format_shape
from dualflow.core.names import public
from dualflow.core.op import primitive
from dualflow.ops.array.arrange import diag_embed, tril, triu
from dualflow.ops.array.create import _full_like, asarray
from dualflow.ops.array.shape import concat, matrix_transpose
from dualflow.ops.composite import refuse
from dualflow.ops.linalg.matrix_rows import rows_like
from dualflow.ops.linalg.products import adjoint, conjugate, diagonal, matmul, sized
from dualflow.ops.linalg.solve import _solve_triangular, solve
from dualflow.ops.linalg.solve import square as square_shape
from dualflow.ops.math.complex import real
from dualflow.ops.math.elementwise import square


class EighResult(NamedTuple):
    """What ``eigh`` returns."""

    eigenvalues: Any
    eigenvectors: Any


class EigResult(NamedTuple):
    """What ``eig`` returns."""

    eigenvalues: Any
    eigenvectors: Any


class QRResult(NamedTuple):
    """What ``qr`` returns."""

    Q: Any
    R: Any


class SVDResult(NamedTuple):
    """What ``svd`` returns."""

    U: Any
    S: Any
    Vh: Any


def _upright(xp: Any, v: Any) -> Any:
    """Return the factor for each column that makes its largest element positive."""
    size = xp.abs(v)
    at = xp.argmax(size, axis=-2, keepdims=True)
    top = xp.take_along_axis(v, at, -2)
    if v.dtype.kind != "c":
        return xp.where(top < 0, -1, 1).astype(v.dtype)
    length = xp.take_along_axis(size, at, -2)
    return top.conj() / xp.where(length == 0, 1, length)


def _hermitian(x: Any) -> Any:
    return (x + x.mT.conj()) / 2


def _gaps(values: Any) -> Any:
    """Return values[j] - values[i] at (i, j), ones on the diagonal."""
    return values[..., None, :] - values[..., :, None] + diag_embed(_full_like(1, values, dtype=values.dtype))


def _stacked(rows: int) -> Any:
    def shape(x: Any) -> shapes.Shape:
        found = square_shape(x)
        size = found[-1] if found[-1] is not None else found[-2]
        return (*found[:-2], None if size is None else size + rows, size)

    return shape


# ------------------------------------------------------------------------------------------------------ eigenvalues


@primitive(shape=_stacked(1), dtype="lapack", domain="matrix", name="eigh")
def _eigh(xp: Any, x: Any) -> Any:
    """Stack the eigenvalues of a Hermitian matrix on its eigenvectors: the primitive behind ``eigh``.

    >>> from dualflow.core.op import VOCABULARY
    >>> VOCABULARY["eigh"].call(df.tensor([[2.0, 0.0], [0.0, 3.0]]))
    tensor([[2., 3.],
            [1., 0.],
            [0., 1.]])
    """
    if not x.shape[-1]:
        return xp.zeros((*x.shape[:-2], 1, 0), x.dtype)
    w, v = xp.linalg.eigh(_hermitian(x))
    return xp.concatenate([w[..., None, :].astype(x.dtype), v * _upright(xp, v)], -2)


def _eigh_rule(g: Any, y: Any, x: Any) -> Any:
    """V (diag(g_w) + (V^H g_V) / E) V^H with E_ij = w_j - w_i: Giles 3.1; then its Hermitian part."""
    g = conjugate(g)
    w, v = y[..., 0, :], y[..., 1:, :]
    inner = adjoint(v) @ g[..., 1:, :]
    inner = inner - diag_embed(diagonal(inner))
    found = v @ (diag_embed(g[..., 0, :]) + inner / _gaps(w)) @ adjoint(v)
    return conjugate((found + adjoint(found)) * 0.5)


_eigh.vjp(x=_eigh_rule, reads="y")


def _mirrored(op: str, x: Any, UPLO: str | None) -> Any:
    """Return the Hermitian matrix of which one triangle is given; None when both are."""
    if UPLO is None:
        return x
    if UPLO not in ("L", "U"):
        raise refuse(op, f"UPLO is 'L' or 'U', the triangle that is read, not {UPLO!r}", x)
    x = asarray(x)
    return tril(x) + adjoint(tril(x, k=-1)) if UPLO == "L" else triu(x) + adjoint(triu(x, k=1))


@public("linalg")
def eigh(x: Any, UPLO: str | None = None) -> EighResult:
    """Decompose Hermitian matrices: eigenvalues in ascending order (real), eigenvectors as columns.

    ``UPLO``: "L" or "U" reads that triangle only; by default both count: the Hermitian part of ``x`` is decomposed.

    >>> df.linalg.eigh(df.tensor([[2.0, 0.0], [0.0, 3.0]])).eigenvalues
    tensor([2., 3.])
    """
    both = _eigh(_mirrored("eigh", x, UPLO))
    return EighResult(real(both[..., 0, :]), both[..., 1:, :])


@primitive(shape=lambda x: square_shape(x)[:-1], dtype="spectrum", domain="matrix", name="eigvalsh")
def _eigvalsh(xp: Any, x: Any) -> Any:
    """Compute the eigenvalues of Hermitian matrices: the primitive behind ``eigvalsh``.

    >>> df.linalg.eigvalsh(df.tensor([[2.0, 0.0], [0.0, 3.0]]))
    tensor([2., 3.])
    """
    return xp.linalg.eigvalsh(_hermitian(x))


def _eigvalsh_rule(g: Any, y: Any, x: Any) -> Any:
    v = _eigh(x)[..., 1:, :]
    return conjugate(v @ (g.astype(x.dtype)[..., None] * adjoint(v)))


_eigvalsh.vjp(x=_eigvalsh_rule, reads="x")


@public("linalg")
def eigvalsh(x: Any, UPLO: str | None = None) -> Any:
    """Compute the eigenvalues of Hermitian matrices, real and in ascending order; ``UPLO`` as in ``eigh``.

    >>> df.linalg.eigvalsh(df.tensor([[2.0, 0.0], [9.0, 3.0]]), UPLO="U")
    tensor([2., 3.])
    """
    return _eigvalsh(_mirrored("eigvalsh", x, UPLO))


@primitive(shape=_stacked(1), dtype="eigen", domain="matrix", name="eig")
def _eig(xp: Any, x: Any) -> Any:
    """Stack the eigenvalues of a square matrix on its eigenvectors: the primitive behind ``eig``.

    They are sorted by real part, then imaginary part.

    >>> from dualflow.core.op import VOCABULARY
    >>> VOCABULARY["eig"].call(df.tensor([[2.0, 0.0], [0.0, 3.0]])).shape
    (3, 2)
    """
    kind = dtypes.complex_of(x.dtype)
    if not x.shape[-1]:
        return xp.zeros((*x.shape[:-2], 1, 0), kind)
    w, v = xp.linalg.eig(x)
    order = xp.lexsort((w.imag, w.real))[..., None, :]
    both = xp.concatenate([w[..., None, :].astype(kind), (v * _upright(xp, v)).astype(kind)], -2)
    return xp.take_along_axis(both, order, -1)


def _eig_rule(g: Any, y: Any, x: Any) -> Any:
    """V^-H (diag(g_w) + (V^H g_V - V^H V Re(diag(V^H g_V))) / E*) V^H: Giles 3.2 with vectors of unit length."""
    g = conjugate(g)
    w, v = y[..., 0, :], y[..., 1:, :]
    inner = adjoint(v) @ g[..., 1:, :]
    along = diagonal(inner)
    along = (along + conjugate(along)) * 0.5
    inner = inner - (adjoint(v) @ v) * along[..., None, :]
    inner = inner - diag_embed(diagonal(inner))
    found = solve(adjoint(v), (diag_embed(g[..., 0, :]) + inner / conjugate(_gaps(w))) @ adjoint(v))
    return conjugate(found) if x.dtype.kind == "c" else real(found)


_eig.vjp(x=_eig_rule, reads="y")


@public("linalg")
def eig(x: Any) -> EigResult:
    """Decompose square matrices: eigenvalues and eigenvectors (as columns of length 1), both complex.

    >>> df.linalg.eig(df.tensor([[0.0, 1.0], [-1.0, 0.0]])).eigenvalues
    tensor([0.-1.j, 0.+1.j], dtype=complex64)
    """
    both = _eig(x)
    return EigResult(both[..., 0, :], both[..., 1:, :])


@public("linalg")
def eigvals(x: Any) -> Any:
    """Compute the eigenvalues of square matrices, complex, sorted by real part and then imaginary part.

    >>> df.linalg.eigvals(df.tensor([[0.0, 1.0], [-1.0, 0.0]]))
    tensor([0.-1.j, 0.+1.j], dtype=complex64)
    """
    return eig(x).eigenvalues


# -------------------------------------------------------------------------------------------------- singular values


def matrices(x: Any) -> shapes.Shape:
    shape = shapes.of(x)
    if len(shape) < 2:
        raise Misfit(f"takes matrices: at least two axes; shape {format_shape(shape)} has {len(shape)}")
    return shape


def least(rows: Any, columns: Any) -> Any:
    if rows is None or columns is None:
        return 0 if 0 in (rows, columns) else None
    return rows if rows < columns else columns


def _svd_shape(x: Any) -> shapes.Shape:
    *batch, rows, columns = matrices(x)
    return (*batch, None if rows is None or columns is None else rows + columns + 1, least(rows, columns))


@primitive(shape=_svd_shape, dtype="lapack", domain="matrix", name="svd")
def _svd(xp: Any, x: Any) -> Any:
    """Stack singular values, left vectors and right vectors: the primitive behind ``svd``.

    >>> from dualflow.core.op import VOCABULARY
    >>> VOCABULARY["svd"].call(df.tensor([[3.0, 0.0]]))
    tensor([[3.],
            [1.],
            [1.],
            [0.]])
    """
    u, s, vh = xp.linalg.svd(x, full_matrices=False)
    turn = _upright(xp, u) if u.size else xp.ones((), x.dtype)
    return xp.concatenate([s[..., None, :].astype(x.dtype), u * turn, vh.mT.conj() * turn], -2)


def _svd_rule(g: Any, y: Any, x: Any) -> Any:
    """U ((skew(U^H g_U) / E) S + S (skew(V^H g_V) / E) + diag(g_S)) V^H, and what leaves the spans of U and V.

    skew(X) = X - X^H, E_ij = s_j^2 - s_i^2: Giles 3.4 as in PyTorch's ``svd_backward``.
    """
    g = conjugate(g)
    s, rest, turned = y[..., 0, :], y[..., 1:, :], g[..., 1:, :]
    u, v = rows_like(rest, x, last=False), rows_like(rest, x.mT, last=True)
    gu, gv = rows_like(turned, x, last=False), rows_like(turned, x.mT, last=True)
    across, along = adjoint(u) @ gu, adjoint(v) @ gv
    gaps = _gaps(square(s))
    inner = ((across - adjoint(across)) / gaps) * s[..., None, :] + s[..., :, None] * ((along - adjoint(along)) / gaps)
    straight = g[..., 0, :]
    if x.dtype.kind == "c":  # phases: twice the imaginary part of the diagonal, which skew has counted with E = 1
        inner = inner - diag_embed(diagonal(inner))
        turn = diagonal(across)
        straight = (straight + conjugate(straight)) * 0.5 + (turn - conjugate(turn)) / (2 * s)
    inner = inner + diag_embed(straight)
    found = u @ inner @ adjoint(v)
    out_u, out_v = gu - u @ across, gv - v @ along
    found = found + (out_u / s[..., None, :]) @ adjoint(v) + (u / s[..., None, :]) @ adjoint(out_v)
    return conjugate(found)


_svd.vjp(x=_svd_rule)


@primitive(
    shape=lambda x: (*matrices(x)[:-2], least(*matrices(x)[-2:])), dtype="spectrum", domain="matrix", public="linalg"
)
def svdvals(xp: Any, x: Any) -> Any:
    """Compute the singular values of matrices, in descending order.

    >>> df.linalg.svdvals(df.tensor([[3.0, 0.0], [0.0, 4.0]]))
    tensor([4., 3.])
    """
    return xp.linalg.svd(x, compute_uv=False)


def _svdvals_rule(g: Any, y: Any, x: Any) -> Any:
    rest = _svd(x)[..., 1:, :]
    u, v = rows_like(rest, x, last=False), rows_like(rest, x.mT, last=True)
    return conjugate(u @ (g.astype(x.dtype)[..., None] * adjoint(v)))


svdvals.vjp(x=_svdvals_rule, reads="x")


@primitive(
    shape=lambda x: (*matrices(x)[:-1], None if None in x.shape[-2:] else x.shape[-2] - least(*x.shape[-2:])),
    dtype="lapack",
    domain="matrix",
)
def complement(xp: Any, x: Any) -> Any:
    """Complete orthonormal columns to a basis: (…, m, k) to (…, m, m - k). Without gradient.

    >>> from dualflow.ops.linalg.decompose import complement
    >>> df.abs(complement(df.tensor([[1.0], [0.0]])))
    tensor([[0.],
            [1.]])
    """
    return xp.linalg.qr(x, mode="complete")[0][..., min_size(x) :]


def min_size(x: Any) -> int:
    """Return the smaller of the last two sizes."""
    return int(least(*x.shape[-2:]))


@public("linalg")
def svd(x: Any, *, full_matrices: bool = True) -> SVDResult:
    """Decompose matrices as ``U @ diag(S) @ Vh``: singular values in descending order, U and Vh unitary.

    ``full_matrices=False`` leaves out the columns of U, or rows of Vh, that have no singular value; those have no
    gradient. (…, m, n) gives U (…, m, m), S (…, min(m, n)), Vh (…, n, n).

    >>> u, s, vh = df.linalg.svd(df.tensor([[3.0, 0.0]]))
    >>> s, vh.shape
    (tensor([3.]), (2, 2))
    """
    x, rows, columns = sized("svd", x)
    both = _svd(x)
    s, u, v = real(both[..., 0, :]), both[..., 1 : rows + 1, :], both[..., rows + 1 :, :]
    if full_matrices and rows > columns:
        u = concat([u, complement(u.detach())], axis=-1)
    if full_matrices and columns > rows:
        v = concat([v, complement(v.detach())], axis=-1)
    return SVDResult(u, s, adjoint(v))


# -------------------------------------------------------------------------------------------------------------- QR


def _tall(x: Any) -> shapes.Shape:
    *batch, rows, columns = matrices(x)
    if None not in (rows, columns) and rows < columns:
        raise Misfit(f"takes matrices with as many rows as columns at least, not {rows} and {columns}")
    return (*batch, None if rows is None or columns is None else rows + columns, columns)


@primitive(shape=_tall, dtype="lapack", domain="tall", name="qr")
def _qr(xp: Any, x: Any) -> Any:
    """Stack Q on R for a matrix with at least as many rows as columns: the primitive behind ``qr``.

    >>> from dualflow.core.op import VOCABULARY
    >>> df.abs(VOCABULARY["qr"].call(df.tensor([[0.0], [2.0]])))
    tensor([[0.],
            [1.],
            [2.]])
    """
    return xp.concatenate(xp.linalg.qr(x), -2)


def _qr_rule(g: Any, y: Any, x: Any) -> Any:
    """(g_Q + Q sym(triu(g_R R^H - Q^H g_Q))) R^-H, sym(X) = X + X^H - diag(X).

    H.-J. Liao et al., "Differentiable programming tensor networks" (2019), eq. 5; PyTorch's ``linalg_qr_backward``.
    """
    g = conjugate(g)
    q, r = rows_like(y, x, last=False), rows_like(y, x.mT, last=True)
    gq, gr = rows_like(g, x, last=False), rows_like(g, x.mT, last=True)
    inner = triu(gr @ adjoint(r) - adjoint(q) @ gq)
    middle = diagonal(inner)
    inner = inner + adjoint(inner) - diag_embed((middle + conjugate(middle)) * 0.5)
    # X R^-H is the adjoint of R^-1 X^H
    return matrix_transpose(_solve_triangular(r, adjoint(gq + q @ inner), upper=True, unitriangular=False))


_qr.vjp(x=_qr_rule, reads="y")


@public("linalg")
def qr(x: Any, *, mode: str = "reduced") -> QRResult:
    """Decompose matrices as ``Q @ R``: Q with orthonormal columns, R upper triangular.

    (…, m, n) gives Q (…, m, k) and R (…, k, n), k the smaller of m and n, or m with ``mode="complete"``, where the
    columns of Q beyond n have no gradient.

    >>> q, r = df.linalg.qr(df.tensor([[1.0, 2.0], [0.0, 3.0]]))
    >>> df.abs(r)
    tensor([[1., 2.],
            [0., 3.]])
    """
    x, rows, columns = sized("qr", x)
    if mode not in ("reduced", "complete"):
        raise refuse("qr", f"the mode is 'reduced' or 'complete', not {mode!r}", x)
    if not rows:
        return QRResult(x[..., :0], x + 0.0)
    both = _qr(x if rows >= columns else x[..., :rows])
    q, r = both[..., :rows, :], both[..., rows:, :]
    if rows < columns:
        r = concat([r, matmul(adjoint(q), x[..., rows:])], axis=-1)
    elif mode == "complete" and rows > columns:
        more = complement(q.detach())
        q, r = concat([q, more], axis=-1), concat([r, matmul(adjoint(more), x).detach() * 0], axis=-2)
    return QRResult(q, r)

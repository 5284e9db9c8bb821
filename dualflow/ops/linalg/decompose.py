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
from dualflow.ops.array.create import _full_like, asarray, filled
from dualflow.ops.array.shape import concat, matrix_transpose
from dualflow.ops.composite import refuse
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


# ------------------------------------------------------------------------------------------------------ eigenvalues


def _pairs(x: Any) -> EighResult:
    return EighResult(square_shape(x)[:-1], square_shape(x))


@primitive(shape=_pairs, dtype=("spectrum", "lapack"), results=EighResult, domain="matrix", name="eigh")
def _eigh(xp: Any, x: Any) -> Any:
    """Decompose Hermitian matrices: the primitive behind ``eigh``.

    >>> from dualflow.core.op import VOCABULARY
    >>> VOCABULARY["eigh"].call(df.tensor([[2.0, 0.0], [0.0, 3.0]])).eigenvalues
    tensor([2., 3.])
    """
    if not x.shape[-1]:
        return xp.zeros(x.shape[:-1], dtypes.to_real(x.dtype)), xp.zeros(x.shape, x.dtype)
    w, v = xp.linalg.eigh(_hermitian(x))
    return w, v * _upright(xp, v)


def _eigh_rule(g: Any, y: Any, x: Any) -> Any:
    """V (diag(g_w) + (V^H g_V) / E) V^H with E_ij = w_j - w_i: Giles 3.1; then its Hermitian part."""
    w, v = y
    inner = 0
    if g.eigenvectors is not None:
        turned = adjoint(v) @ conjugate(g.eigenvectors)
        inner = (turned - diag_embed(diagonal(turned))) / _gaps(w)
    if g.eigenvalues is not None:
        inner = inner + diag_embed(g.eigenvalues.astype(v.dtype))
    found = v @ inner @ adjoint(v)
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
    return _eigh(_mirrored("eigh", x, UPLO))


@primitive(shape=lambda x: square_shape(x)[:-1], dtype="spectrum", domain="matrix", name="eigvalsh")
def _eigvalsh(xp: Any, x: Any) -> Any:
    """Compute the eigenvalues of Hermitian matrices: the primitive behind ``eigvalsh``.

    >>> df.linalg.eigvalsh(df.tensor([[2.0, 0.0], [0.0, 3.0]]))
    tensor([2., 3.])
    """
    return xp.linalg.eigvalsh(_hermitian(x))


def _eigvalsh_rule(g: Any, y: Any, x: Any) -> Any:
    v = _eigh(x)[1]
    return conjugate(v @ (g.astype(x.dtype)[..., None] * adjoint(v)))


_eigvalsh.vjp(x=_eigvalsh_rule, reads="x")


@public("linalg")
def eigvalsh(x: Any, UPLO: str | None = None) -> Any:
    """Compute the eigenvalues of Hermitian matrices, real and in ascending order; ``UPLO`` as in ``eigh``.

    >>> df.linalg.eigvalsh(df.tensor([[2.0, 0.0], [9.0, 3.0]]), UPLO="U")
    tensor([2., 3.])
    """
    return _eigvalsh(_mirrored("eigvalsh", x, UPLO))


@primitive(shape=_pairs, dtype="eigen", results=EigResult, domain="matrix", name="eig")
def _eig(xp: Any, x: Any) -> Any:
    """Decompose square matrices, sorted by the real part of the eigenvalue, then the imaginary: behind ``eig``.

    >>> from dualflow.core.op import VOCABULARY
    >>> VOCABULARY["eig"].call(df.tensor([[3.0, 0.0], [0.0, 2.0]])).eigenvalues
    tensor([2.+0.j, 3.+0.j], dtype=complex64)
    """
    kind = dtypes.complex_of(x.dtype)
    if not x.shape[-1]:
        return xp.zeros(x.shape[:-1], kind), xp.zeros(x.shape, kind)
    w, v = xp.linalg.eig(x)
    order = xp.lexsort((w.imag, w.real))
    v = xp.take_along_axis((v * _upright(xp, v)).astype(kind), order[..., None, :], -1)
    return xp.take_along_axis(w.astype(kind), order, -1), v


def _eig_rule(g: Any, y: Any, x: Any) -> Any:
    """V^-H (diag(g_w) + (V^H g_V - V^H V Re(diag(V^H g_V))) / E*) V^H: Giles 3.2 with vectors of unit length."""
    w, v = y
    inner = 0
    if g.eigenvectors is not None:
        turned = adjoint(v) @ conjugate(g.eigenvectors)
        along = diagonal(turned)
        along = (along + conjugate(along)) * 0.5
        turned = turned - (adjoint(v) @ v) * along[..., None, :]
        inner = (turned - diag_embed(diagonal(turned))) / conjugate(_gaps(w))
    if g.eigenvalues is not None:
        inner = inner + diag_embed(conjugate(g.eigenvalues))
    found = solve(adjoint(v), inner @ adjoint(v))
    return conjugate(found) if x.dtype.kind == "c" else real(found)


_eig.vjp(x=_eig_rule, reads="y")


@public("linalg")
def eig(x: Any) -> EigResult:
    """Decompose square matrices: eigenvalues and eigenvectors (as columns of length 1), both complex.

    >>> df.linalg.eig(df.tensor([[0.0, 1.0], [-1.0, 0.0]])).eigenvalues
    tensor([0.-1.j, 0.+1.j], dtype=complex64)
    """
    return _eig(x)


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


def _thin(x: Any) -> SVDResult:
    *batch, rows, columns = matrices(x)
    k = least(rows, columns)
    return SVDResult((*batch, rows, k), (*batch, k), (*batch, k, columns))


@primitive(shape=_thin, dtype=("lapack", "spectrum", "lapack"), results=SVDResult, domain="matrix", name="svd")
def _svd(xp: Any, x: Any) -> Any:
    """Decompose matrices, without the vectors that have no singular value: the primitive behind ``svd``.

    >>> from dualflow.core.op import VOCABULARY
    >>> VOCABULARY["svd"].call(df.tensor([[3.0, 0.0]])).Vh
    tensor([[1., 0.]])
    """
    u, s, vh = xp.linalg.svd(x, full_matrices=False)
    turn = _upright(xp, u) if u.size else xp.ones((), x.dtype)
    return u * turn, s, (vh.mT.conj() * turn).mT.conj()


def _svd_rule(g: Any, y: Any, x: Any) -> Any:
    """U ((skew(U^H g_U) / E) S + S (skew(V^H g_V) / E) + diag(g_S)) V^H, and what leaves the spans of U and V.

    skew(X) = X - X^H, E_ij = s_j^2 - s_i^2: Giles 3.4 as in PyTorch's ``svd_backward``.
    """
    u, s, vh = y
    if g.U is None and g.Vh is None:  # also where singular values coincide
        return conjugate(u @ (g.S.astype(u.dtype)[..., None] * vh))
    gu, straight, gv = filled(g, y)
    v, gu, gv, straight = adjoint(vh), conjugate(gu), adjoint(conjugate(gv)), straight.astype(u.dtype)
    across, along = adjoint(u) @ gu, adjoint(v) @ gv
    gaps = _gaps(square(s))
    inner = ((across - adjoint(across)) / gaps) * s[..., None, :] + s[..., :, None] * ((along - adjoint(along)) / gaps)
    if x.dtype.kind == "c":  # phases: twice the imaginary part of the diagonal, which skew has counted with E = 1
        inner = inner - diag_embed(diagonal(inner))
        turn = diagonal(across)
        straight = straight + (turn - conjugate(turn)) / (2 * s)
    inner = inner + diag_embed(straight)
    found = u @ inner @ vh
    out_u, out_v = gu - u @ across, gv - v @ along
    found = found + (out_u / s[..., None, :]) @ vh + (u / s[..., None, :]) @ adjoint(out_v)
    return conjugate(found)


_svd.vjp(x=_svd_rule, reads="y")


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
    u, _, vh = _svd(x)
    return conjugate(u @ (g.astype(x.dtype)[..., None] * vh))


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
    u, s, vh = _svd(x)
    if full_matrices and rows > columns:
        u = concat([u, complement(u.detach())], axis=-1)
    if full_matrices and columns > rows:
        vh = concat([vh, adjoint(complement(adjoint(vh.detach())))], axis=-2)
    return SVDResult(u, s, vh)


# -------------------------------------------------------------------------------------------------------------- QR


def _tall(x: Any) -> QRResult:
    *batch, rows, columns = matrices(x)
    if None not in (rows, columns) and rows < columns:
        raise Misfit(f"takes matrices with as many rows as columns at least, not {rows} and {columns}")
    return QRResult((*batch, rows, columns), (*batch, columns, columns))


@primitive(shape=_tall, dtype="lapack", results=QRResult, domain="tall", name="qr")
def _qr(xp: Any, x: Any) -> Any:
    """Decompose matrices with at least as many rows as columns: the primitive behind ``qr``.

    >>> from dualflow.core.op import VOCABULARY
    >>> df.abs(VOCABULARY["qr"].call(df.tensor([[0.0], [2.0]])).Q)
    tensor([[0.],
            [1.]])
    """
    _tall(x)
    return tuple(xp.linalg.qr(x))


def _qr_rule(g: Any, y: Any, x: Any) -> Any:
    """(g_Q + Q sym(triu(g_R R^H - Q^H g_Q))) R^-H, sym(X) = X + X^H - diag(X).

    H.-J. Liao et al., "Differentiable programming tensor networks" (2019), eq. 5; PyTorch's ``linalg_qr_backward``.
    """
    q, r = y
    gq, gr = map(conjugate, filled(g, y))
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
    q, r = _qr(x if rows >= columns else x[..., :rows])
    if rows < columns:
        r = concat([r, matmul(adjoint(q), x[..., rows:])], axis=-1)
    elif mode == "complete" and rows > columns:
        more = complement(q.detach())
        q, r = concat([q, more], axis=-1), concat([r, matmul(adjoint(more), x).detach() * 0], axis=-2)
    return QRResult(q, r)

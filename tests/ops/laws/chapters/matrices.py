"""Linear algebra and einsum."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from oracle import meet, real
from samples import DOUBLE, DTYPES, FLOAT, MIXED, Draw, Sample, call, frozen, layouts, special, zeros

SINGLE, COMPLEX = np.dtype("complex64"), np.dtype("complex128")
FOUR = (FLOAT, DOUBLE, SINGLE, COMPLEX)


def invertible(draw: Draw, shape, dtype=DOUBLE):
    """Return matrices whose singular values lie apart, between 1 and 3."""
    x = draw("matrix", shape, COMPLEX if np.dtype(dtype).kind == "c" else DOUBLE)
    u, s, vh = np.linalg.svd(x, full_matrices=False)
    return frozen(((u * (3.0 - 0.6 * np.arange(s.shape[-1]))) @ vh).astype(dtype))


def definite(draw: Draw, shape, dtype=DOUBLE):
    """Return Hermitian positive definite matrices."""
    x = invertible(draw, shape, dtype)
    return frozen(((x @ x.mT.conj() + x.mT.conj() @ x) / 2).astype(dtype))


def on_squares(make, draw: Draw, dtypes=FOUR, empty=((0, 0), (2, 0, 0))) -> Iterator[Sample]:
    """Yield square matrices in the dtypes that LAPACK has, and integers."""
    for shape in ((2, 2), (3, 3), (1, 1), (2, 3, 3), *empty, (0, 2, 2)):
        yield Sample((make(draw, shape),), {})
    for dtype in dtypes:
        yield Sample((make(draw, (3, 3), dtype),), {})
    for note, turned in layouts(make(draw, (3, 3))):
        yield Sample((turned,), {}, note)
    yield Sample((frozen(np.array([[3, 1], [1, 4]])),), {}, "integers")


@special("inv", "det", "cofactors", "slogdet", "eig")
def _invertible(name: str, draw: Draw) -> Iterator[Sample]:
    # JAX fails in the gradient of the determinant of nothing
    yield from on_squares(invertible, draw, **({"empty": ()} if name == "det" else {}))


@special("cofactors_slope")
def _cofactors_slope(draw: Draw) -> Iterator[Sample]:
    for sample in on_squares(invertible, draw, empty=((0, 0),)):
        (x,) = sample.operands
        yield Sample((draw("real", x.shape, x.dtype), x), {}, sample.note)


@special("cholesky", "eigh", "eigvalsh")
def _definite(name: str, draw: Draw) -> Iterator[Sample]:
    # complex eigenvectors have a phase to choose, which gradients must not depend on: see test_linalg.py
    yield from on_squares(definite, draw, (FLOAT, DOUBLE) if name == "eigh" else FOUR)


@special("matrix_exp")
def _matrix_exp(draw: Draw) -> Iterator[Sample]:
    yield from on_squares(invertible, draw)
    yield Sample((frozen(invertible(draw, (2, 2)) * 5),), {}, "squared")


@special("solve")
def _solve(draw: Draw) -> Iterator[Sample]:
    for a, b in (
        ((2, 2), (2,)),
        ((3, 3), (3, 2)),
        ((2, 3, 3), (3,)),
        ((2, 3, 3), (2, 3, 1)),
        ((2, 1, 2, 2), (3, 2, 1)),
        ((2, 2), (3, 2, 2)),
        ((0, 2, 2), (2, 1)),
        ((2, 2), (2, 0)),
    ):
        yield Sample((invertible(draw, a), draw("matrix", b)), {})
    for dtype in FOUR:
        yield Sample((invertible(draw, (3, 3), dtype), draw("matrix", (3, 2), dtype)), {})
        yield Sample((invertible(draw, (3, 3), dtype), draw("matrix", (3, 2), FLOAT)), {})
    for note, turned in layouts(invertible(draw, (3, 3))):
        yield Sample((turned, turned), {}, note)


@special("solve_triangular")
def _solve_triangular(draw: Draw) -> Iterator[Sample]:
    for a, b in (((2, 2), (2, 1)), ((3, 3), (3, 2)), ((2, 1, 3, 3), (2, 3, 2)), ((0, 2, 2), (2, 1))):
        for upper in (True, False):
            yield Sample((definite(draw, a), draw("matrix", b)), {"upper": upper})
    yield Sample((draw("matrix", (3, 3)), draw("matrix", (3, 2))), {"upper": True, "unitriangular": True})
    yield Sample((draw("matrix", (3, 3)), draw("matrix", (3, 2))), {"unitriangular": True})
    for dtype in FOUR:
        yield Sample((definite(draw, (3, 3), dtype), draw("matrix", (3, 2), dtype)), {})
    wide = (definite(draw, (100, 100)) + 9 * np.eye(100)).astype(FLOAT)
    yield Sample((frozen(wide), draw("matrix", (100, 1), FLOAT)), {}, "by halves")


@special("svd", "svdvals", "pinv", "significant")
def _rectangles(name: str, draw: Draw) -> Iterator[Sample]:
    for shape in ((3, 3), (2, 3), (3, 2), (1, 1), (2, 4, 2), (1, 3)):
        yield Sample((invertible(draw, shape),), {})
    for shape in ((0, 2), (2, 0), (0, 2, 2)):
        if name != "svd" or shape == (0, 2, 2):
            yield Sample((invertible(draw, shape),), {})
    for dtype in (FLOAT, DOUBLE) if name == "svd" else FOUR:  # see eigh
        yield Sample((invertible(draw, (3, 2), dtype),), {})
    for note, turned in layouts(invertible(draw, (3, 3))):
        yield Sample((turned,), {}, note)


@special("qr", "complement", "lu")
def _tall(name: str, draw: Draw) -> Iterator[Sample]:
    for shape in ((3, 3), (3, 2), (1, 1), (2, 4, 2), (2, 0), (0, 2, 1)):
        yield Sample((invertible(draw, shape),), {})
    for dtype in FOUR:
        yield Sample((invertible(draw, (3, 2), dtype),), {})


@special("pivot_matrix")
def _pivot_matrix(draw: Draw) -> Iterator[Sample]:
    for pivots, like in (([2, 2], (2, 2)), ([3], (3, 1)), ([], (2, 0)), ([[1, 3, 3], [2, 3, 3]], (2, 3, 3))):
        yield Sample((frozen(np.array(pivots, np.int32)), draw("matrix", like)), {})
    yield Sample((frozen(np.array([2, 2])), draw("matrix", (2, 2), SINGLE)), {})


@special("adjoint")
def _adjoint(draw: Draw) -> Iterator[Sample]:
    for shape in ((2, 3), (1, 1), (2, 3, 2), (0, 3)):
        yield Sample((draw("matrix", shape),), {})
    for dtype in DTYPES:
        yield Sample((draw("matrix", (2, 3), dtype),), {})


@special("rows_like")
def _rows_like(draw: Draw) -> Iterator[Sample]:
    for shape, like in (((3, 2), (1, 5)), ((2, 3, 2), (2, 1)), ((3, 2), (0, 1)), ((2, 2), (2, 2))):
        for last in (True, False):
            yield Sample((draw("matrix", shape), draw("matrix", like)), {"last": last})
    yield Sample((draw("matrix", (3, 2), FLOAT), draw("matrix", (1, 2))), {})


@special("padded_like")
def _padded_like(draw: Draw) -> Iterator[Sample]:
    for shape, like in (((1, 2), (3, 5)), ((2, 1, 2), (2, 1)), ((0, 2), (2, 1)), ((2, 2), (2, 2))):
        for last in (True, False):
            yield Sample((draw("matrix", shape), draw("matrix", like)), {"last": last})
    yield Sample((draw("matrix", (1, 2), FLOAT), draw("matrix", (3, 2))), {})


@special("einsum")
def _einsum(draw: Draw) -> Iterator[Sample]:
    for equation, *sizes in (
        ("ij,jk->ik", (2, 3), (3, 4)),
        ("ij,kj->ki", (2, 3), (4, 3)),
        ("bij,bjk->bik", (2, 2, 3), (2, 3, 1)),
        ("i,j->ij", (2,), (3,)),
        ("i,i->", (3,), (3,)),
        ("ij,ij->i", (2, 3), (2, 3)),
        ("ij,j->ij", (2, 3), (3,)),
        ("ij,jk,kl->il", (2, 3), (3, 2), (2, 4)),
        ("ij,jk,k->ij", (2, 3), (3, 2), (2,)),
        ("ij,ij,ij->", (2, 3), (2, 3), (2, 3)),
        (",i->i", (), (3,)),
        ("ij->ji", (2, 3)),
        ("ij,jk->ik", (0, 3), (3, 2)),
        ("ij,jk->ik", (2, 0), (0, 2)),
    ):
        yield Sample(tuple(draw("matrix", size) for size in sizes), {"equation": equation})
    for dtype in DTYPES:
        yield Sample(tuple(draw("matrix", s, dtype) for s in ((2, 3), (3, 2))), {"equation": "ij,jk->ki"})
    for mixed in MIXED:
        yield Sample(tuple(draw("matrix", (2, 2), d) for d in mixed), {"equation": "ij,jk->ki"})
    for note, turned in layouts(draw("matrix", (3, 3))):
        yield Sample((turned, turned), {"equation": "ij,jk->ik"}, note)


@special("vector_norm")
def _vector_norm(draw: Draw) -> Iterator[Sample]:
    for shape, params in (
        ((3,), {}),
        ((2, 3), {"axis": 1}),
        ((2, 3), {"axis": (0, 1), "keepdims": True}),
        ((2, 3, 2), {"axis": (-1, 0)}),
        ((), {}),
        ((0,), {}),
        ((2, 0), {"axis": 0}),
    ):
        yield Sample((draw("distinct", shape),), params)
    for ord in (1.0, 0.0, np.inf, -np.inf, 3.0, 0.5, -1.0, 1.5):
        yield Sample((draw("distinct", (2, 3)),), {"axis": 1, "ord": ord})
    for dtype in DTYPES:
        yield Sample((draw("distinct", (2, 3), dtype),), {"axis": 1})


HALF = [call(zeros(2, 2, dtype=dtype)) for dtype in ("float16", "bfloat16")]
BAD_SQUARE = [call(zeros(2, 3)), call(zeros(3)), call(zeros()), *HALF, call("text")]
BAD_MATRIX = [call(zeros(3)), call(zeros()), *HALF, call("text")]

BAD = {
    "cofactors_slope": [call(zeros(2, 2), zeros(3, 3)), call(zeros(3), zeros(3)), call(zeros(2, 3), zeros(2, 3))],
    **dict.fromkeys(("det", "cofactors", "slogdet", "eigh", "eigvalsh", "eig", "matrix_exp"), BAD_SQUARE),
    "inv": [*BAD_SQUARE, call(zeros(2, 2)), call(zeros(2, 2, 2))],
    "cholesky": [*BAD_SQUARE, call(zeros(2, 2)), call(-np.eye(2))],
    "solve": [
        call(zeros(2, 3), zeros(2)),
        call(np.eye(2), zeros(3)),
        call(np.eye(2), zeros(3, 2)),
        call(np.eye(2), zeros()),
        call(zeros(2, 2), zeros(2)),
        call(zeros(2, 2), zeros(2, 3)),
    ],
    "solve_triangular": [
        call(zeros(2, 3), zeros(2, 1)),
        call(np.eye(2), zeros(2)),
        call(np.eye(2), zeros(3, 2)),
        call(zeros(2, 2), zeros(2, 3)),
    ],
    **dict.fromkeys(("svd", "svdvals", "complement"), BAD_MATRIX),
    **dict.fromkeys(("qr", "lu"), [*BAD_MATRIX, call(zeros(2, 3))]),
    "pinv": [*BAD_MATRIX, call(zeros(2, 2), zeros(2))],
    "significant": [call(zeros(3)), call(zeros()), call("text"), call(zeros(2, 2), zeros(2))],
    "pivot_matrix": [call(zeros(), zeros(2, 2))],
    "adjoint": [call(zeros(3)), call(zeros())],
    "rows_like": [call(zeros(2, 2), zeros(3, 2)), call(zeros(2), zeros(3, 2))],
    "padded_like": [call(zeros(3, 2), zeros(2, 2)), call(zeros(2), zeros(3, 2))],
    "einsum": [
        call(zeros(2, 3), zeros(2, 3), equation="ij,jk->ik"),
        call(zeros(2), zeros(3), equation="i,ij->j"),
        call(zeros(2, dtype=bool), zeros(2, dtype=bool), equation="i,i->"),
    ],
    "vector_norm": [call(zeros(2), axis=2), call(zeros(2, 3), axis=(0, 0))],
}


def upright(t, v):
    """Turn vectors so that their largest element is positive."""
    if not v.numel():
        return v
    top = v.take_along_dim(v.abs().argmax(-2, keepdim=True), -2)
    return v * (top.conj() / t.where(top == 0, 1, top.abs()))


def eigh(t, x):
    w, v = t.linalg.eigh((real(x) + real(x).mH) / 2)
    return w, upright(t, v)


def eig(t, x):
    w, v = t.linalg.eig(real(x))
    order = t.tensor(np.lexsort((w.detach().imag.numpy(), w.detach().real.numpy())))
    # gradients of vectors that have a phase to choose are compared in test_linalg.py
    return w.take_along_dim(order, -1).detach(), upright(t, v).take_along_dim(order[..., None, :], -1).detach()


def svd(t, x):
    u, s, vh = t.linalg.svd(real(x), full_matrices=False)
    if not u.numel():
        return u, s, vh
    top = u.take_along_dim(u.abs().argmax(-2, keepdim=True), -2)
    turn = top.conj() / t.where(top == 0, 1, top.abs())
    return u * turn, s, (vh.mH * turn).mH


def cofactors(t, x):
    return t.linalg.det(real(x))[..., None, None] * t.linalg.inv(real(x)).mT


def results(name, call, count):
    """Name the results of a call one by one, as the laws do."""
    return {f"{name}#{i}": lambda *given, i=i, **params: call(*given, **params)[i] for i in range(count)}


TORCH = {
    "inv": lambda t, x: t.linalg.inv(real(x)),
    "det": lambda t, x: t.linalg.det(real(x)),
    "cofactors": cofactors,
    **results("slogdet", lambda t, x: t.linalg.slogdet(real(x)), 2),
    "cholesky": lambda t, x: t.linalg.cholesky((real(x) + real(x).mH) / 2),
    **results("eigh", eigh, 2),
    **results("eig", eig, 2),
    **results("svd", svd, 3),
    **results("qr", lambda t, x: t.linalg.qr(real(x)), 2),
    **results("lu", lambda t, x: t.linalg.lu_factor(real(x)), 2),
    "eigvalsh": lambda t, x: t.linalg.eigvalsh(real(x)),
    "matrix_exp": lambda t, x: t.linalg.matrix_exp(real(x)),
    "solve": lambda t, a, b: t.linalg.solve(*[real(x) for x in meet(a, b)]),
    "solve_triangular": lambda t, a, b, upper, unitriangular: t.linalg.solve_triangular(
        *meet(a, b), upper=upper, unitriangular=unitriangular
    ),
    "svdvals": lambda t, x: t.linalg.svdvals(real(x)),
    "pinv": lambda t, x, rtol, atol: t.linalg.pinv(real(x)),
    "pivot_matrix": lambda t, pivots, like: t.lu_unpack(like, pivots.int(), unpack_data=False)[0].to(like.dtype),
    "adjoint": lambda t, x: x.mH.resolve_conj(),
    "einsum": lambda t, *xs, equation: t.einsum(equation, *meet(*xs)),
    "vector_norm": lambda t, x, axis, keepdims, ord: t.linalg.vector_norm(
        real(x), ord, None if axis is None else axis, keepdims
    ),
}

ABSENT = {
    "cofactors_slope": "a part of the second gradient of det",
    "significant": "part of matrix_rank",
    "complement": "part of a full QR",
    "rows_like": "a slice",
    "padded_like": "the gradient of a slice",
}

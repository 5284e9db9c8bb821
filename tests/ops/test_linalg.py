"""Functions over the cards of linear algebra: what PyTorch and NumPy call the same, in values and gradients.

Decompositions are unique up to phases: they are tried by putting them together again, and by functions that do not
depend on the choice.
"""

import numpy as np
import pytest
from oracle import torch

import dualflow as df
from dualflow.core.errors import DTypeError, ShapeError, SingularError

KINDS = ["float64", "complex128"]


def matrix(*shape, kind="float64", seed=0):
    random = np.random.default_rng(seed)
    x = random.normal(size=shape)
    return (x + 1j * random.normal(size=shape)).astype(kind) if np.dtype(kind).kind == "c" else x.astype(kind)


def compiled(function, *arrays):
    """Run a function as one compiled graph."""
    with df.mode("graph"):
        return df.function(function)(*map(df.tensor, arrays))


def agree(ours, theirs, *arrays, compile=True):
    """Compare values in both worlds, and the gradients of sum(|y|^2 + weighted y), with PyTorch's."""
    t = torch()
    xs = [df.tensor(x, requires_grad=True) for x in arrays]
    ts = [t.tensor(x, requires_grad=True) for x in arrays]
    y, z = ours(*xs), theirs(t, *ts)
    assert (y.shape, str(y.dtype)) == (tuple(z.shape), str(z.dtype).removeprefix("torch."))
    np.testing.assert_allclose(y.detach().numpy(), z.detach().resolve_conj().numpy(), rtol=1e-9, atol=1e-9)
    if compile:
        np.testing.assert_allclose(compiled(ours, *arrays).numpy(), y.detach().numpy(), rtol=1e-9, atol=1e-9)
    if not z.requires_grad:
        return
    weights = matrix(*z.shape, kind=str(y.dtype), seed=9)
    found = df.grad((df.abs(y * weights + y * y)).sum(), xs, allow_unused=True)
    expected = t.autograd.grad((z * t.tensor(weights) + z * z).abs().sum(), ts, allow_unused=True)
    for a, b in zip(found, expected, strict=True):
        if b is not None:
            np.testing.assert_allclose(a.numpy(), b.resolve_conj().numpy(), rtol=1e-7, atol=1e-7)


A, B, V, W = (3, 4), (4, 2), (4,), (3,)
FUNCTIONS = {
    "mm": (df.torch.mm, lambda t, a, b: t.mm(a, b), A, B),
    "mv": (df.torch.mv, lambda t, a, b: t.mv(a, b), A, V),
    "dot": (df.torch.dot, lambda t, a, b: t.dot(a, b), V, V),
    "vdot": (df.torch.vdot, lambda t, a, b: t.vdot(a, b), V, V),
    "bmm": (df.torch.bmm, lambda t, a, b: t.bmm(a, b), (2, *A), (2, *B)),
    "outer": (df.outer, lambda t, a, b: t.outer(a, b), V, W),
    "inner": (df.inner, lambda t, a, b: t.inner(a, b), A, (2, 4)),
    "kron": (df.kron, lambda t, a, b: t.kron(a, b), (2, 3), (2, 1, 2)),
    "addmm": (
        lambda x, a, b: df.torch.addmm(x, a, b, beta=0.5, alpha=2),
        lambda t, x, a, b: t.addmm(x, a, b, beta=0.5, alpha=2),
        (2,),
        A,
        B,
    ),
    "addmv": (df.torch.addmv, lambda t, x, a, b: t.addmv(x, a, b), W, A, V),
    "addr": (df.torch.addr, lambda t, x, a, b: t.addr(x, a, b), (3, 4), W, V),
    "baddbmm": (df.torch.baddbmm, lambda t, x, a, b: t.baddbmm(x, a, b), (2, 3, 2), (2, *A), (2, *B)),
    "addbmm": (df.torch.addbmm, lambda t, x, a, b: t.addbmm(x, a, b), (3, 2), (2, *A), (2, *B)),
    "vecdot": (df.vecdot, lambda t, a, b: t.linalg.vecdot(a, b), (2, 3), (3,)),
    "vecdot axis": (
        lambda a, b: df.vecdot(a, b, axis=-2),
        lambda t, a, b: t.linalg.vecdot(a, b, dim=-2),
        (2, 3, 2),
        (2, 3, 2),
    ),
    "cross": (df.linalg.cross, lambda t, a, b: t.linalg.cross(a, b), (2, 3), (1, 3)),
    "cross axis": (
        lambda a, b: df.linalg.cross(a, b, axis=0),
        lambda t, a, b: t.linalg.cross(a, b, dim=0),
        (3, 2),
        (3, 2),
    ),
    "trace": (df.trace, lambda t, x: t.trace(x), (3, 4)),
    "diagonal": (lambda x: df.linalg.diagonal(x, offset=1), lambda t, x: t.linalg.diagonal(x, offset=1), (2, 3, 4)),
    "matrix_power": (lambda x: df.linalg.matrix_power(x, 5), lambda t, x: t.linalg.matrix_power(x, 5), (2, 3, 3)),
    "matrix_power 0": (
        lambda x: df.linalg.matrix_power(x, 0) + x,
        lambda t, x: t.linalg.matrix_power(x, 0) + x,
        (3, 3),
    ),
    "matrix_power -2": (lambda x: df.linalg.matrix_power(x, -2), lambda t, x: t.linalg.matrix_power(x, -2), (3, 3)),
    "multi_dot": (
        lambda *xs: df.linalg.multi_dot(xs),
        lambda t, *xs: t.linalg.multi_dot(xs),
        (2,),
        (2, 3),
        (3, 2),
        (2, 4),
        (4,),
    ),
    "tensordot": (
        lambda a, b: df.tensordot(a, b, axes=([0, 2], [1, 0])),
        lambda t, a, b: t.tensordot(a, b, ([0, 2], [1, 0])),
        (2, 3, 4),
        (4, 2, 3),
    ),
    "tensordot 0": (lambda a, b: df.tensordot(a, b, axes=0), lambda t, a, b: t.tensordot(a, b, 0), (2,), (3,)),
    "bilinear": (
        df.nn.functional.bilinear,
        lambda t, a, b, w, c: t.nn.functional.bilinear(a, b, w, c),
        (2, 3),
        (2, 4),
        (5, 3, 4),
        (5,),
    ),
    "norm": (df.torch.norm, lambda t, x: t.norm(x), (3, 4)),
    "norm 3 axis": (lambda x: df.torch.norm(x, 3, 1), lambda t, x: t.norm(x, 3, 1), (3, 4)),
    "norm nuc": (lambda x: df.torch.norm(x, "nuc"), lambda t, x: t.norm(x, "nuc"), (3, 4)),
    "linalg.norm": (
        lambda x: df.linalg.norm(x, 2, axis=(0, 2), keepdims=True),
        lambda t, x: t.linalg.norm(x, 2, (0, 2), True),
        (3, 2, 4),
    ),
    **{
        f"matrix_norm {o}": (
            lambda x, o=o: df.linalg.matrix_norm(x, ord=o),
            lambda t, x, o=o: t.linalg.matrix_norm(x, o),
            (2, 3, 4),
        )
        for o in ("fro", "nuc", 1, -1, 2, -2, np.inf, -np.inf)
    },
    "cond": (df.linalg.cond, lambda t, x: t.linalg.cond(x), (3, 3)),
    "cond fro": (
        lambda x: df.linalg.cond(x, "fro"),
        lambda t, x: t.linalg.norm(x) * t.linalg.norm(t.linalg.inv(x)),
        (3, 3),
    ),
    "normalize": (df.nn.functional.normalize, lambda t, x: t.nn.functional.normalize(x), (3, 4)),
    "lstsq": (lambda a, b: df.linalg.lstsq(a, b).solution, lambda t, a, b: t.linalg.pinv(a) @ b, (4, 2), (4, 3)),
    "solve_triangular right": (
        lambda a, b: df.linalg.solve_triangular(a, b, upper=True, left=False),
        lambda t, a, b: t.linalg.solve_triangular(a, b, upper=True, left=False),
        (3, 3),
        (2, 3),
    ),
    "cholesky_solve": (
        lambda b, a: df.torch.cholesky_solve(b, a, upper=False),
        lambda t, b, a: t.cholesky_solve(b, a.tril()),
        (3, 2),
        (3, 3),
    ),
    "svd full": (
        lambda x: df.abs(df.linalg.svd(x).U[..., :2]) + df.linalg.svd(x).S,
        lambda t, x: t.linalg.svd(x, full_matrices=False).U.abs() + t.linalg.svd(x).S,
        (3, 2),
    ),
    "svd rebuilt": (
        lambda x: (lambda u, s, vh: u @ vh)(*df.linalg.svd(x, full_matrices=False)),
        lambda t, x: (lambda u, s, vh: u @ vh)(*t.linalg.svd(x, full_matrices=False)),
        (3, 2),
    ),
    "eigh vectors": (
        lambda x: df.abs(df.linalg.eigh(x + df.torch.adjoint(x)).eigenvectors) + df.linalg.eigh(x).eigenvalues,
        lambda t, x: t.linalg.eigh(x + x.mH).eigenvectors.abs() + t.linalg.eigh((x + x.mH) / 2).eigenvalues,
        (3, 3),
    ),
    "eig vectors": (
        lambda x: df.abs(df.linalg.eig(x).eigenvectors).sum(axis=-1) + df.abs(df.linalg.eigvals(x)).sum(),
        lambda t, x: t.linalg.eig(x).eigenvectors.abs().sum(-1) + t.linalg.eigvals(x).abs().sum(),
        (3, 3),
    ),
    "qr wide": (
        lambda x: df.abs(df.linalg.qr(x).R) + df.abs(df.linalg.qr(x).Q).sum(),
        lambda t, x: t.linalg.qr(x).R.abs() + t.linalg.qr(x).Q.abs().sum(),
        (2, 4),
    ),
}
REAL_ONLY = {"normalize", "bilinear"}  # PyTorch has no complex gradient of bilinear


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", FUNCTIONS)
def test_functions_are_pytorchs(name, kind):
    """Eager and compiled values, and gradients, real and complex."""
    ours, theirs, *sizes = FUNCTIONS[name]
    if kind in KINDS[1:] and name in REAL_ONLY:
        kind = "float64"
    agree(ours, theirs, *[matrix(*size, kind=kind, seed=i) for i, size in enumerate(sizes)])


EQUATIONS = [
    ("ii", (3, 3)),
    ("ii->i", (3, 3)),
    ("iij->j", (2, 2, 3)),
    ("bij->bji", (2, 2, 3)),
    ("ij->", (2, 3)),
    ("...ij,...jk", (2, 1, 2, 3), (2, 3, 4)),
    ("...i,...i->...", (2, 3), (3,)),
    ("i,j,k->kij", (2,), (3,), (2,)),
    ("ij,jk,kl,lm->im", (2, 3), (3, 2), (2, 4), (4, 1)),
    ("ijk,jil->kl", (2, 3, 2), (3, 2, 2)),
    ("ij,ij->", (2, 1), (2, 3)),
    ("bn,anm,bm->ba", (2, 3), (4, 3, 2), (2, 2)),
    ("i...->...", (2, 3)),
    ("aB,Bc->ca", (2, 3), (3, 2)),
]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("equation, sizes", [(e, s) for e, *s in EQUATIONS])
def test_einsum_is_pytorchs(equation, sizes, kind):
    arrays = [matrix(*size, kind=kind, seed=i) for i, size in enumerate(sizes)]
    agree(lambda *xs: df.einsum(equation, *xs), lambda t, *xs: t.einsum(equation, *xs), *arrays)


def test_einsum_takes_lists_of_axes():
    a, b = matrix(2, 3), matrix(4, 3)
    agree(lambda x, y: df.einsum(x, [0, 5], y, [1, 5]), lambda t, x, y: t.einsum(x, [0, 5], y, [1, 5]), a, b)
    agree(
        lambda x, y: df.einsum(x, [..., 5], y, [1, 5], [1, ...]),
        lambda t, x, y: t.einsum(x, [..., 5], y, [1, 5], [1, ...]),
        a,
        b,
    )


def test_einsum_with_unknown_batch():
    with df.graph() as g:
        x = df.placeholder("float64", (None, 3))
        y = df.einsum("bi,ij->bj", x, df.tensor(np.eye(3)))
        with df.Session(g) as session:
            np.testing.assert_allclose(session.run(y, {x: np.ones((5, 3))}), np.ones((5, 3)))


@pytest.mark.parametrize(
    "args, words",
    [
        (("ij,jk->ik", np.ones((2, 3))), "2 operands; 1"),
        (("ij->ik", np.ones((2, 3))), "no operand does"),
        (("ij->ii", np.ones((2, 3))), "twice"),
        (("ii", np.ones((2, 3))), "2 elements in one place and 3"),
        (("i", np.ones((2, 3))), "names 1 axes"),
        (("ij,jk", np.ones((2, 3)), np.ones((2, 3))), "axis 'j' has 3 elements"),
        (("i$", np.ones((2, 3))), "made of letters"),
    ],
)
def test_bad_equations_are_explained(args, words):
    with pytest.raises(ShapeError, match=words) as caught:
        df.einsum(*args)
    assert str(caught.value).startswith("einsum: ")
    assert "test_linalg.py" in str(caught.value)


def test_gradients_at_zero_are_zero():
    for ord in (1, 2, 3, np.inf, 0.5):
        x = df.zeros(3, requires_grad=True)
        df.linalg.vector_norm(x, ord=ord).backward()
        assert x.grad.tolist() == [0, 0, 0], ord
    x = df.zeros(3, requires_grad=True)
    (g,) = df.grad(df.linalg.norm(x), [x], create_graph=True)
    assert df.grad(g.sum(), [x])[0].tolist() == [0, 0, 0]
    a = df.ones(2, 3, requires_grad=True)
    df.torch.cdist(a, a).sum().backward()
    assert a.grad.tolist() == [[0] * 3] * 2


def test_the_determinant_has_a_gradient_where_it_is_zero():
    x = df.tensor([[1.0, 2.0], [2.0, 4.0]], requires_grad=True)
    df.linalg.det(x).backward()
    np.testing.assert_allclose(x.grad.numpy(), [[4, -2], [-2, 1]], rtol=1e-5)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("shape", [(4, 2), (2, 4), (3, 3), (2, 4, 3)])
def test_decompositions_rebuild_what_they_are_of(shape, kind):
    x = matrix(*shape, kind=kind)
    for mode in ("reduced", "complete"):
        q, r = df.linalg.qr(df.tensor(x), mode=mode)
        np.testing.assert_allclose((q @ r).numpy(), x, atol=1e-12)
        assert q.shape == np.linalg.qr(x, mode)[0].shape
        np.testing.assert_allclose(
            (df.torch.adjoint(q) @ q).numpy(),
            np.broadcast_to(np.eye(q.shape[-1]), (*shape[:-2], q.shape[-1], q.shape[-1])),
            atol=1e-12,
        )
    for full in (True, False):
        u, s, vh = df.linalg.svd(df.tensor(x), full_matrices=full)
        wanted = np.linalg.svd(x, full_matrices=full)
        assert (u.shape, s.shape, vh.shape) == tuple(part.shape for part in wanted)
        k = s.shape[-1]
        np.testing.assert_allclose((u[..., :k] * s[..., None, :] @ vh[..., :k, :]).numpy(), x, atol=1e-12)
        np.testing.assert_allclose(abs(np.linalg.det((df.torch.adjoint(u) @ u).numpy())), 1, atol=1e-12)
        np.testing.assert_allclose(abs(np.linalg.det((vh @ df.torch.adjoint(vh)).numpy())), 1, atol=1e-12)


@pytest.mark.parametrize("kind", KINDS)
def test_eigenvectors_are_eigenvectors(kind):
    x = matrix(2, 3, 3, kind=kind)
    for world in (lambda f: f(df.tensor(x)), lambda f: compiled(f, x)):
        w, v = world(lambda m: df.linalg.eig(m))
        np.testing.assert_allclose(x @ v.numpy(), v.numpy() * w.numpy()[..., None, :], atol=1e-12)
        w, v = world(lambda m: df.linalg.eigh(m))
        h = (x + x.mT.conj()) / 2
        np.testing.assert_allclose(h @ v.numpy(), v.numpy() * w.numpy()[..., None, :], atol=1e-12)
        assert w.dtype == np.float64


def test_results_are_named():
    x = df.tensor([[2.0, 0.0], [0.0, 3.0]])
    assert df.linalg.qr(x)._fields == ("Q", "R")
    assert df.linalg.svd(x)._fields == ("U", "S", "Vh")
    assert df.linalg.eigh(x)._fields == df.linalg.eig(x)._fields == ("eigenvalues", "eigenvectors")
    assert df.linalg.slogdet(x)._fields == ("sign", "logabsdet")
    assert df.linalg.lstsq(x, x)._fields == ("solution", "residuals", "rank", "singular_values")


def test_singular_matrices_are_refused_in_compiled_code_too():
    def step(x):
        return df.linalg.inv(x)

    for x in (np.zeros((2, 2)), np.array([[1.0, 2.0], [2.0, 4.0]])):
        with pytest.raises(SingularError, match="inv: the matrix is singular"):
            step(df.tensor(x))
        with pytest.raises(SingularError, match="inv: the matrix is singular"):
            compiled(step, x)


@pytest.mark.parametrize(
    "call, kind, words",
    [
        (lambda: df.torch.mm(df.ones(2), df.ones(2)), ShapeError, "mm: takes two matrices"),
        (lambda: df.torch.bmm(df.ones(2, 1, 1), df.ones(3, 1, 1)), ShapeError, "bmm: the batches have 2 and 3"),
        (lambda: df.torch.dot(df.ones(2, 2), df.ones(2)), ShapeError, "dot: takes two vectors"),
        (lambda: df.linalg.cross(df.ones(2), df.ones(2)), ShapeError, "cross: axis -1 must have 3"),
        (lambda: df.vecdot(df.ones(2), df.ones(1)), ShapeError, "vecdot: axis -1 has 2 elements"),
        (lambda: df.linalg.matrix_power(df.ones(2, 3), 2), ShapeError, "matrix_power: takes square"),
        (lambda: df.linalg.matrix_power(df.ones(2, 2), 0.5), DTypeError, "matrix_power: the power must be an integer"),
        (lambda: df.linalg.multi_dot([df.ones(2, 2)]), ShapeError, "multi_dot: takes at least two"),
        (lambda: df.linalg.qr(df.ones(2, 2), mode="r"), ShapeError, "qr: the mode is"),
        (lambda: df.linalg.svd(df.ones(2)), ShapeError, "svd: takes matrices"),
        (lambda: df.linalg.matrix_norm(df.ones(2, 2), ord=3), ShapeError, "matrix_norm: the order is"),
        (lambda: df.linalg.norm(df.ones(2, 2, 2), 3), ShapeError, "norm: order 3"),
        (lambda: df.linalg.vector_norm(df.ones(2), ord="fro"), ShapeError, "vector_norm: the order must be"),
        (lambda: df.torch.cdist(df.ones(2, 3), df.ones(2, 2)), ShapeError, "cdist: takes rows of one length"),
        (lambda: df.tensordot(df.ones(2, 3), df.ones(2, 3), axes=1), ShapeError, "tensordot: axis 1 of a has 3"),
        (lambda: df.tensordot(df.ones(2), df.ones(2), axes=2), ShapeError, "tensordot: 2 axes cannot"),
    ],
)
def test_mistakes_are_told(call, kind, words):
    with pytest.raises(kind, match=words) as caught:
        call()
    assert "test_linalg.py" in str(caught.value)


def test_cosine_distance_and_pairs_are_pytorchs():
    a, b = matrix(3, 4), matrix(3, 4, seed=1)
    agree(df.nn.functional.cosine_similarity, lambda t, x, y: t.nn.functional.cosine_similarity(x, y), a, b)
    agree(df.nn.functional.pairwise_distance, lambda t, x, y: t.nn.functional.pairwise_distance(x, y), a, b)
    for p in (1.0, 2.0, 3.0, np.inf):
        agree(lambda x, y, p=p: df.torch.cdist(x, y, p), lambda t, x, y, p=p: t.cdist(x, y, p), a, b)


def test_rank_of_what_lacks_it():
    assert df.linalg.matrix_rank(df.tensor([[1.0, 1.0], [1.0, 1.0]])).item() == 1
    assert df.linalg.matrix_rank(df.tensor([[1.0, 0.0], [0.0, 1e-3]]), rtol=1e-2).item() == 1
    assert compiled(lambda x: df.linalg.matrix_rank(x), np.eye(3)).item() == 3

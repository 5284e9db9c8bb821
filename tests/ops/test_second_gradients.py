"""Second gradients where a rule divides by what is 0 there, or chooses: mathematics' answers, in every arm."""

import numpy as np
import pytest

import dualflow as df
from dualflow.core.errors import SingularError
from dualflow.core.op import VOCABULARY

F = df.nn.functional


def derivatives(function, at, dtype=df.float64):
    """Return value, gradient and Hessian of a function of a vector, all traced as one."""

    @df.function
    def step(x):
        y = function(x)
        (g,) = df.grad(y, x, create_graph=True)
        rows = [df.grad(g[i], x, retain_graph=True, allow_unused=True)[0] for i in range(len(at))]
        return y, g, *(df.zeros_like(x) if row is None else row for row in rows)

    y, g, *rows = (r.detach().numpy() for r in step(df.tensor(at, dtype, requires_grad=True)))
    return y, g, np.array(rows)


def number(x):
    """Make a complex number of two real ones, so that its Hessian is that of a function of two."""
    return df.complex(x[0], x[1])


def squared(x):
    """Multiply a value with itself."""
    return x * x


EYE = np.eye(2)
DOUBLE = 2 * EYE
SQUARES = {  # a function that is a square of a length, where that is 0; its Hessian
    "vector_norm**2": (lambda x: df.linalg.vector_norm(x) ** 2, [0.0, 0.0], DOUBLE),
    "square(vector_norm)": (lambda x: df.square(df.linalg.vector_norm(x)), [0.0, 0.0], DOUBLE),
    "vector_norm * itself": (lambda x: squared(df.linalg.vector_norm(x)), [0.0, 0.0], DOUBLE),
    "vector_norm.pow(2)": (lambda x: df.linalg.vector_norm(x).pow(2), [0.0, 0.0], DOUBLE),
    "half of it": (lambda x: 0.5 * df.linalg.vector_norm(x, keepdims=True).sum() ** 2, [3.0, 4.0], EYE),
    "a row of zeros": (
        lambda x: (df.linalg.vector_norm(x.reshape(2, 1), axis=1) ** 2 * df.tensor([1.0, 3.0], x.dtype)).sum(),
        [0.0, 1.0],
        np.diag([2.0, 6.0]),
    ),
    "a view of lengths": (
        lambda x: (df.linalg.vector_norm(x.reshape(1, 2), axis=1)[:, None].reshape(1) ** 2).sum(), [0.0, 0.0], DOUBLE,
    ),
    "exp of a square": (lambda x: df.exp(-(df.linalg.vector_norm(x) ** 2)), [0.0, 0.0], -DOUBLE),
    "matrix_norm": (lambda x: df.linalg.matrix_norm(x.reshape(1, 2)) ** 2, [0.0, 0.0], DOUBLE),
    "the fourth power": (lambda x: df.linalg.vector_norm(x) ** 4, [0.0, 0.0], 0 * EYE),
    "abs of complex": (lambda x: df.abs(number(x)) ** 2, [0.0, 0.0], DOUBLE),
    "abs of complex, away": (lambda x: df.abs(number(x)) ** 2, [3.0, 4.0], DOUBLE),
    "hypot": (lambda x: df.hypot(x[0], x[1]) ** 2, [0.0, 0.0], DOUBLE),
    "hypot, away": (lambda x: df.hypot(x[0], x[1]) ** 2, [3.0, 4.0], DOUBLE),
    "cdist": (lambda x: (df.torch.cdist(x[None], df.zeros(2, 2, dtype=x.dtype)) ** 2).sum(), [0.0, 0.0], 2 * DOUBLE),
    "pdist": (lambda x: (F.pdist(x[:, None]) ** 2).sum(), [1.0, 1.0], [[2, -2], [-2, 2]]),
    "pairwise_distance": (
        lambda x: F.pairwise_distance(x[None], df.zeros(1, 2, dtype=x.dtype), eps=0.0).square().sum(),
        [0.0, 0.0],
        DOUBLE,
    ),
    "std": (lambda x: df.std(x) ** 2, [1.0, 1.0], [[0.5, -0.5], [-0.5, 0.5]]),
    "x.std": (lambda x: x.std() ** 2, [1.0, 1.0], [[1, -1], [-1, 1]]),
    "smooth_l1_loss": (
        lambda x: F.smooth_l1_loss(x, df.zeros_like(x), beta=0.5, reduction="sum"), [0.0, 3.0], np.diag([2.0, 0.0]),
    ),
    "huber_loss": (lambda x: F.huber_loss(x, df.zeros_like(x), reduction="sum"), [0.0, 3.0], np.diag([1.0, 0.0])),
}  # fmt: skip


@pytest.mark.parametrize("name", SQUARES)
@pytest.mark.parametrize("dtype", [df.float64, df.float32])
def test_the_square_of_a_length_has_its_hessian_where_the_length_is_zero(name, dtype, arm):
    """There the gradient of the length counts as 0, and its square is as smooth as anywhere: no 0/0, no cut."""
    function, at, hessian = SQUARES[name]
    _, _, found = derivatives(function, at, dtype)
    np.testing.assert_allclose(found, hessian, rtol=1e-6, atol=1e-6)


LENGTHS = {
    "vector_norm": lambda x: df.linalg.vector_norm(x),
    "abs of complex": lambda x: df.abs(number(x)),
    "hypot": lambda x: df.hypot(x[0], x[1]),
    "std": lambda x: df.std(x),
    "x.std": lambda x: x.std(),
    "std_mean": lambda x: df.torch.std_mean(x)[0],
    "sqrt of a length": lambda x: df.sqrt(df.linalg.vector_norm(x) + 1),
}


@pytest.mark.parametrize("name", LENGTHS)
def test_the_gradient_of_a_length_that_is_zero_is_zero(name, arm):
    """As PyTorch has it for norms and std; the second one, which is not finite there, counts as 0."""
    _, gradient, hessian = derivatives(LENGTHS[name], [0.0, 0.0])
    np.testing.assert_array_equal(gradient, [0, 0])
    np.testing.assert_array_equal(hessian, 0 * EYE)


def test_the_bare_pass_and_the_recorded_pass_agree_at_zero():
    """Also where what follows is no square: a root, a logarithm, a quotient of the length."""
    for after in (lambda n: n, lambda n: n**2, lambda n: n**0.5, lambda n: n**1.5, df.log, lambda n: n * n * 3, df.exp):
        x = df.tensor([0.0, 0.0], requires_grad=True)
        with np.errstate(all="ignore"):
            (bare,) = df.grad(after(df.linalg.vector_norm(x)), x)
            (recorded,) = df.grad(after(df.linalg.vector_norm(x)), x, create_graph=True)
        assert bare.tolist() == recorded.tolist() == [0.0, 0.0]


def test_the_square_of_what_a_custom_function_made():
    """A function of the user's own is no length, whatever it computes; its square is differentiated as any other."""

    class Length(df.Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x)
            return df.linalg.vector_norm(x)

        @staticmethod
        def backward(ctx, grad):
            (x,) = ctx.saved_tensors
            return grad * x / df.linalg.vector_norm(x)

    x = df.tensor([3.0, 4.0], df.float64, requires_grad=True)
    (g,) = df.grad(Length.apply(x) ** 2, x, create_graph=True)
    np.testing.assert_allclose(df.grad(g[0], x)[0].numpy(), [2.0, 0.0], atol=1e-14)


def test_the_deviation_of_one_element(arm):
    """0 with a gradient of 0; with a correction of 1 there is nothing to divide by: NaN, as in PyTorch."""
    with np.errstate(all="ignore"):
        for correction, expected in ((0, 0.0), (1, np.nan)):
            y, g, _ = derivatives(lambda x, c=correction: df.std(x, correction=c), [3.0])
            np.testing.assert_array_equal([y, g[0]], [expected, expected])


# ------------------------------------------------------------------------------------------------------ sinc and others


def test_derivatives_of_sinc_at_zero(arm):
    """-pi²/3 is the second; the fourth is pi⁴/5."""
    _, gradient, hessian = derivatives(lambda x: df.sinc(x).sum(), [0.0, 0.5])
    slope, bend = -4 / np.pi, -2 * np.pi + 16 / np.pi
    np.testing.assert_allclose(gradient, [0.0, slope], rtol=1e-14)
    np.testing.assert_allclose(hessian, np.diag([-(np.pi**2) / 3, bend]), rtol=1e-13)

    @df.function
    def fourth(x):
        y = df.sinc(x)
        for _ in range(4):
            (y,) = df.grad(y.sum(), x, create_graph=True)
        return y

    assert fourth(df.tensor([0.0], df.float64, requires_grad=True)).item() == pytest.approx(np.pi**4 / 5, rel=1e-14)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_gradient_of_sinc_near_zero_keeps_its_digits(dtype, arm):
    """-pi² x / 3 (1 - pi² x² / 10): PyTorch's own formula has none left at 1e-5."""
    x = np.array([1e-8, -1e-5, 1e-4, 1e-3], dtype)
    step = df.function(lambda x: df.grad(df.sinc(x).sum(), x)[0])
    found = step(df.tensor(x, requires_grad=True)).detach().numpy()
    wide = x.astype(np.float64)
    expected = -(np.pi**2) * wide / 3 * (1 - np.pi**2 * wide**2 / 10 * (1 - np.pi**2 * wide**2 / 28))
    np.testing.assert_allclose(found, expected, rtol=4 * np.finfo(dtype).eps)


@pytest.mark.parametrize("n", range(1, 7))
@pytest.mark.parametrize("world", ["numpy", "jax"])
def test_derivatives_of_sinc_join_where_the_formula_changes(n, world):
    """Each is the integral of the one before: Simpson's rule across the whole range agrees with the differences."""
    jax = pytest.importorskip("jax")
    kernel = VOCABULARY["sinc_derivative"].kernel(world)
    x = np.linspace(-4, 4, 4001)
    with jax.enable_x64(True):
        y, above = np.asarray(kernel(x, n=n)), np.asarray(kernel(x, n=n + 1))
    areas = (above[:-2:2] + 4 * above[1:-1:2] + above[2::2]) * (x[1] - x[0]) / 3
    np.testing.assert_allclose(np.diff(y[::2]), areas, atol=1e-11 * np.pi**n)


def test_second_gradients_that_a_rule_must_not_cut(arm):
    """Products with two zeros; the weight of the positive class, in either order, at a score of 0; the angle at 0."""
    cases = {
        "prod": (lambda x: x.prod(), [0.0, 0.0, 3.0], [[0, 3, 0], [3, 0, 0], [0, 0, 0]]),
        "cumprod": (lambda x: df.cumprod(x, axis=0).sum(), [0.0, 0.0, 3.0], [[0, 4, 0], [4, 0, 0], [0, 0, 0]]),
        "positive weight": (
            lambda x: F.binary_cross_entropy_with_logits(x[:1], df.tensor([0.5], x.dtype), pos_weight=x[1:]),
            [0.0, 2.0],
            [[0.375, -0.25], [-0.25, 0.0]],
        ),
        "atan2": (lambda x: df.atan2(x[0], x[1]), [0.0, 0.0], 0 * EYE),
        "atan2, away": (lambda x: df.atan2(x[0], x[1]), [1.0, 1.0], [[-0.5, 0.0], [0.0, 0.5]]),
    }
    for function, at, hessian in cases.values():
        np.testing.assert_allclose(derivatives(function, at)[2], hessian, atol=1e-14)


# ------------------------------------------------------------------------------------------------------- determinants


def minors(x):
    """Return the Hessian of the determinant by rows and columns left out: (-1)**(i+j+k+l) times the minor."""
    n = len(x)
    hessian = np.zeros((n, n, n, n))
    for i, j, k, m in np.ndindex(n, n, n, n):
        if i != k and j != m:
            rest = np.delete(np.delete(x, (i, k), 0), (j, m), 1)
            sign = (-1) ** (i + j + k + m) * (1 if (i < k) == (j < m) else -1)
            hessian[i, j, k, m] = sign * (np.linalg.det(rest) if rest.size else 1.0)
    return hessian.reshape(n * n, n * n)


@pytest.mark.parametrize("rank", [0, 1, 2, 3])
def test_the_hessian_of_the_determinant_of_any_rank(rank, arm):
    """Its elements are minors of order one: no inverse is needed, and none is there."""
    random = np.random.default_rng(rank)
    x = random.normal(size=(3, rank)) @ random.normal(size=(rank, 3))
    y, gradient, hessian = derivatives(lambda v: df.linalg.det(v.reshape(3, 3)), x.reshape(-1))
    np.testing.assert_allclose(y, np.linalg.det(x), atol=1e-13)
    np.testing.assert_allclose(hessian, minors(x), atol=1e-12)


def test_a_determinant_of_order_one_and_two(arm):
    """Linear, and quadratic: Hessians that do not depend on the matrix."""
    assert derivatives(lambda v: df.linalg.det(v.reshape(1, 1)), [0.0])[2].tolist() == [[0.0]]
    found = derivatives(lambda v: df.linalg.det(v.reshape(2, 2)), [0.0] * 4)[2]
    np.testing.assert_allclose(found, [[0, 0, 0, 1], [0, 0, -1, 0], [0, -1, 0, 0], [1, 0, 0, 0]], atol=1e-15)


def test_what_needs_an_inverse_says_so_in_our_words():
    """The gradient of log|det| of a singular matrix: no error of NumPy's comes through, and the line is the user's."""
    x = df.tensor([[1.0, 2.0], [2.0, 4.0]], requires_grad=True)
    y = df.linalg.slogdet(x).logabsdet
    with pytest.raises(
        SingularError, match=r"slogdet: there is no gradient where the matrix is singular[\s\S]*test_sec"
    ):
        y.backward()

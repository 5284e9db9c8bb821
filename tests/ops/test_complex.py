"""Complex numbers: gradients in PyTorch's convention wherever a user sees one, in both worlds."""

import numpy as np
import pytest

import dualflow as df
from dualflow.core.errors import GradientError

Z = np.array([1 + 2j, -0.5 + 0.25j, 3 - 1j], np.complex128)


def leaf(array=Z):
    return df.tensor(array, requires_grad=True)


def test_the_gradient_points_uphill():
    """abs(z)**2 grows fastest along z itself: PyTorch's gradient is 2 z, JAX's its conjugate."""
    z = leaf()
    (df.abs(z) ** 2).sum().backward()
    np.testing.assert_allclose(z.grad.numpy(), 2 * Z)


def test_a_holomorphic_function_gives_the_conjugate_of_its_derivative():
    z = leaf()
    seed = np.array([1.0, 1j, 1 - 1j])
    (found,) = df.grad(z * z * z, z, df.tensor(seed))
    np.testing.assert_allclose(found.numpy(), seed * np.conj(3 * Z**2))


def test_second_gradients():
    """A step of Newton's method needs the slope of the recorded gradient, whose conjugations are recorded too."""
    z = leaf()
    (first,) = df.grad((df.abs(z) ** 4).sum(), z, create_graph=True)
    np.testing.assert_allclose(first.detach().numpy(), 4 * np.abs(Z) ** 2 * Z)
    (second,) = df.grad(df.real(first * df.conj(first)).sum(), z)
    np.testing.assert_allclose(second.numpy(), 96 * np.abs(Z) ** 4 * Z)


def test_real_leaves_of_complex_functions_have_real_gradients():
    x = df.tensor([0.5, 2.0], dtype=df.float64, requires_grad=True)
    df.imag(df.exp(x * 1j)).sum().backward()
    np.testing.assert_allclose(x.grad.numpy(), np.cos([0.5, 2.0]))
    assert x.grad.dtype == df.float64


def test_hooks_and_retained_gradients_see_the_same_convention():
    z, seen = leaf(), []
    middle = z * 1j
    middle.retain_grad()
    middle.register_hook(seen.append)
    (df.abs(middle) ** 2).sum().backward()
    np.testing.assert_allclose(seen[0].numpy(), 2j * Z)
    np.testing.assert_allclose(middle.grad.numpy(), 2j * Z)
    np.testing.assert_allclose(z.grad.numpy(), 2 * Z)


def test_a_hook_may_replace_a_complex_gradient():
    z = leaf()
    middle = z * 1
    middle.register_hook(lambda g: g * 1j)
    (df.abs(middle) ** 2).sum().backward()
    np.testing.assert_allclose(z.grad.numpy(), 2j * Z)


def test_a_custom_function_is_written_in_the_users_convention():
    class Square(df.Function):
        @staticmethod
        def forward(ctx, z):
            ctx.save_for_backward(z)
            return z * z

        @staticmethod
        def backward(ctx, grad):
            (z,) = ctx.saved_tensors
            return grad * df.conj(2 * z)

    ours, theirs = leaf(), leaf()
    df.real(Square.apply(ours) * 1j).sum().backward()
    df.real(theirs * theirs * 1j).sum().backward()
    np.testing.assert_allclose(ours.grad.numpy(), theirs.grad.numpy())


def test_both_worlds_agree():
    def loss(z):
        return df.real(df.exp(z) * df.conj(z)).sum()

    z = leaf()
    loss(z).backward()
    with df.graph() as g:
        node = df.placeholder("complex128", (None,))
        (found,) = df.gradients(loss(node), [node])
    for compiled in (False, True):
        with df.Session(g, compile=compiled) as session:
            np.testing.assert_allclose(session.run(found, {node: Z}), z.grad.numpy(), rtol=1e-12)


def test_a_compiled_function_passes_complex_gradients_through():
    def body(z):
        return df.exp(z) * z

    with df.mode("graph"):
        compiled = df.function(body)
        z = leaf()
        df.real(compiled(z) * 1j).sum().backward()
    expected = leaf()
    df.real(body(expected) * 1j).sum().backward()
    np.testing.assert_allclose(z.grad.numpy(), expected.grad.numpy(), rtol=1e-12)


def test_a_complex_scalar_implies_no_gradient_to_start_from():
    for y in (leaf().sum(), leaf().sum() * 1j):
        with pytest.raises(GradientError, match="real scalar"):
            y.backward()


AS_PYTORCH = {
    "sigmoid": df.sigmoid,
    "logaddexp": lambda x: df.logaddexp(x, 0.5j),
    "var": lambda x: df.var(x, correction=1),
    "std": lambda x: df.std(x, correction=1),
}


@pytest.mark.parametrize("name", AS_PYTORCH)
def test_functions_beyond_the_standard_take_complex_numbers_as_pytorchs_do(name):
    torch = pytest.importorskip("torch", reason="PyTorch is the oracle")
    theirs = torch.from_numpy(Z.copy()).requires_grad_()
    expected = (
        torch.logaddexp(theirs, torch.full_like(theirs, 0.5j)) if name == "logaddexp" else getattr(torch, name)(theirs)
    )
    expected.abs().sum().backward()
    ours = leaf()
    found = AS_PYTORCH[name](ours)
    df.abs(found).sum().backward()
    np.testing.assert_allclose(found.detach().numpy(), expected.detach().numpy())
    np.testing.assert_allclose(ours.grad.numpy(), theirs.grad.numpy())


def test_silu_of_complex_numbers_is_a_product():
    ours, product = leaf(), leaf()
    df.abs(df.nn.functional.silu(ours)).sum().backward()
    df.abs(product * df.sigmoid(product)).sum().backward()
    np.testing.assert_allclose(ours.grad.numpy(), product.grad.numpy())


def test_parts_and_pairs_share_memory_and_writing_to_them_is_recorded():
    """A gradient finds its way through a write to a real view of complex memory, and a complex view of real memory."""
    z, w = leaf(), df.tensor([1.0, 2.0, 3.0], dtype=df.float64, requires_grad=True)
    y = z * 1
    real, pairs = y.real, df.view_as_real(y)
    y.imag.mul_(w)
    np.testing.assert_allclose(pairs.detach().numpy(), np.stack([Z.real, Z.imag * [1, 2, 3]], -1))
    (df.abs(y) ** 2).sum().backward()
    np.testing.assert_allclose(w.grad.numpy(), 2 * Z.imag**2 * [1, 2, 3])
    np.testing.assert_allclose(z.grad.numpy(), 2 * (Z.real + 1j * Z.imag * np.array([1, 4, 9])))
    assert np.shares_memory(real.detach().numpy(), y.detach().numpy())

    x = df.tensor([[1.0, 2.0], [3.0, 4.0]], dtype=df.float64, requires_grad=True)
    memory = x * 1
    df.view_as_complex(memory).mul_(1j)
    np.testing.assert_allclose(memory.detach().numpy(), [[-2, 1], [-4, 3]])
    (memory * df.tensor([[1.0, 10.0], [100.0, 1000.0]], dtype=df.float64)).sum().backward()
    np.testing.assert_allclose(x.grad.numpy(), [[10, -1], [1000, -100]])

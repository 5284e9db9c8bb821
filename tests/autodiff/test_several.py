"""Ops and custom Functions with several results: what each passes back, alone and together, in every arm."""

import itertools

import numpy as np
import pytest

import dualflow as df
from dualflow.core.errors import GradientError, GraphError, InPlaceError


def slopes(function, x, step=1e-6):
    """Return central differences of a function of an array, element by element."""
    found = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[i] += step
        down[i] -= step
        found[i] = (function(df.tensor(up)).item() - function(df.tensor(down)).item()) / (2 * step)
    return found


X = np.array([[2.0, 0.5, -1.0], [0.3, 1.7, 0.4], [-0.6, 0.2, 3.1]])
SEVERAL = {
    "split": lambda x: df.split(x, [1, 2], 1),
    "unstack": lambda x: df.unstack(x, 1),
    "eigh": lambda x: df.linalg.eigh(x),
    "svd": lambda x: df.linalg.svd(x),
    "qr": lambda x: df.linalg.qr(x),
}
CHOICES = [(name, some) for name in SEVERAL for some in itertools.product((0, 1), repeat=3) if any(some[:2])]


@pytest.mark.parametrize("name, some", CHOICES)
def test_whichever_results_are_used_the_gradient_is_the_slope(arm, name, some):
    """No result, one or all: where none came back, the rule is given None."""

    def loss(x):
        parts = SEVERAL[name](x)
        used = [(part**3).sum() * (i + 1) for i, (part, yes) in enumerate(zip(parts, some, strict=False)) if yes]
        return sum(used[1:], used[0])

    @df.function
    def gradient(x):
        return df.grad(loss(x), x)[0]

    found = gradient(df.tensor(X, requires_grad=True))
    np.testing.assert_allclose(found.detach().numpy(), slopes(loss, X), rtol=2e-5, atol=1e-6)


def test_singular_values_that_coincide_have_a_gradient(arm):
    """That of the vectors is not finite; that of the values alone is U Vh, in PyTorch too."""

    @df.function
    def gradient(x):
        return df.grad(df.linalg.svd(x).S.sum(), x)[0]

    np.testing.assert_allclose(gradient(df.eye(3, requires_grad=True)).numpy(), np.eye(3), atol=1e-6)


def test_a_result_that_is_kept_is_differentiated_twice(arm):
    """The rule of svd reads its results, so the second derivative goes through all three again."""

    def first(x):
        u, s, vh = df.linalg.svd(x)
        return df.grad((u[0, 0] * s * vh[0]).sum(), x, create_graph=True)[0]

    @df.function
    def second(x):
        return df.grad((first(x) ** 2).sum(), x)[0]

    def total(x):
        return (first(x.requires_grad_()) ** 2).sum().detach()

    found = second(df.tensor(X, requires_grad=True)).detach().numpy()
    with df.eager():
        np.testing.assert_allclose(found, slopes(total, X), rtol=1e-4, atol=1e-5)


def test_pieces_share_memory_and_records(arm):
    """As slices do: y.split gives views, and writing to one shows in y, with its gradient."""

    @df.function
    def step(x):
        y = x * 1
        a, _ = df.split(y, 2, 1)
        a.mul_(3)
        rows = df.unstack(y)
        rows[0].add_(1)
        return df.grad((y * y).sum(), x)[0], y

    g, y = step(df.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], requires_grad=True))
    assert y.tolist() == [[4.0, 7.0, 4.0], [12.0, 15.0, 6.0]]
    assert g.tolist() == [[24.0, 42.0, 8.0], [72.0, 90.0, 12.0]]


def test_hooks_and_kept_gradients_of_one_result(arm):
    """A hook sees the gradient of its own result, once, and what it returns goes on."""
    seen = []

    @df.function
    def step(x):
        a, b = df.split(x * 1, 1)
        a.register_hook(lambda g: (seen.append(1), g * 10)[1])
        b.retain_grad()
        (a * 2 + b * 3 + a).sum().backward()
        return b.grad * 1

    x = df.tensor([1.0, 2.0], requires_grad=True)
    assert step(x).tolist() == [3.0]
    assert x.grad.tolist() == [30.0, 3.0]
    assert seen == [1]


def test_a_write_to_a_result_that_the_rule_reads_is_an_error():
    q, _ = df.linalg.qr(df.tensor(X, requires_grad=True))
    loss = q.sum()
    q.detach().mul_(2)
    with pytest.raises(InPlaceError, match="qr: its result is needed for the gradient but was modified in place"):
        loss.backward()


def test_a_record_of_several_results_is_used_up_once():
    a, b = df.split(df.tensor([1.0, 2.0], requires_grad=True), 1)
    a.sum().backward()
    with pytest.raises(GradientError, match="second time"):
        b.sum().backward()


def test_results_in_a_session_have_names_and_can_be_fetched_and_fed():
    with df.graph() as g:
        x = df.placeholder(df.float32, (None, 4), name="x")
        a, b = df.split(x, 2, 1)
        total = (a * b).sum()
    assert [node.name for node in g.nodes] == ["x", "split:0", "multiply", "sum"]  # one node, two results
    assert (a.name, b.name, g.get_tensor_by_name("split:1")) == ("split:0", "split:1", b)
    rows = np.arange(8, dtype=np.float32).reshape(2, 4)
    for compiled in (False, True):
        with df.Session(g, compile=compiled) as session:
            np.testing.assert_array_equal(session.run(b, {x: rows}), rows[:, 2:])
            fetched = session.run(["split:0", b, total], {x: rows})
            np.testing.assert_array_equal(fetched[0], rows[:, :2])
            assert fetched[2] == 0 * 2 + 1 * 3 + 4 * 6 + 5 * 7
            assert session.run(total, {x: rows, b: np.ones((2, 2), np.float32)}) == 10
            assert session.run(total, {a: np.ones((1, 2)), b: np.ones((1, 2))}) == 2


def test_how_many_results_there_are_must_be_known():
    with df.graph():
        x = df.placeholder(df.float32, (None, 4))
        with pytest.raises(df.DualflowError, match="unstack: .*axis 0 .*unknown size"):
            df.unstack(x)


def test_of_several_results_recordings_show_each():
    def step(x):
        a, b = df.split(x, [1, 2], 1)
        return (a * b).sum()

    for arm in ("eager", "interpreted", "compiled"):
        run = df.record(step, df.tensor(X), arm=arm)
        assert [e.value.shape for e in run if e.op == "split"] == [(3, 1), (3, 2)]


# ------------------------------------------------------------------------------------------------- custom Functions


class Powers(df.Function):
    """Square and cube, the place of the largest, and a sign without gradient."""

    @staticmethod
    def forward(ctx, x, factor):
        ctx.save_for_backward(x)
        ctx.factor = factor
        sign = df.sign(x)
        ctx.mark_non_differentiable(sign)
        return x * x * factor, x * x * x, df.argmax(x), sign

    @staticmethod
    def backward(ctx, square, cube, place, sign):
        (x,) = ctx.saved_tensors
        assert ctx.needs_input_grad == (True, False)
        return square * 2 * x * ctx.factor + cube * 3 * x * x, None


class Growth(df.Function):
    """In PyTorch's newer form; it is told with None where no gradient came back."""

    @staticmethod
    def forward(x, y):
        e = df.exp(x)
        return e, e * y

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.save_for_backward(output[0], inputs[1])
        ctx.set_materialize_grads(False)

    @staticmethod
    def backward(ctx, g, of_product):
        e, y = ctx.saved_tensors
        parts = [g * scale for g, scale in ((g, e), (of_product, e * y)) if g is not None]
        return sum(parts[1:], parts[0]), None if of_product is None else of_product * e


def powers(x):
    square, cube, place, sign = Powers.apply(x, 2.0)
    return square.sum() * 3 + (cube * sign).sum()


LOSSES = {
    "both": powers,
    "the first": lambda x: Powers.apply(x, 2.0)[0].sum(),
    "the second": lambda x: Powers.apply(x, 2.0)[1].sum(),
    "growth": lambda x: (Growth.apply(x, x * 2)[1] ** 2).sum(),
    "growth of the first": lambda x: Growth.apply(x, x * 2)[0].sum(),
}


@pytest.mark.parametrize("name", LOSSES)
def test_a_function_with_several_results_has_the_slope_of_its_forward(arm, name):
    loss, at = LOSSES[name], np.array([1.0, 0.7, 1.4])

    @df.function
    def both(x):
        (g,) = df.grad(loss(x), x, create_graph=True)
        return g, df.grad((g * g).sum(), x)[0]

    def squared(x):
        return (df.grad(loss(x.requires_grad_()), x, create_graph=True)[0] ** 2).sum().detach()

    first, second = both(df.tensor(at, requires_grad=True))
    with df.eager():
        np.testing.assert_allclose(
            first.detach().numpy(), slopes(lambda x: loss(x.requires_grad_()).detach(), at), 1e-6
        )
        np.testing.assert_allclose(second.detach().numpy(), slopes(squared, at), rtol=1e-5)


def test_results_without_a_gradient_say_so(arm):
    @df.function
    def step(x):
        return Powers.apply(x, 2.0)

    found = step(df.tensor([1.0, 3.0], requires_grad=True))
    assert [y.requires_grad for y in found] == [True, True, False, False]
    assert found[2].item() == 1


def test_a_forward_that_writes_to_its_input_marks_it(arm):
    class Doubled(df.Function):
        @staticmethod
        def forward(ctx, x):
            ctx.mark_dirty(x)
            return x.mul_(2)

        @staticmethod
        def backward(ctx, g):
            return g * 2

    @df.function
    def step(x):
        h = x * 1
        y = Doubled.apply(h)
        return df.grad((h * y).sum(), x)[0]

    x = df.tensor([1.0, 2.0], requires_grad=True)
    if arm == "eager":
        assert step(x).tolist() == [8.0, 16.0]  # 4 x² in both names
        with pytest.raises(InPlaceError, match="Doubled: mark_dirty is of tensors that own their memory"):
            Doubled.apply(x)
    else:
        with pytest.raises(GraphError, match="Doubled: mark_dirty is not followed in a graph"):
            step(x)


def test_once_differentiable_says_so_when_it_is_differentiated_again(arm):
    class Square(df.Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x)
            return x * x

        @staticmethod
        @df.once_differentiable
        def backward(ctx, g):
            return g * 2 * ctx.saved_tensors[0]

    @df.function
    def step(x, twice):
        (g,) = df.grad(Square.apply(x).sum(), x, create_graph=True)
        return df.grad(g.sum(), x)[0] if twice else g.detach()

    x = df.tensor([1.0, 2.0], requires_grad=True)
    assert step(x, False).tolist() == [2.0, 4.0]
    with pytest.raises(GradientError, match="marked with once_differentiable"):
        step(x, True)


def test_an_input_that_is_passed_on_without_gradient_has_none(arm):
    class Passed(df.Function):
        @staticmethod
        def forward(ctx, x):
            ctx.mark_non_differentiable(x)
            return x, x * 2

        @staticmethod
        def backward(ctx, g, of_double):
            return of_double * 2

    @df.function
    def step(x):
        h = x * 1
        same, double = Passed.apply(h)
        return same * 1, df.grad(((h + double) * same).sum(), x)[0]

    same, g = step(df.tensor([1.0, 2.0], requires_grad=True))
    assert not same.requires_grad
    assert g.tolist() == [3.0, 6.0]


def test_a_forward_returns_tensors():
    class Wrong(df.Function):
        @staticmethod
        def forward(ctx, x):
            return x, 3

    with pytest.raises(GradientError, match=r"Wrong.forward: must return a tensor or a tuple of tensors, not int"):
        Wrong.apply(df.ones(2))

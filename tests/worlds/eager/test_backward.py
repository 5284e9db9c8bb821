"""``backward``, ``grad``, hooks, custom functions: the eager pass as PyTorch's users know it."""

import gc
import weakref

import numpy as np
import pytest

import dualflow as df
from dualflow.core.errors import DTypeError, GradientError, ShapeError


def parameter(values, dtype=None):
    """A leaf that requires a gradient."""
    return df.tensor(values, dtype, requires_grad=True)


# ------------------------------------------------------------------------------------------------------------ gathering


def test_gradients_accumulate_in_leaves():
    """A second loss adds to ``.grad``; None starts again."""
    w = parameter([1.0, 2.0])
    (w * w).sum().backward()
    (w * 3).sum().backward()
    assert w.grad.tolist() == [5.0, 7.0]
    w.grad = None
    (w * 3).sum().backward()
    assert w.grad.tolist() == [3.0, 3.0]


def test_a_gradient_belongs_to_one_leaf():
    """Leaves that are given the same gradient do not share its memory, nor the seed's."""
    a, b, seed = parameter([1.0, 2.0]), parameter([3.0, 4.0]), df.tensor([1.0, 1.0])
    (a + b).backward(seed)
    a.grad.add_(1)
    assert (a.grad.tolist(), b.grad.tolist(), seed.tolist()) == ([2.0, 2.0], [1.0, 1.0], [1.0, 1.0])


def test_a_gradient_does_not_share_memory_with_what_a_rule_returned():
    """A custom backward may hand out a tensor it keeps; gathering must not write into that."""
    kept = df.tensor([1.0, 1.0])

    class Keep(df.Function):
        @staticmethod
        def forward(ctx, x):
            return x * 1

        @staticmethod
        def backward(ctx, grad):
            return kept

    w = parameter([0.0, 0.0])
    for _ in range(2):
        Keep.apply(w).sum().backward()
    assert (w.grad.tolist(), kept.tolist()) == ([2.0, 2.0], [1.0, 1.0])


def test_a_value_used_twice_gets_both_gradients():
    """Paths add up, also where one value reaches an op through both operands."""
    x = parameter(3.0)
    y = x * x + x
    (y * y).backward()
    assert x.grad.item() == 2 * 12 * 7


def test_only_leaves_get_a_gradient_and_others_warn():
    """The .grad of a computed tensor is None, and asking for it says why."""
    x = parameter([1.0])
    y = x * 2
    y.sum().backward()
    with pytest.warns(UserWarning, match="not a leaf"):
        assert y.grad is None
    assert x.grad.tolist() == [2.0]


def test_inputs_limits_what_is_gathered():
    """``inputs=`` leaves other leaves alone."""
    a, b = parameter(1.0), parameter(2.0)
    (a * b).backward(inputs=[a])
    assert (a.grad.item(), b.grad) == (2.0, None)


def test_retain_grad_keeps_the_gradient_of_a_computed_tensor():
    """``retain_grad`` fills .grad of what is not a leaf, and adds at the next pass."""
    x = parameter([1.0, 2.0])
    y = x * 2
    y.retain_grad()
    z = (y * y).sum()
    z.backward(retain_graph=True)
    assert y.grad.tolist() == [4.0, 8.0]
    z.backward()
    assert y.grad.tolist() == [8.0, 16.0]


def test_constants_stay_constants():
    """Nothing is recorded for tensors that do not require gradients."""
    a, b = df.tensor([1.0]), parameter([1.0])
    assert not (a * a).requires_grad
    assert (a * b).requires_grad
    (a * b).sum().backward()
    assert a.grad is None


# ------------------------------------------------------------------------------------------------------- second passes


def test_a_second_backward_says_what_to_do():
    """The first pass frees the saved values; the error names retain_graph."""
    x = parameter([1.0])
    y = (x * x).sum()
    y.backward()
    with pytest.raises(GradientError, match="retain_graph=True"):
        y.backward()
    with pytest.raises(GradientError, match="second time"):
        df.grad(y, x)
    assert x.grad.tolist() == [2.0]


def test_retain_graph_allows_another_pass():
    """With ``retain_graph`` passes can be repeated until one frees."""
    x = parameter([1.0])
    y = (x * x).sum()
    y.backward(retain_graph=True)
    y.backward()
    assert x.grad.tolist() == [4.0]


def test_a_shared_part_that_was_freed_is_noticed():
    """A second loss over a freed part of the graph is the same mistake."""
    x = parameter([1.0])
    shared = x * x
    shared.sum().backward()
    with pytest.raises(GradientError, match="second time"):
        (shared * 2).sum().backward()


def test_backward_of_a_leaf():
    """A leaf's own gradient is what was given."""
    x = parameter(2.0)
    x.backward()
    x.backward(df.tensor(3.0))
    assert x.grad.item() == 4.0


@pytest.mark.parametrize("order, expected", [(1, 405.0), (2, 540.0), (3, 540.0), (4, 360.0), (5, 120.0), (6, None)])
def test_create_graph_gives_gradients_of_any_order(order, expected):
    """d^n x^5 / dx^n at 3, by df.grad of df.grad."""
    x = parameter(3.0, df.float64)
    y = x * x * x * x * x
    for _ in range(order):
        (y,) = df.grad(y, x, create_graph=True, allow_unused=True) if y.requires_grad else (None,)
        if y is None:
            break
    assert y is expected is None or y.item() == pytest.approx(expected or 0.0)


def test_backward_with_create_graph_records_the_gradient():
    """``.grad`` can itself be differentiated."""
    x = parameter(2.0, df.float64)
    (x**3).backward(create_graph=True)
    assert x.grad.requires_grad
    g, x.grad = x.grad, None
    g.backward()
    assert x.grad.item() == 12.0


def test_a_hessian_vector_product():
    """Second order through a small network agrees with differences of the gradient."""

    def gradient(w):
        x = df.tensor([[0.5, -1.0, 2.0]], df.float64)
        loss = (df.tanh(x @ w) ** 2).sum()
        return df.grad(loss, w, create_graph=True)[0]

    w = parameter([[0.1, 0.2], [0.3, -0.4], [-0.5, 0.6]], df.float64)
    v = df.tensor([[1.0, 0.5], [-1.0, 2.0], [0.0, 1.0]], df.float64)
    (product,) = df.grad((gradient(w) * v).sum(), w)
    step = 1e-6
    high, low = (gradient((w.detach() + s * v).requires_grad_()).detach() for s in (step, -step))
    np.testing.assert_allclose(product.numpy(), ((high - low) / (2 * step)).numpy(), rtol=1e-6, atol=1e-8)


# ------------------------------------------------------------------------------------------------------ where it starts


def test_backward_of_many_elements_needs_a_gradient():
    """The error says the shape and how to go on."""
    y = parameter([1.0, 2.0]) * 2
    with pytest.raises(GradientError, match=r"shape \(2,\)[\s\S]*gradient=df.ones_like"):
        y.backward()
    with pytest.raises(ShapeError, match="shape of the tensor"):
        y.backward(df.ones(3))


def test_one_element_of_any_rank_needs_none():
    """Shape (1, 1) is a scalar to ``backward``."""
    x = parameter([[3.0]])
    (x * x).backward()
    assert x.grad.tolist() == [[6.0]]


@pytest.mark.parametrize("gradient", [df.tensor([1.0, 10.0]), np.array([1.0, 10.0]), [1.0, 10.0]])
def test_a_gradient_may_be_a_tensor_an_array_or_a_list(gradient):
    """What ``backward`` starts from is read as an array of the tensor's dtype."""
    x = parameter([1.0, 2.0])
    (x * x).backward(gradient)
    assert x.grad.tolist() == [2.0, 40.0]
    assert x.grad.dtype == df.float32


def test_backward_of_a_constant_says_so():
    """Nothing was recorded: the error tells what to look for."""
    with pytest.raises(GradientError, match="requires_grad=True on the inputs"):
        df.tensor(1.0).backward()
    with df.no_grad():
        y = parameter(1.0) * 2
    with pytest.raises(GradientError, match="does not require a gradient"):
        y.backward()


def test_only_floating_leaves_require_gradients():
    """Integers and bools have no gradient; a computed tensor cannot be switched off."""
    with pytest.raises(DTypeError, match="floating"):
        df.tensor([1, 2]).requires_grad_()
    with pytest.raises(DTypeError, match="floating"):
        df.tensor([True], requires_grad=True)
    with pytest.raises(GradientError, match="detach"):
        (parameter(1.0) * 2).requires_grad_(False)


def test_gradients_stop_at_integers():
    """A cast to integers carries no gradient; an integer operand gets none."""
    x, i = parameter([1.5, 2.5]), df.tensor([2, 3])
    assert not x.astype(df.int64).requires_grad
    (x * i).sum().backward()
    assert (x.grad.tolist(), i.grad) == ([2.0, 3.0], None)


# ------------------------------------------------------------------------------------------------------------- df.grad


def test_grad_leaves_dot_grad_alone():
    """``df.grad`` returns and gathers nothing."""
    x = parameter(3.0)
    (g,) = df.grad(x * x, x)
    assert (g.item(), x.grad, g.requires_grad) == (6.0, None, False)


def test_grad_of_several_outputs_is_that_of_their_sum():
    """Each output with its own starting gradient."""
    x = parameter(3.0)
    (g,) = df.grad([x * x, x * 2], x, [df.tensor(1.0), df.tensor(10.0)])
    assert g.item() == 26.0


def test_grad_of_a_computed_tensor():
    """Inputs need not be leaves, and an input may lie on another's path."""
    x = parameter(2.0)
    y = x * x
    z = y * y
    gx, gy, gz = df.grad(z, [x, y, z])
    assert (gx.item(), gy.item(), gz.item()) == (32.0, 8.0, 1.0)


def test_an_unused_input_is_an_error_unless_allowed():
    """``allow_unused`` gives None for it."""
    x, other = parameter(1.0), parameter(1.0)
    y = x * 2
    with pytest.raises(GradientError, match="allow_unused"):
        df.grad(y, [x, other], retain_graph=True)
    assert df.grad(y, [x, other], allow_unused=True)[1] is None
    with pytest.raises(GradientError, match="does not require"):
        df.grad(x * 2, df.tensor(1.0))


def test_grad_does_not_run_rules_it_does_not_need():
    """A branch that leads to no input is not followed, so a freed part there does no harm."""
    x, other = parameter(1.0), parameter(1.0)
    freed = other * other
    freed.backward()
    (g,) = df.grad(x * 2 + freed.detach(), x)
    assert g.item() == 2.0


# --------------------------------------------------------------------------------------------------------------- hooks


def test_hooks_see_and_replace_gradients():
    """What a hook returns goes on; None leaves the gradient; order is that of registration."""
    x = parameter([1.0, 2.0])
    y = x * 2
    seen = []
    y.register_hook(lambda g: seen.append(g.tolist()))
    y.register_hook(lambda g: g * 10)
    x.register_hook(lambda g: g + 1)
    y.sum().backward()
    assert seen == [[1.0, 1.0]]
    assert x.grad.tolist() == [21.0, 21.0]


def test_a_handle_removes_its_hook():
    """Twice does no harm, and other hooks stay."""
    x = parameter(1.0)
    first = x.register_hook(lambda g: g * 10)
    x.register_hook(lambda g: g + 1)
    first.remove()
    first.remove()
    x.backward()
    assert x.grad.item() == 2.0


def test_a_hook_sees_the_whole_gradient_once():
    """All paths are summed before the hook runs."""
    x = parameter(2.0)
    y = x * 3
    seen = []
    y.register_hook(lambda g: seen.append(g.item()))
    (y * y + y).backward()
    assert seen == [13.0]


def test_hooks_of_another_graph_outlive_a_backward():
    """One graph's pass does not take the hooks of another, older or newer."""
    x = parameter(1.0)
    older, between, newer = x * 2, x * 3, x * 4
    seen = []
    for name, y in (("older", older), ("newer", newer)):
        y.register_hook(lambda g, name=name: seen.append(name))
    between.backward()
    newer.backward()
    older.backward()
    assert seen == ["newer", "older"]


def test_hooks_die_with_what_they_hang_on():
    """A graph that is dropped without a backward pass takes its hooks along, by reference counts."""
    x = parameter(1.0)

    def hook(g):
        return None

    gone = weakref.ref(hook)
    y = x * 2
    y.register_hook(hook)
    del y, hook
    assert gone() is None


def test_hooks_run_for_grad_and_for_create_graph():
    """The hook of a computed tensor counts in every kind of pass."""
    x = parameter(2.0, df.float64)
    y = x * x
    y.register_hook(lambda g: g * 2)
    (g,) = df.grad(y * y, x, create_graph=True)
    assert g.item() == 64.0
    # 8y + 2 (8x)(2x): the hook runs in the second pass too, as in PyTorch
    assert df.grad(g, x)[0].item() == pytest.approx(160.0)


def test_a_hook_needs_a_gradient_to_wait_for():
    """On a constant, a hook would never run."""
    with pytest.raises(GradientError, match="register_hook"):
        df.tensor(1.0).register_hook(print)


# ----------------------------------------------------------------------------------------- gradients of what is no leaf


def rewritten(write, use=lambda x, y: y * 7):
    """Return the gradients that ``y``, told to retain its own and then written to, and ``x`` have in the end."""
    x = parameter([2.0, 4.0])
    y = x * 1
    y.retain_grad()
    write(y, x)
    use(x, y).sum().backward()
    return y.grad.tolist(), x.grad.tolist()


@pytest.mark.parametrize(
    "write, of_x",
    [
        (lambda y, x: y.mul_(3), [21.0, 21.0]),
        (lambda y, x: y.exp_(), [7 * np.exp(2.0), 7 * np.exp(4.0)]),
        (lambda y, x: y[:1].mul_(3), [21.0, 7.0]),
        (lambda y, x: y[:1].mul_(3).mul_(2), [42.0, 7.0]),
        (lambda y, x: y.__setitem__(0, 5.0), [0.0, 7.0]),
        (lambda y, x: y.copy_(x * 5), [35.0, 35.0]),
        (lambda y, x: y.zero_(), [0.0, 0.0]),
        (lambda y, x: y.fill_(3.0).add_(x), [7.0, 7.0]),
    ],
)
def test_a_retained_gradient_is_that_of_the_present_value(write, of_x):
    """Written to, in place or through a view, the tensor has the gradient of what it is now: PyTorch 2.13's answers."""
    of_y, found = rewritten(write)
    assert of_y == [7.0, 7.0]
    np.testing.assert_allclose(found, of_x, rtol=1e-6)


def test_a_retained_view_has_the_gradient_of_its_present_value():
    """Written to itself or through its base; what nobody read since has none."""
    for write in (lambda y, v: y.mul_(3), lambda y, v: v.mul_(3)):
        for read, expected in ((lambda y, v: v, [7.0]), (lambda y, v: y, None)):
            y = parameter([2.0, 4.0]) * 1
            v = y[:1]
            v.retain_grad()
            write(y, v)
            (read(y, v) * 7).sum().backward()
            assert (v.grad if v.grad is None else v.grad.tolist()) == expected


def test_a_value_that_was_read_before_the_write_has_no_part_in_the_retained_gradient():
    """The gradient that flows is that of the old value."""
    x = parameter([2.0, 4.0])
    y = x * 1
    y.retain_grad()
    z = (y * 7).sum()
    y.mul_(2)
    z.backward()
    assert (y.grad, x.grad.tolist()) == (None, [7.0, 7.0])


def test_hooks_stay_with_the_old_value_and_the_retained_gradient_moves():
    """A hook of before the write sees the gradient of then; whatever the order, hooks come before retaining."""
    seen = []
    y = parameter([2.0, 4.0]) * 1
    y.register_hook(lambda g: seen.append(g.tolist()))
    y.retain_grad()
    y.mul_(2)
    y.register_hook(lambda g: g * 10)
    (y * 7).sum().backward()
    assert (seen, y.grad.tolist()) == ([[140.0, 140.0]], [70.0, 70.0])


def test_a_constant_written_into_a_recorded_tensor_leaves_a_gradient_of_zeros():
    """The loss goes back to the leaf through what was overwritten, as in PyTorch; without recording nothing changes."""
    x = parameter([2.0, 4.0])
    y = x * 1
    y.zero_()
    y.sum().backward()
    assert (y.tolist(), x.grad.tolist()) == ([0.0, 0.0], [0.0, 0.0])
    y = x * 1
    with df.no_grad():
        y.zero_()
    y.sum().backward()
    assert x.grad.tolist() == [1.0, 1.0]


def test_retained_gradients_gather_and_are_set_as_those_of_leaves():
    """A second pass adds; None starts again; a tensor may be put there; the seed is not shared."""
    x, seed = parameter([2.0, 4.0]), df.ones(2)
    y = x * x
    y.retain_grad()
    y.retain_grad()
    for _ in range(2):
        y.backward(seed, retain_graph=True)
    assert y.grad.tolist() == [2.0, 2.0]
    y.grad = None
    assert y.grad is None
    y.grad = df.tensor([10.0, 20.0])
    y.backward(seed)
    assert (y.grad.tolist(), seed.tolist()) == ([11.0, 21.0], [1.0, 1.0])


def test_a_retained_gradient_can_be_differentiated():
    """With ``create_graph``."""
    x = parameter([2.0, 4.0])
    y = x * x
    y.retain_grad()
    (y * y).sum().backward(create_graph=True)
    assert df.grad(y.grad.sum(), x)[0].tolist() == [8.0, 16.0]


def test_only_what_requires_a_gradient_retains_one():
    """A leaf has its gradient anyway; a constant will have none, and says so."""
    parameter(1.0).retain_grad()
    with pytest.raises(GradientError, match="retain_grad: the tensor does not require"):
        df.tensor(1.0).retain_grad()


def test_what_is_gone_retains_nothing():
    """The list of tensors that retain their gradient forgets those that are gone, without the collector."""
    from dualflow.worlds.eager.backward import RETAINED

    before = len(RETAINED)
    y = parameter(1.0) * 2
    y.retain_grad()
    assert len(RETAINED) == before + 1
    del y
    assert len(RETAINED) == before


@pytest.mark.parametrize("retain", [False, True])
def test_backward_gathers_in_inputs_that_are_no_leaves(retain):
    """``inputs`` may be computed tensors, alone or beside leaves, once or twice; other leaves get nothing."""
    for inputs, of_y, of_x in (("y", [8.0, 32.0], None), ("yx", [8.0, 32.0], [32.0, 256.0]), ("yy", [8.0, 32.0], None)):
        x = parameter([2.0, 4.0])
        y = x * x
        if retain:
            y.retain_grad()
        named = {"x": x, "y": y}
        (y * y).sum().backward(inputs=[named[name] for name in inputs])
        assert (y.grad.tolist(), x.grad if x.grad is None else x.grad.tolist()) == (of_y, of_x)


def test_inputs_of_backward_add_up_over_passes_and_have_their_hooks():
    """One tensor needs no list; the root may be one; a hook counts; a gradient can be differentiated."""
    x = parameter([2.0, 4.0])
    y = x * x
    z = (y * y).sum()
    for _ in range(2):
        z.backward(inputs=y, retain_graph=True)
    assert y.grad.tolist() == [16.0, 64.0]
    z.backward(inputs=z, retain_graph=True)
    assert (z.grad.item(), x.grad) == (1.0, None)
    y.register_hook(lambda g: g * 2)
    y.grad = None
    z.backward(inputs=[y], create_graph=True)
    assert y.grad.tolist() == [16.0, 64.0]
    assert y.grad.requires_grad


def test_inputs_of_backward_that_cannot_be():
    """None at all, or one without a gradient."""
    x = parameter([2.0, 4.0])
    with pytest.raises(GradientError, match="inputs names no tensor"):
        (x * x).sum().backward(inputs=[])
    with pytest.raises(GradientError, match="an input does not require a gradient"):
        (x * x).sum().backward(inputs=[df.ones(2)])


# -------------------------------------------------------------------------------------------------------------- memory


def test_backward_frees_the_graph_by_reference_counts():
    """Saved arrays die during the pass, while the tensors are still held, and without the collector."""
    x = parameter(np.ones(8))
    y = x * 2
    z = df.exp(y)
    loss = (z * z).sum()
    saved = [weakref.ref(t.array) for t in (y, z)]
    del y, z
    gc.disable()
    try:
        assert all(s() is not None for s in saved)
        loss.backward()
        assert all(s() is None for s in saved)
    finally:
        gc.enable()


def test_a_dropped_graph_leaves_nothing_for_the_collector():
    """Tensors, views, hooks and custom functions make no reference cycles."""

    class Twice(df.Function):
        @staticmethod
        def forward(ctx, x):
            y = x * 2
            ctx.save_for_backward(x, y)
            return y

        @staticmethod
        def backward(ctx, grad):
            return grad * 2

    def work():
        x = parameter(np.ones((3, 4)))
        y = Twice.apply(x).T[1:].reshape(-1)
        y.register_hook(lambda g: g * 1)
        y.retain_grad()
        z = df.concat([y, y])
        z[2:4] = z[0:2] * 2
        z.sum().backward(retain_graph=True)
        with df.GradientTape(persistent=True) as tape:
            u = (x * x).sum()
        tape.gradient(u, x)
        return [weakref.ref(t) for t in (x, y, z, u)]

    gc.collect()
    gc.disable()
    try:
        assert [ref() for ref in work()] == [None] * 4
        gc.set_debug(gc.DEBUG_SAVEALL)
        gc.collect()
        ours = [o for o in gc.garbage if type(o).__module__.startswith("dualflow")]
    finally:
        gc.set_debug(0)
        gc.garbage.clear()
        gc.enable()
    assert ours == []


@pytest.mark.parametrize("op", [lambda x, c: x * c, lambda x, c: df.sin(x), lambda x, c: df.concat([x])])
def test_a_chain_of_100_000_ops_differentiates_without_recursion(op):
    """Every form of record; freed as the pass goes, and when the chain is dropped without a pass."""
    length = 100_000
    c = parameter(1.0)
    x = parameter([1.0])
    middle = None
    y = x
    for i in range(length):
        y = op(y, c)
        if i == length // 2:
            middle = weakref.ref(y)
    gc.disable()
    try:
        y.sum().backward()
        assert middle() is None
        assert x.grad.shape == (1,)
        y = x
        for _ in range(length):
            y = op(y, c)
        del y  # freeing it must not recurse either
    finally:
        gc.enable()


def test_views_of_one_base_cost_the_same_however_many_live():
    """Twenty thousand living views of one tensor: the base's list of them is not searched at every new one."""
    x = parameter(np.ones((20_000, 1)))
    rows = [x[i] for i in range(20_000)]
    assert len(x.links.views) == 20_000
    df.stack(rows[::1000]).sum().backward()
    assert x.grad.sum().item() == 20


# ----------------------------------------------------------------------------------------------------- custom functions


class Cube(df.Function):
    """x**3, with what its backward needs saved."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * x * x

    @staticmethod
    def backward(ctx, grad):
        (x,) = ctx.saved_tensors
        return grad * 3 * x * x


def test_a_custom_function_at_every_order():
    """Its backward is recorded when asked, so it can be differentiated again."""
    x = parameter(2.0, df.float64)
    y = Cube.apply(x)
    (g,) = df.grad(y, x, create_graph=True)
    (h,) = df.grad(g, x, create_graph=True)
    assert (y.item(), g.item(), h.item(), df.grad(h, x)[0].item()) == (8.0, 12.0, 12.0, 6.0)


def test_a_saved_result_can_be_differentiated_again():
    """What forward saved of its own result stands for the recorded result in the backward pass."""

    class Exp(df.Function):
        @staticmethod
        def forward(ctx, x):
            y = df.exp(x)
            ctx.save_for_backward(y)
            return y

        @staticmethod
        def backward(ctx, grad):
            (y,) = ctx.saved_tensors
            return grad * y

    x = parameter(0.5, df.float64)
    y = Exp.apply(x)
    for _ in range(3):
        (y,) = df.grad(y, x, create_graph=True)
    assert y.item() == pytest.approx(np.exp(0.5))


def test_a_custom_function_with_several_inputs():
    """One gradient an input, None where there is none; constants and plain values pass through."""

    class Scale(df.Function):
        @staticmethod
        def forward(ctx, x, factor, power):
            ctx.save_for_backward(x)
            ctx.factor = factor
            assert ctx.needs_input_grad == (True, False, False)
            return x**power * factor

        @staticmethod
        def backward(ctx, grad):
            (x,) = ctx.saved_tensors
            return grad * 2 * x * ctx.factor, None, None

    x = parameter([1.0, 2.0])
    Scale.apply(x, 3.0, 2).sum().backward()
    assert x.grad.tolist() == [6.0, 12.0]


def test_forward_of_a_custom_function_is_not_recorded():
    """Only apply is one op on the tape; under no_grad, or with constants, nothing is."""
    x = parameter(2.0)
    assert Cube.apply(x).grad_fn == "Cube"
    assert not Cube.apply(df.tensor(2.0)).requires_grad
    with df.no_grad():
        assert not Cube.apply(x).requires_grad


def test_a_wrong_shape_from_backward_is_told():
    """The error names the function, both shapes and the user's line."""

    class Wrong(df.Function):
        @staticmethod
        def forward(ctx, x):
            return x * 2

        @staticmethod
        def backward(ctx, grad):
            return df.ones(5)

    with pytest.raises(ShapeError, match=r"Wrong.backward[\s\S]*\(5,\)[\s\S]*\(2,\)[\s\S]*test_backward"):
        Wrong.apply(parameter([1.0, 2.0])).sum().backward()


def test_forward_must_return_a_tensor():
    """Anything else is told at once."""

    class Nothing(df.Function):
        @staticmethod
        def forward(ctx, x):
            return None

    with pytest.raises(GradientError, match="Nothing.forward"):
        Nothing.apply(parameter(1.0))
    with pytest.raises(GradientError, match="needs a static method forward"):
        df.Function.apply(parameter(1.0))

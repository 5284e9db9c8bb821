"""Writing into tensors: versions, views, masks, and gradients that stay true."""

import inspect

import numpy as np
import pytest

import dualflow as df
from dualflow.core.errors import DTypeError, InPlaceError, OutOfRangeError, ShapeError
from dualflow.core.site import decode, short
from dualflow.worlds.eager import inplace


def parameter(values, dtype=None):
    """A leaf that requires a gradient."""
    return df.tensor(values, dtype, requires_grad=True)


def line_of(marker):
    """Return the line number of the caller's source line that ends with ``# marker``."""
    frame = inspect.currentframe().f_back
    lines, start = inspect.getsourcelines(frame.f_code)
    return next(start + i for i, line in enumerate(lines) if line.rstrip().endswith(f"# {marker}"))


# ------------------------------------------------------------------------------------------------------- plain writing


@pytest.mark.parametrize(
    "change, expected",
    [
        (lambda x: x.add_(1), [2.0, 5.0]),
        (lambda x: x.sub_(1), [0.0, 3.0]),
        (lambda x: x.mul_(2), [2.0, 8.0]),
        (lambda x: x.div_(2), [0.5, 2.0]),
        (lambda x: x.pow_(2), [1.0, 16.0]),
        (lambda x: x.neg_(), [-1.0, -4.0]),
        (lambda x: x.sqrt_(), [1.0, 2.0]),
        (lambda x: x.square_(), [1.0, 16.0]),
        (lambda x: x.clamp_(2, 3), [2.0, 3.0]),
        (lambda x: x.clamp_(min=2), [2.0, 4.0]),
        (lambda x: x.relu_(), [1.0, 4.0]),
        (lambda x: x.zero_(), [0.0, 0.0]),
        (lambda x: x.fill_(7), [7.0, 7.0]),
        (lambda x: x.copy_(df.tensor([8, 9])), [8.0, 9.0]),
        (lambda x: x.copy_(3.0), [3.0, 3.0]),
        (lambda x: x.add_(df.tensor([[1.0], [1.0]])[0]), [2.0, 5.0]),
    ],
)
def test_in_place_methods_write_into_the_same_memory(change, expected):
    """The method returns the tensor, the array stays the one it was, and its version counts up."""
    x = df.tensor([1.0, 4.0])
    array, version = x.numpy(), x._version
    assert change(x) is x
    assert array.tolist() == expected
    assert x.numpy() is array
    assert x._version == version + 1


def test_augmented_assignment_is_in_place():
    """``+=`` and its kin write, as in PyTorch and NumPy."""
    x = y = df.tensor([3.0])
    x += 1
    x -= 2
    x *= 6
    x /= 4
    x **= 2
    assert x is y
    assert y.tolist() == [9.0]


def test_writing_to_a_scalar():
    """A 0-d result, which NumPy gives as a scalar, can be written to as well."""
    x = df.tensor([1.0, 2.0]).sum()
    x.add_(1)
    assert x.item() == 4.0
    x[()] = 7
    assert x.item() == 7.0


@pytest.mark.parametrize(
    "key, value, expected",
    [
        (0, 9, [[9, 9, 9], [3, 4, 5]]),
        ((1, -1), 9, [[0, 1, 2], [3, 4, 9]]),
        ((slice(None), 1), [8, 9], [[0, 8, 2], [3, 9, 5]]),
        ((Ellipsis, slice(None, None, 2)), [[6, 7]], [[6, 1, 7], [6, 4, 7]]),
        ([1, 0], [[1, 1, 1], [2, 2, 2]], [[2, 2, 2], [1, 1, 1]]),
        (df.tensor([True, False]), 7, [[7, 7, 7], [3, 4, 5]]),
        ((df.tensor([[0, 1, 1]]) > 0, 0), 0, None),
        (df.tensor([[True, False, False], [False, False, True]]), [8, 9], [[8, 1, 2], [3, 4, 9]]),
        ((slice(0), 0), 5, [[0, 1, 2], [3, 4, 5]]),
    ],
)
def test_item_assignment(key, value, expected):
    """Slices, integers, lists, arrays and masks choose places; values broadcast into them."""
    x = df.arange(6).reshape(2, 3)
    if expected is None:
        with pytest.raises(ShapeError, match=r"getitem: a mask of shape \(1, 3\) does not fit \(2, 3\)"):
            x[key] = value
        return
    x[key] = df.tensor(value) if isinstance(value, list) else value
    assert x.tolist() == expected


def test_assignment_of_overlapping_memory():
    """The value is read before it is written over."""
    x = df.arange(5)
    x[1:] = x[:-1]
    assert x.tolist() == [0, 0, 1, 2, 3]


@pytest.mark.parametrize(
    "change, error, words",
    [
        (lambda x: x.add_(df.ones(2)), ShapeError, "add_|add:"),
        (lambda x: x.add_(df.ones(2, 3)), ShapeError, r"\(2, 3\), which does not fit into shape \(3,\)"),
        (lambda x: x.copy_(df.ones(2)), ShapeError, "broadcast"),
        (lambda x: x.__setitem__(slice(0, 2), df.ones(3)), ShapeError, r"\(3,\) does not fit into the \(2,\)"),
        (lambda x: x.__setitem__(5, 1), OutOfRangeError, "index 5"),
        (lambda x: x.astype(df.int64).add_(1.5), DTypeError, "float32 cannot be kept in a tensor of int64"),
        (lambda x: x.astype(df.int64).__setitem__(0, 1.5), DTypeError, "float32 does not fit"),
        (lambda x: x.broadcast_to((2, 3)).add_(1), InPlaceError, "read-only"),
        (lambda x: x.broadcast_to((2, 3)).__setitem__(0, 1), InPlaceError, "read-only"),
        (lambda x: df.from_numpy(np.broadcast_to(np.ones(1), 3)).fill_(1), InPlaceError, "clone"),
    ],
)
def test_what_does_not_fit_is_refused_and_changes_nothing(change, error, words):
    """Shape, dtype, place and read-only memory: each error says which."""
    x = df.tensor([1.0, 2.0, 3.0])
    with pytest.raises(error, match=words):
        change(x)
    assert x.tolist() == [1.0, 2.0, 3.0]
    assert x._version == 0


# ------------------------------------------------------------------------------------------------------------- leaves


@pytest.mark.parametrize(
    "change",
    [
        lambda w: w.add_(1),
        lambda w: w.__iadd__(1),
        lambda w: w.__setitem__(0, 1.0),
        lambda w: w[0:1].mul_(2),
        lambda w: w.T[1:].zero_(),
        lambda w: w.copy_(df.ones(2)),
    ],
)
def test_a_leaf_is_not_changed_while_recording(change):
    """Nor through a view; the error says to use no_grad."""
    w = parameter([1.0, 2.0])
    with pytest.raises(InPlaceError, match="no_grad"):
        change(w)
    assert w.requires_grad and w.is_leaf


def test_a_leaf_is_changed_under_no_grad():
    """As every training loop does; it stays a leaf, and its gradient stays."""
    w = parameter([1.0, 2.0])
    (w * w).sum().backward()
    with df.no_grad():
        w -= 0.5 * w.grad
        w[1] = 7.0
    assert w.tolist() == [0.0, 7.0]
    assert w.is_leaf and w.requires_grad and w.grad.tolist() == [2.0, 4.0]


# ------------------------------------------------------------------------------------------------------------ versions


@pytest.mark.parametrize(
    "op, needs",
    [
        (lambda x: x * x, "operand a"),
        (lambda x: df.sin(x), "operand x"),
        (lambda x: df.matmul(x, x), "operand a"),
        (lambda x: df.max(x), "operand x"),
        (lambda x: df.concat([x * x]), "operand a"),
    ],
)
def test_changing_a_saved_operand_is_noticed(op, needs):
    """Backward would need the value that was written over."""
    x = parameter([1.0, 2.0]) + 0
    y = op(x)
    x.add_(1)
    with pytest.raises(InPlaceError, match=f"its {needs} is needed for the gradient"):
        y.sum().backward()


@pytest.mark.parametrize("op", [df.exp, df.tanh, df.sqrt, df.sigmoid, df.softmax])
def test_changing_a_saved_result_is_noticed(op):
    """Rules that read the result need it as it was."""
    y = op(parameter([1.0, 2.0]))
    y.mul_(2)
    with pytest.raises(InPlaceError, match="its result is needed"):
        y.sum().backward()


@pytest.mark.parametrize(
    "op",
    [
        lambda x: x + x,
        lambda x: x * 2,
        lambda x: x.sum(),
        lambda x: df.concat([x, x]),
        lambda x: x[0:1],
        lambda x: x.reshape(2, 1),
        lambda x: x.mean(),
        lambda x: -x,
        lambda x: x.astype(df.float64),
    ],
)
def test_changing_what_no_rule_reads_is_allowed(op):
    """Sums and shapes are only imitated: their backward reads no values."""
    leaf = parameter([1.0, 2.0])
    x = leaf + 0
    y = op(x)
    with df.no_grad():
        x.add_(1)
    y.sum().backward()
    assert leaf.grad is not None


def test_the_error_names_both_lines():
    """The op's line and the line that wrote over its operand, and what the write was."""
    x = parameter([1.0, 2.0]) + 0
    y = df.sin(x)  # the op
    x.add_(1)  # the write
    with pytest.raises(InPlaceError) as caught:
        y.sum().backward()
    text = str(caught.value)
    assert text.startswith("sin: ")
    assert decode(caught.value.site).line == line_of("the write")
    assert "modified in place by add_" in text
    assert f"sin was computed at {short(__file__)}:{line_of('the op')}" in text


def test_a_write_through_numpy_is_not_seen_but_one_through_another_view_is():
    """Versions belong to the memory: a view of the saved value counts, a bare array cannot."""
    x = parameter([1.0, 2.0]) + 0
    view = x.detach()[0:1]
    y = x * x
    view.fill_(5)
    assert x._version == view._version == 1
    with pytest.raises(InPlaceError):
        y.sum().backward()


def test_writing_before_the_op_is_no_mistake():
    """Only a write after the op that saved the value counts."""
    w = parameter([1.0, 2.0])
    x = w + 0
    with df.no_grad():
        x.add_(1)
    (x * x).sum().backward()
    assert w.grad.tolist() == [4.0, 6.0]


def test_two_passes_notice_a_write_between_them():
    """A retained graph is checked again."""
    x = parameter([1.0]) + 0
    y = (x * x).sum()
    y.backward(retain_graph=True)
    x.detach().add_(1)
    with pytest.raises(InPlaceError):
        y.backward()


def test_a_failed_pass_gathers_nothing():
    """No leaf has half of its gradient after an InPlaceError."""
    a, b = parameter([1.0]), parameter([1.0])
    x = b + 0
    y = x * x
    x.detach().add_(1)
    with pytest.raises(InPlaceError):
        (a * 3 + y).sum().backward()
    assert (a.grad, b.grad) == (None, None)


def test_a_custom_function_checks_what_it_saved():
    """Saved inputs and results have versions too."""

    class Square(df.Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x)
            return x * x

        @staticmethod
        def backward(ctx, grad):
            return grad * 2 * ctx.saved_tensors[0]

    x = parameter([1.0]) + 0
    y = Square.apply(x)
    x.add_(1)
    with pytest.raises(InPlaceError, match="Square"):
        y.sum().backward()


# ----------------------------------------------------------------------------------- gradients through what was written


def test_in_place_ops_are_recorded():
    """y = 3 (2x + 1), written step by step into one tensor."""
    x = parameter([1.0, 2.0])
    y = x * 2
    y += 1
    y.mul_(3)
    assert y.grad_fn == "multiply"
    y.sum().backward()
    assert x.grad.tolist() == [6.0, 6.0]


def test_in_place_with_itself():
    """``y *= y``: the saved operand is the old value, not what was written over it."""
    x = parameter([1.0, 3.0])
    y = x * 1
    y *= y
    z = x * 1
    z.mul_(z[0:1])
    (y.sum() + z.sum()).backward()
    assert y.tolist() == [1.0, 9.0]
    assert x.grad.tolist() == [2.0 + 5.0, 6.0 + 1.0]


def test_in_place_op_whose_rule_reads_its_result():
    """tanh_ saves the result, which now lives in the tensor's own memory."""
    x = parameter([0.5], df.float64)
    y = x * 1
    y.tanh_()
    y.backward()
    assert x.grad.item() == pytest.approx(1 - np.tanh(0.5) ** 2)


def test_copy_of_a_recorded_tensor_leaves_its_source_alone():
    """copy_ makes a record of its own: the source's other consumers, older and newer, keep theirs."""
    w = parameter([1.0, 2.0])
    y = w * 2
    before = y * 3
    t = df.zeros(2)
    t.copy_(y)
    t.mul_(5)
    (before + t + y).sum().backward()
    assert w.grad.tolist() == [18.0, 18.0]


def test_copy_of_a_leaf_is_not_a_leaf():
    """A tensor copied from a parameter is computed from it."""
    w = parameter([1.0, 2.0])
    t = df.zeros(2)
    t.copy_(w)
    t.mul_(3)
    assert not t.is_leaf
    t.sum().backward()
    assert w.grad.tolist() == [3.0, 3.0]


def test_assigned_elements_carry_gradients_and_hide_what_was_there():
    """``x[key] = value``: the value's gradient comes from the places, the old value's from the others."""
    x, value = parameter([1.0, 2.0, 3.0]), parameter([10.0])
    y = x * 2
    y[1:2] = value * 3
    (y * y).sum().backward()
    assert y.tolist() == [2.0, 30.0, 6.0]
    assert x.grad.tolist() == [8.0, 0.0, 24.0]
    assert value.grad.tolist() == [180.0]


def test_masked_assignment_carries_gradients():
    """One value broadcast into all places gets the sum of their gradients."""
    x, value = parameter([1.0, -2.0, -3.0]), parameter(5.0)
    y = x * 1
    y[x < 0] = value
    (y * df.tensor([1.0, 10.0, 100.0])).sum().backward()
    assert y.tolist() == [1.0, 5.0, 5.0]
    assert (x.grad.tolist(), value.grad.item()) == ([1.0, 0.0, 0.0], 110.0)


def test_filling_a_buffer_row_by_row():
    """A constant buffer that parts are written into requires a gradient from then on."""
    x = parameter([1.0, 2.0, 3.0])
    out = df.zeros(3, 2)
    for i in range(3):
        out[i] = x[i] * (i + 1)
    assert out.requires_grad
    (out * out).sum().backward()
    assert x.grad.tolist() == [4.0, 32.0, 108.0]


# --------------------------------------------------------------------------------------------------------------- views

VIEWS = {
    "slice": lambda x: x[1:, :2],
    "row": lambda x: x[1],
    "reversed": lambda x: x[::-1, ::-2],
    "transposed": lambda x: x.T,
    "reshaped": lambda x: x.reshape(-1),
    "expanded": lambda x: x.unsqueeze(0),
    "squeezed": lambda x: x[0:1].squeeze(0),
    "permuted slice": lambda x: x.T[1:].mT,
    "slice of a slice": lambda x: x[1:][:, 1:][0],
    "split": lambda x: df.split(x, 1)[1],
}


@pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS)
def test_views_share_memory(view):
    """Writing to a view writes to its base, and the other way round."""
    x = df.arange(6).reshape(2, 3).astype(df.float32)
    v = view(x)
    v.fill_(-1)
    assert (x.numpy() == -1).sum() == v.size
    x.fill_(7)
    assert v.tolist() == np.full(v.shape, 7.0).tolist()
    assert x._version == v._version == 2


@pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS)
@pytest.mark.parametrize(
    "base",
    [lambda w: w * 1, lambda w: (w.T * 1).T, lambda w: df.stack([w, w])[0]],
    ids=["row-major", "column-major", "a view itself"],
)
def test_a_write_through_a_view_reaches_the_base(base, view):
    """The gradient of the base after ``view *= …``, by central differences of the same program without records."""
    values = np.array([[0.5, -1.0, 2.0], [1.5, 0.3, -0.7]])
    weight = np.array([[1.0, 2.0, -1.0], [0.5, 3.0, 1.0]])

    def program(w, factor):
        x = base(w)
        view(x).mul_(factor)
        view(x).add_(view(x) * 1)
        return (x * x * df.from_numpy(weight)).sum()

    w, factor = parameter(values), parameter(3.0, df.float64)
    program(w, factor).backward()
    step = 1e-6
    expected = np.zeros_like(values)
    for i in np.ndindex(*values.shape):
        change = np.zeros_like(values)
        change[i] = step
        high, low = (program(df.from_numpy(values + s * change), df.tensor(3.0, df.float64)).item() for s in (1, -1))
        expected[i] = (high - low) / (2 * step)
    high, low = (program(df.from_numpy(values), df.tensor(3.0 + s, df.float64)).item() for s in (step, -step))
    np.testing.assert_allclose(w.grad.numpy(), expected, rtol=1e-6, atol=1e-7)
    assert factor.grad.item() == pytest.approx((high - low) / (2 * step), rel=1e-6)


@pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS)
def test_a_write_to_the_base_reaches_its_views(view):
    """A view taken before the base was written to is read from the base's new value."""
    w = parameter([[0.5, -1.0, 2.0], [1.5, 0.3, -0.7]])
    x = w * 1
    v = view(x)
    x.mul_(x.detach().clone())
    v.sum().backward()
    seen = view(df.arange(6).reshape(2, 3)).numpy().reshape(-1)
    expected = np.zeros(6)
    expected[seen] = w.detach().numpy().reshape(-1)[seen]
    np.testing.assert_allclose(w.grad.numpy().reshape(-1), expected)


def test_a_recorded_value_written_into_a_view_of_a_constant_reaches_its_base():
    """The base did not require a gradient before; now it depends on the value."""
    w = parameter([2.0, 3.0])
    out = df.zeros(2, 2)
    out[1].add_(w)
    other = out.T
    out[0][1] = w[0] * 5
    assert out.requires_grad and other.requires_grad
    (out * df.tensor([[1.0, 10.0], [100.0, 1000.0]])).sum().backward()
    assert out.tolist() == [[0.0, 10.0], [2.0, 3.0]]
    assert w.grad.tolist() == [150.0, 1000.0]


def test_two_views_that_overlap():
    """A write through one view changes what the other reads, and its gradient."""
    w = parameter([1.0, 2.0, 3.0])
    x = w * 1
    left, right = x[:2], x[1:]
    left.mul_(10)
    right.sum().backward()
    assert right.tolist() == [20.0, 3.0]
    assert w.grad.tolist() == [0.0, 10.0, 1.0]


def test_detach_shares_memory_and_clone_does_not():
    """As in PyTorch."""
    x = parameter([1.0, 2.0]) * 1
    x.detach().fill_(5)
    assert x.tolist() == [5.0, 5.0]
    copy = x.clone()
    copy.fill_(7)
    assert x.tolist() == [5.0, 5.0]
    copy.sum()
    assert not x.detach().requires_grad


def test_numpy_shares_memory_both_ways():
    """``numpy()`` and ``from_numpy`` copy nothing; ``tensor`` does."""
    array = np.zeros(3, np.float32)
    shared, copied = df.from_numpy(array), df.tensor(array)
    array[0] = 1
    shared[1] = 2
    shared.numpy()[2] = 3
    assert array.tolist() == [1.0, 2.0, 3.0]
    assert copied.tolist() == [0.0, 0.0, 0.0]
    assert df.asarray(array).numpy() is array
    assert df.asarray(array, copy=True).numpy() is not array


def test_a_leaf_changed_through_numpy_keeps_its_gradient_rules():
    """A detached array is the parameter's own memory."""
    w = parameter([1.0, 2.0])
    w.detach().numpy()[:] = 3
    (w * w).sum().backward()
    assert w.grad.tolist() == [6.0, 6.0]


@pytest.mark.parametrize("recorded", [False, True])
@pytest.mark.parametrize("value", [16777217.0, [16777217.0], np.float64(16777217.0)])
def test_what_is_written_keeps_the_digits_that_the_tensor_has(recorded, value):
    """Single precision, a Python float's own dtype, ends at 2**24."""
    for key in ([True, False], slice(0, 1), df.tensor([0]), *([] if isinstance(value, list) else [0])):
        x = df.zeros(2, dtype=df.float64, requires_grad=recorded) * 1
        x[key] = value
        assert x[0].item() == 16777217.0
        with df.graph() as g:
            z = df.zeros(2, dtype=df.float64) * 1
            z[df.tensor(key) if isinstance(key, list) else key] = value
        assert df.Session(g).run(z)[0] == 16777217.0


def test_a_value_that_does_not_fit_is_refused_in_both_worlds():
    for value, dtype in ((1.5, df.int64), (-1, df.uint8), (300, df.uint8), (1j, df.float32), ([0.5], df.int32)):
        for graph in (False, True):
            with df.graph() if graph else df.eager(), pytest.raises(DTypeError, match="fit"):
                df.zeros(2, dtype=dtype)[0] = value


@pytest.mark.parametrize("name", "add_ sub_ subtract_ mul_ multiply_ div_ divide_ true_divide_ pow_".split())
def test_a_method_that_a_ufunc_can_carry_out_is_left_to_numpy(name, monkeypatch):
    """Adam writes so 8 times a step: what is recorded or cast would cost two passes over memory more."""
    monkeypatch.setattr(inplace, "write", lambda *_: pytest.fail("the slow way"))
    x = df.tensor([2.0, 3.0])
    getattr(x, name)(df.tensor([2.0, 2.0]))
    assert x.numpy().tolist() != [2.0, 3.0]

"""One program, one meaning: what has effects does in a traced function what it does in eager."""

import numpy as np
import pytest
from effects import difference, outcome, program

import dualflow as df
from dualflow.core.errors import DualflowError, GradientError, GraphError, InPlaceError


def near(x, right):
    np.testing.assert_allclose(np.asarray(x.detach() if hasattr(x, "detach") else x), right, rtol=1e-6, atol=1e-7)


# ------------------------------------------------------------------------------------- recording switched off
def test_a_target_made_without_recording_is_a_constant(arm):
    w = df.Variable([2.0])

    @df.function
    def step():
        with df.no_grad():
            target = w * 3
        ((w - target) ** 2).sum().backward()

    step()
    near(w.grad, [-8.0])


@pytest.mark.parametrize("off", [df.no_grad, lambda: df.set_grad_enabled(False)], ids=["no_grad", "set_grad_enabled"])
def test_a_helper_that_does_not_record(arm, off):
    w = df.Variable([3.0])

    @off()
    def scale(x):
        with df.enable_grad():
            inside = x * 2
        return x * 1, inside

    @df.function
    def step():
        plain, inside = scale(w)
        assert not plain.requires_grad and inside.requires_grad
        (w / plain + inside).sum().backward()
        return plain

    assert not step().requires_grad
    near(w.grad, [1 / 3 + 2])


def test_minimize_grad_and_a_tape_see_constants(arm):
    w = df.Variable([2.0])

    @df.function
    def by_grad():
        with df.no_grad():
            fixed = w * w
        return df.grad((w * fixed).sum(), w)[0]

    @df.function
    def by_tape():
        with df.GradientTape() as tape:
            with df.no_grad():
                fixed = w * w
            y = w * fixed
        return tape.gradient(y, w)

    near(by_grad(), [4.0])
    near(by_tape(), [4.0])
    optimizer = df.optim.SGD([w], lr=0.25)

    @df.function
    def by_minimize():
        with df.no_grad():
            fixed = w * w
        optimizer.minimize((w * fixed).sum())

    by_minimize()
    near(w, [1.0])


@pytest.mark.parametrize("compile", [False, True])
def test_in_a_graph_too(compile):
    with df.graph() as g:
        x = df.placeholder(df.float32, (2,), name="x")
        with df.no_grad():
            fixed = x * x
        (slope,) = df.gradients((x * fixed).sum(), [x])
    near(df.Session(g, compile=compile).run(slope, {x: [2.0, 3.0]}), [4.0, 9.0])


def test_spectral_norm_iterates_without_recording(arm):
    w, u = df.Variable([[2.0, 0.0], [0.0, 1.0]]), df.tensor([1.0, 1.0])

    @df.function
    def step():
        with df.no_grad():
            v = w @ u
            u.copy_(v / (v * v).sum().sqrt())
        sigma = (u * (w @ u)).sum()
        (w / sigma).sum().backward()
        return sigma

    torch_free = np.array([2.0, 1.0]) / np.sqrt(5)
    sigma = step()
    near(u, torch_free)
    near(sigma, torch_free @ np.diag([2.0, 1.0]) @ torch_free)
    near(w.grad, 1 / float(sigma) - 3.0 / float(sigma) ** 2 * np.outer(torch_free, torch_free))


# ------------------------------------------------------------------------------------- what leaves a function
def test_results_require_a_gradient_if_they_do_in_eager(arm):
    w, x = df.Variable([1.0, 2.0]), df.ones(2)

    @df.function
    def step(x):
        y = w * x
        with df.no_grad():
            quiet = w * x
        return y, y.detach(), quiet, df.grad((y * y).sum(), w)[0], x * 2

    assert [r.requires_grad for r in step(x)] == [True, False, False, False, False]


def test_an_argument_and_captured_state_are_handed_back_themselves(arm):
    w = df.Variable([1.0])

    @df.function
    def step(x):
        return w, x

    x = df.ones(2)
    returned = step(x)
    assert returned[0] is w and returned[1] is x


def test_a_call_that_updates_passes_gradients_on(arm):
    w, count, x = df.Variable([3.0]), df.Variable([0.0], trainable=False), df.tensor([2.0], requires_grad=True)

    @df.function
    def step(h):
        count.assign_add(df.ones(1))
        return w * h * count

    y = step(x * 1)
    y.sum().backward()
    near(x.grad, [3.0])
    near(w.grad, [2.0])


def test_a_call_is_differentiated_twice(arm):
    w, x = df.Variable([3.0]), df.tensor([2.0], requires_grad=True)

    @df.function
    def step(h):
        return w * h**3

    (g,) = df.grad(step(x * 1).sum(), x, create_graph=True)
    near(g, [36.0])
    (h,) = df.grad(g.sum(), x, create_graph=True)
    near(h, [36.0])
    near(df.grad(h.sum(), w)[0], [12.0])


def test_what_a_call_needs_and_was_overwritten_is_an_error(arm):
    w = df.Variable([3.0])
    x = df.tensor([2.0], requires_grad=True)

    @df.function
    def step(h):
        return w * h

    y = step(x * 1)
    w.assign([5.0])
    with pytest.raises(InPlaceError, match="modified in place"):
        y.sum().backward()


# ------------------------------------------------------------------------------------- tapes and hooks
def test_a_tape_finds_a_variable_that_was_read_before_it(arm):
    w = df.Variable([2.0])

    @df.function
    def step():
        before = w * 5
        with df.GradientTape() as first:
            y = w * w
        with df.GradientTape() as second:
            with second.stop_recording():
                w * 7
            z = w * w * w
        return first.gradient(y, w), second.gradient(z, w), before

    slopes = step()
    near(slopes[0], [4.0])
    near(slopes[1], [12.0])


def test_hooks_of_tensors(arm):
    w = df.Variable([2.0])
    seen = w.register_hook(lambda g: g * 10)

    @df.function
    def step(x):
        h = w * x
        h.register_hook(lambda g: g + 1)
        handle = h.register_hook(lambda g: g * 100)
        handle.remove()
        h.retain_grad()
        h.sum().backward()
        return h.grad

    near(step(df.tensor([3.0])), [2.0])
    near(w.grad, [60.0])
    seen.remove()
    w.grad = None
    step(df.tensor([3.0]))
    near(w.grad, [6.0])


@pytest.mark.parametrize("owner", ["a captured parameter", "an argument"])
def test_a_hook_that_a_step_leaves_behind_outside_is_refused(arm, owner):
    w = df.Variable([2.0])

    @df.function
    def step(x):
        (w if owner == "a captured parameter" else x).register_hook(lambda g: g * 2)
        return w * x

    x = df.tensor([3.0], requires_grad=True)
    if arm == "eager":
        step(x)
        step(x).sum().backward()
        near(w.grad if owner == "a captured parameter" else x.grad, [12.0] if owner != "an argument" else [8.0])
    else:
        with pytest.raises(GraphError, match="a hook is left") as error:
            step(x)
        assert "x).register_hook" in str(error.value)
        assert not w.record[-1].hooks and not x.record[-1].hooks  # nothing is left behind


def test_a_hook_that_a_step_takes_away_again(arm):
    w = df.Variable([2.0])

    @df.function
    def step():
        handle = w.register_hook(lambda g: g * 10)
        (w * 3).sum().backward()
        handle.remove()
        return w * 1

    step().sum().backward()
    near(w.grad, [31.0])


def test_a_view_keeps_its_hooks_when_its_memory_is_written_to_unrecorded(arm):
    w = df.Variable([[1.0, 2.0], [3.0, 4.0]])

    @df.function
    def step():
        t = w[1, 1]
        t.register_hook(lambda g: g * 2)
        with df.no_grad():
            w.sub_(1)
        return t

    t = step()
    near(t, 3.0)
    t.backward()
    near(w.grad, [[0.0, 0.0], [0.0, 2.0]])


def test_a_view_made_without_recording_stays_a_constant_until_a_recorded_write(arm):
    w = df.Variable([[1.0, 2.0], [3.0, 4.0]])

    @df.function
    def constant():
        flat = w.flatten()
        with df.no_grad():
            part = flat[::2]
            part[0] = 0.5
        return part

    @df.function
    def recorded():
        t = w * 2
        with df.no_grad():
            flat = t.flatten()
        t.sub_(w)
        with df.no_grad():
            flat[::2] = 0.5
        return flat

    part, flat = constant(), recorded()
    assert not part.requires_grad and flat.requires_grad
    near(part, [0.5, 3.0])
    near(flat, [0.5, 2.0, 0.5, 4.0])
    flat.sum().backward()
    near(w.grad, [[1.0, 1.0], [1.0, 1.0]])


def test_state_keeps_the_history_of_a_recorded_write_through_one_that_is_not(arm):
    u, seen = df.Variable([2.0]), df.tensor([3.0])

    @df.function
    def step():
        seen.mul_(u)
        with df.no_grad():
            seen.add_(1)
        return seen * 1

    y = step()
    near(y, [7.0])
    y.backward()
    near(u.grad, [3.0])


def test_hooks_of_modules(arm):
    net, log = df.nn.Linear(1, 1, bias=False), []
    net.load_state_dict({"weight": [[2.0]]})
    before = net.register_forward_pre_hook(lambda module, args: (args[0] + 1,))
    net.register_forward_hook(lambda module, args, result: result * 3)
    net.register_full_backward_hook(lambda module, given, pulled: log.append(len(pulled)) or (given[0] * 10,))

    @df.function
    def step(x):
        h = x * 1
        h.requires_grad_()
        y = net(h)
        y.sum().backward()
        return y, h.grad

    y, slope = step(df.ones(1, 1))
    near(y, [[12.0]])
    near(slope, [[60.0]])
    before.remove()
    y, slope = step(df.ones(1, 1))
    near(y, [[6.0]])
    assert log


def test_backward_into_inputs_that_are_no_leaves(arm):
    w = df.Variable([2.0])

    @df.function
    def step():
        h = w * 3
        h.retain_grad()
        (h * h).sum().backward(inputs=[h])
        return h.grad

    near(step(), [12.0])
    assert w.grad is None


# ------------------------------------------------------------------------------------- memory
ALIASES = {
    "x[0]": lambda x: x[0],
    "reshape": lambda x: x.reshape(-1),
    "T": lambda x: x.T,
    "column": lambda x: x[:, 1],
    "flatten": lambda x: x.flatten(),
    "unsqueeze": lambda x: x.unsqueeze(0),
    "view of a view": lambda x: x.view(4)[1:3],
    "detach": lambda x: x.detach(),
    "data": lambda x: x.data,
    "float": lambda x: x.float(),
    "Identity": df.nn.Identity(),
    "dropout in eval": df.nn.Dropout(0.5).eval(),
    "asarray": df.asarray,
    "diagonal": lambda x: df.diagonal(x),
}
COPIES = {"clone": lambda x: x.clone(), "x.T.reshape(-1)": lambda x: x.T.reshape(-1), "picked": lambda x: x[[0]]}


@pytest.mark.parametrize("name", [*ALIASES, *COPIES])
def test_writing_through_what_shares_memory(arm, name):
    take = (ALIASES | COPIES)[name]

    @df.function
    def step(x):
        h = x * 1
        take(h).mul_(10.0)
        seen = take(h)
        h += 1
        return h, seen * 1

    h, seen = step(df.tensor([[1.0, 2.0], [3.0, 4.0]]))
    right = np.array([[1.0, 2.0], [3.0, 4.0]])
    if name in ALIASES:
        picked = {"x[0]": (0,), "column": (slice(None), 1), "diagonal": ([0, 1], [0, 1])}.get(name, (Ellipsis,))
        if name == "view of a view":
            right.reshape(-1)[1:3] *= 10
        else:
            right[picked] *= 10
    near(h, right + 1)
    if name in ("x[0]", "detach"):
        near(seen, right[0] + 1 if name == "x[0]" else right + 1)


def test_gradients_follow_what_is_written_and_not_what_shares_memory_only(arm):
    w = df.Variable([1.0, 2.0])

    @df.function
    def step():
        y = w * 3
        y.data.mul_(2.0)  # the value changes, how it was computed does not
        z = w * 1
        z[0:1].mul_(5.0)
        (y * y + z).sum().backward()
        return y

    near(step(), [6.0, 12.0])
    near(w.grad, [2 * 6 * 3 + 5, 2 * 12 * 3 + 1])


@pytest.mark.parametrize("given", ["tensor", "array", "in a list"])
def test_the_caller_sees_what_is_written_to_an_argument(arm, given):
    @df.function
    def step(x):
        x = x[0] if isinstance(x, list) else x
        x[0] = 9.0
        x *= 2
        return x * 1

    x = np.array([1.0, 2.0], np.float32) if given == "array" else df.tensor([1.0, 2.0])
    for _ in range(2):
        y = step([x] if given == "in a list" else x)
    near(x, [18.0, 8.0])
    near(y, [18.0, 8.0])


def test_one_tensor_given_twice_is_one_memory(arm):
    @df.function
    def step(a, b):
        a.add_(1.0)
        return b * 1

    x = df.ones(2)
    near(step(x, x), [2.0, 2.0])
    near(step(x, df.zeros(2)), [0.0, 0.0])
    near(step(x, x), [4.0, 4.0])


def test_arguments_that_overlap_and_are_written_to_are_refused():
    @df.function
    def step(a, b):
        a.add_(1.0)
        return b * 1

    x = df.ones(3)
    with df.mode("graph", compile=False), pytest.raises(GraphError, match="'a' is written to while 'b' shows the same"):
        step(x, x[1:])
    assert x.tolist() == [1, 1, 1]


def test_a_leaf_is_not_written_to_while_gradients_are_recorded(arm):
    w = df.Variable([1.0, 2.0])
    for write in (lambda: w.add_(1.0), lambda: w[0:1].mul_(2.0), lambda: w.__setitem__(0, 5.0)):
        with pytest.raises(InPlaceError, match="leaf that requires a gradient"):
            df.function(write)()


def test_state_that_takes_over_a_history(arm):
    w, total = df.Variable([2.0]), df.tensor([0.0])

    @df.function
    def step():
        total.add_(w * w)
        return total

    step()
    assert total.requires_grad
    total.sum().backward()
    near(w.grad, [4.0])


def test_in_place_methods_have_the_gradient_of_what_they_replaced(arm):
    w = df.Variable([0.5, 0.25, 0.8])

    @df.function
    def step():
        y = w * 1
        y.log_()
        y.sum().backward()

    step()
    near(w.grad, [2.0, 4.0, 1.25])


# ------------------------------------------------------------------------------------- what a trace takes for granted
def steps(arm, change, calls=3):
    """Return the trace count of a small step between whose calls something is changed, and its results."""
    net = df.nn.Sequential(df.nn.Linear(2, 2, bias=False), df.nn.BatchNorm1d(2, eps=0.5))
    net.load_state_dict({**net.state_dict(), "0.weight": [[1.0, 0.0], [0.0, 2.0]]})
    net.eval()
    optimizer = df.optim.SGD(net.parameters(), lr=0.5, momentum=0.5)

    @df.function
    def step(x):
        loss = net(x).sum()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return loss

    results = []
    for _ in range(calls):
        results += [float(step(df.ones(3, 2)).detach()), float(step(df.ones(3, 2)).detach())]
        change(net, optimizer)
    return results


CHANGES = {
    "a layer is replaced": lambda net, o: setattr(net, "0", df.nn.Linear(2, 2, bias=False).requires_grad_(False)),
    "a layer is added": lambda net, o: net.append(df.nn.ReLU()),
    "a layer is frozen": lambda net, o: net[0].requires_grad_(not net[0].weight.requires_grad),
    "eps": lambda net, o: setattr(net[1], "eps", net[1].eps * 2),
    "training": lambda net, o: net.train(not net.training),
    "momentum": lambda net, o: o.param_groups[0].__setitem__("momentum", 0.9),
    "learning rate": lambda net, o: o.param_groups[0].__setitem__("lr", 0.1),
    "double": lambda net, o: net.double(),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_between_calls_counts(name):
    df.manual_seed(0)
    with df.mode("eager"):
        right = steps("eager", CHANGES[name])
    for compile in (False, True):
        df.manual_seed(0)
        with df.mode("graph", compile=compile):
            np.testing.assert_allclose(steps("graph", CHANGES[name]), right, rtol=1e-4)


def test_values_of_closures_and_globals_count(arm):
    rate, table, options = 2.0, np.ones(2, np.float32), {"sign": 1}

    @df.function
    def step(x):
        return x * rate * options["sign"] + table

    near(step(df.ones(2)), [3.0, 3.0])
    rate, options["sign"] = 5.0, -1
    near(step(df.ones(2)), [-4.0, -4.0])
    table[0] = 10
    near(step(df.ones(2)), [5.0, -4.0])


# ------------------------------------------------------------------------------------- the law
PROGRAMS = 300


@pytest.mark.parametrize("part", range(10))
def test_random_programs_with_effects(part):
    """What 20,000 of them do is ``python tests/effects.py --programs 20000``."""
    compared = refused = 0
    for seed in range(part, PROGRAMS, 10):
        text = program(seed)
        right = outcome(text, "eager")
        if right[1] is not None:
            assert isinstance(right[1], DualflowError | AttributeError | TypeError), (seed, right[1])
            continue
        for name in ("interpreted", "compiled") if seed % 3 == 0 else ("interpreted",):
            found = difference(right, outcome(text, name))
            assert not found, f"program {seed}, {name}: {found}\n{text}"
            refused += found is None
            compared += 1
    assert compared >= 20 and refused <= compared // 5


def test_the_law_notices_a_difference():
    text = program(1)
    right = outcome(text, "eager")
    assert difference(right, right) == ""
    name, value = right[0][0]
    wrong = [(name, value + 1), *right[0][1:]]
    assert difference(right, (wrong, None)).startswith(name)
    assert difference(right, (right[0][:1], GradientError("refused"))) is None
    assert difference(right, (right[0][:1], AttributeError("slip"))) == "AttributeError: slip"


@pytest.mark.parametrize("arm", ["eager", "interpreted", "compiled"])
def test_a_tensor_filled_after_its_history_was_spent_keeps_that_it_had_one(arm):
    """As in PyTorch: it requires a gradient, and a second pass through what it was is refused."""
    w = df.nn.Parameter(df.tensor([1.0, 2.0]))

    def step(x):
        y = x * w
        (y * w).sum().backward()
        return y.fill_(0.25)

    with df.mode("eager") if arm == "eager" else df.mode("graph", compile=arm == "compiled"):
        y = df.function(step)(df.tensor([3.0, 4.0]))
        assert y.requires_grad and y.tolist() == [0.25, 0.25]
        with pytest.raises(GradientError, match="second time"):
            y.sum().backward()

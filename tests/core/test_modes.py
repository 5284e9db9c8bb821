"""Contexts: who carries ops out, and whether they are recorded; local to a thread and to a task."""

import asyncio
import threading

import pytest

import dualflow as df
from dualflow.core import mode


def recording():
    """Whether an op is recorded here and now, by trying."""
    return (df.ones(1, requires_grad=True) * 2).requires_grad


def test_recording_is_switched_off_and_on():
    """Blocks nest, and each leaves what it found."""
    assert recording() and df.is_grad_enabled()
    with df.no_grad():
        assert not recording() and not df.is_grad_enabled()
        with df.enable_grad():
            assert recording()
            with df.set_grad_enabled(False):
                assert not recording()
            assert recording()
        assert not recording()
    assert recording()


@pytest.mark.parametrize(
    "op",
    [
        lambda w: w + 1,
        lambda w: w + w,
        lambda w: -w,
        lambda w: w.sum(),
        lambda w: w[0],
        lambda w: w.T,
        lambda w: 1 - w,
        lambda w: df.concat([w, w]),
        lambda w: w.astype(df.float64),
        lambda w: df.where(w > 0, w, 0),
        lambda w: w @ w,
        lambda w: w.mT,
        lambda w: w**2,
        lambda w: 2**w,
        lambda w: w.clone(),
        df.tanh,
    ],
)
def test_no_grad_reaches_every_kind_of_op(op):
    """The short closures, views, reflected operators and the general path all look."""
    w = df.ones(2, 2, requires_grad=True)
    with df.no_grad():
        assert not op(w).requires_grad
    assert op(w).requires_grad


def test_an_exception_leaves_the_block():
    """The context is put back however the block ends."""
    with pytest.raises(KeyError), df.no_grad():
        raise KeyError
    assert recording()


def test_contexts_are_decorators():
    """Each call enters afresh, also when it calls itself."""

    @df.no_grad()
    def count(n):
        """Count."""
        return [recording()] + (count(n - 1) if n else [])

    assert count(3) == [False] * 4
    assert (count.__name__, count.__doc__) == ("count", "Count.")
    assert recording()

    @df.enable_grad()
    def inside():
        return recording()

    with df.no_grad():
        assert inside()
        assert not recording()


def test_generators_and_coroutines_are_not_decorated():
    """Their bodies would run outside the block."""
    with pytest.raises(TypeError, match="use `with` inside"):

        @df.no_grad()
        def rows():
            yield 1

    with pytest.raises(TypeError, match="coroutine"):

        @df.no_grad()
        async def fetch():
            return 1


def test_one_context_can_be_entered_again():
    """The same object, nested and repeated."""
    off = df.no_grad()
    with off, off:
        assert not recording()
    with off:
        assert not recording()
    assert recording()


def test_contexts_are_local_to_a_thread():
    """Another thread records while this one does not, and the other way round."""
    seen = {}
    inside, leave = threading.Event(), threading.Event()

    def other():
        seen["start"] = recording()
        with df.no_grad():
            seen["block"] = recording()
            inside.set()
            leave.wait(10)
        seen["end"] = recording()

    thread = threading.Thread(target=other)
    with df.no_grad():
        thread.start()
        inside.wait(10)
    assert recording()
    leave.set()
    thread.join()
    assert seen == {"start": True, "block": False, "end": True}


def test_contexts_are_local_to_a_task():
    """Two tasks that take turns inside their blocks do not disturb each other."""

    async def task(scope, turns):
        seen = []
        with scope:
            for _ in range(turns):
                await asyncio.sleep(0)
                seen.append((recording(), df.current_mode()))
        return seen

    async def both():
        return await asyncio.gather(task(df.no_grad(), 3), task(df.mode("graph"), 3), task(df.eager(), 3))

    off, graph, eager = asyncio.run(both())
    assert off == [(False, "eager")] * 3
    assert graph == [(True, "graph")] * 3
    assert eager == [(True, "eager")] * 3


def test_backward_in_two_threads_at_once():
    """Passes share no state: each thread's gradients are its own."""
    found = {}

    def work(k):
        w = df.tensor([float(k)], requires_grad=True)
        for _ in range(200):
            w.grad = None
            (df.maximum(w * w, 0) * df.softmax(w)).sum().backward()
        found[k] = w.grad.item()

    threads = [threading.Thread(target=work, args=(k,)) for k in range(1, 5)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert found == {k: 2.0 * k for k in range(1, 5)}


def test_the_mode_is_eager_until_changed():
    """Named modes nest with the graph block."""
    assert df.current_mode() == "eager"
    with df.mode("graph"):
        assert df.current_mode() == "graph"
        with df.eager():
            assert df.current_mode() == "eager"
    with df.graph():
        assert df.current_mode() == "graph"
        with df.mode("eager"):
            assert df.add(df.ones(2), 1).tolist() == [2.0, 2.0]
    assert df.current_mode() == "eager"
    with pytest.raises(ValueError, match="'lazy'"):
        df.mode("lazy")


def test_in_mode_graph_code_outside_a_function_runs_line_by_line():
    """Only ``df.graph()`` makes nodes of everything."""
    with df.mode("graph"):
        x = df.tensor([1.0, 2.0], requires_grad=True)
        (x * x).sum().backward()
        assert x.grad.tolist() == [2.0, 4.0]
    with df.graph():
        assert not hasattr(df.ones(2) + 1, "array")


def test_ops_in_a_graph_become_nodes_whatever_form_they_take():
    """Operators, methods, functions, and eager tensors met inside the block."""
    w = df.ones(2, requires_grad=True)
    with df.graph() as g:
        made = [w + 1, 1 + w, -w, w.sum(), df.exp(w), w[0], w.T, df.concat([w, w]), w > 0, w @ w, w**2]
    assert all(node.graph is g for node in made)
    values = df.Session(g, compile=False).run(made)
    eager = [w + 1, 1 + w, -w, w.sum(), df.exp(w), w[0], w.T, df.concat([w, w]), w > 0, w @ w, w**2]
    assert [v.tolist() for v in values] == [e.tolist() for e in eager]


def test_scopes_left_open_by_a_signal_are_closed_by_whoever_restores():
    before, inside = mode.current(), mode.depth()
    left = df.no_grad()
    left.__enter__()  # a signal came before the block was entered
    assert mode.depth() == inside + 1
    mode.restore(before, inside)
    assert mode.current() is before and mode.depth() == inside

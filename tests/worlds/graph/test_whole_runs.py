"""A run is whole or has not happened; its inputs are read, its results the caller's own; threads take turns."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

import dualflow as df
from dualflow.core.errors import GraphError

COMPILED = pytest.mark.parametrize("compile", [False, True], ids=["interpreted", "compiled"])


def model(size=16):
    w = df.Variable(np.ones((size, size), np.float32))
    optimizer = df.optim.Adam([w], lr=1e-3)

    @df.function
    def step(x):
        loss = ((w @ x) ** 2).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return loss.detach()

    return w, optimizer, step


@COMPILED
def test_an_interrupted_step_has_happened_or_has_not(compile):
    """A timer's signal raises between any two bytecodes; count, weights and slots must tell the same story."""
    if not hasattr(signal, "setitimer"):
        pytest.skip("only Unix has interval timers")
    w, optimizer, step = model()
    x = df.ones(16, 16)
    with df.mode("graph", compile=compile):
        story = []
        for _ in range(400):
            step(x)
            story.append(np.asarray(w.detach()).copy())
        w, optimizer, step = model()
        step(x)

        armed = []

        def interrupt(*_):
            if armed:
                armed.clear()
                raise KeyboardInterrupt

        before, done = signal.signal(signal.SIGALRM, interrupt), 0
        dice = np.random.default_rng(0)
        try:
            for _ in range(100):
                try:
                    armed.append(True)
                    signal.setitimer(signal.ITIMER_REAL, float(dice.uniform(5e-5, 1e-3)))
                    step(x)
                    step(x)
                    step(x)
                    armed.clear()
                except KeyboardInterrupt:
                    pass
                now = np.asarray(w.detach())
                at = [i for i in range(done, done + 4) if np.allclose(story[i], now, rtol=1e-6, atol=0)]
                assert at, "weights that no number of whole steps gives"
                done = at[-1]
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)
        step(x)
    np.testing.assert_allclose(np.asarray(w.detach()), story[done + 1], rtol=1e-5)


def test_a_compiled_run_has_read_its_inputs():
    @df.function
    def step(a, b):
        return a @ b

    with df.mode("graph"):
        for size in (8, 700):
            for _ in range(3):
                a, b = np.ones((size, size), np.float32), df.ones(size, size)
                result = step(a, b)
                a[:] = 7
                b.fill_(7.0)
                assert (np.asarray(result) == size).all()


@COMPILED
def test_results_are_the_callers_own(compile):
    held = df.tensor([1.0, 2.0])

    @df.function
    def step(x):
        return df.tensor([1.0, 2.0]), held.detach(), x.detach(), x[:1]

    x = df.tensor([3.0, 4.0])
    with df.mode("graph", compile=compile):
        for _ in range(2):
            results = step(x)
            assert [r.tolist() for r in results] == [[1, 2], [1, 2], [3, 4], [3]]
            for result in results:
                result.add_(10.0)
    assert held.tolist() == [1, 2] and x.tolist() == [3, 4]
    with df.graph() as g:
        constant = df.tensor([1.0, 2.0])
        fed = df.placeholder(df.float32, (2,), name="fed")
    session, given = df.Session(g, compile=compile), np.ones(2, np.float32)
    for _ in range(2):
        one, two = session.run([constant, fed], {fed: given})
        assert one.tolist() == [1, 2] and two.tolist() == [1, 1]
        one += 10
        two += 10
    assert given.tolist() == [1, 1]


@COMPILED
def test_threads_that_write_take_turns(compile):
    count = df.Variable(0.0, trainable=False)

    @df.function
    def step():
        count.assign_add(1.0)

    def work():
        with df.mode("graph", compile=compile):
            for _ in range(200):
                step()

    with df.mode("graph", compile=compile):
        step()
    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert count.item() == 801


FORK = """
import os, warnings; warnings.simplefilter("ignore")
import dualflow as df
@df.function
def step(x): return x * 2
with df.mode("graph"):
    step(df.ones(2))
    child = os.fork()
    if not child:
        try: step(df.ones(2)); print("ran")
        except df.errors.ExecutionError as error: print(str(error).splitlines()[0])
        with df.mode("graph", compile=False): print(step(df.ones(2)).tolist(), flush=True)
        os._exit(0)
    os.waitpid(child, 0)
"""


def test_a_forked_child_is_told_so():
    if not hasattr(os, "fork"):
        pytest.skip("only Unix forks")
    env = os.environ | {"PYTHONPATH": str(Path(df.__file__).parent.parent)}
    ran = subprocess.run([sys.executable, "-c", FORK], capture_output=True, text=True, env=env, timeout=100)
    told, value = ran.stdout.splitlines()
    assert told.startswith("a compiled graph cannot run here: this process was forked") and value == "[2.0, 2.0]"


def test_signatures():
    seen = []

    @df.function
    def step(x, option):
        seen.append(option)
        return x * 1

    with df.mode("graph", compile=False):
        for option in (float("nan"), float("nan"), 0.0, -0.0, True, 1, [], (), {}, [1], (1,)):
            step(df.ones(1), option)
    assert len(seen) == 10


def test_what_cannot_be_traced_is_refused():
    with pytest.raises(GraphError, match="batches is a generator"):

        @df.function
        def batches():
            yield 1

    nested = []
    for _ in range(100_000):
        nested = [nested]
    with df.mode("graph", compile=False), pytest.raises(GraphError, match="nested too deeply"):
        df.function(lambda x: 1)(nested)


def test_a_trace_does_not_hold_its_first_arguments():
    import gc
    import weakref

    @df.function
    def step(x):
        return x * 2

    with df.mode("graph", compile=False):
        x = df.ones(1000)
        step(x)
        gone = weakref.ref(x)
        del x
        gc.collect()
    assert gone() is None


# ---------------------------------------------------------------------------------- where state lies after a run


def test_what_a_compiled_run_only_reads_stays_on_the_device():
    """Until eager code fetches it; a write there is seen, and whose memory others hold is not moved."""
    own, shown = df.Variable(df.ones(3) * 2, trainable=False), df.Variable(df.ones(3), trainable=False)
    view = shown.numpy()

    @df.function
    def step(x):
        return x * own + shown

    with df.mode("graph"):
        assert step(df.ones(3)).tolist() == [3.0, 3.0, 3.0]
    assert own.buffer is not None and shown.buffer is None
    own.assign_add([1.0, 1.0, 1.0])
    view[:] = 5.0
    with df.mode("graph"):
        assert step(df.ones(3)).tolist() == [8.0, 8.0, 8.0]


def test_state_that_was_stored_at_once_is_told_from_what_eager_code_put_there():
    """One of many tensors is written to in eager between two compiled steps."""
    weights = [df.Variable(df.ones(2) * i) for i in range(4)]

    @df.function
    def step(x):
        for w in weights:
            w.assign_add(x)
        return df.stack([*weights])

    with df.mode("graph"):
        for _ in range(3):
            step(df.ones(2))
        weights[2].assign([10.0, 20.0])
        found = step(df.ones(2))
    assert found.tolist() == [[4.0, 4.0], [5.0, 5.0], [11.0, 21.0], [7.0, 7.0]]
    assert [w.tolist() for w in weights] == found.tolist()

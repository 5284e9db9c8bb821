"""The benchmark cases: for each, the arms to be timed side by side and the target that one ratio has.

A case returns its arms as callables that block until their result is ready, the first of them dualflow's. Every arm of
a case computes the same thing, and ``agree`` proves it before any clock runs. Peers (PyTorch, TensorFlow) take part
when they are installed.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np

import dualflow as df

Arms = dict[str, Callable[[], Any]]


@dataclass
class Case:
    """Arms to time together; ``targets`` maps (arm, against) to the largest ratio that is good enough.

    ``beside``: what an arm may take beyond another, in microseconds, where the target is a difference.
    """

    name: str
    arms: Arms
    targets: dict[tuple[str, str], float] = field(default_factory=dict)
    beside: dict[tuple[str, str], float] = field(default_factory=dict)


def installed(package: str) -> bool:
    """Tell whether a peer can be imported."""
    return importlib.util.find_spec(package) is not None


def agree(name: str, arms: Arms, tolerance: float = 2e-3) -> None:
    """Raise AssertionError unless the arms that return something return the same numbers."""
    values = {
        arm: np.asarray(value) for arm, value in ((arm, call()) for arm, call in arms.items()) if value is not None
    }
    first, *others = values.items() or [("", None)]
    for arm, value in others:
        np.testing.assert_allclose(value, first[1], rtol=tolerance, atol=1e-6, err_msg=f"{name}: {arm} and {first[0]}")


def void(result: Any) -> None:
    """Drop a result: random numbers are not the same in two arms, nor is their memory."""


RNG = np.random.default_rng(0)
H0 = RNG.standard_normal((8, 8)).astype(np.float32)
A0 = (RNG.standard_normal((8, 8)) * 0.3).astype(np.float32)
STEPS = 25


def chain() -> Case:
    """25 × (h = tanh(h·a + a); h = h @ a) on 8×8 float32, and its gradient for a."""
    h0, a, ones = df.tensor(H0), df.tensor(A0, requires_grad=True), df.ones(8, 8)

    def eager() -> Any:
        h = h0
        for _ in range(STEPS):
            h = (h * a + a).tanh() @ a
        a.grad = None
        h.backward(ones)
        return a.grad.numpy()

    def numpy(derivative: Callable[[Any, Any], Any]) -> Any:
        h, saved = H0, []
        for _ in range(STEPS):
            t = np.tanh(h * A0 + A0)
            saved.append((h, t))
            h = t @ A0
        g, ga, at = np.ones_like(h), np.zeros_like(A0), A0.T
        for h, t in reversed(saved):
            ga += t.T @ g
            g = derivative(g @ at, t)
            ga += g
            ga += g * h
            g = g * A0
        return ga

    arms: Arms = {
        "dualflow eager": eager,
        "hand-written NumPy": partial(numpy, lambda g, t: g * (1 - t * t)),
        "hand-written NumPy, g - g·t·t": partial(numpy, lambda g, t: g - g * t * t),
    }
    targets = {("dualflow eager", "hand-written NumPy"): 1.8}
    if installed("torch"):
        import torch

        th, ta, tones = torch.from_numpy(H0), torch.from_numpy(A0.copy()).requires_grad_(), torch.ones(8, 8)

        def pytorch() -> Any:
            h = th
            for _ in range(STEPS):
                h = torch.tanh(h * ta + ta) @ ta
            ta.grad = None
            h.backward(tones)
            return ta.grad.numpy()

        arms["PyTorch eager"] = pytorch
        targets["dualflow eager", "PyTorch eager"] = 0.5
    return Case("chain, forward and backward, 8×8", arms, targets)


X = RNG.standard_normal((64, 1000)).astype(np.float32)
Y = RNG.standard_normal((64, 10)).astype(np.float32)
W1 = (RNG.standard_normal((1000, 100)) * 0.01).astype(np.float32)
W2 = (RNG.standard_normal((100, 10)) * 0.01).astype(np.float32)
RATE = 1e-6


def two_layer() -> Case:
    """One training step of the notes' network, 64×1000→100→10, sum of squares, SGD."""
    x, y = df.tensor(X), df.tensor(Y)
    weights = [df.tensor(W1, requires_grad=True), df.tensor(W2, requires_grad=True)]

    def eager() -> Any:
        w1, w2 = weights
        loss = (x.mm(w1).clamp(min=0).mm(w2) - y).pow(2).sum()
        loss.backward()
        with df.no_grad():
            w1 -= RATE * w1.grad
            w2 -= RATE * w2.grad
            w1.grad = w2.grad = None
        return loss.item()

    n1, n2 = W1.copy(), W2.copy()

    def numpy() -> Any:
        nonlocal n1, n2
        h = X @ n1
        r = np.maximum(h, 0)
        d = r @ n2 - Y
        loss = np.square(d).sum()
        g = 2.0 * d
        g2 = r.T @ g
        gh = (g @ n2.T) * (h > 0)
        g1 = X.T @ gh
        n1 -= np.float32(RATE) * g1
        n2 -= np.float32(RATE) * g2
        return float(loss)

    arms: Arms = {"dualflow eager": eager, "hand-written NumPy": numpy}
    targets = {("dualflow eager", "hand-written NumPy"): 1.1}
    if installed("torch"):
        import torch

        tx, ty = torch.from_numpy(X), torch.from_numpy(Y)
        ours = [torch.from_numpy(w.copy()).requires_grad_() for w in (W1, W2)]

        def pytorch() -> Any:
            w1, w2 = ours
            loss = (tx.mm(w1).clamp(min=0).mm(w2) - ty).pow(2).sum()
            loss.backward()
            with torch.no_grad():
                w1 -= RATE * w1.grad
                w2 -= RATE * w2.grad
                w1.grad = w2.grad = None
            return loss.item()

        arms["PyTorch eager"] = pytorch
        targets["dualflow eager", "PyTorch eager"] = 1.0
    return Case("two-layer step, 64×1000→100→10", arms, targets)


def graph_step() -> Case:
    """The same step compiled: dualflow's graph beside ``jax.jit`` written by hand with donation."""
    import jax
    import jax.numpy as jnp

    x, y = df.tensor(X), df.tensor(Y)
    w1, w2 = df.Variable(W1), df.Variable(W2)

    @df.function
    def step(x: Any, y: Any) -> Any:
        with df.GradientTape() as tape:
            loss = df.sum(df.square(df.maximum(x @ w1, 0) @ w2 - y))
        g1, g2 = tape.gradient(loss, [w1, w2])
        w1.assign(w1 - RATE * g1)
        w2.assign(w2 - RATE * g2)
        return loss

    mode = df.mode("graph")  # a training loop enters it once

    def graph() -> Any:
        with mode:
            return step(x, y).item()

    def loss_of(ws: Any, x: Any, y: Any) -> Any:
        return jnp.square(jnp.maximum(x @ ws[0], 0) @ ws[1] - y).sum()

    @partial(jax.jit, donate_argnums=(0,))
    def jitted(ws: Any, x: Any, y: Any) -> Any:
        loss, grads = jax.value_and_grad(loss_of)(ws, x, y)
        return [w - RATE * g for w, g in zip(ws, grads, strict=True)], loss

    state = [jnp.array(W1), jnp.array(W2)]

    def jit() -> Any:
        nonlocal state
        state, loss = jitted(state, X, Y)
        return float(loss)

    return Case(
        "graph step, 64×1000→100→10",
        {"dualflow graph": graph, "hand-written jax.jit": jit},
        {("dualflow graph", "hand-written jax.jit"): 1.05},
    )


def conv_eager(channels: int, out: int, stride: int) -> Case:
    """Forward and backward of a convolution of a ResNet's basic block: batch 16, 32×32, 3×3."""
    x = RNG.standard_normal((16, channels, 32, 32)).astype(np.float32)
    w = (RNG.standard_normal((out, channels, 3, 3)) * 0.1).astype(np.float32)
    a, b = df.tensor(x, requires_grad=True), df.tensor(w, requires_grad=True)
    ones = df.ones(16, out, 32 // stride, 32 // stride)

    def eager() -> Any:
        a.grad = b.grad = None
        df.nn.functional.conv2d(a, b, stride=stride, padding=1).backward(ones)
        return b.grad.numpy()

    arms: Arms = {"dualflow eager": eager}
    targets = {}
    if installed("torch"):
        import torch

        ta, tb = torch.from_numpy(x).requires_grad_(), torch.from_numpy(w).requires_grad_()
        tones = torch.ones(16, out, 32 // stride, 32 // stride)

        def pytorch() -> Any:
            ta.grad = tb.grad = None
            torch.nn.functional.conv2d(ta, tb, stride=stride, padding=1).backward(tones)
            return tb.grad.numpy()

        arms["PyTorch eager"] = pytorch
        targets["dualflow eager", "PyTorch eager"] = 2.0
    return Case(f"conv2d {channels}→{out}, stride {stride}, forward and backward", arms, targets)


def conv_graph() -> Case:
    """A convolution and the gradient of its weight, compiled: dualflow's graph beside ``jax.jit`` written by hand."""
    import jax
    import jax.numpy as jnp

    x = RNG.standard_normal((16, 32, 32, 32)).astype(np.float32)
    w = (RNG.standard_normal((32, 32, 3, 3)) * 0.1).astype(np.float32)
    images, weight = df.tensor(x), df.Variable(w)

    @df.function
    def step(images: Any) -> Any:
        with df.GradientTape() as tape:
            loss = df.sum(df.square(df.nn.functional.conv2d(images, weight, padding=1)))
        (g,) = tape.gradient(loss, [weight])
        weight.assign(weight - RATE * RATE * g)
        return loss

    mode = df.mode("graph")

    def graph() -> None:
        with mode:
            step(images).item()

    def loss_of(w: Any, x: Any) -> Any:
        return jnp.square(jax.lax.conv_general_dilated(x, w, (1, 1), ((1, 1), (1, 1)))).sum()

    @partial(jax.jit, donate_argnums=(0,))
    def jitted(w: Any, x: Any) -> Any:
        loss, g = jax.value_and_grad(loss_of)(w, x)
        return w - RATE * RATE * g, loss

    state = [jnp.array(w)]

    def jit() -> None:
        state[0], loss = jitted(state[0], x)
        float(loss)

    return Case(
        "graph step of conv2d 32→32",
        {"dualflow graph": graph, "hand-written jax.jit": jit},
        {("dualflow graph", "hand-written jax.jit"): 1.05},
    )


CONVOLUTIONS = ((16, 16, 1), (16, 32, 2), (32, 32, 1), (32, 64, 2), (64, 64, 1))


def session_run() -> Case:
    """``Session.run`` of a scalar add beside the bare jitted call."""
    import jax

    with df.graph() as g:
        s = df.placeholder(df.float32, (), name="s")
        t = s + 1
    session = df.Session(g)
    value = np.asarray(np.float32(3))
    jitted = jax.jit(lambda s: s + 1)
    return Case(
        "Session.run of a scalar add",
        {"Session.run": lambda: session.run(t, {s: value}), "bare jax.jit": lambda: jitted(value)},
        beside={("Session.run", "bare jax.jit"): 10.0},
    )


def dropout_step() -> Case:
    """A graph step with dropout whose mask is drawn on the host, beside ``jax.random`` inside ``jax.jit``."""
    import jax
    import jax.numpy as jnp

    x, w = df.tensor(X), df.Variable(W1)

    @df.function
    def step(x: Any) -> Any:
        with df.GradientTape() as tape:
            loss = df.sum(df.square(df.nn.functional.dropout(df.relu(x @ w), 0.5)))
        (g,) = tape.gradient(loss, [w])
        w.assign(w - RATE * g)
        return loss

    mode = df.mode("graph")

    def graph() -> None:
        with mode:
            step(x).item()

    def loss_of(w: Any, x: Any, key: Any) -> Any:
        h = jnp.maximum(x @ w, 0)
        return jnp.square(jnp.where(jax.random.bernoulli(key, 0.5, h.shape), h / 0.5, 0)).sum()

    @partial(jax.jit, donate_argnums=(0,))
    def jitted(w: Any, x: Any, key: Any) -> Any:
        key, use = jax.random.split(key)
        loss, g = jax.value_and_grad(loss_of)(w, x, use)
        return w - RATE * g, key, loss

    state = [jnp.array(W1), jax.random.key(0)]

    def jit() -> None:
        state[0], state[1], loss = jitted(state[0], X, state[1])
        float(loss)

    return Case(
        "graph step with dropout, 64×1000→100",
        {"dualflow graph": graph, "jax.random in jax.jit": jit},
        {("dualflow graph", "jax.random in jax.jit"): 1.0},
    )


def replayed() -> Case:
    """One training step of the digits program: looked at node by node, interpreted, and compiled."""
    from dualflow.core.mode import Scope
    from dualflow.experiment.programs import PROGRAMS
    from dualflow.inspect.record.replay import Stopper

    run = PROGRAMS["digits"].build(0)
    batch = run.batch(0)
    looking = Stopper(["nowhere"], callback=lambda stop: None)

    def step(compiled: bool = False, watch: Any = None) -> None:
        with df.mode("graph", compile=compiled), Scope(watch=watch):
            np.asarray(run.step(*batch).detach())

    arms: Arms = {
        "replayed, no stop": partial(step, watch=looking),
        "interpreted": step,
        "compiled": partial(step, compiled=True),
    }
    return Case("digits step, what a replay costs", arms)


def random_bulk(kind: str) -> Case:
    """2²⁰ numbers drawn eagerly, beside ``numpy.random.Generator``."""
    generator = df.Generator(0)
    numpy = np.random.default_rng(0)
    n = 1 << 20
    arms: Arms
    if kind == "uniform":
        arms = {
            "df.rand": lambda: void(df.rand(n, generator=generator)),
            "numpy.random": lambda: void(numpy.random(n, dtype=np.float32)),
        }
    elif kind == "normal":
        arms = {
            "df.randn": lambda: void(df.randn(n, generator=generator)),
            "numpy.random": lambda: void(numpy.standard_normal(n, dtype=np.float32)),
        }
    else:
        arms = {
            "df.randint": lambda: void(df.randint(0, 1000, (n,), generator=generator)),
            "numpy.random": lambda: void(numpy.integers(0, 1000, n)),
        }
    first = next(iter(arms))
    return Case(f"random, 2²⁰ {kind}", arms, {(first, "numpy.random"): 3.0})


def overhead(title: str, size: int = 8) -> Case:
    """One recorded eager op beside its bare NumPy kernel."""
    from dualflow.core.op import VOCABULARY

    op = VOCABULARY[title]
    count = max(1, len(op.tensors) - op.optional)
    arrays = [np.abs(RNG.standard_normal((size, size))).astype(np.float32) + 0.5 for _ in range(count)]
    tensors = [df.tensor(a, requires_grad=True) for a in arrays]
    kernel, call = op.kernel("numpy"), op.call
    bare = partial(kernel, **op.defaults) if op.defaults else kernel
    return Case(
        f"{title}, {size}×{size}",
        {"dualflow eager": lambda: void(call(*tensors)), "NumPy kernel": lambda: void(bare(*arrays))},
        beside={("dualflow eager", "NumPy kernel"): 1.0},
    )


TOOLS = {"check_numerics": df.check_numerics, "lint": df.lint, "debug": df.debug}
"""The debug tools whose cost is measured: what makes the scope that switches each on."""


def tooled(program: str, arm: str) -> Case:
    """The chain, or a step of the digits network, in one arm: without tools, and with each."""
    from dualflow.arms.arms import ARMS
    from dualflow.experiment.programs import digits

    if program == "chain":
        h0, a = df.tensor(H0), df.tensor(A0, requires_grad=True)

        @df.function
        def gradient(h: Any) -> Any:
            for _ in range(STEPS):
                h = (h * a + a).tanh() @ a
            h.sum().backward()
            return h.sum()

        def step() -> Any:
            a.grad = None
            return gradient(h0).item()

    else:
        run = digits.build(0)
        x, y = run.batch(0)

        def step() -> Any:
            return void(run.step(x, y).item())  # the weights move on

    def under(make: Any) -> Callable[[], Any]:
        scopes = ARMS[arm].scope(), make()

        def call() -> Any:
            with scopes[0], scopes[1]:
                return step()

        return call

    return Case(f"{program}, {arm}", {"off": under(nullcontext)} | {name: under(TOOLS[name]) for name in TOOLS})


def plain() -> dict[str, list[str]]:
    """Return, by chapter, the cards that take one or two plain float operands and nothing else."""
    from dualflow.core.op import VOCABULARY

    chapters: dict[str, list[str]] = {}
    for name, op in sorted(VOCABULARY.items()):
        count = len(op.tensors) - op.optional
        if op.variadic or op.host or count not in (1, 2) or op.required or not op.differentiable:
            continue
        if name.endswith("_like"):
            continue  # what gradient rules are written with
        arrays = [np.full((8, 8), 0.5, np.float32) + np.eye(8, dtype=np.float32)] * count
        try:
            op.call(*map(df.tensor, arrays))
            op.kernel("numpy")(*arrays, **op.defaults)
        except (df.DualflowError, TypeError, ValueError, AttributeError):
            continue  # its operands must fit together in a way of their own
        chapters.setdefault(op.body.__module__.rpartition(".")[2], []).append(name)
    return chapters

"""What graph mode costs beside bare jax.jit, and eager beside PyTorch and NumPy: each column in a process of its own.

``python benchmarks/alone.py [ROW …] [--rounds N] [--write]``. In every round each column of a row is started, warmed
up, timed and ended, in an order drawn anew, while nothing else runs; threads are as installed. A ratio is of the
medians over the rounds, with the range that it had in single rounds. ``--write`` puts the table at the end of
``benchmarks/RESULTS.md``. Nothing is a test: a missed target is printed as missed.
"""

from __future__ import annotations

import argparse
import importlib.util
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

HERE = Path(__file__)
HEAD = """\
## Each column in a process of its own

Medians over {count} rounds, each in fresh processes with nothing beside them, and the ratio that single rounds had.
{machine}; threads as installed.
"""
MARKS = ("<!-- alone: made by `python benchmarks/alone.py --write` -->", "<!-- alone: end -->")


class Row(NamedTuple):
    """Two columns, each a maker of a step or (``once``) of a measurement that one process makes once, and a target."""

    name: str
    ours: Callable[[], Callable[[], Any]]
    peer: Callable[[], Callable[[], Any]]
    against: str
    target: float
    package: str = "jax"
    once: bool = False


def program(name: str, adapter: str, mode: str) -> Callable[[], Any]:
    """Build a shipped program in one framework, with the weights and batches that all get."""
    import os

    import numpy as np

    from dualflow.experiment.programs import PROGRAMS

    run = PROGRAMS[name].build(0)
    weights = [np.array(w.detach().numpy()) for w in run.trained]
    batches = [tuple(np.asarray(part) for part in run.batch(i)) for i in range(4)]
    built = importlib.import_module(f"dualflow.experiment.peers.{adapter}").build(
        name, mode, weights, batches, os.cpu_count()
    )
    taken = 0

    def step() -> Any:
        nonlocal taken
        taken += 1
        return built.step(taken % 4)

    return step


def chain_of_numpy() -> Callable[[], Any]:
    """The chain of ``cases.py``, by hand."""
    import cases

    return cases.chain().arms["hand-written NumPy"]


def chain_of_ours() -> Callable[[], Any]:
    """The same, eager."""
    import cases

    return cases.chain().arms["dualflow eager"]


def conv(arm: str) -> Callable[[], Any]:
    """A strided convolution, forward and backward, on all threads."""
    import os

    import cases

    made = cases.conv_eager(16, 32, 2).arms[arm]
    if arm == "PyTorch eager":
        import torch

        torch.set_num_threads(os.cpu_count() or 1)
    return made


LAYERS, WIDTH = 10, 64


def first_step(bare: bool) -> float:
    """Return the seconds of the first step of a network of ten layers: trace, lower, compile and run."""
    import jax
    import jax.numpy as jnp
    import numpy as np

    import dualflow as df

    generator = np.random.default_rng(0)
    weights = [generator.standard_normal((WIDTH, WIDTH), np.float32) * 0.1 for _ in range(LAYERS)]
    biases = [np.zeros(WIDTH, np.float32) for _ in range(LAYERS)]
    x, y = (generator.standard_normal((32, WIDTH), np.float32) for _ in range(2))
    jax.jit(lambda a: a + 1)(jnp.ones(2)).block_until_ready()  # the runtime is up in both
    if bare:

        def loss(parameters: Any, x: Any, y: Any) -> Any:
            for w, b in parameters:
                x = jnp.tanh(x @ w.T + b)
            return jnp.mean((x - y) ** 2)

        @partial(jax.jit, donate_argnums=0)
        def whole(parameters: Any, x: Any, y: Any) -> Any:
            value, slopes = jax.value_and_grad(loss)(parameters, x, y)
            return value, jax.tree.map(lambda p, g: p - 0.01 * g, parameters, slopes)

        held = [(jnp.asarray(w), jnp.asarray(b)) for w, b in zip(weights, biases, strict=True)]
        start = time.perf_counter()
        jax.block_until_ready(whole(held, x, y))
        return time.perf_counter() - start
    layers = [df.nn.Linear(WIDTH, WIDTH) for _ in range(LAYERS)]
    for layer, w, b in zip(layers, weights, biases, strict=True):
        with df.no_grad():
            layer.weight.copy_(df.from_numpy(w))
            layer.bias.copy_(df.from_numpy(b))
    optimizer = df.optim.SGD([p for layer in layers for p in layer.parameters()], lr=0.01)

    @df.function
    def step(x: Any, y: Any) -> Any:
        for layer in layers:
            x = df.tanh(layer(x))
        value = df.nn.functional.mse_loss(x, y)
        optimizer.minimize(value)
        return value

    a, b = df.from_numpy(x), df.from_numpy(y)
    with df.mode("graph"):
        start = time.perf_counter()
        float(step(a, b))
        return time.perf_counter() - start


def per_layer(count: int) -> Callable[[], Any]:
    """A step through many small layers, eager; what is timed is divided by their number."""
    import dualflow as df

    df.manual_seed(0)
    weights = [df.tensor(df.randn(32, 32).numpy() * 0.17, requires_grad=True) for _ in range(count)]
    x = df.randn(32, 32)

    def step() -> Any:
        h = x
        for w in weights:
            h = (h @ w).tanh()
        for w in weights:
            w.grad = None
        h.sum().backward()

    step.parts = count  # type: ignore[attr-defined]
    return step


def beside(name: str, mode: str, adapter: str, against: str, target: float, package: str) -> Row:
    """Return the row of a program in one mode, ours beside a peer's."""
    return Row(
        f"{name}, {mode}",
        partial(program, name, "with_dualflow", mode),
        partial(program, name, adapter, mode),
        against,
        target,
        package,
    )


JIT = ("compiled", "with_jax", "jax.jit")
TORCH = ("eager", "with_torch", "PyTorch eager")
ROWS = {
    "lstm": beside("lstm", *JIT, 1.0, "jax"),
    "digits": beside("digits", *JIT, 1.08, "jax"),
    "chain": beside("chain", *JIT, 1.08, "jax"),
    "notes": beside("notes", *JIT, 1.05, "jax"),
    "first": Row(
        "first step of a 10-layer network",
        partial(first_step, False),  # type: ignore[arg-type]
        partial(first_step, True),  # type: ignore[arg-type]
        "jax.jit",
        1.2,
        once=True,
    ),
    "lstm-eager": beside("lstm", *TORCH, 0.8, "torch"),
    "digits-eager": beside("digits", *TORCH, 0.9, "torch"),
    "chain-eager": Row("chain, eager", chain_of_ours, chain_of_numpy, "hand-written NumPy", 1.7, "numpy"),
    "conv2d": Row(
        "conv2d 16→32, stride 2, eager",
        partial(conv, "dualflow eager"),
        partial(conv, "PyTorch eager"),
        "PyTorch eager",
        1.5,
        "torch",
    ),
    "layers": Row(
        "a layer of 200, eager", partial(per_layer, 200), partial(per_layer, 50), "a layer of 50", 1.1, "numpy"
    ),
}


def measure(row: Row, ours: bool) -> float:
    """Return the seconds of one step: the median of blocks, after warming up."""
    if row.once:
        return float((row.ours if ours else row.peer)())  # type: ignore[arg-type]
    step = (row.ours if ours else row.peer)()
    until = time.perf_counter() + 1.0
    calls = 0
    while time.perf_counter() < until or calls < 5:
        step()
        calls += 1
    count = max(1, int(calls * 0.05))
    blocks = []
    for _ in range(21):
        start = time.perf_counter()
        for _ in range(count):
            step()
        blocks.append((time.perf_counter() - start) / count)
    return statistics.median(blocks) / getattr(step, "parts", 1)


def rounds(name: str, count: int) -> tuple[list[float], list[float]]:
    """Time both columns of a row, each in fresh processes, in turns."""
    found: tuple[list[float], list[float]] = ([], [])
    for _ in range(count):
        for ours in random.sample((True, False), 2):
            command = [sys.executable, str(HERE), "--measure", name, "ours" if ours else "peer"]
            printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
            found[not ours].append(float(printed.split()[-1]))
    return found


def spelt(seconds: float) -> str:
    """Write seconds with a fitting unit."""
    if seconds >= 0.1:
        return f"{seconds:.3f} s"
    return f"{seconds * 1e3:.2f} ms" if seconds >= 1e-3 else f"{seconds * 1e6:.0f} µs"


def main() -> None:
    """Measure rows and print them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("rows", nargs="*", help=f"of {', '.join(ROWS)}; without any, all")
    parser.add_argument("--rounds", type=int, default=7, help="processes for each column (7)")
    parser.add_argument("--write", action="store_true", help="put the table into benchmarks/RESULTS.md")
    parser.add_argument("--measure", nargs=2, metavar=("ROW", "COLUMN"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        print(measure(ROWS[options.measure[0]], options.measure[1] == "ours"))
        return
    lines = [
        "| step | dualflow | against | | ratio | in single rounds | wanted | |",
        "|:--|--:|:--|--:|--:|--:|--:|:--|",
    ]
    print("\n".join(lines))
    for name in options.rows or ROWS:
        row = ROWS[name]
        if importlib.util.find_spec(row.package) is None:
            line = (
                f"| {row.name} | – | {row.against} | – | – | – | ≤ {row.target:.2f} | {row.package} is not installed |"
            )
        else:
            ours, peer = rounds(name, options.rounds)
            a, b = statistics.median(ours), statistics.median(peer)
            single = [x / y for x, y in zip(ours, peer, strict=True)]
            verdict = "met" if a / b <= row.target else "missed"
            line = (
                f"| {row.name} | {spelt(a)} | {row.against} | {spelt(b)} | {a / b:.2f} | "
                f"{min(single):.2f}–{max(single):.2f} | ≤ {row.target:.2f} | {verdict} |"
            )
        lines.append(line)
        print(line, flush=True)
    if options.write:
        write(lines, options.rounds)


def section(text: str) -> str:
    """Return what an earlier run wrote into the results, or nothing."""
    return text[text.index(MARKS[0]) : text.index(MARKS[1]) + len(MARKS[1])] if MARKS[0] in text else ""


def write(lines: list[str], count: int) -> None:
    """Put the table at the end of the results, in place of that of an earlier run."""
    results = HERE.with_name("RESULTS.md")
    text = results.read_text(encoding="utf-8")
    table = "\n".join(lines)
    made = f"{MARKS[0]}\n\n{HEAD.format(count=count, machine=machine())}\n{table}\n\n{MARKS[1]}"
    before = text.replace(section(text), "").rstrip()
    results.write_text(f"{before}\n\n{made}\n", encoding="utf-8")


def machine() -> str:
    """Name the processor and what runs on it."""
    import os
    import platform

    import jax
    import numpy as np

    names = [
        line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line
    ]
    return (
        f"{os.cpu_count()} cores ({names[0] if names else platform.machine()}), Python {platform.python_version()}, "
        f"NumPy {np.__version__}, JAX {jax.__version__}"
    )


if __name__ == "__main__":
    main()

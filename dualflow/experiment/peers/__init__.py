"""The peers: other frameworks, each carrying the same program out in its own idiom, beside dualflow's arms.

A peer is an adapter, a file here that knows one framework and is imported only in that peer's own process
(``worker``). This file has their table, and what they give: it imports no framework.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple


class Run(NamedTuple):
    """A program as an adapter built it: ``step(i)`` takes a step on batch ``i`` and returns, when all of it is done,
    the loss and what else the program returns, as arrays; ``weights()`` copies what is trained, in dualflow's order."""

    step: Callable[[int], list[Any]]
    weights: Callable[[], list[Any]]


@dataclass(frozen=True)
class Peer:
    """One column: its name, the adapter (a module of this package) and the mode it is asked for, and what it needs.

    ``scripts``: the folder of its planted programs. ``late``: a module that a run would import, if nobody had before.
    ``slow``: compiles for so long that its faults are planted only where they were asked for.
    """

    name: str
    adapter: str
    mode: str
    meaning: str
    package: str
    extra: str = "peers"
    scripts: str = ""
    late: str = ""
    slow: bool = False

    @property
    def python(self) -> str:
        """The interpreter it runs in: ``DUALFLOW_PYTHON_TENSORFLOW`` and the like name one with another environment."""
        return os.environ.get(f"DUALFLOW_PYTHON_{self.package.upper()}", sys.executable)


OURS: dict[str, Peer] = {
    name: Peer(name, "with_dualflow", name, f"dualflow, {meaning}", "dualflow")
    for name, meaning in (("eager", "eager: NumPy, op by op"), ("compiled", "graph: traced once, compiled by XLA"))
}
"""dualflow's own arms, which run in the same way, each in a process of its own."""

PEERS: dict[str, Peer] = {
    peer.name: peer
    for peer in (
        Peer("torch", "with_torch", "eager", "PyTorch, op by op", "torch", scripts="torch",
             late="torch._dynamo"),
        Peer("torch.compile", "with_torch", "compiled", "PyTorch, loss compiled by Inductor (C++), rest op by op",
             "torch", scripts="torch", late="torch._inductor.compile_fx", slow=True),
        Peer("tensorflow", "with_tensorflow", "eager", "TensorFlow 2, op by op, GradientTape", "tensorflow",
             "tensorflow", "tensorflow"),
        Peer("tf.function", "with_tensorflow", "compiled", "TensorFlow 2, the step in tf.function", "tensorflow",
             "tensorflow", "tensorflow"),
        Peer("tf1", "with_tf1", "graph", "TensorFlow 1's placeholders and Session (tf.compat.v1)", "tensorflow",
             "tensorflow", "tf1"),
        Peer("jax", "with_jax", "eager", "JAX, op by op", "jax", "", "jax"),
        Peer("jax.jit", "with_jax", "compiled", "JAX, the step in jax.jit, state donated", "jax", "", "jax"),
    )
}  # fmt: skip


def choose(names: str | Sequence[str]) -> tuple[Peer, ...]:
    """Return the peers named in a list or a comma-separated string; "all" and "installed" for every one, "none".

    All those that are not installed are named in the report; only by default is nothing run that is ``slow``. Raises
    ValueError for an unknown name or one given twice.

    >>> [peer.package for peer in choose("torch.compile,jax.jit")]
    ['torch', 'jax']
    """
    wanted = [name.strip() for name in names.split(",")] if isinstance(names, str) else list(names)
    if wanted in (["all"], ["installed"]):
        return tuple(PEERS.values())
    if wanted == ["none"]:
        return ()
    for name in wanted:
        if name not in PEERS:
            raise ValueError(f"there is no peer {name!r}; there are {', '.join(PEERS)}, or all, installed, none")
        if wanted.count(name) > 1:
            raise ValueError(f"the peer {name!r} was given twice")
    return tuple(PEERS[name] for name in wanted)

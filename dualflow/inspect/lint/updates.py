"""Which gradients were used, added to, or never came: watched in the eager world while the linter listens.

This file sees ``.grad`` being read and added to, steps of optimizers, and ``detach``.
"""

from __future__ import annotations

import weakref
import zlib
from collections.abc import Iterator
from typing import Any

import numpy as np

from dualflow.autodiff.record import LEAF, OWNER, SERIAL, edges_of
from dualflow.core.errors import format_shape
from dualflow.core.site import Site, user_site
from dualflow.inspect.lint.findings import Finding
from dualflow.inspect.lint.structure import detached
from dualflow.worlds.eager.tensor import Leaf, Tensor

FIX_ZERO = "call optimizer.zero_grad(), or set .grad = None, after each update"


class Used:
    """What is known of one leaf whose ``.grad`` somebody has read: whose it is, and its value at the last read."""

    def __init__(self, tensor: Tensor) -> None:
        self.tensor = weakref.ref(tensor)
        self.value = _sum_of(tensor)
        self.spent = False  # the tensor has changed after a read: the gradient was used for an update
        self.mixed: Site | None = None  # where a gradient was added to a spent one
        self.read = user_site()

    def updated(self) -> bool:
        """Return whether the tensor has changed since its gradient was read."""
        tensor = self.tensor()
        return self.spent or (tensor is not None and _sum_of(tensor) != self.value)


class Steps:
    """The steps of one optimizer: how many, where, in which graph, and which parameters ever had a gradient."""

    def __init__(self, optimizer: Any) -> None:
        self.optimizer = optimizer
        self.had: dict[int, tuple[Any, bool]] = {}
        self.site: Site | None = None
        self.graph: Any = None
        self.count = 0


class Updates:
    """The gradients that one linter has seen."""

    def __init__(self) -> None:
        self._used: dict[Leaf, Used] = {}
        self._steps: dict[int, Steps] = {}
        self._cuts: dict[Site, set[Leaf]] = {}

    def read(self, x: Tensor) -> None:
        """Note that the gradient of ``x`` is looked at, as an update does before it changes ``x``."""
        record = x.record
        if record is None or len(record) != LEAF or record[OWNER].grad is None:
            return
        leaf, made = record[OWNER], Used(x)
        known = self._used.get(leaf)
        if known is not None:
            made.spent, made.mixed = known.updated(), known.mixed
        self._used[leaf] = made

    def accumulating(self, leaf: Leaf) -> Iterator[Finding]:
        """Note that a gradient is about to be added to what a leaf holds.

        Adding to a spent gradient is no mistake yet: the other network's loss does so in adversarial training, which
        clears the sum before its own step. Using the sum is one.
        """
        known = self._used.get(leaf)
        if known is None:
            return
        if leaf.grad is None or not np.any(leaf.grad.array):
            del self._used[leaf]
            return
        if known.updated():
            yield from self._stale(known)
            known.mixed, known.spent = user_site(), False
            tensor = known.tensor()
            known.value = 0 if tensor is None else _sum_of(tensor)

    @staticmethod
    def _stale(known: Used) -> Iterator[Finding]:
        tensor = known.tensor()
        if known.mixed is not None and known.read is not None and tensor is not None:
            yield stale(known.read, known.mixed, tensor)

    def stepping(self, optimizer: Any, given: list[tuple[Any, Any]], graph: Any) -> Iterator[Finding]:
        """Note for which parameters an optimizer has a gradient."""
        site = user_site()
        wanted = [(p, g) for p, g in given if getattr(p, "trainable", True) and p.requires_grad]
        steps = self._steps.setdefault(id(optimizer), Steps(optimizer))
        steps.count += 1 if graph is None else 2  # what is built once runs many times
        steps.site, steps.graph = site, graph
        for p, g in wanted:
            steps.had[id(p)] = (p, g is not None or steps.had.get(id(p), (p, False))[1])
        if wanted and all(g is None for _, g in wanted) and site is not None:
            yield Finding.at(
                site, "no-gradient",
                f"{type(optimizer).__name__}.step found no gradient in any of its {len(wanted)} parameters and changes "
                "nothing",
                "call loss.backward() before step(), and zero_grad() not between the two",
            )  # fmt: skip

    def detached(self, x: Tensor) -> None:
        """Note which leaves a detached tensor was computed from, once for each line."""
        site = user_site()
        if site is None or site in self._cuts or not x.record:
            return
        self._cuts[site] = _leaves(x.record)

    def left(self) -> Iterator[Finding]:
        """Yield what is known at the end: sums used last, and parameters that no step ever had a gradient for."""
        for leaf, known in self._used.items():
            if known.mixed and leaf.grad is not None and np.any(leaf.grad.array) and known.updated():
                yield from self._stale(known)
        for steps in self._steps.values():
            starved = [p for p, had in steps.had.values() if not had]
            if steps.count < 2 or not starved or len(starved) == len(steps.had) or steps.site is None:
                continue
            p = starved[0]
            more = f" and {len(starved) - 1} more" if len(starved) > 1 else ""
            name = f" {p.name!r}" if getattr(p, "name", "") else ""
            text = f"the parameter{name} of shape {format_shape(p.shape)}{more} never had a gradient"
            cut = self._cut(p, steps.graph)
            if cut is None:
                yield Finding.at(steps.site, "no-gradient", f"{text}, so that {type(steps.optimizer).__name__} never "
                    "changes it", "compute the loss from it, without detach(), .numpy() or no_grad() in between; or do "
                    "not give it to the optimizer")  # fmt: skip
            else:
                yield Finding.at(cut, "no-gradient", f"{text}: detach() cuts it off here", "take the detach() away, or "
                    "do not give the parameter to the optimizer")  # fmt: skip

    def _cut(self, p: Any, graph: Any) -> Site | None:
        """Return the line that detaches what was computed from a parameter."""
        if graph is not None:
            cell = graph.cells.get(id(p)) if isinstance(p, Tensor) else p.cell
            node = None if cell is None else detached(graph, cell)
            return None if node is None else node.site
        leaf = p.record[OWNER] if p.record is not None else None
        return next((site for site, leaves in self._cuts.items() if leaf in leaves), None)


def stale(used: Site, added: Site, x: Any) -> Finding:
    """Make the finding for a gradient that is used again: where, and where another was added to it."""
    text = f"the gradient of shape {format_shape(x.shape)} that is used here contains that of an earlier update"
    return Finding.at(used, "stale-gradient", text, FIX_ZERO, ("backward added to it", added))


def _sum_of(x: Tensor) -> int:
    return zlib.crc32(np.ascontiguousarray(x.array).reshape(-1).view(np.uint8).data)


def _leaves(record: list[Any]) -> set[Leaf]:
    found: set[Leaf] = set()
    seen: set[int] = set()
    todo = [record]
    while todo:
        r = todo.pop()
        if not r or r[SERIAL] in seen:
            continue
        seen.add(r[SERIAL])
        if len(r) == LEAF:
            if isinstance(r[OWNER], Leaf):
                found.add(r[OWNER])
        else:
            todo += [e for e in edges_of(r) if e is not None]
    return found

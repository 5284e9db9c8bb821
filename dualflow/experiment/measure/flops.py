"""How much there is to do: the operations and the bytes of a plan, counted from its nodes and their sizes.

Counted are the floating operations of matrix products and convolutions, 2 for each multiplication and addition, and
the bytes of every node's operands and result, as if each were carried out by itself. Compiled programs fuse: for them
XLA's own estimate of the bytes takes its place. This file knows no clock and no machine.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from dualflow.core.codec import Serializable
from dualflow.worlds.graph.ir.nodes import nbytes
from dualflow.worlds.graph.ir.symbol import Symbol
from dualflow.worlds.graph.plan import Plan


@dataclass(frozen=True)
class Workload(Serializable):
    """What one run of a plan does: ``ops`` by name, each with how often, its operations and its bytes."""

    flops: int
    bytes: int
    ops: dict[str, tuple[int, int, int]]
    uncounted: tuple[str, ...] = ()


MATRIX: dict[str, Callable[[list[Any], Any], int]] = {
    "matmul": lambda given, result: math.prod(result.shape) * given[0].shape[-1],
    "linear": lambda given, result: math.prod(result.shape) * given[0].shape[-1],
    "convolve": lambda given, result: math.prod(result.shape) * math.prod(given[1].shape[1:]),
    "deconvolve": lambda given, result: math.prod(given[0].shape) * math.prod(given[1].shape[1:]),
    "convolve_weight_like": lambda given, result: math.prod(given[0].shape) * math.prod(result.shape[1:]),
}
"""The ops whose operations are counted, and their multiplications: nearly all that a network computes is theirs."""

UNCOUNTED = frozenset({"einsum", "solve", "inv", "cholesky", "lu", "qr", "svd", "svdvals", "eig", "eigh",
                       "eigvalsh", "det", "slogdet", "matrix_exp", "solve_triangular"})  # fmt: skip
"""Ops of many operations whose number the shapes alone do not tell; a count that meets one is a lower bound."""


def count(plan: Plan) -> Workload:
    """Count a plan's work. Views move nothing, and neither do reads and assignments of variables.

    >>> step = df.function(lambda a, b: (a @ b).sum())
    >>> with df.mode("graph", compile=False):
    ...     _ = step(df.ones(2, 3), df.ones(3, 4))
    >>> work = count(latest(step))
    >>> work.flops, work.ops["matmul"]                             # 2·2·3·4 operations; 6 + 12 + 8 float32
    (48, (1, 48, 104))
    """
    ops: dict[str, tuple[int, int, int]] = {}
    for step in plan.steps:
        op = step.node.op
        if step.kind.structural or op.view:
            continue
        given = [plan.specs[id(x)] if isinstance(x, Symbol) else x for x in step.node.inputs]
        result = plan.specs[id(step.node)]
        moved = sum(nbytes(x) for x, source in zip(given, step.node.inputs, strict=True) if isinstance(source, Symbol))
        times, flops, size = ops.get(op.name, (0, 0, 0))
        work = 2 * MATRIX[op.name](given, result) if op.name in MATRIX else 0  # an addition for each multiplication
        ops[op.name] = times + 1, flops + work, size + moved + sum(nbytes(plan.specs[id(one)]) for one in step.made)
    totals = [sum(each[i] for each in ops.values()) for i in (1, 2)]
    return Workload(totals[0], totals[1], ops, tuple(sorted(UNCOUNTED & ops.keys())))


def latest(function: Any) -> Plan:
    """Return the plan of the trace that a ``df.function`` made last."""
    plan: Plan = [trace.plan for traces in function.traces.values() for trace in traces][-1]
    return plan


def fused_bytes(plan: Plan) -> int | None:
    """Return what XLA estimates that the compiled plan reads and writes, or None where it does not say."""
    analysis: Any = plan.compiled.cost_analysis() if plan.compiled is not None else None  # type: ignore[attr-defined]
    moved = analysis.get("bytes accessed") if analysis else None
    return None if moved is None else int(moved)

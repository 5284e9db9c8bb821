"""What is found out about a run that went wrong: the same run once more, node by node, with NumPy.

A compiled run says no more than which of its flags were set. Its inputs, its random numbers and the state it began
with are still there, so the run is repeated by the loop that interprets graphs, which stops at the node, with values.
Nothing here is asked while runs go well, but for the flags of ``df.check_numerics()``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from dualflow.autodiff import nonfinite
from dualflow.autodiff.record import EDGES, OP, RESULTS, SERIAL
from dualflow.core.errors import ExecutionError, NumericsError
from dualflow.core.explain import operand_name
from dualflow.core.generator import fork_rng
from dualflow.worlds.graph.ir.nodes import called, kind_of, nbytes
from dualflow.worlds.graph.ir.symbol import Symbol
from dualflow.worlds.graph.plan import Plan
from dualflow.worlds.graph.run.walk import KERNELS, walk


class Values(Mapping[Symbol, Any]):
    """The NumPy values of the symbols computed before a failure: computed again, when first asked for."""

    def __init__(self, plan: Plan, given: Sequence[Any], before: Sequence[Any]) -> None:
        self._run = (plan, given, before)
        self._found: dict[Symbol, Any] | None = None

    def _known(self) -> dict[Symbol, Any]:
        if self._found is None:
            plan, given, before = self._run
            found: dict[Symbol, Any] = {}
            found |= {c.owner: v for c, v in zip(plan.reads, before, strict=True) if isinstance(c.owner, Symbol)}
            state = dict(zip(map(id, plan.reads), before, strict=True))
            try:
                walk(plan.whole, KERNELS, given, state, lambda node, args, value: found.setdefault(node, value))
            except Exception:
                pass  # this is the failure that is being looked into
            self._found = found
        return self._found

    def __getitem__(self, symbol: Symbol) -> Any:
        return self._known()[symbol]

    def __iter__(self) -> Iterator[Symbol]:
        return iter(self._known())

    def __len__(self) -> int:
        return len(self._known())


class TraceValues(Values):
    """The values of what a trace had built when it failed, from the actual arguments of the call."""

    def __init__(self, nodes: Sequence[Symbol], inputs: Sequence[Symbol], arguments: Sequence[Any]) -> None:
        self._trace = (list(nodes), list(inputs), list(arguments))
        self._found = None

    def _known(self) -> dict[Symbol, Any]:
        if self._found is None:
            nodes, inputs, arguments = self._trace
            plan = Plan(nodes, [(s, s.shape, s.dtype) for s in inputs])
            with fork_rng():  # to look must not change what is drawn next
                given = [*arguments, *plan.draw()]
            self._run = (plan, given, [np.asarray(v) for v in plan.load(plan.reads, {})])
        return super()._known()


def ends(plan: Plan) -> set[int]:
    """Return the ids of the gradient nodes that end a rule: others inside one may go wrong and be chosen away."""
    found = {id(n) for n in plan.fetches if n is not None and n.forward is not None}
    for step in plan.steps:
        found.update(
            id(x)
            for x in step.node.inputs
            if isinstance(x, Symbol) and x.forward is not None and x.forward is not step.node.forward
        )
    return found


def rule_of(node: Symbol) -> tuple[Symbol, Symbol] | None:
    """Return the node whose gradient rule made ``node``, and the gradient that the rule began with."""
    record = node.forward
    if record is None or kind_of(record[OP]).custom:  # the nodes of a custom backward are the user's own
        return None
    if isinstance(record[RESULTS], tuple):  # of several results: no one gradient that it began with
        return None
    reached = [
        g for r, g in node.graph.pulled if r is record and g.record[SERIAL] > node.record[SERIAL]
    ]  # serials count down
    return (record[RESULTS], reached[-1]) if reached else None


class Checker:
    """What watches an interpreted run under ``df.check_numerics()``: the rule of ``autodiff.nonfinite``, by node."""

    def __init__(self, plan: Plan, then: Any = None) -> None:
        self._given = {id(n) for n in (*plan.fed, *plan.hosts)}
        self._ends: set[int] | None = None
        self._plan = plan
        self._then = then
        self._values: dict[int, Any] = {}

    def __call__(self, node: Symbol, args: Sequence[Any], value: Any) -> Any:
        if self._then is not None:
            value = self._then(node, args, value)
        self._values[id(node)] = value
        if value is not None and nonfinite.bad(value) and id(node) not in self._given:
            self._judge(node, args, value)
        return value

    def _judge(self, node: Symbol, args: Sequence[Any], value: Any) -> None:
        rule = rule_of(node)
        if node.kind.structural:
            return
        if rule is None:
            nonfinite.check(node.op, args, node.params, value, node.site, _names(node))
            return
        self._ends = self._ends or ends(self._plan)
        if id(node) in self._ends:
            self._judge_gradient(node, args, value, *rule)

    def _judge_gradient(self, node: Symbol, args: Sequence[Any], value: Any, y: Symbol, g: Symbol) -> None:
        held = [self._values.get(id(x)) if isinstance(x, Symbol) else x for x in (g, y, *y.inputs)]
        if all(v is not None or x is None for v, x in zip(held, (g, y, *y.inputs), strict=True)):
            nonfinite.check_gradient(y.op, held[0], held[1], held[2:], y.params, y.main[EDGES], y.site, node.site)
        if not nonfinite.excused([*args, *held], {}, value):
            error = nonfinite.forward(node.op, args, value, y.site, _names(node))
            error.add_note(f"in the gradient of {y.op.name}")
            raise error


def _names(node: Symbol) -> list[str]:
    return [called(x) if isinstance(x, Symbol) else "" for x in node.inputs]


class Flags:
    """What watches a compiled run under ``df.check_numerics()``: two flags a floating node, NaN and infinity."""

    def __init__(self, plan: Plan) -> None:
        self.compiled: Any = None
        self.call: Any = None  # what of it is called
        self._plan = plan
        self._ends = ends(plan)
        self._given = {id(n) for n in (*plan.fed, *plan.hosts)}
        self._nodes: list[Symbol] = []
        self._flags: list[Any] = []

    def __call__(self, node: Symbol, args: Sequence[Any], value: Any) -> Any:
        """Note the flags of a node while the program is traced."""
        import jax.numpy as jnp

        inside = node.forward is not None and id(node) not in self._ends and not kind_of(node.forward[OP]).custom
        if value is not None and value.dtype.kind in "fc" and value.size and not inside:
            self._nodes.append(node)
            worst = jnp.abs(value).max()  # a NaN wins; isnan().any() and isinf().any() took twice as long
            self._flags += [jnp.isnan(worst), jnp.isinf(worst)]
        return value

    def stack(self) -> Any:
        """Return all flags as one array: another output of the program."""
        import jax.numpy as jnp

        return jnp.stack(self._flags) if self._flags else ()

    def first(self, flags: Any) -> Symbol | None:
        """Return the first node that went wrong by the rule, or None."""
        marks = np.asarray(flags).reshape(-1, 2)
        if not marks.any():
            return None
        infinite = {id(n) for n, mark in zip(self._nodes, marks, strict=True) if mark.any()}
        for node, (nan, inf) in zip(self._nodes, marks, strict=True):
            if not (nan or inf) or id(node) in self._given or node.kind.structural:
                continue
            rule = rule_of(node)
            y = node if rule is None else rule[0]
            operands = [*y.inputs, *y.params.values(), *(() if rule is None else rule)]
            passed = any(id(x) in infinite if isinstance(x, Symbol) else nonfinite.infinite(x) for x in operands)
            if (nan or not passed) and (rule is not None or not nonfinite.chosen_away(node.site)):
                return node
        return None

    def alone(self, node: Symbol) -> Exception:
        """Make the error for a NaN or an infinity that only the compiled program makes."""
        return NumericsError(
            f"{node.op.name}: the compiled program makes a NaN or an infinity here; NumPy, given the same, does not",
            operands=[(operand_name(node.op, i), x) for i, x in enumerate(node.inputs) if isinstance(x, Symbol)],
            site=node.site,
            hint="the compiler computes in another order or precision: look for values close to the limits",
        )


def broken(plan: Plan, error: Exception, donated: Sequence[Any]) -> Exception:
    """Make the error for a compiled program that the runtime gave up: at the node with the largest value if memory ran
    out, else at the line that ran it."""
    reason = str(error).split("\n")[0]
    lost = [c.name or "a tensor" for c, value in zip(plan.updated, donated, strict=True) if value.is_deleted()]
    hint = f"the state of {', '.join(lost)} was lost with the run" if lost else "the variables are as they were"
    if "RESOURCE_EXHAUSTED" not in reason and "ut of memory" not in reason:
        return ExecutionError(f"run: the compiled program failed: {reason}", hint=hint)

    def size(node: Symbol) -> int:
        return nbytes(plan.specs[id(node)])

    largest = max((node for step in plan.steps for node in step.made), key=size)
    spec = plan.specs[id(largest)]
    return ExecutionError(
        f"{largest.op.name}: the compiled program ran out of memory; its largest value, {size(largest) / 1e9:.3g} GB, "
        "is made here",
        operands=[("result", spec)],
        site=largest.site,
        hint=f"{hint}; the runtime said: {reason}",
    )

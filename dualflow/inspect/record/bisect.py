"""Where two runs part: ``df.bisect`` aligns two recordings and finds the first op whose values disagree.

Recordings are aligned by (op, line) with ``difflib``, so an op that only one run has is reported as such. What agrees
is parity's matter (``dualflow.arms.parity``).
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from dualflow.arms.arms import choose
from dualflow.arms.parity import Gap, gap
from dualflow.inspect.record.entry import Entry, cells, cut, grouped, summary, wanted
from dualflow.inspect.record.recorder import Subject
from dualflow.inspect.record.recording import Recording
from dualflow.worlds.graph.ir.symbol import Symbol
from dualflow.worlds.graph.run.walk import KERNELS

Pair = tuple[Entry | None, Entry | None]


def bisect(
    first: Callable[..., Any] | Recording | str | os.PathLike[str],
    *args: Any,
    arms: str | Sequence[str] = ("eager", "compiled"),
) -> Divergence:
    """Find the first op where two runs disagree beyond parity's tolerance.

    ``bisect(step, *args)`` runs a step in two ``arms``; ``bisect(a, b)`` takes two recordings, or files of them. The
    result says whether they agree (``ok``) and, if not, the op, the user's line, both values, how many units in the
    last place lie between them and where, and whether the inputs were still equal. When returning every node from a
    compiled program makes a difference vanish (XLA then fuses less), nodes are returned one at a time instead.
    State and arguments are afterwards what they were. Raises ValueError for other than two arms.

    >>> w = df.Variable([1.0, 2.0])
    >>> def step(x):
    ...     return (w * x).sum()
    >>> found = df.bisect(step, df.ones(2))
    >>> found.ok, found.compared
    (True, 2)
    """
    if not callable(first):
        if len(args) != 1:
            raise TypeError(
                f"bisect: takes two recordings, or a function and its arguments; got {1 + len(args)} values"
            )
        a, b = (x if isinstance(x, Recording) else Recording.load(x) for x in (first, *args))
        return _first(a, b, runs=0)
    pair = choose(arms)
    if len(pair) != 2:
        raise ValueError(f"bisect: compares two arms, not {len(pair)}")
    return between(Subject("bisect", first, args), *(arm.name for arm in pair))[2]


def between(subject: Subject, one: str, two: str) -> tuple[Recording, Recording, Divergence]:
    """Record a step in two arms and find where they part."""
    a, b = subject.record(one), subject.record(two)
    nodes = {} if subject.untraceable else {node.name: node for node in subject.trace.graph.symbols}
    found = _first(a, b, runs=2, nodes=nodes)
    if found.ok and "compiled" in (one, two) and not a.error and not b.error:
        found = _unfused(subject, a, b, found, nodes)
    return a, b, found


@dataclass(frozen=True)
class Divergence:
    """The first op where two runs disagree, if there is one.

    ``a`` and ``b`` are its entries, ``gap`` parity's account of their difference. ``ulps`` is the largest number of
    units in the last place between two elements, at ``where``; ``inputs`` says how far apart the op's inputs were.
    ``only`` holds the ops before it that one run has alone, ``compared`` is the number of ops in both, ``runs`` how
    many runs were made.
    """

    labels: tuple[str, str]
    compared: int
    runs: int
    only: tuple[tuple[str, Entry], ...] = ()
    a: Entry | None = None
    b: Entry | None = None
    gap: Gap | None = None
    ulps: float = 0.0
    where: tuple[int, ...] = ()
    inputs: str = ""
    note: str = ""

    @property
    def ok(self) -> bool:
        """Whether every op that both runs have agrees, and what came out does."""
        return self.gap is None

    def __str__(self) -> str:
        one, two = self.labels
        fields = f"{self.runs} runs, {self.compared} ops in both" if self.runs else f"{self.compared} ops in both"
        lines = [f"{one} and {two} {'agree' if self.ok else 'part'} ({fields})"]
        if self.a is not None and self.b is not None and self.gap is not None:
            at = f", at {list(self.gap.index)}" if self.gap.index else ""
            lines += [
                f"  {self.a}",
                f"  {one}: {summary(self.a.value)}; {self.gap.expected}{at}",
                f"  {two}: {summary(self.b.value)}; {self.gap.found}{at}",
                f"  {self.gap.reason or f'up to {self.ulps:,.0f} units in the last place, at {list(self.where)}'}",
                f"  its inputs: {self.inputs}",
            ]
        elif self.gap is not None and self.gap.name:
            lines += [f"  {self.gap.name}: {self.gap.expected} and {self.gap.found}"]
        lines += [f"  {self.note}"] * bool(self.note)
        lines += [f"  only {label} has {entry}" for label, entry in self.only[:5]]
        if len(self.only) > 5:
            lines.append(f"  and {len(self.only) - 5} more that one run has alone")
        return "\n".join(lines)

    def to_json(self) -> dict[str, Any]:
        """Return a plain dictionary."""
        fields = {k: getattr(self, k) for k in ("ok", "compared", "runs", "inputs", "note")}
        fields |= {"labels": list(self.labels), "where": list(self.where), "only": [f"{k}: {e}" for k, e in self.only]}
        fields["ulps"] = self.ulps if np.isfinite(self.ulps) else None
        fields["gap"] = None if self.gap is None else self.gap.to_json()
        entry = self.a
        fields["op"] = None if entry is None else {"op": entry.op, "name": entry.name, "line": str(entry.at)}
        return fields


# --- alignment ------------------------------------------------------------------------------------------------------


def align(a: Recording, b: Recording) -> list[Pair]:
    """Pair the ops of two runs by (op, line), in order; None stands for an op that the other run has alone.

    A graph's backward pass has a node for every step of a rule, an eager one only the gradient that reaches each op:
    between the two, those gradients are paired.
    """
    coarse = "eager" in (a.arm, b.arm) and a.arm != b.arm
    left, right = _landmarks(a, coarse), _landmarks(b, coarse)
    keys = [key for key, _ in left], [key for key, _ in right]
    pairs: list[Pair] = []
    # autojunk would drop what occurs often, and in an unrolled loop every op does
    for tag, i, j, k, m in difflib.SequenceMatcher(None, *keys, autojunk=False).get_opcodes():
        ours, theirs = [x for _, x in left[i:j]], [y for _, y in right[k:m]]
        if tag == "equal":
            pairs += zip(ours, theirs, strict=True)
        else:
            pairs += [*((x, None) for x in ours), *((None, y) for y in theirs)]
    return pairs


def _landmarks(run: Recording, coarse: bool) -> list[tuple[tuple[str, str], Entry]]:
    found: list[tuple[tuple[str, str], Entry]] = []
    waiting: list[tuple[bool, str, int, Entry]] = []  # the gradients of a pass: in their turns, those of leaves by name

    def finish() -> None:
        waiting.sort(key=lambda one: (one[0], one[1] if one[0] else "", one[2]))
        found.extend(((f"gradient of {label}", ""), entry) for _, label, _, entry in waiting)
        waiting.clear()

    for entry in run:
        if entry.kind in ("read", "given", "constant") or (entry.kind == "write" and entry.name.endswith("grad")):
            continue  # eager mode has no node for what it merely looks at
        if not (coarse and (entry.forward is not None or entry.kind == "gradient")):
            finish()
            found.append(((entry.op, str(entry.at)), entry))
        if coarse:
            waiting += [(label.startswith("leaf "), label, turn, entry) for label, turn in entry.of]
    finish()
    return found


# --- the first difference -------------------------------------------------------------------------------------------


def ulps(a: np.ndarray, b: np.ndarray) -> tuple[float, tuple[int, ...]]:
    """Return the most units in the last place between two elements, and where; inf where a NaN meets a number.

    Floats are counted by the integers that their bits spell, so that the distance is the number of floats between.

    >>> ulps(np.float32([1.0, 2.0]), np.float32([1.0, np.nextafter(np.float32(2), np.float32(3))]))
    (1.0, (1,))
    """
    if a.shape != b.shape or a.dtype != b.dtype or not a.size:
        return (0.0 if a.shape == b.shape and a.dtype == b.dtype else float("inf")), ()
    if a.dtype.kind == "c":
        return max((ulps(x, y) for x, y in ((a.real, b.real), (a.imag, b.imag))), key=lambda found: found[0])
    if a.dtype.kind == "f":
        left, right = _ordered(a), _ordered(b)
        apart = (np.maximum(left, right) - np.minimum(left, right)).astype(np.float64)
        apart = np.where(np.isnan(a) | np.isnan(b), np.inf, apart)
        apart = np.where((a == b) | (np.isnan(a) & np.isnan(b)), 0.0, apart)
    else:
        apart = np.abs(a.astype(np.float64) - b.astype(np.float64))
    at = int(apart.argmax())
    return float(apart.reshape(-1)[at]), tuple(map(int, np.unravel_index(at, a.shape)))


def _ordered(x: np.ndarray) -> np.ndarray:
    """Return unsigned integers in the order of the floats, neighbours one apart."""
    bits = np.array(x, order="C").view(f"u{x.dtype.itemsize}")
    sign = bits.dtype.type(1 << (8 * x.dtype.itemsize - 1))
    return np.where(bits & sign, ~bits, bits | sign)


def _first(a: Recording, b: Recording, runs: int, nodes: dict[str, Symbol] | None = None) -> Divergence:
    labels = (a.arm, b.arm) if a.arm != b.arm else (f"the first {a.arm} run", f"the second {b.arm} run")
    pairs = align(a, b)
    found = Divergence(labels, sum(x is not None and y is not None for x, y in pairs), runs)
    only: list[tuple[str, Entry]] = []
    magnified: list[tuple[Entry, Entry]] = []
    for x, y in pairs:
        if x is None or y is None:
            only += [(label, entry) for label, entry in zip(labels, (x, y), strict=True) if entry is not None]
        elif not (off := _gap(x.value, y.value)).ok:
            if not nodes or not _magnifies(nodes, x, y, magnified):
                return _parted(replace(found, only=tuple(only)), x, y, off)
            magnified.append((x, y))
    note = f"{len(magnified)} ops magnify rounding; the first is {magnified[0][0]}" if magnified else ""
    found = replace(found, only=tuple(only), note=note)
    if bool(a.error) == bool(b.error):
        return found
    why = f"{labels[0] if a.error else labels[1]} ended by {(a.error or b.error).splitlines()[0]}"
    return replace(found, gap=Gap(reason=why), note=why)


def _magnifies(nodes: dict[str, Symbol], x: Entry, y: Entry, magnified: Sequence[tuple[Entry, Entry]]) -> bool:
    """Return whether an op is right for the inputs that it had, which agree, though its results do not.

    A small difference of large numbers, or a quotient of small ones, turns rounding of its inputs into more than any
    tolerance: where NumPy gives what the graph's op gave, the op is not to blame.
    """
    node = nodes.get(y.symbol or x.symbol)
    graph = y if y.symbol else x
    known = {id(entry.value) for pair in magnified for entry in pair}
    if graph.kind == "write":
        return id(graph.operands[0]) in known
    if node is None or len(x.operands) != len(y.operands) or graph.kind != "op" or node.kind.drawn(node):
        return False
    off = [(p, q) for p, q in zip(x.operands, y.operands, strict=True) if p.tobytes() != q.tobytes()]
    if not off or not all(id(p) in known or id(q) in known or _gap(p, q).ok for p, q in off):
        return False
    given = iter(graph.operands)
    args = [None if i is None else next(given) if isinstance(i, Symbol) else (next(given), i)[1] for i in node.inputs]
    with np.errstate(all="ignore"):
        again = np.asarray(node.kind.run(node, args, {}, KERNELS))
    return _gap(again, graph.value).ok


def _parted(found: Divergence, x: Entry, y: Entry, off: Gap) -> Divergence:
    """Add to what was found the entries whose values are off."""
    apart, at = ulps(x.value, y.value)
    return replace(found, a=x, b=y, gap=off, ulps=apart, where=at, inputs=_inputs(x, y))


def _gap(one: np.ndarray, other: np.ndarray) -> Gap:
    return gap({"value": one}, {"value": other})


def _inputs(x: Entry, y: Entry) -> str:
    """Describe how far apart the inputs of an op were."""
    if len(x.operands) != len(y.operands) or not x.operands:
        return "not known: a gradient comes from the rules of all ops that used the value"
    apart = [ulps(p, q.astype(p.dtype) if p.shape == q.shape == () else q)[0]
             for p, q in zip(x.operands, y.operands, strict=True)]  # fmt: skip
    if not any(apart):
        return "equal to the bit"
    worst = max(range(len(apart)), key=apart.__getitem__)
    return f"input {worst} differs by up to {apart[worst]:,.0f} units in the last place"


# --- a difference that hides when it is looked at -------------------------------------------------------------------


def _unfused(subject: Subject, a: Recording, b: Recording, seen: Divergence, nodes: dict[str, Symbol]) -> Divergence:
    """Compare with the compiled program as it is; where only that differs, search with one node returned at a time."""
    other = a if b.arm == "compiled" else b
    with subject.fresh("compiled") as args:
        _, results = subject.fetch([], args)
    runs = seen.runs + 1
    whole = gap(other.results, results)
    if whole.ok or seen.note or gap((b if other is a else a).results, results).ok:
        return replace(seen, runs=runs)
    pairs = [(x, y) if other is a else (y, x) for x, y in align(a, b) if x is not None and y is not None]

    def alone(node: Symbol) -> np.ndarray:
        nonlocal runs
        runs += 1
        with subject.fresh("compiled") as args:
            return np.asarray(subject.fetch([node], args)[0][node])

    good, bad, found = -1, len(pairs), None
    while bad - good > 1:
        middle = (good + bad) // 2
        x, y = pairs[middle]
        assert x is not None and y is not None
        value = alone(nodes[y.symbol])
        off = _gap(x.value, value)
        if off.ok:
            good = middle
        else:
            bad, found = middle, (x, Entry(**{**vars(y), "value": value}), off)
    note = "returning every node of the compiled program makes the difference vanish: it is made by what XLA fuses"
    seen = replace(seen, runs=runs, note=note)
    if found is None:
        return replace(seen, gap=whole, where=whole.index)
    x, y, off = found
    if other is b:
        x, y = y, x
        off = _gap(x.value, y.value)
    return _parted(seen, x, y, off)


# --- side by side ---------------------------------------------------------------------------------------------------


def side_by_side(a: Recording, b: Recording, only: Sequence[str | int] = ()) -> str:
    """Write two recordings as one table: each op with both values, and whether they agree."""
    rows = []
    for x, y in align(a, b):
        entry = x or y
        assert entry is not None
        if wanted(entry, only):
            fields = [cut(summary(e.value, 3), 15) if e is not None else "–" for e in (x, y)]
            rows.append((entry.at, cells(entry, (*fields, verdict(x, y)), (15, 15, 15))))
    return "\n".join([f"{'':32}{a.arm:15} {b.arm:15} agree", *grouped(rows)])


def verdict(x: Entry | None, y: Entry | None) -> str:
    """Return in a word or two whether two values agree."""
    if x is None or y is None:
        return "alone"
    apart = ulps(x.value, y.value)[0]
    return f"{'' if _gap(x.value, y.value).ok else 'DIFFER, '}{apart:.3g} ULP" if apart else "equal"

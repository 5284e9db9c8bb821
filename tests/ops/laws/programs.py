"""Random programs over the vocabulary, drawn by hypothesis: 5 to 40 ops on tensors of tracked shapes, all finite.

Cards are found by the family of their shape rule, so that a new one takes part the moment it exists. Operands are
led into a card's domain by smooth guards, and a step whose numbers grow too large, or that a card refuses, becomes
``tanh``: every draw is a program. What jumps (rounding, comparisons of computed numbers) is left out: two correct
worlds may land on two sides of a jump.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import numpy as np
from hypothesis import strategies as st

import dualflow as df
from dualflow.core import shapes
from dualflow.core.errors import DualflowError
from dualflow.core.op import VOCABULARY, Op
from dualflow.ops.reduce import scan

JUMPS = {
    "ceil",
    "copysign",
    "floor",
    "floor_divide",
    "fmod",
    "frac",
    "heaviside",
    "nextafter",
    "remainder",
    "round",
} | {
    "rint",
    "sign",
    "signbit",
    "sgn",
    "trunc",
    "angle",
    "hardshrink",
    "threshold",
    "spacing",
    "complex",  # real numbers only; the laws and the op database have complex ones
    "imag",
    "view_as_real",
    "view_as_complex",
    "astype",  # a cast to integers jumps; to_float is one of the moves
    "detach",  # finite differences see through it
    "logical_not",
    "sinc",  # its second rule is a series near zero; samples cover it
}
GUARDS: dict[str, Callable[[Any], Any]] = {
    "real": lambda x: x,
    "matrix": lambda x: x,
    "logits": lambda x: x,
    "distinct": lambda x: x,
    "positive": lambda x: x * x + 0.5,
    "nonzero": lambda x: x * x + 0.5,
    "exponent": lambda x: df.tanh(x),
    "unit": lambda x: 0.9 * df.tanh(x),
}
LARGEST, ELEMENTS = 1e3, 64


def domains(op: Op) -> tuple[str, ...]:
    """Return the domain of each operand."""
    return (op.domain,) * len(op.tensors) if isinstance(op.domain, str) else tuple(op.domain)


def cards(*rules: Callable[..., Any], count: int = 1) -> list[str]:
    """Return the cards of a family that take real tensors and have a gradient."""
    return sorted(
        name
        for name, op in VOCABULARY.items()
        if op.shape in rules
        and op.differentiable
        and not op.variadic
        and len(op.tensors) == count
        and None not in op.rules
        and set(op.required) <= {"axis"}
        and name not in JUMPS
        and all(domain in GUARDS for domain in domains(op))
    )


UNARY = cards(shapes.same)
BINARY = cards(shapes.same, shapes.elementwise, count=2)
REDUCE = cards(shapes.reduction, shapes.nonempty_reduction)
ALONG = cards(shapes.along, scan._scanned)


def _matmul(a: Any, b: Any) -> Any:
    return df.matmul(df.reshape(a, (-1, 1)), df.reshape(b, (1, -1)))


MOVES: dict[str, Callable[..., Any]] = {  # each takes a tensor, another, and a number drawn
    "reshape": lambda a, b, n: df.reshape(a, (-1,)) if n % 2 else df.reshape(a, (1, -1)),
    "transpose": lambda a, b, n: df.permute_dims(a, tuple(reversed(range(a.ndim)))),
    "expand_dims": lambda a, b, n: df.expand_dims(a, axis=n % (a.ndim + 1)),
    "concat": lambda a, b, n: df.concat([df.reshape(a, (-1,)), df.reshape(b, (-1,))], axis=0),
    "stack": lambda a, b, n: df.stack([a, a * 0.5], axis=n % (a.ndim + 1)),
    "slice": lambda a, b, n: a[..., n % a.shape[-1] :] if a.ndim else a,
    "every other": lambda a, b, n: a[:: -1 if n % 2 else 2] if a.ndim else a,
    "pick": lambda a, b, n: a[n % a.shape[0]] if a.ndim else a,
    "gather": lambda a, b, n: df.take(a, df.tensor([0, n % a.shape[0], 0]), axis=0) if a.ndim else a,
    "newaxis": lambda a, b, n: a[None, ...],
    "outer": lambda a, b, n: _matmul(a, b),
    "broadcast": lambda a, b, n: df.broadcast_to(a, (2, *a.shape)),
    "clip": lambda a, b, n: df.clip(a, -0.7, 0.8),
    "where": lambda a, b, n: df.where(df.tensor(n % 2 == 0), a, b),
    "add scalar": lambda a, b, n: a + n * 0.1,
    "scale": lambda a, b, n: (n * 0.25 + 0.5) * a,
    "single": lambda a, b, n: a.astype(df.float32),
    "double": lambda a, b, n: a.astype(df.float64),
    "variance": lambda a, b, n: df.var(a, correction=0),
    "flip": lambda a, b, n: df.flip(a, axis=n % a.ndim if n % 3 and a.ndim else None),
    "roll": lambda a, b, n: df.roll(a, shift=n - 3, axis=n % a.ndim if a.ndim else None),
    "triangle": lambda a, b, n: (df.tril if n % 2 else df.triu)(a, k=n - 4) if a.ndim > 1 else a,
    "diagonal": lambda a, b, n: df.diagonal(a, offset=n % 2) if a.ndim > 1 else df.diag_embed(df.reshape(a, (-1,))),
    "pad": lambda a, b, n: (
        df.nn.functional.pad(a, (n % 3, 1), ("constant", "replicate", "circular")[n % 3]) if a.ndim else a
    ),
    "windows": lambda a, b, n: df.reshape(a, (-1,)).unfold(0, 1, 1 + n % 2),
    "repeat": lambda a, b, n: df.repeat(a, 2, axis=None) if n % 2 else df.tile(a, (1, 2)),
    "sort": lambda a, b, n: df.sort(df.reshape(a, (-1,)), descending=n % 2 == 0),
    "topk": lambda a, b, n: df.topk(df.reshape(a, (-1,)), 1, largest=n % 2 == 0).values,
    "cummax": lambda a, b, n: (df.cummax if n % 2 else df.cummin)(df.reshape(a, (-1,)), 0).values,
    "quantile": lambda a, b, n: df.quantile(a, n / 8),
    "scatter": lambda a, b, n: df.scatter_reduce(
        df.reshape(a, (-1,)), 0, df.tensor([0, 0]), df.reshape(a, (-1,))[:1].expand(2) * 0.5, ("sum", "mean")[n % 2]
    ),
    "add at": lambda a, b, n: df.index_add(df.reshape(a, (-1,)), 0, df.tensor([0, 0]), df.tensor([0.5, n * 0.1])),
    "segments": lambda a, b, n: df.segment_sum(a, df.tensor([n % 2] * a.shape[0]), 2) if a.ndim else a,
    "einsum": lambda a, b, n: df.einsum("...,i->i...", a, df.reshape(b, (-1,))),
    "solve": lambda a, b, n: df.linalg.solve(
        df.eye(2, dtype=a.dtype) * 2 + df.tanh(df.mean(a)), df.ones(2, dtype=a.dtype)
    ),
    "det": lambda a, b, n: df.linalg.det(df.eye(2, dtype=a.dtype) * 2 + df.tanh(df.mean(a))),
    "norm": lambda a, b, n: df.linalg.vector_norm(a * a + 0.5, ord=1 + n % 3),
    "normalize": lambda a, b, n: df.nn.functional.layer_norm(a, a.shape[-1:]) if a.ndim and a.shape[-1] > 1 else a,
    "convolve": lambda a, b, n: df.nn.functional.conv1d(
        df.reshape(a, (1, 1, -1)), df.reshape(df.tanh(b), (1, 1, -1))[..., :1]
    ),
    "loss": lambda a, b, n: (
        df.nn.functional.smooth_l1_loss(a, df.tanh(a).detach()) if n % 2 else df.nn.functional.mse_loss(a, a * 0.5)
    ),
}


@dataclasses.dataclass
class Step:
    """One op: a family, a name in it, the places of its operands among the values so far, a number for its choices."""

    family: str
    name: str
    places: tuple[int, ...]
    number: int

    def __call__(self, values: list[Any]) -> Any:
        operands = [values[i] for i in self.places]
        first = operands[0]
        if self.family == "move":
            return MOVES[self.name](first, operands[-1], self.number)
        op = VOCABULARY[self.name]
        guarded = [GUARDS[d](x) for d, x in zip(domains(op), operands, strict=True)]
        if self.family == "along":
            return op.call(*guarded, axis=self.number % max(1, first.ndim))
        if self.family == "reduce":
            axis = None if self.number == 0 or not first.ndim else self.number % first.ndim
            return op.call(*guarded, axis=axis, keepdims=self.number % 2 == 1)
        return op.call(*guarded)


@dataclasses.dataclass
class Program:
    """Leaves and steps; calling it on other leaves, in either world, carries the steps out."""

    leaves: list[np.ndarray]
    steps: list[Step]

    def __call__(self, *leaves: Any) -> Any:
        values = list(leaves)
        for step in self.steps:
            values.append(step(values))
        total = values[-1]
        for value in values[-6:-1]:  # so that a dead end counts, too
            total = total + df.mean(value)
        return total

    def __repr__(self) -> str:
        shapes_ = ", ".join(f"{x.dtype}{list(x.shape)}" for x in self.leaves)
        return f"Program({shapes_}; " + "; ".join(f"{s.name}{s.places}" for s in self.steps) + ")"


FAMILY = {"unary": UNARY, "binary": BINARY, "reduce": REDUCE, "along": ALONG, "move": list(MOVES)}


def fits(value: Any) -> bool:
    """Tell whether a step's result is worth going on with."""
    array = value.detach().numpy()
    return 0 < array.size <= ELEMENTS and bool(np.all(np.isfinite(array))) and float(np.abs(array).max()) < LARGEST


@st.composite
def programs(draw: Callable[[Any], Any], least: int = 5, most: int = 40, smooth: bool = False) -> Program:
    """Draw a program; ``smooth`` keeps it in float64, for finite differences."""
    sizes = draw(st.lists(st.sampled_from([(), (1,), (3,), (2, 3), (3, 1), (1, 2), (2, 1, 3)]), min_size=1, max_size=3))
    random = np.random.default_rng(draw(st.integers(0, 2**16)))
    leaves = [random.normal(size=s) for s in sizes]
    values: list[Any] = [df.from_numpy(np.asarray(x)) for x in leaves]
    steps: list[Step] = []
    families = ["unary", "unary", "binary", "binary", "move", "move", "reduce", "along"]
    for _ in range(draw(st.integers(least, most))):
        family = draw(st.sampled_from(families))
        name, back, number = draw(
            st.tuples(st.sampled_from(FAMILY[family]), st.sampled_from(range(4)), st.sampled_from(range(8)))
        )
        other = draw(st.sampled_from(range(len(values))))
        last = max(0, len(values) - 1 - back)
        places = (last, other) if family in ("binary", "move") else (last,)
        step = Step(family, name, places, number)
        if smooth and name == "single":
            step = Step("unary", "tanh", (last,), 0)
        try:
            with np.errstate(all="ignore"):
                value = step(values)
            good = fits(value) and value.dtype.kind == "f"
        except DualflowError:  # shapes that do not broadcast, an axis of a 0-d tensor
            good = False
        if not good:
            step = Step("unary", "tanh", (last,), 0)
            value = step(values)
        steps.append(step)
        values.append(value)
    return Program(leaves, steps)

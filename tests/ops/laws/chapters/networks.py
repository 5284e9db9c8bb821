"""Normalization, embeddings and losses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from oracle import real
from samples import FLOAT, LOGITS, Draw, Sample, call, frozen, places, special, zeros


@special("standardize")
def _standardize(draw: Draw) -> Iterator[Sample]:
    for shape, axis in (
        ((3,), -1),
        ((2, 3), (0,)),
        ((2, 3, 2), (0, 2)),
        ((2, 3, 2), (-2, -1)),
        ((2, 3), (0, 1)),
        ((0, 3), 1),
    ):
        yield Sample((draw("distinct", shape),), {"axis": axis, "eps": 1e-5})
    for dtype in ("float32", "float16", "bfloat16", "int64"):
        yield Sample((draw("distinct", (2, 3), dtype),), {"axis": (1,), "eps": 1e-3})


@special("embedding", "add_rows_like")
def _rows(name: str, draw: Draw) -> Iterator[Sample]:
    for where in ([2, 0, 2], [[1, 1], [0, 2]], 1, []):
        at, weight = places(where), draw("matrix", (3, 2))
        operands = (at, weight) if name == "embedding" else (draw("matrix", (*at.shape, 2)), at, weight)
        yield Sample(operands, {})
    weight = draw("matrix", (3, 2), FLOAT)
    at = draw("index", (2,), "int32")
    yield Sample((at, weight) if name == "embedding" else (draw("matrix", (2, 2), FLOAT), at, weight), {})


@special("nll_loss")
def _nll(draw: Draw) -> Iterator[Sample]:
    for logits, target in LOGITS:
        yield Sample((draw("logits", logits), draw("class", target)), {})
        yield Sample((draw("logits", logits), draw("class", target)), {"ignore_index": 1})
    yield Sample((draw("logits", (3, 3)), places([0, -7, 2])), {"ignore_index": -7})
    yield Sample((draw("logits", (2, 3), "float32"), draw("class", (2,), "int32")), {})


@special("binary_entropy")
def _binary_entropy(draw: Draw) -> Iterator[Sample]:
    def unit(*shape: int, dtype: Any = None) -> np.ndarray:
        return frozen(np.asarray(draw("positive", shape) * 0.45, dtype or np.float64))

    for a, b in (((2, 3), (2, 3)), ((2, 3), (3,)), ((1,), (2, 1)), ((0, 3), (3,)), ((), ())):
        yield Sample((unit(*a), unit(*b)), {})
    yield Sample((unit(3, dtype="float32"), frozen(np.array([0, 1, 0.5], "float32"))), {})


@special("binary_entropy_of_logits")
def _of_logits(draw: Draw) -> Iterator[Sample]:
    for a, b, c in (((2, 3), (2, 3), (3,)), ((2, 1), (3,), (2, 3)), ((0, 3), (0, 3), (3,)), ((), (), ())):
        yield Sample((draw("real", a), draw("real", b), draw("positive", c)), {})
        yield Sample((draw("real", a), draw("real", b), None), {})
    for dtype in ("float32", "int64"):
        yield Sample((draw("real", (3,), dtype), draw("bool", (3,), dtype)), {})
    yield Sample((frozen(np.array([0.25, 1000.0, -1000.0])), frozen(np.array([0.25, 1.0, 1.0]))), {}, "far")


@special("lstm_cell", "lstm_slope", "gru_cell", "gru_slope")
def _cells(name: str, draw: Draw) -> Iterator[Sample]:
    wide, count = (4, 5) if name.startswith("lstm") else (3, 4)

    def operands(lead: tuple[int, ...], n: int, dtype: Any, gates: bool) -> tuple[Any, ...]:
        def some(shape: int, domain: str = "unit" if dtype == "bfloat16" else "real") -> Any:
            return draw(domain, (*lead, shape), dtype)

        if name == "lstm_cell":
            return some(4 * n), some(n)
        if name == "gru_cell":
            return some(3 * n), some(3 * n), some(n)
        last = some(wide * n) if gates else None
        if name == "lstm_slope":
            return some(n), some(n), some(4 * n, "unit"), some(n), some(n), last
        return some(n), some(3 * n, "unit"), some(3 * n), some(n), last

    for lead, n in (((), 2), ((3,), 2), ((2, 1), 1), ((0,), 2), ((3,), 0)):
        for gates in (False, True) if name.endswith("slope") else (False,):
            yield Sample(operands(lead, n, np.float64, gates), {})
    for dtype in ("float32", "float16", "bfloat16"):
        yield Sample(operands((2,), 2, dtype, True), {})


NONE = {"axis": (0,), "eps": 1e-5}

BAD = {
    "lstm_cell": [
        call(zeros(2, 7), zeros(2, 2)),
        call(zeros(2, 8), zeros(3, 2)),
        call(zeros(8), zeros(2, 2)),
        call(zeros(2, 8, dtype=complex), zeros(2, 2)),
    ],
    "lstm_slope": [call(zeros(2, 2), zeros(2, 2), zeros(2, 7), zeros(2, 2), zeros(2, 2))],
    "gru_cell": [call(zeros(2, 6), zeros(2, 6), zeros(2, 3)), call(zeros(2, 6), zeros(2, 7), zeros(2, 2))],
    "gru_slope": [call(zeros(2, 2), zeros(2, 6), zeros(2, 6), zeros(3, 2))],
    "standardize": [
        call(zeros(2, 3), axis=(0, 2), eps=1e-5),
        call(zeros(2, 3), axis=(0, 0), eps=1e-5),
        call(zeros(2, 3, dtype=complex), **NONE),
    ],
    "embedding": [
        call(places([3]), zeros(3, 2)),
        call(places([-1]), zeros(3, 2)),
        call(zeros(2), zeros(3, 2)),
        call(places([0]), zeros(3)),
    ],
    "add_rows_like": [call(zeros(1, 2), places([3]), zeros(3, 2)), call(zeros(2, 2), places([0]), zeros(3, 2))],
    "nll_loss": [
        call(zeros(2, 3), places([0, 3])),
        call(zeros(2, 3), places([0, -1])),
        call(zeros(2, 3), places([0])),
        call(zeros(2, 3), zeros(2)),
    ],
    "binary_entropy_of_logits": [call(zeros(2), zeros(3)), call(zeros(2, dtype=complex), zeros(2))],
    "binary_entropy": [call(zeros(2) + 1.5, zeros(2)), call(zeros(2) - 0.5, zeros(2))],
}


def _standard(t: Any, x: Any, axis: Any, eps: float) -> Any:
    axes = (axis,) if isinstance(axis, int) else axis
    x = real(x)
    spread = x.var(axes, correction=0, keepdim=True)
    return (x - x.mean(axes, keepdim=True)) / (spread + eps).sqrt()


def _of_scores(t: Any, x: Any, target: Any, positive: Any) -> Any:
    if positive is not None:  # for whose gradient PyTorch has no rule
        return (1 - target) * x + (1 + (positive - 1) * target) * t.nn.functional.softplus(-x)
    pair = t.broadcast_tensors(real(x), real(target))
    return t.nn.functional.binary_cross_entropy_with_logits(*pair, reduction="none")


TORCH = {
    "standardize": _standard,
    "embedding": lambda t, at, weight: t.nn.functional.embedding(at, weight),
    "nll_loss": lambda t, x, target, ignore_index: t.nn.functional.nll_loss(
        x, target.long(), ignore_index=ignore_index, reduction="none"
    ),
    "binary_entropy": lambda t, x, target: t.nn.functional.binary_cross_entropy(
        *t.broadcast_tensors(x, target), reduction="none"
    ),
    "binary_entropy_of_logits": _of_scores,
}
ABSENT = {
    "add_rows_like": "the gradient of embedding",
    **{
        f"{cell}_cell#{i}": "PyTorch has cells with weights, which tests/nn compares"
        for cell, n in (("lstm", 3), ("gru", 2))
        for i in range(n)
    },
    **{f"{cell}_slope#{i}": "the gradient of a cell" for cell, n in (("lstm", 2), ("gru", 3)) for i in range(n)},
}

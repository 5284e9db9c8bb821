"""Convolutions, pooling and windows as columns."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from samples import DOUBLE, FLOAT, Draw, Sample, call, places, special, zeros

from dualflow.core.op import VOCABULARY

# x, weight, stride, padding, dilation, groups
CONVOLUTIONS: list[tuple[Any, ...]] = [
    ((2, 2, 5), (3, 2, 2), (1,), ((0, 0),), (1,), 1),
    ((1, 2, 6), (4, 1, 3), (2,), ((1, 1),), (1,), 2),
    ((1, 1, 5), (1, 1, 2), (3,), ((0, 0),), (2,), 1),
    ((2, 2, 4, 3), (3, 2, 3, 2), (1, 1), ((1, 1), (0, 0)), (1, 1), 1),
    ((1, 4, 5, 4), (2, 2, 3, 2), (2, 1), ((1, 1), (1, 1)), (1, 2), 2),
    ((2, 2, 5, 6), (2, 1, 3, 3), (2, 3), ((1, 1), (1, 1)), (1, 1), 2),
    ((1, 2, 3, 3), (2, 2, 1, 1), (1, 1), ((0, 0), (0, 0)), (1, 1), 1),
    ((1, 1, 3, 3, 4), (2, 1, 2, 2, 2), (1, 2, 1), ((0, 0), (1, 1), (0, 0)), (2, 1, 1), 1),
    ((0, 2, 4), (3, 2, 2), (1,), ((0, 0),), (1,), 1),
]
LOPSIDED: list[tuple[Any, ...]] = [
    ((1, 1, 5), (1, 1, 2), (2,), ((1, 0),), (1,), 1),
    ((1, 1, 5, 4), (2, 1, 2, 2), (1, 1), ((0, 1), (-1, 0)), (1, 1), 1),
]


def static(stride: Any, padding: Any, dilation: Any, groups: int) -> dict[str, Any]:
    """Name the static parameters."""
    return {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}


@special("convolve", "deconvolve", "convolve_weight_like")
def _convolutions(name: str, draw: Draw) -> Iterator[Sample]:
    infer = VOCABULARY["convolve"].shape

    def operands(x: Any, weight: Any, params: dict[str, Any], dtype: Any) -> tuple[Any, ...]:
        made = infer(zeros(*x), zeros(*weight), **params)
        drawn = [draw("matrix", shape, dtype) for shape in (x, weight, made)]
        order = {"convolve": (0, 1), "deconvolve": (2, 1, 0), "convolve_weight_like": (2, 0, 1)}[name]
        return tuple(drawn[i] for i in order)

    for x, weight, *rest in CONVOLUTIONS + LOPSIDED:
        params = static(*rest)
        yield Sample(operands(x, weight, params, DOUBLE), params)
        if name == "deconvolve":
            g, w, _ = operands(x, weight, params, DOUBLE)
            yield Sample((g, w, None), params)
    for dtype in ("float32", "int64"):
        x, weight, *rest = CONVOLUTIONS[3]
        yield Sample(operands(x, weight, static(*rest), dtype), static(*rest))
    x, weight, *rest = CONVOLUTIONS[0]
    _, second, *others = operands(x, weight, static(*rest), DOUBLE)
    yield Sample((operands(x, weight, static(*rest), FLOAT)[0], second, *others), static(*rest))


# x, kernel, stride, padding, dilation
WINDOWS: list[tuple[Any, ...]] = [
    ((1, 2, 5), (2,), (2,), ((0, 0),), (1,)),
    ((2, 1, 6), (3,), (1,), ((1, 1),), (2,)),
    ((1, 2, 4, 5), (2, 3), (2, 1), ((1, 1), (0, 0)), (1, 1)),
    ((1, 2, 4, 4), (1, 1), (1, 1), ((0, 0), (0, 0)), (1, 1)),
    ((1, 1, 3, 4, 3), (2, 2, 1), (1, 2, 2), ((0, 0), (1, 1), (0, 0)), (1, 1, 1)),
    ((0, 1, 4), (2,), (2,), ((0, 0),), (1,)),
]


@special("max_pool", "max_pool_places", "columns")
def _max_pool(name: str, draw: Draw) -> Iterator[Sample]:
    for x, kernel, stride, padding, dilation in WINDOWS:
        params = {"kernel": kernel, "stride": stride, "padding": padding, "dilation": dilation}
        yield Sample((draw("distinct", x),), params)
        if name != "columns" and 0 not in x:
            yield Sample((draw("distinct", x),), {**params, "ceil": True})
    for dtype in ("float32", "int64"):
        yield Sample((draw("distinct", x, dtype),), params)
    if name == "max_pool_places":
        tied = np.array([[[1.0, 1.0, 0.0, np.nan, 2.0, np.nan, -np.inf, -np.inf]]])
        tied.setflags(write=False)
        yield Sample((tied,), {"kernel": (2,), "stride": (1,), "padding": ((1, 1),), "dilation": (1,)}, "ties")


@special("avg_pool", "avg_pool_like")
def _avg_pool(name: str, draw: Draw) -> Iterator[Sample]:
    for x, kernel, stride, padding, _ in WINDOWS:
        for extra in ({}, {"ceil": True}, {"include_pad": False, "ceil": True}, {"divisor": 3}):
            params: dict[str, Any] = {"kernel": kernel, "stride": stride, "padding": padding, **extra}
            drawn = draw("real", x)
            if name == "avg_pool":
                yield Sample((drawn,), params)
            else:
                yield Sample((draw("real", VOCABULARY["avg_pool"].shape(drawn, **params)), drawn), params)
    if name == "avg_pool":
        yield Sample((draw("real", (1, 1, 4), "float32"),), {"kernel": (2,), "stride": (1,), "padding": ((0, 0),)})


@special("uncolumns")
def _uncolumns(draw: Draw) -> Iterator[Sample]:
    for x, kernel, stride, padding, dilation in WINDOWS:
        params = {"kernel": kernel, "stride": stride, "padding": padding, "dilation": dilation}
        like = draw("real", x)
        g = draw("real", VOCABULARY["columns"].shape(like, **params))
        yield Sample((g, like), params)
        yield Sample((g, None), {**params, "size": x[2:]})


@special("pick_places", "put_places_like")
def _pick_places(name: str, draw: Draw) -> Iterator[Sample]:
    for shape, where, rank in (
        ((2, 3), [[0, 2, 2], [1, -1, 0]], 1),
        ((1, 2, 2), [[[3, 0], [3, 3]]], 2),
        ((3,), [1], 1),
    ):
        x, at = draw("real", shape), places(where)
        yield Sample((x, at) if name == "pick_places" else (draw("real", at.shape), at, x), {"rank": rank})


CONV = static((1,), ((0, 0),), (1,), 1)
POOL = {"kernel": (2,), "stride": (1,), "padding": ((0, 0),), "dilation": (1,)}
AVG = {"kernel": (2,), "stride": (1,), "padding": ((0, 0),)}

BAD = {
    "convolve": [
        call(zeros(1, 3, 5), zeros(2, 4, 2), **CONV),
        call(zeros(3, 5), zeros(2, 3, 2), **CONV),
        call(zeros(1, 3, 5, 5), zeros(2, 3, 2), **CONV),
        call(zeros(1, 3, 5), zeros(2, 3, 6), **CONV),
        call(zeros(1, 3, 5), zeros(2, 3, 0), **CONV),
        call(zeros(1, 4, 5), zeros(3, 2, 2), **{**CONV, "groups": 2}),
        call(zeros(1, 4, 5), zeros(3, 2, 2), **{**CONV, "groups": 0}),
        call(zeros(1, 3, 5), zeros(2, 3, 2), **{**CONV, "stride": (0,)}),
        call(zeros(1, 3, 5), zeros(2, 3, 2), **{**CONV, "dilation": (1, 1)}),
        call(zeros(1, 3, 5, dtype=bool), zeros(2, 3, 2, dtype=bool), **CONV),
    ],
    "deconvolve": [
        call(zeros(1, 3, 5), zeros(2, 3, 2), **CONV),
        call(zeros(1, 2, 5), zeros(2, 3, 2), zeros(1, 3, 5), **CONV),
        call(zeros(1, 2, 2), zeros(2, 3, 2), **{**CONV, "padding": ((2, 2),)}),
        call(zeros(1, 2, 2), zeros(2, 3), **CONV),
    ],
    "convolve_weight_like": [
        call(zeros(1, 2, 5), zeros(1, 3, 5), zeros(2, 3, 2), **CONV),
        call(zeros(1, 2, 4), zeros(1, 3, 5), zeros(2, 4, 2), **CONV),
    ],
    "max_pool": [
        call(zeros(1, 1, 1), **POOL),
        call(zeros(), **POOL),
        call(zeros(1, 1, 4), **{**POOL, "padding": ((2, 2),)}),
        call(zeros(1, 1, 4), **{**POOL, "stride": (0,)}),
        call(zeros(1, 1, 4, dtype=bool), **POOL),
    ],
    "max_pool_places": [call(zeros(1, 1, 1), **POOL)],
    "avg_pool": [call(zeros(1, 1, 1), **AVG), call(zeros(1, 1, 4, dtype=complex), **AVG)],
    "avg_pool_like": [call(zeros(1, 1, 3), zeros(1, 1, 3), **AVG)],
    "columns": [call(zeros(1, 4), **POOL), call(zeros(1, 1, 1), **POOL)],
    "uncolumns": [
        call(zeros(1, 3, 3), size=(4,), **POOL),
        call(zeros(1, 2, 4), size=(4,), **POOL),
        call(zeros(2, 4), size=(4,), **POOL),
        call(zeros(1, 2, 4), zeros(1, 1, 4), **POOL),
    ],
    "pick_places": [
        call(zeros(3), places([3]), rank=1),
        call(zeros(3), zeros(1), rank=1),
        call(zeros(2, 3), places([0]), rank=1),
    ],
    "put_places_like": [call(zeros(1), places([3]), zeros(3), rank=1), call(zeros(2), places([0]), zeros(3), rank=1)],
}


def _conv(t: Any, x: Any, weight: Any, stride: Any, padding: Any, dilation: Any, groups: int) -> Any:
    x = t.nn.functional.pad(x, [n for pair in reversed(padding) for n in pair])
    x, weight = (each.to(t.promote_types(x.dtype, weight.dtype)) for each in (x, weight))
    return getattr(t.nn.functional, f"conv{len(stride)}d")(x, weight, None, stride, 0, dilation, groups)


def _pool(t: Any, x: Any, *, kernel: Any, stride: Any, padding: Any, dilation: Any, ceil: bool) -> Any:
    function = getattr(t.nn.functional, f"max_pool{len(kernel)}d")
    return function(x, kernel, stride, [lo for lo, _ in padding], dilation, ceil, return_indices=True)


def _average(
    t: Any, x: Any, *, kernel: Any, stride: Any, padding: Any, ceil: bool, include_pad: bool, divisor: Any
) -> Any:
    if len(kernel) == 1:  # which takes no divisor
        y = _average(
            t,
            x[..., None],
            kernel=(*kernel, 1),
            stride=(*stride, 1),
            padding=(*padding, (0, 0)),
            ceil=ceil,
            include_pad=include_pad,
            divisor=divisor,
        )
        return y[..., 0]
    function = getattr(t.nn.functional, f"avg_pool{len(kernel)}d")
    return function(x, kernel, stride, [lo for lo, _ in padding], ceil, include_pad, divisor)


TORCH = {
    "convolve": lambda t, x, weight, **static: _conv(t, x, weight, **static),
    "max_pool": lambda t, x, **static: _pool(t, x, **static)[0],
    "max_pool_places": lambda t, x, **static: _pool(t, x, **static)[1],
    "avg_pool": _average,
}
ABSENT = {
    "deconvolve": "the gradient of convolve; conv_transpose2d is tried beside PyTorch's in test_layers.py",
    "convolve_weight_like": "the gradient of convolve",
    "avg_pool_like": "the gradient of avg_pool",
    "columns": "unfold of four axes only, tried in test_layers.py",
    "uncolumns": "fold of four axes only, tried in test_layers.py",
    "pick_places": "the gradient of put_places_like",
    "put_places_like": "the gradient of max_pool",
}

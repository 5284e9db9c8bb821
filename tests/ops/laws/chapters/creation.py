"""Creation and random numbers."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from samples import FLOAT, WORDS, Draw, Sample, call, frozen, special, zeros

import dualflow as df


@special("full")
def _full(draw: Draw) -> Iterator[Sample]:
    for shape, value, dtype in (
        ((2, 3), 1.5, df.float32),
        ((), 2, df.int64),
        ((0, 2), True, df.bool),
        ((3,), 1, df.float64),
    ):
        yield Sample((), {"shape": shape, "fill_value": value, "dtype": dtype})


@special("full_alike")
def _full_alike(draw: Draw) -> Iterator[Sample]:
    for shape, value, dtype in (
        ((2, 3), 1.5, df.float32),
        ((), 2, df.int64),
        ((0, 2), True, df.bool),
        ((3,), 1, df.float64),
    ):
        yield Sample((value, draw("real", shape)), {"dtype": dtype})


@special("arange")
def _arange(draw: Draw) -> Iterator[Sample]:
    for start, stop, step, dtype in (
        (0, 5, 1, df.int64),
        (5, 0, -2, df.int32),
        (0.0, 1.0, 0.25, df.float32),
        (3, 3, 1, df.int64),
        (4, 1, 1, df.int64),
        (0, 1, 0.1, df.float64),
        (1, 2, 0.3, df.float32),
    ):
        yield Sample((), {"start": start, "stop": stop, "step": step, "dtype": dtype})


@special("linspace")
def _linspace(draw: Draw) -> Iterator[Sample]:
    for num, endpoint, dtype in (
        (3, True, df.float32),
        (7, False, df.float64),
        (0, True, df.float32),
        (1, True, df.float64),
    ):
        yield Sample((), {"start": 0.0, "stop": 1.0, "num": num, "endpoint": endpoint, "dtype": dtype})


@special("eye")
def _eye(draw: Draw) -> Iterator[Sample]:
    for rows, columns, k in ((2, 2, 0), (2, 3, 1), (3, 2, -1), (0, 2, 0), (2, 2, 9)):
        yield Sample((), {"rows": rows, "columns": columns, "k": k, "dtype": df.float32})


@special("uniform", "normal", "randint", "bernoulli")
def _random(name: str, draw: Draw) -> Iterator[Sample]:
    whole = name == "randint"
    for shape, dtype in (
        ((2, 3), df.int64 if whole else df.float32),
        ((), df.int32 if whole else df.float64),
        ((0, 2), None),
    ):
        params = {} if dtype is None else {"dtype": dtype}
        yield Sample((None,), {"shape": shape, "generator": df.Generator(7), **params})
        yield Sample((draw("real", shape),), {"generator": df.Generator(7), **params})


@special("permutation")
def _permutation(draw: Draw) -> Iterator[Sample]:
    for n in (0, 1, 5):
        yield Sample((), {"n": n, "generator": df.Generator(7)})


@special("draw")
def _draw(draw: Draw) -> Iterator[Sample]:
    for method, args in (
        ("standard_exponential", ()),
        ("gamma", (2.0, 0.5)),
        ("cauchy", (1.0, 2.0)),
        ("truncated_normal", (0.0, 1.0, -1.0, 1.0)),
        ("truncated_normal", (0.0, 1.0, 5.0, np.inf)),
        ("poisson", (3.0,)),
    ):
        fixed = {"method": method, "args": args}
        for shape, dtype in (((2, 3), df.float32), ((), df.float64), ((0, 2), df.float32)):
            yield Sample((None,), {"shape": shape, "dtype": dtype, "generator": df.Generator(7), **fixed})
        yield Sample((draw("real", (2, 3)),), {"generator": df.Generator(7), **fixed})


@special("bernoulli_tensor")
def _chance(draw: Draw) -> Iterator[Sample]:
    for shape in ((3,), (2, 3), (), (0, 2)):
        yield Sample(
            (frozen(np.asarray(draw("positive", shape) / 2)), frozen(np.asarray(draw("positive", shape) / 2))), {}
        )
    yield Sample((frozen(draw("positive", (2, 3), FLOAT) / 2), frozen(draw("positive", (3,), FLOAT) / 2)), {})


@special("multinomial")
def _first_arrivals(draw: Draw) -> Iterator[Sample]:
    for shape, weights, count in (((3,), (3,), 3), ((2, 4), (4,), 2), ((2, 1, 4), (2, 3, 4), 1)):
        yield Sample((draw("positive", shape), draw("positive", weights)), {"count": count})


BAD = {
    "draw": [call(shape=(-1,)), call(shape=(2,), dtype="int7")],
    "bernoulli_tensor": [call(zeros(2), zeros(2) + 2), call(zeros(2), zeros(3)), call(zeros(2), zeros(2) * np.nan)],
    "multinomial": [
        call(zeros(3), zeros(3), count=1),
        call(zeros(3), zeros(3) - 1, count=1),
        call(zeros(3), zeros(3) + 1, count=4),
        call(zeros(3), zeros(3) + 1, count=0),
    ],
    "full": [
        call(shape=(-1,), fill_value=0, dtype="float32"),
        call(shape=(2,), fill_value=0, dtype="int7"),
        call(shape=(2,), fill_value="x", dtype="float32"),
    ],
    "full_alike": [call(0, zeros(2), dtype="int7"), call(WORDS, zeros(2), dtype="float32")],
    "arange": [call(start=0, stop=3, step=0, dtype="int64"), call(start=0, stop=3, step=1, dtype="int7")],
    "linspace": [call(start=0, stop=1, num=-1, endpoint=True, dtype="float32")],
    "eye": [call(rows=-1, columns=2, k=0, dtype="float32")],
    "uniform": [call(shape=(-1,)), call(shape=(2,), dtype="int7")],
    "normal": [call(shape=(-1,)), call(shape=(2,), dtype="int7")],
    "randint": [call(shape=(-1,)), call(shape=(2,), low=3, high=3)],
    "bernoulli": [call(shape=(-1,)), call(shape=(2,), dtype="int7")],
    "permutation": [call(n=-1)],
}

TORCH = {
    "full": lambda t, shape, fill_value, dtype: t.full(shape, fill_value, dtype=dtype),
    "full_alike": lambda t, x, like, dtype: t.full_like(like, x, dtype=dtype),
    "arange": lambda t, start, stop, step, dtype: t.arange(start, stop, step, dtype=dtype),
    "linspace": lambda t, start, stop, num, endpoint, dtype: t.linspace(
        start, stop if endpoint else stop - (stop - start) / num, num, dtype=dtype
    ),
    "eye": lambda t, rows, columns, k, dtype: t.ones(rows, columns, dtype=dtype).triu(k).tril(k),
}

TORCH["bernoulli_tensor"] = lambda t, x, p: x < p
ABSENT = dict.fromkeys(("bernoulli", "draw", "randint", "normal", "permutation", "uniform"), "another stream")
ABSENT["multinomial"] = "the last step of multinomial"

"""Turning, diagonals, windows, padding; running totals; sorting; scatter; histograms."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np
from oracle import axes, real
from samples import (
    ARRAY,
    DTYPES,
    FLOAT,
    KEYS,
    MASKS,
    WORDS,
    Draw,
    Sample,
    call,
    frozen,
    layouts,
    places,
    special,
    zeros,
)
from samples import _index as index

import dualflow as df
from dualflow.core import shapes


def tried(draw: Draw, shapes_and_params, domain="real", dtypes=DTYPES) -> Iterator[Sample]:
    """Yield samples in float64 of shapes and parameters, then the first of them that has axes in other dtypes."""
    cases = list(shapes_and_params)
    for shape, params in cases:
        yield Sample((draw(domain, shape),), params)
    shape, params = next(c for c in cases if c[0])
    for dtype in dtypes:
        yield Sample((draw(domain, shape, dtype),), params)
    for note, turned in layouts(draw(domain, shape)):
        yield Sample((turned,), params, note)


@special("flip")
def _flip(draw: Draw) -> Iterator[Sample]:
    cases = [((2, 3), {"axis": 1}), ((2, 3), {}), ((2, 3, 2), {"axis": (0, -1)}), ((), {}), ((0, 2), {"axis": [0]})]
    yield from tried(draw, cases)


@special("roll")
def _roll(draw: Draw) -> Iterator[Sample]:
    yield from tried(
        draw,
        [
            ((2, 3), {"shift": 1, "axis": 1}),
            ((2, 3), {"shift": -4}),
            ((2, 3, 2), {"shift": (1, 2), "axis": (0, -2)}),
            ((0, 2), {"shift": 1, "axis": 0}),
        ],
    )


@special("tril", "triu")
def _triangles(name: str, draw: Draw) -> Iterator[Sample]:
    cases = [((3, 3), {}), ((2, 3), {"k": 1}), ((2, 4, 3), {"k": -1}), ((0, 2), {}), ((2, 2), {"k": 9})]
    yield from tried(draw, cases)


DIAGONALS = [
    ((3, 3), {}),
    ((2, 4), {"offset": 1}),
    ((4, 2), {"offset": -1}),
    ((2, 3, 4), {"axis1": -1, "axis2": 0}),
    ((2, 3, 3), {"axis1": -2, "axis2": -1, "offset": 1}),
    ((2, 2), {"offset": 2}),
    ((0, 2), {}),
]


@special("diagonal")
def _diagonal(draw: Draw) -> Iterator[Sample]:
    yield from tried(draw, DIAGONALS)


@special("diagonal_like")
def _diagonal_like(draw: Draw) -> Iterator[Sample]:
    for shape, params in DIAGONALS:
        g = np.diagonal(
            np.zeros(shape), *[params.get(k, d) for k, d in zip(("offset", "axis1", "axis2"), (0, 0, 1), strict=True)]
        )
        yield Sample((draw("real", g.shape), draw("real", shape)), params)
    yield Sample((draw("real", (2,), FLOAT), draw("real", (2, 2))), {})


@special("diag_embed")
def _diag_embed(draw: Draw) -> Iterator[Sample]:
    yield from tried(
        draw, [((2,), {}), ((2, 3), {"offset": 1}), ((2, 3), {"axis1": 0, "axis2": -1, "offset": -2}), ((0,), {})]
    )


WINDOWS = [
    ((5,), {"axis": 0, "size": 2, "step": 1}),
    ((5,), {"axis": -1, "size": 2, "step": 2}),
    ((2, 6), {"axis": 1, "size": 3, "step": 2}),
    ((4, 2, 2), {"axis": 0, "size": 2, "step": 2}),
    ((3, 2), {"axis": 0, "size": 3, "step": 4}),
    ((2, 0), {"axis": 0, "size": 1, "step": 1}),
    ((2, 2), {"axis": 0, "size": 0, "step": 1}),
]


@special("windows")
def _windows(draw: Draw) -> Iterator[Sample]:
    yield from tried(draw, WINDOWS)


@special("windows_like")
def _windows_like(draw: Draw) -> Iterator[Sample]:
    for shape, params in WINDOWS:
        cut = df.ops.arrange.windows(np.zeros(shape), **params)
        yield Sample((draw("real", cut.shape), draw("real", shape)), params)
    yield Sample((draw("real", (3, 2), FLOAT), draw("real", (4,))), {"axis": 0, "size": 2})


PADS = [
    ((2, 3), {"widths": ((0, 0), (1, 2))}),
    ((3,), {"widths": ((2, 0),), "value": 1.5}),
    ((), {"widths": ()}),
    ((0, 2), {"widths": ((1, 0), (0, 1)), "value": 2}),
    *[((3, 4), {"widths": ((1, 2), (2, 0)), "mode": m}) for m in ("reflect", "replicate", "circular", "symmetric")],
    ((2, 1), {"widths": ((0, 0), (2, 3)), "mode": "replicate"}),
    ((3,), {"widths": ((3, 3),), "mode": "circular"}),
]


@special("pad")
def _pad(draw: Draw) -> Iterator[Sample]:
    yield from tried(draw, PADS)


@special("unpad_like")
def _unpad(draw: Draw) -> Iterator[Sample]:
    for shape, params in PADS:
        params = {k: v for k, v in params.items() if k != "value"}
        wide = tuple(n + sum(w) for n, w in zip(shape, params["widths"], strict=True))
        yield Sample((draw("real", wide), draw("real", shape)), params)
    yield Sample((draw("real", (3,), FLOAT), draw("real", (2,))), {"widths": ((1, 0),)})


# -- along an axis

ALONG = [((4,), {"axis": 0}), ((2, 3), {"axis": 1}), ((2, 3, 2), {"axis": -2}), ((0, 2), {"axis": 0})]


@special("cumsum", "cumprod")
def _cumulative(name: str, draw: Draw) -> Iterator[Sample]:
    yield from tried(draw, ALONG, "nonzero")
    yield Sample((draw("nonzero", (3,), "int8"),), {"axis": 0, "dtype": df.float32})
    yield Sample((draw("nonzero", (3,), FLOAT),), {"axis": 0, "dtype": df.float64})


@special("cumargmax")
def _cumargmax(draw: Draw) -> Iterator[Sample]:
    yield from tried(draw, ALONG, "distinct")
    yield from tried(draw, [(s, {**p, "least": True}) for s, p in ALONG], "distinct")
    odd = frozen(np.array([2.0, np.nan, 3.0, 1.0, np.nan]))
    for least in (False, True):
        yield Sample((frozen(np.array([1, 2, 2, 1, 0, 0, 5])),), {"axis": 0, "least": least}, "ties")
        yield Sample((odd,), {"axis": 0, "least": least}, "NaN")


@special("logcumsumexp")
def _logcumsumexp(draw: Draw) -> Iterator[Sample]:
    yield from tried(draw, ALONG)
    yield Sample((frozen(np.array([1000.0, 1000.0, 999.0])),), {"axis": 0}, "large")


@special("recur")
def _recur(draw: Draw) -> Iterator[Sample]:
    for shape, params in ALONG:
        yield Sample((draw("real", shape), draw("real", shape)), params)
    for dtype in (FLOAT, "complex64"):
        yield Sample((draw("real", (3, 2), dtype), draw("real", (3, 2), dtype)), {"axis": 0})


@special("argsort", "sort")
def _sorted(name: str, draw: Draw) -> Iterator[Sample]:
    for descending in (False, True):
        yield from tried(draw, [(s, {**p, "descending": descending}) for s, p in ALONG], "distinct")
        yield Sample((frozen(np.array([2, 1, 2, 1, 0])),), {"descending": descending}, "ties")
    if name == "argsort":
        odd = frozen(np.array([2.0, np.nan, 3.0, np.nan, -np.inf]))
        yield from (Sample((odd,), {"descending": d}, "NaN") for d in (False, True))


@special("ranked", "extreme")
def _ranked(name: str, draw: Draw) -> Iterator[Sample]:
    for descending in (False, True):
        cases = [(s, {**p, "axis": p.get("axis", -1), "descending": descending}) for s, p in ALONG]
        yield from tried(draw, [(s, p) for s, p in cases if s[p["axis"]] or name == "ranked"], "distinct")
        at = {"axis": 0, "descending": descending}
        yield Sample((frozen(np.array([2, 1, 2, 1, 0])),), at, "ties")
        if name == "ranked":
            yield Sample((draw("distinct", (4, 2)),), at | {"count": 2})
            yield Sample((draw("distinct", (4, 2)),), at | {"count": 0})


@special("searchsorted")
def _searchsorted(draw: Draw) -> Iterator[Sample]:
    edges = frozen(np.array([-1.0, 0.5, 0.5, 2.0]))
    for side, shape in itertools.product(("left", "right"), ((), (3,), (2, 2), (0,))):
        yield Sample((edges, draw("real", shape)), {"side": side})
        yield Sample((edges, frozen(np.array([0.5, -1.0, 2.0, 9.0]))), {"side": side}, "ties")
    yield Sample((frozen(np.array([1, 3], np.int32)), draw("real", (2,), "int64")), {})
    yield Sample((frozen(np.array([1, 3])), draw("real", (2,), FLOAT)), {})
    yield Sample((zeros(0), draw("real", (2,))), {})
    rows = frozen(np.array([[-1.0, 0.5, 2.0], [0.5, 0.5, 7.0]]))
    for side, count in itertools.product(("left", "right"), (0, 4)):
        yield Sample((rows, frozen(np.full((2, count), 0.5))), {"side": side}, "stacked")
    yield Sample((zeros(2, 0), zeros(2, 3)), {})


@special("prod_of_others")
def _prod_of_others(draw: Draw) -> Iterator[Sample]:
    for axis in (None, 0, -1, (0, 1), (2, 0), ()):
        yield Sample((draw("nonzero", (2, 3, 2)),), {"axis": axis})
    yield Sample((draw("nonzero", ()),), {})
    yield Sample((zeros(0, 2),), {"axis": 0})
    yield Sample((draw("nonzero", (3,), FLOAT),), {"axis": 0})


# -- writing

SETS = [case for case in KEYS + MASKS if case[2] != ([2, 0, 0, -1],)]  # a place written twice has no slope


@special("write_at")
def _write_at(draw: Draw) -> Iterator[Sample]:
    for shape, key, indices in KEYS + MASKS:
        arrays = tuple(map(index, indices))
        x = draw("real", shape)
        picked = np.arange(x.size).reshape(shape)[shapes._fill(key, arrays)]
        for accumulate in (False, True):
            if accumulate or np.unique(picked).size == picked.size:
                yield Sample((x, draw("real", picked.shape), *arrays), {"key": key, "accumulate": accumulate})
    yield Sample((draw("real", (3, 2)), draw("real", ()), places([1, 0])), {"key": (ARRAY,)})
    yield Sample((draw("real", (3, 2)), 5, places([1, 0])), {"key": (ARRAY,), "accumulate": True})
    yield Sample((draw("real", (3, 2), "int32"), draw("real", (2,), "int32")), {"key": (slice(0, 2),)})


ELEMENTS = [  # shape of x, of the index, axis
    ((4,), (3,), 0),
    ((3, 4), (3, 2), 1),
    ((3, 4), (2, 4), 0),
    ((3, 4), (2, 2), -1),
    ((3, 2, 3), (1, 2, 2), 0),
    ((3, 2), (0, 2), 0),
]


@special("gather")
def _gather(draw: Draw) -> Iterator[Sample]:
    for shape, chosen, axis in ELEMENTS:
        yield Sample((draw("real", shape), draw("index", chosen)), {"axis": axis})
    for dtype in DTYPES:
        yield Sample((draw("real", (3, 2), dtype), draw("index", (1, 2), "int32")), {"axis": 0})


@special("scatter")
def _scatter(draw: Draw) -> Iterator[Sample]:
    for (shape, chosen, axis), reduce in itertools.product(ELEMENTS, (None, "sum", "prod", "amax", "amin")):
        where = draw("index", chosen)
        if reduce is None:  # a place written twice has no slope
            steps = np.arange(chosen[axis]).reshape(-1, *[1] * (len(shape) - axis % len(shape) - 1))
            where = frozen(steps + np.zeros(chosen, np.int64))
        yield Sample((draw("nonzero", shape), where, draw("nonzero", chosen)), {"axis": axis, "reduce": reduce})
    for dtype in ("float32", "int64", "int8", "bool", "float16", "bfloat16"):
        for reduce in (None, "sum", "amax"):
            operands = (draw("real", (3,), dtype), places([1, 0]), draw("real", (2,), dtype))
            yield Sample(operands, {"axis": 0, "reduce": reduce})


@special("lasts_at")
def _lasts_at(draw: Draw) -> Iterator[Sample]:
    for shape, key, indices in KEYS + MASKS:
        yield Sample((draw("real", shape), *map(index, indices)), {"key": key})


@special("lasts_along")
def _lasts_along(draw: Draw) -> Iterator[Sample]:
    for shape, chosen, axis in ELEMENTS:
        yield Sample((draw("real", shape), draw("index", chosen)), {"axis": axis})


@special("histc")
def _histc(draw: Draw) -> Iterator[Sample]:
    x = frozen(np.array([[0.0, 0.3, 1.0], [2.0, -1.0, 0.99]]))
    yield Sample((x,), {"bins": 4, "low": 0, "high": 1})
    yield Sample((frozen(x.astype(np.float32)),), {"bins": 3})
    yield Sample((frozen(np.full(3, 2.0)),), {"bins": 2})
    yield Sample((zeros(0),), {"bins": 2, "low": 0, "high": 1})
    yield Sample((draw("real", (50,)),), {"bins": 10, "low": -2, "high": 2})


M = zeros(2, 3)


@special("split")
def _split(draw: Draw) -> Iterator[Sample]:
    cases = [
        ((3, 5), {"sizes": (2, 3), "axis": 1}),
        ((4,), {"sizes": (1, 0, 3)}),
        ((2, 3, 2), {"sizes": (1, 1), "axis": 0}),
    ]
    yield from tried(draw, [*cases, ((0, 2), {"sizes": (0, 0), "axis": 0})])


@special("unstack")
def _unstack(draw: Draw) -> Iterator[Sample]:
    yield from tried(draw, [((2, 3), {"axis": 1}), ((3,), {}), ((2, 3, 2), {"axis": 0}), ((2, 0), {"axis": 0})])


BAD = {
    "split": [call(M, sizes=(1,), axis=2), call(M, sizes=(1, 3)), call(M, sizes=(3, -1))],
    "unstack": [call(M, axis=2), call(M, axis="rows")],
    "flip": [call(M, axis=2), call(M, axis=(0, 0)), call(M, axis="rows")],
    "roll": [call(M, shift=1, axis=2), call(M, shift=(1, 2), axis=0), call(M, shift=0.5), call(M, shift=(1, 2))],
    "tril": [call(zeros(3)), call(M, k=0.5)],
    "triu": [call(zeros()), call(M, k=0.5)],
    "diagonal": [call(zeros(3)), call(M, axis1=1), call(M, axis1=0, axis2=-2), call(M, offset=0.5)],
    "diagonal_like": [call(zeros(3), M), call(zeros(2), zeros(2))],
    "diag_embed": [call(zeros()), call(zeros(2), axis1=0, axis2=0), call(zeros(2), offset=0.5), call(M, axis1=3)],
    "windows": [
        call(M, axis=1, size=4),
        call(M, axis=2, size=1),
        call(M, axis=0, size=1, step=0),
        call(M, axis=0, size=-1),
    ],
    "windows_like": [call(zeros(2, 2), zeros(4), axis=0, size=2)],
    "pad": [
        call(M, widths=((0, 0),)),
        call(M, widths=((0, 0), (-1, 0))),
        call(M, widths=((0, 0), (1, 0, 0))),
        call(M, widths=((0, 0), (3, 0)), mode="reflect"),
        call(M, widths=((0, 0), (4, 0)), mode="circular"),
        call(zeros(0), widths=((1, 0),), mode="replicate"),
        call(M, widths=((0, 0), (1, 0)), mode="mirror"),
    ],
    "unpad_like": [call(zeros(3), zeros(3), widths=((1, 0),))],
    **{n: [call(M, axis=2), call(zeros(), axis=0), call(M, axis=0.5)] for n in ("cumsum", "cumprod", "cumargmax")},
    "logcumsumexp": [call(M, axis=2), call(zeros(2, dtype=complex), axis=0)],
    "prod_of_others": [call(M, axis=2), call(M, axis=(0, 0))],
    "recur": [call(M, M, axis=2), call(M, zeros(2), axis=0)],
    **{n: [call(M, axis=2), call(zeros()), call(zeros(2, dtype=complex)), call(WORDS)] for n in ("sort", "argsort")},
    **{
        n: [call(M, axis=2), call(zeros(), axis=0), call(zeros(2, dtype=complex), axis=0)]
        for n in ("ranked", "extreme")
    },
    "searchsorted": [
        call(M, zeros(2)),
        call(zeros(), zeros(2)),
        call(zeros(2), zeros(2), side="middle"),
        call(zeros(2, dtype=complex), M),
    ],
    "write_at": [
        call(zeros(3), zeros(2), key=(slice(0, 3),)),
        call(zeros(3), zeros(1), places([3]), key=(ARRAY,)),
        call(zeros(3), zeros(1, 2), places([0, 1]), key=(ARRAY,)),
        call(zeros(3), zeros(1), zeros(1), key=(ARRAY,)),
    ],
    "gather": [
        call(M, zeros(2, 1), axis=1),
        call(M, places([0]), axis=1),
        call(M, places([[3], [0]]), axis=1),
        call(M, places([[0], [0], [0]]), axis=1),
        call(M, places([[0], [0]]), axis=2),
    ],
    "scatter": [
        call(M, places([[0], [0]]), zeros(2, 2), axis=1),
        call(M, places([[3], [0]]), zeros(2, 1), axis=1),
        call(M, places([[0], [0]]), zeros(2, 1), axis=1, reduce="median"),
    ],
    "lasts_at": [call(zeros(3), places([3]), key=(ARRAY,)), call(zeros(3), zeros(1), key=(ARRAY,))],
    "lasts_along": [call(M, places([[3], [0]]), axis=1), call(M, places([0]), axis=1)],
    "histc": [call(M, bins=0), call(M, low=1, high=0), call(zeros(2, dtype=complex))],
}


def _scatter_in_torch(t, x, at, src, axis, reduce):
    at = at.long()
    return x.scatter(axis, at, src) if reduce is None else x.scatter_reduce(axis, at, src, reduce)


def _written(t, x, part, *at, key, accumulate):
    picked = t.arange(x.numel()).reshape(x.shape)[shapes._fill(key, at)]
    part = t.as_tensor(part, dtype=x.dtype).broadcast_to(picked.shape)
    return x.put(picked, part, accumulate=accumulate)


def _recur_in_torch(t, a, b, axis):
    made = []
    for factor, part in zip(a.unbind(axis), b.unbind(axis), strict=True):
        made.append(factor * made[-1] + part if made else part)
    return t.stack(made, axis) if made else a * b


def _others(t, x, axis):
    at = sorted(a % x.ndim for a in axes(x, axis if axis is None or isinstance(axis, tuple) else (axis,)))
    if not at:
        return t.ones_like(x)
    moved = x.movedim(at, list(range(-len(at), 0)))
    flat = moved.flatten(-len(at)) if x.ndim else x.reshape(1)
    n = flat.shape[-1]
    made = [t.cat([flat[..., :i], flat[..., i + 1 :]], -1).prod(-1) for i in range(n)]
    whole = t.stack(made, -1) if n else flat
    return whole.reshape(moved.shape).movedim(list(range(-len(at), 0)), at)


def _unpad(t, g, x, widths, mode):
    source = x.detach().clone().requires_grad_()
    with t.enable_grad():
        made = df_pad(t, source, widths, mode)
        return t.autograd.grad(made, source, g, create_graph=True)[0] if made.requires_grad else g


def df_pad(t, x, widths, mode="constant", value=0):
    flat = [n for pair in widths[::-1] for n in pair]
    if mode == "constant":
        return t.nn.functional.pad(x, flat, mode, value) if flat else x.clone()
    for axis, pair in enumerate(widths):
        line = np.pad(np.arange(x.shape[axis]), pair, df.ops.padding.MODES[mode])
        x = x.index_select(axis, t.tensor(line))
    return x


def ranks(t, x, axis, descending, count):
    found = x.sort(dim=axis, descending=descending, stable=True)
    return [part.narrow(axis, 0, x.shape[axis] if count is None else count) for part in found]


TORCH = {
    **{f"split#{i}": lambda t, x, sizes, axis, i=i: x.split(list(sizes), axis)[i] for i in (0, 1)},
    **{f"unstack#{i}": lambda t, x, axis, i=i: x.unbind(axis)[i] for i in (0, 1)},
    "flip": lambda t, x, axis: x.flip(axes(x, axis)),
    "roll": lambda t, x, shift, axis: x.roll(shift, axis),
    "tril": lambda t, x, k: x.tril(k),
    "triu": lambda t, x, k: x.triu(k),
    "diagonal": lambda t, x, offset, axis1, axis2: x.diagonal(offset, axis1, axis2),
    "diagonal_like": lambda t, g, x, offset, axis1, axis2: t.zeros(x.shape, dtype=g.dtype).diagonal_scatter(
        g, offset, axis1, axis2
    ),
    "diag_embed": lambda t, x, offset, axis1, axis2: x.diag_embed(offset, axis1, axis2),
    "windows": lambda t, x, axis, size, step: x.unfold(axis, size, step),
    "pad": lambda t, x, widths, mode, value: df_pad(t, x, widths, mode, value),
    "cumsum": lambda t, x, axis, dtype: x.cumsum(axis, dtype=dtype),
    "cumprod": lambda t, x, axis, dtype: x.cumprod(axis, dtype=dtype),
    "cumargmax": lambda t, x, axis, least: (x.cummin if least else x.cummax)(axis).indices,
    "logcumsumexp": lambda t, x, axis: real(x).logcumsumexp(axis),
    "recur": _recur_in_torch,
    "logsumexp": lambda t, x, axis, keepdims: real(x).logsumexp(axes(x, axis), keepdims),
    **{
        f"extreme#{i}": lambda t, x, axis, descending, i=i: (x.max if descending else x.min)(axis, keepdim=True)[i]
        for i in range(2)
    },
    "ranked#0": lambda t, x, axis, descending, count=None: ranks(t, x, axis, descending, count)[0],
    "ranked#1": lambda t, x, axis, descending, count=None: ranks(t, x, axis, descending, count)[1],
    "argsort": lambda t, x, axis, descending, stable: x.argsort(dim=axis, descending=descending, stable=True),
    "sort": lambda t, x, axis, descending, stable: x.sort(dim=axis, descending=descending, stable=True).values,
    "searchsorted": lambda t, x1, x2, side: t.searchsorted(
        *(x.to(t.promote_types(x1.dtype, x2.dtype)) for x in (x1, x2)), side=side
    ),
    "prod": lambda t, x, axis, keepdims, dtype: product(t, x, axis, keepdims),
    "prod_of_others": _others,
    "write_at": _written,
    "gather": lambda t, x, at, axis: x.gather(axis, at.long()),
    "scatter": _scatter_in_torch,
    "histc": lambda t, x, bins, low, high: x.histc(bins, low, high),
}


def product(t, x, axis, keepdims):
    """Multiply over several axes, which PyTorch does one by one."""
    for at in sorted(
        a % max(x.ndim, 1) for a in axes(x, axis if axis is None or not isinstance(axis, int) else (axis,))
    )[::-1]:
        x = x.prod(at, keepdims)
    return x if x.dtype not in (t.int8, t.int32, t.uint8, t.bool) else x.long()


REFUSED = {"logsumexp": "axis=()", "write_at": "negative steps"}

ABSENT = {
    "windows_like": "the gradient of unfold",
    "unpad_like": "the gradient of pad",
    "lasts_at": "who wins is left open",
    "lasts_along": "who wins is left open",
}
UNSIGNED = (lambda s: s.operands[0].dtype == "uint8", "unsigned totals are uint64, not int64")
UNLIKE = dict.fromkeys(("cumsum", "cumprod", "prod"), UNSIGNED)

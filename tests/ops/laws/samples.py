"""Sample inputs for every op of the vocabulary: what the laws are tried on.

An ordinary op needs nothing here: its samples follow from the family of its shape rule, its arity, its dtype
policy and its domain. Ops whose operands must fit together in a way of their own are listed in ``SPECIAL``;
``BAD`` does the same for calls that must be refused. All arrays are read-only, so that a kernel or a gradient
rule that writes to its inputs fails wherever it is tried.
"""

from __future__ import annotations

import functools
import importlib
import itertools
import pkgutil
import zlib
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import chapters
import numpy as np

import dualflow as df
from dualflow.core import shapes
from dualflow.core.errors import Misfit
from dualflow.core.op import VOCABULARY, Op

ARRAY = shapes.ARRAY
FLOAT, DOUBLE = np.dtype("float32"), np.dtype("float64")
HALF = ("float16", "bfloat16")
DTYPES = [np.dtype(d) for d in ("float32", *HALF, "int64", "int32", "int8", "uint8", "bool", "complex64")]
MIXED = [
    ("float32", "float64"),
    ("float64", "float32"),
    ("float32", "int64"),
    ("int32", "int64"),
    ("uint8", "int64"),
    ("bool", "float32"),
    ("float16", "float32"),
    ("int64", "bool"),
]
WEAK = [
    (np.dtype(strong), weak)
    for strong, weak in (
        ("float64", float),
        ("float32", float),
        ("float32", int),
        ("int32", float),
        ("int32", int),
        ("bool", int),
        ("float32", bool),
    )
]


class Sample(NamedTuple):
    """One call of an op: operands as arrays or Python scalars, static parameters, and a word for messages."""

    operands: tuple[Any, ...]
    params: dict[str, Any]
    note: str = ""

    def __repr__(self) -> str:
        shown = [f"{x.dtype}{list(x.shape)}" if isinstance(x, np.ndarray) else repr(x) for x in self.operands]
        params = [f"{k}={v!r}" for k, v in self.params.items() if k != "generator"]
        return f"({', '.join(shown + params)}){' ' + self.note if self.note else ''}"


# ---------------------------------------------------------------------------------------------------------- values


class Draw:
    """Draws operands from a domain; the same for the same op in every run."""

    def __init__(self, seed: str) -> None:
        self.random = np.random.default_rng(zlib.crc32(seed.encode()))

    def __call__(self, domain: str, shape: Any, dtype: Any = DOUBLE, place: int = 0) -> np.ndarray:
        """Return a read-only array away from the kinks and poles that ``domain`` keeps clear of."""
        dtype = np.dtype(dtype)
        shape = tuple(shape)
        if domain == "bool" or dtype.kind == "b":
            least = 1 if domain in ("positive", "nonzero", "beyond one") else 0
            return frozen(self.random.integers(least, 1 if domain == "unit" else 2, shape).astype(dtype))
        if domain in ("index", "class"):
            return frozen(self.random.integers(0, 3, shape).astype(dtype if dtype.kind in "iu" else np.int64))
        values = self._whole(domain, shape, dtype, place) if dtype.kind in "iu" else self._real(domain, shape, place)
        if dtype.kind == "c":
            values = values + 1j * self._real(domain, shape, place)
        return frozen(np.asarray(values).astype(dtype))

    def _real(self, domain: str, shape: tuple[int, ...], place: int) -> Any:
        if domain in ("real", "matrix", "logits", "exponent"):
            return self.random.normal(size=shape) * 1.3
        if domain == "positive":
            return self.random.uniform(0.5, 2.0, shape)
        if domain == "unit":
            return self.random.uniform(-0.9, 0.9, shape)
        if domain == "beyond one":
            return self.random.uniform(1.1, 3.0, shape)
        if domain == "nonzero":
            return self.random.choice([-1.0, 1.0], shape) * self.random.uniform(0.5, 2.0, shape)
        if domain == "distinct":  # a quarter apart within an operand, never equal across operands, never whole
            n = int(np.prod(shape))
            return self.random.permutation((np.arange(n) - n // 2) * 0.25).reshape(shape) + 0.07 * (place + 1)
        if domain in ("low", "high"):  # between the quarters that "distinct" draws from
            return self.random.choice([0.4, 0.65], shape) * (-1.0 if domain == "low" else 1.0)
        raise ValueError(f"no values are known for the domain {domain!r}; teach samples.Draw")

    def _whole(self, domain: str, shape: tuple[int, ...], dtype: np.dtype, place: int) -> Any:
        least = 0 if dtype.kind == "u" else -4
        if domain in ("positive", "beyond one"):
            return self.random.integers(1, 4, shape)
        if domain == "unit":
            return self.random.integers(0, 1, shape)
        if domain == "exponent":
            return self.random.integers(0, 4, shape)
        if domain == "nonzero":
            return self.random.integers(1, 5, shape) * self.random.choice([1, -1] if least else [1], shape)
        if domain == "distinct":
            n = int(np.prod(shape))
            return self.random.permutation(np.arange(n) - (n // 2 if least else 0)).reshape(shape)
        if domain in ("low", "high"):
            return (
                self.random.integers(-1, 1, shape) if domain == "low" and least else self.random.integers(1, 3, shape)
            )
        return self.random.integers(least, 5, shape)

    def scalar(self, domain: str, kind: type, place: int = 0) -> Any:
        """Return a Python scalar from ``domain``."""
        dtype = {float: DOUBLE, int: np.dtype("int64"), bool: np.dtype("bool")}[kind]
        return kind(self(domain, (), dtype, place))


def frozen(array: np.ndarray) -> np.ndarray:
    """Make an array read-only."""
    array.setflags(write=False)
    return array


def layouts(array: np.ndarray) -> Iterator[tuple[str, np.ndarray]]:
    """Yield the same values laid out in memory in ways that are not row-major."""
    yield "column-major", frozen(np.asfortranarray(array))
    wide = np.zeros(tuple(2 * n for n in array.shape), array.dtype)
    every_other = wide[tuple(slice(None, None, 2) for _ in array.shape)]
    every_other[...] = array
    yield "strided", frozen(every_other)
    yield "reversed", frozen(np.ascontiguousarray(array[::-1])[::-1])


# -------------------------------------------------------------------------------------------------------- families


def domains(op: Op) -> tuple[str, ...]:
    """Return the domain of each operand."""
    if isinstance(op.domain, str):
        return (op.domain,) * max(1, len(op.tensors))
    return tuple(op.domain)


def legal(op: Op, sample: Sample) -> bool:
    """Tell whether the card's dtype policy takes the operands of a sample."""
    try:
        op.meet(sample.operands, sample.params)
    except Misfit:
        return False
    return True


def elementwise(op: Op) -> Iterator[Sample]:
    """Yield samples for an op that works element by element on one operand or on several that broadcast."""
    draw, kinds = Draw(op.name), domains(op)
    one = len(kinds) == 1
    together: list[tuple[Any, ...]] = (
        [((),), ((3,),), ((2, 3),), ((0, 3),)]
        if one
        else {
            2: [
                ((2, 3), (2, 3)),
                ((2, 3), (3,)),
                ((2, 1), (1, 3)),
                ((), (2,)),
                ((3,), (1,)),
                ((), ()),
                ((0, 3), (1, 3)),
                ((1, 1, 2), (2, 1, 1, 1)),
            ],
            3: [
                ((2, 3), (2, 3), (2, 3)),
                ((3,), (2, 1), ()),
                ((2, 1), (3,), (2, 1, 1)),
                ((), (), ()),
                ((0,), (1,), (0,)),
            ],
        }[len(kinds)]
    )
    fixed = ["bool" if d == "bool" and op.dtype.name != "logical" else None for d in kinds]
    plain = DOUBLE if legal(op, Sample(tuple(np.zeros(1, f or DOUBLE) for f in fixed), {})) else np.dtype("int64")

    def make(sizes: Any, dtypes: Any, note: str = "") -> Sample:
        drawn = [draw(d, s, f or t, i) for i, (d, s, t, f) in enumerate(zip(kinds, sizes, dtypes, fixed, strict=True))]
        return Sample(tuple(drawn), {}, note)

    for sizes in together:
        yield make(sizes, [plain] * len(kinds))
    for dtype in DTYPES:
        yield make(together[1] if one else together[0], [dtype] * len(kinds))
    for layout in range(3):
        base = make([(3, 2)] * len(kinds), [plain] * len(kinds))
        turned = [list(layouts(x))[layout] for x in base.operands]
        yield Sample(tuple(x for _, x in turned), {}, turned[0][0])
    for left_out in range(len(kinds) - op.optional, len(kinds)):
        base = make(together[1], [plain] * len(kinds))
        yield Sample(tuple(None if i == left_out else x for i, x in enumerate(base.operands)), {})
    if op.optional:
        yield Sample(make(together[1], [plain] * len(kinds)).operands[: -op.optional], {})
    if "bool" in fixed:
        base = make(together[0], [plain] * len(kinds))
        yield Sample(tuple(True if f else x for x, f in zip(base.operands, fixed, strict=True)), {})
    free = [i for i, f in enumerate(fixed) if f is None]
    if len(free) < 2:
        return
    for pair in MIXED:
        dtypes = [DOUBLE] * len(kinds)
        for i, dtype in zip(free, itertools.cycle(pair), strict=False):
            dtypes[i] = np.dtype(dtype)
        yield make(together[1], dtypes)
    for strong, weak in WEAK:
        for at in free:  # a Python scalar in each place in turn
            base = make(together[0], [strong] * len(kinds))
            operands = list(base.operands)
            operands[at] = draw.scalar(kinds[at], weak, at)
            yield Sample(tuple(operands), {})


AXES: list[tuple[tuple[int, ...], dict[str, Any]]] = [
    ((), {}),
    ((), {"keepdims": True}),
    ((3,), {}),
    ((2, 3), {}),
    ((2, 3), {"keepdims": True}),
    ((2, 3), {"axis": 0}),
    ((2, 3), {"axis": -1}),
    ((2, 3), {"axis": 1, "keepdims": True}),
    ((2, 3, 2), {"axis": -2}),
    ((2, 0), {"axis": 0}),
]
SEVERAL: list[tuple[tuple[int, ...], dict[str, Any]]] = [
    ((2, 3, 2), {"axis": (0, 2)}),
    ((2, 3, 2), {"axis": (-1, 0), "keepdims": True}),
    ((2, 3), {"axis": ()}),
    ((2, 3), {"axis": [0, 1]}),
]
EMPTY: list[tuple[tuple[int, ...], dict[str, Any]]] = [
    ((0,), {}),
    ((2, 0), {"axis": 1}),
    ((0, 3), {"axis": 0, "keepdims": True}),
]


def reduction(op: Op, several: bool = True, empty: bool = True) -> Iterator[Sample]:
    """Yield samples for an op that reduces over ``axis``."""
    draw, (domain,) = Draw(op.name), domains(op)
    for shape, params in AXES + (SEVERAL if several else []) + (EMPTY if empty else []):
        yield Sample((draw(domain, shape),), params)
    for dtype in DTYPES:
        yield Sample((draw(domain, (2, 3), dtype),), {"axis": 1})
    for note, turned in layouts(draw(domain, (2, 3))):
        yield Sample((turned,), {"axis": 0}, note)


def along(op: Op) -> Iterator[Sample]:
    """Yield samples for an op that keeps the shape and works along ``axis``."""
    draw, (domain,) = Draw(op.name), domains(op)
    for shape, axis in (((3,), -1), ((2, 3), 0), ((2, 3), 1), ((2, 3, 2), -2), ((1,), 0), ((0, 3), 1)):
        yield Sample((draw(domain, shape),), {"axis": axis})
    for dtype in DTYPES:
        yield Sample((draw(domain, (2, 3), dtype),), {})
    for note, turned in layouts(draw(domain, (2, 3))):
        yield Sample((turned,), {"axis": 0}, note)


FAMILIES: dict[Callable[..., Any], Callable[[Op], Iterator[Sample]]] = {
    shapes.same: elementwise,
    shapes.elementwise: elementwise,
    shapes.choice: elementwise,
    shapes.reduction: reduction,
    shapes.nonempty_reduction: functools.partial(reduction, empty=False),
    shapes.along: along,
}


# ---------------------------------------------------------------------------------------------------- refused calls

Call = tuple[tuple[Any, ...], dict[str, Any]]

WORDS = frozen(np.array(["a", "b"]))
OBJECTS = frozen(np.array([object(), None]))


def call(*args: Any, **params: Any) -> Call:
    """Write a call down."""
    return args, params


def zeros(*shape: int, dtype: Any = None) -> np.ndarray:
    """Return read-only zeros, float64 unless told."""
    return frozen(np.zeros(shape, dtype))


# ---------------------------------------------------------------------------------------------------- special cases

SPECIAL: dict[str, Callable[[Draw], Iterator[Sample]]] = {}


def special(*names: str) -> Callable[[Callable[..., Iterator[Sample]]], Callable[..., Iterator[Sample]]]:
    """Register the samples of ops that no family describes."""

    def keep(make: Callable[..., Iterator[Sample]]) -> Callable[..., Iterator[Sample]]:
        for name in names:
            SPECIAL[name] = functools.partial(make, name) if len(names) > 1 else make
        return make

    return keep


@special("argmax", "argmin")
def _position(name: str, draw: Draw) -> Iterator[Sample]:
    yield from reduction(VOCABULARY[name], several=False, empty=False)
    yield Sample((frozen(np.array([[1.0, 3.0, 3.0], [2.0, 2.0, 1.0]])),), {"axis": 1}, "ties")


@special("mean")
def _mean(draw: Draw) -> Iterator[Sample]:
    yield from reduction(VOCABULARY["mean"], empty=False)  # of nothing it is NaN, which has no slope


@special("var")
def _var(draw: Draw) -> Iterator[Sample]:
    yield from reduction(VOCABULARY["var"], empty=False)
    for correction in (1, 0.5):
        yield Sample((draw("real", (3, 4)),), {"axis": 1, "correction": correction})


@special("matmul")
def _matmul(draw: Draw) -> Iterator[Sample]:
    pairs = [
        ((2, 3), (3, 4)),
        ((3,), (3,)),
        ((3,), (3, 2)),
        ((2, 3), (3,)),
        ((2, 2, 3), (2, 3, 2)),
        ((2, 3), (2, 3, 2)),
        ((2, 1, 2, 3), (2, 3, 1)),
        ((3,), (2, 3, 2)),
        ((2, 2, 3), (3,)),
        ((0, 3), (3, 2)),
        ((2, 0), (0, 2)),
        ((1, 2, 3), (2, 3, 2)),
        ((2, 2, 3), (3, 2)),
    ]
    for a, b in pairs:
        yield Sample((draw("matrix", a), draw("matrix", b)), {})
    for dtype in DTYPES:
        yield Sample((draw("matrix", (2, 3), dtype), draw("matrix", (3, 2), dtype)), {})
    for mixed in MIXED:
        yield Sample(tuple(draw("matrix", (2, 2), d) for d in mixed), {})
    for note, turned in layouts(draw("matrix", (3, 3))):
        yield Sample((turned, turned), {}, note)


@special("linear")
def _linear(draw: Draw) -> Iterator[Sample]:
    for x, weight, bias in (
        ((2, 3), (4, 3), (4,)),
        ((3,), (2, 3), (2,)),
        ((2, 2, 3), (2, 3), (2,)),
        ((0, 3), (2, 3), (2,)),
        ((2, 3), (1, 3), (1,)),
        ((2, 3), (4, 3), (1,)),
        ((2, 3), (4, 3), ()),
        ((1, 2, 2, 3), (1, 3), (1,)),
    ):
        yield Sample((draw("matrix", x), draw("matrix", weight), draw("matrix", bias)), {})
        yield Sample((draw("matrix", x), draw("matrix", weight), None), {})
    for dtype in DTYPES:
        yield Sample(tuple(draw("matrix", s, dtype) for s in ((2, 3), (2, 3), (2,))), {})
    yield Sample((draw("matrix", (2, 3), FLOAT), draw("matrix", (2, 3)), draw("matrix", (2,), "int64")), {})
    for note, turned in layouts(draw("matrix", (3, 3))):
        yield Sample((turned, turned, draw("matrix", (3,))), {}, note)


@special("permute_dims")
def _permute(draw: Draw) -> Iterator[Sample]:
    for shape, axes in (
        ((2, 3), None),
        ((2, 3), (1, 0)),
        ((2, 3, 4), (2, 0, 1)),
        ((2, 3, 4), (-1, 0, -2)),
        ((), ()),
        ((), None),
        ((0, 2), None),
        ((3,), (0,)),
    ):
        yield Sample((draw("real", shape),), {"axes": axes})
    yield Sample((draw("real", (2, 3), "int32"),), {})


@special("matrix_transpose")
def _matrix_transpose(draw: Draw) -> Iterator[Sample]:
    for shape in ((2, 3), (4, 2, 3), (0, 2)):
        yield Sample((draw("real", shape),), {})
    yield Sample((draw("real", (2, 3), "bool"),), {})


@special("reshape")
def _reshape(draw: Draw) -> Iterator[Sample]:
    for old, new in (
        ((2, 3), (6,)),
        ((2, 3), (3, -1)),
        ((6,), (1, 2, 3)),
        ((), (1, 1)),
        ((1,), ()),
        ((0, 3), (3, 0)),
        ((0, 3), (-1, 3)),
        ((2, 3), (2, 3)),
        ((2, 3), [-1]),
    ):
        yield Sample((draw("real", old),), {"shape": new})
    yield Sample((draw("real", (2, 3), "int8"),), {"shape": (-1,)})
    for note, turned in layouts(draw("real", (2, 3))):
        yield Sample((turned,), {"shape": (3, 2)}, note)


@special("reshape_like")
def _reshape_like(draw: Draw) -> Iterator[Sample]:
    for old, new in (((2, 3), (6,)), ((), (1, 1)), ((0, 3), (3, 0))):
        yield Sample((draw("real", old), draw("real", new)), {})
    yield Sample((draw("real", (2,), FLOAT), draw("real", (2, 1), "int64")), {})


@special("expand_dims")
def _expand_dims(draw: Draw) -> Iterator[Sample]:
    for shape, axis in (((2, 3), 0), ((2, 3), -1), ((2, 3), (0, 2)), ((), 0), ((0,), 1), ((2,), (-1, 0))):
        yield Sample((draw("real", shape),), {"axis": axis})
    yield Sample((draw("real", (2,), "bool"),), {})


@special("squeeze")
def _squeeze(draw: Draw) -> Iterator[Sample]:
    for shape, axis in (((1, 3), 0), ((2, 1, 1), -1), ((2, 1, 1), (1, 2)), ((1, 2, 1), None), ((), None), ((1, 0), 0)):
        yield Sample((draw("real", shape),), {"axis": axis})
    yield Sample((draw("real", (1, 2), "int32"),), {})


@special("broadcast_to")
def _broadcast_to(draw: Draw) -> Iterator[Sample]:
    for old, new in (
        ((3,), (2, 3)),
        ((2, 1), (2, 3)),
        ((), (2, 2)),
        ((1,), (0,)),
        ((2, 3), (2, 3)),
        ((1, 1), (2, 3, 1)),
    ):
        yield Sample((draw("real", old),), {"shape": new})
    yield Sample((draw("real", (1,), "int64"),), {"shape": (2,)})


@special("astype")
def _astype(draw: Draw) -> Iterator[Sample]:
    for old, new in itertools.product(
        ("float64", "float32", "int64", "bool"), ("float64", "float32", "float16", "int32")
    ):
        yield Sample((draw("nonzero", (2, 3), old),), {"dtype": new})
    yield Sample((draw("real", ()),), {"dtype": float})
    yield Sample((draw("real", (2,), FLOAT),), {"dtype": df.bool})
    yield Sample((draw("real", (0, 2)),), {"dtype": df.float32})


@special("concat")
def _concat(draw: Draw) -> Iterator[Sample]:
    for sizes, axis in (
        ([(2, 3), (1, 3)], 0),
        ([(2, 3), (2, 1), (2, 2)], 1),
        ([(2, 3), (2, 1)], -1),
        ([(2,)], 0),
        ([(0, 2), (1, 2)], 0),
        ([(2, 1, 2), (2, 2, 2)], -2),
    ):
        yield Sample(tuple(draw("real", s) for s in sizes), {"axis": axis})
    yield Sample((draw("real", (2,), FLOAT), draw("real", (1,), DOUBLE), draw("real", (1,), "int64")), {})
    yield Sample((draw("real", (2,), "bool"), draw("real", (1,), "uint8")), {})


@special("stack")
def _stack(draw: Draw) -> Iterator[Sample]:
    for shape, count, axis in (
        ((2, 3), 2, 0),
        ((2, 3), 3, -1),
        ((2, 3), 2, 1),
        ((2, 3), 2, -2),
        ((), 2, 0),
        ((0, 2), 2, 1),
        ((2,), 1, 1),
    ):
        yield Sample(tuple(draw("real", shape) for _ in range(count)), {"axis": axis})
    yield Sample((draw("real", (2,), FLOAT), draw("real", (2,), DOUBLE), draw("real", (2,), "int64")), {})


@special("part_like")
def _part_like(draw: Draw) -> Iterator[Sample]:
    for index, axis in itertools.product(range(3), (1, -1)):
        sizes = [(2, 6), (2, 3), (2, 1), (2, 2)]
        yield Sample(tuple(draw("real", s) for s in sizes), {"index": index, "axis": axis})
    yield Sample((draw("real", (3, 2), FLOAT), draw("real", (3, 2)), draw("real", (0, 2))), {"index": 1, "axis": 0})


KEYS: list[tuple[tuple[int, ...], tuple[Any, ...], tuple[Any, ...]]] = [  # shape of x, key, indices
    ((3, 4), (1,), ()),
    ((3, 4), (-1,), ()),
    ((3, 4), (slice(1, 3),), ()),
    ((3, 4), (slice(None), slice(None, None, -2)), ()),
    ((3, 4), (Ellipsis, 0), ()),
    ((3, 4), (None, 1), ()),
    ((3, 4), (1, None, slice(0, 2)), ()),
    ((3, 4), (), ()),
    ((3, 4), (slice(5, 9),), ()),
    ((3, 4), (2, 3), ()),
    ((), (), ()),
    ((), (None,), ()),
    ((), (Ellipsis,), ()),
    ((2, 0), (slice(None), slice(0, 0)), ()),
    ((3, 4), (slice(None, None, -1), -2), ()),
    ((3, 4), (ARRAY,), ([2, 0, 0, -1],)),
    ((3, 4), (slice(None), ARRAY), ([[1, 0], [3, 3]],)),
    ((3, 4), (ARRAY, ARRAY), ([[2], [0]], [0, 1, 1])),
    ((3, 4), (1, ARRAY), ([0, 0, 2],)),
    ((3, 4), (ARRAY, 1), ([0, 0, 2],)),
    ((2, 3, 4), (ARRAY, slice(None), ARRAY), ([0, 1, 1], [3, 0, 0])),
    ((2, 3, 4), (1, slice(None), ARRAY), ([3, 0],)),
    ((2, 3, 4), (slice(None), ARRAY, ARRAY), ([0, 2], [3, 3])),
    ((2, 3, 4), (Ellipsis, ARRAY), ([0, 2],)),
    ((2, 3, 4), (slice(None), 1, ARRAY), ([0, 2],)),
    ((2, 3, 4), (ARRAY, None, slice(0, 2)), ([0, 0],)),
    ((2, 3, 4), (None, ARRAY, 1, slice(1, 3)), ([0, 1],)),
    ((2, 3, 4), (0, ARRAY), ([0, 2],)),
    ((2, 3, 4), (ARRAY, None, ARRAY), ([0, 1], [2, 2])),
    ((2, 3, 4), (Ellipsis, 1, None, ARRAY), ([0, 1, 1],)),
    ((3,), (ARRAY,), (2,)),
    ((3,), (ARRAY,), ([],)),
]
MASKS: list[tuple[tuple[int, ...], tuple[Any, ...], tuple[Any, ...]]] = [
    ((3,), (ARRAY,), ([True, False, True],)),
    ((2, 3), (ARRAY,), ([[True, False, True], [False, False, True]],)),
    ((2, 3), (slice(None), ARRAY), ([True, False, True],)),
    ((2, 3), (1, ARRAY), ([True, False, True],)),
    ((2, 2, 2), (ARRAY, slice(0, 1)), ([[True, False], [True, True]],)),
    ((3, 2), (ARRAY, ARRAY), ([True, False, True], [1, 1])),
]


def _index(values: Any) -> np.ndarray:
    array = np.array(values)
    return frozen(array.astype(np.int64) if array.size == 0 else array)


@special("getitem")
def _getitem(draw: Draw) -> Iterator[Sample]:
    for shape, key, indices in KEYS + MASKS:
        yield Sample((draw("real", shape), *map(_index, indices)), {"key": key})
    yield Sample((draw("real", (3, 2), FLOAT), frozen(np.array([1, 0], np.int32))), {"key": (ARRAY,)})
    yield Sample((draw("real", (3, 2), "int8"), frozen(np.array([1, 0], np.uint8))), {"key": (ARRAY,)})
    for note, turned in layouts(draw("real", (3, 2))):
        yield Sample((turned,), {"key": (slice(1, 3), 0)}, note)


@special("put_like")
def _put_like(draw: Draw) -> Iterator[Sample]:
    for shape, key, indices in KEYS + MASKS:
        arrays = tuple(map(_index, indices))
        x = draw("real", shape)
        yield Sample((draw("real", x[shapes._fill(key, arrays)].shape), x, *arrays), {"key": key})
    yield Sample((draw("real", (2,), FLOAT), draw("real", (3,), DOUBLE)), {"key": (slice(0, 2),)})


ALONG = [
    ((3, 4), (3, 2), 1),
    ((3, 4), (2, 4), 0),
    ((3, 4), (3, 1), -1),
    ((4,), (2,), 0),
    ((2, 3, 4), (2, 3, 1), -1),
    ((2, 3, 4), (2, 5, 4), 1),
    ((1, 4), (3, 2), 1),
    ((3, 4), (1, 2), 1),
    ((0, 4), (0, 1), 1),
]


@special("take_along_axis")
def _take_along(draw: Draw) -> Iterator[Sample]:
    for shape, chosen, axis in ALONG:
        yield Sample((draw("real", shape), draw("index", chosen)), {"axis": axis})
    yield Sample((draw("real", (2, 3), FLOAT), frozen(np.array([[-1], [-3]], np.int32))), {}, "negative indices")


@special("put_along_like")
def _put_along(draw: Draw) -> Iterator[Sample]:
    for shape, chosen, axis in ALONG:
        x, indices = draw("real", shape), draw("index", chosen)
        g = draw("real", np.take_along_axis(x, indices, axis).shape)
        yield Sample((g, indices, x), {"axis": axis})
    yield Sample((draw("real", (2, 1), FLOAT), frozen(np.array([[-1], [-3]])), draw("real", (2, 3), DOUBLE)), {})


@special("one_hot")
def _one_hot(draw: Draw) -> Iterator[Sample]:
    for shape in ((3,), (2, 2), (), (0,)):
        yield Sample((draw("index", shape),), {"num_classes": 3})
    yield Sample(
        (frozen(np.array([0, 5, -1], np.int32)),), {"num_classes": 2, "dtype": df.float64}, "outside the classes"
    )
    yield Sample((draw("index", (3,), "uint8"),), {"num_classes": 3, "dtype": df.bool})


@special("expand_like")
def _expand_like(draw: Draw) -> Iterator[Sample]:
    for shape, params in AXES + SEVERAL + EMPTY:
        x = draw("real", shape)
        axis = params.get("axis")
        g = np.asarray(
            x.sum(axis=tuple(axis) if isinstance(axis, list) else axis, keepdims=params.get("keepdims", False))
        )
        yield Sample((draw("real", g.shape), x), params)
    for correction in (0, 1):
        yield Sample((draw("real", (3,)), draw("real", (2, 3))), {"axis": 0, "average": True, "correction": correction})
    yield Sample((draw("real", (3,), FLOAT), draw("real", (2, 3), DOUBLE)), {"axis": 0, "average": True})


@special("average_like")
def _average_like(draw: Draw) -> Iterator[Sample]:
    for g, x in (((3,), (2, 3)), ((), (2, 3)), ((), ()), ((0,), (2, 0)), ((2, 1), (2, 3))):
        yield Sample((draw("real", g), draw("real", x)), {})
    yield Sample((draw("real", (3,), FLOAT), draw("real", (4, 3), DOUBLE)), {"correction": 1})


@special("sum_like", "stretch_like")
def _broadcast_pair(name: str, draw: Draw) -> Iterator[Sample]:
    for small, large in (
        ((3,), (2, 3)),
        ((2, 1), (2, 3)),
        ((), (2, 3)),
        ((1, 1), (2, 2, 3)),
        ((2, 3), (2, 3)),
        ((1,), (0,)),
        ((), ()),
        ((1,), (1, 1)),
        ((2, 1, 3), (2, 2, 2, 3)),
    ):
        pair = (draw("real", small), draw("real", large))
        yield Sample(pair[::-1] if name == "sum_like" else pair, {})
    pair = (draw("real", (1,), FLOAT), draw("real", (2,), DOUBLE))
    yield Sample(pair[::-1] if name == "sum_like" else pair, {})


LOGITS = [((4, 3), (4,)), ((3,), ()), ((2, 3, 2), (2, 2)), ((1, 3), (1,)), ((0, 3), (0,))]


@special("cross_entropy")
def _cross_entropy(draw: Draw) -> Iterator[Sample]:
    for logits, target in LOGITS:
        yield Sample((draw("logits", logits), draw("class", target)), {})
    for dtype in ("float32", "float16", "bfloat16", "int64"):
        yield Sample((draw("logits", (2, 3), dtype), draw("class", (2,), "int32")), {})
    yield Sample((frozen(np.array([[1000.0, -1000.0, 0.0]])), frozen(np.array([0]))), {}, "large")


@special("one_hot_like")
def _one_hot_like(draw: Draw) -> Iterator[Sample]:
    for logits, target in LOGITS:
        yield Sample((draw("class", target), draw("logits", logits)), {})
    yield Sample((draw("class", (2,), "uint8"), draw("logits", (2, 3), FLOAT)), {})


def places(values: Any) -> np.ndarray:
    """Return read-only int64 positions."""
    return frozen(np.array(values, np.int64))


@special("write_places")
def _write_places(draw: Draw) -> Iterator[Sample]:
    for shape, part, where in (((2, 3), (2,), [1, 4]), ((3,), (1, 2), [[2, 0]]), ((), (), 0), ((2,), (0,), [])):
        yield Sample((draw("real", shape), draw("real", part)), {"places": places(where)})
    yield Sample((draw("real", (3,), FLOAT), draw("real", (1,), FLOAT)), {"places": places([1])})


@special("read_places")
def _read_places(draw: Draw) -> Iterator[Sample]:
    for shape, where in (((2, 3), [1, 4, 1]), ((3,), [[2, 0]]), ((), 0), ((2,), [])):
        yield Sample((draw("real", shape),), {"places": places(where)})
    yield Sample((draw("real", (3,), "int32"),), {"places": places([1])})


@special("add_places_like")
def _add_places(draw: Draw) -> Iterator[Sample]:
    for shape, part, where in (((2, 3), (3,), [1, 4, 1]), ((3,), (1, 2), [[2, 0]]), ((), (), 0), ((2,), (0,), [])):
        yield Sample((draw("real", part), draw("real", shape)), {"places": places(where)})
    yield Sample((draw("real", (1,), FLOAT), draw("real", (3,), DOUBLE)), {"places": places([1])})


# --------------------------------------------------------------------------------------------------------- the table


CHAPTERS = [importlib.import_module(f"chapters.{found.name}") for found in pkgutil.iter_modules(chapters.__path__)]
"""The files that describe the vocabulary's chapters: samples, refusals, and what PyTorch calls the same."""


class Result:
    """One result of a card that has several, as a card of its own: what is a law of every op is a law of this."""

    results = None

    def __init__(self, op: Op, place: int) -> None:
        self.op, self.place = op, place
        policy = op.dtypes[place] if len(op.dtypes) > 1 else op.dtype
        self.differentiable = op.differentiable and policy.name not in ("index", "pivots", "exponent", "test")
        self.rules = op.rules if self.differentiable else (None,)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.op, name)

    def call(self, *args: Any, **params: Any) -> Any:
        return self.op.call(*args, **params)[self.place]

    def infer(self, operands: Any, params: Any) -> Any:
        return self.op.infer(operands, params)[self.place]

    def meet(self, operands: Any, params: Any) -> Any:
        return self.op.meet(operands, params)[0], self.op.each(operands, params, self.place + 1)[self.place]

    def kernel(self, world: str) -> Any:
        return lambda *operands, **params: self.op.kernel(world)(*operands, **params)[self.place]

    def suited(self, operands: Any) -> Any:
        return self if self.op.suited(operands) is self.op else Result(self.op.half(), self.place)


CARDS: dict[str, Any] = {name: op for name, op in VOCABULARY.items() if op.results is None}
"""The vocabulary, with the results of a card that has several one by one: ``"split#1"``. Of pieces, the first two."""
for _name, _op in VOCABULARY.items():
    if _op.results is not None:
        count = 2 if _op.results is tuple else len(_op.results._fields)
        CARDS |= {f"{_name}#{i}": Result(_op, i) for i in range(count)}


@functools.cache
def samples(name: str) -> list[Sample]:
    """Return the samples of an op; an empty list when nothing here describes it."""
    name = name.partition("#")[0]
    op = VOCABULARY[name]
    if name in SPECIAL:
        made = SPECIAL[name](Draw(name))
    elif op.shape in FAMILIES and not op.required:
        made = FAMILIES[op.shape](op)
    else:
        return []
    return [s for s in (Sample(*op.bind(s.operands, s.params), s.note) for s in made) if legal(op, s)]


def fresh(sample: Sample) -> dict[str, Any]:
    """Return the static parameters of a sample, its generator at the start of its stream again."""
    generator = sample.params.get("generator")
    if generator is not None:
        generator.manual_seed(7)
    return sample.params


def floating(sample: Sample) -> list[int]:
    """Return the places of the operands that gradients can be asked for."""
    return [i for i, x in enumerate(sample.operands) if isinstance(x, np.ndarray) and df.dtypes.is_floating(x.dtype)]

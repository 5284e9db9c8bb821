"""Calls that every op must refuse, with an error that names the op and the user's line.

Families of ops are refused the same things; what only one op must refuse is listed in ``BAD``.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator

from samples import ARRAY, CHAPTERS, FAMILIES, OBJECTS, WORDS, Call, Sample, call, legal, places, zeros

from dualflow.core import shapes
from dualflow.core.op import VOCABULARY, Op


def family(op: Op) -> Iterator[Call]:
    """Yield what an op must refuse because of its shape rule and its dtype policy."""
    if op.shape is shapes.elementwise:
        yield call(zeros(2, 3), zeros(4))
        yield call(zeros(2), zeros(3))
    if op.shape in (shapes.reduction, shapes.nonempty_reduction, shapes.along):
        several = op.shape is not shapes.along and op.name not in ("argmax", "argmin")
        for axis in (2, -3, 0.5, "rows", *(((0, 0), (0, -2), (0, 5)) if several else ())):
            yield call(zeros(2, 3), axis=axis)
        for axis in (0, -1):
            yield call(zeros(), axis=axis)
    if op.shape is shapes.nonempty_reduction:
        yield call(zeros(2, 0), axis=1)
        yield call(zeros(0))
    if op.shape in FAMILIES and not op.required:
        rest = tuple(zeros(2) for _ in op.tensors[1 : len(op.tensors) - op.optional])
        for odd in (WORDS, OBJECTS, "text", {"a": 1}):
            yield call(odd, *rest)
        for dtype in ("bool", "complex64"):
            first = zeros(2, dtype=dtype)
            operands = (first, *([first] * len(rest)))
            if not legal(op, Sample(operands, op.bind(operands, {})[1])):
                yield call(*operands)


BAD: dict[str, list[Call]] = {
    "where": [
        call(zeros(2), zeros(2), zeros(2)),
        call(zeros(2, dtype=bool), zeros(2), zeros(3)),
        call(1, zeros(2), zeros(2)),
    ],
    "matmul": [
        call(zeros(2, 3), zeros(2, 3)),
        call(zeros(), zeros(2)),
        call(zeros(2), 3.0),
        call(zeros(3), zeros(2)),
        call(zeros(2, 2, 3), zeros(3, 3, 2)),
        call(zeros(2, 3), zeros(2)),
        call(zeros(2, 2, dtype=bool), zeros(2, 2, dtype=bool)),
    ],
    "linear": [
        call(zeros(2, 3), zeros(2, 4)),
        call(zeros(), zeros(2, 3)),
        call(zeros(2, 3), zeros(3)),
        call(zeros(2, 3), zeros(2, 2, 3)),
        call(zeros(2, 3), zeros(4, 3), zeros(3)),
        call(zeros(2, 3), zeros(1, 3), zeros(5)),
        call(zeros(3), zeros(4, 3), zeros(2, 4)),
        call(zeros(2, 3, dtype=bool), zeros(2, 3, dtype=bool)),
    ],
    "permute_dims": [
        call(zeros(2, 3), axes=(0, 0)),
        call(zeros(2, 3), axes=(0,)),
        call(zeros(2, 3), axes=(0, 2)),
        call(zeros(2, 3), axes=(0, 1.5)),
    ],
    "matrix_transpose": [call(zeros(3)), call(zeros())],
    "reshape": [
        call(zeros(2, 3), shape=(4,)),
        call(zeros(2, 3), shape=(-1, -1)),
        call(zeros(2, 3), shape=(-1, 4)),
        call(zeros(2, 3), shape=(-2, 3)),
        call(zeros(0, 3), shape=(0, -1)),
        call(zeros(2), shape=(2.0,)),
    ],
    "reshape_like": [call(zeros(2, 3), zeros(4))],
    "expand_dims": [call(zeros(2), axis=2), call(zeros(2), axis=(0, 0)), call(zeros(2), axis=0.5)],
    "squeeze": [call(zeros(2, 1), axis=0), call(zeros(2, 1), axis=2), call(zeros(1, 1), axis=(0, 0))],
    "broadcast_to": [
        call(zeros(2), shape=(3,)),
        call(zeros(2, 3), shape=(3,)),
        call(zeros(2), shape=(1,)),
        call(zeros(1), shape=(-1,)),
    ],
    "astype": [call(zeros(2), dtype="object"), call(zeros(2), dtype="int7"), call(WORDS, dtype="float32")],
    "concat": [
        call(),
        call(zeros(2, 3), zeros(2, 2)),
        call(zeros(2), zeros(2, 2)),
        call(zeros()),
        call(zeros(2), zeros(2), axis=1),
        call(zeros(2), WORDS),
    ],
    "stack": [call(), call(zeros(2), zeros(3)), call(zeros(2), zeros(2), axis=2), call(zeros(2), zeros(2, 1))],
    "part_like": [call(zeros(2), zeros(1), zeros(1), index=2, axis=0), call(zeros(2), zeros(1), index=0, axis=1)],
    "getitem": [
        call(zeros(3), key=(3,)),
        call(zeros(3), key=(-4,)),
        call(zeros(3), key=(0, 0)),
        call(zeros(), key=(0,)),
        call(zeros(3), places([3]), key=(ARRAY,)),
        call(zeros(3), places([-4]), key=(ARRAY,)),
        call(zeros(3), zeros(2), key=(ARRAY,)),
        call(zeros(3), zeros(2, dtype=bool), key=(ARRAY,)),
        call(zeros(3, 3), places([0, 1]), places([0, 1, 2]), key=(ARRAY, ARRAY)),
    ],
    "put_like": [call(zeros(2), zeros(3), key=(slice(0, 3),)), call(zeros(1), zeros(3), places([3]), key=(ARRAY,))],
    "take_along_axis": [
        call(zeros(2, 3), places([0])),
        call(zeros(2, 3), zeros(2, 1)),
        call(zeros(2, 3), places([[3], [0]])),
        call(zeros(2, 3), places([[0], [0], [0]])),
        call(zeros(2, 3), places([[0]]), axis=2),
    ],
    "put_along_like": [call(zeros(2, 1), places([[3], [0]]), zeros(2, 3)), call(zeros(2, 1), places([0]), zeros(2, 3))],
    "one_hot": [
        call(zeros(2), num_classes=3),
        call(places([0]), num_classes=-1),
        call(places([0]), num_classes=2, dtype="object"),
    ],
    "expand_like": [call(zeros(2), zeros(2, 3), axis=0), call(zeros(3), zeros(2, 3), axis=2)],
    "average_like": [call(WORDS, zeros(2))],
    "sum_like": [call(zeros(2, 3), zeros(4)), call(zeros(3), zeros(2, 3))],
    "stretch_like": [call(zeros(2, 3), zeros(3)), call(zeros(2), zeros(3))],
    "cross_entropy": [
        call(zeros(2, 3), places([0])),
        call(zeros(2, 3), zeros(2)),
        call(zeros(2, 3), places([0, 3])),
        call(zeros(2, 3), places([0, -1])),
        call(zeros(), places(0)),
    ],
    "one_hot_like": [call(places([0]), zeros(2, 3)), call(zeros(2), zeros(2, 3))],
    "write_places": [call(zeros(3), zeros(1), places=places([3])), call(zeros(3), zeros(2), places=places([0]))],
    "read_places": [call(zeros(3), places=places([3]))],
    "add_places_like": [
        call(zeros(1), zeros(3), places=places([3])),
        call(zeros(2), zeros(3), places=places([0, 1, 2])),
    ],
}


for chapter in CHAPTERS:
    BAD |= getattr(chapter, "BAD", {})


@functools.cache
def refusals(name: str) -> list[Call]:
    """Return calls of an op that must be refused, as (arguments, parameters)."""
    name = name.partition("#")[0]
    return [*family(VOCABULARY[name]), *BAD.get(name, [])]

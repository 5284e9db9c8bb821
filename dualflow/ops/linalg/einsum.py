"""Sums of products named by letters: ``einsum``, and ``tensordot`` and ``inner``, which it carries out."""

from __future__ import annotations

import functools
import math
import string
from collections.abc import Sequence
from typing import Any

import numpy as np

from dualflow.core import shapes
from dualflow.core.errors import DTypeError, Misfit, OutOfRangeError
from dualflow.core.names import public
from dualflow.core.op import primitive
from dualflow.ops.array.arrange import diagonal
from dualflow.ops.array.create import asarray
from dualflow.ops.array.shape import permute_dims, squeeze
from dualflow.ops.composite import Speaking, refuse
from dualflow.ops.math.elementwise import multiply
from dualflow.ops.reduce.reductions import sum

LETTERS = string.ascii_uppercase + string.ascii_lowercase


def _contraction(*operands: Any, equation: str) -> shapes.Shape:
    inputs, output = equation.split("->")
    sizes: dict[str, Any] = {}
    for x, labels in zip(operands, inputs.split(","), strict=True):
        shape = shapes.of(x)
        if len(shape) != len(labels):
            raise Misfit(f"{labels!r} names {len(labels)} axes of an operand that has {len(shape)}")
        for label, size in zip(labels, shape, strict=True):
            old = sizes.get(label)
            if None not in (old, size) and old != size:
                raise Misfit(f"axis {label!r} has {old} elements in one operand and {size} in another")
            sizes[label] = size if old is None else old
    return tuple(sizes[label] for label in output)


@primitive(shape=_contraction, dtype="number", name="einsum")
def _einsum(xp: Any, *operands: Any, equation: str) -> Any:
    """Sum products by an explicit equation in letters: the primitive behind ``einsum``.

    No operand names an axis twice, each letter occurs in two places at least, and has one size.

    >>> from dualflow.core.op import VOCABULARY
    >>> VOCABULARY["einsum"].call(df.ones(2, 3), df.ones(3), equation="ij,j->i")
    tensor([3., 3.])
    """
    return xp.einsum(equation, *operands)


@_einsum.kernel("numpy")
def _by_pairs(*operands: Any, equation: str) -> Any:
    """Contract two at a time, by matmul: BLAS does 64 x 64 x 64 in 10 µs, where numpy.einsum takes 130."""
    inputs, output = equation.split("->")
    labels = inputs.split(",")
    if len(operands) == 2:
        return _pair(operands[0], operands[1], labels[0], labels[1], output)
    if len(operands) == 1:
        return np.einsum(equation, *operands).copy()
    rest, names = list(operands), list(labels)
    for step in _order(equation, tuple(x.shape for x in operands)):
        taken = [(rest.pop(i), names.pop(i)) for i in sorted(step, reverse=True)]
        needed = set(output).union(*names) if names else set(output)
        kept = "".join(dict.fromkeys(c for _, axes in taken for c in axes if c in needed)) if names else output
        if len(taken) == 2:
            (b, right), (a, left) = taken
            made = _pair(a, b, left, right, kept)
        else:
            made = np.einsum(",".join(axes for _, axes in taken) + "->" + kept, *[x for x, _ in taken])
        rest.append(made)
        names.append(kept)
    return rest[0]


@functools.lru_cache(1024)
def _order(equation: str, sizes: tuple[tuple[int, ...], ...]) -> list[tuple[int, ...]]:
    """Return NumPy's greedy order; it takes 60 µs to find, so it is kept for each equation and shapes."""
    operands = [np.broadcast_to(np.empty((), np.float32), shape) for shape in sizes]
    return list(np.einsum_path(equation, *operands, optimize="greedy")[0][1:])


@functools.lru_cache(1024)
def _roles(left: str, right: str, output: str) -> tuple[Any, ...]:
    """Return the axes of both operands in the order that matmul wants them, and that of its result."""
    batch = [c for c in left if c in right and c in output]
    summed = [c for c in left if c in right and c not in output]
    only_left, only_right = [c for c in left if c not in right], [c for c in right if c not in left]
    made = batch + only_left + only_right
    usual = set(only_left + only_right + batch) == set(output) and bool(summed)
    return (
        usual,
        tuple(left.index(c) for c in batch + only_left + summed),
        tuple(right.index(c) for c in batch + summed + only_right),
        tuple(made.index(c) for c in output) if usual else (),
        len(batch),
        len(only_left),
        len(summed),
    )


def _pair(a: Any, b: Any, left: str, right: str, output: str) -> Any:
    usual, to_left, to_right, to_output, batch, alone, summed = _roles(left, right, output)
    if not usual:  # an outer or elementwise product
        return np.einsum(f"{left},{right}->{output}", a, b)
    a, b = a.transpose(to_left), b.transpose(to_right)
    outer, rows, inner = a.shape[:batch], a.shape[batch : batch + alone], a.shape[batch + alone :]
    columns = b.shape[batch + summed :]
    count = math.prod(inner)
    a = a.reshape((*outer, math.prod(rows), count))
    b = b.reshape((*outer, count, math.prod(columns)))
    return np.matmul(a, b).reshape((*outer, *rows, *columns)).transpose(to_output)


def _unsum(position: int, g: Any, y: Any, *operands: Any, equation: str) -> Any:
    """Contract the gradient with the other operands: an einsum again."""
    inputs, output = equation.split("->")
    labels = inputs.split(",")
    others = [x for i, x in enumerate(operands) if i != position]
    names = [axes for i, axes in enumerate(labels) if i != position]
    return _einsum(g, *others, equation=",".join([output, *names]) + "->" + labels[position])


_einsum.vjp(rest=_unsum, reads="rest")


@public()
def einsum(*args: Any) -> Any:
    """Sum products of elements as an equation in letters says; a letter that the result lacks is summed over.

    ``einsum("ij,jk->ik", a, b)`` multiplies matrices. A letter twice in one operand takes its diagonal; ``...``
    stands for axes that broadcast; without ``->`` the result has, in alphabetic order, the letters that occur
    once. The form with lists, ``einsum(a, [0, 1], b, [1, 2], [0, 2])``, is PyTorch's. Axes of size 1 stretch.

    >>> a = df.tensor([[1.0, 2.0], [3.0, 4.0]])
    >>> df.einsum("ij,jk->ik", a, a), df.einsum("ii", a), df.einsum(a, [0, 1], [1, 0])
    (tensor([[ 7., 10.],
            [15., 22.]]), tensor(5.), tensor([[1., 3.],
            [2., 4.]]))
    """
    equation, operands = _written(args)
    ready = _ready(equation, tuple(x.shape for x in operands))
    if ready is not None:
        return _einsum(*operands, equation=ready)
    with Speaking("einsum", *operands):
        labels, output = _spelt(equation, operands)
        operands, labels = _simplified(operands, labels, output)
    if len(operands) == 1:
        order = tuple(labels[0].index(c) for c in output)
        return operands[0] if order == tuple(range(len(order))) else permute_dims(operands[0], axes=order)
    if not any(labels):
        return functools.reduce(multiply, operands)
    return _einsum(*operands, equation=",".join(labels) + "->" + output)


class _Sized:
    """What reading an equation needs to know of an operand."""

    def __init__(self, shape: tuple[Any, ...]) -> None:
        self.shape, self.ndim = shape, len(shape)


@functools.lru_cache(1024)
def _ready(equation: str, sizes: tuple[Any, ...]) -> str | None:
    """Return the equation written out if the card can take the operands as they are, else None.

    Remembered for each equation and shapes: to read it takes 20 µs, as long as multiplying 64 x 64 matrices.
    """
    if len(sizes) < 2 or None in sizes:
        return None
    try:
        labels, output = _spelt(equation, [_Sized(shape) for shape in sizes])
    except Misfit:
        return None  # and the long way tells why
    everything = output + "".join(labels)
    extents: dict[str, set[Any]] = {}
    for axes, shape in zip(labels, sizes, strict=True):
        for c, n in zip(axes, shape, strict=True):
            extents.setdefault(c, set()).add(n)
    plain = all(len(set(axes)) == len(axes) for axes in labels) and all(everything.count(c) > 1 for c in extents)
    same = all(len(found) == 1 for found in extents.values())
    return ",".join(labels) + "->" + output if plain and same and extents else None


def _written(args: tuple[Any, ...]) -> tuple[str, list[Any]]:
    """Return the equation as text, and the operands."""
    if args and isinstance(args[0], str):
        listed = args[1] if len(args) == 2 and isinstance(args[1], list | tuple) else args[1:]
        return args[0], [asarray(x) for x in listed]
    if len(args) < 2:
        raise refuse("einsum", "takes an equation and tensors, or tensors and lists of axes", kind=DTypeError)

    def text(axes: Sequence[Any]) -> str:
        try:
            return "".join("..." if i is Ellipsis else LETTERS[range(52)[i]] for i in axes)
        except (TypeError, IndexError):
            raise refuse("einsum", f"axes are 0 to 51 or ..., not {axes!r}", kind=OutOfRangeError) from None

    pairs = len(args) // 2
    equation = ",".join(text(args[2 * i + 1]) for i in range(pairs))
    if len(args) % 2:
        equation += "->" + text(args[-1])
    return equation, [asarray(args[2 * i]) for i in range(pairs)]


def _spelt(equation: str, operands: Sequence[Any]) -> tuple[list[str], str]:
    """Return the letters of each operand and of the result, those that ``...`` stands for written out."""
    inputs, arrow, output = equation.replace(" ", "").partition("->")
    labels = inputs.split(",")
    if not operands or len(labels) != len(operands):
        raise Misfit(f"the equation {equation!r} names {len(labels)} operands; {len(operands)} were given")
    for part in (*labels, output):
        plain = part.replace("...", "", 1)
        if any(c not in LETTERS for c in plain):
            raise Misfit(f"the equation {equation!r} is made of letters, commas, one -> and ... at most once a part")
    free = [c for c in reversed(LETTERS) if c not in equation]
    extra = []
    for axes, x in zip(labels, operands, strict=True):
        named = len(axes.replace("...", ""))
        if named > x.ndim or (named < x.ndim and "..." not in axes):
            raise Misfit(f"{axes!r} names {named} axes of an operand that has {x.ndim}")
        extra.append(x.ndim - named)
    dots = "".join(free[: max(extra)])
    labels = [axes.replace("...", dots[len(dots) - n :]) for axes, n in zip(labels, extra, strict=True)]
    everything = "".join(labels)
    if not arrow:
        once = {c for c in everything if c not in dots and everything.count(c) == 1}
        output = dots + "".join(sorted(once))
    else:
        output = output.replace("...", dots)
    for c in output:
        if c not in everything or output.count(c) > 1:
            reason = "twice" if output.count(c) > 1 else "but no operand does"
            raise Misfit(f"the result of {equation!r} names axis {c!r} {reason}")
    return labels, output


def _simplified(operands: Sequence[Any], labels: Sequence[str], output: str) -> tuple[list[Any], list[str]]:
    """Take diagonals of letters that an operand names twice, drop axes of size 1 that stretch, and sum over letters
    that occur nowhere else."""
    made: list[Any] = []
    names: list[str] = []
    sizes: dict[str, int] = {}
    for x, axes in zip(operands, labels, strict=True):
        for c, n in zip(axes, x.shape, strict=True):
            sizes[c] = n if n not in (None, 1) else sizes.get(c, 1)
    for x, axes in zip(operands, labels, strict=True):
        for c in dict.fromkeys(axes):
            while axes.count(c) > 1:
                first, second = axes.index(c), axes.rindex(c)
                pair = (x.shape[first], x.shape[second])
                if None not in pair and pair[0] != pair[1]:
                    raise Misfit(f"axis {c!r} has {pair[0]} elements in one place and {pair[1]} in another")
                x = diagonal(x, axis1=first, axis2=second)
                axes = "".join(axes[j] for j in range(len(axes)) if j not in (first, second)) + c
        stretched = tuple(j for j, c in enumerate(axes) if x.shape[j] == 1 != sizes[c])
        if stretched:
            x = squeeze(x, axis=stretched)
            axes = "".join(c for j, c in enumerate(axes) if j not in stretched)
        made.append(x)
        names.append(axes)
    for i, (x, axes) in enumerate(zip(made, names, strict=True)):
        elsewhere = set(output).union(*[other for j, other in enumerate(names) if j != i])
        lone = tuple(j for j, c in enumerate(axes) if c not in elsewhere)
        if lone:
            made[i] = sum(x, axis=lone).astype(x.dtype)
            names[i] = "".join(c for c in axes if c in elsewhere)
    return made, names


@public("df linalg")
def tensordot(a: Any, b: Any, *, axes: Any = 2) -> Any:
    """Sum products over several axes: the last ``axes`` of ``a`` with the first of ``b``, or those of two lists.

    >>> df.tensordot(df.ones(2, 3), df.ones(3, 4), axes=1).shape
    (2, 4)
    >>> df.tensordot(df.ones(2, 3), df.ones(4, 2), axes=([0], [1])).shape
    (3, 4)
    """
    a, b = asarray(a), asarray(b)
    with Speaking("tensordot", a, b):
        if isinstance(axes, int | np.integer):
            n = int(axes)
            if not 0 <= n <= min(a.ndim, b.ndim):
                raise Misfit(f"{n} axes cannot be summed over; the operands have {a.ndim} and {b.ndim}")
            first, second = tuple(range(a.ndim - n, a.ndim)), tuple(range(n))
        else:
            both = tuple(axes)
            if len(both) != 2:
                raise Misfit(f"axes must be a number or two lists, not {axes!r}")
            one, two = ((i,) if isinstance(i, int | np.integer) else tuple(i) for i in both)
            first = tuple(shapes.normalize_axis(i, a.ndim) for i in one)
            second = tuple(shapes.normalize_axis(i, b.ndim) for i in two)
            if len(first) != len(second) or len(set(first)) < len(first) or len(set(second)) < len(second):
                raise Misfit(f"axes {axes!r} must pair each axis with one other")
        for i, j in zip(first, second, strict=True):
            if None not in (a.shape[i], b.shape[j]) and a.shape[i] != b.shape[j]:
                raise Misfit(f"axis {i} of a has {a.shape[i]} elements and axis {j} of b {b.shape[j]}")
    left = LETTERS[: a.ndim]
    right = list(LETTERS[a.ndim : a.ndim + b.ndim])
    for i, j in zip(first, second, strict=True):
        right[j] = left[i]
    output = [c for c in left if c not in right] + [c for c in right if c not in left]
    return einsum(f"{left},{''.join(right)}->{''.join(output)}", a, b)


@public()
def inner(a: Any, b: Any) -> Any:
    """Sum products over the last axis of both; a scalar multiplies.

    >>> df.inner(df.tensor([1.0, 2.0]), df.tensor([3.0, 4.0]))
    tensor(11.)
    """
    a, b = asarray(a), asarray(b)
    return multiply(a, b) if not (a.ndim and b.ndim) else tensordot(a, b, axes=([-1], [-1]))


def bilinear(a: Any, b: Any, weight: Any, bias: Any = None) -> Any:
    """Compute ``a @ weight[k] @ b`` for each k, and add a bias: (…, n), (…, m), (k, n, m) to (…, k).

    >>> df.nn.functional.bilinear(df.ones(2, 3), df.ones(2, 4), df.ones(5, 3, 4)).shape
    (2, 5)
    """
    found = einsum("...i,kij,...j->...k", a, weight, b)
    return found if bias is None else found + bias

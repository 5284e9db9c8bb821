"""Shape rules by family. Every message about shapes lives here.

A rule takes operands (anything with ``.shape``, or a Python scalar) and the static parameters, and
returns the result's shape. A dimension of ``None`` is not known yet: a rule then defers, and the same
rule speaks again when the graph runs. Rules raise ``Misfit`` with the bare reason; the card adds the
op, the operands and the user's line.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from dualflow.core.errors import DTypeError, Misfit, OutOfRangeError, format_shape

Shape = tuple[Any, ...]  # of int or None


def of(operand: Any) -> Shape:
    """Return an operand's shape; a Python scalar has shape ()."""
    return getattr(operand, "shape", ())


def known(shape: Iterable[Any]) -> bool:
    """Return True if every dimension is known."""
    return None not in tuple(shape)


def agree(one: Shape, other: Shape) -> bool:
    """Return whether two shapes are the same as far as they are known.

    >>> agree((2, None), (2, 3)), agree((2, 3), (2,)), agree((2, 3), (2, 4))
    (True, False, False)
    """
    return len(one) == len(other) and all(None in (m, n) or m == n for m, n in zip(one, other, strict=True))


def broadcast(*shapes: Shape) -> Shape:
    """Return the common shape of ``shapes`` by NumPy's rule.

    >>> broadcast((3, 1), (4,)), broadcast((None, 3), (1,))
    ((3, 4), (None, 3))
    """
    rank = max(map(len, shapes), default=0)
    result = []
    for axis in range(-rank, 0):
        sizes = [s[axis] for s in shapes if len(s) >= -axis]
        fixed = {n for n in sizes if n is not None and n != 1}
        if len(fixed) > 1:
            listed = " and ".join(format_shape(s) for s in shapes)
            clash = " against ".join(str(n) for n in sizes if n in fixed)
            raise Misfit(f"shapes {listed} do not broadcast: axis {axis} is {clash}, and neither is 1")
        result.append(fixed.pop() if fixed else None if None in sizes else 1)
    return tuple(result)


def normalize_axis(axis: Any, rank: int) -> int:
    """Return ``axis`` counted from the front, or raise when a tensor of ``rank`` has no such axis."""
    try:
        index = operator.index(axis)
    except TypeError:
        raise Misfit(f"an axis must be an integer, not {axis!r}", DTypeError) from None
    if not -rank <= index < rank:
        extent = f"axes {-rank} to {rank - 1}" if rank else "no axes"
        raise Misfit(f"there is no axis {index}; a tensor of {rank} dimensions has {extent}", OutOfRangeError)
    return index % rank


def normalize_axes(axis: Any, rank: int) -> tuple[int, ...]:
    """Return the axes that ``axis`` (None for all, an int, or a sequence) means, sorted from the front."""
    if axis is None:
        return tuple(range(rank))
    axes = tuple(normalize_axis(a, rank) for a in (axis if isinstance(axis, Sequence) else (axis,)))
    if len(set(axes)) < len(axes):
        raise Misfit(f"axis {axis} names one axis twice")
    return axes


def same(x: Any, **params: Any) -> Shape:
    """Elementwise on one operand."""
    return of(x)


def first(x: Any, *rest: Any, **params: Any) -> Shape:
    """Keep the shape of the first operand."""
    return of(x)


def elementwise(*operands: Any, **params: Any) -> Shape:
    """Elementwise on several operands that broadcast."""
    return broadcast(*[of(x) for x in operands if x is not None])


def reduction(x: Any, *, axis: Any = None, keepdims: bool = False, **params: Any) -> Shape:
    """Reduce over ``axis``."""
    shape = of(x)
    axes = normalize_axes(axis, len(shape))
    if keepdims:
        return tuple(1 if i in axes else n for i, n in enumerate(shape))
    return tuple(n for i, n in enumerate(shape) if i not in axes)


def nonempty_reduction(x: Any, *, axis: Any = None, keepdims: bool = False, **params: Any) -> Shape:
    """Reduce over ``axis`` with an op that has no value for nothing (max, argmax)."""
    shape = of(x)
    if any(shape[i] == 0 for i in normalize_axes(axis, len(shape))):
        raise Misfit(f"nothing to reduce: shape {format_shape(shape)} is empty along axis {axis}")
    return reduction(x, axis=axis, keepdims=keepdims)


def along(x: Any, *, axis: int = -1, **params: Any) -> Shape:
    """Keep the shape, working along ``axis``."""
    normalize_axis(axis, len(of(x)))
    return of(x)


def matmul(a: Any, b: Any) -> Shape:
    """Matrix product over the last two axes; leading axes broadcast; 1-D operands are vectors."""
    left, right = of(a), of(b)
    if not left or not right:
        raise Misfit("a matrix product needs at least one axis on each side; multiply scalars with *")
    inner_left, inner_right = left[-1], right[-2] if len(right) > 1 else right[-1]
    if inner_left is not None and inner_right is not None and inner_left != inner_right:
        raise Misfit(
            f"shapes {format_shape(left)} and {format_shape(right)} do not align: "
            f"the last axis of a is {inner_left}, the {'second to last' if len(right) > 1 else 'only'} axis of b "
            f"is {inner_right}"
        )
    batch = broadcast(left[:-2], right[:-2])
    return batch + (left[-2:-1] if len(left) > 1 else ()) + (right[-1:] if len(right) > 1 else ())


def linear(x: Any, weight: Any, bias: Any = None) -> Shape:
    """Multiply by a transposed weight (out, in) and add a bias (out,)."""
    left, right = of(x), of(weight)
    if not left or len(right) != 2:
        shown = f"{format_shape(left)} and {format_shape(right)}"
        raise Misfit(f"x needs an axis of features and the weight two axes; the shapes are {shown}")
    if left[-1] is not None and right[1] is not None and left[-1] != right[1]:
        raise Misfit(f"x of shape {format_shape(left)} has {left[-1]} features; the weight takes {right[1]}")
    result = (*left[:-1], right[0])
    if bias is not None and broadcast(of(bias), result) != result and known(result) and known(of(bias)):
        raise Misfit(f"a bias of shape {format_shape(of(bias))} does not fit {format_shape(result)}")
    return result


def matrix_transpose(x: Any) -> Shape:
    """Swap the last two axes."""
    shape = of(x)
    if len(shape) < 2:
        raise Misfit(f"a matrix transpose needs two axes; shape {format_shape(shape)} has {len(shape)}")
    return (*shape[:-2], shape[-1], shape[-2])


def permute(x: Any, *, axes: Sequence[int] | None) -> Shape:
    """Reorder the axes; None reverses them."""
    shape = of(x)
    if axes is None:
        return shape[::-1]
    order = tuple(normalize_axis(a, len(shape)) for a in axes)
    if sorted(order) != list(range(len(shape))):
        raise Misfit(f"axes {tuple(axes)} must name each of the {len(shape)} axes once")
    return tuple(shape[i] for i in order)


def reshape(x: Any, *, shape: Sequence[int]) -> Shape:
    """Arrange the same elements in another shape; one -1 is worked out."""
    old = of(x)
    try:
        new = tuple(operator.index(n) for n in shape)
    except TypeError:
        raise Misfit(f"a shape is made of integers, not {shape!r}", DTypeError) from None
    if new.count(-1) > 1 or any(n < -1 for n in new):
        raise Misfit(f"shape {format_shape(new)} must have sizes of at least 0, and at most one -1")
    rest = math.prod(n for n in new if n != -1)
    if not known(old):
        free = [n for n in old if n is None]
        fixed = math.prod(n for n in old if n is not None)
        if -1 in new and len(free) == 1 and fixed and rest == fixed:
            return tuple(None if n == -1 else n for n in new)  # the unknown batch passes through
        return tuple(None if n == -1 else n for n in new)
    total = math.prod(old)
    if -1 in new:
        if rest == 0 or total % rest:
            raise Misfit(f"{total} elements of shape {format_shape(old)} do not fill shape {format_shape(new)}")
        return tuple(total // rest if n == -1 else n for n in new)
    if rest != total:
        raise Misfit(f"shape {format_shape(old)} has {total} elements; shape {format_shape(new)} needs {rest}")
    return new


def expand_dims(x: Any, *, axis: Any) -> Shape:
    """Insert axes of size 1."""
    shape = list(of(x))
    axes = axis if isinstance(axis, Sequence) else (axis,)
    rank = len(shape) + len(axes)
    for i in sorted(normalize_axis(a, rank) for a in axes):
        shape.insert(i, 1)
    return tuple(shape)


def squeeze(x: Any, *, axis: Any) -> Shape:
    """Drop axes of size 1; None drops all of them."""
    shape = of(x)
    if axis is None:
        if not known(shape):
            raise Misfit(
                f"squeeze of the unknown shape {format_shape(shape)} needs an axis: which will be 1 is not known"
            )
        return tuple(n for n in shape if n != 1)
    axes = normalize_axes(axis, len(shape))
    for i in axes:
        if shape[i] not in (1, None):
            raise Misfit(f"axis {i} of shape {format_shape(shape)} has size {shape[i]}; only size 1 can be squeezed")
    return tuple(n for i, n in enumerate(shape) if i not in axes)


def broadcast_to(x: Any, *, shape: Sequence[int | None]) -> Shape:
    """Stretch to ``shape``."""
    target = tuple(shape)
    if broadcast(of(x), target) != target and known(of(x)) and known(target):
        raise Misfit(f"shape {format_shape(of(x))} does not broadcast to {format_shape(target)}")
    return target


def concat(*parts: Any, axis: int) -> Shape:
    """Join along an axis that exists."""
    if not parts:
        raise Misfit("there is nothing to join: the list of tensors is empty")
    first = of(parts[0])
    at = normalize_axis(axis, len(first))
    for i, part in enumerate(parts):
        shape = of(part)
        fits = len(shape) == len(first) and all(
            m == n or m is None or n is None for j, (m, n) in enumerate(zip(first, shape, strict=True)) if j != at
        )
        if not fits:
            raise Misfit(
                f"tensor 0 has shape {format_shape(first)} and tensor {i} has {format_shape(shape)}; "
                f"all axes but {at} must agree"
            )
    sizes = [of(p)[at] for p in parts]
    merged = [next((of(p)[j] for p in parts if of(p)[j] is not None), None) for j in range(len(first))]
    merged[at] = None if None in sizes else sum(sizes)
    return tuple(merged)


def stack(*parts: Any, axis: int) -> Shape:
    """Join along a new axis."""
    if not parts:
        raise Misfit("there is nothing to stack: the list of tensors is empty")
    first = of(parts[0])
    for i, part in enumerate(parts):
        shape = of(part)
        if len(shape) != len(first) or any(
            m != n for m, n in zip(first, shape, strict=True) if m is not None and n is not None
        ):
            raise Misfit(
                f"tensor 0 has shape {format_shape(first)} and tensor {i} has {format_shape(shape)}; all must agree"
            )
    at = normalize_axis(axis, len(first) + 1)
    return (*first[:at], len(parts), *first[at:])


def part_like(g: Any, *parts: Any, index: int, axis: int) -> Shape:
    """Take the shape of the part at ``index``, cut out of ``g`` along ``axis``."""
    whole = concat(*parts, axis=axis)
    if not 0 <= index < len(parts):
        raise Misfit(f"there is no part {index} among {len(parts)}", OutOfRangeError)
    if broadcast(of(g), whole) != whole and known(of(g)) and known(whole):
        raise Misfit(f"a gradient of shape {format_shape(of(g))} does not fit what was joined, {format_shape(whole)}")
    return of(parts[index])


def imitation(x: Any, like: Any, **params: Any) -> Shape:
    """Take the shape of ``like``."""
    return of(like)


def created(*, shape: Any, **params: Any) -> Shape:
    """Take the shape that was given."""
    sizes = tuple(shape)
    if any(n is not None and n < 0 for n in sizes):
        raise Misfit(f"shape {format_shape(sizes)} has a negative size")
    return sizes


def drawn(like: Any = None, *, shape: Any = None, **params: Any) -> Shape:
    """Take the shape that was given, or that of ``like``."""
    return created(shape=shape) if like is None else of(like)


def drawn_whole(like: Any = None, *, shape: Any = None, low: int, high: int, dtype: Any, **params: Any) -> Shape:
    """Do as ``drawn``, for whole numbers from ``low`` to before ``high``."""
    if high <= low:
        raise Misfit(f"there is no integer from {low} to before {high}")
    dtype = np.dtype(dtype)
    if dtype.kind not in "iub":
        raise Misfit(f"integers are drawn, which are not {dtype}", DTypeError)
    least, most = (0, 1) if dtype.kind == "b" else (np.iinfo(dtype).min, np.iinfo(dtype).max)
    if low < least or high > most + 1:
        raise Misfit(f"{dtype} does not hold all integers from {low} to before {high}")
    return drawn(like, shape=shape)


def choice(condition: Any, a: Any, b: Any) -> Shape:
    """Broadcast a condition and two alternatives."""
    truth(condition)
    return elementwise(condition, a, b)


def truth(condition: Any) -> None:
    """Raise unless a condition is bool."""
    if condition.__class__ is not bool and getattr(getattr(condition, "dtype", None), "kind", "") != "b":
        raise Misfit("the condition must be bool; compare with something, as in x > 0", DTypeError)


def counted(*, start: Any, stop: Any, step: Any, **params: Any) -> Shape:
    """Count from ``start`` to before ``stop``."""
    if step == 0:
        raise Misfit("the step must not be zero")
    if not all(math.isfinite(n) for n in (start, stop, step)):
        raise Misfit(f"counting from {start} to {stop} by {step} never ends")
    return (max(0, math.ceil((stop - start) / step)),)


def sized(**params: Any) -> Shape:
    """Take the sizes that were given one by one (``rows``, ``columns``; ``num``; ``n``)."""
    return created(shape=[params[name] for name in ("rows", "columns", "num", "n") if name in params])


def one_hot(x: Any, *, num_classes: int, **params: Any) -> Shape:
    """Add a last axis of ``num_classes``."""
    integral(x)
    if num_classes < 0:
        raise Misfit(f"the number of classes is at least 0, not {num_classes}")
    return (*of(x), num_classes)


def take(x: Any, indices: Any, *, axis: int) -> Shape:
    """Pick along ``axis``."""
    shape = of(x)
    integral(indices)
    at = normalize_axis(axis, len(shape))
    return (*shape[:at], *of(indices), *shape[at + 1 :])


def take_along_axis(x: Any, indices: Any, *, axis: int) -> Shape:
    """Pick one element per position along ``axis``."""
    shape, chosen = of(x), of(indices)
    integral(indices)
    at = normalize_axis(axis, len(shape))
    if len(chosen) != len(shape):
        raise Misfit(f"indices of shape {format_shape(chosen)} must have as many axes as {format_shape(shape)}")
    rest = broadcast(*(tuple(1 if i == at else n for i, n in enumerate(s)) for s in (shape, chosen)))
    return tuple(chosen[at] if i == at else n for i, n in enumerate(rest))


def put_along_like(g: Any, indices: Any, x: Any, *, axis: int) -> Shape:
    """Undo ``take_along_axis``: ``g`` has the shape that it gives, the result that of ``x``."""
    wanted = take_along_axis(x, indices, axis=axis)
    given = of(g)
    if not agree(given, wanted):
        raise Misfit(f"a gradient of shape {format_shape(of(g))} does not fit what was taken, {format_shape(wanted)}")
    return of(x)


def integral(indices: Any) -> None:
    """Raise unless ``indices`` are integers."""
    dtype = getattr(indices, "dtype", None)
    if indices.__class__ is not int and (dtype is None or dtype.kind not in "iu"):
        kind = dtype or type(indices).__name__
        raise Misfit(f"indices must be integers, not {kind}; cast with .astype(df.int64)", DTypeError)


ARRAY = "array"  # stands in an index key where the next index tensor goes


def getitem(x: Any, *indices: Any, key: tuple[Any, ...]) -> Shape:
    """Index with slices, integers, None, Ellipsis, and arrays (marked ``ARRAY`` in ``key``)."""
    shape = of(x)
    indices = tuple(getattr(index, "array", index) for index in indices)  # an eager tensor shows its values
    masks = [index for index in indices if index.dtype.kind == "b"]
    if masks:
        _fit_masks(shape, indices, key)
    for mask in masks:
        if not isinstance(mask, np.ndarray | np.generic):
            raise Misfit(
                "a boolean mask picks as many elements as it has True, which a graph cannot know; "
                "use df.where(mask, x, other), or multiply by the mask"
            )
    if not known(shape) or not all(known(of(index)) for index in indices):
        return _getitem_unknown(shape, indices, key)
    stand_in = np.broadcast_to(np.empty((), bool), shape)
    try:
        return stand_in[_fill(key, [_stand_in(i) for i in indices])].shape
    except IndexError as error:
        raise Misfit(str(error), OutOfRangeError) from None


def put_like(g: Any, x: Any, *indices: Any, key: tuple[Any, ...]) -> Shape:
    """Undo ``getitem``: ``g`` has the shape of what was picked, the result that of ``x``."""
    wanted = getitem(x, *indices, key=key)
    if broadcast(of(g), wanted) != wanted and known(of(g)) and known(wanted):
        raise Misfit(f"a gradient of shape {format_shape(of(g))} does not fit what was picked, {format_shape(wanted)}")
    return of(x)


def _fit_masks(shape: Shape, indices: Sequence[Any], key: tuple[Any, ...]) -> None:
    """Raise unless each bool mask has the sizes of the axes that it stands at."""
    wide = [1 if index.dtype.kind != "b" else len(of(index)) for index in indices]
    taken = sum(wide) + sum(1 for k in key if isinstance(k, slice | int))
    axis, rest = 0, iter(zip(indices, wide, strict=True))
    for part in key:
        if part is Ellipsis:
            axis += max(0, len(shape) - taken)
        elif isinstance(part, str):
            index, axes = next(rest)
            stands = shape[axis : axis + axes]
            pairs = zip(of(index), stands, strict=False)
            if index.dtype.kind == "b" and any(None not in pair and pair[0] != pair[1] for pair in pairs):
                size = format_shape(of(index))
                raise Misfit(f"a mask of shape {size} does not fit {format_shape(stands)}, where it stands")
            axis += axes
        elif part is not None:
            axis += 1


def _fill(key: tuple[Any, ...], indices: Sequence[Any]) -> tuple[Any, ...]:
    rest = iter(indices)
    return tuple(next(rest) if part is ARRAY or part == ARRAY else part for part in key)


def _stand_in(index: Any) -> Any:
    return index if isinstance(index, np.ndarray | np.generic) else np.zeros(index.shape, np.int64)


def _getitem_unknown(shape: Shape, indices: Sequence[Any], key: tuple[Any, ...]) -> Shape:
    """Follow an index over a shape with unknown sizes, by NumPy's rules.

    Where an array takes part, integers count as arrays too. What the arrays pick stands where they stand, or in front
    when something comes between them.
    """
    if any(index.dtype.kind == "b" for index in indices):
        raise Misfit("a boolean mask needs to know the shape that it picks from")
    taken = sum(1 for k in key if k is not None and k is not Ellipsis)
    if taken > len(shape):
        raise Misfit(f"{taken} indices for a tensor of {len(shape)} dimensions", OutOfRangeError)
    at = key.index(Ellipsis) if Ellipsis in key else len(key)
    full = [*key[:at], *[slice(None)] * (len(shape) - taken), *key[at + 1 :]]
    fancy = [i for i, part in enumerate(full) if isinstance(part, str | int)] if indices else []
    adjacent = not fancy or fancy[-1] - fancy[0] + 1 == len(fancy)
    picked = broadcast(*map(of, indices)) if indices else ()
    result: list[Any] = []
    axis = 0
    for i, part in enumerate(full):
        if fancy and i == fancy[0] and adjacent:
            result.extend(picked)
        if part is None:
            result.append(1)
            continue
        size = shape[axis]
        axis += 1
        if isinstance(part, slice):
            unchanged = part == slice(None)
            result.append(len(range(*part.indices(size))) if size is not None else size if unchanged else None)
        elif isinstance(part, int) and size is not None and not -size <= part < size:
            raise Misfit(f"index {part} is out of bounds for axis {axis - 1} with size {size}", OutOfRangeError)
    return tuple(result) if adjacent else (*picked, *result)


def class_targets(logits: Any, target: Any, **params: Any) -> Shape:
    """Class indices, one per row of logits whose classes lie on axis 1 (or 0 when 1-D)."""
    shape, chosen = of(logits), of(target)
    integral(target)
    if not shape:
        raise Misfit("logits need a class axis; a scalar has none")
    at = 1 if len(shape) > 1 else 0
    wanted = shape[:at] + shape[at + 1 :]
    if len(wanted) != len(chosen) or any(
        m != n for m, n in zip(wanted, chosen, strict=True) if m is not None and n is not None
    ):
        raise Misfit(
            f"logits of shape {format_shape(shape)} need class indices of shape {format_shape(wanted)}, "
            f"not {format_shape(chosen)}"
        )
    return wanted


def class_targets_like(target: Any, logits: Any) -> Shape:
    """Take the shape of ``logits``, which ``target`` must fit."""
    class_targets(logits, target)
    return of(logits)

"""Matrix products, and what is made of them. Solving is in ``solve.py``, decompositions in ``decompose.py``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from dualflow.core import shapes
from dualflow.core.errors import Misfit, format_shape
from dualflow.core.names import public
from dualflow.core.op import primitive
from dualflow.ops.array import arrange
from dualflow.ops.array.create import asarray, ones_like
from dualflow.ops.array.shape import reshape, stack
from dualflow.ops.composite import Speaking, refuse
from dualflow.ops.math.complex import conjugate
from dualflow.ops.math.elementwise import multiply
from dualflow.ops.reduce.reductions import sum, sum_like


@primitive(shape=shapes.matmul, dtype="number", numpy=np.matmul, domain=("matrix", "matrix"), public="df linalg")
def matmul(xp: Any, a: Any, b: Any) -> Any:
    """Multiply matrices over the last two axes; leading axes broadcast; a 1-D operand is a vector.

    ``(…, n, k) @ (…, k, m)`` gives ``(…, n, m)``. Raises ShapeError when the inner sizes differ.

    >>> df.matmul(df.tensor([[1.0, 2.0]]), df.tensor([[3.0], [4.0]]))
    tensor([[11.]])
    """
    return xp.matmul(a, b)


@primitive(shape=shapes.matrix_transpose, view=True)
def adjoint(xp: Any, x: Any) -> Any:
    """Swap the last two axes and conjugate. Shares memory in eager when ``x`` is real.

    >>> df.torch.adjoint(df.tensor([[1.0, 2.0]]))
    tensor([[1.],
            [2.]])
    """
    return x.mT.conj() if x.dtype.kind == "c" else x.mT


adjoint.vjp(x=lambda g, y, x: adjoint(g), reads="")


def _matmul_a(g: Any, y: Any, a: Any, b: Any) -> Any:
    if a.ndim == 2 == b.ndim:
        return g @ b.mT
    if b.ndim == 1:  # y[..., n] = sum_k a[..., n, k] b[k]
        return g * b if a.ndim == 1 else g[..., None] * b
    if a.ndim == 1:  # y[..., m] = sum_k a[k] b[..., k, m]
        return sum_like((b @ g[..., None])[..., 0], a)
    return sum_like(g @ b.mT, a)


def _matmul_b(g: Any, y: Any, a: Any, b: Any) -> Any:
    if a.ndim == 2 == b.ndim:
        return a.mT @ g
    if a.ndim == 1:
        return g * a if b.ndim == 1 else a[..., None] * g[..., None, :]
    if b.ndim == 1:
        return sum_like((a.mT @ g[..., None])[..., 0], b)
    return sum_like(a.mT @ g, b)


matmul.vjp(a=_matmul_a, b=_matmul_b, reads="a b")


# ------------------------------------------------------------------------------------------------------- diagonals


@public("linalg")
def diagonal(x: Any, *, offset: int = 0, axis1: int = -2, axis2: int = -1) -> Any:
    """Cut out the diagonals of the last two axes, ``offset`` above the main one (below when negative): a view.

    >>> df.linalg.diagonal(df.tensor([[1, 2], [3, 4]]), offset=1)
    tensor([2])
    """
    return arrange.diagonal(x, offset=offset, axis1=axis1, axis2=axis2)


@public("df linalg")
def trace(x: Any, *, offset: int = 0, dtype: Any = None) -> Any:
    """Add up a diagonal of the last two axes; integers in 64 bits, or in ``dtype``.

    >>> df.linalg.trace(df.tensor([[1.0, 2.0], [3.0, 4.0]]))
    tensor(5.)
    """
    found = diagonal(x, offset=offset)
    return sum(found if dtype is None else found.astype(dtype), axis=-1)


# -------------------------------------------------------------------------------------------------------- products


def ranked(op: str, ranks: Sequence[int], *operands: Any) -> list[Any]:
    """Return the operands as tensors; raise ShapeError unless each has the number of axes that ``ranks`` says."""
    tensors = [asarray(x) for x in operands]
    for i, (x, rank) in enumerate(zip(tensors, ranks, strict=True)):
        if x.shape is not None and x.ndim != rank:
            kinds = [("a vector", "a matrix", "a batch of matrices")[n - 1] for n in ranks]
            twice = len(kinds) == 2 and kinds[0] == kinds[1]
            several = ("two vectors", "two matrices", "two batches of matrices")[rank - 1]
            takes = several if twice else " and ".join(kinds)
            raise refuse(op, f"takes {takes}; operand {i} has {x.ndim} axes; use matmul or @", *tensors)
    return tensors


def sized(op: str, x: Any) -> tuple[Any, int, int]:
    """Return matrices as a tensor, and their two sizes, which must be known."""
    x = asarray(x)
    shape = shapes.of(x)
    if len(shape) < 2:
        raise refuse(op, f"takes matrices: at least two axes; shape {format_shape(shape)} has {len(shape)}", x)
    if not shapes.known(shape[-2:]):
        raise refuse(op, "the sizes of the matrices must be known when the graph is built (batch axes need not)", x)
    return x, shape[-2], shape[-1]


@public("df linalg")
def vecdot(a: Any, b: Any, *, axis: int = -1) -> Any:
    """Sum ``conj(a) * b`` over ``axis``; the other axes broadcast.

    >>> df.vecdot(df.tensor([[1.0, 2.0], [3.0, 4.0]]), df.tensor([1.0, 1.0]))
    tensor([3., 7.])
    """
    a, b = asarray(a), asarray(b)
    with Speaking("vecdot", a, b):
        if not (a.ndim and b.ndim):
            raise Misfit("takes vectors; a scalar has no axis")
        left, right = (x.shape[shapes.normalize_axis(axis, x.ndim)] for x in (a, b))
        if None not in (left, right) and left != right:
            raise Misfit(f"axis {axis} has {left} elements in one and {right} in the other")
        if a.dtype.kind == "b" == b.dtype.kind:
            raise Misfit("bool has no arithmetic of this kind; cast with .astype(df.int64) first")
    product = multiply(conjugate(a), b)
    return sum(product, axis=axis).astype(product.dtype)


@public("df linalg")
def outer(a: Any, b: Any) -> Any:
    """Multiply each element of the vector ``a`` with each of the vector ``b``: (n,), (m,) to (n, m).

    >>> df.outer(df.tensor([1, 2]), df.tensor([3, 4]))
    tensor([[3, 4],
            [6, 8]])
    """
    a, b = ranked("outer", (1, 1), a, b)
    return multiply(a[:, None], b[None, :])


ger = outer


def mm(a: Any, b: Any) -> Any:
    """Multiply two matrices: (n, k), (k, m) to (n, m); nothing broadcasts.

    >>> df.torch.mm(df.ones(1, 2), df.ones(2, 1))
    tensor([[2.]])
    """
    return matmul(*ranked("mm", (2, 2), a, b))


def mv(a: Any, b: Any) -> Any:
    """Multiply a matrix with a vector: (n, k), (k,) to (n,).

    >>> df.torch.mv(df.ones(1, 2), df.ones(2))
    tensor([2.])
    """
    return matmul(*ranked("mv", (2, 1), a, b))


def dot(a: Any, b: Any) -> Any:
    """Multiply two vectors and add up; nothing is conjugated: see ``vdot``.

    >>> df.torch.dot(df.tensor([1.0, 2.0]), df.tensor([3.0, 4.0]))
    tensor(11.)
    """
    return matmul(*ranked("dot", (1, 1), a, b))


def vdot(a: Any, b: Any) -> Any:
    """Multiply two vectors, the first conjugated, and add up.

    >>> df.torch.vdot(df.tensor([1j]), df.tensor([1j]))
    tensor(1.+0.j, dtype=complex64)
    """
    a, b = ranked("vdot", (1, 1), a, b)
    return matmul(conjugate(a), b)


def bmm(a: Any, b: Any) -> Any:
    """Multiply two batches of matrices: (b, n, k), (b, k, m) to (b, n, m); nothing broadcasts.

    >>> df.torch.bmm(df.ones(3, 1, 2), df.ones(3, 2, 1)).shape
    (3, 1, 1)
    """
    a, b = ranked("bmm", (3, 3), a, b)
    if None not in (a.shape[0], b.shape[0]) and a.shape[0] != b.shape[0]:
        raise refuse("bmm", f"the batches have {a.shape[0]} and {b.shape[0]} matrices; matmul would broadcast", a, b)
    return matmul(a, b)


def _scaled(factor: Any, x: Any) -> Any:
    return x if factor.__class__ in (int, float) and factor == 1 else multiply(factor, x)


def _added(x: Any, product: Any, beta: Any, alpha: Any) -> Any:
    """Return ``beta x + alpha product``; a ``beta`` of 0 ignores ``x``, NaN and all, as in PyTorch."""
    if beta.__class__ in (int, float) and beta == 0:
        return _scaled(alpha, product)
    return _scaled(beta, asarray(x)) + _scaled(alpha, product)


def addmm(x: Any, a: Any, b: Any, *, beta: Any = 1, alpha: Any = 1) -> Any:
    """Compute ``beta x + alpha a @ b`` of matrices.

    >>> df.torch.addmm(df.ones(1), df.ones(1, 2), df.ones(2, 1), alpha=10)
    tensor([[21.]])
    """
    return _added(x, mm(a, b), beta, alpha)


def addmv(x: Any, a: Any, b: Any, *, beta: Any = 1, alpha: Any = 1) -> Any:
    """Compute ``beta x + alpha a @ b`` of a matrix and a vector.

    >>> df.torch.addmv(df.ones(1), df.ones(1, 2), df.ones(2))
    tensor([3.])
    """
    return _added(x, mv(a, b), beta, alpha)


def addr(x: Any, a: Any, b: Any, *, beta: Any = 1, alpha: Any = 1) -> Any:
    """Compute ``beta x + alpha outer(a, b)``.

    >>> df.torch.addr(df.ones(1, 1), df.ones(1), df.ones(2))
    tensor([[2., 2.]])
    """
    return _added(x, outer(a, b), beta, alpha)


def baddbmm(x: Any, a: Any, b: Any, *, beta: Any = 1, alpha: Any = 1) -> Any:
    """Compute ``beta x + alpha a @ b`` of batches of matrices.

    >>> df.torch.baddbmm(df.ones(1), df.ones(2, 1, 2), df.ones(2, 2, 1)).shape
    (2, 1, 1)
    """
    return _added(x, bmm(a, b), beta, alpha)


def addbmm(x: Any, a: Any, b: Any, *, beta: Any = 1, alpha: Any = 1) -> Any:
    """Compute ``beta x + alpha (a @ b summed over the batch)``.

    >>> df.torch.addbmm(df.zeros(1), df.ones(2, 1, 2), df.ones(2, 2, 1))
    tensor([[4.]])
    """
    return _added(x, sum(bmm(a, b), axis=0), beta, alpha)


@public()
def kron(a: Any, b: Any) -> Any:
    """Compute the Kronecker product: every element of ``a`` times the whole of ``b``, side by side.

    >>> df.kron(df.tensor([1, 10]), df.tensor([1, 2]))
    tensor([ 1,  2, 10, 20])
    """
    a, b = asarray(a), asarray(b)
    rank = max(a.ndim, b.ndim)
    first, second = (1,) * (rank - a.ndim) + tuple(a.shape), (1,) * (rank - b.ndim) + tuple(b.shape)
    if not shapes.known((*first, *second)):
        raise refuse("kron", "the sizes must be known when the graph is built", a, b)
    wide = reshape(a, shape=tuple(n for size in first for n in (size, 1)))
    tall = reshape(b, shape=tuple(n for size in second for n in (1, size)))
    return reshape(multiply(wide, tall), shape=tuple(m * n for m, n in zip(first, second, strict=True)))


@public("df linalg")
def cross(a: Any, b: Any, axis: int = -1) -> Any:
    """Compute the cross product of vectors of three elements along ``axis``; the other axes broadcast.

    >>> df.linalg.cross(df.tensor([1.0, 0.0, 0.0]), df.tensor([0.0, 1.0, 0.0]))
    tensor([0., 0., 1.])
    """
    a, b = asarray(a), asarray(b)
    with Speaking("cross", a, b):
        rank = max(a.ndim, b.ndim)
        at = shapes.normalize_axis(axis, rank) - rank
        for x in (a, b):
            size = x.shape[shapes.normalize_axis(at, x.ndim)]
            if size not in (3, None):
                raise Misfit(f"axis {axis} must have 3 elements, not {size}")
    after = (slice(None),) * (-at - 1)
    (a0, a1, a2), (b0, b1, b2) = ([x[(Ellipsis, i, *after)] for i in range(3)] for x in (a, b))
    return stack([a1 * b2 - a2 * b1, a2 * b0 - a0 * b2, a0 * b1 - a1 * b0], axis=at)


@public("linalg")
def vander(x: Any, N: int | None = None) -> Any:
    """Make Vandermonde matrices: the powers 0 to ``N - 1`` of each element, as a new last axis; ``N`` as many as those.

    >>> df.linalg.vander(df.tensor([2, 3]), N=3)
    tensor([[1, 2, 4],
            [1, 3, 9]])
    """
    x = asarray(x)
    x = x if x.ndim else x[None]
    count = x.shape[-1] if N is None else N
    if not isinstance(count, int) or count < 1:
        raise refuse("vander", f"the number of powers N is an integer of at least 1, not {count!r}", x)
    powers = [ones_like(x)]
    for _ in range(count - 1):  # products, not powers: their gradient at 0 is right
        powers.append(powers[-1] * x)
    return stack(powers, axis=-1)


def square_shape(op: str, x: Any) -> shapes.Shape:
    """Return the shape of square matrices, or raise ShapeError."""
    shape = shapes.of(x)
    if len(shape) < 2 or None not in shape[-2:] and shape[-1] != shape[-2]:
        raise refuse(op, f"takes square matrices, not shape {format_shape(shape)}", x)
    return shape


def order(op: str, x: Any) -> int:
    size = x.shape[-1] if x.shape[-1] is not None else x.shape[-2]
    if size is None:
        raise refuse(op, "the size of the matrices must be known when the graph is built", x)
    return int(size)


@public("linalg")
def multi_dot(arrays: Sequence[Any]) -> Any:
    """Multiply a list of matrices in the order that takes the fewest multiplications; ends may be vectors.

    The order is found by dynamic programming over the sizes (Cormen et al., Introduction to Algorithms,
    section 15.2); in a graph whose sizes are not known the list is multiplied from left to right.

    >>> df.linalg.multi_dot([df.ones(1, 2), df.ones(2, 3), df.ones(3)])
    tensor([6.])
    """
    parts = [asarray(x) for x in arrays]
    if len(parts) < 2:
        raise refuse("multi_dot", f"takes at least two matrices, not {len(parts)}", *parts)
    for i, x in enumerate(parts):
        if x.ndim != 2 and not (x.ndim == 1 and i in (0, len(parts) - 1)):
            raise refuse("multi_dot", f"operand {i} has {x.ndim} axes, not 2; only the ends may be vectors", *parts)
    sizes = [parts[0].shape[0] if parts[0].ndim == 2 else 1]
    sizes += [x.shape[-1] if x.ndim == 2 or i == 0 else 1 for i, x in enumerate(parts)]
    if not shapes.known(sizes):
        result = parts[0]
        for x in parts[1:]:
            result = matmul(result, x)
        return result
    order = _cheapest(sizes)

    def product(i: int, j: int) -> Any:
        return parts[i] if i == j else matmul(product(i, order[i, j]), product(order[i, j] + 1, j))

    return product(0, len(parts) - 1)


def _cheapest(sizes: Sequence[int]) -> dict[tuple[int, int], int]:
    """Return where to cut each run of matrices, of ``sizes[i]`` rows and ``sizes[i + 1]`` columns."""
    n = len(sizes) - 1
    cost = {(i, i): 0 for i in range(n)}
    cut: dict[tuple[int, int], int] = {}
    for length in range(1, n):
        for i in range(n - length):
            j = i + length
            costs = {k: cost[i, k] + cost[k + 1, j] + sizes[i] * sizes[k + 1] * sizes[j + 1] for k in range(i, j)}
            cut[i, j] = min(costs, key=costs.__getitem__)
            cost[i, j] = costs[cut[i, j]]
    return cut

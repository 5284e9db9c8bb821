"""Lengths: roots of sums of squares, which have no slope where they are 0, and what their gradient rules divide by.

There a length's own gradient counts as 0, as in PyTorch. Its square has a slope there, and a second one that is not 0:
the gradient of the square, twice the length, over the length. To see that 0 / 0 is 2, a recorded backward pass
(``autodiff.reverse``) shows rules of squares the smallest step away from 0 in place of it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from dualflow.core import dtypes, shapes
from dualflow.core.errors import Misfit, format_shape
from dualflow.core.op import primitive

LENGTHS = {"abs", "hypot", "root", "vector_norm"}
"""The cards whose result is a length: ``abs`` of complex numbers only."""
SQUARES = {"multiply", "power", "square"}
"""The cards that may make a square of one."""


def _step(dtype: Any) -> Any:
    """Return a step whose square is still a number to the dtype, a power of two."""
    return dtype.type(2.0 ** (dtypes.limits(dtype).minexp * 0.5 // 1 + 3))


@primitive(shape=shapes.same, dtype="real float")
def off_zero(xp: Any, x: Any) -> Any:
    """Put the smallest step away from 0 in place of a 0.

    >>> from dualflow.ops.math.lengths import off_zero
    >>> off_zero(df.tensor([0.0, 1.0])) > 0
    tensor([ True,  True])
    """
    return xp.where(x == 0, _step(x.dtype), x)


def _beside(g: Any, y: Any) -> shapes.Shape:
    """Keep the shape, which both have."""
    if not shapes.agree(shapes.of(g), shapes.of(y)):
        raise Misfit(f"a gradient of shape {format_shape(shapes.of(g))} does not fit {format_shape(shapes.of(y))}")
    return shapes.of(y)


@primitive(shape=_beside, dtype="real float")
def per_length(xp: Any, g: Any, y: Any) -> Any:
    """Divide a gradient by a length; where that is 0, by the smallest step, or 0 if the gradient has not vanished.

    >>> from dualflow.ops.math.lengths import off_zero, per_length
    >>> y = df.tensor([4.0, 0.0, 0.0])
    >>> per_length(df.tensor([2.0, 2.0, 0.0]), y), per_length(2 * off_zero(y), y)
    (tensor([0.5, 0. , 0. ]), tensor([2., 2., 2.]))
    """
    _beside(g, y)
    step, none = _step(y.dtype), y == 0
    flat = xp.logical_and(none, xp.logical_not(xp.abs(g) <= np.sqrt(step)))
    return xp.where(flat, xp.zeros((), y.dtype), g / xp.where(none, step, y))


off_zero.vjp(x=lambda g, y, x: g, reads="")
per_length.vjp(
    g=lambda g, y, g0, length: per_length(g, length),
    y=lambda g, y, g0, length: -per_length(g * y, length),
    reads={"g": "y", "y": "y"},
)


@primitive(shape=shapes.same, dtype="real float", numpy=np.sqrt, domain="positive")
def root(xp: Any, x: Any) -> Any:
    """Take the square root of a sum of squares; unlike that of ``sqrt`` the gradient where it is 0 is 0.

    >>> from dualflow.ops.math.lengths import root
    >>> x = df.tensor([0.0, 4.0], requires_grad=True)
    >>> df.grad(root(x).sum(), x)
    (tensor([0.  , 0.25]),)
    """
    return xp.sqrt(x)


root.vjp(x=lambda g, y, x: per_length(g, y) * 0.5, reads="y")

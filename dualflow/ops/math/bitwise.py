"""Bits of integers; of bools, logic. Results carry no gradient."""

from __future__ import annotations

from typing import Any

import numpy as np

from dualflow.core import shapes
from dualflow.core.op import primitive


@primitive(shape=shapes.elementwise, dtype="bits", numpy=np.bitwise_and, public="df")
def bitwise_and(xp: Any, a: Any, b: Any) -> Any:
    """Set the bits that are set in both; operands broadcast. Of bools: whether both are true.

    >>> df.bitwise_and(df.tensor([6, 5]), 3)
    tensor([2, 1])
    """
    return xp.bitwise_and(a, b)


@primitive(shape=shapes.elementwise, dtype="bits", numpy=np.bitwise_or, public="df")
def bitwise_or(xp: Any, a: Any, b: Any) -> Any:
    """Set the bits that are set in either; operands broadcast. Of bools: whether either is true.

    >>> df.bitwise_or(df.tensor([6, 5]), 3)
    tensor([7, 7])
    """
    return xp.bitwise_or(a, b)


@primitive(shape=shapes.elementwise, dtype="bits", numpy=np.bitwise_xor, public="df")
def bitwise_xor(xp: Any, a: Any, b: Any) -> Any:
    """Set the bits that are set in exactly one; operands broadcast. Of bools: whether they differ.

    >>> df.bitwise_xor(df.tensor([6, 5]), 3)
    tensor([5, 6])
    """
    return xp.bitwise_xor(a, b)


@primitive(shape=shapes.same, dtype="bits", numpy=np.invert, public="df")
def bitwise_invert(xp: Any, x: Any) -> Any:
    """Flip every bit, so that x becomes ``-x - 1`` if signed. Of bools: whether false.

    >>> df.bitwise_invert(df.tensor([0, 5]))
    tensor([-1, -6])
    """
    return xp.invert(x)


@primitive(shape=shapes.elementwise, dtype="integer", numpy=np.left_shift, domain=("real", "exponent"), public="df")
def bitwise_left_shift(xp: Any, a: Any, b: Any) -> Any:
    """Shift the bits of ``a`` up by ``b`` places, from 0 to less than it has bits; operands broadcast.

    >>> df.bitwise_left_shift(df.tensor([1, 5]), 2)
    tensor([ 4, 20])
    """
    return xp.left_shift(a, b)


@primitive(shape=shapes.elementwise, dtype="integer", numpy=np.right_shift, domain=("real", "exponent"), public="df")
def bitwise_right_shift(xp: Any, a: Any, b: Any) -> Any:
    """Shift the bits of ``a`` down by ``b`` places, keeping the sign; operands broadcast.

    >>> df.bitwise_right_shift(df.tensor([20, -5]), 2)
    tensor([ 5, -2])
    """
    return xp.right_shift(a, b)

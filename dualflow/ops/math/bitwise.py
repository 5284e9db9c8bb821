"""Bits of integers; of bools, logic. Results carry no gradient."""

from __future__ import annotations

from typing import Any

import numpy as np

from dualflow.ops.math.ufuncs import ufunc


@ufunc(np.bitwise_and, dtype="bits")
def bitwise_and(xp: Any, a: Any, b: Any) -> Any:
    """Set the bits that are set in both; operands broadcast. Of bools: whether both are true.

    >>> df.bitwise_and(df.tensor([6, 5]), 3)
    tensor([2, 1])
    """


@ufunc(np.bitwise_or, dtype="bits")
def bitwise_or(xp: Any, a: Any, b: Any) -> Any:
    """Set the bits that are set in either; operands broadcast. Of bools: whether either is true.

    >>> df.bitwise_or(df.tensor([6, 5]), 3)
    tensor([7, 7])
    """


@ufunc(np.bitwise_xor, dtype="bits")
def bitwise_xor(xp: Any, a: Any, b: Any) -> Any:
    """Set the bits that are set in exactly one; operands broadcast. Of bools: whether they differ.

    >>> df.bitwise_xor(df.tensor([6, 5]), 3)
    tensor([5, 6])
    """


@ufunc(np.invert, dtype="bits")
def bitwise_invert(xp: Any, x: Any) -> Any:
    """Flip every bit, so that x becomes ``-x - 1`` if signed. Of bools: whether false.

    >>> df.bitwise_invert(df.tensor([0, 5]))
    tensor([-1, -6])
    """


@ufunc(np.left_shift, dtype="integer", domain=("real", "exponent"))
def bitwise_left_shift(xp: Any, a: Any, b: Any) -> Any:
    """Shift the bits of ``a`` up by ``b`` places, from 0 to less than it has bits; operands broadcast.

    >>> df.bitwise_left_shift(df.tensor([1, 5]), 2)
    tensor([ 4, 20])
    """


@ufunc(np.right_shift, dtype="integer", domain=("real", "exponent"))
def bitwise_right_shift(xp: Any, a: Any, b: Any) -> Any:
    """Shift the bits of ``a`` down by ``b`` places, keeping the sign; operands broadcast.

    >>> df.bitwise_right_shift(df.tensor([20, -5]), 2)
    tensor([ 5, -2])
    """

"""Names for annotations; type checkers read ``typing.pyi`` instead, where ``Tensor`` has every method typed."""

from __future__ import annotations

from typing import Any, TypeAlias

from dualflow.tensors.operators import Operators as Tensor

TensorLike: TypeAlias = Any
"""A tensor, an array, a number, or nested lists of numbers."""

__all__ = ["Tensor", "TensorLike"]

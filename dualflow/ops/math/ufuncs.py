"""Cards that are one ufunc: NumPy's in eager, and JAX's of the same name in compiled graphs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from dualflow.core import shapes
from dualflow.core.op import Vocable, primitive
from dualflow.ops.math.holomorphic import of_ufunc


def ufunc(function: np.ufunc, **card: Any) -> Callable[[Callable[..., Any]], Vocable[...]]:
    """Declare the card of a ufunc, of which the body says the name, the operands and the docstring.

    What is special about it is said in the words of ``primitive``.
    """
    shape = shapes.same if function.nin == 1 else shapes.elementwise
    return primitive(shape=shape, numpy=function, jax=of_ufunc(function), public="df", **card)

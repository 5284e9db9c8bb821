"""The vocabulary, by chapter. Importing this package puts every card into ``dualflow.op.VOCABULARY``."""

from dualflow.ops import compare, complex, create, elementwise, index, linalg, nn, random, reduce, shape
from dualflow.ops.table import inner, table

__all__ = [
    "compare",
    "complex",
    "create",
    "elementwise",
    "index",
    "inner",
    "linalg",
    "nn",
    "random",
    "reduce",
    "shape",
    "table",
]

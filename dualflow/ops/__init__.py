"""The vocabulary, by chapter. Importing this package puts every card into ``dualflow.op.VOCABULARY``."""

from dualflow.ops import compare, complex, conv, create, elementwise, index, linalg, nn, pool, random, reduce, shape
from dualflow.ops.table import inner, table

__all__ = [
    "compare",
    "complex",
    "conv",
    "create",
    "elementwise",
    "index",
    "inner",
    "linalg",
    "nn",
    "pool",
    "random",
    "reduce",
    "shape",
    "table",
]

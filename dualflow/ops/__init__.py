"""The vocabulary, by chapter. Importing this package puts every card into ``dualflow.op.VOCABULARY``."""

from dualflow.ops import (
    compare,
    complex,
    conv,
    create,
    decompose,
    einsum,
    elementwise,
    index,
    linalg,
    nn,
    norms,
    parts,
    pool,
    random,
    reduce,
    shape,
    solve,
)
from dualflow.ops.table import inner, table

__all__ = [
    "compare",
    "complex",
    "conv",
    "create",
    "decompose",
    "einsum",
    "elementwise",
    "index",
    "inner",
    "linalg",
    "nn",
    "norms",
    "parts",
    "pool",
    "random",
    "reduce",
    "shape",
    "solve",
    "table",
]

"""The vocabulary, by chapter. Importing this package puts every card into ``dualflow.core.op.VOCABULARY``."""

from dualflow.ops.array import (
    arrange,
    axes,
    copies,
    create,
    cutting,
    index,
    inspection,
    padding,
    scatter,
    shape,
    stacks,
    types,
)
from dualflow.ops.linalg import (
    decompose,
    einsum,
    factor,
    fft,
    matrices,
    matrix_rows,
    norms,
    powers,
    products,
    pseudoinverse,
    solve,
)
from dualflow.ops.math import (
    bitwise,
    comparison,
    complex,
    elementwise,
    exponential,
    floats,
    rounding,
    special,
    trigonometry,
)
from dualflow.ops.network import (
    activation,
    attention,
    convolution,
    dropout,
    embedding,
    losses,
    normalization,
    pooling,
    recurrent,
    resizing,
    softmax,
    windows,
)
from dualflow.ops.random import distributions, draws, redraw, sampling
from dualflow.ops.reduce import order, reductions, scan, sets, stats
from dualflow.ops.reference import inner, table

__all__ = ["inner", "table"]

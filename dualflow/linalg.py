"""``df.linalg``: the array API's extension for linear algebra, and PyTorch's functions of that name."""

from dualflow.ops.decompose import (
    EighResult,
    EigResult,
    QRResult,
    SVDResult,
    eig,
    eigh,
    eigvals,
    eigvalsh,
    qr,
    svd,
    svdvals,
)
from dualflow.ops.einsum import tensordot
from dualflow.ops.factor import LUFactorResult, LUResult, cholesky, lu, lu_factor, lu_solve
from dualflow.ops.linalg import cross, diagonal, matmul, matrix_power, multi_dot, outer, trace, vecdot
from dualflow.ops.norms import cond, matrix_norm, norm, vector_norm
from dualflow.ops.pseudoinverse import LstsqResult, lstsq, matrix_rank, pinv
from dualflow.ops.shape import matrix_transpose
from dualflow.ops.solve import SlogdetResult, det, inv, matrix_exp, slogdet, solve, solve_triangular

__all__ = [
    "EigResult",
    "EighResult",
    "LUFactorResult",
    "LUResult",
    "LstsqResult",
    "QRResult",
    "SVDResult",
    "SlogdetResult",
    "cholesky",
    "cond",
    "cross",
    "det",
    "diagonal",
    "eig",
    "eigh",
    "eigvals",
    "eigvalsh",
    "inv",
    "lstsq",
    "lu",
    "lu_factor",
    "lu_solve",
    "matmul",
    "matrix_exp",
    "matrix_norm",
    "matrix_power",
    "matrix_rank",
    "matrix_transpose",
    "multi_dot",
    "norm",
    "outer",
    "pinv",
    "qr",
    "slogdet",
    "solve",
    "solve_triangular",
    "svd",
    "svdvals",
    "tensordot",
    "trace",
    "vecdot",
    "vector_norm",
]

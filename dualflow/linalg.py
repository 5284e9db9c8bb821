"""``df.linalg``: the array API's extension for linear algebra, and factorizations beyond it."""

from dualflow.core.names import SPACES
from dualflow.ops.linalg.decompose import EighResult, EigResult, QRResult, SVDResult
from dualflow.ops.linalg.factor import LUFactorResult, LUResult
from dualflow.ops.linalg.pseudoinverse import LstsqResult
from dualflow.ops.linalg.solve import SlogdetResult

globals().update(SPACES["linalg"])
__all__ = [
    "EigResult",
    "EighResult",
    "LUFactorResult",
    "LUResult",
    "LstsqResult",
    "QRResult",
    "SVDResult",
    "SlogdetResult",
    *SPACES["linalg"],
]

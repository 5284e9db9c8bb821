# Made by docs/tools/make_stubs.py from the cards; do not edit.
import builtins
from collections.abc import Callable, Iterator, Sequence
from typing import Any, ParamSpec, TypeVar, overload

import numpy as np

from dualflow.core.generator import Generator as Generator
from dualflow.tensors.typing import DTypeLike as DTypeLike, Tensor as Tensor, TensorLike as TensorLike, EigResult as EigResult, EighResult as EighResult, LUFactorResult as LUFactorResult, LUResult as LUResult, LstsqResult as LstsqResult, QRResult as QRResult, SVDResult as SVDResult, SlogdetResult as SlogdetResult

def cholesky(x: TensorLike = ..., upper: builtins.bool = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Factor Hermitian positive definite matrices as ``L @ L^H`` with L lower triangular, or as ``U^H @ U``."""
def cond(x: TensorLike = ..., p: TensorLike | None = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Compute the condition number: the largest singular value over the least, or ``norm(x) * norm(inv(x))``."""
def cross(a: TensorLike = ..., b: TensorLike = ..., axis: builtins.int | Sequence[builtins.int] | None = ..., *, dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ..., input: TensorLike = ..., input1: TensorLike = ..., A: TensorLike = ..., vec1: TensorLike = ..., mat: TensorLike = ..., mat1: TensorLike = ..., batch1: TensorLike = ..., input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
    """Compute the cross product of vectors of three elements along ``axis``; the other axes broadcast."""
def det(x: TensorLike = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Compute the determinant of square matrices, (…, n, n) to (…)."""
def diagonal(x: TensorLike = ..., *, offset: builtins.int = ..., axis1: builtins.int = ..., axis2: builtins.int = ..., dim0: builtins.int = ..., dim1: builtins.int = ..., dim2: builtins.int = ..., input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Cut out the diagonals of the last two axes, ``offset`` above the main one (below when negative): a view."""
def eig(x: TensorLike = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> EigResult:
    """Decompose square matrices: eigenvalues and eigenvectors (as columns of length 1), both complex."""
def eigh(x: TensorLike = ..., UPLO: Any = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> EighResult:
    """Decompose Hermitian matrices: eigenvalues in ascending order (real), eigenvectors as columns."""
def eigvals(x: TensorLike = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Compute the eigenvalues of square matrices, complex, sorted by real part and then imaginary part."""
def eigvalsh(x: TensorLike = ..., UPLO: Any = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Compute the eigenvalues of Hermitian matrices, real and in ascending order; ``UPLO`` as in ``eigh``."""
def inv(x: TensorLike = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Invert square matrices, (…, n, n). Raises SingularError; ``pinv`` inverts what can be inverted."""
def lstsq(a: TensorLike = ..., b: TensorLike = ..., rcond: Any = ..., *, driver: Any = ..., input: TensorLike = ..., input1: TensorLike = ..., A: TensorLike = ..., vec1: TensorLike = ..., mat: TensorLike = ..., mat1: TensorLike = ..., batch1: TensorLike = ..., input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> LstsqResult:
    """Find the x of least norm that minimises the norm of ``a @ x - b``: named results."""
def lu(x: TensorLike = ..., *, pivot: builtins.bool = ..., input: TensorLike = ..., A: TensorLike = ...) -> LUResult:
    """Decompose matrices as ``P @ L @ U``: a permutation, a lower triangle with ones on its diagonal, an upper one."""
def lu_factor(x: TensorLike = ..., *, pivot: builtins.bool = ..., input: TensorLike = ..., A: TensorLike = ...) -> LUFactorResult:
    """Eliminate by rows: L below U in one matrix (the ones on L's diagonal left out), and LAPACK's pivots (int32)."""
def lu_solve(lu: TensorLike = ..., pivots: TensorLike = ..., b: TensorLike = ..., *, left: builtins.bool = ..., adjoint: builtins.bool = ..., input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ..., LU: TensorLike = ...) -> Tensor:
    """Solve ``a @ x = b`` given ``lu_factor(a)``; ``x @ a = b`` unless ``left``; ``a^H`` for a with ``adjoint``."""
def matmul(a: TensorLike = ..., b: TensorLike = ..., *, input: TensorLike = ..., input1: TensorLike = ..., A: TensorLike = ..., vec1: TensorLike = ..., mat: TensorLike = ..., mat1: TensorLike = ..., batch1: TensorLike = ..., input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
    """Multiply matrices over the last two axes; leading axes broadcast; a 1-D operand is a vector."""
def matrix_exp(x: TensorLike = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Compute the exponential of square matrices, 1 + x + x @ x / 2 + …"""
def matrix_norm(x: TensorLike = ..., ord: builtins.float | builtins.str | None = ..., axis: builtins.int | Sequence[builtins.int] | None = ..., keepdims: builtins.bool = ..., *, dtype: DTypeLike | None = ..., dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ..., keepdim: builtins.bool = ..., input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Compute the norm of matrices, which lie on the two axes ``axis``."""
def matrix_power(x: TensorLike = ..., n: builtins.int = ..., *, input: TensorLike = ..., A: TensorLike = ..., N: builtins.int = ...) -> Tensor:
    """Multiply a square matrix with itself ``n`` times by repeated squaring; a negative ``n`` inverts it first."""
def matrix_rank(x: TensorLike = ..., *, rtol: Any = ..., atol: Any = ..., hermitian: builtins.bool = ..., input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Count the singular values above ``atol`` and above ``rtol`` times the largest (int64)."""
def matrix_transpose(x: TensorLike = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Swap the last two axes. Shares memory in eager."""
def multi_dot(arrays: Sequence[TensorLike] = ..., *, tensors: Sequence[TensorLike] = ...) -> Tensor:
    """Multiply a list of matrices in the order that takes the fewest multiplications; ends may be vectors."""
def norm(x: TensorLike = ..., ord: builtins.float | builtins.str | None = ..., axis: builtins.int | Sequence[builtins.int] | None = ..., keepdims: builtins.bool = ..., *, dtype: DTypeLike | None = ..., dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ..., keepdim: builtins.bool = ..., input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Compute a norm of vectors, or of matrices, as PyTorch's and NumPy's ``linalg.norm`` do."""
def outer(a: TensorLike = ..., b: TensorLike = ..., *, input: TensorLike = ..., input1: TensorLike = ..., A: TensorLike = ..., vec1: TensorLike = ..., mat: TensorLike = ..., mat1: TensorLike = ..., batch1: TensorLike = ..., input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
    """Multiply each element of the vector ``a`` with each of the vector ``b``: (n,), (m,) to (n, m)."""
def pinv(x: TensorLike = ..., *, rtol: Any = ..., atol: Any = ..., hermitian: builtins.bool = ..., input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Compute the Moore-Penrose pseudo-inverse: (…, m, n) to (…, n, m)."""
def qr(x: TensorLike = ..., *, mode: builtins.str = ..., input: TensorLike = ..., A: TensorLike = ...) -> QRResult:
    """Decompose matrices as ``Q @ R``: Q with orthonormal columns, R upper triangular."""
def slogdet(x: TensorLike = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> SlogdetResult:
    """Compute the sign (or phase) of the determinant and the logarithm of its absolute value: named results."""
def solve(a: TensorLike = ..., b: TensorLike = ..., *, input: TensorLike = ..., input1: TensorLike = ..., A: TensorLike = ..., vec1: TensorLike = ..., mat: TensorLike = ..., mat1: TensorLike = ..., batch1: TensorLike = ..., input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
    """Solve ``a @ x = b`` for x: (…, n, n) and (…, n, k), or a vector (n,). Raises SingularError."""
def solve_triangular(a: TensorLike = ..., b: TensorLike = ..., *, upper: Any, left: builtins.bool = ..., unitriangular: builtins.bool = ..., input: TensorLike = ..., input1: TensorLike = ..., A: TensorLike = ..., vec1: TensorLike = ..., mat: TensorLike = ..., mat1: TensorLike = ..., batch1: TensorLike = ..., input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
    """Solve ``a @ x = b``, or ``x @ a = b`` unless ``left``, for triangular ``a``: the other triangle is not read."""
def svd(x: TensorLike = ..., *, full_matrices: builtins.bool = ..., input: TensorLike = ..., A: TensorLike = ...) -> SVDResult:
    """Decompose matrices as ``U @ diag(S) @ Vh``: singular values in descending order, U and Vh unitary."""
def svdvals(x: TensorLike = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Compute the singular values of matrices, in descending order."""
def tensordot(a: TensorLike = ..., b: TensorLike = ..., *, axes: builtins.int | Sequence[Any] | None = ..., dim: builtins.int | Sequence[Any] | None = ..., dims: builtins.int | Sequence[Any] | None = ..., input: TensorLike = ..., input1: TensorLike = ..., A: TensorLike = ..., vec1: TensorLike = ..., mat: TensorLike = ..., mat1: TensorLike = ..., batch1: TensorLike = ..., input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
    """Sum products over several axes: the last ``axes`` of ``a`` with the first of ``b``, or those of two lists."""
def tensorinv(a: TensorLike = ..., ind: builtins.int = ..., *, input: TensorLike = ..., input1: TensorLike = ..., A: TensorLike = ..., vec1: TensorLike = ..., mat: TensorLike = ..., mat1: TensorLike = ..., batch1: TensorLike = ...) -> Tensor:
    """Invert ``x -> tensordot(a, x, a.ndim - ind)``: the axes from ``ind`` on come first in the result."""
def tensorsolve(a: TensorLike = ..., b: TensorLike = ..., dims: builtins.int | Sequence[builtins.int] | None = ..., *, axis: builtins.int | Sequence[builtins.int] | None = ..., input: TensorLike = ..., input1: TensorLike = ..., A: TensorLike = ..., vec1: TensorLike = ..., mat: TensorLike = ..., mat1: TensorLike = ..., batch1: TensorLike = ..., input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ...) -> Tensor:
    """Solve ``tensordot(a, x, x.ndim) = b`` for x, whose shape is that of ``a`` after the axes of ``b``."""
def trace(x: TensorLike = ..., *, offset: builtins.int = ..., dtype: DTypeLike | None = ..., input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Add up a diagonal of the last two axes; integers in 64 bits, or in ``dtype``."""
def vander(x: TensorLike = ..., N: builtins.int | None = ..., *, input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Make Vandermonde matrices: the powers 0 to ``N - 1`` of each element, as a new last axis; ``N`` as many as those."""
def vecdot(a: TensorLike = ..., b: TensorLike = ..., *, axis: builtins.int | Sequence[builtins.int] | None = ..., dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ..., input: TensorLike = ..., input1: TensorLike = ..., A: TensorLike = ..., vec1: TensorLike = ..., mat: TensorLike = ..., mat1: TensorLike = ..., batch1: TensorLike = ..., input2: TensorLike = ..., B: TensorLike = ..., tensor: TensorLike = ..., other: TensorLike = ..., vec: TensorLike = ..., vec2: TensorLike = ..., mat2: TensorLike = ..., batch2: TensorLike = ..., exponent: TensorLike = ..., y: TensorLike = ...) -> Tensor:
    """Sum ``conj(a) * b`` over ``axis``; the other axes broadcast."""
def vector_norm(x: TensorLike = ..., ord: builtins.float | builtins.str | None = ..., axis: builtins.int | Sequence[builtins.int] | None = ..., keepdims: builtins.bool = ..., *, dtype: DTypeLike | None = ..., dim: builtins.int | Sequence[builtins.int] | None = ..., dims: builtins.int | Sequence[builtins.int] | None = ..., keepdim: builtins.bool = ..., input: TensorLike = ..., A: TensorLike = ...) -> Tensor:
    """Compute the norm of order ``ord`` (2, 1, inf, -inf, 0, or any number) over ``axis``, None for all."""

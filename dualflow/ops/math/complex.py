"""Complex numbers: their parts, and making them of parts.

Rules are written in JAX's convention, where the gradient of a real L by z = x + iy is dL/dx - i dL/dy: the one in
which a holomorphic op's rule has no conjugates. The engine turns gradients into PyTorch's, the conjugate, for users.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from dualflow.core import dtypes, shapes
from dualflow.core.errors import Misfit
from dualflow.core.op import late, primitive
from dualflow.ops.math.comparison import where


@primitive(shape=shapes.same, public="df")
def conj(xp: Any, x: Any) -> Any:
    """Conjugate complex numbers elementwise; real ones stay what they are.

    >>> df.conj(df.tensor([1 + 2j]))
    tensor([1.-2.j], dtype=complex64)
    """
    return xp.conj(x)


@conj.kernel("numpy")
def _conj(x: Any) -> Any:
    return np.array(x) if x.dtype.kind == "b" else np.conjugate(x)


conj.vjp(x=lambda g, y, x: conj(g), reads="")


def conjugate(x: Any) -> Any:
    """Return the complex conjugate, which of a real tensor is itself, without a copy.

    >>> from dualflow.ops.math.complex import conjugate
    >>> conjugate(df.tensor([1j]))
    tensor([0.-1.j], dtype=complex64)
    """
    return conj(x) if x.dtype.kind == "c" else x


@primitive(shape=shapes.same, dtype="magnitude", view=True, public="df")
def real(xp: Any, x: Any) -> Any:
    """Take the real part elementwise; real numbers stay what they are. Shares memory in eager.

    >>> z = df.tensor([1 + 2j])
    >>> df.real(z).fill_(5), z
    (tensor([5.]), tensor([5.+2.j], dtype=complex64))
    """
    return xp.real(x)


real.vjp(x=lambda g, y, x: g.astype(x.dtype), reads="")


@primitive(shape=shapes.same, dtype="magnitude", view=True, public="df")
def imag(xp: Any, x: Any) -> Any:
    """Take the imaginary part elementwise. Shares memory in eager, but for a real number, where it is 0.

    >>> df.imag(df.tensor([1 + 2j]))
    tensor([2.])
    """
    return xp.imag(x) if x.dtype.kind == "c" else xp.zeros_like(x)


imag.vjp(x=lambda g, y, x: g * -1j if x.dtype.kind == "c" else g * 0, reads="")


@primitive(shape=shapes.same, dtype="float magnitude", domain="nonzero", public="df")
def angle(xp: Any, x: Any) -> Any:
    """Return the angle of complex numbers in the plane, in radians: 0 or pi for real numbers.

    >>> df.angle(df.tensor([1j, -1.0, 1.0]))
    tensor([1.5707964, 3.1415927, 0.       ])
    """
    if x.dtype.kind == "c":
        return xp.arctan2(x.imag, x.real)
    x = x if x.dtype.kind == "f" else x.astype(np.float32)
    return xp.where(xp.isnan(x), x, xp.where(x < 0, xp.asarray(np.pi, x.dtype), xp.asarray(0, x.dtype)))


def _angle_x(g: Any, y: Any, x: Any) -> Any:
    if x.dtype.kind != "c":
        return g * 0
    return where(x == 0, 0, g * -1j / where(x == 0, 1, x))


angle.vjp(x=_angle_x, reads="x")


@primitive(shape=shapes.elementwise, dtype="complex", name="complex", broadcasts=True, public="df")
def make_complex(xp: Any, real: Any, imag: Any) -> Any:
    """Make complex numbers of real and imaginary parts, which broadcast.

    >>> df.complex(df.tensor([1.0]), df.tensor([2.0]))
    tensor([1.+2.j], dtype=complex64)
    """
    # not real + 1j * imag, which makes NaN of an infinity
    part = np.float64 if xp.result_type(real, imag) == np.float64 else np.float32
    real, imag = (x.astype(part) for x in xp.broadcast_arrays(real, imag))
    if xp is not np:
        return _pair(real, imag)
    pairs = np.stack([real, imag], axis=-1)
    return pairs.view(np.complex128 if part is np.float64 else np.complex64)[..., 0]


_pair = late("jax.lax.complex")
make_complex.vjp(
    real=lambda g, y, real, imag: _part(g, real, 1),
    imag=lambda g, y, real, imag: _part(g, imag, -1),
    reads={"real": "real", "imag": "imag"},
)


def _part(g: Any, like: Any, sign: int) -> Any:
    return (real(g) if sign > 0 else -imag(g)).astype(like.dtype)  # half types meet in float32


def _as_pairs(x: Any) -> shapes.Shape:
    return (*shapes.of(x), 2)


def _as_numbers(x: Any) -> shapes.Shape:
    shape = shapes.of(x)
    if not shape or shape[-1] not in (2, None):
        raise Misfit("the last axis holds real and imaginary parts, so its size is 2")
    return shape[:-1]


@primitive(shape=_as_pairs, dtype="parts", view=True, public="df")
def view_as_real(xp: Any, x: Any) -> Any:
    """Return complex numbers as pairs of real ones along a new last axis. Shares memory in eager.

    >>> z = df.tensor([1 + 2j])
    >>> pairs = df.view_as_real(z)
    >>> pairs[0, 1] = 5
    >>> pairs, z
    (tensor([[1., 5.]]), tensor([1.+5.j], dtype=complex64))
    """
    return xp.stack([x.real, x.imag], axis=-1)


@view_as_real.kernel("numpy")
def _view_as_real(x: Any) -> Any:
    if x.dtype.kind != "c":
        raise TypeError("not complex")
    return x[..., None].view(dtypes.to_real(x.dtype))


@primitive(shape=_as_numbers, dtype="pairs", view=True, public="df")
def view_as_complex(xp: Any, x: Any) -> Any:
    """Return pairs of real numbers along the last axis, of size 2, as complex ones.

    Shares memory in eager where the two of a pair lie side by side. Raises ShapeError for another size, DTypeError for
    other dtypes than float32 and float64.

    >>> df.view_as_complex(df.tensor([[1.0, 2.0]]))
    tensor([1.+2.j], dtype=complex64)
    """
    return _pair(x[..., 0], x[..., 1])


@view_as_complex.kernel("numpy")
def _view_as_complex(x: Any) -> Any:
    _as_numbers(x)
    if x.dtype not in (dtypes.float32, dtypes.float64):
        raise TypeError("no parts")
    return (x if x.strides[-1] == x.itemsize else np.ascontiguousarray(x)).view(dtypes.complex_of(x.dtype))[..., 0]


view_as_real.vjp(x=lambda g, y, x: conj(view_as_complex(g)), reads="")
view_as_complex.vjp(x=lambda g, y, x: view_as_real(conj(g)), reads="")


def is_complex(x: Any) -> bool:
    """Return whether a tensor is complex.

    >>> df.torch.is_complex(df.tensor([1j]))
    True
    """
    return bool(x.dtype.kind == "c")

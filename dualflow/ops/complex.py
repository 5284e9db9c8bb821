"""Complex numbers: their parts, and making them of parts.

Rules are written in JAX's convention, where the gradient of a real L by z = x + iy is dL/dx - i dL/dy: the one in
which a holomorphic op's rule has no conjugates. The engine turns gradients into PyTorch's, the conjugate, for users.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from dualflow import shapes
from dualflow.errors import DTypeError, ShapeError, compose
from dualflow.op import late, primitive
from dualflow.ops.compare import where
from dualflow.ops.create import asarray
from dualflow.site import user_site


@primitive(shape=shapes.same, numpy=np.conjugate)
def conj(xp: Any, x: Any) -> Any:
    """Conjugate complex numbers elementwise; real ones stay what they are.

    >>> import dualflow as df
    >>> df.conj(df.tensor([1 + 2j]))
    tensor([1.-2.j], dtype=complex64)
    """
    return xp.conj(x)


@conj.kernel("numpy")
def _conj(x: Any) -> Any:
    return np.array(x) if x.dtype.kind == "b" else np.conjugate(x)


conj.vjp(x=lambda g, y, x: conj(g))


def conjugate(x: Any) -> Any:
    """Return the complex conjugate, which of a real tensor is itself, without a copy.

    >>> import dualflow as df
    >>> from dualflow.ops.complex import conjugate
    >>> conjugate(df.tensor([1j]))
    tensor([0.-1.j], dtype=complex64)
    """
    return conj(x) if x.dtype.kind == "c" else x


@primitive(shape=shapes.same, dtype="magnitude")
def real(xp: Any, x: Any) -> Any:
    """Take the real part elementwise, in memory of its own; real numbers stay what they are.

    >>> import dualflow as df
    >>> df.real(df.tensor([1 + 2j]))
    tensor([1.])
    """
    return xp.array(xp.real(x), copy=True)


real.vjp(x=lambda g, y, x: g.astype(x.dtype))


@primitive(shape=shapes.same, dtype="magnitude")
def imag(xp: Any, x: Any) -> Any:
    """Take the imaginary part elementwise, in memory of its own; that of a real number is 0.

    >>> import dualflow as df
    >>> df.imag(df.tensor([1 + 2j]))
    tensor([2.])
    """
    return xp.array(xp.imag(x), copy=True)


imag.vjp(x=lambda g, y, x: g * -1j if x.dtype.kind == "c" else g * 0)


@primitive(shape=shapes.same, dtype="float magnitude", domain="nonzero")
def angle(xp: Any, x: Any) -> Any:
    """Return the angle of complex numbers in the plane, in radians: 0 or pi for real numbers.

    >>> import dualflow as df
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


angle.vjp(x=_angle_x)


@primitive(shape=shapes.elementwise, dtype="complex", name="complex", broadcasts=True)
def make_complex(xp: Any, real: Any, imag: Any) -> Any:
    """Make complex numbers of real and imaginary parts, which broadcast.

    >>> import dualflow as df
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
)


def _part(g: Any, like: Any, sign: int) -> Any:
    return (real(g) if sign > 0 else -imag(g)).astype(like.dtype)  # half types meet in float32


def _of_kind(name: str, x: Any, kind: str, word: str) -> Any:
    x = asarray(x)
    if x.dtype.kind != kind:
        raise compose(DTypeError, f"{name}: takes {word} tensors, not {x.dtype}", operands=[("x", x)], site=user_site())
    return x


def view_as_real(x: Any) -> Any:
    """Return complex numbers as pairs of real ones along a new last axis, in memory of their own.

    >>> import dualflow as df
    >>> df.view_as_real(df.tensor([1 + 2j]))
    tensor([[1., 2.]])
    """
    from dualflow.ops.shape import stack

    x = _of_kind("view_as_real", x, "c", "complex")
    return stack([real(x), imag(x)], axis=-1)


def view_as_complex(x: Any) -> Any:
    """Return pairs of real numbers along the last axis, of size 2, as complex ones, in memory of their own.

    >>> import dualflow as df
    >>> df.view_as_complex(df.tensor([[1.0, 2.0]]))
    tensor([1.+2.j], dtype=complex64)
    """
    x = _of_kind("view_as_complex", x, "f", "floating")
    if x.shape is not None and (not x.shape or x.shape[-1] not in (2, None)):
        raise compose(
            ShapeError,
            "view_as_complex: the last axis holds real and imaginary parts, so its size is 2",
            operands=[("x", x)],
            site=user_site(),
        )
    return make_complex(x[..., 0], x[..., 1])


def polar(abs: Any, angle: Any) -> Any:
    """Make complex numbers of absolute values and angles in radians, which broadcast.

    >>> import dualflow as df
    >>> df.polar(df.tensor([2.0]), df.tensor([0.0]))
    tensor([2.+0.j], dtype=complex64)
    """
    from dualflow.ops.elementwise import cos, sin

    return make_complex(abs * cos(angle), abs * sin(angle))


def is_complex(x: Any) -> bool:
    """Tell whether a tensor is complex.

    >>> import dualflow as df
    >>> df.is_complex(df.tensor([1j]))
    True
    """
    return bool(x.dtype.kind == "c")

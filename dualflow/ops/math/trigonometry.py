"""Circular and hyperbolic functions and their inverses, but for ``sin``, ``cos`` and ``tanh``, in elementwise."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from dualflow.core import shapes
from dualflow.core.errors import Misfit
from dualflow.core.names import public
from dualflow.core.op import primitive
from dualflow.ops.math.comparison import keep, where
from dualflow.ops.math.complex import make_complex
from dualflow.ops.math.elementwise import cos, multiply, sin, sqrt
from dualflow.ops.math.lengths import per_length
from dualflow.ops.math.ufuncs import ufunc


@ufunc(np.tan, dtype="float", domain="unit")
def tan(xp: Any, x: Any) -> Any:
    """Take the tangent elementwise, in radians.

    >>> df.tan(df.tensor([0.0]))
    tensor([0.])
    """


tan.vjp(x=lambda g, y, x: g + g * y * y, reads="y")


@ufunc(np.arcsin, dtype="float", domain="unit")
def asin(xp: Any, x: Any) -> Any:
    """Take the arc sine elementwise, in radians; NaN outside [-1, 1] unless complex.

    >>> df.asin(df.tensor([0.0, 1.0]))
    tensor([0.       , 1.5707964])
    """


asin.vjp(x=lambda g, y, x: g / sqrt(1 - x * x), reads="x")


@ufunc(np.arccos, dtype="float", domain="unit")
def acos(xp: Any, x: Any) -> Any:
    """Take the arc cosine elementwise, in radians; NaN outside [-1, 1] unless complex.

    >>> df.acos(df.tensor([1.0, 0.0]))
    tensor([0.       , 1.5707964])
    """


acos.vjp(x=lambda g, y, x: -(g / sqrt(1 - x * x)), reads="x")


@ufunc(np.arctan, dtype="float", domain="unit")
def atan(xp: Any, x: Any) -> Any:
    """Take the arc tangent elementwise, in radians.

    >>> df.atan(df.tensor([0.0, float("inf")]))
    tensor([0.       , 1.5707964])
    """


atan.vjp(x=lambda g, y, x: g / (1 + x * x), reads="x")


@ufunc(np.arctan2, dtype="real float", broadcasts=True, domain="nonzero")
def atan2(xp: Any, a: Any, b: Any) -> Any:
    """Return the angle of the point (x=b, y=a), in radians from -pi to pi; operands broadcast.

    >>> df.atan2(df.tensor([0.0, 1.0]), df.tensor([-1.0, 0.0]))
    tensor([3.1415927, 1.5707964])
    """


def _nearness(a: Any, b: Any) -> Any:
    """Return one over the squared distance from the origin, and 0 at it: there PyTorch takes the gradient for 0."""
    squared = a * a + b * b
    away = squared != 0
    return keep(1 / where(away, squared, 1), away)


atan2.vjp(a=lambda g, y, a, b: g * b * _nearness(a, b), b=lambda g, y, a, b: -(g * a) * _nearness(a, b), reads="a b")


@ufunc(np.hypot, dtype="real float", broadcasts=True, domain="nonzero")
def hypot(xp: Any, a: Any, b: Any) -> Any:
    """Compute ``sqrt(a**2 + b**2)`` elementwise without overflow; operands broadcast. The gradient where it is 0 is 0.

    >>> df.hypot(df.tensor([3.0]), df.tensor([4.0]))
    tensor([5.])
    """


hypot.vjp(
    a=lambda g, y, a, b: a * per_length(g, y), b=lambda g, y, a, b: b * per_length(g, y), reads={"a": "y a", "b": "y b"}
)


@ufunc(np.sinh, dtype="float")
def sinh(xp: Any, x: Any) -> Any:
    """Take the hyperbolic sine elementwise.

    >>> df.sinh(df.tensor([0.0]))
    tensor([0.])
    """


sinh.vjp(x=lambda g, y, x: g * cosh(x), reads="x")


@ufunc(np.cosh, dtype="float")
def cosh(xp: Any, x: Any) -> Any:
    """Take the hyperbolic cosine elementwise.

    >>> df.cosh(df.tensor([0.0]))
    tensor([1.])
    """


cosh.vjp(x=lambda g, y, x: g * sinh(x), reads="x")


@ufunc(np.arcsinh, dtype="float")
def asinh(xp: Any, x: Any) -> Any:
    """Take the inverse hyperbolic sine elementwise.

    >>> df.asinh(df.tensor([0.0]))
    tensor([0.])
    """


asinh.vjp(x=lambda g, y, x: g / sqrt(x * x + 1), reads="x")


@ufunc(np.arccosh, dtype="float", domain="beyond one")
def acosh(xp: Any, x: Any) -> Any:
    """Take the inverse hyperbolic cosine elementwise; NaN below 1 unless complex.

    >>> df.acosh(df.tensor([1.0]))
    tensor([0.])
    """


acosh.vjp(x=lambda g, y, x: g / (sqrt(x - 1) * sqrt(x + 1)), reads="x")


@ufunc(np.arctanh, dtype="float", domain="unit")
def atanh(xp: Any, x: Any) -> Any:
    """Take the inverse hyperbolic tangent elementwise; infinite at -1 and 1, NaN beyond unless complex.

    >>> df.atanh(df.tensor([0.0]))
    tensor([0.])
    """


atanh.vjp(x=lambda g, y, x: g / (1 - x * x), reads="x")


@primitive(shape=shapes.same, dtype="float", domain="nonzero", public="df")
def sinc(xp: Any, x: Any) -> Any:
    """Compute ``sin(pi x) / (pi x)`` elementwise, 1 at 0.

    >>> df.sinc(df.tensor([0.0, 0.5]))
    tensor([1.        , 0.63661975])
    """
    turned = x * math.pi
    safe = xp.where(turned == 0, xp.ones((), turned.dtype), turned)
    return xp.where(turned == 0, xp.ones((), turned.dtype), xp.sin(safe) / safe)


def _differentiated(x: Any, *, n: int) -> shapes.Shape:
    if n < 1:
        raise Misfit(f"the order n is at least 1, not {n}; df.sinc is that of order 0")
    return shapes.of(x)


@primitive(shape=_differentiated, dtype="float")
def sinc_derivative(xp: Any, x: Any, *, n: int) -> Any:
    """Compute the ``n``-th derivative of ``sinc``, for n > 0, with all its digits near 0 too.

    With t = pi x and s = sin(t) / t, t s' + s = cos(t), so that t s(n) + n s(n - 1) is the n-th derivative of sin(t).
    That loses digits where t is small against n: there the power series of s is differentiated instead. For n up to 6
    the error is below 2 eps pi**n, and near 0 below 2 ulp.

    >>> from dualflow.ops.math.trigonometry import sinc_derivative
    >>> sinc_derivative(df.tensor([1.0, 2.0]), n=1)
    tensor([-1. ,  0.5])
    """
    _differentiated(x, n=n)
    t = x * math.pi
    near = xp.abs(t) < 2 + n / 2
    one = xp.ones((), t.dtype)
    small, large = xp.where(near, t, 0 * one), xp.where(near, one, t)
    squared, first = small * small, (n + 1) // 2  # the first power of t squared that n derivatives leave
    powers = range(first, first + 12 + 2 * n)
    series = 0 * small
    for k in reversed(powers):
        series = series * squared + (-1) ** k * math.perm(2 * k, n) / math.factorial(2 * k + 1)
    cycle = (xp.sin(large), xp.cos(large))
    far = cycle[0] / large
    for m in range(1, n + 1):
        far = ((-1) ** (m // 2) * cycle[m % 2] - m * far) / large
    return xp.where(near, series * small if n % 2 else series, far) * math.pi**n


sinc.vjp(x=lambda g, y, x: g * sinc_derivative(x, n=1), reads="x")
sinc_derivative.vjp(x=lambda g, y, x, *, n: g * sinc_derivative(x, n=n + 1), reads="x")


@public()
def deg2rad(x: Any) -> Any:
    """Turn degrees into radians.

    >>> df.deg2rad(df.tensor([180.0]))
    tensor([3.1415927])
    """
    return multiply(x, math.pi / 180)


@public()
def rad2deg(x: Any) -> Any:
    """Turn radians into degrees.

    >>> df.rad2deg(df.tensor([0.0, 1.0]))
    tensor([ 0.     , 57.29578])
    """
    return multiply(x, 180 / math.pi)


@public()
def polar(abs: Any, angle: Any) -> Any:
    """Make complex numbers of absolute values and angles in radians, which broadcast.

    >>> df.polar(df.tensor([2.0]), df.tensor([0.0]))
    tensor([2.+0.j], dtype=complex64)
    """
    return make_complex(abs * cos(angle), abs * sin(angle))

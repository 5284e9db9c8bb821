"""Circular and hyperbolic functions and their inverses, but for ``sin``, ``cos`` and ``tanh``, in elementwise."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from dualflow.core import shapes
from dualflow.core.names import public
from dualflow.core.op import primitive
from dualflow.ops.math.comparison import where
from dualflow.ops.math.complex import make_complex
from dualflow.ops.math.elementwise import cos, multiply, sin, sqrt


@primitive(shape=shapes.same, dtype="float", numpy=np.tan, domain="unit", public="df")
def tan(xp: Any, x: Any) -> Any:
    """Take the tangent elementwise, in radians.

    >>> df.tan(df.tensor([0.0]))
    tensor([0.])
    """
    return xp.tan(x)


tan.vjp(x=lambda g, y, x: g + g * y * y, reads="y")


@primitive(shape=shapes.same, dtype="float", numpy=np.arcsin, domain="unit", public="df")
def asin(xp: Any, x: Any) -> Any:
    """Take the arc sine elementwise, in radians; NaN outside [-1, 1] unless complex.

    >>> df.asin(df.tensor([0.0, 1.0]))
    tensor([0.       , 1.5707964])
    """
    return xp.arcsin(x)


asin.vjp(x=lambda g, y, x: g / sqrt(1 - x * x), reads="x")


@primitive(shape=shapes.same, dtype="float", numpy=np.arccos, domain="unit", public="df")
def acos(xp: Any, x: Any) -> Any:
    """Take the arc cosine elementwise, in radians; NaN outside [-1, 1] unless complex.

    >>> df.acos(df.tensor([1.0, 0.0]))
    tensor([0.       , 1.5707964])
    """
    return xp.arccos(x)


acos.vjp(x=lambda g, y, x: -(g / sqrt(1 - x * x)), reads="x")


@primitive(shape=shapes.same, dtype="float", numpy=np.arctan, domain="unit", public="df")
def atan(xp: Any, x: Any) -> Any:
    """Take the arc tangent elementwise, in radians.

    >>> df.atan(df.tensor([0.0, float("inf")]))
    tensor([0.       , 1.5707964])
    """
    return xp.arctan(x)


atan.vjp(x=lambda g, y, x: g / (1 + x * x), reads="x")


@primitive(
    shape=shapes.elementwise, dtype="real float", numpy=np.arctan2, broadcasts=True, domain="nonzero", public="df"
)
def atan2(xp: Any, a: Any, b: Any) -> Any:
    """Return the angle of the point (x=b, y=a), in radians from -pi to pi; operands broadcast.

    >>> df.atan2(df.tensor([0.0, 1.0]), df.tensor([-1.0, 0.0]))
    tensor([3.1415927, 1.5707964])
    """
    return xp.arctan2(a, b)


def _distance(a: Any, b: Any) -> Any:
    """Return the squared distance from the origin, and 1 at it: PyTorch takes the gradient there for 0."""
    squared = a * a + b * b
    return where(squared == 0, 1, squared)


atan2.vjp(a=lambda g, y, a, b: g * b / _distance(a, b), b=lambda g, y, a, b: -(g * a) / _distance(a, b), reads="a b")


@primitive(shape=shapes.elementwise, dtype="real float", numpy=np.hypot, broadcasts=True, domain="nonzero", public="df")
def hypot(xp: Any, a: Any, b: Any) -> Any:
    """Compute ``sqrt(a**2 + b**2)`` elementwise without overflow; operands broadcast.

    >>> df.hypot(df.tensor([3.0]), df.tensor([4.0]))
    tensor([5.])
    """
    return xp.hypot(a, b)


hypot.vjp(a=lambda g, y, a, b: g * (a / y), b=lambda g, y, a, b: g * (b / y), reads={"a": "y a", "b": "y b"})


@primitive(shape=shapes.same, dtype="float", numpy=np.sinh, public="df")
def sinh(xp: Any, x: Any) -> Any:
    """Take the hyperbolic sine elementwise.

    >>> df.sinh(df.tensor([0.0]))
    tensor([0.])
    """
    return xp.sinh(x)


sinh.vjp(x=lambda g, y, x: g * cosh(x), reads="x")


@primitive(shape=shapes.same, dtype="float", numpy=np.cosh, public="df")
def cosh(xp: Any, x: Any) -> Any:
    """Take the hyperbolic cosine elementwise.

    >>> df.cosh(df.tensor([0.0]))
    tensor([1.])
    """
    return xp.cosh(x)


cosh.vjp(x=lambda g, y, x: g * sinh(x), reads="x")


@primitive(shape=shapes.same, dtype="float", numpy=np.arcsinh, public="df")
def asinh(xp: Any, x: Any) -> Any:
    """Take the inverse hyperbolic sine elementwise.

    >>> df.asinh(df.tensor([0.0]))
    tensor([0.])
    """
    return xp.arcsinh(x)


asinh.vjp(x=lambda g, y, x: g / sqrt(x * x + 1), reads="x")


@primitive(shape=shapes.same, dtype="float", numpy=np.arccosh, domain="beyond one", public="df")
def acosh(xp: Any, x: Any) -> Any:
    """Take the inverse hyperbolic cosine elementwise; NaN below 1 unless complex.

    >>> df.acosh(df.tensor([1.0]))
    tensor([0.])
    """
    return xp.arccosh(x)


acosh.vjp(x=lambda g, y, x: g / (sqrt(x - 1) * sqrt(x + 1)), reads="x")


@primitive(shape=shapes.same, dtype="float", numpy=np.arctanh, domain="unit", public="df")
def atanh(xp: Any, x: Any) -> Any:
    """Take the inverse hyperbolic tangent elementwise; infinite at -1 and 1, NaN beyond unless complex.

    >>> df.atanh(df.tensor([0.0]))
    tensor([0.])
    """
    return xp.arctanh(x)


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


def _sinc_x(g: Any, y: Any, x: Any) -> Any:
    turned = x * math.pi
    safe = where(turned == 0, 1, turned)
    slope = math.pi * (safe * cos(safe) - sin(safe)) / (safe * safe)
    return where(turned == 0, 0, g * slope)


sinc.vjp(x=_sinc_x, reads="x")


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

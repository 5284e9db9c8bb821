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


def _distance(a: Any, b: Any) -> Any:
    """Return the squared distance from the origin, and 1 at it: PyTorch takes the gradient there for 0."""
    squared = a * a + b * b
    return where(squared == 0, 1, squared)


atan2.vjp(a=lambda g, y, a, b: g * b / _distance(a, b), b=lambda g, y, a, b: -(g * a) / _distance(a, b), reads="a b")


@ufunc(np.hypot, dtype="real float", broadcasts=True, domain="nonzero")
def hypot(xp: Any, a: Any, b: Any) -> Any:
    """Compute ``sqrt(a**2 + b**2)`` elementwise without overflow; operands broadcast.

    >>> df.hypot(df.tensor([3.0]), df.tensor([4.0]))
    tensor([5.])
    """


hypot.vjp(a=lambda g, y, a, b: g * (a / y), b=lambda g, y, a, b: g * (b / y), reads={"a": "y a", "b": "y b"})


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

"""Special functions of mathematics, and the kernels that NumPy lacks for them."""

from __future__ import annotations

import functools
import math
from typing import Any

import numpy as np

from dualflow import shapes
from dualflow.errors import Misfit
from dualflow.op import primitive
from dualflow.ops.elementwise import exp

TWO_OVER_ROOT_PI = 2 / math.sqrt(math.pi)


def _horner(z: Any, coefficients: tuple[float, ...]) -> Any:
    """Evaluate the polynomial with ``coefficients``, constant term first."""
    total = z * coefficients[-1] + coefficients[-2]
    for c in coefficients[-3::-1]:
        total *= z
        total += c
    return total


# ----------------------------------------------------------------------------------------------- the error function

# Rational approximations below 0.84375, to 1.25, to 1/0.35, and beyond, from fdlibm's s_erf.c, less than 1 ulp wrong:
# Copyright (C) 1993 by Sun Microsystems, Inc. All rights reserved. Developed at SunPro, a Sun Microsystems, Inc.
# business. Permission to use, copy, modify, and distribute this software is freely granted, provided that this notice
# is preserved.
ERX = 8.45062911510467529297e-01
P0 = (1.28379167095512558561e-01, -3.25042107247001499370e-01, -2.84817495755985104766e-02,
      -5.77027029648944159157e-03, -2.37630166566501626084e-05)  # fmt: skip
Q0 = (1.0, 3.97917223959155352819e-01, 6.50222499887672944485e-02, 5.08130628187576562776e-03,
      1.32494738004321644526e-04, -3.96022827877536812320e-06)  # fmt: skip
P1 = (-2.36211856075265944077e-03, 4.14856118683748331666e-01, -3.72207876035701323847e-01,
      3.18346619901161753674e-01, -1.10894694282396677476e-01, 3.54783043256182359371e-02,
      -2.16637559486879084300e-03)  # fmt: skip
Q1 = (1.0, 1.06420880400844228286e-01, 5.40397917702171048937e-01, 7.18286544141962662868e-02,
      1.26171219808761642112e-01, 1.36370839120290507362e-02, 1.19844998467991074170e-02)  # fmt: skip
P2 = (-9.86494403484714822705e-03, -6.93858572707181764372e-01, -1.05586262253232909814e+01,
      -6.23753324503260060396e+01, -1.62396669462573470355e+02, -1.84605092906711035994e+02,
      -8.12874355063065934246e+01, -9.81432934416914548592e+00)  # fmt: skip
Q2 = (1.0, 1.96512716674392571292e+01, 1.37657754143519042600e+02, 4.34565877475229228821e+02,
      6.45387271733267880336e+02, 4.29008140027567833386e+02, 1.08635005541779435134e+02,
      6.57024977031928170135e+00, -6.04244152148580987438e-02)  # fmt: skip
P3 = (-9.86494292470009928597e-03, -7.99283237680523006574e-01, -1.77579549177547519889e+01,
      -1.60636384855821916062e+02, -6.37566443368389627722e+02, -1.02509513161107724954e+03,
      -4.83519191608651397019e+02)  # fmt: skip
Q3 = (1.0, 3.03380607434824582924e+01, 3.25792512996573918826e+02, 1.53672958608443695994e+03,
      3.19985821950859553908e+03, 2.55305040643316442583e+03, 4.74528541206955367215e+02,
      -2.24409524465858183362e+01)  # fmt: skip


def _erf_and_erfc(x: Any) -> tuple[Any, Any]:
    """Return erf and erfc of an array of float64."""
    x = np.asarray(x, np.float64)
    size = np.abs(x)
    erf, erfc = np.empty_like(x), np.empty_like(x)

    small = ~(size >= 0.84375)  # NaN too
    part = x[small]
    z = part * part
    inner = part + part * (_horner(z, P0) / _horner(z, Q0))
    erf[small], erfc[small] = inner, 1 - inner

    middle = (size >= 0.84375) & (size < 1.25)
    z = size[middle] - 1
    ratio = _horner(z, P1) / _horner(z, Q1)
    negative = x[middle] < 0
    erf[middle] = np.where(negative, -ERX - ratio, ERX + ratio)
    erfc[middle] = np.where(negative, 1 + (ERX + ratio), 1 - ERX - ratio)

    for above, p, q, span in ((1.25, P2, Q2, size < 1 / 0.35), (1 / 0.35, P3, Q3, size >= 1 / 0.35)):
        at = (size >= above) & span
        if not at.any():
            continue
        big = np.minimum(size[at], 30.0)
        z = 1 / (big * big)
        short = (big.view(np.int64) & ~np.int64(0xFFFFFFFF)).view(np.float64)  # its square is exact
        tail = np.exp(-short * short - 0.5625) * np.exp((short - big) * (short + big) + _horner(z, p) / _horner(z, q))
        tail /= big
        negative = x[at] < 0
        erf[at] = np.where(negative, tail - 1, 1 - tail)
        erfc[at] = np.where(negative, 2 - tail, tail)
    return erf, erfc


# A ratio of polynomials in x*x for float32, from Eigen and XLA: within 4 ulp, and one pass without branches
ALPHA = (-1.60960333262415e-02, -2.95459980854025e-03, -7.34990630326855e-04, -5.69250639462346e-05,
         -2.10102402082508e-06, 2.77068142495902e-08, -2.72614225801306e-10)  # fmt: skip
BETA = (-1.42647390514189e-02, -7.37332916720468e-03, -1.68282697438203e-03, -2.13374055278905e-04,
        -1.45660718464996e-05)  # fmt: skip


def erf_array(x: Any) -> Any:
    """Return the error function of a NumPy array, in its own floating dtype."""
    if x.dtype == np.float64:
        return _erf_and_erfc(x)[0]
    if x.size <= BLOCK:
        return _ratio(x).astype(x.dtype, copy=False)
    y, flat = np.empty(x.shape, x.dtype), x.reshape(-1)
    out = y.reshape(-1)
    for start in range(0, x.size, BLOCK):
        out[start : start + BLOCK] = _ratio(flat[start : start + BLOCK])
    return y


BLOCK = 1 << 14  # 64 KiB of float32: twenty passes over it stay in the cache


def _ratio(x: Any) -> Any:
    near = np.minimum(np.maximum(x, np.float32(-4)), np.float32(4))
    z = near * near
    near *= _horner(z, ALPHA)
    near /= _horner(z, BETA)
    return near


@primitive(shape=shapes.same, dtype="real float", jax="jax.lax.erf")
def erf(xp: Any, x: Any) -> Any:
    """Compute the error function, ``2 / sqrt(pi)`` times the integral of ``exp(-t**2)`` from 0 to ``x``.

    >>> import dualflow as df
    >>> df.erf(df.tensor([0.0, 1.0]))
    tensor([0.       , 0.8427007])
    """
    return erf_array(x) if x.dtype.kind == "f" else _erf_and_erfc(x)[0]


erf.vjp(x=lambda g, y, x: g * (TWO_OVER_ROOT_PI * exp(-(x * x))))


@primitive(shape=shapes.same, dtype="real float", jax="jax.lax.erfc")
def erfc(xp: Any, x: Any) -> Any:
    """Compute ``1 - erf(x)`` without losing digits where ``erf`` is near 1.

    >>> import dualflow as df
    >>> df.erfc(df.tensor([0.0, 5.0]))
    tensor([1.0000000e+00, 1.5374598e-12])
    """
    return _erf_and_erfc(x)[1].astype(x.dtype if x.dtype.kind == "f" else np.float64)


erfc.vjp(x=lambda g, y, x: -(g * (TWO_OVER_ROOT_PI * exp(-(x * x)))))

# M. Giles, "Approximating the erfinv function", GPU Computing Gems (2012), for float32: here a first guess.
GILES_NEAR = (1.50140941, 0.246640727, -0.00417768164, -0.00125372503, 0.00021858087, -4.39150654e-06,
              -3.5233877e-06, 3.43273939e-07, 2.81022636e-08)  # fmt: skip
GILES_FAR = (2.83297682, 1.00167406, 0.00943887047, -0.0076224613, 0.00573950773, -0.00367342844,
             0.00134934322, 0.000100950558, -0.000200214257)  # fmt: skip


@primitive(shape=shapes.same, dtype="real float", jax="jax.lax.erf_inv", domain="unit")
def erfinv(xp: Any, x: Any) -> Any:
    """Compute the inverse of ``erf``: infinite at -1 and 1, NaN beyond.

    >>> import dualflow as df
    >>> df.erfinv(df.tensor([0.0, 0.5, 1.0]))
    tensor([0.        , 0.47693628,        inf])
    """
    dtype = x.dtype if x.dtype.kind == "f" else np.float64
    x = np.asarray(x, np.float64)
    size = np.abs(x)
    w = -np.log1p(-(np.minimum(size, np.nextafter(1, 0)) ** 2))
    guess = size * np.where(w < 5, _horner(w - 2.5, GILES_NEAR), _horner(np.sqrt(w) - 3, GILES_FAR))
    for _ in range(4):  # Halley's steps; 1 - size is exact from a half on, and erfc keeps its digits there
        low, high = _erf_and_erfc(guess)
        off = np.where(size < 0.5, low - size, (1 - size) - high) / (TWO_OVER_ROOT_PI * np.exp(-guess * guess))
        guess = guess - off / (1 + guess * off)
    y = np.where(size < 1, guess, np.where(size == 1, np.inf, np.nan))
    return np.copysign(y, x).astype(dtype)


erfinv.vjp(x=lambda g, y, x: g * (exp(y * y) * (1 / TWO_OVER_ROOT_PI)))

# ----------------------------------------------------------------------------------------------- the gamma function


def _lgamma_above_half(x: Any) -> Any:
    """Return log(gamma(x)) for x >= 0.5: Stirling's series (Abramowitz and Stegun 6.1.41), from 9 on."""
    shift, z = np.ones_like(x), x.copy()
    for _ in range(9):
        low = z < 9
        shift[low] *= z[low]
        z[low] += 1
    r = 1 / z
    r2 = r * r
    series = r * _horner(r2, (1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156, -3617 / 122400))
    return (z - 0.5) * np.log(z) - z + 0.5 * math.log(2 * math.pi) + series - np.log(shift)


@primitive(shape=shapes.same, dtype="real float", jax="jax.lax.lgamma", domain="positive")
def lgamma(xp: Any, x: Any) -> Any:
    """Compute the logarithm of the absolute value of the gamma function; infinite at 0, -1, -2, …

    >>> import dualflow as df
    >>> df.lgamma(df.tensor([1.0, 3.0, 0.0]))
    tensor([0.       , 0.6931472,       inf])
    """
    dtype = x.dtype if x.dtype.kind == "f" else np.float64
    x = np.asarray(x, np.float64)
    low = x < 0.5
    turn = np.where(low, x - np.round(x), 0.5)
    none = (x == 1) | (x == 2)  # where the series leaves 2e-15
    pole = (turn == 0) | np.isinf(x)
    y = _lgamma_above_half(np.atleast_1d(np.where(pole, 1, np.where(low, 1 - x, x)))).reshape(x.shape)
    mirrored = math.log(math.pi) - np.log(np.abs(np.sin(math.pi * np.where(pole, 0.5, turn)))) - y
    return np.where(pole, np.inf, np.where(low, mirrored, np.where(none, 0, y))).astype(dtype)


lgamma.vjp(x=lambda g, y, x: g * digamma(x))


def _digamma(xp: Any, x: Any) -> Any:
    """Return digamma by its recurrence up to 10, then its series (Abramowitz and Stegun 6.3.18); reflected below 0."""
    low = x <= 0
    z = xp.where(low, 1 - x, x)
    total = xp.zeros_like(z)
    for _ in range(10):
        small = z < 10
        total = xp.where(small, total - 1 / z, total)
        z = xp.where(small, z + 1, z)
    r2 = 1 / (z * z)
    series = r2 * _horner(r2, (1 / 12, -1 / 120, 1 / 252, -1 / 240, 1 / 132, -691 / 32760, 1 / 12))
    y = total + xp.log(z) - 0.5 / z - series
    turn = xp.where(low, x - xp.round(x), xp.ones((), x.dtype) * 0.25)
    cot = xp.where(turn == 0, xp.ones((), x.dtype) * xp.nan, math.pi / xp.tan(math.pi * turn))
    y = xp.where(low, y - cot, y)
    return xp.where(x == 0, xp.copysign(xp.ones((), x.dtype) * xp.inf, -x), y)


@primitive(shape=shapes.same, dtype="real float", domain="positive")
def digamma(xp: Any, x: Any) -> Any:
    """Compute the logarithmic derivative of the gamma function; infinite at 0, NaN at -1, -2, …

    >>> import dualflow as df
    >>> df.digamma(df.tensor([1.0]))
    tensor([-0.5772157])
    """
    dtype = x.dtype
    wide = xp.float64 if dtype == np.float64 or dtype.kind != "f" else xp.float32
    if xp is np:
        wide = np.float64
    y = _digamma(xp, x.astype(wide))
    return y.astype(dtype) if dtype.kind == "f" else y


digamma.vjp(x=lambda g, y, x: g * _polygamma(x, n=1))

BERNOULLI = (1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510)


def _zeta(xp: Any, s: int, x: Any) -> Any:
    """Return Hurwitz's zeta, the sum of (x + k)**-s over k = 0, 1, …, by Euler and Maclaurin's formula from 10 on."""
    total = functools.reduce(lambda sum, k: sum + (x + k) ** -s, range(10), xp.zeros_like(x))
    z = x + 10
    total = total + z ** (1 - s) / (s - 1) + 0.5 * z**-s
    for j, b in enumerate(BERNOULLI, 1):
        rising = math.prod(range(s, s + 2 * j - 1))
        total = total + (b * rising / math.factorial(2 * j)) * z ** -(s + 2 * j - 1)
    return total


def _order(x: Any, *, n: int) -> shapes.Shape:
    if n < 1:
        raise Misfit(f"the order n is at least 1, not {n}; df.digamma is that of order 0")
    return shapes.of(x)


@primitive(shape=_order, dtype="real float", name="polygamma", domain="positive")
def _polygamma(xp: Any, x: Any, *, n: int) -> Any:
    """Compute the ``n``-th derivative of ``digamma``: the primitive behind ``polygamma``, for n > 0.

    Below 0 for n = 1 only; else NaN there.

    >>> import dualflow as df
    >>> from dualflow.op import VOCABULARY
    >>> VOCABULARY["polygamma"].call(df.tensor([1.0]), n=1)
    tensor([1.644934])
    """
    dtype = x.dtype
    x = x.astype(np.float64) if xp is np or dtype.kind != "f" else x.astype(xp.promote_types(dtype, np.float32))
    low = x <= 0
    y = (-1.0) ** (n + 1) * math.factorial(n) * _zeta(xp, n + 1, xp.where(low, 1 - x, x))
    if n == 1:
        sine = xp.sin(math.pi * xp.where(low, x - xp.round(x), xp.ones((), x.dtype) * 0.5))
        mirrored = (math.pi / sine) ** 2 - y
    else:
        mirrored = xp.where(x == 0, (-1.0) ** (n + 1) * xp.inf * xp.ones((), x.dtype), xp.ones((), x.dtype) * xp.nan)
    y = xp.where(low, mirrored, y)
    return y.astype(dtype) if dtype.kind == "f" else y


_polygamma.vjp(x=lambda g, y, x, *, n: g * _polygamma(x, n=n + 1))


def polygamma(n: int, x: Any) -> Any:
    """Compute the ``n``-th derivative of ``digamma``, itself for n = 0; below 0 for n < 2 only, else NaN there.

    >>> import dualflow as df
    >>> df.polygamma(1, df.tensor([1.0]))
    tensor([1.644934])
    """
    return digamma(x) if n == 0 else _polygamma(x, n=n)

"""The cells of recurrent networks: what gates let through, and its gradient, as one op each.

Step by step an LSTM cell is ten ops, whose records and gradients take longer in eager than what they compute.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from dualflow.core import shapes
from dualflow.core.errors import Misfit, format_shape
from dualflow.core.op import primitive
from dualflow.core.shapes import Shape
from dualflow.ops.array.create import filled, zeros_like
from dualflow.ops.array.shape import concat, part_like
from dualflow.ops.math.elementwise import logistic, tanh


def _beside(name: str, gates: Any, state: Any, count: int) -> tuple[Shape, Shape]:
    """Return the shapes of gates and state; raise Misfit unless the gates are ``count`` times as wide."""
    wide, narrow = shapes.of(gates), shapes.of(state)
    fits = len(wide) == len(narrow) > 0 and shapes.agree(wide[:-1], narrow[:-1])
    if not fits or (wide[-1] is not None and narrow[-1] is not None and wide[-1] != count * narrow[-1]):
        raise Misfit(
            f"{name} of shape {format_shape(wide)} and a state of shape {format_shape(narrow)}: the last axis of the "
            f"gates must be {count} times as long, and the others the same"
        )
    return wide, narrow


def _parts(x: Any, count: int) -> Any:
    """Cut gates along the last axis, as views."""
    n = x.shape[-1] // count
    return [x[..., i * n : (i + 1) * n] for i in range(count)]


def _cut(x: Any, state: Any, count: int) -> list[Any]:
    """Cut gates into parts of the size of a state, which a graph need not know."""
    return [part_like(x, *(state,) * count, index=i, axis=-1) for i in range(count)]


# ------------------------------------------------------------------------------------------------------------ LSTM


class LSTMState(NamedTuple):
    """What an LSTM cell gives: output, cell state, and what its gates (input, forget, cell, output) let through."""

    h: Any
    c: Any
    gates: Any


def _lstm_shape(a: Any, c: Any) -> tuple[Shape, Shape, Shape]:
    gates, state = _beside("gates", a, c, 4)
    return state, state, gates


@primitive(shape=_lstm_shape, dtype="real float", results=LSTMState)
def lstm_cell(xp: Any, a: Any, c: Any) -> Any:
    """Take a step of long short-term memory from the sums ``a`` (…, 4n) at its gates and the state ``c`` (…, n).

    ``c' = σ(f)·c + σ(i)·tanh(g)`` and ``h' = σ(o)·tanh(c')`` (Hochreiter & Schmidhuber 1997).

    >>> from dualflow.ops.network.recurrent import lstm_cell
    >>> lstm_cell(df.zeros(1, 4), df.ones(1, 1)).c
    tensor([[0.5]])
    """
    _lstm_shape(a, c)
    i, f, g, o = _parts(a, 4)
    i, f, g, o = logistic(xp, i), logistic(xp, f), xp.tanh(g), logistic(xp, o)
    new = f * c + i * g
    return o * xp.tanh(new), new, xp.concatenate([i, f, g, o], -1)


@lstm_cell.kernel("numpy")
def _lstm(a: Any, c: Any) -> Any:
    _lstm_shape(a, c)
    n = c.shape[-1]
    gates = logistic(np, a)
    np.tanh(a[..., 2 * n : 3 * n], out=gates[..., 2 * n : 3 * n])
    i, f, g, o = _parts(gates, 4)
    new = f * c
    new += i * g
    h = np.tanh(new)
    h *= o
    return h, new, gates


class LSTMSlope(NamedTuple):
    """The gradients of an LSTM cell for its sums and its state."""

    a: Any
    c: Any


def _lstm_slope_shape(gh: Any, gc: Any, s: Any, c: Any, new: Any, gs: Any = None) -> tuple[Shape, Shape]:
    gates, state = _beside("gates", s, c, 4)
    return gates, state


@primitive(shape=_lstm_slope_shape, dtype="real float", results=LSTMSlope)
def lstm_slope(xp: Any, gh: Any, gc: Any, s: Any, c: Any, new: Any, gs: Any = None) -> Any:
    """Pull back through ``lstm_cell``: from gradients of h', c' and the gates ``s``, to those of its operands.

    >>> from dualflow.ops.network.recurrent import lstm_slope
    >>> one = df.ones(1, 1)
    >>> lstm_slope(one, one, df.ones(1, 4) * 0.5, one, one * 0).c
    tensor([[0.75]])
    """
    i, f, g, o = _parts(s, 4)
    t = xp.tanh(new)
    d = gc + gh * o * (1 - t * t)
    pulled = [d * g, d * c, d * i, gh * t]
    if gs is not None:
        pulled = [one + more for one, more in zip(pulled, _parts(gs, 4), strict=True)]
    slopes = [i - i * i, f - f * f, 1 - g * g, o - o * o]
    return xp.concatenate([one * slope for one, slope in zip(pulled, slopes, strict=True)], -1), d * f


@lstm_slope.kernel("numpy")
def _lstm_pulled(gh: Any, gc: Any, s: Any, c: Any, new: Any, gs: Any = None) -> Any:
    i, f, g, o = _parts(s, 4)
    t = np.tanh(new)
    d = gh * o
    d -= d * t * t
    d += gc
    pulled, slope = np.empty(s.shape, d.dtype), s * s
    pi, pf, pg, po = _parts(pulled, 4)
    np.multiply(d, g, out=pi)
    np.multiply(d, c, out=pf)
    np.multiply(d, i, out=pg)
    np.multiply(gh, t, out=po)
    if gs is not None:
        pulled += gs
    np.subtract(s, slope, out=slope)
    n = c.shape[-1]
    middle = slope[..., 2 * n : 3 * n]
    np.multiply(g, g, out=middle)
    np.subtract(1, middle, out=middle)
    pulled *= slope
    d *= f
    return pulled, d


def _lstm_rule(g: Any, y: Any, a: Any, c: Any) -> Any:
    gh, gc = filled((g[0], g[1]), (y[0], y[1]))
    return lstm_slope(gh, gc, y[2], c, y[1], g[2])


lstm_cell.vjp(together=_lstm_rule, reads="y c")


def _lstm_bend(g: Any, y: Any, gh: Any, gc: Any, s: Any, c: Any, new: Any, gs: Any = None) -> Any:
    """Differentiate ``lstm_slope``, a polynomial in all but ``t = tanh(c')``."""
    ga, gp = filled(g, y)
    i, f, n, o = _cut(s, c, 4)
    gi, gf, gn, go = _cut(ga, c, 4)
    t = tanh(new)
    d = gc + gh * o * (1 - t * t)
    vi, vf, vn, vo = d * n, d * c, d * i, gh * t
    if gs is not None:
        si, sf, sn, so = _cut(gs, c, 4)
        vi, vf, vn, vo = vi + si, vf + sf, vn + sn, vo + so
    pi, pf, pn, po = gi * (i - i * i), gf * (f - f * f), gn * (1 - n * n), go * (o - o * o)
    pd = pi * n + pf * c + pn * i + gp * f
    to_s = [
        gi * vi * (1 - 2 * i) + pn * d,
        gf * vf * (1 - 2 * f) + gp * d,
        pi * d - 2 * n * gn * vn,
        go * vo * (1 - 2 * o) + pd * gh * (1 - t * t),
    ]
    to_t = po * gh - 2 * t * pd * gh * o
    to_gs = None if gs is None else concat([pi, pf, pn, po], axis=-1)
    return pd * o * (1 - t * t) + po * t, pd, concat(to_s, axis=-1), pf * d, to_t * (1 - t * t), to_gs


lstm_slope.vjp(together=_lstm_bend)


# ------------------------------------------------------------------------------------------------------------- GRU


class GRUState(NamedTuple):
    """What a gated recurrent unit gives: its state, and what its gates (reset, update, new) let through."""

    h: Any
    gates: Any


def _gru_shape(a: Any, b: Any, h: Any) -> tuple[Shape, Shape]:
    gates, state = _beside("gates", a, h, 3)
    _beside("gates", b, h, 3)
    return state, gates


@primitive(shape=_gru_shape, dtype="real float", results=GRUState)
def gru_cell(xp: Any, a: Any, b: Any, h: Any) -> Any:
    """Take a step of a gated recurrent unit, from what input ``a`` and state ``b`` (…, 3n) add, and ``h`` (…, n).

    ``h' = (1 - z)·n + z·h`` with ``r, z = σ(a + b)`` and ``n = tanh(a + r·b)`` (Cho et al. 2014).

    >>> from dualflow.ops.network.recurrent import gru_cell
    >>> gru_cell(df.zeros(1, 3), df.zeros(1, 3), df.ones(1, 1)).h
    tensor([[0.5]])
    """
    _gru_shape(a, b, h)
    (ar, az, an), (br, bz, bn) = _parts(a, 3), _parts(b, 3)
    r, z = logistic(xp, ar + br), logistic(xp, az + bz)
    n = xp.tanh(an + r * bn)
    return n - z * n + z * h, xp.concatenate([r, z, n], -1)


@gru_cell.kernel("numpy")
def _gru(a: Any, b: Any, h: Any) -> Any:
    _gru_shape(a, b, h)
    w = h.shape[-1]
    gates = np.empty(a.shape, np.result_type(a, b, h))
    gates[..., : 2 * w] = logistic(np, a[..., : 2 * w] + b[..., : 2 * w])
    r, z, n = _parts(gates, 3)
    np.multiply(r, b[..., 2 * w :], out=n)
    n += a[..., 2 * w :]
    np.tanh(n, out=n)
    new = z * n
    np.subtract(n, new, out=new)
    new += z * h
    return new, gates


class GRUSlope(NamedTuple):
    """The gradients of a gated recurrent unit for its sums and its state."""

    a: Any
    b: Any
    h: Any


def _gru_slope_shape(g: Any, s: Any, b: Any, h: Any, gs: Any = None) -> tuple[Shape, Shape, Shape]:
    gates, state = _beside("gates", s, h, 3)
    return gates, gates, state


@primitive(shape=_gru_slope_shape, dtype="real float", results=GRUSlope)
def gru_slope(xp: Any, g: Any, s: Any, b: Any, h: Any, gs: Any = None) -> Any:
    """Pull back through ``gru_cell``: from gradients of h' and the gates ``s``, to those of its operands.

    >>> from dualflow.ops.network.recurrent import gru_slope
    >>> one = df.ones(1, 1)
    >>> gru_slope(one, df.ones(1, 3) * 0.5, df.ones(1, 3), one).h
    tensor([[0.5]])
    """
    r, z, n = _parts(s, 3)
    bn = _parts(b, 3)[2]
    vn, vz = g - g * z, g * (h - n)
    if gs is not None:
        sr, sz, sn = _parts(gs, 3)
        vn, vz = vn + sn, vz + sz
    pn = vn * (1 - n * n)
    vr = pn * bn if gs is None else pn * bn + sr
    pr, pz = vr * (r - r * r), vz * (z - z * z)
    return xp.concatenate([pr, pz, pn], -1), xp.concatenate([pr, pz, pn * r], -1), g * z


def _gru_rule(g: Any, y: Any, a: Any, b: Any, h: Any) -> Any:
    (first,) = filled((g[0],), (y[0],))
    return gru_slope(first, y[1], b, h, g[1])


gru_cell.vjp(together=_gru_rule, reads="y b h")


def _gru_bend(g: Any, y: Any, g0: Any, s: Any, b: Any, h: Any, gs: Any = None) -> Any:
    """Differentiate ``gru_slope``, a polynomial."""
    ga, gb, gh = filled(g, y)
    r, z, n = _cut(s, h, 3)
    bn = _cut(b, h, 3)[2]
    (xr, xz, xn), (yr, yz, yn) = _cut(ga, h, 3), _cut(gb, h, 3)
    vn, vz = g0 - g0 * z, g0 * (h - n)
    if gs is not None:
        sr, sz, sn = _cut(gs, h, 3)
        vn, vz = vn + sn, vz + sz
    pn = vn * (1 - n * n)
    vr = pn * bn if gs is None else pn * bn + sr
    to_vr, to_vz = (xr + yr) * (r - r * r), (xz + yz) * (z - z * z)
    to_pn = xn + yn * r + to_vr * bn
    to_vn = to_pn * (1 - n * n)
    to_s = [
        (xr + yr) * vr * (1 - 2 * r) + yn * pn,
        (xz + yz) * vz * (1 - 2 * z) - to_vn * g0 + gh * g0,
        -2 * n * to_pn * vn - to_vz * g0,
    ]
    to_bn = to_vr * pn
    nothing = zeros_like(to_bn)
    to_gs = None if gs is None else concat([to_vr, to_vz, to_vn], axis=-1)
    return (
        to_vn - to_vn * z + to_vz * (h - n) + gh * z,
        concat(to_s, axis=-1),
        concat([nothing, nothing, to_bn], axis=-1),
        to_vz * g0,
        to_gs,
    )


gru_slope.vjp(together=_gru_bend)

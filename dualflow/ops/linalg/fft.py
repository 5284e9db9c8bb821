"""Discrete Fourier transforms: the array API's extension, with PyTorch's gradients.

Three cards do the work: complex to complex, real to half of a Hermitian spectrum, and back. The rest crops, pads and
scales. A transform is linear and symmetric, so its pullback (in JAX's convention, see ``complex.py``) is the same
transform of the gradient.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Sequence
from typing import Any

import numpy as np

from dualflow.core import dtypes, shapes
from dualflow.core.errors import DTypeError, Misfit, format_shape
from dualflow.core.names import public
from dualflow.core.op import primitive
from dualflow.ops.array.create import _finish, arange, asarray, zeros
from dualflow.ops.array.inspection import check_device
from dualflow.ops.array.shape import concat
from dualflow.ops.composite import refuse
from dualflow.ops.math.complex import conj

NORMS = ("backward", "ortho", "forward")


def _transformed(x: Any, *, axes: tuple[int, ...], **params: Any) -> shapes.Shape:
    shape = shapes.of(x)
    for axis in axes:
        if shape[shapes.normalize_axis(axis, len(shape))] == 0:
            raise Misfit(f"there is nothing to transform: shape {format_shape(shape)} is empty along axis {axis}")
    return shape


@primitive(shape=_transformed, dtype="transform", name="fft")
def _fft(xp: Any, x: Any, *, axes: tuple[int, ...], inverse: bool = False, norm: str = "backward") -> Any:
    """Transform complex numbers over ``axes``: the primitive behind ``fft`` and its inverse.

    >>> df.fft.fft(df.tensor([1.0, 0.0]))
    tensor([1.+0.j, 1.+0.j], dtype=complex64)
    """
    _transformed(x, axes=axes)
    if not axes or not x.size:
        return x + 0
    return (xp.fft.ifftn if inverse else xp.fft.fftn)(x, axes=axes, norm=norm).astype(x.dtype)


# The matrix of a transform is symmetric: its transpose is itself, scaling and direction included.
_fft.vjp(x=lambda g, y, x, *, axes, inverse, norm: _fft(g, axes=axes, inverse=inverse, norm=norm), reads="")


def _halved(x: Any, *, axis: int, **params: Any) -> shapes.Shape:
    shape = list(_transformed(x, axes=(axis,)))
    size = shape[axis]
    shape[axis] = None if size is None else size // 2 + 1
    return tuple(shape)


@primitive(shape=_halved, dtype="complex", name="rfft")
def _rfft(xp: Any, x: Any, *, axis: int = -1, norm: str = "backward") -> Any:
    """Transform real numbers over ``axis`` to the half of the spectrum that is not redundant.

    >>> df.fft.rfft(df.tensor([1.0, 0.0]))
    tensor([1.+0.j, 1.+0.j], dtype=complex64)
    """
    _halved(x, axis=axis)
    kind = dtypes.complex_of(x.dtype)
    if not x.size:
        return xp.zeros(_halved(x, axis=axis), kind)
    return xp.fft.rfft(x, axis=axis, norm=norm).astype(kind)


def _whole(x: Any, like: Any = None, *, n: int | None = None, axis: int, **params: Any) -> shapes.Shape:
    shape = list(shapes.of(x))
    at = shapes.normalize_axis(axis, len(shape))
    size = of_like = None if like is None else shapes.of(like)[axis]
    if like is None:
        size = n
        if n is None:
            raise Misfit("the number of elements n must be given", DTypeError)
        if n < 1:
            raise Misfit(f"the number of elements n is at least 1, not {n}")
    half = None if size is None else size // 2 + 1
    if None not in (half, shape[at]) and shape[at] != half:
        raise Misfit(f"{size} real numbers have {half} frequencies, not {shape[at]}")
    shape[at] = size if like is None else of_like
    return tuple(shape)


@primitive(shape=_whole, dtype="synthesis", promotes=(0,), name="irfft")
def _irfft(xp: Any, x: Any, like: Any = None, *, n: int | None = None, axis: int = -1, norm: str = "backward") -> Any:
    """Transform half a Hermitian spectrum back to ``n`` real numbers, or as many as ``like`` has.

    >>> df.fft.irfft(df.tensor([1 + 0j, 1 + 0j]))
    tensor([1., 0.])
    """
    shape = _whole(x, like, n=n, axis=axis)
    kind = dtypes.to_real(x.dtype)
    if not x.size:
        return xp.zeros(shape, kind)
    return xp.fft.irfft(x, shape[axis], axis=axis, norm=norm).astype(kind)


@primitive(shape=lambda x, like, **params: shapes.of(x), dtype="first", promotes=(0,))
def inner_frequencies(xp: Any, x: Any, like: Any, *, axis: int = -1, factor: float = 2.0) -> Any:
    """Multiply by ``factor`` the frequencies that stand for two: all but 0 and, when ``like`` is even, the last.

    >>> from dualflow.ops.linalg.fft import inner_frequencies
    >>> inner_frequencies(df.ones(3), df.zeros(4))
    tensor([1., 2., 1.])
    """
    size = like.shape[axis]
    if x.shape[axis] != size // 2 + 1:
        raise Misfit(f"{size} real numbers have {size // 2 + 1} frequencies, not {x.shape[axis]}")
    weights = np.full(x.shape[axis], factor, dtypes.to_real(x.dtype))
    weights[0] = 1
    if size % 2 == 0:
        weights[-1] = 1
    return x * xp.asarray(weights.reshape((-1,) + (1,) * (x.ndim - axis % x.ndim - 1)))


inner_frequencies.vjp(
    x=lambda g, y, x, like, *, axis, factor: inner_frequencies(g, like, axis=axis, factor=factor), reads=""
)
OTHER = {"backward": "forward", "ortho": "ortho", "forward": "backward"}
"""The scaling that the inverse transform needs to be a transpose."""


def _rfft_rule(g: Any, y: Any, x: Any, *, axis: int, norm: str) -> Any:
    """Sum Re(g_k e^(-2πijk/n)) over the half spectrum: irfft counts the inner frequencies twice."""
    halved = inner_frequencies(conj(g), x, axis=axis, factor=0.5)
    return _irfft(halved, x, n=None, axis=axis, norm=OTHER[norm])


def _irfft_rule(g: Any, y: Any, x: Any, like: Any = None, *, n: int | None, axis: int, norm: str) -> Any:
    return conj(inner_frequencies(_rfft(g, axis=axis, norm=OTHER[norm]), g, axis=axis, factor=2.0))


_rfft.vjp(x=_rfft_rule, reads="")
_irfft.vjp(x=_irfft_rule, reads="")


# --------------------------------------------------------------------------------------------------- the functions


def _norm(op: str, norm: Any, x: Any) -> str:
    if norm is not None and norm not in NORMS:
        raise refuse(op, f"the norm is 'backward', 'ortho' or 'forward', not {norm!r}", x)
    return norm or "backward"


def _axes(op: str, x: Any, s: Any, axes: Any) -> tuple[tuple[int, ...], tuple[Any, ...]]:
    """Return the axes, counted from the front, and the sizes wanted along them, None for as they are."""
    try:
        if isinstance(s, int):
            s = (s,)
        if axes is None:
            count = x.ndim if s is None else len(tuple(s))
            axes = tuple(range(x.ndim - count, x.ndim))
        if isinstance(axes, int):  # PyTorch takes one for several
            axes = (axes,)
        found = tuple(shapes.normalize_axis(a, x.ndim) for a in axes)
        sizes = (None,) * len(found) if s is None else tuple(None if n in (None, -1) else operator.index(n) for n in s)
        if len(sizes) != len(found):
            raise Misfit(f"{len(sizes)} sizes are given for {len(found)} axes")
        if len(set(found)) < len(found):
            raise Misfit(f"axes {axes!r} name one axis twice")
        if any(n is not None and n < 1 for n in sizes):
            raise Misfit(f"sizes are at least 1, not {s!r}")
    except Misfit as misfit:
        raise refuse(op, misfit.reason, x, kind=misfit.kind) from None
    except TypeError:
        raise refuse(op, f"sizes and axes are integers, not {s!r} and {axes!r}", x, kind=DTypeError) from None
    return found, sizes


def _sized(op: str, x: Any, axis: int, size: int | None) -> Any:
    """Crop the end of an axis, or pad it with zeros, to ``size``."""
    if size is None or x.shape[axis] == size:
        return x
    if x.shape[axis] is None:
        raise refuse(op, f"axis {axis} has an unknown size, so whether to crop or to pad is not known", x)
    if x.shape[axis] > size:
        return x[(slice(None),) * axis + (slice(0, size),)]
    missing = tuple(size - n if i == axis else n for i, n in enumerate(x.shape))
    if not shapes.known(missing):
        return concat([x, x[(slice(None),) * axis + (np.zeros(size - x.shape[axis], np.int64),)] * 0], axis=axis)
    return concat([x, zeros(missing, dtype=x.dtype)], axis=axis)


def _complex(op: str, x: Any, s: Any, axes: Any, norm: Any, inverse: bool) -> Any:
    x, norm, found, sizes = _opened(op, x, s, axes, norm)
    return _fft(_resized(op, x, found, sizes), axes=found, inverse=inverse, norm=norm)


def _opened(op: str, x: Any, s: Any, axes: Any, norm: Any) -> tuple[Any, str, tuple[int, ...], tuple[Any, ...]]:
    """Return the tensor, the scaling, the axes and the sizes that a call asks for."""
    x = asarray(x)
    return (x, _norm(op, norm, x), *_axes(op, x, s, axes))


def _resized(op: str, x: Any, axes: Sequence[int], sizes: Sequence[Any]) -> Any:
    for axis, size in zip(axes, sizes, strict=True):
        x = _sized(op, x, axis, size)
    return x


def _one(n: int | None) -> Any:
    return None if n is None else (n,)


@public("fft")
def fft(x: Any, *, n: int | None = None, axis: int = -1, norm: str = "backward") -> Any:
    """Transform over ``axis``, cropped or padded with zeros to ``n``; the result is complex.

    ``norm``: divide by n when going back ("backward"), when going forward ("forward"), by its root both ways ("ortho").

    >>> df.fft.fft(df.tensor([1.0, 0.0]), n=3)
    tensor([1.+0.j, 1.+0.j, 1.+0.j], dtype=complex64)
    """
    return _complex("fft", x, _one(n), (axis,), norm, False)


@public("fft")
def ifft(x: Any, *, n: int | None = None, axis: int = -1, norm: str = "backward") -> Any:
    """Transform back over ``axis``: the inverse of ``fft``.

    >>> df.fft.ifft(df.tensor([1 + 0j, 1 + 0j]))
    tensor([1.+0.j, 0.+0.j], dtype=complex64)
    """
    return _complex("ifft", x, _one(n), (axis,), norm, True)


@public("fft")
def fftn(x: Any, *, s: Sequence[int] | None = None, axes: Sequence[int] | None = None, norm: str = "backward") -> Any:
    """Transform over several axes, all by default, cropped or padded to the sizes ``s``.

    >>> df.fft.fftn(df.ones(2, 2))[0]
    tensor([4.+0.j, 0.+0.j], dtype=complex64)
    """
    return _complex("fftn", x, s, axes, norm, False)


@public("fft")
def ifftn(x: Any, *, s: Sequence[int] | None = None, axes: Sequence[int] | None = None, norm: str = "backward") -> Any:
    """Transform back over several axes: the inverse of ``fftn``.

    >>> df.fft.ifftn(df.ones(2, 2))[0]
    tensor([1.+0.j, 0.+0.j], dtype=complex64)
    """
    return _complex("ifftn", x, s, axes, norm, True)


@public("fft")
def fft2(x: Any, *, s: Sequence[int] | None = None, axes: Sequence[int] = (-2, -1), norm: str = "backward") -> Any:
    """Transform over the last two axes.

    >>> df.fft.fft2(df.ones(3, 2, 2)).shape
    (3, 2, 2)
    """
    return _complex("fft2", x, s, axes, norm, False)


@public("fft")
def ifft2(x: Any, *, s: Sequence[int] | None = None, axes: Sequence[int] = (-2, -1), norm: str = "backward") -> Any:
    """Transform back over the last two axes.

    >>> df.fft.ifft2(df.ones(3, 2, 2)).shape
    (3, 2, 2)
    """
    return _complex("ifft2", x, s, axes, norm, True)


@public("fft")
def rfftn(x: Any, *, s: Sequence[int] | None = None, axes: Sequence[int] | None = None, norm: str = "backward") -> Any:
    """Transform real numbers over several axes; of the last, n // 2 + 1 frequencies are kept.

    >>> df.fft.rfftn(df.ones(2, 4)).shape
    (2, 3)
    """
    return _from_real("rfftn", x, s, axes, norm)


def _from_real(op: str, x: Any, s: Any, axes: Any, norm: Any) -> Any:
    x, norm, found, sizes = _opened(op, x, s, axes, norm)
    if not found:
        raise refuse(op, "takes one axis at least", x)
    half = _rfft(_resized(op, x, found, sizes), axis=found[-1] - x.ndim, norm=norm)
    return _fft(half, axes=found[:-1], inverse=False, norm=norm) if len(found) > 1 else half


def _to_real(op: str, x: Any, s: Any, axes: Any, norm: Any) -> Any:
    x, norm, found, sizes = _opened(op, x, s, axes, norm)
    if not found:
        raise refuse(op, "takes one axis at least", x)
    last, n = found[-1], sizes[-1]
    if n is None:
        if x.shape[last] is None:
            raise refuse(op, f"axis {last} has an unknown size; say how many real numbers there are with n=… or s=…", x)
        n = 2 * (x.shape[last] - 1)
        if n < 1:
            raise refuse(op, f"{x.shape[last]} frequencies make {n} real numbers; say how many with n=… or s=…", x)
    x = _resized(op, x, found, (*sizes[:-1], n // 2 + 1))
    if len(found) > 1:
        x = _fft(x, axes=found[:-1], inverse=True, norm=norm)
    return _irfft(x, n=n, axis=last - x.ndim, norm=norm)


@public("fft")
def irfftn(x: Any, *, s: Sequence[int] | None = None, axes: Sequence[int] | None = None, norm: str = "backward") -> Any:
    """Transform back to real numbers: the inverse of ``rfftn``, given ``s`` when the last size is odd.

    >>> df.fft.irfftn(df.fft.rfftn(df.ones(2, 4))).shape
    (2, 4)
    """
    return _to_real("irfftn", x, s, axes, norm)


@public("fft")
def rfft2(x: Any, *, s: Sequence[int] | None = None, axes: Sequence[int] = (-2, -1), norm: str = "backward") -> Any:
    """Transform real numbers over the last two axes: ``rfftn`` of them.

    >>> df.fft.rfft2(df.ones(3, 2, 4)).shape
    (3, 2, 3)
    """
    return _from_real("rfft2", x, s, axes, norm)


@public("fft")
def irfft2(x: Any, *, s: Sequence[int] | None = None, axes: Sequence[int] = (-2, -1), norm: str = "backward") -> Any:
    """Transform back to real numbers over the last two axes: ``irfftn`` of them.

    >>> df.fft.irfft2(df.ones(3, 2, 3)).shape
    (3, 2, 4)
    """
    return _to_real("irfft2", x, s, axes, norm)


@public("fft")
def rfft(x: Any, *, n: int | None = None, axis: int = -1, norm: str = "backward") -> Any:
    """Transform real numbers over ``axis``: n // 2 + 1 frequencies, the others being their conjugates.

    >>> df.fft.rfft(df.tensor([1.0, 0.0, 0.0]))
    tensor([1.+0.j, 1.+0.j], dtype=complex64)
    """
    return _from_real("rfft", x, _one(n), (axis,), norm)


@public("fft")
def irfft(x: Any, *, n: int | None = None, axis: int = -1, norm: str = "backward") -> Any:
    """Transform half a spectrum back to ``n`` real numbers, by default 2 (m - 1) of m frequencies.

    >>> df.fft.irfft(df.tensor([1 + 0j, 1 + 0j]), n=3)
    tensor([1., 0., 0.])
    """
    return _to_real("irfft", x, _one(n), (axis,), norm)


@public("fft")
def hfft(x: Any, *, n: int | None = None, axis: int = -1, norm: str = "backward") -> Any:
    """Transform a signal that is Hermitian, given its first half, to its ``n`` real frequencies.

    >>> df.fft.hfft(df.tensor([1 + 0j, 0 + 0j]))
    tensor([1., 1.])
    """
    return _to_real("hfft", conj(asarray(x)), _one(n), (axis,), OTHER[_norm("hfft", norm, x)])


@public("fft")
def ihfft(x: Any, *, n: int | None = None, axis: int = -1, norm: str = "backward") -> Any:
    """Transform real frequencies back to the first half of a Hermitian signal: the inverse of ``hfft``.

    >>> df.abs(df.fft.ihfft(df.tensor([1.0, 1.0])))
    tensor([1., 0.])
    """
    return conj(_from_real("ihfft", x, _one(n), (axis,), OTHER[_norm("ihfft", norm, x)]))


@public("fft")
def hfftn(x: Any, *, s: Sequence[int] | None = None, axes: Sequence[int] | None = None, norm: str = "backward") -> Any:
    """Transform a Hermitian signal, given half of its last axis, over several axes to real frequencies.

    >>> df.fft.hfftn(df.ones(2, 3)).shape
    (2, 4)
    """
    return _to_real("hfftn", conj(asarray(x)), s, axes, OTHER[_norm("hfftn", norm, x)])


@public("fft")
def hfft2(x: Any, *, s: Sequence[int] | None = None, axes: Sequence[int] = (-2, -1), norm: str = "backward") -> Any:
    """Transform a Hermitian signal over the last two axes: ``hfftn`` of them.

    >>> df.fft.hfft2(df.ones(3, 2, 3)).shape
    (3, 2, 4)
    """
    return hfftn(x, s=s, axes=axes, norm=norm)


@public("fft")
def ihfftn(x: Any, *, s: Sequence[int] | None = None, axes: Sequence[int] | None = None, norm: str = "backward") -> Any:
    """Transform real frequencies back over several axes: the inverse of ``hfftn``.

    >>> df.fft.ihfftn(df.ones(2, 4)).shape
    (2, 3)
    """
    return conj(_from_real("ihfftn", x, s, axes, OTHER[_norm("ihfftn", norm, x)]))


@public("fft")
def ihfft2(x: Any, *, s: Sequence[int] | None = None, axes: Sequence[int] = (-2, -1), norm: str = "backward") -> Any:
    """Transform real frequencies back over the last two axes: ``ihfftn`` of them.

    >>> df.fft.ihfft2(df.ones(3, 2, 4)).shape
    (3, 2, 3)
    """
    return ihfftn(x, s=s, axes=axes, norm=norm)


def _count(op: str, n: Any) -> int:
    try:
        if operator.index(n) > 0:
            return operator.index(n)
    except TypeError:
        pass
    raise refuse(op, f"the number of elements n is an integer of at least 1, not {n!r}")


@public("fft")
def fftfreq(n: int, *, d: float = 1.0, dtype: Any = None, device: Any = None, requires_grad: bool = False) -> Any:
    """Return the frequencies of ``fft`` for ``n`` samples ``d`` apart: 0, 1, …, -2, -1 over n d.

    >>> df.fft.fftfreq(4)
    tensor([ 0.  ,  0.25, -0.5 , -0.25])
    """
    check_device("fftfreq", device)
    n = _count("fftfreq", n)
    kind = dtypes.asdtype(dtype or dtypes.float32)
    high = arange((n + 1) // 2, dtype=kind)
    return _finish(concat([high, arange(-(n // 2), 0, dtype=kind)]) / (n * d), requires_grad)


@public("fft")
def rfftfreq(n: int, *, d: float = 1.0, dtype: Any = None, device: Any = None, requires_grad: bool = False) -> Any:
    """Return the frequencies of ``rfft`` for ``n`` samples ``d`` apart: 0, 1, …, n // 2 over n d.

    >>> df.fft.rfftfreq(4)
    tensor([0.  , 0.25, 0.5 ])
    """
    check_device("rfftfreq", device)
    n = _count("rfftfreq", n)
    return _finish(arange(n // 2 + 1, dtype=dtypes.asdtype(dtype or dtypes.float32)) / (n * d), requires_grad)


def _rolled(op: str, x: Any, axes: Any, back: bool) -> Any:
    x = asarray(x)
    found, _ = _axes(op, x, None, axes)
    for axis in found:
        size = x.shape[axis]
        if size is None:
            raise refuse(op, f"axis {axis} has an unknown size, so its middle is not known", x)
        cut = size // 2 if back else math.ceil(size / 2)
        before = (slice(None),) * axis
        x = concat([x[(*before, slice(cut, None))], x[(*before, slice(0, cut))]], axis=axis)
    return x


@public("fft")
def fftshift(x: Any, *, axes: int | Sequence[int] | None = None) -> Any:
    """Move frequency 0 to the middle of ``axes``, all by default.

    >>> df.fft.fftshift(df.tensor([0, 1, 2, -2, -1]))
    tensor([-2, -1,  0,  1,  2])
    """
    return _rolled("fftshift", x, axes, False)


@public("fft")
def ifftshift(x: Any, *, axes: int | Sequence[int] | None = None) -> Any:
    """Move the middle of ``axes`` to the front: the inverse of ``fftshift``.

    >>> df.fft.ifftshift(df.tensor([-2, -1, 0, 1, 2]))
    tensor([ 0,  1,  2, -2, -1])
    """
    return _rolled("ifftshift", x, axes, True)

"""Whether two arms computed the same: no clock runs before this file says so.

It knows named arrays and how far apart two of them are. It does not know arms or steps. Two arms that are both right
still differ by rounding, because XLA fuses and reorders what NumPy does one op at a time; ``TOLERANCES`` says by how
much they may. Where a computation itself magnifies rounding, as a small difference of large numbers does, no fixed
tolerance is right: then two answers agree if moving the *inputs* by a few units in the last place moves the answer as
far (backward error, Higham 2002, section 1.5).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from dualflow.core.codec import Serializable

KINDS = ("result", "gradient", "state")
"""What is compared at each step: returned values, gradients, and the captured state after the step."""


@dataclass(frozen=True)
class Tolerance:
    """Two elements agree when |found - expected| <= own·|expected| + largest·max|expected| + floor.

    ``own`` is relative to the element itself, ``largest`` to the array's largest element (a sum of a thousand terms
    errs by their size, not by its own), ``floor`` is one rounding error of a number near 1: the gradient of a
    saturated softmax is p - 1, and cannot be known better than that.
    """

    own: float
    largest: float
    floor: float

    def __str__(self) -> str:
        return f"{self.own:g} of the value + {self.largest:g} of the array's largest + {self.floor:.1e}"


TOLERANCES: dict[str, Tolerance] = {
    "float16": Tolerance(1e-2, 2e-3, 9.8e-4),
    "float32": Tolerance(1e-4, 1e-5, 1.2e-7),
    "float64": Tolerance(1e-11, 1e-13, 2.3e-16),
    "complex64": Tolerance(1e-4, 1e-5, 1.2e-7),
    "complex128": Tolerance(1e-11, 1e-13, 2.3e-16),
}
"""By dtype; whatever is not here (integers, bools) must be equal."""

NUDGE = 16
"""Units in the last place by which inputs are moved at most to see how far rounding reaches: half of it all elements of
an array alike, so that a sum of any length moves by 8 of its own units, half each element by itself."""

NUDGES = 3
"""Times that is done; the farthest counts, twice over."""


@dataclass(frozen=True)
class Gap(Serializable):
    """How far one kind of values was off at one step; the worst array, and the worst element in it.

    ``absolute`` is the largest difference, ``relative`` that over the array's largest element, ``ulps`` that in units
    of the last place of the largest element; each is the maximum over all arrays. ``excess`` is the largest ratio of
    a difference to what is allowed, so that parity holds up to 1, and ``name`` the array it was met in. The element
    and its two values are kept only where parity fails. ``reason`` is set where no distance can be given.
    ``magnified``: that it holds was found by moving the inputs.
    """

    DERIVED = ("ok",)
    SPARSE = ("name", "index", "expected", "found", "allowed", "reason", "magnified")

    absolute: float = 0.0
    relative: float = 0.0
    ulps: float = 0.0
    excess: float = 0.0
    arrays: int = 0
    name: str = ""
    index: tuple[int, ...] = ()
    expected: str = ""
    found: str = ""
    allowed: float = 0.0
    reason: str = ""
    magnified: bool = False

    @property
    def ok(self) -> bool:
        """Whether every difference is within its tolerance."""
        return not self.reason and self.excess <= 1


def gap(expected: Mapping[str, Any], found: Mapping[str, Any], reach: Mapping[str, float] | None = None) -> Gap:
    """Compare two sets of named values: arrays within the tolerance of their dtype, anything else by ``==``.

    ``reach`` adds to what is allowed, by name: how far rounding of the inputs moves that array.

    >>> gap({"loss": np.float32(1.0)}, {"loss": np.float32(1.00001)}).ok
    True
    >>> off = gap({"w": np.zeros(3)}, {"w": np.array([0.0, 0.5, 0.0])})
    >>> off.ok, off.name, off.index, off.expected, off.found
    (False, 'w', (1,), '0.0', '0.5')
    """
    for name in (*expected, *found):
        if name not in expected or name not in found:
            there = "only the first arm has it" if name in expected else "only the second arm has it"
            value = expected.get(name, found.get(name))
            return Gap(name=name, reason=there, expected=_say(expected.get(name)), found=_say(found.get(name)),
                       arrays=len(expected), index=(0,) * np.ndim(value))  # fmt: skip
    worst = Gap()
    absolute = relative = ulps = 0.0
    for name, value in expected.items():
        one = _one(name, value, found[name], 0.0 if reach is None else reach.get(name, 0.0))
        if one.reason:
            return one
        absolute, relative, ulps = max(absolute, one.absolute), max(relative, one.relative), max(ulps, one.ulps)
        if one.excess > worst.excess or not worst.name:
            worst = one
    summary = Gap(absolute, relative, ulps, worst.excess, len(expected), worst.name, magnified=reach is not None)
    if summary.ok:
        return summary
    return replace(summary, index=worst.index, expected=worst.expected, found=worst.found, allowed=worst.allowed)


def reach(expected: Mapping[str, Any], nudged: Mapping[str, Any]) -> dict[str, float]:
    """Return how far each floating array moved when the inputs were nudged, twice over."""
    found = {}
    for name, value in expected.items():
        other: Any = nudged.get(name)
        if _is_array(value) and _is_array(other) and value.dtype.name in TOLERANCES and other.shape == value.shape:
            both = np.isfinite(value) & np.isfinite(other)
            found[name] = 2 * float(np.abs(other[both] - value[both]).max(initial=0.0))
    return found


def nudge(array: Any, random: np.random.Generator) -> Any:
    """Move each element of a floating array by up to ``NUDGE`` units in the last place; others stay as they are."""
    if not _is_array(array) or array.dtype.kind != "f":
        return array
    units = random.uniform(-NUDGE / 2, NUDGE / 2, array.shape) + random.choice([-NUDGE / 2, NUDGE / 2])
    return (array * (1 + units * np.finfo(array.dtype).eps)).astype(array.dtype)


def compare(
    expected: Mapping[str, Mapping[str, Any]],
    found: Mapping[str, Mapping[str, Any]],
    nudged: Callable[[Callable[[Any], Any]], Mapping[str, Mapping[str, Any]]],
) -> dict[str, Gap]:
    """Compare values of several kinds; where they are too far apart, see how far rounding alone could lead.

    ``nudged(change)`` computes what is expected again, with ``change`` applied to every array that goes in.
    """
    gaps = {kind: gap(values, found[kind]) for kind, values in expected.items()}
    if all(off.ok for off in gaps.values()):
        return gaps
    reached: dict[str, dict[str, float]] = {kind: {} for kind in expected}
    for seed in range(NUDGES):
        moved = nudged(partial(nudge, random=np.random.default_rng(seed)))
        for kind, values in expected.items():
            for name, far in reach(values, moved[kind]).items():
                reached[kind][name] = max(far, reached[kind].get(name, 0.0))
    return {kind: off if off.ok else gap(expected[kind], found[kind], reached[kind]) for kind, off in gaps.items()}


def _one(name: str, expected: Any, found: Any, reach: float) -> Gap:
    both = Gap(name=name, arrays=1, expected=_say(expected), found=_say(found))
    if not (_is_array(expected) and _is_array(found)):
        same = type(expected) is type(found) and (expected == found) is True
        return both if same else replace(both, reason="the values differ")
    a, b = np.asarray(expected), np.asarray(found)
    if a.shape != b.shape or a.dtype != b.dtype:
        what = "shape" if a.shape != b.shape else "dtype"
        kinds = (f"{x.dtype} of shape {x.shape}" for x in (a, b))
        return Gap(name=name, arrays=1, reason=f"the {what}s differ", expected=next(kinds), found=next(kinds))
    if not a.size:
        return Gap(name=name, arrays=1)

    def off_at(place: int, **gaps: Any) -> Gap:
        at = np.unravel_index(place, a.shape)
        return replace(both, index=tuple(map(int, at)), expected=_say(a[at]), found=_say(b[at]), **gaps)

    tolerance = TOLERANCES.get(a.dtype.name)
    if tolerance is None:
        differ = a != b
        return off_at(int(differ.argmax()), reason=f"{a.dtype} values must be equal" if differ.any() else "")
    wide = np.complex128 if a.dtype.kind == "c" else np.float64
    left, right = a.astype(wide), b.astype(wide)
    finite = np.isfinite(left) & np.isfinite(right)
    same = (left == right) | (np.isnan(left) & np.isnan(right))  # infinities of one sign, and NaN in both, agree
    left, right = np.where(finite, left, 0), np.where(finite, right, 0)
    off = np.where(finite, np.abs(right - left), np.where(same, 0.0, np.inf))
    size = np.abs(left)
    largest = float(size.max())
    allowed = tolerance.own * size + tolerance.largest * largest + tolerance.floor + reach
    excess = off / allowed
    worst = int(excess.argmax())
    absolute = float(off.max())
    scale = max(largest, tolerance.floor)  # where the whole array is zero, a relative distance needs a yardstick
    unit = float(np.spacing(np.asarray(scale, a.real.dtype)))
    if not np.isfinite(absolute):
        return off_at(worst, reason="one is finite and the other is not, or their signs differ")
    return off_at(
        worst, absolute=absolute, relative=absolute / scale, ulps=absolute / unit, excess=float(excess.max()),
        allowed=float(allowed.flat[worst]),
    )  # fmt: skip


def _is_array(value: Any) -> bool:
    return isinstance(value, np.ndarray | np.generic)


def _say(value: Any) -> str:
    if isinstance(value, np.generic) or (isinstance(value, np.ndarray) and not value.ndim):
        number = np.asarray(value)[()]
        return repr(number.item()) if number.dtype.kind != "f" or number.dtype == np.float64 else str(number)
    text = f"{value.dtype} of shape {value.shape}" if isinstance(value, np.ndarray) else repr(value)
    return "nothing" if value is None else text if len(text) <= 60 else text[:57] + "..."

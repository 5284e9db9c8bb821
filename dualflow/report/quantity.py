"""Numbers as a reader wants them: three significant digits and a unit prefix that fits.

This file knows how a quantity is spelled. It does not know where it will stand, and it never rounds what is kept:
raw numbers stay raw in the JSON.
"""

from __future__ import annotations

import math
import re
from numbers import Integral

MISSING = "–"

GLUE = "\N{NO-BREAK SPACE}"
_BEFORE_UNIT = re.compile(r"(?<=[\d∞]) (?=(?:[pnµumkMGT]?(?:s|B/s|FLOP/s|Hz)|%|steps?|calls?|rounds?|cores?)(?!\w))")

_PREFIXES = {-12: "p", -9: "n", -6: "µ", -3: "m", 0: "", 3: "k", 6: "M", 9: "G", 12: "T"}
_PREFIXED_UNITS = {"s", "FLOP/s", "B/s", "B", "Hz"}
"""Units that take a prefix; any other (steps, %, ×) is written as it is."""


def quantity(value: float | None, unit: str = "", digits: int = 3) -> str:
    """Spell a number with its unit.

    >>> quantity(0.00123456, "s"), quantity(8.9e10, "FLOP/s"), quantity(41, "steps"), quantity(None, "s")
    ('1.23 ms', '89.0 GFLOP/s', '41 steps', '–')
    >>> quantity(0.9996, "s"), quantity(0.0009996, "s"), quantity(0, "s"), quantity(float("inf"), "s")
    ('1.00 s', '1.00 ms', '0 s', '∞ s')
    """
    if value is None or math.isnan(value):
        return MISSING
    prefix = ""
    if unit in _PREFIXED_UNITS and value and math.isfinite(value):
        # Rounded before the prefix is chosen, or 999.6 µs would be spelled 1000 µs.
        value = float(f"{value:.{digits - 1}e}")
        exponent = 3 * math.floor(math.log10(abs(value)) / 3 + 1e-12)
        exponent = max(min(_PREFIXES), min(max(_PREFIXES), exponent))
        prefix, value = _PREFIXES[exponent], value / 10.0**exponent
    return f"{_digits(value, digits)} {prefix}{unit}".rstrip()


def seconds(value: float | None) -> str:
    """Spell a duration.

    >>> seconds(6.5e-05), seconds(12.0), seconds(754.0)
    ('65.0 µs', '12.0 s', '754 s')
    """
    return quantity(value, "s")


def ratio(value: float | None) -> str:
    """Spell a ratio.

    >>> ratio(2.345), ratio(0.99), ratio(120.4), ratio(None)
    ('2.35×', '0.990×', '120×', '–')
    """
    return MISSING if value is None or math.isnan(value) else f"{_digits(value, 3)}×"


def percent(value: float | None, places: int = 1) -> str:
    """Spell a fraction as a percentage.

    >>> percent(0.9722), percent(None)
    ('97.2 %', '–')
    """
    return MISSING if value is None or math.isnan(value) else f"{100 * value:.{places}f} %"


def count(value: int | None) -> str:
    """Spell a whole number with its thousands apart.

    >>> count(100_000)
    '100,000'
    """
    return MISSING if value is None else f"{value:,}"


def interval(low: float | None, high: float | None, unit: str = "") -> str:
    """Spell an interval; the unit is written once if both ends share it.

    >>> interval(0.0012, 0.0013, "s"), interval(0.0009, 0.0013, "s"), interval(1.9, 2.1)
    ('1.20–1.30 ms', '900 µs – 1.30 ms', '1.90–2.10')
    """
    if low is None or high is None:
        return MISSING
    (first, *unit_first), (last, *unit_last) = quantity(low, unit).split(), quantity(high, unit).split()
    if unit_first == unit_last:
        return " ".join([f"{first}–{last}", *unit_last])
    return f"{' '.join([first, *unit_first])} – {' '.join([last, *unit_last])}"


def bounded(value: float | None, low: float | None, high: float | None, unit: str = "") -> str:
    """Spell a number with its unit and, behind it, its interval if it has one.

    >>> bounded(0.00125, 0.0012, 0.0013, "s"), bounded(0.00125, None, None, "s")
    ('1.25 ms (1.20–1.30 ms)', '1.25 ms')
    """
    text = quantity(value, unit)
    return text if low is None else f"{text} ({interval(low, high, unit)})"


def glued(text: str) -> str:
    """Keep every number of a text on one line with its unit.

    >>> glued("done in 1.20 ms")
    'done in 1.20\\xa0ms'
    """
    return _BEFORE_UNIT.sub(GLUE, text)


def _digits(value: float, digits: int) -> str:
    """Write so many significant digits in plain notation; whole numbers are written whole."""
    if math.isinf(value):
        return "∞" if value > 0 else "-∞"
    if isinstance(value, Integral) or value == 0:  # NumPy's integers too
        return f"{int(value):,}"
    rounded = float(f"{value:.{digits - 1}e}")
    magnitude = math.floor(math.log10(abs(rounded)) + 1e-12)
    if not -4 <= magnitude < 15:
        return f"{rounded:.{digits - 1}e}"
    return f"{rounded:,.{max(digits - 1 - magnitude, 0)}f}"

"""Curves as numbers on a page: where a point stands on an axis, which ticks an axis has, and the table of the points.

It knows axes, linear and logarithmic, and the SVG that draws curves on them. The drawing is for those who see it; the
same numbers as a table (``points``) are for everybody else.
"""

from __future__ import annotations

import math
import re
from html import escape

from dualflow.report.document import Curves, Table
from dualflow.report.quantity import MISSING, bounded, quantity

WIDTH, HEIGHT, NARROW = 720, 340, 360
LEFT, RIGHT, TOP, BOTTOM = 84, 132, 44, 48
"""The margins of a drawing: the ticks of y stand on the left, the names of the curves on the right.

On a narrow screen a drawing is half as wide, and the names stand below: scaled down, its text could not be read.
"""

LINE, LETTER = 18, 7.5
"""The height of a line of text and the width of a letter, in the drawing's units."""

MARKED = 24
"""Curves of more points are drawn without a mark at each."""


def position(value: float, low: float, high: float, log: bool) -> float:
    """Describe where a value stands between the ends of an axis, from 0 to 1; in the middle if the ends are one.

    >>> position(10.0, 1.0, 100.0, log=True), position(10.0, 0.0, 100.0, log=False), position(3.0, 3.0, 3.0, log=True)
    (0.5, 0.1, 0.5)
    """
    if low == high:
        return 0.5
    if log:
        value, low, high = math.log(value), math.log(low), math.log(high)
    return (value - low) / (high - low)


def ticks(low: float, high: float, log: bool) -> list[float]:
    """Choose round numbers from ``low`` to ``high``: powers of ten on a wide logarithmic axis, else evenly apart.

    >>> ticks(1.0, 1000.0, log=True), ticks(0.0, 23.0, log=False), ticks(2.0, 9.0, log=True)
    ([1.0, 10.0, 100.0, 1000.0], [0.0, 5.0, 10.0, 15.0, 20.0], [2.0, 4.0, 6.0, 8.0])
    """
    if log and high / low > 10:
        decades = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
        every = max(1, math.ceil(len(decades) / 8))
        digits = (1, 2, 5) if high / low < 1000 else (1,)
        found = [float(f"{digit}e{power}") for power in decades if power % every == 0 for digit in digits]
    else:
        rough = (high - low) / 5 or 1.0
        power = 10.0 ** math.floor(math.log10(rough))
        step = next(power * digit for digit in (1, 2, 5, 10) if power * digit >= rough * 0.999)
        found = [step * i for i in range(math.floor(low / step), math.ceil(high / step) + 1)]
    return [tick for tick in found if low * (1 - 1e-9) <= tick <= high * (1 + 1e-9)]


def points(block: Curves, most: int | None = None, intervals: bool = True) -> Table:
    """Return the points as a table, a row for each x and a column for each series; of many x some, the ends always."""
    known = [{point[0]: point[1:] for point in one.points} for one in block.series]
    every = sorted({x for one in known for x in one})
    if most is not None and len(every) > most:
        every = [every[round(i * (len(every) - 1) / (most - 1))] for i in range(most)]

    def spelled(found: tuple[float, ...] | None) -> str | None:
        if found is None:
            return None
        low, high = found[1:] if intervals and len(found) == 3 else (None, None)
        return bounded(found[0], low, high, block.y_unit)

    rows = [[_number(x, block.x_unit), *(spelled(one.get(x)) for one in known)] for x in every]
    return Table.of([f">{block.x}", *(f">{one.label}" for one in block.series)], rows)


def svg(block: Curves, narrow: bool = False) -> str:
    """Draw the curves, each with its name and a mark of its own, as one SVG element with a label."""
    series = [one for one in block.series if one.points]
    xs = [point[0] for one in series for point in one.points] or [1.0]
    ys = [y for one in series for point in one.points for y in point[1:]] or [1.0]
    (x_low, x_high), (y_low, y_high) = (min(xs), max(xs)), (min(ys), max(ys))
    if not block.log_y:
        y_low = min(y_low, 0.0)
    right = NARROW - 12 if narrow else WIDTH - RIGHT
    bottom = HEIGHT - BOTTOM

    def across(x: float) -> float:
        return LEFT + (right - LEFT) * position(x, x_low, x_high, block.log_x)

    def down(y: float) -> float:
        return bottom - (bottom - TOP) * position(y, y_low, y_high, block.log_y)

    parts = [f'<text x="8" y="{TOP - LINE}">{escape(block.y)}</text>']
    free = 0.0
    for tick in ticks(x_low, x_high, block.log_x):
        x, text = across(tick), _tick(tick, block.x_unit)
        parts.append(f'<path class="grid" d="M{x:.1f} {TOP}V{bottom}"/>')
        half = LETTER * len(text) / 2
        x = min(x, (NARROW if narrow else WIDTH) - half)
        if x - half >= free:  # else it would run into the one before
            free = x + half + LETTER
            parts.append(f'<text x="{x:.1f}" y="{bottom + LINE}" text-anchor="middle">{escape(text)}</text>')
    for tick in ticks(y_low, y_high, block.log_y):
        y = down(tick)
        parts.append(f'<path class="grid" d="M{LEFT} {y:.1f}H{right}"/>')
        parts.append(
            f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{escape(_tick(tick, block.y_unit))}</text>'
        )
    middle = (LEFT + right) / 2
    parts.append(f'<text x="{middle:.0f}" y="{HEIGHT - 8}" text-anchor="middle">{escape(block.x)}</text>')
    labels = [one.label for one in series]
    names = _below(labels) if narrow else _beside([down(one.points[-1][1]) for one in series])
    for number, (one, (x, y)) in enumerate(zip(series, names, strict=True)):
        at = [(across(point[0]), *(down(y) for y in point[1:])) for point in one.points]
        drawn = [f'<path class="band" d="M{at_x:.1f} {low:.1f}V{high:.1f}"/>' for at_x, _, low, high in
                 (p for p in at if len(p) == 4)]  # fmt: skip
        drawn.append(f'<polyline points="{" ".join(f"{p[0]:.1f},{p[1]:.1f}" for p in at)}"/>')
        if len(at) <= MARKED:
            drawn += [_mark(number, p[0], p[1]) for p in at]
        drawn += [_mark(number, x, y - 4), f'<text x="{x + 10:.1f}" y="{y:.1f}">{escape(one.label)}</text>']
        parts.append(f'<g class="series s{number % 6}">{"".join(drawn)}</g>')
    label = escape(_label(block))
    width, height = (NARROW, max((y for _, y in names), default=HEIGHT) + 8) if narrow else (WIDTH, HEIGHT)
    kind = "narrow" if narrow else "wide"
    return (
        f'<svg class="curves {kind}" viewBox="0 0 {width} {height}" role="img" aria-label="{label}">'
        f"{''.join(parts)}</svg>"
    )


def _beside(ends: list[float]) -> list[tuple[float, float]]:
    """Place the names at the ends of their curves, in the order of the ends, a line apart."""
    placed = [0.0] * len(ends)
    above = 0.0
    for below, number in enumerate(sorted(range(len(ends)), key=ends.__getitem__), 1 - len(ends)):
        above = placed[number] = max(min(ends[number] + 4, HEIGHT - BOTTOM + LINE * below), above + LINE)
    return [(WIDTH - RIGHT + 14, y) for y in placed]


def _below(labels: list[str]) -> list[tuple[float, float]]:
    """Place the names in lines below the drawing."""
    places, x, y = [], 8.0, HEIGHT + float(LINE)
    for label in labels:
        width = LETTER * (len(label) + 4)
        if x > 8 and x + width > NARROW:
            x, y = 8.0, y + LINE
        places.append((x, y))
        x += width
    return places


def _mark(number: int, x: float, y: float) -> str:
    """Draw a mark that tells a series without its colour: a disc, a square, a triangle, or their outlines."""
    outline = ' class="outline"' if number % 6 > 2 else ""
    if number % 3 == 0:
        return f'<circle{outline} cx="{x:.1f}" cy="{y:.1f}" r="3.5"/>'
    if number % 3 == 1:
        return f'<rect{outline} x="{x - 3.2:.1f}" y="{y - 3.2:.1f}" width="6.4" height="6.4"/>'
    return f'<path{outline} d="M{x:.1f} {y - 4.5:.1f}l4.5 8h-9z"/>'


def _label(block: Curves) -> str:
    """Return in words what the drawing shows: axes, and where each curve begins and ends."""
    said = []
    for one in block.series:
        if one.points:
            (x, y, *_), (last_x, last_y, *_) = one.points[0], one.points[-1]
            ends = [quantity(y, block.y_unit), quantity(last_y, block.y_unit)]
            span = [_number(x, block.x_unit), _number(last_x, block.x_unit)]
            said.append(f"{one.label}: {ends[0]} at {span[0]}, {ends[1]} at {span[1]}")
        else:
            said.append(f"{one.label}: {MISSING}")
    return f"{block.y} over {block.x}. {'; '.join(said)}."


def _number(x: float, unit: str) -> str:
    return quantity(int(x) if x == int(x) and unit != "s" else x, unit)


def _tick(x: float, unit: str) -> str:
    """Spell a tick, which is round: 10 s rather than 10.0 s, 0.05 rather than 0.0500."""
    return re.sub(r"(\.\d*?)0+(?!\d)", lambda found: found[1].rstrip("."), quantity(x, unit))

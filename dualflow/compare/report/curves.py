"""Curves as numbers on a page: where a point stands on an axis, which ticks an axis has, and the table of the points.

It knows axes, linear and logarithmic, and the SVG that draws curves on them. The drawing is for those who see it; the
same numbers as a table (``points``) are for everybody else.
"""

from __future__ import annotations

import math
from html import escape

from dualflow.compare.report.document import Curves, Table
from dualflow.compare.report.quantity import MISSING, interval, quantity

__all__ = ["points", "position", "svg", "ticks"]

WIDTH, HEIGHT = 720, 320
LEFT, RIGHT, TOP, BOTTOM = 84, 132, 32, 48
"""The margins of a drawing: the ticks of y stand on the left, the names of the curves on the right."""

MARKED = 24
"""Curves of more points are drawn without a mark at each."""


def position(value: float, low: float, high: float, log: bool) -> float:
    """Say where a value stands between the ends of an axis, from 0 to 1; in the middle if the ends are one.

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
        reach = f" ({interval(found[1], found[2], block.y_unit)})" if intervals and len(found) == 3 else ""
        return quantity(found[0], block.y_unit) + reach

    rows = [[_number(x, block.x_unit), *(spelled(one.get(x)) for one in known)] for x in every]
    return Table.of([f">{block.x}", *(f">{one.label}" for one in block.series)], rows)


def svg(block: Curves) -> str:
    """Draw the curves, each with its name at its end and a mark of its own, as one SVG element with a label."""
    xs = [point[0] for one in block.series for point in one.points] or [1.0]
    ys = [y for one in block.series for point in one.points for y in point[1:]] or [1.0]
    (x_low, x_high), (y_low, y_high) = (min(xs), max(xs)), (min(ys), max(ys))
    if not block.log_y:
        y_low = min(y_low, 0.0)

    def across(x: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * position(x, x_low, x_high, block.log_x)

    def down(y: float) -> float:
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * position(y, y_low, y_high, block.log_y)

    parts = [f'<text x="{LEFT - 8}" y="{TOP}" text-anchor="end">{escape(block.y)}</text>']
    for tick in ticks(x_low, x_high, block.log_x):
        x = across(tick)
        parts.append(f'<path class="grid" d="M{x:.1f} {TOP}V{HEIGHT - BOTTOM}"/>')
        text = escape(_number(tick, block.x_unit))
        parts.append(f'<text x="{x:.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{text}</text>')
    for tick in ticks(y_low, y_high, block.log_y):
        y = down(tick)
        parts.append(f'<path class="grid" d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}"/>')
        text = escape(_number(tick, block.y_unit))
        parts.append(f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{text}</text>')
    middle = (LEFT + WIDTH - RIGHT) / 2
    parts.append(f'<text x="{middle:.0f}" y="{HEIGHT - 8}" text-anchor="middle">{escape(block.x)}</text>')
    taken: list[float] = []
    for number, one in enumerate(block.series):
        at = [(across(point[0]), *(down(y) for y in point[1:])) for point in one.points]
        if not at:
            continue
        drawn = [f'<path class="band" d="M{x:.1f} {low:.1f}V{high:.1f}"/>' for x, _, low, high in
                 (p for p in at if len(p) == 4)]  # fmt: skip
        drawn.append(f'<polyline points="{" ".join(f"{p[0]:.1f},{p[1]:.1f}" for p in at)}"/>')
        if len(at) <= MARKED:
            drawn += [_mark(number, p[0], p[1]) for p in at]
        end = at[-1][1]
        while any(abs(end - other) < 16 for other in taken):
            end += 4 if end < HEIGHT / 2 else -4
        taken.append(end)
        x = WIDTH - RIGHT + 14
        drawn += [_mark(number, x, end - 4), f'<text x="{x + 10}" y="{end:.1f}">{escape(one.label)}</text>']
        parts.append(f'<g class="series s{number % 6}">{"".join(drawn)}</g>')
    label = escape(_label(block))
    return f'<svg class="curves" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{label}">{"".join(parts)}</svg>'


def _mark(number: int, x: float, y: float) -> str:
    """Draw a mark that tells a series without its colour: a disc, a square, a triangle, or their outlines."""
    outline = ' class="outline"' if number % 6 > 2 else ""
    if number % 3 == 0:
        return f'<circle{outline} cx="{x:.1f}" cy="{y:.1f}" r="3.5"/>'
    if number % 3 == 1:
        return f'<rect{outline} x="{x - 3.2:.1f}" y="{y - 3.2:.1f}" width="6.4" height="6.4"/>'
    return f'<path{outline} d="M{x:.1f} {y - 4.5:.1f}l4.5 8h-9z"/>'


def _label(block: Curves) -> str:
    """Say in words what the drawing shows: axes, and where each curve begins and ends."""
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

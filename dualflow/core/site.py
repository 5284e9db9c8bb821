"""The user's line: captured raw, decoded only when someone must read it.

A site is ``(code object, instruction offset)``. Taking one costs about 0.1 µs where decoding costs
tens, so every node and every recorded op can afford its own. "User" means outside this package,
apart from the programs and faults that ship with it to be measured.
"""

from __future__ import annotations

import linecache
import os
import sys
from types import CodeType, FrameType
from typing import NamedTuple

Site = tuple[CodeType, int]

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep
HOME = os.path.dirname(ROOT.rstrip(os.sep))
"""The folder that the package lies in: what a process of ours needs on its path."""
MEASURED = tuple(os.path.join(ROOT, "experiment", part) + os.sep for part in ("programs", "faults"))


class Location(NamedTuple):
    """A decoded site: 1-based line, 0-based columns, and the source text of that line."""

    file: str
    line: int
    column: int
    end_column: int
    function: str
    text: str


class _Library(dict[str, bool]):
    """File name → whether it belongs to dualflow. In C, as a step of ``digits`` asks 93 times (13 µs less)."""

    def __missing__(self, filename: str) -> bool:
        known = self[filename] = filename.startswith(ROOT) and not filename.startswith(MEASURED)
        return known


LIBRARY = _Library()
is_library = LIBRARY.__getitem__
"""Return whether a file name belongs to dualflow rather than to its user."""


def user_frame(depth: int = 1) -> FrameType | None:
    """Return the innermost frame that runs the user's code, or None when there is none."""
    frame: FrameType | None = sys._getframe(depth)
    while frame is not None and LIBRARY[frame.f_code.co_filename]:
        frame = frame.f_back
    return frame


def user_site() -> Site | None:
    """Return where the user's code is now."""
    frame = user_frame(2)
    return None if frame is None else (frame.f_code, frame.f_lasti)


def decode(site: Site) -> Location:
    """Decode a site into file, line, columns, function and source text."""
    code, offset = site
    line, column, end = code.co_firstlineno, 0, 0
    positions = list(code.co_positions())
    if 0 <= offset // 2 < len(positions):
        first, last, start_column, end_column = positions[offset // 2]
        line, column = first or line, start_column or 0
        end = end_column if end_column is not None and first == last else 0
    text = linecache.getline(code.co_filename, line).rstrip("\n")
    return Location(code.co_filename, line, column, end, code.co_qualname, text.strip())


def describe(site: Site) -> str:
    """Write a site as ``file:line, in function: source``."""
    return spell(decode(site))


def spell(place: Location) -> str:
    """Write a decoded site as ``describe`` does."""
    text = f"{short(place.file)}:{place.line}"
    if place.function != "<module>":
        text += f", in {place.function}"
    return f"{text}: {place.text}" if place.text else text


def short(path: str) -> str:
    """Shorten a path to the form relative to the working directory when it lies below it.

    A notebook's cell, whose path is a temporary file's, is called ``In[3]``, as IPython calls it.
    """
    interactive = sys.modules.get("IPython")
    shell = None if interactive is None else interactive.get_ipython()
    cell = None if shell is None else shell.compile.format_code_name(path)
    if cell:
        return str(cell[1])
    try:
        relative = os.path.relpath(path)
    except (ValueError, OSError):  # another drive, or the working directory is gone
        return path
    return path if relative.startswith("..") else relative

"""The card of a fault: a mistake to plant in a real program, where it is, and how each mode should show it.

This file knows how a mistake gets into a source text and which line it makes guilty. It knows no program and no
fault (``programs`` and the chapters have them), and it runs nothing: that is ``debuggability``'s business.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

PROGRAMS = Path(__file__).with_name("programs")

CLASSES = {
    "A": "unaligned tensors",
    "B": "misused interface",
    "C": "confusion about the graph",
    "D": "numerics",
    "E": "model and training",
    "F": "gradients",
    "G": "indexing",
    "H": "the framework's own",
}

SHARES: dict[str, float] = {"A": 24, "B": 33, "C": 17, "E": 38}
"""Bugs of each class among the 175 TensorFlow bugs of Zhang et al., ISSTA 2018, where the study has the class."""

SHOWS = ("raises", "warns", "silent", "not expressible")


@dataclass(frozen=True)
class Planted:
    """A program's source with the mistake in it, and the guilty lines (counted from 1)."""

    text: str
    guilty: tuple[int, ...]


@dataclass(frozen=True)
class Case:
    """What the experiment needs of a mistake: a card's fault, or one planted mechanically in a user's function.

    ``op``: the op that a good message names. ``names``: variables that it may name.
    """

    program: str
    mistake: str
    name: str = ""
    kind: str = ""
    op: str = ""
    names: tuple[str, ...] = ()

    def planted(self) -> Planted:
        """Return the program with the mistake in it."""
        raise NotImplementedError

    def shows(self, arm: str) -> str:
        """Return how the mistake shows itself in an arm: one of ``SHOWS``, "" where nobody knows."""
        raise NotImplementedError


@dataclass(frozen=True, kw_only=True)
class Fault(Case):
    """One mistake in one program.

    ``find`` occurs once in the program's source, ``plant`` takes its place; ``also`` are further such pairs that make
    the mistake whole. Guilty is the first line that ``plant`` changes, and each line that ``guilty`` quotes: where the
    mistake could as well be mended, or what a missing line should have followed. ``source``: where the literature, or
    the lecture notes, have it.

    ``eager``, ``graph`` and, where it differs from the compiled one, ``interpreted`` say how the mistake shows itself
    without any tool, each beginning with one of ``SHOWS``; the experiment checks that word. A card that says nothing of
    the graph means that it shows as in eager mode, and that what raises an error does so while the step is traced.
    Its ``name`` is its key in the chapter, and its ``kind`` the chapter's, one of ``CLASSES``.
    """

    find: str
    plant: str
    source: str
    eager: str
    graph: str = ""
    guilty: tuple[str, ...] = ()
    also: tuple[tuple[str, str], ...] = ()
    interpreted: str = ""

    def __post_init__(self) -> None:
        if not self.graph:
            traced = "raises: while the step is traced" if self.eager.startswith("raises") else self.eager
            object.__setattr__(self, "graph", traced)
        for shows in (self.eager, self.graph, self.interpreted or self.graph):
            if not shows.startswith(SHOWS):
                raise ValueError(f"fault {self.name!r}: {shows!r} begins with none of {', '.join(SHOWS)}")

    def planted(self) -> Planted:
        return plant(self)

    def shows(self, arm: str) -> str:
        text = {"eager": self.eager, "interpreted": self.interpreted}.get(arm) or self.graph
        return next(word for word in SHOWS if text.startswith(word))


def source(program: str) -> str:
    """Return a program's source. Raises ValueError, naming those there are, for one that is not there."""
    path = PROGRAMS / f"{program}.py"
    if not path.exists():
        raise ValueError(f"there is no program {program!r}; there are {', '.join(programs())}")
    return path.read_text(encoding="utf-8")


def programs() -> list[str]:
    """Return the names of the programs that faults can be planted in; each is its own un-faulted control."""
    return sorted(path.stem for path in PROGRAMS.glob("*.py") if path.stem != "__init__")


def plant(fault: Fault) -> Planted:
    """Put the mistake into the program. Raises ValueError if its place is not there, or there twice."""
    text = source(fault.program)
    for find, new in (*fault.also, (fault.find, fault.plant)):
        if text.count(find) != 1:
            raise ValueError(
                f"fault {fault.name!r}: {find!r} occurs {text.count(find)} times in {fault.program}, not once"
            )
        before, after = text.split(find)
        text = before + new + after
    old, new_lines, lines = fault.find.split("\n"), fault.plant.split("\n"), text.split("\n")
    first = before.count("\n") + 1
    guilty = [first + i for i, line in enumerate(new_lines) if line.strip() and (i >= len(old) or line != old[i])][:1]
    for quote in fault.guilty:
        found = [n for n, line in enumerate(lines, 1) if quote in line]
        if len(found) != 1:
            raise ValueError(f"fault {fault.name!r}: {quote!r} is on {len(found)} lines, not on one")
        guilty += found
    if not guilty:
        raise ValueError(f"fault {fault.name!r}: lines are only taken away; quote a guilty one in `guilty`")
    return Planted(text, tuple(dict.fromkeys(guilty)))

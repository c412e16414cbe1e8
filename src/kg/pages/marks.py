"""Marks: what drawings of intervals are made of, as coordinates."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from kg.pages.axes import Axis, Tick

LANE: Final = 8
"""How far brackets stand from each other."""
_LANES: Final = 3
"""How many of them stand side by side; further origins have their letter alone."""
_BOX: Final = 10
_SLANT: Final = 6


@dataclass(frozen=True, slots=True)
class Mark:
    """The mark of a claim at height ``y``: between ``start`` and ``end``, of which one may be where the drawing ends (``open``).

    ``shape`` is that of the interval; words and what is veiled have a place in the lane.
    """

    shape: str
    y: float
    start: float
    end: float
    excluded: bool = False
    soft: bool = False
    denied: bool = False
    hatch: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """A line of text at its place; ``kind`` is its class, ``anchor`` the side that the place is on."""

    x: float
    y: float
    text: str
    kind: str
    anchor: str = "start"


@dataclass(frozen=True, slots=True)
class Bracket:
    """The rows of one origin: a line from ``top`` to ``bottom`` with an arm at each of ``arms``, and its letter."""

    x: float
    top: float
    bottom: float
    arms: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    """The drawing of the rows of one unit: all that is needed to write it as SVG.

    ``gridded`` are the heights between which the grid is drawn: it leaves out rows that stand on no axis.
    """

    id: str
    name: str
    title: str
    width: int
    height: float
    axis: Axis | None
    ticks: tuple[Tick, ...]
    gridded: tuple[tuple[float, float], ...]
    texts: tuple[Text, ...]
    marks: tuple[Mark, ...]
    brackets: tuple[Bracket, ...]
    rules: tuple[float, ...]
    unit: str = ""


def brackets(origins: Iterable[Sequence[float]], x: float) -> tuple[tuple[Bracket, ...], int]:
    """Give a bracket from *x* on for each of *origins*, the heights of its rows from the top, beside those that it would cross; and how many stand side by side."""
    ends: list[float] = []
    found = []
    for arms in origins:
        lane = next((number for number, end in enumerate(ends) if end < arms[0]), len(ends))
        if len(arms) < 2 or lane >= _LANES:
            continue
        ends[lane : lane + 1] = [arms[-1]]
        found.append(Bracket(x + lane * LANE, arms[0], arms[-1], tuple(arms)))
    return tuple(found), len(ends)


def hatch(start: float, end: float, y: float) -> str:
    """Give the path of slanting lines in the box of a word."""
    top, bottom = y - _BOX / 2, y + _BOX / 2
    count = int((end - start - _BOX) // _SLANT)
    return " ".join(
        f"M{start + number * _SLANT:g} {bottom:g}L{start + number * _SLANT + _BOX:g} {top:g}"
        for number in range(count + 1)
    )

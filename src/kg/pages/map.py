"""Maps: coastlines and marks as they are drawn, and the list that says the same.

The projection is equirectangular: degrees as they are, those of longitude shortened as on the middle parallel of the map, along which
distances are true. The coastline is Natural Earth's (docs/coastline.py); there are no borders, since those of today are not those of 1990.
A mark is a point only where an authority gives a point for the place as a whole; what is an area, or given to a tenth of a degree, is a
hatched ring.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final, NamedTuple, TypeAlias

from kg.archive import Archive
from kg.errors import NotFound
from kg.locations import Located, Location
from kg.pages.coastline import finest, path

Box: TypeAlias = tuple[float, float, float, float]
"""Left, top, right, bottom."""
WIDTHS: Final = {"wide": 600.0, "narrow": 340.0}
"""The drawings of a map, each for screens of its kind; a small map has one that is as wide as the narrow one."""

_NEAR: Final = 8.0
"""Locations that are further apart, in degrees, are drawn on maps of their own."""
_MAPS, _INSETS = 4, 6
"""How many maps a page has at most, and how many of what stands too near on them."""
_TOUCHING: Final = 13.0
"""Marks that are nearer to each other are drawn as one with their number."""
_CELL: Final = 48.0
"""The side of the cells by which boxes are found that may overlap."""
_LETTER, _LONGEST = 6.9, 40
"""How wide a letter of a label may be, and of how many letters a label is."""
_STEPS: Final = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60)
_BARS: Final = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000)
_DEGREE: Final = 111.2
"""Kilometres of a degree of latitude."""


class Frame(NamedTuple):
    """The part of the earth that a map shows, in degrees."""

    west: float
    south: float
    east: float
    north: float

    @property
    def squeeze(self) -> float:
        """How much shorter a degree of longitude is than one of latitude on the middle parallel."""
        return max(math.cos(math.radians((self.south + self.north) / 2)), 0.1)


@dataclass(frozen=True, slots=True)
class Mark:
    """One location, or several that stand too near to be told apart: where, with which label, placed where there is room.

    ``anchor`` is empty where there was none. ``radius`` is that of a ring around what is no point.
    """

    locations: tuple[Location, ...]
    x: float
    y: float
    radius: float = 0.0
    text: str = ""
    anchor: str = ""
    tx: float = 0.0
    ty: float = 0.0

    @property
    def names(self) -> str:
        """The labels of all its locations."""
        return ", ".join(location.label for location in self.locations)


class Line(NamedTuple):
    """A parallel (``across``) or a meridian: where it runs, and its degree."""

    at: float
    text: str
    across: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """A map as it is drawn, in user units; ``coast`` is a path, ``bar`` the length of the scale bar with what it stands for, ``boxes`` what other maps show."""

    name: str
    width: float
    height: float
    coast: str
    lines: tuple[Line, ...]
    marks: tuple[Mark, ...]
    bar: tuple[float, str]
    boxes: tuple[tuple[float, float, float, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Map:
    """One map: its ``title`` and ``about`` in words, what it shows, and a drawing for each of :data:`WIDTHS`."""

    title: str
    about: str
    locations: tuple[Location, ...]
    drawings: tuple[Drawing, ...]
    scale: str
    frame: Frame


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What the page of the map shows: ``maps``, and ``insets``: the whole where there are several, and what stands too near on them.

    ``undrawn`` locations stand on none but that of the whole, if there is one, since there would be too many maps.
    """

    maps: tuple[Map, ...]
    insets: tuple[Map, ...]
    undrawn: int
    located: Located
    sources: tuple[tuple[str, str], ...]
    event: str
    as_of: date | None


def page(archive: Archive, event: str = "", as_of: date | None = None) -> Page:
    """Give the map of what *archive* has coordinates for, only what claims about *event* name, made by *as_of*, where these are given.

    Raises NotFound where there is nothing with coordinates, and for an event that the release does not hold.
    """
    located = archive.locations(event=event or None, as_of=as_of)
    if not located.locations and not event and as_of is None:
        raise NotFound(
            "nothing in this release has coordinates",
            remedy="a map needs geo:lat and geo:long, or schema:geo",
        )
    groups = _groups(located.locations)
    large = [group for group in groups if len(group) > 2] or groups[:1]
    maps = [_map(group) for group in large[:_MAPS]]
    near = {
        mark.locations: None for each in maps for mark in each.drawings[-1].marks if len(mark.locations) > 1
    }
    near |= {tuple(group): None for group in groups if len(group) == 2 and len(maps[0].locations) > 2}
    insets = [_map(group, small=True) for group in sorted(near, key=len, reverse=True)[:_INSETS]]
    if len(groups) > 1:
        insets.insert(0, _map(located.locations, small=True, boxes=[each.frame for each in (*maps, *insets)]))
    sources = {
        location.graph.title: location.graph.licence for location in located.locations if location.graph
    }
    return Page(
        maps=tuple(maps),
        insets=tuple(insets),
        undrawn=sum(map(len, large[_MAPS:])),
        located=located,
        sources=tuple(sources.items()),
        event=event,
        as_of=as_of,
    )


def small(archive: Archive, iri: str) -> Map | None:
    """Give a small map of the place *iri* for its page, None where it has no coordinates.

    In a template: ``{% from "maps.html" import map %}`` and ``{{ map(found, "where") }}``, with what this gives as *found*.
    """
    location = archive.location(iri)
    return _map([location], small=True) if location is not None else None


def coordinates(location: Location) -> str:
    """Give the coordinates in words, with the digits that the authority gives.

    >>> from kg.rows import IRI
    >>> coordinates(Location(iri=IRI("urn:x"), label="x", latitude=40.37767, longitude=-49.5, digits=5))
    '40.37767° N, 49.50000° W'
    """
    north = f"{abs(location.latitude):.{location.digits}f}° {'N' if location.latitude >= 0 else 'S'}"
    east = f"{abs(location.longitude):.{location.digits}f}° {'E' if location.longitude >= 0 else 'W'}"
    return f"{north}, {east}"


def precision(location: Location) -> str:
    """Say how exactly the coordinates place it."""
    if location.area:
        return "an area: the point is its middle, and no more"
    if location.digits < 2:
        return f"to about {'10' if location.digits else '100'} km"
    return "a point for the place as a whole"


def _groups(locations: Sequence[Location]) -> list[list[Location]]:
    """Give *locations* in groups of those that lie near to another of the same group, the largest first."""
    left, groups = list(locations), []
    while left:
        group, fresh = [], [left.pop(0)]
        while fresh:
            each = fresh.pop()
            group.append(each)
            near = [_degrees(each, other) <= _NEAR for other in left]
            fresh += [other for other, is_near in zip(left, near, strict=True) if is_near]
            left = [other for other, is_near in zip(left, near, strict=True) if not is_near]
        groups.append(group)
    return sorted(groups, key=len, reverse=True)


def _degrees(a: Location, b: Location) -> float:
    squeeze = math.cos(math.radians((a.latitude + b.latitude) / 2))
    return math.hypot(a.latitude - b.latitude, (a.longitude - b.longitude) * squeeze)


def _map(locations: Sequence[Location], *, small: bool = False, boxes: Sequence[Frame] = ()) -> Map:
    """Give the map of *locations*; a *small* one of several shows little more than these; *boxes* are frames of other maps on it."""
    frame = _frame(locations, 4.0 if not small else 0.5 if len(locations) > 1 else 7.0)
    sheet = finest(frame.west, frame.south, frame.east, frame.north)
    names = ", ".join(location.label for location in locations)
    widths = {"small": WIDTHS["narrow"]} if small else WIDTHS
    south, north = (_degree(value, "N", "S") for value in (frame.south, frame.north))
    west, east = (_degree(value, "E", "W") for value in (frame.west, frame.east))
    return Map(
        "All of them" if boxes else names,
        f"Coastlines from {south} to {north} and from {west} to {east}, with marks for {names}.",
        tuple(locations),
        tuple(_drawing(name, width, frame, sheet, locations, boxes) for name, width in widths.items()),
        sheet["scale"],
        frame,
    )


def _frame(locations: Sequence[Location], least: float) -> Frame:
    """Give the frame of *locations* with room around it, at least *least* degrees high."""
    south, north = min(each.latitude for each in locations), max(each.latitude for each in locations)
    west, east = min(each.longitude for each in locations), max(each.longitude for each in locations)
    squeeze = max(math.cos(math.radians((south + north) / 2)), 0.1)
    height = max((north - south) * 1.3, least)
    width = max((east - west) * 1.3, height * 1.25 / squeeze)
    height = max(height, width * squeeze * 0.45)
    middle, across = (south + north) / 2, (west + east) / 2
    return Frame(
        max(across - width / 2, -180.0),
        max(middle - height / 2, -85.0),
        min(across + width / 2, 180.0),
        min(middle + height / 2, 85.0),
    )


def _drawing(
    name: str,
    width: float,
    frame: Frame,
    sheet: dict[str, Any],
    locations: Sequence[Location],
    boxes: Sequence[Frame],
) -> Drawing:
    unit = width / (frame.east - frame.west)  # of a degree of longitude
    rise = unit / frame.squeeze
    height = round((frame.north - frame.south) * rise, 1)

    def at(longitude: float, latitude: float) -> tuple[float, float]:
        return (longitude - frame.west) * unit, (frame.north - latitude) * rise

    marks = _labelled(_marks(locations, at, rise), width, height)
    return Drawing(
        name=name,
        width=width,
        height=height,
        coast=path([[at(*point) for point in ring] for ring in sheet["rings"]], width, height),
        lines=_lines(frame, at),
        marks=marks,
        bar=_bar(rise, width),
        boxes=tuple(_box(at(box.west, box.north), at(box.east, box.south)) for box in boxes),
    )


def _box(start: tuple[float, float], end: tuple[float, float]) -> tuple[float, float, float, float]:
    """Give the corner, the width and the height of the rectangle from *start* to *end*."""
    return round(start[0], 1), round(start[1], 1), round(end[0] - start[0], 1), round(end[1] - start[1], 1)


def _lines(frame: Frame, at: Any) -> tuple[Line, ...]:
    """Give parallels and meridians at round degrees, about four each way."""
    found = []
    for low, high, across in ((frame.south, frame.north, True), (frame.west, frame.east, False)):
        step = next((step for step in _STEPS if (high - low) / step <= 5), _STEPS[-1])
        for number in range(math.ceil(low / step), math.floor(high / step) + 1):
            value = round(number * step, 1)
            place = at(frame.west, value)[1] if across else at(value, frame.north)[0]
            found.append(Line(round(place, 1), _degree(value, *("NS" if across else "EW")), across))
    return tuple(found)


def _degree(value: float, positive: str, negative: str) -> str:
    return f"{abs(value):.3g}° {positive if value >= 0 else negative}"


def _bar(rise: float, width: float) -> tuple[float, str]:
    """Give a scale bar of a round length, up to a quarter of the map."""
    length = max((km for km in _BARS if km / _DEGREE * rise <= width / 4), default=_BARS[0])
    return round(length / _DEGREE * rise, 1), f"{length:,} km"


def _marks(locations: Iterable[Location], at: Any, rise: float) -> list[Mark]:
    """Give the marks of *locations*, those that touch as one."""
    marks: list[Mark] = []
    for location in locations:
        x, y = at(location.longitude, location.latitude)
        radius = max(12.0, rise * 0.5 * 10.0**-location.digits) if location.soft else 0.0
        near = next(
            (n for n, mark in enumerate(marks) if math.hypot(mark.x - x, mark.y - y) < _TOUCHING), None
        )
        if near is None:
            marks.append(Mark((location,), round(x, 1), round(y, 1), round(radius, 1)))
        else:
            other = marks[near]
            marks[near] = replace(
                other, locations=(*other.locations, location), radius=max(radius, other.radius)
            )
    return marks


def _labelled(marks: Sequence[Mark], width: float, height: float) -> tuple[Mark, ...]:
    """Give *marks* with their labels where they overlap nothing; one for which there is no such place goes without."""
    taken = _Taken()
    for number, mark in enumerate(marks):
        taken.add((mark.x - 7, mark.y - 7, mark.x + 7, mark.y + 7), number)
    found = []
    for number, mark in enumerate(marks):
        text = mark.locations[0].label if len(mark.locations) == 1 else _several(mark)
        found.append(_placed(mark, text, number, taken, width, height))
    return tuple(found)


class _Taken:
    """The boxes that are taken on a drawing, each by the mark with some number, found by the cells that they lie in."""

    def __init__(self) -> None:
        self._cells: dict[tuple[int, int], list[tuple[Box, int]]] = defaultdict(list)

    def add(self, box: Box, number: int) -> None:
        """Take *box* for the mark *number*."""
        for cell in self._of(box):
            self._cells[cell].append((box, number))

    def overlaps(self, box: Box, number: int) -> bool:
        """Tell whether *box* overlaps one that another mark than *number* has."""
        return any(
            owner != number and _overlap(box, other)
            for cell in self._of(box)
            for other, owner in self._cells.get(cell, ())
        )

    @staticmethod
    def _of(box: Box) -> Iterator[tuple[int, int]]:
        left, top, right, bottom = (int(each // _CELL) for each in box)
        for across in range(left, right + 1):
            for down in range(top, bottom + 1):
                yield across, down


def _several(mark: Mark) -> str:
    return (
        mark.names
        if len(mark.names) <= 28
        else f"{mark.locations[0].label} and {len(mark.locations) - 1} more"
    )


def _placed(mark: Mark, text: str, number: int, taken: _Taken, width: float, height: float) -> Mark:
    text = text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
    length, off = len(text) * _LETTER, 11 + mark.radius * 0.7
    places = (
        ("start", mark.x + off, mark.y + 4),
        ("end", mark.x - off, mark.y + 4),
        ("middle", mark.x, mark.y - off - 1),
        ("middle", mark.x, mark.y + off + 9),
        ("start", mark.x + 3, mark.y + off + 8),
        ("start", mark.x + 3, mark.y - off),
        ("end", mark.x - 3, mark.y + off + 8),
        ("end", mark.x - 3, mark.y - off),
    )
    for anchor, x, y in places:
        left = x if anchor == "start" else x - length if anchor == "end" else x - length / 2
        box = (left - 3, y - 11, left + length + 3, y + 3)
        inside = box[0] >= 2 and box[2] <= width - 2 and box[1] >= 2 and box[3] <= height - 16
        if inside and not taken.overlaps(box, number):
            taken.add(box, number)
            return replace(mark, text=text, anchor=anchor, tx=round(x, 1), ty=round(y, 1))
    return replace(mark, text=text)


def _overlap(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]

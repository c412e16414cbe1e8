"""Plots: the rows of an answer drawn beside their table, dates on an axis of days, coordinates on a map.

A plot says nothing that the table does not. It is made of numbers for a template to draw; a row without a day, or without a point,
is not drawn and is counted. Days are those of the proleptic Gregorian calendar (ISO 8601), dates in EDTF the stretch that they name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import cos, radians
from typing import Final

import pyoxigraph as ox

from kg import edtf, wording
from kg.documents.descriptions import Term
from kg.names import XSD
from kg.pages.cells import kind
from kg.pages.coastline import finest, path

WIDTH: Final = 960.0
_GUTTER: Final = 190.0
"""Where the names of lanes stand."""
_EDGE: Final = 12.0
_STEP: Final = 10.0
"""Between two marks one above the other."""
_ROWS: Final = 14
"""Marks one above the other up to which they keep their distance."""
_LANES: Final = 12
_TICKS: Final = 9
_NAME: Final = 28
_HEIGHT: Final = 420.0
_LEAST: Final = 0.5
"""Degrees that a map shows at least."""

_POINT: Final = re.compile(r"(?:<[^>]*>\s*)?POINT\s*\(\s*([-+0-9.eE]+)\s+([-+0-9.eE]+)\s*\)", re.IGNORECASE)
_WKT: Final = "http://www.opengis.net/ont/geosparql#wktLiteral"
_LATITUDES: Final = ("latitude", "lat")
_LONGITUDES: Final = ("longitude", "long", "lon", "lng")

Rows = Sequence[Sequence[Term | None]]
Texts = Sequence[Sequence[str]]
"""What each cell is called on the page."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A row in a plot: a stretch from ``x`` of ``width`` (0: a dot) at the height ``y``, and what it is called."""

    x: float
    y: float
    width: float
    text: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A place on an axis."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Lane:
    """What shares a height: its name, shortened where it is long, the line under it, and its marks."""

    name: str
    short: str
    base: float
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """Dates on an axis of days; ``undated`` rows are not drawn."""

    lanes: tuple[Lane, ...]
    ticks: tuple[Tick, ...]
    left: float
    height: float
    first: str
    last: str
    drawn: int
    undated: int
    width: float = WIDTH


@dataclass(frozen=True, slots=True)
class Map:
    """Points in equirectangular projection, true to scale at the middle latitude; ``coast`` is the path of an outline.

    ``unplaced`` rows are not drawn.
    """

    marks: tuple[Mark, ...]
    meridians: tuple[Tick, ...]
    parallels: tuple[Tick, ...]
    coast: str
    height: float
    unplaced: int
    width: float = WIDTH


# ---------------------------------------------------------------------- dates


def timeline(columns: Sequence[str], rows: Rows, texts: Texts) -> Timeline | None:
    """Give the *rows* on an axis of days, None where fewer than two days stand in them.

    Several columns of dates have a lane each; of one column the rows are in lanes by the first column of a few IRIs or texts, or in a single one.
    """
    dated = [number for number in range(len(columns)) if _are_days(row[number] for row in rows)]
    if not dated:
        return None
    if len(dated) > 1:
        grouped = [(columns[number], [(_span(row[number]), row_) for row, row_ in zip(rows, texts, strict=True)]) for number in dated]  # fmt: skip
    else:
        grouped = _by_name(columns, rows, texts, dated[0])
    grouped = [(name, group) for name, group in grouped if any(span for span, _ in group)]
    if len(grouped) == 1:
        grouped = [("", grouped[0][1])]
    spans = [span for _, group in grouped for span, _ in group if span is not None]
    first, last = min(start for start, _ in spans), max(end for _, end in spans)
    if first == last:
        return None
    left = _GUTTER if len(grouped) > 1 else _EDGE
    axis = _Axis(first, last, left)
    lanes, height = [], 8.0
    for name, group in grouped:
        marks, depth = axis.stacked(group, height)
        height += depth
        lanes.append(Lane(name, _short(name), height, marks))
        height += 8.0
    undated = sum(all(_span(row[number]) is None for number in dated) for row in rows)
    return Timeline(
        tuple(lanes), axis.ticks(), left, height + 18.0, first.isoformat(), last.isoformat(), len(rows) - undated, undated
    )  # fmt: skip


_Span = tuple[date, date]
_Group = list[tuple[_Span | None, Sequence[str]]]


def _by_name(columns: Sequence[str], rows: Rows, texts: Texts, dated: int) -> list[tuple[str, _Group]]:
    """Give the rows by the first column that has a few names, in their order; all together where none has."""
    spans = [_span(row[dated]) for row in rows]
    for number in range(len(columns)):
        names = list(dict.fromkeys(row[number] for row in texts))
        if 1 < len(names) <= _LANES and len(names) < len(rows) and _are_names(row[number] for row in rows):
            return [
                (
                    name or "—",
                    [(span, row) for span, row in zip(spans, texts, strict=True) if row[number] == name],
                )
                for name in names
            ]
    return [("", list(zip(spans, texts, strict=True)))]


class _Axis:
    """Days from *first* to *last*, from *left* to the right edge."""

    def __init__(self, first: date, last: date, left: float) -> None:
        self._first, self._last, self._left = first, last, left + _EDGE
        self._scale = (WIDTH - _EDGE - self._left) / ((last - first).days or 1)

    def _at(self, day: date) -> float:
        return round(self._left + (day - self._first).days * self._scale, 1)

    def stacked(self, group: _Group, top: float) -> tuple[tuple[Mark, ...], float]:
        """Give the marks of *group* below *top*, one above the other where they would meet, and how much height they take."""
        ends: list[float] = []
        placed: list[tuple[float, float, int, str]] = []
        known = sorted(((span, row) for span, row in group if span is not None), key=lambda each: each[0])
        for (start, end), row in known:
            x, width = self._at(start), self._at(end) - self._at(start)
            level = next((number for number, free in enumerate(ends) if free < x), len(ends))
            ends[level : level + 1] = [x + width + _STEP - 1]
            placed.append((x, width, level, " · ".join(filter(None, row))))
        step = _STEP * min(1.0, _ROWS / max(len(ends), 1))
        depth = step * max(len(ends), 1)
        bottom = top + depth - step / 2
        return tuple(
            Mark(x, round(bottom - level * step, 1), round(width, 1), text)
            for x, width, level, text in placed
        ), depth

    def ticks(self) -> tuple[Tick, ...]:
        """Give the days that the axis names: some of them, first days of months, or of years."""
        days = (self._last - self._first).days
        step = next((step for step in (1, 2, 5, 7, 10, 14) if days / step < _TICKS), 0)
        if step:
            found = [self._first + timedelta(n) for n in range(0, days + 1, step)]
            return tuple(Tick(self._at(day), day.isoformat()) for day in found)
        if days < _TICKS * 180:
            months = next(step for step in (1, 2, 3, 6) if days / 30 / step < _TICKS)
            found = [
                date(year, month, 1)
                for year in range(self._first.year, self._last.year + 1)
                for month in range(1, 13, months)
            ]
            return tuple(
                Tick(self._at(day), day.isoformat()[:7]) for day in found if self._first <= day <= self._last
            )
        years = self._last.year - self._first.year
        step = next(
            step for step in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000) if years / step < _TICKS
        )
        found = [date(year, 1, 1) for year in range(1, 10_000) if year % step == 0]
        return tuple(Tick(self._at(day), f"{day.year}") for day in found if self._first <= day <= self._last)


def _are_days(terms: Iterable[Term | None]) -> bool:
    """Tell whether *terms* are dates, one of them with a day at least."""
    bound = [term for term in terms if term is not None]
    return all(_is_date(term) for term in bound) and any(_span(term) for term in bound)


def _are_names(terms: Iterable[Term | None]) -> bool:
    """Tell whether *terms* are IRIs or texts."""
    return all(term is None or kind(term) in ("iri", "text") for term in terms)


def _is_date(term: Term) -> bool:
    return isinstance(term, ox.Literal) and (
        term.datatype.value in (XSD + "date", XSD + "dateTime") or wording.is_edtf(term.datatype.value)
    )


def _span(term: Term | None) -> _Span | None:
    """Give the first and the last day of *term*, None where it has none."""
    if not isinstance(term, ox.Literal) or not _is_date(term):
        return None
    try:
        if wording.is_edtf(term.datatype.value):
            bounds = edtf.bounds(term.value)
            start = bounds.earliest_start or bounds.latest_end
            end = bounds.latest_end or bounds.earliest_start
        else:
            start = end = term.value[:10]
        if start is None or end is None:
            return None
        return date.fromisoformat(start), date.fromisoformat(end)
    except ValueError:
        return None


# ---------------------------------------------------------------------- places


def map_of(columns: Sequence[str], rows: Rows, texts: Texts) -> Map | None:
    """Give the *rows* that have coordinates as points of a map, None where none has.

    Coordinates are a column of latitudes and one of longitudes, by their names, or points in WKT.
    """
    points = _points(columns, rows)
    found = [(point, row) for point, row in zip(points, texts, strict=True) if point is not None]
    if not found:
        return None
    sheet = _Sheet([point for point, _ in found])
    marks = [
        Mark(*sheet.at(longitude, latitude), 0.0, " · ".join(filter(None, row)))
        for (latitude, longitude), row in found
    ]
    return Map(
        tuple(marks),
        sheet.meridians(),
        sheet.parallels(),
        sheet.coast(),
        sheet.height,
        len(rows) - len(found),
    )


class _Sheet:
    """The part of the world that holds *points* (latitude, longitude), with a margin."""

    def __init__(self, points: Sequence[tuple[float, float]]) -> None:
        latitudes, longitudes = [point[0] for point in points], [point[1] for point in points]
        margin = max(_LEAST, 0.08 * max(max(latitudes) - min(latitudes), max(longitudes) - min(longitudes)))
        self._south, self._north = max(min(latitudes) - margin, -90), min(max(latitudes) + margin, 90)
        self._west, self._east = min(longitudes) - margin, max(longitudes) + margin
        self._shrink = max(cos(radians((self._south + self._north) / 2)), 0.05)
        wide = WIDTH / ((self._east - self._west) * self._shrink)
        self._scale = min(wide, _HEIGHT / (self._north - self._south))
        spare = WIDTH / (self._scale * self._shrink) - (self._east - self._west)
        self._west, self._east = self._west - spare / 2, self._east + spare / 2
        self.height = round((self._north - self._south) * self._scale, 1)

    def at(self, longitude: float, latitude: float) -> tuple[float, float]:
        """Give where a point stands."""
        return (
            round((longitude - self._west) * self._scale * self._shrink, 1),
            round((self._north - latitude) * self._scale, 1),
        )

    def coast(self) -> str:
        """Give the coastline as a path."""
        rings = finest(self._west, self._south, self._east, self._north)["rings"]
        return path([[self.at(*point) for point in ring] for ring in rings], WIDTH, self.height)

    def meridians(self) -> tuple[Tick, ...]:
        """Give the round longitudes."""
        return tuple(
            Tick(self.at(degree, 0)[0], _degrees(degree, "E", "W"))
            for degree in _round(self._west, self._east)
        )

    def parallels(self) -> tuple[Tick, ...]:
        """Give the round latitudes."""
        return tuple(
            Tick(self.at(0, degree)[1], _degrees(degree, "N", "S"))
            for degree in _round(self._south, self._north)
        )


def _round(low: float, high: float) -> list[float]:
    step = next(step for step in (0.2, 0.5, 1, 2, 5, 10, 20, 45, 90, 180) if (high - low) / step < _TICKS)
    return [round(n * step, 1) for n in range(int(low // step) + 1, int(high // step) + 1)]


def _degrees(value: float, positive: str, negative: str) -> str:
    return f"{abs(value):g}°{positive if value > 0 else negative if value < 0 else ''}"


def _points(columns: Sequence[str], rows: Rows) -> list[tuple[float, float] | None]:
    """Give latitude and longitude of each row."""
    names = [column.casefold() for column in columns]
    latitude = next((names.index(name) for name in _LATITUDES if name in names), None)
    longitude = next((names.index(name) for name in _LONGITUDES if name in names), None)
    if latitude is not None and longitude is not None:
        return [_point(_number(row[latitude]), _number(row[longitude])) for row in rows]
    return [next((point for term in row if (point := _wkt(term))), None) for row in rows]


def _point(latitude: float | None, longitude: float | None) -> tuple[float, float] | None:
    if latitude is None or longitude is None or abs(latitude) > 90 or abs(longitude) > 180:
        return None
    return latitude, longitude


def _wkt(term: Term | None) -> tuple[float, float] | None:
    if not isinstance(term, ox.Literal) or term.datatype.value != _WKT:
        return None
    found = _POINT.fullmatch(term.value.strip())
    return _point(_float(found[2]), _float(found[1])) if found else None


def _number(term: Term | None) -> float | None:
    return _float(term.value) if isinstance(term, ox.Literal) else None


def _float(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if abs(value) <= 360 else None  # infinite and not a number are no degrees either


def _short(name: str) -> str:
    return name if len(name) <= _NAME else f"{name[: _NAME - 1].rstrip()}…"

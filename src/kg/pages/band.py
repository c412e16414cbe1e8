"""Bands: times drawn on a line of days. What is certain, possible or open is told apart by form, not by colour.

Everything here is computed coordinates; templates/bands.html draws them. A page shows a drawing of each of :data:`WIDTHS`, and the style
sheet the one that fits.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, NamedTuple

from kg.spans import DIED, Bounds, Span
from kg.views import Photograph

WIDTHS: Final[Mapping[str, tuple[float, float]]] = {"wide": (1000, 300), "narrow": (340, 0)}
"""Drawings by name: the width, and that of the column of labels, none where labels stand above their bars."""

_DAY: Final = timedelta(days=1)
_LINE, _BAR, _GAP = 17.0, 15.0, 9.0
_LETTER: Final = 6.7
"""How wide a letter of a label may be."""
_NUMBER, _LABEL, _APART = 22.0, 46.0, 15.0
"""How wide a day must be to have its number, how wide the name of a month or a year is, and how wide a day is that holds a square."""
_COLUMN: Final = 44.0
"""The height of the column of the day with the most reports."""
_SQUARE: Final = 12.0


class Tick(NamedTuple):
    """A mark of the axis: where, how wide the stretch that it begins, its words, and the days of that stretch."""

    x: float
    width: float
    text: str
    first: date
    last: date


class Mark(NamedTuple):
    """A part of a bar; ``cut`` tells at which ends it goes on beyond what is drawn (``left``, ``right``)."""

    kind: str
    x: float
    width: float
    cut: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scale:
    """A line of the days from ``first`` to ``last`` that is ``width`` long and begins at ``left``."""

    first: date
    last: date
    left: float
    width: float

    @property
    def days(self) -> int:
        """The number of days."""
        return (self.last - self.first).days + 1

    def at(self, day: date) -> float:
        """Give where *day* begins; before and after the line, its ends."""
        share = ((day - self.first).days) / self.days
        return round(self.left + self.width * min(max(share, 0.0), 1.0), 1)

    def after(self, day: date) -> float:
        """Give where *day* ends."""
        return self.at(day + _DAY) if day < date.max else self.left + self.width

    def marks(self, bounds: Bounds) -> tuple[Mark, ...]:
        """Give the parts of a time that the line takes in, in order."""
        found = []
        for part in bounds.parts():
            first, last = part.first or self.first, part.last or self.last
            if first > self.last or last < self.first:
                continue
            cut = (
                *(["left"] if part.first is None or part.first < self.first else []),
                *(["right"] if part.last is None or part.last > self.last else []),
            )
            x = self.at(first)
            found.append(Mark(part.kind, x, max(round(self.after(last) - x, 1), 2.0), cut))
        return tuple(found)

    def ticks(self) -> tuple[Tick, ...]:
        """Give the marks of the axis: days, months or years, as many as there is room for."""
        if self.by_day:
            starts = [(day, str(day.day)) for day in _each_day(self.first, self.last)]
        elif self.days <= 800:
            starts = [
                (day, f"{day:%b}" if number and day.month > 1 else f"{day:%b} {day.year}")
                for number, day in enumerate(_each_month(self.first, self.last))
            ]
        else:
            years = range(self.first.year, self.last.year + 1)
            starts = [(max(date(year, 1, 1), self.first), str(year)) for year in years]
        step = 1 if self.by_day else math.ceil(len(starts) * _LABEL / self.width)
        shown = starts[::step]
        lasts = [day - _DAY for day, _ in shown[1:]] + [self.last]
        return tuple(
            Tick(self.at(day), round(self.after(last) - self.at(day), 1), text, day, last)
            for (day, text), last in zip(shown, lasts, strict=True)
        )

    @property
    def by_day(self) -> bool:
        """Whether there is room for the number of each day."""
        return self.width / self.days >= _NUMBER

    def months(self) -> tuple[Tick, ...]:
        """Give the months of an axis of days, each where it begins; none where the axis names months itself."""
        if not self.by_day:
            return ()
        return tuple(
            Tick(self.at(day), 0, f"{day:%B} {day.year}", day, day)
            for day in _each_month(self.first, self.last)
        )


@dataclass(frozen=True, slots=True)
class Bar:
    """One time of a subject: the words for it, who says so, its marks and where it stands; a veiled one has no words.

    ``derived`` tells that only the project says so.
    """

    words: str
    said_by: str
    y: float
    marks: tuple[Mark, ...]
    derived: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """A subject with its bars: its IRI, the lines of its label with where each stands, and the line above it."""

    iri: str
    label: str
    lines: tuple[tuple[str, float], ...]
    y: float
    bars: tuple[Bar, ...]


class Column(NamedTuple):
    """What was reported from ``day`` to ``last``: how many claims, and the column that is drawn for them."""

    day: date
    last: date
    number: int
    x: float
    y: float
    width: float
    height: float


class Picture(NamedTuple):
    """A photograph: its square at the date line and, where the day it shows is another, the square there."""

    photograph: Photograph
    x: float
    y: float
    shown: float | None
    day: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """A band as it is drawn: see the module. ``lanes`` have their name and where it stands; ``known`` is where what was known ends."""

    name: str
    width: float
    height: float
    left: float
    scale: Scale
    groups: tuple[Group, ...]
    columns: tuple[Column, ...] = ()
    pictures: tuple[Picture, ...] = ()
    lanes: tuple[tuple[str, float], ...] = ()
    base: float = 0.0
    known: float | None = None

    @property
    def derived(self) -> bool:
        """Whether any bar rests on the project alone."""
        return any(bar.derived for group in self.groups for bar in group.bars)


def drawings(
    first: date,
    last: date,
    spans: Sequence[Span],
    *,
    reports: Sequence[tuple[date, int]] = (),
    photographs: Sequence[tuple[Photograph, date | None]] = (),
    known: date | None = None,
    lanes: bool = True,
) -> tuple[Drawing, ...]:
    """Give a band of the days from *first* to *last* for each of :data:`WIDTHS`.

    *spans* are the times in the lane of what happened, by subject in the order of their first; *reports* the numbers of claims by day; *photographs* each with the
    day that it shows, None where that is not stated; *known* the last day of which reports are counted. Without *lanes* there are no names of lanes.
    """
    return tuple(_drawing(name, first, last, spans, reports, photographs, known, lanes) for name in WIDTHS)


def _drawing(
    name: str,
    first: date,
    last: date,
    spans: Sequence[Span],
    reports: Sequence[tuple[date, int]],
    photographs: Sequence[tuple[Photograph, date | None]],
    known: date | None,
    lanes: bool,
) -> Drawing:
    width, column = WIDTHS[name]
    scale = Scale(first, last, column, width - column)
    y = 40.0
    names: list[tuple[str, float]] = []
    if lanes:
        names.append(("Happened, as sources say", y + 14))
        y += 30
    groups = []
    for label, members in _by_subject(spans) if lanes else _by_words(spans):
        group, y = _group(label, members, scale, column, y)
        groups.append(group)
    columns: tuple[Column, ...] = ()
    base = 0.0
    if scale.width / scale.days < _APART:
        photographs = ()
    if reports:
        names.append(("Reported, in claims", y + 20))
        base = y + _COLUMN + (26 if column else 46)
        columns, y = _columns(reports, scale, base), base + 6
    pictures: tuple[Picture, ...] = ()
    if photographs:
        names.append(("Photographs, by date line", y + 24))
        pictures, y = _pictures(photographs, scale, y + (10 if column else 34))
    return Drawing(
        name=name,
        width=width,
        height=y + 10,
        left=column,
        scale=scale,
        groups=tuple(groups),
        columns=columns,
        pictures=pictures,
        lanes=tuple(names),
        base=base,
        known=scale.after(known) if known is not None and first <= known < last else None,
    )


def _by_subject(spans: Iterable[Span]) -> list[tuple[str, list[Span]]]:
    """Give *spans* by subject, each with its label."""
    found: dict[str, list[Span]] = {}
    for span in spans:
        found.setdefault(span.subject, []).append(span)
    return [
        ("veiled" if any(span.veiled for span in members) else _label(members[0]), members)
        for members in found.values()
    ]


def _label(span: Span) -> str:
    """Give what the subject of *span* is called, with the verb where it is no event that has the date."""
    return f"{span.label} died" if span.claims[0].predicate == DIED else span.label


def _by_words(spans: Iterable[Span]) -> list[tuple[str, list[Span]]]:
    """Give each of *spans* by itself, with its words and who says so."""
    return [(f"{span.words}: {_speakers(span)}", [span]) for span in spans]


def _speakers(span: Span) -> str:
    return ", ".join(dict.fromkeys(claim.voices[0].label for claim in span.claims))


def _group(label: str, members: Sequence[Span], scale: Scale, column: float, y: float) -> tuple[Group, float]:
    """Give what is called *label*, with the bars of *members* from *y* on, and where it ends."""
    veiled = any(span.veiled for span in members)
    room = int(((column or scale.width) - 16) / _LETTER)
    lines = textwrap.wrap(label, room, max_lines=3, placeholder=" …") or [label[:room]]
    top = y + (0 if column else len(lines) * _LINE)
    bars = tuple(
        Bar(
            "" if veiled else span.words,
            _speakers(span),
            top + 5 + number * _BAR,
            scale.marks(span.bounds),
            all(claim.derived for claim in span.claims),
        )
        for number, span in enumerate(members)
    )
    written = tuple((line, y + 13 + number * _LINE) for number, line in enumerate(lines))
    end = max(top + len(bars) * _BAR, y + len(lines) * _LINE) + _GAP
    return Group(members[0].subject, label, written, y - 4, bars), end


def _columns(reports: Sequence[tuple[date, int]], scale: Scale, base: float) -> tuple[Column, ...]:
    stretches = [(day, day, number) for day, number in reports]
    if scale.width / scale.days < _APART:
        stretches = [
            (tick.first, tick.last, number)
            for tick in scale.ticks()
            if (number := sum(n for day, n in reports if tick.first <= day <= tick.last))
        ]
    most = max(number for _, _, number in stretches)
    found = []
    for day, last, number in stretches:
        x, end = scale.at(day), scale.after(last)
        width = max(min(end - x - 6, 34), 2.0)
        height = max(_COLUMN * number / most, 2.0)
        found.append(
            Column(
                day,
                last,
                number,
                round((x + end - width) / 2, 1),
                round(base - height, 1),
                width,
                round(height, 1),
            )
        )
    return tuple(found)


def _pictures(
    photographs: Sequence[tuple[Photograph, date | None]], scale: Scale, y: float
) -> tuple[tuple[Picture, ...], float]:
    """Give *photographs* in stacks at their date lines, those that show another day below with both, and where they end."""
    found = []
    stacks: dict[float, int] = {}
    apart = []
    for photograph, shown in photographs:
        day = photograph.dateline
        if not isinstance(day, date):
            continue
        middle = round((scale.at(day) + scale.after(day)) / 2, 1)
        if shown is not None and shown != day:
            apart.append((photograph, middle, shown))
            continue
        number = stacks.get(middle, 0)
        stacks[middle] = number + 1
        found.append(Picture(photograph, middle, y + 6 + number * (_SQUARE + 3), None, None))
    below = y + max(stacks.values(), default=0) * (_SQUARE + 3)
    for photograph, middle, shown in apart:
        there = round((scale.at(shown) + scale.after(shown)) / 2, 1)
        found.append(Picture(photograph, middle, below + 6, there, shown))
        below += _SQUARE + 3
    return tuple(found), below + 4


def _each_day(first: date, last: date) -> Iterator[date]:
    return (first + number * _DAY for number in range((last - first).days + 1))


def _each_month(first: date, last: date) -> Iterator[date]:
    """Give *first*, then the first day of each month after it up to *last*."""
    day = first
    while day <= last:
        yield day
        if (day.year, day.month) == (date.max.year, 12):
            return
        day = date(day.year + day.month // 12, day.month % 12 + 1, 1)

"""Intervals: the drawing of a comparison, as coordinates that a template writes out as SVG.

All rows of one unit share one axis from zero on. What a source leaves open runs to the end of the drawing; words of magnitude and
"unknown" stand in a lane of their own, since any place on the axis would be a number that nobody printed. The axis is made of all
claims of the events shown and not of those that a filter leaves, so that marks stay where they are when a filter is set.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from kg.comparison import Band, Comparison, Figure, Interval
from kg.pages.axes import apart, axis
from kg.pages.lettering import fitted, flowed, lines, plain, width
from kg.pages.marks import LANE, Bracket, Drawing, Mark, Text, brackets, hatch
from kg.rows import IRI
from kg.views import Claim

ROWS: Final = 200
"""How many rows a drawing has at most; a page has the same, and the next ones stand on the next page."""


@dataclass(frozen=True, slots=True)
class Measures:
    """The measures of a drawing, in its units: see :data:`WIDE` and :data:`NARROW`."""

    name: str
    width: int
    text: tuple[int, int]
    plot: tuple[int, int]
    lane: tuple[int, int]
    bracket: int
    size: float
    small: float
    most: int
    stacked: bool


WIDE: Final = Measures("wide", 960, (96, 416), (434, 752), (784, 904), 924, 13.5, 12, 5, False)
NARROW: Final = Measures("narrow", 340, (0, 298), (8, 194), (214, 298), 307, 14, 12.5, 3, True)
_AGAIN: Final = 12
"""After how many rows of a band the numbers of the axis are written again."""


Rows: TypeAlias = Sequence[tuple[Band, Sequence[Figure]]]


def drawings(
    comparison: Comparison, rows: Rows, measures: Measures, *, tens: bool = False
) -> tuple[Drawing, ...]:
    """Give a drawing for each unit in *rows*, a page of *comparison*, with the largest *measures* that fit the reader's screen.

    Units are never converted, so those of two units share no axis. *tens* asks for an axis in steps of ten.
    """
    units = list(dict.fromkeys(figure.claim.unit for _, figures in rows for figure in figures))
    return tuple(
        _Draft(comparison, unit, measures, tens).drawn(_of_unit(rows, unit), len(units) > 1, number)
        for number, unit in enumerate(units)
    )


def far_apart(comparison: Comparison) -> bool:
    """Tell whether numbers of one unit lie so far apart that steps of ten are worth offering."""
    units = {claim.unit for claim in comparison.claims}
    return any(apart(_numbers(comparison, unit)) for unit in units)


def page(comparison: Comparison, number: int, size: int = ROWS) -> Rows:
    """Give page *number* of the rows of *comparison*, from 1, in their bands; none beyond the last."""
    first, rows = (number - 1) * size, []
    for band in comparison.bands:
        shown = band.figures[max(first, 0) : max(first + size, 0)]
        first -= len(band.figures)
        if shown:
            rows.append((band, shown))
    return rows


def _of_unit(rows: Rows, unit: IRI | None) -> Rows:
    kept = ((band, [each for each in figures if each.claim.unit == unit]) for band, figures in rows)
    return [(band, figures) for band, figures in kept if figures]


def _numbers(comparison: Comparison, unit: IRI | None) -> list[int]:
    """Give the numbers that the axis of *unit* has to hold: of all claims that may be shown, but for those that are veiled."""
    return [
        number
        for claim in comparison.claims
        if claim.unit == unit and not claim.veiled and (comparison.filters.related or claim.band == "same")
        for number in Interval.of(claim).numbers
    ]


class _Draft:
    """One drawing while it is made, from the top down."""

    def __init__(self, comparison: Comparison, unit: IRI | None, measures: Measures, tens: bool) -> None:
        numbers = _numbers(comparison, unit)
        self._comparison = comparison
        self._at = measures
        self._axis = (
            axis(numbers, *map(float, measures.plot), most=measures.most, tens=tens) if numbers else None
        )
        self._texts: list[Text] = []
        self._marks: list[Mark] = []
        self._gridded: list[tuple[float, float]] = []
        self._rules: list[float] = []
        self._arms: dict[str, list[float]] = {}
        self._y = 0.0

    def drawn(self, rows: Rows, several: bool, number: int) -> Drawing:
        """Give the drawing of *rows*, with the unit named where there are *several*."""
        unit = next((each.unit for _, figures in rows for each in figures), "") or "unit not stated"
        comparison = self._comparison
        if several:
            self._text(0, self._y + 18, unit, "unit")
            self._y += 30
        for band, figures in rows:
            self._band(band, figures)
        joined = self._brackets()
        title = f"{comparison.measure_label}, {comparison.event_label}: {sum(len(each) for _, each in rows)} claims"
        return Drawing(
            id=f"{comparison.name}-{number}-{self._at.name}",
            name=self._at.name,
            title=plain(title + (f" in {unit}" if several else "") + ", each by itself"),
            width=self._at.width,
            height=self._y + 8,
            axis=self._axis,
            ticks=self._axis.ticks if self._axis else (),
            gridded=_joined(self._gridded),
            texts=tuple(self._texts),
            marks=tuple(self._marks),
            brackets=joined,
            rules=tuple(self._rules),
            unit=unit if several else "",
        )

    def _band(self, band: Band, figures: Sequence[Figure]) -> None:
        """Draw the rows of *band* under its title and the numbers of the axis, which long bands have again and again."""
        if self._y:
            self._rules.append(self._y)
        stacked = self._at.stacked
        room = self._at.width - 4 if stacked else self._at.text[1]
        top = self._y
        for line in lines(band.title, self._at.size, room, 3):
            self._y += 20
            self._text(0, self._y, line, "band")
        self._scale(self._y + 20 if stacked else top + 20)
        self._y += 28 if stacked else 10
        for number, figure in enumerate(figures):
            if number and number % _AGAIN == 0:
                self._scale(self._y + 16)
                self._y += 22
            (self._stacked if stacked else self._row)(figure)
        self._y += 6

    def _scale(self, y: float) -> None:
        """Write the numbers of the axis, and what the lane is for."""
        for tick in self._axis.ticks if self._axis else ():
            self._text(tick.x, y, tick.text, "tick", "middle")
        self._text(self._at.lane[0], y, "in words" if self._at.stacked else "in words only", "tick")

    def _row(self, figure: Figure) -> None:
        """Draw one row with its texts at the left of its mark."""
        claim, top = figure.claim, self._y
        start, end = self._at.text
        self._text(0, top + 17, claim.said, "day")
        self._text(0, top + 34, figure.hand, "hand")
        voices = lines(str(claim.voices), self._at.size, end - start, 2)
        scope = () if claim.veiled else flowed(figure.scopes, self._at.small, end - start)
        y = top + 17
        for text in voices:
            self._text(start, y, text, "voices")
            y += 17
        for text in (*_remarks(figure), *scope):
            self._text(start, y, fitted(text, self._at.small, end - start), "scope")
            y += 15
        bottom = max(y - 5, top + 46)
        self._mark(figure, top + 17, top + 31, (top, bottom))
        self._y = bottom

    def _stacked(self, figure: Figure) -> None:
        """Draw one row with its texts above its mark."""
        claim, top = figure.claim, self._y
        start, end = self._at.text
        self._text(start, top + 16, claim.said, "day")
        self._text(end, top + 16, figure.hand, "hand", "end")
        y = top + 16
        for text in lines(str(claim.voices), self._at.size, end - start, 3):
            y += 18
            self._text(start, y, text, "voices")
        scope = () if claim.veiled else flowed(figure.scopes, self._at.small, end - start)
        for text in (*_remarks(figure), *scope):
            y += 16
            self._text(start, y, fitted(text, self._at.small, end - start), "scope")
        self._mark(figure, y + 20, y + 34, (y + 6, y + 46))
        self._y = y + 56

    def _mark(self, figure: Figure, label: float, y: float, row: tuple[float, float]) -> None:
        """Draw the mark of *figure* at *y* with its words at the height *label*; the grid covers *row*."""
        claim, interval = figure.claim, figure.interval
        if figure.origin is not None:
            self._arms.setdefault(figure.origin.letter, []).append(y)
        if claim.veiled:
            self._text(self._at.lane[0], y + 4, "veiled", "words")
            return
        if self._axis is None or not interval.numbers:
            self._word(figure, label, y)
            return
        self._gridded.append(row)
        left, right = self._axis.x(interval.numbers[0]), self._axis.x(interval.numbers[-1])
        if interval.shape == "from":
            right = self._axis.right + 20
        elif interval.shape == "to":
            left = self._axis.left
        self._marks.append(
            Mark(interval.shape, y, left, right, interval.excluded, interval.soft, claim.denied)
        )
        edge = self._axis.right + 20
        text = fitted(_number(claim), self._at.size, edge - self._at.plot[0])
        x = right if interval.shape == "to" else left
        room = width(text, self._at.size)
        self._text(max(min(x - 5, edge - room), float(self._at.plot[0]) - 4), label, text, "words")

    def _word(self, figure: Figure, label: float, y: float) -> None:
        """Put what has no number into the lane, which is off the axis."""
        start, end = map(float, self._at.lane)
        known = figure.interval.shape != "unknown"
        self._marks.append(
            Mark(
                figure.interval.shape, y, start, end, denied=figure.claim.denied,
                hatch=hatch(start, end, y) if known else "",
            )
        )  # fmt: skip
        words = _number(figure.claim)
        size = self._at.size
        room = width(words, size)
        if room <= end - start:
            self._text(start, label, words, "words")
        else:  # to the left of the lane there is nothing, since the row is on no axis
            space = end - self._at.plot[0]
            self._text(end, label, fitted(words, size, space), "words", "end")

    def _brackets(self) -> tuple[Bracket, ...]:
        """Give the brackets at the right, and put the letter of its origin beside each row."""
        found, lanes = brackets(self._arms.values(), self._at.bracket)
        x = self._at.bracket + LANE * max(lanes, 1)
        for letter, arms in self._arms.items():
            for y in arms:
                self._text(x, y + 4, letter, "letter")
        return found

    def _text(self, x: float, y: float, text: str, kind: str, anchor: str = "start") -> None:
        if not text:
            return
        self._texts.append(Text(round(x, 1), round(y, 1), text, kind, anchor))


def _number(claim: Claim) -> str:
    """Give the words of *claim* without those by which its source qualifies it, which stand among the remarks."""
    return claim.words.removesuffix("".join(f", {each}" for each in claim.qualified))


def _remarks(figure: Figure) -> tuple[str, ...]:
    """Give what a reader must see beside a figure, but for its scope."""
    return (
        *figure.claim.qualified,
        *(("denied by the source",) if figure.claim.denied else ()),
        *(("derived by the project",) if figure.claim.derived else ()),
        *(f"{tie.words} another claim" for tie in figure.ties if "retract" in tie.words),
        *((f"{figure.more} more of the same origin not shown",) if figure.more else ()),
    )


def _joined(rows: Iterable[tuple[float, float]]) -> tuple[tuple[float, float], ...]:
    """Give *rows* with those that touch as one."""
    found: list[tuple[float, float]] = []
    for top, bottom in rows:
        if found and top - found[-1][1] < 12:
            found[-1] = (found[-1][0], bottom)
        else:
            found.append((top, bottom))
    return tuple(found)

"""Spans: when something is said to have happened, as its four bounds have it, and what they say of one day.

The bounds are those of section 5 of the model (CIDOC CRM P82a, P81a, P81b, P82b); one that the source does not give is None, and
nothing is put in its stead.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal, NamedTuple

from kg import edtf
from kg.names import KG, SCHEMA
from kg.rows import IRI
from kg.views import Claim

ONGOING: Final = KG + "ongoingOn"
DIED: Final = SCHEMA + "deathDate"
DATED: Final = (KG + "date", ONGOING, DIED)
"""The properties whose claims say when something was."""
_DAY: Final = timedelta(days=1)

Certainty = Literal["on", "began", "ended", "under way", "possible", ""]
"""What is said of a day: that it happened on it, began, ended or was under way on it; may have been on it; nothing."""


class Part(NamedTuple):
    """A stretch of days: ``certain`` where it was, ``possible`` where it may have been, ``open`` where nothing bounds it.

    An open part has no ``first`` or no ``last`` day.
    """

    kind: Literal["certain", "possible", "open"]
    first: date | None
    last: date | None


class Bounds(NamedTuple):
    """The four bounds of a time as days, None where there is none."""

    earliest_start: date | None = None
    latest_start: date | None = None
    earliest_end: date | None = None
    latest_end: date | None = None

    def on(self, day: date) -> Certainty:
        """Tell what the bounds say of *day*. What has only a beginning or only an end says nothing of the days after or before.

        >>> bounds = g.times("baku-1990-01-army-entry")[0].bounds
        >>> bounds.on(datetime.date(1990, 1, 19)), bounds.on(datetime.date(1990, 1, 21))
        ('possible', '')
        """
        first, begun, ended, last = self
        if first == last == day:
            return "on"
        if first == begun == day:
            return "began"
        if ended == last == day:
            return "ended"
        if begun is not None and ended is not None and begun <= day <= ended:
            return "under way"
        return "possible" if first is not None and last is not None and first <= day <= last else ""

    def names(self, day: date | None) -> bool:
        """Tell whether *day* is one that the bounds name: on which it was, began, ended, or is said to have been under way."""
        if day is None:
            return False
        return self.on(day) in ("on", "began", "ended") or self.latest_start == self.earliest_end == day

    def parts(self) -> tuple[Part, ...]:
        """Give the parts of the time in their order; they do not overlap, and there are none where no bound is known.

        >>> [(part.kind, str(part.first), str(part.last)) for part in g.times("baku-1990-01-army-entry")[0].bounds.parts()]
        [('possible', '1990-01-19', '1990-01-20')]
        """
        core = self._core()
        if core is not None:
            found = [
                *_before(self.earliest_start, core[0]),
                Part("certain", *core),
                *_after(core[1], self.latest_end),
            ]
        else:
            found = list(self._without_core())
        return tuple(found)

    def _core(self) -> tuple[date, date] | None:
        """Give the days on which it certainly was: throughout, or the one on which it began, ended or lay."""
        first, begun, ended, last = self
        if begun is not None and ended is not None and begun <= ended:
            return begun, ended
        if first is not None and first in (begun, last):
            return first, first
        return (last, last) if last is not None and last == ended else None

    def _without_core(self) -> Iterator[Part]:
        known = [day for day in self if day is not None]
        if not known:
            return
        least, most = self.earliest_start or min(known), self.latest_end or max(known)
        if self.earliest_start is None and least > date.min:
            yield Part("open", None, least - _DAY)
        yield Part("possible", least, most)
        if self.latest_end is None and most < date.max:
            yield Part("open", most + _DAY, None)


def _before(first: date | None, core: date) -> Iterator[Part]:
    """Give what lies before the certain days that begin with *core*."""
    if core in (date.min, first):
        return
    yield Part("open" if first is None else "possible", first, core - _DAY)


def _after(core: date, last: date | None) -> Iterator[Part]:
    if core in (date.max, last):
        return
    yield Part("open" if last is None else "possible", core + _DAY, last)


@dataclass(frozen=True, slots=True)
class Span:
    """When *subject* is said to have been, and the claims that say so, all with the same bounds.

    ``words`` are ours (``from 13 January 1990``). ``veiled``: the collection asks outputs to hide it until somebody asks for it.
    """

    subject: IRI
    label: str
    words: str
    bounds: Bounds
    claims: tuple[Claim, ...]
    veiled: bool = False

    @property
    def first(self) -> date | None:
        """The first day that any bound names, None where there is no bound."""
        return min((day for day in self.bounds if day is not None), default=None)

    @property
    def last(self) -> date | None:
        """The last day that any bound names."""
        return max((day for day in self.bounds if day is not None), default=None)

    def touches(self, first: date, last: date) -> bool:
        """Tell whether a part of it that has a first and a last day takes in a day from *first* to *last*."""
        return any(
            part.first <= last and part.last >= first
            for part in self.bounds.parts()
            if part.first is not None and part.last is not None
        )


def bounds(claim: Claim) -> Bounds:
    """Give the bounds that *claim* says; none for a date that cannot be read or lies outside our calendar."""
    said = claim.object
    if isinstance(said, date):
        if claim.predicate == ONGOING:
            return Bounds(latest_start=said, earliest_end=said)
        return Bounds(earliest_start=said, latest_end=said)
    try:
        return Bounds(*map(_day, edtf.bounds(str(said))))
    except ValueError:
        return Bounds()


def _day(text: str | None) -> date | None:
    """Give the day that *text* is, None where our calendar has none such (``-0044-03-15``)."""
    try:
        return date.fromisoformat(text) if text is not None else None
    except ValueError:
        return None

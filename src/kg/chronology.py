"""Chronology: what is said to have happened on each day, and what was reported on it.

The time of an event and the time of a report are two things, and neither stands for the other. A day tells what claims say of it, each
with its speaker; nothing is made of several claims. What was reported after a day, or has no date of report, is no part of what was
known on it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import accumulate
from typing import Final

from kg.claims import Claims
from kg.errors import QueryError
from kg.labels import Labels
from kg.listing import Lists
from kg.names import KG, XSD
from kg.reports import Reports, reports
from kg.rows import IRI
from kg.spans import DATED, Bounds, Certainty, Span, bounds
from kg.store import Store
from kg.things import Things
from kg.views import Claim, Photograph

MOST: Final = 1_000
"""Up to how many claims a timeline gives in full; of more it gives counts."""
_GAP: Final = timedelta(days=7)
"""Days that are further apart belong to different stretches of reporting."""
_EACH: Final = 62
"""Up to how many days a timeline has every day, with or without anything on it."""
_DAY: Final = timedelta(days=1)
_RECORDED: Final = f"?claim a <{KG}Claim> ; <{KG}status> <{KG}recorded>"


@dataclass(frozen=True, slots=True)
class Day:
    """One day: what is said to have ``happened`` on it, how certainly; what is ``possible`` on it; what was ``reported`` on it.

    ``counts`` has the number of claims by kind (``QuantityClaim``), ``total`` of all, ``known`` of all that had been reported by the end of the
    day. ``photographs`` are those with its date line. ``reported`` is empty where the timeline has counts only.
    """

    date: date
    happened: tuple[tuple[Certainty, Span], ...] = ()
    possible: tuple[Span, ...] = ()
    reported: tuple[Claim, ...] = ()
    counts: tuple[tuple[str, int], ...] = ()
    total: int = 0
    known: int = 0
    photographs: tuple[Photograph, ...] = ()

    def __str__(self) -> str:
        said = [
            f"{'' if how == 'on' else how + ': '}{span.label}"
            for how, span in self.happened
            if not span.veiled
        ]
        return f"{self.date}: {'; '.join(said) or 'nothing said of it'} ({self.total} reported)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """The days from ``first`` to ``last``, as known on ``as_of`` where that is given.

    ``spans`` are the times that take in some of these days, ``loose`` those among them that name no day of the list: wider than all of it, or a month
    or year in it. ``before`` and ``after`` lie outside, ``boundless`` those whose dates give no bound (a day without a year). ``earlier`` and ``later`` are days of report outside with the number of
    claims, ``reporting`` all days of report with what was known by then. ``undated`` are the claims of sources without a date of report, of
    ``undated_counts`` by kind; ``unplaced`` photographs without a date line. ``listed`` tells whether the claims of the days are given; where
    they are more than :data:`MOST` they are only counted, and so are the undated ones.
    """

    first: date
    last: date
    as_of: date | None
    days: tuple[Day, ...]
    spans: tuple[Span, ...]
    loose: tuple[Span, ...]
    before: tuple[Span, ...]
    after: tuple[Span, ...]
    boundless: tuple[Span, ...]
    reporting: tuple[tuple[date, int, int], ...]
    undated: tuple[Claim, ...]
    undated_counts: tuple[tuple[str, int], ...]
    derived: int
    unplaced: tuple[Photograph, ...]
    listed: bool = True

    @property
    def earlier(self) -> tuple[tuple[date, int], ...]:
        """Days of report before these days, each with the number of claims."""
        return tuple((day, number) for day, number, _ in self.reporting if day < self.first)

    @property
    def later(self) -> tuple[tuple[date, int], ...]:
        """Days of report after these days, each with the number of claims."""
        return tuple((day, number) for day, number, _ in self.reporting if day > self.last)


class Chronology:
    """The days that the claims of *store* speak of; read once, since a release does not change."""

    def __init__(
        self, store: Store, claims: Claims, things: Things, labels: Labels, lists: Callable[[], Lists | None]
    ) -> None:
        self._store = store
        self._lists = lists
        self._claims = claims
        self._things = things
        self._labels = labels

    def timeline(self, first: date | None, last: date | None, as_of: date | None) -> Timeline | None:
        """Give the days from *first* to *last*, by default those with the most up to *as_of*; None where no claim has a date.

        Raises QueryError where *last* is before *first*.
        """
        spans = [span for each in self._spans if (span := _known(each, as_of)) is not None]
        window = self._window
        if window is None:
            return None
        end = last or max(first or date.min, min(window[1], as_of or date.max))
        start = first or min(end, window[0])
        if start > end:
            raise QueryError(f"{end} is before {start}", remedy="let the first day be the earlier one")
        return self._timeline(start, end, as_of, spans)

    def of(self, subject: str) -> tuple[Span, ...]:
        """Give when *subject* is said to have been, in order; only the claims about it are read."""
        dated = ", ".join(f"<{iri}>" for iri in DATED)
        return self._said(
            f"?claim rdf:subject <{subject}> ; rdf:predicate ?dated . FILTER (?dated IN ({dated}))"
        )

    def _timeline(self, first: date, last: date, as_of: date | None, spans: Sequence[Span]) -> Timeline:
        inside: list[Span] = []
        before: list[Span] = []
        after: list[Span] = []
        boundless: list[Span] = []
        loose: list[Span] = []
        firm: list[Span] = []
        for span in spans:
            start = span.first
            if start is None:
                boundless.append(span)
            elif span.touches(first, last):
                inside.append(span)
            elif start < first:
                before.append(span)
            elif start > last:
                after.append(span)
        for span in inside:
            (loose if _is_loose(span.bounds, first, last) else firm).append(span)
        until = min(last, as_of) if as_of else last
        reported = self._reported(first, until)
        return Timeline(
            first=first,
            last=last,
            as_of=as_of,
            days=tuple(self._days(first, last, until, firm, reported, as_of)),
            spans=tuple(inside),
            loose=tuple(loose),
            before=tuple(before),
            after=tuple(after),
            boundless=tuple(boundless),
            reporting=tuple(each for each in self.reporting if as_of is None or each[0] <= as_of),
            undated=self._undated,
            undated_counts=self._reports.undated,
            derived=self._reports.derived,
            unplaced=tuple(self._photographs[None]),
            listed=reported is not None,
        )  # fmt: skip

    def _days(
        self,
        first: date,
        last: date,
        until: date,
        spans: Sequence[Span],
        reported: Sequence[Claim] | None,
        as_of: date | None,
    ) -> Iterable[Day]:
        known = {day: (number, total) for day, number, total in self.reporting if day <= until}
        said: dict[date, list[Claim]] = defaultdict(list)
        for claim in reported or ():
            if claim.as_of is not None:
                said[claim.as_of].append(claim)
        shown = {day for day in known if first <= day} | {
            day
            for span in spans
            for day in span.bounds
            if day is not None and first <= day <= last and span.bounds.names(day)
        }
        if (last - first).days < _EACH:
            shown = {first + each * _DAY for each in range((last - first).days + 1)}
        before = max((total for day, (_, total) in known.items() if day < first), default=0)
        for day in sorted(shown):
            number, before = known.get(day, (0, before))
            certain = [(how, span) for span in spans if (how := span.bounds.on(day))]
            yield Day(
                day,
                tuple((how, span) for how, span in certain if how != "possible"),
                tuple(span for how, span in certain if how == "possible"),
                tuple(said[day]),
                tuple(sorted(self._reports.kinds.get(day, {}).items())) if day <= until else (),
                number,
                before,
                tuple(self._photographs[day]) if as_of is None or day <= as_of else (),
            )

    @cached_property
    def _window(self) -> tuple[date, date] | None:
        """The first and last day of the stretch with the most on it: days of report, and days on which something happened."""
        weights: Counter[date] = Counter({day: number for day, number, _ in self.reporting})
        for span in self._spans:
            weights.update(
                {
                    day
                    for day in span.bounds
                    if day is not None and span.bounds.on(day) not in ("", "possible")
                }
            )
        if not weights:
            weights.update(day for span in self._spans for day in span.bounds if day is not None)
        runs: list[list[date]] = []
        for day in sorted(weights):
            if not runs or day - runs[-1][-1] > _GAP:
                runs.append([])
            runs[-1].append(day)
        best = max(runs, key=lambda run: sum(weights[day] for day in run), default=None)
        return _densest(best, weights) if best else None

    # ------------------------------------------------------------------ what is read

    @cached_property
    def _spans(self) -> tuple[Span, ...]:
        values = " ".join(f"<{iri}>" for iri in DATED)
        return self._said(f"VALUES ?dated {{ {values} }} ?claim rdf:predicate ?dated .")

    def _said(self, pattern: str) -> tuple[Span, ...]:
        """Give the times that the recorded claims which *pattern* binds give, in order, as they assert them."""
        found: dict[tuple[IRI, Bounds, str], list[Claim]] = defaultdict(list)
        # named in a FILTER, so that the engine does not begin with all claims that are recorded
        for claim in self._claims.matching(
            f"{pattern} ?claim a kg:Claim ; kg:status ?status ; kg:polarity ?polarity . "
            "FILTER (?status = kg:recorded && ?polarity = kg:asserted)"
        ):
            found[claim.subject, bounds(claim), claim.words].append(claim)
        spans = [
            Span(
                subject,
                self._labels.of(subject),
                words,
                said,
                tuple(claims),
                any(each.veiled for each in claims),
            )
            for (subject, said, words), claims in found.items()
        ]
        return tuple(
            sorted(
                spans,
                key=lambda span: (span.first or date.max, span.last or date.max, span.label, span.words),
            )
        )

    @cached_property
    def _reports(self) -> Reports:
        return reports(self._store, self._lists())

    @cached_property
    def reporting(self) -> tuple[tuple[date, int, int], ...]:
        """The days of report in order, each with the number of claims made on it and of all known by then."""
        numbers = sorted(self._reports.days.items())
        return tuple(
            (day, number, total)
            for (day, number), total in zip(numbers, accumulate(number for _, number in numbers), strict=True)
        )

    def _reported(self, first: date, until: date) -> list[Claim] | None:
        """Give the claims made from *first* to *until*, None where they are more than :data:`MOST`."""
        if self._reports.total <= MOST:
            return [
                claim for claim in self._dated if claim.as_of is not None and first <= claim.as_of <= until
            ]
        days = {day: number for day, number, _ in self.reporting if first <= day <= until}
        if sum(days.values()) > MOST:
            return None
        values = " ".join(
            f'"{day}"^^<{XSD}date>' for day in days
        )  # a FILTER would look at the days of all claims
        return self._claims.matching(f"VALUES ?day {{ {values} }} ?claim kg:asOfLatest ?day . {_RECORDED} .")

    @cached_property
    def _dated(self) -> tuple[Claim, ...]:
        return tuple(self._claims.matching(f"{_RECORDED} ; kg:asOfLatest ?day ."))

    @cached_property
    def _undated(self) -> tuple[Claim, ...]:
        if not 0 < sum(number for _, number in self._reports.undated) <= MOST:
            return ()
        return tuple(
            self._claims.matching(
                f"{_RECORDED} . FILTER NOT EXISTS {{ ?claim kg:asOfLatest ?day }} FILTER NOT EXISTS {{ ?claim a kg:DerivedClaim }}"
            )
        )

    @cached_property
    def _photographs(self) -> Mapping[date | None, list[Photograph]]:
        """The photographs by date line, those without one under None."""
        found: dict[date | None, list[Photograph]] = defaultdict(list)
        for photograph in self._things.all(Photograph):
            day = photograph.dateline
            found[day if isinstance(day, date) else None].append(photograph)
        return found


def _known(span: Span, as_of: date | None) -> Span | None:
    """Give *span* with the claims that had been made by *as_of*, None where there were none."""
    if as_of is None:
        return span
    claims = tuple(claim for claim in span.claims if claim.as_of is not None and claim.as_of <= as_of)
    return Span(span.subject, span.label, span.words, span.bounds, claims, span.veiled) if claims else None


def _densest(days: Sequence[date], weights: Counter[date]) -> tuple[date, date]:
    """Give the first and last of *days*, or of as many as a timeline has each of, from where these weigh most."""
    if days[-1] - days[0] < _EACH * _DAY:
        return days[0], days[-1]
    best, first, total, begin = -1, days[0], 0, 0
    for day in days:
        total += weights[day]
        while day - days[begin] >= _EACH * _DAY:
            total -= weights[days[begin]]
            begin += 1
        if total > best:
            best, first = total, days[begin]
    return first, max(day for day in days if day - first < _EACH * _DAY)


def _is_loose(said: Bounds, first: date, last: date) -> bool:
    """Tell whether *said* names no day of a list from *first* to *last*: all of them are possible, or only a month or year among them."""
    if (last - first).days >= _EACH:
        return not any(map(said.names, said))
    certain = (part for part in said.parts() if part.kind == "certain")
    inside = any((part.first or date.min) <= last and (part.last or date.max) >= first for part in certain)
    return said.on(first) == said.on(last) == "possible" and not inside

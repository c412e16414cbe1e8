"""The timeline: day by day what is said to have happened and what was reported, with a band of both."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Final
from urllib.parse import urlencode

from kg import wording
from kg.archive import Archive
from kg.chronology import Day, Timeline
from kg.pages import band
from kg.pages.lookups import Listed
from kg.spans import DIED, ONGOING, Certainty, Span
from kg.views import Claim

KINDS: Final = {
    "QuantityClaim": ("figure", "figures"),
    "DateClaim": ("date", "dates"),
    "RelationClaim": ("relation", "relations"),
    "RouteClaim": ("route", "routes"),
    "DepictionClaim": ("statement of what is shown", "statements of what is shown"),
    "IdentityClaim": ("identification", "identifications"),
    "NamingClaim": ("name", "names"),
    "CharacterisationClaim": ("characterisation", "characterisations"),
    "ResponsibilityClaim": ("attribution of responsibility", "attributions of responsibility"),
    "CausalClaim": ("cause", "causes"),
    "MotiveClaim": ("aim or demand", "aims or demands"),
    "EpistemicClaim": ("statement of what is known", "statements of what is known"),
    "BibliographicClaim": ("statement about a work", "statements about works"),
}
"""Words for one claim of a kind and for several, in the order of a page."""

DRAWN, LISTED, DAYS = 60, 100, 400
"""How many subjects a band has at most, how many a list beside the days, and how many days are listed."""


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of one subject, of a day or at all: the times, each with the words for it."""

    subject: str
    label: str
    veiled: bool
    times: tuple[tuple[str, Span], ...]


@dataclass(frozen=True, slots=True)
class Kind:
    """Claims of one kind: the words for so many of them, the number, and the claims where they are listed."""

    words: str
    number: int
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A day of the list; ``figures`` are the claims in numbers among what was reported."""

    day: Day
    words: str
    happened: tuple[Said, ...]
    possible: tuple[Said, ...]
    figures: tuple[Claim, ...]
    kinds: tuple[Kind, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What the page of a timeline shows."""

    timeline: Timeline
    entries: tuple[Entry, ...]
    drawings: tuple[band.Drawing, ...]
    undrawn: int
    loose: Listed[Said]
    before: Listed[Said]
    after: Listed[Said]
    boundless: Listed[Said]
    undated: tuple[Kind, ...]
    undated_figures: tuple[Claim, ...]
    asked: tuple[date | None, date | None]
    words: str

    @property
    def claims(self) -> Iterator[Claim]:
        """All claims that it lists."""
        for day in self.timeline.days:
            yield from day.reported
        yield from self.timeline.undated

    def address(self, as_of: date | None) -> str:
        """Give the query string of the same days as known on *as_of*, with the question mark."""
        return query(*self.asked, as_of)


def query(first: date | None, last: date | None, as_of: date | None) -> str:
    """Give the query string of a timeline, with the question mark, empty where nothing is asked."""
    given = {"from": first, "to": last, "as-of": as_of}
    text = urlencode({name: day.isoformat() for name, day in given.items() if day is not None})
    return f"?{text}" if text else ""


def page(archive: Archive, first: date | None, last: date | None, as_of: date | None) -> Page:
    """Give the page of the days from *first* to *last* as known on *as_of*. Raises as :meth:`kg.Archive.timeline` does."""
    found = archive.timeline(first, last, as_of=as_of)
    photographs = {each.iri: each for day in found.days for each in day.photographs}
    shown = _shown(found.spans, photographs)
    loose = {id(span) for span in found.loose}  # the same ones; each has all its claims
    lane = [span for span in found.spans if span.subject not in shown and id(span) not in loose]
    lane += found.loose
    drawn = {*list(dict.fromkeys(span.subject for span in lane))[:DRAWN]}
    return Page(
        timeline=found,
        entries=tuple(map(_entry, found.days[:DAYS])),
        drawings=band.drawings(
            found.first,
            found.last,
            [span for span in lane if span.subject in drawn],
            reports=[(day.date, day.total) for day in found.days if day.total],
            photographs=[(each, shown.get(iri)) for iri, each in photographs.items() if iri not in archive.veiled],
            known=as_of,
        ),
        undrawn=len({span.subject for span in lane}) - len(drawn),
        loose=_listed("possible", found.loose),
        before=_listed("", found.before),
        after=_listed("", found.after),
        boundless=_listed("", found.boundless),
        undated=_kinds(found.undated_counts, found.undated),
        undated_figures=_figures(found.undated),
        asked=(first, last),
        words=wording.date(f"{found.first}/{found.last}") if found.first != found.last else wording.date(str(found.first)),
    )  # fmt: skip


def _shown(spans: Iterable[Span], photographs: Iterable[str]) -> dict[str, date]:
    """Give the day that a photograph is said to show, by its IRI, where it is one day."""
    known = {*photographs}
    return {
        str(span.subject): span.bounds.earliest_start
        for span in spans
        if span.subject in known
        and span.bounds.earliest_start is not None
        and span.bounds.earliest_start == span.bounds.latest_end
    }


def _entry(day: Day) -> Entry:
    return Entry(
        day=day,
        words=wording.date(day.date.isoformat()),
        happened=_said(day.happened),
        possible=_said(("possible", span) for span in day.possible),
        figures=_figures(day.reported),
        kinds=_kinds(day.counts, day.reported),
    )


def _listed(how: Certainty, spans: Sequence[Span]) -> Listed[Said]:
    """Give the times of the first :data:`LISTED` subjects of *spans*, and how many more there are."""
    subjects = dict.fromkeys(span.subject for span in spans)
    shown = {*islice(subjects, LISTED)}
    said = _said((how, span) for span in spans if span.subject in shown)
    return Listed(said, len(subjects) - len(said))


def _said(times: Iterable[tuple[Certainty, Span]]) -> tuple[Said, ...]:
    """Give *times* by subject, in the order of the first of each."""
    found: dict[str, list[tuple[Certainty, Span]]] = {}
    for how, span in times:
        found.setdefault(span.subject, []).append((how, span))
    return tuple(
        Said(
            subject,
            each[0][1].label,
            any(span.veiled for _, span in each),
            tuple((_words(how, span), span) for how, span in each),
        )
        for subject, each in found.items()
    )


def _words(how: Certainty, span: Span) -> str:
    """Give what *span* says of a day that it speaks of as *how*, or at all."""
    kind = span.claims[0].predicate
    if how == "on":
        return "died on this day" if kind == DIED else "on this day"
    if how == "under way" and kind == ONGOING:
        return "under way on this day"
    return {"": span.words, "possible": f"some time within: {span.words}"}.get(how, f"{how}: {span.words}")


def _figures(claims: Iterable[Claim]) -> tuple[Claim, ...]:
    return tuple(claim for claim in claims if claim.kind == "QuantityClaim")


def _kinds(counts: Iterable[tuple[str, int]], claims: Sequence[Claim]) -> tuple[Kind, ...]:
    order = [*KINDS]
    return tuple(
        Kind(
            KINDS.get(kind, (kind, kind))[number != 1],
            number,
            tuple(claim for claim in claims if claim.kind == kind),
        )
        for kind, number in sorted(
            counts, key=lambda each: (order.index(each[0]) if each[0] in KINDS else len(order), each[0])
        )
    )


def event_band(archive: Archive, iri: str) -> tuple[band.Drawing, ...]:
    """Give a small band of when the event *iri* is said to have been, for its page; none where no claim bounds it.

    In a template: ``{% from "bands.html" import band %}`` and ``{{ band(drawings, label) }}``, with what this gives as *drawings*.
    """
    spans = [span for span in archive.times(iri) if span.first is not None and not span.veiled]
    days = [day for span in spans for day in span.bounds if day is not None]
    if not days:
        return ()
    first, last = min(days), max(days)
    room = max((last - first) // 6, date(2, 1, 3) - date(2, 1, 1))
    first = first - room if first - date.min > room else date.min
    last = last + room if date.max - last > room else date.max
    return band.drawings(first, last, spans, lanes=False)

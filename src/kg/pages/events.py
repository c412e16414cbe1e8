"""Events: what the page of one shows, in the order of a reader's questions: when, where, part of what, who, how many, what is called how."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from kg import wording
from kg.names import KG, SCHEMA
from kg.pages.band import Drawing
from kg.pages.comparing import Compared, most
from kg.pages.lookups import Listed, Lookups
from kg.pages.pictures import Picture, depicting, pictures
from kg.pages.said import HEADINGS, Part, Said, Telling, known, speakers
from kg.pages.terms import Shown
from kg.pages.timeline import event_band
from kg.rows import IRI
from kg.views import Claim

RELATED: Final = 50
"""How many wider, and how many narrower events a page takes what is said from."""
BANDED: Final = 300
"""How many claims of them a page has room for."""
_LOCATION, _PART_OF = (SCHEMA + name for name in ("location", "superEvent"))
_DATE, _ONGOING, _DEPICTS, _DURATION = (KG + name for name in ("date", "ongoingOn", "depicts", "duration"))
_SHOWN_APART: Final = frozenset({_PART_OF, _DEPICTS})
_BOUNDS: Final = {
    "earliestStart": "began no earlier than",
    "latestStart": "began no later than",
    "earliestEnd": "ended no earlier than",
    "latestEnd": "ended no later than",
}
_AGENTS: Final = ("person", "group", "obs", "actor", "org")
"""Types of resource that may take part in an event."""
_BANDS: Final = ("Of events that it is part of", "Of events that are part of it")
_PEOPLE: Final = {heading.key: heading for heading in HEADINGS}["relations"]._replace(
    key="people", title="Who took part, and whom it concerned"
)


@dataclass(frozen=True, slots=True)
class Bound:
    """One of the four bounds of a date: what it bounds, and the day."""

    title: str
    day: str


@dataclass(frozen=True, slots=True)
class When:
    """A date as published: in words, how sure, its bounds, and who says it; without words it is not published, and ``said`` may still differ."""

    words: str
    certainty: str
    bounds: tuple[Bound, ...]
    said: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Where:
    """Places as published, and who says it."""

    places: tuple[Shown, ...]
    said: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Day:
    """A narrower event with its date in words."""

    words: str
    event: Shown


@dataclass(frozen=True, slots=True)
class Band:
    """What is said of events wider or narrower than this one; ``left`` such events are not looked at."""

    title: str
    said: Said
    left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What the page of an event shows."""

    template: str = "event.html"
    kinds: tuple[Shown, ...]
    when: When
    drawn: tuple[Drawing, ...]
    compared: Compared | None
    where: Where
    wider: tuple[Shown, ...]
    narrower: Listed[Day]
    maybe: tuple[Shown, ...]
    people: Part | None
    said: Said
    linked: Said
    pictures: tuple[Picture, ...]
    unknown: tuple[str, ...]
    bands: tuple[Band, ...]


def event(look: Lookups) -> Event:
    """Give what the page of the event shows."""
    own, about = look.own(), look.claims("rdf:object", look.iri).items
    shown, telling = known(own, look.as_of), Telling(look.archive.label, _comparison(look))
    taking = [claim for claim in known((*own, *about), look.as_of) if _takes_part(look, claim)]
    linked = [claim for claim in about if claim not in taking and claim.predicate not in _SHOWN_APART]
    depicted = depicting(look, _DEPICTS, about)
    said = telling.of((claim for claim in own if claim not in taking), look.as_of)
    people = telling.part(_PEOPLE, taking)
    wider, narrower = _related(look, look.wider), _related(look, look.narrower)
    bands = tuple(
        Band(title, found, left)
        for title, events in zip(_BANDS, (wider, narrower), strict=True)
        for found, left in [_band(look, events)]
        if found
    )
    return Event(
        kinds=look.values(look.iri, "schema:additionalType"),
        when=when(look, shown),
        drawn=()
        if look.as_of
        else event_band(look.archive, look.iri),  # of times no matter when they were said
        compared=most(look, (said, *(band.said for band in bands))),
        where=Where(
            look.values(look.iri, "schema:location"),
            speakers(claim for claim in shown if claim.predicate == _LOCATION and not claim.denied),
        ),
        wider=look.showing(wider.items),
        narrower=_days(look, narrower),
        maybe=look.values(look.iri, "kg:candidateSameAs"),
        people=people if people.number else None,
        said=said,
        linked=telling.of(linked, look.as_of),
        pictures=pictures(look, (claim.subject for claim in depicted), depicted),
        unknown=tuple(_unknown(shown)),
        bands=bands,
    )


def when(look: Lookups, claims: Iterable[Claim]) -> When:
    """Give the published date of the resource, and who says it, by those of *claims* that give a date."""
    bounds = tuple(
        Bound(title, day) for name, title in _BOUNDS.items() if (day := look.text(look.iri, f"kg:{name}"))
    )
    edtf = look.text(look.iri, "kg:edtf")
    words = wording.date(edtf) if edtf else ""
    dated = [claim for claim in claims if claim.predicate == _DATE and not claim.denied]
    own = [claim for claim in dated if claim.words == words]
    return When(words, _certainty(look) if words else "", bounds, speakers(own or dated))


def _certainty(look: Lookups) -> str:
    """Say how far the bounds of the date go."""
    first, last = (look.text(look.iri, f"kg:{name}") for name in ("earliestStart", "latestEnd"))
    inner = [look.text(look.iri, f"kg:{name}") for name in ("latestStart", "earliestEnd")]
    if all(inner):
        return "Beginning and end are both said."
    if inner[0]:
        return "The beginning is said; when it ended is not."
    if inner[1]:
        return "The end is said; when it began is not."
    if first and first == last:
        return "At some time on that day; for how long is not said."
    return "At some time within these days; for how long is not said."


def _takes_part(look: Lookups, claim: Claim) -> bool:
    """Tell whether *claim* links somebody and the event without blame, aim or cause."""
    other = claim.object if claim.subject == look.iri else claim.subject
    named = look.archive.base.split(str(other)) if isinstance(other, IRI) else None
    return claim.kind == "RelationClaim" and named is not None and named[0] in _AGENTS


def _comparison(look: Lookups) -> Callable[[IRI], str]:
    """Give what leads to the figures of the event side by side, by measure."""
    return lambda measure: look.addresses.claims(look.iri, wording.local(measure))


def _related(look: Lookups, step: Callable[[str], Listed[str]]) -> Listed[str]:
    """Give the events that *step* leads to, and those that it leads to from there."""
    found: dict[str, None] = {}
    fresh, left, open = [look.iri], 0, False
    while fresh and not left:
        reached = step(fresh.pop(0))
        left, open = left + reached.left, open or reached.open
        new = [iri for iri in reached.items if iri not in found and iri != look.iri]
        found |= dict.fromkeys(new)
        fresh += new
        left += max(0, len(found) - RELATED)
    href = look.addresses.of(look.iri) + "#record"
    return Listed(tuple(found)[:RELATED], left, open, href if left else "")


def _days(look: Lookups, events: Listed[str]) -> Listed[Day]:
    """Give *events* by day, those without a date at the end."""
    terms = look.terms(events.items)
    ordered = sorted(
        events.items, key=lambda iri: (look.text(iri, "kg:earliestStart") or "~", terms.iri(iri).text, iri)
    )
    return Listed(tuple(ordered), events.left, events.open, events.href).map(
        lambda iri: Day(wording.date(look.text(iri, "kg:edtf")), terms.iri(iri))
    )


def _band(look: Lookups, events: Listed[str]) -> tuple[Said, int]:
    """Give what is said of *events*, as far as a page has room for it, and of how many of them it is not looked at."""
    claims: list[str] = []
    for number, iri in enumerate(events.items):
        found = look.having("rdf:subject", iri, BANDED)
        if len(claims) + len(found.items) > BANDED or found.left:
            return _told(look, claims), len(events.items) - number + events.left
        claims += found.items
    return _told(look, claims), events.left


def _told(look: Lookups, claims: list[str]) -> Said:
    return Telling(look.archive.label).of(look.archive.recorded(claims), look.as_of)


def _unknown(shown: Sequence[Claim]) -> Iterator[str]:
    """Tell what no claim that is shown says."""
    predicates = {claim.predicate for claim in shown if not claim.denied}
    figures = [claim for claim in shown if claim.kind == "QuantityClaim"]
    if not predicates & {_DATE, _ONGOING}:
        yield "No claim gives it a date."
    if _LOCATION not in predicates:
        yield "No claim says where it took place."
    if not figures:
        yield "No claim gives a number."
    unscoped = sum(claim.population is None for claim in figures if claim.predicate != _DURATION)
    if unscoped:
        yield f"Whom it counts is not said of {unscoped} of {len(figures)} figures."

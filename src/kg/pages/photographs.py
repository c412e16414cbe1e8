"""Photographs: the date line, the day shown and the day of publication held apart, what a caption says that the picture shows, and its place in the series."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from kg.names import KG, SCHEMA
from kg.pages.events import When, when
from kg.pages.lookups import Lookups
from kg.pages.pictures import marks, rights
from kg.pages.said import Said, Statement, Telling, statements
from kg.pages.terms import Shown
from kg.views import Claim

_SHOWS: Final = frozenset({KG + "depicts", SCHEMA + "contentLocation"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Photograph:
    """What the page of a photograph shows: nothing of the picture itself."""

    template: str = "photograph.html"
    position: int
    series: tuple[Shown, ...]
    size: int
    previous: Shown | None
    next: Shown | None
    dateline: str
    depicted: When
    published: tuple[Shown, ...]
    differs: bool
    place: tuple[Shown, ...]
    credit: str
    agency: tuple[Shown, ...]
    archive: tuple[Shown, ...]
    rights: tuple[Shown, ...]
    marks: tuple[str, ...]
    shows: tuple[Statement, ...]
    mentions: tuple[Shown, ...]
    anomalies: tuple[Shown, ...]
    captions: tuple[Shown, ...]
    caption: Said


def photograph(look: Lookups) -> Photograph:
    """Give what the page of the photograph shows."""
    iri, own = look.iri, look.own()
    captions = look.having("kg:captionOf", iri).items
    sources = look.iris(iri, "schema:isPartOf")
    series = _series(look, sources)
    at = series.index(iri) if iri in series else -1
    depicted, dateline = when(look, own), look.text(iri, "kg:dateline")
    apart = {claim.iri for claim in own if claim.predicate in _SHOWS or claim.kind == "DateClaim"}
    return Photograph(
        position=look.number(iri, "schema:position"),
        series=look.showing(sources),
        size=len(series),
        previous=look.shown(series[at - 1]) if at > 0 else None,
        next=look.shown(series[at + 1]) if 0 <= at < len(series) - 1 else None,
        dateline=dateline,
        depicted=depicted,
        published=tuple(each for source in sources for each in look.values(source, "schema:datePublished")),
        differs=bool(dateline and depicted.words and look.text(iri, "kg:edtf") != dateline),
        place=look.values(iri, "schema:contentLocation"),
        credit=look.text(iri, "schema:creditText"),
        agency=look.values(iri, "kg:creditedAgency"),
        archive=look.values(iri, "schema:holdingArchive"),
        rights=rights(look),
        marks=marks(look, iri),
        shows=statements(claim for claim in own if claim.predicate in _SHOWS),
        mentions=look.values(iri, "kg:mentions"),
        anomalies=look.showing(look.having("kg:anomalyOf", iri).items),
        captions=look.showing(captions),
        caption=Telling(look.archive.label).of(
            claim for claim in (*own, *_told(look, captions)) if claim.iri not in apart
        ),
    )


def _series(look: Lookups, sources: list[str]) -> list[str]:
    """Give the photographs of *sources* in the order of their positions."""
    among = [each for source in sources for each in look.having("schema:isPartOf", source, 1_000).items]
    kind = SCHEMA + "Photograph"
    found = [each for each in among if kind in look.types(each)]
    return sorted(found, key=lambda each: (look.number(each, "schema:position"), each))


def _told(look: Lookups, captions: tuple[str, ...]) -> list[Claim]:
    """Give the claims that *captions* make of other things than the photograph."""
    passages = [each for caption in captions for each in look.having("kg:standsIn", caption).items]
    iris = [claim for passage in passages for claim in look.having("kg:passage", passage).items]
    return [claim for claim in look.archive.recorded(iris) if claim.subject != look.iri]

"""Small datasets of our model, and the lists of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import pyoxigraph as ox

from kg.listing import Lists, write
from kg.names import KG, RDF, RDFS, SCHEMA, SOURCE_BASE, XSD, Base

BASE = Base()
OBSERVATION = "https://personsincontext.org/model#PersonObservation"
DERIVED = "http://www.w3.org/ns/prov#wasDerivedFrom"


def id(kind: str, slug: str) -> str:
    return BASE.id(kind, slug)


def quad(subject: str, predicate: str, value: str | ox.Literal, graph: str = "g") -> ox.Quad:
    term = value if isinstance(value, ox.Literal) else ox.NamedNode(value)
    return ox.Quad(
        ox.NamedNode(subject), ox.NamedNode(predicate), term, ox.NamedNode(f"{SOURCE_BASE}graph/{graph}")
    )


def day(text: str) -> ox.Literal:
    return ox.Literal(text, datatype=ox.NamedNode(XSD + "date"))


def text(words: str, language: str = "en") -> ox.Literal:
    return ox.Literal(words, language=language) if language else ox.Literal(words)


def within(slug: str, place: str, wider: str, polarity: str = "asserted") -> list[ox.Quad]:
    """Give the claim that *place* lies in *wider*."""
    claim = id("claim", slug)
    return [
        quad(claim, RDF + "type", KG + "Claim"),
        quad(claim, RDF + "type", KG + "RelationClaim"),
        quad(claim, RDF + "subject", id("place", place)),
        quad(claim, RDF + "predicate", KG + "within"),
        quad(claim, RDF + "object", id("place", wider)),
        quad(claim, KG + "polarity", KG + polarity),
        quad(claim, KG + "status", KG + "recorded"),
        quad(claim, KG + "claimant", id("org", "agency")),
    ]


def _pool() -> list[ox.Quad]:
    """Give all statements that a random dataset may have."""
    found: list[ox.Quad] = []
    for number in range(1, 7):
        photo = id("photo", f"p{number}")
        found += [
            quad(photo, RDF + "type", SCHEMA + "Photograph"),
            quad(photo, RDFS + "label", text(f"Photograph {2 * number}")),
            quad(photo, KG + "dateline", day(f"1990-01-{10 + number % 3}")),
            quad(photo, SCHEMA + "contentLocation", id("place", f"l{number % 4}")),
            quad(photo, KG + "depicts", id("place", f"l{(number + 1) % 4}")),
            quad(photo, KG + "depicts", id("event", f"e{number % 2}")),
            quad(photo, KG + "depicts", id("obs", f"o{number % 3}")),
            quad(photo, KG + "creditedAgency", id("org", f"a{number % 2}")),
            quad(photo, KG + "mentions", id("place", f"l{number % 3}")),
            quad(photo, KG + "sensitivity", id("concept", "possibly-living")),
            quad(photo, KG + "dateline", text("soon", "")),
        ]
    for number in range(4):
        place = id("place", f"l{number}")
        found += [quad(place, RDF + "type", SCHEMA + "Place"), quad(place, RDFS + "label", text(f"Place {number}"))]  # fmt: skip
        if number:
            found += within(f"w{number}", f"l{number}", f"l{number - 1}")
        found.append(quad(place, "http://www.w3.org/2003/01/geo/wgs84_pos#lat", ox.Literal(str(number))))
    found += within("denied", "l0", "l3", "denied")
    for number in range(3):
        event, seen = id("event", f"e{number}"), id("obs", f"o{number}")
        found += [
            quad(event, RDF + "type", SCHEMA + "Event"),
            quad(event, SCHEMA + "location", id("place", f"l{number}")),
            quad(event, KG + "earliestStart", day(f"199{number}-01-02")),
            quad(event, SCHEMA + "superEvent", id("event", "e0")),
            quad(event, KG + "visibility", KG + "veiled"),
            quad(seen, RDF + "type", OBSERVATION),
            quad(seen, KG + "role", id("concept", f"r{number % 2}")),
            quad(id("person", f"x{number}"), RDF + "type", SCHEMA + "Person"),
            quad(id("person", f"x{number}"), DERIVED, seen),
        ]
    for number in range(4):
        claim = id("claim", f"c{number}")
        found += [
            quad(claim, RDF + "type", KG + "Claim"),
            quad(claim, RDF + "type", KG + "QuantityClaim"),
            quad(claim, RDF + "type", KG + "DerivedClaim"),
            quad(claim, RDF + "subject", id("event", f"e{number % 3}")),
            quad(claim, RDF + "predicate", KG + ("deaths" if number % 2 else "injured")),
            quad(claim, KG + "claimant", id("org", f"a{number % 2}")),
            quad(claim, KG + "relay", id("relay", f"y{number % 2}")),
            quad(claim, KG + "asOfLatest", day(f"1990-01-1{number}")),
            quad(claim, KG + "comparator", KG + "atLeast"),
        ]
    found += [quad(id("relay", f"y{number}"), KG + "agent", id("org", f"a{1 - number}")) for number in range(2)]  # fmt: skip
    work = id("work", "book")
    found += [
        quad(work, RDF + "type", SCHEMA + "Book"),
        quad(work, SCHEMA + "datePublished", text("1992~", "")),
        quad(work, SCHEMA + "inLanguage", text("hy", "")),
        quad(work, SCHEMA + "inLanguage", text("hy", "en")),
        quad(work, SCHEMA + "author", id("person", "x0")),
        quad(id("text", "t"), KG + "versionOf", work),
    ]
    return found


POOL: Sequence[ox.Quad] = tuple(_pool())


def lists(
    path: Path, quads: Iterable[ox.Quad], *, base: Base = BASE, profiles: Sequence[str] = ("attest",)
) -> Lists:
    """Write the lists of *quads* into the new file *path*, and open them."""
    write(sorted(set(quads), key=str), base, path, profiles=profiles)
    return Lists(path, base)

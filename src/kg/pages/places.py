"""Places: how sources spell them, within what they lie, where that is and on whose authority, and what is said to have happened there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from kg.names import KG, SCHEMA
from kg.pages.comparing import Compared, most
from kg.pages.lookups import LISTED, Listed, Lookups
from kg.pages.map import Map, small
from kg.pages.names import Form, forms
from kg.pages.pictures import Picture, photographs_mentioning, photographs_showing
from kg.pages.said import Said, Statement, Telling, known, statements
from kg.pages.terms import Shown

_WITHIN, _LOCATION, _SHOWN = KG + "within", SCHEMA + "location", SCHEMA + "contentLocation"
_LIES: Final = frozenset(KG + name for name in ("within", "capitalOf", "liesOn", "across", "near"))
"""What tells where a place lies."""
_APART: Final = frozenset({_WITHIN, _LOCATION, _SHOWN})


@dataclass(frozen=True, slots=True)
class Point:
    """Coordinates (WGS 84, degrees), the authority that gives them, and the same place in other catalogues."""

    lat: str
    long: str
    authority: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What the page of a place shows."""

    template: str = "place.html"
    names: tuple[Form, ...]
    lies: tuple[Statement, ...]
    holds: tuple[Statement, ...]
    point: Point | None
    drawn: Map | None
    matches: tuple[Shown, ...]
    events: Listed[Shown]
    located: tuple[Statement, ...]
    pictures: Listed[Picture]
    mentioned: Listed[Picture]
    compared: Compared | None
    said: Said
    linked: Said


def place(look: Lookups) -> Place:
    """Give what the page of the place shows."""
    own, about = look.own(), look.claims("rdf:object", look.iri).items
    shown, named = known(own, look.as_of), known(about, look.as_of)
    lat, long = look.text(look.iri, "geo:lat"), look.text(look.iri, "geo:long")
    telling, plain = Telling(look.archive.label), look.having("schema:location", look.iri)
    lies = [claim for claim in shown if claim.predicate in _LIES and not claim.veiled]
    located = [claim for claim in named if claim.predicate == _LOCATION]
    claimed = {claim.subject for claim in about if claim.predicate == _LOCATION}
    apart = [claim for claim in named if claim.predicate in _APART]
    told = telling.of((claim for claim in own if claim not in lies), look.as_of)
    return Place(
        names=forms(look, look.iri),
        lies=statements(lies),
        holds=statements(claim for claim in named if claim.predicate == _WITHIN),
        point=Point(lat, long, look.graph(look.iri, "geo:lat")) if lat and long else None,
        drawn=small(look.archive, look.iri),
        matches=look.values(look.iri, "skos:exactMatch"),
        events=plain.having(look.showing(iri for iri in plain.items if iri not in claimed)),
        located=statements(located[:LISTED]),
        pictures=photographs_showing(look, "schema:contentLocation", look.iri),
        mentioned=photographs_mentioning(look, look.iri),
        compared=most(look, [told]),
        said=told,
        linked=telling.of((claim for claim in about if claim not in apart), look.as_of),
    )

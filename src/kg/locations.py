"""Locations: what a release gives coordinates for, how exactly, on whose word, and how much is said of it.

Coordinates are those of WGS 84 geo (``geo:lat``, ``geo:long``) or schema.org (``schema:latitude``, ``schema:longitude``, also on a node of
``schema:geo``). Nothing is looked up elsewhere: what has none stands without.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final, NamedTuple

import pyoxigraph as ox

from kg.labels import Labels
from kg.manifest import Graph, Manifest
from kg.names import KG, RDF, SCHEMA, VOCABULARIES
from kg.record import natural
from kg.rows import IRI
from kg.store import Store, select

MOST: Final = 1_000
"""Up to how many locations a release is asked for."""

_HTTP: Final = "http://schema.org/"
_PAIRS: Final = (
    (VOCABULARIES["geo"] + "lat", VOCABULARIES["geo"] + "long"),
    *((name + "latitude", name + "longitude") for name in (SCHEMA, _HTTP)),
)
_NODES: Final = tuple(name + "geo" for name in (SCHEMA, _HTTP))
_AREAS: Final = frozenset(
    name + kind for name in (SCHEMA, _HTTP) for kind in ("AdministrativeArea", "Country", "State")
) | {"http://www.geonames.org/ontology#A"}
"""Classes of what is no point but an area; the last is the class of GeoNames for countries, regions and districts."""
_FEATURE: Final = "http://www.geonames.org/ontology#featureClass"
_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,3}(?:\.([0-9]+))?")


@dataclass(frozen=True, slots=True)
class Counts:
    """How much is said of a place: events that took place there, photographs that show it, claims that are about it or name it, also as the stage of a route."""

    events: int = 0
    photographs: int = 0
    claims: int = 0

    def __bool__(self) -> bool:
        return bool(self.events or self.photographs or self.claims)


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """A resource with a point: latitude and longitude in degrees, ``digits`` behind the point of the finer of the two.

    ``area`` tells that it is called a country, a district or the like, so that the point stands for all of it. ``graph`` is where the coordinates stand, None
    where the manifest does not describe it. ``within`` are places without coordinates that a source says lie in it.
    """

    iri: IRI
    label: str
    latitude: float
    longitude: float
    digits: int
    area: bool = False
    graph: Graph | None = None
    counts: Counts = Counts()
    within: tuple[Spot, ...] = ()

    @property
    def soft(self) -> bool:
        """Whether the point is no more than the middle of something: an area, or coordinates to a tenth of a degree."""
        return self.area or self.digits < 2


@dataclass(frozen=True, slots=True)
class Spot:
    """A place without coordinates."""

    iri: IRI
    label: str
    counts: Counts


@dataclass(frozen=True, slots=True)
class Located:
    """The ``locations`` of a release, the ``others`` that have no coordinates and lie in none of them, and whether there are ``more`` than asked for.

    ``unusable`` is the number of resources whose coordinates are none.
    """

    locations: tuple[Location, ...]
    others: tuple[Spot, ...]
    more: bool
    unusable: int
    veiled: int = 0


class Locations:
    """The locations of *store*, of the release that *manifest* describes, called by *labels*; read once, since a release does not change."""

    def __init__(self, store: Store, labels: Labels, manifest: Manifest) -> None:
        self._store = store
        self._labels = labels
        self._graphs = {graph.iri: graph for graph in manifest.graphs}
        self._attest = "attest" in manifest.profiles

    def all(self, veiled: frozenset[str], *, about: Sequence[str] = (), as_of: date | None = None) -> Located:
        """Give all locations, by label, without what is *veiled*.

        Counts are of claims about *about* (IRIs) and made by *as_of* where these are given; places of which nothing is said then are left out.
        """
        points, unusable, more = self._points
        counts = self._counts(about, as_of)
        narrowed = bool(about) or as_of is not None
        wanted = {iri for iri in points if iri not in veiled and (not narrowed or counts[iri])}
        inner = self._within
        spots = {
            iri: Spot(iri, self._labels.of(iri), counts[iri])
            for iri in self._places
            if iri not in points and iri not in veiled and (not narrowed or counts[iri])
        }
        wanted |= {around for iri in spots if (around := inner.get(iri)) is not None and around not in veiled}
        contained: dict[IRI, list[Spot]] = defaultdict(list)
        for iri, spot in spots.items():
            if iri in inner:
                contained[inner[iri]].append(spot)
        locations = [
            Location(
                iri=iri,
                label=self._labels.of(iri),
                latitude=points[iri][0],
                longitude=points[iri][1],
                digits=points[iri][2],
                area=iri in self._areas,
                graph=self._graphs.get(points[iri][3]),
                counts=counts[iri],
                within=_sorted(contained.get(iri, ())),
            )
            for iri in wanted
        ]
        return Located(
            tuple(sorted(locations, key=lambda each: (natural(each.label), each.iri))),
            _sorted(spot for iri, spot in spots.items() if inner.get(iri) not in wanted),
            more,
            unusable,
            len([iri for iri in points if iri in veiled]),
        )

    def one(self, iri: str) -> Location | None:
        """Give the location of *iri*, None where it has no coordinates of its own."""
        found = {quad.predicate.value: quad for quad in sorted(self._store.about(iri), key=str, reverse=True)}
        for latitude, longitude in _PAIRS:
            if latitude in found and longitude in found:
                point = _point(found[latitude], found[longitude])
                if point is not None:
                    lat, long, digits, graph = point
                    return Location(
                        iri=IRI(iri), label=self._labels.of(IRI(iri)), latitude=lat, longitude=long, digits=digits,
                        area=iri in self._areas, graph=self._graphs.get(graph),
                    )  # fmt: skip
        return None

    @cached_property
    def _points(self) -> tuple[dict[IRI, tuple[float, float, int, str]], int, bool]:
        """The points by resource, the number of resources whose coordinates are none, and whether there are more."""
        owners = self._owners()
        points: dict[IRI, tuple[float, float, int, str]] = {}
        wrong: set[IRI] = set()
        more = False
        for latitude, longitude in _PAIRS:
            norths = self._store.match(None, ox.NamedNode(latitude), None, limit=MOST + 1)
            more = more or len(norths) > MOST
            for north in sorted(norths[:MOST], key=str):
                if isinstance(north.subject, ox.Triple):
                    continue
                for owner in owners.get(north.subject, _itself(north.subject)):
                    easts = self._store.match(north.subject, ox.NamedNode(longitude), None, limit=1)
                    point = _point(north, easts[0]) if easts else None
                    if point is None:
                        wrong.add(owner)
                    else:
                        points.setdefault(owner, point)
        return points, len(wrong - points.keys()), more

    def _owners(self) -> dict[ox.NamedNode | ox.BlankNode, list[IRI]]:
        """Give what has a node of coordinates, by that node."""
        owners: dict[ox.NamedNode | ox.BlankNode, list[IRI]] = defaultdict(list)
        for predicate in _NODES:
            for quad in self._store.match(None, ox.NamedNode(predicate), None, limit=MOST + 1):
                if isinstance(quad.subject, ox.NamedNode) and isinstance(
                    quad.object, ox.NamedNode | ox.BlankNode
                ):
                    owners[quad.object].append(IRI(quad.subject.value))
        return owners

    @cached_property
    def _areas(self) -> frozenset[str]:
        values = " ".join(f"<{iri}>" for iri in sorted(_AREAS))
        rows = select(
            self._store,
            f"SELECT DISTINCT ?it WHERE {{ VALUES ?kind {{ {values} }} ?it <{RDF}type>|<{_FEATURE}> ?kind }}",
        )
        return frozenset(str(row["it"]) for row in rows)

    @cached_property
    def _places(self) -> list[IRI]:
        """All places of the profile attest, coordinates or not."""
        if not self._attest:
            return []
        rows = select(
            self._store, f"SELECT DISTINCT ?it WHERE {{ ?it a <{SCHEMA}Place> }} ORDER BY ?it LIMIT {MOST}"
        )
        return [IRI(str(row["it"])) for row in rows]

    @cached_property
    def _within(self) -> dict[IRI, IRI]:
        """Which of those that have a point a source says a place lies in."""
        points, _, _ = self._points
        inner = sorted(
            (each.place, each.about)
            for each in self._namings
            if each.predicate == KG + "within" and each.asserted and each.place in points
        )
        return {about: place for place, about in reversed(inner)}

    @cached_property
    def _namings(self) -> tuple[_Naming, ...]:
        """What recorded claims name which place, whatever of it."""
        if not self._attest:
            return ()
        named = " UNION ".join(
            f'{{ ?it a <{SCHEMA}Place> . {pattern} BIND ("{how}" AS ?how) }}'
            for how, pattern in _WAYS.items()
        )
        # each OPTIONAL costs a look-up a claim; joined, they would be looked up for all claims of the store
        more = " ".join(
            f"OPTIONAL {{ ?claim <{iri}> ?{name} }}"
            for name, iri in (
                ("about", f"{RDF}subject"),
                ("predicate", f"{RDF}predicate"),
                ("polarity", f"{KG}polarity"),
                ("day", f"{KG}asOfLatest"),
            )
        )
        rows = select(
            self._store,
            f"SELECT * WHERE {{ {{ SELECT DISTINCT ?it ?claim ?how WHERE {{ {named} }} }} ?claim <{KG}status> <{KG}recorded> {more} }}",
        )
        return tuple(
            _Naming(
                place=IRI(str(row["it"])),
                how=str(row["how"]),
                claim=str(row["claim"]),
                about=IRI(str(row["about"])),
                predicate=str(row["predicate"]),
                asserted=row["polarity"] == KG + "asserted",
                day=day if isinstance(day := row["day"], date) else None,
            )
            for row in rows
        )

    def _counts(self, about: Sequence[str], as_of: date | None) -> defaultdict[IRI, Counts]:
        """Give how much is said of each place by claims about *about*, where any is given, made by *as_of*, where that is."""
        found: dict[IRI, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        only = frozenset(about)
        for each in self._namings:
            if (only and each.about not in only) or (
                as_of is not None and (each.day is None or each.day > as_of)
            ):
                continue
            found[each.place]["claims"].add(each.claim)
            if (role := _ROLES.get(each.predicate)) and each.how == "object" and each.asserted:
                found[each.place][role].add(each.about)
        counts: defaultdict[IRI, Counts] = defaultdict(Counts)
        counts.update(
            {iri: Counts(**{role: len(it) for role, it in each.items()}) for iri, each in found.items()}
        )
        return counts


class _Naming(NamedTuple):
    """A recorded claim that names ``place``: as its subject, its object, its scope, or the end of a leg of a route (``how``)."""

    place: IRI
    how: str
    claim: str
    about: IRI
    predicate: str
    asserted: bool
    day: date | None


_WAYS: Final = {
    "subject": f"?claim <{RDF}subject> ?it",
    "object": f"?claim <{RDF}object> ?it",
    "scope": f"?claim <{KG}placeScope> ?it",
    "from": f"?leg <{KG}from> ?it . ?route <{KG}leg> ?leg . ?claim <{RDF}object> ?route",
    "to": f"?leg <{KG}to> ?it . ?route <{KG}leg> ?leg . ?claim <{RDF}object> ?route",
}
"""How a claim can name a place."""
_ROLES: Final = {SCHEMA + "location": "events", SCHEMA + "contentLocation": "photographs"}
"""What is counted of a place that is the object of a claim: the subjects of that, by the predicate."""


def _itself(subject: ox.NamedNode | ox.BlankNode) -> list[IRI]:
    return [IRI(subject.value)] if isinstance(subject, ox.NamedNode) else []


def _sorted(spots: Iterable[Spot]) -> tuple[Spot, ...]:
    return tuple(sorted(spots, key=lambda spot: (natural(spot.label), spot.iri)))


def _point(north: ox.Quad, east: ox.Quad) -> tuple[float, float, int, str] | None:
    """Give latitude, longitude, digits and graph of two quads, None where their values are no coordinates."""
    read = [_NUMBER.fullmatch(text) for text in _texts((north, east))]
    if read[0] is None or read[1] is None:
        return None
    latitude, longitude = float(read[0][0]), float(read[1][0])
    if abs(latitude) > 90 or abs(longitude) > 180:
        return None
    graph = north.graph_name.value if isinstance(north.graph_name, ox.NamedNode) else ""
    return latitude, longitude, max(len(read[0][1] or ""), len(read[1][1] or "")), graph


def _texts(quads: Iterable[ox.Quad]) -> Iterator[str]:
    return (quad.object.value if isinstance(quad.object, ox.Literal) else "" for quad in quads)

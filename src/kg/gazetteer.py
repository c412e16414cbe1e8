"""The gazetteer: places as GeoJSON (RFC 7946) in the Linked Places format (LPF 1.3, Linked Pasts network).

Each place is a feature with the forms of its name and the passages where they are printed, its point with the
authority that gives it, links to other authorities, and what sources claim of where it lies. Where no authority
gives a point the geometry is null, and nothing is put in its stead. Photographs that show a place are its depictions;
those that only mention it stand apart (``mentions``, a member that readers of LPF pass over).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

import pyoxigraph as ox

from kg.formats import cannot_hold
from kg.manifest import Graph, Manifest
from kg.names import CLASSES, KG, RDF, VOCABULARIES, Base
from kg.record import Record, text
from kg.triples import Term

FILE: Final = "places.geojson"
"""The name of the file."""

_CONTEXT: Final = (
    "https://raw.githubusercontent.com/LinkedPasts/linked-places/master/linkedplaces-context-v1.1.jsonld"
)
LATITUDE: Final = VOCABULARIES["geo"] + "lat"
"""The property that gives the latitude of a point."""
_NAMES: Final = ("skosxl:prefLabel", "skosxl:altLabel", "skosxl:hiddenLabel")
_DATELINE: Final = "kg:standsIn/kg:captionOf/kg:dateline|kg:standsIn/kg:dateline"
_DEGREES: Final = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_CLAIMED: Final = {KG + "within": "gvp:broaderPartitive"}
"""What LPF calls a relation that sources claim, in the terms of the Getty vocabularies; any other is a mere relation."""

_Object = dict[str, Any]


def files(quads: Iterable[ox.Quad], manifest: Manifest) -> dict[str, bytes]:
    """Give ``places.geojson`` of *quads*, of the release that *manifest* describes; none where there is no place.

    Raises NotAcceptable, which names the place, where it has no IRI or its coordinates are none.
    """
    quads = list(quads)
    classes = [ox.NamedNode(iri) for iri in CLASSES["places"]]
    if not any(quad.object in classes and quad.predicate.value == RDF + "type" for quad in quads):
        return {}
    record = Record(quads)
    points = (quad for quad in quads if quad.predicate.value == LATITUDE)
    return {FILE: document(record, record.members("places"), manifest, points)}


def document(record: Record, places: Iterable[Term], manifest: Manifest, points: Iterable[ox.Quad]) -> bytes:
    """Give *places* of *record* as GeoJSON; *points* are the quads with their latitudes, each in the graph of its authority.

    Raises NotAcceptable as :func:`files` does.
    """
    graphs = {graph.iri: graph for graph in manifest.graphs}
    authorities = {
        quad.subject: graphs[quad.graph_name.value]
        for quad in sorted(points, key=str)
        if isinstance(quad.graph_name, ox.NamedNode) and quad.graph_name.value in graphs
    }
    collection = _Places(record, manifest, authorities).collection(places)
    return f"{json.dumps(collection, indent=1, ensure_ascii=False)}\n".encode()


class _Places:
    """The places of a record; *authorities* give the graph that each point stands in."""

    def __init__(self, record: Record, manifest: Manifest, authorities: dict[Any, Graph]) -> None:
        self._record = record
        self._manifest = manifest
        self._authorities = authorities

    def collection(self, places: Iterable[Term]) -> _Object:
        manifest = self._manifest
        credits = {graph.iri: _credit(graph) for graph in self._authorities.values()}
        said = {
            "title": manifest.title,
            "description": manifest.description,
            "license": manifest.licence,
            "source": Base(manifest.base).dataset,
            "release": manifest.id,
            "credits": [credit for _, credit in sorted(credits.items())],
        }
        return {
            "type": "FeatureCollection",
            "@context": _CONTEXT,
            **{name: value for name, value in said.items() if value},
            "features": [self._feature(place) for place in places],
        }

    def _feature(self, place: Term) -> _Object:
        if not isinstance(place, ox.NamedNode):
            raise cannot_hold(f"the place {place} has no IRI, and GeoJSON needs one to name it")
        shown = self._photographs(place, "^schema:contentLocation|^kg:depicts")
        mentioned = self._photographs(place, "^kg:mentions")
        about = self._claims(place, "^rdf:subject")
        naming = [claim for claim in self._claims(place, "^rdf:object|^kg:placeScope") if claim not in about]
        return {
            "@id": place.value,
            "type": "Feature",
            "properties": {
                "title": self._record.label(place),
                "claims_about": len(about),
                "claims_naming": len(naming),
                "photographs_showing": len(shown),
                "photographs_mentioning": len(mentioned),
                "sensitivity": [self._record.label(term) for term in self._follow(place, "kg:sensitivity")],
                "visibility": self._visibility(place),
            },
            "geometry": self._geometry(place),
            "names": list(self._names(place)),
            "links": [
                {"type": kind, "identifier": text(match)}
                for kind in ("exactMatch", "closeMatch")
                for match in self._follow(place, f"skos:{kind}")
            ],
            "relations": [relation for claim in about for relation in self._relations(claim)],
            "descriptions": [
                {"value": text(term), **_language(term)} for term in self._follow(place, "rdfs:comment")
            ],
            "depictions": shown,
            "mentions": mentioned,
        }

    def _follow(self, subject: Term, path: str) -> list[Term]:
        return self._record.follow(subject, path)

    def _visibility(self, resource: Term) -> str:
        return " ".join(text(term).removeprefix(KG) for term in self._follow(resource, "kg:visibility"))

    def _geometry(self, place: Term) -> _Object | None:
        """Give the point, longitude first, with the authority that it is from; None where there is none."""
        found = [[text(term) for term in self._follow(place, f"geo:{name}")] for name in ("long", "lat")]
        if found == [[], []]:
            return None
        if any(len(values) != 1 or not _DEGREES.fullmatch(values[0]) for values in found):
            raise cannot_hold(f"the place {place} has no single longitude and latitude ({found})")
        longitude, latitude = (float(values[0]) for values in found)
        if abs(longitude) > 180 or abs(latitude) > 90:
            raise cannot_hold(f"the place {place} is at longitude {longitude} and latitude {latitude}")
        point: _Object = {"type": "Point", "coordinates": [longitude, latitude]}
        if (graph := self._authorities.get(place)) is not None:
            licence = {"license": graph.licence} if graph.licence else {}
            point["citations"] = [{"@id": graph.iri, "label": _credit(graph), **licence}]
        return point

    def _names(self, place: Term) -> Iterator[_Object]:
        """Give the forms that sources print; where there is none our label, as ours."""
        names = [name for path in _NAMES for name in self._follow(place, path)]
        for name in names:
            for form in self._follow(name, "skosxl:literalForm"):
                yield {
                    "@id": text(name),
                    "toponym": text(form),
                    **_language(form),
                    "status": ", ".join(map(self._record.label, self._follow(name, "kg:nameStatus"))),
                    "citations": self._citations(name),
                }
        if not names:
            year = {"year": int(self._manifest.date[:4])} if self._manifest.date else {}
            ours = {"@id": Base(self._manifest.base).dataset, "label": self._manifest.title, **year}
            yield {"toponym": self._record.label(place), "status": "our label", "citations": [ours]}

    def _citations(self, record: Term) -> list[_Object]:
        """Give where *record* stands: its passages, with the year of the date line, and the works cited for it."""
        cited = []
        for passage in self._follow(record, "kg:passage"):
            document = next(iter(self._follow(passage, "kg:standsIn")), None)
            years = [text(day)[:4] for day in self._follow(passage, _DATELINE) if text(day)[:4].isdecimal()]
            year = {"year": int(years[0])} if years else {}
            cited.append({"@id": text(passage), "label": self._record.label(document), **year})
        for citation in self._follow(record, "kg:citation"):
            works = map(self._record.label, self._follow(citation, "kg:work"))
            cited.append({"@id": text(citation), "label": ", ".join(works)})
        return cited

    def _claims(self, place: Term, path: str) -> list[Term]:
        """Give the recorded claims that *path* leads to."""
        return [
            claim
            for claim in self._follow(place, path)
            if self._record.is_a(claim, *CLASSES["claims"])
            and ox.NamedNode(KG + "recorded") in self._follow(claim, "kg:status")
        ]

    def _relations(self, claim: Term) -> Iterator[_Object]:
        """Give what *claim* asserts of the place and another, as a relation with its speaker."""
        if ox.NamedNode(KG + "asserted") not in self._follow(claim, "kg:polarity"):
            return
        speakers = ", ".join(map(self._record.label, self._follow(claim, "kg:claimant")))
        for property in self._follow(claim, "rdf:predicate"):
            for other in self._follow(claim, "rdf:object"):
                if self._record.is_a(other, *CLASSES["places"]):
                    yield {
                        "@id": text(claim),
                        "relationType": _CLAIMED.get(text(property), "gvp:tgn3000_related_to"),
                        "relationTo": text(other),
                        "label": f"{self._record.words(claim)}, according to {speakers}",
                        "citations": self._citations(claim),
                    }

    def _photographs(self, place: Term, path: str) -> list[_Object]:
        found = []
        for photograph in self._follow(place, path):
            if self._record.is_a(photograph, *CLASSES["photographs"]):
                rights = [text(term) for term in self._follow(photograph, "dcterms:rights")]
                found.append(
                    {
                        "@id": text(photograph),
                        "title": self._record.label(photograph),
                        **({"license": rights[0]} if rights else {}),
                        "visibility": self._visibility(photograph),
                    }
                )
        return found


def _credit(graph: Graph) -> str:
    return graph.description or graph.title or graph.iri


def _language(term: Term) -> dict[str, str]:
    return {"lang": term.language} if isinstance(term, ox.Literal) and term.language else {}

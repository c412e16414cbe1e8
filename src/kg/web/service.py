"""The endpoint about itself: a SPARQL 1.1 Service Description (W3C 2013), which ``/sparql`` gives where nothing is asked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, TypeAlias

import pyoxigraph as ox

from kg.archive import Archive
from kg.formats import (
    JSON_LD,
    N_QUADS,
    N_TRIPLES,
    RDF_XML,
    SPARQL_CSV,
    SPARQL_JSON,
    SPARQL_TSV,
    SPARQL_XML,
    TRIG,
    TURTLE,
    Format,
)
from kg.limits import Limits
from kg.names import DCTERMS, RDF, RDFS, VOCABULARIES, XSD, is_iri
from kg.serialisation import document
from kg.triples import statement

FORMATS: Final = (TURTLE, N_TRIPLES, JSON_LD, RDF_XML)
"""The forms of the description, in the server's order of preference."""

_SD: Final = "http://www.w3.org/ns/sparql-service-description#"
_VOID, _DCAT = VOCABULARIES["void"], VOCABULARIES["dcat"]
_UNIQUE: Final = "http://www.w3.org/ns/formats/"
_NAMES: Final = {
    SPARQL_JSON: "SPARQL_Results_JSON",
    SPARQL_XML: "SPARQL_Results_XML",
    SPARQL_CSV: "SPARQL_Results_CSV",
    SPARQL_TSV: "SPARQL_Results_TSV",
    TURTLE: "Turtle",
    N_TRIPLES: "N-Triples",
    JSON_LD: "JSON-LD",
    RDF_XML: "RDF_XML",
    TRIG: "TriG",
    N_QUADS: "N-Quads",
}
"""Formats by their names in W3C's list of unique URIs for file formats (2014)."""

_Statement: TypeAlias = tuple[str, str, str | ox.Literal]


class Service:
    """What the endpoint of *archive* does and does not do within *limits*; *context* is its JSON-LD context, *home* what its address begins with."""

    def __init__(self, archive: Archive, limits: Limits, context: dict[str, Any] | None, home: str) -> None:
        self._archive = archive
        self._limits = limits
        self._context = context
        self._iri = f"{home}sparql"

    def document(self, format: Format) -> bytes:
        """Give the description in *format*, one of :data:`FORMATS`."""
        triples = [statement(*each) for each in self._statements()]
        prefixes = self._archive.base.prefixes() | {"sd": _SD, "formats": _UNIQUE}
        return document(triples, format, prefixes, self._context)

    def _statements(self) -> Iterator[_Statement]:
        manifest, service = self._archive.manifest, self._iri
        dataset = f"{service}#dataset"
        yield service, RDF + "type", _SD + "Service"
        yield service, _SD + "endpoint", service
        yield service, _SD + "supportedLanguage", _SD + "SPARQL11Query"
        for name in _NAMES.values():
            yield service, _SD + "resultFormat", _UNIQUE + name
        if manifest.default_graph == "union":
            yield service, _SD + "feature", _SD + "UnionDefaultGraph"
        yield service, _DCAT + "servesDataset", self._archive.base.dataset
        if is_iri(manifest.licence):
            yield service, DCTERMS + "license", manifest.licence
        yield service, RDFS + "comment", ox.Literal(self._manners(), language="en")
        yield service, _SD + "defaultDataset", dataset
        yield dataset, RDF + "type", _SD + "Dataset"
        yield from self._graphs(dataset)

    def _graphs(self, dataset: str) -> Iterator[_Statement]:
        """Give the graphs that a query reads which names none; blank ones cannot be named."""
        manifest = self._archive.manifest
        sizes = {graph.iri: graph.quads for graph in manifest.graphs}
        union = manifest.default_graph == "union"
        default = f"{self._iri}#default-graph"
        yield dataset, _SD + "defaultGraph", default
        yield from _graph(default, manifest.counts.get("triples", 0) if union else sizes.get("", 0))
        named = sorted(iri for iri in sizes if is_iri(iri))
        for number, iri in enumerate(named, 1):
            entry, graph = f"{self._iri}#named-graph-{number}", f"{self._iri}#graph-{number}"
            yield dataset, _SD + "namedGraph", entry
            yield entry, RDF + "type", _SD + "NamedGraph"
            yield entry, _SD + "name", iri
            yield entry, _SD + "graph", graph
            yield from _graph(graph, sizes[iri])

    def _manners(self) -> str:
        limits = self._limits
        return (
            f"Answers are whole or refused: within {limits.deadline:g} seconds (up to {limits.patience:g} more where many ask at "
            f"once), at most {limits.rows:,} rows or triples and {limits.bytes:,} bytes. No updates, no SERVICE; no graph is fetched, and one that is not here is empty."
        )


def _graph(iri: str, triples: int) -> Iterator[_Statement]:
    yield iri, RDF + "type", _SD + "Graph"
    yield iri, _VOID + "triples", ox.Literal(str(triples), datatype=ox.NamedNode(XSD + "integer"))

"""A manifest as linked data: DCAT 3 (W3C 2024), VoID and PROV-O, each node with an IRI of its own.

It says what ``graph/meta`` cannot, because it depends on finished bytes: the id, the downloads, their sizes and
checksums; and what can only be counted from outside: the partitions by class and by property, of all graphs, ``graph/meta``
among them. The two are about the same dataset IRI, and are served merged.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from io import BytesIO
from typing import Final, TypeAlias
from urllib.parse import quote

import pyoxigraph as ox

from kg import serialisation
from kg.formats import TURTLE
from kg.manifest.description import QUADS, File, Manifest
from kg.manifest.partitions import Statistics
from kg.names import DCTERMS, PROV, RDF, RDFS, SPDX, VOCABULARIES, XSD, Base

DOWNLOADS: Final = "downloads/"
"""The directory of the files that are offered for download, each a distribution of the dataset."""

_DCAT, _SCHEMA, _VOID = (VOCABULARIES[prefix] for prefix in ("dcat", "schema", "void"))
_MEDIA_TYPES: Final = "https://www.iana.org/assignments/media-types/"


def turtle(manifest: Manifest, statistics: Statistics | None = None) -> str:
    """Give ``manifest.ttl`` of *manifest*, with the partitions of *statistics*: sorted Turtle without blank nodes."""
    out = BytesIO()
    statements = (
        ox.Quad(ox.NamedNode(subject), ox.NamedNode(predicate), value)
        for subject, predicate, value in _statements(manifest, statistics)
    )
    serialisation.write(statements, TURTLE, out, prefixes=VOCABULARIES)
    return out.getvalue().decode()


_Statement: TypeAlias = tuple[str, str, ox.NamedNode | ox.Literal]


def _statements(manifest: Manifest, statistics: Statistics | None) -> Iterator[_Statement]:
    base = Base(manifest.base)
    dataset = base.dataset
    yield dataset, RDF + "type", ox.NamedNode(_DCAT + "Dataset")
    yield dataset, RDF + "type", ox.NamedNode(_VOID + "Dataset")
    yield dataset, DCTERMS + "title", ox.Literal(manifest.title, language="en")
    yield dataset, DCTERMS + "identifier", ox.Literal(manifest.id)
    yield dataset, _VOID + "triples", _number(manifest.counts.get("triples", 0), "integer")
    if manifest.description:
        yield dataset, DCTERMS + "description", ox.Literal(manifest.description, language="en")
    if manifest.publisher:
        yield dataset, DCTERMS + "publisher", ox.Literal(manifest.publisher)
    if manifest.licence:
        yield dataset, DCTERMS + "license", ox.NamedNode(manifest.licence)
    if manifest.version:
        yield dataset, _DCAT + "version", ox.Literal(manifest.version)
    if manifest.previous:
        yield dataset, _DCAT + "previousVersion", ox.NamedNode(base.release(manifest.previous))
    if manifest.date:
        yield dataset, DCTERMS + "modified", ox.Literal(manifest.date, datatype=ox.NamedNode(XSD + "date"))
    if "attest" in manifest.profiles:
        yield dataset, _VOID + "uriSpace", ox.Literal(f"{base.iri}id/")
    yield from _graphs(manifest, dataset)
    yield from _activity(manifest, base, dataset)
    for file in distributions(manifest):
        yield from _distribution(manifest, base, dataset, file)
    if statistics is not None:
        yield from _partitions(statistics, base)


def _graphs(manifest: Manifest, dataset: str) -> Iterator[_Statement]:
    for graph in manifest.graphs:
        if graph.iri and not graph.iri.startswith("_:"):
            yield dataset, _VOID + "subset", ox.NamedNode(graph.iri)
            yield graph.iri, _VOID + "triples", _number(graph.quads, "integer")


def distributions(manifest: Manifest) -> list[File]:
    """Give the files that are distributions of the dataset: the downloads, in a release without them ``quads.nq``."""
    downloads = [file for file in manifest.files if file.path.startswith(DOWNLOADS)]
    return downloads or [file for file in manifest.files if file.path == QUADS]


def _partitions(statistics: Statistics, base: Base) -> Iterator[_Statement]:
    dataset = base.dataset
    yield dataset, _VOID + "distinctSubjects", _number(statistics.subjects, "integer")
    yield dataset, _VOID + "distinctObjects", _number(statistics.objects, "integer")
    yield dataset, _VOID + "classes", _number(len(statistics.classes), "integer")
    yield dataset, _VOID + "properties", _number(len(statistics.properties), "integer")
    for space in statistics.vocabularies():
        yield dataset, _VOID + "vocabulary", ox.NamedNode(space)
    for members in statistics.classes:
        part = f"{dataset}#class-{_fragment(members.iri, base)}"
        yield dataset, _VOID + "classPartition", ox.NamedNode(part)
        yield part, _VOID + "class", ox.NamedNode(members.iri)
        yield part, _VOID + "entities", _number(members.entities, "integer")
    for uses in statistics.properties:
        part = f"{dataset}#property-{_fragment(uses.iri, base)}"
        yield dataset, _VOID + "propertyPartition", ox.NamedNode(part)
        yield part, _VOID + "property", ox.NamedNode(uses.iri)
        yield part, _VOID + "triples", _number(uses.triples, "integer")
        yield part, _VOID + "distinctSubjects", _number(uses.subjects, "integer")
        yield part, _VOID + "distinctObjects", _number(uses.objects, "integer")


def _fragment(iri: str, base: Base) -> str:
    """Give a name for the part about *iri*: its prefixed name, else some digits of its SHA-256."""
    name = base.compact(iri)
    return name if name != iri else hashlib.sha256(iri.encode()).hexdigest()[:16]


def _activity(manifest: Manifest, base: Base, dataset: str) -> Iterator[_Statement]:
    build = base.id("activity", "build")
    yield dataset, PROV + "wasGeneratedBy", ox.NamedNode(build)
    yield build, RDF + "type", ox.NamedNode(PROV + "Activity")
    for name, version in manifest.tools.items():
        tool = base.id("activity", f"build-{name}")
        yield build, PROV + "used", ox.NamedNode(tool)
        yield tool, RDFS + "label", ox.Literal(name, language="en")
        yield tool, _SCHEMA + "softwareVersion", ox.Literal(version)


def _distribution(manifest: Manifest, base: Base, dataset: str, file: File) -> Iterator[_Statement]:
    name = quote(file.path.removeprefix(DOWNLOADS))
    url = ox.NamedNode(f"{base.iri}download/{name}")
    distribution, checksum = f"{dataset}#{name}", f"{dataset}#sha256-{file.sha256}"
    yield dataset, _DCAT + "distribution", ox.NamedNode(distribution)
    yield dataset, _VOID + "dataDump", url
    yield distribution, RDF + "type", ox.NamedNode(_DCAT + "Distribution")
    yield distribution, DCTERMS + "title", ox.Literal(name)
    yield distribution, _DCAT + "downloadURL", url
    yield distribution, _DCAT + "mediaType", ox.NamedNode(_MEDIA_TYPES + file.media_type)
    yield distribution, _DCAT + "byteSize", _number(file.size, "nonNegativeInteger")
    yield distribution, SPDX + "checksum", ox.NamedNode(checksum)
    if manifest.licence:
        yield distribution, DCTERMS + "license", ox.NamedNode(manifest.licence)
    yield checksum, RDF + "type", ox.NamedNode(SPDX + "Checksum")
    yield checksum, SPDX + "algorithm", ox.NamedNode(SPDX + "checksumAlgorithm_sha256")
    yield (
        checksum,
        SPDX + "checksumValue",
        ox.Literal(file.sha256, datatype=ox.NamedNode(XSD + "hexBinary")),
    )


def _number(value: int, datatype: str) -> ox.Literal:
    return ox.Literal(str(value), datatype=ox.NamedNode(XSD + datatype))

"""A manifest as linked data: DCAT 3 (W3C 2024), VoID and PROV-O, each node with an IRI of its own.

It says what ``graph/meta`` cannot, because it depends on finished bytes: the id, the downloads, their sizes and
checksums. The two are about the same dataset IRI, and are served merged.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Final
from urllib.parse import quote

import pyoxigraph as ox

from kg import serialisation
from kg.formats import TURTLE
from kg.manifest.description import File, Manifest
from kg.names import DCTERMS, PROV, RDF, RDFS, VOCABULARIES, XSD, Base

DOWNLOADS: Final = "downloads/"
"""The directory of the files that are offered for download, each a distribution of the dataset."""

_DCAT, _SCHEMA, _VOID = (VOCABULARIES[prefix] for prefix in ("dcat", "schema", "void"))
_SPDX: Final = "http://spdx.org/rdf/terms#"
_MEDIA_TYPES: Final = "https://www.iana.org/assignments/media-types/"


def turtle(manifest: Manifest) -> str:
    """Give ``manifest.ttl`` of *manifest*: sorted Turtle without blank nodes."""
    out = BytesIO()
    statements = (
        ox.Quad(ox.NamedNode(subject), ox.NamedNode(predicate), value)
        for subject, predicate, value in _statements(manifest)
    )
    serialisation.write(statements, TURTLE, out, prefixes=VOCABULARIES | {"spdx": _SPDX})
    return out.getvalue().decode()


def _statements(manifest: Manifest) -> Iterator[tuple[str, str, ox.NamedNode | ox.Literal]]:
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
    if manifest.date:
        yield dataset, DCTERMS + "modified", ox.Literal(manifest.date, datatype=ox.NamedNode(XSD + "date"))
    for graph in manifest.graphs:
        if graph.iri and not graph.iri.startswith("_:"):
            yield dataset, _VOID + "subset", ox.NamedNode(graph.iri)
            yield graph.iri, _VOID + "triples", _number(graph.quads, "integer")
    yield from _activity(manifest, base, dataset)
    for file in manifest.files:
        if file.path.startswith(DOWNLOADS):
            yield from _distribution(manifest, base, dataset, file)


def _activity(
    manifest: Manifest, base: Base, dataset: str
) -> Iterator[tuple[str, str, ox.NamedNode | ox.Literal]]:
    build = base.id("activity", "build")
    yield dataset, PROV + "wasGeneratedBy", ox.NamedNode(build)
    yield build, RDF + "type", ox.NamedNode(PROV + "Activity")
    for name, version in manifest.tools.items():
        tool = base.id("activity", f"build-{name}")
        yield build, PROV + "used", ox.NamedNode(tool)
        yield tool, RDFS + "label", ox.Literal(name, language="en")
        yield tool, _SCHEMA + "softwareVersion", ox.Literal(version)


def _distribution(
    manifest: Manifest, base: Base, dataset: str, file: File
) -> Iterator[tuple[str, str, ox.NamedNode | ox.Literal]]:
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
    yield distribution, _SPDX + "checksum", ox.NamedNode(checksum)
    if manifest.licence:
        yield distribution, DCTERMS + "license", ox.NamedNode(manifest.licence)
    yield checksum, RDF + "type", ox.NamedNode(_SPDX + "Checksum")
    yield checksum, _SPDX + "algorithm", ox.NamedNode(_SPDX + "checksumAlgorithm_sha256")
    yield (
        checksum,
        _SPDX + "checksumValue",
        ox.Literal(file.sha256, datatype=ox.NamedNode(XSD + "hexBinary")),
    )


def _number(value: int, datatype: str) -> ox.Literal:
    return ox.Literal(str(value), datatype=ox.NamedNode(XSD + datatype))

"""``graph/meta``: the dataset about itself, written by the build.

Title, licence, publisher, the graphs with their counts, and the tools that made it (DCAT 3, VoID, PROV-O). What
depends on finished bytes (release id, digests, sizes) or on the clock stands in the manifest only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import version
from typing import Final, TypeAlias

import pyoxigraph as ox

from kg.names import DCTERMS, OWL, PROV, RDF, RDFS, SCHEMA, VOCABULARIES, XSD, Base
from kg.project import GraphInfo, Project
from kg.version import __version__

LIBRARIES: Final = ("pyoxigraph", "pyshacl", "rdflib")
"""Distributions whose version can change what the build writes."""

_Row: TypeAlias = tuple[str, str, ox.NamedNode | ox.Literal]

_VOID: Final = VOCABULARIES["void"]
_DCAT: Final = VOCABULARIES["dcat"]
_TYPE: Final = RDF + "type"


def tools() -> dict[str, str]:
    """Give the version of Attest and of each of :data:`LIBRARIES`."""
    return {"attest-kg": __version__} | {name: version(name) for name in LIBRARIES}


def counts(quads: Iterable[ox.Quad]) -> Mapping[str, int]:
    """Give the number of quads of each named graph, by IRI; the default graph under the empty string."""
    return Counter(
        quad.graph_name.value if isinstance(quad.graph_name, ox.NamedNode) else "" for quad in quads
    )


def describe(project: Project, quads: Iterable[ox.Quad]) -> list[ox.Quad]:
    """Give the quads of ``graph/meta`` for *quads*, all others of the dataset; it does not count itself."""
    sizes = dict(sorted(counts(quads).items()))
    rows = [*_dataset(project, sizes), *_build(project.base)]
    for iri, size in sizes.items():
        if iri:
            rows += _graph(iri, size, project.graphs.get(iri.removeprefix(project.base.graph(""))))
    graph = ox.NamedNode(project.base.graph("meta"))
    return [ox.Quad(ox.NamedNode(s), ox.NamedNode(p), o, graph) for s, p, o in rows]


def _dataset(project: Project, sizes: Mapping[str, int]) -> Iterator[_Row]:
    dataset = project.base.dataset
    yield dataset, _TYPE, ox.NamedNode(_VOID + "Dataset")
    yield dataset, _TYPE, ox.NamedNode(_DCAT + "Dataset")
    yield dataset, PROV + "wasGeneratedBy", ox.NamedNode(project.base.id("activity", "build"))
    yield from _said(dataset, project.title, project.licence, project.description)
    if project.publisher:
        yield dataset, DCTERMS + "publisher", ox.Literal(project.publisher)
    if project.version:
        yield dataset, OWL + "versionInfo", ox.Literal(project.version)
    for iri in filter(None, sizes):
        yield dataset, _VOID + "subset", ox.NamedNode(iri)


def _build(base: Base) -> Iterator[_Row]:
    activity = base.id("activity", "build")
    yield activity, _TYPE, ox.NamedNode(PROV + "Activity")
    yield activity, RDFS + "label", _text("Build of the release")
    for name, release in tools().items():
        tool = base.id("activity", f"build-{name}")
        yield activity, PROV + "used", ox.NamedNode(tool)
        yield tool, _TYPE, ox.NamedNode(SCHEMA + "SoftwareApplication")
        yield tool, RDFS + "label", _text(name)
        yield tool, SCHEMA + "softwareVersion", ox.Literal(release)


def _graph(iri: str, size: int, info: GraphInfo | None) -> Iterator[_Row]:
    yield iri, _TYPE, ox.NamedNode(_VOID + "Dataset")
    yield iri, _VOID + "triples", _number(size)
    if info is not None:
        yield from _said(iri, info.title, info.licence, info.description)


def _said(iri: str, title: str, licence: str, description: str) -> Iterator[_Row]:
    yield iri, DCTERMS + "title", _text(title)
    yield iri, RDFS + "label", _text(title)
    if licence:
        yield iri, DCTERMS + "license", ox.NamedNode(licence)
    if description:
        yield iri, DCTERMS + "description", _text(description)


def _text(value: str) -> ox.Literal:
    return ox.Literal(value, language="en")


def _number(value: int) -> ox.Literal:
    return ox.Literal(str(value), datatype=ox.NamedNode(XSD + "integer"))

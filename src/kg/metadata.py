"""``graph/meta``: the dataset about itself, written by the build.

Title, licence, publisher, the graphs with their counts, and the tools that made it (DCAT 3, VoID, PROV-O). What
depends on finished bytes (release id, digests, sizes) or on the clock stands in the manifest only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Final, TypeAlias

import pyoxigraph as ox

from kg import context
from kg.names import DCTERMS, KG, OA, OWL, PROV, RDF, RDFS, SCHEMA, VOCABULARIES, XSD, Base
from kg.project import GraphInfo
from kg.release import Contents
from kg.spool import Spool
from kg.version import __version__

LIBRARIES: Final = ("pyoxigraph", "pyshacl", "rdflib")
"""Distributions whose version can change what the build writes."""

_Row: TypeAlias = tuple[str, str, ox.NamedNode | ox.Literal]

_VOID: Final = VOCABULARIES["void"]
_DCAT: Final = VOCABULARIES["dcat"]
_TYPE: Final = RDF + "type"
_KINDS: Final = {
    "claims": KG + "Claim",
    "events": SCHEMA + "Event",
    "people": SCHEMA + "Person",
    "places": SCHEMA + "Place",
    "photographs": SCHEMA + "Photograph",
    "passages": OA + "SpecificResource",
}


def tools() -> dict[str, str]:
    """Give the version of Attest and of each of :data:`LIBRARIES`."""
    return {"attest-kg": __version__} | {name: version(name) for name in LIBRARIES}


def counts(quads: Iterable[ox.Quad]) -> Mapping[str, int]:
    """Give the number of *quads* of each named graph, by IRI; the default graph under the empty string."""
    return Counter(
        quad.graph_name.value if isinstance(quad.graph_name, ox.NamedNode) else "" for quad in quads
    )


def kinds(quads: Iterable[ox.Quad]) -> dict[str, int]:
    """Give the number of resources of each kind that a reader asks for, without those that there are none of."""
    types = Counter(
        quad.object.value
        for quad in quads
        if quad.predicate.value == _TYPE and isinstance(quad.object, ox.NamedNode)
    )
    return {name: types[iri] for name, iri in _KINDS.items() if types[iri]}


def describe(contents: Contents) -> list[ox.Quad]:
    """Give the quads of ``graph/meta`` for *contents*, which hold all others of the dataset; it does not count itself."""
    sizes = dict(sorted(counts(contents.quads).items()))
    rows = [*_dataset(contents, sizes), *_build(contents.base)]
    for iri, size in sizes.items():
        if iri:
            rows += _graph(iri, size, contents.graphs.get(iri))
    graph = ox.NamedNode(contents.base.graph("meta"))
    return [ox.Quad(ox.NamedNode(s), ox.NamedNode(p), o, graph) for s, p, o in rows]


def described(contents: Contents, directory: Path | None = None) -> Contents:
    """Give *contents* with what the build says of them: ``graph/meta`` under a profile, counts, tools, JSON-LD context.

    The statements are sorted, and lie in *directory* where they are many. Raises OSError where it has no room.
    """
    quads = Spool.of(contents.quads, directory)
    if "attest" in contents.profiles:
        quads = quads.joined(describe(replace(contents, quads=quads)), directory)
    return replace(
        contents,
        quads=quads,
        counts=kinds(quads.having([_TYPE])),
        tools=tools(),
        context=context.context(quads.having(context.READ), contents.base),
    )


def _dataset(contents: Contents, sizes: Mapping[str, int]) -> Iterator[_Row]:
    dataset = contents.base.dataset
    yield dataset, _TYPE, ox.NamedNode(_VOID + "Dataset")
    yield dataset, _TYPE, ox.NamedNode(_DCAT + "Dataset")
    yield dataset, PROV + "wasGeneratedBy", ox.NamedNode(contents.base.id("activity", "build"))
    yield from _said(dataset, contents.title, contents.licence, contents.description)
    if contents.publisher:
        yield dataset, DCTERMS + "publisher", ox.Literal(contents.publisher)
    if contents.version:
        yield dataset, OWL + "versionInfo", ox.Literal(contents.version)
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

"""The manifests of the W3C suites: files of RDF about tests, and the files that they name."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox

import suites
from kg.names import RDF
from kg.store import Term

PUBLISHED = "https://w3c.github.io/rdf-tests/"
SUITE_11 = "http://www.w3.org/2009/sparql/docs/tests/data-sparql11/"
SUITE_10 = "http://www.w3.org/2001/sw/DataAccess/tests/data-r2/"
MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
QT = "http://www.w3.org/2001/sw/DataAccess/tests/test-query#"


def file(iri: str) -> Path:
    """Give the local copy of a file of the suites."""
    return suites.require("w3c") / "rdf-tests" / iri.removeprefix(PUBLISHED)


def quads(iri: str, graph: str | None = None) -> list[ox.Quad]:
    """Give what a file of data says, in the graph *graph* where one is named; its blank nodes are those of no other call."""
    format = ox.RdfFormat.from_extension(iri.rpartition(".")[2])
    found = ox.parse(path=file(iri), format=format, base_iri=iri, rename_blank_nodes=True)
    name = ox.NamedNode(graph) if graph else ox.DefaultGraph()
    return [ox.Quad(*quad.triple, name) for quad in found]


class Description:
    """A file of RDF about tests, asked by property."""

    def __init__(self, iri: str) -> None:
        self.store = ox.Store()
        format = ox.RdfFormat.from_extension(iri.rpartition(".")[2])
        self.store.load(path=file(iri), format=format, base_iri=iri)

    def all(self, subject: Term | None, predicate: str) -> list[Term]:
        return [quad.object for quad in self.store.quads_for_pattern(subject, ox.NamedNode(predicate), None)]

    def one(self, subject: Term | None, predicate: str) -> Term | None:
        return next(iter(self.all(subject, predicate)), None)

    def members(self, predicate: str, subject: Term | None = None) -> list[Term]:
        """Give the members of the lists that are objects of *predicate*, of *subject* or of anything."""
        found = []
        for head in self.all(subject, predicate):
            node = head
            while node.value != f"{RDF}nil":
                found.append(self.one(node, f"{RDF}first"))
                node = self.one(node, f"{RDF}rest")
        return found


def suite(iri: str) -> list[str]:
    """Give the IRIs of the tests of a manifest, none where the suites are absent: tests are parametrised with them."""
    if suites.w3c() is None:
        return []
    return [entry.value for entry in Description(iri).members(f"{MF}entries")]

"""The partitions of a dataset: equal to what SPARQL counts, for any statements and for the real collection."""

from __future__ import annotations

import pyoxigraph as ox
from hypothesis import given
from hypothesis import strategies as st

import collection
import kg
from kg import manifest
from kg.manifest.partitions import ByClass, ByProperty, Statistics
from kg.names import KG, RDF, VOCABULARIES
from kg.store import EmbeddedStore, Solutions

VOID = VOCABULARIES["void"]
nodes = st.sampled_from([ox.NamedNode(f"urn:x:{letter}") for letter in "abc"] + [ox.BlankNode("b")])
predicates = st.sampled_from([ox.NamedNode("urn:x:p"), ox.NamedNode("urn:x:q"), ox.NamedNode(RDF + "type")])
objects = nodes | st.sampled_from([ox.Literal("1"), ox.Literal("1", language="en")])
graphs = st.sampled_from([ox.DefaultGraph(), ox.NamedNode("urn:x:g"), ox.NamedNode("urn:x:h")])
quads = st.lists(st.builds(ox.Quad, nodes, predicates, objects, graphs), max_size=30)


def rows(store: EmbeddedStore, text: str) -> list[tuple[str, ...]]:
    answer = store.query(f"SELECT {text}", union=True)
    assert isinstance(answer, Solutions)
    return [tuple(term.value for term in row) for row in answer.rows]  # type: ignore[union-attr]


@given(quads)
def test_every_number_is_that_of_a_query(quads: list[ox.Quad]) -> None:
    found, store = Statistics.of(quads), EmbeddedStore.of(quads)
    counted = "(COUNT(DISTINCT ?s) AS ?n) (COUNT(DISTINCT ?o) AS ?m) { ?s ?p ?o }"
    assert rows(store, counted) == [(str(found.subjects), str(found.objects))]
    assert [(each.iri, str(each.entities)) for each in found.classes] == rows(
        store, "?c (COUNT(DISTINCT ?s) AS ?n) { ?s a ?c FILTER(isIRI(?c)) } GROUP BY ?c ORDER BY ?c"
    )
    properties = rows(
        store,
        "?p (COUNT(DISTINCT ?s) AS ?n) (COUNT(DISTINCT ?o) AS ?m) { ?s ?p ?o } GROUP BY ?p ORDER BY ?p",
    )
    assert [(each.iri, str(each.subjects), str(each.objects)) for each in found.properties] == properties
    assert found.triples == sum(each.triples for each in found.properties)
    assert found.triples == len({quad.triple for quad in quads})


def test_nothing_has_no_partition() -> None:
    assert Statistics.of([]) == Statistics(0, 0, 0, (), ())


def test_vocabularies_are_those_that_are_used() -> None:
    found = Statistics(1, 1, 1, (ByClass(KG + "Claim", 1),), (ByProperty(RDF + "type", 1, 1, 1),))
    assert found.vocabularies() == [RDF, KG]


def test_the_release_has_the_partitions_of_its_statements() -> None:
    release = manifest.current(collection.built())
    listed = manifest.read(release)
    store = ox.Store()
    store.bulk_load(path=release / "manifest.ttl", format=ox.RdfFormat.TURTLE)
    archive = kg.open(release)
    statistics = Statistics.of(archive.quads())
    for kind, size, expected in (
        ("class", "entities", {each.iri: each.entities for each in statistics.classes}),
        ("property", "triples", {each.iri: each.triples for each in statistics.properties}),
    ):
        found = store.query(
            f"SELECT ?it ?n {{ <{listed.base}dataset> <{VOID}{kind}Partition> ?part . ?part <{VOID}{kind}> ?it ; <{VOID}{size}> ?n }}"
        )
        assert {row["it"].value: int(row["n"].value) for row in found} == expected
        assert expected
    assert statistics.triples == listed.counts["triples"]


def test_a_release_without_downloads_offers_its_quads() -> None:
    text = manifest.turtle(
        manifest.Manifest(
            title="t",
            base="https://archive.example/",
            files=(manifest.File("quads.nq", 3, "0" * 64, "application/n-quads"),),
        )
    )
    assert "<https://archive.example/download/quads.nq>" in text

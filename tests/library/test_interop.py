"""rdflib over a release: what it reads is what its own parser would have given, and nothing can be changed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import invented
import pytest
from rdflib import RDF, RDFS, XSD, BNode, Dataset, Graph, Literal, Namespace, URIRef

import kg

BASE = "https://attest.example/baku-1990/"
EVENT = URIRef(BASE + "id/event/baku-1990-01")
ENTITIES = URIRef(BASE + "graph/entities")
KG = Namespace("https://w3id.org/attest/ns#")
SCHEMA = Namespace("https://schema.org/")
PLAIN = """
event:fair-1901 rdfs:label "Fair"@en ; rdfs:comment "plain", "" ;
    kg:amount 12, -3, 1.5, true ; kg:dateline "1901-05-03"^^xsd:date ; kg:edtf "1901-05/.."^^edtf:EDTF ;
    kg:depicts [ rdfs:label "nameless"@en-GB ] .
event:fair-1902 rdfs:label \"\"\"Fair "of"\n1902\"\"\"@en .
"""


@pytest.fixture(scope="module")
def dataset(archive: kg.Archive) -> Dataset:
    return archive.rdflib()


@pytest.fixture(scope="module")
def parsed(archive: kg.Archive) -> Dataset:
    """The same release, read by rdflib itself."""
    assert archive.directory
    data = Dataset(default_union=True)
    data.parse(archive.directory / "quads.nq", format="nquads")
    return data


def test_it_holds_what_rdflib_would_have_parsed(dataset: Dataset, parsed: Dataset) -> None:
    assert set(dataset.triples((None, None, None))) == set(parsed.triples((None, None, None)))
    assert len(dataset) == len(parsed) > 3000
    named = {graph.identifier: set(graph) for graph in parsed.graphs() if len(graph)}
    assert {graph.identifier: set(graph) for graph in dataset.graphs() if len(graph)} == named
    assert ENTITIES in named
    assert set(dataset.quads((None, RDFS.label, None, None))) == set(
        parsed.quads((None, RDFS.label, None, None))
    )


def test_terms_are_those_of_rdflib(tmp_path: Path) -> None:
    dataset = invented.opened(PLAIN, tmp_path).rdflib()
    own = Graph().parse(data=invented.PREFIXES + PLAIN, format="turtle")
    assert {o for o in dataset.objects() if isinstance(o, Literal)} == {
        o for o in own.objects() if isinstance(o, Literal)
    }
    fair = URIRef(BASE + "id/event/fair-1901")
    typed = invented.opened('event:fair-1901 rdfs:comment "typed"^^xsd:string .', tmp_path).rdflib()
    assert set(typed.objects()) == {Literal("typed")}  # RDF 1.1: the same literal
    for term in (Literal("plain"), Literal("")):
        assert (fair, RDFS.comment, term) in dataset
    assert (fair, RDFS.label, Literal("Fair", lang="en")) in dataset
    assert (fair, RDFS.label, Literal("Fair")) not in dataset
    for number in (Literal(12), Literal(-3), Literal("1.5", datatype=XSD.decimal), Literal(True)):
        assert (fair, KG.amount, number) in dataset
    assert {type(value.toPython()).__name__ for value in dataset.objects(fair, KG.amount)} == {
        "int",
        "Decimal",
        "bool",
    }
    node = dataset.value(fair, KG.depicts)
    assert isinstance(node, BNode)
    assert dataset.value(node, RDFS.label) == Literal("nameless", lang="en-gb")
    assert (None, None, node) in dataset


def test_patterns(dataset: Dataset) -> None:
    assert dataset.value(EVENT, RDFS.label) == Literal("Violence in Baku, January 1990", lang="en")
    assert set(dataset.objects(EVENT, SCHEMA.superEvent)) == {
        URIRef(BASE + "id/event/azerbaijan-1990-01"),
        URIRef(BASE + "id/event/violence-1988-1990"),
    }
    assert EVENT in set(dataset.subjects(RDF.type, SCHEMA.Event))
    assert (EVENT, RDF.type, SCHEMA.Event) in dataset
    assert (EVENT, RDF.type, SCHEMA.Person) not in dataset
    assert [g.identifier for g in dataset.store.contexts((EVENT, RDF.type, SCHEMA.Event))] == [ENTITIES]


def test_patterns_that_no_triple_fits_give_nothing(dataset: Dataset) -> None:
    for pattern in (
        (Literal("Baku"), None, None), (None, Literal("Baku"), None), (None, BNode(), None), (BNode("no-such"), None, None),
        (URIRef("urn:not here"), None, None), (None, None, URIRef("no iri")), (EVENT, URIRef("relative"), None),
    ):  # fmt: skip
        assert list(dataset.triples(pattern)) == []


def test_graphs(dataset: Dataset) -> None:
    entities = dataset.graph(ENTITIES)
    assert (EVENT, RDF.type, SCHEMA.Event) in entities
    assert (EVENT, SCHEMA.location, None) not in entities
    assert (EVENT, SCHEMA.location, None) in dataset.graph(URIRef(BASE + "graph/published"))
    assert len(dataset.graph(URIRef(BASE + "graph/none"))) == 0
    assert sum(len(graph) for graph in dataset.graphs()) == len(dataset)


def test_queries(dataset: Dataset, parsed: Dataset, archive: kg.Archive) -> None:
    for text in (
        "SELECT DISTINCT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g",
        "SELECT ?s ?l { ?s a <https://schema.org/Place> ; rdfs:label ?l FILTER (LANG(?l) = 'en') }",
        "SELECT ?c ?l { ?c rdf:object ?o . ?o rdfs:label ?l }",  # some objects are literals
        "ASK { ?s kg:amount 32 }",
        "SELECT ?w { event:baku-1990-01 schema:superEvent+ ?w }",
    ):
        prefixes = archive.base.prefixes()
        expected = parsed.query(text, initNs=prefixes)
        found = dataset.query(text, initNs=prefixes)
        if found.type == "ASK":
            assert found.askAnswer is expected.askAnswer is True
        else:
            assert {tuple(row) for row in found} == {tuple(row) for row in expected} != set()  # type: ignore[arg-type]


def test_prefixes(dataset: Dataset) -> None:
    known = dict(dataset.namespaces())
    assert known["event"] == URIRef(BASE + "id/event/")
    assert dataset.namespace_manager.curie(EVENT) == "event:baku-1990-01"


@pytest.mark.parametrize("format", ["nquads", "trig"])
def test_it_can_be_written_and_read_back(dataset: Dataset, parsed: Dataset, format: str) -> None:
    again = Dataset(default_union=True)
    again.parse(data=dataset.serialize(format=format), format=format)
    assert set(again.quads((None, None, None, None))) == set(parsed.quads((None, None, None, None)))


def test_a_graph_can_be_written_as_turtle(dataset: Dataset) -> None:
    text = dataset.graph(ENTITIES).serialize(format="turtle")
    assert "event:baku-1990-01 a schema:Event" in text
    assert set(Graph().parse(data=text, format="turtle")) == set(dataset.graph(ENTITIES))


TRIPLE = (EVENT, RDFS.label, Literal("Other", lang="en"))
THERE = (EVENT, RDFS.label, Literal("Violence in Baku, January 1990", lang="en"))
CHANGES: dict[str, Callable[[Any], Any]] = {
    "add": lambda data: data.add(TRIPLE),
    "add a quad": lambda data: data.add((*TRIPLE, ENTITIES)),
    "addN": lambda data: data.addN([(*TRIPLE, data.graph(ENTITIES))]),
    "set": lambda data: data.set(TRIPLE),
    "remove": lambda data: data.remove(THERE),
    "remove all": lambda data: data.remove((None, None, None)),
    "remove a graph": lambda data: data.remove_graph(data.graph(ENTITIES)),
    "add to a graph": lambda data: data.graph(ENTITIES).add(TRIPLE),
    "add to the default graph": lambda data: data.default_graph.add(TRIPLE),
    "add to a new graph": lambda data: data.graph(URIRef(BASE + "graph/new")).add(TRIPLE),
    "remove from a graph": lambda data: data.graph(ENTITIES).remove(THERE),
    "add many": lambda data: data.__iadd__([TRIPLE]),
    "take away many": lambda data: data.__isub__([THERE]),
    "parse": lambda data: data.parse(data="<urn:a> <urn:b> <urn:c> .", format="turtle"),
    "parse quads": lambda data: data.parse(data="<urn:a> <urn:b> <urn:c> <urn:g> .", format="nquads"),
    "insert data": lambda data: data.update("INSERT DATA { <urn:a> <urn:b> <urn:c> }"),
    "insert where": lambda data: data.update("INSERT { ?s <urn:b> ?o } WHERE { ?s ?p ?o }"),
    "delete data": lambda data: data.update(f"DELETE DATA {{ {' '.join(term.n3() for term in THERE)} }}"),
    "delete where": lambda data: data.update("DELETE WHERE { ?s ?p ?o }"),
    "clear": lambda data: data.update("CLEAR ALL"),
    "drop": lambda data: data.update(f"DROP GRAPH <{ENTITIES}>"),
    "destroy": lambda data: data.destroy("anything"),
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_every_change_is_refused(archive: kg.Archive, change: str) -> None:
    data = archive.rdflib()
    with pytest.raises(kg.StoreError, match="read-only") as raised:
        CHANGES[change](data)
    assert "kg build" in raised.value.remedy
    assert len(data) == archive.manifest.counts["triples"]
    assert THERE in data
    assert TRIPLE not in data


def test_the_default_graph_is_that_of_the_release(tmp_path: Path) -> None:
    for setting, count in (("union", 2), ("strict", 1)):
        (tmp_path / setting).mkdir()
        file = tmp_path / setting / "data.trig"
        file.write_text("<urn:a> <urn:b> <urn:c> . <urn:g> { <urn:a> <urn:b> <urn:d> }", encoding="utf-8")
        from kg import building
        from kg.project import Project

        project = Project.adhoc([file], default_graph=setting)  # type: ignore[arg-type]
        building.build(project, tmp_path / setting / "releases")
        archive = kg.open(tmp_path / setting / "releases")
        data = archive.rdflib()
        query = "SELECT ?o { <urn:a> <urn:b> ?o }"
        assert len(list(data.triples((None, None, None)))) == count
        assert len(data.query(query)) == len(archive.query(query)) == count
        assert len(data.graph(URIRef("urn:g"))) == 1

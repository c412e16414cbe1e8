"""Clients of other people against the server, as their users call them: SPARQLWrapper, rdflib's SPARQLStore, curl."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import warnings
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
import rdflib
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import CSV, GET, JSON, JSONLD, N3, POST, RDFXML, TSV, TURTLE, XML, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed

import kg
import suites
from kg.names import KG, RDFS

EVENTS = f"SELECT ?e ?l WHERE {{ ?e a <https://schema.org/Event> ; <{RDFS}label> ?l }} ORDER BY ?e"
GRAPHS = "CONSTRUCT { ?e a ?t } WHERE { ?e a <https://schema.org/Event> ; a ?t }"
COUNT = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"
BAKU = "https://attest.example/baku-1990/id/event/baku-1990-01"


@pytest.fixture(scope="module")
def events(archive: kg.Archive) -> list[tuple[str, str]]:
    return [(str(row["e"]), str(row["l"])) for row in archive.query(EVENTS)]


# ---------------------------------------------------------------------- SPARQLWrapper


def asked(url: str, query: str, format: str | None = None, method: str = GET) -> Any:
    wrapper = SPARQLWrapper(f"{url}/sparql", **({} if format is None else {"returnFormat": format}))
    wrapper.setMethod(method)
    wrapper.setQuery(query)
    with warnings.catch_warnings():  # it warns of formats that it does not expect for a form of query
        warnings.simplefilter("error")
        warnings.filterwarnings("ignore", "ConjunctiveGraph is deprecated")
        return wrapper.query().convert()


@pytest.mark.parametrize("method", [GET, POST])
def test_sparqlwrapper_rows_in_every_format(url: str, events: list[tuple[str, str]], method: str) -> None:
    found = asked(url, EVENTS, JSON, method)["results"]["bindings"]
    assert [(row["e"]["value"], row["l"]["value"]) for row in found] == events
    for default in (XML, None):
        document = asked(url, EVENTS, default, method)
        values = [node.firstChild.data for node in document.getElementsByTagName("literal")]
        assert values == [label for _, label in events]
    table = list(csv.reader(io.StringIO(asked(url, EVENTS, CSV, method).decode(), newline="")))
    assert table == [["e", "l"], *map(list, events)]
    lines = asked(url, EVENTS, TSV, method).decode().splitlines()
    assert lines == ["?e\t?l", *(f'<{event}>\t"{label}"@en' for event, label in events)]


@pytest.mark.parametrize("method", [GET, POST])
def test_sparqlwrapper_truth(url: str, method: str) -> None:
    assert asked(url, "ASK { ?s ?p ?o }", JSON, method)["boolean"] is True
    for default in (XML, None):
        (truth,) = asked(url, "ASK { <urn:no> ?p ?o }", default, method).getElementsByTagName("boolean")
        assert truth.firstChild.data == "false"


@pytest.mark.parametrize("method", [GET, POST])
@pytest.mark.parametrize("query", [GRAPHS, f"DESCRIBE <{BAKU}>"])
def test_sparqlwrapper_graphs_in_every_format(url: str, archive: kg.Archive, query: str, method: str) -> None:
    expected = rdflib.Graph()
    answer = archive.answer(query)
    assert isinstance(answer, list)
    expected.parse(data=ox.serialize(answer, format=ox.RdfFormat.N_TRIPLES), format="nt")
    for format in (XML, RDFXML, JSONLD, None):
        assert set(asked(url, query, format, method)) == set(expected), format
    for format in (TURTLE, N3):
        assert set(rdflib.Graph().parse(data=asked(url, query, format, method), format="turtle")) == set(
            expected
        )


def test_sparqlwrapper_names_graphs(url: str, archive: kg.Archive) -> None:
    sizes = {graph.iri: graph.quads for graph in archive.manifest.graphs}
    entities = archive.base.graph("entities")
    wrapper = SPARQLWrapper(f"{url}/sparql", defaultGraph=entities, returnFormat=JSON)
    wrapper.setQuery(COUNT)
    (row,) = wrapper.query().convert()["results"]["bindings"]
    assert int(row["n"]["value"]) == sizes[entities]
    wrapper = SPARQLWrapper(f"{url}/sparql", returnFormat=JSON)
    wrapper.addDefaultGraph(entities)
    wrapper.addDefaultGraph(archive.base.graph("vocab"))
    wrapper.setQuery(COUNT)
    (row,) = wrapper.query().convert()["results"]["bindings"]
    assert int(row["n"]["value"]) == sizes[entities] + sizes[archive.base.graph("vocab")]
    wrapper = SPARQLWrapper(f"{url}/sparql", returnFormat=JSON)
    wrapper.addNamedGraph(entities)
    wrapper.setQuery("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }")
    assert [row["g"]["value"] for row in wrapper.query().convert()["results"]["bindings"]] == [entities]


def test_sparqlwrapper_tells_what_is_wrong(url: str) -> None:
    with pytest.raises(QueryBadFormed, match="line 1, column "):
        asked(url, "SELECT * WHERE { ?s ?p", JSON)


def test_sparqlwrapper_cannot_change_anything(url: str) -> None:
    wrapper = SPARQLWrapper(f"{url}/sparql", updateEndpoint=f"{url}/sparql")
    wrapper.setMethod(POST)
    wrapper.setQuery("INSERT DATA { <urn:a> <urn:a> <urn:a> }")
    with pytest.raises(Exception, match="403"):
        wrapper.query()
    assert asked(url, "ASK { <urn:a> ?p ?o }", JSON)["boolean"] is False


# ---------------------------------------------------------------------- rdflib


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
@pytest.mark.parametrize("format", ["xml", "json", "csv", "tsv"])
def test_rdflib_graph(
    url: str, archive: kg.Archive, events: list[tuple[str, str]], method: Any, format: str
) -> None:
    graph = rdflib.Graph(SPARQLStore(f"{url}/sparql", method=method, returnFormat=format))
    label, kind = rdflib.RDFS.label, rdflib.URIRef("https://schema.org/Event")
    assert {str(subject) for subject in graph.subjects(rdflib.RDF.type, kind)} == {
        event for event, _ in events
    }
    labels = {str(value) for event, _ in events for value in graph.objects(rdflib.URIRef(event), label)}
    assert labels >= {text for _, text in events}
    found = graph.query(
        "SELECT ?l WHERE { ?it ?label ?l }", initBindings={"it": rdflib.URIRef(BAKU), "label": label}
    )
    assert {str(row.l) for row in found} == {text for event, text in events if event == BAKU}  # type: ignore[union-attr]
    if format in ("xml", "json"):  # rdflib reads no truth value in a table
        assert (rdflib.URIRef(BAKU), rdflib.RDF.type, kind) in graph
        assert (rdflib.URIRef(BAKU), rdflib.RDF.type, rdflib.URIRef("urn:no")) not in graph


def test_rdflib_triples(url: str, archive: kg.Archive) -> None:
    graph = rdflib.Graph(SPARQLStore(f"{url}/sparql"))
    found = set(graph.triples((rdflib.URIRef(BAKU), None, None)))
    expected = {quad.triple for quad in archive.quads() if quad.subject == ox.NamedNode(BAKU)}
    assert {(str(p), str(o)) for _, p, o in found} == {(t.predicate.value, t.object.value) for t in expected}  # type: ignore[union-attr]
    assert len(graph) == archive.manifest.counts["quads"]
    constructed = graph.query(GRAPHS).graph
    assert constructed is not None
    answer = archive.answer(GRAPHS)
    assert isinstance(answer, list)
    assert len(constructed) == len(set(answer))
    assert bool(graph.query("ASK { ?s ?p ?o }"))


def test_rdflib_dataset(url: str, archive: kg.Archive) -> None:
    dataset = rdflib.Dataset(SPARQLStore(f"{url}/sparql", context_aware=True), default_union=True)
    entities = archive.base.graph("entities")
    assert {str(graph) for graph in dataset.store.contexts()} >= {
        graph.iri for graph in archive.manifest.graphs if graph.iri
    }
    assert len(dataset) == archive.manifest.counts["quads"]
    inside = rdflib.Graph(dataset.store, identifier=rdflib.URIRef(entities))
    sizes = {graph.iri: graph.quads for graph in archive.manifest.graphs}
    assert len(inside) == sizes[entities]
    assert len(set(inside.triples((None, rdflib.RDF.type, None)))) == sum(
        quad.graph_name == ox.NamedNode(entities) and quad.predicate.value == str(rdflib.RDF.type)
        for quad in archive.quads()
    )


# ---------------------------------------------------------------------- curl


def curl(*arguments: str | Path) -> bytes:
    command = [
        str(suites.require("curl")),
        "--silent",
        "--show-error",
        "--fail-with-body",
        "--noproxy",
        "*",
        "--max-time",
        "30",
    ]
    return subprocess.run(
        [*command, *map(str, arguments)], capture_output=True, timeout=60, check=True
    ).stdout


@pytest.mark.needs("curl")
def test_curl_asks(url: str, events: list[tuple[str, str]]) -> None:
    table = curl("-G", "-H", "Accept: text/csv", "--data-urlencode", f"query={EVENTS}", f"{url}/sparql")
    assert list(csv.reader(io.StringIO(table.decode(), newline="")))[1:] == [list(pair) for pair in events]
    assert curl("-H", "Accept: text/csv", "--data-urlencode", f"query={EVENTS}", f"{url}/sparql") == table
    direct = [
        "-H",
        "Content-Type: application/sparql-query",
        "--data-binary",
        EVENTS,
        "-H",
        "Accept: text/csv",
    ]
    assert curl(*direct, f"{url}/sparql") == table
    assert curl("-H", "Expect: 100-continue", *direct, f"{url}/sparql") == table
    rows = json.loads(curl("-G", "--data-urlencode", f"query={EVENTS}", f"{url}/sparql"))["results"][
        "bindings"
    ]
    assert [row["l"]["value"] for row in rows] == [label for _, label in events]
    assert (
        curl(
            "--http1.0",
            "-G",
            "-H",
            "Accept: text/csv",
            "--data-urlencode",
            f"query={EVENTS}",
            f"{url}/sparql",
        )
        == table
    )


@pytest.mark.needs("curl")
def test_curl_compressed(url: str) -> None:
    """Whatever the server makes of it, the user gets the same."""
    for path in ("/event/baku-1990-01.ttl", "/download/dataset.nt", "/event/baku-1990-01.html"):
        assert curl("--compressed", url + path) == curl(url + path)


@pytest.mark.needs("curl")
def test_curl_follows_an_identifier_to_its_document(url: str, archive: kg.Archive) -> None:
    turtle = curl("-L", "-H", "Accept: text/turtle", f"{url}/id/event/baku-1990-01")
    assert turtle == curl(f"{url}/event/baku-1990-01.ttl")
    reached = curl(
        "-L", "-o", "/dev/null", "-w", "%{url_effective} %{num_redirects}", f"{url}/id/event/baku-1990-01"
    )
    assert reached.decode() == f"{url}/event/baku-1990-01 1"
    assert f"<{KG}" in turtle.decode()


@pytest.mark.needs("curl")
def test_curl_reads_headers(url: str) -> None:
    head = curl("-I", "-H", "Accept: text/turtle", f"{url}/event/baku-1990-01").decode().lower()
    assert head.startswith("http/1.1 200 ok\r\n")
    assert "content-type: text/turtle; charset=utf-8\r\n" in head
    etag = next(
        line.partition(" ")[2]
        for line in curl("-I", f"{url}/download/dataset.nt").decode().splitlines()
        if line.lower().startswith("etag:")
    )
    code = curl(
        "-o",
        "/dev/null",
        "-w",
        "%{http_code} %{size_download}",
        "-H",
        f"If-None-Match: {etag}",
        f"{url}/download/dataset.nt",
    )
    assert code == b"304 0"


@pytest.mark.needs("curl")
def test_curl_goes_on_with_a_download(url: str, tmp_path: Path) -> None:
    whole = curl(f"{url}/download/dataset.nt")
    begun = tmp_path / "dataset.nt"
    begun.write_bytes(whole[:1000])
    curl("-C", "-", "-o", begun, f"{url}/download/dataset.nt")
    assert begun.read_bytes() == whole
    assert curl("-r", "10-19", f"{url}/download/dataset.nt") == whole[10:20]
    curl(
        "--remote-time",
        "-O",
        "--output-dir",
        tmp_path / "again",
        "--create-dirs",
        f"{url}/download/dataset.nt",
    )
    assert (tmp_path / "again" / "dataset.nt").read_bytes() == whole


@pytest.mark.needs("curl")
def test_curl_tells_of_an_error(url: str) -> None:
    with pytest.raises(subprocess.CalledProcessError) as failed:
        curl("-G", "--data-urlencode", "query=SELECT * WHERE {", f"{url}/sparql")
    assert failed.value.returncode == 22
    assert failed.value.stdout.startswith(b"line 1, column ")

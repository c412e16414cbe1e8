"""``/sparql``, asked as programs ask it."""

from __future__ import annotations

import json

import httpx
import pyoxigraph as ox
import pytest
import rdflib
from SPARQLWrapper import CSV, JSON, JSONLD, N3, POST, POSTDIRECTLY, TURTLE, SPARQLWrapper

import kg
from kg.formats import JSON_LD, N_QUADS, N_TRIPLES, RDF_XML, TRIG, Format
from kg.formats import TURTLE as TURTLE_RDF
from kg.names import KG
from kg.serialisation import document
from kg.store import Solutions
from kg.web import protocol

COUNT = f"SELECT (COUNT(DISTINCT ?c) AS ?n) WHERE {{ ?c a <{KG}Claim> }}"
LABELS = "SELECT ?l WHERE { ?e a <https://schema.org/Event> ; <http://www.w3.org/2000/01/rdf-schema#label> ?l } ORDER BY ?l"
DESCRIBE = "DESCRIBE <https://attest.example/baku-1990/id/event/sumgait-1988>"
FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"


@pytest.fixture
def wrapper(url: str) -> SPARQLWrapper:
    return SPARQLWrapper(f"{url}/sparql")


def test_sparqlwrapper_select(wrapper: SPARQLWrapper, archive: kg.Archive) -> None:
    wrapper.setQuery(COUNT)
    wrapper.setReturnFormat(JSON)
    (row,) = wrapper.query().convert()["results"]["bindings"]
    assert row["n"] == {
        "type": "literal",
        "value": str(archive.manifest.counts["claims"]),
        "datatype": "http://www.w3.org/2001/XMLSchema#integer",
    }


@pytest.mark.parametrize("how", ["urlencoded", POSTDIRECTLY])
def test_sparqlwrapper_post(wrapper: SPARQLWrapper, how: str) -> None:
    wrapper.setMethod(POST)
    wrapper.setRequestMethod(how)
    wrapper.setQuery("ASK { ?s ?p ?o }")
    wrapper.setReturnFormat(JSON)
    assert wrapper.query().convert() == {"head": {}, "boolean": True}


def test_sparqlwrapper_csv(wrapper: SPARQLWrapper, archive: kg.Archive) -> None:
    wrapper.setQuery(LABELS)
    wrapper.setReturnFormat(CSV)
    header, *labels = wrapper.query().convert().decode().split("\r\n")[:-1]
    assert header == "l"
    assert [label.strip('"') for label in labels] == [event.label for event in archive.events()]


@pytest.mark.parametrize("format", [TURTLE, JSONLD])
def test_sparqlwrapper_construct(wrapper: SPARQLWrapper, archive: kg.Archive, format: str) -> None:
    wrapper.setQuery("CONSTRUCT { ?s ?p ?o } WHERE { ?s a <https://schema.org/Event> ; ?p ?o }")
    wrapper.setReturnFormat(format)
    answer = wrapper.query().convert()
    graph = answer if isinstance(answer, rdflib.Graph) else rdflib.Graph().parse(data=answer, format="turtle")
    events = {str(subject) for subject in graph.subjects()}
    assert events == {event.iri for event in archive.events()}


def test_sparqlwrapper_without_a_format(wrapper: SPARQLWrapper, archive: kg.Archive) -> None:
    """It asks for XML, and for RDF/XML, where its user says nothing."""
    wrapper.setQuery(COUNT)
    (binding,) = wrapper.query().convert().getElementsByTagName("literal")
    assert binding.firstChild.data == str(archive.manifest.counts["claims"])
    wrapper.setQuery(DESCRIBE)
    graph = wrapper.query().convert()
    assert isinstance(graph, rdflib.ConjunctiveGraph | rdflib.Graph)
    assert len(graph) > 2


def test_what_cannot_be_given_is_refused(wrapper: SPARQLWrapper, client: httpx.Client) -> None:
    wrapper.setQuery(DESCRIBE)
    wrapper.setReturnFormat(N3)
    assert "Violence in Sumgait" in wrapper.query().convert().decode()  # it accepts Turtle too
    for accept, query in (("text/n3", DESCRIBE), ("application/n-triples", COUNT), ("image/png", "ASK {}")):
        answer = client.get("/sparql", params={"query": query}, headers={"Accept": accept})
        assert answer.status_code == 406
        assert "text/csv" in answer.text or "text/turtle" in answer.text


@pytest.mark.parametrize(
    ("accept", "format"),
    [
        ("application/sparql-results+json", ox.QueryResultsFormat.JSON),
        ("application/sparql-results+xml", ox.QueryResultsFormat.XML),
        ("application/xml", ox.QueryResultsFormat.XML),
        ("text/tab-separated-values", ox.QueryResultsFormat.TSV),
    ],
)
def test_rows(client: httpx.Client, archive: kg.Archive, accept: str, format: ox.QueryResultsFormat) -> None:
    query = f"SELECT ?c ?w ?no {{ ?c a <{KG}Claim> ; <{KG}claimant> ?w }} ORDER BY ?c"
    answer = client.get("/sparql", params={"query": query}, headers={"Accept": accept})
    found = ox.parse_query_results(answer.content, format=format)
    assert isinstance(found, ox.QuerySolutions)
    expected = archive.answer(query)
    assert isinstance(expected, Solutions)
    assert [v.value for v in found.variables] == ["c", "w", "no"]
    assert [tuple(row) for row in found] == list(expected.rows)
    assert len(expected.rows) > 100


@pytest.mark.parametrize("format", [TURTLE_RDF, N_TRIPLES, JSON_LD, RDF_XML, TRIG, N_QUADS], ids=str)
def test_every_rdf_format(client: httpx.Client, archive: kg.Archive, format: Format) -> None:
    query = "CONSTRUCT { ?s ?p ?o } WHERE { ?s a <https://schema.org/Place> ; ?p ?o }"
    answer = client.get("/sparql", params={"query": query}, headers={"Accept": format.media_type})
    assert answer.headers["content-type"] == format.content_type
    assert format.rdf is not None
    got = (
        {quad.triple for quad in ox.parse(answer.content, format=format.rdf)}
        if format is not JSON_LD
        else None
    )
    expected = archive.answer(query)
    assert isinstance(expected, list)
    if got is None:  # the engine reads no context of ours
        graph = rdflib.Graph().parse(data=answer.text, format="json-ld")
        got = {quad.triple for quad in ox.parse(graph.serialize(format="nt"), format=ox.RdfFormat.N_TRIPLES)}
    assert got == set(expected)


@pytest.mark.parametrize(
    ("accept", "content_type", "body"),
    [
        ("*/*", "application/sparql-results+json", '{"head": {}, "boolean": true}\n'),
        ("application/json", "application/sparql-results+json", '{"head": {}, "boolean": true}\n'),
        ("text/csv", "text/csv; charset=utf-8", "true\r\n"),
        ("text/tab-separated-values", "text/tab-separated-values; charset=utf-8", "true\n"),
        (
            "application/sparql-results+xml",
            "application/sparql-results+xml",
            '<?xml version="1.0"?><sparql xmlns="http://www.w3.org/2005/sparql-results#"><head></head>'
            "<boolean>true</boolean></sparql>\n",
        ),
    ],
)
def test_ask(client: httpx.Client, accept: str, content_type: str, body: str) -> None:
    answer = client.get("/sparql", params={"query": "ASK {}"}, headers={"Accept": accept})
    assert answer.headers["content-type"] == content_type
    assert answer.text == body


@pytest.mark.parametrize(
    ("accept", "format"),
    [
        ("*/*", "turtle"),
        ("text/turtle", "turtle"),
        ("application/n-triples", "nt"),
        ("application/ld+json", "json-ld"),
    ],
)
@pytest.mark.parametrize(
    "query", [DESCRIBE, DESCRIBE.replace("DESCRIBE", "# CONSTRUCT?\nPREFIX a: <b:> DESCRIBE")]
)
def test_graphs(client: httpx.Client, archive: kg.Archive, accept: str, format: str, query: str) -> None:
    answer = client.post("/sparql", data={"query": query}, headers={"Accept": accept})
    graph = rdflib.Graph().parse(data=answer.text, format=format)
    found = archive.answer(DESCRIBE)
    assert isinstance(found, list)
    expected = rdflib.Graph().parse(data=document(found, N_TRIPLES, {}).decode(), format="nt")
    assert set(graph) == set(expected)
    assert len(graph) > 2


def test_unknown_parameters_change_nothing(client: httpx.Client) -> None:
    plain = client.get("/sparql", params={"query": LABELS})
    noisy = client.get(
        "/sparql", params={"query": LABELS, "format": "xml", "output": "csv", "results": "x", "z": ""}
    )
    assert noisy.content == plain.content
    assert noisy.headers["content-type"] == plain.headers["content-type"]
    assert json.loads(plain.content)["head"] == {"vars": ["l"]}


def test_page_for_people(client: httpx.Client) -> None:
    headers = {"Accept": "text/html,*/*;q=0.8"}
    page = client.get("/sparql", params={"query": LABELS}, headers=headers)
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert (
        '<td><bdi lang="en">Violence in Sumgait, 1988</bdi> <span class="also tongue">en</span></td>'
        in page.text
    )
    linked = client.get(
        "/sparql", params={"query": "SELECT ?e { ?e a <https://schema.org/Event> }"}, headers=headers
    )
    assert '<a href="/event/sumgait-1988"' in linked.text
    turtle = client.get("/sparql", params={"query": DESCRIBE}, headers=headers)
    assert '<pre tabindex="0">@prefix' in turtle.text
    broken = client.get("/sparql", params={"query": "SELECT <script>"}, headers=headers)
    assert broken.status_code == 400
    assert "SELECT &lt;script&gt;</textarea>" in broken.text
    many = client.get("/sparql", params={"query": "SELECT * { ?s ?p ?o }"}, headers=headers)
    assert "The first 1,000 of " in many.text


@pytest.mark.parametrize(
    ("query", "place", "words"),
    [
        ("SELECT *\nWHERE { ?s ?p }", "line 2, column ", "not valid SPARQL"),
        ("SELECT * WHERE { ?s rdfs:label ?o }", "line 1, column 21", "rdfs"),
        ("SELECT * WHERE { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", "line 1, column 18", "SERVICE"),
        ("\n  DELETE WHERE { ?s ?p ?o }", "line 2, column 3", ""),
        ("INSERT DATA { <a:b> <a:b> <a:b> }", "line 1, column 1", ""),
        ("SELECT (" + "STR(" * 3000 + "1" + ")" * 3000 + " AS ?a) {}", "line 1, column ", ""),
    ],
)
def test_refused_with_its_place(client: httpx.Client, query: str, place: str, words: str) -> None:
    for answer in (
        client.get("/sparql", params={"query": query}),
        client.post("/sparql", data={"query": query}),
        client.post("/sparql", content=query.encode(), headers={"Content-Type": QUERY}),
    ):
        assert answer.status_code == 400
        assert answer.text.startswith(place)
        assert words in answer.text


@pytest.mark.parametrize(
    ("status", "content_type", "body", "parameters"),
    [
        (200, f"{QUERY}; charset=UTF-8", b"ASK {}", ""),
        (200, FORM, b"query=ASK+%7B%7D&format=x", ""),
        (400, FORM, b"", ""),
        (400, FORM, b"query=", ""),
        (400, FORM, b"query=ASK{}&query=ASK{}", ""),
        (200, FORM, b"query=ASK{}&default-graph-uri=http://g.example/", ""),
        (200, QUERY, b"ASK {}", "?named-graph-uri=http://g.example/"),
        (400, QUERY, b"ASK {}", "?named-graph-uri=here"),
        (400, FORM, b"query=ASK{}&default-graph-uri=", ""),
        (400, FORM, b"query=ASK{}", "?query=ASK{}"),
        (403, FORM, b"query=ASK{}", "?update=CLEAR+ALL"),
        (403, FORM, b"query=ASK{}&using-graph-uri=http://g.example/", ""),
        (403, QUERY, b"ASK {}", "?using-named-graph-uri=http://g.example/"),
        (400, QUERY, b" ", ""),
        (400, QUERY, b"ASK {}", "?query=ASK{}"),
        (400, QUERY, b"ASK { ?s ?p '\xff' }", ""),
        (400, FORM, b"query=%FF", ""),
        (400, FORM, b"&".join(b"a=%d" % number for number in range(200)), ""),
        (403, FORM, b"update=CLEAR+ALL", ""),
        (403, "application/sparql-update", b"CLEAR ALL", ""),
        (415, f"{QUERY}; charset=utf-16", b"ASK {}", ""),
        (415, "text/plain", b"ASK {}", ""),
        (415, "multipart/form-data; boundary=x", b"--x--", ""),
        (415, "", b"ASK {}", ""),
    ],
)
def test_protocol(client: httpx.Client, status: int, content_type: str, body: bytes, parameters: str) -> None:
    headers = {"Content-Type": content_type} if content_type else {}
    answer = client.post(f"/sparql{parameters}", content=body, headers=headers)
    assert answer.status_code == status
    if status == 415:
        assert QUERY in answer.headers["accept-post"]


def test_body_limit(client: httpx.Client) -> None:
    fits = b"ASK {}" + b" " * 190_000
    assert client.post("/sparql", content=fits, headers={"Content-Type": QUERY}).status_code == 200
    large = b"#" * (protocol.BODY_BYTES + 1)
    assert client.post("/sparql", content=large, headers={"Content-Type": QUERY}).status_code == 413


def test_body_limit_of_chunks(client: httpx.Client) -> None:
    chunks = (b"#" * 65536 for _ in range(40))
    answer = client.post("/sparql", content=chunks, headers={"Content-Type": QUERY})
    assert answer.status_code == 413


def test_no_query_changes_the_release(client: httpx.Client, archive: kg.Archive) -> None:
    before = len(list(archive.quads()))
    for text in (
        "CLEAR ALL",
        "DROP DEFAULT",
        "LOAD <file:///etc/passwd>",
        "INSERT DATA { <a:b> <a:b> <a:b> }",
    ):
        for kind in (QUERY, "application/sparql-update"):
            assert client.post("/sparql", content=text, headers={"Content-Type": kind}).status_code in (
                400,
                403,
            )
    assert len(list(archive.quads())) == before

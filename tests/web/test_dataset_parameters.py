"""``default-graph-uri`` and ``named-graph-uri`` (SPARQL 1.1 Protocol §2.1.4), on a union and on a strict release."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import httpx
import pytest

import running

BASE = "http://data.example/graphs/"
DATA = f"""
@prefix : <{BASE}> .
:d :p :o .
:g1 {{ :a :p :o . :b :p :o }}
:g2 {{ :c :p :o }}
"""
PLAIN = "SELECT ?s { ?s <p> ?o }"
NAMED = "SELECT ?s { GRAPH ?g { ?s <p> ?o } }"
FROM = "SELECT ?s FROM <g2> { ?s <p> ?o }"


@pytest.fixture(scope="module", params=["union", "strict"])
def served(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Literal["union", "strict"], httpx.Client]]:
    mode: Literal["union", "strict"] = request.param
    directory: Path = tmp_path_factory.mktemp("graphs")
    archive = running.release(directory, DATA, base=BASE, default_graph=mode)
    with running.serving(archive) as url, httpx.Client(base_url=url, timeout=30) as client:
        yield mode, client


@pytest.mark.parametrize(
    ("query", "default", "named", "expected"),
    [
        (PLAIN, "", "", {"union": "abcd", "strict": "d"}),
        (PLAIN, "g1", "", "ab"),
        (PLAIN, "g1 g2 g1", "", "abc"),
        (PLAIN, "", "g1", ""),
        (PLAIN, "no-such-graph", "", ""),
        (NAMED, "", "", "abc"),
        (NAMED, "g1", "", ""),
        (NAMED, "", "g2", "c"),
        (NAMED, "g1", "g1 g2", "abc"),
        (FROM, "", "", "c"),
        (FROM, "g1", "", "ab"),
        (FROM, "", "g1", ""),
    ],
)
@pytest.mark.parametrize("way", ["GET", "form", "raw"])
def test_dataset(
    served: tuple[str, httpx.Client],
    way: str,
    query: str,
    default: str,
    named: str,
    expected: str | dict[str, str],
) -> None:
    mode, client = served
    graphs = [("default-graph-uri", BASE + name) for name in default.split()]
    graphs += [("named-graph-uri", BASE + name) for name in named.split()]
    if way == "GET":
        answer = client.get("/sparql", params=httpx.QueryParams([("query", query), *graphs]))
    elif way == "form":
        form = str(httpx.QueryParams([*graphs, ("query", query)]))
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = client.post("/sparql", content=form, headers=headers)
    else:
        headers = {"Content-Type": "application/sparql-query"}
        answer = client.post("/sparql", params=httpx.QueryParams(graphs), content=query, headers=headers)
    assert answer.status_code == 200, answer.text
    subjects = [row["s"]["value"].removeprefix(BASE) for row in answer.json()["results"]["bindings"]]
    assert "".join(sorted(subjects)) == (expected if isinstance(expected, str) else expected[mode])


def test_other_graphs_have_another_tag(served: tuple[str, httpx.Client]) -> None:
    _, client = served
    asked = [{"query": PLAIN}, {"query": PLAIN, "default-graph-uri": BASE + "g1"}]
    first, second = (client.get("/sparql", params=params) for params in asked)
    assert first.headers["etag"] != second.headers["etag"]
    again = client.get("/sparql", params=asked[1], headers={"If-None-Match": second.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == second.headers["etag"]
    assert again.headers["vary"] == "Accept, Accept-Encoding"
    assert client.get("/sparql", params=asked[0], headers={"If-None-Match": second.headers["etag"]}).content


def test_what_differs_each_time_has_no_tag(served: tuple[str, httpx.Client]) -> None:
    _, client = served
    for text in ("SELECT (NOW() AS ?n) {}", "SELECT (rand() AS ?n) {}", "SELECT (STRUUID() AS ?n) {}"):
        answer = client.get("/sparql", params={"query": text})
        assert "etag" not in answer.headers
        assert answer.headers["cache-control"] == "no-store"
    assert "etag" not in client.post("/sparql", data={"query": PLAIN}).headers


SERVICE = """PREFIX sd: <http://www.w3.org/ns/sparql-service-description#> PREFIX void: <http://rdfs.org/ns/void#>
SELECT ?feature ?default ?name ?size {
  ?service a sd:Service ; sd:endpoint ?endpoint ; sd:supportedLanguage sd:SPARQL11Query ; sd:defaultDataset ?dataset .
  ?dataset a sd:Dataset ; sd:defaultGraph [ a sd:Graph ; void:triples ?default ] ;
    sd:namedGraph [ a sd:NamedGraph ; sd:name ?name ; sd:graph [ void:triples ?size ] ] .
  OPTIONAL { ?service sd:feature ?feature }
} ORDER BY ?name"""


@pytest.mark.parametrize("format", ["text/turtle", "application/rdf+xml", "application/n-triples"])
def test_service_description(served: tuple[str, httpx.Client], format: str) -> None:
    import rdflib

    mode, client = served
    answer = client.get("/sparql", headers={"Accept": format})
    graph = rdflib.Graph().parse(data=answer.text, format=answer.headers["content-type"].partition(";")[0])
    rows = [tuple(str(value) if value is not None else "" for value in row) for row in graph.query(SERVICE)]
    union = "http://www.w3.org/ns/sparql-service-description#UnionDefaultGraph"
    feature, default = (union, "4") if mode == "union" else ("", "1")
    sizes = {row[2]: row[3] for row in rows}
    assert {row[:2] for row in rows} == {(feature, default)}
    assert {sizes[BASE + "g1"], sizes[BASE + "g2"]} == {"2", "1"}
    formats = {str(each).rpartition("/")[2] for each in graph.objects(predicate=rdflib.URIRef(
        "http://www.w3.org/ns/sparql-service-description#resultFormat"
    ))}  # fmt: skip
    assert formats == {
        "SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV",
        "Turtle", "N-Triples", "JSON-LD", "RDF_XML", "TriG", "N-Quads",
    }  # fmt: skip

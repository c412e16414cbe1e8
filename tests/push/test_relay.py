"""A server whose queries a store answers: the same answers as its own, within the same limits, and no others."""

from __future__ import annotations

from collections.abc import Callable
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import Request, urlopen

import pytest
from servers import Server

import kg
import oxigraph
import running
from kg import opening
from kg.errors import QueryError
from kg.limits import Limits
from kg.store import Graphs
from kg.store import limits as exchange
from kg.store.remote.confined import NO_GRAPH, confined
from kg.store.remote.virtuoso import restored
from kg.transfer import Access, Patience, Shipment, Target, Transfer
from kg.web.app import create_app

pytestmark = pytest.mark.xdist_group("push")

Build = Callable[..., kg.Archive]
MANY = " ".join(f'<urn:s{number}> <urn:p> <urn:o>, {number}, "ä{number}"@en .' for number in range(40))
ASKED = (
    ("SELECT ?s ?o { ?s <urn:p> ?o } ORDER BY ?s STR(?o)", ("text/csv", "text/tab-separated-values", "application/sparql-results+json", "application/sparql-results+xml")),
    ("SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }", ("text/csv",)),
    ("ASK { <urn:s1> ?p 1 }", ("text/csv", "application/sparql-results+json", "application/sparql-results+xml")),
    ("CONSTRUCT WHERE { <urn:s1> ?p ?o }", ("text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json")),
    ("DESCRIBE <urn:s2>", ("application/n-triples",)),
    ("SELECT ?s { ?s ?p ", ("text/csv",)),
    ("SELECT ?s { ?s ex:p 1 }", ("text/csv",)),
    ("SELECT ?s { ?s ?p ?o }", ("image/png",)),
    ("DROP ALL", ("text/csv",)),
    ("SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", ("text/csv",)),
    ("SELECT ?x { VALUES ?x { 1 2 3 } } ORDER BY ?x", ("text/html",)),
)  # fmt: skip


def get(url: str, query: str, accept: str, **parameters: str) -> tuple[int, str, str]:
    more = "".join(f"&{name.replace('_', '-')}={quote(value)}" for name, value in parameters.items())
    request = Request(f"{url}/sparql?query={quote(query)}{more}", headers={"Accept": accept})  # noqa: S310 — on loopback
    try:
        with urlopen(request, timeout=30) as answer:  # noqa: S310
            return answer.status, answer.headers["Content-Type"], answer.read().decode()
    except HTTPError as error:
        return error.code, error.headers["Content-Type"], error.read().decode()


def behind(archive: kg.Archive, address: str, limits: Limits) -> object:
    return create_app(
        archive,
        limits=limits,
        store=opening.behind(
            archive.manifest, address, exchange.Limits(limits.deadline, limits.bytes, limits.rows)
        ),
    )


def test_a_store_answers_as_the_server_itself(oxigraph_server: Server, release: Build) -> None:
    archive = release(a=MANY, b="<urn:s> <urn:p> 1 .")
    oxigraph_server.push(archive)
    limits = Limits(rows=200)
    app = behind(archive, oxigraph_server.read, limits)
    with running.serving(archive, limits) as own, running.serving(archive, app=app) as url:  # type: ignore[arg-type]
        for query, accepted in ASKED:
            for accept in accepted:
                here, there = get(own, query, accept), get(url, query, accept)
                if accept == "text/html":  # the page has the address of its server
                    assert there[:2] == here[:2]
                elif accept == "text/csv" or here[0] != 200:
                    assert there == here, (query, accept)
                else:  # triples have no order
                    assert (there[:2], sorted(there[2].split())) == (here[:2], sorted(here[2].split())), (
                        query,
                        accept,
                    )
        graph = f"{archive.base.iri}graph/b"
        count = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
        for name in (graph, "urn:x-attest:standing", "http://other.example/"):
            for given in ("default_graph_uri", "named_graph_uri"):
                assert get(url, count, "text/csv", **{given: name}) == get(
                    own, count, "text/csv", **{given: name}
                )
        status, _, said = get(url, "SELECT * { ?a ?b ?c . ?d ?e ?f }", "text/csv")
        assert status == 413
        assert "rows" in said


def test_a_store_that_is_slow_or_gone_is_told_of(release: Build) -> None:
    archive = release(a=MANY)
    assert archive.directory
    limits = Limits(deadline=1.5)
    with oxigraph.writable() as address:
        access = Access.of(f"{address}/query", f"{address}/update", environment={})
        transfer = Transfer(Shipment(archive.directory), Target(access, Patience()))
        transfer.carry_out(transfer.plan())
        app = behind(archive, f"{address}/query", limits)
        with running.serving(archive, app=app) as url:  # type: ignore[arg-type]
            pairs = " ".join(f"?s{number} ?p{number} ?o{number} ." for number in range(6))
            status, _, said = get(url, f"SELECT (COUNT(*) AS ?n) {{ {pairs} }}", "text/csv")
            assert (status, "was not answered within 1.5 seconds" in said) == (504, True)
            transfer._target.update("DELETE WHERE { GRAPH <urn:x-attest:standing> { ?s ?p ?o } }")
            assert get(url, "ASK {}", "text/csv")[0] == 503
            with urlopen(f"{url}/dataset.ttl") as page:  # noqa: S310 — what needs no store goes on
                assert page.status == 200
            with pytest.raises(HTTPError, match="503"):
                urlopen(f"{url}/health")  # noqa: S310


ONE, TWO = "urn:g:one", "urn:g:two"


@pytest.mark.parametrize(
    ("text", "words", "default", "named"),
    [
        ("ASK {}", "ASK {}", (ONE, TWO), (ONE, TWO)),
        (f"ASK FROM <{ONE}> {{ ?s ?p ?o }}", "ASK   { ?s ?p ?o }", (ONE,), ()),
        ("ASK FROM NAMED <one> FROM <urn:other> {}", "ASK      {}", (), (ONE,)),
        ("PREFIX g: <urn:g:> ASK FROM g:two { GRAPH g:one {} }", "PREFIX g: <urn:g:> ASK   { GRAPH g:one {} }", (TWO,), ()),
        ("PREFIX : <urn:x:> ASK { GRAPH :other {} GRAPH ?g {} }", f"PREFIX : <urn:x:> ASK {{ GRAPH <{NO_GRAPH}> {{}} GRAPH ?g {{}} }}", (ONE, TWO), (ONE, TWO)),
        (r"ASK { graph <urn:g:\u006fne> {} GRAPH <urn:x-attest:standing> {} }", rf"ASK {{ graph <urn:g:\u006fne> {{}} GRAPH <{NO_GRAPH}> {{}} }}", (ONE, TWO), (ONE, TWO)),
        ("# FROM <urn:x>\nASK { ?s ?p 'FROM <urn:y>' }", "# FROM <urn:x>\nASK { ?s ?p 'FROM <urn:y>' }", (ONE, TWO), (ONE, TWO)),
    ],
)  # fmt: skip
def test_a_query_reads_the_graphs_of_the_release_only(
    text: str, words: str, default: tuple[str, ...], named: tuple[str, ...]
) -> None:
    text = text.replace("<one>", f"<{ONE}>")
    found = confined(text, (ONE, TWO), base="http://x.example/", union=True)
    assert found.text.split() == words.split()
    assert found.graphs == Graphs(default or (NO_GRAPH,), (*named, NO_GRAPH))


def test_the_dataset_of_the_request_goes_before() -> None:
    text = f"ASK FROM <{TWO}> {{}}"
    found = confined(text, (ONE, TWO), base="http://x.example/", union=True, asked=Graphs((ONE, "urn:x"), ()))
    assert found.graphs == Graphs((ONE,), (NO_GRAPH,))
    assert confined("ASK {}", (ONE,), base="http://x.example/", union=False).graphs == Graphs(
        (NO_GRAPH,), (ONE, NO_GRAPH)
    )


@pytest.mark.parametrize(
    "text",
    [
        "SELECT (<bif:sys_stat>('x') AS ?x) {}",
        "PREFIX b: <BIF:> SELECT (b:now() AS ?x) {}",
        "SELECT (<java:java.lang.System>() AS ?x) {}",
        "ASKFROM <urn:g> {}",
    ],
)
def test_what_belongs_to_one_kind_of_server_is_refused(text: str) -> None:
    with pytest.raises(QueryError) as raised:
        confined(text, (ONE,), base="http://x.example/", union=True)
    assert raised.value.line == 1


@pytest.mark.parametrize(
    ("written", "type_", "meant"),
    [
        ("1", "boolean", "true"), ("0", "boolean", "false"), ("true", "boolean", "true"), ("259200.0", "duration", "P3D"),
        ("93784.50", "duration", "P1DT2H3M4.5S"), ("0.0", "duration", "PT0S"), ("0.25", "duration", "PT0.25S"),
        ("60", "duration", "PT1M"), ("P1Y", "duration", "P1Y"), ("1", "integer", "1"),
    ],
)  # fmt: skip
def test_values_of_virtuoso_are_spelt_as_elsewhere(written: str, type_: str, meant: str) -> None:
    import pyoxigraph as ox

    datatype = ox.NamedNode(f"http://www.w3.org/2001/XMLSchema#{type_}")
    assert restored(ox.Literal(written, datatype=datatype)) == ox.Literal(meant, datatype=datatype)

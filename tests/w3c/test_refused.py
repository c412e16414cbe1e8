"""Everything of the W3C suites that would change a dataset, sent to the server: refused in each spelling, and nothing has changed.

The corpus is every update of the suites (148 files), and every request of the tests of the Graph Store Protocol that
writes, each at the addresses where a server might take it.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

import pyoxigraph as ox
import pytest
from exchanges import Exchange, exchanges, printed, send
from manifests import PUBLISHED, Description, file, suite
from standing import EVENT, Standing

import suites

pytestmark = pytest.mark.needs("w3c")

SPARQL_11 = f"{PUBLISHED}sparql/sparql11/"
UPDATES = sorted(
    path.relative_to(root / "rdf-tests" / "sparql" / "sparql11").as_posix()
    for root in filter(None, [suites.w3c()])
    for path in (root / "rdf-tests" / "sparql" / "sparql11").rglob("*.ru")
)
FORM = "application/x-www-form-urlencoded"
UPDATE = "application/sparql-update"
QUERY = "application/sparql-query"
WRITING = ("PUT", "POST", "PATCH", "DELETE")

GRAPH_STORE = [f"{SPARQL_11}graph-store-protocol/manifest-{name}.ttl" for name in ("direct", "indirect")]
PRINTED = f"{SPARQL_11}http-rdf-update/manifest.ttl"
GRAPH = quote("http://kasei.us/2009/09/sparql/data/data1.rdf", safe="")
ADDRESSES = (
    "/sparql",
    "/sparql?default",
    f"/sparql?graph={GRAPH}",
    f"/sparql?default-graph-uri={GRAPH}",
    "/",
    "/id/event/first",
    "/event/first",
    "/event/first.ttl",
    f"/resource?iri={quote(EVENT, safe='')}",
    "/download/",
    "/download/quads.nq",
    "/dataset",
    "/queries",
    "/health",
    "/nothing/here",
)
TURTLE = b"<http://w3c.example/id/event/first> <http://www.w3.org/2000/01/rdf-schema#label> 'second' ."


def _spellings(update: bytes) -> Iterator[tuple[Exchange, int]]:
    """Give the ways to send *update*, and the status that answers each."""
    escaped = quote(update, safe="")
    form, raw = [("Content-Type", FORM)], [("Content-Type", UPDATE)]
    yield Exchange("POST", "/sparql", raw, update), 403
    yield Exchange("POST", f"/sparql?using-graph-uri={GRAPH}", raw, update), 403
    yield Exchange("POST", "/sparql", [("Content-Type", f"{UPDATE}; charset=UTF-8")], update), 403
    yield Exchange("POST", "/sparql", form, f"update={escaped}".encode()), 403
    yield Exchange("POST", "/sparql", form, f"query=ASK%7B%7D&update={escaped}".encode()), 403
    yield Exchange("GET", f"/sparql?update={escaped}"), 403
    yield Exchange("POST", f"/sparql?update={escaped}"), 415
    yield Exchange("POST", "/sparql", [("Content-Type", QUERY)], update), 400
    yield Exchange("POST", "/sparql", form, f"query={escaped}".encode()), 400
    yield Exchange("GET", f"/sparql?query={escaped}"), 400
    yield Exchange("POST", "/sparql", [("Content-Type", "text/plain")], update), 415
    yield Exchange("POST", "/sparql", [], update), 415
    for method in ("PUT", "PATCH", "DELETE"):
        yield Exchange(method, "/sparql", raw, update), 405
        yield Exchange(method, f"/sparql?update={escaped}"), 405


def test_every_update_is_here() -> None:
    assert len(UPDATES) == 148


@pytest.mark.parametrize("name", UPDATES)
def test_update(standing: Standing, name: str) -> None:
    for exchange, status in _spellings(file(SPARQL_11 + name).read_bytes()):
        _refused(standing, exchange, status)
    standing.check()


def _refused(standing: Standing, exchange: Exchange, status: int) -> None:
    answer = send(standing.url, exchange)
    assert answer.status_code == status, f"{exchange}: {answer.status_code} {answer.text}"
    assert answer.text.strip()
    if answer.status_code == 405:
        allowed = answer.headers["allow"].split(", ")
        assert "GET" in allowed
        assert exchange.method not in allowed


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("method", WRITING)
def test_graph_store(standing: Standing, method: str, address: str) -> None:
    status = 415 if method == "POST" and address.startswith("/sparql") else 405
    headers = [("Content-Type", "text/turtle")]
    _refused(standing, Exchange(method, address, headers, TURTLE), status)
    _refused(standing, Exchange(method, address), status)
    standing.check()


def _requests() -> Iterator[Exchange]:
    for iri in GRAPH_STORE:
        manifest = Description(iri)
        for test in suite(iri):
            yield from exchanges(manifest, ox.NamedNode(test))
    yield from printed(PRINTED)


def test_graph_store_of_w3c(standing: Standing) -> None:
    """Each request that writes, at the address of the manifest and at the endpoint."""
    requests = [exchange for exchange in _requests() if exchange.method in WRITING]
    assert len(requests) == 29
    for exchange in requests:
        for place in ("/gsp", "/sparql"):
            path = exchange.path.replace("/gsp", place, 1)
            at_endpoint = path.partition("?")[0] == "/sparql" and exchange.method == "POST"
            moved = Exchange(exchange.method, path, exchange.headers, exchange.body)
            _refused(standing, moved, 415 if at_endpoint else 405)
    standing.check()


def test_other_verbs(standing: Standing) -> None:
    """Verbs of WebDAV and of nobody, and a verb written into a header or a parameter, change nothing either."""
    for method in ("COPY", "MOVE", "LOCK", "MKCOL", "PROPPATCH", "LINK", "TRACE"):
        _refused(standing, Exchange(method, "/sparql", [("Destination", "/sparql")]), 405)
    _refused(standing, Exchange("CLEAR", "/sparql"), 501)
    for header in ("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"):
        answer = standing.client.post(
            "/sparql?_method=DELETE", content="ASK {}", headers={header: "DELETE", "Content-Type": QUERY}
        )
        assert answer.json()["boolean"] is True
    standing.check()

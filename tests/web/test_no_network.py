"""No query makes the server reach out: a listener on loopback counts nobody, however SERVICE, FROM and LOAD are spelled."""

from __future__ import annotations

import socket

import httpx
import pytest

import kg
import processes
import running
from listener import listening

SPELLINGS = [
    "SELECT * { SERVICE <URL> { ?s ?p ?o } }",
    "SELECT * { SERVICE SILENT <URL> { ?s ?p ?o } }",
    "SELECT * { service<URL>{ ?s ?p ?o } }",
    "SELECT * { SeRvIcE # a comment\n <URL> { ?s ?p ?o } }",
    "ASK { BIND(<URL> AS ?e) SERVICE ?e { ?s ?p ?o } }",
    "ASK { VALUES ?e { <URL> } SERVICE SILENT ?e { ?s ?p ?o } }",
    "PREFIX e: <URL> ASK { SERVICE e: { ?s ?p ?o } }",
    "BASE <URL> ASK { SERVICE <x> { ?s ?p ?o } }",
    "ASK { FILTER EXISTS { SERVICE <URL> { ?s ?p ?o } } }",
    "ASK { { SELECT * { SERVICE <URL> { ?s ?p ?o } } } }",
    "ASK { FILTER(true)SERVICE <URL> { ?s ?p ?o } }",
    "ASK { ?s ?p trueSERVICE <URL> { ?s ?p ?o } }",
    "ASK { ?s ?p 1.SERVICE <URL> { ?s ?p ?o } }",
    "CONSTRUCT { ?s ?p ?o } WHERE { OPTIONAL { SERVICE <URL> { ?s ?p ?o } } }",
    "DESCRIBE <URL>",
    "DESCRIBE ?s WHERE { SERVICE <URL> { ?s ?p ?o } }",
    "SELECT * FROM <URL> { ?s ?p ?o }",
    "SELECT * FROM NAMED <URL> { GRAPH ?g { ?s ?p ?o } }",
    "SELECT * { GRAPH <URL> { ?s ?p ?o } }",
    "LOAD <URL>",
    "LOAD SILENT <URL> INTO GRAPH <a:b>",
    "INSERT { ?s ?p ?o } WHERE { SERVICE <URL> { ?s ?p ?o } }",
    "SELECT * { \\u0053ERVICE <URL> { ?s ?p ?o } }",
    "ASK { ?s ?p ?o } ; LOAD <URL>",
]
HOSTS = ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "0x7f000001", "127.1"]


@pytest.fixture(scope="module")
def client(archive: kg.Archive):  # type: ignore[no-untyped-def]
    with running.serving(archive) as url, httpx.Client(base_url=url, timeout=60) as client:
        yield client


def test_nobody_comes(client: httpx.Client) -> None:
    with listening() as (port, hits):
        for spelling in SPELLINGS:
            for host in HOSTS:
                query = spelling.replace("URL", f"http://{host}:{port}/data.ttl")
                answer = client.post("/sparql", data={"query": query})
                if "ERVICE" in query.upper() or "LOAD" in query:
                    assert answer.status_code == 400, query
                else:  # these name a graph or a resource, and there is none of that name
                    assert answer.status_code == 200, answer.text
            assert client.post("/sparql", data={"query": "ASK {}"}).status_code == 200
        for name in ("default-graph-uri", "named-graph-uri", "using-graph-uri"):
            client.get("/sparql", params={"query": "ASK { ?s ?p ?o }", name: f"http://127.0.0.1:{port}/"})
        assert hits == []
        socket.create_connection(("127.0.0.1", port)).close()
        assert processes.eventually(lambda: hits == [1])  # it does count

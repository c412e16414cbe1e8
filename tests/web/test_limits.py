"""Limits over HTTP: an answer is whole or an error, and nobody holds a worker who does not ask it anything."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from urllib.parse import quote

import httpx
import pytest
from bombs import CROSS, DOUBLING

import kg
import processes
import running
from kg.limits import MEBIBYTE, Limits
from kg.queries import Catalog
from kg.queries.header import read
from kg.store import EmbeddedStore, results
from kg.web import sparql

ALL = "SELECT * { ?s ?p ?o }"
TRIPLES = "CONSTRUCT WHERE { ?s ?p ?o }"
COUNT = f"SELECT (COUNT(*) AS ?n) {{ {CROSS} }}"
BROWSER = running.BROWSER


@pytest.fixture(scope="module")
def client(archive: kg.Archive) -> Iterator[httpx.Client]:
    limits = Limits(deadline=2, rows=5000, bytes=MEBIBYTE // 2, memory=64 * MEBIBYTE)
    with running.serving(archive, limits) as url, httpx.Client(base_url=url, timeout=60) as client:
        yield client


@pytest.mark.parametrize(
    ("query", "accept"),
    [
        (ALL, "application/sparql-results+json"),
        (ALL, "text/csv"),
        (TRIPLES, "text/turtle"),
        (TRIPLES, "application/n-triples"),
        (TRIPLES, "application/ld+json"),
        (ALL, BROWSER),
        (TRIPLES, BROWSER),
    ],
)
@pytest.mark.parametrize("cut", ["", " LIMIT 4900"], ids=["rows", "bytes"])
def test_never_a_part(client: httpx.Client, query: str, accept: str, cut: str) -> None:
    answer = client.get("/sparql", params={"query": query + cut}, headers={"Accept": accept})
    if answer.status_code == 200:  # small enough in this format, or the first rows for people
        assert cut
        assert accept in ("text/csv", BROWSER, "text/turtle", "application/ld+json")
        return
    assert answer.status_code == 413
    assert "524,288 bytes" in answer.text or (not cut and "more than 5,000" in answer.text)
    assert "nothing of it is given" in answer.text
    assert "LIMIT" in answer.text
    assert answer.headers["content-type"].startswith("text/html" if accept is BROWSER else "text/plain")


@pytest.mark.parametrize("accept", ["text/csv", "text/tab-separated-values", BROWSER])
def test_rows_are_counted(client: httpx.Client, accept: str) -> None:
    query = "SELECT (1 AS ?one) { ?s ?p ?o }"
    answer = client.get("/sparql", params={"query": query}, headers={"Accept": accept})
    assert answer.status_code == 413
    assert "more than 5,000 rows" in answer.text
    most = client.get("/sparql", params={"query": f"{query} LIMIT 5000"}, headers={"Accept": accept})
    assert most.status_code == 200


def test_a_question_is_held_to_the_same_limits(archive: kg.Archive) -> None:
    texts = {"heavy": COUNT, "many": ALL}
    catalog = Catalog(
        {name: read(name, f"#+ summary: {name}\n{text}\n", archive.base) for name, text in texts.items()}
    )
    assert archive.directory is not None
    asked = kg.Archive(EmbeddedStore.open(archive.directory), archive.manifest, catalog, archive.directory)
    limits = Limits(deadline=1, rows=5000, bytes=MEBIBYTE)
    with running.serving(asked, limits) as url, httpx.Client(base_url=url, timeout=60) as client:
        for accept in ("application/json", BROWSER):
            stopped = client.get("/queries/heavy", headers={"Accept": accept})
            assert stopped.status_code == 504
            assert "not answered within 1 seconds" in stopped.text
            large = client.get("/queries/many", headers={"Accept": accept})
            assert large.status_code == 413
            assert "nothing of it is given" in large.text
        assert client.get("/health").json()["running"] == 0


@pytest.mark.parametrize("accept", ["*/*", BROWSER])
def test_the_deadline(client: httpx.Client, accept: str) -> None:
    answer = client.get("/sparql", params={"query": COUNT}, headers={"Accept": accept})
    assert answer.status_code == 504
    assert "not answered within 2 seconds" in answer.text
    assert (COUNT[:30] in answer.text) is (accept is BROWSER)  # the form keeps the query


def test_memory(archive: kg.Archive) -> None:
    limits = Limits(deadline=60, memory=64 * MEBIBYTE)
    with running.serving(archive, limits) as url:
        answer = httpx.get(f"{url}/sparql", params={"query": DOUBLING}, timeout=60)
    assert answer.status_code == 413
    assert "memory" in answer.text


def test_what_a_page_can_show(client: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sparql, "PAGE_BYTES", 1000)
    page = client.get("/sparql", params={"query": ALL + " LIMIT 100"}, headers={"Accept": BROWSER})
    assert page.status_code == 413
    assert "1,000 bytes" in page.text
    deep = "<<( <a:b> <a:b> " * 99 + "1" + " )>>" * 99
    monkeypatch.setattr(results, "NESTING", 50)
    monkeypatch.setattr(sparql, "PAGE_BYTES", 100_000)
    for accept, status in ((BROWSER, 413), ("*/*", 200)):
        headers = {"Accept": accept}
        answer = client.get("/sparql", params={"query": f"SELECT ({deep} AS ?t) {{}}"}, headers=headers)
        assert answer.status_code in (status, 400)


def test_a_large_answer_is_whole(archive: kg.Archive) -> None:
    with running.serving(archive) as url:
        headers = {"Accept-Encoding": "identity"}
        answer = httpx.get(f"{url}/sparql", params={"query": ALL}, headers=headers, timeout=60)
    assert int(answer.headers["content-length"]) == len(answer.content) > 2 * MEBIBYTE
    assert len(answer.json()["results"]["bindings"]) == archive.manifest.counts["quads"]


def request(url: httpx.URL, query: str) -> socket.socket:
    """Send a query by hand, and give the connection."""
    connection = socket.create_connection((url.host, url.port or 80))
    connection.sendall(f"GET /sparql?query={quote(query)} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    return connection


def running_now(client: httpx.Client) -> int:
    return int(client.get("/health").json()["running"])


def test_a_query_ends_when_its_client_goes(archive: kg.Archive) -> None:
    limits = Limits(deadline=600)
    with running.serving(archive, limits) as url, httpx.Client(base_url=url, timeout=60) as client:
        with request(client.base_url, COUNT):
            assert processes.eventually(lambda: running_now(client) == 1)
        assert processes.eventually(lambda: running_now(client) == 0)


def test_a_client_that_goes_while_its_query_is_stopped_leaves_its_place(archive: kg.Archive) -> None:
    limits = Limits(deadline=600, heavy=1, patience=600)

    def standing() -> tuple[int, int]:
        health = client.get("/health").json()
        return health["running"], health["waiting"]

    with running.serving(archive, limits) as url, httpx.Client(base_url=url, timeout=60) as client:
        with request(client.base_url, COUNT):
            assert processes.eventually(lambda: standing() == (1, 0))
            with request(client.base_url, COUNT), request(client.base_url, COUNT):
                assert processes.eventually(lambda: standing() == (1, 2))
            assert processes.eventually(lambda: standing() == (1, 0))
        assert processes.eventually(lambda: standing() == (0, 0))


def test_a_slow_reader_holds_no_worker(archive: kg.Archive) -> None:
    limits = Limits(workers=1, heavy=1, deadline=20)
    with running.serving(archive, limits) as url, httpx.Client(base_url=url, timeout=60) as client:
        slow = []
        try:
            for _ in range(3):
                slow.append(request(client.base_url, ALL))
                assert slow[-1].recv(12) == b"HTTP/1.1 200"
            assert running_now(client) == 0
            assert client.get("/sparql", params={"query": "ASK {}"}).status_code == 200
        finally:
            for connection in slow:
                connection.close()
        assert client.get("/sparql", params={"query": "ASK {}"}).status_code == 200

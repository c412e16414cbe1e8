"""The cache: the same bytes as without it, for whoever may have them, within its bounds."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.types import Message, Receive, Scope, Send

import kg
import running
from kg.limits import Limits
from kg.web.cache import LARGEST, Answers, Caching, Kept

PATHS = (
    "/event/baku-1990-01",
    "/event/baku-1990-01.html",
    "/",
    "/queries/claims-by-measure?measure=deaths",
    "/sparql?query=SELECT%20*%20%7B%20%3Fs%20%3Fp%20%3Fo%20%7D%20ORDER%20BY%20%3Fs%20%3Fp%20%3Fo%20LIMIT%205",
    "/dataset",
    "/download/tables/claims.csv",
    "/static/style.css",
)
ACCEPTS = ("*/*", "text/html", "application/ld+json", "text/csv, */*;q=0.1")


_FRAMING = ("date", "content-length", "transfer-encoding")
"""Headers of the message: what is made as it is sent has no length."""


def told(answer: httpx.Response) -> tuple[int, dict[str, str], bytes]:
    headers = {name: value for name, value in answer.headers.items() if name not in _FRAMING}
    return answer.status_code, headers, answer.content


@pytest.fixture(scope="module")
def plain(archive: kg.Archive) -> Iterator[httpx.Client]:
    """A server that keeps nothing."""
    with (
        running.serving(archive, Limits(cache=0)) as url,
        httpx.Client(base_url=url, timeout=30) as client,
    ):
        yield client


def placeless(body: bytes, server: httpx.Client) -> bytes:
    """Give *body* without the address of *server*."""
    return body.replace(str(server.base_url).encode().rstrip(b"/"), b"")


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("accept", ACCEPTS)
def test_the_same_with_and_without(plain: httpx.Client, client: httpx.Client, path: str, accept: str) -> None:
    headers = {"Accept": accept}
    expected = told(plain.get(path, headers=headers))
    if (
        str(plain.base_url).encode().rstrip(b"/") in expected[2]
    ):  # programs to paste have the address of the server
        first = told(client.get(path, headers=headers))
        assert placeless(first[2], client) == placeless(expected[2], plain)
        assert all(told(client.get(path, headers=headers)) == first for _ in range(3))
        return
    for _ in range(3):
        assert told(client.get(path, headers=headers)) == expected
    tags = {"If-None-Match": expected[1].get("etag", "none")}
    for server in (plain, client, client):
        again = server.get(path, headers=headers | tags)
        assert again.status_code == (304 if "etag" in expected[1] else expected[0])
        assert again.headers.get("etag") == expected[1].get("etag")
        assert again.headers.get("vary") == expected[1].get("vary")
        head = server.head(path, headers=headers)
        assert (head.status_code, head.content) == (expected[0], b"")


def test_a_part_is_a_part(client: httpx.Client) -> None:
    whole = client.get("/download/tables/claims.csv")
    part = client.get("/download/tables/claims.csv", headers={"Range": "bytes=0-9"})
    assert (part.status_code, part.content) == (206, whole.content[:10])
    assert client.get("/download/tables/claims.csv").content == whole.content


def test_errors_and_what_differs_each_time_are_asked_again(archive: kg.Archive) -> None:
    with running.serving(archive) as url, httpx.Client(base_url=url) as client:
        now = {"query": "SELECT (STRUUID() AS ?n) {}"}
        assert client.get("/sparql", params=now).content != client.get("/sparql", params=now).content
        for _ in range(2):
            assert client.get("/event/nowhere").status_code == 404
            assert client.get("/sparql", params={"query": "SELECT"}).status_code == 400
        metrics = client.get("/metrics").text
        assert client.get("/metrics").text != metrics


def test_what_is_given_again_is_counted(archive: kg.Archive) -> None:
    with running.serving(archive) as url, httpx.Client(base_url=url) as client:
        for _ in range(4):
            client.get("/queries/day.csv", params={"day": "1990-01-13"})
        metrics = client.get("/metrics").text
    assert 'kg_http_requests_total{method="GET",route="/queries/{name}",status="200"} 4.0' in metrics
    assert 'kg_questions_total{name="day",status="200"} 4.0' in metrics


@given(
    st.lists(st.tuples(st.integers(0, 9), st.binary(max_size=4_000), st.booleans()), max_size=60),
    st.integers(0, 20_000),
)
def test_it_stays_within_its_bounds(steps: list[tuple[int, bytes, bool]], most: int) -> None:
    answers = Answers(most)
    newest: dict[int, bytes] = {}
    for number, body, asks in steps:
        key = (b"/%d" % number, b"", b"", b"", b"")
        if asks:
            found = answers.get(key)
            assert found is None or found.body == newest[number]
        else:
            newest[number] = body
            kept = Kept([], body, '"x"')
            answers.put(key, kept)
            assert (answers.get(key) is not None) == (kept.size <= most)
        assert answers.size <= most


def test_the_last_used_stay() -> None:
    answers = Answers(3 * Kept([], b"", "").size)
    for name in (b"a", b"b", b"c"):
        answers.put((name, b"", b"", b"", b""), Kept([], b"", '"x"'))
    assert answers.get((b"a", b"", b"", b"", b""))
    answers.put((b"d", b"", b"", b"", b""), Kept([], b"", '"x"'))
    assert [answers.get((name, b"", b"", b"", b"")) is None for name in (b"a", b"b", b"c", b"d")] == [
        False,
        True,
        False,
        False,
    ]


@pytest.mark.parametrize(
    ("status", "headers", "body", "kept"),
    [
        (200, [(b"etag", b'"1"')], b"x", True),
        (200, [(b"etag", b'W/"1"'), (b"cache-control", b"public, max-age=1")], b"x", True),
        (200, [], b"x", False),
        (404, [(b"etag", b'"1"')], b"x", False),
        (206, [(b"etag", b'"1"')], b"x", False),
        (200, [(b"etag", b'"1"'), (b"cache-control", b"no-store")], b"x", False),
        (200, [(b"etag", b'"1"'), (b"set-cookie", b"a=b")], b"x", False),
        (200, [(b"etag", b'"1"')], b"x" * (LARGEST + 1), False),
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_what_is_kept(
    status: int, headers: list[tuple[bytes, bytes]], body: bytes, kept: bool, method: str
) -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": status, "headers": headers})
        half = len(body) // 2
        await send({"type": "http.response.body", "body": body[:half], "more_body": True})
        await send({"type": "http.response.body", "body": body[half:]})

    async def receive() -> Message:
        return {"type": "http.request", "body": b""}

    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    answers = Answers(10 * LARGEST)
    scope = {
        "type": "http",
        "method": method,
        "path": "/a",
        "raw_path": b"/a",
        "query_string": b"",
        "headers": [],
    }
    asyncio.run(Caching(app, answers=answers)(scope, receive, send))  # type: ignore[arg-type]
    assert len(answers) == (kept and method == "GET")
    assert b"".join(message.get("body", b"") for message in sent) == body

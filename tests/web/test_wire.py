"""Requests that come again byte for byte: the same answer, within the same budget, counted; and nothing else is taken for one."""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Iterator

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

import kg
import running
from kg.limits import Limits, Serving
from kg.web.budget import Buckets
from kg.web.cache import Answers, Kept
from kg.web.wire import LONGEST, REQUESTS, Wire, whole

REQUEST = b"GET /event/baku-1990-01.ttl HTTP/1.1\r\nHost: x\r\nAccept: */*\r\n\r\n"
KEY = (b"/", b"", b"", b"", b"")


@pytest.fixture(scope="module")
def served(archive: kg.Archive) -> Iterator[str]:
    with running.serving(archive) as url:
        yield url


class Line:
    """A connection on which bytes are sent and whole answers read."""

    def __init__(self, url: str, source: str = "127.0.0.1") -> None:
        self._socket = socket.create_connection(
            ("127.0.0.1", httpx.URL(url).port or 0), timeout=10, source_address=(source, 0)
        )
        self._left = b""

    def __enter__(self) -> Line:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def ask(self, request: bytes) -> tuple[bytes, bytes]:
        """Send *request*, and give head and body of the next answer."""
        self._socket.sendall(request)
        while b"\r\n\r\n" not in self._left:
            self._left += self._more()
        head, _, body = self._left.partition(b"\r\n\r\n")
        length = int(re.search(rb"content-length: (\d+)", head)[1])  # type: ignore[index]
        while len(body) < length:
            body += self._more()
        body, self._left = body[:length], body[length:]
        return head, body

    def _more(self) -> bytes:
        piece = self._socket.recv(65_536)
        assert piece, "the connection was closed"
        return piece


def dateless(head: bytes) -> set[bytes]:
    return {line for line in head.split(b"\r\n") if not line.startswith(b"date:")}


def asked(url: str, route: str) -> float:
    found = re.search(
        rf'kg_http_requests_total{{method="GET",route="{re.escape(route)}",status="200"}} ([0-9.]+)',
        httpx.get(f"{url}/metrics").text,
    )
    return float(found[1]) if found else 0.0


@pytest.mark.parametrize(
    ("path", "route"),
    [
        ("/event/baku-1990-01.ttl", "/{path}"),
        ("/sparql?query=ASK%7B%7D", "/sparql"),
        ("/queries/day.csv?day=1990-01-13", "/queries/{name}"),
    ],
)
def test_the_same_each_time_and_counted(served: str, path: str, route: str) -> None:
    request = REQUEST.replace(b"/event/baku-1990-01.ttl", path.encode())
    before = asked(served, route)
    with Line(served) as line:
        (first, body), *others = [line.ask(request) for _ in range(6)]
    assert first.startswith(b"HTTP/1.1 200 OK\r\n")
    assert all(dateless(head) == dateless(first) and other == body for head, other in others)
    assert all(head.count(b"\r\ndate: ") == 1 for head, _ in others)
    assert asked(served, route) == before + 6


def test_other_requests_go_on_beside_it(served: str) -> None:
    """On one connection: known, unknown, in pieces, with a body, and what may not be known."""
    with Line(served) as line:
        known = [line.ask(REQUEST)[1] for _ in range(3)]
        assert len(set(known)) == 1
        assert (
            b"406"
            in line.ask(
                REQUEST.replace(b"/event/baku-1990-01.ttl", b"/event/baku-1990-01").replace(
                    b"*/*", b"image/png"
                )
            )[0]
        )
        post = b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\nContent-Length: 6\r\n\r\n"
        assert b"boolean" in line.ask(post + b"ASK {}")[1]
        half = len(REQUEST) // 2
        line._socket.sendall(REQUEST[:half])
        assert line.ask(REQUEST[half:])[1] == known[0]


def test_two_at_once_get_two_answers(served: str) -> None:
    with Line(served) as line:
        alone = [line.ask(REQUEST) for _ in range(3)][-1]
        line._socket.sendall(REQUEST * 3)
        size = len(alone[0]) + 4 + len(alone[1])
        data = b""
        while len(data) < 3 * size:
            data += line._more()
    assert data.count(alone[1]) == 3
    assert len(data) == 3 * size


def test_a_second_request_is_not_taken_for_the_first(served: str) -> None:
    """It comes while the first is being answered, so that its bytes are not those of the first."""
    slow = REQUEST.replace(
        b"/event/baku-1990-01.ttl", b"/queries/claims-by-measure.csv?event=baku-1990-01&as_of=1990-01-17"
    )
    other = REQUEST.replace(b"baku-1990-01.ttl", b"sumgait-1988.nt")
    with Line(served) as line:
        for _ in range(3):
            line._socket.sendall(slow)
            time.sleep(0.001)
            line._socket.sendall(other)
            _, csv = line.ask(b"")
            _, triples = line.ask(b"")
            assert csv.startswith(b"as_of,")
            assert b"sumgait-1988> <" in triples
        assert line.ask(slow)[1].startswith(b"as_of,")


def test_what_is_known_is_limited_too(archive: kg.Archive) -> None:
    # an answer that takes long here must cost no more than one
    limits = Limits(requests=0.01, burst=10, work=0)
    with running.serving(archive, limits, serving=Serving(proxies=("::1",))) as url, Line(url) as line:
        heads = [line.ask(REQUEST)[0] for _ in range(12)]
        assert [head[9:12] for head in heads] == [b"200"] * 10 + [b"429"] * 2
        with Line(url, "127.0.0.2") as other:
            assert other.ask(REQUEST)[0][9:12] == b"200"


@pytest.mark.parametrize(
    "field",
    [
        b"Connection: close", b"connection:keep-alive, Close", b"Connection: Upgrade", b"Expect: 100-continue", b"Range: bytes=0-1",
        b"If-None-Match: *", b"If-Range: x", b"Upgrade: h2c", b"X-Forwarded-For: 1.2.3.4", b"Forwarded: for=1.2.3.4",
        b"Content-Length: 0", b"Transfer-Encoding: chunked", b"transfer-encoding : chunked",
    ],
)  # fmt: skip
def test_what_is_not_remembered(field: bytes) -> None:
    assert whole(REQUEST)
    assert not whole(REQUEST[:-2] + field + b"\r\n\r\n")


@pytest.mark.parametrize(
    "data",
    [
        b"", b"\r\n\r\n", REQUEST[:-1], REQUEST + REQUEST, REQUEST + b"x", b"\r\n" + REQUEST, REQUEST.replace(b"GET", b"HEAD"),
        REQUEST.replace(b"GET", b"POST"), REQUEST.replace(b"1.1", b"1.0"), REQUEST.replace(b"GET /", b"GET http://x/"),
        REQUEST[:-2] + b"A: " + b"a" * LONGEST + b"\r\n\r\n",
    ],
)  # fmt: skip
def test_what_is_not_one_whole_request(data: bytes) -> None:
    assert not whole(data)


@given(st.lists(st.tuples(st.sampled_from(["learn", "answer", "drop"]), st.integers(0, 3)), max_size=40))
def test_nothing_is_given_that_is_no_longer_kept(steps: list[tuple[str, int]]) -> None:
    answers, given = Answers(1_000_000), []
    wire = Wire(answers, Buckets(Limits()), given.append)
    kept: dict[int, Kept] = {}
    known: set[int] = set()
    for step, number in steps:
        request, key = b"GET /%d" % number, (b"/%d" % number, b"", b"", b"", b"")
        if step == "learn":
            kept[number] = Kept([(b"etag", b'"%d"' % len(given))], b"body %d" % number, '"x"')
            answers.put(key, kept[number])
            wire.learn(request, key, kept[number])
            known.add(number)
        elif step == "drop" and number in kept:
            answers.put(key, Kept([], b"another", '"y"'))
            known.discard(number)
        else:
            answer = wire.answer(request, "", [(b"date", b"now")])
            assert (answer is not None) is (number in known)
            if answer is not None:
                assert answer.endswith(b"\r\ndate: now\r\n\r\nbody %d" % number)


def test_no_more_are_remembered_than_may_be() -> None:
    answers = Answers(1_000_000)
    wire = Wire(answers, Buckets(Limits()), lambda _: None)
    kept = Kept([], b"", '"x"')
    answers.put(KEY, kept)
    for number in range(REQUESTS + 5):
        wire.learn(b"%d" % number, KEY, kept)
    assert len(wire) == REQUESTS
    assert wire.answer(b"0", "", []) is None
    assert wire.answer(b"%d" % (REQUESTS + 4), "", []) is not None

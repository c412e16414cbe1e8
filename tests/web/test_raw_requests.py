"""Requests that no ordinary client sends: what the server makes of framing, targets, Host, methods and Range.

Each answer is a whole response with a status that fits, and the server goes on. Nothing of it comes from the Host header, and no
part of a request is taken for another header or another request.
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import collection
import kg
import running
import sockets

CLOSE = b"Host: localhost\r\nConnection: close\r\n\r\n"
QUERY = b"Host: localhost\r\nConnection: close\r\nContent-Type: application/sparql-query\r\n"
POST = b"POST /sparql HTTP/1.1\r\n" + QUERY
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n\r\n"
HOST = "evil-host.example"
ELSEWHERE = "evil.example"
EVENT = "/id/event/baku-1990-01"


@pytest.fixture(autouse=True)
def _alive(url: str, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """After each test the server answers, and has logged no failure of its own."""
    caplog.set_level(logging.WARNING)
    yield
    assert b'"status":"ok"' in sockets.asked(url, "/health").body
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR] == []


# ---------------------------------------------------------------------- targets


@pytest.mark.parametrize(
    "target",
    [
        "/../../../../etc/passwd",
        "/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
        "/..%2f..%2f..%2fetc%2fpasswd",
        "/..%5c..%5cetc%5cpasswd",
        "/%252e%252e/%252e%252e/etc/passwd",
        "/%c0%ae%c0%ae/%c0%ae%c0%ae/etc/passwd",
        "/....//....//etc/passwd",
        "/.%00./etc/passwd",
        "/static/../../../app.py",
        "/static/%2e%2e/app.py",
        "/static/style.css%00.html",
        "/static/style.css/..;/app.py",
        "/download/../manifest.json",
        "/download/..;/manifest.json",
        "/download/%2e%2e%2fmanifest.json",
        "/download/%252e%252e%252fmanifest.json",
        "/download/....//manifest.json",
        "/download/./quads.nq",
        "/download//quads.nq",
        "/download/%2Fetc%2Fpasswd",
        "/download/file:///etc/passwd",
        "/download/DATASET.TTL",
        "/download/dataset.ttl%20",
        "/download/dataset.ttl/",
        "/download/tables/../../manifest.json",
        "/queries/..%2f..%2fmanifest.json",
        "/queries/%2e%2e%2fdownload%2fdataset.nt",
        "/dataset.%2e%2e%2fjson",
        "/.git/config",
        "/kg.toml",
        "/manifest.json",
    ],
)
def test_no_path_leads_to_a_file(url: str, target: str) -> None:
    answer = sockets.asked(url, target)
    assert answer.status == 404
    assert answer.header("content-type") == "text/plain; charset=utf-8"
    for inside in (b"root:", b"sha256", b"import ", b"@prefix"):
        assert inside not in answer.body


@pytest.mark.parametrize(
    "target",
    [
        f"//{ELSEWHERE}/",
        f"///{ELSEWHERE}/",
        f"/\\{ELSEWHERE}/",
        f"/%09/{ELSEWHERE}/",
        f"//{ELSEWHERE}/..",
        f"//{ELSEWHERE}/%2e%2e",
        f"/.//{ELSEWHERE}/",
        f"/;@{ELSEWHERE}/",
        f"/id//{ELSEWHERE}/x",
        f"/id/event//{ELSEWHERE}",
        f"/id/event/%2F%2F{ELSEWHERE}",
        f"/id/event/%5C{ELSEWHERE}",
        f"/id/event/..%2F..%2F%2F{ELSEWHERE}",
        f"//{ELSEWHERE}/id/event/baku-1990-01",
        f"http://{ELSEWHERE}{EVENT}",
        f"http://{ELSEWHERE}:80@localhost{EVENT}",
        f"https://{ELSEWHERE}/",
        f"{ELSEWHERE}:443",
        f"javascript://{ELSEWHERE}/%0aalert(1)",
        "*",
        "?",
        "#",
        "/#",
    ],
)
def test_no_target_leads_away(url: str, target: str) -> None:
    for method in ("GET", "HEAD", "POST", "OPTIONS", "CONNECT", "TRACE"):
        answer = sockets.asked(url, target, method=method)
        assert answer.status in (200, 204, 303, 400, 404, 405, 501)
        location = answer.header("location") or "/"
        assert location.startswith("/") and location[1:2] not in ("/", "\\")
        assert ELSEWHERE not in str(answer.headers)


@pytest.mark.parametrize(
    "target",
    [
        "/{}",
        "/id/event/baku-1990-01{}",
        "/id/event/{}",
        "/event/baku-1990-01{}",
        "/resource?iri=urn:x{}",
        "/resource?iri=https://attest.example/baku-1990/id/event/baku-1990-01&format=ttl{}",
        "/queries/claims-by-measure?event=baku-1990-01{}",
        "/queries/claims-by-measure?as_of=1990-01-16&measure=deaths{}",
        "/queries/claims-by-measure{}",
        "/sparql?query=ASK%7B%7D{}",
        "/sparql?query=ASK%7B%7D&default-graph-uri=urn:x{}",
        "/download/dataset.ttl{}",
        "/dataset?x={}",
        "/sitemap-1{}.xml",
    ],
)
def test_no_line_break_of_a_target_ends_a_header(url: str, target: str) -> None:
    for end in ("%0d%0a", "%0a", "%0d", "%0D%0A%20", "%E5%98%8A%E5%98%8D", "%c4%8d%c4%8a", "%00"):
        answer = sockets.asked(url, target.format(f"{end}X-Injected:%20yes{end}{end}<script>"))
        assert answer.status in (200, 303, 400, 404)
        assert "x-injected" not in {name.lower() for name, _ in answer.headers}
        assert not any(sign in value for _, value in answer.headers for sign in "\r\n\0")


@pytest.mark.parametrize("raw", [b"\r", b"\n", b"\0", b"\x01", b"\x7f", b"\xff", b" ", b"\t"])
def test_what_no_target_may_hold_is_refused(url: str, raw: bytes) -> None:
    found = sockets.answers(sockets.exchange(url, b"GET /a" + raw + b"b HTTP/1.1\r\n" + CLOSE))
    assert [answer.status for answer in found] == [400]


@pytest.mark.parametrize(
    "header",
    [
        b"X: a\rSet-Cookie: b",
        b"X: a\0b",
        b"X : a",
        b": a",
        b"X\0: a",
        b"X(: a",
        b"no colon",
        b"Content-Length: 1, 2",
        b"Content-Length: 1\r\nContent-Length: 2",
        b"Content-Length: +1",
        b"Content-Length: -1",
        b"Content-Length: 0x1",
        b"Content-Length: 1_0",
        b"Content-Length: " + b"9" * 30,
        b"Transfer-Encoding: gzip",
        b"Transfer-Encoding: gzip, chunked",
        b"Transfer-Encoding: chunked, identity",
        b"Transfer-Encoding: xchunked",
        b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
        b"Transfer-Encoding: \x0bchunked",
    ],
)
def test_headers_with_two_readings_are_refused(url: str, header: bytes) -> None:
    raw = sockets.exchange(url, b"POST /sparql HTTP/1.1\r\n" + header + b"\r\n" + CLOSE + b"1")
    assert [answer.status // 100 for answer in sockets.answers(raw)] == [4]


@pytest.mark.parametrize(
    "header",
    [
        'If-None-Match: "\'""*\x80',
        "If-None-Match: " + '"x",' * 5000,
        "If-Modified-Since: never",
        "Cookie: " + "a=b; " * 2000,
        "Accept-Encoding: gzip;q=x, *;q=0",
        "Accept-Language: ../../etc/passwd",
        "Origin: null",
        "Referer: javascript:alert(1)",
        "X-Forwarded-For: 127.0.0.1\r\nForwarded: for=evil;host=evil",
        "X-HTTP-Method-Override: DELETE",
        "X-Original-URL: /download/manifest.json\r\nX-Rewrite-URL: /etc/passwd",
        "Transfer-Encoding:",
        "Expect: 200-maybe",
        "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA",
        "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        "Max-Forwards: 0",
        "Content-Length: 0",
    ],
)
def test_headers_of_no_meaning_here_change_nothing(url: str, header: str) -> None:
    for target in ("/event/baku-1990-01.ttl", "/download/dataset.nt", "/sparql?query=ASK%7B%7D"):
        plain = sockets.asked(url, target)
        answer = sockets.asked(url, target, header)
        if header.startswith("Transfer-Encoding"):
            assert answer.status == 400
        else:
            assert (answer.status, answer.body) == (200, plain.body)


# ---------------------------------------------------------------------- Host

ROUTES = [
    "/", EVENT, "/event/baku-1990-01", "/event/baku-1990-01.ttl", "/event/baku-1990-01.jsonld", "/event/nowhere",
    "/resource?iri=https://attest.example/baku-1990/dataset", "/.well-known/void", "/.well-known/security.txt",
    "/dataset", "/dataset.ttl", "/sparql", "/sparql?query=ASK%7B%7D", "/sparql?query=broken", "/queries", "/queries/day",
    "/queries/day.csv", "/openapi.json", "/ns", "/shapes", "/prefixes", "/context.jsonld", "/download", "/download/",
    "/download/dataset.ttl", "/sitemap.xml", "/robots.txt", "/feed.atom", "/health", "/metrics", "/nowhere", "/static/style.css",
]  # fmt: skip
HOSTS = [
    HOST,
    f"{HOST}:99999",
    f"user@{HOST}",
    f"localhost@{HOST}",
    f"localhost:{HOST}",
    f"[{HOST}]",
    f"{HOST}/path?query#fragment",
    f"{HOST} localhost",
    f"https://{HOST}/",
    f"localhost, {HOST}",
    f'{HOST}"><script>',
    f"{HOST}\xe9",
]


@pytest.mark.parametrize("accept", ["*/*", running.BROWSER])
def test_no_answer_repeats_the_host(url: str, accept: str) -> None:
    for number, target in enumerate(ROUTES):
        host = HOSTS[number % len(HOSTS)]
        trusting = [
            f"{name}: {host}"
            for name in ("X-Forwarded-Host", "X-Forwarded-Server", "X-Host", "Forwarded: host=")
        ]
        known = sockets.asked(url, target, f"Accept: {accept}")
        answer = sockets.asked(url, target, f"Accept: {accept}", *trusting, host=host)
        assert answer.status == known.status, (target, host)
        assert HOST not in str(answer.headers) and HOST.encode() not in answer.body, (target, host)
        assert answer.header("location") == known.header("location"), (target, host)


@pytest.mark.parametrize("host", HOSTS)
def test_no_redirection_repeats_the_host(url: str, host: str) -> None:
    for target in (EVENT, "/.well-known/void", "/download", "/event/baku-1990-01/"):
        answer = sockets.asked(url, target, host=host)
        assert answer.status in (200, 302, 303, 404)
        assert (answer.header("location") or "/").startswith("/")
        assert HOST not in str(answer)


def test_host_stands_once(url: str) -> None:
    for lines in (b"", b"Host: a\r\nHost: b\r\n", b"Host: a\r\nHost: a\r\n"):
        raw = sockets.exchange(url, b"GET / HTTP/1.1\r\n" + lines + b"Connection: close\r\n\r\n")
        assert [answer.status for answer in sockets.answers(raw)] == [400]
    assert sockets.asked(url, EVENT, host="").header("location") == "/event/baku-1990-01"


# ---------------------------------------------------------------------- methods and versions


@pytest.mark.parametrize(
    "method",
    [
        "TRACE",
        "TRACK",
        "CONNECT",
        "PATCH",
        "PROPFIND",
        "M-SEARCH",
        "get",
        "Post",
        "G" * 3000,
        "!#$%&'*+.^_`|~",
    ],
)
def test_other_methods_are_refused_and_repeat_nothing(url: str, method: str) -> None:
    for target in (
        "/",
        EVENT,
        "/event/baku-1990-01",
        "/sparql",
        "/sparql?query=ASK%7B%7D",
        "/queries/day",
        "/download/dataset.nt",
        "/health",
    ):
        answer = sockets.asked(url, target, "X-Secret: once-said", method=method)
        assert answer.status in (405, 501)
        assert answer.status == 501 or "GET" in (answer.header("allow") or "")
        assert b"once-said" not in answer.body
        assert method.encode() not in answer.body


@pytest.mark.parametrize(
    "raw",
    [
        b"GET /\r\n\r\n",
        b"GET  HTTP/1.1\r\n" + CLOSE,
        b"GET / http/1.1\r\n" + CLOSE,
        b"GET / HTTP/1.1 x\r\n" + CLOSE,
        b"GET / HTTP/11\r\n" + CLOSE,
        b"/ HTTP/1.1\r\n" + CLOSE,
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        b"\0" * 64 + b"\r\n\r\n",
    ],
)
def test_what_is_no_request_is_refused(url: str, raw: bytes) -> None:
    (answer,) = sockets.answers(sockets.exchange(url, raw))
    assert answer.status in (400, 501, 505)


@pytest.mark.parametrize(
    "raw",
    [
        b"GET  /health HTTP/1.1\r\n" + CLOSE,
        b"GET /health HTTP/1.2\r\n" + CLOSE,
        b"GET /health HTTP/1.1\n" + CLOSE.replace(b"\r\n", b"\n"),
        b"GET /health HTTP/1.1\r\nX: a\r\n b\r\n" + CLOSE,
    ],
)
def test_what_a_parser_may_let_pass_is_answered_or_refused(url: str, raw: bytes) -> None:
    """RFC 9112 §2.2, §2.3, §5.2: leniency is allowed where it gives no second reading."""
    (answer,) = sockets.answers(sockets.exchange(url, raw))
    assert answer.status in (200, 400, 505)


@pytest.mark.parametrize(
    ("raw", "statuses"),
    [
        (b"GET /health HTTP/1.0\r\n\r\n", [200]),
        (b"GET /health HTTP/1.1\r\nHost: a\r\n\r\n" * 4 + b"GET /health HTTP/1.1\r\n" + CLOSE, [200] * 5),
        (b"GET /health HTTP/1.1\r\nContent-Length: 28\r\n" + CLOSE + b"GET /smuggled HTTP/1.1\r\n\r\n\r\n", [200]),
        (b"GET /nowhere HTTP/1.1\r\nContent-Length: 4\r\n" + CLOSE + b"body" + b"GET /health HTTP/1.1\r\n" + CLOSE, [404]),
    ],
)  # fmt: skip
def test_each_request_has_one_answer(url: str, raw: bytes, statuses: list[int]) -> None:
    assert [answer.status for answer in sockets.answers(sockets.exchange(url, raw))] == statuses


def test_http_2_is_not_begun(url: str) -> None:
    raw = sockets.exchange(url, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\0\0\0\x04\0\0\0\0\0")
    assert {answer.status // 100 for answer in sockets.answers(raw)} == {4}
    assert sockets.asked(url, "/health", "Upgrade: h2c", "HTTP2-Settings: AAMAAABk").status == 200


def test_who_waits_for_continue_is_told(url: str) -> None:
    asked = b"Expect: 100-continue\r\nContent-Length: 6\r\n\r\n"
    with sockets.connected(url) as connection:
        connection.sendall(POST + asked)
        assert connection.recv(65536) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(b"ASK {}")
        raw = b"".join(iter(lambda: connection.recv(65536), b""))
    assert [answer.status for answer in sockets.answers(raw)] == [200]
    refused = sockets.exchange(url, POST.replace(b"sparql-query", b"x-other") + asked)
    assert [answer.status for answer in sockets.answers(refused)] == [415]
    assert b"100 Continue" not in refused


# ---------------------------------------------------------------------- bodies


@pytest.mark.parametrize(
    ("chunks", "statuses"),
    [
        (b"6\r\nASK {}\r\n0\r\n\r\n", (200,)),
        (b"6;name=value;x\r\nASK {}\r\n0\r\n\r\n", (200,)),
        (b'6;name="a;b"\r\nASK {}\r\n0;last\r\nX-Trailer: a\r\n\r\n', (200,)),
        (b"".join(b"1\r\n%c\r\n" % sign for sign in b"ASK {}") + b"0\r\n\r\n", (200,)),
        (b"006\r\nASK {}\r\n000\r\n\r\n", (200,)),
        (b"6\r\nASK {}\r\n0\r\nContent-Type: text/plain\r\nHost: evil-host.example\r\n\r\n", (200,)),
        (b"-6\r\nASK {}\r\n0\r\n\r\n", (400,)),
        (b"0x6\r\nASK {}\r\n0\r\n\r\n", (400,)),
        (b"6 6\r\nASK {}\r\n0\r\n\r\n", (400,)),
        (b"6\r\nASK {}0\r\n\r\n", (400,)),
        (b"\r\n", (400,)),
        (b"FFFFFFFFFFFFFFFFFFFFFFFFFF\r\n", (400, 413)),
        (b"6;" + b"a" * 100_000 + b"\r\nASK {}\r\n0\r\n\r\n", (200, 400, 413, 431)),
        (b"6\r\nASK {}\r\n0\r\n" + b"X-Trailer: a\r\n" * 20_000 + b"\r\n", (200, 400, 413, 431)),
        (b"1\r\n#\r\n" * 30_000 + b"7\r\n\nASK {}\r\n0\r\n\r\n", (200, 413)),
        (b"10000\r\n" + b"#" * 65536 + b"\r\n" + (b"10000\r\n" + b"#" * 65536 + b"\r\n") * 40 + b"0\r\n\r\n", (413,)),
    ],
)  # fmt: skip
def test_chunks(url: str, chunks: bytes, statuses: tuple[int, ...]) -> None:
    found = sockets.answers(sockets.exchange(url, CHUNKED + chunks))
    assert len(found) == 1
    assert found[0].status in statuses
    if found[0].status == 200:
        assert found[0].body == b'{"head": {}, "boolean": true}\n'
    assert HOST.encode() not in found[0].body


@pytest.mark.parametrize("order", [0, 1])
def test_a_body_with_two_lengths_ends_the_connection(url: str, order: int) -> None:
    """What a proxy takes for a body must not be taken for a request."""
    both = [b"Content-Length: 6\r\n", b"Transfer-Encoding: chunked\r\n"]
    lengths = b"".join(both[::-1] if order else both)
    body = b"6\r\nASK {}\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\n" + CLOSE
    head = POST.replace(b"Connection: close\r\n", b"")
    found = sockets.answers(sockets.exchange(url, head + lengths + b"\r\n" + body))
    assert [answer.status for answer in found] in ([200], [400])


def test_a_body_that_is_announced_and_too_large_is_not_awaited(url: str) -> None:
    raw = sockets.exchange(url, POST + b"Content-Length: 1000000000000\r\n\r\nASK")
    assert [answer.status for answer in sockets.answers(raw)] == [413]


def test_a_body_that_does_not_come_to_its_end_is_no_failure_of_the_server(url: str) -> None:
    """The log stays clean: :func:`_alive`."""
    for begun in (POST + b"Content-Length: 100\r\n\r\nASK", CHUNKED + b"6\r\nASK"):
        with sockets.connected(url) as connection:
            connection.sendall(begun)


def test_compressed_bodies_are_not_read(url: str) -> None:
    squeezed = b"\x1f\x8b\x08\0\0\0\0\0\0\3sT\xe8\xad\xae\5\0"
    head = POST + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(squeezed)
    assert [answer.status // 100 for answer in sockets.answers(sockets.exchange(url, head + squeezed))] == [4]


@pytest.mark.parametrize(
    "raw",
    [
        b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\n" + CLOSE,
        b"G" * 200_000 + b" / HTTP/1.1\r\n" + CLOSE,
        b"GET /health HTTP/1.1\r\nX: " + b"a" * 200_000 + b"\r\n" + CLOSE,
        b"GET /health HTTP/1.1\r\n" + b"".join(b"X-%d: a\r\n" % number for number in range(60_000)) + CLOSE,
        b"GET /sparql?query=" + b"%20" * 60_000 + b" HTTP/1.1\r\n" + CLOSE,
    ],
    ids=["target", "method", "header", "headers", "query"],
)
def test_what_is_too_long_is_refused(url: str, raw: bytes) -> None:
    found = sockets.answers(sockets.exchange(url, raw))
    assert {answer.status for answer in found} <= {400, 414, 431, 501}


@pytest.mark.parametrize("length", [10_000, 60_000])
def test_long_targets_are_answered_quickly(url: str, length: int) -> None:
    for target in (
        "/{}",
        "/event/{}",
        "/id/event/{}",
        "/resource?iri=urn:{}",
        "/queries/{}",
        "/queries/day?day={}",
        "/download/{}",
        "/sparql?query={}",
    ):
        answer = sockets.asked(url, target.format("a" * length))
        assert answer.status in (400, 404, 414)


# ---------------------------------------------------------------------- parts of files


@pytest.fixture(scope="module")
def whole(url: str) -> bytes:
    return sockets.asked(url, "/download/dataset.nt").body


@pytest.mark.parametrize(
    ("range", "first", "last"),
    [
        ("bytes=0-0", 0, 0),
        ("bytes=10-19", 10, 19),
        ("bytes=10-", 10, None),
        ("bytes=-5", -5, None),
        ("bytes=0-999999999999", 0, None),
        ("bytes=-999999999999", 0, None),
        ("BYTES=10-19", 10, 19),
    ],
)  # fmt: skip
def test_one_part_is_given(url: str, whole: bytes, range: str, first: int, last: int | None) -> None:
    answer = sockets.asked(url, "/download/dataset.nt", f"Range: {range}")
    part = whole[first : None if last is None else last + 1]
    assert (answer.status, answer.body) == (206, part)
    start = first % len(whole)
    assert answer.header("content-range") == f"bytes {start}-{start + len(part) - 1}/{len(whole)}"


@pytest.mark.parametrize("range", ["bytes=-0", "bytes=99999999999-", "bytes=99999999999-999999999999"])
def test_no_part_is_there(url: str, whole: bytes, range: str) -> None:
    answer = sockets.asked(url, "/download/dataset.nt", f"Range: {range}")
    assert (answer.status, answer.header("content-range")) == (416, f"bytes */{len(whole)}")


@pytest.mark.parametrize(
    "ranges",
    [
        ["bytes=0-0,2-2"],
        ["bytes=0-,0-,0-"],
        ["bytes=0-9,5-14,0-"],
        ["bytes=" + ",".join(f"{3 * n}-{3 * n}" for n in range(3000))],
        ["bytes=" + ",".join(["0-"] * 10_000)],
        ["bytes=" + "0-0, " * 4000],
        ["bytes=0-0", "bytes=2-2"],
        ["bytes=5-1"],
        ["bytes=a-b"],
        ["bytes="],
        ["bytes=-"],
        ["bytes=--1"],
        ["bytes=0-1-2"],
        ["bytes=+1-+5"],
        ["bytes=1_0-2_0"],
        ["bytes=0-0;q=1"],
        ["bytes=\xb2-"],
        ["bytes=" + "9" * 5000 + "-"],
        ["items=0-1"],
        ["0-1"],
        [""],
    ],
)
def test_several_parts_or_none_that_can_be_read_are_the_whole(
    url: str, whole: bytes, ranges: list[str]
) -> None:
    """RFC 9110 §14.2: a server may set Range aside, and must for units that it does not know."""
    answer = sockets.asked(url, "/download/dataset.nt", *(f"Range: {each}" for each in ranges))
    assert (answer.status, answer.body) == (200, whole)
    assert answer.header("content-length") == str(len(whole))


def test_a_part_of_another_version_is_the_whole(url: str, whole: bytes) -> None:
    etag = sockets.asked(url, "/download/dataset.nt", method="HEAD").header("etag")
    for condition, status in ((etag, 206), ('"other"', 200), ("Thu, 01 Jan 1970 00:00:00 GMT", 200)):
        answer = sockets.asked(url, "/download/dataset.nt", "Range: bytes=1-4", f"If-Range: {condition}")
        assert (answer.status, answer.body) == (status, whole[1:5] if status == 206 else whole)


@pytest.mark.parametrize(
    "target", ["/event/baku-1990-01.nt", "/dataset.nt", "/queries/day.csv", "/sparql?query=ASK%7B%7D"]
)
def test_documents_are_given_whole(url: str, target: str) -> None:
    assert sockets.asked(url, target, "Range: bytes=0-3").body == sockets.asked(url, target).body


# ---------------------------------------------------------------------- links in the release


def test_no_link_in_the_release_leads_out_of_it(tmp_path: Path) -> None:
    archive = kg.open(shutil.copytree(collection.built(), tmp_path / "releases"))
    assert archive.directory is not None
    secret = tmp_path / "secret"
    with running.serving(archive) as url:
        shutil.copytree(archive.directory / "downloads", secret)
        text = (secret / "dataset.nt").read_bytes()
        (secret / "dataset.nt").write_bytes(text[:-2] + b"!\n")  # as long as the listed one, and another
        shutil.rmtree(archive.directory / "downloads")
        (archive.directory / "downloads").symlink_to(secret)
        (archive.directory / "index.csv").unlink()
        (archive.directory / "index.csv").symlink_to("/etc/passwd")
        for name in ("dataset.nt", "index.csv"):
            for _ in range(2):
                answer = sockets.asked(url, f"/download/{name}")
                assert (answer.status, answer.body) == (
                    500,
                    b"this server could not answer; its log says why\n",
                )

"""Connections over raw sockets: what is no request, what another server could read otherwise, who is slow, who is one too many."""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack

import httpx
import pytest
import wire
from starlette.types import Receive, Scope, Send

import kg
import processes
import running
from kg.limits import Serving

HOST = b"Host: x\r\n"
ASK = b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
HEALTH = b"GET /health HTTP/1.1\r\nHost: x\r\n"


@pytest.fixture(scope="module")
def url(archive: kg.Archive) -> Iterator[str]:
    """A server that waits a second for everything, and takes six connections, of one client four."""
    serving = Serving(arrival=1, idle=1, stall=1, connections=6, each=4)
    with running.serving(archive, serving=serving) as address:
        yield address


def well(url: str) -> bool:
    return httpx.get(f"{url}/sparql", params={"query": "ASK {}"}, timeout=20).status_code == 200


REFUSED = {
    "no host": (b"GET / HTTP/1.1\r\n\r\n", 400),
    "two hosts": (b"GET / HTTP/1.1\r\n" + HOST + HOST + b"\r\n", 400),
    "length and chunks": (ASK + b"Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nX", 400),
    "chunks and length": (ASK + b"Transfer-Encoding: chunked\r\nContent-Length: 6\r\n\r\n0\r\n\r\nX", 400),
    "two lengths": (ASK + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nASK{} ", 400),
    "two equal lengths": (ASK + b"Content-Length: 5\r\nContent-Length: 5\r\n\r\nASK{}", 400),
    "a list of lengths": (ASK + b"Content-Length: 5, 5\r\n\r\nASK{}", 400),
    "a length with a sign": (ASK + b"Content-Length: +5\r\n\r\nASK{}", 400),
    "a negative length": (ASK + b"Content-Length: -5\r\n\r\nASK{}", 400),
    "a length beyond counting": (ASK + b"Content-Length: " + b"9" * 30 + b"\r\n\r\nASK{}", 400),
    "another coding": (ASK + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 400),
    "chunks that are not last": (ASK + b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n", 400),
    "compressed chunks": (ASK + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 400),
    "chunks twice": (ASK + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
    "chunks in HTTP/1.0": (
        ASK.replace(b"/1.1", b"/1.0") + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        400,
    ),
    "a chunk of no size": (ASK + b"Transfer-Encoding: chunked\r\n\r\nZZ\r\n", 400),
    "a chunk beyond counting": (ASK + b"Transfer-Encoding: chunked\r\n\r\n" + b"f" * 17 + b"\r\n", 400),
    "a folded field": (HEALTH + b"X: a\r\n b\r\n\r\n", 400),
    "a folded coding": (ASK + b"Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n", 400),
    "a space before the colon": (HEALTH + b"Content-Length : 5\r\n\r\n", 400),
    "line ends without CR": (b"GET /health HTTP/1.1\nHost: x\n\n", 400),
    "a CR in a field": (HEALTH + b"X: a\rb\r\n\r\n", 400),
    "a NUL in a field": (HEALTH + b"X: a\0b\r\n\r\n", 400),
    "letters beyond ASCII": ("GET /café HTTP/1.1\r\nHost: x\r\n\r\n".encode(), 400),
    "HTTP/0.9": (b"GET /\r\n\r\n", 505),
    "HTTP/2": (b"GET / HTTP/2.0\r\n" + HOST + b"\r\n", 505),
    "TLS": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 501),
    "an invented method": (b"BREW / HTTP/1.1\r\n" + HOST + b"\r\n", 501),
    "a tunnel": (b"CONNECT other:443 HTTP/1.1\r\n" + HOST + b"\r\n", 501),
    "a long field": (HEALTH + b"X: " + b"y" * 40_000 + b"\r\n\r\n", 431),
    "an endless field": (HEALTH + b"X: " + b"y" * 400_000, 431),
    "many fields": (HEALTH + b"X: y\r\n" * 101 + b"\r\n", 431),
    "a long address": (b"GET /" + b"y" * 40_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n", 414),
    "an endless address": (b"GET /" + b"y" * 400_000, 414),
    "an endless extension": (ASK + b"Transfer-Encoding: chunked\r\n\r\n5;" + b"y" * 400_000, 400),
    "an endless trailer": (
        ASK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nASK{}\r\n0\r\nX: " + b"y" * 400_000,
        400,
    ),
    "half a head": (b"GET / HTTP/1.1\r\nHos", 408),
    "half a body": (ASK + b"Content-Length: 5\r\n\r\nAS", 408),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused_with_a_sentence_and_closed(url: str, case: str) -> None:
    request, status = REFUSED[case]
    answer = wire.exchanged(url, request)
    assert answer.startswith(f"HTTP/1.1 {status} ".encode())
    assert answer.count(b"HTTP/1.1 ") == 1
    fields = wire.fields(answer)
    assert fields[b"connection"] == b"close"
    assert fields[b"access-control-allow-origin"] == b"*"
    assert fields[b"content-security-policy"].startswith(b"default-src 'none'")
    assert fields[b"content-type"] == b"text/plain; charset=utf-8"
    assert len(answer.partition(b"\r\n\r\n")[2]) == int(fields[b"content-length"]) > 20
    assert well(url)


ANSWERED = {
    "HTTP/1.0": (b"GET /health HTTP/1.0\r\n\r\n", [200]),
    "the whole address": (b"GET http://elsewhere/health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", [200]),
    "every path": (b"OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", [204]),
    "empty lines before": (b"\r\n" * 10 + HEALTH + b"Connection: close\r\n\r\n", [200]),
    "one after the other at once": ((HEALTH + b"\r\n") * 5 + HEALTH + b"Connection: close\r\n\r\n", [200] * 6),
    "an upgrade with a body": (ASK + b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMA\r\nContent-Length: 5\r\n\r\nASK{}", [200]),
    "a web socket": (HEALTH + b"Connection: close, Upgrade\r\nUpgrade: websocket\r\n\r\n", [200]),
    "fields after the body": (ASK + b"Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n5;a=b\r\nASK{}\r\n0\r\nContent-Type: text/x\r\n\r\n", [200]),
    "100 Continue": (ASK + b"Expect: 100-continue\r\nContent-Length: 5\r\nConnection: close\r\n\r\nASK{}", [100, 200]),
    "garbage after a request": (HEALTH + b"\r\n\x00\x01", [200]),
    "too many at once": ((HEALTH + b"\r\n") * 50, [200]),
    "a body that nobody reads": (HEALTH + b"Content-Length: 5\r\n\r\nAS", [200]),
    "an endless body that nobody reads": (HEALTH + b"Content-Length: 50000000\r\n\r\n" + b"y" * 3_000_000, [200]),
}  # fmt: skip


@pytest.mark.parametrize("case", ANSWERED)
def test_answered(url: str, case: str) -> None:
    request, statuses = ANSWERED[case]
    with wire.connected(url) as connection:
        try:
            connection.sendall(request)
        except ConnectionError:
            assert case == "an endless body that nobody reads"
        answer = wire.until_closed(connection)
    assert [int(status) for status in re.findall(rb"HTTP/1\.1 (\d{3}) ", answer)] == statuses
    assert well(url)


def test_who_sends_nothing_is_left(url: str) -> None:
    begun = time.monotonic()
    with wire.connected(url) as connection:
        assert wire.until_closed(connection) == b""
        connection.close()
    with wire.connected(url) as connection:
        connection.sendall(HEALTH + b"\r\n")
        assert wire.one(connection).startswith(b"HTTP/1.1 200")
        assert wire.until_closed(connection) == b""  # nothing more is asked
    assert 2 <= time.monotonic() - begun < 10


def test_a_slow_head_does_not_become_quick_by_going_on(url: str) -> None:
    begun = time.monotonic()
    with wire.connected(url) as connection:
        connection.sendall(HEALTH)
        try:
            while time.monotonic() - begun < 5:
                connection.sendall(b"X: y\r\n")
                time.sleep(0.1)
        except ConnectionError:
            pass
    assert time.monotonic() - begun < 5


def test_each_client_has_so_many_connections_and_others_go_on(url: str) -> None:
    with ExitStack() as stack:
        for _ in range(4):
            stack.enter_context(wire.connected(url, "127.0.0.2")).sendall(b"G")
        answer = wire.exchanged(url, HEALTH + b"\r\n", "127.0.0.2")
        assert answer.startswith(b"HTTP/1.1 503")
        assert b"this address has 4 connections already" in answer
        assert wire.fields(answer)[b"retry-after"] == b"5"
        assert well(url)
    time.sleep(0.3)
    with wire.connected(url, "127.0.0.2") as connection:
        connection.sendall(HEALTH + b"\r\n")
        assert wire.one(connection).startswith(b"HTTP/1.1 200")


def test_where_all_connections_are_taken_one_that_asks_nothing_makes_room(archive: kg.Archive) -> None:
    serving = Serving(connections=3, idle=60, arrival=60)
    with running.serving(archive, serving=serving) as url, ExitStack() as stack:
        kept = [stack.enter_context(wire.connected(url)) for _ in range(3)]
        for connection in kept:
            connection.sendall(HEALTH + b"\r\n")
            assert wire.one(connection).startswith(b"HTTP/1.1 200")
        assert well(url)
        assert wire.until_closed(kept[0]) == b""  # the one that had rested for longest
        kept[1].sendall(HEALTH + b"\r\n")
        assert wire.one(kept[1]).startswith(b"HTTP/1.1 200")


def test_where_all_are_busy_the_next_is_told(archive: kg.Archive) -> None:
    serving = Serving(connections=2, arrival=60)
    with running.serving(archive, serving=serving) as url, ExitStack() as stack:
        for _ in range(2):
            busy = stack.enter_context(wire.connected(url))
            busy.sendall(ASK + b"Content-Length: 5\r\n\r\n")
        time.sleep(0.2)
        assert b"as many connections as it can have" in wire.exchanged(url, HEALTH + b"\r\n")


async def _endless(scope: Scope, receive: Receive, send: Send) -> None:
    """Send bytes as long as somebody takes them."""
    if scope["type"] == "lifespan":
        while True:
            message = await receive()
            await send({"type": f"{message['type']}.complete"})
            if message["type"] == "lifespan.shutdown":
                return
    await send({"type": "http.response.start", "status": 200, "headers": []})
    for _ in range(100_000):
        await send({"type": "http.response.body", "body": b"y" * 65_536, "more_body": True})


def test_who_takes_nothing_is_cut_and_who_takes_slowly_is_not(archive: kg.Archive) -> None:
    with running.serving(archive, app=_endless, serving=Serving(stall=1)) as url, ExitStack() as stack:
        stopped, slow = (stack.enter_context(wire.connected(url)) for _ in range(2))
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        for connection in (stopped, slow):
            connection.sendall(HEALTH + b"\r\n")
        begun = time.monotonic()
        while time.monotonic() - begun < 4:
            assert slow.recv(16_384)
            time.sleep(0.02)
        rest = b""
        with pytest.raises(ConnectionError):
            while piece := stopped.recv(1 << 20):
                rest = piece
            raise ConnectionResetError  # a plain end says as much: there was no last chunk
        assert not rest.endswith(b"0\r\n\r\n")
        assert slow.recv(16)


def test_who_leaves_a_finished_answer_lying_is_cut_too(archive: kg.Archive) -> None:
    with running.serving(archive, serving=Serving(stall=1, idle=1, each=2)) as url, ExitStack() as first:
        lazy = first.enter_context(wire.connected(url, "127.0.0.3"))
        lazy.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        query = b"query=SELECT%20*%20%7B%3Fs%20%3Fp%20%3Fo%7D"
        lazy.sendall(b"GET /sparql?" + query + b" HTTP/1.1\r\n" + HOST + b"\r\n")

        def gone() -> bool:
            """Tell whether the place of the lazy one is free again."""
            with ExitStack() as stack:
                two = [stack.enter_context(wire.connected(url, "127.0.0.3")) for _ in range(2)]
                for one in two:
                    one.sendall(HEALTH + b"Connection: close\r\n\r\n")
                return all(wire.until_closed(one).startswith(b"HTTP/1.1 200") for one in two)

        assert processes.eventually(gone)

"""An endpoint on loopback that misbehaves as it is told, byte by byte, and remembers what it was asked."""

from __future__ import annotations

import json
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from itertools import repeat
from urllib.parse import parse_qsl, urlsplit

RESULTS = "application/sparql-results+json"
EMPTY = b'{"head":{"vars":["s"]},"results":{"bindings":[]}}'
ROW = {"s": {"type": "uri", "value": "http://x.example/a"}}
MANY = json.dumps({"head": {"vars": ["s"]}, "results": {"bindings": [ROW] * 50}}).encode()

RESET = object()
"""In place of bytes: the connection is reset."""
PAUSE = object()
"""In place of bytes: a moment passes."""

Piece = bytes | object


@dataclass(frozen=True)
class Request:
    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def parameters(self) -> list[tuple[str, str]]:
        query = self.body.decode() if self.method == "POST" else urlsplit(self.target).query
        return parse_qsl(query, keep_blank_values=True)

    @property
    def query(self) -> str:
        return dict(self.parameters).get("query", "")


Behaviour = Callable[[Request], Iterable[Piece]]


def reply(
    body: bytes = EMPTY,
    media_type: str | None = RESULTS,
    status: str = "200 OK",
    *headers: str,
    length: int | None = None,
) -> bytes:
    """Give a whole HTTP answer; *length* is what it says of its length."""
    lines = [f"HTTP/1.1 {status}", *headers]
    if media_type is not None:
        lines.append(f"Content-Type: {media_type}")
    lines.append(f"Content-Length: {len(body) if length is None else length}")
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


def well(request: Request) -> Iterable[Piece]:
    """Answer ASK with no, so that the store takes the default graph for the union, and SELECT with no rows."""
    variables = [word[1:] for word in request.query.partition("WHERE")[0].split() if word[0] == "?"]
    document: dict[str, object] = {"head": {"vars": variables}, "results": {"bindings": []}}
    if request.query.startswith("ASK"):
        document = {"head": {}, "boolean": False}
    return [reply(json.dumps(document).encode())]


def after_asking(*pieces: Piece) -> Behaviour:
    """Answer ASK well, and all else with *pieces*."""
    return lambda request: well(request) if request.query.startswith("ASK") else pieces


@dataclass
class Endpoint:
    url: str
    requests: list[Request] = field(default_factory=list)
    hits: int = 0


@contextmanager
def endpoint(behaviour: Behaviour = well, tls: ssl.SSLContext | None = None) -> Iterator[Endpoint]:
    """Give an endpoint that does what *behaviour* says for each request, over *tls* where that is given."""
    listener = socket.create_server(("127.0.0.1", 0))
    told = Endpoint(f"http{'s' if tls else ''}://127.0.0.1:{listener.getsockname()[1]}/sparql")
    over = threading.Event()
    threads: list[threading.Thread] = []

    def serve(connection: socket.socket) -> None:
        with closing(connection), suppress(OSError):  # the other side may have gone, as it should
            wrapped = tls.wrap_socket(connection, server_side=True) if tls else connection
            with closing(wrapped):
                told.requests.append(request := _received(wrapped))
                _send(wrapped, behaviour(request), over)

    def listen() -> None:
        with suppress(OSError):  # the listener is closed at the end
            while True:
                connection, _ = listener.accept()
                told.hits += 1
                threads.append(threading.Thread(target=serve, args=(connection,)))
                threads[-1].start()

    threads.append(threading.Thread(target=listen))
    threads[0].start()
    try:
        yield told
    finally:
        over.set()
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        for thread in threads:
            thread.join(10)


def _send(connection: socket.socket, pieces: Iterable[Piece], over: threading.Event) -> None:
    for piece in pieces:
        if over.is_set():
            return
        if piece is RESET:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            return
        if isinstance(piece, bytes):
            connection.sendall(piece)
        else:
            over.wait(0.02)


def _received(connection: socket.socket) -> Request:
    data = b""
    while b"\r\n\r\n" not in data:
        if not (piece := connection.recv(65536)):
            raise ConnectionAbortedError
        data += piece
        if not data.startswith((b"GET", b"POST")):  # TLS, for one
            raise ConnectionAbortedError
    head, _, body = data.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    method, target, _ = first.split(" ", 2)
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    while len(body) < int(headers.get("content-length", 0)):
        body += connection.recv(65536)
    return Request(method, target, headers, body)


def forever(*pieces: Piece) -> Iterator[Piece]:
    """Give *pieces* again and again, a moment between them."""
    for each in repeat(pieces):
        yield from each
        yield PAUSE


def deep(levels: int) -> bytes:
    """Give rows with a triple term *levels* deep."""
    iri = '{"type":"uri","value":"http://x.example/a"}'
    head = f'{{"type":"triple","value":{{"subject":{iri},"predicate":{iri},"object":'
    term = head * levels + iri + "}}" * levels
    return f'{{"head":{{"vars":["s"]}},"results":{{"bindings":[{{"s":{term}}}]}}}}'.encode()


def row(term: object) -> bytes:
    """Give the answer with one row of *term*."""
    return json.dumps({"head": {"vars": ["s"]}, "results": {"bindings": [{"s": term}]}}).encode()


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/sparql-results+json\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
HTML = b"<!doctype html><title>Welcome</title><p>Log in to go on"


@dataclass(frozen=True)
class Fault:
    """What an endpoint does, and what comes of it: an error by its name, an exit code, and words of the message."""

    does: Callable[[], Iterable[Piece]]
    error: str
    code: int
    says: str


def _of(error: str, code: int, says: str, *pieces: Piece) -> Fault:
    return Fault(lambda: pieces, error, code, says)


FAULTS: dict[str, Fault] = {
    # time
    "never answers": Fault(lambda: forever(PAUSE), "QueryTimeout", 3, "did not answer within"),
    "slow headers": Fault(lambda: [HEAD, *[b"X: y\r\n", PAUSE] * 90], "QueryTimeout", 3, "did not answer within"),
    "slow status line": Fault(lambda: forever(b"H"), "QueryTimeout", 3, "did not answer within"),
    "slow body": Fault(
        lambda: (piece for part in ([HEAD, b"Content-Length: 9999\r\n\r\n"], forever(b" ")) for piece in part),
        "QueryTimeout", 3, "did not answer within",
    ),
    "slow chunks": Fault(
        lambda: (piece for part in ([CHUNKED], forever(b"1\r\n \r\n")) for piece in part),
        "QueryTimeout", 3, "did not answer within",
    ),
    # the connection
    "closes at once": _of("RemoteError", 3, "broke off"),
    "resets at once": _of("RemoteError", 3, "broke off", RESET),
    "reset in the body": _of("RemoteError", 3, "broke off", reply(MANY, length=9999), PAUSE, RESET),
    "shorter than it says": _of("RemoteError", 3, "broke off", reply(MANY, length=len(MANY) + 1)),
    "last chunk missing": _of("RemoteError", 3, "broke off", CHUNKED + b"%x\r\n%s\r\n" % (len(MANY), MANY)),
    "cut inside a chunk": _of("RemoteError", 3, "broke off", CHUNKED + b"%x\r\n%s" % (len(MANY), MANY[:-30])),
    # the protocol
    "no HTTP": _of("RemoteError", 4, "is no HTTP", b"SSH-2.0-OpenSSH_9.2p1\r\n"),
    "an endless header": _of("RemoteError", 4, "is no HTTP", HEAD + b"X: " + b"y" * 70_000 + b"\r\n\r\n"),
    "status 500": _of("RemoteError", 3, "status 500: the disk is full", reply(b"the disk\n\tis full\n", "text/plain", "500 Oh")),
    "status 503": _of(
        "RemoteError", 3, "try again in 120 seconds", reply(b"busy", "text/plain", "503 Busy", "Retry-After: 120")
    ),
    "status 503 until a day": _of(
        "RemoteError", 3, "try again after 2030-01-02 03:04:05 UTC",
        reply(HTML, "text/html", "503 Busy", "Retry-After: Wed, 02 Jan 2030 03:04:05 GMT"),
    ),
    "status 503 until whenever": _of(
        "RemoteError", 3, "try again later", reply(b"", None, "503 Busy", "Retry-After: \x1b[2J")
    ),
    "status 429": _of("RemoteError", 3, "has no time now", reply(b"", None, "429 Slow down")),
    "status 401": _of("RemoteError", 3, "KG_ENDPOINT_PASSWORD", reply(b"", None, "401 Who", "WWW-Authenticate: Basic")),
    "status 404": _of("RemoteError", 3, "is no SPARQL endpoint (404)", reply(HTML, "text/html", "404 Gone")),
    "status 204": _of("RemoteError", 3, "status 204", b"HTTP/1.1 204 No Content\r\n\r\n"),
    "status 206": _of("RemoteError", 3, "status 206", reply(MANY[:40], RESULTS, "206 Partial Content")),
    "status 400": _of(
        "QueryError", 2, r"refuses the query: no \x1b[31mred\u202e here",
        reply("no \x1b[31mred\u202e here".encode(), "text/plain; charset=utf-8", "400 Bad"),
    ),
    "status 400, a page": _of("QueryError", 2, "refuses the query (400)", reply(HTML, "text/html", "400 Bad")),
    "status 414": _of("QueryError", 2, "refuses the query (414)", reply(b"", None, "414 Long")),
    # what was asked for
    "a web page": _of("RemoteError", 4, "is a web page", reply(HTML, "text/html; charset=utf-8")),
    "another type": _of("RemoteError", 4, "is text/csv", reply(b"s\r\n", "text/csv")),
    "no type": _of("RemoteError", 4, "does not say what it is", reply(EMPTY, None)),
    "another charset": _of("RemoteError", 4, "latin-1", reply(EMPTY, f"{RESULTS}; charset=latin-1")),
    "compressed": _of("RemoteError", 4, "is compressed (gzip)", reply(EMPTY, RESULTS, "200 OK", "Content-Encoding: gzip")),
    # its form
    "truncated JSON": _of("RemoteError", 4, "is damaged", reply(MANY[:-40])),
    "truncated JSON without a length": _of("RemoteError", 4, "is damaged", HEAD + b"\r\n" + MANY[:-1]),
    "no JSON": _of("RemoteError", 4, "is damaged", reply(HTML)),
    "no UTF-8": _of("RemoteError", 4, "is damaged", reply(MANY.replace(b"x.example", b"\xff.example"))),
    "an empty body": _of("RemoteError", 4, "is damaged", reply(b"")),
    "JSON of another kind": _of("RemoteError", 4, "is damaged", reply(b'["rows"]')),
    "JSON of great depth": _of("RemoteError", 4, "is damaged", reply(b"[" * 100_000)),
    "no bindings": _of("RemoteError", 4, "results", reply(b'{"head":{"vars":["s"]}}')),
    "a truth value for rows": _of("RemoteError", 4, "no answer to SELECT", reply(b'{"head":{},"boolean":true}')),
    "a variable of its own": _of("RemoteError", 4, "'t'", reply(EMPTY.replace(b"[]", b'[{"t":{}}]'))),
    "an unknown kind of term": _of("RemoteError", 4, "unknown type 'list'", reply(row({"type": "list", "value": "a"}))),
    "a term without a value": _of("RemoteError", 4, "value", reply(row({"type": "uri"}))),
    "a relative IRI": _of("RemoteError", 4, "no IRI", reply(row({"type": "uri", "value": "../a"}))),
    "half a character": _of("RemoteError", 4, "cannot be read", reply(row({"type": "literal", "value": "\ud800"}))),
    "a language that is none": _of(
        "RemoteError", 4, "cannot be read", reply(row({"type": "literal", "value": "a", "xml:lang": "no tag!"}))
    ),
    "deep triple terms": _of("RemoteError", 4, "nest", reply(deep(150))),
    "very deep triple terms": _of("RemoteError", 4, "is damaged", reply(deep(30_000))),
    # too much
    "a body without end": Fault(
        lambda: (piece for part in ([CHUNKED], repeat(b"8000\r\n" + b" " * 0x8000 + b"\r\n")) for piece in part),
        "QueryTooLarge", 2, "more than",
    ),
    "a length over the cap": _of("QueryTooLarge", 2, "more than", reply(b"{", length=10**12), PAUSE),
}  # fmt: skip

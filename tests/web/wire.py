"""HTTP by hand over a socket, for what no client would send."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit


@contextmanager
def connected(url: str, source: str = "127.0.0.1", seconds: float = 20) -> Iterator[socket.socket]:
    """Give a connection to the server at *url*, from the address *source*."""
    place = urlsplit(url)
    connection = socket.create_connection(
        (place.hostname or "", place.port or 80), timeout=seconds, source_address=(source, 0)
    )
    with connection:
        yield connection


def until_closed(connection: socket.socket) -> bytes:
    """Give what comes until the server closes; raises TimeoutError where it does not."""
    found = b""
    try:
        while piece := connection.recv(65536):
            found += piece
    except ConnectionError:
        pass
    return found


def one(connection: socket.socket) -> bytes:
    """Give one answer that says its length, with its head."""
    found = b""
    while b"\r\n\r\n" not in found:
        piece = connection.recv(65536)
        if not piece:
            return found
        found += piece
    head, _, body = found.partition(b"\r\n\r\n")
    length = fields(head).get(b"content-length", b"0")
    while len(body) < int(length):
        piece = connection.recv(65536)
        if not piece:
            break
        body += piece
    return head + b"\r\n\r\n" + body


def fields(answer: bytes) -> dict[bytes, bytes]:
    """Give the header fields of an answer."""
    lines = answer.partition(b"\r\n\r\n")[0].split(b"\r\n")[1:]
    return {name.lower(): value.strip() for name, _, value in (line.partition(b":") for line in lines)}


def exchanged(url: str, request: bytes, source: str = "127.0.0.1") -> bytes:
    """Send *request*, and give all that comes until the server closes."""
    with connected(url, source) as connection:
        connection.sendall(request)
        return until_closed(connection)

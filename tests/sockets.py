"""Requests written byte by byte, and answers read as they come: what no ordinary client would send."""

from __future__ import annotations

import http.client
import io
import socket
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Answer:
    """One response: its status, its headers as they stand, in order, and its body."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str | None:
        """Give the value of the header *name*, None where there is none."""
        return next((value for each, value in self.headers if each.lower() == name.lower()), None)


def connected(url: str) -> socket.socket:
    """Give a connection to the server at *url*."""
    found = urlsplit(url)
    return socket.create_connection((found.hostname or "", found.port or 80), timeout=20)


def exchange(url: str, data: bytes) -> bytes:
    """Send *data*, and give all that comes until the server closes; fails where it keeps the connection for long."""
    received = bytearray()
    with connected(url) as connection, suppress(BrokenPipeError, ConnectionResetError):  # refused half-way
        connection.sendall(data)
        while piece := connection.recv(65536):
            received += piece
    return bytes(received)


def asked(
    url: str, target: str, *headers: str, method: str = "GET", host: str | None = "localhost"
) -> Answer:
    """Send one well-formed request for *target*, as it is written, and give the answer."""
    lines = [f"{method} {target} HTTP/1.1", *([f"Host: {host}"] if host is not None else ()), *headers]
    raw = exchange(url, "\r\n".join([*lines, "Connection: close", "", ""]).encode("latin-1"))
    (answer,) = answers(raw, head=method == "HEAD")
    return answer


def answers(raw: bytes, *, head: bool = False) -> list[Answer]:
    """Give the final responses in *raw*, which may be none; fails where a byte of it belongs to no response."""
    found = []
    rest = raw
    while rest:
        source = _Source(rest)
        response = http.client.HTTPResponse(source, method="HEAD" if head else "GET")  # type: ignore[arg-type]
        response.begin()  # passes over 100 Continue
        body = (
            source.file.read() if head else response.read()
        )  # a request that nobody could read has a sentence
        found.append(Answer(response.status, tuple(response.getheaders()), body))
        rest = rest[source.file.tell() :]
    return found


class _Source:
    """Bytes in the place of a socket."""

    def __init__(self, data: bytes) -> None:
        self.file = _Open(data)

    def makefile(self, *_: object) -> io.BytesIO:
        return self.file


class _Open(io.BytesIO):
    """Stays open when the response closes it, so that its place can be asked for."""

    def close(self) -> None:
        pass

"""Requests and the responses that tests expect, as manifests of W3C write them (HTTP vocabulary in RDF), sent as they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from http.client import HTTPConnection
from urllib.parse import urlsplit

import httpx
from manifests import MF, Description, file

from kg.store import Term

HT = "http://www.w3.org/2011/http#"
CNT = "http://www.w3.org/2011/content#"


@dataclass(frozen=True)
class Exchange:
    """One request, and what is expected of its response: a name of a status (``StatusCode2xx``), a truth value, a kind of format."""

    method: str
    path: str
    headers: Sequence[tuple[str, str]] = ()
    body: bytes | None = None
    statuses: frozenset[str] = field(default=frozenset())
    truth: bool | None = None
    format: str | None = None


def exchanges(manifest: Description, test: Term) -> list[Exchange]:
    """Give the exchanges of *test*, in their order."""
    action = manifest.one(test, f"{MF}action")
    return [_exchange(manifest, node) for node in manifest.members(f"{HT}requests", action)]


def _exchange(manifest: Description, node: Term) -> Exchange:
    def text(subject: Term, predicate: str) -> str | None:
        value = manifest.one(subject, predicate)
        return value.value if value is not None else None

    body, response = manifest.one(node, f"{HT}body"), manifest.one(node, f"{HT}resp")
    truth = text(response, f"{MF}expectedBoolean")
    return Exchange(
        text(node, f"{HT}methodName") or "",
        text(node, f"{HT}absolutePath") or "",
        tuple(
            (text(header, f"{HT}fieldName") or "", text(header, f"{HT}fieldValue") or "")
            for header in manifest.members(f"{HT}headers", node)
        ),
        (text(body, f"{CNT}chars") or "").encode(text(body, f"{CNT}characterEncoding") or "")
        if body
        else None,
        frozenset(
            status.value.rpartition("#")[2] for status in manifest.all(response, f"{MF}expectedStatus")
        ),
        truth == "true" if truth else None,
        text(response, f"{MF}expectedFormat"),
    )


def send(url: str, exchange: Exchange) -> httpx.Response:
    """Send the request of *exchange* with no header but its own, Host and Content-Length; give the response."""
    connection = HTTPConnection(urlsplit(url).netloc, timeout=30)
    try:
        connection.putrequest(
            exchange.method,
            exchange.path,
            skip_host=any(name.lower() == "host" for name, _ in exchange.headers),
            skip_accept_encoding=True,
        )
        for name, value in exchange.headers:
            connection.putheader(name, value)
        if exchange.body is not None:
            connection.putheader("Content-Length", str(len(exchange.body)))
        connection.endheaders(exchange.body)
        answer = connection.getresponse()
        return httpx.Response(answer.status, headers=answer.getheaders(), content=answer.read())
    finally:
        connection.close()


_PRINTED = re.compile(
    r"^ {4}(?P<method>[A-Z]+) (?P<path>\S+) HTTP/1\.1\n(?P<headers>(?: {4}\S.*\n)*)(?P<body>(?:\n| {4}.*\n)*)",
    re.MULTILINE,
)


def printed(iri: str) -> Iterator[Exchange]:
    """Give the requests that the manifest *iri* prints in the comments on its tests, which are no RDF, with placeholders filled in."""
    text = file(iri).read_text(encoding="utf-8")
    text = text.replace("/$GRAPHSTORE$", "$GRAPHSTORE$").replace("$GRAPHSTORE$", "/gsp")
    text = text.replace("$HOST$", "www.example").replace("$NEWPATH$", "/gsp/new")
    for found in _PRINTED.finditer(text):
        fields = [line.strip().partition(":") for line in found["headers"].splitlines()]
        headers = [
            (name, value.strip())
            for name, _, value in fields
            if name.lower() not in ("host", "content-length")
        ]
        yield Exchange(found["method"], found["path"], headers, found["body"].strip("\n").encode() or None)

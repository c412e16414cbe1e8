"""What a request to ``/sparql`` asks: query and RDF dataset, in any of the three ways of the SPARQL 1.1 Protocol (W3C 2013, §2.1).

Parameters that the protocol does not know change nothing. Updates are refused, whichever way they come.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from starlette.requests import ClientDisconnect, Request

from kg.errors import QueryError
from kg.names import is_iri
from kg.store import Graphs
from kg.web.answers import Refused
from kg.web.parameters import in_address, parsed

BODY_BYTES: Final = 1024 * 1024
"""Bytes of a request's body at most."""
_DISCARDED: Final = 8 * BODY_BYTES

_QUERY: Final = "application/sparql-query"
_UPDATE: Final = "application/sparql-update"
_FORM: Final = "application/x-www-form-urlencoded"
_UPDATES: Final = frozenset({"update", "using-graph-uri", "using-named-graph-uri"})
"""Parameters of an update (§2.2)."""
_READ_ONLY: Final = "this endpoint answers queries and takes no updates"


@dataclass(frozen=True, slots=True)
class Asked:
    """A query, empty where there is none, and the dataset that the request names, None where it names none."""

    text: str
    graphs: Graphs | None = None


async def received(request: Request) -> Asked:
    """Give what *request* asks.

    Raises QueryError and Refused for what the protocol does not allow or this endpoint does not do.
    """
    parameters = in_address(request)
    if request.method != "POST":
        return _asked(parameters)
    media_type, charset = _content_type(request.headers.get("content-type", ""))
    if media_type == _UPDATE:
        raise Refused(403, _READ_ONLY)
    if media_type not in (_QUERY, _FORM) or charset not in ("", "utf-8", "utf8", "us-ascii"):
        raise Refused(
            415,
            "a query is sent as text in UTF-8 or as a form",
            remedy=f"send it as {_QUERY} or {_FORM}",
            headers={"Accept-Post": f"{_QUERY}, {_FORM}"},
        )
    text = _decoded(await _body(request))
    if media_type == _FORM:
        if any(name == "query" for name, _ in parameters):
            raise QueryError("the query of a form stands in its body", remedy="take it out of the address")
        return _asked([*parameters, *parsed(text)])
    if any(name == "query" for name, _ in parameters):
        raise QueryError("the query is in the body and in the address", remedy="send it once")
    return Asked(text if text.strip() else "", _asked(parameters).graphs)


def _asked(parameters: Sequence[tuple[str, str]]) -> Asked:
    """Give what *parameters* ask."""
    if len(parameters) == 1 and parameters[0][0] == "query":  # as most do
        return Asked(parameters[0][1] if parameters[0][1].strip() else "")
    if any(name in _UPDATES for name, _ in parameters):
        raise Refused(403, _READ_ONLY)
    queries = [value for name, value in parameters if name == "query"]
    if len(queries) > 1:
        raise QueryError("there is more than one query", remedy="send one")
    text = queries[0] if queries and queries[0].strip() else ""
    named = {
        "default-graph-uri": _iris(parameters, "default-graph-uri"),
        "named-graph-uri": _iris(parameters, "named-graph-uri"),
    }
    return Asked(text, Graphs(*named.values()) if any(named.values()) else None)


def _iris(parameters: Sequence[tuple[str, str]], name: str) -> tuple[str, ...]:
    """Give the values of the parameter *name*, each once. Raises QueryError for one that is no absolute IRI."""
    values = dict.fromkeys(value for each, value in parameters if each == name)
    for value in values:
        if not is_iri(value):
            raise QueryError(
                f"{name} is no absolute IRI", remedy="write the IRI of a graph, escaped; /dataset lists them"
            )
    return tuple(values)


async def _body(request: Request) -> bytes:
    """Give the body, which is no larger than :data:`BODY_BYTES`.

    What is a little larger is read and thrown away, since a client that is still sending might miss the answer.
    """
    length = request.headers.get("content-length", "")
    expected = int(length) if length.isdecimal() and len(length) < 16 else 0
    body, received = bytearray(), 0
    if expected <= _DISCARDED:
        try:
            async for piece in request.stream():
                received += len(piece)
                if received > _DISCARDED:
                    break
                if received <= BODY_BYTES:
                    body += piece
        except ClientDisconnect as error:  # or what came was no body
            raise Refused(400, "the request ended before its body did") from error
    if max(expected, received) > BODY_BYTES:
        raise Refused(413, f"the request is larger than {BODY_BYTES} bytes", headers={"Connection": "close"})
    return bytes(body)


def _decoded(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise QueryError(f"the request is not UTF-8 (byte {error.start + 1})") from error


def _content_type(header: str) -> tuple[str, str]:
    """Give the media type and the charset, in lower case."""
    media_type, *parameters = (part.strip().lower() for part in header.split(";"))
    values: Mapping[str, str] = dict(part.split("=", 1) for part in parameters if "=" in part)
    return media_type, values.get("charset", "").strip('"')

"""``/sparql``: queries by the SPARQL 1.1 Protocol (W3C 2013), answered whole or refused, and a form for people.

Queries are checked and run in threads, a few at once. A running query cannot be stopped from here: deadlines and
processes that can be killed belong to a later version, and until then the server binds to loopback only.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, Final
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from kg import sparql
from kg.errors import QueryError
from kg.formats import HTML, JSON_LD, N_TRIPLES, SPARQL_CSV, SPARQL_JSON, TURTLE, Format, negotiate
from kg.store import Solutions
from kg.web.answers import Refused, place, prefers_html, rdf, status
from kg.web.pages import Pages
from kg.web.threads import apart

BODY_BYTES: Final = 1024 * 1024
_DISCARDED: Final = 8 * BODY_BYTES
RUNNING: Final = 4
"""How many queries run at once."""
WAITING: Final = 32
"""How many more wait for their turn; those beyond are turned away."""

_QUERY: Final = "application/sparql-query"
_UPDATE: Final = "application/sparql-update"
_FORM: Final = "application/x-www-form-urlencoded"
_DATASET: Final = ("default-graph-uri", "named-graph-uri")
_ROWS: Final = (SPARQL_JSON, SPARQL_CSV, HTML)
_GRAPHS: Final = (TURTLE, N_TRIPLES, JSON_LD, HTML)
_READ_ONLY: Final = "this endpoint answers queries and takes no updates"


class Sparql:
    """The endpoint of *pages*' archive; *context* is its JSON-LD context, None for expanded JSON-LD."""

    def __init__(self, pages: Pages, context: dict[str, Any] | None) -> None:
        self._pages = pages
        self._context = context
        self._turn = asyncio.Semaphore(RUNNING)
        self._waiting = 0
        self.running = 0  # queries that run now

    def routes(self) -> list[Route]:
        """Give the route."""
        return [Route("/sparql", self.endpoint, methods=["GET", "POST"])]

    async def endpoint(self, request: Request) -> Response:
        """Answer the query of the request; without one, give the form to a browser."""
        query = await _received(request)
        headers = {"Vary": "Accept"}
        if query is None:
            if request.method == "POST" or not prefers_html(request):
                raise QueryError(
                    "there is no query", remedy="send it as the parameter query, or as the body of a POST"
                )
            return HTMLResponse(await run_in_threadpool(self._pages.sparql), headers=headers)
        accept = request.headers.get("accept")
        try:
            async with self._turn_of_its_own():
                body, format = await apart(lambda: self._answer(query, accept))
        except QueryError as error:
            if not prefers_html(request):
                raise
            page = await run_in_threadpool(self._pages.sparql, query=query, error=error, place=place(error))
            return HTMLResponse(page, status(error), headers)
        return Response(body, headers=headers, media_type=format.content_type)

    @asynccontextmanager
    async def _turn_of_its_own(self) -> AsyncIterator[None]:
        if self._waiting >= WAITING:
            raise Refused(
                503,
                "too many queries are waiting",
                remedy="try again in a moment",
                headers={"Retry-After": "2"},
            )
        self._waiting += 1
        try:
            await self._turn.acquire()
        finally:
            self._waiting -= 1
        self.running += 1
        try:
            yield
        finally:
            self.running -= 1
            self._turn.release()

    def _answer(self, query: str, accept: str | None) -> tuple[bytes, Format]:
        """Give the whole answer and its format, chosen before the query runs."""
        format = negotiate(accept, _GRAPHS if _gives_triples(query) else _ROWS)
        answer = self._pages.archive.answer(query)
        if isinstance(answer, list):
            base = self._pages.archive.base
            if format is not HTML:
                return rdf(answer, format, base, self._context), format
            turtle = rdf(answer, TURTLE, base, None).decode()
            return self._pages.sparql(query=query, turtle=turtle).encode(), HTML
        if format is HTML:
            shown: dict[str, Any] = {"truth": answer} if isinstance(answer, bool) else self._table(answer)
            if isinstance(answer, Solutions) and not answer.rows:
                shown["note"] = self._pages.archive.note(query)
            return self._pages.sparql(query=query, **shown).encode(), HTML
        return _results(answer, format), format

    def _table(self, answer: Solutions) -> dict[str, Any]:
        return self._pages.table(answer.variables, answer.rows)


def _gives_triples(query: str) -> bool:
    """Tell whether the query is a CONSTRUCT or DESCRIBE, by its first word after the prologue."""
    form = sparql.form(sparql.check(query))
    return form is not None and form.text.upper() in ("CONSTRUCT", "DESCRIBE")


def _results(answer: Solutions | bool, format: Format) -> bytes:
    if isinstance(answer, Solutions):
        return answer.to_csv() if format is SPARQL_CSV else answer.to_json()
    if format is SPARQL_CSV:  # the CSV format has no form for a truth value; this is what other servers write
        return b"true\r\n" if answer else b"false\r\n"
    return json.dumps({"head": {}, "boolean": answer}).encode() + b"\n"


async def _received(request: Request) -> str | None:
    """Give the query of a request (SPARQL 1.1 Protocol §2.1), None where there is none.

    Raises QueryError and Refused for what the protocol does not allow or this endpoint does not do.
    """
    parameters = _parameters(request.url.query)
    if request.method != "POST":
        return _query(parameters)
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
        return _query(_parameters(text))
    if any(name in ("query", "update") for name, _ in parameters):
        raise QueryError("the query is in the body and in the address", remedy="send it once")
    _refuse_datasets(parameters)
    return text


async def _body(request: Request) -> bytes:
    """Give the body, which is no larger than :data:`BODY_BYTES`.

    What is a little larger is read and thrown away, since a client that is still sending might miss the answer.
    """
    length = request.headers.get("content-length", "")
    expected = int(length) if length.isdecimal() and len(length) < 16 else 0
    body, received = bytearray(), 0
    if expected <= _DISCARDED:
        async for piece in request.stream():
            received += len(piece)
            if received > _DISCARDED:
                break
            if received <= BODY_BYTES:
                body += piece
    if max(expected, received) > BODY_BYTES:
        raise Refused(413, f"the request is larger than {BODY_BYTES} bytes", headers={"Connection": "close"})
    return bytes(body)


def _decoded(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise QueryError(f"the request is not UTF-8 (byte {error.start + 1})") from error


def _parameters(text: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=100)
    except UnicodeDecodeError as error:
        raise QueryError("the parameters are not UTF-8") from error
    except ValueError as error:
        raise QueryError("there are more than 100 parameters") from error


def _query(parameters: list[tuple[str, str]]) -> str | None:
    """Give the parameter ``query``; parameters that the protocol does not know change nothing."""
    if any(name == "update" for name, _ in parameters):
        raise Refused(403, _READ_ONLY)
    _refuse_datasets(parameters)
    queries = [value for name, value in parameters if name == "query"]
    if len(queries) > 1:
        raise QueryError("there is more than one query", remedy="send one")
    return queries[0] if queries and queries[0].strip() else None


def _refuse_datasets(parameters: list[tuple[str, str]]) -> None:
    # To leave them aside would answer another question than was asked.
    for name, _ in parameters:
        if name in _DATASET:
            raise QueryError(
                f"{name} is not supported here", remedy="write FROM or FROM NAMED into the query"
            )


def _content_type(header: str) -> tuple[str, str]:
    """Give the media type and the charset, in lower case."""
    media_type, *parameters = (part.strip().lower() for part in header.split(";"))
    values: Mapping[str, str] = dict(part.split("=", 1) for part in parameters if "=" in part)
    return media_type, values.get("charset", "").strip('"')

"""``/sparql``: queries by the SPARQL 1.1 Protocol (W3C 2013), answered whole or refused, and a form for people.

Queries are checked here and answered by :mod:`kg.workers`, as bytes in the format that the client likes best. The status is
sent when the whole answer is there, and the worker is free by then, however slowly the client reads.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine, Mapping
from contextlib import suppress
from typing import Any, Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from kg import sparql
from kg.errors import KgError, QueryError, QueryTooLarge, Unavailable
from kg.formats import HTML, JSON_LD, N_TRIPLES, SPARQL_CSV, SPARQL_JSON, TURTLE, Format, negotiate
from kg.sparql import Token
from kg.store import Solutions, results
from kg.web.answers import Refused, page_of_error, place, prefers_html
from kg.web.pages import ROWS, Pages
from kg.web.parameters import parsed
from kg.workers.frames import SPOOLED, Frame
from kg.workers.pool import Pool
from kg.workers.task import Task

BODY_BYTES: Final = 1024 * 1024
_DISCARDED: Final = 8 * BODY_BYTES
PAGE_BYTES: Final = 4 * 1024 * 1024
"""Bytes of an answer that is shown as a page."""

_QUICKLY_CHECKED: Final = 4_000
"""Characters of a query whose check is over sooner than another thread would have begun."""
_PIECE: Final = 262_144

_QUERY: Final = "application/sparql-query"
_UPDATE: Final = "application/sparql-update"
_FORM: Final = "application/x-www-form-urlencoded"
_DATASET: Final = ("default-graph-uri", "named-graph-uri")
_ROWS: Final = (SPARQL_JSON, SPARQL_CSV, HTML)
_GRAPHS: Final = (TURTLE, N_TRIPLES, JSON_LD, HTML)
_READ_ONLY: Final = "this endpoint answers queries and takes no updates"


class Sparql:
    """The endpoint of *pages*' archive, whose queries *pool* answers."""

    def __init__(self, pages: Pages, pool: Pool) -> None:
        self._pages = pages
        self._pool = pool
        self._union = pages.archive.manifest.default_graph == "union"

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
        try:
            task, format = await self._task(query, request.headers.get("accept"))
            frame = await _while_connected(request, self._pool.answer(task))
            if format is HTML:
                return HTMLResponse(await run_in_threadpool(self._page, query, task, frame), headers=headers)
        except (QueryError, Unavailable) as error:
            if not prefers_html(request):
                raise
            return await run_in_threadpool(self._error, query, error)
        if frame.size > SPOOLED:
            return _Large(frame, format, headers)
        with frame.body as body:
            return Response(body.read(), headers=headers, media_type=format.content_type)

    async def _task(self, query: str, accept: str | None) -> tuple[Task, Format]:
        """Give what a worker is to do, and the format of the response, chosen before the query runs.

        Raises QueryError for what a query may not say, NotAcceptable.
        """
        quick = len(query) <= _QUICKLY_CHECKED
        tokens = sparql.check(query) if quick else await run_in_threadpool(sparql.check, query)
        triples = _gives_triples(tokens)
        format = negotiate(accept, _GRAPHS if triples else _ROWS)
        union = self._union and not sparql.names_dataset(tokens)
        limits = self._pool.limits
        if format is not HTML:
            return Task(query, format, union, limits.rows, limits.bytes), format
        most = min(limits.bytes, PAGE_BYTES)
        return Task(query, TURTLE if triples else SPARQL_JSON, union, limits.rows, most, ROWS), format

    def _page(self, query: str, task: Task, frame: Frame) -> str:
        """Give the query page with an answer, which is Turtle, or its first rows or its truth in JSON."""
        with frame.body as body:
            answer = body.read()
        if task.format is TURTLE:
            return self._pages.sparql(query=query, turtle=answer.decode())
        try:
            found = results.read(answer, ROWS)
        except ValueError as error:  # the reader of pages is stricter than the engine
            raise QueryTooLarge(
                f"this answer cannot be shown as a page: {error}", remedy="ask for it as JSON or CSV"
            ) from error
        if not isinstance(found, Solutions):
            return self._pages.sparql(query=query, truth=found)
        note = "" if found.rows else self._pages.archive.note(query)
        table = self._pages.table(found.variables, found.rows, int(frame.head["total"]))
        return self._pages.sparql(query=query, note=note, **table)

    def _error(self, query: str, error: KgError) -> Response:
        return page_of_error(self._pages.sparql(query=query, error=error, place=place(error)), error)


async def _while_connected(request: Request, answer: Coroutine[Any, Any, Frame]) -> Frame:
    """Give the *answer*; where the client has gone, or the server stops, the query is stopped too."""
    working = asyncio.ensure_future(answer)
    going = asyncio.ensure_future(_gone(request))
    try:
        await asyncio.wait((working, going), return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            return working.result()
        raise Unavailable("the client has gone")  # nobody will read it
    except asyncio.CancelledError:
        if working.done() and working.exception() is None:
            working.result().body.close()
        raise
    finally:
        going.cancel()
        if working.cancel():
            with suppress(asyncio.CancelledError, KgError):
                await working


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


class _Large(StreamingResponse):
    """A response whose body lies in a file, which is closed whatever becomes of the client."""

    def __init__(self, frame: Frame, format: Format, headers: Mapping[str, str]) -> None:
        length = {"Content-Length": str(frame.size)}
        super().__init__(self._pieces(), headers=dict(headers) | length, media_type=format.content_type)
        self._body = frame.body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        with self._body:
            await super().__call__(scope, receive, send)

    async def _pieces(self) -> AsyncIterator[bytes]:
        while piece := self._body.read(_PIECE):
            yield piece


def _gives_triples(tokens: list[Token]) -> bool:
    """Tell whether a query is a CONSTRUCT or DESCRIBE, by its first word after the prologue."""
    form = sparql.form(tokens)
    return form is not None and form.text.upper() in ("CONSTRUCT", "DESCRIBE")


async def _received(request: Request) -> str | None:
    """Give the query of a request (SPARQL 1.1 Protocol §2.1), None where there is none.

    Raises QueryError and Refused for what the protocol does not allow or this endpoint does not do.
    """
    parameters = parsed(request.url.query)
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
        return _query(parsed(text))
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

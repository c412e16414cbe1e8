"""``/sparql``: queries by the SPARQL 1.1 Protocol (W3C 2013), answered whole or refused, and a form for people.

Queries are checked here and answered by :mod:`kg.workers`, as bytes in the format that the client likes best. The status is
sent when the whole answer is there, and the worker is free by then, however slowly the client reads.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine, Mapping
from hashlib import sha256
from typing import Any, Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from kg import sparql
from kg.errors import KgError, NotAcceptable, QueryError, Unavailable
from kg.formats import (
    HTML,
    JSON_LD,
    N_QUADS,
    N_TRIPLES,
    RDF_XML,
    SPARQL_JSON,
    TRIG,
    TURTLE,
    Format,
    negotiate,
)
from kg.pages.pages import ROWS, Pages
from kg.sparql import Token
from kg.store import Solutions
from kg.version import __version__
from kg.web.answers import page_of_error, place, prefers_html
from kg.web.budget import ASKER
from kg.web.evaluated import solutions
from kg.web.parameters import accepted
from kg.web.protocol import Asked, received
from kg.web.representations import REVALIDATED, matches, tagged
from kg.web.service import FORMATS, Service
from kg.workers.frames import SPOOLED, Frame
from kg.workers.pool import Pool
from kg.workers.task import TABULAR, Task

PAGE_BYTES: Final = 4 * 1024 * 1024
"""Bytes of an answer that is shown as a page."""

_QUICKLY_CHECKED: Final = 4_000
"""Characters of a query whose check is over sooner than another thread would have begun."""
WATCHED_AFTER: Final = 0.05
"""Seconds after which is watched whether the client goes away."""
_PIECE: Final = 262_144

_ROWS: Final = (*TABULAR, HTML)
_GRAPHS: Final = (TURTLE, N_TRIPLES, JSON_LD, RDF_XML, TRIG, N_QUADS, HTML)
_VOLATILE: Final = ("NOW", "RAND", "UUID")
"""Functions that give another value each time; STRUUID holds the last."""


class Sparql:
    """The endpoint of *pages*' archive, whose queries *pool* answers; *context* is its JSON-LD context."""

    def __init__(self, pages: Pages, pool: Pool, context: dict[str, Any] | None = None) -> None:
        self._pages = pages
        self._pool = pool
        self._union = pages.archive.manifest.default_graph == "union"
        self._service = Service(pages.archive, pool.limits, context, pages.addresses.home)

    def routes(self) -> list[Route]:
        """Give the route."""
        return [Route("/sparql", self.endpoint, methods=["GET", "POST"])]

    async def endpoint(self, request: Request) -> Response:
        """Answer the query of the request; without one, give the form to a browser and the service's description to others."""
        asked = await received(request)
        if not asked.text:
            return await self._unasked(request)
        headers = {"Vary": "Accept"}
        try:
            task, format, lasting = await self._task(asked, accepted(request))
            if lasting and request.method != "POST":
                headers |= {"ETag": self._etag(task, format), "Cache-Control": REVALIDATED}
                if matches(request.headers.get("if-none-match", ""), headers["ETag"].removeprefix("W/")):
                    return Response(status_code=304, headers=headers)
            else:
                headers["Cache-Control"] = "no-store"
            frame = await _while_connected(request, self._pool.answer(task, request.scope.get(ASKER)))
            if format is HTML:
                page = await run_in_threadpool(self._page, asked.text, task, frame)
                return HTMLResponse(page, headers=headers)
        except (QueryError, Unavailable) as error:
            if not prefers_html(request):
                raise
            return await run_in_threadpool(self._error, asked.text, error)
        if frame.size > SPOOLED:
            return _Large(frame, format, headers)
        with frame.body as body:
            return Response(body.read(), headers=headers, media_type=format.content_type)

    async def _unasked(self, request: Request) -> Response:
        """Give what there is without a query. Raises QueryError where the request can only have meant to send one."""
        try:
            format = negotiate(accepted(request), (*FORMATS, HTML))
        except NotAcceptable:
            format = None
        if format is None or request.method == "POST" or b"query=" in request.scope["query_string"]:
            raise QueryError(
                "there is no query", remedy="send it as the parameter query, or as the body of a POST"
            )
        headers = {"Vary": "Accept"}
        if format is HTML:
            page = await run_in_threadpool(self._pages.sparql)
            return tagged(request, page.encode(), format.content_type, headers)
        return tagged(request, self._service.document(format), format.content_type, headers)

    async def _task(self, asked: Asked, accept: str | None) -> tuple[Task, Format, bool]:
        """Give what a worker is to do, the format of the response, and whether the answer is the same each time.

        The format is chosen before the query runs. Raises QueryError for what a query may not say, NotAcceptable.
        """
        query = asked.text
        quick = len(query) <= _QUICKLY_CHECKED
        tokens = sparql.check(query) if quick else await run_in_threadpool(sparql.check, query)
        triples = _gives_triples(tokens)
        format = negotiate(accept, _GRAPHS if triples else _ROWS)
        union = self._union and not sparql.names_dataset(tokens)
        limits, graphs = self._pool.limits, asked.graphs
        lasting = not any(
            token.kind == "word" and any(name in token.text.upper() for name in _VOLATILE) for token in tokens
        )
        if format is not HTML:
            return Task(query, format, union, limits.rows, limits.bytes, graphs=graphs), format, lasting
        most = min(limits.bytes, PAGE_BYTES)
        shown = TURTLE if triples else SPARQL_JSON
        return Task(query, shown, union, limits.rows, most, ROWS, graphs), format, lasting

    def _etag(self, task: Task, format: Format) -> str:
        """Give the tag of an answer, made of the release and the question: weak, since rows without ORDER BY have no order."""
        release = self._pages.archive.manifest.id
        asked = "\n".join((release, __version__, format.name, str(task.union), repr(task.graphs), task.text))
        return f'W/"{sha256(asked.encode()).hexdigest()[:32]}"'

    def _page(self, query: str, task: Task, frame: Frame) -> str:
        """Give the query page with an answer, which is Turtle, or its first rows or its truth in JSON."""
        if task.format is TURTLE:
            with frame.body as body:
                return self._pages.sparql(query=query, turtle=body.read().decode())
        found = solutions(frame, ROWS)
        if not isinstance(found, Solutions):
            return self._pages.sparql(query=query, truth=found)
        note = "" if found.rows else self._pages.archive.note(query)
        table = self._pages.table(found.variables, found.rows, int(frame.head["total"]))
        return self._pages.sparql(query=query, note=note, **table)

    def _error(self, query: str, error: KgError) -> Response:
        return page_of_error(self._pages.sparql(query=query, error=error, place=place(error)), error)


async def _while_connected(request: Request, answer: Coroutine[Any, Any, Frame]) -> Frame:
    """Give the *answer*; where the client has gone, the query is stopped and Unavailable raised: nobody will read it.

    Nobody goes within the first moments; so most answers need no second task that waits for that.
    """
    loop = asyncio.get_running_loop()
    task = asyncio.current_task()
    watching: asyncio.Task[None] | None = None
    gone = False

    async def watch() -> None:
        nonlocal gone
        while (await request.receive())["type"] != "http.disconnect":
            pass
        gone = True
        if task is not None:
            task.cancel()

    def begin() -> None:
        nonlocal watching
        watching = loop.create_task(watch())

    beginning = loop.call_later(WATCHED_AFTER, begin)
    try:
        return await answer
    except asyncio.CancelledError:
        if gone and task is not None and not task.uncancel():
            raise Unavailable("the client has gone") from None
        raise
    finally:
        beginning.cancel()
        if watching is not None:
            watching.cancel()


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

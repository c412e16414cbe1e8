"""``/sparql``: queries by the SPARQL 1.1 Protocol (W3C 2013), answered whole or refused, and a form for people.

Queries are checked here and answered by :mod:`kg.workers`, as bytes in the format that the client likes best. The status is
sent when the whole answer is there, and the worker is free by then, however slowly the client reads.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from functools import partial
from hashlib import blake2b
from typing import Any, Final
from urllib.parse import quote, urlencode

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
from kg.notes import Note
from kg.pages.pages import ROWS, Pages
from kg.pages.snippets import LONGEST, of_query
from kg.store import Solutions
from kg.version import __version__
from kg.web.answers import page_of_error, place, prefers_html
from kg.web.budget import ASKER
from kg.web.evaluated import solutions
from kg.web.languages import spoken, vary
from kg.web.origin import origin
from kg.web.parameters import accepted, listed
from kg.web.protocol import Asked, received
from kg.web.representations import REVALIDATED, by_suffix, matches, tagged
from kg.web.service import FORMATS, Service
from kg.workers.frames import SPOOLED, Frame
from kg.workers.pool import Pool
from kg.workers.task import TABULAR, Task

PATH: Final = "/sparql"
PAGE_BYTES: Final = 4 * 1024 * 1024
"""Bytes of an answer that is shown as a page."""

_QUICKLY_CHECKED: Final = 4_000
"""Characters of a query whose check is over sooner than another thread would have begun."""
_PIECE: Final = 262_144

_ROWS: Final = (*TABULAR, HTML)
_GRAPHS: Final = (TURTLE, N_TRIPLES, JSON_LD, RDF_XML, TRIG, N_QUADS, HTML)


class Sparql:
    """The endpoint of *pages*' archive, whose queries *pool* answers; *context* is its JSON-LD context."""

    def __init__(self, pages: Pages, pool: Pool, context: dict[str, Any] | None = None) -> None:
        self._pages = pages
        self._pool = pool
        self._release = f"{pages.archive.manifest.id} {__version__}"
        self._union = pages.archive.manifest.default_graph == "union"
        self._service = Service(pages.archive, pool.limits, context, pages.addresses.home)

    def routes(self) -> list[Route]:
        """Give the route."""
        return [
            Route(path, self.endpoint, methods=["GET", "POST"]) for path in (PATH, f"{PATH}.{{suffix}}")
        ] + [Route("/query", self.lead, include_in_schema=False)]

    async def lead(self, request: Request) -> Response:
        """Lead to the page of the endpoint, which has the same address as the endpoint itself."""
        query: bytes = request.scope["query_string"]
        target = self._pages.addresses.prefix + PATH + (f"?{query.decode('latin-1')}" if query else "")
        return Response(status_code=302, headers={"Location": target})

    async def endpoint(self, request: Request) -> Response:
        """Answer the query of the request; without one, give the form to a browser and the service's description to others."""
        asked = await received(request)
        if not asked.text:
            return await self._unasked(request)
        headers = {"Vary": "Accept"}
        try:
            task, format, lasting = await self._task(asked, _wanted(request))
            language = ""
            if format is HTML:
                language, headers["Vary"] = spoken(self._pages, request).language, vary(self._pages)
            if lasting and request.method != "POST":
                headers |= {"ETag": self._etag(task, format, language), "Cache-Control": REVALIDATED}
                known = listed(request, b"if-none-match")
                if known and matches(known, headers["ETag"].removeprefix("W/")):
                    return Response(status_code=304, headers=headers)
            else:
                headers["Cache-Control"] = "no-store"
            frame = await self._answer(request, task)
            if format is HTML:
                page = await run_in_threadpool(self._page, request, asked, task, frame)
                return HTMLResponse(page, headers=headers)
        except (QueryError, Unavailable) as error:
            if not prefers_html(request):
                raise
            return await run_in_threadpool(self._error, asked, error)
        if frame.size > SPOOLED:
            return _Large(frame, format, headers)
        with frame.body as body:
            return Response(body.read(), headers=headers, media_type=format.content_type)

    async def _unasked(self, request: Request) -> Response:
        """Give what there is without a query. Raises QueryError where the request can only have meant to send one."""
        try:
            format = negotiate(_wanted(request), (*FORMATS, HTML))
        except NotAcceptable:
            format = None
        if format is None or request.method == "POST" or b"query=" in request.scope["query_string"]:
            raise QueryError(
                "there is no query", remedy="send it as the parameter query, or as the body of a POST"
            )
        headers = {"Vary": "Accept"}
        if format is HTML:
            page = await run_in_threadpool(spoken(self._pages, request).sparql)
            return tagged(request, page.encode(), format.content_type, {"Vary": vary(self._pages)})
        return tagged(request, self._service.document(format), format.content_type, headers)

    async def _task(self, asked: Asked, accept: str | None) -> tuple[Task, Format, bool]:
        """Give what a worker is to do, the format of the response, and whether the answer is the same each time.

        The format is chosen before the query runs. Raises QueryError for what a query may not say, NotAcceptable.
        """
        query = asked.text
        quick = len(query) <= _QUICKLY_CHECKED
        sense = sparql.sense(query) if quick else await run_in_threadpool(sparql.sense, query)
        format = negotiate(accept, _GRAPHS if sense.triples else _ROWS)
        union = self._union and not sense.dataset
        limits, graphs, lasting = self._pool.limits, asked.graphs, not sense.volatile
        if format is not HTML:
            return Task(query, format, union, limits.rows, limits.bytes, graphs=graphs), format, lasting
        most = min(limits.bytes, PAGE_BYTES)
        shown = TURTLE if sense.triples else SPARQL_JSON
        return Task(query, shown, union, limits.rows, most, ROWS, graphs), format, lasting

    async def _answer(self, request: Request, task: Task) -> Frame:
        """Give the answer; where the client has gone, the query is stopped and Unavailable raised: nobody will read it.

        Nobody goes within the first moments; so most answers need no second task that waits for that.
        """
        watch = _Watch(request)
        try:
            return await self._pool.answer(task, request.scope.get(ASKER), watch.begin)
        except asyncio.CancelledError:
            if watch.was_all():
                raise Unavailable("the client has gone") from None
            raise
        finally:
            watch.end()

    def _etag(self, task: Task, format: Format, language: str) -> str:
        """Give the tag of an answer, made of the release and the question: weak, since rows without ORDER BY have no order."""
        asked = "\n".join(
            (self._release, format.name, language, str(task.union), repr(task.graphs), task.text)
        )
        return f'W/"{blake2b(asked.encode(), digest_size=16).hexdigest()}"'

    def _page(self, request: Request, asked: Asked, task: Task, frame: Frame) -> str:
        """Give the query page with an answer, which is Turtle, or its first rows or its truth in JSON."""
        pages, linked = spoken(self._pages, request), partial(self._linked, request, asked)
        if task.format is TURTLE:
            with frame.body as body:
                return pages.sparql(asked.text, turtle=body.read().decode(), **linked("CONSTRUCT"))
        found = solutions(frame, ROWS)
        if not isinstance(found, Solutions):
            return pages.sparql(asked.text, truth=found, **linked("ASK"))
        note = Note() if found.rows else pages.archive.note(asked.text)
        answer = pages.answer(found.variables, found.rows, int(frame.head["total"]))
        return pages.sparql(asked.text, note=note, answer=answer, **linked("SELECT"))

    def _linked(self, request: Request, asked: Asked, form: str) -> dict[str, Any]:
        """Give what the page has beside the answer to a query of the *form*: what follows its address, its place for good, and programs that ask the same."""
        graphs = _dataset(asked)
        tail = urlencode([("query", asked.text), *graphs], quote_via=quote)
        if len(tail) > LONGEST:
            tail = ""
        server = origin(request.scope, self._pages.addresses)
        return {
            "asked": tail,
            "graphs": graphs,
            "permalink": self._pages.permalink(f"{PATH}?{tail}") if tail else "",
            "snippets": () if asked.graphs else of_query(server, asked.text, form),
        }

    def _error(self, asked: Asked, error: KgError) -> Response:
        page = self._pages.sparql(asked.text, graphs=_dataset(asked), error=error, place=place(error))
        return page_of_error(page, error)


def _dataset(asked: Asked) -> list[tuple[str, str]]:
    """Give the parameters that say which graphs are read."""
    if asked.graphs is None:
        return []
    return [("default-graph-uri", iri) for iri in asked.graphs.default] + [
        ("named-graph-uri", iri) for iri in asked.graphs.named
    ]


def _wanted(request: Request) -> str | None:
    """Give what *request* accepts, or the one form that the suffix of its address names. Raises NotFound for one that there is not."""
    suffix = request.path_params.get("suffix", "")
    return by_suffix(suffix, (*_ROWS, *_GRAPHS)).media_type if suffix else accepted(request)


class _Watch:
    """Whether the client of *request* is still there, looked after from :meth:`begin` on: where it goes, the task that made this is cancelled."""

    def __init__(self, request: Request) -> None:
        self.gone = False
        self._request = request
        self._asking = asyncio.current_task()
        self._watching: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """Begin to look."""
        self._watching = asyncio.get_running_loop().create_task(self._watch())

    def end(self) -> None:
        """Look no more."""
        if self._watching is not None:
            self._watching.cancel()

    async def _watch(self) -> None:
        while (await self._request.receive())["type"] != "http.disconnect":
            pass
        self.gone = True
        if self._asking is not None:
            self._asking.cancel()

    def was_all(self) -> bool:
        """Tell whether the client has gone and nobody else cancelled the task, which goes on then."""
        return self.gone and self._asking is not None and not self._asking.uncancel()


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

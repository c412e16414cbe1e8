"""The application: a factory that receives an archive and gives the routes, manners and errors of its server."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Match, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kg.archive import Archive
from kg.errors import KgError, ProjectError, StoreError
from kg.limits import Limits
from kg.settings import Security
from kg.store.embedded import IN_MEMORY
from kg.web.addresses import Addresses
from kg.web.answers import Refused, internal, is_told, problem
from kg.web.cache import Answers, Caching
from kg.web.crawlers import Crawlers
from kg.web.dataset import Dataset
from kg.web.downloads import CONTEXT, Downloads
from kg.web.feed import Feed
from kg.web.metrics import Measuring
from kg.web.openapi import OpenApi
from kg.web.operations import Operations
from kg.web.pages import Pages
from kg.web.place import Place
from kg.web.questions import Questions
from kg.web.releases import Releases
from kg.web.resources import Resources
from kg.web.sparql import Sparql
from kg.web.vocabulary import Vocabulary
from kg.workers.pool import Pool
from kg.workers.sleeping import Sleeping
from kg.workers.task import Release

POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
"""The Content-Security-Policy of every answer: no script, nothing from elsewhere."""

_HEADERS: Final = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Content-Location, ETag, Link",
}
_HOME: Final = (
    '<{0}/dataset>; rel="describedby", <{0}/openapi.json>; rel="service-desc"; type="application/json", '
    '</feed.atom>; rel="alternate"; type="application/atom+xml"'
)
"""The Link header of the first page: the dataset's description, that of the interface (RFC 8631), the feed."""
CHANGING: Final = ("/release", "/feed.atom")
"""How addresses begin whose answers change though the release does not."""
KEPT_WORKERS: Final = 2
"""Queries that run at once on a kept release before they count as heavy."""
_log: Final = logging.getLogger("kg.web")


def create_app(
    archive: Archive,
    *,
    release_dir: Path | None = None,
    limits: Limits | None = None,
    security: Security | None = None,
    place: Place | None = None,
) -> Starlette:
    """Give the application that serves *archive*, whose files lie in *release_dir* (default: where it was opened).

    Queries of clients cost at most *limits*. They are answered by processes of their own, which are there from the start of the
    application (ASGI's lifespan) to its end. *security* says whom to tell of a weakness of the server.
    *place* is where the application stands on a server of several releases (default: alone).
    Raises ProjectError where neither is known, StoreError where the release's JSON-LD context cannot be read.
    """
    directory = release_dir or archive.directory
    if directory is None:
        raise ProjectError("this archive has no directory to serve files from", remedy="open a release")
    place = place or Place()
    pages = Pages(archive, Addresses(archive.base, place.prefix), place.shelf)
    context = _context(archive, directory)
    limits = limits or Limits()
    pool = _pool(Release(str(directory), archive.base.iri, context, IN_MEMORY, limits.memory), limits, place)
    operations = Operations(archive, pool, security, place.standing)
    if place.shelf is None:
        place.metrics.follow(archive.manifest, archive.catalog.keys(), lambda: pool.running)
    routes = [
        Route("/", lambda request: HTMLResponse(pages.home, headers={"Link": _HOME.format(place.prefix)})),
        Route("/static/style.css", _stylesheet()),
        *Sparql(pages, pool, context).routes(),
        *Questions(pages, pool, context).routes(),
        *OpenApi(archive, place).routes(),
        *Dataset(pages, directory, context).routes(),
        *Vocabulary(pages, directory, context).routes(),
        *_of_the_server(pages, directory, context, operations, place),
        *Downloads(pages, directory).routes(),
        *Resources(pages, context).routes(),
    ]

    def refuse(request: Request, error: Exception) -> Response:
        if not isinstance(error, KgError):
            raise error
        if not is_told(error):
            _log.error("%s %r: %s", request.method, request.url.path, error)
        return problem(pages, request, error)

    def decline(request: Request, error: Exception) -> Response:
        if not isinstance(error, HTTPException):
            raise error
        headers = dict(error.headers or {})
        if "Allow" in headers:  # Starlette gives a set in any order
            headers["Allow"] = ", ".join(sorted(headers["Allow"].split(", ")))
        sentence = _SENTENCES.get(error.status_code, "this request cannot be answered")
        return problem(pages, request, Refused(error.status_code, sentence, headers=headers))

    app = Starlette(
        routes=routes,
        lifespan=_life(pool) if place.pool is None else None,  # else it belongs to another application
        middleware=[
            Middleware(
                Measuring,
                metrics=place.metrics,
                routes=routes,
                prefix="/release/{release}" if place.prefix else "",
            ),
            Middleware(Caching, answers=Answers(_kept_bytes(limits, place)), changing=CHANGING),
            Middleware(Manners, routes=routes, failed=lambda request: internal(pages, request)),
        ],
        exception_handlers={KgError: refuse, HTTPException: decline},
    )
    app.router.redirect_slashes = False  # it would build the target from the Host header
    app.state.operations, app.state.pages, app.state.pool = operations, pages, pool
    return app


def _life(pool: Pool) -> Callable[[Starlette], AbstractAsyncContextManager[None]]:
    """Give the lifespan of an application: its workers are there from its start to its end."""

    @asynccontextmanager
    async def life(_app: Starlette) -> AsyncIterator[None]:
        try:
            await pool.start()
            yield
        finally:
            await pool.stop()

    return life


def _kept_bytes(limits: Limits, place: Place) -> int:
    """Give the bytes of answers that an application at *place* keeps: the current release most of them."""
    return limits.cache // 8 if place.prefix else limits.cache


def _pool(release: Release, limits: Limits, place: Place) -> Pool:
    """Give the workers of an application at *place*: those of kept releases are few and come with the first query."""
    if not place.prefix:
        return Pool(release, limits)
    if place.pool is not None:
        return place.pool
    few = min(limits.workers, KEPT_WORKERS)
    return Sleeping(release, replace(limits, workers=few, heavy=1, waiting=min(limits.waiting, 4 * few)))


def _of_the_server(
    pages: Pages, directory: Path, context: dict[str, Any] | None, operations: Operations, place: Place
) -> list[Route]:
    """Give the routes that a server has once, however many releases it has: at a *place* without a prefix."""
    if place.prefix:
        return []
    return [
        *(Releases(pages, place.shelf, context).routes() if place.shelf is not None else []),
        *Crawlers(pages).routes(),
        *Feed(pages, directory).routes(),
        *operations.routes(),
        *place.metrics.routes(),
    ]


_SENTENCES: Final = {404: "there is nothing at this address", 405: "this address does not take that method"}


class Manners:
    """ASGI middleware: the headers of every answer, OPTIONS, and one sentence for what went wrong inside."""

    def __init__(self, app: ASGIApp, *, routes: list[Route], failed: Callable[[Request], Response]) -> None:
        self._app = app
        self._routes = routes
        self._failed = failed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def mannerly(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                MutableHeaders(scope=message).update(_HEADERS)
            await send(message)

        if scope["method"] == "OPTIONS":
            await self._options(scope)(scope, receive, mannerly)
            return
        try:
            await self._app(scope, receive, mannerly)
        except asyncio.CancelledError:  # the server stops and waits no longer
            if not started:
                answer = PlainTextResponse("the server is stopping\n", 503, {"Connection": "close"})
                await answer(scope, receive, mannerly)
        except Exception:
            _log.exception("%s %r failed", scope["method"], scope["path"])
            if (
                started
            ):  # too late for another status: the connection is cut, so that nobody takes it for whole
                raise
            await self._failed(Request(scope))(scope, receive, mannerly)

    def _options(self, scope: Scope) -> Response:
        """Give the methods of a path, to people and to browsers that ask before they send (Fetch, CORS)."""
        methods: set[str] = {"OPTIONS"}
        for route in self._routes:
            if route.matches(scope)[0] is not Match.NONE:
                methods |= route.methods or set()
                break
        allowed = ", ".join(sorted(methods))
        headers = {
            "Allow": allowed,
            "Access-Control-Allow-Methods": allowed,
            "Access-Control-Allow-Headers": "Accept, Content-Type, If-None-Match, Range",
            "Access-Control-Max-Age": "3600",
        }
        return Response(status_code=204, headers=headers)


def _context(archive: Archive, directory: Path) -> dict[str, Any] | None:
    """Give the JSON-LD context that the release lists, None where it lists none."""
    if archive.manifest.file(CONTEXT) is None:
        return None
    try:
        context = json.loads((directory / CONTEXT).read_bytes())
    except (OSError, ValueError) as error:
        raise StoreError(f"{directory / CONTEXT} cannot be read", remedy="run kg build") from error
    if not isinstance(context, dict):
        raise StoreError(f"{directory / CONTEXT} is no JSON-LD context", remedy="run kg build")
    return context


def _stylesheet() -> Callable[[Request], Awaitable[Response]]:
    text = files("kg.web").joinpath("static/style.css").read_text("utf-8")
    etag = f'"{sha256(text.encode()).hexdigest()[:32]}"'

    async def stylesheet(request: Request) -> Response:
        headers = {"ETag": etag, "Cache-Control": "no-cache"}
        if request.headers.get("if-none-match") == etag:
            return Response(status_code=304, headers=headers)
        return PlainTextResponse(text, headers=headers, media_type="text/css")

    return stylesheet

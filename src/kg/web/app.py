"""The application: a factory that receives an archive and gives the routes, manners and errors of its server."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any, Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from kg.archive import Archive
from kg.documents.addresses import Addresses
from kg.errors import KgError, ProjectError, StoreError
from kg.limits import Limits, Serving
from kg.pages.assets import Asset, assets
from kg.pages.pages import Pages
from kg.settings import Security
from kg.store.embedded import IN_MEMORY
from kg.web import slashes
from kg.web.answers import Refused, internal, is_told, problem
from kg.web.application import Application
from kg.web.budget import Buckets, Budget
from kg.web.cache import Answers, Caching, Kept
from kg.web.changes import Changes
from kg.web.clients import Clients
from kg.web.comparisons import Comparisons
from kg.web.compression import Compressed
from kg.web.crawlers import Crawlers
from kg.web.dataset import Dataset
from kg.web.direct import Direct
from kg.web.downloads import CONTEXT, Downloads
from kg.web.feed import Feed
from kg.web.guides import Guides
from kg.web.languages import spoken, varied
from kg.web.lists import ListPages
from kg.web.manners import Manners, allow
from kg.web.map import Map
from kg.web.metrics import Measuring, patterns
from kg.web.openapi import OpenApi
from kg.web.operations import Operations
from kg.web.place import Place
from kg.web.questions import Questions
from kg.web.releases import Releases
from kg.web.representations import tagged
from kg.web.resources import Resources
from kg.web.search import Search
from kg.web.sparql import PATH, Sparql
from kg.web.timeline import Timeline
from kg.web.vocabulary import Vocabulary
from kg.web.wire import Wire
from kg.workers.pool import Pool
from kg.workers.sleeping import Sleeping
from kg.workers.task import Release

if TYPE_CHECKING:
    from kg.store.remote import RemoteStore

_HOME: Final = (
    '<{0}/dataset>; rel="describedby", <{0}/openapi.json>; rel="service-desc"; type="application/json", '
    '</feed.atom>; rel="alternate"; type="application/atom+xml"'
)
"""The Link header of the first page: the dataset's description, that of the interface (RFC 8631), the feed."""
CHANGING: Final = ("/release", "/changes", "/feed.atom")
"""How addresses begin whose answers change though the release does not."""
PREPARED: Final = 100_000
"""Statements of a release beyond which its slowest pages are read in advance."""
KEPT_WORKERS: Final = 2
"""Queries that run at once on a kept release before they count as heavy."""
_log: Final = logging.getLogger("kg.web")


def create_app(
    archive: Archive,
    *,
    limits: Limits | None = None,
    serving: Serving | None = None,
    buckets: Buckets | None = None,
    security: Security | None = None,
    place: Place | None = None,
    words: Mapping[str, str] | None = None,
    store: RemoteStore | None = None,
) -> Application:
    """Give the application that serves *archive*, whose files lie where it was opened.

    Queries of clients cost at most *limits*. They are answered by processes of their own, which are there from the start of the
    application (ASGI's lifespan) to its end. *serving* says whose word on the address of a client is taken; *buckets* hold
    what each client may still ask for, where several applications share them; *security* says whom to tell of a weakness of the server.
    *place* is where the application stands on a server of several releases (default: alone); *words* are those of passages, by IRI, to be shown.
    *store* answers the queries of clients, where it is not the server itself that does; it holds the same release.
    Raises ProjectError where it was opened from no directory, StoreError where the release's JSON-LD context cannot be read.
    """
    directory = archive.directory
    if directory is None:
        raise ProjectError("this archive has no directory to serve files from", remedy="open a release")
    place = place or Place()
    contact = serving.contact if serving else ""
    addresses = Addresses(archive.base, place.prefix)
    pages = Pages(archive, addresses, place.shelf, contact=contact, words=words or {})
    context = _context(archive, directory)
    limits = limits or Limits()
    release = Release(str(directory), archive.base.iri, context, IN_MEMORY, limits.memory)
    pool = _pool(release, limits, place, store)
    operations = Operations(archive, pool, security, place.standing, store)
    if place.shelf is None:
        place.metrics.follow(
            archive.manifest, archive.catalog.keys(), lambda: pool.running, lambda: pool.waiting
        )
    dataset = Dataset(pages, directory, context)
    sparql = Sparql(pages, pool, context)
    routes = [
        Route("/", _first(pages, place)),
        *(Route(f"/static/{asset.name}", _given(asset)) for asset in assets()),
        *sparql.routes(),
        *Questions(pages, pool, context).routes(),
        *Search(pages).routes(),
        *OpenApi(archive, place).routes(),
        *dataset.routes(),
        *Vocabulary(pages, directory, context, dataset).routes(),
        *Guides(pages).routes(),
        *Timeline(pages).routes(),
        *Map(pages).routes(),
        *ListPages(pages).routes(),
        *_of_the_server(pages, directory, context, operations, place),
        *slashes.routes(place.prefix),
        *Downloads(pages, directory).routes(),
        *Comparisons(pages, context).routes(),
        *Resources(pages, context).routes(),
    ]

    def refuse(request: Request, error: Exception) -> Response:
        if not isinstance(error, KgError):
            raise error
        if not is_told(error):
            _log.error("%s %s: %s", request.method, request.scope["path"], error)
        return problem(pages, request, error)

    def decline(request: Request, error: Exception) -> Response:
        if not isinstance(error, HTTPException):
            raise error
        headers = dict(error.headers or {})
        if "Allow" in headers:  # Starlette gives a set in any order
            headers["Allow"] = allow(set(headers["Allow"].split(", ")))
        sentence = _SENTENCES.get(error.status_code, "this request cannot be answered")
        return problem(pages, request, Refused(error.status_code, sentence, headers=headers))

    buckets = Buckets(limits) if buckets is None else buckets  # those that nobody asked of yet are empty
    answers = Answers(_kept_bytes(limits, place))
    named = patterns(routes, "/release/{release}" if place.prefix else "")

    def counted(answer: Kept) -> None:
        pattern = named.get(answer.route.get("endpoint", refuse), "")
        place.metrics.count({"method": "GET", **answer.route}, pattern, 200, 0.0)

    wire = Wire(answers, buckets, counted)
    app = Application(
        wire,
        routes=routes,
        lifespan=_life(pool, pages) if place.pool is None else None,  # else it belongs to another application
        middleware=[
            Middleware(Measuring, metrics=place.metrics, patterns=named),
            Middleware(
                Budget, clients=Clients((serving or Serving()).proxies), limits=limits, buckets=buckets
            ),
            Middleware(Caching, answers=answers, changing=CHANGING, learn=wire.learn),
            Middleware(Manners, routes=routes, failed=lambda request: internal(pages, request)),
            Middleware(Compressed),
            Middleware(Direct, path=PATH, endpoint=sparql.endpoint, refuse=refuse),
        ],
        exception_handlers={KgError: refuse, HTTPException: decline},
    )
    app.router.redirect_slashes = False  # it would build the target from the Host header
    app.state.operations, app.state.pages, app.state.pool = operations, pages, pool
    return app


def _life(pool: Pool, pages: Pages) -> Callable[[Starlette], AbstractAsyncContextManager[None]]:
    """Give the lifespan of an application: its workers are there from its start to its end; pages of a large release are prepared meanwhile."""

    @asynccontextmanager
    async def life(_app: Starlette) -> AsyncIterator[None]:
        try:
            await pool.start()
            if not pages.addresses.prefix and pages.archive.manifest.counts.get("quads", 0) > PREPARED:
                Thread(target=_prepare, args=(pages,), name="kg-prepare", daemon=True).start()
            yield
        finally:
            await pool.stop()

    return life


def _prepare(pages: Pages) -> None:
    try:
        pages.prepare()
    except Exception as error:  # whoever asks for these pages is told, and nobody else
        _log.warning("pages could not be prepared: %s", error)


def _kept_bytes(limits: Limits, place: Place) -> int:
    """Give the bytes of answers that an application at *place* keeps: the current release most of them."""
    return limits.cache // 8 if place.prefix else limits.cache


def _pool(release: Release, limits: Limits, place: Place, store: RemoteStore | None) -> Pool:
    """Give the workers of an application at *place*: those of kept releases are few and come with the first query."""
    if place.pool is not None:
        return place.pool
    if store is not None:
        from kg.workers.relay import Relay  # SPARQLWrapper takes a while to import

        return Relay(release, limits, store)
    if not place.prefix:
        return Pool(release, limits)
    few = min(limits.workers, KEPT_WORKERS)
    waits = {"paused": min(limits.paused, few), "waiting": min(limits.waiting, 4 * few)}
    return Sleeping(release, replace(limits, workers=few, heavy=1, **waits))


def _of_the_server(
    pages: Pages, directory: Path, context: dict[str, Any] | None, operations: Operations, place: Place
) -> list[Route]:
    """Give the routes that a server has once, however many releases it has: at a *place* without a prefix."""
    if place.prefix:
        return []
    return [
        *(Releases(pages, place.shelf, context).routes() if place.shelf is not None else []),
        *Changes(pages, place).routes(),
        *Crawlers(pages).routes(),
        *Feed(pages, directory).routes(),
        *operations.routes(),
        *place.metrics.routes(),
    ]


_SENTENCES: Final = {404: "there is nothing at this address", 405: "this address does not take that method"}


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


def _first(pages: Pages, place: Place) -> Callable[[Request], Response]:
    links = {"Link": _HOME.format(place.prefix)}
    return lambda request: varied(pages, HTMLResponse(spoken(pages, request).home, headers=links))


def _given(asset: Asset) -> Callable[[Request], Response]:
    return lambda request: tagged(request, asset.body, asset.media_type)

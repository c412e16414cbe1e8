"""A release that is open on a server: its applications, and the requests that they are answering."""

from __future__ import annotations

import asyncio
from time import monotonic
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send

from kg.archive import Archive
from kg.web.application import Application


class Hosted:
    """The application *app* of *archive*, from :meth:`start` to :meth:`stop`; ``used`` is when it last answered (monotonic)."""

    def __init__(self, archive: Archive, app: Application) -> None:
        self.archive = archive
        self.app = app
        self.versioned: ASGIApp | None = None
        """The same release under its own address, where that is another application."""
        self.used = monotonic()
        self._requests: set[asyncio.Task[Any]] = set()
        self._free = asyncio.Event()
        self._free.set()
        self._over = asyncio.Event()
        self._life: asyncio.Task[None] | None = None

    @property
    def id(self) -> str:
        """The id of the release."""
        return self.archive.manifest.id

    @property
    def busy(self) -> bool:
        """Whether a request is being answered."""
        return bool(self._requests)

    async def start(self) -> None:
        """Begin the lifespan of the application, in a task of its own. Raises what its beginning raises."""
        begun = asyncio.Event()
        self._life = asyncio.create_task(self._live(begun))
        beginning = asyncio.create_task(begun.wait())
        try:
            await asyncio.wait((self._life, beginning), return_when=asyncio.FIRST_COMPLETED)
            if self._life.done():
                self._life.result()
        finally:
            beginning.cancel()

    async def _live(self, begun: asyncio.Event) -> None:
        async with self.app.router.lifespan_context(self.app):
            begun.set()
            await self._over.wait()

    async def answer(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        """Have *app*, one of this release, answer a request."""
        task = asyncio.current_task()
        assert task is not None  # noqa: S101
        self._requests.add(task)
        self._free.clear()
        try:
            await app(scope, receive, send)
        finally:
            self._requests.discard(task)
            self.used = monotonic()
            if not self._requests:
                self._free.set()

    async def free(self) -> None:
        """Wait until no request is being answered."""
        await self._free.wait()

    def cut(self) -> None:
        """End the requests that are being answered: what has begun is cut off, so that nobody takes it for whole."""
        for task in self._requests:
            task.cancel()

    async def stop(self) -> None:
        """End the lifespan, where it began."""
        self._over.set()
        if self._life is not None:
            await asyncio.gather(self._life, return_exceptions=True)
        self.archive.close()

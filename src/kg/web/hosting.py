"""Hosting: the releases of a directory behind one server, the current one and those kept beside it.

``CURRENT`` is looked at every few seconds, and at once on SIGHUP. Where it names another release, that is opened, proven and
started beside the one that is served; then new requests go to it, and the old one ends with its last answer. A release that cannot be used
changes nothing: it is refused, which stands in the log and in ``/health``, until ``CURRENT`` is written again or SIGHUP comes.
Kept releases answer at ``/release/<id>/…``: each is opened when it is asked for and closed when nobody asks any more.
"""

from __future__ import annotations

import asyncio
import gc
import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any, Final

from starlette.types import Receive, Scope, Send

from kg import manifest, opening
from kg.archive import Archive
from kg.errors import KgError, ProjectError, QueryTimeout, RemoteError, StoreError, Unavailable
from kg.manifest import CURRENT
from kg.web.application import Application
from kg.web.following import Following, Named
from kg.web.hangup import Hangup
from kg.web.hosted import Hosted
from kg.web.metrics import Metrics
from kg.web.place import Place
from kg.web.releases import REFUSAL
from kg.web.shelf import Shelf
from kg.web.versions import Versioned, asked, prefix, within
from kg.web.wire import Wire
from kg.workers.pool import Pool

Make = Callable[[Archive, Place], Application]
"""What makes the application of a release, in a thread; its ``state`` has ``operations``, ``pages`` and ``pool``."""

_log: Final = logging.getLogger("kg.web")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """Times in seconds, and how many releases beside the current one are open at once."""

    look: float = 2.0
    """Between two looks at ``CURRENT``."""
    patience: float = 60.0
    """How long a release that was current may go on answering when yet another one is to be opened."""
    idle: float = 300.0
    """After which a kept release that nobody asks is closed."""
    recent: float = 30.0
    """How long a kept release stays open at least after an answer, though another one is asked for."""
    wait: float = 15.0
    """How long a request waits for another release to be opened."""
    open: int = 2
    """Kept releases that are open at once."""


class Host:
    """ASGI application: *archive* by what *make* makes, then each release that ``CURRENT`` of the directory *out* names.

    Without *out* there is one release, and it stays. *following* says which one to serve by other means than ``CURRENT``.
    """

    def __init__(
        self,
        archive: Archive,
        make: Make,
        *,
        out: Path | None = None,
        pace: Pace | None = None,
        following: Following | None = None,
    ) -> None:
        if archive.directory is None:
            raise ProjectError("this archive has no directory to serve files from", remedy="open a release")
        self._make = make
        self._out = out
        self._pace = pace or Pace()
        self._metrics = Metrics()
        self._shelf = Shelf(archive.manifest, archive.directory, out)
        self._following = following or Named(out)
        self._follows = following is not None or out is not None
        self._seen = self._following.seen()
        self._current = self._hosted(archive)
        self._beside: dict[str, Hosted] = {}  # the one that answered last at the end
        self._leaving: dict[Hosted, asyncio.Task[None]] = {}
        self._turn = asyncio.Lock()  # one release is opened at a time
        self._called = asyncio.Event()
        self._pending = ""
        self._refused: dict[str, str] = {}
        self._follow()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Have the release that a request is for answer it."""
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
            return
        if id := asked(scope):
            try:
                hosted = await self._versioned(id)
            except KgError as error:
                scope[REFUSAL] = error
            else:
                assert hosted.versioned is not None  # noqa: S101
                with within(scope, id):
                    await hosted.answer(hosted.versioned, scope, receive, send)
                return
        hosted = self._current
        await hosted.answer(hosted.app, scope, receive, send)

    @property
    def wire(self) -> Wire:
        """What is known of requests by their bytes, as the current release answers them."""
        return self._current.app.wire

    def look(self) -> None:
        """Look at ``CURRENT`` now, and try again what was refused. Only in the server's event loop."""
        self._called.set()

    def standing(self) -> Mapping[str, Any]:
        """Give what ``/health`` tells: the release that is being opened (``pending``), or was ``refused`` and why."""
        pending = {"pending": self._pending} if self._pending else {}
        return pending | ({"refused": dict(self._refused)} if self._refused else {})

    # ------------------------------------------------------------------ from start to end

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        await receive()  # lifespan.startup
        try:
            await self._current.start()
        except Exception as error:
            await send(
                {
                    "type": "lifespan.startup.failed",
                    "message": f"the release {self._current.id} does not start: {error}",
                }
            )
            return
        hangup = Hangup(self.look)
        watch = asyncio.create_task(self._watch())
        await send({"type": "lifespan.startup.complete"})
        await receive()  # lifespan.shutdown: no request is left
        hangup.close()
        watch.cancel()
        await asyncio.gather(watch, return_exceptions=True)
        open = [self._current, *self._beside.values(), *self._leaving]
        for hosted in open:
            hosted.cut()
        await asyncio.gather(*(hosted.stop() for hosted in open))
        await asyncio.gather(*self._leaving.values(), return_exceptions=True)
        await send({"type": "lifespan.shutdown.complete"})

    async def _watch(self) -> None:
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._called.wait(), self._pace.look)
            again = self._called.is_set()
            self._called.clear()
            try:
                await self._follow_current(again)
                self._close_idle()
            except Exception:  # whatever it is, the release that is served goes on
                _log.exception("the directory of releases cannot be looked at")

    # ------------------------------------------------------------------ another current release

    async def _follow_current(self, again: bool) -> None:
        """Serve the release that is to be served, where that was written since; *again* where nothing was, too."""
        if not self._follows:
            return
        await asyncio.to_thread(self._shelf.look)
        written = await asyncio.to_thread(self._following.seen)
        if written == self._seen and not again:
            return
        self._seen = written
        try:
            directory = await asyncio.to_thread(self._following.directory)
            same = (
                not self._following.again
                and directory == self._current.archive.directory
                and await asyncio.to_thread(manifest.read, directory) == self._current.archive.manifest
            )
        except (StoreError, Unavailable) as error:
            self._refuse(written[0], error)
            return
        if same:
            self._refused = {}
            if again:
                _log.info("%s still names the release %s", CURRENT, self._current.id)
            return
        async with self._turn:
            await self._change(directory)

    async def _change(self, directory: Path) -> None:
        self._pending = directory.name
        try:
            await self._make_room()
            fresh = await self._opened(directory)
        except Exception as error:
            self._refuse(directory.name, error)
            return
        finally:
            self._pending = ""
        old, self._current = self._current, fresh  # from here on new requests go there
        self._refused = {}
        self._follow()
        self._metrics.changes.labels("done").inc()
        _log.info("the release %s is served now, in the place of %s", fresh.id, old.id)
        self._leave(old)
        await asyncio.to_thread(self._shelf.turn, fresh.archive.manifest, directory)

    async def _opened(self, directory: Path) -> Hosted:
        """Open the release in *directory*, prove it, and give it started. Whatever is raised, nothing of it stays."""
        archive = await asyncio.to_thread(opening.proven, directory)
        hosted = await asyncio.to_thread(self._hosted, archive)
        await self._started(hosted)
        return hosted

    async def _started(self, hosted: Hosted) -> None:
        """Start *hosted*, and see that its store holds what its manifest says. Raises StoreError, and leaves it stopped then."""
        try:
            await hosted.start()
            state = await asyncio.to_thread(hosted.app.state.operations.state)
            if state["status"] != "ok":
                raise StoreError(state["reason"])
            await asyncio.to_thread(lambda: hosted.app.state.pages.home)
        except BaseException:
            await hosted.stop()
            raise

    def _refuse(self, name: str, error: Exception) -> None:
        """Note that the release *name* cannot be served, and why."""
        if isinstance(error, Unavailable | RemoteError | QueryTimeout):
            self._seen = ("", 0, 0)  # a store had no time; the next look tries again
        said = str(error) or type(error).__name__
        reason = (
            said.replace(f"{self._out}/", "") if isinstance(error, KgError) else "an error, which the log has"
        )
        self._refused = {"release": name, "reason": reason}
        self._metrics.changes.labels("refused").inc()
        _log.error(
            "the release %s is refused, and %s is served on: %s",
            name,
            self._current.id,
            said,
            exc_info=None if isinstance(error, KgError) else error,
        )

    async def _make_room(self) -> None:
        """See that the current release is the only one that is open, but for what kept ones still answer."""
        for id in list(self._beside):
            self._leave(self._beside.pop(id))
        former = list(self._leaving.values())
        if not former:
            return
        await asyncio.wait(former, timeout=self._pace.patience)
        for hosted in list(self._leaving):
            _log.warning("answers of the release %s are cut off: they take too long", hosted.id)
            hosted.cut()
        await asyncio.gather(*former)

    def _leave(self, hosted: Hosted) -> None:
        """Have *hosted* stopped when its last request has its answer."""

        async def leave() -> None:
            await hosted.free()
            await hosted.stop()
            del self._leaving[hosted]
            self._count()
            await asyncio.to_thread(gc.collect)  # an application is full of circles

        self._leaving[hosted] = asyncio.create_task(leave())
        self._count()

    # ------------------------------------------------------------------ kept releases

    async def _versioned(self, id: str) -> Hosted:
        """Give the release *id* with its own address. Raises NotFound, Refused, StoreError, and Unavailable where it would take too long."""
        if id == self._current.id:
            return self._current
        if id not in self._beside:
            try:
                await asyncio.wait_for(self._turn.acquire(), self._pace.wait)
            except TimeoutError:
                raise Unavailable("another release is being opened", retry_after=5) from None
            try:
                if id == self._current.id:  # since it waited
                    return self._current
                if id not in self._beside:
                    self._have_place()
                    archive = await asyncio.to_thread(self._shelf.open, id)
                    hosted = await asyncio.to_thread(self._kept, archive)
                    await self._started(hosted)
                    self._beside[id] = hosted
                    self._count()
            finally:
                self._turn.release()
        hosted = self._beside[id] = self._beside.pop(id)
        return hosted

    def _have_place(self) -> None:
        """Close the kept release that was asked for least lately, where too many are open. Raises Unavailable."""
        if len(self._beside) < self._pace.open:
            return
        id, hosted = next(iter(self._beside.items()))
        left = self._pace.recent - (monotonic() - hosted.used)
        if hosted.busy or left > 0:
            raise Unavailable(
                f"{self._pace.open} kept releases are in use, which is as many as are open at once",
                retry_after=max(1, round(left)),
            )
        self._leave(self._beside.pop(id))

    def _close_idle(self) -> None:
        for id, hosted in list(self._beside.items()):
            if not hosted.busy and monotonic() - hosted.used > self._pace.idle:
                self._leave(self._beside.pop(id))

    # ------------------------------------------------------------------ applications

    def _hosted(self, archive: Archive) -> Hosted:
        """Give *archive* as the current release: at the addresses of the server, and at its own with the same workers."""
        hosted = Hosted(archive, self._make(archive, self._place()))
        place = self._place(prefix(archive.manifest.id), pool=hosted.app.state.pool)
        hosted.versioned = Versioned(self._make(archive, place), archive.manifest.id, self._shelf)
        return hosted

    def _kept(self, archive: Archive) -> Hosted:
        """Give *archive* as a release that is kept: at its own address."""
        hosted = Hosted(archive, self._make(archive, self._place(prefix(archive.manifest.id))))
        hosted.versioned = Versioned(hosted.app, archive.manifest.id, self._shelf)
        return hosted

    def _place(self, before: str = "", **more: Any) -> Place:
        return Place(
            metrics=self._metrics,
            shelf=self._shelf,
            standing=self.standing,
            release=self._versioned,
            prefix=before,
            **more,
        )

    def _follow(self) -> None:
        """Have the counters tell of the current release."""
        archive = self._current.archive
        self._metrics.follow(archive.manifest, archive.catalog.keys(), self._running, self._waiting)

    def _running(self) -> int:
        return sum(pool.running for pool in self._pools())

    def _waiting(self) -> int:
        return sum(pool.waiting for pool in self._pools())

    def _pools(self) -> list[Pool]:
        return [hosted.app.state.pool for hosted in (self._current, *self._beside.values())]

    def _count(self) -> None:
        self._metrics.open.set(1 + len(self._beside) + len(self._leaving))

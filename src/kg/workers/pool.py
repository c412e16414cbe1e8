"""The pool: which worker runs which query, and for how long.

Idle workers always wait, so that a quick query never waits for slow ones. A query that has had :data:`HEAVY_AFTER` seconds
of a processor is heavy: its worker runs on at the lowest priority and no longer counts, so that another is made; beyond the limit of heavy
ones they take turns (:mod:`~.lane`). Whatever runs at its deadline is killed. No worker is used again after that, after a heavy query or
a large answer, or after :data:`ANSWERS` queries: an engine gives back no memory.
"""

from __future__ import annotations

import asyncio
import logging
import signal
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import Final

from kg.errors import QueryAborted, QueryError, QueryTimeout, QueryTooLarge, StoreError, Unavailable
from kg.limits import Limits
from kg.workers.frames import SPOOLED, Frame
from kg.workers.lane import Asker, Clock, Lane, Turn
from kg.workers.nursery import FORKS, Forking, Nursery, Spawning
from kg.workers.process import Lost, Worker
from kg.workers.task import Release, Task, error_of_json

HEAVY_AFTER: Final = 0.05
"""Seconds of a processor after which a query is heavy. By the clock, trivial queries would be where many compete."""
LATE: Final = 0.05
"""Seconds after which whoever asked is told that the answer is late."""
HEAVY_AT_LATEST: Final = 1.0
"""Seconds by the clock after which a query is heavy, though it waited for a disk."""
SPARES: Final = 2
"""Idle workers that always wait: one for the next query, and one for the next while the first is replaced."""
ANSWERS: Final = 1000
"""Queries after which a worker is replaced."""
LARGE: Final = SPOOLED
"""Bytes of an answer after which its worker is replaced."""
LOOK: Final = 0.01
"""Seconds between two looks at what runs: one clock for all queries costs each of them nothing."""
_SURPLUS: Final = 10.0
"""Seconds after which idle workers beyond the spares are let go."""

_log: Final = logging.getLogger("kg.workers")


@dataclass(eq=False, slots=True, kw_only=True)
class _Run(Turn):
    """A worker and the query that it runs.

    ``began`` and ``used`` are the time and what the worker had had of a processor when it began.
    """

    began: float
    used: float
    heavy: bool = False


@dataclass(eq=False, slots=True)
class _Query:
    """A query from its arrival to its answer: it waits at ``place`` and is then what ``run`` is.

    It has to be over by ``clock``; ``late`` is called when it has taken :data:`LATE` seconds.
    """

    arrived: float
    clock: Clock
    late: Callable[[], None] | None
    place: asyncio.Future[Worker] | None = None
    run: _Run | None = None


class Pool:
    """Workers that answer queries on *release* within *limits*; lives in one event loop, from :meth:`start` to :meth:`stop`.

    *forks* tells whether workers are forked; where the system can that is the default.
    """

    def __init__(self, release: Release, limits: Limits, *, forks: bool = FORKS) -> None:
        self.limits = limits
        self._nursery: Nursery = (Forking if forks else Spawning)(release, limits.bytes)
        self._idle: deque[Worker] = deque()  # the one that waits longest stands first
        self._queries: set[_Query] = set()
        self._running = self._heavy = 0
        self._lane = Lane(limits)
        self._looking: asyncio.TimerHandle | None = None
        self._waiting: deque[asyncio.Future[Worker]] = deque()
        self._starts: set[asyncio.Task[None]] = set()
        self._ends: set[asyncio.Task[None]] = set()
        self._open = False
        self._pruning: asyncio.TimerHandle | None = None

    @property
    def running(self) -> int:
        """How many queries run now."""
        return self._running - self._lane.waiting

    @property
    def waiting(self) -> int:
        """How many queries wait now, for a worker or stopped for their turn."""
        return len(self._waiting) + self._lane.waiting

    @property
    def heavy(self) -> int:
        """How many have been found heavy, those that are stopped among them."""
        return self._heavy

    async def start(self) -> None:
        """Have a worker ready. Raises StoreError where the release cannot be used."""
        await self._nursery.start()
        worker = await self._nursery.worker(self._lost)
        self._open = True
        self._offer(worker)
        self._prune()

    async def stop(self) -> None:
        """End every query and every process. Queries that run or wait get Unavailable."""
        self._open = False
        if self._pruning is not None:
            self._pruning.cancel()
        for waiting in self._waiting:
            if not waiting.done():
                waiting.set_exception(_stopping())
        self._waiting.clear()
        for query in self._queries:
            if query.run is not None:
                query.run.refuse(_stopping())
        while self._idle:
            self._retire(self._idle.pop())
        for start in self._starts:
            start.cancel()
        await asyncio.gather(*self._starts, return_exceptions=True)
        while self._running or self._ends:  # the worker of a query that ends is retired
            await asyncio.gather(*self._ends)
            await asyncio.sleep(0.001)
        if self._looking is not None:
            self._looking.cancel()
            self._looking = None
        await self._nursery.stop()

    async def answer(
        self, task: Task, asker: Asker | None = None, late: Callable[[], None] | None = None
    ) -> Frame:
        """Give the whole answer to *asker*: its head has ``total``, the number of rows or triples; the caller closes its body.

        *late* is called, once, when that has taken :data:`LATE` seconds. Raises QueryError (where the query is at fault),
        QueryTimeout, QueryTooLarge, QueryAborted and NotAcceptable, and Unavailable where too much is asked at once.
        """
        now = monotonic()
        query = _Query(now, Clock(now + self.limits.deadline), late)
        self._queries.add(query)
        if self._looking is None:
            self._looking = asyncio.get_running_loop().call_later(LOOK, self._look)
        try:
            frame = await self._run(query, await self._worker(query), task, asker or Asker())
        finally:
            self._queries.discard(query)
        if "error" in frame.head:
            frame.body.close()
            raise error_of_json(frame.head["error"])
        return frame

    # ------------------------------------------------------------------ one query

    async def _worker(self, query: _Query) -> Worker:
        """Give an idle worker, or the next that is there. Raises Unavailable, QueryTimeout."""
        if not self._open:
            raise _stopping()
        if self._idle and not self._waiting:
            worker = self._idle.pop()
            self._fill(taken=1)
            return worker
        if len(self._waiting) >= self.limits.waiting:
            raise Unavailable("too many queries are waiting", retry_after=self._lane.relief())
        place: asyncio.Future[Worker] = asyncio.get_running_loop().create_future()
        query.place = place
        self._waiting.append(place)
        self._fill()
        try:
            return await place
        except asyncio.CancelledError:
            if place.done() and not place.cancelled() and place.exception() is None:
                self._offer(place.result())  # it came at the same moment
            raise
        finally:
            if place in self._waiting:
                self._waiting.remove(place)

    async def _run(self, query: _Query, worker: Worker, task: Task, asker: Asker) -> Frame:
        run = _Run(worker=worker, asker=asker, clock=query.clock, began=monotonic(), used=worker.used())
        query.run = run
        self._running += 1
        usable = False
        try:
            frame = await worker.ask(task.to_json())
            usable = not run.heavy and worker.answers < ANSWERS and frame.size < LARGE
            return frame
        except Lost:
            raise run.refused or _fault(await worker.ended(), self.limits) from None
        finally:
            query.run = None
            self._running -= 1
            if run.heavy:
                self._heavy -= 1
                self._lane.leave(run)
            if usable:
                self._offer(worker)
            else:
                self._retire(worker)
            self._fill()

    def _look(self) -> None:
        """Look at each query: end it at its deadline, see whether it is heavy, tell whether it is late; again soon, while there are any."""
        loop = asyncio.get_running_loop()
        self._looking = (
            loop.call_later(LOOK, self._look) if self._queries else None
        )  # first: whatever happens here
        now = monotonic()
        for query in list(self._queries):
            if query.clock.over(now):
                self._expire(query)
                continue
            if query.late is not None and now - query.arrived >= LATE:
                late, query.late = query.late, None
                late()
            if query.run is not None and not query.run.heavy and now - query.run.began >= HEAVY_AFTER:
                self._weigh(query.run, now)

    def _expire(self, query: _Query) -> None:
        """Have *query* end now; its worker is killed when it does."""
        error = QueryTimeout(
            f"the query was not answered within {self.limits.deadline:g} seconds, and was stopped",
            remedy="ask for less, or download the data",
        )
        if query.run is not None:
            query.run.worker.give_up(error)
        elif query.place is not None and not query.place.done():
            query.place.set_exception(error)

    def _weigh(self, run: _Run, now: float) -> None:
        """Count *run* as heavy where it has had enough of a processor."""
        if run.refused is not None or (
            run.worker.used() - run.used < HEAVY_AFTER and now - run.began < HEAVY_AT_LATEST
        ):
            return
        run.heavy = True
        self._heavy += 1
        run.worker.lower()
        self._lane.enter(run)
        self._fill()

    # ------------------------------------------------------------------ workers come and go

    def _fill(self, *, taken: int = 0) -> None:
        """Have workers made until :data:`SPARES` are idle and none that waits is without; heavy queries do not count.

        *taken* workers were taken and do not run yet.
        """
        if not self._open:
            return
        there = len(self._idle) + len(self._starts)
        light = self._running - self._heavy + taken + there
        wanted = min(len(self._waiting) + SPARES - there, self.limits.workers - light)
        for _ in range(wanted):
            start = asyncio.create_task(self._start())
            self._starts.add(start)
            start.add_done_callback(self._starts.discard)

    async def _start(self) -> None:
        try:
            worker = await self._nursery.worker(self._lost)
        except (StoreError, OSError) as error:
            _log.error("no worker can be started: %s", error)
            while self._waiting:
                if not (place := self._waiting.popleft()).done():
                    place.set_exception(Unavailable("no query can be answered now"))
            return
        if self._open:
            self._offer(worker)
        else:
            self._retire(worker)

    def _offer(self, worker: Worker) -> None:
        """Give *worker* to the query that has waited longest, else let it wait."""
        if worker.doomed or worker.lost.is_set() or not self._open:
            self._retire(worker)
            return
        while self._waiting:
            if not (place := self._waiting.popleft()).done():
                place.set_result(worker)
                return
        worker.since = monotonic()
        self._idle.append(worker)

    def _retire(self, worker: Worker) -> None:
        """End *worker*, and wait for its end, so that no zombie stays."""
        worker.kill()

        async def end() -> None:
            await worker.ended()

        ending = asyncio.create_task(end())
        self._ends.add(ending)
        ending.add_done_callback(self._ends.discard)

    def _lost(self, worker: Worker) -> None:
        """Replace an idle worker that has ended; one that runs a query is missed by that."""
        if worker in self._idle:
            _log.warning("worker %d ended while it was idle", worker.pid)
            self._idle.remove(worker)
            self._retire(worker)
            self._fill()

    def _prune(self) -> None:
        """Let go of workers that had nothing to do for some time, all but the spares; the longest idle stand first."""
        loop = asyncio.get_running_loop()
        while len(self._idle) > SPARES and self._idle[0].since < monotonic() - _SURPLUS:
            self._retire(self._idle.popleft())
        self._pruning = loop.call_later(_SURPLUS, self._prune)


def _stopping() -> Unavailable:
    return Unavailable("the server is stopping")


def _fault(code: int | None, limits: Limits) -> QueryError:
    """Give the error for a worker that ended by itself with the exit *code*: an engine out of memory aborts."""
    if code == -signal.SIGABRT:
        return QueryTooLarge(
            f"the query needs more memory than the {limits.memory:,} bytes that one may use",
            remedy="ask for less at once",
        )
    _log.warning("a worker ended before it had answered; exit code %s (negative: a signal)", code)
    return QueryAborted(
        "the process that answered the query ended before it had; nothing of the answer is given",
        remedy="ask again; where that ends the same way, ask for less, or in another way",
    )

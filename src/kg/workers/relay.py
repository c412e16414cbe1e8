"""A pool whose queries another store answers: read here first by a worker, then asked there, whole or not at all.

The worker has an empty release. So whatever is no SPARQL 1.1 is refused with line and column, as without a remote store, before anything is
sent, and what would overflow or fill the engine ends a worker and nothing else. A query that has been sent cannot be stopped: at the
deadline its connection is closed, and what the store does then is its own affair.
"""

from __future__ import annotations

import asyncio
import shutil
import tempfile
import weakref
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any, Final, TypeVar, cast

import pyoxigraph as ox

from kg.errors import KgError, QueryTimeout, Unavailable
from kg.limits import Limits
from kg.manifest import QUADS
from kg.store import EmbeddedStore, Graphs, Solutions
from kg.store.engine import Results
from kg.store.remote import RemoteStore
from kg.workers.evaluation import Evaluator
from kg.workers.frames import Frame
from kg.workers.lane import Asker
from kg.workers.pool import LATE, Pool
from kg.workers.task import Release, Task

_TRUTH: Final = {
    answer: b'{"head":{},"boolean":%s}' % str(answer).lower().encode() for answer in (True, False)
}
_T = TypeVar("_T")


class Relay(Pool):
    """Answers the queries on *release* from *store*, at most ``workers`` of *limits* at once."""

    def __init__(self, release: Release, limits: Limits, store: RemoteStore) -> None:
        self._empty = tempfile.mkdtemp(prefix="kg-")
        weakref.finalize(self, shutil.rmtree, self._empty, ignore_errors=True)
        Path(self._empty, QUADS).touch()
        super().__init__(replace(release, directory=self._empty), limits)
        self._evaluator = Evaluator(cast(EmbeddedStore, _Distant(store)), release)
        self._threads = ThreadPoolExecutor(limits.workers, thread_name_prefix="relay")
        self._sent = 0

    @property
    def running(self) -> int:
        """How many queries run now, here or there."""
        return super().running + min(self._sent, self.limits.workers)

    @property
    def waiting(self) -> int:
        """How many queries wait now."""
        return super().waiting + max(self._sent - self.limits.workers, 0)

    async def stop(self) -> None:
        """End as :meth:`Pool.stop` does; what was sent is not waited for."""
        await super().stop()
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def answer(
        self, task: Task, asker: Asker | None = None, late: Callable[[], None] | None = None
    ) -> Frame:
        """Answer as :meth:`Pool.answer` does. Raises RemoteError too."""
        loop = asyncio.get_running_loop()
        told = loop.call_later(LATE, late) if late is not None else None
        try:
            async with asyncio.timeout(self.limits.deadline):
                (await super().answer(task, asker)).body.close()
                return await self._there(task)
        except TimeoutError as error:
            raise QueryTimeout(
                f"the query was not answered within {self.limits.deadline:g} seconds",
                remedy="ask for less, or download the data",
            ) from error
        finally:
            if told is not None:
                told.cancel()

    async def _there(self, task: Task) -> Frame:
        if self._sent >= self.limits.workers + self.limits.waiting:
            raise Unavailable("too many queries are waiting")
        sent = self._threads.submit(self._evaluator.reply, task)
        self._sent += 1
        loop = asyncio.get_running_loop()
        # it keeps its place until it has ended there, though nobody waits for it any more
        sent.add_done_callback(lambda _: loop.is_closed() or loop.call_soon_threadsafe(self._ended))
        head, body = await asyncio.wrap_future(sent)
        return Frame(head, BytesIO(body), len(body))

    def _ended(self) -> None:
        self._sent -= 1


class _Distant:
    """*store* as :class:`Evaluator` asks one: it gives what the engine would have given, and raises what goes wrong."""

    def __init__(self, store: RemoteStore) -> None:
        self._store = store

    def evaluate(
        self,
        text: str,
        read: Callable[[Results], _T],
        *,
        base: str | None = None,
        union: bool,
        graphs: Graphs | None = None,
    ) -> _T | KgError:
        answer = self._store.confined(text, base=base or "", union=union, asked=graphs)
        if isinstance(answer, list):
            return read(cast(Any, iter(answer)))
        body = answer.to_json() if isinstance(answer, Solutions) else _TRUTH[answer]
        return read(cast(Results, ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)))

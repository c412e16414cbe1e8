"""A pool that sleeps: its processes are there from its first query on, for a release that is hardly ever asked."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from kg.limits import Limits
from kg.workers.frames import Frame
from kg.workers.lane import Asker
from kg.workers.pool import Pool
from kg.workers.task import Release, Task


class Sleeping(Pool):
    """A :class:`Pool` whose :meth:`start` starts nothing."""

    def __init__(self, release: Release, limits: Limits) -> None:
        super().__init__(release, limits)
        self._turn = asyncio.Lock()
        self._awake = False

    async def start(self) -> None:
        """Do nothing yet."""

    async def stop(self) -> None:
        """End every query and every process, where there are any."""
        async with self._turn:
            if self._awake:
                await super().stop()
            self._awake = False

    async def answer(
        self, task: Task, asker: Asker | None = None, late: Callable[[], None] | None = None
    ) -> Frame:
        """Answer as :meth:`Pool.answer` does; the first query waits until there is a worker. Raises StoreError too."""
        async with self._turn:
            if not self._awake:
                try:
                    await super().start()
                except BaseException:
                    await super().stop()
                    raise
                self._awake = True
        return await super().answer(task, asker, late)

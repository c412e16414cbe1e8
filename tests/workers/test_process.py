"""A worker as the web process sees it, without a process."""

from __future__ import annotations

import asyncio

from kg.workers.frames import encoded
from kg.workers.process import Forked


async def _reap(_pid: int) -> int:
    return 0


def test_its_first_message_may_come_before_anybody_waits_for_it() -> None:
    async def test() -> None:
        worker = Forked(0, lambda _worker: None, 1, _reap)
        worker.data_received(b"".join(encoded({"ready": 1})))
        assert await worker.ready() == {"ready": 1}
        assert not worker.doomed

    asyncio.run(test())

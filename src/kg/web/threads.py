"""Threads for what may never end: the process can stop without waiting for them."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

_T = TypeVar("_T")


async def apart(task: Callable[[], _T]) -> _T:
    """Run *task* in a daemon thread of its own, and give what it gives or raise what it raises.

    Starlette's threads keep the process alive until they are done. When the caller is cancelled the task runs on.
    """
    loop = asyncio.get_running_loop()
    done: asyncio.Future[_T] = loop.create_future()

    def settle(result: _T | None, error: BaseException | None) -> None:
        if done.cancelled():
            return
        if error is not None:
            done.set_exception(error)
        else:
            done.set_result(result)  # type: ignore[arg-type]

    def run() -> None:
        result, error = None, None
        try:
            result = task()
        except BaseException as raised:  # to be raised again where it is awaited
            error = raised
        with suppress(RuntimeError):  # the loop has ended, and nobody waits any more
            loop.call_soon_threadsafe(settle, result, error)

    threading.Thread(target=run, name="answer", daemon=True).start()
    return await done

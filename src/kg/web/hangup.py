"""SIGHUP: a word from the operator to look again, or the end of the terminal that the server was started in."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from collections.abc import Callable
from contextlib import suppress


class Hangup:
    """Calls *called* in the running event loop at each SIGHUP, until :meth:`close`.

    Where the terminal is gone the server is to end with it, as without this: SIGTERM follows. Does nothing in a thread, and where
    the system has no such signal.
    """

    def __init__(self, called: Callable[[], None]) -> None:
        self._called = called
        self._loop: asyncio.AbstractEventLoop | None = None
        if hasattr(signal, "SIGHUP") and threading.current_thread() is threading.main_thread():
            self._terminal = _has_terminal()
            self._loop = asyncio.get_running_loop()
            self._loop.add_signal_handler(signal.SIGHUP, self._heard)

    def _heard(self) -> None:
        if self._terminal and not _has_terminal():
            signal.raise_signal(signal.SIGTERM)
        else:
            self._called()

    def close(self) -> None:
        """Listen no more."""
        if self._loop is not None:
            self._loop.remove_signal_handler(signal.SIGHUP)


def _has_terminal() -> bool:
    """Tell whether this process has a controlling terminal."""
    with suppress(OSError):
        os.close(os.open("/dev/tty", os.O_RDONLY | os.O_NOCTTY))
        return True
    return False

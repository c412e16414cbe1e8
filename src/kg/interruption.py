"""Interruption of SQLite: a statement that runs for minutes ends within a moment of Ctrl-C.

Python runs the handler of a signal between its own instructions, so SQLite has to come back to Python now and then
(https://sqlite.org/c3ref/progress_handler.html). What the handler raises there, or in a function of ours that a statement calls,
ends the statement, but reaches nobody: it is raised again.
"""

from __future__ import annotations

import signal
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

STEPS: Final = 100_000
"""Instructions of SQLite's machine between two looks: some milliseconds."""


def _look() -> None:
    """Do nothing: what counts is that Python runs."""


@contextmanager
def interruptible(*databases: sqlite3.Connection) -> Iterator[None]:
    """Let Ctrl-C end what *databases* do in the block. Raises KeyboardInterrupt then."""
    before = signal.getsignal(signal.SIGINT)
    if not callable(before) or threading.current_thread() is not threading.main_thread():
        yield
        return
    for database in databases:
        database.set_progress_handler(_look, STEPS)
    came = threading.Event()

    def handle(number: int, frame: object) -> None:
        came.set()
        before(number, frame)  # type: ignore[arg-type]

    signal.signal(signal.SIGINT, handle)
    try:
        yield
    except sqlite3.Error:
        if came.is_set():
            raise KeyboardInterrupt from None
        raise
    finally:
        signal.signal(signal.SIGINT, before)

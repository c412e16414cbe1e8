"""Interruption of SQLite: a statement that runs for minutes ends within a moment of Ctrl-C.

Python runs the handler of a signal between its own instructions, so SQLite has to come back to Python now and then; an exception
there ends the statement with SQLITE_INTERRUPT (https://sqlite.org/c3ref/progress_handler.html).
"""

from __future__ import annotations

import sqlite3
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
    for database in databases:
        database.set_progress_handler(_look, STEPS)
    try:
        yield
    except sqlite3.OperationalError as error:
        if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_INTERRUPT:
            raise KeyboardInterrupt from None
        raise

"""The course of a long build: a bar on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import click

from kg.progress import Told, untold

SECONDS: Final = 30.0
"""The least time between two lines."""


@contextmanager
def course(quiet: bool) -> Iterator[Told]:
    """Give what shows how far each stage is, on standard error; nothing where it is *quiet*."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    if quiet:
        yield untold
    elif not console.is_terminal:
        yield _Lines().told
    else:
        columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
        with Progress(*columns, console=console, transient=True) as bars:
            task = bars.add_task("", total=None)

            def told(stage: str, done: int, total: int) -> None:
                if bars.tasks[0].description != stage:
                    bars.reset(task, description=stage, total=total)
                bars.update(task, completed=done, total=total)

            yield told


class _Lines:
    """Says how far it is, in a line at most every :data:`SECONDS`, so that a build that is soon done says nothing."""

    def __init__(self) -> None:
        self._last = time.monotonic()

    def told(self, stage: str, done: int, total: int) -> None:
        now = time.monotonic()
        if now - self._last >= SECONDS:
            self._last = now
            click.echo(f"{stage}: {done / max(total, 1):.0%}", err=True)

"""Sorting lines that need not fit in memory: an external merge sort, by bytes, each line once.

Runs are sorted in memory, put on disk and merged (Knuth, The Art of Computer Programming 3, section 5.4). Their files have no name,
so that nothing stays behind however the process ends.
"""

from __future__ import annotations

import heapq
import tempfile
from collections.abc import Iterable, Iterator
from itertools import groupby, islice
from pathlib import Path
from typing import IO, Final

MEMORY: Final = 64 * 2**20
"""Bytes of lines that are held, with what Python needs for each."""
WIDTH: Final = 64
"""How many runs there may be; they are then merged to one."""
_LINE: Final = 41
_BUFFER: Final = 2**18
_BATCH: Final = 20_000


class Sorter:
    """Lines to be sorted, in no more than *memory* bytes (None: :data:`MEMORY`); what is beyond that lies in *directory* (None: that of the system).

    Raises OSError where the disk has no room.
    """

    def __init__(self, directory: Path | None = None, memory: int | None = None) -> None:
        self._directory = directory
        self._memory = MEMORY if memory is None else memory
        self._held: list[bytes] = []
        self._size = 0
        self._runs: list[IO[bytes]] = []

    def __enter__(self) -> Sorter:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Forget the lines."""
        self._held, self._size = [], 0
        while self._runs:
            self._runs.pop().close()

    def add(self, data: bytes) -> None:
        """Add the lines of *data*, each of which ends in LF and holds no CR."""
        lines = data.splitlines(keepends=True)
        self._held += lines
        self._size += len(data) + _LINE * len(lines)
        if self._size > self._memory:
            self._spill()

    def lines(self) -> Iterator[bytes]:
        """Give all lines, sorted, each once; the sorter is empty afterwards."""
        held, runs = self._held, self._runs
        self._held, self._size, self._runs = [], 0, []
        held.sort()
        try:
            for run in runs:
                run.seek(0)
            yield from distinct(heapq.merge(*runs, held) if runs else held)
        finally:
            for run in runs:
                run.close()

    def _spill(self) -> None:
        if len(self._runs) < WIDTH:
            held, self._held, self._size = self._held, [], 0
            held.sort()
            self._put(distinct(held))
        else:
            self._put(self.lines())

    def _put(self, lines: Iterator[bytes]) -> None:
        """Write *lines* as a run."""
        file = tempfile.TemporaryFile(dir=self._directory, buffering=_BUFFER)  # noqa: SIM115  # closed with the sorter
        try:
            for piece in joined(lines):
                file.write(piece)
            file.flush()
        except BaseException:
            file.close()
            raise
        self._runs.append(file)


def distinct(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Give *lines*, which are sorted, each once."""
    return (line for line, _ in groupby(lines))


def joined(lines: Iterator[bytes]) -> Iterator[bytes]:
    """Give *lines* in pieces of many."""
    while piece := b"".join(islice(lines, _BATCH)):
        yield piece

"""Sorting what memory does not hold: an external merge sort (Knuth, The Art of Computer Programming 3, §5.4)."""

from __future__ import annotations

import heapq
import os
import tempfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import IO, Final, NamedTuple

HELD: Final = 16 * 2**20
"""Bytes of records that one sorter holds in memory, what Python needs for each included."""
_RECORD: Final = 64
_PIECE: Final = 256 * 2**10
"""Bytes that are read at once."""
_TOGETHER: Final = 500
"""Records that are written at once."""


class _Run(NamedTuple):
    """Records in order in the file, from one byte to another."""

    start: int
    end: int


def room() -> str:
    """Give the directory for large temporary files: that of ``TMPDIR``, else /var/tmp, since /tmp may lie in memory (FHS 3.0 §5.15)."""
    chosen = any(os.environ.get(name) for name in ("TMPDIR", "TEMP", "TMP"))
    return tempfile.gettempdir() if chosen or not os.access("/var/tmp", os.W_OK) else "/var/tmp"  # noqa: S108


class Runs:
    """Records (bytes) that are put in order, each once; those beyond *held* bytes lie in a temporary file.

    No record holds the byte *end*, which stands after each in the file. The file is in *directory* (None: :func:`room`),
    has no name where the system allows that, and goes with the sorter. Adding and giving raise OSError, as for a full disk.
    """

    def __init__(self, end: bytes, directory: Path | None = None, *, held: int | None = None) -> None:
        self._end = end
        self._directory = directory
        self._most = HELD if held is None else held
        self._held: list[bytes] = []
        self._size = 0
        self._sorted = True
        self._file: IO[bytes] | None = None
        self._runs: list[_Run] = []

    def __enter__(self) -> Runs:
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()

    def add(self, record: bytes) -> None:
        """Add *record*."""
        self._held.append(record)
        self._sorted = False
        self._size += len(record) + _RECORD
        if self._size > self._most:
            self._spill()

    def extend(self, records: list[bytes]) -> None:
        """Add *records*."""
        self._held += records
        self._sorted = False
        self._size += sum(map(len, records)) + _RECORD * len(records)
        if self._size > self._most:
            self._spill()

    def clear(self) -> None:
        """Forget all records."""
        if self._file is not None:
            self._file.truncate(0)
        self._held, self._size, self._runs = [], 0, []

    def __iter__(self) -> Iterator[bytes]:
        """Give all records in order, each once; may be asked again."""
        self._order()
        if not self._runs:
            return iter(self._held)
        size = max(4096, min(_PIECE, self._most // len(self._runs)))
        return _distinct(heapq.merge(*(self._read(run, size) for run in self._runs), self._held))

    def _order(self) -> None:
        """Put what is held in order."""
        if not self._sorted:
            self._held.sort()
            self._held = list(_distinct(self._held))
            self._sorted = True

    def _spill(self) -> None:
        """Write what is held to the file, as one run."""
        self._order()
        directory = self._directory or Path(room())
        try:
            if self._file is None:
                self._file = tempfile.TemporaryFile(dir=directory)  # noqa: SIM115  # closed by __exit__
            start = self._file.seek(0, os.SEEK_END)
            self._file.writelines(_pieces(self._held, self._end))
            self._file.flush()
            self._runs.append(_Run(start, self._file.tell()))
        except OSError as error:  # the document has room elsewhere
            raise OSError(error.errno, error.strerror, str(directory)) from error
        self._held, self._size = [], 0

    def _read(self, run: _Run, size: int) -> Iterator[bytes]:
        """Give the records of *run*, *size* bytes at a time."""
        assert self._file is not None  # who has a run has a file  # noqa: S101
        rest, at = b"", run.start
        while at < run.end:
            self._file.seek(at)
            data = self._file.read(min(size, run.end - at))
            at += len(data)
            if not data:
                raise OSError("a temporary file ends before its time")
            *whole, rest = (rest + data).split(self._end)
            yield from whole


def _distinct(records: Iterator[bytes] | list[bytes]) -> Iterator[bytes]:
    """Give *records*, which are in order, each once."""
    last: bytes | None = None
    for record in records:
        if record != last:
            yield record
        last = record


def _pieces(records: list[bytes], end: bytes) -> Iterator[bytes]:
    """Give *records*, each with *end* after it, some at a time."""
    rest = iter(records)
    while some := list(islice(rest, _TOGETHER)):
        yield end.join(some) + end

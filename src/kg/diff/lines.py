"""The statements of one version of a dataset as sorted lines, read one after the other, or looked up by their subject.

A release keeps them so in ``quads.nq``: canonical N-Quads, sorted by bytes, each once. A look-up halves the file until it is at
the subject, so that it costs what it finds, and nothing of a release is held in memory.
"""

from __future__ import annotations

import mmap
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Protocol

import pyoxigraph as ox

from kg.errors import StoreError
from kg.serialisation import canonical

_DAMAGED: Final = "build it again"


class Lines(Protocol):
    """Lines of canonical N-Quads, sorted by bytes, each once."""

    def __iter__(self) -> Iterator[bytes]:
        """Give all lines, in order."""

    def beginning(self, head: bytes) -> list[bytes]:
        """Give the lines that begin with *head*."""


class Held:
    """Lines held in memory."""

    def __init__(self, quads: Iterable[ox.Quad]) -> None:
        self._lines: Sequence[bytes] = sorted({canonical(quad).encode() for quad in quads})

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._lines)

    def beginning(self, head: bytes) -> list[bytes]:
        """Give the lines that begin with *head*."""
        found = []
        for number in range(bisect_left(self._lines, head), len(self._lines)):
            if not self._lines[number].startswith(head):
                break
            found.append(self._lines[number])
        return found


class _Mapped:
    """Lines of a file that is mapped into memory."""

    def __init__(self, path: Path, data: mmap.mmap) -> None:
        self._path = path
        self._data = data

    def __iter__(self) -> Iterator[bytes]:
        last = b""
        with self._path.open("rb") as file:
            for line in file:
                if line <= last:
                    raise StoreError(f"{self._path} is damaged: its lines are not sorted", remedy=_DAMAGED)
                yield (last := line)

    def beginning(self, head: bytes) -> list[bytes]:
        """Give the lines that begin with *head*."""
        data, low, high = self._data, 0, len(self._data)
        while low < high:
            middle = (low + high) // 2
            start = data.rfind(b"\n", low, middle) + 1 or low
            end = data.find(b"\n", middle, high) + 1 or high
            if data[start:end] < head:
                low = end
            else:
                high = start
        found = []
        while data[low : low + len(head)] == head and head:
            end = data.find(b"\n", low) + 1 or len(data)
            found.append(data[low:end])
            low = end
        return found


@contextmanager
def opened(path: Path) -> Iterator[Lines]:
    """Have the lines of the file *path* at hand. Raises OSError where it cannot be read."""
    if not path.stat().st_size:  # nothing can be mapped
        yield Held(())
        return
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        yield _Mapped(path, data)


def parsed(lines: Iterable[bytes]) -> list[ox.Quad]:
    """Give the statements of *lines*. Raises StoreError where one is none."""
    try:
        return list(ox.parse(input=b"".join(lines), format=ox.RdfFormat.N_QUADS))
    except SyntaxError as error:
        raise StoreError(f"a line of a release is no statement: {error}", remedy=_DAMAGED) from error

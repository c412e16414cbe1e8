"""A spool: a dataset on disk that is walked as often as asked, in bounded memory.

It holds the canonical N-Quads lines of its statements (RDFC-1.0, W3C 2024), sorted by bytes, each once: what ``quads.nq`` of a release
is. In that order the statements about a subject stand together, those of one property among them, and a triple beside itself in
another graph.
"""

from __future__ import annotations

import heapq
import io
import os
import tempfile
import weakref
from collections.abc import Callable, Collection, Iterable, Iterator
from copy import copy
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple, cast

import pyoxigraph as ox

from kg import sorting
from kg.serialisation import canonical, canonical_lines
from kg.sorting import Sorter, distinct, joined

BATCH: Final = 20_000
"""Statements that are written or picked out at once."""
_BUFFER: Final = 2**18


class Spool(Iterable[ox.Quad]):
    """The statements whose canonical *lines* are given in order, each once.

    Up to *memory* bytes are held (None: :data:`kg.sorting.MEMORY`); more lie in a file without a name in *directory* (None: that of the system), which goes with the
    spool or the process, however it ends. Raises OSError where the disk has no room.
    """

    def __init__(
        self, lines: Iterable[bytes], directory: Path | None = None, memory: int | None = None
    ) -> None:
        most = sorting.MEMORY if memory is None else memory
        self._size = 0
        self._held = io.BytesIO()
        self._file: int | None = None
        self._kept: _Kept | None = None
        self._told: Callable[[int, int], None] | None = None
        out: BinaryIO = self._held
        for piece in joined(iter(lines)):
            self._size += piece.count(b"\n")
            if out is self._held and out.tell() + len(piece) > most:
                out = self._rolled(directory)
            out.write(piece)
        out.flush()

    @classmethod
    def of(cls, quads: Iterable[ox.Quad], directory: Path | None = None, memory: int | None = None) -> Spool:
        """Sort *quads*, in any order, in bounded memory; a spool is given as it is."""
        if isinstance(quads, Spool):
            return quads
        with Sorter(directory, memory) as sorter:
            for data in written(quads):
                sorter.add(data)
            return cls(sorter.lines(), directory, memory)

    def _rolled(self, directory: Path | None) -> BinaryIO:
        """Put what is held into a file, and give that."""
        file = cast(BinaryIO, tempfile.TemporaryFile(dir=directory, buffering=_BUFFER))  # noqa: SIM115
        self._kept = _Kept(file)
        file.write(self._held.getbuffer())
        self._held = io.BytesIO()
        self._file = file.fileno()
        return file

    def __len__(self) -> int:
        return self._size

    def __iter__(self) -> Iterator[ox.Quad]:
        return ox.parse(self.open(), format=ox.RdfFormat.N_QUADS)

    def open(self) -> BinaryIO:
        """Give the document, to be read from its beginning; those who read at the same time do not meet."""
        if self._file is None:
            return io.BytesIO(self._held.getvalue())
        return io.BufferedReader(_Section(self, self._file, self._told), _BUFFER)

    def watched(self, told: Callable[[int, int], None]) -> Spool:
        """Give the same spool; where it is on disk, *told* hears how many of its bytes have been read, and how many they are."""
        watched = copy(self)
        watched._told = told
        return watched

    def lines(self) -> Iterator[bytes]:
        """Give the lines in order, with their ends."""
        return iter(self.open())

    def having(self, properties: Collection[str]) -> Iterator[ox.Quad]:
        """Give the statements of *properties* (IRIs) in order; no others are parsed."""
        wanted = {f"<{iri}>".encode() for iri in properties}
        found = (line for line in self.lines() if line.split(b" ", 2)[1] in wanted)
        while data := b"".join(islice(found, BATCH)):
            yield from ox.parse(data, format=ox.RdfFormat.N_QUADS)

    def joined(self, quads: Iterable[ox.Quad], directory: Path | None = None) -> Spool:
        """Give the spool with *quads* too, which are few."""
        more = sorted({canonical(quad).encode() for quad in quads})
        return Spool(distinct(heapq.merge(self.lines(), more)), directory)


class _Kept:
    """Closes *file* when nobody has it any more."""

    def __init__(self, file: BinaryIO) -> None:
        weakref.finalize(self, file.close)


class _Section(io.RawIOBase):
    """The file *descriptor* of *spool* as one reader sees it, who has a place of his own."""

    def __init__(self, spool: Spool, descriptor: int, told: Callable[[int, int], None] | None) -> None:
        self._spool = spool  # keeps the file open
        self._descriptor = descriptor
        self._at = 0
        self._told = told
        self._end = os.fstat(descriptor).st_size

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = os.pread(self._descriptor, len(buffer), self._at)
        buffer[: len(data)] = data
        self._at += len(data)
        if self._told:
            self._told(self._at, self._end)
        return len(data)


class Line(NamedTuple):
    """The terms of a statement as its line has them; ``graph`` is empty for the default graph."""

    subject: bytes
    predicate: bytes
    object: bytes
    graph: bytes


def parted(line: bytes) -> Line:
    """Give the terms of the canonical *line*, by its signs: no IRI or label has a space, a quotation mark or ``>`` in it."""
    subject, predicate, rest = line.split(b" ", 2)
    body = rest[:-3]
    object, _, graph = body.rpartition(b" ")
    if not object or b'"' in graph or graph.endswith(b")>>"):  # the space is in a literal or a triple term
        return Line(subject, predicate, body, b"")
    return Line(subject, predicate, object, graph)


def written(quads: Iterable[ox.Quad]) -> Iterator[bytes]:
    """Give the canonical lines of *quads*, in their order, many at once."""
    left = iter(quads)
    while some := list(islice(left, BATCH)):
        yield canonical_lines(some)

"""Streams: files of any RDF made into a spool without being held, with the findings that :func:`kg.loading.load` has for them.

A file passes by some statements at a time. What can only be judged with all of it at hand (a file that is broken or hostile, data
of which something is withheld) is left to :mod:`kg.loading`, which holds it. JSON-LD and RDF/XML are read whole, file by file.
"""

from __future__ import annotations

import codecs
import mmap
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path
from typing import IO, Final, cast

import pyoxigraph as ox

from kg import spool
from kg.loading import parts, reading, recovery, rules, screening
from kg.names import KG
from kg.progress import Told, untold
from kg.project import DataFile, Project
from kg.serialisation import canonical_lines
from kg.sorting import Sorter
from kg.spool import Spool
from kg.validation import Finding

READING: Final = "reading"
SORTING: Final = "sorting"
_BLOCK: Final = 2**20
_EVERY: Final = 100_000
_MARK: Final = b"<<"
_LATER: Final = (b"<<(", b"--ltr", b"--rtl")
_WITHHELD: Final = f"<{KG}visibility> <{KG}withheld>".encode()


class Unfit(Exception):
    """The data have to be held to be judged."""


def read(
    project: Project, directory: Path | None = None, told: Told = untold, memory: int | None = None
) -> tuple[Spool, list[Finding]] | None:
    """Give the statements of the files of *project*, which follows no profile, and the warnings about them.

    None where the data have to be held to be judged. What is sorted in *memory* bytes lies in *directory*. Raises OSError where it has no room.
    """
    files = project.data_files()
    findings: list[Finding] = []
    lines = 0
    with Sorter(directory, memory) as sorter:
        try:
            with _readable():
                course = _Course(sum(file.path.stat().st_size for file in files), told)
            for ordinal, file in enumerate(files, 1):
                for data in _Stream(project, file, ordinal, course).lines(findings):
                    lines += data.count(b"\n")
                    sorter.add(data)
        except Unfit:
            return None
        return Spool(_counted(sorter.lines(), lines, told), directory, memory), findings


def _counted(lines: Iterator[bytes], total: int, told: Told) -> Iterator[bytes]:
    for number, line in enumerate(lines):
        if not number % _EVERY:
            told(SORTING, number, total)
        yield line
    told(SORTING, total, total)


@contextmanager
def _readable() -> Iterator[None]:
    """Raise Unfit where the block cannot read a file: the careful way says why."""
    try:
        yield
    except OSError:
        raise Unfit from None


class _Course:
    """How many of the bytes of all files have been read."""

    def __init__(self, total: int, told: Told) -> None:
        self._done, self._total, self._told = 0, total, told
        self._told(READING, 0, total)

    def passed(self, number: int) -> None:
        self._done += number
        self._told(READING, min(self._done, self._total), self._total)


class _Stream:
    """One file, the *ordinal* one of *project*, as it passes."""

    def __init__(self, project: Project, file: DataFile, ordinal: int, course: _Course) -> None:
        self._project = project
        self._file = file
        self._ordinal = ordinal
        self._course = course
        self._name = project.name(file.path)
        self._renaming = parts.Renaming(file, project.base, ordinal)

    def lines(self, findings: list[Finding]) -> Iterator[bytes]:
        """Give the canonical lines of the file, many at once, and put what is found into *findings*. Raises Unfit, OSError."""
        if self._file.format not in screening.TERSE:
            yield from self._whole(findings)
            return
        tally, some = rules.Tally(), 0
        with closing(_Source(self._file.path, self._name, self._course)) as source:
            for quads in self._batches(source):
                data = self._canonical(quads)
                _count(tally, quads, data)
                some += len(quads)
                yield data
        if source.marked:
            findings.append(reading.marked(self._name, "warning"))
        if not some:
            findings.append(reading.empty(self._name))
        findings += tally.findings(parts.Part(self._file, self._name, self._project.base))

    def _batches(self, source: _Source) -> Iterator[list[ox.Quad]]:
        """Give the quads of *source*, as they become in the project."""
        try:
            left = ox.parse(cast(IO[bytes], source), format=self._file.format.rdf)
            while some := list(islice(left, spool.BATCH)):
                yield some
        except (SyntaxError, UnicodeDecodeError):
            raise Unfit from None

    def _canonical(self, quads: list[ox.Quad]) -> bytes:
        """Give the lines of *quads*, which become what they are in the project."""
        data = canonical_lines(quads)
        if not self._renaming.idle or b"_:" in data:
            quads[:] = map(self._renaming.of, quads)
            data = canonical_lines(quads)
        return data

    def _whole(self, findings: list[Finding]) -> Iterator[bytes]:
        """Give the lines of a file whose format has no statements that could be read one by one."""
        with _readable():
            data = self._file.path.read_bytes()
        self._course.passed(len(data))
        base = self._project.base
        read = recovery.read(data, self._file.format, name=self._name, strict=False, base=base)
        if read.doubt:
            raise Unfit
        part = parts.arrange(self._file, self._name, base, read, self._ordinal)
        findings += [*read.document.findings, *rules.any_data(part)]
        for written in spool.written(part.quads):
            _refuse(written)
            yield written


def _count(tally: rules.Tally, quads: list[ox.Quad], data: bytes) -> None:
    """Count in *tally* what a warning is about; most terms are told by their lines, *data*, to be none. Raises Unfit."""
    _refuse(data)
    if any(mark in data for mark in _LATER) and any(map(_is_later, quads)):
        raise Unfit
    lines = data.splitlines()
    typed = (quad.object for quad, line in zip(quads, lines, strict=True) if b'"^^<' in line)
    tally.literals(term for term in typed if isinstance(term, ox.Literal))
    if not data.isascii():
        tally.terms(quad for quad, line in zip(quads, lines, strict=True) if not line.isascii())


def _is_later(quad: ox.Quad) -> bool:
    """Tell whether *quad* has what only RDF 1.2 has."""
    object = quad.object
    return isinstance(object, ox.Triple) or (isinstance(object, ox.Literal) and bool(object.direction))


def _refuse(data: bytes) -> None:
    """Raise Unfit where something is withheld: what falls with it is only known from all data."""
    if _WITHHELD in data:
        raise Unfit


class _Source:
    """A file as the parser reads it, looked at before: in UTF-8, without what only RDF 1.2 has, its byte order mark passed over.

    Raises Unfit, UnicodeDecodeError.
    """

    def __init__(self, path: Path, name: str, course: _Course) -> None:
        with _readable():
            self._file = path.open("rb")
        self._name = name
        self._course = course
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._block = b""
        self._at = 0
        self._passed = 0
        self._screened = False
        with _readable():
            self.marked = self._file.read(len(codecs.BOM_UTF8)) == codecs.BOM_UTF8
            self._file.seek(len(codecs.BOM_UTF8) if self.marked else 0)

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def read(self, size: int) -> bytes:
        """Give the next bytes, *size* at most, none at the end."""
        if self._at >= len(self._block):
            self._next()
        piece = self._block[self._at : self._at + size]
        self._at += len(piece)
        return piece

    def _next(self) -> None:
        tail = self._block[-1:]
        with _readable():
            self._block, self._at = self._file.read(_BLOCK), 0
        self._decoder.decode(self._block, final=not self._block)
        self._course.passed(self._file.tell() - self._passed)
        self._passed = self._file.tell()
        if not self._screened and _MARK in tail + self._block:
            self._screen()

    def _screen(self) -> None:
        """Look at the whole file, once, for syntax of RDF 1.2, which can end the process."""
        with mmap.mmap(self._file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            if screening.screen_terse(data, self._name) is not None:
                raise Unfit
        self._screened = True

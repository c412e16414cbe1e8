"""Statements in order: the lines of canonical N-Quads, sorted by bytes, each once, and the terms cut out of them.

In that order the statements of a subject stand together, and so do those of a triple in several graphs, since the graph is the
last term of a line. The terms are cut as text and never parsed: canonical lines have one space between terms, and no IRI or
label of a blank node holds a space or a quotation mark (N-Quads, W3C 2014, §6).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from itertools import chain, islice
from operator import ge
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple, TypeAlias

import pyoxigraph as ox

from kg.errors import StoreError
from kg.serialisation.lines import canonical_lines
from kg.serialisation.runs import Runs

_PIECE: Final = 256 * 2**10
_BATCH: Final = 2_000

Statement: TypeAlias = tuple[str, str, str]
"""Property, object and graph (empty: the default graph) as a line has them, of a subject that is known."""


class Sorted:
    """The statements of a file: canonical N-Quads, sorted by bytes, each once, as ``quads.nq`` of a release has them.

    *source* is its path, or opens it: the file is read each time anew, from its beginning, and never held. Reading raises
    StoreError where it is not so, and OSError.
    """

    def __init__(self, source: Path | Callable[[], BinaryIO]) -> None:
        self._source = source

    def open(self) -> BinaryIO:
        """Give the file, to be read from its beginning."""
        return self._source.open("rb") if isinstance(self._source, Path) else self._source()

    def batches(self) -> Iterator[list[str]]:
        """Give the lines in order, without their ends, some at a time."""
        last = ""
        with self.open() as file:
            rest = b""
            while data := file.read(_PIECE):
                whole, end, rest = (rest + data).rpartition(b"\n")
                if end:
                    yield (lines := self._checked(whole, last))
                    last = lines[-1]
            if rest:
                raise self._damaged("its last line has no end")

    def _checked(self, data: bytes, last: str) -> list[str]:
        """Give the lines in *data*, which come after the line *last*."""
        try:
            lines = data.decode().split("\n")
        except UnicodeDecodeError:
            raise self._damaged("it is not UTF-8") from None
        if any(map(ge, chain((last,), lines), lines)):
            raise self._damaged("its lines are not sorted")
        return lines

    def _damaged(self, why: str) -> StoreError:
        name = self._source if isinstance(self._source, Path) else "a file of statements"
        return StoreError(f"{name} is damaged: {why}", remedy="build it again")


class _Gathered(NamedTuple):
    """The statements of lines that were sorted here."""

    runs: Runs

    def batches(self) -> Iterator[list[str]]:
        """Give the lines in order, without their ends, some at a time."""
        lines = iter(self.runs)
        while batch := b"\n".join(islice(lines, _BATCH)):
            yield batch.decode().split("\n")


Statements: TypeAlias = Sorted | _Gathered


def gathered(
    quads: Iterable[ox.Quad] | Sorted, directory: Path | None = None
) -> AbstractContextManager[Statements]:
    """Have *quads* in order, and each once, as long as the context lasts; they are sorted in bounded memory, and in *directory*."""
    return nullcontext(quads) if isinstance(quads, Sorted) else _Sorting(quads, directory)


class _Sorting(AbstractContextManager[Statements]):
    """Sorts quads, and lets go of the temporary file at the end."""

    def __init__(self, quads: Iterable[ox.Quad], directory: Path | None) -> None:
        self._quads = quads
        self._runs = Runs(b"\n", directory)

    def __enter__(self) -> Statements:
        try:
            quads = iter(self._quads)
            while batch := list(islice(quads, _BATCH)):
                self._runs.extend(canonical_lines(batch)[:-1].split(b"\n"))
        except BaseException:
            self._runs.__exit__()
            raise
        return _Gathered(self._runs)

    def __exit__(self, *_: object) -> None:
        self._runs.__exit__()


def subjects(statements: Statements) -> Iterator[tuple[str, list[Statement]]]:
    """Give each subject with its statements, in order; a subject's are held, and no others.

    Raises StoreError for a line that is no statement, and what reading them raises.
    """
    subject, start, found = "", "\n", list[Statement]()
    graph, end = "", "\n"
    for lines in statements.batches():
        for line in lines:
            try:
                if not line.startswith(start):
                    if found:
                        yield subject, found
                    subject, found = line[: line.index(" ")], []
                    start = f"{subject} "
                predicate, rest = line[len(start) :].split(" ", 1)
                if rest.endswith(end):  # the graph of the line before
                    found.append((predicate, rest[: -len(end)], graph))
                else:
                    object, graph = parted(rest)
                    end = f" {graph} ." if graph else "\n"
                    found.append((predicate, object, graph))
            except ValueError:
                raise no_statement(line) from None
    if found:
        yield subject, found


def parted(rest: str) -> tuple[str, str]:
    """Give object and graph of what stands after the property in a line. Raises StoreError where that is nothing of the kind."""
    body = rest[:-2]
    if not body or rest[-2:] != " .":
        raise no_statement(rest)
    object, space, graph = body.rpartition(" ")
    if space and not (
        '"' in graph or graph.endswith(")>>")
    ):  # else the space is in a literal or a triple term
        return object, graph
    return body, ""


def no_statement(line: str) -> StoreError:
    """Give the error for a *line* that is none of canonical N-Quads."""
    return StoreError(f"a line is no statement: {line[:200]}", remedy="build it again")


def decoded(token: str) -> ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple:
    """Give the term that *token*, the object of a line, stands for."""
    quad: ox.Quad = next(ox.parse(f"<a:> <a:> {token} .".encode(), format=ox.RdfFormat.N_QUADS))
    return quad.object

"""A statement with the places of its terms, and an index of them for findings."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

import pyoxigraph as ox

from kg.errors import SourceError

Resource: TypeAlias = ox.NamedNode | ox.BlankNode
Term: TypeAlias = Resource | ox.Literal
GraphName: TypeAlias = Resource | ox.DefaultGraph

_LINE_END: Final = re.compile("\r\n|\r|\n")
LINE_END_BYTES: Final = re.compile(rb"\r\n|\r|\n")
"""What ends a line, in the bytes of a document."""


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place in a file: line and column, both from 1, the column in characters (code points).

    A line ends with LF, CR LF or CR, as pyoxigraph counts.
    """

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Statement:
    """One quad as pyoxigraph gives it, and where the token of each term begins.

    An anonymous node stands at its ``[``, the first node of a collection at ``(`` and each further one at its
    item. In the statements that a collection stands for, ``rdf:first`` and ``rdf:rest`` stand where their
    subject does, and the closing ``rdf:nil`` at ``)``.
    ``language`` is the language tag as the file writes it (``ru-Latn``), empty where there is none; the
    quad's own tag is in lower case.
    """

    quad: ox.Quad
    subject: Position
    predicate: Position
    object: Position
    language: str = ""


class Lines:
    """Where the lines of a text begin."""

    def __init__(self, text: str) -> None:
        self._starts = [0, *(match.end() for match in _LINE_END.finditer(text))]

    def position(self, offset: int) -> Position:
        """Give the position of the character at *offset*, which counts from 0."""
        line = bisect_right(self._starts, offset)
        return Position(line, offset - self._starts[line - 1] + 1)


class Index:
    """The places of one file's statements, to be asked for the place that a finding should name."""

    def __init__(self, path: Path | str, statements: Iterable[Statement]) -> None:
        self.path = str(path)
        self._places: dict[tuple[object, ...], Position] = {}
        for statement in statements:
            self._add(statement)

    def _add(self, statement: Statement) -> None:
        quad = statement.quad
        for graph in (None, quad.graph_name):
            for key, place in (
                ((quad.subject,), statement.subject),
                ((quad.subject, quad.predicate), statement.predicate),
                ((quad.subject, quad.predicate, quad.object), statement.object),
            ):
                known = self._places.setdefault((graph, *key), place)
                if place < known:
                    self._places[graph, *key] = place

    def find(
        self,
        subject: Resource,
        predicate: ox.NamedNode | None = None,
        object: Term | None = None,
        graph: GraphName | None = None,
    ) -> Position | None:
        """Give the best place for a finding about these terms, each the first in the file.

        It is that of the object where the whole statement is there, else of the predicate where the subject
        has it, else of the subject; None where the subject has no statement. *graph* restricts the search to
        one graph of the file (``ox.DefaultGraph()`` for the default one), None takes all.
        """
        terms: list[Term] = [subject]
        if predicate is not None:
            terms.append(predicate)
            if object is not None:
                terms.append(object)
        for length in range(len(terms), 0, -1):
            place = self._places.get((graph, *terms[:length]))
            if place is not None:
                return place
        return None


def unreadable(error: SyntaxError, line: int | None = None) -> SourceError:
    """Give pyoxigraph's *error* as one of ours, without a path; *line* is where it was not told the line."""
    message = re.sub(
        r"^Parser error at line \d+(?: (?:between )?columns? \d+(?: and (?:column )?\d+)?)?: ", "", error.msg
    )
    return SourceError(message, path="", line=line or error.lineno or 0, column=error.offset or 0)

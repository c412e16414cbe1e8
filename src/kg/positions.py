"""Where a statement stands: a reader of Turtle, TriG, N-Triples and N-Quads that keeps positions.

No parser at hand tells them, so files are parsed by pyoxigraph, and only a file that a finding concerns is
read a second time, here. A Turtle or TriG document is taken apart by the LALR(1) grammar ``turtle.lark``
(W3C Turtle 1.1 and TriG 1.1), which knows structure and places; each distinct term is then read by
pyoxigraph itself, so that escapes, IRI resolution, numbers and language tags cannot differ. N-Triples and
N-Quads are read by line. The syntax that RDF 1.2 adds is refused.

Nothing here recurses: the depth of a document is limited by memory only.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias, cast

import pyoxigraph as ox

from kg.errors import SourceError
from kg.formats import N_QUADS, N_TRIPLES, TRIG, TURTLE, Format
from kg.names import RDF

if TYPE_CHECKING:
    from lark import Lark, Token

Term: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal
Resource: TypeAlias = ox.NamedNode | ox.BlankNode
GraphName: TypeAlias = ox.NamedNode | ox.BlankNode | ox.DefaultGraph

_TYPE: Final = ox.NamedNode(RDF + "type")
_FIRST: Final = ox.NamedNode(RDF + "first")
_REST: Final = ox.NamedNode(RDF + "rest")
_NIL: Final = ox.NamedNode(RDF + "nil")
_LINE_END: Final = re.compile("\r\n|\r|\n")
_BYTE_LINE_END: Final = re.compile(rb"\r\n|\r|\n")
# Subject, predicate, the place where the object begins and its language tag; the line is known to be valid.
_LINE: Final = re.compile(
    rb"""[ \t]*(<[^>]*>|_:[^ \t<]+)[ \t]*(<[^>]*>)[ \t]*()(?:"(?:[^"\\]++|\\.)*+"[ \t]*@([A-Za-z0-9-]+))?"""
)
_BOM: Final = "\ufeff".encode()


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


def read(data: bytes, format: Format, *, base: str | None = None) -> Iterator[Statement]:
    """Give every statement of the document *data*, which is UTF-8 with or without a byte order mark.

    *format* is TURTLE, TRIG, N_TRIPLES or N_QUADS; *base* is the IRI that relative ones are resolved
    against. The quads are exactly those of pyoxigraph for each RDF 1.1 document that it accepts, in no
    promised order; anonymous blank nodes get new labels at every reading.
    Raises SourceError, with an empty ``path``, where the document cannot be read.
    """
    data = data.removeprefix(_BOM)
    if format in (N_TRIPLES, N_QUADS):
        return _read_lines(data, format)
    if format in (TURTLE, TRIG):
        return _read_terse(data, format, base)
    raise SourceError(
        f"places are not kept in {format.name}",
        path="",
        remedy="Use Turtle, TriG, N-Triples or N-Quads.",
    )


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
        terms: list[object] = [subject]
        if predicate is not None:
            terms.append(predicate)
            if object is not None:
                terms.append(object)
        for length in range(len(terms), 0, -1):
            place = self._places.get((graph, *terms[:length]))
            if place is not None:
                return place
        return None


def _read_lines(data: bytes, format: Format) -> Iterator[Statement]:
    for number, line in enumerate(_BYTE_LINE_END.split(data), 1):
        try:
            quads = list(ox.parse(input=line, format=format.rdf))
        except SyntaxError as error:
            raise _unreadable(error, Position(number, error.offset or 1)) from error
        match = _LINE.match(line)
        if not quads or match is None:  # an empty line, a comment
            continue
        subject, predicate, object = (
            Position(number, len(line[: match.start(group)].decode()) + 1) for group in (1, 2, 3)
        )
        yield Statement(_plain(quads[0]), subject, predicate, object, (match[4] or b"").decode())


class _Node(NamedTuple):
    """A term of the document, with what the document says about it on the spot."""

    start: int  # offset in characters
    term: Term | None = None  # None: to be read from ``text``
    text: str = ""
    name: str = ""  # the prefixed name within ``text``
    language: str = ""
    pairs: tuple[tuple[_Node, _Node], ...] = ()  # predicates and objects


class _Directive(NamedTuple):
    start: int
    prefix: str | None  # None: the base
    iri: str


class _Graph(NamedTuple):
    label: _Node | None
    triples: list[_Node]

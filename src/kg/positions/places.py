"""The places of one document, of which only the statements that are asked for are read.

To read positions takes a hundred times as long as to parse. Turtle is therefore split into its statements, pyoxigraph
tells which terms stand in each, and the reader of positions reads those that a finding concerns, each once, also where
the document around it has changed since. Other formats are read whole.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache, partial
from typing import Final

import pyoxigraph as ox

from kg.errors import SourceError
from kg.formats import N_QUADS, N_TRIPLES, TRIG, TURTLE, Format
from kg.positions import lines, splitting, terse
from kg.positions.statements import LINE_END_BYTES as LINE_END
from kg.positions.statements import GraphName, Index, Position, Resource, Statement, Term

_FORMATS: Final = (TURTLE, TRIG, N_TRIPLES, N_QUADS)
_KEPT: Final = 1 << 14
"""How many statements, of all documents, are kept when they have been read."""


class Places:
    """Where terms and statements stand in the document *data* (UTF-8 without a byte order mark).

    A document that cannot be read has no place.
    """

    def __init__(self, data: bytes, format: Format) -> None:
        self._pieces = list(_pieces(data, format))
        self._indexes: dict[Resource, Index] = {}

    @cached_property
    def _by_term(self) -> dict[object, list[int]]:
        """The pieces that each term stands in; the parser is asked, who does it in no time."""
        found: defaultdict[object, list[int]] = defaultdict(list)
        for number, piece in enumerate(self._pieces):
            for term in piece.terms():
                found[term].append(number)
        return found

    def find(
        self, subject: Resource, predicate: ox.NamedNode | None = None, object: Term | None = None
    ) -> Position | None:
        """Give the best place for a finding about these terms, as :meth:`kg.positions.Index.find` does."""
        if subject not in self._by_term:
            return None
        if subject not in self._indexes:
            pieces = [self._pieces[number] for number in self._by_term[subject]]
            self._indexes[subject] = Index(
                "", (each for piece in pieces for each in piece.statements() if each.quad.subject == subject)
            )
        return self._indexes[subject].find(subject, predicate, object)

    def first(self, term: Term | GraphName) -> Position | None:
        """Give the first place of *term*, which may be the type of a literal or the name of a graph."""
        found = (_stands(self._pieces[number].statements(), term) for number in self._by_term.get(term, ()))
        return next((min(places) for places in found if places), None)

    def blank_nodes(self) -> list[Position]:
        """Give where blank nodes stand, each once."""
        return sorted(
            {
                place
                for piece in self._pieces
                if any(isinstance(term, ox.BlankNode) for term in piece.terms())
                for place in piece.blank_nodes()
            }
        )


class _Piece:
    """A statement of a document under the directives before it, or a document that is read whole."""

    def __init__(self, text: bytes, format: Format, head: bytes = b"", start: Position | None = None) -> None:
        self._text, self._format, self._head = text, format, head
        self._start = start or Position(1, 1)

    def terms(self) -> frozenset[object]:
        """Give the terms of its quads, with the types of literals and the names of graphs."""
        if self._format not in _FORMATS:
            return frozenset()
        return _terms(self._head, self._text, self._format)

    def statements(self) -> Iterator[Statement]:
        """Give the statements with their places in the document."""
        for each in _statements(self._head, self._text, self._format):
            yield Statement(
                each.quad,
                self._moved(each.subject),
                self._moved(each.predicate),
                self._moved(each.object),
                each.language,
            )

    def blank_nodes(self) -> Iterator[Position]:
        """Give the place of each blank node, where it stands first."""
        first: dict[ox.BlankNode, Position] = {}
        for each in self.statements():
            for term, place in ((each.quad.subject, each.subject), (each.quad.object, each.object)):
                if isinstance(term, ox.BlankNode):
                    first[term] = min(place, first.get(term, place))
        yield from first.values()

    def _moved(self, place: Position) -> Position:
        line = self._start.line + place.line - 1
        return Position(line, place.column + (self._start.column - 1 if place.line == 1 else 0))


def _pieces(data: bytes, format: Format) -> Iterator[_Piece]:
    if format is not TURTLE:
        yield _Piece(data, format)
        return
    head = b""
    line, begun, at = 1, 0, 0
    for span in splitting.split(data, format):
        for end in LINE_END.finditer(data, at, span.start):
            line, begun = line + 1, end.end()
        at = span.start
        text = span.within(data)
        if splitting.is_directive(text):
            head += text + b"\n"
        else:
            column = len(data[begun:at].decode("utf-8", "replace")) + 1
            yield _Piece(text, format, head, Position(line, column))


@lru_cache(maxsize=_KEPT)
def _terms(head: bytes, text: bytes, format: Format) -> frozenset[object]:
    found: set[object] = set()
    try:
        for quad in ox.parse(head + text, format=format.rdf):
            found |= {*quad}
            if isinstance(quad.object, ox.Literal):
                found.add(quad.object.datatype)
    except (SyntaxError, ValueError):
        return frozenset()
    return frozenset(found)


@lru_cache(maxsize=_KEPT)
def _statements(head: bytes, text: bytes, format: Format) -> tuple[Statement, ...]:
    """Give the statements of *text*, with places counted from its beginning."""
    before = len(LINE_END.findall(head))
    read = lines.read if format in (N_TRIPLES, N_QUADS) else partial(terse.read, base=None)
    try:
        found = list(read(head + text, format))
    except SourceError:  # of another format, or such that nobody can read it
        return ()

    def moved(place: Position) -> Position:
        return Position(place.line - before, place.column)

    return tuple(
        Statement(e.quad, moved(e.subject), moved(e.predicate), moved(e.object), e.language) for e in found
    )


def _stands(statements: Iterable[Statement], term: Term | GraphName) -> list[Position]:
    """Give the places of *term* in *statements*."""
    found = []
    for statement in statements:
        quad = statement.quad
        datatype = quad.object.datatype if isinstance(quad.object, ox.Literal) else None
        for each, place in (
            (quad.subject, statement.subject),
            (quad.predicate, statement.predicate),
            (quad.object, statement.object),
            (quad.graph_name, statement.subject),
            (datatype, statement.object),
        ):
            if each == term:
                found.append(place)
    return found

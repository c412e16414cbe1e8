"""Turtle and TriG (W3C, 2014) with positions: the tree of the grammar, each term read by pyoxigraph."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

import pyoxigraph as ox

from kg.formats import Format
from kg.names import RDF
from kg.positions import grammar
from kg.positions.statements import GraphName, Lines, Position, Resource, Statement, Term
from kg.positions.terms import Scope

if TYPE_CHECKING:
    from lark import Token, Tree

_TYPE: Final = ox.NamedNode(RDF + "type")
_FIRST: Final = ox.NamedNode(RDF + "first")
_REST: Final = ox.NamedNode(RDF + "rest")
_NIL: Final = ox.NamedNode(RDF + "nil")


def read(data: bytes, format: Format, base: str | None) -> Iterator[Statement]:
    """Give the statements of *data*; raises SourceError before the first where it cannot be read."""
    text = grammar.check(data, format, base)
    return _Document(Lines(text), base).statements(grammar.parse(text, format))


class _Node(NamedTuple):
    """A term, where it stands, and its language tag as written."""

    term: Term
    place: Position
    language: str = ""


class _Verb(NamedTuple):
    """A predicate and where it stands."""

    term: ox.NamedNode
    place: Position


def _postorder(tree: Tree[Token]) -> Iterator[tuple[Tree[Token], list[Token], int]]:
    """Give each subtree, its tokens and its number of subtrees: after those, in the order of the document."""
    stack: list[tuple[Tree[Token], bool]] = [(tree, False)]
    while stack:
        node, done = stack.pop()
        inner = [child for child in node.children if not isinstance(child, str)]
        if done or not inner:
            tokens = [
                child for child in node.children if isinstance(child, str) and child.type not in grammar.MARKS
            ]
            yield node, tokens, len(inner)
        else:
            stack.append((node, True))
            stack.extend((child, False) for child in reversed(inner))


class _Document:
    """The state of reading one document: its scope, the graph, the statements found.

    The method ``on_`` and a rule's name is called for each subtree of that rule with its tokens and with what
    was given for the subtrees in it.
    """

    def __init__(self, places: Lines, base: str | None) -> None:
        self._places = places
        self._scope = Scope(base)
        self._read = self._scope.read
        self._graph: GraphName = ox.DefaultGraph()
        self._found: list[Statement] = []

    def statements(self, tree: Tree[Token]) -> Iterator[Statement]:
        """Give the statements of *tree*, whose root is a document."""
        values: list[Any] = []
        for node, tokens, count in _postorder(tree):
            start = len(values) - count
            if node is not tree:
                values[start:] = [getattr(self, f"on_{node.data}")(tokens, values[start:])]
            yield from self._found
            self._found.clear()

    def _place(self, token: Token) -> Position:
        return self._places.position(cast("int", token.start_pos))

    def _add(self, subject: _Node, verb: _Verb, object: _Node) -> None:
        quad = ox.Quad(cast("Resource", subject.term), verb.term, object.term, self._graph)
        self._found.append(Statement(quad, subject.place, verb.place, object.place, object.language))

    def _describe(self, subject: _Node, said: list[_Verb | _Node]) -> None:
        """Add the statements of *subject* with each verb of *said* and the objects that follow it."""
        verb: _Verb | None = None
        for part in said:
            if isinstance(part, _Verb):
                verb = part
            elif verb is not None:
                self._add(subject, verb, part)

    # Directives, graphs and statements

    def on_prefix(self, tokens: list[Token], _: list[_Node]) -> None:
        self._scope.declare(*tokens)

    def on_base(self, tokens: list[Token], _: list[_Node]) -> None:
        self._scope.rebase(*tokens)

    def on_graph_open(self, _: list[Token], label: list[_Node]) -> None:
        if label:
            self._graph = cast("Resource", label[0].term)

    def on_graph_close(self, _: list[Token], __: list[_Node]) -> None:
        self._graph = ox.DefaultGraph()

    def on_triples(self, _: list[Token], inner: list[Any]) -> None:
        subject, *said = inner
        self._describe(subject, said)

    def on_verb(self, _: list[Token], inner: list[_Node]) -> _Verb:
        return _Verb(cast("ox.NamedNode", inner[0].term), inner[0].place)

    # Terms

    def on_a(self, tokens: list[Token], _: list[_Node]) -> _Node:
        return _Node(_TYPE, self._place(tokens[0]))

    def on_iriref(self, tokens: list[Token], _: list[_Node]) -> _Node:
        return _Node(self._read(tokens[0]), self._place(tokens[0]))

    def on_prefixed_name(self, tokens: list[Token], _: list[_Node]) -> _Node:
        return _Node(self._read(tokens[0], tokens[0]), self._place(tokens[0]))

    on_shorthand = on_blank = on_iriref

    def on_literal(self, tokens: list[Token], _: list[_Node]) -> _Node:
        text, *rest = tokens
        place = self._place(text)
        if not rest:
            return _Node(self._read(text), place)
        if rest[0].type == "LANGTAG":
            return _Node(self._read(text + rest[0]), place, rest[0][1:])
        return _Node(self._read(f"{text}^^{rest[0]}", "" if rest[0].type == "IRIREF" else rest[0]), place)

    def on_anon(self, tokens: list[Token], _: list[_Node]) -> _Node:
        return _Node(ox.BlankNode(), self._place(tokens[0]))

    def on_property_list(self, tokens: list[Token], said: list[_Verb | _Node]) -> _Node:
        node = _Node(ox.BlankNode(), self._place(tokens[0]))
        self._describe(node, said)
        return node

    def on_collection(self, tokens: list[Token], items: list[_Node]) -> _Node:
        opening, closing = map(self._place, tokens)
        if not items:
            return _Node(_NIL, opening)
        places = [opening, *(item.place for item in items[1:])]
        cells = [_Node(ox.BlankNode(), place) for place in places]
        for cell, item, rest in zip(cells, items, [*cells[1:], _Node(_NIL, closing)], strict=True):
            self._add(cell, _Verb(_FIRST, cell.place), item)
            self._add(cell, _Verb(_REST, cell.place), rest)
        return cells[0]

"""The parts of a Turtle document and where each stands: directives and statements, and the atoms of a statement.

An atom is what an edit takes as a whole: the subject, a verb, an object (brackets and all), or one of the marks
``, ; .`` between them. What stands between atoms is white space and comments, and so is what stands between parts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal, TypeAlias, cast

import pyoxigraph as ox

from kg.formats import TURTLE
from kg.names import RDF
from kg.positions import grammar
from kg.positions.statements import Resource, Term
from kg.positions.terms import Scope

if TYPE_CHECKING:
    from lark import Token

Kind: TypeAlias = Literal["subject", "verb", "object", ",", ";", "."]

TYPE: Final = ox.NamedNode(RDF + "type")
NIL: Final = ox.NamedNode(RDF + "nil")
_OPENING: Final = ("LSQB", "LPAR")
_CLOSING: Final = ("RSQB", "RPAR")
_NAMES: Final = ("PNAME_LN", "PNAME_NS")
_AFTER: Final[dict[str, Kind]] = {"subject": "verb", "verb": "object", ",": "object", ";": "verb"}


@dataclass(frozen=True, slots=True)
class Atom:
    """An atom, from *start* to *end* within its statement; marks have no term.

    ``anonymous`` says that it is written in brackets and stands for a blank node: nothing else can name that node.
    """

    kind: Kind
    start: int
    end: int
    term: Term | None = None
    anonymous: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """A verb and its objects, each as its index among the atoms of the statement."""

    verb: int
    objects: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """What is said of one subject up to a full stop; ``labels`` are those of the blank nodes named in it."""

    start: int
    atoms: tuple[Atom, ...]
    labels: frozenset[str] = frozenset()

    @property
    def end(self) -> int:
        """Where its full stop ends."""
        return self.start + self.atoms[-1].end

    @property
    def subject(self) -> Resource:
        """Its subject."""
        return cast("Resource", self.atoms[0].term)

    def groups(self) -> list[Group]:
        """Give its verbs, each with its objects."""
        found: list[tuple[int, list[int]]] = []
        for index, atom in enumerate(self.atoms):
            if atom.kind == "verb":
                found.append((index, []))
            elif atom.kind == "object":
                found[-1][1].append(index)
        return [Group(verb, tuple(objects)) for verb, objects in found]

    def pairs(self) -> Iterator[tuple[ox.NamedNode, Term, int]]:
        """Give each predicate and object, and the index of the object among the atoms."""
        for group in self.groups():
            for index in group.objects:
                predicate = cast("ox.NamedNode", self.atoms[group.verb].term)
                yield predicate, cast("Term", self.atoms[index].term), index

    def with_nodes(self, nodes: Sequence[Term]) -> Statement:
        """Give the statement with *nodes*, in their order, in place of the nodes of its anonymous objects."""
        left = iter(nodes)
        atoms = tuple(
            replace(atom, term=next(left)) if atom.anonymous and atom.kind == "object" else atom
            for atom in self.atoms
        )
        return replace(self, atoms=atoms)


@dataclass(frozen=True, slots=True)
class Directive:
    """A declaration of a prefix, or (``prefix`` is None) of the base; ``keyword`` is written as in the file."""

    start: int
    end: int
    keyword: str
    prefix: str | None
    iri: str

    def apply(self, scope: Scope) -> None:
        """Let *scope* know what this declares."""
        if self.prefix is None:
            scope.base = self.iri
        else:
            scope.prefixes[self.prefix] = self.iri


Part: TypeAlias = Directive | Statement


def moved(part: Part, by: int) -> Part:
    """Give *part* as it stands in a text in which *by* characters more stand before it."""
    if isinstance(part, Statement):
        return replace(part, start=part.start + by)
    return replace(part, start=part.start + by, end=part.end + by)


def parts(text: str, scope: Scope) -> list[Part]:
    """Give the directives and statements of *text*, which follows the directives that *scope* knows.

    *scope* learns the directives of *text*. Raises SourceError at the first sign of RDF 1.2; else *text* is known to
    be Turtle.
    """
    tokens = list(grammar.tokens(grammar.parse(text, TURTLE)))
    found: list[Part] = []
    at = 0
    while at < len(tokens):
        read = _directive if tokens[at].type in ("AT_PREFIX", "PREFIX", "AT_BASE", "BASE") else _statement
        part, at = read(tokens, at, scope)
        found.append(part)
    return found


def _directive(tokens: list[Token], at: int, scope: Scope) -> tuple[Part, int]:
    keyword = tokens[at]
    names = keyword.type.endswith("PREFIX")
    last = at + 1 + names + keyword.type.startswith("AT_")
    prefix = str(tokens[at + 1])[:-1] if names else None
    iri = cast("ox.NamedNode", scope.read(tokens[at + 1 + names])).value
    directive = Directive(_start(keyword), _end(tokens[last]), str(keyword), prefix, iri)
    directive.apply(scope)
    return directive, last + 1


def _statement(tokens: list[Token], at: int, scope: Scope) -> tuple[Part, int]:
    start, first = _start(tokens[at]), at
    atoms: list[Atom] = []
    kind: Kind = "subject"
    while not atoms or atoms[-1].kind != ".":
        token = tokens[at]
        if token.type in ("COMMA", "SEMICOLON", "DOT"):
            mark = cast("Kind", str(token))
            atoms.append(Atom(mark, _start(token) - start, _end(token) - start))
            kind = _AFTER.get(mark, kind)
            at += 1
        else:
            after = _after(tokens, at)
            term, anonymous = _term(tokens[at:after], scope)
            atoms.append(Atom(kind, _start(token) - start, _end(tokens[after - 1]) - start, term, anonymous))
            kind = _AFTER.get(kind, kind)
            at = after
    labels = frozenset(str(token)[2:] for token in tokens[first:at] if token.type == "BLANK_NODE_LABEL")
    return Statement(start, tuple(atoms), labels), at


def _after(tokens: list[Token], at: int) -> int:
    """Give the index of the token after the term that begins at *at*."""
    if tokens[at].type in _OPENING:
        depth = 0
        while True:
            depth += (tokens[at].type in _OPENING) - (tokens[at].type in _CLOSING)
            at += 1
            if not depth:
                return at
    if tokens[at].type == "STRING":
        return at + {"LANGTAG": 2, "CARETS": 3}.get(tokens[at + 1].type, 1)
    return at + 1


def _term(tokens: list[Token], scope: Scope) -> tuple[Term, bool]:
    """Give the term that *tokens* write, and whether it is an anonymous node."""
    first, last = tokens[0], tokens[-1]
    if first.type in _OPENING:
        empty_list = first.type == "LPAR" and len(tokens) == 2
        return (NIL, False) if empty_list else (ox.BlankNode(), True)
    if first.type == "KEYWORD_A":
        return TYPE, False
    return scope.read("".join(tokens), str(last) if last.type in _NAMES else ""), False


def _start(token: Token) -> int:
    return cast("int", token.start_pos)


def _end(token: Token) -> int:
    return cast("int", token.end_pos)

"""A stranger's query, so that it reads the graphs of one release and nothing else that a server holds.

The dataset of the protocol (section 2.1.4) is sent with each query. That is not enough: Virtuoso 7 adds what FROM names to it, and reads
any graph that GRAPH names. So FROM is taken out of the text, and a graph that is not of the release is called by a name that nothing has.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final, NamedTuple
from urllib.parse import urljoin

from kg import sparql
from kg.errors import QueryError
from kg.sparql import Token
from kg.store.protocol import Graphs

NO_GRAPH: Final = "urn:x-attest:no-graph"
"""An IRI that names no graph anywhere."""
_WORDS: Final = ("from", "graph", "named")
_REACHING: Final = re.compile("(?:bif|sql|java):", re.IGNORECASE)
"""Schemes of functions of a server's own: those of Virtuoso reach its database and its files, those of Jena its classes."""


class Confined(NamedTuple):
    """A query, and the dataset that goes with it."""

    text: str
    graphs: Graphs


def confined(
    text: str, graphs: Collection[str], *, base: str, union: bool, asked: Graphs | None = None
) -> Confined:
    """Give the query *text* so that it reads *graphs* only; *asked* is the dataset that the request names, which goes before that of the text.

    With *union* a query that names none reads all graphs as one, else an empty default graph. Raises QueryError for what cannot be told for certain.
    """
    reading = _Reading(base)
    kept = [reading.take(token) for token in sparql.tokens(text)]
    words = "".join(word if word is not None else " " for word in (_within(each, graphs) for each in kept))
    named = Graphs(tuple(reading.default), tuple(reading.named)) if reading.names_dataset else None
    chosen = asked or named or Graphs(tuple(graphs) if union else (), tuple(graphs))
    default, more = (
        tuple(graph for graph in each if graph in graphs) for each in (chosen.default, chosen.named)
    )
    # the name that nothing has is of the dataset too: Virtuoso counts a row in a graph that is not
    return Confined(words, Graphs(default or (NO_GRAPH,), (*more, NO_GRAPH)))


class _Piece(NamedTuple):
    """A piece of the text, and the graph that it names behind GRAPH, empty for any other; *text* is None where it is taken out."""

    text: str | None
    graph: str = ""


def _within(piece: _Piece, graphs: Collection[str]) -> str | None:
    return f"<{NO_GRAPH}>" if piece.graph and piece.graph not in graphs else piece.text


class _Reading:
    """Reads a query from left to right, as far as the names of graphs need it."""

    def __init__(self, base: str) -> None:
        self.default: list[str] = []
        self.named: list[str] = []
        self.names_dataset = False
        self._base = base
        self._prefixes: dict[str, str] = {}
        self._before: list[str] = []  # the last two significant words, in capitals

    def take(self, token: Token) -> _Piece:
        """Give what is left of *token*."""
        if not token.significant:
            return _Piece(token.text)
        before = self._before
        self._before = [*before[-1:], token.text.upper() if token.kind == "word" else token.text]
        if token.kind == "word":
            return self._word(token, before[-1:])
        if token.kind not in ("iri", "pname") or before[-1:] == ["PREFIX"]:
            return _Piece(token.text)
        return self._name(token, self._iri(token), before)

    def _name(self, token: Token, iri: str, before: list[str]) -> _Piece:
        """Give what is left of *token*, which stands for *iri* after the words *before*."""
        last = before[-1:]
        if last == ["FROM"] or before == ["FROM", "NAMED"]:
            (self.default if last == ["FROM"] else self.named).append(iri)
            return _Piece(None)
        if last == ["BASE"]:
            self._base = iri
        elif before[:-1] == ["PREFIX"]:
            self._prefixes[before[-1]] = iri
        return _Piece(token.text, iri if last == ["GRAPH"] else "")

    def _word(self, token: Token, last: list[str]) -> _Piece:
        word = token.text.lower()
        if word in ("from", "named"):
            self.names_dataset = True
            return _Piece(None if word == "from" or last == ["FROM"] else token.text)
        if word != "graph" and any(each in word for each in _WORDS):
            raise _refused(token, f"{token.text} may be several words", "write a space between words")
        return _Piece(token.text)

    def _iri(self, token: Token) -> str:
        """Give the IRI that *token* stands for. Raises QueryError for one that would reach beyond the store."""
        if token.kind == "iri":
            iri = urljoin(self._base, re.sub(r"\\[uU]([0-9A-Fa-f]{4,8})", _character, token.text[1:-1]))
        else:
            prefix, _, local = token.text.partition(":")
            iri = self._prefixes.get(f"{prefix}:", "") + re.sub(r"\\(.)", r"\1", local)
        if _REACHING.match(iri):
            raise _refused(
                token, f"{token.text} is of one kind of server only", "use the functions of SPARQL 1.1"
            )
        return iri


def _character(found: re.Match[str]) -> str:
    return chr(min(int(found[1], 16), 0x10FFFF))


def _refused(token: Token, message: str, remedy: str) -> QueryError:
    return QueryError(message, line=token.line, column=token.column, remedy=remedy)

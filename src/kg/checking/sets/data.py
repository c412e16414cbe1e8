"""The data of a check as a store that set queries run over, with what is noted of their terms beside them.

Notes stand in a graph that data never stand in: a note of a term is a triple that ends in it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache
from itertools import chain
from typing import Any, Final, TypeAlias

import pyoxigraph as ox
from rdflib import Literal
from rdflib.term import Node

from kg.checking.sets.literals import doubtful, restored, stored
from kg.terms import from_rdflib

_Triple: TypeAlias = tuple[Node, Node, Node]

_NOTES: Final = "urn:x-attest:notes"
_FAILED: Final = "urn:x-attest:failed:"
_FOCUS: Final = "urn:x-attest:focus:"
DOUBTFUL: Final = "urn:x-attest:doubtful"


class Data:
    """Triples of rdflib as a store."""

    def __init__(self) -> None:
        self.store = ox.Store()
        self._doubted: Counter[str] = Counter()

    @property
    def doubted(self) -> frozenset[str]:
        """The predicates of literals that two engines may read differently."""
        return frozenset(+self._doubted)

    def exchange(self, gone: Iterable[_Triple], new: Iterable[_Triple]) -> None:
        """Take *gone* out and put *new* in."""
        for triple in gone:
            self.store.remove(self._quad(triple, -1))
        self.store.bulk_extend(self._quad(triple, 1) for triple in new)
        self.note(DOUBTFUL, set(self._doubtful()))

    def mark(self, number: int, foci: Collection[Node]) -> bool:
        """Let :func:`marked` match each of *foci* with *number*. Give False where one cannot be joined."""
        try:
            nodes = list(map(_term, foci))
        except ValueError:  # an IRI or a label that Oxigraph does not take
            return False
        if not all(map(self._told, nodes)):
            return False
        self.note(f"{_FOCUS}{number}", nodes)
        return True

    def fail(self, number: int, values: Collection[Any]) -> None:
        """Let :func:`failed` be true with *number* of *values*, terms of the store, alone."""
        self.note(f"{_FAILED}{number}", values)

    def note(self, kind: str, terms: Collection[Any]) -> None:
        """Let :func:`noted` be true with *kind* of *terms*, and of no other."""
        node, graph = ox.NamedNode(kind), ox.NamedNode(_NOTES)
        for quad in list(self.store.quads_for_pattern(node, node, None, graph)):
            self.store.remove(quad)
        self.store.bulk_extend(ox.Quad(node, node, term, graph) for term in terms)

    def select(self, query: str) -> list[Any]:
        """Give what the only variable of *query* is bound to, as terms of the store."""
        found: Any = self.store.query(query)
        return [solution[0] for solution in found]

    def _doubtful(self) -> Iterator[ox.Literal]:
        for predicate in self.doubted:
            for term in self.select(
                f"SELECT DISTINCT ?v {{ ?s {ox.NamedNode(predicate)} ?v FILTER isLiteral(?v) }}"
            ):
                if doubtful(restored(term)):
                    yield term

    def _told(self, node: Any) -> bool:
        """Tell whether *node*, which is no literal, is in the data: a path of no length leads from what is not to itself, but not in a join."""
        if isinstance(node, ox.Literal):
            return False
        default = ox.DefaultGraph()
        about = self.store.quads_for_pattern(node, None, None, default)
        named = self.store.quads_for_pattern(None, None, node, default)
        return next(chain(about, named), None) is not None

    def _quad(self, triple: _Triple, count: int) -> ox.Quad:
        subject, predicate, value = triple
        if isinstance(value, Literal) and doubtful(value):
            self._doubted[str(predicate)] += count
        return ox.Quad(_term(subject), _term(predicate), _term(value))


def marked(number: int) -> str:
    """Give the graph pattern that binds ``?this`` to each of the focus nodes marked with *number*."""
    return f" {_pattern(f'{_FOCUS}{number}', '?this')} "


def failed(number: int, variable: str) -> str:
    """Give the expression that is true of a value of *variable* that failed the test of *number*."""
    return noted(f"{_FAILED}{number}", variable)


def noted(kind: str, variable: str) -> str:
    """Give the expression that is true of a value of *variable* that is noted to be of *kind*."""
    return f"EXISTS {{ {_pattern(kind, variable)} }}"


def _pattern(kind: str, variable: str) -> str:
    return f"GRAPH <{_NOTES}> {{ <{kind}> <{kind}> {variable} }}"


@lru_cache(maxsize=1 << 16)
def _term(term: Node) -> Any:
    return stored(term) if isinstance(term, Literal) else from_rdflib(term)
